#!/usr/bin/env bash
# test_odd_files - each file of the agent's is a pipe, a folder, a link to
# somewhere else: it starts or says why not, waits for nothing, and writes
# nothing through a link
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
export DESK_CONFIG="
[keys]
pinentry = $here/../lab/pinentry.sh
system-authorities = false
[incoming]
watch = $desk/Maildir"
mkdir -p "$desk/Maildir/cur" "$desk/Maildir/new" "$desk/Maildir/tmp"
desk_start "$desk" "$build"
good=$desk/world/mail/01-known.eml
printf 'secret\nsecret\n' >"$XDG_RUNTIME_DIR/pinentry.answers"
mailseal keys generate bob@example.org --algorithm p256 >/dev/null
mailseal contacts add eve@example.net Eve >/dev/null
judge "$good"
expect 'before' genuine "$(key verdict <"$desk/report")"
end() {
	local agent
	# Without its lock there is none.
	[ -f "$desk/state/mailseal/lock" ] || return 0
	agent=$(desk_agent "$desk")
	[ -n "$agent" ] && kill "$agent" 2>/dev/null || return 0
	await has_ended "$agent"
}
end
for part in state data config world; do
	cp -a "$desk/$part" "$desk/$part.whole"
done

# as KIND FILE: it is one of these now
as() {
	rm -f "$2"
	case $1 in
	pipe) mkfifo -m 600 "$2" ;;
	folder) mkdir "$2" ;;
	link) ln -s "$desk/victim" "$2" ;;
	loop) ln -s "$2" "$2" ;;
	empty) : >"$2" ;;
	noise) head -c 3000 /dev/urandom >"$2" ;;
	esac
}
told() { tail -n +"$from" "$desk/agent.log"; }
back() {
	local part
	for part in state data config world; do
		rm -rf "${desk:?}/$part"
		cp -a "$desk/$part.whole" "$desk/$part"
	done
}
# odd KIND: the status in $status; what was linked to is whole
odd() {
	local file
	printf 'not yours\n' >"$desk/victim"
	for file in "${files[@]}"; do as "$1" "$file"; done
	from=$(($(wc -l <"$desk/agent.log") + 1))
	status=0
	timeout "$PATIENCE" mailseal check "$good" >"$desk/out" 2>"$desk/err" ||
		status=$?
	expect "what the $1 points to" 'not yours' "$(<"$desk/victim")"
}

# What it can do without: the store, its mark, keys, address books.
mapfile -t files < <(find "$desk/state/mailseal" "$desk/data/mailseal" \
	"$desk/world/aliases" "$desk/world/carol.vcf" -type f ! -name lock)
for kind in pipe link noise; do
	odd "$kind"
	expect "$kind: it judges, and knows nobody" 0 "$status"
	contains "$kind: it judges" 'alice@example.org' "$(<"$desk/out")"
	contains "$kind: the store is told of" 'mailseal/store' "$(told)"
	end
	back
done

# What it cannot: the lock, the configuration, the anchor.
for needed in "$desk/state/mailseal/lock" "$desk/config/mailseal/config"; do
	files=("$needed")
	for kind in pipe folder; do
		odd "$kind"
		[ "$status" -ge 64 ] || fail "$kind: status $status"
		contains "$kind: it is named" "$needed" "$(told)"
		back
	done
done
files=()
chmod o+w "$desk/state/mailseal"
odd nothing
[ "$status" -ge 64 ] || fail "a state folder of everybody: status $status"
contains 'a state folder of everybody' 'can be written by everybody' "$(told)"
echo "asserted $asserted"
