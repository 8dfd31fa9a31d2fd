"""Did the server stay the same while a run was made? A run over hours may outlive an upgrade of its server.

Samples from before and after are counted together, so whoever reads the numbers has to know.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import PurePath

from evalsite.rundir.identity import changes_since
from evalsite.rundir.schema import Run, Sighting, Summary
from evalsite.words.sentences import names

MATTERS = "which may change what the model answers"


def changes_within(run: Run, summary: Summary, retested: Sequence[str] = ()) -> tuple[str, ...]:
    """Say in sentences what did not stay the same while a run was made; nothing where all did.

    ``retested``: problems whose tests are others by now than those that they were graded by.
    """
    return (
        *changes_recorded(run, retested),
        *changes_told(run),
        *changes_answered(summary),
        *answered_by_another(run.model.name, summary),
        *graders(run),
    )


def graders(run: Run) -> tuple[str, ...]:
    """Say that verdicts were reached by several versions of evalsite."""
    versions = run.grading.graded_by if run.grading else {}
    if len(versions) < 2:
        return ()
    listed = ", ".join(f"{version} ({number:,})" for version, number in versions.items())
    return (
        f"Not all verdicts were reached by one version of evalsite: {listed}; which may judge otherwise.",
    )


def changes_recorded(run: Run, retested: Sequence[str] = ()) -> tuple[str, ...]:
    """Say what the run's own record was changed in since the run began."""
    tests = (f"tests of {names(retested)}",) if retested else ()
    changes = "; ".join((*changes_since(run), *tests))
    return (f"The run's record was changed after the run began: {changes}.",) if changes else ()


def changes_told(run: Run) -> tuple[str, ...]:
    """Compare what each server told of itself at each time, and the servers with one another."""
    by_endpoint: dict[str, list[Sighting]] = {}
    for sighting in run.sightings:
        by_endpoint.setdefault(sighting.endpoint, []).append(sighting)
    return (*_between_servers([each[0] for each in by_endpoint.values()]), *_in_time(by_endpoint.values()))


def changes_answered(summary: Summary) -> tuple[str, ...]:
    """Compare the model ids and fingerprints that came with the answers."""
    answered_by = summary.answered_by or {}
    if len(answered_by) < 2:
        return ()
    names = ", ".join(f"{name} ({count:,})" for name, count in answered_by.items())
    return (f"Not all samples were answered under one model id and fingerprint: {names}; {MATTERS}.",)


def answered_by_another(asked: str, summary: Summary) -> tuple[str, ...]:
    """Say that no answer came from a model of the name that was asked for; nothing where one did.

    A server's id may be a file's path, or say more than the name, or less: none of that is another model.
    """
    ids, name = model_ids(summary), _plain(asked)
    if not ids or any(name in _plain(one) or _plain(one) in name for one in ids):
        return ()
    listed = ", ".join(sorted(ids))
    return (f"Every answer came from a model that calls itself {listed}; {asked} was asked for.",)


def model_ids(summary: Summary) -> set[str]:
    """The ids that came with the answers, without the fingerprints that follow them after a space."""
    return {name.rpartition(" ")[0] or name for name in summary.answered_by or {}} - {"others"}


def _plain(name: str) -> str:
    """A model's name without folders, a file's ending, capitals and punctuation."""
    stem = PurePath(name.replace("\\", "/")).name.removesuffix(".gguf")
    return "".join(letter for letter in stem.casefold() if letter.isalnum())


def _between_servers(first: Sequence[Sighting]) -> Iterator[str]:
    for other in first[1:]:
        if changes := _differences(first[0], other):
            yield f"The servers {first[0].endpoint} and {other.endpoint} differ: {changes}, {MATTERS}."


def _in_time(by_endpoint: Iterable[Sequence[Sighting]]) -> Iterator[str]:
    for sightings in by_endpoint:
        for before, after in pairwise(sightings):
            if changes := _differences(before, after):
                yield (
                    f"The server {after.endpoint} changed between {before.at} and {after.at}: "
                    f"{changes}, {MATTERS}."
                )


def _differences(before: Sighting, after: Sighting) -> str:
    """Name what differs, as ``version b4823 -> b4901``; what only one tells is shown as ``untold``."""
    names = sorted(before.told.keys() | after.told.keys())
    pairs = ((name, before.told.get(name, "untold"), after.told.get(name, "untold")) for name in names)
    return "; ".join(f"{name} {old} -> {new}" for name, old, new in pairs if old != new)
