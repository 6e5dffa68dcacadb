"""What has been worked out of a rule, kept for as long as the rule is in use.

A rule is hashed by all that it says; that costs more than most of what is worked out of it. Equal rules of one reading
are mostly one object, so they are found by identity here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["Kept"]

K = TypeVar("K")
V = TypeVar("V")


class Kept(Generic[K, V]):
    """A function of one frozen object, worked out once for each."""

    __slots__ = ("_kept", "_make", "_most")

    def __init__(self, make: Callable[[K], V], most: int = 65536) -> None:
        """``most``: how many are kept; then it is begun anew."""
        self._make = make
        self._most = most
        self._kept: dict[int, tuple[K, V]] = {}

    def __call__(self, key: K) -> V:
        """What was made of the very object."""
        found = self._kept.get(id(key))
        if found is None:
            if len(self._kept) >= self._most:
                self._kept.clear()
            # the key is kept beside it, so that its id stays its own
            found = self._kept[id(key)] = key, self._make(key)
        return found[1]
