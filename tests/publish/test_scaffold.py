"""``evalsite init``: everything is written once, never over what is there, with names from git or options."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import evalsite as evalsite_package
from evalsite.publish.config import read_config
from evalsite.publish.origin import requirement_from
from evalsite.publish.scaffold import FILES, Names, remote_of
from tests.publish.builders import write_run


def test_init_writes_everything_once_and_never_over(evalsite, tmp_path):
    """--dry-run writes nothing; a second init keeps what was edited."""
    dry = evalsite("init", "new", "--dry-run", "--requirement", "evalsite")
    assert dry.returncode == 0
    assert dry.stdout.count("would write") == len(FILES)
    assert not (tmp_path / "new").exists()
    assert evalsite("init", "new", "--requirement", "evalsite").returncode == 0
    assert {path for path in FILES if (tmp_path / "new" / path).is_file()} == set(FILES)
    (tmp_path / "new" / "evalsite.toml").write_text("title = 'mine'\n")
    (tmp_path / "new" / "README.md").unlink()
    again = evalsite("init", "new", "--requirement", "evalsite")
    assert again.stdout.count("keep ") == len(FILES) - 1
    assert "write  new/README.md" in again.stdout
    assert (tmp_path / "new" / "evalsite.toml").read_text() == "title = 'mine'\n"


def test_init_takes_names_from_git_and_from_options(evalsite, tmp_path):
    """The remote says where the repository is, and that says where Pages will be."""
    (tmp_path / ".git").mkdir()
    for url in ("git@github.com:Me/code-results.git", "https://github.com/Me/code-results"):
        (tmp_path / ".git" / "config").write_text(
            f'[core]\n\tbare = false\n[remote "origin"]\n\turl = {url}\n'
        )
        assert remote_of(tmp_path) == "Me/code-results"
    names = Names.choose(tmp_path, requirement="evalsite")
    assert (names.title, names.site_url) == ("Code results", "https://me.github.io/code-results/")
    own_page = Names.choose(tmp_path, repository="Me/me.github.io", requirement="evalsite")
    assert own_page.site_url == "https://me.github.io/"
    source = "evalsite @ git+https://github.com/a/evalsite"
    process = evalsite(
        "init", "x", "--title", 'Ternary "1.58"', "--repository", "a/b", "--requirement", source
    )
    assert (tmp_path / "x" / "requirements.txt").read_text().splitlines()[-1] == source
    assert process.returncode == 0, process.stderr
    config = read_config(tmp_path / "x" / "evalsite.toml")
    assert (config.title, config.repository, config.site_url) == (
        'Ternary "1.58"',
        "a/b",
        "https://a.github.io/b/",
    )
    assert config.budget == 900_000_000
    assert "https://github.com/a/b/actions" in (tmp_path / "x" / "README.md").read_text()
    refused = evalsite("init", "y", "--repository", "https://github.com/a/b")
    assert refused.returncode == 2
    assert "owner/name" in refused.stderr


def test_init_says_what_comes_next(evalsite, tmp_path):
    """In a command that works as printed, from here: a run first where there is none, else the site."""
    for number, folder in enumerate(("my results", ".")):
        for wanted in ("run", "build"):
            done = evalsite("init", folder)
            (words,) = re.findall(r"next: \S*evalsite (.*)", done.stderr)
            assert words.startswith(wanted)
            ended = evalsite(*shlex.split(words))
            assert ended.returncode == 0, ended.stderr
            assert "choose GitHub Actions" in " ".join(done.stderr.split())
            write_run(tmp_path / folder / "runs", "m", 1)
        assert (tmp_path / folder / "site" / "index.html").is_file(), number


def test_what_the_workflow_installs_can_be_installed(evalsite, tmp_path, monkeypatch):
    """Where nobody else has this evalsite, the repository brings it: pip takes it, and it is this one."""
    monkeypatch.setattr("evalsite.cli.init.own_requirement", lambda: requirement_from("{}"))
    begun = evalsite("init", "results")
    assert begun.returncode == 0, begun.stderr
    assert "the evalsite that runs here" in " ".join(begun.stderr.split())
    line = (tmp_path / "results" / "requirements.txt").read_text().splitlines()[-1]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target",
         tmp_path / "there", line],
        cwd=tmp_path / "results", check=True, capture_output=True,
    )  # fmt: skip
    here, there = Path(evalsite_package.__file__).parent, tmp_path / "there" / "evalsite"
    sources = {path.relative_to(here) for path in here.rglob("*.py")}
    assert {path.relative_to(there) for path in there.rglob("*.py")} == sources
    shown = subprocess.run([sys.executable, "-m", "evalsite", "demo", "--help"], cwd=tmp_path, check=True,
        env={"PYTHONPATH": str(tmp_path / "there")}, capture_output=True, text=True)  # fmt: skip
    assert "Usage: evalsite demo" in shown.stdout
    assert (there / "templates" / "base.html").is_file()
