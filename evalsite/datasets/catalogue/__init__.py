"""The data sets that evalsite knows by name: what each is, where it is published, what is to be said of it.

Data alone: a record a name, in a module a family.
"""

from evalsite.datasets.catalogue.base import Known
from evalsite.datasets.catalogue.calls import CALLS
from evalsite.datasets.catalogue.contests import CONTESTS
from evalsite.datasets.catalogue.exercises import EXERCISES
from evalsite.datasets.catalogue.libraries import LIBRARIES
from evalsite.datasets.catalogue.multilingual import MULTILINGUAL
from evalsite.datasets.catalogue.python import PYTHON
from evalsite.datasets.catalogue.reasoning import REASONING
from evalsite.datasets.catalogue.windows import in_window

KNOWN: dict[str, Known] = {
    **PYTHON,
    **MULTILINGUAL,
    **REASONING,
    **CONTESTS,
    **LIBRARIES,
    **CALLS,
    **EXERCISES,
}
"""Name -> data set."""


def find(name: str) -> Known | None:
    """Return what is known of a name, which may end with a window of months; None where it is nobody's.

    Raises :class:`DatasetError` for a window that is none.
    """
    return KNOWN.get(name) or in_window(name, KNOWN)
