#!/usr/bin/env bash
# test_oracle - no mail and no client makes the keeper sign or open what the
# user did not ask for, and its answers do not tell why something failed
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/people.sh
. "$here/../lab/people.sh"
export DESK_CONFIG="
[keys]
pinentry = $here/../lab/pinentry.sh
system-authorities = false"
desk_start "$desk" "$build"
# imported NAME USAGE: a key of NAME@example.org that is for that; its
# fingerprint in $NAME
imported() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$desk/$1.key" \
		-out "$desk/$1.pem" -days 30 -subj "/CN=$1" \
		-addext "subjectAltName=email:$1@example.org" \
		-addext "keyUsage=critical,$2" \
		-addext basicConstraints=critical,CA:FALSE 2>/dev/null
	openssl pkcs12 -export -inkey "$desk/$1.key" -in "$desk/$1.pem" \
		-out "$desk/$1.p12" -passout pass:p12
	answers p12 secret secret
	mailseal keys import "$desk/$1.p12" >/dev/null || fail "import $1"
	printf -v "$1" %s "$(openssl pkey -in "$desk/$1.key" -pubout \
		-outform DER | sha256sum | cut -d' ' -f1)"
}
both='' signs='' reads=''
imported both digitalSignature,keyEncipherment
imported signs digitalSignature
imported reads keyEncipherment
answers secret secret secret
for fingerprint in "$both" "$signs" "$reads"; do
	mailseal keys unlock "$fingerprint" || fail unlock
done
# uses NAME: how often that key signed and opened
uses() {
	mailseal keys list --json | grep "${!1}" |
		sed 's/.*"signatures": *\([0-9]*\).*/\1/;t;s/.*/0/' | tr '\n' ' '
	mailseal keys list --json | grep "${!1}" |
		sed 's/.*"openings": *\([0-9]*\).*/\1/;t;s/.*/0/'
}
# unused WHAT: since the last word of it
unused() {
	expect "$1: what the keys did" "$before" \
		"$(uses both) $(uses signs) $(uses reads)"
}
remember() {
	before="$(uses both) $(uses signs) $(uses reads)"
}

head='From: Mallory <mallory@evil.example>\r\nTo: both@example.org\r\n'
head+='Subject: noon\r\nMIME-Version: 1.0\r\n'
printf 'Content-Type: text/plain\r\n\r\nMeet me at noon.\r\n' >"$desk/text"
# seal NAME OPTION...: the text for that key, DER
seal() {
	openssl cms -encrypt "${@:2}" -outform DER -in "$desk/text" \
		"$desk/$1.pem"
}
object='Content-Type: application/pkcs7-mime; name=smime.p7m\r\n'
object+='Content-Transfer-Encoding: base64\r\n\r\n'
# message FILE DER: with that object as its body
message() {
	{ printf '%b' "$head$object"; base64 "$2"; } >"$desk/$1"
}
# opened FILE STATUS
opened() {
	status=0
	mailseal open --json --no-verdict "$desk/$1" >"$desk/content" \
		2>"$desk/err" || status=$?
	expect "status of $1 ($(cat "$desk/err"))" "$2" "$status"
	grep '^{' "$desk/err" >"$desk/report" || : >"$desk/report"
}
remember
seal both -aes256 >"$desk/both.der"
message right "$desk/both.der"
opened right 2
contains 'it opens' 'Meet me' "$(cat "$desk/content")"
[ "$before" != "$(uses both) $(uses signs) $(uses reads)" ] ||
	fail 'an opening is not counted; this test sees nothing'

# --- Mail that is judged is not opened.
remember
judge "$desk/right"
mailseal filter <"$desk/right" >/dev/null 2>&1 || true
unused 'judged'

# --- Ciphertext anywhere but around the whole message.
boundary='boundary=mix\r\n\r\n--mix\r\n'
# within FILE TYPE FRONT: the object as the second part
within() {
	{
		printf '%b' "$head" "Content-Type: $2; $boundary" "$3" \
			'\r\n--mix\r\n' "$object"
		base64 "$desk/both.der"
		printf '%b' '\r\n--mix--\r\n'
	} >"$desk/$1"
}
text='Content-Type: text/plain\r\n\r\nHello.\r\n'
html='Content-Type: text/html\r\n\r\n<style>.x{}</style><img src="http://x/\r\n'
within mixed multipart/mixed "$text"
within alternative multipart/alternative "$text"
within related multipart/related "$html"
within digest multipart/digest "$text"
within signature 'multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256' \
	"$text"
sed 's,pkcs7-mime; name=smime.p7m,pkcs7-signature,' "$desk/signature" \
	>"$desk/signature-type"
within sealed 'multipart/encrypted; protocol="application/pgp-encrypted"' \
	'Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n'
{
	printf '%b' "$head" 'Content-Type: message/rfc822\r\n\r\n'
	cat "$desk/right"
} >"$desk/enclosed"
{
	printf '%b' "$head" 'Content-Type: text/plain\r\n\r\n'
	openssl cms -encrypt -aes256 -outform PEM -in "$desk/text" \
		"$desk/both.pem"
} >"$desk/inline"
remember
for name in mixed alternative related digest signature signature-type sealed \
	enclosed inline; do
	mailseal open --json --no-verdict "$desk/$name" >"$desk/content" \
		2>"$desk/err" || true
	if grep -q 'Meet me' "$desk/content"; then
		fail "$name: the text came out"
	fi
	unused "$name"
	asserted=$((asserted + 1))
done
entity() { "$build/tests/bus/bus_seal" "$@"; }
entity verify "$desk/text" "$desk/both.der" scheme=smime >"$desk/report"
expect 'ciphertext for a signature' bad \
	"$(key signature.status <"$desk/report")"
unused 'ciphertext for a signature'

# --- A key does what its certificate says, whatever is sent to it.
seal signs -aes256 >"$desk/signs.der"
message wrong-use "$desk/signs.der"
opened wrong-use 1
expect 'nothing comes out' 0 "$(grep -c 'Meet me' "$desk/content" || true)"
unused 'ciphertext for a key that signs'
for name in reads signs both; do
	printf 'From: %s@example.org\nTo: signs@example.org\n\nHello.\n' \
		"$name" >"$desk/from-$name"
done
status=0
mailseal protect --sign --smime "$desk/from-reads" >"$desk/out" \
	2>"$desk/err" || status=$?
expect 'signed by a key that reads' "77 0" "$status $(wc -c <"$desk/out")"
for who in "key=$(openssl x509 -in "$desk/reads.pem" -noout -fingerprint \
	-sha256 | sed 's/.*=//; s/://g')" sender=reads@example.org; do
	if entity sign "$desk/text" scheme=smime "$who" >"$desk/out" \
		2>"$desk/err"; then
		fail "signed with $who"
	fi
	expect "nothing comes out, $who" 0 "$(wc -c <"$desk/out")"
done
if entity encrypt "$desk/text" signs@example.org scheme=smime \
	sender=both@example.org >"$desk/out" 2>"$desk/err"; then
	fail 'encrypted to a key that signs'
fi
unused 'what a key is not for'

# --- What is signed is an entity in a signature for mail, and nothing else:
# not a certificate, not another signature's attributes, not a login.
openssl asn1parse -in "$desk/both.pem" -strparse 4 -noout \
	-out "$desk/certificate" >/dev/null
entity sign "$desk/text" scheme=smime sender=signs@example.org >"$desk/mail.der"
"$here/../lab/signer_info.py" "$desk/mail.der" "$desk/attributes" \
	"$desk/signature.raw"
{ head -c 64 /dev/zero | tr '\0' ' '
	printf 'TLS 1.3, client CertificateVerify\0'
	head -c 32 /dev/urandom; } >"$desk/login"
head -c 32 /dev/urandom >"$desk/digest32"
openssl x509 -in "$desk/signs.pem" -noout -pubkey >"$desk/signs.pub"
raw_verifies() {
	openssl dgst -sha256 -verify "$desk/signs.pub" -signature \
		"$desk/raw" "$1" >/dev/null 2>&1
}
for name in certificate attributes login digest32 text; do
	entity sign "$desk/$name" scheme=smime sender=signs@example.org \
		>"$desk/made.der" 2>"$desk/err" ||
		fail "$name: $(cat "$desk/err")"
	"$here/../lab/signer_info.py" "$desk/made.der" "$desk/own" \
		"$desk/raw" || fail "$name: signed without attributes"
	raw_verifies "$desk/own" || fail "$name: the test reads it wrongly"
	if raw_verifies "$desk/$name"; then
		fail "$name: signed as it is"
	fi
	contains "$name: it is about data" 2a864886f70d010701 \
		"$(od -An -v -tx1 "$desk/own" | tr -d ' \n')"
	asserted=$((asserted + 2))
done
# And what was signed so is not believed with its attributes for a text.
entity verify "$desk/text" "$desk/mail.der" scheme=smime >"$desk/report"
expect 'the right text' good "$(key signature.status <"$desk/report")"
entity verify "$desk/attributes" "$desk/mail.der" scheme=smime >"$desk/report"
expect 'the attributes as a text' bad "$(key signature.status <"$desk/report")"

# --- All that does not open has one answer.
# changed NAME OPTION...: what is changed, in Python
changed() {
	python3 - "$desk/$2" "$desk/changed.der" "$3" <<-'END'
	import sys
	data = bytearray(open(sys.argv[1], 'rb').read())
	exec(sys.argv[3])
	open(sys.argv[2], 'wb').write(data)
	END
	message "$1" "$desk/changed.der"
}
seal both -aes256 >"$desk/cbc.der"
seal both -aes-256-gcm >"$desk/gcm.der"
# Where the encrypted key is: the first octet string of the modulus' length.
find='at = data.find(bytes.fromhex("04820100")) + 4; '
changed key-front cbc.der "$find data[at + 1] ^= 1"
changed key-end cbc.der "$find data[at + 255] ^= 1"
changed key-zero cbc.der "$find data[at:at + 256] = bytes(255) + b'\\1'"
changed key-gcm gcm.der "$find data[at + 9] ^= 1"
changed tag gcm.der 'data[-1] ^= 1'
changed text-gcm gcm.der 'data[-40] ^= 1'
one=''
for name in key-front key-end key-zero key-gcm tag text-gcm; do
	opened "$name" 1
	expect "$name: nothing comes out" 0 "$(wc -c <"$desk/content")"
	answer="$(key encryption.status <"$desk/report"): $(key \
		encryption.reason <"$desk/report"): $(key security \
		<"$desk/report"): $(key line <"$desk/report")"
	[ -n "$one" ] || one=$answer
	expect "$name: one answer" "$one" "$answer"
done
contains 'it is a word' damaged "$one"
one=''
for name in key-front key-gcm tag; do
	sed '1,/^MIME-Version/d' "$desk/$name" >"$desk/part"
	entity decrypt "$desk/part" >"$desk/out" 2>"$desk/err" || true
	expect "$name: nothing comes out of the part" 0 "$(wc -c <"$desk/out")"
	[ -n "$one" ] || one=$(cat "$desk/err")
	expect "$name: one error" "$one" "$(cat "$desk/err")"
done
if grep -iE 'padding|bad decrypt|tag|unwrap' "$desk/agent.log"; then
	fail 'the log tells'
fi
echo "asserted $asserted"
