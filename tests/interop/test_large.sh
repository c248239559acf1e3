#!/usr/bin/env bash
# test_large - a large message there and back, over the bus, with openssl cms,
# gpgsm and gpg
#
# MAILSEAL_LARGE: its size in megabytes (20: more than a spool holds in memory;
# with the sanitizers, which see that in a unit test, 3).
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/interop/interop.sh
. "$here/interop.sh"
# shellcheck source=tests/lab/gnupg.sh
. "$here/../lab/gnupg.sh"
build=$(cd "$(dirname "$tool")/../.." && pwd)
# shellcheck source=tests/lab/desk.sh
. "$here/../lab/desk.sh"
size=20
case $build in
*asan*) size=3 ;;
esac
size=${MAILSEAL_LARGE:-$size}
home=$(mktemp -d /tmp/mailseal-large.XXXXXX)
export GNUPGHOME=$home
at_end rm -rf "$home"
at_end desk_end "$dir"
at_end desk_stop "$dir/desk"
at_end gnupg_end "$home"
gnupg_home "$home"
printf 'allow-loopback-pinentry\n' >"$home/gpg-agent.conf"
printf 'disable-crl-checks\ndisable-dirmngr\nno-secmem-warning\n' \
	>"$home/gpgsm.conf"
gnupg_key "$home" 'Rsa <rsa@example.org>'
pki
mkdir "$dir/desk"
export DESK_CONFIG="
[keys]
pinentry = $here/../lab/pinentry.sh
authority = $dir/ca.pem
system-authorities = false"
desk_start "$dir/desk" "$build" 2>>"$dir/log"
quiet openssl pkcs12 -export -legacy -inkey "$dir/rsa.key" -in "$dir/rsa.pem" \
	-passout pass:p12 -out "$dir/rsa.p12"
printf 'p12\ns\ns\n' >"$XDG_RUNTIME_DIR/pinentry.answers"
quiet mailseal keys import "$dir/rsa.p12" || fail 'the import'
have_gpgsm=no
if command -v gpgsm >/dev/null; then
	have_gpgsm=yes
	openssl x509 -in "$dir/ca.pem" -noout -fingerprint -sha1 |
		sed 's/.*=//; s/$/ S relax/' >"$home/trustlist.txt"
fi
sm() {
	gpgsm --batch --yes --quiet --pinentry-mode loopback \
		--passphrase-fd 3 "$@" 3<<<p12 2>>"$dir/log"
}
if [ "$have_gpgsm" = yes ]; then
	sm --import "$dir/ca.pem"
	sm --import "$dir/rsa.p12" || fail 'gpgsm does not import the key'
fi

{
	printf 'Content-Type: application/octet-stream\r\n'
	printf 'Content-Transfer-Encoding: base64\r\n\r\n'
	head -c "$((size * 730000))" /dev/urandom | base64 -w 76 |
		sed 's/$/\r/'
} >"$dir/entity"
head='From: rsa@example.org\r\nTo: rsa@example.org\r\nSubject: large\r\n'
head+='MIME-Version: 1.0\r\n'
{ printf '%b' "$head"; cat "$dir/entity"; } >"$dir/message"
# sum FILE: of the attachment, wherever it is in there
sum() {
	python3 - "$1" <<-'END'
	import base64, hashlib, sys
	text = open(sys.argv[1], 'rb').read().replace(b'\r\n', b'\n')
	at = text.index(b'Content-Type: application/octet-stream')
	body = text[text.index(b'\n\n', at) + 2:]
	body = body.split(b'\n--')[0]
	print(hashlib.sha256(base64.b64decode(body)).hexdigest())
	END
}
wanted=$(sum "$dir/entity")
# arrived WHAT FILE: whole
arrived() {
	expect "$1" "$wanted" "$(sum "$2")"
	rm -f "$2"
}
# ours OPTION...: sealed by us, into $dir/sealed
ours() {
	mailseal protect "$@" "$dir/message" >"$dir/sealed" 2>>"$dir/log" ||
		fail "mailseal protect $*"
}
# theirs WHAT SECURITY: what is on standard input, opened by us
theirs() {
	{ printf '%b' "$head"; cat; } >"$dir/sealed"
	mailseal open --json --no-verdict "$dir/sealed" >"$dir/content" \
		2>"$dir/report" || true
	contains_security "$1" "$2"
	arrived "$1" "$dir/content"
}
contains_security() {
	asserted=$((asserted + 1))
	grep -q "\"security\": \"$2\"" "$dir/report" ||
		fail "$1: $(head -c 2000 "$dir/report")"
}
body() {
	sed '1,/^\r*$/d' "$dir/sealed"
}

# --- openssl cms
ours --sign --smime
quiet openssl cms -verify -in "$dir/sealed" -CAfile "$dir/ca.pem" \
	-purpose smimesign -out "$dir/out" || fail 'openssl does not verify'
arrived 'signed, for openssl' "$dir/out"
ours --sign --encrypt --smime
quiet openssl cms -decrypt -in "$dir/sealed" -recip "$dir/rsa.pem" \
	-inkey "$dir/rsa.key" -out "$dir/inner" || fail 'openssl does not open'
quiet openssl cms -verify -in "$dir/inner" -CAfile "$dir/ca.pem" \
	-out "$dir/out" || fail 'openssl does not verify what is inside'
arrived 'sealed, for openssl' "$dir/out"
for cipher in aes256 aes-256-gcm; do
	openssl cms -sign -stream -signer "$dir/rsa.pem" -inkey "$dir/rsa.key" \
		-in "$dir/entity" 2>>"$dir/log" |
		openssl cms -encrypt -stream -$cipher "$dir/rsa.pem" \
			2>>"$dir/log" >"$dir/made"
	theirs "of openssl, $cipher" confidential <"$dir/made"
done

# --- gpgsm
if [ "$have_gpgsm" = yes ]; then
	sm --encrypt --recipient rsa@example.org --cipher-algo AES256 \
		--output "$dir/p7m" "$dir/entity" ||
		fail 'gpgsm does not encrypt'
	{
		printf 'Content-Type: application/pkcs7-mime\r\n'
		printf 'Content-Transfer-Encoding: base64\r\n\r\n'
		base64 "$dir/p7m"
	} >"$dir/made"
	theirs 'of gpgsm' encrypted <"$dir/made"
	# It reads no AES-GCM, which we use among ourselves.
	# shellcheck disable=SC2046
	quiet "$tool" protect sign encrypt plain $(as rsa) to="$dir/rsa.pem" \
		"$dir/message" "$dir/sealed" || fail 'we cannot encrypt'
	body | base64 -di >"$dir/p7m"
	sm --decrypt --output "$dir/out" "$dir/p7m" ||
		fail 'gpgsm does not open'
	arrived 'sealed, for gpgsm' "$dir/out"
fi

# --- gpg
ours --sign --encrypt --openpgp
body | sed -n '/BEGIN PGP/,/END PGP/p' >"$dir/asc"
gnupg "$home" --decrypt --output "$dir/out" "$dir/asc" ||
	fail 'gpg does not open'
arrived 'sealed, for gpg' "$dir/out"
{
	printf 'Content-Type: multipart/encrypted; boundary=enc;\r\n '
	printf 'protocol="application/pgp-encrypted"\r\n\r\n--enc\r\n'
	printf 'Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n'
	printf '\r\n--enc\r\nContent-Type: application/octet-stream\r\n\r\n'
	gnupg "$home" -a -s -e -r rsa@example.org -o - "$dir/entity"
	printf '\r\n--enc--\r\n'
} >"$dir/made"
theirs 'of gpg' confidential <"$dir/made"
echo "asserted $asserted"
