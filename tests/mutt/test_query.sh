#!/usr/bin/env bash
# test_query.sh BUILD mutt|neomutt - whom the user knows, in Mutt's own query
# menu and prompt, with who can be encrypted to; hostile names do no harm
# shellcheck disable=SC2119 source=tests/mutt/mutt.sh
. "$(dirname "$0")/mutt.sh"
# shellcheck source=tests/lab/gnupg.sh
. "$here/../lab/gnupg.sh"
gnupg_home "$desk/gnupg"
export GNUPGHOME=$desk/gnupg
at_end gnupg_end "$desk/gnupg"
gnupg_key "$GNUPGHOME" 'Bob Stone <bob@stone.example>'
mutt_prepare
deliver 10 "$desk/world/mail/01-known.eml"
# A book that a stranger had a hand in.
cat >>"$desk/world/aliases" <<-END_BOOK
alias eve "Eve $(printf '\tred\342\200\256')Ünal" <eve@evil.example>
alias jose José Özil <jose@oe.example>
END_BOOK

# lines NAME COUNT WORD...: what the program prints
lines() {
	mailseal contacts query "${@:3}" >"$desk/out" || fail "$1: exit $?"
	[ "$(wc -l <"$desk/out")" = "$2" ] ||
		fail "$1: $(cat "$desk/out")"
	asserted=$((asserted + 1))
}
lines 'nobody' 1 zzz
grep -q '^mailseal: nobody' "$desk/out" || fail 'nobody'
# Mutt stands still meanwhile, so what keys there are is left out where it takes
# more than a second, as gpg's first start may.
answers() {
	mailseal contacts query STONE.example | grep -q 'encrypts: OpenPGP'
}
comes_true answers || fail 'nobody can be encrypted to'
lines 'by address' 2 STONE.example
printf 'bob@stone.example\tBob Stone\tencrypts: OpenPGP\n' |
	cmp - <(tail -n 1 "$desk/out") || fail "$(cat -v "$desk/out")"
lines 'by name' 2 'alice harp'
lines 'by the other name' 2 'ÖZIL'
lines 'words apart' 2 reed broken
lines 'all' 6 example
lines 'hostile' 2 evil
# Three columns, two tabs; nothing that acts on a terminal.
awk -F'\t' 'NR > 1 && NF != 3 { exit 1 }' "$desk/out" ||
	fail "columns: $(cat -v "$desk/out")"
if LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" "$desk/out" ||
	grep -qP '[\x{80}-\x{9f}\x{202a}-\x{202e}]' "$desk/out"; then
	fail "what acts on a terminal: $(cat -v "$desk/out")"
fi

mutt_start
wait_for 'Lunch'
keys Q
wait_for 'Query: *$'
type_text 'stone'
keys Enter
wait_for '(bob@stone.example|Bob Stone) .*OpenPGP'
keys m
wait_for 'To: .*bob@stone.example'
keys C-g
# One goes back to the menu, the other to the index.
wait_for 'q:Exit .*Q:New Query|q:Exit .*O:Rev-Sort|Lunch'
if ! on_screen 'Lunch'; then
	keys q
	wait_for 'Lunch'
fi
keys m
wait_for '^To: *$'
type_text 'alice'
keys C-t
wait_for 'To: .*alice@example.org'
keys C-g
wait_for 'Lunch'
# The agent gone for good: no harm is done, and Mutt says it; NeoMutt shows the
# first line for a moment only.
kill "$(desk_agent "$desk")"
rm -f "$desk/services/"*
keys Q
wait_for 'Query: *$'
type_text 'stone'
keys Enter
if [ "$program" = mutt ]; then
	wait_for 'mailseal: the agent mailseald does not run'
fi
keys 1 Enter Enter
wait_for '^Mailseal: not checked'
keys q
wait_for 'q:Quit.*d:Del'
if mailseal contacts query stone >"$desk/out"; then
	fail 'no agent, and all is well'
fi
grep -q '^mailseal: the agent mailseald does not run' "$desk/out" ||
	fail "$(cat "$desk/out")"
mutt_quit
echo "asserted $asserted"
