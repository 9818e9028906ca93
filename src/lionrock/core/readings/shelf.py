"""The folder of sealed days: Parquet files that never change, and a manifest that says which of them count."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from lionrock.core.disk import sync
from lionrock.core.vocabulary import BadInput, Source

MANIFEST = "manifest.json"


class Shelf:
    """Sealed files as the writing process keeps them. A retired file goes once no reader may still want it."""

    def __init__(self, folder: Path, source: Source) -> None:
        self.folder, self._source = folder, source
        folder.mkdir(exist_ok=True)
        self._lock = threading.Lock()
        self._borrowers = 0
        self._retired: list[str] = []

    @contextmanager
    def borrowed(self) -> Iterator[None]:
        """No file goes away while the caller reads."""
        with self._lock:
            self._borrowers += 1
        try:
            yield
        finally:
            with self._lock:
                self._borrowers -= 1
                self._clear_retired()

    def retire(self, files: Iterable[str]) -> None:
        """Remove files that no manifest names any more, as soon as nobody here reads."""
        with self._lock:
            self._retired.extend(files)
            self._clear_retired()

    def _clear_retired(self) -> None:
        if not self._borrowers:
            for file in self._retired:
                (self.folder / file).unlink()
                (self.folder / sums_of(file)).unlink(missing_ok=True)
            self._retired.clear()

    def bytes(self, files: Iterable[str]) -> int:
        """Their size on disk."""
        return sum((self.folder / file).stat().st_size for file in files)

    def publish(self, books: Mapping[str, Mapping[str, str]]) -> None:
        """Tell other processes which files count (book -> date -> file name): the old word or the new, never half."""
        text = json.dumps({"source": self._source.value, "books": books}, indent=1, sort_keys=True)
        draft, manifest = self.folder / (MANIFEST + ".new"), self.folder / MANIFEST
        if not manifest.exists() or manifest.read_text() != text:
            draft.write_text(text)
            sync(draft)
            draft.rename(manifest)
            sync(self.folder)

    def repair(self, books: Mapping[str, Mapping[str, str]]) -> None:
        """After a start: every file that counts must be there, the manifest says so, and leftovers go.

        Raises :class:`BadInput` when a sealed file is gone, since its readings are; and when a day lies here that
        the database does not know, which is then not the one that these files belong to. Nothing is removed then.
        """
        counted = {file for days in books.values() for file in days.values()}
        for file in sorted(counted):
            if not (self.folder / file).exists():
                raise BadInput(
                    "a sealed file is gone", where=str(self.folder / file), remedy="bring it back from a copy"
                )
        if unknown := self._list_unknown(books):
            raise BadInput(
                f"sealed days lie here that the database beside them does not know ({len(unknown)} files, "
                f"{unknown[0]} to {unknown[-1]}): it is a new one, or one of an earlier time",
                where=str(self.folder),
                remedy="bring back the readings.duckdb that they belong to, or move this folder away to go on without",
            )
        self.publish(books)
        kept = counted | {sums_of(file) for file in counted} | {MANIFEST}
        for found in self.folder.iterdir():
            if found.name not in kept:
                found.unlink()

    def _list_unknown(self, books: Mapping[str, Mapping[str, str]]) -> list[str]:
        """The files of days that no book knows, in order: by the manifest, or all where that is gone too."""
        try:
            named: Mapping[str, Mapping[str, str]] = json.loads((self.folder / MANIFEST).read_text())["books"]
        except (FileNotFoundError, ValueError):
            return [] if any(books.values()) else sorted(found.name for found in self.folder.glob("*.parquet"))
        return sorted(
            file
            for book, days in named.items()
            for day, file in days.items()
            if day not in books.get(book, {}) and (self.folder / file).exists()
        )


def sums_of(file: str) -> str:
    """The name of the five-minute sums that may lie beside a sealed file; they can always be made again from it."""
    return f"{file.removesuffix('.parquet')}.sums"
