# shellcheck shell=bash
# mutt.sh - what the Mutt tests share: a desk, a Mutt in a terminal of its own
#
# To source with BUILD PROGRAM.  The terminal is a private tmux server; nothing
# is timed, everything is waited for.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$1
program=${2:-mutt}
# shellcheck source=tests/lab/desk.sh
. "$here/../lab/desk.sh"
# shellcheck source=tests/lab/needs.sh
. "$here/../lab/needs.sh"
needs tmux "$program"
desk=$(mktemp -d "${TMPDIR:-/tmp}/mailseal-mutt.XXXXXX")
socket=$desk/tmux
asserted=0
at_end desk_end "$desk"
at_end tm kill-server

fail() {
	echo "FAIL: $*" >&2
	echo '--- the screen:' >&2
	screen >&2 || true
	grep -v dbus-daemon "$desk/agent.log" >&2 || true
	exit 1
}

tm() { SHELL=/bin/sh tmux -S "$socket" -f /dev/null "$@"; }
# Until the server is gone: the next one wants its place.
tm_end() {
	local pid
	pid=$(tm display-message -p '#{pid}' 2>/dev/null || true)
	tm kill-server 2>/dev/null || true
	await_end "$pid" || fail 'tmux does not end'
	rm -f "$socket"
}
keys() { tm send-keys -t m "$@"; }
type_text() { tm send-keys -t m -l -- "$1"; }
screen() { tm capture-pane -p -t m; }
colours() { tm capture-pane -e -p -t m; }

# on_screen REGEX: now
on_screen() {
	local now
	now=$(screen) || fail 'there is no screen'
	grep -Eq -- "$1" <<<"$now"
}
# asks REGEX: whether the lowest line is such a question
asks() { screen | tail -n 1 | grep -Eq -- "$1"; }

# wait_for REGEX: until the screen shows it
wait_for() {
	comes_true on_screen "$1" || fail "the screen never shows: $1"
	asserted=$((asserted + 1))
}

# turns N COMMAND...: the command, at every Nth turn of whoever waits
turn=0
turns() {
	turn=$((turn + 1))
	[ $((turn % $1)) -ne 0 ] || "${@:2}"
}

# mail_arrives REGEX: until the open folder shows it.  NeoMutt overlooks what
# comes while it looks, until the folder's time changes again.
noticed() {
	! on_screen "$1" || return 0
	turns 60 touch "$desk/mail/new"
	return 1
}
mail_arrives() {
	comes_true noticed "$1" || fail "mail is not noticed: $1"
	asserted=$((asserted + 1))
}

# renewed REGEX: new rules, until the screen shows it.  Who makes them waits but
# a moment for what the agent finds in the folder; without it nobody is named.
named() {
	! on_screen "$1" || return 0
	turns 150 keys Escape r
	return 1
}
renewed() {
	keys Escape r
	comes_true named "$1" || fail "by no rules: $1"
	asserted=$((asserted + 1))
}

# write_to ADDRESS SUBJECT: until the compose menu
write_to() {
	keys m
	wait_for '^To:'
	type_text "$1"
	keys Enter
	wait_for '^Subject:'
	type_text "$2"
	keys Enter
	wait_for 'y:Send'
}

# shows WHAT REGEX: once all of the screen is drawn
shows() {
	asserted=$((asserted + 1))
	comes_true on_screen "$2" || fail "$1: not shown: $2"
}
# hides WHAT REGEX: the screen as it is now
hides() {
	asserted=$((asserted + 1))
	if on_screen "$2"; then fail "$1: shown: $2"; fi
}

# red_lines: the lines of the screen that begin bright red, without escapes.
# A colour lasts until another one comes, over line ends too.
red_lines() {
	colours | awk '
	{
		plain = ""
		first = ""
		while (match($0, /\033\[[0-9;]*m/)) {
			text = substr($0, 1, RSTART - 1)
			if (plain == "" && text != "")
				first = state
			plain = plain text
			n = split(substr($0, RSTART + 2, RLENGTH - 3), code, ";")
			for (i = 1; i <= n || (n == 0 && i == 1); i++) {
				c = code[i] + 0
				if (c == 0) { bold = 0; colour = 0 }
				else if (c == 1) bold = 1
				else if (c >= 30 && c <= 39 || c >= 90) colour = c
			}
			state = (colour == 91 || (bold && colour == 31))
			$0 = substr($0, RSTART + RLENGTH)
		}
		if (plain == "")
			first = state
		if (first)
			print plain $0
	}'
}

# is_red REGEX: the line that it stands in is bright red
in_red() { grep -Eq -- "$1" <<<"$(red_lines)"; }
is_red() {
	asserted=$((asserted + 1))
	comes_true in_red "$1" || fail "not red: $1"
}
is_not_red() {
	asserted=$((asserted + 1))
	if in_red "$1"; then fail "red: $1"; fi
}

# deliver NUMBER FILE: into the Maildir, in a fixed order
deliver() {
	tr -d '\r' <"$2" >"$desk/mail/tmp/$1"
	mv "$desk/mail/tmp/$1" "$desk/mail/new/17672616$1.M${1}P1.host"
}

# filtered NUMBER FILE: the same, as a delivery agent does it
filtered() {
	tr -d '\r' <"$2" | mailseal filter >"$desk/mail/tmp/$1"
	mv "$desk/mail/tmp/$1" "$desk/mail/new/17672616$1.M${1}P1.host"
}

# mutt_prepare [CONFIGURATION]: default, the folder is watched
mutt_prepare() {
	mkdir -p "$desk/home" "$desk/mail"/{cur,new,tmp} "$desk/tmp"
	export DESK_CONFIG="${1-
[incoming]
watch = $desk/mail}"
	desk_start "$desk" "$build"
	cat >"$desk/base.rc" <<-END
	set realname="Me Myself" from="me@local.example" hostname="local.example"
	set folder=$desk spoolfile=$desk/mail mbox_type=Maildir
	set record="" postponed=$desk/drafts tmpdir=$desk/tmp
	set header_cache="" sleep_time=0 timeout=1 mail_check=1 wait_key=no
	set beep=no sort=reverse-subject pager_index_lines=0 pager_stop=yes
	set quit=yes delete=yes move=no confirmappend=no confirmcreate=no
	set editor=true mime_forward=no
	END
	cat "$desk/base.rc" >"$desk/rc"
	echo "source $build/plugins/mutt/here/$program.rc" >>"$desk/rc"
}

# mutt_start [ARGUMENT...]
mutt_start() {
	tm new-session -d -x "${columns:-110}" -y "${rows:-30}" -s m \
		"exec env -i HOME=$desk/home \
		PATH=$build/plugins/cli:$build/plugins/mutt:$PATH LC_ALL=C.UTF-8 \
		TERM=screen-256color TZ=UTC XDG_RUNTIME_DIR=$XDG_RUNTIME_DIR \
		DBUS_SESSION_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS \
		XDG_CONFIG_HOME=$XDG_CONFIG_HOME XDG_STATE_HOME=$XDG_STATE_HOME \
		ASAN_OPTIONS=detect_leaks=0 \
		$program -n -F $desk/rc $*"
	tm set-option -g remain-on-exit on >/dev/null
	tm set-option -g escape-time 0 >/dev/null
}

# wait_judged COUNT: until so many messages are judged and none waits
judged() {
	mailseal status --json | python3 -c '
import json, sys
status = json.load(sys.stdin)
print(-1 if status["Folders"]["busy"] else status["Store"]["judgements"])'
}
all_judged() {
	sleep 0.1
	[ "$(judged)" -ge "$1" ]
}
wait_judged() {
	comes_true all_judged "$1" || fail "judged: $(judged) of $1"
}

# jump REGEX [KEY...]: to the message in whose line it stands, once it does
has_number() {
	number=$(screen | grep -E -- "$1" |
		sed -n 's/^[ >]*\([0-9]*\) .*/\1/p;q')
	[ -n "$number" ]
}
jump() {
	local number=
	comes_true has_number "$1" || fail "no line: $1"
	keys "$number" Enter "${@:2}"
}

# pager LINE VERDICT FROM: opens the message, looks at what is on top
pager() {
	jump "$1" Enter
	wait_for '^Mailseal: '
	shows "$1" "^Mailseal: $2"
	shows "$1" "^From: $3\$"
	# What stands in the text is no field.
	[ "$(screen | sed '/^ *$/q' | grep -c '^Mailseal: ')" = 1 ] ||
		fail "$1: several verdicts"
	hides "$1" '^Message-ID|^X-Mailseal'
}
back() {
	keys q
	wait_for 'q:Quit.*d:Del'
}

# expect_names NAME COUNT: in how many lines it stands
names() { [ "$(screen | grep -c "$1")" = "$2" ]; }
expect_names() {
	comes_true names "$@" ||
		fail "$1 stands in $(screen | grep -c "$1") lines"
	asserted=$((asserted + 1))
}

# mutt_quit: from the index
has_quit() {
	[ "$(tm display-message -p -t m '#{pane_dead}' 2>/dev/null ||
		echo 1)" = 1 ]
}
mutt_quit() {
	keys q
	comes_true has_quit || fail 'it does not quit'
	tm_end
}
