"""Data sets: the official ones load whole, own files too, and bad records are named."""

import gzip
import hashlib
import http.server
import json
import threading

import pytest
from msgspec.structs import replace

from evalsite.datasets import KNOWN, load_dataset, source
from evalsite.errors import DatasetError, OutputError
from evalsite.rundir.schema import Problem
from tests.datasets.helpers import HUMANEVAL, MBPP, write


@pytest.mark.parametrize(
    ("file", "count"), [("HumanEvalPlus-OriginFmt.jsonl.gz", 164), ("MbppPlus-OriginFmt.jsonl.gz", 378)]
)
def test_the_plus_variants_load_in_their_original_format(shared, file, count):
    """Under a name of the user's choice; the extended tests take the place of the shown ones."""
    dataset = load_dataset("plus", shared / "datasets" / file)
    assert len(dataset.problems) == count
    assert "import numpy" in dataset.problems[0].tests


def test_the_hash_is_over_problems_not_bytes(tmp_path):
    """Compression and line ends do not change a data set's identity; a changed test does."""
    plain = write(tmp_path / "a.jsonl", HUMANEVAL)
    windows = dict(HUMANEVAL, test=HUMANEVAL["test"].replace("\n", "\r\n"))
    packed = tmp_path / "b.jsonl.gz"
    packed.write_bytes(gzip.compress(json.dumps(windows).encode() + b"\r\n"))
    other = write(tmp_path / "c.jsonl", dict(HUMANEVAL, test="def check(c): pass"))
    assert load_dataset("x", plain).sha256 == load_dataset("x", packed).sha256
    assert load_dataset("x", plain).sha256 != load_dataset("x", other).sha256


def test_the_hash_knows_the_language():
    """That of Python's problems is what it was before there was another language."""
    problem = Problem(task_id="a", prompt="b", kind="code", entry_point="c", tests="d", reference="e")
    before = hashlib.sha256(b'["a","code","b","c","d","e"]').hexdigest()
    assert source.hash_problems([problem]) == before
    assert source.hash_problems([replace(problem, language="snake")]) != before


def test_a_known_name_on_other_problems_is_said_aloud(tmp_path, caplog):
    """A file that is not HumanEval may be called so, but not silently."""
    with caplog.at_level("WARNING", logger="evalsite"):
        load_dataset("humaneval", write(tmp_path / "h.jsonl", HUMANEVAL))
    assert "not the official problems" in caplog.text


def test_an_unknown_name_lists_the_known_ones():
    """And says how to use a file of one's own."""
    with pytest.raises(DatasetError, match="no data set called 'humanevil'") as caught:
        load_dataset("humanevil")
    assert "mbpp-sanitized" in caught.value.hint
    assert "--data-path" in caught.value.hint


@pytest.fixture
def mirror(tmp_path):
    """A web server with a small MBPP; yields its URL and the paths that were asked for."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            body = json.dumps(MBPP).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/mbpp.jsonl", asked
    server.shutdown()


def test_a_download_stays_in_the_cache(mirror, monkeypatch):
    """The second load asks nobody."""
    url, asked = mirror
    known = dict(KNOWN, mbpp=source.Known(title="", file="mbpp.jsonl", url=url))
    monkeypatch.setattr(source, "KNOWN", known)
    assert load_dataset("mbpp").problems == load_dataset("mbpp").problems
    assert asked == ["/mbpp.jsonl"]


@pytest.mark.parametrize(
    ("body", "length", "said"),
    [
        (b"<!doctype html><title>Log in</title>", 36, "no data set"),
        (json.dumps(MBPP).encode()[:40], 4000, "cannot be fetched"),
    ],
)
def test_a_download_that_is_no_data_set_does_not_stay_in_the_cache(body, length, said, tmp_path, monkeypatch):
    """A hotel's login page or a connection cut in the middle must not spoil every later load."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/mbpp.jsonl"
        monkeypatch.setattr(source, "KNOWN", dict(KNOWN, mbpp=source.Known("", "mbpp.jsonl", url)))
        with pytest.raises(DatasetError, match=said) as caught:
            load_dataset("mbpp")
        server.shutdown()
    assert "--data-path" in caught.value.hint
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


def test_a_cache_that_cannot_be_made_is_named(mirror, tmp_path, monkeypatch):
    """A file stands where the folder should be."""
    (tmp_path / "cache").write_text("")
    monkeypatch.setattr(source, "KNOWN", dict(KNOWN, mbpp=source.Known("", "mbpp.jsonl", mirror[0])))
    with pytest.raises(OutputError, match="cache"):
        load_dataset("mbpp")


def test_other_problems_in_the_cache_are_said_aloud(tmp_path, caplog):
    """The cache is looked into before the package; what lies there may have been put there by hand."""
    folder = tmp_path / "cache" / "evalsite" / "datasets"
    folder.mkdir(parents=True)
    write(folder / "HumanEval.jsonl.gz", HUMANEVAL)
    with caplog.at_level("WARNING", logger="evalsite"):
        assert len(load_dataset("humaneval").problems) == 1
    assert "not the official problems" in caplog.text


def test_a_failed_download_says_where_to_put_the_file(monkeypatch):
    """Machines without a network are common; the message names the way round."""
    known = dict(KNOWN, mbpp=source.Known(title="", file="mbpp.jsonl", url="http://127.0.0.1:1/x"))
    monkeypatch.setattr(source, "KNOWN", known)
    with pytest.raises(DatasetError, match="cannot be fetched") as caught:
        load_dataset("mbpp")
    assert "--data-path" in caught.value.hint
