#!/usr/bin/env bash
# bus.sh - bus_verify against an agent of its own, with the lab's zones
#
#   tests/bench/bus.sh BUILD [COUNT]    BUILD: a build without sanitizers
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
count=${2:-2000}
# shellcheck source=tests/lab/desk.sh
. "$here/../lab/desk.sh"
desk=$(mktemp -d "${TMPDIR:-/tmp}/mailseal-bench.XXXXXX")
trap 'desk_stop "$desk" >/dev/null 2>&1 || true; rm -rf "$desk"' EXIT
desk_start "$desk" "$build"
mailseal check "$desk/world/mail/01-known.eml" >/dev/null
"$build/tests/bench/bench_bus_verify" "$desk/world/mail/01-known.eml" "$count"
