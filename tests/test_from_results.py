"""From a folder of results to a chart, a model's card and a check: one page each, followed as it stands.

Nothing is there but two runs. What GitHub and the Hub do is done in their place: a merge commit, in
which the workflow's own step runs, and a card that is read back by the Hub's own classes.
"""

import json
import re
import subprocess

import pytest

from evalsite.publish.scaffold import WORKFLOW
from tests.conftest import ROOT
from tests.make import write_run
from tests.publish.builders import run_steps, workflow
from tests.test_docs_commands import BLOCK, FROM_RESULTS, Reader, reason_not_to_run
from tests.test_python_docs import executed


@pytest.fixture
def results(tmp_path, monkeypatch):
    """A folder with the runs of two models, to stand in."""
    folder = tmp_path / "results"
    write_run(folder / "runs", "fp8", [2, 1, 2], n=2, day="2026-11-18")
    write_run(folder / "runs", "ternary", [2, 0, 0], n=2, day="2026-11-19")
    monkeypatch.chdir(folder)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "reader")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "reader@example.org")
    return folder


def follow(page, folder):
    """Carry out a page's blocks from top to bottom; returns what its Python shows, and the commands run."""
    assert page in FROM_RESULTS
    reader, names, shown, carried_out = Reader(folder, ""), {}, [], []
    for block in BLOCK.finditer((ROOT / "docs" / page).read_text("utf-8")):
        if block["language"] == "python":
            shown.append(executed(block["text"], names))
        for line in block["text"].splitlines() if block["language"] == "sh" else ():
            if reason_not_to_run(line) is None:
                reader.carry_out(line)
                carried_out.append(line)
    return shown, carried_out


def test_a_chart_in_a_notebook(results, capsys):
    """The verdict, a chart of both models' samples by what became of them, and the chart as a file."""
    shown, _ = follow("notebook.md", results)
    verdict, figure = (value for value in shown if value is not None)
    assert "pass@1 went from" in re.sub(r"<[^>]+>", "", verdict._repr_html_())
    drawn = json.loads(figure.to_json())
    assert {tuple(bar["x"]) for bar in drawn["data"]} == {("fp8", "ternary")}
    assert {bar["name"]: bar["y"] for bar in drawn["data"]}["passed"] == [
        pytest.approx(5 / 6),
        pytest.approx(1 / 3),
    ]
    assert [
        sum(shares) for shares in zip(*(bar["y"] for bar in drawn["data"]), strict=True)
    ] == pytest.approx([1, 1])
    assert "fp8" in (results / "chart.html").read_text("utf-8")
    assert (results / "plotly.min.js").is_file()
    assert "humaneval fp8 " in capsys.readouterr().out


@pytest.mark.linux  # on a simulated Mac the Hub's library looks for a Mac's certificates
def test_a_table_on_a_models_card(results):
    """Below what the card said before, with its own head kept; scores are where the Hub looks for them."""
    from huggingface_hub import ModelCard
    from huggingface_hub.repocard_data import eval_results_to_model_index

    (results / "README.md").write_text("---\nlicense: mit\n---\n# Ternary\n\nWeights in three values.\n")
    follow("model-card.md", results)
    card = ModelCard.load(results / "README.md")
    assert card.data.license == "mit"
    assert card.text.lstrip().startswith("# Ternary\n\nWeights in three values.\n")
    assert "| humaneval | pass@1 | 33.3 |" in card.text
    assert "against fp8" in card.text
    (found,) = eval_results_to_model_index("ternary", card.data.eval_results)
    scores = {metric["type"]: metric["value"] for one in found["results"] for metric in one["metrics"]}
    assert scores["pass@1"] == pytest.approx(1 / 3, abs=1e-4)
    assert (results / "card" / "ternary" / ".eval_results" / "humaneval.yaml").is_file()


@pytest.mark.linux
def test_a_green_check_on_a_pull_request(results):
    """The step of the workflow that was written, where the request is merged; a broken promise is red."""
    _, commands = follow("pull-request.md", results)
    assert commands[0].startswith("evalsite init")

    def git(*words):
        return subprocess.run(["git", *words], cwd=results, check=True, capture_output=True, text=True).stdout

    files = {branch: git("ls-tree", "-r", "--name-only", branch).split() for branch in ("main", "ternary")}
    assert [[name for name in each if "verdicts" in name] for each in files.values()] == [
        [f"runs/{run.name}/verdicts.jsonl" for run in runs]
        for runs in (sorted((results / "runs").glob("*--fp8--*")), sorted((results / "runs").glob("2026*")))
    ]
    git("switch", "main")
    git("merge", "--no-ff", "--message", "as GitHub merges it", "ternary")
    job = workflow(results / WORKFLOW)["jobs"]["check"]
    (green,) = run_steps(job, results, GITHUB_EVENT_NAME="pull_request")
    assert green.returncode == 0, green.stderr
    said = (results / "check.md").read_text("utf-8")
    assert "ternary" in said
    assert "pass@1 against the baseline" in said
    with (results / "targets.toml").open("a", encoding="utf-8") as targets:
        targets.write('\n[[target]]\nname = "pass@1"\nmetric = "pass@1"\nabove = 99\n')
    (red,) = run_steps(job, results, GITHUB_EVENT_NAME="pull_request")
    assert red.returncode == 1, red.stderr
