"""Where calls are kept: every answer is written before the next question is asked, and nothing is ever changed."""

from __future__ import annotations

from eligibility.calls.keeping.store import Entry, KeptCall, Moment, Store

__all__ = ["Entry", "KeptCall", "Moment", "Store"]
