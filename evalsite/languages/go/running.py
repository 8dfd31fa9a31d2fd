"""What Go programs need to be run and tested."""

import re

from evalsite.languages.running import OfTools

_MAP, _RANGE = re.compile(r"\bmap\["), re.compile(r"\brange\b")
"""Go goes through a map in another order each time, on purpose."""


class GoRunning(OfTools):
    """A stub needs the types of what it is called with, and so it is made of the prompt."""

    varying = re.compile(r"\b(?:rand\.|time\.Now|time\.Since)")

    def may_vary(self, reference: str, tests: str) -> bool:
        """Whether either names a clock or chance, or the reference may go through a map."""
        in_any_order = bool(_MAP.search(reference) and _RANGE.search(reference))
        return in_any_order or super().may_vary(reference, tests)

    def stub_of(self, begun: str, *names: str) -> str:
        """The function that was begun, with nothing in it but a panic; imports that it has no use for go."""
        return (
            begun
            and re.sub(r'^import[ \t]*(?:\([^)]*\)|"[^"\n]*")', "", begun, flags=re.M)
            + '\n\tpanic("not implemented")\n}\n'
        )
