#!/usr/bin/env bash
# test_answer - an answer to an encrypted message that Claws Mail had opened is
# encrypted, or not sent, whatever is set in Claws Mail
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
# shellcheck source=tests/claws/sealed.sh
. "$(dirname "$0")/sealed.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
needed
at_end submit_stop "$desk/smtp"

submit_key "$desk/smtp"
echo pencil-of-this-desk | tee "$desk/smtp/password" >"$desk/password"
submit_server "$desk/smtp" tls
submit_zone "$desk/lab" "$smtp_port"
DESK_CONFIG=$(submit_account robin "smtps://smtp.mail.lab:$smtp_port" \
	"password = command: cat $desk/password" |
	sed 's/alice@mail.lab/robin@home.example/')
PATH=$build/plugins/mutt:$PATH
# Claws Mail is told to answer in the clear.
CLAWS_ACCOUNT='use_mail_command=1
mail_command=/usr/bin/env mailseal-sendmail -t -odb
default_encrypt_reply=0
default_sign_reply=0'
sealed_before
claws_start
sealed_after
# The ciphertext of 22 in two more messages: 28 is another one of alice's, 29
# comes from somebody whose key nobody has.
again() {	# NUMBER FROM
	sed "s/^Message-ID:.*/Message-ID: <$1@again>/; s/^From:.*/From: $2/
		s/^Subject:.*/Subject: again $1/" "$home/Mail/inbox/22" \
		>"$home/Mail/inbox/$1"
}
again 28 'Alice Harper <alice@example.org>'
again 29 'Carol <carol@box.lab>'

mails() {
	find "$desk/smtp/mail" -type f 2>/dev/null | wc -l
}
arrived() {	# COUNT
	[ "$(mails)" = "$1" ]
}
inside() {	# SUBJECT
	holds "$(window labels)" $'\n'"$1"$'\n' &&
		holds "$(window text)" 'Meet me at noon.'
}
# reply NUMBER SUBJECT: an answer to that message is sent
reply() {
	claws --select "#mh/Mailbox/inbox/$1"
	until_true "what is inside of $1" inside "$2"
	window menu Message Reply || fail 'no menu to reply'
	until_true 'a window to write in' window in 'Compose message' \
		says Send
	window in 'Compose message' press Send || fail 'no button to send'
}
# answered NUMBER SUBJECT: sent, and into $desk/mail
answered() {
	reply "$@"
	sent=$((sent + 1))
	until_true "the answer to $1" arrived "$sent"
	tr -d '\r' <"$desk/smtp/mail/$sent" >"$desk/mail"
}

# An answer to what is only signed goes as it is, and quotes.
sent=0
answered 21 'signed by S/MIME'
contains 'it quotes' 'Meet me at noon.' "$(cat "$desk/mail")"
# Alice has a key for OpenPGP, which all of these can be encrypted to.
for subject in '22 sealed by S/MIME' '28 again 28' '24 sealed by OpenPGP'; do
	number=${subject%% *}
	answered "$number" "${subject#* }"
	expect "text in the answer to $number" 0 \
		"$(grep -c 'Meet me at noon' "$desk/mail" || true)"
	gnupg "$GNUPGHOME" -d "$desk/mail" >"$desk/inside" ||
		fail "gpg does not open it: $(tail -3 "$GNUPGHOME/log")"
	contains "the answer to $number" 'Meet me at noon' \
		"$(cat "$desk/inside")"
done
reply 29 'again 29'
window says 'Error occurred while executing command' ||
	fail 'an answer in the clear was not refused'
expect 'mails' "$sent" "$(mails)"
contains 'why' 'answers a mail that came encrypted' "$(cat "$desk/claws.log")"
window press Close || fail 'the refusal does not close'
claws_kill
echo "asserted $asserted"
