"""What cards are drawn on: words that are there on a machine with any fonts or none."""

import re

import numpy as np
import pytest
import resvg_py

from evalsite.assets import asset_dir
from evalsite.site.cards.canvas import (
    LEFT,
    WIDTH,
    can_draw,
    card,
    colour,
    draw,
    marked,
    needs_more_fonts,
    paragraph,
    text,
    title,
)
from evalsite.site.views.marks import Mark
from tests.site.helpers import pixels


@pytest.fixture
def no_system_fonts(monkeypatch):
    """A machine that has no font of its own."""
    render = resvg_py.svg_to_bytes
    monkeypatch.setattr(
        resvg_py, "svg_to_bytes", lambda **asked: render(**{**asked, "skip_system_fonts": True})
    )


def ink(png):
    """Which pixels are not the card's white."""
    return pixels(png)[:, :, :3].min(axis=2) < 200


@pytest.mark.parametrize(
    "words",
    [
        [text(300, 40, "Qwen3-Coder, −3.5 %")],
        [text(300, 40, "bold", bold=True)],
        [title(300, "Model")],
        [marked(300, Mark("good", "✓", "met"), "met")],
        [marked(300, Mark("bad", "✗", "missed"), "missed")],
        paragraph(300, "pass@1 went from 81.3 % to 60.1 %"),
        [text(300, 40, "Модель")],
    ],
)
def test_words_are_there_without_any_font_of_the_machine(no_system_fonts, words):
    """Each leaves ink where it stands, and nowhere else."""
    assert can_draw()
    found = ink(draw(card(words), 600))
    rows, columns = np.nonzero(found)
    assert len(rows) > 60
    assert LEFT // 2 - 2 <= columns.min() <= LEFT // 2 + 4
    assert rows.min() >= 120
    assert rows.max() <= 190


def test_a_card_is_the_same_whatever_fonts_a_machine_has(no_system_fonts):
    """Two words of one length differ, and none is drawn with another font."""
    one, other = (draw(card([text(300, 40, word)]), 600) for word in ("modal", "model"))
    assert ink(one).any()
    assert one != other


def test_only_what_no_european_font_has_is_looked_for_on_the_machine():
    """Looking for fonts makes a picture depend on the machine."""
    assert not needs_more_fonts(card([text(1, 2, "Größe −3 ✓ ✗ ○ … → “x” Модель")]))
    assert needs_more_fonts("模型")
    assert needs_more_fonts("\N{HEBREW LETTER ALEF}")


@pytest.mark.parametrize("words", ["W" * 48, "qwen3-coder-80b-instruct-1.58bit-tq1_0-reproduced", 60 * "m "])
def test_no_line_leaves_the_card(no_system_fonts, words):
    """Titles shrink, verdicts are cut, paragraphs have lines."""
    parts = [title(100, words), marked(300, Mark("bad", "✗", "missed"), words), *paragraph(400, words)]
    _, columns = np.nonzero(ink(draw(card(parts), 600)))
    assert columns.max() <= (WIDTH - LEFT // 2) // 2


def test_what_has_no_room_in_a_paragraph_is_cut_and_says_so():
    """Never in the middle of the card, and never in silence."""
    lines = re.findall(r">([^<]+)</text>", "".join(paragraph(0, "word " * 200, most=3)))
    assert len(lines) == 3
    assert lines[2].endswith("…")
    assert paragraph(0, "short", most=1) == [text(0, 28, "short")]


def test_colours_are_those_of_the_style_sheet():
    """By day; whatever has no colour of its own is muted."""
    written = (asset_dir("static") / "css/tokens.css").read_text()
    for token in ("ink", "good", "bad", "unsure", "baseline", "candidate"):
        assert f"--{token}: light-dark({colour(token)}," in written
    assert colour("open") == colour("") == colour("muted")
