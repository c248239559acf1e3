#!/usr/bin/env bash
# test_keys_lock - keys are forgotten by themselves: idle, asleep, screen locked
#
# No real logind runs where tests do: fake_logind says on a system bus of the
# test's own what logind says.
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/people.sh
. "$here/../lab/people.sh"
export DESK_CONFIG="
[keys]
pinentry = $here/../lab/pinentry.sh
life-time = 1h"
# A system bus of our own, with a logind that we tell what to do.
mkdir -p "$desk/system"
cat >"$desk/system.conf" <<END
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path=$desk/system/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
END
export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$desk/system/bus"
dbus-daemon --config-file="$desk/system.conf" --nofork --nopidfile \
	--nosyslog --print-address >"$desk/system.address" 2>/dev/null &
system_bus=$!
await test -s "$desk/system.address"
mkfifo "$desk/say"
"$build/tests/bus/fake_logind" <"$desk/say" >"$desk/heard" &
logind=$!
exec 7>"$desk/say"
# until_heard WORD TIMES
heard() { [ "$(grep -c "^$1\$" "$desk/heard")" -ge "$2" ]; }
until_heard() { await heard "$@"; }
until_heard ready 1
desk_start "$desk" "$build"
end_system() {
	exec 7>&-
	desk_stop "$desk"
	kill "$logind" "$system_bus"
}
at_end end_system
unlocked() {
	mailseal keys list --json | key unlocked
}
locked() { [ "$(unlocked)" = false ]; }
until_locked() {
	comes_true locked || fail "not locked by $1"
	asserted=$((asserted + 1))
}

answers one one
mailseal keys generate alice@example.org --algorithm p256 >/dev/null
expect 'a new key' true "$(unlocked)"
until_heard inhibited 1

echo lock >&7
until_locked 'the signal Lock'
answers one
mailseal keys unlock
echo hint >&7
until_locked 'LockedHint'
answers one
mailseal keys unlock

# The machine waits until the keys are gone, and again after it woke.
echo sleep >&7
until_heard released 1
expect 'locked before sleep' false "$(unlocked)"
echo wake >&7
until_heard inhibited 2
expect 'still locked' false "$(unlocked)"
answers one
mailseal keys unlock
expect 'unlocked again' true "$(unlocked)"
echo sleep >&7
until_heard released 2
expect 'locked again' false "$(unlocked)"

# A question that is open when the screen is locked is taken back.
answers '!wait'
rm -f "$XDG_RUNTIME_DIR/pinentry.waits"
mailseal keys unlock 2>"$desk/err" &
waiting=$!
await test -e "$XDG_RUNTIME_DIR/pinentry.waits"
echo lock >&7
status=0
wait "$waiting" || status=$?
expect 'its status' 77 "$status"
contains 'its sentence' 'locked' "$(cat "$desk/err")"

# The system bus goes: nothing else does.
kill "$system_bus"
answers one
mailseal keys unlock
expect 'without a system bus' true "$(unlocked)"

# Time alone: since the last use, and since it was unlocked.
for rule in idle-lock life-time; do
	agent=$(desk_agent "$desk")
	sed -i '/^idle-lock\|^life-time/d' "$desk/config/mailseal/config"
	echo "$rule = 1s" >>"$desk/config/mailseal/config"
	kill "$agent"
	await_end "$agent"
	expect 'of a new agent' false "$(unlocked)"
	answers one
	mailseal keys unlock
	until_locked "$rule"
	expect 'it was asked for once' 1 \
		"$(grep -c GETPIN "$XDG_RUNTIME_DIR/pinentry.log")"
done
echo "asserted $asserted"
