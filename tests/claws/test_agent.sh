#!/usr/bin/env bash
# test_agent - the agent dies, stands still and returns while Claws Mail shows
# mail; the user sees what is known, and nothing waits
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
needed
claws_start
# ms: far from what the main loop stands where the machine is quiet (it is
# printed), far below what it would stand that waits for the agent.
limit=1000

lacks_name() {
	! holds "$(window text)" 'Alice Harper'
}
# pause WHAT: the longest since measure
measure() {
	rm -f "$MAILSEAL_PROBE/delay"
	until_true 'a new measurement' test -s "$MAILSEAL_PROBE/delay"
}
pause() {
	local longest
	sleep 0.5
	longest=$(cat "$MAILSEAL_PROBE/delay")
	echo "$1: the main loop's longest pause $longest ms"
	asserted=$((asserted + 1))
	[ "$longest" -le "$limit" ] || fail "$1: it stood for $longest ms"
}
genuine() {
	window banner 'Genuine: Alice Harper' >/dev/null ||
		fail "$1: the message is not judged again"
	asserted=$((asserted + 1))
}
claws --select '#mh/Mailbox/inbox/1'
genuine 'at first'

# It dies; somebody starts it: the bar follows by itself, both times.
for try in 1 2; do
	measure
	kill -9 "$(desk_agent "$desk")"
	window banner 'Not judged' >/dev/null || fail 'nobody says that it died'
	until_true 'the name is hidden' lacks_name
	until_true 'it is hidden in the list' row_lacks 'Alice Harper'
	pause "died $try"
	measure
	mailseal status >/dev/null || fail 'it does not start'
	genuine "returned $try"
	until_true 'the name in the list' row_has 'Alice Harper'
	pause "returned $try"
done

# It stands still: mail can be read, and written, and the bar tells.
measure
kill -STOP "$(desk_agent "$desk")"
claws --select '#mh/Mailbox/inbox/2'
window banner 'Not judged yet' >/dev/null || fail 'nobody says that it is asked'
contains 'the text is there' 'From: orders@shop.example' "$(window text)"
printf 'To: bob@box.lab\nSubject: meanwhile\n\nHello.\n' >"$desk/message"
compose "$desk/message"
leave_compose
window banner 'did not answer in time' >/dev/null ||
	fail 'nobody says that it did not answer'
screen silent
claws --select '#mh/Mailbox/inbox/1'
window banner 'Not judged yet' >/dev/null || fail 'it is not asked again'
lacks_name || fail 'a name is shown unproved'
window banner 'did not answer in time' >/dev/null ||
	fail 'nobody says that it did not answer'
# What Claws Mail itself takes for a window to write in is not ours.
kill -CONT "$(desk_agent "$desk")"
genuine 'went on'
measure
kill -STOP "$(desk_agent "$desk")"
for number in 2 3 4 1; do
	claws --select "#mh/Mailbox/inbox/$number"
	sleep 0.3
done
pause 'stands still'
kill -CONT "$(desk_agent "$desk")"
genuine 'went on again'
claws_quit
expect 'exit status' 0 "$status"
echo "asserted $asserted"
