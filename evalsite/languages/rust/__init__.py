"""Rust: its lifetimes, raw strings and attributes."""

from evalsite.languages.base import Asking, Language
from evalsite.languages.failures import Failures
from evalsite.languages.running import Running
from evalsite.languages.rust.reading import RustReading

RUST = Language(
    name="rust",
    title="Rust",
    lexer="rust",
    comment="//",
    asking=Asking(
        function_stops=("\nfn main(", "\nfn ", "\n#[cfg(test)]", "\n```"),
        program_stops=("\nfn main(", "\n#[cfg(test)]", "\n```"),
        text="/*\n{}\n*/\n",
    ),
    reading=RustReading(),
    running=Running(),
    failures=Failures(),
)
