"""Files at the top of the repository that other programs read."""

import tomllib

from ruamel.yaml import YAML

import evalsite
from tests.conftest import ROOT
from tests.make import write_run


def read(name):
    """A YAML file as plain values."""
    return YAML(typ="safe").load((ROOT / name).read_text("utf-8"))


def test_the_citation_names_this_version():
    """And the licence that the package has."""
    cited = read("CITATION.cff")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert (cited["title"], cited["version"]) == (project["name"], evalsite.__version__)
    assert cited["license"] == project["license"]


def test_the_hook_refuses_a_run_that_is_not_sound(tmp_path, evalsite):
    """Its command, as pre-commit calls it: in the repository, without names of files."""
    (hook,) = read(".pre-commit-hooks.yaml")
    program, *words = hook["entry"].split()
    assert (program, hook["pass_filenames"]) == ("evalsite", False)
    run_dir = write_run(tmp_path / "runs", "fp8", [1], n=1)
    assert evalsite(*words).returncode == 0
    (run_dir.path / "verdicts.jsonl").write_text("{", "utf-8")
    assert evalsite(*words).returncode == 5
