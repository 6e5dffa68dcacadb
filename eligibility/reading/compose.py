"""A sentence of phrases -> the draft of one rule: lists, negations, exceptions, conditions, requirements, permissions.

What a connective is, is in the grammar; what it makes of the phrases beside it, is here. Where the words leave the role
of something open, the result is unknown rather than a guess (contract: narrowing, widening, unclear).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.knowledge.words import keys
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    conditional,
    constant,
    negated,
    unread,
)
from eligibility.reading.grammar import Refused
from eligibility.reading.lexer import Token, function_words
from eligibility.reading.measuring import measured_draft, scored
from eligibility.reading.nouns import Context, is_event, noun_draft, open_concept, since_draft
from eligibility.reading.phrases import MAXIMUM_OPEN_WORDS, AgeRead, ConsentRead, Head, Measured, Noun
from eligibility.reading.quantities import Bounds, Since, WindowRead, plain_limit
from eligibility.reading.sentences import Element, Group, ListRead, Sentence, Tail
from eligibility.rules import (
    Age,
    Allergy,
    Ambiguous,
    Condition,
    Conditional,
    Constant,
    Duration,
    Finding,
    Limit,
    Measurement,
    OnScales,
    PatientAttribute,
    Rule,
    Sex,
    Span,
    Statement,
    Treatment,
)

__all__ = ["Inherited", "StatementRead", "compose", "excepting"]

FRAMES = (
    "HISTORY", "KNOWN", "SUSPECTED", "DIAGNOSIS", "PRESENCE", "PRIOR", "CURRENT", "PLANNED", "USE", "PROGRESSED", "REFRACTORY_TO",
    "RELAPSED_AFTER", "INTOLERANT", "ALLERGY", "POSITIVE", "NEGATIVE", "OTHER", "CONTRAINDICATION",
)  # fmt: skip
_OF_TREATMENTS = ("USE", "PROGRESSED", "REFRACTORY_TO", "RELAPSED_AFTER", "INTOLERANT", "PLANNED")
_YEAR = re.compile(r"[(\[]\s*(?:19|20)\d\d\s*[)\]]")
_OR_FIRST = re.compile(r"[(\[]\s*(?:and\s*/\s*)?or\b", re.IGNORECASE)
_METHOD = re.compile(
    r"(?:based on|according to|as (?:determined|assessed|measured|defined|documented|evidenced|shown|judged|confirmed) by|determined by"
    r"|assessed by|measured by|confirmed by|per|by|using|via|with)\b",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"\b(?:which|that|who)\b", re.IGNORECASE)
_CLOSED = frozenset(
    "and or not no nor without except unless if other than never neither but non cannot unable must may should is are was were be been "
    "will would might can could does do did if so than".split()
)
_PEOPLE = {"FEMALE", "MALE", "CHILDBEARING", "NOT_CHILDBEARING"}


@dataclass(slots=True)
class StatementRead:
    """Words that only an answer settles, or a field of the profile that says the same."""

    draft: Draft


@dataclass(slots=True)
class Inherited:
    """What a lead-in gives to the bullets under it: "History of any of the following within 6 months:"."""

    frames: list[Token] = field(default_factory=list)
    window: WindowRead | None = None
    since: Since | None = None
    negated: bool = False

    def __bool__(self) -> bool:
        return bool(self.frames or self.window or self.since or self.negated)


Core = Noun | Measured | AgeRead | ConsentRead | StatementRead


@dataclass(slots=True)
class _Item:
    """One element of a list while the list is being composed."""

    start: int
    end: int
    negations: list[Token]
    core: Core | None = None
    window: WindowRead | None = None
    lead_window: WindowRead | None = None
    since: Since | None = None
    bounds: Bounds | None = None  # a limit without its analyte
    modifiers: list[Token] = field(default_factory=list)  # qualifiers, grades ... without a head
    frames: list[Token] = field(default_factory=list)  # "history of", without a head
    also: list[Core] = field(default_factory=list)  # further phrases side by side
    beside: list[Draft] = field(default_factory=list)  # narrowing
    shared: list[Draft] = field(default_factory=list)  # narrowing that the last of a list may share with it
    groups: list[Group] = field(default_factory=list)
    words: Token | None = None  # unread words alone
    unclear: bool = False
    doubted: Noun | None = None  # what it may be an "and" to, not only an alternative
    leads: bool = False  # its window has been given to the others

    @property
    def core_end(self) -> int:
        """Where its phrase ends."""
        core = self.core
        return core.draft.end if isinstance(core, StatementRead) else core.end if core is not None else self.start


def compose(
    sentence: Sentence, context: Context, inherited: Inherited | None = None, people: Sequence[int] = ()
) -> Draft | None:
    """The draft that a sentence means; None where it holds nothing. ``people``: where it names those whom it is about."""
    composer = _Composer(context, people)
    return composer.sentence(sentence, inherited or Inherited())


class _Composer:
    def __init__(self, context: Context, people: Sequence[int] = ()) -> None:
        self.people = people
        self.context = context
        self.text = context.text
        self.exclusion = context.exclusion
        self.serial = False  # whether the list being joined has a comma before its "or"
        self.excepting = False  # within an exception, behind which words may be about what it is an exception to

    # ------------------------------------------------------------------------------------------------- sentences

    def sentence(self, sentence: Sentence, inherited: Inherited) -> Draft | None:
        """Fold the tails of a sentence over its list, from left to right."""
        tails = _apart_tails(sentence.tails)
        body = sentence.body
        if body is not None and tails and tails[0].has("EXCEPT") and tails[0].body is not None:
            body, tails[0] = _within_commas(body, tails[0])
        index = 0
        main: Draft | None = None
        if body is None and tails and tails[0].has("FOR_GROUP", "IF", "FOR"):
            opened = self.for_whom(tails)
            if opened is not None:
                return opened
        if (
            body is None
            and len(tails) > 1
            and tails[0].has("ANY_OF", "ALL_OF")
            and tails[1].has("COLON", "DASH")
            and tails[0].body
        ):
            given = self.given(tails[0].body)
            if given is not None:
                main, index = (
                    self.colon(
                        None,
                        Tail([*tails[0].kinds, *tails[1].kinds], tails[1].body, tails[0].start, tails[1].end),
                        tails[1].body,
                        given,
                    ),
                    2,
                )
        if (
            body is not None
            and tails
            and tails[0].has("ALLOWED")
            and len(body.elements) > 1
            and set(body.separators[-1:]) <= {"COMMA", "SEMI"}
        ):
            cut = len(body.elements) - 1
            last = ListRead(body.elements[cut:], [], body.elements[cut].start, body.end)
            body = ListRead(body.elements[:cut], body.separators[: cut - 1], body.start, body.elements[cut - 1].end)
            main = self.listed(body, inherited, top=True)
            allowed = self.listed(last, Inherited(), plain=True)
            if main is not None and allowed is not None and len(tails) == 1:
                if self.exclusion and not allowed.wholly_unread:
                    return self.except_for(main, allowed, last.start)
                words = unread(self.text, last.start, tails[0].end, "narrowing" if self.exclusion else "widening")
                return all_of([main, words]) if self.exclusion else any_of([main, words])
            return unread(self.text, sentence.body.start, tails[-1].end) if sentence.body else None
        if body is not None and tails and tails[0].kinds[0].type == "COLON" and _names_disease(body):
            main = self.listed(body, inherited)
            after = tails[0]
            rest = [Tail(after.kinds[1:], after.body, after.kinds[1].start, after.end)] if len(after.kinds) > 1 else []
            inside = self.sentence(Sentence(None if rest else after.body, [*rest, *tails[1:]]), inherited)
            if main is not None and inside is not None:
                return replace(all_of([main, replace(inside, requirement=False)]), labelled=not self.exclusion)
            return main
        lifted = None
        if (
            body is not None
            and tails
            and tails[0].has("INCLUDING", "FOR", "DUE_TO", "EXCEPT")
            and tails[-1].body is not None
        ):
            lifted = _lift_window(tails[-1].body, body, tails[-1].has("EXCEPT"))
        if body is not None:
            union = (
                bool(tails)
                and tails[0].has("MUST", "MUST_NOT")
                and not str(tails[0].kinds[0].value).startswith("joined:")
            )
            main = self.listed(body, inherited, top=True, any_=True if union and _all_people(body) else None)
        if lifted is not None and main is not None:
            inside = main
            main = _windowed(main, lifted)
            if main is None:
                return unread(self.text, inside.start, tails[-1].end)
        if (
            main is not None
            and len(tails) > 1
            and tails[0].has("UNLESS")
            and tails[1].has("MUST")
            and tails[0].body is not None
        ):
            spared = self.listed(tails[0].body, Inherited(), plain=True)
            if spared is not None:
                main, index = all_of([main, negated(spared)]), 1
        while index < len(tails):
            tail = tails[index]
            following = tails[index + 1 :]
            if tail.has("MUST", "MUST_NOT") and tail.body is not None and following:
                reach = next(
                    (i for i, t in enumerate(following) if t.has("MUST", "MUST_NOT", "EXCLUDED", "ALLOWED")),
                    len(following),
                )
                main = self.must(main, tail, following[:reach])
                index += 1 + reach
                continue
            main, used = self.fold(main, tail, following, inherited)
            index += 1 + used
        if lifted is not None and main is not None:
            main = _windowed(main, lifted)
        return main

    def fold(
        self, main: Draft | None, tail: Tail, following: Sequence[Tail], inherited: Inherited
    ) -> tuple[Draft | None, int]:
        """What a tail makes of what precedes it, and how many of the following tails it has taken with it."""
        kind = tail.kinds[0].type
        if len(tail.kinds) > 1 and kind not in (
            "COLON",
            "DASH",
            "ANY_OF",
            "ALL_OF",
            "INCLUDING",
            "EXCEPT",
            "MUST",
            "FOR_GROUP",
            "IF",
        ):
            return self.unclear(main, tail), 0
        body = tail.body
        match kind:
            case "MUST" | "MUST_NOT":
                return self.must(main, tail, ()), 0
            case "EXCEPT":
                return self.exceptions(main, tail, body), 0
            case "UNLESS":
                condition = self.listed(body, Inherited()) if body else None
                if main is None or condition is None:
                    return self.unclear(main, tail), 0
                if self.exclusion and not main.requirement:
                    return all_of([main, negated(condition)]), 0
                return replace(any_of([main, condition]), requirement=main.requirement), 0
            case "IF":
                condition = self.listed(body, Inherited()) if body else None
                if main is None or condition is None:
                    return self.unclear(main, tail), 0
                special = self.special_limit(main, condition)
                if special is not None:
                    return special, 0
                if self.exclusion != main.requirement or str(tail.kinds[0].value).startswith(
                    ("provided", "as long", "only", "so long")
                ):
                    return replace(all_of([main, condition]), requirement=main.requirement), 0
                return replace(
                    conditional(condition, main, constant(True, "only for those whom it concerns")),
                    requirement=main.requirement,
                ), 0
            case "FOR_GROUP":
                return self.for_group(main, tail, body), 0
            case "FOR" | "DUE_TO":
                return self.purpose(main, tail, body), 0
            case "INCLUDING":
                return self.including(main, tail, body, inherited), 0
            case "DEFINED":
                return self.defined(main, tail, body), 0
            case "EXCLUDED" | "ALLOWED":
                return self.permission(main, tail, following)
            case "JUDGED":
                return self.judged(main, tail), 0
            case "REGARDLESS":
                return (main, 0) if main is not None else (self.unclear(main, tail), 0)
            case "COLON" | "DASH" | "ANY_OF" | "ALL_OF":
                return self.colon(main, tail, body, inherited), 0
            case "WITHOUT" | "NO" | "NOT":
                other = self.listed(body, Inherited()) if body else None
                if other is None:
                    return self.unclear(main, tail), 0
                denied = negated(other, (tail.start, tail.end))
                return (all_of([main, denied]) if main is not None else denied), 0
            case _:
                return self.unclear(main, tail), 0

    def for_whom(self, tails: Sequence[Tail]) -> Draft | None:
        """ "For men: ...", "In women of childbearing potential, ...": a requirement for some patients only."""
        read = tails[0].body
        if read is None:
            return None
        rest: Draft | None
        if len(tails) > 1 and tails[1].has("COLON", "DASH", "MUST"):
            group = self.listed(read, Inherited(), plain=True, any_=True if _all_people(read) else None)
            rest = self.sentence(Sentence(None, list(tails[1:])), Inherited())
        elif len(read.elements) > 1 and read.separators[0] == "COMMA":
            group = self.listed(
                ListRead(read.elements[:1], [], read.start, read.elements[0].end), Inherited(), plain=True
            )
            body = ListRead(read.elements[1:], read.separators[1:], read.elements[1].start, read.end)
            rest = self.sentence(Sentence(body, list(tails[1:])), Inherited())
        else:
            return None
        if group is None or rest is None:
            return None
        if self.exclusion and not rest.requirement:
            return all_of([group, rest])
        return replace(conditional(group, rest, constant(True, "only for those whom it concerns")), requirement=True)

    def given(self, read: ListRead) -> Inherited | None:
        """A lead-in that is a window or a frame alone: "any of the following within 6 months:"."""
        given = Inherited()
        for element in read.elements:
            for atom in element.atoms:
                if isinstance(atom, Group) or element.negations:
                    return None
                if atom.type == "WINDOW" and given.window is None:
                    given.window = atom.value
                elif atom.type == "FRAME":
                    given.frames.append(atom.value)
                else:
                    return None
        return given

    def unclear(self, main: Draft | None, tail: Tail) -> Draft:
        """The role of the words of a tail is not known: unknown, whatever precedes."""
        words = unread(self.text, tail.start, tail.end)
        if main is None:
            return words
        return ambiguous([all_of([main, words]), any_of([main, words])], "words whose role is not clear")

    def must(self, main: Draft | None, tail: Tail, rest: Sequence[Tail]) -> Draft:
        value = str(tail.kinds[0].value)
        joined = value.startswith("joined:")
        literally = _Composer(replace(self.context, exclusion=False), self.people)
        required = literally.sentence(Sentence(tail.body, list(rest)), Inherited()) if tail.body else None
        if required is None:
            return self.unclear(main, tail)
        if tail.kinds[0].type == "MUST_NOT":
            required = negated(required, (tail.start, tail.end))
        required = replace(required, requirement=True)
        if main is None:
            return required
        if joined:
            if self.exclusion and not main.requirement:
                return any_of([main, self.contrary(required)])
            if isinstance(main.rule, Conditional) and isinstance(main.rule.otherwise, Constant) and main.requirement:
                when, then, otherwise = main.parts  # "women must have a negative test and must agree to ..."
                return replace(conditional(when, all_of([then, required]), otherwise), requirement=True)
            return replace(all_of([main, required]), requirement=main.requirement)
        for_some = replace(
            conditional(main, required, constant(True, "only for those whom it concerns")), requirement=True
        )
        if any(start < tail.start for start in self.people) or all(
            _person_rule(leaf.rule) for leaf in main.leaves() if not leaf.parts
        ):
            return for_some
        # "Two lines must have been given", "metastases must be treated": of everybody, or of those who have them
        return replace(
            ambiguous([for_some, all_of([main, required])], "a requirement of a thing, not of people"), requirement=True
        )

    def contrary(self, required: Draft) -> Draft:
        """Under Exclusion, what excludes is that a requirement is not fulfilled."""
        return replace(negated(required), requirement=False)

    def for_group(self, main: Draft | None, tail: Tail, body: ListRead | None) -> Draft:
        group = self.listed(body, Inherited(), plain=True) if body else None
        if group is None:
            return main if main is not None and tail.body is None else self.unclear(main, tail)
        if main is None:
            return group
        special = self.special_limit(main, group)
        if special is not None:
            return special
        if main.rule.kind in ("any", "ambiguous"):
            return self.unclear(main, tail)  # an alternative for some, or a requirement for some
        if self.exclusion and not main.requirement:
            return all_of([main, group])
        return replace(
            conditional(group, main, constant(True, "only for those whom it concerns")), requirement=main.requirement
        )

    def special_limit(self, main: Draft, group: Draft) -> Draft | None:
        """ "A, or B for patients with C": B replaces A where C holds, and is no alternative for the others."""
        if main.rule.kind != "any" or len(main.parts) < 2:
            return None
        last, rest = main.parts[-1], main.parts[:-1]
        analytes = _analytes(last)
        if not analytes or any(_analytes(part) != analytes for part in rest):
            return None
        return replace(conditional(group, last, any_of(rest)), requirement=main.requirement)

    def purpose(self, main: Draft | None, tail: Tail, body: ListRead | None) -> Draft:
        if main is None:
            return self.unclear(main, tail)
        if _analytes(main) and body is not None:
            group = self.listed(body, Inherited(), plain=True)
            special = self.special_limit(main, group) if group is not None else None
            if special is not None:
                return special
        purpose = self.listed(body, Inherited()) if body else None
        if (
            main.parts
            and main.rule.kind in ("any", "all")
            and all(isinstance(part.rule, Treatment) for part in main.parts)
            and purpose is not None
        ):
            parts = [self.purpose(part, tail, body) for part in main.parts]
            return rebuilt(main, tuple(replace(part, end=max(part.end, tail.end)) for part in parts))
        if (
            purpose is not None
            and isinstance(purpose.rule, Condition)
            and not purpose.rule.exceptions
            and isinstance(main.rule, Treatment)
        ):
            rule = main.rule.model_copy(update={"purpose": purpose.rule.concept})
            if purpose.rule.qualifiers or purpose.rule.window or purpose.rule.stages or purpose.rule.other:
                return self.narrowed(main, tail.start, tail.end)
            return Draft(rule, main.start, tail.end, open=main.open + purpose.open)
        return self.narrowed(main, tail.start, tail.end)

    def including(self, main: Draft | None, tail: Tail, body: ListRead | None, inherited: Inherited) -> Draft | None:
        if body is None:
            return main
        examples = self.listed(body, inherited)
        if main is None:
            return examples
        if examples is None:
            return main
        leaves = [leaf for leaf in examples.leaves() if not leaf.parts]
        if isinstance(main.rule, Condition | Treatment | Allergy) and all(
            isinstance(leaf.rule, Condition | Treatment) for leaf in leaves
        ):
            return any_of([main, examples])
        if main.wholly_unread or isinstance(main.rule, Condition | Treatment | Allergy):
            return any_of([main, examples])  # examples never narrow
        return all_of([main, unread(self.text, tail.start, tail.end, "narrowing")])

    def defined(self, main: Draft | None, tail: Tail, body: ListRead | None) -> Draft | None:
        definition = self.listed(body, Inherited()) if body else None
        if main is None:
            return definition
        if (
            definition is None
            or any(leaf.wholly_unread for leaf in definition.leaves())
            or all(
                isinstance(leaf.rule, Condition | Treatment) and leaf.rule.concept.open
                for leaf in definition.leaves()
                if not leaf.parts
            )
        ):
            return self.narrowed(main, tail.start, tail.end)
        if main.wholly_unread or isinstance(main.rule, Condition):
            return replace(definition, start=main.start)
        return all_of([main, definition])

    def permission(self, main: Draft | None, tail: Tail, following: Sequence[Tail]) -> tuple[Draft | None, int]:
        """ "X are excluded", "X are eligible", "X is allowed if Y"."""
        if main is None:
            saved = (
                self.listed(following[0].body, Inherited(), plain=True)
                if following and following[0].has("IF", "UNLESS") and following[0].body
                else None
            )
            if saved is None or len(following) > 1 or tail.body is not None or saved.wholly_unread:
                return self.unclear(main, tail), len(following) and 0
            if tail.has("EXCLUDED") == following[0].has("IF"):
                return replace(saved, requirement=False), 1
            return replace(saved, saving=True), 1
        if tail.has("EXCLUDED"):
            if self.exclusion:
                return replace(main, requirement=False), 0
            return replace(negated(main), requirement=True), 0
        condition: Draft | None = None
        used = 0
        if tail.body is not None:
            return unread(self.text, main.start, tail.end), 0
        if following and following[0].has("IF") and following[0].body is not None:
            condition = self.listed(following[0].body, Inherited())
            used = 1
        if following and not used:
            return unread(self.text, main.start, tail.end), 0
        if condition is not None:
            kept = conditional(main, condition, constant(True, "only for those whom it concerns"))
            return (self.contrary(kept) if self.exclusion else kept), used
        eligible = "eligib" in self.text[tail.start : tail.end].lower()
        if not self.exclusion and eligible and not main.wholly_unread:
            return replace(main, requirement=True), 0
        if main.wholly_unread and eligible:
            return unread(self.text, main.start, tail.end), 0
        return replace(
            constant(not self.exclusion, "a permission excludes nobody", main.start, tail.end), allowed=main
        ), 0

    def judged(self, main: Draft | None, tail: Tail) -> Draft:
        start = main.start if main is not None else tail.start
        if main is None or main.wholly_unread:
            rule = Statement(text=self.text[start : tail.end], topic="judgement", who="investigator")
            return Draft(rule, start, tail.end)
        judgement = Draft(
            Statement(text=self.text[tail.start : tail.end], topic="judgement", who="investigator"),
            tail.start,
            tail.end,
        )
        return all_of([main, judgement])

    def colon(self, main: Draft | None, tail: Tail, body: ListRead | None, inherited: Inherited) -> Draft | None:
        every = tail.has("ALL_OF") or (not self.exclusion and not tail.has("ANY_OF"))
        if body is None:
            return main
        inside = self.listed(body, inherited, any_=None if not tail.has("ANY_OF", "ALL_OF") else not every)
        if main is None or inside is None:
            return inside if inside is not None else main
        if main.wholly_unread or (
            isinstance(main.rule, Condition) and main.rule.concept.open and tail.kinds[0].type == "COLON"
        ):
            words = self.text[main.start : main.end].split()
            if len(words) <= 4 and not any(leaf.wholly_unread for leaf in inside.leaves() if not leaf.parts):
                return inside  # "Renal: creatinine <= 1.5 mg/dL": a label
            return ambiguous([all_of([main, inside]), any_of([main, inside])], "a lead-in that was not understood")
        return replace(all_of([main, inside]), labelled=isinstance(main.rule, Condition))

    def exceptions(self, main: Draft | None, tail: Tail, body: ListRead | None) -> Draft:
        if main is None or body is None:
            return self.unclear(main, tail)
        self.excepting = True
        excepted = self.listed(body, Inherited(), any_=True)
        self.excepting = False
        if excepted is None:
            return self.unclear(main, tail)
        return self.except_for(main, excepted, tail.start)

    def except_for(self, main: Draft, excepted: Draft, start: int) -> Draft:
        """The main without what is excepted: fact by fact where both are of one kind."""
        if all(_earlier(leaf, targets_of(main)) for leaf in excepted.leaves() if not leaf.parts):
            return main  # "active X; prior X is allowed"
        items = list(excepted.parts) if excepted.parts and excepted.rule.kind == "any" else [excepted]
        targets = [leaf for leaf in main.leaves() if isinstance(leaf.rule, Condition | Treatment | Allergy)]
        if not targets and any(leaf.wholly_unread for leaf in main.leaves() if not leaf.parts):
            return all_of([main, unread(self.text, start, excepted.end, "narrowing")])
        if not targets:
            apart, spared = all_of([main, negated(excepted, (start, excepted.end))]), any_of([main, excepted])
            return replace(
                ambiguous([apart, spared], "an exception that spares, or that forbids"), requirement=main.requirement
            )
        foreign = [item for i, item in enumerate(items) if _apart(item, targets) or (i and _unrelated(item, targets))]
        changed = excepting(main, items)
        trailing = [leaf for leaf in items[-1].leaves() if leaf.rule.kind == "unread" and leaf.end == excepted.end]
        if trailing and not items[-1].wholly_unread:
            # the words after the last exception may be about what it is an exception to
            changed = all_of([changed, unread(self.text, trailing[-1].start, trailing[-1].end, "narrowing")])
        if foreign and len(items) > 1:
            without = excepting(main, [item for item in items if item not in foreign])
            return ambiguous(
                [changed, any_of([without, *foreign])], "an item that may be an exception, or one more alternative"
            )
        return changed

    # ------------------------------------------------------------------------------------------------- lists

    def listed(
        self, read: ListRead, inherited: Inherited, *, top: bool = False, plain: bool = False, any_: bool | None = None
    ) -> Draft | None:
        """The draft of a list. ``plain``: it is required in itself, whatever section it stands in."""
        items = [self.item(element) for element in read.elements]
        items, separators = self.swallow(items, read.separators)
        self.spread(items, separators, inherited)
        subject, for_some = self.subject(items)
        drafts: list[Draft] = []
        kept: list[int] = []
        spoilt = False
        for index, item in enumerate(items):
            spoilt = spoilt or item.unclear
            draft = self.build(item, spoilt and item.unclear)
            if draft is None:
                continue
            if spoilt and not item.unclear and not item.frames and item.core is not None:
                draft = ambiguous(
                    [draft, unread(self.text, item.start, item.end)], "words before the list may bear on it"
                )
            drafts.append(draft)
            kept.append(index)
        if not drafts:
            return None
        separators = _between(kept, separators)
        self.serial = read.serial
        if subject is not None:
            inner = self.join(drafts, [items[i] for i in kept], separators, top=False, plain=plain, any_=any_)
            if for_some and not plain and not self.exclusion and _agreements(inner):
                return replace(
                    conditional(subject, inner, constant(True, "only for those whom it concerns")), requirement=True
                )
            return all_of([subject, inner])
        return self.join(drafts, [items[i] for i in kept], separators, top=top, plain=plain, any_=any_)

    def subject(self, items: list[_Item]) -> tuple[Draft | None, bool]:
        """ "Women who are pregnant, nursing or ...": the women are said once, of all that follows.

        "Women of childbearing potential and men who ...": of either group.
        """
        people = 0
        while people < len(items) and _person(items[people]) and not items[people].negations:
            people += 1
            if items[people - 1].also or items[people - 1].beside:
                break
        last = items[people - 1] if people else None
        if (
            last is None
            or not last.also
            or any(_person(item) for item in items[people:])
            or (people == 1 and len(items) == 1 and self.exclusion)
        ):
            return None, False
        try:
            groups = [self.phrase(item.core, None, None) for item in items[:people] if item.core is not None]
        except Refused:
            return None, False
        for item in items[: people - 1]:
            item.core, item.words = None, None
        last.core, last.also = last.also[0], last.also[1:]
        return any_of(groups), True

    def swallow(self, items: list[_Item], separators: list[str]) -> tuple[list[_Item], list[str]]:
        """Words that go on with those that say how something was found out: "by CT or magnetic resonance"."""
        kept, between = items[:1], []
        for item, separator in zip(items[1:], separators, strict=True):
            last = kept[-1]
            method = (
                last.beside
                and item.core is None
                and item.words is not None
                and not item.negations
                and not item.groups
                and not item.window
            )
            if method and _METHOD.match(self.text, last.beside[-1].start):
                last.beside[-1] = unread(self.text, last.beside[-1].start, item.end, "narrowing")
                last.end = item.end
                continue
            kept.append(item)
            between.append(separator)
        return kept, between

    def join(
        self,
        drafts: list[Draft],
        items: list[_Item],
        separators: list[str],
        *,
        top: bool,
        plain: bool,
        any_: bool | None,
    ) -> Draft:
        for i in range(1, len(drafts)):
            replaced = self.alternative(drafts[i - 1], drafts[i], items[i])
            if replaced is not None:
                drafts = [*drafts[: i - 1], replaced, *drafts[i + 1 :]]
                items = [*items[: i - 1], items[i - 1], *items[i + 1 :]]
                separators = [*separators[: i - 1], *separators[i:]]
                break
        flags = [bool(item.negations) for item in items]
        exclusive = self.exclusion and not plain
        words = _words(separators)
        if flags[0] and not any(flags[1:]) and len(drafts) > 1:
            same = all(not _own_statement(d.rule) for d in drafts)
            if same and words <= {"OR", "COMMA", "NOR", "SLASH", "ANDOR"}:
                inner = any_of(drafts)
                return self.deny(inner, items, (items[0].start, drafts[-1].end), top=top, plain=plain)
            if same and words <= {"AND", "COMMA"}:
                each = [self.deny(draft, items[:1], (draft.start, draft.end), top=top, plain=plain) for draft in drafts]
                none = any_of(each) if exclusive else all_of(each)
                first = self.group([each[0], *drafts[1:]], separators, any_, exclusive)
                return ambiguous([none, first], "a negation that may reach over the list")
        done = [
            self.deny(draft, [item], (item.start, draft.end), top=top and i == 0, plain=plain) if flag else draft
            for i, (draft, item, flag) in enumerate(zip(drafts, items, flags, strict=True))
        ]
        return self.group(done, separators, any_, exclusive)

    def deny(self, draft: Draft, items: Sequence[_Item], span: tuple[int, int], *, top: bool, plain: bool) -> Draft:
        """ "No X": literally, or, under Exclusion, as the requirement that it often is."""
        literal = negated(draft, span)
        kind = items[0].negations[0].type
        if not self.exclusion or plain or not top or kind == "WITHOUT":
            return replace(literal, requirement=not self.exclusion)
        leaves = [leaf for leaf in draft.leaves() if not leaf.parts]
        if any(_wanted(leaf.rule) for leaf in leaves):
            return literal
        if all(isinstance(leaf.rule, Condition | Treatment | Allergy) or _pregnancy(leaf.rule) for leaf in leaves):
            return replace(literal, requirement=True)
        if kind == "NOT" and draft.wholly_unread:
            return literal
        return unread(self.text, *span)

    def group(self, drafts: list[Draft], separators: list[str], any_: bool | None, exclusive: bool) -> Draft:
        """Join by what stands between: one connective, or the readings of several."""
        if exclusive and any(d.requirement for d in drafts) and len(drafts) > 1:
            # the contrary of each requirement excludes, one of them is enough
            return any_of([self.contrary(d) if d.requirement else d for d in drafts])
        if len(drafts) == 1:
            return drafts[0]
        span = (drafts[0].start, drafts[-1].end)
        if any_ is not None:
            return any_of(drafts, span) if any_ else all_of(drafts, span)
        words = _words(separators)
        if (
            not self.exclusion
            and not self.serial
            and separators[0] == "COMMA"
            and words == {"OR", "COMMA"}
            and len({d.rule.kind for d in drafts}) > 1
        ):
            return ambiguous(
                [any_of(drafts, span), all_of([drafts[0], any_of(drafts[1:])], span)],
                "a comma that may join, and an 'or' behind it",
            )
        if words <= {"OR", "COMMA", "SLASH", "NOR", "ANDOR"} and words & {"OR", "NOR", "ANDOR", "SLASH"}:
            return self.scales(drafts, span) or any_of(drafts, span)
        if words <= {"AND", "COMMA", "PLUS"} and words & {"AND", "PLUS"}:
            if exclusive and all(isinstance(d.rule, Condition | Treatment | Allergy) for d in drafts):
                return ambiguous([all_of(drafts, span), any_of(drafts, span)], "'and' in a list of what excludes")
            return all_of(drafts, span)
        if words <= {"COMMA", "SEMI"}:
            return any_of(drafts, span) if self.exclusion else all_of(drafts, span)
        if "SEMI" in words:
            return self.by_semicolon(drafts, separators, exclusive)
        return self.mixed(drafts, separators, span)

    def scales(self, drafts: list[Draft], span: tuple[int, int]) -> Draft | None:
        if len(drafts) == 2 and all(scored(d) for d in drafts):
            return Draft(OnScales(parts=tuple(d.rule for d in drafts)), *span, tuple(drafts))  # type: ignore[arg-type]
        return None

    def by_semicolon(self, drafts: list[Draft], separators: list[str], exclusive: bool) -> Draft:
        groups: list[Draft] = []
        at = 0
        for index in [*(i for i, s in enumerate(separators) if s == "SEMI"), len(separators)]:
            groups.append(self.group(drafts[at : index + 1], separators[at:index], None, exclusive))
            at = index + 1
        return any_of(groups) if self.exclusion else all_of(groups)

    def mixed(self, drafts: list[Draft], separators: list[str], span: tuple[int, int]) -> Draft:
        """And and or without punctuation: 'and' binds closer, or 'or' does."""
        # a comma has the meaning of the connective that closes its run
        resolved = list(separators)
        for i in range(len(resolved) - 1, -1, -1):
            if resolved[i] == "COMMA":
                resolved[i] = resolved[i + 1] if i + 1 < len(resolved) else "OR"
        closer_and = any_of([all_of(run) for run in _runs(drafts, resolved, {"AND", "PLUS"})], span)
        closer_or = all_of([any_of(run) for run in _runs(drafts, resolved, {"OR", "ANDOR", "SLASH", "NOR"})], span)
        return ambiguous([closer_and, closer_or], "'and' and 'or' without punctuation")

    def alternative(self, main: Draft, other: Draft, item: _Item) -> Draft | None:
        """ "A, or B for patients with C": B replaces A where C holds."""
        for group in item.groups:
            tail = group.body.tails[0] if group.body.tails else None
            if tail is not None and tail.has("FOR_GROUP") and tail.body is not None:
                condition = self.listed(tail.body, Inherited(), plain=True)
                if condition is not None:
                    return conditional(condition, other, main)
        return None

    # ------------------------------------------------------------------------------------------------- items

    def item(self, element: Element) -> _Item:
        """Sort what stands side by side in an element."""
        item = _Item(element.start, element.end, element.negations)
        swallowing: int | None = None
        for atom in element.atoms:
            if swallowing is not None:
                item.beside[-1] = unread(self.text, swallowing, atom.end, "narrowing")
                continue
            if isinstance(atom, Group):
                item.groups.append(atom)
                continue
            match atom.type:
                case "FACT":
                    if item.core is None and item.words is None:
                        item.core = atom.value
                    elif item.core is None:
                        item.unclear = True
                        item.core = atom.value
                    else:
                        item.also.append(atom.value)
                case "UNREAD":
                    if item.core is None and item.words is None:
                        item.words = atom
                    elif item.core is None and item.words is not None:
                        item.words = Token("UNREAD", "", item.words.start, atom.end)
                    elif isinstance(item.core, Noun) and self.compound(item.core, atom):
                        item.core = self.opened(item.core, atom)
                    else:
                        swallowing = atom.start
                        item.beside.append(unread(self.text, atom.start, atom.end, "narrowing"))
                case "WINDOW":
                    if item.core is None and item.words is None:
                        item.lead_window = atom.value
                    elif isinstance(item.core, Noun) and _anchored(item.core, atom.value):
                        continue  # "within 4 weeks (6 weeks for nitrosoureas) prior to entering the study"
                    elif item.window is None:
                        item.window = atom.value
                    elif atom.value.windows:
                        item.beside.append(unread(self.text, atom.start, atom.end, "narrowing"))
                case "SINCE_WINDOW":
                    item.since = atom.value
                case "FRAME":
                    item.frames.append(atom.value)
                case "LIMIT" | "TIME_LIMIT":
                    if item.core is None and item.words is None and item.bounds is None:
                        item.bounds = atom.value
                    elif (
                        isinstance(item.core, Noun)
                        and item.core.kinds == {"ANALYTE"}
                        and not item.beside
                        and not item.core.head.words
                    ):
                        # "pO2 (room air) greater than 70 mmHg"
                        noun = item.core
                        around = [t for t in (*noun.before, *noun.behind) if t.type in ("WINDOW", "QUALIFIER")]
                        item.core = Measured(list(noun.head.names), [atom.value], False, around, noun.start, atom.end)
                    else:
                        item.beside.append(unread(self.text, atom.start, atom.end, "narrowing"))
                case _:
                    if isinstance(item.core, Noun):
                        item.core.behind.append(atom)
                    else:
                        item.modifiers.append(atom)
        return item

    def compound(self, noun: Noun, words: Token) -> bool:
        """Whether the words go on with the name: "contact lens wearers", "diabetes education" are no diabetes."""
        first = self.text[words.start : words.end].split()
        return (
            noun.end == noun.head.end
            and not self.text[noun.end : words.start].strip()
            and isinstance(words.value, list)
            and words.value[0].type == "WORD"
            and not first[0].endswith(("ing", "ed", "ly", "al", "ive", "ic", "ous", "able"))
        )

    def opened(self, noun: Noun, words: Token) -> Noun:
        """The noun with the words behind it as one open name."""
        text = self.text[noun.head.start : words.end]
        if not is_open_phrase(text):
            return Noun(Head([], [], noun.head.start, words.end), [], [], noun.start, words.end)
        frame = Token("USE" if noun.kinds == {"TREATMENT"} else "PRESENCE", "", noun.start, noun.start)
        return Noun(
            Head([], [], noun.head.start, words.end), [frame, *noun.before], [], noun.start, words.end, noun.inherited
        )

    def spread(self, items: list[_Item], separators: list[str], inherited: Inherited) -> None:
        """Give each item what the list says once: frames, analytes, qualifiers, windows."""
        frames = list(inherited.frames)
        since = inherited.since
        lead = inherited.window
        analytes: Measured | None = None
        for index, item in enumerate(items):
            if item.lead_window is not None and index == 0 and len(items) > 1:
                lead, item.leads = item.lead_window, True
            own = list(item.frames)
            if isinstance(item.core, Noun) and index == 0 and len(items) > 1:
                lead = next((t.value for t in item.core.before if t.type == "WINDOW"), lead)
            if isinstance(item.core, Noun):
                own += [t for t in item.core.before if t.type in FRAMES]
                if own and not (len(own) == 1 and own[0].type in ("OTHER", "KNOWN", "POSITIVE", "NEGATIVE") and frames):
                    frames = own
                    item.core.inherited = [t for t in item.frames]
                else:
                    signed = any(t.type in ("POSITIVE", "NEGATIVE") for t in (*item.core.before, *item.core.behind))
                    item.core.inherited = [
                        t
                        for t in frames
                        if t not in own and _fits(t, item.core) and not (signed and t.type in ("POSITIVE", "NEGATIVE"))
                    ]
                if item.modifiers:
                    item.core.before = [*item.modifiers, *item.core.before]
                    item.modifiers = []
            elif own and item.core is None:
                frames = own
            if item.core is None and item.words is not None and not item.also and frames:
                opened = self.open_noun(item, frames)
                if opened is not None:
                    item.core, item.words = opened, None
            if isinstance(item.core, Measured):
                analytes = item.core
            elif item.core is None and item.bounds is not None and analytes is not None and item.words is None:
                item.core = Measured(analytes.analytes, [item.bounds], False, analytes.around, item.start, item.end)
            if item.since is not None:
                since = item.since
            elif since is not None and isinstance(item.core, Noun):
                item.since = since
            if (
                lead is not None
                and item.window is None
                and item.lead_window is None
                and not (isinstance(item.core, Noun) and any(t.type == "WINDOW" for t in item.core.before))
            ):
                item.window = lead
            elif item.lead_window is not None and item.window is None:
                item.window = item.lead_window
        self.share_qualifiers(items, separators)
        self.share_heads(items)
        self.share_kinds(items)
        self.doubt_qualifiers(items)
        self.share_windows(items, separators)
        for index, item in enumerate(items):
            unknown = item.words is not None and (item.core is None or item.unclear)
            clause = _RELATIVE.search(self.text, item.start, item.end) if unknown else None
            if clause and item.words is not None:
                for earlier in items[:index]:
                    if isinstance(earlier.core, Noun) and not earlier.beside:
                        earlier.shared = [unread(self.text, clause.start(), item.words.end, "narrowing")]
        if len(items) > 1 and items[-1].also and isinstance(items[-1].core, Noun) and not _person(items[-1]):
            others = items[-1].also
            begin = others[0].draft.start if isinstance(others[0], StatementRead) else others[0].start
            for item in items[:-1]:
                if isinstance(item.core, Noun) and not item.beside and not item.also:
                    item.shared = [unread(self.text, begin, items[-1].end, "narrowing")]
        for index, item in enumerate(items):
            if not index or not item.beside or item.core is None or item.unclear:
                continue
            if (
                index == len(items) - 1
                or _RELATIVE.match(self.text, item.beside[-1].start)
                or _RELATIVE.search(self.text, item.core_end, item.beside[-1].start)
            ):
                for earlier in items[:index]:
                    if isinstance(earlier.core, Noun) and not earlier.beside and not earlier.shared:
                        earlier.shared = [item.beside[-1]]
        for item, after in zip(items, items[1:], strict=False):
            other = item.also[-1] if item.also else None
            if (
                isinstance(item.core, Noun)
                and isinstance(other, Noun)
                and isinstance(after.core, Noun)
                and not after.also
                and not _person(item)
            ):
                if after.core.kinds == other.kinds != item.core.kinds:
                    after.doubted = item.core  # "malignancy requiring chemotherapy or radiotherapy"

    def share_qualifiers(self, items: list[_Item], separators: list[str]) -> None:
        """ "Severe or uncontrolled asthma": the head is said once."""
        for index in range(len(items) - 2, -1, -1):
            item, after = items[index], items[index + 1]
            before = items[index - 1].core if index else None
            bare = item.core is None and item.words is None and not item.groups and not item.beside
            if (
                bare
                and item.modifiers
                and separators[index] == "AND"
                and isinstance(after.core, Noun)
                and after.core.has("QUALIFIER")
            ):
                after.core.before = [
                    *item.frames,
                    *item.modifiers,
                    *after.core.before,
                ]  # "significant and active": both
                item.modifiers, item.frames = [], []
                continue
            if isinstance(before, Noun) and any(t.type == "QUALIFIER" for t in before.behind):
                continue  # "metastases that are untreated, symptomatic, or ..."
            if (
                item.core is None
                and item.words is None
                and item.modifiers
                and isinstance(after.core, Noun)
                and not item.groups
                and not item.beside
            ):
                noun = after.core
                kept = [t for t in noun.before if t.type in FRAMES]
                head = (
                    Head(noun.head.names, [], noun.head.names[0].start, noun.head.end) if noun.head.names else noun.head
                )
                item.core = Noun(
                    head,
                    [*item.frames, *kept, *item.modifiers],
                    list(noun.behind),
                    item.start,
                    noun.end,
                    list(noun.inherited),
                )
                noun.before = [
                    *item.modifiers[:-1],
                    *noun.before,
                ]  # "confirmed metastatic or advanced": both are confirmed
                item.modifiers, item.frames = [], []
                item.window = item.window or after.window
                after.core = Noun(noun.head, noun.before, noun.behind, noun.start, noun.end, noun.inherited)
        for index in range(1, len(items)):
            item, before = items[index], items[index - 1]
            if (
                item.core is None
                and item.words is None
                and item.modifiers
                and isinstance(before.core, Noun)
                and not item.groups
            ):
                noun = before.core
                kept = [t for t in (*noun.before, *noun.behind) if t.type != item.modifiers[0].type]
                item.core = Noun(noun.head, [*kept, *item.modifiers], [], item.start, item.end, list(noun.inherited))
                item.modifiers = []

    def share_heads(self, items: list[_Item]) -> None:
        """ "Cardiovascular, pulmonary or metabolic disease": the head is said once, at the end."""
        start = 0
        for index, item in enumerate(items):
            if isinstance(item.core, Noun) and item.core.head.names:
                self.share_head(items[start : index + 1], item.core)
                start = index + 1 if not _elliptic(items, index) else start

    def share_head(self, items: list[_Item], noun: Noun) -> None:
        last = items[-1]
        if last is items[0]:
            return
        if len(noun.head.names) != 1 or noun.head.names[0].type not in ("CONDITION", "TREATMENT"):
            return
        kind = "condition" if noun.head.names[0].type == "CONDITION" else "treatment"
        said = self.text[noun.head.start : noun.head.end].split()
        leading: list[Token] = []
        for item in items[: items.index(last)]:
            words = item.words
            frames: list[Token] = []
            if isinstance(item.core, Noun) and not item.core.head.names and not item.core.behind:
                words = Token("UNREAD", item.core.head.words, item.core.head.start, item.core.head.end)
                frames = [t for t in item.core.before if t.type in FRAMES or t.type == "WINDOW"]
            elif (
                isinstance(item.core, Noun)
                and item.core.kinds
                and item.core.kinds != noun.kinds
                and not item.core.behind
            ):
                # "drug or alcohol abuse"
                words = Token("UNREAD", [], item.core.head.start, item.core.head.end)
                frames = [t for t in item.core.before if t.type in FRAMES or t.type == "WINDOW"]
            elif item.core is not None or words is None or not isinstance(words.value, list):
                continue
            if item.also or item.beside or item.groups or words.end <= words.start:
                continue
            own = self.text[words.start : words.end]
            if len(own.split()) > 3:
                continue
            adjective = (
                len(own.split()) <= 2
                and bool(words.value)
                and own.lower().endswith(("ic", "al", "ous", "ary", "ive", "ar", "ed"))
            )
            if (
                adjective
                and noun.kinds == {"CONDITION"}
                and vocabulary().find(own, "condition") is None
                and not any(
                    vocabulary().find(f"{own} {' '.join(said[-n:])}", kind)
                    for n in range(1, len(said))  # type: ignore[arg-type]
                )
            ):
                item.core = Noun(
                    Head(noun.head.names, [*words.value], words.start, words.end), [*frames, *item.frames, *item.modifiers], [], words.start, words.end,
                    list(noun.inherited) if not frames else [],
                )  # fmt: skip
                item.core.said = f"{own} {' '.join(said)}"
                item.words, item.modifiers, item.frames = None, [], []
                continue
            for length in range(1, len(said)):
                entry = vocabulary().find(f"{own} {' '.join(said[-length:])}", kind)  # type: ignore[arg-type]
                if entry is not None:
                    name = Token(noun.head.names[0].type, entry, words.start, words.end)
                    before = [t for t in noun.before if t.type in FRAMES] if not item.frames else []
                    own_qualifiers = [t for t in item.modifiers if t.type == "QUALIFIER"]
                    leading = own_qualifiers or leading
                    item.modifiers = [*item.modifiers, *(t for t in leading if t not in item.modifiers)]
                    item.core = Noun(
                        Head([name], [], words.start, words.end),
                        [*frames, *item.frames, *item.modifiers, *(before if not frames else [])],
                        [t for t in noun.behind if t.type == "SITE"],
                        words.start,
                        words.end,
                        list(noun.inherited),
                    )
                    item.words, item.modifiers, item.frames = None, [], []
                    break
        if leading and not any(t.type == "QUALIFIER" for t in noun.before):
            noun.before = [*leading, *noun.before]

    def doubt_qualifiers(self, items: list[_Item]) -> None:
        """ "Severe asthma or eczema": whether the eczema has to be severe is open."""
        leading: list[Token] = []
        kinds: set[str] = set()
        for item in items:
            noun = item.core
            if not isinstance(noun, Noun) or item.negations:
                leading = []
                continue
            own = [t for t in noun.before if t.type == "QUALIFIER"]
            if own or noun.kinds != kinds or noun.has("QUALIFIER") or any(t.type in FRAMES for t in noun.before):
                leading, kinds = own, noun.kinds
            elif leading:
                item.modifiers.append(Token("MAYBE_QUALIFIER", leading, item.start, item.end))

    def share_kinds(self, items: list[_Item]) -> None:
        """Unknown words among conditions are a condition of their own words, among treatments a treatment."""
        nouns = [item.core for item in items if isinstance(item.core, Noun)]
        kinds = {name.type for noun in nouns for name in noun.head.names}
        alone = len(items) == 1
        if not (kinds == {"CONDITION"} or kinds == {"TREATMENT"} or (alone and not kinds)):
            return
        for item in items:
            words = item.words
            if (
                item.core is not None
                or words is None
                or item.also
                or item.beside
                or item.since
                or not isinstance(words.value, list)
            ):
                continue
            tokens = [t for t in words.value if t.type != "SILENT"]
            text = self.text[words.start : words.end]
            if (
                not tokens
                or any(t.type != "WORD" for t in tokens)
                or not is_open_phrase(text)
                or (item.frames and alone)
            ):
                continue
            frame = Token("USE" if kinds == {"TREATMENT"} else "PRESENCE", "", words.start, words.start)
            item.core = Noun(
                Head([], tokens, words.start, words.end), [frame, *item.modifiers], [], words.start, words.end, []
            )
            item.words, item.modifiers = None, []

    def share_windows(self, items: list[_Item], separators: list[str]) -> None:
        """A window after a list of events, or of treatments, reaches over all of it; after others it may."""
        start = 0
        for index, last in enumerate(items):
            if index and separators[index - 1] == "SEMI":
                start = index
            if not isinstance(last.core, Noun):
                continue
            behind = [t for t in last.core.behind if t.type == "WINDOW"]
            window = last.window or (behind[-1].value if behind else None)
            if window is not None and window.windows:
                self.share_window(items[start:index], last.core, window, sure=not last.beside)
                start = index + 1

    def share_window(self, items: list[_Item], last: Noun, window: WindowRead, *, sure: bool) -> None:
        for item in items:
            noun = item.core
            if (
                not isinstance(noun, Noun)
                or item.window is not None
                or item.beside
                or any(t.type == "WINDOW" for t in (*noun.before, *noun.behind))
            ):
                continue
            if sure and is_event(noun) and is_event(last):
                item.window = window
            else:
                item.window = replace(window, windows=window.windows)
                item.modifiers.append(Token("MAYBE_WINDOW", window, item.start, item.end))

    def open_noun(self, item: _Item, frames: list[Token]) -> Noun | None:
        """Unknown words in a list that has a frame: a concept of their own, if they are a short noun phrase."""
        words = item.words
        if words is None or not isinstance(words.value, list):
            return None
        tokens: list[Token] = list(words.value)
        while tokens and tokens[0].type in ("OF", "PREP"):
            tokens.pop(0)
        if tokens:
            words = Token("UNREAD", tokens, tokens[0].start, words.end)
        if (
            any(t.type != "WORD" for t in tokens)
            or not 0 < len(tokens) <= 6
            or not all(t.value.isalpha() or "-" in t.value for t in tokens)
        ):
            return None
        head = Head([], tokens, words.start, words.end)
        return Noun(
            head, [t for t in item.frames], [], item.start, words.end, [t for t in frames if t not in item.frames]
        )

    def build(self, item: _Item, unclear: bool) -> Draft | None:
        """The draft of one item, its negation left out."""
        if unclear:
            return self.unknown(item.start, item.end)
        ages = [c for c in (item.core, *item.also) if isinstance(c, AgeRead) and c.bare]
        if ages and (
            item.beside
            or not all(
                c is ages[0] or isinstance(c, AgeRead) or (isinstance(c, Noun) and c.kinds <= _PEOPLE)
                for c in (item.core, *item.also)
            )
        ):
            return unread(self.text, item.start, item.end)  # a length of time that is no age
        try:
            core = self.core(item)
        except Refused:
            return self.unknown(item.start, item.end)
        if core is None:
            return None
        parts = [core]
        for other in item.also:
            try:
                parts.append(self.phrase(other, None, None))
            except Refused:
                parts.append(
                    unread(
                        self.text,
                        other.draft.start if isinstance(other, StatementRead) else other.start,
                        item.end,
                        "narrowing",
                    )
                )
        if len(parts) == 1:
            core, left = self.qualified(core, item.beside)
            parts, item.beside = [core], left
        draft = (
            all_of([*parts, *item.beside, *item.shared])
            if len(parts) + len(item.beside) + len(item.shared) > 1
            else core
        )
        if item.doubted is not None:
            try:
                draft = ambiguous(
                    [draft, all_of([self.phrase(item.doubted, None, None), draft])],
                    "an alternative to part of what precedes, or to all of it",
                )
            except Refused:
                return self.unknown(item.start, item.end)
        for group in item.groups:
            draft = self.grouped(draft, group)
        return draft

    def unknown(self, start: int, end: int) -> Draft:
        """Words that no rule takes: a concept of their own if they are few and plain, else unread."""
        text = self.text[start:end].strip(" ,.;:")
        if not is_open_phrase(text):
            return unread(self.text, start, end)
        concept = open_concept(text)
        if not concept.open:
            return unread(self.text, start, end)
        return Draft(Condition(concept=concept), start, end, open=(Span(start=start, end=end),))

    def narrowed(self, main: Draft, start: int, end: int) -> Draft:
        """The main with further words about it, whatever they say: a qualifier of their own, or unread."""
        core, left = self.qualified(main, [unread(self.text, start, end, "narrowing")])
        return core if not left else replace(all_of([main, *left]), requirement=main.requirement)

    def qualified(self, core: Draft, beside: list[Draft]) -> tuple[Draft, list[Draft]]:
        """Short words behind a condition or a treatment are a qualifier of their own words: "requiring dialysis"."""
        rule = core.rule
        if not isinstance(rule, Condition | Treatment | Measurement | Finding) or len(beside) != 1 or self.excepting:
            return core, beside
        if isinstance(rule, Condition | Treatment) and rule.exceptions:
            return core, beside
        words = beside[0]
        text = self.text[words.start : words.end].strip(" ,.;:")
        if not is_open_phrase(text):
            return core, beside
        made = rule.model_copy(update={"qualifiers": (*rule.qualifiers, text.lower())})
        opened = (*core.open, Span(start=words.start, end=words.end))
        return replace(core, rule=made, end=max(core.end, words.end), open=opened), []

    def core(self, item: _Item) -> Draft | None:
        maybe = [t for t in item.modifiers if t.type == "MAYBE_WINDOW"]
        doubtful = [t for t in item.modifiers if t.type == "MAYBE_QUALIFIER"]
        if item.core is not None:
            if len(item.modifiers) > len(maybe) + len(doubtful):
                raise Refused
            draft = self.phrase(item.core, item.window, item.since)
            if doubtful and isinstance(item.core, Noun):
                noun = replace(item.core, before=[*doubtful[0].value, *item.core.before])
                qualified = self.phrase(noun, item.window, item.since)
                draft = ambiguous([draft, qualified], "a qualifier that may reach over the list")
            if maybe:
                return ambiguous(
                    [draft, self.phrase(item.core, None, item.since)],
                    "a window that may reach over the list, or belong to its last item",
                )
            return draft
        if item.words is not None:
            return self.unknown(item.start if not item.negations else item.words.start, item.end)
        if item.bounds is not None or item.modifiers:
            return unread(self.text, item.start, item.end)
        if (
            (item.lead_window or item.window)
            and not item.groups
            and not item.frames
            and (item.lead_window is None or not item.leads)
        ):
            return unread(self.text, item.start, item.end)
        if item.groups and not item.frames:
            inside = self.sentence(item.groups[0].body, Inherited())
            item.groups = item.groups[1:]
            return inside
        return None

    def phrase(self, core: Core, window: WindowRead | None, since: Since | None) -> Draft:
        match core:
            case StatementRead(draft=draft):
                return draft
            case ConsentRead(start=start, end=end):
                return Draft(PatientAttribute(attribute="consent"), start, end)
            case Noun():
                return (
                    since_draft(core, since, self.context)
                    if since is not None
                    else noun_draft(core, self.context, window)
                )
            case Measured():
                return measured_draft(core, self.context, window)
            case AgeRead():
                return self.age(core)

    def age(self, read: AgeRead) -> Draft:
        bounds = read.bounds
        if bounds.members or bounds.quantities[0].note:
            raise Refused
        units = {q.unit for q in bounds.quantities if q.unit}
        if read.bare and (units != {"years"} or (bounds.exact and bounds.low == bounds.high)):
            raise Refused
        unit = units.pop() if len(units) == 1 else "years" if not units else ""
        if not unit:
            raise Refused
        limit = plain_limit(bounds, unit)
        rules: list[Rule] = [Age(limit=limit)]
        if unit == "years":
            rules = [Age(limit=each) for each in _as_registered(limit, self.context)]
        drafts = [Draft(rule, read.start, read.end) for rule in rules]
        return replace(ambiguous(drafts, "'older than' may include the age itself"), requirement=read.required)

    def grouped(self, draft: Draft, group: Group) -> Draft:
        """What a parenthesis makes of what stands before it."""
        body = group.body
        if body.tails and body.body is None:
            result: Draft | None = draft
            index = 0
            while index < len(body.tails):
                tail = body.tails[index]
                if tail.has("FOR_GROUP"):
                    return draft  # taken by the alternative
                result, used = self.fold(result, tail, body.tails[index + 1 :], Inherited())
                index += 1 + used
            return result if result is not None else draft
        if body.body is None or _YEAR.fullmatch(self.text[group.start : group.end]):
            return draft
        if len(body.tails) == 1 and body.tails[0].has("ALLOWED", "EXCLUDED") and body.tails[0].body is None:
            named = self.listed(body.body, Inherited(), plain=True, any_=True)
            if named is not None and body.tails[0].has("ALLOWED") == (self.exclusion and not draft.requirement):
                return self.except_for(draft, named, group.start)
        special = self.shorter_for(draft, group)
        if special is not None:
            return special
        inside = self.listed(body.body, Inherited())
        if (
            inside is not None
            and len(body.tails) == 1
            and body.tails[0].has("FOR", "FOR_GROUP", "IF")
            and body.tails[0].body is not None
        ):
            limit = self.bare_limit(draft, body.body)
            condition = self.listed(body.tails[0].body, Inherited(), plain=True)
            if limit is not None and condition is not None:
                return replace(conditional(condition, limit, draft), requirement=draft.requirement)
        if body.tails or inside is None:
            inside = unread(self.text, group.start, group.end, "narrowing")
        if scored(draft) and scored(inside):
            return Draft(OnScales(parts=(draft.rule, inside.rule)), draft.start, group.end, (draft, inside))  # type: ignore[arg-type]
        if isinstance(draft.rule, Condition | Treatment | Sex) and inside.rule == draft.rule:
            return draft
        if _restates(draft.rule, inside.rule):
            return draft
        if isinstance(draft.rule, Condition) and isinstance(inside.rule, Measurement):
            entry = vocabulary().entry("measurement", inside.rule.analyte.name)
            narrow = all_of([draft, inside])
            if entry is not None and entry.facts.get("type") == "score":
                return narrow  # "heart failure (NYHA III or IV)"
            return ambiguous([narrow, inside], "a limit that may narrow the condition, or define it")
        if (
            isinstance(draft.rule, Measurement)
            and isinstance(inside.rule, Measurement)
            and draft.rule.analyte == inside.rule.analyte
        ):
            return ambiguous([draft, inside], "one limit given twice")
        if _OR_FIRST.match(self.text, group.start):
            return any_of([draft, inside])
        leaves = [leaf for leaf in inside.leaves() if not leaf.parts]
        if all(
            leaf.wholly_unread or (isinstance(leaf.rule, Condition | Treatment) and leaf.rule.concept.open)
            for leaf in leaves
        ):
            inner = self.text[group.start + 1 : group.end - 1]
            begin = group.start + 1 + len(inner) - len(inner.lstrip())
            return self.narrowed(draft, begin, begin + len(inner.strip()))
        return ambiguous(
            [all_of([draft, inside]), any_of([draft, inside]), draft],
            "what stands in parentheses may narrow, widen or explain",
        )

    def bare_limit(self, draft: Draft, read: ListRead) -> Draft | None:
        """A limit in parentheses for the analytes before it."""
        element = read.elements[0]
        if len(read.elements) != 1 or len(element.atoms) != 1:
            return None
        atom = element.atoms[0]
        if isinstance(atom, Group):
            return None
        if atom.type == "FACT" and isinstance(atom.value, Measured):
            return self.phrase(atom.value, None, None)
        names = [leaf.rule.analyte.name for leaf in draft.leaves() if isinstance(leaf.rule, Measurement)]
        if atom.type != "LIMIT" or not names or draft.rule.kind not in ("measurement", "all"):
            return None
        tokens = [
            Token("ANALYTE", vocabulary().entry("measurement", name), element.start, element.start)
            for name in dict.fromkeys(names)
        ]
        made = [
            measured_draft(Measured([t], [atom.value], False, [], element.start, element.end), self.context)
            for t in tokens
        ]
        return all_of(made)

    def shorter_for(self, draft: Draft, group: Group) -> Draft | None:
        """ "4 weeks since chemotherapy (6 weeks for nitrosoureas)"."""
        body = group.body
        if (
            body.body is None
            or len(body.body.elements) != 1
            or len(body.tails) != 1
            or not body.tails[0].has("FOR", "FOR_GROUP")
        ):
            return None
        atoms = body.body.elements[0].atoms
        atom = atoms[0]
        if len(atoms) != 1 or isinstance(atom, Group):
            return None
        if atom.type == "FACT" and isinstance(atom.value, AgeRead) and atom.value.bare:
            atom = Token("TIME_LIMIT", atom.value.bounds, atom.start, atom.end)
        if atom.type not in ("TIME_LIMIT", "SINCE_WINDOW", "WINDOW"):
            return None
        inner = [leaf for leaf in draft.leaves() if isinstance(leaf.rule, Treatment) and leaf.rule.window is not None]
        special = self.listed(body.tails[0].body, Inherited(), any_=True) if body.tails[0].body else None
        if (
            len(inner) != 1
            or special is None
            or not all(isinstance(l.rule, Treatment) for l in special.leaves() if not l.parts)
        ):
            return None
        treatment = inner[0].rule
        assert isinstance(treatment, Treatment) and treatment.window is not None
        if atom.type == "TIME_LIMIT":
            bounds: Bounds = atom.value
            quantity = bounds.low or bounds.high
            if quantity is None or not quantity.time:
                return None
            start = Duration(value=quantity.value, unit=quantity.unit)  # type: ignore[arg-type]
        elif (
            isinstance(atom.value, WindowRead)
            and len(atom.value.windows) == 1
            and atom.value.windows[0].start is not None
        ):
            start = atom.value.windows[0].start
        else:
            return None
        window = treatment.window.model_copy(update={"start": start})
        leaves = [leaf for leaf in special.leaves() if isinstance(leaf.rule, Treatment)]
        longer = [
            Draft(
                treatment.model_copy(update={"concept": leaf.rule.concept, "window": window}),
                leaf.start,
                leaf.end,
                open=leaf.open,
            )
            for leaf in leaves
            if isinstance(leaf.rule, Treatment)
        ]
        if _days(start) >= _days(treatment.window.start):
            found = any_of([inner[0], *longer], (draft.start, group.end))
            return negated(found) if draft.rule.kind == "not" else found
        usual = Draft(
            treatment.model_copy(update={"exceptions": (*treatment.exceptions, *(leaf.rule for leaf in leaves))}),
            inner[0].start, inner[0].end, tuple(leaves), inner[0].open,
        )  # fmt: skip
        found = any_of([usual, *longer], (draft.start, group.end))
        return negated(found) if draft.rule.kind == "not" else found


_DAYS = {"hours": 1 / 24, "days": 1.0, "weeks": 7.0, "months": 30.4, "years": 365.2}


def _days(duration: Duration | None) -> float:
    """About how many days; only to tell the longer of two."""
    return float("inf") if duration is None or duration.unit not in _DAYS else duration.value * _DAYS[duration.unit]


def _apart_tails(tails: Sequence[Tail]) -> list[Tail]:
    """ "... is allowed if ...": two tails, though nothing stands between them."""
    found: list[Tail] = []
    for tail in tails:
        kinds = tail.kinds
        while len(kinds) > 1 and kinds[0].type in ("ALLOWED", "EXCLUDED", "JUDGED", "REGARDLESS"):
            found.append(Tail(kinds[:1], None, kinds[0].start, kinds[0].end))
            kinds = kinds[1:]
        found.append(Tail(kinds, tail.body, kinds[0].start, tail.end))
    return found


def _elliptic(items: list[_Item], index: int) -> bool:
    """Whether the noun may itself be short of a head that is said later: "drug or alcohol abuse"."""
    noun = items[index].core
    return isinstance(noun, Noun) and any(
        isinstance(item.core, Noun) and item.core.kinds and item.core.kinds != noun.kinds
        for item in items[index + 1 : index + 2]
    )


def _anchored(noun: Noun, read: WindowRead) -> bool:
    """Give the window of a noun the anchor that is said later; false where there is none to give."""
    behind = noun.behind[-1] if noun.behind else None
    if behind is None or behind.type != "WINDOW" or len(behind.value.windows) != 1 or len(read.windows) != 1:
        return False
    near, point = behind.value.windows[0], read.windows[0]
    if (
        near.start is None
        or near.end is None
        or near.end.value != -near.start.value
        or point.start is not None
        or point.end is None
        or point.end.value
    ):
        return False
    window = near.model_copy(update={"end": point.end, "end_inclusive": True, "anchor": point.anchor})
    noun.behind[-1] = Token("WINDOW", WindowRead((window,)), behind.start, behind.end)
    return True


def _person(item: _Item) -> bool:
    """Whether an item begins with the people that it is about."""
    return isinstance(item.core, Noun) and item.core.kinds <= _PEOPLE and bool(item.core.kinds)


def _all_people(read: ListRead) -> bool:
    """Whether a list names nothing but groups of people."""
    return all(
        not element.negations
        and all(
            not isinstance(atom, Group)
            and atom.type == "FACT"
            and isinstance(atom.value, Noun)
            and atom.value.kinds <= _PEOPLE
            for atom in element.atoms
        )
        for element in read.elements
    )


def _restates(rule: Rule, inside: Rule) -> bool:
    """Whether what stands in parentheses says no more than what stands before it."""
    for cls, kind in ((Condition, "condition"), (Treatment, "treatment")):
        if (
            isinstance(rule, cls)
            and isinstance(inside, cls)
            and not inside.qualifiers
            and inside.window is None
            and not inside.exceptions
        ):
            if inside.concept == rule.concept:
                return True
            return (
                not inside.concept.open
                and not rule.concept.open
                and vocabulary().is_a(kind, rule.concept.name, inside.concept.name)
            )  # type: ignore[arg-type]
    return False


def _person_rule(rule: Rule) -> bool:
    """Whether it is said of a person as such."""
    return isinstance(rule, Sex | Age | PatientAttribute | Constant)


def _analytes(draft: Draft) -> frozenset[str]:
    """The analytes of a draft that is made of measurements alone."""
    leaves = [leaf.rule for leaf in draft.leaves() if not leaf.parts]
    if not all(isinstance(rule, Measurement) for rule in leaves):
        return frozenset()
    return frozenset(rule.analyte.name for rule in leaves if isinstance(rule, Measurement))


def is_open_phrase(text: str) -> bool:
    """Whether words can be a concept, or a qualifier, of their own: at most six, none of them a number, a comparator, a
    negation or a connective."""
    found = keys(text)
    return (
        0 < len(found) <= MAXIMUM_OPEN_WORDS
        and not any(c in text for c in "<>≤≥=%/;:()[]")
        and not any(word in _CLOSED or word.isdigit() for word in found)
        and not all(word in function_words() for word in found)
    )


def _unrelated(item: Draft, targets: Sequence[Draft]) -> bool:
    """Whether nothing says that an item of unknown words is of the kind that it would be an exception to."""
    if item.wholly_unread:
        return True
    return (
        isinstance(item.rule, Condition | Treatment)
        and item.rule.concept.open
        and all(t.rule.kind != item.rule.kind for t in targets)
    )


def _apart(item: Draft, targets: Sequence[Draft]) -> bool:
    """Whether an excepted item is surely no kind of any of the targets."""
    rule = item.rule
    if not isinstance(rule, Condition | Treatment) or rule.concept.open:
        return False
    kind = "condition" if isinstance(rule, Condition) else "treatment"
    same = [t.rule for t in targets if t.rule.kind == rule.kind]
    if not same:
        return True
    return (
        not any(
            t.concept.open or vocabulary().is_a(kind, rule.concept.name, t.concept.name)  # type: ignore[arg-type, union-attr]
            for t in same
        )
        and "in situ" not in rule.concept.name
    )


def excepting(draft: Draft, items: Sequence[Draft]) -> Draft:
    """The same draft, each fact in it without what is excepted."""
    if isinstance(draft.rule, Condition | Treatment | Allergy):
        fitting = [
            item
            for item in items
            if isinstance(item.rule, type(draft.rule)) or not isinstance(item.rule, Condition | Treatment)
        ]
        others = [item for item in items if item not in fitting]
        chosen = [*fitting, *others]
        rule = draft.rule.model_copy(update={"exceptions": (*draft.rule.exceptions, *(item.rule for item in chosen))})
        end = max([draft.end, *(item.end for item in chosen)])
        return Draft(rule, draft.start, end, (*draft.parts, *chosen), draft.open, draft.requirement)
    if not draft.parts:
        return draft
    parts = tuple(excepting(part, items) for part in draft.parts)
    return rebuilt(draft, parts)


def rebuilt(draft: Draft, parts: tuple[Draft, ...]) -> Draft:
    """The same draft with other parts."""
    rules = tuple(part.rule for part in parts)
    rule = draft.rule
    match rule.kind:
        case "all" | "any" | "at_least" | "on_scales":
            new = rule.model_copy(update={"parts": rules})
        case "not" | "for_arms":
            new = rule.model_copy(update={"part": rules[0]})
        case "conditional":
            new = rule.model_copy(update={"when": rules[0], "then": rules[1], "otherwise": rules[2]})
        case "ambiguous":
            new = rule.model_copy(update={"readings": rules})
        case _:
            return draft
    end = max([draft.end, *(part.end for part in parts)])
    return replace(draft, rule=new, parts=parts, end=end)


def targets_of(main: Draft) -> list[Condition]:
    """The conditions in a draft."""
    return [leaf.rule for leaf in main.leaves() if isinstance(leaf.rule, Condition)]


def _earlier(leaf: Draft, targets: Sequence[Condition]) -> bool:
    """Whether it is the earlier form of what is asked to be present now."""
    rule = leaf.rule
    return (
        isinstance(rule, Condition)
        and rule.time == "ever"
        and any(t.concept == rule.concept and t.time == "now" for t in targets)
    )


def _agreements(draft: Draft) -> bool:
    """Whether it is made of what patients agree to, or need not."""
    return all(isinstance(leaf.rule, Statement | PatientAttribute) for leaf in draft.leaves() if not leaf.parts)


def _within_commas(body: ListRead, tail: Tail) -> tuple[ListRead, Tail]:
    """ "Surgery, other than for diagnosis, within 28 days, or ...": what follows the exception goes on with the list."""
    read = tail.body
    assert read is not None
    at = next(
        (
            i
            for i, e in enumerate(read.elements)
            if i and len(e.atoms) == 1 and not e.negations and _is_window(e.atoms[0])
        ),
        None,
    )
    if at is None:
        return body, tail
    kept = ListRead(read.elements[:at], read.separators[: at - 1], read.start, read.elements[at - 1].end)
    last = body.elements[-1]
    window = read.elements[at]
    elements = [
        *body.elements[:-1],
        Element(last.negations, [*last.atoms, *window.atoms], last.start, last.end),
        *read.elements[at + 1 :],
    ]
    return ListRead(elements, [*body.separators, *read.separators[at:]], body.start, read.end), Tail(
        tail.kinds, kept, tail.start, kept.end
    )


def _names_disease(body: ListRead) -> bool:
    """Whether a list is the name of a disease alone: a label."""
    atoms = body.elements[0].atoms
    if (
        len(body.elements) != 1
        or len(atoms) != 1
        or body.elements[0].negations
        or isinstance(atoms[0], Group)
        or atoms[0].type != "FACT"
    ):
        return False
    noun = atoms[0].value
    return isinstance(noun, Noun) and noun.kinds == {"CONDITION"} and not noun.before and not noun.behind


def _is_window(atom: Token | Group) -> bool:
    return not isinstance(atom, Group) and atom.type == "WINDOW" and bool(atom.value.windows)


def _lift_window(read: ListRead, main: ListRead, excepting: bool) -> WindowRead | None:
    """A window at the very end of a tail, where what the tail is about has none: "such as A or B within 14 days"."""
    atoms = read.elements[-1].atoms
    last = atoms[-1]
    if _is_window(last) and last.value.planned:  # type: ignore[union-attr]
        return None
    if _is_window(last) and len(atoms) == 1 and len(read.elements) > 1:
        read.elements.pop()
        read.separators.pop()
        read.end = read.elements[-1].end
        return last.value  # type: ignore[union-attr, no-any-return]
    if excepting and len(read.elements) > 1:
        return None
    if any(not isinstance(a, Group) and a.type in ("WINDOW", "SINCE_WINDOW") for e in main.elements for a in e.atoms):
        return None
    if len(atoms) > 1 and not isinstance(last, Group) and last.type == "WINDOW" and last.value.windows:
        atoms.pop()
        read.elements[-1].end = read.end = atoms[-1].end
        return last.value  # type: ignore[no-any-return]
    if isinstance(last, Token) and last.type == "FACT" and isinstance(last.value, Noun):
        behind = last.value.behind
        if behind and behind[-1].type == "WINDOW" and behind[-1].value.windows:
            return behind.pop().value  # type: ignore[no-any-return]
    return None


def _windowed(draft: Draft, read: WindowRead) -> Draft | None:
    """The same draft with each condition and treatment in it within the window; None where it has another one."""
    if isinstance(draft.rule, Condition | Treatment):
        if draft.rule.window is not None:
            return draft
        made = [replace(draft, rule=draft.rule.model_copy(update={"window": window})) for window in read.windows]
        return made[0] if len(made) == 1 else any_of(made) if read.longer else all_of(made)
    if not draft.parts:
        return draft
    parts = [_windowed(part, read) for part in draft.parts]
    if any(part is None for part in parts):
        return None
    return rebuilt(draft, tuple(part for part in parts if part is not None))


def _own_statement(rule: Rule) -> bool:
    """Whether a negation before the first of a list is not meant of it: "no metastases and able to ..."."""
    if isinstance(rule, PatientAttribute):
        return rule.attribute in ("consent", "contraception")
    return isinstance(rule, Statement | Measurement | Age)


def _wanted(rule: Rule) -> bool:
    if isinstance(rule, PatientAttribute):
        return rule.attribute in ("consent", "contraception")
    if isinstance(rule, Condition):
        return rule.concept.name == "measurable disease"
    if isinstance(rule, Treatment):
        return vocabulary().is_a("treatment", rule.concept.name, "vaccine")
    return isinstance(rule, Statement)


def _pregnancy(rule: Rule) -> bool:
    return isinstance(rule, PatientAttribute) and rule.attribute in ("pregnant", "breastfeeding")


def _fits(frame: Token, noun: Noun) -> bool:
    """Whether a frame that was said of the first of a list can be meant of this one."""
    if frame.type in _OF_TREATMENTS:
        return noun.kinds <= {"TREATMENT"}
    if frame.type in ("DIAGNOSIS", "PRESENCE"):
        return noun.kinds <= {"CONDITION"}
    if frame.type in ("POSITIVE", "NEGATIVE"):
        return noun.kinds <= {"ANALYTE", "CONDITION"}
    if frame.type == "OTHER":
        return False
    return True


def _between(kept: list[int], separators: list[str]) -> list[str]:
    """What stands between the items that were kept: the strongest of the connectives between two of them."""
    found = []
    for a, b in zip(kept, kept[1:], strict=False):
        run = separators[a:b]
        found.append(next((s for s in reversed(run) if s != "COMMA"), run[0] if run else "COMMA"))
    return found


def _words(separators: list[str]) -> set[str]:
    return set(separators)


def _runs(drafts: list[Draft], separators: list[str], binding: set[str]) -> list[list[Draft]]:
    runs = [[drafts[0]]]
    for separator, draft in zip(separators, drafts[1:], strict=True):
        if separator in binding:
            runs[-1].append(draft)
        else:
            runs.append([draft])
    return runs


def _as_registered(limit: Limit, context: Context) -> list[Limit]:
    """ "Older than 18", "younger than 75": at exactly that age the record decides; without one both readings stand."""
    readings = [limit]
    ends = (("low", context.minimum_age, context.maximum_age), ("high", context.maximum_age, context.minimum_age))
    for end, own, opposite in ends:
        value, inclusive = getattr(limit, end), getattr(limit, f"{end}_inclusive")
        if value is None or inclusive:
            continue
        record = opposite if context.exclusion else own
        closed = [r.model_copy(update={f"{end}_inclusive": True}) for r in readings]
        if record is None or record.unit != "years":
            readings = [*readings, *closed]
        elif (record.value == value) != context.exclusion:
            readings = closed
    return readings


def is_constant(draft: Draft) -> bool:
    """Whether it holds of everybody or of nobody."""
    return isinstance(draft.rule, Constant)


__all__ += ["Ambiguous", "Entry", "is_constant", "rebuilt"]
