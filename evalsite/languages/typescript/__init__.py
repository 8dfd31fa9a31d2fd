"""TypeScript: JavaScript with types."""

from evalsite.languages.base import Asking, Language
from evalsite.languages.javascript.running import JavaScriptRunning
from evalsite.languages.typescript.failures import TypeScriptFailures
from evalsite.languages.typescript.reading import TypeScriptReading
from evalsite.languages.typescript.toolchain import Tsc

TYPESCRIPT = Language(
    name="typescript",
    title="TypeScript",
    lexer="typescript",
    comment="//",
    suffix="ts",
    written=("ts", "typescript"),
    asking=Asking(
        function_stops=("\nfunction ", "\nconsole.log(", "\nexport ", "\n```"),
        program_stops=("\nconsole.log(", "\n```"),
        text="/**\n{}\n*/\n",
    ),
    reading=TypeScriptReading(),
    running=JavaScriptRunning("typescript"),
    failures=TypeScriptFailures(),
    toolchain=Tsc(),
)
