#!/usr/bin/env bash
# test_crowd.sh BUILD mutt|neomutt - more messages in a folder than the rules
# may name: they stay small, the pager knows all of them; and a Maildir that
# other programs change while it is open
#
# MAILSEAL_CROWD: how many (3000; by hand: 20000)
# shellcheck disable=SC2119 source=tests/mutt/mutt.sh
. "$(dirname "$0")/mutt.sh"
mutt_prepare
count=${MAILSEAL_CROWD:-3000}
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
# An old genuine one, then the crowd, then a new one.
lunch 10 old
wait_judged 1
python3 - "$samples/03-forged.eml" "$desk/mail/cur" "$count" <<'END_PY'
import re, sys
text = open(sys.argv[1], 'rb').read().replace(b'\r\n', b'\n')
for n in range(int(sys.argv[3])):
    mail = re.sub(rb'(?m)^Message-ID: .*$', b'Message-ID: <%d@crowd.example>'
                  % n, text, count=1)
    mail = re.sub(rb'(?m)^Subject: .*$', b'Subject: Crowd %05d' % n, mail,
                  count=1)
    with open('%s/1766%06d.M%dP1.host:2,S' % (sys.argv[2], n, n), 'wb') as out:
        out.write(mail)
END_PY
wait_judged $((count + 1))
lunch 11 new
wait_judged $((count + 2))

# What Mutt has to take in is bounded.
mailseal mutt-rules >"$desk/rules"
[ "$(grep -oE 'crowd\.example|crowd\[\.\]example' "$desk/rules" |
	wc -l)" -le 1000 ] || fail 'more than 1000 Message-IDs'
[ "$(wc -c <"$desk/rules")" -lt 200000 ] || fail 'the rules are long'
[ "$(wc -l <"$desk/rules")" -lt 100 ] || fail 'the rules are many'

mutt_start
wait_for 'Alice Harper .*Lunch'
shows 'older than the newest thousand' 'alice@example.org .*Lunch'
expect_names 'Alice Harper' 1
hides 'the crowd' 'Your Bank'
pager 'alice@example.org .*Lunch' 'genuine' 'Alice Harper <alice@example.org>'
back
for number in $((count - 1000)) $((count / 2)) 3; do
	keys Escape r
	type_text "$number"
	keys Enter Enter
	wait_for '^Subject: Crowd [0-9]{5}'
	shows 'the verdict' '^Mailseal: spoofed'
	hides 'the whole screen' 'Your Bank'
	back
done
keys End
wait_for "^ *$((count + 2)) "
hides 'the last page' 'Your Bank'
keys PageUp PageUp Home
wait_for '^ *1 .*Lunch'

# --- Other programs change it meanwhile.
rm -f "$desk"/mail/cur/1766*
settles 2
renewed 'Alice Harper .*Lunch'
# Mail comes while a message is open.
jump 'Alice Harper .*Lunch' Enter
wait_for '^Mailseal: genuine'
deliver 12 "$samples/03-forged.eml"
wait_judged $((count + 3))
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
wait_judged $((count + 4))
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
wait_judged $((count + 5))
settles 1
renewed 'Alice Harper .*Lunch'
mutt_quit
echo "asserted $asserted"
