"""A folder of files by key: written whole or not at all, never outside the folder."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path

from lionrock.core.disk import sync
from lionrock.core.vocabulary import BadInput, NotFound

KEY = re.compile(r"(?!.*\.\.)[\w.@=,+-]+(/[\w.@=,+-]+)*", re.ASCII)


class Files:
    """Bytes by key (``models/traffic/3f2a``) under one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, key: str, body: bytes) -> None:
        """Keep ``body`` under ``key``, durably and whole: a crash leaves the old file or the new one.

        Of several writers at once the last one's file stays.
        """
        path = self._path(key)
        _make_folder(path.parent)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
        with draft.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync(path.parent)  # syncing a file keeps its bytes alone

    def get(self, key: str) -> bytes:
        """The bytes under ``key``; raises NotFound."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError as error:
            raise NotFound(f"no file is kept under {key}") from error

    def has(self, key: str) -> bool:
        """Whether a file is kept under ``key``."""
        return self._path(key).is_file()

    def drop(self, key: str) -> None:
        """Let go of the file under ``key``, if there is one."""
        self._path(key).unlink(missing_ok=True)

    def list_keys(self, prefix: str = "") -> Iterator[str]:
        """Every key below the folder ``prefix``, in order."""
        start = self._path(prefix) if prefix else self.folder
        for path in sorted(start.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(self.folder).as_posix()

    def _path(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise BadInput(f"{key!r} is no key", remedy="letters, digits, . _ - = , + @ and / between the parts")
        return self.folder / key


def _make_folder(folder: Path) -> None:
    """Make a folder whose name survives a power cut, and those above it."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync(folder.parent)
