"""The report: a screening as plain data, in the order in which a person wants it.

First the status and what decides it, then what is unknown and who can answer, then every criterion. The table, the
page and the JSON all show this, so that none can say what another does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, TypeAlias

from eligibility import __name__ as _package
from eligibility.deciding.explain import said, words_of
from eligibility.deciding.screen import Eligibility, Screening
from eligibility.deciding.verdict import Need, Verdict, Who
from eligibility.rules import Criterion
from eligibility.showing.reading import Piece, Tally, pieces, plain, tally
from eligibility.truth import Status

__all__ = ["ASKED", "Decision", "Effect", "Fact", "Question", "Report", "as_json", "report_of"]

Effect: TypeAlias = Literal["passes", "excludes", "open"]
"""What a verdict means for the patient: an exclusion criterion that is met excludes, an inclusion criterion passes."""

ASKED: dict[Who, str] = {
    "caller": "Ask the caller",
    "chart": "Look up in the chart",
    "site": "Have it measured at the site",
    "investigator": "Ask the investigator",
    "text": "Read the text: it was not understood",
}
"""Who can answer, in the order from the cheapest answer to the dearest."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is not known, and the ids of the criteria that wait for it."""

    who: Who
    words: str
    need: Need
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of the patient that a verdict rests on."""

    words: str
    note: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One criterion with its verdict."""

    criterion: Criterion
    verdict: Verdict
    effect: Effect
    reason: str
    facts: tuple[Fact, ...]
    questions: tuple[str, ...]
    pieces: tuple[Piece, ...]
    by: str | None  # the person who settled it
    why: str

    @property
    def status(self) -> Status:
        """Met, unmet or unknown."""
        return self.verdict.status


@dataclass(frozen=True, slots=True)
class Report:
    """A whole screening."""

    screening: Screening
    patient: str | None
    trial: str
    effect: Effect
    headline: str
    deciding: tuple[Decision, ...]
    decided: str  # in a sentence, what the status rests on
    questions: tuple[tuple[str, tuple[Question, ...]], ...]
    decisions: tuple[Decision, ...]
    tally: Tally

    def kind(self, kind: Literal["inclusion", "exclusion"]) -> tuple[Decision, ...]:
        """The criteria of one kind, in the order of the text."""
        return tuple(one for one in self.decisions if one.criterion.kind == kind)


_OF_TRIAL: dict[Eligibility, Effect] = {
    Eligibility.ELIGIBLE: "passes",
    Eligibility.INELIGIBLE: "excludes",
    Eligibility.UNDETERMINED: "open",
}


def report_of(screening: Screening) -> Report:
    """All that there is to show of a screening."""
    trial = screening.trial
    decisions = tuple(
        _decision(screening, criterion, verdict)
        for criterion, verdict in zip(trial.criteria, screening.verdicts, strict=True)
    )
    excluding = tuple(one for one in decisions if one.effect == "excludes")
    return Report(
        screening=screening,
        patient=screening.profile.id,
        trial=" ".join(part for part in (trial.record.nct_id, trial.record.title) if part),
        effect=_OF_TRIAL[screening.status],
        headline=screening.headline,
        deciding=excluding if screening.status is Eligibility.INELIGIBLE else (),
        decided=_decided(screening, decisions),
        questions=_questions(screening),
        decisions=decisions,
        tally=tally(trial.criteria),
    )


# ---------------------------------------------------------------------------------------------------------------------
# Parts


def _decision(screening: Screening, criterion: Criterion, verdict: Verdict) -> Decision:
    override = screening.overrides.get(criterion.id)
    return Decision(
        criterion=criterion,
        verdict=verdict,
        effect=_effect(criterion, verdict),
        reason=verdict.reason if override is None else verdict.detail,
        facts=tuple(Fact(said(fact), fact.note) for fact in verdict.facts),
        questions=tuple(question(need) for need in verdict.needs),
        pieces=pieces(criterion),
        by=override.by if override else None,
        why=override.why if override else "",
    )


def _effect(criterion: Criterion, verdict: Verdict) -> Effect:
    if verdict.status is Status.UNKNOWN:
        return "open"
    return "passes" if (verdict.status is Status.MET) == (criterion.kind == "inclusion") else "excludes"


def _decided(screening: Screening, decisions: tuple[Decision, ...]) -> str:
    count = {effect: sum(one.effect == effect for one in decisions) for effect in ("passes", "excludes", "open")}
    everything = _many(len(decisions), "criterion", "criteria")
    arms = "; ".join(f"{name}: {status}" for name, status in screening.arms.items())
    if arms:
        return f"By arm: {arms}."
    match screening.status:
        case Eligibility.ELIGIBLE:
            return f"Nothing excludes, and nothing is open, of {everything}."
        case Eligibility.INELIGIBLE:
            one = "criterion excludes" if count["excludes"] == 1 else "criteria exclude"
            return f"{count['excludes']} {one}; {count['open']} open, {count['passes']} passed, of {everything}."
        case Eligibility.UNDETERMINED:
            return f"Nothing excludes so far; {count['open']} open, {count['passes']} passed, of {everything}."


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _questions(screening: Screening) -> tuple[tuple[str, tuple[Question, ...]], ...]:
    waiting: dict[Need, list[str]] = {}
    for criterion, verdict in zip(screening.trial.criteria, screening.verdicts, strict=True):
        for need in verdict.needs:
            waiting.setdefault(need, []).append(criterion.id)
    found = []
    for who, heading in ASKED.items():
        asked = tuple(
            Question(who, question(need), need, tuple(ids)) for need, ids in waiting.items() if need.who == who
        )
        if asked:
            found.append((heading, asked))
    return tuple(found)


_ASKED_OF: Final = {
    "presence": "present, absent, or had in the past?",
    "given or not": "given or not, and when?",
    "dates": "when?",
    "answer": "yes or no?",
    "reading": "what does it ask, and does it hold?",
}


def question(need: Need) -> str:
    """What to ask: ``liver metastases: present, absent, or had in the past?``."""
    asked = _ASKED_OF.get(need.attribute)
    if asked is None:
        asked = {"value": "what is it?", "result": "what was the result?"}.get(need.attribute, f"{need.attribute}?")
    details = [f"in {need.unit}"] if need.unit else []
    details += [f"within {need.window}"] if need.window else []
    subject = need.subject.strip().rstrip(".;,")
    return f"{subject}: {asked}" + (f" ({', '.join(details)})" if details else "")


# ---------------------------------------------------------------------------------------------------------------------
# JSON


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain JSON. Criteria carry their rules, facts, reasons and the verdicts of their parts."""
    screening, trial = report.screening, report.screening.trial
    first = screening.first_possible
    return {
        "format": f"{_package} screening 1",
        "on": screening.on.isoformat(),
        "patient": report.patient,
        "trial": {"nct_id": trial.record.nct_id, "title": trial.record.title, "studied": list(trial.studied)},
        "status": str(screening.status),
        "lasting": screening.lasting,
        "first_possible": first.isoformat() if first else None,
        "arms": {name: str(status) for name, status in screening.arms.items()},
        "deciding": [one.criterion.id for one in report.deciding],
        "open": {
            questions[0].who: [
                {"question": one.words, **asdict(one.need), "criteria": list(one.criteria)} for one in questions
            ]
            for _, questions in report.questions
        },
        "read": {"words": report.tally.words, "not_understood": report.tally.unread, "open_names": report.tally.open},
        "criteria": [_criterion(one) for one in report.decisions],
        "notes": list(trial.notes),
    }


def _criterion(one: Decision) -> dict[str, Any]:
    criterion, verdict = one.criterion, one.verdict
    return {
        "id": criterion.id,
        "kind": criterion.kind,
        "text": criterion.text,
        "arms": list(criterion.arms),
        "status": str(verdict.status),
        "effect": one.effect,
        "reason": one.reason,
        "cause": str(verdict.cause) if verdict.cause and verdict.status is Status.UNKNOWN else None,
        "settled": {"by": one.by, "why": one.why} if one.by else None,
        "facts": [asdict(fact) for fact in verdict.facts],
        "missing": [asdict(need) for need in verdict.needs],
        "unread": [criterion.text[span.start : span.end] for span in criterion.unread],
        "open": [criterion.text[span.start : span.end] for span in criterion.open],
        "parts": [_part(part) for part in verdict.parts],
        "rule": plain(criterion.rule),
    }


def _part(verdict: Verdict) -> Mapping[str, Any]:
    return {
        "rule": words_of(verdict.rule),
        "status": str(verdict.status),
        "reason": verdict.reason,
        "parts": [_part(part) for part in verdict.parts],
    }
