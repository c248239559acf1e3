#!/usr/bin/env bash
# test_discovery - an account without a server: DNS names it, if it is proved
#
# RFC 6186, RFC 8314 section 5.1, RFC 7673.
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
at_end submit_stop "$desk/start"
at_end submit_stop "$desk/tls"
PATH=$build/plugins/mutt:$PATH
submit_key "$desk/tls"
submit_server "$desk/tls" tls
tls_port=$smtp_port
submit_server "$desk/start" starttls "$desk/tls"
start_port=$smtp_port
mkdir -p "$desk/world"
submit_zone "$desk/lab" "$tls_port" "$start_port"
dead=1		# nobody listens there
cat >>"$desk/lab/zones.d/mail.lab.zone" <<-END
_submissions._tcp SRV 0 1 $tls_port smtp.mail.lab.
_submission._tcp SRV 0 1 $start_port smtp.mail.lab.
END
"$here/../lab/samples.sh" "$desk/world"
# zone MARK NAME: its records on standard input
zone() {
	cat >"$desk/world/$2.zone"
	echo "$1$2=$desk/world/$2.zone" >>"$desk/world/zones"
}
zone '' start.lab <<<"_submission._tcp SRV 0 1 $start_port smtp.mail.lab."
# The best target does not answer, the next one does.
zone '' second.lab <<END
_submissions._tcp SRV 0 1 $dead smtp.mail.lab.
_submissions._tcp SRV 5 1 $tls_port smtp.mail.lab.
END
zone '' none.lab <<<'_submissions._tcp SRV 0 0 0 .
_submission._tcp SRV 0 0 0 .'
zone '' nothing.lab <<<'www A 127.0.0.1'
zone - open.lab <<<"_submissions._tcp SRV 0 1 $tls_port smtp.mail.lab."
zone ! forged.lab <<<"_submissions._tcp SRV 0 1 $tls_port smtp.mail.lab."
DESK_CONFIG=$(
	for name in mail start second none nothing open forged; do
		printf '[account %s]\naddress = alice@%s.lab\n' "$name" "$name"
		printf 'user = alice\nsign = none\nencrypt = never\n'
		printf 'password = command: echo secret\n'
	done
)
desk_start "$desk" "$build"

submit() {
	status=0
	said=$(mailseal-sendmail -v bob@box.lab 2>&1 \
		<<<$"From: alice@$1.lab"$'\n\nfound by DNS') || status=$?
	expect "status of $1" 0 "$status"
}
# held DOMAIN WORD PART: it is not sent, and the sentence has PART
held() {
	local id
	submit "$1"
	contains "$1 is held" 'queued, not sent yet' "$said"
	contains "$1 says why" "$3" "$said"
	expect "what $1 is held for" "$2" \
		"$(mailseal queue list --json | key held_for)"
	id=$(mailseal queue list --json | key id)
	mailseal queue cancel "$id"
}
submit mail
contains 'TLS at once is preferred' "smtp.mail.lab:$tls_port (dane)" "$said"
submit start
contains 'STARTTLS' "smtp.mail.lab:$start_port (dane)" "$said"
submit second
contains 'the next target' "smtp.mail.lab:$tls_port (dane)" "$said"
connections() { cat "$desk/tls/log" "$desk/start/log" | grep -c ' greeting '; }
before=$(connections)
held open trust 'nothing proves it'
contains 'what to write' "smtps://smtp.mail.lab:$tls_port" "$said"
held forged trust 'forged.lab'
held none trust 'none.lab'
held nothing trust 'publishes no submission server'
expect 'no server was asked' "$before" "$(connections)"
echo "asserted $asserted"
