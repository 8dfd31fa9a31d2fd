"""PHP: its tags, variables and heredocs."""

from evalsite.languages.base import Asking, Language
from evalsite.languages.failures import Failures
from evalsite.languages.php.reading import PhpReading
from evalsite.languages.running import Running

PHP = Language(
    name="php",
    title="PHP",
    lexer="php",
    comment="//",
    asking=Asking(
        function_stops=("\nfunction ", "\necho ", "\n?>", "\n```"),
        program_stops=("\necho ", "\n?>", "\n```"),
        text="<?php\n\n/**\n{}\n*/\n",
    ),
    reading=PhpReading(),
    running=Running(),
    failures=Failures(),
)
