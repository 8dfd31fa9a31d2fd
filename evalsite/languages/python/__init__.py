"""Python: its syntax trees, names, usual damages, example sessions and tracebacks."""

from evalsite.languages.base import Asking, Language
from evalsite.languages.python.exercises import PythonExercises
from evalsite.languages.python.failures import PythonFailures
from evalsite.languages.python.reading import PythonReading
from evalsite.languages.python.running import PythonRunning

PYTHON = Language(
    name="python",
    title="Python",
    lexer="python",
    comment="#",
    suffix="py",
    written=("python", "py"),
    asking=Asking(
        # Those of Chen et al. 2021 (arXiv 2107.03374), and a fence.
        function_stops=("\nclass ", "\ndef ", "\n#", "\nif ", "\nprint(", "\n```"),
        # ``def`` and ``class`` begin a program, so they cannot end it.
        program_stops=("\nassert ", '\n"""', "\nif __name__", "\nprint(", "\n```"),
        text='"""\n{}\n"""\n',
    ),
    reading=PythonReading(),
    running=PythonRunning(),
    failures=PythonFailures(),
    exercises=PythonExercises(),
)
