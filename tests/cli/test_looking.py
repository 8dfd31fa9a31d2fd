"""A run that stops when it is decided: met, missed, futile or not to the end, and killed between looks."""

import json
import re

import msgspec
import pytest

from evalsite.rundir.beside import looks
from evalsite.rundir.store import RunDir
from tests.cli.helpers import failed, running
from tests.faulty_server import FaultyServer

pytestmark = [pytest.mark.sandbox, pytest.mark.long]

SIZE = 60
OPTIONS = ("--until-decided", "base", "--margin", 20, "--looks", 3)


def write_data(path):
    rows = [
        {
            "task_id": f"Own/{i}", "prompt": f"def f{i}(x):\n", "entry_point": f"f{i}",
            "canonical_solution": "    return 2 * x\n",
            "test": "def check(candidate):\n    assert candidate(2) == 4\n",
        }
        for i in range(SIZE)
    ]  # fmt: skip
    path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))


class Models:
    """A server whose models pass the problems that ``passes`` says."""

    def __init__(self):
        self.passes = lambda _number: True
        self.asked = []

    def __call__(self, prompt, _seed, _index):
        number = int(re.search(r"def f(\d+)", prompt)[1])
        self.asked.append(number)
        return "    return 2 * x\n" if self.passes(number) else "    return x\n"


@pytest.fixture
def models(evalsite, tmp_path):
    """A baseline that solves everything, in ``runs/base``, and the words of a run."""
    write_data(tmp_path / "own.jsonl")
    found = Models()
    with running(FaultyServer(answer=found)) as server:
        found.words = (
            "run", "--model-endpoint", f"{server.url}/v1/completions", "--dataset", "own", "--data-path",
            tmp_path / "own.jsonl", "--no-preflight", "--model-name",
        )  # fmt: skip
        done = evalsite(*found.words, "big")
        assert done.returncode == 0, done.stderr
        (tmp_path / done.stdout.strip()).rename(tmp_path / "runs/base")
        found.asked.clear()
        yield found


def made(done, tmp_path):
    """The run that a command ended with."""
    assert done.returncode == 0, done.stderr
    return RunDir(tmp_path / done.stdout.strip())


def told(run_dir):
    return [(look.num_problems, look.outcome) for look in looks(run_dir)]


def test_a_run_stops_as_soon_as_it_is_met_and_can_be_completed(models, evalsite, tmp_path):
    """All of it agrees: what was saved, words, interval and exit codes; to the end, too."""
    done = evalsite(*models.words, "small", *OPTIONS)
    run = made(done, tmp_path)
    assert told(run) == [(30, "met")]
    assert len(models.asked) == len(set(models.asked)) == 30
    assert "look 1 of at most 3, at 30 of 60 problems: met; 30 samples saved (50 %)" in done.stderr
    assert "compare runs/base runs/" in done.stderr
    assert "--margin 20" in done.stderr
    compared = evalsite("compare", "base", run.path, "--margin", 20, "--full")
    assert compared.returncode == 0
    assert "On 30 of 60 problems" in compared.stdout
    assert "Sequential verdict, look 1 of at most 3" in compared.stdout
    assert "further from the allowed loss than the truth, on average" in compared.stdout
    assert "left out" not in compared.stdout
    assert "num_problems" not in compared.stdout
    document = json.loads(evalsite("compare", "base", run.path, "--margin", 20, "--format", "json").stdout)
    look = looks(run)[0]
    assert document["sequential"]["looks"][0]["outcome"] == document["decision"] == "met"
    assert document["sequential"]["confidence"] == document["differences"][0]["confidence"] == look.confidence
    assert (document["differences"][0]["low"], document["differences"][0]["high"]) == (look.low, look.high)
    assert evalsite("validate", run.path).returncode == 0
    checked = evalsite("check", "--baseline", "big", "--targets", targets(tmp_path))
    assert checked.returncode == 0, checked.stdout
    assert "Sequential verdict" in " ".join(checked.stdout.split())
    assert "met (sequential)" in checked.stdout
    assert " (sequential)" in evalsite("report", "base", run.path, "--baseline", "big").stdout
    assert re.search(
        r"baseline +\w+ \(sequential\): ", evalsite("report", run.path, "--baseline", "big").stdout
    )
    (result,) = json.loads(
        evalsite(
            "check", "--baseline", "big", "--targets", tmp_path / "targets.toml", "--format", "json"
        ).stdout
    )["targets"]
    assert (result["decision"], result["sequential"], result["group"]) == ("met", True, "decides")
    assert evalsite("build", "--baseline", "big", "--output", "site").returncode == 0
    assert "met (sequential)" in (tmp_path / "site/targets.html").read_text()
    badge = next((tmp_path / "site/badges").glob("own-degradation-*.json"))
    assert json.loads(badge.read_text())["message"].endswith(", met (sequential)")
    published = tmp_path / "site/runs" / run.read_run().id / "files/looks.jsonl"
    assert published.read_bytes() == (run.path / "looks.jsonl").read_bytes(), (
        "who takes the run has its looks"
    )
    again = evalsite("resume", run.path)
    assert again.returncode == 0
    assert len(models.asked) == 30, "it is decided"
    whole = evalsite("resume", run.path, "--all-problems", "--no-preflight")
    assert whole.returncode == 0, whole.stderr
    assert sorted(models.asked) == list(range(SIZE))
    assert told(run) == [(30, "met"), (60, "met")]
    assert "look 2 of at most 3: met at 30 problems" in " ".join(
        evalsite("compare", "base", run.path, "--margin", 20, "--full").stdout.split()
    )
    assert evalsite("validate", run.path).returncode == 0


def test_a_margin_at_which_nothing_can_be_saved_is_told(models, evalsite, tmp_path):
    """No part of the data set could ever show that less than nothing was lost."""
    wanted = (*models.words, "small", "--until-decided", "base", "--max-tokens", 64)
    for margin, single in ((0, True), (2, True), (20, False)):
        done = evalsite(*wanted, "--margin", margin, "--dry-run")
        assert done.returncode == 0, done.stderr
        told = f"Of 60 problems and a margin of {margin} points there is one look, at the end"
        assert (told in " ".join(done.stderr.split())) is single
    one = evalsite(*wanted, "--margin", 0, "--looks", 1, "--dry-run")
    assert "there is one look" not in one.stderr


def targets(tmp_path):
    path = tmp_path / "targets.toml"
    path.write_text('[[target]]\nname = "loss"\nmetric = "degradation"\nmargin = 20\n')
    return path


def test_a_run_stops_as_soon_as_it_is_missed(models, evalsite, tmp_path):
    models.passes = lambda number: number % 10 < 3
    run = made(evalsite(*models.words, "small", *OPTIONS), tmp_path)
    assert told(run) == [(30, "missed")]
    compared = evalsite("compare", "base", run.path, "--margin", 20)
    assert compared.returncode == 1, compared.stdout


def test_a_run_stops_where_nothing_would_be_decided(models, evalsite, tmp_path):
    """And whoever asks the rest in spite of it breaks no promise."""
    models.passes = lambda number: number % 5 > 0
    done = evalsite(*models.words, "small", *OPTIONS)
    run = made(done, tmp_path)
    *earlier, (size, last) = told(run)
    assert (size < SIZE, last) == (True, "futile"), told(run)
    assert (run.read_run().looks.spending, run.read_run().looks.give_up) == ("obrien-fleming", 0.1)
    assert {outcome for _, outcome in earlier} <= {"inconclusive"}
    assert evalsite("compare", "base", run.path, "--margin", 20).returncode == 9
    assert evalsite("resume", run.path, "--all-problems", "--no-preflight").returncode == 0
    assert told(run)[-1] == (SIZE, "inconclusive")


def test_who_is_thrifty_gives_up_sooner_and_every_later_look_knows(models, evalsite, tmp_path):
    """What ends a thrifty run at its first look goes on otherwise; its record and words say what it was."""
    models.passes = lambda number: number % 8 > 0
    usual = made(evalsite(*models.words, "small", *OPTIONS), tmp_path)
    assert told(usual) == [(30, "inconclusive"), (45, "inconclusive"), (SIZE, "inconclusive")]
    done = evalsite(*models.words, "small", *OPTIONS, "--thrifty")
    run = made(done, tmp_path)
    assert [outcome for _, outcome in told(run)][-1] == "futile", told(run)
    assert told(run)[-1][0] < SIZE
    plan = run.read_run().looks
    assert (plan.spending, plan.give_up) == ("power-1.5", pytest.approx(1.25 / 3))
    assert "It was to be thrifty" in evalsite("compare", "base", run.path, "--margin", 20, "--full").stdout
    assert evalsite("resume", run.path, "--all-problems", "--no-preflight").returncode == 0
    assert told(run)[-1] == (SIZE, "inconclusive")
    assert looks(run)[-1].confidence > looks(usual)[-1].confidence, "what was spent early is gone"
    assert evalsite("validate", run.path).returncode == 0


def test_each_look_counts_once_wherever_a_run_was_killed(models, evalsite, tmp_path, monkeypatch):
    """Undecided to the end; ended by a limit, before a look was on disk, and after it."""
    models.passes = lambda number: number % 8 > 0
    done = evalsite(*models.words, "small", *OPTIONS, "--token-limit", 1)
    run = next(RunDir(path) for path in (tmp_path / "runs").iterdir() if path.name != "base")
    assert done.returncode == 8, done.stderr
    assert looks(run) == ()
    with monkeypatch.context() as killed:
        killed.setattr("evalsite.runner.deciding.append_look", _killed)
        with pytest.raises(Killed):
            evalsite("resume", run.path, "--no-preflight")
    assert looks(run) == ()
    for number in (1, 2):
        with monkeypatch.context() as killed:
            killed.setattr("evalsite.runner.ask.extend", _killed)
            with pytest.raises(Killed):
                evalsite("resume", run.path, "--no-preflight")
        assert len(looks(run)) == 1, number
        assert evalsite("compare", "base", run.path, "--margin", 20).returncode == 9
        assert evalsite("validate", run.path).returncode == 0
    last = evalsite("resume", run.path, "--no-preflight")
    assert last.returncode == 0, last.stderr
    assert [size for size, _ in told(run)] == list(run.read_run().looks.stops) == [30, 45, 60]
    assert {outcome for _, outcome in told(run)} == {"inconclusive"}
    assert sorted(set(models.asked)) == list(range(SIZE))
    more = evalsite("resume", run.path, "-n", 2, "--no-preflight")
    assert more.returncode == 0, more.stderr
    assert len(looks(run)) == 3, "the last look had counted already"
    said = " ".join(evalsite("compare", "base", run.path, "--margin", 20, "--full").stdout.split())
    assert "more samples were asked for after 3 looks" in said
    assert "a confidence of 97.5 % instead of 95 %" in said


class Killed(BaseException):
    """Stands for the end of a process."""


def _killed(*_args):
    raise Killed


def test_more_samples_after_a_verdict_count_as_a_look(models, evalsite, tmp_path):
    """Of an ordinary run, too; the first verdict had all that one may err."""
    models.passes = lambda number: number % 12 > 0
    run = made(evalsite(*models.words, "small"), tmp_path)
    ordinary = evalsite("compare", "base", run.path, "--full").stdout
    assert "Sequential" not in ordinary
    assert evalsite("resume", run.path, "-n", 2, "--no-preflight").returncode == 0
    assert evalsite("resume", run.path, "-n", 3, "--no-preflight").returncode == 0
    assert [(look.amount, look.outcome) for look in looks(run)] == [
        ((SIZE, 1), "not recorded"),
        ((SIZE, 2), "not recorded"),
    ]
    assert "a confidence of 98.75 % instead of 95 %" in evalsite("compare", "base", run.path, "--full").stdout
    assert evalsite("validate", run.path).returncode == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--looks", 3), "--looks says when to stop, and belongs to --until-decided BASE"),
        (("--margin", 3), "--margin says when to stop"),
        (("--thrifty",), "--thrifty says when to stop"),
        ((*OPTIONS, "--max-problems", 9), "--until-decided and --max-problems exclude each other"),
        ((*OPTIONS, "--no-grade"), "--until-decided and --no-grade exclude each other"),
        (("--until-decided", "base", "--margin", 60), "too little for this margin"),
    ],
)
def test_what_does_not_go_together_is_told_before_anything_is_asked(models, evalsite, options, said):
    failed(evalsite(*models.words, "small", *options), 2, said)
    assert models.asked == []
