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

beside() {	# NUMBER: a text, and the entity on standard input behind it
	{
		printf 'Content-Type: multipart/mixed; boundary=mix\n\n--mix\n'
		printf 'Content-Type: text/plain\n\nShall we meet, %s?\n' "$1"
		printf '\n--mix\n'
		cat
		printf '\n--mix--\n'
	} | sealed_mail "$1" "beside $1"
}
openings() {
	mailseal keys list --json | key openings
}
inbox=$home/Mail/inbox
part() {	# NUMBER: what is sealed in it, as a part
	sed '1,/^MIME-Version/d' "$inbox/$1"
}
part 22 | beside 31
part 24 | beside 32
{
	printf 'Content-Type: multipart/mixed; boundary=mix\n\n--mix\n'
	part 23
	printf '\n--mix\nContent-Type: text/plain\n\nThe list.\n\n--mix--\n'
} | sealed_mail 33 'with a footer'
openssl cms -sign -signer "$desk/bob.pem" -inkey "$desk/bob.key" \
	<"$desk/text" | sealed_mail 34 'signed by Bob'
openssl cms -encrypt -aes256 "$desk/data/mailseal/keys/$(mailseal keys list \
	--json | key fingerprint).crt" <"$desk/text" | beside 35

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

# Old ciphertext beside other parts stays closed, a signature there is of its
# part alone, and a right one of somebody else's is not the author's.
before=$(openings)
for number in 31 32 35; do
	claws --select "#mh/Mailbox/inbox/$number"
	shown() {
		holds "$(window text)" "Shall we meet, $number?"
	}
	until_true "the text of $number" shown
	case $(window text) in
	*'Meet me at noon.'*) fail "message $number: what is hidden came out" ;;
	esac
	asserted=$((asserted + 1))
done
# What follows is answered after all that was asked before.
claws --select '#mh/Mailbox/inbox/34'
window says 'not the one whom the message says' ||
	fail 'nobody says that another signed'
claws --select '#mh/Mailbox/inbox/33'
window says 'of one part alone' || fail 'nobody says that it is of a part'
expect 'what was opened' "$before" "$(openings)"
asserted=$((asserted + 2))
claws_quit
expect 'exit status' 0 "$status"
echo "asserted $asserted"
