"""The data sets that evalsite knows by name: what each is, where it is published, what is to be said of it.

Data alone: a record a name, in a module a family.
"""

from evalsite.datasets.catalogue.base import Known
from evalsite.datasets.catalogue.python import PYTHON

KNOWN: dict[str, Known] = {**PYTHON}
"""Name -> data set."""


def find(name: str) -> Known | None:
    """Return what is known of a name; None where it is nobody's."""
    return KNOWN.get(name)
