"""What C++ programs need to be run and tested."""

import re

from evalsite.languages.running import OfTools


class CppRunning(OfTools):
    """A stub needs the types of what it is called with, and so it is made of the prompt."""

    varying = re.compile(r"\b(?:rand|srand|random_device|time)\s*\(|\bchrono\b")

    def stub_of(self, begun: str, *names: str) -> str:
        """The function that was begun, with nothing in it but an exception."""
        return begun and f"{begun}\n    throw 0;\n}}\n"
