#!/usr/bin/env bash
# test_postfix.sh BUILD mutt|neomutt - a mail written in Mutt goes by DANE
# through a real Postfix into a mailbox; with another key at the server it is
# held, and the queue says why
# shellcheck disable=SC2119 source=tests/mutt/mutt.sh
. "$(dirname "$0")/mutt.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
# shellcheck source=tests/lab/postfix.sh
. "$here/../lab/postfix.sh"
if ! why=$(postfix_can); then
	echo "skipped: $why"
	exit 77
fi
at_end postfix_stop "$desk/postfix"
chmod 755 "$desk"
submit_key "$desk/other"
submit_key "$desk/now"
postfix_start "$desk/postfix" "$desk/now/cert.pem" "$desk/now/key.pem"
submit_zone "$desk/lab" "$postfix_tls" "$postfix_starttls"
mutt_prepare "$(submit_account home "smtp://smtp.mail.lab:$postfix_starttls" \
	'dane = require' 'password = command: echo secret' |
	sed 's/= alice$/= alice@mail.lab/; s/^address.*/address = home@mail.lab/')"
cat >>"$desk/rc" <<END_RC
set from="home@mail.lab" realname="" hostname="mail.lab"
set sendmail="mailseal-sendmail -oi" sendmail_wait=0
END_RC

sent() {
	! on_screen '^Mail sent' || return 0
	! on_screen 'Update encoding' || keys Enter
	return 1
}
# sends: until it is out; a file written within a clock's tick is asked about
sends() {
	keys y
	comes_true sent || fail 'not sent'
}
mails() { postfix_mailbox "$desk/postfix" | xargs -r cat; }

cat >"$desk/edit" <<'END_EDIT'
#!/bin/sh
printf '.\nfrom here\n' >>"$1"
END_EDIT
chmod 700 "$desk/edit"
echo "set editor=\"$desk/edit\"" >>"$desk/rc"
mutt_start
wait_for 'q:Quit'
write_to bob@box.lab 'By Mutt'
sends
has_arrived() { mails | grep -q '^Subject: By Mutt'; }
await has_arrived
mails >"$desk/all"
for line in '^From: .*home@mail\.lab' '^To: bob@box\.lab' '^\.$' '^from here$' \
	'by smtp\.mail\.lab (Postfix) with ESMTPSA'; do
	grep -q -e "$line" "$desk/all" || fail "the mail has no $line"
	asserted=$((asserted + 1))
done

# Somebody else's key, and nobody to ask for another record.
cp "$desk/other"/{cert,key}.pem "$desk/now/"
postfix_reload "$desk/postfix"
write_to bob@box.lab 'To a stranger'
sends
held() { mailseal queue list | grep -q 'no matching DANE TLSA records'; }
comes_true held || fail "the queue: $(mailseal queue list)"
mailseal queue list | grep -q 'held' || fail 'it is not held'
[ "$(mails | grep -c '^Subject: ')" = 1 ] || fail 'it went out'
echo "asserted $((asserted + 2))"
