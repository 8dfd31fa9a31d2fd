"""What the statistics conclude, looked up by run: comparisons and targets, made once for all pages."""

import re

from evalsite.rundir.schema import ModelCard
from evalsite.site.build import build_site
from evalsite.site.options import SiteOptions
from tests.make import BASELINE, CANDIDATE, write_run
from tests.site.helpers import ARCHIVED, LOSS, judged


def test_a_named_baseline_leaves_the_cards_of_other_data_sets_alone(tmp_path):
    """On the site as at the gate, and the page of that data set does not ask for one."""
    write_run(tmp_path, "Named", [10] * 8)
    write_run(tmp_path, "Cand", [10] * 8, day="2026-11-21")
    write_run(tmp_path, "Carded", [10] * 8, card=BASELINE, dataset="mbpp-test", prefix="MBPP")
    write_run(tmp_path, "Other", [10] * 8, day="2026-11-21", dataset="mbpp-test", prefix="MBPP")
    judgement = judged(tmp_path, SiteOptions(targets=LOSS, baseline="Named"))
    held = {entry.model: judgement.baseline_of(entry) for entry in judgement.evidence.entries}
    assert {model: base and base.model for model, base in held.items()} == {
        "Named": None,
        "Cand": "Named",
        "Carded": None,
        "Other": "Carded",
    }
    assert {result.run.model for result in judgement.results if result.run} == {"Cand", "Other"}


def test_each_family_is_held_against_its_own_baseline(tmp_path):
    """Two families on one data set; the board offers no single baseline, and every row says whose it is."""
    for family, day in (("Big", "2026-11-20"), ("Small", "2026-11-21")):
        for role, passes in (("baseline", 10), ("candidate", 9)):
            card = ModelCard(role=role, family=family)
            write_run(tmp_path / "runs", f"{family}-{role}", [passes] * 8, card=card, day=day)
    judgement = judged(tmp_path / "runs")
    held = {entry.model: judgement.baseline_of(entry) for entry in judgement.evidence.entries}
    assert {model: base.model for model, base in held.items() if base} == {
        "Big-candidate": "Big-baseline",
        "Small-candidate": "Small-baseline",
    }
    assert {judgement.side(entry) for entry in judgement.evidence.entries} == {"baseline", "candidate"}
    build_site(tmp_path / "runs", tmp_path / "site", options=ARCHIVED)
    text = (tmp_path / "site/index.html").read_text()
    assert "each family's own" in text.replace("&#39;", "'")
    assert len(re.findall(r'<span class="note">baseline</span>', text)) == 2


def test_runs_on_two_data_sets_of_one_name_are_not_held_against_each_other(tmp_path):
    """No comparison page, no difference, and a target that is pending with the reason."""
    write_run(tmp_path, "Base", [10] * 8, card=BASELINE)
    run_dir = write_run(tmp_path, "Cand", [10] * 8, card=CANDIDATE, day="2026-11-21")
    path = run_dir.path / "run.json"
    path.write_text(path.read_text().replace("ab" * 32, "cd" * 32))
    judgement = judged(tmp_path)
    assert judgement.comparisons == {}
    (result,) = judgement.results
    assert result.decision == "pending"
    assert "asked different problems under the name humaneval (ababab and cdcdcd)" in result.sentence
