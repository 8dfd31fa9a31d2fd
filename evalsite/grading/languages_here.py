"""Which languages' programs this machine can compile and run, and what is to be installed for the others."""

import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass

from evalsite.grading.toolchains import find_tool, version_of
from evalsite.languages import LANGUAGES
from evalsite.languages.base import Language
from evalsite.languages.toolchain import Toolchain

_PATIENCE_S = 10.0


@dataclass(frozen=True)
class Here:
    """What is known of one language."""

    language: str
    """As people write it."""
    works: bool
    detail: str
    """The version of its compiler or interpreter, or what is missing."""
    setting: str
    """What installs it, with Debian's names; empty where nothing is missing."""


def languages_here() -> list[Here]:
    """Look for the tools of every language that has some of its own. Python's is the one that runs this."""
    return [_here(language, language.toolchain) for language in LANGUAGES.values() if language.toolchain]


def _here(language: Language, toolchain: Toolchain) -> Here:
    missing = [tool for tool in toolchain.tools if not find_tool(tool)]
    if missing:
        names = ", ".join(tool.name for tool in missing)
        return Here(language.title, False, f"no {names}", _install(tool.package for tool in missing))
    main = toolchain.tools[0]
    lacking = [package for package in toolchain.packages if not _is_installed(package)]
    without = f"; without {', '.join(lacking)}, which some programs or tests want" if lacking else ""
    return Here(language.title, True, f"{version_of(main, find_tool(main))}{without}", _install(lacking))


def _install(packages: Iterable[str]) -> str:
    """The command of Debian and Ubuntu; empty for no packages."""
    names = " ".join(dict.fromkeys(packages))
    return f"apt-get install {names}" if names else ""


def _is_installed(package: str) -> bool:
    """Whether Debian's package is there; where there is no such system, it is taken to be."""
    if (dpkg := shutil.which("dpkg-query")) is None:
        return True
    words = [dpkg, "-W", "-f=${Status}", package]
    told = subprocess.run(
        words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
    )
    return told.stdout.endswith(" installed")
