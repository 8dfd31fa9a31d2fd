"""What Ruby, and our driver in it, tell of a failure."""

import re

from evalsite.languages.scripts import ScriptFailures


class RubyFailures(ScriptFailures):
    """Everything that is raised comes to the driver."""

    memory = re.compile(r"NoMemoryError|failed to allocate memory")
    fatal = re.compile(r"^\[FATAL\] (?P<message>.*)$", re.MULTILINE)
    no_module = re.compile(r"cannot load such file -- (\S{1,200})")
