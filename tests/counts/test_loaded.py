"""A run is loaded once: its counts, and whether the summary on disk can be believed."""

import dataclasses

import pytest
from msgspec import structs

from evalsite.counts.loaded import dataset_labels, load_run, same_answer
from evalsite.counts.tally import rebuild_summary
from evalsite.rundir.looks import LookPlan
from evalsite.rundir.schema import Verdict
from evalsite.rundir.store import ROW_FILES, VERDICTS, RunDir
from evalsite.rundir.taxonomy import VerdictClass
from evalsite.site.evidence.runs import gather
from evalsite.site.options import SiteOptions
from tests.make import make_problem, make_record, write_answers


@pytest.fixture
def run_dir(tmp_path):
    """Two problems with two samples each: 1 and 0 of them pass."""
    problems = [make_problem("Demo/0"), make_problem("Demo/1")]
    found = RunDir.create(tmp_path, make_record(num_problems=2, num_samples=2), problems)
    verdicts = [
        Verdict(problem=problem.task_id, sample=sample, verdict=kind)
        for problem, kinds in zip(problems, (("passed", "timeout"), ("timeout", "timeout")), strict=True)
        for sample, kind in enumerate(map(VerdictClass, kinds))
    ]
    found.write_verdicts(verdicts)
    write_answers(found, verdicts)
    found.write_summary(rebuild_summary(found))
    return found


class Counted(RunDir):
    """A run directory that counts how often its verdicts are streamed."""

    streamed = 0

    def verdicts(self):
        self.streamed += 1
        return super().verdicts()


def test_counts_go_with_the_problems(run_dir):
    """The arrays have the run's order of problems."""
    run = load_run(run_dir)
    assert run.task_ids == ("Demo/0", "Demo/1")
    assert (run.n.tolist(), run.c.tolist()) == ([2, 2], [1, 0])
    assert run.failures("timeout").tolist() == [1, 2]
    assert (run.max_k, run.pass_at_1, run.num_samples, run.num_solved, run.num_missing) == (2, 0.25, 4, 1, 0)


def test_a_good_summary_is_believed(run_dir):
    """No row is read for it."""
    counted = Counted(run_dir.path)
    assert load_run(counted).summary == run_dir.read_summary()
    assert counted.streamed == 0


@pytest.mark.parametrize("lag", ["missing", "running", "other problems"])
def test_rows_are_streamed_once_where_the_summary_lags_behind(run_dir, lag):
    """Whatever the reason is, and never a second time."""
    if lag == "missing":
        (run_dir.path / "summary.json").unlink()
    elif lag == "running":
        run_dir.write_run(make_record(num_problems=2, num_samples=3, status="running"))
    else:
        run_dir.write_problems([*run_dir.problems(), make_problem("Demo/2")])
    counted = Counted(run_dir.path)
    assert load_run(counted).summary == rebuild_summary(run_dir)
    assert counted.streamed == 1


def test_a_site_reads_a_running_run_once(run_dir, monkeypatch):
    """Building while runs go on is usual; their rows are many."""
    run_dir.write_run(make_record(num_problems=2, num_samples=3, status="running"))
    streams = []
    verdicts = RunDir.verdicts
    monkeypatch.setattr(RunDir, "verdicts", lambda self: streams.append(self) or verdicts(self))
    evidence = gather(run_dir.path.parent, SiteOptions())
    assert [entry.num_missing for entry in evidence.entries] == [2]
    assert len(streams) == 1


def test_the_digest_is_that_of_all_files(run_dir):
    """It changes with any of them."""
    before = run_dir.digest()
    (run_dir.path / "NOTES.md").write_text("A thought.")
    assert run_dir.digest() != before


def test_hashes_answer_as_the_digests_do(run_dir):
    """Of all files and of some, packed or not; those of a moment before do not vouch for other rows."""
    for pack in (False, True):
        if pack:
            run_dir.pack()
        hashes = run_dir.hashes()
        assert hashes.as_they_stand == run_dir.digest()
        assert hashes.over(ROW_FILES) == run_dir.digest(ROW_FILES)
        assert hashes.over([VERDICTS]) == run_dir.digest([VERDICTS])


def test_a_summary_of_other_rows_is_not_believed_for_hashes_from_before(run_dir):
    """Rows are counted as they are when they are read."""
    before = run_dir.hashes()
    run_dir.write_verdicts(list(run_dir.verdicts())[:1])
    run_dir.write_summary(rebuild_summary(run_dir))
    loaded = load_run(run_dir, hashes=before)
    assert loaded.num_samples == 1
    assert loaded.summary == load_run(run_dir).summary


@pytest.mark.parametrize("lost", ["some answers", "all answers", "another answer"])
def test_verdicts_without_their_answer_do_not_count(run_dir, lost):
    """They are void: whoever takes answers away, or puts others in their place, has no score by them."""
    verdicts = list(run_dir.verdicts())
    if lost == "another answer":
        run_dir.write_verdicts(structs.replace(each, completion_sha256="0" * 64) for each in verdicts[:1])
        verdicts = []
    else:
        (run_dir.path / "completions.jsonl").unlink()
        verdicts = verdicts[2:] if lost == "some answers" else []
        write_answers(run_dir, verdicts)
    loaded = load_run(run_dir)
    assert loaded.num_samples == len(verdicts)
    assert loaded.n.tolist() == ([0, 2] if verdicts else [0, 0])
    assert loaded.num_missing == 4 - len(verdicts)
    assert loaded.pass_at_1 is None


def test_a_run_asks_no_more_than_it_holds(run_dir):
    """Whatever its record says: problems that were taken out of the file are not asked."""
    record = run_dir.read_run()
    run_dir.write_run(structs.replace(record, dataset=structs.replace(record.dataset, num_problems=2)))
    run_dir.write_problems(list(run_dir.problems())[:1])
    loaded = load_run(run_dir)
    assert (loaded.run.num_problems, loaded.num_held, loaded.num_asked) == (2, 1, 1)
    assert not loaded.asks_all
    assert not loaded.asks_enough
    plan = LookPlan(base="b", margin=0.1, stops=(1, 2), num_samples=2)
    run_dir.write_run(structs.replace(run_dir.read_run(), looks=plan))
    assert load_run(run_dir).asks_enough
    run_dir.write_run(structs.replace(run_dir.read_run(), looks=structs.replace(plan, stops=(2,))))
    assert not load_run(run_dir).asks_enough


def test_what_is_missing_may_all_pass_or_all_fail(run_dir):
    """In one class; then nothing is missing."""
    run_dir.write_run(structs.replace(run_dir.read_run(), num_samples=5))
    loaded = load_run(run_dir)
    best, worst = loaded.filled(passed=True), loaded.filled(passed=False, kind="timeout")
    assert (loaded.missing.tolist(), best.num_missing, worst.num_missing) == ([3, 3], 0, 0)
    assert (best.n.tolist(), best.c.tolist(), best.failures("timeout").tolist()) == ([5, 5], [4, 3], [1, 2])
    assert (worst.n.tolist(), worst.c.tolist(), worst.failures("timeout").tolist()) == (
        [5, 5],
        [1, 0],
        [4, 5],
    )


def test_problems_are_solved_mostly_at_the_half(run_dir):
    """And once by any sample; of three samples two are too few for pass@3."""
    loaded = load_run(run_dir)
    assert (loaded.mostly_solved, loaded.num_solved) == (("Demo/0",), 1)
    run_dir.write_run(structs.replace(run_dir.read_run(), num_samples=3))
    assert load_run(run_dir).filled(passed=False).mostly_solved == (), "one of three is less"
    assert (loaded.short_of(2), loaded.short_of(3)) == ((), ("Demo/0", "Demo/1"))
    assert (loaded.failures().tolist(), loaded.asks_all, loaded.asks_enough) == ([1, 2], True, True)
    assert (loaded.asked_ids, loaded.excluded, loaded.is_ungraded) == (("Demo/0", "Demo/1"), {}, False)


def test_answers_are_told_apart_by_text_or_digest(run_dir):
    """Of one sample of each problem the text is kept, of several a digest of 16 bytes."""
    (key, digest), *others = load_run(run_dir).answers.items()
    assert len(others) == 3
    run_dir.write_run(structs.replace(run_dir.read_run(), num_samples=1))
    loaded = load_run(run_dir)
    assert loaded.first_answer[0] == key
    text = loaded.answers[key]
    assert (type(text), len(digest)) == (str, 16)
    assert same_answer(text, digest)
    assert same_answer(digest, text)
    assert same_answer(text, text)
    assert not same_answer(f"{text} ", digest)
    assert not same_answer(digest, b"0" * 16)


def test_data_sets_of_one_name_are_told_apart_by_their_hash(run_dir):
    """Where there is one of a name, the name is enough."""
    loaded = load_run(run_dir)
    first = loaded.run.dataset

    def on(**changes):
        record = structs.replace(loaded.run, dataset=structs.replace(first, **changes))
        return dataclasses.replace(loaded, run=record)

    name = first.name
    assert sorted(dataset_labels([loaded, loaded, on(name="x")]).values()) == [name, "x"]
    assert dataset_labels([loaded, on(sha256="123456789")]) == {
        loaded.dataset_key: f"{name} ({first.sha256[:6]})",
        (name, "123456789"): f"{name} (123456)",
    }
