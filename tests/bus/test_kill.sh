#!/usr/bin/env bash
# test_kill - kill -9 of sender and front at every step, again and again
#
# $MAILSEAL_KILL_ROUNDS rounds (1 where it is not set) of all steps and some
# moments at random.  Nothing may be lost, nothing may be sent twice once the
# server's answer was recorded, and whoever was told "not sent" was told the
# truth.  "repeat": the front dies, and its client says the same again with the
# same id.  Prints a table.
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
	{ grep -lF "Message-ID: <$1@t>" "$desk"/smtp/mail/* 2>/dev/null ||
		true; } | wc -l		# none is an answer, too
}
queue_is_empty() { [ "$(mailseal queue list)" = 'The queue is empty.' ]; }
logged() { grep -q " $1 " "$desk/smtp/log"; }
victim() {
	case $1 in
	front|repeat) desk_agent "$desk" ;;
	sender) role sender ;;
	esac
}
# Ends the agent in good order: deaths of a role are counted by the minute.
agent_end() {
	local agent
	agent=$(desk_agent "$desk")
	kill "$agent" 2>/dev/null || return 0
	await_end "$agent"
}

declare -A runs lost twice lied
steps='greeting ehlo auth mail rcpt data body end quit'
number=0

# submit VICTIM NAME: one caller, until it has an answer
submit() {
	if [ "$1" != repeat ]; then
		mailseal-sendmail bob@box.lab <"$desk/mail.eml" 2>"$desk/err"
		return
	fi
	comes_true "$build/tests/bus/bus_submit" "$desk/mail.eml" "$2" \
		bob@box.lab >"$desk/err"
}

# one VICTIM STEP|random
one() {
	local who=$1 step=$2 name caller status=0 count pid
	number=$((number + 1))
	name=kill-mail-$number
	printf 'From: alice@mail.lab\nMessage-ID: <%s@t>\n\nbody\n' "$name" \
		>"$desk/mail.eml"
	: >"$desk/smtp/log"
	rm -f "$desk/smtp/fault"
	if [ "$step" != random ]; then
		echo "$step pause 1" >"$desk/smtp/fault"
	fi
	submit "$who" "$name" &
	caller=$!
	if [ "$step" = random ]; then
		sleep "0.0$((RANDOM % 90 + 10))"
	else
		await logged "$step"
	fi
	pid=$(victim "$who" 2>/dev/null || true)
	[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || true
	rm -f "$desk/smtp/fault"
	wait "$caller" || status=$?
	# An agent that was killed is started by whoever asks.
	await mailseal queue flush 2>/dev/null
	await queue_is_empty
	count=$(arrived "$name")
	runs[$who]=$((${runs[$who]:-0} + 1))
	if [ "$status" -eq 0 ] && [ "$count" -eq 0 ]; then
		lost[$who]=$((${lost[$who]:-0} + 1))
		echo "lost: $who at $step" >&2
	elif [ "$status" -ne 0 ] && [ "$count" -ne 0 ]; then
		lied[$who]=$((${lied[$who]:-0} + 1))
		echo "lied: $who at $step: $status, $(cat "$desk/err")" >&2
	elif [ "$count" -gt 1 ]; then
		twice[$who]=$((${twice[$who]:-0} + 1))
		echo "twice: $who at $step" >&2
		# Its end had gone out (a small mail is one with its end), and
		# the answer was in no file yet.
		case "$who $step" in
		'sender body'|'sender end'|'sender random') ;;
		*) fail "sent twice: $who at $step" ;;
		esac
	fi
	[ "$who" != sender ] || agent_end
}

for ((round = 0; round < ${MAILSEAL_KILL_ROUNDS:-1}; round++)); do
	for who in front sender repeat; do
		for step in $steps random random random; do
			one "$who" "$step"
		done
	done
done
printf '%-8s %6s %6s %6s %6s\n' victim runs lost twice lied
for who in front sender repeat; do
	printf '%-8s %6d %6d %6d %6d\n' "$who" "${runs[$who]}" \
		"${lost[$who]:-0}" "${twice[$who]:-0}" "${lied[$who]:-0}"
	expect "lost by killing the $who" 0 "${lost[$who]:-0}"
	expect "lies by killing the $who" 0 "${lied[$who]:-0}"
done
echo "asserted $asserted"
