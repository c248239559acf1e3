#!/usr/bin/env bash
# test_postfix - mail through a real Postfix into a mailbox, byte by byte
#
# 465 and 587, every way to log in that Dovecot knows, refusals, a roll-over
# of the server's key while mail goes out; MAILSEAL_ROLL_SECONDS: for so long,
# a mail a second.
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
# shellcheck source=tests/lab/postfix.sh
. "$here/../lab/postfix.sh"
if ! why=$(postfix_can); then
	echo "skipped: $why"
	exit 77
fi
at_end postfix_stop "$desk/postfix"
PATH=$build/plugins/mutt:$PATH

chmod 755 "$desk"
submit_key "$desk/next"
next_tlsa=$submit_tlsa
submit_key "$desk/now"
postfix_start "$desk/postfix" "$desk/now/cert.pem" "$desk/now/key.pem"
submit_zone "$desk/lab" "$postfix_tls" "$postfix_starttls"
url=smtps://smtp.mail.lab:$postfix_tls
# account NAME AUTH PASSWORD URL
account() {
	submit_account "$1" "$4" "password = command: $3" "auth = $2" |
		sed "s/= alice$/= alice@mail.lab/; s/^address.*/address = $1@mail.lab/"
}
postfix_token >"$desk/token"
postfix_token -100 >"$desk/expired"
DESK_CONFIG=$(
	account home password 'echo secret' "$url"
	account starttls password 'echo secret' \
		"smtp://smtp.mail.lab:$postfix_starttls"
	account plain plain 'echo secret' "$url"
	account login login 'echo secret' "$url"
	account token oauth "cat $desk/token" "$url"
	account xtoken oauth "cat $desk/token" \
		"smtp://smtp.mail.lab:$postfix_starttls"
	account xexpired oauth "cat $desk/expired" \
		"smtp://smtp.mail.lab:$postfix_starttls"
	account expired oauth "cat $desk/expired" "$url"
	account wrong scram 'echo wrong' "$url"
)
desk_start "$desk" "$build"

submit() {
	status=0
	said=$(mailseal-sendmail -v "${@:2}" <"$1" 2>&1) || status=$?
}
message() {
	printf 'From: <%s@mail.lab>\nMessage-ID: <%s@t>\nTo: bob@box.lab\n' \
		"$1" "$2"
	printf 'Date: Thu, 1 Jan 2026 00:00:00 +0000\nSubject: %s\n\n%s\n' \
		"$2" "$3"
}
found_in_mailbox() {
	found=$(postfix_mailbox "$desk/postfix" | xargs -r grep -lF "<$1@t>") &&
		[ -n "$found" ]
}
# arrived ID: its file in the mailbox, waited for
arrived() {
	local found=
	comes_true found_in_mailbox "$1" || fail "$1 has not arrived: $said"
	echo "$found"
}
# The mail as it was sent begins behind what Postfix put on top.
same() {
	sed -n '/^From: /,$p' "$1" | cmp - "$2" || fail "$2 was changed"
	asserted=$((asserted + 1))
}

n=0
for name in home starttls plain login token xtoken; do
	n=$((n + 1))
	message "$name" "by-$name" $'.dots\n..\nfrom\nFrom here\nöäü' \
		>"$desk/mail"
	submit "$desk/mail" bob@box.lab
	expect "status of $name" 0 "$status"
	contains "$name was verified" '(dane)' "$said"
	same "$(arrived "by-$name")" "$desk/mail"
done
sasl=$(sed -n 's/.*sasl_method=\([^,]*\),.*/\1/p' "$desk/postfix/log" |
	tr '\n' ' ')
expect 'how it logged in' \
	'SCRAM-SHA-256 SCRAM-SHA-256 PLAIN LOGIN OAUTHBEARER XOAUTH2 ' "$sasl"

for name in expired xexpired; do
	message "$name" no-token body >"$desk/mail"
	submit "$desk/mail" bob@box.lab
	expect "$name: an expired token" 77 "$status"
	contains 'says why' 'does not take the access token' "$said"
done
message wrong no-login body >"$desk/mail"
submit "$desk/mail" bob@box.lab
expect 'a wrong password' 77 "$status"

# Some recipients, no recipient, later, too large, not ASCII.
message home some body >"$desk/mail"
submit "$desk/mail" bob@box.lab nouser@box.lab
expect 'some' 67 "$status"
contains 'who' 'nouser@box.lab: the server answered 550 5.1.1' "$said"
same "$(arrived some)" "$desk/mail"
submit "$desk/mail" nouser@box.lab
expect 'none' 67 "$status"
message home later body >"$desk/mail"
submit "$desk/mail" bob@box.lab tempuser@box.lab
expect 'later' 0 "$status"
contains 'queued for one' 'sent to 1 of 2 recipients, queued' "$said"
expect 'it waits' waiting "$(mailseal queue list --json | key status)"
mailseal queue cancel "$(mailseal queue list --json | key id)"
{ message home large body; printf 'line %d of many\n' {1..60000}; } \
	>"$desk/mail"
submit "$desk/mail" bob@box.lab
expect 'too large' 65 "$status"
contains 'how large' 'takes at most 1048576' "$said"
message home smtputf8 body >"$desk/mail"
submit "$desk/mail" jörg@box.lab
expect 'an address that is not ASCII' 0 "$status"
arrived smtputf8 >/dev/null
message home dsn body >"$desk/mail"
submit "$desk/mail" -N success,failure -R hdrs -V id1 bob@box.lab
expect 'DSN' 0 "$status"

# The server gets another key while mail goes out: first the record for it is
# published, then it is used, and the old one is gone.  The resolver has the
# old records in its cache for minutes.
zone() {
	(
		cd "$desk/lab"
		{ sed '/TLSA/d' z/mail.lab.zone
		  for port in "$postfix_tls" "$postfix_starttls"; do
			for hash in "$@"; do
				echo "_$port._tcp.smtp TLSA 3 1 1 $hash"
			done
		  done; } >z/new.zone
		mv z/new.zone z/mail.lab.zone
		ldns-signzone -i "$(date -u -d -1day +%Y%m%d%H%M%S)" \
			-e "$(date -u -d +30days +%Y%m%d%H%M%S)" -o mail.lab. \
			-f z/mail.lab.signed z/mail.lab.zone z/mail.lab
		kill -HUP "$(cat server.pid)"
		until drill -p "$desk_port" @127.0.0.1 TLSA \
			"_$postfix_tls._tcp.smtp.mail.lab" |
			grep -qi "$1"; do
			sleep 0.1
		done
	) >/dev/null
}
number=0
roll() {
	number=$((number + 1))
	message home "roll$number" body >"$desk/mail"
	submit "$desk/mail" bob@box.lab
	expect "mail $number of the roll-over" 0 "$status"
	contains "mail $number is verified" '(dane)' "$said"
	arrived "roll$number" >/dev/null
}
# rolls COUNT: so many, or a quarter of the time's
rolls() {
	local until=$((SECONDS + ${MAILSEAL_ROLL_SECONDS:-0} / 4)) left=$1
	while [ "$left" -gt 0 ] || [ "$SECONDS" -lt "$until" ]; do
		roll
		left=$((left - 1))
		[ -z "${MAILSEAL_ROLL_SECONDS:-}" ] || sleep 1
	done
}
rolls 1
zone "$next_tlsa" "$submit_tlsa"
rolls 1
cp "$desk/next/cert.pem" "$desk/next/key.pem" "$desk/now/"
postfix_reload "$desk/postfix"
rolls 3
zone "$next_tlsa"
rolls 2
echo "mails during the roll-over, all verified by DANE: $number"
fingerprint=$(openssl s_client -connect "127.0.0.1:$postfix_tls" </dev/null \
	2>/dev/null | openssl x509 -pubkey -noout |
	openssl pkey -pubin -outform DER | openssl dgst -sha256 -r |
	cut -d ' ' -f 1)
expect 'the server has the new key' "$next_tlsa" "$fingerprint"
echo "asserted $asserted"
