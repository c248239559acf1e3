#!/usr/bin/env bash
# recipes.sh BUILD - mail delivered by procmail, maildrop, fdm and Dovecot's
# Sieve, each with its recipe as it stands in mailseal-mutt(7)
# Dovecot delivers nothing to root.
if [ "$(id -u)" -eq 0 ]; then
	exec setpriv --reuid=65534 --regid=65534 --clear-groups \
		env HOME=/ bash "$0" "$@"
fi
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/../bus/bus.sh"
desk_start "$desk" "$build"
top=$here/../..
page=$top/docs/man/mailseal-mutt.7
mail=$desk/world/mail/01-known.eml
own=$(mailseal status --json | key Store.field)
export HOME=$desk/home
mkdir -p "$HOME" "$desk/bin" "$desk/sieve-bin"
# The bus stands elsewhere than on a real desk.
recipe() {
	awk -v name="$1" '
	$0 == ".\\\" recipe: " name { found = 1; next }
	found && /^\.Bd/ { inside = 1; next }
	/^\.Ed/ { if (inside) exit }
	inside' "$page" | sed -e "s|/run/user/1000|$XDG_RUNTIME_DIR|" \
		-e "s|/run/user/\$(id -u)|$XDG_RUNTIME_DIR|"
}
# A delivery agent's environment has no session.
clean() {
	env -i HOME="$HOME" PATH="$PATH" USER="$(id -un)" \
		ASAN_OPTIONS=detect_leaks=0 "$@"
}
need() {
	if ! command -v "$1" >/dev/null && [ ! -x "$1" ]; then
		fail "there is no $1; tools/setup installs it"
	fi
}
# filled FOLDER: with $file
filled() {
	file=$(find "$1" -type f 2>/dev/null)
	[ -n "$file" ]
}
# delivered WHAT FOLDER: one message, with its verdict on top
delivered() {
	local file
	comes_true filled "$2/new" ||
		fail "$1 delivered nothing: $(cat "$desk/log" 2>/dev/null)"
	expect "$1: one message" 1 "$(printf '%s\n' "$file" | wc -l)"
	expect "$1" 1 "$(sed '/^\r*$/q' "$file" |
		grep -c "^$own: genuine; display=name;")"
	expect "$1: the text" 1 "$(grep -c 'this is a sample' "$file")"
}

need procmail
{
	# which it would set otherwise
	printf 'PATH=%s\n' "$PATH"
	recipe procmail
	printf 'LOGFILE=%s\nMAILDIR=%s\n:0\n%s/\n' "$desk/log" "$desk" \
		"$desk/by-procmail"
} >"$desk/procmailrc"
grep -q 'mailseal filter' "$desk/procmailrc" || fail 'no recipe in the page'
clean procmail -m "$desk/procmailrc" <"$mail" 2>"$desk/log"
delivered procmail "$desk/by-procmail"

need maildrop
mkdir -p "$desk/by-maildrop"/{cur,new,tmp}
{
	recipe maildrop
	printf 'to "%s"\n' "$desk/by-maildrop"
} >"$desk/mailfilter"
chmod 600 "$desk/mailfilter"
# maildrop takes no environment, and nobody has no shell.
sed -i "1i PATH=\"$PATH\"\nSHELL=\"/bin/sh\"" "$desk/mailfilter"
clean maildrop "$desk/mailfilter" <"$mail" >"$desk/log" 2>&1 ||
	fail "maildrop: $(cat "$desk/log")"
delivered maildrop "$desk/by-maildrop"

need fdm
{
	printf 'account "in" stdin\naction "keep" maildir "%s"\n' \
		"$desk/by-fdm"
	printf 'set lock-file "%s"\n' "$desk/fdm.lock"
	recipe fdm
	printf 'match all action "keep"\n'
} >"$desk/fdm.conf"
chmod 600 "$desk/fdm.conf"
clean XDG_RUNTIME_DIR="$XDG_RUNTIME_DIR" fdm -l -f "$desk/fdm.conf" \
	-u "$(id -un)" -a in fetch <"$mail" >"$desk/log" 2>&1 ||
	fail "fdm: $(cat "$desk/log")"
delivered fdm "$desk/by-fdm"

need sieve-test
recipe sieve-program >"$desk/sieve-bin/mailseal"
sed -i "2i PATH=$PATH; ASAN_OPTIONS=detect_leaks=0; export PATH ASAN_OPTIONS" \
	"$desk/sieve-bin/mailseal"
chmod 755 "$desk/sieve-bin/mailseal" "$desk/sieve-bin"
recipe sieve >"$desk/script.sieve"
mkdir -p "$desk/by-sieve"/{cur,new,tmp}
cat >"$desk/dovecot.conf" <<-END
	base_dir = $desk/dovecot
	state_dir = $desk/dovecot
	log_path = $desk/log
	ssl = no
	mail_location = maildir:$desk/by-sieve
	postmaster_address = postmaster@home.example
	first_valid_uid = 0
	first_valid_gid = 0
	mail_uid = $(id -u)
	mail_gid = $(id -g)
	plugin {
	  sieve = file:$desk/script.sieve
	  sieve_plugins = sieve_extprograms
	  sieve_extensions = +vnd.dovecot.filter
	  sieve_filter_bin_dir = $desk/sieve-bin
	}
	END
sieve_deliver() {
	clean sieve-test -c "$desk/dovecot.conf" -e \
		-l "maildir:$desk/by-sieve" "$desk/script.sieve" "$mail" \
		>"$desk/log2" 2>&1 ||
		fail "sieve-test: $(cat "$desk/log" "$desk/log2")"
}
sieve_deliver
delivered Sieve "$desk/by-sieve"

# No agent: all of them deliver all the same, without the field.
passed() {
	local file
	file=$(find "$2/new" -type f)
	expect "$1: one message without an agent" 1 \
		"$(printf '%s\n' "$file" | wc -l)"
	expect "$1: no field" 0 "$(grep -c '^X-Mailseal' "$file")"
	expect "$1: the text" 1 "$(grep -c 'this is a sample' "$file")"
}
kill "$(desk_agent "$desk")"
rm -f "$desk/services/"*
kill -HUP "$(cat "$desk/bus.pid")"
await_end "$(desk_agent "$desk")"
rm -f "$desk"/by-*/new/*
clean procmail -m "$desk/procmailrc" <"$mail" 2>"$desk/log"
passed procmail "$desk/by-procmail"
clean maildrop "$desk/mailfilter" <"$mail" >"$desk/log" 2>&1 ||
	fail "maildrop: $(cat "$desk/log")"
passed maildrop "$desk/by-maildrop"
clean XDG_RUNTIME_DIR="$XDG_RUNTIME_DIR" fdm -l -f "$desk/fdm.conf" \
	-u "$(id -un)" -a in fetch <"$mail" >"$desk/log" 2>&1 ||
	fail "fdm: $(cat "$desk/log")"
passed fdm "$desk/by-fdm"
sieve_deliver
passed Sieve "$desk/by-sieve"
echo "asserted $asserted"
