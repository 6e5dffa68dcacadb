"""What a negation makes of what it reaches: "no X", literally, or as the requirement that it often is."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.composing.judgements import is_fitness, is_generic
from eligibility.reading.composing.people import is_of_age
from eligibility.reading.composing.predicates import is_told
from eligibility.reading.composing.terms import Composing, Item, is_pregnancy
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    each_leaf,
    lately,
    negated,
    rebuilt,
    unread,
    with_those,
)
from eligibility.reading.patterns import PERSONS, TURN
from eligibility.rules import (
    Age,
    Allergy,
    Condition,
    Finding,
    Measurement,
    PatientAttribute,
    Rule,
    Sex,
    Statement,
    Treatment,
)


def deny(here: Composing, draft: Draft, items: list[Item], span: tuple[int, int], *, top: bool, plain: bool) -> Draft:
    """ "No X": literally, or, under Exclusion, as the requirement that it often is."""
    negation = items[0].negations[0]
    if negation.value == "non" and draft.rule.kind == "all" and len(items) == 1:
        # "non-pregnant women with asthma": what is more said of them is not denied
        core = deny(here, draft.parts[0], items, (span[0], draft.parts[0].end), top=top, plain=True)
        return replace(all_of([core, *draft.parts[1:]], span), requirement=core.requirement)
    if negation.value == "non" and not here.exclusion and is_pregnancy(draft.rule) and _of_women_alone(here, span):
        women = Draft(Sex(sex="female"), *span)
        return replace(all_of([women, negated(draft, span)], span), requirement=True)
    # "not pregnant (for women)": whom it does not concern is not
    draft = rebuilt(draft, tuple(map(with_those, draft.parts))) if draft.rule.kind == "any" else with_those(draft)
    if _KNOWN.search(negation.said):
        draft = each_leaf(draft, _known)
    if not any(word in here.low[draft.start : draft.end] for word in ("duration", "lasting")):
        # but "no therapy of more than 4 weeks' duration", "no use lasting more than 6 months"
        draft = lately(draft, free=_FREE.match(here.text, negation.start, negation.end) is not None)
    if not here.exclusion and any(map(_long_ago, draft.innermost_rules())) and not _AGO.search(here.low, *span):
        return unread(here.text, *span)  # "no seizures > 6 months": for so long, or none that took so long
    literal = negated(draft, span)
    kind = negation.type
    if draft.rule.kind == "any" and (aged := list(filter(is_of_age, draft.parts))):
        none = negated(any_of([part for part in draft.parts if part not in aged]), span)
        besides = any_of([none, *aged])
        return ambiguous([literal, besides], "an age that is denied, too, or will do besides").asked(not here.exclusion)
    if not here.exclusion and _begins_anew(here, draft):
        own = all_of([negated(draft.parts[0], (span[0], draft.parts[0].end)), *draft.parts[1:]])
        return replace(
            ambiguous([literal, own], "a limit of what is denied, or one more that is asked"), requirement=True
        )
    if not here.exclusion or plain or not top or kind == "WITHOUT":
        return literal.asked(not here.exclusion)
    leaves = draft.innermost()
    if any(is_wanted(leaf.rule) for leaf in leaves) or negation.said.startswith("lack"):
        return literal
    named = str(items[0].negations[0].value).startswith("with") or _WITH.search(
        here.text, 0, items[0].negations[0].start
    )
    if not draft.wholly_unread and (named or _WHO.search(here.text, 0, items[0].negations[0].start)):
        return ambiguous([literal, draft], "what excludes, or what is required")  # "patients who do not have asthma"
    used = _USED.match(here.low, negation.end) is not None
    if kind == "NOT" and (used or any(isinstance(leaf.rule, Treatment) for leaf in leaves)):
        return ambiguous([literal, draft], "what excludes, or what is required")  # "not receiving insulin"
    told = _TOLD.search(here.text, 0, negation.end) is not None
    if told and not draft.wholly_unread and not all(is_pregnancy(leaf.rule) for leaf in leaves):
        return ambiguous([literal, draft], "what excludes, or what is required")  # "has not had surgery"
    if kind == "NOT" and all(_told(leaf.rule) for leaf in leaves):
        return literal  # "not enrolled in a registry"
    if all(
        isinstance(leaf.rule, Condition | Treatment | Allergy)
        or is_pregnancy(leaf.rule)
        or _told(leaf.rule)
        or _unwanted(leaf.rule)
        for leaf in leaves
    ):
        if any(_of_any_kind(leaf.rule) for leaf in leaves):
            return ambiguous([literal, draft], "what excludes, or what is required")  # "no laboratory work"
        return literal.asked(True)
    if kind == "NOT" and draft.wholly_unread:
        return literal
    if draft.wholly_unread:
        return unread(here.text, *span)
    return ambiguous([literal, draft], "what excludes, or what is required")


_USED: Final = re.compile(r"\s*(?:on|taking|receiving|using)\b")


def _known(draft: Draft) -> Draft:
    """The same, if it is known of: nobody needs to look for it."""
    if not isinstance(draft.rule, Condition | Allergy | Finding):
        return draft
    return replace(draft, rule=draft.rule.model_copy(update={"known": True}))


_KNOWN: Final = re.compile(r"\bknown$")


def _of_women_alone(here: Composing, span: tuple[int, int]) -> bool:
    """Whether it is asked of women, and men are not let in besides."""
    return _WOMEN.search(here.low, *span) is not None and _MEN.search(here.low) is None


_WOMEN: Final = re.compile(r"\b(?:wom[ae]n|females?)\b")
_MEN: Final = re.compile(r"\bm(?:[ae]n|ales?)\b")


def _begins_anew(here: Composing, draft: Draft) -> bool:
    """ "No heart disease Hemoglobin >= 9": a list that has lost its lines."""
    further = draft.parts[1:] if draft.rule.kind == "all" else ()
    return any(
        isinstance(part.rule, Measurement | PatientAttribute | Statement) and here.text[part.start].isupper()
        for part in further
    )


_FREE: Final = re.compile(
    r".*\b(?:free (?:of|from)|(?:evidence|signs?) (?:of|for)"
    r"|(?:ha(?:s|ve|d)(?:n['’]t|\s+(?:not|never))|not having)\s+had)$",
    re.IGNORECASE,
)
_WITH: Final = re.compile(rf"\b(?:{PERSONS})\s+with\s+$", re.IGNORECASE)
_TOLD: Final = re.compile(  # a clause that says what is so, rather than "no surgery"
    r"\b(?:(?:has|have|had|do|does|did|is|are|was|were)(?:n['’]t|\s+(?:not|never|no))|never)\b(?:\s+(?:have|had|any))*\s*$",
    re.IGNORECASE,
)
_WHO: Final = re.compile(r"\b(?:who|that|which)\s+(?:(?:have|has|had|did|do|does)\s+)?$", re.IGNORECASE)


def is_denied_too(rule: Rule) -> bool:
    """Whether it is a limit, or something that a negation before it reaches."""
    return isinstance(rule, Measurement) or not is_own_statement(rule)


def is_own_statement(rule: Rule) -> bool:
    """Whether a negation before the first of a list is not meant of it: "no metastases and able to ..."."""
    if isinstance(rule, PatientAttribute):
        return rule.attribute in ("consent", "contraception")
    return isinstance(rule, Statement | Measurement | Age) and not (_told(rule) or _unwanted(rule))


def _long_ago(rule: Rule) -> bool:
    """Whether it asks for what was there so long ago, or longer."""
    return isinstance(rule, Condition | Treatment) and rule.window is not None and rule.window.start is None


_AGO: Final = re.compile(r"\b(?:ago|before|prior|preceding|earlier|since|until|past|last|previous)\b")


def _unwanted(rule: Rule) -> bool:
    """Whether it says what no trial wants of anybody, so that a negation before it is meant of it, too."""
    if not isinstance(rule, Statement):
        return False
    if rule.topic == "judgement" and not is_fitness(rule.text) and _is_of_a_thing(rule.text):
        return True  # "no illness or situation that would limit compliance"
    return _UNWANTED.match(rule.text) is not None


def _is_of_a_thing(text: str) -> bool:
    """Whether a judgement is of what a record may hold, or of what stands before it: "that would limit compliance"."""
    return is_generic(text) or _THING.match(text) is not None or _CLAUSE.match(text) is not None


_CLAUSE: Final = re.compile(r"(?:that|which)\s", re.IGNORECASE)  # it narrows what is denied
_UNWANTED: Final = re.compile(
    rf"{TURN}|(?:(?:any|known|documented|a|the|patient)\s+)*(?:histor(?:y|ies) of|poor|inability|incapacity|inadequate"
    r"|insufficient"
    r"|un(?:able|willing)(?:ness)?|unreliab\w+|non-?(?:compliance|adherence|compliant|adherent)|refus(?:al|es|ing)|failure"
    r"|lack|difficult(?:y|ies)|impair(?:ed|ments?)|problems?|barriers?|contraindications?"
    r"|(?:plan|intend|expect|wish|try|attempt)(?:s|n?ing)? to (?:become pregnant|conceive|father))\b",
    re.IGNORECASE,
)


def _told(rule: Rule) -> bool:
    """Whether it says what was done, or happened, which may be denied or wanted: "not removed or repaired"."""
    return isinstance(rule, Statement) and rule.topic == "circumstance" and is_told(rule.text)


_THING: Final = re.compile(  # what a judgement is of, rather than what somebody is
    r"(?:[a-z-]+[\s,/]+){0,7}?(?:conditions?|illness(?:es)?|diseases?|disorders?|problems?|abnormalit(?:y|ies)|circumstances?"
    r"|situations?|reasons?|findings?|factors?|comorbidit(?:y|ies))\b",
    re.IGNORECASE,
)


def is_wanted(rule: Rule) -> bool:
    """Whether it is something that a trial wants, so that "no X" is meant literally."""
    if isinstance(rule, PatientAttribute):
        return rule.attribute in ("consent", "contraception")
    if isinstance(rule, Condition):
        return rule.concept.name == "measurable disease"
    if isinstance(rule, Treatment):
        return vocabulary().is_a("treatment", rule.concept.name, "vaccine")
    return isinstance(rule, Statement) and rule.topic != "contraindication" and not (_told(rule) or _unwanted(rule))


def _of_any_kind(rule: Rule) -> bool:
    """Whether nothing says that it is a disease, rather than something that a trial wants."""
    if _told(rule):
        return True
    if not isinstance(rule, Condition) or not rule.concept.open or rule.concept.broader:
        return False
    named = _DISEASE.search(rule.concept.name) is not None
    return not named and rule.time == "unstated" and not rule.known and rule.window is None


_DISEASE: Final = re.compile(
    r"(?:disease|disorder|syndrome|illness|infection|failure|tumou?r|itis|(?<!diagn)osis|emia|pathy|oma)$",
    re.IGNORECASE,
)
