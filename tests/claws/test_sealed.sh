#!/usr/bin/env bash
# test_sealed - sealed mail read: S/MIME and OpenPGP, verified and opened
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
# shellcheck source=tests/claws/sealed.sh
. "$(dirname "$0")/sealed.sh"
needed
sealed_before
claws_start
sealed_after

# reads NUMBER TEXT WORD: what is inside, and what is said of the signature
reads() {
	claws --select "#mh/Mailbox/inbox/$1"
	inside() {
		holds "$(window text)" "$2"
	}
	until_true "what is inside of $1" inside "$1" "$2"
	window says "$3" || fail "message $1: nobody says \"$3\""
	asserted=$((asserted + 2))
}
reads 21 'Meet me at noon.' 'Signed by'
reads 22 'Meet me at noon.' 'Encrypted'
screen opened
reads 23 'Meet me at noon.' 'Signed by'
reads 24 'Meet me at noon.' 'Encrypted'
reads 25 'Meet me at four.' 'signature'
reads 26 'Meet me at four.' 'signature'

# For somebody else: it says so, and shows nothing.
claws --select '#mh/Mailbox/inbox/27'
window says "Couldn't decrypt" || fail 'nobody says that it cannot be opened'
claws_quit
expect 'exit status' 0 "$status"
echo "asserted $asserted"
