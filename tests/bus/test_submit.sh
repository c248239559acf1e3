#!/usr/bin/env bash
# test_submit - mail through the agent to a server that DANE verifies
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
at_end submit_stop "$desk/plain"
at_end submit_stop "$desk/smtp"
PATH=$build/plugins/mutt:$PATH

secret=pencil-of-this-desk
submit_key "$desk/smtp"
mkdir -p "$desk/plain"
echo "$secret" | tee "$desk/smtp/password" "$desk/plain/password" \
	>"$desk/password"
submit_server "$desk/smtp" tls
tls_port=$smtp_port
submit_server "$desk/plain" starttls "$desk/smtp"
plain_port=$smtp_port
submit_zone "$desk/lab" "$tls_port" "$plain_port"
DESK_CONFIG=$(
	submit_account home "smtps://smtp.mail.lab:$tls_port" \
		"password = command: cat $desk/password"
	submit_account work "smtp://smtp.mail.lab:$plain_port" \
		"password = command: cat $desk/password" |
		sed s/alice@mail.lab/alice@work.lab/
)
desk_start "$desk" "$build"

# submit FILE OPTION...: the exit status in $status, the words in $said
submit() {
	status=0
	said=$(mailseal-sendmail "${@:2}" <"$1" 2>&1) || status=$?
}
message() {
	printf 'From: Alice <%s>\nTo: bob@box.lab\nSubject: %s\n\n%s\n' \
		"$1" "$2" "$3"
}

# One mail over implicit TLS, byte by byte.
message alice@mail.lab one '.a line
öäü' >"$desk/one"
submit "$desk/one" -v bob@box.lab
expect 'status' 0 "$status"
contains 'by whom' "smtp.mail.lab:$tls_port (dane)" "$said"
[ -s "$desk/smtp/mail/1" ] || fail "no mail: $said"
grep -v -e '^Date: ' -e '^Message-ID: ' "$desk/smtp/mail/1" | tr -d '\r' |
	cmp - "$desk/one" || fail 'the mail is another one'
asserted=$((asserted + 1))
expect 'one Date' 1 "$(grep -c '^Date: ' "$desk/smtp/mail/1")"
expect 'nothing waits' 'The queue is empty.' "$(mailseal queue list)"
# What was sent is answered first, then its file goes.
kept_nowhere() {
	[ -z "$(cd "$desk/state/mailseal/queue" &&
		find new jobs failed -type f)" ]
}
await kept_nowhere

# The other account, STARTTLS.
message alice@work.lab two body >"$desk/two"
submit "$desk/two" -v -t
expect 'status of STARTTLS' 0 "$status"
contains 'by STARTTLS' "smtp.mail.lab:$plain_port (dane)" "$said"

# A recipient refused, the other one not.
echo 'rcpt:no@box.lab say 550 5.1.1 no such user' >"$desk/smtp/fault"
submit "$desk/one" bob@box.lab no@box.lab
expect 'status of partly' 67 "$status"
contains 'sent to one' 'sent to 1 of 2 recipients' "$said"
contains 'who' 'no@box.lab: the server answered 550 5.1.1' "$said"
submit "$desk/one" no@box.lab
expect 'status of nobody' 67 "$status"
await kept_nowhere

# Temporary refusals are queued, and sent by flush.
echo 'rcpt say 450 4.2.1 busy' >"$desk/smtp/fault"
submit "$desk/one" bob@box.lab
expect 'status of later' 0 "$status"
contains 'said so' 'queued, not sent yet: the server answered 450' "$said"
contains 'listed' 'waiting' "$(mailseal queue list)"
contains 'mailq' 'bob@box.lab' "$(mailseal-sendmail -bp)"
before=$(find "$desk/smtp/mail" -type f | wc -l)
rm "$desk/smtp/fault"
mailseal queue flush
queue_is_empty() { [ "$(mailseal queue list)" = 'The queue is empty.' ]; }
await queue_is_empty
expect 'flushed' $((before + 1)) "$(find "$desk/smtp/mail" -type f | wc -l)"

# A wrong password: the mail is the caller's again.
echo 'wrong' >"$desk/password"
submit "$desk/one" bob@box.lab
expect 'status of a wrong password' 77 "$status"
contains 'the server says' 'not sent: the server answered 535' "$said"
expect 'the queue' 'The queue is empty.' "$(mailseal queue list)"
echo "$secret" >"$desk/password"
submit "$desk/one" bob@box.lab
expect 'status with the right one' 0 "$status"

# The same id twice is one mail.
before=$(find "$desk/smtp/mail" -type f | wc -l)
for _ in 1 2; do
	"$build/tests/bus/bus_submit" "$desk/one" "id-of-a-client" \
		bob@box.lab >"$desk/receipt" || fail "$(cat "$desk/receipt")"
	expect 'receipt' sent "$(key status <"$desk/receipt")"
	expect 'verified' dane "$(key verified <"$desk/receipt")"
done
expect 'sent once' $((before + 1)) "$(find "$desk/smtp/mail" -type f | wc -l)"

# No password where it does not belong: not in the log, not in the memory of
# any role, as it is or in base64.
words=("$secret" "$(printf %s "$secret" | base64 | cut -c -20)"
	"$(printf '\0alice\0%s' "$secret" | base64 | cut -c -28)")
for word in "${words[@]}"; do
	if grep -qF "$word" "$desk/agent.log"; then
		fail "the log holds the password"
	fi
	asserted=$((asserted + 1))
done
agent=$(desk_agent "$desk")
for pid in "$agent" $(<"/proc/$agent/task/$agent/children"); do
	status=0
	python3 "$here/../lab/memory_has.py" "$pid" "${words[@]}" || status=$?
	if [ "$status" -eq 77 ]; then
		echo "not looked: the memory of $pid"
		continue
	fi
	expect "secrets in the memory of $(tr '\0' ' ' \
		<"/proc/$pid/cmdline")" 0 "$status"
done
# Whoever does hold it is found.
status=0
python3 "$here/../lab/memory_has.py" "$(cat "$desk/smtp/pid")" \
	"${words[@]}" >/dev/null || status=$?
[ "$status" -eq 1 ] || [ "$status" -eq 77 ] || fail "the search: $status"
echo "asserted $asserted"
