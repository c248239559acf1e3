#!/usr/bin/env bash
# test_rfc9216 - the people of RFC 9216 with their own certificates and keys:
# Alice and Bob have RSA; what Carlos and Dana have, Ed25519 and X25519, is told
# by name, and is never "not signed" or good
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/people.sh
. "$here/../lab/people.sh"
people=$here/../lab/rfc9216
for name in "$people"/*.pem; do
	case $name in
	*.p12.pem) continue ;;
	esac
	openssl x509 -in "$name" -noout -checkend 86400 >/dev/null ||
		fail "$name: its time is over"
done
cp "$people/ca-rsa.pem" "$desk/ca.pem"
export DESK_CONFIG="$people_keys"
# Carlos' and Bob's certificates stand in DNS.
mkdir -p "$desk/lab/zones.d"
for name in bob carlos; do
	der=$(openssl x509 -in "$people/$name-encrypt.pem" -outform DER |
		od -An -v -tx1 | tr -d ' \n')
	printf '%s._smimecert TYPE53 \\# %d 030000%s\n' \
		"$(printf %s "$name" | sha256sum | cut -c 1-56)" \
		$((${#der} / 2 + 3)) "$der"
done >"$desk/lab/zones.d/smime.example.zone"
desk_start "$desk" "$build"

# p12 NAME [OPTION...]: his or her PKCS #12, by the RFC's password
p12() {
	sed '/^-----/d' "$people/$1.p12.pem" | base64 -d >"$desk/$1.p12"
	answers "$1" secret secret
	status=0
	mailseal keys import "$desk/$1.p12" "${@:2}" >"$desk/out" 2>&1 ||
		status=$?
}
p12 bob
expect "Bob's keys ($(cat "$desk/out"))" 0 "$status"
contains "Bob's key" bob@smime.example "$(mailseal keys list)"
contains 'his other one' 'Not imported: 1 more' "$(cat "$desk/out")"
contains 'how to' '--key 1 to --key 2' "$(cat "$desk/out")"
p12 bob --key 3
expect 'there is no third' 64 "$status"
contains 'why' 'no private key of that number' "$(cat "$desk/out")"
expect 'one key' 1 "$(mailseal keys list --json | grep -c fingerprint)"
p12 bob --key 2
expect "the second ($(cat "$desk/out"))" 0 "$status"
expect 'two keys' 2 "$(mailseal keys list --json | grep -c fingerprint)"
for use in sign open; do
	expect "one of them to $use" 1 "$(mailseal keys list --json |
		grep -c "\"usage\": \[\"$use\"\]")"
done
openssl pkcs12 -in "$desk/bob.p12" -passin pass:bob -nodes -nocerts \
	2>/dev/null | awk '/BEGIN/ { n++ } n == 2' >"$desk/second.key"
status=0
mailseal keys import "$desk/second.key" --key 2 >"$desk/out" 2>&1 || status=$?
expect 'a file of one key has no second' 64 "$status"
p12 dana
[ "$status" -ne 0 ] || fail "Dana's keys are taken"
contains 'why' 'neither RSA' "$(cat "$desk/out")"

printf 'Content-Type: text/plain\r\n\r\nMeet me at noon.\r\n' >"$desk/text"
# mail FROM TO: the entity on standard input, as a message in $desk/mail
mail() {
	{
		printf '%s\r\n' "From: $1@smime.example" \
			"To: $2@smime.example" 'Subject: noon' \
			"Date: $(date -R)" "Message-ID: <$RANDOM@smime.example>"
		cat
	} >"$desk/mail"
}
# alice OPTION...: the text, signed by her
alice() {
	openssl cms -sign -signer "$people/alice-sign.pem" \
		-inkey "$people/alice-sign.key" -in "$desk/text" "$@"
}
opened() {
	mailseal open --json --no-verdict "$desk/mail" >"$desk/content" \
		2>"$desk/report" || true
}
# says KEY WORD
says() {
	expect "$1 ($(cat "$desk/report"))" "$2" "$(key "$1" <"$desk/report")"
}

# --- Alice to Bob
for form in '' -nodetach; do
	alice ${form:+"$form"} | mail alice bob
	opened
	says signature.status good
	says signature.trust pkix
	says signature.from_match yes
	says signature.name 'Alice Lovelace'
	says security verified
done
alice | sed 's/noon/four/' | mail alice bob
opened
says signature.status bad
alice | mail bob bob
opened
says signature.from_match no
says security unprotected
alice >"$desk/signed"
openssl cms -encrypt -aes256 -in "$desk/signed" "$people/bob-encrypt.pem" |
	mail alice bob
opened
says encryption.status opened
says security confidential
contains 'the text' 'Meet me at noon' "$(cat "$desk/content")"
# To his certificate that is for signing: that key opens nothing.  What comes out
# in its place is told by GCM each time; CBC takes one of 256 for a text.
openssl cms -encrypt -aes-256-gcm -in "$desk/signed" "$people/bob-sign.pem" |
	mail alice bob
opened
says encryption.status damaged
expect 'nothing comes out' 0 "$(wc -c <"$desk/content")"

# --- Carlos and Dana: signed as RFC 8419 has it
carlos() {
	printf 'Content-Type: multipart/signed; boundary=sig; micalg=sha-512;\n'
	printf ' protocol="application/pkcs7-signature"\n\n--sig\n'
	cat "$desk/text"
	printf '\n--sig\nContent-Type: application/pkcs7-signature\n'
	printf 'Content-Transfer-Encoding: base64\n\n'
	"$here/cms_ed25519.py" "$people/carlos-sign.pem" \
		"$people/carlos-sign.key" <"$desk/text" | base64
	printf '\n--sig--\n'
}
carlos | mail carlos bob
opened
says signature.status unsupported
says security unprotected
contains 'by name' ED25519 "$(key signature.reason <"$desk/report")"
contains 'the line' 'unsupported algorithm' "$(key line <"$desk/report")"
cp "$desk/mail" "$desk/carlos"

# --- written to them
printf 'From: bob@smime.example\nTo: carlos@smime.example\n\nHello.\n' \
	>"$desk/mail"
status=0
mailseal protect --encrypt --smime "$desk/mail" >"$desk/out" 2>"$desk/err" ||
	status=$?
[ "$status" -ne 0 ] || fail 'encrypted to a key that nobody can use'
expect 'nothing comes out' 0 "$(wc -c <"$desk/out")"
contains 'whose' carlos@smime.example "$(cat "$desk/err")"
contains 'why' 'cannot encrypt to a key of its kind' "$(cat "$desk/err")"
mailseal keys find carlos@smime.example >"$desk/found" || true
contains 'what it is' x25519 "$(cat "$desk/found")"

# --- the other authority alone, and certificates on the way to it
cp "$people/ca-ed25519.pem" "$desk/ca.pem"
agent=$(desk_agent "$desk")
kill "$agent"
await has_ended "$agent"
# Bob's PKCS #12 brought the certificate between.
alice | mail alice bob
opened
says signature.trust pkix
# Without him it is not known any more.
for name in $(mailseal keys list --json |
	sed 's/.*"fingerprint": "\([0-9a-f]*\)".*/\1/'); do
	mailseal keys remove --yes "$name" >/dev/null
done
opened
says signature.status untrusted
alice -certfile "$people/ca-rsa-cross.pem" | mail alice bob
opened
says signature.status good
says signature.trust pkix
# The certificate is vouched for; the algorithm is as unknown as before.
cp "$desk/carlos" "$desk/mail"
opened
says signature.status unsupported
echo "asserted $asserted"
