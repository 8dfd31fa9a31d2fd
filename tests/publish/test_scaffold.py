"""A results repository to begin with: everything is written once, and never over what is there."""

from evalsite.publish.scaffold import PATHS


def test_init_writes_everything_once_and_never_over(evalsite, tmp_path):
    """--dry-run writes nothing; a second init keeps what was edited."""
    dry = evalsite("init", "new", "--dry-run", "--requirement", "evalsite")
    assert dry.returncode == 0
    assert dry.stdout.count("would write") == len(PATHS)
    assert not (tmp_path / "new").exists()
    assert evalsite("init", "new", "--requirement", "evalsite").returncode == 0
    assert {path for path in PATHS if (tmp_path / "new" / path).is_file()} == set(PATHS)
    (tmp_path / "new" / "evalsite.toml").write_text("title = 'mine'\n")
    (tmp_path / "new" / "README.md").unlink()
    again = evalsite("init", "new", "--requirement", "evalsite")
    assert again.stdout.count("keep ") == len(PATHS) - 1
    assert "write  new/README.md" in again.stdout
    assert (tmp_path / "new" / "evalsite.toml").read_text() == "title = 'mine'\n"
