"""Turns a run into one of the recordings that the demo replays: ``record.py RUN NAME``; or the distance of
both models: ``record.py DISTANCE smollm2-135m-distance``.

Writes ``NAME.toml`` and ``NAME.jsonl.gz`` (of a distance ``NAME.json.gz``) into
``evalsite/replay/recordings/``; see ``docs/recordings.md``.
"""

import gzip
import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

from evalsite.distance.store import WHO, DistanceDir
from evalsite.replay.recordings import About, RecordedDistance, Recording
from evalsite.rundir.schema import Completion
from evalsite.rundir.steps import read_steps
from evalsite.rundir.store import RunDir

FOLDER = Path(__file__).resolve().parent.parent / "evalsite" / "replay" / "recordings"


def record(run_dir: RunDir, name: str) -> None:
    """Write the pair of files for a run; it has to be complete."""
    run = run_dir.read_run()
    if run.status != "complete" or run.settings is None:
        sys.exit(f"{run_dir.path}: only a complete run that evalsite made can be recorded")
    about = About(
        model=run.model.name,
        dataset=run.dataset.name,
        num_samples=run.num_samples,
        settings=run.settings,
        card=run.model.card,
    )
    (FOLDER / f"{name}.toml").write_bytes(_toml(msgspec.to_builtins(about)))
    (FOLDER / f"{name}.jsonl.gz").write_bytes(pack_recording(_answers(run_dir)))
    print(f"{FOLDER / name}.toml, .jsonl.gz")


def _answers(run_dir: RunDir) -> list[Recording]:
    """Every answer of a run: an agent's turn by turn."""
    if transcripts := read_steps(run_dir):
        return [
            recording_of(step.answer, turn)
            for steps in transcripts.values()
            for turn, step in enumerate(steps.rows, start=1)
        ]
    return list(map(recording_of, run_dir.completions()))


def recording_of(completion: Completion, turn: int = 1) -> Recording:
    """Keep of a completion what a replay needs."""
    return Recording(
        problem=completion.problem,
        sample=completion.sample,
        text=completion.text,
        turn=turn,
        calls=completion.calls or (),
        finish_reason=completion.finish_reason,
        prompt_tokens=completion.prompt_tokens,
        completion_tokens=completion.completion_tokens,
        latency_s=round(completion.latency_s or 0.0, 3),
        first_token_s=round(completion.first_token_s or 0.0, 3),
    )


def pack_recording(recorded: Iterable[Recording]) -> bytes:
    """Return the bytes of ``NAME.jsonl.gz`` for a run's answers; same input, same bytes."""
    ordered = sorted(recorded, key=lambda each: (each.problem, each.sample, each.turn))
    lines = b"".join(msgspec.json.encode(recording) + b"\n" for recording in ordered)
    return gzip.compress(lines, compresslevel=9, mtime=0)


def record_distance(folder: DistanceDir, name: str) -> None:
    """Write the file of a distance; it has to be complete."""
    if folder.read().status != "complete":
        sys.exit(f"{folder.path}: only a complete distance can be recorded")
    (FOLDER / f"{name}.json.gz").write_bytes(pack_distance(folder))
    print(FOLDER / f"{name}.json.gz")


def pack_distance(folder: DistanceDir) -> bytes:
    """Return the bytes of ``DISTANCE.json.gz`` for a distance; same input, same bytes."""
    named = {who: tuple(folder.named(who)) for who in WHO}
    return gzip.compress(
        msgspec.json.encode(RecordedDistance(folder.read(), named)), compresslevel=9, mtime=0
    )


def _toml(data: dict[str, object]) -> bytes:
    """Encode a dict of plain values and tables; TOML has no null, so None is left out."""
    plain = {key: value for key, value in data.items() if not isinstance(value, dict) and value is not None}
    tables = {key: value for key, value in data.items() if isinstance(value, dict)}
    lines = [f"{key} = {_value(value)}" for key, value in plain.items()]
    for name, table in tables.items():
        lines += ["", f"[{name}]"]
        lines += [f"{key} = {_value(value)}" for key, value in table.items() if value is not None]
    return ("\n".join(lines) + "\n").encode()


def _value(value: object) -> str:
    return msgspec.json.encode(value).decode()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    distance = DistanceDir(Path(sys.argv[1]))
    if distance.exists():
        record_distance(distance, sys.argv[2])
    else:
        record(RunDir(Path(sys.argv[1])), sys.argv[2])
