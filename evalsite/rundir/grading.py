"""How the programs of a run were executed and judged, as ``run.json`` records it."""

from evalsite.rundir.rows import Amount, Count, Row
from evalsite.rundir.sandboxes import Sandbox


class Limits(Row, frozen=True, kw_only=True):
    """What one sample may use. ``cpu_s`` is a floor: see :attr:`reference_factor`."""

    cpu_s: Amount = 5.0
    reference_factor: Amount = 4.0
    """A problem's limit is the larger of ``cpu_s`` and this many times its reference solution's CPU time."""
    wall_factor: Amount = 4.0
    """The wall limit, for sleepers, is this many times the CPU limit."""
    memory_mib: Count = 1024
    output_kib: Count = 1024
    """Written to both streams together; only the last 4 KiB are kept."""
    processes: Count = 64
    file_mib: Count = 64
    disk_mib: Count = 128


class Grading(Row, frozen=True, kw_only=True):
    """How programs were executed and judged."""

    sandbox: Sandbox
    """``landlock`` needs no namespaces; ``process`` runs generated code with the user's own rights: rlimits
    only, no isolation; ``none`` where nothing was run (calls of tools alone).
    """
    layers: tuple[str, ...] = ()
    """Isolation layers in force, such as ``pid-namespace``, ``seccomp``, ``landlock``."""
    limits: Limits = Limits()
    extraction: str = ""
    """Version of the extraction rules."""
    dedupe: bool = True
    preflight: bool = True
    python: str = ""
    """Version of the interpreter inside the sandbox."""
    packages: dict[str, str] = {}
    """Name -> version of what programs could import besides the standard library, where they ran in a Python
    that was named for it (``--sandbox-python``)."""
    packages_sha256: str = ""
    """Over ``packages`` as lines of ``pip freeze``; empty without such a Python."""
    preload: tuple[str, ...] = ()
    """Those of its modules that were imported beforehand."""
    toolchains: dict[str, str] = {}
    """Language -> name and version of what compiled and ran its programs; none where Python's ran alone."""
    graded_by: dict[str, Count] = {}
    """Version of evalsite -> verdicts that it reached; empty in files that did not record it."""
    likeness: dict[str, str] = {}
    """Program of a fixed set -> its verdict here: alike, two sandboxes are comparable."""
    excluded: dict[str, str] = {}
    """Problem -> why it counts in no score: its own reference solution did not pass where this was graded."""

    @property
    def ran_freely(self) -> bool:
        """Nothing kept programs in."""
        return Sandbox(self.sandbox).runs_freely
