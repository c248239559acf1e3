#!/usr/bin/env bash
# seal.sh - signatures a second, and large messages signed, sealed and opened,
# beside OpenSSL's own primitives and others' programs
#
#   tests/bench/seal.sh BUILD [--short|--smime|--openpgp] [MEGABYTES...]
#
# BUILD: without sanitizers.  Four tables: signatures in process, over the bus,
# and there with all bound to one processor; seconds of a message of that size
# (200 and 1000, if not said),
# the fastest of three runs (--short: one), with the share that the raw pipeline
# (seal_raw.c: the same hash, cipher, base64 and spool, and nothing checked) has
# of ours; the seconds of the processors, all roles together (not of the gpg that
# pgp runs: nobody's child, it is not seen); the most memory that each role and
# each program held, in a run of its own, because looking takes time.  Ours go
# over the bus, from the client's start to its end.  seal: signed, then
# encrypted; open: decrypted, verified.  --smime: S/MIME and the raw pipeline
# alone, which the goals are about; at a gigabyte some of the others take
# minutes.  --openpgp: OpenPGP, and gpg.
# Goals: a share of 0.85 at least, under 24 MB in every role.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
shift
rounds=3 runs=3 seconds=0.4 schemes=(smime openpgp) peers=yes
case ${1:-} in
--short)
	rounds=1 runs=1 seconds=0.01
	shift ;;
--smime)
	schemes=(smime) peers=no
	shift ;;
--openpgp)
	rounds=1 seconds=0.01 schemes=(openpgp) peers=gpg
	shift ;;
esac
sizes=("$@")
[ $# -gt 0 ] || sizes=(200 1000)
# shellcheck source=tests/lab/desk.sh
. "$here/../lab/desk.sh"
# shellcheck source=tests/lab/gnupg.sh
. "$here/../lab/gnupg.sh"
desk=$(mktemp -d "${TMPDIR:-/tmp}/mailseal-bench.XXXXXX")
export GNUPGHOME=$desk/gnupg
trap 'gnupg_end "$GNUPGHOME"; desk_stop "$desk" >/dev/null 2>&1 || true
	rm -rf "$desk"' EXIT
export DESK_CONFIG="
[keys]
pinentry = $here/../lab/pinentry.sh
idle-lock = 1h"
gnupg_home "$GNUPGHOME"
echo allow-loopback-pinentry >"$GNUPGHOME/gpg-agent.conf"
gnupg "$GNUPGHOME" --quick-gen-key 'Bob <bob@example.org>' rsa3072 sign never
gnupg "$GNUPGHOME" --quick-add-key "$(gnupg_print "$GNUPGHOME" \
	bob@example.org)" rsa3072 encr never
desk_start "$desk" "$build"
cd "$desk"
# made NAME GENPKEY-OPTION...: a key and a certificate of NAME@example.org
made() {
	openssl genpkey -quiet "${@:2}" -out "$1.key" 2>/dev/null
	openssl req -x509 -key "$1.key" -out "$1.pem" -days 30 -subj "/CN=$1" \
		-addext "subjectAltName=email:$1@example.org" -addext \
		keyUsage=critical,digitalSignature,keyEncipherment
	openssl pkcs12 -export -inkey "$1.key" -in "$1.pem" -out "$1.p12" \
		-passout pass:p12
	printf 'p12\ns\ns\n' >"$XDG_RUNTIME_DIR/pinentry.answers"
	mailseal keys import "$1.p12" >/dev/null
}
made rsa2048 -algorithm RSA -pkeyopt rsa_keygen_bits:2048
made bob -algorithm RSA -pkeyopt rsa_keygen_bits:3072
made p256 -algorithm EC -pkeyopt ec_paramgen_curve:P-256

# --- Signatures.
smoke=()
[ "$runs" -gt 1 ] || smoke=(--smoke)
"$build/tests/bench/bench_keys" ${smoke[@]+"${smoke[@]}"} |
	sed -e '1s/^         /in process/' -e '/^goals/d'
echo
{ printf 'Content-Type: text/plain\r\n\r\n'
	printf 'line %d of a short mail\r\n' {1..80}; } >entity
over_bus() {
	"$@" "$build/tests/bench/bench_seal" entity "$rounds" "$seconds" \
		RSA-2048=rsa2048.key:rsa2048@example.org \
		RSA-3072=bob.key:bob@example.org \
		P-256=p256.key:p256@example.org
}
# bound PROCESSORS: the agent, its roles and the bus run there alone
bound() {
	local agent pid
	agent=$(desk_agent "$desk")
	for pid in "$agent" $(<"/proc/$agent/task/$agent/children") \
		"$(cat "$desk/bus.pid")"; do
		taskset -a -c -p "$1" "$pid" >/dev/null
	done
}
over_bus env
# Who waits is woken on another processor, which in a virtual machine is most of
# a signature alone; here nobody is.
processors=$(taskset -c -p $$ | sed 's/.*: //')
one=${processors%%[,-]*}
bound "$one"
over_bus taskset -c "$one" | sed '1s/^over bus/bound   /'
bound "$processors"
echo 'goals: RSA-3072 a share of 0.85 at least, batched; the others at most' \
	'300 us added alone, 150 batched'

# --- Large messages.
have_gpgsm=no
if command -v gpgsm >/dev/null; then
	openssl pkcs12 -export -legacy -inkey bob.key -in bob.pem \
		-out bob-old.p12 -passout pass:p12
	echo p12 | gpgsm --batch --quiet --pinentry-mode loopback \
		--passphrase-fd 0 --import bob-old.p12 >/dev/null 2>&1 || true
	openssl x509 -in bob.pem -noout -fingerprint -sha1 |
		sed 's/.*=//; s/$/ S/' >"$GNUPGHOME/trustlist.txt"
	gpgconf --kill gpg-agent
	have_gpgsm=yes
fi
roles() {
	local agent pid
	agent=$(desk_agent "$desk")
	printf -- '--watch front=%s ' "$agent"
	for pid in $(<"/proc/$agent/task/$agent/children"); do
		printf -- '--watch %s=%s ' "$(tr '\0' '\n' <"/proc/$pid/cmdline" |
			sed -n 's/^--role=//p')" "$pid"
	done
}
# measured ROW INPUT OPTIONS COMMAND...: its output in out
measured() {
	local row=$1 in=$2 options=$3
	shift 3
	sync -f .		# what others wrote is nobody's to wait for
	# shellcheck disable=SC2086
	"$here/measure.py" line $options "$@" <"$in" >out 2>err || {
		echo "$row: $*: $(tail -n 3 err)" >&2
		return 1
	}
	echo "$row $(cat line)" >>lines
}
# timed ROW RUNS INPUT COMMAND...: the fastest run, and one that shows memory
timed() {
	local row=$1 count=$2 in=$3 i
	shift 3
	for ((i = 0; i < count; i++)); do
		measured "$row" "$in" "${watched:-}" "$@"
	done
	measured "$row" "$in" "--memory ${watched:-}" "$@"
}
signed() {
	openssl cms -sign -stream -signer bob.pem -inkey bob.key
}
both_sealed() {
	signed | openssl cms -encrypt -stream -aes256 bob.pem
}
both_opened() {
	openssl cms -decrypt -recip bob.pem -inkey bob.key -in /dev/stdin |
		openssl cms -verify -noverify -in /dev/stdin
}
export -f signed both_sealed both_opened
sm=(gpgsm --batch --quiet --pinentry-mode loopback --passphrase-fd 3)
pg=(gpg --batch --quiet --no-tty --pinentry-mode loopback --passphrase-fd 3
	--trust-model always --compress-algo none)
# peer ROW INPUT COMMAND...: its keys are unlocked by what descriptor 3 says
peer() {
	local i
	for ((i = 0; i < runs; i++)); do
		measured "$1" "$2" --memory "${@:3}" 3<<<p12
	done
}
# Other programs, with the same message.
smime_others() {
	peer "$size smime sign openssl-cms" message bash -c signed
	peer "$size smime seal openssl-cms" message bash -c both_sealed
	mv out sealed
	peer "$size smime open openssl-cms" sealed bash -c both_opened
	if [ "$have_gpgsm" = yes ]; then
		peer "$size smime sign gpgsm" message "${sm[@]}" --detach-sign \
			-u bob@example.org
		peer "$size smime seal gpgsm" message "${sm[@]}" \
			--disable-crl-checks --armor -e -r bob@example.org
		mv out sealed
		peer "$size smime open gpgsm" sealed "${sm[@]}" --decrypt
	fi
}
gpg_alone() {
	peer "$size openpgp sign gpg" message "${pg[@]}" -b -a
	peer "$size openpgp seal gpg" message "${pg[@]}" -s -e -a -r bob@example.org
	mv out sealed
	peer "$size openpgp open gpg" sealed "${pg[@]}" -d
}
for size in "${sizes[@]}"; do
	{
		printf 'From: bob@example.org\nTo: bob@example.org\n'
		printf 'Subject: large\nMIME-Version: 1.0\nContent-Type: '
		printf 'application/octet-stream\nContent-Transfer-Encoding: '
		printf 'base64\n\n'
		head -c "$((size * 740000))" /dev/urandom | base64 -w 76
	} >message
	# Every role is there, and its first start is nobody's.
	printf 'From: bob@example.org\nTo: bob@example.org\n\nHello.\n' >small
	mailseal protect --sign --encrypt --smime small >out 2>err ||
		{ cat err >&2; exit 1; }
	mailseal open --no-verdict out >/dev/null 2>&1
	mailseal protect --sign --encrypt --openpgp small >out 2>err ||
		{ cat err >&2; exit 1; }
	mailseal open --no-verdict out >/dev/null 2>&1
	raw=$build/tests/bench/bench_seal_raw
	: >lines
	watched=$(roles)
	for scheme in "${schemes[@]}"; do
		timed "$size $scheme sign mailseal" "$runs" message \
			mailseal protect --sign "--$scheme"
		cp out ours.signed
		timed "$size $scheme seal mailseal" "$runs" message \
			mailseal protect --sign --encrypt "--$scheme"
		cp out ours."$scheme"
		timed "$size $scheme open mailseal" "$runs" ours."$scheme" \
			mailseal open --no-verdict
		cmp -s <(tail -c 100000 message | tr -d '\r') \
			<(tail -c 200000 out | tr -d '\r' | tail -c 100000) ||
			{ echo "$scheme: it came out changed" >&2; exit 1; }
	done
	watched=
	timed "$size smime sign raw" "$runs" /dev/null "$raw" sign message
	timed "$size smime seal raw" "$runs" /dev/null "$raw" seal message
	cp out raw.sealed
	timed "$size smime open raw" "$runs" /dev/null "$raw" open raw.sealed
	[ "$peers" != yes ] || smime_others
	[ "$peers" = no ] || gpg_alone
	# shellcheck disable=SC2094
	python3 - lines <<-'END'
	import sys
	best, cpu, most, order = {}, {}, {}, []
	for line in open(sys.argv[1]):
	    size, scheme, what, who, took, work, *held = line.split()
	    row = (size, scheme, what, who)
	    if row not in order:
	        order.append(row)
	    # A run that shows memory is slower, unless there is no other.
	    if not held or who not in ("mailseal", "raw"):
	        best[row] = min(best.get(row, 1e9), float(took))
	        cpu[row] = min(cpu.get(row, 1e9), float(work))
	    for word in held:
	        name, kb = word.replace('~', '=').split('=')
	        mark = '~' if '~' in word else ''
	        old = most.setdefault(row, {}).get(name, (0, ''))
	        most[row][name] = max(old, (int(kb), mark))
	print(f"\n{'MB':>5} {'scheme':8} {'what':5} {'who':12} {'seconds':>8} "
	      f"{'share':>6} {'cpu':>6}  most memory, MB (~: resident, else proportional)")
	for row in order:
	    raw = best.get((row[0], 'smime', row[2], 'raw'))
	    share = f"{raw / best[row]:6.2f}" if raw else ''
	    held = ' '.join(f"{name} {mark}{kb / 1024:.1f}" for name, (kb, mark)
	                    in most[row].items())
	    print(f"{row[0]:>5} {row[1]:8} {row[2]:5} {row[3]:12} "
	          f"{best[row]:8.2f} {share:>6} {cpu[row]:6.2f}  {held}")
	END
done
echo 'goals: smime a share of 0.85 at least; under 24 MB in every role'
