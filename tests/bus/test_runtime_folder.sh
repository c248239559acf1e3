#!/usr/bin/env bash
# test_runtime_folder - what a client leaves in the runtime folder for its next
# run counts only where nobody else can write: Mutt would run it
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
desk_start "$desk" "$build"
export PATH="$build/plugins/mutt:$PATH" MAILSEAL_MUTT=0123456789abcdef
rules=$XDG_RUNTIME_DIR/mailseal crypto=$XDG_RUNTIME_DIR/mailseal-mutt
# told: a word of ours in the file of a running Mutt, and what comes of it
told() {
	printf -- '-7 \nhere\n' >"$rules/mutt-$MAILSEAL_MUTT"
	mailseal mutt-rules | grep -c "^uncolor index 'here'" || true
}
kept() {
	rm -f "$crypto"/from.*
	mailseal-pgp getkeys alice@example.org
	find "$crypto/" -name 'from.*' | grep -c . || true
}
mkdir -p "$rules"
mailseal-pgp getkeys alice@example.org
chmod 700 "$rules"
expect 'the mode' 700 "$(stat -c %a "$crypto")"
expect 'a folder of mine' 1 "$(told)"
expect 'a folder of mine, of the menus' 1 "$(kept)"
chmod 777 "$rules" "$crypto"
expect 'a folder of everybody' 0 "$(told)"
expect 'a folder of everybody, of the menus' 0 "$(kept)"
expect 'no settings either' '' "$(mailseal-smime rc)"
chmod 700 "$rules" "$crypto"
mv "$rules" "$rules.away"
mv "$crypto" "$crypto.away"
ln -s "$rules.away" "$rules"
ln -s "$crypto.away" "$crypto"
expect 'a link' 0 "$(told)"
expect 'a link, of the menus' 0 "$(kept)"
echo "asserted $asserted"
