"""TypeScript: JavaScript with types."""

from evalsite.languages.base import Asking, Language
from evalsite.languages.failures import Failures
from evalsite.languages.running import Running
from evalsite.languages.typescript.reading import TypeScriptReading

TYPESCRIPT = Language(
    name="typescript",
    title="TypeScript",
    lexer="typescript",
    comment="//",
    asking=Asking(
        function_stops=("\nfunction ", "\nconsole.log(", "\nexport ", "\n```"),
        program_stops=("\nconsole.log(", "\n```"),
        text="/**\n{}\n*/\n",
    ),
    reading=TypeScriptReading(),
    running=Running(),
    failures=Failures(),
)
