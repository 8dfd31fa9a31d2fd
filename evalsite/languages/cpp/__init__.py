"""C++: its preprocessor, raw strings and headers."""

from evalsite.languages.base import Asking, Language
from evalsite.languages.cpp.reading import CppReading
from evalsite.languages.failures import Failures
from evalsite.languages.running import Running

CPP = Language(
    name="cpp",
    title="C++",
    lexer="cpp",
    comment="//",
    asking=Asking(
        function_stops=("\nint main(", "\n#include", "\n```"),
        program_stops=("\nint main(", "\n```"),
        text="/*\n{}\n*/\n",
    ),
    reading=CppReading(),
    running=Running(),
    failures=Failures(),
)
