"""Which code fitted a model: a hash of every source file that the fit can reach, and the libraries that it uses."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import inspect
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path
from typing import Any

HASH_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Provenance:
    """``engine`` changes with any source file of ours that a function reaches; ``libraries`` are others' by version."""

    engine: str
    libraries: dict[str, str]


@cache
def provenance_of(function: Callable[..., Any]) -> Provenance:
    """Follow the imports of the module that ``function`` stands in, read as text."""
    module = inspect.getmodule(function)
    if module is None:
        raise TypeError(f"{function!r} stands in no module")
    own = {"lionrock", module.__name__.partition(".")[0]}
    files: dict[str, Path] = {}
    others: set[str] = set()
    waiting = [module.__name__]
    while waiting:
        name = waiting.pop()
        path = _source_of(name)
        if name in files or path is None:
            continue
        files[name] = path
        for imported in _imports(path):
            root = imported.partition(".")[0]
            if root in own:
                waiting += [imported, imported.rpartition(".")[0] or imported]
            elif root not in sys.stdlib_module_names:
                others.add(root)
    digest = hashlib.sha256()
    for name, path in sorted(files.items()):
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return Provenance(digest.hexdigest()[:HASH_LENGTH], _versions(others))


def _source_of(name: str) -> Path | None:
    """The source file of a module; None where ``name`` is no module (a class, a function)."""
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        return None
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return None
    return Path(spec.origin)


def _imports(path: Path) -> Iterator[str]:
    """Every absolute name that a file imports, as a module and as a module's member."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _versions(roots: set[str]) -> dict[str, str]:
    """The version of each library that is installed, by its distribution's name, and Python's own."""
    owners = packages_distributions()
    found = {"python": platform.python_version()}
    for name in sorted({owner for root in roots for owner in owners.get(root, ())}):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
