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


def test_a_pattern_names_data_sets() -> None:
    """Every language of a set, every window of a release; signs that a name holds fit themselves."""
    text = '[[target]]\nname="a"\ndataset=["humanevalpack-*", "mine[1]"]\nmetric="pass@1"\nabove=1'
    (row,) = parse_targets(text, "t").rows
    assert row.takes_several_datasets
    assert row.wants_dataset("HumanEvalPack-rust")
    assert row.wants_dataset("humanevalpack-js-fix")
    assert row.wants_dataset("mine[1]")
    assert not row.wants_dataset("humaneval")
    windows, plain = (
        parse_targets(text.replace('["humanevalpack-*", "mine[1]"]', f'"{name}"'), "t").rows[0]
        for name in ("livecodebench-v5-*", "mbpp")
    )
    assert windows.takes_several_datasets
    assert windows.wants_dataset("livecodebench-v5-2024-08..2025-01")
    assert not plain.takes_several_datasets


def test_patterns_select_runs() -> None:
    """All patterns have to fit; ``*`` stands for anything."""
    keeps = parse_targets(WHOLE, "t").rows[0]
    card = loaded_run([1], 1).run.model.card
    ternary = type(card)(quantization="ternary")
    assert keeps.selects(loaded_run([1], 1, model="smol-3b", card=ternary).run)
    assert not keeps.selects(loaded_run([1], 1, model="smol-7b", card=ternary).run)
    assert not keeps.selects(loaded_run([1], 1, model="smol-3b").run)
