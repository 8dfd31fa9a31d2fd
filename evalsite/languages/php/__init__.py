"""PHP: its tags, variables and heredocs."""

from evalsite.languages.base import Asking, Language
from evalsite.languages.php.failures import PhpFailures
from evalsite.languages.php.reading import PhpReading
from evalsite.languages.php.toolchain import Php
from evalsite.languages.scripts import ScriptRunning

PHP = Language(
    name="php",
    title="PHP",
    lexer="php",
    comment="//",
    suffix="php",
    written=("php",),
    asking=Asking(
        function_stops=("\nfunction ", "\necho ", "\n?>", "\n```"),
        program_stops=("\necho ", "\n?>", "\n```"),
        text="<?php\n\n/**\n{}\n*/\n",
    ),
    reading=PhpReading(),
    running=ScriptRunning(
        "php",
        "<?php\nfunction NAME(...$arguments) {\n    BODY\n}\n",
        raises="throw new LogicException('not implemented');",
        idle="return new stdClass();",
        varying=r"\b(?:mt_)?rand\(|random_int|microtime|\btime\(|\bdate\(",
    ),
    failures=PhpFailures(),
    toolchain=Php(),
)
