#!/usr/bin/env bash
# test_answer - an answer to an encrypted part that a client decrypts, and whose
# message it names, does not leave in the clear
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
# shellcheck source=tests/lab/people.sh
. "$here/../lab/people.sh"
at_end submit_stop "$desk/smtp"
PATH=$build/plugins/mutt:$PATH

submit_key "$desk/smtp"
echo pencil-of-this-desk | tee "$desk/smtp/password" >"$desk/password"
submit_server "$desk/smtp" tls
submit_zone "$desk/lab" "$smtp_port"
DESK_CONFIG="
$(submit_account carol "smtps://smtp.mail.lab:$smtp_port" \
	"password = command: cat $desk/password" |
	sed 's/alice@mail.lab/carol@mail.lab/')
$people_keys"
people_authority
person_ec erin erin@box.lab
person_ec carol carol@mail.lab
openssl pkcs12 -export -inkey "$desk/carol.key" -in "$desk/carol.pem" \
	-out "$desk/carol.p12" -passout pass:p12
desk_start "$desk" "$build"
answers p12 secret secret
mailseal keys import "$desk/carol.p12" >/dev/null
{
	printf '%s\r\n' 'From: erin@box.lab' 'To: carol@mail.lab' \
		'Subject: my certificate' "Date: $(date -R)" \
		'Message-ID: <erin@box.lab>'
	printf 'Content-Type: text/plain\r\n\r\nHello.\r\n' | openssl cms \
		-sign -signer "$desk/erin.pem" -inkey "$desk/erin.key" -md sha256
} >"$desk/erin.eml"
mailseal open --no-verdict "$desk/erin.eml" >/dev/null 2>&1 || true

printf 'Content-Type: text/plain\r\n\r\nHello.\r\n' |
	openssl cms -encrypt -aes256 "$desk/carol.pem" >"$desk/whole"
cp "$desk/whole" "$desk/part"
# told ID: the part is decrypted, and the client says that it is of ID
told() {
	status=0
	"$build/tests/bus/bus_seal" decrypt "$desk/part" message_id="$1" \
		>"$desk/inner" 2>"$desk/err" || status=$?
}
sent=0
arrived() {
	[ -s "$desk/smtp/mail/$sent" ]
}
# answered ID COUNT: lines of the answer to ID that can be read on the way
answered() {
	printf '%s\n' 'From: carol@mail.lab' 'To: erin@box.lab' \
		"In-Reply-To: <$1>" 'Subject: lunch' '' \
		'the lunch is at noon' >"$desk/mail"
	sent=$((sent + 1))
	mailseal-sendmail -t <"$desk/mail" >"$desk/said" 2>&1 ||
		fail "$(cat "$desk/said")"
	comes_true arrived || fail "never sent: $(cat "$desk/said")"
	expect "the answer to $1" "$2" "$(grep -c 'at noon' \
		"$desk/smtp/mail/$sent" || true)"
}
"$build/tests/bus/bus_seal" decrypt "$desk/part" >"$desk/inner" 2>&1
contains 'it opens' Hello "$(cat "$desk/inner")"
for id in four@box.lab '<five@box.lab>'; do
	told "$id"
	contains "it opens, $id" Hello "$(cat "$desk/inner")"
done
answered four@box.lab 0
answered five@box.lab 0
answered never@box.lab 1
# What was not opened, or was not encrypted, is not remembered.
head -c -300 "$desk/whole" >"$desk/part"
told damaged@box.lab
expect 'nothing comes out' 0 "$(wc -c <"$desk/inner")"
answered damaged@box.lab 1
printf 'Content-Type: text/plain\r\n\r\nHello.\r\n' >"$desk/part"
told plain@box.lab
answered plain@box.lab 1
cp "$desk/whole" "$desk/part"
for id in '' '<>' 'two words@box.lab' $'a\tb@box.lab' $'a\x7fb@box.lab' \
	'a@box.lab><b@box.lab' '<a@box.lab' "$(printf '%0999d' 0)"; do
	told "$id"
	expect "refused: $id" 1 "$status"
	contains "the reason, $id" 'InvalidOption: message_id' \
		"$(cat "$desk/err")"
	expect 'nothing comes out' 0 "$(wc -c <"$desk/inner")"
done
told "$(printf '%0998d' 0)"
expect 'the longest one' 0 "$status"
# A client that decrypts first says later of which message that was.
later() {
	status=0
	"$build/tests/bus/bus_seal" opened "$1" 2>"$desk/err" || status=$?
}
later six@box.lab
expect 'later' 0 "$status"
answered six@box.lab 0
for id in '' '<>' 'two words@box.lab' '<a@box.lab' "$(printf '%0999d' 0)"; do
	later "$id"
	expect "refused later: $id" 1 "$status"
	contains "the reason, $id" 'InvalidArgument: message_id' \
		"$(cat "$desk/err")"
done
agent=$(desk_agent "$desk")
kill "$agent"
await_end "$agent"
answered six@box.lab 0
echo "asserted $asserted"
