"""A file outside of the sandbox, and a Python with a package of its own."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.grading.helpers import PACKAGE


@pytest.fixture
def outside(tmp_path):
    """A file that everybody may read and write, as far as its mode goes."""
    path = tmp_path / "outside"
    path.write_text("whole")
    path.chmod(0o666)
    return path


@pytest.fixture(scope="module")
def packaged(tmp_path_factory):
    """A virtual environment with one package of ours."""
    folder = tmp_path_factory.mktemp("environment") / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    (packages / "tinyframe").mkdir(parents=True)
    (packages / "tinyframe" / "__init__.py").write_text(PACKAGE)
    (packages / "tinyframe-1.2.dist-info").mkdir()
    (packages / "tinyframe-1.2.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: tinyframe\nVersion: 1.2\n"
    )
    return folder
