# shellcheck shell=bash
# desk.sh - a private desk: own bus, own folders, own DNS, the real agent
#
# To source.  desk_start DIR BUILD makes everything under DIR and exports what
# a client needs; the agent is started by the bus when it is first asked
# (D-Bus activation).  desk_stop DIR ends what desk_start started.
desk_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/lab/ends.sh
. "$desk_here/ends.sh"
# shellcheck source=tests/lab/wait.sh
. "$desk_here/wait.sh"
# Python with the packages of tools/setup, not one of the user's.
PATH=/usr/bin:$PATH
# The build's own samples serve all desks.
export SAMPLES=${build:-}/tests/lab/world

# desk_start DIR BUILD; DESK_PORT: that of the name server, if it matters.
# DESK_PLAIN: as for most people, folders are where a home has them, and no
# variable names one but XDG_RUNTIME_DIR.
desk_start() {
	local dir=$1 build=$2 tries=0
	local -a zones
	if [ -n "${DESK_PLAIN:-}" ]; then
		mkdir -p "$dir/home/.config" "$dir/home/.local/state"
		ln -s home/.config "$dir/config"
		ln -s home/.local/state "$dir/state"
		unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME GNUPGHOME
		export HOME=$dir/home
	fi
	mkdir -p "$dir/config/mailseal" "$dir/state" "$dir/runtime" \
		"$dir/services" "$dir/world"
	chmod 700 "$dir/runtime"
	[ -s "$dir/world/zones" ] || "$desk_here/samples.sh" "$dir/world"
	mapfile -t zones <"$dir/world/zones"
	until desk_port=${DESK_PORT:-$((20000 + RANDOM % 12000))} &&
		"$desk_here/lab_zones.sh" start "$dir/lab" "$desk_port" \
			"${zones[@]}"; do
		tries=$((tries + 1))
		if [ "$tries" -ge 5 ]; then
			echo "desk: the lab's name server does not start" >&2
			return 1
		fi
	done
	cat >"$dir/config/mailseal/config" <<-END
	[dns]
	mode = forward
	forward = 127.0.0.1@$desk_port
	trust-anchor = $dir/lab/root.key
	allow-loopback = true

	[contacts]
	source = $dir/world/aliases; $dir/world/carol.vcf
	${DESK_CONFIG:-}
	END
	cat >"$dir/services/org.mailseal.Agent1.service" <<-END
	[D-BUS Service]
	Name=org.mailseal.Agent1
	Exec=$build/agent/mailseald
	END
	cat >"$dir/bus.conf" <<-END
	<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
	 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
	<busconfig>
	  <type>session</type>
	  <listen>unix:path=$dir/runtime/bus</listen>
	  <auth>EXTERNAL</auth>
	  <servicedir>$dir/services</servicedir>
	  <policy context="default">
	    <allow send_destination="*" eavesdrop="true"/>
	    <allow eavesdrop="true"/>
	    <allow own="*"/>
	  </policy>
	  <limit name="max_incoming_unix_fds">4000</limit>
	  <limit name="max_outgoing_unix_fds">4000</limit>
	  <limit name="max_replies_per_connection">50000</limit>
	</busconfig>
	END
	if [ -z "${DESK_PLAIN:-}" ]; then
		export XDG_CONFIG_HOME="$dir/config"
		export XDG_STATE_HOME="$dir/state" XDG_DATA_HOME="$dir/data"
	fi
	export XDG_RUNTIME_DIR="$dir/runtime"
	export DBUS_SESSION_BUS_ADDRESS="unix:path=$dir/runtime/bus"
	unset MAILSEAL_CONFIG
	dbus-daemon --config-file="$dir/bus.conf" --nofork --nopidfile \
		--nosyslog --print-address >"$dir/bus.address" \
		2>"$dir/agent.log" &
	echo $! >"$dir/bus.pid"
	# The socket is there before it listens.
	comes_true test -s "$dir/bus.address" || return 1
	PATH="$build/plugins/cli:$PATH"
}

# desk_end DIR: all that it was
desk_end() {
	desk_stop "$1"
	end_rest "$1"
	rm -rf "$1"
}

# desk_agent DIR: the agent's process, from its lock.
desk_agent() {
	head -n 1 "$1/state/mailseal/lock"
}

# desk_stop DIR
desk_stop() {
	local dir=$1 agent
	agent=$(desk_agent "$dir" 2>/dev/null || true)
	# Only an agent: numbers come again, and the lock may be of one long gone.
	if tr '\0' ' ' 2>/dev/null <"/proc/${agent:-none}/cmdline" |
		grep -q mailseald; then
		terminate "$agent"
	fi
	# A bus that still ends would take the socket of the next one with it.
	if [ -s "$dir/bus.pid" ]; then
		terminate "$(cat "$dir/bus.pid")"
		rm -f "$dir/bus.pid" "$dir/bus.address"
	fi
	"$desk_here/lab_zones.sh" stop "$dir/lab" || true
}
