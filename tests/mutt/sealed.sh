# shellcheck shell=bash disable=SC2154,SC2034
# sealed.sh - people with keys of both standards, and what they write
#
# To source after mutt.sh.  sealed_start gives robin (the user), alice and bob
# S/MIME certificates and OpenPGP keys, and starts the desk; alice, bob and
# mallory write.
# shellcheck source=tests/lab/gnupg.sh
. "$here/../lab/gnupg.sh"
# shellcheck source=tests/lab/people.sh
. "$here/../lab/people.sh"

at_end gnupg_end "$desk/gnupg"

sealed_start() {	# [CONFIGURATION]
	export GNUPGHOME=$desk/gnupg
	gnupg_home "$GNUPGHOME"
	gnupg_key "$GNUPGHOME" 'Robin <robin@home.example>'
	gnupg_key "$GNUPGHOME" 'Alice <alice@example.org>'
	gnupg_key "$GNUPGHOME" 'Mallory <mallory@free.example>'
	people_authority
	person alice alice@example.org
	person bob bob@box.lab
	person mallory mallory@free.example
	mutt_prepare "${1:-}
$people_keys"
	answers secret secret
	mailseal keys generate robin@home.example --algorithm rsa2048 \
		>/dev/null
	robin=$desk/data/mailseal/keys/$(mailseal keys list --json |
		grep -o '"fingerprint": *"[^"]*"' | cut -d'"' -f4).crt
	printf 'Content-Type: text/plain\r\n\r\nMeet me at noon.\r\n' \
		>"$desk/text"
	# What is not about the sender's name is enough here.
	sed -i 's/^set realname.*/set realname="Robin" from="robin@home.example" hostname="home.example"/' \
		"$desk/base.rc" "$desk/rc"
}

# openings: how often the keeper was asked to open something
openings() {
	mailseal keys list --json | grep -o '"openings": *[0-9]*' |
		tr -dc '0-9'
}

smime_sign() {	# NAME, of the entity on standard input
	openssl cms -sign -signer "$desk/$1.pem" -inkey "$desk/$1.key" "${@:2}"
}
smime_seal() {	# CERTIFICATE
	openssl cms -encrypt -aes256 "$1"
}
pgp_sign() {	# ADDRESS FILE
	printf 'Content-Type: multipart/signed; boundary=sig;\n'
	printf ' micalg=pgp-sha512; protocol="application/pgp-signature"\n'
	printf '\n--sig\n'
	cat "$2"
	printf '\n--sig\nContent-Type: application/pgp-signature\n\n'
	gnupg "$GNUPGHOME" -a -b -u "$1" -o - "$2"
	printf '\n--sig--\n'
}
pgp_seal() {	# FILE OPTION...
	printf 'Content-Type: multipart/encrypted; boundary=enc;\n'
	printf ' protocol="application/pgp-encrypted"\n\n--enc\n'
	printf 'Content-Type: application/pgp-encrypted\n\nVersion: 1\n'
	printf '\n--enc\nContent-Type: application/octet-stream\n\n'
	gnupg "$GNUPGHOME" --trust-model always -a -e "${@:2}" -o - "$1"
	printf '\n--enc--\n'
}

# arrives NUMBER SUBJECT: a message of alice's, of the entity on standard input
arrives() {
	{
		printf 'From: Alice Harper <alice@example.org>\n'
		printf 'To: Robin <robin@home.example>\nSubject: %s\n' "$2"
		printf 'Date: %s\nMessage-ID: <%s@sealed>\n' "$(date -R)" "$1"
		printf 'MIME-Version: 1.0\n'
		cat
	} >"$desk/message"
	deliver "$1" "$desk/message"
}

# of_two NUMBER SUBJECT SECOND: the same, of alice and somebody else: in a line
# that stands behind her address, or in a field of its own
of_two() {
	arrives "$1" "$2"
	sed -i "s/^From: .*/From: alice@example.org$3service@bank.example/" \
		"$desk"/mail/new/*"M${1}P1.host"
}

# answering QUESTION REGEX: whether the screen shows it; answers by Enter, once
# for as long as a slow Mutt may take to hear it
questioned=0
answering() {
	! on_screen "$2" || return 0
	if ! asks "$1"; then
		questioned=0
	elif [ $((questioned++ % 60)) -eq 0 ]; then
		keys Enter
	fi
	return 1
}

# goes_to SUBJECT REGEX: opens the message, answers Mutt's question for a
# passphrase, until the screen shows it
goes_to() {
	jump "$1" Enter
	comes_true answering 'passphrase:' "$2" || fail "$1 never shows: $2"
	asserted=$((asserted + 1))
}
opens() {
	goes_to "$1" '^Mailseal: '
}

# leaves: back to the index, also where a late question took the key
closed() {
	! answering 'passphrase:' 'q:Quit.*d:Del' || return 0
	asks 'passphrase:' || turns 60 keys q
	return 1
}
leaves() {
	turn=-1		# at once
	comes_true closed || fail 'the message does not close'
}

# no_complaint: NeoMutt's last line about a message that it cannot copy is gone
no_complaint() { ! on_screen '^Could not copy'; }

# opens_not SUBJECT WHY: nothing is shown of it but why.  NeoMutt throws the
# reason away, and Mutt that of OpenPGP; Esc o tells it.
opens_not() {
	if [ "$program" = mutt ]; then
		opens "$1"
		hides "$1" 'Meet me'
		if on_screen '^\[-- Error: decryption failed'; then
			keys Escape o
			wait_for "$2"
			wait_for 'Press any key'
			keys Space
			wait_for 'i:Exit'
		else
			shows "$1" "mailseal: $2"
		fi
		back
		return
	fi
	goes_to "$1" '^Could not copy message'
	hides "$1" 'Meet me'
	keys Escape o
	wait_for "$2"
	wait_for 'Press any key'
	hides "$1" 'Meet me'
	keys Space
	wait_for 'q:Quit.*d:Del'
	keys Up Down
	await no_complaint
}
