# shellcheck shell=bash
# seal_show.sh - sealed mail shown to a person: made, opened by openssl, changed
# on the way and refused
#
# To source.  seal_show_world DIR: before desk_start, Dave's certificate in his
# zone; seal_show DIR: on the desk, with $DESK_CONFIG's pinentry answering from
# a file.  What a command fails with counts.

# seal_show_world DIR
seal_show_world() {
	local dir=$1 der owner
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$dir/dave.key" \
		-out "$dir/dave.pem" -days 30 -subj '/CN=Dave' \
		-addext subjectAltName=email:dave@plain.example -addext \
		keyUsage=critical,digitalSignature,keyEncipherment 2>/dev/null
	owner=$(printf dave | sha256sum | cut -c 1-56)
	der=$(openssl x509 -in "$dir/dave.pem" -outform DER |
		od -An -v -tx1 | tr -d ' \n')
	printf '%s._smimecert\tIN TYPE53 \\# %d 030000%s\n' "$owner" \
		$((${#der} / 2 + 3)) "$der" >>"$dir/world/plain.example.records"
}

# said COMMAND...: shows it, and then what it says; its status
said() {
	printf '$ %s\n' "$*"
	"$@" 2>&1 | fold -s -w 78 | sed 's/^/  /'
	return "${PIPESTATUS[0]}"
}

# seal_show DIR
seal_show() (
	local status=0
	cd "$1" || return 1
	printf '%s\n' 'a passphrase' 'a passphrase' \
		>"$XDG_RUNTIME_DIR/pinentry.answers"
	said mailseal keys generate robin@home.example --algorithm p256
	printf '%s\n' 'From: Robin <robin@home.example>' \
		'To: dave@plain.example' 'Subject: The plan' \
		"Date: $(date -R)" '' 'Meet me at noon.' >letter
	printf '$ %s\n' 'mailseal protect --sign --encrypt letter >sealed'
	mailseal protect --sign --encrypt letter 2>report >sealed || status=$?
	fold -s -w 78 report | sed 's/^/  /'
	[ "$status" -eq 0 ] || return "$status"
	printf '$ %s\n' 'grep -c "Meet me" sealed'
	printf '  %s\n' "$(grep -c 'Meet me' sealed || true)"
	cat >dave-opens <<-'END'
	openssl cms -decrypt -in sealed -recip dave.pem -inkey dave.key |
		openssl cms -verify -noverify
	END
	printf '$ %s\n' "$(sed 's/^	/    /' dave-opens)"
	bash -o pipefail dave-opens >opened 2>verified || return 1
	tr -d '\r' <opened | cat - verified | sed 's/^/  /'
	printf '$ %s\n' 'mailseal open sealed'
	mailseal open --no-verdict sealed >opened 2>report || return 1
	tr -d '\r' <opened | sed 's/^/  /' | tail -n 3
	fold -s -w 78 report | sed 's/^/  /'
	# One bit of the text, in the middle of what is encrypted.
	python3 - <<-'END'
	import base64
	text = open("sealed", "rb").read()
	head, body = text.replace(b"\r\n", b"\n").split(b"\n\n", 1)
	data = bytearray(base64.b64decode(body))
	data[-60] ^= 1
	open("changed", "wb").write(head + b"\n\n" +
	                            base64.encodebytes(bytes(data)))
	END
	printf '$ %s\n' 'mailseal open changed    # one bit is another'
	mailseal open --no-verdict changed >opened 2>report || status=$?
	fold -s -w 78 report | sed 's/^/  /'
	printf '  exit status %d, and %d bytes came out\n' "$status" \
		"$(wc -c <opened)"
	[ "$status" -eq 1 ] && [ ! -s opened ]
)
