"""Results of tests that are asked for together: "positive A with negative B"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from eligibility.reading.lexing.tokens import RESULTS, Token

__all__ = ["WITH_RESULT", "with_results"]


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
