#!/usr/bin/env bash
# test_receive - mail is fetched by IMAP and POP3, over TLS at once and by
# STARTTLS, from servers (Dovecot) that DANE vouches for, and from no other
# shellcheck source=tests/claws/claws.sh
. "$(dirname "$0")/claws.sh"
needed
[ "$(id -u)" -eq 0 ] || skip 'Dovecot needs root'
[ -x /usr/sbin/dovecot ] || skip 'dovecot is not installed'
[ -x /usr/lib/dovecot/pop3-login ] || skip 'dovecot-pop3d is not installed'
[ -z "$(LD_PRELOAD=libnss_wrapper.so true 2>&1)" ] ||
	skip 'libnss-wrapper is not installed'
# shellcheck source=tests/lab/submit.sh
. "$here/../lab/submit.sh"
at_end doveadm -c "$desk/dove/dovecot.conf" stop
export MAILSEAL_PROBE_PASSWORD=secret

# The same by two names; the second shows another key than its records say.
# Neither certificate is from an authority.
mapfile -t ports < <(python3 -c 'import socket
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(4)]
print("\n".join(str(one.getsockname()[1]) for one in held))')
submit_key "$desk/other"
submit_key "$desk/right"
mkdir -p "$desk/lab/zones.d" "$desk"/dove/mail/{cur,new,tmp}
{
	echo 'right A 127.0.0.1'
	echo 'other A 127.0.0.2'
	for port in "${ports[@]}"; do
		echo "_$port._tcp.right TLSA 3 1 1 $submit_tlsa"
		echo "_$port._tcp.other TLSA 3 1 1 $submit_tlsa"
	done
} >"$desk/lab/zones.d/mail.lab.zone"
printf '127.0.0.1 right.mail.lab\n127.0.0.2 other.mail.lab\n' >"$desk/hosts"
export CLAWS_HOSTS=$desk/hosts

listener() {	# NAME PORT TLS
	printf '  inet_listener %s {\n    address = 127.0.0.1, 127.0.0.2\n' "$1"
	printf '    port = %s\n    ssl = %s\n  }\n' "$2" "$3"
}
cat >"$desk/dove/dovecot.conf" <<END_DOVE
base_dir = $desk/dove/run
state_dir = $desk/dove/state
log_path = $desk/dove/log
protocols = imap pop3
ssl = required
ssl_cert = <$desk/right/cert.pem
ssl_key = <$desk/right/key.pem
local 127.0.0.2 {
  ssl_cert = <$desk/other/cert.pem
  ssl_key = <$desk/other/key.pem
}
mail_location = maildir:$desk/dove/mail
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$desk/dove/home
}
service imap-login {
  chroot =
$(listener imap "${ports[0]}" no)
$(listener imaps "${ports[1]}" yes)
}
service pop3-login {
  chroot =
$(listener pop3 "${ports[2]}" no)
$(listener pop3s "${ports[3]}" yes)
}
END_DOVE
chmod 755 "$desk"
printf 'From: dave@plain.example\nTo: robin@home.example\nSubject: fetched\n%s' \
	"Date: $(date -R)
Message-ID: <1@plain.example>

Hello.
" >"$desk/dove/mail/new/1.lab"
chown -R nobody:nogroup "$desk/dove/mail"
dovecot -c "$desk/dove/dovecot.conf"

# account NUMBER WORDS: protocol and TLS
account() {
	printf '\n[Account: %s]\nconfig_version=4\naccount_name=a%s\n' "$1" "$1"
	printf 'address=a%s@home.example\nuser_id=robin\n' "$1"
	printf 'receive_server=right.mail.lab\nimap_subsonly=0\n'
	printf 'remove_mail=0\ninbox=#mh/Mailbox/inbox\n%s\n' "$2"
}
CLAWS_ACCOUNT="receive_at_get_all=0
$(account 2 "protocol=1
set_imapport=1
imap_port=${ports[0]}
ssl_imap=2")
$(account 3 "protocol=1
set_imapport=1
imap_port=${ports[1]}
ssl_imap=1")
$(account 4 "protocol=0
set_popport=1
pop_port=${ports[2]}
ssl_pop=2")
$(account 5 "protocol=0
set_popport=1
pop_port=${ports[3]}
ssl_pop=1")"
CLAWS_FOLDERS=
for number in 2 3; do
	CLAWS_FOLDERS+="<folder type=\"imap\" name=\"a$number\" \
account_id=\"$number\" sort=\"0\"><folderitem mtime=\"0\" \
sort_type=\"ascending\" sort_key=\"date\" threaded=\"1\" path=\"INBOX\" \
name=\"INBOX\" type=\"inbox\" account_id=\"$number\" /></folder>"
done

# logins ADDRESS: how often the password was told there
logins() {
	grep -c "Login: .*lip=$1," "$desk/dove/log" || true
}
# looks ADDRESS: how often somebody, as the agent, looked at TLS alone.  Dovecot
# has another word for whoever comes while it starts.
looks() {
	grep -cE "(no auth attempts|before auth was ready).*lip=$1," \
		"$desk/dove/log" || true
}
looked() {	# ADDRESS COUNT
	[ "$(looks "$1")" -ge "$2" ]
}
known() {	# what the agent found out reached Claws Mail
	claws --select '#mh/Mailbox/inbox/1'
	window banner Genuine >/dev/null || fail 'the agent does not answer'
	until_true "all servers of $1 were looked at" looked "$1" "$2"
}
fetched() {
	[ "$(grep -l 'Subject: fetched' "$home"/Mail/inbox/* | wc -l)" = "$1" ]
}
asks() {
	holds "$(window labels)" 'ertificate for'
}

claws_start
known 127.0.0.1 4
sleep 2		# it has heard of it

# By IMAP, then by POP3: nobody is asked.
claws --select '#mh/Mailbox/sent'
for number in 2 3; do
	claws --select "#imap/a$number/INBOX"
	until_true "mail of a$number" row_has dave@plain.example
	claws --select '#mh/Mailbox/sent'
	asserted=$((asserted + 1))
done
claws --receive-all
until_true 'mail by POP3, twice' fetched 2
[ "$(logins 127.0.0.1)" -ge 4 ] || fail 'four servers were not logged in to'
claws_quit
expect 'exit status' 0 "$status"

# The other key: refused, before a password is told.
certs=$home/.claws-mail/certs
rm -rf "$certs"
sed -i 's/^receive_server=right/receive_server=other/' \
	"$home/.claws-mail/accountrc"
# Copies that were accepted once; they go when Claws Mail hears of the refusal.
mkdir "$certs"
for port in "${ports[@]}"; do
	openssl x509 -in "$desk/other/cert.pem" -outform DER \
		-out "$certs/other.mail.lab.$port.cert"
done
no_copies() {
	[ -z "$(find "$certs" -name 'other.mail.lab.*')" ]
}
claws_run
known 127.0.0.2 4
until_true 'no copy of a refused certificate' no_copies
# Each of them says so by itself.
refused() {	# WHO
	window says 'other.mail.lab was refused' ||
		fail "nobody says that $1 was refused"
	screen "refused-$1"
	while holds "$(window labels)" 'was refused'; do
		window press Close || fail 'the refusal does not close'
	done
	asserted=$((asserted + 1))
}
for number in 2 3; do
	claws --select "#imap/a$number/INBOX" &
	refused "IMAP-$number"
done
# What was refused stays so, when that is to be asked anew.
sleep 11
claws --receive-all
refused POP3
expect 'logins at the other server' 0 "$(logins 127.0.0.2)"
claws_kill

# The control: where the server is not verified, Claws Mail asks.
sed -i '$a [mailseal]\ncheck_server=0\n' "$home/.claws-mail/clawsrc"
claws_run
claws --select '#imap/a3/INBOX' &
until_true 'the question that there is without us' asks
screen asked
window press 'Accept and save' || fail 'the question has no answer'
in_there() {
	[ "$(logins 127.0.0.2)" -ge 1 ]
}
until_true 'a login at the other server' in_there
claws_kill
saved=$home/.claws-mail/certs/other.mail.lab.${ports[1]}.cert
[ -s "$saved" ] || fail "Claws Mail saved no copy of the certificate"
before=$(logins 127.0.0.2)

# With us, that copy is not believed: Claws Mail asks again, and is told.
sed -i 's/^check_server=0/check_server=1/' "$home/.claws-mail/clawsrc"
claws_run
gone() {
	[ ! -e "$saved" ]
}
until_true 'the copy of a refused certificate is gone' gone
claws --select '#imap/a3/INBOX' &
refused IMAP-saved
expect 'no more logins' "$before" "$(logins 127.0.0.2)"
asserted=$((asserted + 4))
claws_kill
echo "asserted $asserted"
