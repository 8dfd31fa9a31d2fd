"""What the statistics conclude, looked up by run: comparisons and targets, made once for all pages."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from evalsite.counts.loaded import DatasetKey, LoadedRun
from evalsite.site.evidence.difficulty import Difficulty, difficulties
from evalsite.site.evidence.runs import DatasetGroup, Evidence, PairIds, in_time
from evalsite.site.slugs import slug_map
from evalsite.stats.baseline import is_repeat
from evalsite.stats.cliffs import Cliff, Curve, cliffs, curves
from evalsite.stats.compare.guard import reservations
from evalsite.stats.compare.runs import RunComparison, compare_all, compare_runs
from evalsite.stats.decision import Decision
from evalsite.stats.distance import Found
from evalsite.stats.targets import Result, Standing, Targets, judge


@dataclass(frozen=True)
class Conclusion:
    """A decision with the one sentence that explains it, and where to read on."""

    decision: Decision | Literal["compared"]
    title: str
    text: str
    path: str


MOST_TOGETHER = 50
"""Candidates of one baseline whose p-values are corrected together.

With more, each comparison stands by itself, and says so: else a further run would change the pages of all.
"""


@dataclass(frozen=True, eq=False)
class Judgement:
    """All comparisons and target results of a site."""

    evidence: Evidence
    comparisons: dict[tuple[str, str], RunComparison]
    """(baseline's or older run's id, other run's id) -> the comparison."""
    targets: Targets
    results: tuple[Result, ...]
    """Every target by every run it applies to, in the targets' order."""
    pairs_left_out: int = 0
    """Pairs of runs that are not compared, for the limit on them."""

    @cached_property
    def crowded(self) -> frozenset[str]:
        """Baselines with more candidates than are corrected together."""
        held = Counter(base.id for run, base in self.evidence.baselines.items() if base.id != run)
        return frozenset(base for base, number in held.items() if number > MOST_TOGETHER)

    def difficulties(self, group: DatasetGroup) -> dict[str, Difficulty]:
        """How hard each problem of a data set is."""
        return self._difficulties[group.key]

    @cached_property
    def _difficulties(self) -> dict[DatasetKey, dict[str, Difficulty]]:
        """By data set: problems' pages and their matrix ask."""
        return {group.key: difficulties(group, self.evidence) for group in self.evidence.groups}

    @cached_property
    def curves(self) -> tuple[Curve, ...]:
        """Every model on levels of a data set, where it was asked more than one."""
        return curves(self.evidence.entries)

    @cached_property
    def cliffs(self) -> tuple[Cliff, ...]:
        """The candidates among them, each beside its baseline."""
        return cliffs(self.evidence.entries, self.evidence.baselines)

    @cached_property
    def cliff_paths(self) -> dict[DatasetKey, str]:
        """Data set -> path of the page about its levels, for those that have some."""
        names = {of: f"{of[0]}-{of[1][:6]}" for of in dict.fromkeys(curve.of for curve in self.curves)}
        slugs = slug_map(names.values())
        return {of: f"cliffs/{slugs[name]}/" for of, name in names.items()}

    @cached_property
    def distance_paths(self) -> dict[str, str]:
        """Distance -> path of its page."""
        slugs = slug_map(found.record.id for found in self.evidence.distances)
        return {distance: f"distance/{slug}/" for distance, slug in slugs.items()}

    def distances_between(self, base: str, candidate: str) -> tuple[Found, ...]:
        """What was measured of two models, given by their names, the newest first."""
        own = (found for found in self.evidence.distances if set(found.names) == {base, candidate})
        return tuple(sorted(own, key=lambda found: found.record.created_at, reverse=True))

    @cached_property
    def model_pairs(self) -> dict[str, tuple[str, str]]:
        """Path -> baseline and candidate, by name: every two models of which runs are compared."""
        urls = self.evidence.urls
        found: dict[str, tuple[str, str]] = {}
        for one in self.comparisons.values():
            if one.base.model != one.candidate.model:
                path = urls.two_models(one.base.model, one.candidate.model)
                found.setdefault(path, (one.base.model, one.candidate.model))
        return found

    def models_path(self, base: str, candidate: str) -> str:
        """Path of the page of two models over all that was measured; empty where there is none."""
        path = self.evidence.urls.two_models(base, candidate)
        return path if path in self.model_pairs else ""

    @cached_property
    def standing(self) -> Standing:
        """The results as they are counted."""
        return Standing.of(self.results)

    def side(self, entry: LoadedRun) -> str:
        """``baseline``, ``candidate`` or empty.

        A candidate says so in its model card, or is the only other run beside a baseline. A further run of a
        baseline's model is on its side.
        """
        group = self.evidence.group_of(entry)
        if any(is_repeat(entry.run, base.run) for base in group.baselines):
            return "baseline"
        alone = len(group.baselines) == 1 and len(group.entries) == 2
        return "candidate" if alone or entry.run.model.card.role == "candidate" else ""

    def baseline_of(self, entry: LoadedRun) -> LoadedRun | None:
        """The run that this one is held against."""
        return self.evidence.baseline_of(entry)

    def against_baseline(self, entry: LoadedRun) -> RunComparison | None:
        """The comparison with the baseline."""
        baseline = self.baseline_of(entry)
        return self.comparisons.get((baseline.id, entry.id)) if baseline else None

    @cached_property
    def _results_of(self) -> dict[str, list[Result]]:
        """Run -> the results that speak of it, in the targets' order: each run's page asks."""
        found: dict[str, list[Result]] = defaultdict(list)
        for result in self.results:
            for run_id in dict.fromkeys(run.id for run in result.runs):
                found[run_id].append(result)
        return found

    def is_vacuous(self, entry: LoadedRun) -> bool:
        """Whether a verdict on the run proves nothing, its baseline being too weak."""
        found = self.against_baseline(entry)
        said = [result.decision for result in self._results_of.get(entry.id, ())]
        return "vacuous" in (*said, found.decision if found else "")

    def compare_path(self, entry: LoadedRun) -> str:
        """Path of the comparison with the baseline, or an empty string."""
        baseline = self.baseline_of(entry)
        found = self.against_baseline(entry)
        return self.evidence.urls.compare(baseline.id, entry.id) if baseline and found else ""

    def conclusions(self, entry: LoadedRun) -> tuple[Conclusion, ...]:
        """What targets and the comparison with the baseline say of one run."""
        path = self.compare_path(entry)
        said = []
        for result in self._results_of.get(entry.id, ()):
            loss = result.target.metric.kind in ("degradation", "recovery") and not result.target.pool
            evidence = path if loss else ""
            said.append(Conclusion(result.decision, result.target.name, result.sentence, evidence))
        found = self.against_baseline(entry)
        if found is not None and not any(one.path for one in said):
            said.append(Conclusion("compared", "Against the baseline", found.headline, path))
        return tuple(said)

    def reservations(self, entry: LoadedRun) -> tuple[str, ...]:
        """In what a run and its baseline differ besides the model."""
        baseline = self.baseline_of(entry)
        found = reservations(baseline.run, entry.run) if baseline else ()
        return tuple(reservation.sentence for reservation in found)


def _each(
    base: LoadedRun, candidates: Sequence[LoadedRun], *, repeat: LoadedRun | None
) -> Sequence[RunComparison]:
    """Compare candidates with their baseline, each by itself."""
    return [compare_runs(base, candidate, repeat=repeat) for candidate in candidates]


def judge_all(
    evidence: Evidence, targets: Targets, most_pairs: int, published: Collection[PairIds] = ()
) -> Judgement:
    """Judge all targets; compare the candidates with their baseline, corrected together, then the rest.

    ``published``: pairs that have a page already, and keep it.
    """
    comparisons: dict[tuple[str, str], RunComparison] = {}
    for group in evidence.groups:
        for base in group.baselines:
            candidates = in_time([entry for entry in group.entries if evidence.baseline_of(entry) is base])
            repeat = next((entry for entry in candidates if is_repeat(entry.run, base.run)), None)
            together = compare_all if len(candidates) <= MOST_TOGETHER else _each
            found = together(base, candidates, repeat=repeat)
            comparisons.update({(base.id, one.candidate.id): one for one in found})
    paired = evidence.pairs(most_pairs, published)
    for first, second in paired.pairs:
        if (first.id, second.id) not in comparisons:
            comparisons[first.id, second.id] = compare_runs(first, second)
    results = judge(targets, evidence.entries, evidence.baselines)
    return Judgement(evidence, comparisons, targets, results, paired.left_out)
