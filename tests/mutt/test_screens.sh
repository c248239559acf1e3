#!/usr/bin/env bash
# test_screens.sh BUILD mutt|neomutt [--write] - index and pager for the
# messages of the quickstart, as text; README.md shows those of Mutt
#
# --write puts them there.  Of dates and sizes only the form counts.
# shellcheck disable=SC2119 source=tests/mutt/mutt.sh
. "$(dirname "$0")/mutt.sh"
readme=$here/../../README.md
columns=80 rows=8
mutt_prepare
for number in 1 2 3; do
	deliver "1$number" "$(echo "$desk/world/mail/0$number"-*.eml)"
done
echo 'set sort=from' >>"$desk/rc"
wait_judged 3
# Until the screen stands still with that on it; without blanks at line ends.
capture() {
	local now='' before=none
	wait_for "$1"
	until [ "$now" = "$before" ]; do
		before=$now
		sleep 0.1
		now=$(screen)
	done
	printf '%s\n' "$now" | sed 's/ *$//' | cat -s |
		sed -E 's/ (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{2} / Nov 26 /
		s/^Date: .*/Date: Thu, 26 Nov 2026 12:00:00 +0000/
		s/[0-9]\.[0-9]K/0.1K/g
		s/-{4,}/----/g'
}
mutt_start
wait_for '^ *1 .*Alice Harper .*Lunch'
is_red 'service@bank.example'
capture 'orders@shop' >"$desk/index"
keys 3 Enter Enter
wait_for '^Mailseal: spoofed'
tm resize-window -t m -x 80 -y 15
capture '^-N .*\(all\)$' >"$desk/pager"
is_red '^.*Mailseal: spoofed'
keys q
wait_for 'q:Quit.*d:Del'
mutt_quit
for name in index pager; do
	printf '== %s, %s\n' "$program" "$name"
	cat "$desk/$name"
done
grep -q 'Alice Harper' "$desk/index" || fail 'no name in the index'
grep -q '^Mailseal: spoofed' "$desk/pager" || fail 'no verdict in the pager'

# What stands in README.md between its marks.
marked() {
	sed -n '/<!-- mutt: begin -->/,/<!-- mutt: end -->/p' "$1"
}
{
	echo '<!-- mutt: begin -->'
	for name in index pager; do
		echo '```'
		cat "$desk/$name"
		echo '```'
		[ "$name" = pager ] || echo
	done
	echo '<!-- mutt: end -->'
} >"$desk/marked"
if [ "${3:-}" = --write ]; then
	awk -v fresh="$desk/marked" '
	/<!-- mutt: begin -->/ {
		while ((getline line <fresh) > 0)
			print line
		skip = 1
	}
	!skip { print }
	/<!-- mutt: end -->/ { skip = 0 }' "$readme" >"$desk/readme"
	cat "$desk/readme" >"$readme"
fi
if [ "$program" = mutt ]; then
	diff -u <(marked "$readme") "$desk/marked" ||
		fail 'README.md shows something else; --write puts it right'
	asserted=$((asserted + 1))
fi
echo "asserted $asserted"
