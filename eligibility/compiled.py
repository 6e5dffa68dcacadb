"""Runs compiled modules in the place of the sources that they were compiled from.

Where there was a C compiler when the package was installed, mypyc made extension modules of the very same files
(``.ci/compile.py``): they read half as fast again, and decide twice as fast. They serve as long as they are of these
sources. Once any of them has been edited, all run as Python, until the package is installed or ``.ci/compile.py`` run
anew. ``ELIGIBILITY_INTERPRETED=1`` has them run as Python, too: for a debugger, for coverage, for a profile by lines.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Sequence
from functools import cached_property
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Final

__all__ = ["FOLDER", "INTERPRETED", "LIST", "PACKAGE", "Finder", "install", "installed", "source_of", "stamp"]

PACKAGE = Path(__file__).resolve().parent
FOLDER = PACKAGE / "_data" / "compiled"
LIST: Final = "modules.json"
INTERPRETED: Final = "ELIGIBILITY_INTERPRETED"


def stamp(sources: Iterable[Path]) -> str:
    """What tells files as they are now from what they are once edited."""
    seen = hashlib.sha256()
    for source in sources:
        content = source.read_bytes()
        seen.update(f"{source.name}\0{len(content)}\0".encode())
        seen.update(content)
    return seen.hexdigest()


def source_of(module: str) -> Path:
    """Where the source of a module of the package is, whether it was compiled or not."""
    return PACKAGE.joinpath(*module.split(".")[1:]).with_suffix(".py")


class Finder:
    """Finds the compiled modules in a folder, if there are any and they are of the sources of the package.

    An entry of ``sys.meta_path`` by its method alone: the base class of such entries takes long to import.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _found(self) -> dict[str, str]:
        """Of each compiled module its file."""
        try:
            made: dict[str, Any] = json.loads((self._folder / LIST).read_text(encoding="utf-8"))
            sources = [PACKAGE / source for source in made["sources"]]
            if made["suffix"] in EXTENSION_SUFFIXES and made["stamp"] == stamp(sources):
                return dict(made["modules"])
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where a module is, if it was compiled."""
        if not fullname.startswith("eligibility") or fullname not in self._found:
            return None
        return spec_from_file_location(fullname, self._folder / self._found[fullname])

    @property
    def any(self) -> bool:
        """Whether there are compiled modules that fit."""
        return bool(self._found)


_FINDER = Finder(FOLDER)


def install() -> None:
    """Have the compiled modules found before the sources."""
    if not os.environ.get(INTERPRETED) and _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)


def installed() -> bool:
    """Whether compiled modules run."""
    return _FINDER in sys.meta_path and _FINDER.any
