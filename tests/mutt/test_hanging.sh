#!/usr/bin/env bash
# test_hanging.sh BUILD mutt|neomutt - an agent that hangs, and one that is
# killed: names hidden, mail readable, sending refused in one line, and all as
# before once it answers again
# shellcheck disable=SC2119 source=tests/mutt/mutt.sh
. "$(dirname "$0")/mutt.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
stopped='' crowd=''
at_end submit_stop "$desk/smtp"
end_crowd() { kill "$crowd"; }
at_end end_crowd
submit_key "$desk/smtp"
submit_server "$desk/smtp" tls
submit_zone "$desk/lab" "$smtp_port"
mutt_prepare "[incoming]
watch = $desk/mail
$(submit_account home "smtps://smtp.mail.lab:$smtp_port" \
	'password = command: echo secret')"
cat >>"$desk/rc" <<-END_RC
set abort_unmodified=no from=alice@mail.lab sendmail="mailseal-sendmail -oi"
END_RC
number=10
for file in "$desk"/world/mail/0*.eml; do
	deliver "$number" "$file"
	number=$((number + 1))
done
hang() {
	stopped=$(desk_agent "$desk")
	kill -STOP "$stopped"
}
goes_on() {
	kill -CONT "$stopped"
	stopped=
}
# within SECONDS WHAT COMMAND...: a bound far from what it takes, and below the 25
# seconds that libdbus would wait
within() {
	local begun=$SECONDS
	"${@:3}"
	[ $((SECONDS - begun)) -le "$1" ] ||
		fail "$2 took $((SECONDS - begun)) seconds"
	asserted=$((asserted + 1))
}
open_line() {
	jump "$1" Enter
	wait_for "$2"
}

# The agent starts with the first Mutt; then it hangs while one is open.
mutt_start
wait_for 'Alice Harper .*Lunch'
hang
within 20 'opening a message' open_line 'orders@shop' \
	'^Mailseal: not checked: the agent does not answer'
shows 'the text' 'this is a sample'
shows 'the address' '^From: orders@shop.example$'
hides 'no agent' 'The Shop'
back
within 20 'opening the next one' open_line \
	'(alice@example.org|Alice Harper) .*Lunch' '^Mailseal: not checked'
hides 'no agent' 'Alice Harper'
shows 'the address' '^From: alice@example.org$'
back
expect_names 'Alice Harper' 0

# Sending: refused, with one line; nothing is lost.
keys m
wait_for 'To: *$'
type_text 'bob@box.lab'
keys Enter
wait_for 'Subject: *$'
type_text 'Later'
keys Enter
wait_for 'y:Send'
keys y
wait_for 'not sent: the agent did not answer in time'
wait_for 'Deferred'
[ "$(screen | grep -c 'mailseal-sendmail')" = 1 ] || fail 'several lines'
keys q
wait_for 'y:Send'

# It answers again: the same mail goes, once; names are back.
goes_on
keys y
wait_for 'Mail sent'
[ "$(find "$desk/smtp/mail" -type f | wc -l)" = 1 ] || fail 'not once'
grep -rq 'Subject: Later' "$desk/smtp/mail" || fail 'another mail'
renewed 'Alice Harper .*Lunch'
open_line 'Alice Harper .*Lunch' '^Mailseal: genuine'
shows 'the name' '^From: Alice Harper <alice@example.org>$'
back

# Killed: the bus starts another one, and nobody notices; where the machine is
# slow, at another look.
kill -KILL "$(desk_agent "$desk")"
for _ in 1 2 3 4 5; do
	open_line 'orders@shop' '^Mailseal: '
	! on_screen '^Mailseal: not checked' || { back; continue; }
	break
done
wait_for '^Mailseal: authenticated'
back
open_line 'Alice Harper .*Lunch' '^Mailseal: genuine'
back
mutt_quit

# A Mutt that starts meanwhile.
hang
begun=$SECONDS
mutt_start
wait_for 'q:Quit.*d:Del'
wait_for 'alice@example.org .*Lunch'
[ $((SECONDS - begun)) -le 20 ] || fail 'it starts too slowly'
hides 'no agent' 'Alice Harper|The Shop'
mutt_quit

# Delivery: the message passes as it is.  All at once, for each of them waits.
filters() {
	within 45 'the filter' mailseal filter \
		<"$desk/world/mail/01-known.eml" >"$desk/filtered"
}
filters &
filter=$!
# And the others that Mutt calls.
query() { mailseal contacts query alice >"$desk/said" || true; }
within 20 'the query' query
grep -q '^mailseal: the agent did not answer' "$desk/said" ||
	fail "the query says: $(cat "$desk/said")"
sealed() { PATH="$build/plugins/mutt:$PATH" "$@" >"$said" 2>&1 || true; }
asked=()
for verb in 'mailseal-smime decrypt' 'mailseal-smime pk7out' \
	'mailseal-pgp verify' 'mailseal-pgp pubring alice@example.org'; do
	said=$desk/said${#asked[@]}
	# shellcheck disable=SC2086
	within 20 "$verb" sealed $verb "f=$desk/rc" "s=$desk/rc" &
	asked+=($!)
done
for number in "${!asked[@]}"; do
	wait "${asked[number]}" || fail 'see above'
	grep -q '^mailseal: the agent did not answer' "$desk/said$number" ||
		fail "a client says: $(cat "$desk/said$number")"
done
wait "$filter" || fail 'see above'
cmp "$desk/world/mail/01-known.eml" "$desk/filtered" ||
	fail 'the filter changed the message'
goes_on

# The bus itself stands still: nobody is let in, and a few calls later its door
# is crowded.  The times of those who ask hold from connecting on.
stopped=$(cat "$desk/bus.pid")
kill -STOP "$stopped"
tr -d '\r' <"$desk/world/mail/01-known.eml" >"$desk/page"
display() {
	"$build/plugins/mutt/mailseal-display" <"$desk/page" >"$desk/said"
	grep -q '^Mailseal: not checked' "$desk/said" ||
		fail "display says: $(cat "$desk/said")"
}
rules() { mailseal mutt-rules >"$desk/said"; }
within 20 'the display filter' display
within 20 'the rules' rules
said=$desk/said
within 20 'sealed mail' sealed mailseal-smime pk7out "f=$desk/rc"
grep -q '^mailseal: the session bus did not answer' "$desk/said" ||
	fail "pk7out says: $(cat "$desk/said")"
python3 - "$XDG_RUNTIME_DIR/bus" "$desk/crowded" <<'END_PY' &
import socket, sys, time
held = []
while True:
    one = socket.socket(socket.AF_UNIX)
    one.setblocking(False)
    try:
        one.connect(sys.argv[1])
    except BlockingIOError:
        break
    held.append(one)
open(sys.argv[2], 'w').close()
time.sleep(600)
END_PY
crowd=$!
comes_true test -e "$desk/crowded" || fail 'nobody crowds'
within 20 'the display filter' display
within 20 'the rules' rules
kill "$crowd"
wait "$crowd" || true
goes_on
echo "asserted $asserted"
