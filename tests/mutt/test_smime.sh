#!/usr/bin/env bash
# test_smime.sh BUILD mutt|neomutt - S/MIME mail read by Mutt's own menu:
# signed, encrypted, changed on the way, signed by somebody else
# shellcheck disable=SC2119 source=tests/mutt/mutt.sh
. "$(dirname "$0")/mutt.sh"
# shellcheck source=tests/mutt/sealed.sh
. "$(dirname "$0")/sealed.sh"
sealed_start
text=$desk/text
smime_sign alice <"$text" | arrives 10 'one signed'
smime_sign alice <"$text" | smime_seal "$robin" | arrives 11 'two sealed'
smime_sign alice -nodetach -outform DER <"$text" | {
	printf 'Content-Type: application/pkcs7-mime; smime-type=signed-data;'
	printf ' name=smime.p7m\nContent-Transfer-Encoding: base64\n\n'
	openssl base64
} | arrives 12 'three opaque'
smime_sign alice <"$text" | sed 's/noon/four/' | arrives 13 'four changed'
smime_sign mallory <"$text" | arrives 14 'five of mallory'
smime_seal "$desk/bob.pem" <"$text" | arrives 15 'six for bob'
smime_sign alice <"$text" | sed 's/noon/four/' | smime_seal "$robin" |
	arrives 16 'seven changed inside'
smime_seal "$robin" <"$text" | arrives 17 'eight unsigned'
smime_sign alice <"$text" | openssl cms -encrypt -aes-256-gcm "$robin" |
	arrives 18 'nine authenticated'
smime_sign alice <"$text" | of_two 19 'ten of two' ', '
smime_sign alice <"$text" | of_two 20 'eleven twice' '\nFrom: '
mutt_start
wait_for 'eight unsigned'

opens 'one signed'
shows 'signed' 'Meet me at noon'
shows 'signed' '^Verification successful'
shows 'signed' 'The signature counts for mail from alice@example.org\.'
hides 'signed' 'not the sender'
shows 'signed' 'mailseal: Signed by alice@example.org\.'
wait_for 'S/MIME signature successfully verified'
back
before=$(openings)
opens 'two sealed'
shows 'sealed' 'Meet me at noon'
shows 'sealed' 'mailseal: Encrypted\. Signed by alice@example.org\.'
[ "$(($(openings) - before))" = 1 ] ||
	fail "the keeper was asked $(($(openings) - before)) times"
back
opens 'three opaque'
shows 'opaque' 'Meet me at noon'
shows 'opaque' 'Signed by alice@example.org\.'
back
opens 'four changed'
shows 'changed' 'mailseal: The signature is wrong'
hides 'changed' 'Verification successful'
wait_for 'could NOT be verified'
back
opens 'five of mallory'
shows 'of mallory' 'mailseal: Signed by mallory@free.example\.'
shows 'of mallory' 'mailseal: This is not the sender.s signature'
hides 'of mallory' 'Verification successful'
wait_for 'certificate owner does not match sender'
back
for subject in 'ten of two' 'eleven twice'; do
	opens "$subject"
	shows "$subject" 'mailseal: This is not the sender.s signature'
	hides "$subject" 'Verification successful'
	wait_for 'certificate owner does not match sender'
	back
done
opens_not 'six for bob' 'Encrypted, but not to a key of yours'
opens_not 'seven changed inside' 'Encrypted.*The signature is wrong'
opens 'eight unsigned'
shows 'unsigned' 'Encrypted, but it may have been changed on the way. Not sig'
back
# Neither knows that type of S/MIME; the whole message can be piped.
jump 'nine authenticated' Enter
wait_for '^Mailseal: '
hides 'authenticated' 'Meet me'
keys '|'
wait_for '^Pipe to command: *$'
type_text 'mailseal open 2>&1'
keys Enter
wait_for '^Encrypted\. Signed by alice@example.org\.'
shows 'authenticated' '^Meet me at noon'
wait_for 'Press any key'
keys Space
wait_for '^Mailseal: '
back
mutt_quit
echo "asserted $asserted"
