"""What PHP, and our driver in it, tell of a failure."""

import re

from evalsite.languages.scripts import ScriptFailures


class PhpFailures(ScriptFailures):
    """Errors that PHP does not throw end it at once."""

    memory = re.compile(r"Allowed memory size of \d+ bytes exhausted|Out of memory")
    fatal = re.compile(r"Fatal error: +(?P<message>.*?)(?: in \S+.*)?$", re.MULTILINE)
    no_module = re.compile(r"Failed opening required '([^'\n]{1,200})'")
