"""How a model is asked by the command line: what is sent, what is recorded, and which mistakes are told."""

from pathlib import Path

import pytest

from evalsite.rundir.store import RunDir
from evalsite.stats.compare.guard import reservations
from tests.cli.helpers import running
from tests.faulty_server import FaultyServer


@pytest.fixture
def asked(evalsite, shared):
    """Run against a server on loopback; returns how it ended, the run, and the bodies that were sent."""

    def ask(*options):
        with running(FaultyServer(answer=lambda *_: "    return n + 1\n")) as server:
            done = evalsite(
                "run", "--model-endpoint", server.url, "--model-name", "m", "--dataset", "tiny",
                "--data-path", shared / "cases/tiny.jsonl", "--max-problems", 2, "--no-grade",
                "--progress", "none", *options,
            )  # fmt: skip
            bodies = [request.body for request in server.requests]
        made = RunDir(Path(done.stdout.splitlines()[-1])) if done.returncode == 0 else None
        return done, made, bodies

    return ask


def test_every_option_is_sent_recorded_and_part_of_the_identity(asked, evalsite, tmp_path):
    """And told by the report; the run goes on with the same."""
    (tmp_path / "more.json").write_text('{"repeat_penalty": 1.0}')
    done, plain, bodies = asked("--api", "completions")
    assert done.returncode == 0, done.stderr
    assert set(bodies[0]) == {
        "model",
        "prompt",
        "stop",
        "temperature",
        "max_tokens",
        "stream",
        "stream_options",
    }
    done, made, bodies = asked(
        "--api", "completions", "--top-k", 5, "--min-p", 0.1, "--reasoning-effort", "low",
        "--stop", "\\nEND", "--extra-body", "logit_bias={}",
        "--extra-body-file", tmp_path / "more.json", "--chat-template-kwargs", '{"enable_thinking": false}',
        "--prefill", "# done:\\n",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    sent = {
        "top_k": 5, "min_p": 0.1, "reasoning_effort": "low", "logit_bias": {}, "repeat_penalty": 1.0,
        "chat_template_kwargs": {"enable_thinking": False},
    }  # fmt: skip
    assert all(sent.items() <= body.items() for body in bodies)
    assert {body["stop"][0] for body in bodies} == {"\nEND"}
    assert all(body["prompt"].endswith("\n# done:\n") for body in bodies)
    record = made.read_run()
    assert sent.items() <= record.asked.fields.items()
    assert record.identity != plain.read_run().identity
    assert {"settings.top_k", "settings.extra", "settings.prefill"} <= set(record.identity_of)
    assert not {"settings.top_k", "settings.extra"} & set(plain.read_run().identity_of)
    assert {problem.prefill for problem in made.problems()} == {"# done:\n"}
    told = evalsite("report", made.path).stdout
    assert "top_k 5" in told
    assert 'Field chat_template_kwargs {"enable_thinking": false}' in told
    assert "run.json" not in evalsite("validate", made.path).stdout
    differ = {each.field for each in reservations(plain.read_run(), record)}
    assert {"settings.top_k", "settings.extra", "settings.prefill"} <= differ


def test_a_prompt_of_ones_own_is_asked_and_named(asked, tmp_path):
    """Its words stand in the run, which no longer needs the file."""
    (tmp_path / "mine.jinja").write_text("Solve this:\n{{ prompt }}\nCall it {{ entry_point }}.")
    done, made, bodies = asked("--api", "chat", "--prompt-file", tmp_path / "mine.jinja")
    assert done.returncode == 0, done.stderr
    assert bodies[0]["messages"][0]["content"].startswith("Solve this:\ndef ")
    record = made.read_run()
    assert record.settings.prompt.startswith("own-")
    assert record.settings.template.startswith("Solve this:")


@pytest.mark.parametrize("given", ["2", "shots.txt"])
def test_examples_stand_before_every_prompt(asked, tmp_path, given):
    """Solved problems of the data set, never a problem's own solution, or a text of one's own."""
    (tmp_path / "shots.txt").write_text("Example: none.\n")
    done, made, bodies = asked("--api", "chat", "--few-shot", tmp_path / given if "." in given else given)
    assert done.returncode == 0, done.stderr
    assert bodies
    for body, problem in zip(bodies, made.problems(), strict=True):
        text = body["messages"][0]["content"]
        assert problem.reference.strip() not in text
        assert text.startswith("Example: none.\n") if "." in given else text.count("```python\ndef ") >= 3


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--extra-body", "temperature=1"), "--extra-body temperature: this field has an option of its own"),
        (("--extra-body", "x"), "not of the form KEY=JSON"),
        (("--extra-body", "x=NaN"), "--extra-body x: not JSON"),
        (("--extra-body", "x=word"), "--extra-body x: not JSON"),
        (("--chat-template-kwargs", "[1]"), "--chat-template-kwargs: no JSON object"),
        (("--chat-template-kwargs", "{"), "--chat-template-kwargs: not JSON"),
        (("--chat-template-kwargs", "{'a': 1}"), "double quotes (\"), not in single ones (')"),
        (("--chat-template-kwargs", '{"a": True}'), "True is no JSON, which writes null, true and false"),
        (("--extra-body", "x='word'"), "--extra-body x: not JSON (column 1: names and texts stand in double"),
        (("--extra-body-file", "absent.json"), "--extra-body-file absent.json: cannot be read"),
        (("--prompt-file", "absent.jinja"), "--prompt-file absent.jinja: cannot be read"),
        (("--prompt-file", "empty.jinja"), "empty.jinja: is empty"),
        (("--prompt-file", "wrong.jinja"), "wrong.jinja:2: not a Jinja template"),
        (("--prompt-file", "vain.jinja"), "Tiny/0: the prompt's template fails"),
        (("--prompt", "chat-v1", "--prompt-file", "wrong.jinja"), "are two prompts"),
        (("--stop", "END", "--stop", ""), "--stop is empty"),
        (("--few-shot", "6"), "--few-shot 6: the data set has too few problems"),
        (("--few-shot", "absent.txt"), "--few-shot absent.txt: cannot be read"),
        (("--system", "x", "--api", "completions"), "--system goes with the chat API only"),
    ],
)
def test_a_mistake_is_told_before_anything_is_asked(asked, tmp_path, options, words):
    """By the option, and in a file by its line; no run is left."""
    (tmp_path / "empty.jinja").write_text(" \n")
    (tmp_path / "wrong.jinja").write_text("{{ prompt }}\n{% if %}")
    (tmp_path / "vain.jinja").write_text("{{ solution }}")
    done, _, bodies = asked(*options)
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert "  next: " in done.stderr
    assert bodies == []
    assert not (tmp_path / "runs").exists()
