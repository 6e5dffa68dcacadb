"""Which parts of a criterion name people: as such, by their sex or age, as mothers or those who may become one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from eligibility.reading.composing.terms import is_fertile, is_pregnancy, is_pregnancy_test
from eligibility.reading.drafts import Draft
from eligibility.rules import Age, Constant, Not, PatientAttribute, Rule, Sex, Statement


def is_mother(draft: Draft) -> bool:
    """Whether it is pregnancy or breastfeeding, which no contraception changes."""
    rules = draft.innermost_rules()
    return any(map(is_pregnancy, rules)) and all(isinstance(r, PatientAttribute | Sex) for r in rules)


def tells_sex(rule: Rule) -> bool:
    """Whether it names men, women, or women who can have children."""
    return is_fertile(rule) or isinstance(rule, Sex)


def is_group(draft: Draft) -> bool:
    """Whether it names people as such and nothing of their health: "women", "men over 50"."""
    return all(_person_rule(leaf.rule) for leaf in draft.innermost())


def is_group_of_some(draft: Draft) -> bool:
    """Whether it names people and something that only an answer tells of them: "sexually active men"."""
    rules = draft.innermost_rules()
    return any(map(tells_sex, rules)) and all(isinstance(rule, Statement) or _person_rule(rule) for rule in rules)


def of_sex(draft: Draft) -> bool:
    """Whether it names men, or women, and nothing else: "women of childbearing potential"."""
    leaves = draft.leaves()
    if any(leaf.rule.kind == "not" for leaf in leaves) and all(map(is_pregnancy, draft.innermost_rules())):
        return False  # "not pregnant" is asked of everybody
    return is_group(draft) and not any(isinstance(leaf.rule, Age | Constant) for leaf in leaves)


def of_one_sex(draft: Draft) -> bool:
    """Whether it names men, or women (who can have children, or cannot), of whom nothing more is said than that."""
    rules = draft.innermost_rules()
    return len(rules) > 0 and all(map(tells_sex, rules)) and sex_of(draft) != ""


def _person_rule(rule: Rule) -> bool:
    """Whether it is said of a person as such."""
    if isinstance(rule, PatientAttribute):
        return rule.attribute not in ("consent", "contraception")
    return isinstance(rule, Sex | Age | Constant)


def names_women(draft: Draft) -> bool:
    """Whether it names women, by what they are: "women who are pregnant", "women of childbearing potential"."""
    rules = draft.innermost_rules()
    plain = not any(leaf.rule.kind == "not" for leaf in draft.leaves())
    return plain and all(isinstance(r, Sex) or is_pregnancy(r) or is_fertile(r) for r in rules) and len(rules) > 0


def is_of_age(draft: Draft) -> bool:
    """Whether it names people by their age."""
    return all(isinstance(rule, Age) for rule in draft.innermost_rules())


def names_men(draft: Draft) -> bool:
    """Whether it names men, by no more than a word for what they are: "healthy males"."""
    rules = draft.innermost_rules()
    men = any(isinstance(rule, Sex) and rule.sex == "male" for rule in rules)
    return men and all(isinstance(rule, Sex | Statement) for rule in rules)


def is_no_mother(draft: Draft) -> bool:
    """Whether it says of somebody that she is not pregnant, or does not breastfeed."""
    return isinstance(draft.rule, Not) and all(map(is_pregnancy, draft.innermost_rules()))


def is_of_motherhood(draft: Draft) -> bool:
    """Whether it names women who are with child, have one at the breast, intend to, or do not prevent it."""
    return all(
        isinstance(rule, Sex | PatientAttribute)
        or is_pregnancy_test(rule)
        or (isinstance(rule, Statement) and (draft.rule.kind == "all" or _OF_CONTRACEPTION.search(rule.text)))
        for rule in draft.innermost_rules()
    )


_OF_CONTRACEPTION: Final = re.compile(r"contracepti|birth control", re.IGNORECASE)


def are_of_both_sexes(drafts: Sequence[Draft]) -> bool:
    """Whether each draft is about people of one sex, and not all about the same."""
    return {sex_of(draft) for draft in drafts} == {"male", "female"}


def sex_of(draft: Draft) -> str:
    """The sex of those whom a draft is about."""
    rule = draft.rule
    if isinstance(rule, Sex):
        return rule.sex
    if is_fertile(rule) or is_pregnancy(rule):
        return "female"
    if rule.kind == "not" and len(draft.parts) == 1 and isinstance(draft.parts[0].rule, PatientAttribute):
        return sex_of(draft.parts[0])  # "non-pregnant women"
    return next(filter(None, map(sex_of, draft.parts)), "") if rule.kind == "all" else ""
