"""What has been worked out from data files, kept on disk for the next start.

A cache is a convenience: where the user's cache folder cannot be used, or what lies there is not ours, the work is done
again, silently.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

__all__ = ["cached", "folder", "kept"]


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
    """What ``build`` returns (plain JSON), from the disk if no source has changed since it was written there."""
    seen = hashlib.sha256()
    for source in sources:
        status = source.stat()
        seen.update(f"{source}\0{status.st_mtime_ns}\0{status.st_size}\0".encode())
    return kept(name, seen.hexdigest(), build)


def kept(name: str, stamp: str, build: Callable[[], Any]) -> Any:
    """What ``build`` returns (plain JSON), from the disk if it was written there under the same ``stamp``."""
    place = folder()
    if place is None:
        return build()
    path = place / f"{name}.json"
    try:
        with path.open(encoding="utf-8") as file:
            if file.readline().strip() == stamp:
                return json.loads(file.readline())
    except (OSError, ValueError):
        pass
    value = build()
    try:
        handle, temporary = tempfile.mkstemp(dir=place, prefix=f"{name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{stamp}\n{json.dumps(value, ensure_ascii=True)}\n")
        os.replace(temporary, path)
    except OSError:
        pass
    return value
