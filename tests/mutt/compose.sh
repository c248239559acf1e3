# shellcheck shell=bash disable=SC2154,SC2034
# compose.sh - mail that a Mutt writes and sends, up to the server
#
# To source after sealed.sh.  compose_start is sealed_start with an account of
# robin's, whose server takes mail; compose_rc is Mutt's part.
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
at_end submit_stop "$desk/smtp"

compose_start() {
	submit_key "$desk/smtp"
	submit_server "$desk/smtp" tls
	submit_zone "$desk/lab" "$smtp_port"
	sealed_start "[account home]
address = robin@home.example
server = smtps://smtp.mail.lab:$smtp_port
user = alice
password = command: echo secret
sign = none
encrypt = never"
}
compose_rc() {
	cat >"$desk/edit" <<-'END_EDIT'
	#!/bin/sh
	echo "Cheese at twelve." >>"$1"
	END_EDIT
	chmod 700 "$desk/edit"
	mkdir -p "$desk/drafts"/{cur,new,tmp}
	cat >>"$desk/rc" <<-END_RC
	set editor="$desk/edit" include=yes fast_reply=yes edit_headers=no
	set abort_unmodified=no	# the editor may be done within a clock's tick
	set sendmail="mailseal-sendmail -oi" sendmail_wait=0
	set use_envelope_from=yes reverse_name=yes
	END_RC
}

sent=0
# choose MENU LETTER REGEX: what the compose menu shows then
choose() {
	keys "$1"
	wait_for '\(s\)ign'
	keys "$2"
	wait_for "$3"
}
questions='passphrase:|Update encoding'
# sends: answers Mutt's questions (a passphrase; whether a file that was just
# written was changed), until the mail is out
sends() {
	keys y
	comes_true answering "$questions" '^Mail sent' || fail "not sent: $1"
	arrived "$1"
}
# arrived WHAT: one mail more at the server, $mail
arrived() {
	sent=$((sent + 1))
	asserted=$((asserted + 1))
	mail=$(find "$desk/smtp/mail" -type f -printf '%f\n' | sort -n |
		tail -n 1)
	[ "$(find "$desk/smtp/mail" -type f | wc -l)" = "$sent" ] ||
		fail "$1: the server has not $sent mails"
	mail=$desk/smtp/mail/$mail
}
# leaves: from the compose menu, without the mail.  A key may go to the question
# for any key that stood behind the menu's words.
asked() {
	! on_screen 'ostpone' || return 0
	turns 60 keys q
	return 1
}
leaves() {
	keys q
	comes_true asked || fail "$1: no way out of the menu"
	keys n
	wait_for 'q:Quit.*d:Del|i:Exit'
	if on_screen 'i:Exit'; then
		keys i
		wait_for 'q:Quit.*d:Del'
	fi
	[ "$(find "$desk/smtp/mail" -type f | wc -l)" = "$sent" ] ||
		fail "$1: it was sent"
	asserted=$((asserted + 1))
}
# in_menu: the compose menu is back.  C-l is any key to a question for one, and
# draws what was left behind it.
in_menu() {
	if on_screen 'y:Send' && ! on_screen 'Press any key'; then return 0; fi
	turns 60 keys C-l
	return 1
}
# refused WHAT REGEX: y, and the answer to Mutt's question for a passphrase; why
# it is not sent; the compose menu again
refused() {
	keys y
	comes_true answering "$questions" "$2" || fail "$1: never shown: $2"
	case $2 in
	'not sent'*)	keys q ;;
	*)
		wait_for 'Press any key'
		turn=-1 ;;	# at once
	esac
	comes_true in_menu || fail "$1: the menu does not come back"
	asserted=$((asserted + 1))
}
is_clear() {	# yes|no
	asserted=$((asserted + 1))
	if grep -q 'Cheese at twelve' "$mail"; then
		[ "$1" = yes ] || fail 'it went out in the clear'
	else
		[ "$1" = no ] || fail 'the text is not there'
	fi
}
