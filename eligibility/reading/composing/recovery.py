"""Toxicities that have resolved: "all toxicities of prior therapy have resolved to grade 1, except alopecia"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from eligibility.knowledge.vocabulary import ANY_TREATMENT, vocabulary
from eligibility.reading.composing.terms import Composing, Inherited
from eligibility.reading.context import Context
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, each_leaf, for_those, negated, rebuilt
from eligibility.reading.quantities import Bounds
from eligibility.reading.rewriting.beside_numbers import UNRESOLVED
from eligibility.reading.sentences import Group, ListRead, Tail
from eligibility.reading.stating.recoveries import WORSE_THAN_BASELINE
from eligibility.rules import Concept, Condition, Limit, Not, Statement, Treatment

__all__ = ["no_worse", "of_one_toxicity", "of_the_treated", "recovered"]


def recovered(here: Composing, main: Draft | None, tail: Tail) -> Draft | None:
    """ "... have resolved to grade 1 or baseline": none of a higher grade is left, or it has been there before.

    None where no disease stands before the tail, or something else than a grade in it.
    """
    unresolved = tail.kinds[0].value == UNRESOLVED
    if main is None or tail.body is None:
        return None
    main = of_one_toxicity(here, main)
    if main.rule.kind not in (("condition", "any", "all", "not") if unresolved else ("condition", "any", "all")):
        return None
    leaves = main.innermost_rules()
    left = _left(here, tail.body)
    if left is None or not all(isinstance(rule, Condition) and rule.grade is None for rule in leaves):
        return None
    remaining = each_leaf(replace(main, requirement=False), left.of)
    made: Draft | None
    if unresolved:
        made = replace(remaining, end=tail.end)
    else:
        made = replace(negated(remaining, (main.start, tail.end)), requirement=True)
    while left.excepted:
        made, used = here.fold(made, left.excepted[0], left.excepted[1:], Inherited())
        del left.excepted[: 1 + used]
    return made


def no_worse(draft: Draft, context: Context) -> Draft:
    """ "Neuropathy <= grade 1", asked for in a trial of a cancer, and "no greater than grade 1 neuropathy" in any: none
    that is worse, so that nobody need have it."""
    rule = draft.rule
    if context.exclusion or not isinstance(rule, Condition) or rule.grade is None:
        return draft
    existing = rule.time == "ever" and _EXISTING.search(context.low, draft.start, draft.end) is not None
    if rule.time != "unstated" and not existing:
        return draft
    grade, kinds = rule.grade, vocabulary()
    lowest = grade.low is None or grade.low == 0
    if not lowest or grade.high is None or rule.concept.open or kinds.is_a("condition", rule.concept.name, _CANCER):
        return draft
    denied = grade.low == 0 or _NO_WORSE_THAN.search(context.low, draft.start, draft.end) is not None
    if not denied and context.studied and not any(map(_is_cancer, context.studied)):
        return draft
    if any(kinds.is_a("condition", rule.concept.name, studied.name) for studied in context.studied):
        return draft  # what is studied, everybody has
    worse = Limit(low=grade.high, low_inclusive=not grade.high_inclusive)
    left = replace(draft, rule=rule.model_copy(update={"time": "now", "grade": worse}))
    none_worse = negated(left, (draft.start, draft.end)).asked(True)
    if denied or context.studied:
        return none_worse
    return ambiguous([none_worse, draft], "a grade that what is asked for has, or that nobody's is beyond").asked(True)


def of_the_treated(draft: Draft, context: Context) -> Draft:
    """ "Has not recovered from prior surgery": of those who have had it; "recovered from any toxicity of chemotherapy":
    asked of them only."""
    if not _RECOVERY.search(context.low, draft.start, draft.end):
        return draft
    return _of_the_treated(draft, asked=True)


def _of_the_treated(draft: Draft, *, asked: bool, negated: bool = False) -> Draft:
    if draft.parts and draft.rule.kind in ("all", "any", "not", "ambiguous"):
        asked, negated = asked and draft.rule.kind != "any", draft.rule.kind == "not"
        return rebuilt(draft, tuple([_of_the_treated(part, asked=asked, negated=negated) for part in draft.parts]))
    rule = draft.rule
    if not isinstance(rule, Statement) or rule.topic != "circumstance":
        return draft
    denied = _NOT_RECOVERED.match(rule.text)
    recovered_from = _RECOVERED_FROM if negated else _RECOVERED_FROM_ANY
    found = denied or (recovered_from.match(rule.text) if asked else None)
    given = _given_before(rule.text[found.end() :]) if found is not None else []
    if not given:
        return draft
    treated = any_of([Draft(each, draft.start, draft.end) for each in given], (draft.start, draft.end))
    told = replace(draft, requirement=False)
    made = all_of([treated, told]) if denied else for_those(treated, told)
    return replace(made, requirement=draft.requirement)


def _given_before(text: str) -> list[Treatment]:
    """The treatments that words behind "recovered from" name; none where one of them is not known."""
    lead = _OF_WHAT.match(text)
    named = _UP_TO.split(text[lead.end() if lead is not None else 0 :], maxsplit=1)[0].strip(" ,.;")
    found: list[Treatment] = []
    for words in _LISTED.split(named):
        bare = _EARLIER.sub("", words).strip()
        entry = vocabulary().find(bare, "treatment") if bare else None
        general = ANY_TREATMENT if _GENERAL.fullmatch(bare) else None
        if general is None and entry is None:
            return []
        found.append(Treatment(concept=Concept(name=general or (entry.name if entry else "")), time="ever"))
    return found


_RECOVERY: Final = re.compile(r"\brecover")
_TO_A_GRADE: Final = r"to\s+(?:baseline|(?:ctcae\s+)?grade\s*(?:<=|≤|<)?\s*\d(?:\s+or\s+(?:less|baseline|lower))?)"
_FROM: Final = rf"(?:\s*\((?:[^()]|\([^()]*\))*\))?(?:\s+(?:\w+ly|fully|{_TO_A_GRADE}))?\s+from\s+"
_NOT_RECOVERED: Final = re.compile(
    r"(?:(?:who|that|patients?|subjects?|participants?)\s+)*(?:(?:has|have|had|is|are|was|were)\s+)?"
    r"(?:not\s+(?:yet\s+)?(?:been\s+)?(?:\w+ly\s+)?recover(?:ed|ing)?|(?:incomplete|inadequate|insufficient|lack\s+of)\s+recovery"
    rf"|(?:fail(?:ed|ure)?|inability)\s+to\s+recover|still\s+recovering){_FROM}",
    re.IGNORECASE,
)
_HAS_RECOVERED: Final = rf"(?:(?:has|have|had|be|fully|completely|adequately|sufficiently)\s+)*recover(?:ed|y){_FROM}"
_RECOVERED_FROM: Final = re.compile(_HAS_RECOVERED, re.IGNORECASE)
_RECOVERED_FROM_ANY: Final = re.compile(
    rf"{_HAS_RECOVERED}"
    r"(?=[^.;]{0,40}?(?:\b(?:any|all)\b|effects?\b|toxicit|complications?\b|adverse\s+events?\b|\baes?\b))",
    re.IGNORECASE,
)
_OF_WHAT: Final = re.compile(
    r"(?:(?:the|any|all|acute|late|toxic|side|serious|major|reversible|immune[- ]related|clinically|significant"
    r"|effects?|toxicit(?:y|ies)|complications?|adverse|events?|aes?|reactions?|and|or|and/or|their)\s+)*?"
    r"(?:(?:effects?|toxicit(?:y|ies)|complications?|events?|aes?|reactions?)\s+(?:of|from|due\s+to|caused\s+by|(?:related|attributable)\s+to"
    r"|associated\s+with|resulting\s+from|to)\s+)",
    re.IGNORECASE,
)
_EARLIER: Final = re.compile(
    r"^(?:(?:(?:the|any|all|their|an?)\s+)|(?:(?:prior|previous|earlier|(?:most\s+)?recent|past|preceding|last|other)\s+))+",
    re.IGNORECASE,
)
_UP_TO: Final = re.compile(
    r"\s*(?:[(;.:]|\b(?:prior\s+to|before|within|at\s+least|at\s+the\s+time|at\s+time|to\s+(?:grade|baseline|an?|less)|except|unless"
    r"|that|which|for\s+at|during|by\s+the|upon|with\s+the)\b)",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(r"\s*,\s*(?:and/or|and|or)?\s*|\s+(?:and/or|and|or)\s+|/", re.IGNORECASE)
_GENERAL: Final = re.compile(
    r"(?:therap(?:y|ies)|treatments?|previously\s+administered\s+agents?|agents?(?:\s+administered.*)?)", re.IGNORECASE
)


def _is_cancer(concept: Concept) -> bool:
    return vocabulary().is_a("condition", concept.name, _CANCER)


_EXISTING: Final = re.compile(r"existing\b")
_NO_WORSE_THAN: Final = re.compile(r"\b(?:no|not)\s+(?:greater|more|higher|worse)\s+than\b")
_CANCER: Final = "malignancy"


def of_one_toxicity(here: Composing, main: Draft) -> Draft:
    """ "Toxicity from surgery, chemotherapy or radiation": of any of them, since a treatment does not resolve."""
    first, *others = main.innermost() or [main]
    rule = first.rule
    cause = rule.qualifiers[-1] if isinstance(rule, Condition) and rule.qualifiers else ""
    relation = next((each for each in _COMES_OF if cause.startswith(each)), None)
    behind = here.low.rfind(relation, first.start, first.end) if relation is not None else -1
    if main.rule.kind not in ("any", "all", "ambiguous") or behind < 0 or not isinstance(rule, Condition):
        return main
    for other in others:
        said = other.rule
        again = isinstance(said, Condition) and (
            said == rule
            or (said.concept.open and other.start > first.start)
            or (
                said.concept == rule.concept
                and said.qualifiers[-1:] != ()
                and said.qualifiers[-1].startswith(_COMES_OF)
            )
        )
        if not (again or isinstance(said, Treatment)):
            return main
    whole = " ".join(here.low[behind : main.end].split()).strip(" ,")
    made = rule.model_copy(update={"qualifiers": (*rule.qualifiers[:-1], whole)})
    toxicity = replace(first, rule=made, end=main.end, open=main.open)
    if _first_denied(main):
        return negated(toxicity, (main.start, main.end)).asked(True)  # "recovered to grade 1 from ... or radiation"
    return toxicity


def _first_denied(main: Draft) -> bool:
    """Whether the first of a list is that something is not there."""
    return isinstance(main.rule, Not) or bool(main.parts and _first_denied(main.parts[0]))


_COMES_OF: Final = ("from ", "of ", "due to ", "related to ", "caused by ")


@dataclass(slots=True)
class _Left:
    """What may be left of a toxicity."""

    grade: float
    or_baseline: bool = False
    excepted: list[Tail] = field(default_factory=list)

    def of(self, leaf: Draft) -> Draft:
        """More of it than may be left."""
        if not isinstance(leaf.rule, Condition):
            return leaf
        update: dict[str, object] = {"time": "now", "grade": Limit(low=self.grade, low_inclusive=False)}
        if self.or_baseline:
            update["qualifiers"] = (WORSE_THAN_BASELINE, *leaf.rule.qualifiers)
        return replace(leaf, rule=leaf.rule.model_copy(update=update))


_AT_BASELINE: Final = re.compile(
    r"[(\[]?\s*(?:(?:or|to|and/or|return|returned|a|the|their|his|her|its|patient['’]?s|pre-?treatment(?=\s+baseline))\s+)*"
    r"(?:baseline|(?:pre-?treatment|pre-?therapy)\s+(?:baseline\s+)?(?=levels?|status|values?|grade|condition|state))"
    r"(?:\s*(?:levels?|status|values?|grade|condition|state))?\s*[)\]]?",
    re.IGNORECASE,
)


_SCALE: Final = re.compile(
    r"[(\[](?:[\w.-]+[\s,]+){0,4}?(?:NCI[- ]?)?CTCAE(?:[\s,]*(?:v|ver|version)?\.?\s*\d(?:\.\d+)?)?[)\]]"
)


def _left(here: Composing, read: ListRead) -> _Left | None:
    """The grade up to which what is left does not matter, and what else does not; None where more is said."""
    first, *others = [atom for element in read.elements for atom in element.atoms]
    if isinstance(first, Group) or first.type != "GRADE_IS" or any(element.negations for element in read.elements):
        return None
    bounds: Bounds = first.value.bounds
    if bounds.high is None or (bounds.low is not None and bounds.low.value > 1):
        return None
    found = _Left(bounds.high.value if bounds.high_inclusive else bounds.high.value - 1)
    for atom in others:
        if _AT_BASELINE.fullmatch(here.text, atom.start, atom.end):
            found.or_baseline = True
        elif isinstance(atom, Group) and _SCALE.fullmatch(here.text, atom.start, atom.end):
            continue
        elif isinstance(atom, Group):
            if atom.body.body is not None or not atom.body.tails or not atom.body.tails[0].has("EXCEPT"):
                return None
            found.excepted += atom.body.tails
        elif atom.type != "WINDOW" or any(window.start is not None for window in atom.value.windows):
            return None  # "... by the first dose" is when it is asked about
    return found
