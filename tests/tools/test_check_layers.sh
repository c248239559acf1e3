#!/usr/bin/env bash
# test_check_layers.sh - a wrong include fails the build
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
tree=$(mktemp -d "${TMPDIR:-/tmp}/mailseal-layers.XXXXXX")
trap 'rm -rf "$tree"' EXIT
failed=0

# expect OK|REFUSED FILE INCLUDE: what check-layers says of that line in FILE
expect() {
	local wanted=$1 file=$2 include=$3 got=OK
	rm -rf "${tree:?}"/*
	mkdir -p "$tree/$(dirname "$file")"
	printf '/* x */\n#include %s\n' "$include" >"$tree/$file"
	"$top/tools/check-layers" "$tree" >"$tree.out" 2>&1 || got=REFUSED
	if [ "$got" = REFUSED ] && ! grep -q "^$file:2: " "$tree.out"; then
		got='REFUSED without naming the line'
	fi
	rm -f "$tree.out"
	if [ "$got" != "$wanted" ]; then
		echo "$file: #include $include: $got, not $wanted"
		failed=1
	fi
}

expect OK agent/auth/dkim.c '"agent/dns/dns.h"'
expect OK agent/auth/dkim.c '"agent/auth/dkim.h"'
expect OK agent/auth/dkim.c '<openssl/evp.h>'
expect OK agent/main.c '"agent/roles/roles.h"'
expect OK plugins/cli/check.c '"proto/mailseal.h"'
# up a floor
expect REFUSED agent/base/buf.c '"agent/mail/message.h"'
expect REFUSED agent/verdict/verdict.c '"agent/auth/dkim.h"'
expect REFUSED agent/flow/check.c '"agent/bus/service.h"'
# sideways
expect REFUSED agent/auth/spf.c '"agent/contacts/contacts.h"'
expect REFUSED agent/contacts/parse.c '"agent/dane/tlsa.h"'
# a client that knows the agent from inside
expect REFUSED plugins/cli/check.c '"agent/base/buf.h"'
expect REFUSED proto/client.c '"agent/bus/service.h"'
# a foreign library outside its folder
expect REFUSED agent/mail/address.c '<openssl/evp.h>'
expect REFUSED agent/flow/check.c '<unbound.h>'
expect REFUSED agent/roles/front/front.c '<dbus/dbus.h>'
# a path that hides where it leads, a folder without a floor
expect REFUSED agent/auth/spf.c '"../flow/check.h"'
expect REFUSED agent/auth/spf.c '"check.h"'
expect REFUSED agent/attic/x.c '"agent/base/buf.h"'

# And the tree itself is in order.
"$top/tools/check-layers"
exit "$failed"
