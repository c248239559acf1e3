# shellcheck shell=bash
# interop.sh - what the tests with other programs share: a PKI, sample mails,
# words to assert with
#
# Makes $dir with ca.pem and, for each NAME in rsa p256 p384 other, NAME.pem
# and NAME.key of NAME@example.org; and sample messages under $dir/mail.
set -euo pipefail
# shellcheck source=tests/lab/needs.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lab/needs.sh"
# shellcheck disable=SC2034
tool=$1
dir=$(mktemp -d "${TMPDIR:-/tmp}/mailseal-interop.XXXXXX")
trap 'rm -rf "$dir"' EXIT
asserted=0

fail() {
	echo "FAIL: $*" >&2
	tail -n 8 "$dir/log" "$dir/report" >&2 2>/dev/null || true
	exit 1
}

# quiet COMMAND...: its words go to the log; what it fails with counts
quiet() {
	"$@" >>"$dir/log" 2>&1
}

# expect WHAT WANTED GOT
expect() {
	asserted=$((asserted + 1))
	[ "$2" = "$3" ] || fail "$1: wanted \"$2\", got \"$3\""
}

# word PATH: of the last report
word() {
	sed -n "s/^$1 //p" "$dir/report"
}

pki() {
	cat >"$dir/ext" <<-'END'
	[ee]
	basicConstraints = critical, CA:FALSE
	keyUsage = critical, digitalSignature, keyEncipherment, keyAgreement
	extendedKeyUsage = emailProtection
	subjectAltName = email:${ENV::MAIL}
	subjectKeyIdentifier = hash
	authorityKeyIdentifier = keyid
	END
	quiet openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -sha256 \
		-keyout "$dir/ca.key" -out "$dir/ca.pem" -subj '/CN=Test CA' \
		-addext basicConstraints=critical,CA:TRUE \
		-addext keyUsage=critical,keyCertSign,cRLSign
	person rsa RSA rsa_keygen_bits:2048
	person other RSA rsa_keygen_bits:3072
	person p256 EC ec_paramgen_curve:P-256
	person p384 EC ec_paramgen_curve:P-384
}

# person NAME ALGORITHM OPTION
person() {
	quiet openssl genpkey -quiet -algorithm "$2" -pkeyopt "$3" \
		-out "$dir/$1.key"
	quiet openssl req -new -key "$dir/$1.key" -subj "/CN=$1" \
		-out "$dir/$1.csr"
	MAIL=$1@example.org quiet openssl x509 -req -in "$dir/$1.csr" \
		-CA "$dir/ca.pem" -CAkey "$dir/ca.key" -CAcreateserial \
		-days 3650 -sha256 -extfile "$dir/ext" -extensions ee \
		-out "$dir/$1.pem"
}

# samples AUTHOR: messages from that person, CRLF
samples() {
	local head="From: $1@example.org
To: rsa@example.org
Subject: a test
Date: Thu, 1 Jan 2026 00:00:00 +0000
Message-ID: <1@example.org>
MIME-Version: 1.0"
	mkdir -p "$dir/mail"
	{
		echo "$head"
		printf '\nHello, Bob.\n'
	} >"$dir/mail/plain"
	{
		echo "$head"
		printf 'Content-Type: text/plain; charset=utf-8\n'
		printf 'Content-Transfer-Encoding: 8bit\n\n'
		printf 'Gr\303\274\303\237e \n-- \nFrom here\n.\n'
	} >"$dir/mail/8bit"
	{
		echo "$head"
		printf 'Content-Type: text/plain\n\n'
	} >"$dir/mail/empty"
	{
		echo "$head"
		printf 'Content-Type: text/plain\n\n'
		head -c 5000 /dev/zero | tr '\0' x
		echo
	} >"$dir/mail/long"
	{
		echo "$head"
		printf 'Content-Type: multipart/mixed; boundary=mix\n\n'
		printf -- '--mix\nContent-Type: text/plain\n\nSee there.\n'
		printf -- '--mix\nContent-Type: application/octet-stream\n'
		printf 'Content-Transfer-Encoding: base64\n\n'
		head -c 200000 /dev/urandom | base64 -w 76
		printf -- '--mix--\n'
	} >"$dir/mail/attached"
	sed -i 's/$/\r/' "$dir"/mail/*
}

# as NAME: the words that say whose key is used
as() {
	echo "ca=$dir/ca.pem as=$dir/$1.pem key=$dir/$1.key"
}

# opened FILE NAME: by us, as NAME; the report and the content
opened() {
	rm -f "$dir/content"
	# shellcheck disable=SC2046
	"$tool" open $(as "$2") "$1" "$dir/content" >"$dir/report" \
		2>>"$dir/log" || fail "$2 cannot open $1"
}

# parted: what $dir/sealed is a signature of, and that signature, DER
parted() {
	python3 - "$dir" <<-'END'
	import base64, re, sys
	folder = sys.argv[1] + '/'
	whole = open(folder + 'sealed', 'rb').read()
	boundary = re.search(rb'boundary="([^"]*)"', whole).group(1)
	parts = whole.split(b'--' + boundary)
	open(folder + 'text', 'wb').write(parts[1][2:-2])
	body = parts[2].split(b'\r\n\r\n', 1)[1]
	open(folder + 'p7s', 'wb').write(base64.b64decode(body))
	END
}

# entity MAIL: without the fields that are not its own
entity() {
	sed -n '/^\(Content-.*\)\{0,1\}\r$/,$p' "$dir/mail/$1"
}

# signed ENTITY SIGNATURE: as a message
signed() {
	printf 'From: rsa@example.org\r\nMIME-Version: 1.0\r\n'
	printf 'Content-Type: multipart/signed; micalg=sha-256;\r\n'
	printf ' protocol="application/pkcs7-signature"; boundary=sig\r\n\r\n'
	printf -- '--sig\r\n'
	cat "$1"
	printf -- '\r\n--sig\r\nContent-Type: application/pkcs7-signature\r\n'
	printf 'Content-Transfer-Encoding: base64\r\n\r\n'
	base64 "$2"
	printf -- '--sig--\r\n'
}

# same WHAT FILE: its text is that of $dir/mail/WHAT; looked at by the end
same() {
	asserted=$((asserted + 1))
	cp "$2" "$dir/pair.$asserted"
	echo "$1 $dir/pair.$asserted ${FUNCNAME[1]} line ${BASH_LINENO[0]}" \
		>>"$dir/pairs"
}

# ended: compares every text and attachment of all pairs
ended() {
	python3 - "$dir" <<-'END' || fail 'something came out changed'
	import email, sys
	def decoded(path):
	    with open(path, 'rb') as file:
	        message = email.message_from_bytes(file.read())
	    parts = []
	    for part in message.walk():
	        if part.is_multipart():
	            continue
	        text = part.get_payload(decode=True)
	        if part.get_content_maintype() == 'text':
	            text = text.replace(b'\r\n', b'\n').strip(b'\n')
	        # RFC 9788 section 2.1.2: fields shown again, for old readers
	        if part.get_param('hp-legacy-display') == '1' and \
	                text.startswith(b'Subject: '):
	            text = (text + b'\n\n').split(b'\n\n', 1)[1].strip(b'\n')
	        parts.append((part.get_content_type(), text))
	    return parts
	wanted, status = {}, 0
	for line in open(sys.argv[1] + '/pairs'):
	    what, path, where = line.rstrip('\n').split(' ', 2)
	    if what not in wanted:
	        wanted[what] = decoded(sys.argv[1] + '/mail/' + what)
	    if decoded(path) != wanted[what]:
	        print(where, what, 'came out as',
	              repr(decoded(path))[:300], file=sys.stderr)
	        status = 1
	sys.exit(status)
	END
	echo "asserted $asserted"
}
