"""What is said of a treatment: in which setting, alone or with another one, why it was stopped, how it is absorbed."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Final, cast

from eligibility.knowledge.qualifiers import Qualifier, qualifiers
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.lexing.tokens import Token, kind_at
from eligibility.reading.patterns import in_small_letters

__all__ = [
    "absorbed",
    "either_alone",
    "either_outcome",
    "either_setting",
    "fate_as_one",
    "in_settings",
    "neither_possible",
    "of_a_class",
    "stopped",
]


def neither_possible(tokens: list[Token], text: str) -> list[Token]:
    """ "Not amenable to resection or radiotherapy": neither is possible, so that no one attribute says it."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        said = _NOT_AMENABLE.match(text, token.start) if _is_unresectable(token) else None
        after = index + 1 + sum(kind_at(tokens, at) in _JOINED for at in (index + 1, index + 2))
        if said is None or after == index + 1 or kind_at(tokens, after) != "TREATMENT" or said.end() >= token.end:
            found.append(token)
            continue
        to = said[0].strip()
        found.append(Token("UNABLE", to.lower(), token.start, token.start + len(to)))
        found.append(Token("WORD", text[said.end() : token.end].lower(), said.end(), token.end))
    return found


def _is_unresectable(token: Token) -> bool:
    return isinstance(token.value, Qualifier) and token.value.name == "unresectable"


_NOT_AMENABLE: Final = re.compile(r"not\s+(?:\w+\s+)?amenable\s+(?:to|for)\s+", re.IGNORECASE)
_JOINED: Final = frozenset("OR AND ANDOR COMMA SLASH NOR".split())


def absorbed(tokens: list[Token], text: str) -> list[Token]:
    """ "Affecting absorption of the study drug": as of whatever is taken by mouth; a clause is as it is worded."""
    at = next((i for i, t in enumerate(tokens) if isinstance(t.value, Qualifier) and t.value.name == _ABSORPTION), None)
    if at is None or at + 2 >= len(tokens) or tokens[at + 1].type != "OF":
        return tokens
    if _PARTICIPLE.match(text, tokens[at].start) is None:
        return tokens
    end = at + 2
    while end < at + 2 + _MOST_BEFORE_DRUG and tokens[end : end + 1] and tokens[end].type == "WORD":
        end += 1
    after = kind_at(tokens, end + 1)
    if end >= len(tokens) or tokens[end].type not in _TAKEN_IN or after in _TO_ANOTHER:
        return tokens
    return [*tokens[:at], Token("QUALIFIER", tokens[at].value, tokens[at].start, tokens[end].end), *tokens[end + 1 :]]


def fate_as_one(tokens: list[Token], text: str) -> list[Token]:
    """ "Interfere with drug absorption, distribution, metabolism or excretion": one thing that is disturbed, of which
    "interfering with absorption" says too little."""
    for said in _FATES.finditer(text, tokens[0].start, tokens[-1].end):
        inside = [at for at, token in enumerate(tokens) if token.end > said.start() and token.start < said.end()]
        at = inside[0] - (kind_at(tokens, inside[0] - 1) == "TREATMENT" and tokens[inside[0]].start == said.start())
        disturbed = tokens[at].type in ("TREATMENT", "QUALIFIER") or _DISTURBED.search(text, 0, said.start())
        if tokens[inside[-1]].end == said.end() and disturbed:
            spelt = [_word(text, *word.span()) for word in _SPELT.finditer(text, tokens[at].start, said.start())]
            return [*tokens[:at], *spelt, _word(text, *said.span()), *tokens[inside[-1] + 1 :]]
    return tokens


def _word(text: str, start: int, end: int) -> Token:
    return Token("WORD", text[start:end].lower(), start, end)


_FATE: Final = r"(?:absorption|distribution|metaboli[sz](?:m|ation)|excretion|elimination)\b"
_FATES: Final = re.compile(
    rf"\b{_FATE}(?:\s*(?:,\s*(?:(?:and/or|and|or)\b)?|(?:and/or|and|or)\b|/)\s*{_FATE})+"
    r"(?:\s+of\s+(?:[\w-]+\s+){0,3}?(?:drugs?|medications?|medicines?|agents?|products?|treatments?)\b)?",
    re.IGNORECASE,
)
_DISTURBED: Final = re.compile(
    r"\b(?:interfer|affect|alter|influenc|impair)\w*\s+(?:with\s+)?(?:the\s+)?\Z", re.IGNORECASE
)
_SPELT: Final = re.compile(r"\S+")
_PARTICIPLE: Final = re.compile(r"(?:\w+ly\s+)?\w+ing\b", re.IGNORECASE)
_ABSORPTION: Final = "affecting absorption"
_TO_ANOTHER: Final = frozenset("OR AND ANDOR SLASH".split())
_TAKEN_IN: Final = frozenset(("TREATMENT", "WEAK_ANCHOR"))
_MOST_BEFORE_DRUG: Final = 2  # "orally administered"


def either_outcome(tokens: list[Token]) -> list[Token]:
    """ "Refractory to or intolerant of X", "inadequate response or intolerance to X": one of the outcomes of one
    treatment, with no "or" between them."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        said = [each.said for each in tokens[index : index + 2]]
        if said[0] in _TOO_LITTLE and said[1:] == ["response"] and _behind_or(tokens, index + 2):
            index += 1
            token = Token("PROGRESSED", "inadequate response to", token.start, tokens[index].end)
        at = _behind_or(tokens, index + 1) if _is_outcome(token) else 0
        if at and tokens[at].type in _OUTCOMES and _goes_on_to_name(tokens, at + 1):
            found.append(replace(token, type="REFRACTORY_TO") if token.type == "QUALIFIER" else token)
            index = at
            continue
        found.append(token)
        index += 1
    return found


def _goes_on_to_name(tokens: list[Token], at: int) -> bool:
    """Whether the name of a treatment may stand here, or behind another outcome."""
    return (
        kind_at(tokens, at) not in _NOTHING_NAMED or kind_at(tokens, _behind_or(tokens, at) or len(tokens)) in _OUTCOMES
    )


def _behind_or(tokens: list[Token], start: int) -> int:
    """Where the words go on behind an "or", and behind the "are" that may stand there; 0 where there is no "or"."""
    at = start + (kind_at(tokens, start) == "COMMA")
    if at > start and kind_at(tokens, at) in _OUTCOMES:
        return at  # "no response to, loss of response to, or intolerance to X"
    if kind_at(tokens, at) not in ("OR", "ANDOR"):
        return 0
    at += 1
    while at < len(tokens) and tokens[at].type in ("IS", "FILLER", "THAT"):
        at += 1
    return at if at < len(tokens) else 0


def _is_outcome(token: Token) -> bool:
    """Whether it says how a treatment ended, and may go on to its name: "refractory or intolerant to X"."""
    if token.type == "QUALIFIER":
        return isinstance(token.value, Qualifier) and token.value.name in ("refractory", "resistant")
    return token.type in _OUTCOMES


_OUTCOMES: Final = frozenset(("PROGRESSED", "REFRACTORY_TO", "RELAPSED_AFTER", "INTOLERANT"))
_TOO_LITTLE: Final = frozenset("inadequate insufficient incomplete poor suboptimal unsatisfactory".split())
_NOTHING_NAMED: Final = frozenset(("", "COMMA", "SEMI", "DOT", "RPAR", "OR", "AND", "ANDOR"))


def in_settings(tokens: list[Token], text: str) -> list[Token]:
    """ "Given in the neoadjuvant, adjuvant or metastatic setting": in one of them, as one attribute."""
    if "setting" not in in_small_letters(text) or not any(_is_setting(token) for token in tokens):
        return tokens
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if not _is_setting(token):
            found.append(token)
            index += 1
            continue
        end = index + 1
        while (after := _next_setting(tokens, end)) > end:
            end = after
        if text[token.start : tokens[end - 1].end].lower().endswith(("setting", "settings")):
            names = {t.value.name for t in tokens[index:end] if isinstance(t.value, Qualifier)}
            both = _setting_of(frozenset(names)) if len(names) > 1 else token.value
            if both is not None:
                before = _AROUND_SETTINGS if len(names) > 1 else _GIVEN_IN
                while found and found[-1].said in before and not (len(found) > 1 and found[-2].said in _WAS):
                    token = found.pop()
                token = Token("QUALIFIER", both, token.start, tokens[end - 1].end)
                index = end - 1
        found.append(token)
        index += 1
    return found


_GIVEN_IN: Final = frozenset(("given", "received", "administered", "used"))
_WAS: Final = frozenset(("was", "were"))  # what was given is past
_AROUND_SETTINGS: Final = _GIVEN_IN | {"in the", "in", "either", "the"}
_BETWEEN_SETTINGS: Final = frozenset("COMMA OR ANDOR SLASH FILLER".split())


def _is_setting(token: Token) -> bool:
    value = token.value
    return (
        token.type == "QUALIFIER"
        and isinstance(value, Qualifier)
        and (value.axis == "setting" or value.name == "locally advanced")
    )


def _next_setting(tokens: list[Token], index: int) -> int:
    """Where one more setting ends behind what parts it from the one before; ``index`` where none stands there."""
    at = index
    while at < len(tokens) and tokens[at].type in _BETWEEN_SETTINGS:
        at += 1
    return at + 1 if index < at < len(tokens) and _is_setting(tokens[at]) else index


def either_setting(tokens: list[Token], text: str) -> list[Token]:
    """ "Within 6 months of neoadjuvant or adjuvant chemotherapy": counted from a chemotherapy in either setting, as one
    attribute of it; the second is no alternative to all that stands before it."""
    for index, token in enumerate(tokens[:-2]):
        if tokens[index + 1].type not in _JOINTS or not _is_setting(token) or not _counts_from(tokens[:index]):
            continue
        last = tokens[index + 2]
        second, _, given = text[last.start : last.end].partition(" ")
        named = qualifiers().find(second.lower())
        both = _setting_of(frozenset((cast(Qualifier, token.value).name, named.name))) if named is not None else None
        if both is not None and last.type in ("QUALIFIER", "TREATMENT"):
            end = last.start + len(second)
            behind = [_given(given, end + 1, last.end)] if given else []
            return [*tokens[:index], Token("QUALIFIER", both, token.start, end), *behind, *tokens[index + 3 :]]
    return tokens


def _given(said: str, start: int, end: int) -> Token:
    """What was given in a setting, "platinum-based chemotherapy", or no more than that something was, "therapy"."""
    entry = vocabulary().find(said, "treatment")
    return Token("WORD", said.lower(), start, end) if entry is None else Token("TREATMENT", entry, start, end)


def _counts_from(before: list[Token]) -> bool:
    """Whether what follows is what a time is counted from: "within 6 months of completion of prior"."""
    counted = next((i for i in range(len(before) - 1, -1, -1) if before[i].type not in _BEFORE_SETTING), -1)
    return counted >= 0 and before[counted].type == "TIMEUNIT" and any(t.type in _RELATIONS for t in before[counted:])


_JOINTS: Final = frozenset(("OR", "ANDOR", "SLASH", "AND"))
_RELATIONS: Final = frozenset(("OF", "AFTER", "FROM", "BEFORE"))
_BEFORE_SETTING: Final = _RELATIONS | {"ENDED", "LAST", "PRIOR", "FILLER", "BEGUN", "STOPPED", "USE", "TAKEN"}


@cache
def _setting_of(names: frozenset[str]) -> Qualifier | None:
    """The attribute that says no more than that it was one of these settings."""
    return next((each for each in qualifiers() if each.any_of == names), None)


def either_alone(tokens: list[Token], text: str) -> list[Token]:
    """ "X alone or in combination with Y" as one tie between the two; "alone or in combination", which leaves it open,
    as nothing."""
    low = in_small_letters(text)
    if not any(hint in low for hint in ("combin", "together")):
        return tokens
    found: list[Token] = []
    for token in tokens:
        if found and token.start < found[-1].end:
            continue
        of_it = bool(found) and found[-1].type in _ALONE_BEHIND and token.type in _ALONE_IS
        both = _ALONE_OR_NOT.match(text, token.start) if of_it else None
        if both is None or not any(t.end == both.end() for t in tokens):
            found.append(token)
        elif both["tie"]:
            found.append(Token("DUE_TO", "alone or in combination with", both.start("alone"), both.end()))
        else:
            found.append(Token("FILLER", both.group().lower(), token.start, both.end()))
    return found


_ALONE_BEHIND: Final = frozenset("TREATMENT CLASS_WORD WORD COMMA LPAR RPAR QUALIFIER TAKEN FILLER".split())
_ALONE_IS: Final = frozenset("WORD QUALIFIER PREP AT_ANCHOR TAKEN EITHER USE FILLER WITHIN DUE_TO".split())
_OTHERS: Final = (
    r"(?:(?:any\s+)?other|another)\s+(?:[\w-]+\s+){0,2}?"
    r"(?:agents?|drugs?|(?:\w+)?therap(?:y|ies)|treatments?|medications?|inhibitors?|antibod(?:y|ies))"
)
_ALONE_OR_NOT: Final = re.compile(
    r"(?:(?:given|administered|used|taken)\s+)?(?:either\s+)?"
    r"(?:(?P<alone>alone|singly|(?:(?:as|in)\s+)?(?:an?\s+)?(?:monotherapy|single[ -]agent))\s*(?:or|and/or)\s+"
    r"(?:in\s+combination|combined|together)(?!\s+of\b)"
    rf"(?:\s+with\s+{_OTHERS}(?:\s*(?:,|/|,?\s*\b(?:and/or|or|and)\b)\s*{_OTHERS})*"
    r"|(?P<tie>\s+with))?"
    r"|together\s+or\s+separately|separately\s+or\s+together)\b",
    re.IGNORECASE,
)


def stopped(tokens: list[Token], text: str) -> list[Token]:
    """ "A statin that was discontinued because of toxicity": how the treatment before it ended, as one token."""
    low = in_small_letters(text)
    if not any(verb in low for verb in _STOPPING):
        return tokens
    found: list[Token] = []
    for token in tokens:
        if found and token.start < found[-1].end and found[-1].type == "STOPPED":
            continue
        one = bool(found) and found[-1].type in _STOPPED_IS and _LISTS.isdisjoint([t.type for t in found[-4:-1]])
        why = _STOPPED.match(text, token.start) if one else None  # of several, whether all of them were is open
        ends = why is not None and any(t.end == why.end() for t in tokens)
        found.append(
            Token("STOPPED", why.group().lower(), token.start, why.end()) if why is not None and ends else token
        )
    return found


_STOPPING: Final = ("discontinued", "stopped", "withdrawn", "terminated")
_LISTS: Final = frozenset("OR AND ANDOR SLASH COMMA".split())
_STOPPED_IS: Final = frozenset(("TREATMENT", "CLASS_WORD", "RPAR", "WORD"))
_WHY_STOPPED: Final = (
    r"(?:(?:an?|the|any|its|their|unacceptable|intolerable|(?:drug|treatment|immune)-related|patient)\s+)*"
    r"(?:toxicit(?:y|ies)|intolerance|intolerability|tolerance(?:\s+problems?)?|(?:adverse|side)\s+(?:event|effect|reaction)s?"
    r"|(?:ir)?AEs?|(?:safety|tolerability)(?:\s+(?:reason|concern|issue|problem)s?)?|(?:lack|loss)\s+of\s+(?:efficacy|response)"
    r"|(?:inadequate|insufficient)\s+response|inefficacy|(?:disease\s+)?progression)"
)
_STOPPED: Final = re.compile(
    r"(?:(?:that|which)\s+)?(?:(?:was|were|has\s+been|have\s+been|had\s+been)\s+)?(?:permanently\s+|prematurely\s+)?"
    r"(?:discontinued|stopped|withdrawn|terminated)\s+(?:due\s+to|because\s+of|for|owing\s+to|as\s+a\s+result\s+of)\s+"
    rf"{_WHY_STOPPED}(?:\s*(?:,|/|and/or|,?\s*or)\s*{_WHY_STOPPED})*\b(?!\s*(?:,\s*)?(?:or|and|of|from|with|grade|that)\b)",
    re.IGNORECASE,
)


def of_a_class(tokens: list[Token], text: str) -> list[Token]:
    """ "Drugs that are strong inhibitors of CYP3A4": those, and not any drug besides."""
    found: list[Token] = []
    for token in tokens:
        if token.type == "TREATMENT" and (general := _general_before(found, text)):
            del found[-general:]
        found.append(token)
    return found


def _general_before(tokens: list[Token], text: str) -> int:
    """How many tokens say no more than that a drug is what follows: "medications which are known"."""
    size = 1 + (len(tokens) > 1 and tokens[-1].type == "KNOWN")
    if len(tokens) <= size or tokens[-size].type != "IS" or tokens[-size].said not in _WHICH_ARE:
        return 0
    at = size + 1
    if not _is_any_drug(tokens[-at], text):
        return 0
    while len(tokens) > at + 1 and tokens[-at - 1].type in ("OR", "SLASH") and _is_any_drug(tokens[-at - 2], text):
        at += 2  # "medications or substances that are"
    return at


def _is_any_drug(token: Token, text: str) -> bool:
    return token.type in ("TREATMENT", "WORD") and _ANY_DRUGS.fullmatch(text, token.start, token.end) is not None


_WHICH_ARE: Final = frozenset(("that are", "which are", "that is", "which is"))
_ANY_DRUGS: Final = re.compile(
    r"(?:concomitant\s+)?(?:medicinal\s+products?|drugs?|medications?|medicines?|agents?|compounds?|substances?)",
    re.IGNORECASE,
)
