"""Here cards are looked at."""

import pytest

from tests.site.sparing import cards_as_published


@pytest.fixture(scope="module", autouse=True)
def cards_as_they_are():
    """Drawn as large as asked, and each time that it is asked."""
    with cards_as_published():
        yield
