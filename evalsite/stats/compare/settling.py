"""What would settle an open verdict over several data sets, in words.

How far more samples of the same problems would go is not told: that depends on how much of each data set's
changes is luck, and on how alike the problems of one source are.
"""

from dataclasses import dataclass, replace

from evalsite.stats.compare.noise import Noise
from evalsite.stats.compare.paired import Changes
from evalsite.stats.compare.planning import MOST, PROBLEMS_IN_REACH, Reach, by_problems, open_question
from evalsite.stats.intervals import Interval
from evalsite.words.sentences import percents


@dataclass(frozen=True, slots=True)
class Settling:
    """How many problems, or source problems, decide how many of such campaigns."""

    reach: Reach
    now: int
    clustered: bool
    """Whether several problems ask one source problem: then those are counted."""

    @property
    def sentence(self) -> str:
        """The advice in plain words, with what it takes for granted."""
        things = "source problems" if self.clustered else "problems"
        number = self.reach.half
        told = f"more than {PROBLEMS_IN_REACH:,}" if number is None else f"about {number:,}"
        most = "" if self.reach.most is None else f", about {self.reach.most:,} in {percents(MOST)}"
        return (
            f"What would settle it: {told} {things} like these (now {self.now:,}), spread alike over the "
            f"data sets, in half of such cases{most}. That takes the truth to lie around what was seen, as "
            "far off as these data leave room for."
        )


def settling(
    changes: Changes, interval: Interval, margin: float, num_samples: int, *, clustered: bool
) -> Settling:
    """What would settle whether more than ``margin`` was lost, where the interval leaves that open.

    ``num_samples``: the fewest of a problem in either run.
    """
    units = changes.values.size
    noise, ends = Noise(units, float(changes.values.var())), (changes.worst, changes.best)
    question = open_question(changes.values, interval, -margin, margin, num_samples, noise, ends)
    return Settling(by_problems(replace(question, unseen=changes.unseen)), units, clustered)
