#!/usr/bin/env bash
# test_mark - spoofed mail is marked when it arrives, and nothing else is
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
needed
claws_start

# marked: the numbers of the messages with our tag, and of the red ones
marked() {
	claws --search '#mh/Mailbox/inbox' g spoofed | sort
}
red() {
	claws --search '#mh/Mailbox/inbox' e 'colorlabel 2' | sort
}
numbers() {
	sed -n 's,.*/\([0-9]*\)$,\1,p' | tr '\n' ' '
}
are() {	# NUMBERS
	[ "$(marked | numbers)" = "$1" ]
}

# Message 1 is looked at; 3 and 5 are spoofed and were never.
claws --select '#mh/Mailbox/inbox/1'
window banner Genuine >/dev/null || fail 'the first message is not judged'
until_true 'a mark on 3 and 5' are '3 5 '
expect 'the red ones' '3 5 ' "$(red | numbers)"

# Another program puts a message into the folder, in another second: Claws Mail
# looks at the folder's time.
sleep 1.1
cp "$home/Mail/inbox/3" "$home/Mail/inbox/10"
sed -i 's/^Message-ID: </&again./' "$home/Mail/inbox/10"
claws --select '#mh/Mailbox/sent'
claws --select '#mh/Mailbox/inbox/1'
more() {
	[ "$(marked | numbers)" = '10 3 5 ' ]
}
until_true 'a mark on 10' more
expect 'the red ones' '10 3 5 ' "$(red | numbers)"
claws_quit
expect 'exit status' 0 "$status"
echo "asserted $asserted"
