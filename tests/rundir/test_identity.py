"""What a run's identity is made of, and what it says of a record that was changed."""

import msgspec
import pytest
from msgspec.structs import replace

from evalsite.errors import IdentityError
from evalsite.rundir.identity import (
    changes_since,
    hash_identity,
    identity_leaves,
    leaf_differences,
    refuse_changed,
)
from evalsite.rundir.schema import Dataset, Model, ModelCard, Settings, Summary
from evalsite.stats.steadiness import changes_within
from tests.make import make_record

SETTINGS = Settings(api="chat", prompt="chat-v1", temperature=0.2, top_p=1.0, max_tokens=512, seed=3)
MODEL = Model(name="m", endpoints=("http://b:1/v1", "http://a:1/v1"), card=ModelCard(quantization="FP8"))


def identified(**changes):
    """A run whose identity is its own."""
    run = make_record(**{"settings": SETTINGS, "model": MODEL} | changes)
    leaves = identity_leaves(run.model, run.settings, run.dataset)
    return replace(run, identity=hash_identity(leaves), identity_of=leaves)


def test_the_leaves_are_plain_values_without_what_has_its_default():
    """So an evalsite that knows more settings finds the same identity."""
    run = identified()
    assert run.identity_of == {
        "endpoints": ["http://a:1/v1", "http://b:1/v1"],
        "model": "m",
        "dataset.name": "demo",
        "dataset.sha256": "0" * 64,
        "dataset.num_problems": 1,
        "settings.api": "chat",
        "settings.prompt": "chat-v1",
        "settings.temperature": 0.2,
        "settings.top_p": 1.0,
        "settings.max_tokens": 512,
        "settings.seed": 3,
        "weights.quantization": "FP8",
    }
    assert changes_since(run) == ()
    assert changes_since(msgspec.json.decode(msgspec.json.encode(run), type=type(run))) == ()


def settings_with(**changes):
    return {"settings": replace(SETTINGS, **changes)}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        (settings_with(temperature=0.8), "settings.temperature 0.2 -> 0.8"),
        (settings_with(seed=None), "settings.seed 3 -> None"),
        (settings_with(stream=False), "settings.stream True -> False"),
        (settings_with(system="Be brief."), "settings.system '' -> 'Be brief.'"),
        (settings_with(stop=("x",)), "settings.stop [] -> ['x']"),
        ({"model": replace(MODEL, name="n")}, "model 'm' -> 'n'"),
        ({"model": replace(MODEL, endpoints=("http://a:1/v1",))}, "endpoints ["),
        ({"model": replace(MODEL, card=ModelCard())}, "weights.quantization 'FP8' -> ''"),
        ({"dataset": Dataset(name="demo", sha256="1" * 64, num_problems=1)}, "dataset.sha256 '000"),
        ({"dataset": Dataset(name="demo", sha256="0" * 64, num_problems=9)}, "dataset.num_problems 1 -> 9"),
    ],
)
def test_whatever_is_changed_is_named_with_both_values(tmp_path, changes, named):
    """Refused where it would go on or be judged, and told where it is only shown."""
    run = replace(identified(), **changes)
    (change,) = changes_since(run)
    assert change.startswith(named)
    with pytest.raises(IdentityError, match="was changed after the run began") as caught:
        refuse_changed(tmp_path / "my run", run)
    assert named in caught.value.message
    assert f"evalsite resume '{tmp_path / 'my run'}' --model-card FILE" in caught.value.hint
    assert named in changes_within(run, Summary(run="r", tallies=(), verdicts={}))[0]


def test_a_copy_that_was_changed_along_does_not_hide_it():
    """The hash is over all of it, so that somebody who edits both places is told, if not what."""
    run = identified()
    both = replace(
        run,
        settings=replace(SETTINGS, temperature=0.8),
        identity_of=run.identity_of | {"settings.temperature": 0.8},
    )
    assert changes_since(both) == (
        "identity does not fit endpoints, model, settings, data set and model card",
    )


def test_the_hash_of_format_1_is_the_one_that_its_runs_hold():
    """Made by the last evalsite that wrote format 1."""
    old = make_record(
        format=1,
        identity="c581cf7cf5525de9c2c2289fba5956357d3501aa30c4af12f4399980dd202723",
        settings=replace(SETTINGS, stop=("x",)),
        model=replace(MODEL, card=ModelCard(role="baseline", quantization="FP8", bits_per_weight=8.5)),
    )
    assert changes_since(old) == ()
    (change,) = changes_since(replace(old, settings=replace(SETTINGS, temperature=0.8, stop=("x",))))
    assert "does not fit" in change


def test_what_may_be_raised_or_told_anew_changes_no_identity():
    """More samples, a status, what the server tells of itself."""
    run = identified()
    other = replace(run, num_samples=9, status="running", model=replace(MODEL, server={"version": "2"}))
    assert changes_since(other) == ()


def test_a_run_without_an_identity_has_nothing_to_hold_it_against():
    """Samples made elsewhere."""
    assert changes_since(make_record(kind="imported")) == ()


def test_differences_are_in_the_order_of_their_names():
    """And an unknown default is None."""
    found = leaf_differences({"settings.api": "chat", "model": "m"}, {"model": "n"})
    assert list(found) == ["model 'm' -> 'n'", "settings.api 'chat' -> None"]
