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
from eligibility.reading.composing.roles import NARROWS_OR_EXPLAINS, is_another_time, only_tells_more
from eligibility.reading.context import Context
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, each_leaf
from eligibility.rules import Condition, Finding, Measurement, Statement, Treatment

__all__ = ["without_interruption"]


def without_interruption(draft: Draft, context: Context, read: Callable[[Context], Draft]) -> Draft:
    """The draft, or what is read of the text without a parenthesis that interrupts what was not understood, where
    nothing of that is left unread."""
    text = context.text
    left = [(leaf.start, leaf.end) for leaf in draft.leaves() if leaf.rule.kind == "unread"]
    tried: dict[str, Draft] = {}
    for start, end in dict.fromkeys(left):  # several readings may leave the same words unread
        found = [each.span(1) for each in _INTERRUPTING.finditer(text, start, end) if _may_interrupt(each)]
        without_figures = [(first, last) for first, last in found if not _holds_figure(text[first:last])]
        for inside in (found, without_figures) if len(without_figures) < len(found) else (found,):
            if not 0 < len(inside) <= _MOST:
                continue
            bare = text
            for first, last in inside:
                bare = bare[:first] + " " * (last - first) + bare[last:]
            if bare not in tried:
                tried[bare] = read(context.saying(bare))
            unread = [leaf for leaf in tried[bare].leaves() if leaf.rule.kind == "unread"]
            if any(leaf.start < end and start < leaf.end for leaf in unread) or len(unread) >= len(left):
                continue
            apart = _with_them(tried[bare], text, inside)
            if apart is not None:
                return apart
    return draft


_MOST: Final = 3
_INTERRUPTING: Final = re.compile(  # with no more than one inside another
    r"(?<=[\w®-])\s*([(\[](?:[^()\[\]\n]|[(\[][^()\[\]\n]{1,40}[)\]]){2,200}[)\]])(?=(?P<more>\s+[A-Za-z]\w|\s*[<>=≥≤])|[\s.,;:]|$)"
)
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


def _may_interrupt(found: re.Match[str]) -> bool:
    """Whether a parenthesis holds another name, figures, or a few words that the sentence goes on behind."""
    said = found[1][1:-1].strip()
    if _only_explains(said) or _illustrates(said) or (only_tells_more(said) and not said.isdigit()):
        return True
    if found["more"] is None or _NO_ASIDE.match(said):
        return False
    return len(keys(said)) <= _MOST_WORDS and is_plain(said, joined=True)


def _illustrates(said: str) -> bool:
    """Whether words are examples, and spare nobody."""
    return _EXAMPLES.match(said) is not None and _SPARES.search(said) is None


_EXAMPLES: Final = re.compile(r"(?:e\.?\s?g\b|(?:for )?examples?\b|such as\b|including\b)", re.IGNORECASE)
_SPARES: Final = re.compile(
    r"\b(?:unless|except\w*|exclud\w*|exempt\w*|eligib\w*|allow\w*|permi\w*|accept\w*|only|if|must|should|may"
    r"|not(?! limited))\b",
    re.IGNORECASE,
)


def _only_explains(said: str) -> bool:
    """Whether words are another name, or say how something was found."""
    return _LEFT_OUT.fullmatch(said) is not None or is_method(said) or is_method(f"by {said}")


def _with_them(draft: Draft, text: str, inside: list[tuple[int, int]]) -> Draft | None:
    """What was read around parentheses, with what stands in them; None where that is in nothing that was read, or in
    what has no place for it."""
    made = draft
    for start, end in inside:
        made = each_leaf(made, partial(_up_to, text, start, end))
        within = [leaf.rule for leaf in made.leaves() if not leaf.parts and _stands_in(leaf, start, end)]
        if not within or (_holds_figure(text[start:end]) and not all(isinstance(rule, _NARROWED) for rule in within)):
            return None
    made = each_leaf(made, partial(_restored, text, inside))
    for start, end in inside:
        said = text[start + 1 : end - 1].strip()
        if _only_explains(said):
            continue
        standing = [leaf.rule for leaf in made.leaves() if not leaf.parts and _stands_in(leaf, start, end)]
        if any(isinstance(rule, Statement) and said not in rule.text for rule in standing):
            return None
        if any(is_another_time(rule, said) for rule in standing):
            return None
        if _illustrates(said) and not (
            all(isinstance(rule, _OF_EXAMPLES) for rule in standing) and not _beside_fact(made, start, end)
        ):
            return None
        aside = Draft(Statement(text=said, topic="circumstance", who="chart"), start + 1, end - 1)
        made = each_leaf(made, partial(_with_examples if _illustrates(said) else _narrowed, aside))
    return made


_OF_EXAMPLES: Final = (Condition, Finding, Measurement, Statement, Treatment)
_NARROWED: Final = (Condition, Finding, Statement, Treatment)


def _holds_figure(enclosed: str) -> bool:
    """Whether a parenthesis holds a figure that beside a limit may be one for some patients in the place of it."""
    return _FIGURE.search(enclosed) is not None and not _only_explains(enclosed[1:-1].strip())


_FIGURE: Final = re.compile(r"(?<![A-Za-z])\d")


def _stands_in(leaf: Draft, start: int, end: int) -> bool:
    return leaf.start < start and end <= leaf.end


def _up_to(text: str, start: int, end: int, leaf: Draft) -> Draft:
    """The leaf with a parenthesis that stands right behind it."""
    behind = leaf.start < leaf.end <= start and not text[leaf.end : start].strip()
    return replace(leaf, end=end) if behind else leaf


def _restored(text: str, inside: list[tuple[int, int]], leaf: Draft) -> Draft:
    """A statement in all the words of the text, and attributes without the gap in them."""
    if isinstance(leaf.rule, Condition | Treatment | Measurement) and any(
        "  " in said for said in leaf.rule.qualifiers
    ):
        told = tuple([" ".join(said.split()) for said in leaf.rule.qualifiers])
        return replace(leaf, rule=leaf.rule.model_copy(update={"qualifiers": told}))
    if not isinstance(leaf.rule, Statement):
        return leaf
    said = leaf.rule.text
    for start, end in inside:
        if not _stands_in(leaf, start, end):
            continue
        gap, enclosed = " " * (end - start), text[start:end]
        said = said.replace(gap, f" {enclosed} ", 1) if gap in said else _in_its_place(said, text, start, enclosed)
    return replace(leaf, rule=leaf.rule.model_copy(update={"text": _NO_BLANK.sub("", " ".join(said.split()))}))


_NO_BLANK: Final = re.compile(r" (?=[,.;:])")


def _in_its_place(said: str, text: str, start: int, enclosed: str) -> str:
    """A statement with a parenthesis behind the words that it stands behind in the text."""
    before = " ".join(text[:start].split()[-_NEAR:])
    at = said.find(before)
    return said if at < 0 else f"{said[: at + len(before)]} {enclosed} {said[at + len(before) :]}"


_NEAR: Final = 2  # words


def _narrowed(aside: Draft, leaf: Draft) -> Draft:
    """A fact with words in its midst that may narrow it, or only explain it."""
    if not (leaf.start < aside.start and aside.end < leaf.end) or isinstance(leaf.rule, Statement):
        return leaf
    both = all_of([leaf, aside], (leaf.start, leaf.end))
    return ambiguous([leaf, both], NARROWS_OR_EXPLAINS).asked(leaf.requirement)


def _beside_fact(draft: Draft, start: int, end: int) -> bool:
    """Whether a parenthesis stands in a statement about a fact, so that examples in it may be of the fact."""
    return any(
        node.rule.kind == "all"
        and any(isinstance(part.rule, Statement) and _stands_in(part, start, end) for part in node.parts)
        and not all(isinstance(rule, Statement) for rule in node.innermost_rules())
        for node in draft.leaves()
    )


def _with_examples(aside: Draft, leaf: Draft) -> Draft:
    """A fact with examples in its midst, of it or of part of it: whoever has one of them may be meant, too."""
    if not (leaf.start < aside.start and aside.end < leaf.end) or isinstance(leaf.rule, Statement):
        return leaf
    either = any_of([leaf, aside], (leaf.start, leaf.end))
    return ambiguous([leaf, either], "examples of part of what precedes, or one more alternative").asked(
        leaf.requirement
    )
