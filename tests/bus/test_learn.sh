#!/usr/bin/env bash
# test_learn - whom the user wrote to is known, once the server took the mail
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
desk_start "$desk" "$build"

# send STATUS OPTION...: the message's header and body on standard input
send() {
	local wanted=$1
	shift
	status=0
	said=$(mailseal-sendmail "$@" 2>&1 < <(echo 'From: alice@mail.lab'
		cat)) || status=$?
	expect "status of: $*" "$wanted" "$status"
}
learned() {
	mailseal contacts list | sed -n 's/\t*written-to$//p' | tr '\n' ';'
}
learned_are() { [ "$(learned)" = "$1" ]; }
# learns WANTED: all who are known because they were written to
learns() {
	comes_true learned_are "$1" || fail "wanted \"$1\", got \"$(learned)\""
	asserted=$((asserted + 1))
}

# What makes nobody known comes first, so that what follows shows it.
send 0 -t <<<$'To: nobody@box.lab\nAuto-Submitted: auto-replied\n\naway'
send 0 -t <<<$'To: list@box.lab\nMail-Followup-To: list@box.lab\n\nhi list'
send 0 -t <<<$'To: list@box.lab\nPrecedence: bulk\n\nhi all'
send 0 -t -f '<>' <<<$'To: bounced@box.lab\n\na bounce'
send 0 -t <<<$'Resent-To: resent@box.lab\nTo: resent@box.lab\n\nresent'
send 0 hidden@box.lab <<<$'To: somebody@else.lab\n\na hidden copy'
# The desk's address book has Carol Reed under another address.
send 0 -t <<<$'To: Carol Reed <evil@box.lab>\n\nname of another'
send 0 -t <<<$'To: =?utf-8?q?C=61rol_Reed?= <evil@box.lab>\n\nencoded'
send 0 -t <<<$'To: "Reed, Carol" <evil@box.lab>\n\nthe other way round'
echo 'rcpt:unknown@box.lab say 550 5.1.1 no such user' >"$desk/smtp/fault"
send 67 -t <<<$'To: unknown@box.lab\nCc: Bob <bob@box.lab>\n\nrefused'
learns 'bob@box.lab;'
send 0 -t <<END
To: Robert <BOB@box.lab>,
 =?iso-8859-1?q?Zo=EB?= <zoe@box.lab>
Bcc: dave@box.lab

hi
END
learns 'bob@box.lab;zoe@box.lab;'
expect 'without a name' '' "$(mailseal contacts list --json | grep 'zoe@' |
	key name)"

# Queued, the agent ended and came back: learned when the server took it.
echo 'rcpt say 450 4.2.1 busy' >"$desk/smtp/fault"
send 0 -t <<<$'To: Late <late@box.lab>\n\nlater'
contains 'queued' 'queued' "$said"
expect 'not yet' 'bob@box.lab;zoe@box.lab;' "$(learned)"
kill "$(desk_agent "$desk")"
await_end "$(desk_agent "$desk")"
rm "$desk/smtp/fault"
mailseal queue flush
learns 'bob@box.lab;late@box.lab;zoe@box.lab;'

# Forgotten is forgotten, and off is off.
mailseal contacts remove late@box.lab
learns 'bob@box.lab;zoe@box.lab;'
kill "$(desk_agent "$desk")"
await_end "$(desk_agent "$desk")"
sed -i 's/^source = .*/&\nlearn-recipients = false/' \
	"$desk/config/mailseal/config"
send 0 -t <<<$'To: off@box.lab\n\noff'
send 0 -t <<<$'To: off@box.lab\n\nonce more'
expect 'switched off' 'bob@box.lab;zoe@box.lab;' "$(learned)"
echo "asserted $asserted"
