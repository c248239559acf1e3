#!/usr/bin/env bash
# test_open_kill - kill -9 of reader, keeper and pgp, and a message opened at
# once: whoever asks waits for the new role, and gets its answer
#
# $MAILSEAL_KILL_ROUNDS rounds (1 where it is not set).
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/gnupg.sh
. "$here/../lab/gnupg.sh"
# shellcheck source=tests/lab/people.sh
. "$here/../lab/people.sh"
export GNUPGHOME=$desk/gnupg
at_end gnupg_end "$GNUPGHOME"
gnupg_home "$GNUPGHOME"
gnupg_key "$GNUPGHOME" 'Bob <bob@example.org>'
export DESK_CONFIG="
[keys]
pinentry = $here/../lab/pinentry.sh"
desk_start "$desk" "$build"
answers secret secret
mailseal keys generate bob@example.org --algorithm p256 >/dev/null
bob=$desk/data/mailseal/keys/$(mailseal keys list --json |
	key fingerprint).crt

head='From: Alice <alice@example.org>\r\nTo: bob@example.org\r\n'
head+='Subject: noon\r\nMIME-Version: 1.0\r\n'
printf 'Content-Type: text/plain\r\n\r\nMeet me at noon.\r\n' >"$desk/text"
{ printf '%b' "$head"; cat "$desk/text"; } >"$desk/plain"
{
	printf '%b' "$head"
	openssl cms -encrypt -aes-256-gcm "$bob" <"$desk/text"
} >"$desk/smime"
{
	printf '%b' "$head" 'Content-Type: multipart/encrypted; boundary=enc;' \
		'\r\n protocol="application/pgp-encrypted"\r\n\r\n--enc\r\n' \
		'Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1' \
		'\r\n\r\n--enc\r\nContent-Type: application/octet-stream' \
		'\r\n\r\n'
	gnupg "$GNUPGHOME" --trust-model always -a -e -r bob@example.org \
		-o - "$desk/text"
	printf '\r\n--enc--\r\n'
} >"$desk/openpgp"
{
	printf '%bContent-Type: text/plain\r\n\r\n' "$head"
	head -c 30000000 /dev/zero | tr '\0' '#' | fold -w 76
} >"$desk/large"

# opened FILE [OPTION...]: it came out, and there is a verdict.  Another
# message each time: one that was in hand at two deaths is not tried again.
opened() {
	local status=0
	answers secret
	tried=$((tried + 1))
	{ printf 'X-Try: %d\r\n' "$tried"; cat "$desk/$1"; } >"$desk/try"
	mailseal open --json "${@:2}" "$desk/try" >"$desk/content" \
		2>"$desk/err" || status=$?
	case $status in
	1 | 2) ;;		# nobody signed it
	*) fail "$1 after $last: $status, $(cat "$desk/err")" ;;
	esac
	contains "$1 after $last" 'Meet me at noon.' "$(cat "$desk/content")"
	asserted=$((asserted + 1))
}
agent_end() {
	local agent
	agent=$(desk_agent "$desk")
	kill "$agent" 2>/dev/null || return 0
	await_end "$agent"
}
# strike ROLE: at once, whatever becomes of it
strike() {
	last="the $1's end"
	kill -9 "$(role "$1")"
}

last=nothing tried=0
for ((round = 0; round < ${MAILSEAL_KILL_ROUNDS:-1}; round++)); do
	for kind in plain smime openpgp; do
		# Deaths are counted by the minute: a new agent for each.
		for victim in reader keeper pgp; do
			opened smime
			opened openpgp
			strike "$victim"
			opened "$kind"
			[ -n "$(role "$victim")" ] || opened smime
			[ -n "$(role "$victim")" ] || opened openpgp
			strike "$victim"
			opened "$kind" --no-verdict
			agent_end
		done
		last='a new agent'
		opened "$kind"
		agent_end
	done
	# In hand at one death: it is tried again, and once only.
	for pause in 02 05 08; do
		opened plain
		last="the reader's end in the middle"
		# Another one each time: one that kills twice is poison.
		{ printf 'X-Try: %s\r\n' "$pause"; cat "$desk/large"; } \
			>"$desk/middle"
		mailseal open --json "$desk/middle" >"$desk/content" \
			2>"$desk/err" &
		caller=$!
		sleep "0.$pause"
		kill -9 "$(role reader)"
		status=0
		wait "$caller" || status=$?
		[ "$status" -le 2 ] || fail "$last: $(cat "$desk/err")"
		expect "$last" "$(stat -c %s "$desk/middle")" \
			"$(stat -c %s "$desk/content")"
		agent_end
	done
done
echo "asserted $asserted"
