# mailseal.fish - completion of mailseal in fish

function __mailseal_people
	set -l typed (commandline -ct)
	test -n "$typed"; or return
	mailseal contacts query $typed 2>/dev/null | string match -r '^[^\t]+\t[^\t]*'
end

function __mailseal_queued
	mailseal queue list --json 2>/dev/null | string replace -rf '.*"id": *"([^"]*)".*' '$1'
end

# The command, and of contacts, keys and queue the word behind it.
function __mailseal_at
	set -l words (commandline -opc)
	set -e words[1]
	set -l found
	set -l skip no
	for word in $words
		if test $skip = yes
			set skip no
		else if test "$word" = --config
			set skip yes
		else if not string match -q -- '-*' $word
			set -a found $word
		end
	end
	switch "$found[1]"
		case contacts keys queue
			test "$found[1..2]" = "$argv"
		case '*'
			test "$found[1]" = "$argv"
	end
end

set -l m complete -c mailseal
$m -f
$m -n '__mailseal_at ""' -l config -r -F -d 'The configuration'
$m -n '__mailseal_at ""' -l help -d 'The commands'
$m -n '__mailseal_at ""' -l version -d 'The version'
$m -n '__mailseal_at ""' -a check -d 'Is the sender genuine?'
$m -n '__mailseal_at ""' -a contacts -d 'Whom you know'
$m -n '__mailseal_at ""' -a dane -d 'Does DNS vouch for a server?'
$m -n '__mailseal_at ""' -a filter -d 'For delivery agents'
$m -n '__mailseal_at ""' -a find -d 'What was judged of a Message-ID'
$m -n '__mailseal_at ""' -a forget -d 'What is remembered'
$m -n '__mailseal_at ""' -a keys -d 'Your own keys'
$m -n '__mailseal_at ""' -a mutt-doctor -d 'What is wrong with a Mutt'
$m -n '__mailseal_at ""' -a mutt-rules -d 'Configuration for Mutt'
$m -n '__mailseal_at ""' -a open -d 'Decrypts and verifies'
$m -n '__mailseal_at ""' -a protect -d 'Signs and encrypts'
$m -n '__mailseal_at ""' -a queue -d 'What was not sent yet'
$m -n '__mailseal_at ""' -a status -d 'What the agent does'
$m -n '__mailseal_at ""' -a suggest -d 'Which of your servers to believe'

for at in check filter
	$m -n "__mailseal_at $at" -l client-ip -x -d 'Address of the server that sent it'
	$m -n "__mailseal_at $at" -l helo -x -d 'Name it greeted with'
	$m -n "__mailseal_at $at" -l mail-from -x -a '(__mailseal_people)' -d 'Envelope sender'
end
$m -n '__mailseal_at check' -s v -d 'Explains every step'
$m -n '__mailseal_at check' -s q -d 'Only what is suspicious or spoofed'
$m -n '__mailseal_at check' -l again -d 'Judges anew'
$m -n '__mailseal_at check' -l destinations -d 'Asks where reports go'
$m -n '__mailseal_at check' -l maildir -x -a '(__fish_complete_directories)' -d 'All of a Maildir'
for at in check find status dane open protect 'contacts list' 'queue list' 'keys list' 'keys find' 'keys publish'
	$m -n "__mailseal_at $at" -l json -d 'As JSON'
end
for at in check open protect suggest 'contacts import' 'keys import'
	$m -n "__mailseal_at $at" -F
end

$m -n '__mailseal_at contacts' -a 'list add remove import query'
$m -n '__mailseal_at contacts remove' -a '(__mailseal_people)'

$m -n '__mailseal_at dane' -l starttls -x -a 'none smtp imap pop3' -d 'Protocol'
$m -n '__mailseal_at dane' -l require -d 'Refuses what DANE does not verify'
$m -n '__mailseal_at dane' -l watch -d 'Looks again and again'
$m -n '__mailseal_at dane' -l every -x -d 'Seconds between'
$m -n '__mailseal_at dane' -l srv -x -d 'The servers of a domain'
$m -n '__mailseal_at dane' -l mx -x -d 'The servers that take its mail'
$m -n '__mailseal_at dane' -l tlsa -r -F -d 'The record of a certificate'
$m -n '__mailseal_at dane' -a '(__fish_print_hostnames)'

$m -n '__mailseal_at forget' -l older -x -a '30d 1y 2y' -d 'Than that'
$m -n '__mailseal_at forget' -a '(__mailseal_people)'

$m -n '__mailseal_at keys' -a 'list generate import request remove unlock lock find publish'
for at in dane keys protect 'keys find' 'keys publish'
	$m -n "__mailseal_at $at" -l help -d 'More'
end
for at in 'keys generate' 'keys import' 'keys request'
	$m -n "__mailseal_at $at" -l name -x -d 'In the certificate'
end
$m -n "__mailseal_at 'keys import'" -l key -x -d 'Of several keys in the file'
for at in 'keys import' 'keys request'
	$m -n "__mailseal_at $at" -l address -x -a '(__mailseal_people)' -d 'Of the key'
end
for at in 'keys generate' 'keys find' 'keys publish'
	$m -n "__mailseal_at $at" -a '(__mailseal_people)'
end
$m -n '__mailseal_at keys generate' -l days -x -d 'It is good for'
$m -n '__mailseal_at keys generate' -l algorithm -x -a 'rsa3072 rsa4096 rsa2048 p256 p384' -d 'Kind'
$m -n '__mailseal_at keys request' -s o -l output -r -F -d 'Into that file'
$m -n '__mailseal_at keys remove' -l yes -d 'Without asking'
$m -n '__mailseal_at keys find' -l no-dns -d 'Asks no DNS'
$m -n '__mailseal_at keys publish' -l smimea -d 'For S/MIME'
$m -n '__mailseal_at keys publish' -l openpgpkey -d 'For OpenPGP'
$m -n '__mailseal_at keys publish' -l generic -d 'As RFC 3597 writes them'

$m -n '__mailseal_at mutt-doctor' -l program -x -a 'mutt neomutt' -d 'To look at'
$m -n '__mailseal_at mutt-doctor' -l rc -r -F -d 'Your configuration'
$m -n '__mailseal_at mutt-doctor' -l folder -x -a '(__fish_complete_directories)' -d 'Of mutt.rc'
$m -n '__mailseal_at mutt-doctor' -l write -d 'The source line without asking'
$m -n '__mailseal_at mutt-rules' -l first -d 'At the start of a Mutt'
$m -n '__mailseal_at mutt-rules' -l count -x -d 'How many Message-IDs'

$m -n '__mailseal_at open' -l part -x -d 'One sealed part'
$m -n '__mailseal_at open' -l force -d 'What would rather not be shown'
$m -n '__mailseal_at open' -l no-verdict -d 'Does not judge the sender'

$m -n '__mailseal_at protect' -l sign -d 'With your key'
$m -n '__mailseal_at protect' -l encrypt -d 'To every recipient'
$m -n '__mailseal_at protect' -l policy -d 'As the account says'
$m -n '__mailseal_at protect' -l opportunistic -d 'Only if everybody has a key'
$m -n '__mailseal_at protect' -l smime -d 'By S/MIME'
$m -n '__mailseal_at protect' -l openpgp -d 'By OpenPGP'
$m -n '__mailseal_at protect' -l key -x -d 'Yours'
$m -n '__mailseal_at protect' -l sender -x -a '(__mailseal_people)' -d 'Whose key'
$m -n '__mailseal_at protect' -l split -d 'Leaves hidden recipients over'
$m -n '__mailseal_at protect' -s r -x -a '(__mailseal_people)' -d 'Recipient'

$m -n '__mailseal_at queue' -a 'list flush cancel'
$m -n '__mailseal_at queue cancel' -a '(__mailseal_queued)'
