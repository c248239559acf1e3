#!/usr/bin/env bash
# test_open_mutants - some thousand mails that were signed and then changed in
# one place: none shows the signer's name over words or a From of another
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/gnupg.sh
. "$here/../lab/gnupg.sh"
# shellcheck source=tests/lab/people.sh
. "$here/../lab/people.sh"
export GNUPGHOME=$desk/gnupg
at_end gnupg_end "$GNUPGHOME"
gnupg_home "$GNUPGHOME"
gnupg_key "$GNUPGHOME" 'Alice <alice@example.org>'
gnupg_key "$GNUPGHOME" 'Bob <bob@example.org>'
export DESK_CONFIG="
$people_keys"
people_authority
person_ec alice alice@example.org digitalSignature
person_ec mallory mallory@evil.example digitalSignature
desk_start "$desk" "$build"
answers secret secret
mailseal keys generate bob@example.org --algorithm p256 >/dev/null
bob=$desk/data/mailseal/keys/$(mailseal keys list --json |
	key fingerprint).crt

head='From: Alice <alice@example.org>\r\nTo: bob@example.org\r\n'
head+='Subject: noon\r\nMIME-Version: 1.0\r\n'
inside='From: Alice <alice@example.org>\r\nSubject: noon\r\nContent-Type: '
inside+='text/plain; hp="clear"\r\n\r\nMeet me at noon.\r\n'
printf 'Content-Type: text/plain\r\n\r\nMeet me at noon.\r\n' >"$desk/text"
printf '%b' "$inside" >"$desk/inside"
sign() {
	openssl cms -sign -binary -signer "$desk/alice.pem" \
		-inkey "$desk/alice.key" "$@" |
		sed -e '/^MIME-Version/d' -e 's/\r*$/\r/'
}
mail() {
	{ printf '%b' "$head"; cat; } >"$desk/$1"
}
sign <"$desk/text" | mail detached
sign <"$desk/inside" | mail fields
sign -nodetach <"$desk/inside" | mail opaque
sign <"$desk/inside" | openssl cms -encrypt -aes256 -binary "$bob" |
	sed -e '/^MIME-Version/d' -e 's/\r*$/\r/' | mail sealed
{
	printf '%b' 'Content-Type: multipart/signed; boundary=sig;' \
		'\r\n micalg=pgp-sha512; protocol="application/pgp-signature"' \
		'\r\n\r\n--sig\r\n'
	cat "$desk/text"
	printf '\r\n--sig\r\nContent-Type: application/pgp-signature\r\n\r\n'
	gnupg "$GNUPGHOME" -a -b -u alice@example.org -o - "$desk/text" |
		sed 's/$/\r/'
	printf '\r\n--sig--\r\n'
} | mail openpgp

# --- one scheme within the other: each layer by its own rules, the innermost
# signature counts
pgp_signed() {	# over the entity on standard input, with alice's key
	cat >"$desk/part"
	printf '%b' 'Content-Type: multipart/signed; boundary=pgp;' \
		'\r\n micalg=pgp-md5; protocol="application/pgp-signature"' \
		'\r\n\r\n--pgp\r\n'
	cat "$desk/part"
	printf '\r\n--pgp\r\nContent-Type: application/pgp-signature\r\n\r\n'
	gnupg "$GNUPGHOME" -a -b -u alice@example.org -o - "$desk/part" |
		sed 's/$/\r/'
	printf '\r\n--pgp--\r\n'
}
pgp_sealed() {	# to bob, by anybody
	printf '%b' 'Content-Type: multipart/encrypted; boundary=enc;' \
		'\r\n protocol="application/pgp-encrypted"\r\n\r\n--enc\r\n' \
		'Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1' \
		'\r\n\r\n--enc\r\nContent-Type: application/octet-stream' \
		'\r\n\r\n'
	gnupg "$GNUPGHOME" --trust-model always -a -e -r bob@example.org -o -
	printf '\r\n--enc--\r\n'
}
by_mallory() {
	openssl cms -sign -binary -signer "$desk/mallory.pem" \
		-inkey "$desk/mallory.key" | sed -e '/^MIME-Version/d' \
		-e 's/\r*$/\r/'
}
smime_sealed() {
	openssl cms -encrypt -aes-256-gcm -binary "$bob" |
		sed -e '/^MIME-Version/d' -e 's/\r*$/\r/'
}
# layered WHAT SECURITY: the entity on standard input, opened
layered() {
	mail layered
	mailseal open --json --no-verdict "$desk/layered" \
		>"$desk/content" 2>"$desk/report" || true
	expect "$1" "$2" "$(key security <"$desk/report")"
}
printf 'Content-Type: text/plain\r\n\r\nPay Mallory.\r\n' >"$desk/evil"
pgp_signed <"$desk/text" | layered 'a forged micalg' verified
sign <"$desk/text" | pgp_sealed | layered 'S/MIME in OpenPGP' confidential
contains 'what is inside' 'Meet me at noon.' "$(cat "$desk/content")"
pgp_signed <"$desk/text" | smime_sealed |
	layered 'OpenPGP in S/MIME' confidential
contains 'what is inside' 'Meet me at noon.' "$(cat "$desk/content")"
pgp_signed <"$desk/text" | smime_sealed | pgp_sealed |
	layered 'three layers' confidential
by_mallory <"$desk/evil" | pgp_signed | layered 'hers around his' unprotected
pgp_signed <"$desk/text" | by_mallory | pgp_sealed |
	layered 'his around hers, who speaks' confidential
by_mallory <"$desk/evil" | pgp_sealed | layered 'his alone' encrypted
{
	printf 'Content-Type: multipart/mixed; boundary=mix\r\n\r\n--mix\r\n'
	cat "$desk/evil"
	printf '\r\n--mix\r\n'
	pgp_sealed <"$desk/text"
	printf '\r\n--mix--\r\n'
} | smime_sealed | layered 'OpenPGP beside his, in S/MIME' encrypted
expect 'what is within stays closed' 0 \
	"$(grep -c 'at noon' "$desk/content" || true)"
sign <"$desk/text" | sed 's/at noon/at nine/' | pgp_sealed |
	layered 'changed before it was encrypted' encrypted

told=$(python3 "$here/open_mutants.py" \
	"$desk"/{detached,fields,opaque,sealed,openpgp}) || fail "$told"
echo "$told"
contains 'all were tried' 'still hers' "$told"
echo "asserted $asserted"
