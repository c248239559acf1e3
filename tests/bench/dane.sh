#!/usr/bin/env bash
# dane.sh - how long the check of one server takes, beside the tools of others
#
#   tests/bench/dane.sh BUILD [TIMES]
#
# Whole commands, wall-clock milliseconds, median of TIMES (20) and the worst:
# mailseal dane (agent running; --json), ldns-dane, danetool, posttls-finger.
# cold: each time a zone that nobody asked about before; warm: the same server
# again.  In a network of its own; the others ask a validating unbound there.
# shellcheck disable=SC2154	# port_NAME: tls_desk.sh
if [ "${DANE_NETWORK:-}" != ours ]; then
	how=-rnm
	[ "$(id -u)" -ne 0 ] || how=-nm
	if ! unshare "$how" ip link set lo up 2>/dev/null; then
		echo 'skipped: no network of our own may be made here'
		exit 77
	fi
	DANE_NETWORK=ours exec unshare "$how" bash "$0" "$@"
fi
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
times=${2:-20}
# shellcheck source=tests/lab/desk.sh
. "$here/../lab/desk.sh"
# shellcheck source=tests/lab/tls_desk.sh
. "$here/../lab/tls_desk.sh"
PATH=$PATH:/usr/sbin:/sbin
desk=$(mktemp -d "${TMPDIR:-/tmp}/mailseal-bench.XXXXXX")
finish() {
	[ ! -s "$desk/unbound.pid" ] || kill "$(cat "$desk/unbound.pid")" || true
	desk_stop "$desk" >/dev/null 2>&1 || true
	tls_stop 2>/dev/null || true
	rm -rf "$desk"
}
trap finish EXIT
ip link set lo up

tls_start "$build" "$desk/tls" good=tls:fine:good
mkdir -p "$desk/world"
: >"$desk/world/aliases"
: >"$desk/world/carol.vcf"
zone_lines() {
	echo 'mail A 127.0.0.1'
	tlsa "$port_good" mail 3 1 1 good
}
for ((i = 0; i < 4 * times + 8; i++)); do
	zone_lines >"$desk/world/z$i"
	echo "z$i.lab=$desk/world/z$i"
done >"$desk/world/zones"
DESK_PORT=53 desk_start "$desk" "$build"
cat >"$desk/unbound.conf" <<END
server:
	interface: 127.0.0.2
	username: ""
	chroot: ""
	directory: "$desk"
	pidfile: "$desk/unbound.pid"
	use-syslog: no
	logfile: ""
	do-not-query-localhost: no
	trust-anchor-file: "$desk/lab/root.key"
	access-control: 127.0.0.0/8 allow
remote-control:
	control-enable: no
forward-zone:
	name: "."
	forward-addr: 127.0.0.1
END
# posttls-finger wants a configuration, whatever is in it.
mkdir "$desk/postfix"
echo 'compatibility_level = 3.6' >"$desk/postfix/main.cf"
export MAIL_CONFIG=$desk/postfix
have() { command -v "$1" >/dev/null; }
peers=no
if have unbound; then
	unbound -c "$desk/unbound.conf" 2>/dev/null
	printf 'nameserver 127.0.0.2\noptions trust-ad\n' >"$desk/resolv.conf"
	mount --bind "$desk/resolv.conf" /etc/resolv.conf
	mount --bind "$desk/lab/root.key" /usr/share/dns/root.key
	until drill @127.0.0.2 mail.z0.lab A 2>/dev/null |
		grep -q '127.0.0.1'; do
		sleep 0.05
	done
	peers=yes
fi
cd "$desk"

# A call that asks no server: what command, bus and agent cost by themselves.
run_nothing() { mailseal dane --json 'a.lab:1' >/dev/null || [ $? -lt 64 ] ||
	[ $? -eq 75 ]; }
# Each: HOST; takes the server or fails.
run_ours() { mailseal dane --json "$1:$port_good" >/dev/null; }
run_ldns() {
	ldns-dane -n -k "$desk/lab/root.key" -f "$SSL_CERT_FILE" verify "$1" \
		"$port_good" >/dev/null
}
run_danetool() {
	danetool --local-dns --check "$1" --port "$port_good" </dev/null \
		>/dev/null 2>&1
}
run_posttls() {
	posttls-finger -c -w -t5 -T5 -l dane-only -L summary \
		"[$1]:$port_good" 2>&1 | grep 'Verified' >/dev/null
}

# measure NAME HOST-PREFIX FIRST STEP: "median worst" in ms
measure() {
	local i start end
	for ((i = 0; i < times; i++)); do
		start=$EPOCHREALTIME
		if ! "run_$1" "mail.z$(($2 + i * $3)).lab"; then
			echo "$1 fails" >&2
			[ "$1" != ours ] || : >"$desk/broken"
			break
		fi
		end=$EPOCHREALTIME
		echo "$start $end"
	done | awk '{ print ($2 - $1) * 1000 }' | sort -n | awk '
		{ at[NR] = $1 }
		END { if (NR == 0) printf "%8s %8s", "-", "-"
		      else printf "%8.1f %8.1f", at[int((NR + 1) / 2)], at[NR] }'
}

start=$EPOCHREALTIME
run_ours mail.z0.lab
end=$EPOCHREALTIME
printf 'the first of all, agent and sender started for it: %.1f ms\n' \
	"$(awk -v a="$start" -v b="$end" 'BEGIN { print (b - a) * 1000 }')"
printf '%-15s %17s %17s\n' 'ms' 'cold med/worst' 'warm med/worst'
nth=0
for name in nothing ours ldns danetool posttls; do
	program=$name
	case $name in
	nothing) program='(no such name)' ;;
	ours) program=mailseal ;;
	ldns) program=ldns-dane ;;
	posttls) program=posttls-finger ;;
	esac
	if [ "$name" != ours ] && [ "$name" != nothing ] && { [ "$peers" = no ] || ! have "$program"; }
	then
		echo "$program or unbound is missing: skipped"
		continue
	fi
	printf '%-15s %s %s\n' "$program" \
		"$(measure "$name" $((1 + nth * times)) 1)" \
		"$(measure "$name" 0 0)"
	nth=$((nth + 1))
done
[ ! -e "$desk/broken" ]
