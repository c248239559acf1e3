#!/usr/bin/env bash
# test_menu - what the menu does about a sender: explain, trust, show the name
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
needed
claws_start
menu() {
	window menu Message 'Sender (mailseal)' "$1" || fail "no menu: $1"
}
text_has() {
	holds "$(window text)" "$1"
}
lacks() {	# WHAT PART
	asserted=$((asserted + 1))
	! text_has "$2" || fail "$1: \"$2\" is in the text"
}

claws --select '#mh/Mailbox/inbox/2'
window banner Authenticated >/dev/null || fail 'message 2 is not judged'
lacks 'before' 'The Shop'
menu 'Explain the verdict'
until_true 'an explanation' text_has 'The evidence'
window press Close || fail 'the explanation does not close'

# The name as it was written, until another message is shown.
menu 'Show the name as it was written'
until_true 'the name in the text' text_has 'From: The Shop <orders@shop.example>'
contains 'what the banner says' 'it proves nothing' "$(window banner)"
contains 'the header pane' 'The Shop <orders@shop.example>' "$(window labels)"
claws --select '#mh/Mailbox/inbox/3'
window banner Spoofed >/dev/null || fail 'message 3 is not judged'
lacks 'another message' 'Your Bank'
claws --select '#mh/Mailbox/inbox/2'
window banner Authenticated >/dev/null || fail 'message 2 is not judged'
lacks 'the first again' 'The Shop'

# Trusted: asked first, then known to the agent, and shown at once.
menu 'Trust this sender...'
window says 'Do you know orders@shop.example?' || fail 'nobody asks'
screen trust
window press Close || fail 'the question does not close'
expect 'not yet' '' "$(mailseal contacts list | grep shop.example || true)"
menu 'Trust this sender...'
window press 'Trust this sender' || fail 'no button to trust'
window banner 'Genuine: The Shop' >/dev/null || fail 'the shop is not known'
until_true 'the name in the text' text_has 'From: The Shop'
contains 'the agent knows' orders@shop.example "$(mailseal contacts list)"

# A spoofed one says that it helps nothing.
claws --select '#mh/Mailbox/inbox/3'
window banner Spoofed >/dev/null || fail 'message 3 is not judged'
menu 'Trust this sender...'
window says 'does not change that' || fail 'no warning'
window press Close || fail 'the question does not close'
asserted=$((asserted + 6))
claws_quit
expect 'exit status' 0 "$status"
echo "asserted $asserted"
