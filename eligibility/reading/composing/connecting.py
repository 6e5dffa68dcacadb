"""What connectives make of the drafts that they stand between, whatever is denied within each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from eligibility.knowledge.vocabulary import vocabulary
from eligibility.knowledge.words import keys
from eligibility.reading.composing.closer import either_together, is_implied, sexes_together
from eligibility.reading.composing.own_limits import analytes_of
from eligibility.reading.composing.people import (
    are_of_both_sexes,
    is_no_mother,
    is_of_age,
    is_of_motherhood,
    names_men,
    names_women,
    sex_of,
)
from eligibility.reading.composing.terms import Composing, is_consent, is_fertile, is_pregnancy
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, contrary, with_those
from eligibility.reading.lexing.tokens import EITHER
from eligibility.reading.measuring import scored
from eligibility.reading.patterns import PERSONS, just_before
from eligibility.rules import (
    Age,
    Allergy,
    Concept,
    Condition,
    Conditional,
    Constant,
    Finding,
    Measurement,
    Not,
    OnScales,
    PatientAttribute,
    Rule,
    Sex,
    Statement,
    Treatment,
)

_AND_LIKE: Final = frozenset(("AND", "PLUS"))
OR_LIKE: Final = EITHER | {"NOR"}
"""Connectives that join alternatives, of what is denied, too."""


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
        return any_of(list(map(_as_alternative, drafts)), span) if any_ else all_of(drafts, span)
    drafts, separators = either_together(here, *sexes_together(drafts, separators))
    drafts, separators = _closely_together(here, drafts, separators)
    if len(drafts) == 1:
        return drafts[0].placed(*span)
    words = {*separators}
    if not here.exclusion and (apart := _first_apart(here, drafts, separators, span, serial=serial)) is not None:
        return apart
    if (people := _of_people(here, drafts, separators, span)) is not None:
        return people
    if not here.exclusion and words == {"AND"} and _are_healthy_or_not(here, drafts):
        return any_of(drafts, span)
    if words == {"SLASH"} and all(map(_is_negative, drafts)):
        return all_of(drafts, span)  # "EGFR/ALK negative": neither is positive
    if not here.exclusion and words <= OR_LIKE and _lets_all_in(drafts):
        return all_of(drafts, span)
    if here.exclusion and separators == ["COMMA", "OR"] and not serial and _is_treated_with(here, drafts, separators):
        # "asthma, on prednisone or omalizumab": treated so, or each one more
        readings = [any_of(drafts, span), all_of([drafts[0], any_of(drafts[1:])], span)]
        return ambiguous(readings, "a comma that may join, and an 'or' behind it")
    if words <= OR_LIKE | {"COMMA"} and words & OR_LIKE:
        if not here.exclusion and (limits := _last_limit_or(drafts, separators)) is not None:
            return limits.placed(*span)
        if not here.exclusion and not serial and (each := _each_behind_comma(drafts, separators, span)) is not None:
            return each
        return on_scales(drafts, span) or any_of(list(map(_as_alternative, drafts)), span)
    if exclusive and (groups := _groups_excluded(here, drafts, separators, span)) is not None:
        return groups
    if words <= {"AND", "COMMA", "PLUS"} and words & _AND_LIKE:
        if exclusive:
            return _all_excluded(here, drafts, separators, span)
        return _one_of_the_cancers(drafts, span) or all_of(drafts, span)
    if words <= {"COMMA", "SEMI"}:
        return any_of(drafts, span) if here.exclusion else all_of(drafts, span)
    if "SEMI" in words:
        return by_semicolon(here, drafts, separators, exclusive, serial)
    if exclusive and _others_added(here, drafts, separators):
        return any_of(drafts, span)  # "A, B or C, and any other D"
    if all(isinstance(rule, Allergy) for draft in drafts for rule in draft.innermost_rules()):
        return any_of(drafts, span)  # nobody is asked to bear all of them but one
    if (apart := _by_verb(here, drafts, separators, exclusive)) is not None:
        return apart.placed(*span)
    if (apart := _by_commas(here, drafts, separators, exclusive)) is not None:
        return apart.placed(*span)
    return mixed(drafts, separators, span, excluding=exclusive)


def _are_healthy_or_not(here: Composing, drafts: Sequence[Draft]) -> bool:
    """Whether two groups are named, of which one is healthy: "healthy volunteers and patients with asthma"."""
    if len(drafts) != _PAIR:
        return False
    first, second = (isinstance(draft.rule, Statement) for draft in drafts)
    if first and not second:
        return _HEALTHY_AND_OTHERS.match(here.low, drafts[0].start) is not None
    return second and not first and _AND_HEALTHY.search(here.low, drafts[0].start, drafts[1].end) is not None


_HEALTHY_AND_OTHERS: Final = re.compile(
    rf"healthy\s+(?:[a-z]+\s+)?(?:{PERSONS}|controls|adults|women|men)\s+and\s+(?:[a-z]+\s+)?(?:{PERSONS}|those|adults)"
    r"\s+(?:with|who|having|diagnosed|suffering)\b"
)
_AND_HEALTHY: Final = re.compile(rf"\band\s+healthy\s+(?:[a-z]+\s+)?(?:{PERSONS}|controls|adults)")


def _one_of_the_cancers(drafts: list[Draft], span: tuple[int, int]) -> Draft | None:
    """ "Melanoma and lung cancer that are refractory to A": hardly anybody has both; None where no two are named."""
    cancers = [draft for draft in drafts if cancers_in(draft)]
    if len(cancers) < 2 or not cancers_apart(cancers):
        return None
    others = [draft for draft in drafts if draft not in cancers]
    either = any_of(cancers)
    return ambiguous([all_of(drafts, span), all_of([either, *others], span) if others else either], NOT_ALL)


NOT_ALL: Final = "diseases that nobody need have all of"
"""Why several cancers are asked together, or one of them."""


def cancers_apart(drafts: Sequence[Draft]) -> bool:
    """Whether each of several names a cancer, and none of them one of a kind with another's."""
    named = [cancers_in(draft) for draft in drafts]
    read = [names for draft, names in zip(drafts, named, strict=True) if not draft.wholly_unread]
    if len(read) < 2 or not all(read):
        return False
    return all(
        not vocabulary().is_a("condition", mine, other) and not vocabulary().is_a("condition", other, mine)
        for index, one in enumerate(read)
        for following in read[index + 1 :]
        for mine in one
        for other in following
    )


def cancers_in(draft: Draft) -> set[str]:
    """The cancers that somebody has of whom it holds; metastases may be had with any."""
    if draft.rule.kind in ("all", "any", "ambiguous"):
        return set().union(*map(cancers_in, draft.parts))
    names = {draft.rule.concept.name} if isinstance(draft.rule, Condition) else set()
    return {
        name
        for name in names
        if vocabulary().is_a("condition", name, "malignancy")
        and not vocabulary().is_a("condition", name, "metastatic disease")
    }


def _lets_all_in(drafts: list[Draft]) -> bool:
    """Whether two limits of age would let everybody in if one were enough: "< 70 / > 18 years"."""
    rules = [rule for draft in drafts for rule in draft.innermost_rules()]
    ages = [rule.limit for rule in rules if isinstance(rule, Age)]
    if len(drafts) != _PAIR or len(ages) < len(rules) or len({limit.unit for limit in ages}) > 1:
        return False
    lows = [limit.low for limit in ages if limit.low is not None and limit.high is None]
    highs = [limit.high for limit in ages if limit.high is not None and limit.low is None]
    return len(lows) + len(highs) == len(ages) and bool(lows) and bool(highs) and min(lows) <= max(highs)


def _as_alternative(draft: Draft) -> Draft:
    """A limit of some patients, which is none that the others may have instead: "A <= 3, or <= 5 (with C only)"."""
    if not isinstance(draft.rule, Conditional):
        return draft
    limits = all(isinstance(rule, Measurement | Finding) for rule in draft.parts[1].innermost_rules())
    return with_those(draft) if limits else draft


def _by_verb(here: Composing, drafts: list[Draft], separators: list[str], exclusive: bool) -> Draft | None:
    """ "Asthma or COPD and has quit smoking", "A and B or is on oxygen": what stands before a last connective with a
    verb of its own belongs together; None where a verb stands there, too, or where what excludes may be joined so."""
    if (told := _by_auxiliary(here, drafts, separators)) is not None:
        return told
    *before, last = separators
    begins = [_VERB.match(here.low, draft.end) is not None for draft in drafts[:-1]]
    limits = all(isinstance(rule, Measurement) for draft in drafts[1:] for rule in draft.innermost_rules())
    if limits and begins[0] and not any(begins[1:]) and separators[0] == "AND" and {*separators[1:]} == {"OR"}:
        return all_of([drafts[0], any_of(drafts[1:])])  # "is on dialysis and has A > 5 or B > 3"
    if not begins[-1] or any(begins[:-1]):
        return None
    if last == "OR" and before[-1] == "AND" and {*before} <= {"AND", "COMMA"}:
        whole = any_of([connected(here, drafts[:-1], before, None, exclusive, False), drafts[-1]])
        if exclusive or drafts[0].requirement:
            return whole
        of_last = all_of([*drafts[:-2], any_of(drafts[-2:])])  # "COVID-19 and A < 94 % or requires oxygen"
        return ambiguous([whole, of_last], "an alternative to all that precedes, or to the last of it")
    facts = [isinstance(rule, _FACTS) for draft in drafts[:-1] for rule in draft.innermost_rules()]
    if last == "AND" and {*before} == {"OR"} and all(facts):
        return all_of([any_of(drafts[:-1]), drafts[-1]])
    return None


def _by_commas(here: Composing, drafts: list[Draft], separators: list[str], exclusive: bool) -> Draft | None:
    """ "A or B, or C and D" that exclude, "A or B, and C" that are asked: a comma parts what it stands between; None
    where none does, or where commas part a list."""
    apart = "OR" if exclusive else "AND"
    ends = [i for i, each in enumerate(separators) if each == apart and _COMMA_BEFORE.match(here.text, drafts[i].end)]
    if not ends or len(ends) == len(separators) or not {*separators} <= {"AND", "OR", "ANDOR"}:
        return None
    behind = range(ends[0] + 1, len(separators))
    if any(separators[i] != apart and _VERB.match(here.low, drafts[i].end) for i in behind):
        return None  # "on A, or on B and was unwilling to stop"
    groups: list[Draft] = []
    at = 0
    for end in (*ends, len(separators)):
        between = separators[at:end]
        if len({each == "AND" for each in between}) > 1:
            return None
        groups.append(connected(here, drafts[at : end + 1], between, None, exclusive, serial=False))
        at = end + 1
    return any_of(groups) if exclusive else all_of(groups)


_COMMA_BEFORE: Final = re.compile(r"[\s)\]]*,\s*(?:and|or)\b", re.IGNORECASE)


def _closely_together(here: Composing, drafts: list[Draft], separators: list[str]) -> tuple[list[Draft], list[str]]:
    """What stands together before an "and", or an "or", joins anything else: "A and/or B and C", "both A and B or
    both C and D"."""
    if len(separators) < 2 or "AND" not in separators or "SEMI" in separators:
        return drafts, separators
    if here.exclusion:  # "during pregnancy and lactation, or on warfarin": each of the two is excluded
        for at, separator in enumerate(separators):
            pair = drafts[at : at + 2]
            if separator == "AND" and all(map(_is_motherhood_alone, pair)) and not _stressed(here, pair):
                made = [*drafts[:at], any_of(pair), *drafts[at + 2 :]]
                return _closely_together(here, made, [*separators[:at], *separators[at + 1 :]])
    anew = all(
        each != "AND" or _VERB.match(here.low, draft.end) for draft, each in zip(drafts, separators, strict=False)
    )
    same = any(is_implied(two, one) or is_implied(one, two) for one, two in pairwise(drafts))
    if {*separators} == {"AND", "ANDOR"} and (anew or not here.exclusion) and not same:
        runs = _runs(drafts, separators, frozenset(("ANDOR",)))
        return [any_of(run) for run in runs], ["AND"] * (len(runs) - 1)
    pairs = [draft for draft, each in zip(drafts, separators, strict=False) if each == "AND"]
    if {*separators} == {"AND", "OR"} and len(pairs) > 1 and all(_is_both(here, draft) for draft in pairs):
        runs = _runs(drafts, separators, _AND_LIKE)
        return [all_of(run) for run in runs], ["OR"] * (len(runs) - 1)
    if {*separators} == {"AND", "OR"}:
        for at, separator in enumerate(separators):
            pair = drafts[at : at + 2]
            if separator == "OR" and (of_one_noun(here, pair) or _in_one_way_or_other(here, *pair)):
                made = [*drafts[:at], any_of(pair), *drafts[at + 2 :]]
                return _closely_together(here, made, [*separators[:at], *separators[at + 1 :]])
    if here.exclusion and "OR" in separators:  # "A or B, and patients with C": each group is excluded
        groups = [
            "OR" if each == "AND" and _PATIENTS.match(here.low, draft.end) else each
            for each, draft in zip(separators, drafts[:-1], strict=True)
        ]
        return drafts, groups
    return drafts, separators


_PATIENTS: Final = re.compile(
    r"[\s,)]*\band\s+(?:(?:those|any|all|other|adult|immunocompromised|pregnant)\s+)*"
    r"(?:persons|people|individuals|patients|subjects|participants|women|men|females|males)\s+(?:with|who|on|in|having)\b"
)


def _is_motherhood_alone(draft: Draft) -> bool:
    """Whether it says of somebody that she is pregnant or breastfeeds, and nothing else."""
    rules = {rule for rule in draft.innermost_rules() if not isinstance(rule, Sex)}
    plain = draft.rule.kind in ("attribute", "any") or (draft.rule.kind == "all" and len(rules) == 1)
    return plain and bool(rules) and all(map(is_pregnancy, rules))


def _by_auxiliary(here: Composing, drafts: list[Draft], separators: list[str]) -> Draft | None:
    """ "Is on oxygen or has had a stroke and received alteplase": the participle behind an "and" has the auxiliary
    behind the "or", so that they belong together; None where anything else follows, or an "and" stands before.

    "Has participated in a study and received its drug or used its device": the drug goes with the study, the device is
    one more alternative.
    """
    at = separators.index("OR") if "OR" in separators else 0
    begins = 0
    if separators[0] != "AND" and not {*separators[:at]} - {"COMMA"} and _PERFECT.match(here.low, drafts[at].end):
        begins = at + 1
    elif separators[0] != "AND" or not _PARTICIPATED.search(here.low, 0, drafts[0].end):
        return None
    if not all(_PARTICIPLE.match(here.low, draft.end) for draft in drafts[begins:-1]):
        return None
    if "OR" in separators[begins:] and not _PARTICIPATED.search(here.low, 0, drafts[begins].end):
        return None
    later = [all_of(run) for run in _runs(drafts[begins:], separators[begins:], _AND_LIKE)]
    return any_of([*drafts[:begins], *later])


_PARTICIPATED: Final = re.compile(r"\b(?:has|have|had)\s+(?:\w+\s+)?participated\b")
_PERFECT: Final = re.compile(
    r"[\s,)\]]*\bor\s+(?:(?:who|which|that|they)\s+)?(?:has|have|had)\s+(?!an?\b|no\b|not\b)[a-z]+"
)
_PARTICIPLE: Final = re.compile(
    r"[\s,)\]]*\b(?:and|or)\s+(?:received|undergone|taken|used|completed|discontinued|experienced|progressed|failed|stopped|started"
    r"|been|had|given|begun)\b"
)
_FACTS: Final = (Condition, Treatment, Measurement, Finding, Allergy)  # what a noun names
_VERB: Final = re.compile(
    r"[\s,)\]]*\b(?:and|or)\s+(?:(?:who|which|that|they|he|she|currently|presently|also)\s+)*"
    r"(?:is|are|was|were|has|have|had|does|do|did|requires?|needs?|receives?|received|takes?|uses?"
    r"|being|receiving|taking)\b"
)


def _is_negative(draft: Draft) -> bool:
    """Whether it asks for a negative result."""
    return any(isinstance(rule, Finding) and rule.result == "negative" for rule in draft.innermost_rules())


def _first_apart(
    here: Composing, drafts: list[Draft], separators: list[str], span: tuple[int, int], *, serial: bool
) -> Draft | None:
    """A list whose first may be asked besides what stands behind its comma; None of any other list."""
    words = {*separators}
    if not serial and separators[0] == "COMMA" and words == {"OR", "COMMA"} and not are_of_one_kind(drafts):
        rules, apart = drafts[0].innermost_rules(), all_of([drafts[0], any_of(drafts[1:])], span)
        if rules and all(isinstance(rule, Age | Sex) for rule in rules):
            return apart  # "aged 18 to 75, with A or B"
        if _are_of_bearing(drafts):
            return any_of(drafts, span)  # "pregnant, breastfeeding or planning a pregnancy"
        if _is_treated_with(here, drafts, separators):
            return apart  # "epilepsy, treated with valproate or lamotrigine"
        return ambiguous([any_of(drafts, span), apart], "a comma that may join, and an 'or' behind it")
    if words == {"COMMA", "SLASH"}:
        closer = all_of([any_of(run) for run in _runs(drafts, separators, OR_LIKE)], span)  # "age >= 18, A / B"
        if isinstance(drafts[0].rule, Age | Sex):
            return closer
        return ambiguous([any_of(drafts, span), closer], "a slash between some of a list")
    return None


def _each_behind_comma(drafts: list[Draft], separators: list[str], span: tuple[int, int]) -> Draft | None:
    """ "A or B, aged C to D, on E or F": each comma parts what is asked for; None where no "or" stands before a comma,
    or what they part is of one kind, so that it may be one list."""
    if "COMMA" not in separators[next(i for i, joint in enumerate(separators) if joint in OR_LIKE) :]:
        return None
    groups: list[list[Draft]] = []
    for run in _runs(drafts, separators, OR_LIKE):
        one_list = groups and len(groups[-1]) == 1 and len(run) > 1 and not _limits([*groups[-1], *run])
        if one_list and are_of_one_kind([*groups[-1], *run]):  # "A, B or C, aged ..."
            groups[-1] += run
        else:
            groups.append(run)
    if len(groups) == 1 or not any(map(_limits, groups)):
        return None
    return all_of([any_of(list(map(_as_alternative, group))) for group in groups], span)


def _limits(drafts: Sequence[Draft]) -> bool:
    """Whether all say no more than who may come, or with which values: nobody has that instead of a disease."""
    return all(isinstance(rule, Age | Sex | Measurement | Not) for each in drafts for rule in each.innermost_rules())


def _is_treated_with(here: Composing, drafts: list[Draft], separators: list[str]) -> bool:
    """Whether a disease or a limit stands before a comma, and behind it only what people are treated with."""
    if "COMMA" in separators[1:] or not _TREATED_WITH.match(here.low, drafts[0].end):
        return False
    others = [rule for draft in drafts[1:] for rule in draft.innermost_rules()]
    return all(isinstance(rule, Condition | Measurement) for rule in drafts[0].innermost_rules()) and all(
        isinstance(rule, Treatment) for rule in others
    )


_TREATED_WITH: Final = re.compile(
    r"[\s)\]]*,\s*(?:(?:currently|presently|who|is|are|being|stable|successfully|adequately)\s+)*"
    r"(?:on|receiving|taking|treated|controlled|managed|maintained|stabili[sz]ed)\b"
)


def _are_of_bearing(drafts: list[Draft]) -> bool:
    """Whether each of several is about bearing children, or about what keeps from it, beginning with a fact of that."""
    rules = [draft.innermost_rules() for draft in drafts]
    first = [rule for rule in rules[0] if isinstance(rule, PatientAttribute)]
    if not first or any(
        isinstance(rule, PatientAttribute) and rule.attribute == "consent" for each in rules for rule in each
    ):
        return False
    return all(
        isinstance(rule, PatientAttribute | Sex | Constant | Statement) or _is_menopause(rule)
        for each in rules
        for rule in each
    )


def _is_menopause(rule: Rule) -> bool:
    return isinstance(rule, Condition) and rule.concept.name in ("menopause", "premenopause", "postmenopause")


def _of_people(here: Composing, drafts: list[Draft], separators: list[str], span: tuple[int, int]) -> Draft | None:
    """A list that begins with men and women, one of whom anybody is; None of any other list."""
    if not here.exclusion and (diseased := _men_or_women_with(here, drafts, separators)) is not None:
        return diseased.placed(*span)
    words = {*separators}
    groups = next((i for i, draft in enumerate(drafts) if not sex_of(draft)), len(drafts))
    # "fertile men and women of childbearing potential (, not using contraception)", "men weigh A, women weigh B"
    either = words <= {"AND", "COMMA", "PLUS"} and are_of_both_sexes(drafts[:groups])
    behind = {*separators[groups - 1 :]} if 1 < groups < len(drafts) and not here.exclusion else set()
    if behind and separators[groups - 1] == "COMMA" and behind <= {"COMMA", "AND"} and words & OR_LIKE:
        either = True  # "male, or female of non-childbearing potential, aged 18 to 55"
    if either and not here.exclusion and (people := _men_or_no_mothers(drafts[:groups])) is not None:
        return all_of([people, *drafts[groups:]], span)
    if either:
        return all_of([any_of(drafts[:groups]), *drafts[groups:]], span)
    if not here.exclusion and (people := _men_or_no_mothers(drafts)) is not None:
        return people.placed(*span)
    return None


def _men_or_women_with(here: Composing, drafts: list[Draft], separators: list[str]) -> Draft | None:
    """ "Males or non-pregnant females aged 18 or more with A or B": their age, and what they have, is said of both;
    None of other people, and where more is said of the women."""
    if not names_men(drafts[0]) or separators[0] not in ("OR", "AND", "ANDOR", "SLASH") or drafts[1].rule.kind != "all":
        return None
    women = [part for part in drafts[1].parts if is_no_mother(part) or isinstance(part.rule, Sex)]
    said = [part for part in drafts[1].parts if part not in women]
    if not said or not any(map(is_no_mother, women)):
        return None
    rules = [rule for draft in (*said, *drafts[2:]) for rule in draft.innermost_rules()]
    if not all(isinstance(rule, Age | Condition | Measurement) or is_pregnancy(rule) for rule in rules):
        return None
    people = [any_of([drafts[0], all_of(women)]), *filter(is_of_age, said)]
    diseased = [part for part in said if not is_of_age(part)]
    had = [*([all_of(diseased)] if diseased else ()), *drafts[2:]]
    joints = separators[1:] if diseased else separators[2:]
    return all_of([*people, *([connected(here, had, joints, None, exclusive=False, serial=False)] if had else ())])


def _men_or_no_mothers(drafts: list[Draft]) -> Draft | None:
    """ "Healthy males, or non-pregnant, non-lactating females": women who are neither; None of any other people."""
    if not names_men(drafts[0]) or not all(map(is_no_mother, drafts[1:])):
        return None
    women = Draft(Sex(sex="female"), drafts[1].start, drafts[-1].end)
    return any_of([drafts[0], all_of([women, *drafts[1:]])])


def _groups_excluded(
    here: Composing, drafts: list[Draft], separators: list[str], span: tuple[int, int]
) -> Draft | None:
    """Groups of people each of which is excluded, though an "and" joins them; None of any other list."""
    words = {*separators}
    by_and = words <= {"AND", "COMMA"} and "AND" in words
    if by_and and any(isinstance(d.rule, Statement) for d in drafts) and _are_groups(here, drafts):
        return any_of(drafts, span)
    ages = [is_of_age(draft) for draft in drafts]
    if by_and and any(ages) and not all(ages):
        if all(aged or is_of_motherhood(draft) for aged, draft in zip(ages, drafts, strict=True)):
            return any_of(drafts, span)  # "pregnant women and children"
        return ambiguous([all_of(drafts, span), any_of(drafts, span)], "people of an age, and others")
    if all(map(is_of_motherhood, drafts)) and any(map(is_pregnancy, drafts[0].innermost_rules())):
        return any_of([each for run in _runs(drafts, separators, _AND_LIKE) for each in _women(run)], span)
    return None


def _stressed(here: Composing, drafts: list[Draft]) -> bool:
    """Whether "both" stands before two, or the "and" between them in capitals, so that they are meant together."""
    if _is_both(here, drafts[0]):
        return True
    between = here.text[drafts[0].end : drafts[1].start]
    around = here.text[drafts[0].start : drafts[0].end] + here.text[drafts[1].start : drafts[1].end]
    return re.search(r"\bAND\b", between) is not None and not around.isupper()


def _is_both(here: Composing, draft: Draft) -> bool:
    """Whether "both" leads it."""
    inside = _OF_BOTH.search(here.low, draft.start, draft.end)
    return inside is not None or just_before(_BOTH, here.low, draft.start) is not None


_BOTH: Final = re.compile(r"\bboth\s+(?:(?:the|an?)\s+)?\Z")
_OF_BOTH: Final = re.compile(r"\b(?:of|to|with|from|taking|receiving|received|on)\s+both\s+(?!of\b)")


def _all_excluded(here: Composing, drafts: list[Draft], separators: list[str], span: tuple[int, int]) -> Draft:
    """A list of what excludes that "and" joins: each of them does, or only all of them together."""
    first = [draft.parts[0] if draft.rule.kind == "all" else draft for draft in drafts]  # whatever more is said of them
    if all(names_women(draft) and not isinstance(draft.rule, Sex) for draft in first):
        return any_of(drafts, span)  # "pregnant and lactating women" are two groups
    if all(_names_group(draft) for draft in drafts):
        return any_of(drafts, span)  # "pregnant women, prisoners and institutionalized individuals"
    if len(drafts) == 2 and _stressed(here, drafts):
        return all_of(drafts, span)
    if any(isinstance(draft.rule, Not) and all(map(is_consent, draft.innermost_rules())) for draft in drafts):
        return any_of(drafts, span)  # "lack of consent and pregnancy": nobody takes part who does not consent
    if len(drafts) == 2 and _is_treated_for(here, *drafts):
        return all_of(drafts, span)
    named = all(map(_named, drafts)) and "followed by" not in here.low[span[0] : span[1]]
    washed_out = all(isinstance(d.rule, Treatment) and d.rule.window is not None for d in drafts)
    each = named or all(_named(draft) or _is_inability(draft) for draft in drafts)
    if each and len(drafts) > 2 and (washed_out or not any(isinstance(d.rule, Treatment) for d in drafts)):
        return any_of(drafts, span)  # nobody is asked for three diseases at once, or to be off all but one treatment
    if named and len(drafts) >= _TOO_MANY_AT_ONCE and all(map(_is_taken, drafts)):
        return any_of(drafts, span)  # "taking digoxin, lithium, warfarin and phenytoin"
    if named and len(drafts) == 2 and just_before(_AND_ANY, here.low, drafts[1].start):
        return any_of(drafts, span)  # "major surgery, and any operation on the stomach"
    if named and (_SHARED_NOUN.fullmatch(here.low, *span) or of_one_noun(here, drafts)):
        return any_of(drafts, span)  # "gastric and duodenal ulcers": either kind
    if named and all(_is_class_taken(here, draft) for draft in drafts) and not _TOGETHER.search(here.low, 0, span[1]):
        return any_of(drafts, span)  # "taking antipsychotics and antidepressants"
    if named and separators[-1] == "COMMA":  # "A and B, C, D": a comma parts what excludes
        runs = _runs(drafts, separators, _AND_LIKE)
        return any_of(
            [connected(here, run, ["AND"] * (len(run) - 1), None, exclusive=True, serial=False) for run in runs]
        )
    if len(drafts) == 2 and _washed_out_each(drafts):
        return any_of(drafts, span)  # "A within 30 days and B within 6 months": each has its own time
    if _tell_of_different_infections(drafts):
        return any_of(drafts, span)  # "positive HBsAg, anti-HCV and HIV antibody"
    if named or _one_result(here, drafts) or _of_different_tests(drafts) or _all_positive(here, drafts):
        return ambiguous([all_of(drafts, span), any_of(drafts, span)], "'and' in a list of what excludes")
    if separators[-1] == "COMMA":
        return mixed(drafts, separators, span, excluding=True)
    if all(map(_is_of_carrying, drafts)):
        return any_of(drafts, span)  # "pregnancy (a positive test), planning to become pregnant, and lactation"
    clauses = any(draft.rule.kind == "not" for draft in drafts)
    clauses = clauses or any(_VERB.match(here.low, draft.end) for draft in drafts[:-1])
    lacking = any(map(_is_lack, drafts)) and all(_named(draft) or _is_lack(draft) for draft in drafts)
    if not clauses and (lacking or _are_listed(here, drafts)):
        return ambiguous([all_of(drafts, span), any_of(drafts, span)], "'and' in a list of what excludes")
    return all_of(drafts, span)


def _is_treated_for(here: Composing, disease: Draft, treatment: Draft) -> bool:
    """Whether a treatment is said to be needed, or given now, by those who have a disease: "epilepsy and requiring
    treatment", "HIV infection and currently on antiretroviral therapy"."""
    ill, given = disease.rule, treatment.innermost_rules()
    if not isinstance(ill, Condition):
        return False
    same = all(isinstance(rule, Condition) and rule.concept == ill.concept for rule in given)
    if not (same or all(isinstance(rule, Treatment) for rule in given)):
        return False
    return _AND_TREATED.search(here.low, disease.start, treatment.end) is not None


_AND_TREATED: Final = re.compile(
    r"\band\s+(?:(?:who|which|that|still|also|now|is|are|currently)\s+)*"
    r"(?:requir(?:es?|ing)|need(?:s|ing)?|receiving|taking|(?:is|are|currently)\s+(?:on|under))\b"
)


def _names_group(draft: Draft) -> bool:
    """Whether it names people of a kind, of which nobody has to be more than one."""
    rule = draft.rule
    if isinstance(rule, Statement):
        return rule.topic == "circumstance" and _GROUP.fullmatch(rule.text.lower()) is not None
    return names_women(draft) and not isinstance(rule, Sex)


_GROUP: Final = re.compile(
    r"(?:[\w/-]+\s+){0,3}(?:prisoners|inmates|detainees|individuals|subjects|patients|people|persons|participants|employees"
    r"|students|minors|residents|refugees|soldiers|volunteers|immigrants)"
)


def _are_listed(here: Composing, drafts: Sequence[Draft]) -> bool:
    """Whether they are a list of three or more, and no limits of one disease, or two of which parentheses tell more
    each: "hepatitis B (HBsAg positive) and hepatitis C (HCV RNA positive)"."""
    if len(drafts) > _PAIR:  # "cancers, diabetes, lung diseases and conditions": nobody has to have all of them
        limits = any(isinstance(rule, Measurement | Finding) for draft in drafts for rule in draft.innermost_rules())
        return not limits or sum(map(_names_something, drafts)) > 1
    return all(")" in here.text[draft.end - 1 : draft.end + 1] for draft in drafts)


def _names_something(draft: Draft) -> bool:
    """Whether it names a disease or a treatment, or people who have it, whatever is said of it."""
    rules = draft.innermost_rules()
    return any(isinstance(rule, Condition | Treatment | Allergy) or is_pregnancy(rule) for rule in rules)


_PAIR: Final = 2


def _is_of_carrying(draft: Draft) -> bool:
    """Whether it is about a pregnancy, present or planned, its test, or breastfeeding, and nothing else."""
    return draft.rule.kind != "not" and all(
        is_pregnancy(rule)
        or isinstance(rule, Sex)
        or (isinstance(rule, Finding) and rule.result == "positive" and "pregnancy" in rule.test.name)
        or (isinstance(rule, Statement) and _WITH_CHILD.search(rule.text) is not None)
        for rule in draft.innermost_rules()
    )


_WITH_CHILD: Final = re.compile(
    r"(?:plan\w*|intend\w*|wish\w*|expect\w*|attempt\w*|try\w*|desir\w*)\b.{0,30}\b(?:pregnan\w+|conceive)",
    re.IGNORECASE,
)


_TOO_MANY_AT_ONCE: Final = 4


def _is_class_taken(here: Composing, draft: Draft) -> bool:
    """Whether it is a whole class of drugs, named in the plural, which are given for themselves."""
    rule = draft.rule
    if not isinstance(rule, Treatment) or rule.concept.open:
        return False
    entry = vocabulary().entry("treatment", rule.concept.name)
    return (
        entry is not None
        and entry.facts.get("type") == "class"
        and _PLURAL.search(here.low, draft.start, draft.end) is not None
    )


_PLURAL: Final = re.compile(r"[a-z]{3,}s\b")
_TOGETHER: Final = re.compile(
    r"\b(?:both|combin\w*|concomitant\w*|concurrent\w*|simultaneous\w*|together|dual|triple|same|followed by"
    r"|regimens?)\b"
)


def _is_taken(draft: Draft) -> bool:
    """Whether it is a treatment that goes on, or of which no time is said; of those before several may be meant."""
    rule = draft.rule
    return isinstance(rule, Treatment) and rule.time in ("now", "planned") and not (rule.outcomes or rule.lines)


def of_one_noun(here: Composing, drafts: Sequence[Draft]) -> bool:
    """Whether diseases share a noun that the last of them says: "alcohol and drug abuse", "vision and hearing loss"."""
    *before, last = [draft.rule for draft in drafts]
    head = keys(here.text[drafts[-1].start : drafts[-1].end])[-1:]
    if not head or not isinstance(last, Condition):
        return False
    for rule, draft in zip(before, drafts, strict=False):
        if not isinstance(rule, Condition) or rule.concept == last.concept or rule.concept.open:
            return False
        said = keys(here.text[draft.start : draft.end])
        own = keys(rule.concept.name)[-1]
        if head[0] not in said and _is_named_so(rule.concept, " ".join((*said, head[0]))):
            continue  # "kidney and liver failure"
        if (
            head[0] in said
            or not (said[-1] in keys(rule.concept.name) or _ENDS_AS_ADJECTIVE.search(here.low, draft.start, draft.end))
            or not (own == head[0] or {own, head[0]} <= _DISEASE)
        ):
            return False
    return True


def _in_one_way_or_other(here: Composing, first: Draft, second: Draft) -> bool:
    """Whether the first is an attribute of what only the second names: "advanced or metastatic melanoma"."""
    one, other = first.rule, second.rule
    if not isinstance(one, Condition) or not isinstance(other, Condition) or one.concept != other.concept:
        return False
    return first.start < second.start < first.end  # the one name of both stands behind the second


def _is_named_so(concept: Concept, name: str) -> bool:
    found = vocabulary().find(name, "condition")
    return found is not None and found.name == concept.name


_ENDS_AS_ADJECTIVE: Final = re.compile(r"[a-z](?:al|ic|ar|ary|ous|ive|ory|ant)$")
_DISEASE: Final = frozenset(keys("disease disorder illness condition problem"))


def _washed_out_each(drafts: Sequence[Draft]) -> bool:
    """Whether they are treatments, each with a time of its own."""
    times = [
        draft.rule.window for draft in drafts if isinstance(draft.rule, Treatment) and draft.rule.window is not None
    ]
    return len(times) == len(drafts) and len(set(times)) == len(drafts)


_OF_A_KIND: Final = r"[a-z-]+(?:al|ic|ar|ary|ous|ive|ory|ant)"
_SHARED_NOUN: Final = re.compile(
    rf"(?:[a-z-]+\s+){{0,3}}?{_OF_A_KIND}(?:\s*,\s*{_OF_A_KIND})*\s*,?\s+and\s+{_OF_A_KIND}\s+"
    r"(?:disease|disorder|illness|condition|impairment|dysfunction|disturbance|abnormalit|infection|ulcer|perforation|tumou?r"
    r"|neoplasm|cancer|malignanc|medication|drug|agent|treatment|therap|surger|procedure|intervention|vaccine)[a-z]*"
)
_AND_ANY: Final = re.compile(r"\band\s+any\s+\Z")


def _women(run: Sequence[Draft]) -> list[Draft]:
    """ "Pregnant women and those planning to be": two groups; "fertile and not using contraception": one."""
    fertile = next(
        (i for i, draft in enumerate(run) if any(is_fertile(rule) for rule in draft.innermost_rules())), len(run)
    )
    if all(isinstance(draft.rule, PatientAttribute) for draft in run[fertile + 1 :]):
        return [*run]  # "women who may bear children and nursing women"
    return [*run[:fertile], all_of(run[fertile:])]


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
    rf"(?:{PERSONS}|adults?|those|women|men)\b(?!['’])",
    re.IGNORECASE,
)


def are_of_one_kind(drafts: Sequence[Draft]) -> bool:
    """Whether all are of one kind; with several readings, only where each names another disease."""
    if _says_more(drafts):
        return False
    if len({draft.rule.kind for draft in drafts}) == 1:
        return True
    named = [{r.concept.name for r in d.innermost_rules() if isinstance(r, Condition)} for d in drafts]
    whole = all(draft.rule.kind in ("condition", "ambiguous") for draft in drafts)
    known = all(isinstance(r, Condition) and not r.concept.open for draft in drafts for r in draft.innermost_rules())
    return whole and known and sum(map(len, named)) == len(set().union(*named))


def _says_more(drafts: Sequence[Draft]) -> bool:
    """Whether the second says of the same disease what it is: "metastatic cancer, progressive or relapsed"."""
    first, second = drafts[0].rule, drafts[1].rule
    if not isinstance(first, Condition) or not isinstance(second, Condition) or first.concept != second.concept:
        return False
    return not first.concept.open and drafts[1].start > drafts[0].end


def _last_limit_or(drafts: Sequence[Draft], separators: Sequence[str]) -> Draft | None:
    """ "Platelets >= A, bilirubin <= B or <= C": either limit of the last analyte, and that of each other."""
    if len(drafts) < 3 or separators[-1] not in OR_LIKE or set(separators[:-1]) != {"COMMA"}:
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


def _is_positive(draft: Draft) -> bool:
    """Whether it is a test that has come out positive, of some people at least: "(women only)"."""
    tests = [rule for rule in draft.innermost_rules() if not isinstance(rule, Sex)]
    return len(tests) == 1 and isinstance(tests[0], Finding) and tests[0].result == "positive"


def _all_positive(here: Composing, drafts: Sequence[Draft]) -> bool:
    """Whether they are tests of which it is said once, before them, that they have come out positive."""
    each = any(_RESULT.search(here.low, draft.start, draft.end) for draft in drafts[1:])
    return all(map(_is_positive, drafts)) and not each


def _tell_of_different_infections(drafts: Sequence[Draft]) -> bool:
    """Whether each is a positive test, or an infection, and no two of them may be signs of one infection."""
    told = [_told_by(draft) for draft in drafts]
    infected = [name for names in told for name in names if vocabulary().is_a("condition", name, "infection")]
    apart = len(set().union(*told)) == sum(map(len, told))
    tested = [any(isinstance(rule, Finding) for rule in draft.innermost_rules()) for draft in drafts]
    return (
        all(told)
        and apart
        and bool(infected)
        and (all(map(_is_positive, drafts)) or (len(drafts) > _PAIR and any(tested)))
    )


def _told_by(draft: Draft) -> set[str]:
    """The infections that it is about, and tests that are signs of none; nothing where it tells of anything else."""
    names: set[str] = set()
    for rule in draft.innermost_rules():
        if isinstance(rule, Condition):
            names.add(rule.concept.name)
        elif isinstance(rule, Finding) and rule.result == "positive":
            entry = vocabulary().entry("measurement", rule.test.name)
            facts = entry.facts if entry is not None else {}
            meant = [str(facts[key]) for key in ("positive_means", "positive_may_mean") if key in facts]
            names.update(meant or [rule.test.name])
        else:
            return set()
    return names


_RESULT: Final = re.compile(r"positiv|negativ|detect|react|mutat|rearrang|fusion|[+]", re.IGNORECASE)


def _one_result(here: Composing, drafts: Sequence[Draft]) -> bool:
    """Whether they are tests with one result, said once behind all of them: "EGFR and ALK positive"."""
    before = here.text[drafts[0].start : drafts[-1].start]
    return all(isinstance(draft.rule, Finding) for draft in drafts) and _RESULT.search(before) is None


def _named(draft: Draft) -> bool:
    """Whether it is one fact: a disease, with its class where it has one, a treatment, an allergy, a pregnancy; each
    with what it needs, or with what it may do."""
    if draft.rule.kind == "all":
        fact, *said = draft.innermost_rules()
        if isinstance(fact, Condition):
            return all(isinstance(rule, Measurement | Statement | Treatment) for rule in said)
        if isinstance(fact, Measurement):  # "NYHA class III heart failure"
            return len(said) == 1 and isinstance(said[0], Condition)
        return isinstance(fact, Treatment) and all(isinstance(rule, Statement) for rule in said)
    if draft.rule.kind == "ambiguous":
        # "severe asthma and eczema", which may have to be severe; "infections (sepsis, pneumonia) and gout"
        return all(_one_fact(part) or (part.rule.kind != "all" and _named(part)) for part in draft.parts)
    if draft.rule.kind == "any":  # "antiplatelets (e.g. clopidogrel) and anticoagulants"
        return all(map(_one_fact, draft.innermost()))
    return _one_fact(draft)


def _is_inability(draft: Draft) -> bool:
    return isinstance(draft.rule, Statement) and draft.rule.topic == "ability"


def _is_lack(draft: Draft) -> bool:
    """Whether it names what somebody cannot do or does not want, and so stands for itself: "refusal to take part"."""
    rule = draft.rule
    return isinstance(rule, Statement) and _LACK.match(rule.text.lower()) is not None


_LACK: Final = re.compile(
    r"(?:the\s+)?(?:inability|refusal|lack|unwillingness|incapacity|non-?compliance|language barriers?)\b"
)


def _one_fact(draft: Draft) -> bool:
    rule = draft.rule
    contraindicated = isinstance(rule, Statement) and rule.topic == "contraindication"
    return contraindicated or isinstance(rule, Condition | Treatment | Allergy) or is_pregnancy(rule)


_AND_OTHER: Final = re.compile(r"\W*,\s*and\s+(?:(?:any|all)\s+)?other\b", re.IGNORECASE)


def _others_added(here: Composing, drafts: Sequence[Draft], separators: Sequence[str]) -> bool:
    """Whether each "and" only adds what is left of the kind of those before it: "..., and any other infection"."""
    added = [i for i, separator in enumerate(separators) if separator == "AND"]
    return bool(added) and all(_AND_OTHER.match(here.text, drafts[i].end) for i in added)


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
    closer_or = all_of([any_of(run) for run in _runs(drafts, resolved, OR_LIKE)], span)
    serial = []
    if "COMMA" in separators and separators[-1] in ("AND", "OR"):  # "A, B or C, and D": the last joins what commas part
        by_commas = [separators[-1] if separator == "COMMA" else separator for separator in separators]
        if separators[-1] == "AND":
            serial.append(all_of([any_of(run) for run in _runs(drafts, by_commas, OR_LIKE)], span))
        else:
            serial.append(any_of([all_of(run) for run in _runs(drafts, by_commas, _AND_LIKE)], span))
    apart = [any_of([all_of(run) for run in _runs(drafts, separators, _AND_LIKE)], span)] if excluding else []
    every = [any_of(drafts, span)] if excluding and all(_named(draft) or _is_lack(draft) for draft in drafts) else []
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
