"""Sentences whose names lead on."""

import pytest

from evalsite.site.urls import Urls
from evalsite.site.views.linked import Part, in_failures, linked


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("Nothing here.", [("Nothing here.", "")]),
        (
            "9 problems broke (HumanEval/2, HumanEval/22 and 3 more).",
            [("9 problems broke (", ""), ("HumanEval/2", "two"), (", ", ""), ("HumanEval/22", "many"),
             (" and 3 more).", "")],
        ),
        ("Of HumanEval/22.", [("Of ", ""), ("HumanEval/22", "many"), (".", "")]),
        ("Neither HumanEval/222 nor xHumanEval/2, HumanEval/2-b or HumanEval/2.5.", None),
        ("HumanEval/3 leads nowhere.", None),
        ("A c++ (a.b) is one: c++x.", [("A ", ""), ("c++ (a.b)", "odd"), (" is one: c++x.", "")]),
    ],
)  # fmt: skip
def test_names_lead_on(sentence, parts):
    """Each whole name, wherever it stands; a name within another one does not, nor one without a place."""
    places = {"HumanEval/2": "two", "HumanEval/22": "many", "HumanEval/3": "", "c++ (a.b)": "odd"}
    expected = [Part(*part) for part in parts or [(sentence, "")]]
    assert list(linked(sentence, places)) == expected


def test_classes_lead_to_the_list_of_failures():
    """In words, as sentences have them; what passed is no failure, and an archived run has no list."""
    kinds = ["passed", "gave_up", "truncated"]
    urls = Urls.of(["run"], [])
    assert in_failures(kinds, "run", urls) == {
        "gave up": "runs/run/failures.html#class=gave_up",
        "truncated": "runs/run/failures.html#class=truncated",
    }
    parts = linked("gave up 2, passed 1 (whether or not)", in_failures(kinds, "run", urls))
    assert [part.text for part in parts if part.path] == ["gave up"]
    assert set(in_failures(kinds, "run", Urls.of(["run"], [], archived=["run"])).values()) == {""}
