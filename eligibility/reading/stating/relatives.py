"""What is said of the family and of partners."""

from __future__ import annotations

import re
from typing import Final

from eligibility.reading.lexing.tokens import MOTHERHOOD, Token
from eligibility.reading.patterns import PERSONS
from eligibility.reading.stating.endings import end_of_statement
from eligibility.reading.stating.facts import as_fact, placed
from eligibility.rules import Statement

__all__ = ["own_and_of_family", "partners_as_said"]


_OWN_OR_OF_FAMILY: Final = re.compile(
    r"(?:personal|own)(?:\s+medical)?(?:\s+history)?\s+(?:and/or|or|and)\s+family(?:\s+medical)?\s+history(?:\s+(?:of|for))?"
    r"|family\s+(?:and/or|or|and)\s+personal(?:\s+medical)?\s+history(?:\s+(?:of|for))?",
    re.IGNORECASE,
)


def own_and_of_family(tokens: list[Token], text: str) -> list[Token]:
    """ "Personal or family history of X": the patient's own is on record; of the family only an answer tells."""
    found = list(tokens)
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if token.type == "CIRCUMSTANCE" and (joint := _or_family(tokens, index, text)):
            end = end_of_statement(tokens, index)
            family = Statement(text=text[token.start : tokens[end - 1].end], topic="circumstance")
            last = tokens[end - 1].end
            said = [Token("OR", "or", last, last), as_fact(placed(family, last, last))]
            found[joint:end] = [*tokens[index + 1 : end], *said]
            continue
        if token.type != "CIRCUMSTANCE" or not _OWN_OR_OF_FAMILY.fullmatch(text, token.start, token.end):
            continue
        end = end_of_statement(tokens, index)
        denied = index > 0 and tokens[index - 1].type in ("NO", "NOT", "WITHOUT")
        if end == index + 1 or denied or any(t.type == "COMMA" for t in tokens[index:end]):
            continue
        last = tokens[end - 1].end
        family = Statement(text=f"family history of {text[tokens[index + 1].start : last]}", topic="circumstance")
        found[index:end] = [
            Token("HISTORY", "history of", token.start, token.end),
            *tokens[index + 1 : end],
            Token("OR", "or", last, last),
            as_fact(placed(family, last, last)),
        ]
    return found


_OF_FAMILY: Final = re.compile(r"(?:an?\s+)?family\s+(?:medical\s+)?history\s+(?:of|for)", re.IGNORECASE)


def _or_family(tokens: list[Token], index: int, text: str) -> int:
    """Where the "or" stands in "diagnosed with or have a family history of X", of whose X both are; 0 where in none."""
    joint = index - 1
    while joint > 0 and tokens[joint].type == "IS":
        joint -= 1
    said = index + 1 < len(tokens) and _OF_FAMILY.fullmatch(text, tokens[index].start, tokens[index].end)
    if not said or joint < 1 or tokens[joint].type not in ("OR", "ANDOR"):
        return 0
    end = end_of_statement(tokens, index)
    listed = any(t.type in ("COMMA", "OR", "AND", "ANDOR") for t in tokens[index:end])
    return joint if tokens[joint - 1].type in ("DIAGNOSIS", "HISTORY") and end > index + 1 and not listed else 0


_OF_THEIRS: Final = (
    r"(?:child-?\s?bearing\s+(?:potential|age)|reproductive\s+(?:potential|age)|(?:WOCBP|FCBP|FOCBP)s?|pregnant|nursing"
    r"|breast-?\s?feeding|lactating|fertile)"
)
_PARTNERS: Final = re.compile(
    rf"(?:(?:an?|his|their|female|male|sexual|sex|current|currently|fertile|of|{_OF_THEIRS})(?:\s+(?:or|and|and/or)\s+|\s*/\s*|\s+))*partners?(?:\s?\(s\))?"
    r"(?:\s+(?:(?:who|that)\s+(?:is|are|may\s+be|could\s+be(?:come)?|can\s+become)|is|are|was|were|of|with)\s+"
    rf"(?:(?:an?|currently|females?|wom[ae]n|of|either|also)\s+)*{_OF_THEIRS}(?:\s*\((?:WOCBP|FCBP|FOCBP|WCBP)\))?"
    rf"(?:\s*(?:,|or|and/or)\s*(?:(?:are|of)\s+)?{_OF_THEIRS}(?!\s+(?:female\s+)?partners?\b))*)?"
    rf"(?:\s+or\s+(?:(?:an?|female|{_OF_THEIRS})\s+)+partners?\b)?(?!\w)",
    re.IGNORECASE,
)
_HAVING: Final = re.compile(r"(?:with|whose|have|has|having|(?:who|that) (?:have|has))(?:\s+an?)?$", re.IGNORECASE)
_SAID_OF: Final = frozenset("PERSON FEMALE MALE CHILDBEARING WORD".split())


def partners_as_said(tokens: list[Token], text: str) -> list[Token]:
    """Partners whom people have as what is said of these: "men with partners of childbearing potential".

    What both agree to, "men and their partners", is what the patient agrees to; what one of them does, "the patient or
    a partner uses condoms", is told of neither alone.
    """
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        before = [t for t in found[-3:] if t.type != "FILLER"]
        last = before[-1] if before else None
        people = len(before) > 1 and before[-2].type in _SAID_OF
        theirs = last is not None and people and last.type == "IS" and _HAVING.search(text, last.start, last.end)
        if theirs or token.type in MOTHERHOOD:
            read = _PARTNERS.match(text, token.start)
            if read is not None:
                said = Statement(text=read[0], topic="circumstance")
                found.append(as_fact(placed(said, token.start, read.end())))
                index = next((i for i in range(index, len(tokens)) if tokens[i].start >= read.end()), len(tokens))
                continue
        if token.type in ("OR", "SLASH") and found and all(t.type in _OF_SUBJECT for t in found):
            either = _OR_THEIR_PARTNERS.match(text, token.start)
            if either is not None and any(t.type == "CONTRACEPTION" for t in tokens[index:]):
                end = end_of_statement(tokens, index)
                if end < len(tokens) and tokens[end].type == "MUST":
                    end = end_of_statement(tokens, end)
                start, last_of_it = found[0].start, tokens[end - 1].end
                said = Statement(text=text[start:last_of_it], topic="circumstance")
                found = [as_fact(placed(said, start, last_of_it))]
                index = end
                continue
        if token.type in ("AND", "ANDOR") and last is not None and last.type in _AGREEING:
            both = _AND_THEIR_PARTNERS.match(text, token.start)
            if both is not None and any(t.type == "CONTRACEPTION" for t in tokens[index:]):
                end = next((i for i in range(index, len(tokens)) if tokens[i].start >= both.end()), len(tokens))
                if end < len(tokens) and tokens[end].type in ("MUST", "MUST_NOT", "WILLING", "UNWILLING"):
                    found.append(Token("FILLER", both[0].lower(), token.start, both.end()))
                    index = end
                    continue
        found.append(token)
        index += 1
    return found


_OF_SUBJECT: Final = frozenset("PERSON FEMALE MALE FILLER".split())
_OR_THEIR_PARTNERS: Final = re.compile(
    rf"(?:or\b|/)\s*(?:(?:his|her|his/her|their|the|an?|female|male|sexual|sex|{PERSONS})(?:['’]s?)?\s+)*partners?(?:\s?\(s\))?(?!\w)",
    re.IGNORECASE,
)
_AGREEING: Final = frozenset("PERSON FEMALE MALE CHILDBEARING RPAR".split())
_AND_THEIR_PARTNERS: Final = re.compile(
    r"(?:and|and/or)\s+(?:(?:his|her|his/her|their|the|respective|female|male|sexual|sex)\s+)*partners?(?:\s?\(s\))?(?!\w)",
    re.IGNORECASE,
)
