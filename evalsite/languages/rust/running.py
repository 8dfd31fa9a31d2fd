"""What Rust programs need to be run and tested."""

import re

from evalsite.languages.running import OfTools


class RustRunning(OfTools):
    """A stub needs the types of what it is called with, and so it is made of the prompt."""

    varying = re.compile(r"\b(?:rand::|thread_rng|SystemTime|Instant::now)")

    def stub_of(self, begun: str, *names: str) -> str:
        """The function that was begun, with nothing in it but a panic."""
        return begun and f"{begun}\n    unimplemented!()\n}}\n"
