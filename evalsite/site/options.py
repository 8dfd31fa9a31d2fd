"""What a caller may choose about a build, and what a build tells afterwards."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from evalsite.stats.targets import DEFAULT_TARGETS, Targets

Progress = Callable[[str, int, int], None]
"""Called as ``progress(what, done, total)``: what is being made, and how far it is."""


@dataclass(frozen=True)
class SiteOptions:
    """How a site is built. All of it counts towards what an unchanged build is."""

    title: str = "Code benchmark results"
    site_url: str = ""
    """Where the site will stand, such as ``https://me.github.io/results/``, for what must be absolute."""
    repository: str = ""
    """``owner/name`` on GitHub or its address, for issue links; empty leaves them out."""
    baseline: str = ""
    """A run's id or a model's name; empty takes the model card's word."""
    targets: Targets = DEFAULT_TARGETS
    downloads: bool = True
    """Whether the runs' own files are published beside their pages."""
    max_samples_per_problem: int = 0
    """Samples shown on a problem's page; 0 shows all. All are counted in any case."""
    max_pairs: int = 200
    """Up to this many pairs of runs get a comparison of their own; beyond it only pairs with the baseline."""
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


@dataclass(frozen=True)
class BuildReport:
    """What a build did."""

    output: Path
    runs: int
    pages: int
    """HTML pages that the site has."""
    files: int
    bytes: int
    """Size of all files together, before compression."""
    written: int
    """Files whose content changed."""
    removed: int
    """Files of an earlier build that no longer belong."""
    seconds: float
    warnings: tuple[str, ...] = field(default=())
