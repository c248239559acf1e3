# shellcheck shell=bash
# wait.sh - waits for what comes true, long enough for a slow machine
#
# To source.  $PATIENCE is how many seconds anything may take.  What must be
# fast has a limit of its own, where it is tested.
export PATIENCE=${PATIENCE:-150}

# comes_true COMMAND...: until it succeeds; fails when it never does
comes_true() {
	local end=$((SECONDS + PATIENCE)) turns=0
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep "0.0$((turns++ < 20 ? 3 : 9))"
	done
}

# await COMMAND...: the same, and the test fails with it
await() {
	comes_true "$@" || fail "never: $*"
}
