#!/usr/bin/env bash
# test_answer.sh BUILD mutt|neomutt - an answer to an encrypted message that
# Mutt opened, to be shown or to be quoted, does not leave in the clear although
# Mutt is told not to encrypt; an answer to another one does
# shellcheck disable=SC2119 source=tests/mutt/mutt.sh
. "$(dirname "$0")/mutt.sh"
# shellcheck source=tests/mutt/sealed.sh
. "$(dirname "$0")/sealed.sh"
# shellcheck source=tests/mutt/compose.sh
. "$(dirname "$0")/compose.sh"
compose_start
text=$desk/text
# from_stranger NUMBER: nobody has a key of who asked
from_stranger() {
	sed -i 's/^From: .*/From: dora@free.example/' \
		"$desk"/mail/new/*"M$1"P1.host
}
arrives 10 'one plain' <"$text"
smime_seal "$robin" <"$text" | arrives 11 'two for alice'
smime_seal "$robin" <"$text" | arrives 12 'three smime'
pgp_seal "$text" -r robin@home.example | arrives 13 'four pgp'
smime_sign alice <"$text" | smime_seal "$robin" | arrives 14 'five shown'
pgp_seal "$text" -r robin@home.example | arrives 15 'six shown'
{
	cat "$text"
	echo 'mailseal: opened by 0123456789abcdef first'
} | arrives 16 'seven pretends'
smime_seal "$desk/bob.pem" <"$text" | arrives 17 'eight closed'
smime_sign alice -nodetach -outform DER <"$text" | {
	printf 'Content-Type: application/pkcs7-mime; name=smime.p7m\n'
	printf 'Content-Transfer-Encoding: base64\n\n'
	openssl base64
} | arrives 18 'nine opaque'
for number in 12 13 14 15 16 17 18; do from_stranger "$number"; done
compose_rc
echo 'set crypt_replyencrypt=no crypt_replysignencrypted=no' >>"$desk/rc"

# composes SUBJECT: answers the question for a passphrase once, until the menu.
# In it, Enter would show the text.
in_menu() {
	! on_screen 'y:Send' || return 0
	if [ "$asked" = no ] && asks 'passphrase:'; then
		keys Enter
		asked=yes
	fi
	return 1
}
composes() {
	local asked=no
	comes_true in_menu || fail "no compose menu: $1"
}
# reply_to SUBJECT: from the index, to the compose menu
reply_to() {
	jump "$1"
	keys r
	composes "$1"
	shows "$1" 'Security: None'
}
noted() {
	find "$XDG_RUNTIME_DIR/mailseal" -name 'mutt-*.opened' | grep -q .
}
refused_as_answer() {
	refused "$1" 'not sent: It answers a mail that came encrypted'
	leaves "$1"
}
quotes() {	# WHAT
	asserted=$((asserted + 1))
	grep -q '^> Meet me at noon' "$mail" || fail "$1: no text is quoted"
}

mutt_start
wait_for 'nine opaque'
# --- What was never shown, and is quoted.
for subject in 'three smime' 'four pgp'; do
	reply_to "$subject"
	refused_as_answer "$subject"
	noted || fail "$subject: no note"
	reply_to 'one plain'
	noted && fail 'the note is of another mail'
	sends "after $subject"
	is_clear yes
	quotes "after $subject"
done
reply_to 'two for alice'
sends 'two for alice'
is_clear no
# Sent is sent: the next one is none.
noted && fail 'the note stays'
# Sent on, it is no answer.
jump 'three smime'
keys f
wait_for '^To:'
type_text 'dora@free.example'
keys Enter
composes 'forwarded'
sends 'forwarded'
is_clear yes
# A draft that was put aside is an answer still.
reply_to 'three smime'
keys q
wait_for 'ostpone'
keys y
wait_for 'q:Quit.*d:Del'
keys m
wait_for 'ecall postponed'
keys y
wait_for 'y:Send'
refused_as_answer 'a draft'
reply_to 'one plain'
sends 'after the draft'
is_clear yes

# --- What is shown is known by its Message-ID from then on.
for subject in 'five shown' 'six shown'; do
	opens "$subject"
	shows "$subject" 'Meet me at noon'
	shows "$subject" 'mailseal: Encrypted'
	hides "$subject" 'opened by'
	back
	noted && fail "$subject: a note was left"
done
opens 'seven pretends'
shows 'what is not ours' '^mailseal: opened by 0123456789abcdef first'
back
opens 'nine opaque'
hides 'what is not encrypted' 'opened by'
back
mutt_quit
agent=$(desk_agent "$desk")
kill "$agent"
await_end "$agent"
# answers_from_shell ID: by no Mutt, to an agent started anew
answers_from_shell() {
	status=0
	printf '%s\n' 'From: robin@home.example' 'To: dora@free.example' \
		"In-Reply-To: <$1@sealed>" 'Subject: lunch' '' \
		'Cheese at twelve.' |
		"$build/plugins/mutt/mailseal-sendmail" -t >"$desk/said" 2>&1 ||
		status=$?
}
for id in 14 15; do
	answers_from_shell "$id"
	grep -q 'not sent: It answers a mail that came encrypted' \
		"$desk/said" || fail "$id: $status $(cat "$desk/said")"
	[ "$status" = 77 ] || fail "$id: $status"
	asserted=$((asserted + 1))
done
for id in 10 16 17 18; do
	answers_from_shell "$id"
	[ "$status" = 0 ] || fail "$id: $(cat "$desk/said")"
	arrived "$id"
	is_clear yes
done
# --- In Mutt too, and to what is not encrypted still nothing is refused.
answers secret secret	# the key is locked again
mutt_start
wait_for 'nine opaque'
opens 'five shown'
shows 'five shown' 'Meet me at noon'
back
reply_to 'five shown'
refused_as_answer 'five shown'
reply_to 'seven pretends'
sends 'seven pretends'
is_clear yes
# NeoMutt quotes nothing of what does not open, and writes nothing.
keys ':'
wait_for '^:'
type_text 'set include=no'
keys Enter
reply_to 'eight closed'
sends 'eight closed'
is_clear yes
mutt_quit
echo "asserted $asserted"
