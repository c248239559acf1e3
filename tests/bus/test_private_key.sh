#!/usr/bin/env bash
# test_private_key - a key file that a link or a program put into a mail is
# not sent, as file or text, and nothing of it is kept
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
at_end submit_stop "$desk/smtp"
PATH=$build/plugins/mutt:$PATH
submit_key "$desk/smtp"
submit_server "$desk/smtp" tls
submit_zone "$desk/lab" "$smtp_port"
DESK_CONFIG=$(submit_account home "smtps://smtp.mail.lab:$smtp_port" \
	'password = command: echo secret')
DESK_CONFIG+="
[keys]
pinentry = $here/../lab/pinentry.sh"
desk_start "$desk" "$build"
printf 'secret\nsecret\n' >"$XDG_RUNTIME_DIR/pinentry.answers"
mailseal keys generate alice@mail.lab --algorithm p256 >/dev/null
key=$(find "$desk/data/mailseal/keys" -name '*.key')
openssl pkcs12 -export -nokeys -in "${key%.key}.crt" -out "$desk/certs.p12" \
	-passout pass:x
openssl genpkey -algorithm ed25519 -out "$desk/clear.pem" 2>/dev/null

# attach FILE STATUS: with that file, in base64
attach() {
	status=0
	{
		printf 'From: alice@mail.lab\nTo: bob@box.lab\n'
		printf 'MIME-Version: 1.0\nContent-Type: multipart/mixed;'
		printf ' boundary=b\n\n--b\n\nAs you asked.\n--b\n'
		printf 'Content-Type: application/octet-stream; name=x\n'
		printf 'Content-Transfer-Encoding: base64\n\n'
		base64 "$1"
		printf '%s\n' '--b--'
	} | mailseal-sendmail bob@box.lab 2>"$desk/err" || status=$?
	expect "status of ${1##*/}" "$2" "$status"
}
sent() {
	find "$desk/smtp/mail" -type f | wc -l
}
for file in "$key" "$desk/clear.pem" "$desk/certs.p12"; do
	attach "$file" 77
	contains 'which part' 'private key along as part 2' \
		"$(cat "$desk/err")"
done
expect 'nothing was sent' 0 "$(sent)"
expect 'nothing is kept' 'The queue is empty.' "$(mailseal queue list)"
if grep -rlF -f <(sed -n 2p "$key") "$desk/state" 2>/dev/null; then
	fail 'the key lies in the queue'
fi
attach "${key%.key}.crt" 0
expect 'a certificate goes' 1 "$(sent)"
echo "asserted $asserted"
