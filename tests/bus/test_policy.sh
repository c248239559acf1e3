#!/usr/bin/env bash
# test_policy - what an account wants signed or encrypted arrives so, or nothing
# does: read at the server, after a real submission under DANE
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
# shellcheck source=tests/lab/gnupg.sh
. "$here/../lab/gnupg.sh"
# shellcheck source=tests/lab/people.sh
. "$here/../lab/people.sh"
at_end gnupg_end "$desk/gnupg"
at_end submit_stop "$desk/smtp"
PATH=$build/plugins/mutt:$PATH
export GNUPGHOME=$desk/gnupg
mkdir -m 700 "$GNUPGHOME"
gpg --batch --quiet --passphrase '' --quick-gen-key \
	'Dave <dave@mail.lab>' default default never 2>/dev/null

submit_key "$desk/smtp"
echo pencil-of-this-desk | tee "$desk/smtp/password" >"$desk/password"
submit_server "$desk/smtp" tls
submit_zone "$desk/lab" "$smtp_port" "$smtp_port"
# account NAME SIGN ENCRYPT: of the address NAME@mail.lab
account() {
	submit_account "$1" "smtps://smtp.mail.lab:$smtp_port" \
		"password = command: cat $desk/password" |
		sed "s/alice@mail.lab/$1@mail.lab/; s/^sign = .*/sign = $2/
			s/^encrypt = .*/encrypt = $3/"
}
DESK_CONFIG="
$(account alice smime always)
$(account bob smime when-possible)
$(account carol none never)
$(account dave openpgp never)
$people_keys"
people_authority
person erin erin@box.lab
person_ec frank frank@box.lab
person_ec grace grace@box.lab
desk_start "$desk" "$build"
answers secret secret secret secret
for name in alice bob; do
	mailseal keys generate "$name@mail.lab" --algorithm rsa3072 >/dev/null
done
for name in erin frank grace; do
	{
		printf '%s\r\n' "From: $name@box.lab" 'To: bob@mail.lab' \
			'Subject: my certificate' "Date: $(date -R)" \
			"Message-ID: <$name@box.lab>"
		printf 'Content-Type: text/plain\r\n\r\nHello.\r\n' |
			openssl cms -sign -signer "$desk/$name.pem" \
			-inkey "$desk/$name.key" -md sha256
	} >"$desk/$name.eml"
	mailseal open --no-verdict "$desk/$name.eml" >/dev/null 2>&1 || true
done

# message FROM TO...: into $desk/mail
message() {
	local from=$1 to
	shift
	to=$(printf ', %s' "$@")
	printf 'From: %s\nTo: %s\nSubject: secret lunch\n\n%s\n' "$from" \
		"${to#, }" 'the lunch is at noon' >"$desk/mail"
}
none_in_hand() {
	[[ $(mailseal queue list) != *sending* ]]
}
# submit STATUS OPTION...: $desk/mail; the words in $said, the new mails, in
# the order in which they came, in $new
submit() {
	local wanted=$1 before after status=0
	shift
	before=$(find "$desk/smtp/mail" -type f | wc -l)
	said=$(mailseal-sendmail -t "$@" <"$desk/mail" 2>&1) || status=$?
	expect "status of $* ($said)" "$wanted" "$status"
	# Where the machine is slow, it was queued and is on its way.
	comes_true none_in_hand || fail "never sent: $said"
	after=$(find "$desk/smtp/mail" -type f | wc -l)
	new=()
	while [ "$before" -lt "$after" ]; do
		before=$((before + 1))
		new+=("$desk/smtp/mail/$before")
	done
}
# opens NAME FILE: with the key of NAME, into $desk/inner
opens() {
	openssl cms -decrypt -in "$2" -recip "$desk/$1.pem" \
		-inkey "$desk/$1.key" -out "$desk/inner" 2>/dev/null
}
# no_plain: neither the queue nor what was sent holds the text
no_plain() {
	if grep -r -q 'at noon' "$desk/state"; then
		fail 'the text stands on the disk'
	fi
	asserted=$((asserted + 1))
}

# --- encrypt = always
message alice@mail.lab erin@box.lab frank@box.lab
submit 0
expect 'one mail' 1 "${#new[@]}"
for name in erin frank; do
	opens "$name" "${new[0]}" || fail "$name cannot read it"
	contains "what $name reads" 'the lunch is at noon' \
		"$(tr -d '\r' <"$desk/inner")"
	contains 'it is signed inside' multipart/signed "$(cat "$desk/inner")"
done
expect 'no subject' 1 "$(grep -c '^Subject: \[\.\.\.\]' "${new[0]}")"
expect 'no text' 0 "$(grep -c 'at noon' "${new[0]}" || true)"
expect 'one Date' 1 "$(grep -c '^Date: ' "${new[0]}")"
expect 'one Message-ID' 1 "$(grep -c '^Message-ID: ' "${new[0]}")"
no_plain
message alice@mail.lab erin@box.lab nobody@box.lab
submit 77
expect 'nothing is sent' 0 "${#new[@]}"
contains 'who is missing' nobody@box.lab "$said"
expect 'nothing is queued' 'The queue is empty.' "$(mailseal queue list)"
no_file() {
	[ -z "$(cd "$desk/state/mailseal/queue" &&
		find new jobs failed -type f)" ]
}
await no_file

# signed: how often alice's key did
signed() {
	mailseal keys list --json | grep alice@mail.lab | key signatures
}
was=$(signed)
# Hidden recipients, each with a mail that names nobody else.
message alice@mail.lab erin@box.lab
sed -i '2a Bcc: frank@box.lab, grace@box.lab' "$desk/mail"
submit 0
expect 'one signature for all' $((was + 1)) "$(signed)"
expect 'three mails' 3 "${#new[@]}"
for name in erin frank grace; do
	count=0
	for mail in "${new[@]}"; do
		expect 'no Bcc' 0 "$(grep -ci '^bcc' "$mail" || true)"
		if opens "$name" "$mail"; then
			count=$((count + 1))
			contains "what $name reads" 'at noon' \
				"$(cat "$desk/inner")"
			openssl cms -verify -noverify -in "$desk/inner" \
				-out /dev/null 2>/dev/null ||
				fail "$name cannot verify it"
			expect 'inside neither' 0 \
				"$(grep -ci '^bcc' "$desk/inner" || true)"
		fi
	done
	expect "mails that $name can read" 1 "$count"
done
no_plain

# --- encrypt = when-possible
message bob@mail.lab erin@box.lab
submit 0 -v
opens erin "${new[0]}" || fail 'erin cannot read it'
contains 'how it left' ' (dane), signed and encrypted (smime), <' "$said"
message bob@mail.lab erin@box.lab nobody@box.lab
submit 0 -v
contains 'how it left' ' (dane), signed (smime), <' "$said"
contains 'why not encrypted' \
	'not-encrypted: No S/MIME certificate was found for nobody@box.lab' \
	"$said"
echo 'mail say 451 later' >"$desk/smtp/fault"
submit 0
contains 'it waits' 'queued, not sent yet' "$said"
listed=$(mailseal queue list)
contains 'how it will leave' $'\tsigned (smime)\n' "$listed"
contains 'why not encrypted' \
	$'\tnot-encrypted: No S/MIME certificate was found' "$listed"
mailseal queue cancel "$(mailseal queue list --json | key id)"
: >"$desk/smtp/fault"
submit 0
openssl cms -verify -noverify -in "${new[0]}" -out "$desk/inner" \
	2>/dev/null || fail 'it is not signed'
contains 'what is signed' 'at noon' "$(cat "$desk/inner")"
# Where DNS is tampered with it is not known who has a key; an unsigned domain
# could prove none anyway.
message bob@mail.lab erin@box.lab nobody@expired.lab
submit 75
expect 'nothing is sent' 0 "${#new[@]}"
contains 'why' 'DNS does not tell now who has one' "$said"
contains 'whose' 'nobody@expired.lab (DNS could not be asked' "$said"
expect 'nothing is queued' 'The queue is empty.' "$(mailseal queue list)"
status=0
mailseal protect --opportunistic "$desk/mail" >"$desk/out" 2>"$desk/err" ||
	status=$?
expect 'mailseal protect' 75 "$status"
contains 'why' 'DNS does not tell now who has one' "$(cat "$desk/err")"
expect 'nothing comes out' 0 "$(stat -c %s "$desk/out")"
message bob@mail.lab erin@box.lab nobody@insecure.lab
submit 0
message bob@mail.lab erin@box.lab nobody@box.lab
submit 77 --require=encrypt
contains 'who is missing' nobody@box.lab "$said"
expect 'nothing is sent' 0 "${#new[@]}"
# More than there is room for is refused, and no word of it forgotten.
export MAILSEAL_REQUIRE=encrypt
submit 64 "--require=$(printf 'sign,%.0s' {1..60})sign"
contains 'why' 'is sign, encrypt, answer, or several' "$said"
expect 'nothing is sent' 0 "${#new[@]}"
unset MAILSEAL_REQUIRE

# --- sign = openpgp
message dave@mail.lab nobody@box.lab
submit 0
contains 'a signature of OpenPGP' 'BEGIN PGP SIGNATURE' "$(cat "${new[0]}")"
cp "${new[0]}" "$desk/signed"
mailseal open --json --no-verdict "$desk/signed" >/dev/null \
	2>"$desk/report" || true
expect 'of its author' yes "$(key signature.from_match <"$desk/report")"

# --- sign = none, encrypt = never; what is asked for beyond it
message carol@mail.lab erin@box.lab
submit 0
contains 'as it is' 'Subject: secret lunch' "$(cat "${new[0]}")"
submit 77 --require=sign
contains 'whose key' carol@mail.lab "$said"

# --- an answer to an encrypted mail, whatever the account says
# secret NAME MESSAGE-ID: to NAME, who opens it
secret() {
	{
		printf '%s\r\n' 'From: erin@box.lab' "To: $1@mail.lab" \
			'Subject: secret' "Date: $(date -R)" "Message-ID: <$2>"
		printf 'Content-Type: text/plain\r\n\r\nHello.\r\n' |
			openssl cms -encrypt -aes256 \
			"$desk/data/mailseal/keys/$(mailseal keys list --json |
				grep "$1@mail.lab" | key fingerprint).crt"
	} >"$desk/secret"
	status=0
	mailseal open --no-verdict "$desk/secret" >"$desk/inner" 2>&1 ||
		status=$?
	expect 'it is opened' 2 "$status"
}
# answer FIELD FROM TO...: into $desk/mail
answer() {
	message "${@:2}"
	sed -i "2a $1" "$desk/mail"
}
answers secret secret
mailseal keys generate carol@mail.lab --algorithm p256 >/dev/null
answer 'In-Reply-To: <one@box.lab>' carol@mail.lab erin@box.lab
submit 0
contains 'it was not opened yet' 'Subject: secret lunch' "$(cat "${new[0]}")"
secret carol one@box.lab
secret bob two@box.lab
for field in 'In-Reply-To: <one@box.lab>' \
	'References: <zero@box.lab>\n <one@box.lab>\n <three@box.lab>'; do
	answer "$field" carol@mail.lab erin@box.lab
	submit 0
	expect 'no text' 0 "$(grep -c 'at noon' "${new[0]}" || true)"
	opens erin "${new[0]}" || fail 'erin cannot read the answer'
done
for from in bob carol; do
	answer 'References: <two@box.lab>' "$from@mail.lab" erin@box.lab \
		nobody@box.lab
	submit 77
	contains 'who is missing' nobody@box.lab "$said"
	contains 'why' 'answers a mail that came encrypted' "$said"
	contains 'what to do' 'quotes nothing' "$said"
	expect 'nothing is sent' 0 "${#new[@]}"
done
for way in --policy --opportunistic; do
	status=0
	mailseal protect $way "$desk/mail" >"$desk/sealed" 2>"$desk/err" ||
		status=$?
	expect "protect $way" 77 "$status"
	expect 'nothing comes out' 0 "$(wc -c <"$desk/sealed")"
done
no_plain
# A new agent knows it as well.
agent=$(desk_agent "$desk")
kill "$agent"
await has_ended "$agent"
submit 77
# What cannot be remembered may have been: nothing is sent.
python3 -c 'import sqlite3, sys
sqlite3.connect(sys.argv[1]).execute("DROP TABLE opened")' \
	"$desk/state/mailseal/store.db"
answer 'In-Reply-To: <never@box.lab>' carol@mail.lab erin@box.lab
status=0
said=$(mailseal-sendmail -t <"$desk/mail" 2>&1) || status=$?
[ "$status" -ge 64 ] || fail "sent, with a store that cannot be read: $said"
contains 'what is wrong' 'cannot be told now' "$said"
message carol@mail.lab erin@box.lab
submit 0
answers secret secret
mailseal keys unlock alice@mail.lab 2>/dev/null || true

# --- what the client sealed passes, but not where it is too little
message alice@mail.lab erin@box.lab
mailseal protect --sign --encrypt "$desk/mail" >"$desk/sealed" 2>/dev/null ||
	fail 'mailseal protect'
cp "$desk/sealed" "$desk/mail"
submit 0
tr -d '\r' <"${new[0]}" | sed '1,/^$/d' >"$desk/sent"
tr -d '\r' <"$desk/sealed" | sed '1,/^$/d' | cmp - "$desk/sent" ||
	fail 'it was changed'
message alice@mail.lab erin@box.lab
mailseal protect --sign "$desk/mail" >"$desk/sealed" 2>/dev/null
cp "$desk/sealed" "$desk/mail"
submit 77
contains 'what is wrong' 'signed already' "$said"

# --- locked: a person is asked; who does not answer sends nothing
mailseal keys lock
message alice@mail.lab erin@box.lab
answers '!cancel'
submit 77
expect 'nothing is sent' 0 "${#new[@]}"
expect 'nothing is queued' 'The queue is empty.' "$(mailseal queue list)"
answers secret
submit 0
opens erin "${new[0]}" || fail 'erin cannot read it'

# --- larger than memory may hold; with the sanitizers that takes most of a
# minute, and they see a spool on the disk in its unit test
lines=400000
case $build in
*asan*) lines=40000 ;;
esac
mailseal keys lock
echo 'hide SIZE' >"$desk/smtp/fault"
message alice@mail.lab erin@box.lab
awk -v lines="$lines" 'BEGIN {
	while (lines-- > 0)
		print "the lunch is at noon, and a long one: bring time"
}' >>"$desk/mail"
answers secret
submit 0
opens erin "${new[0]}" || fail 'erin cannot read it'
[ "$(grep -c 'bring time' "$desk/inner")" -eq "$lines" ] ||
	fail 'the text is not whole'
no_plain
await no_file
echo "asserted $asserted"
