#!/usr/bin/env bash
# test_many - many messages: as each alone, in constant memory, with a bar on a
# terminal; Ctrl-C leaves a summary
#
# MAILSEAL_MANY=20000 makes the folder larger, and tells how fast it went.
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
desk_start "$desk" "$build"
mail=$desk/world/mail
many=${MAILSEAL_MANY:-300}
terminal() { python3 "$here/../lab/terminal.py" "$@"; }

# A Maildir of copies that differ in a field that nobody signed.
folder=$desk/folder
mkdir -p "$folder/cur" "$folder/new" "$folder/tmp"
python3 - "$mail" "$folder" "$many" <<'END'
import os, sys
mail, folder, many = sys.argv[1], sys.argv[2], int(sys.argv[3])
texts = [open(os.path.join(mail, name), "rb").read()
         for name in sorted(os.listdir(mail)) if name[:2] in
         ("01", "02", "03", "04", "05")]
for i in range(many):
    part = "new" if i % 7 == 0 else "cur"
    with open(f"{folder}/{part}/{i}.x:2,S", "wb") as to:
        to.write(b"X-Count: %d\r\n" % i + texts[i % 5])
END

"$build/tests/bus/bus_many" "$mail"/0[1-68-9]*.eml >"$desk/out" 2>&1 ||
	fail "bus_many: $(cat "$desk/out")"
contains 'as each alone' 'are the same' "$(cat "$desk/out")"

# memory PROCESS: its peak, in kB
memory() { sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status"; }

mailseal check "$mail/01-known.eml" >"$desk/out"
before=$(memory "$(role reader)")
start=$(date +%s%N)
status=0
mailseal check --json --maildir "$folder" >"$desk/all" 2>"$desk/err" ||
	status=$?
end=$(date +%s%N)
expect 'status of all' 1 "$status"
expect 'quiet in a pipe' '' "$(cat "$desk/err")"
expect 'every one' "$many" "$(wc -l <"$desk/all")"
expect 'each file once' "$many" \
	"$(sed 's/^{"file": "\([^"]*\)".*/\1/' "$desk/all" | sort -u | wc -l)"
for verdict in genuine authenticated spoofed suspicious; do
	[ "$(grep -c "\"verdict\": \"$verdict\"" "$desk/all")" -ge \
		$((many / 5)) ] || fail "too few are $verdict"
done
expect 'judged anew' 0 "$(grep -c '"judged"' "$desk/all")"
after=$(memory "$(role reader)")
echo "first: $((many * 1000000 / ((end - start) / 1000))) messages/s;" \
	"the reader's peak went from $before to $after kB;" \
	"the front's is $(memory "$(desk_agent "$desk")") kB;" \
	"the store has $(du -k "$desk/state/mailseal/store.db" | cut -f1) kB"

# Remembered, and by twice as many in hand no more memory is used.
start=$(date +%s%N)
mailseal check --json --maildir "$folder" >"$desk/again" || true
end=$(date +%s%N)
echo "later: $((many * 1000000 / ((end - start) / 1000))) messages/s"
expect 'all are remembered' "$many" "$(grep -c '"judged"' "$desk/again")"
expect 'with the same verdicts' \
	"$(grep -o '"verdict": "[a-z]*"' "$desk/all" | sort | uniq -c)" \
	"$(grep -o '"verdict": "[a-z]*"' "$desk/again" | sort | uniq -c)"

# What cannot be read has an object, and the others are judged.
status=0
mailseal check --json "$mail/01-known.eml" /nonexistent "$desk" \
	"$mail/02-unknown.eml" >"$desk/mixed" 2>"$desk/err" || status=$?
expect 'mixed status' 66 "$status"
expect 'four objects' 4 "$(wc -l <"$desk/mixed")"
contains 'in their order' nonexistent "$(sed -n 2p "$desk/mixed")"
contains 'with a reason' directory "$(sed -n 3p "$desk/mixed")"
expect 'the last one' authenticated "$(sed -n 4p "$desk/mixed" | key verdict)"
expect 'only alarms' 1 "$(mailseal check -q --json "$mail/01-known.eml" \
	"$mail/03-forged.eml" | wc -l)"
status=0
mailseal check --maildir "$mail" 2>"$desk/err" || status=$?
expect 'no Maildir' 66 "$status"
contains 'no Maildir' 'no Maildir' "$(cat "$desk/err")"

# On a terminal.
printf 'From: a\n\nx\n' >"$desk/$(printf 'a\033]2;title\007b\342\200\256c')"
text=$(cd "$mail"; terminal --columns 60 mailseal check -v 03-forged.eml \
	"$desk"/a*title* || true)
contains 'a colour' $'\033[1;31mspoofed' "$text"
case $text in
*$'\033]'*|*$'\342\200\256'*) fail 'a file name acts on the terminal' ;;
esac
contains 'the row of the table' policy-violated "$text"
longest=$(printf '%s' "$text" | sed -e $'s/\033\\[[0-9;]*m//g' -e 's/\r$//' |
	grep -v title | awk '{ if (length > n) n = length } END { print n }')
[ "$longest" -le 60 ] || fail "a line has $longest columns of 60"
status=0
text=$(NO_COLOR=1 terminal mailseal check "$mail/03-forged.eml") || status=$?
expect 'its status' 1 "$status"
case $text in *$'\033['*) fail 'a colour against NO_COLOR' ;; esac

# A bar, and Ctrl-C: the others of the window are dropped, a summary is left.
kill -STOP "$(role resolver)"
status=0
text=$(terminal --interrupt 'of' mailseal check --again --json \
	--maildir "$folder") || status=$?
kill -CONT "$(role resolver)"
contains 'a bar' "of $many" "$text"
contains 'a summary' 'interrupted; judged' "$text"
expect 'the status of Ctrl-C' 130 "$status"
judge "$mail/01-known.eml"
expect 'and it works on' genuine "$(key verdict <"$desk/report")"
echo "asserted $asserted"
