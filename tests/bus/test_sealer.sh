#!/usr/bin/env bash
# test_sealer - trusted-sealer reaches the reader; whole chains are tested in
# tests/flow
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
export DESK_CONFIG='[incoming]
trusted-sealer = *.lists.example; sealer.example'
desk_start "$desk" "$build"

# seal DOMAIN: a chain of one set, of a key that nobody has
seal() {
	local hash=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=
	cat <<-END
	ARC-Seal: i=1; a=rsa-sha256; cv=none; d=$1; s=none; b=Pj8+Pz4/
	ARC-Message-Signature: i=1; a=rsa-sha256; d=$1; s=none; h=from; b=Pj8+Pz4/; bh=$hash
	ARC-Authentication-Results: i=1; $1; dmarc=pass header.from=bank.example
	END
	cat "$desk/world/mail/03-forged.eml"
}

seal sealer.example >"$desk/sealed"
judge "$desk/sealed"
expect verdict spoofed "$(key verdict <"$desk/report")"
expect 'a trusted sealer' fail "$(key arc.result <"$desk/report")"
expect sealer sealer.example "$(key arc.sealer <"$desk/report")"
contains 'its key' 'not in DNS' "$(key arc.reason <"$desk/report")"

seal a.lists.example >"$desk/sealed"
judge "$desk/sealed"
expect 'a pattern' fail "$(key arc.result <"$desk/report")"

seal lists.example >"$desk/sealed"
judge "$desk/sealed"
expect 'a stranger' none "$(key arc.result <"$desk/report")"
contains 'nobody trusts it' trusted-sealer "$(key arc.reason <"$desk/report")"
echo "$asserted assertions"
