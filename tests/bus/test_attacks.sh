#!/usr/bin/env bash
# test_attacks - every mail of the attack papers, one by one, through mailseal
# open and mailseal check; docs/attacks.md names them
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/people.sh
. "$here/../lab/people.sh"
# shellcheck source=tests/lab/gnupg.sh
. "$here/../lab/gnupg.sh"
export GNUPGHOME=$desk/gnupg
at_end gnupg_end "$GNUPGHOME"
gnupg_home "$GNUPGHOME"
# One of them asks for a passphrase: nobody is here.
echo 'pinentry-program /bin/false' >"$GNUPGHOME/gpg-agent.conf"
for who in manager@example.org eve@evil.example bob@example.org; do
	gnupg_key "$GNUPGHOME" "<$who>"
done
export DESK_CONFIG="
$people_keys"
people_authority
person manager manager@example.org
person eve eve@evil.example
openssl req -x509 "${people_curve[@]}" -nodes -days 30 -keyout "$desk/twin.key" \
	-out "$desk/twin.pem" -subj '/CN=The Manager' \
	-addext subjectAltName=email:manager@example.org 2>/dev/null
desk_start "$desk" "$build"
answers secret secret
mailseal keys generate bob@example.org --algorithm p256 >/dev/null
bob=$desk/data/mailseal/keys/$(mailseal keys list --json | key fingerprint).crt
answers secret
mailseal keys unlock
"$here/attack_mails.py" "$desk" "$bob" || fail 'the mails are not made'

openings() {
	mailseal keys list --json | sed 's/.*"openings": *\([0-9]*\).*/\1/;t;s/.*/0/'
}
# told KEYPATH...: their words in the report, '-' where there is none
told() {
	python3 -IS -c '
import json, sys
report = json.load(sys.stdin)
out = []
for path in sys.argv[1:]:
    at = report
    for word in path.split("."):
        at = at.get(word) if at is not None else None
    out.append("-" if at is None else str(at))
codes = [one["code"] for one in report["seal_reasons"]]
print(",".join(out) + "\t" + ",".join(codes))
' "$@" <"$desk/report"
}
wrong=0 mails=0
while read -r name status security signature covers match reason; do
	mails=$((mails + 1)) asserted=$((asserted + 3))
	got=0
	case $name in
	covert-* | efail-*) before=$(openings) ;;
	esac
	mailseal open --json --no-verdict "$desk/mails/$name" \
		>"$desk/content" 2>"$desk/err" || got=$?
	grep '^{' "$desk/err" >"$desk/report" || fail "$name: no report"
	IFS=$'\t' read -r line codes < <(told security signature.status \
		covers signature.from_match)
	if [ "$got,$line" != "$status,$security,$signature,$covers,$match" ]; then
		echo "$name: $got,$line" >&2
		wrong=$((wrong + 1))
	fi
	case ,$codes, in
	*",$reason,"*) ;;
	*)
		if [ "$reason" != - ]; then
			echo "$name: $reason is not in $codes" >&2
			wrong=$((wrong + 1))
		fi ;;
	esac
	case $name in
	covert-* | efail-*)
		if grep -q 'the secret' "$desk/content" ||
			[ "$before" != "$(openings)" ]; then
			echo "$name: what is hidden was opened" >&2
			wrong=$((wrong + 1))
		fi ;;
	original-inline) ;;
	original-*)
		grep -q 'the secret' "$desk/content" || fail "$name: not opened" ;;
	esac
done <"$desk/mails/rows"
echo "$mails mails, $wrong wrong answers"
expect 'wrong answers' 0 "$wrong"

# Without asking for a key the sender is judged as if nothing was sealed, and
# none of these is genuine.
before=$(openings)
mailseal check --json "$desk"/mails/[a-q]* >"$desk/reports" 2>"$desk/err" || true
expect 'reports' "$(find "$desk/mails" -type f -name '[a-q]*' | wc -l)" \
	"$(grep -c '^{' "$desk/reports")"
expect 'genuine ones' 0 "$(grep -c '"verdict": *"genuine"' "$desk/reports" || true)"
expect 'keys used to judge' "$before" "$(openings)"

# More header fields than any mail has, outside or in what was signed: told in a
# sentence, and no verdict speaks for it.
for where in header part; do
	{
		printf 'From: manager@example.org\nSubject: many\n'
		[ "$where" = header ] || printf '%s; boundary=b\n\n--b\n' \
			'Content-Type: multipart/mixed'
		seq -f 'X-Field-%.0f: a' 5000
		printf '\nHello.\n'
	} >"$desk/many"
	got=0
	mailseal open --json --no-verdict "$desk/many" >"$desk/content" \
		2>"$desk/err" || got=$?
	expect "the status for fields in the $where" '65 0' \
		"$got $(wc -c <"$desk/content")"
	contains "why not, $where" 'more parts or header fields' \
		"$(cat "$desk/err")"
	got=0
	mailseal check --json "$desk/many" >"$desk/report" 2>"$desk/err" ||
		got=$?
	if [ "$where" = header ]; then
		expect 'the status of check' 65 "$got"
		expect 'the verdict' suspicious "$(key verdict <"$desk/report")"
	else
		[ "$(key verdict <"$desk/report")" != genuine ] ||
			fail 'it is genuine'
	fi
done

# Asked for by its number, a hidden part is a document of its own.
for name in covert-crlf-smime covert-rel-pgp; do
	mailseal open --json --no-verdict --part 2 "$desk/mails/$name" \
		>"$desk/content" 2>"$desk/err" || true
	grep '^{' "$desk/err" >"$desk/report"
	expect "$name, part 2" part "$(key covers <"$desk/report")"
	contains "$name, part 2" 'the secret' "$(cat "$desk/content")"
	expect "$name, nothing beside it" 0 \
		"$(grep -c 'fired\|First' "$desk/content" || true)"
done
for name in m1-smime m3-pgp; do
	mailseal open --json --no-verdict --part 2 "$desk/mails/$name" \
		>"$desk/content" 2>"$desk/err" || true
	grep '^{' "$desk/err" >"$desk/report"
	expect "$name, part 2" 'unprotected,part,good' "$(told security covers \
		signature.status | cut -f1)"
done
echo "asserted $asserted"
