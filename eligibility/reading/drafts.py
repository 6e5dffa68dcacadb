"""Drafts: rules together with where each of their parts stands in the text, while a criterion is being read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.washouts import washout_asked
from eligibility.rules import (
    All,
    Ambiguous,
    Any,
    AtLeast,
    Condition,
    Conditional,
    Constant,
    Duration,
    ForArms,
    Not,
    Rule,
    Span,
    Treatment,
    Unread,
    Window,
)

__all__ = [
    "Draft",
    "all_of",
    "ambiguous",
    "any_of",
    "at_least",
    "conditional",
    "constant",
    "contrary",
    "each_leaf",
    "for_arms",
    "for_those",
    "lately",
    "negated",
    "rebuilt",
    "unread",
    "with_those",
]


@dataclass(slots=True, init=False)
class Draft:
    """A rule, its place in the text, and the drafts of its children in the order of :func:`eligibility.rules.children`.

    Nobody changes one. It is not frozen because a frozen one takes three times as long to make.

    ``requirement``: worded as what a patient must fulfil, so that under Exclusion its contrary excludes.
    """

    rule: Rule
    start: int
    end: int
    parts: tuple[Draft, ...]
    open: tuple[Span, ...]
    requirement: bool
    allowed: Draft | None  # what an unconditional permission is about
    labelled: bool  # "Melanoma: ...; lymphoma: ...": what is asked of those with the disease that it names
    saving: bool  # "... may be included if ...": what precedes does not count where this holds

    def __init__(
        self,
        rule: Rule,
        start: int,
        end: int,
        parts: tuple[Draft, ...] = (),
        open: tuple[Span, ...] = (),
        requirement: bool = False,
        allowed: Draft | None = None,
        labelled: bool = False,
        saving: bool = False,
    ) -> None:
        self.rule, self.start, self.end, self.parts, self.open = rule, start, end, parts, open
        self.requirement, self.allowed, self.labelled, self.saving = requirement, allowed, labelled, saving

    def walk(self) -> list[tuple[tuple[int, ...], Draft]]:
        """The draft itself and all below it, each with its path in the rule."""
        found: list[tuple[tuple[int, ...], Draft]] = []
        todo: list[tuple[tuple[int, ...], Draft]] = [((), self)]
        while todo:
            path, draft = todo.pop()
            found.append((path, draft))
            if draft.parts:
                todo += [((*path, index), part) for index, part in enumerate(draft.parts)][::-1]
        return found

    def leaves(self) -> list[Draft]:
        """The draft itself and all below it."""
        if not self.parts:
            return [self]
        found: list[Draft] = []
        todo = [self]
        while todo:
            draft = todo.pop()
            found.append(draft)
            if draft.parts:
                todo += reversed(draft.parts)
        return found

    def innermost(self) -> list[Draft]:
        """Those of them that have no parts."""
        if not self.parts:
            return [self]
        found: list[Draft] = []
        todo = [self]
        while todo:
            draft = todo.pop()
            if draft.parts:
                todo += reversed(draft.parts)
            else:
                found.append(draft)
        return found

    def innermost_rules(self) -> list[Rule]:
        """What those of them say that have no parts."""
        return [draft.rule for draft in self.innermost()]

    # as by :func:`replace`, which takes several times as long

    def placed(self, start: int, end: int) -> Draft:
        """The same at another place of the text."""
        return Draft(
            self.rule, start, end, self.parts, self.open, self.requirement, self.allowed, self.labelled, self.saving
        )

    def asked(self, requirement: bool) -> Draft:
        """The same, worded as a requirement or not."""
        if requirement == self.requirement:
            return self
        return Draft(
            self.rule,
            self.start,
            self.end,
            self.parts,
            self.open,
            requirement,
            self.allowed,
            self.labelled,
            self.saving,
        )

    def saying(self, rule: Rule, end: int, parts: tuple[Draft, ...], open: tuple[Span, ...]) -> Draft:
        """The same with another rule, of these parts, up to there."""
        return Draft(rule, self.start, end, parts, open, self.requirement, self.allowed, self.labelled, self.saving)

    @property
    def wholly_unread(self) -> bool:
        """Whether nothing in it was understood."""
        return self.rule.kind == "unread" or (bool(self.parts) and all(part.wholly_unread for part in self.parts))


def _span(parts: Sequence[Draft]) -> tuple[int, int]:
    placed = [part for part in parts if part.end > part.start] or list(parts)
    return min([part.start for part in placed]), max([part.end for part in placed])


def all_of(parts: Sequence[Draft], span: tuple[int, int] | None = None) -> Draft:
    """Every one of them; one alone is itself."""
    return _joined(parts, span, any_=False)


def any_of(parts: Sequence[Draft], span: tuple[int, int] | None = None) -> Draft:
    """At least one of them; one alone is itself."""
    return _joined(parts, span, any_=True)


def _joined(parts: Sequence[Draft], span: tuple[int, int] | None, *, any_: bool) -> Draft:
    if len(parts) == 1:
        return parts[0] if span is None else parts[0].placed(*span)
    start, end = span or _span(parts)
    rules = tuple(part.rule for part in parts)
    requirement = not any_ and any(part.requirement for part in parts)
    return Draft(Any(parts=rules) if any_ else All(parts=rules), start, end, tuple(parts), requirement=requirement)


def at_least(count: int, parts: Sequence[Draft]) -> Draft:
    """At least so many of them."""
    start, end = _span(parts)
    return Draft(AtLeast(count=count, parts=tuple(part.rule for part in parts)), start, end, tuple(parts))


def negated(part: Draft, span: tuple[int, int] | None = None) -> Draft:
    """The contrary. Two negations are none."""
    start, end = span or (part.start, part.end)
    if isinstance(part.rule, Not) and part.parts:
        return part.parts[0].placed(start, end)
    if isinstance(part.rule, Constant):
        return Draft(Constant(holds=not part.rule.holds, why=part.rule.why), start, end)
    return Draft(Not(part=part.rule), start, end, (part,))


def lately(part: Draft, *, free: bool = False) -> Draft:
    """What is denied of a length of time: "no seizures for 6 months" is none within the last six months.

    ``free``: it is said for how long there has been none, "free of infection for 6 months".
    """
    if part.parts and part.rule.kind in ("any", "all", "not", "ambiguous"):
        return rebuilt(part, tuple(lately(each, free=free) for each in _each_for_so_long(part)))
    rule = part.rule
    if not isinstance(rule, Condition | Treatment) or rule.lasting is None or rule.window is not None:
        return part
    length = Duration(value=rule.lasting.value, unit=rule.lasting.unit)
    free_on = Window(start=length, start_inclusive=rule.lasting.exceeded)
    update = {"lasting": None, "window": free_on, "time": "unstated"}
    within = replace(part, rule=rule.model_copy(update=update))
    if isinstance(rule, Condition) and not free and not _momentary(rule):
        return ambiguous([within, part], "none within that time, or none that has lasted for it")
    return within


def _each_for_so_long(listed: Draft) -> tuple[Draft, ...]:
    """Of a list of treatments, each with the length of time that the last of them has: "A or B for 14 days"."""
    rules = [part.rule for part in listed.parts if isinstance(part.rule, Treatment)]
    if listed.rule.kind not in ("any", "all") or len(rules) < max(2, len(listed.parts)):
        return listed.parts
    lasting = rules[-1].lasting
    if lasting is None or any(rule.lasting or rule.window for rule in rules[:-1]):
        return listed.parts
    return tuple(
        replace(part, rule=rule.model_copy(update={"lasting": lasting}))
        for part, rule in zip(listed.parts, rules, strict=True)
    )


def _momentary(rule: Condition) -> bool:
    """Whether it is at its onset, or what people do, so that nobody asks whether it has lasted for a length of time."""
    entry = vocabulary().entry("condition", rule.concept.name)
    if entry is None:
        return False
    return bool(entry.facts.get("event")) or not HABITS.isdisjoint(vocabulary().ancestors("condition", entry.name))


HABITS: Final = frozenset(("tobacco use", "alcohol use", "substance abuse", "cocaine use"))


def conditional(when: Draft, then: Draft, otherwise: Draft) -> Draft:
    """``then`` where ``when`` holds, else ``otherwise``."""
    start, end = _span((when, then, otherwise))
    return Draft(
        Conditional(when=when.rule, then=then.rule, otherwise=otherwise.rule), start, end, (when, then, otherwise)
    )


def for_those(group: Draft, asked: Draft) -> Draft:
    """``asked`` of a group of people; nothing of anybody else. Those who take something that must have been stopped
    for a time are those who have taken it within that time."""
    length = washout_asked(asked.rule)
    if length is not None and length.value:
        group = each_leaf(group, lambda leaf: _taken_within(leaf, length))
    return conditional(group, asked, constant(True, "only for those whom it concerns"))


def _taken_within(leaf: Draft, length: Duration) -> Draft:
    """A treatment that is being given, as one that has been within a length of time."""
    rule = leaf.rule
    if not isinstance(rule, Treatment) or rule.time != "now" or rule.window is not None:
        return leaf
    return replace(leaf, rule=rule.model_copy(update={"time": "unstated", "window": Window(start=length)}))


def for_arms(part: Draft, arms: tuple[str, ...]) -> Draft:
    """What is asked in some arms only."""
    return Draft(ForArms(arms=arms, part=part.rule), part.start, part.end, (part,), requirement=part.requirement)


def with_those(draft: Draft) -> Draft:
    """One of several alternatives: what it asks of some patients only is no alternative for the others."""
    rule = draft.rule
    if isinstance(rule, Conditional) and isinstance(rule.otherwise, Constant) and rule.otherwise.holds:
        return all_of(draft.parts[:2])
    if rule.kind == "all":
        return rebuilt(draft, (with_those(draft.parts[0]), *draft.parts[1:]))
    if rule.kind == "ambiguous":
        return ambiguous([with_those(part) for part in draft.parts], rule.why)
    return draft


def each_leaf(draft: Draft, change: Callable[[Draft], Draft]) -> Draft:
    """The same draft with each part that has no parts changed, and each fact, whatever is excepted from it."""
    if draft.parts and draft.rule.kind not in _WITH_EXCEPTIONS:
        return rebuilt(draft, tuple(each_leaf(part, change) for part in draft.parts))
    return change(draft)


_WITH_EXCEPTIONS: Final = ("condition", "treatment", "allergy")


def each_asked(draft: Draft, asked: bool, change: Callable[[Draft, bool], Draft | None]) -> Draft:
    """The same draft with its parts changed from the outside in; of what some people are asked, not who they are.

    ``change`` gets a part, and whether it is ``asked`` or its contrary; None from it leaves the part to its own parts.
    """
    made = change(draft, asked)
    if made is not None or not draft.parts:
        return draft if made is None else made
    first = 1 if isinstance(draft.rule, Conditional) else 0  # whom it concerns
    then = asked is not isinstance(draft.rule, Not)
    parts = [each_asked(part, then, change) for part in draft.parts[first:]]
    return rebuilt(draft, (*draft.parts[:first], *parts))


def ambiguous(readings: Sequence[Draft], why: str) -> Draft:
    """Several readings; those that mean the same are one."""
    distinct: list[Draft] = []
    for reading in readings:
        if all(reading.rule.kind != other.rule.kind or reading.rule != other.rule for other in distinct):
            distinct.append(reading)
    if len(distinct) == 1:
        return distinct[0]
    start, end = _span(distinct)
    return Draft(Ambiguous(readings=tuple(r.rule for r in distinct), why=why), start, end, tuple(distinct))


def constant(holds: bool, why: str, start: int = 0, end: int = 0) -> Draft:
    """Holds of everybody, or of nobody."""
    return Draft(Constant(holds=holds, why=why), start, end)


def excluding_nobody(holds: bool, start: int, end: int) -> Draft:
    """What a permission comes to: no requirement that somebody fails, nothing that somebody is excluded for."""
    return constant(holds, "a permission excludes nobody", start, end)


def unread(text: str, start: int, end: int, role: str = "unclear") -> Draft:
    """Words that were not understood."""
    return Draft(Unread(text=text[start:end], role=role), start, end)  # type: ignore[arg-type]


def contrary(required: Draft) -> Draft:
    """Under Exclusion, what excludes is that a requirement is not fulfilled."""
    return negated(required).asked(False)


def rebuilt(draft: Draft, parts: tuple[Draft, ...]) -> Draft:
    """The same draft with other parts."""
    end, same = draft.end, len(parts) == len(draft.parts)
    for index, part in enumerate(parts):
        end = max(end, part.end)
        same = same and part is draft.parts[index]
    if same and end == draft.end:
        return draft
    rules = tuple([part.rule for part in parts])
    match draft.rule.kind:
        case "all" | "any" | "at_least" | "on_scales":
            update: dict[str, object] = {"parts": rules}
        case "not" | "for_arms":
            update = {"part": rules[0]}
        case "conditional":
            update = {"when": rules[0], "then": rules[1], "otherwise": rules[2]}
        case "ambiguous":
            update = {"readings": rules}
        case _:
            return draft
    return draft.saying(draft.rule.model_copy(update=update), end, parts, draft.open)
