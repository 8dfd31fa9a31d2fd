"""Run directories: what is written comes back, and damage is named with its place."""

import hashlib
import json
import subprocess
import sys
import textwrap

import msgspec
import pytest
from msgspec.structs import replace

from evalsite.errors import RunError, RunFormatError
from evalsite.rundir.finding import find_runs
from evalsite.rundir.schema import FORMAT, Completion, Problem, Summary, Tally, Verdict
from evalsite.rundir.store import RunDir, new_run_id
from tests.conftest import ROOT
from tests.make import make_problem, make_record


@pytest.fixture
def run_dir(tmp_path):
    return RunDir.create(tmp_path / "runs", make_record(), [make_problem()])


def verdict(sample=0, **changes):
    return Verdict(**{"problem": "Demo/0", "sample": sample, "verdict": "passed", **changes})


def test_what_is_written_comes_back(run_dir):
    """Run, problems, completions and verdicts survive a round trip."""
    completions = [
        Completion(problem="Demo/0", sample=n, text=f"x\u2028{n}\n", form="completion") for n in (0, 1)
    ]
    with run_dir.append_completions() as appender:
        for completion in completions:
            appender.append(completion)
    run_dir.write_verdicts([verdict(0), verdict(1, message='quote " and \u0000')])
    assert run_dir.read_run() == make_record()
    assert run_dir.problems() == (make_problem(),)
    assert list(run_dir.completions()) == completions
    assert [row.message for row in run_dir.verdicts()] == ["", 'quote " and \u0000']


def test_only_another_language_than_python_and_a_group_are_written_down(tmp_path):
    """Files from before there was any are what would be written today."""
    problems = [make_problem(), replace(make_problem("Demo/1"), language="snake", group="a")]
    run_dir = RunDir.create(tmp_path, make_record(), problems)
    python, snake = map(json.loads, (run_dir.path / "problems.jsonl").read_text().splitlines())
    assert set(python) == {*Problem.__struct_fields__} - {"language", "group"}
    assert snake == {**python, "task_id": "Demo/1", "language": "snake", "group": "a"}
    assert [problem.language for problem in run_dir.problems()] == ["python", "snake"]


def test_a_verdict_line_begins_with_its_key(run_dir):
    """Lines can be grepped: problem, sample and verdict come first, with spaces after colons and commas."""
    run_dir.write_verdicts([verdict()])
    line = (run_dir.path / "verdicts.jsonl").read_text()
    assert line.startswith('{"problem": "Demo/0", "sample": 0, "verdict": "passed", ')
    assert line.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"problem": "Demo/0", "sample": "x", "verdict": "passed"}\n', "field `sample`: Expected `int`"),
        (b'{"problem": "Demo/0", "sample": 1, "verdict": "maybe"}\n', "field `verdict`"),
        (b'{"problem": "Demo/0", "sample": 1}\n', "missing required field `verdict`"),
        (b"{nonsense}\n", "malformed"),
        (b'{"problem": "\xff\xfe", "sample": 1, "verdict": "passed"}\n', "verdicts.jsonl:2"),
    ],
)  # fmt: skip
def test_a_broken_line_is_named_by_file_line_and_field(run_dir, line, said):
    """Any other line that does not decode is an error that says where to look."""
    run_dir.write_verdicts([verdict(0)])
    with (run_dir.path / "verdicts.jsonl").open("ab") as file:
        file.write(line)
    with pytest.raises(RunFormatError) as caught:
        list(run_dir.verdicts())
    assert f"{run_dir.path}/verdicts.jsonl:2" in str(caught.value)
    assert said in str(caught.value)


def test_a_newer_format_asks_for_an_upgrade(run_dir):
    """The version is read before anything else, so that unknown content is not misread."""
    (run_dir.path / "run.json").write_text('{"format": 99, "id": 5}')
    with pytest.raises(RunFormatError, match="written by a newer evalsite") as caught:
        run_dir.read_run()
    assert "Upgrade" in caught.value.hint


def test_a_missing_run_json_is_no_run_directory(tmp_path):
    """The message names the file and what a run directory is."""
    with pytest.raises(RunError, match="no complete run directory"):
        RunDir(tmp_path).read_run()


def test_documents_are_replaced_whole(run_dir):
    """A new run.json takes the place of the old one, and leaves no temporary file."""
    run_dir.write_run(make_record(status="incomplete"))
    assert run_dir.read_run().status == "incomplete"
    assert not list(run_dir.path.glob(".*.tmp"))


def test_packing_changes_what_stands_there_and_nothing_that_is_held(run_dir):
    """Hashes of both, each of the file that it says: what was made from a run stays made from it."""
    run_dir.write_verdicts([verdict()])
    plain = run_dir.hashes()
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for _, path in run_dir.files()}
    assert plain.held == digests
    run_dir.pack()
    packed = run_dir.hashes()
    assert {path.name for _, path in run_dir.files()} != {*digests}, "some are packed"
    assert packed.held == digests
    assert packed.as_they_stand == run_dir.digest() != plain.as_they_stand
    assert packed.over(digests) == plain.over(digests) == run_dir.digest(digests)


def test_summaries_come_back(run_dir):
    """summary.json is indented JSON for people, too."""
    summary = Summary(run="r", tallies=(Tally(problem="Demo/0", n=2, c=1),), verdicts={"passed": 1})
    assert not run_dir.has_summary()
    run_dir.write_summary(summary)
    assert run_dir.has_summary()
    assert run_dir.read_summary() == summary
    assert json.loads((run_dir.path / "summary.json").read_text())["format"] == FORMAT


def test_runs_are_found_in_order_and_other_folders_left_alone(tmp_path):
    """find_runs looks for run.json one level down."""
    for name in ("b", "a"):
        RunDir.create(tmp_path, make_record(name), [])
    (tmp_path / "notes").mkdir()
    assert [run_dir.path.name for run_dir in find_runs(tmp_path)] == ["a", "b"]
    with pytest.raises(RunError, match="no such folder"):
        find_runs(tmp_path / "nowhere")


def test_run_ids_are_readable_and_safe():
    """A hostile model name cannot leave the folder."""
    made = new_run_id("2026-11-22T16:54:00Z", "../../Etc/Pass wd\n", "humaneval")
    assert made == "2026-11-22T16-54-00Z--etc-pass-wd--humaneval"
    assert "unnamed" in new_run_id("2026-11-22T16:54:00Z", "模型", "humaneval")


def test_a_name_that_is_taken_gets_a_number(tmp_path):
    """The record carries the number too, and what stood there before is left alone."""
    made = [RunDir.create(tmp_path, make_record("r"), [make_problem()]) for _ in range(3)]
    assert [run_dir.path.name for run_dir in made] == ["r", "r-2", "r-3"]
    assert [run_dir.read_run().id for run_dir in made] == ["r", "r-2", "r-3"]


def test_processes_that_begin_at_the_same_moment_get_a_directory_each(tmp_path):
    """Four of them make ten runs each, all of one name; none meets another's."""
    code = f"""
        from pathlib import Path
        from evalsite.rundir.store import RunDir
        from tests.make import make_problem, make_record
        for _ in range(10):
            print(RunDir.create(Path({str(tmp_path)!r}), make_record("r"), [make_problem()]).path.name)
    """
    started = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    names = [name for process in started for name in process.communicate(timeout=60)[0].split()]
    assert sorted(names) == sorted(["r", *(f"r-{number}" for number in range(2, 41))])
    assert all(RunDir(tmp_path / name).read_run().id == name for name in names)


def test_a_row_that_cannot_be_text_is_refused_by_the_encoder():
    """Lone surrogates have to be replaced where text enters; a row never holds one."""
    with pytest.raises(UnicodeEncodeError):
        msgspec.json.encode(verdict(message="\ud800"))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("num_problems", '"one"', "field `num_problems`: Expected `int`"),
        ("model", "7", "field `model`: Expected `object`"),
        ("status", '"over"', "field `status`"),
    ],
)
def test_a_mistyped_field_of_run_json_is_named(run_dir, field, value, said):
    """With file and field, as a broken row is; never a decoder's bare word."""
    path = run_dir.path / "run.json"
    record = json.loads(path.read_text())
    record[field] = json.loads(value)
    path.write_text(json.dumps(record))
    with pytest.raises(RunFormatError) as caught:
        run_dir.read_run()
    assert f"{path}: {said}" in str(caught.value)
    assert "Restore the file" in caught.value.hint


@pytest.mark.parametrize(("version", "readable"), [(-1, False), (0, False), (1, True), (2, True), (3, False)])
def test_formats_that_never_were_are_refused(run_dir, version, readable):
    """Format 1 is the first, and is read."""
    path = run_dir.path / "run.json"
    path.write_text(path.read_text().replace('"format": 2', f'"format": {version}'))
    assert f'"format": {version}' in path.read_text()
    if readable:
        assert run_dir.read_run().id == make_record().id
    else:
        with pytest.raises(RunFormatError, match="format"):
            run_dir.read_run()


@pytest.mark.parametrize("copies", [1, 3])
def test_repeated_rows_are_counted_once_and_told_with_their_number(run_dir, caplog, copies):
    """Whatever the order of the copies; the number is that of the rows left out."""
    rows = [verdict(0), verdict(1), verdict(0, verdict="wrong_answer")]
    run_dir.write_verdicts(rows[:2] + rows[2:] * copies)
    assert [(row.sample, row.verdict) for row in run_dir.verdicts()] == [(0, "passed"), (1, "passed")]
    (told,) = [record.getMessage() for record in caplog.records]
    assert told == (
        f"{run_dir.path}/verdicts.jsonl: {copies} rows repeat the key of an earlier one and are left out; "
        "'evalsite validate' lists them"
    )


@pytest.mark.parametrize("name", ["completions.jsonl", "steps.jsonl", "verdicts.jsonl"])
def test_a_run_is_empty_until_it_holds_an_answer_or_a_verdict(run_dir, name):
    """A file without a row is as good as none."""
    assert run_dir.is_empty()
    (run_dir.path / name).touch()
    assert run_dir.is_empty()
    (run_dir.path / name).write_bytes(b"{}\n")
    assert not run_dir.is_empty()


@pytest.mark.parametrize("strangers", [1, 2])
def test_rows_of_unknown_problems_are_left_out_and_told_with_their_number(run_dir, caplog, strangers):
    """As the summary and every score leave them out."""
    rows = [verdict(0), *(verdict(n, problem="Other/7") for n in range(strangers)), verdict(1)]
    run_dir.write_verdicts(rows)
    assert [row.sample for row in run_dir.verdicts_of({"Demo/0"})] == [0, 1]
    (told,) = [record.getMessage() for record in caplog.records]
    assert told.startswith(
        f"{run_dir.path}/verdicts.jsonl: {strangers} rows are of problems that problems.jsonl does not hold"
    )


def test_keys_are_told_as_they_stand(run_dir):
    """Of problems, too, which are no samples: 0 stands for all of each."""
    run_dir.write_verdicts([verdict(1), verdict(0), verdict(1)])
    assert run_dir.keys("verdicts.jsonl") == [("Demo/0", 1), ("Demo/0", 0), ("Demo/0", 1)]
    assert run_dir.keys("problems.jsonl") == [("Demo/0", 0)]


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Qwen/Qwen2.5-Coder-7B", "qwen-qwen2.5-coder-7b"),
        ("..", "unnamed"),
        ("模型", "unnamed"),
        ("a" * 59 + "/b", "a" * 59),
        ("A" * 80, "a" * 60),
        ("-x-.", "x"),
    ],
)
def test_folders_of_runs_last(name, folder):
    """They are addresses: 60 characters, lower case, safe on every disk, and the same for ever."""
    assert new_run_id("2026-01-01T00:00:00Z", name, "demo") == f"2026-01-01T00-00-00Z--{folder}--demo"


def test_a_folder_that_may_not_be_looked_through_is_read_all_the_same(run_dir, monkeypatch):
    """Its files can be opened by who knows their names: what is there is asked name by name."""
    run_dir.write_verdicts([verdict()])
    run_dir.pack()
    before = run_dir.hashes()

    def refuse(_path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("evalsite.rundir.folder.os.scandir", refuse)
    assert [name for name, _ in run_dir.files()] == ["run.json", "problems.jsonl", "verdicts.jsonl"]
    assert (run_dir.read_run().id, run_dir.hashes()) == (run_dir.path.name, before)


def test_what_a_folder_holds_is_asked_once_for_all_of_its_files(run_dir, monkeypatch):
    """Most of twenty names have no file; a disk of thousands of runs is asked for none of them."""
    asked = []
    found = RunDir._found
    monkeypatch.setattr(RunDir, "_found", lambda self, name: asked.append(name) or found(self, name))
    there = [name for name, _ in run_dir.files()]
    assert there == asked == ["run.json", "problems.jsonl"]
