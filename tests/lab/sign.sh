#!/usr/bin/env bash
# sign.sh - DKIM keys and signatures made with the openssl command, for samples
#
# Independent of the agent's own code: rsa-sha256 and ed25519-sha256,
# simple/simple (RFC 6376 section 3.4.1 and 3.4.3, RFC 8463).
#
#   sign.sh key rsa|ed25519 KEYFILE      makes a key, if there is none yet;
#				prints its TXT record
#   sign.sh sign KEYFILE DOMAIN SELECTOR MESSAGE   prints the signed message
#				SIGN_MORE: one more field that it covers
#   sign.sh crlf MESSAGE                 prints it with CRLF, unsigned
set -euo pipefail

key() {
	local public
	if [ "$1" = rsa ]; then
		[ -s "$2" ] || openssl genpkey -algorithm RSA -pkeyopt \
			rsa_keygen_bits:2048 -out "$2" 2>/dev/null
		public=$(openssl pkey -in "$2" -pubout -outform DER | base64 -w0)
		echo "v=DKIM1; k=rsa; p=$public"
	else
		[ -s "$2" ] || openssl genpkey -algorithm ED25519 -out "$2"
		public=$(openssl pkey -in "$2" -pubout -outform DER |
			tail -c 32 | base64 -w0)
		echo "v=DKIM1; k=ed25519; p=$public"
	fi
}

SIGN_MORE=${SIGN_MORE:-}

crlf() {
	sed -e 's/\r$//' -e 's/$/\r/' "$1"
}

# One header field of the message, CRLF at its end.
field() {
	crlf "$2" | sed '/^\r$/q' | grep -i -m1 "^$1:"
}

sign() {
	local key=$1 domain=$2 selector=$3 message=$4
	local work algorithm hash start value name
	work=$(mktemp -d)
	trap 'rm -rf "$work"' RETURN
	algorithm=rsa-sha256
	if openssl pkey -in "$key" -noout -text | grep -q ED25519; then
		algorithm=ed25519-sha256
	fi
	crlf "$message" | sed '1,/^\r$/d' >"$work/body"
	# Empty lines at the end do not count (RFC 6376 section 3.4.3).
	sed -e :a -e '/^\r\n*$/{$d;N;ba' -e '}' "$work/body" >"$work/canonical"
	[ -s "$work/canonical" ] || printf '\r\n' >"$work/canonical"
	hash=$(openssl dgst -sha256 -binary "$work/canonical" | base64 -w0)
	start="DKIM-Signature: v=1; a=$algorithm; c=simple/simple; d=$domain;"
	start="$start s=$selector; h=From:To:Subject:Date${SIGN_MORE:+:$SIGN_MORE}; bh=$hash; b="
	for name in From To Subject Date $SIGN_MORE; do
		field "$name" "$message"
	done >"$work/signed"
	printf '%s' "$start" >>"$work/signed"
	if [ "$algorithm" = rsa-sha256 ]; then
		openssl dgst -sha256 -sign "$key" -out "$work/b" "$work/signed"
	else
		openssl dgst -sha256 -binary "$work/signed" >"$work/digest"
		openssl pkeyutl -sign -inkey "$key" -rawin \
			-in "$work/digest" -out "$work/b"
	fi
	value=$(base64 -w0 "$work/b")
	printf '%s%s\r\n' "$start" "$value"
	crlf "$message"
}

case ${1:-} in
key|sign|crlf) "$@" ;;
*)
	echo "sign.sh: say key, sign or crlf; see its first lines" >&2
	exit 64 ;;
esac
