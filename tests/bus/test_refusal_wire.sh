#!/usr/bin/env bash
# test_refusal_wire - before a refusal nothing is sent but what TLS needs
#
# Every byte of the client is recorded between it and the server.
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
taps=
at_end submit_stop "$desk/start"
at_end submit_stop "$desk/tls"
# shellcheck disable=SC2086
end_taps() { kill $taps; }
at_end end_taps
PATH=$build/plugins/mutt:$PATH
submit_key "$desk/wrong"
wrong=$submit_tlsa
submit_key "$desk/tls"
submit_server "$desk/tls" tls
tls_port=$smtp_port
submit_server "$desk/start" starttls "$desk/tls"
start_port=$smtp_port
# tap DIR PORT: records what goes there; $tap_port
tap() {
	python3 "$here/../lab/wire_tap.py" listen "$1" "$2" &
	taps="$taps $!"
	await test -s "$1/tap"
	tap_port=$(cat "$1/tap")
}
tap "$desk/tls" "$tls_port"
tls_tap=$tap_port
tap "$desk/start" "$start_port"
start_tap=$tap_port
submit_zone "$desk/lab" "$tls_tap" "$start_tap"
good=$submit_tlsa
zone=$desk/lab/zones.d/mail.lab.zone
sed -i "s/$good/$wrong/" "$zone"
DESK_CONFIG=$(
	submit_account home "smtps://smtp.mail.lab:$tls_tap" \
		'password = command: echo secret'
	submit_account work "smtp://smtp.mail.lab:$start_tap" \
		'password = command: echo secret' |
		sed s/alice@mail.lab/alice@work.lab/
)
desk_start "$desk" "$build"

for from in mail work; do
	said=$(mailseal-sendmail bob@box.lab 2>&1 \
		<<<$"From: alice@$from.lab"$'\n\nnobody is to read this') ||
		fail "$from: $said"
	contains "held, by $from" 'queued, not sent yet' "$said"
done
expect 'why' trust "$(mailseal queue list --json | key held_for)"

# judge FILE: fails when there is more in it
judge() { python3 "$here/../lab/wire_tap.py" judge "$1"; }
seen=0
for file in "$desk"/tls/tap.[0-9]* "$desk"/start/tap.[0-9]*; do
	judge "$file" || fail "more than TLS needs in $file"
	seen=$((seen + 1))
	asserted=$((asserted + 1))
done
[ "$seen" -ge 2 ] || fail "only $seen connections were recorded"
grep -q . "$desk/start/tap.1" && contains 'STARTTLS' 'line: STARTTLS' \
	"$(judge "$desk/start/tap.1")"

# The same eyes see more when the mail is sent.
before=$(find "$desk/tls" -name 'tap.[0-9]*' | wc -l)
openssl s_client -quiet -connect "127.0.0.1:$tls_tap" 2>/dev/null \
	< <(sleep 0.5; printf 'EHLO [127.0.0.1]\r\nQUIT\r\n'; sleep 0.5) \
	>/dev/null || true
if judge "$desk/tls/tap.$((before + 1))" >/dev/null; then
	fail 'a session that speaks was not seen'
fi
asserted=$((asserted + 1))
echo "asserted $asserted"
