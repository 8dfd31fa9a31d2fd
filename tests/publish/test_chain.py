"""From an empty folder to a failure that stands open in a browser and is filled into an issue."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import sync_playwright

from evalsite.datasets import load_dataset
from evalsite.replay.recordings import About, RecordedModel, Recording
from evalsite.replay.server import Replay, serving
from evalsite.rundir.schema import ModelCard, Settings
from tests.publish.builders import run_steps, workflow
from tests.site.conftest import CHROMIUM, FLAGS
from tests.site.serving import serving as serving_site


def recorded(name, problems, wrong):
    """A model that answers every problem, those in ``wrong`` wrongly."""
    settings = Settings(api="completions", prompt="completion-v1", temperature=0.0, top_p=1.0, max_tokens=64)

    def answer(task_id):
        factor = 1 if task_id in wrong else 2
        return Recording(
            problem=task_id, sample=0, text=f"    return {factor} * x\n", finish_reason="stop",
            prompt_tokens=5, completion_tokens=6, latency_s=0.02, first_token_s=0.01,
        )  # fmt: skip

    answers = {problem.task_id: (answer(problem.task_id),) for problem in problems}
    return RecordedModel(About(name, "demo", 1, settings, ModelCard()), answers)


def fields_of(address):
    """The fields that a new issue's address fills in."""
    return {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}


@pytest.fixture
def two_runs(evalsite, tmp_path):
    """A folder after ``init`` and two runs against a server; yields the site's address and the second run."""
    rows = [
        {
            "task_id": f"Demo/{number}",
            "prompt": f'def f{number}(x):\n    """Return twice x."""\n',
            "entry_point": f"f{number}",
            "canonical_solution": "    return 2 * x\n",
            "test": "def check(candidate):\n    assert candidate(3) == 6\n",
        }
        for number in range(3)
    ]
    (tmp_path / "demo.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    problems = load_dataset("demo", tmp_path / "demo.jsonl").problems
    models = [recorded("fp8", problems, ()), recorded("ternary", problems, ("Demo/1",))]
    with serving_site(tmp_path / "site", "/results/") as site, serving(Replay(models, problems)) as url:
        begun = evalsite("init", "--repository", "me/results", "--baseline", "fp8", "--site-url", site)
        assert begun.returncode == 0, begun.stderr
        for name in ("fp8", "ternary"):
            process = evalsite(
                "run", "--model-endpoint", url, "--api", "completions", "--model-name", name,
                "--dataset", "demo", "--data-path", "demo.jsonl", "--no-preflight",
            )  # fmt: skip
            assert process.returncode == 0, process.stderr
        yield site, process.stdout.strip()


@pytest.mark.sandbox
@pytest.mark.browser
def test_from_an_empty_folder_to_a_failure_in_the_browser(evalsite, two_runs, tmp_path):
    """init, two runs, the gate, the workflow's own steps, the failure's page at its sample, and the issue."""
    site, run = two_runs
    judged = evalsite("check", "--allow", "inconclusive,pending")
    assert judged.returncode == 0, judged.stderr
    jobs = workflow(tmp_path / ".github" / "workflows" / "site.yml")["jobs"]
    assert [step.returncode for step in run_steps(jobs["build"], tmp_path)] == [0]
    assert [step.returncode for step in run_steps(jobs["check"], tmp_path)] == [0]
    assert "Targets" in (tmp_path / "summary.md").read_text()
    failures = evalsite("failures", run).stdout
    assert "1 of 3 samples failed on demo" in failures
    link = evalsite("link", run, "Demo/1", "0").stdout.strip()
    assert link in failures
    assert link.startswith(site)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        assert page.goto(link).status == 200
        target = page.locator(":target")
        assert target.get_attribute("id") == "s0"
        assert target.is_visible()
        assert "return 1 * x" in target.inner_text()
        assert "Demo/1" in page.title()
        offered = page.locator("#s0 .issue").get_attribute("href")
        browser.close()
    printed = evalsite("link", run, "Demo/1", "0", "--format", "issue").stdout.strip()
    fields = fields_of(printed)
    assert fields["template"] == "eval-failure.yml"
    assert fields["permalink"] == link
    assert fields["run"] == "ternary on demo"
    assert fields["verdict"] == "wrong answer"
    assert "return 1 * x" in fields["code"]
    assert "AssertionError" in fields["error"]
    assert "assert candidate(3) == 6" in fields["error"]
    assert offered == printed
