"""A list of a sentence -> its draft: sort each element, spread what is said once, build, join."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.composing.absences import none_or_less
from eligibility.reading.composing.alternatives import each_alternative
from eligibility.reading.composing.attribute_phrases import is_attribute
from eligibility.reading.composing.behind_lists import excepting_behind
from eligibility.reading.composing.building import build, for_it, unless
from eligibility.reading.composing.circumstances import circumstance
from eligibility.reading.composing.clauses import parted_agreement
from eligibility.reading.composing.connecting import connected
from eligibility.reading.composing.denying import deny
from eligibility.reading.composing.facts import phrase_draft
from eligibility.reading.composing.fitness import fitness, there_is
from eligibility.reading.composing.going_on import swallow
from eligibility.reading.composing.items import share_totals, sorted_out
from eligibility.reading.composing.joining import join
from eligibility.reading.composing.judgements import is_attested, is_generic
from eligibility.reading.composing.markers import with_tumors
from eligibility.reading.composing.open_phrases import is_open_phrase, is_plain, says_something
from eligibility.reading.composing.people import sex_of
from eligibility.reading.composing.predicates import is_clause
from eligibility.reading.composing.recovery import of_one_toxicity
from eligibility.reading.composing.rests import words_said_with
from eligibility.reading.composing.spreading import spread
from eligibility.reading.composing.terms import (
    ALTERNATIVES,
    FRAMES,
    Composing,
    Inherited,
    Item,
    StatementRead,
    is_consent,
    is_person,
    is_pregnancy_test,
    says_how_it_is,
)
from eligibility.reading.drafting.concepts import open_concept
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, each_leaf, for_those, unread
from eligibility.reading.grammar import Refused
from eligibility.reading.lexing.tokens import EITHER, Token
from eligibility.reading.patterns import PERSONS, REQUIRING, just_before
from eligibility.reading.phrases import AgeRead, Measured, Noun
from eligibility.reading.sentences import Element, Group, ListRead
from eligibility.rules import Concept, Condition, Not, PatientAttribute, Rule, Sex, Span, Statement, Treatment

_EITHER: Final = (
    re.compile(  # "multiple myeloma, either new or relapsed", "lung cancer, with recurrent or metastatic disease"
        r"\s*,?\s*(?:either|whether)\b|\s*,\s*with\b"
    )
)


def listed(
    here: Composing,
    read: ListRead,
    inherited: Inherited,
    *,
    top: bool = False,
    plain: bool = False,
    any_: bool | None = None,
) -> Draft | None:
    """The draft of a list. ``plain``: it is required in itself, whatever section it stands in."""
    if _denied_of_people(here, read):
        first, others = read.parted(1)
        parts = [listed(here, each, inherited, top=top, plain=plain) for each in (first, others)]
        return all_of([part for part in parts if part is not None])
    draft = _listed(here, read, inherited, top=top, plain=plain, any_=any_)
    if draft is not None and _is_of_treatments(draft):
        draft = of_one_toxicity(here, draft)
    last = read.elements[-1].atoms[-1]
    if draft is None or len(read.elements) < 2 or not isinstance(last, Group):
        return draft
    if not unless(last) and not any(tail.has("EXCEPT", "ALLOWED") for tail in last.body.tails):
        return draft
    if draft.rule.kind != "any" or draft.parts[-1].rule.kind != "all" or len(draft.parts[-1].parts) != 2:
        return excepting_behind(here, draft, last)
    own, spared = draft.parts[-1].parts
    if spared.start < last.start:
        return excepting_behind(here, draft, last)
    every = all_of([any_of([*draft.parts[:-1], own]), spared])
    return ambiguous([draft, every], "an exception to the last, or to all that is listed")


def _denied_of_people(here: Composing, read: ListRead) -> bool:
    """ "If not receiving A, patients with B (must ...)": whether it is people behind a comma who are to lack A."""
    if len(read.elements) < 2 or not read.elements[0].negations or read.separators[0] != "COMMA":
        return False
    first, second = read.elements[:2]
    return (
        just_before(_IF, here.low, read.start) is not None
        and not second.negations
        and any(first.end <= at <= second.start for at in here.people)
    )


_IF: Final = re.compile(r"\bif\s*\Z")


def _is_of_treatments(draft: Draft) -> bool:
    """Whether treatments are listed that an adverse event is of: "toxicities from chemotherapy or surgery"."""
    if draft.rule.kind not in ("any", "all", "ambiguous"):
        return False
    first, *others = draft.innermost_rules()
    untoward = isinstance(first, Condition) and first.concept.name == "adverse event"
    return untoward and all(
        rule == first or (isinstance(rule, Treatment) and rule.window is None and rule.time in ("unstated", "ever"))
        for rule in others
    )


def _listed(
    here: Composing, read: ListRead, inherited: Inherited, *, top: bool, plain: bool, any_: bool | None
) -> Draft | None:
    if (attested := fitness(here, read)) is not None:
        return attested
    if (agreed := _agreed_by_those_without(here, read, inherited, plain=plain)) is not None:
        return agreed
    if "BUT" in read.separators:
        return _set_against(here, read, inherited, top=top, plain=plain)
    if (at := _whoever_else(here, read)) is not None:
        denied, others = [here.listed(part, inherited, plain=plain, any_=any_) for part in read.parted(at)]
        return any_of([denied, others]) if denied is not None and others is not None else None
    if (at := _beside_people(here, read)) is not None:
        each = [here.listed(part, inherited, plain=plain) for part in read.parted(at)]
        return any_of([draft for draft in each if draft is not None])
    read = there_is(here, read)
    if any_ is None and (less := none_or_less(here, read, inherited, top=top, plain=plain)) is not None:
        return less
    if len(read.elements) > 1 and (lists := each_alternative(here, read)):
        each = [here.listed(one, inherited, top=top, plain=plain, any_=any_) for one in lists]
        if (either := _either_of(each)) is not None:
            return either
    if (apart := _people_and_theirs(here, read)) is not None:
        parted = [here.listed(part, inherited, plain=plain) for part in apart]
        named = [draft for draft in parted if draft is not None]
        return all_of(named) if named else None
    if not inherited and (treated := _treated_with_any(here, read, top=top, plain=plain)) is not None:
        return treated
    if any_ is None and len(groups := _groups(here, read)) > 1:
        found = [here.listed(group, inherited, top=top, plain=plain) for group in groups]
        return _people_apart(here, [draft for draft in found if draft is not None], read, plain=plain)
    items, separators = [sorted_out(here, element) for element in read.elements], list(read.separators)
    share_totals(items, separators)
    if len(items) > 1:
        items, separators = swallow(here, *_set_behind(here, *_dated_behind(here, items, separators)))
        _require_such(here, items)
    spread(here, items, separators, inherited)
    if top and not inherited and not here.context.studied:
        with_tumors(items)
    subject, for_some = common_subject(here, items, separators)
    drafts: list[Draft] = []
    kept: list[int] = []
    led: tuple[Item, Draft, int] | None = None  # the last that begins with words which may bear on those behind it
    for index, item in enumerate(items):
        if index and separators[index - 1] == "SEMI":
            led = None
        draft = build(here, item, item.unclear)
        if draft is None:
            if item.negations and index + 1 < len(items) and not items[index + 1].negations:
                items[index + 1].negations = item.negations  # "no invasive, distant malignancy"
            continue
        if here.exclusion and drafts and (further := _or_consent(here, drafts[-1], draft, item)) is not None:
            drafts[-1] = further
            continue
        if (
            drafts
            and (whole := _anything_or(here, drafts[-1], draft) or _values_told(here, drafts[-1], draft)) is not None
        ):
            drafts[-1] = whole
            continue
        if item.unclear:
            led = item, draft, index
        elif led is not None and not item.frames and item.core is not None and not _for_itself(here, led[0], item):
            with_it = _led_by(here, *led[:2], item)
            alone = draft.wholly_unread and not with_it.wholly_unread
            alone = alone and led[2] == index - 1 and led[0].core_end == led[0].end
            draft = with_it if alone else ambiguous([draft, with_it], "words before the list may bear on it")
        drafts.append(draft)
        kept.append(index)
    drafts, kept = words_said_with(here, items, separators, drafts, kept)
    if not drafts:
        return None
    drafts = _to_the_same(_of_skin(_as_defined(drafts)))
    separators = _between(kept, separators)
    if (
        len(drafts) > 2
        and subject is None
        and kept[0] == 0
        and not items[0].negations
        and _EITHER.match(here.low, items[0].end)
        and not {"AND", "PLUS"} & {*separators[1:]}  # "adequate function, with A < 2 and B < 3"
    ):
        # "either A or B, not amenable to C": what stands behind the last comma is no third
        behind = not here.exclusion and separators[-1] == "COMMA" and "OR" in separators[1:-1]
        end = len(drafts) - behind
        rest = [items[i] for i in kept[1:end]]
        between = separators[1 : end - 1]
        others = join(here, drafts[1:end], rest, between, top=False, plain=plain, any_=True, serial=read.serial)
        return all_of([drafts[0], others, *drafts[end:]])
    if subject is not None:
        inner = join(
            here, drafts, [items[i] for i in kept], separators, top=False, plain=plain, any_=any_, serial=read.serial
        )
        if for_some and not plain and not here.exclusion and agreements(inner):
            if isinstance(subject.rule, Sex) and not _OF_BEARING.search(here.low, inner.start, inner.end):
                return agreed_by(here, subject, inner)  # "women able to read English": no man may be wanted
            return replace(for_those(subject, inner), requirement=True)
        if for_some and not plain and not here.exclusion and _HAVE.match(here.low, subject.end):
            both = ambiguous(
                [all_of([subject, inner]), for_those(subject, inner)], "who they are, or what they must be"
            )
            return replace(both, requirement=True)
        return all_of([subject, inner])
    return join(here, drafts, [items[i] for i in kept], separators, top=top, plain=plain, any_=any_, serial=read.serial)


def _set_behind(here: Composing, items: list[Item], separators: list[str]) -> tuple[list[Item], list[str]]:
    """ "Infection, uncontrolled, or stroke": what a comma parts from the "or" behind it is said of what precedes."""
    for at in range(1, len(items) - 1):
        before, said, after = items[at - 1 : at + 2]
        named = isinstance(before.core, Noun) and before.core.kinds == {"CONDITION"} and not before.also
        alone = said.core is None and said.words is None and not (said.frames or said.also or said.groups)
        if not named or not alone or said.negations or separators[at - 1] != "COMMA" or separators[at] != "OR":
            continue
        if (
            not said.modifiers
            or not all(map(says_how_it_is, said.modifiers))
            or not _COMMA_OR.match(here.low, said.end)
        ):
            continue
        if not isinstance(after.core, Noun) or after.core.has("QUALIFIER") or not isinstance(before.core, Noun):
            continue
        noun = replace(before.core, behind=[*before.core.behind, *said.modifiers], end=said.end)
        before.core, before.end = noun, said.end
        return [*items[:at], *items[at + 1 :]], [*separators[: at - 1], *separators[at:]]
    return items, separators


_COMMA_OR: Final = re.compile(r"\s*,\s*or\b")


def _require_such(here: Composing, items: list[Item]) -> None:
    """ "Infection requiring systemic, oral or depot steroids": the first word is one of the steroids, not of the
    infection; what steroids they are is not known where it stands."""
    for item in items[:-1]:
        noun, frame = item.core, item.frames[-1] if item.frames else None
        if not isinstance(noun, Noun) or frame is None or noun.kinds != {"CONDITION"} or not noun.behind:
            continue
        said = noun.behind[-1]
        required = frame.type == "USE" and REQUIRING.match(frame.said) is not None
        if required and said.type == "QUALIFIER" and noun.head.end <= frame.start < frame.end <= said.start:
            item.core = replace(noun, behind=noun.behind[:-1], end=frame.start)
            item.frames = item.frames[:-1]
            item.beside.append(unread(here.text, frame.start, said.end, "narrowing"))


def _whoever_else(here: Composing, read: ListRead) -> int | None:
    """Where a denial ends before others who are meant: "no measurable disease, or who are pregnant"."""
    denied = read.elements[0].negations
    if not denied or (not here.exclusion and here.low.startswith("no ", denied[0].start)):
        return None
    return next(
        (
            index
            for index in range(1, len(read.elements))
            if read.separators[index - 1] in ("OR", "ANDOR")
            and not read.elements[index].negations
            and _OR_WHO.match(here.low, read.elements[index - 1].end)
        ),
        None,
    )


_OR_WHO: Final = re.compile(
    r"\s*,?\s*\b(?:and/)?or\s+(?:(?:those|patients|subjects|participants|individuals)\s+)?who\s+\w"
)


def _beside_people(here: Composing, read: ListRead) -> int | None:
    """Where people of one sex who are excluded end before what excludes anybody: "women who are pregnant or nursing, or
    known HIV infection", "men with gout; asthma"; None where all is said of them, as "women who are pregnant or have
    asthma"."""
    first = read.elements[0]
    if not here.exclusion or first.negations or not _says_who(first.atoms[0]) or len(read.elements) < 2:
        return None
    if not {*read.separators} <= ALTERNATIVES | {"SEMI"}:
        return None
    bearing = False
    for index, element in enumerate(read.elements):
        facts = [atom for atom in element.atoms if _is_fact(atom)]
        bearing = bearing or any(isinstance(f.value, Noun) and f.value.kinds <= _BEARING for f in facts)  # type: ignore[union-attr]
        if not index or not facts or element.negations:
            continue
        between = here.low[read.elements[index - 1].end : facts[0].start]
        framed = element.atoms[0].type == "FRAME" if not isinstance(element.atoms[0], Group) else False
        apart = ";" in between or (bearing and ("," in between or framed))  # "... or a history of stroke"
        named = facts[0].value  # type: ignore[union-attr]
        anybody = isinstance(named, Measured) or (isinstance(named, Noun) and named.kinds <= _HAD)
        if apart and anybody and _OF_THEM.search(between) is None:
            return index
    return None


_BEARING: Final = frozenset(("PREGNANT", "BREASTFEEDING"))
_HAD: Final = frozenset(("CONDITION", "TREATMENT"))
_OF_THEM: Final = re.compile(r"\b(?:who|have|has|had|are|is|with|taking|using|receiving|on)\b")


def _dated_behind(here: Composing, items: list[Item], separators: list[str]) -> tuple[list[Item], list[str]]:
    """ "A, or B, within 6 months": the time that is all that stands behind the last comma, of what stands before it."""
    before, last = items[-2:]
    window, noun = last.lead_window, before.core
    if (
        separators[-1] != "COMMA"
        or len(items) <= len((before, last))
        or window is None
        or not window.windows
        or window.clear
    ):
        return items, separators
    if last.core or last.words or last.groups or last.modifiers or last.negations or last.bounds or last.frames:
        return items, separators
    if _WHEN.match(here.low, last.start) is None:
        return items, separators
    named = before.words is not None if noun is None else isinstance(noun, Noun) and not noun.has("WINDOW")
    if not named or before.window or before.beside or before.also:
        return items, separators
    before.window, before.window_at, before.end = window, (last.start, last.end), last.end
    return items[:-1], separators[:-1]


_WHEN: Final = re.compile(r"(?:with)?in\b|during\b|over\b|prior to\b|before\b|at\b|after\b|less than\b|up to\b|[<≤]")


def _set_against(here: Composing, read: ListRead, inherited: Inherited, *, top: bool, plain: bool) -> Draft | None:
    """ "Not on dialysis but with anemia": both, and what is denied before is not denied behind."""
    before, behind = read.parted(read.separators.index("BUT") + 1)
    second = here.listed(behind, inherited, top=top, plain=plain)
    if here.exclusion and second is not None and not second.requirement:
        first = here.literally().listed(before, inherited, top=top, plain=plain)  # beside what somebody has
    else:
        first = here.listed(before, inherited, top=top, plain=plain)
    if first is None or second is None or not EITHER.isdisjoint(before.separators):
        return unread(here.text, read.start, read.end)  # "A, or B but C": which of them
    return replace(all_of([first, second]), requirement=second.requirement or not here.exclusion)


def _people_and_theirs(here: Composing, read: ListRead) -> tuple[ListRead, ListRead] | None:
    """ "Women over 50 with metastatic or locally advanced cancer": who they are, and what each of them has, where an
    attribute stands between the two that shares its name with those behind it; None where none does."""
    first = read.elements[0]
    at = next((i for i, atom in enumerate(first.atoms) if not _says_who(atom)), len(first.atoms))
    if not at or at == len(first.atoms) or len(read.elements) < 2 or first.negations:
        return None
    if not all(isinstance(atom, Group) or atom.type in ("QUALIFIER", "STAGE_IS") for atom in first.atoms[at:]):
        return None
    if _WITH.fullmatch(here.low, first.atoms[at - 1].end, first.atoms[at].start) is None:
        return None
    if any(_says_who(atom) for element in read.elements[1:] for atom in element.atoms[:1]):
        return None
    behind = Element([], first.atoms[at:], first.atoms[at].start, first.end)
    people = Element([], first.atoms[:at], first.start, first.atoms[at - 1].end)
    rest = replace(read, elements=[behind, *read.elements[1:]], start=behind.start)
    return ListRead([people], [], people.start, people.end), rest


_WITH: Final = re.compile(
    r"[\s,)]*\b(?:with|having|(?:who|that) (?:have|has)|suffering from)\s+(?:an?\s+)?(?:[a-z]+ly\s+)?"
)


def _says_who(atom: Token | Group) -> bool:
    """Whether it names people, or their age, and says no more."""
    if isinstance(atom, Group) or atom.type != "FACT":
        return False
    if isinstance(atom.value, AgeRead):
        return True
    noun = atom.value
    return isinstance(noun, Noun) and bool(noun.kinds) and noun.kinds <= _SEXES and not noun.behind


_SEXES: Final = frozenset(("FEMALE", "MALE", "NOT_CHILDBEARING", "CHILDBEARING"))


def _treated_with_any(here: Composing, read: ListRead, *, top: bool, plain: bool) -> Draft | None:
    """ "Diabetes treated with A or B": the disease, treated with either; None where the verb may not reach so far."""
    if (treated := _disease_and_treatments(read)) is None:
        return None
    disease, either, verb = treated
    first, others = here.listed(disease, Inherited(), plain=True), here.listed(either, Inherited(), plain=True)
    if first is None or others is None:
        return None
    said = here.text[verb.start : max(token.end for token in verb.before if token.type == "USE")]
    first = _dated_as(first, others) if REQUIRING.match(said) else first
    both = all_of([first, each_leaf(others, lambda leaf: for_it(here, first, leaf, said))])
    negations = read.elements[0].negations
    if not negations:
        return both
    return deny(here, both, [Item(read.start, read.end, negations)], (read.start, both.end), top=top, plain=plain)


def _dated_as(event: Draft, needed: Draft) -> Draft:
    """An event within the time in which all that it required was given: "an exacerbation requiring A or B within 4
    weeks"."""
    windows = {rule.window if isinstance(rule, Treatment) else None for rule in needed.innermost_rules()}
    rule, window = event.rule, next(iter(windows))
    if len(windows) > 1 or window is None or not isinstance(rule, Condition) or rule.window is not None:
        return event
    entry = vocabulary().entry("condition", rule.concept.name)
    if entry is None or not vocabulary().happens(entry):
        return event
    return replace(event, rule=rule.model_copy(update={"window": window}))


def _disease_and_treatments(read: ListRead) -> tuple[ListRead, ListRead, Noun] | None:
    """A disease, and a list of the treatments that are said of it, with the noun that has their verb."""
    first = read.elements[0]
    at = next((i for i, atom in enumerate(first.atoms) if _names(atom, "TREATMENT")), 0)
    if not at or len(read.elements) < 2 or not _names(first.atoms[0], "CONDITION"):
        return None
    verb = first.atoms[at]
    if isinstance(verb, Group) or not any(token.type == "USE" for token in verb.value.before):
        return None
    if any(map(_is_fact, (*first.atoms[1:at], *first.atoms[at + 1 :]))):
        return None
    if not {*read.separators} <= ALTERNATIVES or read.separators[-1] == "COMMA":
        return None
    if (read.serial and len(read.elements) < _LEAST_OF_SERIES) or not all(map(_is_bare_treatment, read.elements[1:])):
        return None  # "asthma treated with A, or B"
    disease = Element([], first.atoms[:at], first.atoms[0].start, first.atoms[at - 1].end)
    behind = Element([], first.atoms[at:], verb.start, first.end)
    rest = replace(read, elements=[behind, *read.elements[1:]], start=behind.start)
    return ListRead([disease], [], disease.start, disease.end), rest, verb.value


_LEAST_OF_SERIES: Final = 3


def _names(atom: Token | Group, kind: str) -> bool:
    """Whether it names something of this kind, and of no other."""
    noun = None if isinstance(atom, Group) or atom.type != "FACT" else atom.value
    return isinstance(noun, Noun) and noun.kinds == {kind}


def _is_fact(atom: Token | Group) -> bool:
    return not isinstance(atom, Group) and atom.type == "FACT"


def _is_bare_treatment(element: Element) -> bool:
    """Whether an element is a treatment without a word of its own on when, or whether, it is given."""
    first = element.atoms[0]
    if element.negations or isinstance(first, Group) or not _names(first, "TREATMENT"):
        return False
    if any(map(_is_fact, element.atoms[1:])):
        return False
    return not any(token.type in FRAMES and token.type != "OTHER" for token in first.value.before)


def _agreed_by_those_without(here: Composing, read: ListRead, inherited: Inherited, *, plain: bool) -> Draft | None:
    """ "Patients who are not sterile (or who are fertile or active) agree to A": what is said of them is not what they
    agree to."""
    denied = any(element.negations for element in read.elements)
    either = not (here.exclusion or plain) and not {"OR", "ANDOR"}.isdisjoint(read.separators)
    apart = parted_agreement(here.low, read) if denied or (either and here.people) else None
    first = here.listed(apart[0], inherited, plain=True) if apart is not None else None
    second = here.listed(apart[1], Inherited(), plain=True) if apart is not None else None
    if first is None or second is None or apart is None:
        return None
    if denied and first.rule.kind != "not" and not all(element.negations for element in apart[0].elements):
        return unread(here.text, read.start, read.end)  # how far the negation reaches
    return all_of([first, second]) if plain else agreed_by(here, first, second)


_OF_BEARING: Final = re.compile(  # what is asked of one sex because of it
    r"contracep|pregnan|sperm|semen|condom|\bdonat|abstin|abstain|intercourse|birth|breast|nurs|lactat|\b(?:ova|eggs?)\b"
    r"|child|conce(?:iv|pt)|father|menstru|partner|sexual|steril"
)


def agreed_by(here: Composing, people: Draft, agreed: Draft) -> Draft:
    """What people agree to, or are able to, of whom more is said before: of those, or of everybody."""
    both = all_of([people, agreed])
    if here.exclusion:
        return both
    either = ambiguous([both, for_those(people, agreed)], "who they are, or what they must be")
    return replace(either, requirement=True)


def _or_consent(here: Composing, before: Draft, draft: Draft, item: Item) -> Draft | None:
    """ "Unable to understand the protocol or the informed consent": nobody is kept out because of having given it."""
    rule = before.rule
    if not isinstance(rule, Statement) or item.negations or draft.rule != PatientAttribute(attribute="consent"):
        return None
    said = f"{rule.text} {here.text[before.end : item.end].strip(' ,')}"
    return replace(before, rule=rule.model_copy(update={"text": said}), end=item.end)


def _anything_or(here: Composing, before: Draft, draft: Draft) -> Draft | None:
    """ "Any other disease or condition that may disturb the study": of either, that it may; None for anything else."""
    first, second = before.rule, draft.rule
    if not isinstance(first, Statement) or not isinstance(second, Statement) or before.end > draft.start:
        return None
    if first.topic != "judgement" or second.topic != "judgement" or not is_generic(second.text):
        return None
    if _OR.fullmatch(here.low, before.end, draft.start) is None or not is_attested(first.text):
        return None
    said = here.text[before.start : draft.end]
    return Draft(first.model_copy(update={"text": said}), before.start, draft.end)


_OR: Final = re.compile(r"\s*(?:\bor\b|\band/or\b|/)\s*")


def _values_told(here: Composing, before: Draft, draft: Draft) -> Draft | None:
    """ "PT or PTT is within the therapeutic range": what is told of the second of two measurements, of both."""
    told = draft.rule
    if not isinstance(before.rule, Condition) or not before.rule.concept.open or not isinstance(told, Statement):
        return None
    subject = _IS.split(told.text, maxsplit=1)[0]
    named = here.text[before.start : before.end]
    if subject == told.text or not all(vocabulary().find(each, "measurement") for each in (named, subject)):
        return None
    if _OR.fullmatch(here.low, before.end, draft.start) is None:
        return None
    return Draft(told.model_copy(update={"text": here.text[before.start : draft.end]}), before.start, draft.end)


_IS: Final = re.compile(r"\s+(?:is|are)\s+")


def _led_by(here: Composing, first: Item, read: Draft, item: Item) -> Draft:
    """An item with the words that the first of its list begins with: "intolerability of A, or B" of B, too."""
    core = first.core
    start = first.words.start if first.words is not None else first.start if first.modifiers else None
    framed = isinstance(item.core, Noun) and any(t.type in _OWN and t.end > t.start for t in item.core.before)
    if start is not None and core is not None and not (item.negations or framed):
        begin = core.draft.start if isinstance(core, StatementRead) else core.start
        if isinstance(core, Noun):  # "long-term use of A, or B"
            begin = max([begin, *(t.end for t in core.before if t.type in FRAMES and t.end <= core.head.start)])
        if not says_something(here.text[start:begin]):
            return unread(here.text, item.start, item.end)  # "by A, or B"
        said = f"{here.text[start:begin].strip()} {here.text[item.start : item.end].strip(' ,.;:')}"
        told = circumstance(here, said, item.start, item.end) if is_plain(said, joined=False) else None
        if told is not None and isinstance(told.rule, Statement):
            return replace(told, rule=told.rule.model_copy(update={"text": said}))
        if isinstance(read.rule, Statement) and is_clause(said):
            return Draft(read.rule.model_copy(update={"text": said}), item.start, item.end)
        if isinstance(read.rule, Condition) and is_open_phrase(said):
            named = Condition(concept=open_concept(said))
            return Draft(named, item.start, item.end, open=(Span(start=item.start, end=item.end),))
        if isinstance(read.rule, Statement | Condition) and is_attribute(said):  # longer than a name may be
            return Draft(Statement(text=said, topic="circumstance", who="chart"), item.start, item.end)
    return unread(here.text, item.start, item.end)


def _for_itself(here: Composing, first: Item, item: Item) -> bool:
    """Whether an item says all that it says, whatever words its list begins with: a limit, an age, a clause."""
    if isinstance(item.core, Noun) and any(t.type in _ANEW and t.end > t.start for t in item.core.before):
        others = _SOMEBODY.search(here.low, first.start, first.end) or _BEARS_ON.search(
            here.low, first.start, first.end
        )
        return others is None
    whole = isinstance(item.core, Measured | AgeRead | StatementRead)
    whole = whole or _PREDICATE.match(here.low, item.start) is not None
    return whole and _SOMEBODY.search(here.low, first.start, first.end) is None


_ANEW: Final = frozenset(("HISTORY", "DIAGNOSIS"))  # "dependence on A, or a diagnosis of B"
_BEARS_ON: Final = re.compile(  # what is denied, weighed or illustrated
    r"\b(?:such as|including|e\.g|like\b|would|could|might|may\b|den(?:y|ie[sd]|ying)|lack|absen|free\b|refus|without"
    r"|exclud|rule|no\b|not\b|risk|contraindicat|plan|require|need)"
)
_PREDICATE: Final = re.compile(
    r"(?:will|has|have|had|requires?|needs?)\s"
)  # "infected with A and will likely require B"
_SOMEBODY: Final = re.compile(
    r"\b(?:mother|father|parent|partner|spouse|sibling|brother|sister|relative|donor|caregiver|famil(?:y|ial)|maternal)"
)


def _either_of(each: list[Draft | None]) -> Draft | None:
    """Any of the alternatives; None where unknown words would be those of all of them."""
    named = [draft for draft in each if draft is not None]
    if any(leaf.open or leaf.rule.kind == "unread" for draft in named[:-1] for leaf in draft.leaves()):
        return None
    return all_of(named) if all(isinstance(draft.rule, Not) for draft in named) else any_of(named)


_OWN: Final = frozenset("HISTORY KNOWN DIAGNOSIS ALLERGY USE".split())  # what begins anew: "..., or history of B"


_GROUP: Final = (
    rf"(?:(?:any|all)\s+)?(?:(?:(?:(?:fe)?male|elderly|adult|pediatric)\s+)?(?:{PERSONS}|those|partners?)\b"
    r"|(?:(?:wo)?m[ae]n|(?:fe)?males?|children|adults)\s+(?:with|who|that|of)\b)"
)
_FIRST: Final = re.compile(_GROUP)
_BARE: Final = re.compile(r"(?:wo)?m[ae]n$|(?:fe)?males?$")  # of whom the same is said as of those behind them
_AGAIN: Final = re.compile(rf"\s*[,;]?\s*(?:and\s+|or\s+|and/or\s+)?{_GROUP}")


_APART: Final = frozenset(("AND", "PLUS", "SEMI"))


def _groups(here: Composing, read: ListRead) -> list[ListRead]:
    """ "Patients with A and patients with B or C": the lists of what each of several groups of people has."""
    if _APART.isdisjoint(read.separators):
        return []
    elements, starts = read.elements, [0]
    first = elements[0].start
    if _FIRST.match(here.low, first) or any(start < first for start in here.people):
        starts += [
            i
            for i in range(1, len(elements))
            if _AGAIN.match(here.low, elements[i - 1].end)
            and not just_before(_BARE, here.low, elements[i - 1].end, elements[i - 1].start)
        ]
    if all(read.separators[start - 1] not in _APART for start in starts[1:]) or _said_of_both(here, read, starts):
        return []
    return [
        ListRead(elements[a:b], read.separators[a : b - 1], elements[a].start, elements[b - 1].end, read.serial)
        for a, b in pairwise([*starts, len(elements)])
    ]


def _said_of_both(here: Composing, read: ListRead, starts: list[int]) -> bool:
    """ "Women of childbearing potential and men who can father a child, not using contraception": where that excludes,
    nobody is kept out for being a woman, so that what closes the list is said of her, too."""
    last = read.elements[-1]
    if not here.exclusion or len(starts) < 2 or (starts[-1] == len(read.elements) - 1 and len(last.atoms) == 1):
        return False
    bare = [element for element in read.elements[: starts[-1]] if all(map(_says_who, element.atoms))]
    return len(bare) == starts[-1] and "contracept" in here.low[last.start : read.end]


def _people_apart(here: Composing, groups: list[Draft], read: ListRead, *, plain: bool) -> Draft | None:
    """What each of several groups of people has, joined: nobody need be of all of them."""
    if not groups:
        return None
    either = connected(here, groups, [], True, here.exclusion and not plain, serial=False)
    if here.exclusion or plain:
        return either
    every = connected(here, groups, ["AND"] * (len(groups) - 1), None, exclusive=False, serial=False)
    told = all(any(_tells_apart(leaf.rule) for leaf in group.innermost()) for group in groups)
    if not told and {*read.separators} <= _APART | {"COMMA"}:
        return every
    return ambiguous([every, either], "all that is listed, or people of whom each has one of it")


def _tells_apart(rule: Rule) -> bool:
    """Whether some people have it and others do not: a disease, a treatment, but no age and no measurable disease."""
    return isinstance(rule, Condition | Treatment) and rule.concept.name != "measurable disease"


def _between(kept: list[int], separators: list[str]) -> list[str]:
    """What stands between the items that were kept: the strongest of the connectives between two of them."""
    found = []
    for a, b in pairwise(kept):
        run = separators[a:b]
        found.append(next((s for s in reversed(run) if s != "COMMA"), run[0] if run else "COMMA"))
    return found


def _is_their_age(items: list[Item]) -> bool:
    """ "At least 18 years of age with lymphoma or myeloma": the age is asked of either."""
    age = items[0].core
    further = any(isinstance(core, AgeRead) for item in items[1:] for core in item.cores)
    return isinstance(age, AgeRead) and not age.bare and not further


def _is_their_disease(here: Composing, items: list[Item], separators: list[str]) -> bool:
    """ "HIV-infected participants with lymphoma or sarcoma", "asthma with either gout or migraine": those with either
    are meant who have the first."""
    named, behind = items[0].core, items[0].also[0]
    if not isinstance(named, Noun) or not isinstance(behind, Noun) or named.kinds != {"CONDITION"}:
        return False
    if any(_PEOPLE_WITH.search(here.low, a.end, b.end) for a, b in pairwise(items)):
        return False
    if _PEOPLE_WITH.match(here.low, named.head.end, behind.head.end):
        return True
    if separators[-1] not in EITHER or not set(separators[:-1]) <= {"COMMA"} or not all(map(_is_disease, items)):
        return False
    between = here.low[items[-2].end : items[-1].start]
    series = ";" not in between and ("," not in between or len(items) > 2)
    return series and _WITH_EITHER.match(here.low, named.head.end, behind.head.end) is not None


def _is_disease(item: Item) -> bool:
    """Whether it names a disease, and how nothing of it is meant is said: no "use of", no "history of"."""
    noun = item.core
    return isinstance(noun, Noun) and noun.kinds == {"CONDITION"} and not item.frames and not item.negations


_PEOPLE_WITH: Final = re.compile(
    rf"(?:[\s-]+(?:infected|positive|affected))?\s+(?:{PERSONS}|adults?)"
    r"\s+(?:with|who\s+(?:also\s+)?ha(?:ve|d)|having)\b"
)


_WITH_EITHER: Final = re.compile(
    r"\s*,?\s+(?:(?:with|and|plus|having)\s+(?:either|(?:at\s+least\s+)?(?:any(?:\s+one)?|one)\s+of)"
    r"|having|(?:who|that)\s+(?:also\s+)?(?:have|has)(?!\s+had)(?:\s+either)?)\b"
)


def common_subject(here: Composing, items: list[Item], separators: list[str]) -> tuple[Draft | None, bool]:
    """ "Women who are pregnant, nursing or ...": the women are said once, of all that follows.

    "Women of childbearing potential and men who ...": of either group.
    """
    first = items[0]
    if (
        len(items) > 1
        and len(first.also) == 1
        and isinstance(first.also[0], Noun)
        and not (first.negations or first.beside)
        and all(group.start >= first.also[0].end for group in first.groups)
        and (_is_their_age(items) or _is_their_disease(here, items, separators))
    ):
        try:
            said = phrase_draft(here, first.core, None, None) if first.core is not None else None
        except Refused:
            return None, False
        begins = first.also[0].head.start
        first.core, first.also = first.also[0], []
        for item in items[1:]:  # what the subject is called is said of all of them
            item.modifiers = [t for t in item.modifiers if t.type != "MAYBE_QUALIFIER" or t.value[0].end > begins]
        return said, False
    people = 0
    named = [_people_named(item) for item in items]
    while people < len(items) and named[people] and not items[people].negations:
        people += 1
        if len(items[people - 1].cores) > named[people - 1] or items[people - 1].beside:
            break
    last = items[people - 1] if people else None
    asked = last.also[named[people - 1] - 1 :] if last is not None else []
    if (
        last is None
        or not asked
        or (people == 1 and named[0] > 1)
        or any(is_person(item) for item in items[people:])
        or any(a.end <= at <= b.start for a, b in pairwise(items[people - 1 :]) for at in here.people)
        or (_is_male(items[:people]) and all(isinstance(c, Noun) and c.kinds <= _OF_WOMEN for c in asked))
        or (people == 1 and len(items) == 1 and here.exclusion)
        or (people > 1 and isinstance(asked[0], StatementRead) and _THEIRS.search(here.text, last.core_end, last.end))
    ):
        return None, False
    try:
        groups = [
            all_of([phrase_draft(here, core, None, None) for core in item.cores[:count] if core is not None])
            for item, count in zip(items[:people], named, strict=False)
        ]
        if _is_male(items[:people]):  # "males and females of non-childbearing potential aged 18 to 55"
            theirs = [core for core in asked if isinstance(core, Noun) and core.kinds <= _OF_WOMEN]
            groups[-1] = all_of([groups[-1], *(phrase_draft(here, core, None, None) for core in theirs)])
            asked = [core for core in asked if core not in theirs]
        own = asked[0] if 1 < people < len(items) and asked else None
        if isinstance(own, StatementRead) and _FATHERING.search(here.low, last.core_end, last.end):
            groups[-1] = all_of([groups[-1], own.draft])  # "and men who can father a child, not using ..."
            asked = asked[1:]
    except Refused:
        return None, False
    if _named_again(groups):
        return None, False
    for item in items[: people - 1]:
        item.core, item.words, item.also = None, None, []
    last.core, last.also = (asked[0], asked[1:]) if asked else (None, [])
    return any_of(groups), True


def _named_again(groups: Sequence[Draft]) -> bool:
    """Whether the last are all of those some of whom are named before, "postmenopausal women, or women (aged 60)": what
    is said behind can be said of the last alone."""
    last = groups[-1].rule
    return isinstance(last, Sex) and any(sex_of(group) == last.sex for group in groups[:-1])


def _people_named(item: Item) -> int:
    """How many of its phrases name the people that it is about: two of "sexually active men who ..."; 0 where none."""
    fertile = item.cores[0] if len(item.cores) == 2 else None
    if isinstance(fertile, Noun) and fertile.kinds == {"FERTILE"} and isinstance(item.cores[1], StatementRead):
        return 1  # "fertile patients who agree to use contraception"
    for index, core in enumerate(item.cores):
        if isinstance(core, Noun) and core.kinds in ({"MALE"}, {"FEMALE"}):
            return index + 1
        if not (isinstance(core, StatementRead) or (isinstance(core, Noun) and core.kinds == {"FERTILE"})):
            break
    return 1 if is_person(item) else 0


_FATHERING: Final = re.compile(r"\bable to father\b|\bsperm|\bvasectom")
_THEIRS: Final = re.compile(
    r"\bpartners?\b", re.IGNORECASE
)  # those of the men alone: "women and men with partners who ..."
_BASAL: Final = "basal cell carcinoma"
_SQUAMOUS, _SQUAMOUS_OF_SKIN = (
    Concept(name="squamous cell carcinoma"),
    Concept(name="cutaneous squamous cell carcinoma"),
)


def _of_skin(drafts: list[Draft]) -> list[Draft]:
    """ "Basal cell or squamous cell carcinoma" are both of the skin."""
    if not any(isinstance(draft.rule, Condition) and draft.rule.concept.name == _BASAL for draft in drafts):
        return drafts
    return [
        replace(draft, rule=draft.rule.model_copy(update={"concept": _SQUAMOUS_OF_SKIN}))
        if isinstance(draft.rule, Condition) and draft.rule.concept == _SQUAMOUS and draft.rule.site is None
        else draft
        for draft in drafts
    ]


def _as_defined(drafts: list[Draft]) -> list[Draft]:
    """ "A or B as defined in the protocol": it defines all of them."""
    last = drafts[-1].rule
    if not isinstance(last, Condition | Treatment) or _DEFINED not in last.qualifiers:
        return drafts
    made: list[Draft] = []
    for draft in drafts:
        rule = draft.rule
        if isinstance(rule, Condition | Treatment) and _DEFINED not in rule.qualifiers:
            draft = replace(draft, rule=rule.model_copy(update={"qualifiers": (*rule.qualifiers, _DEFINED)}))
        made.append(draft)
    return made


_DEFINED: Final = "defined by the protocol"


def _to_the_same(drafts: list[Draft]) -> list[Draft]:
    """ "Allergic reactions or hypersensitivity to cisplatin": any allergic reaction, or one to cisplatin."""
    made = list(drafts)
    for index, (draft, following) in enumerate(pairwise(drafts)):
        rule = draft.rule
        allergic = all(leaf.rule.kind == "allergy" for leaf in following.innermost())
        if not isinstance(rule, Condition) or rule.exceptions or not allergic:
            continue
        if vocabulary().is_a("condition", rule.concept.name, _REACTION) or rule.concept.name in _SENSITIVE:
            to_it = following.placed(draft.start, following.end)
            made[index] = ambiguous([draft, to_it], "a reaction to anything, or to what follows")
    return made


_REACTION: Final = "hypersensitivity reaction"
_SENSITIVE: Final = frozenset(("hypersensitivity", "sensitivity", "allergy"))  # without a word of what to


_HAVE: Final = re.compile(  # "women of childbearing potential have a negative test"
    r"\s+(?:have|has|are|is)\b"
)
_OF_WOMEN: Final = frozenset(("FEMALE", "NOT_CHILDBEARING", "CHILDBEARING", "PREGNANT", "BREASTFEEDING"))


def _is_male(items: list[Item]) -> bool:
    """ "Males and post-menopausal females": the females are not said of the males."""
    return any(isinstance(core, Noun) and core.kinds == {"MALE"} for item in items for core in item.cores)


def agreements(draft: Draft) -> bool:
    """Whether it is made of what patients agree to, or need not, and a pregnancy test; a consent is asked of all."""
    rules = draft.innermost_rules()
    if any(map(is_consent, rules)):
        return False
    if any(
        isinstance(rule, Statement) and rule.topic == "circumstance" and _THEIRS.search(rule.text) for rule in rules
    ):
        return False
    return all(isinstance(rule, Statement | PatientAttribute) or is_pregnancy_test(rule) for rule in rules)
