"""The composite action: valid, the same steps as in the workflow that ``init`` writes, and they work."""

import jsonschema
import pytest

from tests.conftest import ROOT
from tests.publish.builders import run_steps, schema, workflow

ACTION = workflow(ROOT / "action.yml")
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
SITE_WORKFLOW = workflow(ROOT / "templates" / "init" / "github" / "workflows" / "site.yml")
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml"))
INPUTS = {"CONFIG": "evalsite.toml", "ALLOW": "inconclusive,pending", "GITHUB_OUTPUT": "output.txt"}


def test_it_is_valid_and_runs_no_expression():
    jsonschema.validate(ACTION, schema("github-actions"))
    assert set(STEPS) == {"Install", "Check the targets", "Comment", "Build"}
    assert not [name for name, step in STEPS.items() if "${{" in step["run"]]


def test_it_does_what_the_written_workflow_does():
    """One place to mend: the scripts differ in nothing but what inputs say."""
    own = {
        step.get("name"): step["run"]
        for job in SITE_WORKFLOW["jobs"].values()
        for step in job["steps"]
        if "run" in step
    }
    assert STEPS["Comment"]["run"] == own["Comment"]
    check = STEPS["Check the targets"]["run"].replace('--config "$CONFIG" ', "")
    check = check.replace('"$ALLOW"', INPUTS["ALLOW"]).partition("\n")[2]
    assert check == own["Check the targets"]
    assert own["Install"] in f"{STEPS['Install']['run']}".replace("\n  ", "\n").partition("then\n")[2]
    build = STEPS["Build"]["run"].replace(' --config "$CONFIG"', "")
    assert build.startswith(own["Build"])


@pytest.mark.linux
def test_its_steps_check_and_build(repository):
    """In a repository of results; the outputs name what was written."""
    done = run_steps(ACTION["runs"], repository, **INPUTS)
    assert [each.returncode for each in done] == [0, 0], [each.stderr for each in done]
    assert "pass@1 against the baseline" in (repository / "summary.md").read_text("utf-8")
    assert (repository / "output.txt").read_text("utf-8") == "report=check.md\nsite=site\n"
    assert (repository / "site" / "index.html").is_file()


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_issue_forms_are_valid(path):
    """Each asks for something without which nobody can help."""
    form = workflow(path)
    jsonschema.validate(form, schema("github-issue-forms"))
    assert [field["id"] for field in form["body"] if field.get("validations", {}).get("required")]
