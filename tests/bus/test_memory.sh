#!/usr/bin/env bash
# test_memory - judged once: a later look is the stored judgement, whatever DNS
# says by then; forgotten, it is judged with the archived key or not at all
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
DESK_CONFIG='[incoming]
keep = 1y' desk_start "$desk" "$build"
mail=$desk/world/mail
store=$desk/state/mailseal/store.db

# kept WHAT WANTED: the verdict, and that it is one of before
kept() {
	expect "$1 verdict" "$2" "$(key verdict <"$desk/report")"
	[ -n "$(key judged <"$desk/report")" ] || fail "$1: judged anew"
	asserted=$((asserted + 1))
}
fresh() {
	expect "$1 verdict" "$2" "$(key verdict <"$desk/report")"
	expect "$1 is fresh" '' "$(key judged <"$desk/report")"
}
# rezone NAME: the lab anew, with what $desk/world/NAME.records says now
rezone() {
	local -a zones
	mapfile -t zones <"$desk/world/zones"
	"$here/../lab/lab_zones.sh" stop "$desk/lab"
	"$here/../lab/lab_zones.sh" start "$desk/lab" "$port" "${zones[@]}"
}
port=$(sed -n 's/^forward = .*@//p' "$desk/config/mailseal/config")
# restart SIGNAL: ends the agent; the bus starts another one when asked
restart() {
	local agent
	agent=$(desk_agent "$desk")
	kill "$1" "$agent"
	await_end "$agent"
}

judge "$mail/01-known.eml"
fresh 'the first look' genuine
id=$(key id <"$desk/report")
judge "$mail/01-known.eml"
kept 'the second look' genuine
expect 'the same id' "$id" "$(key id <"$desk/report")"
expect 'the evidence' example.org "$(key dkim.0.domain <"$desk/report")"
judge "$mail/01-known.eml" --again
fresh 'looked at again' genuine
judge "$mail/03-forged.eml"
fresh forged spoofed

# The same signature over another text, of a message that the user has.
sed 's/this is a sample/send me money/' "$mail/01-known.eml" >"$desk/replay.eml"
judge "$desk/replay.eml"
fresh 'a replay' spoofed
sed 's/this is a sample/send me money/' "$mail/02-unknown.eml" \
	>"$desk/altered.eml"
judge "$desk/altered.eml"
fresh 'altered, never seen before' suspicious
mailseal forget "$(key id <"$desk/report")" >"$desk/out"

# The key is withdrawn from the zone.
sed -i '/_domainkey/d' "$desk/world/example.org.records"
restart -TERM
rezone
judge "$mail/01-known.eml"
kept 'without a key' genuine
contains 'still shown' 'Alice Harper' "$(key shown_from <"$desk/report")"
contains 'on the terminal' genuine "$(mailseal check "$mail/01-known.eml")"
contains 'with its time' "Judged $(date +%Y)-" \
	"$(mailseal check "$mail/01-known.eml")"
judge "$mail/01-known.eml" --again
fresh 'with the archived key' genuine
contains 'and it says so' key-archived "$(cat "$desk/report")"
expect forget 'forgotten: 1' "$(mailseal forget "$id")"
expect 'nothing is left' 'forgotten: 0' "$(mailseal forget "$id")"
judge "$mail/01-known.eml"
fresh 'forgotten, not so its key' genuine
contains 'and it says so' key-archived "$(cat "$desk/report")"
sleep 1.1
mailseal forget --older 0 >"$desk/out"
judge "$mail/01-known.eml"
fresh 'all forgotten' spoofed
contains 'the key is not there' key-unavailable "$(cat "$desk/report")"
judge "$mail/03-forged.eml"

# The contacts of today count.
judge "$mail/02-unknown.eml"
fresh 'a stranger' authenticated
printf 'alias shop The Shop <orders@shop.example>\n' >>"$desk/world/aliases"
known() {
	judge "$mail/02-unknown.eml"
	[ "$(key verdict <"$desk/report")" = genuine ]
}
await known
kept 'a new contact' genuine

# Found by the Message-ID, the worst first.
name=$(sed -n 's/^Message-ID: <\(.*\)>\r$/\1/p' "$mail/02-unknown.eml")
expect find genuine "$(mailseal find --json "$name" | key verdict)"
{ printf 'Message-ID: <%s>\r\n' "$name"; cat "$mail/03-forged.eml"; } \
	>"$desk/same.eml"
judge "$desk/same.eml"
fresh 'another with that name' spoofed
status=0
mailseal find --json "<$name>" >"$desk/report" || status=$?
expect 'both are found' 2 "$(wc -l <"$desk/report")"
expect 'the worst first' spoofed "$(key verdict <"$desk/report")"
expect 'its status' 1 "$status"
status=0
mailseal find nothing@nowhere.example 2>"$desk/err" || status=$?
expect 'not found' 66 "$status"

# Forgetting.
expect 'an address' 'forgotten: 2' \
	"$(mailseal forget Service@BANK.example)"
status=0
mailseal forget nonsense 2>"$desk/err" || status=$?
expect 'nonsense' 64 "$status"
contains 'what may be forgotten' 'an address' "$(cat "$desk/err")"
expect 'nothing is old' 'forgotten: 0' "$(mailseal forget --older 1d)"
sleep 1.1
count=$(mailseal status --json | key Store.judgements)
[ "$count" -ge 2 ] || fail "only $count are left"
mailseal forget --older 0 >"$desk/out"
expect 'everything' 0 "$(mailseal status --json | key Store.judgements)"

# kill -9 leaves a store that opens; a damaged one is set aside.
judge "$mail/02-unknown.eml"
judge "$mail/04-name-of-another.eml"
sleep 0.5
restart -KILL
judge "$mail/04-name-of-another.eml"
kept 'after a kill' suspicious
restart -TERM
printf 'XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX' |
	dd of="$store" bs=1 conv=notrunc status=none
judge "$mail/04-name-of-another.eml"
fresh 'after damage' suspicious
[ -e "$store.damaged" ] || fail 'it was not set aside'
contains 'the log tells' 'was damaged' "$(cat "$desk/agent.log")"
judge "$mail/04-name-of-another.eml"
kept 'in the new one' suspicious
contains 'its field' X-Mailseal- "$(mailseal status --json | key Store.field)"
echo "asserted $asserted"
