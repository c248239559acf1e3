#!/usr/bin/env bash
# test_keys_wrong - what a new user gets wrong about keys: each is told what,
# why and what to do, by the status of sysexits, and before he is asked for a
# passphrase
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/people.sh
. "$here/../lab/people.sh"
export DESK_CONFIG="
[keys]
pinentry = $here/../lab/pinentry.sh
authority = $desk/company.pem"
export GNUPGHOME=$desk/gnupg
mkdir -m 700 "$GNUPGHOME"
desk_start "$desk" "$build"

# says STATUS PART WORD...: mailseal WORD..., which must end so and say so
says() {
	status=0
	mailseal "${@:3}" >"$desk/out" 2>&1 </dev/null || status=$?
	expect "status of ${*:3} ($(cat "$desk/out"))" "$1" "$status"
	contains "${*:3}" "$2" "$(cat "$desk/out")"
}

# --- help, wherever it is asked for, on a screen of 24 by 80
for words in '' keys 'keys list' 'keys find' 'keys publish' protect open check \
	contacts queue status find forget suggest dane mutt-rules; do
	# shellcheck disable=SC2086
	says 0 Usage: $words --help
	[ "$(wc -l <"$desk/out")" -le 23 ] || fail "$words --help is long"
	[ "$(wc -L <"$desk/out")" -le 80 ] || fail "$words --help is wide"
done

# --- an authority whose file is not there
says 0 "- Signed mail: the authorities in $desk/company.pem do not count: No" \
	status
# --- words that cannot be; nobody is asked
answers
says 64 'one word too many' keys list all
says 64 'one word too many' keys lock all
says 64 'no option "--algorithm" here' keys import key --algorithm p256
says 64 '"alice" is no mail address' keys generate alice
says 64 'write it as alice@example.org' keys generate 'Alice <a@b.example>'
says 64 'name it' keys generate ''
says 64 'p256 and p384' keys generate a@b.example --algorithm dsa
says 64 'a shorter one' keys generate a@b.example \
	--name "$(printf 'ü%.0s' {1..65})"
says 64 'give it bare' keys find 'Alice <a@b.example>'
says 64 'give it bare' keys publish 'Alice <a@b.example>'
expect 'told once' 1 "$(wc -l <"$desk/out")"
says 66 "that is valid" keys publish a@b.example
says 66 'There are no keys' keys unlock
says 66 'There is no key "0123456789"' keys remove 0123456789 --yes
openssl ecparam -name prime256v1 -genkey -noout -out "$desk/key.pem"
says 64 '"bob" is no mail address' keys import "$desk/key.pem" --address bob
says 66 'name a file in it' keys import "$desk"
printf -- '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nxxx\n' >"$desk/pgp"
says 65 'gpg --import' keys import "$desk/pgp"
expect 'nobody was asked' '' "$(cat "$XDG_RUNTIME_DIR/pinentry.log")"

# --- a key from standard input, found by digits and addresses as people write
answers word word
mailseal keys import - --address álice@exämple.org <"$desk/key.pem" >/dev/null
key=$(mailseal keys list --json | key fingerprint)
for word in '' "${key:0:9}" "$(tr a-f A-F <<<"${key:0:12}")" álice@exämple.org \
	álice@xn--exmple-cua.org álice@EXÄMPLE.org; do
	says 0 REQUEST keys request "$word"
done
says 66 'There is no key "bob@exämple.org"' keys request bob@exämple.org

# --- messages
printf 'From: álice@exämple.org\nTo: álice@exämple.org\n\nHello.\n' >"$desk/mail"
mailseal protect --encrypt --smime "$desk/mail" >"$desk/sealed" 2>/dev/null
: >"$desk/empty"
says 65 'not a mail message' open "$desk/empty"
for part in x 0 1. 1..2 -1 ''; do
	says 64 'the number of a part' open --part "$part" "$desk/sealed"
done
says 64 'IP address' check --client-ip mx.example.net "$desk/mail"
says 64 'before the message' protect --encrypt -r a@b.example "$desk/mail"
says 0 'Encrypted to' protect --encrypt --smime -r álice@exämple.org -- \
	"$desk/mail"
# A key to open with, and one to sign with.
answered() {
	mailseal keys lock
	answers "${@:3}"
	says "$1" "$2" open "$desk/sealed"
	answers "${@:3}"
	says "$1" "$2" protect --sign "$desk/mail"
}
answered 77 cancelled '!cancel'
answered 77 'passphrase was wrong' a b c
answered 75 'in time' '!timeout'
answered 78 'without an answer' '!die'

# --- the rest of what may be asked
says 64 'no address' contacts add nobody
says 65 'no mutt alias file' contacts import "$desk/key.pem"
says 66 'Nobody of this address' contacts remove a@b.example
says 66 'no mail with this id' queue cancel 1
says 64 'is an address' forget nobody
echo "asserted $asserted"
