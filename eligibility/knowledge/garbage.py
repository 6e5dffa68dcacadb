"""Pauses in the collection of garbage, for work that makes many objects and no cycles of them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["uncollected"]


@contextmanager
def uncollected() -> Iterator[None]:
    """Put the looking for cycles off until after the block, if it is on: it would look through all and find nothing.

    Where one that goes deeper is due, it is done before the block: what the block makes would be taken for lasting, and
    have everything that lasts looked through.
    """
    collecting = gc.isenabled()
    if collecting and gc.get_count()[1] >= gc.get_threshold()[1] > 0:
        gc.collect(1)
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
