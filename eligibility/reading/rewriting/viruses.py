"""Whose genes a test looks for that does not say so, the RNA in a sentence about hepatitis C alone; and when it was."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Final

from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.lexing.tokens import Token

__all__ = ["named_by_virus", "suppressed_since"]


def named_by_virus(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with a "PCR", a "viral load" as the test of the one virus that the text is about; that it is done
    "by PCR" says nothing more."""
    if not any(token.type == "WORD" and _GENES.fullmatch(text, token.start, token.end) for token in tokens):
        return tokens
    named = [virus for virus, words in _VIRUSES.items() if words.search(text)]
    if len(named) != 1 or _OTHERS.search(text):
        return tokens
    found: list[Token] = []
    for token in tokens:
        genes = _GENES.fullmatch(text, token.start, token.end) if token.type == "WORD" else None
        test = _TESTS[named[0]].get(genes["acid"].upper() if genes is not None and genes["acid"] else "")
        entry = vocabulary().entry("measurement", test) if genes is not None and test is not None else None
        plain = entry is not None and not _OF_SOMETHING.search(text, 0, token.start)
        if (
            genes is not None
            and not plain
            and len(found) > 1
            and _BY.fullmatch(found[-1].said)
            and _of_genes(found[-2])
        ):
            found[-1] = Token("FILLER", found[-1].value, found[-1].start, found[-1].end)
            found.append(Token("FILLER", token.value, token.start, token.end))
            continue
        found.append(Token("ANALYTE", entry, token.start, token.end) if plain else token)
    return found


def suppressed_since(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with an "undetectable viral load within 6 months" of HIV as the result that has a time: the treatment
    beside it has not."""
    if not _VIRUSES["I"].search(text) or _OTHERS.search(text):
        return tokens
    found: list[Token] = []
    for token, after in zip_longest(tokens, tokens[1:]):
        said = _UNDETECTABLE.fullmatch(text, token.start, token.end) if token.type == "QUALIFIER" else None
        entry = vocabulary().entry("measurement", _TESTS["I"][""])
        if said is None or after is None or after.type != "WITHIN" or entry is None:
            found.append(token)
            continue
        if said["with"]:
            found.append(Token("IS", "with", token.start, said.end("with")))
        found.append(Token("NEGATIVE", "undetectable", *said.span("result")))
        found.append(Token("ANALYTE", entry, said.start("test"), token.end))
    return found


_UNDETECTABLE: Final = re.compile(
    r"(?P<with>with)?\s*(?:an?\s+)?(?P<result>undetectable)\s+(?P<test>viral\s+load)", re.IGNORECASE
)


def _of_genes(token: Token) -> bool:
    """Whether it is a test for the genes of a virus, which is done by PCR."""
    return isinstance(token.value, Entry) and bool(token.value.facts.get("viral_load"))


_BY: Final = re.compile(r"by|via|using|on", re.IGNORECASE)


_GENES: Final = re.compile(
    r"(?:(?:quantitative|qualitative|viral|plasma|serum)\s+)*(?:(?P<acid>RNA|DNA)(?:\s+(?:PCR|levels?|tests?|load))?|PCR(?:\s+tests?)?"
    r"|polymerase\s+chain\s+reaction(?:\s*\(PCR\))?|viral\s+load|nucleic\s+acid\s+(?:tests?|testing|amplification\s+tests?))",
    re.IGNORECASE,
)
_VIRUSES: Final = {
    "B": re.compile(r"\b(?:hepatitis[ -]?B|HBV|HBsAg|(?:anti-?)?HBc(?:Ab)?|HBeAg|hep\s?B)\b", re.IGNORECASE),
    "C": re.compile(
        r"\b(?:hepatitis(?:[ -]?B\s*(?:and/or|and|or|/|&)\s*)?[ -]?C|(?:anti-?)?HCV(?:Ab)?|hep\s?C)\b", re.IGNORECASE
    ),
    "I": re.compile(r"\b(?:HIV(?:-?[12])?|human\s+immunodeficiency\s+virus)\b", re.IGNORECASE),
}
_TESTS: Final = {
    "B": {"": "HBV DNA", "DNA": "HBV DNA"},
    "C": {"": "HCV RNA", "RNA": "HCV RNA"},
    "I": {"": "HIV viral load", "RNA": "HIV viral load"},
}
_OTHERS: Final = re.compile(
    r"\b(?:CMV|EBV|HPV|HTLV|HDV|HEV|HAV|JC|BK|SARS|COVID|HSV|VZV|cytomegalovirus|Epstein|influenza|tubercul\w+|hepatitis\s+[ADE]|HLA"
    r"|syphilis|chlamydia|gonorrh\w+|malaria|herpes|tumou?r|gene)\b",
    re.IGNORECASE,
)
_OF_SOMETHING: Final = re.compile(  # how a thing was found, or another word before it that may say of what it is
    r"\b(?:by|via|using|through|on|of|per|from|(?!a\b|an\b|the\b|and\b|or\b|with\b|if\b|unless\b|is\b|are\b|have\b|has\b|had\b|having\b|their\b"
    r"|negative\b|positive\b|detectable\b|undetectable\b|confirmed\b|confirmatory\b|subsequent\b|follow-?up\b|reflex\b|quantifiable\b|without\b|no\b"
    r"|reactive\b|while\b|but\b|when\b|documented\b|known\b|also\b|for\b|whose\b|viral\b)[\w-]+)\s+\Z",
    re.IGNORECASE,
)
