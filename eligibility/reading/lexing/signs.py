"""Signs, and what a full stop is."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["LONGER_SIGNS", "SIGN", "SIGN_TYPE", "full_stop"]

_SIGNS: Final[tuple[tuple[str, str], ...]] = (
    ("> or = to", "GE"), ("< or = to", "LE"), (">/=", "GE"), ("</=", "LE"), (">=", "GE"), ("=>", "GE"), ("≥", "GE"), ("≧", "GE"), ("⩾", "GE"), ("<=", "LE"),
    ("=<", "LE"), ("≤", "LE"), ("≦", "LE"), ("⩽", "LE"), ("> =", "GE"), ("< =", "LE"), ("=/>", "GE"), ("= / >", "GE"), ("> / =", "GE"), ("=/<", "LE"), ("= / <", "LE"), ("< / =", "LE"), ("> or =", "GE"), ("< or =", "LE"),
    (">", "GT"), ("<", "LT"), ("＞", "GT"), ("＜", "LT"), ("˃", "GT"), ("˂", "LT"), ("﹥", "GT"), ("﹤", "LT"), ("≯", "LE"), ("≮", "GE"), ("=", "EQ"), ("+/-", "ANDOR"),
    ("±", "ANDOR"), ("×", "TIMES"), ("*", "TIMES"), ("%", "PERCENT"), ("％", "PERCENT"), ("(", "LPAR"), ("[", "LPAR"),
    ("（", "LPAR"), ("{", "LPAR"), (")", "RPAR"), ("]", "RPAR"), ("）", "RPAR"), ("}", "RPAR"), (",", "COMMA"),
    ("，", "COMMA"), ("、", "COMMA"), (";", "SEMI"), ("；", "SEMI"), ("\u037e", "SEMI"), (":", "COLON"), ("：", "COLON"), ("--", "DASH"),
    ("–", "DASH"), ("—", "DASH"), ("-", "DASH"), ("‐", "DASH"), ("‑", "DASH"), ("−", "DASH"), ("~", "DASH"), ("～", "DASH"),
    ("/", "SLASH"), ("&", "AND"), ("+", "PLUS"), ("|", "OR"), ("...", "DOT"), (".", "DOT"), ("。", "DOT"), ("?", "DOT"),
    ("!", "DOT"),
)  # fmt: skip
SIGN: Final = re.compile("|".join(re.escape(sign) for sign, _ in _SIGNS))
SIGN_TYPE: Final = dict(_SIGNS)
LONGER_SIGNS: Final = frozenset(sign[0] for sign, _ in _SIGNS if len(sign) > 1)
_ABBREVIATED: Final = frozenset(
    "eg ie approx vs dr mr mrs ms prof st incl resp cf ca fig sec no ver etc al inc viz sp spp exc esp min max".split()
)
_BEFORE_LOWER_CASE: Final = re.compile(r"\b(?:wks?|mos?|yrs?|hrs?|[A-Z]|mths?)\Z")


def full_stop(text: str, position: int) -> str:
    """What a full stop is: the end of a sentence (DOT), of a clause within parentheses (SEMI), or nothing."""
    before, after = text[max(0, position - 24) : position], text[position + 1 : position + 24]
    following = after.lstrip(" \t")
    if after[:1] and not after[0].isspace():
        joined = after[0].isalnum() and before[-1:].isalnum()
        if joined and not (after[0].isupper() and before[-3:].isalpha() and before[-1].islower()):
            return ""  # part of a name, a number, an address
        if after[0] in ",;:/-":
            return ""
    lower = following[:1].islower()
    goes_on = lower or following[:1].isdigit() or following[:1] in ",:(<>≥≤" or before[-2:-1] == "."
    if goes_on and _abbreviates(before):
        return ""
    if lower and _BEFORE_LOWER_CASE.search(before):
        return ""
    depth = text.count("(", 0, position) - text.count(")", 0, position)
    if depth > 0 and ")" in text[position:]:
        return "" if following[:1] == ")" else "SEMI"
    return "DOT"


def _abbreviates(before: str) -> bool:
    """Whether the last word is an abbreviation; a letter alone always is."""
    at = len(before)
    while at and (before[at - 1].isalnum() or before[at - 1] == "_"):
        at -= 1
    last = before[at:].lower()
    return last in _ABBREVIATED or (len(last) == 1 and "a" <= last <= "z")
