"""Targets: what was promised, for which runs, and how sure one has to be."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from evalsite.rundir.schema import Run
from evalsite.stats.compare.clusters import Weights
from evalsite.stats.decision import Direction
from evalsite.stats.intervals import CONFIDENCE
from evalsite.stats.targets.metrics import Metric

Judge = Literal["interval", "posterior"]
Family = Literal["each", "simultaneous"]
FORMAT = 1
FAMILIES: tuple[Family, ...] = ("each", "simultaneous")
JUDGES: tuple[Judge, ...] = ("interval", "posterior")

CARD_FIELDS = (
    "role",
    "family",
    "parameters",
    "quantization",
    "server",
    "server_version",
    "kv_cache",
    "hardware",
)
"""Fields of the model card that ``applies_to`` can ask for."""
SELECTORS = ("model", "run", *CARD_FIELDS)


@dataclass(frozen=True, slots=True)
class Target:
    """One row of a targets file. Figures are in the metric's unit: percent, points, ms, tokens/s."""

    name: str
    metric: Metric
    threshold: float
    """For degradation the non-inferiority margin: how many points may be lost."""
    direction: Direction
    """On which side of the threshold the target is met."""
    datasets: tuple[str, ...] = ()
    """Names of data sets, variant included, or patterns of them; empty for any. A run on any is judged."""
    pool: tuple[str, ...] = ()
    """Names of data sets that are judged together; they are :attr:`datasets` then."""
    weights: Weights = "problem"
    """What counts the same in a pool."""
    two_sided: bool = False
    """Whether a gain beyond the margin misses it, too: equivalence."""
    judged_by: Judge = "interval"
    """Whose interval decides: that of the comparison, or that of a posterior."""
    family: Family = "each"
    """Whether several candidates are judged each by itself, or together."""
    baseline: float | None = None
    """The baseline's figure, where it is known as a figure."""
    baseline_run: str = ""
    """The baseline as a run's id or a model's name."""
    confidence: float = CONFIDENCE
    where_possible: bool = False
    """Left out where the runs do not hold what it takes, instead of pending."""
    applies_to: tuple[tuple[str, str], ...] = ()
    """Selector and pattern (``*`` and ``?`` as in file names); all have to fit. Empty: every candidate."""

    @property
    def is_plain(self) -> bool:
        """Whether it is about one threshold on the interval of a difference or a score, as most are."""
        return not self.metric.means.is_share_kept and not self.two_sided and self.judged_by == "interval"

    def wants_dataset(self, name: str) -> bool:
        """Whether the target speaks of this data set. Letters may be of either case; a name fits itself."""
        name = name.casefold()
        wanted = [one.casefold() for one in self.datasets]
        return not wanted or any(name == one or fnmatchcase(name, one) for one in wanted)

    @property
    def takes_several_datasets(self) -> bool:
        """Whether runs on more than one data set may be judged."""
        return len(self.datasets) != 1 or any(sign in self.datasets[0] for sign in "*?[")

    def selects(self, run: Run) -> bool:
        """Whether the run is one of those that the target applies to, whatever its data set."""
        return all(fnmatchcase(_selected(run, field), pattern) for field, pattern in self.applies_to)


@dataclass(frozen=True, slots=True)
class Targets:
    """All rows of one targets file, in its order."""

    rows: tuple[Target, ...]
    source: str
    """The file's path as the user gave it, or what holds without one."""


def _selected(run: Run, field: str) -> str:
    if field == "model":
        return run.model.name
    return run.id if field == "run" else str(getattr(run.model.card, field))
