#!/usr/bin/env bash
# test_completion - bash, zsh and fish complete every command and option that
# the manual names, and people that the agent knows
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
scripts=$here/../../plugins/completion
man=$here/../../docs/man
PATH=$build/plugins/cli:$build/plugins/mutt:$PATH
needs zsh fish tmux

# pairs PAGE: "command option" of its synopsis; contacts, keys and queue with
# the word behind them
pairs() {
	awk '
	/^\.Sh SYNOPSIS/ { on = 1; next }
	/^\.Sh/ { on = 0 }
	!on { next }
	/^\.Nm/ {
		command = ""
		for (i = 3; i <= NF; i++)
			command = command (i > 3 ? " " : "") $i
		if ($0 ~ /^\.Nm *$/ && FILENAME !~ /mailseal\.1$/) {
			command = FILENAME
			sub(/.*mailseal-/, "", command)
			sub(/\.1$/, "", command)
		}
		next
	}
	{
		for (i = 1; i <= NF; i++) {
			if ($i == "Cm" || $i == ".Cm") {
				word = $(i + 1)
				if (command == "")
					command = word
				else if (command ~ /^(contacts|keys|queue)/) {
					sub(/ .*/, "", command)
					print command, word
					command = command " " word
				}
				if (command == word)
					print "", word
			}
			if ($i == "Fl" || $i == ".Fl" || $i ~ /^\\-[a-z]/) {
				word = $i ~ /^\\/ ? $i : $(i + 1)
				gsub(/\\/, "", word)
				n = split(word, each, "")
				if (word ~ /^-/)
					print command, "-" word
				else
					for (j = 1; j <= n; j++)
						print command, "-" each[j]
			}
		}
	}' "$1"
}
for page in mailseal mailseal-dane mailseal-open mailseal-keys \
	mailseal-protect; do
	pairs "$man/$page.1"
done | sort -u >"$desk/pairs"
for option in program rc folder write; do
	grep -q "^mutt-doctor --$option\$" "$desk/pairs" ||
		fail "the manual is not understood: $(cat "$desk/pairs")"
done
# What --help names must be among them, somewhere.
for help in '' dane keys open protect; do
	# shellcheck disable=SC2086
	mailseal $help --help 2>/dev/null | grep -oE -- ' --?[a-z-]+\b' || true
done | tr -d ' ' | sort -u >"$desk/help"
[ "$(wc -l <"$desk/help")" -gt 15 ] || fail 'there is no help'
while read -r option; do
	grep -q -e " $option\$" "$desk/pairs" ||
		fail "--help has $option, the synopses have not"
done <"$desk/help"

# --- bash: the real function
bash_has() {
	bash --norc -c '
		. "$1"
		shift
		COMP_WORDS=("$@")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		function=_mailseal
		[ "$1" = mailseal ] || function=_mailseal_sendmail
		$function
		[ "${#COMPREPLY[@]}" = 0 ] || printf "%s\n" "${COMPREPLY[@]}"
	' bash "$scripts/mailseal.bash" "$@"
}
# --- fish: what it would offer
fish_has() {
	fish --no-config -c "source $scripts/mailseal.fish
		source $scripts/mailseal-sendmail.fish
		complete -C '$*'" | cut -f 1
}
typed() {
	case $1 in
	-?) echo - ;;
	*) echo "$1" ;;
	esac
}
checked=0
while read -r line; do
	option=${line##* }
	command=${line% *}
	[ "$command" != "$line" ] || command=
	read -ra words <<<"$command"
	bash_has mailseal "${words[@]}" "$option" | grep -x -e "$option" >"$desk/hit" ||
		fail "bash does not complete \"$command $option\""
	# It offers a letter behind "-" alone.
	fish_has "mailseal ${command:+$command }$(typed "$option")" |
		grep -x -e "$option" >"$desk/hit" ||
		fail "fish does not complete \"$command $option\""
	case $option in
	-*) grep -q -e "[') (,{]${option}[][',}=]" "$scripts/_mailseal" ;;
	*) grep -q -e "'$option:" "$scripts/_mailseal" ;;
	esac || fail "zsh does not know \"$option\""
	checked=$((checked + 1))
done <"$desk/pairs"
[ "$checked" -gt 70 ] || fail "only $checked were looked at"
asserted=$((asserted + checked))

# mailseal-sendmail, by its own page
sed -n 's/^\.It Fl //p' "$man/mailseal-sendmail.1" |
	grep -oE '(^|Fl )(\\-)?[a-zA-Z-]+' |
	sed 's/^Fl //; s/\\//; s/^/-/' | grep -v '^-\{1,2\}$' | sort -u |
	while read -r option; do
		bash_has mailseal-sendmail "$option" |
			grep -e "^$option" >"$desk/hit" || fail "bash: $option"
		fish_has "mailseal-sendmail $(typed "$option")" |
			grep -e "^$option" >"$desk/hit" || fail "fish: $option"
		grep -q -e "[')]${option}[][' =]" "$scripts/_mailseal" ||
			fail "zsh: $option"
		echo "$option"
	done >"$desk/sendmail"
[ "$(wc -l <"$desk/sendmail")" -gt 12 ] || fail 'options of sendmail'
zsh -n "$scripts/_mailseal" || fail 'zsh'

# --- people, and what is not an option
desk_start "$desk" "$build"
expect 'bash, a person' alice@example.org \
	"$(bash_has mailseal protect -r ali)"
expect 'fish, a person' bob@stone.example \
	"$(fish_has mailseal keys find sto)"
expect 'bash, of sendmail' alice@example.org \
	"$(bash_has mailseal-sendmail -t ali)"
expect 'bash, behind --config' 'list' \
	"$(bash_has mailseal --config x queue li)"
expect 'bash, a value' 'smtp' "$(bash_has mailseal dane --starttls sm)"
expect 'fish, a value' 'smtp' "$(fish_has mailseal dane --starttls sm)"
# Addresses are strangers': one that is a command for a shell is no word.
mailseal contacts add "mallory\`touch\${IFS}$desk/ran\`@evil.example" ||
	fail 'no hostile contact'
mailseal contacts add 'mallory@evil.example'
contains 'the hostile contact' '`touch' "$(mailseal contacts query mallory)"
for words in 'mailseal protect -r' 'mailseal keys find' 'mailseal-sendmail' \
	'mailseal-sendmail -f'; do
	read -ra words <<<"$words"
	expect "bash, ${words[*]}" 'mallory@evil.example' \
		"$(bash_has "${words[@]}" mal)"
done
[ ! -e "$desk/ran" ] || fail 'bash ran what an address said'
touch "$desk/a message"
expect 'bash, a file' "$desk/a message" \
	"$(bash_has mailseal check "$desk/a m")"

# --- zsh, in a terminal
# The shell of whoever runs this may be none: nobody's is nologin.
tm() { SHELL=/bin/sh tmux -S "$desk/tmux" -f /dev/null "$@"; }
at_end tm kill-server
on_screen() { tm capture-pane -p -t m | grep -e "$1" >"$desk/hit"; }
sees() {
	comes_true on_screen "$1" || {
		tm capture-pane -p -t m >&2
		fail "zsh does not show: $1"
	}
	asserted=$((asserted + 1))
}
tm new-session -d -x 100 -y 40 -s m "exec env PS1='ready> ' zsh -f"
tm send-keys -t m -l -- "fpath=($scripts \$fpath); autoload -U compinit; compinit -u -D; PS1='now> '"
tm send-keys -t m Enter
sees '^now> *$'
tm send-keys -t m -l -- 'mailseal mutt-d'
tm send-keys -t m Tab
sees '^now> mailseal mutt-doctor'
tm send-keys -t m -l -- '--pro'
tm send-keys -t m Tab
sees '^now> mailseal mutt-doctor --program'
tm send-keys -t m C-u
tm send-keys -t m -l -- 'mailseal protect -r ali'
tm send-keys -t m Tab
sees '^now> mailseal protect -r alice@example.org'
tm send-keys -t m C-u
tm send-keys -t m -l -- 'mailseal keys publish --smi'
tm send-keys -t m Tab
sees '^now> mailseal keys publish --smimea'
tm send-keys -t m C-u
tm send-keys -t m -l -- 'mailseal-sendmail --requ'
tm send-keys -t m Tab
sees '^now> mailseal-sendmail --require='
echo "asserted $asserted"
