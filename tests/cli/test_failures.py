"""``evalsite failures``: what failed in a run, by class."""

import re

from tests.publish.builders import CANDIDATE, SITE


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


def test_failures_can_be_listed_one_and_all(evalsite, repository):
    """Where a list ends early, it says how to see the rest."""
    some = evalsite("failures", CANDIDATE, "--limit", "3")
    assert "--all lists every one" in some.stderr
    every = evalsite("failures", CANDIDATE, "--limit", "3", "--all")
    assert every.stdout.count("#s") == 8
    assert "more" not in every.stdout + every.stderr
