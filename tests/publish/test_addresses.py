"""``evalsite link``, ``failures`` and ``compare``: every printed address leads to its place on the site."""

import json
import re

import pytest

from tests.publish.builders import BASELINE, CANDIDATE, SITE, write_run


def test_every_link_of_failures_leads_into_the_built_site(evalsite, repository):
    """File and anchor exist, for every failure; the counts are those of the run."""
    assert evalsite("build").returncode == 0
    process = evalsite("failures", CANDIDATE, "--format", "markdown")
    assert process.returncode == 0, process.stderr
    assert "8 of 12 samples failed on humaneval" in process.stdout
    assert "<summary>runtime error: 8</summary>" in process.stdout
    addresses = re.findall(r"\]\((\S+)\)", process.stdout)
    assert len(addresses) == 8
    for address in addresses:
        path, _, anchor = address.removeprefix(SITE).partition("#")
        page = (repository / "site" / path / "index.html").read_text()
        assert f'id="{anchor}"' in page, address
    text = evalsite("failures", CANDIDATE, "--limit", "3", "--class", "timeout").stdout
    assert text.strip() == "0 of 12 samples failed on humaneval"
    assert "and 5 more" in evalsite("failures", CANDIDATE, "--limit", "3").stdout


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


def test_compare_links_flips_like_the_site_does(evalsite, repository):
    """To the problem's page; in an archived run to its row; where the run is left out, not at all."""
    path = repository / "evalsite.toml"
    text = path.read_text()

    def flips():
        process = evalsite("compare", BASELINE, CANDIDATE, "--format", "json")
        return {flip["url"] for flip in json.loads(process.stdout)["flips"]}

    pages = {f"{SITE}runs/{CANDIDATE}/HumanEval-{number}/" for number in range(4)}
    assert flips() == pages
    path.write_text(f'{text}[[rules]]\nmatch = ["ternary"]\narchive = true\n')
    assert flips() == {f"{SITE}runs/{CANDIDATE}/#problem-HumanEval-{number}" for number in range(4)}
    path.write_text(f'exclude = ["ternary"]\n{text}')
    assert flips() == {None}
    path.unlink()
    assert flips() == {None}, "nobody said where the site is"
    given = evalsite("compare", BASELINE, CANDIDATE, "--format", "json", "--site-url", SITE)
    assert {flip["url"] for flip in json.loads(given.stdout)["flips"]} == pages


def test_an_issue_is_about_a_failure(evalsite, repository):
    """A sample that passed is none, whether it was named or is all there is."""
    write_run(repository / "runs", "fine", 3)
    for words in (("fine", "0"), ("fine", "0", "1"), (CANDIDATE, "0", "0")):
        refused = evalsite("link", *words, "--format", "issue")
        assert refused.returncode == 2, words
        assert "passed, so there is no failure to file" in refused.stderr
        assert "evalsite failures" in refused.stderr
        assert evalsite("link", *words, "--format", "markdown").returncode == 0


def test_failures_can_be_listed_one_and_all(evalsite, repository):
    """Where a list ends early, it says how to see the rest."""
    some = evalsite("failures", CANDIDATE, "--limit", "3")
    assert "--all lists every one" in some.stderr
    every = evalsite("failures", CANDIDATE, "--limit", "3", "--all")
    assert every.stdout.count("#s") == 8
    assert "more" not in every.stdout + every.stderr
