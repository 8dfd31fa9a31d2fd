"""The promise of docs/site.md: an address that was published keeps its page, or one that leads on."""

import dataclasses
import re
import shutil

from evalsite.rundir.schema import ModelCard
from evalsite.site.build import build_site
from evalsite.site.options import RunRule, SiteOptions
from tests.make import BASELINE, CANDIDATE, write_run
from tests.site.helpers import ends_of_links

PLAIN = ModelCard()
HALVES = ([2, 2, 0], [2, 0, 2], [0, 2, 2])
OPTIONS = SiteOptions(jobs=1, max_pairs=3)


class Published:
    """A site that is built again and again, and every address that it ever had."""

    def __init__(self, folder):
        self.runs, self.output = folder / "runs", folder / "site"
        self.runs.mkdir()
        self.addresses = set()
        self.count = 0

    def add(self, model, card, day):
        passes = HALVES[self.count % 3]
        self.count += 1
        return write_run(self.runs, model, passes, n=2, card=card, day=day).path.name

    def build(self, **changes):
        """Build, and return the addresses that are not there any more, or lead nowhere."""
        report = build_site(self.runs, self.output, options=dataclasses.replace(OPTIONS, **changes))
        self.addresses |= {str(page.relative_to(self.output)) for page in self.output.rglob("*/index.html")}
        return report, sorted(name for name in self.addresses if not self.leads(name))

    def leads(self, name):
        """Whether an address has a page, and where that leads on, another one with what it points at."""
        page = self.output / name
        if not page.is_file():
            return False
        link = re.search(r'<a id="to" href="([^"#]+)(?:#([^"]+))?"', page.read_text("utf-8"))
        if link is None:
            return True
        target = (page.parent / link[1]).resolve()
        target = target / "index.html" if target.is_dir() else target
        return target != page and (not link[2] or link[2] in ends_of_links(target.read_bytes())[0])


def test_every_address_outlives_new_runs_turned_baselines_and_the_limit(tmp_path):
    """A baseline measured again, another that is named, archived runs: nothing that was linked dies."""
    site = Published(tmp_path)
    site.add("base", BASELINE, "2026-11-02")
    first = site.add("ternary", CANDIDATE, "2026-11-01")
    assert site.build()[1] == []
    compared = {name for name in site.addresses if name.startswith("compare/")}
    assert f"compare/{first}--2026-11-02T10-00-00Z--base--humaneval/index.html" in compared, (
        "by the ids alone"
    )
    for day in range(3, 6):
        site.add("base", BASELINE, f"2026-11-0{day}")
        site.add(f"plain{day}", PLAIN, f"2026-11-0{day}")
        assert site.build()[1] == []
    for changes in ({"baseline": "ternary"}, {"baseline": "plain3"}, {"max_pairs": 0}, {}):
        assert site.build(**changes)[1] == []
    archived = (RunRule(match=("ternary", "base"), archive="counts"),)
    assert site.build(rules=archived)[1] == []
    assert site.build(rules=archived)[1] == [], "and stays so"
    assert sum(name.startswith("compare/") for name in site.addresses) > 40


def test_the_limit_holds_for_what_is_new_and_is_told(tmp_path):
    """Pairs with a baseline are always made; of the others, those of older runs."""
    site = Published(tmp_path)
    site.add("base", BASELINE, "2026-11-01")
    for day in range(2, 7):
        site.add(f"plain{day}", PLAIN, f"2026-11-0{day}")
    report, _ = site.build()
    pairs = {path.parent.name for path in site.output.glob("compare/*/index.html")}
    assert len(pairs) == 5 + 3
    assert sum("base" in pair for pair in pairs) == 5
    others = {tuple(re.findall(r"plain\d", pair)) for pair in pairs if "base" not in pair}
    assert others == {("plain2", "plain3"), ("plain2", "plain4"), ("plain3", "plain4")}
    assert report.pairs_left_out == 10 - 3
    assert "7 pairs of runs not compared (max_pairs in evalsite.toml)" in report.sentence


def test_a_new_run_takes_no_pair_away_even_where_nothing_is_remembered(tmp_path):
    """A site that is built from nothing each time, as where a cache was lost, keeps its addresses, too."""
    site = Published(tmp_path)
    site.add("base", BASELINE, "2026-11-01")
    for day in range(2, 9):
        site.add(f"plain{day}" if day % 3 else "base", PLAIN if day % 3 else BASELINE, f"2026-11-0{day}")
        site.output = tmp_path / f"site{day}"
        assert site.build()[1] == []


def test_where_the_baseline_is_the_newer_run_its_former_address_leads_on(tmp_path):
    """Earlier versions put the baseline first, in comparisons and below them."""
    site = Published(tmp_path)
    newer, older = site.add("base", BASELINE, "2026-11-02"), site.add("ternary", CANDIDATE, "2026-11-01")
    site.build()
    page = (site.output / f"compare/{older}--{newer}/index.html").read_text("utf-8")
    assert "ternary against base" in page
    assert "HumanEval-1/index.html" in {
        path.name and f"{path.parent.name}/{path.name}"
        for path in site.output.glob(f"compare/{newer}--{older}/*/index.html")
    }
    assert all(site.leads(f"compare/{newer}--{older}/{below}index.html") for below in ("", "HumanEval-1/"))


def test_comparisons_of_a_renamed_run_lead_on(tmp_path):
    """By its former id, as its own pages do."""
    site = Published(tmp_path)
    site.add("base", BASELINE, "2026-11-01")
    old = site.add("old", CANDIDATE, "2026-11-02")
    site.build()
    shutil.rmtree(site.runs / old)
    site.count = 1
    new = site.add("new", CANDIDATE, "2026-11-02")
    assert site.build(redirects=((old, new),))[1] == []
    assert sum(f"--{old}" in name for name in site.addresses) > 1
