# shellcheck shell=bash
# postfix.sh - a real Postfix with Dovecot's SASL, in a folder of its own
#
# To source.  postfix_can: whether this machine can (root, packages); it says
# why not.  postfix_start DIR CERT KEY: submission with implicit TLS on
# 127.0.0.1:$postfix_tls and with STARTTLS on 127.0.0.1:$postfix_starttls;
# user alice@mail.lab, password "secret" (PLAIN, LOGIN, SCRAM-SHA-256), or a
# token of postfix_token (OAUTHBEARER with implicit TLS, XOAUTH2); everything for box.lab goes to DIR/mail/box/new, but
# nouser@box.lab (550) and tempuser@box.lab (450).  postfix_stop DIR ends it.
# Nothing of /etc/postfix or /etc/dovecot is read.
postfix_daemons=/usr/lib/postfix/sbin

postfix_can() {
	local what
	if [ "$(id -u)" -ne 0 ]; then
		echo 'Postfix needs root'
		return 1
	fi
	for what in "$postfix_daemons/master" /usr/sbin/postfix \
		/usr/sbin/dovecot /usr/bin/doveconf; do
		if [ ! -x "$what" ]; then
			echo "$what is not there; postfix and dovecot-core have it"
			return 1
		fi
	done
	if ! getent passwd postfix >/dev/null ||
		! getent group postdrop >/dev/null; then
		echo 'the user postfix is not there'
		return 1
	fi
}

# Two ports that nobody has now.
postfix_ports() {
	python3 -c '
import socket
taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(s.getsockname()[1] for s in taken))'
}

# postfix_token [SECONDS]: an access token that is good for so long
postfix_token() {
	python3 - "${1:-3600}" <<'END'
import base64, hashlib, hmac, json, sys, time
def code(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")
now = int(time.time())
text = code(json.dumps({"alg": "HS256", "typ": "JWT"}).encode()) + b"." + \
    code(json.dumps({"sub": "alice@mail.lab", "iat": now - 5,
                     "exp": now + int(sys.argv[1])}).encode())
key = b"a key of this lab, and of no other one"
print((text + b"." + code(hmac.new(key, text, hashlib.sha256).digest()))
      .decode())
END
}

postfix_dovecot() {
	local dir=$1
	mkdir -p "$dir/dovecot/keys/default/HS256"
	cat >"$dir/dovecot/dovecot.conf" <<-END
	base_dir = $dir/dovecot/run
	state_dir = $dir/dovecot/state
	log_path = $dir/dovecot/log
	protocols =
	ssl = no
	default_internal_user = dovecot
	default_login_user = dovenull
	auth_mechanisms = plain login scram-sha-256 oauthbearer xoauth2
	disable_plaintext_auth = no
	passdb {
	  driver = passwd-file
	  args = $dir/dovecot/users
	  mechanisms = plain login scram-sha-256
	}
	passdb {
	  driver = oauth2
	  mechanisms = xoauth2 oauthbearer
	  args = $dir/dovecot/oauth2.conf
	}
	userdb {
	  driver = static
	  args = uid=65534 gid=65534 home=/tmp
	}
	service auth {
	  unix_listener $dir/dovecot/auth {
	    mode = 0666
	  }
	}
	auth_failure_delay = 0
	# No pause that grows with each wrong password of 127.0.0.1.
	service anvil {
	  unix_listener anvil-auth-penalty {
	    mode = 0
	  }
	}
	service stats {
	  unix_listener stats-reader {
	    mode = 0600
	  }
	}
	END
	echo 'alice@mail.lab:{PLAIN}secret' >"$dir/dovecot/users"
	cat >"$dir/dovecot/oauth2.conf" <<-END
	introspection_mode = local
	local_validation_key_dict = fs:posix:prefix=$dir/dovecot/keys/
	username_attribute = sub
	END
	printf 'a key of this lab, and of no other one' | base64 -w 0 \
		>"$dir/dovecot/keys/default/HS256/default"
	/usr/sbin/dovecot -F -c "$dir/dovecot/dovecot.conf" \
		2>"$dir/dovecot/errors" &
	echo $! >"$dir/dovecot/pid"
}

postfix_configure() {
	local dir=$1 cert=$2 key=$3
	mkdir -p "$dir/etc" "$dir/spool" "$dir/data" "$dir/mail"
	chown postfix "$dir/data"
	chown 65534 "$dir/mail"
	chmod 755 "$dir"
	cat >"$dir/etc/main.cf" <<-END
	compatibility_level = 3.6
	queue_directory = $dir/spool
	data_directory = $dir/data
	command_directory = /usr/sbin
	daemon_directory = $postfix_daemons
	mail_owner = postfix
	setgid_group = postdrop
	myhostname = smtp.mail.lab
	mydestination =
	mynetworks =
	inet_interfaces = 127.0.0.1
	inet_protocols = ipv4
	maillog_file = $dir/log
	maillog_file_prefixes = $(dirname "$dir")
	alias_maps =
	local_recipient_maps =
	smtputf8_enable = yes
	biff = no
	virtual_mailbox_domains = box.lab
	virtual_mailbox_base = $dir/mail
	virtual_mailbox_maps = static:box/
	virtual_uid_maps = static:65534
	virtual_gid_maps = static:65534
	virtual_minimum_uid = 1
	default_transport = error:5.1.1 this lab only
	smtpd_tls_cert_file = $cert
	smtpd_tls_key_file = $key
	smtpd_tls_auth_only = yes
	smtpd_sasl_auth_enable = yes
	smtpd_sasl_security_options = noanonymous
	smtpd_sasl_type = dovecot
	smtpd_sasl_path = $dir/dovecot/auth
	smtpd_relay_restrictions = permit_sasl_authenticated, reject
	smtpd_recipient_restrictions = check_recipient_access inline:{
	  {nouser@box.lab = 550 5.1.1 no such user},
	  {tempuser@box.lab = 450 4.2.1 try later} },
	  permit_sasl_authenticated, reject
	message_size_limit = 1048576
	smtpd_client_connection_count_limit = 0
	END
	cat >"$dir/etc/master.cf" <<-END
	127.0.0.1:$postfix_starttls inet n - n - - smtpd -o smtpd_tls_security_level=encrypt -o smtpd_sasl_mechanism_filter=!oauthbearer,static:rest
	127.0.0.1:$postfix_tls inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
	pickup unix n - n 60 1 pickup
	cleanup unix n - n - 0 cleanup
	qmgr unix n - n 300 1 qmgr
	tlsmgr unix - - n 1000? 1 tlsmgr
	rewrite unix - - n - - trivial-rewrite
	bounce unix - - n - 0 bounce
	defer unix - - n - 0 bounce
	trace unix - - n - 0 bounce
	error unix - - n - - error
	retry unix - - n - - error
	discard unix - - n - - discard
	virtual unix - n n - - virtual
	anvil unix - - n - 1 anvil
	postlog unix-dgram n - n - 1 postlogd
	proxymap unix - - n - - proxymap
	END
}

# postfix_answers PORT
postfix_answers() {
	python3 - "$1" <<'END'
import socket, sys
try:
    with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1):
        pass
except OSError:
    sys.exit(1)
END
}

postfix_is_up() {	# DIR
	[ -S "$1/dovecot/auth" ] && postfix_answers "$postfix_tls" &&
		postfix_answers "$postfix_starttls"
}

postfix_start() {
	local dir=$1
	mkdir -p "$dir"
	dir=$(cd "$dir" && pwd)
	read -r postfix_tls postfix_starttls < <(postfix_ports)
	postfix_configure "$dir" "$2" "$3"
	postfix_dovecot "$dir"
	# Makes the spool's folders, and nothing else.
	/usr/sbin/postfix -c "$dir/etc" check >"$dir/check" 2>&1 || true
	MAIL_CONFIG="$dir/etc" "$postfix_daemons/master" -c "$dir/etc" -d \
		2>"$dir/errors" &
	echo $! >"$dir/pid"
	comes_true postfix_is_up "$dir" || {
		cat "$dir/check" "$dir/errors" "$dir/log" >&2
		return 1
	}
}

# The certificate's file is another one now.
postfix_reload() {
	kill -HUP "$(cat "$1/pid")"
}

postfix_stop() {
	local pid
	for pid in "$1/pid" "$1/dovecot/pid"; do
		[ -s "$pid" ] || continue
		terminate "$(cat "$pid")"
		wait "$(cat "$pid")" 2>/dev/null || true
		rm -f "$pid"
	done
}

# postfix_mailbox DIR: the files of mail that have arrived, one a line
postfix_mailbox() {
	find "$1/mail/box/new" -type f 2>/dev/null || true
}
