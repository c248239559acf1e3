#!/usr/bin/env bash
# test_postfix - mail from Claws Mail into a mailbox of a real Postfix, with a
# password, under DANE; and none once the server's key is another one
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
# shellcheck source=tests/lab/postfix.sh
. "$here/../lab/postfix.sh"
needed
[ -z "$(LD_PRELOAD=libnss_wrapper.so true 2>&1)" ] ||
	skip 'libnss-wrapper is not installed'
why=$(postfix_can) || skip "$why"
at_end postfix_stop "$desk/postfix"

chmod 755 "$desk"
submit_key "$desk/next"
submit_key "$desk/now"
postfix_start "$desk/postfix" "$desk/now/cert.pem" "$desk/now/key.pem"
submit_zone "$desk/lab" "$postfix_tls" "$postfix_starttls"
echo '127.0.0.1 smtp.mail.lab' >"$desk/hosts"
export CLAWS_HOSTS=$desk/hosts
export MAILSEAL_PROBE_PASSWORD=secret
account=$home/.claws-mail/accountrc

message() {
	printf 'To: bob@box.lab\nSubject: %s\n\nDear Bob,\n\n.\nKäse\n' "$1" \
		>"$desk/message"
}
# arrived COUNT
arrived() {
	[ "$(postfix_mailbox "$desk/postfix" | wc -l)" = "$1" ]
}
newest() {
	cat "$(postfix_mailbox "$desk/postfix" | xargs ls -t | head -n 1)"
}
send() {
	window in 'Compose message' press Send || fail 'no button Send'
}

CLAWS_ACCOUNT="smtp_server=smtp.mail.lab
set_smtpport=1
smtp_port=$postfix_tls
use_smtp_auth=1
smtp_user_id=alice@mail.lab
ssl_smtp=1"
claws_start
claws --select '#mh/Mailbox/inbox/1'
window banner Genuine >/dev/null || fail 'the agent does not answer'

message one
compose "$desk/message"
send
until_true 'the mail is in the mailbox' arrived 1
contains 'its subject' 'Subject: one' "$(newest)"
contains 'its text' 'Dear Bob,' "$(newest)"
contains 'who sent it, by TLS' 'ESMTPSA' "$(newest)"

# The same by STARTTLS.
claws_quit
expect 'exit status' 0 "$status"
sed -i -e "s/^smtp_port=.*/smtp_port=$postfix_starttls/" \
	-e 's/^ssl_smtp=.*/ssl_smtp=2/' "$account"
claws_run
claws --select '#mh/Mailbox/inbox/1'
window banner Genuine >/dev/null || fail 'the agent does not answer'
message two
compose "$desk/message"
send
until_true 'the second mail is in the mailbox' arrived 2

# Another key than the record's: nothing arrives.
cp "$desk/next/cert.pem" "$desk/now/cert.pem"
cp "$desk/next/key.pem" "$desk/now/key.pem"
postfix_reload "$desk/postfix"
shows_next() {
	openssl s_client -starttls smtp -connect "127.0.0.1:$postfix_starttls" \
		</dev/null 2>/dev/null | openssl x509 2>/dev/null |
		cmp -s - "$desk/next/cert.pem"
}
until_true 'the server has the other key' shows_next
message three
compose "$desk/message"
send
window says 'smtp.mail.lab was refused' || fail 'nobody says that it is refused'
contains 'the reason' 'another certificate than a moment ago' \
	"$(window labels)"
arrived 2 || fail 'a mail went to a server with another key'
asserted=$((asserted + 1))
echo "asserted $asserted"
