"""The words of a text, and what may stand between two words of one name."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from eligibility.knowledge import words

__all__ = ["WORD", "Word", "gap_end", "result_in_signs", "words_of"]

WORD: Final = re.compile(r"[^\W_]+(?:['’`´][^\W_]+)?")
_RUN_ON: Final = re.compile(r"(?:[Bb]etween|[Ww]ithin|[Tt]han|[Ll]east|[Aa]ged?)(?=\d)")  # "between18-70"
_BETWEEN_WORDS: Final = "-–‐‑/®™*†()"
_NEXT_BULLET: Final = re.compile(r"\n\s*(?:\n|[*•·▪-]\s)")
_PLURALS_IN_BRACKETS: Final = ("(s)", "(es)", "(ies)")
_PLURALS: Final = frozenset(("s", "es", "ies"))
_RESULT_SIGNS: Final = {
    "+": "positive",
    "-": "negative",
    "‐": "negative",
    "‑": "negative",
    "–": "negative",
    "−": "negative",
}
_TWO_SIGNS: Final = ("+", "-", "/")  # "+/-ve"


Word: TypeAlias = tuple[str, int, int, bool, int]
"""Its key, start and end; whether no more than white space, a hyphen, a slash or a parenthesis stands before the next
word; parentheses opened, less those closed, up to that. A tuple, because nothing else is made so often.
"""


_WORD_OR_AND: Final = re.compile(rf"{WORD.pattern}|(?<=\s)&(?=\s)")


def gap_end(text: str, at: int) -> int:
    """Where what may stand between two words ends: plurals in parentheses, blanks, hyphens, slashes, brackets, dots."""
    length = len(text)
    while at < length:
        sign = text[at]
        if sign == "(" and text[at - 1].isalnum() and text.startswith(_PLURALS_IN_BRACKETS, at):
            at = text.index(")", at) + 1
        elif (
            (sign == "+" and text[at - 1].isalnum() and text[at + 1 : at + 2] == " ")
            or (sign == ":" and text[at - 1].isalpha() and text[at + 1 : at + 2].isalpha())
            or result_in_signs(text, at + 1)
        ):
            at += 1  # "CD4+ T cells", "protein:creatinine ratio", "ER +ve"
        elif sign == ".":
            if at + 1 >= length or not (text[at + 1].isalnum() or text[at + 1] in " _"):
                break
            at += 1
        elif sign == "\n" and _NEXT_BULLET.match(text, at) is not None:
            break  # no name goes on in the next bullet
        elif sign.isspace() or sign in _BETWEEN_WORDS:
            at += 1
        else:
            break
    return at


def result_in_signs(text: str, at: int) -> str:
    """What "ve" with the sign before it says: "positive" of "+ve"; nothing where it is none, or has two signs."""
    if not text.startswith("ve", at) or text[at + 2 : at + 3].isalnum() or text[max(0, at - 2) : at - 1] in _TWO_SIGNS:
        return ""
    return _RESULT_SIGNS.get(text[at - 1 : at], "")


def _placed(text: str) -> list[tuple[str, int]]:
    """The words of a text, and where each begins."""
    if "&" in text:  # "head & neck"
        return [(match.group(), match.start()) for match in _WORD_OR_AND.finditer(text)]
    parted = words.parted(text)
    if parted is None:
        return [(match.group(), match.start()) for match in WORD.finditer(text)]
    found: list[tuple[str, int]] = []
    at = 0
    for raw in parted:
        at = text.find(raw, at)
        found.append((raw, at))
        at += len(raw)
    return found


def words_of(text: str) -> tuple[list[Word], dict[int, int]]:
    """The words of a text in their order, and by where each begins its index among them."""
    found: list[Word] = []
    at: dict[int, int] = {}
    depth, length = 0, len(text)
    for raw, start in _placed(text):
        end = start + len(raw)
        if not raw.isalpha() and raw[0].isalpha() and (run_on := _RUN_ON.match(raw)) is not None:
            at[start] = len(found)
            found.append((words.key(run_on.group()), start, start + run_on.end(), True, depth))
            start += run_on.end()
            raw = text[start:end]
        if (
            raw in _PLURALS
            and text[start - 1 : start] == "("
            and text[end : end + 1] == ")"
            and text[start - 2 : start - 1].isalpha()
        ):
            continue  # "drug(s)"
        if end == length or text[end] in ",;" or (text[end] == ":" and not text[end + 1 : end + 2].isalpha()):
            joined = False
        elif text[end] in " -/" and end + 1 < length and text[end + 1].isalnum():  # as it mostly is
            joined = True
        else:
            reach = gap_end(text, end)
            between = text[end:reach]
            joined = (
                reach < length
                and (text[reach].isalnum() or text[reach] == "&")
                and ("." not in between or end - start <= 2)
            )
            if "(" in between or ")" in between:  # those of a plural in parentheses cancel out
                depth += between.count("(") - between.count(")")
        at[start] = len(found)
        key = "and" if raw == "&" else words.key(raw)
        if raw == "ve":
            key = result_in_signs(text, start) or key
        found.append((key, start, end, joined, depth))
    if "CYP" in text or "450" in text:
        found = _isoforms_as_one(text, found)
        at = {word[1]: index for index, word in enumerate(found)}
    return found, at


_TYPE: Final = r"(?:3A4(?:\s?/\s?(?:CYP\s?3A)?5)?|\d[A-Z]\d*)"
_ISOFORM: Final = re.compile(
    r"\b(?:(?:(?:the\s+)?cytochromes?\s+)?(?:P|CYP)-?\s?450\s*(?:\((?:CYP|P)(?:-?\s?450)?\)\s*)?"
    r"(?:(?:isoenzymes?|enzymes?|isoforms?)\s+)?"
    rf"(?:(?:CYP\s?)?(?P<named>{_TYPE})|\((?:CYP\s?)?(?P<enclosed>{_TYPE})\))|CYP\s?(?P<short>{_TYPE}))(?![\w-])"
    r"(?:\s*\((?:CYP\s?)?(?:(?P=named)|(?P=short))\))?(?:\s+(?:iso(?:en)?zymes?|enzymes?|isoforms?)\b)?",
    re.IGNORECASE,
)


def _isoforms_as_one(text: str, found: list[Word]) -> list[Word]:
    """ "Cytochrome P450 (CYP) 3A4", "P450 isoenzyme 3A4/5 (CYP3A4/5)" as the one word "CYP3A4"; 3A5 goes with 3A4."""
    one: list[Word] = []
    matches = list(_ISOFORM.finditer(text))
    for word in found:
        while matches and matches[0].end() <= word[1]:
            del matches[0]
        match = matches[0] if matches and matches[0].start() <= word[1] else None
        if match is None:
            one.append(word)
            continue
        if one and one[-1][1] == match.start():
            del one[-1]
        named = match["named"] or match["enclosed"] or match["short"]
        key = f"cyp{named.lower().partition('/')[0].strip()}"
        one.append((key, match.start(), match.end(), word[3], word[4]))
    return one
