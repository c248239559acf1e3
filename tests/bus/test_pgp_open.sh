#!/usr/bin/env bash
# test_pgp_open - PGP/MIME opened over the bus, with real gpg and gpg-agent
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/gnupg.sh
. "$here/../lab/gnupg.sh"
export GNUPGHOME=$desk/gnupg
at_end gnupg_end "$GNUPGHOME"
gnupg_home "$GNUPGHOME"
gnupg_key "$GNUPGHOME" 'Alice <alice@example.org>'
gnupg_key "$GNUPGHOME" 'Bob <bob@example.org>'
desk_start "$desk" "$build"

head='From: Alice <alice@example.org>\r\nTo: bob@example.org\r\n'
head+='Subject: noon\r\nMIME-Version: 1.0\r\n'
printf 'Content-Type: text/plain\r\n\r\nMeet me at noon.\r\n' >"$desk/text"

# wrapped OPTION...: the text as multipart/encrypted, by gpg
wrapped() {
	printf '%b' "$head" 'Content-Type: multipart/encrypted; boundary=enc;' \
		'\r\n protocol="application/pgp-encrypted"\r\n\r\n--enc\r\n' \
		'Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1' \
		'\r\n\r\n--enc\r\nContent-Type: application/octet-stream' \
		'\r\n\r\n'
	gnupg "$GNUPGHOME" --trust-model always -a -e -r bob@example.org \
		"$@" -o - "$desk/text"
	printf '\r\n--enc--\r\n'
}

signed() {
	printf '%b' "$head" 'Content-Type: multipart/signed; boundary=sig;' \
		'\r\n micalg=pgp-sha512; protocol="application/pgp-signature"' \
		'\r\n\r\n--sig\r\n'
	cat "$desk/text"
	printf '\r\n--sig\r\nContent-Type: application/pgp-signature\r\n\r\n'
	gnupg "$GNUPGHOME" -a -b -u alice@example.org -o - "$desk/text"
	printf '\r\n--sig--\r\n'
}

# opened FILE WANTED-STATUS: the report into $desk/report
opened() {
	status=0
	mailseal open --json --no-verdict "$desk/$1" >"$desk/content" \
		2>"$desk/err" || status=$?
	expect "status of $1" "$2" "$status"
	grep '^{' "$desk/err" >"$desk/report" || : >"$desk/report"
}
told() {
	expect "$1" "$2" "$(key "$1" <"$desk/report")"
}

signed >"$desk/signed"
opened signed 0
told security verified
told signature.scheme openpgp
told signature.from_match yes
contains 'what is inside' 'Meet me at noon.' "$(cat "$desk/content")"

wrapped -s -u alice@example.org >"$desk/both"
# gpg-agent is started again by the front, outside every cage.
gpgconf --homedir "$GNUPGHOME" --kill gpg-agent
opened both 0
told security confidential
told encryption.integrity mdc
told signature.from_match yes
contains 'what is inside' 'Meet me at noon.' "$(cat "$desk/content")"

sed 's/noon/four/' "$desk/signed" >"$desk/changed"
opened changed 1
told security unprotected
told signature.status bad

# To two, one of whom is somebody else: changed is changed.
gnupg_home "$desk/other"
at_end gnupg_end "$desk/other"
gnupg_key "$desk/other" 'Carol <carol@example.org>'
gnupg "$desk/other" --export carol@example.org | gnupg "$GNUPGHOME" --import
wrapped -s -u alice@example.org -r carol@example.org >"$desk/two"
opened two 0
python3 - "$desk/two" >"$desk/two-changed" <<'END'
import base64
import re
import sys
text = open(sys.argv[1], 'rb').read()
armor = re.search(rb'MESSAGE-----\n\n(.*?)=[^=\n]{4}\n-', text, re.S)
octets = bytearray(base64.b64decode(armor[1]))
octets[-60] ^= 1
sys.stdout.buffer.write(text[:armor.start(1)] + base64.encodebytes(octets) +
                        text[text.index(b'-----END'):])
END
opened two-changed 1
told encryption.status damaged
expect 'nothing comes out' 0 "$(wc -c <"$desk/content")"
wrapped -r carol@example.org | sed 's/^To: bob/To: carol/' >"$desk/hers"
rm -rf "$GNUPGHOME/private-keys-v1.d"
gpgconf --homedir "$GNUPGHOME" --kill gpg-agent
opened hers 1
told encryption.status no-key

wrapped --rfc2440 --disable-mdc >"$desk/no-mdc"
status=0
mailseal open --json --no-verdict "$desk/no-mdc" >"$desk/content" \
	2>"$desk/err" || status=$?
[ "$status" -ne 0 ] || fail 'opened without integrity protection'
expect 'nothing left' '' "$(cat "$desk/content")"
echo "$asserted assertions"
