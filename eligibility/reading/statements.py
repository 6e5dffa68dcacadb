"""Abilities, willingness, consent, contraception, the investigator's judgement: what only an answer settles.

Such a statement runs from the words that open it to the end of its clause.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from eligibility.reading.composing.terms import StatementRead
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, negated, unread
from eligibility.reading.lexer import Token
from eligibility.reading.nouns import Context
from eligibility.reading.patterns import any_word
from eligibility.rules import PatientAttribute, Rule, Sex, Statement

__all__ = ["statements"]

_OPENING: Final = frozenset("ABLE UNABLE WILLING UNWILLING CIRCUMSTANCE INTENT".split())
_WHOLE: Final = frozenset("STATUS OTHER_CRITERIA".split())  # a statement of their own
_STATED: Final = _OPENING | _WHOLE | {"CONSENT", "CONTRACEPTION"}
_FRAMING: Final = frozenset("CURRENT HISTORY KNOWN".split())
_ENDING: Final = frozenset("SEMI EXCEPT UNLESS JUDGED".split())
_VERBS: Final = frozenset("ALLOWED EXCLUDED MUST MUST_NOT".split())  # "is allowed", "must have"
_STARTS_AFRESH: Final = frozenset(
    "ABLE UNABLE WILLING UNWILLING CIRCUMSTANCE INTENT MUST MUST_NOT CONSENT HISTORY ALLERGY NOT NO PREGNANT "
    "BREASTFEEDING IS".split()
)
_REFRAINED: Final = frozenset("PREGNANT BREASTFEEDING INTENT".split())  # "agree not to be pregnant, nursing or ..."
_Topic: TypeAlias = Literal["ability", "willingness", "circumstance"]
_TOPICS: Final[dict[str, _Topic]] = {
    "ABLE": "ability",
    "UNABLE": "ability",
    "WILLING": "willingness",
    "UNWILLING": "willingness",
    "INTENT": "willingness",
    "CIRCUMSTANCE": "circumstance",
    "STATUS": "circumstance",
    "OTHER_CRITERIA": "circumstance",
}


def statements(tokens: Sequence[Token], context: Context) -> list[Token]:
    """The tokens with each statement as one fact."""
    tokens = [
        _as_consent(token, tokens[i - 1] if i else None) if token.type == "ANCHOR" else token
        for i, token in enumerate(tokens)
    ]
    kinds = {token.type for token in tokens}
    if _STATED.isdisjoint(kinds):
        return tokens
    found: list[Token] = []
    index = 0
    if "CONSENT" in kinds and "SOMEBODY_ELSE" in kinds:
        tokens = _without_representatives(tokens)
    while index < len(tokens):
        token = tokens[index]
        if token.type == "STATUS" and not _of_somebody(token, tokens[index + 1 : index + 2]):
            token = Token("WORD", context.text[token.start : token.end].lower(), token.start, token.end)
        if token.type in _OPENING or token.type in _WHOLE:
            end = _end(tokens, index) if token.type in _OPENING else index + 1
            framed = bool(found) and token.type in ("STATUS", "CIRCUMSTANCE") and found[-1].type in _FRAMING
            before = [found.pop()] if framed else []  # "history of", "currently"
            found.append(_statement([*before, *tokens[index:end]], context))
            index = end
        elif token.type == "CONSENT" and (span := _consent_clause(found, tokens, index)) is not None:
            start, end = span
            first = found[start].start if start < len(found) else token.start
            del found[start:]
            found.append(_fact(_attribute("consent", first, tokens[end - 1].end, False)))
            index = end
        elif token.type == "CONTRACEPTION":
            start = _back(found)
            end = _end(tokens, index)
            taken = [*found[start:], *tokens[index:end]]
            del found[start:]
            found.append(_contraception(taken, context))
            index = end
        else:
            found.append(token)
            index += 1
    return found


def _without_representatives(tokens: Sequence[Token]) -> list[Token]:
    """ "The patient (or legal representative) signs": a consent, whoever gives it for the patient."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        run = index
        while run < len(tokens) and tokens[run].type in ("LPAR", "OR", "ANDOR", "SLASH", "FILLER", "PERSON"):
            run += 1
        named = run
        while named < len(tokens) and (
            tokens[named].type == "SOMEBODY_ELSE" or (named > run and _again(tokens, named))
        ):
            named += 1
        joints = {t.type for t in tokens[index:run]}
        person = bool(found) and found[-1].type == "PERSON"
        if person and named > run and joints & {"OR", "ANDOR", "SLASH"}:
            closed = named < len(tokens) and tokens[named].type == "RPAR"
            if ("LPAR" in joints) == closed:
                index = named + closed
                continue
        found.append(tokens[index])
        index += 1
    return found


def _again(tokens: Sequence[Token], index: int) -> bool:
    """Whether an abbreviation of a representative, or a further one, follows: "representative (LAR)"."""
    around = tokens[index : index + 3]
    kinds = [t.type for t in around]
    return (
        kinds[:2] == ["OR", "SOMEBODY_ELSE"]
        or kinds == ["LPAR", "SOMEBODY_ELSE", "RPAR"]
        or (kinds[:1] == ["RPAR"] and tokens[index - 1].type == "SOMEBODY_ELSE" and tokens[index - 2].type == "LPAR")
    )


_PEOPLE: Final = frozenset("PERSON FEMALE MALE AGED AGE CHILDBEARING AND OR COMMA SEMI DOT IS RPAR LPAR".split())


def _of_somebody(token: Token, after: Sequence[Token]) -> bool:
    """Whether a status is said of people: "healthy women", and not of "healthy diet" or "healthy donors"."""
    return not str(token.value).endswith("healthy") or not after or after[0].type in _PEOPLE


_TIMES: Final = frozenset("BEFORE AFTER AT_ANCHOR SINCE WITHIN FROM TO FOR_TIME PREP".split())


def _as_consent(token: Token, before: Token | None) -> Token:
    """In "willing to sign informed consent" it is the consent; only in "before informed consent" an anchor, its day."""
    if before is None or before.type not in _TIMES:
        value = next((v for kind, v in token.others if kind == "CONSENT"), None)
        if value is not None:
            return Token("CONSENT", value, token.start, token.end)
    return token


def _end(tokens: Sequence[Token], start: int) -> int:
    """Where a statement ends: at a sign that ends clauses, or before a connective that a new clause follows."""
    depth = 0
    at = start + 1
    sexual = _SEXUAL.search(str(tokens[start].value)) is not None
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
                or (tokens[start].value in _STATES and token.type in ("COMMA", "AND", "OR", "ANDOR", "SLASH"))
            ):
                break
            following = tokens[at + 1] if at + 1 < len(tokens) else None
            if (
                tokens[start].type == "CONTRACEPTION"
                and token.type in ("FOR", "FOR_TIME", "WITHIN")
                and following is not None
                and following.type in ("FEMALE", "MALE", "CHILDBEARING", "PERSON")
            ):
                break
            if token.type in ("AND", "OR", "ANDOR", "COMMA") and following is not None:
                after = (
                    tokens[at + 2] if following.type in ("AND", "OR", "PERSON") and at + 2 < len(tokens) else following
                )
                if (
                    after.type in ("WILLING", "ABLE")
                    and _understands(tokens[start:at])
                    and any(t.type == "CONSENT" for t in tokens[at:])
                ):
                    at += 1
                    continue
                if str(tokens[start].value).endswith("not to") and after.type in _REFRAINED:
                    at += 1
                    continue
                opened = tokens[start].type in _OPENING and after.type in _OPENING and at == start + 1
                if after.type in _STARTS_AFRESH and not opened:
                    break
                if token.type != "AND" and _beside_no_consent(tokens[start:at], after):
                    break
        at += 1
    return at


_ASSENT: Final = re.compile(r"assent|capacity|participation", re.IGNORECASE)


def _beside_no_consent(before: Sequence[Token], after: Token) -> bool:
    """Whether nothing that is given follows on "unable to give consent or": "dementia", but not "assent"."""
    kinds = {t.type for t in before}
    named = after.type == "CONDITION" or (after.type == "STATUS" and not _ASSENT.search(str(after.value)))
    return named and before[0].type == "UNABLE" and "CONSENT" in kinds and kinds.isdisjoint(_REASONS)


_SEXUAL: Final = re.compile(r"sexually active$")
_WITH: Final = re.compile(r"with\b")
_BEHIND_PARTNERS: Final = _VERBS | frozenset("COMMA AND OR ANDOR SLASH WITHOUT NOT NO USE CONTRACEPTION".split())
_WEAK: Final = frozenset("when where whenever provided".split())  # "abstinence, when that is the usual lifestyle"


def _on_condition(before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Whether a field of the profile, or something of some people, is asked for on a condition: "if sexually active".

    A condition of an alternative is part of what is asked: "for 6 months, or longer if needed".
    """
    if next(t.type for t in reversed(before) if t.type != "COMMA") in ("OR", "OR_MORE"):
        return False
    if len(after) > 1 and (after[1].type in ("FEMALE", "MALE", "CHILDBEARING") or _SEXUAL.search(str(after[1].value))):
        return True
    return after[0].value not in _WEAK and any(t.type in ("CONSENT", "CONTRACEPTION") for t in before)


def _understands(tokens: Sequence[Token]) -> bool:
    """Whether an ability is no more than what consent takes: "able to understand and willing to sign ..."."""
    return all(
        t.type in ("ABLE", "WILLING", "AND", "COMMA")
        or (t.type == "WORD" and str(t.value) in ("understand", "read", "comprehend"))
        for t in tokens
    )


_CONSENT_WORDS: Final = frozenset(
    "sign signed signing signature date dated give given giving provide provided providing obtain obtained "
    "voluntary voluntarily willing study specific document form written approved irb ec iec ethic committee "
    "institutional review board prior any screening procedure before to from of the a an by subject patient "
    "participant have has had been is be read understand understood fully informed s own his her and form before first "
    "trial related activity activities procedures ich gcp guideline guidelines good clinical practice "
    "consistent".split()
)


def _consent_clause(found: Sequence[Token], tokens: Sequence[Token], index: int) -> tuple[int, int] | None:
    """Where a clause about consent alone begins in ``found`` and ends in ``tokens``; None where it says more."""
    start = len(found)
    while start and found[start - 1].type not in (
        "AND",
        "OR",
        "COMMA",
        "SEMI",
        "FACT",
        "MUST",
        "NO",
        "NOT",
        "WITHOUT",
        "LPAR",
        "UNLESS",
        "IF",
        "PERSON",
        "IS",
    ):
        start -= 1
    if start > 1 and found[start - 1].type == "COMMA" and _is_consent_word(found[start - 2]):
        start -= 2  # "signed, written informed consent"
        while start and _is_consent_word(found[start - 1]):
            start -= 1
    end = index + 1
    while end < len(tokens) and tokens[end].type not in (
        "AND",
        "OR",
        "COMMA",
        "SEMI",
        "DOT",
        "RPAR",
        "LPAR",
        "EXCEPT",
        "UNLESS",
        "IF",
    ):
        end += 1
    before = next((i for i in range(index + 1, end) if tokens[i].type == "BEFORE"), end)
    if tokens[before + 1 : end] and not any(t.type in _NOT_OF_CONSENT for t in tokens[before + 1 : end]):
        around = [*found[start:], *tokens[index + 1 : before]]  # "... before any study procedure": not when it counts
    else:
        around = [*found[start:], *tokens[index + 1 : end]]
    if all(t.type in _OF_CONSENT or _is_consent_word(t) for t in around):
        return start, end
    return None


_OF_CONSENT: Final = frozenset("CONSENT ANCHOR WEAK_ANCHOR BEFORE AT_ANCHOR OF PREP FOR FOR_TIME COMMA MUST".split())
_NOT_OF_CONSENT: Final = frozenset("NUMBER UNIT TIMEUNIT FEMALE MALE MUST MUST_NOT NOT NO WITHOUT".split())


def _is_consent_word(token: Token) -> bool:
    """Whether a word says no more of a consent than that it is given."""
    return isinstance(token.value, str) and set(token.value.lower().split()) <= _CONSENT_WORDS


_STATES: Final = frozenset("prisoner incarcerated institutionalized homeless detained recovered".split()) | {
    "involuntarily incarcerated",
    "vulnerable population",
    "under guardianship",
}


_CLAUSE_ENDS: Final = frozenset(
    "MUST MUST_NOT AND OR COMMA SEMI FEMALE MALE CHILDBEARING NOT_CHILDBEARING FACT COLON NOT NO LPAR IF UNLESS EXCEPT "
    "PREGNANT BREASTFEEDING PERSON WITHOUT MAY".split()
)


def _back(found: Sequence[Token]) -> int:
    """Where the clause of a contraception begins: after the last connective, requirement or group of people."""
    at = len(found)
    while at and found[at - 1].type not in _CLAUSE_ENDS:
        at -= 1
    return at


def _more_asked(tokens: Sequence[Token]) -> bool:
    """Whether something else is asked before it: "agree to a pregnancy test and to contraception"."""
    first = next(i for i, token in enumerate(tokens) if token.type == "CONTRACEPTION")
    joint = next((i for i in range(first) if tokens[i].type == "AND"), 0)
    return any(t.type in ("CONDITION", "TREATMENT", "ANALYTE") for t in tokens[1:joint])


_GIVEN_UP: Final = re.compile(
    any_word("discontinu", "stop", "ceas", "interrupt", "abandon")
    + r"\w*\s+(?:\w+\s+){0,4}(?:contracepti|birth control)",
    re.IGNORECASE,
)


def _statement(tokens: Sequence[Token], context: Context) -> Token:
    start, end = tokens[0].start, tokens[-1].end
    kinds = {t.type for t in tokens}
    denied = tokens[0].type in ("UNABLE", "UNWILLING")
    topic = _TOPICS.get(tokens[0].type, "circumstance")
    somebody = any(t.type == "SOMEBODY_ELSE" for t in tokens)
    against = _GIVEN_UP.search(context.text, start, end) is not None
    if "CONTRACEPTION" in kinds and not somebody and not against and not _more_asked(tokens):
        return _agreed(tokens, context, denied)
    if "CONSENT" in kinds and not somebody:
        return _fact(_consented(tokens, context, topic, denied=denied))
    if tokens[0].type == "OTHER_CRITERIA":  # those that only the site has
        return _fact(_place(Statement(text=context.text[start:end], topic="circumstance", who="site"), start, end))
    said = _place(Statement(text=context.text[start:end], topic=topic), start, end)
    if tokens[0].type == "INTENT" and any(word in context.text[start:end].lower() for word in ("pregnan", "conceiv")):
        return _fact(all_of([_place(Sex(sex="female"), start, tokens[0].end), said], (start, end)))
    return _fact(said)


_JOINTS: Final = frozenset(("AND", "OR", "ANDOR"))
_REASONS: Final = frozenset(("DUE_TO", "REGARDLESS"))
_DOING: Final = re.compile(  # what somebody does who is able to: "give consent or comply with the protocol"
    r"(?:to\s+|fully\s+|adequately\s+)*(?:participate|take|complete|comply|adhere|attend|follow|undergo|understand"
    r"|comprehend|read|write|speak|co-?operate|provide|give|obtain|perform|receive|answer|communicate|return|tolerate"
    r"|swallow|abide|agree|accept|meet|fulfill?|sign|use|make|keep|be|have)\b",
    re.IGNORECASE,
)


def _consented(tokens: Sequence[Token], context: Context, topic: _Topic, *, denied: bool) -> Draft:
    """A consent, and what is asked, or denied, in one breath with it."""
    start, end = tokens[0].start, tokens[-1].end
    given = max(i for i, t in enumerate(tokens) if t.type == "CONSENT")
    joint = _joint_behind(tokens, given)
    if joint is None:
        return _attribute("consent", start, end, denied)
    aside = tokens[joint - 1].type == "LPAR"
    closing = next((i for i in range(joint, len(tokens)) if aside and tokens[i].type == "RPAR"), len(tokens))
    consent = _attribute("consent", start, tokens[joint - 1 - aside].end, False)
    other = _stated(tokens[joint + 1 : closing], context, topic)
    every = all_of([consent, other])
    reason = denied and any(t.type in _REASONS for t in tokens[given:joint])
    if reason or (denied and not aside and tokens[joint].type != "AND"):
        return _not_able(tokens[given:joint], context, consent, other).placed(start, end)
    both = every if tokens[joint].type == "AND" else any_of([consent, other])
    if both is not every and any(t.type == "AND" for t in tokens[joint + 1 : closing]):
        both = ambiguous([both, every], "'and' and 'or' without punctuation")
    after = closing + 1 + sum(t.type in _JOINTS for t in tokens[closing + 1 : closing + 2])
    if tokens[after:]:
        both = all_of([both, _stated(tokens[after:], context, topic)])
    both = both.placed(start, end)
    return negated(both) if denied else both


def _joint_behind(tokens: Sequence[Token], given: int) -> int | None:
    """Where something is joined to a consent, in parentheses or not: "(or thumbprint)", but not "(oral or written)".

    Behind a reason a comma joins, too: "unable to give consent because of A, B".
    """
    depth, joints = 0, _JOINTS
    for index in range(given + 1, len(tokens) - 1):
        kind = tokens[index].type
        depth += (kind == "LPAR") - (kind == "RPAR")
        if kind in _REASONS:
            joints = _JOINTS | {"COMMA"}
        inside = depth and tokens[index - 1].type != "LPAR"
        if kind in joints and not inside and not (kind == "COMMA" and tokens[index + 1].type in _JOINTS):
            return index
    return None


def _not_able(before: Sequence[Token], context: Context, consent: Draft, other: Draft) -> Draft:
    """ "Unable to give consent or comply", both of which are denied; "... or C": what C is, is open.

    ``before``: the consent and what stands between it and the "or"; where that is a reason, C may be one, too.
    """
    neither = negated(any_of([consent, other]))
    either = negated(all_of([consent, other]))
    besides = any_of([negated(consent), other])
    if any(t.type in _REASONS for t in before):
        return ambiguous([negated(consent), besides], "a reason among others, or one more alternative")
    if _DOING.match(context.text, other.start):
        return either
    return ambiguous([either, besides, neither], "what is denied with a consent, or one more alternative")


def _stated(tokens: Sequence[Token], context: Context, topic: _Topic) -> Draft:
    """A statement in the words of these tokens."""
    start, end = tokens[0].start, tokens[-1].end
    return _place(Statement(text=context.text[start:end], topic=topic), start, end)


def _contraception(tokens: Sequence[Token], context: Context) -> Token:
    start, end = tokens[0].start, tokens[-1].end
    at = next(i for i, t in enumerate(tokens) if t.type == "CONTRACEPTION")
    before = tokens[:at]
    if any(t.type == "NOT" for t in tokens[at:]):
        return _fact(unread(context.text, start, end))  # "contraception requirements do not apply to ..."
    if any(t.type == "SOMEBODY_ELSE" for t in tokens) or not all(_practised(t) for t in before):
        return _fact(_place(Statement(text=context.text[start:end], topic="willingness"), start, end))
    return _agreed(tokens, context, False)


_PRACTICE: Final = frozenset(
    "practice practicing practise practising effective adequate double reliable means appropriate accepted continue "
    "highly barrier sexual sexually method methods measures employ employing utilize utilizing will correct comply "
    "recognized required protocol applicable remain implement perform protected protect medically acceptable approved "
    "follow form forms consistent consistently both two dual proven suitable sufficient strict efficient established "
    "routine agreed willing active abstinence appropriate type types least one kind conjunction combination specified "
    "contraceptive birth control study clinical trial locally regulatory recommended defined agreement maintain "
    "precaution precautions technique techniques continued options option guidance requirement requirements 1 2".split()
)
_NAMES: Final = frozenset("CONDITION TREATMENT ANALYTE UNIT TIMEUNIT NON DOT ROMAN EXCLUDED".split())


def _practised(token: Token) -> bool:
    """Whether a word before "contraception" leaves it what it is: "unreliable", "changes in" do not."""
    if token.type == "WORD":
        return set(str(token.value).split()) <= _PRACTICE
    return token.type not in _NAMES


def _agreed(tokens: Sequence[Token], context: Context, denied: bool) -> Token:
    """Contraception, and apart from it what it does not cover: donating sperm or eggs."""
    start, end = tokens[0].start, tokens[-1].end
    at = next((i for i, t in enumerate(tokens) if t.type == "AND" and _donation(tokens[i + 1 :], context)), None)
    if at is None or not any(t.type == "CONTRACEPTION" for t in tokens[:at]):
        return _fact(_attribute("contraception", start, end, denied))
    first = _attribute("contraception", start, tokens[at - 1].end, False)
    begin = tokens[at + 1].start
    second = _place(Statement(text=context.text[begin:end], topic="willingness"), begin, end)
    both = all_of([first, second])
    return _fact(negated(both) if denied else both)


def _donation(tokens: Sequence[Token], context: Context) -> bool:
    return bool(tokens) and "donat" in context.text[tokens[0].start : tokens[-1].end].lower()


def _attribute(attribute: Literal["consent", "contraception"], start: int, end: int, denied: bool) -> Draft:
    draft = _place(PatientAttribute(attribute=attribute), start, end)
    return negated(draft) if denied else draft


def _place(rule: Rule, start: int, end: int) -> Draft:
    return Draft(rule, start, end)


def _fact(draft: Draft) -> Token:
    return Token("FACT", StatementRead(draft), draft.start, draft.end)
