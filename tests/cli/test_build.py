"""``evalsite build``: run directories -> a static site."""

import pytest

from tests.cli.helpers import asking, failed, running
from tests.faulty_server import FaultyServer


@pytest.mark.sandbox
def test_an_output_folder_that_cannot_be_written_is_named(evalsite, samples, tmp_path):
    """Exit code 7; a file stands where the folder should be."""
    evalsite("import", samples, "--model-name", "m")
    (tmp_path / "site").write_text("in the way")
    failed(evalsite("build", "--output", "site"), 2, "is a file")
    (tmp_path / "file").write_text("")
    failed(evalsite("build", "--output", "file/site"), 7, "file/site")


@pytest.mark.parametrize("strict", [True, False])
def test_one_broken_run_does_not_keep_the_others_from_the_site(evalsite, shared, tmp_path, strict):
    """It is named, the exit code is 5, and the site stands; --strict builds nothing."""
    with running(FaultyServer()) as server:
        words = asking(server.url, shared)
        made = [evalsite(*words, "--no-grade", "--model-name", f"m{number}") for number in range(2)]
    runs = [tmp_path / done.stdout.splitlines()[-1] for done in made]
    with (runs[0] / "completions.jsonl").open("a") as file:
        file.write("{broken}\n{}\n")
    done = evalsite("build", *(["--strict"] if strict else []))
    assert done.returncode == 5
    assert f"{runs[0].name}/completions.jsonl:7" in done.stderr
    page = tmp_path / "site/index.html"
    assert page.exists() != strict
    assert strict or ("m1" in page.read_text() and "--strict" in done.stderr)
