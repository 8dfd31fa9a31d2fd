"""``evalsite.toml`` reaches every command that reads it, and the command line wins over it."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

from tests.publish.builders import CANDIDATE, SITE


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
    assert f"runs/{CANDIDATE}" in process.stderr
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
    page = (repository / "site" / "runs" / CANDIDATE / "HumanEval-0" / "index.html").read_text()
    assert 'id="s1"' in page
    assert 'id="s0"' not in page
    assert "1 of 3 shown, all counted" in page


def test_a_sample_that_is_not_shown_is_linked_at_its_problem(evalsite, repository):
    """Its anchor is not on the page, or there is no page; that is told, on standard error."""
    path = repository / "evalsite.toml"
    path.write_text(path.read_text().replace("max_samples_per_problem = 0", "max_samples_per_problem = 1"))
    shown = evalsite("link", CANDIDATE, "0", "1")
    assert (shown.stdout, shown.stderr) == (f"{SITE}runs/{CANDIDATE}/HumanEval-0/#s1\n", "")
    unshown = evalsite("link", CANDIDATE, "0", "2")
    assert unshown.stdout == f"{SITE}runs/{CANDIDATE}/HumanEval-0/\n"
    assert "counted, but not shown" in unshown.stderr
    path.write_text(path.read_text().replace("max_samples_per_problem = 1", "max_samples_per_problem = 0"))
    with path.open("a") as file:
        file.write(f'[[rules]]\nmatch = ["{CANDIDATE}"]\narchive = true\n')
    archived = evalsite("link", CANDIDATE, "0", "0")
    assert archived.stdout == f"{SITE}runs/{CANDIDATE}/#problem-HumanEval-0\n"
    assert "counted, but not shown" in archived.stderr, "an archived run has no samples to be seen"
    problem = evalsite("link", CANDIDATE, "0")
    assert (problem.stdout, problem.stderr) == (archived.stdout, ""), "nobody asked for a sample"


def test_failures_link_what_is_not_shown_at_its_problem(evalsite, repository):
    """And say how many these are."""
    path = repository / "evalsite.toml"
    path.write_text(path.read_text().replace("max_samples_per_problem = 0", "max_samples_per_problem = 1"))
    failures = evalsite("failures", CANDIDATE)
    assert failures.stdout.count("#s1") == 4
    assert "#s2" not in failures.stdout
    assert "note: evalsite.toml has 4 of these counted" in failures.stderr


def test_rules_and_redirects_of_the_file_reach_site_and_links(evalsite, repository):
    """An archived run is linked at its rows, an excluded one not at all, a renamed one is led on."""
    path = repository / "evalsite.toml"
    text = path.read_text()
    archived = f'[[rules]]\nmatch = ["{CANDIDATE}"]\narchive = true\n[redirects]\nformer = "{CANDIDATE}"\n'
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


def test_the_gate_tells_scores_from_points(evalsite, repository):
    """What a degradation is measured from is a score, in percent; what is lost of it are points."""
    (repository / "targets.toml").write_text(
        '[[target]]\nname = "Loss"\nmetric = "degradation@1"\nmargin = 10\ndataset = "humaneval"\n'
    )
    row = next(line for line in evalsite("check").stdout.splitlines() if line.startswith("Loss"))
    assert "66.7 %" in row
    assert "less than 10 points lost" in row
    assert "33.3 points" in row
