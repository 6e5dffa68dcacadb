"""How something was found: on which test it was seen, and who diagnosed it."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.qualifiers import Qualifier
from eligibility.knowledge.vocabulary import Entry
from eligibility.reading.lexing.tokens import BOUNDING, Token, kind_at, past

__all__ = [
    "TESTS",
    "VERBS_OF_SHOWING",
    "behind_diagnosing",
    "behind_test",
    "by_criteria",
    "by_scores",
    "documented",
    "is_with",
    "to_be_confirmed",
]


TESTS: Final = frozenset("ANALYTE ANCHOR WORD QUALIFIER TEST_WORD".split())
SHOWING: Final = frozenset("showing demonstrating indicating revealing reflecting".split())
VERBS_OF_SHOWING: Final = SHOWING | frozenset(  # of a number: "echocardiography shows that LVEF >= 50 %"
    "show shows showed indicate indicates indicated demonstrate demonstrates demonstrated reveal reveals"
    " revealed".split()
)
_TESTED_WORDS: Final = frozenset(
    "standard resting laboratory lab imaging blood cardiac pulmonary muga spirometry result "
    "radiographic radiological radiologic serologic serological test "
    "finding examination biopsy scan endoscopic report 12 lead ecg ekg electrocardiography abnormal status "
    "profile panel hematology haematology chemistry biochemistry".split()
)
_PANELS: Final = frozenset("hepatic liver renal kidney lipid thyroid coagulation metabolic biochemical".split())
_MOST_TEST_WORDS: Final = 4


def behind_test(tokens: list[Token], index: int) -> int:
    """Where words end that only say on which test something was seen, "screening ECG showing"; 0 where none do."""
    if index and tokens[index - 1].type not in _BEFORE_TEST:
        return 0
    if index > 1 and tokens[index - 1].type == "OR" and tokens[index - 2].type in ("ANALYTE", "TEST_WORD"):
        return 0  # "x-ray or CT showing"
    at, short = index, 0
    while at < len(tokens):
        if [token.type for token in tokens[at : at + 3]][::2] == ["LPAR", "RPAR"] and _is_of_test(tokens[at + 1]):
            at, short = at + 3, short + 3  # "electrocardiogram (ECG)"
        elif _is_of_test(tokens[at]):
            at += 1
        else:
            break
    named = any(
        t.type in ("ANALYTE", "TEST_WORD") or t.said in _TESTED_WORDS or (_at_screening(t) and t.end - t.start > _ALONE)
        for t in tokens[index:at]
    )
    if not named or at == index or at - index - short > _MOST_TEST_WORDS or at + 1 >= len(tokens):
        return 0
    if tokens[at].said in SHOWING and tokens[at + 1].type in _SHOWN:
        return at + 1
    if is_with(tokens[at]) and _is_limited(tokens, at + 1):
        return at + 1  # "ECG with a QTcF > 470 ms"
    shown = at + 1
    while shown < len(tokens) and (
        tokens[shown].type in ("THAT", "FILLER") or tokens[shown].said in _ARTICLES or _at_screening(tokens[shown])
    ):
        shown += 1
    return (
        shown if tokens[at].said in VERBS_OF_SHOWING and shown < len(tokens) and tokens[shown].type == "ANALYTE" else 0
    )


_ARTICLES: Final = frozenset(("a", "an", "the"))


def _is_limited(tokens: list[Token], index: int) -> bool:
    """Whether a measurement and its limit stand here."""
    kinds = [token.type for token in tokens[index : index + 4]]
    if kinds[1:] == ["LPAR", "ANALYTE", "RPAR"]:
        kinds = [kinds[0], *[token.type for token in tokens[index + 4 : index + 7]]]
    return kinds[0] == "ANALYTE" and "NUMBER" in kinds and any(kind in BOUNDING for kind in kinds)


def _is_of_test(token: Token) -> bool:
    if token.type == "ANALYTE":  # not what is a result itself: "HCV antibody test indicating"
        entry = token.value
        return isinstance(entry, Entry) and (entry.facts.get("type") == "imaging" or entry.name in _TRACINGS)
    return token.said in _TESTED_WORDS or token.said in _PANELS or token.type == "TEST_WORD" or _at_screening(token)


def _at_screening(token: Token) -> bool:
    return token.type == "ANCHOR" and token.said == "screening"


_ALONE: Final = len("at screening")  # what is longer names a test, too: "screening 12-lead ECG"


_TRACINGS: Final = frozenset(("electrocardiogram", "echocardiogram", "liver function tests"))
_BEFORE_TEST: Final = frozenset("PERSON IS MUST WITH SEMI COLON THAT OR".split())
_SHOWN: Final = frozenset("CONDITION ANALYTE QUALIFIER KNOWN CURRENT PRESENCE".split())


def by_criteria(tokens: list[Token], text: str) -> list[Token]:
    """ "Fulfilling the Rome III criteria for a colitis" has it: by whose criteria, no name of a disease tells."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        end = _behind_criteria(tokens, index, text) if _of_criteria(token, text) else 0
        start = _criteria_begin(found, text) if end else len(found)
        if start < len(found):
            first = found[start].start
            found[start:] = [Token("DIAGNOSIS", "diagnosis of", first, tokens[end - 1].end)]
            index = end
            continue
        found.append(token)
        index += 1
    return found


def by_scores(tokens: list[Token]) -> list[Token]:
    """ "Depression according to a PHQ-9 score of at least 10" is defined by it, whatever word says so."""
    kinds = [token.type for token in tokens]
    found = list(tokens)
    for index, token in enumerate(tokens):
        if not index or token.said not in _TOLD_BY or kinds[index - 1] not in ("CONDITION", "RPAR"):
            continue
        at = past(tokens, index + 1, "FILLER", "BOTH", "EITHER")
        limit = past(tokens, at + 1, "TEST_WORD", "OF", "FILLER")
        if kinds[at : at + 1] == ["ANALYTE"] and limit < len(tokens) and kinds[limit] in BOUNDING:
            found[index] = Token("DEFINED", "as defined by", token.start, token.end)
    return found


_TOLD_BY: Final = frozenset(("according to", "based on", "per", "as per"))


def _of_criteria(token: Token, text: str) -> bool:
    return token.type in ("FILLER", "WORD") and _CRITERIA.fullmatch(text, token.start, token.end) is not None


def _behind_criteria(tokens: list[Token], index: int, text: str) -> int:
    """Where "criteria for the diagnosis of" ends, with a disease behind it; 0 where none stands there."""
    at = index + 1
    if at >= len(tokens) or _FOR.fullmatch(text, tokens[at].start, tokens[at].end) is None:
        return 0
    end = past(tokens, at + 1, "FILLER")
    if end < len(tokens) and tokens[end].type == "DIAGNOSIS":
        end = past(tokens, end + 1, "FILLER")
    named = past(tokens, end, "QUALIFIER", "CURRENT", "FILLER")
    named += named + 1 < len(tokens) and tokens[named].type == "WORD" and tokens[named + 1].type == "CONDITION"
    return end if named < len(tokens) and tokens[named].type == "CONDITION" else 0


def _criteria_begin(found: list[Token], text: str) -> int:
    """Where the words begin that say by whose criteria: behind a verb, or at a manual of diagnoses; else the end."""
    manual = len(found)
    for at in range(len(found) - 1, max(-1, len(found) - _MOST_OF_CRITERIA), -1):
        token = found[at]
        said = text[token.start : token.end].lower()
        if _MEETS.search(said):
            return at + (token.type == "MUST")
        if token.type not in _NAMING_CRITERIA or _OF_TRIAL.search(said):
            break
        if _MANUAL.match(said):
            manual = at
    before = text[found[manual - 1].start : found[manual - 1].end].lower() if 0 < manual < len(found) else ""
    return len(found) if _BY.search(before) else manual


_CRITERIA: Final = re.compile(r"criteri(?:a|on)", re.IGNORECASE)
_FOR: Final = re.compile(r"(?:for|of)(?:\s+(?:the|an?))?", re.IGNORECASE)
_MEETS: Final = re.compile(r"\b(?:meet(?:s|ing)?|met|fulfil(?:l|ls|s|led|ling)?|satisf(?:y|ies|ied|ying))$")
_MANUAL: Final = re.compile(r"(?:dsm|icd|rome|diagnostic|clinical|research)\b")
_OF_TRIAL: Final = re.compile(
    r"\b(?:inclusion|exclusion|eligib\w+|entry|enrol\w+|stud(?:y|ies)|trial|response|protocol|following|age|all|any|no|not)\b"
)
_BY: Final = re.compile(r"\b(?:per|by|to|on|with|under|using|via|and|or)$")
_NAMING_CRITERIA: Final = frozenset(
    "WORD ROMAN NUMBER ANALYTE TEST_WORD CLASS_WORD QUALIFIER FILLER OF CONDITION LPAR RPAR DASH SLASH AND PREP "
    "STAGE_NAME".split()
)
_MOST_OF_CRITERIA: Final = 16


def behind_diagnosing(tokens: list[Token], index: int) -> int:
    """Where "diagnosed by a physician with" ends; 0 where nobody is said to have diagnosed it."""
    at = index + 2
    while at < len(tokens) and tokens[at].type == "WORD":
        at += 1
    by = index + 1 < len(tokens) and tokens[index + 1].said == "by"
    who = by and at > index + 2 and _WHO_DIAGNOSES.search(tokens[at - 1].said) is not None
    return at + 1 if who and at < len(tokens) and is_with(tokens[at]) else 0


_WHO_DIAGNOSES: Final = re.compile(r"(?:ist|ician|doctor|provider|surgeon|team)$")


def is_with(token: Token) -> bool:
    """Whether it is "with", whatever stands behind it within the token: "with a"."""
    return token.type == "IS" and str(token.value).split()[0] == "with"


def to_be_confirmed(tokens: list[Token]) -> list[Token]:
    """ "A stroke (this should be confirmed by MRI)" as "a stroke (confirmed by MRI)", which requires nothing."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        found.append(tokens[index])
        if tokens[index].type == "LPAR" and index:
            asked = past(tokens, index + 1, "FILLER", "THAT")
            if kind_at(tokens, asked) == "MUST" and asked + 1 < len(tokens) and _tells_evidence(tokens[asked + 1]):
                index = asked
        index += 1
    return found


def _tells_evidence(token: Token) -> bool:
    """Whether it says that something was confirmed, or how."""
    return token.type == "KNOWN" or (isinstance(token.value, Qualifier) and token.value.axis == "confirmation")


def documented(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with "documentation of a negative test", of a disease or of what was done before, as that it is there;
    not of what a test says, whatever that is: "documentation of HER2 status"."""
    for index, token in enumerate(tokens[:-2]):
        if token.said != "documentation" or tokens[index + 1].type != "OF":
            continue
        if index and (tokens[index - 1].type not in _BEGINS_CLAUSE or tokens[index - 1].said == "with"):
            continue
        what = next((t for t in tokens[index + 2 :] if t.type not in _BEFORE_WHAT), token)
        told = what.type in _RESULTS or (
            what.type in _FACTS and _WHATEVER_IT_IS.search(text, what.start, tokens[-1].end) is None
        )
        if told:
            there = Token("PRESENCE", "presence of", token.start, tokens[index + 1].end)
            return [*tokens[:index], there, *documented(tokens[index + 2 :], text)]
    return tokens


_BEGINS_CLAUSE: Final = frozenset(
    "PERSON IS MUST COMMA SEMI AND OR COLON NO WITHOUT LPAR FEMALE CHILDBEARING DOT".split()
)
_BEFORE_WHAT: Final = frozenset("FILLER QUALIFIER KNOWN".split())
_RESULTS: Final = frozenset(("POSITIVE", "NEGATIVE"))
_FACTS: Final = frozenset("CONDITION TREATMENT PRIOR HISTORY DIAGNOSIS".split())
_WHATEVER_IT_IS: Final = re.compile(
    r"\b(?:status|serolog\w*|test(?:s|ed|ing)?|genotyp\w*|results?|levels?|titers?|assays?|expression|measure\w*|respons\w*"
    r"|resistan\w*|sensitiv\w*|dos(?:es?|ing)|required|acceptable|available|must|immunity|ER|PR|HER-?2)\b",
    re.IGNORECASE,
)
