"""The second turn of a sample: what came of its first answer goes back to the model, once.

A first answer that fails has no verdict on disk until the second one has been judged: whoever goes on with a
run that was killed in between judges it again, and asks once.
"""

from msgspec import structs

from evalsite.grading.verdicts import Ungraded
from evalsite.kinds import kind_of
from evalsite.kinds.editing import say_what_came
from evalsite.kinds.prompts import prompt_for
from evalsite.rundir.schema import Completion, Problem, Prompt, Run, SecondAnswer, Verdict
from evalsite.rundir.taxonomy import VerdictClass

SECOND_TURN = "the second turn of samples that failed at their first has not been asked; go on with resume"
"""Why a sample has no verdict where nobody can be asked."""


def owes_turn(run: Run, completion: Completion, found: Verdict | Ungraded) -> bool:
    """Whether a sample is to be asked a second time, by what came of its first answer."""
    return may_owe_turn(run, found) and not completion.again


def may_owe_turn(run: Run, found: Verdict | Ungraded) -> bool:
    """The same where it is not known whether it has been asked."""
    several = run.settings is not None and run.settings.turns > 1
    return several and isinstance(found, Verdict) and found.verdict is not VerdictClass.PASSED


def second_prompt(problem: Problem, run: Run, completion: Completion, found: Verdict) -> Prompt:
    """What a model is sent after its first answer: all that was said, and what came of it."""
    assert run.settings is not None
    first = prompt_for(problem, run.settings)
    shown = kind_of(problem).to_edit(problem)
    assert shown is not None
    said = say_what_came(found, shown)
    messages = (
        *(first.messages or ({"role": "user", "content": first.text},)),
        {"role": "assistant", "content": completion.text},
        {"role": "user", "content": said},
    )
    return structs.replace(first, text=said, messages=messages)


def second_answer(said: str, completion: Completion) -> SecondAnswer:
    """The row of an answer to what was sent back."""
    kept = {name: getattr(completion, name) for name in SecondAnswer.__struct_fields__ if name != "said"}
    return SecondAnswer(said=said, **kept)
