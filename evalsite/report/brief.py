"""Two runs compared, in one screen of a terminal: the verdict, the figures, what else has to be known."""

import textwrap
from collections import Counter
from collections.abc import Iterator

from evalsite.report.comparison import Link, row
from evalsite.report.tables import text_table
from evalsite.stats.compare import explain
from evalsite.stats.compare.runs import RunComparison
from evalsite.words.sentences import names

WIDTH, HEIGHT = 80, 24
KS = (1, 10)

_LAST = (
    "All of it: the same command with --full.",
    "Exit code: 0 met; 1 missed; 9 inconclusive, vacuous or pending.",
)


def as_brief(found: RunComparison, _link: Link) -> str:
    """Return at most 24 lines of 80 columns."""
    sections = [
        _paragraph(f"{found.decision.upper()}. {found.headline}", most=7),
        _figures(found),
        [line for note in _to_know(found) for line in _paragraph(note, most=3, bullet="- ")][:9],
    ]
    shown = [section for section in sections if section]
    room = HEIGHT - len(_LAST) - len(shown)
    lines: list[str] = []
    for section in shown:
        lines += [*section[: max(0, room)], ""]
        room -= len(section)
    return "\n".join([*lines, *_LAST])


def _figures(found: RunComparison) -> list[str]:
    """The table without what only a statistician asks for: pass@1 and pass@10, and their difference."""
    if not found.numbers:
        return []
    header = ("", "baseline", "candidate", "difference", "interval")
    chosen = [each for each in found.numbers.differences if each.k in KS]
    return text_table(header, [row(each, found.numbers.margin)[:5] for each in chosen]).split("\n")


def _to_know(found: RunComparison) -> Iterator[str]:
    if found.sequential:
        yield found.sequential
    if found.numbers and found.excess:
        yield explain.excess(found.excess, found.numbers.margin)
    if told := explain.excluded(found.excluded, found.total_problems):
        yield told
    if found.missing:
        yield found.missing.sentence
    if found.numbers and found.numbers.needed and found.decision == "inconclusive":
        yield found.numbers.needed.sentence
    if found.numbers:
        yield _flips(found)
    if found.equal_roles:
        yield found.equal_roles
    first, *rest = found.reservations or ("",)
    if first:
        yield f"Not quite alike: {first}" + (f" And {len(rest)} more." if rest else "")


def _flips(found: RunComparison) -> str:
    """How many problems changed, and which broke."""
    kinds = Counter[str](flip.kind for flip in found.flips)
    moved = ", ".join(f"{kinds[kind]:,} {words}" for kind, words in _CHANGES.items() if kinds[kind])
    told = f"{moved}, " if moved else ""
    luck = f" Luck alone would break about {found.luck.broken:.0f}." if found.luck and kinds["broken"] else ""
    broken = [flip.task_id for flip in found.flips if flip.kind == "broken"]
    which = f" Broken: {names(broken)}." if broken else ""
    return f"Problems: {told}{found.num_unchanged:,} unchanged.{luck}{which}"


_CHANGES = {
    "broken": "broken",
    "fixed": "fixed",
    "worse": "pass less often",
    "better": "pass more often",
}


def _paragraph(text: str, *, most: int, bullet: str = "") -> list[str]:
    """Wrap a text into at most ``most`` lines; what is cut ends in dots."""
    wrapped = textwrap.TextWrapper(
        WIDTH, initial_indent=bullet, subsequent_indent=" " * len(bullet), max_lines=most, placeholder=" ..."
    )
    kept_together = text.replace(" %", "\N{NO-BREAK SPACE}%")
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in wrapped.wrap(kept_together)]
