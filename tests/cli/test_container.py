"""Grading in a container, with a ``docker`` of the test's own: it writes down what it is told, and does it.

No docker and no podman was to be had where these tests were written: that the real ones take these words is
not tried.
"""

import json
import os
import shlex
import sys

import pytest

from evalsite.cli import container
from evalsite.publish.wheel import wheel_name
from evalsite.rundir.store import RunDir
from tests import preloaded
from tests.cli.helpers import failed
from tests.make import write_run

pytestmark = pytest.mark.linux

ENGINE = """#!{python}
import json, os, subprocess, sys
words = sys.argv[1:]
with open({told!r}, "a", encoding="utf-8") as file:
    there = [os.path.exists(each.split(":")[0]) for each in words if ":/" in each]
    file.write(json.dumps([words, there]) + "\\n")
outside, inside = next(each.split(":") for each in words if ":/runs/" in each)
if {code} != 0:
    print("the engine's own words about " + inside, file=sys.stderr)
    sys.exit({code})
grade = words[-1].partition("exec evalsite ")[2].replace(inside, outside)
done = subprocess.run(f"{evalsite} {{grade}}", shell=True, capture_output=True, text=True)
sys.stdout.write(done.stdout.replace(outside, inside))
sys.stderr.write(done.stderr.replace(outside, inside))
sys.exit(done.returncode)
"""


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """Put an engine first on the path; returns what was told to it, a call a row."""
    told = tmp_path / "told.jsonl"

    def installed(name="docker", code=0):
        folder = tmp_path / "bin"
        folder.mkdir()
        program, evalsite = folder / name, folder / "evalsite"
        preloaded.write_program(evalsite)
        text = ENGINE.format(python=sys.executable, told=str(told), code=code, evalsite=evalsite)
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
        return {"PATH": f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin"}

    installed.told = lambda: [json.loads(line) for line in told.read_text("utf-8").splitlines()]
    return installed


@pytest.fixture
def run(evalsite, samples, tmp_path):
    """A run that nobody has graded."""
    made = evalsite("import", samples, "--model-name", "m", "--no-grade")
    assert made.returncode == 0, made.stderr
    return RunDir(tmp_path / made.stdout.strip())


@pytest.mark.sandbox
@pytest.mark.parametrize("name", ["docker", "podman"])
def test_a_run_is_graded_in_a_container(evalsite, engine, run, name):
    """With the run's folder, this very evalsite and the options that were given; with no right more."""
    done = evalsite("grade", run.path, "--in-container", "--no-preflight", "--workers", 1, env=engine(name))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [str(run.path)]
    assert "2 samples: 1 passed and 1 wrong answer" in done.stderr
    assert "/runs/" not in done.stderr.replace(str(run.path), "").partition("\n")[2]
    assert sorted(row.verdict for row in run.verdicts()) == ["passed", "wrong_answer"]
    [(words, there)] = engine.told()
    assert words[:2] == ["run", "--rm"]
    assert f"{run.path}:/runs/{run.path.name}" in words
    assert there == [True, True, False], "run and wheel are on this disk, the cache is the engine's"
    options = {word for word in words if word.startswith("-")}
    assert options == {"--rm", "-v", "-c"}, "no right is asked for"
    script = words[-1]
    assert wheel_name() in script
    assert script.endswith(f"/runs/{run.path.name} --progress json --workers 1 --no-preflight")
    assert words[words.index("sh") - 1] == container.IMAGE


@pytest.mark.sandbox
def test_changed_verdicts_of_a_container_are_listed(evalsite, engine, run):
    """As ``--again`` lists them here."""
    path = engine()
    assert evalsite("grade", run.path, "--in-container", "--no-preflight", env=path).returncode == 0
    again = evalsite("grade", run.path, "--in-container", "--no-preflight", "--again", env=path)
    assert again.stdout.splitlines() == ["0 verdicts changed", str(run.path)]


ENDINGS = (
    (125, 6, "the engine's own words"),
    (137, 6, "the engine's own words"),
    (1, 6, "did not get to its end"),
    (5, 5, "the engine's own words"),
    (130, 130, "--in-container"),
)


@pytest.mark.parametrize(("code", "ends", "words"), ENDINGS)
def test_what_ends_a_container_early_is_told(evalsite, engine, run, code, ends, words):
    """With its own words about the run where it stands; never as a gate's word."""
    done = evalsite("grade", run.path, "--in-container", env=engine(code=code))
    failed(done, ends, words)
    assert "/runs/2" not in done.stderr.partition("\n")[2].replace(str(run.path), "")
    assert not list(run.verdicts())


def test_without_an_engine_it_says_what_to_install(evalsite, run):
    """And what else works."""
    done = evalsite("grade", run.path, "--in-container", env={"PATH": "/nowhere"})
    failed(done, 6, "neither docker nor podman", shlex.join(["evalsite", "grade", str(run.path)]))


def test_a_path_with_a_colon_is_refused(evalsite, engine, run):
    """Engines would take it for something else."""
    moved = run.path.rename(run.path.with_name("a:b"))
    failed(evalsite("grade", moved, "--in-container", env=engine()), 2, "no path with a colon")


def test_a_container_has_a_python_of_its_own(evalsite, tmp_path):
    """Nobody is left to believe that programs ran in the one that was named."""
    run_dir = write_run(tmp_path / "runs", "m", [1], n=1)
    done = evalsite("grade", run_dir.path, "--in-container", "--sandbox-python", "env")
    assert done.returncode == 2
    assert "--in-container and --sandbox-python are given" in done.stderr
