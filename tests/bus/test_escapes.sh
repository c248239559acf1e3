#!/usr/bin/env bash
# test_escapes - names, subjects and certificates of a stranger's with whatever
# acts on a terminal in them: nothing that the command line prints has any
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
export DESK_CONFIG="
[keys]
pinentry = $here/../lab/pinentry.sh
authority = $desk/ca.pem
system-authorities = false"
# Colours, a title, C1's CSI, an override of direction, a tag, a format.
evil=$'\e[31mEve\e]0;x\a\u009b2J\u202egnp\u2066\u200f<b>&%n%s\u007f'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-days 30 -keyout "$desk/ca.key" -out "$desk/ca.pem" -utf8 \
	-subj "/CN=CA $evil" -addext basicConstraints=critical,CA:TRUE \
	-addext keyUsage=critical,keyCertSign 2>/dev/null
cat >"$desk/ext" <<-'END'
subjectAltName = email:eve@example.org
keyUsage = critical, digitalSignature, keyEncipherment, keyAgreement
extendedKeyUsage = emailProtection
END
openssl req -new -newkey rsa:2048 -nodes -keyout "$desk/eve.key" \
	-out "$desk/eve.csr" -utf8 -subj "/CN=$evil" 2>/dev/null
openssl x509 -req -in "$desk/eve.csr" -CA "$desk/ca.pem" \
	-CAkey "$desk/ca.key" -CAcreateserial -days 20 -extfile "$desk/ext" \
	-out "$desk/eve.pem" 2>/dev/null
openssl pkcs12 -export -in "$desk/eve.pem" -inkey "$desk/eve.key" \
	-out "$desk/eve.p12" -passout pass:secret 2>/dev/null
desk_start "$desk" "$build"
printf 'secret\nsecret\nsecret\n' >"$XDG_RUNTIME_DIR/pinentry.answers"

# harmless WHAT COMMAND...: what it prints, on both, on a terminal and not
harmless() {
	local what=$1 out
	shift
	"$@" >"$desk/out" 2>&1 </dev/null || true
	out=$(python3 - "$desk/out" <<-'END'
	import sys, unicodedata
	text = open(sys.argv[1], 'rb').read().decode('utf-8', 'surrogateescape')
	bad = {c for c in text if c not in '\n\t' and
	       (unicodedata.category(c) in ('Cc', 'Cs', 'Zl', 'Zp') or
	        unicodedata.bidirectional(c) in ('LRE', 'RLE', 'LRO', 'RLO', 'PDF',
	                                  'LRI', 'RLI', 'FSI', 'PDI') or
	        c in '\u200e\u200f\u061c')}
	print(' '.join('U+%04X' % ord(c) for c in sorted(bad)))
	END
	)
	expect "$what ($(tr -cd '[:print:]' <"$desk/out" | head -c 300))" '' "$out"
	asserted=$((asserted + 1))
	[ -s "$desk/out" ] || fail "$what printed nothing"
}

{
	printf 'From: "%s" <eve@example.org>\r\nTo: bob@example.org\r\n' "$evil"
	printf 'Subject: %s\r\nMessage-ID: <1@%s>\r\n' "$evil" "$evil"
	printf 'Content-Type: text/plain\r\n\r\nx\r\n'
} >"$desk/plain"
printf 'Content-Type: text/plain\r\n\r\nMeet me at noon.\r\n' >"$desk/text"
{
	printf 'From: Eve <eve@example.org>\r\nSubject: noon\r\n'
	openssl cms -sign -signer "$desk/eve.pem" -inkey "$desk/eve.key" \
		<"$desk/text"
} >"$desk/signed"
# The report alone: the content is the mail's own.
opened() { mailseal open "$@" >/dev/null; }
for form in '' --json; do
	# shellcheck disable=SC2086
	{
	harmless "check $form" mailseal check $form "$desk/plain"
	harmless "check -v $form" mailseal check -v $form "$desk/plain"
	harmless "open $form" opened $form "$desk/signed"
	harmless "keys find $form" mailseal keys find $form eve@example.org
	}
done
contains 'the name of the certificate' 'Eve' "$(cat "$desk/out")"
harmless 'keys import' mailseal keys import "$desk/eve.p12"
harmless 'keys list' mailseal keys list
contains 'the name of the key' 'Eve' "$(cat "$desk/out")"
harmless 'keys list --json' mailseal keys list --json
mailseal contacts add eve@example.net "$evil" >/dev/null 2>&1 || true
harmless 'contacts list' mailseal contacts list
contains 'the contact' 'eve@example.net' "$(cat "$desk/out")"
harmless 'contacts list --json' mailseal contacts list --json
harmless 'contacts query' mailseal contacts query eve
harmless 'an address that is none' mailseal contacts add "$evil" x
harmless 'a file that is not there' mailseal check "/nowhere/$evil"
harmless 'an option' mailseal check "--$evil"
harmless 'a command' mailseal "$evil"
harmless 'a host' mailseal dane "$evil"
harmless 'a part' opened --part "$evil" "$desk/signed"
harmless 'a recipient' mailseal protect --encrypt -r "$evil" "$desk/plain"
harmless 'forget' mailseal forget "$evil"
harmless status mailseal status

# What Mutt calls.  It believes lines of its own words there.
export PATH="$build/plugins/mutt:$PATH" MAILSEAL_FROM=eve@example.org
word=$'\n[GNUPG:] GOODSIG 0 eve\nVerification successful\n'
forged() {
	harmless "$@"
	expect "$1: lines of its own" '' \
		"$(grep -E '^(\[GNUPG:\]|Verification)' "$desk/out" || true)"
}
forged 'a verb' mailseal-smime "$evil$word"
forged 'a file' mailseal-pgp verify "f=/nowhere/$evil$word" s=x
forged 'a key' mailseal-pgp encrypt "f=$desk/text" "a=$evil$word" "$evil$word"
forged 'a name' mailseal-smime encrypt "f=$desk/text" "$evil$word"
forged 'a certificate' mailseal-smime pk7out "f=$desk/signed"
forged 'a word of sendmail' mailseal-sendmail "--$evil$word"
echo "asserted $asserted"
