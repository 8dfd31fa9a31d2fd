"""What Go programs need to be run and tested."""

import re

from evalsite.languages.running import OfTools

_VARYING = re.compile(r"\b(?:rand\.|time\.Now|time\.Since)")
_MAP, _RANGE = re.compile(r"\bmap\["), re.compile(r"\brange\b")
"""Go goes through a map in another order each time, on purpose."""


class GoRunning(OfTools):
    """A stub needs the types of what it is called with, and so it is made of the prompt."""

    def may_vary(self, reference: str, tests: str) -> bool:
        """Whether either names a clock or chance, or the reference may go through a map."""
        return bool(
            _VARYING.search(reference)
            or _VARYING.search(tests)
            or (_MAP.search(reference) and _RANGE.search(reference))
        )

    def stub_of(self, begun: str, *names: str) -> str:
        """The function that was begun, with nothing in it but a panic; imports that it has no use for go."""
        return (
            begun
            and re.sub(r'^import[ \t]*(?:\([^)]*\)|"[^"\n]*")', "", begun, flags=re.M)
            + '\n\tpanic("not implemented")\n}\n'
        )
