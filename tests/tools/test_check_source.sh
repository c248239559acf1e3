#!/usr/bin/env bash
# test_check_source.sh - forbidden words and shapes are found
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
tree=$(mktemp -d "${TMPDIR:-/tmp}/mailseal-source.XXXXXX")
trap 'rm -rf "$tree"' EXIT
failed=0
mkdir -p "$tree/agent/base"

# expect OK|REFUSED TEXT: what check-source says of a file with that line
expect() {
	local wanted=$1 got=OK
	printf '/* x.c - a file for a test */\n%b\n' "$2" \
		>"$tree/agent/base/x.c"
	"$top/tools/check-source" "$tree" >/dev/null 2>&1 || got=REFUSED
	if [ "$got" != "$wanted" ]; then
		echo "\"$2\": $got, not $wanted"
		failed=1
	fi
}

expect OK 'int x;'
expect REFUSED 'void f(char *a) { strcpy(a, "x"); }'
expect REFUSED 'void f(char *a) { sprintf(a, "x"); }'
expect REFUSED 'int f(const char *a) { return atoi(a); }'
expect REFUSED 'int x; // a comment of another house'
expect REFUSED 'int x; '
expect REFUSED "$(printf 'int %085d;' 0 | tr 0 x)"
printf 'int x;\n' >"$tree/agent/base/x.c"
if "$top/tools/check-source" "$tree" >/dev/null 2>&1; then
	echo "a file without its head comment was taken"
	failed=1
fi
exit "$failed"
