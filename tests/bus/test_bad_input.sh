#!/usr/bin/env bash
# test_bad_input - what no message is, and calls that no client makes: each
# gets a clear answer in time, and the agent goes on
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
desk_start "$desk" "$build"
good=$desk/world/mail/01-known.eml

# An agent that does not start: whoever calls is told where it says why.
cp "$desk/config/mailseal/config" "$desk/right"
printf '[keys]\nauthorities = /company.pem\n' >>"$desk/config/mailseal/config"
judge "$good"
expect 'without an agent' 69 "$status"
contains 'where to look' 'run mailseald in a terminal' "$(<"$desk/err")"
status=0
"$build/agent/mailseald" 2>"$desk/err" || status=$?
expect 'there' 78 "$status"
contains 'it says why' 'did you mean "authority"?' "$(<"$desk/err")"
mv "$desk/right" "$desk/config/mailseal/config"
mailseal check "$good" >/dev/null
reader=$(role reader)

# unreadable NAME FILE: status 65, a warning and a sentence
unreadable() {
	judge "$2"
	expect "$1 verdict" suspicious "$(key verdict <"$desk/report")"
	expect "$1 display" warning "$(key display <"$desk/report")"
	expect "$1 status" 65 "$status"
	[ -n "$(key error <"$desk/report")" ] || fail "$1: no error text"
}
head -c 3000 /dev/urandom | tr -d ':' >"$desk/noise"
unreadable 'not mail' "$desk/noise"
: >"$desk/empty"
unreadable empty "$desk/empty"
{ printf 'Subject: '; head -c 100000000 /dev/zero | tr '\0' a; } >"$desk/long"
unreadable '100 MB of one line' "$desk/long"
rm "$desk/long"
{ yes 'Received: from a by b; Tue, 24 Nov 2026 00:00:00 +0000' || true; } |
	head -n 100000 >"$desk/received"
unreadable '100,000 Received fields' "$desk/received"

# suspicious NAME FILE: read, and not trusted
suspicious() {
	judge "$2"
	expect "$1 verdict" suspicious "$(key verdict <"$desk/report")"
	expect "$1 status" 1 "$status"
}
printf 'From: a\0b <alice@example.org>\nSubject: x\n\nx\n' >"$desk/nul"
suspicious 'NUL bytes' "$desk/nul"
printf 'Subject: x\rFrom: alice@example.org\nTo: b\n\nx\n' >"$desk/cr"
suspicious 'a bare CR' "$desk/cr"
printf 'Subject: no author\n\nx\n' >"$desk/nofrom"
suspicious 'no From' "$desk/nofrom"
# Larger than what is copied: read piece by piece.  (Not the message that was
# judged above: its signature over another text is a replay.)
{ cat "$desk/world/mail/02-unknown.eml"; head -c 80000000 /dev/zero | tr '\0' x; } >"$desk/large"
suspicious '80 MB' "$desk/large"
rm "$desk/large"

judge "$desk/world"
expect 'a folder' 66 "$status"
contains 'a folder' directory "$(cat "$desk/err")"
judge /nonexistent
expect 'no file' 66 "$status"
mkfifo "$desk/pipe"
judge "$desk/pipe"
expect 'a pipe without a writer' 66 "$status"
contains 'a pipe without a writer' 'nobody writes' "$(cat "$desk/err")"
judge <(sleep 0.2; cat "$good")
expect 'a pipe with one' genuine "$(key verdict <"$desk/report")"

# In a folder others put what they like: no pipe is waited for.
mkdir -p "$desk/maildir/cur" "$desk/maildir/new"
cp "$good" "$desk/maildir/cur/mail"
mkfifo "$desk/maildir/cur/pipe"
exec 7<>"$desk/maildir/cur/pipe"	# with a writer who never writes
ln -s /dev/zero "$desk/maildir/new/device"
truncate -s 1G "$desk/maildir/new/sparse"
timeout "$PATIENCE" mailseal suggest "$desk/maildir" >/dev/null 2>"$desk/err" ||
	fail "suggest: $(cat "$desk/err")"
rm "$desk/maildir/new/sparse"
status=0
timeout "$PATIENCE" mailseal check --json --maildir "$desk/maildir" >"$desk/report" \
	2>"$desk/err" || status=$?
exec 7>&-
expect 'a folder with more than mail' 66 "$status"
expect 'its mail' 1 "$(grep -c '"verdict": "genuine"' "$desk/report")"
expect 'what is no mail' 2 "$(grep -c 'it is no file$' "$desk/err")"
judge "$good" --wrong
expect 'an unknown option' 64 "$status"

call() {
	dbus-send --session --print-reply --dest=org.mailseal.Agent1 \
		/org/mailseal/Agent1 "$@" 2>&1 || true
}
contains 'wrong types' InvalidArgs \
	"$(call org.mailseal.Incoming1.Check string:x)"
contains 'no such method' UnknownMethod \
	"$(call org.mailseal.Incoming1.Nothing)"
contains 'no such property' UnknownProperty "$(call \
	org.freedesktop.DBus.Properties.Get string:org.mailseal.Agent1 \
	string:Nothing)"
contains introspection Incoming1 \
	"$(call org.freedesktop.DBus.Introspectable.Introspect)"
"$build/tests/bus/bus_probe" "$good" >"$desk/probe" 2>&1 ||
	fail "bus_probe: $(cat "$desk/probe")"

status=0
"$build/agent/mailseald" 2>"$desk/second" || status=$?
expect 'a second agent' 75 "$status"
contains 'names the first' "$(desk_agent "$desk")" "$(cat "$desk/second")"

expect 'the same reader still' "$reader" "$(role reader)"
judge "$good"
expect 'and it works' genuine "$(key verdict <"$desk/report")"
echo "asserted $asserted"
