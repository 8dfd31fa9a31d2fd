"""The chance that more was lost than is allowed, by a Bayesian model that is stated: for small data sets.

Beforehand nothing is known but that a problem is kept solved, kept unsolved, broken or fixed, each as likely
as the others; that is worth four problems, one of each. Formally: a Dirichlet process (Ferguson 1973, Annals
of Statistics 1) whose base measure is one each of these, which of single answers is a Dirichlet(1, 1, 1, 1)
over the four cells: a Bayesian model for up to a few hundred problems, as Bowyer, Aitchison & Ivanova (2025,
arXiv 2503.01747) ask for. With several samples the luck in the answers stays in the changes, as a part of
their spread. The mean over problems is then one of all values and the four with random weights (Rubin 1981,
Annals of Statistics 9), whose distribution :mod:`evalsite.stats.unseen` inverts exactly.
"""

import numpy as np

from evalsite.stats.compare.paired import Changes
from evalsite.stats.intervals import CONFIDENCE, Interval
from evalsite.stats.unseen import chance_below, highest, lowest

BEFOREHAND = "beforehand a problem is as likely broken as fixed, kept solved or kept unsolved"
FEW = 300
"""Problems, up to which a comparison tells what the model says."""
METHOD = "posterior, Dirichlet process worth four problems"


def probability_of_loss(changes: Changes, margin: float) -> float:
    """Posterior probability that more than ``margin`` was lost, in [0, 1]."""
    return chance_below(np.append(changes.values, (1.0, 0.0, 0.0)), -1.0, -margin)


def credible_interval(changes: Changes, confidence: float = CONFIDENCE) -> Interval:
    """The change's equal-tailed posterior interval: as much lies below as above it."""
    values, tail = changes.values, (1 - confidence) / 2
    middle = float(values.sum() / (values.size + 4))
    low = lowest(middle, np.append(values, (1.0, 0.0, 0.0)), -1.0, tail)
    high = highest(middle, np.append(values, (-1.0, 0.0, 0.0)), 1.0, tail)
    return Interval(low, high, confidence, METHOD)
