"""Names within other words: "gadolinium-enhanced", "gemcitabine-based chemotherapy", "penicillin allergy"."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge import words
from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.lexing.tokens import NAMED, Token
from eligibility.reading.patterns import in_small_letters
from eligibility.reading.rewriting.ellipsis import CHANGES, changes_as_one, halves_named

__all__ = ["compounded"]


_ABOUT_ITSELF: Final = frozenset(("based", "containing", "equivalent"))  # "platinum-based therapy" is platinum


_ALLERGY: Final = re.compile(
    r"(?:allerg(?:y|ies)|allergic(?: reactions?)?|hypersensitivity|sensitivity)\s+to\s+", re.IGNORECASE
)


_ALLERGIC: Final = re.compile(r"([\w' -]+?)[\s-]+(allerg(?:y|ies)|hypersensitivity)", re.IGNORECASE)
_LISTING: Final = frozenset(("COMMA", "OR", "AND", "ANDOR", "SLASH"))
_REACTION: Final = re.compile(
    r"(?:hypersensitivity|allergic|anaphylactic)(?:\s+reactions?)?|anaphylaxis", re.IGNORECASE
)
_IS_ALLERGIC: Final = re.compile(r"(?:allerg(?:y|ies)|hypersensitivity)(?:\s+(or)\s+)?", re.IGNORECASE)


def _built_on(tokens: list[Token], text: str) -> list[Token]:
    """ "Gemcitabine-based chemotherapy", "nitroglycerin-containing products": of what stands first."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        found.append(token)
        index += 1
        if token.type != "TREATMENT" or index + 1 >= len(tokens):
            continue
        link, general = tokens[index : index + 2]
        if link.type != "WORD" or link.said not in _BUILT or text[token.end : link.start] not in ("-", "‐", "‑", " "):
            continue
        said = text[general.start : general.end]
        named = general.value.name if isinstance(general.value, Entry) else words.phrase(said)
        if named in _ANYTHING_GIVEN or _is_kind_of(token, general) or _is_one_regimen(token, general, text):
            found[-1] = Token("TREATMENT", token.value, token.start, general.end, token.others)
            index += 2
    return found


def _holding(tokens: list[Token], text: str) -> list[Token]:
    """An allergy to "polysorbate 80 containing drugs" may be to the rest of them: what holds a thing is a word more."""
    found: list[Token] = []
    for token in tokens:
        link = found[-1] if len(found) > 1 else None
        if link is not None and link.type == "WORD" and link.said in _BUILT and found[-2].type in NAMED:
            said = text[token.start : token.end]
            named = token.value.name if isinstance(token.value, Entry) else words.phrase(said)
            if named in _ANYTHING_GIVEN:
                found[-1] = Token("WORD", words.phrase(text[link.start : token.end]), link.start, token.end)
                continue
        found.append(token)
    return found


_BUILT: Final = frozenset(("based", "containing"))
_ANYTHING_GIVEN: Final = frozenset(
    "drug therapy treatment agent medication medicine product preparation compound regimen supplement".split()
)


def _is_kind_of(token: Token, general: Token) -> bool:
    """Whether a treatment is one of those that a name behind it stands for."""
    one, other = token.value, general.value
    if not isinstance(one, Entry) or not isinstance(other, Entry) or general.type != "TREATMENT":
        return False
    return vocabulary().is_a("treatment", one.name, other.name)


def _is_one_regimen(token: Token, general: Token, text: str) -> bool:
    """Whether a chemotherapy is told by what is in it, and none are counted: "since a nitrosourea containing
    chemotherapy regimen"."""
    one = _ONE_REGIMEN.fullmatch(text, general.start, general.end)
    if one is None or _ANY_ONE.search(text, 0, token.start) is None or not isinstance(token.value, Entry):
        return False
    chemotherapy = vocabulary().find(one["what"], "treatment")
    return chemotherapy is not None and vocabulary().is_a("treatment", token.value.name, chemotherapy.name)


_ONE_REGIMEN: Final = re.compile(r"(?P<what>chemotherapy)\s+regimen", re.IGNORECASE)
_ANY_ONE: Final = re.compile(r"\b(?:an?|any)\s+(?:non-?\s*)?\Z", re.IGNORECASE)


def _vaccines(tokens: list[Token], text: str) -> list[Token]:
    """ "Vaccines such as measles or varicella", "vaccination against influenza": against each, and not the disease."""
    found: list[Token] = []
    listing = False
    vaccine = ""
    for token in tokens:
        said = text[token.start : token.end]
        if _VACCINE.search(said) is not None:
            vaccine = said
        elif vaccine and (token.type == "INCLUDING" or said.lower() in ("against", "for")):
            listing = True
        elif listing and token.type == "CONDITION":
            entry = vocabulary().find(f"{said} vaccine", "treatment")
            token = token if entry is None else Token("TREATMENT", entry, token.start, token.end)
        elif token.type not in _LISTING | {"LPAR", "WORD", "FILLER"}:
            listing, vaccine = False, ""
        found.append(token)
    return found


_VACCINE: Final = re.compile(r"vaccin|immuni[sz]ation", re.IGNORECASE)


def compounded(tokens: list[Token], text: str) -> list[Token]:
    """Names within another word as words: a "gadolinium-enhanced" lesion is no gadolinium."""
    if NAMED.isdisjoint([token.type for token in tokens]):
        return list(tokens)
    if "vaccin" in (low := in_small_letters(text)) or "immuni" in low:
        tokens = _vaccines(tokens, text)
    if any(t.type == "WORD" and t.said in _BUILT for t in tokens):
        allergy = any(t.type == "ALLERGY" for t in tokens)
        tokens = _holding(tokens, text) if allergy else _built_on(tokens, text)
    found: list[Token] = []
    allergic = False
    low = in_small_letters(text)
    may_be_allergy = "allerg" in low or "sensitiv" in low or "anaphyla" in low
    for token in tokens:
        last = found[-1] if found else None
        if allergic and last is not None and last.type in _LISTING and token.type == "TREATMENT":
            found.append(Token("ALLERGY", "allergy to", token.start, token.start))  # "allergy to egg or soy"
        allergic = token.type in _LISTING or token.type == "TREATMENT" if allergic else False
        if may_be_allergy and token.type == "CONDITION" and (named := _ALLERGY.match(text, token.start, token.end)):
            allergic = True
            substance = vocabulary().find(text[named.end() : token.end], "treatment")
            if substance is not None:  # "allergy to penicillin or cephalosporins": the allergy is to both
                found.append(Token("ALLERGY", "allergy to", token.start, named.end()))
                found.append(Token("TREATMENT", substance, named.end(), token.end))
                continue
        if (
            may_be_allergy
            and token.type == "CONDITION"
            and (named := _ALLERGIC.fullmatch(text, token.start, token.end))
        ):
            substance = vocabulary().find(named.group(1), "treatment")
            if substance is not None:  # "penicillin allergy": what the list of allergies answers
                found.append(Token("TREATMENT", substance, token.start, named.end(1)))
                found.append(Token("ALLERGIC", "allergy", named.start(2), token.end))
                continue
        if token.type == "INCLUDING" and text[token.start - 1 : token.end].lower() == "-like":
            token = Token("WORD", "like", token.start, token.end)  # "Ph-like"
        hanging = token.type == "DASH" and last is not None and last.type == "TREATMENT" and last.end == token.start
        if hanging and _SHARED_ENDING.match(text, token.end):
            continue  # "platinum-, taxane- or anthracycline-based"
        if token.type in ("CIRCUMSTANCE", "SOMEBODY_ELSE") and last is not None and last.type == "TREATMENT":
            kin = _KINSHIP.fullmatch(text, last.start, last.end)  # "biologic family members" are no drugs
            if kin:
                found[-1] = Token("WORD", text[last.start : last.end].lower(), last.start, last.end)
        reaction = may_be_allergy and token.type == "CONDITION" and _REACTION.fullmatch(text, token.start, token.end)
        if reaction and last is not None and last.type == "TREATMENT" and not text[last.end : token.start].strip():
            found.append(Token("ALLERGIC", "allergy", token.start, token.end))
            continue
        if token.type == "ALLERGY" and last is not None and last.type == "TREATMENT":
            itself = _IS_ALLERGIC.match(text, token.start, token.end)
            if itself is not None and itself.end() == token.end:
                found.append(Token("ALLERGIC", "allergy", token.start, token.end))
                continue
            if itself is not None and itself.group(1):  # "azithromycin hypersensitivity, or allergy to macrolides"
                found.append(Token("ALLERGIC", "allergy", token.start, itself.start(1)))
                found.append(Token("OR", "or", itself.start(1), itself.end(1)))
                token = Token("ALLERGY", token.value, itself.end(), token.end)
        if (
            last is not None
            and token.type == "WORD"
            and last.type in ("CONDITION", "TREATMENT", "ANALYTE")
            and token.start == last.end + 1
            and text[last.end] in "-‐‑"
            and token.said.partition(" ")[0] not in _ABOUT_ITSELF
        ):
            found[-1] = Token("WORD", words.phrase(text[last.start : token.end]), last.start, token.end)
        else:
            found.append(token)
    if any(map(low.__contains__, CHANGES)):
        found = changes_as_one(found, text)
    return halves_named(found, text) if "hyp" in low or "strogen" in low else found


_SHARED_ENDING: Final = re.compile(
    r"[\s,/]*(?:(?:and/or|or|and)\s+)?(?:[\w ]{2,40}-[\s,/]*(?:(?:and/or|or|and)\s+)?){0,6}?"
    r"[\w ]{2,40}-(?:based|containing)\b",
    re.IGNORECASE,
)
_KINSHIP: Final = re.compile(r"biologic(?:al)?", re.IGNORECASE)
