"""C++: its preprocessor, raw strings and headers."""

from evalsite.languages.base import Asking, Language
from evalsite.languages.cpp.failures import CppFailures
from evalsite.languages.cpp.reading import CppReading
from evalsite.languages.cpp.running import CppRunning
from evalsite.languages.cpp.toolchain import Gxx

CPP = Language(
    name="cpp",
    title="C++",
    lexer="cpp",
    comment="//",
    suffix="cpp",
    written=("cpp", "cplusplus"),
    asking=Asking(
        function_stops=("\nint main(", "\n#include", "\n```"),
        program_stops=("\nint main(", "\n```"),
        text="/*\n{}\n*/\n",
    ),
    reading=CppReading(),
    running=CppRunning("cpp"),
    failures=CppFailures(),
    toolchain=Gxx(),
)
