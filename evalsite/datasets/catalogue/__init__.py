"""The data sets that evalsite knows by name: what each is, where it is published, what is to be said of it.

Data alone: a record a name, in a module a family.
"""

from evalsite.datasets.catalogue.base import Known
from evalsite.datasets.catalogue.multilingual import MULTILINGUAL
from evalsite.datasets.catalogue.python import PYTHON
from evalsite.datasets.catalogue.reasoning import REASONING

KNOWN: dict[str, Known] = {**PYTHON, **MULTILINGUAL, **REASONING}
"""Name -> data set."""


def find(name: str) -> Known | None:
    """Return what is known of a name; None where it is nobody's."""
    return KNOWN.get(name)
