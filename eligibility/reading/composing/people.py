"""Which parts of a criterion name people and nothing of their health."""

from __future__ import annotations

from eligibility.reading.composing.terms import is_fertile, is_pregnancy
from eligibility.reading.drafts import Draft
from eligibility.rules import Age, Constant, PatientAttribute, Rule, Sex, Statement


def is_mother(draft: Draft) -> bool:
    """Whether it is pregnancy or breastfeeding, which no contraception changes."""
    rules = [leaf.rule for leaf in draft.innermost()]
    return any(map(is_pregnancy, rules)) and all(isinstance(r, PatientAttribute | Sex) for r in rules)


def tells_sex(rule: Rule) -> bool:
    """Whether it names men, women, or women who can have children."""
    return is_fertile(rule) or isinstance(rule, Sex)


def is_group(draft: Draft) -> bool:
    """Whether it names people as such and nothing of their health: "women", "men over 50"."""
    return all(_person_rule(leaf.rule) for leaf in draft.innermost())


def is_group_of_some(draft: Draft) -> bool:
    """Whether it names people and something that only an answer tells of them: "sexually active men"."""
    rules = [leaf.rule for leaf in draft.innermost()]
    return any(map(tells_sex, rules)) and all(isinstance(rule, Statement) or _person_rule(rule) for rule in rules)


def of_sex(draft: Draft) -> bool:
    """Whether it names men, or women, and nothing else: "women of childbearing potential"."""
    return is_group(draft) and not any(isinstance(leaf.rule, Age | Constant) for leaf in draft.leaves())


def _person_rule(rule: Rule) -> bool:
    """Whether it is said of a person as such."""
    if isinstance(rule, PatientAttribute):
        return rule.attribute not in ("consent", "contraception")
    return isinstance(rule, Sex | Age | Constant)
