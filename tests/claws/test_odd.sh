#!/usr/bin/env bash
# test_odd - a Claws Mail whose user changed much: other columns and layouts,
# names from the address book, own colours, no header pane, folders of odd names
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
needed
export CLAWS_LIST_HEIGHT=280
mail=$home/Mail
odd='Größe #1 <b> & "x" %s'
nested='sent/last year'
CLAWS_COMMON='display_header_pane=0
show_tooltips=1
use_address_book=1
summary_from_show=2
date_format=<b>%Y</b> & %x
promote_html_part=2
translate_header=1
toolbar_style=0
save_xface=1'
xml() {
	sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' \
		-e 's/"/\&quot;/g' <<<"$1"
}

# An address book that names a bank, and Alice otherwise than she does.
book=$home/.claws-mail/addrbook
mkdir -p "$book"
echo '<?xml version="1.0" encoding="UTF-8" ?><addressbook><book_list>
<book name="Mine" file="addrbook-000001.xml" /></book_list></addressbook>' \
	>"$book/addrbook--index.xml"
person() {	# NUMBER NAME ADDRESS
	printf '<person uid="%s" first-name="" last-name="" nick-name="" ' "$1"
	printf 'cn="%s"><address-list><address uid="%s" alias="" ' "$2" "9$1"
	printf 'email="%s" remarks="" /></address-list></person>\n' "$3"
}
{
	echo '<?xml version="1.0" encoding="UTF-8" ?>'
	echo '<address-book name="Mine">'
	person 1 'My Good Bank' service@bank.example
	person 2 'Alice from school' alice@example.org
	echo '</address-book>'
} >"$book/addrbook-000001.xml"

lacks() {	# WHAT PART WHOLE
	asserted=$((asserted + 1))
	! holds "$3" "$2" || fail "$1: \"$2\" is in \"$3\""
}
claws_folders() {
	local item='<folderitem mtime="0" threaded="1" type="normal"'
	python3 - "$home/.claws-mail/folderlist.xml" \
		"$item name=\"odd\" path=\"$(xml "$odd")\" />" \
		"$item name=\"below\" path=\"$nested\" /></folderitem>" \
		<<-'END_PYTHON'
	import sys
	path, odd, below = sys.argv[1:]
	text = open(path).read()
	sent = text.index('/>', text.index('type="outbox"'))
	text = text[:sent] + '>' + below + odd + text[sent + 2:]
	open(path, 'w').write(text)
	END_PYTHON
	mkdir -p "$mail/$odd" "$mail/$nested"
	cp "$mail/inbox/3" "$mail/$odd/1"
	sed 's/^From: .*/From: "Not Robin" <service@bank.example>/' \
		"$mail/inbox/3" >"$mail/$nested/1"
	# 8-bit bytes, a field folded at each word, and one of 60 kB.
	{
		printf 'From: Ha\xe4\xdf\n \xff\xfeHIDDEN\n <mallory@free.example>\n'
		sed 1,/^From:/d "$mail/inbox/8"
	} >"$mail/$odd/2"
	{
		printf 'From:\n =?utf-8?q?HIDDEN?=\n =?utf-8?q?HIDDEN?=\n'
		printf ' (HIDDEN)\n <mallory@free.example>\n'
		sed 1,/^From:/d "$mail/inbox/8"
	} >"$mail/$odd/3"
	{
		printf 'From: "HIDDEN%s" <mallory@free.example>\n' \
			"$(printf '%060000d' 0)"
		sed 1,/^From:/d "$mail/inbox/8"
	} >"$mail/$odd/4"
	# The spoofed one as a web page, beside plain text.
	{
		sed '/^$/,$d' "$mail/inbox/3"
		printf 'MIME-Version: 1.0\nContent-Type: '
		printf 'multipart/alternative; boundary=b\n\n--b\n\nplain\n'
		printf '%s\nContent-Type: text/html\n\n<p>web</p>\n--b--\n' --b
	} >"$mail/$odd/5"
}
eval "$(declare -f claws_home | sed 's/^claws_home/claws_home_plain/')"
claws_home() {
	claws_home_plain "$@"
	claws_folders
}
claws_start

none() {	# no name in the list that is not proved
	local name
	for name in 'Your Bank' 'My Good Bank' 'The Shop' Dave Mallory HIDDEN \
		'Not Robin'; do
		row_lacks "$name" || return 1
	done
}
inbox() {
	none && row_has 'service@bank.example' && row_has 'Alice'
}

# Names from the address book, both, and no header pane.
claws --select '#mh/Mailbox/inbox/3'
window banner 'Spoofed: service@bank.example' >/dev/null || fail 'no banner'
until_true 'addresses in the list' inbox
lacks 'the text' 'Your Bank' "$(window text)"
contains 'the text' 'From: service@bank.example' "$(window text)"
screen odd-inbox

# A folder whose name is anything.
claws --select "#mh/Mailbox/$odd/1"
window banner 'Spoofed: service@bank.example' >/dev/null ||
	fail 'no banner in the odd folder'
until_true 'its list' none
for number in '2 mallory@free' '3 mallory@free' '4 far longer'; do
	claws --select "#mh/Mailbox/$odd/${number%% *}"
	window banner "${number#* }" >/dev/null ||
		fail "no banner of message $number"
	lacks "message $number" HIDDEN "$(window text)"
	lacks "message $number" HIDDEN "$(window labels)"
done
claws --select "#mh/Mailbox/$odd/5"
window banner 'Spoofed: service@bank.example' >/dev/null ||
	fail 'no banner over a web page'
lacks 'the web page' 'Your Bank' "$(window text; window labels)"
until_true 'its list' none
tagged() {	# COUNT
	[ "$(claws --search "#mh/Mailbox/$odd" g spoofed | grep -c '/[0-9]*$')" \
		= "$1" ]
}
until_true 'the two spoofed ones are marked' tagged 2
screen odd-folder

# What the user wrote, in a folder below: no verdict, nothing hidden or marked.
claws --select "#mh/Mailbox/$nested/1"
window gone || fail 'a verdict of sent mail'
contains 'sent mail' 'Not Robin' "$(window text)"
expect 'no mark on sent mail' 0 \
	"$(claws --search "#mh/Mailbox/$nested" g spoofed | grep -c '/1$' || true)"
claws_quit
expect 'exit status' 0 "$status"

# Beside each other with two lines a row; wide; a wide list.
for layout in 1 2 4; do
	sed -i -e "s/^layout_mode=.*/layout_mode=$layout/" \
		-e 's/^summaryview_width=.*/summaryview_width=350/' \
		"$home/.claws-mail/clawsrc"
	claws_run
	claws --select '#mh/Mailbox/inbox/3'
	if [ "$layout" = 1 ]; then	# the others have no room for it
		window banner 'Spoofed: service@bank.example' >/dev/null ||
			fail "layout $layout: no banner"
	fi
	until_true "layout $layout: no names" none
	until_true "layout $layout: the address" row_has 'service@bank.example'
	screen "odd-layout-$layout"
	claws_quit
	expect 'exit status' 0 "$status"
done
asserted=$((asserted + 12))
echo "asserted $asserted"
