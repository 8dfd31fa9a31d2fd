"""What isolation this machine gives: every layer tried for real, with the setting to change where it is
refused.
"""

import tempfile
from dataclasses import dataclass

from evalsite.errors import SandboxError
from evalsite.grading import isolation
from evalsite.grading.executors.server import Server
from evalsite.grading.inside.layers import LAYERS
from evalsite.grading.inside.setup import PROMISED
from evalsite.grading.refused import explain_refusal, no_folder
from evalsite.grading.sandboxes import BACKENDS
from evalsite.grading.sandboxes.base import Backend
from evalsite.languages.running import PLAIN
from evalsite.rundir.sandboxes import ISOLATING, Sandbox
from evalsite.rundir.schema import Limits


@dataclass(frozen=True)
class LayerProbe:
    """One layer: whether it works here, what it does or why it does not, and the setting to change."""

    layer: str
    works: bool
    detail: str
    setting: str = ""
    is_sandbox: bool = False
    """It is a whole sandbox: one of these has to work, so that programs can be graded safely."""


def probe_layers() -> tuple[LayerProbe, ...]:
    """Start each sandbox as grading would and try each of its layers; never raises for what a machine lacks.

    The first row is the sandbox that is tried first, and the last ones are those that take its place, each
    followed by its promises. Where the first does not start, the rows between are what another gives, or the
    way round (``--sandbox process``); on another system than Linux nothing does.
    """
    preferred, *others = (BACKENDS[each] for each in ISOLATING)
    try:
        isolation.require_linux()
    except SandboxError as exc:
        rest = (LayerProbe(layer.name, False, "needs Linux") for layer in LAYERS if layer.is_tried)
        return (LayerProbe(preferred.title, False, exc.message, exc.hint, is_sandbox=True), *rest)
    row, found = _start(preferred)
    started = [_start(other) for other in others]
    below = [
        each for other, tried in zip(others, started, strict=True) for each in _with_promises(other, *tried)
    ]
    if row.works:
        return (row, *_rows(found), *below)
    missing = [
        LayerProbe(layer.name, False, f"needs {preferred.title}")
        for layer in LAYERS
        if layer.is_tried and layer.of_namespaces
    ]
    instead = next((tried for _, tried in started if tried), None) or _without_any()
    return (row, *missing, *_rows(instead), *below)


def _start(backend: Backend) -> tuple[LayerProbe, dict[str, str]]:
    """Its row, and what came of its layers; of none where it does not start."""
    try:
        detail = backend.praise()
        found = _probe(backend.name)
    except SandboxError as exc:
        return LayerProbe(backend.title, False, exc.message, exc.hint, is_sandbox=True), {}
    return LayerProbe(backend.title, True, detail, is_sandbox=True), found


def _with_promises(backend: Backend, row: LayerProbe, found: dict[str, str]) -> list[LayerProbe]:
    promises = [
        LayerProbe(f"{backend.title}: {name}", not found[name], found[name] or does)
        for name, does in PROMISED.items()
        if name in found
    ]
    return [row, *promises]


def _probe(sandbox: Sandbox) -> dict[str, str]:
    try:
        file = tempfile.NamedTemporaryFile(prefix="evalsite-doctor-")  # noqa: SIM115 - it is left below
    except OSError as exc:
        raise no_folder(exc) from exc
    with file as outside:
        server = Server(sandbox, Limits(), environment=PLAIN, index=0)
        try:
            return server.probe(outside.name)
        except (OSError, ValueError) as exc:
            raise explain_refusal(server.kill() or str(exc), sandbox) from exc
        finally:
            server.kill()


def _without_any() -> dict[str, str]:
    """What is left without a sandbox; nothing where no program can be run at all."""
    try:
        return _probe(Sandbox.PROCESS)
    except SandboxError as exc:
        return {layer.name: exc.message for layer in LAYERS if layer.is_tried and layer.is_of_any}


def _rows(found: dict[str, str]) -> list[LayerProbe]:
    tried = [(layer, found[layer.name]) for layer in LAYERS if layer.name in found]
    return [
        LayerProbe(layer.name, not wrong, wrong or layer.does, layer.setting if wrong else "")
        for layer, wrong in tried
    ]
