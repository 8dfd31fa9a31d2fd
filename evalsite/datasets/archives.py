"""Zip files of several files, read as a folder of the same files is."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile

from evalsite.datasets.packings import DAMAGED, ZIP, files_of_zip, refuse_many
from evalsite.datasets.unpacking import CUT_OFF, NOT_FOUND, Room, starts_with
from evalsite.errors import DatasetError

BLOCK = 1 << 20


@dataclass
class Unpacked:
    """A folder with what a zip file holds, for as long as somebody holds this."""

    path: Path
    """The zip file."""
    _folder: tempfile.TemporaryDirectory[str] = field(repr=False)

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return Path(self._folder.name)

    def called(self, text: str) -> str:
        """A text that names a file by where it was unpacked, with the zip file in the folder's place."""
        return text.replace(f"{self.folder}/", f"{self.path}: ").replace(str(self.folder), str(self.path))

    def renamed(self, error: DatasetError) -> DatasetError:
        """An error that names such files, with what they are called."""
        return DatasetError(self.called(error.message), hint=error.hint)


def unpack_several(path: Path, room: Room, *, not_found: str = NOT_FOUND) -> Unpacked | None:
    """Unpack a zip file of several files; None for anything else.

    Raises :class:`DatasetError` for one that is damaged, names what lies outside of it, or takes more than
    there is ``room`` for.
    """
    if path.is_dir() or starts_with(path, len(ZIP), not_found=not_found) != ZIP:
        return None
    refuse_many(path)
    try:
        with ZipFile(path) as archive:
            names = files_of_zip(archive)
            if len(names) < 2:
                return None
            found = Unpacked(path, tempfile.TemporaryDirectory(prefix="evalsite-"))
            left = room.unpacked(path.stat().st_size)
            for name in names:
                left -= _write(archive, name, _inside(path, found.folder, name), left)
                if left < 0:
                    raise room.refuse(str(path), path.stat().st_size)
            return found
    except (*DAMAGED, BadZipFile, RuntimeError) as exc:
        raise DatasetError(f"{path}: the zip data end early or are damaged ({exc})", hint=CUT_OFF) from exc


def _inside(path: Path, folder: Path, name: str) -> Path:
    """Where a member goes, which is never outside of the folder."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or any(part in ("..", "/") or ":" in part for part in parts):
        raise DatasetError(f"{path}: holds {name!r:.200}, which lies outside of it")
    target = folder.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _write(archive: ZipFile, name: str, target: Path, most: int) -> int:
    """Unpack a member as far as ``most`` bytes, and return how many it has by then."""
    size = 0
    with archive.open(name) as member, target.open("wb") as file:
        while size <= most and (block := member.read(BLOCK)):
            file.write(block)
            size += len(block)
    return size
