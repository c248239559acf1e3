#!/usr/bin/env bash
# test_silence - a server that says nothing any more, and a long queue
#
# Silent in the message and at its end: whoever waits hears "queued", and the
# mail is not lost.  How long the sender itself waits (minutes) is a matter of
# unit tests with times of their own (tests/unit/smtp).
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
at_end submit_stop "$desk/smtp"
PATH=$build/plugins/mutt:$PATH
submit_key "$desk/smtp"
submit_server "$desk/smtp" tls
submit_zone "$desk/lab" "$smtp_port"
DESK_CONFIG=$(
	submit_account home "smtps://smtp.mail.lab:$smtp_port" \
		"password = command: echo secret"
	submit_account away "smtps://absent.mail.lab" |
		sed s/alice@mail.lab/alice@away.lab/
)
desk_start "$desk" "$build"

# message NAME FROM
message() {
	printf 'From: <%s>\nTo: bob@box.lab\nMessage-ID: <%s@t>\n\nbody\n' \
		"$2" "$1" >"$desk/$1"
}
arrived() {
	grep -lF "Message-ID: <$1@t>" "$desk"/smtp/mail/* 2>/dev/null | wc -l
}
queue_is_empty() { [ "$(mailseal queue list)" = 'The queue is empty.' ]; }
drained() { mailseal queue flush && sleep 0.1 && queue_is_empty; }
waits() { mailseal queue list | grep -q 'waiting, '; }
logged() { grep -q " $1 " "$desk/smtp/log"; }

# silent STEP NAME: at that step; then the sender is let go by its death
silent() {
	: >"$desk/smtp/log"
	echo "$1 hang" >"$desk/smtp/fault"
	message "$2" alice@mail.lab
	seq -f 'line %.0f of a message' 20000 >>"$desk/$2"
	status=0
	said=$(mailseal-sendmail -odb bob@box.lab <"$desk/$2" 2>&1) ||
		status=$?
	expect "status at $1" 0 "$status"
	await logged "$1"
	contains "in hand at $1" sending "$(mailseal queue list)"
	# Whoever waits for the first result hears of it in time.
	status=0
	said=$(timeout 20 "$build/tests/bus/bus_submit" -w 1 "$desk/$2" \
		"$(mailseal queue list --json | key id)" bob@box.lab) ||
		status=$?
	expect "it answers at $1" 0 "$status"
	expect "what it says at $1" queued "$(key status <<<"$said")"
	rm "$desk/smtp/fault"
	kill -9 "$(role sender)"
}
silent body in-the-body
await drained
expect 'sent once' 1 "$(arrived in-the-body)"

# Behind the end nobody can tell: not again at once, and not lost.
silent end at-the-end
await waits
sleep 0.5
expect 'the server has it' 1 "$(arrived at-the-end)"
await drained
expect 'rather twice than lost' 2 "$(arrived at-the-end)"

# More mail than one answer of the bus holds (256): all of it is listed, in order.
message many alice@away.lab
for _ in $(seq 260); do
	mailseal-sendmail -odb bob@box.lab <"$desk/many" 2>"$desk/err" ||
		fail "a mail was not queued: $(cat "$desk/err")"
done
mailseal queue list --json >"$desk/list"
expect 'all are listed' 260 "$(wc -l <"$desk/list")"
expect 'each once' 260 "$(python3 -c '
import json, sys
mails = [json.loads(line) for line in sys.stdin]
assert [m["order"] for m in mails] == sorted(m["order"] for m in mails)
print(len({m["id"] for m in mails}))' <"$desk/list")"
expect 'mailq lists them' 260 "$(mailseal-sendmail -bp |
	grep -c '^[0-9a-f]\{32\}')"
expect 'and the people read them' 260 "$(mailseal queue list |
	grep -c '^[0-9a-f]\{32\}')"
echo "asserted $asserted"
