#!/usr/bin/env bash
# test_notify.sh BUILD dunst|plain|notification-daemon|stopped|absent - popups
# seen by the real notification daemon; none of them changes anything for who
# tells.  plain: a dunst that shows text as it is.
set -euo pipefail
build=$1 daemon=$2
dir=$(mktemp -d "${TMPDIR:-/tmp}/mailseal-notify.XXXXXX")
started=()
finish() {
	local pid
	for pid in ${started[@]+"${started[@]}"}; do
		kill -CONT "$pid" 2>/dev/null || true
		kill "$pid" 2>/dev/null || true
	done
	wait 2>/dev/null || true
	rm -rf "$dir"
}
trap finish EXIT
fail() {
	echo "FAIL: $*"
	cat "$dir/seen" "$dir/said" 2>/dev/null || true
	exit 1
}
# shellcheck source=tests/lab/needs.sh
. "$(dirname "$0")/../lab/needs.sh"
# shellcheck source=tests/lab/wait.sh
. "$(dirname "$0")/../lab/wait.sh"
needs Xvfb dunst dunstctl dbus-monitor xdotool
# What GLib and libnotify keep until the end is theirs.
printf 'leak:libglib\nleak:libgio\nleak:libgobject\nleak:g_malloc0\n' \
	>"$dir/suppressions"
export LSAN_OPTIONS=suppressions=$dir/suppressions:print_suppressions=0
export LC_ALL=C.UTF-8 HOME=$dir XDG_RUNTIME_DIR=$dir XDG_CONFIG_HOME=$dir
unset DISPLAY WAYLAND_DISPLAY

# A bus without activation: no other daemon comes in between.
cat >"$dir/bus.conf" <<END
<busconfig><type>session</type><listen>unix:path=$dir/bus</listen>
<auth>EXTERNAL</auth><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>
END
dbus-daemon --config-file="$dir/bus.conf" --nofork --nopidfile --nosyslog \
	--print-address >"$dir/address" &
started+=($!)
comes_true test -s "$dir/address" || fail 'the bus does not start'
export DBUS_SESSION_BUS_ADDRESS=unix:path=$dir/bus

owned() {
	dbus-send --print-reply --dest=org.freedesktop.DBus / \
		org.freedesktop.DBus.NameHasOwner \
		string:org.freedesktop.Notifications 2>/dev/null |
		grep -q 'boolean true'
}
if [ "$daemon" != absent ]; then
	Xvfb -displayfd 3 -noreset -screen 0 800x600x24 -nolisten tcp \
		3>"$dir/display" 2>/dev/null &
	started+=($!)
	comes_true test -s "$dir/display" || fail 'Xvfb does not start'
	DISPLAY=:$(cat "$dir/display")
	export DISPLAY
	if [ "$daemon" = notification-daemon ]; then
		/usr/lib/notification-daemon/notification-daemon \
			>/dev/null 2>&1 &
	else
		# Its menu of actions: here a hand that always picks one.
		printf '#!/bin/sh\ngrep "Trust this sender"\n' >"$dir/pick"
		chmod +x "$dir/pick"
		markup=full
		[ "$daemon" != plain ] || markup=no
		sed "s,^ *dmenu *=.*,    dmenu = $dir/pick,
			s,^ *markup *=.*,    markup = $markup," \
			/etc/xdg/dunst/dunstrc >"$dir/dunstrc"
		dunst -conf "$dir/dunstrc" >/dev/null 2>&1 &
	fi
	notifier=$!
	started+=("$notifier")
	comes_true owned || fail "$daemon does not start"
	[ "$daemon" != stopped ] || kill -STOP "$notifier"
fi
dbus-monitor --session "interface='org.freedesktop.Notifications'" \
	>"$dir/seen" 2>/dev/null &
started+=($!)
comes_true test -s "$dir/seen" || fail 'dbus-monitor does not start'

mkfifo "$dir/ask"
"$build/tests/desk/notify_probe" <"$dir/ask" >"$dir/said" &
probe=$!
exec 4>"$dir/ask"
said() { grep -qF -- "$1" "$dir/said"; }
seen() { grep -qF -- "$1" "$dir/seen"; }
popups() { grep -c 'member=Notify$' "$dir/seen" || true; }

echo 'mallory@free.example' >&4
comes_true said told || fail 'telling waits'
case $daemon in
absent|stopped)
	for _ in $(seq 100); do echo 'x@free.example'; done >&4
	exec 4>&-
	wait "$probe" || fail 'it did not end well'
	[ "$(grep -c '^told$' "$dir/said")" = 101 ] || fail 'telling waited'
	exit 0 ;;
esac

comes_true seen 'Suspicious mail: mallory@free.example' || fail 'no popup'
# Where the body is markup, ours is text; where it is text, it stays it.
if [ "$daemon" = plain ]; then
	comes_true seen 'Ask <by> another way.' || fail 'the sentence'
	comes_true seen '<b>you</b> & me' || fail 'the subject'
else
	comes_true seen 'Ask &lt;by&gt; another way.' ||
		fail 'markup was not escaped'
	comes_true seen '&lt;b&gt;you&lt;/b&gt; &amp; me' ||
		fail 'the subject'
fi
seen 'string "explain"' || fail 'no Explain'
seen 'string "Trust this sender"' || fail 'no Trust this sender'
if [ "$daemon" = dunst ] || [ "$daemon" = plain ]; then
	shown() { [ "$(dunstctl count displayed)" = 1 ]; }
	comes_true shown || fail 'dunst does not show it'
	echo . >&4
	dunstctl action 0
	comes_true said 'explain some-id mallory@free.example' ||
		fail 'the action did not arrive'
	echo . >&4
	PATIENCE=20 comes_true shown || echo 'trust@free.example' >&4
	comes_true shown || fail 'dunst does not show it again'
	dunstctl context
	comes_true said 'trust some-id' || fail 'Trust did not arrive'
	dunstctl close-all
	gone() { [ "$(dunstctl count displayed)" = 0 ]; }
	comes_true gone || fail 'it does not close'
fi

# click LEFT UP: so far from the popup's lower right corner
click() {
	local X Y WIDTH HEIGHT WINDOW
	WINDOW=$(xdotool search --onlyvisible --name '^Notification$' |
		head -n 1)
	[ -n "$WINDOW" ] || return 1
	eval "$(xdotool getwindowgeometry --shell "$WINDOW")"
	xdotool mousemove $((X + WIDTH - $1)) $((Y + HEIGHT - $2)) click 1
}
if [ "$daemon" = notification-daemon ]; then
	echo . >&4
	# clicked LEFT UP WORD: one that is still being laid out feels none
	clicked() {
		said "$3" && return
		click "$1" "$2"
		sleep 0.3
		return 1
	}
	comes_true clicked 110 39 'trust some-id mallory@free.example' ||
		fail 'the button did not arrive'
	popup() {
		[ -n "$(xdotool search --onlyvisible --name '^Notification$')" ]
	}
	gone() { ! popup; }
	comes_true gone || fail 'it does not close'
	echo 'again@free.example' >&4
	echo . >&4
	comes_true popup || fail 'the next one is not shown'
	comes_true clicked 200 110 'explain some-id again@free.example' ||
		fail 'a click on the popup did not arrive'
fi

# A hundred at once: a few changes of one popup.
before=$(popups)
for _ in $(seq 100); do echo 'flood@free.example'; done >&4
comes_true seen ' suspicious messages' || fail 'the flood is not shown'
after=$(popups)
[ "$((after - before))" -le 3 ] || fail "$((after - before)) popups of a flood"
if [ "$daemon" = dunst ]; then
	[ "$(dunstctl count displayed)" -le 1 ] || fail 'popups pile up'
fi
exec 4>&-
wait "$probe" || fail 'it did not end well'
said ended || fail 'it did not end'
