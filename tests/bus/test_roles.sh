#!/usr/bin/env bash
# test_roles - roles that die: their callers get an error, the next check works
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
desk_start "$desk" "$build"
good=$desk/world/mail/01-known.eml
other=$desk/world/mail/02-unknown.eml
mailseal check "$good" >/dev/null

# The reader dies with a message in hand: once it was sent there, which takes a
# moment, or several.
kill_after() {	# SECONDS
	local reader waiting
	reader=$(role reader)
	kill -STOP "$reader"
	mailseal check --json "$good" >/dev/null 2>"$desk/err" &
	waiting=$!
	sleep "$1"
	kill -9 "$reader"
	status=0
	wait "$waiting" || status=$?
}
kill_reader() {
	local pause
	for pause in 0.3 1 5 25; do
		kill_after "$pause"
		[ "$status" -eq 0 ] || break
	done
}
kill_reader
expect 'status of the caller, who may try again' 75 "$status"
contains 'the sentence' 'ended while it judged' "$(cat "$desk/err")"
judge "$good"
expect 'the next check' genuine "$(key verdict <"$desk/report")"

# In hand at a second death: not read again by itself.
kill_reader
expect 'its caller, too' 75 "$status"
judge "$good"
expect 'after two deaths' could-not-read \
	"$(key reasons.0.code <"$desk/report")"
judge "$other"
expect 'another message' authenticated "$(key verdict <"$desk/report")"

# The next agent knows it too, and the one after a death of its own.
restart() {	# SIGNAL
	local agent
	agent=$(desk_agent "$desk")
	kill "-$1" "$agent"
	await_end "$agent"
	judge "$good"
	expect "after $1 of the agent" could-not-read \
		"$(key reasons.0.code <"$desk/report")"
}
restart TERM
restart KILL
judge "$other"
expect 'another message still' authenticated "$(key verdict <"$desk/report")"

resolver=$(role resolver)
kill -9 "$resolver"
sleep 0.3
tr -d '\r' <"$good" | sed 's/^Subject: .*/Subject: x/' >"$desk/fresh"
judge "$desk/world/mail/03-forged.eml"
expect 'with a new resolver' spoofed "$(key verdict <"$desk/report")"
[ "$(role resolver)" != "$resolver" ] || fail 'no new resolver'

# What is in force, in the kernel's own words.
if mailseal status | grep -q 'reader .*seccomp yes'; then
	for pid in $(role reader) $(role resolver); do
		expect "seccomp of $pid" 2 \
			"$(awk '/^Seccomp:/ {print $2}' "/proc/$pid/status")"
		expect "privileges of $pid" 1 \
			"$(awk '/^NoNewPrivs:/ {print $2}' "/proc/$pid/status")"
	done
fi
echo "asserted $asserted"
