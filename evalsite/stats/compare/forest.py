"""What a forest plot shows of a pool, whatever draws it: lines, what each counts for, and what is allowed."""

from dataclasses import dataclass, replace

from evalsite.stats.compare.pooled import Pooled
from evalsite.stats.compare.suites import SuiteComparison
from evalsite.words.cells import moved_by


@dataclass(frozen=True)
class ForestLine:
    """A difference with its interval."""

    name: str
    numbers: Pooled
    share: float
    """How much it counts for beside the data set that counts most; 1 for that."""

    @property
    def told(self) -> str:
        """The difference with its interval, in points."""
        return moved_by(self.numbers.value, self.numbers.interval, self.numbers.margin)


@dataclass(frozen=True)
class Forest:
    """Each data set's difference, and the pooled one below."""

    lines: tuple[ForestLine, ...]
    whole: ForestLine
    limits: tuple[tuple[float, str], ...]
    """The differences that are allowed, with what each means in words."""

    @classmethod
    def of(cls, found: SuiteComparison) -> "Forest":
        """Lay a comparison out; a data set counts for its problems, or the same as any other."""
        alike = found.numbers.weights == "dataset"
        most = max(part.numbers.num_problems for part in found.parts)
        return cls(
            tuple(
                ForestLine(part.dataset, part.numbers, 1.0 if alike else part.numbers.num_problems / most)
                for part in found.parts
            ),
            ForestLine("all together", found.numbers, 1.0),
            tuple(found.numbers.question.lines(found.numbers.base)),
        )

    @property
    def all_lines(self) -> tuple[ForestLine, ...]:
        """With the pooled one, which is the last."""
        return (*self.lines, self.whole)

    @property
    def ends(self) -> tuple[float, ...]:
        """What has to find room: all intervals, no difference, and what is allowed."""
        intervals = [line.numbers.interval for line in self.all_lines]
        return (
            *(end for each in intervals for end in (each.low, each.high)),
            0.0,
            *(at for at, _ in self.limits),
        )

    def largest(self, most: int) -> "Forest":
        """The same with those lines alone that ask most problems, in their order."""
        kept = sorted(self.lines, key=lambda line: -line.numbers.num_problems)[:most]
        return replace(self, lines=tuple(line for line in self.lines if any(line is one for one in kept)))
