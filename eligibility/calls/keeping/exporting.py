"""What is kept of a call, as plain JSON for other programs."""

from __future__ import annotations

from typing import Any

from eligibility.calls.events import plain
from eligibility.calls.keeping.store import KeptCall

__all__ = ["all_of", "profile_of"]


def all_of(call: KeptCall) -> dict[str, Any]:
    """Everything: the trials as they were read, text and rules, what was known before, and every event in its order."""
    return {
        "format": "eligibility kept call 1",
        "id": call.id,
        "begun_at": call.begun_at.isoformat(),
        "begun_by": call.begun_by,
        "on": call.on.isoformat(),
        "ask_labs": call.ask_labs,
        "edition": call.edition,
        "before": call.before.model_dump(mode="json", exclude_defaults=True),
        "trials": [{"digest": one.digest, "trial": one.trial.model_dump(mode="json")} for one in call.texts],
        "events": [
            {"number": one.number, "at": one.at.isoformat(), "by": one.by, **plain(one.event)} for one in call.moments
        ],
    }


def profile_of(call: KeptCall) -> dict[str, Any]:
    """What is known of the caller by now, as a profile document."""
    found: dict[str, Any] = call.profile.model_dump(mode="json", exclude_defaults=True)
    return found
