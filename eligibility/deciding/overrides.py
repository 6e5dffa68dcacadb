"""A file of overrides: criteria that a person has settled, by id."""

from __future__ import annotations

import difflib
from pathlib import Path

from eligibility.deciding.screen import Override
from eligibility.errors import EligibilityError
from eligibility.patient import loading
from eligibility.rules import Trial

__all__ = ["load_overrides"]


def load_overrides(path: str | Path, trial: Trial) -> dict[str, Override]:
    """The overrides in a YAML or JSON file: ``{criterion id: {status: met, by: who, why: ...}}``.

    "-" is standard input.

    Raises :class:`~eligibility.errors.EligibilityError`, with the place, for what is no override and for an id that the
    trial does not have.
    """
    document = loading.read(path, EligibilityError)
    if not isinstance(document.data, dict):
        raise document.error("expected overrides, as {criterion id: {status: met, by: Dr. Who, why: ...}}")
    known = [criterion.id for criterion in trial.criteria]
    found: dict[str, Override] = {}
    for name, given in document.data.items():
        if name not in known:
            close = difflib.get_close_matches(str(name), known, 1, 0.6)
            hint = f"; did you mean {close[0]}?" if close else "; 'eligibility read' shows the ids"
            raise document.error(f"the trial has no criterion {str(name)[:60]!r}{hint}", (name,), of_key=True)
        try:
            found[name] = Override.of(name, given)
        except EligibilityError as problem:
            raise document.error(problem.message, (name,)) from None
    return found
