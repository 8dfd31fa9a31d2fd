"""How many runs stay whole: as many as the site's budget has room for, as the site is written."""

import shutil

import pytest

from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from evalsite.site.output.packs import PACK
from tests.make import BASELINE, CANDIDATE, write_run

ADDRESS = "https://example.org/"


def many(folder, count=5, n=1, problems=2):
    """Runs of one data set, a day apart; the first is the baseline, and others solve other problems."""
    runs = folder / "runs"
    runs.mkdir(parents=True)
    for day in range(1, count + 1):
        passes = [n * ((day * at + day) % 3 != 0) for at in range(problems)]
        card = BASELINE if day == 1 else CANDIDATE
        write_run(runs, f"M{day}", passes, n=n, card=card, day=f"2026-11-{day:02}")
    return runs


def build(runs, output, **chosen):
    """Build with one process."""
    return build_site(runs, output, options=SiteOptions(jobs=1, **chosen))


def packed_runs(site):
    """The days of the runs that are packed."""
    return {path.parent.name[:10] for path in site.glob(f"runs/*/{PACK}")}


def files_of(site):
    """Path -> content, of all that is published."""
    return {
        str(path.relative_to(site)): path.read_bytes()
        for path in site.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def limits(runs, folder, **chosen):
    """What the site takes with all runs packed, and with all whole."""
    return (build(runs, folder / f"limit{budget}", site_budget=budget, **chosen).bytes for budget in (1, 0))


@pytest.fixture(scope="module")
def five(tmp_path_factory):
    """Five runs, and their limits; the site with all of them whole stands beside them."""
    folder = tmp_path_factory.mktemp("five")
    runs = many(folder)
    return runs, *limits(runs, folder)


def test_the_oldest_candidates_are_packed_first(five, tmp_path):
    """The baseline stays whole, the newest stays whole, and the build says how many are packed."""
    runs, least, most = five
    assert build(runs, tmp_path / "all").archived == 0
    report = build(runs, tmp_path / "some", site_budget=(least + most) // 2 * 100 // 99)
    days = sorted(packed_runs(tmp_path / "some"))
    assert 1 <= len(days) <= 3
    assert days == [f"2026-11-0{2 + at}" for at in range(len(days))]
    assert f"{len(days)} older run" in report.sentence
    assert "archived to stay within the site's budget" in report.sentence


@pytest.mark.parametrize(
    ("n", "chosen"),
    [
        (1, {"site_url": ADDRESS}),
        (5, {}),
        (3, {"max_samples_per_problem": 1, "downloads": False, "max_pairs": 2}),
    ],
)
def test_what_is_written_keeps_to_the_budget_and_uses_it(tmp_path, n, chosen):
    """With one more run whole it would not: whatever a run brings is counted, and nothing twice."""
    runs = many(tmp_path, n=n, problems=4)
    least, most = limits(runs, tmp_path, **chosen)
    budget = int((least + 0.6 * (most - least)) / 0.99)
    report = build(runs, tmp_path / "site", site_budget=budget, **chosen)
    written = sum(path.stat().st_size for path in (tmp_path / "site").rglob("*") if path.is_file())
    assert report.bytes == written <= budget
    assert 0 < report.archived < 5
    close = int((report.bytes - 500) / 0.99)  # the state has a few bytes that are not chosen by
    assert build(runs, tmp_path / "site", site_budget=close, **chosen).archived == report.archived + 1


def test_what_is_packed_does_not_depend_on_the_last_build(five, tmp_path):
    """The same runs and options give the same bytes: from nothing, after other options and other runs."""
    runs, least, most = five
    tight = int((least + most) / 2)
    build(runs, tmp_path / "new", site_budget=tight)
    shutil.copytree(runs.parent / "limit0", tmp_path / "options")
    build(runs, tmp_path / "options", site_budget=tight)
    few = many(tmp_path / "before", 3)
    build(few, tmp_path / "grown", site_budget=tight)
    build(runs, tmp_path / "grown", site_budget=tight)
    new = files_of(tmp_path / "new")
    assert 0 < len(packed_runs(tmp_path / "new")) < 5
    for other in ("options", "grown"):
        assert files_of(tmp_path / other) == new, other


def test_a_poor_estimate_costs_time_alone(five, tmp_path, monkeypatch):
    """Sizes are found out by writing: the site is the same whatever was guessed."""
    runs, least, most = five
    tight = int((least + most) / 2)
    build(runs, tmp_path / "site", site_budget=tight)
    for name, wrong in (("_PAGE", 900_000), ("_PAGE", 1)):
        monkeypatch.setattr(f"evalsite.site.parts.packable.{name}", wrong)
        build(runs, tmp_path / f"{name}{wrong}", site_budget=tight)
        assert files_of(tmp_path / f"{name}{wrong}") == files_of(tmp_path / "site")


def test_one_more_run_makes_its_own_parts_and_what_it_displaces(five, tmp_path):
    """What was weighed is remembered: only the new run, and those that change their form, are made."""
    folder, least, most = five
    runs = shutil.copytree(folder, tmp_path / "runs")
    tight = int((least + most) / 2)
    build(runs, tmp_path / "site", site_budget=tight)
    before = packed_runs(tmp_path / "site")
    write_run(runs, "M6", [0, 1], card=CANDIDATE, day="2026-11-06")
    report = build(runs, tmp_path / "site", site_budget=tight)
    made = {one.what: one.count for one in report.made}
    assert made["runs"] <= 1 + len(packed_runs(tmp_path / "site") - before)
    assert before < packed_runs(tmp_path / "site")


def test_a_budget_that_cannot_be_kept_is_told(five, tmp_path, caplog):
    """Nothing is left out in silence, and nothing ends."""
    report = build(five[0], tmp_path / "site", site_budget=1_000)
    assert report.archived == 5
    assert "more than its budget of 1.0 KB: no run is left to archive" in caplog.text
    assert "--site-budget" in caplog.text
