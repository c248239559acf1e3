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
echo "asserted $asserted"
