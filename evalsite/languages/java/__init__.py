"""Java: its classes, and which of them its tests ask."""

from evalsite.languages.base import Asking, Language
from evalsite.languages.failures import Failures
from evalsite.languages.java.reading import JavaReading
from evalsite.languages.running import Running

JAVA = Language(
    name="java",
    title="Java",
    lexer="java",
    comment="//",
    asking=Asking(
        function_stops=("\n    public static void main", "\nclass ", "\npublic class ", "\n```"),
        program_stops=("\n    public static void main", "\n```"),
        text="/**\n{}\n*/\n",
    ),
    reading=JavaReading(),
    running=Running(),
    failures=Failures(),
)
