"""Building: reproducible, incremental, tidy, and clear about what stops it."""

import dataclasses
import json
import shutil

import msgspec
import pytest

from evalsite.errors import OutputError, RunFormatError
from evalsite.events import Event
from evalsite.rundir.store import RunDir
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from evalsite.site.output.folder import STATE
from tests.make import write_rows, write_run
from tests.site.conftest import OPTIONS
from tests.site.sparing import cards_as_published


def snapshot(folder):
    """Every file with its bytes and the time it was written."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_same_runs_give_the_same_bytes(demo_runs, published, tmp_path):
    """A second build elsewhere, by two processes, is byte for byte the first."""
    with cards_as_published():
        build_site(demo_runs, tmp_path / "again", options=dataclasses.replace(OPTIONS, jobs=2))
    first, second = snapshot(published), snapshot(tmp_path / "again")
    assert {name: data for name, (data, _) in first.items()} == {
        name: data for name, (data, _) in second.items()
    }


def test_nothing_changed_means_nothing_written(built):
    """Building again touches no file at all."""
    runs, output = built
    before = snapshot(output)
    report = build_site(runs, output, options=OPTIONS)
    assert (report.written, report.removed, report.sentence) == (0, 0, "nothing changed, nothing made")
    assert snapshot(output) == before
    assert report.pages == sum(name.endswith(".html") for name in before)


def test_a_changed_run_rebuilds_its_own_pages_and_the_indexes_alone(built):
    """Its comparisons and its problems come along; all else is not even made again, and keeps its date."""
    runs, output = built
    before = snapshot(output)
    changed = RunDir(runs / "2026-11-16T10-00-00Z--other--humaneval")
    rows = list(changed.verdicts())
    assert (rows[1].problem, rows[1].verdict) == ("HumanEval/1", VerdictClass.PASSED)
    rows[1] = msgspec.structs.replace(rows[1], verdict=VerdictClass.TIMEOUT)
    write_rows(changed, rows)
    report = build_site(runs, output, options=OPTIONS)
    assert [(made.what, made.count, made.total) for made in report.made] == [
        ("runs", 1, 4),
        ("comparisons", 2, 3),
        ("problem pages", 1, 11),
        ("pages of older runs", 0, 0),
        ("levels of difficulty", 0, 0),
        ("pairs of models", 2, 3),
        ("distances", 0, 0),
    ]
    assert report.sentence.startswith(
        "made 1 of 4 runs, 2 of 3 comparisons, 1 of 11 problem pages, 2 of 3 pairs of models; "
    )
    after = snapshot(output)
    touched = {name for name in after if after[name] != before.get(name)}
    assert "index.html" in touched
    assert "runs/2026-11-16T10-00-00Z--other--humaneval/HumanEval-1/index.html" in touched
    assert not any(name.startswith(("runs/2026-11-18", "runs/2026-11-21")) for name in touched)
    pairs = {name for name in touched if name.startswith("compare/") and name.count("/") > 1}
    assert pairs
    assert all("--other--" in name for name in pairs)
    assert "compare/index.html" in touched  # the list of all, with their figures


def test_a_damaged_page_is_made_again(built):
    """A page that was lost since the last build comes back."""
    runs, output = built
    lost = output / "runs/2026-11-18T10-00-00Z--toy-fp8--humaneval/HumanEval-0/index.html"
    lost.unlink()
    assert build_site(runs, output, options=OPTIONS).written == 1
    assert lost.is_file()


def test_a_removed_run_leaves_no_orphans_and_takes_nothing_else(built):
    """Its pages, cards, comparisons and folders go; a file that the user put there stays."""
    runs, output = built
    (output / "CNAME").write_text("results.example.org\n")
    gone = "2026-11-16T10-00-00Z--other--humaneval"
    shutil.rmtree(runs / gone)
    report = build_site(runs, output, options=OPTIONS)
    assert report.removed > 0
    assert not [path for path in output.rglob("*") if gone in str(path)]
    assert not [path for path in output.rglob("*") if path.is_dir() and not any(path.iterdir())]
    assert (output / "CNAME").is_file()


def test_a_changed_title_reaches_every_page(built):
    """Options count as inputs."""
    runs, output = built
    build_site(runs, output, options=dataclasses.replace(OPTIONS, title="Renamed"))
    pages = list(output.rglob("*.html"))
    assert pages
    assert all("Renamed" in page.read_text() for page in pages)
    assert not any("Toy results" in page.read_text() for page in pages)


def test_the_baseline_can_be_chosen(built):
    """Another baseline turns the comparisons round."""
    runs, output = built
    build_site(runs, output, options=dataclasses.replace(OPTIONS, baseline="Other"))
    compared = json.loads((output / "data/comparisons.json").read_text())["comparisons"]
    bases = {row["base"] for row in compared if "other" in row["base"]}
    assert bases == {"2026-11-16T10-00-00Z--other--humaneval"}


def test_a_folder_that_cannot_be_made_is_an_output_error(demo_runs, tmp_path):
    """The message names the folder and what to do."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="file"):
        build_site(demo_runs, tmp_path / "file" / "site", options=OPTIONS)


def test_a_broken_run_names_its_line(built):
    """What the store finds passes through: file, line, field."""
    runs, output = built
    path = runs / "2026-11-16T10-00-00Z--other--humaneval" / "verdicts.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    lines[2] = b'{"problem": 7}\n'
    path.write_bytes(b"".join(lines))
    with pytest.raises(RunFormatError, match=r"verdicts\.jsonl:3: field `problem`"):
        build_site(runs, output, options=dataclasses.replace(OPTIONS, strict=True))
    report = build_site(runs, output, options=OPTIONS)
    assert ["verdicts.jsonl:3: field `problem`" in each.sentence for each in report.unread] == [True]
    assert report.runs == len(list(runs.iterdir())) - 1


def test_a_run_without_any_sample_has_pages(tmp_path):
    """A run that has just begun shows what is missing instead of failing."""
    (tmp_path / "runs").mkdir()
    run_dir = write_run(tmp_path / "runs", "Young", [1, 0, 1], n=2, status="running")
    write_rows(run_dir, [])
    build_site(tmp_path / "runs", tmp_path / "site", options=SiteOptions())
    run_page = (tmp_path / "site/runs/2026-11-20T10-00-00Z--young--humaneval/index.html").read_text()
    assert "3 problems have none yet" in run_page
    assert "6 samples missing" in run_page
    problem = tmp_path / "site/runs/2026-11-20T10-00-00Z--young--humaneval/HumanEval-0/index.html"
    assert "No sample of this problem has been graded yet" in problem.read_text()


def test_a_summary_that_lags_behind_is_made_anew(tmp_path):
    """More problems were asked since summary.json was written: the pages count what is there now."""
    (tmp_path / "runs").mkdir()
    long = write_run(tmp_path / "runs", "Grown", [1, 1, 1], n=1)
    short = write_run(tmp_path / "short", "Grown", [1, 1], n=1)
    long.write_summary(short.read_summary())
    build_site(tmp_path / "runs", tmp_path / "site", options=SiteOptions())
    page = tmp_path / "site/runs/2026-11-20T10-00-00Z--grown--humaneval/HumanEval-2/index.html"
    assert "the only sample passed" in page.read_text()


def test_the_state_file_is_not_a_page_and_holds_no_path_of_the_machine(site, demo_runs):
    """What is published tells nothing of where it was built."""
    state = (site / STATE).read_text()
    assert str(demo_runs) not in state
    assert str(site) not in state


def test_progress_is_told(demo_runs, tmp_path):
    """A caller can show what is being done and how far it is."""
    told = []
    build_site(demo_runs, tmp_path / "site", options=OPTIONS, listener=told.append)
    assert Event("building", "rendering runs", 4, 4) in told
    assert (tmp_path / "site" / "index.html").is_file()
