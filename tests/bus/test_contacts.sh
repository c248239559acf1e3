#!/usr/bin/env bash
# test_contacts - address books of every kind, changed while the agent runs
# shellcheck source=tests/bus/bus.sh
. "$(dirname "$0")/bus.sh"
books=$desk/books
mkdir -p "$books"
DESK_CONFIG=	# the sources stand in [contacts], the last section
desk_start "$desk" "$build"
sed -i "s,^source = .*,source = $books; $desk/later/aliases," \
	"$desk/config/mailseal/config"
message=$desk/world/mail/02-unknown.eml

# becomes WHAT VERDICT: within 20 s
becomes() {
	local tries=0
	until judge "$message" && [ "$(key verdict <"$desk/report")" = "$2" ]
	do
		tries=$((tries + 1))
		[ "$tries" -lt 200 ] || fail "$1: still $(key verdict \
			<"$desk/report"), not $2"
		sleep 0.1
	done
	asserted=$((asserted + 1))
}

becomes 'no book' authenticated

printf 'alias shop The Shop <orders@shop.example>\n' >"$books/aliases"
becomes 'a mutt alias file' genuine
rm "$books/aliases"
becomes 'the file is gone' authenticated

printf 'BEGIN:VCARD\nVERSION:3.0\nFN:The Shop\nEMAIL:orders@shop.example\n%s' \
	$'END:VCARD\n' >"$books/.new"
mv "$books/.new" "$books/card.vcf"
becomes 'a vCard, renamed into place' genuine
rm "$books/card.vcf"
becomes 'the card is gone' authenticated

cat >"$books/addrbook-000001.xml" <<'END'
<?xml version="1.0" encoding="UTF-8" ?>
<address-book name="Personal address" >
<person uid="1" cn="The Shop" ><address-list>
<address uid="2" alias="" email="orders@shop.example" remarks="" />
</address-list></person></address-book>
END
becomes "Claws Mail's address book" genuine

# A file that breaks is reported, and its last good content stays in use.
printf '\0\0\0' >"$books/addrbook-000001.xml"
reported() { mailseal status | grep -q 'address book of Claws Mail'; }
tries=0
until reported; do
	tries=$((tries + 1))
	[ "$tries" -lt 200 ] || fail 'the broken file is not reported'
	sleep 0.1
done
becomes 'the last good content' genuine
rm "$books/addrbook-000001.xml"
becomes 'the broken file is gone' authenticated

printf '[format]\nprogram=abook\n[0]\nname=The Shop\nemail=orders@shop.example\n' \
	>"$books/addressbook"
becomes 'an abook file' genuine
rm "$books/addressbook"
becomes 'the abook file is gone' authenticated

# A source whose folder was not there when the agent started.
mkdir "$desk/later"
printf 'alias shop The Shop <orders@shop.example>\n' >"$desk/later/aliases"
becomes 'a folder that came later' genuine

# Contacts1: what the user adds by hand, and what stands in a book.
: >"$desk/later/aliases"
printf 'alias carol Carol Reed <carol@reed.example>\n' >"$books/aliases"
mailseal contacts add 'Orders@Shop.Example' 'Shop, "The"'
expect 'listed' 1 "$(mailseal contacts list |
	grep -cxF "$(printf 'Orders@shop.example\tShop, "The"\tuser')")"
listed() { mailseal contacts list | grep -qF carol@reed.example; }
tries=0
until listed && ! mailseal contacts list | grep -q ^orders@; do
	tries=$((tries + 1))
	[ "$tries" -lt 200 ] || fail 'the book is not listed'
	sleep 0.1
done
expect 'its source' "$books/aliases" \
	"$(mailseal contacts list | sed -n 's/^carol@.*\t//p')"
becomes 'added by the user' genuine
expect 'json' 'Orders@shop.example' \
	"$(mailseal contacts list --json | grep -F shop | key address)"
mailseal contacts remove 'ORDERS@shop.example' 2>"$desk/err" ||
	mailseal contacts remove 'Orders@shop.example'

refused() {	# WHAT PART COMMAND...
	local what=$1 part=$2
	shift 2
	if mailseal contacts "$@" >/dev/null 2>"$desk/err"; then
		fail "$what was not refused"
	fi
	contains "$what" "$part" "$(cat "$desk/err")"
}
refused 'no address' 'no address that mail can be sent to' add nobody
refused 'control characters' 'no address' add $'a\001@shop.example'
refused 'in a book' 'stands in an address book' remove carol@reed.example
refused 'a stranger' 'Nobody of this address' remove stranger@reed.example
refused 'no book' 'cannot be read' import "$build/agent/mailseald"
refused 'no file' 'No such file' import "$desk/nothing"
expect 'imported' 'imported: 2' "$(printf 'alias a A <a@x.example>\n%s' \
	$'alias b B <b@x.example>\n' >"$desk/import" &&
	mailseal contacts import "$desk/import")"
expect 'imported ones' 2 "$(mailseal contacts list | grep -c 'x.example')"
echo "asserted $asserted"
