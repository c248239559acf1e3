#!/usr/bin/env bash
# test_login - SCRAM, OAuth and EXTERNAL over the bus, and servers that lie
#
# The server is one of these tests (tests/lab/sasl_desk.py): no real one at
# hand binds channels, or lies.  The real ones are in test_postfix.
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
# shellcheck source=tests/lab/people.sh
. "$here/../lab/people.sh"
at_end submit_stop "$desk/asks"
at_end submit_stop "$desk/smtp"
PATH=$build/plugins/mutt:$PATH
submit_key "$desk/smtp"
submit_server "$desk/smtp" tls
port=$smtp_port
# Another one, which asks its clients for certificates.
people_authority
people_purpose=clientAuth
person rsa@mail.lab rsa@mail.lab
person_ec curve@mail.lab curve@mail.lab digitalSignature
mkdir "$desk/asks"
cp "$desk/ca.pem" "$desk/asks/clients.pem"
submit_server "$desk/asks" tls "$desk/smtp"
asks=$smtp_port
submit_zone "$desk/lab" "$port" "$asks"
# print NAME: the fingerprint of a key
print() {
	openssl x509 -in "$desk/$1@mail.lab.pem" -pubkey -noout |
		openssl pkey -pubin -outform DER | openssl dgst -sha256 -r |
		cut -c 1-16
}
# account NAME AUTH PASSWORD
account() {
	submit_account "$1" "smtps://smtp.mail.lab:$port" "auth = $2" \
		"password = command: printf '%s\\n' '$3'" |
		sed "s/^address.*/address = $1@mail.lab/"
}
DESK_CONFIG=$(
	account best password secret
	account wrong scram wrong
	account token oauth secret
	account stale oauth stale
	account noise oauth 'no token'
	account cert external secret
	for name in rsa curve bare; do
		submit_account $name "smtps://smtp.mail.lab:$asks" \
			'auth = external' |
			sed "s/^\(address\|user\) = .*/\1 = $name@mail.lab/"
		[ $name = bare ] || echo "certificate = $(print $name)"
	done
	submit_account lost "smtps://smtp.mail.lab:$asks" \
		'auth = external' 'certificate = 0123456789abcdef' |
		sed 's/^address.*/address = lost@mail.lab/'
	echo "$people_keys"
)
desk_start "$desk" "$build"

smtp=smtp
# try ACCOUNT STATUS [WORDS]: one mail by it, with the faults of $faults
try() {
	printf 'From: <%s@mail.lab>\nTo: bob@box.lab\n\nbody\n' "$1" \
		>"$desk/mail"
	: >"$desk/$smtp/log"
	printf '%s\n' 'hide AUTH' "$faults" >"$desk/$smtp/fault"
	before=$(find "$desk/$smtp/mail" -type f | wc -l)
	status=0
	said=$(mailseal-sendmail bob@box.lab <"$desk/mail" 2>&1) || status=$?
	expect "$1 with $faults" "$2" "$status"
	[ $# -lt 3 ] || contains "$1 says" "$3" "$said"
	after=$(find "$desk/$smtp/mail" -type f | wc -l)
	expect "$1 arrived ($said)" "$((status == 0))" "$((after - before))"
	expect 'nothing waits' 'The queue is empty.' "$(mailseal queue list)"
	[ "$status" -eq 0 ] || expect 'no mail was begun' '' \
		"$(grep -E ' (mail|rcpt|data) ' "$desk/$smtp/log" || true)"
}
# by MECHANISM: it was used, once
by() {
	expect 'the mechanism' "$1" "$(awk '$2 == "mechanism" { print $3 }' \
		"$desk/$smtp/log" | tr '\n' ' ' | sed 's/ $//')"
}
cancelled() {
	expect 'it broke off in good order' 1 \
		"$(grep -c ' cancelled ' "$desk/$smtp/log")"
}
scram='offer AUTH PLAIN LOGIN SCRAM-SHA-256'
plus="$scram SCRAM-SHA-256-PLUS"

# The best is taken, with the channel's binding where the server can.
faults=$plus
try best 0
by SCRAM-SHA-256-PLUS
faults=$scram
try best 0
by SCRAM-SHA-256
faults=$plus
try wrong 77 'the server answered 535'
by SCRAM-SHA-256-PLUS

# Bound to another channel: somebody in the middle.
faults=$plus$'\nscram foreign'
try best 77 'channel bindings do not match'
by SCRAM-SHA-256-PLUS

# Somebody took -PLUS out of the list: the server sees that by "y".
faults=$scram$'\nscram stripped'
try best 77 'channel bindings do not match'
by SCRAM-SHA-256

# Servers that do not know the password, or want to have it tried out.
faults=$plus$'\nscram lie'
try best 77 'could not prove that it knows the password'
cancelled
faults=$plus$'\nscram skip'
try best 77 'without proving that it knows the password'
faults=$plus$'\nscram nonce'
try best 77 'does not continue ours'
cancelled
for rounds in 1 4095 2000000000; do
	faults="$plus"$'\n'"scram rounds $rounds"
	try best 77 'number of hash rounds is not between'
	cancelled
done

# Tokens, and what the server says of a stale one.
for mechanism in OAUTHBEARER XOAUTH2; do
	faults="offer AUTH PLAIN $mechanism"
	try token 0
	by "$mechanism"
	try stale 77 'does not take the access token (invalid_token)'
	by "$mechanism"
	faults="offer AUTH $mechanism"$'\n''oauth {"status":"401","schemes":"bearer"}'
	try token 77 'does not take the access token (401)'
	# JSON that is none.
	faults="offer AUTH $mechanism"$'\n''oauth "status" nothing behind'
	try token 77 'does not take the access token'
	expect 'the token stays ours' '' "$(grep -F "$desk" <<<"$said" || true)"
	faults="offer AUTH $mechanism"
	try noise 77 'is no access token'
	by ''
done
faults='offer AUTH XOAUTH2 OAUTHBEARER'
try token 0
by OAUTHBEARER

# A token is never given to a server that wants a password, and the other way
# round.
faults='offer AUTH PLAIN LOGIN'
try token 77 'no way to log in that the account'
by ''
faults='offer AUTH XOAUTH2'
try best 77 'no way to log in that the account'
by ''

# Who it is says something outside of the login.
faults='offer AUTH EXTERNAL'
try cert 0
by EXTERNAL
faults='offer AUTH PLAIN'
try cert 77 'no way to log in that the account'

# A client certificate, whose key is the keeper's.
smtp=asks
faults='offer AUTH EXTERNAL'
try lost 77 'none of your keys has this fingerprint'
printf 'From: <bare@mail.lab>\n\nbody\n' >"$desk/mail"
contains 'without one' 'queued, not sent yet' \
	"$(mailseal-sendmail bob@box.lab <"$desk/mail" 2>&1)"
mailseal queue cancel "$(mailseal queue list --json | key id)"
for name in rsa curve; do
	answers mine mine
	cat "$desk/$name@mail.lab.key" "$desk/$name@mail.lab.pem" \
		>"$desk/$name.both"
	mailseal keys import "$desk/$name.both" >/dev/null
	try "$name" 0
	by EXTERNAL
	answers
	mailseal keys lock
	try "$name" 77 'it is locked'
	contains 'the remedy' 'mailseal keys unlock' "$said"
	answers mine
	mailseal keys unlock "$(print "$name")"
	try "$name" 0
done
echo "asserted $asserted"
