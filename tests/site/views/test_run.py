"""What a run's page says of its samples."""

import re

from msgspec import structs

from evalsite.rundir.beside import append_incidents
from evalsite.rundir.schema import Incident
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


def test_single_incidents_are_listed_as_many_as_a_page_bears(tmp_path):
    """Folded, in their order, with what it was about; hostile words are words; the rest is counted."""
    (tmp_path / "runs").mkdir()
    run = write_run(tmp_path / "runs", "model", [2, 1], n=3)
    at = "2026-11-27T20:00:00.000Z"
    waited = Incident(
        at=at, kind="waiting", message="answered 503: <b>Loading</b>", endpoint="http://h/v1", waiting=3
    )
    lost = [
        Incident(at=at, kind="missing", message="no answer in time", problem="T/1", sample=number)
        for number in range(150)
    ]
    with append_incidents(run) as file:
        for each in (waited, *lost):
            file.append(each)
    build_site(tmp_path / "runs", tmp_path / "site", options=SiteOptions(jobs=1))
    (page,) = (tmp_path / "site/runs").glob("*/index.html")
    html = page.read_text("utf-8")
    assert "<summary>151 incidents while the model was asked, the first 100 shown</summary>" in html
    assert "answered 503: &lt;b&gt;Loading&lt;/b&gt;" in html
    assert "waited (3 requests)" in html
    assert html.count("no answer in time") == 99
    assert "T/1, sample 98" in html
    assert "T/1, sample 99" not in html


def test_names_in_sentences_of_a_run_lead_on(tmp_path):
    """Problems that lack samples, and those that count in no score."""
    (tmp_path / "runs").mkdir()
    reason = "its reference fails"
    run = write_run(tmp_path / "runs", "model", [2, 1, 0], n=3)
    record = run.read_run()
    grading = structs.replace(record.grading, excluded={"HumanEval/2": reason})
    run.write_run(structs.replace(record, grading=grading))
    write_rows(run, [row for row in run.verdicts() if row.problem != "HumanEval/1" or row.sample])
    build_site(tmp_path / "runs", tmp_path / "site", options=SiteOptions(jobs=1))
    (page,) = (tmp_path / "site/runs").glob("*/index.html")
    html = page.read_text("utf-8")
    assert '1 sample missing, of <a href="HumanEval-1/">HumanEval/1</a>.' in html
    assert f'<a href="HumanEval-2/">HumanEval/2</a> counts in no score: {reason}.' in html


def test_a_run_without_incidents_says_nothing_of_them(tmp_path):
    """Most have none."""
    assert "incident" not in page_of(tmp_path, 0)
