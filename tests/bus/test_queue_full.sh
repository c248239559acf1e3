#!/usr/bin/env bash
# test_queue_full - a disk that is full: nothing is accepted, nothing is lost
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
at_end umount "$desk/state"
at_end desk_stop "$desk"
at_end submit_stop "$desk/smtp"
PATH=$build/plugins/mutt:$PATH
mkdir -p "$desk/state"
if ! mount -t tmpfs -o size=1m,mode=700 tmpfs "$desk/state" 2>/dev/null; then
	echo 'skipped: a small file system cannot be mounted here (not root)'
	exit 77
fi
submit_key "$desk/smtp"
submit_server "$desk/smtp" tls
submit_zone "$desk/lab" "$smtp_port"
DESK_CONFIG=$(submit_account home "smtps://smtp.mail.lab:$smtp_port" \
	'password = command: echo secret')
desk_start "$desk" "$build"
mailseal queue list >/dev/null

submit() {
	status=0
	said=$(mailseal-sendmail bob@box.lab <"$1" 2>&1) || status=$?
}
{ printf 'From: alice@mail.lab\n\n'; printf 'line %d\n' {1..200000}; } \
	>"$desk/large"
printf 'From: alice@mail.lab\n\nsmall\n' >"$desk/small"
submit "$desk/large"
expect 'too large for the disk' 75 "$status"
contains 'says why' 'No space left on device' "$said"
kept=$(cd "$desk/state/mailseal/queue" && find new jobs failed -type f)
expect 'nothing is kept' '' "$kept"
expect 'nothing was sent' 0 "$(find "$desk/smtp/mail" -type f | wc -l)"
submit "$desk/small"
expect 'a small one goes' 0 "$status"
expect 'it was sent' 1 "$(find "$desk/smtp/mail" -type f | wc -l)"

# Queued, then the disk fills up: its answer is recorded all the same.
echo 'rcpt say 450 4.2.1 busy' >"$desk/smtp/fault"
submit "$desk/small"
expect 'queued' 0 "$status"
rm "$desk/smtp/fault"
dd if=/dev/zero of="$desk/state/full" bs=4k 2>/dev/null || true
listed() { mailseal queue list | grep -q "$1"; }
# until_listed WORDS: a flush, and "queue list" comes to them
until_listed() {
	mailseal queue flush
	comes_true listed "$1" || fail "it stays: $(mailseal queue list)"
}
# There is no room for a receipt: it stays in the list, as sent.
until_listed '	sent, '
expect 'sent once' 2 "$(find "$desk/smtp/mail" -type f | wc -l)"
# An agent starts there all the same, where not even its lock has room.
end() {
	kill "$1"
	await has_ended "$1"
}
end "$(desk_agent "$desk")"
rm "$desk/state/mailseal/lock"
dd if=/dev/zero of="$desk/state/fuller" bs=4k 2>/dev/null || true
contains 'started on a full disk' '	sent, ' "$(mailseal queue list)"
expect 'no room for its number' 0 "$(wc -c <"$desk/state/mailseal/lock")"
rm "$desk/state/full" "$desk/state/fuller"
until_listed 'The queue is empty.'
expect 'still once' 2 "$(find "$desk/smtp/mail" -type f | wc -l)"
end "$(dbus-send --session --print-reply=literal \
	--dest=org.freedesktop.DBus / \
	org.freedesktop.DBus.GetConnectionUnixProcessID \
	string:org.mailseal.Agent1 | tr -dc ' 0-9' | awk '{ print $NF }')"
echo "asserted $asserted"
