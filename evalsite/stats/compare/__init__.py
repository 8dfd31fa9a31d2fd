"""Paired comparison of two runs: how much was lost, is it more than chance, and what would tell.

:func:`compare` takes counts, :func:`compare_runs` takes runs and adds flips, error classes, the
comparability guard and the explaining sentences; :func:`compare_all` corrects over several candidates.

What is asked for is loaded then: most commands want a part of it, and grading next to none.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evalsite.stats.compare.clusters import Weights
    from evalsite.stats.compare.flips import (
        TITLES,
        Flip,
        Group,
        NoiseFloor,
        find_flips,
        flips_sentence,
        grouped,
    )
    from evalsite.stats.compare.guard import Reservation, reservations
    from evalsite.stats.compare.luck import Luck, luck_alone
    from evalsite.stats.compare.noise import Noise
    from evalsite.stats.compare.numbers import Comparison, Difference, adjust, compare
    from evalsite.stats.compare.paired import paired_interval
    from evalsite.stats.compare.planning import Needed
    from evalsite.stats.compare.pooled import WEIGHTS, Pooled, pool
    from evalsite.stats.compare.runs import RunComparison, compare_all, compare_runs, noise_floor
    from evalsite.stats.compare.shift import ClassShift, ErrorShift, error_shift
    from evalsite.stats.compare.signflip import holm, mcnemar, paired_test
    from evalsite.stats.compare.suites import SuiteComparison, compare_suites
    from evalsite.stats.decision import MARGIN

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
    "paired_interval",
    "paired_test",
    "pool",
    "reservations",
]

_WHERE = {
    "ClassShift": "evalsite.stats.compare.shift",
    "Comparison": "evalsite.stats.compare.numbers",
    "Difference": "evalsite.stats.compare.numbers",
    "ErrorShift": "evalsite.stats.compare.shift",
    "Flip": "evalsite.stats.compare.flips",
    "Group": "evalsite.stats.compare.flips",
    "Luck": "evalsite.stats.compare.luck",
    "MARGIN": "evalsite.stats.decision",
    "Needed": "evalsite.stats.compare.planning",
    "Noise": "evalsite.stats.compare.noise",
    "NoiseFloor": "evalsite.stats.compare.flips",
    "Pooled": "evalsite.stats.compare.pooled",
    "Reservation": "evalsite.stats.compare.guard",
    "RunComparison": "evalsite.stats.compare.runs",
    "SuiteComparison": "evalsite.stats.compare.suites",
    "TITLES": "evalsite.stats.compare.flips",
    "WEIGHTS": "evalsite.stats.compare.pooled",
    "Weights": "evalsite.stats.compare.clusters",
    "adjust": "evalsite.stats.compare.numbers",
    "compare": "evalsite.stats.compare.numbers",
    "compare_all": "evalsite.stats.compare.runs",
    "compare_runs": "evalsite.stats.compare.runs",
    "compare_suites": "evalsite.stats.compare.suites",
    "error_shift": "evalsite.stats.compare.shift",
    "find_flips": "evalsite.stats.compare.flips",
    "flips_sentence": "evalsite.stats.compare.flips",
    "grouped": "evalsite.stats.compare.flips",
    "holm": "evalsite.stats.compare.signflip",
    "luck_alone": "evalsite.stats.compare.luck",
    "mcnemar": "evalsite.stats.compare.signflip",
    "noise_floor": "evalsite.stats.compare.runs",
    "paired_interval": "evalsite.stats.compare.paired",
    "paired_test": "evalsite.stats.compare.signflip",
    "pool": "evalsite.stats.compare.pooled",
    "reservations": "evalsite.stats.compare.guard",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
