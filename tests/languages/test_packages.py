"""Packages of programs' own: found in the folder that is named, and named where they are missing."""

import subprocess

import pytest

from evalsite.grading import toolchains
from evalsite.languages.rust.toolchain import crates_in
from tests.languages.judged import LIMITS, MARKS, lacking, verdicts

pytestmark = MARKS

OF = {
    "javascript": ("node_modules/tiny/index.js", "module.exports = () => 2\n", "const f = require('tiny')\n"),
    "cpp": ("include/tiny.h", "#define TWO 2\n", "#include <tiny.h>\nint f(int x) { return TWO; }\n"),
    "perl": ("lib/perl5/Tiny.pm", "package Tiny; sub two { 2 } 1;\n", "use Tiny; sub f { Tiny::two() }\n"),
    "ruby": ("tiny.rb", "def two = 2\n", "require 'tiny'\ndef f(x) = two\n"),
    "php": ("tiny.php", "<?php", "<?php require 'tiny.php'; function f() { return 2; }"),
}  # fmt: skip
"""Language -> a package's file, what is in it, and a program that uses it."""
TESTS = {
    "javascript": "console.assert(f(1) === 2)\n",
    "cpp": "#include <assert.h>\nint main() { assert(f(1) == 2); }\n",
    "perl": "die 'not two' unless f(1) == 2;\n",
    "ruby": "raise 'not two' if f(1) != 2\n",
    "php": "if (f(1) != 2) { throw new Exception('not two'); }\n",
}


@pytest.mark.parametrize("language", OF)
def test_packages_are_found_in_the_folder(language, tmp_path_factory):
    """Without it, the module that is missing is named."""
    if lacking(language):
        pytest.skip(f"needs {', '.join(lacking(language))}")
    file, content, program = OF[language]
    folder = tmp_path_factory.mktemp("packages", numbered=True)
    for each in (folder, *list(folder.parents)[:-1]):
        if not each.stat().st_mode & 0o001:
            each.chmod(each.stat().st_mode | 0o055)  # programs are users of their own
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    with_it = verdicts(language, TESTS[language], {"it": program}, packages=str(folder), limits=LIMITS)["it"]
    without = verdicts(language, TESTS[language], {"it": program}, limits=LIMITS)["it"]
    assert with_it.verdict == "passed", with_it
    assert without.verdict == "missing_module", without
    assert without.module.lower().startswith("tiny")


def test_compiled_crates_are_found_by_name():
    """With or without the hash that cargo gives them."""
    files = ("libtiny.rlib", "libother_one-0123456789abcdef.rlib", "notes.txt")
    assert crates_in(files) == {"tiny": files[0], "other_one": files[1]}


def importing(shared):
    """Words of a command that grades ``s.jsonl``."""
    data = shared / "datasets" / "humanevalpack-js.jsonl.gz"
    return (
        "import",
        "s.jsonl",
        "--dataset",
        "pack",
        "--data-path",
        data,
        "--model-name",
        "m",
        "--workers",
        1,
    )


def test_a_missing_tool_ends_the_command(evalsite, tmp_path, monkeypatch, shared):
    """With exit code 6, and with the command that installs it, also where no reference is tried."""
    monkeypatch.setattr(toolchains, "find_tool", lambda _tool: "")
    toolchains.find.cache_clear()
    (tmp_path / "s.jsonl").write_text('{"task_id": "JavaScript/0", "completion": "return 1"}\n')
    for further in ((), ("--no-preflight",)):
        found = evalsite(*importing(shared), *further)
        assert found.returncode == 6
        assert "JavaScript programs need node, and this machine has no such program" in found.stderr
        assert "apt-get install nodejs" in found.stderr
    toolchains.find.cache_clear()


@pytest.mark.skipif(bool(lacking("javascript")), reason="needs node; make test installs it")
def test_the_record_names_what_ran_the_programs(evalsite, tmp_path, shared):
    """Name and version, with or without a preflight."""
    (tmp_path / "s.jsonl").write_text('{"task_id": "JavaScript/0", "completion": "  return 1\\n}\\n"}\n')
    path = evalsite(*importing(shared), "--no-preflight").stdout.strip()
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    assert f'"node {version[1:]}"' in (tmp_path / path / "run.json").read_text()
