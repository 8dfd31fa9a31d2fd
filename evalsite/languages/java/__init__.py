"""Java: its classes, and which of them its tests ask."""

from evalsite.languages.base import Asking, Language
from evalsite.languages.java.failures import JavaFailures
from evalsite.languages.java.reading import JavaReading
from evalsite.languages.java.running import JavaRunning
from evalsite.languages.java.toolchain import Jdk

JAVA = Language(
    name="java",
    title="Java",
    lexer="java",
    comment="//",
    suffix="java",
    written=("java",),
    asking=Asking(
        function_stops=("\n    public static void main", "\nclass ", "\npublic class ", "\n```"),
        program_stops=("\n    public static void main", "\n```"),
        text="/**\n{}\n*/\n",
    ),
    reading=JavaReading(),
    running=JavaRunning("java"),
    failures=JavaFailures(),
    toolchain=Jdk(),
)
