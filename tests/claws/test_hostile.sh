#!/usr/bin/env bash
# test_hostile - names that try to be seen, in every way a message is shown
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

# message NUMBER FROM [SUBJECT]: one more in the folder, from standard input
message() {
	{
		printf 'From: %s\nTo: Robin <robin@home.example>\n' "$2"
		printf 'Subject: %s\nDate: %s\nMIME-Version: 1.0\n' \
			"sample $1" "$(date -R)"
		printf 'Message-ID: <hostile-%s@free.example>\n' "$1"
		cat
	} >"$home/Mail/inbox/$1"
}

text() {
	printf 'Content-Type: text/plain\n\nDear Robin,\n\nthis is one.\n'
}

# A name with line breaks, one that looks like a header, one without an
# address, one in a comment, one too many addresses, one turned around.
text | message 11 '=?utf-8?q?HIDDEN=0AFrom:_HIDDEN=0D=0AHIDDEN?= <mallory@free.example>'
text | message 12 '=?utf-8?q?HIDDEN_=3Chidden=40bank.example=3E?= <mallory@free.example>'
text | message 13 'HIDDEN'
text | message 14 'mallory@free.example (HIDDEN)'
text | message 15 'HIDDEN <mallory@free.example>, HIDDEN <hidden@bank.example>'
text | message 16 '=?utf-8?q?=E2=80=AEHIDDEN=E2=80=A9HIDDEN?= <mallory@free.example>'
inside() {
	cat <<'END'
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

First part.
--b
Content-Type: message/rfc822

From: HIDDEN <other@free.example>
To: HIDDEN-not@home.example
Subject: inside

Inner text.
--b--
END
}
inside | message 17 'HIDDEN <mallory@free.example>'
# The same by somebody whose name is proved: that of the inner one is not.
inside | message 18 'Alice Harper <alice@example.org>'
"$claws_here/../lab/sign.sh" sign "$desk/world/keys/example.org" \
	example.org s1 "$home/Mail/inbox/18" >"$desk/signed"
tr -d '\r' <"$desk/signed" >"$home/Mail/inbox/18"

claws --select '#mh/Mailbox/sent'
claws --select '#mh/Mailbox/inbox/1'
window banner Genuine >/dev/null || fail 'the first message is not judged'

# look NUMBER showing|plain: waits until it is shown and judged, with an
# address or without
look() {
	claws --select "#mh/Mailbox/inbox/$1"
	showing() {
		holds "$(window labels)" "sample $1" &&
			holds "$(window banner Explain)" mallory@free.example
	}
	plain() {
		holds "$(window labels)" "sample $1" &&
			holds "$(window banner Explain)" Suspicious
	}
	until_true "message $1" "$2" "$1"
}

# unseen WHAT: no hidden name in any text, nor in the header pane
unseen() {
	lacks "$1, text" HIDDEN "$(window text | sed '/HIDDEN-not/d')"
	lacks "$1, labels" HIDDEN "$(window labels)"
}

for number in 12 14 16; do
	look "$number" showing
	unseen "message $number"
done
for number in 11 13 15; do
	look "$number" plain
	unseen "message $number"
done
look 17 showing
unseen 'message 17'

# The next part, and all header fields: drawn anew without a word to us.
inner() {
	local text
	text=$(window text)
	holds "$text" inside && ! holds "$text" 'First part'
}
next_part() {
	window menu View 'Go to' 'Next part' || fail 'no menu to the part'
}
next_part
next_part
until_true 'the message inside' inner
unseen 'the message inside'

claws --select '#mh/Mailbox/inbox/18'
window banner 'Genuine: Alice Harper' >/dev/null || fail 'message 18'
contains 'the outer name' 'From: Alice Harper <alice@example.org>' \
	"$(window text)"
unseen 'in a genuine message'
next_part
next_part
until_true 'the message inside the genuine one' inner
contains 'the inner address' 'From: other@free.example' "$(window text)"
unseen 'the message inside the genuine one'

look 12 showing
window menu View 'Show all headers' || fail 'no menu to the headers'
all_headers() {
	holds "$(window text)" 'Message-ID:'
}
until_true 'all header fields' all_headers
unseen 'all header fields'

# A window of its own.
window menu View 'Open in new window' || fail 'no menu to a window'
two() {
	[ "$(window text | grep -c '^this is one')" -ge 2 ]
}
until_true 'a second window' two
unseen 'a second window'
claws_quit
expect 'exit status' 0 "$status"
echo "asserted $asserted"
