#!/usr/bin/env bash
# test_read - messages of every verdict, read in Claws Mail
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
needed
claws_start

lacks() {	# WHAT PART WHOLE
	asserted=$((asserted + 1))
	case $3 in
	*"$2"*) fail "$1: \"$2\" is in \"$3\"" ;;
	esac
}

# shows NUMBER TITLE ADDRESS NAME: the name is hidden everywhere
shows() {
	local bar text labels
	claws --select "#mh/Mailbox/inbox/$1"
	bar=$(window banner "$2: $3") || fail "message $1: banner \"$bar\""
	asserted=$((asserted + 1))
	contains "message $1 button" Explain "$bar"
	text=$(window text)
	contains "message $1 text" "From: $3" "$text"
	lacks "message $1 text" "$4" "$text"
	labels=$(window labels)
	contains "message $1 header pane" "$3" "$labels"
	lacks "message $1 header pane" "$4" "$labels"
}

shows 3 Spoofed service@bank.example 'Your Bank'
shows 2 Authenticated orders@shop.example 'The Shop'
shows 8 Unverified dave@plain.example Dave
shows 7 Unverified carol@broken.example Carol
shows 9 Suspicious alice@example.org 'Alice Harper'
shows 5 Spoofed mallory@free.example 'service@bank.example"'
shows 4 Suspicious alice.harper@free.example 'Alice Harper'

# The one whose name is proved.
genuine() {
	local bar text
	bar=$(window banner 'Genuine: Alice Harper <alice@example.org>') ||
		fail "genuine: banner \"$bar\""
	text=$(window text)
	contains 'genuine text' 'From: Alice Harper <alice@example.org>' \
		"$text"
	contains 'genuine header pane' 'Alice Harper <alice@example.org>' \
		"$(window labels)"
}
claws --select '#mh/Mailbox/inbox/1'
genuine
window press Explain || fail 'the button is not there'
explained() {
	holds "$(window text)" 'The evidence'
}
until_true 'an explanation' explained
contains explanation 'rsa-sha256' "$(window text)"
contains explanation 'steps: none' "$(window text)"
window press Close || fail 'the explanation does not close'

# Two From fields: neither name.
claws --select '#mh/Mailbox/inbox/6'
bar=$(window banner Suspicious) || fail "two From fields: banner \"$bar\""
text=$(window text)
lacks 'two From fields' 'From: Alice' "$text"
lacks 'two From fields' 'From: Mallory' "$text"

# The agent dies while a genuine message is open, and returns.
claws --select '#mh/Mailbox/inbox/1'
genuine
kill -9 "$(desk_agent "$desk")"
bar=$(window banner 'Not judged') || fail "agent killed: banner \"$bar\""
contains 'agent killed' 'stays hidden' "$bar"
lacks 'agent killed' 'Alice Harper' "$(window text)"
contains 'agent killed' 'From: alice@example.org' "$(window text)"
window press 'Try again' || fail 'the button is not there'
genuine

claws_quit
expect 'exit status' 0 "$status"
echo "asserted $asserted"
