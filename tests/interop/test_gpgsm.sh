#!/usr/bin/env bash
# test_gpgsm - sealed mail there and back with gpgsm
# shellcheck source=tests/interop/interop.sh
. "$(dirname "$0")/interop.sh"
needs gpgsm gpgconf
pki
samples rsa
# A short path: gpg-agent's socket stands in it.
GNUPGHOME=$(mktemp -d /tmp/mailseal-gpgsm.XXXXXX)
export GNUPGHOME
trap 'gpgconf --kill all >/dev/null 2>&1 || true; rm -rf "$dir" "$GNUPGHOME"' \
	EXIT
cat >"$GNUPGHOME/gpgsm.conf" <<-'END'
disable-crl-checks
disable-dirmngr
no-secmem-warning
END
echo 'allow-loopback-pinentry' >"$GNUPGHOME/gpg-agent.conf"
fingerprint=$(openssl x509 -in "$dir/ca.pem" -noout -fingerprint -sha1 |
	sed 's/.*=//')
echo "$fingerprint S relax" >"$GNUPGHOME/trustlist.txt"

sm() {
	gpgsm --batch --yes --quiet --pinentry-mode loopback \
		--passphrase-fd 3 "$@" 3<"$dir/pass" 2>>"$dir/log"
}
printf 'secret' >"$dir/pass"
sm --import "$dir/ca.pem" || fail 'gpgsm does not import the authority'
# gpgsm 2.2 reads no elliptic curve key out of PKCS #12: certificates alone.
for name in p256 p384; do
	sm --import "$dir/$name.pem" || fail "gpgsm does not import $name"
done
for name in rsa other; do
	quiet openssl pkcs12 -export -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES \
		-macalg sha1 -inkey "$dir/$name.key" \
		-in "$dir/$name.pem" -passout file:"$dir/pass" \
		-out "$dir/$name.p12"
	sm --import "$dir/$name.p12" || fail "gpgsm does not import $name"
done

# ours_verified NAME MAIL [OPTION...]: we sign, they verify
ours_verified() {
	# shellcheck disable=SC2046
	quiet "$tool" protect sign "${@:3}" $(as "$1") "$dir/mail/$2" \
		"$dir/sealed" || fail "$1 cannot sign $2"
	parted
	sm --verify "$dir/p7s" "$dir/text" ||
		fail "gpgsm does not verify $2 by $1 ${*:3}"
	asserted=$((asserted + 1))
}

for mail in plain 8bit empty long attached; do
	ours_verified rsa "$mail"
done
# It reads PSS, and makes none.
ours_verified rsa plain pss
ours_verified other attached pss
ours_verified p256 8bit
ours_verified p384 attached

for name in rsa other; do
	for mail in plain attached; do
		entity $mail >"$dir/text"
		sm --detach-sign --local-user "$name@example.org" \
			--output "$dir/p7s" "$dir/text" ||
			fail "gpgsm does not sign by $name"
		signed "$dir/text" "$dir/p7s" >"$dir/sealed"
		opened "$dir/sealed" other
		expect "$mail by their $name" good "$(word signature.status)"
		same $mail "$dir/content"
	done
done

# ours_opened MAIL NAME...: we encrypt, each of them opens
ours_opened() {
	local name
	for name in "${@:2}"; do
		# shellcheck disable=SC2046
		quiet "$tool" protect encrypt plain $(as rsa) \
			to="$dir/$name.pem" "$dir/mail/$1" "$dir/sealed"
		sed '1,/^\r$/d' "$dir/sealed" | base64 -di >"$dir/p7m"
		sm --decrypt --output "$dir/out" "$dir/p7m" ||
			fail "gpgsm cannot open $1 for $name"
		same "$1" "$dir/out"
	done
}
for mail in 8bit empty long attached; do
	ours_opened $mail rsa
done
ours_opened plain rsa other
# GnuPG 2.2 knows neither GCM nor OAEP: why both are only for whom is known to.
for modern in gcm oaep; do
	# shellcheck disable=SC2046
	quiet "$tool" protect encrypt plain $modern $(as rsa) \
		to="$dir/rsa.pem" "$dir/mail/plain" "$dir/sealed"
	sed '1,/^\r$/d' "$dir/sealed" | base64 -di >"$dir/p7m"
	rm -f "$dir/out"
	if sm --decrypt --output "$dir/out" "$dir/p7m"; then
		same plain "$dir/out"
	else
		version=$(gpgsm --version | sed -n '1s/.* //p')
		expect "gpgsm $version reads no $modern" 2.2 \
			"${version%.*}"
	fi
done
# One envelope for several, of whom each opens it; kinds it cannot use beside.
# shellcheck disable=SC2046
quiet "$tool" protect sign encrypt plain $(as rsa) to="$dir/rsa.pem" \
	to="$dir/other.pem" to="$dir/p256.pem" to="$dir/p384.pem" \
	"$dir/mail/attached" "$dir/sealed"
sed '1,/^\r$/d' "$dir/sealed" | base64 -di >"$dir/p7m"
for name in rsa other; do
	sm --decrypt --output "$dir/out" "$dir/p7m" ||
		fail "gpgsm cannot open what is for four, with $name"
	opened "$dir/sealed" $name
	expect 'for four' confidential "$(word security)"
	same attached "$dir/content"
done
# Nothing but that key: with the other one alone it opens as well.
alone=$(mktemp -d /tmp/mailseal-gpgsm.XXXXXX)
cp "$GNUPGHOME"/*.conf "$GNUPGHOME/trustlist.txt" "$alone"
(
	export GNUPGHOME=$alone
	trap 'gpgconf --kill all >/dev/null 2>&1 || true; rm -rf "$alone"' EXIT
	sm --import "$dir/ca.pem"
	if sm --decrypt --output "$dir/out" "$dir/p7m"; then
		fail 'gpgsm opens it without a key; this test sees nothing'
	fi
	sm --import "$dir/other.p12"
	# It complains of those that it does not know, and opens it.
	rm -f "$dir/out"
	sm --decrypt --output "$dir/out" "$dir/p7m" || true
)
quiet openssl cms -verify -in "$dir/out" -CAfile "$dir/ca.pem" \
	-out "$dir/text" || fail 'gpgsm cannot open it with the second key alone'
same attached "$dir/text"
# theirs_opened MAIL OPTION...: they encrypt to all, each of us opens
for cipher in AES256 AES AES192 3DES; do
	for mail in plain attached; do
		sm --encrypt --cipher-algo $cipher \
			--recipient rsa@example.org \
			--recipient other@example.org \
			--output "$dir/p7m" "$dir/mail/$mail" ||
			fail "gpgsm does not encrypt with $cipher"
		{
			printf 'Content-Type: application/pkcs7-mime\r\n'
			printf 'Content-Transfer-Encoding: base64\r\n\r\n'
			base64 "$dir/p7m"
		} >"$dir/sealed"
		for name in rsa other; do
			opened "$dir/sealed" $name
			expect "$mail of theirs, $cipher, for $name" opened \
				"$(word encryption.status)"
			same $mail "$dir/content"
		done
	done
done
ended
