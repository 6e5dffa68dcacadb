"""Where a statement ends."""

from __future__ import annotations

import re
from typing import Final

from eligibility.reading.lexing.tokens import WHO, Token

__all__ = ["BEFORE_WHOM", "DOES", "JOINTS", "OPENING", "REASONS", "end_of_statement"]

OPENING: Final = frozenset("ABLE UNABLE WILLING UNWILLING CIRCUMSTANCE INTENT".split())
DOES: Final = frozenset(  # what patients must do, where a clause begins with it: "understands and reads English"
    "understand understands comprehend comprehends comply complies adhere adheres cooperate cooperates communicate "
    "communicates read reads write writes able capable competent agree agrees ability capability capacity "
    "motivation".split()
)
_ENDING: Final = frozenset("SEMI EXCEPT UNLESS JUDGED".split())
_VERBS: Final = frozenset("ALLOWED EXCLUDED MUST MUST_NOT".split())  # "is allowed", "must have"
_STARTS_AFRESH: Final = frozenset(
    "ABLE UNABLE WILLING UNWILLING CIRCUMSTANCE INTENT MUST MUST_NOT CONSENT HISTORY ALLERGY NOT NO PREGNANT "
    "BREASTFEEDING IS".split()
)
BEFORE_WHOM: Final = frozenset(("for", "in"))
_REFRAINED: Final = frozenset("PREGNANT BREASTFEEDING INTENT".split())  # "agree not to be pregnant, nursing or ..."


def _opens(token: Token) -> bool:
    """Whether a statement has not come to what it is about: "willing, able and likely to"."""
    if token.type == "WORD":
        return token.value in DOES
    return token.type in _ABILITY or token.type in ("AND", "OR", "ANDOR", "COMMA", "IS")


def _says_other(ahead: list[Token]) -> bool:
    """Whether something is denied, or a result is told, that belongs to no statement before it."""
    if ahead[0].type == "NO":
        return True
    return ahead[0].type in ("CONDITION", "ANALYTE") and ahead[-1].type in ("POSITIVE", "NEGATIVE")


def _opens_on(after: list[Token]) -> bool:
    """Whether what stands behind a connective goes on with the words that open a statement: "and is able"."""
    first = next((t for t in after if t.type not in ("IS", "AND", "OR")), None)
    return first is not None and first.type in OPENING


_ABILITY: Final = frozenset("ABLE UNABLE WILLING UNWILLING".split())


def end_of_statement(tokens: list[Token], start: int) -> int:
    """Where a statement ends: at a sign that ends clauses, or before a connective that a new clause follows."""
    depth = 0
    at = start + 1
    sexual = _SEXUAL.search(str(tokens[start].value)) is not None
    state = tokens[start].value in _STATES and not any(t.type == "FROM" for t in tokens[at : at + 2])
    if sexual and not (at < len(tokens) and _WITH.match(str(tokens[at].value))):
        return at
    while at < len(tokens):
        token = tokens[at]
        if token.type == "LPAR":
            depth += 1
        elif token.type == "RPAR":
            depth -= 1
            if depth < 0:
                break
        elif depth == 0:
            if (
                token.type in _ENDING
                or (token.type in _VERBS and " " in str(token.value))
                or (token.type == "IF" and _on_condition(tokens[start:at], tokens[at : at + 2]))
                or (sexual and token.type in _BEHIND_PARTNERS)
                or (tokens[start].type == "INTENT" and _agrees(token) and tokens[at - 1].type not in JOINTS)
                or (state and token.type in _BESIDE_STATE and not _either(tokens[start:at]))
            ):
                break
            if tokens[start].type == "UNABLE" and _beside_intake(tokens[start:at], tokens[at : at + _SUBJECT]):
                break  # "unable to swallow, chronic diarrhea, or ..."
            if tokens[start].type == "CONTRACEPTION" and _says_other(tokens[at : at + 2]):
                break  # "must use contraception HIV negative No other malignancy"
            asked = any(each.type == "CONTRACEPTION" for each in tokens[start:at])
            if asked and _or_those_who_need_none(tokens[at : at + _AHEAD]):
                break  # "must use contraception, or postmenopausal"
            if token.type == "COLON" and start and tokens[0].said in BEFORE_WHOM and not _colon(tokens[:start]):
                break  # "for patients with a family history of cancer: ..."
            following = tokens[at + 1] if at + 1 < len(tokens) else None
            if (
                tokens[start].type == "CONTRACEPTION"
                and token.type in ("FOR", "FOR_TIME", "WITHIN")
                and following is not None
                and following.type in ("FEMALE", "MALE", "CHILDBEARING", "PERSON")
            ):
                break
            if token.type in ("AND", "COMMA") and _others_must(tokens, at + 1):
                break
            ahead = [each.type for each in tokens[at : at + 3]]
            if tokens[start].type == "INTENT" and ahead in (["COMMA", "OR", "IF"], ["OR", "IF", *ahead[2:]]):
                break  # "planning to become pregnant, or if of childbearing potential ..."
            if token.type in ("OR", "ANDOR", "COMMA") and _other_people(tokens[at + 1 : at + 4]):
                break
            tested = tokens[start].type == "CONTRACEPTION" and any(
                t.type == "NEGATIVE" for t in tokens[at + 1 : at + 4]
            )
            if token.type == "AND" and tested:
                break  # "contraception as well as present a negative pregnancy test"
            if token.type in ("AND", "OR", "ANDOR", "COMMA") and following is not None:
                after = (
                    tokens[at + 2] if following.type in ("AND", "OR", "PERSON") and at + 2 < len(tokens) else following
                )
                if (
                    after.type in ("WILLING", "ABLE", "IS")
                    and _understands(tokens[start:at])
                    and any(t.type == "CONSENT" for t in tokens[at:])
                ):
                    at += 1
                    continue
                if str(tokens[start].value).endswith("not to") and after.type in _REFRAINED:
                    at += 1
                    continue
                if _is_denied(tokens, start) and following.said == _REFRAIN:
                    at += 1
                    continue
                opened = after.type in OPENING and at == start + 1
                opened = opened or (all(_opens(t) for t in tokens[start:at]) and _opens_on(tokens[at + 1 : at + 3]))
                denied = after.type == "CONSENT" and tokens[start].type in ("UNABLE", "UNWILLING")
                if after.type in _STARTS_AFRESH and not (opened or denied):
                    break
                if token.type != "AND" and _beside_no_consent(tokens[start:at], after):
                    break
        at += 1
    return at


_BESIDE_STATE: Final = frozenset("COMMA AND OR ANDOR SLASH".split())


def _either(before: list[Token]) -> bool:
    """Whether one of two things has been said, so that the other follows: "detained for either a psychiatric"."""
    return any(t.type == "EITHER" for t in before[-_FROM_EITHER:])


_FROM_EITHER: Final = 4  # tokens


def _is_denied(tokens: list[Token], start: int) -> bool:
    """Whether somebody will not do, or cannot do, what a statement is about."""
    return tokens[start].type in _UNDOING or (start > 0 and tokens[start - 1].type in ("NOT", "NO"))


_UNDOING: Final = frozenset(("UNABLE", "UNWILLING"))
_REFRAIN: Final = "refrain from"  # "unwilling to use condoms or refrain from intercourse" denies both


def _or_those_who_need_none(ahead: list[Token]) -> bool:
    """Whether an "or" leads to who cannot bear children, and to no partner who cannot beget them."""
    kinds = [token.type for token in ahead]
    at = next((i for i, kind in enumerate(kinds) if kind not in _BEFORE_NEED), len(kinds))
    if "OR" not in kinds[:at] or not _NEED_NONE.intersection(kinds[at : at + 1]):
        return False
    return _MAY_FOLLOW.issuperset(kinds[at + 1 : at + 2])


_BEFORE_NEED: Final = frozenset("COMMA OR ANDOR FILLER IS FEMALE PERSON".split())
_AHEAD: Final = 6
_NEED_NONE: Final = frozenset(("NOT_CHILDBEARING", "STERILE"))
_MAY_FOLLOW: Final = _NEED_NONE | frozenset(("OR", "COMMA", "DOT", "SEMI"))


def _beside_intake(before: list[Token], after: list[Token]) -> bool:
    """Whether something that nobody swallows follows a connective behind "unable to swallow": a disease, another
    factor, what was done before."""
    does = next((t for t in before[1:] if t.type not in ("FILLER", "LPAR")), None)
    if after[0].type not in _BESIDE or does is None or does.said not in _INTAKE:
        return False
    if any(t.type in REASONS or t.type == "INCLUDING" for t in before):
        return False
    rest = [t for t in after if t.type != "FILLER"]
    named = next((i for i, t in enumerate(rest) if t.type not in _BESIDE), len(rest))
    ends = next((i for i in range(named, len(rest)) if rest[i].type not in _NAMED), len(rest))
    item = rest[named:ends]
    kinds = {t.type for t in item}
    if "TREATMENT" in kinds:
        return item[0].type in _EARLIER
    goes_on = ends < len(rest) and rest[ends].type in _BESIDE  # "or other disease or status would preclude ..."
    return bool(item) and (item[-1].type == "CONDITION" or (item[-1].said in _OTHER_THINGS and not goes_on))


_BESIDE: Final = frozenset("COMMA OR AND ANDOR".split())
_INTAKE: Final = frozenset("swallow take ingest absorb eat drink chew".split())
_EARLIER: Final = frozenset("LAST PRIOR HISTORY".split())
_NAMED: Final = _EARLIER | frozenset("PRESENCE OTHER QUALIFIER CURRENT KNOWN WORD SITE CONDITION TREATMENT".split())
_OTHER_THINGS: Final = frozenset("factor condition disease disorder illness reason".split())


def _colon(tokens: list[Token]) -> bool:
    return any(token.type == "COLON" for token in tokens)


def _agrees(token: Token) -> bool:
    """Whether it is the verb of those of whom something is said before: "who plan to move | agree to be followed"."""
    return token.type == "WILLING" and token.said.startswith("agree")


def _other_people(tokens: list[Token]) -> bool:
    """Whether people are named and something is said of them: "... or men who", "... or women unwilling to"."""
    if not tokens or tokens[0].type not in WHO:
        return False
    said = next((t for t in tokens[1:3] if t.type not in WHO), None)
    return said is not None and (said.type in OPENING or (said.type == "IS" and said.said.startswith(("who", "that"))))


def _others_must(tokens: list[Token], at: int) -> bool:
    """Whether a requirement of people follows, whoever they are: "... and women must ..."."""
    while at < len(tokens) and tokens[at].type in ("AND", "FILLER"):
        at += 1
    if at >= len(tokens) or tokens[at].type not in WHO:
        return False
    verb = next((t for t in tokens[at : at + _SUBJECT] if t.type in _VERBS or t.type in _CLAUSE_JOINTS), None)
    return verb is not None and verb.type in _VERBS


_SUBJECT: Final = 8  # tokens that may name those of whom something is asked
_CLAUSE_JOINTS: Final = frozenset("AND OR COMMA SEMI".split())
_ASSENT: Final = re.compile(r"assent|capacity|participation", re.IGNORECASE)


def _beside_no_consent(before: list[Token], after: Token) -> bool:
    """Whether nothing that is given follows on "unable to give consent or": "dementia", but not "assent"."""
    kinds = {t.type for t in before}
    named = after.type == "CONDITION" or (after.type == "STATUS" and not _ASSENT.search(str(after.value)))
    return named and before[0].type == "UNABLE" and "CONSENT" in kinds and kinds.isdisjoint(REASONS)


_SEXUAL: Final = re.compile(r"sexually active$")
_WITH: Final = re.compile(r"with\b")
_BEHIND_PARTNERS: Final = _VERBS | frozenset("COMMA AND OR ANDOR SLASH WITHOUT NOT NO USE CONTRACEPTION".split())
_WEAK: Final = frozenset("when where whenever provided".split())  # "abstinence, when that is the usual lifestyle"


def _on_condition(before: list[Token], after: list[Token]) -> bool:
    """Whether a field of the profile, or something of some people, is asked for on a condition: "if sexually active".

    A condition of an alternative is part of what is asked: "for 6 months, or longer if needed".
    """
    if next(t.type for t in reversed(before) if t.type != "COMMA") in ("OR", "OR_MORE"):
        return False
    if len(after) > 1 and (after[1].type in ("FEMALE", "MALE", "CHILDBEARING") or _SEXUAL.search(str(after[1].value))):
        return True
    return after[0].value not in _WEAK and any(t.type in ("CONSENT", "CONTRACEPTION") for t in before)


def _understands(tokens: list[Token]) -> bool:
    """Whether an ability is no more than what consent takes: "able to understand and willing to sign ..."."""
    return all(
        t.type in ("ABLE", "WILLING", "AND", "COMMA")
        or (t.type == "WORD" and str(t.value) in ("understand", "read", "comprehend"))
        for t in tokens
    )


_STATES: Final = frozenset("prisoner incarcerated institutionalized homeless detained recovered".split()) | {
    "involuntarily incarcerated",
    "vulnerable population",
    "under guardianship",
}


JOINTS: Final = frozenset(("AND", "OR", "ANDOR"))
REASONS: Final = frozenset(("DUE_TO", "REGARDLESS"))
