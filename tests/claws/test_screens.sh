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

# shot NAME NUMBER WORD: the message, its banner read, and a picture
shot() {
	claws --select "#mh/Mailbox/inbox/$2"
	window banner "$3" >/dev/null || fail "message $2 is not \"$3\""
	until_true 'the proved name in the list' row_has 'Alice Harper'
	screen "$1"
	asserted=$((asserted + 1))
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

# The same in a dark theme.
export GTK_THEME=Adwaita:dark
claws_run
claws --select '#mh/Mailbox/inbox/3'
until_true 'spoofed mail is marked' row_has spoofed
shot dark 3 Spoofed
claws_quit
expect 'exit status' 0 "$status"
asserted=$((asserted + 4))
echo "asserted $asserted"
