# mailseal-sendmail.fish - completion of mailseal-sendmail in fish

function __mailseal_sendmail_people
	set -l typed (commandline -ct)
	test -n "$typed"; or return
	mailseal contacts query $typed 2>/dev/null | string match -r '^[^\t]+\t[^\t]*'
end

set -l m complete -c mailseal-sendmail
$m -f -a '(__mailseal_sendmail_people)'
$m -s t -d 'Recipients from the message too'
$m -s f -x -a '(__mailseal_sendmail_people)' -d 'Envelope sender'
$m -s r -x -a '(__mailseal_sendmail_people)' -d 'Envelope sender'
$m -s F -x -d 'Full name'
$m -s N -x -a 'never success failure delay success,failure,delay' -d 'Delivery status'
$m -s R -x -a 'full hdrs' -d 'What comes back'
$m -s V -x -d 'Envelope id'
$m -s i -d 'A dot ends nothing (always so)'
$m -o oi -d 'A dot ends nothing (always so)'
$m -o odb -d 'Answers when it is queued'
$m -o odq -d 'Answers when it is queued'
$m -s v -d 'Tells by which server'
$m -s q -d 'Tries the whole queue'
$m -o bp -d 'Lists the queue'
$m -o bi -d 'Does nothing'
$m -o bv -d 'Does nothing'
$m -l account -x -d 'Sends by that account'
$m -l require -x -a 'encrypt sign encrypt,sign' -d 'Refuses what is not'
$m -l help -d 'The options'
$m -l version -d 'The version'
