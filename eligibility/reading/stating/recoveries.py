"""Recovered from a toxicity to a grade: with none of a higher one, "recovered to grade 1 from any adverse event"."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.context import Context
from eligibility.reading.drafts import Draft, negated
from eligibility.reading.lexing.tokens import Number, Token
from eligibility.reading.stating.endings import end_of_statement
from eligibility.reading.stating.facts import as_fact
from eligibility.rules import Condition

__all__ = ["WORSE_THAN_BASELINE", "recoveries"]

WORSE_THAN_BASELINE: Final = "worse than baseline"
"""The attribute of a toxicity that is not what was there before the treatment."""
_Read: TypeAlias = Callable[[list[Token]], Draft | None]


def recoveries(tokens: list[Token], context: Context, read: _Read) -> list[Token]:
    """The tokens with each recovery to a grade as a fact: that no toxicity of a higher one is left, or, where the
    recovery is denied, that one is. ``read``: what makes a draft of a sentence."""
    if all(token.type != "CIRCUMSTANCE" for token in tokens):
        return tokens
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        end = end_of_statement(tokens, index) if tokens[index].type == "CIRCUMSTANCE" else index
        alone = end > index and not _is_one_of_two(found, tokens[end : end + 2])
        left = _left(tokens[index:end], context, read) if alone else None
        if left is None:
            found.append(tokens[index])
            index += 1
            continue
        lacking = _DENIED.match(context.text, tokens[index].start) is not None
        start = tokens[index].start
        if found and found[-1].type == "NOT":
            lacking, start = True, found.pop().start
        whole = (start, tokens[end - 1].end)
        found.append(as_fact(left.placed(*whole) if lacking else negated(left, whole).asked(True)))
        index = end
    return found


def _is_one_of_two(before: list[Token], behind: list[Token]) -> bool:
    """Whether a recovery shares its words with what stands beside it: "stabilized or recovered", "or to 10 % of X"."""
    return [t.type for t in before[-2:]] == ["WORD", "OR"] or [t.type for t in behind] == ["OR", "TO"]


def _left(tokens: list[Token], context: Context, read: _Read) -> Draft | None:
    """What is left of a toxicity without the recovery that a statement says; None where it is about something else, or
    says no grade."""
    start = tokens[0].start
    level = _BEFORE.match(context.text, start, tokens[-1].end)
    if level is not None:
        named = [token for token in tokens if token.start >= level.end()]
    else:
        level = _BEHIND.match(context.text, start, tokens[-1].end)
        if level is None:
            return None
        named = [t for t in tokens[1:] if t.end <= level.start("to") or t.start >= level.end()]
    if not named:
        return None
    draft = read([*_more_than(level, named[0].start), *named])
    rule = draft.rule if draft is not None else None
    if draft is None or not isinstance(rule, Condition) or rule.concept.open or rule.grade is None:
        return None
    if rule.window is not None or not vocabulary().is_a("condition", rule.concept.name, "adverse event"):
        return None  # "due to agents given 4 weeks ago" is the time of these
    return draft


def _more_than(level: re.Match[str], at: int) -> list[Token]:
    """ "Current, of a higher grade (and worse than baseline)", as the words before what it is said of."""
    told = level.groupdict()
    grade = float(told["grade"] or told.get("more", "")) - (1 if told["below"] or told["under"] else 0)
    worse = [("QUALIFIER", qualifiers().find(WORSE_THAN_BASELINE))] if told["baseline"] or told["or_baseline"] else []
    said = [("CURRENT", "current"), ("GRADE", "grade"), ("GT", ">"), ("NUMBER", Number(grade)), *worse]
    return [Token(kind, value, at, at) for kind, value in said]


_SCALE: Final = (
    r"(?:(?:(?:NCI|CTCAE|CTC|v(?:ersion)?|National\s+Cancer\s+Institute|Common\s+(?:Terminology|Toxicity)\s+Criteria"
    r"(?:\s+(?:for|of)\s+Adverse\s+(?:Events?|Effects?))?|the|criteria|per|by|a)\b\.?|[\d.]+|[v(),\[\]-])\s*)*?"
)
_VERB: Final = (
    r"(?:(?:who|has|have|had|not|yet|been|fully|completely|adequately|sufficiently|full|complete|adequate)\s+)*"
    r"(?:recovered|recovery|resolution)"
)
_LEVEL: Final = (
    rf"{_SCALE}(?:(?P<below><(?!=)|(?:less|lower)\s+than(?!\s+or)|below)|≤|<=|=<|at\s+least|less\s+than\s+or\s+equal\s+to)?"
    rf"\s*{_SCALE}grades?\s*(?:(?P<under><(?!=))|≤|<=|=<|of)?\s*(?:[01]\s*(?:-|–|to|or|/)\s*)?(?P<grade>[0-4])(?![\d.])"
    rf"(?:\s+(?:or|and)\s+(?:less|lower|better|below))?\s*{_SCALE}"
)
_BASELINE: Final = (
    r"(?:(?:(?:return(?:ed)?|to|at|the|a|their|patient['’]s|pre-?treatment)\s+)*baseline(?:\s+(?:levels?|status|values?))?"
    r"|pre-?treatment\s+(?:levels?|status|values?))"
)
_TO_WHAT: Final = (
    rf"(?:(?P<baseline>{_BASELINE})\s+or\s+(?:to\s+)?)?{_LEVEL}(?:,?\s*\bor\s+(?P<or_baseline>{_BASELINE}))?"
)
_THAT_IS: Final = r"(?:i\.?\s?e\.?\s*,?\s*)?"
_BEFORE: Final = re.compile(
    rf"{_VERB}\s*(?:\(\s*(?:{_THAT_IS}|(?:recovery\s+is\s+)?defined\s+as\s+|to\s+)|to\s+){_TO_WHAT}"
    r"\s*\)?\s*,?\s*from\s+",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(
    rf"{_VERB}\s+(?:from|of)\s+(?:(?!\b(?:must|who|except|excluding|unless)\b)[^.;:()]|\([^()]*\))*?"
    rf"(?P<to>\s*\(?\bto\s+{_TO_WHAT}\)?|\s*\({_THAT_IS}(?:ha(?:ve|s)\s+)?residual\s+(?:toxicit(?:y|ies)|effects?|AEs?)"
    r"\s*(?:>|(?:of\s+)?(?:greater|more|higher)\s+than)\s*(?:CTCAE\s+)?grade\s*(?P<more>[0-4])\))(?=\W|$)",
    re.IGNORECASE,
)
_DENIED: Final = re.compile(r"(?:(?:who|has|have|had)\s+)*not\b", re.IGNORECASE)
