#!/usr/bin/perl
# peer_maildkim.pl KEYS MESSAGES - what Mail::DKIM says of each message
#
# As peer_dkimpy.py.
use strict;
use warnings;
use Mail::DKIM::DNS;
use Mail::DKIM::Verifier;
use Net::DNS::RR;

my %keys;
open my $lines, '<', $ARGV[0] or die "$ARGV[0]: $!";
while (<$lines>) {
	chomp;
	my ($name, $text) = split / /, $_, 2;
	$keys{lc $name} = $text;
}
close $lines;

{
	no warnings 'redefine';
	*Mail::DKIM::DNS::query = sub {
		my ($name) = @_;
		my $text = $keys{lc $name};
		return unless defined $text;
		return Net::DNS::RR->new(name => $name, type => 'TXT',
			txtdata => [ $text =~ /(.{1,255})/gs ]);
	};
}

open my $messages, '<:raw', $ARGV[1] or die "$ARGV[1]: $!";
while (read($messages, my $head, 4)) {
	read $messages, my $message, unpack('N', $head);
	my $result;
	local $SIG{__WARN__} = sub { };	# it warns of what it refuses
	eval {
		my $verifier = Mail::DKIM::Verifier->new;
		$verifier->PRINT($message);
		$verifier->CLOSE;
		$result = $verifier->result;
	};
	print defined $result && $result eq 'pass' ? 1 : 0, "\n";
}
close $messages;
