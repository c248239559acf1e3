#!/usr/bin/env bash
# test_faults - a server that fails at every single step, in every way
#
# Cut, 421, a NUL, a line without end, silence; then the server is well again.
# Whoever was told "accepted" has it delivered once; a second time only where
# the server took it and its answer was lost.  Prints a table.
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
at_end submit_stop "$desk/smtp"
PATH=$build/plugins/mutt:$PATH
submit_key "$desk/smtp"
submit_server "$desk/smtp" tls
submit_zone "$desk/lab" "$smtp_port"
DESK_CONFIG=$(submit_account home "smtps://smtp.mail.lab:$smtp_port" \
	"password = command: echo secret")
desk_start "$desk" "$build"
mailseal queue list >/dev/null

arrived() {
	grep -lF "Message-ID: <$1@t>" "$desk"/smtp/mail/* 2>/dev/null | wc -l
}
queue_is_empty() { [ "$(mailseal queue list)" = 'The queue is empty.' ]; }
logged() { grep -q " $1 " "$desk/smtp/log"; }
number=0
message() {
	number=$((number + 1))
	name=fault$number
	printf 'From: alice@mail.lab\nMessage-ID: <%s@t>\n\nbody\n' "$name" \
		>"$desk/mail.eml"
	: >"$desk/smtp/log"
}

declare -A runs queued refused lost twice
# one STEP WHAT WORDS: the fault's words
one() {
	local step=$1 what=$2 status=0 count
	message
	printf '%s %s\n' "$step" "$3" >"$desk/smtp/fault"
	mailseal-sendmail bob@box.lab <"$desk/mail.eml" 2>"$desk/err" ||
		status=$?
	logged "$step" || fail "the server never came to $step"
	rm -f "$desk/smtp/fault"
	mailseal queue flush
	await queue_is_empty
	count=$(arrived "$name")
	runs[$what]=$((${runs[$what]:-0} + 1))
	if [ "$status" -ne 0 ]; then
		refused[$what]=$((${refused[$what]:-0} + 1))
		expect "$what at $step, said: $(cat "$desk/err")" 0 "$count"
		return
	fi
	queued[$what]=$((${queued[$what]:-0} + 1))
	[ "$count" -gt 0 ] || lost[$what]=$((${lost[$what]:-0} + 1))
	if [ "$count" -gt 1 ]; then
		twice[$what]=$((${twice[$what]:-0} + 1))
		# This server takes the mail after what it says amid the body.
		case "$what $step $count" in
		*' end 2'|421' body 2'|NUL' body 2'|10MB' body 2') ;;
		*) fail "sent $count times: $what at $step" ;;
		esac
	fi
}
long=$(head -c 10000000 /dev/zero | tr '\0' a)
for step in greeting ehlo auth mail rcpt data body end; do
	one "$step" cut 'cut'
	one "$step" 421 'say 421 4.3.2 closing'
	one "$step" NUL 'raw 250 o\0k\r\n'
	one "$step" 10MB "raw 250 $long\\r\\n"
done

# Silence: the caller is answered, and the mail can be taken back.
for step in greeting ehlo auth mail rcpt data; do
	message
	echo "$step hang" >"$desk/smtp/fault"
	mailseal-sendmail -odb bob@box.lab <"$desk/mail.eml" 2>"$desk/err" ||
		fail "$step is silent: $(cat "$desk/err")"
	await logged "$step"
	mailseal queue cancel "$(mailseal queue list --json | key id)" ||
		fail "silent at $step: not cancelled"
	queue_is_empty || fail "silent at $step: it is still there"
	expect "cancelled at $step" 0 "$(arrived "$name")"
	runs[silence]=$((${runs[silence]:-0} + 1))
	refused[silence]=$((${refused[silence]:-0} + 1))
done

# A mail larger than the server announces is not even begun.
printf '%s\n' 'hide SIZE' 'offer SIZE 10' >"$desk/smtp/fault"
message
status=0
said=$(mailseal-sendmail bob@box.lab <"$desk/mail.eml" 2>&1) || status=$?
expect 'too large' 65 "$status"
contains 'says how much' 'at most 10' "$said"
expect 'not begun' '' "$(grep ' data ' "$desk/smtp/log" || true)"
rm "$desk/smtp/fault"
message
mailseal-sendmail bob@box.lab <"$desk/mail.eml" || fail 'after all of it'
expect 'the next mail' 1 "$(arrived "$name")"

printf '%-8s %5s %7s %8s %5s %6s\n' fault runs queued refused lost twice
for what in cut 421 NUL 10MB silence; do
	printf '%-8s %5d %7d %8d %5d %6d\n' "$what" "${runs[$what]}" \
		"${queued[$what]:-0}" "${refused[$what]:-0}" \
		"${lost[$what]:-0}" "${twice[$what]:-0}"
	expect "lost by $what" 0 "${lost[$what]:-0}"
done
echo "asserted $asserted"
