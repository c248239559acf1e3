#!/usr/bin/env bash
# test_queue - servers that are down, lie, hang or cut; agents that die
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
at_end submit_stop "$desk/plain"
at_end submit_stop "$desk/smtp"
PATH=$build/plugins/mutt:$PATH

# The right key, and another one of the same name.
submit_key "$desk/other.key"
submit_key "$desk/smtp"
submit_server "$desk/smtp" tls
tls_port=$smtp_port
submit_server "$desk/plain" starttls "$desk/other.key"
plain_port=$smtp_port
submit_zone "$desk/lab" "$tls_port" "$plain_port"
DESK_CONFIG=$(
	submit_account home "smtps://smtp.mail.lab:$tls_port" \
		"password = command: echo secret"
	submit_account work "smtp://smtp.mail.lab:$plain_port" \
		"password = command: touch $desk/asked; echo secret" |
		sed s/alice@mail.lab/alice@work.lab/
	submit_account nowhere "smtps://absent.mail.lab" |
		sed s/alice@mail.lab/alice@nowhere.lab/
	submit_account sealed "smtps://smtp.mail.lab:$tls_port" |
		sed 's/alice@mail.lab/alice@sealed.lab/; s/never/always/'
)
desk_start "$desk" "$build"

# message NAME FROM: $desk/NAME, with that Message-ID
message() {
	printf 'From: <%s>\nTo: bob@box.lab\nMessage-ID: <%s@t>\n\nbody\n' \
		"$2" "$1" >"$desk/$1"
}
# submit NAME OPTION...: the exit status in $status, the words in $said
submit() {
	status=0
	said=$(mailseal-sendmail "${@:2}" bob@box.lab <"$desk/$1" 2>&1) ||
		status=$?
}
# arrived NAME: how often the server took that mail
arrived() {
	grep -lF "Message-ID: <$1@t>" "$desk"/*/mail/* 2>/dev/null | wc -l
}
queue_is_empty() { [ "$(mailseal queue list)" = 'The queue is empty.' ]; }
logged() { grep -q " $1 " "$desk/smtp/log"; }
fault() {
	: >"$desk/smtp/log"
	printf '%s\n' "$@" >"$desk/smtp/fault"
}
no_fault() { rm -f "$desk/smtp/fault"; }

# The server is down: queued, in order; up again: delivered in that order.
stop_listening() {
	kill "$(cat "$desk/smtp/pid")"
	wait "$(cat "$desk/smtp/pid")" 2>/dev/null || true
}
stop_listening
for name in down1 down2 down3; do
	message "$name" alice@mail.lab
	submit "$name"
	expect "status of $name" 0 "$status"
	contains "$name is queued" 'queued, not sent yet: ' "$said"
done
expect 'three wait' 3 "$(mailseal queue list --json | grep -c waiting)"
# Back on the same port.
python3 - "$tls_port" "$here/../lab/smtp_desk.py" "$desk/smtp" <<'END' &
import runpy, socket, sys
port, desk, folder = int(sys.argv[1]), sys.argv[2], sys.argv[3]
create = socket.create_server
socket.create_server = lambda at, **more: create((at[0], port), **more)
sys.argv = [desk, folder, folder + "/cert.pem", folder + "/key.pem", "tls"]
runpy.run_path(desk, run_name="__main__")
END
echo $! >"$desk/smtp/pid"
back() { mailseal queue flush && sleep 0.2 && queue_is_empty; }
await back
order=$(cat "$desk"/smtp/mail/[123] |
	sed -n 's/^Message-ID: <\(.*\)@t>.*/\1/p' | tr '\n' ' ')
expect 'in their order' 'down1 down2 down3 ' "$order"

# A server with another key: held, nothing was said but STARTTLS, and nobody
# was asked for the password.
message other alice@work.lab
submit other
expect 'status of a mismatch' 0 "$status"
contains 'why' 'queued, not sent yet: ' "$said"
contains 'held' '(trust)' "$(mailseal queue list)"
expect 'what it heard' 'ehlo starttls' "$(awk '$2 != "greeting" &&
	$2 != "gone" { print $2 }' "$desk/plain/log" | sort -u |
	tr '\n' ' ' | sed 's/ $//')"
[ ! -e "$desk/asked" ] || fail 'the password command ran'
asserted=$((asserted + 1))
id=$(mailseal queue list --json | key id)
mailseal queue cancel "$id"
expect 'cancelled' 'The queue is empty.' "$(mailseal queue list)"
status=0
mailseal queue cancel "$id" 2>"$desk/err" || status=$?
[ "$status" -ne 0 ] || fail 'it was cancelled twice'

# What cannot be protected is refused, and kept nowhere.
message sealed alice@sealed.lab
submit sealed
expect 'status of what cannot be protected' 77 "$status"
contains 'why' 'Nothing was sent' "$said"
kept=$(cd "$desk/state/mailseal/queue" && find new jobs failed -type f)
expect 'kept nowhere' '' "$kept"

# Cut in the message: not taken, tried again.
fault 'body cut'
message cut alice@mail.lab
printf 'a line of a message too large for the buffers: %d\n' {1..100000} \
	>>"$desk/cut"
submit cut
expect 'status of a cut' 0 "$status"
contains 'where' 'the connection broke while the message went out' "$said"
no_fault
mailseal queue flush
await queue_is_empty
expect 'arrived once' 1 "$(arrived cut)"

# Cut behind its end: nobody can tell, and it is said.
fault 'end cut'
message unknown alice@mail.lab
submit unknown
expect 'status of unknown' 0 "$status"
contains 'said so' 'it may have taken it' "$said"
sleep 0.5
expect 'not sent again at once' 1 "$(arrived unknown)"
no_fault
mailseal queue flush
await queue_is_empty
expect 'sent again later' 2 "$(arrived unknown)"

# It hangs: whoever waits hears "queued"; cancelled in hand, it is not sent.
fault 'mail hang'
message hang alice@mail.lab
submit hang -odb
expect 'status of a hanging server' 0 "$status"
await logged mail
id=$(mailseal queue list --json | key id)
contains 'in hand' sending "$(mailseal queue list)"
mailseal queue cancel "$id"
expect 'gone' 'The queue is empty.' "$(mailseal queue list)"
expect 'not sent' 0 "$(arrived hang)"
no_fault

# The sender dies with a mail in hand, before its end: sent once.
fault 'data pause 1'
message died alice@mail.lab
submit died &
await logged data
no_fault
kill -9 "$(role sender)"
wait $!
await queue_is_empty
expect 'sent once' 1 "$(arrived died)"

# Twice: it is held, and the others go on.  (A new agent: at a third death
# within a minute the role stays down.)
agent_end() {
	local agent
	agent=$(desk_agent "$desk")
	kill "$1" "$agent"
	await_end "$agent"
}
agent_end -TERM
fault 'data pause 1'
message crash alice@mail.lab
submit crash -odb
for _ in 1 2; do
	await logged data
	: >"$desk/smtp/log"
	kill -9 "$(role sender)"
	sleep 0.1
done
no_fault
contains 'held after two deaths' '(crash)' "$(mailseal queue list)"
message after alice@mail.lab
submit after
expect 'the next one' 0 "$status"
expect 'has arrived' 1 "$(arrived after)"
mailseal queue flush
await queue_is_empty
expect 'and that one' 1 "$(arrived crash)"

# The agent dies while the server thinks about its answer: the sender ends
# what it began, the new agent waits for it and sends nothing twice.
fault 'end pause 1'
message orphan alice@mail.lab
submit orphan &
caller=$!
await logged end
kill -9 "$(desk_agent "$desk")"
no_fault
wait "$caller"
await queue_is_empty
expect 'sent once although the agent died' 1 "$(arrived orphan)"

# Twenty callers at once.
for i in $(seq 20); do
	message "many$i" alice@mail.lab
	mailseal-sendmail bob@box.lab <"$desk/many$i" &
	callers[i]=$!
done
for i in $(seq 20); do
	wait "${callers[i]}" || fail "caller $i got $?"
done
for i in $(seq 20); do
	expect "many$i" 1 "$(arrived "many$i")"
done

# A name that is not there is told, and queued.
message nowhere alice@nowhere.lab
submit nowhere
expect 'status of no such server' 0 "$status"
contains 'its name' absent.mail.lab "$said"
echo "asserted $asserted"
