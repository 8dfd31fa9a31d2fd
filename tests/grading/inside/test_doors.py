"""An isolation layer is added in one place: a toy that is registered is entered, recorded and tried."""

import pytest

from evalsite.grading import probe
from evalsite.grading.engine import Grader
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.inside import layers
from evalsite.grading.sandboxes import base
from tests.grading.helpers import QUICK, RIGHT, verdict_of

TOY = """
import os
from evalsite.grading.inside import layers

class Toy(layers.Layer):
    name = "toy"
    does = "what a program writes, nobody reads"

    def enter(self, confinement, request):
        os.umask(0o777)

    def attempt(self, confinement, outside):
        self.enter(confinement, None)
        return "" if os.umask(0) == 0o777 else "others may read"

layers.LAYERS = (Toy(), *layers.LAYERS)
"""
KEPT_IN = f"import os\nassert os.umask(0) == 0o777\n{RIGHT}"


@pytest.fixture
def toy(monkeypatch):
    """The toy here, and in every fork server that is started."""
    monkeypatch.setattr(layers, "LAYERS", layers.LAYERS)
    exec(TOY, {})
    monkeypatch.setattr(probe, "LAYERS", layers.LAYERS)
    begins, imports = base.BOOTSTRAP.split("; from ")
    monkeypatch.setattr(base, "BOOTSTRAP", f"{begins}\n{TOY}\nfrom {imports}")


@pytest.mark.sandbox
def test_a_layer_is_added_in_one_place(toy):
    """A sample takes it into force, the run's record names it, and the doctor tries it."""
    with Grader(LocalExecutor(QUICK, workers=1)) as grader:
        assert "toy" in grader.conditions.layers
        assert verdict_of(grader, KEPT_IN).verdict == "passed"
    assert [(one.works, one.detail) for one in probe.probe_layers() if one.layer == "toy"] == [
        (True, "what a program writes, nobody reads")
    ]


@pytest.mark.sandbox
def test_without_it_nothing_of_it_holds():
    """So that the test above shows the toy at work."""
    with Grader(LocalExecutor(QUICK, workers=1)) as grader:
        assert "toy" not in grader.conditions.layers
        assert verdict_of(grader, KEPT_IN).verdict == "runtime_error"
