"""A results repository to begin with: everything is written once, and never over what is there."""

import hashlib
import json
import tomllib
from dataclasses import replace

import jsonschema
from ruamel.yaml import YAML

from evalsite import __version__
from evalsite.publish.config import read_config
from evalsite.publish.editors import config_schema
from evalsite.publish.origin import carried
from evalsite.publish.scaffold import PATHS, SCHEMAS, SUMS, WORKFLOW, Names, scaffold
from evalsite.rundir.json_schema import schema_path
from tests.publish.builders import schema


def test_init_writes_everything_once_and_never_over(evalsite, tmp_path):
    """--dry-run writes nothing; a second init keeps what was edited."""
    dry = evalsite("init", "new", "--dry-run", "--requirement", "evalsite")
    assert dry.returncode == 0
    assert dry.stdout.count("would write") == len(PATHS)
    assert not (tmp_path / "new").exists()
    assert evalsite("init", "new", "--requirement", "evalsite").returncode == 0
    assert {path for path in PATHS if (tmp_path / "new" / path).is_file()} == set(PATHS)
    (tmp_path / "new" / "evalsite.toml").write_text("title = 'mine'\n")
    (tmp_path / "new" / "README.md").unlink()
    again = evalsite("init", "new", "--requirement", "evalsite")
    assert again.stdout.count("keep ") == len(PATHS) - 1
    assert "write  new/README.md" in again.stdout
    assert (tmp_path / "new" / "evalsite.toml").read_text() == "title = 'mine'\n"


NAMES = Names("Results", "me/results", "https://me.github.io/results/", "evalsite")


def written(**further):
    """The workflow that is written, as text and as GitHub reads it."""
    text = scaffold(replace(NAMES, **further))[WORKFLOW].decode()
    return text, YAML(typ="safe").load(text)


def test_once_there_is_a_release_the_workflow_uses_its_action():
    """By its version, in place of the steps; without one they are written out, and no mark of that stays."""
    by_hand, _ = written()
    assert "uses: a/evalsite" not in by_hand
    assert "# begin" not in by_hand
    assert "# end" not in by_hand
    text, found = written(action="a/evalsite@v1.2.3")
    jsonschema.validate(found, schema("github-workflows"))
    own = {
        job: [step for step in found["jobs"][job]["steps"] if step.get("uses") == "a/evalsite@v1.2.3"]
        for job in ("build", "check")
    }
    assert {job: [step["with"] for step in steps] for job, steps in own.items()} == {
        "build": [{"command": "build"}], "check": [{"command": "check"}],
    }  # fmt: skip
    assert "pip install" not in text
    assert "evalsite check" not in text
    for part in ("actions/cache/restore", "actions/cache/save", "actions/deploy-pages", "fetch-depth: 2"):
        assert part in text


def test_init_writes_the_action_of_its_own_release(evalsite, tmp_path, monkeypatch):
    monkeypatch.setattr("evalsite.publish.origin.released_in", lambda: "a/evalsite")
    assert evalsite("init", "new", "--requirement", "evalsite").returncode == 0
    assert f"uses: a/evalsite@v{__version__}\n" in (tmp_path / "new" / WORKFLOW).read_text("utf-8")


def test_a_wheel_that_comes_along_is_held_to_its_hash(evalsite, tmp_path, monkeypatch):
    """Also one that lay there before: it is kept, and the hash is its own."""
    monkeypatch.setattr("evalsite.cli.init.own_requirement", carried)
    assert evalsite("init", "new").returncode == 0
    wheel = tmp_path / "new" / carried().wheel
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert (tmp_path / "new" / SUMS).read_text() == f"{digest}  {wheel.name}\n"
    (tmp_path / "new" / SUMS).unlink()
    wheel.write_bytes(b"an older one")
    assert evalsite("init", "new").returncode == 0
    digest = hashlib.sha256(b"an older one").hexdigest()
    assert (tmp_path / "new" / SUMS).read_text() == f"{digest}  {wheel.name}\n"


def test_files_that_people_edit_name_a_schema_that_lies_beside_them(evalsite, tmp_path):
    """By the first line, as editors read it; and what is written fits it."""
    assert evalsite("init", ".", "--requirement", "evalsite").returncode == 0
    assert len(SCHEMAS) == 2
    for name in SCHEMAS:
        text = (tmp_path / name).read_text("utf-8")
        assert text.splitlines()[0] == f"#:schema ./{schema_path(name)}"
        lying = json.loads((tmp_path / schema_path(name)).read_text("utf-8"))
        assert jsonschema.Draft202012Validator(lying).is_valid(tomllib.loads(text))
    assert read_config(tmp_path / "evalsite.toml").budget == 900_000_000
    assert json.loads((tmp_path / schema_path("evalsite.toml")).read_text("utf-8")) == config_schema()
