# shellcheck shell=bash
# bus.sh - what the bus tests share: a desk, and words to assert with
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034
build=$(cd "$1" && pwd)
# shellcheck source=tests/lab/desk.sh
. "$here/../lab/desk.sh"
# shellcheck source=tests/lab/needs.sh
. "$here/../lab/needs.sh"
desk=$(mktemp -d "${TMPDIR:-/tmp}/mailseal-test.XXXXXX")
at_end desk_end "$desk"
asserted=0

fail() {
	echo "FAIL: $*" >&2
	grep -v dbus-daemon "$desk/agent.log" >&2 || true
	exit 1
}

# expect WHAT WANTED GOT
expect() {
	asserted=$((asserted + 1))
	[ "$2" = "$3" ] || fail "$1: wanted \"$2\", got \"$3\""
}

# contains WHAT PART WHOLE
contains() {
	asserted=$((asserted + 1))
	case $3 in
	*"$2"*) ;;
	*) fail "$1: \"$2\" is not in \"$3\"" ;;
	esac
}

# key KEYPATH: of the JSON line on standard input; lists by number
key() {
	python3 -IS -c '
import json, sys
at = json.loads(sys.stdin.readline())
for word in sys.argv[1].split("."):
    try:
        at = at[int(word)] if isinstance(at, list) else at.get(word)
    except IndexError:
        at = None
    if at is None:
        break
print("" if at is None else str(at).lower() if isinstance(at, bool) else at)
' "$1"
}

# judge FILE [OPTION...]: the report into $desk/report, the status in $status
judge() {
	status=0
	mailseal check --json "${@:2}" "$1" >"$desk/report" \
		2>"$desk/err" || status=$?
	[ "$status" -lt 126 ] || fail "mailseal ended with $status"
}

# role NAME: its process
role() {
	local agent pid
	agent=$(desk_agent "$desk")
	for pid in $(<"/proc/$agent/task/$agent/children"); do
		if tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q "role=$1"; then
			echo "$pid"
		fi
	done
}
