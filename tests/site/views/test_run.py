"""What a run's page says of its samples."""

import re

from msgspec import structs

from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from tests.make import write_rows, write_run


def page_of(tmp_path, shared):
    """The text of the page of a run, ``shared`` samples of which ran with their tests in one process."""
    (tmp_path / "runs").mkdir(parents=True)
    run = write_run(tmp_path / "runs", "model", [2, 1], n=3)
    rows = [structs.replace(row, in_process=number < shared) for number, row in enumerate(run.verdicts())]
    write_rows(run, rows)
    build_site(tmp_path / "runs", tmp_path / "site", options=SiteOptions(jobs=1))
    (page,) = (tmp_path / "site/runs").glob("*/index.html")
    return re.sub(r"<[^>]+>", "", page.read_text("utf-8"))


def test_samples_that_shared_a_process_with_their_tests_are_counted(tmp_path):
    """Whoever reads a score is to know what could have been forged."""
    told = "shared a process with the tests"
    assert f"2 samples {told}" in page_of(tmp_path / "two", 2)
    assert f"1 sample {told}" in page_of(tmp_path / "one", 1)
    assert told not in page_of(tmp_path / "none", 0)
