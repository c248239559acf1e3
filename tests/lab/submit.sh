# shellcheck shell=bash
# submit.sh - submission servers for a desk, with signed TLSA records
#
# To source, behind desk.sh.  submit_desk DIR makes a key, a certificate for
# smtp.mail.lab, and starts smtp_desk.py (its folder is DIR/smtp, its port
# $smtp_port); the zone mail.lab goes to LAB/zones.d, so call it before
# desk_start.  submit_stop DIR ends it.
submit_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# submit_key DIR: DIR/cert.pem, DIR/key.pem; $submit_tlsa is their "3 1 1"
submit_key() {
	mkdir -p "$1"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$1/key.pem" -out "$1/cert.pem" -days 30 \
		-subj /CN=smtp.mail.lab -addext \
		subjectAltName=DNS:smtp.mail.lab 2>/dev/null
	submit_tlsa=$(openssl x509 -in "$1/cert.pem" -pubkey -noout |
		openssl pkey -pubin -outform DER | openssl dgst -sha256 -r |
		cut -d ' ' -f 1)
}

# submit_zone LAB PORT...: the zone mail.lab with records for these ports
submit_zone() {
	local lab=$1 port
	shift
	mkdir -p "$lab/zones.d"
	{
		echo 'smtp A 127.0.0.1'
		for port in "$@"; do
			echo "_$port._tcp.smtp TLSA 3 1 1 $submit_tlsa"
		done
	} >"$lab/zones.d/mail.lab.zone"
}

# submit_server DIR KIND [CERTDIR]: smtp_desk.py in DIR; $smtp_port
submit_server() {
	local dir=$1
	mkdir -p "$dir"
	rm -f "$dir/port"
	python3 "$submit_here/smtp_desk.py" "$dir" "${3:-$dir}/cert.pem" \
		"${3:-$dir}/key.pem" "$2" 2>"$dir/errors" &
	echo $! >"$dir/pid"
	comes_true test -s "$dir/port" || return 1
	# shellcheck disable=SC2034
	smtp_port=$(cat "$dir/port")
}

# submit_pair DIR: two servers by one name: DIR/good (TLS) has the key of the
# record, DIR/bad (STARTTLS) another; $good and $bad are their ports.  Neither
# has a certificate that an authority signed.
submit_pair() {
	local record
	submit_key "$1/good"
	record=$submit_tlsa
	submit_key "$1/bad"
	submit_tlsa=$record
	submit_server "$1/good" tls
	good=$smtp_port
	submit_server "$1/bad" starttls
	bad=$smtp_port
	submit_zone "$1/lab" "$good" "$bad"
}

submit_stop() {
	if [ -s "$1/pid" ]; then
		terminate "$(cat "$1/pid")"
		wait "$(cat "$1/pid")" 2>/dev/null || true
		rm -f "$1/pid"
	fi
}

# submit_account NAME URL [LINE...]: a section for the configuration
submit_account() {
	printf '[account %s]\naddress = alice@mail.lab\nserver = %s\n' \
		"$1" "$2"
	printf 'user = alice\nsign = none\nencrypt = never\n'
	shift 2
	[ $# -eq 0 ] || printf '%s\n' "$@"
}
