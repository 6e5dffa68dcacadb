"""And, or, not; inclusion and exclusion; the open world; explanations."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from eligibility import PatientProfile, Status, Trial, evaluate, read_criterion, screen
from eligibility.rules import All, Concept, Constant, Criterion, Limit, Measurement, Not, Rule
from eligibility.rules import Any as AnyOf
from eligibility.testing import LABS, ON, criteria, profiles, rules, situations
from eligibility.truth import all_of, any_of, negate, of

PATIENTS = situations().map(lambda found: (found[0], PatientProfile.model_validate(found[1])))


def made(rule: Rule, kind: str = "inclusion") -> Criterion:
    return Criterion.model_validate({"id": f"{kind}-0", "kind": kind, "text": "a criterion", "rule": rule})


def status(rule: Rule, profile: PatientProfile, kind: str = "inclusion") -> Status:
    return evaluate(made(rule, kind), profile, ON).status


@given(rules(), rules(), profiles())
@settings(max_examples=120)
def test_de_morgan(a: Rule, b: Rule, profile: PatientProfile) -> None:
    """And, or, not are Kleene's."""
    assert status(Not(part=All(parts=(a, b))), profile) == status(AnyOf(parts=(Not(part=a), Not(part=b))), profile)
    assert status(Not(part=AnyOf(parts=(a, b))), profile) == status(All(parts=(Not(part=a), Not(part=b))), profile)


@given(PATIENTS)
@settings(max_examples=100)
def test_not_twice_and_constants(found: tuple[Rule, PatientProfile]) -> None:
    rule, profile = found
    was = status(rule, profile)
    yes, no = Constant(holds=True, why="of everybody"), Constant(holds=False, why="of nobody")
    assert status(Not(part=rule), profile) == negate(was)
    assert status(All(parts=(rule, yes)), profile) == was == status(AnyOf(parts=(rule, no)), profile)
    assert status(All(parts=(rule, no)), profile) == "unmet"
    assert status(AnyOf(parts=(rule, yes)), profile) == "met"


@given(PATIENTS)
@settings(max_examples=100)
def test_an_exclusion_that_is_met_excludes(found: tuple[Rule, PatientProfile]) -> None:
    """For an exclusion criterion the condition is what excludes: met means excluded."""
    rule, profile = found
    was = status(rule, profile)
    wanted = {"met": "ineligible", "unmet": "eligible", "unknown": "undetermined"}[was]
    assert screen(Trial(criteria=(made(rule, "exclusion"),)), profile, ON).status == wanted
    turned = {"met": "eligible", "unmet": "ineligible", "unknown": "undetermined"}[was]
    assert screen(Trial(criteria=(made(rule),)), profile, ON).status == turned
    assert status(rule, profile, "exclusion") == was


@given(st.lists(st.tuples(rules(), st.sampled_from(["inclusion", "exclusion"])), min_size=1, max_size=4), profiles())
@settings(max_examples=60)
def test_a_trial_is_decided_by_its_criteria(bullets: list[tuple[Rule, str]], profile: PatientProfile) -> None:
    """Eligible when every inclusion criterion is met and every exclusion one unmet; ineligible when one is not."""
    found = screen(Trial(criteria=tuple(made(rule, kind) for rule, kind in bullets)), profile, ON)
    fit = [
        verdict.status if kind == "inclusion" else negate(verdict.status)
        for verdict, (_, kind) in zip(found.verdicts, bullets, strict=True)
    ]
    wanted = "ineligible" if "unmet" in fit else "undetermined" if "unknown" in fit else "eligible"
    assert found.status == wanted
    assert bool(found.open) == ("unknown" in fit)


@given(rules())
@settings(max_examples=150)
def test_nothing_is_known_of_an_empty_profile(rule: Rule) -> None:
    """What a profile does not say is unknown."""
    verdict = evaluate(made(rule), PatientProfile.model_validate({"as_of": ON}), ON)
    assert verdict.status == "unknown"
    assert verdict.needs


@given(PATIENTS)
@settings(max_examples=100)
def test_every_verdict_explains_itself(found: tuple[Rule, PatientProfile]) -> None:
    """A verdict carries the rule, the facts used, a reason, what was missing, and the verdicts of its parts."""
    rule, profile = found
    verdict = evaluate(made(rule), profile, ON)
    for each in verdict.walk():
        assert each.reason
        assert bool(each.needs) == (each.status == "unknown")
    assert verdict.rule == rule


@given(criteria(), st.booleans(), st.sampled_from(["inclusion", "exclusion"]))
@settings(max_examples=100)
def test_an_answer_to_a_whole_criterion_settles_it(written: tuple[str, Rule], yes: bool, kind: str) -> None:
    """An answer to a whole criterion settles it."""
    text, _ = written
    for words in (text, text.lower(), f"{text}."):
        profile = PatientProfile.model_validate({"as_of": ON, "answers": {words: yes}})
        assert evaluate(read_criterion(text, kind=kind), profile, ON).status == ("met" if yes else "unmet")


@given(
    st.sampled_from(sorted(LABS)),
    st.integers(1, 4000),
    st.integers(-2, 2),
    st.sampled_from(["low", "high"]),
    st.booleans(),
    st.integers(0, 3),
)
@settings(max_examples=300)
def test_a_threshold_is_exact(name: str, tenths: int, off: int, side: str, inclusive: bool, pick: int) -> None:
    """Numbers are exact enough that 1.5 x 40 <= 60 holds; both sides of a limit, in every unit."""
    unit, units, _ = LABS[name]
    other = sorted(units)[pick % len(units)]
    limit, value = Fraction(tenths, 10), Fraction(tenths, 10) + Fraction(off, 1000)
    assume(value >= 0)
    rule = Measurement(
        analyte=Concept(name=name),
        limit=Limit.model_validate({side: float(limit), f"{side}_inclusive": inclusive, "unit": unit}),
    )
    fact = {"name": name, "value": float(value * Fraction(units[other])), "date": ON}
    profile = PatientProfile.model_validate({"as_of": ON, "observations": [fact | ({"unit": other} if other else {})]})
    holds = (
        (value >= limit if inclusive else value > limit)
        if side == "low"
        else (value <= limit if inclusive else value < limit)
    )
    assert status(rule, profile) == ("met" if holds else "unmet")


@given(st.integers(1, 3000), st.sampled_from([1.0, 1.5, 2.0, 2.5, 3.0, 5.0]), st.integers(-1, 1))
@settings(max_examples=200)
def test_a_multiple_of_a_limit_is_exact(high: int, times: float, off: int) -> None:
    """A limit as a multiple of ULN needs the observation's own `high`."""
    top = Fraction(high, 10)
    value = top * Fraction(times) + Fraction(off, 1000)
    rule = Measurement(analyte=Concept(name="alanine aminotransferase"), limit=Limit(high=times, of="ULN"))
    fact = {"name": "ALT", "value": float(value), "unit": "U/L", "high": float(top), "date": ON}
    profile = PatientProfile.model_validate({"as_of": ON, "observations": [fact]})
    assert status(rule, profile) == ("met" if off <= 0 else "unmet")


CLAUSES = ("able to travel", "willing to keep a diary", "is at home on Mondays", "has a working telephone")


@given(
    st.permutations(CLAUSES),
    st.lists(st.sampled_from([True, False, None]), min_size=2, max_size=4),
    st.sampled_from([" and ", " or ", ", and ", ", or "]),
    st.sampled_from(["inclusion", "exclusion"]),
)
@settings(max_examples=100)
def test_answers_to_all_clauses_are_joined_as_the_clauses_are(
    clauses: list[str], said: list[bool | None], joint: str, kind: str
) -> None:
    """And, or are Kleene's, between clauses that a person has answered, or not."""
    used = clauses[: len(said)]
    text = (", " if "," in joint else joint).join(used[:-1]) + joint + used[-1]
    answers = {clause: answer for clause, answer in zip(used, said, strict=True) if answer is not None}
    profile = PatientProfile.model_validate({"as_of": ON, "answers": answers})
    statuses = [of(answer) for answer in said]
    wanted = all_of(statuses) if "and" in joint else any_of(statuses)
    assert evaluate(read_criterion(text.capitalize(), kind=kind), profile, ON).status == wanted
