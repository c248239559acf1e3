#!/usr/bin/env bash
# test_clear - mail without encryption goes where nothing is promised; another
# port of that server, and an agent that is gone, keep it back
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
needed
[ -z "$(LD_PRELOAD=libnss_wrapper.so true 2>&1)" ] ||
	skip 'libnss-wrapper is not installed'
at_end submit_stop "$desk/promised"
at_end submit_stop "$desk/open"

# One name, two ports: a public authority vouches for one, DANE for the other.
submit_key "$desk/open"
export SSL_CERT_FILE=$desk/open/cert.pem
submit_server "$desk/open" starttls
open=$smtp_port
submit_key "$desk/promised"
submit_server "$desk/promised" starttls
promised=$smtp_port
submit_zone "$desk/lab" "$promised"
# Nothing that can be used, known for a second; the plugin keeps that for ten.
echo "_$open._tcp.smtp 1 TLSA 3 1 9 00" >>"$desk/lab/zones.d/mail.lab.zone"
echo '127.0.0.1 smtp.mail.lab' >"$desk/hosts"
echo '127.0.0.1 127.mail.lab' >>"$desk/hosts"
export CLAWS_HOSTS=$desk/hosts
CLAWS_ACCOUNT="smtp_server=smtp.mail.lab
set_smtpport=1
smtp_port=$open
ssl_smtp=0

[Account: 2]
config_version=4
account_name=second
address=robin@second.example
protocol=3
smtp_server=smtp.mail.lab
set_smtpport=1
smtp_port=$promised
ssl_smtp=0"

# in_queue NUMBER ACCOUNT: as Claws Mail without us leaves it
in_queue() {
	mkdir -p "$home/Mail/queue"
	{
		printf 'AF:\nNF:0\nPS:10\nSRH:1\nSFN:\nDSR:\nMID:<%s@q>\nCFG:\n' \
			"$1"
		printf 'PT:0\nS:robin@home.example\nRQ:\nSSV:smtp.mail.lab\n'
		printf 'R:<bob@box.lab>\nMAID:%s\n' "$2"
		printf 'X-Claws-End-Special-Headers: 1\n'
		printf 'From: robin@home.example\nTo: bob@box.lab\n'
		printf 'Subject: queued %s\n\nHello.\n' "$1"
	} >"$home/Mail/queue/$1"
}
mails() {
	find "$desk/$1/mail" -type f 2>/dev/null | wc -l
}
goes() {	# SERVER COUNT
	claws --send
	[ "$(mails "$1")" = "$2" ]
}
tagged() {	# COUNT
	[ "$(claws --search '#mh/Mailbox/queue' g 'held by mailseal' |
		grep -c '/queue/')" = "$1" ]
}
stays() {	# REASON
	window says 'Mail stays in the queue' || fail 'nobody says that it stays'
	contains 'the reason' "$1" "$(window labels)"
	window press Close || fail 'the sentence does not close'
}

# What is known of one port is not taken for the other, which is slow to tell.
echo 'greeting pause 5' >"$desk/promised/fault"
in_queue 1 1
in_queue 2 2
claws_start
until_true 'the mail to the open port' goes open 1
stays 'without encryption'
claws --send
expect 'mails at the other port' 0 "$(mails promised)"
until_true 'the tag' tagged 1

# The agent is gone, and what it said has run out: mail waits as is told.
mv "$desk/services/org.mailseal.Agent1.service" "$desk/"
kill "$(desk_agent "$desk")"
gdbus call --session -d org.freedesktop.DBus -o /org/freedesktop/DBus \
	-m org.freedesktop.DBus.ReloadConfig >/dev/null
sleep 11
printf 'To: bob@box.lab\nSubject: later\n\nHello.\n' >"$desk/message"
compose "$desk/message"
window in 'Compose message' press 'Send later' || fail 'no button for later'
stays 'Start mailseald'
claws --send
sleep 1
expect 'mails without the agent' 1 "$(mails open)"
until_true 'two tags' tagged 2

# A name is not near because it begins like an address of this machine.
claws_kill
rm -f "$home"/Mail/queue/[0-9]*
sed -i 's/^smtp_server=.*/smtp_server=127.mail.lab/' \
	"$home/.claws-mail/accountrc"
claws_run
compose "$desk/message"
window in 'Compose message' press Send || fail 'no button Send'
window says 'The message was not sent' || fail 'sent to a far name unasked'
expect 'mails at a name with 127' 1 "$(mails open)"
echo "asserted $asserted"
