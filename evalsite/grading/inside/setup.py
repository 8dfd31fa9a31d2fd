"""What a fork server is told when it is started, on its command line."""

import json
from dataclasses import asdict, dataclass

PROMISED = {
    "files": "nothing is read but the interpreter and a private folder, and only that is written",
    "network": "no socket is opened",
    "signals": "no other process is signalled, limited or slowed",
    "tracing": "no other process is traced, and no memory but its own is read",
    "leftovers": "whatever a program starts is ended with it",
    "shared-objects": "no memory, queue, semaphore or key is shared",
}
"""What a sandbox without namespaces promises, and :mod:`.promises` tries."""

DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
"""Those that a program finds."""


@dataclass(frozen=True, kw_only=True)
class Setup:
    """How a fork server isolates its samples, and what they can import."""

    has_namespaces: bool
    """Whether it has some of its own: what it mounts, and what a sample starts, ends with them."""
    makes_promises: bool
    """Whether it makes those of :data:`PROMISED` in their place, and ends what a sample has started."""
    uid: int | None
    """The user that each sample becomes; None: the one that the server is."""
    work: str
    """Folder that samples may write to; with namespaces, a tmpfs of the server's own is mounted there."""
    disk: int
    """Bytes that a sample may write there."""
    readable: list[str]
    listable: list[str]
    """Folders whose names may be read, and nothing in them that is not ``readable``."""
    packages: list[str]
    """Folders that packages are imported from; none where the standard library is enough."""
    packages_stay: bool
    """Whether programs may import from them, too, or have those alone that were imported beforehand."""
    imports: list[str]
    """Those that are."""
    built: str = ""
    """Folder of what is compiled, for a server of commands; nothing for one of Python programs."""

    @property
    def has_own_user(self) -> bool:
        """Whether the user that its samples are has no other processes."""
        return self.has_namespaces or self.uid is not None

    def to_json(self) -> str:
        """The words that :meth:`from_json` reads."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, words: str) -> "Setup":
        """Raises ValueError or TypeError for words that are no setup."""
        return cls(**json.loads(words))
