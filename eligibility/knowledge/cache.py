"""What has been worked out from data files, kept on disk for the next start.

An installed package brings what was worked out when it was built, so that its first start is no slower than the next.
What has changed since then is worked out once and kept in the user's cache folder. That is a convenience: where the
folder cannot be used, or what lies there is not ours, the work is done again, silently.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from eligibility.compiled import PACKAGE, stamp
from eligibility.knowledge.garbage import uncollected

__all__ = ["BROUGHT", "cached", "folder", "kept"]

BROUGHT = PACKAGE / "_data" / "tables"
"""What the package brings: written when it is built or installed, and only read."""


def folder() -> Path | None:
    """The folder for this user's caches, readable by nobody else; ``None`` where there is none to trust."""
    import platformdirs  # noqa: PLC0415  (only when there is something to look up)

    path = Path(os.environ.get("ELIGIBILITY_CACHE") or platformdirs.user_cache_dir("eligibility", appauthor=False))
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = path.stat()
    except OSError:
        return None
    if hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & 0o022):
        return None
    return path


def cached(name: str, sources: Iterable[Path], build: Callable[[], Any]) -> Any:
    """What ``build`` returns (plain JSON), from the disk if what it is made of reads as it did when it was written."""
    return kept(name, stamp(sources), build)


def kept(name: str, stamp: str, build: Callable[[], Any]) -> Any:
    """What ``build`` returns (plain JSON), from the disk if it was written there under the same ``stamp``."""
    place = folder()
    for known in (BROUGHT, place):
        if known is None:
            continue
        try:
            with (known / f"{name}.json").open(encoding="utf-8") as file:
                if file.readline().strip() == stamp:
                    return json.loads(file.readline())
        except (OSError, ValueError):
            pass
    with uncollected():
        value = build()
    if place is not None:
        try:
            handle, temporary = tempfile.mkstemp(dir=place, prefix=f"{name}.")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(f"{stamp}\n{json.dumps(value, ensure_ascii=True)}\n")
            os.replace(temporary, place / f"{name}.json")
        except OSError:
            pass
    return value
