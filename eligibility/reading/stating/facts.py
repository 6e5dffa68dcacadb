"""Statements, and fields of the profile that only an answer settles, as facts."""

from __future__ import annotations

from typing import Literal

from eligibility.reading.composing.terms import StatementRead
from eligibility.reading.drafts import Draft, negated
from eligibility.reading.lexing.tokens import Token
from eligibility.rules import PatientAttribute, Rule

__all__ = ["as_fact", "attribute_asked", "placed"]


def attribute_asked(attribute: Literal["consent", "contraception"], start: int, end: int, denied: bool) -> Draft:
    """A field of the profile that only an answer settles, or its denial."""
    draft = placed(PatientAttribute(attribute=attribute), start, end)
    return negated(draft) if denied else draft


def placed(rule: Rule, start: int, end: int) -> Draft:
    """The draft of a rule from one place of the text to another."""
    return Draft(rule, start, end)


def as_fact(draft: Draft) -> Token:
    """A draft as a token that the grammar of sentences takes."""
    return Token("FACT", StatementRead(draft), draft.start, draft.end)
