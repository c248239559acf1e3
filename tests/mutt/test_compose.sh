#!/usr/bin/env bash
# test_compose.sh BUILD mutt|neomutt - mail written with Mutt's own menus:
# signed, encrypted, both, by both standards, a reply, and what is refused; sent
# by mailseal-sendmail as it is
# shellcheck disable=SC2119 source=tests/mutt/mutt.sh
. "$(dirname "$0")/mutt.sh"
# shellcheck source=tests/mutt/sealed.sh
. "$(dirname "$0")/sealed.sh"
# shellcheck source=tests/mutt/compose.sh
. "$(dirname "$0")/compose.sh"
compose_start
text=$desk/text
# Whose certificate is known: alice wrote, signed.
smime_sign alice <"$text" | arrives 10 'one signed'
mailseal open "$desk/message" >/dev/null 2>&1 || true
smime_sign bob <"$text" >"$desk/by-bob"
sed 's/^From: .*/From: bob@box.lab/; /^MIME-Version/q' "$desk/message" |
	cat - "$desk/by-bob" >"$desk/of-bob"
mailseal open "$desk/of-bob" >/dev/null 2>&1 || true
smime_sign alice <"$text" | smime_seal "$robin" | arrives 11 'two sealed'
pgp_seal "$text" -r robin@home.example -s -u alice@example.org |
	arrives 12 'three sealed'
arrives 13 'four to the other' <"$text"
sed -i 's/^To: .*/To: other@home.example/' "$desk"/mail/new/*M13P1.host
compose_rc
echo 'alternates other@home.example' >>"$desk/rc"

reads() {	# FILE
	grep -q 'Cheese at twelve' "$1" || fail "$1: the text is not inside"
	asserted=$((asserted + 1))
}
smime_opens() {
	openssl cms -decrypt -in "$mail" -recip "$desk/alice.pem" \
		-inkey "$desk/alice.key" -out "$desk/inner" ||
		fail 'alice cannot open it'
}
smime_verifies() {	# FILE
	openssl cms -verify -noverify -in "$1" -out "$desk/inside" \
		2>/dev/null || fail "openssl cannot verify $1"
	reads "$desk/inside"
}
pgp_opens() {
	sed -n '/BEGIN PGP/,/END PGP/p' "$mail" | tr -d '\r' |
		gnupg "$GNUPGHOME" --status-fd 2 --decrypt >"$desk/inner" ||
		fail 'gpg cannot open it'
	reads "$desk/inner"
}

# --- In batch mode Mutt neither signs nor encrypts, and the agent does what is
# required; what it cannot do is refused.
batch() {	# ADDRESS [OPTION]
	echo 'Cheese at twelve.' | HOME=$desk/home \
		PATH=$build/plugins/mutt:$PATH "$program" -n -F "$desk/rc" \
		-e 'set crypt_autosign=yes crypt_autoencrypt=yes' \
		-e "set sendmail='mailseal-sendmail -oi ${2:-}'" \
		-s 'from batch' -- "$1" >"$desk/said" 2>&1
}
batch alice@example.org || fail "batch: $(cat "$desk/said")"
arrived 'batch'
is_clear yes
batch alice@example.org --require=encrypt || fail "batch: $(cat "$desk/said")"
arrived 'batch, required'
is_clear no
smime_opens
reads "$desk/inner"
if batch dora@example.org --require=encrypt; then fail 'batch: sent without a key'; fi
grep -q 'not sent: .*dora@example.org' "$desk/said" ||
	fail "batch: $(cat "$desk/said")"

mutt_start
wait_for 'three sealed'

# --- S/MIME
write_to alice@example.org 'a signed one'
choose S s 'Security: Sign \(S/MIME\)'
sends 'signed'
is_clear yes
grep -q 'micalg=.*sha-\?256' "$mail" || fail 'micalg'
smime_verifies "$mail"
write_to alice@example.org 'an encrypted one'
choose S e 'Security: Encrypt \(S/MIME\)'
sends 'encrypted'
is_clear no
smime_opens
reads "$desk/inner"
write_to alice@example.org 'a sealed one'
choose S b 'Security: Sign, Encrypt \(S/MIME\)'
sends 'both'
is_clear no
smime_opens
smime_verifies "$desk/inner"
mailseal open --json --no-verdict "$mail" >/dev/null 2>"$desk/report" || true
grep -q '"security": *"confidential"' "$desk/report" ||
	fail 'the sender cannot read it'

# Mutt would encrypt to a hidden recipient along with the others, who would see
# whose key that is.
write_to alice@example.org 'a hidden one'
choose S e 'Security: Encrypt \(S/MIME\)'
keys b
wait_for '^Bcc: *$'
type_text bob@box.lab
keys Enter
wait_for 'Bcc: bob@box.lab'
refused 'hidden' 'not sent: .*all at once'
shows 'who it is' 'Bcc: bob@box.lab'
leaves 'hidden'

# --- OpenPGP
write_to alice@example.org 'a signed one'
choose p s 'Security: Sign \(PGP/MIME\)'
sends 'signed, OpenPGP'
is_clear yes
mailseal open --json --no-verdict "$mail" >/dev/null 2>"$desk/report" || true
grep -q '"security": *"verified"' "$desk/report" || fail 'not verified'
write_to alice@example.org 'an encrypted one'
choose p e 'Security: Encrypt \(PGP/MIME\)'
sends 'encrypted, OpenPGP'
is_clear no
pgp_opens
write_to alice@example.org 'a sealed one'
choose p b 'Security: Sign, Encrypt \(PGP/MIME\)'
sends 'both, OpenPGP'
is_clear no
pgp_opens
mailseal open --json --no-verdict "$mail" >/dev/null 2>"$desk/report" || true
grep -q '"security": *"confidential"' "$desk/report" || fail 'not both'

# --- A reply to what was encrypted is encrypted.
for subject in 'two sealed' 'three sealed'; do
	opens "$subject"
	keys r
	wait_for 'y:Send'
	shows 'a reply' 'Security: (Sign, )?Encrypt'
	sends "reply to $subject"
	is_clear no
	if [ "$subject" = 'two sealed' ]; then
		smime_opens
		reads "$desk/inner"
	else
		pgp_opens
	fi
	keys i
	wait_for 'q:Quit.*d:Del'
done

# --- A reply to what was only signed is neither, and quotes the text.
opens 'one signed'
keys r
wait_for 'y:Send'
shows 'a reply' 'Security: None'
sends 'reply to one signed'
is_clear yes
grep -q '^> Meet me at noon' "$mail" || fail 'no text is quoted'
keys i
wait_for 'q:Quit.*d:Del'

# --- Encrypted or not sent: the agent does it, for this mail alone.
write_to alice@example.org 'required'
keys Escape q
wait_for 'mailseal: encrypted, or not sent'
sends 'required'
is_clear no
smime_opens
reads "$desk/inner"
write_to dora@example.org 'without'
hides 'the next mail' 'encrypted, or not sent'
keys Escape q
wait_for 'mailseal: encrypted, or not sent'
refused 'no certificate' 'not sent: .*dora@example.org'
shows 'it is still required' 'encrypted, or not sent'
leaves 'no certificate'
# Mutt's own menu, of the same recipient
write_to dora@example.org 'without'
choose S e 'Security: Encrypt \(S/MIME\)'
keys y
wait_for 'Enter keyID for dora@example.org'
keys C-g
wait_for 'No \(valid\) certificate found'
leaves 'no certificate'

# --- An address of the user's without a key: Mutt's reverse_name, my_hdr.
other() {
	choose "$1" s 'Security: Sign'
	refused "another From, $1" 'mailseal: the From address is none of yours|o key .*other@home.example|other@home.example'
	leaves 'another From'
}
keys ':'
wait_for '^:'
type_text 'my_hdr From: Other <other@home.example>'
keys Enter
write_to alice@example.org 'from another'
wait_for 'From: Other'
other S
write_to alice@example.org 'from another'
other p
keys ':'
wait_for '^:'
type_text 'unmy_hdr From'
keys Enter
opens 'four to the other'
keys r
wait_for 'From: .*other@home.example'
wait_for 'y:Send'
other S

# --- Sign as: another key of OpenPGP, by name.
write_to alice@example.org 'a chosen key'
keys p
wait_for '\(s\)ign'
keys a
wait_for 'Sign as: *$'
type_text 'robin'
keys Enter
wait_for 'PGP keys matching|Sign as: 0x|Sign as: <?0x'
if ! on_screen 'y:Send'; then keys Enter; fi
wait_for 'Sign as: *0x[0-9A-F]{16}'
sends 'sign as'
mailseal open --json --no-verdict "$mail" >/dev/null 2>"$desk/report" || true
grep -q '"security": *"verified"' "$desk/report" || fail 'not verified'

# --- Refused: the key cannot be used, and the mail stays in the menu.
mailseal keys lock
answers '!cancel'
write_to alice@example.org 'never sent'
choose S s 'Security: Sign \(S/MIME\)'
refused 'locked' 'mailseal: .*ancelled'
leaves 'locked'
# The agent gone for good, while a mail is in the menu.
write_to alice@example.org 'nobody there'
choose S e 'Security: Encrypt \(S/MIME\)'
kill "$(desk_agent "$desk")"
rm -f "$desk/services/"*
refused 'no agent' 'mailseal: the agent mailseald does not run'
choose S c 'Security: None'
refused 'no agent, in the clear' 'not sent: the agent mailseald does not run'
leaves 'no agent'
mutt_quit
echo "asserted $asserted"
