# shellcheck shell=bash disable=SC2154
# sealed.sh - keys of both standards for a desk with Claws Mail
#
# To source after claws.sh.  sealed_before sets the configuration and makes
# OpenPGP keys of alice, bob and robin; sealed_after, behind claws_start, makes
# an S/MIME key of robin's, and puts sealed mail from alice into the folder:
# 21 signed, 22 signed and encrypted (S/MIME); 23, 24 the same (OpenPGP); 25 to
# 28 bad ones of these.
# shellcheck source=tests/lab/gnupg.sh
. "$here/../lab/gnupg.sh"
# shellcheck source=tests/lab/people.sh
. "$here/../lab/people.sh"

sealed_before() {
	export GNUPGHOME=$desk/gnupg
	gnupg_home "$GNUPGHOME"
	at_end gnupg_end "$GNUPGHOME"
	gnupg_key "$GNUPGHOME" 'Alice <alice@example.org>'
	gnupg_key "$GNUPGHOME" 'Bob <bob@box.lab>'
	gnupg_key "$GNUPGHOME" 'Robin <robin@home.example>'
	people_authority
	person_ec alice alice@example.org
	person_ec bob bob@box.lab
	export DESK_CONFIG="${DESK_CONFIG:-}
$people_keys"
}

sealed_head() {	# SUBJECT
	printf 'From: Alice Harper <alice@example.org>\n'
	printf 'To: Robin <robin@home.example>\nSubject: %s\n' "$1"
	printf 'Date: %s\nMessage-ID: <%s@sealed>\nMIME-Version: 1.0\n' \
		"$(date -R)" "$RANDOM$RANDOM"
}

sealed_smime_sign() {
	openssl cms -sign -signer "$desk/alice.pem" -inkey "$desk/alice.key"
}
sealed_pgp_sign() {	# FILE
	printf 'Content-Type: multipart/signed; boundary=sig;\n'
	printf ' micalg=pgp-sha512; protocol="application/pgp-signature"\n'
	printf '\n--sig\n'
	cat "$1"
	printf '\n--sig\nContent-Type: application/pgp-signature\n\n'
	gnupg "$GNUPGHOME" -a -b -u alice@example.org -o - "$1"
	printf '\n--sig--\n'
}
sealed_pgp_seal() {	# FILE OPTION...
	printf 'Content-Type: multipart/encrypted; boundary=enc;\n'
	printf ' protocol="application/pgp-encrypted"\n\n--enc\n'
	printf 'Content-Type: application/pgp-encrypted\n\nVersion: 1\n'
	printf '\n--enc\nContent-Type: application/octet-stream\n\n'
	gnupg "$GNUPGHOME" --trust-model always -a -e -r robin@home.example \
		"${@:2}" -o - "$1"
	printf '\n--enc--\n'
}

sealed_mail() {	# NUMBER SUBJECT: of the entity on standard input
	{
		sealed_head "$2"
		tr -d '\r'
	} >"$desk/unsigned"
	"$here/../lab/sign.sh" sign "$desk/world/keys/example.org" \
		example.org s1 "$desk/unsigned" | tr -d '\r' \
		>"$home/Mail/inbox/$1"
}

sealed_after() {
	local text=$desk/text robin
	answers secret secret secret secret
	mailseal keys generate robin@home.example --algorithm p256 >/dev/null
	robin=$desk/data/mailseal/keys/$(mailseal keys list --json |
		key fingerprint).crt
	printf 'Content-Type: text/plain\r\n\r\nMeet me at noon.\r\n' >"$text"
	sealed_smime_sign <"$text" | sealed_mail 21 'signed by S/MIME'
	sealed_smime_sign <"$text" | openssl cms -encrypt -aes256 "$robin" |
		sealed_mail 22 'sealed by S/MIME'
	sealed_pgp_sign "$text" | sealed_mail 23 'signed by OpenPGP'
	sealed_pgp_seal "$text" -s -u alice@example.org |
		sealed_mail 24 'sealed by OpenPGP'
	sed 's/noon/four/' "$home/Mail/inbox/21" >"$home/Mail/inbox/25"
	sed 's/noon/four/' "$home/Mail/inbox/23" >"$home/Mail/inbox/26"
	openssl cms -encrypt -aes256 "$desk/bob.pem" <"$text" |
		sealed_mail 27 'for somebody else'
}
