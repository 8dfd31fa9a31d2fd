"""Where two runs' answers part, and how far their programs are the same: no log-probabilities are needed.

Of many answers a choice is read, spread evenly over all of them: to parse every program of a large run would
take minutes.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from statistics import median

from evalsite.counts.loaded import LoadedRun
from evalsite.languages import LANGUAGES
from evalsite.languages.reading import Reading, UnreadableError
from evalsite.rundir.answers import answer_text
from evalsite.rundir.schema import DEFAULT_LANGUAGE
from evalsite.rundir.store import Key
from evalsite.words.sentences import count, percent
from evalsite.words.text import shared_beginning

_USUAL = 4_000
"""Characters of programs whose shapes are remembered."""
MOST_READ = 1_000
"""Pairs of answers of which texts and programs are held side by side."""


@dataclass(frozen=True, slots=True)
class Divergence:
    """How two runs' answers to the same samples part."""

    common: int
    """Samples that both runs have a program of."""
    same_programs: int
    """Those whose programs are the same, blanks around them aside."""
    read: int
    """Those that were read for what follows; all, or a choice of :data:`MOST_READ`."""
    alike: int
    """Of these, those whose programs are the same up to formatting and names of their own."""
    places: tuple[int, ...]
    """Of these, where the texts part, in characters from 0; only those that do, in ascending order."""
    length_ratio: float | None
    """Characters of the candidate's texts over those of the baseline's, of these; None without any."""

    @property
    def median_place(self) -> float | None:
        """The median of :attr:`places`; None where no text parts."""
        return median(self.places) if self.places else None

    def sentences(self) -> Iterator[str]:
        """The figures in words; none where there is nothing in common."""
        if not self.common:
            return
        some = "" if self.read == self.common else f" of {self.read:,} that were read"
        same = f"{self.same_programs:,} of {count(self.common, 'program')}"
        yield (
            f"{same} ({percent(self.same_programs / self.common)}) are the same in both runs; up to "
            f"formatting and names {self.alike:,}{some} ({percent(self.alike / self.read)})."
        )
        if self.median_place is not None:
            yield f"Texts that are not the same part at character {self.median_place:,.0f} (median)."
        if self.length_ratio is not None:
            yield f"The candidate's answers are {self.length_ratio:.2f} times as long, in characters."


def find_divergence(base: LoadedRun, candidate: LoadedRun) -> Divergence:
    """Hold programs and texts of two runs side by side, sample by sample; rows are read twice."""
    ours, theirs = _digests(base), _digests(candidate)
    common = sorted(ours.keys() & theirs.keys())
    same = sum(ours[key] == theirs[key] for key in common)
    chosen = set(common[:: -(-len(common) // MOST_READ)]) if common else set()
    programs = _programs(base, chosen), _programs(candidate, chosen)
    texts = _texts(base, chosen), _texts(candidate, chosen)
    readings = _readings(base)
    alike = sum(
        ours[key] == theirs[key] or _alike(readings[key[0]], programs[0][key], programs[1][key])
        for key in chosen
    )
    both = [(texts[0][key], texts[1][key]) for key in chosen if key in texts[0] and key in texts[1]]
    lengths = [sum(map(len, side)) for side in zip(*both, strict=True)] if both else [0, 0]
    return Divergence(
        common=len(common),
        same_programs=same,
        read=len(chosen),
        alike=alike,
        places=tuple(sorted(shared_beginning(*pair) for pair in both if pair[0] != pair[1])),
        length_ratio=lengths[1] / lengths[0] if lengths[0] else None,
    )


def _digests(run: LoadedRun) -> dict[Key, bytes]:
    return {(row.problem, row.sample): _digest(row.program.strip()) for row in run.dir.verdicts()}


def _programs(run: LoadedRun, keys: Container[Key]) -> dict[Key, str]:
    rows = run.dir.verdicts()
    return {key: row.program for row in rows if (key := (row.problem, row.sample)) in keys}


def _texts(run: LoadedRun, keys: Container[Key]) -> dict[Key, str]:
    rows = run.dir.completions()
    return {key: answer_text(row) for row in rows if (key := (row.problem, row.sample)) in keys}


def _readings(run: LoadedRun) -> Mapping[str, Reading]:
    default = LANGUAGES[DEFAULT_LANGUAGE]
    return {
        problem.task_id: LANGUAGES.get(problem.language, default).reading for problem in run.dir.problems()
    }


def _alike(reading: Reading, one: str, other: str) -> bool:
    """Whether two programs that differ do so in formatting and names alone; those nobody reads do not."""
    if not one.strip() or not other.strip():
        return False
    shape = _shape(reading, one)
    return shape is not None and shape == _shape(reading, other)


def _shape(reading: Reading, program: str) -> bytes | None:
    """A hash of a program's shape; None of one that nobody reads."""
    return _remembered(reading, program) if len(program) <= _USUAL else _read(reading, program)


@lru_cache(maxsize=4096)
def _remembered(reading: Reading, program: str) -> bytes | None:
    """A baseline's programs are read for each of its candidates."""
    return _read(reading, program)


def _read(reading: Reading, program: str) -> bytes | None:
    try:
        with reading.bounded(whatever=False):
            return _digest(reading.shape(program))
    except (UnreadableError, RecursionError):
        return None


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
