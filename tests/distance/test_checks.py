"""What may be wrong with a distance's directory: each is told by ``validate``, and breaks no report."""

import gzip
import json

import pytest

from evalsite.distance.checks import find_faults
from evalsite.errors import EvalsiteError
from evalsite.report.distance import as_json, as_text
from evalsite.rundir.regular import read_whole
from evalsite.stats.distance import load_distance
from tests.distance.make import write_distance


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A sound one, and its files by name."""
    made = write_distance(tmp_path_factory.mktemp("sound"), "whole", "small", problems=6, positions=24)
    assert find_faults(made) == []
    return made, {path.name: read_whole(path) for path in made.path.iterdir() if path.is_file()}


@pytest.fixture
def folder(sound):
    """The same, put back as it was behind each test."""
    made, files = sound
    yield made
    for path in made.path.iterdir():
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()
    for name, data in files.items():
        (made.path / name).write_bytes(data)


def row(**changes):
    """Change the third row of what the candidate named."""

    def damage(folder):
        path = folder.path / "candidate.jsonl"
        kept = path.read_text().splitlines(keepends=True)
        kept[2] = json.dumps(json.loads(kept[2]) | changes) + "\n"
        path.write_text("".join(kept))

    return damage


def lines(name, change):
    """Change a file's lines."""

    def damage(folder):
        path = folder.path / name
        path.write_text("".join(change(path.read_text().splitlines(keepends=True))))

    return damage


def record(**changes):
    """Change the record."""

    def damage(folder):
        path = folder.path / "distance.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))

    return damage


def text(**changes):
    """Change the second text."""
    return lines(
        "texts.jsonl", lambda rows: [rows[0], json.dumps(json.loads(rows[1]) | changes) + "\n", *rows[2:]]
    )


def instead(name, data):
    """Put other bytes into a file, or a folder in its place."""

    def damage(folder):
        (folder.path / name).unlink()
        (folder.path / name).mkdir() if data is None else (folder.path / name).write_bytes(data)

    return damage


DAMAGE = {
    "more tokens than probabilities": (row(tokens=["a", "b"], logprobs=[-0.1]), "2 tokens, 1 prob"),
    "a probability above one": (
        row(logprobs=[5.0], tokens=["a"]),
        "candidate.jsonl:3: field `logprobs[0]`",
    ),
    "probabilities of three in all": (row(tokens=["a", "b", "c"], logprobs=[0.0, 0.0, 0.0]), "add up to 3"),
    "not the likeliest first": (row(tokens=["a", "b"], logprobs=[-3.0, -0.1]), "not the likeliest first"),
    "a place that was not chosen": (row(at=2), "is no position of texts.jsonl"),
    "a problem that nobody knows": (row(problem="Nobody/1"), "is no position of texts.jsonl"),
    "a place before the text": (row(at=-1), "candidate.jsonl:3: field `at`"),
    "a token that is none": (row(tokens=[3]), "candidate.jsonl:3: field `tokens[0]`"),
    "a row twice": (lines("base.jsonl", lambda rows: [rows[0], *rows]), "stands there twice"),
    "a row that is lacking": (lines("base.jsonl", lambda rows: rows[1:]), "base.jsonl: lacks 1 position"),
    "a repeat that is lacking": (lines("repeat.jsonl", lambda rows: rows[1:]), "repeat.jsonl: lacks"),
    "a line of noise": (lines("base.jsonl", lambda rows: [rows[0], "{noise\n", *rows[1:]]), "base.jsonl:2"),
    "a line cut off": (lines("base.jsonl", lambda rows: [*rows[:-1], rows[-1][:20]]), "lacks 1 position"),
    "no rows": (instead("candidate.jsonl", b""), "candidate.jsonl: lacks 24 positions"),
    "bytes": (instead("candidate.jsonl", b"\xff\xfe\x00\n" * 9), "candidate.jsonl:1"),
    "a folder for a file": (instead("candidate.jsonl", None), "candidate.jsonl"),
    "no record": (instead("distance.json", b""), "distance.json"),
    "a record of another kind": (instead("distance.json", b"[]"), "distance.json"),
    "a newer record": (record(format=99), "format 99"),
    "another model": (record(base={}), "distance.json"),
    "another seed": (record(seed=9), "was changed after it began: seed 0 -> 9"),
    "another number of positions": (record(num_positions=9), "says 9 positions"),
    "a status that is none": (record(status="done"), "field `status`"),
    "a repeat of what nobody asked": (record(repeated=["Nobody/1"]), "Nobody/1"),
    "no texts": (instead("texts.jsonl", b""), "texts.jsonl holds others"),
    "a place outside of its text": (text(positions=[9_999_999]), "outside of its code"),
    "places out of order": (text(positions=[90, 80]), "not ascending"),
    "a text twice": (lines("texts.jsonl", lambda rows: [rows[0], *rows]), "stands there twice"),
    "another language": (text(language=7), "texts.jsonl:2: field `language`"),
}


def reported(folder):
    """The report, or why there is none."""
    try:
        found = load_distance(folder)
    except EvalsiteError as error:
        return error.message
    return as_text(found) + as_json(found)


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_told_and_breaks_nothing(folder, kind):
    """By file, line and field, or place; a report is made, or an error says why there is none."""
    damage, words = DAMAGE[kind]
    damage(folder)
    told = " | ".join(find_faults(folder))
    assert words in told
    assert len(reported(folder)) > 20


def test_a_packed_file_that_is_cut_short(folder):
    """As after a broken copy."""
    path = folder.path / "base.jsonl"
    data = gzip.compress(read_whole(path))
    path.unlink()
    (folder.path / "base.jsonl.gz").write_bytes(data[: len(data) // 2])
    assert "base.jsonl.gz" in " ".join(find_faults(folder))
    with pytest.raises(EvalsiteError):
        load_distance(folder)


def test_a_file_that_leads_elsewhere(folder, tmp_path):
    """A link out of the folder is followed by nobody."""
    path = folder.path / "candidate.jsonl"
    (tmp_path / "elsewhere").write_bytes(read_whole(path))
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    assert "candidate.jsonl" in " ".join(find_faults(folder))
    with pytest.raises(EvalsiteError):
        load_distance(folder)
