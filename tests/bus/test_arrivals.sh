#!/usr/bin/env bash
# test_arrivals - a Maildir is judged as mail arrives, and spoofed mail raises
# a notification in a real notification daemon
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
needs Xvfb dunst dunstctl
box=$desk/box
mkdir -p "$box"/{cur,new,tmp} "$desk/bin"
printf '[incoming]\nwatch = %s\n' "$box" >"$desk/incoming"
DESK_CONFIG=$(cat "$desk/incoming")
export DESK_CONFIG
mail=$desk/world/mail

# What "Explain" opens is somebody's browser; here it is noted.
cat >"$desk/bin/xdg-open" <<END
#!/bin/sh
cat "\$1" >"$desk/opened"
END
chmod +x "$desk/bin/xdg-open"
PATH=$desk/bin:$PATH

started=()
end_started() { kill "${started[@]}"; }
at_end end_started
Xvfb -displayfd 3 -noreset -nolisten tcp -screen 0 800x600x24 \
	3>"$desk/display" \
	2>/dev/null &
started+=($!)
comes_true test -s "$desk/display" || fail 'Xvfb does not start'
DISPLAY=:$(cat "$desk/display")
export DISPLAY
desk_start "$desk" "$build"
# Its menu of actions: here a hand that always picks one.
printf '#!/bin/sh\ngrep "Trust this sender"\n' >"$desk/bin/pick"
chmod +x "$desk/bin/pick"
sed "s,^ *dmenu *=.*,    dmenu = $desk/bin/pick," /etc/xdg/dunst/dunstrc \
	>"$desk/dunstrc"
dunst -conf "$desk/dunstrc" >/dev/null 2>&1 &
started+=($!)
dbus-monitor --session >"$desk/seen" 2>/dev/null &
started+=($!)
seen() { grep -qF -- "$1" "$desk/seen"; }
popups() { grep -c 'member=Notify$' "$desk/seen" || true; }
judged() { grep -c 'member=Judged$' "$desk/seen" || true; }
at_least() { [ "$("$1")" -ge "$2" ]; }

# deliver SAMPLE NAME: as a delivery agent does
deliver() {
	cp "$mail/$1.eml" "$box/tmp/$2"
	mv "$box/tmp/$2" "$box/new/$2"
}

# There before the agent: swept, judged, and quiet.
deliver 03-forged 1
comes_true test -s "$desk/seen" || fail 'dbus-monitor does not start'
mailseal status >/dev/null
comes_true at_least judged 1 || fail 'what was there is not swept'
deliver 01-known 2
comes_true at_least judged 2 || fail 'what arrives is not judged'
# The status comes behind everything that was told before.
mailseal status >/dev/null
expect 'old mail and genuine mail are quiet' 0 "$(popups)"

# Renamed (read): nothing new.
mv "$box/new/2" "$box/cur/2:2,S"
sed 's/^Subject: .*/Subject: Once more/' "$mail/03-forged.eml" \
	>"$box/tmp/3"
mv "$box/tmp/3" "$box/new/3"
comes_true seen 'Spoofed mail: service@bank.example' || fail 'no notification'
expect 'judged three' 3 "$(judged)"
expect 'one popup' 1 "$(popups)"
if grep -A3 'member=Judged' "$desk/seen" | grep -qF '@'; then
	fail 'Judged tells more than id and verdict'
fi

# Explain: a page without markup of strangers.
displayed() { [ "$(dunstctl count displayed)" = 1 ]; }
comes_true displayed || fail 'dunst does not show it'
# For people: what they would see.
mkdir -p "$build/tests/desk/screens"
picture=$build/tests/desk/screens/notification.png
rm -f "$picture"
sleep 0.5		# it is drawn
/usr/bin/python3 "$here/../claws/window.py" screen "$picture"
comes_true test -s "$picture" || fail 'no picture of the notification'
dunstctl action 0
comes_true test -s "$desk/opened" || fail 'Explain opens nothing'
contains 'the page' '<h1>spoofed</h1>' "$(cat "$desk/opened")"
contains 'the page' 'bank.example' "$(cat "$desk/opened")"

# A hundred at once: a few popups.
before=$(popups)
for n in $(seq 100); do
	sed "s/^Subject: .*/Subject: Flood $n/" "$mail/03-forged.eml" \
		>"$box/tmp/f$n"
	mv "$box/tmp/f$n" "$box/new/f$n"
done
comes_true at_least judged 103 || fail "judged $(judged) of 103"
comes_true seen ' spoofed messages' || fail 'the flood is not shown'
[ $(($(popups) - before)) -le 3 ] || fail "$(popups) popups"
asserted=$((asserted + 1))

# After a restart nothing is told again.
kill "$(desk_agent "$desk")"
await_end "$(desk_agent "$desk")" || fail 'the agent does not stop'
before=$(popups)
mailseal check "$mail/01-known.eml" >/dev/null
deliver 02-unknown 9
comes_true at_least judged 104 || fail 'after a restart'
expect 'nothing again' "$before" "$(popups)"

changed() {	# SAMPLE NAME: like no other, with the same verdict
	{
		printf 'X-Copy: %s\r\n' "$2"
		cat "$mail/$1.eml"
	} >"$box/tmp/$2"
	mv "$box/tmp/$2" "$box/new/$2"
}

# From which verdict on: suspicious mail is quiet, is told, and nothing is.
again() {	# LEVEL: another agent, which watches
	sed -i -e '/^notify = /d' -e "s/^\[incoming\]$/&\nnotify = $1/" \
		"$desk/config/mailseal/config"
	kill "$(desk_agent "$desk")"
	await_end "$(desk_agent "$desk")" || fail 'the agent does not stop'
	sum=$(judged)
	mailseal status >/dev/null
	changed 01-known "known-$1"
	comes_true at_least judged $((sum + 1)) || fail "not watched with $1"
	sum=$(judged) before=$(popups)
}
changed 09-changed one
comes_true at_least judged 105 || fail 'suspicious mail is not judged'
mailseal status >/dev/null
! seen 'Suspicious mail' || fail 'suspicious mail is told unasked'
again suspicious
dunstctl close-all
changed 04-name-of-another two
comes_true seen 'Suspicious mail' || fail 'suspicious mail is not told'
comes_true displayed || fail 'dunst does not show it'
dunstctl context
known() { mailseal contacts list | grep -qF alice.harper@free.example; }
comes_true known || fail 'Trust this sender makes nobody known'
again none
changed 03-forged three
comes_true at_least judged $((sum + 1)) || fail 'not judged with notify = none'
mailseal status >/dev/null
expect 'notify = none' "$before" "$(popups)"

# No daemon: nothing breaks.
again spoofed
kill "${started[1]}"
await_end "${started[1]}" || fail 'dunst does not stop'
changed 03-forged four
comes_true at_least judged $((sum + 1)) || fail 'not judged without a daemon'
changed 03-forged five
comes_true at_least judged $((sum + 2)) || fail 'judges no more'
mailseal check "$mail/01-known.eml" >/dev/null || fail 'the agent is ill'
asserted=$((asserted + 2))
echo "asserted $asserted"
