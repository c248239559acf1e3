#!/usr/bin/env bash
# test_quickstart - what tools/quickstart shows of sealing
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/seal_show.sh
. "$here/../lab/seal_show.sh"
mkdir "$desk/world"
"$here/../lab/samples.sh" "$desk/world"
seal_show_world "$desk"
export DESK_CONFIG="
[keys]
pinentry = $here/../lab/pinentry.sh"
desk_start "$desk" "$build"
status=0
seal_show "$desk" >"$desk/shown" 2>&1 || status=$?
expect "status of the show ($(cat "$desk/shown"))" 0 "$status"
shown=$(cat "$desk/shown")
contains 'a key' 'robin@home.example' "$shown"
contains 'for whom' 'dave@plain.example, robin@home.example (S/MIME)' "$shown"
contains 'openssl opens it' 'CMS Verification successful' "$shown"
contains 'what Dave reads' '  Subject: The plan' "$shown"
expect 'what both read' 2 "$(grep -c '^  Meet me at noon' "$desk/shown")"
contains 'the change is told' 'changed on the way' "$shown"
contains 'nothing comes out' 'exit status 1, and 0 bytes came out' "$shown"
contains 'tools/quickstart shows it' "seal_show \"\$desk\"" \
	"$(cat "$here/../../tools/quickstart")"
echo "asserted $asserted"
