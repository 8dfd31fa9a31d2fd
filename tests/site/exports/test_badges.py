"""Endpoints for badges of shields.io."""

import dataclasses
import html
import json

from evalsite.rundir.schema import ModelCard
from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from evalsite.stats.targets import parse_targets
from tests.make import write_run
from tests.site.helpers import ARCHIVED


def test_badges_speak_shields_endpoint_schema(site):
    """Each badge has the four fields that shields.io reads."""
    badges = [json.loads(path.read_text()) for path in (site / "badges").glob("*.json")]
    assert len(badges) >= 5
    for badge in badges:
        assert badge["schemaVersion"] == 1
        assert set(badge) == {"schemaVersion", "label", "message", "color"}
    (one,) = (site / "badges").glob("humaneval-pass-1-Toy-Ternary.json")
    assert json.loads(one.read_text())["message"].startswith("56.2 %")


def test_one_badge_counts_all_targets(site):
    """Its address is known before the first run, for a README; the worst verdict colours it."""
    badge = json.loads((site / "badges" / "targets.json").read_text())
    results = json.loads((site / "data" / "targets.json").read_text())["targets"]
    counts = dict(reversed(part.split(" ", 1)) for part in badge["message"].split(", "))
    verdicts = [result["verdict"] for result in results]
    assert counts == {verdict: str(verdicts.count(verdict)) for verdict in set(verdicts)}
    assert badge["color"] == ("red" if "missed" in counts else "yellow")


def test_badges_have_the_signs_of_pages_and_none_hides_another(tmp_path):
    """Two runs of one model with different cards, and two targets on one metric: each has its badge.

    The address that they would share shows the worst of them; points lost are negative.
    """
    text = "".join(
        f'[[target]]\nname = "{name}"\nmetric = "{metric}"\n'
        for name, metric in (
            ("loss", 'degradation"\nmargin = 10 #'),
            ("high", 'pass@1"\nabove = 60 #'),
            ("low", 'pass@1"\nabove = 20 #'),
        )
    )
    runs = tmp_path / "runs"
    write_run(runs, "fp8", [10] * 40, card=ModelCard(role="baseline"))
    for day, passes, weights in (("2026-11-21", 0, "Q2"), ("2026-11-22", 10, "Q8")):
        write_run(runs, "Toy", [passes] * 40, day=day, card=ModelCard(role="candidate", quantization=weights))
    options = dataclasses.replace(ARCHIVED, targets=parse_targets(text, "targets.toml"))
    build_site(runs, tmp_path / "site", options=options)
    made = (tmp_path / "site/badges").glob("*Toy*")
    shown = {path.stem: json.loads(path.read_text())["message"] for path in made}
    bad, good = "2026-11-21T10-00-00Z--toy--humaneval", "2026-11-22T10-00-00Z--toy--humaneval"
    lost = "humaneval-degradation-Toy"
    assert shown[lost] == shown[f"{lost}-{bad}"] == "−100.0 points, missed"
    assert shown[f"{lost}-{good}"] == "0.0 points"
    passed = "humaneval-pass-1-Toy"
    assert shown[passed] == shown[f"{passed}-high-{bad}"] == "0.0 %, missed"
    assert shown[f"{passed}-low-{good}"] == shown[f"{passed}-high-{good}"] == "100.0 %"
    assert len(shown) == 8


def test_the_page_of_targets_has_badges_to_paste(site, demo_runs, tmp_path):
    """As Markdown, each leading to the page; without the site's address there is nothing to paste."""
    page = html.unescape((site / "targets.html").read_text())
    names = sorted(path.stem for path in (site / "badges").glob("*.json"))
    assert len(names) > 1
    for name in names:
        url = f"https%3A%2F%2Fexample.org%2Fresults%2Fbadges%2F{name}.json"
        image = f"https://img.shields.io/endpoint?url={url}"
        assert f"[![{name}]({image})](https://example.org/results/targets.html)" in page
    build_site(demo_runs, tmp_path, options=SiteOptions(jobs=1))
    assert "shields" not in (tmp_path / "targets.html").read_text()
