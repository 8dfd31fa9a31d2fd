"""Whether the problems that are far apart by their tokens are those that changed sides: told, not claimed."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalsite.counts.passk import Values
from evalsite.stats.compare.runs import RunComparison
from evalsite.stats.distance.found import Found

FEWEST = 5


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's rho of a problem's mean divergence and the share of passes that it lost."""

    rho: float
    num_problems: int

    @property
    def sentence(self) -> str:
        """What it says, and what it does not."""
        return (
            f"Over {self.num_problems} problems, a problem's mean KL and the share of passes that it lost "
            f"have a rank correlation of {self.rho:+.2f} (Spearman). That is told, and proves nothing: texts "
            "that neither model wrote need not be where one fails."
        )


def correlation_with_flips(found: Found, compared: RunComparison) -> RankCorrelation | None:
    """Return the correlation over the problems that both have; None for few, or where nothing varies."""
    rates = [{task: c / n for task, n, c in zip(run.task_ids, run.n, run.c, strict=True) if n}
             for run in (compared.base, compared.candidate)]  # fmt: skip
    tasks = [task for task in found.kl_of if task in rates[0] and task in rates[1]]
    if len(tasks) < FEWEST:
        return None
    far = _ranks(np.array([found.kl_of[task] for task in tasks]))
    lost = _ranks(np.array([rates[0][task] - rates[1][task] for task in tasks]))
    if far.std() == 0 or lost.std() == 0:
        return None
    return RankCorrelation(float(np.corrcoef(far, lost)[0, 1]), len(tasks))


def _ranks(values: Values) -> npt.NDArray[np.float64]:
    """Ranks from 0, those of equal values averaged."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: npt.NDArray[np.float64] = (ends - (counts + 1) / 2)[places]
    return ranks
