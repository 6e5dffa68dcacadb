"""What a sentence says beside the one before it: one more thing, a permission, other limits for some patients."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import Final

from eligibility.knowledge import words
from eligibility.knowledge.vocabulary import Kind, vocabulary
from eligibility.reading.composing.closings import GENERAL_STATUS
from eligibility.reading.composing.exceptions import excepting, without_those_on
from eligibility.reading.composing.own_limits import NARROWS_OR_DEFINES, analytes_of, beyond, limits_instead
from eligibility.reading.composing.permissions import WHO_MAY
from eligibility.reading.composing.terms import is_contraception
from eligibility.reading.composing.times_told import tells_state
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
    rebuilt,
    unread,
    with_those,
)
from eligibility.reading.patterns import ONLY, PERSONS
from eligibility.reading.rewriting.permissions import EXEMPT
from eligibility.reading.sparing import NOT_UNDERSTOOD, begins_at, sentence_end, with_what_it_spares
from eligibility.reading.washouts import washout_told
from eligibility.rules import (
    Age,
    All,
    Ambiguous,
    Concept,
    Condition,
    Conditional,
    Constant,
    Duration,
    Finding,
    Measurement,
    Not,
    PatientAttribute,
    Rule,
    Sex,
    Statement,
    Treatment,
    Unread,
    Window,
    walk,
)

__all__ = ["side_by_side"]


def _washed_out(first: Draft, second: Draft, context: Context) -> Draft | None:
    """Treatments that exclude up to the end of a washout, where the sentence behind says how long that is."""
    stop = sentence_end(context.text, second.end)
    washout = washout_told(context.text[begins_at(context.text, second) : stop])
    if washout is None or not all(_is_given(leaf.rule) for leaf in first.innermost()):
        return None
    if any(isinstance(rule, Not) for _, rule in walk(first.rule)):
        return None
    others = each_leaf(first, partial(_given_within, washout.length, washout.anchor))
    if washout.longer is None:
        return replace(others, end=second.end)
    concepts = [Concept(name=entry.name) for entry in washout.named]
    longer = [
        _given_within(washout.longer, washout.anchor, Draft(Treatment(concept=each), second.start, second.end))
        for each in concepts
    ]
    return any_of([others, *longer])


def _is_given(rule: Rule) -> bool:
    """Whether it is a treatment that excludes now, or at a time that is not said."""
    if not isinstance(rule, Treatment) or rule.time not in ("now", "unstated"):
        return False
    return rule.window is None and rule.lasting is None


def _given_within(length: Duration, anchor: str, draft: Draft) -> Draft:
    window = Window(start=length, start_inclusive=False, anchor=anchor)
    return replace(draft, rule=draft.rule.model_copy(update={"window": window, "time": "unstated"}))


def _permitted(first: Draft, allowed: Draft, forbidding: bool) -> Draft:
    """What a permission says of the sentence before it: where that forbids, facts of its kind do not count.

    ``forbidding``: what ``first`` says is what must not be.
    """
    if isinstance(first.rule, Not):
        return rebuilt(first, (_permitted(first.parts[0], allowed, not forbidding),))
    if first.parts and first.rule.kind not in ("condition", "treatment", "allergy"):
        return rebuilt(first, tuple(_permitted(part, allowed, forbidding) for part in first.parts))
    kinds = allowed.parts if allowed.rule.kind == "any" else (allowed,)
    if any(kind.parts for kind in kinds):  # "treated metastases, and no steroids": all of it is what does not count
        akin = any(leaf.rule.kind in (first.rule.kind, "unread") for leaf in allowed.leaves())
        if isinstance(first.rule, Condition) and all(isinstance(leaf.rule, Treatment) for leaf in allowed.innermost()):
            akin = False  # drugs that are allowed are no kind of a disease
        return excepting(first, kinds) if forbidding and akin else first
    leaves = [leaf for leaf in kinds if leaf.rule.kind in (first.rule.kind, "unread") or _is_well(leaf.rule)]
    return excepting(first, leaves) if forbidding and leaves else first


def _is_well(rule: Rule) -> bool:
    """Whether it says for how long somebody has been free of a disease, or stable: of which, the forbidden one says."""
    return isinstance(rule, Statement) and tells_state(rule.text)


def _akin(first: Draft, allowed: Draft) -> bool:
    """Whether what is allowed is a kind of something that stands in the sentence before it, or that is a kind of it."""
    for one in first.leaves():
        for other in allowed.leaves():
            here, there = one.rule, other.rule
            if isinstance(here, Condition) and isinstance(there, Condition):
                kind: Kind = "condition"
            elif isinstance(here, Treatment) and isinstance(there, Treatment):
                kind = "treatment"
            else:
                continue
            narrower = vocabulary().is_a(kind, there.concept.name, here.concept.name)
            if narrower or vocabulary().is_a(kind, here.concept.name, there.concept.name):
                return True
            if set(words.keys(here.concept.name)) <= set(words.keys(there.concept.name)):
                return True  # "carcinoma", "carcinoma in situ of the cervix"
    return False


def _only_treatments(first: Draft, allowed: Draft) -> bool:
    """Whether drugs are forbidden, and drugs are what is allowed, whatever else must hold of who takes them."""
    let_in = allowed.parts[0] if allowed.rule.kind == "all" else allowed
    return all(isinstance(rule, Treatment) for rule in (*first.innermost_rules(), *let_in.innermost_rules()))


def _is_judged(allowed: Draft) -> bool:
    """Whether something is allowed where somebody judges so."""
    return any(isinstance(leaf.rule, Statement) and leaf.rule.topic == "judgement" for leaf in allowed.innermost())


def _measures_the_same(first: Draft, allowed: Draft) -> bool:
    """Whether what is allowed is another value of what the sentence before it limits, and that limits nothing else."""
    limited = [leaf.rule for leaf in first.innermost()]
    return all(isinstance(rule, Measurement) for rule in limited) and analytes_of(first) == analytes_of(allowed)


def _of_other_women(first: Draft, second: Draft, text: str) -> Draft | None:
    """ "Women who cannot bear children. Women of childbearing potential are eligible if C", "... must use C.
    Postmenopausal women are eligible": who may take part, too; None where others are let in, or nobody is."""
    if _LET_IN.search(text, first.end, sentence_end(text, second.end)) is None:
        return None
    if second.allowed is not None and _names_women(second.allowed):
        return ambiguous([first, any_of([first, second.allowed])], WHO_MAY).asked(first.requirement)
    if not isinstance(second.rule, Conditional) or not isinstance(second.rule.otherwise, Constant):
        return None
    who, asked, _ = second.parts
    others = any(isinstance(leaf.rule, Not) and leaf.rule.part == who.rule for leaf in first.leaves())
    if not others or not _names_women(first):
        return None
    return any_of([first, all_of([who, asked])]).asked(first.requirement)


def _names_women(draft: Draft) -> bool:
    """Whether it says of whom it is, by their sex and whether they can bear children, and no more."""
    rules = draft.innermost_rules()
    told = any(isinstance(rule, PatientAttribute) and rule.attribute == "childbearing_potential" for rule in rules)
    return told and all(_is_of_sex(rule) for rule in rules)


def _is_of_sex(rule: Rule) -> bool:
    menopause = isinstance(rule, Condition) and rule.concept.name == "menopause"
    attribute = isinstance(rule, PatientAttribute) and rule.attribute == "childbearing_potential"
    return menopause or attribute or isinstance(rule, Sex)


def _of_another_age(first: Draft, second: Draft) -> Draft | None:
    """Those of an age who may take part, too, if more holds of them: "Age 18 to 70. Patients of 71 to 75 years are
    eligible if ECOG is 0"; None where the sentence before it limits more than the age, or this one no age."""
    ages = [leaf.rule for leaf in first.innermost()]
    if not isinstance(second.rule, Conditional) or not all(isinstance(rule, Age) for rule in ages):
        return None
    who, asked, otherwise = second.parts
    others = [leaf.rule for leaf in who.innermost()]
    if not isinstance(otherwise.rule, Constant) or not all(isinstance(rule, Age) for rule in others):
        return None
    return all_of([who, asked]) if any(_reaches_beyond(one, rule) for one in others for rule in ages) else None


def _reaches_beyond(age: Rule, other: Rule) -> bool:
    """Whether some of an age are older, or younger, than another one."""
    if not isinstance(age, Age) or not isinstance(other, Age) or age.limit.unit != other.limit.unit:
        return False
    mine, theirs = age.limit, other.limit
    older = theirs.high is not None and (mine.high is None or mine.high > theirs.high)
    return older or (theirs.low is not None and (mine.low is None or mine.low < theirs.low))


def _own_limits_behind(first: Draft, second: Draft, context: Context) -> Draft | None:
    """ "A <= 1.5 x ULN. Patients with C must have A <= 3 x ULN": theirs in place of the others', if they are."""
    said = second.allowed or second
    if isinstance(said.rule, Conditional) and isinstance(said.rule.otherwise, Constant) and not context.exclusion:
        above, asked_above, _ = said.parts
        if isinstance(above.rule, Measurement) and beyond(above, [first]):
            return conditional(above, asked_above, first).asked(first.requirement)  # "... if A is above it, B >= 60"
    group: Draft | None = None
    if isinstance(said.rule, Conditional) and isinstance(said.rule.otherwise, Constant):
        group, theirs, _ = said.parts
        if isinstance(theirs.rule, Ambiguous) and isinstance(theirs.rule.readings[0], Constant):
            theirs = theirs.parts[1]  # "... A <= 3 x ULN is acceptable"
        theirs = _limit_alone(theirs)
        if (both := _limit_and_more(first, group, theirs)) is not None and not context.exclusion:
            return both
    elif (second.allowed is not None or context.exclusion) and isinstance(said.rule, All):
        asked = [_limit_alone(part) for part in said.parts]
        limits = [part for part in asked if analytes_of(part)]
        people = [part for part in asked if not analytes_of(part)]
        if limits and people:
            group, theirs = all_of(people), all_of(limits)
    if group is None or not analytes_of(theirs) or analytes_of(group):
        return None
    if isinstance(group.rule, Not) or any(leaf.wholly_unread for leaf in group.leaves()):
        return None
    limited = first.innermost_rules()
    same = all(isinstance(rule, Measurement) for rule in limited) and (
        analytes_of(theirs) == analytes_of(first)
        or all(isinstance(rule, Measurement) and _is_scale(rule) for rule in (*limited, *theirs.innermost_rules()))
    )
    if same and second.allowed is not None and not context.exclusion:
        return any_of([first, all_of([group, theirs])]).asked(first.requirement)  # "ECOG 0-1. ECOG 2 is allowed if C"
    usual = _of_the_others(first, group)
    if usual is not None and not context.exclusion:
        return replace(any_of([usual, all_of([group, theirs])]), requirement=first.requirement)
    measured = {leaf.rule.analyte.name for leaf in first.leaves() if isinstance(leaf.rule, Measurement)}
    if measured == {"total bilirubin"} and analytes_of(theirs) <= _PARTS_OF_BILIRUBIN and not context.exclusion:
        return ambiguous([conditional(group, theirs, first), all_of([first, second])], _INSTEAD).asked(True)
    if analytes_of(theirs) - measured:
        return None
    made = limits_instead(first, group, theirs, spared=False, exclusion=context.exclusion)
    if made is not None and isinstance(said.rule, All) and second.allowed is None:
        return ambiguous([made, any_of([first, second])], _INSTEAD) if not first.requirement else None
    return replace(made, requirement=first.requirement) if made is not None else None


_PARTS_OF_BILIRUBIN: Final = {"direct bilirubin", "indirect bilirubin"}


def _limit_alone(theirs: Draft) -> Draft:
    """The limit of a disease that some may have: "... if their hyperbilirubinemia is <= 3 x ULN"."""
    defined = isinstance(theirs.rule, Ambiguous) and theirs.rule.why == NARROWS_OR_DEFINES
    return theirs.parts[-1] if defined else theirs


def _limit_and_more(first: Draft, group: Draft, theirs: Draft) -> Draft | None:
    """ "A <= 1.5 x ULN. Patients with C must have B, and A <= 3 x ULN": in place of the others' limit; None where they
    have no limit of that analyte, or nothing besides."""
    if not isinstance(theirs.rule, All) or not analytes_of(first) or analytes_of(theirs) or analytes_of(group):
        return None
    if not any(analytes_of(part) == analytes_of(first) for part in theirs.parts) or isinstance(group.rule, Not):
        return None
    return replace(conditional(group, theirs, first), requirement=first.requirement)


_INSTEAD: Final = "a limit of some patients, in the place of the others', or one more thing that excludes"


def _of_the_others(first: Draft, group: Draft) -> Draft | None:
    """The limits of "A <= 1.5 x ULN, except patients with C", without those patients; None where it spares none."""
    spared = {leaf.rule.concept for leaf in group.leaves() if isinstance(leaf.rule, Condition)}
    if first.rule.kind != "any":
        return None
    limits = [part for part in first.parts if analytes_of(part)]
    rest = [part.rule for part in first.parts if not analytes_of(part)]
    if not limits or not rest or any(not isinstance(r, Condition) or r.concept not in spared for r in rest):
        return None
    return any_of(limits)


def _asks_again(first: Draft, second: Draft) -> bool:
    """Whether a sentence only asks for the contraception that the one before it asks of some patients, or says more of
    it: "(Women who use no contraception.) Condoms are a recommended form of contraception"."""
    rule = second.parts[0].rule if second.rule.kind == "any" else second.rule  # "methods of contraception include ..."
    if second.rule is rule and not second.requirement and is_contraception(rule):
        return any(map(is_contraception, first.innermost_rules()))
    return (
        is_contraception(rule)
        and isinstance(first.rule, Conditional)
        and any(leaf.rule == rule for leaf in first.parts[1].leaves())
    )


def _without_those_listed(first: Draft, second: Draft, context: Context) -> Draft | None:
    """ "Cancer. Individuals with the following cancers are eligible if treated: A, B": without such an A and B."""
    said = _LISTED_BEHIND.search(context.text, begins_at(context.text, second), second.end)
    if said is None:
        return None
    listed = _plain_list(second, said.end())
    if not listed or not _akin(first, any_of(listed)):
        return all_of([first, unread(context.text, said.start(), second.end, "narrowing")])
    if said["clause"]:
        words = unread(context.text, said.start("clause"), said.end("clause"), "narrowing")
        listed = [all_of([item, words]) for item in listed]
    return replace(excepting(first, listed), end=second.end)


def _plain_list(draft: Draft, start: int) -> list[Draft]:
    """The diseases or treatments that are listed behind ``start``; none where more is said of them."""
    if draft.start < start or draft.rule.kind == "ambiguous":
        return next((found for part in draft.parts if (found := _plain_list(part, start))), [])
    items = list(draft.parts) if draft.rule.kind == "any" else [draft]
    return items if all(isinstance(item.rule, Condition | Treatment) and not item.parts for item in items) else []


_LISTED_BEHIND: Final = re.compile(
    rf"\b(?:{PERSONS}|those)\s+with\s+(?:any\s+of\s+)?the\s+following\s+[\w\s-]{{3,40}}?\s+(?:are|is|may\s+be|will\s+be|can\s+be)"
    r"\s+(?:also\s+)?(?:considered\s+)?(?:eligible|allowed|permitted|included|enrolled)\b\s*(?P<clause>[^:.;\n]*):",
    re.IGNORECASE,
)


def side_by_side(first: Draft, second: Draft, context: Context) -> Draft:
    """A sentence, or a nested list, after another one."""
    second = _on_its_scale(first, second)
    if (instead := _own_limits_behind(first, second, context)) is not None:
        return instead
    if not context.exclusion and (either := _or_by_second_test(first, second)) is not None:
        return either
    if not context.exclusion and (either := _or_those_let_in(first, second, context.text)) is not None:
        return either
    forbidding = context.exclusion and not first.requirement
    if forbidding and (unless := _excluding_unless(first, second)) is not None:
        return unless
    if forbidding and (washed := _washed_out(first, second, context)) is not None:
        return washed
    if forbidding and (spared := _without_those_listed(first, second, context)) is not None:
        return spared
    permits = isinstance(first.rule, Constant) and first.allowed is not None
    if permits and not isinstance(second.rule, Constant) and _OTHERS.search(context.text, second.start, second.end):
        return side_by_side(second, first, context).placed(first.start, second.end)
    if isinstance(second.rule, Constant) and second.allowed is not None:
        spared = _permitted(first, second.allowed, forbidding)
        if _is_washed_out(first, second.allowed):
            return ambiguous([spared, first], "what is allowed after its washout, or without one").asked(
                first.requirement
            )
        if not forbidding or spared.rule != first.rule:
            return spared
        begins = max(context.text.rfind(mark, 0, second.start) for mark in (".", ";", "\n", "(", ":", " - ", " – "))
        return without_those_on(context.text, first, second.allowed, begins + 1) or first
    if isinstance(second.rule, Constant):
        return first
    if second.allowed is not None:
        permitted = _beside_permission(first, second, second.allowed, context)
        if permitted is not None:
            return permitted
    if not context.exclusion and (women := _of_other_women(first, second, context.text)) is not None:
        return women
    if not context.exclusion and (older := _of_another_age(first, second)) is not None:
        return replace(any_of([first, older]), requirement=first.requirement)
    if second.rule.kind == "any" and _asks_again(first, second) and _SPARES.search(context.text, first.end, second.end):
        return replace(any_of([first, *second.parts[1:]]), requirement=first.requirement)
    if not context.exclusion and _names_the_denied(first, second):
        return all_of([first, unread(context.text, second.start, second.end)]).asked(first.requirement)
    if _adds_nothing(first, second) or _defines_again(first, second, context):
        return first
    if second.saving:
        saved = all_of([first, negated(second)]) if forbidding else any_of([first, second])
        saved = saved.asked(first.requirement)
        exempt = EXEMPT.search(context.text, second.start, second.end)
        alone = first.rule.kind in ("measurement", "finding", "condition", "treatment")
        if exempt is None or (alone and _FROM_THIS.match(context.text, exempt.end())):
            return saved
        return ambiguous([first, saved], "what is not asked of some").asked(first.requirement)
    if first.labelled and second.labelled:
        return replace(any_of([with_those(first), with_those(second)]), labelled=True)
    if not first.wholly_unread and (spared := with_what_it_spares(first, second, context)) is not None:
        return spared
    if second.wholly_unread and not first.wholly_unread and _asks_more(context.text, second):
        if forbidding:
            return any_of([first, unread(context.text, second.start, second.end, "widening")])
        more = unread(context.text, second.start, second.end, "narrowing")
        return replace(all_of([first, more]), requirement=first.requirement)
    if (second.wholly_unread and not first.wholly_unread) or (context.exclusion and first.wholly_unread):
        asked = contrary(first) if context.exclusion and first.requirement else first
        both = [all_of([asked, second]), any_of([asked, second])]
        return ambiguous(both, NOT_UNDERSTOOD)
    if not context.exclusion:
        return replace(all_of([first, second]), requirement=first.requirement and second.requirement)
    return any_of([contrary(draft) if draft.requirement else draft for draft in (first, second)])


def _is_washed_out(first: Draft, allowed: Draft) -> bool:
    """Whether it allows what must have ended some time before: "at least 2 weeks since prior hormones. Hormones in the
    adjuvant setting are allowed"."""
    washed = first.parts[0].rule if isinstance(first.rule, Not) and first.parts else first.rule
    if not isinstance(washed, Treatment) or washed.window is None or washed.window.start_inclusive:
        return False
    return isinstance(allowed.rule, Treatment) and allowed.rule.concept == washed.concept


def _on_its_scale(first: Draft, second: Draft) -> Draft:
    """ "ECOG 0-2. A performance status of 3 is allowed if ...": on the scale that the sentence before it names."""
    scales = {rule.analyte for rule in first.innermost_rules() if isinstance(rule, Measurement) and _is_scale(rule)}
    if len(scales) != 1 or all(rule.kind != "measurement" for rule in second.innermost_rules()):
        return second
    scale = scales.pop()

    def on_scale(leaf: Draft) -> Draft:
        general = isinstance(leaf.rule, Measurement) and leaf.rule.analyte.name == GENERAL_STATUS
        return replace(leaf, rule=leaf.rule.model_copy(update={"analyte": scale})) if general else leaf

    told = each_leaf(second, on_scale)
    return replace(told, allowed=each_leaf(second.allowed, on_scale)) if second.allowed is not None else told


def _is_scale(rule: Measurement) -> bool:
    """Whether it is a performance status on a scale of its own."""
    return rule.analyte.name.endswith(GENERAL_STATUS) and rule.analyte.name != GENERAL_STATUS


_OTHERS: Final = re.compile(r"\bother\b", re.IGNORECASE)


def _asks_more(text: str, sentence: Draft) -> bool:
    """Whether a sentence that was not understood asks for one thing more of everybody, and spares, defines or limits
    nothing: "A blood sample must be stored"."""
    start = begins_at(text, sentence)
    asked = _ASKED.search(text, start, sentence.end) is not None
    return asked and _NOT_MERELY_ASKED.search(text, start, sentence.end) is None


_ASKED: Final = re.compile(
    r"\b(?:must|should|shall|(?:has|have|needs?)\s+to|(?:is|are|will\s+be)\s+(?:to\s+be\s+)?(?:required|requested|needed|obtained"
    r"|collected|performed|done|tested|measured|assessed|submitted|recorded|stored|reviewed|disposed))\b",
    re.IGNORECASE,
)
_NOT_MERELY_ASKED: Final = re.compile(
    r"[\d<>≤≥=:;(]|\b(?:may|might|can|could|allow\w*|permit\w*|accept\w*|eligib\w*|ineligib\w*|includ\w*|unless|until|except\w*"
    r"|exclud\w*|exempt\w*|exclusion\w*|if|when|where|in\s+case|only|not|no|never|none|neither|without|defin\w*|consider\w*|count\w*|refer\w*"
    r"|mean\w*|regard\w*|deem\w*|or|also|however|but|instead|waiv\w*|otherwise|rather|e\.?g|i\.?e|example|criteri\w+|appl(?:y|ies)"
    r"|discuss\w*|approv\w*|discretion|for\s+(?:patients|subjects|participants|women|men|those)|(?:patients|subjects|participants|women|men"
    r"|those|females|males)\s+(?:with|who|of|on|in|at|under|receiving|taking|treated))\b",
    re.IGNORECASE,
)
_NOTHING_ELSE: Final = (
    re.compile(  # "patients with only bone metastases", "with liver metastases only are": not only these
        r"\b(?:with|having|have|has)\s+only\b|\bonly\s+(?=(?:is|are|will\s+be|may\s+be|can\s+be)\b)", re.IGNORECASE
    )
)
_FROM_THIS: Final = re.compile(
    r"\s+(?:(?:meet|fulfil+|satisfy)\s+)?(?:this|these|the|that)(?:\s+(?:above|laboratory))?"
    r"\s+(?:criteri\w+|parameters?|requirements?|limits?|thresholds?)\W*$",
    re.IGNORECASE | re.MULTILINE,
)
_SPARES: Final = re.compile(r"\bnot\s+appl(?:y|icable)\b", re.IGNORECASE)


def _excluding_unless(first: Draft, second: Draft) -> Draft | None:
    """ "Positive for A or B. Those with A are eligible if C", "positive for A. If A is positive, C must hold": A
    excludes where C does not hold; None where the second is of no test that the first names."""
    if second.requirement and isinstance(second.rule, Conditional):
        second = contrary(second)
    if not isinstance(second.rule, Not) or not isinstance(second.rule.part, Conditional):
        return None
    when, otherwise = second.rule.part.when, second.rule.part.otherwise
    if not isinstance(when, Finding) or not isinstance(otherwise, Constant):
        return None
    parts = first.parts if first.rule.kind == "any" else (first,)
    others = [part for part in parts if part.rule != when]
    return any_of([*others, second]) if len(others) < len(parts) else None


def _or_by_second_test(first: Draft, second: Draft) -> Draft | None:
    """ "Negative for the antibody. If the antibody is positive, the RNA must be negative": one or the other; None where
    the second sentence asks of no result that the first does not want."""
    if not isinstance(second.rule, Conditional) or not isinstance(second.rule.otherwise, Constant):
        return None
    if first.rule.kind == "all":
        for index, part in enumerate(first.parts):
            if (either := _or_by_second_test(part, second)) is not None:
                return rebuilt(first, (*first.parts[:index], either, *first.parts[index + 1 :]))
        return None
    when, then, _ = second.parts
    wanted, found = first.rule, when.rule
    if not isinstance(wanted, Finding) or not isinstance(found, Finding):
        return None
    if wanted.test != found.test or (wanted.result, found.result) != ("negative", "positive"):
        return None
    return any_of([first, all_of([when, then])]).asked(first.requirement)


def _or_those_let_in(first: Draft, second: Draft, text: str) -> Draft | None:
    """ "Patients with A must be cured. Those with A who are on treatment are eligible if C": one or the other is asked
    of those with A; both may be where the second sentence is of no others. None where it lets in nobody with A."""
    asking = [
        draft.parts
        for draft in (first, second)
        if isinstance(draft.rule, Conditional) and isinstance(draft.rule.otherwise, Constant)
    ]
    if len(asking) < len((first, second)):
        return None
    (group, asked, _), (theirs, instead, _) = asking
    named = {rule.concept for rule in group.innermost_rules() if isinstance(rule, Condition)}
    of_them = [rule for rule in theirs.innermost_rules() if isinstance(rule, Condition)]
    if not named or theirs.rule.kind != "all" or not {rule.concept for rule in of_them} <= named or not of_them:
        return None
    if _LET_IN.search(text, theirs.end, sentence_end(text, second.end)) is None:
        return None
    either = for_those(group, any_of([asked, all_of([theirs, instead])])).asked(first.requirement)
    over = any(isinstance(rule, Condition) and _OVER & {*rule.qualifiers} for rule in asked.innermost_rules())
    treated = any(isinstance(rule, Treatment) and rule.time == "now" for rule in theirs.innermost_rules())
    if over and treated:
        return either
    both = [either, all_of([first, second])]
    return ambiguous(both, "instead of what is asked of the others, or besides").asked(first.requirement)


_OVER: Final = frozenset(("treated", "adequately treated", "cured", "in remission", "resolved"))
_LET_IN: Final = re.compile(
    r"\b(?:are|is|will\s+be|remain|may\s+be)\s+(?:(?:still|also)\s+)?(?:eligible|allowed|permitted|acceptable)\b",
    re.IGNORECASE,
)


def _beside_permission(first: Draft, second: Draft, allowed: Draft, context: Context) -> Draft | None:
    """A sentence with one after it that allows something; None where that leaves the first as it is."""
    forbidding = context.exclusion and not first.requirement
    also = replace(second, allowed=None)
    if isinstance(second.rule, Ambiguous) and context.exclusion:
        spared = _permitted(first, allowed, forbidding)
        return ambiguous([spared, side_by_side(first, also, context)], "what is allowed, or one more thing")
    if not context.exclusion and _akin(first, allowed):
        permitted = _permitted(first, allowed, False)
        if permitted.rule != first.rule and isinstance(second.rule, Conditional):
            return replace(all_of([permitted, second]), requirement=first.requirement)  # "... are eligible if stable"
        if permitted.rule != first.rule:
            return permitted  # "No brain metastases. Patients with treated brain metastases are eligible."
    if forbidding and (_akin(first, allowed) or (isinstance(second.rule, Not) and _only_treatments(first, allowed))):
        return any_of([_permitted(first, allowed, True), also])
    if forbidding and _is_judged(allowed):
        spared = any_of([all_of([first, negated(allowed)]), also])
        return ambiguous([spared, any_of([first, also])], "what may be allowed, or one more thing")
    if not context.exclusion and _measures_the_same(first, allowed):
        return any_of([first, allowed])  # "ECOG 0-1. Patients with ECOG 2 are eligible."
    if not context.exclusion and isinstance(second.rule, Ambiguous) and _limited_in(first) & _limited_in(allowed):
        words = unread(context.text, begins_at(context.text, second), second.end, "widening")
        return any_of([first, words]).asked(first.requirement)  # "A <= 2. A up to 5 is allowed with B and without C"
    said = context.text[first.end : sentence_end(context.text, second.end)]
    if (
        context.exclusion
        or second.rule != allowed.rule
        or ONLY.search(_NOTHING_ELSE.sub(" ", said))
        or not _names_facts(allowed)
    ):
        return None
    who_may = [first, any_of([first, allowed])]
    who_must = [] if _ALSO.search(said) else [all_of([first, second])]
    return replace(ambiguous([*who_may, *who_must], WHO_MAY), requirement=first.requirement)


def _limited_in(draft: Draft) -> set[str]:
    """What is measured, of whatever else is asked."""
    return {rule.analyte.name for rule in draft.innermost_rules() if isinstance(rule, Measurement)}


def _names_facts(allowed: Draft) -> bool:
    """Whether it is what people may have, and no limit that they must keep to."""
    return all(isinstance(rule, Condition | Treatment | Finding | Statement) for rule in allowed.innermost_rules())


_ALSO: Final = re.compile(r"\b(?:also|as well|too)\b", re.IGNORECASE)


def _names_the_denied(first: Draft, second: Draft) -> bool:
    """Whether a sentence names again what is denied before it, and asks nothing: "no gout. Patients with gout"."""
    denied = {rule.concept for leaf in first.leaves() if isinstance(leaf.rule, Not) for rule in _conditions_in(leaf)}
    if not denied or second.requirement or second.allowed is not None:
        return False
    named = second.innermost_rules()
    plain = second.rule.kind in ("any", "condition") and all(isinstance(rule, Condition) for rule in named)
    return plain and any(isinstance(rule, Condition) and rule.concept in denied for rule in named)


def _conditions_in(draft: Draft) -> list[Condition]:
    return [rule for rule in draft.innermost_rules() if isinstance(rule, Condition)]


def _defines_again(first: Draft, second: Draft, context: Context) -> bool:
    """Whether a sentence defines what is named before it: "evaluable disease. Measurable disease is defined as"."""
    if _IS_DEFINED.match(context.text, second.start) is None:
        return False
    named = set(first.innermost_rules())
    return not context.exclusion and all(rule in named or isinstance(rule, Unread) for rule in second.innermost_rules())


_IS_DEFINED: Final = re.compile(
    r"(?:(?:non-?\s?)?(?:measurable|evaluable)\s+(?:disease|lesions?))\s+(?:is|are|will\s+be)\s+defined\b",
    re.IGNORECASE,
)


def _adds_nothing(first: Draft, second: Draft) -> bool:
    """Whether a sentence only says who may take part besides, who women of childbearing potential are, or again that
    contraception is asked for."""
    if second.allowed is not None and isinstance(second.rule, Ambiguous) and second.rule.why == WHO_MAY:
        return True
    if second.saving:
        return False
    named = second
    while isinstance(named.rule, Conditional) and len(named.parts) > 1:
        named = named.parts[1]  # "a woman is of childbearing potential if she is ..."
    who = isinstance(named.rule, PatientAttribute) and named.rule.attribute == "childbearing_potential"
    return who or _asks_again(first, second) or _too_young_again(first, second)


def _too_young_again(first: Draft, second: Draft) -> bool:
    """Whether a least age is only said once more: "at least 18 years. Individuals under 18 are excluded"."""
    rule = second.rule
    if not isinstance(rule, Not) or not isinstance(rule.part, Ambiguous):
        return False
    ages = [reading.limit for reading in rule.part.readings if isinstance(reading, Age)]
    asked = [leaf.rule.limit for leaf in (first, *first.parts) if isinstance(leaf.rule, Age)]
    if len(ages) < len(rule.part.readings) or first.rule.kind not in ("age", "all"):
        return False
    return any(
        least.low is not None
        and least.low_inclusive
        and all(age.low is None and (age.high, age.unit) == (least.low, least.unit) for age in ages)
        for least in asked
    )
