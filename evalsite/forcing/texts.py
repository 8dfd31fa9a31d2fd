"""The texts that both models are led along, and the positions in them."""

from collections.abc import Iterable, Sequence

from evalsite.distance.positions import RULE, choose, places
from evalsite.distance.schema import Text
from evalsite.errors import UsageError
from evalsite.kinds import kind_of
from evalsite.kinds.prompts import build_prompt, prompt_for
from evalsite.rundir.schema import Completion, Problem, Settings
from evalsite.words.sentences import names

STYLE = "completion-v1"
"""Asks for code to go on with: no chat template stands between a text and a model."""
FEWEST_REPEATED, REPEATED = 5, 0.2
"""Problems at which the baseline is asked a second time: at least so many, and this share of all."""


def over_references(problems: Sequence[Problem]) -> dict[str, tuple[str, int, str]]:
    """Return problem -> its prompt with the reference solution, where that begins, and the language.

    Raises UsageError where no problem has one.
    """
    found = {problem.task_id: _with_reference(problem) for problem in problems if problem.reference.strip()}
    if not found:
        raise UsageError(
            f"no problem has a reference solution: {names([problem.task_id for problem in problems])}",
            hint="Take another data set, or the baseline's own answers: --over answers",
        )
    return found


def over_answers(
    problems: Sequence[Problem], completions: Iterable[Completion], settings: Settings
) -> dict[str, tuple[str, int, str]]:
    """Return problem -> what a run's model was sent with its first answer behind it, where that begins, and
    the language. Answers that were thought out before are left out. Raises UsageError.
    """
    first = {row.problem: row for row in completions if row.sample == 0}
    found: dict[str, tuple[str, int, str]] = {}
    for problem in problems:
        answer = first.get(problem.task_id)
        if answer is None or not answer.text.strip() or answer.reasoning:
            continue
        _refuse_longer_talk(problem, settings)
        found[problem.task_id] = problem.asked + answer.text, len(problem.asked), problem.language
    if not found:
        raise UsageError(
            "the run holds no answers to be led along: they are empty, or were thought out before",
            hint="Take another run, or leave --over out.",
        )
    return found


def _refuse_longer_talk(problem: Problem, settings: Settings) -> None:
    """Raise UsageError where more was sent than one text."""
    prompt = prompt_for(problem, settings)
    more = (prompt.messages, prompt.tools, prompt.before, prompt.prefill, prompt.suffix, settings.system)
    if any(more) or not problem.asked:
        raise UsageError(
            f"{problem.task_id} was asked by more than one message: a system message, a conversation, tools, "
            "or how the answer begins",
            hint="Take a run without these, or leave --over answers out.",
        )


def with_positions(
    found: dict[str, tuple[str, int, str]], wanted: int, seed: int, rule: str = RULE
) -> tuple[Text, ...]:
    """Return the texts with ``wanted`` positions in all, in the order of the problems; none without any."""
    chosen = choose(
        {problem: places(text, begins, rule) for problem, (text, begins, _) in found.items()}, wanted, seed
    )
    return tuple(
        Text(problem=problem, text=text, begins=begins, positions=chosen[problem], language=language)
        for problem, (text, begins, language) in found.items()
        if chosen[problem]
    )


def repeated(texts: Sequence[Text]) -> tuple[str, ...]:
    """The problems at which the baseline is asked a second time, spread evenly over all."""
    number = min(len(texts), max(FEWEST_REPEATED, round(REPEATED * len(texts))))
    return tuple(texts[len(texts) * place // number].problem for place in range(number))


def _with_reference(problem: Problem) -> tuple[str, int, str]:
    asked = build_prompt(problem, STYLE).text
    text = kind_of(problem).solved(problem, asked)
    begins = (
        len(asked)
        if text.startswith(asked)
        else len(problem.prompt)
        if text.startswith(problem.prompt)
        else 0
    )
    return text, begins, problem.language
