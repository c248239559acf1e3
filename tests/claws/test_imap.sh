#!/usr/bin/env bash
# test_imap - new mail on a real IMAP server (Dovecot): judged when it comes,
# and marked, on the server too
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
needed
[ "$(id -u)" -eq 0 ] || skip 'Dovecot needs root'
[ -x /usr/sbin/dovecot ] || skip 'dovecot is not installed'
at_end doveadm -c "$desk/imap/dovecot.conf" stop

port=$(python3 -c 'import socket
print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])')
chmod 755 "$desk"
mkdir -p "$desk"/imap/mail/{cur,new,tmp}
cat >"$desk/imap/dovecot.conf" <<-END_DOVE
	base_dir = $desk/imap/run
	state_dir = $desk/imap/state
	log_path = $desk/imap/log
	protocols = imap
	ssl = no
	disable_plaintext_auth = no
	mail_location = maildir:$desk/imap/mail
	passdb {
	  driver = static
	  args = password=secret
	}
	userdb {
	  driver = static
	  args = uid=nobody gid=nogroup home=$desk/imap/home
	}
	service imap-login {
	  chroot =
	  inet_listener imap {
	    address = 127.0.0.1
	    port = $port
	  }
	}
END_DOVE
chown -R nobody:nogroup "$desk/imap/mail"
dovecot -c "$desk/imap/dovecot.conf"

export CLAWS_LIST_HEIGHT=380
CLAWS_ACCOUNT="
[Account: 2]
config_version=4
account_name=imap
is_default=0
name=Robin
address=robin@home.example
protocol=1
receive_server=127.0.0.1
user_id=robin
set_imapport=1
imap_port=$port
ssl_imap=0
imap_subsonly=0"
CLAWS_FOLDERS="<folder type=\"imap\" name=\"imap\" account_id=\"2\" sort=\"0\">\
<folderitem mtime=\"0\" sort_type=\"ascending\" sort_key=\"date\" \
threaded=\"1\" path=\"INBOX\" name=\"INBOX\" type=\"inbox\" \
account_id=\"2\" /></folder>"
claws_start

# deliver NUMBER: the sample, as a delivery agent would
deliver() {
	local file
	file=$(find "$desk/world/mail" -name "$1-*.eml")
	install -o nobody -g nogroup -m 600 "$file" \
		"$desk/imap/mail/new/1$1.$RANDOM.lab"
}
deliver 01
deliver 02
deliver 03
# The password is asked for.
claws --select '#imap/imap/INBOX' &
selecting=$!
window fill secret || fail 'nobody asks for the password'
window press OK || fail 'no OK for the password'
wait "$selecting" || true
shown() {
	row_has 'orders@shop.example' && row_has 'service@bank.example' &&
		row_has 'Alice Harper' && row_lacks 'Your Bank' &&
		row_lacks 'The Shop'
}
until_true 'addresses, and the proved name, unread' shown
keyword() {	# COUNT: of messages with the tag on the server
	[ "$(grep -c spoofed "$desk/imap/mail/dovecot-keywords")" = 1 ]
}
until_true 'a keyword on the server' keyword
tagged() {
	[ "$(find "$desk/imap/mail/cur" -name '*:2,*a*' | wc -l)" = "$1" ]
}
until_true 'on one message' tagged 1

# One more comes.
deliver 05
claws --receive-all
until_true 'on two messages' tagged 2
until_true 'its address' row_has 'mallory@free.example'
asserted=$((asserted + 5))
claws_quit
expect 'exit status' 0 "$status"
echo "asserted $asserted"
