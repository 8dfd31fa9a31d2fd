"""Source -> highlighted lines, with pygments' classes and no inline style."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.token import STANDARD_TYPES

from evalsite.assets import asset_dir
from evalsite.languages import LANGUAGES
from evalsite.languages.python import PYTHON
from evalsite.site.code.highlighting import css_class, highlight, plain_lines


@given(st.text(alphabet=st.characters(), max_size=200))
def test_highlighting_shows_every_character_of_the_source(source):
    """Code is shown as it is, whatever it holds: no line lost, nothing added, markup escaped."""
    shown = [html.unescape(re.sub(r"</?span[^>]*>", "", line)) for line in highlight(source, PYTHON)]
    assert shown == plain_lines(source, PYTHON)


def test_highlighting_closes_what_spans_lines():
    """Every line of a docstring stands alone, so line anchors can wrap it."""
    first, second = highlight('"""one\ntwo"""\n', PYTHON)
    assert first == '<span class="s">&quot;&quot;&quot;one</span>'
    assert second == '<span class="s">two&quot;&quot;&quot;</span>'


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_every_language_is_highlighted(language):
    """Its own comments are comments, whether a program begins as its files do or not."""
    source = f"x = 1;\n{language.comment} said\ny = 2;\n"
    assert f'<span class="c">{language.comment} said</span>' in highlight(source, language)
    assert highlight("<?php\n// said\n$x = 1;", LANGUAGES["php"])[1] == '<span class="c">// said</span>'


def test_highlighting_needs_no_class_that_the_stylesheet_lacks():
    """Every class that code can carry has a rule."""
    css = (asset_dir("static") / "css/code.css").read_text()
    names = {css_class(kind) for kind in STANDARD_TYPES} - {""}
    assert names
    assert all(re.search(rf"\.{name}\b", css) for name in names)
