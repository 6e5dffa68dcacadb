"""A parenthesis in the middle of what it interrupts: "prior minimally invasive glaucoma (MIGS) surgery".

What was not understood with it is read again without it; what stands in it is another name, or narrows or explains
what it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from eligibility.knowledge.attributes import is_method
from eligibility.knowledge.words import keys
from eligibility.reading.composing.open_phrases import is_plain
from eligibility.reading.composing.roles import NARROWS_OR_EXPLAINS
from eligibility.reading.context import Context
from eligibility.reading.drafts import Draft, all_of, ambiguous, each_leaf
from eligibility.rules import Condition, Measurement, Statement, Treatment

__all__ = ["without_interruption"]


def without_interruption(draft: Draft, context: Context, read: Callable[[Context], Draft]) -> Draft:
    """The draft, or what is read of the text without a parenthesis that interrupts what was not understood, where
    nothing of that is left unread."""
    text = context.text
    left = [(leaf.start, leaf.end) for leaf in draft.leaves() if leaf.rule.kind == "unread"]
    tried: dict[str, Draft] = {}
    for start, end in dict.fromkeys(left):  # several readings may leave the same words unread
        if text.find("(", start, end) < 0:
            continue
        inside = [found.span(1) for found in _INTERRUPTING.finditer(text, start, end) if _may_interrupt(found[1])]
        if not 0 < len(inside) <= _MOST:
            continue
        bare = text
        for first, last in inside:
            bare = bare[:first] + " " * (last - first) + bare[last:]
        if bare not in tried:
            tried[bare] = read(context.saying(bare))
        again = tried[bare]
        unread = [leaf for leaf in again.leaves() if leaf.rule.kind == "unread"]
        if any(leaf.start < end and start < leaf.end for leaf in unread) or len(unread) >= len(left):
            continue
        apart = _with_them(again, text, inside)
        if apart is not None:
            return apart
    return draft


_MOST: Final = 2
_INTERRUPTING: Final = re.compile(r"(?<=[\w®-])\s*(\([^()\n]{3,80}\))(?=\s+[A-Za-z]\w|\s*[<>=≥≤])")
_LEFT_OUT: Final = re.compile(  # another name, how many parts a questionnaire has
    r"[A-Z][A-Za-z]*[A-Z0-9][\w/-]*|\d+[- ]?items?"
    r"|[A-Z]{2,}(?:[- ][A-Za-z]+)? (?:scale|scores?|criteria|classification)"
)
_NO_ASIDE: Final = re.compile(  # what widens, spares, denies or illustrates
    r"(?:or|and|and/or|but|if|unless|except\w*|excluding|not|no|without|only|includ\w+|e\.?\s?g|i\.?\s?e|such|see|other|at|up)\b"
    r"|.*\b(?:allow\w*|permit\w*|eligib\w+|exclu\w+|except\w*|positive|negative|pregnan\w+|consent\w*)\b",
    re.IGNORECASE,
)
_MOST_WORDS: Final = 6


def _may_interrupt(enclosed: str) -> bool:
    """Whether a parenthesis holds another name, or a few plain words."""
    said = enclosed[1:-1].strip()
    if _only_explains(said):
        return True
    return _NO_ASIDE.match(said) is None and len(keys(said)) <= _MOST_WORDS and is_plain(said, joined=True)


def _only_explains(said: str) -> bool:
    """Whether words are another name, or say how something was found."""
    return _LEFT_OUT.fullmatch(said) is not None or is_method(said) or is_method(f"by {said}")


def _with_them(draft: Draft, text: str, inside: list[tuple[int, int]]) -> Draft | None:
    """What was read around parentheses, with what stands in them; None where that is in nothing that was read."""
    leaves = [leaf for leaf in draft.leaves() if not leaf.parts]
    made = each_leaf(draft, lambda leaf: _restored(leaf, text))
    for start, end in inside:
        if not any(leaf.start < start and end <= leaf.end for leaf in leaves):
            return None
        said = text[start + 1 : end - 1].strip()
        if not _only_explains(said):
            aside = Draft(Statement(text=said, topic="circumstance", who="chart"), start + 1, end - 1)
            made = each_leaf(made, partial(_narrowed, aside))
    return made


def _restored(leaf: Draft, text: str) -> Draft:
    """A statement in all the words of the text, and attributes without the gap in them."""
    if isinstance(leaf.rule, Condition | Treatment | Measurement) and any(
        "  " in said for said in leaf.rule.qualifiers
    ):
        told = tuple([" ".join(said.split()) for said in leaf.rule.qualifiers])
        return replace(leaf, rule=leaf.rule.model_copy(update={"qualifiers": told}))
    if not isinstance(leaf.rule, Statement):
        return leaf
    said = " ".join(text[leaf.start : leaf.end].strip(" ,.;:").split())
    same = keys(leaf.rule.text) == tuple([key for key in keys(said) if key in keys(leaf.rule.text)])
    return replace(leaf, rule=leaf.rule.model_copy(update={"text": said})) if "(" in said and same else leaf


def _narrowed(aside: Draft, leaf: Draft) -> Draft:
    """A fact with words in its midst that may narrow it, or only explain it."""
    if not (leaf.start < aside.start and aside.end < leaf.end) or isinstance(leaf.rule, Statement):
        return leaf
    both = all_of([leaf, aside], (leaf.start, leaf.end))
    return ambiguous([leaf, both], NARROWS_OR_EXPLAINS).asked(leaf.requirement)
