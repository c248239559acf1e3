#!/usr/bin/env bash
# test_gpg - sealed mail there and back with gpg, over the bus
#
# Every kind of key, digest, cipher and compression that gpg of this system
# makes and we read; what we make for one and for several.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/interop/interop.sh
. "$here/interop.sh"
# shellcheck source=tests/lab/gnupg.sh
. "$here/../lab/gnupg.sh"
build=$(cd "$(dirname "$tool")/../.." && pwd)
# shellcheck source=tests/lab/desk.sh
. "$here/../lab/desk.sh"
needs gpg
# Short paths: gpg-agent's sockets stand in them.
rings=$(mktemp -d /tmp/mailseal-gpg.XXXXXX)
export GNUPGHOME=$rings/ours
theirs=$rings/theirs
at_end rm -rf "$rings"
at_end desk_end "$dir"
at_end desk_stop "$dir/desk"
at_end gnupg_end "$GNUPGHOME" "$theirs"
gnupg_home "$GNUPGHOME"
gnupg_home "$theirs"

# kind NAME SIGNS OPENS: NAME@example.org in their ring, and ours knows it
kind() {
	local print
	gnupg "$theirs" --quick-gen-key "$1 <$1@example.org>" "$2" sign never
	print=$(gnupg_print "$theirs" "$1@example.org")
	gnupg "$theirs" --quick-add-key "$print" "$3" encr never
	gnupg "$theirs" --export "$print" | gnupg "$GNUPGHOME" --import
	printf '%s:6:\n' "$print" | gnupg "$GNUPGHOME" --import-ownertrust
	kinds+=("$1")
}
kinds=()
kind rsa rsa3072 rsa3072
kind curve ed25519 cv25519
kind nist nistp256 nistp256
kind large nistp384 nistp521
kind brain brainpoolP256r1 brainpoolP256r1
kind old dsa2048 elg2048
gnupg_key "$GNUPGHOME" 'Us <us@example.org>'
gnupg "$GNUPGHOME" --export us@example.org | gnupg "$theirs" --import
printf '%s:6:\n' "$(gnupg_print "$theirs" us@example.org)" |
	gnupg "$theirs" --import-ownertrust
mkdir "$dir/desk"
desk_start "$dir/desk" "$build" 2>>"$dir/log"

# told KEYPATH: of the last report
told() {
	python3 - "$dir/report" "$1" <<-'END'
	import json, sys
	at = json.loads(open(sys.argv[1]).readline())
	for word in sys.argv[2].split("."):
	    at = at.get(word) if isinstance(at, dict) else None
	print("" if at is None else at)
	END
}
# read_by_us FILE: the report and the content
read_by_us() {
	mailseal open --json --no-verdict "$1" >"$dir/content" 2>"$dir/err" ||
		true
	grep '^{' "$dir/err" >"$dir/report" || fail "$1: $(cat "$dir/err")"
}
# parts FILE: a multipart's two, as part.1 (exact octets) and part.2 (its body)
parts() {
	python3 - "$1" "$dir" <<-'END'
	import re, sys
	whole = open(sys.argv[1], 'rb').read()
	boundary = re.search(rb'boundary="?([^"\r\n;]*)', whole).group(1)
	parts = whole.split(b'--' + boundary)
	open(sys.argv[2] + '/part.1', 'wb').write(
	    re.sub(b'^\r?\n', b'', parts[1])[:-2])
	open(sys.argv[2] + '/part.2', 'wb').write(
	    re.split(b'\r?\n\r?\n', parts[2], 1)[1])
	END
}
# entity MAIL: without the fields that are not its own
entity() {
	sed -n '/^\(Content-.*\)\{0,1\}\r$/,$p' "$dir/mail/$1"
}
samples us

# --- We sign, they verify.
for mail in plain 8bit empty long attached; do
	mailseal protect --sign --openpgp "$dir/mail/$mail" >"$dir/sealed" \
		2>>"$dir/log" || fail "we cannot sign $mail"
	parts "$dir/sealed"
	gnupg "$theirs" --verify "$dir/part.2" "$dir/part.1" ||
		fail "gpg does not verify $mail"
	asserted=$((asserted + 1))
	read_by_us "$dir/sealed"
	expect "$mail of ours" verified "$(told security)"
	same "$mail" "$dir/content"
done

# --- We encrypt, to one and to all; each of them opens.
# for_whom MAIL NAME...: the message to them
for_whom() {
	local list
	list=$(printf ', %s@example.org' "${@:2}")
	sed "s/^To: .*/To: ${list#, }\r/" "$dir/mail/$1"
}
for mail in plain 8bit empty long attached; do
	for_whom "$mail" "${kinds[@]}" |
		mailseal protect --sign --encrypt --openpgp >"$dir/sealed" \
			2>"$dir/err" ||
		fail "we cannot encrypt $mail: $(cat "$dir/err")"
	parts "$dir/sealed"
	gnupg "$theirs" --decrypt <"$dir/part.2" >"$dir/inner" ||
		fail "gpg does not open $mail"
	parts "$dir/inner"
	gnupg "$theirs" --verify "$dir/part.2" "$dir/part.1" ||
		fail "gpg does not verify what is inside $mail"
	same "$mail" "$dir/part.1"
	read_by_us "$dir/sealed"
	expect "$mail, sealed by us" confidential "$(told security)"
	expect "$mail, to them and us" $((${#kinds[@]} + 1)) \
		"$(told encryption.recipients)"
	same "$mail" "$dir/content"
done
for name in "${kinds[@]}"; do
	for_whom 8bit "$name" |
		mailseal protect --encrypt --openpgp >"$dir/sealed" \
			2>"$dir/err" ||
		fail "we cannot encrypt to $name: $(cat "$dir/err")"
	parts "$dir/sealed"
	gnupg "$theirs" --decrypt <"$dir/part.2" >"$dir/inner" ||
		fail "gpg does not open what is for $name"
	same 8bit "$dir/inner"
done

# signed ENTITY OPTION...: by gpg, as PGP/MIME
signed() {
	printf 'Content-Type: multipart/signed; micalg=pgp-sha512; '
	printf 'boundary=sig;\r\n protocol="application/pgp-signature"\r\n\r\n'
	printf -- '--sig\r\n'
	cat "$1"
	printf '\r\n--sig\r\nContent-Type: application/pgp-signature\r\n\r\n'
	gnupg "$theirs" --armor --detach-sign "${@:2}" --output - "$1"
	printf '\r\n--sig--\r\n'
}
# encrypted ENTITY OPTION...
encrypted() {
	printf 'Content-Type: multipart/encrypted; boundary=enc;\r\n '
	printf 'protocol="application/pgp-encrypted"\r\n\r\n--enc\r\n'
	printf 'Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n'
	printf '\r\n--enc\r\nContent-Type: application/octet-stream\r\n\r\n'
	gnupg "$theirs" --armor --encrypt "${@:2}" --output - "$1"
	printf '\r\n--enc--\r\n'
}
# from NAME: the head of a message
from() {
	printf 'From: %s@example.org\r\nTo: us@example.org\r\n' "$1"
	printf 'Subject: a test\r\nMIME-Version: 1.0\r\n'
}
# theirs_verified NAME MAIL OPTION...
theirs_verified() {
	entity "$2" >"$dir/text"
	{ from "$1"; signed "$dir/text" -u "$1@example.org" "${@:3}"; } \
		>"$dir/sealed"
	read_by_us "$dir/sealed"
	expect "$2 by their $1 ${*:3}" verified "$(told security)"
	same "$2" "$dir/content"
}
for name in "${kinds[@]}"; do
	theirs_verified "$name" 8bit
done
for mail in plain empty long attached; do
	theirs_verified curve $mail
done
for digest in SHA256 SHA384 SHA512; do
	theirs_verified rsa plain --digest-algo $digest
done
theirs_verified rsa plain --textmode

# theirs_opened MAIL OPTION...
theirs_opened() {
	entity "$1" >"$dir/text"
	{ from rsa; encrypted "$dir/text" -r us@example.org "${@:2}"; } \
		>"$dir/sealed"
	read_by_us "$dir/sealed"
	expect "their $1 ${*:2}" opened "$(told encryption.status)"
	expect "their $1 ${*:2}: integrity" mdc "$(told encryption.integrity)"
	same "$1" "$dir/content"
}
for mail in plain 8bit empty long attached; do
	theirs_opened $mail
done
for cipher in AES AES192 AES256 TWOFISH CAMELLIA128 CAMELLIA256 3DES; do
	theirs_opened plain --cipher-algo $cipher
done
for packed in none zip zlib bzip2; do
	theirs_opened attached --compress-algo $packed
done
theirs_opened plain -r curve@example.org -r nist@example.org
theirs_opened plain -r curve@example.org --throw-keyids
theirs_opened 8bit -s -u rsa@example.org
expect 'and signed' confidential "$(told security)"
ended
