"""What a clause, or a "with", says behind a comma of what a list names before it."""

from __future__ import annotations

import re
from typing import Final

from eligibility.reading.composing.connecting import OR_LIKE, are_of_one_kind, connected
from eligibility.reading.composing.own_limits import analytes_of, shown_by
from eligibility.reading.composing.people import of_one_sex, tells_sex
from eligibility.reading.composing.terms import Composing, Item
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of
from eligibility.reading.patterns import PERSONS, just_before
from eligibility.rules import Condition, Statement, Treatment


def with_clause(
    here: Composing, drafts: list[Draft], items: list[Item], separators: list[str], *, plain: bool, serial: bool
) -> Draft | None:
    """ "Women who ..., who ...", "a disease, which may affect A or B", "a rash, involving the face": what a clause
    narrows; None without one."""
    commas = [i for i, each in enumerate(separators, 1) if each == "COMMA"]
    ends = [(i, min(drafts[i - 1].end, items[i - 1].end)) for i in commas]
    at, end = next((found for found in ends if _RELATIVE.match(here.low, found[1])), (0, 0))
    if not at and here.exclusion and commas and of_one_sex(drafts[0]) and _DOING.match(here.low, ends[0][1]):
        at, end = ends[0]
    if not at:
        return None
    exclusive = here.exclusion and not plain
    rest = _before_it(here, drafts[:at], separators[: at - 1], plain=plain, serial=serial)
    said = connected(here, drafts[at:], separators[at:], None, False, serial)
    both = all_of([rest, said])
    if here.exclusion and at == 1 and of_one_sex(rest):
        return both  # nobody is kept out for being a woman, where more is said of her
    if _closes(here, drafts, items, separators, at, end):
        return both
    if _OF_NEAREST.match(here.low, end):
        narrowed = [*drafts[: at - 1], all_of(drafts[at - 1 : at + 1]), *drafts[at + 1 :]]
        nearest = connected(here, narrowed, [*separators[: at - 1], *separators[at:]], None, exclusive, serial)
        return ambiguous([both, nearest], "how far a clause that narrows reaches")
    every = connected(here, drafts, separators, None, exclusive, serial)
    return ambiguous([both, every], "a clause that narrows, or one more item")


def _closes(here: Composing, drafts: list[Draft], items: list[Item], separators: list[str], at: int, end: int) -> bool:
    """Whether a clause closes a sentence, and so is about all before it: "asthma or gout, which may hamper follow-up",
    "men or fertile women, unwilling to ..."; not where it is one of several such clauses."""
    clause = _CLAUSE.match(here.low, end)
    if "SEMI" in separators or not {*separators[at:]} <= OR_LIKE or _MORE_PEOPLE.search(here.low, end, drafts[-1].end):
        return False
    for item, draft in zip(items[at + 1 :], drafts[at + 1 :], strict=False):
        stated = all(isinstance(leaf.rule, Statement) for leaf in draft.leaves())
        if not stated and _VERB.match(here.low, item.start) is None:
            return False
    if clause is not None:
        return len(re.findall(rf"\b{clause['of']}\b", here.low[drafts[0].start : drafts[-1].end])) == 1
    return here.exclusion and all(map(tells_sex, [rule for draft in drafts[:at] for rule in draft.innermost_rules()]))


_VERB: Final = re.compile(  # "..., which may impair follow-up or require admission"
    r"(?:may|might|could|would|will|can|has|have|is|are|was|were"
    r"|(?:requir|caus|influenc|interfer|compromis|necessitat|jeopardi[sz])es?"
    r"|(?:affect|impair|prevent|limit|confound|increas|alter|restrict|put|mak|pos)(?:e?s)?)\b"
)
_CLAUSE: Final = re.compile(r"\W*,\s*(?P<of>who|which|that)\b")
_MORE_PEOPLE: Final = re.compile(rf"\b(?:and|or)\s+(?:(?:those|other|pregnant)\b|(?:{PERSONS})\b)")


def with_more(
    here: Composing, drafts: list[Draft], items: list[Item], separators: list[str], *, plain: bool, serial: bool
) -> Draft | None:
    """ "Renal disease, with creatinine > 2", "asthma or COPD, with wheezing or cough": what those before a comma are
    with is no further item; None where nothing is, or each of several is with something."""
    commas = [i for i, each in enumerate(separators, 1) if each == "COMMA"]
    ends = [(i, (drafts[i - 1].end, items[i - 1].end)) for i in commas]
    at = next((i for i, either in ends if any(_WITH_THAT.match(here.low, end) for end in either)), 0)
    if not at or any(item.negations for item in items[at + 1 :]):
        return None
    if len(_BESIDE_WITH.findall(here.low, drafts[0].start, drafts[-1].end)) > 1:
        return None
    exclusive = here.exclusion and not plain
    rest = _before_it(here, drafts[:at], separators[: at - 1], plain=plain, serial=serial)
    said = connected(here, drafts[at:], separators[at:], None, exclusive, serial)
    both = all_of([rest, said])
    if not exclusive:
        return both if OR_LIKE.intersection(separators) else None
    if analytes_of(said) and (analytes_of(rest) or len(drafts) == 2) and commas == [at] and at == len(drafts) - 1:
        return said if shown_by(rest, said) else both
    every = connected(here, drafts, separators, None, exclusive, serial)
    return ambiguous([both, every], "what stands with those before it, or one more item")


_EFFECT: Final = (  # what something does is said of it, and is no further item: "a rash, involving the face"
    r"(?:thereby\s+|thus\s+)?(?:affecting|involving|causing|leading to|resulting in|interfering with|preventing"
    r"|precluding|impairing|limiting (?:the|their|ability|participation|life|use)|impacting|compromising|hindering"
    r"|hampering|necessitating|restricting|prohibiting|complicating|contraindicating|rendering|making|influencing"
    r"|jeopardi[sz]ing)"
)
_RELATIVE: Final = re.compile(rf"\W*,\s*(?:who(?:se)?|which|that|{_EFFECT})\b")
_DOING: Final = re.compile(  # "women of childbearing potential, using no contraception"
    r"\W*,\s*(?:(?:not|but|and|currently)\s+)*(?:having|being|using|practi[sc]ing|receiving|taking|planning|wishing|intending"
    r"|lacking|willing|unwilling(?:ness)?|refusing|refusal|unable|inability|failure|agreeing|breastfeeding)\b"
)
_OF_NEAREST: Final = re.compile(rf"\W*,\s*(?:whose|{_EFFECT})\b")
_WITH_THAT: Final = re.compile(
    r"\W*(?:\(\w+\)\s*)?,\s*(?:(?:along|together)\s+)?with\s+(?!(?:or|the\s+exception|exceptions?)\b)"
)
_BESIDE_WITH: Final = re.compile(r"(?:[,;]|\b(?:and|or))\s*with\b")


def _before_it(here: Composing, drafts: list[Draft], separators: list[str], *, plain: bool, serial: bool) -> Draft:
    """What stands before a clause or a "with", joined as where none follows: "new or recurrent A, B positive"."""
    alternatives = {*separators} <= OR_LIKE | {"COMMA"} and {*separators} & OR_LIKE and separators[-1] == "COMMA"
    if alternatives and not (plain or here.exclusion):
        return behind_alternatives(here, drafts, separators, serial=serial)
    return connected(here, drafts, separators, None, here.exclusion and not plain, serial)


def behind_alternatives(here: Composing, drafts: list[Draft], separators: list[str], *, serial: bool) -> Draft:
    """ "A or B, C": C is asked besides, since an "or" stands before the last of a list; or it is one more of a kind."""
    at = max(i for i, joint in enumerate(separators, 1) if joint in OR_LIKE) + 1
    either = connected(here, drafts[:at], separators[: at - 1], None, False, serial)
    whole = all_of([either, *drafts[at:]])
    named = {rule.concept for rule in either.innermost_rules() if isinstance(rule, Condition | Treatment)}
    more = [rule for draft in drafts[at:] for rule in draft.innermost_rules()]
    again = any(isinstance(rule, Condition | Treatment) and rule.concept in named for rule in more)
    asked = just_before(_ASKED_WITH, here.low, drafts[at].start) is not None  # "A or B, with confirmation of B"
    if (again or are_of_one_kind(drafts)) and not asked:
        return ambiguous([whole, any_of(drafts)], "one more alternative, or asked besides")
    return whole


_ASKED_WITH: Final = re.compile(r",\s*with\s+(?:[a-z]+\s+){0,2}\Z")
