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
trap 'claws_end; submit_stop "$desk/smtp"
	desk_stop "$desk" >/dev/null 2>&1 || true; rm -rf "$desk"' EXIT

submit_key "$desk/smtp"
submit_server "$desk/smtp" starttls
submit_zone "$desk/lab" "$smtp_port"
echo '127.0.0.1 smtp.mail.lab' >"$desk/hosts"
export CLAWS_HOSTS=$desk/hosts
CLAWS_ACCOUNT="smtp_server=smtp.mail.lab
set_smtpport=1
smtp_port=$smtp_port
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
mails() {
	find "$desk/smtp/mail" -type f 2>/dev/null | wc -l
}
arrived() {	# COUNT
	[ "$(mails)" = "$1" ]
}
tagged() {	# COUNT
	[ "$(claws --search '#mh/Mailbox/queue' g 'held by mailseal' |
		grep -c '/queue/')" = "$1" ]
}
stays() {
	window says 'Mail stays in the queue' || fail 'nobody says that it stays'
	contains 'the reason' 'without encryption' "$(window labels)"
	window press Close || fail 'the sentence does not close'
}

# There before Claws Mail starts; flushed at once, and again when the server is
# known.
in_queue 1
claws_start
claws --send
stays
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
stays
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

# Without us nothing is locked.
claws_kill
sed -i 's/^ssl_smtp=.*/ssl_smtp=0/' "$home/.claws-mail/accountrc"
in_queue 3
claws_run
stays
until_true 'the tag' tagged 1
window menu Configuration Plugins... || fail 'no window of plugins'
window choose mailseal || fail 'our plugin is not there'
window press Unload || fail 'no Unload'
window in Plugins press Close || fail 'the window of plugins does not close'
claws --send
until_true 'it went out without us' arrived 3
claws_quit
expect 'exit status' 0 "$status"
asserted=$((asserted + 6))
echo "asserted $asserted"
