#!/usr/bin/env bash
# test_prefs - our page of the preferences, and what it changes
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
needed
export CLAWS_LIST_HEIGHT=380
CLAWS_ACCOUNT='smtp_server=smtp.plain.example
set_smtpport=1
smtp_port=465
ssl_smtp=1'
book=$home/.claws-mail/addrbook
mkdir -p "$book"
cat >"$book/addrbook--index.xml" <<'END_BOOK'
<?xml version="1.0" encoding="UTF-8" ?>
<addressbook><book_list><book name="Personal address" file="addrbook-000001.xml" /></book_list></addressbook>
END_BOOK
cat >"$book/addrbook-000001.xml" <<'END_BOOK'
<?xml version="1.0" encoding="UTF-8" ?>
<address-book name="Personal address">
  <person uid="1" first-name="" last-name="" nick-name="" cn="The Shop">
    <address-list>
      <address uid="2" alias="" email="orders@shop.example" remarks="" />
    </address-list>
  </person>
</address-book>
END_BOOK
claws_start
claws --select '#mh/Mailbox/inbox/2'
window banner Authenticated >/dev/null || fail 'message 2 is not judged'
until_true 'no name in the list' row_lacks 'The Shop'

page() {
	window menu Configuration Preferences... || fail 'no preferences'
	window choose mailseal || fail 'our page is not there'
	window says 'Hide senders' || fail 'our page is not shown'
}
rc() {	# LINE
	sed -n '/^\[mailseal\]/,/^$/p' "$home/.claws-mail/clawsrc" |
		grep -qx "$1"
}

# What the page tells: the server, and who reads the address book.
page
window says 'There is no address for smtp.plain.example' || fail 'nothing about the server'
window says 'does not read Claws Mail' || fail 'nothing about the book'
screen preferences

# The address book handed over: the shop is known now, and its name shown.
window press 'Hand over the address book' || fail 'no button for the book'
window says 'Handed over: 1' || fail 'the book was not handed over'
window press Cancel || fail 'the preferences do not close'
window banner 'Genuine: The Shop' >/dev/null || fail 'the shop is not known'
shop() {
	row_has 'The Shop' && row_lacks 'Your Bank'
}
until_true 'its name in the list' shop

# Nothing hidden, nothing marked; the mail command is ours.
page
window press 'Hide senders' || fail 'no box to hide names'
window press 'Verify the mail server' || fail 'no box for the server'
window press 'Send mail of' || fail 'no box for the account'
window press OK || fail 'no OK'
until_true 'the settings are kept' rc hide_names=0
rc check_server=0 || fail 'the check of the server is not kept'
rc mark=1 || fail 'the mark is not kept'
grep -qx 'use_mail_command=1' "$home/.claws-mail/accountrc" ||
	fail 'the account has no mail command'
grep -qx 'mail_command=/usr/bin/env mailseal-sendmail -t -odb' \
	"$home/.claws-mail/accountrc" || fail 'the mail command is another one'
until_true 'names in the list' row_has 'Your Bank'
claws --select '#mh/Mailbox/inbox/3'
window banner Spoofed >/dev/null || fail 'message 3 is not judged'
contains 'the name in the text' 'Your Bank' "$(window text)"

# They hold for the next time, and can be taken back.
claws_quit
expect 'exit status' 0 "$status"
claws_run
claws --select '#mh/Mailbox/inbox/3'
window banner Spoofed >/dev/null || fail 'message 3 is not judged again'
until_true 'names in the list again' row_has 'Your Bank'
page
window says 'on the connection that carries the mail' ||
	fail 'the page does not know our mail command'
window press 'Hide senders' || fail 'no box to hide names'
window press 'Send mail of' || fail 'no box for the account'
window press OK || fail 'no OK'
until_true 'hidden again' row_lacks 'Your Bank'
until_true 'the settings are kept' rc hide_names=1
grep -qx 'use_mail_command=0' "$home/.claws-mail/accountrc" ||
	fail 'the mail command is still ours'
claws_quit
expect 'exit status' 0 "$status"
asserted=$((asserted + 14))
echo "asserted $asserted"
