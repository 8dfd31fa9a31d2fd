"""The error taxonomy: what the execution of one program can mean, and what each meaning is called."""

from enum import StrEnum


class VerdictClass(StrEnum):
    """The error taxonomy: what the execution of one program means.

    An endpoint failure is none of these: such a sample is *missing*, and the run incomplete.
    """

    meaning: str
    """In a few words; ``{language}`` stands for the language of the program."""
    error_type: str
    """Its customary name in the interchange form's ``error_types``."""

    def __new__(cls, value: str, meaning: str = "", error_type: str = "") -> "VerdictClass":
        """Make a class of a name, as it stands in files, and what it means."""
        if not meaning:
            raise TypeError(f"what {value} means has to be said")
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        member.error_type = error_type or value.title().replace("_", "")
        return member

    PASSED = "passed", "every test passed, and the program ran to their end"
    WRONG_ANSWER = "wrong_answer", "an assertion of the tests failed", "AssertionError"
    SYNTAX_ERROR = "syntax_error", "the program is not valid {language}"
    COMPILE_ERROR = "compile_error", "the program does not compile with its tests"
    RUNTIME_ERROR = (
        "runtime_error",
        "an exception other than a failed assertion",
    )  # its type is kept beside it
    MISSING_MODULE = (
        "missing_module",
        "it imports what neither the standard library nor the environment has",
        "ModuleNotFoundError",
    )
    TIMEOUT = "timeout", "the time limit ran out"
    MEMORY_LIMIT = "memory_limit", "more memory than allowed", "MemoryError"
    OUTPUT_LIMIT = "output_limit", "more output than allowed"
    PROCESS_LIMIT = "process_limit", "more processes than allowed"
    FILE_LIMIT = "file_limit", "a file, or all files together, grew too large"
    EARLY_EXIT = "early_exit", "the program left before the last test had run"
    CRASHED = "crashed", "the process was killed by a signal", "Crash"
    SANDBOX_VIOLATION = "sandbox_violation", "the program tried what the sandbox forbids"
    NO_CALL = "no_call", "a call was wanted, and none was made"
    UNWANTED_CALL = "unwanted_call", "a call was made where none was wanted"
    UNKNOWN_TOOL = "unknown_tool", "a tool was called that was not offered"
    WRONG_TOOL = "wrong_tool", "a tool was called that was offered, and is not the one wanted"
    WRONG_COUNT = "wrong_count", "more or fewer calls than wanted"
    MALFORMED_ARGUMENTS = "malformed_arguments", "the arguments of a call are no JSON object"
    SCHEMA_VIOLATION = "schema_violation", "the arguments of a call break the schema of its tool"
    WRONG_ARGUMENTS = "wrong_arguments", "the arguments of a call are not those accepted"
    LEAKED_CALL = "leaked_call", "a call stands in the text, and the server reported none"
    NO_EDIT = "no_edit", "the answer holds no edit in the format that was asked for"
    MALFORMED_EDIT = "malformed_edit", "the answer begins an edit that cannot be read"
    WRONG_FILE = "wrong_file", "the edit names a file that is not to be changed"
    EDIT_DOES_NOT_APPLY = "edit_does_not_apply", "what it replaces does not stand in the file, or not once"
    GAVE_UP = "gave_up", "the agent stopped, and the tests do not pass"
    OUT_OF_TURNS = "out_of_turns", "the agent had no turns left, and the tests do not pass"
    STUCK = "stuck", "the agent made the same call three times, and nothing had changed"
    BROKEN_CALL = "broken_call", "the agent's calls could not be carried out"
    OUT_OF_CONTEXT = "out_of_context", "the agent's transcript outgrew the model's context"
    NO_CODE = "no_code", "the answer held nothing to run"
    TRUNCATED = "truncated", "the model hit its token limit, and the answer failed"

    @property
    def words(self) -> str:
        """Its name in words, such as ``wrong answer``."""
        return self.value.replace("_", " ")
