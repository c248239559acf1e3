#!/usr/bin/env bash
# test_suggest - a folder in, proposed lines out; nothing is changed
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
desk_start "$desk" "$build"
config=$(<"$desk/config/mailseal/config")

# letter FILE SENDER: as the user's server took it in
letter() {
	cat >"$1" <<-END
	Authentication-Results: mx.user.example; spf=pass smtp.mailfrom=$2
	Received: from mail.$2 (mail.$2 [192.0.2.1])
	 by mx.user.example with ESMTPS; Mon, 2 Mar 2026 10:00:00 +0000
	Received: from evil (evil [192.0.2.66]) by mx.evil.example;
	 Mon, 2 Mar 2026 09:00:00 +0000
	From: someone@$2
	Subject: x

	Received: from nobody by nowhere; Mon, 2 Mar 2026 10:00:00 +0000
	END
}

# suggest FOLDER: its words into $desk/out, the status in $status
suggest() {
	status=0
	mailseal suggest "$1" >"$desk/out" 2>"$desk/err" || status=$?
}

mkdir -p "$desk/maildir/cur" "$desk/maildir/new" "$desk/maildir/tmp" \
	"$desk/mh" "$desk/few" "$desk/empty"
for i in 1 2 3 4 5 6; do
	letter "$desk/maildir/cur/177244560$i.x:2,S" "sender$i.example"
	letter "$desk/mh/$i" "sender$i.example"
	{
		echo 'From x@y Mon Mar  2 10:00:00 2026'
		cat "$desk/mh/$i"
		echo
	} >>"$desk/mbox"
done
letter "$desk/maildir/new/1772445607.x" sender7.example
letter "$desk/few/1" sender1.example

wanted='[incoming]
trusted-relay = mx.user.example
trusted-authserv = mx.user.example'
for folder in maildir mh mbox; do
	suggest "$desk/$folder"
	expect "$folder status" 0 "$status"
	expect "$folder lines" "$wanted" \
		"$(grep -v '^#' "$desk/out" | sed 's/[[:space:]]*#.*//')"
done
suggest "$desk/maildir"
contains 'how many' '# 7 messages' "$(<"$desk/out")"
contains 'a warning' 'read before you take them over' "$(<"$desk/out")"
suggest "$desk/few"
expect 'one message tells nothing' '' "$(<"$desk/out")"
contains 'it says so' 'no server that took in many' "$(<"$desk/err")"
suggest "$desk/empty"
expect 'an empty folder' 66 "$status"
contains 'and says so' 'there is no message in it' "$(<"$desk/err")"
suggest "$desk/nowhere"
expect 'no folder' 66 "$status"
contains 'and why' 'No such file' "$(<"$desk/err")"

expect 'the configuration' "$config" "$(<"$desk/config/mailseal/config")"
echo "asserted $asserted"
