#!/usr/bin/env bash
# test_unpad - no branch and no address depends on what a padding holds
#
# Bleichenbacher's attack needs a difference between right and wrong paddings.
# A clock shows one or does not, as the machine likes; valgrind shows each step
# that depends on the octets.
set -euo pipefail
# shellcheck source=tests/lab/needs.sh
. "$(dirname "$0")/../lab/needs.sh"
needs valgrind
program=$1
fail() {
	echo "FAIL: $1" >&2
	exit 1
}
[ -x "$program" ] || fail 'not built: valgrind came after cmake; run cmake again'
watched() { valgrind -q --error-exitcode=9 "$program" "$1"; }

for how in 0 1 2 3 4 5; do
	watched "$how" || fail "padding $how"
done
status=0
watched leak >/dev/null 2>&1 || status=$?
[ "$status" = 9 ] || fail 'valgrind does not see what depends on the octets'
