"""JavaScript: its statements, template literals and regular expressions."""

from evalsite.languages.base import Asking, Language
from evalsite.languages.javascript.failures import JavaScriptFailures
from evalsite.languages.javascript.reading import JavaScriptReading
from evalsite.languages.javascript.running import JavaScriptRunning
from evalsite.languages.javascript.toolchain import Node

JAVASCRIPT = Language(
    name="javascript",
    title="JavaScript",
    lexer="javascript",
    comment="//",
    suffix="js",
    written=("js", "javascript"),
    asking=Asking(
        function_stops=("\nfunction ", "\nconsole.log(", "\nmodule.exports", "\n```"),
        program_stops=("\nconsole.log(", "\nmodule.exports", "\n```"),
        text="/**\n{}\n*/\n",
    ),
    reading=JavaScriptReading(),
    running=JavaScriptRunning("javascript"),
    failures=JavaScriptFailures(),
    toolchain=Node(),
)
