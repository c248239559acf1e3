# shellcheck shell=bash
# gnupg.sh - GnuPG homes for tests: made, given keys, ended
#
# To source.  A home's gpg-agent is the test's own; gnupg_end HOME... ends it.

# gnupg_home HOME: an empty one
gnupg_home() {
	mkdir -p "$1"
	chmod 700 "$1"
}

# gnupg HOME ARGUMENT...: gpg, with keys that have no passphrase
gnupg() {
	gpg --homedir "$1" --batch --quiet --no-tty --yes \
		--pinentry-mode loopback --passphrase '' "${@:2}" 2>>"$1/log"
}

# gnupg_key HOME USER-ID: a key that signs, with a part that opens
gnupg_key() {
	gnupg "$1" --quick-gen-key "$2" future-default default never
}

# gnupg_print HOME ADDRESS: the fingerprint of its first key
gnupg_print() {
	gnupg "$1" --with-colons --list-keys "<$2>" |
		sed -n '/^fpr/{s/^fpr:*\([0-9A-F]*\):$/\1/p;q}'
}

# gnupg_distrust HOME FINGERPRINT: no longer one of the user's own
gnupg_distrust() {
	printf '%s:2:\n' "$2" | gnupg "$1" --import-ownertrust
}

# gnupg_end HOME...
gnupg_end() {
	local home
	for home in "$@"; do
		gpgconf --homedir "$home" --kill all 2>/dev/null || true
	done
}
