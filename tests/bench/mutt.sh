#!/usr/bin/env bash
# mutt.sh - what our files cost Mutt and NeoMutt: opening a folder and paging
# through it, opening messages, and the display filter beside cat
#
#   tests/bench/mutt.sh BUILD [MESSAGES [ROUNDS]]
#
# BUILD: a build without sanitizers.  10,000 messages, all judged before.
# Goals, more than without: 150 ms for the folder, 10 ms a message, 3 ms the
# display filter.  The header cache is off.  "cpu" is what Mutt and its children
# took of processors more than without; it hardly depends on who else runs.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
messages=${2:-10000} rounds=${3:-9}
pages=20 opened=50
# shellcheck source=tests/lab/desk.sh
. "$here/../lab/desk.sh"
desk=$(mktemp -d "${TMPDIR:-/tmp}/mailseal-bench.XXXXXX")
trap 'desk_stop "$desk" >/dev/null 2>&1 || true; rm -rf "$desk"' EXIT
mkdir -p "$desk/home" "$desk/tmp" "$desk/mail"/{cur,new,tmp}
DESK_CONFIG=$(printf '[incoming]\nwatch = %s\n' "$desk/mail")
export DESK_CONFIG
desk_start "$desk" "$build"
export PATH="$build/plugins/mutt:$PATH" HOME="$desk/home" TERM=xterm-256color
export LC_ALL=C.UTF-8

# Three of four are genuine, the fourth is forged.  Their Message-IDs are not
# signed, so that every message can have its own.
python3 - "$desk" "$messages" <<'END'
import os, re, sys
desk, count = sys.argv[1], int(sys.argv[2])
text = [open(desk + '/world/mail/' + name, 'rb').read().replace(b'\r\n', b'\n')
        for name in ('01-known.eml', '02-unknown.eml', '03-forged.eml')]
for n in range(count):
    mail = text[2] if n % 4 == 3 else text[n % 2]
    mail = re.sub(rb'(?m)^Message-ID: .*$', b'Message-ID: <%d@bench.example>'
                  % n, mail, count=1)
    with open('%s/mail/cur/%d.M%dP1.host:2,S' % (desk, 1767000000 + n, n),
              'wb') as out:
        out.write(mail)
END
judged() { mailseal status --json | python3 -c '
import json, sys
status = json.load(sys.stdin)
print(0 if status["Folders"]["busy"] else status["Store"]["judgements"])'; }
tries=0
until [ "$(judged)" -ge "$messages" ]; do
	tries=$((tries + 1))
	[ "$tries" -lt 3000 ] || { echo "never judged: $(judged)" >&2; exit 1; }
	sleep 0.1
done

cat >"$desk/without.rc" <<END
set realname="Me" from="me@local.example" hostname="local.example"
set folder=$desk spoolfile=$desk/mail mbox_type=Maildir record=""
set postponed=$desk/drafts tmpdir=$desk/tmp header_cache="" sleep_time=0
set wait_key=no beep=no sort=date quit=yes delete=no move=no mark_old=no
set pager_index_lines=0 pager_stop=yes mail_check=600 timeout=600
END
{
	cat "$desk/without.rc"
	echo "source $build/plugins/mutt/here/PROGRAM.rc"
} >"$desk/with"

# times WORD COUNT: the word, that many times
times() { for ((i = 0; i < $2; i++)); do printf '%s' "$1"; done; }
folder=$(times '<next-page>' "$pages")
reading=$(times '<display-message><exit><next-entry>' "$opened")
# takes PROGRAM RC KEYS: ms that passed, ms of processors
takes() {
	python3 "$here/pty_time.py" "$rounds" "$1" -n -F "$desk/$2" \
		-e "push \"<first-entry>$3<quit>\""
}
# row WHAT GOAL BY WITHOUT WITH [OFF OFF]: each pair of takes; what is off is
# taken away first, the rest shared by BY
row() {
	printf '%s\n' "$3" "$4" "$5" "${6:-0 0}" "${7:-0 0}" |
	awk -v what="$1" -v goal="$2" '
	NR == 1 { by = $1; next }
	{ wall[NR] = $1; cpu[NR] = $2 }
	END {
		without = (wall[2] - wall[4]) / by
		with = (wall[3] - wall[5]) / by
		printf "%-32s %9.1f %9.1f %8.2f %8.2f   %s\n", what, without,
			with, with - without,
			(cpu[3] - cpu[5] - cpu[2] + cpu[4]) / by, goal
	}'
}
printf '%-32s %9s %9s %8s %8s   %s\n' "ms, median of $rounds" without with \
	more cpu goal
for program in mutt neomutt; do
	command -v "$program" >/dev/null || continue
	sed "s/PROGRAM/$program/" "$desk/with" >"$desk/with.rc"
	without=$(takes "$program" without.rc '')
	with=$(takes "$program" with.rc '')
	row "$program: opens $messages" '' 1 "$without" "$with"
	row "$program: opens it, $pages pages" 150 1 \
		"$(takes "$program" without.rc "$folder")" \
		"$(takes "$program" with.rc "$folder")"
	row "$program: opens a message" 10 "$opened" \
		"$(takes "$program" without.rc "$reading")" \
		"$(takes "$program" with.rc "$reading")" "$without" "$with"
done

# The display filter, by sh -c as Mutt calls it, with a message that is known.
tr -d '\r' <"$desk/world/mail/01-known.eml" |
	sed 's/^Message-ID: .*/Message-ID: <0@bench.example>/' |
	grep -v '^DKIM-Signature' >"$desk/page"
filter() {
	python3 - "$desk/page" "$1" $((rounds * 40)) <<'END'
import os, statistics, subprocess, sys, time
page, command, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
took = []
for _ in range(rounds):
    with open(page, 'rb') as text:
        begun = time.perf_counter()
        subprocess.run(['/bin/sh', '-c', command], stdin=text,
                       stdout=subprocess.DEVNULL, check=True)
        took.append((time.perf_counter() - begun) * 1000)
used = os.times()
print('%.3f %.3f' % (statistics.median(took), (used.children_user +
                     used.children_system) * 1000 / rounds))
END
}
mailseal-display <"$desk/page" | grep -q '^Mailseal: ' || {
	echo 'the filter does not know the message' >&2
	exit 1
}
row 'mailseal-display beside cat' 3 1 "$(filter cat)" \
	"$(filter mailseal-display)"
