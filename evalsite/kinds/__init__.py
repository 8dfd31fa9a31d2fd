"""Kinds of problem: how each is asked, how its answer is read back, and how what was found is judged.

A kind is an object: a :class:`.base.Kind` in :data:`KINDS`.
"""

from evalsite.errors import RunFormatError
from evalsite.kinds.agent import ExerciseByAgent
from evalsite.kinds.base import Kind
from evalsite.kinds.calls import ToolCalls
from evalsite.kinds.completion import CodeCompletion
from evalsite.kinds.contest import Call, Stdin
from evalsite.kinds.exercise import ExerciseByEdit
from evalsite.kinds.infill import Infilling
from evalsite.kinds.inputs import CodeByInputs
from evalsite.kinds.prediction import InputPrediction, OutputPrediction
from evalsite.kinds.prose import ProseTask
from evalsite.kinds.repair import Repair
from evalsite.kinds.unittests import UnittestCompletion, UnittestTask
from evalsite.rundir.schema import Problem

_KINDS: tuple[Kind, ...] = (
    CodeCompletion(),
    ProseTask(),
    OutputPrediction(),
    InputPrediction(),
    Infilling(),
    Repair(),
    ToolCalls(),
    ExerciseByEdit(),
    ExerciseByAgent(),
    CodeByInputs(),
    Stdin(),
    Call(),
    UnittestCompletion(),
    UnittestTask(),
)
KINDS: dict[str, Kind] = {kind.name: kind for kind in _KINDS}
"""Name -> kind."""


def kind_of(problem: Problem) -> Kind:
    """Return the kind of a problem; raises RunFormatError where this evalsite does not know it."""
    try:
        return KINDS[problem.kind]
    except KeyError:
        raise RunFormatError(
            f"{problem.task_id} is a problem of kind {problem.kind!r}, which this evalsite does not know",
            hint=f"Known are {', '.join(KINDS)}. Upgrade: python -m pip install --upgrade evalsite",
        ) from None
