#!/usr/bin/env bash
# test_unload - the plugin is unloaded while Claws Mail shows a message
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
needed
claws_start

claws --select '#mh/Mailbox/inbox/3'
bar=$(window banner Spoofed) || fail "loaded: banner \"$bar\""

# The dialog of the plugins: its only one is selected.
window menu Configuration Plugins... || fail 'no menu to the plugins'
window row mailseal || fail 'the plugin is not listed'
window press Unload || fail 'the plugin cannot be chosen for unloading'
asserted=$((asserted + 1))
window gone || fail 'the banner is still there'
contains 'the text has its name again' \
	'From: Your Bank <service@bank.example>' "$(window text)"
contains 'so has the header pane' 'Your Bank <service@bank.example>' \
	"$(window labels)"
window press Close || fail 'the dialog does not close'

# Another message and another part: nothing of ours is in the way.
claws --select '#mh/Mailbox/inbox/2'
shop() {
	holds "$(window labels)" 'The Shop <orders@shop.example>'
}
until_true 'a message without us' shop
window gone || fail 'a banner without the plugin'

claws_quit
expect 'exit status' 0 "$status"
echo "asserted $asserted"
