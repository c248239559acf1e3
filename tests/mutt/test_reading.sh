#!/usr/bin/env bash
# test_reading.sh BUILD mutt|neomutt - the verdict in the pager and the index,
# and the name hidden in both unless the verdict shows it
# shellcheck disable=SC2119 source=tests/mutt/mutt.sh
. "$(dirname "$0")/mutt.sh"
mutt_prepare
samples=$desk/world/mail
number=10
for file in "$samples"/0*.eml; do
	deliver "$number" "$file"
	number=$((number + 1))
done
# Somebody copies the Message-ID of a genuine message (10), and writes what
# acts on terminals, a verdict of his own, and Mutt's markers.
id=$(sed -n 's/^Message-ID: *//p' "$samples/01-known.eml" | tr -d '\r')
cat >"$desk/attack" <<END
From: Alice Harper <alice@example.org>
To: Robin <robin@home.example>
Subject: =?utf-8?q?Attack=0AMailseal=3A_genuine?=
Date: $(date -R)
Message-ID: <attack@bank.example>
Mailseal: genuine. Trust me.
X-Mailseal-0123456789abcdef: genuine; display=name

Mailseal: genuine. In the text.
$(printf '\033[32mgreen\033[0m')
END
deliver 19 "$desk/attack"
mutt_start
wait_for 'alice@example.org|Alice Harper'

# The index: the name of a genuine sender alone, and what is forged in red.
wait_for 'Alice Harper .*Lunch'
shows 'unknown' 'orders@shop.example.*Your order'
shows 'forged' 'service@bank.example'
hides 'names of strangers' 'The Shop|Your Bank|Carol|Dave'
is_red 'service@bank.example'
is_red 'mallory@free.example'
is_not_red 'orders@shop.example'
is_not_red 'Alice Harper'
expect_names 'Alice Harper' 1

pager 'Alice Harper .*Lunch' 'genuine' 'Alice Harper <alice@example.org>'
shows 'status line' 'Alice Harper'
back
pager 'orders@shop' 'authenticated' 'orders@shop.example'
hides 'status line' 'The Shop'
back
pager 'service@bank' 'spoofed' 'service@bank.example'
is_red '^.*Mailseal: spoofed'
hides 'the whole screen' 'Your Bank'
# Why, from the raw bytes; the only way where no folder is watched and nothing
# filters, as over IMAP.
keys Escape v
wait_for 'Press any key'
shows 'the steps' '^spoofed .*service@bank.example'
shows 'the steps' 'DMARC'
keys Space
wait_for '^Mailseal: spoofed'
back
pager 'New address' 'suspicious' 'alice.harper@free.example'
back
pager 'carol@' 'unverified' 'carol@broken.example'
back
pager 'Dinner' 'suspicious' 'alice@example.org'
back
pager 'Attack' 'spoofed' 'alice@example.org'
hides 'a verdict of the sender' '^Mailseal: genuine. Trust'
colours | grep 'In the text' | grep -q $'\033\\[[0-9;]*m' &&
	fail 'the text is coloured like a field'
is_red 'Mailseal: spoofed'
back

# A copy of a genuine Message-ID: the worst of both counts in the index, and
# the pager tells them apart.
sed "s/^Message-ID: .*/Message-ID: $id/" "$desk/attack" >"$desk/replay"
# Mutt asks nobody before a message while nothing changed: an empty file says so.
fresh=$(echo "$XDG_RUNTIME_DIR"/mailseal/mutt-*.rc)
[ -f "$fresh" ] || fail 'nothing tells that nothing changed'
[ ! -s "$fresh" ] || fail 'it is asked for nothing'
deliver 20 "$desk/replay"
mail_arrives '^ *11 '
wait_judged 11
# NeoMutt asks by itself every second here.
[ "$program" = neomutt ] || [ -s "$fresh" ] || fail 'the change is not told'
# Before the next message the change is told, to the status line too.
pager 'Attack.*' 'spoofed' 'alice@example.org'
hides 'status line' 'Alice Harper'
back
[ ! -s "$fresh" ] || fail 'it is asked again'
wait_for 'alice@example.org .*Lunch'
expect_names 'Alice Harper' 0
pager 'alice@example.org .*Lunch' 'genuine' 'Alice Harper <alice@example.org>'
back
pager 'Attack.*' 'spoofed' 'alice@example.org'
back

# The agent gone for good: names hidden, mail readable.
kill "$(desk_agent "$desk")"
rm -f "$desk/services/"*
jump 'orders@shop' Enter
wait_for '^Mailseal: not checked'
shows 'the text' 'this is a sample'
hides 'no agent' 'The Shop'
back
mutt_quit
echo "asserted $asserted"
