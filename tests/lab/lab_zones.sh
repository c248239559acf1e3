#!/usr/bin/env bash
# lab_zones.sh - a small signed DNS on 127.0.0.1, with a root of its own
#
#   lab_zones.sh start DIR PORT [MARK]ZONE=FILE...
#   lab_zones.sh stop DIR
#
# Every zone is delegated from the nearest zone above it, the root if there is
# none; FILE holds records for it in zone file form (owner names relative to
# the zone, without SOA and NS).  MARK:
#   (none) signed     - not signed and no DS     ! data changed after signing
#   ^ signatures of the past
# Zones that are there anyway: lab, secure.lab, insecure.lab, bogus.lab and
# expired.lab, and each DIR/zones.d/ZONE.zone (a FILE).
# Makes DIR/root.key (the trust anchor), DIR/server.pid and DIR/server.log;
# status 0 once the server answers.  Needs nsd and ldnsutils.
# LAB_ALSO: addresses to listen on as well (in a network of one's own).
# No names under test, localhost, invalid, onion: libunbound answers those.
set -euo pipefail
PATH=$PATH:/usr/sbin
# shellcheck source=tests/lab/ends.sh
. "$(dirname "$0")/ends.sh"
# shellcheck source=tests/lab/wait.sh
. "$(dirname "$0")/wait.sh"
PATIENCE=20	# with a port that another may have

say() { echo "lab_zones.sh: $*" >&2; }

stop() {
	local dir=$1 pid
	[ -s "$dir/server.pid" ] || return 0
	pid=$(cat "$dir/server.pid")
	rm -f "$dir/server.pid"
	# Only the server that was started here, whatever has that number now.
	if ! tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null |
		grep -qF "$dir/nsd.conf"; then
		return 0
	fi
	kill "$pid" 2>/dev/null || return 0
	await_end "$pid" 5 || kill -9 "$pid" 2>/dev/null || true
}

days() { date -u -d "$1 days" +%Y%m%d%H%M%S; }

# top ZONE: its first records
top() {
	printf "\$ORIGIN %s\n\$TTL 300\n" "$1"
	printf '@ SOA ns.lab. host.lab. 1 3600 600 86400 60\n@ NS ns.lab.\n'
}

# put FILE: as cat, but no process: a lab would start a hundred
put() {
	local text
	text=$(<"$1")
	printf '%s\n' "$text"
}

# key FILE ZONE: one key that signs everything (flag 257); FILE.ds, FILE.key
key() {
	local base end
	base=$(ldns-keygen -a ECDSAP256SHA256 -k "$2" 2>/dev/null)
	for end in key private ds; do
		put "$base.$end" >"$1.$end"
	done
}

# sign FILE ZONE FROM TO: FILE.zone to FILE.signed
sign() {
	ldns-signzone -i "$3" -e "$4" -o "$2" -f "$1.signed" "$1.zone" "$1"
}

# tamper FILE: another first letter in every signature but those of the keys
# and of what proves that something is not there.
tamper() {
	awk '$4 == "RRSIG" && $5 !~ /^(DNSKEY|SOA|NSEC)$/ {
		for (i = 1; i <= NF; i++)
			if ($i ~ /^[A-Za-z0-9+\/]+=*$/ && length($i) > 60)
				$i = (substr($i, 1, 1) == "A" ? "B" : "A") \
					substr($i, 2)
	} { print }' "$1.signed" >"$1.changed"
	mv "$1.changed" "$1.signed"
}

# finish MARK ZONE: FILE.zone is complete; runs beside its like
finish() {
	local base=z/$2 zone=$2.
	[ "$2" != root ] || zone=.
	case $1 in
	-)	cp "$base.zone" "$base.signed" ;;
	^)	sign "$base" "$zone" "$long_ago" "$past" ;;
	!)	sign "$base" "$zone" "$before" "$after"
		tamper "$base" ;;
	*)	sign "$base" "$zone" "$before" "$after" ;;
	esac
}

# The records of each of the four zones that are there anyway.
samples() {
	cat <<-'END'
	@ TXT "v=spf1 -all"
	@ MX 10 mail
	mail A 192.0.2.1
	mail AAAA 2001:db8::1
	text TXT "one " "two"
	deep.empty TXT "an empty non-terminal is above"
	alias CNAME text
	out CNAME text.insecure.lab.
	broken CNAME text.bogus.lab.
	loop1 CNAME loop2
	loop2 CNAME loop1
	short 1 TXT "a second"
	END
	printf 'long TXT'
	printf ' "%0250d"' 1 2 3 4 5 6 7 8 9 10 11 12
	printf '\n'
}

# above ZONE: the nearest zone above it, of those in marks
above() {
	local zone=$1
	while [ "$zone" != "${zone#*.}" ]; do
		zone=${zone#*.}
		if [ -n "${marks[$zone]+there}" ]; then
			echo "$zone"
			return
		fi
	done
	echo root
}

# delegate ZONE: NS, and DS when there is a key
delegate() {
	echo "$1. NS ns.lab."
	if [ -s "z/$1.ds" ]; then
		put "z/$1.ds"
	fi
}

# wait_all JOB...: fails when one of them did
wait_all() {
	local job
	for job in "$@"; do
		wait "$job"
	done
}

configure() {
	local port=$1 zone name address
	shift
	echo 'server:'
	for address in 127.0.0.1 ${LAB_ALSO:-}; do
		printf '\tip-address: %s@%s\n' "$address" "$port"
	done
	cat <<-END
		username: ""
		chroot: ""
		zonesdir: "$PWD"
		pidfile: "$PWD/server.pid"
		logfile: "$PWD/server.log"
		database: ""
		xfrdfile: ""
		xfrdir: "$PWD"
		zonelistfile: "$PWD/zone.list"
		server-count: 1
		hide-version: yes
		rrl-ratelimit: 0
	remote-control:
		control-enable: no
	END
	for zone in "$@"; do
		name=$zone
		[ "$zone" != root ] || name=.
		printf 'zone:\n\tname: "%s"\n\tzonefile: "z/%s.signed"\n' \
			"$name" "$zone"
	done
}

# The root's key is this lab's own: no other server answers with it.
answers() {
	[ -s server.pid ] && drill -p "$1" @127.0.0.1 . DNSKEY 2>/dev/null |
		grep -qF "$(awk '{ print $NF; exit }' z/root.public)"
}

start() {
	local dir=$1 port=$2 spec zone file
	local before after long_ago past
	local -a jobs=() given=()
	local -A marks=([root]='' [lab]='')
	shift 2
	mkdir -p "$dir"
	dir=$(cd "$dir" && pwd)
	stop "$dir"
	for spec in "$@"; do
		file=${spec#*=}
		[ "$file" != "${file#/}" ] || file=$PWD/$file
		given+=("${spec%%=*}=$file")
	done
	cd "$dir"
	for file in zones.d/*.zone; do
		[ -e "$file" ] || continue
		zone=${file#zones.d/}
		given+=("${zone%.zone}=$file")
	done
	rm -rf z root.key server.log zone.list
	mkdir z
	before=$(days -1) after=$(days 30)
	long_ago=$(days -40) past=$(days -10)

	samples >z/samples
	for spec in secure.lab -insecure.lab '!bogus.lab' ^expired.lab; do
		given+=("$spec=z/samples")
	done
	top . >z/root.zone
	echo 'ns.lab. A 127.0.0.1' >>z/root.zone
	top lab. >z/lab.zone
	echo 'ns A 127.0.0.1' >>z/lab.zone
	for spec in "${given[@]}"; do
		zone=${spec%%=*} file=${spec#*=}
		case $zone in
		[-!^]*)	marks[${zone:1}]=${zone:0:1} zone=${zone:1} ;;
		*)	marks[$zone]='' ;;
		esac
		top "$zone." >"z/$zone.zone"
		put "$file" >>"z/$zone.zone"
	done
	for zone in "${!marks[@]}"; do
		[ "${marks[$zone]}" != - ] || continue
		if [ "$zone" = root ]; then
			key z/root . &
		else
			key "z/$zone" "$zone." &
		fi
		jobs+=($!)
	done
	wait_all "${jobs[@]}"
	sed 's/[ \t]*;.*//' z/root.key >z/root.public

	for zone in "${!marks[@]}"; do
		[ "$zone" != root ] || continue
		delegate "$zone" >>"z/$(above "$zone").zone"
	done
	jobs=()
	for zone in "${!marks[@]}"; do
		finish "${marks[$zone]}" "$zone" &
		jobs+=($!)
	done
	wait_all "${jobs[@]}"
	cp z/root.ds root.key

	configure "$port" "${!marks[@]}" >nsd.conf
	if ! nsd -c "$PWD/nsd.conf"; then
		say "the server does not start; see $dir/server.log"
		return 1
	fi
	comes_true answers "$port" || {
		say "no answer on port $port; see $dir/server.log"
		stop "$dir"
		return 1
	}
}

case ${1:-} in
start)
	[ $# -ge 3 ] || { say 'start DIR PORT [MARK]ZONE=FILE...'; exit 64; }
	shift
	start "$@" ;;
stop)
	[ $# -eq 2 ] || { say 'stop DIR'; exit 64; }
	dir=$(cd "$2" 2>/dev/null && pwd) || exit 0
	stop "$dir" ;;
*)
	say 'say start or stop; see its first lines'
	exit 64 ;;
esac
