#!/usr/bin/env bash
# test_hostile_calls - every method called with what it cannot use, thousands
# of calls that nobody reads: all are answered, the agent stays as it was
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
export DESK_CONFIG="
[keys]
pinentry = $here/../lab/pinentry.sh
system-authorities = false"
desk_start "$desk" "$build"
good=$desk/world/mail/01-known.eml
judge "$good"
expect 'before' genuine "$(key verdict <"$desk/report")"
agent=$(desk_agent "$desk")
yes '!cancel' 2>/dev/null | head -n 5000 \
	>"$XDG_RUNTIME_DIR/pinentry.answers" || true
resident() {
	sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$1/status"
}
# Of the front and of its roles, which all run by then; whose cage shuts, they
# cannot be seen.
open_files() {
	local pid
	for pid in "$1" $(<"/proc/$1/task/$1/children"); do
		find "/proc/$pid/fd" -mindepth 1 -printf "$pid %l\n" \
			2>/dev/null || true
	done
}
mkdir "$desk/odd"
timeout 1000 "$build/tests/bus/bus_hostile" "$desk/odd" >"$desk/told" 2>&1 ||
	fail "bus_hostile: $(tail -n 20 "$desk/told")"
tail -n 1 "$desk/told"
contains 'all are answered' 'unanswered 0' "$(cat "$desk/told")"
sleep 2
first=$(resident "$agent") files=$(open_files "$agent" | wc -l)
for _ in 1 2 3; do
	timeout 300 "$build/tests/bus/bus_hostile" "$desk/odd" flood \
		>"$desk/told" 2>&1 || fail "a flood: $(cat "$desk/told")"
done
expect 'the same agent' "$agent" "$(desk_agent "$desk")"
grew=$(($(resident "$agent") - first))
echo "the front: $first kB, then $grew kB more"
[ "$grew" -lt 40000 ] || fail "the front grew by $grew kB"
# What the last callers left behind is let go of.
let_go() { [ $(($(open_files "$agent" | wc -l) - files)) -le 3 ]; }
comes_true let_go || fail "descriptors stay open, beyond $files:
	$(open_files "$agent" | sort | uniq -c)"
expect 'nothing waits' 'The queue is empty.' "$(mailseal queue list)"
judge "$good"
expect 'and it works' genuine "$(key verdict <"$desk/report")"
expect 'no role fell' 0 "$(grep -c 'ended\b.*signal' "$desk/agent.log" || true)"
echo "asserted $asserted"
