#!/usr/bin/env bash
# test_dane - mailseal dane over the bus: signed zones, servers with faults
# shellcheck disable=SC2154	# port_NAME, plain and secret: tls_desk.sh
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/tls_desk.sh
. "$here/../lab/tls_desk.sh"

tls_start "$build" "$desk/tls" good=tls:fine:good roll=tls:fine:next \
	mismatch=tls:fine:self bogus=tls:fine:good unsigned=tls:fine:good \
	unusable=tls:fine:good stripped=smtp:not-offered:good \
	starttls=smtp:fine:good imap=imap:fine:good pop3=pop3:fine:good \
	inject=smtp:inject:good expired=tls:fine:expired wrong=tls:fine:other \
	self=tls:fine:self-other anchor=tls:fine:good hang=tls:hang-tls:good \
	soon=tls:fine:soon alias=tls:fine:good change=tls:fine:good
{
	m=mail
	mkdir -p "$desk/world"
	: >"$desk/world/aliases"
	: >"$desk/world/carol.vcf"
	{
		echo '@ MX 10 mail'
		echo '@ MX 20 second'
		echo 'mail A 127.0.0.1'
		echo 'second A 127.0.0.1'
		echo 'smtp CNAME mail'
		tlsa "$port_good" $m 3 1 1 good
		tlsa "$port_roll" $m 3 1 1 good
		tlsa "$port_roll" $m 3 1 1 next
		tlsa "$port_mismatch" $m 3 1 1 good
		echo "_$port_unusable._tcp.mail TLSA 3 1 1 0123456789"
		echo "_$port_unusable._tcp.mail TLSA 9 1 1 0123456789"
		tlsa "$port_stripped" $m 3 1 1 good
		tlsa "$port_starttls" $m 3 1 2 good
		tlsa "$port_imap" $m 3 0 1 good
		tlsa "$port_pop3" $m 3 0 2 good
		tlsa "$port_inject" $m 3 1 1 good
		tlsa "$port_self" $m 3 0 0 self-other
		tlsa "$port_anchor" $m 2 1 1 middle
		tlsa "$port_hang" $m 3 1 1 good
		tlsa "$port_soon" $m 3 1 1 soon
		tlsa "$port_alias" $m 3 1 1 good
		tlsa "$port_change" $m 3 1 1 good
		tlsa "$port_alias" smtp 3 1 1 self
		tlsa 25 $m 3 1 1 good
		tlsa 25 second 2 0 1 middle
		echo "_submissions._tcp SRV 0 1 $port_good mail"
		echo "_submission._tcp SRV 5 1 $port_starttls mail"
	} >"$desk/world/dane"
	{
		echo '@ MX 10 mail'
		echo 'mail A 127.0.0.1'
		tlsa "$port_bogus" $m 3 1 1 good
	} >"$desk/world/broken"
	{
		echo '@ MX 10 mail'
		echo 'mail A 127.0.0.1'
		tlsa "$port_unsigned" $m 3 1 1 self
		echo "_submissions._tcp SRV 0 1 $port_unsigned mail"
	} >"$desk/world/plain"
	{
		echo '@ MX 0 .'
		echo '_submissions._tcp SRV 0 0 0 .'
	} >"$desk/world/nomail"
	echo '@ MX 10 mail.dane.lab.' >"$desk/world/half"
	echo '@ MX 20 mail.plain.lab.' >>"$desk/world/half"
	printf '%s\n' "dane.lab=$desk/world/dane" \
		"!broken.lab=$desk/world/broken" \
		"-plain.lab=$desk/world/plain" \
		"nomail.lab=$desk/world/nomail" \
		"half.lab=$desk/world/half" >"$desk/world/zones"
}
desk_start "$desk" "$build"

# ask RESULT REASON STATUS ARGUMENTS...: the report into $desk/flat, a line
# "dns.0.name=value" for each of its values
ask() {
	local status=0
	mailseal dane --json "${@:4}" >"$desk/report" 2>"$desk/err" ||
		status=$?
	python3 -c '
import json, sys
def flat(at, path):
    if isinstance(at, (dict, list)):
        for k, v in at.items() if isinstance(at, dict) else enumerate(at):
            flat(v, path + [str(k)])
    else:
        print(".".join(path) + "=" +
              (str(at).lower() if isinstance(at, bool) else str(at)))
flat(json.loads(sys.stdin.readline() or "{}"), [])
' <"$desk/report" >"$desk/flat"
	expect "result of ${*:4}" "$1" "$(got result)"
	expect "reason of ${*:4}" "$2" "$(got reason)"
	expect "status of ${*:4}" "$3" "$status"
}
got() { sed -n "s/^${1//./\\.}=//p" "$desk/flat"; }

# The seven of them, in words.
for name in good roll mismatch bogus unsigned unusable stripped; do
	host=mail.dane.lab
	[ "$name" != bogus ] || host=mail.broken.lab
	[ "$name" != unsigned ] || host=mail.plain.lab
	port=port_$name
	set -- "$host:${!port}"
	[ "$name" != stripped ] || set -- --starttls smtp "$@"
	echo "\$ mailseal dane $*    # $name"
	status=0
	mailseal dane "$@" || status=$?
	echo "exit status $status"
done

ask dane matched 0 "mail.dane.lab:$port_good"
expect base mail.dane.lab "$(got base)"
expect 'records' verified "$(got records.0.fate)"
expect 'addresses are secure' secure "$(got dns.1.dnssec)"
expect 'TLSA is secure' secure "$(got dns.2.dnssec)"
expect 'asked for' "_$port_good._tcp.mail.dane.lab" "$(got dns.2.name)"
[ "$(got signatures_until)" -gt "$(date +%s)" ] || fail 'signatures'
[ "$(got certificate_until)" -gt "$(date +%s)" ] || fail 'certificate'
expect 'no next key' false "$(got next_key)"
expect 'said so' no-next-key "$(got warnings.0.code)"
expect pkix pass "$(got pkix)"
expect 'in upper case, with a dot' dane \
	"$(mailseal dane --json "MAIL.Dane.LAB.:$port_good" | key result)"
ask dane matched 0 "mail.dane.lab:$port_roll"
expect 'next key' true "$(got next_key)"
expect 'one of the two' 'no-match verified' "$(
	printf '%s\n' "$(got records.0.fate)" "$(got records.1.fate)" |
		sort | paste -sd ' ')"
ask refused mismatch 2 "mail.dane.lab:$port_mismatch"
expect 'asked again' true "$(got again)"
ask unknown bogus 75 "mail.broken.lab:$port_bogus"
ask pkix unsigned 1 "mail.plain.lab:$port_unsigned"
ask refused not-dane 2 --require "mail.plain.lab:$port_unsigned"
ask pkix no-usable-records 1 "mail.dane.lab:$port_unusable"
expect 'an unusable record' unusable "$(got records.0.fate)"
ask refused no-starttls 2 --starttls smtp "mail.dane.lab:$port_stripped"
ask dane matched 0 --starttls smtp "mail.dane.lab:$port_starttls"
ask dane matched 0 --starttls imap "mail.dane.lab:$port_imap"
ask dane matched 0 --starttls pop3 "mail.dane.lab:$port_pop3"
ask refused injected 2 --starttls smtp "mail.dane.lab:$port_inject"
tls_heard inject
expect 'nothing but this was said' 'EHLO localhost  STARTTLS  ' "$plain"
expect 'and nothing else' '' "$secret"
ask dane matched 0 "mail.dane.lab:$port_self"
expect 'not for the public PKI' fail "$(got pkix)"
ask dane matched 0 "mail.dane.lab:$port_anchor"
expect 'by its issuer' 1 "$(got depth)"
ask refused bad-certificate 2 "mail.dane.lab:$port_expired"
ask refused bad-certificate 2 "mail.dane.lab:$port_wrong"
ask dane matched 0 "smtp.dane.lab:$port_alias"
expect 'the end of the aliases' mail.dane.lab "$(got base)"
ask dane matched 0 "mail.dane.lab:$port_soon"
expect 'about to expire' certificate-expires "$(got warnings.0.code)"
ask unknown unreachable 75 mail.dane.lab:1
ask refused no-host 2 "nowhere.dane.lab:$port_good"
ask refused bad-certificate 2 "127.0.0.1:$port_good"

# Discovery (RFC 6186, 7673) and the way to a domain's exchangers.
ask dane matched 0 --srv dane.lab
expect 'two targets' starttls:none:smtp \
	"starttls:$(got hosts.0.starttls):$(got hosts.1.starttls)"
# An unsigned SRV leads to a certificate for the domain itself, or nowhere.
ask refused bad-certificate 2 --srv plain.lab
ask refused not-offered 2 --srv nomail.lab
ask refused no-host 2 --srv half.lab
ask dane '' 0 --mx dane.lab
expect 'both exchangers' published:published \
	"$(got hosts.0.reason):$(got hosts.1.reason)"
ask unprotected '' 1 --mx plain.lab
ask unprotected '' 1 --mx half.lab
ask refused '' 2 --mx nomail.lab
ask unknown '' 75 --mx broken.lab

# A roll-over without patience: key and record change at once, and the agent
# holds the old record for its TTL.  It asks anew before it refuses.
digest() {
	awk -v k="$1" '$1 == k && $2 == 1 && $3 == 1 { print $4 }' \
		"$desk/tls/tlsa"
}
ask dane matched 0 "mail.dane.lab:$port_change"
expect 'not asked anew' false "$(got again)"
(
	cd "$desk/lab"
	sed -i "/^_$port_change\./s/$(digest good)/$(digest next)/" \
		z/dane.lab.zone
	ldns-signzone -i "$(date -u -d -1days +%Y%m%d%H%M%S)" \
		-e "$(date -u -d 30days +%Y%m%d%H%M%S)" -o dane.lab. \
		-f z/dane.lab.signed z/dane.lab.zone z/dane.lab
)
child() { cut -d ' ' -f 1 "/proc/$1/task/$1/children"; }
# The process of the name server that answers: a child's child.
outdated=$(child "$(child "$(<"$desk/lab/server.pid")")")
tries=0
# shellcheck disable=SC2154	# desk_port: desk.sh
renewed() {
	[ $((tries++ % 60)) -ne 0 ] || kill -HUP "$(<"$desk/lab/server.pid")"
	drill -p "$desk_port" @127.0.0.1 "_$port_change._tcp.mail.dane.lab" \
		TLSA | grep -qi "$(digest next)"
}
comes_true renewed || fail 'the name server does not read its zone'
# It answers beside its successor for some milliseconds yet.
await_end "$outdated" || fail 'the name server keeps its old zone'
# "Anew" is past what was heard more than a second ago, not sooner.
sleep 1.1
expect switched ok "$(tls_tell switch change tls:fine:next)"
ask dane matched 0 "mail.dane.lab:$port_change"
expect 'asked anew' true "$(got again)"
expect 'in the cache' "3 1 1 $(digest good)" "$(got dns.2.records.0)"
expect 'past it' "3 1 1 $(digest next)" "$(got dns.5.records.0)"
ask dane matched 0 "mail.dane.lab:$port_change"
expect 'and known now' false "$(got again)"

# A certificate rolled over while the old record is in the cache.
expect switched ok "$(tls_tell switch mismatch tls:fine:good)"
ask dane matched 0 "mail.dane.lab:$port_mismatch"

# What a person gets wrong.
for arguments in '' '--starttls ftp mail.dane.lab' 'one two' ':465' \
	'mail.dane.lab:0' 'mail.dane.lab:65536' 'a..b' '--mx 192.0.2.1'; do
	status=0
	# shellcheck disable=SC2086
	mailseal dane $arguments >"$desk/out" 2>"$desk/err" || status=$?
	[ "$status" -ge 64 ] || fail "\"$arguments\" ended with $status"
	[ -s "$desk/err" ] || fail "\"$arguments\" says nothing"
	asserted=$((asserted + 1))
done

# The records to publish are those that match.
text=$(mailseal dane --tlsa "$desk/tls/good.pem" "mail.dane.lab:$port_good")
expect 'its own record' "$(tlsa "$port_good" mail.dane.lab. 3 1 1 good |
	sed 's/ TLSA/ IN TLSA/')" "$text"
cat "$desk/tls/good.pem" "$desk/tls/middle.pem" >"$desk/chain.pem"
text=$(mailseal dane --tlsa "$desk/chain.pem")
contains 'the usual ports' '_587._tcp.mail.dane.lab. IN TLSA 3 1 1' "$text"
contains 'the issuer' '_465._tcp.mail.dane.lab. IN TLSA 2 1 1' "$text"

# --watch speaks at first, and when something changes.
: >"$desk/watch"
mailseal dane --watch --every 1 "mail.dane.lab:$port_good" >"$desk/watch" &
watch=$!
wait_for() {
	comes_true grep -q "$1" "$desk/watch" || fail "--watch never said $1"
	asserted=$((asserted + 1))
}
wait_for 'dane: mail.dane.lab is verified'
wait_for 'soon: .*next key'
expect switched ok "$(tls_tell switch good tls:fine:expired)"
wait_for 'refused: mail.dane.lab is refused'
kill "$watch"
wait "$watch" 2>/dev/null || true
expect 'one line for each change' 1 "$(grep -c 'refused:' "$desk/watch")"

# Somebody who gives up stops the question; the sender serves on.
timeout 1 mailseal dane "mail.dane.lab:$port_hang" >/dev/null 2>&1 || true
expect switched ok "$(tls_tell switch good tls:fine:good)"
ask dane matched 0 "mail.dane.lab:$port_good"
# A sender that is killed: the question gets a clear error, the next an answer.
mailseal dane "mail.dane.lab:$port_hang" >"$desk/out" 2>"$desk/err" &
asking=$!
hangs() { [ -n "$(ss -Htn state established "dport = :$port_hang")" ]; }
await hangs
kill -KILL "$(role sender)"
status=0
wait "$asking" || status=$?
expect 'the error' 69 "$status"
contains 'says so' sender "$(<"$desk/err")"
ask dane matched 0 "mail.dane.lab:$port_good"

status=$(mailseal status)
contains 'the sender runs' 'sender     running' "$status"
tls_stop
echo "asserted $asserted"
