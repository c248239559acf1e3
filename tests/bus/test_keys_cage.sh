#!/usr/bin/env bash
# test_keys_cage - where passphrases and keys are while they are used: nowhere
# but in the keeper, and not there either once they are locked
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
export DESK_CONFIG="
[keys]
pinentry = $here/../lab/pinentry.sh"
desk_start "$desk" "$build"
answers() {
	printf '%s\n' "$@" >"$XDG_RUNTIME_DIR/pinentry.answers"
	rm -f "$XDG_RUNTIME_DIR/pinentry.waits"
}
hex() {
	printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n'
}
# reversed HEX: as numbers lie in memory
reversed() {
	printf '%s' "$1" | fold -w2 | tac | tr -d '\n'
}
of_file=the-passphrase-of-the-file-$RANDOM$RANDOM
of_key=the-passphrase-of-the-key-$RANDOM$RANDOM
new_one=the-passphrase-of-a-new-key-$RANDOM$RANDOM
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$desk/bob.key" \
	-out "$desk/bob.crt" -days 30 -subj '/CN=Bob' \
	-addext 'subjectAltName=email:bob@example.org' 2>/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout "$desk/carol.key" -out "$desk/carol.crt" -days 30 \
	-subj '/CN=Carol' -addext 'subjectAltName=email:carol@example.org' \
	2>/dev/null
for who in bob carol; do
	openssl pkcs12 -export -inkey "$desk/$who.key" -in "$desk/$who.crt" \
		-out "$desk/$who.p12" -passout "pass:$of_file"
done
# number WHO NAME: a number of the key, without the sign byte
number() {
	openssl pkey -in "$desk/$1.key" -noout -text 2>/dev/null |
		sed -n "/^$2:/,/^[^ ]/p" | grep '^ ' | tr -d ' :\n' |
		sed 's/^00//'
}
needles=("file=$(hex "$of_file")" "passphrase=$(hex "$of_key")"
	"new=$(hex "$new_one")")
for name in privateExponent prime1 prime2; do
	value=$(number bob $name)
	[ "${#value}" -ge 250 ] || fail "the test has no $name"
	needles+=("$name-big=${value:0:64}"
		"$name-little=$(reversed "${value: -64}")")
done
value=$(number carol priv)
[ "${#value}" -ge 56 ] || fail 'the test has no number of the curve'
needles+=("curve-big=$value" "curve-little=$(reversed "$value")")
# search ROLE PID: what is found, in one line; "refused"
search() {
	local status=0
	"$here/../lab/memory_search.py" "$2" "${needles[@]}" >"$desk/found" ||
		status=$?
	case $status in
	0) tr '\n' ' ' <"$desk/found" | sed 's/ $//' ;;
	3) echo refused ;;
	*) fail "searching the $1 ended with $status" ;;
	esac
}
# What would outlive the processes: the log, every file, and cores.
files_have_nothing() {
	local name pid
	expect "in the log and the files $1" '' "$(python3 - "$desk" \
		"$desk/bob.key" "$desk/carol.key" "${needles[@]}" <<-'END'
	import os, sys
	needles = [word.split("=", 1) for word in sys.argv[4:]]
	for folder, _, names in os.walk(sys.argv[1]):
	    for name in names:
	        path = os.path.join(folder, name)
	        # What the test itself has: the keys, and what pinentry answers.
	        if path in sys.argv[2:4] or "pinentry.answers" in name or \
	                not os.path.isfile(path):
	            continue
	        text = open(path, "rb").read()
	        for word, value in needles:
	            if bytes.fromhex(value) in text or \
	                    value.encode() in text.lower():
	                print(word, "in", path)
	END
	)"
	for name in front reader resolver sender keeper; do
		pid=$(role $name)
		[ "$name" != front ] || pid=$(desk_agent "$desk")
		[ -n "$pid" ] || continue
		if [ "$name" != front ]; then
			expect "no core of the $name" 0 "$(sed -n \
				's/^Max core file size *\([0-9a-z]*\).*/\1/p' \
				"/proc/$pid/limits")"
		fi
		expect "nothing of the $name is swapped" 0 "$(sed -n \
			's/^VmSwap:[^0-9]*\([0-9]*\).*/\1/p' \
			"/proc/$pid/status")"
	done
}
others_have_nothing() {
	local name pid
	expect "in the front $1" '' "$(search front "$(desk_agent "$desk")")"
	for name in reader resolver sender; do
		for pid in $(role $name); do
			found=$(search $name "$pid")
			[ "$found" = refused ] ||
				expect "in the $name $1" '' "$found"
		done
	done
}

for who in bob carol; do
	answers "$of_file" "$of_key" "$of_key"
	mailseal keys import "$desk/$who.p12" >/dev/null ||
		fail "the import of $who"
done
mailseal keys lock
mailseal check "$desk/world/mail/01-known.eml" >/dev/null
mailseal dane --mx example.org >/dev/null 2>&1 || true
for who in bob carol; do
	answers "$of_key"
	mailseal keys unlock $who@example.org || fail "unlocking $who"
	mailseal keys request $who@example.org >"$desk/request.pem" ||
		fail "the request of $who"
done
keeper=$(role keeper)

others_have_nothing 'while a key is unlocked'
# They are used, by both who may ask for it: signed with and opened with.
for who in bob carol; do
	printf 'From: %s@example.org\nTo: %s@example.org\nSubject: x\n\n%s\n' \
		$who $who 'Hello.' >"$desk/mail"
	mailseal protect --sign --encrypt --smime "$desk/mail" \
		>"$desk/sealed" || fail "sealing for $who"
	mailseal open --no-verdict "$desk/sealed" >"$desk/opened" \
		2>"$desk/err" || fail "opening: $(cat "$desk/err")"
	contains 'it was used' Hello "$(cat "$desk/opened")"
done
for name in sender reader; do
	[ -n "$(role $name)" ] || fail "there is no $name"
done
others_have_nothing 'while a key is used'
files_have_nothing 'while a key is used'
found=$(search keeper "$keeper")
if [ "$found" = refused ]; then
	echo 'skipped in part: this user may not look into the keeper'
	mailseal keys lock
else
	contains 'the search finds it where it is' prime1-little "$found"
	contains 'and that of the curve' curve-little "$found"
	case $found in
	*file* | *passphrase*) fail "a passphrase stayed: $found" ;;
	esac
	mailseal keys lock
	expect 'in the keeper, locked' '' "$(search keeper "$keeper")"
fi
others_have_nothing 'afterwards'
files_have_nothing 'afterwards'

# A passphrase on its way: typed once, the second time awaited.
answers "$new_one" '!wait'
mailseal keys generate alice@example.org --algorithm p256 >/dev/null 2>&1 &
waiting=$!
await test -e "$XDG_RUNTIME_DIR/pinentry.waits"
others_have_nothing 'while a passphrase is typed'
found=$(search keeper "$keeper")
[ "$found" = refused ] || expect 'only the keeper has it' new "$found"
kill "$waiting"
wait "$waiting" 2>/dev/null || true
asker=$(cat "$XDG_RUNTIME_DIR/pinentry.pid")
await_end "$asker"
mailseal keys list >/dev/null
[ "$found" = refused ] ||
	expect 'taken back, it is gone' '' "$(search keeper "$keeper")"

# What is in force, in the kernel's own words.
sandbox=$(mailseal status --json | key Sandbox.keeper.seccomp)
if [ "$sandbox" = true ]; then
	expect seccomp 2 "$(awk '/^Seccomp:/ {print $2}' \
		"/proc/$keeper/status")"
	expect 'one thread' 1 "$(awk '/^Threads:/ {print $2}' \
		"/proc/$keeper/status")"
	expect 'memory is locked' true \
		"$(mailseal status --json | key Sandbox.keeper.memory_locked)"
	expect 'not dumpable' true \
		"$(mailseal status --json | key Sandbox.keeper.undumpable)"
fi
echo "asserted $asserted"
