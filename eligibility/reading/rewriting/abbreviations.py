"""Abbreviations, as what they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from eligibility.knowledge import words
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.tables import charted_prefix
from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.lexer import tokenize
from eligibility.reading.lexing.numerals import ROMAN_NUMBERS
from eligibility.reading.lexing.tokens import Token
from eligibility.rules import Concept

__all__ = ["LISTED", "abbreviates", "expanded", "shortens", "unabbreviated"]


def shortens(token: Token, name: str, synonyms: Sequence[str]) -> bool:
    """Whether a word is made of first letters of a name, and of others in their order."""
    letters = str(token.value)
    names = [name, *synonyms]
    for each in names:  # "Karnofsky performance status (PS)": of the last words of a name
        first = [key[0] for key in words.keys(each)]
        if len(letters) > 1 and any("".join(first[at:]) == letters for at in range(len(first))):
            return True
    return 1 < len(letters) <= 8 and any(
        letters[0] == (key := "".join(k[0] for k in words.keys(each)))[:1]
        and _subsequence(letters, "".join(words.keys(each)))
        and bool(key)
        for each in names
    )


def _subsequence(short: str, long: str) -> bool:
    """Whether the letters of one stand in the other in their order."""
    rest = iter(long)
    return all(c in rest for c in short)


def expanded(
    tokens: list[Token], text: str, abbreviations: Mapping[str, str], studied: Sequence[Concept]
) -> list[Token]:
    """Words that the trial defines as abbreviations, as what they stand for."""

    def long_form(token: Token) -> Token:
        raw = text[token.start : token.end]
        long = abbreviations.get(raw)
        if long is None and raw.isupper() and 2 <= len(raw) <= 6 and raw not in ROMAN_NUMBERS:  # "IV antibiotics"
            long = next((c.name for c in studied if not c.open and _short_for(raw, c.name)), None)
        name = _one_name(long) if long else None
        return Token(name.type, name.value, token.start, token.end, name.others) if name is not None else token

    tokens = _prefixed(_leukemias(tokens, text), text)
    if not abbreviations and not studied:
        return tokens
    return [long_form(token) if token.type == "WORD" else token for token in tokens]


@lru_cache(maxsize=1024)
def _one_name(text: str) -> Token | None:
    """The name that a text is, as a token; None where it is none, or several."""
    tokens = tokenize(text)
    return tokens[0] if len(tokens) == 1 and isinstance(tokens[0].value, Entry) else None


def _is_enclosed(token: Token, text: str) -> bool:
    """Whether it is all that stands in a parenthesis."""
    return text.endswith("(", 0, token.start) and text.startswith(")", token.end)


def _prefixed(tokens: list[Token], text: str) -> list[Token]:
    """ "mCRC", "RRMM": an attribute and the cancer behind it."""
    found: list[Token] = []
    for token in tokens:
        raw = text[token.start : token.end] if token.type == "WORD" and token.end - token.start <= _LONGEST else ""
        parts = charted_prefix(raw) if raw[-1:].isupper() and not _is_enclosed(token, text) else None
        if parts is None:
            found.append(token)
            continue
        begins = token.end - len(parts[1])
        found.append(Token("QUALIFIER", qualifiers().find(parts[0]), token.start, begins))
        found.append(Token("CONDITION", vocabulary().find(parts[1], "condition"), begins, token.end))
    return found


_LONGEST: Final = 9  # letters


def _leukemias(tokens: list[Token], text: str) -> list[Token]:
    """ "AML, ALL or CLL", "relapsed ALL": "all" in capitals is a leukemia beside its like, or behind what is said of
    one, unless the text stands in capitals."""
    if "ALL" not in text:
        return tokens
    mixed = not text.isupper()
    return [
        Token("CONDITION", vocabulary().find("ALL", "condition"), token.start, token.end)
        if text[token.start : token.end] == "ALL"
        and token.type == "FILLER"
        and _NO_NOUN.match(text, token.end)
        and (_beside_its_like(tokens, index) or (mixed and index and tokens[index - 1].type in _BEFORE_DISEASE))
        else token
        for index, token in enumerate(tokens)
    ]


def _beside_its_like(tokens: list[Token], index: int) -> bool:
    """Whether a disease of the blood stands next to it in a list."""
    before, after = tokens[max(index - 2, 0) : index], tokens[index + 1 : index + 3]
    near = [pair[place] for pair, place in ((before, 0), (after, -1)) if len(pair) == 2]
    joined = bool(before and before[-1].type in LISTED) or bool(after and after[0].type in LISTED)
    return joined and any(
        isinstance(token.value, Entry) and vocabulary().is_a("condition", token.value.name, "hematologic malignancy")
        for token in near
    )


_BEFORE_DISEASE: Final = frozenset("IS DIAGNOSIS HISTORY QUALIFIER EXCEPT NO PRESENCE OTHER FOR FOR_TIME KNOWN".split())
_NO_NOUN: Final = re.compile(
    r"\s*(?:$|[,;.)/]|(?:and|or|in|with|without|who|that|after|within|before|at|is|are)\b)", re.IGNORECASE
)
LISTED: Final = frozenset("COMMA SLASH AND OR ANDOR".split())


@lru_cache(maxsize=4096)
def _short_for(raw: str, name: str) -> bool:
    """Whether an abbreviation is that of a disease under study: "AD" in a trial of atopic dermatitis."""
    entry = vocabulary().entry("condition", name)
    if entry is None:
        return False
    if raw in entry.synonyms or raw in entry.ambiguous_synonyms:
        return True
    return any("".join(w[0] for w in words.keys(each)).upper() == raw for each in [name, *entry.synonyms])


_ABBREVIATION: Final = re.compile(  # "(CNS) leukemia", "interleukin (IL)-17", "aneurysm (AAA) > 5 cm"
    r"[(\[]([A-Z][A-Za-z0-9α-ω/-]{1,8}[+-]?)[)\]]"
    r"(?:-\s?(?=(?:positive|negative|amplified|mutant|mutated)\b)|-(?=[a-z])|-(?=\d{1,2}(?![\d.%])(?!\s?[a-z%/×]))"
    r"|(?=[ -]+[A-Za-z]|\s?/\s?[A-Z])|(?=\s*[<>≥≤]\s*\d+(?:\.\d+)?\s*[cm]m\b))"
)
_HOW_FOUND: Final = re.compile(r"[(\[](?:qualitative|quantitative)[)\]]", re.IGNORECASE)  # "HCV RNA [qualitative]"


_ISOTOPE: Final = re.compile(r"\[\d{1,3}m?[A-Z][a-z]?\](?=[A-Z])")  # "[177Lu]Lu-PSMA"
_FOOTNOTE: Final = re.compile(
    r"(\b(?:I{1,3}|IV)\s*(?:or|and|to|/|-|–)\s*(?:I{1,3}|IV|V))[1-3](?!\w)"
)  # "class III or IV1"
_MAYBE_FOOTNOTE: Final = re.compile(r"[IV][1-3]")
_ARISEN: Final = re.compile(  # "adenocarcinoma originating from the colon": where a cancer begins is what it is of
    r"(?P<cancer>(?:carcinoma|cancer|sarcoma)s?\s+)"
    r"(?P<begins>(?:originating|originated|arising|(?:that|which) (?:arises?|originates?)) (?:from|in))\b",
    re.IGNORECASE,
)
_SUBSCRIPT: Final = re.compile(r"(?<=\bHbA)\[(1c)\]", re.IGNORECASE)


def abbreviates(short: str, said: str) -> bool:
    """Whether letters abbreviate the words that they stand behind."""
    letters = [c for c in short.lower() if c.isalpha()]
    before = words.written(said)[-len(letters) - 2 :]
    starts = any(word[0].lower() == letters[0] for word in before)
    return starts and _subsequence("".join(letters), "".join(before).lower())


_OF_SYMBOL_FONT: Final = (
    re.compile(  # what registries make of the signs of that font: "bilirubin £ 1.5", "(³ 18 years)"
        r"(?:(?<=[\s(:,])(?<!m\s)|^)[£³](?=\s?\d)"
    )
)


def unabbreviated(text: str) -> str:
    """With blanks for an abbreviation in the middle of a name: "central nervous system (CNS) leukemia"."""

    def blank(match: re.Match[str]) -> str:
        short = abbreviates(match.group(1), text[max(0, match.start() - 80) : match.start()])
        return " " * len(match.group()) if short else match.group()

    if "£" in text or "³" in text:
        text = _OF_SYMBOL_FONT.sub(lambda match: "≤" if match.group() == "£" else "≥", text)
    if "itative" in text:
        text = _HOW_FOUND.sub(lambda match: " " * len(match.group()), text)
    if "[" in text:
        text = _ISOTOPE.sub(lambda match: " " * len(match.group()), text)
        text = _SUBSCRIPT.sub(lambda match: f" {match.group(1)} ", text)
    if "rising " in text or "riginat" in text:
        text = _ARISEN.sub(lambda match: match["cancer"] + "of".ljust(len(match["begins"])), text)
    if "I" in text and _MAYBE_FOOTNOTE.search(text):
        text = _FOOTNOTE.sub(lambda match: f"{match.group(1)} ", text)
    if "(" not in text:
        return _ABBREVIATION.sub(blank, text) if "[" in text else text
    if _SIGN_IN_BRACKETS.search(text):
        text = _SIGN_AGAIN.sub(lambda match: " " * len(match.group()), text)
    if "(non" in text or "ly)" in text:
        text = _ASIDE.sub(lambda match: f" {match.group(1)} ", text)
    if "grade" in text.lower():
        text = _SEVERE.sub(lambda match: match.group(1) + " " * len(match.group(2)), text)
    if "e" in text and _WITH_EXAMPLES.search(text):
        text = _WITH_EXAMPLES.sub(_examples_alone, text)
    return _INITIALS.sub(_without_initials, _ABBREVIATION.sub(blank, text))


def _examples_alone(match: re.Match[str]) -> str:
    """Blanks for an abbreviation before examples: "organic cation transporter 2 (OCT2 [e.g., cimetidine])"."""
    whole, short = match.group(), match["short"]
    if not abbreviates(short, match.string[max(0, match.start() - 80) : match.start()]):
        return whole
    inner = match["inner"]
    return f"({' ' * (len(whole) - 1)}" if inner is None else f"({' ' * (len(short) + 1)}{inner} ".ljust(len(whole))


_WITH_EXAMPLES: Final = re.compile(
    r"\((?P<short>[A-Z][A-Za-z0-9-]{1,9})(?:\s?[;,]\s*(?=e\.?g\b|such\s+as\b)|\s?\[(?P<inner>(?:e\.?g\b|such\s+as\b)[^\[\]()]*)\](?=\)))"
)


def _without_initials(match: re.Match[str]) -> str:
    """Blanks for an abbreviation that is made of the initials of just the words before it."""
    stretch = match.string[max(0, match.start() - _LONGEST_RUN) : match.start()]
    letters = match.group(1).lower()
    said = [word for word in words.WORD.finditer(stretch) if word[0].lower() not in _SMALL_WORDS]
    every = list(words.WORD.finditer(stretch))
    named = False
    for named_by in (every, said):
        last = named_by[-len(letters) :]
        if "".join([word[0][0].lower() for word in last]) == letters:
            named = named or _RUN.fullmatch(stretch, last[0].start()) is not None
    return " " * len(match.group()) if named else match.group()


_SMALL_WORDS: Final = frozenset("of the and for in to on with by".split())
_INITIALS: Final = re.compile(r"\(([A-Z]{2,8})\)")
_RUN: Final = re.compile(r"(?:[A-Za-z]\w*[\s-]+){2,8}")
_LONGEST_RUN: Final = 160
_SIGN_IN_BRACKETS: Final = re.compile(r"\([<>=≤≥]")
_SIGN_AGAIN: Final = re.compile(  # "greater than or equal (>=) to 27", "less (<) than 10"
    r"(?:(?<=equal)|(?<=less)|(?<=greater)|(?<=more)|(?<=lower)|(?<=higher)|(?<=fewer))\s*\((?:>=|<=|=>|=<|[<>≥≤=])\)(?=\s*(?:to|than)\b)",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(
    r"\((non-?[a-z]{3,}(?:ous|ic|al|ive)|(?:clinical|histologic|cytologic|pathologic|radiologic|genetic)(?:al)?ly)\)(?=\s+[a-z])"
)  # "(non-infectious) pneumonitis"
_SEVERE: Final = re.compile(  # a grade that says "severe" once more
    r"((?:severe|life[- ]threatening)\s+(?:hypersensitivity|allergic|anaphylactic)(?:\s+reactions?)?\s*)"
    r"(\((?:CTCAE\s+|NCI[- ]CTCAE\s+)?(?:≥|>=|>/=|=>)?\s*[Gg]rades?\s*(?:≥|>=|>/=|=>)?\s*[34]\)(?=\s+to\b))",
    re.IGNORECASE,
)
