#!/bin/sh
# pinentry.sh - a pinentry that answers from a file
#
# Each question takes the first line of $XDG_RUNTIME_DIR/pinentry.answers:
# a passphrase, or !cancel, !timeout, !die, !wait, !notty.  Every line that was
# heard goes to pinentry.log beside it, and the pid to pinentry.pid.
folder=${XDG_RUNTIME_DIR:?}
answers=$folder/pinentry.answers
log=$folder/pinentry.log
echo $$ >"$folder/pinentry.pid"

answer() {
	word=$(sed -n 1p "$answers" 2>/dev/null)
	sed -i 1d "$answers" 2>/dev/null
	case $word in
	'!cancel') echo 'ERR 83886179 Operation cancelled <Pinentry>' ;;
	'!timeout') echo 'ERR 83886142 Timeout <Pinentry>' ;;
	'!notty') echo 'ERR 83918950 Inappropriate ioctl for device <Pinentry>' ;;
	'!die') exit 1 ;;
	'!wait') : >"$folder/pinentry.waits" ;;
	'') echo OK ;;
	*)
		if [ "$1" = GETPIN ]; then
			printf 'D %s\n' "$word" | sed 's/%/%25/g'
		fi
		echo OK ;;
	esac
}

echo 'OK Pleased to meet you'
while read -r command rest; do
	printf '%s %s\n' "$command" "$rest" >>"$log"
	case $command in
	GETPIN | CONFIRM) answer "$command" ;;
	BYE)
		echo OK
		exit 0 ;;
	*) echo OK ;;
	esac
done
