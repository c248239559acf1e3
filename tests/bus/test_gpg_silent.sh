#!/usr/bin/env bash
# test_gpg_silent - where GnuPG is there and fails, nothing leaves in the
# clear that it may have a key for
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/gnupg.sh
. "$here/../lab/gnupg.sh"
at_end gnupg_end "$desk/gnupg"
export GNUPGHOME=$desk/gnupg
gnupg_home "$GNUPGHOME"
gnupg_key "$GNUPGHOME" 'Bob <bob@box.lab>'
gnupg_key "$GNUPGHOME" 'Erin <erin@box.lab>'
DESK_CONFIG='
[account "bob"]
address = bob@box.lab
server = smtps://smtp.box.lab
sign = none
encrypt = when-possible'
desk_start "$desk" "$build"
printf 'From: bob@box.lab\nTo: erin@box.lab\nSubject: lunch\n\nAt noon.\n' \
	>"$desk/mail"
# protect STATUS: as the account says
protect() {
	status=0
	mailseal protect --policy "$desk/mail" >"$desk/out" 2>"$desk/err" ||
		status=$?
	expect "status ($(cat "$desk/err"))" "$1" "$status"
}
protect 0
contains 'it is encrypted' 'BEGIN PGP MESSAGE' "$(cat "$desk/out")"

# Killed while nobody looks, it answers all the same.
kill -9 "$(role pgp)"
protect 0
contains 'it is encrypted' 'BEGIN PGP MESSAGE' "$(cat "$desk/out")"

# Killed again and again, it stays down for half a minute.
while pid=$(role pgp) && [ -n "$pid" ]; do
	kill -9 "$pid"
	await_end "$pid"
	mailseal keys find erin@box.lab --json >/dev/null 2>&1 || true
done
protect 75
expect 'nothing comes out' 0 "$(wc -c <"$desk/out")"
contains 'who does not tell' 'GnuPG does not tell now who has one' \
	"$(cat "$desk/err")"
contains 'what to do' 'Try again in a while' "$(cat "$desk/err")"
status=0
said=$("$build/plugins/mutt/mailseal-sendmail" -t <"$desk/mail" 2>&1) ||
	status=$?
expect "mailseal-sendmail ($said)" 75 "$status"
contains 'who does not tell' 'GnuPG does not tell now who has one' "$said"
expect 'nothing is queued' 'The queue is empty.' "$(mailseal queue list)"

# It is there again by itself.
protects() {
	mailseal protect --policy "$desk/mail" >"$desk/out" 2>"$desk/err"
}
comes_true protects || fail "it stays down: $(cat "$desk/err")"
contains 'it is encrypted' 'BEGIN PGP MESSAGE' "$(cat "$desk/out")"
echo "asserted $asserted"
