# shellcheck shell=bash
# claws.sh - Claws Mail on a desk of its own, to read and to drive
#
# To source, as bus.sh, which it extends.  claws_start makes a home with the
# sample messages in an MH folder, starts Xvfb, the bus and Claws Mail with the
# plugin; at the end all of it ends.
# shellcheck source=tests/bus/bus.sh
. "$(dirname "${BASH_SOURCE[0]}")/../bus/bus.sh"
claws_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
plugin=$build/plugins/claws/mailseal.so
home=$desk/home
export MAILSEAL_PROBE=$desk/probe
mkdir -p "$MAILSEAL_PROBE"
at_end claws_end

# fail WHAT: and what was on the screen then
fail() {
	echo "FAIL: $*" >&2
	if [ -n "${claws_pid:-}" ]; then
		window labels >&2 || true
		screen failed || true
	fi
	grep -v -e WARNING -e '^$' "$desk/claws.log" | tail -20 >&2 || true
	grep -v dbus-daemon "$desk/agent.log" >&2 || true
	exit 1
}

skip() {
	echo "SKIP: $*"
	exit 77
}

# needed: skips where Claws Mail cannot be run or read.
needed() {
	local word
	for word in claws-mail Xvfb xdotool; do
		command -v "$word" >/dev/null || skip "$word is not installed"
	done
	[ -s "$plugin" ] || skip "the plugin was not built"
	/usr/bin/python3 "$claws_here/window.py" able 2>/dev/null ||
		skip "python3-gi or gir1.2-atspi-2.0 is not installed"
}

# claws_home PLUGIN: what the first start would ask for.
claws_home() {
	local config=$home/.claws-mail mail=$home/Mail/inbox file number=0
	mkdir -p "$config" "$home"/Mail/{inbox,sent,queue,draft,trash}
	cat >"$config/clawsrc" <<-END
	[Common]
	config_version=4
	display_header_pane=1
	mainwin_width=1000
	mainwin_height=700
	mainwin_x=0
	mainwin_y=0
	folderview_width=170
	summaryview_width=800
	summaryview_height=${CLAWS_LIST_HEIGHT:-200}
	use_networkmanager=0
	check_on_startup=0
	goto_last_folder_on_startup=0
	enable_aspell=0
	autosave=0
	warn_queued_on_exit=0
	no_receive_error_panel=1
	never_send_retrcpt=1
	always_show_message_when_selected=1
	nextunreadmsg_dialog=0
	prefswin_width=860
	prefswin_height=620
	${CLAWS_COMMON:-}

	[Plugins_Common]

	[Plugins_GTK3]
	$1
	$build/tests/claws/probe.so
	${CLAWS_BLOCKS:-}

	END
	cat >"$config/accountrc" <<-END
	[Account: 1]
	config_version=4
	account_name=robin@home.example
	is_default=1
	name=Robin
	address=robin@home.example
	protocol=3
	smtp_server=localhost
	local_mbox=$home/spool
	inbox=#mh/Mailbox/inbox
	local_inbox=#mh/Mailbox/inbox
	use_smtp_auth=0
	auto_signature=0
	${CLAWS_ACCOUNT:-}
	END
	{
		echo '<?xml version="1.0" encoding="UTF-8"?>'
		echo '<folderlist config_version="4">'
		echo "<folder type=\"mh\" name=\"Mailbox\" \
path=\"$home/Mail\" sort=\"0\">"
		for file in inbox/inbox sent/outbox queue/queue draft/draft \
			trash/trash; do
			echo "<folderitem mtime=\"0\" sort_type=\"ascending\" \
sort_key=\"date\" threaded=\"1\" path=\"${file%/*}\" name=\"${file%/*}\" \
type=\"${file#*/}\" />"
		done
		echo "</folder>${CLAWS_FOLDERS:-}</folderlist>"
	} >"$config/folderlist.xml"
	for file in "$desk"/world/mail/*.eml; do
		number=$((number + 1))
		tr -d '\r' <"$file" >"$mail/$number"
	done
}

# until_true WHAT COMMAND...: as comes_true, and as long as Claws Mail runs
until_true() {
	comes_true or_ended "${@:2}" || fail "$1 did not come true"
	[ -z "${claws_pid:-}" ] || ! has_ended "$claws_pid" ||
		fail "Claws Mail ended while waiting: $1"
}
or_ended() {
	"$@" >/dev/null 2>&1 || { [ -n "${claws_pid:-}" ] &&
		has_ended "$claws_pid"; }
}

# claws WORD...: a command to the Claws Mail that runs
claws() {
	HOME=$home timeout "$PATIENCE" claws-mail "$@" </dev/null
}

# compose FILE: a window for writing, and waits for it
compose() {
	claws --compose-from-file "$1"
	until_true 'a window to write in' window in 'Compose message' \
		says Send
}

# leave_compose: closes the window for writing; what is in it is given up
leave_compose() {
	window in 'Compose message' menu Message Close || fail 'it does not close'
	until_true 'no window to write in' left_compose
}
left_compose() {
	! PATIENCE=0 window in 'Compose message' says Send ||
		{ PATIENCE=0 window press Discard && false; }
}

# holds WHOLE PART
holds() {
	case $1 in
	*"$2"*) return 0 ;;
	esac
	return 1
}

claws_ready() {
	! holds "$(claws --status 2>&1)" 'not running'
}

# claws_start: all of it
claws_start() {
	local number
	export LANG=C.UTF-8 LC_ALL=C.UTF-8 GDK_BACKEND=x11
	export GTK_THEME=${CLAWS_THEME:-Adwaita}
	unset NO_AT_BRIDGE
	# A number of our own: one that another test just gave back may lose its
	# socket once more.  Nor may it begin anew, deaf for a moment, when its
	# first client (the accessibility bus) leaves.
	Xvfb ":$((100 + $$ % 30000))" -displayfd 3 -noreset -nolisten tcp \
		-screen 0 "${CLAWS_SCREEN:-1024x768}x24" \
		3>"$desk/display" 2>"$desk/xvfb.log" &
	xvfb_pid=$!
	until_true 'a display' test -s "$desk/display"
	number=$(cat "$desk/display")
	export DISPLAY=:$number
	mkdir -p "$desk/services"
	cp /usr/share/dbus-1/services/org.a11y.Bus.service "$desk/services"
	desk_start "$desk" "$build"
	claws_home "$plugin"
	claws_run
}

# claws_run: CLAWS_HOSTS is a file like /etc/hosts for it alone.
claws_run() {
	local -a names=() under=()
	read -ra under <<<"${CLAWS_UNDER:-}"
	if [ -n "${CLAWS_HOSTS:-}" ]; then
		names=(LD_PRELOAD=libnss_wrapper.so
			"NSS_WRAPPER_HOSTS=$CLAWS_HOSTS")
	fi
	env HOME="$home" "${names[@]}" "${under[@]}" claws-mail \
		>>"$desk/claws.log" 2>&1 &
	claws_pid=$!
	until_true 'a window of Claws Mail' xdotool search --onlyvisible \
		--class claws-mail
	until_true 'an answer of Claws Mail' claws_ready
}

# claws_quit: by itself; its exit status in $status
claws_quit() {
	status=0
	claws --exit || true
	wait "$claws_pid" || status=$?
	claws_pid=
}

# claws_kill: at once, whatever is open
claws_kill() {
	if [ -n "${claws_pid:-}" ]; then
		kill -9 "$claws_pid" 2>/dev/null || true
		wait "$claws_pid" 2>/dev/null || true
	fi
	claws_pid=
}

claws_end() {
	claws_kill
	terminate ${xvfb_pid:+"$xvfb_pid"}
}

# screen NAME: what is on the screen, for people: $build/tests/claws/screens
screen() {
	mkdir -p "$build/tests/claws/screens"
	/usr/bin/python3 "$claws_here/window.py" screen \
		"$build/tests/claws/screens/$1.png"
}

# rows: the cells of the list of messages, as they are on the screen
rows() {
	cat "$MAILSEAL_PROBE/rows"
}

# row_has PART...: whether one row holds all of them
row_has() {
	local line part
	while IFS= read -r line; do
		for part in "$@"; do
			holds "$line" "$part" || continue 2
		done
		return 0
	done < <(rows)
	return 1
}

# row_lacks PART: whether no row holds it
row_lacks() {
	[ -s "$MAILSEAL_PROBE/rows" ] && ! holds "$(rows)" "$1"
}

# window WORD...: what window.py sees
window() {
	timeout "$((PATIENCE + 30))" /usr/bin/python3 "$claws_here/window.py" "$@"
}
