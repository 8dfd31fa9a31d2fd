"""What is peculiar to one programming language: how code is asked for, found, run, judged and shown.

A language is an object: a :class:`.base.Language` in :data:`LANGUAGES`.
"""

from collections.abc import Iterable

from evalsite.errors import RunFormatError
from evalsite.languages.base import Language
from evalsite.languages.cpp import CPP
from evalsite.languages.go import GO
from evalsite.languages.java import JAVA
from evalsite.languages.javascript import JAVASCRIPT
from evalsite.languages.perl import PERL
from evalsite.languages.php import PHP
from evalsite.languages.python import PYTHON
from evalsite.languages.ruby import RUBY
from evalsite.languages.rust import RUST
from evalsite.languages.typescript import TYPESCRIPT
from evalsite.rundir.schema import DEFAULT_LANGUAGE, Problem

LANGUAGES: dict[str, Language] = {
    language.name: language
    for language in (PYTHON, JAVASCRIPT, TYPESCRIPT, JAVA, GO, CPP, RUST, PHP, RUBY, PERL)
}
"""Name -> language."""


def titles_of(problems: Iterable[Problem]) -> str:
    """The languages of some problems in words: ``Python``; of none, that which is taken for granted."""
    found = {language_of(problem).title: None for problem in problems}
    return " or ".join(found) or LANGUAGES[DEFAULT_LANGUAGE].title


def title_of(name: str) -> str:
    """How people write a language; its name where this evalsite does not know it."""
    return LANGUAGES[name].title if name in LANGUAGES else name


def language_of(problem: Problem) -> Language:
    """Return the language of a problem; raises RunFormatError where this evalsite does not know it."""
    try:
        return LANGUAGES[problem.language]
    except KeyError:
        raise RunFormatError(
            f"{problem.task_id} is to be solved in {problem.language!r}, which this evalsite does not know",
            hint=f"Known are {', '.join(LANGUAGES)}. Upgrade: python -m pip install --upgrade evalsite",
        ) from None
