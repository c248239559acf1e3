#!/usr/bin/env bash
# test_pgp.sh BUILD mutt|neomutt - PGP/MIME mail read by Mutt's own menu:
# signed, encrypted, changed on the way, signed by somebody else
# shellcheck disable=SC2119 source=tests/mutt/mutt.sh
. "$(dirname "$0")/mutt.sh"
# shellcheck source=tests/mutt/sealed.sh
. "$(dirname "$0")/sealed.sh"
sealed_start
text=$desk/text
pgp_sign alice@example.org "$text" | arrives 10 'one signed'
pgp_seal "$text" -r robin@home.example -s -u alice@example.org |
	arrives 11 'two sealed'
pgp_sign alice@example.org "$text" | sed 's/noon/four/' |
	arrives 13 'four changed'
pgp_sign mallory@free.example "$text" | arrives 14 'five of mallory'
pgp_sign alice@example.org "$text" | of_two 18 'nine of two' ', '
pgp_sign alice@example.org "$text" | of_two 19 'ten twice' '\nFrom: '
pgp_seal "$text" -r robin@home.example -s -u mallory@free.example |
	arrives 15 'six of mallory'
pgp_seal "$text" -r alice@example.org | arrives 16 'seven for alice'
gnupg "$GNUPGHOME" --delete-secret-keys \
	"$(gnupg_print "$GNUPGHOME" alice@example.org)"
pgp_seal "$text" -r robin@home.example | arrives 17 'eight unsigned'
mutt_start
wait_for 'eight unsigned'

opens 'one signed'
shows 'signed' 'Meet me at noon'
shows 'signed' 'mailseal: Signed by alice@example.org\.'
hides 'signed' 'not the sender'
wait_for 'PGP signature successfully verified'
back
opens 'two sealed'
shows 'sealed' 'Meet me at noon'
shows 'sealed' 'mailseal: Encrypted\. Signed by alice@example.org\.'
wait_for 'PGP (message successfully decrypted|signature successfully verified)'
hides 'sealed' 'NOT be verified|does not count'
back
opens 'four changed'
shows 'changed' 'mailseal: The signature is wrong'
wait_for 'PGP signature could NOT be verified'
back
opens 'five of mallory'
shows 'of mallory' 'mailseal: Signed by mallory@free.example\.'
shows 'of mallory' 'This does not count: the signer is not the one'
wait_for 'PGP signature could NOT be verified'
back
opens 'six of mallory'
shows 'in an envelope' 'Signed by mallory@free.example\.'
shows 'in an envelope' 'This does not count: the signer is not the one'
hides 'in an envelope' 'successfully verified'
back
# Mutt tells the first author alone.
opens 'nine of two'
shows 'of two' 'This does not count .*from several'
wait_for 'PGP signature could NOT be verified'
back
opens 'ten twice'
shows 'twice' 'mailseal: This is not the sender.s signature'
shows 'twice' '^From: .hidden.'
back
opens_not 'seven for alice' 'Encrypted, but not to a key of yours'
opens 'eight unsigned'
shows 'unsigned' 'Meet me at noon'
shows 'unsigned' 'mailseal: Encrypted\. Not signed'
hides 'unsigned' 'successfully verified'
back
mutt_quit
echo "asserted $asserted"
