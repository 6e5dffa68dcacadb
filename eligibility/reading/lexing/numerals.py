"""Numbers as they are written: digits, powers of ten, numbers in words, Roman numbers, numbers with a sign."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.units import SUPERSCRIPTS
from eligibility.knowledge.vocabulary import Entry
from eligibility.reading.lexing.tokens import COMPARES, Number, Token

__all__ = ["NUMBER_WORDS", "ROMAN_NUMBERS", "ROMAN_VALUES", "number_at", "signed"]


_NUMBER: Final = r"(?:[1-9]\d{0,2}(?:,\d{3})+(?!\d)|\d+)(?:[.·]\d+)?|\.\d+"
_POWER: Final = re.compile(
    rf"(?:(?P<mantissa>\d+,\d{{1,2}}(?=\s*[x×X])|{_NUMBER})\s*(?:[x×X*·•✕]|\\\*|(?<=\s)(?=10\s*(?:\^|\*|[⁰¹²³⁴⁵⁶⁷⁸⁹]))|times(?=\s*10\s*\^))\s*)?10\s*"
    r"(?:(?:[\^ˆ]|\*\*|\*|[eE])\s*[({\[]?\s*(?P<exponent>\d{1,2})[)}\]]?(?:th\b)?"
    r"|to\s+the\s+(?:power\s+of\s+)?(?P<spelt>\d{1,2})(?:th\b)?(?:\s+power\b)?"
    r"|[({\[]\s*(?P<bracketed>9|12|3|6)\s*[)}\]](?(mantissa)(?=\s*(?:cells?)?\s*(?:/|per\b|[;,.\n]|$))|(?=\s*(?:cells?)?\s*(?:/|per\b)))"
    r"|(?P<superscript>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})"
    r"|(?P<lost>9|12|3|6)(?=\s*/\s*[a-zA-Zμµ]|\s*cells|\s*per\b))"
)
_PLAIN: Final = re.compile(
    rf"(?P<number>{_NUMBER})(?P<decimal>,\d{{1,2}}(?=\s*(?:[x×°º]|[mk]?g\b|g/|mmol|%|[cm]m(?![a-z])))|(?<=\b0),\d{{2,3}}(?![\d,]))?(?P<kilo>[kK](?=\s*/|\b(?!\w)))?"
)
_GROUPED: Final = re.compile(r"\d{1,3}\.\d{3}")
_THOUSANDS: Final = re.compile(  # "1.5 x 1000/mm3"
    rf"(?P<mantissa>{_NUMBER})\s*[x×X]\s*(?P<thousands>1(?:,?000)+)(?=\s*(?:cells?)?\s*(?:/|per\b))"
)
_SPACED: Final = re.compile(  # "100 000/mm3": a space within a number that counts things, and only there
    r"(?P<digits>\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d{1,3}(?:, ?\d{3})*, 000)(?![\d.,]\d|\d|\s*[-–]\s*\d)"
    r"(?:(?<=000)|(?=\s*(?:/\s*(?:[uµμ]?[lL]|m{2,3}|mc[lL]|cu|cmm)|cells?\b|per\s+(?:mm|[uµμ]|mc|micro|cubic)|copies|platelets)))"
)
_SIGNED_NUMBER: Final = re.compile(r"[-−–‐+](?<![\w)\]].)\s?(?=\.?\d)")  # the sign first: there are few of them
_BARE: Final = re.compile(
    r"(?!10)\d{1,4}(?=\s+(?!times\s+10)[a-wyzA-WYZ]|[);]|$)"
)  # as most are: it can be nothing else
_ORDINAL: Final = re.compile(r"\d+(?:st|nd|rd|th)\b", re.IGNORECASE)
_FRACTION: Final = re.compile(r"\d+/\d+(?![\d/]|\.\d)(?!\s*(?:cm|mm|kg|mg|l\b|L\b))")
NUMBER_WORDS: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "eighteen": 18, "twenty": 20, "once": 1, "twice": 2, "single": 1,
    "thirty": 30, "sixty": 60, "ninety": 90, "half": 0.5, "1⁄2": 0.5,
}  # fmt: skip
ROMAN_NUMBERS: Final = frozenset(("I", "II", "III", "IV", "V"))
ROMAN_VALUES: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}


_BEFORE_SIGN: Final = COMPARES | frozenset("BETWEEN FROM OF TO".split())


def signed(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with the numbers that have a sign of their own: "T-score < -2.5", "between -2 and +1"."""
    if not ("-" in text or "+" in text or not text.isascii()) or _SIGNED_NUMBER.search(text) is None:
        return tokens
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if (
            token.type in ("DASH", "PLUS")
            and after is not None
            and after.type == "NUMBER"
            and isinstance(after.value, Number)
            and _SIGNED_NUMBER.match(text, token.start)
            and (
                _takes_sign(found, apart=after.start > token.end)
                or (text[token.start - 1] == " " and _goes_below_zero(found))
                or (after.end < len(text) and _signed_range(found, tokens[index + 2 : index + 4]))
            )
        ):
            value = after.value.value
            number = Number(-value if token.type == "DASH" else value, after.value.note)
            found.append(Token("NUMBER", number, token.start, after.end))
            index += 2
            continue
        found.append(token)
        index += 1
    return found


def _takes_sign(found: list[Token], *, apart: bool) -> bool:
    """Whether a sign behind these tokens can only belong to the number that follows it (``apart``: after a space)."""
    if not found or apart:
        return bool(found) and found[-1].type in COMPARES
    if found[-1].type == "AND":
        return any(token.type == "BETWEEN" for token in found[-4:-1])
    return found[-1].type in _BEFORE_SIGN


def _goes_below_zero(found: list[Token]) -> bool:
    """Whether a score stands last that has numbers below zero: "T-score -2.5 or lower", "T-score: -2.5 or lower"."""
    named = next((token for token in reversed(found) if token.type != "COLON"), None)
    entry = named.value if named is not None and named.type == "ANALYTE" else None
    least, *_ = entry.facts.get("plausible") or (0,) if isinstance(entry, Entry) else (0,)
    return bool(least < 0)


def _signed_range(found: list[Token], following: list[Token]) -> bool:
    """A score from a negative number to another one: "T-score -1.0 to -2.5"."""
    named = bool(found) and found[-1].type in ("ANALYTE", "TEST_WORD", "COLON")
    return named and [t.type for t in following] in (["TO", "DASH"], ["TO", "PLUS"], ["AND", "DASH"])


def number_at(text: str, position: int) -> Token | None:
    """The number that begins here; a fraction is a word, an ordinal no number."""
    if (bare := _BARE.match(text, position)) is not None:
        return Token("NUMBER", Number(float(bare.group())), position, bare.end())
    if _ORDINAL.match(text, position):
        return None
    fraction = _FRACTION.match(text, position)
    if fraction:
        return Token("WORD", fraction.group(), position, fraction.end())
    spaced = _SPACED.match(text, position)
    if spaced and not text[:position].rstrip(" ")[-1:].isdigit():
        return Token(
            "NUMBER", Number(float("".join(spaced["digits"].replace(",", " ").split()))), position, spaced.end()
        )
    power = _POWER.match(text, position)
    if power:
        return Token("NUMBER", _power_of_ten(power), position, power.end())
    thousands = _THOUSANDS.match(text, position)
    if thousands:
        value = _mantissa(thousands["mantissa"]) * float(thousands["thousands"].replace(",", ""))
        return Token("NUMBER", Number(value), position, thousands.end())
    plain = _PLAIN.match(text, position)
    return Token("NUMBER", _plain(plain), position, plain.end()) if plain is not None else None


def _power_of_ten(said: re.Match[str]) -> Number:
    """ "1.5 x 10^9", "10(9)", "10⁹", and "10 9", whose sign was lost."""
    mantissa = _mantissa(said["mantissa"]) if said["mantissa"] else 1.0
    exponent = int(
        (said["exponent"] or said["spelt"] or said["bracketed"] or said["superscript"] or said["lost"]).translate(
            SUPERSCRIPTS
        )
    )
    note = f"read as 10^{exponent}" if said["lost"] else ""
    return Number(float(f"{mantissa}e{exponent}"), note)


def _plain(said: re.Match[str]) -> Number:
    """ "100,000", "1,5 mg", "100K/uL"."""
    raw = said["number"].replace(",", "").replace("·", ".")
    if said["decimal"]:
        raw = raw + "." + said["decimal"][1:]
    value = float(raw) * (1000 if said["kilo"] else 1)
    return Number(value, "", _GROUPED.fullmatch(said["number"]) is not None)


def _mantissa(raw: str) -> float:
    """The number before a power of ten: "1,5" and "1.5", "1,500"."""
    decimal = re.fullmatch(r"(\d+),(\d{1,2})", raw)
    return float(f"{decimal[1]}.{decimal[2]}" if decimal else raw.replace(",", "").replace("·", "."))
