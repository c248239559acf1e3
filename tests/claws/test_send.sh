#!/usr/bin/env bash
# test_send - mail goes to a server that DANE vouches for, and to no other
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
needed
[ -z "$(LD_PRELOAD=libnss_wrapper.so true 2>&1)" ] ||
	skip 'libnss-wrapper is not installed'
at_end submit_stop "$desk/plain"
at_end submit_stop "$desk/bad"
at_end submit_stop "$desk/good"

submit_pair "$desk"
echo '127.0.0.1 smtp.mail.lab' >"$desk/hosts"
export CLAWS_HOSTS=$desk/hosts
account=$home/.claws-mail/accountrc

message() {
	printf 'To: bob@box.lab\nSubject: %s\n\nDear Bob,\n\n.\nthe end\n' "$1" \
		>"$desk/message"
}
mails() {
	find "$desk/$1/mail" -type f | wc -l
}
arrived() {	# SERVER COUNT
	[ "$(mails "$1")" = "$2" ]
}
queued() {
	find "$home/Mail/queue" -type f -name '[0-9]*' | wc -l
}
waits() {	# COUNT
	[ "$(queued)" = "$1" ]
}
send() {	# BUTTON
	window in 'Compose message' press "$1" || fail "no button $1"
}

CLAWS_ACCOUNT="smtp_server=smtp.mail.lab
set_smtpport=1
smtp_port=$good
ssl_smtp=1"
claws_start
claws --select '#mh/Mailbox/inbox/1'
window banner Genuine >/dev/null || fail 'the agent does not answer'

# Nobody but DNS vouches for the certificate: sent without a question.
message one
compose "$desk/message"
send Send
until_true 'the mail arrived' arrived good 1
contains 'the mail' 'Subject: one' "$(cat "$desk/good/mail/1")"
until_true 'nothing in the queue' waits 0
[ -z "$(find "$home/.claws-mail/certs" -name '*.cert')" ] ||
	fail "Claws Mail kept a copy of the certificate"

# Sent later, by a flush of the queue.
message two
compose "$desk/message"
send 'Send later'
until_true 'one in the queue' waits 1
claws --send
until_true 'the queued mail arrived' arrived good 2
until_true 'nothing in the queue again' waits 0

# The same name with another key: the window keeps the message.
claws_quit
expect 'exit status' 0 "$status"
sed -i -e "s/^smtp_port=.*/smtp_port=$bad/" -e 's/^ssl_smtp=.*/ssl_smtp=2/' \
	"$account"
claws_run
claws --select '#mh/Mailbox/inbox/1'
window banner Genuine >/dev/null || fail 'the agent does not answer'
message three
compose "$desk/message"
send Send
window says 'The message was not sent' || fail 'nobody says that it is refused'
contains 'the reason' 'smtp.mail.lab' "$(window labels)"
screen refused
window press Close || fail 'the refusal does not close'
send 'Send later'
until_true 'one in the queue' waits 1

# A flush of the queue does not get it out either.
claws --send
window says 'was refused' || fail 'nobody says why the queue is stuck'
expect 'still in the queue' 1 "$(queued)"
expect 'nothing arrived' 0 "$(mails bad)"
lacks_verb() {
	[ ! -s "$desk/bad/log" ] || ! grep -qE ' (mail|rcpt|data) ' "$desk/bad/log"
}
lacks_verb || fail "the refused server was told: $(cat "$desk/bad/log")"
# Without encryption to a server whose records promise it: not to be sent.
claws_kill
sed -i -e "s/^smtp_port=.*/smtp_port=$good/" -e 's/^ssl_smtp=.*/ssl_smtp=0/' \
	"$account"
rm -f "$home"/Mail/queue/[0-9]*
claws_run
claws --select '#mh/Mailbox/inbox/1'
window banner Genuine >/dev/null || fail 'the agent does not answer'
message four
compose "$desk/message"
send Send
window says 'The message was not sent' || fail 'sent without encryption'
expect 'nothing more arrived' 2 "$(mails good)"
window press Close || fail 'the refusal does not close'

# No agent, and none to be started: it stays, and says what to do.
claws_kill
sed -i 's/^ssl_smtp=.*/ssl_smtp=1/' "$account"
mv "$desk/services/org.mailseal.Agent1.service" "$desk/"
kill "$(desk_agent "$desk")"
gdbus call --session -d org.freedesktop.DBus -o /org/freedesktop/DBus \
	-m org.freedesktop.DBus.ReloadConfig >/dev/null
claws_run
message five
compose "$desk/message"
send Send
window says 'The message was not sent' || fail 'sent without an agent'
contains 'what to do' 'Without the agent nobody verifies' "$(window labels)"
window press Close || fail 'the refusal does not close'

# It is back: the same window sends.
mv "$desk/org.mailseal.Agent1.service" "$desk/services/"
gdbus call --session -d org.freedesktop.DBus -o /org/freedesktop/DBus \
	-m org.freedesktop.DBus.ReloadConfig >/dev/null
send Send
until_true 'the mail arrived with the agent' arrived good 3

# A queue that is flushed before anything is known of the server: the mail
# waits for the answer, and goes by itself.
claws_kill
printf 'AF:\nNF:0\nPS:10\nSRH:1\nSFN:\nDSR:\nMID:<six@home.example>\nCFG:\n' \
	>"$home/Mail/queue/1"
{
	printf 'PT:0\nS:robin@home.example\nRQ:\nSSV:smtp.mail.lab\n'
	printf 'R:<bob@box.lab>\nMAID:1\nX-Claws-End-Special-Headers: 1\n'
	printf 'From: robin@home.example\nTo: bob@box.lab\nSubject: six\n\n.\n'
} >>"$home/Mail/queue/1"
kill -9 "$(desk_agent "$desk")"
claws_run
claws --send
# Claws Mail's own "An error happened" may be in the way.
went() {
	arrived good 4 || { PATIENCE=0 window press Close && false; }
}
until_true 'the mail that was there before' went
asserted=$((asserted + 14))
claws_kill
echo "asserted $asserted"
