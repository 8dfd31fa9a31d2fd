"""Journals of rows, whatever happened to them: cut anywhere, glued, in any order."""

from hypothesis import given, settings
from hypothesis import strategies as st

from evalsite.rundir.files import Appender, encode_row
from evalsite.rundir.schema import Verdict
from evalsite.rundir.store import RunDir
from tests.make import make_problem, make_record

ROWS = [
    Verdict(problem="Demo/0", sample=number, verdict="passed", message="é" * number) for number in range(4)
]
LINES = [encode_row(row) for row in ROWS]
WHOLE = b"".join(LINES)


def fresh(tmp_path_factory):
    return RunDir.create(tmp_path_factory.mktemp("runs"), make_record(num_samples=4), [make_problem()])


@given(cut=st.integers(0, len(WHOLE)))
@settings(max_examples=60, deadline=None)
def test_a_file_cut_anywhere_keeps_its_whole_rows_and_goes_on(tmp_path_factory, cut):
    """Reading it gives the rows that are whole; appending afterwards, those and the new one, all sound."""
    run_dir = fresh(tmp_path_factory)
    path = run_dir.path / "verdicts.jsonl"
    path.write_bytes(WHOLE[:cut])
    ends = [len(b"".join(LINES[: n + 1])) for n in range(4)]
    kept = [row for row, end in zip(ROWS, ends, strict=True) if end - 1 <= cut]  # its newline may be lacking
    assert list(run_dir.verdicts()) == kept
    extra = Verdict(problem="Demo/0", sample=9, verdict="timeout")
    with Appender(path) as appender:
        appender.append(extra)
    assert path.read_bytes() == b"".join([*LINES[: len(kept)], encode_row(extra)])
    assert list(RunDir(run_dir.path).verdicts()) == [*kept, extra]


@given(order=st.lists(st.integers(0, 3), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_repeated_rows_count_once_in_any_order(tmp_path_factory, order):
    """The first of each key, where it stands."""
    run_dir = fresh(tmp_path_factory)
    run_dir.write_verdicts([ROWS[number] for number in order])
    assert [row.sample for row in run_dir.verdicts()] == list(dict.fromkeys(order))
