"""The evalsite that runs here as a wheel, for a workflow that could get it nowhere else.

Nothing is built and nothing is fetched: what is installed (or checked out) is packed as it is, in the form of
PEP 427, the same bytes each time.
"""

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from evalsite import __version__
from evalsite.assets import asset_dir

WHEELS = "wheels"
"""The folder of a results repository that wheels lie in."""

_INFO = f"evalsite-{__version__}.dist-info"
_WHEEL = b"Wheel-Version: 1.0\nGenerator: evalsite\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def wheel_name() -> str:
    """The file's name; it says what is in it, so it may not be chosen."""
    return f"evalsite-{__version__}-py3-none-any.whl"


@cache  # what runs here stays what it is
def own_wheel() -> bytes:
    """Pack the running evalsite with its templates and static files."""
    packed = io.BytesIO()
    record = []
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, data in [*_sources(), *_metadata()]:
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append(f"{name},sha256={digest},{len(data)}")
            wheel.writestr(zipfile.ZipInfo(name, _LONG_AGO), data, zipfile.ZIP_DEFLATED)
        lines = "\n".join([*record, f"{_INFO}/RECORD,,", ""])
        wheel.writestr(zipfile.ZipInfo(f"{_INFO}/RECORD", _LONG_AGO), lines)
    return packed.getvalue()


def _sources() -> Iterator[tuple[str, bytes]]:
    roots = {
        "evalsite": Path(__file__).resolve().parents[1],
        "evalsite/templates": asset_dir("templates"),  # inside the package or beside it
        "evalsite/static": asset_dir("static"),
    }
    found = {
        f"{into}/{path.relative_to(root).as_posix()}": path
        for into, root in roots.items()
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    return ((name, found[name].read_bytes()) for name in sorted(found))


def _metadata() -> Iterator[tuple[str, bytes]]:
    """What pip reads, from where it wrote it down when it installed this evalsite."""
    installed = distribution("evalsite")
    yield f"{_INFO}/METADATA", (installed.read_text("METADATA") or "").encode()
    yield f"{_INFO}/entry_points.txt", (installed.read_text("entry_points.txt") or "").encode()
    yield f"{_INFO}/WHEEL", _WHEEL
