#!/usr/bin/env bash
# test_beside.sh BUILD mutt|neomutt - ciphertext beside other parts of a message
# stays closed, and that of a whole message opens before and after
# shellcheck disable=SC2119 source=tests/mutt/mutt.sh
. "$(dirname "$0")/mutt.sh"
# shellcheck source=tests/mutt/sealed.sh
. "$(dirname "$0")/sealed.sh"
sealed_start
text=$desk/text
beside() {	# TYPE: a text, and the entity on standard input behind it
	printf 'Content-Type: multipart/%s; boundary=mix\n\n--mix\n' "$1"
	printf 'Content-Type: text/plain\n\nShall we go?\n\n--mix\n'
	cat
	printf '\n--mix--\n'
}
smime_seal "$robin" <"$text" >"$desk/smime"
pgp_seal "$text" -r robin@home.example >"$desk/pgp"
arrives 10 'one whole' <"$desk/smime"
beside mixed <"$desk/smime" | arrives 11 'two beside'
beside related <"$desk/pgp" | arrives 12 'three beside'
{
	printf 'Content-Type: multipart/encrypted; boundary=mix\n'
	beside mixed <"$desk/smime"
} | arrives 13 'four twofold'
arrives 14 'five whole' <"$desk/pgp"
arrives 15 'six again' <"$desk/smime"
mutt_start
wait_for 'six again'

opens 'one whole'
shows 'whole' 'Meet me at noon'
leaves
before=$(openings)
for subject in 'two beside' 'three beside' 'four twofold'; do
	goes_to "$subject" '^Mailseal: |^Could not copy message'
	hides "$subject" 'Meet me'
	if on_screen '^Mailseal: '; then
		leaves
	else
		keys Up Down
		await no_complaint
	fi
done
[ "$(openings)" = "$before" ] || fail 'a part was opened'
opens 'five whole'
shows 'whole' 'Meet me at noon'
leaves
opens 'six again'
shows 'again' 'Meet me at noon'
leaves
[ "$(openings)" != "$before" ] || fail 'an opening is not counted'
mutt_quit
echo "asserted $asserted"
