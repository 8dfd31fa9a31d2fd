"""Both runs' texts on a comparison's page."""

from pathlib import Path

from evalsite.site.views.parting import parting_of
from evalsite.stats.compare.runs import compare_runs
from tests.stats.compare.test_divergence import PROGRAMS, answered


def test_sentences_and_a_histogram(tmp_path: Path) -> None:
    """Of where texts part, where enough do."""
    others = tuple(text.replace("x", "n" if n else "y") for n, text in enumerate(PROGRAMS))
    others = (others[0], PROGRAMS[1].replace("return x", "return 3"), others[2])
    base, candidate = answered(tmp_path / "a", "a", PROGRAMS), answered(tmp_path / "b", "b", others)
    shown = parting_of(compare_runs(base, candidate))
    assert shown.sentences[0].startswith("0 of 3 answers")
    assert shown.sentences[1].startswith("0 of 3 programs")
    assert shown.histogram is not None
    assert (shown.histogram.low, shown.histogram.title) == ("character 6", "Where answers part")
    alike = parting_of(compare_runs(base, answered(tmp_path / "c", "c", PROGRAMS)))
    assert alike.histogram is None
    assert alike.sentences[0].startswith("3 of 3 answers")
