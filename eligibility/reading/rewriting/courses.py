"""Courses of treatment: of what disease they are, who has had none, what is needed, what is prohibited."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Final

from eligibility.knowledge.qualifiers import Qualifier
from eligibility.knowledge.vocabulary import ANY_DRUG, ANY_TREATMENT, Entry, vocabulary
from eligibility.reading.lexing.tokens import EITHER, Token, kind_at
from eligibility.reading.rewriting.allergies import CLAUSES

__all__ = [
    "BARE_COURSES",
    "NEEDED",
    "PURPOSE",
    "any_treatment",
    "behind_requiring",
    "behind_treatment_named",
    "is_active",
    "is_before_treatment",
    "is_for_disease",
    "is_of_study_disease",
    "is_untreated",
    "naive_of",
    "not_treated_with",
    "use_for_disease",
    "uses_of_a_kind",
    "when_treated",
]


NEEDED: Final = "need of treatment"
BARE_COURSES: Final = frozenset("treatment treatments therapy therapies".split())
_UNDER: Final = frozenset(f"{under} {course}" for under in ("under", "on") for course in ("treatment", "therapy"))
_TREATED: Final = BARE_COURSES | _UNDER | {"treated"}


_NAMING: Final = frozenset("WORD TREATMENT CONDITION ANALYTE QUALIFIER INGREDIENT_OF SITE".split())


def is_for_disease(tokens: list[Token], index: int, text: str) -> bool:
    """Whether a bare "treatment" is that of a disease, of whatever kind: "prior therapy for breast cancer"."""
    if index + 2 >= len(tokens) or tokens[index + 1].type not in ("FOR", "FOR_TIME", "WITHIN"):
        return False
    said, link = (text[t.start : t.end].lower() for t in tokens[index : index + 2])
    if said not in _TREATED or link not in ("for", "for the"):
        return False
    if index and tokens[index - 1].type in _NAMING and not is_active(tokens[index - 1]):
        return False
    at = index + 2
    while at < len(tokens) and (tokens[at].type in _BEFORE_DISEASE or _joins_two(tokens, at)):
        at += 1
    if at >= len(tokens) or (tokens[at].type != "CONDITION" and not _THIS_DISEASE.match(text, tokens[index + 1].start)):
        return False
    clause = next((i for i in range(at, len(tokens)) if tokens[i].type in _BEHIND_DISEASE), len(tokens))
    said_with = clause < len(tokens) and any(t.said in _WITH_WHAT for t in tokens[at:clause])
    return not said_with and not any(t.type == "TREATMENT" for t in tokens[at:clause])  # "for leukemia with decitabine"


def is_active(token: Token) -> bool:
    """Whether it says of a treatment that it goes on: "active therapy for hepatitis"."""
    return isinstance(token.value, Qualifier) and token.value.name in ("active", "ongoing")


def _joins_two(tokens: list[Token], index: int) -> bool:
    """Whether it stands between two attributes of one name: "locally advanced or metastatic" cancer."""
    before, after = index - 1, index + 1
    while tokens[before].type in _AMONG_ATTRIBUTES:
        before -= 1
    while after < len(tokens) and tokens[after].type in _AMONG_ATTRIBUTES:
        after += 1
    named = after < len(tokens) and tokens[after].type in _ATTRIBUTES | {"CONDITION"}
    return tokens[index].type in _AMONG_ATTRIBUTES and tokens[before].type in _ATTRIBUTES and named


_AMONG_ATTRIBUTES: Final = EITHER | {"COMMA"}
_ATTRIBUTES: Final = frozenset(("QUALIFIER", "WORD"))
_BEFORE_DISEASE: Final = frozenset("QUALIFIER FILLER CURRENT PRIOR OTHER STAGE_IS".split())
_WITH_WHAT: Final = frozenset(("with", "using", "by"))
_BEHIND_DISEASE: Final = CLAUSES | {"INCLUDING", "EXCEPT", "LPAR"}


def is_untreated(tokens: list[Token], index: int, text: str) -> bool:
    """Whether a disease is said to be there without treatment."""
    after = tokens[index + 1 : index + 3]
    if not after or text[after[0].start : after[0].end].lower() not in BARE_COURSES:
        return False
    closes = len(after) < 2 or after[1].type in ("COMMA", "SEMI", "DOT", "OR", "RPAR")
    behind = [t.type for t in tokens[:index] if t.type not in ("HISTORY", "FILLER")]
    return closes and behind[-1:] == ["CONDITION"]


def not_treated_with(tokens: list[Token], index: int, text: str) -> list[Token] | None:
    """ "Not (previously) treated with chemotherapy", "naive to it": people who had none, no untreated one."""
    token = tokens[index]
    link = tokens[index + 1].said if index + 2 < len(tokens) else ""
    naive = link == "to" and token.type == "NAIVE"
    if naive and any(later.type == "TIMEUNIT" for later in tokens[index:]):
        return None  # "naive to lasers, or laser therapy more than 16 weeks ago"
    if not naive and (token.type != "QUALIFIER" or not link.startswith("with")):
        return None
    said = text[token.start : token.end].lower()
    named = tokens[index + 2 :]
    named = named[next((i for i, t in enumerate(named) if t.type not in _BEFORE_NAME), 0) :]
    denial = said if naive else next((w for w in ("not ", "never ", "un", "previously un") if said.startswith(w)), "")
    if not (denial and (naive or said.endswith("treated")) and named and named[0].type == "TREATMENT"):
        return None
    behind = token.start + len(denial)
    use = Token("USE", "previously treated with", behind, tokens[index + 1].end)
    return [Token("NOT", "not", token.start, behind), use]


def naive_of(tokens: list[Token]) -> list[Token]:
    """ "Severe biologic-naive asthma": an attribute of the disease behind it, as the others are."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        named = found[-1] if found and token.type == "NAIVE" else None
        behind = next((t.type for t in tokens[index + 1 :] if t.type not in _OF_DISEASE), "")
        if named is not None and named.type == "TREATMENT" and behind == "CONDITION":
            found[-1] = Token("NAIVE_OF", named.value, named.start, token.end)
        else:
            found.append(token)
    return found


_OF_DISEASE: Final = frozenset(("QUALIFIER", "STAGE_IS", "GRADE_IS"))
_BEFORE_NAME: Final = frozenset("QUALIFIER WORD PRIOR FILLER ANY ROUTE".split())


def uses_of_a_kind(tokens: list[Token], text: str) -> list[Token]:
    """ "Hormonal therapy with fulvestrant": the use of that drug, which is of no other class than is said before it."""
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        link = _behind_course(tokens, at + 1, text) if token.type == "TREATMENT" else at
        named = bool(found) and found[-1].type == "WORD"  # "combination" chemotherapy with it
        linked = not named and link < len(tokens) and _is_with(tokens[link])
        if linked and _are_of_kind(tokens[link + 1 :], token.value):
            on = bool(found) and text[found[-1].start : found[-1].end].lower() in _UNDERGOING
            first = found.pop() if on else token
            said = "on current treatment with" if on else "treatment with"
            token = Token("USE", said, first.start, tokens[link].end)
            at = link
        found.append(token)
        at += 1
    return found


def _behind_course(tokens: list[Token], at: int, text: str) -> int:
    """Where the words for a course of it end: "antiviral" therapy."""
    while at < len(tokens) and text[tokens[at].start : tokens[at].end].lower() in _COURSE:
        at += 1
    return at


def _is_with(token: Token) -> bool:
    return token.type == "IS" and str(token.value).split()[0] == "with"


def _are_of_kind(tokens: list[Token], whole: object) -> bool:
    """Whether the treatments that are listed, one at least, are all of a class, and none is the class itself."""
    if not isinstance(whole, Entry) or whole.kind != "treatment" or whole.facts.get("circumstance"):
        return False
    listed = [t for t in takewhile(lambda token: token.type in _IN_A_LIST, tokens) if t.type not in _BEFORE_LISTED]
    behind = next((t.type for t in tokens if t.type not in _IN_A_LIST), "")
    if not listed or behind == "WORD" or whole.name == ANY_DRUG:  # "systemic steroids with prednisone equivalent"
        return False
    return all(
        isinstance(t.value, Entry) and t.value is not whole and vocabulary().is_a("treatment", t.value.name, whole.name)
        for t in listed
    )


_UNDERGOING: Final = frozenset(("on", "under"))
_COURSE: Final = BARE_COURSES | {"regimen", "regimens", "agent", "agents", "medication", "medications", "drug", "drugs"}
_BEFORE_LISTED: Final = frozenset("QUALIFIER FILLER EITHER ANY ROUTE OR AND ANDOR COMMA SLASH".split())
_IN_A_LIST: Final = _BEFORE_LISTED | {"TREATMENT"}


def is_before_treatment(tokens: list[Token], index: int, text: str) -> bool:
    """Whether it is said of a treatment that it is prohibited, before its name: "a prohibited CYP3A4 inhibitor"."""
    token = tokens[index]
    if text[token.start : token.end].lower() not in _PROHIBITED:
        return False
    at = index + 1
    while at < len(tokens) and tokens[at].type == "QUALIFIER":
        at += 1
    named = at < len(tokens) and tokens[at].type == "TREATMENT"
    return named and (not index or tokens[index - 1].type in _BEFORE_ATTRIBUTE)


_PROHIBITED: Final = frozenset(("prohibited", "disallowed", "forbidden"))
_BEFORE_ATTRIBUTE: Final = frozenset("USE CURRENT PRIOR PLANNED OR AND ANDOR COMMA QUALIFIER OTHER".split())


def use_for_disease(tokens: list[Token], index: int, text: str) -> Token | None:
    """The use of what treats a disease: "therapy for leukemia with" decitabine; None where it is no such words."""
    after = tokens[index + 1 : index + 5]
    if len(after) < 4 or after[0].type not in ("FOR", "FOR_TIME") or after[1].type != "CONDITION":
        return None
    said, link = (text[t.start : t.end].lower() for t in tokens[index : index + 2])
    if said not in BARE_COURSES or link != "for" or after[2].said not in ("with", "using"):
        return None
    if after[3].type != "TREATMENT" or not isinstance(after[1].value, Entry):
        return None
    return Token("USE", "treatment with", tokens[index].start, after[2].end, ((PURPOSE, after[1].value),))


PURPOSE: Final = "PURPOSE"
"""What a use is for, beside the words of it."""


def behind_requiring(tokens: list[Token], index: int) -> int:
    """Where what is required is named: "requiring systemic treatment with either X or Y"; 0 where nothing is."""
    value = tokens[index].value
    if not isinstance(value, Qualifier) or value.axis != NEEDED or value.name.startswith("not "):
        return 0
    at = index + 1
    if at >= len(tokens) or not tokens[at].said.startswith("with"):
        return 0
    start = at = at + (2 if at + 1 < len(tokens) and tokens[at + 1].type == "EITHER" else 1)
    while at < len(tokens) and tokens[at].type in ("QUALIFIER", "CURRENT", "FILLER"):
        at += 1
    return start if at < len(tokens) and tokens[at].type == "TREATMENT" else 0


def is_of_study_disease(tokens: list[Token], index: int, text: str) -> bool:
    """Whether a bare "prior therapy" is all that is said of a treatment: one of the disease under study is meant."""
    token = tokens[index]
    if token.type not in ("WEAK_ANCHOR", "WORD") or not index or tokens[index - 1].said not in ("prior", "previous"):
        return False
    if text[token.start : token.end].lower() not in BARE_COURSES:
        return False
    before = tokens[index - 2].type if index > 1 else ""
    after = kind_at(tokens, index + 1)
    if after == "COMMA":
        after = tokens[index + 2].type if index + 2 < len(tokens) and tokens[index + 2].type == "INCLUDING" else after
    return before in _BEFORE_TREATMENT and after in _BEHIND_TREATMENT


_BEFORE_TREATMENT: Final = frozenset(
    ("", *"NO NOT USE PROGRESSED REFRACTORY_TO INTOLERANT IS MUST MUST_NOT SEMI COLON".split())
)
_BEHIND_TREATMENT: Final = frozenset(("", *"SEMI DOT INCLUDING ALLOWED EXCLUDED EXCEPT LPAR".split()))


_THIS_DISEASE: Final = re.compile(
    r"for\s+(?:the\s+)?(?:this|their|current|present|same|study)\s+(?:disease|malignancy|cancer|tumou?r|neoplasm|condition)\b",
    re.IGNORECASE,
)
_NOW: Final = re.compile(r"\b(?:is|are|being|currently|under)\s+$", re.IGNORECASE)
_THEN: Final = re.compile(r"\b(?:was|were|been)\s+$", re.IGNORECASE)


def any_treatment(token: Token) -> Token:
    """A bare word for a treatment as any one."""
    return Token("TREATMENT", vocabulary().entry("treatment", ANY_TREATMENT), token.start, token.end)


def when_treated(text: str, token: Token) -> list[Token]:
    """What the verb before "treated" says of the time: "being treated for", "has been treated for"."""
    said = text[token.start : token.end].lower()
    if not said.endswith("ed"):
        return [Token("CURRENT", "", token.start, token.start)] if said in _UNDER else []
    kind = "CURRENT" if _NOW.search(text, 0, token.start) else "PRIOR" if _THEN.search(text, 0, token.start) else None
    return [Token(kind, "", token.start, token.start)] if kind else []


def behind_treatment_named(tokens: list[Token], index: int, text: str) -> int:
    """Where the name of the treatment that starts on a day ends, behind "with"; 0 where none stands here."""
    if text[tokens[index].start : tokens[index].end].lower() not in ("with", "using"):
        return 0
    at = index + 1
    while at < len(tokens) and tokens[at].type == "TREATMENT":
        joint = at + 1
        at = joint
        if joint + 1 < len(tokens) and tokens[joint].type in ("AND", "PLUS", "SLASH"):
            at = joint + 1 if tokens[joint + 1].type == "TREATMENT" else joint
    return at if at > index + 1 else 0
