"""Clauses whose meaning is known, joined: no sentence of them is ever decided the other way.

Unknown is allowed, where a reader might hesitate; the contrary never. The table below is to be added to: a way of
saying something, and what it means of the facts that it names, in their order.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility import Criterion, PatientProfile, Status, evaluate, read_criterion

ON = date(2026, 11, 1)
Days = int | None
"""Since something was over, 0 where it goes on; None where it never was."""


def within(days: Days, most: int) -> bool:
    return days is not None and days <= most


def now(days: Days) -> bool:
    return days == 0


NAMES = {
    "disease": ("asthma", "gout", "epilepsy", "psoriasis", "glaucoma", "migraine", "sarcoidosis", "osteoporosis"),
    "event": ("stroke", "myocardial infarction", "seizure", "pulmonary embolism"),
    "drug": ("warfarin", "methotrexate", "tamoxifen", "lithium", "digoxin", "phenytoin"),
    "allergen": ("penicillin", "codeine"),
    "analyte": ("AST", "ALT"),
}
VALUES: dict[str, tuple[Any, ...]] = {
    "disease": (True, False),
    "event": (None, 10, 400),
    "drug": (None, 0, 10, 100),
    "allergen": (True, False),
    "analyte": (1.0, 3.0, 6.0),  # times the upper limit
}
EXCLUDES: dict[str, Callable[..., bool]] = {
    "{disease}": lambda a: a,
    "history of {disease}": lambda a: a,
    "{disease} or {disease}": lambda a, b: a or b,
    "any {disease}, {disease} or {disease}": lambda a, b, c: a or b or c,
    "patients with {disease}": lambda a: a,
    "{disease} without {disease}": lambda a, b: a and not b,
    "{disease} unless {disease}": lambda a, b: a and not b,
    "patients with {disease} who have {disease} or {disease}": lambda a, b, c: a and (b or c),
    "{disease} with either {disease} or {disease}": lambda a, b, c: a and (b or c),
    "both {disease} and {disease}": lambda a, b: a and b,
    "more than one of the following: {disease}, {disease}, {disease}": lambda a, b, c: a + b + c > 1,
    "{event} within 6 months": lambda a: within(a, 180),
    "{event} or {event} within 6 months": lambda a, b: within(a, 180) or within(b, 180),
    "history of {event} or {event}": lambda a, b: a is not None or b is not None,
    "known allergy to {allergen}": lambda a: a,
    "use of {drug} within 4 weeks": lambda a: within(a, 28),
    "received {drug} within 4 weeks or {drug} within 1 week": lambda a, b: within(a, 28) or within(b, 7),
    "current treatment with {drug} or {drug}": lambda a, b: now(a) or now(b),
    "{analyte} > 2.5 x ULN": lambda a: a > 2.5,
    "{analyte} > 2.5 x ULN (> 5 x ULN if {disease})": lambda a, b: a > (5 if b else 2.5),
    "{analyte} > 2.5 x ULN (in patients with {disease}: > 5 x ULN)": lambda a, b: a > (5 if b else 2.5),
    "women who are pregnant": lambda: False,
}
REQUIRED: dict[str, Callable[..., bool]] = {
    "no {disease}": lambda a: not a,
    "no {disease} or {disease}": lambda a, b: not (a or b),
    "no {disease}, {disease}, or {disease}": lambda a, b, c: not (a or b or c),
    "no history of {disease} or {disease}": lambda a, b: not (a or b),
    "must not have {disease}": lambda a: not a,
    "no {event} within 6 months": lambda a: not within(a, 180),
    "no {event}, {event}, or {event} within the past 6 months": lambda *all_: not any(within(a, 180) for a in all_),
    "no {drug} within 4 weeks": lambda a: not within(a, 28),
    "no prior {drug} or {drug}": lambda a, b: a is None and b is None,
    "not receiving {drug}": lambda a: not now(a),
    "no known allergy to {allergen}": lambda a: not a,
    "{analyte} <= 2.5 x ULN": lambda a: a <= 2.5,
    "{analyte} and {analyte} <= 2.5 x ULN": lambda a, b: a <= 2.5 and b <= 2.5,
    "{analyte} <= 2.5 x ULN (<= 5 x ULN if {disease})": lambda a, b: a <= (5 if b else 2.5),
    "aged 18 years or older": lambda: True,
    "between 18 and 75 years of age": lambda: True,
}
TABLES = {"exclusion": EXCLUDES, "inclusion": REQUIRED}
LEADS = {"exclusion": "Any of the following:", "inclusion": "All of the following:"}
JOINTS = {"exclusion": ("; ", ". ", ", or ", "; or "), "inclusion": ("; ", ". ", ", and ", "; and ")}


@cache
def read(text: str, kind: str) -> Criterion:
    return read_criterion(text, kind=kind)  # type: ignore[arg-type]


def facts_named(way: str) -> list[str]:
    """The sorts of the facts that a clause names, in their order."""
    return [part.partition("}")[0] for part in way.split("{")[1:]]


@st.composite
def sentences(draw: st.DrawFn) -> tuple[str, list[tuple[str, list[str]]]]:
    """A kind of criterion, the clauses of one and what they name."""
    kind = draw(st.sampled_from(list(JOINTS)))
    left = {sort: list(draw(st.permutations(names))) for sort, names in NAMES.items()}
    clauses = []
    for way in draw(st.lists(st.sampled_from(list(TABLES[kind])), min_size=1, max_size=3)):
        sorts = facts_named(way)
        if all(sorts.count(sort) <= len(left[sort]) for sort in sorts):
            clauses.append((way, [left[sort].pop() for sort in sorts]))
    return kind, clauses


def written(kind: str, clauses: list[tuple[str, list[str]]], joint: str) -> str:
    said = []
    for way, names in clauses:
        for sort, name in zip(facts_named(way), names, strict=True):
            way = way.replace("{" + sort + "}", name, 1)
        said.append(way[:1].upper() + way[1:] if joint == ". " or not said else way)
    return joint.join(said)


def charted(sort: str, name: str, value: Any) -> tuple[str, dict[str, Any]]:
    """The part of a profile that a fact stands in, and the fact."""
    match sort:
        case "disease":
            return "conditions", {"name": name, "status": "active" if value else "absent"}
        case "allergen":
            return "allergies", {"name": name, **({} if value else {"status": "absent"})}
        case "analyte":
            return "observations", {"name": name, "value": value * 40, "unit": "U/L", "high": 40, "date": ON}
        case "event":
            over = {} if value is None else {"onset": ON - timedelta(days=value), "end": ON - timedelta(days=value - 3)}
            return "conditions", {"name": name, "status": "absent" if value is None else "resolved", **over}
        case _:
            taken: dict[str, Any] = {"status": "never"}
            if value is not None:
                taken = {"start": ON - timedelta(days=200)}
                taken |= {"end": ON - timedelta(days=value)} if value else {"status": "ongoing"}
            return "treatments", {"name": name, **taken}


@given(sentences(), st.data())
@settings(max_examples=250)
def test_no_sentence_is_decided_the_other_way(
    made: tuple[str, list[tuple[str, list[str]]]], data: st.DataObject
) -> None:
    kind, clauses = made
    joints = JOINTS[kind] if not any(reaches(way) for way, _ in clauses) else ("; ", ". ")
    decided_as_meant(kind, clauses, written(kind, clauses, data.draw(st.sampled_from(joints))), data)


@given(sentences(), st.sampled_from(("\n  * {part}", " {n}) {part};", " ({letter}) {part}")), st.data())
@settings(max_examples=120)
def test_no_list_is_decided_the_other_way(
    made: tuple[str, list[tuple[str, list[str]]]], bullet: str, data: st.DataObject
) -> None:
    kind, clauses = made
    parts = [written(kind, [clause], "") for clause in clauses]
    listed = [bullet.format(part=part, n=n, letter="abc"[n - 1]) for n, part in enumerate(parts, 1)]
    decided_as_meant(kind, clauses, LEADS[kind] + "".join(listed), data)


def decided_as_meant(kind: str, clauses: list[tuple[str, list[str]]], text: str, data: st.DataObject) -> None:
    """Of a patient drawn for the facts that the clauses name."""
    profile: dict[str, Any] = {"as_of": ON, "birth_date": date(1980, 3, 1), "sex": "male"}
    profile["complete"] = ["conditions", "treatments", "allergies"]
    meant = []
    for way, names in clauses:
        values = [data.draw(st.sampled_from(VALUES[sort])) for sort in facts_named(way)]
        for sort, name, value in zip(facts_named(way), names, values, strict=True):
            part, fact = charted(sort, name, value)
            profile.setdefault(part, []).append(fact)
        meant.append(TABLES[kind][way](*values))
    wanted = any(meant) if kind == "exclusion" else all(meant)
    status = evaluate(read(text, kind), PatientProfile.model_validate(profile), ON).status
    assert status in (Status.UNKNOWN, Status.MET if wanted else Status.UNMET), text


def reaches(way: str) -> bool:
    """Whether its end may be said of what an "or" or an "and" joins to it."""
    return any(word in way for word in ("unless", "without", "with", "who", "following", "or {", "both"))
