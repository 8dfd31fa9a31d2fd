"""From an empty folder to a permalink: what init writes works, and every command reads the same settings."""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import files
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest
from playwright.sync_api import sync_playwright
from ruamel.yaml import YAML

from evalsite.cli.main import run_command
from evalsite.datasets import load_dataset
from evalsite.publish.config import read_config
from evalsite.publish.scaffold import FILES, Names, remote_of
from evalsite.replay.recordings import About, RecordedModel, Recording
from evalsite.replay.server import Replay, serving
from evalsite.rundir.schema import Dataset, Model, ModelCard, Settings, Verdict, VerdictClass
from evalsite.rundir.store import RunDir
from evalsite.runner.grading import finish
from tests.conftest import ROOT, make_problem, make_run

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SITE = "https://me.github.io/results/"


def write_run(runs_dir, model, passes, role=""):
    """A run of four problems with three samples each, of which the first ``passes`` pass."""
    problems = [make_problem(f"HumanEval/{number}", f"f{number}") for number in range(4)]
    run_dir = RunDir.create(
        runs_dir,
        make_run(
            f"2026-01-01T00-00-00Z--{model}--humaneval",
            model=Model(name=model, card=ModelCard(role=role)),
            dataset=Dataset(name="humaneval", sha256="ab" * 32, num_problems=4),
            num_problems=4,
            num_samples=3,
        ),
        problems,
    )
    run_dir.write_verdicts(
        Verdict(
            problem=problem.task_id, sample=sample, verdict=VerdictClass.PASSED, program=problem.reference
        )
        if sample < passes
        else Verdict(
            problem=problem.task_id,
            sample=sample,
            verdict=VerdictClass.RUNTIME_ERROR,
            exception="NameError",
            message="name 'y' is not defined",
            traceback='Traceback (most recent call last):\n  File "<program>", line 2, in f\nNameError: y',
            program=f"def {problem.entry_point}(x):\n    return y  # ``` {sample}\n",
        )
        for problem in problems
        for sample in range(3)
    )
    finish(run_dir, "complete")
    return run_dir


@pytest.fixture
def evalsite(tmp_path, monkeypatch):
    """Run a command in an empty folder, in this process: sixty starts of Python would take a minute."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EVALSITE_RUNS_DIR", raising=False)

    def run(*args, cwd=tmp_path):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.chdir(cwd), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run_command([str(arg) for arg in args])
        return SimpleNamespace(returncode=code, stdout=out.getvalue(), stderr=err.getvalue())

    return run


@pytest.fixture
def repository(evalsite, tmp_path):
    """A folder after ``evalsite init`` and two runs."""
    process = evalsite("init", ".", "--repository", "me/results", "--baseline", "fp8")
    assert process.returncode == 0, process.stderr
    write_run(tmp_path / "runs", "fp8", 2)
    write_run(tmp_path / "runs", "ternary", 1)
    return tmp_path


def workflow(path):
    """A workflow, as GitHub reads it."""
    return YAML(typ="safe").load(path.read_text("utf-8"))


def schema(name):
    """A schema of GitHub's that check-jsonschema carries."""
    (found,) = [file for file in files("check-jsonschema") if file.name == f"{name}.json"]
    return json.loads(found.read_text("utf-8"))


def run_steps(job, folder, **environment):
    """Run a job's own commands as GitHub does, but for the installation and for what ``if`` rules out."""
    bin_dir = folder / "bin"
    bin_dir.mkdir(exist_ok=True)
    (bin_dir / "evalsite").write_text(f'#!/bin/sh\nexec {sys.executable} -m evalsite "$@"\n')
    (bin_dir / "evalsite").chmod(0o755)
    said = []
    for step in job["steps"]:
        if "run" not in step or step.get("name") in ("Install", "Comment"):
            continue
        done = subprocess.run(
            ["bash", "-e", "-c", step["run"]], cwd=folder, capture_output=True, text=True, check=False,
            env={"PATH": f"{bin_dir}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "HOME": str(folder),
                 "GITHUB_STEP_SUMMARY": str(folder / "summary.md"), **environment},
        )  # fmt: skip
        said.append(done)
    return said


def test_init_writes_everything_once_and_never_over(evalsite, tmp_path):
    """--dry-run writes nothing; a second init keeps what was edited."""
    dry = evalsite("init", "new", "--dry-run")
    assert dry.returncode == 0
    assert dry.stdout.count("would write") == len(FILES)
    assert not (tmp_path / "new").exists()
    assert evalsite("init", "new").returncode == 0
    assert {path for path in FILES if (tmp_path / "new" / path).is_file()} == set(FILES)
    (tmp_path / "new" / "evalsite.toml").write_text("title = 'mine'\n")
    (tmp_path / "new" / "README.md").unlink()
    again = evalsite("init", "new")
    assert again.stdout.count("keep ") == len(FILES) - 1
    assert "write  new/README.md" in again.stdout
    assert (tmp_path / "new" / "evalsite.toml").read_text() == "title = 'mine'\n"


def test_init_takes_names_from_git_and_from_options(evalsite, tmp_path):
    """The remote says where the repository is, and that says where Pages will be."""
    (tmp_path / ".git").mkdir()
    for url in ("git@github.com:Me/code-results.git", "https://github.com/Me/code-results"):
        (tmp_path / ".git" / "config").write_text(
            f'[core]\n\tbare = false\n[remote "origin"]\n\turl = {url}\n'
        )
        assert remote_of(tmp_path) == "Me/code-results"
    names = Names.choose(tmp_path)
    assert (names.title, names.site_url) == ("Code results", "https://me.github.io/code-results/")
    assert Names.choose(tmp_path, repository="Me/me.github.io").site_url == "https://me.github.io/"
    source = "evalsite @ git+https://github.com/a/evalsite"
    process = evalsite(
        "init", "x", "--title", 'Ternary "1.58"', "--repository", "a/b", "--requirement", source
    )
    assert (tmp_path / "x" / "requirements.txt").read_text().splitlines()[-1] == source
    assert process.returncode == 0, process.stderr
    config = read_config(tmp_path / "x" / "evalsite.toml")
    assert (config.title, config.repository, config.site_url) == (
        'Ternary "1.58"',
        "a/b",
        "https://a.github.io/b/",
    )
    assert config.budget == 900_000_000
    assert "https://github.com/a/b/actions" in (tmp_path / "x" / "README.md").read_text()
    refused = evalsite("init", "y", "--repository", "https://github.com/a/b")
    assert refused.returncode == 2
    assert "owner/name" in refused.stderr


@pytest.mark.parametrize(
    "path",
    [
        ROOT / "templates" / "init" / "github" / "workflows" / "site.yml",
        ROOT / ".github" / "workflows" / "pages.yml",
        ROOT / ".github" / "workflows" / "ci.yml",
    ],
    ids=lambda path: path.name,
)
def test_workflows_are_valid_and_modest(path):
    """By GitHub's schema; read-only but where a job needs more, limited in time, one at a time."""
    found = workflow(path)
    # YAML 1.2 reads the key "on" as text, as GitHub does.
    jsonschema.validate(found, schema("github-workflows"))
    assert found["permissions"] == {"contents": "read"}
    assert "group" in found["concurrency"]
    for name, job in found["jobs"].items():
        assert job["timeout-minutes"] <= 60
        writes = {key for key, right in job.get("permissions", {}).items() if right == "write"}
        assert writes == {"deploy": {"pages", "id-token"}, "check": {"pull-requests"}}.get(name, set())
        for step in job["steps"]:
            assert "${{" not in step.get("run", ""), (
                "an expression in a script can be made to inject commands"
            )


def test_the_issue_form_is_valid_and_has_the_fields_that_links_fill_in(evalsite, repository):
    """A field that the form lacks would be a 404."""
    form = workflow(repository / ".github" / "ISSUE_TEMPLATE" / "eval-failure.yml")
    jsonschema.validate(form, schema("github-issue-forms"))
    process = evalsite("link", "runs/2026-01-01T00-00-00Z--ternary--humaneval", "3", "2", "--format", "issue")
    assert process.returncode == 0, process.stderr
    address = urlsplit(process.stdout.strip())
    assert address.netloc + address.path == "github.com/me/results/issues/new"
    fields = {name: value for name, (value,) in parse_qs(address.query).items()}
    ids = {field["id"] for field in form["body"]}
    assert set(fields) - {"template", "title"} <= ids
    assert fields["template"] == "eval-failure.yml"
    assert fields["permalink"] == f"{SITE}runs/2026-01-01T00-00-00Z--ternary--humaneval/HumanEval-3/#s2"
    assert fields["verdict"] == "runtime error"
    assert fields["code"] == "def f3(x):\n    return y  # ``` 2\n"


def test_the_workflows_build_and_check_steps_work(repository):
    """Run as a script: the site is there; a missed target fails the job, with its reason in the summary."""
    jobs = workflow(repository / ".github" / "workflows" / "site.yml")["jobs"]
    (built,) = run_steps(jobs["build"], repository)
    assert built.returncode == 0, built.stderr
    page = (repository / "site" / "index.html").read_text()
    assert "<title>" in page
    assert "https://github.com/me/results" in page
    assert SITE in (repository / "site" / "sitemap.xml").read_text()
    (checked,) = run_steps(jobs["check"], repository)
    assert checked.returncode == 0, "four problems decide nothing, and undecided is allowed"
    targets = repository / "targets.toml"
    targets.write_text(targets.read_text().replace("above = 70", "above = 99"))
    (repository / "summary.md").unlink()
    (checked,) = run_steps(jobs["check"], repository)
    assert checked.returncode == 1, checked.stderr
    summary = (repository / "summary.md").read_text()
    assert "HumanEval pass@1" in summary
    assert "missed" in summary
    assert summary == (repository / "check.md").read_text()


def test_the_comment_is_made_once_and_then_updated(repository):
    """Against a stand-in for gh: POST where there is none, PATCH of the one that is there."""
    jobs = workflow(repository / ".github" / "workflows" / "site.yml")["jobs"]
    (step,) = [step for step in jobs["check"]["steps"] if step.get("name") == "Comment"]
    (repository / "check.md").write_text("### Targets\n")
    (repository / "bin").mkdir()
    gh = repository / "bin" / "gh"
    for found, method in (("", "--method POST repos/me/results/issues/7/comments"),
                          ("42", "--method PATCH repos/me/results/issues/comments/42")):  # fmt: skip
        gh.write_text(
            f'#!/bin/sh\necho "$@" >> calls\ncase "$*" in *--jq*) echo "{found}";; esac\n', encoding="utf-8"
        )
        gh.chmod(0o755)
        done = subprocess.run(
            ["bash", "-e", "-c", step["run"]], cwd=repository, capture_output=True, text=True, check=False,
            env={"PATH": f"{gh.parent}:{os.environ['PATH']}", "REPOSITORY": "repos/me/results",
                 "COMMENTS": "repos/me/results/issues/7/comments"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        asked, written = (repository / "calls").read_text().splitlines()
        assert 'startswith("<!-- evalsite check -->")' in asked
        assert method in written
        assert (repository / "comment.md").read_text() == "<!-- evalsite check -->\n### Targets\n"
        (repository / "calls").unlink()


def test_a_permalink_opens_at_its_sample(evalsite, repository):
    """Printed before the site is built, opened in Chromium below /results/ on this machine."""
    run = repository / "runs" / "2026-01-01T00-00-00Z--ternary--humaneval"
    (repository / "served").mkdir()
    handler = partial(SimpleHTTPRequestHandler, directory=str(repository / "served"))
    handler.func.log_message = lambda *_: None
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}/results/"
    link = evalsite("link", run, "HumanEval-2", "1", "--site-url", base).stdout.strip()
    assert link == f"{base}runs/{run.name}/HumanEval-2/#s1"
    built = evalsite("build", "--output", "served/results", "--site-url", base)
    assert built.returncode == 0, built.stderr
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_page()
            assert page.goto(link).status == 200
            target = page.locator(":target")
            assert target.get_attribute("id") == "s1"
            assert target.is_visible()
            assert "HumanEval/2" in page.title()
            browser.close()
    finally:
        server.shutdown()
        server.server_close()


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


@pytest.mark.sandbox
def test_from_an_empty_folder_to_an_issue(evalsite, tmp_path):
    """init, two runs against a server, the workflow's own steps, and the failure's issue."""
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
    assert evalsite("init", "--repository", "me/results", "--baseline", "fp8").returncode == 0
    models = [recorded("fp8", problems, ()), recorded("ternary", problems, ("Demo/1",))]
    with serving(Replay(models, problems)) as url:
        for name in ("fp8", "ternary"):
            process = evalsite(
                "run", "--model-endpoint", url, "--api", "completions", "--model-name", name,
                "--dataset", "demo", "--data-path", "demo.jsonl", "--no-preflight",
            )  # fmt: skip
            assert process.returncode == 0, process.stderr
    run = process.stdout.strip()
    jobs = workflow(tmp_path / ".github" / "workflows" / "site.yml")["jobs"]
    assert [step.returncode for step in run_steps(jobs["build"], tmp_path)] == [0]
    assert [step.returncode for step in run_steps(jobs["check"], tmp_path)] == [0]
    assert "Targets" in (tmp_path / "summary.md").read_text()
    failures = evalsite("failures", run).stdout
    assert "1 of 3 samples failed on demo" in failures
    link = evalsite("link", run, "Demo/1", "0").stdout.strip()
    assert link in failures
    page = tmp_path / "site" / link.removeprefix(SITE).partition("#")[0] / "index.html"
    assert 'id="s0"' in page.read_text()
    issue = evalsite("link", run, "Demo/1", "0", "--format", "issue").stdout.strip()
    fields = parse_qs(urlsplit(issue).query)
    assert fields["permalink"] == [link]
    assert fields["verdict"] == ["wrong answer"]
    assert "return 1 * x" in fields["code"][0]


def test_every_link_of_failures_leads_into_the_built_site(evalsite, repository):
    """File and anchor exist, for every failure; the counts are those of the run."""
    run = "2026-01-01T00-00-00Z--ternary--humaneval"
    assert evalsite("build").returncode == 0
    process = evalsite("failures", run, "--format", "markdown")
    assert process.returncode == 0, process.stderr
    assert "8 of 12 samples failed on humaneval" in process.stdout
    assert "<summary>runtime error: 8</summary>" in process.stdout
    addresses = re.findall(r"\]\((\S+)\)", process.stdout)
    assert len(addresses) == 8
    for address in addresses:
        path, _, anchor = address.removeprefix(SITE).partition("#")
        page = (repository / "site" / path / "index.html").read_text()
        assert f'id="{anchor}"' in page, address
    text = evalsite("failures", run, "--limit", "3", "--class", "timeout").stdout
    assert text.strip() == "0 of 12 samples failed on humaneval"
    assert "and 5 more" in evalsite("failures", run, "--limit", "3").stdout


def test_link_has_four_forms(evalsite, repository):
    """Address, line, block; and without a sample the first failed one."""
    run = "2026-01-01T00-00-00Z--ternary--humaneval"
    page = f"{SITE}runs/{run}/HumanEval-0/"
    assert evalsite("link", run, "HumanEval/0").stdout == f"{page}\n"
    assert evalsite("link", run, "humaneval/0", "0").stdout == f"{page}#s0\n"
    line = evalsite("link", run, "0", "--format", "markdown").stdout
    assert line.startswith(f"[HumanEval/0, sample 1]({page}#s1): runtime error, `NameError: name 'y'")
    inside = evalsite("link", ".", "0", "0", "--site-url", SITE, cwd=repository / "runs" / run)
    assert inside.stdout == f"{page}#s0\n", "a run may also be named from inside"
    block = evalsite("link", run, "0", "--format", "block").stdout
    assert "````python\ndef f0(x):\n    return y  # ``` 1\n````" in block


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nowhere", "0"), 5, "nowhere: no run directory"),
        (("RUN", "HumanEval/9"), 5, "no problem is called 'HumanEval/9'"),
        (("RUN", "HumanEval/1", "7"), 5, "HumanEval/1 has no sample 7"),
        (("RUN", "HumanEval/1", "--config", "other.toml"), 2, "other.toml: cannot be read"),
    ],
)
def test_link_says_what_is_wrong(evalsite, repository, arguments, code, said):
    """With the nearest names."""
    run = "2026-01-01T00-00-00Z--ternary--humaneval"
    process = evalsite("link", *(run if argument == "RUN" else argument for argument in arguments))
    assert process.returncode == code
    assert said in process.stderr
    assert "next:" in process.stderr


def test_open_launches_what_is_printed(evalsite, repository, monkeypatch):
    """A page, or the new issue."""
    launched = []
    monkeypatch.setattr("click.launch", launched.append)
    run = "2026-01-01T00-00-00Z--ternary--humaneval"
    page = evalsite("link", run, "0", "1", "--open").stdout
    issue = evalsite("link", run, "0", "1", "--format", "issue", "--open").stdout
    assert launched == [page.strip(), issue.strip()]


def test_link_needs_to_know_where(evalsite, tmp_path):
    """Without site_url there is no address, without repository no issue."""
    write_run(tmp_path / "runs", "m", 1)
    run = "2026-01-01T00-00-00Z--m--humaneval"
    process = evalsite("link", run, "0")
    assert process.returncode == 2
    assert "site_url" in process.stderr
    process = evalsite("link", run, "0", "--format", "issue", "--site-url", SITE)
    assert process.returncode == 2
    assert "--repository" in process.stderr
    assert "f0, sample" not in evalsite("failures", run).stdout


def test_the_command_line_wins_over_the_file(evalsite, repository):
    """And the file over the defaults, also where it lies elsewhere."""
    assert evalsite("build", "--title", "From the command line").returncode == 0
    assert "From the command line" in (repository / "site" / "index.html").read_text()
    (repository / "elsewhere").mkdir()
    process = evalsite("build", "--config", "../evalsite.toml", cwd=repository / "elsewhere")
    assert process.returncode == 0, process.stderr
    page = (repository / "site" / "index.html").read_text()
    assert "Results" in page
    assert "From the command line" not in page
    (repository / "evalsite.toml").write_text('titel = "x"\nbudget = 1.5\nmax_pairs = "all"\n')
    for command in ("build", "check"):
        broken = evalsite(command)
        assert broken.returncode == 2
        for words in ("evalsite.toml:1: titel: no such key", "evalsite.toml:3: max_pairs: expected"):
            assert words in broken.stderr


def test_a_site_over_its_budget_fails_and_says_what_is_large(evalsite, repository):
    """Exit code 7, with the largest parts; within the budget all is well."""
    process = evalsite("build", "--budget", "20kB")
    assert process.returncode == 7
    assert "more than its budget of 0.0 MB" in process.stderr
    assert "runs/2026-01-01T00-00-00Z--ternary--humaneval" in process.stderr
    assert "max_samples_per_problem" in process.stderr
    assert evalsite("build", "--budget", "50MB").returncode == 0
    assert evalsite("build", "--budget", "lots").returncode == 2


def test_thinning_shows_failures_first_and_counts_all(evalsite, repository):
    """max_samples_per_problem of the file reaches the site."""
    text = (repository / "evalsite.toml").read_text()
    (repository / "evalsite.toml").write_text(
        text.replace("max_samples_per_problem = 0", "max_samples_per_problem = 1")
    )
    assert evalsite("build").returncode == 0
    run = "2026-01-01T00-00-00Z--ternary--humaneval"
    page = (repository / "site" / "runs" / run / "HumanEval-0" / "index.html").read_text()
    assert 'id="s1"' in page
    assert 'id="s0"' not in page


def test_rules_and_redirects_of_the_file_reach_site_and_links(evalsite, repository):
    """An archived run is linked at its rows, an excluded one not at all, a renamed one is led on."""
    path = repository / "evalsite.toml"
    text = path.read_text()
    run = "2026-01-01T00-00-00Z--ternary--humaneval"
    archived = f'[[rules]]\nmatch = ["{run}"]\narchive = true\n[redirects]\nformer = "{run}"\n'
    path.write_text(text + archived)
    assert evalsite("build").returncode == 0
    site = repository / "site" / "runs"
    assert [page.parent.name for page in (site / run).rglob("*.html")] == [run]
    assert f"../../{run}/#problem-HumanEval-0" in (site / "former/HumanEval-0/index.html").read_text()
    assert evalsite("link", run, "0").stdout.strip() == f"{SITE}runs/{run}/#problem-HumanEval-0"
    path.write_text(f'exclude = ["{run}"]\n{text}')
    refused = evalsite("link", run, "0")
    assert refused.returncode == 2
    assert "leaves this run out" in refused.stderr
    assert SITE not in evalsite("failures", run).stdout
    path.write_text(text + '[redirects]\nformer = "nobody"\n')
    refused = evalsite("build")
    assert refused.returncode == 2
    assert "redirects.former: the site has no run nobody" in refused.stderr
