#!/usr/bin/env bash
# test_stop - a call that comes while the agent ends is served by the next one
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
desk_start "$desk" "$build"

# Whatever ends slowly: a role that does not answer is waited for.
mailseal status >/dev/null
first=$(desk_agent "$desk")
kill -STOP "$(role reader)"
kill "$first"
owner() {
	dbus-send --bus="$DBUS_SESSION_BUS_ADDRESS" --print-reply=literal \
		--dest=org.freedesktop.DBus / \
		org.freedesktop.DBus.NameHasOwner string:org.mailseal.Agent1
}
let_go() { [ "$(owner)" = '   boolean false' ]; }
comes_true let_go || fail 'the name is still owned'
! has_ended "$first" || fail 'it ended before the call came'
mailseal status >/dev/null || fail 'a call while the agent ends'
second=$(desk_agent "$desk")
[ "$first" != "$second" ] || fail 'nobody took its place'
asserted=$((asserted + 1))

# Any moment.
for i in $(seq 20); do
	kill "$(desk_agent "$desk")" 2>/dev/null || true
	sleep "0.00$((i % 10))"
	mailseal contacts list >/dev/null 2>"$desk/err" ||
		case $(cat "$desk/err") in
		# It was in hand.
		*'mailseald stops'*) ;;
		*) fail "call $i: $(cat "$desk/err")" ;;
		esac
	asserted=$((asserted + 1))
done

# One that goes on is not waited for.
status=0
said=$("$build/agent/mailseald" 2>&1) || status=$?
expect 'a second agent' 75 "$status"
contains 'names the first' "process $(desk_agent "$desk")" "$said"
echo "asserted $asserted"
