"""What Perl, and our driver in it, tell of a failure."""

import re

from evalsite.languages.scripts import ScriptFailures

_AT = re.compile(r" at (<program>|<tests>) line (\d{1,9})(?:\.|, )")


class PerlFailures(ScriptFailures):
    """What was said ends with the place where it was."""

    memory = re.compile(r"Out of memory")
    syntax = re.compile(
        r"syntax error at|^Missing right|Can't find string terminator|^Unmatched right|has too many errors"
        r"|Global symbol .* requires|^Bareword|^Can't redeclare"
    )
    no_module = re.compile(r"Can't locate ([^\s/]\S{0,199})(?: in @INC|:   \S+: Permission denied)")
    """The second where the sandbox hides a folder that it was to be in."""

    def words(self, message: str) -> str:
        """Without the place."""
        return _AT.split(message)[0]
