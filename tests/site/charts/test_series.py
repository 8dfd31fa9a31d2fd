"""Which runs a chart shows, and what they are called in it."""

from dataclasses import replace

from evalsite.site.charts.series import MOST_DRAWN, Series, choose, short
from tests.make import loaded_run, make_record


def run(number, model="m"):
    record = make_record(f"r{number}", created_at=f"2026-01-{number + 1:02}T00:00:00Z")
    return replace(loaded_run([1]), run=record)


def test_many_runs_leave_out_those_nobody_asks_about():
    """Baselines and candidates stay, whatever they score; how many are left out is told."""
    entries = [
        Series(run(number), "candidate" if number == 24 else "", f"k{number}", "m") for number in range(25)
    ]
    chosen, told = choose(entries)
    assert len(chosen) == MOST_DRAWN
    assert [one.key for one in chosen] == [f"k{number}" for number in range(MOST_DRAWN - 1)] + ["k24"]
    assert told == f" {25 - MOST_DRAWN} runs more in the table above."
    assert choose(entries[:3])[1] == ""


def test_a_long_name_is_cut_in_its_middle():
    """The end tells quantizations apart."""
    assert short("short") == "short"
    assert short("qwen3-coder-80b-ternary") == "qwen3-c…ternary"
