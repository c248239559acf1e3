#!/usr/bin/env bash
# test_readme - the example on README's first screen is what the program prints,
# but for where lines are broken
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
desk_start "$desk" "$build"

sed -n '/<!-- example: begin -->/,/<!-- example: end -->/p' \
	"$here/../../README.md" | sed '/^<!--/d; /^```/d' >"$desk/wanted"
[ "$(head -n 1 "$desk/wanted")" = '$ mailseal check *.eml' ] ||
	fail "README.md has no example that begins '\$ mailseal check *.eml'"
mkdir "$desk/example"
cp "$desk/world/mail/"0[123]-*.eml "$desk/example"
cd "$desk/example"
{
	echo '$ mailseal check *.eml'
	mailseal check ./*.eml || true
} | sed 's,\./,,' >"$desk/got"
words() { tr -s '[:space:]' '[\n*]' <"$1"; }
diff -u <(words "$desk/wanted") <(words "$desk/got") ||
	fail "README.md shows something else than the program prints"
