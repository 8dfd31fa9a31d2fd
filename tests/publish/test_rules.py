"""The tables of ``evalsite.toml``: which runs a site leaves out, thins or archives; which were renamed."""

import pytest

from evalsite.errors import UsageError
from tests.publish.builders import CANDIDATE, SITE
from tests.publish.helpers import read


def test_rules_and_redirects_of_the_file_reach_site_and_links(evalsite, repository):
    """An archived run is linked at its rows, an excluded one not at all, a renamed one is led on."""
    path = repository / "evalsite.toml"
    text = path.read_text()
    archived = (
        f'[[rules]]\nmatch = ["{CANDIDATE}"]\narchive = "counts"\n[redirects]\nformer = "{CANDIDATE}"\n'
    )
    path.write_text(text + archived)
    assert evalsite("build").returncode == 0
    site = repository / "site" / "runs"
    assert [page.parent.name for page in (site / CANDIDATE).rglob("*.html")] == [CANDIDATE]
    assert f"../../{CANDIDATE}/#problem-HumanEval-0" in (site / "former/HumanEval-0/index.html").read_text()
    assert evalsite("link", CANDIDATE, "0").stdout.strip() == f"{SITE}runs/{CANDIDATE}/#problem-HumanEval-0"
    path.write_text(f'exclude = ["{CANDIDATE}"]\n{text}')
    refused = evalsite("link", CANDIDATE, "0")
    assert refused.returncode == 2
    assert "leaves this run out" in refused.stderr
    assert SITE not in evalsite("failures", CANDIDATE).stdout
    path.write_text(text + '[redirects]\nformer = "nobody"\n')
    refused = evalsite("build")
    assert refused.returncode == 2
    assert "redirects.former: the site has no run nobody" in refused.stderr


def test_all_mistakes_of_all_rules_are_told_at_once(tmp_path):
    """Each with the line and the key inside of its own rule."""
    with pytest.raises(UsageError) as caught:
        read(
            tmp_path,
            'title = 5\nexclude = "old"\n[[rules]]\nmatch = ["a"]\nkeep = "passes"\narchive = 1\n'
            '[[rules]]\nkeep = "failures"\nmax_samples_per_problem = -1\nonly = 3\n'
            '[[rules]]\nmatch = ["b"]\n[redirects]\nold = "new"\nqwen2.5 = "qwen3"\n',
        )
    said = caught.value.message
    assert "9 mistakes" in said
    for place, words in (
        ("1: title", "expected text"),
        ("2: exclude", "list of patterns"),
        ("5: rules[1].keep", '"all" or "failures"'),
        ("6: rules[1].archive", 'true, false or "counts"'),
        ("7: rules[2]", "lacks match"),
        ("9: rules[2].max_samples_per_problem", "whole number from 0"),
        ("10: rules[2].only", "no such key; known are match, keep"),
        ("11: rules[3]", "changes nothing"),
        ("15: redirects.qwen2", "in quotation marks"),
    ):
        assert f"evalsite.toml:{place}: " in said
        assert words in said.split(f"toml:{place}: ")[1].splitlines()[0]
