# Runs a program, then its tests. What it is told comes by standard input, before any of the program's code runs:
# the words that prove the tests' end, the program, the tests. The words stay in variables of one block, and what
# could look into those, or change what the tests call, is taken away.
package DriverOfTests;
use strict;
use warnings;
use POSIX ();
BEGIN { eval { require Data::Compare; Data::Compare->import('Compare'); 1 } }

sub quoted {
    my ($text) = @_;
    $text = substr($text, 0, 2000);
    $text =~ s/([\\"])/\\$1/g;
    $text =~ s/([^\x20-\x7e])/sprintf('\\u%04x', ord($1) > 0xffff ? 0xfffd : ord($1))/ge;
    return qq("$text");
}

sub evaluated {
    no strict;
    no warnings;
    eval "package main; no strict; no warnings;\n#line 1 \"$_[1]\"\n$_[0]\n";
    return "$@" eq '';
}

{
    my ($proof, $program, $tests);
    {
        local $/;
        binmode STDIN;
        my $told = <STDIN>;
        close STDIN;
        open STDIN, '<', '/dev/null';
        my $line = sub { $told =~ s/\A([^\n]*)\n//; $1 };
        my $text = sub { my $size = $line->(); my $found = substr($told, 0, $size, ''); utf8::decode($found); $found };
        $proof = $line->();
        $program = $text->();
        $tests = $text->();
    }
    my ($write, $exit) = (\&POSIX::write, \&POSIX::_exit);
    my $compare = \&Data::Compare::Compare;
    $INC{'B.pm'} = $INC{'Devel/Peek.pm'} = '/dev/null';
    my $say = sub {
        my ($stage, $error) = ($_[0], "$_[1]");
        my @frames;
        push @frames, qq(["$1",$2,""]) while $error =~ /\bat (<program>|<tests>) line (\d{1,9})/g;
        my $text = '{"stage":"' . $stage . '","message":' . quoted($error) . ',"frames":[' . join(',', @frames) . ']}';
        $write->(3, $text, length $text);
        $exit->(1);
    };
    my $stage = 'run';
    evaluated($program, '<program>') or $say->($stage, $@);
    %CORE::GLOBAL:: = ();
    {
        no warnings;
        *Data::Compare::Compare = $compare if defined $compare;
        # Some tests say by their status that they have failed. Who else leaves, leaves early.
        no strict 'refs';
        *{'CORE::GLOBAL::exit'} = sub {
            my ($status, $file, $line) = ($_[0] // 0, (caller)[1, 2]);
            $say->('assertion', "exit $status at <tests> line $line.") if $file eq '<tests>' && $status;
            CORE::exit($status);
        };
    }
    evaluated($tests, '<tests>') or $say->('tests', $@);
    if (defined $compare && grep { $_ != $compare } \&Data::Compare::Compare, (defined &main::Compare ? \&main::Compare : ())) {
        $say->('tests', 'the program defines Data::Compare::Compare anew, which its tests rely on');
    }
    $| = 1;
    print STDOUT '';
    $write->(3, $proof, length $proof);
    $exit->(0);
}
