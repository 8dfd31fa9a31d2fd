"""Perl: its subroutines, quotes of many kinds and heredocs."""

from evalsite.languages.base import Asking, Language
from evalsite.languages.failures import Failures
from evalsite.languages.perl.reading import PerlReading
from evalsite.languages.running import Running

PERL = Language(
    name="perl",
    title="Perl",
    lexer="perl",
    comment="#",
    asking=Asking(
        function_stops=("\nsub ", "\nprint ", "\n__END__", "\n```"),
        program_stops=("\nprint ", "\n__END__", "\n```"),
        text="=pod\n\n{}\n\n=cut\n",
    ),
    reading=PerlReading(),
    running=Running(),
    failures=Failures(),
)
