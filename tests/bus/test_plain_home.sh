#!/usr/bin/env bash
# test_plain_home - a home as most people have it: no variable names a folder
#
# First without gpg on the PATH, and without ~/.gnupg; then with both.
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/gnupg.sh
. "$here/../lab/gnupg.sh"
export DESK_PLAIN=yes DESK_CONFIG="
[keys]
pinentry = $here/../lab/pinentry.sh"
everything=$PATH
mkdir "$desk/bin"
ln -s /usr/bin/* "$desk/bin"
rm -f "$desk"/bin/gpg*
PATH=$desk/bin
desk_start "$desk" "$build"
at_end gnupg_end "$HOME/.gnupg"

# told COMMAND...: what it said on both streams, and how it ended
told() {
	status=0
	"$@" >"$desk/out" 2>"$desk/err" || status=$?
}

# --- where things are
judge "$desk/world/mail/01-known.eml"
expect 'the verdict' genuine "$(key verdict <"$desk/report")"
printf 's3cret\ns3cret\n' >"$XDG_RUNTIME_DIR/pinentry.answers"
told mailseal keys generate alice@example.org
expect 'a key is made' 0 "$status"
keys=("$HOME"/.local/share/mailseal/keys/*.key)
[ -e "${keys[0]}" ] || fail 'the key is not below ~/.local/share'
[ -e "$HOME/.local/state/mailseal/store.db" ] || fail "no store below ~/.local/state"

# --- without gpg
told mailseal keys publish alice@example.org
expect 'published without gpg' 0 "$status"
contains 'its record' ' SMIMEA ' "$(<"$desk/out")"
contains 'why no other' 'install the package gpg' "$(<"$desk/err")"
told mailseal keys publish --openpgpkey alice@example.org
expect 'no OpenPGP records without gpg' 69 "$status"
expect 'nor anything else' '' "$(<"$desk/out")"
contains 'what to do' 'install the package gpg' "$(<"$desk/err")"
# Who has no key of either kind is told why, of each.
told mailseal keys find --no-dns bob@example.net
expect 'no key of his' 1 "$status"
expect 'a row of each kind' 2 "$(grep -c '^x .* (no key)$' "$desk/out")"
contains 'of the certificate' 'No certificate came' "$(<"$desk/out")"
contains 'where was not looked' 'DNS was not asked' "$(<"$desk/out")"
contains 'of the key' 'There is no GnuPG here' "$(<"$desk/out")"
# That there is no gpg is said once.
printf 'From: alice@example.org\nTo: bob@example.net, carol@example.net\n\nMe.\n' \
	>"$desk/mail"
told mailseal protect --encrypt --openpgp "$desk/mail"
expect 'it is not encrypted' 77 "$status"
contains 'who has no key' 'for bob@example.net, carol@example.net.' \
	"$(<"$desk/err")"
expect 'gpg is named once' 1 "$(grep -o 'install the package gpg' \
	"$desk/err" | wc -l)"
[ ! -e "$HOME/.gnupg" ] || fail 'a home was made for a gpg that is not there'
desk_stop "$desk"

# --- with gpg
PATH=$everything
rm -r "$desk/services" "$desk/config" "$desk/state"
desk_start "$desk" "$build"
told mailseal keys find bob@example.net
case $(<"$desk/out")$(<"$desk/err") in
*'no GnuPG'*) fail 'gpg was not found, or ~/.gnupg not made' ;;
esac
expect 'the home of gpg' 'drwx------' "$(stat -c %A "$HOME/.gnupg")"
gnupg_key "$HOME/.gnupg" 'Alice <alice@example.org>'
printf 'From: alice@example.org\nTo: alice@example.org\n\nMe.\n' >"$desk/mail"
told mailseal protect --sign --encrypt --openpgp "$desk/mail"
expect 'sealed with ~/.gnupg' 0 "$status"
cp "$desk/out" "$desk/sealed"
told mailseal open --json --no-verdict "$desk/sealed"
expect 'opened with it' 0 "$status"
expect 'all is well' confidential "$(grep '^{' "$desk/err" | key security)"
told mailseal keys publish alice@example.org
expect 'both published' 0 "$status"
contains 'the key' ' OPENPGPKEY ' "$(<"$desk/out")"
contains 'the certificate' ' SMIMEA ' "$(<"$desk/out")"
expect 'nothing to say' '' "$(<"$desk/err")"
echo "$asserted assertions"
