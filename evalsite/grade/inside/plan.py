"""What a fork server is told when it is started, on its command line."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a fork server isolates its samples, and what they can import."""

    mode: str
    """``root`` (no user namespace: each sample becomes a user of its own), ``user`` or ``process``."""
    uid: int | None
    work: str
    """Folder that samples may write to; a tmpfs of the server's own unless ``mode`` is ``process``."""
    disk: int
    """Bytes of that tmpfs."""
    readable: list[str]
    packages: str
    """Folder that packages are imported from; empty where the standard library is enough."""
    imports: list[str]
    """Those packages."""

    def to_json(self) -> str:
        """The words that :meth:`from_json` reads."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, words: str) -> "Plan":
        """Raises ValueError or TypeError for words that are no plan."""
        return cls(**json.loads(words))
