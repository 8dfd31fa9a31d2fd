"""``evalsite distance``: two servers that tell log-probabilities, led along the same texts."""

import contextlib
import json
import math
import re
from pathlib import Path

import pytest

from evalsite.distance.store import DistanceDir
from evalsite.rundir.regular import read_whole
from tests.cli.helpers import failed, running
from tests.forcing.server import LogprobServer, distribution

NEAR, FAR = 0.3, 3.0
POSITIONS = 60


@pytest.fixture
def problems(tmp_path):
    """Eight problems, each with a reference of some lines."""
    path = tmp_path / "toys.jsonl"
    rows = [
        {
            "task_id": f"Toy/{number}",
            "prompt": f'def toy{name}(n, xs):\n    """ Say {name}. """\n',
            "entry_point": f"toy{name}",
            "canonical_solution": f"    if n in xs and n is not {number}:\n"
            f"        return max(xs) + {name}(n)\n"
            "    for x in xs: # the next\n        n = n * x\n    return n\n",
            "test": f"def check(candidate):\n    assert candidate is not None\n\ncheck(toy{name})\n",
        }
        for number, name in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight"))
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def words(base, candidate, problems, *more):
    return (
        "distance", "--base-endpoint", base.url, "--base-name", "whole", "--model-endpoint", candidate.url,
        "--model-name", "small", "--data-path", problems, "--dataset", "toys", "--positions", POSITIONS,
        "--concurrency", "1", "--progress", "none", *more,
    )  # fmt: skip


@contextlib.contextmanager
def both(base, candidate):
    with running(base), running(candidate):
        yield base, candidate


def figures(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def folder_of(tmp_path):
    (folder,) = (tmp_path / "runs").iterdir()
    return folder


def exactly(folder, weights):
    """What full distributions give at the same places: mean KL, and the share of the same top token."""
    kls, same = [], []
    for text in DistanceDir(folder).texts():
        for at in text.positions:
            p, q = (distribution(text.text[:at], each) for each in (0.0, weights))
            kls.append(sum(math.exp(p[word]) * (p[word] - q[word]) for word in p))
            same.append(next(iter(p)) == next(iter(q)))
    return sum(kls) / len(kls), sum(same) / len(same)


WAYS = [
    ("llama.cpp", "prefix"),
    ("silent echo", "prefix"),
    ("vllm", "prompt_logprobs"),
    ("openai", "echo"),
    ("early", "prefix"),
]


@pytest.mark.parametrize(("shape", "way"), WAYS)
def test_each_server_is_asked_as_it_can_be_and_gives_the_exact_figures(
    evalsite, tmp_path, problems, shape, way
):
    """One that ignores ``echo``, or tells each place's tokens one too early, is asked prefix by prefix."""
    shape = shape.removeprefix("silent echo") or "llama.cpp"
    with both(LogprobServer(shape), LogprobServer(shape, FAR)) as (base, candidate):
        found = figures(evalsite(*words(base, candidate, problems, "--format", "json")))
        requests = len(candidate.asked)
    assert {side["way"] for side in found["ways"].values()} == {way}
    assert (requests < POSITIONS) == (way != "prefix")
    kl, same = exactly(folder_of(tmp_path), FAR)
    assert found["figures"]["positions"] == POSITIONS
    assert found["figures"]["kl"]["value"] == pytest.approx(kl, rel=1e-3)
    assert found["figures"]["same_top"]["value"] == pytest.approx(same)
    assert found["figures"]["kl"]["low"] < kl < found["figures"]["kl"]["high"]
    assert found["noise"]["kl"]["value"] == 0.0
    assert not found["looks_the_same"]


def test_fewer_tokens_give_a_lower_bound(evalsite, tmp_path, problems):
    """A server that refuses more than five is asked for five; what is in the bin is told."""
    with both(LogprobServer("llama.cpp", most=5), LogprobServer("llama.cpp", FAR, most=5)) as (
        base,
        candidate,
    ):
        found = figures(evalsite(*words(base, candidate, problems, "--format", "json")))
    kl, same = exactly(folder_of(tmp_path), FAR)
    assert found["ways"]["base"]["tokens"] == 5
    assert 0 < found["figures"]["kl"]["value"] < kl
    assert found["figures"]["same_top"]["value"] == pytest.approx(same)
    assert 0.1 < found["figures"]["rest"] < 0.9


def test_the_report_tells_figures_beside_the_noise(evalsite, problems):
    """Intervals, kinds of tokens, the worst places with both lists, and the path last."""
    with both(LogprobServer(noise=0.05), LogprobServer(weights=FAR)) as (base, candidate):
        done = evalsite(*words(base, candidate, problems))
    assert done.returncode == 0, done.stderr
    for line in (r"same top token +\d+\.\d % +\d+\.\d to \d+\.\d % +\d+\.\d %", r"perplexity, ratio +[\d.]+ ",
                 r"KL, 99\.9th percentile", r"keyword +\d+ ", r"comment +\d+ ",
                 r"whole: '.+' \d"):  # fmt: skip
        assert re.search(line, done.stdout), line
    assert Path(done.stdout.splitlines()[-1], "distance.json").is_file()
    assert "same weights" not in done.stdout


SAME = [(0.0, 0.0, True), (0.0, 0.01, True), (NEAR, 0.01, False)]


@pytest.mark.parametrize(("weights", "noise", "same"), SAME)
def test_the_same_weights_are_told(evalsite, problems, weights, noise, same):
    """They are no farther apart than the baseline is from itself; other weights are."""
    with both(LogprobServer(noise=noise), LogprobServer(weights=weights, noise=noise)) as (base, candidate):
        done = evalsite(*words(base, candidate, problems))
    assert done.returncode == 0, done.stderr
    assert ("these look like the same weights" in done.stdout) == same


def test_of_few_problems_nobody_says_that_weights_are_the_same(evalsite, problems):
    """Four problems are too few."""
    with both(LogprobServer(), LogprobServer()) as (base, candidate):
        done = evalsite(*words(base, candidate, problems, "--max-problems", 4))
    assert done.returncode == 0, done.stderr
    assert "same weights" not in done.stdout


OTHER_TOKENS = re.compile(r"\s|[^\s]{1,3}")


@pytest.mark.parametrize("shape", ["llama.cpp", "vllm"])
def test_other_tokens_end_with_5_and_leave_nothing(evalsite, tmp_path, problems, shape):
    """Which differ is said: by the tokens where a server tells them, else by their number."""
    with both(LogprobServer(shape), LogprobServer(shape, cut=OTHER_TOKENS)) as (base, candidate):
        done = evalsite(*words(base, candidate, problems))
    told = "tokens stand before" if shape == "llama.cpp" else "character"
    failed(done, 5, "whole and small do not name the same tokens", told)


def test_a_mark_before_each_text_makes_no_other_tokens(evalsite, problems):
    """One server counts the mark that begins a text, the other does not."""
    with both(LogprobServer(), LogprobServer(weights=FAR, begins=1)) as (base, candidate):
        done = evalsite(*words(base, candidate, problems))
    assert done.returncode == 0, done.stderr


def test_a_server_without_log_probabilities_is_refused_with_what_helps(evalsite, tmp_path, problems):
    """Before anything is written."""
    with both(LogprobServer(), LogprobServer("silent")) as (base, candidate):
        done = evalsite(*words(base, candidate, problems))
    failed(done, 4, "gives no log-probabilities", "--logits_all true", "--max-logprobs")
    assert not (tmp_path / "runs").exists()


def test_what_was_interrupted_goes_on(evalsite, tmp_path, problems):
    """What was named stays, nothing is asked twice, and the figures are those of one go."""
    with both(LogprobServer(), LogprobServer(weights=FAR)) as (base, candidate):
        whole = figures(
            evalsite(*words(base, candidate, problems, "--format", "json", "--runs-dir", "other"))
        )
        candidate.fails_after = len(candidate.asked) + 50
        done = evalsite(*words(base, candidate, problems))
        failed(done, 8, "out of memory", "evalsite distance")
        folder = folder_of(tmp_path)
        before = read_whole(folder / "candidate.jsonl")
        assert json.loads(read_whole(folder / "distance.json"))["status"] == "incomplete"
        (folder / "candidate.jsonl").write_bytes(before + b'{"problem": "Toy/0", "at')
        candidate.fails_after = None
        asked = len(candidate.asked)
        again = figures(evalsite("distance", folder, "--format", "json"))
        assert len(candidate.asked) - asked == POSITIONS - len(before.splitlines())
        assert read_whole(folder / "candidate.jsonl").startswith(before)
    assert again["figures"] == whole["figures"]
    assert again["status"] == "complete"


WRONG = [
    (["distance"], 2, "--base-endpoint is missing"),
    (
        ["distance", "--base-endpoint", "http://127.0.0.1:9", "--base-name", "a"],
        2,
        "--model-endpoint is missing",
    ),
    (
        [
            "distance",
            "--base-endpoint",
            "http://127.0.0.1:9/v1/chat/completions",
            "--base-name",
            "a",
            "--model-endpoint",
            "http://127.0.0.1:9",
            "--model-name",
            "b",
        ],
        2,
        "plain text",
    ),
    (["distance", "nowhere"], 5, "no distance here"),
    (["distance", "--base", "nobody"], 5, "no run directory"),
]


@pytest.mark.parametrize(("given", "code", "said"), WRONG)
def test_wrong_words(evalsite, given, code, said):
    """Each ends with its code and what to do."""
    failed(evalsite(*given), code, said)


def test_a_server_that_is_not_there_leaves_nothing(evalsite, tmp_path, problems):
    """Exit code 4."""
    with both(LogprobServer(), LogprobServer()) as (base, candidate):
        given = words(base, candidate, problems)
    failed(evalsite(*given), 4, "cannot connect")
    assert not (tmp_path / "runs").exists()


def test_a_changed_record_is_refused(evalsite, tmp_path, problems):
    """Its name, the old and the new value are told."""
    with both(LogprobServer(), LogprobServer(weights=FAR)) as (base, candidate):
        assert evalsite(*words(base, candidate, problems)).returncode == 0
    folder = folder_of(tmp_path)
    record = json.loads(read_whole(folder / "distance.json"))
    record["candidate"]["model"]["name"] = "another"
    (folder / "distance.json").write_text(json.dumps(record))
    failed(evalsite("distance", folder), 5, "candidate.model 'small' -> 'another'")


def test_no_secret_is_written(evalsite, tmp_path, problems):
    """Neither keys nor what stands in a URL."""
    with both(LogprobServer(), LogprobServer(weights=FAR)) as (base, candidate):
        given = [str(word) for word in words(base, candidate, problems, "--header", "X-Team=hush-hush-hush")]
        given[2] = given[2].replace("http://", "http://me:sesame-street@")
        done = evalsite(*given, env={"OPENAI_API_KEY": "sk-very-secret-key"})
    assert done.returncode == 0, done.stderr
    written = b"".join(read_whole(file) for file in folder_of(tmp_path).iterdir())
    assert b"sesame" not in written
    assert b"very-secret" not in written
    assert b"hush" not in written


FAULTS = [
    ("texts.jsonl", lambda text: text.replace("[", "[1, ", 1), "positions outside"),
    ("base.jsonl", lambda text: text + text.splitlines()[0] + "\n", "stands there twice"),
    ("candidate.jsonl", lambda text: "\n".join(text.splitlines()[1:]) + "\n", "lacks 1 position"),
    ("base.jsonl", lambda text: text.replace('"at": ', '"at": 9', 1), "is no position of texts.jsonl"),
    ("distance.json", lambda text: text.replace('"num_positions": 60', '"num_positions": 61'), "60 -> 61"),
    ("distance.json", lambda text: text.replace('"format": 1', '"format": 9'), "newer evalsite"),
    ("repeat.jsonl", lambda text: text.replace("-", "", 1), "repeat.jsonl:1"),
]


def test_validate_finds_what_is_wrong_with_a_distance(evalsite, tmp_path, problems):
    """By file; what is sound is said to be, and a run beside it does not matter."""
    with both(LogprobServer(), LogprobServer(weights=FAR)) as (base, candidate):
        assert evalsite(*words(base, candidate, problems)).returncode == 0
    folder = folder_of(tmp_path)
    for given in ((), (folder,)):
        assert f"{folder.name}: sound" in evalsite("validate", *given).stdout
    for name, damage, said in FAULTS:
        whole = (folder / name).read_text()
        (folder / name).write_text(damage(whole))
        done = evalsite("validate", folder)
        (folder / name).write_text(whole)
        assert done.returncode == 5, name
        assert said in done.stdout + done.stderr, name


WEIGHTS = [(0.0, "look like the same"), (FAR, "these are other weights")]


@pytest.mark.parametrize(("weights", "said"), WEIGHTS)
def test_the_doctor_tells_whether_two_servers_have_the_same_weights(evalsite, problems, weights, said):
    """By a small distance, of which nothing is kept."""
    with both(LogprobServer(), LogprobServer(weights=weights)) as (base, candidate):
        done = evalsite(
            "doctor", "--model-endpoint", f"{base.url}/v1/completions", "--model-name", "toy", "--same-as",
            candidate.url, "--data-path", problems, "--dataset", "toys", "--progress", "none",
        )  # fmt: skip
    assert said in done.stdout, done.stdout + done.stderr
