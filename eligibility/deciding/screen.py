"""A whole trial for one patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cached_property
from typing import Any, Final

from eligibility.deciding import lasting as _lasting
from eligibility.deciding.case import STANDARD, Case, Settings
from eligibility.deciding.evaluate import case_of, concerns, verdict_on, verdicts_on
from eligibility.deciding.verdict import Need, Verdict, Who
from eligibility.errors import EligibilityError
from eligibility.patient.profile import PatientProfile
from eligibility.rules import Criterion, Trial
from eligibility.truth import Status

__all__ = ["Eligibility", "Override", "Screening", "excludes", "screen"]

ANOTHER_ARM: Final = "another arm"  # than the one that a trial names
_AHEAD: Final = 3660
"""How many days ahead the first possible date is looked for: ten years."""
_STEPS: Final = 64
_NO_OVERRIDES: Final[Mapping[str, Override]] = {}


class Eligibility(str, Enum):
    """What a trial's criteria say together."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    UNDETERMINED = "undetermined"

    def __str__(self) -> str:
        """The value: what a person reads."""
        return self.value


@dataclass(frozen=True, slots=True)
class Override:
    """A criterion that a person has settled, and why."""

    status: Status
    by: str
    why: str = ""

    @classmethod
    def of(cls, criterion: str, given: Any) -> Override:
        """An override as a file of overrides writes it. Raises :class:`EligibilityError`."""
        if isinstance(given, Override):
            return given
        if not isinstance(given, Mapping):
            raise EligibilityError(f"override of {criterion}: expected {{status, by, why}}")
        if unknown := set(given) - {"status", "by", "why"}:
            raise EligibilityError(
                f"override of {criterion}: there is no field {min(map(str, unknown))!r}; the fields are status, by, why"
            )
        try:
            status = Status(str(given.get("status")).lower())
        except ValueError:
            raise EligibilityError(f"override of {criterion}: expected the status met, unmet or unknown") from None
        by = str(given.get("by") or "").strip()
        if not by:
            raise EligibilityError(f"override of {criterion}: 'by' must name the person who settled it")
        return cls(status, by, str(given.get("why") or ""))


@dataclass
class Screening:
    """The verdicts on all criteria of a trial, in the order of its text, and what they say together."""

    trial: Trial
    verdicts: tuple[Verdict, ...]
    on: date
    profile: PatientProfile
    settings: Settings = field(default=STANDARD, repr=False)
    overrides: Mapping[str, Override] = field(default_factory=dict, repr=False)

    @cached_property
    def status(self) -> Eligibility:
        """Eligible, ineligible or undetermined; of several arms, if no arm is chosen: eligible if one is."""
        found = self.arms
        if not found:
            return _together(self.trial.criteria, self.verdicts, None)
        kinds = set(found.values())
        if Eligibility.ELIGIBLE in kinds:
            return Eligibility.ELIGIBLE
        return Eligibility.INELIGIBLE if kinds == {Eligibility.INELIGIBLE} else Eligibility.UNDETERMINED

    @cached_property
    def arms(self) -> dict[str, Eligibility]:
        """The status for each arm, where the trial has several and the profile names none."""
        criteria = self.trial.criteria
        if self.profile.arm is not None:
            return {}
        names = self.trial.arms or tuple(dict.fromkeys(arm for criterion in criteria for arm in criterion.arms))
        if not names:
            return {}
        found = {}
        for arm in names:
            alone = self.profile.model_copy(update={"arm": arm})
            found[arm] = screen(self.trial, alone, self.on, self.overrides, self.settings).status
        if len(names) == 1 and any(not criterion.arms for criterion in criteria):
            found[ANOTHER_ARM] = self._of_another_arm()
        return found

    def _of_another_arm(self) -> Eligibility:
        """The status for those whom nothing that is said of the one named arm concerns: at best open."""
        alone = self.profile.model_copy(update={"arm": ANOTHER_ARM})
        status = screen(self.trial, alone, self.on, self.overrides, self.settings).status
        return Eligibility.UNDETERMINED if status is Eligibility.ELIGIBLE else status

    @cached_property
    def lasting(self) -> bool:
        """Whether it is ineligible, and no time, new test or stopped treatment can change it."""
        if self.status is not Eligibility.INELIGIBLE:
            return False
        if self.arms:
            return all(
                screen(
                    self.trial, self.profile.model_copy(update={"arm": arm}), self.on, self.overrides, self.settings
                ).lasting
                for arm in self.arms
            )
        return any(
            verdict.lasting
            for criterion, verdict in zip(self.trial.criteria, self.verdicts, strict=True)
            if excludes(criterion, verdict.status)
        )

    @property
    def headline(self) -> str:
        """The status in a few words: ``ineligible for now; first possible on 2026-12-14``."""
        if self.status is not Eligibility.INELIGIBLE:
            return str(self.status)
        if self.lasting:
            return f"{self.status}, lasting"
        day = self.first_possible
        return f"{self.status} for now" + (f"; first possible on {day}" if day else "")

    @cached_property
    def open(self) -> dict[Who, tuple[Need, ...]]:
        """What is unknown of the criteria that are not decided, by who can answer."""
        found: dict[Who, dict[Need, None]] = {}
        for verdict in self.verdicts:
            for need in verdict.needs:
                found.setdefault(need.who, {})[need] = None
        return {who: tuple(needs) for who, needs in found.items()}

    @cached_property
    def first_possible(self) -> date | None:
        """The first day on which what excludes now excludes no more, as far as the facts on record say; or ``None``."""
        if self.status is not Eligibility.INELIGIBLE or self.lasting or self.arms:
            return None
        blocking = [
            criterion
            for criterion, verdict in zip(self.trial.criteria, self.verdicts, strict=True)
            if excludes(criterion, verdict.status) and criterion.id not in self.overrides
        ]
        if not blocking:
            return None
        day = self.on.toordinal()
        limit = day + _AHEAD
        for _ in range(_STEPS):
            case = case_of(self.profile, date.fromordinal(day), self.settings)
            against = [
                verdict
                for criterion in blocking
                if excludes(criterion, (verdict := verdict_on(criterion, case)).status)
            ]
            if not against:
                return date.fromordinal(day)
            ends = [until for verdict in against if (until := _lasting.stays(verdict)[1]) is not None]
            if len(ends) < len(against):
                return None
            day = max(end.toordinal() for end in ends) + 1
            if day > limit:
                return None
        return None


def excludes(criterion: Criterion, status: Status) -> bool:
    """Whether a criterion that is decided so keeps the patient out."""
    return status is (Status.UNMET if criterion.kind == "inclusion" else Status.MET)


def _together(criteria: tuple[Criterion, ...], verdicts: tuple[Verdict, ...], arm: str | None) -> Eligibility:
    unknown = False
    for criterion, verdict in zip(criteria, verdicts, strict=True):
        if criterion.arms and arm is not None and not concerns(criterion.arms, arm):
            continue
        if excludes(criterion, verdict.status):
            return Eligibility.INELIGIBLE
        unknown = unknown or verdict.status is Status.UNKNOWN
    return Eligibility.UNDETERMINED if unknown else Eligibility.ELIGIBLE


def screen(
    trial: Trial,
    profile: PatientProfile,
    on: date | None = None,
    overrides: Mapping[str, Any] | None = None,
    settings: Settings = STANDARD,
) -> Screening:
    """Decide every criterion of a trial for one patient on the screening date ``on``.

    ``overrides`` settle criteria by id, as ``{status, by, why}``; they are shown as that person's verdicts. Raises
    :class:`~eligibility.errors.EligibilityError` for an override that cannot be read, or of no criterion of it.
    """
    on = on or profile.as_of or date.today()
    case = case_of(profile, on, settings)
    if not overrides:
        return Screening(trial, verdicts_on(trial, case), on, profile, settings, _NO_OVERRIDES)
    settled = {name: Override.of(name, given) for name, given in overrides.items()}
    known = {criterion.id for criterion in trial.criteria}
    if strange := [name for name in settled if name not in known]:
        raise EligibilityError(f"override of {strange[0]}: the trial has no criterion with this id")
    verdicts = tuple(_overridden(criterion, case, settled.get(criterion.id)) for criterion in trial.criteria)
    return Screening(trial, verdicts, on, profile, settings, settled)


def _overridden(criterion: Criterion, case: Case, override: Override | None) -> Verdict:
    verdict = verdict_on(criterion, case)
    if override is None:
        return verdict
    said = f"{override.status}, settled by {override.by}" + (f": {override.why}" if override.why else "")
    return Verdict(
        override.status, criterion.rule, case, cause=verdict.cause, parts=verdict.parts, detail=said, span=verdict.span
    )
