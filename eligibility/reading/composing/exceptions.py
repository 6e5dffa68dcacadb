"""Exceptions: what counts, fact by fact, only where it is not what is excepted."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace
from itertools import pairwise
from typing import Final

from eligibility.knowledge.tables import sites
from eligibility.knowledge.vocabulary import Kind, vocabulary
from eligibility.knowledge.words import keys
from eligibility.reading.composing.judgements import judgement, tells_effect, tells_harmless
from eligibility.reading.composing.substances import spared_of_abuse
from eligibility.reading.composing.terms import Composing, Inherited
from eligibility.reading.composing.unknowns import of_no_clear_role
from eligibility.reading.composing.windows import WINDOW_REACHES, takes_window, windowed
from eligibility.reading.drafting.conditions import is_malignant
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    constant,
    each_leaf,
    negated,
    rebuilt,
    unread,
    with_those,
)
from eligibility.reading.patterns import PERSONS
from eligibility.reading.quantities import WindowRead
from eligibility.reading.sentences import Tail
from eligibility.rules import (
    All,
    Allergy,
    Ambiguous,
    Any,
    Condition,
    Measurement,
    Not,
    Rule,
    Statement,
    Treatment,
)


def spared_for(main: Draft, before: Draft | None, tail: Tail) -> Draft | None:
    """ "X except prophylactic Y for Z": who has such a one for something else is not spared; None if nothing is."""
    if before is None or tail.body is None or not tail.has("FOR", "DUE_TO"):
        return None
    either = ambiguous([main, before], "what an exception is for")
    return replace(either, end=max(either.end, tail.end))


def spared_as_judged(
    here: Composing, main: Draft | None, before: Draft | None, exception_: Tail, tail: Tail
) -> Draft | None:
    """ "X except stable Y as judged by the investigator": only such a Y is spared, or all of it is what is judged; None
    where what is judged is an effect, which is that of an X."""
    if main is None or before is None or exception_.body is None or not tail.has("JUDGED"):
        return None
    if tells_effect(here.text[tail.start : tail.end]):
        return None
    named = here.within_exception().listed(exception_.body, Inherited(), any_=True)
    if named is None or not all(isinstance(rule, Condition | Treatment) for rule in named.innermost_rules()):
        return None
    opinion = judgement(here, tail.start, tail.end)
    spared = with_clause(here, before, named, opinion, exception_.start)
    if is_enclosed(here, before, exception_.start):
        return spared
    of_all = all_of([main, opinion])
    return replace(ambiguous([of_all, spared], "said of what is excepted, or of all"), requirement=main.requirement)


def exception(here: Composing, main: Draft | None, tail: Tail, excepted: Draft | None) -> Draft:
    """ "X except Y": without what the list in the tail names."""
    if main is None:
        return of_no_clear_role(here, main, tail)
    if excepted is None:  # "with some exceptions": whatever they are, they spare
        if here.exclusion and not main.requirement:
            return all_of([main, unread(here.text, tail.start, tail.end, "narrowing")])
        spared = any_of([main, unread(here.text, tail.start, tail.end, "widening")])
        return replace(spared, requirement=main.requirement)
    if (without := _without_people(here, main, excepted, tail.start)) is not None:
        return without
    spared = except_for(here, main, excepted, tail.start)
    every = _at_their_time(here, main, excepted, tail.start)
    return spared if every is None else ambiguous([every, spared], WINDOW_REACHES).asked(main.requirement)


def _without_people(here: Composing, main: Draft, excepted: Draft, start: int) -> Draft | None:
    """ "Asthma, except in patients with gout": those with both are not meant; None where no people are excepted, or
    what they have is a kind of what is listed: "cancer, except in patients with basal cell carcinoma"."""
    targets = main.innermost()
    diseases = all(isinstance(leaf.rule, Condition) for leaf in (*targets, *excepted.innermost()))
    said = _EXCEPTED_PEOPLE.match(here.low, start)
    if not diseases or said is None or main.requirement or any(leaf.rule.kind == "not" for leaf in main.leaves()):
        return None
    without = all_of([main, negated(excepted, (start, excepted.end))])
    if not here.exclusion:
        spared = any_of([main, excepted])
        return without if "excluding" in said[0] else ambiguous([without, spared], "who is spared, or kept out")
    if not all(is_apart(leaf, targets) for leaf in excepted.innermost()):
        return None
    if _has_no_kinds(main):
        return without
    return ambiguous([without, except_for(here, main, excepted, start)], "who is spared, or what")


_EXCEPTED_PEOPLE: Final = re.compile(
    r"[\s,;(\[]*(?:except(?:ing)?(?:\s+(?:for|in|of))?|excluding|with\s+the\s+exception\s+of)\s+(?:in\s+)?(?:the\s+|any\s+)?"
    rf"(?:those|{PERSONS})\s+(?:with|having|who\s+(?:also\s+)?(?:have|has))\b"
)


def _has_no_kinds(main: Draft) -> bool:
    """Whether it names diseases of which there are no kinds, so that nothing else can be one of them."""
    rules = main.innermost_rules()
    named = [rule.concept for rule in rules if isinstance(rule, Condition)]
    return not any(concept.open or vocabulary().narrower("condition", concept.name) for concept in named)


def _at_their_time(here: Composing, main: Draft, excepted: Draft, start: int) -> Draft | None:
    """ "Drugs other than A or B within 14 days": any other drug within these, where no other time is said of one; None
    where what is excepted is surely what has that time."""
    last = excepted.innermost()[-1].rule
    window = last.window if isinstance(last, Condition | Treatment) and last.moment == "any" else None
    if window is None or window.start is None or window.start.value <= 0 or not takes_window(main):
        return None
    if is_enclosed(here, main, start):
        return None
    if any(isinstance(rule, Condition | Treatment) and rule.time == "planned" for rule in main.innermost_rules()):
        return None
    dated = windowed(main, WindowRead((window,)))
    return except_for(here, dated, each_leaf(excepted, _at_no_time), start) if dated is not None else None


def _at_no_time(draft: Draft) -> Draft:
    rule = draft.rule
    if not isinstance(rule, Condition | Treatment) or rule.window is None:
        return draft
    return replace(draft, rule=rule.model_copy(update={"window": None}))


def without_those_on(text: str, main: Draft, treated: Draft, start: int) -> Draft | None:
    """ "A (patients on B are eligible)", of which the words begin at ``start``: A, without those who are on B.

    Of several diseases it may be said of the last. None where it names no people, so that only B itself is allowed,
    and of a disease in a certain state: who is let in has it in another one.
    """
    if _PEOPLE_ON.match(text, start) is None:
        return None
    if not all(isinstance(rule, Condition) and not rule.qualifiers for rule in main.innermost_rules()):
        return None
    if not any(isinstance(leaf.rule, Treatment) for leaf in treated.innermost()):
        return None
    spared = all_of([main, negated(treated)])
    if isinstance(main.rule, Condition):
        return spared
    return ambiguous([main, spared], "people who may be let in with any of a list, or with some of it")


_PEOPLE_ON: Final = re.compile(
    rf"[\s.;:,(\[–-]*(?:note\W+|however\W+)*(?:the\s+|all\s+)?(?:{PERSONS}|those|(?:wo)?men)"
    r"\s+(?:on|who|that|with|receiving|taking|using|treated)\b",
    re.IGNORECASE,
)


def such_as(here: Composing, named: Draft, widened: Draft) -> Draft:
    """ "(Toxicities except) toxicities such as alopecia": the examples, and what a person judges to be like them."""
    examples = [part for part in widened.parts if part is not named]
    if widened.rule.kind != "any" or not examples or not isinstance(named.rule, Condition | Treatment):
        return widened
    like_them = judgement(here, named.start, widened.end)
    return any_of([*(leaf for part in examples for leaf in (part.parts or (part,))), like_them])


def examples_of(named: Draft, widened: Draft) -> bool:
    """Whether what is named may be something of which the rest are examples: a disease of another kind is not."""
    rules = [leaf.rule for leaf in named.leaves() if isinstance(leaf.rule, Condition | Treatment)]
    examples = [leaf for part in widened.parts if part is not named for leaf in part.innermost()]
    return not any(is_apart(example, [named]) for example in examples) or any(
        _may_be_anything("condition", rule.concept.name) for rule in rules
    )


def except_for(here: Composing, main: Draft, excepted: Draft, start: int) -> Draft:
    """The main without what is excepted: fact by fact where both are of one kind."""
    if all(_earlier(leaf, targets_of(main)) for leaf in excepted.innermost()):
        return main  # "active X; prior X is allowed"
    excepted = spared_of_abuse(here, targets_of(main), excepted)
    items = list(excepted.parts) if excepted.parts and excepted.rule.kind == "any" else [excepted]
    if (another := _besides_studied(here, main, items[0], start)) is not None:
        return except_for(here, another, any_of(items[1:]), items[1].start) if items[1:] else another
    items = [*items[:1], *(each_leaf(item, _than_those_before) for item in items[1:])]
    absent = next((index for index, item in enumerate(items) if index and _is_absence(item.rule)), None)
    if absent is not None and not here.exclusion:  # "no surgery other than biopsy and no chemotherapy"
        named = except_for(here, main, any_of(items[:absent]), start)
        words = unread(here.text, items[absent].start, excepted.end)
        either = ambiguous([all_of([named, words]), any_of([named, words])], "words whose role is not clear")
        return replace(either, requirement=main.requirement)
    targets = [leaf for leaf in main.leaves() if isinstance(leaf.rule, Condition | Treatment | Allergy)]
    if not targets and any(leaf.wholly_unread for leaf in main.innermost()):
        return all_of([main, unread(here.text, start, excepted.end, "narrowing")])
    if isinstance(main.rule, Statement) and main.rule.topic != "judgement":
        end = excepted.end
        if here.text.count("(", main.start, end) > here.text.count(")", main.start, end):
            end = here.text.find(")", end) + 1 or end  # "comfort care (intubated patients are eligible)"
        return replace(main, rule=main.rule.model_copy(update={"text": here.text[main.start : end]}), end=end)
    if not targets and (elsewhere := _elsewhere(here, main, excepted, start)) is not None:
        return elsewhere
    if not targets and not here.exclusion and any(_is_of_all(leaf.rule) for leaf in main.innermost()):
        words = unread(here.text, start, excepted.end, "narrowing")
        return replace(all_of([main, words]), requirement=main.requirement)
    if not targets:
        apart, spared = all_of([main, negated(excepted, (start, excepted.end))]), any_of([main, excepted])
        if _explains(main, excepted, treatments=_spared_by_name(here, start)):
            if here.exclusion and not main.requirement:
                return apart
            if main.rule.kind == "all":
                last = all_of([*main.parts[:-1], any_of([main.parts[-1], excepted])])
                spared = ambiguous([spared, last], "an exception from several limits, or from the last")
            return replace(spared, requirement=main.requirement)
        return replace(
            ambiguous([apart, spared], "an exception that spares, or that forbids"), requirement=main.requirement
        )
    if (clause := _clause_behind(here, items)) is not None:
        return _with_what_follows(here, main, items, clause, start)
    further = [_unrelated(item, targets) or _is_limit(item) for item in items]  # "other than A, or B > 2"
    foreign = [item for i, item in enumerate(items) if is_apart(item, targets) or (i and further[i])]
    trailing = [
        leaf
        for leaf in items[-1].leaves()
        if leaf.end == excepted.end
        and (leaf.rule.kind == "unread" or (leaf.rule.kind == "statement" and excepted.start < leaf.start))
        and not tells_harmless(here.text[leaf.start : leaf.end])
    ]
    last = items[-1]
    if trailing and trailing[-1].rule.kind == "statement" and last.rule.kind == "all" and len(last.parts) > 1:
        items[-1] = all_of(last.parts[:-1])  # "disorders other than OCD that may raise the risk": the disorders may
    changed = excepting(main, items)
    if trailing and not items[-1].wholly_unread:
        # the words after the last exception may be about what it is an exception to
        words = trailing[-1]
        if words.rule.kind != "statement":
            changed = all_of([changed, unread(here.text, words.start, words.end, "narrowing")])
        elif items[-1] is words:  # words alone are excepted, or more is said of what the others are exceptions to
            if items[:-1]:
                besides = [excepting(main, items[:-1]), words]
                readings = [changed, all_of(besides), any_of(besides)]
                changed = ambiguous(readings, "one more exception, one more alternative, or said of all")
        elif is_enclosed(here, main, start):
            changed = with_clause(here, main, any_of(items), words, start)
        elif tells_effect(here.text[words.start : words.end]):
            changed = all_of([changed, words])
        else:
            spared = with_clause(here, main, any_of(items), words, start)
            changed = ambiguous([all_of([changed, words]), spared], "said of what is excepted, or of all")
    others = _told_anew(here, items) or _parted_off(here, items, foreign)
    if others:  # "other than A or B, or a C": C excludes, too
        rest = items[: len(items) - len(others)]
        return replace(any_of([excepting(main, rest), *others]), requirement=main.requirement)
    parted = len(items) == 2 and "," in here.text[items[0].end : items[1].start]  # "other than A, or B"
    if (
        items[0] in foreign and not parted
    ):  # what stands right behind the "except" is spared, whatever it is, and its like with it
        foreign = [item for item in foreign[1:] if not _alike(items[0], item)]
    if foreign and len(items) > 1 and not _all_spared(here, main, items, start):
        without = excepting(main, [item for item in items if item not in foreign])
        both = ambiguous(
            [changed, any_of([without, *foreign])], "an item that may be an exception, or one more alternative"
        )
        return replace(both, requirement=main.requirement)
    return changed


def _clause_behind(here: Composing, items: Sequence[Draft]) -> int | None:
    """The first item that is none of the exceptions, but says more of what stands before it: "brain metastases that
    were resected and have no symptoms", "other than A, that may affect B or C"; None where each names one."""
    for at in range(1, len(items)):
        rule, joint = items[at].rule, here.low[items[at - 1].end : items[at].end]
        if isinstance(rule, Not | Statement) and _AND_SAID.match(joint):
            return at
        if _THAT_MAY.match(joint) and tells_effect(joint) and not tells_harmless(joint):
            return at
    return None


_THAT_MAY: Final = re.compile(r"[\s)\]]*,\s*(?:that|which)\b")
_AND_SAID: Final = re.compile(
    r"[\s,)\]]*\band\s+(?:(?:who|that|which|they|currently|now|also)\s+)*(?:is|are|was|were|has|have|had|do|does|with|without"
    r"|no|not|never|remains?|felt|deemed|considered)\b"
)


def _with_what_follows(here: Composing, main: Draft, items: Sequence[Draft], at: int, start: int) -> Draft:
    """What is excepted, with all that is said further from the item ``at`` on: of each, or of the last of them; said
    behind a comma and "that", of what they are excepted from."""
    if _THAT_MAY.match(here.low, items[at - 1].end):
        changed = all_of([excepting(main, items[:at]), any_of(items[at:])])
        return replace(changed, requirement=main.requirement)
    if any(_OR_BEFORE.match(here.low, one.end) for one in items[at:-1]):
        return all_of([main, unread(here.text, items[at].start, items[-1].end, "narrowing")])
    return with_clause(here, main, any_of(items[:at]), all_of(items[at:]), start)


_OR_BEFORE: Final = re.compile(r"[\s,;)\]]*(?:or\b|,|;)")


def _is_limit(item: Draft) -> bool:
    return all(isinstance(rule, Measurement) for rule in item.innermost_rules())


def _besides_studied(here: Composing, main: Draft, first: Draft, start: int) -> Draft | None:
    """ "Malignancies other than the one treated in this study": other ones; None where something else is excepted."""
    said = _THE_STUDIED.match(here.low, start)
    malignancies = all(isinstance(rule, Condition) and is_malignant(rule.concept) for rule in main.innermost_rules())
    if said is None or not malignancies or first.end > said.end():
        return None

    def another(leaf: Draft) -> Draft:
        update = {"other": True, "studied": here.context.studied}
        return replace(leaf, rule=leaf.rule.model_copy(update=update), end=max(leaf.end, said.end()))

    return each_leaf(main, another)


_THE_STUDIED: Final = re.compile(
    r"[\s,;(\[]*(?:other than|except(?: for)?|excluding|besides|apart from|outside of)\s+(?:the\s+|that\s+)?"
    r"(?:(?:study|current|target|index)\s+(?:cancer|malignancy|disease|indication|tumou?r)"
    r"|(?:(?:one|cancer|malignancy|disease|indication|tumou?r|type)\s+)?(?:(?:that|which)\s+)?"
    r"(?:(?:(?:is|being|currently)\s+)*under\s+(?:study|investigation|treatment)"
    r"|(?:(?:is|being|currently)\s+)+(?:treated|studied|investigated|evaluated)"
    r"|(?:treated|studied|investigated|evaluated)(?=\s+(?:in|by|for|on|under)\s+(?:this|the\s+(?:present|current))\b))"
    r"(?:\s+(?:in|by|for|on|under)\s+(?:this|the\s+(?:present|current))\s+(?:study|trial|protocol))?)\b"
)


def is_enclosed(here: Composing, main: Draft, start: int) -> bool:
    """Whether an exception stands in a parenthesis of its own, and all that is said in it is said of it."""
    before = here.text[main.start : start + 1]
    return before.count("(") > before.count(")")


def with_clause(here: Composing, main: Draft, named: Draft, said: Draft, start: int) -> Draft:
    """ "X (except A or B who have been treated)": only such a B is spared, or only such of either."""
    *others, last = named.parts if named.rule.kind == "any" else (named,)
    of_last = excepting(main, [*others, all_of([last, said])])
    of_each = excepting(main, [all_of([each, said]) for each in (*others, last)])
    either = ambiguous([of_last, of_each], "a clause of what is excepted, or of its last")
    return replace(either, end=max(either.end, said.end), requirement=main.requirement)


def _all_spared(here: Composing, main: Draft, items: Sequence[Draft], start: int) -> bool:
    """Whether nothing among exceptions may be one more alternative to what they are taken out of: all stand in one
    parenthesis, or an "and" joins the last of them."""
    if is_enclosed(here, main, start) and ")" not in here.text[start + 1 : items[-1].start]:
        return True
    if any(_SAID_FURTHER.match(here.low, item.start) for item in items[1:]):
        return False  # "cancers treated curatively and with no recurrence"
    joints = [here.low[a.end : b.start].strip(" ") for a, b in pairwise(items)]
    if _EXCEPT_AGAIN.match(here.low, items[-1].end):
        return False  # "except A or B, excluding those who took C"
    alike = len({item.rule.kind for item in items}) == 1
    if alike and _EXCEPT.match(here.low, start) and all(map(_JOINED.fullmatch, joints)):
        return not any(_ANEW.match(here.low, item.start) for item in items[1:])  # "except vitamins or food supplements"
    return joints[-1] == "and" or (len(joints) > 1 and joints[-1] == ", and" and all(j == "," for j in joints[:-1]))


_EXCEPT: Final = re.compile(r"[\s,;(\[]*(?:with the exceptions? of|(?:with\s+)?except(?:ing|ion)?\b)")
_EXCEPT_AGAIN: Final = re.compile(r"[\s,;(\[]*(?:excluding|but not|unless|except)")
_JOINED: Final = re.compile(r",|,?\s*(?:or|and|and/or)|/")
_ANEW: Final = re.compile(
    r"(?:excluding|excluded|except\w*|unless|who|with|without|no|not|that|which|an?|the|any|those|patients?|subjects?|participants?|prior|current|history|use|known|active)\b"
)
_SAID_FURTHER: Final = re.compile(r"(?:with|without|no|not|who|that|which|has|have|had|is|are|was|were|in|on)\b")


def _than_those_before(draft: Draft) -> Draft:
    """ "Except skin cancer, or other cancers that are cured": other than what is excepted before them."""
    if not isinstance(draft.rule, Condition) or not draft.rule.other:
        return draft
    return replace(draft, rule=draft.rule.model_copy(update={"other": False, "studied": ()}))


def _elsewhere(here: Composing, main: Draft, excepted: Draft, start: int) -> Draft | None:
    """ "A body surface of 3 to 20 % (excluding the scalp)": where it is not measured is said of the measurement."""
    if not isinstance(main.rule, Measurement):
        return None
    places = [place for place in _BETWEEN_PLACES.split(here.text[excepted.start : excepted.end]) if place.strip()]
    if not places or not all(keys(place) in sites().names for place in places):
        return None
    said = " ".join(here.text[start : excepted.end].lower().split())
    qualifiers = (*main.rule.qualifiers, said)
    return replace(main, rule=main.rule.model_copy(update={"qualifiers": qualifiers}), end=excepted.end)


_BETWEEN_PLACES: Final = re.compile(r"\s*[,/&]\s*|\s*\b(?:and|or|the)\b\s*")


def _told_anew(here: Composing, items: Sequence[Draft]) -> list[Draft]:
    """What a verb of its own parts from an exception: "a cancer other than A, or are receiving B"."""
    at = next((i for i in range(1, len(items)) if _OR_VERB.match(here.low, items[i - 1].end)), 0)
    if not at or _RELATIVE.search(here.low, items[0].start, items[at].start):
        return []
    return list(items[at:])


_OR_VERB: Final = re.compile(
    r"[\s,;)]*\bor\s+(?:(?:currently|concurrently|previously|also)\s+)*(?:are|is|have|has|had|were|was)\b"
)
_RELATIVE: Final = re.compile(r"\b(?:that|which|who|whose|where|if|when)\b")


def _parted_off(here: Composing, items: Sequence[Draft], foreign: Sequence[Draft]) -> list[Draft]:
    """What a comma parts from an exception that is itself an "A or B"; nothing where no comma does, or several do."""
    if not foreign:
        return []
    commas = [i for i in range(1, len(items)) if "," in here.text[items[i - 1].end : items[i].start]]
    if len(commas) != 1 or commas[0] < 2:
        return []
    others = list(items[commas[0] :])
    return others if all(item in foreign for item in others) else []


def _explains(main: Draft, excepted: Draft, *, treatments: bool) -> bool:
    """Whether what is named explains the values: "bilirubin > 2 mg/dL, except due to Gilbert syndrome".

    ``treatments``: one of these may be named, too: "INR < 1.5, except for patients on warfarin".
    """
    if not all(isinstance(leaf.rule, Measurement) for leaf in main.innermost()):
        return False
    named = [leaf.rule for leaf in excepted.innermost()]
    causes = [rule for rule in named if not isinstance(rule, Statement)]
    diseases = bool(causes) and all(isinstance(c, Condition) and not c.concept.open for c in causes)
    return diseases or (treatments and all(isinstance(rule, Treatment) for rule in named))


def _is_of_all(rule: Rule) -> bool:
    """Whether it is asked of everybody, whatever else is there, so that what is excepted is nobody who need not have
    it: "a life expectancy of 1 year, excluding the cancer", "measurable disease, except in bone"."""
    return isinstance(rule, Measurement) and rule.analyte.name in ("life expectancy", "measurable disease")


def _spared_by_name(here: Composing, start: int) -> bool:
    """Whether people are excepted, and not "excluded", which may keep them out."""
    return _EXCEPT_THOSE.match(here.low, start) is not None


_EXCEPT_THOSE: Final = re.compile(
    r"\W*(?:except(?:ions?)?|with\s+(?:the\s+)?exception|unless)\b(?:\s+(?:for|of|in|if))*\s+"
    r"(?:patients|subjects|participants|individuals|those|persons|people)\b"
)


def _earlier(leaf: Draft, targets: Sequence[Condition]) -> bool:
    """Whether it is the earlier form of what is asked to be present now."""
    rule = leaf.rule
    return (
        isinstance(rule, Condition)
        and rule.time == "ever"
        and any(t.concept == rule.concept and t.time == "now" for t in targets)
    )


def targets_of(main: Draft) -> list[Condition]:
    """The conditions in a draft."""
    return [leaf.rule for leaf in main.leaves() if isinstance(leaf.rule, Condition)]


def has_exceptions(rule: Rule) -> bool:
    """Whether something is excepted from it already."""
    return isinstance(rule, Condition | Treatment) and bool(rule.exceptions)


def _alike(one: Draft, other: Draft) -> bool:
    """Whether two name one kind of fact, and no more than its name: "vitamins", "dietary supplements"."""
    return type(one.rule) is type(other.rule) and all(
        isinstance(rule, Condition | Treatment | Allergy) and len(rule.model_dump(exclude_defaults=True)) == 1
        for rule in (one.rule, other.rule)
    )


def is_apart(item: Draft, targets: Sequence[Draft]) -> bool:
    """Whether an excepted item is surely no kind of any of the targets."""
    rule = item.rule
    if not isinstance(rule, Condition | Treatment) or rule.concept.open:
        return False
    kind: Kind = "condition" if isinstance(rule, Condition) else "treatment"
    same = [t.rule for t in targets if isinstance(t.rule, type(rule))]
    if not same:
        return True
    if any(_may_be_anything(kind, t.concept.name) for t in same):
        return False
    return (
        not any(t.concept.open or vocabulary().is_a(kind, rule.concept.name, t.concept.name) for t in same)
        and "in situ" not in rule.concept.name
    )


def _may_be_anything(kind: Kind, name: str) -> bool:
    """Whether people judge what is one: any disease may be a toxicity."""
    entry = vocabulary().entry(kind, name)
    return entry is not None and bool(entry.facts.get("assessed"))


def _unrelated(item: Draft, targets: Sequence[Draft]) -> bool:
    """Whether nothing says that an item of unknown words is of the kind that it would be an exception to."""
    if item.wholly_unread:
        return True
    return (
        isinstance(item.rule, Condition | Treatment)
        and item.rule.concept.open
        and all(t.rule.kind != item.rule.kind for t in targets)
    )


def excepting(draft: Draft, items: Sequence[Draft]) -> Draft:
    """The same, each fact in it without what is excepted: no drug from a disease, where drugs stand beside it."""
    items = [with_those(item) for item in items]
    kinds = {type(leaf.rule) for leaf in draft.leaves()}
    absent = [item for item in items if _is_absence(item.rule)]
    if not absent:
        return _excepting(draft, items, kinds)
    there = [item for item in items if item not in absent]
    if not there:  # "chemotherapy (no neoadjuvant therapy is allowed)" hardly spares whoever had none
        return ambiguous([_excepting(draft, items, kinds), draft], "an exception for whoever has not had something")
    either = ambiguous([any_of(items), all_of([any_of(there), *absent])], "one more exception, or said of the others")
    return _excepting(draft, [either], kinds)


def _is_absence(rule: Rule) -> bool:
    """Whether it holds, in one reading, of whoever has nothing of what it names."""
    match rule:
        case Not():
            return not _is_absence(rule.part)
        case All():
            return all(_is_absence(part) for part in rule.parts)
        case Any():
            return any(_is_absence(part) for part in rule.parts)
        case Ambiguous():
            return any(_is_absence(reading) for reading in rule.readings)
        case _:
            return False


def _excepting(draft: Draft, items: Sequence[Draft], kinds: Set[type[Rule]]) -> Draft:
    if isinstance(draft.rule, Condition | Treatment | Allergy):
        of_what = draft.rule
        if any(spares_all_earlier(of_what, item.rule) for item in items):
            if isinstance(of_what, Condition) and not of_what.window:
                of_what = of_what.model_copy(update={"time": "now"})
            draft = replace(draft, rule=of_what)
            items = [item for item in items if not spares_all_earlier(of_what, item.rule)]
        itself = [item for item in items if _is_itself(of_what, item.rule)]
        if itself:
            rest = _excepting(draft, [item for item in items if item not in itself], kinds)
            if all(_is_only_earlier(of_what, item.rule) for item in itself):
                return rest  # "no chemotherapy within 4 weeks; prior chemotherapy is allowed"
            nothing = constant(False, "all of it is excepted", rest.start, max(item.end for item in itself))
            return ambiguous([rest, nothing], "an exception that would leave nothing")
        items = [_only_past(of_what, item) for item in items]
        items = [
            item for item in items if not _spares_all(of_what, item.rule) and not _of_another(of_what, item.rule, kinds)
        ]
        if not items:
            return draft
        fitting = [
            item
            for item in items
            if isinstance(item.rule, type(of_what)) or not isinstance(item.rule, Condition | Treatment)
        ]
        others = [item for item in items if item not in fitting]
        chosen = [*fitting, *others]
        rule = of_what.model_copy(update={"exceptions": (*of_what.exceptions, *(item.rule for item in chosen))})
        end = max([draft.end, *(item.end for item in chosen)])
        return Draft(rule, draft.start, end, (*draft.parts, *chosen), draft.open, draft.requirement)
    if not draft.parts:
        return draft
    parts = tuple(_excepting(part, items, kinds) for part in draft.parts)
    return rebuilt(draft, parts)


def spares_all_earlier(rule: Rule, excepted: Rule) -> bool:
    """Whether the very disease is excepted where it was there before: "active hepatitis B; past hepatitis B is allowed"
    spares nobody who has it now, and behind "hepatitis B within 6 months" nobody who had it then."""
    if not isinstance(rule, Condition) or not isinstance(excepted, Condition):
        return False
    return _plainly_past(excepted) and vocabulary().is_a("condition", rule.concept.name, excepted.concept.name)


def _plainly_past(rule: Condition) -> bool:
    return rule == Condition(concept=rule.concept, time="ever", known=rule.known)


def _only_past(rule: Condition | Treatment | Allergy, item: Draft) -> Draft:
    """What is excepted from what somebody has now, without those who have it now, too: "active hepatitis B or C; past
    hepatitis B is allowed"."""
    current = isinstance(rule, Condition) and rule.time == "now"
    if not current or not isinstance(item.rule, Condition) or not _plainly_past(item.rule):
        return item
    now = replace(item, rule=item.rule.model_copy(update={"time": "now"}))
    return all_of([item, negated(now)])


def _of_another(rule: Condition | Treatment | Allergy, excepted: Rule, kinds: Set[type[Rule]]) -> bool:
    """Whether what is excepted is of the kind of something beside a fact, not of its own."""
    if isinstance(rule, Allergy) or rule.concept.open or not isinstance(excepted, Condition | Treatment):
        return False
    return type(excepted) is not type(rule) and type(excepted) in kinds


def _is_itself(rule: Condition | Treatment | Allergy, excepted: Rule) -> bool:
    """Whether no more is excepted than the very thing, of which something must have been meant."""
    if not isinstance(excepted, Condition | Treatment) or type(excepted) is not type(rule):
        return False
    return rule.concept == excepted.concept and excepted.model_dump(exclude_defaults=True).keys() <= {"concept", "time"}


def _is_only_earlier(rule: Condition | Treatment | Allergy, excepted: Rule) -> bool:
    """Whether what is excepted was there at some time, and what it is excepted from is within another one."""
    if not isinstance(rule, Condition | Treatment) or not isinstance(excepted, Condition | Treatment):
        return False
    return excepted.time == "ever" and (rule.window is not None or rule.time in ("now", "planned"))


def _spares_all(rule: Condition | Treatment | Allergy, excepted: Rule) -> bool:
    """Whether a broad name would leave nothing of what it is taken out of: "aspirin; other NSAIDs are allowed"."""
    if not isinstance(rule, Treatment) or not isinstance(excepted, Treatment) or rule.concept == excepted.concept:
        return False
    plain = excepted == Treatment(concept=excepted.concept, time=excepted.time)
    return plain and vocabulary().is_a("treatment", rule.concept.name, excepted.concept.name)


def as_allergy(draft: Draft, inside: Draft) -> Draft:
    """ "Hypersensitivity to nivolumab (or pembrolizumab)": to either."""
    allergy = draft.rule
    if not isinstance(allergy, Allergy):
        return inside

    def to(other: Draft) -> Draft:
        if not isinstance(other.rule, Treatment):
            return other
        return replace(other, rule=allergy.model_copy(update={"concept": other.rule.concept}))

    return each_leaf(inside, to)
