"""How rustc is called, and what tests mean by the macros of the standard library."""

import re
from collections.abc import Iterable
from glob import glob
from pathlib import Path

from evalsite.languages.toolchain import Place

NATIVE_MAIN = "native_main.o"
"""What says that the tests of a file have ended, whose ``main`` is the compiler's own."""
_MACROS = [
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "format",
    "matches",
    "panic",
    "print",
    "println",
    "vec",
]
RESTORED = " ".join(
    f"#[allow(unused_macros)] macro_rules! {name} {{ ($($t:tt)*) => {{ ::std::{name}!($($t)*) }} }}"
    for name in _MACROS
)
"""Defines each as the standard library's, whatever a program calls so."""


def rustc(place: Place, crate: str, edition: str) -> tuple[list[str], dict[str, str]]:
    """The compiler's words for a crate, and its variables."""
    sysroot = Path(place.tools["rustc"]).parents[1]
    libraries = sorted(glob(f"{sysroot}/lib/rustlib/*/lib"))  # noqa: PTH207
    words = [place.tools["rustc"], "--edition", edition, "--crate-name", crate]
    for option in _CODEGEN:
        words += ["-C", option]
    words += ["--cap-lints", "allow", "-A", "warnings", "--error-format", "short", "--sysroot", str(sysroot)]
    for name, file in crates_in(place.package_files).items():
        words += ["--extern", f"{name}={place.packages}/{file}"]
    if place.packages:
        words += ["-L", f"dependency={place.packages}", "-L", f"dependency={place.packages}/deps"]
    return words, {"LD_LIBRARY_PATH": ":".join([f"{sysroot}/lib", *libraries])}


_CODEGEN = (
    "opt-level=0",
    "debuginfo=0",
    "debug-assertions=on",
    "overflow-checks=on",
    "codegen-units=1",
)


def linked(place: Place, native: str) -> list[str]:
    """How a program is linked with what says that its tests have ended."""
    options = (f"linker={place.tools['cc']}", f"link-arg={place.cache}/{native}", "link-arg=-Wl,--wrap=main")
    return [word for option in options for word in ("-C", option)]


def crates_in(files: Iterable[str]) -> dict[str, str]:
    """Name -> file of each compiled crate among some."""
    found = {}
    for file in files:
        if file.startswith("lib") and file.endswith(".rlib"):
            found[re.sub(r"-[0-9a-f]{8,}$", "", file[3:-5])] = file
    return found
