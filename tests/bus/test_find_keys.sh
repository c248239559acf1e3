#!/usr/bin/env bash
# test_find_keys - a correspondent's OpenPGP keys: published, found, trusted
#
# Erin publishes; her records go into the lab's signed zone; Robin, at another
# desk with a GnuPG of his own, finds them there.
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
# shellcheck source=tests/lab/gnupg.sh
. "$here/../lab/gnupg.sh"
erin=$desk/erin robin=$desk/robin
at_end desk_stop "$desk/first"
at_end gnupg_end "$erin" "$robin"
gnupg_home "$erin"
gnupg_home "$robin"

# find ADDRESS [OPTION...]: the candidates into $desk/found, the status
find_keys() {
	status=0
	mailseal keys find --json "${@:2}" "$1" >"$desk/found" \
		2>"$desk/err" || status=$?
}

# found KEY SOURCE: of the first candidate from there; "" when there is none
found() {
	local line
	line=$(grep -m 1 "\"source\": *\"$2\"" "$desk/found" || true)
	if [[ $line =~ \"$1\":\ *\"([^\"]*)\" ||
		$line =~ \"$1\":\ *([a-z0-9]+) ]]; then
		echo "${BASH_REMATCH[1]}"
	fi
}

# zones DIR: three, one of each kind, with the records that were published
zones() {
	local zone
	mkdir -p "$1/world"
	for zone in shop.example free.example broken.example; do
		printf '@\tIN TXT "here"\n' >"$1/world/$zone.records"
		grep -hs -v '^;' "$desk/$zone" >>"$1/world/$zone.records" ||
			true
	done
	printf '%s\n' "shop.example=$1/world/shop.example.records" \
		"-free.example=$1/world/free.example.records" \
		"!broken.example=$1/world/broken.example.records" \
		>"$1/world/zones"
}

# --- Erin publishes.

for address in erin@shop.example frank@free.example gina@broken.example; do
	gnupg_key "$erin" "${address%@*} <$address>"
done
gnupg "$erin" --quick-add-uid "$(gnupg_print "$erin" erin@shop.example)" \
	'Erin at home <erin@private.example>'
export GNUPGHOME=$erin
zones "$desk/first"
desk_start "$desk/first" "$build"
mailseal keys publish erin@shop.example >"$desk/shop.example" ||
	fail "publish ended with $?"
contains 'a record' ' IN OPENPGPKEY ' "$(cat "$desk/shop.example")"
mailseal keys publish --generic --openpgpkey frank@free.example \
	>"$desk/free.example" || fail "publish ended with $?"
contains 'a generic record' ' IN TYPE61 \# ' "$(cat "$desk/free.example")"
mailseal keys publish --generic gina@broken.example \
	>"$desk/broken.example"
# Her other address stays at home, in every form.
if sed -n 's/^[^;].* OPENPGPKEY //p' "$desk/shop.example" | base64 -d |
	grep -aq private.example; then
	fail 'another address was published'
fi
status=0
mailseal keys publish nobody@shop.example 2>"$desk/err" || status=$?
expect 'no key to publish' 66 "$status"
contains 'no key to publish' 'there is no' "$(cat "$desk/err")"
# The agent of GnuPG is started again when it is gone.
gpgconf --homedir "$erin" --kill gpg-agent
mailseal keys publish erin@shop.example >"$desk/again" ||
	fail "publish without gpg-agent ended with $?"
expect 'the same record' "$(cat "$desk/shop.example")" "$(cat "$desk/again")"
desk_stop "$desk/first"

# --- Robin finds.

zones "$desk"
export GNUPGHOME=$robin
desk_start "$desk" "$build"
print=$(gnupg_print "$erin" erin@shop.example)

find_keys erin@shop.example
expect 'a secure key' 0 "$status"
expect 'whose' "$print" "$(found fingerprint openpgpkey)"
expect 'how far' dane "$(found trust openpgpkey)"
expect 'DNSSEC' secure "$(found dnssec openpgpkey)"
expect 'chosen' true "$(found chosen openpgpkey)"
find_keys Erin@shop.example
expect 'a capital letter' "$print" "$(found fingerprint openpgpkey)"
find_keys erin@shop.example --no-dns
expect 'DNS was not asked' 1 "$status"
expect 'nothing' '' "$(cat "$desk/found")"
find_keys frank@free.example
expect 'an unsigned zone' 1 "$status"
expect 'an unsigned zone' insecure "$(found dnssec openpgpkey)"
expect 'no key of it' '' "$(found fingerprint openpgpkey)"
contains 'why' 'DNSSEC' "$(found reason openpgpkey)"
find_keys gina@broken.example
expect 'a changed zone' 1 "$status"
expect 'no key of it' '' "$(found fingerprint openpgpkey)"
expect 'not chosen' false "$(found chosen openpgpkey)"
find_keys nobody@shop.example
expect 'nobody' 1 "$status"
status=0
mailseal keys find 'no address' 2>"$desk/err" || status=$?
[ "$status" -ge 64 ] || fail "no address: $status"

# A key of that name that merely lies in the ring changes nothing.
gnupg_key "$robin" 'Erin <erin@shop.example>'
fake=$(gnupg_print "$robin" erin@shop.example)
gnupg_distrust "$robin" "$fake"
find_keys erin@shop.example
expect 'a fake in the ring' "$fake" "$(found fingerprint keyring)"
expect 'nobody vouches' none "$(found trust keyring)"
expect 'not chosen' false "$(found chosen keyring)"
contains 'why' 'Nobody whom you trust' "$(found reason keyring)"
expect 'DNS is' true "$(found chosen openpgpkey)"

# One that Robin verified is not replaced by what DNS says.
gnupg_key "$robin" 'Robin <robin@home.example>'
gnupg "$robin" -u robin@home.example --quick-lsign-key "$fake"
find_keys erin@shop.example
expect 'verified' web "$(found trust keyring)"
expect 'verified is chosen' true "$(found chosen keyring)"
expect 'not DNS' false "$(found chosen openpgpkey)"
contains 'why' 'verified' "$(found reason openpgpkey)"

# The role: in its cage, and back after its death.
mailseal status --json >"$desk/status"
expect 'the role' running "$(key Roles.pgp <"$desk/status")"
if [ "$(key Sandbox.reader.seccomp <"$desk/status")" = true ]; then
	expect 'its cage' true "$(key Sandbox.pgp.seccomp <"$desk/status")"
	expect 'its rules' "$(key Sandbox.reader.landlock <"$desk/status")" \
		"$(key Sandbox.pgp.landlock <"$desk/status")"
fi
kill -9 "$(role pgp)"
find_keys erin@shop.example
expect 'after its death' 0 "$status"
expect 'after its death' true "$(found chosen keyring)"
echo "$asserted assertions"
