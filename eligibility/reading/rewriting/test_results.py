"""Results of tests that are asked for together: "positive A with negative B"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from eligibility.reading.lexing.tokens import RESULTS, Token

__all__ = ["WITH_RESULT", "negative_for_each", "result_or_none", "with_results"]


def result_or_none(tokens: list[Token]) -> list[Token]:
    """ "A positive or no pregnancy test": the result is that of the test which is named behind."""
    kinds = [token.type for token in tokens]
    for index in range(len(tokens) - 3):
        if (
            kinds[index] in RESULTS
            and kinds[index + 1 : index + 4] == ["OR", "NO", "ANALYTE"]
            and _begins_here(tokens[max(0, index - _NEAR) : index])
        ):
            result, test = tokens[index], tokens[index + 3]
            named = Token(test.type, test.value, result.end, result.end, test.others)
            return [*tokens[: index + 1], named, *tokens[index + 1 :]]
    return tokens


def _begins_here(before: list[Token]) -> bool:
    """Whether a result behind these is of nothing named before, unlike "HBsAg positive or no HBV DNA"."""
    last = next((token for token in reversed(before) if token.type not in ("FILLER", "EITHER")), None)
    return last is None or (last.type == "IS" and last.said in _WITH)


_NEAR: Final = 5  # tokens


def negative_for_each(tokens: list[Token]) -> list[Token]:
    """Of what is required: "negative for A, B or C" is negative for each of them."""
    found = list(tokens)
    for index, token in enumerate(tokens):
        if token.type == "NEGATIVE" and token.said.endswith(" for") and not _is_denied(tokens[:index]):
            for at in range(index + 1, _end_of_names(tokens, index + 1)):
                if tokens[at].type == "OR":
                    found[at] = Token("AND", "and", tokens[at].start, tokens[at].end)
    return found


def _is_denied(before: Sequence[Token]) -> bool:
    return any(token.type in ("NO", "NOT", "MUST_NOT", "WITHOUT") for token in before[-_NEAR:])


def _end_of_names(tokens: list[Token], start: int) -> int:
    """Where names that stand one behind the other, as a list or alone, end."""
    end = at = start
    while at < len(tokens) and tokens[at].type in _NAMES_OR_JOINTS:
        at += 1
        if tokens[at - 1].type not in _JOINTS:
            end = at
    return end


_JOINTS: Final = frozenset("COMMA OR FILLER".split())
_NAMES_OR_JOINTS: Final = _JOINTS | frozenset("ANALYTE CONDITION WORD TEST_WORD".split())


def with_results(tokens: list[Token]) -> list[Token]:
    """ "Positive A with negative B": the "with" ties two results together, where it would else be silent."""
    kinds = [token.type for token in tokens]
    if "ANALYTE" not in kinds or not any(t.type == "IS" and t.said in _WITH for t in tokens):
        return tokens
    found = list(tokens)
    for index in range(1, len(tokens) - 2):
        token = tokens[index]
        result = kinds[index + 1] in RESULTS and kinds[index + 2] == "ANALYTE"
        if token.type == "IS" and token.said in _WITH and result and _tells_result(kinds, index):
            found[index] = Token("DUE_TO", WITH_RESULT, token.start, token.end)
    return found


WITH_RESULT: Final = "with a result"
_WITH: Final = frozenset(("with", "with a", "with an"))
_TEST_OR_RESULT: Final = RESULTS | {"ANALYTE"}


def _tells_result(kinds: Sequence[str], end: int) -> bool:
    """Whether a disease, or a test with its result, stands right before it."""
    before = [kind for kind in kinds[max(0, end - 6) : end] if kind not in ("FILLER", "TEST_WORD")]
    if before and before[-1] == "RPAR":
        before = before[: len(before) - 1 - before[::-1].index("LPAR")] if "LPAR" in before else []
    if not before:
        return False
    return before[-1] == "CONDITION" or (
        before[-1] in _TEST_OR_RESULT and "ANALYTE" in before[-2:] and not RESULTS.isdisjoint(before[-3:])
    )
