"""Templates in zip files."""

from __future__ import annotations

import io
import shutil
import urllib.request
import zipfile
from pathlib import Path

from generator.errors import ScaffoldError

MOST_ZIP_BYTES, MOST_ZIP_FILES = 500_000_000, 50_000


def unpack(where: str, folder: Path) -> Path:
    """Unpack a zip file into `folder`, and return the one folder in it, or `folder`."""
    try:
        content = _downloaded(where) if "://" in where else Path(where).read_bytes()
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if sum(e.file_size for e in entries) > MOST_ZIP_BYTES or len(entries) > MOST_ZIP_FILES:
                raise ScaffoldError(f"{where} unpacks to more than a template has.")
            for entry in entries:
                if not (folder / entry.filename).resolve().is_relative_to(folder.resolve()):
                    raise ScaffoldError(f"{where} has a path that leaves it: {entry.filename}")
            archive.extractall(folder)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise ScaffoldError(f"{where} is not a zip file that can be read: {error}.") from error
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise ScaffoldError(f"{where} cannot be read: {error}.", "Check the address.") from error
    inside = list(folder.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else folder


def _downloaded(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 (the person's own address)
        content: bytes = answer.read(MOST_ZIP_BYTES)
    return content
