"""The failed samples of a run as lists show them: those of a problem that failed alike are one row."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from evalsite.report.sample import what_went_wrong
from evalsite.rundir.schema import Verdict
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.code.folding import of_prompt

LEAST_CODE, MOST_CODE, OF_A_RUN = 200, 4_000, 650_000
"""Characters of a program that can be searched, and of all of a run together; their pages have the rest."""
_UNSAFE = re.compile(r"[^A-Za-z0-9_.]+")
_LONGEST = 60

Facets = tuple[tuple[str, str], ...]
"""What a row can be filtered by, such as ``("class", "timeout")``. No part holds a blank, ``=`` or ``&``."""


@dataclass(frozen=True)
class Failing:
    """One failed sample."""

    sample: int
    error: str
    """In one line, shortened."""
    code: str
    """Its program without its prompt, shortened; empty where it was left out."""


@dataclass(frozen=True)
class FailureRow:
    """Samples of one problem with the same class, exception and symptoms."""

    problem: str
    verdict: VerdictClass
    exception: str
    symptoms: tuple[str, ...]
    samples: tuple[Failing, ...]

    @property
    def facets(self) -> Facets:
        """Class, exception, symptoms."""
        found = [("class", str(self.verdict))]
        found += [("exception", plain(self.exception))] if plain(self.exception) else []
        return (*found, *(("symptom", symptom) for symptom in self.symptoms))


def plain(name: str) -> str:
    """A name, which a program may have chosen, as it can stand in an address and among others."""
    return _UNSAFE.sub("-", name)[:_LONGEST].strip("-")


def address(facets: Facets) -> str:
    """What stands behind the ``#`` of a list's address to show the rows that have all of these."""
    return "&".join(f"{key}={value}" for key, value in facets)


def room_for_code(failed: int) -> int:
    """Characters of each program that are kept where so many samples of a run failed."""
    return max(LEAST_CODE, min(MOST_CODE, OF_A_RUN // max(1, failed)))


_Key = tuple[str, VerdictClass, str, tuple[str, ...]]


@dataclass
class Collector:
    """Gathers failures while verdicts go by, so that they are read once."""

    prompts: Mapping[str, Sequence[str]] | None = None
    """Problem -> the lines of its prompt; None where no code is kept."""
    most_code: int = MOST_CODE
    """Characters of each program that are kept."""
    _rows: dict[_Key, list[Failing]] = field(default_factory=dict)

    def watch(self, verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
        """Pass verdicts on, and keep what failed."""
        for verdict in verdicts:
            if verdict.verdict is not VerdictClass.PASSED:
                self._keep(verdict)
            yield verdict

    def _keep(self, verdict: Verdict) -> None:
        symptoms = tuple(str(name) for name in verdict.symptoms.names) if verdict.symptoms else ()
        said = verdict.verdict is VerdictClass.WRONG_ANSWER and verdict.exception == "AssertionError"
        exception = "" if said else verdict.exception
        key = verdict.problem, verdict.verdict, exception, symptoms
        own = self._rows.setdefault(key, [])
        own.append(Failing(verdict.sample, what_went_wrong(verdict), self._code(verdict)))

    def _code(self, verdict: Verdict) -> str:
        if self.prompts is None:
            return ""
        lines = verdict.program[: 10 * MOST_CODE].split("\n")
        asked = of_prompt(lines, self.prompts.get(verdict.problem, ()))
        return "\n".join(line for at, line in enumerate(lines) if at not in asked).strip()[: self.most_code]

    def rows(self, order: Sequence[str]) -> list[FailureRow]:
        """All rows: the most frequent class first, its problems in the given order."""
        rank = {task: at for at, task in enumerate(order)}
        weight: dict[VerdictClass, int] = {}
        for (_, verdict, *_), own in self._rows.items():
            weight[verdict] = weight.get(verdict, 0) + len(own)
        found = (
            FailureRow(*key, tuple(sorted(own, key=lambda one: one.sample)))
            for key, own in self._rows.items()
        )
        return sorted(
            found,
            key=lambda row: (
                -weight[row.verdict],
                row.verdict,
                rank.get(row.problem, len(rank)),
                row.samples[0].sample,
            ),
        )
