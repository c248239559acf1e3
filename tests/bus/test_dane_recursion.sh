#!/usr/bin/env bash
# test_dane_recursion - a DANE check by full recursion from the root, port 53
#
# In a network of its own, where the root servers' addresses are ours; skipped
# where such a network may not be made.
# shellcheck disable=SC2154	# port_NAME: tls_desk.sh
if [ "${DANE_NETWORK:-}" != ours ]; then
	if ! unshare -rnm ip link set lo up 2>/dev/null; then
		echo 'skipped: no network of our own may be made here'
		exit 77
	fi
	DANE_NETWORK=ours exec unshare -rnm bash "$0" "$@"
fi
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/tls_desk.sh
. "$here/../lab/tls_desk.sh"

# Where libunbound finds the root without being told (IANA's root hints).
roots='198.41.0.4 199.9.14.201 170.247.170.2 192.33.4.12 199.7.91.13
192.203.230.10 192.5.5.241 192.112.36.4 198.97.190.53 192.36.148.17
192.58.128.30 193.0.14.129 199.7.83.42 202.12.27.33'
ip link set lo up
for root in $roots; do
	ip addr add "$root/32" dev lo
done
tls_start "$build" "$desk/tls" good=tls:fine:good mismatch=tls:fine:self \
	bogus=tls:fine:good unsigned=tls:fine:good
mkdir -p "$desk/world"
: >"$desk/world/aliases"
: >"$desk/world/carol.vcf"
{
	echo 'mail A 127.0.0.1'
	tlsa "$port_good" mail 3 1 1 good
	tlsa "$port_mismatch" mail 3 1 1 good
} >"$desk/world/dane"
echo 'mail A 127.0.0.1' >"$desk/world/plain"
printf '%s\n' "dane.lab=$desk/world/dane" "!broken.lab=$desk/world/dane" \
	"-plain.lab=$desk/world/plain" >"$desk/world/zones"
LAB_ALSO=$roots DESK_PORT=53 desk_start "$desk" "$build"
cat >"$desk/config/mailseal/config" <<END
[dns]
mode = recursive
trust-anchor = $desk/lab/root.key
END

# ask RESULT REASON STATUS HOST:PORT
ask() {
	local status=0
	mailseal dane --json "$4" >"$desk/report" || status=$?
	expect "result of $4" "$1" "$(key result <"$desk/report")"
	expect "reason of $4" "$2" "$(key reason <"$desk/report")"
	expect "status of $4" "$3" "$status"
}
ask dane matched 0 "mail.dane.lab:$port_good"
ask refused mismatch 2 "mail.dane.lab:$port_mismatch"
ask unknown bogus 75 "mail.broken.lab:$port_bogus"
ask pkix unsigned 1 "mail.plain.lab:$port_unsigned"
ask refused no-host 2 "nobody.dane.lab:$port_good"
status=$(mailseal status)
contains 'by recursion' recursive "$status"
contains 'which validates' 'DNSSEC validation works' "$status"
tls_stop
echo "asserted $asserted"
