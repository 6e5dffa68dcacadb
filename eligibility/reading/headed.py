"""A lead-in that says something of its own, and the list under it: what both say together."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import takewhile
from typing import Final, TypeAlias

from eligibility.knowledge.vocabulary import ANY_DRUG, ANY_TREATMENT, vocabulary
from eligibility.reading.composing.connecting import cancers_apart, cancers_in
from eligibility.reading.composing.examples import as_controlled, is_broad
from eligibility.reading.composing.labels import at_its_place, is_topic, names_doses, when_and_how
from eligibility.reading.composing.lists import agreements
from eligibility.reading.composing.people import of_sex
from eligibility.reading.composing.terms import is_consent, is_contraception, is_fertile, is_pregnancy_test
from eligibility.reading.context import Context
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    contrary,
    each_leaf,
    for_those,
    negated,
    rebuilt,
    with_those,
)
from eligibility.reading.lead_words import LISTING, denies_listed, ends_with_including
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.outline import Line
from eligibility.reading.passages import none_of_either
from eligibility.reading.patterns import PERSONS
from eligibility.reading.side_by_side import side_by_side
from eligibility.rules import (
    Concept,
    Condition,
    Conditional,
    Constant,
    Measurement,
    Not,
    PatientAttribute,
    Rule,
    Sex,
    Statement,
    Treatment,
)

__all__ = [
    "Listed",
    "headed",
    "names_class",
    "one_by_one",
    "together",
]


@dataclass(frozen=True)
class Listed:
    """A lead-in that says something of its own, and the list that it owns.

    ``inside`` is all of the list, ``drafts`` are its bullets; ``kinds`` are those of the words of the lead-in.
    ``every``: all of them are meant, and ``joint`` is the word that says so, or that any is; ``counted``: the lead-in
    says how many.
    """

    context: Context
    line: Line
    lead: list[Token]
    kinds: set[str]
    head: Draft
    inside: Draft
    drafts: Sequence[Draft]
    every: bool
    joint: str | None
    counted: bool
    all_told: bool
    """Whether the lead-in says that all of them are meant."""
    asked: bool
    """Whether each of the bullets says what must be."""

    @property
    def single(self) -> bool:
        """Whether all are meant of those that include, though nothing says so."""
        return self.every and self.joint is None and not self.context.exclusion and not self.all_told

    @property
    def unjoined(self) -> bool:
        """As :attr:`single`, and no "all of the following" leads to them."""
        return self.every and self.joint is None and not self.context.exclusion and "ALL_OF" not in self.kinds

    def each(self, drafts: Draft) -> Draft:
        """Bullets, each of them when, where and how the lead-in says."""
        return each_leaf(drafts, partial(when_and_how, self.head.rule))

    def instead(self, inside: Draft) -> Draft:
        """The list in the place of its lead-in, which says no more than of what kind it is."""
        return replace(inside, start=self.head.start)


def together(listed: Listed) -> Draft:
    """What a lead-in and its list say together."""
    for way in _LED_TO:
        if (made := way(listed)) is not None:
            return made
    listed = _one_of_each_kind(listed)
    for way in _BESIDE:
        if (made := way(listed)) is not None:
            return made
    return side_by_side(listed.head, listed.inside, listed.context)


def _said_by_list(listed: Listed) -> Draft | None:
    """A lead-in that is the topic of its list, or how much of a drug is given, says nothing besides."""
    head, text = listed.head, listed.context
    if names_doses(text.text, listed.lead[0].start, listed.lead[-1].end, listed.inside):
        return listed.instead(listed.inside)
    if head.wholly_unread and is_topic(text.low[head.start : head.end], exclusion=text.exclusion):
        return listed.instead(listed.inside)
    return None


def _not_understood(listed: Listed) -> Draft | None:
    """What a lead-in says that was not read may narrow its list, or be one more thing."""
    if not listed.head.wholly_unread:
        return None
    both = [listed.head, listed.inside]
    return ambiguous([all_of(both), any_of(both)], "a lead-in that was not understood")


def _of_their_kind(listed: Listed) -> Draft | None:
    """ "Any of the following infections: ...", "is on any of the following drugs: ..."."""
    head = listed.head
    if listed.kinds.isdisjoint(LISTING):
        return None
    if _names_their_kind(listed.lead, head, listed.inside):
        inside = listed.each(listed.inside)
        return listed.instead(inside) if _plain_kind(head.rule) else all_of([head, inside])
    if not listed.every and _any_drug(head) and _treatments(listed.inside):
        return listed.instead(each_leaf(listed.inside, partial(_taken_as, head.rule)))
    return None


def _including(listed: Listed) -> Draft | None:
    """Bullets behind "including" are examples of what the lead-in names, or limits of it."""
    head, exclusion = listed.head, listed.context.exclusion
    if not ends_with_including(listed.lead):
        return None
    if isinstance(head.rule, Not) and head.parts and (head.requirement or not exclusion):
        return _denied_with_examples(listed)
    if listed.unjoined and _examples(listed.drafts):
        return _with_examples(listed)
    inside = as_controlled(head, listed.each(listed.inside))
    limits = all(isinstance(leaf.rule, Measurement) for leaf in inside.innermost())
    return all_of([head, inside]) if limits and not exclusion else any_of([head, inside])


def _denied_with_examples(listed: Listed) -> Draft:
    """ "No disease, including any of: ...": neither it nor any of those."""
    head = listed.head
    denied_with = partial(when_and_how, head.innermost()[0].rule)
    spared = [contrary(draft) if isinstance(draft.rule, Not) else draft for draft in listed.drafts]
    given_too = as_controlled(head, any_of([each_leaf(draft, denied_with) for draft in spared]))
    return rebuilt(head, (any_of([head.parts[0], given_too]),))


def _with_examples(listed: Listed) -> Draft:
    """What is asked for, or one of its examples: nobody need have each of them."""
    head, drafts = listed.head, listed.drafts
    if any(isinstance(leaf.rule, Not) for leaf in head.leaves()):
        none = all_of([head, negated(any_of(drafts))])
        return ambiguous([head, none], "examples of what is denied, or of what is asked")
    denied = [draft for draft in drafts if isinstance(draft.rule, Not)]
    either = any_of([listed.each(draft) for draft in drafts if not isinstance(draft.rule, Not)])
    return all_of([any_of([head, as_controlled(head, either)]), *denied])


def _defining(listed: Listed) -> Draft | None:
    """Bullets behind "defined as" say what the lead-in means."""
    head = listed.head
    if "DEFINED" not in listed.kinds:
        return None
    denied_so = isinstance(head.rule, Not) and bool(head.parts) and not _past_bearing(head)
    if denied_so and not listed.context.exclusion:
        told = listed.counted or listed.joint is not None or listed.kinds & {"ANY_OF", "ALL_OF"}
        each = [any_of(listed.drafts), listed.inside]
        return _none_as_defined(
            head, listed.inside if told else ambiguous(each, "each of what defines it, or all together")
        )
    sex = _beside_motherhood(head)
    of_motherhood = sex is not None or head.rule == _MENOPAUSE
    inside = listed.inside
    if of_motherhood and listed.unjoined:
        inside = _of_motherhood(inside, any_of(listed.drafts))
    if sex is not None:
        return replace(all_of([sex, inside]), start=head.start, requirement=head.requirement)
    if of_motherhood or (isinstance(head.rule, Condition) and not any(leaf.wholly_unread for leaf in inside.leaves())):
        return listed.instead(listed.each(inside))  # "bleeding within 30 days, defined as: ..."
    return None


def _one_of_each_kind(listed: Listed) -> Listed:
    """Bullets that nobody fulfils together, any of which is enough, though nothing says so."""
    if not listed.single:
        return listed
    if "ALL_OF" not in listed.kinds and (
        _kinds(listed.head, listed.drafts) or _stages_apart(listed.drafts, listed.context.text)
    ):
        return replace(listed, inside=any_of(listed.drafts))  # "Lymphoma: * mantle cell lymphoma * Burkitt lymphoma"
    instead = one_by_one(listed.head, listed.inside, listed.drafts)
    return listed if instead is None else replace(listed, inside=instead)


def _kinds_of_disease(listed: Listed) -> Draft | None:
    """ "Tumor types: * sarcoma * glioma": any of them, in the place of the lead-in."""
    if not listed.single or not _names_no_more_than_kinds(listed.head.rule):
        return None
    instead = one_by_one(listed.head, listed.inside, listed.drafts)
    return None if instead is None else listed.instead(instead)


def _of_other_cancers(listed: Listed) -> Draft | None:
    """ "Ovarian cancer: * tubal cancer": the name above may be no more than a heading."""
    head = listed.head
    if listed.context.exclusion or "ALL_OF" in listed.kinds or not _lists_other_cancers(head, listed.drafts):
        return None
    each = any_of([with_those(draft) for draft in listed.drafts])
    either = [all_of([head, each]), each]
    return ambiguous(either, "a heading of what is listed, or what is asked besides").asked(head.requirement)


def _of_bearing_children(listed: Listed) -> Draft | None:
    """ "Must use contraception as follows: * women of ... * men ..."; "if not fertile, as shown by: ..."."""
    head = listed.head
    if listed.context.exclusion:
        return None
    if is_contraception(head.rule) and listed.drafts and all(map(_asks_some_for_contraception, listed.drafts)):
        return listed.instead(listed.inside)
    if "DEFINED" in listed.kinds and isinstance(head.rule, Conditional) and _past_bearing(head):
        when, then, otherwise = head.parts
        return rebuilt(head, (when, all_of([then, listed.inside]), otherwise))
    return None


def _of_some(listed: Listed) -> Draft | None:
    """What is said of some patients only: "Men: ...", "For patients with asthma: ...", "Those with asthma who: ..."."""
    head, inside, context = listed.head, listed.inside, listed.context
    sexed = of_sex(head)
    if not context.exclusion:
        theirs = sexed and (listed.asked or agreements(inside) or _of_bearing(inside))
        named = _FOR_THOSE.match(context.text, listed.lead[0].start) is not None and not head.requirement
        return replace(for_those(head, inside), requirement=True) if theirs or named else None
    who = _WHO.search(context.text, head.start, listed.lead[-1].end) is not None and not head.requirement
    return all_of([head, inside]) if who or sexed else None


def _none_of_those(listed: Listed) -> Draft | None:
    """ "Has not received any of the following hormones: ...", "no history of the following diseases: ..."."""
    head = listed.head
    if not isinstance(head.rule, Not) or not head.parts or listed.context.exclusion:
        return None
    if "ANY_OF" not in listed.kinds and not (denies_listed(listed.lead) and _examples(listed.drafts)):
        return None
    denied_with = partial(when_and_how, head.innermost()[0].rule)
    either = any_of([each_leaf(draft, denied_with) for draft in listed.drafts])
    of_kind = any_of([head.parts[0], either])
    return ambiguous([negated(of_kind), negated(either)], "what is denied, or only those of it that are listed")


def _both(listed: Listed) -> Draft | None:
    """A list that the words of its lead-in announce belongs to all that these say."""
    announced = not listed.kinds.isdisjoint(("DEFINED", "ANY_OF", "ALL_OF", "OF_FOLLOWING"))
    return all_of([listed.head, listed.inside]) if announced and not listed.head.requirement else None


def _behind_colon(listed: Listed) -> Draft | None:
    """Under Exclusion, a disease with a colon: the heading of its list, narrowed by it, or one more thing."""
    head, inside, context = listed.head, listed.inside, listed.context
    if not context.exclusion or not isinstance(head.rule, Condition):
        return None
    if _COLON.search(context.text, listed.line.start, inside.start) is None:
        return None
    if names_class(head.rule):
        return headed(head, inside)
    if head.requirement:
        return None
    both = all_of([head, inside])  # "Patients with diabetes: * HbA1c > 9 %"
    return ambiguous([both, inside, any_of([head, inside])], "what is listed of a disease, or besides it")


def _of_bearing(inside: Draft) -> bool:
    """Whether it is about bearing children, or about no longer being able to, so that it is asked of a sex alone."""
    rules = inside.innermost_rules()
    if any(map(is_consent, rules)):
        return False
    theirs = any(is_pregnancy_test(rule) or isinstance(rule, PatientAttribute) for rule in rules)
    return theirs and all(
        is_pregnancy_test(rule)
        or isinstance(rule, PatientAttribute | Sex | Constant | Statement)
        or _settles_bearing(rule)
        for rule in rules
    )


def _beside_motherhood(head: Draft) -> Draft | None:
    """The sex of those who can bear no child any more, where a lead-in names them, and no more: "postmenopausal
    women"; None where it names anything else."""
    parts = _conjuncts(head)
    sexes = [part for part in parts if isinstance(part.rule, Sex)]
    rest = [part.rule for part in parts if not isinstance(part.rule, Sex)]
    plain = all(rule == _MENOPAUSE or (isinstance(rule, Not) and is_fertile(rule.part)) for rule in rest)
    return sexes[0] if sexes and rest and plain else None


def _conjuncts(draft: Draft) -> list[Draft]:
    """All that a draft asks for, one by one."""
    return [each for part in draft.parts for each in _conjuncts(part)] if draft.rule.kind == "all" else [draft]


_MENOPAUSE: Final = Condition(concept=Concept(name="menopause"))


def _none_as_defined(head: Draft, meant: Draft) -> Draft:
    """ "No uncontrolled hypertension, defined as: ...": none that is so, whether or not it is called by its name."""
    return none_of_either(all_of([head.parts[0], meant]), meant).asked(True)


def names_class(rule: Rule) -> bool:
    """Whether it is a broad class of diseases, of which no more is said: "cardiovascular disease"."""
    return isinstance(rule, Condition) and rule == Condition(concept=rule.concept) and is_broad(rule.concept.name)


def headed(head: Draft, inside: Draft) -> Draft:
    """A class of diseases above those that are listed, which may be all that are meant of it."""
    return ambiguous([any_of([head, inside]), inside], "a heading of what is listed, or one more of it")


_COLON: Final = re.compile(r":\s")
_FOR_THOSE: Final = re.compile(
    rf"(?:for|in)\s+(?:the\s+|those\s+)?(?:{PERSONS}|those|women|men)\b",
    re.IGNORECASE,
)
_WHO: Final = re.compile(r"\b(?:who|that|and|and who|in whom)(?:\s+(?:have|has|are|is))?\s*\Z", re.IGNORECASE)


def _names_their_kind(lead: list[Token], head: Draft, inside: Draft) -> bool:
    """Whether all that a lead-in names, it names behind "any of the following": of which kind the bullets are."""
    before = takewhile(lambda token: token.type not in LISTING, lead)
    if not isinstance(head.rule, Condition | Treatment) or any(token.type in _NAMING for token in before):
        return False
    kinds = {type(leaf.rule) for leaf in inside.innermost()}
    return type(head.rule) in kinds and kinds <= {Condition, Treatment, Measurement}  # "class III heart failure"


def _plain_kind(rule: Rule) -> bool:
    """Whether it says of them no more than their kind, and when."""
    assert isinstance(rule, Condition | Treatment)
    if rule.concept.open and _FURTHER.search(rule.concept.name):
        return False
    return not (rule.qualifiers or rule.site or rule.exceptions or (isinstance(rule, Treatment) and rule.purpose))


_NAMING: Final = frozenset("CONDITION TREATMENT ANALYTE QUALIFIER WORD FACT SITE".split())
_FURTHER: Final = re.compile(r"\b(?:to|in|of|for|with|by|on|from|at|that|which)\b")


def _any_drug(head: Draft) -> bool:
    """Whether a lead-in names drugs and no more than when they are taken: "is on any of the following drugs"."""
    rule = head.rule
    if not isinstance(rule, Treatment) or rule.concept.name not in (ANY_DRUG, ANY_TREATMENT):
        return False
    plain = Treatment(concept=rule.concept, time=rule.time, window=rule.window, moment=rule.moment, site=rule.site)
    return rule == plain


def _treatments(inside: Draft) -> bool:
    return all(isinstance(leaf.rule, Treatment) for leaf in inside.innermost())


def _taken_as(whole: Rule, drug: Draft) -> Draft:
    """A drug of a list, taken when the lead-in says."""
    rule = drug.rule
    if not isinstance(whole, Treatment) or not isinstance(rule, Treatment):
        return drug
    drug = at_its_place(whole, drug)
    if rule.window or rule.time != "unstated":
        return drug
    update = {"time": whole.time, "window": whole.window, "moment": whole.moment}
    return replace(drug, rule=drug.rule.model_copy(update=update))


def _kinds(head: Draft, drafts: Sequence[Draft]) -> bool:
    """Whether each of several bullets names a kind of what the lead-in names."""
    wholes = [leaf.rule.concept.name for leaf in head.leaves() if isinstance(leaf.rule, Condition)]
    return len(drafts) > 1 and all(
        all(isinstance(leaf.rule, Condition) for leaf in draft.innermost())
        and any(_kind(leaf.rule.concept.name, wholes) for leaf in draft.leaves() if isinstance(leaf.rule, Condition))
        for draft in drafts
    )


def one_by_one(head: Draft | None, inside: Draft, drafts: Sequence[Draft]) -> Draft | None:
    """Bullets of which one is enough, as nobody fulfils all of them, or may be; None where that is not said."""
    besides = [draft for draft in drafts if isinstance(draft.rule, Conditional)]  # "if premenopausal, must ..."
    drafts = [draft for draft in drafts if not isinstance(draft.rule, Conditional)]
    if len(drafts) < 2:
        return None
    each = all_of([any_of(drafts), *besides])
    if head is not None and _past_bearing(head):
        return _of_motherhood(inside, each)
    if cancers_apart(drafts):
        alone = head is not None and _names_no_more_than_kinds(head.rule)
        return each if alone else ambiguous([each, inside], "one of several cancers, or all of them")
    return None


def _asks_some_for_contraception(bullet: Draft) -> bool:
    """Whether a bullet asks some patients, or each sex, for contraception."""
    if bullet.rule.kind == "all":
        return all(map(_asks_some_for_contraception, bullet.parts))
    return isinstance(bullet.rule, Conditional) and any(
        is_contraception(leaf.rule) for leaf in bullet.parts[1].leaves()
    )


def _past_bearing(head: Draft) -> bool:
    """Whether it says that somebody cannot bear children: "postmenopausal"."""
    return any(leaf.rule == Not(part=PatientAttribute(attribute="childbearing_potential")) for leaf in head.leaves())


def _of_motherhood(every: Draft, each: Draft) -> Draft:
    """Why somebody can bear no child: any of several reasons, or, where none of them is one alone, all together."""
    if any(map(_settles_bearing, each.innermost_rules())):
        return each
    return ambiguous([every, each], "what shows it together, or each of them")


def _settles_bearing(rule: Rule) -> bool:
    """Whether it is alone why somebody cannot bear children: an operation."""
    return isinstance(rule, Treatment) and any(
        vocabulary().is_a("treatment", rule.concept.name, operation)
        for operation in ("hysterectomy", "surgical sterilization")
    )


def _names_no_more_than_kinds(rule: Rule) -> bool:
    """Whether a lead-in only says that its bullets are kinds of disease: "tumor types"."""
    return isinstance(rule, Condition) and rule.concept.open and _KINDS_OF.search(rule.concept.name) is not None


_KINDS_OF: Final = re.compile(r"(?:^| )(?:type|histology|indication|tumor|cancer)$")


def _lists_other_cancers(head: Draft, drafts: Sequence[Draft]) -> bool:
    """Whether each bullet under the name of a cancer names one, and some another: "Ovarian cancer: * tubal cancer"."""
    if not isinstance(head.rule, Condition) or head.rule.concept.open or not cancers_in(head):
        return False
    heading = head.rule.concept.name
    named = [cancers_in(draft) for draft in drafts]
    return all(named) and any(
        not vocabulary().is_a("condition", name, heading) and not vocabulary().is_a("condition", heading, name)
        for names in named
        for name in names
    )


def _stages_apart(drafts: Sequence[Draft], text: str) -> bool:
    """Whether each of several bullets asks for stages of one disease that no other does, as far as they are read."""
    found = [_stages_in(draft) for draft in drafts]
    named = {concept for stages in found for concept, _ in stages}
    every = all(
        stages or any(leaf.wholly_unread and _STAGE.search(text, leaf.start, leaf.end) for leaf in draft.leaves())
        for stages, draft in zip(found, drafts, strict=True)
    )
    return len(found) > 1 and every and len(named) == 1 and len(set().union(*found)) == sum(map(len, found))


def _stages_in(draft: Draft) -> set[tuple[Concept, str]]:
    rules = [leaf.rule for leaf in draft.leaves() if isinstance(leaf.rule, Condition)]
    return {(rule.concept, stage) for rule in rules for stage in rule.stages}


_STAGE: Final = re.compile(r"\bstages?\b", re.IGNORECASE)


def _examples(drafts: Sequence[Draft]) -> bool:
    """Whether bullets name diseases or treatments, of which some may be denied."""
    return not all(isinstance(draft.rule, Not) for draft in drafts) and all(
        isinstance(leaf.rule, Condition | Treatment) for draft in drafts for leaf in draft.innermost()
    )


def _kind(name: str, wholes: Sequence[str]) -> bool:
    return any(name != whole and vocabulary().is_a("condition", name, whole) for whole in wholes)


_Way: TypeAlias = Callable[[Listed], Draft | None]
_LED_TO: Final[tuple[_Way, ...]] = (
    _said_by_list,
    _not_understood,
    _of_their_kind,
    _including,
    _defining,
    _kinds_of_disease,
)
"""How a lead-in leads to its list, the first that it is."""
_BESIDE: Final[tuple[_Way, ...]] = (
    _of_other_cancers,
    _of_bearing_children,
    _of_some,
    _none_of_those,
    _both,
    _behind_colon,
)
"""How a lead-in and its list stand beside one another, the first that they do."""
