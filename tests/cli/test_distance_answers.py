"""``evalsite distance --over answers``: along what the baseline itself wrote, by either API."""

import json
import math

import pytest
from msgspec import structs

from evalsite.distance.store import DistanceDir
from evalsite.kinds.prompts import build_prompt
from evalsite.rundir.schema import Completion, Model, Settings
from evalsite.rundir.store import RunDir
from tests.cli.helpers import failed, running
from tests.forcing.server import LogprobServer, distribution
from tests.make import make_problem, make_record

STYLES = {"completions": "completion-v1", "chat": "chat-v1"}
SHAPES = {"completions": "llama.cpp", "chat": "chat"}


def written(asked, tokens=40):
    """What the toy goes on with, token by token."""
    text = asked
    for _ in range(tokens):
        text += next(iter(distribution(text)))
    return text[len(asked) :]


def answered(runs_dir, server, api, **changes):
    """A finished run of the toy that the server has."""
    settings = Settings(
        api=api, prompt=STYLES[api], temperature=0.0, top_p=1.0, max_tokens=40, **changes.pop("settings", {})
    )
    plain = [make_problem(f"Toy/{number}", f"toy{number}") for number in range(6)]
    prompts = [build_prompt(problem, STYLES[api]) for problem in plain]
    problems = [structs.replace(each, asked=prompt.text) for each, prompt in zip(plain, prompts, strict=True)]
    url = f"{server.url}/v1/{'chat/completions' if api == 'chat' else 'completions'}"
    record = make_record(
        num_problems=6, settings=settings, model=Model(name="whole", endpoints=(url,)),
    )  # fmt: skip
    run_dir = RunDir.create(runs_dir, record, problems)
    with run_dir.append_completions() as rows:
        for problem, prompt in zip(problems, prompts, strict=True):
            row = Completion(
                problem=problem.task_id, sample=0, form=prompt.form, text=written(problem.asked), **changes
            )
            rows.append(row)
    return run_dir


def asked_along(evalsite, base, candidate, *more):
    """Ask both along the answers of the only run there is."""
    return evalsite(
        "distance", "--base", "whole", "--model-endpoint", candidate.url, "--model-name", "small", "--over",
        "answers", "--positions", 48, "--concurrency", 1, "--progress", "none", *more,
    )  # fmt: skip


@pytest.mark.parametrize("api", ["completions", "chat"])
def test_both_are_led_along_what_the_baseline_wrote(evalsite, tmp_path, api):
    """The figures are those of full distributions; by the chat API the answer's beginning is gone on with."""
    with (
        running(LogprobServer(SHAPES[api])) as base,
        running(LogprobServer(SHAPES[api], 2.0)) as candidate,
    ):
        answered(tmp_path / "runs", base, api)
        done = asked_along(evalsite, base, candidate, "--format", "json")
        assert done.returncode == 0, done.stderr
        (folder,) = (tmp_path / "runs").glob("*distance")
        again = evalsite("distance", folder, "--format", "json")
    told = json.loads(done.stdout)
    assert (told["over"], told["ways"]["base"]["api"]) == ("answers", api)
    exact = []
    texts = DistanceDir(folder).texts()
    for text in texts:
        for at in text.positions:
            p, q = (distribution(text.text[:at], weights) for weights in (0.0, 2.0))
            exact.append(sum(math.exp(p[word]) * (p[word] - q[word]) for word in p))
    assert told["figures"]["kl"]["value"] == pytest.approx(sum(exact) / len(exact), rel=1e-3)
    assert told["figures"]["positions"] == len(exact) == 48
    assert json.loads(again.stdout)["figures"] == told["figures"]
    assert evalsite("validate", folder).returncode == 0
    if api == "chat":
        sent = [body for body in candidate.asked if len(body["messages"]) == 2]
        assert {body["messages"][1]["role"] for body in sent} == {"assistant"}
        assert {body["continue_final_message"] for body in sent} == {True}
        assert not [text for text in texts for at in text.positions if text.text[at - 1].isspace()]


def test_a_chat_that_answers_anew_is_refused(evalsite, tmp_path):
    """What follows in its own answers is not what it names."""
    with running(LogprobServer("chat")) as base, running(LogprobServer("chat")) as candidate:
        base.goes_on = candidate.goes_on = False
        answered(tmp_path / "runs", base, "chat")
        done = asked_along(evalsite, base, candidate)
    failed(done, 4, "does not go on with an answer that is begun", "leave --over answers out")
    assert list((tmp_path / "runs").glob("*distance")) == []


def test_along_references_a_chat_alone_will_not_do_and_the_way_out_is_told(evalsite, tmp_path):
    """A server without the completions API, which a base address leads to."""
    with running(LogprobServer("chat")) as base, running(LogprobServer("chat")) as candidate:
        done = evalsite(
            "distance", "--base-endpoint", base.url, "--base-name", "whole", "--model-endpoint",
            candidate.url, "--model-name", "small", "--max-problems", 3, "--progress", "none",
        )  # fmt: skip
    failed(done, 4, "puts its template", "--base RUN --over answers")


REFUSED = [
    ({"settings": {"system": "Be brief."}}, "by more than one message"),
    ({"settings": {"prefill": "def "}}, "by more than one message"),
    ({"reasoning": "Let me think."}, "were thought out before"),
]


@pytest.mark.parametrize(("changes", "why"), REFUSED)
def test_answers_behind_more_than_one_text_are_refused(evalsite, tmp_path, changes, why):
    """Before any server is asked."""
    with running(LogprobServer("chat")) as base:
        answered(tmp_path / "runs", base, "chat", **changes)
        done = asked_along(evalsite, base, base)
    failed(done, 2, why)
    assert base.asked == []
