#!/usr/bin/env bash
# test_login - SCRAM, OAuth and EXTERNAL over the bus, and servers that lie
#
# The server is one of these tests (tests/lab/sasl_desk.py): no real one at
# hand binds channels, or lies.  The real ones are in test_postfix.
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
trap 'submit_stop "$desk/smtp"
	desk_stop "$desk" >/dev/null 2>&1 || true; rm -rf "$desk"' EXIT
PATH=$build/plugins/mutt:$PATH
submit_key "$desk/smtp"
submit_server "$desk/smtp" tls
submit_zone "$desk/lab" "$smtp_port"
# account NAME AUTH PASSWORD
account() {
	submit_account "$1" "smtps://smtp.mail.lab:$smtp_port" "auth = $2" \
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
)
desk_start "$desk" "$build"

# try ACCOUNT STATUS [WORDS]: one mail by it, with the faults of $faults
try() {
	printf 'From: <%s@mail.lab>\nTo: bob@box.lab\n\nbody\n' "$1" \
		>"$desk/mail"
	: >"$desk/smtp/log"
	printf '%s\n' 'hide AUTH' "$faults" >"$desk/smtp/fault"
	before=$(find "$desk/smtp/mail" -type f | wc -l)
	status=0
	said=$(mailseal-sendmail bob@box.lab <"$desk/mail" 2>&1) || status=$?
	expect "$1 with $faults" "$2" "$status"
	[ $# -lt 3 ] || contains "$1 says" "$3" "$said"
	after=$(find "$desk/smtp/mail" -type f | wc -l)
	expect "$1 arrived" "$((status == 0))" "$((after - before))"
	expect 'nothing waits' 'The queue is empty.' "$(mailseal queue list)"
	[ "$status" -eq 0 ] || expect 'no mail was begun' '' \
		"$(grep -E ' (mail|rcpt|data) ' "$desk/smtp/log" || true)"
}
# by MECHANISM: it was used, once
by() {
	expect 'the mechanism' "$1" "$(awk '$2 == "mechanism" { print $3 }' \
		"$desk/smtp/log" | tr '\n' ' ' | sed 's/ $//')"
}
cancelled() {
	expect 'it broke off in good order' 1 \
		"$(grep -c ' cancelled ' "$desk/smtp/log")"
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
echo "asserted $asserted"
