#!/usr/bin/env bash
# test_receipts - a repeated id finds the mail or its receipt, at every moment
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
at_end submit_stop "$desk/smtp"
submit_key "$desk/smtp"
submit_server "$desk/smtp" tls
submit_zone "$desk/lab" "$smtp_port"
DESK_CONFIG=$(submit_account home "smtps://smtp.mail.lab:$smtp_port" \
	"password = command: echo secret")
desk_start "$desk" "$build"
mailseal queue list >/dev/null
queue=$desk/state/mailseal/queue

arrived() {
	grep -lF "Message-ID: <$1@t>" "$desk"/smtp/mail/* 2>/dev/null | wc -l
}
queue_is_empty() { [ "$(mailseal queue list)" = 'The queue is empty.' ]; }
logged() { grep -q " $1 " "$desk/smtp/log"; }
# begin ID [RECIPIENT...]: submits in the background, into $desk/receipt
begin() {
	: >"$desk/smtp/log"
	printf 'From: alice@mail.lab\nMessage-ID: <%s@t>\n\nbody\n' "$1" \
		>"$desk/mail.eml"
	"$build/tests/bus/bus_submit" "$desk/mail.eml" "$@" \
		>"$desk/receipt" &
	caller=$!
}
# again ID [RECIPIENT...]: the same, in front; the words in $said
again() {
	status=0
	said=$("$build/tests/bus/bus_submit" "$desk/mail.eml" "$@") ||
		status=$?
}

# A receipt that cannot be written: the caller is told what is true, the mail
# is known as sent, and once the disk obeys its receipt is kept.
echo 'end pause 1' >"$desk/smtp/fault"
begin receipt-1 bob@box.lab
await logged end
mkdir "$queue/done/receipt-1"
rm "$desk/smtp/fault"
wait "$caller" || fail "$(cat "$desk/receipt")"
expect 'the first caller hears' sent "$(key status <"$desk/receipt")"
for _ in 1 2 3; do
	again receipt-1 bob@box.lab
	expect "a repeat's status" 0 "$status"
	expect 'a repeat hears' sent "$(key status <<<"$said")"
done
expect 'sent once' 1 "$(arrived receipt-1)"
contains 'it is listed' sent "$(mailseal queue list)"
contains 'the log tells' 'receipt of the mail receipt-1 (sent) cannot be' \
	"$(cat "$desk/agent.log")"
status=0
mailseal queue cancel receipt-1 2>"$desk/err" || status=$?
[ "$status" -ne 0 ] || fail 'what was sent was cancelled'
asserted=$((asserted + 1))

# The agent dies: the next one knows it from the mail's own file.
agent=$(desk_agent "$desk")
kill -9 "$agent"
await_end "$agent"
again receipt-1 bob@box.lab
expect "the next agent's status" 0 "$status"
expect 'the next agent says' sent "$(key status <<<"$said")"
expect 'sent once all the same' 1 "$(arrived receipt-1)"
rmdir "$queue/done/receipt-1"
mailseal queue flush
await queue_is_empty
[ -s "$queue/done/receipt-1" ] || fail 'there is no receipt'
expect 'its file is gone' '' "$(ls "$queue/jobs")"
again receipt-1 bob@box.lab
expect 'the receipt says' sent "$(key status <<<"$said")"
expect 'never sent again' 1 "$(arrived receipt-1)"

# One recipient was refused: the mail is the caller's again, and a repeat does
# not reach the other one twice.
printf '%s\n' 'end pause 1' 'rcpt:no@box.lab say 550 5.1.1 no' \
	>"$desk/smtp/fault"
begin receipt-2 bob@box.lab no@box.lab
await logged end
mkdir "$queue/done/receipt-2"
rm "$desk/smtp/fault"
wait "$caller" || fail "$(cat "$desk/receipt")"
expect 'its caller hears' partly "$(key status <"$desk/receipt")"
again receipt-2 bob@box.lab no@box.lab
expect 'a repeat hears so too' partly "$(key status <<<"$said")"
expect 'one of two once' 1 "$(arrived receipt-2)"
rmdir "$queue/done/receipt-2"
mailseal queue flush
await queue_is_empty

# Something else has the receipt's name: nothing is sent, nobody waits for it.
mkfifo "$queue/done/receipt-3"
mkdir "$queue/done/receipt-4"
: >"$queue/done/receipt-5"
begin receipt-3 bob@box.lab
wait "$caller" || true
for id in receipt-3 receipt-4 receipt-5; do
	again "$id" bob@box.lab
	expect "status of $id" 1 "$status"
	contains "$id is told" 'receipt of this id cannot be read' "$said"
done
expect 'not sent' 0 "$(arrived receipt-3)"
# The disk's threads are free, all of them.
for i in 1 2 3 4 5; do
	begin "receipt-free$i" bob@box.lab
	wait "$caller" || fail "$(cat "$desk/receipt")"
done

# Twenty repeats at every moment: one mail, and everybody hears of it.
begin receipt-6 bob@box.lab
callers=()
for i in $(seq 20); do
	sleep 0.005
	"$build/tests/bus/bus_submit" "$desk/mail.eml" receipt-6 bob@box.lab \
		>"$desk/said.$i" &
	callers[i]=$!
done
wait "$caller" || fail "$(cat "$desk/receipt")"
for i in $(seq 20); do
	if ! wait "${callers[i]}"; then
		contains 'at most busy' 'just being submitted' \
			"$(cat "$desk/said.$i")"
		continue
	fi
	expect "repeat $i" sent "$(key status <"$desk/said.$i")"
done
expect 'twenty are one' 1 "$(arrived receipt-6)"

# Cancelled: no repeat hears that it was sent.
echo 'mail hang' >"$desk/smtp/fault"
begin receipt-7 bob@box.lab
await logged mail
rm "$desk/smtp/fault"
mailseal queue cancel receipt-7
wait "$caller" || fail "$(cat "$desk/receipt")"
expect 'the caller hears' cancelled "$(key status <"$desk/receipt")"
[ ! -e "$queue/done/receipt-7" ] || fail 'a cancelled mail has a receipt'
expect 'not sent' 0 "$(arrived receipt-7)"
echo "asserted $asserted"
