"""How many workers a machine has room for, and what it cannot give to a sample that the sample may have."""

from dataclasses import dataclass, field

from evalsite.errors import SandboxError
from evalsite.machine import usable_cpus
from evalsite.machine.room import Room
from evalsite.rundir.schema import Limits
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.words.sentences import count

_MIB = 1 << 20
_OWN_MEMORY, _OWN_PROCESSES, _OWN_FILES = 64 * _MIB, 8, 24
"""What the grader itself comes to need besides what it has when it starts."""
_MEMORY_EACH, _PROCESSES_EACH, _FILES_EACH = 48 * _MIB, 13, 4
"""Of a worker: its thread, bubblewrap and three servers, some of them once more for numpy, and a sample."""
_SAMPLE_FILES, _LEAST_FILES = 64, 16


@dataclass(frozen=True)
class Fit:
    """What fits."""

    workers: int
    """At least one: whether that starts is found out by starting it."""
    notes: tuple[str, ...] = ()
    """What people should know of it, in sentences."""
    scarce: dict[VerdictClass, str] = field(default_factory=dict)
    """A verdict that may be the machine's doing and not the sample's -> whose limit that is."""


def fit(asked: int | None, limits: Limits, here: Room) -> Fit:
    """Say how many workers there is room for; ``asked`` is how many somebody wants, None for one for each
    processor, if each can have a sample that uses all the memory that it may. So it must be, too, where the
    kernel would end the grader with a sample. Raises SandboxError where not
    even one could work.
    """
    if here.most_files is not None and here.most_files < _LEAST_FILES:
        raise SandboxError(
            f"a process may open {here.most_files} files here (ulimit -n), and grading needs {_LEAST_FILES}",
            hint="Raise that: ulimit -n 4096",
        )
    wanted = asked or usable_cpus()
    sample = 0 if asked and not here.kills_all_at_once else limits.memory_mib * _MIB
    bounds = [(wanted, "")]
    if here.memory is not None:
        bounds.append(((here.memory - _OWN_MEMORY) // (_MEMORY_EACH + sample), here.memory_limit))
    if here.processes is not None:
        bounds.append(((here.processes - _OWN_PROCESSES) // _PROCESSES_EACH, here.processes_limit))
    if here.files is not None:
        bounds.append(((here.files - _OWN_FILES) // _FILES_EACH, "the limit on open files (ulimit -n)"))
    most, why = min(bounds, key=lambda bound: bound[0])
    workers = max(most, 1)
    notes = []
    if workers < wanted:
        notes.append(f"{count(workers, 'worker')} instead of {wanted}: {why} leaves no room for more")
    scarce = _scarce(limits, here)
    notes += [f"{why}; a sample that needs more gets no verdict here" for why in _shortages(limits, here)]
    return Fit(workers, tuple(notes), scarce)


def _scarce(limits: Limits, here: Room) -> dict[VerdictClass, str]:
    found = {}
    if here.processes is not None and here.processes < limits.processes + _PROCESSES_EACH:
        found[VerdictClass.PROCESS_LIMIT] = here.processes_limit
    if here.address_space is not None and here.address_space < (limits.memory_mib * _MIB) + _OWN_MEMORY:
        found[VerdictClass.MEMORY_LIMIT] = here.address_space_limit
    if here.file_size is not None and here.file_size < limits.file_mib * _MIB:
        found[VerdictClass.FILE_LIMIT] = f"the limit of {here.file_size >> 10} KiB for a file (ulimit -f)"
    if here.most_files is not None and here.most_files <= _SAMPLE_FILES:
        found[VerdictClass.FILE_LIMIT] = f"the limit of {here.most_files} open files (ulimit -n)"
    return found


def _shortages(limits: Limits, here: Room) -> list[str]:
    """What a sample may use, and cannot have here."""
    told = [f"a sample may come to need more than {why} leaves" for why in _scarce(limits, here).values()]
    if here.memory is not None and is_short_of_memory(limits.memory_mib, here):
        told.append(
            f"a sample may use {limits.memory_mib} MiB (--memory-limit), and {here.memory_limit} leaves "
            f"{here.memory // _MIB} MiB"
        )
    return told


def is_short_of_memory(memory_mib: int, here: Room) -> bool:
    """Whether a sample cannot have the memory that it may use."""
    return here.memory is not None and here.memory < memory_mib * _MIB + _MEMORY_EACH
