"""Paired comparison of two runs: how much was lost, is it more than chance, and what would tell.

:func:`compare` takes counts, :func:`compare_runs` takes runs and adds flips, error classes, the
comparability guard and the explaining sentences; :func:`compare_all` corrects over several candidates.
"""

from evalsite.stats.compare.flips import TITLES, Flip, Group, NoiseFloor, find_flips, flips_sentence, grouped
from evalsite.stats.compare.guard import Reservation, reservations
from evalsite.stats.compare.luck import Luck, luck_alone
from evalsite.stats.compare.noise import Noise
from evalsite.stats.compare.numbers import MARGIN, Comparison, Difference, adjust, compare
from evalsite.stats.compare.paired import paired_interval
from evalsite.stats.compare.planning import Needed
from evalsite.stats.compare.pooled import WEIGHTS, Pooled, Weights, pool
from evalsite.stats.compare.runs import RunComparison, compare_all, compare_runs, noise_floor
from evalsite.stats.compare.shift import ClassShift, ErrorShift, error_shift
from evalsite.stats.compare.signflip import holm, mcnemar, paired_test
from evalsite.stats.compare.suites import SuiteComparison, compare_suites, over_all

__all__ = [
    "MARGIN",
    "TITLES",
    "WEIGHTS",
    "ClassShift",
    "Comparison",
    "Difference",
    "ErrorShift",
    "Flip",
    "Group",
    "Luck",
    "Needed",
    "Noise",
    "NoiseFloor",
    "Pooled",
    "Reservation",
    "RunComparison",
    "SuiteComparison",
    "Weights",
    "adjust",
    "compare",
    "compare_all",
    "compare_runs",
    "compare_suites",
    "error_shift",
    "find_flips",
    "flips_sentence",
    "grouped",
    "holm",
    "luck_alone",
    "mcnemar",
    "noise_floor",
    "over_all",
    "paired_interval",
    "paired_test",
    "pool",
    "reservations",
]
