"""Parts of ``evalsite.toml`` reach pages, links and commands."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

from tests.publish.builders import CANDIDATE, SITE


def test_thinning_shows_failures_first_and_counts_all(evalsite, repository):
    """max_samples_per_problem of the file reaches the site."""
    text = (repository / "evalsite.toml").read_text()
    (repository / "evalsite.toml").write_text(
        text.replace("max_samples_per_problem = 0", "max_samples_per_problem = 1")
    )
    assert evalsite("build").returncode == 0
    page = (repository / "site" / "runs" / CANDIDATE / "HumanEval-0" / "index.html").read_text()
    assert 'id="s1"' in page
    assert 'id="s0"' not in page
    assert "1 of 3 shown, all counted" in page


def test_issue_links_on_pages_fill_in_the_form_of_the_file(evalsite, repository):
    """The address is that of ``evalsite link``; without a form it fills in title and body."""
    path = repository / "evalsite.toml"
    page = repository / "site" / "runs" / CANDIDATE / "HumanEval-0" / "index.html"

    def fields():
        assert evalsite("build").returncode == 0
        address = unescape(re.findall(r'class="issue" href="([^"]+)"', page.read_text())[0])
        linked = evalsite("link", CANDIDATE, "HumanEval/0", 1, "--format", "issue")
        assert linked.stdout.strip() == address
        query = parse_qs(urlsplit(address).query)
        return {name: value for name, (value,) in query.items()}

    permalink = f"{SITE}runs/{CANDIDATE}/HumanEval-0/#s1"
    assert fields() == {
        "template": "eval-failure.yml",
        "title": "HumanEval/0: runtime error (ternary, sample 1)",
        "permalink": permalink,
        "run": "ternary on humaneval",
        "verdict": "runtime error",
        "code": "def f0(x):\n    return y  # ``` 1\n",
        "error": 'Traceback (most recent call last):\n  File "<program>", line 2, in f\nNameError: y',
    }
    path.write_text(path.read_text().replace("issue_form = ", "# "))
    plain = fields()
    assert set(plain) == {"title", "body"}
    assert plain["body"].startswith(f"{permalink}\n\n````python\ndef f0(x):")


def test_check_judges_the_runs_of_the_site(evalsite, repository):
    """A run that is left out is neither candidate nor baseline, and need not even be whole."""
    text = (repository / "evalsite.toml").read_text()
    judged = evalsite("check", "--format", "json").stdout
    assert CANDIDATE in judged
    (repository / "evalsite.toml").write_text(f'exclude = ["ternary"]\n{text}')
    assert CANDIDATE not in evalsite("check", "--format", "json").stdout
    (repository / "evalsite.toml").write_text(f'exclude = ["fp8"]\n{text}')
    without = evalsite("check")
    assert without.returncode == 9, "what has no baseline is pending, and no gate is passed"
    assert "baseline fp8: no such model or run (models here: ternary)" in " ".join(without.stderr.split())
    (repository / "evalsite.toml").write_text(f'exclude = ["ternary"]\n{text}')
    (repository / "runs" / CANDIDATE / "summary.json").write_text("broken")
    assert evalsite("check", "--allow", "inconclusive,pending").returncode == 0
