#!/usr/bin/env bash
# test_open - sealed mail opened over the bus: keys in the keeper, a person at
# pinentry, what is inside, who signed, and what must not leave
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/people.sh
. "$here/../lab/people.sh"
export DESK_CONFIG="
$people_keys"
people_authority
person_ec alice alice@example.org digitalSignature
desk_start "$desk" "$build"
keys=$desk/data/mailseal/keys
answers secret secret
mailseal keys generate bob@example.org --algorithm p256 >/dev/null
bob=$keys/$(mailseal keys list --json | key fingerprint).crt

head='From: Alice <alice@example.org>\r\nTo: bob@example.org\r\n'
head+='Subject: noon\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\n'
printf 'Content-Type: text/plain\r\n\r\nMeet me at noon.\r\n' >"$desk/text"
sign() { openssl cms -sign -signer "$desk/alice.pem" -inkey "$desk/alice.key"; }
seal() { openssl cms -encrypt "$@" "$bob"; }
# message FILE: of the entity on standard input
message() {
	{ printf '%b' "$head"; cat; } >"$desk/$1"
}
sign <"$desk/text" | message signed
sign <"$desk/text" | seal -aes256 | message both
seal -aes-256-gcm <"$desk/text" | message gcm
seal -aes256 <"$desk/text" | message cbc
message neither <"$desk/text"

# opened STATUS FILE [OPTION...]: the report into $desk/report
opened() {
	local wanted=$1
	status=0
	mailseal open --json --no-verdict "${@:3}" "$desk/$2" \
		>"$desk/content" 2>"$desk/err" || status=$?
	expect "status of $2 ($(cat "$desk/err"))" "$wanted" "$status"
	grep '^{' "$desk/err" >"$desk/report" || : >"$desk/report"
}
told() {
	expect "$1" "$2" "$(key "$1" <"$desk/report")"
}

opened 0 signed
told security verified
told signature.trust pkix
told signature.from_match yes
told covers whole
contains 'what is inside' 'Meet me at noon.' "$(cat "$desk/content")"
contains 'its header' 'Subject: noon' "$(cat "$desk/content")"
expect 'no signature left' 0 "$(grep -c BEGIN "$desk/content" || true)"

opened 0 both
told security confidential
told encryption.integrity signature
contains 'what is inside' 'Meet me at noon.' "$(cat "$desk/content")"
opened 2 gcm
told security encrypted
told encryption.integrity aead
opened 2 cbc
told encryption.integrity none
opened 2 neither
told security unprotected
cmp "$desk/neither" "$desk/content" || fail 'the message came out changed'

# The verdict stands beside it.
mailseal open --json "$desk/signed" >/dev/null 2>"$desk/err" || true
expect 'the verdict' spoofed "$(key verdict <"$desk/err")"
expect 'and the signature' verified "$(key security <"$desk/err")"
mailseal open "$desk/signed" >/dev/null 2>"$desk/err" || true
contains 'a line for people' 'Signed by alice@example.org.' \
	"$(cat "$desk/err")"

# A locked key: the person is asked, and it goes on.
mailseal keys lock
answers wrong secret
opened 0 both
told security confidential
contains 'the question' 'open an encrypted message' \
	"$(cat "$XDG_RUNTIME_DIR/pinentry.log")"
mailseal keys lock
answers '!cancel'
opened 77 both
contains 'cancelled' 'ancelled' "$(cat "$desk/err")"
expect 'nothing left' '' "$(cat "$desk/content")"

# Changed on the way: not a byte leaves.
answers secret
mailseal keys unlock
python3 - "$desk/gcm" "$desk/gcm-changed" <<-'END'
import base64, sys
text = open(sys.argv[1], 'rb').read()
for end in (b'\r\n', b'\n'):
    if end + end in text:
        head, body = text.split(end + end, 1)
        break
blob = bytearray(base64.b64decode(body))
blob[-20] ^= 1
open(sys.argv[2], 'wb').write(head + end + end + base64.encodebytes(bytes(blob)))
END
opened 1 gcm-changed
told encryption.status damaged
expect 'nothing left' '' "$(cat "$desk/content")"
sed 's/at noon/at nine/' "$desk/signed" >"$desk/signed-changed"
opened 1 signed-changed
told signature.status bad
told security unprotected

# Somebody else's; a part alone; what is no message.
openssl cms -encrypt -aes256 "$desk/alice.pem" <"$desk/text" |
	message others 2>/dev/null || true
{
	printf 'Content-Type: multipart/mixed; boundary=mix\r\n\r\n--mix\r\n'
	printf '\r\nPay Mallory.\r\n--mix\r\n'
	seal -aes256 <"$desk/text"
	printf '\r\n--mix--\r\n'
} | message covert
opened 2 covert
told security unprotected
told parts.0.part 2
expect 'still sealed' 0 "$(grep -c 'Meet me' "$desk/content" || true)"
opened 2 covert --part 2
told covers part
contains 'the part' 'Meet me at noon.' "$(cat "$desk/content")"
echo 'no mail' >"$desk/none"
opened 65 none
contains 'no message' 'not a mail message' "$(cat "$desk/err")"

# The same ciphertext in another's mail: for the victim to decrypt and quote.
told_before() {
	case $(key seal_reasons <"$desk/report") in
	*seen-before*) echo yes ;;
	*) echo no ;;
	esac
}
for kind in gcm cbc both; do
	{
		printf 'From: mallory@evil.example\r\nSubject: old\r\n'
		grep -v -e '^From:' -e '^Subject:' "$desk/$kind"
	} >"$desk/stolen"
	sed 's/^Subject: noon/Reply-To: m@evil.example/' "$desk/$kind" \
		>"$desk/turned"
	opened "$([ "$kind" = both ] && echo 0 || echo 2)" "$kind"
	expect "$kind, again" no "$(told_before)"
	# Signed by somebody else than it says to be from is worse.
	opened "$([ "$kind" = both ] && echo 1 || echo 2)" stolen
	expect "$kind, stolen" yes "$(told_before)"
	opened "$([ "$kind" = both ] && echo 0 || echo 2)" turned
	expect "$kind, answered elsewhere" yes "$(told_before)"
	{
		printf 'From: mallory@evil.example\r\nSubject: old\r\n'
		grep -v -e '^From:' -e '^Subject:' "$desk/$kind" |
			seal -aes-256-gcm
	} >"$desk/wrapped"
	opened "$([ "$kind" = both ] && echo 1 || echo 2)" wrapped
	expect "$kind, in another envelope" yes "$(told_before)"
done
{
	printf 'From: mallory@evil.example\r\nContent-Type: multipart/mixed; '
	printf 'boundary=mix\r\n\r\n--mix\r\n\r\nHello.\r\n--mix\r\n'
	grep -v -e '^From:' -e '^Subject:' "$desk/gcm"
	printf '\r\n--mix--\r\n'
} >"$desk/hidden"
opened 2 hidden --part 2
expect 'hidden, and asked for' yes "$(told_before)"

# More than fits into memory: through a file under a key of its own.
{
	printf 'Content-Type: text/plain\r\n\r\n'
	head -c 20000000 /dev/zero | tr '\0' '#' | fold -w 76 |
		sed 's/$/\r/'
} >"$desk/large"
sign <"$desk/large" | seal -aes256 -stream | message large-sealed
answers secret
opened 0 large-sealed
told security confidential
expect 'all of it' "$(key content_size <"$desk/report")" \
	"$(stat -c %s "$desk/content")"
expect 'the text' 20000000 "$(tr -cd '#' <"$desk/content" | wc -c)"
expect 'no file left' 0 \
	"$(find "$desk/state/mailseal" -name 'spool.*' | wc -l)"

# The reader dies; a new one opens.
kill -9 "$(role reader)"
opened 0 signed
contains 'opened again' 'Meet me at noon.' "$(cat "$desk/content")"
echo "asserted $asserted"
