#!/usr/bin/env bash
# test_keys_confirm - [keys] confirm: a person is asked before each use of a
# key, and may say no
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/people.sh
. "$here/../lab/people.sh"
export DESK_CONFIG="
[keys]
pinentry = $desk/pinentry
confirm = true"
cp "$here/../lab/pinentry.sh" "$desk/pinentry"
desk_start "$desk" "$build"
# heard COMMAND: how often the person was asked so
heard() {
	grep -c "^$1\\b" "$XDG_RUNTIME_DIR/pinentry.log" || true
}
head='From: Alice <alice@example.org>\r\nTo: bob@example.org\r\n'
head+='Subject: noon\r\n'
printf 'Content-Type: text/plain\r\n\r\nMeet me at noon.\r\n' >"$desk/text"
# opened STATUS FILE
opened() {
	status=0
	mailseal open --json --no-verdict "$desk/$2" >"$desk/content" \
		2>"$desk/err" || status=$?
	expect "status of $2" "$1" "$status"
}

for kind in p256 rsa3072; do
	answers secret secret
	mailseal keys generate bob@example.org --algorithm "$kind" >/dev/null
	bob=$desk/data/mailseal/keys/$(mailseal keys list --json |
		key fingerprint).crt
	for cipher in aes256 aes-256-gcm; do
		{
			printf '%b' "$head"
			openssl cms -encrypt -"$cipher" "$bob" <"$desk/text"
		} >"$desk/sealed"

		# Allowed: once for each message.
		answers '' ''
		opened 2 sealed
		contains 'it came out' 'Meet me' "$(cat "$desk/content")"
		expect "asked, $kind $cipher" 1 "$(heard CONFIRM)"
		expect 'it was unlocked' 0 "$(heard GETPIN)"
		contains 'what for' 'to open an encrypted message?' \
			"$(grep SETDESC "$XDG_RUNTIME_DIR/pinentry.log")"
		contains 'whose' 'bob@example.org' \
			"$(grep SETDESC "$XDG_RUNTIME_DIR/pinentry.log")"
		opened 2 sealed
		expect 'asked again' 2 "$(heard CONFIRM)"

		# Refused, and given no answer.
		answers '!cancel'
		opened 77 sealed
		contains 'refused' ancelled "$(cat "$desk/err")"
		expect 'nothing left' '' "$(cat "$desk/content")"
		expect 'asked once' 1 "$(heard CONFIRM)"
		answers '!timeout'
		opened 75 sealed
		expect 'nothing left' '' "$(cat "$desk/content")"
		answers '!die'
		opened 78 sealed
		expect 'nothing left' '' "$(cat "$desk/content")"
	done

	# Locked: the passphrase, then the question.
	mailseal keys lock
	answers secret ''
	opened 2 sealed
	expect 'a passphrase' 1 "$(heard GETPIN)"
	expect 'and a question' 1 "$(heard CONFIRM)"

	# Nobody to ask: it is not used.
	mv "$desk/pinentry" "$desk/away"
	opened 78 sealed
	contains 'what is missing' pinentry "$(cat "$desk/err")"
	expect 'nothing left' '' "$(cat "$desk/content")"
	mv "$desk/away" "$desk/pinentry"
	answers ''
	opened 2 sealed
	# Every use that was allowed, and no other, is counted.
	expect 'uses' 6 "$(mailseal keys list --json | key openings)"
	mailseal keys remove --yes \
		"$(mailseal keys list --json | key fingerprint)"
done

echo "asserted $asserted"
