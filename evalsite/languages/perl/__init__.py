"""Perl: its subroutines, quotes of many kinds and heredocs."""

from evalsite.languages.base import Asking, Language
from evalsite.languages.perl.failures import PerlFailures
from evalsite.languages.perl.reading import PerlReading
from evalsite.languages.perl.toolchain import Perl
from evalsite.languages.scripts import ScriptRunning

PERL = Language(
    name="perl",
    title="Perl",
    lexer="perl",
    comment="#",
    suffix="pl",
    written=("perl", "pl"),
    asking=Asking(
        function_stops=("\nsub ", "\nprint ", "\n__END__", "\n```"),
        program_stops=("\nprint ", "\n__END__", "\n```"),
        text="=pod\n\n{}\n\n=cut\n",
    ),
    reading=PerlReading(),
    running=ScriptRunning(
        "perl",
        "sub NAME {\n    BODY\n}\n",
        raises='die "not implemented";',
        idle="return sub {};",
        varying=r"\brand\b|\btime\b|localtime|gmtime",
    ),
    failures=PerlFailures(),
    toolchain=Perl(),
)
