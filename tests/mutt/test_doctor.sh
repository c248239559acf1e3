#!/usr/bin/env bash
# test_doctor.sh BUILD mutt|neomutt - mailseal mutt-doctor: broken
# configurations of the real program, each told with its remedy, and the source
# line written
# shellcheck disable=SC2119 source=tests/mutt/mutt.sh
. "$(dirname "$0")/mutt.sh"
mutt_prepare
here=$build/plugins/mutt/here
ours=$here/mutt.rc
export PATH=$build/plugins/mutt:$PATH HOME=$desk/home
export ASAN_OPTIONS=detect_leaks=0
deliver 10 "$desk/world/mail/01-known.eml"

# The other program's file is told apart where it cannot be read.
doctor() {
	status=0
	mailseal mutt-doctor --folder "$here" --program "$program" \
		--rc "$desk/rc" "$@" >"$desk/out" 2>"$desk/err" || status=$?
}
bad() {
	echo "FAIL: $*: exit $status" >&2
	cat "$desk/out" "$desk/err" >&2
	exit 1
}
wrongs() { grep -c '^  wrong ' "$desk/out" || true; }

# told NAME REGEX: exit 1, and this one sentence is wrong
told() {
	doctor
	[ "$status" = 1 ] || bad "$1"
	grep -Eq "^  wrong  *$2" "$desk/out" || bad "$1: not told: $2"
	[ "$(wrongs)" = 1 ] || bad "$1: more than that is wrong"
	asserted=$((asserted + 1))
}
# sourced [LINE...]: the base, our line, then these
sourced() {
	cat "$desk/base.rc" >"$desk/rc"
	printf '%s\n' "source $ours" "$@" >>"$desk/rc"
}
# cured: the written line mends it
cured() {
	doctor --write
	[ "$status" = 0 ] || bad "$1 is not mended"
	grep -q '^  wrote ' "$desk/out" || bad "$1: nothing was written"
	grep -q '^  fine ' "$desk/out" || bad "$1: not looked at again"
	[ "$(grep -c "^source $ours\$" "$desk/rc")" = 1 ] ||
		bad "$1: not one source line"
	asserted=$((asserted + 1))
}
at() { grep -n -- "$1" "$desk/rc" | tail -n 1 | cut -d: -f1; }

sourced 'set sendmail="mailseal-sendmail -oi"'
doctor
[ "$status$(wrongs)" = 00 ] || bad 'a good one'
grep -q '^  fine ' "$desk/out" || bad 'a good one'
grep -q '^  note ' "$desk/out" && bad 'a good one needs no notes'

# --- 1 to 8: what a line behind our own undoes; the line at the end mends it
cat "$desk/base.rc" >"$desk/rc"
told 'no line' 'no line sources mailseal, .*at the end of'
grep -q 'mailseal mutt-doctor --write' "$desk/out" || bad 'no offer'
cured 'no line'
sourced 'set display_filter="cat"'
told 'filter' "display_filter is \"cat\" \(line $(at cat) of .*mailseal-display \| cat"
cured 'filter'
sourced 'set allow_ansi'
told 'ansi' "allow_ansi is set \(line $(at ansi) of"
cured 'ansi'
sourced 'unset spam_separator'
told 'separator' 'spam_separator is empty \(line'
cured 'separator'
sourced 'set index_format="%n %s"'
told 'index' 'index_format is set anew \(line .*my_mailseal_index_left'
cured 'index'
sourced 'ignore *' 'unignore from date'
told 'fields' 'ignore .* hides Subject, Message-ID \(line'
cured 'fields'
sourced 'unhook *'
told 'hooks' 'unhook \* behind the source line'
cured 'hooks'
cat "$desk/base.rc" >"$desk/rc"
printf 'source /nowhere/mailseal/mutt/mutt.rc\n' >>"$desk/rc"
doctor
[ "$status" = 1 ] || bad 'a file that is not there'
grep -q "wrong  *the source line (line $(at nowhere) of .* does not work" \
	"$desk/out" || bad 'a file that is not there'
grep -q 'wrong  *the configuration has a fault.*nowhere' "$desk/out" ||
	bad 'a fault'
cured 'a file that is not there'
grep -q nowhere "$desk/rc" && bad 'the old line is still there'

# --- 9 to 15: what the person has to mend
sourced 'folder-hook . "set index_format=%n"'
told 'a hook' 'a folder-hook sets index_format \(line'
sourced 'set sendmail="mailseal-sendmail -oi" sendmail_wait=-1'
told 'wait' 'sendmail_wait is -1 .*set sendmail_wait=0'
sourced 'set sendmail="mailseal-sendmail -oi" smtp_url="smtp://x.example"'
told 'smtp_url' 'smtp_url is set .*unset smtp_url'
sourced 'set sendmail="/nowhere/mailseal-sendmail -oi"'
told 'sendmail' 'sendmail names /nowhere/mailseal-sendmail'
sourced "set sendmail=\"mailseal-sendmail '--require=encrypt'\""
told 'quotes' 'sendmail has quotes'
sourced 'set smime_sign_command="mailseal-smime sign %f" crypt_use_gpgme=yes'
told 'gpgme' 'crypt_use_gpgme is set .*crypt_use_gpgme=no'
sourced 'source "echo set crypt_use_gpgme=yes|"'
told 'gpgme, by a command' 'crypt_use_gpgme is set, so'
sourced 'this is no command'
told 'a fault' 'the configuration has a fault.*this: unknown command'
sourced 'set spoolfile=/tmp'
doctor
[ "$status" = 0 ] || bad 'not watched'
grep -q '^  note  *spoolfile /tmp is not watched' "$desk/out" ||
	bad 'not watched'
sourced
mkdir "$desk/without"
# The $PATH that counts is the one that the configuration leaves.
for name in display smime pgp sendmail; do
	rm -f "$desk"/without/*
	ln -s "$build"/plugins/mutt/mailseal-* "$desk/without/"
	rm "$desk/without/mailseal-$name"
	sourced 'set sendmail="mailseal-sendmail -oi"' \
		"setenv PATH \"$desk/without:${PATH#"$build/plugins/mutt:"}\""
	if [ "$name" = sendmail ]; then
		told 'no sendmail' 'sendmail names mailseal-sendmail .* not there'
	else
		told "no $name" "mailseal-$name is not found"
	fi
done
if [ "$program" = mutt ]; then
	cat "$desk/base.rc" >"$desk/rc"
	echo "source $here/neomutt.rc" >>"$desk/rc"
	doctor
	grep -q "wrong  *neomutt.rc is sourced (line" "$desk/out" ||
		bad 'the file of NeoMutt'
	cured 'the file of NeoMutt'
fi

# --- an old version: the real program, but for what it says of itself
mkdir "$desk/old"
cat >"$desk/old/$program" <<-END_OLD
#!/bin/sh
if [ "\$1" = -v ]; then
	$(command -v "$program") -v | sed '1s/ [0-9][0-9.]*/ 1.10.1/'
else
	exec $(command -v "$program") "\$@"
fi
END_OLD
chmod +x "$desk/old/$program"
sourced
PATH=$desk/old:$PATH told 'version' 'the version is 1.10.1, .*install'

# --- the file that is written
# Behind a link, with its mode, after a line that would swallow ours.
mkdir "$desk/dots"
printf 'set from=me@local.example\n%s' "set realname=\\" >"$desk/dots/rc"
chmod 640 "$desk/dots/rc"
cp "$desk/dots/rc" "$desk/dots/was"
rm "$desk/rc"
ln -s "$desk/dots/rc" "$desk/rc"
cured 'a link'
[ -L "$desk/rc" ] || bad 'the link is gone'
[ "$(stat -c %a "$desk/dots/rc")" = 640 ] || bad 'another mode'
cmp "$desk/dots/was" "$desk/dots/rc.before-mailseal" || bad 'no copy'
[ "$(find "$desk/dots" | wc -l)" = 4 ] || bad 'something was left over'
rm "$desk/rc"
# No place for a copy: nothing is touched.
cat "$desk/base.rc" >"$desk/rc"
rm -f "$desk"/rc.before-mailseal*
touch "$desk/rc.before-mailseal"
for number in $(seq 1 99); do touch "$desk/rc.before-mailseal.$number"; done
doctor --write
[ "$status" = 73 ] || bad 'a copy that has no place'
cmp "$desk/base.rc" "$desk/rc" || bad 'changed without a copy'
rm -f "$desk"/rc.before-mailseal*
# No file at all: one is made where the program looks.
status=0
mailseal mutt-doctor --folder "$here" --program "$program" --write \
	>"$desk/out" 2>"$desk/err" || status=$?
[ "$status" = 0 ] || bad 'no file'
grep -q "^source $here/$program.rc\$" "$desk/home/.${program}rc" ||
	bad 'no file was made'
status=0
mailseal mutt-doctor --program no-such-mutt 2>"$desk/err" || status=$?
[ "$status" = 69 ] || bad 'a program that is not there'
status=0
mailseal mutt-doctor --nonsense 2>"$desk/err" || status=$?
[ "$status" = 64 ] || bad 'an option that is not there'

# --- on the screen: broken, asked, mended
sourced 'ignore *' 'unignore from subject date'
mutt_start
wait_for 'Lunch'
keys Enter
wait_for '^Mailseal: not checked'
keys q
wait_for 'q:Quit'
mutt_quit
tm new-session -d -x 110 -y 50 -s m "exec mailseal mutt-doctor --folder $here \
	--program $program --rc $desk/rc"
tm set-option -g remain-on-exit on >/dev/null
wait_for 'keep a copy\? \[y/N\]'
keys y Enter
wait_for 'fine  *nothing is wrong'
tm_end
mutt_start
wait_for 'Lunch'
keys Enter
wait_for '^Mailseal: genuine'
keys q
wait_for 'q:Quit'
mutt_quit

# --- the agent gone for good
kill "$(desk_agent "$desk")"
rm -f "$desk/services/"*
told 'no agent' 'the agent does not answer.*mailseald'
export DBUS_SESSION_BUS_ADDRESS=unix:path=$desk/none
told 'no bus' 'the session bus is out of reach'
echo "asserted $asserted"
