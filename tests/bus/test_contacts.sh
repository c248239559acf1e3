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

judged() {
	judge "$message" && [ "$(key verdict <"$desk/report")" = "$1" ]
}
# becomes WHAT VERDICT
becomes() {
	comes_true judged "$2" ||
		fail "$1: still $(key verdict <"$desk/report"), not $2"
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

# A card that breaks off takes nobody with it.
printf 'BEGIN:VCARD\nVERSION:3.0\nFN:The Shop\nEMAIL:orders@shop.example\n%s' \
	$'END:VCARD\n' >"$books/card.vcf"
becomes 'a vCard' genuine
printf 'BEGIN:VCARD\nVERSION:3.0\nEMAIL' >"$books/card.vcf"
cut() { mailseal status | grep -q 'card.vcf: 1 entry could not be read'; }
comes_true cut || fail 'the broken card is not reported'
becomes 'the card as it was' genuine
rm "$books/card.vcf"
becomes 'the broken card is gone' authenticated

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
comes_true reported || fail 'the broken file is not reported'
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

listed() {
	[ "$(mailseal contacts list 2>"$desk/err")" = "$1" ]
}
# listed_becomes WHAT LINE...: the whole list
listed_becomes() {
	comes_true listed "$(printf '%s\n' "${@:2}")" ||
		fail "$1: $(mailseal contacts list | cat -A)"
	asserted=$((asserted + 1))
}

# Contacts1: what the user adds by hand, and what stands in a book.
: >"$desk/later/aliases"
printf 'alias carol Carol Reed <carol@reed.example>\n' >"$books/aliases"
mailseal contacts add 'Orders@Shop.Example' 'Shop, "The"'
tab=$(printf '\t')
listed_becomes 'listed' \
	"carol@reed.example${tab}Carol Reed${tab}$books/aliases" \
	"Orders@shop.example${tab}Shop, \"The\"${tab}user"
becomes 'added by the user' genuine
expect 'json' 'Orders@shop.example' \
	"$(mailseal contacts list --json | grep -F shop | key addresses.0)"
mailseal contacts remove 'ORDERS@shop.example' 2>"$desk/err" ||
	mailseal contacts remove 'Orders@shop.example'

# One of each kind of book; who stands in several is one person, with every
# source, and what breaks is told beside the list.
mailseal contacts remove Orders@shop.example 2>/dev/null || true
mirror=$books/work
mkdir -p "$mirror"
printf 'Work' >"$mirror/displayname"
printf '#ff0000' >"$mirror/color"
cat >"$books/aliases" <<'END'
alias alice Alice Harper <alice@home.example>
alias alicew Alice Harper <alice@work.example>
alias carol Carol Reed <carol@reed.example>
END
cat >"$books/addressbook" <<'END'
[format]
program=abook
[0]
name=Dora Fox
email=dora@fox.example,d.fox@work.example
END
cat >"$books/addrbook-000001.xml" <<'END'
<?xml version="1.0" encoding="UTF-8" ?>
<address-book name="Personal address" >
<person uid="1" cn="Eve Stone" ><address-list>
<address uid="2" alias="" email="eve@stone.example" remarks="" />
</address-list></person></address-book>
END
printf '%s\r\n' BEGIN:VCARD VERSION:3.0 'FN:Alice Har' ' per' \
	'EMAIL;TYPE=HOME:alice@home.example' \
	'item1.EMAIL;TYPE=WORK:alice@wo' ' rk.example' item1.X-ABLabel:work \
	END:VCARD >"$mirror/a.vcf"
{
	printf '%s\r\n' BEGIN:VCARD VERSION:4.0 FN:Bo
	printf 'PHOTO:data:image/jpeg;base64,'
	head -c 3000000 /dev/zero | base64 -w 74 | sed 's/^/ /;s/$/\r/'
	printf '%s\r\n' EMAIL:bo@photo.example END:VCARD
} >"$mirror/b.vcf"
printf '%s\r\n' BEGIN:VCARD VERSION:2.1 \
	'FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=BCr=' 'gen' \
	'EMAIL;INTERNET:j@old.example' END:VCARD >"$mirror/c.vcf"
tab=$(printf '\t')
listed_becomes 'every kind of book' \
	"alice@home.example, alice@work.example${tab}Alice Harper${tab}$books/aliases; $mirror/a.vcf" \
	"bo@photo.example${tab}Bo${tab}$mirror/b.vcf" \
	"carol@reed.example${tab}Carol Reed${tab}$books/aliases" \
	"dora@fox.example, d.fox@work.example${tab}Dora Fox${tab}$books/addressbook" \
	"eve@stone.example${tab}Eve Stone${tab}$books/addrbook-000001.xml" \
	"j@old.example${tab}J$(printf '\303\274')rgen${tab}$mirror/c.vcf"
expect 'nothing to complain of' '' "$(cat "$desk/err")"
mailseal contacts list
contains 'status' "$books: 10 addresses in 8 files" "$(mailseal status)"

# Another address of hers in her name is her own.
expect 'Known' 'Alice Harper' "$(mailseal contacts list --json |
	head -n 1 | key name)"

# A broken card is told, and keeps what it had.
mv "$mirror/c.vcf" "$mirror/renamed.vcf"
printf 'nothing' >"$mirror/a.vcf"
rm "$mirror/b.vcf"
listed_becomes 'broken, renamed and deleted' \
	"alice@home.example, alice@work.example${tab}Alice Harper${tab}$books/aliases; $mirror/a.vcf" \
	"carol@reed.example${tab}Carol Reed${tab}$books/aliases" \
	"dora@fox.example, d.fox@work.example${tab}Dora Fox${tab}$books/addressbook" \
	"eve@stone.example${tab}Eve Stone${tab}$books/addrbook-000001.xml" \
	"j@old.example${tab}J$(printf '\303\274')rgen${tab}$mirror/renamed.vcf"
contains 'told' "address book $books: $mirror/a.vcf: it is no mutt alias file" \
	"$(cat "$desk/err")"
order=$(mailseal status | sed -n '/^Not in order:/,$p')
contains 'in plain words' "- Address book $books: $mirror/a.vcf: it is no" \
	"$order"

# A mirror of many cards, written while it is read.
rm -r "$mirror"
mkdir -p "$mirror"
many() {	# WORD: 400 cards, replaced by renaming as vdirsyncer does
	local n
	for n in $(seq 400); do
		printf 'BEGIN:VCARD\nVERSION:3.0\nFN:Many %s\n%s%s' "$1" \
			"EMAIL:m$n@many.example" $'\nEND:VCARD\n' \
			>"$mirror/.new.$n"
		mv "$mirror/.new.$n" "$mirror/$n.vcf"
	done
}
many one
many two
counted() {
	[ "$(mailseal contacts list | grep -c "m.*@many.example${tab}Many $1")" = "$2" ]
}
comes_true counted two 400 || fail 'the mirror is not read'
rm "$mirror"/[1-3]*.vcf
comes_true counted two "$(find "$mirror" -name '*.vcf' | wc -l)" ||
	fail 'deleted cards stay'
asserted=$((asserted + 2))
rm -r "$mirror" "$books/addressbook" "$books/addrbook-000001.xml"

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
expect 'imported ones' 2 "$(mailseal contacts list | grep -c '@x.example')"
echo "asserted $asserted"
