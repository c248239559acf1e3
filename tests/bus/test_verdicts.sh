#!/usr/bin/env bash
# test_verdicts - sample messages, judged over the bus by the real agent
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck disable=SC2034
DESK_CONFIG='[account main]
address = somebody-else@user.example'
desk_start "$desk" "$build"
mail=$desk/world/mail

# verdict FILE VERDICT DISPLAY CODE STATUS
verdict() {
	judge "$mail/$1.eml"
	expect "$1 verdict" "$2" "$(key verdict <"$desk/report")"
	expect "$1 display" "$3" "$(key display <"$desk/report")"
	expect "$1 reason" "$4" "$(key reasons.0.code <"$desk/report")"
	expect "$1 status" "$5" "$status"
}

verdict 02-unknown authenticated address authenticated 0
expect 'hidden name' orders@shop.example "$(key shown_from <"$desk/report")"
expect algorithm ed25519-sha256 "$(key dkim.0.algorithm <"$desk/report")"
# Judged before: the destinations are asked all the same, and only if wanted.
text=$(mailseal check -v "$mail/02-unknown.eml" | tr -s ' \n' ' ')
contains limit "to mailto:a@bank.example, at most 10485760 bytes, another \
domain's aggregate" "$text"
text=$(mailseal check --destinations "$mail/02-unknown.eml" | tr -s ' \n' ' ')
contains given "at most 10485760 bytes, another domain's, which agreed, at \
mailto:c@bank.example instead" "$text"
contains denied "b@free.example, another domain's, which did not agree" "$text"
verdict 03-forged spoofed warning policy-violated 1
verdict 04-name-of-another suspicious address name-of-another 1
verdict 05-address-in-name spoofed warning forged-address-in-name 1
verdict 06-two-from suspicious warning from-unusable 1
verdict 07-bogus-zone unverified address temporary-error 2
expect bogus bogus "$(key dkim.0.dnssec <"$desk/report")"
verdict 08-no-policy unverified address no-policy 2
verdict 09-changed suspicious warning altered-on-the-way 1
verdict 01-known genuine name known-and-proved 0
expect shown 'Alice Harper <alice@example.org>' \
	"$(key shown_from <"$desk/report")"
expect dnssec secure "$(key dkim.0.dnssec <"$desk/report")"
expect bits 2048 "$(key dkim.0.key_bits <"$desk/report")"
expect proof dkim "$(key proof <"$desk/report")"
expect integrity whole "$(key integrity <"$desk/report")"
contains 'not for this user' '"not-addressed"' "$(<"$desk/report")"
expect known true "$(key contact.known <"$desk/report")"

# The same message has the same id with LF, CRLF and an mbox line.
id=$(key id <"$desk/report")
tr -d '\r' <"$mail/01-known.eml" >"$desk/lf.eml"
{ echo 'From alice Tue Nov 24 00:00:00 2026'; cat "$desk/lf.eml"; } \
	>"$desk/mbox.eml"
judge "$desk/lf.eml"
expect 'id with LF' "$id" "$(key id <"$desk/report")"
judge "$desk/mbox.eml"
expect 'id in a mbox' "$id" "$(key id <"$desk/report")"
expect 'a pipe' genuine \
	"$(tr -d '\r' <"$mail/01-known.eml" | mailseal check --json | key verdict)"

# SPF by what a delivery filter knows.
judge "$mail/03-forged.eml" --client-ip 192.0.2.7 \
	--mail-from bounce@bank.example
expect 'spf result' pass "$(key spf.result <"$desk/report")"
expect 'spf proof' spf "$(key proof <"$desk/report")"
judge "$mail/03-forged.eml" --client-ip 198.51.100.7 \
	--mail-from bounce@bank.example
expect 'spf fails' fail "$(key spf.result <"$desk/report")"

text=$(mailseal status)
contains status 'DNSSEC validation works' "$text"
contains 'status of roles' 'reader     running' "$text"
contains 'status of contacts' '3 addresses' "$text"
echo "asserted $asserted"
