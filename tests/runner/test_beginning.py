"""A run that never gets an answer leaves nothing behind, and takes nothing away that is not its own."""

import pytest

from evalsite.datasets import LoadedDataset
from evalsite.datasets.reading import hash_problems
from evalsite.errors import EndpointError
from evalsite.rundir.schema import Completion, Model
from evalsite.runner.ask import new_run
from evalsite.runner.plan import Plan
from tests.make import SETTINGS
from tests.runner.helpers import PROBLEMS

PLAN = Plan(
    dataset=LoadedDataset("demo", PROBLEMS, hash_problems(PROBLEMS), "test"),
    model=Model(name="model"),
    settings=SETTINGS,
    grading=None,
    num_samples=1,
)


def give_up(folder, *, answered=False, beside=None):
    """Begin a run, and fail."""
    with new_run(folder)(PLAN) as run_dir:
        if answered:
            with run_dir.append_completions() as appender:
                appender.append(Completion(problem="Demo/0", sample=0, form="response", text="x"))
        if beside:
            (folder / beside).mkdir()
        raise EndpointError("the server is gone")


def test_a_folder_that_was_made_for_it_goes_with_it(tmp_path):
    """As if nobody had asked."""
    with pytest.raises(EndpointError):
        give_up(tmp_path / "deep" / "runs")
    assert not (tmp_path / "deep" / "runs").exists()


def test_what_was_there_before_or_came_meanwhile_stays(tmp_path):
    """An empty folder of the user's; another run, that began at the same time in a new one."""
    (tmp_path / "mine").mkdir()
    with pytest.raises(EndpointError):
        give_up(tmp_path / "mine")
    assert list((tmp_path / "mine").iterdir()) == []
    with pytest.raises(EndpointError, match="the server is gone"):
        give_up(tmp_path / "new", beside="another-run")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["another-run"]


def test_a_run_with_an_answer_stays(tmp_path):
    """It can be gone on with."""
    with pytest.raises(EndpointError):
        give_up(tmp_path / "runs", answered=True)
    (kept,) = (tmp_path / "runs").iterdir()
    assert (kept / "completions.jsonl").stat().st_size > 0
