#!/usr/bin/env bash
# test_valgrind - nothing of ours reads what it should not, or is lost
#
# Claws Mail under valgrind (half a minute): messages read, the list, an
# explanation, the preferences, the plugin unloaded.  An error counts when one
# of our functions is in its stack; a loss when ours is the first that is none
# of the C library's or GLib's.
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
# shellcheck source=tests/claws/sealed.sh
. "$(dirname "$0")/sealed.sh"
needed
command -v valgrind >/dev/null || skip 'valgrind is not installed'
export PATIENCE=300
export G_SLICE=always-malloc
sealed_before
CLAWS_UNDER="valgrind --leak-check=full --show-leak-kinds=definite \
--num-callers=40 --log-file=$desk/valgrind.log"
claws_start
sealed_after

for number in 1 3 5 9; do
	claws --select "#mh/Mailbox/inbox/$number"
	window banner Explain >/dev/null || fail "message $number"
done
# A banner that is just drawn anew has another button.
explained() {
	window press Explain || fail 'no button'
	PATIENCE=60 window says 'mailseal explains'
}
until_true 'an explanation' explained
window press Close || fail 'the explanation does not close'
for number in 21 22 24; do
	claws --select "#mh/Mailbox/inbox/$number"
	window says 'Signed by' || fail "message $number is not opened"
done
window menu Message 'Sender (mailseal)' 'Show the name as it was written' ||
	fail 'no menu'
window menu Configuration Preferences... || fail 'no preferences'
window choose mailseal || fail 'our page is not there'
window press OK || fail 'the preferences do not close'
claws --select '#mh/Mailbox/sent'
claws --select '#mh/Mailbox/inbox/2'
kill -9 "$(desk_agent "$desk")"
# It may be back already; or the banner that offers it comes late.  Claws Mail
# itself at times selects a message of a folder it just opened and shows none.
judged() {
	claws --select '#mh/Mailbox/inbox/2'
	PATIENCE=5 window press 'Try again' || true
	PATIENCE=30 window banner Authenticated
}
until_true 'message 2 is judged' judged
window menu Configuration Plugins... || fail 'no menu to the plugins'
window choose mailseal || fail 'the plugin is not listed'
window press Unload || fail 'the plugin cannot be unloaded'
window gone || fail 'the banner is still there'
window press Close || fail 'the dialog does not close'
claws_quit
expect 'exit status' 0 "$status"

ours=$(cd "$here/../../plugins/claws" && printf '%s|' *.c)
python3 - "$desk/valgrind.log" "${ours%|}" <<'END_PYTHON' || fail 'see above'
import re
import sys

ours = re.compile(r'\((%s):\d+\)' % sys.argv[2].replace('.', r'\.'))
deep = re.compile(r'\b(vgpreload|libc|libglib|libgobject|libgio|ld-linux|'
                  r'libgmodule)[-.0-9a-z_]*\.so|\.S:\d+|\(g?(str|mem|slice)'
                  r'[a-z_]*\.c:\d+\)')
blocks, block = [], []
for line in open(sys.argv[1], errors='replace'):
    text = re.sub(r'^==\d+== ?', '', line).rstrip()
    if text:
        block.append(text)
    elif block:
        blocks.append(block)
        block = []
bad = 0
for block in blocks + [block]:
    frames = [t for t in block[1:] if re.match(r'\s+(at|by) 0x', t)]
    if not frames or not any(ours.search(f) for f in frames):
        continue
    lost = 'definitely lost' in block[0] or 'definitely lost' in ''.join(
        block[:2])
    first = next((f for f in frames if not deep.search(f)), '')
    if lost and not ours.search(first):
        continue
    bad += 1
    print('\n'.join(block) + '\n')
print(len(blocks), 'blocks read,', bad, 'of ours')
sys.exit(1 if bad or not blocks else 0)
END_PYTHON
asserted=$((asserted + 1))
echo "asserted $asserted"
