"""Hostile programs in other languages: none passes, and the host and what runs after them are as before.

``languages/NAME.txt`` holds the programs, each behind a line ``== what it does``. Each would pass if it
reached what it reaches for. ``@CANARY@`` stands for the path of a file of the host's, ``@FOLDER@`` for its
folder, ``@PORT@`` for a service of the host's, ``@SECRET@`` for words that only the tests hold.
"""

import re
from pathlib import Path

import pytest

from evalsite.languages import LANGUAGES as KNOWN
from evalsite.rundir.sandboxes import Sandbox
from evalsite.rundir.schema import Limits
from tests.attacks.test_attacks import Host, children
from tests.attacks.test_attacks import host as host
from tests.languages.judged import MARKS, Judged, lacking, verdicts

pytestmark = MARKS

FOLDER = Path(__file__).with_name("languages")
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.txt"))
LIMITS = Limits(cpu_s=0.5, wall_factor=4.0, memory_mib=256, file_mib=8, disk_mib=24)
SECRET = "words that the tests alone hold"
COMMENT = {"php": "#", "ruby": "#", "perl": "#"}
BOUNDED = {
    "never ends": {"timeout"},
    "floods its output": {"output_limit"},
    "takes all memory": {"memory_limit"},
}
"""What it does -> the verdict that is right, where not passing is too little."""
IN_LANDLOCK = ("javascript", "ruby")
"""Languages that are tried there, too: what keeps programs in is the same for all."""
REFUSED = {"calls what it should not know", "has the assembler read a file of the host's"}
"""What no compiler takes: all others have to run, or they would try nothing."""


def attacks(language: str, host: Host) -> dict[str, str]:
    """What each does -> program."""
    text = FOLDER.joinpath(f"{language}.txt").read_text("utf-8")
    for name, value in (
        ("CANARY", str(host.canary)),
        ("FOLDER", str(host.canary.parent)),
        ("PORT", str(host.port)),
        ("SECRET", SECRET),
    ):
        text = text.replace(f"@{name}@", value)
    heads = re.split(r"^== (.+)\n", text, flags=re.MULTILINE)[1:]
    return dict(zip(heads[::2], heads[1::2], strict=True))


@pytest.mark.parametrize(
    ("language", "sandbox"),
    [
        *(pytest.param(name, "bubblewrap", marks=pytest.mark.namespaces) for name in LANGUAGES),
        *((name, "landlock") for name in IN_LANDLOCK),
    ],
)
def test_attacks_are_contained(
    language: str, sandbox: Sandbox, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading and writing files, network, forks, endless loops, memory, floods, leaving early, other
    assertions, and looking for the tests.
    """
    if missing := lacking(language):
        pytest.skip(f"needs {', '.join(missing)}; make test installs it")
    monkeypatch.setattr(type(KNOWN[language].toolchain), "compile_cpu_s", 4.0)
    judged = Judged(language)
    tests = f"{COMMENT.get(language, '//')} {SECRET}\n{judged.tests}"
    before = children()
    programs = {"honest before": judged.programs["right"], **attacks(language, host)}
    found = verdicts(
        language,
        tests,
        {**programs, "honest after": judged.programs["right"]},
        sandbox=sandbox,
        limits=LIMITS,
    )
    assert len(found) > 7
    told = {name: verdict.verdict.value for name, verdict in found.items()}
    assert (told.pop("honest before"), told.pop("honest after")) == ("passed", "passed"), told
    assert {name for name, verdict in told.items() if verdict == "passed"} == set()
    assert {name: told[name] for name in BOUNDED.keys() & told if told[name] not in BOUNDED[name]} == {}
    refused = {name for name, verdict in told.items() if verdict in ("compile_error", "syntax_error")}
    assert {name for name in refused if name not in REFUSED and "compiler" not in name} == set()
    assert all(len(verdict.output) <= 8192 and len(verdict.message) <= 5000 for verdict in found.values())
    assert children() <= before
    host.assert_unharmed()


def test_there_are_attacks_in_each_language() -> None:
    """At least seven; in all, more than ninety."""
    counts = [FOLDER.joinpath(f"{name}.txt").read_text().count("\n== ") + 1 for name in LANGUAGES]
    assert len(LANGUAGES) == 9
    assert min(counts) >= 7
    assert sum(counts) > 90
