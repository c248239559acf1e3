#!/usr/bin/env bash
# test_open_bad - opening when something around it fails: key files, the disk,
# gpg that hangs; each says what it was, and nothing leaves
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/gnupg.sh
. "$here/../lab/gnupg.sh"
# shellcheck source=tests/lab/people.sh
. "$here/../lab/people.sh"
needs pgrep
export GNUPGHOME=$desk/gnupg
at_end umount "$desk/state"
at_end desk_stop "$desk"
at_end gnupg_end "$GNUPGHOME"
gnupg_home "$GNUPGHOME"
gnupg_key "$GNUPGHOME" 'Bob <bob@example.org>'
mkdir -p "$desk/state"
small_disk=no
if mount -t tmpfs -o size=8m,mode=700 tmpfs "$desk/state" 2>/dev/null; then
	small_disk=yes
fi
export DESK_CONFIG="
[keys]
pinentry = $here/../lab/pinentry.sh"
desk_start "$desk" "$build"
answers secret secret
mailseal keys generate bob@example.org --algorithm p256 >/dev/null
bob=$desk/data/mailseal/keys/$(mailseal keys list --json |
	key fingerprint)
head='From: Alice <alice@example.org>\r\nTo: bob@example.org\r\n'
head+='Subject: noon\r\nMIME-Version: 1.0\r\n'
printf 'Content-Type: text/plain\r\n\r\nMeet me at noon.\r\n' >"$desk/text"
{
	printf 'Content-Type: text/plain\r\n\r\n'
	head -c 20000000 /dev/zero | tr '\0' '#' | fold -w 76 | sed 's/$/\r/'
} >"$desk/long"
{
	printf '%b' "$head"
	openssl cms -encrypt -aes-256-cbc "$bob.crt" <"$desk/text"
} >"$desk/sealed"
{
	printf '%b' "$head"
	openssl cms -encrypt -aes-256-cbc -stream "$bob.crt" <"$desk/long"
} >"$desk/large"
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

# opened STATUS FILE PART: what is said has that part in it
opened() {
	status=0
	mailseal open --no-verdict "$desk/$2" >"$desk/content" \
		2>"$desk/err" || status=$?
	expect "status of $2 ($(cat "$desk/err"))" "$1" "$status"
	contains "$2" "$3" "$(cat "$desk/err")"
	if [ "$1" -ge 64 ]; then
		expect 'nothing left' '' "$(head -c 100 "$desk/content")"
	fi
}

# --- Key files that are not as they should be.
opened 2 sealed 'ncrypted'
mailseal keys lock
chmod 644 "$bob.key"
opened 77 sealed 'chmod 600'
chmod 600 "$bob.key"
cp "$bob.key" "$desk/whole"
sed -i '5{s/^A/B/; t; s/^./A/}' "$bob.key"
answers secret
opened 65 sealed 'damaged'
cat "$desk/whole" >"$bob.key"
answers wrong wrong wrong
opened 77 sealed 'passphrase'
answers secret
opened 2 sealed 'ncrypted'
mv "$bob.crt" "$bob.key" "$desk/"
mailseal keys list >/dev/null
opened 66 sealed 'no such key'
mv "$desk/${bob##*/}.crt" "$desk/${bob##*/}.key" "${bob%/*}"
mailseal keys list >/dev/null
answers secret
opened 2 sealed 'ncrypted'

# --- What comes out does not fit onto the disk.
if [ "$small_disk" = yes ]; then
	opened 70 large 'disk is full'
	expect 'no file left' 0 \
		"$(find "$desk/state/mailseal" -name 'spool.*' | wc -l)"
	opened 2 sealed 'ncrypted'
else
	echo 'not tested: a disk that is full (no small one, not root)'
fi

# --- Larger than anybody waits for: whoever waits may go, and it ends.
{ printf '%b' "$head" '\r\n'; } >"$desk/sparse"
truncate -s 64G "$desk/sparse"
reader=$(role reader)
# spent: what the reader computed so far, in ticks
spent() {
	sed 's/.*) //' "/proc/$reader/stat" | awk '{ print $12 + $13 }'
}
mailseal open --no-verdict "$desk/sparse" >/dev/null 2>&1 &
caller=$!
before=$(spent)
works() { [ "$(spent)" -gt $((before + 20)) ]; }
await works
kill "$caller"
wait "$caller" 2>/dev/null || true
rests() {
	before=$(spent)
	sleep 0.3
	[ "$(spent)" -eq "$before" ]
}
comes_true rests || fail 'the reader goes on for nobody'
expect 'the same reader' "$reader" "$(role reader)"
rm "$desk/sparse"
opened 2 sealed 'ncrypted'

# --- gpg hangs, for its agent does: whoever waits may go, and takes it along.
opened 2 openpgp 'ncrypted'
agent=$(gpg-connect-agent --homedir "$GNUPGHOME" 'getinfo pid' /bye |
	sed -n 's/^D //p')
# Of this home: its path is an argument.
hanging() {
	pgrep -f -- "--homedir $GNUPGHOME .*--decrypt" || true
}
kill -STOP "$agent"
mailseal open --no-verdict "$desk/openpgp" >"$desk/content" 2>/dev/null &
caller=$!
hangs() { [ -n "$(hanging)" ]; }
comes_true hangs || fail 'gpg was not asked'
kill "$caller"
wait "$caller" 2>/dev/null || true
is_gone() { [ -z "$(hanging)" ]; }
comes_true is_gone || fail 'gpg hangs for ever'
expect 'nothing left' '' "$(cat "$desk/content")"
kill -CONT "$agent"
opened 2 openpgp 'ncrypted'
echo "asserted $asserted"
