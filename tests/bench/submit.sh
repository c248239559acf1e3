#!/usr/bin/env bash
# submit.sh - mail to a real Postfix by TLS with DANE and AUTH, beside others
#
#   tests/bench/submit.sh BUILD [COUNT...]    BUILD: without sanitizers
#
# Milliseconds of one mail on the ports of 465 and 587, for each COUNT (1, 100
# and 1000): median, worst, mean.  bare: the floor, what TCP, TLS, AUTH PLAIN
# and one mail cost this server with no agent, no DANE and no queue; over the
# bus: a client that stays, by AUTH PLAIN as all the others, and by SCRAM, whose
# 4096 rounds of hashing both sides pay; with programs: mailseal-sendmail,
# msmtp and curl, each started for each mail (msmtp and curl trust the
# certificate as an authority: they know no DANE).  Smaller is better.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
shift
counts=("${@:-1}")
[ $# -gt 0 ] || counts=(1 100 1000)
# shellcheck source=tests/lab/desk.sh
. "$here/../lab/desk.sh"
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
# shellcheck source=tests/lab/postfix.sh
. "$here/../lab/postfix.sh"
if ! why=$(postfix_can); then
	echo "skipped: $why"
	exit 77
fi
desk=$(mktemp -d "${TMPDIR:-/tmp}/mailseal-bench.XXXXXX")
trap 'postfix_stop "$desk/postfix"
	desk_stop "$desk" >/dev/null 2>&1 || true; rm -rf "$desk"' EXIT
PATH=$build/plugins/mutt:$PATH
chmod 755 "$desk"
submit_key "$desk/key"
postfix_start "$desk/postfix" "$desk/key/cert.pem" "$desk/key/key.pem"
submit_zone "$desk/lab" "$postfix_tls" "$postfix_starttls"
account() {
	submit_account "$1" "$2" 'password = command: echo secret' \
		"auth = $3" |
		sed "s/= alice$/= alice@mail.lab/; s/^address.*/address = $1@mail.lab/"
}
DESK_CONFIG=$(
	account tls "smtps://smtp.mail.lab:$postfix_tls" plain
	account start "smtp://smtp.mail.lab:$postfix_starttls" plain
	account tls-scram "smtps://smtp.mail.lab:$postfix_tls" scram
	account start-scram "smtp://smtp.mail.lab:$postfix_starttls" scram
)
desk_start "$desk" "$build"
for way in tls start tls-scram start-scram; do
	{ printf 'From: %s@mail.lab\nTo: bob@box.lab\nSubject: bench\n\n' $way
	  printf 'line %d of a short mail\n' {1..40}; } >"$desk/$way.eml"
done
# As CRLF for curl, which changes nothing.
for way in tls start; do sed 's/$/\r/' "$desk/$way.eml" >"$desk/$way.crlf"; done
cat >"$desk/msmtprc" <<-END
defaults
auth plain
user alice@mail.lab
passwordeval "echo secret"
tls on
tls_trust_file $desk/key/cert.pem
host 127.0.0.1
account tls
port $postfix_tls
tls_starttls off
tls_host_override smtp.mail.lab
from tls@mail.lab
account start
port $postfix_starttls
tls_starttls on
tls_host_override smtp.mail.lab
from start@mail.lab
END
chmod 600 "$desk/msmtprc"

bare() {
	local port=$postfix_tls start=tls
	[ "$1" = tls ] || { port=$postfix_starttls; start=starttls; }
	"$build/tests/bench/bench_submit_bare" "$port" "$start" \
		alice@mail.lab secret "$1@mail.lab" bob@box.lab \
		"$desk/$1.crlf" "$2"
}
bus() {
	"$build/tests/bench/bench_submit" "$desk/$1.eml" bob@box.lab "$2"
}
run_sendmail() { mailseal-sendmail bob@box.lab <"$desk/$1.eml"; }
run_msmtp() { msmtp -C "$desk/msmtprc" -a "$1" bob@box.lab <"$desk/$1.eml"; }
run_curl() {
	local url=smtps://smtp.mail.lab:$postfix_tls port=$postfix_tls
	[ "$1" = tls ] || { port=$postfix_starttls
		url=smtp://smtp.mail.lab:$port; }
	curl -sS --ssl-reqd --cacert "$desk/key/cert.pem" \
		--resolve "smtp.mail.lab:$port:127.0.0.1" \
		--user alice@mail.lab:secret --login-options AUTH=PLAIN \
		--mail-from "$1@mail.lab" --mail-rcpt bob@box.lab \
		--upload-file "$desk/$1.crlf" "$url"
}
# programs NAME WAY COUNT: "median worst mean"
programs() {
	local i start
	for ((i = 0; i < $3; i++)); do
		start=$EPOCHREALTIME
		"run_$1" "$2" >/dev/null 2>"$desk/err" ||
			{ echo "$1 fails: $(cat "$desk/err")" >&2; break; }
		echo "$start $EPOCHREALTIME"
	done | awk '{ print ($2 - $1) * 1000 }' | sort -n | awk '
		{ at[NR] = $1; all += $1 }
		END { if (NR == 0) exit 1
		      printf "%.1f %.1f %.1f", at[int((NR + 1) / 2)], at[NR],
			all / NR }'
}
row() {
	local median worst mean
	read -r median worst mean <<<"$4"
	printf '%-20s %-9s %6d %8s %8s %8s\n' "$1" "$2" "$3" "$median" \
		"$worst" "$mean"
}
# The sender is there, and DANE is warm.
bus tls 1 >/dev/null
bus start 1 >/dev/null
sent=2
printf '%-20s %-9s %6s %8s %8s %8s\n' 'ms a mail' 'way' 'mails' median \
	worst mean
for count in "${counts[@]}"; do
	for way in tls start; do
		words='465'
		[ "$way" = tls ] || words='587'
		row 'bare' "$words" "$count" "$(bare $way "$count")"
		row 'over the bus' "$words" "$count" "$(bus $way "$count")"
		row 'over the bus, SCRAM' "$words" "$count" \
			"$(bus $way-scram "$count")"
		row mailseal-sendmail "$words" "$count" \
			"$(programs sendmail $way "$count")"
		sent=$((sent + 4 * count))
		for name in msmtp curl; do
			if ! command -v "$name" >/dev/null; then
				echo "$name is missing: skipped"
				continue
			fi
			row "$name" "$words" "$count" \
				"$(programs "$name" $way "$count")"
			sent=$((sent + count))
		done
	done
done
# All of it really went through TLS and AUTH, into the mailbox.
arrived=0
for ((i = 0; i < 1000 && arrived < sent; i++)); do
	arrived=$(postfix_mailbox "$desk/postfix" | wc -l)
	sleep 0.02
done
echo "mails in the mailbox: $arrived of $sent"
[ "$arrived" -eq "$sent" ]
