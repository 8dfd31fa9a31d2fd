"""``evalsite link``: a permalink to one sample, ready to paste."""

import pytest

from tests.publish.builders import CANDIDATE, SITE, write_run


def test_link_has_four_forms(evalsite, repository):
    """Address, line, block; and without a sample the first failed one."""
    page = f"{SITE}runs/{CANDIDATE}/HumanEval-0/"
    assert evalsite("link", CANDIDATE, "HumanEval/0").stdout == f"{page}\n"
    assert evalsite("link", CANDIDATE, "humaneval/0", "0").stdout == f"{page}#s0\n"
    line = evalsite("link", CANDIDATE, "0", "--format", "markdown").stdout
    assert line.startswith(f"[HumanEval/0, sample 1]({page}#s1): runtime error, `NameError: name 'y'")
    inside = evalsite("link", ".", "0", "0", "--site-url", SITE, cwd=repository / "runs" / CANDIDATE)
    assert inside.stdout == f"{page}#s0\n", "a run may also be named from inside"
    block = evalsite("link", CANDIDATE, "0", "--format", "block").stdout
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
    process = evalsite("link", *(CANDIDATE if argument == "RUN" else argument for argument in arguments))
    assert process.returncode == code
    assert said in process.stderr
    assert "next:" in process.stderr


def test_open_launches_what_is_printed(evalsite, repository, monkeypatch):
    """A page, or the new issue."""
    launched = []
    monkeypatch.setattr("click.launch", launched.append)
    page = evalsite("link", CANDIDATE, "0", "1", "--open").stdout
    issue = evalsite("link", CANDIDATE, "0", "1", "--format", "issue", "--open").stdout
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


def test_an_issue_is_about_a_failure(evalsite, repository):
    """A sample that passed is none, whether it was named or is all there is."""
    write_run(repository / "runs", "fine", 3)
    for words in (("fine", "0"), ("fine", "0", "1"), (CANDIDATE, "0", "0")):
        refused = evalsite("link", *words, "--format", "issue")
        assert refused.returncode == 2, words
        assert "passed, so there is no failure to file" in refused.stderr
        assert "evalsite failures" in refused.stderr
        assert evalsite("link", *words, "--format", "markdown").returncode == 0
