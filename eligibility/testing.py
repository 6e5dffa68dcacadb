"""Strategies for hypothesis: patients, facts, rules, criteria whose meaning is known, trials.

For the tests of programs that use this package, and for its own laws (``tests/laws``). Needs hypothesis
(``pip install eligibility[testing]``), which nothing else in the package imports.

>>> from hypothesis import given
>>> from eligibility.testing import criteria, profiles
>>> @given(criteria(), profiles())
... def test_reading_finds_the_rule(written, profile):
...     text, rule = written
...     assert eligibility.read_criterion(text).rule == rule

All facts lie in the ten years before :data:`ON`, the screening date that the strategies have in mind.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any as Anything
from typing import Literal, TypeAlias

from hypothesis import strategies as st

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.patient.profile import PatientProfile
from eligibility.rules import (
    Age,
    All,
    Allergy,
    Concept,
    Condition,
    Duration,
    Limit,
    Measurement,
    Not,
    PatientAttribute,
    Rule,
    Sex,
    Treatment,
    Window,
    walk,
)
from eligibility.rules import Any as AnyOf

__all__ = [
    "CONDITIONS",
    "LABS",
    "ON",
    "TREATMENTS",
    "Fact",
    "allergies",
    "conditions",
    "criteria",
    "dates",
    "facts",
    "names",
    "observations",
    "plain_rules",
    "profile_documents",
    "profiles",
    "rules",
    "situations",
    "treatments",
    "trial_texts",
    "windows",
    "words",
]

ON = date(2026, 11, 1)
"""The screening date for which facts are made."""

Fact: TypeAlias = dict[str, Anything]
"""One entry of a section of a profile document."""

CONDITIONS = (
    "melanoma", "breast cancer", "hepatitis B", "hypertension", "asthma", "epilepsy", "type 2 diabetes mellitus",
    "rheumatoid arthritis", "autoimmune disease", "brain metastases", "myocardial infarction", "stroke", "seizure",
    "heart failure", "pneumonia", "cirrhosis", "malignancy",
)  # fmt: skip
"""Diseases and events, some of them kinds of others."""

TREATMENTS = (
    "pembrolizumab", "nivolumab", "anti-PD-1 antibody", "cytotoxic chemotherapy", "cisplatin", "prednisone",
    "systemic corticosteroid", "warfarin", "anticoagulant", "methotrexate", "radiotherapy", "major surgery",
)  # fmt: skip
"""Drugs, classes of drugs, and what is no drug."""

LABS: Mapping[str, tuple[str, Mapping[str, float], tuple[float, float]]] = {
    "platelet count": ("10*9/L", {"10*9/L": 1, "10*3/uL": 1, "/uL": 1000, "/mm3": 1000}, (10, 400)),
    "absolute neutrophil count": ("10*9/L", {"10*9/L": 1, "10*3/uL": 1, "/uL": 1000, "/mm3": 1000}, (0.5, 9)),
    "hemoglobin": ("g/dL", {"g/dL": 1, "g/L": 10}, (6, 18)),
    "creatinine": ("mg/dL", {"mg/dL": 1, "mg/L": 10}, (0.5, 4)),
    "total bilirubin": ("mg/dL", {"mg/dL": 1, "mg/L": 10}, (0.2, 5)),
    "aspartate aminotransferase": ("U/L", {"U/L": 1, "IU/L": 1}, (10, 300)),
    "body mass index": ("kg/m2", {"kg/m2": 1}, (15, 45)),
    "albumin": ("g/dL", {"g/dL": 1, "g/L": 10}, (1.5, 5.5)),
    "ECOG performance status": ("", {"": 1}, (0, 4)),
}
"""Measurements: the canonical unit, how much of each unit makes one of it, and the range of values to draw from."""


# ---------------------------------------------------------------------------------------------------------------------
# Parts


def dates(years: float = 10, *, ahead: int = 0) -> st.SearchStrategy[date]:
    """Days from ``years`` before :data:`ON` to ``ahead`` days after it; those round common windows are frequent."""
    edges = [d for n in (7, 14, 28, 30, 31, 90, 91, 180, 183, 184, 365) for d in (n - 1, n, n + 1)]
    back = st.one_of(st.sampled_from([0, 1, *edges]), st.integers(-ahead, round(years * 365)))
    return back.map(lambda days: ON - timedelta(days=min(days, round(years * 365))))


def names(kind: Literal["condition", "treatment", "measurement"]) -> st.SearchStrategy[str]:
    """Canonical names of the vocabulary."""
    return st.sampled_from(sorted(entry.name for entry in vocabulary() if entry.kind == kind))


def _partial(day: date, precision: str) -> Anything:
    match precision:
        case "year":
            return f"{day.year}"
        case "month":
            return f"{day.year}-{day.month:02d}"
        case _:
            return day.isoformat()


def _when(day: st.SearchStrategy[date]) -> st.SearchStrategy[Anything]:
    return st.builds(_partial, day, st.sampled_from(["day", "day", "day", "month", "year"]))


# ---------------------------------------------------------------------------------------------------------------------
# Facts


@st.composite
def observations(draw: st.DrawFn, analytes: tuple[str, ...] = tuple(LABS), *, ranges: bool = True) -> Fact:
    """A lab value or a performance status on a full date, in one of its units, sometimes with its reference range."""
    name = draw(st.sampled_from(analytes))
    _, units, (low, high) = LABS[name]
    unit = draw(st.sampled_from(sorted(units)))
    value = draw(st.integers(round(low * 10), round(high * 10))) / 10 if unit else draw(st.integers(0, 4))
    fact: Fact = {"name": name, "value": round(value * units[unit], 6), "date": draw(dates(0.5)).isoformat()}
    if unit:
        fact["unit"] = unit
        if ranges and draw(st.booleans()):
            fact["high"] = round((low + high) / 2 * units[unit], 6)
    return fact


@st.composite
def conditions(draw: st.DrawFn, among: st.SearchStrategy[str] | None = None) -> Fact:
    """A disease or an event: active, resolved or absent, dated or not."""
    name = draw(st.sampled_from(CONDITIONS) if among is None else among)
    status = draw(st.sampled_from(["active", "active", "resolved", "not current", "absent"]))
    fact: Fact = {"name": name, "status": status}
    if status == "absent":
        return fact
    onset = draw(st.none() | dates())
    if onset:
        fact["onset"] = onset.isoformat()
    if status != "active" and draw(st.booleans()):
        end = draw(dates())
        if onset is None or end >= onset:
            fact["end"] = end.isoformat()
    return fact


_KINDS = {"radiotherapy": "radiation", "major surgery": "surgery"}


@st.composite
def treatments(draw: st.DrawFn, among: st.SearchStrategy[str] | None = None) -> Fact:
    """A treatment: completed, ongoing or never given, dated or not."""
    name = draw(st.sampled_from(TREATMENTS) if among is None else among)
    fact: Fact = {"name": name}
    if kind := _KINDS.get(name):
        fact["kind"] = kind
    match draw(st.sampled_from(["dates", "dates", "undated", "never", "ongoing"])):
        case "dates":
            start, end = sorted((draw(dates()), draw(dates())))
            fact |= {"end": end.isoformat()} if kind else {"start": start.isoformat(), "end": end.isoformat()}
        case "never":
            fact["status"] = "never"
        case "ongoing":
            fact |= {"status": "ongoing", "start": draw(dates()).isoformat()}
        case _:
            fact["status"] = "completed"
    return fact


@st.composite
def allergies(draw: st.DrawFn) -> Fact:
    """An allergy to a drug, present or absent."""
    return {"name": draw(st.sampled_from(TREATMENTS[:10])), "status": draw(st.sampled_from(["present", "absent"]))}


def profile_documents() -> st.SearchStrategy[Fact]:
    """Profiles as documents: what :meth:`PatientProfile.model_validate` takes."""
    flag = st.booleans()
    return st.fixed_dictionaries(
        {"as_of": st.just(ON.isoformat())},
        optional={
            "birth_date": dates(100).map(date.isoformat),
            "sex": st.sampled_from(["female", "male"]),
            "consent": flag,
            "observations": st.lists(observations(), max_size=4),
            "conditions": st.lists(conditions(), max_size=4),
            "treatments": st.lists(treatments(), max_size=4),
            "allergies": st.lists(allergies(), max_size=2),
            "complete": st.sets(st.sampled_from(["conditions", "treatments", "allergies"])).map(sorted),
        },
    )


def facts(about: Rule | None = None) -> st.SearchStrategy[tuple[str, Fact]]:
    """A section of a profile with one fact for it.

    ``about``: mostly facts that bear on this rule: what it names, kinds of it, and what it is a kind of.
    """
    known = vocabulary()
    diseases, drugs, labs = set[str](), set[str](), set[str]()
    for _, part in walk(about) if about else ():
        match part:
            case Condition(concept=concept):
                kin = {concept.name, *known.ancestors("condition", concept.name)}
                diseases |= kin | set(known.narrower("condition", concept.name)[:6])
            case Treatment(concept=concept):
                kin = {concept.name, *known.ancestors("treatment", concept.name)}
                drugs |= kin | set(known.narrower("treatment", concept.name)[:6])
            case Measurement(analyte=analyte) if analyte.name in LABS:
                labs.add(analyte.name)
            case _:
                pass
    near: list[st.SearchStrategy[tuple[str, Fact]]] = []
    if diseases:
        near.append(st.tuples(st.just("conditions"), conditions(st.sampled_from(sorted(diseases)))))
    if drugs:
        near.append(st.tuples(st.just("treatments"), treatments(st.sampled_from(sorted(drugs)))))
    if labs:
        near.append(st.tuples(st.just("observations"), observations(tuple(sorted(labs)))))
    return st.one_of(
        *near,
        *near,
        st.tuples(st.just("observations"), observations()),
        st.tuples(st.just("conditions"), conditions()),
        st.tuples(st.just("treatments"), treatments()),
        st.tuples(st.just("allergies"), allergies()),
    )


@st.composite
def situations(draw: st.DrawFn, units: tuple[str, ...] = ("days", "weeks", "months", "years")) -> tuple[Rule, Fact]:
    """A rule, and the document of a patient of whom something is known that bears on it."""
    rule = draw(st.one_of(plain_rules(units), rules(units)))
    document = dict(draw(profile_documents()))
    for section, fact in draw(st.lists(facts(rule), max_size=3)):
        document[section] = [*document.get(section, ()), fact]
    return rule, document


def profiles() -> st.SearchStrategy[PatientProfile]:
    """Patients, true as of :data:`ON`."""
    return profile_documents().map(PatientProfile.model_validate)


# ---------------------------------------------------------------------------------------------------------------------
# Rules with a plain wording


def _concepts(kind: Literal["condition", "treatment"], any_name: bool) -> st.SearchStrategy[Concept]:
    common = st.sampled_from(CONDITIONS if kind == "condition" else TREATMENTS)
    known = vocabulary()

    def concept(name: str) -> Concept:
        entry = known.find(name, kind)
        return Concept(name=entry.name if entry else name)

    return (st.one_of(common, names(kind)) if any_name else common).map(concept)


def windows(units: tuple[str, ...] = ("days", "weeks", "months", "years")) -> st.SearchStrategy[Window]:
    """ "Within N days before screening"."""
    return _durations(units).map(lambda length: Window(start=length))


def _durations(units: tuple[str, ...]) -> st.SearchStrategy[Duration]:
    longest = {"days": 90, "weeks": 52, "months": 24, "years": 5}
    return st.sampled_from(units).flatmap(
        lambda unit: st.integers(1, longest[unit]).map(lambda n: Duration.model_validate({"value": n, "unit": unit}))
    )


def _ages() -> st.SearchStrategy[Age]:
    low, high = st.integers(1, 60), st.integers(61, 99)
    limit = st.one_of(
        st.builds(lambda a: Limit(low=a, unit="years"), low),
        st.builds(lambda a: Limit(high=a, unit="years"), high),
        st.builds(lambda a, b: Limit(low=a, high=b, unit="years"), low, high),
    )
    return st.builds(Age, limit=limit)


@st.composite
def _measurements(draw: st.DrawFn, units: tuple[str, ...]) -> Measurement:
    name = draw(st.sampled_from(sorted(LABS)))
    unit, _, (low, high) = LABS[name]
    if not unit:
        top = draw(st.integers(0, 3))
        return Measurement(analyte=Concept(name=name), limit=Limit(high=top))
    value = draw(st.integers(round(low * 10), round(high * 10))) / 10
    side = draw(st.sampled_from(["low", "high"]))
    limit: dict[str, Anything] = {side: value, f"{side}_inclusive": draw(st.booleans()), "unit": unit}
    if name in ("creatinine", "total bilirubin", "aspartate aminotransferase") and draw(st.booleans()):
        limit = {"high": draw(st.sampled_from([1.0, 1.5, 2.0, 2.5, 3.0, 5.0])), "of": "ULN"}
    window = draw(st.none() | windows(units))
    repeats = draw(st.sampled_from([1, 1, 2, 3]))
    spacing = draw(st.none() | _durations(units)) if repeats > 1 else None
    return Measurement(
        analyte=Concept(name=name),
        limit=Limit.model_validate(limit),
        window=window,
        repeats=repeats,
        spacing=spacing,
    )


def plain_rules(
    units: tuple[str, ...] = ("days", "weeks", "months", "years"), *, any_name: bool = False
) -> st.SearchStrategy[Rule]:
    """Rules that :func:`words` can write out.

    ``units``: those of their windows. ``any_name``: about anything in the vocabulary, not only the common things.
    """
    window = windows(units)
    diseases, drugs = _concepts("condition", any_name), _concepts("treatment", any_name)
    found: st.SearchStrategy[Rule] = st.one_of(
        _measurements(units),
        st.builds(Condition, concept=diseases, time=st.sampled_from(["ever", "now"])),
        st.builds(Condition, concept=diseases, time=st.just("ever"), window=window),
        st.builds(Treatment, concept=drugs, time=st.just("ever")),
        st.builds(Treatment, concept=drugs, time=st.just("ever"), window=window),
        st.builds(Allergy, concept=_concepts("treatment", False)),
        st.sampled_from(["pregnant", "breastfeeding", "consent"]).map(
            lambda name: PatientAttribute.model_validate({"attribute": name})
        ),
    )
    return st.one_of(_ages(), found)


def rules(units: tuple[str, ...] = ("days", "weeks", "months", "years")) -> st.SearchStrategy[Rule]:
    """Rules of any shape over the plain ones: and, or, not, and sex."""
    leaves = st.one_of(plain_rules(units), st.sampled_from([Sex(sex="female"), Sex(sex="male")]))

    def joined(parts: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
        several = st.lists(parts, min_size=2, max_size=3).map(tuple)
        return st.one_of(
            several.map(lambda found: All(parts=found)),
            several.map(lambda found: AnyOf(parts=found)),
            parts.map(lambda part: Not(part=part)),
        )

    return st.recursive(leaves, joined, max_leaves=5)


def words(rule: Rule) -> str:
    """A rule in plain words, which are read back as the same rule.

    For ages, measurements, conditions, treatments, allergies and attributes of the shapes of :func:`plain_rules`, and
    for sex. Raises ``ValueError`` for a rule that has no plain wording.
    """
    match rule:
        case Age(limit=Limit(low=low, high=high, unit=unit, low_inclusive=True, high_inclusive=True, of="value")):
            if low is not None and high is not None:
                return f"Age {low:g} to {high:g} {unit}"
            return f"Age {_bound(rule.limit)} {unit}"
        case Sex(sex=sex):
            return sex.capitalize()
        case PatientAttribute(attribute="pregnant"):
            return "Pregnant"
        case PatientAttribute(attribute="breastfeeding"):
            return "Breastfeeding"
        case PatientAttribute(attribute="consent"):
            return "Signed informed consent"
        case Measurement(analyte=analyte, limit=limit, window=window, repeats=repeats, spacing=spacing) if (
            rule == Measurement(analyte=analyte, limit=limit, window=window, repeats=repeats, spacing=spacing)
        ):
            unit = "x ULN" if limit.of == "ULN" else f"{'x ' if limit.unit.startswith('10*') else ''}{limit.unit}"
            return f"{analyte.name} {_bound(limit)} {unit}".rstrip() + _often(rule) + _within(window)
        case Condition(concept=concept, time="now") if rule == Condition(concept=concept, time="now"):
            return f"Current {concept.name}"
        case Condition(concept=concept, time="ever", window=window) if rule == Condition(
            concept=concept, time="ever", window=window
        ):
            return f"History of {concept.name}{_within(window)}"
        case Treatment(concept=concept, time="ever", window=window) if rule == Treatment(
            concept=concept, time="ever", window=window
        ):
            return f"Prior treatment with {concept.name}{_within(window)}"
        case Allergy(concept=concept) if rule == Allergy(concept=concept):
            return f"Allergy to {concept.name}"
        case _:
            raise ValueError(f"a rule of the kind {rule.kind!r} of this shape has no plain wording")


def _bound(limit: Limit) -> str:
    match limit:
        case Limit(low=float(low), high=None):
            return f"{'>=' if limit.low_inclusive else '>'} {low:g}"
        case Limit(low=None, high=float(high)):
            return f"{'<=' if limit.high_inclusive else '<'} {high:g}"
        case _:
            raise ValueError("a limit with both bounds, or none, has no plain wording")


def _often(rule: Measurement) -> str:
    if rule.repeats == 1:
        return ""
    apart = f" at least {rule.spacing.value:g} {rule.spacing.unit} apart" if rule.spacing is not None else ""
    return f" on {rule.repeats} occasions{apart}"


def _within(window: Window | None) -> str:
    if window is None:
        return ""
    if window.start is None or window != Window(start=window.start):
        raise ValueError("a window that is not 'within a time before screening' has no plain wording")
    return f" within {window.start.value:g} {window.start.unit} before screening"


def criteria(
    units: tuple[str, ...] = ("days", "weeks", "months", "years"), *, any_name: bool = False
) -> st.SearchStrategy[tuple[str, Rule]]:
    """The text of a criterion together with the rule that it means."""
    return plain_rules(units, any_name=any_name).map(lambda rule: (words(rule), rule))


# ---------------------------------------------------------------------------------------------------------------------
# Trials


@st.composite
def trial_texts(draw: st.DrawFn) -> str:
    """The criteria of a trial as text: two headings, with bullets under each."""
    sections = []
    for heading in ("Inclusion Criteria", "Exclusion Criteria"):
        bullets = draw(st.lists(criteria(), min_size=1, max_size=4))
        sections.append(f"{heading}:\n\n" + "".join(f"* {text}\n" for text, _ in bullets))
    return "\n".join(sections)
