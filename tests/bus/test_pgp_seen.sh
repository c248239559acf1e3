#!/usr/bin/env bash
# test_pgp_seen - OpenPGP: another key than an author signed with before is
# told, and so is ciphertext that came before in another's mail
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/gnupg.sh
. "$here/../lab/gnupg.sh"
export GNUPGHOME=$desk/gnupg other=$desk/other
at_end gnupg_end "$GNUPGHOME" "$other"
gnupg_home "$GNUPGHOME"
gnupg_home "$other"
# key NAME ADDRESS: made elsewhere, its fingerprint in $NAME
made() {
	gnupg "$other" --quick-gen-key "$1 <$2>" future-default default never
	printf -v "$1" %s "$(gnupg "$other" --with-colons --list-keys "=$1 <$2>" |
		sed -n '/^fpr/{s/^fpr:*\([0-9A-F]*\):$/\1/p;q}')"
	[ -n "${!1}" ] || fail "no key $1"
}
# brought NAME OWNERTRUST: into the user's own ring
brought() {
	gnupg "$other" --export "${!1}" | gnupg "$GNUPGHOME" --import
	printf '%s:%s:\n' "${!1}" "$2" |
		gnupg "$GNUPGHOME" --import-ownertrust
}
first='' second='' third='' absent='' mallory=''
made first alice@example.org
made second alice@example.org
made third alice@example.org
made absent alice@example.org
made mallory mallory@free.example
brought first 6
brought second 2
brought third 6
gnupg_key "$GNUPGHOME" 'Bob <bob@example.org>'
desk_start "$desk" "$build"

printf 'Content-Type: text/plain\r\n\r\nMeet me at noon.\r\n' >"$desk/text"
# head FROM SUBJECT
head_of() {
	printf 'From: %s\r\nTo: bob@example.org\r\nSubject: %s\r\n' "$1" "$2"
	printf 'Date: %s\r\nMIME-Version: 1.0\r\n' "$(date -R)"
}
# signed FILE KEY [FROM]
signed() {
	{
		head_of "${3:-alice@example.org}" "$1"
		printf '%b' 'Content-Type: multipart/signed; boundary=sig;' \
			'\r\n micalg=pgp-sha512; ' \
			'protocol="application/pgp-signature"\r\n\r\n--sig\r\n'
		cat "$desk/text"
		printf '\r\n--sig\r\n'
		printf 'Content-Type: application/pgp-signature\r\n\r\n'
		gnupg "$other" -a -b -u "$2!" --digest-algo SHA512 -o - \
			"$desk/text"
		printf '\r\n--sig--\r\n'
	} >"$desk/$1"
}
# opened FILE SECURITY [OPTION...]: the report in $desk/report
opened() {
	mailseal open --json "${@:3}" "$desk/$1" >"$desk/content" \
		2>"$desk/err" || true
	grep '^{' "$desk/err" >"$desk/report" ||
		fail "$1: $(cat "$desk/err")"
	expect "$1" "$2" "$(key security <"$desk/report")"
}
# told CODE: yes or no
told() {
	case $(key seal_reasons <"$desk/report") in
	*"'code': '$1'"*) echo yes ;;
	*) echo no ;;
	esac
}
text() {
	key seal_reasons <"$desk/report"
}

# --- Who signed before.
signed by-first "$first"
signed by-second "$second"
signed by-third "$third"
signed by-absent "$absent"
opened by-second unprotected --no-verdict
expect 'nobody came before' no "$(told key-changed)"
sed 's/at noon/at nine/' "$desk/by-first" >"$desk/changed"
opened changed unprotected --no-verdict
signed not-hers "$first" mallory@free.example
opened not-hers unprotected --no-verdict
opened by-second unprotected --no-verdict
expect 'what was no proof is not kept' no "$(told key-changed)"
opened by-first verified --no-verdict
expect 'nothing for the store goes out' '' "$(key learn <"$desk/report")"
opened by-first verified --no-verdict
expect 'the same one is no change' no "$(told key-changed)"
opened by-second unprotected --no-verdict
expect 'another one is told' yes "$(told key-changed)"
contains 'and how' 'nobody whom you trust' "$(text)"
opened by-second unprotected --no-verdict
expect 'it took no place' yes "$(told key-changed)"
opened by-absent unprotected --no-verdict
expect 'one that is not here' yes "$(told key-changed)"
contains 'and how' 'is not here' "$(text)"
expect 'it says so, too' yes "$(told signature-unknown-key)"
opened by-third verified --no-verdict
expect 'a trusted one is told as well' yes "$(told key-changed)"
contains 'and how' 'You trust this one' "$(text)"
opened by-third verified --no-verdict
expect 'once' no "$(told key-changed)"
opened by-first verified --no-verdict
expect 'the first is still one' no "$(told key-changed)"
signed mallorys "$mallory" mallory@free.example
brought mallory 6
opened mallorys verified --no-verdict
expect "another author's is no change" no "$(told key-changed)"
"$here/../lab/sign.sh" sign "$desk/world/keys/example.org" example.org s1 \
	"$desk/by-second" >"$desk/by-domain"
opened by-domain unprotected
expect 'the domain sent it' genuine "$(key verdict <"$desk/report")"
expect 'told a last time' yes "$(told key-changed)"
opened by-second unprotected --no-verdict
expect 'the domain stood behind it' no "$(told key-changed)"
mailseal forget alice@example.org >/dev/null
opened by-second unprotected --no-verdict
expect forgotten no "$(told key-changed)"

# --- The same ciphertext, for the victim to decrypt and quote.
gnupg "$GNUPGHOME" --trust-model always -e -r bob@example.org -o "$desk/cipher" \
	"$desk/text"
# enclosed FILE FROM MORE: the ciphertext on standard input, armored
enclosed() {
	{
		head_of "$2" "$1"
		printf '%b' "$3" 'Content-Type: multipart/encrypted; ' \
			'boundary=enc;\r\n ' \
			'protocol="application/pgp-encrypted"\r\n\r\n--enc\r\n' \
			'Content-Type: application/pgp-encrypted\r\n\r\n' \
			'Version: 1\r\n\r\n--enc\r\n' \
			'Content-Type: application/octet-stream\r\n\r\n'
		gpg --enarmor <"${4:-$desk/cipher}" 2>/dev/null |
			sed -e 's/ARMORED FILE/MESSAGE/' -e '/^Comment/d'
		printf '\r\n--enc--\r\n'
	} >"$desk/$1"
}
# The same octets in packets of other lengths, and another key's in front.
python3 - "$desk/cipher" "$desk/reframed" <<-'END'
import sys
data = open(sys.argv[1], 'rb').read()
out, at = b'', 0
def length(at):
    first = data[at]
    if first < 192: return first, at + 1, False
    if first < 224: return ((first - 192) << 8) + data[at + 1] + 192, at + 2, False
    if first < 255: return 1 << (first & 31), at + 1, True
    return int.from_bytes(data[at + 1:at + 5], 'big'), at + 5, False
while at < len(data):
    tag, body = data[at], b''
    if tag & 0x40:
        tag, at, more = tag & 63, at + 1, True
        while more:
            size, at, more = length(at)
            body, at = body + data[at:at + size], at + size
    else:
        size = 1 << (tag & 3)
        count = int.from_bytes(data[at + 1:at + 1 + size], 'big')
        tag, at = tag >> 2 & 15, at + 1 + size
        body, at = data[at:at + count], at + count
    out += bytes([0xc0 | tag, 255]) + len(body).to_bytes(4, 'big') + body
open(sys.argv[2], 'wb').write(out)
END
cmp -s "$desk/cipher" "$desk/reframed" && fail 'it was not framed anew'
enclosed hers alice@example.org ''
enclosed stolen mallory@evil.example ''
enclosed turned alice@example.org 'Reply-To: mallory@evil.example\r\n'
enclosed framed mallory@evil.example '' "$desk/reframed"
gnupg "$GNUPGHOME" --trust-model always -e -r bob@example.org \
	-o "$desk/again" "$desk/text"
enclosed another mallory@evil.example '' "$desk/again"
opened hers encrypted --no-verdict
expect 'the first time' no "$(told seen-before)"
opened hers encrypted --no-verdict
expect 'read again' no "$(told seen-before)"
for name in stolen turned framed; do
	opened $name encrypted --no-verdict
	expect "$name" yes "$(told seen-before)"
done
opened another encrypted --no-verdict
expect 'the same text, encrypted anew' no "$(told seen-before)"
echo "asserted $asserted"
