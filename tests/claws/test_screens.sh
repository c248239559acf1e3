#!/usr/bin/env bash
# test_screens - pictures for people, of everything that they would see
#
# In build/.../tests/claws/screens: each is also asserted by its words.
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
needed
export CLAWS_SCREEN=1000x700 CLAWS_LIST_HEIGHT=280
CLAWS_COMMON='show_searchbar=0
summary_col_show_tags=1
summary_col_size_subject=150
summary_col_size_from=250
summary_col_size_date=150
summary_col_size_tags=90
toolbar_style=1'
claws_start

# readable WHERE PART...: what the bar says stands out as WCAG 2 asks of text
# (4.5 to 1), and can be selected
readable() {
	local part ratio
	for part in "${@:2}"; do
		ratio=$(window contrast "$part") || fail "$1: no \"$part\""
		echo "$1, \"$part\": contrast $ratio"
		[ "${ratio%.*}" -ge 5 ] || [ "$ratio" = 4.5 ] ||
			fail "$1: \"$part\" has a contrast of $ratio"
		contains "$1: what is selected" "$part" "$(window selects "$part")"
	done
}

# shot NAME NUMBER WORD: the message, its banner read, and a picture
shot() {
	claws --select "#mh/Mailbox/inbox/$2"
	window banner "$3" >/dev/null || fail "message $2 is not \"$3\""
	until_true 'the proved name in the list' row_has 'Alice Harper'
	screen "$1"
	asserted=$((asserted + 1))
	readable "$1" "$3"
}
claws --select '#mh/Mailbox/inbox/3'
until_true 'spoofed mail is marked' row_has spoofed
shot genuine 1 'Genuine: Alice Harper'
shot authenticated 2 Authenticated
shot unverified 8 Unverified
shot suspicious 4 Suspicious
shot spoofed 3 Spoofed
window press Explain || fail 'no button'
window says 'mailseal explains' || fail 'no explanation'
screen explained
window press Close || fail 'the explanation does not close'

# The agent cannot be started any more.
mv "$desk/services/org.mailseal.Agent1.service" "$desk/"
kill -9 "$(desk_agent "$desk")"
gdbus call --session -d org.freedesktop.DBus -o /org/freedesktop/DBus \
	-m org.freedesktop.DBus.ReloadConfig >/dev/null 2>&1 || true
window banner 'Not judged' >/dev/null || fail 'agent killed: no banner'
window press 'Try again' || fail 'no button'
window says 'does not run' || fail 'nobody says that the agent does not run'
until_true 'no name in the list' row_lacks 'Alice Harper'
screen no-agent
mv "$desk/org.mailseal.Agent1.service" "$desk/services/"
gdbus call --session -d org.freedesktop.DBus -o /org/freedesktop/DBus \
	-m org.freedesktop.DBus.ReloadConfig >/dev/null 2>&1 || true
window press 'Try again' || fail 'no button'
window banner Spoofed >/dev/null || fail 'the agent does not come back'
until_true 'the name again' row_has 'Alice Harper'
claws_quit
expect 'exit status' 0 "$status"

# The same in dark themes, and in those for who sees little.
for theme in Adwaita:dark HighContrast HighContrastInverse; do
	export GTK_THEME=$theme
	claws_run
	claws --select '#mh/Mailbox/inbox/3'
	until_true 'spoofed mail is marked' row_has spoofed
	name=${theme/:/-}
	shot "$name-genuine" 1 'Genuine: Alice Harper'
	shot "$name-authenticated" 2 Authenticated
	shot "$name-suspicious" 4 Suspicious
	shot "$name-spoofed" 3 Spoofed
	readable "$name" 'Do not trust the sender'
	claws_quit
	expect 'exit status' 0 "$status"
done
asserted=$((asserted + 4))
echo "asserted $asserted"
