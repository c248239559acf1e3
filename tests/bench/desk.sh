#!/usr/bin/env bash
# desk.sh - watched folders: memory, a message's way to the screen, a crowd
#
#   tests/bench/desk.sh BUILD [FILES [ARRIVING [ROUNDS]]]
#
# BUILD: a build without sanitizers.  Goals: 10 MB more for 50,000 files,
# 200 ms from arrival to notification.  Memory is proportional (PSS).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
files=${2:-50000} arriving=${3:-1000} rounds=${4:-5}
# shellcheck source=tests/lab/needs.sh
. "$here/../lab/needs.sh"
needs Xvfb dunst dbus-monitor
# shellcheck source=tests/lab/desk.sh
. "$here/../lab/desk.sh"
desk=$(mktemp -d "${TMPDIR:-/tmp}/mailseal-bench.XXXXXX")
started=()
trap 'for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
	desk_stop "$desk" >/dev/null 2>&1 || true; rm -rf "$desk"' EXIT
box=$desk/box
mkdir -p "$box"/{cur,new,tmp}
until_true() {
	local tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ "$tries" -lt 6000 ] || { echo "never: $*" >&2; exit 1; }
		sleep 0.02
	done
}
Xvfb -displayfd 3 -noreset -nolisten tcp -screen 0 800x600x24 \
	3>"$desk/display" \
	2>/dev/null &
started+=($!)
until_true test -s "$desk/display"
DISPLAY=:$(cat "$desk/display")
export DISPLAY
DESK_CONFIG=$(printf '[incoming]\nwatch = %s\n' "$box")
export DESK_CONFIG
desk_start "$desk" "$build"
dunst -conf /etc/xdg/dunst/dunstrc >/dev/null 2>&1 &
started+=($!)
# A line for each message: kind, seconds, ..., member
dbus-monitor --session --profile >"$desk/seen" 2>/dev/null &
started+=($!)
forged=$desk/world/mail/03-forged.eml

members() { awk -v m="$1" '$NF == m {n++} END {print n + 0}' "$desk/seen"; }
at_least() { [ "$(members "$1")" -ge "$2" ]; }
# pss FRONT: of it and its roles, kB
pss() {
	local pid sum=0
	for pid in "$1" $(<"/proc/$1/task/$1/children"); do
		sum=$((sum + $(awk '/^Pss:/ {print $2}' \
			"/proc/$pid/smaps_rollup")))
	done
	echo "$sum"
}
idle() { mailseal status --json | grep -q '"busy": *false'; }
# agent_memory: of a new agent that has nothing to do
agent_memory() {
	local agent
	if agent=$(desk_agent "$desk" 2>/dev/null); then
		kill "$agent" 2>/dev/null || true
		await_end "$agent"
	fi
	mailseal check "$desk/world/mail/01-known.eml" >/dev/null || true
	until_true idle
	sleep 0.5
	pss "$(desk_agent "$desk")"
}

empty=$(agent_memory)
(cd "$box/cur" && seq -f '%.0f:2,S' "$files" | xargs touch)
sleep 2.1		# older than what a sweep looks at
touch "$desk/state/mailseal/watched"
full=$(agent_memory)

# deliver N: a message that is like no other; when, in seconds
deliver() {
	sed "s/^Subject: .*/Subject: number $1/" "$forged" >"$box/tmp/$1"
	date +%s.%N
	mv "$box/tmp/$1" "$box/new/$1"
}
last() { awk -v m="$1" '$NF == m {t = $2} END {print t}' "$desk/seen"; }
ms() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.0f", (b - a) * 1000}'; }
judged_ms=() shown_ms=()
deliver warm >/dev/null
until_true at_least Notify 1
for round in $(seq "$rounds"); do
	sleep 5.2	# the pace of one popup
	judged=$(members Judged) shown=$(members Notify)
	at=$(deliver "one-$round")
	until_true at_least Notify $((shown + 1))
	until_true at_least Judged $((judged + 1))
	judged_ms+=("$(ms "$at" "$(last Judged)")")
	shown_ms+=("$(ms "$at" "$(last Notify)")")
done

for n in $(seq "$arriving"); do
	sed "s/^Subject: .*/Subject: crowd $n/" "$forged" >"$box/tmp/c$n"
done
judged=$(members Judged) shown=$(members Notify)
at=$(date +%s.%N)
(cd "$box/tmp" && find . -name 'c*' -print0 | xargs -0 mv -t ../new)
until_true at_least Judged $((judged + arriving))
all=$(ms "$at" "$(last Judged)")
sleep 5.2
popups=$(($(members Notify) - shown))

middle() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }
most() { printf '%s\n' "$@" | sort -n | tail -n 1; }
printf '%-44s %8s %8s\n' '' middle most
printf '%-44s %8s %8s\n' 'arrival to judgement, ms' \
	"$(middle "${judged_ms[@]}")" "$(most "${judged_ms[@]}")"
printf '%-44s %8s %8s\n' 'arrival to notification, ms' \
	"$(middle "${shown_ms[@]}")" "$(most "${shown_ms[@]}")"
printf '%-44s %8s\n' "$arriving at once: all judged, ms" "$all"
printf '%-44s %8s\n' "$arriving at once: changes of the popup" "$popups"
printf '%-44s %8s\n' 'memory watching an empty folder, kB' "$empty"
printf '%-44s %8s\n' "memory watching $files files, kB" "$full"
printf '%-44s %8s\n' 'more, kB' $((full - empty))
[ "$popups" -le $((all / 5000 + 2)) ] ||
	{ echo 'too many popups' >&2; exit 1; }
if [ "$files" -ge 10000 ] && [ $((full - empty)) -ge 10240 ]; then
	echo 'too much memory' >&2
	exit 1
fi
