"""Rust: its lifetimes, raw strings and attributes."""

from evalsite.languages.base import Asking, Language
from evalsite.languages.exercises import Exercises
from evalsite.languages.rust.failures import RustFailures
from evalsite.languages.rust.reading import RustReading
from evalsite.languages.rust.running import RustRunning
from evalsite.languages.rust.toolchain import Rustc

RUST = Language(
    name="rust",
    title="Rust",
    lexer="rust",
    comment="//",
    suffix="rs",
    written=("rust", "rs"),
    asking=Asking(
        function_stops=("\nfn main(", "\nfn ", "\n#[cfg(test)]", "\n```"),
        program_stops=("\nfn main(", "\n#[cfg(test)]", "\n```"),
        text="/*\n{}\n*/\n",
    ),
    reading=RustReading(),
    running=RustRunning("rust"),
    failures=RustFailures(),
    toolchain=Rustc(),
    exercises=Exercises(),
)
