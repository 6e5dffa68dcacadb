"""Doses in a criterion: a limit for each day, of the drug before it or of another one that it is equivalent to.

"Prednisone > 10 mg/day", "systemic steroids (in dosing exceeding 10 mg daily of prednisone or equivalent)".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.lexing.tokens import Token, kind_at, past
from eligibility.reading.patterns import in_small_letters
from eligibility.reading.quantities import Bounds

__all__ = ["Dose", "dosed"]

_TIMED: Final = frozenset(("mg/d", "g/d", "ug/d", "mg/wk", "g/wk", "ug/wk", "U/d", "[IU]/d", "U/wk", "[IU]/wk"))
_MASS: Final = frozenset(("mg", "g", "ug"))
_VOLUMES: Final = frozenset(("mL", "L"))
_RADIATED: Final = frozenset(("Gy", "cGy"))
_DONATING: Final = frozenset(("donated", "donation", "donate", "donating"))
_FLUIDS: Final = frozenset(("blood", "plasma", "whole blood", "blood product"))
_EQUIVALENT: Final = frozenset(("equivalent", "equivalence"))
_LIKE_IT: Final = frozenset(("hormone", "steroid", "steroids", "dose", "doses", "drug", "agent"))
_DOSE_WORDS: Final = frozenset(("dose", "doses", "dosing", "dosage", "dosages", "dosed", "total"))
_HOW_HIGH: Final = frozenset("physiologic physiological supraphysiologic supraphysiological low high".split())
_DOSES_OF: Final = frozenset(("dose of", "doses of"))
_LEADS: Final = frozenset(("AT_ANCHOR", "WITHIN", "PREP", "IS", "CURRENT"))
_CLASS: Final = "systemic corticosteroid"


@dataclass(frozen=True, slots=True)
class Dose:
    """``bounds`` for each day. ``of``: the drug in which it is given; ``equivalent``: or as much of another one."""

    bounds: Bounds
    of: Entry | None
    equivalent: bool

    @property
    def unit(self) -> str:
        """The unit of the limit, for each day; that of a volume, or of radiation, which are of the whole, as it is."""
        unit = next(quantity.unit or "" for quantity in self.bounds.quantities)
        return unit if "/" in unit or unit in _VOLUMES | _RADIATED else f"{unit}/d"


def dosed(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with each daily dose of a treatment as one."""
    if "LIMIT" not in [token.type for token in tokens]:
        return list(tokens)
    tokens = _given_or_lost(tokens, text)
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        given = _donated(tokens, index) or _volume(tokens, index, found) or _radiated(tokens, index, found, text)
        if given is not None:
            found += given[0]
            index = given[1]
            continue
        read = _dose(tokens, index, found, text)
        if read is None:
            found.append(tokens[index])
            index += 1
            continue
        dose, end = read
        token = Token("DOSE", dose, tokens[index].start, tokens[end - 1].end)
        if not _has_head(found):
            entry = _head(dose)
            if entry is None or (found and found[-1].type == "WORD"):
                found.append(tokens[index])
                index += 1
                continue
            found.append(Token("TREATMENT", entry, token.start, token.start))
        elif dose.of is None and not dose.equivalent and _is_class(found[-1]):
            found.append(tokens[index])  # so many milligrams of which of them?
            index += 1
            continue
        elif dose.of is None and dose.equivalent:
            named = _measured_by(found[-1].value)
            general = vocabulary().entry("treatment", _CLASS)
            if found[-1].type != "TREATMENT" or not isinstance(named, Entry) or not _steroid(named) or general is None:
                found.append(tokens[index])
                index += 1
                continue
            found[-1] = Token("TREATMENT", general, found[-1].start, found[-1].end)
            token = Token("DOSE", Dose(dose.bounds, named, True), token.start, token.end)
        found.append(token)
        index = end
    return found


def _given_or_lost(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with "donation or loss" and "donated or lost" as one word where a volume is said of both."""
    if "donat" not in in_small_letters(text):
        return tokens
    found: list[Token] = []
    said = ""
    for index, token in enumerate(tokens):
        at = index + 1 + (kind_at(tokens, index + 1) == "OF")
        both = _GIVEN_OR_LOST.fullmatch(text, found[-2].start, token.end) if len(found) > 1 else None
        if both is not None and at < len(tokens) and _in_units(tokens[at], _VOLUMES) is not None:
            said = both.group().lower()
            found[-2:] = [Token("WORD", said, both.start(), token.end)]
        elif said and str(token.value) in _FLUIDS and [each.type for each in found[-2:]] == ["LIMIT", "OF"]:
            found[-2:] = [Token("LIMIT", found[-2].value, found[-2].start, token.end)]
        else:
            found.append(token)
    return found


_GIVEN_OR_LOST: Final = re.compile(
    r"(?:blood\s+)?(?:donat(?:ed|ion)\s+(?:and/)?or\s+los[st]|los[st]\s+(?:and/)?or\s+donat(?:ed|ion))", re.IGNORECASE
)


def _volume(tokens: list[Token], index: int, before: list[Token]) -> tuple[list[Token], int] | None:
    """How much is given at once, behind what is given, and where that ends: "of more than 500 mL of blood"."""
    if not _has_head(before) or not isinstance(before[-1].value, Entry) or not before[-1].value.facts.get("by_volume"):
        return None
    closed = tokens[index].type == "LPAR"
    at = index + (tokens[index].type in ("OF", "LPAR", "IS"))
    at += closed and at < len(tokens) and tokens[at].type == "OF"
    bounds = _in_units(tokens[at], _VOLUMES) if at < len(tokens) else None
    if bounds is None or (closed and (at + 1 == len(tokens) or tokens[at + 1].type != "RPAR")):
        return None
    end = at + 1 + closed
    if [token.type for token in tokens[end : end + 2]] == ["OF", "WORD"] and str(tokens[end + 1].value) in _FLUIDS:
        end += 2
    return [Token("DOSE", Dose(bounds, None, False), tokens[index].start, tokens[end - 1].end)], end


def _donated(tokens: list[Token], index: int) -> tuple[list[Token], int] | None:
    """ "Donated more than 450 mL of blood": the donation, and how much; None for anything else."""
    first = tokens[index]
    if first.type != "WORD" or str(first.value) not in _DONATING:
        return None
    at = index + 1 + (index + 1 < len(tokens) and tokens[index + 1].type == "OF")
    bounds = _in_units(tokens[at], _VOLUMES) if at < len(tokens) else None
    end = at + 1 + (at + 1 < len(tokens) and tokens[at + 1].type == "OF")
    entry = vocabulary().entry("treatment", "blood donation")
    if bounds is None or entry is None or end >= len(tokens) or str(tokens[end].value) not in _FLUIDS:
        return None
    dose = Token("DOSE", Dose(bounds, None, False), tokens[at].start, tokens[end].end)
    return [Token("TREATMENT", entry, first.start, first.end), dose], end + 1


def _radiated(tokens: list[Token], index: int, before: list[Token], text: str) -> tuple[list[Token], int] | None:
    """How much radiation is given in all, behind it or before it, and where that ends: "radiotherapy of > 30 Gy"."""
    headed = _has_head(before) and _is_radiation(before[-1])
    closed = headed and tokens[index].type == "LPAR"
    at = index + closed
    while headed and at < min(index + _MOST_BEFORE, len(tokens)) and _leads_to_dose(tokens[at], text):
        at += 1
    bounds = _in_units(tokens[at], _RADIATED) if at < len(tokens) else None
    if bounds is None or (closed and (at + 1 == len(tokens) or tokens[at + 1].type != "RPAR")):
        return None
    end = at + 1 + closed
    dose = Token("DOSE", Dose(bounds, None, False), tokens[index].start, tokens[end - 1].end)
    if headed:
        return [dose], end
    behind = end + (end < len(tokens) and tokens[end].type == "OF")
    if behind >= len(tokens) or not _is_radiation(tokens[behind]) or at != index:
        return None
    named = tokens[behind]
    head = Token(named.type, named.value, dose.start, dose.start, named.others)
    return [head, Token("DOSE", dose.value, dose.start, named.end)], behind + 1


_MOST_BEFORE: Final = 6
"""Tokens between a radiation and its dose."""


def _leads_to_dose(token: Token, text: str) -> bool:
    said = text[token.start : token.end].lower()
    return (
        _says_dose(token, text)
        or token.type in ("OF", "TO", "PREP", "AT_ANCHOR", "FILLER", "INCLUDING", "IS")
        or (said in ("cumulative", "radiation"))
    )


def _is_radiation(token: Token) -> bool:
    return token.type == "TREATMENT" and isinstance(token.value, Entry) and token.value.facts.get("type") == "radiation"


def _in_units(token: Token, allowed: frozenset[str]) -> Bounds | None:
    """The limit in such a unit that a token is; None for an amount that is no limit, and for anything else."""
    bounds = token.value
    if token.type != "LIMIT" or not isinstance(bounds, Bounds) or bounds.exact or bounds.members or bounds.either:
        return None
    units = {quantity.unit for quantity in bounds.quantities}
    return bounds if len(units) == 1 and units <= allowed else None


def _measured_by(named: object) -> object:
    """The steroid that doses are measured by, of one that is named with how it is given: "oral prednisone"."""
    if not isinstance(named, Entry) or named.kind != "treatment" or _steroid(named):
        return named
    broader = [vocabulary().entry("treatment", name) for name in named.is_a]
    return next((entry for entry in broader if entry is not None and _steroid(entry)), named)


def _has_head(found: list[Token]) -> bool:
    return bool(found) and found[-1].type in ("TREATMENT", "TAIL")


def _is_class(token: Token) -> bool:
    return isinstance(token.value, Entry) and token.value.facts.get("type") == "class"


def _head(dose: Dose) -> Entry | None:
    """What a dose is of where nothing else names it: "more than 10 mg a day of prednisone or equivalent"."""
    if dose.of is not None and dose.equivalent:
        return vocabulary().entry("treatment", _CLASS) if _steroid(dose.of) else None
    return dose.of


def _steroid(entry: Entry) -> bool:
    return entry.facts.get("prednisone_equivalent") is not None


def _dose(tokens: list[Token], index: int, before: list[Token], text: str) -> tuple[Dose, int] | None:
    """The dose that begins at ``index``, and where it ends."""
    count = len(tokens)
    opened = _past_how_high(tokens, index, text) if _has_head(before) else index
    closed = tokens[opened].type == "LPAR" and _has_head(before)
    begins = _past_that_is(tokens, opened + 1) if closed else index
    found = _led(tokens, begins, index, text, headed=_has_head(before))
    at = found.end
    if at >= count or tokens[at].type != "LIMIT" or not isinstance(tokens[at].value, Bounds):
        return None
    bounds: Bounds = tokens[at].value
    units = {quantity.unit for quantity in bounds.quantities}
    found.end = at + 1
    _followed(tokens, found, text)
    if not units or bounds.exact or bounds.members or bounds.either:
        return None
    if not (units <= _TIMED and len(units) == 1) and not (units <= _MASS and found.daily):
        return None
    at = found.end
    if closed:
        if at >= count or tokens[at].type != "RPAR":
            return None
        at += 1
    if found.of is None and not _has_head(before):
        return None
    return Dose(bounds, found.of, found.equivalent), at


def _past_how_high(tokens: list[Token], index: int, text: str) -> int:
    """Where the parenthesis opens that says how high "doses above physiologic level" are; ``index`` where none does."""
    at, told = index, False
    while at < len(tokens) and (
        tokens[at].type in ("IS", "AT_ANCHOR", "GT", "TEST_WORD")
        or _says_dose(tokens[at], text)
        or tokens[at].said in _HOW_HIGH
    ):
        told = told or tokens[at].said in _HOW_HIGH
        at += 1
    return at if told and kind_at(tokens, at) == "LPAR" else index


def _past_that_is(tokens: list[Token], at: int) -> int:
    """Where the words go on behind "i.e.,"."""
    if kind_at(tokens, at) != "INCLUDING" or tokens[at].said != "i e":
        return at
    return past(tokens, at + 1, "COMMA")


@dataclass(slots=True)
class _Said:
    """What is said around a limit, up to ``end``: of which drug, whether of others as much, whether for each day."""

    end: int
    of: Entry | None = None
    equivalent: bool = False
    daily: bool = False


def _led(tokens: list[Token], at: int, index: int, text: str, *, headed: bool) -> _Said:
    """What stands before the limit: "at a daily dose", "equivalent to dexamethasone"."""
    said = _Said(at)
    while said.end < len(tokens):
        at, token = said.end, tokens[said.end]
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        drug = token.value if token.type == "TREATMENT" else None
        if isinstance(drug, Entry) and said.of is None and at > index and _is_equivalent(tokens, at + 1):
            said.of, said.equivalent, said.end = drug, True, at + 2
        elif isinstance(drug, Entry) and said.of is None and said.equivalent:
            said.of, said.end = drug, at + 1
        elif _is_equivalent(tokens, at) and headed and after is not None and after.type in ("TO", "PREP", "TREATMENT"):
            said.equivalent, said.end = True, at + 1 + (after.type != "TREATMENT")
        elif _is_daily(token) and (headed or _says_dose(after, text)):
            said.daily, said.end = True, at + 1
        elif headed and token.type == "WORD" and token.value in _HOW_HIGH and _says_dose(after, text):
            said.end = at + 1  # "at physiologic doses <= 10 mg/day": the limit says how high that is
        elif _says_dose(token, text) or (token.type in _LEADS and at < index + 3 and headed):
            said.end = at + 1
        else:
            break
    return said


def _followed(tokens: list[Token], said: _Said, text: str) -> None:
    """What stands behind the limit, in any order: "of prednisone", "or equivalent", "per day", "a day"."""
    while said.end < len(tokens):
        at, token = said.end, tokens[said.end]
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        reach = _equivalence(tokens, at)
        each = token.type == "SLASH" or (token.type == "PREP" and str(token.value) == "per")
        if each and after is not None and after.type == "TIMEUNIT" and after.value == "days":
            if said.daily:
                return
            said.daily, said.end = True, at + 2
        elif not said.daily and (_is_daily(token) or _A_DAY.search(text, tokens[at - 1].end, token.end)):
            said.daily, said.end = True, at + 1
        elif said.of is None and token.type == "OF" and after is not None and after.type == "TREATMENT":
            said.end = at + 1
        elif said.of is None and token.type == "TREATMENT" and isinstance(token.value, Entry):
            said.of, said.end = token.value, at + 1
        elif reach is not None and not said.equivalent:
            said.equivalent, said.end = True, reach
        elif token.type == "WORD" and str(token.value) in ("dose", "dosage"):
            said.end = at + 1
        else:
            return


_A_DAY: Final = re.compile(r"\s(?:a|each|every) day\Z", re.IGNORECASE)


def _is_daily(token: Token) -> bool:
    return token.type == "CURRENT" and str(token.value) == "daily"


def _says_dose(token: Token | None, text: str) -> bool:
    if token is None:
        return False
    return text[token.start : token.end].lower() in (_DOSE_WORDS if token.type == "WORD" else _DOSES_OF)


def _is_equivalent(tokens: list[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].type == "WORD" and str(tokens[at].value) in _EQUIVALENT


def _equivalence(tokens: list[Token], at: int) -> int | None:
    """Where "equivalent", "or equivalent", "(or an equivalent glucocorticoid)" ends."""
    start = at
    bracket = at < len(tokens) and tokens[at].type == "LPAR"
    at += bracket
    if at < len(tokens) and tokens[at].type == "OR":
        at += 1
        if at < len(tokens) and tokens[at].type == "OTHER":
            at += 1
    elif bracket:
        return None
    if not _is_equivalent(tokens, at):
        return None
    at += 1
    if at > start + 1 and at < len(tokens) and tokens[at].type in ("TREATMENT", "WORD"):
        value = tokens[at].value
        name = value.name if isinstance(value, Entry) else str(value)
        if name in ("corticosteroid", "systemic corticosteroid", "glucocorticoid") or name in _LIKE_IT:
            at += 1
    if bracket:
        if at >= len(tokens) or tokens[at].type != "RPAR":
            return None
        at += 1
    return at
