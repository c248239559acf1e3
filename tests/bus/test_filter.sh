#!/usr/bin/env bash
# test_filter - mailseal filter: the verdict on top, every other byte as it
# was; whatever goes wrong, the message passes
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
desk_start "$desk" "$build"
mail=$desk/world/mail
corpora=${2:-}

mailseal filter <"$mail/01-known.eml" >"$desk/out"
field=$(mailseal status --json | key Store.field)
expect 'the field' 27 "${#field}"
top=$(head -n 1 "$desk/out" | tr -d '\r')
expect 'on top' "$field: genuine; display=name;" "$top"
contains 'the address' 'address="alice@example.org"' "$(sed -n 2p "$desk/out")"
contains 'the reason' 'reason="You know' "$(head -n 6 "$desk/out")"

# check_exact WHAT FILE: the output is one field and the input
cat >"$desk/exact.py" <<'END'
import re, sys
field, before, after = sys.argv[1].encode(), *[
    open(name, "rb").read() for name in sys.argv[2:4]]
wanted = before
mbox = re.match(rb"From [^\n]*\n", before)
first = mbox.end() if mbox else 0
own = re.match(re.escape(field) + rb": [^\r\n]*(\r?\n)(?:[\t][^\r\n]*\1)*",
               after[first:])
if not own:
    sys.exit(0 if before == after else "neither passed nor marked")
line = before.find(b"\n", first)
crlf = line > first and before[line - 1:line] == b"\r"
if (own.group(1) == b"\r\n") != crlf:
    sys.exit("the line ends differ")
rest = after[:first] + after[first + own.end():]
end = re.compile(rb"^\r?\n", re.M).search(before, first)
end = end.start() if end else len(before)
head = re.sub(rb"^X-Mailseal-([0-9a-f]{16}[ \t]*:)", rb"X-Old-Mailseal-\1",
              before[first:end], flags=re.M | re.I)
wanted = before[:first] + head + before[end:]
if rest != wanted:
    sys.exit("other bytes were changed")
print("marked")
END
exact() {
	asserted=$((asserted + 1))
	status=0
	mailseal filter "${@:3}" <"$2" >"$desk/out" 2>"$desk/err" || status=$?
	[ "$status" -eq 0 ] || fail "$1: status $status"
	python3 "$desk/exact.py" "$field" "$2" "$desk/out" >"$desk/exact" ||
		fail "$1"
}
marked() {
	exact "$@"
	expect "$1 is marked" marked "$(cat "$desk/exact")"
}
passed() {
	exact "$1" "$2"
	cmp -s "$2" "$desk/out" || fail "$1 was changed"
}

for file in "$mail"/*.eml; do marked "${file##*/}" "$file"; done
tr -d '\r' <"$mail/01-known.eml" >"$desk/lf"
marked 'LF' "$desk/lf"
{ echo 'From alice Tue Nov 24 00:00:00 2026'; cat "$desk/lf"; } >"$desk/mbox"
marked 'an mbox line' "$desk/mbox"
expect 'it stays the first' 'From alice' "$(head -c 10 "$desk/out")"
{ cat "$mail/01-known.eml"; printf 'X-Mailseal-0123456789abcdef: genuine\n'
	printf 'no line end, \200\377\0 bytes'; } >"$desk/body"
marked 'a body of any bytes' "$desk/body"
{ printf 'X-Mailseal-0123456789abcdef: genuine; display=name\r\n'
	printf 'x-MAILSEAL-0123456789ABCDEF : genuine\r\n folded\r\n'
	printf 'X-Mailseal-0123456789abcde: too short\r\n'
	cat "$mail/03-forged.eml"; } >"$desk/foreign"
marked 'foreign fields' "$desk/foreign"
expect 'they are renamed' 2 \
	"$(grep -aic '^X-Old-Mailseal-0123456789abcdef' "$desk/out")"
expect 'one alone has that name' 1 "$(grep -aic '^X-Mailseal-[0-9a-f]\{16\}[ :]' \
	"$desk/out")"
# The same message before and after, to whoever looks later.
judge "$desk/foreign"
id=$(key id <"$desk/report")
judge "$desk/out"
expect 'the same id' "$id" "$(key id <"$desk/report")"
[ -n "$(key judged <"$desk/report")" ] || fail 'it was judged anew'
mailseal filter <"$desk/out" >"$desk/twice"
expect 'filtered twice, one field' 1 \
	"$(grep -aic "^$field" "$desk/twice")"

# What the delivery agent knows.
exact 'the envelope' "$mail/03-forged.eml" --client-ip 192.0.2.7 \
	--mail-from bounce@bank.example
contains 'the envelope counts' ': authenticated' "$(head -n 1 "$desk/out")"

# No mail, nothing at all, and a large one.
head -c 3000 /dev/urandom | tr -d ':' >"$desk/noise"
passed 'no mail' "$desk/noise"
: >"$desk/empty"
passed 'nothing' "$desk/empty"
{ cat "$mail/01-known.eml"; head -c 70000000 /dev/zero | tr '\0' x; } \
	>"$desk/large"
marked '70 MB' "$desk/large"
rm "$desk/large" "$desk/out"
TMPDIR=/nonexistent passed 'no room for a small one' "$desk/empty"

# Whatever others call mail: all corpora, a few of each folder here.
if [ -n "$corpora" ] && [ -d "$corpora" ]; then
	count=0
	while IFS= read -r file; do
		exact "$file" "$file"
		count=$((count + 1))
	done < <(find "$corpora" -name '*.eml' -size -200k | sort |
		awk -F/ -v most="${MAILSEAL_FILTER_MOST:-2}" \
			'{ folder = $0; sub("/[^/]*$", "", folder)
			  if (n[folder]++ < most) print }')
	echo "$count messages of the corpora"
else
	echo 'no corpora here'
fi

# No bus, no agent: it passes, and says why on standard error.
status=0
DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent mailseal filter \
	<"$mail/01-known.eml" >"$desk/out" 2>"$desk/err" || status=$?
expect 'no bus' 0 "$status"
cmp -s "$mail/01-known.eml" "$desk/out" || fail 'no bus: it was changed'
contains 'no bus' 'cannot be reached' "$(cat "$desk/err")"
kill "$(desk_agent "$desk")"
rm "$desk/services/org.mailseal.Agent1.service"
kill -HUP "$(cat "$desk/bus.pid")"
await_end "$(desk_agent "$desk")"
passed 'no agent' "$mail/01-known.eml"
# What cannot be written is not lost: the delivery agent keeps it.
status=0
mailseal filter <"$mail/01-known.eml" >/dev/full 2>"$desk/err" || status=$?
expect 'a full disk' 75 "$status"
echo "asserted $asserted"
