"""Prompts of one's own: a Jinja template with the problem's fields in scope, in Jinja's sandbox."""

import pytest

from evalsite.errors import UsageError
from evalsite.kinds.own import check_template, own_style
from evalsite.kinds.prompts import prompt_for
from tests.kinds.helpers import AREA, DOUBLE, settings


def test_a_prompt_of_ones_own_has_the_problems_fields() -> None:
    """And is named after its words, so that no two are mistaken for one another."""
    template = "# {{ task_id }}\n{% for test in shown_tests %}{{ test }}\n{% endfor %}{{ prompt }}"
    own = settings(api="completions", template=template, prompt=own_style(template))
    prompt = prompt_for(DOUBLE, own)
    assert prompt.text.startswith("# MBPP/11\nassert double(2) == 4\nassert double(3) == 6\n")
    assert prompt.text.endswith("Write a function to double a number.")
    assert (prompt.form, prompt.stop) == ("response", ())
    code = prompt_for(AREA, settings(api="completions", template="# Python 3\n{{ prompt }}"))
    assert (code.form, code.text) == ("completion", "# Python 3\n" + AREA.prompt)
    assert "\ndef " in code.stop
    assert own_style(template) != own_style(template + " ")


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("{{ prompt }", 1),
        ("a\nb {% if prompt %}", 2),
        ("{{ prompt | nofilter }}", 1),
        ("\n\n{% nothing %}", 3),
    ],
)
def test_a_mistake_in_a_template_is_told_with_its_line(template: str, line: int) -> None:
    """Before anything is asked."""
    with pytest.raises(UsageError, match=rf"^mine\.jinja:{line}: not a Jinja template"):
        check_template(template, "mine.jinja")


@pytest.mark.parametrize(
    "template",
    [
        "{{ reference }}",
        "{{ prompt.__class__.__mro__ }}",
        "{{ shown_tests.append(1) }}",
        "{{ 1 / 0 }}",
        "{{ x.y }}",
    ],
)
def test_a_template_reaches_no_further_than_its_fields(template: str) -> None:
    """Neither the solution nor Python is in scope; what is asked for in vain is named."""
    with pytest.raises(UsageError, match="the prompt's template fails"):
        prompt_for(DOUBLE, settings(template=template))
