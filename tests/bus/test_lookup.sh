#!/usr/bin/env bash
# test_lookup - when DNS may be asked: never, once, or at every look
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
DESK_CONFIG='[incoming]
lookup = never' desk_start "$desk" "$build"
good=$desk/world/mail/01-known.eml
other=$desk/world/mail/02-unknown.eml
config=$desk/config/mailseal/config
port=$(sed -n 's/^forward = .*@//p' "$config")

# with WORD: the agent anew, with that setting
with() {
	local agent
	agent=$(desk_agent "$desk")
	sed -i "s/^lookup = .*/lookup = $1/" "$config"
	kill "$agent"
	await_end "$agent"
}
# dns PORT: who is asked
dns() { sed -i "s/^forward = .*/forward = 127.0.0.1@$1/" "$config"; }
judged() { key judged <"$desk/report"; }

judge "$good"
expect 'never asked' unverified "$(key verdict <"$desk/report")"
contains 'and it says why' 'lookup = never' "$(mailseal check -v "$good")"
judge "$other" --again
expect 'not even when told' unverified "$(key verdict <"$desk/report")"

# What was left open is judged at the next look that may ask.
with view
judge "$good"
expect 'at a view' genuine "$(key verdict <"$desk/report")"
expect 'anew' '' "$(judged)"
judge "$good"
[ -n "$(judged)" ] || fail 'what is final was judged anew'

# Never again: what was found out then stands.
with never
judge "$good"
expect 'later' genuine "$(key verdict <"$desk/report")"
[ -n "$(judged)" ] || fail 'it was judged without DNS'

# Nobody answers: the verdict is open.
dns 1
with view
judge "$other"
expect 'nobody answers' unverified "$(key verdict <"$desk/report")"
dns "$port"
with view
judge "$other"
expect 'at the next view' authenticated "$(key verdict <"$desk/report")"
expect 'anew at once' '' "$(judged)"

mailseal forget "$(key id <"$desk/report")" >"$desk/out"
dns 1
with arrival
judge "$other"
expect 'nobody answers, at arrival' unverified "$(key verdict <"$desk/report")"
dns "$port"
with arrival
judge "$other"
expect 'not at every look' unverified "$(key verdict <"$desk/report")"
[ -n "$(judged)" ] || fail 'whoever wrote it learns of every look'
mailseal filter <"$other" >"$desk/out"
contains 'when it arrives again' ': authenticated' "$(head -n 1 "$desk/out")"
judge "$other"
expect 'and that is final' authenticated "$(key verdict <"$desk/report")"
[ -n "$(judged)" ] || fail 'it was judged anew'
echo "asserted $asserted"
