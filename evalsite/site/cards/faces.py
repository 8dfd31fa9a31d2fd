"""What stands on the cards of runs, comparisons, flips and the front page: each with its verdict."""

from collections.abc import Sequence

from evalsite.counts.loaded import LoadedRun
from evalsite.report.sample import headline
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.cards.canvas import INSIDE, LEFT, card, colour, figure, marked, paragraph, text, title
from evalsite.site.cards.forest import forest_lines
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.subjects.runs import PairSubject, RunSubject
from evalsite.site.views.beside import Contender
from evalsite.site.views.difference import HEIGHT, difference_chart
from evalsite.site.views.flip import SIGNS
from evalsite.site.views.marks import decision_mark, strip_of, verdict_mark
from evalsite.site.views.targets import standings
from evalsite.stats.compare.flips import Flip
from evalsite.stats.compare.suites import SuiteComparison
from evalsite.stats.intervals import estimate_pass_at_k
from evalsite.stats.targets import Standing
from evalsite.words import cells
from evalsite.words.sentences import certainty, count, passes
from evalsite.words.text import shorten

MOST_VERDICTS = 3
MOST_MODELS = 4
_WORST_FIRST = ("bad", "unsure", "good", "open")


def run_card(subject: RunSubject, site_title: str) -> str:
    """A run: model, score with its interval, verdicts, and all problems as a strip."""
    entry, side, dataset = subject.run, subject.side, subject.dataset
    badge = _badge(entry, side)
    verdicts = [(decision_mark(one.decision), one.title) for one in subject.conclusions]
    verdicts.sort(key=lambda one: _WORST_FIRST.index(one[0].tone))
    return card(
        [
            text(104, 30, f"{site_title} · {dataset.label}"),
            title(176, subject.name),
            *([text(220, 28, badge, side)] if badge else []),
            *_score(entry, side),
            *(
                marked(440 + 38 * line, mark, f"{told}: {mark.word}")
                for line, (mark, told) in enumerate(verdicts[:MOST_VERDICTS])
            ),
            _strip(subject),
        ]
    )


def pair_card(subject: PairSubject, site_title: str) -> str:
    """A comparison: its verdict, and the picture of the difference against the margin."""
    found = subject.found
    drawn = difference_chart(found)
    mark = decision_mark(found.decision, sequential=bool(found.sequential))
    return card(
        [
            text(104, 30, f"{site_title} · {subject.dataset.label}"),
            title(172, subject.names[1], size=54),
            title(226, subject.against, size=36, most=56),
            marked(302, mark, mark.word, size=40),
            *([figure(316, drawn.svg, HEIGHT)] if drawn else paragraph(380, found.headline, most=4)),
        ]
    )


def pool_card(found: SuiteComparison, site_title: str) -> str:
    """Two models over several data sets: the verdict, each data set's difference, and the pooled one."""
    mark = decision_mark(found.decision, sequential=bool(found.sequential))
    return card(
        [
            text(104, 30, f"{site_title} · {count(len(found.parts), 'data set')} together"),
            title(172, found.candidate, size=54),
            title(226, f"against {found.base}", size=36, most=56),
            marked(302, mark, mark.word, size=40),
            *forest_lines(found, mark.tone, 336, 258),
        ]
    )


def flip_card(
    flip: Flip, sides: tuple[Contender, Contender], subject: PairSubject, names: tuple[str, str]
) -> str:
    """A problem that changed sides: what each model made of it, and how the one fails that fails.

    ``names``: the function that is asked for, and the site's title.
    """
    mark, (entry_point, site_title) = SIGNS[flip.kind], names
    tallies = ((flip.base_c, flip.base_n), (flip.cand_c, flip.cand_n))
    rows = zip(("baseline", "candidate"), sides, tallies, strict=True)
    parts = [
        text(104, 30, f"{site_title} · {subject.dataset.label}"),
        title(176, f"{flip.task_id} {entry_point}".strip()),
        marked(250, mark, mark.word, size=44),
    ]
    for index, (role, contender, (passed, asked_for)) in enumerate(rows):
        y = 340 + 128 * index
        parts.append(text(y, 34, shorten(subject.name_of(contender.entry), 48), role, bold=True))
        parts += paragraph(y + 44, passes(passed, asked_for) + _failure(contender))
    return card(parts)


def front_card(judgement: Judgement, site_title: str) -> str:
    """The front page: for each model that is judged, the newest first, whether it is good enough."""
    lines, evidence = standings(judgement), judgement.evidence
    told = f"{count(len(evidence.entries), 'run')} on {count(len(evidence.groups), 'data set')}"
    if len(lines) > MOST_MODELS:
        told += f", {len(lines) - MOST_MODELS} more models"
    return card(
        [
            title(130, site_title, size=56),
            *_models(lines[:MOST_MODELS]),
            text(586, 28, told),
        ]
    )


def _strip(subject: RunSubject) -> str:
    strip = strip_of(subject.run, subject.dataset.task_ids)
    good, bad = (
        f'fill="{colour(tone)}" d="{path}"' for tone, path in (("good", strip.passed), ("bad", strip.none))
    )
    return (
        f'<svg x="{LEFT}" y="546" width="{INSIDE}" height="40" viewBox="0 0 {strip.count} 10" '
        f'preserveAspectRatio="none"><path {good}/><path {bad}/></svg>'
    )


def _failure(contender: Contender) -> str:
    """How the sample that is shown failed, after a colon; nothing for one that passed."""
    verdict = contender.verdict
    if verdict.verdict is VerdictClass.PASSED:
        return ""
    told = headline(verdict) or " ".join(verdict.failed_test.split())
    word = verdict_mark(verdict.verdict).word.lower()
    return f"; {word}: {told}" if told else f"; {word}"


def _models(lines: Sequence[tuple[str, Standing]]) -> list[str]:
    parts = []
    for index, (model, standing) in enumerate(lines):
        y = 220 + 96 * index
        parts.append(text(y, 32, shorten(model, 48), "ink", bold=True))
        parts.append(marked(y + 40, decision_mark(standing.decision), standing.answer))
    return parts


def _score(entry: LoadedRun, side: str) -> list[str]:
    if not entry.max_k:
        return [text(330, 40, "no score yet")]
    estimate = estimate_pass_at_k(entry.n, entry.c, 1)
    low, value, high = (
        LEFT + INSIDE * share for share in (estimate.interval.low, estimate.value, estimate.interval.high)
    )
    limits = " to ".join(cells.percent_limits(estimate.interval.low, estimate.interval.high))
    told = f"pass@1, {certainty(estimate.interval.confidence)} interval {limits}"
    stroke = colour(side)
    return [
        text(330, 88, f"{cells.percent(estimate.value)} %", "ink", bold=True),
        text(330, 30, told, left=LEFT + 400),
        f'<path d="M{LEFT} 374h{INSIDE}" stroke="{colour("line")}" stroke-width="2"/>',
        f'<path d="M{low:.1f} 374H{high:.1f}" stroke="{stroke}" stroke-width="6"/>',
        f'<path d="M{value:.1f} 360v28" stroke="{stroke}" stroke-width="12"/>',
    ]


def _badge(entry: LoadedRun, side: str) -> str:
    about = entry.run.model.card
    bits = f"{cells.bits(about.bits_per_weight)} bits per weight" if about.bits_per_weight else ""
    return " · ".join(word for word in (about.quantization, bits, side) if word)
