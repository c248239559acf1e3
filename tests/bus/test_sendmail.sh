#!/usr/bin/env bash
# test_sendmail - what programs expect of sendmail: options, forms, statuses
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

# run STATUS OPTION...: standard input is handed through
run() {
	local wanted=$1
	shift
	status=0
	said=$(mailseal-sendmail "$@" 2>&1) || status=$?
	expect "status of: $*" "$wanted" "$status"
}
# last: the newest mail that the server took, without CR
last() {
	local name
	name=$(find "$desk/smtp/mail" -type f -printf '%f\n' | sort -n |
		tail -n 1)
	tr -d '\r' <"$desk/smtp/mail/$name"
}
# envelope STEP: the words of the newest step of that name
envelope() {
	awk -v step="$1" '$2 == step { sub(/^[0-9]+ [a-z]+ /, ""); it = $0 }
		END { print it }' "$desk/smtp/log"
}
# to_whom: the recipients of the newest connection, "|" between envelopes
to_whom() {
	local number
	number=$(awk '$2 == "end" { it = $1 } END { print it }' \
		"$desk/smtp/log")
	awk -v number="$number" '$1 != number { next }
		$2 == "mail" { print "|" }
		$2 == "rcpt" { print $3 }' "$desk/smtp/log" | tr '\n' ' '
}

# The callers that there are, each with its own words.
run 0 -oem -oi -f a@b.example -- bob@box.lab <<<$'From: alice@mail.lab\n\nmutt'
contains 'envelope sender' '<a@b.example>' "$(envelope mail)"
run 0 -i bob@box.lab <<<$'From: alice@mail.lab\n\ngit send-email'
run 0 -FCronDaemon -i -odi -oem -oi -t -f root <<END
From: root (Cron Daemon)
To: bob@box.lab
Subject: Cron

output
END
contains 'cron sends by the account' '<alice@mail.lab>' "$(envelope mail)"
run 0 -odb -oem -oi bob@box.lab <<<$'From: alice@mail.lab\n\nbackground'
run 0 -t -oi <<<$'From: alice@mail.lab\nTo: bob@box.lab\n\nnotmuch'
run 0 bob@box.lab <<<'just a body'
contains 'a From was made' 'From: alice@mail.lab' "$(last)"
contains 'and the body is there' 'just a body' "$(last)"
run 0 -F 'Alice Harper' bob@box.lab <<<$'Subject: x\n\nbody'
contains 'the full name' 'From: "Alice Harper" <alice@mail.lab>' "$(last)"

# Every option with a value, in the same word and in the next one.
run 0 -ti -oee -oep -oeq -oew -odi -om -o x -O DeliveryMode=b -B 8BITMIME \
	-B7BIT -Nnever -R full -V id1 -h 5 -L tag -X /dev/null -C/dev/null \
	-G -U -m -n -bm -falice@mail.lab -r alice@mail.lab \
	<<<$'From: alice@mail.lab\nTo: bob@box.lab\n\nall of them'
contains 'DSN' 'RET=FULL ENVID=id1' "$(envelope mail)"

# What cannot be: told in one line, with a status of sysexits.
run 64 </dev/null
run 64 -Z bob@box.lab </dev/null
run 64 -bs </dev/null
run 64 -bd </dev/null
run 64 -f </dev/null
run 64 -t <<<$'From: alice@mail.lab\nSubject: nobody\n\nbody'
contains 'says it all' 'mailseal-sendmail: not sent: ' "$said"
run 65 nobody <<<$'From: alice@mail.lab\n\nbody'
run 65 -- -oi <<<$'From: alice@mail.lab\n\nbody'
run 78 bob@box.lab <<<$'From: somebody@else.example\n\nbody'
run 65 bob@box.lab < <(printf 'From: alice@mail.lab\n\na\0b\n')
contains 'why' 'NUL' "$said"
run 64 -N sometimes bob@box.lab <<<$'From: alice@mail.lab\n\nbody'
run 74 bob@box.lab </

# A single dot ends nothing; mixed line ends; a line of mbox; no end.
run 0 bob@box.lab < <(printf '%b' 'From alice Thu\nFrom: alice@mail.lab\r\n' \
	'Subject: x\n\none\n.\r\ntwo')
expect 'the body' $'one\n.\ntwo' "$(last | sed '1,/^$/d')"

# Hidden copies get the mail, each in an envelope of its own, and nobody sees
# their names.
run 0 -t carol@box.lab <<END
From: alice@mail.lab
To: Bob <bob@box.lab>
Bcc: dave@box.lab,
 erin@box.lab
Subject: hidden

body
END
expect 'to whom' \
	'| bob@box.lab | carol@box.lab | dave@box.lab | erin@box.lab ' \
	"$(to_whom)"
case $(last) in
*dave*|*erin*|*Bcc*) fail 'a hidden copy is named' ;;
esac
asserted=$((asserted + 1))

# Bounced by a mail client: as it was, to the new recipients alone.
run 0 -t -oi <<END
Resent-From: alice@mail.lab
Resent-To: carol@box.lab
Resent-Bcc: dave@box.lab
From: someone@else.example
To: alice@mail.lab
Subject: resent

body
END
expect 'resent to' '| carol@box.lab | dave@box.lab ' "$(to_whom)"
expect 'nothing was added' 0 "$(last | grep -c -e '^Date:' -e '^Message-ID:')"

# What must be encrypted or signed, and is not, stays here.
before=$(find "$desk/smtp/mail" -type f | wc -l)
run 77 --require=encrypt bob@box.lab <<<$'From: alice@mail.lab\n\nclear'
contains 'says who is missing' 'certificate was found for bob@box.lab' "$said"
run 64 --require=seal bob@box.lab <<<$'From: alice@mail.lab\n\nclear'
expect 'nothing left' "$before" "$(find "$desk/smtp/mail" -type f | wc -l)"
run 0 --require=encrypt,sign bob@box.lab <<END
From: alice@mail.lab
MIME-Version: 1.0
Content-Type: multipart/encrypted; boundary=b;
 protocol="application/pgp-encrypted"

--b
END
contains 'as it was' $' protocol="application/pgp-encrypted"\n\n--b' "$(last)"

# A circular: more recipients than a frame between processes holds.
many=()
for i in {1..1200}; do many+=("r$i@box.lab"); done
run 0 "${many[@]}" bob@box.lab <<<$'From: alice@mail.lab\nTo: bob@box.lab\n\nx'
expect 'all of them' 1201 "$(to_whom | tr ' ' '\n' | grep -c @)"
contains 'those who do not stand there in one envelope' \
	'| bob@box.lab | r1@box.lab r2@box.lab' "$(to_whom)"

# Whatever a mail client left behind.
( trap '' CHLD TERM PIPE HUP
  umask 0
  mailseal-sendmail bob@box.lab 9</dev/null >&- <<<$'From: alice@mail.lab\n\nx'
) || fail 'signals, umask or descriptors were inherited'
asserted=$((asserted + 1))

# By its other names; help goes to standard output.
ln -s "$build/plugins/mutt/mailseal-sendmail" "$desk/mailq"
ln -s "$build/plugins/mutt/mailseal-sendmail" "$desk/newaliases"
expect 'mailq' 'Mail queue is empty' "$("$desk/mailq")"
"$desk/newaliases" || fail 'newaliases'
contains 'help' 'Usage: mailseal-sendmail' "$(mailseal-sendmail --help)"
run 0 -q30m </dev/null

# Without a bus nobody has the mail.
DBUS_SESSION_BUS_ADDRESS=unix:path=$desk/none XDG_RUNTIME_DIR=$desk \
	run 75 bob@box.lab <<<$'From: alice@mail.lab\n\nbody'
contains 'said so' 'not sent: the session bus cannot be reached' "$said"
echo "asserted $asserted"
