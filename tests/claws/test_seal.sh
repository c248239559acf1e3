#!/usr/bin/env bash
# test_seal - mail signed and encrypted by the agent, sent by Claws Mail
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
# shellcheck source=tests/claws/sealed.sh
. "$(dirname "$0")/sealed.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
needed
[ -z "$(LD_PRELOAD=libnss_wrapper.so true 2>&1)" ] ||
	skip 'libnss-wrapper is not installed'
at_end submit_stop "$desk/smtp"

sealed_before
submit_key "$desk/smtp"
submit_server "$desk/smtp" tls
submit_zone "$desk/lab" "$smtp_port"
echo '127.0.0.1 smtp.mail.lab' >"$desk/hosts"
export CLAWS_HOSTS=$desk/hosts
CLAWS_ACCOUNT="smtp_server=smtp.mail.lab
set_smtpport=1
smtp_port=$smtp_port
ssl_smtp=1"
claws_start
sealed_after
# Bob's certificate: out of mail that he signed.
{
	sealed_head 'my certificate' | sed 's/^From:.*/From: Bob <bob@box.lab>/'
	printf 'Content-Type: text/plain\r\n\r\nHello.\r\n' | openssl cms \
		-sign -signer "$desk/bob.pem" -inkey "$desk/bob.key"
} >"$desk/from-bob"
mailseal open "$desk/from-bob" >/dev/null 2>&1 || true
contains "bob's keys" smime "$(mailseal keys find bob@box.lab --json)"
claws --select '#mh/Mailbox/inbox/1'
window banner Genuine >/dev/null || fail 'the agent does not answer'

mails=0
attached=
arrived() {
	[ -s "$desk/smtp/mail/$mails" ]
}
# write_to ADDRESS SCHEME WORD...: a window; WORDs: Sign, Encrypt
write_to() {
	printf 'To: %s\nSubject: %s\n\nMeet me at noon, J\303\266rg.\nFrom here.\n' \
		"$1" "$2 ${*:3}" >"$desk/message"
	if [ -n "$attached" ]; then
		claws --compose "mailto:$1?subject=file&body=Meet%20me%20at%20\
noon,%20J%C3%B6rg.&attach=$attached"
		# "This file was attached."
		window press Close || fail 'nobody tells of the file'
		until_true 'a window to write in' window in 'Compose message' \
			says Send
	else
		compose "$desk/message"
	fi
	window in 'Compose message' menu Options 'Privacy System' "$2" ||
		fail "no system $2"
	local word
	for word in "${@:3}"; do
		window in 'Compose message' menu Options "$word" ||
			fail "no menu $word"
	done
}
# sent SCHEME WORD...: to bob; the mail into $desk/mail
sent() {
	write_to bob@box.lab "$@"
	window in 'Compose message' press Send || fail 'no button to send'
	mails=$((mails + 1))
	until_true "the mail $*" arrived
	tr -d '\r' <"$desk/smtp/mail/$mails" >"$desk/mail"
	asserted=$((asserted + 1))
}
smime_open() {	# the entity inside, as bob reads it
	openssl cms -decrypt -recip "$desk/bob.pem" -inkey "$desk/bob.key" \
		-in "$1"
}
smime_verify() {
	openssl cms -verify -CAfile "$desk/ca.pem" -noverify -in "$1" \
		-out "$2" 2>"$desk/err" || fail "$(cat "$desk/err")"
	grep -q 'noon, J=C3=B6rg' "$2" || fail "another text: $(cat "$2")"
	asserted=$((asserted + 1))
}

sent 'S/MIME (mailseal)' Sign
screen sending
smime_verify "$desk/mail" "$desk/out"
sent 'S/MIME (mailseal)' Sign Encrypt
grep -q noon "$desk/mail" && fail 'it is not encrypted'
smime_open "$desk/mail" >"$desk/inside"
smime_verify "$desk/inside" "$desk/out"
sent 'S/MIME (mailseal)' Encrypt
smime_open "$desk/mail" | grep -q 'noon, J' || fail 'not what was written'

# gpg_says FILE...: verified by gpg
pgp_signed() {
	python3 - "$desk/mail" "$desk/body" "$desk/sig" <<-'END_PYTHON'
	import email, re, sys
	raw = open(sys.argv[1], 'rb').read()
	bound = email.message_from_bytes(raw).get_param('boundary').encode()
	parts = re.split(rb'\n--' + re.escape(bound) + rb'(?:--)?\n', raw)
	open(sys.argv[2], 'wb').write(parts[1].replace(b'\n', b'\r\n'))
	open(sys.argv[3], 'wb').write(parts[2].split(b'\n\n', 1)[1])
	END_PYTHON
	gnupg "$GNUPGHOME" --verify "$desk/sig" "$desk/body" ||
		fail "gpg does not verify it: $(tail -3 "$GNUPGHOME/log")"
	asserted=$((asserted + 1))
}
sent 'OpenPGP (mailseal)' Sign
pgp_signed
# With a file beside the text: Claws Mail makes up another boundary each time.
attached=$desk/ca.pem
sent 'OpenPGP (mailseal)' Sign
grep -q 'multipart/mixed' "$desk/mail" || fail 'no file beside the text'
pgp_signed
attached=
sent 'OpenPGP (mailseal)' Sign Encrypt
gnupg "$GNUPGHOME" -d "$desk/mail" >"$desk/inside" ||
	fail "gpg does not open it: $(tail -3 "$GNUPGHOME/log")"
grep -q 'multipart/signed' "$desk/inside" || fail 'nothing signed inside'
grep -q 'noon, J' "$desk/inside" || fail 'not what was written'

# Whoever is hidden would be shown by the id of the key: it stays.  The user is
# no secret.
bcc() {	# ADDRESS
	printf 'To: bob@box.lab\nBcc: %s\nSubject: hidden\n\nMeet me.\n' \
		"$1" >"$desk/message"
	compose "$desk/message"
	window in 'Compose message' menu Options 'Privacy System' \
		'S/MIME (mailseal)' || fail 'no system'
	window in 'Compose message' menu Options Encrypt || fail 'no menu'
	window in 'Compose message' press Send || fail 'no button to send'
}
bcc alice@example.org
window says 'The message was not sent' || fail 'nobody says that it stays'
contains 'who is hidden' 'could see that alice@example.org' \
	"$(window labels)"
window press Close || fail 'the refusal does not close'
leave_compose
bcc robin@home.example
mails=$((mails + 1))
until_true 'the mail with a copy for the user' arrived

# Nobody's key: it stays, and says whose.
write_to nobody@box.lab 'S/MIME (mailseal)' Encrypt
window in 'Compose message' press Send || fail 'no button to send'
window says 'The message was not sent' || fail 'nobody says that it stays'
contains 'whose key' nobody@box.lab "$(window labels)"
window press Close || fail 'the refusal does not close'

# Later: sealed when it is queued, as it is sent by the flush.
leave_compose
write_to bob@box.lab 'S/MIME (mailseal)' Sign
window in 'Compose message' press 'Send later' || fail 'no button for later'
queued() {
	[ -n "$(find "$home/Mail/queue" -type f -name '[0-9]*')" ]
}
until_true 'it is in the queue' queued
mails=$((mails + 1))
claws --send
until_true 'the queued mail' arrived
tr -d '\r' <"$desk/smtp/mail/$mails" >"$desk/mail"
smime_verify "$desk/mail" "$desk/out"
claws_quit
expect 'exit status' 0 "$status"
echo "asserted $asserted"
