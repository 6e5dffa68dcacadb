"""What a parenthesis may be where its words leave that open, by the kinds of thing on either side of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.vocabulary import texts, vocabulary
from eligibility.knowledge.words import keys
from eligibility.reading.composing.enclosed import ALL_OR_EXAMPLES
from eligibility.reading.composing.fitness import defines_fitness
from eligibility.reading.composing.open_phrases import FINITE
from eligibility.reading.composing.own_limits import NARROWS_OR_DEFINES, narrowed_or_defined, shown_by
from eligibility.reading.composing.terms import Composing
from eligibility.reading.drafts import HABITS, Draft, all_of, ambiguous, any_of, each_leaf, for_those
from eligibility.reading.lexer import tokenize
from eligibility.reading.patterns import DIGIT, PERSONS
from eligibility.reading.sentences import Group
from eligibility.rules import Age, Allergy, Concept, Condition, Finding, Measurement, Rule, Sex, Statement, Treatment

__all__ = ["NARROWS_OR_EXPLAINS", "aside_in_words", "in_doubt", "is_another_time", "is_habit", "only_tells_more"]

NARROWS_OR_EXPLAINS: Final = "what stands in parentheses may narrow, or explain"


def in_doubt(here: Composing, draft: Draft, group: Group, inside: Draft) -> Draft:
    """What a parenthesis makes of what stands before it, where its words leave that open: the readings that the kinds
    of thing on either side allow."""
    both = all_of([draft, inside]).asked(draft.requirement)
    if (found := _as_found(draft, inside)) is not None:
        return found
    if defines_fitness(here, draft, inside):
        return inside.placed(draft.start, max(inside.end, group.end))
    if is_habit(draft.rule) and all(map(_is_dated_habit, inside.innermost_rules())):
        return replace(inside, start=draft.start, requirement=draft.requirement)
    if (theirs := _of_those_only(here, draft, group, inside)) is not None:
        return theirs
    if (listed := _allergies(here, draft, group, inside)) is not None:
        return listed
    if (kinds := _kinds_with_more(draft, inside)) is not None:
        return kinds
    if isinstance(inside.rule, Condition) and shown_by(inside, draft):
        return replace(draft, end=max(draft.end, group.end))  # "BMI > 40 (morbid obesity)"
    if _is_of_it(here, draft, group, inside):
        return ambiguous([both, draft], NARROWS_OR_EXPLAINS)
    return ambiguous([both, any_of([draft, inside]), draft], "what stands in parentheses may narrow, widen or explain")


def _as_found(draft: Draft, inside: Draft) -> Draft | None:
    """A disease with the results by which it is told, "hepatitis B (HBsAg positive)", or that tell which kind of a
    cancer is meant, "lymphoma (ALK negative)"; None where anything but results is named."""
    rule, named = draft.rule, inside.innermost_rules()
    if not isinstance(rule, Condition) or not all(isinstance(each, Finding | Measurement) for each in named):
        return None
    tests = [vocabulary().entry("measurement", each.test.name) for each in named if isinstance(each, Finding)]
    if not tests or None in tests:
        return None
    if vocabulary().is_a("condition", rule.concept.name, "malignancy"):
        of_them = all(test is not None and test.facts.get("type") == "test" for test in tests)
        return all_of([draft, inside]).asked(draft.requirement) if of_them and len(tests) == len(named) else None
    meant, may_mean = (
        [name for test in tests if test is not None for name in texts(test.facts.get(fact))]
        for fact in ("positive_means", "positive_may_mean")
    )
    if isinstance(inside.rule, Finding) and inside.rule.result == "positive":
        bare = Condition(concept=rule.concept, qualifiers=tuple(q for q in rule.qualifiers if q in _NOW))
        shown = any(vocabulary().is_a("condition", name, rule.concept.name) for name in meant)
        if shown and rule.time in ("unstated", "now") and rule.model_copy(update=_AS_NAMED) == bare:
            return replace(draft, end=max(draft.end, inside.end))  # whoever has that result has the disease
    related = any(_related(rule.concept.name, name) for name in (*meant, *may_mean))
    return narrowed_or_defined(draft, inside) if related else None


_NOW: Final = ("active", "current")
_AS_NAMED: Final[dict[str, object]] = {"known": False, "suspected": False, "time": "unstated"}


def _related(name: str, other: str) -> bool:
    return vocabulary().is_a("condition", name, other) or vocabulary().is_a("condition", other, name)


def _of_those_only(here: Composing, draft: Draft, group: Group, inside: Draft) -> Draft | None:
    """What is asked of some patients only: "platelets >= 100 (lymphoma only)", "Lansky >= 60 (under 16 years)".

    None of what a disease is said to be.
    """
    if not all(isinstance(rule, Measurement | Finding) for rule in draft.innermost_rules()):
        return None
    those = inside.innermost_rules()
    if not all(isinstance(rule, Age | Condition | Finding | Sex) for rule in those):
        return None
    if not (all(isinstance(rule, Age) for rule in those) or _of_people(here, group)):
        return None
    if here.exclusion and not draft.requirement:
        return all_of([draft, inside])
    return for_those(inside, draft).asked(draft.requirement)


def _of_people(here: Composing, group: Group) -> bool:
    """Whether a parenthesis names patients: "(HBeAg-positive patients)", "(those with lymphoma only)"."""
    return _PEOPLE.search(here.low, group.start, group.end) is not None


_PEOPLE: Final = re.compile(
    rf"[(\[]\s*(?:for\s+|in\s+)?(?:{PERSONS}|those)\b|\b(?:{PERSONS}|only)\s*[)\]]\Z", re.IGNORECASE
)


def _allergies(here: Composing, draft: Draft, group: Group, inside: Draft) -> Draft | None:
    """An allergy with what it may be to: "hypersensitivity to taxanes (paclitaxel or docetaxel)"; None of all else."""
    rule, named = draft.rule, inside.innermost()
    if not isinstance(rule, Allergy) or rule.exceptions or _USED_IN.match(here.low, group.start):
        return None
    if not all(isinstance(leaf.rule, Allergy) and not leaf.rule.exceptions for leaf in named):
        return None
    if any(leaf.rule.kind not in ("any", "all") for leaf in inside.leaves() if leaf.parts):
        return None
    if not all(_may_be_kind(leaf.rule.concept, rule.concept) for leaf in named if isinstance(leaf.rule, Allergy)):
        return None  # "macrolides (azithromycin, venetoclax)"
    only = any_of(named)
    drug = None if rule.concept.open else vocabulary().entry("treatment", rule.concept.name)
    if drug is not None and drug.facts.get("type") == "drug":
        return ambiguous([draft, any_of([draft, only])], "what stands in parentheses may explain, or be one more thing")
    return ambiguous([only, any_of([draft, only])], ALL_OR_EXAMPLES)


def _may_be_kind(concept: Concept, kind: Concept) -> bool:
    """Whether a substance is of a kind, for all that is known; a kind of which no members are known has any."""
    known = vocabulary()
    if concept.open or kind.open or not known.narrower("treatment", kind.name):
        return True
    entry = known.entry("treatment", kind.name)
    drug = entry is not None and entry.facts.get("type") == "drug"
    return drug or known.is_a("treatment", concept.name, kind.name)


_USED_IN: Final = re.compile(r"[(\[][^()]*\b(?:only|for|used|in|of|with|after|during|by)\b")


def _is_of_it(here: Composing, draft: Draft, group: Group, inside: Draft) -> bool:
    """Whether words in parentheses are about what stands before them, and cannot be one more thing beside it: what only
    an answer tells of a disease, a treatment or a number, how a disease is treated, for what a treatment is given."""
    rule, leaves = draft.rule, inside.innermost()
    if _BESIDE.match(here.low, group.start) or is_habit(rule):
        return False  # "smokers (who have used tobacco within 6 months)"
    if isinstance(rule, Measurement | Statement):
        words = all(isinstance(leaf.rule, Statement) for leaf in leaves)
        return words and not (_of_people(here, group) or _SPARES.search(here.low, group.start, group.end))
    if not isinstance(rule, Condition | Treatment):
        return False
    if all(isinstance(leaf.rule, Statement) for leaf in leaves):
        return True
    if rule.concept.open or any(leaf.wholly_unread for leaf in leaves):
        return False
    told = [leaf.rule for leaf in leaves if not (isinstance(leaf.rule, Condition) and leaf.rule.concept.open)]
    return bool(told) and all(
        isinstance(other, Statement)
        or (isinstance(other, Condition | Treatment) and type(other) is not type(rule) and other.window is None)
        for other in told
    )


def aside_in_words(here: Composing, draft: Draft, group: Group) -> Draft | None:
    """A fact with a parenthesis of which only an answer tells whether it holds: "haemoptysis (> 2.5 mL per episode)";
    None where the words may spare somebody, or be one more thing."""
    said = here.text[group.start + 1 : group.end - 1].strip()
    if not isinstance(draft.rule, Condition | Finding | Treatment) or not only_tells_more(said):
        return None
    if is_another_time(draft.rule, said):
        return None
    words = Draft(Statement(text=said, topic="circumstance", who="chart"), group.start + 1, group.end - 1)
    both = all_of([draft, words])
    if _measures(said):
        return ambiguous([both, words], NARROWS_OR_DEFINES).asked(draft.requirement)
    return ambiguous([both, draft], NARROWS_OR_EXPLAINS).asked(draft.requirement)


def is_another_time(rule: Rule, said: str) -> bool:
    """Whether words beside something that is asked for within a time may give another time, for some of it: "within 28
    days (6 weeks after mitomycin)"."""
    dated = isinstance(rule, Condition | Finding | Treatment | Measurement) and rule.window is not None
    return dated and _TIME.search(said) is not None


_TIME: Final = re.compile(
    r"\d[\s-]*(?:hours?|hrs?|days?|weeks?|wks?|months?|mos?|years?|yrs?|half-li)\b", re.IGNORECASE
)


def only_tells_more(said: str) -> bool:
    """Whether words in a parenthesis can only be about what it stands behind: figures or a few words, without a clause
    of their own and without anything that adds to it, spares somebody or asks for something."""
    found = keys(said)
    few = 1 < len(found) <= _MOST_WORDS or (len(found) == 1 and DIGIT.search(said) is not None)
    return few and FINITE.isdisjoint(found) and _NO_ASIDE.search(said) is None


_MOST_WORDS: Final = 14
_NO_ASIDE: Final = re.compile(
    r"^(?:or|and|but|if|when|where|while|unless|for|see|note|others?|another|also|plus|both|even|regardless"
    r"|e\.?\s?g|i\.?\s?e|examples?|such|like|namely|this|that|these|those|it|they|all|any|each|every|only|alone|approx\w*|about)\b"
    r"|\b(?:allow\w*|permi\w*|eligib\w*|exclu\w*|except\w*|exempt\w*|accept\w*|inclu\w*|requir\w*|recommend\w*|unless"
    r"|if|only|must|should|shall|may|might|can|could|will|would|is|are|was|were|be|been|has|have|had|do|does|did|other|plan\w*|inten\w*|expect\w*|anticipat\w*|suspe\w*|suspicion|potential\w*|possib\w*|risks?"
    r"|family|past|previous\w*|prior|former\w*|arms?|cohorts?|phases?|parts?|groups?|periods?|stud(?:y|ies)|sub-?stud(?:y|ies)"
    r"|trials?|patients?|subjects?|participants?|wom[ae]n|females?|males?|m[ae]n|child\w*|adults?|consent\w*|pregnan\w*"
    r"|section|appendix|table|protocol|criteri\w*|refer\w*)\b"
    r"|[!?]|[.;]\s",
    re.IGNORECASE,
)


def _measures(said: str) -> bool:
    """Whether words give a limit of something that is measured, and so may say what a disease is taken to be."""
    return DIGIT.search(said) is not None and any(token.type == "ANALYTE" for token in tokenize(said))


def is_habit(rule: Rule) -> bool:
    """Whether it is what people do, of which words behind it may say what counts: "smokers (within 6 months)"."""
    return isinstance(rule, Condition) and not HABITS.isdisjoint(vocabulary().ancestors("condition", rule.concept.name))


def _is_dated_habit(rule: Rule) -> bool:
    """Whether it says when something counts: "smokers (tobacco use within the last 3 months)"."""
    return isinstance(rule, Condition) and is_habit(rule) and rule.window is not None


_SPARES: Final = re.compile(r"\b(?:if|unless|except\w*|not required|allowed|permitted|eligible|optional)\b")
_BESIDE: Final = re.compile(  # what may be there without it
    r"[(\[]\s*(?:and\b|or\b|also\b|as well\b|plus\b|including\b|intent|plan|risk|possib|suspic|suspect|potential"
    r"|tendency|predispos|family|for\b|in\b)"
)


def _kinds_with_more(draft: Draft, inside: Draft) -> Draft | None:
    """A disease with kinds of it of which more is said than their names, or with limits that count, too: "heart disease
    (heart failure of NYHA class III, infarction within 6 months)"; None where more of them are none of its kinds."""
    rule = draft.rule
    if not isinstance(rule, Condition) or rule.concept.open or rule.exceptions or rule.other:
        return None
    listed = inside.parts if inside.rule.kind == "any" else (inside,)
    known, kinds = 0, 0
    for each in listed:
        leaves = each.innermost_rules()
        named = [leaf for leaf in leaves if isinstance(leaf, Condition)]
        if each.rule.kind not in _PLAIN or len(named) + sum(isinstance(x, Measurement) for x in leaves) < len(leaves):
            return None
        if any(leaf.exceptions or leaf.other or leaf.lasting or leaf.count for leaf in named):
            return None
        surely = [leaf for leaf in named if not leaf.concept.open]
        known += bool(surely)
        kinds += bool(surely) and all(_is_kind(leaf.concept.name, rule.concept.name) for leaf in surely)
    if not kinds or 2 * kinds < known:
        return None
    told = any(not _OWN.isdisjoint(leaf.rule.model_dump(exclude_defaults=True)) for leaf in inside.innermost())
    limited = any(isinstance(leaf.rule, Measurement) for leaf in inside.innermost())
    weights = _WEIGHTS if told or limited else _WEIGHTS - {"severity"}
    only = each_leaf(inside, lambda leaf: _with_all_said(rule, leaf, weights))
    return ambiguous([only, any_of([draft, only])], ALL_OR_EXAMPLES)


_PLAIN: Final = frozenset(("condition", "measurement", "all", "any", "ambiguous"))


def _is_kind(name: str, wider: str) -> bool:
    return name != wider and vocabulary().is_a("condition", name, wider)


def _with_all_said(rule: Condition, leaf: Draft, weights: frozenset[str]) -> Draft:
    """A kind of a disease with what is said of the disease and, in its place, of the kind itself; what counts as
    significant, or as severe where more is said of the kinds than their names, is what is listed."""
    other = leaf.rule
    if not isinstance(other, Condition):
        return leaf
    axes = {each: known.axis for each in rule.qualifiers if (known := qualifiers().find(each)) is not None}
    of_all = [each for each in rule.qualifiers if axes.get(each) not in weights]
    own = {
        name: getattr(other, name)
        for name in ("window", "moment", "site", "stages", "grade", "known")
        if getattr(other, name)
    }
    if other.time != "unstated":
        own["time"] = other.time
    both = tuple(dict.fromkeys((*of_all, *other.qualifiers)))
    return replace(leaf, rule=rule.model_copy(update={**own, "concept": other.concept, "qualifiers": both}))


_WEIGHTS: Final = frozenset(("significance", "severity"))
_OWN: Final = frozenset(("time", "window", "moment", "site", "stages", "grade", "known"))
