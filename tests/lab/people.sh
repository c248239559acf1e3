# shellcheck shell=bash disable=SC2154
# people.sh - people with S/MIME certificates, and what pinentry is answered
#
# To source where $desk is known.  $people_keys is the section of the
# configuration that trusts the authority which people_authority makes; a
# person's key and certificate are $desk/NAME.key and $desk/NAME.pem.
people_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
people_curve=(-newkey ec -pkeyopt ec_paramgen_curve:P-256)
# shellcheck disable=SC2034
people_keys="[keys]
pinentry = $people_here/pinentry.sh
authority = $desk/ca.pem
system-authorities = false"

# answers LINE...: what pinentry says next; what it heard so far is forgotten
answers() {
	printf '%s\n' "$@" >"$XDG_RUNTIME_DIR/pinentry.answers"
	: >"$XDG_RUNTIME_DIR/pinentry.log"
}

people_authority() {
	openssl req -x509 "${people_curve[@]}" -nodes -days 30 \
		-keyout "$desk/ca.key" -out "$desk/ca.pem" -subj '/CN=CA' \
		-addext basicConstraints=critical,CA:TRUE \
		-addext keyUsage=critical,keyCertSign 2>/dev/null
}

# people_issue NAME ADDRESS USAGE REQ-OPTION...: by the authority, for e-mail or
# for $people_purpose
people_issue() {
	cat >"$desk/ext" <<-END
	subjectAltName = email:$2
	keyUsage = critical, $3
	extendedKeyUsage = ${people_purpose:-emailProtection}
	END
	openssl req -new "${@:4}" -nodes -keyout "$desk/$1.key" \
		-out "$desk/$1.csr" -subj "/CN=$1" 2>/dev/null
	openssl x509 -req -in "$desk/$1.csr" -CA "$desk/ca.pem" \
		-CAkey "$desk/ca.key" -CAcreateserial -days 20 \
		-extfile "$desk/ext" -out "$desk/$1.pem" 2>/dev/null
}

# person NAME ADDRESS: of an RSA key
person() {
	people_issue "$1" "$2" digitalSignature,keyEncipherment \
		-newkey rsa:2048
}

# person_ec NAME ADDRESS [USAGE]: of a key on a curve
person_ec() {
	people_issue "$1" "$2" "${3:-digitalSignature,keyAgreement}" \
		"${people_curve[@]}"
}
