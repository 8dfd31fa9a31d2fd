"""The recordings that evalsite carries: what real models answered to HumanEval and to sets of ours.

Each is a pair of files beside this module: ``NAME.toml`` (the model's name and card, and the settings it was
asked with) and ``NAME.jsonl.gz`` (the answers, without any problem's text). ``first-steps.jsonl`` and others
hold the problems of our own, and ``DISTANCE.json.gz`` what two models said token by token.
``docs/recordings.md`` tells how they were made and how to make them again.
"""

import gzip
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from evalsite.datasets import LoadedDataset, load_dataset
from evalsite.datasets.source import AGENT
from evalsite.distance.schema import Distance, Named, Text
from evalsite.distance.store import DistanceDir, Who, find_distances
from evalsite.rundir.calls import CallPiece
from evalsite.rundir.schema import ModelCard, Settings

RECORDINGS = ("smollm2-135m-q4_1", "smollm2-135m-tq2_0")
"""The baseline and the candidate of the demo, on HumanEval."""
FIRST_STEPS = "first-steps"
"""A small data set of easy problems, which both were asked, too: recordings end in its name."""
FIRST_CALLS = "first-calls"
"""Eight conversations with tools to call; both were asked."""
FIRST_EXERCISE = "first-exercise+agent"
"""One exercise for an agent, which the baseline alone was given."""
OWN = (FIRST_STEPS, FIRST_CALLS, FIRST_EXERCISE)
"""Data sets that we wrote; they lie beside the recordings."""


DISTANCE = "smollm2-135m-distance"
"""How far the two are apart on HumanEval, token by token."""


class Recording(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One recorded answer; the fields are those of :class:`Completion`."""

    problem: str
    sample: int
    text: str
    turn: int = 1
    """Of an agent's transcript; others have one answer."""
    calls: tuple[CallPiece, ...] = ()
    finish_reason: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    latency_s: float = 0.0
    first_token_s: float = 0.0


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``NAME.toml``."""

    model: str
    dataset: str
    num_samples: int
    settings: Settings
    card: ModelCard


@dataclass(frozen=True)
class RecordedModel:
    """A model's recorded answers, by problem, in the order of their samples and turns."""

    about: About
    answers: Mapping[str, tuple[Recording, ...]]

    def answer(self, problem: str, sample: int, turn: int) -> Recording | None:
        """The answer of a turn; None where none was recorded."""
        of_problem = self.answers.get(problem, ())
        return next((each for each in of_problem if (each.sample, each.turn) == (sample, turn)), None)


def load_recording(name: str) -> RecordedModel:
    """Read one of :data:`RECORDINGS`, or one of the same models on one of :data:`OWN`."""
    folder = _folder()
    about = msgspec.convert(tomllib.loads((folder / f"{name}.toml").read_text("utf-8")), About)
    answers: dict[str, list[Recording]] = defaultdict(list)
    for line in gzip.decompress((folder / f"{name}.jsonl.gz").read_bytes()).splitlines():
        recording = msgspec.json.decode(line, type=Recording)
        answers[recording.problem].append(recording)
    ordered = {
        problem: tuple(sorted(found, key=lambda recording: (recording.sample, recording.turn)))
        for problem, found in answers.items()
    }
    return RecordedModel(about, ordered)


def load_own(name: str) -> LoadedDataset:
    """Read the problems of one of :data:`OWN`."""
    with as_file(_folder() / f"{name.removesuffix(AGENT)}.jsonl") as path:
        return load_dataset(name, path)


class RecordedDistance(msgspec.Struct, frozen=True):
    """``DISTANCE.json.gz``: the record, and what each side named. The texts are made of the data set."""

    record: Distance
    named: dict[Who, tuple[Named, ...]]

    @property
    def problems(self) -> frozenset[str]:
        """The problems along whose texts was asked."""
        return frozenset(row.problem for row in self.named["base"])

    def put(self, runs_dir: Path, texts: Iterable[Text]) -> DistanceDir:
        """Make a directory of it, in place of one that was made before."""
        for folder in find_distances(runs_dir):
            if folder.read().identity == self.record.identity:
                folder.remove()
        made = DistanceDir.create(runs_dir, self.record, texts)
        for who, rows in self.named.items():
            with made.append(who) as file:
                for row in rows:
                    file.append(row)
        return made


def load_recorded_distance() -> RecordedDistance:
    """Read :data:`DISTANCE`."""
    packed = (_folder() / f"{DISTANCE}.json.gz").read_bytes()
    return msgspec.json.decode(gzip.decompress(packed), type=RecordedDistance)


def _folder() -> Traversable:
    return files("evalsite.replay") / "recordings"
