"""The leaderboard: first the answer, then the targets, then the runs of each data set."""

from collections.abc import Iterator
from dataclasses import dataclass

from evalsite.rundir.symptoms import Symptom
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.options import SiteOptions
from evalsite.site.views.boards import Board, boards_of
from evalsite.site.views.candidates import Candidates, candidates_of
from evalsite.site.views.frame import Frame, Page
from evalsite.site.views.suite import Suite, suite_of
from evalsite.site.views.symptoms import frequent
from evalsite.site.views.targets import Answer, TargetRow, answer_of, standings, target_rows
from evalsite.words.sentences import count


@dataclass(frozen=True)
class LeaderboardView:
    """The context of ``pages/leaderboard.html``."""

    answer: Answer | None
    candidates: Candidates | None
    """Every candidate by every target; None for a single one."""
    targets: tuple[TargetRow, ...]
    source: str
    """What the targets are: a file's name, or what holds without one."""
    suite: Suite | None
    """All data sets beside one another; None where there is one."""
    boards: tuple[Board, ...]
    unread: tuple[str, ...]
    """Which runs are missing, and why."""
    languages: tuple[str, ...]
    kinds: tuple[str, ...]
    families: tuple[str, ...]
    quantizations: tuple[str, ...]
    symptoms: tuple[Symptom, ...]
    """Those that are frequent in any run."""


def leaderboard_pages(judgement: Judgement, options: SiteOptions) -> Iterator[Page]:
    """Make the front page, then the pages of the runs that it has no room for."""
    evidence = judgement.evidence
    made = list(boards_of(judgement))
    boards = tuple(board for board, _ in made)
    cards = [entry.run.model.card for entry in evidence.entries]
    having = {name for entry in evidence.entries for name in frequent(entry)}
    answer = answer_of(judgement)
    view = LeaderboardView(
        answer=answer,
        candidates=candidates_of(judgement),
        targets=target_rows(judgement),
        source=judgement.targets.source,
        suite=suite_of(judgement),
        boards=boards,
        unread=tuple(one.sentence for one in evidence.unread),
        languages=tuple(sorted({one for board in boards for one in board.languages})),
        kinds=tuple(sorted({one for board in boards for one in board.kinds})),
        families=tuple(sorted({card.family for card in cards if card.family})),
        quantizations=tuple(sorted({card.quantization for card in cards if card.quantization})),
        symptoms=tuple(symptom for symptom in Symptom if symptom in having),
    )
    told = f"{count(len(evidence.entries), 'run')} on {count(len(boards), 'data set')}."
    frame = Frame(
        path="",
        title=options.title,
        description=_description(judgement, told),
        plots=any(board.figures for board in boards),
        script="leaderboard",
    )
    yield Page("pages/leaderboard.html", frame, view)
    for _, further in made:
        yield from further


def _description(judgement: Judgement, told: str) -> str:
    """Name the models that are judged, as far as search engines and chats show it."""
    lines = [f"{model}: {standing.answer}" for model, standing in standings(judgement)]
    more = [f"{len(lines) - MOST_NAMED} more models judged."] if len(lines) > MOST_NAMED else []
    return " ".join((*lines[:MOST_NAMED], *more, told))


MOST_NAMED = 3
"""Models in the front page's description."""
