"""What failed in a run, by class, as text and as Markdown that can be pasted into an issue."""

from collections.abc import Callable, Iterable

from evalsite.report.markup import code_span, link
from evalsite.report.sample import sample_name, what_went_wrong
from evalsite.rundir.schema import Run, Verdict
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.words.sentences import and_more, count
from evalsite.words.text import one_line

Address = Callable[[Verdict], str]
"""A verdict -> the address of its sample on the published site, or an empty string."""

Groups = list[tuple[VerdictClass, list[Verdict]]]


def group_failures(verdicts: Iterable[Verdict], order: dict[str, int]) -> Groups:
    """Return the failed samples by verdict class, the largest class first; ``order`` ranks the problems."""
    groups: dict[VerdictClass, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.verdict is not VerdictClass.PASSED:
            groups.setdefault(verdict.verdict, []).append(verdict)
    for members in groups.values():
        members.sort(key=lambda row: (order.get(row.problem, len(order)), row.sample))
    return sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))


def as_text(run: Run, groups: Groups, total: int, address: Address, most: int) -> str:
    """Return the list for a terminal. ``total`` are all graded samples; ``most`` are listed of each class."""
    parts = [_headline(run, groups, total)]
    for kind, members in groups:
        lines = [f"{kind.words}: {len(members)}"]
        for verdict in members[:most]:
            cells = (
                f"  {one_line(verdict.problem)} sample {verdict.sample}",
                what_went_wrong(verdict),
                address(verdict),
            )
            lines.append("  ".join(cell for cell in cells if cell))
        parts.append("\n".join(lines + _more("  ", members, most)))
    return "\n\n".join(parts)


def as_markdown(run: Run, groups: Groups, total: int, address: Address, most: int) -> str:
    """Return the same list as Markdown, each class folded."""
    parts = [f"### Failures of {code_span(run.model.name)}", _headline(run, groups, total) + "."]
    for kind, members in groups:
        lines = [_item(verdict, address(verdict)) for verdict in members[:most]]
        listed = "\n".join(lines + _more("- ", members, most))
        parts.append(f"<details><summary>{kind.words}: {len(members)}</summary>\n\n{listed}\n\n</details>")
    return "\n\n".join(parts)


def _headline(run: Run, groups: Groups, total: int) -> str:
    failed = sum(len(members) for _, members in groups)
    return f"{failed:,} of {count(total, 'sample')} failed on {run.dataset.name}"


def _item(verdict: Verdict, url: str) -> str:
    error = code_span(what_went_wrong(verdict))
    return f"- {link(sample_name(verdict), url)}{f': {error}' if error else ''}"


def _more(lead: str, members: list[Verdict], most: int) -> list[str]:
    rest = and_more(len(members), most)
    return [lead + rest] if rest else []
