"""What blurs a figure: the choice of problems, and luck in the answers."""

import math
from dataclasses import dataclass

from evalsite.counts.passk import Counts, Values
from evalsite.stats.intervals import CONFIDENCE
from evalsite.stats.quantiles import student_quantile


@dataclass(frozen=True, slots=True)
class Noise:
    """What the variance of one problem's difference is made of (law of total variance).

    After Wang (2025, arXiv 2512.21326), in squared units of pass@1 ([0, 1]). ``data`` is the variance of the
    true differences between problems, and shrinks only with more problems; ``base`` and ``candidate`` are
    each run's variance of a single answer around its problem's true rate, averaged over problems, and
    shrink with the samples of each problem. All of them are None with fewer than two samples of some
    problem, which cannot tell them apart.
    """

    num_problems: int
    total: float
    """Of the observed differences, between problems: data + base / n_base + candidate / n_candidate."""
    data: float | None = None
    base: float | None = None
    candidate: float | None = None
    prediction: float | None = None
    """The part of ``total`` that is chance in the answers."""
    share_error: float | None = None
    """Standard error of ``prediction / total``; None where either is unknown or zero."""

    @property
    def prediction_share(self) -> float | None:
        """Share of the variance that more samples would reduce, in [0, 1]; None where it is unknown."""
        if self.prediction is None or self.total == 0.0:
            return None
        return min(1.0, self.prediction / self.total)

    def share_range(self, confidence: float = CONFIDENCE) -> tuple[float, float] | None:
        """Limits of :attr:`prediction_share`, both in [0, 1]; None where it is unknown.

        Student's t, with the ratio's variance linearized between problems.
        """
        share = self.prediction_share
        if share is None or self.share_error is None:
            return None
        half = student_quantile(0.5 + confidence / 2, max(self.num_problems - 1, 1)) * self.share_error
        return max(0.0, share - half), min(1.0, share + half)


def noise(base: tuple[Counts, Counts], candidate: tuple[Counts, Counts]) -> Noise:
    """Break the variance of the paired pass@1 differences down; each run as ``(n, c)``, (n_problems,).

    Within a problem the unbiased variance of one answer is ``c (n - c) / (n (n - 1))``; divided by n it is
    that of the problem's mean. What the observed variance between problems has beyond the average of these
    is the data's own. It can come out below zero by chance, and is then given as zero.
    """
    (base_n, base_c), (cand_n, cand_c) = base, candidate
    differences = cand_c / cand_n - base_c / base_n
    if min(base_n.min(), cand_n.min()) < 2:
        return Noise(differences.size, _variance(differences))
    answers = [c * (n - c) / (n * (n - 1)) for n, c in (base, candidate)]
    luck = answers[0] / base_n + answers[1] / cand_n
    return _noise(differences, luck, float(answers[0].mean()), float(answers[1].mean()))


def single_noise(n: Counts, c: Counts) -> Noise:
    """Break the variance of one run's pass@1 down between problems, as :func:`noise` does for two runs.

    ``n`` and ``c`` of shape (n_problems,); ``candidate`` is zero, there being none.
    """
    if n.min() < 2:
        return Noise(n.size, _variance(c / n))
    answers = c * (n - c) / (n * (n - 1))
    return _noise(c / n, answers / n, float(answers.mean()), 0.0)


def _variance(values: Values) -> float:
    return float(values.var(ddof=1)) if values.size > 1 else 0.0


def _noise(values: Values, luck: Values, base: float, candidate: float) -> Noise:
    """Noise of one value per problem, of whose variance ``luck`` is chance; both of shape (n_problems,)."""
    total, prediction, size = _variance(values), float(luck.mean()), values.size
    error = None
    if total > 0.0:
        squares = (values - values.mean()) ** 2 * size / (size - 1)
        pulls = (luck - prediction / total * squares) / total
        error = float(pulls.std(ddof=1)) / math.sqrt(size)
    return Noise(size, total, max(0.0, total - prediction), base, candidate, prediction, error)
