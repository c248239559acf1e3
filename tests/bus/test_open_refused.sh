#!/usr/bin/env bash
# test_open_refused - objects that are not as they should be, one for each way:
# an answer of its own each, and no word of what was sealed
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/people.sh
. "$here/../lab/people.sh"
export DESK_CONFIG="
$people_keys"
people_authority
person_ec alice alice@example.org digitalSignature
people_issue short alice@example.org digitalSignature -newkey rsa:512
people_issue reads alice@example.org keyAgreement "${people_curve[@]}"
desk_start "$desk" "$build"
answers secret secret
mailseal keys generate bob@example.org --algorithm p256 >/dev/null
bob=$desk/data/mailseal/keys/$(mailseal keys list --json |
	key fingerprint).crt
printf 'Content-Type: text/plain\r\n\r\nMeet me at noon.\r\n' >"$desk/text"

# issued NAME EXTENSIONS OPTION...: another certificate of alice's key
issued() {
	printf '%b' "$2" >"$desk/ext"
	openssl x509 -req -in "$desk/alice.csr" -CA "$desk/ca.pem" \
		-CAkey "$desk/ca.key" -CAcreateserial "${@:3}" \
		-extfile "$desk/ext" -out "$desk/$1.pem" 2>/dev/null
	cp "$desk/alice.key" "$desk/$1.key"
}
san='subjectAltName = email:alice@example.org\n'
issued old "$san" -days -1
issued server "${san}extendedKeyUsage = serverAuth\n" -days 20
issued called_back "$san" -days 20
cat >"$desk/ca.cnf" <<END
[ca]
default_ca = own
[own]
database = $desk/index
default_md = sha256
default_crl_days = 30
END
printf 'R\t361126000000Z\t200101000000Z\t%s\tunknown\t/CN=x\n' \
	"$(openssl x509 -in "$desk/called_back.pem" -noout -serial |
		sed 's/.*=//')" >"$desk/index"
openssl ca -config "$desk/ca.cnf" -gencrl -cert "$desk/ca.pem" \
	-keyfile "$desk/ca.key" 2>/dev/null |
	openssl crl -outform DER -out "$desk/crl"

head='From: Alice <alice@example.org>\r\nTo: bob@example.org\r\n'
head+='Subject: noon\r\nMIME-Version: 1.0\r\n'
# made NAME [OPTION...]: alice's signature over the text, DER
made() {
	openssl cms -sign -binary -outform DER -in "$desk/text" \
		-signer "$desk/$1.pem" -inkey "$desk/$1.key" "${@:2}"
}
forged() { python3 "$here/cms_forge.py" "$@"; }
# detached FILE: the text with the object on standard input
detached() {
	{
		printf '%b' "$head" 'Content-Type: multipart/signed; ' \
			'boundary=sig; protocol="application/pkcs7-signature"' \
			'\r\n\r\n--sig\r\n'
		cat "$desk/text"
		printf '%b' '\r\n--sig\r\nContent-Type: application/' \
			'pkcs7-signature\r\nContent-Transfer-Encoding: base64' \
			'\r\n\r\n'
		base64
		printf '\r\n--sig--\r\n'
	} >"$desk/$1"
}
# sealed FILE: an encrypted mail of the object on standard input
sealed() {
	{
		printf '%b' "$head" 'Content-Type: application/pkcs7-mime\r\n' \
			'Content-Transfer-Encoding: base64\r\n\r\n'
		base64
	} >"$desk/$1"
}
# opened STATUS FILE
opened() {
	status=0
	mailseal open --json --no-verdict "$desk/$2" >"$desk/content" \
		2>"$desk/err" || status=$?
	expect "status of $2 ($(cat "$desk/err"))" "$1" "$status"
	grep '^{' "$desk/err" >"$desk/report" || fail "$2: no report"
}
: >"$desk/said"
# told FILE STATE PART: such a signature, for a reason that has PART in it
told() {
	opened "${4:-1}" "$1"
	expect "$1" "$2" "$(key signature.status <"$desk/report")"
	expect "$1" unprotected "$(key security <"$desk/report")"
	said "$1" "$3" "$(key signature.reason <"$desk/report")"
}
# kept FILE STATE PART: not opened, for such a reason, and nothing comes out
kept() {
	opened "${4:-1}" "$1"
	expect "$1" "$2" "$(key encryption.status <"$desk/report")"
	expect "$1: what comes out" 0 "$(wc -c <"$desk/content")"
	said "$1" "$3" "$(key encryption.reason <"$desk/report")"
}
said() {
	contains "$1" "$2" "$3"
	printf '%s\n' "$3" >>"$desk/said"
}

# --- signatures
made alice | detached good
opened 0 good
expect good verified "$(key security <"$desk/report")"
made alice -nodetach | detached of_its_own
made alice -signer "$desk/reads.pem" -inkey "$desk/reads.key" |
	detached several
openssl crl2pkcs7 -nocrl -certfile "$desk/alice.pem" -outform DER |
	detached nobody
made old | detached old
made called_back | forged crl "$desk/crl" | detached called_back
made server | detached server
made reads | detached reads
made short | detached short
for way in tag deep cut unknown flip; do
	made alice | forged $way | detached $way
done
told of_its_own bad 'a text of its own'
told several bad 'several signers'
told nobody bad 'nobody signed'
told called_back revoked 'was revoked'
told short weak '512 bits'
told unknown unsupported '1.2.840.10045.4.3.127'
told flip bad 'does not fit the text'
told old expired 'has expired' 2
told server untrusted 'not one for signing' 2
for way in tag deep cut; do
	told $way bad 'is damaged'
done
told reads untrusted 'not one for signing' 2
expect 'sentences' 10 "$(sort -u "$desk/said" | wc -l)"

# --- encrypted: not a word of it comes out
# hidden OPTION...: the text for bob, DER
hidden() {
	openssl cms -encrypt -binary -outform DER -in "$desk/text" "$@" "$bob"
}
hidden -aes-256-gcm | sealed gcm
opened 2 gcm
contains 'what is inside' 'Meet me at noon' "$(cat "$desk/content")"
: >"$desk/said"
openssl cms -encrypt -binary -outform DER -in "$desk/text" -aes256 \
	"$desk/reads.pem" | sealed others
kept others no-key 'none of your keys'
hidden -camellia256 | sealed another_cipher
kept another_cipher unsupported 'unsupported'
for way in tag deep cut; do
	hidden -aes-256-gcm | forged $way | sealed $way
	kept $way damaged 'or a damaged one'
done
hidden -aes-256-gcm | forged flip | sealed flip
kept flip damaged 'was changed'
# The list of those who can read it is longer than any.
many=$({ yes "$desk/short.pem" || true; } | head -n 9999)
# shellcheck disable=SC2086
hidden -aes256 $many | sealed crowd
kept crowd damaged 'recipients'
expect 'sentences' 5 "$(sort -u "$desk/said" | wc -l)"

# --- one within the other, a thousand times
python3 - >"$desk/nested" <<-'END'
part = ('Content-Type: multipart/signed; boundary=b%04d;\r\n protocol='
        '"application/pkcs7-signature"\r\n\r\n--b%04d\r\n')
print('From: Alice <alice@example.org>\r\nSubject: noon\r\n' +
      ''.join(part % (n, n) for n in range(1000)) + '\r\nMeet me at noon.' +
      ''.join('\r\n--b%04d\r\nContent-Type: application/pkcs7-signature'
              '\r\n\r\n\r\n--b%04d--' % (n, n) for n in reversed(range(1000))))
END
told nested bad 'is damaged'
echo "asserted $asserted"
