#!/usr/bin/env bash
# test_seen - what opening leaves: certificates of signed mail, keys of
# Autocrypt fields, found again; a new one takes no other's place
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/gnupg.sh
. "$here/../lab/gnupg.sh"
# shellcheck source=tests/lab/people.sh
. "$here/../lab/people.sh"
export GNUPGHOME=$desk/gnupg other=$desk/other
at_end gnupg_end "$GNUPGHOME" "$other"
gnupg_home "$GNUPGHOME"
gnupg_home "$other"
export DESK_CONFIG="
$people_keys"
curve=("${people_curve[@]}" -nodes)
uses='keyUsage=critical,digitalSignature,keyAgreement'
people_authority
# issued NAME ALTNAME: by the authority
issued() {
	openssl req -new "${curve[@]}" -keyout "$desk/$1.key" \
		-out "$desk/$1.csr" -subj "/CN=$1" 2>/dev/null
	printf 'subjectAltName=%s\n%s\n' "$2" "$uses" >"$desk/ext"
	openssl x509 -req -in "$desk/$1.csr" -CA "$desk/ca.pem" \
		-CAkey "$desk/ca.key" -CAcreateserial -days 20 \
		-extfile "$desk/ext" -out "$desk/$1.pem" 2>/dev/null
}
# alone NAME ALTNAME: by itself
alone() {
	openssl req -x509 "${curve[@]}" -days 20 -keyout "$desk/$1.key" \
		-out "$desk/$1.pem" -subj "/CN=$1" \
		-addext "subjectAltName=$2" -addext "$uses" 2>/dev/null
}
issued alice email:alice@example.org
issued second email:alice@example.org
alone mallory email:alice@example.org
alone carol email:carol@shop.example
alone dave email:dave@plain.example,email:alice@example.org
print_of() {
	openssl x509 -in "$desk/$1.pem" -noout -fingerprint -sha256 |
		sed 's/.*=//; s/://g'
}
# Dave's stands in his zone.
mkdir -p "$desk/world"
"$here/../lab/samples.sh" "$desk/world"
owner=$(printf dave | sha256sum | cut -c 1-56)
der=$(openssl x509 -in "$desk/dave.pem" -outform DER | od -An -v -tx1 |
	tr -d ' \n')
printf '%s._smimecert\tIN TYPE53 \\# %d 030000%s\n' "$owner" \
	$((${#der} / 2 + 3)) "$der" >>"$desk/world/plain.example.records"
desk_start "$desk" "$build"

# message FILE FROM WHO: signed by them
message() {
	{
		printf 'From: %s\nTo: robin@home.example\nSubject: %s\n' \
			"$2" "$1"
		printf 'Date: %s\n' "$(date -R)"
		printf 'Content-Type: text/plain\n\nMeet me.\n' |
			openssl cms -sign -signer "$desk/$3.pem" \
				-inkey "$desk/$3.key"
	} >"$desk/$1"
}
# domain FILE DOMAIN: with the domain's signature over it
domain() {
	"$here/../lab/sign.sh" sign "$desk/world/keys/$2" "$2" s1 \
		"$desk/$1" >"$desk/$1.new"
	mv "$desk/$1.new" "$desk/$1"
}
# opened FILE SECURITY [OPTION...]: the report in $desk/report
opened() {
	mailseal open --json "${@:3}" "$desk/$1" >"$desk/content" \
		2>"$desk/err" || true
	grep '^{' "$desk/err" >"$desk/report" ||
		fail "$1: $(cat "$desk/err")"
	expect "$1" "$2" "$(key security <"$desk/report")"
}
reasons() {
	key seal_reasons <"$desk/report"
}
# keys_of ADDRESS [OPTION...]: the candidates into $desk/found
keys_of() {
	mailseal keys find --json "${@:2}" "$1" >"$desk/found" 2>/dev/null ||
		true
}
# found KEY FINGERPRINT; "" when there is no such candidate
found() {
	local line
	line=$(grep -m 1 "\"fingerprint\": *\"$2\"" "$desk/found" || true)
	if [[ $line =~ \"$1\":\ *\"([^\"]*)\" ||
		$line =~ \"$1\":\ *([a-z0-9]+) ]]; then
		echo "${BASH_REMATCH[1]}"
	fi
}

# --- Signed mail that an authority vouches for.

alice=$(print_of alice) second=$(print_of second) mallory=$(print_of mallory)
keys_of alice@example.org --no-dns
expect 'nothing yet' '' "$(found source "$alice")"
message first alice@example.org alice
sed 's/Meet me/Hate me/' "$desk/first" >"$desk/changed"
opened changed unprotected --no-verdict
{
	printf 'From: Eve <eve@shop.example>\n'
	sed 1d "$desk/first"
} >"$desk/not-hers"
opened not-hers unprotected --no-verdict
keys_of alice@example.org --no-dns
expect 'not of what was changed' '' "$(found source "$alice")"
keys_of eve@shop.example --no-dns
expect 'not under another name' '' "$(found source "$alice")"
opened first verified --no-verdict
expect 'nothing for the store goes out' '' "$(key learn <"$desk/report")"
keys_of Alice@example.org --no-dns
expect 'seen' seen "$(found source "$alice")"
expect 'used' true "$(found chosen "$alice")"
opened first verified --no-verdict
case $(reasons) in
*certificate-changed*) fail 'the same one is no change' ;;
esac

# --- Another one: told, kept beside, and only where somebody vouches.

message forged alice@example.org mallory
opened forged unprotected
contains 'a change is told' certificate-changed "$(reasons)"
contains 'and how' 'nobody vouches' "$(reasons)"
opened forged unprotected --no-verdict
keys_of alice@example.org --no-dns
expect 'a forgery leaves nothing' '' "$(found source "$mallory")"
message new alice@example.org second
opened new verified --no-verdict
contains 'a renewal is told' certificate-changed "$(reasons)"
contains 'and how' 'vouched for' "$(reasons)"
keys_of alice@example.org --no-dns
expect 'kept beside' seen "$(found source "$second")"
expect 'the first is used' true "$(found chosen "$alice")"
expect 'not the new one' false "$(found chosen "$second")"
message taken alice@example.org mallory
domain taken example.org
opened taken unprotected
expect 'the domain sent it' genuine "$(key verdict <"$desk/report")"
keys_of alice@example.org --no-dns
expect 'the domain vouched for it' seen "$(found source "$mallory")"
expect 'it takes no place' true "$(found chosen "$alice")"
expect 'it takes no place' false "$(found chosen "$mallory")"

# --- One to sign with, and another one to encrypt to; what it says to read.

uses='keyUsage=critical,digitalSignature' issued signs email:erin@shop.example
uses='keyUsage=critical,keyAgreement' issued reads email:erin@shop.example
uses='keyUsage=critical,keyAgreement' issued eve email:eve@evil.example
cat "$desk/eve.pem" "$desk/reads.pem" >"$desk/beside.pem"
{
	printf 'From: erin@shop.example\nSubject: two\n'
	printf 'Content-Type: text/plain\n\nMeet me.\n' |
		openssl cms -sign -signer "$desk/signs.pem" \
			-inkey "$desk/signs.key" -certfile "$desk/beside.pem"
} >"$desk/two"
opened two verified --no-verdict
keys_of erin@shop.example --no-dns
expect 'to sign' false "$(found usable "$(print_of signs)")"
expect 'to encrypt to' true "$(found chosen "$(print_of reads)")"
expect "nobody else's" '' "$(found source "$(print_of eve)")"
opened two verified --no-verdict
case $(reasons) in
*certificate-changed*) fail 'the other one is no change' ;;
esac
printf 'From: alice@example.org\nTo: robin@home.example\n\nMeet me.\n' \
	>"$desk/plain"
"$build/tests/interop/seal_tool" protect sign ca="$desk/ca.pem" \
	as="$desk/alice.pem" key="$desk/alice.key" "$desk/plain" "$desk/ours" \
	>/dev/null
reads_of() {
	python3 -c '
import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute(
        "SELECT reads FROM certificate WHERE hex(fingerprint) = ?",
        (sys.argv[2],)):
    print(row[0])' "$desk/state/mailseal/store.db" "$alice"
}
reads_are() { [ "$(reads_of)" = "$1" ]; }
await reads_are 0	# once it is in the file
opened ours verified --no-verdict
# GCM and OAEP
comes_true reads_are 3 || fail "what is read: $(reads_of)"

# --- By itself, but the domain signed the message.

carol=$(print_of carol)
message carol carol@shop.example carol
domain carol shop.example
opened carol unprotected
expect 'nobody vouches' none "$(key signature.trust <"$desk/report")"
keys_of carol@shop.example --no-dns
expect 'seen' seen "$(found trust "$carol")"
expect 'better than nothing' true "$(found chosen "$carol")"
opened carol unprotected --no-verdict
expect 'known again' seen "$(key signature.trust <"$desk/report")"

# --- What DNS said when it was asked, for the address that was asked for.

message dave dave@plain.example dave
opened dave unprotected --no-verdict
expect 'DNS is not asked' none "$(key signature.trust <"$desk/report")"
keys_of dave@plain.example
expect 'found in DNS' smimea "$(found source "$(print_of dave)")"
opened dave verified --no-verdict
expect 'DNS said so' dane "$(key signature.trust <"$desk/report")"
message cuckoo alice@example.org dave
opened cuckoo unprotected --no-verdict
expect "Dave's zone speaks of Dave" no \
	"$(key signature.from_match <"$desk/report")"
python3 - "$desk/state/mailseal/store.db" <<-'END2'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute('UPDATE certificate SET proven = proven - 31 * 86400 '
           'WHERE proven > 0')
db.commit()
END2
opened dave unprotected --no-verdict
expect 'not for ever' seen "$(key signature.trust <"$desk/report")"

# --- Autocrypt.

gnupg_key "$other" 'Alice <alice@example.org>'
gnupg_key "$other" 'The Shop <orders@shop.example>'
# brings FILE FROM KEY: mail with that key in its field
brings() {
	{
		printf 'From: %s\nTo: robin@home.example\nSubject: %s\n' \
			"$2" "$1"
		printf 'Date: %s\nAutocrypt: addr=%s; keydata=%s\n\nHello.\n' \
			"$(date -R)" "$2" "$(gnupg "$other" --export "$3" |
				base64 -w 0)"
	} >"$desk/$1"
}
print=$(gnupg_print "$other" alice@example.org)
shop=$(gnupg_print "$other" orders@shop.example)
brings unsigned alice@example.org alice@example.org
judge "$desk/unsigned"
brings uncovered alice@example.org alice@example.org
domain uncovered example.org
judge "$desk/uncovered"
expect 'not covered' genuine "$(key verdict <"$desk/report")"
keys_of alice@example.org --no-dns
expect 'anybody could have added it' '' "$(found source "$print")"
brings covered alice@example.org alice@example.org
SIGN_MORE=Autocrypt domain covered example.org
judge "$desk/covered"
expect 'covered' genuine "$(key verdict <"$desk/report")"
keys_of alice@example.org --no-dns
expect 'learned' autocrypt "$(found source "$print")"
expect 'no more than seen' seen "$(found trust "$print")"
expect 'usable' true "$(found usable "$print")"
# Another one of hers later, which nobody vouches for either, stands beside it.
home=$desk/newer-home before=$other
at_end gnupg_end "$home"
gnupg_home "$home"
gnupg_key "$home" 'Alice <alice@example.org>'
newer=$(gnupg_print "$home" alice@example.org)
other=$home
brings newer alice@example.org alice@example.org
SIGN_MORE=Autocrypt domain newer example.org
judge "$desk/newer"
other=$before
keys_of alice@example.org --no-dns
expect 'the first one stays' true "$(found chosen "$print")"
expect 'not the newer one' false "$(found chosen "$newer")"
contains 'why' 'was known before' "$(found reason "$newer")"
mailseal forget alice@example.org >/dev/null
judge "$desk/newer" --again
keys_of alice@example.org --no-dns
expect 'after forgetting' true "$(found chosen "$newer")"
brings of-another orders@shop.example alice@example.org
SIGN_MORE=Autocrypt domain of-another shop.example
judge "$desk/of-another"
brings theirs orders@shop.example orders@shop.example
SIGN_MORE=Autocrypt domain theirs shop.example
judge "$desk/theirs"
keys_of orders@shop.example --no-dns
expect "somebody else's key" false "$(found usable "$print")"
expect 'their own' true "$(found chosen "$shop")"

# --- Forgotten with all else of the address.
opened first verified --no-verdict
keys_of alice@example.org --no-dns
expect 'there again' seen "$(found source "$alice")"
mailseal forget alice@example.org >/dev/null
keys_of alice@example.org --no-dns
expect 'forgotten' '' "$(found source "$alice")"
echo "asserted $asserted"
