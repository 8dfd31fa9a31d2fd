"""What a model's repository on the Hugging Face Hub takes, read back by the Hub's own classes."""

import pytest
from huggingface_hub import parse_eval_result_entries
from huggingface_hub.repocard_data import model_index_to_eval_results
from ruamel.yaml import YAML

from evalsite import api
from evalsite.datasets.catalogue import KNOWN
from evalsite.report.hugging_face import on_hub
from tests.cli.helpers import failed
from tests.make import write_run

SITE = "https://me.github.io/results"


def read(path):
    """A YAML file as plain values."""
    return YAML(typ="safe").load(path.read_text("utf-8"))


@pytest.fixture
def runs(tmp_path):
    """A baseline and a candidate whose name has what YAML and Markdown would take for their own."""
    folder = tmp_path / "runs"
    base = write_run(folder, "fp8", [2, 2, 2], n=2, day="2026-11-18")
    return base, write_run(folder, 'a: "b" #*c*', [2, 1, 0], n=2, day="2026-11-19")


def test_the_hubs_own_classes_read_it_back(evalsite, tmp_path, runs):
    """Scores, tasks, dates and addresses, as the run has them."""
    base, candidate = runs
    done = evalsite("export", "--all", "--format", "hf", "--site-url", SITE, "--baseline", "fp8")
    assert done.returncode == 0, done.stderr
    paths = {tmp_path / line for line in done.stdout.splitlines()}
    assert len(paths) == 6
    (results,) = [path for path in paths if path.parent.name == ".eval_results" and "fp8" not in str(path)]
    (entry,) = parse_eval_result_entries(read(results))
    assert (entry.dataset_id, entry.task_id) == on_hub("humaneval")
    assert entry.value == 0.5
    assert entry.date == candidate.read_run().created_at
    assert entry.source_url.startswith(f"{SITE}/runs/2026-11-19T10-00-00Z--a")
    assert "3 problems x 2 samples" in entry.notes
    assert f"problems {candidate.read_run().dataset.sha256[:16]} (sha256)" in entry.notes
    assert entry.dataset_revision is None, "the Hub's own, which nobody here was told"
    name, found = model_index_to_eval_results(read(results.parents[1] / "model-index.yaml")["model-index"])
    assert name == candidate.read_run().model.name
    assert {one.metric_type: one.metric_value for one in found}["pass@1"] == 0.5
    assert {one.source_url for one in found} == {entry.source_url}
    card = (results.parents[1] / "card.md").read_text("utf-8")
    compared = api.compare(base.path, candidate.path)
    assert "50.0 to" not in card.splitlines()[0]
    assert "| humaneval | pass@1 | 50.0 |" in card
    assert "Recovery 50.0 %" in card
    assert "### Against fp8: " in card
    assert "| Functions | humaneval | 3 | 100.0 % | 50.0 % | -50.0 |" in card
    assert "| Agent |  |  |  |  |  |  | not measured |" in card
    assert compared.headline.split(",")[0].replace("*", "\\*").replace("#", "\\#") in card


def test_what_has_no_score_is_told_and_left_out(evalsite, tmp_path):
    """A trial and a run that lacks samples; none at all is an error."""
    write_run(tmp_path / "runs", "short", [2, 2, 2], n=2, num_problems=3, num_samples=3)
    failed(evalsite("export", "--all", "--format", "hf"), 5, "lacks 3 samples", "no run has a score")
    assert not (tmp_path / "export").exists()


def test_a_data_set_that_the_hub_has_not_is_in_the_index_alone(evalsite, tmp_path):
    """And that is said."""
    write_run(tmp_path / "runs", "fp8", [2, 2], n=2, dataset="ours")
    done = evalsite("export", "--all", "--format", "hf")
    assert "ours: on the Hub no data set of that name is known" in done.stderr
    assert sorted(line.rpartition("/")[2] for line in done.stdout.splitlines()) == [
        "card.md",
        "model-index.yaml",
    ]


def test_another_question_about_the_same_problems_is_no_task_of_theirs():
    """A repair's score must not stand for one of synthesis, nor a level's for the data set's own."""
    others = ["humanevalpack-js-fix", "humanevalpack-js+64-tools", "humaneval+8000-tokens", "cruxeval-input"]
    assert [on_hub(name) for name in others] == [None] * len(others)
    assert on_hub("humanevalpack-js") == ("bigcode/humanevalpack", "js")


def test_what_is_on_the_hub_is_known_here():
    """By its record in the catalogue: no two have one task."""
    found = [hub for known in KNOWN.values() if (hub := known.hub)]
    assert len(set(found)) == len(found) == 22
