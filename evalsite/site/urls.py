"""Where every page stands. Paths have no leading slash; those of pages end in a slash.

The scheme is a promise: links into a published site are pasted into issues and must last::

    boards/<data set>-2.html            further runs on a data set, where the front page has no room for them
    runs/<run>/                         one run
    runs/<run>/<task>/#s3-L12           line 12 of sample 3 of one problem in it
    runs/<run>/failures.html            its failures, as a list that filters: #class=timeout
    problems/                           all problems by all runs, the hardest first
    problems/<task>/                    one problem across runs
    compare/                            all comparisons
    compare/<run>--<run>/               two runs, paired, in the order of their ids
    compare/<run>--<run>/failures.html  their problems, as a list that filters: #status=broken
    compare/<run>--<run>/<task>/        both programs for a problem that flipped
    cliffs/<data set>/                  a data set's levels of difficulty
    models/<model>--<model>/            two models over all that was measured, in the order of their names
    distance/<distance>/                how far two models are apart, token by token

A run that was renamed keeps pages at its old addresses, which lead on: ``evalsite.site.parts.redirects``.
One that was removed keeps pages which say so: ``evalsite.site.parts.removals``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from evalsite.rundir.schema import Run, Verdict
from evalsite.site.options import SiteOptions
from evalsite.site.slugs import cut, slug_map

HOME, TARGETS, METHODS, NOT_FOUND = "", "targets.html", "methods.html", "404.html"
PROBLEMS, BOARDS, COMPARISONS = "problems/", "boards/", "compare/"
FEED, SEARCH = "feed.atom", "data/search.js"
TABLES = ("runs", "comparisons", "targets")
"""The tables that stand below ``data/`` as CSV and as JSON."""

LONGEST_TASK, LONGEST_PAIR, LONGEST_FLIP = 73, 139, 179
"""Characters of a problem's, of two runs' and of both segments together: no path of a file gets 200, where
Windows allows 260 with all that stands before it.
"""

PATHS = {
    "home": HOME,
    "targets": TARGETS,
    "methods": METHODS,
    "problems": PROBLEMS,
    "comparisons": COMPARISONS,
    "feed": FEED,
    "search": SEARCH,
    **{f"{table}_{kind}": f"data/{table}.{kind}" for table in TABLES for kind in ("csv", "json")},
}
"""The paths that do not depend on any run, by the names that templates know them under."""


@dataclass(frozen=True)
class Urls:
    """Run ids and task ids with their slugs."""

    runs: dict[str, str]
    tasks: dict[str, str]
    archived: frozenset[str] = frozenset()
    """Runs without problem pages: their problems stand as rows on the run's own page."""
    models: dict[str, str] = field(default_factory=dict)
    """Names of models with their slugs."""

    @classmethod
    def of(cls, run_ids: Iterable[str], task_ids: Iterable[str], archived: Iterable[str] = ()) -> "Urls":
        """Give every name its slug."""
        return cls(slug_map(run_ids), slug_map(task_ids, LONGEST_TASK), frozenset(archived))

    @classmethod
    def of_runs(cls, runs: Sequence[Run], task_ids: Iterable[str], options: SiteOptions) -> "Urls":
        """Give all runs of a folder their slugs, those that are left out as well."""
        archived = (run.id for run in runs if options.rule_for(run).archive == "counts")
        urls = cls.of((run.id for run in runs), task_ids, archived)
        return replace(urls, models=slug_map(run.model.name for run in runs))

    def only(self, run_ids: Iterable[str], task_ids: Iterable[str]) -> "Urls":
        """Keep what is needed for some runs and problems: no other run or problem changes the rest."""
        runs = {run_id: self.runs[run_id] for run_id in run_ids}
        return Urls(runs, {task: self.tasks[task] for task in task_ids}, self.archived & runs.keys())

    def run(self, run_id: str) -> str:
        """Path of a run's page."""
        return run_path(self.runs[run_id])

    def problem_in_run(self, run_id: str, task_id: str, sample: int | None = None, turn: int = 0) -> str:
        """Path of one problem in one run, or of a sample's anchor in it; of an agent's, of one of its turns.

        In an archived run it is the problem's row on the run's page.
        """
        if run_id in self.archived:
            return f"{self.run(run_id)}#{self.row(task_id)}"
        anchor = "" if sample is None else anchor_of(sample, turn)
        return f"{self.run(run_id)}{self.tasks[task_id]}/{anchor}"

    def failures(self, run_id: str) -> str:
        """Path of the list of a run's failures."""
        return f"{self.run(run_id)}failures.html"

    def listed(self, run_id: str, facet: str = "") -> str:
        """Path of those of a run's failures that have something, such as ``class=timeout``; empty for a run
        without a list.
        """
        if run_id in self.archived:
            return ""
        return f"{self.failures(run_id)}#{facet}" if facet else self.failures(run_id)

    def failures_data(self, run_id: str) -> str:
        """Path of the same for machines."""
        return f"{self.run(run_id)}failures.json"

    def failures_of_pair(self, one_id: str, other_id: str) -> str:
        """Path of the list of problems of two runs."""
        return f"{self.compare(one_id, other_id)}failures.html"

    def problems_table(self, run_id: str) -> str:
        """Path of the table of a run's problems."""
        return f"{self.run(run_id)}problems.csv"

    def row(self, task_id: str) -> str:
        """Return the fragment of a problem's row on the page of an archived run."""
        return row_of(self.tasks[task_id])

    def problem(self, task_id: str) -> str:
        """Path of a problem's page across runs."""
        return f"problems/{self.tasks[task_id]}/"

    def compare(self, one_id: str, other_id: str) -> str:
        """Path of the comparison of two runs, whichever of them is the baseline today."""
        return compared(*(self.runs[run_id] for run_id in sorted((one_id, other_id))))

    def two_models(self, one: str, other: str) -> str:
        """Path of the page of two models, given by their names, whichever of them is the baseline today."""
        first, second = (self.models[name] for name in sorted((one, other)))
        segment = f"{first}--{second}"
        if segment.count("--") > 1:  # or it could be read as two others
            segment = slug_map([f"{first} {second}"])[f"{first} {second}"]
        return f"models/{cut(segment, LONGEST_PAIR)}/"

    def flip(self, one_id: str, other_id: str, task_id: str) -> str:
        """Path of one flipped problem in the comparison of two runs."""
        return below(self.compare(one_id, other_id), self.tasks[task_id])

    def turned(self, one_id: str, other_id: str) -> str:
        """Path that their comparison had while the newer run was the baseline, before the order was fixed."""
        return compared(*(self.runs[run_id] for run_id in sorted((one_id, other_id), reverse=True)))


def anchor_of(sample: int, turn: int = 0) -> str:
    """Return the fragment of a sample on its problem's page, or of a turn of its transcript, from 1."""
    return f"#s{sample}-t{turn}" if turn else f"#s{sample}"


def last_turn(verdict: Verdict) -> int:
    """The turn of an agent's transcript after which it had failed; 0 where nothing did, and for others."""
    return verdict.agent.turns if verdict.agent and verdict.verdict != "passed" else 0


def row_of(task: str) -> str:
    """Return the fragment of the row of the problem with this slug on the page of an archived run."""
    return f"problem-{task}"


def run_path(slug: str) -> str:
    """Path of the page of the run with this slug."""
    return f"runs/{slug}/"


def compared(first: str, second: str) -> str:
    """Path of the comparison of two runs with these slugs."""
    return f"compare/{cut(f'{first}--{second}', LONGEST_PAIR)}/"


def below(compare: str, task: str) -> str:
    """Path of the problem with this slug below a comparison's path."""
    return f"{compare}{cut(task, LONGEST_FLIP - len(compare.split('/')[1]))}/"


def matrix_path(anchor: str, number: int = 1) -> str:
    """Path of a page of the matrix of a data set, which is known by its anchor on the leaderboard."""
    return f"{PROBLEMS}{anchor}{f'-{number}' if number > 1 else ''}.html"


def targets_path(number: int) -> str:
    """Path of a page of all targets."""
    return TARGETS if number == 1 else f"targets-{number}.html"


def comparisons_path(number: int) -> str:
    """Path of a page of all comparisons."""
    return COMPARISONS if number == 1 else f"{COMPARISONS}all-{number}.html"


def board_path(anchor: str, number: int) -> str:
    """Path of a further page of the runs on a data set, which is known by its anchor on the leaderboard."""
    return f"{BOARDS}{slug_map([anchor])[anchor]}-{number}.html"


def badge_path(name: str) -> str:
    """Path of a badge's endpoint; ``targets`` is the one of all targets."""
    return f"badges/{name}.json"


def file_of(path: str) -> str:
    """Return the file that a page's path is served from."""
    return f"{path}index.html" if path == "" or path.endswith("/") else path


def relative(source: str, target: str) -> str:
    """Return the link from one page to another place of the site, fragment kept.

    ``relative("runs/a/b/", "runs/a/")`` is ``../``. Never empty, since an empty link reloads the page. Both
    are clean paths of the site; a page has dozens of links.
    """
    path, mark, fragment = target.partition("#")
    if mark and path == source:
        return f"#{fragment}"
    folder, up = source[: source.rfind("/") + 1], ""
    while not path.startswith(folder):
        folder, up = folder[: folder.rfind("/", 0, -1) + 1], f"../{up}"
    return f"{up}{path[len(folder) :]}{mark}{fragment}" if up or path != folder else f"./{mark}{fragment}"


_OWN = {*PATHS.values(), NOT_FOUND}


def place_of(path: str) -> str:
    """Return what all pages share whose links to the pages and files in :data:`PATHS` are those of ``path``.

    That is a path itself: the first folder is told, as such a page may be in it, the others are counted.
    """
    if path in _OWN:
        return path
    first, *others = path.split("/")
    return "/".join((first, *("x" for _ in others))) if others else "x"
