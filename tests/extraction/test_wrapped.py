"""Right code in other languages comes out of every wrapping as it went in."""

from pathlib import Path

import pytest

from tests.extraction.wrapped import DATASETS, misread, problems


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_reference_comes_out_as_it_went_in(dataset: str, shared: Path) -> None:
    """A sample; ``make test-languages`` tries them all."""
    sample = list(problems(shared / "datasets", dataset, most=8))
    assert len(sample) == 8
    assert [each for problem in sample for each in misread(problem)] == []
