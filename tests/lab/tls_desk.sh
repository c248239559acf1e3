# shellcheck shell=bash
# tls_desk.sh - a desk with mail servers under DANE beside it
#
# To source after bus.sh.  tls_start starts tls_lab with the servers of the
# SPECs; tlsa prints zone lines; tls_tell obeys.  Ports are in $port_NAME.
# Whoever sources it calls tls_stop at the end (its end of input will do, too).

# tls_start BUILD DIR NAME=SPEC...
tls_start() {
	local name port line
	tls_dir=$2
	mkdir -p "$tls_dir"
	coproc TLS { exec "$1/tests/lab/tls_lab" "$tls_dir" "${@:3}"; }
	# The descriptors of a coprocess vanish with it; ours stay.
	exec {tls_out}<&"${TLS[0]}" {tls_in}>&"${TLS[1]}"
	read -r -t 60 -u "$tls_out" line
	[ "$line" = ready ] || return 1
	while read -r name port; do
		declare -g "port_$name=$port"
	done <"$tls_dir/ports"
	export SSL_CERT_FILE=$tls_dir/root.pem
}

# tls_tell COMMAND...: the answer's first line on standard output
tls_tell() {
	local line
	echo "$*" >&"$tls_in"
	read -r -t 60 -u "$tls_out" line
	echo "$line"
}

# tls_heard NAME: what clients sent so far, into $plain and $secret
# shellcheck disable=SC2034
tls_heard() {
	echo "heard $1" >&"$tls_in"
	IFS= read -r -t 60 -u "$tls_out" plain
	IFS= read -r -t 60 -u "$tls_out" secret
}

tls_stop() {
	echo quit >&"$tls_in"
	wait "$TLS_PID" 2>/dev/null || true
}

# tlsa PORT HOST USAGE SELECTOR MATCHING KIND: a zone line
tlsa() {
	printf '_%s._tcp.%s TLSA %s %s %s %s\n' "$1" "$2" "$3" "$4" "$5" \
		"$(awk -v k="$6" -v s="$4" -v m="$5" \
			'$1 == k && $2 == s && $3 == m { print $4 }' \
			"$tls_dir/tlsa")"
}
