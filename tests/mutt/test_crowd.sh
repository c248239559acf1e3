#!/usr/bin/env bash
# test_crowd.sh BUILD mutt|neomutt - more messages in a folder than the rules
# may name: they stay small, and the pager knows all of them
#
# MAILSEAL_CROWD: how many (3000; by hand: 20000)
# shellcheck disable=SC2119 source=tests/mutt/mutt.sh
. "$(dirname "$0")/mutt.sh"
mutt_prepare
count=${MAILSEAL_CROWD:-3000}
samples=$desk/world/mail
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

# Mutt waits some seconds for its rules; the next one has others to wait for.
begins() {
	mutt_start
	wait_for 'alice@example.org|Alice Harper'
	on_screen 'Alice Harper .*Lunch' && return
	mutt_quit
	return 1
}
await begins
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
mutt_quit
echo "asserted $asserted"
