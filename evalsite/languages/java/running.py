"""What Java programs need to be run and tested."""

import re

from evalsite.languages.running import OfTools


class JavaRunning(OfTools):
    """A stub needs the types of what it is called with, and so it is made of the prompt."""

    varying = re.compile(
        r"\b(?:new Random\(\)|Math\.random|currentTimeMillis|nanoTime|LocalDate(?:Time)?\.now|Instant\.now)"
    )

    def stub_of(self, begun: str, *names: str) -> str:
        """The method that was begun, with nothing in it but an exception."""
        return begun and f"{begun}\n        throw new UnsupportedOperationException();\n    }}\n}}\n"
