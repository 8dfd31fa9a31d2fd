"""What is installed is what stands in the checkout: templates and static files travel with the wheel."""

import io
import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from evalsite.publish.wheel import own_wheel
from evalsite.rundir.schema import Verdict
from evalsite.rundir.store import RunDir
from evalsite.runner.grade import finish
from tests.conftest import ROOT
from tests.make import make_problem, make_record, write_answers


@pytest.mark.long
@pytest.mark.linux
def test_the_wheel_renders_a_site_from_an_empty_environment(tmp_path):
    """Built twice, to the same bytes; installed into a fresh venv, it reads nothing of the checkout."""
    no_npm = {**os.environ, "PATH": str(tmp_path)}  # nothing is fetched: tests need no network
    made = subprocess.run(
        [sys.executable, ROOT / "scripts" / "dist.py", "--output", tmp_path],
        capture_output=True, text=True, env=no_npm,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    (wheel,) = tmp_path.glob("*.whl")
    assert [line.split()[1] for line in made.stdout.splitlines()[-2:]] == [
        wheel.name, next(tmp_path.glob("*.tar.gz")).name,
    ]  # fmt: skip
    names = zipfile.ZipFile(wheel).namelist()
    assert "evalsite/templates/base.html" in names
    assert any(name.startswith("evalsite/static/") for name in names)
    (metadata,) = (name for name in names if name.endswith(".dist-info/METADATA"))
    first_line = zipfile.ZipFile(wheel).read(metadata).splitlines()[0]
    assert first_line == b"Metadata-Version: 2.4", "the newest is not read everywhere yet"
    own = zipfile.ZipFile(io.BytesIO(own_wheel())).namelist()
    # Without npm, as here, plotly's small bundle cannot be fetched.
    told, built = (
        {name for name in each if not re.search("[.]dist-info/|/vendor/", name)} for each in (own, names)
    )
    assert told == built, "the wheel that init writes holds the same"
    assert not any(name.startswith(("tests/", "runs/", "bench/")) for name in names)

    venv.create(tmp_path / "venv")
    there = ["--python", tmp_path / "venv" / "bin" / "python"]
    pip = [sys.executable, "-m", "pip", *there, "install", "--quiet", "--no-deps", "--no-compile"]
    subprocess.run([*pip, wheel], check=True)
    dependencies = next(Path(path) for path in sys.path if path.endswith("site-packages"))
    run_dir = RunDir.create(tmp_path / "runs", make_record(), [make_problem()])
    rows = [Verdict(problem="Demo/0", sample=0, verdict="passed", program="x = 1\n")]
    write_answers(run_dir, rows)
    run_dir.write_verdicts(rows)
    finish(run_dir, "complete")
    done = subprocess.run(
        [tmp_path / "venv" / "bin" / "evalsite", "build", "--output", "site"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(dependencies), "HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "model" in (tmp_path / "site" / "index.html").read_text("utf-8")
