#!/usr/bin/env bash
# lab_zones.sh - a DNSSEC lab: an own root, signed and broken zones, nsd
#
#   lab_zones.sh start DIR PORT [MARK]ZONE=FILE ...
#   lab_zones.sh stop DIR
#
# FILE holds the zone's records (without SOA and NS).  MARK: "" signed,
# "-" unsigned, "!" tampered with after signing, "^" expired.  The root's trust
# anchor is DIR/root.key.  Exit status 0: the server answers on 127.0.0.1@PORT.
set -euo pipefail

head_of() {	# ZONE: SOA and NS
	printf '$%s %s\n' ORIGIN "$1" TTL 300
	printf '@ IN SOA ns.lab. root.lab. 1 3600 600 86400 60\n'
	printf '@ IN NS ns.lab.\n'
}

sign() {	# ZONE FILE OUT [expired]
	local key dates=()
	key=$(ldns-keygen -a ECDSAP256SHA256 -k "$1")
	if [ "${4:-}" = expired ]; then
		dates=(-i 20200101000000 -e 20200201000000)
	fi
	ldns-signzone "${dates[@]}" -o "$1" -f "$3" "$2" "$key"
	cat "$key.ds" >>delegations
	cp "$key.key" "last.key"
}

# What was signed is changed afterwards: the signatures stay.
tamper() {
	sed -i -E '/\tIN\tTXT\t/{/RRSIG/!s/"v=/"w=/}' "$1"
}

server() {	# PORT, zones on standard input
	local zone
	cat <<-END
	server:
	  ip-address: 127.0.0.1
	  port: $1
	  username: ""
	  chroot: ""
	  zonesdir: "$PWD"
	  xfrdfile: ""
	  database: ""
	  zonelistfile: "$PWD/zone.list"
	  pidfile: "$PWD/server.pid"
	  logfile: "$PWD/server.log"
	  server-count: 1
	  hide-version: yes
	  rrl-ratelimit: 0
	remote-control:
	  control-enable: no
	END
	while read -r zone; do
		printf 'zone:\n  name: "%s"\n  zonefile: "%s"\n' \
			"$zone" "$(file_of "$zone").signed"
	done
}

file_of() {
	if [ "$1" = . ]; then echo root; else echo "${1%.}"; fi
}

start() {
	local dir=$1 port=$2 spec mark zone file tries=0
	shift 2
	mkdir -p "$dir"
	cd "$dir"
	rm -f ./*.signed delegations zones K*
	: >delegations
	for spec in "$@"; do
		mark=${spec%%[a-z0-9]*}
		zone=${spec#"$mark"}
		file=${zone#*=}
		zone=${zone%%=*}.
		{ head_of "$zone"; cat "$file"; } >"${zone%.}"
		case $mark in
		-) cp "${zone%.}" "${zone%.}.signed" ;;
		'^') sign "$zone" "${zone%.}" "${zone%.}.signed" expired ;;
		*) sign "$zone" "${zone%.}" "${zone%.}.signed" ;;
		esac
		if [ "$mark" = '!' ]; then tamper "${zone%.}.signed"; fi
		printf '%s IN NS ns.lab.\n' "$zone" >>delegations
		echo "$zone" >>zones
	done
	{ head_of .; echo 'ns.lab. IN A 127.0.0.1'; cat delegations; } >root
	sign . root root.signed
	mv last.key root.key
	echo . >>zones
	server "$port" <zones >nsd.conf
	PATH=$PATH:/usr/sbin nsd -c nsd.conf
	until drill -p "$port" @127.0.0.1 . SOA 2>/dev/null |
		grep -q 'flags: qr aa'; do
		tries=$((tries + 1))
		if [ "$tries" -ge 100 ]; then
			echo "lab_zones.sh: no answer on port $port; see" \
				"$dir/server.log" >&2
			return 1
		fi
		sleep 0.02
	done
}

stop() {
	if [ -s "$1/server.pid" ]; then
		kill "$(cat "$1/server.pid")" 2>/dev/null || true
	fi
}

case ${1:-} in
start|stop) "$@" ;;
*) echo "lab_zones.sh: say start or stop; see its first lines" >&2; exit 64 ;;
esac
