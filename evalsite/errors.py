"""Every error that is raised on purpose, and the exit code that each one ends the program with.

::

    EvalsiteError
    ├── UsageError            2   the command line or a settings file asks for something impossible
    ├── DatasetError          3   a data set that cannot be found, fetched or read
    ├── EndpointError         4   the model's server refuses, lies or cannot be reached
    │   ├── EndpointRefusedError  it says no, and would say so again
    │   └── EndpointFaultError    it failed at every attempt
    ├── RunError              5   a run directory that is missing, broken, locked or of another kind
    │   ├── RunFormatError        a file in it does not hold what the format says
    │   ├── RunLockedError        another process is writing it
    │   └── IdentityError         it belongs to another model, prompt, data set or setting
    ├── SandboxError          6   generated code cannot be run safely on this machine
    ├── OutputError           7   a result cannot be written (permissions, full disk)
    ├── IncompleteError       8   the work ended, but samples could not be had or graded
    └── NotDecidedError       9   a gate could not decide (inconclusive, vacuous or pending)

Exit code 0 is success, 1 is a gate's honest "no" (a target was missed, or two runs differ too much),
130 an interrupt, 141 a reader that went away before all was printed. 70 is a bug, with a traceback. Neither
is ever 1, which Python and Click would give, and a gate would believe.

The module imports nothing, so that everything may import it. Foreign exceptions are translated where they
enter (``raise DatasetError(...) from exc``), caught once in :func:`evalsite.cli.main`, and shown as a
message with its slug and the next step, never as a traceback.
"""

EXIT_OK = 0
EXIT_MISSED = 1
EXIT_BUG = 70
EXIT_INTERRUPTED = 130
EXIT_UNREAD = 141


class EvalsiteError(Exception):
    """Base of all errors that are the user's business rather than a bug.

    ``message`` says what is wrong and where (file, line, field); ``hint`` says what to do next.
    """

    slug = "error"
    exit_code = 70

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UsageError(EvalsiteError):
    """The command line or a settings file asks for something impossible."""

    slug = "usage"
    exit_code = 2


class DatasetError(EvalsiteError):
    """A data set that cannot be found, fetched or read."""

    slug = "dataset"
    exit_code = 3


class EndpointError(EvalsiteError):
    """The model's server refuses, lies or cannot be reached."""

    slug = "endpoint"
    exit_code = 4


class EndpointRefusedError(EndpointError):
    """The model's server says no and would say so again: a wrong key, model, path or parameter."""

    slug = "endpoint-refused"


class EndpointFaultError(EndpointError):
    """The model's server could not be reached or gave no usable answer, however often it was tried."""

    slug = "endpoint-fault"


class RunError(EvalsiteError):
    """A run directory that is missing, broken, locked or of another kind."""

    slug = "run"
    exit_code = 5


class RunFormatError(RunError):
    """A file of a run directory does not hold what the format says."""

    slug = "run-format"


class RunLockedError(RunError):
    """Another process is writing this run directory."""

    slug = "run-locked"


class IdentityError(RunError):
    """A run directory belongs to another model, prompt, data set or setting."""

    slug = "run-identity"


class SandboxError(EvalsiteError):
    """Generated code cannot be run safely on this machine."""

    slug = "sandbox"
    exit_code = 6


class OutputError(EvalsiteError):
    """A result cannot be written: no permission, no space, a file in the way."""

    slug = "output"
    exit_code = 7


class IncompleteError(EvalsiteError):
    """The work ended and everything obtained is on disk, but samples could not be had or graded.

    What a file that is imported does not hold is no such sample: all that was asked for is done.
    """

    slug = "incomplete"
    exit_code = 8


class NotDecidedError(EvalsiteError):
    """A gate could not decide: the evidence is inconclusive or proves nothing, or a run is still pending."""

    slug = "not-decided"
    exit_code = 9
