"""What is said of a tumour where none is named: the result of a test, "MSI-high or BRCA mutation"."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from eligibility.knowledge import words
from eligibility.knowledge.qualifiers import Qualifier
from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.lexing.tokens import CLOSING, JOINTS, RESULTS, Token

__all__ = ["at_either", "results_alone", "statuses_told"]


def results_alone(tokens: list[Token]) -> list[Token]:
    """The tokens with the results of tests in the place of what is said of no disease, beside what was found in other
    tests: whoever is MSI-high need have no mutation of that kind."""
    named = [index for index, token in enumerate(tokens) if token.type == "ANALYTE"]
    if not named or any(token.type == "CONDITION" for token in tokens):
        return tokens
    found: list[Token] = []
    for index, token in enumerate(tokens):
        before, behind = named[0] < index, index < named[-1]
        alone = index + 1 == len(tokens) or tokens[index + 1].type in _APART
        result = _result(token, first=before) if alone else [token]
        between = before and behind and any(each.type == "NEGATIVE" for each in result)
        found += [token] if between else result  # it would be the result of its neighbours, too
    return found


def statuses_told(tokens: list[Token]) -> list[Token]:
    """ "CD20-negative status", "known CD20-negative": the test and its result, where nothing is named that is so."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        behind = tokens[index + 1] if index + 1 < len(tokens) else None
        status = behind is not None and behind.type == "TEST_WORD" and behind.said == "status"
        known = bool(index) and tokens[index - 1].type == "KNOWN" and (behind is None or behind.type in _APART_OR_THEN)
        listed = bool(index) and tokens[index - 1].type in JOINTS and all(t.type not in RESULTS for t in found[-2:-1])
        named = _named_by(token) if token.type == "QUALIFIER" and (status or known) and not listed else None
        if named is not None:
            found += [Token("ANALYTE", named[0], token.start, token.end), Token(named[1], "", token.end, token.end)]
        elif not (token.type == "TEST_WORD" and found and found[-1].type in RESULTS and not found[-1].said):
            found.append(token)
    return found


def at_either(tokens: list[Token], text: str) -> list[Token]:
    """ "FLT3 positive at diagnosis or relapse": the result of a test at either time, as one attribute of it."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        index += 1
        either = _AT_EITHER.match(text, token.start) if found and token.type == "AT_ANCHOR" else None
        if either is not None and found[-1].type in _OF_A_TEST:
            last = next((i for i in range(index, len(tokens)) if tokens[i].end == either.end()), -1)
            if last != -1 and (last + 1 == len(tokens) or tokens[last + 1].type in CLOSING):
                said = words.phrase(f"at {either['first']} or {either['second']}")
                token = Token("QUALIFIER", Qualifier(said, ""), token.start, either.end())
                index = last + 1
        found.append(token)
    return found


_OCCASION: Final = (
    r"(?:(?:first|initial|last|most\s+recent)\s+)?(?:diagnosis|relapse|recurrence|progression|presentation)"
)
_AT_EITHER: Final = re.compile(
    rf"at\s+(?:the\s+time\s+of\s+)?(?P<first>{_OCCASION})\s*(?:,?\s*\b(?:or|and/or)\b|/)\s*(?:at\s+)?(?P<second>{_OCCASION})",
    re.IGNORECASE,
)
_OF_A_TEST: Final = RESULTS | {"ANALYTE", "TEST_WORD"}


def _named_by(token: Token) -> tuple[Entry, str] | None:
    """The test that is named by what a tumour is, and its result: of "HER2-positive"; None where it names none."""
    said = token.value.name if isinstance(token.value, Qualifier) else ""
    test, _, result = said.replace(" ", "-").rpartition("-")
    if result not in ("positive", "negative"):
        return None
    entry = vocabulary().find(test, "measurement")
    return (entry, result.upper()) if entry is not None else None


_APART: Final = JOINTS | {"DOT", "SEMI", "RPAR"}
_APART_OR_THEN: Final = _APART | {"AT_ANCHOR", "LPAR"}


def _result(token: Token, *, first: bool) -> list[Token]:
    """The test and its result, which stands ``first``, or last, so that it is not that of the other tests, too."""
    said = token.value
    entry = _tested().get(said.axis) if isinstance(said, Qualifier) else None
    if entry is None:
        return [token]
    kind = "POSITIVE" if said.name in entry.facts["positive_results"] else "NEGATIVE"
    at = token.start if first else token.end
    pair = [Token("ANALYTE", entry, token.start, token.end), Token(kind, said.name, at, at)]
    return pair[::-1] if first else pair


@cache
def _tested() -> dict[str, Entry]:
    """By axis of what is said of a tumour, the test that shows it; the first, where there are several."""
    found: dict[str, Entry] = {}
    for entry in vocabulary().having("results_on"):
        found.setdefault(str(entry.facts["results_on"]), entry)
    return found
