# shellcheck shell=bash
# mailseal.bash - completion of mailseal and mailseal-sendmail in bash
#
# Installed under both names, as bash-completion looks for them.  Needs nothing
# but bash.

# What a command takes: its options, or the words that follow it.
_mailseal_words() {
	case $1 in
	'') echo --config --help --version check contacts dane filter find \
		forget keys mutt-doctor mutt-rules open protect queue status \
		suggest ;;
	check) echo -v -q --json --again --destinations \
		--client-ip --helo --mail-from --maildir ;;
	contacts) echo list add remove import query ;;
	'contacts list' | 'queue list' | 'keys list' | status | find)
		echo --json ;;
	dane) echo --json --starttls --require --watch --every --srv --mx \
		--tlsa --help ;;
	filter) echo --client-ip --helo --mail-from ;;
	forget) echo --older ;;
	keys) echo list generate import request remove unlock lock find \
		publish --help ;;
	'keys generate') echo --name --days --algorithm ;;
	'keys import') echo --key --address --name ;;
	'keys request') echo --address --name --output -o ;;
	'keys remove') echo --yes ;;
	'keys find') echo --json --no-dns --help ;;
	'keys publish') echo --smimea --openpgpkey --generic --json --help ;;
	mutt-doctor) echo --program --rc --folder --write ;;
	mutt-rules) echo --first --count ;;
	open) echo --json --part --force --no-verdict ;;
	protect) echo --sign --encrypt --policy --opportunistic --smime \
		--openpgp --key --sender --split --json -r --help ;;
	queue) echo list flush cancel ;;
	esac
}

# Whom the agent knows, once something is typed.  compgen expands its words as
# the shell does, and not every completion is quoted on the line: an address
# that a shell would take for more than a word is left out.
_mailseal_people() {
	[ -n "$1" ] || return 0
	mailseal contacts query "$1" 2>/dev/null | cut -s -f 1 |
		LC_ALL=C grep -a -v $'[^[:alnum:]@._+=%\x80-\xff-]'
}

# The value of an option; false: it takes none.
_mailseal_value() {
	local words=
	case $1 in
	--maildir | --folder)
		mapfile -t COMPREPLY < <(compgen -d -- "$2")
		return 0 ;;
	--config | --rc | --tlsa | --output | -o)
		mapfile -t COMPREPLY < <(compgen -f -- "$2")
		return 0 ;;
	--address | --mail-from | --sender | -r)
		words=$(_mailseal_people "$2") ;;
	--algorithm) words='rsa3072 rsa4096 rsa2048 p256 p384' ;;
	--older) words='30d 1y 2y' ;;
	--program) words='mutt neomutt' ;;
	--starttls) words='none smtp imap pop3' ;;
	--client-ip | --count | --days | --every | --helo | --key | --mx | \
	--name | --part | --srv) ;;
	*) return 1 ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$2")
}

_mailseal() {
	local current=${COMP_WORDS[COMP_CWORD]}
	local before=${COMP_WORDS[COMP_CWORD - 1]}
	local command='' words word i
	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		--config) i=$((i + 1)) ;;
		-*) ;;
		*)
			if [ -z "$command" ]; then
				command=$word
			elif [[ $command =~ ^(contacts|keys|queue)$ ]]; then
				command="$command $word"
				break
			else
				break
			fi ;;
		esac
	done
	_mailseal_value "$before" "$current" && return
	words=$(_mailseal_words "$command")
	case $command in
	'contacts remove' | 'keys find' | 'keys generate' | 'keys publish' | \
	forget)
		[[ $current == -* ]] ||
			words="$words $(_mailseal_people "$current")" ;;
	'queue cancel')
		words=$(mailseal queue list --json 2>/dev/null |
			sed -n 's/.*"id": *"\([^"]*\)".*/\1/p') ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
	case $command in
	check | open | protect | suggest | 'contacts import' | 'keys import')
		[[ $current == -* ]] ||
			mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(
				compgen -f -- "$current") ;;
	esac
}

_mailseal_sendmail() {
	local current=${COMP_WORDS[COMP_CWORD]}
	local before=${COMP_WORDS[COMP_CWORD - 1]}
	local words='-t -i -f -r -F -N -R -V -v -q -bp -bi -bv -odb -odq -oi
		--account= --require=encrypt --require=sign
		--require=encrypt,sign --require=answer --help --version --'
	COMPREPLY=()
	# The shell takes "=" for a word of its own.
	case $before in
	=) words='encrypt sign encrypt,sign' ;;
	-f | -r) words=$(_mailseal_people "$current") ;;
	-N) words='never success failure delay success,failure,delay' ;;
	-R) words='full hdrs' ;;
	-F | -V) return ;;
	*)
		[[ $current == -* ]] ||
			words=$(_mailseal_people "$current") ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "${current#=}")
}

complete -o filenames -F _mailseal mailseal
complete -F _mailseal_sendmail mailseal-sendmail
