#!/usr/bin/env bash
# test_compose.sh BUILD mutt|neomutt - mail written with Mutt's own menus:
# signed, encrypted, both, by both standards, a reply, and what is refused; sent
# by mailseal-sendmail as it is
# shellcheck disable=SC2119 source=tests/mutt/mutt.sh
. "$(dirname "$0")/mutt.sh"
# shellcheck source=tests/mutt/sealed.sh
. "$(dirname "$0")/sealed.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
trap 'submit_stop "$desk/smtp"; sealed_finish' EXIT
submit_key "$desk/smtp"
submit_server "$desk/smtp" tls
submit_zone "$desk/lab" "$smtp_port"
# shellcheck disable=SC2154
sealed_start "[account home]
address = robin@home.example
server = smtps://smtp.mail.lab:$smtp_port
user = alice
password = command: echo secret
sign = none
encrypt = never"
text=$desk/text
# Whose certificate is known: alice wrote, signed.
smime_sign alice <"$text" | arrives 10 'one signed'
mailseal open "$desk/message" >/dev/null 2>&1 || true
smime_sign alice <"$text" | smime_seal "$robin" | arrives 11 'two sealed'
pgp_seal "$text" -r robin@home.example -s -u alice@example.org |
	arrives 12 'three sealed'
cat >"$desk/edit" <<'END_EDIT'
#!/bin/sh
echo "Cheese at twelve." >>"$1"
END_EDIT
chmod 700 "$desk/edit"
mkdir -p "$desk/drafts"/{cur,new,tmp}
cat >>"$desk/rc" <<END_RC
set editor="$desk/edit" include=yes fast_reply=yes edit_headers=no
set sendmail="mailseal-sendmail -oi" sendmail_wait=0
set use_envelope_from=yes
END_RC

sent=0
# write_to ADDRESS SUBJECT: until the compose menu
write_to() {
	keys m
	wait_for '^To:'
	type_text "$1"
	keys Enter
	wait_for '^Subject:'
	type_text "$2"
	keys Enter
	wait_for 'y:Send'
}
# choose MENU LETTER REGEX: what the compose menu shows then
choose() {
	keys "$1"
	wait_for '\(s\)ign'
	keys "$2"
	wait_for "$3"
}
# sends: answers Mutt's question for a passphrase, until the mail is out
sends() {
	local tries=0
	keys y
	until screen | grep -q '^Mail sent'; do
		if screen | tail -n 1 | grep -q 'passphrase:'; then
			keys Enter
		fi
		tries=$((tries + 1))
		[ "$tries" -lt 400 ] || fail "not sent: $1"
		sleep 0.05
	done
	sent=$((sent + 1))
	asserted=$((asserted + 1))
	mail=$(find "$desk/smtp/mail" -type f -printf '%f\n' | sort -n |
		tail -n 1)
	[ "$(find "$desk/smtp/mail" -type f | wc -l)" = "$sent" ] ||
		fail "the server has not $sent mails"
	mail=$desk/smtp/mail/$mail
}
is_clear() {	# yes|no
	asserted=$((asserted + 1))
	if grep -q 'Cheese at twelve' "$mail"; then
		[ "$1" = yes ] || fail 'it went out in the clear'
	else
		[ "$1" = no ] || fail 'the text is not there'
	fi
}
reads() {	# FILE
	grep -q 'Cheese at twelve' "$1" || fail "$1: the text is not inside"
	asserted=$((asserted + 1))
}
smime_opens() {
	openssl cms -decrypt -in "$mail" -recip "$desk/alice.pem" \
		-inkey "$desk/alice.key" -out "$desk/inner" ||
		fail 'alice cannot open it'
}
smime_verifies() {	# FILE
	openssl cms -verify -noverify -in "$1" -out "$desk/inside" \
		2>/dev/null || fail "openssl cannot verify $1"
	reads "$desk/inside"
}
pgp_opens() {
	sed -n '/BEGIN PGP/,/END PGP/p' "$mail" | tr -d '\r' |
		gnupg "$GNUPGHOME" --status-fd 2 --decrypt >"$desk/inner" ||
		fail 'gpg cannot open it'
	reads "$desk/inner"
}

mutt_start
wait_for 'three sealed'

# --- S/MIME
write_to alice@example.org 'a signed one'
choose S s 'Security: Sign \(S/MIME\)'
sends 'signed'
is_clear yes
grep -q 'micalg=.*sha-\?256' "$mail" || fail 'micalg'
smime_verifies "$mail"
write_to alice@example.org 'an encrypted one'
choose S e 'Security: Encrypt \(S/MIME\)'
sends 'encrypted'
is_clear no
smime_opens
reads "$desk/inner"
write_to alice@example.org 'a sealed one'
choose S b 'Security: Sign, Encrypt \(S/MIME\)'
sends 'both'
is_clear no
smime_opens
smime_verifies "$desk/inner"
mailseal open --json --no-verdict "$mail" >/dev/null 2>"$desk/report" || true
grep -q '"security": *"confidential"' "$desk/report" ||
	fail 'the sender cannot read it'

# --- OpenPGP
write_to alice@example.org 'a signed one'
choose p s 'Security: Sign \(PGP/MIME\)'
sends 'signed, OpenPGP'
is_clear yes
mailseal open --json --no-verdict "$mail" >/dev/null 2>"$desk/report" || true
grep -q '"security": *"verified"' "$desk/report" || fail 'not verified'
write_to alice@example.org 'an encrypted one'
choose p e 'Security: Encrypt \(PGP/MIME\)'
sends 'encrypted, OpenPGP'
is_clear no
pgp_opens
write_to alice@example.org 'a sealed one'
choose p b 'Security: Sign, Encrypt \(PGP/MIME\)'
sends 'both, OpenPGP'
is_clear no
pgp_opens
mailseal open --json --no-verdict "$mail" >/dev/null 2>"$desk/report" || true
grep -q '"security": *"confidential"' "$desk/report" || fail 'not both'

# --- A reply to what was encrypted is encrypted.
for subject in 'two sealed' 'three sealed'; do
	opens "$subject"
	keys r
	wait_for 'y:Send'
	shows 'a reply' 'Security: (Sign, )?Encrypt'
	sends "reply to $subject"
	is_clear no
	if [ "$subject" = 'two sealed' ]; then
		smime_opens
		reads "$desk/inner"
	else
		pgp_opens
	fi
	keys i
	wait_for 'q:Quit.*d:Del'
done

# --- Refused: the key cannot be used, and the mail stays in the menu.
mailseal keys lock
answers '!cancel'
write_to alice@example.org 'never sent'
choose S s 'Security: Sign \(S/MIME\)'
keys y
wait_for 'mailseal: .*ancelled'
shows 'refused' 'No output from OpenSSL|Press any key'
keys Space
wait_for 'No output from OpenSSL'
keys C-l
wait_for 'y:Send'
keys q
wait_for 'ostpone'
keys n
wait_for 'q:Quit.*d:Del'
[ "$(find "$desk/smtp/mail" -type f | wc -l)" = "$sent" ] || fail 'it was sent'
mutt_quit
echo "asserted $asserted"
