"""The pre-screening call: which question is next, what an answer settles, and when it may stop."""

from __future__ import annotations

from eligibility.calls.interview import Interview, Outcome
from eligibility.calls.questions import Question

__all__ = ["Interview", "Outcome", "Question"]
