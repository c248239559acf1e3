#!/usr/bin/env bash
# test_protect - mail sealed over the bus: opened by openssl, gpgsm, gpg and by
# ourselves; what is missing is named, and nothing goes out then
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/people.sh
. "$here/../lab/people.sh"
export GNUPGHOME=$desk/gnupg
mkdir -m 700 "$GNUPGHOME"
echo allow-loopback-pinentry >"$GNUPGHOME/gpg-agent.conf"
export DESK_CONFIG="
[account home]
address = bob@example.org
server = smtps://localhost
sign = smime
encrypt = when-possible
$people_keys"
people_authority
person alice alice@example.org
person carol carol@example.org
gpg --batch --quiet --passphrase '' --quick-gen-key \
	'Bob <bob@example.org>' ed25519 sign never 2>/dev/null
print=$(gpg --list-keys --with-colons bob@example.org |
	awk -F: '/^fpr/ { print $10; exit }')
gpg --batch --quiet --passphrase '' --quick-add-key "$print" cv25519 encr \
	never 2>/dev/null
desk_start "$desk" "$build"
answers secret secret
mailseal keys generate bob@example.org --algorithm rsa3072 >/dev/null
bob=$(mailseal keys list --json | key fingerprint)

# Whose certificate is known: they wrote, signed, before.
for name in alice carol; do
	{
		printf '%s\r\n' "From: $name@example.org" \
			'To: bob@example.org' 'Subject: my certificate' \
			"Date: $(date -R)" "Message-ID: <$name@example.org>"
		printf 'Content-Type: text/plain\r\n\r\nHello.\r\n' |
			openssl cms -sign -signer "$desk/$name.pem" \
				-inkey "$desk/$name.key"
	} >"$desk/from-$name"
	mailseal open "$desk/from-$name" >/dev/null 2>&1 || true
done

# message FILE RECIPIENT...
message() {
	local file=$desk/$1 to
	shift
	to=$(printf '%s, ' "$@")
	printf '%s\n' 'From: Bob <bob@example.org>' "To: ${to%, }" \
		'Subject: secret lunch' "Date: $(date -R)" \
		'Message-ID: <lunch@example.org>' 'MIME-Version: 1.0' \
		'Content-Type: text/plain; charset=utf-8' \
		'Content-Transfer-Encoding: 8bit' '' 'Käse um zwölf.' >"$file"
}
# protected STATUS FILE OPTION...: into $desk/out
protected() {
	local wanted=$1
	status=0
	mailseal protect --json "${@:3}" "$desk/$2" >"$desk/out" \
		2>"$desk/err" || status=$?
	expect "status of $2 ${*:3} ($(cat "$desk/err"))" "$wanted" "$status"
	grep '^{' "$desk/err" >"$desk/report" || : >"$desk/report"
	if [ "$wanted" -ne 0 ]; then
		expect "nothing comes out of $2 ${*:3}" 0 \
			"$(wc -c <"$desk/out")"
	fi
}
told() {
	expect "$1" "$2" "$(key "$1" <"$desk/report")"
}

# --- S/MIME
message lunch alice@example.org carol@example.org
answers secret
protected 0 lunch --sign --smime
told scheme smime
told signed true
openssl cms -verify -noverify -in "$desk/out" -out "$desk/text" 2>/dev/null ||
	fail 'openssl cannot verify it'
told signer_address bob@example.org
told signer_key "$bob"
mailseal protect --sign --encrypt --smime "$desk/lunch" 2>"$desk/err" \
	>/dev/null || fail "protect ended with $?"
expect 'what a person reads' "Signed as bob@example.org (${bob:0:16});\
 encrypted to alice@example.org, carol@example.org, bob@example.org (S/MIME)." \
	"$(cat "$desk/err")"
contains 'what openssl reads' 'K=C3=A4se' "$(cat "$desk/text")"
protected 0 lunch --sign --encrypt
told scheme smime
told encrypted true
contains 'the subject is hidden' 'Subject: [...]' "$(cat "$desk/out")"
if sed '1,/^\r*$/d' "$desk/out" | grep lunch >/dev/null; then
	fail 'the text stands in the clear'
fi
for name in alice carol; do
	openssl cms -decrypt -in "$desk/out" -recip "$desk/$name.pem" \
		-inkey "$desk/$name.key" -out "$desk/inner" ||
		fail "$name cannot read it"
	openssl cms -verify -noverify -in "$desk/inner" -out "$desk/text" \
		2>/dev/null || fail "$name cannot verify it"
	contains "what $name reads" 'Subject: secret lunch' \
		"$(cat "$desk/text")"
done
mailseal open --json --no-verdict "$desk/out" >"$desk/content" \
	2>"$desk/report" || true
told security confidential
contains 'what we read' 'secret lunch' "$(cat "$desk/content")"
if command -v gpgsm >/dev/null; then
	openssl pkcs12 -export -inkey "$desk/alice.key" -in "$desk/alice.pem" \
		-passout pass:p12 -out "$desk/alice.p12" -legacy 2>/dev/null
	mkdir -m 700 "$desk/sm"
	echo allow-loopback-pinentry >"$desk/sm/gpg-agent.conf"
	# It may give up on an agent that is just starting.
	imported() {
		printf 'p12\n' | GNUPGHOME=$desk/sm gpgsm --batch --quiet \
			--pinentry-mode loopback --passphrase-fd 0 \
			--import "$desk/alice.p12" >/dev/null 2>&1 || true
		[ -n "$(GNUPGHOME=$desk/sm gpgsm --list-secret-keys)" ]
	}
	await imported
	sed '1,/^\r*$/d' "$desk/out" | GNUPGHOME=$desk/sm gpgsm --batch \
		--quiet --assume-base64 --pinentry-mode loopback \
		--passphrase-fd 3 --decrypt 3<<<p12 >"$desk/inner" \
		2>"$desk/err" || fail "gpgsm cannot read it: $(cat "$desk/err")"
	contains 'what gpgsm reads' 'Subject: secret lunch' "$(cat "$desk/inner")"
	GNUPGHOME=$desk/sm gpgconf --kill gpg-agent
fi

# --- which cipher: GCM for those who are known to read it, and for oneself
# cipher TYPE RECIPIENT...: what the mail is then
cipher() {
	message kind "${@:2}"
	protected 0 kind --sign --encrypt --smime
	contains "for ${*:2}" "smime-type=$1" "$(cat "$desk/out")"
}
person dave dave@example.org
printf 'From: dave@example.org\r\nTo: bob@example.org\r\n\r\nHello.\r\n' \
	>"$desk/hello"
"$build/tests/interop/seal_tool" protect sign ca="$desk/ca.pem" \
	as="$desk/dave.pem" key="$desk/dave.key" "$desk/hello" \
	"$desk/from-dave" >/dev/null
mailseal open --no-verdict "$desk/from-dave" >/dev/null 2>&1 ||
	fail 'the mail that says what dave reads'
cipher enveloped-data alice@example.org
cipher enveloped-data alice@example.org dave@example.org
cipher authEnveloped-data dave@example.org
openssl cms -decrypt -in "$desk/out" -recip "$desk/dave.pem" \
	-inkey "$desk/dave.key" -out "$desk/inner" || fail 'dave cannot read it'
cipher authEnveloped-data bob@example.org
mailseal open --json --no-verdict "$desk/out" >/dev/null 2>"$desk/report" ||
	true
told encryption.integrity aead

# --- to another address of one's own: nobody sent that certificate
answers secret secret
mailseal keys generate robert@example.org --algorithm p256 >/dev/null
mailseal keys find --json --no-dns robert@example.org >"$desk/found" ||
	fail "keys find ended with $?"
expect 'whence' own "$(key source <"$desk/found")"
expect 'how far' own "$(key trust <"$desk/found")"
expect 'it is used' true "$(key chosen <"$desk/found")"
message robert robert@example.org
protected 0 robert --sign --encrypt --smime
told recipients.0 robert@example.org
told recipients.1 bob@example.org
told recipients.2 ''
mailseal open --json --no-verdict "$desk/out" >"$desk/content" \
	2>"$desk/report" || true
told security confidential
# To oneself, and for oneself: once.
message self bob@example.org robert@example.org
protected 0 self --sign --encrypt --smime
told recipients.0 bob@example.org
told recipients.1 robert@example.org
told recipients.2 ''
openssl cms -cmsout -print -in "$desk/out" >"$desk/text"
expect 'copies' 2 "$(grep -cE 'd\.(ktri|kari):' "$desk/text")"

# By a key of another address.
robert=$(mailseal keys list --json | grep robert@ | key fingerprint)
protected 0 lunch --sign --key "${robert:0:10}"
told signer_address robert@example.org
told signer_key "$robert"

# --- OpenPGP
message self bob@example.org
protected 0 self --sign --encrypt --openpgp
told scheme openpgp
told signer_address bob@example.org
told signer_key "$(key signer <"$desk/report")"
sed -n '/BEGIN PGP/,/END PGP/p' "$desk/out" |
	gpg --batch --decrypt >"$desk/text" 2>"$desk/err" ||
	fail "gpg cannot read it: $(cat "$desk/err")"
contains 'the signature is inside' 'protocol="application/pgp-signature"' \
	"$(cat "$desk/text")"
contains 'what gpg reads' 'secret lunch' "$(cat "$desk/text")"
mailseal open --json --no-verdict "$desk/out" >"$desk/content" \
	2>"$desk/report" || true
told encryption.scheme openpgp
told signature.from_match yes
contains 'what we read' 'secret lunch' "$(cat "$desk/content")"

# By the first digits of its fingerprint, as it is shown; or its last, as gpg
# takes them.
for digits in "${print:0:8}" "0x${print:0:16}" "$print" "${print: -16}"; do
	protected 0 self --sign --key "$digits"
	told signer_key "$print"
done
protected 77 self --sign --openpgp --key 0123456789
contains 'no such key' 'with the fingerprint 0123456789' "$(cat "$desk/err")"

# --- what is missing is named
message strangers alice@example.org dora@example.org eve@example.org
protected 77 strangers --encrypt
contains 'the first missing one' dora@example.org "$(cat "$desk/err")"
contains 'the second missing one' eve@example.org "$(cat "$desk/err")"
contains 'who has a certificate is not missing' \
	'S/MIME certificate was found for dora@' "$(cat "$desk/err")"
contains 'who has no OpenPGP key' 'OpenPGP key was found for alice@' \
	"$(cat "$desk/err")"
protected 0 strangers --opportunistic --sign
told encrypted false
told reasons.0.code not-encrypted
protected 0 strangers --policy
told signed true
told encrypted false
protected 0 lunch --policy
told encrypted true

# --- hidden recipients
message shown alice@example.org
sed -i '2a Bcc: carol@example.org' "$desk/shown"
protected 77 shown --encrypt
contains 'who is hidden' carol@example.org "$(cat "$desk/err")"
protected 0 shown --encrypt --split
told left_over.0 carol@example.org
expect 'no Bcc goes out' 0 "$(grep -ci '^bcc' "$desk/out" || true)"
if openssl cms -decrypt -in "$desk/out" -recip "$desk/carol.pem" \
	-inkey "$desk/carol.key" -out "$desk/inner" 2>/dev/null; then
	fail 'the hidden one can read the envelope of the others'
fi

# --- drafts that two programs would read differently do not come out, and
# nobody who is hidden to one of them is shown by the other
for line in 'X-A: b\rBcc: carol@example.org' 'Subject : lunch' 'X-A: \0' \
	'no field'; do
	{
		sed '/^$/q' "$desk/lunch" | sed '$d'
		printf '%b\n\nHello.\n' "$line"
	} >"$desk/two-ways"
	protected 65 two-ways --sign
	protected 65 two-ways --sign --encrypt --split
	contains "why not, $line" 'a line that is no field' "$(cat "$desk/err")"
done
{
	printf '%s\n' 'Resent-From: bob@example.org' \
		'Resent-To: alice@example.org' 'Resent-Bcc: carol@example.org'
	cat "$desk/lunch"
} | sed 's/^To: .*/To: bob@example.org/' >"$desk/resent"
protected 0 resent --sign --encrypt --split
expect 'nobody hidden goes out' 0 "$(grep -c carol "$desk/out" || true)"
# What an earlier mail said of its fields is not said of this one, and the
# fields inside are found, whatever the type was.
for type in 'hp="clear"' 'name="a' '; ;'; do
	message typed alice@example.org
	sed -i "s/^\(Content-Type: text.plain\);.*/\1; $type/" "$desk/typed"
	protected 0 typed --sign --encrypt
	mailseal open --json --no-verdict "$desk/out" >"$desk/content" \
		2>"$desk/report" || true
	told headers.protection cipher
	told headers.confidential.0 Subject
	told headers.changed.0 ''
	contains "the subject, $type" 'Subject: secret lunch' \
		"$(cat "$desk/content")"
done

# --- forms of mail
printf 'From: bob@example.org\nTo: alice@example.org\nSubject: x\n\n' \
	>"$desk/empty"
protected 0 empty --sign --encrypt
printf 'From: bob@example.org\nTo: alice@example.org\nSubject: x\n\n%s\n' \
	"$(head -c 3000 /dev/zero | tr '\0' x)" >"$desk/long"
protected 0 long --sign
openssl cms -verify -noverify -in "$desk/out" -out /dev/null 2>/dev/null ||
	fail 'long lines cannot be verified'
expect 'no line is too long' 0 "$(awk 'length($0) > 999' "$desk/out" | wc -l)"
cp "$desk/out" "$desk/sealed"
protected 77 sealed --sign
printf 'no message\n' >"$desk/none"
protected 64 lunch
{
	printf 'From: bob@example.org\nSubject: many\nTo: a0@example.org'
	for nth in $(seq 1 9000); do printf ',\n a%d@example.org' "$nth"; done
	printf '\n\nHello.\n'
} >"$desk/many"
protected 77 many --encrypt

# --- a person at pinentry
mailseal keys lock
answers wrong wrong wrong
protected 77 lunch --sign --smime
answers '!cancel'
protected 77 lunch --sign --smime
answers secret
protected 0 lunch --sign --smime

# --- the keeper dies while a signature is made: it is asked again
mailseal keys lock
answers '!wait' secret
rm -f "$XDG_RUNTIME_DIR/pinentry.waits"
mailseal protect --sign --smime "$desk/lunch" >"$desk/out" 2>"$desk/err" &
waiting=$!
await test -e "$XDG_RUNTIME_DIR/pinentry.waits"
kill -9 "$(role keeper)"
status=0
wait "$waiting" || status=$?
case $status in
0) openssl cms -verify -noverify -in "$desk/out" -out /dev/null 2>/dev/null ||
	fail 'half a message came out' ;;
7?) expect 'nothing comes out' 0 "$(wc -c <"$desk/out")" ;;
*) fail "the keeper died: status $status" ;;
esac
expect 'the key is still there' 1 \
	"$(mailseal keys list --json | grep -c "\"$bob\"")"

# --- Entity1, as clients with a menu of their own call it
printf 'Content-Type: text/plain\r\n\r\nHello.\r\n' >"$desk/entity"
answers secret
entity() { "$build/tests/bus/bus_seal" "$@"; }
entity sign "$desk/entity" scheme=smime sender=bob@example.org >"$desk/der" ||
	fail 'no signature of S/MIME'
openssl cms -verify -noverify -inform DER -in "$desk/der" \
	-content "$desk/entity" -out /dev/null 2>/dev/null ||
	fail 'openssl does not take the signature'
entity sign "$desk/entity" scheme=openpgp sender=bob@example.org >"$desk/asc" ||
	fail 'no signature of OpenPGP'
gpg --batch --quiet --verify "$desk/asc" "$desk/entity" 2>/dev/null ||
	fail 'gpg does not take the signature'
entity sign "$desk/entity" scheme=smime sender=bob@example.org form=part |
	openssl cms -verify -noverify -out /dev/null 2>/dev/null ||
	fail 'openssl does not take the part'
entity encrypt "$desk/entity" alice@example.org scheme=smime \
	sender=bob@example.org >"$desk/der" || fail 'nothing of S/MIME'
openssl cms -decrypt -inform DER -in "$desk/der" -recip "$desk/alice.pem" \
	-inkey "$desk/alice.key" -out "$desk/text" || fail 'alice cannot read'
contains 'what alice reads' Hello "$(cat "$desk/text")"
entity encrypt "$desk/entity" bob@example.org scheme=openpgp sign=true \
	sender=bob@example.org >"$desk/asc" || fail 'nothing of OpenPGP'
gpg --batch --quiet --decrypt "$desk/asc" >"$desk/text" 2>/dev/null ||
	fail 'gpg cannot read'
contains 'what bob reads' Hello "$(cat "$desk/text")"
status=0
entity encrypt "$desk/entity" nobody@example.org scheme=smime \
	sender=bob@example.org >"$desk/der" 2>"$desk/err" || status=$?
expect 'nobody has a key' 'NoKey 0' \
	"$(cut -d: -f1 "$desk/err") $(wc -c <"$desk/der")"
gpgconf --kill gpg-agent
echo "asserted $asserted"
