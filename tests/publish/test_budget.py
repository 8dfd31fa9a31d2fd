"""How much room a built site takes, and what takes it."""

from tests.publish.builders import CANDIDATE


def test_a_site_over_its_budget_fails_and_says_what_is_large(evalsite, repository):
    """Exit code 7, with the largest parts; within the budget all is well."""
    process = evalsite("build", "--budget", "20kB")
    assert process.returncode == 7
    assert "more than its budget of 0.0 MB" in process.stderr
    assert f"runs/{CANDIDATE}" in process.stderr
    assert "max_samples_per_problem" in process.stderr
    assert evalsite("build", "--budget", "50MB").returncode == 0
    assert evalsite("build", "--budget", "lots").returncode == 2
