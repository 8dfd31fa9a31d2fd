"""How a run was made, as its page tells it."""

import importlib
import shlex

import pytest
from msgspec import structs

from evalsite.cli.main import COMMANDS
from evalsite.rundir.draws import Draw
from evalsite.rundir.schema import Dataset, Example, Grading, Limits, Model, ModelCard, Settings
from evalsite.site.views.provenance import card_of, reproduce, settings_of
from tests.make import make_record

SETTINGS = Settings(
    api="completions",
    prompt="completion-v1",
    temperature=0.2,
    top_p=0.95,
    max_tokens=300,
    seed=7,
    system="Be 'brief'; $HOME",
    stream=False,
)


def parsed(command):
    """What the command line itself makes of a command; it refuses what it does not know."""
    program, name, *words = shlex.split(command)
    assert program == "evalsite"
    return importlib.import_module(COMMANDS[name][0]).command.make_context(name, words).params


def test_the_command_asks_again_for_exactly_what_was_asked():
    """Every setting that counts towards a run's identity is in it, quoted for a shell."""
    run = make_record(
        model=Model(name="m x", endpoints=("http://a:1/v1", "http://b:2/v1")),
        dataset=Dataset(name="humaneval", sha256="ab" * 32, num_problems=164),
        num_problems=20,
        draw=Draw(seed=3),
        num_samples=10,
        settings=SETTINGS,
        grading=Grading(sandbox="process", limits=Limits(cpu_s=7.5, memory_mib=512)),
    )
    params = parsed(reproduce(run))
    expected = {
        "model_name": "m x",
        "api": "completions",
        "prompt": "completion-v1",
        "dataset": "humaneval",
        "max_problems": 20,
        "draw_seed": 3,
        "num_samples": 10,
        "temperature": 0.2,
        "top_p": 0.95,
        "max_tokens": 300,
        "seed": 7,
        "system": "Be 'brief'; $HOME",
        "stream": False,
        "cpu_limit": 7.5,
        "memory_limit": 512,
        "sandbox": "process",
    }
    assert {key: params[key] for key in expected} == expected
    assert "--model-endpoint http://a:1/v1 --model-endpoint http://b:2/v1" in reproduce(run)


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"chosen": True}, {"problems": "HumanEval/3,HumanEval/7", "max_problems": None}),
        ({"shard": "2/3"}, {"shard": "2/3", "max_problems": None}),
        ({}, {"problems": "HumanEval/3,HumanEval/7", "max_problems": None}),
        ({"draw": Draw(seed=5)}, {"problems": "", "max_problems": 2, "draw_seed": 5}),
    ],
)
def test_the_command_names_which_problems_were_asked(record, told):
    """Those that were named, one shard of all, the first ones of an earlier version, or those drawn."""
    run = make_record(
        dataset=Dataset(name="humaneval", sha256="ab" * 32, num_problems=164),
        model=Model(name="m", endpoints=("http://a:1/v1",)),
        num_problems=2,
        settings=SETTINGS,
        **record,
    )
    params = parsed(reproduce(run, ("HumanEval/3", "HumanEval/7")))
    assert {name: params[name] for name in told} == told


@pytest.mark.parametrize(
    ("examples", "option"),
    [
        ((Example(text="a", problem="T/0"), Example(text="b", problem="T/1")), "1"),
        ((Example(text="a\nb"),), "EXAMPLES.txt"),
    ],
)
def test_the_command_says_where_examples_are_from(examples, option):
    """How many solved problems of the data set, or a file for the text, which stands on the page."""
    run = make_record(
        model=Model(name="m", endpoints=("http://a:1/v1",)),
        settings=structs.replace(SETTINGS, few_shot=examples),
    )
    assert parsed(reproduce(run))["few_shot"] == option
    shown = {fact.name: fact.value for fact in settings_of(run)}
    assert shown["Examples before every prompt"] == "\n".join(each.text for each in examples)


def test_an_imported_run_is_imported_again(tmp_path):
    """Its command names the file that the samples came from."""
    (tmp_path / "samples.jsonl").write_text("")
    origin = str(tmp_path / "samples.jsonl")
    run = make_record(settings=None, origin=origin, grading=Grading(sandbox="bubblewrap"))
    command = reproduce(run)
    assert command.startswith(f"evalsite import {origin} --dataset ")
    assert parsed(command)["model_name"] == run.model.name


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("http://example.org", "http://example.org"),
        ("javascript:alert(1)", ""),
        ("https://example.org/ x", ""),
        ("https://example.org/\u202e", ""),
        ("example.org", ""),
    ],
)
def test_a_card_links_to_the_web_alone(link, leads):
    """Whatever else stands there is shown as it is, and leads nowhere."""
    (fact,) = card_of(make_record(model=Model(name="m", card=ModelCard(link=link))))
    assert (fact.value, fact.link) == (link, leads)
