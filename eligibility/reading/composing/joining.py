"""The items of a list as one draft: and, or, no, and the readings of what mixes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.composing.judgements import is_generic
from eligibility.reading.composing.own_limits import analytes_of, limits_some
from eligibility.reading.composing.predicates import is_told
from eligibility.reading.composing.terms import Composing, Inherited, Item, is_fertile, is_pregnancy
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    conditional,
    contrary,
    for_those,
    lately,
    negated,
    unread,
)
from eligibility.reading.measuring import scored
from eligibility.rules import (
    Age,
    Allergy,
    Ambiguous,
    Condition,
    Finding,
    Measurement,
    Not,
    OnScales,
    PatientAttribute,
    Rule,
    Sex,
    Statement,
    Treatment,
    Unread,
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
    if len(drafts) == 1 and not items[0].groups and not items[0].negations:
        return drafts[0]
    separators = _as_commas(here, items, separators)
    taken = -1
    for i in range(1, len(drafts)):
        replaced = alternative(here, drafts[i - 1], drafts[i], items[i])
        if replaced is not None:
            taken = i - 1
            drafts = [*drafts[: i - 1], replaced, *drafts[i + 1 :]]
            items = [*items[: i - 1], items[i - 1], *items[i + 1 :]]
            separators = [*separators[: i - 1], *separators[i:]]
            break
    drafts = [
        draft if i == taken else for_some(here, draft, item)
        for i, (draft, item) in enumerate(zip(drafts, items, strict=True))
    ]
    drafts, items, separators = _classed(drafts, items, separators)
    drafts, items, separators = _requiring(here, drafts, items, separators)
    flags = [bool(item.negations) for item in items]
    by_commas = not here.exclusion and not serial
    if (
        any_ is None and (within := _denied_run(flags, separators, by_commas=by_commas)) is not None
    ):  # "A, no B or C, and D"
        start, end = within
        none = join(
            here,
            drafts[start:end],
            items[start:end],
            separators[start : end - 1],
            top=top and not start,
            plain=plain,
            any_=None,
            serial=False,
        )
        if "AND" not in separators and not all(map(_may_be_denied, drafts[start:end])):  # "A, no B or C > 2"
            first = deny(here, drafts[start], items[start : start + 1], (none.start, none.end), top=False, plain=plain)
            either = any_of([first, *drafts[start + 1 : end]])
            none = ambiguous([none, either], "a negation that may reach over what an 'or' joins to it")
        return join(
            here,
            [*drafts[:start], none, *drafts[end:]],
            [*items[:start], Item(items[start].start, items[end - 1].end, []), *items[end:]],
            [*separators[:start], *separators[end - 1 :]],
            top=top,
            plain=plain,
            any_=None,
            serial=serial,
        )
    joined = [any(_AND.match(here.text, t.start) for t in item.negations) for item in items]
    apart = joined.index(True, 1) if any(joined[1:]) else 0
    if apart and not any(flags[apart + 1 :]) and any_ is None:  # "A, and without B or C"
        first = join(
            here, drafts[:apart], items[:apart], separators[: apart - 1], top=top, plain=plain, any_=None, serial=serial
        )
        none = join(
            here, drafts[apart:], items[apart:], separators[apart:], top=False, plain=True, any_=None, serial=serial
        )
        return replace(all_of([first, none]), requirement=first.requirement)
    starts = [i for i, flag in enumerate(flags) if flag]
    runs = list(pairwise([*starts, len(drafts)]))
    if (
        any_ is None
        and starts[:1] == [0]
        and 1 < len(starts) < len(drafts)
        and all(b == a + 1 or _reaches(items[a], separators[a : b - 1]) for a, b in runs)
    ):  # "no A, B or C, and no D"
        denied = [
            join(here, drafts[a:b], items[a:b], separators[a : b - 1], top=top, plain=plain, any_=None, serial=serial)
            for a, b in runs
        ]
        between = [separators[i - 1] for i in starts[1:]]
        return connected(here, denied, between, None, here.exclusion and not plain, serial)
    clause = _next_clause(here, items) if any_ is None and flags[0] and not any(flags[1:]) else 0
    if clause:  # "have not had A, or have B"
        first, rest = (
            join(
                here,
                drafts[part],
                items[part],
                separators[part.start : part.stop - 1],
                top=top and not part.start,
                plain=plain,
                any_=None,
                serial=serial,
            )
            for part in (slice(0, clause), slice(clause, len(items)))
        )
        apart_ = connected(here, [first, rest], separators[clause - 1 : clause], None, here.exclusion, serial)
        items[clause].clause = False
        every = join(here, drafts, items, separators, top=top, plain=plain, any_=None, serial=serial)
        both = ambiguous([apart_, every], "a clause of its own, or one more that is denied")
        return replace(both, requirement=first.requirement)
    exclusive = here.exclusion and not plain
    words = set(separators)
    if flags[0] and not any(flags[1:]) and len(drafts) > 1:
        if exclusive and items[0].negations[0].said.startswith("lack") and words <= {"OR", "COMMA", "ANDOR"}:
            return _lacking(here, drafts, items, separators, top=top)
        same = all(not _own_statement(d.rule) for d in drafts)
        if not same and words <= {"OR", "COMMA", "NOR"} and all(_denied_too(d.rule) for d in drafts):
            # "no long QT syndrome or QTcF > 450 ms": the limit is denied, too, unless it stands for itself
            none = deny(here, any_of(drafts), items, (items[0].start, drafts[-1].end), top=top, plain=plain)
            alone = deny(here, drafts[0], items[:1], (items[0].start, drafts[0].end), top=top, plain=plain)
            own = connected(here, [alone, *drafts[1:]], separators, any_, exclusive, serial)
            made = ambiguous([none, own], "a limit that may be denied, or stand for itself")
            return replace(made, requirement=none.requirement or own.requirement)
        if same and words <= {"OR", "COMMA", "NOR", "SLASH", "ANDOR"}:
            inner = any_of(drafts)
            return deny(here, inner, items, (items[0].start, drafts[-1].end), top=top, plain=plain)
        if same and words <= {"AND", "COMMA"}:
            each = [deny(here, draft, items[:1], (draft.start, draft.end), top=top, plain=plain) for draft in drafts]
            none = any_of(each) if exclusive else all_of(each)
            first = connected(here, [each[0], *drafts[1:]], separators, any_, exclusive, serial)
            return ambiguous([none, first], "a negation that may reach over the list")
    done = [
        deny(here, draft, [item], (item.start, draft.end), top=top and i == 0, plain=plain) if flag else draft
        for i, (draft, item, flag) in enumerate(zip(drafts, items, flags, strict=True))
    ]
    done, items, separators = _since_each(done, items, separators)
    if len(done) == 1:
        return done[0]
    flags, words = [bool(item.negations) for item in items], set(separators)
    if len(done) == 2 and words == {"COMMA"} and flags[1] and items[1].negations[0].type == "WITHOUT":
        return all_of(done)  # "asthma, without eczema"
    if len(done) == 2 and words == {"COMMA"} and here.exclusion and any_ is None and _not_given(done[1], items):
        return ambiguous([all_of(done), any_of(done)], "people who are without a treatment, or one more item")
    listed = words & _OR_LIKE or (flags[-1] and words == {"COMMA"} and items[-1].negations[0].type == "WITHOUT")
    behind = any_ is None and separators[-1] == "COMMA" and listed and flags[-1] and not any(flags[:-1])
    if behind and (asked := _denied_behind(here, done, separators, items[-1], serial=serial)) is not None:
        return asked
    clause = next(
        (i for i, each in enumerate(separators) if each == "COMMA" and _RELATIVE.match(here.low, done[i].end)), -1
    )
    if clause >= 0 and any_ is None:
        at = clause + 1  # "women who ..., who ...", "a disease, which may affect A or B"
        rest = connected(here, done[:at], separators[: at - 1], None, exclusive, serial)
        said = connected(here, done[at:], separators[at:], None, False, serial)
        every = connected(here, done, separators, None, exclusive, serial)
        return ambiguous([all_of([rest, said]), every], "a clause that narrows, or one more item")
    together = words <= {"COMMA", "AND"} and "AND" in words and len(done) > 2 and not any(flags)
    if (
        not here.exclusion
        and any_ is None
        and together
        and _diseases_apart(done, items)
        and not any(map(_of_cancer, done))
    ):
        return ambiguous([all_of(done), any_of(done)], "diseases that nobody need have all of")
    if (
        not here.exclusion
        and any_ is None
        and words <= {"COMMA", "SEMI"}
        and not any(flags)
        and _diseases_apart(done, items)
    ):
        return ambiguous([all_of(done), any_of(done)], "diseases with no more than a comma between them")
    if len(done) == 2 and words <= _OR_LIKE and here.low.startswith(("for whom ", "for which "), done[1].start):
        return _or_for_whom(*done)
    alternatives = words <= {"OR", "ANDOR", "COMMA"} and words & _OR_LIKE and separators[-1] == "COMMA"
    if alternatives and top and not (plain or here.exclusion) and any_ is None:
        return _behind_alternatives(here, done, separators, serial=serial)
    return connected(here, done, separators, any_, exclusive, serial)


def _not_given(draft: Draft, items: Sequence[Item]) -> bool:
    """Whether the second of two only says what is not given: "asthma, not treated with steroids"."""
    first, second = (item.negations for item in items)
    if first or not second or second[0].type != "NOT":
        return False
    return any(isinstance(leaf.rule, Treatment) for leaf in draft.innermost())


def _as_commas(here: Composing, items: Sequence[Item], separators: list[str]) -> list[str]:
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


_RELATIVE: Final = re.compile(r"\W*,\s*(?:who|which|that)\b")


def _lacking(here: Composing, drafts: list[Draft], items: list[Item], separators: list[str], *, top: bool) -> Draft:
    """ "Lack of venous access, dementia or ...": a disease is not among what is lacking."""
    first = deny(here, drafts[0], items[:1], (items[0].start, drafts[0].end), top=top, plain=False)
    own = connected(here, [first, *drafts[1:]], separators, None, True, serial=False)
    leaves = [leaf.rule for draft in drafts[1:] for leaf in draft.innermost()]
    if any(isinstance(rule, Condition | Treatment) and not rule.concept.open and not _wanted(rule) for rule in leaves):
        return own
    each = [negated(draft, (draft.start, draft.end)) for draft in drafts[1:]]
    return ambiguous([own, any_of([first, *each])], "what is lacking, or what is there")


def _since_each(
    drafts: list[Draft], items: list[Item], separators: list[str]
) -> tuple[list[Draft], list[Item], list[str]]:
    """ "4 weeks since A or B": since either of them, whatever else is asked."""
    past = [item.since is not None and _is_denied(d) for d, item in zip(drafts, items, strict=True)]
    for i in range(len(drafts) - 2, -1, -1):  # "since [unread] or B": it is no way out
        among = drafts[i].wholly_unread and past[i + 1] and (any(past[:i]) or _says_since(drafts[i]))
        past[i] = past[i] or among
    starts = [i for i in range(len(drafts)) if not i or not (past[i] and past[i - 1])]
    runs = [drafts[a:b] for a, b in pairwise([*starts, len(drafts)])]
    return [all_of(run) for run in runs], [items[i] for i in starts], [separators[i - 1] for i in starts[1:]]


def _says_since(draft: Draft) -> bool:
    return any(isinstance(leaf.rule, Unread) and " since " in leaf.rule.text for leaf in draft.leaves())


def _is_denied(draft: Draft) -> bool:
    """Whether it says, in each of its readings, that something is not so."""
    if isinstance(draft.rule, Ambiguous):
        return all(map(_is_denied, draft.parts))
    return isinstance(draft.rule, Not)


def _reaches(item: Item, separators: Sequence[str]) -> bool:
    """Whether a negation is said of a whole run of a list: "no A, B or C", but not "non-pregnant, fertile or ..."."""
    return item.negations[0].value != "non" and bool({"OR", "NOR", "ANDOR"} & {*separators}) and "AND" not in separators


_CLAUSE: Final = re.compile(r"\b(?:have|has|had|are|is|were|was)\b", re.IGNORECASE)


def _next_clause(here: Composing, items: Sequence[Item]) -> int:
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


def _classed(
    drafts: list[Draft], items: list[Item], separators: list[str]
) -> tuple[list[Draft], list[Item], list[str]]:
    """ "Congestive heart failure, NYHA class III or IV": the class of what stands before it, or one more item."""
    for i in range(1, len(drafts)):
        disease, score = [*drafts[i - 1].leaves()][-1].rule, drafts[i].rule
        if (
            separators[i - 1] == "COMMA"
            and isinstance(score, Measurement)
            and score.analyte.name == "NYHA class"
            and isinstance(disease, Condition)
            and vocabulary().is_a("condition", disease.concept.name, "heart disease")
            and drafts[i - 1].rule.kind in ("condition", "any", "ambiguous")
            and not items[i].negations
        ):
            both = all_of([drafts[i - 1], drafts[i]])
            made = ambiguous([both, drafts[i]], "a class of the disease before it, or of any")
            return (
                [*drafts[: i - 1], made, *drafts[i + 1 :]],
                [*items[:i], *items[i + 1 :]],
                [*separators[: i - 1], *separators[i:]],
            )
    return drafts, items, separators


_REQUIRING: Final = re.compile(r"(?:requir|need)ing\b", re.IGNORECASE)


def _requiring(
    here: Composing, drafts: list[Draft], items: list[Item], separators: list[str]
) -> tuple[list[Draft], list[Item], list[str]]:
    """ "An exacerbation, requiring steroids": both; behind a list, of the last of it, or of all."""
    for i in range(1, len(drafts)):
        named = isinstance(drafts[i].rule, Treatment) and not any(item.negations for item in items[: i + 1])
        if not named or separators[i - 1] != "COMMA" or not _REQUIRING.match(here.text, items[i].start):
            continue
        before = connected(here, drafts[:i], separators[: i - 1], None, here.exclusion, serial=False)
        if not all(isinstance(rule, Condition) for rule in _rules(before)):
            continue
        made = all_of([before, drafts[i]])
        if i > 1:
            last = all_of([drafts[i - 1], drafts[i]])
            own = connected(here, [*drafts[: i - 1], last], separators[: i - 1], None, here.exclusion, serial=False)
            made = ambiguous([made, own], "what all of a list require, or its last")
        return [made, *drafts[i + 1 :]], [items[0], *items[i + 1 :]], separators[i:]
    return drafts, items, separators


def deny(
    here: Composing, draft: Draft, items: Sequence[Item], span: tuple[int, int], *, top: bool, plain: bool
) -> Draft:
    """ "No X": literally, or, under Exclusion, as the requirement that it often is."""
    negation = items[0].negations[0]
    if negation.value == "non" and draft.rule.kind == "all" and len(items) == 1:
        # "non-pregnant women with asthma": what is more said of them is not denied
        core = deny(here, draft.parts[0], items, (span[0], draft.parts[0].end), top=top, plain=True)
        return replace(all_of([core, *draft.parts[1:]], span), requirement=core.requirement)
    if negation.value == "non" and not here.exclusion and is_pregnancy(draft.rule) and _names_women(here, span):
        women = Draft(Sex(sex="female"), *span)
        return replace(all_of([women, negated(draft, span)], span), requirement=True)
    if "duration" not in here.low[draft.start : draft.end]:  # "no therapy of more than 4 weeks' duration"
        draft = lately(draft, free=_FREE.match(here.text, negation.start, negation.end) is not None)
    literal = negated(draft, span)
    kind = negation.type
    if not here.exclusion and _begins_anew(here, draft):
        own = all_of([negated(draft.parts[0], (span[0], draft.parts[0].end)), *draft.parts[1:]])
        return replace(
            ambiguous([literal, own], "a limit of what is denied, or one more that is asked"), requirement=True
        )
    if not here.exclusion or plain or not top or kind == "WITHOUT":
        return literal.asked(not here.exclusion)
    leaves = draft.innermost()
    if any(_wanted(leaf.rule) for leaf in leaves) or negation.said.startswith("lack"):
        return literal
    named = str(items[0].negations[0].value).startswith("with") or _WITH.search(
        here.text, 0, items[0].negations[0].start
    )
    if not draft.wholly_unread and (named or _WHO.search(here.text, 0, items[0].negations[0].start)):
        return ambiguous([literal, draft], "what excludes, or what is required")  # "patients who do not have asthma"
    if kind == "NOT" and any(isinstance(leaf.rule, Treatment) for leaf in leaves):
        return ambiguous([literal, draft], "what excludes, or what is required")  # "not receiving insulin"
    told = _TOLD.search(here.text, 0, negation.end) is not None
    if told and not draft.wholly_unread and not all(is_pregnancy(leaf.rule) for leaf in leaves):
        return ambiguous([literal, draft], "what excludes, or what is required")  # "has not had surgery"
    if kind == "NOT" and all(_told(leaf.rule) for leaf in leaves):
        return literal  # "not enrolled in a registry"
    if all(
        isinstance(leaf.rule, Condition | Treatment | Allergy) or is_pregnancy(leaf.rule) or _told(leaf.rule)
        for leaf in leaves
    ):
        if any(_of_any_kind(leaf.rule) for leaf in leaves):
            return ambiguous([literal, draft], "what excludes, or what is required")  # "no laboratory work"
        return literal.asked(True)
    if kind == "NOT" and draft.wholly_unread:
        return literal
    if draft.wholly_unread:
        return unread(here.text, *span)
    return ambiguous([literal, draft], "what excludes, or what is required")


def _names_women(here: Composing, span: tuple[int, int]) -> bool:
    """Whether it is asked of women, and men are not let in besides."""
    return _WOMEN.search(here.low, *span) is not None and _MEN.search(here.low) is None


_WOMEN: Final = re.compile(r"\b(?:wom[ae]n|females?)\b")
_MEN: Final = re.compile(r"\bm(?:[ae]n|ales?)\b")


def _begins_anew(here: Composing, draft: Draft) -> bool:
    """ "No heart disease Hemoglobin >= 9": a list that has lost its lines."""
    further = draft.parts[1:] if draft.rule.kind == "all" else ()
    return any(
        isinstance(part.rule, Measurement | PatientAttribute | Statement) and here.text[part.start].isupper()
        for part in further
    )


_FREE: Final = re.compile(r".*\b(?:free (?:of|from)|(?:evidence|signs?) (?:of|for))$", re.IGNORECASE)
_WITH: Final = re.compile(r"\b(?:patients?|subjects?|participants?|individuals?)\s+with\s+$", re.IGNORECASE)
_TOLD: Final = re.compile(  # a clause that says what is so, rather than "no surgery"
    r"\b(?:(?:has|have|had|do|does|did|is|are|was|were)(?:n['’]t|\s+(?:not|never|no))|never)\b(?:\s+(?:have|had|any))*\s*$",
    re.IGNORECASE,
)
_WHO: Final = re.compile(r"\b(?:who|that|which)\s+(?:(?:have|has|had|did|do|does)\s+)?$", re.IGNORECASE)


def _denied_too(rule: Rule) -> bool:
    """Whether it is a limit, or something that a negation before it reaches."""
    return isinstance(rule, Measurement) or not _own_statement(rule)


def _own_statement(rule: Rule) -> bool:
    """Whether a negation before the first of a list is not meant of it: "no metastases and able to ..."."""
    if isinstance(rule, PatientAttribute):
        return rule.attribute in ("consent", "contraception")
    if isinstance(rule, Statement) and rule.topic == "judgement" and (is_generic(rule.text) or _THING.match(rule.text)):
        return False  # "no illness or situation that would limit compliance"
    return isinstance(rule, Statement | Measurement | Age) and not _told(rule)


def _told(rule: Rule) -> bool:
    """Whether it says what was done, or happened, which may be denied or wanted: "not removed or repaired"."""
    return isinstance(rule, Statement) and rule.topic == "circumstance" and is_told(rule.text)


_THING: Final = re.compile(  # what a judgement is of, rather than what somebody is
    r"(?:[a-z-]+\s+){0,4}?(?:conditions?|illness(?:es)?|diseases?|disorders?|problems?|abnormalit(?:y|ies)|circumstances?"
    r"|situations?|reasons?|findings?|factors?|comorbidit(?:y|ies))\b",
    re.IGNORECASE,
)


def _wanted(rule: Rule) -> bool:
    """Whether it is something that a trial wants, so that "no X" is meant literally."""
    if isinstance(rule, PatientAttribute):
        return rule.attribute in ("consent", "contraception")
    if isinstance(rule, Condition):
        return rule.concept.name == "measurable disease"
    if isinstance(rule, Treatment):
        return vocabulary().is_a("treatment", rule.concept.name, "vaccine")
    return isinstance(rule, Statement) and rule.topic != "contraindication" and not _told(rule)


def _of_any_kind(rule: Rule) -> bool:
    """Whether nothing says that it is a disease, rather than something that a trial wants."""
    if _told(rule):
        return True
    if not isinstance(rule, Condition) or not rule.concept.open or rule.concept.broader:
        return False
    named = _DISEASE.search(rule.concept.name) is not None
    return not named and rule.time == "unstated" and not rule.known and rule.window is None


_DISEASE: Final = re.compile(
    r"(?:disease|disorder|syndrome|illness|infection|failure|tumou?r|itis|(?<!diagn)osis|emia|pathy|oma)$",
    re.IGNORECASE,
)


def _diseases_apart(drafts: Sequence[Draft], items: Sequence[Item]) -> bool:
    """Whether each has a name of its own, so that somebody need not have them all: "lymphoma, leukemia"."""
    leaves = [leaf.rule for draft in drafts for leaf in draft.innermost()]
    if not all(isinstance(rule, Condition) and not rule.concept.open and not rule.known for rule in leaves):
        return False
    if any(draft.rule.kind not in ("condition", "ambiguous") for draft in drafts) or any(i.elided for i in items):
        return False
    named = [{r.concept.name for r in _rules(draft) if isinstance(r, Condition)} for draft in drafts]
    if any(first & second for first, second in pairwise(named)):
        return False  # "melanoma, stage III"
    return all(first.end <= second.start for first, second in pairwise(drafts))


def _of_cancer(draft: Draft) -> bool:
    """Whether it is what a cancer does: its metastases, that it can be measured."""
    return any(
        isinstance(rule, Condition)
        and (rule.concept.name in _EXTENT or vocabulary().is_a("condition", rule.concept.name, "metastatic disease"))
        for rule in _rules(draft)
    )


_EXTENT: Final = frozenset(("measurable disease", "evaluable disease", "malignancy"))


def _rules(draft: Draft) -> list[Rule]:
    """What stands at its leaves."""
    return [leaf.rule for leaf in draft.innermost()]


def _of_women(draft: Draft) -> bool:
    """Whether it names women, by what they are: "women who are pregnant", "women of childbearing potential"."""
    rules = _rules(draft)
    plain = not any(leaf.rule.kind == "not" for leaf in draft.leaves())
    return plain and all(isinstance(r, Sex) or is_pregnancy(r) or is_fertile(r) for r in rules) and len(rules) > 0


def _of_age(draft: Draft) -> bool:
    """Whether it names people by their age."""
    return all(isinstance(rule, Age) for rule in _rules(draft))


def _women(run: Sequence[Draft]) -> list[Draft]:
    """ "Pregnant women and those planning to be": two groups; "fertile and not using contraception": one."""
    fertile = next((i for i, draft in enumerate(run) if any(is_fertile(rule) for rule in _rules(draft))), len(run))
    return [*run[:fertile], *([all_of(run[fertile:])] if fertile < len(run) else [])]


def _names_men(draft: Draft) -> bool:
    """Whether it names men, by no more than a word for what they are: "healthy males"."""
    rules = _rules(draft)
    men = any(isinstance(rule, Sex) and rule.sex == "male" for rule in rules)
    return men and all(isinstance(rule, Sex | Statement) for rule in rules)


def _is_no_mother(draft: Draft) -> bool:
    return isinstance(draft.rule, Not) and all(is_pregnancy(leaf.rule) for leaf in draft.innermost())


def _of_motherhood(draft: Draft) -> bool:
    """Whether it names women who are with child, have one at the breast, intend to, or do not prevent it."""
    rules = _rules(draft)
    return all(
        isinstance(r, Sex | PatientAttribute) or (isinstance(r, Statement) and draft.rule.kind == "all") for r in rules
    )


def _are_groups(here: Composing, drafts: Sequence[Draft]) -> bool:
    """Whether each is a group of people: "prisoners and minors", "A, pregnant women and persons under guardianship"."""
    if all(_PEOPLE_ALONE.fullmatch(here.text, draft.start, draft.end) for draft in drafts):
        return True
    return (
        any(before.end <= at <= draft.start for before, draft in pairwise(drafts) for at in here.people)
        and _AND_PEOPLE.search(here.text, drafts[-2].end, drafts[-1].end) is not None
    )


_PEOPLE_ALONE: Final = re.compile(
    r"(?:\w+\s+)?(?:minors|prisoners|inmates|detainees|students|employees|children|adults)", re.IGNORECASE
)
_AND_PEOPLE: Final = re.compile(
    r"\band\s+(?:(?:those|any|all|other|adult|adults)\s+)*"
    r"(?:persons?|people|individuals?|patients?|subjects?|participants?|adults?|those|women|men)\b(?!['’])",
    re.IGNORECASE,
)


def connected(
    here: Composing, drafts: list[Draft], separators: list[str], any_: bool | None, exclusive: bool, serial: bool
) -> Draft:
    """Join by what stands between: one connective, or the readings of several."""
    if exclusive and any(d.requirement for d in drafts) and len(drafts) > 1:
        # the contrary of each requirement excludes, one of them is enough
        return any_of([contrary(d) if d.requirement else d for d in drafts])
    if len(drafts) == 1:
        return drafts[0]
    span = (drafts[0].start, drafts[-1].end)
    if any_ is not None:
        return any_of(drafts, span) if any_ else all_of(drafts, span)
    drafts, separators = _sexes_together(drafts, separators)
    if len(drafts) == 1:
        return drafts[0].placed(*span)
    words = set(separators)
    if (
        not here.exclusion
        and not serial
        and separators[0] == "COMMA"
        and words == {"OR", "COMMA"}
        and not _of_one_kind(drafts)
    ):
        if _rules(drafts[0]) and all(isinstance(rule, Age | Sex) for rule in _rules(drafts[0])):
            return all_of([drafts[0], any_of(drafts[1:])], span)  # "aged 18 to 75, with A or B"
        return ambiguous(
            [any_of(drafts, span), all_of([drafts[0], any_of(drafts[1:])], span)],
            "a comma that may join, and an 'or' behind it",
        )
    if not here.exclusion and words == {"COMMA", "SLASH"}:
        closer = all_of([any_of(run) for run in _runs(drafts, separators, _OR_LIKE)], span)  # "age >= 18, A / B"
        if isinstance(drafts[0].rule, Age | Sex):
            return closer
        return ambiguous([any_of(drafts, span), closer], "a slash between some of a list")
    groups = next((i for i, draft in enumerate(drafts) if not _sex(draft)), len(drafts))
    if words <= {"AND", "COMMA", "PLUS"} and _of_both_sexes(drafts[:groups]):
        # "fertile men and women of childbearing potential (, not using contraception)", "men weigh A, women weigh B"
        return all_of([any_of(drafts[:groups]), *drafts[groups:]], span)
    behind = {*separators[groups - 1 :]} if 1 < groups < len(drafts) and not here.exclusion else set()
    if behind and separators[groups - 1] == "COMMA" and behind <= {"COMMA", "AND"} and words & _OR_LIKE:
        # "male, or female of non-childbearing potential, aged 18 to 55"
        return all_of([any_of(drafts[:groups]), *drafts[groups:]], span)
    if not here.exclusion and _names_men(drafts[0]) and all(map(_is_no_mother, drafts[1:])):
        # "healthy males, or non-pregnant, non-lactating females"
        women = Draft(Sex(sex="female"), drafts[1].start, drafts[-1].end)
        return any_of([drafts[0], all_of([women, *drafts[1:]])], span)
    if words <= {"OR", "COMMA", "SLASH", "NOR", "ANDOR"} and words & _OR_LIKE:
        if not here.exclusion and (limits := _last_limit_or(drafts, separators)) is not None:
            return limits.placed(*span)
        return on_scales(drafts, span) or any_of(drafts, span)
    told = exclusive and words <= {"AND", "COMMA"} and any(isinstance(d.rule, Statement) for d in drafts)
    if told and "AND" in words and _are_groups(here, drafts):
        return any_of(drafts, span)
    ages = [_of_age(draft) for draft in drafts]
    if exclusive and any(ages) and not all(ages) and words <= {"AND", "COMMA"} and "AND" in words:
        if all(aged or _of_motherhood(draft) for aged, draft in zip(ages, drafts, strict=True)):
            return any_of(drafts, span)  # "pregnant women and children"
        return ambiguous([all_of(drafts, span), any_of(drafts, span)], "people of an age, and others")
    if exclusive and all(map(_of_motherhood, drafts)) and any(map(is_pregnancy, _rules(drafts[0]))):
        return any_of([each for run in _runs(drafts, separators, _AND_LIKE) for each in _women(run)], span)
    if words <= {"AND", "COMMA", "PLUS"} and words & _AND_LIKE:
        if exclusive and all(_of_women(d) and not isinstance(d.rule, Sex) for d in drafts):
            return any_of(drafts, span)  # "pregnant and lactating women" are two groups
        named = exclusive and all(_named(d) for d in drafts) and "followed by" not in here.low[span[0] : span[1]]
        if named and len(drafts) > 2 and not any(isinstance(d.rule, Treatment) for d in drafts):
            return any_of(drafts, span)  # nobody is asked for three diseases at once
        if named:
            return ambiguous([all_of(drafts, span), any_of(drafts, span)], "'and' in a list of what excludes")
        if exclusive and (_one_result(here, drafts) or _of_different_tests(drafts)):
            return ambiguous([all_of(drafts, span), any_of(drafts, span)], "'and' in a list of what excludes")
        if exclusive and separators[-1] == "COMMA":
            return mixed(drafts, separators, span, excluding=True)
        return all_of(drafts, span)
    if words <= {"COMMA", "SEMI"}:
        return any_of(drafts, span) if here.exclusion else all_of(drafts, span)
    if "SEMI" in words:
        return by_semicolon(here, drafts, separators, exclusive, serial)
    if exclusive and _others_added(here, drafts, separators):
        return any_of(drafts, span)  # "A, B or C, and any other D"
    if all(isinstance(leaf.rule, Allergy) for d in drafts for leaf in d.innermost()):
        return any_of(drafts, span)  # nobody is asked to bear all of them but one
    return mixed(drafts, separators, span, excluding=exclusive)


def _of_one_kind(drafts: Sequence[Draft]) -> bool:
    """Whether all are of one kind; with several readings, only where each names another disease."""
    if _says_more(drafts):
        return False
    if len({draft.rule.kind for draft in drafts}) == 1:
        return True
    named = [{r.concept.name for r in _rules(d) if isinstance(r, Condition)} for d in drafts]
    whole = all(draft.rule.kind in ("condition", "ambiguous") for draft in drafts)
    known = all(isinstance(r, Condition) and not r.concept.open for draft in drafts for r in _rules(draft))
    return whole and known and sum(map(len, named)) == len(set().union(*named))


def _says_more(drafts: Sequence[Draft]) -> bool:
    """Whether the second says of the same disease what it is: "metastatic cancer, progressive or relapsed"."""
    first, second = drafts[0].rule, drafts[1].rule
    if not isinstance(first, Condition) or not isinstance(second, Condition) or first.concept != second.concept:
        return False
    return not first.concept.open and drafts[1].start > drafts[0].end


def _behind_alternatives(here: Composing, drafts: list[Draft], separators: list[str], *, serial: bool) -> Draft:
    """ "A or B, C": C is asked besides, since an "or" stands before the last of a list; or it is one more of a kind."""
    at = max(i for i, joint in enumerate(separators, 1) if joint in _OR_LIKE) + 1
    either = connected(here, drafts[:at], separators[: at - 1], None, False, serial)
    whole = all_of([either, *drafts[at:]])
    named = {rule.concept for rule in _rules(either) if isinstance(rule, Condition | Treatment)}
    more = [rule for draft in drafts[at:] for rule in _rules(draft)]
    again = any(isinstance(rule, Condition | Treatment) and rule.concept in named for rule in more)
    if again or _of_one_kind(drafts):
        return ambiguous([whole, any_of(drafts)], "one more alternative, or asked besides")
    return whole


def _last_limit_or(drafts: Sequence[Draft], separators: Sequence[str]) -> Draft | None:
    """ "Platelets >= A, bilirubin <= B or <= C": either limit of the last analyte, and that of each other."""
    if len(drafts) < 3 or separators[-1] not in _OR_LIKE or set(separators[:-1]) != {"COMMA"}:
        return None
    *others, first, second = drafts
    same, analytes = analytes_of(first), [analytes_of(other) for other in others]
    if not same or not all(analytes) or any(each & same for each in analytes):
        return None
    asked = all_of([*others, any_of([first, second])])
    if same == analytes_of(second):
        return asked
    alternative = analytes_of(second) and not any(each & analytes_of(second) for each in analytes)
    return ambiguous([asked, any_of(drafts)], "limits side by side, or alternatives") if alternative else None


def _of_different_tests(drafts: Sequence[Draft]) -> bool:
    """Whether they are limits, each of another analyte: "platelets < 100,000/uL and hemoglobin < 9 g/dL"."""
    analytes = {draft.rule.analyte for draft in drafts if isinstance(draft.rule, Measurement)}
    return len(analytes) == len(drafts)


_RESULT: Final = re.compile(r"positiv|negativ|detect|react|mutat|rearrang|fusion|[+]", re.IGNORECASE)


def _one_result(here: Composing, drafts: Sequence[Draft]) -> bool:
    """Whether they are tests with one result, said once behind all of them: "EGFR and ALK positive"."""
    before = here.text[drafts[0].start : drafts[-1].start]
    return all(isinstance(draft.rule, Finding) for draft in drafts) and _RESULT.search(before) is None


def _named(draft: Draft) -> bool:
    """Whether it is one fact: a disease, with its class where it has one, a treatment, an allergy, a pregnancy; each
    with what it needs, or with what it may do."""
    if draft.rule.kind == "all":
        fact, *said = _rules(draft)
        if isinstance(fact, Condition):
            return all(isinstance(rule, Measurement | Statement | Treatment) for rule in said)
        return isinstance(fact, Treatment) and all(isinstance(rule, Statement) for rule in said)
    if draft.rule.kind == "ambiguous":
        return all(map(_one_fact, draft.parts))  # "severe asthma and eczema": which may have to be severe
    if draft.rule.kind == "any":  # "antiplatelets (e.g. clopidogrel) and anticoagulants"
        return all(map(_one_fact, draft.innermost()))
    return _one_fact(draft)


def _one_fact(draft: Draft) -> bool:
    return isinstance(draft.rule, Condition | Treatment | Allergy) or is_pregnancy(draft.rule)


_AND_OTHER: Final = re.compile(r"\W*,\s*and\s+(?:(?:any|all)\s+)?other\b", re.IGNORECASE)


def _others_added(here: Composing, drafts: Sequence[Draft], separators: Sequence[str]) -> bool:
    """Whether each "and" only adds what is left of the kind of those before it: "..., and any other infection"."""
    added = [i for i, separator in enumerate(separators) if separator == "AND"]
    return bool(added) and all(_AND_OTHER.match(here.text, drafts[i].end) for i in added)


def _of_both_sexes(drafts: Sequence[Draft]) -> bool:
    """Whether each draft is about people of one sex, and not all about the same."""
    return {_sex(draft) for draft in drafts} == {"male", "female"}


def _sex(draft: Draft) -> str:
    """The sex of those whom a draft is about."""
    rule = draft.rule
    if isinstance(rule, Sex):
        return rule.sex
    if isinstance(rule, PatientAttribute) and rule.attribute in ("childbearing_potential", "pregnant", "breastfeeding"):
        return "female"
    if rule.kind == "not" and len(draft.parts) == 1 and isinstance(draft.parts[0].rule, PatientAttribute):
        return _sex(draft.parts[0])  # "non-pregnant women"
    return next(filter(None, map(_sex, draft.parts)), "") if rule.kind == "all" else ""


_AND_LIKE: Final = frozenset(("AND", "PLUS"))
_OR_LIKE: Final = frozenset(("OR", "NOR", "ANDOR", "SLASH"))


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
    if ("AND" not in separators and not by_commas) or _OR_LIKE.isdisjoint(separators):
        return None
    for start, flag in enumerate(flags):
        end = start + 1
        while flag and end < len(flags) and separators[end - 1] in _OR_LIKE and not flags[end]:
            end += 1
        if end > start + 1:
            outside = {*separators[:start], *separators[end - 1 :]}
            return (start, end) if start and outside <= {"AND", "COMMA"} else None
    return None


def on_scales(drafts: list[Draft], span: tuple[int, int]) -> Draft | None:
    """ "ECOG 0-1 or Karnofsky >= 70": one condition on two scales."""
    parts = tuple(d.rule for d in drafts if isinstance(d.rule, Measurement) and scored(d))
    return Draft(OnScales(parts=parts), *span, tuple(drafts)) if len(parts) == len(drafts) == 2 else None


def by_semicolon(here: Composing, drafts: list[Draft], separators: list[str], exclusive: bool, serial: bool) -> Draft:
    """What stands between two semicolons is joined first."""
    groups: list[Draft] = []
    at = 0
    for index in [i for i, s in enumerate(separators) if s == "SEMI"] + [len(separators)]:
        groups.append(connected(here, drafts[at : index + 1], separators[at:index], None, exclusive, serial))
        at = index + 1
    return any_of(groups) if here.exclusion else all_of(groups)


def _sexes_together(drafts: list[Draft], separators: list[str]) -> tuple[list[Draft], list[str]]:
    """ "Pregnancy, or women of childbearing potential and men": nobody is asked to be both."""
    if not {"AND", "OR"} <= {*separators}:
        return drafts, separators
    made, between = [drafts[0]], []
    for separator, draft in zip(separators, drafts[1:], strict=True):
        if separator == "AND" and _of_both_sexes([made[-1], draft]):
            made[-1] = any_of([made[-1], draft])
        else:
            made.append(draft)
            between.append(separator)
    return made, between


def mixed(drafts: list[Draft], separators: list[str], span: tuple[int, int], *, excluding: bool = False) -> Draft:
    """And and or without punctuation: 'and' binds closer, or 'or' does.

    ``excluding``: a comma may part what excludes.
    """
    # a comma has the meaning of the connective that closes its run
    resolved = list(separators)
    for i in range(len(resolved) - 1, -1, -1):
        if resolved[i] == "COMMA":
            resolved[i] = resolved[i + 1] if i + 1 < len(resolved) else "OR"
    closer_and = any_of([all_of(run) for run in _runs(drafts, resolved, _AND_LIKE)], span)
    closer_or = all_of([any_of(run) for run in _runs(drafts, resolved, _OR_LIKE)], span)
    serial = []
    if "COMMA" in separators and separators[-1] in ("AND", "OR"):  # "A, B or C, and D": the last joins what commas part
        by_commas = [separators[-1] if separator == "COMMA" else separator for separator in separators]
        if separators[-1] == "AND":
            serial.append(all_of([any_of(run) for run in _runs(drafts, by_commas, _OR_LIKE)], span))
        else:
            serial.append(any_of([all_of(run) for run in _runs(drafts, by_commas, _AND_LIKE)], span))
    apart = [any_of([all_of(run) for run in _runs(drafts, separators, _AND_LIKE)], span)] if excluding else []
    every = [any_of(drafts, span)] if excluding and all(map(_named, drafts)) else []
    return ambiguous([closer_and, closer_or, *serial, *apart, *every], "'and' and 'or' without punctuation")


def _runs(drafts: list[Draft], separators: list[str], binding: frozenset[str]) -> list[list[Draft]]:
    """The drafts in runs that a binding connective holds together."""
    runs = [[drafts[0]]]
    for separator, draft in zip(separators, drafts[1:], strict=True):
        if separator in binding:
            runs[-1].append(draft)
        else:
            runs.append([draft])
    return runs


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
        if tail is not None and tail.has("FOR_GROUP") and tail.body is not None and not limits_some(here, tail):
            return here.listed(tail.body, Inherited(), plain=True)
    return None
