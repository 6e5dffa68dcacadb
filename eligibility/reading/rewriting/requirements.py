"""What is required, needed or asked for, as the fact that it is."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.vocabulary import ANY_DRUG, ANY_TREATMENT, Entry, vocabulary
from eligibility.reading.composing.terms import StatementRead
from eligibility.reading.drafts import Draft
from eligibility.reading.lexing.tokens import EITHER, WHO, Token, kind_at
from eligibility.reading.patterns import PERSONS
from eligibility.rules import Statement

__all__ = [
    "disease_named_alone",
    "foretold",
    "needs",
    "of_whom",
    "results_asked",
    "results_required",
    "uses_said",
    "where_indicated",
    "without_required",
]


_HAVING: Final = re.compile(r"with\s+", re.IGNORECASE)


def disease_named_alone(tokens: list[Token], text: str) -> list[Token]:
    """The disease that "with distant metastases" names, where it is all that is said of patients: no attribute."""
    said = [token for token in tokens if token.type != "FILLER"]
    if [token.type for token in said] != ["PERSON", "QUALIFIER"]:
        return tokens
    people, token = said
    having = _HAVING.match(text, token.start, token.end)
    named = vocabulary().find(text[having.end() : token.end], "condition") if having else None
    if having is None or named is None:
        return tokens
    link = Token("IS", "with", token.start, having.end())
    return [people, link, Token("CONDITION", named, having.end(), token.end)]


def needs(tokens: list[Token], text: str) -> list[Token]:
    """What excludes those who "need to take warfarin" is their need: no requirement that they would not fulfil."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else None
        if before is not None and before.type == "MUST" and text[before.start :].lower().startswith("need"):
            if token.type == "USE" or (token.type == "AT_ANCHOR" and token.said == "on"):
                found[-1] = Token("USE", "requiring", before.start, token.end)
                continue
            if token.type == "TREATMENT":
                found[-1] = Token("USE", "requiring", before.start, before.end)
            elif _NEED_ITSELF.search(text, 0, before.start):
                found[-1] = Token("WORD", before.said, before.start, before.end)
        found.append(token)
    return found


_NEED_ITSELF: Final = re.compile(  # "need to be hospitalized", "an anticipated need to change drugs", "may need to"
    r"(?:^|[\n(:;]|\b(?:the|an?|any|some|anticipated?|expected|foreseen|planned|potential|possible|clinical|medical|likely"
    r"|frequent|urgent|immediate|future|current|ongoing|may|might|could|who|that)\s)[\s*•-]*$",
    re.IGNORECASE,
)


def of_whom(tokens: list[Token]) -> list[Token]:
    """ "For whom warfarin cannot be stopped" says of whom it is, and asks nothing of anybody."""
    found = list(tokens)
    for index, token in enumerate(tokens):
        if token.said != "whom" or index == 0:
            continue
        verb = next((i for i in range(index + 1, len(tokens)) if tokens[i].type in _ENDING_WHOM), len(tokens))
        if kind_at(tokens, verb) == "MUST_NOT":
            for at in range(index - 1, verb + 1):
                found[at] = Token("WORD", tokens[at].said, tokens[at].start, tokens[at].end)
    return found


_ENDING_WHOM: Final = frozenset("MUST MUST_NOT IS ALLOWED COMMA SEMI DOT COLON AND OR".split())


def uses_said(tokens: list[Token], text: str, *, exclusion: bool) -> list[Token]:
    """ "Need valproic acid", "started testosterone": verbs that only a treatment behind them tells from other words."""
    tokens = _had_or_to_have(tokens)
    found = [_as_given_with(token, at, tokens) for at, token in enumerate(tokens)]
    for index, token in enumerate(tokens[:-1]):
        if token.type not in _MAY_BE_VERBS or (index and tokens[index - 1].type not in _BEFORE_VERBS):
            continue
        verb = _VERBS.get(text[token.start : token.end].lower())
        following = [each for each in tokens[index + 1 : index + 5] if each.type != "FILLER"]
        while following and (following[0].type == "QUALIFIER" or following[0].said in ("new", "first")):
            following = following[1:]
        if verb is None or not following or following[0].type != "TREATMENT":
            continue
        if verb != "requiring" or (exclusion and _may_go_on(following[0])):
            found[index] = Token("USE" if verb != "already" else "CURRENT", verb, token.start, token.end)
    return found


def _as_given_with(token: Token, at: int, tokens: list[Token]) -> Token:
    """ "Adjuvant therapy containing vinorelbine": with it."""
    given = token.said == "containing" and at and tokens[at - 1].type == kind_at(tokens, at + 1) == "TREATMENT"
    given = given and getattr(tokens[at + 1].value, "name", "") not in (ANY_DRUG, ANY_TREATMENT)
    return Token("IS", "with", token.start, token.end) if given else token


def _had_or_to_have(tokens: list[Token]) -> list[Token]:
    """ "Has had, or is receiving, or will have" a treatment: each verb with the time that it speaks of."""
    if "OR" not in [token.type for token in tokens]:
        return tokens
    found = list(tokens)
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if token.type != "IS" or not token.said.endswith("had"):
            continue
        behind = found[index + 1 :]
        if not behind or behind[0].type not in EITHER:
            continue
        at = next((i for i, each in enumerate(behind[1:], 1) if each.type != "IS"), len(behind))
        kinds = [each.type for each in behind[at : at + 3]]
        if at == 1 and behind[1].said == "will" and (kinds[1:2] == ["USE"] or kinds[1:] == ["IS", "TREATMENT"]):
            end = 2 if kinds[1] == "USE" else 3
            planned = Token("PLANNED", "will receive", behind[1].start, behind[end - 1].end)
            found[index + 2 : index + 1 + end] = [planned]
        elif kinds[:1] not in (["PLANNED"], ["USE"]):
            continue
        found[index] = Token("USE", "have received", token.start, token.end)
    return found


def _may_go_on(treatment: Token) -> bool:
    """Whether who needs it is on it, as a rule: a drug or a ventilator, but no operation."""
    facts = treatment.value.facts if isinstance(treatment.value, Entry) else {}
    return facts.get("type") in ("drug", "class", "device") or bool(facts.get("course"))


_VERBS: Final = {
    "need": "requiring",
    "needs": "requiring",
    "required": "has required",
    "started": "started on",
    "initiated": "initiated on",
    "commenced": "commenced on",
    "begun": "begun on",
    "already": "already",
}
_MAY_BE_VERBS: Final = frozenset(("WORD", "BEGUN", "FILLER"))
_BEFORE_VERBS: Final = frozenset("PERSON IS THAT OR ANDOR COMMA SEMI FILLER CURRENT PRIOR NO NOT".split())


def results_asked(tokens: list[Token]) -> list[Token]:
    """ "(For those with B,) the viral load must be undetectable": what is asked is the result of one test."""
    kinds = [token.type for token in tokens]
    found = list(tokens)
    for index in range(len(tokens) - len(_RESULT_ASKED) + 1):
        run = tokens[index : index + len(_RESULT_ASKED)]
        asked = all(token.type in allowed for token, allowed in zip(run, _RESULT_ASKED, strict=True))
        before = kinds[max(index - 2, 0) : index]
        if asked and before[-1:] not in (["AND"], ["OR"], ["ANDOR"], ["SLASH"]) and before != ["ANALYTE", "COMMA"]:
            found[index : index + 2] = [run[1], run[0]]
    return found


_RESULT_ASKED: Final = (("ANALYTE",), ("MUST",), ("POSITIVE", "NEGATIVE"))


def foretold(tokens: list[Token], text: str) -> list[Token]:
    """ "Patients will have asthma", "women will agree to use contraception": what is foretold of all who take part is
    asked of them; not what the study will do, "patients will have blood drawn"."""
    for at in range(1, len(tokens) - 1):
        will, verb = tokens[at], tokens[at + 1]
        if will.type != "WORD" or will.said != "will" or not _BEGUN.issuperset(_clause_before(tokens, at)):
            continue
        if tokens[at - 1].type not in _THEM or _STUDY_DOES.search(text, verb.end, _clause_end(text, verb.end)):
            continue
        if verb.type == "IS" and verb.said in ("have", "have had"):
            have = verb.start + len("have")
            had = [Token("IS", "had", have + 1, verb.end)] if verb.end > have else []
            return [*tokens[:at], Token("MUST", "must have", will.start, have), *had, *tokens[at + 2 :]]
        if verb.type in ("WILLING", "NO") or verb.said.startswith("have "):
            return [*tokens[:at], Token("MUST", "must", will.start, will.end), *tokens[at + 1 :]]
    return tokens


def _clause_before(tokens: list[Token], at: int) -> set[str]:
    """The kinds of the tokens of a clause before one of them."""
    start = next((i for i in range(at, 0, -1) if tokens[i - 1].type in ("DOT", "SEMI")), 0)
    return {token.type for token in tokens[start:at]}


def _clause_end(text: str, start: int) -> int:
    ends = _ENDS_CLAUSE.search(text, start)
    return ends.start() if ends is not None else len(text)


_THEM: Final = WHO | {"CHILDBEARING"}
_BEGUN: Final = _THEM | {"FILLER", "QUALIFIER", "AND"}
_ENDS_CLAUSE: Final = re.compile(r"[.;\n]")
_STUDY_DOES: Final = re.compile(
    r"\b(?:tests(?! positive)|testing|scans?|x-?rays?|cxr|mri|ct|blood|serum|samples?|biops\w+|drawn|checked|estimated"
    r"|recorded|removed|collected|taken|their|monitor\w*|performed|described|measured|assessed|evaluated|visits?|follow\w*|access|option|opportunity"
    r"|the details|to (?:be|have|under\w+|complete|return|stop|fulfil\w*))\b"
    r"|(?<!negative )(?<!positive )(?<!negative pregnancy )\btest\b",
    re.IGNORECASE,
)


def results_required(tokens: list[Token], text: str) -> list[Token]:
    """ "A negative pregnancy test is required": one must have it, under Exclusion as elsewhere."""
    for at in range(_LEAST_REQUIRED - 1, len(tokens)):
        said = tokens[at].said.split(" ")[0]
        before = tokens[at - 1]
        if not (said in _REQUIRED and before.type == "IS") and not (said in _SHOWN and before.type == "MUST"):
            continue
        end = at - 1 - (tokens[at - 2].said == "will")
        start = next((i for i in range(end, 0, -1) if tokens[i - 1].type in _BEFORE_RESULT), 0)
        first = next((i for i in range(start, end) if tokens[i].type not in _FOR_WHOM), end)
        if [token.type for token in tokens[first : min(first + 2, end)]] != ["NEGATIVE", "ANALYTE"]:
            continue
        must = Token("MUST", "must have", tokens[first].start, tokens[first].start)
        behind = tokens[at].start + len(said)
        group = [Token("FOR", "for", behind + 1, tokens[at].end)] if behind < tokens[at].end else []
        return [*tokens[:first], must, *tokens[first:end], *group, *tokens[at + 1 :]]
    return tokens


_BEFORE_RESULT: Final = frozenset("DOT SEMI COLON COMMA LPAR RPAR AND OR ANDOR".split())
_FOR_WHOM: Final = WHO | {"FILLER", "FOR", "FOR_TIME", "FOR_GROUP", "OF", "WITHIN"}
_SHOWN: Final = frozenset(
    "obtained documented available performed confirmed done provided present demonstrated".split()
)


def without_required(tokens: list[Token], text: str) -> list[Token]:
    """ "Prior chemotherapy is required (for all patients)": what all of Inclusion says; "is required for women": what
    it says of them."""
    at = next((i for i in range(len(tokens) - 1, 0, -1) if tokens[i].said.split(" ")[0] in _REQUIRED), 0)
    if at < _LEAST_REQUIRED - 1 or tokens[at - 1].type != "IS":
        return tokens
    said = tokens[at].start + len(tokens[at].said.split(" ")[0])  # "required for"
    if _OF_SOME.match(text, said) is not None and kind_at(tokens, at + 1) in _PEOPLE and said < tokens[at].end:
        if any(token.type in _TURNING for token in tokens[: at - 1]):
            return tokens
        group = Token("FOR_TIME", "for", said + 1, tokens[at].end)
        return [*tokens[: at - 1], group, *tokens[at + 1 :]]
    if said < tokens[-1].end and _OF_ALL.fullmatch(text, said, tokens[-1].end) is None:
        return tokens
    asked = tokens[: at - 2] if tokens[at - 2].type == "COMMA" else tokens[: at - 1]
    return asked if not any(t.type in _TURNING for t in asked) else tokens


_OF_ALL: Final = re.compile(
    r"\s+(?:for|of|in|from|by)\s+(?:all|each|every|any)\s+(?:(?:enrolled|eligible|study)\s+)?"
    rf"(?:{PERSONS})"
    r"(?:\s+for\s+(?:[\w-]+\s+){0,4}(?:testing|analys[ie]s|research|studies|assessments?|evaluation|confirmation|purposes))?\s*\.?",
    re.IGNORECASE,
)
_OF_SOME: Final = re.compile(r"\s+(?:for|in|of)\s+(?!(?:all|each|every|any)\b)", re.IGNORECASE)
_PEOPLE: Final = frozenset(("PERSON", "FEMALE", "MALE", "CHILDBEARING"))
_LEAST_REQUIRED: Final = 3
_REQUIRED: Final = frozenset(("required", "mandatory", "essential", "needed"))
_TURNING: Final = frozenset("NOT NO WITHOUT IF UNLESS FOR_GROUP MUST MAY BUT THAT".split())


def where_indicated(tokens: list[Token], text: str) -> list[Token]:
    """ "Prior radiotherapy, if clinically indicated": asked of those alone who have a reason for the treatment.

    So it is of one treatment; what a test that is made where it is needed must show is asked of everybody.
    """
    at = next((i for i, t in enumerate(tokens) if t.type == "FILLER" and t.said.startswith("if ")), -1)
    if at < 0:
        return tokens
    kinds = [token.type for token in tokens]
    aside = tokens[at]
    treated = _WHILE_TREATED.search(text, tokens[0].start, aside.start)
    if treated is not None and {"ANALYTE", "NEGATIVE"}.issubset(kinds):
        return [token for token in tokens if not treated.start() <= token.start < aside.end]
    if kinds.count("TREATMENT") != 1 or not _OF_MORE.isdisjoint(kinds):
        return tokens
    first, last = at, at + 1
    if at and tokens[at - 1].type == "LPAR" and kind_at(tokens, last) == "RPAR":
        first, last = at - 1, at + 2
    if not _ends_here(tokens, first, last):
        return tokens
    start = aside.start + len("if ")
    reason = Statement(text=text[start : aside.end].lower(), topic="circumstance", who="chart")
    link = Token("IF", "if", aside.start, start)
    stated = Token("FACT", StatementRead(Draft(reason, start, aside.end)), start, aside.end)
    return [*tokens[:first], link, stated, *tokens[last:]]


_WHILE_TREATED: Final = re.compile(  # "undetectable on suppressive therapy, if indicated": undetectable, treated or not
    r"\b(?:on|with|under)\s+(?:appropriate\s+)?(?:suppressive|antiviral|anti-?viral|suppression|HBV)\s+(?:therapy|treatment),?\s*$",
    re.IGNORECASE,
)


def _ends_here(tokens: list[Token], first: int, last: int) -> bool:
    """Whether an aside stands at either end of its sentence."""
    if first == 0:
        return kind_at(tokens, last) == "COMMA"
    return all(token.type in ("DOT", "FILLER") for token in tokens[last:])


_OF_MORE: Final = frozenset("AND OR ANDOR SLASH SEMI ANALYTE CONDITION IF UNLESS MAY ALLOWED MUST_NOT NO NOT".split())
