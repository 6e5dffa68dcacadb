"""A sentence of phrases -> the draft of one rule: lists, negations, exceptions, conditions, requirements, permissions.

What a connective is, is in the grammar; what it makes of the phrases beside it, is in
:mod:`~eligibility.reading.composing`. Where the words leave the role of something open, the result is unknown rather
than a guess (narrowing, widening, unclear).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from eligibility.knowledge import words
from eligibility.knowledge.qualifiers import Qualifier
from eligibility.knowledge.vocabulary import ANY_DRUG, ANY_TREATMENT, Entry, vocabulary
from eligibility.reading.composing import lists
from eligibility.reading.composing.absences import time_behind_aside
from eligibility.reading.composing.clauses import (
    clause_behind,
    clause_of_people,
    dated_last,
    what_cannot_be,
    with_causes,
)
from eligibility.reading.composing.defined_items import defined_items
from eligibility.reading.composing.exceptions import except_for, excepting, spared_as_judged, spared_for
from eligibility.reading.composing.if_so import NEEDED
from eligibility.reading.composing.judgements import judgement
from eligibility.reading.composing.labels import (
    LABEL_OR_ASKED,
    any_of_its_kinds,
    asked_of,
    colon,
    limits_of_people,
    lists_others,
    names_again,
)
from eligibility.reading.composing.lead_ins import is_lead
from eligibility.reading.composing.own_limits import AT_ONCE, limits_by_group, limits_some, own_limit, people_and_limit
from eligibility.reading.composing.permissions import permission
from eligibility.reading.composing.qualifying import narrowed
from eligibility.reading.composing.requirements import asked_of_them, is_of_some, must, of_the_same
from eligibility.reading.composing.tails import fold
from eligibility.reading.composing.terms import (
    FRAMES,
    Composing,
    Inherited,
    StatementRead,
    all_people,
    names_people,
    says_how_it_is,
)
from eligibility.reading.composing.windows import (
    WINDOW_REACHES,
    first_clause,
    is_theirs_alone,
    lift_window,
    of_beginning,
    takes_window,
    windowed,
    within_commas,
    without_window,
)
from eligibility.reading.context import Context
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    conditional,
    contrary,
    each_leaf,
    for_those,
    negated,
    unread,
)
from eligibility.reading.lexing.tokens import EITHER, Token
from eligibility.reading.patterns import PERSONS
from eligibility.reading.phrases import Noun
from eligibility.reading.quantities import WindowRead
from eligibility.reading.sentences import Element, Group, ListRead, Sentence, Tail, parted_tails
from eligibility.rules import (
    Age,
    Allergy,
    Condition,
    Constant,
    Finding,
    Measurement,
    Not,
    PatientAttribute,
    Rule,
    Sex,
    Statement,
    Treatment,
)

__all__ = ["compose", "without_those"]


def compose(
    sentence: Sentence, context: Context, inherited: Inherited | None = None, people: Sequence[int] = ()
) -> Draft | None:
    """The draft that a sentence means; None where it holds nothing. ``people``: where it names those whom it is about.

    :raises Refused: its parts do not go together
    """
    return _Composer(context, tuple(people)).sentence(sentence, inherited or Inherited())


def without_those(main: Draft, excepted: Draft, start: int, context: Context) -> Draft:
    """What a lead-in says, without what the bullets under it except; ``start``: where it says that they do."""
    if any(isinstance(leaf.rule, Condition | Treatment | Allergy) for leaf in main.leaves()):
        return excepting(main, excepted.parts if excepted.rule.kind == "any" else (excepted,))
    return except_for(_Composer(context), main, excepted, start)


class _Composer(Composing):
    """See :class:`~eligibility.reading.composing.terms.Composing`."""

    def literally(self) -> Composing:
        return _Composer(self.context.under(exclusion=False), self.people)

    def excluding(self) -> Composing:
        return _Composer(self.context.under(exclusion=True), self.people)

    def within_exception(self) -> Composing:
        return _Composer(self.context, self.people, excepting=True)

    def sentence(self, sentence: Sentence, inherited: Inherited) -> Draft | None:
        return _sentence(self, sentence, inherited)

    def listed(
        self, read: ListRead, inherited: Inherited, *, top: bool = False, plain: bool = False, any_: bool | None = None
    ) -> Draft | None:
        return lists.listed(self, read, inherited, top=top, plain=plain, any_=any_)

    def fold(
        self, main: Draft | None, tail: Tail, following: Sequence[Tail], inherited: Inherited
    ) -> tuple[Draft | None, int]:
        return fold(self, main, tail, following, inherited)


def _sentence(here: Composing, sentence: Sentence, inherited: Inherited) -> Draft | None:
    """Fold the tails of a sentence over its list, from left to right."""
    tails = _listed_behind_colon(here, with_causes(here, what_cannot_be(here, parted_tails(sentence.tails))))
    body = sentence.body
    if body is None and tails and (saved := _following_allowed(tails[0])) is not None:
        body, tails = saved.body, [*saved.tails, *tails[1:]]
    if tails and (against := _set_against_denied(here, body, tails, inherited)) is not None:
        return against
    if tails and (several := _of_several(here, sentence, tails, inherited)) is not None:
        return several
    if body is not None and len(tails) == 1 and (others := _others_behind(here, body, tails[0], inherited)) is not None:
        return others
    if body is not None and (denying := _denying_first(here, body)) is not None:
        body, tails = None, [denying, *tails]
    if body is None:
        return _without_list(here, tails, inherited)
    if not tails:
        return here.listed(body, inherited, top=True, any_=inherited.any_ or None)
    if (timed := time_behind_aside(here, body, tails[0])) is not None:
        body, tails = timed[0], [timed[1], *tails[1:]]
    first = tails[0]
    if first.has("MUST", "MUST_NOT") and first.body is not None and (when := _time_alone(body)) is not None:
        return _asked_then(here, body, when, tails, inherited)
    if first.has("ANY_OF", "ALL_OF") and (given := _lead_in(body)) is not None:
        led = _of_following(here, given, tails, inherited)
        if led is not None:
            return led
    if first.has("EXCEPT") and first.body is not None:
        body, first = within_commas(body, first)
        tails[0] = first
    if first.has("ALLOWED") and len(body.elements) > 1 and set(body.separators[-1:]) <= {"COMMA", "SEMI"}:
        return _last_allowed(here, body, tails, inherited)
    if first.has("EXCLUDED") and (apart := _excluded_behind_diagnosis(here, body, tails, inherited)) is not None:
        return apart
    if first.kinds[0].type == "COLON" and _names_disease(body):
        return _labelled(here, body, tails, inherited)
    if len(tails) > 1 and (asked := _asked_behind_label(here, body, tails, inherited)) is not None:
        return asked
    if first.has("COLON", "DASH") and first.body is not None and (given := _lead_in(body)) is not None:
        return _folded(here, colon(here, None, first, first.body, given), tails[1:], inherited)
    if first.kinds[0].type == "COLON" and (besides := _led_last(here, body, tails, inherited)) is not None:
        return besides
    if first.kinds[0].type in _BEFORE_CLAUSE and (both := _two_clauses(here, body, tails, inherited)) is not None:
        return both
    if first.kinds[0].type == "DEFINED":
        if (both := _denied_again(here, body, tails, inherited)) is not None:
            return both
        last = next((i for i, tail in enumerate(tails) if tail.kinds[0].type != "DEFINED"), len(tails))
        if (several := defined_items(here, body, tails[:last], inherited)) is not None:
            return _folded(here, several, tails[last:], inherited)
    lifted: WindowRead | None = None
    dated = first.has("INCLUDING", "FOR", "DUE_TO", "EXCEPT") and tails[-1].body is not None and not _asks(tails[-1])
    dated = dated and "SEMI" not in body.separators  # "steroids; a washout is required for those on A within 3 months"
    if dated and tails[-1].body is not None and clause_of_people(here, tails[-1]) is None:
        lifted = lift_window(first_clause(tails[-1], tails[-1].body), body, tails[-1].has("EXCEPT"))
        if lifted is None and len(tails) > 1 and first.body is not None:
            if first.has("EXCEPT") and tails[1].has("EXCEPT"):
                lifted = lift_window(first.body, body, True)  # "other than A in the past 5 years, excluding B"
            elif first.has("FOR") and tails[1].has("INCLUDING"):
                lifted = lift_window(first.body, body, False)  # "drugs for A in the past 5 years, including B"
    if lifted is None and len(tails) > 1 and first.has("INCLUDING") and not tails[1].has("INCLUDING"):
        # "A, including B, within 4 weeks, unless C"
        lifted = lift_window(first.body, body, False) if first.body is not None else None
    if lifted is not None:
        lifted = of_beginning(lifted, here.text, body.start)
    union = first.has("MUST", "MUST_NOT") and not str(first.kinds[0].value).startswith("joined:")
    plain = union and not here.exclusion  # those of whom something is asked, not what is asked
    main = here.listed(
        body, inherited, top=True, plain=plain, any_=inherited.any_ or (union and all_people(body)) or None
    )
    inside = main
    if lifted is not None and inside is not None:
        main = windowed(inside, lifted)
        if main is None:
            return unread(here.text, inside.start, tails[-1].end)
        if is_theirs_alone(inside, tails[-1]):
            tails = [*tails[:-1], without_window(tails[-1])]
    if (
        main is not None
        and len(tails) > 1
        and first.has("UNLESS")
        and tails[1].has("MUST")
        and first.body is not None
        and own_limit(here, main, first, tails[1:]) is None
    ):
        spared = here.listed(first.body, Inherited(), plain=True)
        if spared is not None:
            main, tails = all_of([main, negated(spared)]), tails[1:]
    if lifted is None:
        return _folded(here, main, tails, inherited)
    end = tails[-1].end
    if main is not None and not any(isinstance(leaf.rule, Statement | PatientAttribute) for leaf in main.innermost()):
        tails = [replace(tail, end=tail.body.end) if tail.body is not None else tail for tail in tails]
    folded = _folded(here, main, tails, inherited)
    main = windowed(folded, lifted) if folded is not None else None
    if main is not None and inside is not None and (own := _example_alone(here, inside, tails, inherited, lifted)):
        main = ambiguous([main, own], WINDOW_REACHES)
    return replace(main, end=max(main.end, end)) if main is not None else None


def _example_alone(
    here: Composing, main: Draft, tails: Sequence[Tail], inherited: Inherited, read: WindowRead
) -> Draft | None:
    """ "Severe heart disease, including an infarction within 6 months", the infarction alone within them; None where
    no disease has examples: "steroids, such as prednisone, within 6 months" says when either was given."""
    examples = tails[0].body if tails[0].has("INCLUDING") and len(tails) == 1 else None
    if examples is None:
        return None
    diseases = all(isinstance(leaf.rule, Condition) for leaf in main.innermost())
    if not (diseases or _PRIOR_EXAMPLE.match(here.low, tails[0].start)):
        return None
    if here.text.startswith(",", examples.end):
        return None  # "heart disease, including an infarction, within 6 months"
    start = examples.start
    both = _folded(here, main, tails, inherited)
    return each_leaf(both, lambda leaf: windowed(leaf, read) or leaf if leaf.start >= start else leaf) if both else None


_PRIOR_EXAMPLE: Final = re.compile(  # "no prior A, including prior B in the last 30 days"
    r"(?:including|such\s+as)\s+(?:any\s+)?(?:prior|previous|recent)\b"
)


def _others_behind(here: Composing, body: ListRead, tail: Tail, inherited: Inherited) -> Draft | None:
    """ "Women without contraception, or men unwilling to use it": what excludes others is not denied of the first; None
    where no others are named."""
    read = tail.body
    if not here.exclusion or read is None or tail.kinds[0].type != "WITHOUT":
        return None
    at = next((i for i, each in enumerate(read.elements) if i and _is_people(each.atoms[0])), 0)
    if not at or read.separators[at - 1] not in EITHER:
        return None
    denied, rest = read.parted(at)
    first = here.sentence(Sentence(body, [replace(tail, body=denied, end=denied.end)]), inherited)
    second = here.listed(rest, inherited)
    return any_of([first, second]) if first is not None and second is not None else None


def _denying_first(here: Composing, body: ListRead) -> Tail | None:
    """ "(Patients) without asthma who smoke": what is denied first, where more than that is said of them."""
    first = body.elements[0]
    if [token.type for token in first.negations] != ["WITHOUT"]:
        return None
    verb = first.negations[0]
    bare = replace(first, negations=[], start=first.atoms[0].start)
    read = ListRead([bare, *body.elements[1:]], body.separators, bare.start, body.end, body.serial)
    tail = Tail([verb], read, verb.start, read.end)
    return tail if clause_of_people(here, tail) is not None else None


def _following_allowed(tail: Tail) -> Sentence | None:
    """ "The following are allowed: A, B", as "A or B are allowed", and so of what is excluded; "the following are
    exceptions: A", as "except A"."""
    kinds = [kind.type for kind in tail.kinds if kind.type not in ("COLON", "DASH")]
    if tail.body is None or len(kinds) != 2 or kinds[0] not in ("ALL_OF", "ANY_OF"):
        return None
    said = next(kind for kind in tail.kinds if kind.type == kinds[1])
    if said.type == "EXCLUDED" and tail.kinds[0].said.startswith(("all ", "both ", "each ")):
        return None  # whoever has any of them, or who has them all
    if said.type in ("ALLOWED", "EXCLUDED"):
        either = {*tail.body.separators} <= {"COMMA", "SEMI"} or said.type == "EXCLUDED"
        read = replace(tail.body, separators=["OR"] * len(tail.body.separators)) if either else tail.body
        return Sentence(read, [Tail([said], None, said.start, tail.end)])
    return Sentence(None, [replace(tail, kinds=[said])]) if said.type == "EXCEPT" else None


def _set_against_denied(
    here: Composing, body: ListRead | None, tails: Sequence[Tail], inherited: Inherited
) -> Draft | None:
    """ "Asthma without wheezing but with cough": what is denied, and what is there for all that."""
    last = tails[-1]
    if last.body is None or "BUT" not in last.body.separators or last.kinds[0].type not in ("NOT", "NO", "WITHOUT"):
        return None
    denied, rest = last.body.parted(last.body.separators.index("BUT") + 1)
    first = here.sentence(Sentence(body, [*tails[:-1], replace(last, body=denied, end=denied.end)]), inherited)
    second = here.listed(rest, Inherited())
    if first is None or second is None or (here.exclusion and first.requirement is not second.requirement):
        return unread(here.text, first.start if first is not None else last.start, last.end)
    return replace(all_of([first, second]), requirement=first.requirement)


_INCLUDING_THOSE: Final = re.compile(rf"includ\w+\s+(?:but\s+not\s+limited\s+to\s+)?(?:those|{PERSONS})\b")
_BEFORE_CLAUSE: Final = frozenset(("FOR", "DUE_TO", "INCLUDING"))


def _two_clauses(here: Composing, body: ListRead, tails: Sequence[Tail], inherited: Inherited) -> Draft | None:
    """ "A for B and have received C", "A including B, or has had C": two things, of which the second is no purpose, and
    no example; None where it is one."""
    tail = tails[0]
    at = 0
    if tail.body is not None and not _INCLUDING_THOSE.match(here.low, tail.start):
        at = clause_behind(here.low, tail.body, of_cause=tail.has("DUE_TO"), with_verb=tail.has("INCLUDING"))
    if not at or tail.body is None or any(element.negations for element in body.elements):
        return None
    if _RELATIVE.search(here.low, body.start, tail.start):
        return None  # "a disease that is an indication for B or has led to C"
    purpose, rest = tail.body.parted(at)
    joint = tail.body.separators[at - 1]
    if not {*body.separators, *rest.separators} <= {joint, "COMMA"} or (joint == "COMMA" and body.separators):
        return None
    first = here.sentence(Sentence(body, [replace(tail, body=purpose, end=purpose.end)]), inherited)
    second = here.sentence(Sentence(rest, list(tails[1:])), Inherited())
    if first is None or second is None or second.wholly_unread or first.requirement or second.requirement:
        return None
    pair = [first, second]
    window = dated_last(rest)
    if window is not None and takes_window(first) and (then := windowed(first, window)) is not None:
        both = [_joined(here, [each, second], joint) for each in (then, first)]
        return ambiguous(both, "a window of two clauses, or of the last")
    return _joined(here, pair, joint)


_RELATIVE: Final = re.compile(r"\b(?:that|which)\b")


def _denied_again(here: Composing, body: ListRead, tails: Sequence[Tail], inherited: Inherited) -> Draft | None:
    """ "No A, as confirmed by B, and no C": neither A nor C; None where what is said of A goes on to the end."""
    read = tails[0].body
    if read is None or not body.elements[0].negations:
        return None
    at = next((i for i, element in enumerate(read.elements) if element.negations), 0)
    if not at or read.separators[at - 1] not in ("AND", "COMMA", "SEMI"):
        return None
    how, rest = read.parted(at)
    first = here.sentence(Sentence(body, [replace(tails[0], body=how, end=how.end)]), inherited)
    second = here.sentence(Sentence(rest, list(tails[1:])), Inherited())
    return _joined(here, [first, second], read.separators[at - 1]) if first is not None and second is not None else None


def _joined(here: Composing, pair: Sequence[Draft], joint: str) -> Draft:
    """Two clauses, as what stands between them joins them."""
    if joint == "AND" and here.exclusion:
        return ambiguous([all_of(pair), any_of(pair)], "'and' between two clauses that exclude")
    return all_of(pair) if joint == "AND" or (joint == "COMMA" and not here.exclusion) else any_of(pair)


def _asks(tail: Tail) -> bool:
    """Whether a tail is a clause of its own, so that a window that closes it is of what that clause asks."""
    return tail.has("MUST", "MUST_NOT", "IF", "UNLESS")


def _of_several(here: Composing, sentence: Sentence, tails: Sequence[Tail], inherited: Inherited) -> Draft | None:
    """ "Men must A and women must B": what is asked of some, and what of others; None where it is asked of the same."""
    for at, tail in enumerate(tails):
        read = tails[at - 1].body if at else sentence.body
        if read is None or not tail.has("MUST", "MUST_NOT") or not _names_others(here, read, first=not at):
            continue
        if at and not tails[at - 1].has("MUST", "MUST_NOT"):
            continue
        own, others = read.parted(len(read.elements) - 1)
        before = [*tails[: at - 1], replace(tails[at - 1], body=own, end=own.end)] if at else []
        first = here.sentence(Sentence(sentence.body if at else own, before), inherited)
        second = here.sentence(Sentence(others, list(tails[at:])), Inherited())
        found = [draft for draft in (first, second) if draft is not None]
        if here.exclusion and not all(draft.requirement for draft in found):
            return unread(here.text, found[0].start, found[-1].end)
        return all_of(found) if found else None
    return None


def _names_others(here: Composing, read: ListRead, *, first: bool) -> bool:
    """Whether a list ends in people behind something else: "a score of 2 and women", but not "men and women".

    ``first``: it begins the sentence, so that people before may share its verb, "those with A and those with B must".
    """
    if len(read.elements) < 2 or read.separators[-1] not in ("AND", "COMMA", "SEMI"):
        return False
    last, before = read.elements[-1], read.elements[-2]
    if any(map(_begins_with_people, read.elements[:-1])):
        return False
    named = any(before.end <= start <= last.start for start in here.people)
    if first and named and any(start <= read.start for start in here.people):
        return False
    return named or _is_people(last.atoms[0])


def _begins_with_people(element: Element) -> bool:
    """Whether it is people, or those of whom a word says what they are: "sexually active men"."""
    first, last = element.atoms[0], element.atoms[-1]
    said = isinstance(first, Token) and isinstance(first.value, StatementRead)
    return _is_people(first) or (said and _is_people(last))


def _is_people(atom: Token | Group) -> bool:
    return isinstance(atom, Token) and names_people(atom.value)


_WHY: Final = re.compile(
    r"because\b|in order to|to (?:ensure|avoid|minimi[sz]e)|so as to|for safety reasons", re.IGNORECASE
)
_CLAUSES: Final = ("MUST", "MUST_NOT", "EXCEPT", "UNLESS", "ALLOWED")


def _explains(here: Composing, tail: Tail) -> bool:
    """Whether it says why something is asked for, not what: "... because the drug harms the foetus"."""
    return tail.has("REGARDLESS") and _WHY.match(here.text, tail.start) is not None


def _is_any_treatment(rule: Rule) -> bool:
    """Whether it names no treatment, so that what it is given for is all that tells which: "therapy to ensure B"."""
    if not isinstance(rule, Treatment):
        return False
    return rule.concept.open or rule.concept.name in (ANY_DRUG, ANY_TREATMENT)


def _folded(here: Composing, main: Draft | None, tails: Sequence[Tail], inherited: Inherited) -> Draft | None:
    """What all the tails make of what precedes them; a requirement takes those up to the next verb with it."""
    index = 0
    before_exception: Draft | None = None
    while index < len(tails):
        tail = tails[index]
        following = tails[index + 1 :]
        if main is not None and (instead := _or_for_some(here, main, tails[index:])) is not None:
            return instead
        if main is not None and _explains(here, tail) and not any(later.has(*_CLAUSES) for later in following):
            return narrowed(here, main, tail.start, tails[-1].end) if _is_any_treatment(main.rule) else main
        if main is not None and following and (apart := limits_by_group(here, main, tail, following[0])) is not None:
            main = apart
            index += 2
            continue
        if tail.has("MUST", "MUST_NOT") and tail.body is not None and following:
            reach = next(
                (
                    i
                    for i, t in enumerate(following)
                    if t.has("MUST", "MUST_NOT", "EXCLUDED", "ALLOWED") or _asks_besides(here, following[i:])
                ),
                len(following),
            )
            main = must(here, main, tail, following[:reach])
            index += 1 + reach
            continue
        if tail.has("REGARDLESS") and tail.body is not None and len(following) == 1 and main is not None:
            last = following[0]
            if last.has("ALLOWED") and last.body is None and not isinstance(main.rule, Not):
                return _although(here, main, tail, last)
        if tail.has("ALLOWED") and index and tail.body is None and not following:
            if any(before.has("EXCEPT") for before in tails[:index]):
                main = _allowed_but_for(here, main, tails[:index], tail) if main is not None else None
                index += 1
                continue
            if tails[index - 1].has("UNLESS", "IF") and main is not None:
                main = unread(here.text, main.start, tail.end)
                index += 1
                continue
        if main is not None and not here.exclusion and _excludes_excepted(here, tails[:index], tail):
            main = unread(here.text, main.start, tail.end)
            index += 1
            continue
        if main is not None and index and tails[index - 1].has("UNLESS") and (as_long := _as_long(here, main, tail)):
            main = as_long
            index += 1
            continue
        if main is not None and tail.has("DUE_TO") and following and _illustrates(here, following[0]):
            main, _ = here.fold(main, tail, (), inherited)
            main = _with_examples_of_cause(here, main, following[0]) if main is not None else None
            index += 2
            continue
        excepted = main
        spared = spared_for(main, before_exception, tail) if main is not None else None
        if spared is None and index:
            spared = spared_as_judged(here, main, before_exception, tails[index - 1], tail)
        if spared is not None:
            main = spared
            index += 1
            continue
        main, used = here.fold(main, tail, following, inherited)
        before_exception = excepted if tail.has("EXCEPT") else None
        index += 1 + used
    return main


def _with_examples_of_cause(here: Composing, main: Draft, examples: Tail) -> Draft:
    """What has a cause of which examples are given, which ask for nothing more, and what is listed behind them."""
    body = examples.body
    ends = _end_of_examples(body) if body is not None else 0
    if body is None or not ends:
        return replace(main, end=max(main.end, examples.end))
    first, rest = body.parted(ends)
    main = replace(main, end=max(main.end, first.end))
    besides = here.listed(rest, Inherited())
    if besides is None:
        return main
    return any_of([main, besides]) if here.exclusion else all_of([main, unread(here.text, rest.start, rest.end)])


def _end_of_examples(read: ListRead) -> int:
    """Where behind examples a list goes on with something else: behind a semicolon, or a second "or"; else 0."""
    for index, separator in enumerate(read.separators):
        if separator == "SEMI" or (separator == "OR" and "OR" in read.separators[:index]):
            return index + 1
    return 0


_SUCH_AS: Final = re.compile(r"\W*(?:such as|e\.?g\b|for example)", re.IGNORECASE)


def _illustrates(here: Composing, tail: Tail) -> bool:
    """Whether it names examples of a cause: "dyspnea due to other causes such as anemia" is no anemia."""
    return tail.has("INCLUDING") and _SUCH_AS.match(here.text, tail.start) is not None


_AS_LONG: Final = ("provided", "as long", "so long")


def _as_long(here: Composing, main: Draft, tail: Tail) -> Draft | None:
    """ "A, unless B, as long as C": the C is a condition of what B spares; None where it says no such thing."""
    if not tail.has("IF") or tail.body is None or not str(tail.kinds[0].value).startswith(_AS_LONG):
        return None
    condition = here.listed(tail.body, Inherited(), plain=True)
    if condition is None or main.rule.kind != "any" or (here.exclusion and not main.requirement):
        return None
    spared = all_of([main.parts[-1], condition])
    return replace(any_of([*main.parts[:-1], spared]), requirement=main.requirement)


def _allowed_but_for(here: Composing, main: Draft, clauses: Sequence[Tail], tail: Tail) -> Draft:
    """ "Patients with X, except Y, are eligible": X is allowed; "X except Y is allowed" says an exception twice."""
    named = any(start <= main.start for start in here.people)
    aside = _COMMA_LAST.search(here.text, clauses[-1].end, tail.kinds[0].end) is not None
    which = _WHICH_IS.fullmatch(here.low, clauses[-1].end, tail.kinds[0].start)  # "except A, which is allowed"
    twice = any(clause.has("EXCLUDED") for clause in clauses) or which is not None
    if not (named or aside) or twice or isinstance(main.rule, Not):
        return main
    relative = next(filter(None, (_RELATIVE_BEHIND.search(here.text, t.start, t.end) for t in clauses)), None)
    allowed = main
    if relative is not None:  # "A, except B, who have had C, are eligible": whose the clause is, is open
        allowed = all_of([main, unread(here.text, relative.start(), tail.start, "narrowing")])
    permitted, _ = permission(here, allowed, tail, ())
    if permitted is None or (named and not any(leaf.wholly_unread for leaf in main.innermost())):
        return permitted or main
    both = ambiguous([main, permitted], "an exception that is said twice, or from what is allowed")
    return replace(both, allowed=allowed, requirement=main.requirement)


_COMMA_LAST: Final = re.compile(r"\s*,")
_WHICH_IS: Final = re.compile(r"[\s,]*(?:that|which|who)\s+(?:(?:is|are|will be|may be|can be|would be)\s+)?")
_RELATIVE_BEHIND: Final = re.compile(r"(?<=,)\s+(?:who|which|that)\b.*", re.IGNORECASE | re.DOTALL)


def _excludes_excepted(here: Composing, clauses: Sequence[Tail], tail: Tail) -> bool:
    """ "Creatinine < 1.5, except for patients with diabetes, who are excluded": it is these who are."""
    if not clauses or not tail.has("EXCLUDED") or not clauses[-1].has("EXCEPT"):
        return False
    return _WHICH_IS.match(here.low, clauses[-1].end) is not None


def _although(here: Composing, main: Draft, tail: Tail, last: Tail) -> Draft:
    """ "X, although Y is allowed": Y is no X that excludes."""
    words = unread(here.text, tail.start, last.end, "narrowing" if here.exclusion else "widening")
    allowed = here.listed(tail.body, Inherited(), plain=True, any_=True) if tail.body is not None else None
    if not here.exclusion:
        return any_of([main, words])
    if allowed is None or allowed.wholly_unread or main.requirement:
        return all_of([main, words])
    return except_for(here, main, allowed, tail.start)


def _without_list(here: Composing, tails: list[Tail], inherited: Inherited) -> Draft | None:
    """A sentence that begins with a connective: "For men: ...", "Any of the following within 6 months: ..."."""
    if tails and tails[0].has("FOR_GROUP", "IF", "FOR"):
        if len(tails) == 2 and all(tail.has("FOR_GROUP", "IF") and limits_some(here, tail, AT_ONCE) for tail in tails):
            clauses = [_without_list(here, [tail], inherited) for tail in tails]  # "in men, A < 5; in women, A < 3"
            each = [clause for clause in clauses if clause is not None]
            return replace(all_of(each), requirement=True) if not here.exclusion else any_of(each)
        opened = _for_whom(here, tails)
        if opened is not None:
            return opened
    if (led := _of_following(here, Inherited(), tails, inherited)) is not None:
        return led
    if (alone := _condition_alone(here, tails, inherited)) is not None:
        return alone
    if (
        len(tails) > 1
        and tails[0].has("ANY_OF")
        and tails[0].body is not None
        and tails[1].kinds[0].type == "COLON"
        and tails[1].body is not None
    ):
        named = here.listed(tails[0].body, inherited)  # "one of the following tumors: A and B, or C"
        listed = Tail([*tails[1].kinds, *tails[0].kinds], tails[1].body, tails[1].start, tails[1].end)
        return _folded(here, colon(here, named, listed, listed.body, inherited), tails[2:], inherited)
    return _folded(here, None, tails, inherited)


def _condition_alone(here: Composing, tails: Sequence[Tail], inherited: Inherited) -> Draft | None:
    """ "If the patient is pregnant", and no more, under Exclusion: what excludes; None where anything follows."""
    if not here.exclusion or here.excepting or len(tails) != 1 or not tails[0].has("IF") or tails[0].body is None:
        return None
    read = here.listed(tails[0].body, inherited, top=True)
    whole = not here.text[: tails[0].start].strip(" \t\n*-.()0123456789") and not here.text[tails[0].end :].strip(
        " .;,"
    )
    return read if whole and read is not None and not read.requirement else None


def _of_following(here: Composing, given: Inherited, tails: Sequence[Tail], inherited: Inherited) -> Draft | None:
    """ "(History of) any of the following diseases within 6 months: A, B": what is said of each that is listed."""
    listing = len(tails) > 1 and tails[0].has("ANY_OF", "ALL_OF") and tails[1].has("COLON", "DASH")
    if not listing or tails[0].body is None or tails[1].body is None:
        return None
    own = _lead_in(tails[0].body) or _dated_kind(tails[0].body)
    if own is None or (given.window and own.window):
        return None
    said = Inherited([*given.frames, *own.frames], given.window or own.window)
    said.qualifiers = [*given.qualifiers, *own.qualifiers]
    both = Tail([*tails[0].kinds, *tails[1].kinds], tails[1].body, tails[0].start, tails[1].end)
    return _folded(here, colon(here, None, both, both.body, said), tails[2:], inherited)


def _dated_kind(read: ListRead) -> Inherited | None:
    """When that was of which kinds are listed behind it: "heart diseases within 6 months"; None where more is said."""
    atoms = [atom for element in read.elements for atom in element.atoms]
    noun = atoms[0].value if atoms and not isinstance(atoms[0], Group) else None
    if len(atoms) != 1 or not isinstance(noun, Noun) or noun.kinds != {"CONDITION"} or read.elements[0].negations:
        return None
    windows = [t for t in noun.behind if t.type == "WINDOW"]
    if len(windows) != 1 or len(noun.behind) > 1 or noun.head.words or any(t.type not in FRAMES for t in noun.before):
        return None
    return Inherited([t for t in noun.before if t.end > t.start], windows[0].value)


def _last_allowed(here: Composing, body: ListRead, tails: Sequence[Tail], inherited: Inherited) -> Draft:
    """ "No A or B; C is allowed": the permission is about the last item alone."""
    rest, last = body.parted(len(body.elements) - 1)
    main = here.listed(rest, inherited, top=True)
    allowed = here.listed(last, Inherited(), plain=True)
    if main is None or allowed is None or len(tails) > 1:
        return unread(here.text, body.start, tails[-1].end)
    if (here.exclusion or isinstance(main.rule, Not)) and not allowed.wholly_unread:
        return except_for(here, main, allowed, last.start)
    given = all(isinstance(leaf.rule, Treatment) for leaf in allowed.innermost())
    if given and all(isinstance(leaf.rule, Age | Measurement) for leaf in main.innermost()):
        return replace(main, end=tails[0].end)  # "hemoglobin >= 9 g/dL, transfusion allowed"
    words = unread(here.text, last.start, tails[0].end, "narrowing" if here.exclusion else "widening")
    return all_of([main, words]) if here.exclusion else any_of([main, words])


def _excluded_behind_diagnosis(
    here: Composing, body: ListRead, tails: Sequence[Tail], inherited: Inherited
) -> Draft | None:
    """ "Histologically confirmed A, B and C are excluded", where A is studied: A is asked for, the others are excluded;
    None where no diagnosis of what is studied stands before a comma."""
    at = next((i for i, separator in enumerate(body.separators) if separator in ("COMMA", "SEMI")), None)
    if here.exclusion or at is None:
        return None
    first, rest = body.parted(at + 1)
    diagnosed = [noun for element in first.elements if (noun := _diagnosed(element)) is not None]
    if not diagnosed or any(_diagnosed(element) is not None for element in rest.elements):
        return None
    if not any(_is_studied(here, noun) for noun in diagnosed):
        return None
    asked = here.listed(first, inherited)
    excluded = here.sentence(Sentence(rest, list(tails)), Inherited())
    return replace(all_of([asked, excluded]), requirement=True) if asked is not None and excluded is not None else None


def _diagnosed(element: Element) -> Noun | None:
    """The name of a disease with the diagnosis that is asked for."""
    atom = element.atoms[0]
    noun = atom.value if isinstance(atom, Token) and not element.negations else None
    if not isinstance(noun, Noun) or noun.kinds != {"CONDITION"}:
        return None
    found = any(
        t.type == "DIAGNOSIS" or (isinstance(t.value, Qualifier) and t.value.axis == "confirmation")
        for t in noun.before
    )
    return noun if found else None


def _is_studied(here: Composing, noun: Noun) -> bool:
    entry = noun.head.names[-1].value
    if not isinstance(entry, Entry):
        return False
    up = vocabulary().ancestors("condition", entry.name)
    return any(
        each.name == entry.name or each.name in up or entry.name in vocabulary().ancestors("condition", each.name)
        for each in here.context.studied
    )


def _labelled(here: Composing, body: ListRead, tails: Sequence[Tail], inherited: Inherited) -> Draft | None:
    """ "Melanoma: stage III or IV": what is asked of those with the disease that stands before the colon."""
    main = here.listed(body, inherited)
    after = tails[0]
    rest = [Tail(after.kinds[1:], after.body, after.kinds[1].start, after.end)] if len(after.kinds) > 1 else []
    inside = here.sentence(Sentence(None if rest else after.body, [*rest, *tails[1:]]), inherited)
    if main is not None and inside is not None:
        if (theirs := limits_of_people(here, main, inside, after.start)) is not None:
            return theirs
        if after.has("MUST", "MUST_NOT") and (of_it := asked_of(here, main, inside)) is not None:
            return of_it
        if after.has("MUST") and not here.exclusion and any(start > after.start for start in here.people):
            # "Melanoma: patients must have ...": of those who have it, where the trial takes others, too
            return replace(_of_those_or_of_all(main, inside), requirement=True, labelled=True)
        if here.exclusion and inside.requirement:
            inside = contrary(inside)  # "Brain metastases: patients must be off steroids"
        if not here.exclusion:
            inside = any_of_its_kinds(main, inside)
        both = replace(all_of([main, replace(inside, requirement=False)]), labelled=not here.exclusion)
        if here.exclusion and isinstance(main.rule, Condition):
            if names_again(main.rule, inside):
                return inside
            if lists_others(main.rule, inside):
                return ambiguous([both, inside], LABEL_OR_ASKED)
        if _is_named_by(main, inside):
            return replace(inside, labelled=not here.exclusion)
        measured = any(isinstance(leaf.rule, Measurement) for leaf in inside.leaves())
        return ambiguous([both, inside], "a disease and its limit, or what shows it") if measured else both
    return main


def _is_named_by(label: Draft, limit: Draft) -> bool:
    """Whether a label names what is scored behind it: "Dyspnea: a score of at least 2 on the mMRC dyspnea scale"."""
    named, rules = label.rule, limit.innermost_rules()
    if not isinstance(named, Condition):
        return False
    said = words.keys(named.concept.name)
    return all(isinstance(rule, Measurement) and {*said} <= {*words.keys(rule.analyte.name)} for rule in rules)


def _asked_behind_label(here: Composing, body: ListRead, tails: Sequence[Tail], inherited: Inherited) -> Draft | None:
    """ "Neurologic disease: patients must not have X, unless Y": a requirement with all that is said of it behind a
    label; None where no requirement follows, or what stands before it is no label."""
    first = tails[0]
    if first.kinds[0].type not in ("COLON", "DASH") or first.kinds[-1].type not in ("MUST", "MUST_NOT"):
        return None
    verb = first.kinds[-1]
    main = here.listed(body, inherited)
    asked = here.sentence(Sentence(None, [replace(first, kinds=[verb], start=verb.start), *tails[1:]]), Inherited())
    if main is None or asked is None:
        return main or asked
    if (of_it := asked_of(here, main, asked)) is not None:
        return of_it
    if verb.type == "MUST":
        return None
    return replace(_of_those_or_of_all(main, asked), requirement=True)


def _of_those_or_of_all(main: Draft, asked: Draft) -> Draft:
    """A requirement behind the name of a disease: of those who have it, or of everybody, who must have it, too."""
    return ambiguous([for_those(main, asked), all_of([main, asked])], "of those who have it, or of everybody")


def _for_whom(here: Composing, tails: Sequence[Tail]) -> Draft | None:
    """ "For men: ...", "In women of childbearing potential, ...": a requirement for some patients only."""
    found = _people_and_asked(here, tails)
    if found is None:
        return None
    group, rest = found
    if here.exclusion and not rest.requirement:
        return all_of([group, rest])
    return replace(for_those(group, rest), requirement=True)


def _people_and_asked(here: Composing, tails: Sequence[Tail]) -> tuple[Draft, Draft] | None:
    """Those whom a clause names first, and what it says of them; None where it is no such clause."""
    read = tails[0].body
    if read is None:
        return None
    rest: Draft | None
    comma = read.separators.index("COMMA") + 1 if "COMMA" in read.separators else 0
    if len(tails) > 1 and tails[1].has("MUST") and comma and _is_result_behind(here, read, comma):
        first, body = read.parted(comma)
        group = here.listed(first, Inherited(), plain=True)
        rest = here.sentence(Sentence(body, list(tails[1:])), Inherited())
    elif len(tails) > 1 and tails[1].has("COLON", "DASH", "MUST"):
        group = here.listed(read, Inherited(), plain=True, any_=True if all_people(read) else None)
        asked = list(tails[1:])
        if group is not None and asked[0].body is not None:  # "if on a statin, must be at a stable dose"
            of_it = of_the_same(group, asked[0].body, denied=asked[0].has("MUST_NOT"))
            asked[0] = replace(asked[0], body=of_it)
        rest = here.sentence(Sentence(None, asked), Inherited())
    elif _OF_PEOPLE.match(here.text, tails[0].start) and (apart := people_and_limit(here, read, AT_ONCE)) is not None:
        group = here.listed(apart[0], Inherited(), plain=True)  # "for patients with A and B, C >= 2"
        rest = here.sentence(Sentence(apart[1], list(tails[1:])), Inherited())
    elif comma and _are_people_before(read, comma):
        first, body = read.parted(comma)
        group = here.listed(first, Inherited(), plain=True)
        rest = here.sentence(Sentence(body, list(tails[1:])), Inherited())
    else:
        return None
    if group is None or rest is None:
        return None
    if isinstance(group.rule, Treatment) and NEEDED.search(here.text, group.start, rest.start):
        group = judgement(here, group.start, group.end)  # "if apheresis is required": no record tells
    return group, rest


def _is_result_behind(here: Composing, read: ListRead, comma: int) -> bool:
    """Whether behind those whom a clause names first stands a result: "for fertile women, a negative test must be"."""
    first, body = read.parted(comma)
    group, result = (here.listed(each, Inherited(), plain=True) for each in (first, body))
    return (
        group is not None
        and result is not None
        and all(isinstance(rule, Finding) for rule in result.innermost_rules())
        and all(isinstance(rule, PatientAttribute | Sex | Age) for rule in group.innermost_rules())
    )


def _are_people_before(read: ListRead, end: int) -> bool:
    """Whether one thing stands before a comma, or people of whom two things are said: "if female and fertile,"."""
    return end == 1 or (set(read.separators[: end - 1]) == {"AND"} and _is_people(read.elements[0].atoms[0]))


_OF_PEOPLE: Final = re.compile(
    rf"(?:for|in|if)\s+(?:the\s+|those\s+|study\s+)?(?:{PERSONS}|candidates?|those|(?:wo)?men"
    r"|(?:fe)?males?|children)\b",
    re.IGNORECASE,
)


def _or_for_some(here: Composing, main: Draft, tails: Sequence[Tail]) -> Draft | None:
    """ "A, or for patients with C, B": B in the place of A where C holds; None where it says no such thing.

    "A, and if C, must B": both, B of those with C.
    """
    first = tails[0]
    joint = str(first.kinds[0].value)
    also = _asks_besides(here, tails) and (main.requirement or not here.exclusion)
    if not also and (joint != "joined:OR" or not _OF_PEOPLE.match(here.text, first.start)):
        return None
    found = _people_and_asked(here, tails)
    if found is None:
        return None
    group, theirs = found
    end = tails[-1].end
    if also:  # "age >= 18 and, if female, must use contraception"
        besides = for_those(group, theirs)
        both = asked_of_them(main, besides) if is_of_some(main) else all_of([main, besides])
        return replace(both, requirement=True, end=end)
    if main.parts or (here.exclusion and theirs.requirement != main.requirement) or _measures(group):
        return unread(here.text, main.start, end)  # whether in the place of all that precedes
    return replace(conditional(group, replace(theirs, requirement=False), main), requirement=main.requirement, end=end)


def _asks_besides(here: Composing, tails: Sequence[Tail]) -> bool:
    """Whether it asks a further thing of some: "must not be pregnant and, if fertile, must use contraception"."""
    first = tails[0]
    if first.kinds[0].type not in ("IF", "FOR_GROUP", "FOR") or str(first.kinds[0].value) != "joined:AND":
        return False
    if first.body is None:
        return False
    if len(tails) > 1 and tails[1].kinds[0].type in ("MUST", "MUST_NOT"):
        return True
    some = first.body.elements[0]
    return first.body.separators[:1] == ["COMMA"] and _VERB.match(here.low, some.end) is not None


_VERB: Final = re.compile(r",\s*(?:have|use|agree|be|undergo|practi[sc]e|show|provide)\b")


def _measures(draft: Draft) -> bool:
    return any(isinstance(leaf.rule, Measurement | Age) for leaf in draft.leaves())


def _lead_in(read: ListRead) -> Inherited | None:
    """A lead-in that is a window, a frame or an attribute alone: "any of the following within 6 months:"."""
    given = Inherited()
    for element in read.elements:
        for atom in element.atoms:
            if isinstance(atom, Group) or element.negations:
                return None
            if atom.type == "WINDOW" and given.window is None:
                given.window = atom.value
            elif atom.type == "FRAME":
                given.frames.append(atom.value)
            elif says_how_it_is(atom) and len(read.elements) == 1:
                given.qualifiers.append(atom)
            else:
                return None
    return given


def _led_last(here: Composing, body: ListRead, tails: Sequence[Tail], inherited: Inherited) -> Draft | None:
    """ "A, B and uncontrolled: C or D": a list that ends in a lead-in; None where it does not."""
    if len(body.elements) < 2 or not here.exclusion:
        return None
    before, last = body.parted(len(body.elements) - 1)
    given = _lead_in(last)
    if given is None or not given.qualifiers or _lead_in(before.parted(len(before.elements) - 1)[1]) is not None:
        return None
    first = here.listed(before, inherited, top=True)
    second = _folded(here, colon(here, None, tails[0], tails[0].body, given), tails[1:], inherited)
    if first is None or second is None or first.requirement or second.requirement:
        return None
    return any_of([first, second])


def _listed_behind_colon(here: Composing, tails: list[Tail]) -> list[Tail]:
    """ "Including any of the following items: A, B" includes A and B."""
    for index, (tail, after) in enumerate(pairwise(tails)):
        lead = tail.body
        if (
            not tail.has("INCLUDING")
            or lead is None
            or after.body is None
            or [t.type for t in after.kinds] != ["COLON"]
        ):
            continue
        if tail.has("ANY_OF", "ALL_OF") and is_lead(here.text[lead.start : lead.end]):
            joined = Tail(tail.kinds, after.body, tail.start, after.end)
            return [*tails[:index], joined, *tails[index + 2 :]]
    return tails


def _time_alone(body: ListRead) -> WindowRead | None:
    """The time that is all that a list says: "at screening, patients must ..."."""
    only = body.elements[0]
    if len(body.elements) > 1 or len(only.atoms) > 1 or only.negations:
        return None
    atom = only.atoms[0]
    return atom.value if isinstance(atom, Token) and atom.type == "WINDOW" else None


def _asked_then(
    here: Composing, body: ListRead, when: WindowRead, tails: Sequence[Tail], inherited: Inherited
) -> Draft | None:
    """ "At screening, patients must have A": A at that time; what has no time is asked for now."""
    first, read = tails[0], tails[0].body
    assert read is not None
    dated = ListRead([*body.elements, *read.elements], ["COMMA", *read.separators], body.start, read.end, read.serial)
    found = _folded(here, None, [replace(first, body=dated), *tails[1:]], inherited)
    if found is None or not any(leaf.wholly_unread and leaf.start < body.end for leaf in found.innermost()):
        return found
    if when.windows and not when.planned:
        return found
    plain = _folded(here, None, tails, inherited)
    if plain is None or (when.planned and not all(map(_of_the_study, plain.innermost()))):
        return found
    return plain.placed(body.start, plain.end)


def _of_the_study(leaf: Draft) -> bool:
    """Whether it is asked for while the study lasts, whether that is said or not."""
    return isinstance(leaf.rule, PatientAttribute | Constant)


def _names_disease(body: ListRead) -> bool:
    """Whether a list is the name of a disease alone, or of one of several that share it, "liver or bone metastases": a
    label."""
    *others, last = body.elements
    atoms = last.atoms
    if not set(body.separators) <= {"OR", "ANDOR", "COMMA", "SLASH"} or not all(map(_is_word, others)):
        return False
    if len(atoms) != 1 or last.negations or isinstance(atoms[0], Group) or atoms[0].type != "FACT":
        return False
    noun = atoms[0].value
    return isinstance(noun, Noun) and noun.kinds == {"CONDITION"} and not noun.before and not noun.behind


def _is_word(element: Element) -> bool:
    """Whether it is no more than words without a name of their own: "liver" in "liver or bone metastases"."""
    atom = element.atoms[0]
    return len(element.atoms) == 1 and not element.negations and isinstance(atom, Token) and atom.type == "UNREAD"
