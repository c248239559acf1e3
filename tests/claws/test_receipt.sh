#!/usr/bin/env bash
# test_receipt - a return receipt goes to a server that DANE vouches for, and to
# no other; no window for writing is open then
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
needed
[ -z "$(LD_PRELOAD=libnss_wrapper.so true 2>&1)" ] ||
	skip 'libnss-wrapper is not installed'
at_end submit_stop "$desk/free"
at_end submit_stop "$desk/bad"
at_end submit_stop "$desk/good"

submit_pair "$desk"
# One more, of which DNS says nothing, and an authority that it is right.
submit_server "$desk/free" starttls "$desk/good"
export SSL_CERT_FILE=$desk/good/cert.pem
echo '127.0.0.1 smtp.mail.lab' >"$desk/hosts"
export CLAWS_HOSTS=$desk/hosts
CLAWS_COMMON='never_send_retrcpt=0'
CLAWS_ACCOUNT="smtp_server=smtp.mail.lab
set_smtpport=1
smtp_port=$bad
ssl_smtp=2"

asks_for_receipt() {	# NUMBER
	cat >"$home/Mail/inbox/$1" <<-END
	Return-Path: <dave@plain.example>
	From: dave@plain.example
	To: robin@home.example
	Subject: receipt $1
	Date: $(date -R)
	Message-ID: <receipt$1@plain.example>
	Disposition-Notification-To: dave@plain.example

	Did you read this?
	END
}
mails() {
	find "$desk/$1/mail" -type f 2>/dev/null | wc -l
}
arrived() {	# COUNT [SERVER]
	[ "$(mails "${2:-good}")" = "$1" ]
}
queued() {	# COUNT
	[ "$(find "$home/Mail/queue" -type f -name '[0-9]*' | wc -l)" = "$1" ]
}
show() {	# NUMBER
	claws --select "#mh/Mailbox/inbox/$1"
	window says 'asks for a return receipt' ||
		fail 'Claws Mail does not ask about a receipt'
	window banner Unverified >/dev/null || fail 'the agent does not answer'
}

mkdir -p "$home/Mail/inbox"
asks_for_receipt 21
asks_for_receipt 22
asks_for_receipt 23
asks_for_receipt 24
claws_start

# Another key: the receipt stays in the queue, and a sentence says why.
show 21
window press 'Send receipt' || fail 'no button for a receipt'
window says 'smtp.mail.lab was refused' || fail 'nobody says why'
until_true 'the receipt in the queue' queued 1
expect 'receipts at the refused server' 0 "$(mails bad)"
! grep -qE ' (mail|rcpt|data) ' "$desk/bad/log" 2>/dev/null ||
	fail "the refused server was told: $(cat "$desk/bad/log")"
screen receipt
claws_kill

# The key of the record: both go out, nobody is asked.
sed -i -e "s/^smtp_port=.*/smtp_port=$good/" -e 's/^ssl_smtp=.*/ssl_smtp=1/' \
	"$home/.claws-mail/accountrc"
claws_run
show 22
window press 'Send receipt' || fail 'no button for a receipt'
until_true 'a receipt' arrived 1
claws --send
until_true 'the one that waited' arrived 2
until_true 'nothing in the queue' queued 0
contains 'the receipt' 'receipt22@plain.example' "$(cat "$desk/good/mail/1")"
contains 'the receipt' 'sent-manually; displayed' "$(cat "$desk/good/mail/1")"
claws_quit
expect 'exit status' 0 "$status"

# The same without encryption: it stays, too, and is locked.
account=$home/.claws-mail/accountrc
sed -i -e "s/^smtp_port=.*/smtp_port=$bad/" -e 's/^ssl_smtp=.*/ssl_smtp=0/' \
	"$account"
claws_run
show 23
window press 'Send receipt' || fail 'no button for a receipt'
window says 'Mail stays in the queue' || fail 'nobody says that it stays'
contains 'the reason' 'smtp.mail.lab is refused' "$(window labels)"
window press Close || fail 'the sentence does not close'
until_true 'the receipt in the queue' queued 1
claws --send
sleep 1
expect 'receipts in clear' 0 "$(mails bad)"
asks() {
	holds "$(window labels)" 'asks for a return receipt'
}
! asks || fail 'the receipt is asked for once more'

# To one that promises nothing: verified, then it goes by itself; and the one
# that lay there with it stays until the queue is flushed.
claws_kill
sed -i "s/^smtp_port=.*/smtp_port=$(cat "$desk/free/port")/" "$account"
claws_run
show 24
window press 'Send receipt' || fail 'no button for a receipt'
until_true 'a receipt' arrived 1 free
contains 'the receipt' 'receipt24@plain.example' "$(cat "$desk/free/mail/1")"
until_true 'the older one in the queue' queued 1
until_true 'no question' eval '! asks'
claws_quit
expect 'exit status' 0 "$status"
asserted=$((asserted + 13))
echo "asserted $asserted"
