"""Builds what is released, twice, and says whether both are the same bytes and sound: ``make dist``.

The second build is made from a copy in another folder, with other rights of files and another time zone. Then
``twine check`` reads what an index will show. ``--notes`` prints what the changelog says of the version, and
``--tag v1.2.3`` refuses a tag that is not the version's, a version that the changelog calls unreleased, and
metadata without the addresses of the repository.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = (".git", ".venv*", ".*_cache", ".measured", "dist", "build", "site", "demo")
"""What of a checkout's own folder no build reads."""
ADDRESSES = ("Homepage", "Documentation", "Source", "Issues", "Changelog")
"""What an index shows of a package; by Source an installed evalsite knows where it was released."""
_SECTION = re.compile(r"^## \[(?P<version>[^]]+)\] - (?P<date>\S+)\n(?P<text>.*?)(?=^## |\Z)", re.M | re.S)


def main() -> None:
    """Do what the options say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "dist")
    parser.add_argument("--notes", action="store_true")
    parser.add_argument("--tag", default="")
    asked = parser.parse_args()
    if asked.tag:
        refuse_tag(asked.tag, version(), (ROOT / "CHANGELOG.md").read_text("utf-8"))
        refuse_addresses(
            (ROOT / "pyproject.toml").read_text("utf-8"), os.environ.get("GITHUB_REPOSITORY", "")
        )
    if asked.notes:
        print(notes(version(), (ROOT / "CHANGELOG.md").read_text("utf-8"))[1])
        return
    for file in build_twice(ROOT, asked.output):
        print(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}")


def version() -> str:
    """The version that is released."""
    text = (ROOT / "evalsite" / "__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    assert found is not None
    return found[1]


def notes(version: str, changelog: str) -> tuple[str, str]:
    """Return the date of a version's section in the changelog, and its text; exits where it has none."""
    for found in _SECTION.finditer(changelog):
        if found["version"] == version:
            return found["date"], found["text"].strip()
    sys.exit(f"CHANGELOG.md has no section [{version}]")


def refuse_tag(tag: str, version: str, changelog: str) -> None:
    """Exit, saying why, for a tag that must not be released."""
    if tag != f"v{version}":
        sys.exit(f"the tag {tag} is not that of version {version}, v{version}")
    date, _ = notes(version, changelog)
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", date):
        sys.exit(f"CHANGELOG.md: [{version}] - {date}: put the day of the release there")


def refuse_addresses(project: str, repository: str) -> None:
    """Exit, saying why, where the metadata do not lead to where the release is made."""
    found = tomllib.loads(project)["project"].get("urls", {})
    if missing := [name for name in ADDRESSES if name not in found]:
        sys.exit(f"pyproject.toml: [project.urls] lacks {', '.join(missing)}: the first release fills it in")
    if repository and found["Source"] != f"https://github.com/{repository}":
        sys.exit(f"pyproject.toml: Source is {found['Source']}, and the release is made in {repository}")


def build_twice(source: Path, output: Path) -> list[Path]:
    """Build wheel and source distribution of a checkout into ``output``; exit where two builds differ."""
    with tempfile.TemporaryDirectory(prefix="evalsite-dist-") as name:
        folder = Path(name)
        copy = folder / "elsewhere" / "copy"
        shutil.copytree(source, copy, ignore=partial(_left_out, source), symlinks=True)
        for path in (each for each in copy.rglob("*") if not each.is_symlink()):
            path.chmod(0o700 if path.is_dir() or os.access(path, os.X_OK) else 0o600)
        first = _build(source, folder / "first")
        second = _build(copy, folder / "second", TZ="Asia/Kathmandu", LC_ALL="C")
        if (names := sorted(first)) != sorted(second):
            sys.exit(f"two builds made other files: {names} and {sorted(second)}")
        if other := [each for each in names if first[each] != second[each]]:
            sys.exit(f"two builds differ: {', '.join(other)}")
        files = [folder / "first" / each for each in names]
        subprocess.run([sys.executable, "-m", "twine", "check", "--strict", *files], check=True)
        output.mkdir(parents=True, exist_ok=True)
        return [Path(shutil.copy(file, output)) for file in files]


def _left_out(source: Path, folder: str, names: list[str]) -> set[str]:
    if Path(folder) == source / "runs":
        return set(names) - {"README.md"}
    patterns = (*LEFT_OUT, "__pycache__") if Path(folder) == source else ("__pycache__",)
    return shutil.ignore_patterns(*patterns)(folder, names)


def _build(source: Path, output: Path, **environment: str) -> dict[str, bytes]:
    """File name -> content."""
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", output, source],
        check=True, stdout=subprocess.DEVNULL, env={**os.environ, **environment},
    )  # fmt: skip
    return {file.name: file.read_bytes() for file in output.iterdir()}


if __name__ == "__main__":
    main()
