"""What has been worked out of a rule, kept for as long as the rule is in use.

A rule is hashed by all that it says; that costs more than most of what is worked out of it. Equal rules of one reading
are mostly one object, so they are found by identity here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

__all__ = ["kept"]

K = TypeVar("K")
V = TypeVar("V")


def kept(make: Callable[[K], V], most: int = 65536) -> Callable[[K], V]:
    """A function of one frozen object, worked out once for each; of ``most`` of them, then it is begun anew."""
    known: dict[int, tuple[K, V]] = {}

    def of(key: K) -> V:
        found = known.get(id(key))
        if found is None:
            if len(known) >= most:
                known.clear()
            # the key is kept beside it, so that its id stays its own
            found = known[id(key)] = key, make(key)
        return found[1]

    return of
