#!/usr/bin/env bash
# test_queue - queued mail of an account without encryption waits where the
# server promises more, and never goes out unasked
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
needed
[ -z "$(LD_PRELOAD=libnss_wrapper.so true 2>&1)" ] ||
	skip 'libnss-wrapper is not installed'
at_end submit_stop "$desk/free"
at_end submit_stop "$desk/smtp"

submit_key "$desk/smtp"
submit_server "$desk/smtp" starttls
submit_zone "$desk/lab" "$smtp_port"
promised=$smtp_port
# Another that an authority vouches for; nobody can use its record, of 10 s.
submit_server "$desk/free" starttls "$desk/smtp"
echo "_$smtp_port._tcp.smtp 10 TLSA 3 1 9 $submit_tlsa" \
	>>"$desk/lab/zones.d/mail.lab.zone"
export SSL_CERT_FILE=$desk/smtp/cert.pem
echo '127.0.0.1 smtp.mail.lab' >"$desk/hosts"
export CLAWS_HOSTS=$desk/hosts
CLAWS_ACCOUNT="smtp_server=smtp.mail.lab
set_smtpport=1
smtp_port=$promised
ssl_smtp=0"

# in_queue NUMBER: as Claws Mail without us leaves it
in_queue() {
	mkdir -p "$home/Mail/queue"
	{
		printf 'AF:\nNF:0\nPS:10\nSRH:1\nSFN:\nDSR:\nMID:<%s@q>\nCFG:\n' \
			"$1"
		printf 'PT:0\nS:robin@home.example\nRQ:\nSSV:smtp.mail.lab\n'
		printf 'R:<bob@box.lab>\nMAID:1\n'
		printf 'X-Claws-End-Special-Headers: 1\n'
		printf 'From: robin@home.example\nTo: bob@box.lab\n'
		printf 'Subject: queued %s\n\nHello.\n' "$1"
	} >"$home/Mail/queue/$1"
}
mails() {	# [SERVER]
	find "$desk/${1:-smtp}/mail" -type f 2>/dev/null | wc -l
}
arrived() {	# COUNT [SERVER]
	[ "$(mails "${2:-smtp}")" = "$1" ]
}
tagged() {	# COUNT
	[ "$(claws --search '#mh/Mailbox/queue' g 'held by mailseal' |
		grep -c '/queue/')" = "$1" ]
}
stays() {	# WHY
	window says 'Mail stays in the queue' || fail 'nobody says that it stays'
	contains 'the reason' "$1" "$(window labels)"
	window press Close || fail 'the sentence does not close'
}

# There before Claws Mail starts; flushed at once, and again when the server is
# known.
in_queue 1
claws_start
claws --send
stays 'without encryption'
claws --send
until_true 'the tag' tagged 1
expect 'nothing went out' 0 "$(mails)"

# Queued by a window while we are there.
printf 'To: bob@box.lab\nSubject: later\n\nHello.\n' >"$desk/message"
compose "$desk/message"
window in 'Compose message' press 'Send later' || fail 'no button for later'
until_true 'two tags' tagged 2
claws --send
sleep 1
expect 'nothing went out' 0 "$(mails)"
claws --select '#mh/Mailbox/queue/1'
screen held

# Killed and started again: the same.
claws_kill
claws_run
claws --send
stays 'without encryption'
claws --send
expect 'nothing went out' 0 "$(mails)"

# The account gets TLS: they go, to the server that DANE vouches for.
claws_kill
sed -i 's/^ssl_smtp=.*/ssl_smtp=2/' "$home/.claws-mail/accountrc"
claws_run
claws --select '#mh/Mailbox/inbox/1'
window banner Genuine >/dev/null || fail 'the agent does not answer'
claws --send
until_true 'both arrived' arrived 2
left() {
	[ -z "$(find "$home/Mail/queue" -type f -name '[0-9]*')" ]
}
until_true 'both left the queue' left	# Claws Mail is killed next

# A server that promises nothing: it may go, as long as that is known.
claws_kill
sed -i -e 's/^ssl_smtp=.*/ssl_smtp=0/' \
	-e "s/^smtp_port=.*/smtp_port=$smtp_port/" "$home/.claws-mail/accountrc"
in_queue 3
claws_run
looked() {	# COUNT: of looks at the server
	[ "$(grep -c ' ehlo ' "$desk/free/log" 2>/dev/null)" -ge "$1" ]
}
until_true 'the agent looked' looked 1
until_true 'no tag' tagged 0
# Asked anew before that ends; then nobody answers any more.
: >"$desk/free/log"
until_true 'the agent looked again' looked 1
sleep 1
expect 'still free' 0 "$(claws --search '#mh/Mailbox/queue' g \
	'held by mailseal' | grep -c '/queue/')"
mv "$desk/services/org.mailseal.Agent1.service" "$desk/"
gdbus call --session -d org.freedesktop.DBus -o /org/freedesktop/DBus \
	-m org.freedesktop.DBus.ReloadConfig >/dev/null
kill -9 "$(desk_agent "$desk")"
stays 'turn this check off'
until_true 'the tag' tagged 1
claws --send
sleep 1
expect 'nothing went out' 0 "$(mails free)"
# It is back: the mail is free, and goes out.
mv "$desk/org.mailseal.Agent1.service" "$desk/services/"
gdbus call --session -d org.freedesktop.DBus -o /org/freedesktop/DBus \
	-m org.freedesktop.DBus.ReloadConfig >/dev/null
claws --select '#mh/Mailbox/inbox/1'
until_true 'no tag' tagged 0
claws --send
until_true 'it went out' arrived 1 free
until_true 'it left the queue' left

# Without us nothing is locked.
claws_kill
sed -i "s/^smtp_port=.*/smtp_port=$promised/" "$home/.claws-mail/accountrc"
in_queue 4
claws_run
stays 'without encryption'
until_true 'the tag' tagged 1
window menu Configuration Plugins... || fail 'no window of plugins'
window choose mailseal || fail 'our plugin is not there'
window press Unload || fail 'no Unload'
window in Plugins press Close || fail 'the window of plugins does not close'
claws --send
until_true 'it went out without us' arrived 3
claws_quit
expect 'exit status' 0 "$status"
asserted=$((asserted + 12))
echo "asserted $asserted"
