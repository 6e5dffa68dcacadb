"""What is said of a tumour where none is named: the result of a test, "MSI-high or BRCA mutation"."""

from __future__ import annotations

from functools import cache
from typing import Final

from eligibility.knowledge.qualifiers import Qualifier
from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.lexing.tokens import JOINTS, Token

__all__ = ["results_alone"]


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


_APART: Final = JOINTS | {"DOT", "SEMI", "RPAR"}


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
