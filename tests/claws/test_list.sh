#!/usr/bin/env bash
# test_list - names in the list of messages: hidden until they are proved
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
needed
export CLAWS_LIST_HEIGHT=380
claws_start

# hidden: the rows with the addresses, and no name but the proved one
hidden() {
	local name
	for name in 'Your Bank' 'The Shop' Dave Carol Mallory; do
		row_lacks "$name" || return 1
	done
	row_has 'service@bank.example' 'Account blocked' &&
		row_has 'orders@shop.example' 'Your order' &&
		row_has 'alice.harper@free.example' 'New address' &&
		row_has 'mallory@free.example' 'Account blocked'
}
alice() {	# how many rows show her name
	rows | grep -c 'Alice Harper' || true
}
genuine_alone() {
	hidden && [ "$(alice)" = 1 ] && row_has 'Alice Harper' Lunch
}

claws --select '#mh/Mailbox/inbox'
until_true 'the names are hidden, but the proved one' genuine_alone

# What is said of a row under the pointer.
tip() {	# TEXT
	[ "$(cat "$MAILSEAL_PROBE/tip")" = "$1" ]
}
# pointer ROW: to a sender, over there in small steps
pointer() {
	xdotool mousemove 480 "$((128 + 17 * ($1 - 1)))" sleep 0.1 \
		mousemove 482 "$((131 + 17 * ($1 - 1)))"
}
pointer 3
until_true 'the address of the spoofed one' tip service@bank.example
pointer 1
until_true 'the proved name' tip 'Alice Harper'
xdotool mousemove 620 131 sleep 0.1 mousemove 622 133
year=$(date -d "$(sed -n 's/^Date: //p' "$home/Mail/inbox/1")" +%y)
dated() {
	holds "$(cat "$MAILSEAL_PROBE/tip")" "$year("
}
until_true "Claws Mail's own of a date" dated

# Another order, threads or not, hidden columns: drawn anew.
window menu View Sort 'By From' || fail 'no menu to sort'
until_true 'sorted by sender' genuine_alone
window menu View 'Thread view' || fail 'no menu to threads'
until_true 'without threads' genuine_alone
claws --select '#mh/Mailbox/sent'
claws --select '#mh/Mailbox/inbox'
until_true 'the folder opened again' genuine_alone

# The agent is killed: nothing is proved any more; asked again, it returns.
claws --select '#mh/Mailbox/inbox/2'
window banner Authenticated >/dev/null || fail 'message 2 is not judged'
kill -9 "$(desk_agent "$desk")"
window banner 'Not judged' >/dev/null || fail 'agent killed: no banner'
nobody() {
	hidden && [ "$(alice)" = 0 ]
}
until_true 'no name without the agent' nobody
window press 'Try again' || fail 'the button is not there'
until_true 'the proved name again' genuine_alone

# Unloaded: as Claws Mail makes it.
window menu Configuration Plugins... || fail 'no menu to the plugins'
window choose mailseal || fail 'the plugin is not listed'
window press Unload || fail 'the plugin cannot be unloaded'
window press Close || fail 'the dialog does not close'
restored() {
	row_has 'Your Bank' && row_has 'The Shop' && row_has 'Dave'
}
until_true 'names without the plugin' restored
pointer 3
whole() {
	holds "$(cat "$MAILSEAL_PROBE/tip")" '<'
}
until_true 'the whole sender without the plugin' whole
asserted=$((asserted + 11))
claws_quit
expect 'exit status' 0 "$status"
echo "asserted $asserted"
