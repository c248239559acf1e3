#!/usr/bin/env bash
# test_install - what is installed names what is there, and the bus starts it
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
root=$desk/root
DESTDIR=$root cmake --install "$build" >"$desk/installed" ||
	fail 'nothing can be installed'
prefix=$(sed -n 's/^CMAKE_INSTALL_PREFIX:PATH=//p' "$build/CMakeCache.txt")
agent=$(sed -n 's/^Exec=//p' \
	"$root$prefix/share/dbus-1/services/org.mailseal.Agent1.service")
expect 'the agent is in libexec' "$prefix/libexec/mailseal/mailseald" "$agent"
[ -x "$root$agent" ] || fail "$agent is not installed"
tlsa=$prefix/libexec/mailseal/mailseal-tlsa
[ -x "$root$tlsa" ] || fail "$tlsa is not installed"
grep -aq "${tlsa%/*}" "$root$prefix/bin/mailseal" ||
	fail 'mailseal looks for it elsewhere'
# Mutt starts it for every message: what it loads is what that takes.
if ldd "$root$prefix/bin/mailseal" | grep -E 'libcrypto|libssl'; then
	fail 'mailseal loads OpenSSL'
fi

# value KEY FILE
value() { sed -n "s/^$1=//p" "$root$2"; }
bus=$prefix/share/dbus-1/services/org.mailseal.Agent1.service
unit=$prefix/lib/systemd/user/mailseald.service
login=/etc/xdg/autostart/mailseald.desktop
entry=$prefix/share/applications/mailseald.desktop
expect 'the bus name' org.mailseal.Agent1 "$(value Name "$bus")"
expect 'by systemd' "$(basename "$unit")" "$(value SystemdService "$bus")"
expect 'the unit starts it' "$agent" "$(value ExecStart "$unit")"
expect 'and waits for its name' org.mailseal.Agent1 "$(value BusName "$unit")"
expect 'enabled at login' default.target "$(value WantedBy "$unit")"
expect 'at login' "$agent" "$(value Exec "$login")"
expect 'not beside systemd' true "$(value X-systemd-skip "$login")"
# Notifications name this one (the hint desktop-entry).
expect 'for notifications' "$agent" "$(value Exec "$entry")"
expect 'in no menu' true "$(value NoDisplay "$entry")"
for program in mailseal mailseal-sendmail mailseal-display mailseal-smime \
	mailseal-pgp; do
	[ -x "$root$prefix/bin/$program" ] || fail "no $program"
	asserted=$((asserted + 1))
done
for page in man1/mailseal.1 man5/mailseal-config.5 man7/mailseal-bus.7 \
	man8/mailseald.8; do
	[ -s "$root$prefix/share/man/$page" ] || fail "no $page"
	asserted=$((asserted + 1))
done
for file in bash-completion/completions/mailseal \
	bash-completion/completions/mailseal-sendmail \
	zsh/site-functions/_mailseal fish/vendor_completions.d/mailseal.fish \
	fish/vendor_completions.d/mailseal-sendmail.fish; do
	[ -s "$root$prefix/share/$file" ] || fail "no $file"
	asserted=$((asserted + 1))
done
[ -s "$root$prefix/share/mailseal/mutt/mutt.rc" ] || fail 'no mutt.rc'
if grep -rIl "$build" "$root$prefix/share" "$root$prefix/lib" "$root/etc"; then
	fail 'an installed file names the build'
fi
asserted=$((asserted + 1))

# The bus starts the installed agent for the installed client.
desk_start "$desk" "$build"
sed "s,^Exec=,Exec=$root,; /^SystemdService=/d" "$root$bus" \
	>"$desk/services/org.mailseal.Agent1.service"
expect 'judged' genuine "$("$root$prefix/bin/mailseal" check --json \
	"$desk/world/mail/01-known.eml" | key verdict)"
expect 'by the installed one' "$root$agent" \
	"$(readlink "/proc/$(desk_agent "$desk")/exe")"
echo "asserted $asserted"
