"""``evalsite link``, ``failures`` and ``compare``: every printed address leads to its place on the site."""

import json

from tests.publish.builders import BASELINE, CANDIDATE, SITE


def test_compare_links_flips_like_the_site_does(evalsite, repository):
    """To the problem's page; in an archived run to its row; where the run is left out, not at all."""
    path = repository / "evalsite.toml"
    text = path.read_text()

    def flips():
        process = evalsite("compare", BASELINE, CANDIDATE, "--format", "json")
        return {flip["url"] for flip in json.loads(process.stdout)["flips"]}

    pages = {f"{SITE}runs/{CANDIDATE}/HumanEval-{number}/" for number in range(4)}
    assert flips() == pages
    path.write_text(f'{text}[[rules]]\nmatch = ["ternary"]\narchive = "counts"\n')
    assert flips() == {f"{SITE}runs/{CANDIDATE}/#problem-HumanEval-{number}" for number in range(4)}
    path.write_text(f'exclude = ["ternary"]\n{text}')
    assert flips() == {None}
    path.unlink()
    assert flips() == {None}, "nobody said where the site is"
    given = evalsite("compare", BASELINE, CANDIDATE, "--format", "json", "--site-url", SITE)
    assert {flip["url"] for flip in json.loads(given.stdout)["flips"]} == pages


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
        file.write(f'[[rules]]\nmatch = ["{CANDIDATE}"]\narchive = "counts"\n')
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
