"""Doses in a criterion: a limit for each day, of the drug before it or of another one that it is equivalent to.

"Prednisone > 10 mg/day", "systemic steroids (in dosing exceeding 10 mg daily of prednisone or equivalent)".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.lexer import Token
from eligibility.reading.quantities import Bounds

__all__ = ["Dose", "dosed"]

_DAILY: Final = frozenset(("mg/d", "g/d", "ug/d", "U/d", "[IU]/d"))
_MASS: Final = frozenset(("mg", "g", "ug"))
_EQUIVALENT: Final = frozenset(("equivalent", "equivalence"))
_DOSE_WORDS: Final = frozenset(("dose", "doses", "dosing", "dosage", "dosages", "total", "daily"))
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
        """The unit of the limit, for each day."""
        unit = next(quantity.unit or "" for quantity in self.bounds.quantities)
        return unit if "/" in unit else f"{unit}/d"


def dosed(tokens: Sequence[Token], text: str) -> list[Token]:
    """The tokens with each daily dose of a treatment as one."""
    if "LIMIT" not in [token.type for token in tokens]:
        return list(tokens)
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        read = _dose(tokens, index, found, text)
        if read is None:
            found.append(tokens[index])
            index += 1
            continue
        dose, end = read
        token = Token("DOSE", dose, tokens[index].start, tokens[end - 1].end)
        if not _has_head(found):
            entry = _head(dose)
            if entry is None:
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


def _measured_by(named: object) -> object:
    """The steroid that doses are measured by, of one that is named with how it is given: "oral prednisone"."""
    if not isinstance(named, Entry) or named.kind != "treatment" or _steroid(named):
        return named
    broader = [vocabulary().entry("treatment", name) for name in named.is_a]
    return next((entry for entry in broader if entry is not None and _steroid(entry)), named)


def _has_head(found: Sequence[Token]) -> bool:
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


def _dose(tokens: Sequence[Token], index: int, before: Sequence[Token], text: str) -> tuple[Dose, int] | None:
    """The dose that begins at ``index``, and where it ends."""
    at, count = index, len(tokens)
    closed = False
    if tokens[at].type == "LPAR" and _has_head(before):
        at, closed = at + 1, True
    of: Entry | None = None
    equivalent = False
    led = False
    while at < count and not led:
        token = tokens[at]
        drug = token.value if token.type == "TREATMENT" else None
        if isinstance(drug, Entry) and at > index and _is_equivalent(tokens, at + 1):
            of, equivalent, at = drug, True, at + 2
        elif token.type == "USE" and str(token.value) in ("dose of", "doses of"):
            at, led = at + 1, True
        elif (token.type == "WORD" and text[token.start : token.end].lower() in _DOSE_WORDS) or (
            token.type in _LEADS and at < index + 3 and _has_head(before)
        ):
            at += 1
        else:
            break
    if at >= count or tokens[at].type != "LIMIT" or not isinstance(tokens[at].value, Bounds):
        return None
    bounds = tokens[at].value
    units = {quantity.unit for quantity in bounds.quantities}
    at += 1
    if units <= _MASS and [t.type for t in tokens[at : at + 2]] == ["PREP", "TIMEUNIT"]:
        if tokens[at + 1].value != "days":
            return None
        at += 2
    elif units <= _MASS and at < count and tokens[at].type == "CURRENT" and str(tokens[at].value) == "daily":
        at += 1
    elif not units <= _DAILY and not (units <= _MASS and _of_drug_daily(tokens, at)):
        return None
    if not units or bounds.exact or bounds.members:
        return None
    if at + 1 < count and tokens[at].type == "OF" and tokens[at + 1].type == "TREATMENT":
        at += 1
    named = tokens[at].value if at < count and tokens[at].type == "TREATMENT" else None
    if of is None and isinstance(named, Entry):
        of, at = named, at + 1
        if at < count and tokens[at].type == "CURRENT" and str(tokens[at].value) == "daily":
            at += 1
    reach = _equivalence(tokens, at)
    if reach is not None:
        equivalent, at = True, reach
        if at < count and tokens[at].type == "CURRENT" and str(tokens[at].value) == "daily":
            at += 1
    if at < count and tokens[at].type == "WORD" and str(tokens[at].value) in ("dose", "dosage"):
        at += 1
    if closed:
        if at >= count or tokens[at].type != "RPAR":
            return None
        at += 1
    if of is None and not _has_head(before):
        return None
    return Dose(bounds, of, equivalent), at


def _of_drug_daily(tokens: Sequence[Token], at: int) -> bool:
    """ "(10 mg) of prednisone daily", "(10 mg) prednisone equivalent daily"."""
    after = [t for t in tokens[at : at + 4] if t.type != "OF" and str(t.value) not in _EQUIVALENT][1:2]
    return bool(after) and after[0].type == "CURRENT" and str(after[0].value) == "daily"


def _is_equivalent(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].type == "WORD" and str(tokens[at].value) in _EQUIVALENT


def _equivalence(tokens: Sequence[Token], at: int) -> int | None:
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
    if at > start + 1 and at < len(tokens) and tokens[at].type == "TREATMENT":
        value = tokens[at].value
        if isinstance(value, Entry) and value.name in ("corticosteroid", "systemic corticosteroid", "glucocorticoid"):
            at += 1
    if bracket:
        if at >= len(tokens) or tokens[at].type != "RPAR":
            return None
        at += 1
    return at
