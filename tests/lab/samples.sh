#!/usr/bin/env bash
# samples.sh - a small world for a person or a test to look at
#
#   samples.sh DIR
#
# Writes zone texts (DIR/*.records), messages (DIR/mail/NN-*.eml), address
# books and, in DIR/zones, the zones for lab_zones.sh, one a line.
# SAMPLES: the folder of an earlier run, of which this makes a copy: a second
# less.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=$1
mkdir -p "$dir/mail" "$dir/keys"
if [ -s "${SAMPLES:-}/zones" ]; then
	cp -r "$SAMPLES/." "$dir"
	sed -i "s,=.*/,=$dir/," "$dir/zones"
	exit
fi

# zone NAME MARK DMARC [key kind]: MARK is lab_zones.sh's ("", -, !, ^).
zone() {
	local name=$1 mark=$2 dmarc=$3 kind=${4:-rsa} record
	record=$("$here/sign.sh" key "$kind" "$dir/keys/$name")
	{
		# A character-string holds 255 bytes (RFC 1035 section 3.3).
		printf 's1._domainkey\tIN TXT'
		printf '%s' "$record" | fold -w 200 | while IFS= read -r part ||
			[ -n "$part" ]; do
			printf ' "%s"' "$part"
		done
		printf '\n'
		printf '@\tIN TXT "v=spf1 ip4:192.0.2.0/24 -all"\n'
		printf '@\tIN MX 10 mail\nmail\tIN A 192.0.2.25\n'
		if [ -n "$dmarc" ]; then
			printf '_dmarc\tIN TXT "%s"\n' "$dmarc"
		fi
	} >"$dir/$name.records"
	echo "$mark$name=$dir/$name.records" >>"$dir/zones"
}

# mail NN-name FROM SUBJECT: a message, not signed yet, on standard output
mail() {
	printf 'From: %s\nTo: Robin <robin@home.example>\nSubject: %s\n' \
		"$1" "$2"
	printf 'Date: %s\nMessage-ID: <%s@sample.example>\n\n' \
		"$(date -R)" "$RANDOM$RANDOM"
	printf 'Dear Robin,\n\nthis is a sample.\n'
}

signed() {	# NN-name DOMAIN FROM SUBJECT
	mail "$3" "$4" >"$dir/plain"
	"$here/sign.sh" sign "$dir/keys/$2" "$2" s1 "$dir/plain" \
		>"$dir/mail/$1.eml"
}

unsigned() {	# NN-name FROM SUBJECT
	mail "$2" "$3" >"$dir/plain"
	"$here/sign.sh" crlf "$dir/plain" >"$dir/mail/$1.eml"
}

: >"$dir/zones"
zone example.org '' 'v=DMARC1; p=reject; rua=mailto:dmarc@example.org'
zone shop.example '' "v=DMARC1; p=quarantine; \
rua=mailto:a@bank.example!10m,mailto:b@free.example" ed25519
zone bank.example '' 'v=DMARC1; p=reject'
# It takes the shop's reports; free.example does not say so.
echo 'shop.example._report._dmarc IN TXT "v=DMARC1; rua=mailto:c@bank.example"' \
	>>"$dir/bank.example.records"
zone free.example - 'v=DMARC1; p=none'
zone broken.example '!' 'v=DMARC1; p=reject'
zone plain.example '' ''

signed 01-known example.org 'Alice Harper <alice@example.org>' 'Lunch'
signed 02-unknown shop.example 'The Shop <orders@shop.example>' 'Your order'
unsigned 03-forged 'Your Bank <service@bank.example>' 'Account blocked'
signed 04-name-of-another free.example \
	'Alice Harper <alice.harper@free.example>' 'New address'
signed 05-address-in-name free.example \
	'"service@bank.example" <mallory@free.example>' 'Account blocked'
signed 06-two-from example.org 'Alice Harper <alice@example.org>' 'Lunch'
sed -i '1i From: Mallory <mallory@free.example>\r' "$dir/mail/06-two-from.eml"
signed 07-bogus-zone broken.example 'Carol <carol@broken.example>' 'Hello'
unsigned 08-no-policy 'Dave <dave@plain.example>' 'Hello'
# Another subject: the same signature over another text would be a replay.
signed 09-changed example.org 'Alice Harper <alice@example.org>' 'Dinner'
sed -i 's/this is a sample/send me money/' "$dir/mail/09-changed.eml"
rm -f "$dir/plain"

cat >"$dir/aliases" <<'END'
# mutt aliases
alias alice Alice Harper <alice@example.org>
alias bob Bob Stone <bob@stone.example>
END
cat >"$dir/carol.vcf" <<'END'
BEGIN:VCARD
VERSION:4.0
FN:Carol Reed
EMAIL:carol@broken.example
END:VCARD
END
