"""Go: its packages, and imports that have to be used."""

from evalsite.languages.base import Asking, Language
from evalsite.languages.exercises import Exercises
from evalsite.languages.go.failures import GoFailures
from evalsite.languages.go.reading import GoReading
from evalsite.languages.go.running import GoRunning
from evalsite.languages.go.toolchain import Gc

GO = Language(
    name="go",
    title="Go",
    lexer="go",
    comment="//",
    suffix="go",
    written=("go", "golang"),
    asking=Asking(
        function_stops=("\nfunc ", "\ntype ", "\n//", "\n```"),
        program_stops=("\nfunc main(", "\n```"),
        text="/*\n{}\n*/\n",
    ),
    reading=GoReading(),
    running=GoRunning("go"),
    failures=GoFailures(),
    toolchain=Gc(),
    exercises=Exercises(),
)
