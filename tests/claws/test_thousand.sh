#!/usr/bin/env bash
# test_thousand - a thousand messages come at once, and Claws Mail goes on
#
# The probe measures how long the main loop stands; what Claws Mail itself takes
# to read the folder is measured without the plugin.  Both are printed; a second
# may come on top, as the agent takes the processor, too.
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
needed
count=1000
export CLAWS_LIST_HEIGHT=380
claws_start
claws --select '#mh/Mailbox/inbox/1'
window banner Genuine >/dev/null || fail 'the agent does not answer'
claws --select '#mh/Mailbox/sent'

# Half of them spoofed; each with a sender and an id of its own.
for number in $(seq "$count"); do
	if [ $((number % 2)) -eq 0 ]; then
		from=bank.example
	else
		from=plain.example
	fi
	printf 'From: Name %s <m%s@%s>\nTo: robin@home.example\n' \
		"$number" "$number" "$from"
	printf 'Subject: number %s\nDate: %s\nMessage-ID: <%s@many>\n\nHello.\n' \
		"$number" 'Thu, 26 Nov 2026 08:00:00 +0000' "$number"
done >"$desk/many"
(
	cd "$home/Mail/inbox"
	csplit -s -z -n 4 -f many "$desk/many" '/^From: /' '{*}'
	number=100
	for file in many*; do
		mv "$file" "$number"
		number=$((number + 1))
	done
)
sleep 1.1
# opened: the folder, with the longest pause from then on in $longest
opened() {
	rm -f "$MAILSEAL_PROBE/delay"
	until_true 'a new measurement' test -s "$MAILSEAL_PROBE/delay"
	start=$(date +%s%N)
	claws --select '#mh/Mailbox/inbox'
	until_true 'the list' row_has 'number '
	sleep "$1"
	longest=$(cat "$MAILSEAL_PROBE/delay")
}
marked() {
	[ "$(claws --search '#mh/Mailbox/inbox' g spoofed | wc -l)" -ge \
		$((count / 2 + 2)) ]
}
opened 6
until_true 'half of them marked' marked
echo "with the plugin: the main loop's longest pause $longest ms, all marked" \
	"within $((($(date +%s%N) - start) / 1000000)) ms"
with=$longest
claws_quit
expect 'exit status' 0 "$status"

# The same without us: what Claws Mail takes to read a folder is its own.
sed -i "\\,^$plugin\$,d" "$home/.claws-mail/clawsrc"
rm -rf "$home"/.claws-mail/{mhcache,tagsdb}
claws_run
claws --select '#mh/Mailbox/sent'
opened 4
echo "without it: $longest ms"
limit=1000
asserted=$((asserted + 2))
[ "$with" -le $((longest + limit)) ] ||
	fail "the main loop stood for $with ms, without us for $longest"
claws_quit
expect 'exit status' 0 "$status"
echo "asserted $asserted"
