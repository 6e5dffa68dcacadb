"""Text that any terminal can show: without control characters, and without signs that its encoding lacks."""

from __future__ import annotations

import unicodedata
from typing import Final

__all__ = ["fitting", "harmless"]

_KEPT: Final = "\n\t"
_SPELT: Final = {
    "≥": ">=", "⩾": ">=", "≧": ">=", "≤": "<=", "⩽": "<=", "≦": "<=", "≠": "!=", "±": "+/-", "×": "x", "÷": "/",
    "–": "-", "—": "-", "‑": "-", "‒": "-", "−": "-", "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "…": "...",
    "•": "*", "·": "*", "▪": "*", "→": "->", "°": " degrees ", "µ": "u", "μ": "u",
    "½": " 1/2", "¼": " 1/4", "¾": " 3/4",
    "®": "(R)", "™": "(TM)", "©": "(C)", "ß": "ss", "æ": "ae", "ø": "o", "\u00a0": " ", "\u2009": " ", "\u202f": " ",
}  # fmt: skip


def harmless(text: str) -> str:
    """The text without what would steer a terminal or turn the direction of writing."""
    return "".join("\ufffd" if _steers(sign) else sign for sign in text)


def _steers(sign: str) -> bool:
    if "\u202a" <= sign <= "\u202e" or "\u2066" <= sign <= "\u2069":
        return True
    return sign not in _KEPT and unicodedata.category(sign) in ("Cc", "Cs")


def fitting(text: str, encoding: str) -> str:
    """The text in signs that the encoding has: ``≥`` >> ``>=``, ``10⁹`` >> ``10^9``, ``β`` >> ``beta``.

    A power stays one: that it is not read as a digit of the number decides over health.
    """
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        pass
    else:
        return text
    found: list[str] = []
    raised = False
    for sign in text:
        spelt, power = (sign, False) if _has(encoding, sign) else _spelt(sign)
        found.append("^" + spelt if power and not raised else spelt)
        raised = power
    return "".join(part if _has(encoding, part) else "?" for part in found)


def _has(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _spelt(sign: str) -> tuple[str, bool]:
    """The sign in ASCII, and whether it is a power."""
    if sign in _SPELT:
        return _SPELT[sign], False
    decomposed = unicodedata.decomposition(sign)
    if decomposed.startswith("<super>"):
        return unicodedata.normalize("NFKD", sign).replace("−", "-"), True
    name = unicodedata.name(sign, "")
    if name.startswith("GREEK ") and " LETTER " in name:
        word = name.split(" LETTER ")[1].split(" WITH ")[0].lower()
        return word, False
    if unicodedata.combining(sign):
        return "", False
    if unicodedata.category(sign) == "Zs":
        return " ", False
    base = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    return (base, False) if base.isascii() and base else (f"<U+{ord(sign):04X}>", False)
