"""Figures as plotly takes them: JSON that can end no script element."""

import json

from evalsite.site.charts.live import label, to_json, to_plain_json


def test_no_text_ends_the_script_element():
    """Whatever a model is called."""
    written = str(to_json([{"name": "</script><b>&"}], {}))
    assert "<" not in written
    assert "&" not in written
    assert json.loads(written)["data"][0]["name"] == "</script><b>&"


def test_the_same_figure_gives_the_same_bytes():
    assert to_plain_json({"b": 1, "a": 2}) == to_plain_json({"a": 2, "b": 1})


def test_labels_are_text_to_plotly():
    """It reads tags and entities of its own; invisible characters are shown."""
    assert label("<i>\u202e&amp;") == "&lt;i&gt;⟨U+202E⟩&amp;amp;"
