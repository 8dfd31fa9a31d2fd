"""What isolation this machine gives: every layer tried for real, with the setting to change where it is
refused.
"""

import tempfile
from dataclasses import dataclass

from evalsite.errors import SandboxError
from evalsite.grading import isolation
from evalsite.grading.executors.server import Server
from evalsite.grading.inside.layers import LAYERS
from evalsite.grading.inside.plan import PROMISED
from evalsite.grading.refused import explain_refusal, no_folder
from evalsite.languages.running import PLAIN
from evalsite.rundir.schema import Limits

LANDLOCK_SANDBOX = "landlock sandbox"
SANDBOXES = ("bubblewrap", LANDLOCK_SANDBOX)
"""The rows of which one has to work, so that programs can be graded safely."""


@dataclass(frozen=True)
class LayerProbe:
    """One layer: whether it works here, what it does or why it does not, and the setting to change."""

    layer: str
    works: bool
    detail: str
    setting: str = ""


def probe_layers() -> tuple[LayerProbe, ...]:
    """Start a sandbox as grading would and try each of its layers; never raises for what a machine lacks.

    The first row is bubblewrap itself, and :data:`LANDLOCK_SANDBOX` the sandbox that takes its place,
    followed by its promises. Where bubblewrap does not start, the other rows are what that gives, or the
    way round (``--sandbox process``); on another system than Linux nothing does.
    """
    limits = Limits()
    try:
        isolation.require_linux()
    except SandboxError as exc:
        rest = (LayerProbe(layer.name, False, "needs Linux") for layer in LAYERS if layer.is_tried)
        return (LayerProbe("bubblewrap", False, exc.message, exc.hint), *rest)
    try:
        landlocked = _probe("landlock", limits)
        second = LayerProbe(LANDLOCK_SANDBOX, True, "starts; needs no namespaces")
    except SandboxError as exc:
        landlocked = {}
        second = LayerProbe(LANDLOCK_SANDBOX, False, exc.message, exc.hint)
    promises = [
        LayerProbe(f"{LANDLOCK_SANDBOX}: {name}", not landlocked[name], landlocked[name] or does)
        for name, does in PROMISED.items()
        if name in landlocked
    ]
    try:
        path = isolation.find_bubblewrap()
        found = _probe("bubblewrap", limits)
    except SandboxError as exc:
        first = LayerProbe("bubblewrap", False, exc.message, exc.hint)
        missing = [
            LayerProbe(layer.name, False, "needs bubblewrap")
            for layer in LAYERS
            if layer.is_tried and layer.name.endswith("-namespace")
        ]
        return (first, *missing, *_rows(landlocked or _without_any(limits)), second, *promises)
    return (LayerProbe("bubblewrap", True, f"starts ({path})"), *_rows(found), second, *promises)


def _probe(sandbox: isolation.Sandbox, limits: Limits) -> dict[str, str]:
    try:
        file = tempfile.NamedTemporaryFile(prefix="evalsite-doctor-")  # noqa: SIM115 - it is left below
    except OSError as exc:
        raise no_folder(exc) from exc
    with file as outside:
        server = Server(sandbox, limits, environment=PLAIN, index=0)
        try:
            return server.probe(outside.name)
        except (OSError, ValueError) as exc:
            raise explain_refusal(server.kill() or str(exc), sandbox) from exc
        finally:
            server.kill()


def _without_any(limits: Limits) -> dict[str, str]:
    """What is left without a sandbox; nothing where no program can be run at all."""
    try:
        return _probe("process", limits)
    except SandboxError as exc:
        return {
            layer.name: exc.message for layer in LAYERS if layer.is_tried and "process" in layer.sandboxes
        }


def _rows(found: dict[str, str]) -> list[LayerProbe]:
    tried = [(layer, found[layer.name]) for layer in LAYERS if layer.name in found]
    return [
        LayerProbe(layer.name, not wrong, wrong or layer.does, layer.setting if wrong else "")
        for layer, wrong in tried
    ]
