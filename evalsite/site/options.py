"""What a caller may choose about a build, and what a build tells afterwards."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from evalsite.errors import RunError
from evalsite.rundir.schema import Run
from evalsite.stats.targets import DEFAULT_TARGETS, Targets
from evalsite.words.sentences import count as counted

Keep = Literal["all", "failures"]
Archive = Literal["", "packed", "counts"]
"""Not archived; with its problems' pages in a compressed file; with its own page and counts alone."""

SITE_BUDGET = 900_000_000
"""Bytes: what GitHub Pages takes (1 GB), less some room."""


@dataclass(frozen=True)
class RunRule:
    """How much of some runs is shown. Whatever it leaves out is counted all the same."""

    match: tuple[str, ...] = ()
    """Patterns (``*`` and ``?`` as in file names) over a run's id or its model's name; one has to fit."""
    keep: Keep = "all"
    """``failures`` shows failed samples only."""
    max_samples_per_problem: int | None = None
    """Samples shown on a problem's page; 0 shows all, None leaves it to the site's own setting."""
    archive: Archive = ""
    """Publish no files of the run, and its problems' pages compressed, or not at all."""


@dataclass(frozen=True)
class SiteOptions:
    """How a site is built. All of it counts towards what an unchanged build is."""

    title: str = "Code benchmark results"
    strict: bool = False
    """Whether one run that cannot be read ends it all; else it is left out and told."""
    validate: bool = False
    """Whether a run that can be read and is not sound is left out, too."""
    site_url: str = ""
    """Where the site will stand, such as ``https://me.github.io/results/``, for what must be absolute."""
    repository: str = ""
    """``owner/name`` on GitHub or its address, for issue links; empty leaves them out."""
    issue_form: str = ""
    """The issue form of that repository that issue links fill in; empty fills in title and body."""
    baseline: str = ""
    """A run's id or a model's name; empty takes the model card's word."""
    targets: Targets = DEFAULT_TARGETS
    downloads: bool = True
    """Whether the runs' own files are published beside their pages."""
    max_samples_per_problem: int = 0
    """Samples shown on a problem's page; 0 shows all. All are counted in any case."""
    exclude: tuple[str, ...] = ()
    """Patterns over a run's id or its model's name: these runs are left out."""
    rules: tuple[RunRule, ...] = ()
    """How much of which runs is shown; the first rule that fits a run counts."""
    redirects: tuple[tuple[str, str], ...] = ()
    """(old run id, new run id): pages at a renamed run's old addresses lead to the new ones."""
    max_pairs: int = 200
    """So many pairs of runs without a baseline are compared; what was published keeps its page."""
    site_budget: int = SITE_BUDGET
    """Bytes that the site may take: the oldest runs are archived where it would take more; 0 for no limit."""
    jobs: int = 0
    """Processes that render runs side by side; 0 takes the number of usable processors."""

    @property
    def base_url(self) -> str:
        """``site_url`` with exactly one slash at its end, or an empty string."""
        return self.site_url.rstrip("/") + "/" if self.site_url else ""

    @property
    def repository_url(self) -> str:
        """The repository's address without a slash at its end, or an empty string."""
        name = self.repository.strip().rstrip("/").removesuffix(".git")
        return name if not name or "://" in name else f"https://github.com/{name}"

    def excludes(self, run: Run) -> bool:
        """Whether a run is left out of the site."""
        return _fits(self.exclude, run)

    def rule_for(self, run: Run) -> RunRule:
        """Return the first rule that fits a run; without one everything is shown."""
        return next((rule for rule in self.rules if _fits(rule.match, run)), RunRule())

    def most_samples(self, run: Run) -> int:
        """How many samples of a problem are shown; 0 for all."""
        own = self.rule_for(run).max_samples_per_problem
        return self.max_samples_per_problem if own is None else own


def _fits(patterns: tuple[str, ...], run: Run) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns for name in (run.id, run.model.name))


@dataclass(frozen=True)
class Made:
    """How many parts of one kind were made anew, of all that the site has."""

    what: str
    """The kind, in words: ``runs``."""
    count: int
    total: int


@dataclass(frozen=True)
class Unread:
    """A run that is missing from the site, since it could not be read or is not sound."""

    run_id: str
    """Its id, or its folder's name where its record is broken."""
    folder: Path
    error: RunError

    @property
    def sentence(self) -> str:
        """Which run and why, without where it lies on this machine."""
        why = self.error.message.replace(f"{self.folder}/", "").replace(f"{self.folder}: ", "")
        return f"{self.folder.name}: {why}"


@dataclass(frozen=True)
class BuildReport:
    """What a build did."""

    runs: int
    pages: int
    """HTML pages that the site has."""
    files: int
    bytes: int
    """Size of all files together, before compression."""
    made: tuple[Made, ...]
    """Empty where nothing had changed."""
    written: int
    """Files whose content changed."""
    removed: int
    """Files of an earlier build that no longer belong."""
    unread: tuple[Unread, ...]
    """Runs that are missing from the site."""
    seconds: float
    archived: int = 0
    """Runs whose pages are packed, since the site's budget has no room for them."""
    pairs_left_out: int = 0
    """Pairs of runs that got no comparison, for the limit on them."""

    @property
    def sentence(self) -> str:
        """What was made, in words."""
        if not self.made and not self.removed:
            return "nothing changed, nothing made"
        made = [f"{one.count:,} of {one.total:,} {one.what}" for one in self.made if one.total]
        parts = ["made " + ", ".join(made)] if made else []
        parts.append(f"{self.written:,} files written, {self.removed:,} removed")
        if self.archived:
            parts.append(f"{counted(self.archived, 'older run')} archived to stay within the site's budget")
        if self.pairs_left_out:
            left_out = counted(self.pairs_left_out, "pair")
            parts.append(f"{left_out} of runs not compared (max_pairs in evalsite.toml)")
        return "; ".join(parts)
