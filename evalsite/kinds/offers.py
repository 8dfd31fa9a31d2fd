"""Tools beside a question that wants none called: those of another data set's problems, as agents offer them.

Who asks for code, an edit or an agent's work may offer tools that have nothing to do with it; whoever calls
one and writes no code has failed. The tools, their order and the rule by which some are passed over are those
of :mod:`evalsite.calls.distractors`: none that a word of the question speaks for, none that helps with
anything, and none that could stand in for the agent's own. All problems are offered the same as far as can
be, so that servers read them once: what one is not offered, it is told the next one in its place.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from evalsite.agents.tools import TOOLS
from evalsite.calls.distractors import Pool, mixed
from evalsite.calls.judging import Expected
from evalsite.calls.pieces import assemble
from evalsite.calls.task import Task, task_of
from evalsite.calls.tools import Tool, as_sent
from evalsite.errors import UsageError
from evalsite.kinds import kind_of
from evalsite.kinds.judging import CALLED_INSTEAD, Found, Wants
from evalsite.rundir.schema import Completion, Context, Offer, Problem
from evalsite.words.sentences import names
from evalsite.words.text import shorten

SOURCE = "bfcl-v4"
"""The data set whose tools they are."""
_NO_CALL = Expected(word="none")


def wants_offers(problems: Sequence[Problem]) -> bool:
    """Whether tools for these have to come from elsewhere: none of them has tools of its own."""
    return not any(kind_of(problem).wants is Wants.CALLS for problem in problems)


def offers(problems: Sequence[Problem], others: Sequence[Problem], number: int) -> tuple[Offer, ...]:
    """So many tools of ``others`` for each of some problems; more in all, since each has its own rivals.

    Raises UsageError where too few tools are no rivals of a problem.
    """
    pool = Pool([task_of(each) for each in others])
    taken: dict[str, list[Tool]] = {}
    for problem in problems:
        said = ({"role": "user", "content": f"{problem.instruction}\n{problem.prompt}"},)
        own = TOOLS if kind_of(problem).wants is Wants.AGENT else ()
        task = Task(messages=said, tools=own, expected=_NO_CALL)
        found = list(itertools.islice(pool.for_problem(task), number))
        if len(found) < number:
            raise UsageError(
                f"{problem.task_id}: {number} distractors are wanted, and only {len(found)} tools of "
                f"{SOURCE} have nothing to do with it",
                hint=f"Ask for {len(found)} or fewer.",
            )
        taken.setdefault(problem.source_problem, []).extend(found)
    return _as_offers(pool, taken)


def _as_offers(pool: Pool, taken: Mapping[str, Sequence[Tool]]) -> tuple[Offer, ...]:
    """Every tool that somebody is offered, in the order of all, with the problems that are not."""
    by = {name: {tool.name for tool in tools} for name, tools in taken.items()}
    offered = [tool for tool in pool.tools if any(tool.name in names for names in by.values())]
    return tuple(
        Offer(tool=sent, rivals=tuple(name for name, names in by.items() if tool.name not in names))
        for tool, sent in zip(offered, as_sent(offered), strict=True)
    )


def beside(own: Sequence[dict[str, Any]], problem: Problem, context: Context) -> tuple[dict[str, Any], ...]:
    """The tools that are sent with a problem: its own, if any, among those that it is offered."""
    if not context.tools:
        return tuple(own)
    theirs = [offer.tool for offer in context.tools if problem.source_problem not in offer.rivals]
    return tuple(mixed("", own, theirs))  # an agent's own stand at the same places in every problem


def called_instead(completion: Completion) -> Found | None:
    """What an answer without code amounts to that calls tools; None for one that calls none."""
    called = [call.name for call in assemble(completion.calls or ())]
    if not called:
        return None
    told = names([shorten(name, 100) or "a tool without a name" for name in called])
    return Found("", CALLED_INSTEAD, f"the answer calls {told}, and holds no code")


def shared_offers(problem: Problem, context: Context) -> int:
    """How many tools it is offered as everybody is, from the first on."""
    all_of = itertools.takewhile(lambda offer: problem.source_problem not in offer.rivals, context.tools)
    return sum(1 for _ in all_of)
