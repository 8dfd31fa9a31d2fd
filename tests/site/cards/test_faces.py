"""What stands on cards: names, scores, verdicts and charts, and that it is really drawn."""

import re
import struct
import xml.etree.ElementTree as ET

import pytest

from evalsite.site.cards.canvas import draw
from evalsite.site.cards.faces import MOST_MODELS, front_card, pair_card, pool_card, run_card
from evalsite.site.cards.forest import MOST_SETS
from evalsite.site.subjects.runs import PairSubject, RunSubject
from evalsite.stats.compare.question import Question
from evalsite.stats.compare.suites import compare_suites
from tests.make import BASELINE, CANDIDATE, loaded_run, write_run
from tests.site.helpers import PAIR, RUN, judged, pixels

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg):
    return [text.text for text in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.fixture(scope="module")
def toys(tmp_path_factory):
    """A baseline and two candidates: one that keeps its score, one that loses it."""
    folder = tmp_path_factory.mktemp("toys")
    write_run(folder, "Base", [1] * 80, n=1, card=BASELINE, day="2026-11-18")
    write_run(folder, "Good", [1] * 80, n=1, card=CANDIDATE, day="2026-11-19")
    write_run(folder, "Poor", [0] * 80, n=1, card=CANDIDATE, day="2026-11-20")
    return judged(folder)


def card_of(judgement, model):
    pairs = judgement.comparisons.values()
    (found,) = (one for one in pairs if one.base.model == "Base" and one.candidate.model == model)
    return pair_card(PairSubject.of(found, judgement), "T")


def test_a_run_s_card_says_each_thing_once(runs):
    """Model, score and interval stand on it as text, whatever the model's name holds."""
    entries, judgement = runs
    assert entries
    for name, (entry, _) in entries.items():
        said = texts(run_card(RunSubject.of(entry, judgement), "T & <T>"))
        assert said.count(name) == 1
        assert said[0] == "T & <T> · humaneval"
        assert sum("95 % interval" in text for text in said) == 1
        assert len(said) > 2
        assert all(text.count("pass@1") <= 1 for text in said)


def test_what_a_card_says_is_really_drawn(runs):
    """Without its words a card is another picture, and two models give two cards."""
    entries, judgement = runs
    small, smaller = (
        run_card(RunSubject.of(entries[name][0], judgement), "T") for name in ("Small", "Smaller")
    )
    wordless = re.sub(r"<text.*?</text>", "", small)
    drawn, bare, other = (pixels(draw(svg, 600)) for svg in (small, wordless, smaller))
    told = (drawn != bare).any(axis=2)
    assert told[60:95].any(), "the model's name"
    assert told[130:170].any(), "its score"
    assert (drawn != other).any(axis=2)[60:95].any(), "two names"


@pytest.mark.parametrize(("model", "verdict", "sign"), [("Good", "met", "✓"), ("Poor", "missed", "✗")])
def test_a_comparison_s_card_has_its_verdict_and_its_picture(toys, model, verdict, sign):
    """The regions of the decision are drawn in the colours of the page."""
    svg = card_of(toys, model)
    said = texts(svg)
    assert said[:3] == ["T · humaneval", model, "against Base"]
    assert said[3:5] == [sign, verdict]
    assert "margin −10" in said
    picture = pixels(draw(svg, 600))[158:]
    assert (picture[:, :, 0].astype(int) - picture[:, :, 2] > 60).any(), "the candidate's or the region's red"


def test_the_front_page_s_card_names_the_models_and_their_verdicts(toys):
    """As many as have room; the others are counted."""
    said = texts(front_card(toys, "T"))
    assert said[0] == "T"
    assert said[1:7] == ["Poor", "✗", "No: 1 target missed.", "Good", "✓", "Yes: 1 target met."]
    assert said[-1] == "3 runs on 1 data set"
    assert MOST_MODELS >= 2


@pytest.mark.parametrize("place", ["", RUN, f"{PAIR}/", f"{PAIR}/HumanEval-3/"])
def test_what_people_send_each_other_unfurls_with_a_card(published, place):
    """A shared link shows title, description and a picture by absolute addresses."""
    text = (published / place / "index.html").read_text()
    assert f'<link rel="canonical" href="https://example.org/results/{place}">' in text
    assert f'og:image" content="https://example.org/results/{place}card.png"' in text
    width, height = struct.unpack(">II", (published / place / "card.png").read_bytes()[16:24])
    assert f'og:image:width" content="{width}"' in text
    assert f'og:image:height" content="{height}"' in text


def test_the_front_page_s_description_names_models(site):
    """Search engines and chats show it beside the title."""
    text = (site / "index.html").read_text()
    told = re.search(r'name="description" content="([^"]+)"', text)[1]
    assert told.startswith("Toy-Ternary: Not proven: ")
    assert " Other: " in told
    assert told.endswith(" 4 runs on 2 data sets.")


def suite(sets, margin=0.1):
    """A baseline that solves everything, and a candidate that loses some of each data set."""
    return compare_suites(
        [
            tuple(
                loaded_run(passes, 1, model=model, dataset=name, task_ids=[f"{name}/{i}" for i in range(60)])
                for model, passes in (("fp8", [1] * 60), ("<q4>", [0] * lost + [1] * (60 - lost)))
            )
            for name, lost in sets
        ],
        margin=margin,
    )


@pytest.mark.parametrize(
    ("lost", "decision", "sign"), [(0, "met", "✓"), (9, "inconclusive", "?"), (40, "missed", "✗")]
)
def test_a_pool_s_card_has_its_verdict_and_a_line_for_each_data_set(lost, decision, sign):
    """The pooled one is drawn in the colour of the verdict, with the figures of the table."""
    found = suite([("python", lost), ("rust", lost)])
    svg = pool_card(found, "T")
    said = texts(svg)
    assert said[:5] == ["T · 2 data sets together", "<q4>", "against fp8", sign, decision]
    assert said[5::2] == ["python", "rust", "all together"]
    assert f"−{100 * lost / 60:.1f} (" in said[-1] or not lost
    lines = [line.get("stroke") for line in ET.fromstring(svg).iter(f"{SVG}path")]
    assert lines[-1] != lines[-2] == lines[-3]
    assert (pixels(draw(svg, 600))[168:] != 255).any()


def test_a_pool_s_card_has_room_for_many_data_sets_and_for_both_limits_of_sameness():
    """Nothing lies below the card or beside it; data sets that count least are left out."""
    found = suite([(f"{'x' * 40}{number}", 2 * number) for number in range(12)], Question(0.1, "equivalence"))
    root = ET.fromstring(pool_card(found, "T"))
    assert len(list(root.iter(f"{SVG}circle"))) == MOST_SETS + 1
    for circle in root.iter(f"{SVG}circle"):
        assert 372 <= float(circle.get("cx")) <= 800
        assert 336 <= float(circle.get("cy")) <= 600
    dashed = [line for line in root.iter(f"{SVG}path") if line.get("stroke-dasharray")]
    assert len(dashed) == 2
