"""Options that several commands share, and what they mean."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource
from msgspec import structs

from evalsite.cli.console import say
from evalsite.cli.distances import parted
from evalsite.cli.parameters import (
    FILE,
    FOLDER,
    NAME,
    PATH,
    Command,
    Number,
    Taken,
    option,
    set_by,
    taken,
    together,
)
from evalsite.cli.progress import tell
from evalsite.datasets import KNOWN, LoadedDataset, load_dataset
from evalsite.errors import UsageError
from evalsite.grading.engine import Grader
from evalsite.grading.executors.base import Executor
from evalsite.grading.executors.cluster import ClusterExecutor
from evalsite.grading.executors.local import LocalExecutor
from evalsite.grading.interpreters import Interpreter, hash_packages, named_interpreter
from evalsite.grading.isolation import require_linux
from evalsite.grading.refused import note_of_choice
from evalsite.grading.sandboxes import choose
from evalsite.rundir import finding
from evalsite.rundir.sandboxes import ISOLATING, SANDBOXES, Sandbox
from evalsite.rundir.schema import Grading, Limits
from evalsite.rundir.store import RunDir
from evalsite.rundir.typed import read_typed

if TYPE_CHECKING:
    from evalsite.stats.targets import Targets


TARGETS_FILE = "targets.toml"


def _runs_folder(name: str) -> Callable[[Command], Command]:
    return option(
        "--runs-dir",
        "--runs",
        name,
        type=FOLDER,
        default=Path("runs"),
        envvar="EVALSITE_RUNS_DIR",
        help="Folder that holds the run directories.",
    )


runs_dir_option = _runs_folder("runs_dir")
"""Adds the folder that runs are found in, as ``runs_dir``."""
runs_option = _runs_folder("runs")
"""Adds the same as ``runs``, which evalsite.toml may name."""


def format_option(formats: Iterable[str]) -> Callable[[Command], Command]:
    """Add ``--format``, as ``form``."""
    return option(
        "--format",
        "form",
        type=click.Choice(list(formats)),
        default="text",
        help="What to print.",
    )


dataset_options = together(
    option(
        "--dataset",
        type=NAME,
        default="humaneval",
        metavar="NAME",
        help="One that 'evalsite datasets' lists; with --data-path a name of your own (else its file's).",
    ),
    click.option(
        "--data-path",
        type=PATH,
        help="Read the data set from this file (JSONL or JSON, plain or .gz), or this folder of exercises.",
    ),
)
"""Adds ``--dataset`` and ``--data-path``."""


def read_dataset(name: str, data_path: Path | None) -> LoadedDataset:
    """Load the data set that :func:`dataset_options` name; a file that nobody named goes by its own name.

    Else problems of one's own would stand among HumanEval's, which is the default.
    """
    given = click.get_current_context().get_parameter_source("dataset") is not ParameterSource.DEFAULT
    if data_path is None or given:
        return load_dataset(name, data_path)
    loaded = load_dataset(data_path.name.partition(".")[0] or name, data_path)
    if official := next((known for known, each in KNOWN.items() if each.sha256 == loaded.sha256), None):
        return replace(loaded, name=official)
    tell(f"note: the data set goes by its file's name, {loaded.name}; --dataset gives it another")
    return loaded


grade_option = click.option(
    "--grade/--no-grade",
    default=True,
    help="Or leave that to 'evalsite grade', on this machine or another.  [default: do]",
)
"""Adds ``--grade/--no-grade``: the machine with the GPU may not be the one for hostile code."""


def sandbox_option(help_text: str) -> Callable[[Command], Command]:
    """Adds ``--sandbox``, whose help ends with which one is taken where none is named."""
    default = ", or ".join(ISOLATING) + " where that does not start"
    return click.option(
        "--sandbox",
        type=click.Choice(tuple(map(str, SANDBOXES))),
        callback=lambda _context, _option, name: name and Sandbox(name),
        help=f"{help_text}.  [default: {default}]",
    )


_REPEATED = {"workers": int, "sandbox_python": str, "preload": str}
"""Options that the next command on this machine takes over -> what they are written down as."""


@dataclass(frozen=True)
class GradingOptions(Taken):
    """What decides how programs are executed."""

    sandbox: Sandbox | None = set_by(
        sandbox_option("; ".join(f"'{each}' {each.choice}" for each in SANDBOXES if each.choice))
    )
    """None: the first that starts here."""
    cpu_limit: float = taken(
        "--cpu-limit",
        type=Number(min=0.1),
        default=Limits().cpu_s,
        metavar="SECONDS",
        help="CPU time of one sample; grows with what the reference solution itself needs.",
    )
    memory_limit: int = taken(
        "--memory-limit",
        type=click.IntRange(min=64, max=1 << 22),
        default=Limits().memory_mib,
        metavar="MIB",
        help="Memory of one sample.",
    )
    sandbox_python: Path | None = taken(
        "--sandbox-python",
        type=PATH,
        help="Run programs in this Python, an interpreter or a virtual environment: they may import what "
        "is installed there.  [default: evalsite's own, with numpy alone]",
    )
    """The Python that programs run in; None: evalsite's own."""
    preload: str | None = taken(
        "--preload",
        metavar="NAME,...",
        help="Import these modules of --sandbox-python beforehand, so that no program waits for them.  "
        "[default: numpy, if it is there]",
    )
    """Names with commas between them."""
    sandbox_packages: Path | None = taken(
        "--sandbox-packages",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Let programs of other languages than Python use the packages in this folder, which every user "
        "may read: node_modules, lib*.rlib, *.jar, include/ (C++), lib/perl5, and files of PHP and Ruby. "
        "With --dask each worker needs it there.",
    )
    """Folder of packages for other languages."""
    workers: int | None = taken(
        "--workers",
        type=click.IntRange(min=1),
        metavar="N",
        help="Samples graded at the same time; fewer where limits leave no room.  [default: one for each "
        "CPU, if each can have its memory]",
    )
    dask: str | None = taken(
        "--dask",
        metavar="ADDRESS",
        help="Grade on the workers of the Dask scheduler at ADDRESS, such as tcp://host:8786, instead "
        "of on this machine (docs/scaling.md).",
    )
    dedupe: bool = taken(
        "--dedupe/--no-dedupe",
        default=True,
        help="Execute identical programs of a problem once, or each of them.  [default: once]",
    )
    preflight: bool = taken(
        "--preflight/--no-preflight",
        default=True,
        help="First see that reference solutions pass and stubs fail here.  [default: do]",
    )
    other_limits: Limits = field(default_factory=Limits)
    """Those that no option sets."""

    def following(self, recorded: Grading | None, *, again: bool = False) -> "GradingOptions":
        """Return the same with limits and deduplication of an earlier grading, where none were given; those
        that no option sets are today's if everything is graded ``again``.

        Never with a sandbox that is none: a run directory from elsewhere must not switch the isolation off.
        But a cluster's workers, which choose for themselves, go on in the one that they had.
        """
        if recorded is None:
            return self
        had = Sandbox(recorded.sandbox)
        if self.dask is not None and self.sandbox is None and recorded.layers and had.isolates and not again:
            return replace(self, sandbox=had).following(recorded)
        earlier: dict[str, Any] = {
            "cpu_limit": recorded.limits.cpu_s,
            "memory_limit": recorded.limits.memory_mib,
            "dedupe": recorded.dedupe,
        }
        source = click.get_current_context().get_parameter_source
        unset = {name: value for name, value in earlier.items() if source(name) is ParameterSource.DEFAULT}
        return replace(self, **unset, other_limits=Limits() if again else recorded.limits)

    def working_as(self, earlier: Mapping[str, Any]) -> "GradingOptions":
        """Return the same with the workers and the Python of an earlier command, where none were given."""
        kinds = _REPEATED.items()
        known = {name: earlier[name] for name, kind in kinds if isinstance(earlier.get(name), kind)}
        if "sandbox_python" in known:
            known["sandbox_python"] = Path(known["sandbox_python"])
        return replace(self, **{name: value for name, value in known.items() if getattr(self, name) is None})

    def to_repeat(self) -> dict[str, Any]:
        """What the next command on this machine works with, as :meth:`working_as` takes it."""
        given = {name: getattr(self, name) for name in _REPEATED}
        path = self.sandbox_python
        given["sandbox_python"] = None if path is None else str(path.absolute())
        return {name: value for name, value in given.items() if value is not None}

    def interpreter(self) -> Interpreter | None:
        """The Python that was named for programs. Raises UsageError where there is none."""
        return named_interpreter(self.sandbox_python or "", self.preload)

    def grading(self) -> Grading:
        """Return what the run will record (the grader adds what this machine gives)."""
        python = self.interpreter() if self.dask is None else None
        packages = python.packages if python else ()
        return Grading(
            packages=dict(packages),
            packages_sha256=hash_packages(packages),
            preload=python.preload if python else (),
            sandbox=choose(self.sandbox) if self.dask is None else self.sandbox or ISOLATING[0],
            limits=structs.replace(self.other_limits, cpu_s=self.cpu_limit, memory_mib=self.memory_limit),
            dedupe=self.dedupe,
            preflight=self.preflight,
        )

    def require_system(self) -> None:
        """Raise SandboxError, before anything is asked, where this system runs no programs."""
        if self.dask is None:
            require_linux()

    def grader(self) -> Grader:
        """Return a grader, not yet started. Says so where it is not in the sandbox that is tried first."""
        grading = self.grading()
        return Grader(self._executor(grading), dedupe=grading.dedupe)

    def _executor(self, grading: Grading) -> Executor:
        if self.dask is not None:
            return self._cluster(self.dask, grading)
        sandbox = choose(self.sandbox)
        if note := note_of_choice(self.sandbox, sandbox):
            say(f"note: {note}")
        return LocalExecutor(
            grading.limits,
            sandbox=sandbox,
            workers=self.workers,
            interpreter=self.interpreter(),
            packages=self._packages,
        )

    def _cluster(self, address: str, grading: Grading) -> Executor:
        if self.workers is not None:
            raise UsageError(
                "--workers and --dask are given: a cluster has the workers that were started for it",
                hint="Leave --workers out, and give 'dask worker' its --nworkers and --nthreads.",
            )
        return ClusterExecutor(
            address,
            grading.limits,
            sandbox=self.sandbox,
            python=str(self.sandbox_python or ""),
            preload=self.preload,
            packages=self._packages,
        )

    @property
    def _packages(self) -> str:
        return str(self.sandbox_packages.absolute()) if self.sandbox_packages else ""


def find_run(name: Path, runs_dir: Path) -> RunDir:
    """Find the run that was named, and say which was taken where that was not its folder."""
    if (found := finding.find_run(name, runs_dir)).path not in (name, runs_dir / name):
        say(f"note: {name} is {found.path}")
    return found


def find_all(names: Sequence[Path], runs_dir: Path) -> list[RunDir]:
    """Find the runs that were named, without files and distances beside them, which ``runs/*`` names, too."""
    runs = [name for name in parted(names, runs_dir)[1] if not name.is_file()]
    return [find_run(name, runs_dir) for name in (runs if len(names) > 1 else names)]


targets_option = click.option(
    "--targets",
    type=FILE,
    help="Targets to judge by, in TOML.  [default: targets.toml in this folder, else "
    "10 points of pass@1 against the baseline]",
)
"""Adds ``--targets``."""


def read_targets(path: Path | None) -> "Targets":
    """Read a targets file: the one named, else ``targets.toml`` in this folder; what is found is said.

    Without one the built-in rule holds, which needs a baseline and nothing else.
    """
    from evalsite.stats.targets import DEFAULT_TARGETS, parse_targets

    if path is None:
        if not Path(TARGETS_FILE).is_file():
            return DEFAULT_TARGETS
        path = Path(TARGETS_FILE)
        say(f"note: judging by {path} in this folder")
    try:
        return parse_targets(read_typed(path), str(path))
    except OSError as exc:
        raise UsageError(
            f"{path}: cannot be read ({exc})", hint="docs/targets.md shows a targets file."
        ) from exc
