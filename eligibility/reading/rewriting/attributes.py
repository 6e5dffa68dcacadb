"""Attributes side by side, each of which holds: "severe, uncontrolled asthma", "ER+/HER2-"."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.qualifiers import Qualifier, qualifiers
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.lexing.tokens import RESULTS, Token, kind_at

__all__ = ["attributes_together", "denied_attributes", "doubted", "results_before_names", "signed"]


_BIOMARKER: Final = re.compile(
    r"(?:positive|negative|mutant|mutated|wild[- ]type|amplified|low|high|[+-])\s*$", re.IGNORECASE
)


_PARTING: Final = frozenset(("COMMA", "SLASH"))


def attributes_together(tokens: list[Token], text: str) -> list[Token]:
    """Without the comma in "severe, uncontrolled asthma" and the slash in "ER-positive/HER2-negative": both hold."""
    if _PARTING.isdisjoint([token.type for token in tokens]):
        return list(tokens)
    found: list[Token] = []
    for index, token in enumerate(tokens):
        after = kind_at(tokens, index + 1)
        if token.type == "COMMA" and found and found[-1].type in ("KNOWN", "CURRENT", "SUSPECTED"):
            if after in ("QUALIFIER", "CURRENT", "CONDITION") or _begins(found, after):
                continue  # "known, active hepatitis"
        elif (
            token.type in ("COMMA", "SLASH")
            and found
            and found[-1].type == "QUALIFIER"
            and index + 1 < len(tokens)
            and not (token.type == "COMMA" and _behind_name(found))
            and (token.type == "COMMA" or _BIOMARKER.search(text, found[-1].start, found[-1].end))
            and _goes_on(tokens, index + 1, text, found[-1])
        ):
            continue
        found.append(token)
    return found


def _begins(found: list[Token], after: str) -> bool:
    """Whether a treatment or a result behind a comma is what the first word of a clause is said of: "concurrent,
    long-term anticoagulation"."""
    return after in ("TREATMENT", "POSITIVE") and all(token.type in ("FILLER", "PERSON", "IS") for token in found[:-1])


def doubted(tokens: list[Token], text: str) -> list[Token]:
    """ "Potentially reversible": an attribute of its own words, which is neither "reversible" nor its contrary."""
    found: list[Token] = []
    for token in tokens:
        before = found[-1] if found else None
        if token.type == "QUALIFIER" and before is not None and text[before.start : before.end].lower() in _DOUBTING:
            said = " ".join(text[before.start : token.end].lower().split())
            known = qualifiers().find(said)
            found[-1] = Token("QUALIFIER", known or Qualifier(said, ""), before.start, token.end)
        else:
            found.append(token)
    return found


_DOUBTING: Final = frozenset(("potentially", "possibly", "presumably", "presumed"))


def _behind_name(found: list[Token]) -> bool:
    """Whether the attributes last found are said of a name before them: "surgery affecting absorption, ..."."""
    last = next((token for token in reversed(found) if token.type != "QUALIFIER"), None)
    return last is not None and last.type in ("CONDITION", "TREATMENT")


def _goes_on(tokens: list[Token], index: int, text: str, before: Token) -> bool:
    """Whether one more attribute stands at ``index``, and after it, with no "or" between, the name of both."""
    first = tokens[index]
    if first.type in ("CONDITION", "TREATMENT"):
        said = text[first.start : first.end].split()
        return any(_goes_with(" ".join(said[:n]), before, text) for n in range(1, len(said)))
    if first.type == "CURRENT":  # "serious, uncontrolled, concurrent infection"
        return index + 1 < len(tokens) and tokens[index + 1].type in ("CONDITION", "TREATMENT")
    if first.type != "QUALIFIER" or qualifiers().excludes(
        text[before.start : before.end], text[first.start : first.end]
    ):
        return False
    if tokens[index - 1].type == "SLASH" and not _BIOMARKER.search(text, first.start, first.end):
        return False
    last = first
    for at in range(index + 1, len(tokens)):
        token = tokens[at]
        if token.type in ("CONDITION", "TREATMENT") or (token.type == "WORD" and token.said in _HEADS):
            return True
        if token.type in ("OR", "ANDOR"):  # "active, uncontrolled bacterial, viral or fungal infections"
            after = tokens[at + 1] if at + 1 < len(tokens) else token
            signs = all(t.type == "QUALIFIER" and _BIOMARKER.search(text, t.start, t.end) for t in (last, after))
            if token.type == "ANDOR" and signs:
                continue  # "HER2-negative, ER-positive and/or PR-positive"
            kinds = {_axis(text[t.start : t.end]) for t in (last, after)}
            if len(kinds) > 1 or kinds & {"", *(_axis(text[t.start : t.end]) for t in (before, first))}:
                return False
            continue
        if token.type not in ("QUALIFIER", "COMMA", "FILLER", "CURRENT"):
            return False
        last = token if token.type == "QUALIFIER" else last
    return False


_HEADS: Final = frozenset(  # what attributes are said of, where nothing else names it
    "illness illnesses disease diseases disorder disorders condition conditions abnormality abnormalities".split()
)


def _axis(words_: str) -> str:
    """What the first of some words is a value of; empty where it is no qualifier."""
    found = qualifiers().find(words_) or qualifiers().find(words_.split(maxsplit=1)[0])
    return found.axis if found is not None else ""


def _goes_with(words_: str, before: Token, text: str) -> bool:
    """Whether words are an attribute that another one does not exclude."""
    return qualifiers().find(words_) is not None and not qualifiers().excludes(text[before.start : before.end], words_)


def results_before_names(tokens: list[Token], text: str) -> list[Token]:
    """ "CD30-expressing relapsed or refractory lymphoma": a result before a disease is an attribute of it."""
    if RESULTS.isdisjoint([token.type for token in tokens]):
        return tokens
    found: list[Token] = []
    for index, token in enumerate(tokens):
        tested = _tested(found, token, text) if token.type in RESULTS else None
        if tested is None or not _stands_before_name(tokens, index + 1, text):
            found.append(token)
            continue
        first = found[tested]
        known = first.value.name if first.type == "ANALYTE" else ""
        name = text[first.start : found[-1].end]
        result = "".join(text[found[-1].end : token.end].lower().split())
        if token.said in _EXPRESSING and not _MUTATED.search(known):
            result = "-positive"
        said = f"{known if '(' in name else name}-{result.lstrip('-')}"
        found[tested:] = [Token("QUALIFIER", qualifiers().find(said) or Qualifier(said, ""), first.start, token.end)]
    return found


def _tested(found: list[Token], result: Token, text: str) -> int | None:
    """Where the name begins that a result stands behind: a test, or words that a hyphen ties to it."""
    if not found:
        return None
    if found[-1].type == "ANALYTE":
        shared = len(found) > 2 and found[-3].type == "ANALYTE"  # "EGFR/ALK negative lung cancer"
        return None if shared else len(found) - 1
    at, end = len(found), result.start - (text[result.start - 1 : result.start] == "-")
    while at and found[at - 1].type == "WORD" and found[at - 1].end == end and text[end : end + 1] == "-":
        at -= 1
        end = found[at].start - 1
    return at if at < len(found) else None


_EXPRESSING: Final = frozenset(("expressing", "overexpressing"))
_MUTATED: Final = re.compile(r"\bmutat")  # "EGFR-expressing" says nothing of the gene


def _stands_before_name(tokens: list[Token], start: int, text: str) -> bool:
    """Whether a disease stands at ``start``, or behind the attributes that stand there; its people may be named."""
    if kind_at(tokens, start) == "PERSON" and kind_at(tokens, start + 1) == "IS":
        start += 2
    for at in range(start, len(tokens)):
        kind = tokens[at].type
        if kind == "CONDITION":
            return True
        if kind == "RPAR" and all(token.type != "LPAR" for token in tokens[start:at]):
            return False
        if kind == "WORD" and _is_short_for_name(tokens, at, text):
            return True
        if kind not in _OF_NAME and (at == start or kind not in _OR):
            return False
    return False


def _is_short_for_name(tokens: list[Token], at: int, text: str) -> bool:
    """Whether a word stands for a disease that shares its noun with the next: "breast or gastric cancer"."""
    if kind_at(tokens, at + 1) not in _OR or kind_at(tokens, at + 2) != "CONDITION":
        return False
    word, name = tokens[at], tokens[at + 2]
    noun = text[name.start : name.end].rsplit(maxsplit=1)[-1]
    return vocabulary().find(f"{text[word.start : word.end]} {noun}", "condition") is not None


_OR: Final = frozenset(("OR", "ANDOR", "SLASH"))
_OF_NAME: Final = frozenset(("QUALIFIER", "STAGE", "STAGE_NAME", "ROMAN", "LPAR", "RPAR"))


_VIRUS: Final = re.compile(r"(?:anti-?)?(?:HIV|HCV|HBV|HBc|HBs|CMV|EBV|HPV|HTLV)\w*", re.IGNORECASE)
_SIGNS: Final = {"PLUS": "positive", "DASH": "negative"}


def signed(tokens: list[Token], text: str) -> list[Token]:
    """ "HER2-" and "ER+/HER2-" as attributes, "HIV+" as a positive test."""
    if _SIGNS.keys().isdisjoint([token.type for token in tokens]):
        return list(tokens)
    found: list[Token] = []
    for token in tokens:
        last = found[-1] if found else None
        sign = _SIGNS.get(token.type)
        if (
            last is not None
            and sign is not None
            and token.start == last.end
            and not text[token.end : token.end + 1].isalnum()
            and text[last.start : last.start + 1].isupper()
        ):
            name = text[last.start : last.end]
            attribute = qualifiers().find(f"{name} {sign}")
            if attribute is not None:
                found[-1] = Token("QUALIFIER", attribute, last.start, token.end)
                continue
            if token.type == "PLUS" and _VIRUS.fullmatch(name):
                token = Token("POSITIVE", "positive", token.start, token.end)
        found.append(token)
    return found


def denied_attributes(tokens: list[Token], text: str) -> list[Token]:
    """ "Not fully healed wounds": wounds that are not, and neither none nor healed ones."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        end = _end_of_denied(tokens, index)
        if end:
            said = text[tokens[index].start : tokens[end].end].lower()
            found.append(Token("QUALIFIER", Qualifier(said, ""), tokens[index].start, tokens[end].end))
            index = end
        else:
            found.append(tokens[index])
        index += 1
    return found


def _end_of_denied(tokens: list[Token], index: int) -> int:
    """Where an attribute ends that is denied right before the name of a disease; 0 where none is."""
    if tokens[index].type != "NOT" or tokens[index].said != "not":
        return 0
    at = index + 1
    if kind_at(tokens, at) in ("WORD", "CURRENT") and tokens[at].said.endswith("ly"):
        at += 1
    healed = kind_at(tokens, at) == "WORD" and tokens[at].said.endswith("ed")
    attribute = healed or kind_at(tokens, at) == "QUALIFIER"
    return at if attribute and kind_at(tokens, at + 1) == "CONDITION" else 0
