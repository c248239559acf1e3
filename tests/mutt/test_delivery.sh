#!/usr/bin/env bash
# test_delivery.sh BUILD mutt|neomutt - the verdict by the field that mailseal
# filter wrote at delivery; no folder is watched, nothing of a name is believed
# without the field, and no other field is taken for it
# shellcheck disable=SC2119 source=tests/mutt/mutt.sh
. "$(dirname "$0")/mutt.sh"
mutt_prepare ''
samples=$desk/world/mail
number=10
for file in "$samples"/0*.eml; do
	filtered "$number" "$file"
	number=$((number + 1))
done
own=$(mailseal status --json | python3 -c '
import json, sys
print(json.load(sys.stdin)["Store"]["field"])')
grep -q "^$own: genuine; display=name;" "$desk"/mail/new/*M10P1.host ||
	fail 'the filter wrote no field'

# forge NUMBER SUBJECT LINE...: a mail of nobody, with these fields on top
forge() {
	{
		printf '%s\n' "${@:3}"
		printf 'From: Alice Harper <alice@example.org>\nSubject: %s\n' "$2"
		printf 'To: Robin <robin@home.example>\nDate: %s\n' "$(date -R)"
		printf 'Message-ID: <%s@bank.example>\n\nPay me.\n' "$1"
	} >"$desk/forged"
}
claim='genuine; display=name; address="alice@example.org"; reason="Trust me."'
forge 30 'Unfiltered' "X-Mailseal-0123456789abcdef: $claim" \
	"X-Spam-Status: mailseal=genuine/name/0123456789abcdef" \
	"X-Old-Mailseal-0123456789abcdef: $claim" "Mailseal: genuine."
deliver 30 "$desk/forged"
forge 31 'Through the filter' "X-Mailseal-0123456789abcdef: $claim" \
	"$own: $claim"
filtered 31 "$desk/forged"
# A spam rule of the user's own, fed by the sender, puts its words beside ours.
cat >"$desk/user.rc" <<'END_RC'
spam "^X-Spam-Status: (.*)" "%1"
END_RC
sed -i "1i source $desk/user.rc" "$desk/rc"

# --- Over IMAP nothing is known of mail that no filter saw: names are hidden,
# and Esc v judges a message from its raw bytes.  Mutt talks to Dovecot by a
# pipe, which serves nobody as root.
needs /usr/lib/dovecot/imap
mkdir -p "$desk/imap/mail"/{cur,new,tmp}
for number in 1 2 3; do
	sed 's/\r$//; s/^Message-ID: </&imap/' \
		"$(echo "$samples/0$number"-*.eml)" \
		>"$desk/imap/mail/new/176726161$number.M${number}P1.host"
done
printf 'mail_location = maildir:%s\nlog_path = %s\nbase_dir = %s\nssl = no\n' \
	"$desk/imap/mail" "$desk/imap/log" "$desk/imap/run" \
	>"$desk/imap/dovecot.conf"
as=''
if [ "$(id -u)" = 0 ]; then
	as='setpriv --reuid=65534 --regid=65534 --clear-groups'
	chmod 755 "$desk"
	chown -R 65534:65534 "$desk/imap"
fi
cp "$desk/rc" "$desk/rc.local"
cat >>"$desk/rc" <<END_RC
set tunnel="USER=me HOME=$desk/imap $as /usr/lib/dovecot/imap -c $desk/imap/dovecot.conf"
set spoolfile=imap://localhost/INBOX folder=imap://localhost/
END_RC
mutt_start
wait_for 'alice@example.org .*Lunch'
hides 'over IMAP' 'Alice Harper|Your Bank|The Shop'
jump 'service@bank' Enter
wait_for '^Mailseal: not checked'
keys Escape v
wait_for 'Press any key'
shows 'the steps' '^spoofed .*service@bank.example'
keys Space
wait_for '^Mailseal: not checked'
back
mutt_quit
mv "$desk/rc.local" "$desk/rc"

mutt_start
wait_for 'alice@example.org|Alice Harper'
wait_for 'Alice Harper .*Lunch'
shows 'unknown' 'orders@shop.example.*Your order'
hides 'names of strangers' 'The Shop|Your Bank|Carol|Dave'
is_red 'service@bank.example'
is_red 'mallory@free.example .*Account'
is_red 'alice@example.org .*Through the filter'
is_not_red 'orders@shop.example'
is_not_red 'Alice Harper .*Lunch'
shows 'unfiltered' 'alice@example.org .*Unfiltered'
expect_names 'Alice Harper' 1

pager 'Alice Harper .*Lunch' 'genuine. You know alice@example.org' \
	'Alice Harper <alice@example.org>'
shows 'status line' 'Alice Harper'
back
pager 'orders@shop' 'authenticated. It is proved' 'orders@shop.example'
hides 'status line' 'The Shop'
back
pager 'service@bank' 'spoofed. Nothing proves' 'service@bank.example'
is_red '^.*Mailseal: spoofed'
back
pager 'New address' 'suspicious' 'alice.harper@free.example'
back
pager 'carol@' 'unverified' 'carol@broken.example'
back
pager 'Unfiltered' 'not checked' 'alice@example.org'
hides 'the claim' 'Trust me|Alice Harper'
hides 'fields of the filter' '^X-(Old-)?Mailseal'
back
pager 'Through the filter' 'spoofed' 'alice@example.org'
hides 'the claim' 'Trust me|Alice Harper'
hides 'fields of the filter' '^X-(Old-)?Mailseal'
back

# The name of the field stays here: a forwarded text has none of it.
jump 'Alice Harper .*Lunch' f
wait_for 'To:'
type_text 'bob@stone.example'
keys Enter
wait_for 'Subject:'
keys Enter
wait_for 'y:Send'
hides 'the draft' "$own"
grep -rq 'this is a sample' "$desk"/tmp || fail 'there is no draft to look at'
if grep -rqi "$own" "$desk"/tmp; then fail 'the draft holds the field'; fi
keys q
wait_for 'Save|Postpone'
keys n
wait_for 'q:Quit.*d:Del'

# Nobody is asked: with the agent gone for good, the field still tells.
kill "$(desk_agent "$desk")"
rm -f "$desk/services/"*
pager 'service@bank' 'spoofed. Judged at delivery' 'service@bank.example'
back
pager 'Alice Harper .*Lunch' 'genuine. You know the sender' \
	'Alice Harper <alice@example.org>'
back
mutt_quit
echo "asserted $asserted"
