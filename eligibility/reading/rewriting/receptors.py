"""The status of receptors: of the two of a hormone together, and with the definition of the field behind it."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.attributes import receptor_words
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import in_small_letters

__all__ = ["receptors_known", "receptors_together"]

_HER2: Final = (
    r"(?:c-?)?(?:HER[ -]?2(?:[ /-]?neu)?|erb[ -]?B-?2)(?!\w)|human\s+epidermal\s+growth\s+factor\s+receptor[ -]?2"
    r"(?:\s*[(\[]HER-?2(?:/neu)?[)\]])?"
)
_HORMONAL: Final = (
    r"triple[ -]negative|(?:hormone|o?estrogen|progesterone)\s+receptor(?:\s*[(\[]\w{2,3}[)\]])?|(?:ER|PR|PgR|HR)(?!\w)"
)
_STATUS: Final = re.compile(
    rf"(?:(?P<before>positive|negative)\s+)?(?P<her2>{_HER2})|(?P<hormonal>{_HORMONAL})", re.IGNORECASE
)
_RESULT: Final = re.compile(
    r"[\s/-]*(?:(?:receptors?|status|protein|gene|expression|tumou?rs?)\s+)?(?:(?:is|are|must be|was)\s+)?"
    r"(?P<result>positiv\w*|negativ\w*|pos\b|neg\b|over-?express\w*|amplifi\w+|\+(?!\+))",
    re.IGNORECASE,
)
_DEFINES: Final = (
    r"(?:which\s+)?(?:is\s+|are\s+)?(?:as\s+)?(?:defined|determined|confirmed|assessed|documented|demonstrated|tested|measured"
    r"|evidenced|shown|indicated|verified|detected|evaluated)\b|(?:either\s+)?(?:by|per|based|according|with)\b|either\b|i\.?e\b"
)
_OPENS: Final = re.compile(rf"[(\[:（]|,\s*(?:{_DEFINES})|\b(?:{_DEFINES})", re.IGNORECASE)
_ASKED: Final = re.compile(
    r"\b(?:must|should|will|may|needs?|required?|ha(?:s|ve) to|except|other than)\b", re.IGNORECASE
)
_WORD: Final = re.compile(r"[A-Za-z](?:[\w'’./-]*\w)?|\d+(?:\.\d+)?|\++")
_ENDS: Final = re.compile(r"[;.](?!\d)|\n")
_FURTHEST: Final = 90  # characters from a result to the words that define it
_SMALL: Final = frozenset(
    "and or and/or with by of the in a an is are as to for if when which that at be has have must any but not no on "
    "per".split()
)
_GOES_ON: Final = frozenset(("and", "or", "and/or", "with", ","))
_TELLING: Final = re.compile(
    r"\d.*|\++|positiv.*|negativ.*|(?:un|non-?)?amplif.*|asco.*|cap|guidelines?|equivocal", re.IGNORECASE
)


def receptors_known(tokens: list[Token], text: str) -> list[Token]:
    """The tokens without those of such a definition."""
    low = in_small_letters(text)
    if "positiv" not in low and "negativ" not in low and "+" not in low and "express" not in low:
        return tokens
    if not any(assay in low for assay in ("ihc", "immuno", "fish", "ish ", "situ")):
        return tokens
    spans = [span for found in _STATUS.finditer(text) if (span := _definition(text, found)) is not None]
    if not spans:
        return tokens
    return [t for t in tokens if not any(start <= t.start and t.end <= end for start, end in spans)]


def _definition(text: str, found: re.Match[str]) -> tuple[int, int] | None:
    """Where the words stand that define the status of a receptor; None where no result is given, or they say more."""
    triple = (found["hormonal"] or "").lower().startswith("triple")
    said = _RESULT.match(text, found.end())
    result = "negative" if triple else (found["before"] or (said["result"] if said else ""))
    if not result:
        return None
    begin = said.end() if said is not None and not triple else found.end()
    positive = not result.lower().startswith("neg")
    for opened in _OPENS.finditer(text, begin, begin + _FURTHEST):
        between = text[begin : opened.start()]
        if _ENDS.search(between) or _ASKED.search(between) or "," in between or "(" in between.replace("(TNBC)", ""):
            return None
        end = _consumed(text, opened.start(), hormonal=found["hormonal"] is not None)
        if end and _agrees(text[opened.start() : end], positive, hormonal=found["hormonal"] is not None):
            return opened.start(), end
    return None


def _consumed(text: str, start: int, *, hormonal: bool) -> int:
    """Where words of a definition end that begin here; 0 where they name no assay.

    What goes on behind a connective belongs to it only up to the last assay, score or result.
    """
    words, numbers, assays = receptor_words(hormonal=hormonal)
    depth, named, apart, end, at = 0, False, False, start, start
    while at < len(text) and not (_ENDS.match(text, at) and not depth):
        sign = text[at]
        word = _WORD.match(text, at)
        if word is None:
            depth += (sign in "([（") - (sign in ")]）")
            if depth < 0:
                break
            apart = apart or sign == ","
            at += 1
            end = at if sign in ")]）" and end > start else end
            continue
        key = word[0].lower()
        parts = [key] if key in words else _PARTS.split(key.rstrip("'’s"))
        if not all(part in words or part in numbers or part in _SCORES or _SCORED.fullmatch(part) for part in parts):
            break
        assayed = not assays.isdisjoint(parts) or any(_SCORED.fullmatch(part) for part in parts)
        at, named, apart = word.end(), named or assayed, apart or key in _GOES_ON
        if assayed or _TELLING.fullmatch(key):
            end, apart = at, False
        elif key not in _SMALL and not apart:
            end = at
    whole = depth <= 0 or at == len(text)  # else a parenthesis says more
    return end if named and whole and end > start and _CUT.match(text, end) is None else 0


_CUT: Final = re.compile(r"\s*[<>≥≤=%\d(\[]")
_PARTS: Final = re.compile(r"[/-]")
_SCORES: Final = frozenset(("0", "1", "2", "3", "+", "++", "+++"))
_SCORED: Final = re.compile(r"(?:ihc|fish|ish)[0-3]?")
_NOT: Final = re.compile(r"(?:\bnot?|\bnon|\bwithout|\bun|\black of|\babsence of)[\s-]*(?:\w+\s+){0,2}$", re.IGNORECASE)
_IN_SITU: Final = re.compile(r"\b(?:bd|[fcsd])?ish\b|situ", re.IGNORECASE)
_RECEPTOR: Final = re.compile(_HER2, re.IGNORECASE)
_AMPLIFIED: Final = re.compile(r"\bpositiv\w*|\bamplif\w*", re.IGNORECASE)


def _agrees(said: str, positive: bool, *, hormonal: bool) -> bool:
    """Whether a definition is that of the field: "IHC 2+" is no HER2-positive tumour without amplification."""
    said = _RECEPTOR.sub(" ", said)
    scores = {len(each) if each[0] == "+" else int(each) for each in _SCORE.findall(said)}
    if 2 in scores and _IN_SITU.search(said) is None:
        return False
    if hormonal and any(percent not in ("1", "0") for percent in _PERCENT.findall(said)):
        return False
    amplified = [not _NOT.search(said[: found.start()]) for found in _AMPLIFIED.finditer(said)]
    denied = re.search(r"\bnegativ|\bun?amplif|\bnon-?\s?amplif|\bnot\s+amplif", said, re.IGNORECASE)
    if positive:
        return not ({0, 1} & scores and not hormonal) and denied is None
    return 3 not in scores and (hormonal or not any(amplified))


_SCORE: Final = re.compile(
    r"(?<![\d.+])([0-3](?=\s*\+|\s*(?:-|/|,|or|to|and)\s*[0-3]\s*\+|\s*[)\],;]|\s+by\b|$)|\+{2,3}(?![\d+]))"
)
_PERCENT: Final = re.compile(r"(\d+(?:\.\d+)?)\s*%")


_SIGN: Final = r"(?:positive|negative)"
_BOTH_RECEPTORS: Final = re.compile(
    rf"(?:either\s+)?o?estrogen[\s-]+receptors?(?:\s*[(\[]ER[)\]])?(?:[\s-]+(?P<first>{_SIGN})\b|-)?"
    r"\s*(?P<joint>,?\s*\b(?:and/or|and|or)\b|/)\s*"
    rf"progesterone[\s-]+receptors?(?:\s*[(\[](?:PR|PgR)[)\]])?(?:\s+status)?[\s-]+(?P<last>{_SIGN})\b",
    re.IGNORECASE,
)
_OF_BOTH: Final = {
    ("positive", "and/or"): ("hormone receptor positive",),
    ("positive", "or"): ("hormone receptor positive",),
    ("positive", "and"): ("estrogen receptor positive", "progesterone receptor positive"),
    ("negative", "and"): ("hormone receptor negative",),
    ("negative", "/"): ("hormone receptor negative",),
}


def receptors_together(tokens: list[Token], text: str) -> list[Token]:
    """ "Estrogen receptor (ER) and/or progesterone receptor (PR) positive": one attribute, of whatever has it."""
    low = in_small_letters(text)
    if "strogen" not in low or "progesterone" not in low:
        return tokens
    for found in reversed(list(_BOTH_RECEPTORS.finditer(text))):
        sign = found["last"].lower()
        said = _OF_BOTH.get((sign, found["joint"].strip(" ,").lower()))
        inside = [i for i, token in enumerate(tokens) if token.start < found.end() and found.start() < token.end]
        if said is None or (found["first"] or sign).lower() != sign or not inside:
            continue
        last = tokens[inside[-1]]
        named = vocabulary().find(text[found.end() : last.end].strip(), "condition") if last.end > found.end() else None
        if last.end > found.end() and named is None:
            continue
        known = [each for name in said if (each := qualifiers().find(name)) is not None]
        both = [Token("QUALIFIER", each, found.start(), found.end()) for each in known]
        if named is not None:
            start = last.end - len(text[found.end() : last.end].lstrip())
            both.append(Token("CONDITION", named, start, last.end))
        tokens = [*tokens[: inside[0]], *both, *tokens[inside[-1] + 1 :]]
    return tokens
