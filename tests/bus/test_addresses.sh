#!/usr/bin/env bash
# test_addresses - one name, two machines, and one of them is amiss
#
# Whichever is asked first, the mail goes to the one that its record describes.
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
at_end submit_stop "$desk/bad"
at_end submit_stop "$desk/good"
PATH=$build/plugins/mutt:$PATH
submit_key "$desk/bad"
submit_key "$desk/good"
submit_server "$desk/good" tls
port=$smtp_port
SMTP_ADDRESS=127.0.0.2 SMTP_PORT=$port submit_server "$desk/bad" tls
submit_zone "$desk/lab" "$port"
echo 'smtp A 127.0.0.2' >>"$desk/lab/zones.d/mail.lab.zone"
DESK_CONFIG=$(submit_account home "smtps://smtp.mail.lab:$port" \
	'password = command: echo secret')
desk_start "$desk" "$build"
submit() {
	status=0
	said=$(mailseal-sendmail -v bob@box.lab 2>&1 \
		<<<$'From: alice@mail.lab\n\nto the right one') || status=$?
	expect 'status' 0 "$status"
}
: >"$desk/bad/log"
bad() { grep -c ' gone ' "$desk/bad/log" || true; }
tried=0
while [ "$tried" -lt 40 ] && [ "$(bad)" = 0 ] || [ "$tried" -lt 4 ]; do
	submit
	contains 'by the right one' "smtp.mail.lab:$port (dane)" "$said"
	tried=$((tried + 1))
done
[ "$(bad)" -gt 0 ] || fail "the other was never asked in $tried mails"
expect 'all arrived' "$tried" "$(find "$desk/good/mail" -type f | wc -l)"
expect 'nothing went to the other' '' \
	"$(grep -e auth -e mail -e ehlo "$desk/bad/log" || true)"

# Only the bad one is left: the mismatch is what is told.
submit_stop "$desk/good"
submit
contains 'held' 'queued, not sent yet' "$said"
expect 'for what' trust "$(mailseal queue list --json | key held_for)"
echo "asserted $asserted"
