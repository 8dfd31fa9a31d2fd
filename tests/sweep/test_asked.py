"""A plan of a few answers: what is read of them, and the plan that they make."""

import pytest

from evalsite.errors import DatasetError, UsageError
from evalsite.sweep.asked import Asked, Served, plan_text, read_candidates, read_datasets, read_served
from evalsite.sweep.plan import read_plan

HERE = "http://127.0.0.1:1"


def test_a_model_has_a_name_and_an_address():
    """The name may have blanks; of several each has its own."""
    assert read_served(f"  my model {HERE} ") == Served("my model", HERE)
    assert read_candidates(f"a {HERE}, b {HERE}/v1,") == (Served("a", HERE), Served("b", f"{HERE}/v1"))


@pytest.mark.parametrize("text", ["", " ", HERE, f" {HERE}", "a", "a b", ","])
def test_what_is_no_model_is_told_with_an_example(text):
    for read in (read_served, read_candidates):
        with pytest.raises(UsageError, match="not a model's name with the address") as caught:
            read(text)
        assert caught.value.hint == "For example: qwen3-coder-fp8 http://localhost:8000"


@pytest.mark.parametrize("address", ["http://me:secret@127.0.0.1:1", f"{HERE}/v1?key=secret"])
def test_a_plan_holds_no_secret(address):
    """That is told without it."""
    with pytest.raises(UsageError, match="a: a password or a key has no place in a plan") as caught:
        read_served(f"a {address}")
    assert "secret" not in f"{caught.value} {caught.value.hint}"


def test_data_sets_are_names_or_files(tmp_path):
    """A file is called by its name up to the first point."""
    (tmp_path / "own.v2.jsonl").touch()
    assert read_datasets(" own.v2.jsonl, humaneval,", tmp_path) == (
        Asked("own", "own.v2.jsonl"),
        Asked("humaneval"),
    )
    with pytest.raises(DatasetError, match="nobody") as caught:
        read_datasets("nobody-knows", tmp_path)
    assert "A file of your own is named by its path." in caught.value.hint
    with pytest.raises(UsageError, match="no data set is named"):
        read_datasets(" , ", tmp_path)


def test_the_plan_is_what_was_answered(tmp_path):
    """With every sign that a name may hold; the first model is the baseline."""
    models = Served('the "big"\\ one\x7fé', HERE), Served("small", f"{HERE}/v1")
    text = plan_text(
        "p.toml", models, (Asked("humaneval"), Asked("own", "own.jsonl")), num_samples=3, margin=2.5
    )
    (tmp_path / "p.toml").write_text(text, "utf-8")
    plan = read_plan(tmp_path / "p.toml")
    assert (plan.baseline, plan.margin) == (models[0].name, 2.5)
    assert [(each.name, each.endpoint) for each in plan.models] == [
        (each.name, each.endpoint) for each in models
    ]
    assert [(each.name, each.data_path, each.num_samples) for each in plan.datasets] == [
        ("humaneval", "", 3),
        ("own", "own.jsonl", 3),
    ]
    assert "by: evalsite sweep p.toml\n" in text
    assert "evalsite sweep p.toml --dry-run." in text
