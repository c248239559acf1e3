#!/usr/bin/env bash
# test_keys - a key's life: made, listed, unlocked, locked, imported, removed
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/people.sh
. "$here/../lab/people.sh"
export DESK_CONFIG="
[keys]
pinentry = $here/../lab/pinentry.sh"
desk_start "$desk" "$build"
keys=$desk/data/mailseal/keys
# keys STATUS WORD...: mailseal keys WORD..., which must end so
keys() {
	local wanted=$1
	shift
	status=0
	mailseal keys "$@" >"$desk/out" 2>"$desk/err" || status=$?
	expect "status of keys $*" "$wanted" "$status"
}
listed() {
	mailseal keys list --json | key "$1"
}

keys 0 list
contains 'no keys' 'There are no keys' "$(cat "$desk/out")"
[ ! -e "$keys" ] || fail 'listing made a folder'

# Made: asked twice, sealed, with a certificate by itself.
answers 'Pass%25word 1' 'Pass%25word 1'
keys 0 generate alice@example.org --algorithm p256 --name 'Alice Harper'
contains 'the question' 'SETDESC Choose a passphrase for the new key of alice@example.org' \
	"$(cat "$XDG_RUNTIME_DIR/pinentry.log")"
fingerprint=$(listed fingerprint)
expect 'the file is for its owner' 600 "$(stat -c %a "$keys/$fingerprint.key")"
expect 'the folder too' 700 "$(stat -c %a "$keys")"
expect 'no other file' 2 "$(find "$keys" -type f | wc -l)"
expect 'unlocked' true "$(listed unlocked)"
expect 'its address' alice@example.org "$(listed addresses.0)"
expect 'its name' 'Alice Harper' "$(listed name)"
expect 'its uses' sign "$(listed usage.0)"
expect 'its other use' open "$(listed usage.1)"
expect 'signed its certificate' 1 "$(listed signatures)"
# Its own tools read it.
openssl x509 -in "$keys/$fingerprint.crt" -noout -text >"$desk/text"
contains 'subjectAltName' 'email:alice@example.org' "$(cat "$desk/text")"
contains 'purpose' 'E-mail Protection' "$(cat "$desk/text")"
contains 'usage' 'Digital Signature, Key Agreement' "$(cat "$desk/text")"
openssl verify -CAfile "$keys/$fingerprint.crt" "$keys/$fingerprint.crt" \
	>/dev/null || fail 'the certificate does not verify by itself'
openssl pkey -in "$keys/$fingerprint.key" -passin 'pass:Pass%25word 1' \
	-pubout -outform DER 2>/dev/null | sha256sum | cut -d' ' -f1 \
	>"$desk/sum"
expect 'the name is the public half' "$fingerprint" "$(cat "$desk/sum")"

# Locked and unlocked: every way that it can end.
keys 0 lock
expect 'locked' false "$(listed unlocked)"
answers wrong 'Pass%25word 1'
keys 0 unlock
expect 'unlocked again' true "$(listed unlocked)"
contains 'said what was wrong' 'SETERROR That is not its passphrase' \
	"$(cat "$XDG_RUNTIME_DIR/pinentry.log")"
answers '!never asked'
keys 0 unlock alice@example.org
expect 'nobody was asked' '' "$(cat "$XDG_RUNTIME_DIR/pinentry.log")"
refused() {
	keys 0 lock
	answers "${@:3}"
	keys "$1" unlock "${fingerprint:0:12}"
	contains "unlocking with ${*:3}" "$2" "$(cat "$desk/err")"
	expect 'still locked' false "$(listed unlocked)"
}
refused 77 'passphrase was wrong' a b c
refused 77 'cancelled' '!cancel'
refused 75 'in time' '!timeout'
refused 78 'ended without an answer' '!die'
refused 78 'Inappropriate ioctl' '!notty'
keys 66 unlock 0123456789abcdef
keys 66 unlock bob@example.org

# Whoever asked and left takes his question back.
answers '!wait'
rm -f "$XDG_RUNTIME_DIR/pinentry.waits"
mailseal keys unlock 2>/dev/null &
waiting=$!
await test -e "$XDG_RUNTIME_DIR/pinentry.waits"
asker=$(cat "$XDG_RUNTIME_DIR/pinentry.pid")
kill "$waiting"
await_end "$asker"
answers 'Pass%25word 1'
keys 0 unlock
expect 'the next one is asked' true "$(listed unlocked)"

# The keeper dies with a question open: its caller hears of it.
keys 0 lock
answers '!wait'
rm -f "$XDG_RUNTIME_DIR/pinentry.waits"
mailseal keys unlock 2>"$desk/err" &
waiting=$!
await test -e "$XDG_RUNTIME_DIR/pinentry.waits"
kill -9 "$(role keeper)"
status=0
wait "$waiting" || status=$?
expect 'status' 75 "$status"
contains 'the sentence' 'ended while it' "$(cat "$desk/err")"
answers 'Pass%25word 1'
keys 0 unlock
expect 'a new keeper knows the key' true "$(listed unlocked)"

# A request for an authority; its certificate takes the old one's place.
keys 0 request -o "$desk/request.pem"
openssl req -in "$desk/request.pem" -verify -noout -text >"$desk/text" 2>&1
contains 'the request' 'email:alice@example.org' "$(cat "$desk/text")"
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$desk/ca.key" \
	-out "$desk/ca.crt" -days 30 -subj '/CN=A Test Authority' 2>/dev/null
openssl x509 -req -in "$desk/request.pem" -CA "$desk/ca.crt" \
	-CAkey "$desk/ca.key" -CAcreateserial -days 20 -copy_extensions copy \
	-out "$desk/alice.crt" 2>/dev/null
keys 0 import "$desk/alice.crt"
expect 'by the authority' false "$(listed self_signed)"
contains 'issuer' 'A Test Authority' "$(listed issuer)"
keys 65 import "$desk/ca.crt"
contains 'not our key' 'none of your keys' "$(cat "$desk/err")"

# Out of PKCS #12 and PEM.
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$desk/bob.key" \
	-out "$desk/bob.crt" -days 30 -subj '/CN=Bob' \
	-CA "$desk/ca.crt" -CAkey "$desk/ca.key" \
	-addext 'subjectAltName=email:bob@example.org' \
	-addext 'keyUsage=digitalSignature' 2>/dev/null
openssl pkcs12 -export -inkey "$desk/bob.key" -in "$desk/bob.crt" \
	-certfile "$desk/ca.crt" -out "$desk/bob.p12" -passout 'pass:of%file'
answers nonsense 'of%file' mine mine
keys 0 import "$desk/bob.p12"
bob=$(sed -n 's/^Imported the key //p' "$desk/out")
expect 'both are there' 2 "$(mailseal keys list --json | wc -l)"
bob_key() {
	mailseal keys list --json | grep "$bob" | key "$1"
}
expect 'his address' bob@example.org "$(bob_key addresses.0)"
expect 'only to sign' '' "$(bob_key usage.1)"
openssl pkey -in "$keys/$bob.key" -passin pass:mine -noout ||
	fail 'the new passphrase does not open the key'
expect 'with the chain' 2 "$(grep -c BEGIN "$keys/$bob.crt")"
keys 0 remove "${bob:0:16}" --yes
expect 'one is left' 1 "$(mailseal keys list --json | wc -l)"
answers mine mine
cat "$desk/bob.key" "$desk/bob.crt" >"$desk/bob.pem"
keys 0 import "$desk/bob.pem"
keys 0 remove bob@example.org --yes
openssl pkey -in "$desk/bob.key" -aes256 -out "$desk/locked.pem" \
	-passout pass:inner 2>/dev/null
answers inner mine mine
keys 0 import "$desk/locked.pem" --address bob@example.org
expect 'a certificate was made' bob@example.org "$(bob_key addresses.0)"
keys 0 remove "$bob" --yes

# Of several in one PEM file: the first, or by number, each with what is its own.
openssl pkey -in "$desk/ca.key" -aes256 -out "$desk/ca.locked" \
	-passout pass:inner 2>/dev/null
cat "$desk/bob.key" "$desk/bob.crt" "$desk/ca.crt" "$desk/ca.locked" \
	>"$desk/two.pem"
answers mine mine
keys 0 import "$desk/two.pem"
contains 'the first' "Imported the key $bob" "$(cat "$desk/out")"
contains 'how many more' 'Not imported: 1 more' "$(cat "$desk/out")"
contains 'how to' '--key 1 to --key 2' "$(cat "$desk/out")"
expect 'with its authority' 2 "$(grep -c BEGIN "$keys/$bob.crt")"
keys 0 remove "$bob" --yes
keys 64 import "$desk/two.pem" --key 3
contains 'no third' 'no private key of that number' "$(cat "$desk/err")"
for number in 0 -1 2x '' 65; do
	keys 64 import "$desk/two.pem" --key "$number"
	contains "number $number" 'from 1 to 64' "$(cat "$desk/err")"
done
answers inner mine mine
keys 0 import "$desk/two.pem" --key 2
second=$(sed -n 's/^Imported the key //p' "$desk/out")
expect 'the other one' "$(openssl pkey -in "$desk/ca.key" -pubout \
	-outform DER | sha256sum | cut -d' ' -f1)" "$second"
expect 'without what is not its own' 1 "$(grep -c BEGIN "$keys/$second.crt")"
keys 0 remove "$second" --yes

# What cannot be imported says why, and nothing is left.
import_fails() {
	answers "${@:4}"
	keys "$1" import "$3"
	contains "importing $3" "$2" "$(cat "$desk/err")"
	expect 'nothing new' 1 "$(mailseal keys list --json | wc -l)"
	expect 'no file left' 2 "$(find "$keys" -type f | wc -l)"
}
import_fails 77 "passphrase was wrong" "$desk/bob.p12" a b c
import_fails 77 'cancelled' "$desk/bob.p12" '!cancel'
import_fails 77 'cancelled' "$desk/bob.p12" 'of%file' '!cancel'
head -c 1000 "$desk/bob.p12" >"$desk/half.p12"
import_fails 65 'damaged' "$desk/half.p12"
head -c 300 /dev/urandom >"$desk/noise"
import_fails 65 'damaged' "$desk/noise"
head -c 400000 /dev/zero >"$desk/large"
import_fails 65 'larger' "$desk/large"
openssl genpkey -algorithm ED25519 -out "$desk/ed.pem" 2>/dev/null
import_fails 65 'neither' "$desk/ed.pem"
openssl genrsa -out "$desk/small.pem" 1024 2>/dev/null
import_fails 65 'neither' "$desk/small.pem"
cat "$desk/bob.key" "$desk/ca.crt" >"$desk/stranger.pem"
import_fails 65 'belongs' "$desk/stranger.pem"
keys 66 import "$desk/not-there"

# Key files that are not as they should be.
keys 0 lock
file=$keys/$fingerprint.key
chmod 644 "$file"
answers 'Pass%25word 1'
keys 77 unlock
contains 'exposed' 'chmod 600' "$(cat "$desk/err")"
expect 'listed as such' KeyExposed "$(listed problem)"
chmod 600 "$file"
cp "$file" "$desk/whole"
sed -i '5{s/^A/B/;t;s/^./A/}' "$file"
keys 65 unlock
contains 'damaged' 'damaged' "$(cat "$desk/err")"
openssl pkey -in "$desk/whole" -passin 'pass:Pass%25word 1' >"$file"
keys 65 unlock
contains 'not encrypted' 'not encrypted' "$(cat "$desk/err")"
cat "$desk/whole" >"$file"
keys 0 unlock
expect 'whole again' true "$(listed unlocked)"

keys 77 remove "$fingerprint" </dev/null
keys 0 remove "$fingerprint" --yes
expect 'nothing is left' 0 "$(find "$keys" -type f | wc -l)"
echo "asserted $asserted"
