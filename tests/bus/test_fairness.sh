#!/usr/bin/env bash
# test_fairness - 500 checks of one caller wait for silent DNS servers; another
# caller's check is answered all the same, long before them
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
desk_start "$desk" "$build"
good=$desk/world/mail/01-known.eml
port=$(sed -n 's/^forward = .*@//p' "$desk/config/mailseal/config")
gate=$((port + 13000))
python3 "$here/../lab/udp_gate.py" "$gate" "$port" &
gate_pid=$!
at_end kill "$gate_pid"
sed -i "s/^forward = .*/forward = 127.0.0.1@$gate/" \
	"$desk/config/mailseal/config"
printf 'From: X <x@silent.example>\nSubject: x\nDate: x\n\nx\n' >"$desk/silent"
mailseal check "$good" >/dev/null

: >"$desk/flood"
"$build/tests/bus/bus_flood" 500 "$desk/silent" >"$desk/flood" &
flood=$!
await grep -q sent "$desk/flood"
sleep 1
for _ in 1 2 3; do
	start=$(date +%s%N)
	judge "$good"
	end=$(date +%s%N)
	echo "another caller: $(((end - start) / 1000000)) ms, program and all"
	expect 'another caller' genuine "$(key verdict <"$desk/report")"
done
! has_ended "$flood" || fail 'the 500 checks were answered before'
wait "$flood"
contains 'all of them are answered' 'answered 500' "$(cat "$desk/flood")"
judge "$desk/silent"
expect 'never more than unverified' unverified "$(key verdict <"$desk/report")"
judge "$good"
expect 'afterwards' genuine "$(key verdict <"$desk/report")"
echo "asserted $asserted"
