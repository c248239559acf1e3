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
trap 'gnupg_end "$GNUPGHOME"; desk_stop "$desk" >/dev/null 2>&1 || true
	rm -rf "$desk"' EXIT
gnupg_home "$GNUPGHOME"
gnupg_key "$GNUPGHOME" 'Alice <alice@example.org>'
export DESK_CONFIG="
$people_keys"
people_authority
person_ec alice alice@example.org digitalSignature
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
told=$(python3 "$here/open_mutants.py" \
	"$desk"/{detached,fields,opaque,sealed,openpgp}) || fail "$told"
echo "$told"
contains 'all were tried' 'still hers' "$told"
echo "asserted $asserted"
