"""Verdicts as JUnit's XML, which most CI systems show."""

from collections.abc import Sequence
from xml.etree import ElementTree

from evalsite.words.text import visible

Case = tuple[str, str, str, str]
"""Class name (a run), name, verdict, and the sentence that explains it."""


def junit(suite_name: str, cases: Sequence[Case]) -> str:
    """Return a test suite: ``missed`` is a failure, anything else but ``met`` is skipped with its reason."""
    verdicts = [verdict for _, _, verdict, _ in cases]
    failures = verdicts.count("missed")
    suite = ElementTree.Element(
        "testsuite",
        name=_safe(suite_name),
        tests=str(len(cases)),
        failures=str(failures),
        skipped=str(len(cases) - failures - verdicts.count("met")),
    )
    for where, name, verdict, sentence in cases:
        case = ElementTree.SubElement(suite, "testcase", classname=_safe(where), name=_safe(name))
        if verdict == "missed":
            ElementTree.SubElement(case, "failure", message=_safe(sentence))
        elif verdict != "met":
            ElementTree.SubElement(case, "skipped", message=_safe(f"{verdict}: {sentence}"))
        else:
            ElementTree.SubElement(case, "system-out").text = _safe(sentence)
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)


def _safe(text: str) -> str:
    """Spell out what XML 1.0 cannot hold, and what would show the rest in another order than it has."""
    return visible(text)
