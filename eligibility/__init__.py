"""Reads clinical-trial eligibility criteria and decides them for one patient: met, unmet or unknown, and why.

>>> import eligibility
>>> criterion = eligibility.read_criterion("Platelets >= 100 x 10^9/L", kind="inclusion")
>>> patient = eligibility.PatientProfile.model_validate({"observations": [
...     {"name": "platelets", "value": 120, "unit": "10*9/L", "date": "2026-10-25"}]})
>>> eligibility.evaluate(criterion, patient, on=date(2026, 11, 1)).status
<Status.MET: 'met'>

Names are imported when they are first used: ``import eligibility`` alone loads neither the grammar nor the units.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from eligibility import compiled

if TYPE_CHECKING:
    from eligibility.deciding.evaluate import evaluate
    from eligibility.deciding.screen import Screening, screen
    from eligibility.deciding.verdict import Verdict
    from eligibility.patient.profile import PatientProfile
    from eligibility.reading.reader import read_criterion
    from eligibility.reading.trial import read_trial
    from eligibility.rules import Criterion, Trial
    from eligibility.truth import Status

__all__ = [
    "Criterion",
    "PatientProfile",
    "Screening",
    "Status",
    "Trial",
    "Verdict",
    "evaluate",
    "read_criterion",
    "read_trial",
    "screen",
]

compiled.install()

_HOME = {
    "Criterion": "eligibility.rules",
    "PatientProfile": "eligibility.patient.profile",
    "Screening": "eligibility.deciding.screen",
    "Status": "eligibility.truth",
    "Trial": "eligibility.rules",
    "Verdict": "eligibility.deciding.verdict",
    "evaluate": "eligibility.deciding.evaluate",
    "read_criterion": "eligibility.reading.reader",
    "read_trial": "eligibility.reading.trial",
    "screen": "eligibility.deciding.screen",
}
_TO_DECIDE = ("eligibility.deciding.screen", "eligibility.deciding.explain")
"""What a profile is made for, imported with it: the first decision should not wait for modules."""


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    if name == "PatientProfile":
        for module in _TO_DECIDE:
            import_module(module)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
