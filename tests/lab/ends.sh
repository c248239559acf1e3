# shellcheck shell=bash
# ends.sh - how processes end: seen at once, and waited for
#
# To source.  A process that ended is there for "kill -0" until its parent asks
# for its status; where that is the first process of a container, it may take
# seconds, or for ever.

# has_ended PID: with all its threads, which have its files until then
has_ended() {
	local line='' threads
	[ -n "$1" ] || return 0
	{ read -r line <"/proc/$1/stat"; } 2>/dev/null || return 0
	threads=("/proc/$1/task/"*)
	case ${line##*) } in
	[ZX]*) [ "${#threads[@]}" -le 1 ] ;;
	*) return 1 ;;
	esac
}

# await_end PID [SECONDS]: fails when it does not end
await_end() {
	local until=$((SECONDS + ${2:-${PATIENCE:-150}}))
	until has_ended "$1"; do
		[ "$SECONDS" -lt "$until" ] || return 1
		sleep 0.01
	done
}

# terminate PID...: by SIGTERM, and where that does not do, by SIGKILL
terminate() {
	local pid
	for pid in "$@"; do
		kill "$pid" 2>/dev/null || continue
		kill -CONT "$pid" 2>/dev/null || true
		await_end "$pid" 10 || kill -9 "$pid" 2>/dev/null || true
	done
}

# at_end COMMAND [ARGUMENT...]: done when the shell ends, the last ones first,
# whatever of them fails.  What ends daemons belongs here and not into a trap: under
# "set -e" a trap stops at the first command that fails, and CTest waits for
# whoever still holds its pipe.
at_end_commands=()
at_end() {
	at_end_commands=("$(printf '%q ' "$@")"
		${at_end_commands[@]+"${at_end_commands[@]}"})
	trap at_end_do EXIT
}
at_end_do() {
	local commands
	set +eu
	for commands in "${at_end_commands[@]}"; do
		eval "$commands"
	done >/dev/null 2>&1 </dev/null
}

# end_rest FOLDER: whoever has this folder, of one test alone, in its command
# line or environment
end_rest() {
	local file pid
	while read -r file; do
		pid=${file#/proc/}
		pid=${pid%/*}
		[ "$pid" = $$ ] || kill -9 "$pid" 2>/dev/null || true
	done < <(grep -lsF -- "$1" /proc/[0-9]*/cmdline /proc/[0-9]*/environ)
}
