"""Plans of a campaign that was not asked yet: its cost, and how likely it decides; the cheapest first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from evalsite.counts.loaded import LoadedRun
from evalsite.errors import UsageError
from evalsite.stats.baseline import best_of
from evalsite.stats.compare.clusters import Weights
from evalsite.stats.compare.design import CAMPAIGNS, Ground, power
from evalsite.stats.decision import MARGIN
from evalsite.words.sentences import names

SAMPLES = (1, 2, 5, 10)


@dataclass(frozen=True, eq=False)
class Place:
    """A data set that a candidate could be asked, and what an answer costs there."""

    ground: Ground
    tokens: float | None
    """Output tokens of an answer, as the baseline's were; None where nobody counted."""
    seconds: float | None
    """Of a request."""


@dataclass(frozen=True, slots=True)
class Plan:
    """So many samples of each problem of one data set, or of several together."""

    datasets: tuple[str, ...]
    num_problems: int
    samples: int
    power: float
    """Chance that a candidate with the stated loss is met, in [0, 1]."""
    requests: int
    """Answers to be asked for, those of a baseline without a run included."""
    tokens: int | None
    seconds: float | None
    """One request at a time."""
    reaches: bool
    assumed: bool
    """Whether how far answers vary is assumed for one of the data sets, since no run tells."""


def places_of(runs: Sequence[LoadedRun], baseline: str) -> list[Place]:
    """What a baseline was asked, by its model's name or a run's id: its best whole run on each data set.

    Raises :class:`UsageError` where there is none.
    """
    models = {run.model for run in runs if baseline in (run.id, run.model)}
    own = [run for run in runs if run.model in models and run.asks_all and run.max_k]
    if not own:
        there = names(sorted({run.model for run in runs})) or "none"
        raise UsageError(f"--baseline {baseline}: no whole, graded run of it", hint=f"Models here: {there}.")
    found = []
    for key in dict.fromkeys(run.dataset_key for run in own):
        here = [run for run in own if run.dataset_key == key]
        named = next((run for run in here if run.id == baseline), None)
        found.append(_place(named or best_of(here)))
    return found


def published(name: str, score: float, problems: int) -> Place:
    """A data set of which nothing but a published pass@1 in [0, 1] is known."""
    return Place(Ground(name, tuple(f"{name}/{index}" for index in range(problems)), score, None), None, None)


@dataclass(frozen=True, slots=True)
class Question:
    """What is planned for; all but the last two in [0, 1]."""

    margin: float = MARGIN
    """The loss that is allowed."""
    loss: float = 0.0
    """What the candidate is taken to lose."""
    power: float = 0.8
    """The chance that it shall be met with."""
    weights: Weights = "problem"
    seconds: float | None = None
    """Of a request, where the baseline's are not those of the candidate."""


def plans(places: Sequence[Place], asked: Question, campaigns: int = CAMPAIGNS) -> list[Plan]:
    """Return each data set, and all together, with 1, 2, 5 and 10 samples: those that reach the power first.

    Of plans that reach it the cheapest goes first, of others the likeliest. ``campaigns``: how many are drawn
    for each. Raises :class:`UsageError` where nothing could be met, and for a data set that is there twice.
    """
    if asked.loss >= asked.margin:
        raise UsageError(
            f"a loss of {100 * asked.loss:g} points is not inside a margin of {100 * asked.margin:g}: who "
            "loses so much is not to be met",
            hint="Plan for a loss that is smaller than the margin.",
        )
    twice = [name for name, number in Counter(place.ground.name for place in places).items() if number > 1]
    if twice:
        raise UsageError(
            f"the data set {twice[0]} is there twice",
            hint="Name each once; the baseline's own are there anyway.",
        )
    groups = [[place] for place in places] + ([list(places)] if len(places) > 1 else [])
    found = []
    for group in groups:
        chances = power(
            [place.ground for place in group],
            SAMPLES,
            margin=asked.margin,
            loss=asked.loss,
            weights=asked.weights,
            campaigns=campaigns,
        )
        found += [_plan(group, n, chance, asked) for n, chance in zip(SAMPLES, chances, strict=True)]
    return sorted(found, key=lambda plan: (not plan.reaches, plan.requests if plan.reaches else -plan.power))


def _place(run: LoadedRun) -> Place:
    clusters = tuple(run.sources.get(task, task) for task in run.task_ids)
    summary, graded = run.summary, run.num_samples
    tokens = summary.completion_tokens / graded if summary.completion_tokens and graded else None
    score = run.pass_at_1 or 0.0
    seconds = summary.latency_s.mean if summary.latency_s else None
    return Place(Ground(run.dataset, clusters, score, (run.n, run.c)), tokens, seconds)


def _plan(group: Sequence[Place], samples: int, chance: float, question: Question) -> Plan:
    asked = [samples * len(place.ground.clusters) * (1 if place.ground.base else 2) for place in group]
    tokens = [place.tokens for place in group if place.tokens is not None]
    times = [question.seconds if question.seconds is not None else place.seconds for place in group]
    known = [time for time in times if time is not None]
    return Plan(
        datasets=tuple(place.ground.name for place in group),
        num_problems=sum(len(place.ground.clusters) for place in group),
        samples=samples,
        power=chance,
        requests=sum(asked),
        tokens=round(sum(n * each for n, each in zip(asked, tokens, strict=True)))
        if len(tokens) == len(group)
        else None,
        seconds=sum(n * each for n, each in zip(asked, known, strict=True))
        if len(known) == len(group)
        else None,
        reaches=chance >= question.power,
        assumed=any(place.ground.is_assumed for place in group),
    )
