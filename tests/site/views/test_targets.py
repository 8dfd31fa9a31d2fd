"""Targets: the answer to "is it good enough?", and the table behind it."""

from evalsite.site.options import SiteOptions
from evalsite.site.views.targets import answer_of, focus_of, target_rows, targets_pages
from evalsite.stats.targets import named_targets, parse_targets
from tests.make import BASELINE, CANDIDATE, write_run
from tests.site.helpers import LOSS_TOML, judged

BORN_WITH = named_targets("qwen3-coder-80b-ternary")


def test_a_trial_never_takes_the_front_page(tmp_path):
    """Whoever tries five problems does not want the real candidate's answer gone."""
    write_run(tmp_path, "Base", [10] * 8, card=BASELINE)
    write_run(tmp_path, "Cand", [10] * 8, card=CANDIDATE, day="2026-11-21")
    write_run(tmp_path, "Trial", [10] * 8, card=CANDIDATE, day="2026-11-22", num_problems=5)
    judgement = judged(tmp_path)
    assert focus_of(judgement).model == "Cand"
    assert answer_of(judgement).question == "Is Cand good enough?"


def test_models_whose_names_look_alike_have_headings_that_do_not(tmp_path):
    """Nobody sees two blanks in place of one."""
    for number, model in enumerate(("Cand 2", "Cand  2", "Other")):
        write_run(tmp_path, model, [10] * 8, card=CANDIDATE, day=f"2026-11-2{number}")
    view = next(targets_pages(judged(tmp_path))).view
    assert [each.model for each in view.judged] == ["Other", "Cand  2 (2026-11-21)", "Cand 2 (2026-11-20)"]


def test_a_share_of_failures_leads_to_those_that_are_counted(tmp_path):
    """To the run's list, of the class where it is of one; what has no figure leads nowhere."""
    write_run(tmp_path, "Base", [10] * 8, card=BASELINE)
    write_run(tmp_path, "Cand", [5] * 8, card=CANDIDATE, day="2026-11-21")
    bounds = {"pass@100": "above"}
    asked = (
        "".join(
            f'[[target]]\nname = "{name}"\nmetric = "{name}"\n{bounds.get(name, "below")} = 3\n'
            for name in ("error_share", "error_share.runtime_error", "execution_time", "pass@100")
        )
        + LOSS_TOML
    )
    judgement = judged(tmp_path, SiteOptions(targets=parse_targets(asked, "test")))
    rows = {row.name: row.actual_path for row in target_rows(judgement)}
    run = "runs/2026-11-21T10-00-00Z--cand--humaneval/"
    assert rows == {
        "error_share": f"{run}failures.html",
        "error_share.runtime_error": f"{run}failures.html#class=runtime_error",
        "execution_time": run,
        "pass@100": "",
        "Loss": rows["Loss"],
    }
    assert rows["Loss"].startswith("compare/")


def test_without_anything_else_a_trial_is_asked_about(tmp_path):
    """It is better than nothing, and goes before the baseline."""
    write_run(tmp_path, "Base", [10] * 8, card=BASELINE)
    write_run(tmp_path, "Trial", [10] * 8, card=CANDIDATE, day="2026-11-22", num_problems=5)
    assert focus_of(judged(tmp_path)).model == "Trial"


def test_front_page_and_targets_page_count_alike(tmp_path):
    """A target that a model does not answer yet is one of its pending ones on both."""
    write_run(tmp_path, "Base", [10] * 8, card=BASELINE)
    write_run(tmp_path, "Cand", [10] * 8, card=CANDIDATE, day="2026-11-21")
    judgement = judged(tmp_path, SiteOptions(targets=BORN_WITH))
    view = next(targets_pages(judgement)).view
    (answered,) = [each for each in view.judged if each.model == "Cand"]
    assert answered.headline == answer_of(judgement).headline
    assert len(answered.rows) == len(BORN_WITH.rows)
    assert view.open == ()


def test_pages_and_gate_count_the_same_verdicts_on_the_same_candidates(evalsite, tmp_path):
    """Two candidates, a trial and a second run of the baseline: the counts of the gate stand on the pages."""
    runs = tmp_path / "runs"
    write_run(runs, "Base", [10] * 40, card=BASELINE)
    write_run(runs, "Base", [10] * 40, day="2026-11-22")
    write_run(runs, "Ruined", [0] * 40, card=CANDIDATE, day="2026-11-21")
    write_run(runs, "Sound", [10] * 40, card=CANDIDATE, day="2026-11-22")
    write_run(runs, "Trial", [10] * 40, card=CANDIDATE, day="2026-11-23", num_problems=5)
    (tmp_path / "targets.toml").write_text(LOSS_TOML)
    gate = evalsite("check", "--runs", runs, "--targets", tmp_path / "targets.toml").stdout
    judgement = judged(runs)
    assert "Targets: missed (1 missed, 1 met)\n" in gate
    assert answer_of(judgement).among == "2 models judged: missed (1 missed, 1 met)"
    assert answer_of(judgement).headline == "Yes: 1 target met."
    assert "- Sound: Yes: 1 target met." in gate
    view = next(targets_pages(judgement)).view
    assert view.counted == "missed (1 missed, 1 met)"
    assert [each.model for each in view.judged] == ["Sound", "Ruined"]
    assert [row.subject for row in view.trials] == ["Trial on humaneval"]
    sides = {
        entry.id[:10]: judgement.side(entry) for entry in judgement.evidence.entries if entry.model == "Base"
    }
    assert sides == {"2026-11-20": "baseline", "2026-11-22": "baseline"}
