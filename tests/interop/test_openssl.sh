#!/usr/bin/env bash
# test_openssl - sealed mail there and back with "openssl cms"
# shellcheck source=tests/interop/interop.sh
. "$(dirname "$0")/interop.sh"
needs openssl
pki
samples rsa

# ours_verified NAME MAIL [OPTION...]: we sign, they verify
ours_verified() {
	# shellcheck disable=SC2046
	quiet "$tool" protect sign "${@:3}" $(as "$1") "$dir/mail/$2" \
		"$dir/sealed" || fail "$1 cannot sign $2"
	quiet openssl cms -verify -in "$dir/sealed" -CAfile "$dir/ca.pem" \
		-purpose smimesign -out "$dir/out" ||
		fail "openssl does not verify $2 by $1 ${*:3}"
	same "$2" "$dir/out"
	opened "$dir/sealed" other
	expect "$2 by $1" good "$(word signature.status)"
	same "$2" "$dir/content"
}

for mail in plain 8bit empty long attached; do
	ours_verified rsa "$mail"
done
ours_verified rsa 8bit pss
ours_verified p256 8bit
ours_verified p384 attached

# Mutt's own back end calls "openssl smime" (smime.rc), another reader and
# writer than "openssl cms"; its commands, there and back.  (Its GPGME back end,
# and Claws Mail's own plugins, are gpgsm and gpg: test_gpgsm, test_gpg.)
for name in rsa p256; do
	for mail in 8bit attached; do
		# shellcheck disable=SC2046
		quiet "$tool" protect sign $(as $name) "$dir/mail/$mail" \
			"$dir/sealed"
		parted
		quiet openssl smime -verify -inform DER -in "$dir/p7s" \
			-CAfile "$dir/ca.pem" -content "$dir/text" \
			-out /dev/null ||
			fail "Mutt's command does not verify $mail by $name"
		entity $mail >"$dir/text"
		quiet openssl smime -sign -md sha256 -binary \
			-signer "$dir/$name.pem" -inkey "$dir/$name.key" \
			-in "$dir/text" -certfile "$dir/ca.pem" \
			-outform DER -out "$dir/p7s"
		signed "$dir/text" "$dir/p7s" >"$dir/sealed"
		opened "$dir/sealed" other
		expect "$mail signed by Mutt's command" good \
			"$(word signature.status)"
		same $mail "$dir/content"
	done
done

# theirs_verified NAME MAIL OPTION...: they sign, we verify
theirs_verified() {
	{
		sed -n '/^Content-/,$!p' "$dir/mail/$2" | sed '/^\r$/,$d' |
			grep -v MIME-Version
		sed -n '/^\(Content-.*\)\{0,1\}\r$/,$p' "$dir/mail/$2" |
			openssl cms -sign -signer "$dir/$1.pem" \
				-inkey "$dir/$1.key" "${@:3}" 2>>"$dir/log"
	} >"$dir/sealed"
	opened "$dir/sealed" other
	expect "$2 signed by their $1 ${*:3}" good "$(word signature.status)"
	expect "$2 covers" whole "$(word covers)"
	if [ "$1" = rsa ]; then
		expect "$2 by its author" verified "$(word security)"
	fi
	same "$2" "$dir/content"
}

for digest in sha256 sha384 sha512; do
	theirs_verified rsa plain -md $digest
	theirs_verified p256 plain -md $digest -nodetach
done
theirs_verified rsa attached -binary -crlfeol
theirs_verified rsa empty
theirs_verified rsa plain -keyid
theirs_verified rsa plain -noattr
theirs_verified rsa plain -nodetach -stream
theirs_verified rsa plain -keyopt rsa_padding_mode:pss \
	-keyopt rsa_pss_saltlen:-1
theirs_verified rsa plain -cades
theirs_verified p384 plain -md sha384

# ours_opened MAIL OPTION...: we encrypt to everybody, each of them opens
ours_opened() {
	local name
	# shellcheck disable=SC2046
	quiet "$tool" protect encrypt plain "${@:2}" $(as rsa) \
		to="$dir/rsa.pem" to="$dir/other.pem" to="$dir/p256.pem" \
		to="$dir/p384.pem" "$dir/mail/$1" "$dir/sealed" ||
		fail "cannot encrypt $1 ${*:2}"
	for name in rsa other p256 p384; do
		quiet openssl cms -decrypt -in "$dir/sealed" \
			-recip "$dir/$name.pem" -inkey "$dir/$name.key" \
			-out "$dir/out" || fail "$name cannot open $1 ${*:2}"
		same "$1" "$dir/out"
		opened "$dir/sealed" "$name"
		expect "$1 for $name" opened "$(word encryption.status)"
		expect "$1 to four" 4 "$(word encryption.recipients)"
		same "$1" "$dir/content"
	done
}

for mail in plain 8bit empty long attached; do
	ours_opened "$mail"
done
ours_opened plain gcm
ours_opened attached gcm oaep
ours_opened 8bit oaep

# theirs_opened MAIL OPTION...: they encrypt, each of us opens
theirs_opened() {
	local name
	for name in rsa p256 p384; do
		quiet openssl cms -encrypt -in "$dir/mail/$1" \
			-out "$dir/sealed" "${@:2}" -recip "$dir/other.pem" \
			-recip "$dir/$name.pem" || fail "openssl: $1 ${*:2}"
		opened "$dir/sealed" "$name"
		expect "$1 of theirs for $name ${*:2}" opened \
			"$(word encryption.status)"
		same "$1" "$dir/content"
	done
}

for cipher in aes128 aes192 aes256 des3 aes-128-gcm aes-192-gcm aes-256-gcm
do
	theirs_opened plain -$cipher
done
theirs_opened attached -aes256 -stream -binary
theirs_opened attached -aes-256-gcm -stream -binary
theirs_opened empty -aes256
theirs_opened plain -aes256 -keyid

# With parameters of one recipient: OAEP, and the derivation's digest.
for digest in sha1 sha256; do
	quiet openssl cms -encrypt -in "$dir/mail/plain" -out "$dir/sealed" \
		-aes256 -recip "$dir/rsa.pem" \
		-keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:$digest
	opened "$dir/sealed" rsa
	expect "OAEP with $digest" opened "$(word encryption.status)"
	quiet openssl cms -encrypt -in "$dir/mail/plain" -out "$dir/sealed" \
		-aes256 -recip "$dir/p256.pem" -keyopt ecdh_kdf_md:$digest
	opened "$dir/sealed" p256
	expect "ECDH with $digest" opened "$(word encryption.status)"
done

# Signed, then encrypted: by us for them, by them for us.
# shellcheck disable=SC2046
quiet "$tool" protect sign encrypt plain $(as rsa) to="$dir/p256.pem" \
	"$dir/mail/attached" "$dir/sealed"
quiet openssl cms -decrypt -in "$dir/sealed" -recip "$dir/p256.pem" \
	-inkey "$dir/p256.key" -out "$dir/inner"
quiet openssl cms -verify -in "$dir/inner" -CAfile "$dir/ca.pem" \
	-out "$dir/out" || fail 'openssl does not verify what is inside'
same attached "$dir/out"
# shellcheck disable=SC2046
quiet "$tool" protect sign encrypt $(as rsa) to="$dir/p256.pem" \
	"$dir/mail/attached" "$dir/sealed"
opened "$dir/sealed" p256
expect 'sealed twice' confidential "$(word security)"
expect 'a subject inside' Subject "$(word headers.confidential.0)"
same attached "$dir/content"
for mail in plain attached; do
	{
		printf 'From: rsa@example.org\r\n'
		sed -n '/^\(Content-.*\)\{0,1\}\r$/,$p' "$dir/mail/$mail" |
			openssl cms -sign -signer "$dir/rsa.pem" \
				-inkey "$dir/rsa.key" 2>>"$dir/log" |
			openssl cms -encrypt -aes256 "$dir/p384.pem" \
				2>>"$dir/log"
	} >"$dir/sealed"
	opened "$dir/sealed" p384
	expect "their $mail, sealed twice" confidential "$(word security)"
	expect "their $mail" signature "$(word encryption.integrity)"
	same "$mail" "$dir/content"
done

# A triple wrap: signed, encrypted, signed.
{
	printf 'From: rsa@example.org\r\n'
	openssl cms -sign -in "$dir/inner" -signer "$dir/other.pem" \
		-inkey "$dir/other.key" -nodetach 2>>"$dir/log"
} >"$dir/sealed"
opened "$dir/sealed" p256
expect 'the inner signer' rsa@example.org "$(word signature.addresses.0)"
ended
