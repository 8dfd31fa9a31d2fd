"""Profiles of ``evalsite.toml``, rehearsals, chosen problems, and being quiet."""

import json
from pathlib import Path

import pytest

from evalsite.rundir.store import RunDir
from tests.cli.test_commands import running
from tests.faulty_server import FaultyServer


def asking(url, shared):
    """The words of a run of the tiny data set."""
    return (
        "run", "--model-endpoint", f"{url}/v1/completions", "--model-name", "m", "--dataset", "tiny",
        "--data-path", shared / "cases/tiny.jsonl",
    )  # fmt: skip


@pytest.fixture
def written(tmp_path, shared):
    """Write two profiles that differ in the model."""

    def write(url, more=""):
        data = shared / "cases/tiny.jsonl"
        tables = [
            f'[run.{name}]\nmodel-endpoint = "{url}/v1/completions"\nmodel_name = "{name}-model"\n'
            f'dataset = "tiny"\ndata-path = "{data}"\ntop-k = 7\nno-stream = true\nstop = ["END"]\n'
            'header-env = ["api-key=TEAM_KEY"]\nextra-body = ["a=1"]\n'
            for name in ("baseline", "candidate")
        ]
        (tmp_path / "evalsite.toml").write_text('title = "Ours"\n' + "\n".join(tables) + more)

    return write


def test_a_profile_holds_the_options_of_a_run_and_the_command_line_wins(evalsite, written):
    """Two models are asked alike, without typing it twice; secrets stand in the environment."""
    with running(FaultyServer()) as server:
        written(server.url)
        done = evalsite("run", "candidate", "--no-grade", "--top-k", 9, env={"TEAM_KEY": "sesame-sesame"})
    assert done.returncode == 0, done.stderr
    record = json.loads((Path(done.stdout.splitlines()[-1]) / "run.json").read_text())
    assert record["model"]["name"] == "candidate-model"
    assert (record["settings"]["top_k"], record["settings"]["stream"]) == (9, False)
    body = server.requests[0].body
    assert (body["stop"][0], body["a"], body["top_k"]) == ("END", 1, 9)
    assert server.requests[0].headers["api-key"] == "sesame-sesame"


@pytest.mark.parametrize(
    ("more", "name", "words"),
    [
        ("", "other", "has no profile called 'other'"),
        ("[run.odd]\ntemprature = 1\n", "odd", "run.odd.temprature: 'evalsite run' has no such option"),
        ('[run.odd]\nheader = ["api-key=hunter22"]\n', "odd", "run.odd.header: may hold a secret"),
        ("[run.odd]\ntop-k = -1\n", "odd", "-1 is not in the range"),
        ("[run]\nodd = 1\n", "odd", "has to be tables such as [run.candidate]"),
    ],
)
def test_a_mistake_in_a_profile_is_told_by_its_key(evalsite, tmp_path, more, name, words):
    """With exit code 2, and nothing secret of it."""
    (tmp_path / "evalsite.toml").write_text(more or '[run.one]\nmodel-name = "m"\n')
    done = evalsite("run", name, "--model-endpoint", "http://127.0.0.1:1", "--model-name", "m")
    assert done.returncode == 2, done.stderr
    assert words in " ".join(done.stderr.split())
    assert "hunter22" not in done.stderr


def test_a_rehearsal_says_what_would_be_asked_and_asks_nothing(evalsite, shared, tmp_path):
    """Requests, tokens, the first prompt."""
    done = evalsite(
        *asking("http://127.0.0.1:1", shared), "--dry-run", "--num-samples", 3, "--seed", 1,
        "--max-tokens", 100,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("18 requests for 18 samples of 6 problems")
    assert "at most 1,800 of answers" in done.stdout
    assert "def plus_one(n):" in done.stdout
    assert not (tmp_path / "runs").exists()


def test_a_rehearsal_expects_what_an_earlier_run_needed(evalsite, shared):
    """The model's own answers to the same problems tell more than the limit does."""
    with running(FaultyServer()) as server:
        done = evalsite(*asking(server.url, shared), "--no-grade")
        assert done.returncode == 0, done.stderr
    run = RunDir(Path(done.stdout.splitlines()[-1]))
    told = sum(row.completion_tokens for row in run.completions())
    again = evalsite(*asking("http://127.0.0.1:1", shared), "--dry-run", "--num-samples", 3)
    assert (
        f"about {3 * told:,} tokens of answers, if they are as long as those of {run.path.name}"
        in again.stdout
    )


def test_chosen_problems_are_asked_and_no_others_also_when_the_run_goes_on(evalsite, shared):
    """In the data set's order; an id that is not there is refused."""
    with running(FaultyServer()) as server:
        words = (
            *asking(server.url, shared), "--no-grade", "--quiet", "--problems",
        )  # fmt: skip
        wrong = evalsite(*words, "Tiny/99")
        assert wrong.returncode == 2
        assert "tiny has no problem Tiny/99" in wrong.stderr
        done = evalsite(*words, "Tiny/4, Tiny/2")
        assert done.returncode == 0, done.stderr
        run = Path(done.stdout.splitlines()[-1])
        again = evalsite("resume", run, "--num-samples", 2, "--no-grade")
    assert again.returncode == 0, again.stderr
    rows = [json.loads(line) for line in (run / "completions.jsonl").open()]
    assert sorted((row["problem"], row["sample"]) for row in rows) == [
        ("Tiny/2", 0), ("Tiny/2", 1), ("Tiny/4", 0), ("Tiny/4", 1),
    ]  # fmt: skip


def test_quiet_is_without_progress_and_notes(evalsite, shared):
    """The result stays, and so would an error."""
    with running(FaultyServer()) as server:
        server.commit("http-503-0")
        done = evalsite(
            *asking(server.url, shared), "--no-grade", "--quiet",
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "waiting" not in done.stderr
    assert "note" not in done.stderr


@pytest.mark.parametrize("strict", [True, False])
def test_one_broken_run_does_not_keep_the_others_from_the_site(evalsite, shared, tmp_path, strict):
    """It is named, the exit code is 5, and the site stands; --strict builds nothing."""
    with running(FaultyServer()) as server:
        words = asking(server.url, shared)
        made = [evalsite(*words, "--no-grade", "--model-name", f"m{number}") for number in range(2)]
    runs = [tmp_path / done.stdout.splitlines()[-1] for done in made]
    with (runs[0] / "completions.jsonl").open("a") as file:
        file.write("{broken}\n{}\n")
    done = evalsite("build", *(["--strict"] if strict else []))
    assert done.returncode == 5
    assert f"{runs[0].name}/completions.jsonl:7" in done.stderr
    page = tmp_path / "site/index.html"
    assert page.exists() != strict
    assert strict or ("m1" in page.read_text() and "--strict" in done.stderr)
