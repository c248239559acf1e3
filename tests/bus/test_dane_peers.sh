#!/usr/bin/env bash
# test_dane_peers - the same servers, judged by us and by the tools of others
#
# openssl s_client, danetool (GnuTLS), ldns-dane and posttls-finger (Postfix),
# in a network of its own with a validating resolver (unbound) that they ask.
# Prints a table; every cell has an expected value, every disagreement a
# reason.  A tool that is missing leaves its column empty ("-") and is named.
# shellcheck disable=SC2154	# port_NAME: tls_desk.sh
if [ "${DANE_NETWORK:-}" != ours ]; then
	# Root of this machine, where we are: posttls-finger wants more than
	# one user to be there.
	how=-rnm
	[ "$(id -u)" -ne 0 ] || how=-nm
	if ! unshare "$how" ip link set lo up 2>/dev/null; then
		echo 'skipped: no network of our own may be made here'
		exit 77
	fi
	DANE_NETWORK=ours exec unshare "$how" bash "$0" "$@"
fi
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/tls_desk.sh
. "$here/../lab/tls_desk.sh"
PATH=$PATH:/usr/sbin:/sbin
ip link set lo up
SECONDS_EACH=10

# NAME PLAN ZONE RECORDS | ours openssl danetool ldns-dane posttls-finger
# RECORDS: usage-selector-matching-kind, comma between, "!" another digest, "-"
# none.  yes: takes the server; no: refuses it.  Then the reasons.
cases='
ee        tls:fine:good       dane  3-1-1-good               | yes yes yes yes yes
ee-full   tls:fine:good       dane  3-0-0-good               | yes yes yes yes yes
ee-wrong  tls:fine:self       dane  3-1-1-good               | no  no  no  no  no
ee-old    tls:fine:expired    dane  3-1-1-expired            | yes yes yes yes yes
ee-name   tls:fine:other      dane  3-1-1-other              | yes yes yes no  yes 1
ee-self   tls:fine:self-other dane  3-0-2-self-other         | yes yes yes no  yes 1
ta        tls:fine:good       dane  2-1-1-middle             | yes yes yes yes yes
ta-name   tls:fine:other      dane  2-1-1-middle             | no  no  yes no  no  2
ta-old    tls:fine:expired    dane  2-1-1-middle             | no  no  no  no  no
ta-absent tls:fine:good       dane  2-0-1-root               | no  no  no  no  no
pkix-ee   tls:fine:good       dane  1-1-1-good               | yes yes yes yes yes 3
pkix-old  tls:fine:expired    dane  1-1-1-expired            | no  no  yes no  no  4
pkix-ta   tls:fine:good       dane  0-0-1-middle             | yes yes yes yes yes 3
roll      tls:fine:next       dane  3-1-1-good,3-1-1-next    | yes yes yes yes yes
agility   tls:fine:good       dane  3-1-1-good,3-1-2-next    | no  no  yes no  no  5
beside    tls:fine:good       dane  3-1-9-good,3-1-1-good    | yes yes yes yes yes
unusable  tls:fine:good       dane  3-1-9-good               | yes no  no  yes no  6
none      tls:fine:good       dane  -                        | yes yes no  yes yes 7
unsigned  tls:fine:good       plain 3-1-1-self               | yes no  no  yes yes 8
bogus     tls:fine:good       broken 3-1-1-good              | no  yes no  no  no  9
starttls  smtp:fine:good      dane  3-1-1-good               | yes yes yes -   yes
stripped  smtp:not-offered:good dane 3-1-1-good              | no  no  no  -   no
'
reasons='
1 ldns-dane wants the name from DANE-EE, too; RFC 7671 section 5.1 does not
2 danetool looks at no names
3 Postfix knows no usage 0 and 1 (RFC 7672 section 3.1.3) and takes the public PKI
4 danetool compares the record and asks no public PKI
5 danetool knows no digest agility (RFC 7671 section 9)
6 we and ldns-dane take the public PKI (RFC 7673 section 4.1); the others stop
7 danetool is for DANE alone
8 an unsigned record counts for nobody; openssl got it by hand, danetool stops
9 openssl asks no DNS: it got the record by hand
'
# shellcheck disable=SC2086
{
	names=() specs=()
	while read -r name plan zone records rest; do
		[ -n "$name" ] || continue
		names+=("$name") specs+=("${name//-/_}=$plan")
	done <<<"$cases"
	tls_start "$build" "$desk/tls" "${specs[@]}"
}
mkdir -p "$desk/world"
: >"$desk/world/aliases"
: >"$desk/world/carol.vcf"
for zone in dane plain broken; do
	echo 'mail A 127.0.0.1' >"$desk/world/$zone"
done
# record_of PORT RECORD: a zone line
record_of() {
	local usage selector matching kind other line
	IFS=- read -r usage selector matching kind <<<"$2"
	other=$matching
	[ "$matching" -le 2 ] || other=1
	line=$(tlsa "$1" mail "$usage" "$selector" "$other" "$kind")
	echo "${line/TLSA $usage $selector $other/TLSA $usage $selector $matching}"
}
while read -r name plan zone records rest; do
	if [ -z "$name" ] || [ "$records" = - ]; then
		continue
	fi
	port=port_${name//-/_}
	for record in ${records//,/ }; do
		record_of "${!port}" "$record" >>"$desk/world/$zone"
	done
done <<<"$cases"
printf '%s\n' "dane.lab=$desk/world/dane" "!broken.lab=$desk/world/broken" \
	"-plain.lab=$desk/world/plain" >"$desk/world/zones"
DESK_PORT=53 desk_start "$desk" "$build"

# Their resolver: validating, on another address.
cat >"$desk/unbound.conf" <<END
server:
	interface: 127.0.0.2
	username: ""
	chroot: ""
	directory: "$desk"
	pidfile: "$desk/unbound.pid"
	use-syslog: no
	logfile: "$desk/unbound.log"
	do-not-query-localhost: no
	trust-anchor-file: "$desk/lab/root.key"
	access-control: 127.0.0.0/8 allow
remote-control:
	control-enable: no
forward-zone:
	name: "."
	forward-addr: 127.0.0.1
END
unbound_answers() {
	drill @127.0.0.2 mail.dane.lab A 2>/dev/null | grep -q '127.0.0.1'
}
have() { command -v "$1" >/dev/null; }
if have unbound && have drill; then
	unbound -c "$desk/unbound.conf"
	printf 'nameserver 127.0.0.2\noptions trust-ad\n' >"$desk/resolv.conf"
	mount --bind "$desk/resolv.conf" /etc/resolv.conf
	mount --bind "$desk/lab/root.key" /usr/share/dns/root.key
	comes_true unbound_answers || fail 'unbound does not answer'
fi

limited() { timeout "$SECONDS_EACH" "$@"; }
# Each: HOST PORT SPEECH RECORDS; status 0 takes the server
ask_ours() {
	local status=0
	if [ "$3" = smtp ]; then
		set -- --starttls smtp "$1:$2"
	else
		set -- "$1:$2"
	fi
	mailseal dane "$@" >"$desk/out" 2>&1 || status=$?
	[ "$status" -le 1 ]
}
ask_openssl() {
	local -a given=() more=()
	local record
	if [ "$4" != - ]; then
		given=(-dane_tlsa_domain "$1" -dane_ee_no_namechecks)
		for record in ${4//,/ }; do
			record=$(record_of "$2" "$record")
			given+=(-dane_tlsa_rrdata "${record#*TLSA }")
		done
	else
		given=(-verify_hostname "$1")
	fi
	[ "$3" != smtp ] || more=(-starttls smtp)
	limited openssl s_client -connect "127.0.0.1:$2" -servername "$1" \
		-CAfile "$SSL_CERT_FILE" "${given[@]}" "${more[@]}" \
		-verify_return_error -brief </dev/null
}
ask_danetool() {
	local -a more=()
	[ "$3" != smtp ] || more=(--starttls-proto=smtp)
	limited danetool --local-dns --check "$1" --port "$2" "${more[@]}" </dev/null
}
ask_ldns() {
	limited ldns-dane -k "$desk/lab/root.key" -f "$SSL_CERT_FILE" verify "$1" "$2"
}
mkdir -p "$desk/postfix"	# this machine's may not be there
: >"$desk/postfix/main.cf"
export MAIL_CONFIG=$desk/postfix
ask_posttls() {
	local -a more=(-w)
	[ "$3" != smtp ] || more=()
	limited posttls-finger -c "${more[@]}" -t5 -T5 -l dane-only \
		-L summary,certmatch -F "$SSL_CERT_FILE" "[$1]:$2" 2>&1 |
		tee "$desk/said" | grep -q '^posttls-finger: Verified'
}
columns=(ours openssl danetool ldns posttls)
declare -A program=([ours]=mailseal [openssl]=openssl [danetool]=danetool
	[ldns]=ldns-dane [posttls]=posttls-finger)
declare -A there=()
for column in "${columns[@]}"; do
	there[$column]=yes
	if ! have "${program[$column]}" || { [ "$column" != ours ] &&
		[ "$column" != openssl ] && ! have unbound; }; then
		there[$column]=no
		echo "skipped: ${program[$column]} or unbound is missing"
	fi
done
if [ "${there[posttls]}" = yes ] &&
	! ask_posttls mail.dane.lab "$port_ee" tls - &&
	grep -q setgid "$desk/said"; then
	there[posttls]=no
	echo 'skipped: posttls-finger runs as root alone'
fi

cd "$desk"		# danetool leaves files behind
printf '%-10s %-26s' case records
printf ' %-9s' "${columns[@]}"
echo
wrong=0
while read -r name plan zone records _ expected; do
	[ -n "$name" ] || continue
	port=port_${name//-/_}
	why=${expected#* * * * *}
	why=${why# }
	printf '%-10s %-26s' "$name" "$records"
	nth=0
	for column in "${columns[@]}"; do
		nth=$((nth + 1))
		wanted=$(awk -v n="$nth" '{ print $n }' <<<"$expected")
		got=-
		if [ "${there[$column]}" = yes ] && [ "$wanted" != - ]; then
			got=no
			! "ask_$column" "mail.$zone.lab" "${!port}" \
				"${plan%%:*}" "$records" \
				>"$desk/said.$column" 2>&1 || got=yes
			asserted=$((asserted + 1))
			if [ "$got" != "$wanted" ]; then
				got="$got!"
				wrong=$((wrong + 1))
			fi
		fi
		printf ' %-9s' "$got"
	done
	reason=$(awk '{ print $6 }' <<<"$expected")
	[ -z "$reason" ] || sed -n "s/^$reason / /p" <<<"$reasons" | tr -d '\n'
	echo
done <<<"$cases"
[ ! -s "$desk/unbound.pid" ] || kill "$(cat "$desk/unbound.pid")"
tls_stop
[ "$wrong" -eq 0 ] || fail "$wrong cells are not as expected (marked !)"
echo "asserted $asserted"
