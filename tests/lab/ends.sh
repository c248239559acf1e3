# shellcheck shell=bash
# ends.sh - how processes end: seen at once, and waited for
#
# To source.  A process that ended is there for "kill -0" until its parent asks
# for its status; where that is the first process of a container, it may take
# seconds, or for ever.

# ended PID: with all its threads, which have its files until then
ended() {
	local line='' threads
	[ -n "$1" ] || return 0
	{ read -r line <"/proc/$1/stat"; } 2>/dev/null || return 0
	threads=("/proc/$1/task/"*)
	case ${line##*) } in
	[ZX]*) [ "${#threads[@]}" -le 1 ] ;;
	*) return 1 ;;
	esac
}

# await_end PID [SECONDS]: fails when it does not end within a minute
await_end() {
	local until=$((SECONDS + ${2:-60}))
	until ended "$1"; do
		[ "$SECONDS" -lt "$until" ] || return 1
		sleep 0.01
	done
}
