"""The items of a list as one draft: and, or, no, and the readings of what mixes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.composing.connecting import NOT_ALL, OR_LIKE, connected
from eligibility.reading.composing.denying import deny, is_denied_too, is_own_statement, is_wanted
from eligibility.reading.composing.listed import Listed, classed, requiring, unprotected
from eligibility.reading.composing.narrowing import behind_alternatives, with_clause, with_more
from eligibility.reading.composing.own_limits import limits_some
from eligibility.reading.composing.terms import Composing, Inherited, Item
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
from eligibility.reading.lexer import tokenize
from eligibility.reading.patterns import TURN, Sought
from eligibility.reading.phrases import Noun
from eligibility.rules import (
    Allergy,
    Ambiguous,
    Condition,
    Not,
    PatientAttribute,
    Rule,
    Statement,
    Treatment,
    Unread,
    Window,
)


def join(
    here: Composing,
    drafts: list[Draft],
    items: list[Item],
    separators: list[str],
    *,
    top: bool,
    plain: bool,
    any_: bool | None,
    serial: bool,
) -> Draft:
    """The drafts of the items as one, with what is denied in them denied.

    ``top``: the list is the whole of a sentence. ``plain``: it is required in itself, whatever the section.
    ``any_``: how to join, where something else than the connectives says so. ``serial``: a comma before its "or".
    """
    listed = _turn_requiring(here, Listed(drafts, items, separators))
    drafts, items, separators = listed.drafts, listed.items, listed.separators
    drafts = _unhealed(_as_objects(here, _also_required(here, drafts, separators), separators))
    return _joined(here, Listed(drafts, items, separators), top=top, plain=plain, any_=any_, serial=serial)


def _turn_requiring(here: Composing, listed: Listed) -> Listed:
    """ "Exacerbations of the condition requiring methotrexate or oral corticosteroids": one turn of a disease that has
    no name, in the words that tell which treatments it needed."""
    first, *rest = listed.drafts
    if not rest or not _is_open(first.rule) or not all(map(_may_be_given, rest)):
        return listed
    if not {*listed.separators} <= OR_LIKE | {"COMMA"} or listed.separators[-1] not in OR_LIKE:
        return listed
    if _TURN_REQUIRING.match(here.low, first.start, listed.items[1].start) is None:
        return listed
    if any(_OF_ITS_OWN.match(here.low, item.start) for item in listed.items[1:]):
        return listed
    told = Statement(text=here.text[first.start : rest[-1].end], topic="circumstance", who="chart")
    return listed.with_one(0, len(listed.drafts), Draft(told, first.start, rest[-1].end))


_TURN_REQUIRING: Final = re.compile(rf"{TURN}[^,;]*?\b(?:requir|need)(?:ing|ed)\s")


def _may_be_given(draft: Draft) -> bool:
    """Whether it names a treatment, alone or with words of the first of its list, or nothing that is known."""
    known = [rule for rule in draft.innermost_rules() if not isinstance(rule, Unread) and not _is_open(rule)]
    with_words = isinstance(draft.rule, Ambiguous) and any(isinstance(rule, Treatment) for rule in known)
    return with_words or all(isinstance(rule, Treatment) for rule in known)


def _is_open(rule: Rule) -> bool:
    return isinstance(rule, Condition | Treatment) and rule.concept.open


def _also_required(here: Composing, drafts: list[Draft], separators: list[str]) -> list[Draft]:
    """ "An illness requiring systemic treatment or hospitalization": the illness requires either, and neither excludes
    by itself."""
    at = next((i for i, draft in enumerate(drafts) if _tells_what_it_requires(here, draft)), len(drafts))
    rest = drafts[at + 1 :]
    if not rest or not {*separators[at:]} <= OR_LIKE | {"COMMA"} or separators[-1] not in OR_LIKE:
        return drafts
    joints = [here.low[one.end : two.start] for one, two in pairwise(drafts[at:])]
    if not all(map(_may_be_required, rest)) or not all(map(_NO_MORE_THAN_JOINED.fullmatch, joints)):
        return drafts
    if any(_OF_ITS_OWN.match(here.low, each.start) for each in rest) or len({_window_of(each) for each in rest}) > 1:
        return drafts
    return [*drafts[: at + 1], *(all_of([each, _required_so(here, drafts[at], each)]) for each in rest)]


def _tells_what_it_requires(here: Composing, draft: Draft) -> bool:
    """Whether words of it say what a disease requires."""
    diseased = any(isinstance(rule, Condition) for rule in draft.innermost_rules())
    return diseased and _REQUIRES.search(here.low, draft.start, draft.end) is not None


_REQUIRES: Final = Sought(
    r"\b(?:requir(?:ing|es?|ed)|need(?:ing|s|ed))\s+(?!treatment\b|medication\b|therapy\b)\w", "requir", "need"
)
_NO_MORE_THAN_JOINED: Final = re.compile(r"[\s,)]*(?:\b(?:and/or|or)\b)?\s*")
_OF_ITS_OWN: Final = re.compile(
    r"(?:prior|previous|past|any|use|receipt|needs?|history|current|recent|concomitant|concurrent|planned|has|have|had|an?)\b"
)


def _may_be_required(draft: Draft) -> bool:
    """Whether it names no more than treatments, or what the vocabulary does not know."""
    rules = draft.innermost_rules()
    return any(isinstance(rule, Treatment) for rule in rules) and all(
        isinstance(rule, Treatment) and rule.time != "planned" for rule in rules
    )


def _window_of(draft: Draft) -> Window | None:
    return next((rule.window for rule in draft.innermost_rules() if isinstance(rule, Treatment)), None)


def _required_so(here: Composing, diseased: Draft, treated: Draft) -> Draft:
    told = Statement(text=here.text[diseased.start : treated.end], topic="circumstance", who="chart")
    return Draft(told, treated.start, treated.end)


def _as_objects(here: Composing, drafts: list[Draft], separators: list[str]) -> list[Draft]:
    """ "Toxicity of chemotherapy or radiotherapy": the second is one more alternative, or what else the first is of."""
    if not {*separators} <= OR_LIKE | {"COMMA"} or OR_LIKE.isdisjoint(separators):
        return drafts
    found = list(drafts)
    about: Draft | None = None
    for at, (before, draft) in enumerate(pairwise(drafts), 1):
        about = about if about is not None and found[at - 1] is not before else before
        if not _NO_MORE_THAN_JOINED.fullmatch(here.low, before.end, draft.start):
            continue
        if (of_it := _said_of(here, about, draft)) is not None:
            found[at] = ambiguous([draft, of_it], "one more alternative, or one more that the first is said of")
    return found


def _said_of(here: Composing, about: Draft, draft: Draft) -> Draft | None:
    """What is named before a bare name, as said of that name; None where no name of its kind ends the words about it.
    Where the vocabulary knows those words as they stand, it stays as it is."""
    rule, of_what = draft.rule, about.rule
    if not isinstance(of_what, Condition | Treatment) or of_what.exceptions or not _is_bare(rule):
        return None
    led = _OBJECT.search(here.low[about.start : about.end])
    if led is None or not led.start() or _OF_ITS_OWN.match(here.low, draft.start):
        return None
    last = tokenize(led["object"])[-1:]
    if not last or last[0].type != type(rule).__name__.upper():
        return None
    words = of_what.qualifiers[-1].lower().split() if of_what.qualifiers else []
    if led["object"].split()[-1] not in words:
        return None  # "evidence of asthma or gout"
    if words[0] != led["of"].split()[0]:
        return about
    said = f"{led['of']} {here.low[draft.start : draft.end]}"
    return replace(about, rule=of_what.model_copy(update={"qualifiers": (*of_what.qualifiers[:-1], said)}))


def _is_bare(rule: Rule) -> bool:
    """Whether it is a known name, of which no more is said than when."""
    if isinstance(rule, Condition):
        return rule == Condition(concept=rule.concept, known=rule.known, time=rule.time) and not rule.concept.open
    return (
        isinstance(rule, Treatment)
        and rule == Treatment(concept=rule.concept, time=rule.time)
        and not rule.concept.open
    )


_OBJECT: Final = re.compile(
    r"\b(?P<of>of|from|after|following|during|by|to|in|resulting\s+in|caused\s+by|secondary\s+to|related\s+to|associated\s+with)\s+"
    r"(?P<object>(?:(?!\b(?:of|from|after|by|to|in|with)\b)[\w' -])+)\Z"
)


def _unhealed(drafts: list[Draft]) -> list[Draft]:
    """ "A non-healing wound, ulcer or bone fracture": beside wounds, a fracture that has healed may not be meant."""
    names = [draft.rule.concept.name if isinstance(draft.rule, Condition) else "" for draft in drafts]
    if "fracture" not in names or not any(vocabulary().is_a("condition", name, "wound") for name in names if name):
        return drafts
    return [_perhaps_healed(draft) if name == "fracture" else draft for draft, name in zip(drafts, names, strict=True)]


def _perhaps_healed(draft: Draft) -> Draft:
    rule = draft.rule
    if not isinstance(rule, Condition) or rule.time != "unstated" or rule.window is not None or rule.qualifiers:
        return draft
    now = replace(draft, rule=rule.model_copy(update={"time": "now"}))
    return ambiguous([draft, now], "a fracture that has been, or that is still there")


def _joined(here: Composing, listed: Listed, *, top: bool, plain: bool, any_: bool | None, serial: bool) -> Draft:
    """:func:`join`, of a list or of a part of one."""
    own = _joined_as_told(here, listed, top=top, plain=plain, any_=any_, serial=serial)
    if here.exclusion or any_ is not None or (denied := _denied_with(here, listed)) is None:
        return own
    told = [item.negations for item in denied]
    for item in denied[1:]:
        item.negations = list(denied[0].negations)
    none = _joined_as_told(here, listed, top=top, plain=plain, any_=any_, serial=serial)
    for item, negations in zip(denied, told, strict=True):
        item.negations = negations
    return ambiguous([none, own], "a negation that may reach over the list").asked(own.requirement)


def _denied_with(here: Composing, listed: Listed) -> list[Item] | None:
    """ "ECOG 0-1, without asthma and gout": the asthma, and the gout that may be denied with it; None where no disease
    is joined by "and" to one that is denied, or nothing stands before or behind both."""
    for start, flag in enumerate(listed.denied):
        end = start + 1
        while flag and end < len(listed.drafts) and not listed.denied[end] and _may_lack(here, listed, end):
            end += 1
        named = flag and isinstance(listed.drafts[start].rule, Condition)
        if not named or end - start in (1, len(listed.drafts)) or listed.separators[end - 2] != "AND":
            continue
        return listed.items[start:end]
    return None


def _may_lack(here: Composing, listed: Listed, at: int) -> bool:
    """Whether one of a list is a disease that no verb or "with" of its own asks for."""
    rule = listed.drafts[at].rule
    joined = listed.separators[at - 1] in ("AND", "COMMA")
    told = _AND_WITH.match(here.low, listed.items[at - 1].end) is not None
    return joined and not told and isinstance(rule, Condition) and not is_wanted(rule)


_AND_WITH: Final = re.compile(r"[\s,]*(?:and|but)?\s+(?:who|with|has|have|had|is|are|must|having|diagnosed)\b")


def _joined_as_told(
    here: Composing, listed: Listed, *, top: bool, plain: bool, any_: bool | None, serial: bool
) -> Draft:
    """:func:`_joined`, with what a negation stands before denied, and no more."""
    listed = _hindered_too(here, _told_on(here, listed))
    if len(listed.drafts) == 1 and not listed.items[0].groups and not listed.items[0].negations:
        return listed.drafts[0]
    listed = Listed(listed.drafts, listed.items, _as_commas(here, listed.items, listed.separators))
    listed = unprotected(here, requiring(here, classed(_for_some(here, listed))))
    if any_ is None and (parted := _parted(here, listed, top=top, plain=plain, serial=serial)) is not None:
        return parted
    reached = _denied_first(here, listed, top=top, plain=plain, any_=any_, serial=serial)
    if reached is not None:
        return reached
    done: list[Draft] = []
    for i, (draft, item) in enumerate(zip(listed.drafts, listed.items, strict=True)):
        if item.negations:  # "no A and no B": what is asked of the one is asked of the other
            again = bool(done) and done[0].requirement and item.negations[0].type in ("NO", "NOT")
            draft = deny(here, draft, [item], (item.start, draft.end), top=top and (not i or again), plain=plain)
            subject = _of_which_more_is_said(here, done[-1]) if done and listed.separators[i - 1] == "OR" else None
            if subject is not None:  # "melanoma with a mutation or no metastases"
                of_it = replace(all_of([subject, draft]), requirement=draft.requirement)
                why = "an alternative to part of what precedes, or to all of it"
                draft = replace(ambiguous([draft, of_it], why), requirement=draft.requirement)
        done.append(draft)
    listed = _since_each(here, Listed(done, listed.items, listed.separators))
    if any_ and here.excepting:
        listed = _said_of_same(here, listed)
    if len(listed.drafts) == 1:
        return listed.drafts[0]
    if (further := _said_further(here, listed, plain=plain, any_=any_, serial=serial)) is not None:
        return further
    words = {*listed.separators}
    alternatives = words <= {"OR", "ANDOR", "COMMA"} and words & OR_LIKE and listed.separators[-1] == "COMMA"
    narrows = _OF_ALL_BEFORE.match(here.low, listed.drafts[-1].start) is not None
    if alternatives and (top or narrows) and not (plain or here.exclusion) and any_ is None:
        return behind_alternatives(here, listed.drafts, listed.separators, serial=serial)
    return connected(here, listed.drafts, listed.separators, any_, here.exclusion and not plain, serial)


_OF_ALL_BEFORE: Final = re.compile(  # "(women with) metastatic or locally advanced disease, not amenable to surgery"
    r"not\s+(?:amenable|suitable|(?:a\s+)?candidates?|curable|responsive|appropriate)\b"
)


def _told_on(here: Composing, listed: Listed) -> Listed:
    """ "(Must not) donate sperm during the study, and for 90 days after the last dose": a time to come belongs to what
    only an answer settles before it."""
    for at in range(len(listed.drafts) - 1, 0, -1):
        before, after = listed.drafts[at - 1], listed.drafts[at]
        told = isinstance(before.rule, Statement) and before.rule.topic in _DONE_BY_SOMEBODY
        if not (told and after.wholly_unread) or listed.items[at].negations or listed.items[at].groups:
            continue
        if _TO_COME.fullmatch(here.low, after.start, after.end) is not None:
            rule = before.rule.model_copy(update={"text": here.text[before.start : after.end]})
            listed = listed.with_one(at - 1, at + 1, replace(before, rule=rule, end=after.end))
    return listed


def _hindered_too(here: Composing, listed: Listed) -> Listed:
    """ "A condition that would preclude surgery or radiotherapy": what stands behind the "or" may be hindered, too, and
    exclude nobody who has it."""
    for at in range(len(listed.drafts) - 1, 0, -1):
        before, after, item = listed.drafts[at - 1], listed.drafts[at], listed.items[at]
        told = before.innermost()[-1]
        judged = isinstance(told.rule, Statement) and told.rule.topic == "judgement" and told.end == before.end
        if not judged or listed.separators[at - 1] not in OR_LIKE or item.negations or item.groups or item.frames:
            continue
        own = [leaf.rule for leaf in after.innermost() if leaf.start >= before.end]
        bare = bool(own) and all(map(_may_be_hindered, own)) and not _OF_ITS_OWN.match(here.low, item.start)
        joint = _NO_MORE_THAN_JOINED.fullmatch(here.low, before.end, max(item.start, before.end))
        if not bare or joint is None or _HINDERS.search(here.low, told.start, told.end) is None:
            continue
        words = Statement(text=here.text[told.start : after.end], topic="judgement", who="investigator")
        whole = Draft(words, told.start, after.end)
        both = each_leaf(before, lambda leaf, told=told, whole=whole: whole if leaf is told else leaf)  # type: ignore[misc]
        either = ambiguous([both, any_of([before, after])], "one more that may be hindered, or one more of the list")
        listed = listed.with_one(at - 1, at + 1, either)
    return listed


_HINDERS: Final = re.compile(
    r"\b(?:preclud|prevent|interfer|affect|limit|impair|imped|hinder|prohibit|compromis|contraindicat|complicat|confound)"
    r"(?:es?|s|ed|ing)?\b\s+(?:\S+\s+){0,5}\S+\Z"
)


def _may_be_hindered(rule: Rule) -> bool:
    """Whether it names a treatment, or what the vocabulary does not know, and says no more of it."""
    if isinstance(rule, Treatment):
        return rule.time == "unstated" and rule.window is None and not rule.exceptions
    if isinstance(rule, Condition):
        return rule.concept.open and rule.time == "unstated" and rule.window is None and not rule.qualifiers
    return isinstance(rule, Unread) or (isinstance(rule, Statement) and rule.topic == "circumstance")


_DONE_BY_SOMEBODY: Final = ("circumstance", "willingness", "participation")
_TO_COME: Final = re.compile(
    r"(?:(?:throughout|during|for)\s+the\s+(?:duration\s+of\s+the\s+)?(?:study|trial|treatment)(?:\s+period)?,?\s+and\s+)?"
    r"(?:for|within|until|up to|through)\s+(?:(?:at\s+least|a\s+minimum\s+of|up\s+to|approximately)\s+)?[\w.]+\s+"
    r"(?:days?|weeks?|months?|years?)\s+(?:after|following|from|post)\s+(?:the\s+|their\s+)?"
    r"(?:last|final|completion|end|discontinuation)\b[^.;:,]{0,80}"
)


def _said_of_same(here: Composing, listed: Listed) -> Listed:
    """ "(Except) cancers that were treated and are in remission": a clause that an "and" adds to an exception is said
    of what it stands behind, and is no exception of its own."""
    for at in range(len(listed.drafts) - 1, 0, -1):
        before, after = listed.items[at - 1], listed.items[at]
        if listed.separators[at - 1] != "AND":
            continue
        told = isinstance(after.core, Noun) and after.core.head.start < after.start  # its name stands before it
        clause = told and _PREDICATE.search(here.low, before.start, after.start) is not None
        if clause or _ADDED_CLAUSE.match(here.low, before.end, after.end) is not None:
            listed = listed.with_one(at - 1, at + 1, all_of(listed.drafts[at - 1 : at + 1]))
    return listed


_PREDICATE: Final = re.compile(r"\b(?:that|which|who)\s+(?:is|are|was|were|has been|have been)\b")

_ADDED_CLAUSE: Final = re.compile(
    r"\W*and\s+(?:(?:that|which|who)\s+)?(?:(?:(?:is|are|was|were|has|have|had|been|do(?:es)?)\b"
    r"|(?:in|at)\s+(?:\w+\s+)?(?:remission|risk)\b|(?:deemed|considered|felt|judged|thought|determined)\s+(?:to|by|at|as)\b))"
)


def _of_which_more_is_said(here: Composing, draft: Draft) -> Draft | None:
    """The disease in "melanoma with a mutation"; None where nothing stands with one."""
    if draft.rule.kind != "all" or not isinstance(draft.parts[0].rule, Condition):
        return None
    first, second = draft.parts[:2]
    return first if _WITH.fullmatch(here.low, first.end, second.start) is not None else None


_WITH: Final = re.compile(r"\s*,?\s*\b(?:with|that (?:has|have|is|are)|having|and)\s+(?:an?\s+)?")


def _for_some(here: Composing, listed: Listed) -> Listed:
    """With what is asked of some only, "A, or B (for patients with C)", asked where that is so."""
    taken = -1
    for i in range(1, len(listed.drafts)):
        replaced = alternative(here, listed.drafts[i - 1], listed.drafts[i], listed.items[i])
        if replaced is not None:
            taken = i - 1
            listed = listed.with_one(i - 1, i + 1, replaced)
            break
    drafts = [
        draft if i == taken else for_some(here, draft, item)
        for i, (draft, item) in enumerate(zip(listed.drafts, listed.items, strict=True))
    ]
    return Listed(drafts, listed.items, listed.separators)


def _parted(here: Composing, listed: Listed, *, top: bool, plain: bool, serial: bool) -> Draft | None:
    """A list of which parts are denied for themselves, part by part; None where it has no such parts."""
    denied, separators = listed.denied, listed.separators
    by_commas = not here.exclusion and not serial
    joined = _denied_run(denied, separators, by_commas=by_commas)
    if joined is None and not here.exclusion:
        joined = _denied_to_end(denied, separators)
    if (within := joined or _denied_by_verb(here, listed)) is not None:
        listed = _denied_within(here, listed, *within, top=top, plain=plain, surely=joined is not None)
        return _joined(here, listed, top=top, plain=plain, any_=None, serial=serial)
    added = [any(_AND.match(here.text, t.start) for t in item.negations) for item in listed.items]
    apart = added.index(True, 1) if any(added[1:]) else 0
    if apart and not any(denied[apart + 1 :]):  # "A, and without B or C"
        first = _joined(here, listed.part(0, apart), top=top, plain=plain, any_=None, serial=serial)
        none = _joined(here, listed.part(apart, len(denied)), top=False, plain=True, any_=None, serial=serial)
        return replace(all_of([first, none]), requirement=first.requirement)
    starts = [i for i, flag in enumerate(denied) if flag]
    runs = list(pairwise([*starts, len(denied)]))
    if (
        starts[:1] == [0]
        and 1 < len(starts) < len(denied)
        and all(b == a + 1 or _reaches(listed.items[a], separators[a : b - 1]) for a, b in runs)
    ):  # "no A, B or C, and no D"
        each = [_joined(here, listed.part(a, b), top=top, plain=plain, any_=None, serial=serial) for a, b in runs]
        between = [separators[i - 1] for i in starts[1:]]
        return connected(here, each, between, None, here.exclusion and not plain, serial)
    clause = _next_clause(here, listed.items) if starts == [0] else 0
    if not clause:
        return None
    # "have not had A, or have B"
    first = _joined(here, listed.part(0, clause), top=top, plain=plain, any_=None, serial=serial)
    rest = _joined(here, listed.part(clause, len(denied)), top=False, plain=plain, any_=None, serial=serial)
    own = connected(here, [first, rest], separators[clause - 1 : clause], None, here.exclusion, serial)
    listed.items[clause].clause = False
    every = _joined(here, listed, top=top, plain=plain, any_=None, serial=serial)
    both = ambiguous([own, every], "a clause of its own, or one more that is denied")
    return replace(both, requirement=first.requirement)


def _denied_within(
    here: Composing, listed: Listed, start: int, end: int, *, top: bool, plain: bool, surely: bool
) -> Listed:
    """ "A, no B or C, and D": with what is denied together as one. Not ``surely``: if it is all of one kind."""
    run = listed.part(start, end)
    top = top and all(listed.denied[:start])
    none = _joined(here, run, top=top, plain=plain, any_=None, serial=False)
    alike = surely or len({draft.rule.kind for draft in run.drafts}) == 1
    if not alike or ("AND" not in listed.separators and not all(map(_may_be_denied, run.drafts))):  # "A, no B or C > 2"
        first = deny(here, run.drafts[0], run.items[:1], (none.start, none.end), top=False, plain=plain)
        either = any_of([first, *run.drafts[1:]])
        none = ambiguous([none, either], "a negation that may reach over what an 'or' joins to it")
    return listed.with_one(start, end, none, Item(run.items[0].start, run.items[-1].end, []))


def _or_with(here: Composing, listed: Listed, *, top: bool, plain: bool, serial: bool) -> Draft | None:
    """ "Without asthma or with controlled asthma": what is had besides is not denied; None where nothing is."""
    items = listed.items
    if items[0].negations[0].type not in ("WITHOUT", "NOT", "NO"):
        return None
    at = next((i for i in range(1, len(items)) if _HAVING.match(here.low, items[i - 1].end, items[i].end)), 0)
    if not at:
        return None
    none = _joined(here, listed.part(0, at), top=top, plain=plain, any_=None, serial=serial)
    own = any_of([none, _joined(here, listed.part(at, len(items)), top=False, plain=True, any_=None, serial=serial)])
    having = _HAVING.match(here.low, items[at - 1].end, items[at].end)
    if having is not None and having[1] == "with" and items[0].negations[0].type != "NO":
        return own
    every = deny(here, any_of(listed.drafts), items, (items[0].start, items[-1].end), top=top, plain=plain)
    return ambiguous([own, every], "a clause of its own, or one more that is denied")


_HAVING: Final = re.compile(r"\s*,?\s*or\s+(?:(?:who|those|patients|subjects|participants)\s+)*(with|have|has|on)\b")
_VERB_OF_ITS_OWN: Final = re.compile(
    r"(?:who\s+)?(?:(?:has|have|had)\s+)?(?:failed|refused|declined|exhausted|progressed)\s"
)


_OVER: Final = re.compile(
    r"(?:who\s+)?(?:(?:has|have|had|been|is|are)\s+)*(?:(?:seizure|disease|symptom|relapse|recurrence|pain|fever|tumou?r|cancer|smoke)"
    r"[- ]free|quit|stopped|ceased|abstinent)\b"
)


_OR_SO_MANY: Final = re.compile(  # "no chemotherapy, or only one line of it"
    r"[\s,]*or\s+(?:(?:only|just|at\s+most|up\s+to|(?:no|not)\s+more\s+than|an?\s+(?:maximum\s+of|single))\b"
    r"|(?:one|1|two|2|1\s*(?:-|to)\s*2)\s+(?:prior|previous|earlier)\b)"
)


_OR_STABLE: Final = re.compile(r"[\s,]*or\s+(?:(?:on|at|an?)\s+)*(?:stable|unchanged|constant)\b")


def _is_given(draft: Draft) -> bool:
    return all(isinstance(rule, Treatment) for rule in draft.innermost_rules())


def _or_besides(here: Composing, listed: Listed, *, top: bool, plain: bool, serial: bool) -> Draft | None:
    """ "No prior chemotherapy, or at least 6 months since chemotherapy", "no therapy exists, or has failed it", "no
    therapy or only one line": what will do besides, and is not denied; None where nothing is."""
    items, drafts = listed.items, listed.drafts
    verb = items[0].negations[0].type == "NO"
    for at in range(1, len(items)):
        # none since then, or free of it: as it stands, and not denied once more
        since = isinstance(drafts[at].rule, Not) or _OVER.match(here.low, items[at].start) is not None
        since = since or _OR_SO_MANY.match(here.low, items[at - 1].end) is not None
        since = since or (_OR_STABLE.match(here.low, items[at - 1].end) is not None and _is_given(drafts[at]))
        if not since and not (verb and _VERB_OF_ITS_OWN.match(here.low, items[at].start)):
            continue
        if listed.separators[at - 1] != "OR":
            return None
        none = _joined(here, listed.part(0, at), top=top, plain=plain, any_=None, serial=serial)
        rest = _joined(here, listed.part(at, len(items)), top=False, plain=True, any_=None, serial=serial)
        return replace(any_of([none, rest]), requirement=none.requirement and since)
    return None


def _denied_first(
    here: Composing, listed: Listed, *, top: bool, plain: bool, any_: bool | None, serial: bool
) -> Draft | None:
    """A list of which only the first has a negation, which may reach further; None where it does not."""
    drafts, items, separators = listed.drafts, listed.items, listed.separators
    if len(drafts) == 1 or not items[0].negations or any(item.negations for item in items[1:]):
        return None
    exclusive, words, start = here.exclusion and not plain, {*separators}, items[0].start
    if exclusive and items[0].negations[0].said.startswith("lack") and words <= {"OR", "COMMA", "ANDOR"}:
        return _lacking(here, drafts, items, separators, top=top)
    if not here.exclusion and (besides := _or_besides(here, listed, top=top, plain=plain, serial=serial)) is not None:
        return besides
    if words <= {"OR", "COMMA"} and (apart := _or_with(here, listed, top=top, plain=plain, serial=serial)) is not None:
        return apart
    same = all(not is_own_statement(d.rule) for d in drafts)
    if not same and words <= {"OR", "COMMA", "NOR"} and all(is_denied_too(d.rule) for d in drafts):
        # "no long QT syndrome or QTcF > 450 ms": the limit is denied, too, unless it stands for itself
        none = deny(here, any_of(drafts), items, (start, drafts[-1].end), top=top, plain=plain)
        alone = deny(here, drafts[0], items[:1], (start, drafts[0].end), top=top, plain=plain)
        own = connected(here, [alone, *drafts[1:]], separators, any_, exclusive, serial)
        made = ambiguous([none, own], "a limit that may be denied, or stand for itself")
        return replace(made, requirement=none.requirement or own.requirement)
    if same and words <= {"OR", "COMMA", "NOR", "SLASH", "ANDOR"}:
        none = deny(here, any_of(drafts), items, (start, drafts[-1].end), top=top, plain=plain)
        if here.exclusion or _has_outcome(drafts[0]) or not any(map(_has_outcome, drafts[1:])):
            return none
        alone = deny(here, drafts[0], items[:1], (start, drafts[0].end), top=top, plain=plain)
        own = connected(here, [alone, *drafts[1:]], separators, any_, exclusive, serial)
        return ambiguous([none, own], "a denial of a list, or of its first").asked(none.requirement)
    if not here.exclusion and words <= {"OR", "COMMA", "ANDOR"} and _is_told_first(drafts):
        none = deny(here, any_of(drafts), items, (start, drafts[-1].end), top=top, plain=plain)
        alone = deny(here, drafts[0], items[:1], (start, drafts[0].end), top=top, plain=plain)
        own = connected(here, [alone, *drafts[1:]], separators, any_, exclusive, serial)
        return ambiguous([none, own], "a denial of a list, or of its first").asked(none.requirement)
    if not here.exclusion and not same and words <= {"OR", "COMMA", "ANDOR"} and _reaches(items[0], separators):
        return _denied_before_statement(here, listed, top=top, plain=plain)
    judged = all(not is_own_statement(d.rule) or _is_judged(d.rule) for d in drafts)
    if judged and words <= {"AND", "COMMA"} and not any(map(_denies, drafts[1:])):  # "not A and no B or C"
        each = [deny(here, draft, items[:1], (draft.start, draft.end), top=top, plain=plain) for draft in drafts]
        none = any_of([contrary(one) if one.requirement else one for one in each]) if exclusive else all_of(each)
        first = connected(here, [each[0], *drafts[1:]], separators, any_, exclusive, serial)
        return ambiguous([none, first], "a negation that may reach over the list")
    end = 0 if here.exclusion else _end_of_alternatives(separators)
    if end and all(not is_own_statement(draft.rule) for draft in drafts[:end]):  # "no A or B, and C"
        none = _joined(here, listed.part(0, end), top=top, plain=plain, any_=None, serial=serial)
        rest = _joined(here, listed.part(end, len(drafts)), top=False, plain=plain, any_=None, serial=serial)
        own = all_of([none, rest])
        if not same:  # "no A or B, and able to C"
            return own.asked(none.requirement)
        every = deny(here, any_of(drafts), items, (start, drafts[-1].end), top=top, plain=plain)
        return ambiguous([own, every], "how far a denial reaches").asked(none.requirement)
    return None


def _has_outcome(draft: Draft) -> bool:
    """Whether it is what came of a treatment: "(no chemotherapy or) relapsed after surgery"."""
    return any(isinstance(rule, Treatment) and rule.outcomes for rule in draft.innermost_rules())


def _end_of_alternatives(separators: Sequence[str]) -> int:
    """Where what an "or" joins at the beginning of a list ends, as an "and" or a semicolon stands behind it; else 0."""
    end = next((i for i, joint in enumerate(separators, 1) if joint not in OR_LIKE | {"COMMA"}), 0)
    joined = separators[end - 1 : end] if end else []
    return end if end > 1 and OR_LIKE & {*separators[: end - 1]} and {*joined} <= {"AND", "SEMI", "PLUS"} else 0


def _is_told_first(drafts: Sequence[Draft]) -> bool:
    """ "(No) participation in this study or any trial of A": whether what somebody has done stands first, and behind it
    no offer of theirs."""
    first, *others = [draft.rule for draft in drafts]
    offers = ("willingness", "ability", "judgement")
    told = isinstance(first, Statement) and first.topic in ("circumstance", "participation")
    return told and not any(isinstance(rule, Statement) and rule.topic in offers for rule in others)


def _is_judged(rule: Rule) -> bool:
    """Whether it is what somebody has to judge, which may be denied: "no asthma, and other serious diseases"."""
    return isinstance(rule, Statement) and rule.topic == "judgement"


def _denied_before_statement(here: Composing, listed: Listed, *, top: bool, plain: bool) -> Draft | None:
    """ "Not taking A or B, or willing to stop": neither of them, or what will do besides; what is no such offer, "no A,
    B or other contraindication", may be denied, too. None where a statement follows the first."""
    drafts, items = listed.drafts, listed.items
    at = next((i for i, draft in enumerate(drafts) if is_own_statement(draft.rule)), len(drafts))
    offers = [isinstance(d.rule, Statement) and d.rule.topic in ("willingness", "ability") for d in drafts[at:]]
    if at == 0 or (at == 1 and all(offers)):
        return None
    none = deny(here, any_of(drafts[:at]), items[:at], (items[0].start, drafts[at - 1].end), top=top, plain=plain)
    besides = replace(any_of([none, *drafts[at:]]), requirement=none.requirement)
    if all(offers):
        return besides
    every = deny(here, any_of(drafts), items, (items[0].start, drafts[-1].end), top=top, plain=plain)
    return ambiguous([every, besides], "a denial of a list, or of its first").asked(every.requirement)


def _said_further(here: Composing, listed: Listed, *, plain: bool, any_: bool | None, serial: bool) -> Draft | None:
    """A list whose last says more of those before it, or may not be one more of them; None of any other list."""
    drafts, items, separators = listed.drafts, listed.items, listed.separators
    denied, words = listed.denied, {*separators}
    if len(drafts) == 2 and words == {"COMMA"} and denied[1] and items[1].negations[0].type == "WITHOUT":
        return all_of(drafts)  # "asthma, without eczema"
    if len(drafts) == 2 and words == {"COMMA"} and here.exclusion and any_ is None and _not_given(drafts[1], items):
        return ambiguous([all_of(drafts), any_of(drafts)], "people who are without a treatment, or one more item")
    if any_ is None and separators[-1] == "COMMA" and denied[-1] and not any(denied[:-1]):
        among = words & OR_LIKE or (words == {"COMMA"} and items[-1].negations[0].type == "WITHOUT")
        behind = _denied_behind(here, drafts, separators, items[-1], serial=serial) if among else None
        if behind is not None:
            return behind
    for narrowing in (with_clause, with_more) if any_ is None else ():
        narrowed = narrowing(here, drafts, items, separators, plain=plain, serial=serial)
        if narrowed is not None:
            return narrowed
    if not here.exclusion and any_ is None and not any(denied) and _diseases_apart(drafts, items):
        if "AND" in words and words <= {"COMMA", "AND"} and len(drafts) > 2 and not any(map(_of_cancer, drafts)):
            return ambiguous([all_of(drafts), any_of(drafts)], NOT_ALL)
        if words == {"AND"} and all(map(_names_cancer, drafts)):
            return ambiguous([all_of(drafts), any_of(drafts)], NOT_ALL)
        if words <= {"COMMA", "SEMI"}:
            return ambiguous([all_of(drafts), any_of(drafts)], "diseases with no more than a comma between them")
    if len(drafts) == 2 and words <= OR_LIKE and here.low.startswith(("for whom ", "for which "), drafts[1].start):
        return _or_for_whom(*drafts)
    return None


def _not_given(draft: Draft, items: list[Item]) -> bool:
    """Whether the second of two only says what is not given: "asthma, not treated with steroids"."""
    first, second = (item.negations for item in items)
    if first or not second or second[0].type != "NOT":
        return False
    return any(isinstance(leaf.rule, Treatment) for leaf in draft.innermost())


def _as_commas(here: Composing, items: list[Item], separators: list[str]) -> list[str]:
    """ "A; B; or C": what semicolons part, the last before an "or", are alternatives, as between commas."""
    if "SEMI" not in separators or not {*separators} <= {"SEMI", "COMMA", "OR"}:
        return separators
    parted = [i for i, joint in enumerate(separators) if ";" in here.text[items[i].end : items[i + 1].start]]
    if not parted or separators[parted[-1]] != "OR":
        return separators
    return ["COMMA" if separator == "SEMI" else separator for separator in separators]


def _or_for_whom(first: Draft, clause: Draft) -> Draft:
    """ "Cancer treated with A, or for whom no B exists": of the cancer, the one or the other."""
    if first.rule.kind != "all" or not isinstance(first.parts[0].rule, Condition):
        return any_of([first, clause])
    return all_of([first.parts[0], any_of([all_of(first.parts[1:]), clause])])


def _denied_behind(
    here: Composing, drafts: list[Draft], separators: list[str], last: Item, *, serial: bool
) -> Draft | None:
    """ "A or B, without C": what is denied behind a comma is no third alternative; None where it may be one."""
    kind = last.negations[0].type
    if here.exclusion and kind == "NO":
        return None
    *_, before, denied = drafts
    whole = all_of([connected(here, drafts[:-1], separators[:-1], None, here.exclusion, serial), denied])
    if not here.exclusion and kind in ("NO", "WITHOUT"):
        return whole
    own = connected(here, [*drafts[:-2], all_of([before, denied])], separators[:-1], None, here.exclusion, serial)
    return ambiguous([whole, own], "a denial of a list, or of its last")


def _lacking(here: Composing, drafts: list[Draft], items: list[Item], separators: list[str], *, top: bool) -> Draft:
    """ "Lack of venous access, dementia or ...": a disease is not among what is lacking."""
    first = deny(here, drafts[0], items[:1], (items[0].start, drafts[0].end), top=top, plain=False)
    own = connected(here, [first, *drafts[1:]], separators, None, True, serial=False)
    leaves = [rule for draft in drafts[1:] for rule in draft.innermost_rules()]
    if any(
        isinstance(rule, Condition | Treatment) and not rule.concept.open and not is_wanted(rule) for rule in leaves
    ):
        return own
    each = [negated(draft, (draft.start, draft.end)) for draft in drafts[1:]]
    return ambiguous([own, any_of([first, *each])], "what is lacking, or what is there")


def _since_each(here: Composing, listed: Listed) -> Listed:
    """ "4 weeks since A or B": since either of them, whatever else is asked."""
    if all(item.since is None for item in listed.items):
        return listed
    drafts, items = list(listed.drafts), listed.items
    for i in range(1, len(drafts)):  # "since A, what nobody knows, or B": since that, too, whatever it is
        if items[i - 1].since is not None and _denies(drafts[i - 1]) and listed.separators[i - 1] in ("OR", "COMMA"):
            unknown_one = items[i].since is None and not items[i].negations and _is_no_name(drafts[i])
            drafts[i] = unread(here.text, drafts[i].start, drafts[i].end) if unknown_one else drafts[i]
    past = [item.since is not None and _denies(d) for d, item in zip(drafts, items, strict=True)]
    for i in range(len(drafts) - 2, -1, -1):  # "since [unread] or B": it is no way out
        among = drafts[i].wholly_unread and past[i + 1] and (any(past[:i]) or _says_since(drafts[i]))
        past[i] = past[i] or among
    if len(drafts) > 1 and past[-2] and drafts[-1] is not listed.drafts[-1]:
        past[-1] = True
    starts = [i for i in range(len(drafts)) if not i or not (past[i] and past[i - 1])]
    runs = [drafts[a:b] for a, b in pairwise([*starts, len(drafts)])]
    separators = [listed.separators[i - 1] for i in starts[1:]]
    return Listed([all_of(run) for run in runs], [items[i] for i in starts], separators)


def _is_no_name(draft: Draft) -> bool:
    """Whether it is one thing that the vocabulary does not know."""
    rule = draft.rule
    return isinstance(rule, Condition | Treatment) and rule.concept.open and rule.window is None


def _says_since(draft: Draft) -> bool:
    return any(isinstance(leaf.rule, Unread) and " since " in leaf.rule.text for leaf in draft.leaves())


def _denies(draft: Draft) -> bool:
    """Whether it says, in each of its readings, that something is not so."""
    if isinstance(draft.rule, Ambiguous):
        return all(map(_denies, draft.parts))
    return isinstance(draft.rule, Not)


def _reaches(item: Item, separators: Sequence[str]) -> bool:
    """Whether a negation is said of a whole run of a list: "no A, B or C", but not "non-pregnant, fertile or ..."."""
    return item.negations[0].value != "non" and bool({"OR", "NOR", "ANDOR"} & {*separators}) and "AND" not in separators


_CLAUSE: Final = re.compile(r"\b(?:have|has|had|are|is|were|was)\b", re.IGNORECASE)


def _next_clause(here: Composing, items: list[Item]) -> int:
    """Where after "have not ..." a clause with a verb of its own begins; 0 where none does."""
    if items[0].negations[0].type != "NOT":
        return 0
    for index in range(1, len(items)):
        item = items[index]
        if item.clause and (
            _CLAUSE.match(here.text, item.start) or _CLAUSE.search(here.text, items[index - 1].end, item.start)
        ):
            return index
    return 0


_AND: Final = re.compile(r"(?:and|but)\b", re.IGNORECASE)


def _diseases_apart(drafts: Sequence[Draft], items: list[Item]) -> bool:
    """Whether each has a name of its own, so that somebody need not have them all: "lymphoma, leukemia"."""
    each = [[rule for rule in draft.innermost_rules() if not isinstance(rule, Statement)] for draft in drafts]
    leaves = [rule for rules in each for rule in rules]
    if not all(isinstance(rule, Condition) and not rule.concept.open and not rule.known for rule in leaves):
        return False
    whole = all(draft.rule.kind in ("condition", "ambiguous") for draft in drafts[:-1])
    clause = drafts[-1].rule.kind == "all" and isinstance(drafts[-1].parts[-1].rule, Statement)  # "A, B, C who are ..."
    if not whole or not (drafts[-1].rule.kind in ("condition", "ambiguous") or clause) or not all(each):
        return False
    if any(item.elided for item in items):
        return False
    named = [{r.concept.name for r in draft.innermost_rules() if isinstance(r, Condition)} for draft in drafts]
    if any(first & second for first, second in pairwise(named)):
        return False  # "melanoma, stage III"
    named_alone = [draft.parts[0] if draft.rule.kind == "ambiguous" else draft for draft in drafts]
    return all(first.end <= second.start for first, second in pairwise(named_alone))


def _of_cancer(draft: Draft) -> bool:
    """Whether it is what a cancer does: its metastases, that it can be measured."""
    return any(
        isinstance(rule, Condition)
        and (rule.concept.name in _EXTENT or vocabulary().is_a("condition", rule.concept.name, "metastatic disease"))
        for rule in draft.innermost_rules()
    )


def _names_cancer(draft: Draft) -> bool:
    """Whether it names one kind of cancer, which hardly anybody has beside another one."""
    return not _of_cancer(draft) and all(
        isinstance(rule, Condition) and vocabulary().is_a("condition", rule.concept.name, "malignancy")
        for rule in draft.innermost_rules()
    )


_EXTENT: Final = frozenset(("measurable disease", "evaluable disease", "malignancy"))


def _may_be_denied(draft: Draft) -> bool:
    """Whether it is a plain fact, not what came of one: "no A or B", but "no A or relapsed after B"."""
    return all(
        isinstance(leaf.rule, Condition | Allergy | PatientAttribute)
        or (isinstance(leaf.rule, Treatment) and not leaf.rule.outcomes)
        for leaf in draft.innermost()
    )


def _denied_run(flags: list[bool], separators: list[str], *, by_commas: bool) -> tuple[int, int] | None:
    """Where within a list that is joined by "and" something is denied together with what an "or" joins to it.

    ``by_commas``: commas join as "and" does.
    """
    if ({"AND", "SEMI"}.isdisjoint(separators) and not by_commas) or OR_LIKE.isdisjoint(separators):
        return None
    for start, flag in enumerate(flags):
        end = start + 1
        while flag and end < len(flags) and separators[end - 1] in OR_LIKE and not flags[end]:
            end += 1
        if end > start + 1:
            outside = {*separators[:start], *separators[end - 1 :]}
            if end == len(flags) and separators[start - 1 : start] == ["AND"] and not any(flags[:start]):
                outside -= OR_LIKE  # "A or B, and no C or D"
            around = {*separators[start - 1 : start], *separators[end - 1 : end]}
            if by_commas and start and around <= _PARTING:
                return (start, end)  # "A or B, no C or D, E"
            return (start, end) if start and outside <= _PARTING else None
    return None


_PARTING: Final = frozenset(("AND", "COMMA", "SEMI"))


def _denied_to_end(flags: list[bool], separators: list[str]) -> tuple[int, int] | None:
    """Where within a list a negation begins one of its own that goes on to the end: "A, no B, C or D"."""
    start = flags.index(True) if flags.count(True) == 1 else 0
    if not start or len(flags) - start < 3 or separators[start - 1] not in ("COMMA", "SEMI"):
        return None
    *between, last = separators[start:]
    return (start, len(flags)) if {*between} == {"COMMA"} and last in OR_LIKE | {"AND"} else None


def _denied_by_verb(here: Composing, listed: Listed) -> tuple[int, int] | None:
    """Where one verb denies the last alternatives: "A, or has not taken B or C"."""
    start = next((i for i, flag in enumerate(listed.denied) if flag and i), 0)
    if not start or not OR_LIKE.issuperset(listed.separators[start - 1 :]):
        return None
    verb = listed.items[start].negations[0]
    told = verb.type == "NOT" and _HAS_NOT.match(verb.said)
    alone = not any(_CLAUSE.search(here.text, a.end, b.start) for a, b in pairwise(listed.items[start:]))
    return (start, len(listed.denied)) if told and alone and listed.denied[start + 1 :].count(False) else None


_HAS_NOT: Final = re.compile(r"(?:ha(?:s|ve|d)|do(?:es)?|did|is|are|was|were)\b(?:.*\bnot|n['’]t)\b")


def alternative(here: Composing, main: Draft, other: Draft, item: Item) -> Draft | None:
    """ "A, or B (for patients with C)": B replaces A where C holds."""
    condition = _concerned(here, item)
    return conditional(condition, other, main) if condition is not None else None


def for_some(here: Composing, draft: Draft, item: Item) -> Draft:
    """ "A (for patients with C)": A is asked where C holds."""
    condition = _concerned(here, item)
    if condition is None:
        return draft
    if here.exclusion and not draft.requirement:
        return all_of([draft, condition])
    kept = for_those(condition, draft)
    return kept.asked(draft.requirement)


def _concerned(here: Composing, item: Item) -> Draft | None:
    """Those whom a parenthesis behind an item names."""
    for group in item.groups:
        tail = group.body.tails[0] if group.body.tails and group.body.body is None else None
        if tail is None or tail.has("EXCEPT", "UNLESS"):  # "(except in patients with C)": those are spared
            continue
        if tail.has("FOR_GROUP") and tail.body is not None and not limits_some(here, tail):
            return here.listed(tail.body, Inherited(), plain=True)
    return None
