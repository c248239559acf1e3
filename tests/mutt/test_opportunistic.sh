#!/usr/bin/env bash
# test_opportunistic.sh BUILD mutt|neomutt - who can be encrypted to, live in
# the compose menu; and lists of certificates that cannot be whole
# shellcheck disable=SC2119 source=tests/mutt/mutt.sh
. "$(dirname "$0")/mutt.sh"
# shellcheck source=tests/mutt/sealed.sh
. "$(dirname "$0")/sealed.sh"
sealed_start
text=$desk/text
# Another address of the user's own; nobody sent that certificate.
answers secret secret
mailseal keys generate rob@play.example --algorithm p256 >/dev/null
smime_sign alice <"$text" | arrives 10 'one signed'
mailseal open "$desk/message" >/dev/null 2>&1 || true
mkdir -p "$desk/drafts"/{cur,new,tmp}
cat >"$desk/edit" <<'END_EDIT'
#!/bin/sh
echo "Cheese at twelve." >>"$1"
END_EDIT
chmod 700 "$desk/edit"
echo "set editor=$desk/edit crypt_opportunistic_encrypt=yes" >>"$desk/rc"

# compose ADDRESS SECURITY OTHER SECURITY-THEN
compose() {
	keys m
	wait_for '^To:'
	type_text "$1"
	keys Enter
	wait_for '^Subject:'
	type_text 'x'
	keys Enter
	wait_for 'y:Send'
	wait_for "Security: $2"
	keys t
	wait_for "^To: $1"
	keys C-a C-k
	type_text "$3"
	keys Enter
	wait_for "To: $3"
	wait_for "Security: $4"
	keys q
	wait_for 'ostpone'
	keys n
	wait_for 'q:Quit.*d:Del'
}

for kind in smime pgp; do
	if [ "$kind" = smime ]; then
		echo 'set smime_is_default=yes' >>"$desk/rc"
		shown='Encrypt \(S/MIME\)'
	else
		echo 'set smime_is_default=no' >>"$desk/rc"
		shown='Encrypt \(PGP/MIME\)'
	fi
	socket=$desk/tmux.$kind	# the one before may still be ending
	mutt_start
	wait_for 'one signed'
	compose alice@example.org "$shown.*OppEnc" dora@example.org \
		'None.*OppEnc'
	compose dora@example.org 'None.*OppEnc' alice@example.org \
		"$shown.*OppEnc"
	if [ "$kind" = smime ]; then
		compose rob@play.example "$shown.*OppEnc" dora@example.org \
			'None.*OppEnc'
	fi
	mutt_quit
done

# What is no certificate of the list, was cut, or may lack one: nothing.
export PATH=$build/plugins/mutt:$PATH MAILSEAL_FROM=robin@home.example
list=$XDG_RUNTIME_DIR/mailseal-mutt
alice=$(sed -n 's/^alice@example.org \([a-z2-7]*\) .*/\1/p' "$list/.index")
[ "${#alice}" = 12 ] || fail "no name of alice: $(cat "$list/.index")"
encrypts() {	# STATUS NAME...
	local status=0
	mailseal-smime encrypt "f=$desk/text" "${@:2}" >"$desk/out" \
		2>"$desk/err" || status=$?
	[ "$status" = "$1" ] || fail "status $status: $(cat "$desk/err")"
	[ "$1" = 0 ] || [ ! -s "$desk/out" ] || fail 'something came out'
	asserted=$((asserted + 1))
}
encrypts 0 "$list/$alice" "$list/own"
[ -s "$desk/out" ] || fail 'nothing came out'
own=$(sed -n 's/^rob@play.example \([a-z2-7]*\) .*/\1/p' "$list/.index")
encrypts 0 "$list/$own" "$list/own"
[ "$(cut -d' ' -f1 "$list/.index" | sort | uniq -d)" = '' ] ||
	fail "one stands there twice: $(cat "$list/.index")"
encrypts 77 "$list/$alice" "$list/${alice%?}"
encrypts 77 "$list/$alice" "$list/"
encrypts 77 "$list/aaaaaaaaaaaa"
many=()
total=0
while [ "$total" -lt 1000 ]; do
	many+=("$list/$alice")
	total=$((total + ${#list} + 14))
done
encrypts 77 "${many[@]}"
grep -q 'could get lost' "$desk/err" || fail "$(cat "$desk/err")"
MAILSEAL_FROM='' encrypts 77 "$list/$alice"
echo "asserted $asserted"
