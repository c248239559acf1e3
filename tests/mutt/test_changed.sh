#!/usr/bin/env bash
# test_changed.sh BUILD mutt|neomutt - a Maildir that other programs change while
# it is open
# shellcheck disable=SC2119 source=tests/mutt/mutt.sh
. "$(dirname "$0")/mutt.sh"
mutt_prepare
samples=$desk/world/mail
listed() {	# COUNT GONE
	local now
	now=$(screen)
	grep -q "Msgs:$1 " <<<"$now" && grep -qE "^ *$1 " <<<"$now" &&
		! grep -q "$2" <<<"$now" && return
	turns 40 nudge
	return 1
}
# nudge: one or the other, for it writes no folder that just changed
nudge() {
	if on_screen 'Del:'; then
		keys '$'
	else
		touch "$desk/mail/new" "$desk/mail/cur"
	fi
}
# settles COUNT [GONE]: until so many are listed, the last one too, and GONE is
# not.  NeoMutt keeps what is gone as deleted until it is told to write, and
# overlooks what comes while it looks.
settles() {
	comes_true listed "$1" "${2:-Del:}" || fail "never $1 messages"
	asserted=$((asserted + 1))
}
# lunch NUMBER ID: the genuine message with a Message-ID of its own
lunch() {
	sed "s/^Message-ID: .*/Message-ID: <$2@example.org>/" \
		"$samples/01-known.eml" >"$desk/lunch"
	deliver "$1" "$desk/lunch"
}
lunch 10 old
for number in $(seq 20); do
	sed "s/^Message-ID: .*/Message-ID: <$number@crowd.example>/" \
		"$samples/03-forged.eml" | tr -d '\r' \
		>"$desk/mail/cur/1766.M${number}P1.host:2,S"
done
lunch 11 new
wait_judged 22
mutt_start
wait_for 'Alice Harper .*Lunch'

# They go.
rm -f "$desk"/mail/cur/1766*
settles 2
renewed 'Alice Harper .*Lunch'
# Mail comes while a message is open.
jump 'Alice Harper .*Lunch' Enter
wait_for '^Mailseal: genuine'
deliver 12 "$samples/03-forged.eml"
wait_judged 23
back
mail_arrives 'service@bank.example'
pager 'service@bank' 'spoofed' 'service@bank.example'
# It is read by another program: another name, the same message.
for file in "$desk"/mail/*/*M12P1.host*; do
	mv "$file" "$desk/mail/cur/$(basename "${file%:2,*}"):2,RS"
done
back
mail_arrives 'service@bank.example'
pager 'service@bank' 'spoofed' 'service@bank.example'
back
# The file goes while its message is in the list, another comes with its name:
# what is shown is what is judged, whatever the list said before.
mv "$desk"/mail/cur/*M12P1.host* "$desk/gone"
lunch 13 other
wait_judged 24
keys Escape r
settles 3 'service@bank'
renewed 'Alice Harper .*Lunch'
hides 'what is gone' 'service@bank|Your Bank'
jump 'Alice Harper .*Lunch' Enter
wait_for '^Mailseal: genuine'
shows 'its text' 'this is a sample'
back
# The whole folder goes while a message is open.
jump 'Alice Harper .*Lunch' Enter
wait_for '^Mailseal: genuine'
rm -f "$desk"/mail/new/* "$desk"/mail/cur/*
keys q
wait_for 'q:Quit.*d:Del'
lunch 14 again
wait_judged 25
settles 1
renewed 'Alice Harper .*Lunch'
mutt_quit
echo "asserted $asserted"
