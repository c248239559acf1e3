#!/usr/bin/env bash
# test_secrets - where passwords come from: commands, Secret Service, pinentry
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
# shellcheck source=tests/lab/people.sh
. "$here/../lab/people.sh"
vault=''
end_vault() { kill "$vault"; }
at_end end_vault
at_end submit_stop "$desk/smtp"
PATH=$build/plugins/mutt:$PATH
submit_key "$desk/smtp"
submit_server "$desk/smtp" tls
submit_zone "$desk/lab" "$smtp_port"
# account NAME PASSWORD
account() {
	submit_account "$1" "smtps://smtp.mail.lab:$smtp_port" \
		"password = $2" | sed "s/alice@mail.lab/$1@mail.lab/"
}
DESK_CONFIG=$(
	account service secret-service
	account ask ask
	account lines "command: printf 'secret\nuser: x\n'; echo more"
	account place "command: [ \"\$GPG_TTY\" = /dev/pts/x ] && echo secret"
	account fails 'command: echo complaint >&2; exit 3'
	account none 'command: true'
	account slow "command: sleep 0.2; echo secret"
	printf '[keys]\npinentry = %s\n' "$here/../lab/pinentry.sh"
)
desk_start "$desk" "$build"

# submit NAME
submit() {
	printf 'From: <%s@mail.lab>\n\nbody\n' "$1" >"$desk/mail"
	status=0
	said=$(mailseal-sendmail bob@box.lab <"$desk/mail" 2>&1) || status=$?
}
there_is_one() {
	dbus-send --print-reply --dest=org.freedesktop.DBus / \
		org.freedesktop.DBus.GetNameOwner \
		string:org.freedesktop.secrets >/dev/null 2>&1
}
# kept_secret STATE: a Secret Service in that state
kept_secret() {
	[ -z "$vault" ] || { kill "$vault"; wait "$vault" 2>/dev/null || true; }
	"$build/tests/bus/fake_secrets" "$1" secret &
	vault=$!
	await there_is_one
}

submit lines
expect 'the first line' 0 "$status"
submit slow
expect 'a slow command' 0 "$status"
GPG_TTY=/dev/pts/x submit place
expect 'the caller'"'"'s terminal' 0 "$status"
for name in fails none; do
	submit "$name"
	expect "status of $name" 77 "$status"
	contains "$name says" "the account $name's password command gave" \
		"$said"
done

submit service
expect 'without a Secret Service' 77 "$status"
contains 'says' 'the Secret Service gave no password' "$said"
for state in open locked; do
	kept_secret "$state"
	submit service
	expect "a Secret Service that is $state" 0 "$status"
done
kept_secret dismissed
submit service
expect 'a prompt that was dismissed' 77 "$status"

answers secret
submit ask
expect 'pinentry' 0 "$status"
contains 'what it asks' 'The password of alice' \
	"$(cat "$XDG_RUNTIME_DIR/pinentry.log")"
answers '!cancel'
submit ask
expect 'cancelled' 77 "$status"
contains 'says so' 'was cancelled' "$said"
answers wrong
submit ask
expect 'typed wrong' 77 "$status"
answers '!die'
submit ask
expect 'no pinentry' 77 "$status"
expect 'the queue' 'The queue is empty.' "$(mailseal queue list)"
expect 'all that was sent' 6 "$(find "$desk/smtp/mail" -type f | wc -l)"
echo "asserted $asserted"
