"""What GitHub will read: workflows and issue form by its own schemas, and the workflow's steps for real."""

import os
import re
import subprocess
import tomllib
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest

from tests.conftest import ROOT
from tests.publish.builders import BASELINE, CANDIDATE, SITE, run_steps, schema, workflow

WORKFLOWS = [
    ROOT / "templates" / "init" / "github" / "workflows" / "site.yml",
    ROOT / ".github" / "workflows" / "pages.yml",
    ROOT / ".github" / "workflows" / "ci.yml",
    ROOT / ".github" / "workflows" / "release.yml",
]

RIGHTS = {
    "deploy": {"pages", "id-token"},
    "check": {"pull-requests"},
    "publish": {"id-token", "attestations"},
    "release": {"contents"},
}
"""Job -> what it may write; others may only read."""

PROMISE = """
[[target]]
name = "HumanEval pass@1"
metric = "pass@1"
above = 99
"""


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_are_valid_and_modest(path):
    """By GitHub's schema; read-only but where a job needs more, limited in time, one at a time."""
    found = workflow(path)
    # YAML 1.2 reads the key "on" as text, as GitHub does.
    jsonschema.validate(found, schema("github-workflows"))
    assert found["permissions"] == {"contents": "read"}
    assert "group" in found["concurrency"]
    assert found["jobs"]
    for name, job in found["jobs"].items():
        assert job["timeout-minutes"] <= 60
        assert set(job.get("permissions", {}).values()) <= {"read", "write"}
        writes = {key for key, right in job.get("permissions", {}).items() if right == "write"}
        assert writes == RIGHTS.get(name, set())
        assert job["steps"]
        for step in job["steps"]:
            assert "${{" not in step.get("run", ""), (
                "an expression in a script can be made to inject commands"
            )


def test_every_python_and_system_and_the_oldest_packages_that_are_promised_are_tried():
    """Those that the package names, and elsewhere than on Linux what 'make test-portable' runs here."""
    package = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pythons = [found for line in package["classifiers"] if (found := line.rpartition(":: ")[2])[:2] == "3."]
    jobs = workflow(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]
    tried = jobs["test"]["strategy"]["matrix"]
    assert tried["python"] == pythons
    assert tried["include"] == [{"python": pythons[0], "packages": "oldest"}]
    assert any("test-oldest" in step.get("run", "") for step in jobs["test"]["steps"])
    elsewhere = jobs["portable"]["strategy"]["matrix"]
    assert elsewhere["python"] == [pythons[0], pythons[-1]]
    assert [name.partition("-")[0] for name in elsewhere["system"]] == ["macos", "windows"]
    (marked,) = re.findall(r'-m "not .*"', re.split("\ntest-portable:", (ROOT / "Makefile").read_text())[1])
    scripts = [step["run"] for step in jobs["portable"]["steps"] if "run" in step]
    assert any(marked in script for script in scripts)
    assert "make test-portable" in scripts


def test_the_demo_runs_in_an_ordinary_container_too():
    """Before anything is landed, as root of one, beside the whole suite."""
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert re.search(r"ordinary_container\.py\n(.*\n)*.*make demo\n", script)


def test_actions_are_raised_together():
    """Each action stands in one major version in all workflows, and is one of GitHub's own, or PyPI's."""
    steps = [step for path in WORKFLOWS for job in workflow(path)["jobs"].values() for step in job["steps"]]
    used = {step["uses"] for step in steps if "uses" in step}
    assert len({name.partition("@")[0] for name in used}) == len(used), sorted(used)
    used.remove("pypa/gh-action-pypi-publish@release/v1")
    assert all(re.fullmatch(r"actions/[a-z/-]+@v\d+", name) for name in used), sorted(used)


def test_the_issue_form_is_valid_and_has_the_fields_that_links_fill_in(evalsite, repository):
    """A field that the form lacks would be a 404."""
    form = workflow(repository / ".github" / "ISSUE_TEMPLATE" / "eval-failure.yml")
    jsonschema.validate(form, schema("github-issue-forms"))
    process = evalsite("link", f"runs/{CANDIDATE}", "3", "2", "--format", "issue")
    assert process.returncode == 0, process.stderr
    address = urlsplit(process.stdout.strip())
    assert address.netloc + address.path == "github.com/me/results/issues/new"
    fields = {name: value for name, (value,) in parse_qs(address.query).items()}
    ids = {field["id"] for field in form["body"]}
    assert set(fields) - {"template", "title"} <= ids
    assert fields["template"] == "eval-failure.yml"
    assert fields["permalink"] == f"{SITE}runs/{CANDIDATE}/HumanEval-3/#s2"
    assert fields["verdict"] == "runtime error"
    assert fields["code"] == "def f3(x):\n    return y  # ``` 2\n"


@pytest.mark.linux
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
    assert "pass@1 against the baseline" in (repository / "summary.md").read_text()
    targets = repository / "targets.toml"
    targets.write_text(targets.read_text() + PROMISE)
    (repository / "summary.md").unlink()
    (checked,) = run_steps(jobs["check"], repository)
    assert checked.returncode == 1, checked.stderr
    summary = (repository / "summary.md").read_text()
    assert "HumanEval pass@1" in summary
    assert "missed" in summary
    assert summary == (repository / "check.md").read_text()


@pytest.mark.linux
@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("run.json", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"),
        ("verdicts.jsonl", "{}\n"),
        ("completions.jsonl", ""),
    ],
)
def test_the_workflow_publishes_what_is_sound(repository, file, text):
    """Beside a run that is not: it is missing and named, and the other job fails until it is mended."""
    (repository / "runs" / CANDIDATE / file).write_text(text)
    jobs = workflow(repository / ".github" / "workflows" / "site.yml")["jobs"]
    (built,) = run_steps(jobs["build"], repository)
    assert built.returncode == 0, built.stderr
    assert "::warning title=Runs are missing::" in built.stdout
    assert f"{CANDIDATE}: " in (repository / "site" / "index.html").read_text()
    assert [path.name for path in (repository / "site" / "runs").iterdir()] == [BASELINE]
    (checked,) = run_steps(jobs["check"], repository)
    assert checked.returncode == 5


@pytest.mark.linux
def test_the_workflow_publishes_nothing_where_nothing_was_built(repository):
    """A site of an earlier push, which the cache brought, is not what was asked for."""
    jobs = workflow(repository / ".github" / "workflows" / "site.yml")["jobs"]
    run_steps(jobs["build"], repository)
    (repository / "runs" / "removed.jsonl").write_text("{")
    (built,) = run_steps(jobs["build"], repository)
    assert built.returncode == 5


@pytest.mark.linux
def test_a_pull_request_is_judged_by_its_own_runs(repository):
    """The workflow's own step, in a merge commit: an old miss keeps no later request red."""

    def git(*words):
        who = ("-c", "user.name=me", "-c", "user.email=me@example.org")
        subprocess.run(["git", *who, *words], cwd=repository, check=True, capture_output=True)

    targets = repository / "targets.toml"
    targets.write_text(targets.read_text() + PROMISE)
    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--message", "what was there")
    (repository / "notes.md").write_text("nothing of runs\n")
    git("add", "--all")
    git("commit", "--message", "a pull request")
    job = workflow(repository / ".github" / "workflows" / "site.yml")["jobs"]["check"]
    (own,) = run_steps(job, repository, GITHUB_EVENT_NAME="pull_request")
    assert own.returncode == 0, own.stderr
    assert "nothing to judge in this change" in (repository / "check.md").read_text()
    (whole,) = run_steps(job, repository, GITHUB_EVENT_NAME="push")
    assert whole.returncode == 1
    checkout = next(step for step in job["steps"] if "checkout" in step.get("uses", ""))
    assert checkout["with"]["fetch-depth"] == 2, "the merge commit's first parent is needed"


@pytest.mark.linux
def test_the_demo_is_built_for_the_place_where_it_will_stand(repository):
    """The project's own workflow: the step after the demo, with what configure-pages would say."""
    jobs = workflow(ROOT / ".github" / "workflows" / "pages.yml")["jobs"]
    (step,) = [step for step in jobs["build"]["steps"] if "Build again" in step.get("name", "")]
    run_steps({"steps": []}, repository)
    (repository / ".venv").mkdir()
    (repository / "bin").rename(repository / ".venv" / "bin")
    (repository / "demo").mkdir()
    (repository / "runs").rename(repository / "demo" / "runs")
    (repository / "evalsite.toml").unlink()
    done = subprocess.run(
        ["bash", "-e", "-c", step["run"]], cwd=repository, capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "SITE_URL": SITE,
             "REPOSITORY": "me/evalsite"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert SITE in (repository / "demo" / "site" / "sitemap.xml").read_text()
    assert "https://github.com/me/evalsite" in (repository / "demo" / "site" / "index.html").read_text()


@pytest.mark.linux
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
    (repository / "check.md").write_text("")
    gh.write_text("#!/bin/sh\nexit 1\n")
    done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", step["run"]], cwd=repository, check=True,
        env={"PATH": f"{gh.parent}:{os.environ['PATH']}", "REPOSITORY": "", "COMMENTS": ""},
        capture_output=True, text=True)  # fmt: skip
    assert "could not be judged" in (repository / "comment.md").read_text()
    assert done.stdout.startswith("::warning title=No comment::"), "a token that only reads fails no gate"


@pytest.mark.linux
def test_nothing_is_deployed_before_there_is_a_place_for_it(tmp_path):
    """The first push may come before the setting: it says what to choose, and fails nothing."""
    build = workflow(WORKFLOWS[0])["jobs"]["build"]
    (step,) = [step for step in build["steps"] if step.get("id") == "pages"]
    output = tmp_path / "output"
    for code, said in ((0, ""), (1, "::warning title=Not published yet::Under Settings > Pages")):
        output.write_text("")
        (tmp_path / "gh").write_text(f"#!/bin/sh\nexit {code}\n")
        (tmp_path / "gh").chmod(0o755)
        done = subprocess.run(["bash", "-e", "-c", step["run"]], check=True, capture_output=True, text=True,
            env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "REPOSITORY": "me/results",
                 "GITHUB_OUTPUT": str(output)})  # fmt: skip
        assert done.stdout.startswith(said)
        assert output.read_text() == ("" if code else "ready=true\n")


@pytest.mark.parametrize("path", WORKFLOWS[:2], ids=lambda path: path.name)
def test_a_second_attempt_deploys_its_own_artifact(path):
    """Artifacts of earlier attempts stay in a run, and two of one name are refused."""
    jobs = workflow(path)["jobs"]
    (upload,) = [step for step in jobs["build"]["steps"] if "upload-pages" in step.get("uses", "")]
    (deploy,) = [step for step in jobs["deploy"]["steps"] if "deploy-pages" in step.get("uses", "")]
    assert "github.run_attempt" in upload["with"]["name"]
    assert jobs["build"]["outputs"]["artifact"] == upload["with"]["name"]
    assert deploy["with"]["artifact_name"] == "${{ needs.build.outputs.artifact }}"


def test_nothing_fails_for_want_of_a_right_on_a_fork(repository):
    """Forks and bots have a token that only reads: there, the comment is left out and nothing else writes."""
    jobs = workflow(repository / ".github" / "workflows" / "site.yml")["jobs"]
    writing = [step for step in jobs["check"]["steps"] if "GH_TOKEN" in step.get("env", {})]
    assert [step["name"] for step in writing] == ["Comment"]
    assert "github.event.pull_request.head.repo.full_name == github.repository" in writing[0]["if"]
    assert jobs["deploy"]["if"] == "needs.build.outputs.pages == 'true'"
    assert jobs["build"]["permissions"] == {"contents": "read", "pages": "read"}
