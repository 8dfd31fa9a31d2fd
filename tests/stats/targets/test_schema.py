"""Targets: what was promised, for which runs, and how sure one has to be."""

from evalsite.stats.targets import parse_targets
from tests.make import loaded_run
from tests.stats.targets.helpers import BORN_WITH, WHOLE


def test_data_set_names_are_exact_but_for_their_case() -> None:
    """``mbpp`` alone does not stand for its variants, nor ``humaneval`` for HumanEval+."""
    humaneval = BORN_WITH.rows[0]
    assert humaneval.wants_dataset("HumanEval")
    assert not humaneval.wants_dataset("humaneval-plus")
    (row,) = parse_targets('[[target]]\nname="a"\ndataset="mbpp"\nmetric="pass@1"\nabove=1', "t").rows
    assert not row.wants_dataset("mbpp-test")


def test_patterns_select_runs() -> None:
    """All patterns have to fit; ``*`` stands for anything."""
    keeps = parse_targets(WHOLE, "t").rows[0]
    card = loaded_run([1], 1).run.model.card
    ternary = type(card)(quantization="ternary")
    assert keeps.selects(loaded_run([1], 1, model="smol-3b", card=ternary).run)
    assert not keeps.selects(loaded_run([1], 1, model="smol-7b", card=ternary).run)
    assert not keeps.selects(loaded_run([1], 1, model="smol-3b").run)
