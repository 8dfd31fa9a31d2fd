"""A conversation that stands before a question, made of a data set's own texts and code.

Its turns are problems of the data set in an order drawn by :data:`SEED`: a question that asks for code, with
the reference solution as its answer; of a problem that wants calls what the user says, and what the tool that
is wanted is for, in words and without a call; of an agent's exercise its files as they are and as they
would be. So many are said as reach the wanted length, four characters
being taken for a token: what the server counts tells how many tokens it really was.

The conversation is the same for all models and, as far as it can be, for all problems, so that servers read
it once: a turn made of the problem itself, or of one that asks the same in another language, is left out for
that problem, and the next one said in its place. A longer one begins with the shorter.
"""

import hashlib
import itertools
from collections.abc import Iterator, Sequence

from evalsite.calls.task import task_of
from evalsite.edits.asking import as_block, ask_for_edit
from evalsite.edits.exercise import Files, decode_files, exercise_of
from evalsite.errors import UsageError
from evalsite.kinds import kind_of
from evalsite.kinds.judging import Wants
from evalsite.languages import language_of
from evalsite.rundir.schema import Context, Problem, Turn

SEED = "conversation-v1"
"""Another seed, or other words, are another level: it would have another name."""
CHARACTERS_A_TOKEN = 4
"""Of English and code, about: no tokenizer is at hand."""


def conversation(problems: Sequence[Problem], tokens: int) -> Context | None:
    """Put so many tokens together; None for none. Raises UsageError where the texts do not suffice."""
    if not tokens:
        return None
    ordered = sorted(problems, key=lambda one: hashlib.sha256(f"{SEED}\n{one.task_id}".encode()).digest())
    turns: list[Turn] = []
    sizes: dict[str, int] = {}
    length = 0
    for turn in filter(None, map(_turn, ordered)):
        turns.append(turn)
        sizes[turn.problem] = sizes.get(turn.problem, 0) + _size(turn)
        length += _size(turn)
        if length - max(sizes.values()) >= tokens * CHARACTERS_A_TOKEN:
            return Context(tokens=tokens, turns=tuple(turns))
    longest = max(sizes.values(), default=0)
    most = (length - longest) // CHARACTERS_A_TOKEN
    raise UsageError(
        f"a conversation of {tokens:,} tokens is wanted, and the data set's own texts make up some {most:,}",
        hint=f"Ask for --context-tokens {most // 100 * 100} or less, or take a larger data set."
        if most >= 100
        else "Take a larger data set: the conversation is made of its problems and their solutions.",
    )


def said_before(problem: Problem, context: Context) -> tuple[dict[str, str], ...]:
    """The messages that stand before a problem: those of no turn that is made of it."""
    left = context.tokens * CHARACTERS_A_TOKEN
    said: list[dict[str, str]] = []
    for turn in _others(problem, context):
        if left <= 0:
            break
        left -= _size(turn)
        said += [{"role": "user", "content": turn.question}, {"role": "assistant", "content": turn.answer}]
    return tuple(said)


def _others(problem: Problem, context: Context) -> Iterator[Turn]:
    return (turn for turn in context.turns if turn.problem != problem.source_problem)


def shared_turns(problem: Problem, context: Context) -> int:
    """How many turns it shares with a conversation that leaves none out, from the first on."""
    whole = zip(context.turns, _others(problem, context), strict=False)
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] is pair[1], whole))


def _size(turn: Turn) -> int:
    return len(turn.question) + len(turn.answer)


def _turn(problem: Problem) -> Turn | None:
    """A problem as something that was talked of; None where it has no texts for it."""
    question, answer = _TALKED.get(kind_of(problem).wants, _of_code)(problem)
    return Turn(question=question, answer=answer, problem=problem.source_problem) if answer else None


def _of_code(problem: Problem) -> tuple[str, str]:
    language, kind = language_of(problem), kind_of(problem)
    if not problem.reference.strip():
        return "", ""
    question = kind.to_answer(problem, language) + kind.closing(language)
    return question, f"```{language.name}\n{problem.reference.strip()}\n```"


def _of_edits(problem: Problem) -> tuple[str, str]:
    """Files to be changed, and the reference solution's, whole."""
    shown = kind_of(problem).to_edit(problem)
    if shown is None or not problem.reference:
        return "", ""
    return ask_for_edit(shown, "whole"), _blocks(decode_files(problem.reference), problem)


def _of_agents(problem: Problem) -> tuple[str, str]:
    """An exercise that is talked of and not worked on: nothing that an agent would take for its own way."""
    if not problem.reference:
        return "", ""
    files = _blocks(exercise_of(problem).solution, problem)
    return f"{SHOW}\n\n{problem.prompt.strip()}\n\n{files}", _blocks(decode_files(problem.reference), problem)


def _blocks(files: Files, problem: Problem) -> str:
    return "\n\n".join(as_block(path, text, problem.language) for path, text in files.items())


SHOW = "Change nothing and call no tool: show how these files would look once this is done."


def _of_calls(problem: Problem) -> tuple[str, str]:
    task = task_of(problem)
    said = [each["content"] for each in task.messages if each.get("role") == "user"]
    told = [tool.description for tool in task.tools if tool.description.strip()]
    question = "\n\n".join(text for text in said if isinstance(text, str) and text.strip())
    return (question, f"That is settled. {told[0].strip()}") if question and told else ("", "")


_TALKED = {Wants.CALLS: _of_calls, Wants.EDITS: _of_edits, Wants.AGENT: _of_agents}
"""What is wanted -> question and answer; of all others code is asked for."""
