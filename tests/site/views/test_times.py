"""How long a run's requests and programs took, and how many tokens were written."""

import msgspec
import pytest

from evalsite.site.build import build_site
from tests.make import write_rows, write_run
from tests.site.conftest import OPTIONS
from tests.site.serving import serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.xdist_group("browser"),
]  # one Chromium for all


def test_durations_sort_by_time_and_not_by_their_digits(open_page, tmp_path):
    """300 ms is more than 1.5 s to whoever reads digits alone."""
    runs = tmp_path / "runs"
    run_dir = write_run(runs, "Slow", [1, 1, 1], n=1)
    took = {"HumanEval/0": 0.3, "HumanEval/1": 1.5, "HumanEval/2": 0.02}
    write_rows(
        run_dir, [msgspec.structs.replace(row, wall_s=took[row.problem]) for row in run_dir.verdicts()]
    )
    build_site(runs, tmp_path / "site", options=OPTIONS)
    with serving(tmp_path / "site", "/results/") as base:
        page = open_page("runs/2026-11-20T10-00-00Z--slow--humaneval/", base=base)
        page.get_by_text("All problems as a table").click()
        page.get_by_role("button", name="Mean execution").click()
        assert page.locator("table.sortable tbody td:last-child").all_text_contents() == [
            "1.50 s",
            "300 ms",
            "20.0 ms",
        ]
