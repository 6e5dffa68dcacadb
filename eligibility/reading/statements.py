"""Abilities, willingness, consent, contraception, the investigator's judgement: what only an answer settles.

Such a statement runs from the words that open it to the end of its clause.
"""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

from eligibility.reading.context import Context
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, negated
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import just_before
from eligibility.reading.stating.caregivers import beside_patients
from eligibility.reading.stating.consents import (
    BEFORE_DOING,
    consent_clause,
    consents_as_one,
    is_consent_word,
    stands_before_consent,
    without_representatives,
)
from eligibility.reading.stating.contraception import (
    GIVEN_UP,
    agreed_to,
    asks_more,
    clause_of_contraception,
    contraception_asked,
    follows_another_wish,
    is_of_another,
    is_prevented,
    methods_behind,
    names_only_its_time,
)
from eligibility.reading.stating.endings import BEFORE_WHOM, DOES, JOINTS, OPENING, REASONS, end_of_statement
from eligibility.reading.stating.facts import as_fact, attribute_asked, placed
from eligibility.reading.stating.imaging import imaged_findings
from eligibility.reading.stating.relatives import own_and_of_family, partners_as_said
from eligibility.rules import Sex, Statement

__all__ = ["statements"]

_OF_MIND: Final = frozenset(  # in what way somebody is able
    "mentally physically cognitively legally intellectually psychologically fully adequately sufficiently cognitive "
    "mental physical legal intellectual psychological adequate sufficient reliably freely voluntarily "
    "expressed stated indicate indicated express confirm confirmed demonstrate demonstrated".split()
)
_LESSENED: Final = frozenset("compromized impaired limited diminished reduced decreased insufficient lacking".split())
_WHOLE: Final = frozenset("STATUS OTHER_CRITERIA".split())  # a statement of their own
_STATED: Final = OPENING | _WHOLE | {"CONSENT", "CONTRACEPTION"}
_FRAMING: Final = frozenset("CURRENT HISTORY KNOWN".split())
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


def statements(tokens: list[Token], context: Context) -> list[Token]:
    """The tokens with each statement as one fact."""
    tokens = imaged_findings(consents_as_one(tokens, context.text), context.text)
    if any(token.type == "SOMEBODY_ELSE" for token in tokens):
        tokens = beside_patients(partners_as_said(tokens, context.text), exclusion=context.exclusion)
    kinds = {token.type for token in tokens}
    doing = any(token.type == "WORD" and token.value in DOES for token in tokens)
    if "MAY" in kinds:
        tokens = _what_they_can(tokens)
        kinds = {token.type for token in tokens}
    denied = not kinds.isdisjoint(("NO", "NOT"))
    whom = any(token.said == "whom" or (denied and token.said == "which") for token in tokens)
    if not doing and not whom and _STATED.isdisjoint(kinds):
        return tokens
    if "CIRCUMSTANCE" in kinds:
        tokens = own_and_of_family(tokens, context.text)
    found: list[Token] = []
    index = 0
    if "CONSENT" in kinds and "SOMEBODY_ELSE" in kinds:
        tokens = without_representatives(tokens)
    while index < len(tokens):
        token = tokens[index]
        if token.type == "STATUS" and not _of_somebody(token, tokens[index + 1 : index + 2], found):
            token = Token("WORD", context.text[token.start : token.end].lower(), token.start, token.end)
        if token.type == "ABLE" and found and found[-1].type == "WORD" and found[-1].value in _LESSENED:
            token = Token("UNABLE", token.value, found.pop().start, token.end)  # "compromised ability to"
            tokens = [*tokens[:index], token, *tokens[index + 1 :]]
        if doing and token.type == "WORD" and _does(tokens, index, found):
            tokens = [*tokens[:index], Token("ABLE", token.value, token.start, token.end), *tokens[index + 1 :]]
            token = tokens[index]
        if (gone := _none_exists(tokens, index, context.text)) > index:
            words = context.text[tokens[index + 2].start : tokens[gone - 1].end].lower()
            found += [*tokens[index : index + 2], Token("WORD", words, tokens[index + 2].start, tokens[gone - 1].end)]
            index = gone
        elif _for_whom_none(tokens, index, found):
            end = end_of_statement(tokens, index + 2)
            said = Statement(text=context.text[tokens[index + 2].start : tokens[end - 1].end], topic="circumstance")
            found.append(as_fact(placed(said, token.start, tokens[end - 1].end)))
            index = end
        elif (end := _of_whom(tokens, index, found, context.text)) > index:
            said = Statement(text=context.text[tokens[index + 2].start : tokens[end - 1].end], topic="circumstance")
            found.append(as_fact(placed(said, token.start, tokens[end - 1].end)))
            index = end
        elif token.type in OPENING or token.type in _WHOLE:
            end = end_of_statement(tokens, index) if token.type in OPENING else index + 1
            framed = bool(found) and found[-1].type in _FRAMING
            framed = framed and (token.type in ("STATUS", "CIRCUMSTANCE") or found[-1].type == "KNOWN")
            before = [found.pop()] if framed else []  # "history of", "currently"
            while token.type in OPENING and found and found[-1].type == "WORD" and found[-1].value in _OF_MIND:
                before.insert(0, found.pop())
            if found and found[-1].type in ("MUST_NOT", "NOT") and is_prevented(tokens[index:end]):
                asked = found.pop()
                if asked.type == "MUST_NOT":
                    found.append(Token("MUST", "must", asked.start, asked.end))
            found.append(_statement([*before, *tokens[index:end]], context))
            index = end
        elif token.type == "CONSENT" and (span := consent_clause(found, tokens, index)) is not None:
            start, end = span
            first = found[start].start if start < len(found) else token.start
            del found[start:]
            found.append(as_fact(attribute_asked("consent", first, tokens[end - 1].end, False)))
            index = end
        elif token.type == "CONTRACEPTION":
            start = clause_of_contraception(found)
            end = end_of_statement(tokens, index)
            colon = next((i for i in range(index, end) if tokens[i].type == "COLON"), None)
            if colon is not None and end < len(tokens) and tokens[end].type == "SEMI":
                end = max(end, methods_behind(tokens, colon, context.text))
            taken = [*found[start:], *tokens[index:end]]
            del found[start:]
            found.append(contraception_asked(taken, context))
            index = end
        else:
            found.append(token)
            index += 1
    return found


def _what_they_can(tokens: list[Token]) -> list[Token]:
    """The tokens with what people can do by themselves as an ability: "who can walk on their own"."""
    found = list(tokens)
    for index in range(len(found) - 1):
        token, following = found[index], found[index + 1]
        if token.type != "MAY" or token.said != "can" or following.type != "WORD" or following.value not in _BY_ONESELF:
            continue
        if not index or found[index - 1].type in _SUBJECTS:
            found[index] = Token("ABLE", "able to", token.start, token.end)
    return found


_BY_ONESELF: Final = frozenset(
    "walk ambulate move stand sit climb run swallow chew drink eat speak talk hear see lie write breathe".split()
)
_SUBJECTS: Final = frozenset("PERSON FEMALE MALE IS AND OR COMMA SEMI COLON MUST".split())

_NONE_EXISTS: Final = re.compile(
    r"for\s+(?:which|whom)\s+(?:(?!(?:is|are|do|does|not|no|with|who)\b)[\w/-]+,?\s+){1,12}?"
    r"(?:(?:do|does)\s+not\s+exist|no\s+longer\s+exists?)"
    r"(?:,?\s+or\s+(?:is|are|has\s+become|would\s+be)\s+(?:no\s+longer|not|in)\s?-?"
    r"(?:effective|available|tolerable|tolerated|appropriate|indicated)"
    r"(?:\s+or\s+(?:tolerable|tolerated|available|appropriate|effective))?)?(?=\W|$)",
    re.IGNORECASE,
)


def _none_exists(tokens: list[Token], index: int, text: str) -> int:
    """Where a clause ends in which what is denied is that something can be done: "for which a cure does not exist or is
    no longer effective"; ``index`` where none begins."""
    if tokens[index].said != "for" or [t.said for t in tokens[index + 1 : index + 2]] not in (["which"], ["whom"]):
        return index
    clause = _NONE_EXISTS.match(text, tokens[index].start)
    if clause is None:
        return index
    return next((i for i in range(index, len(tokens)) if tokens[i].start >= clause.end()), len(tokens))


def _for_whom_none(tokens: list[Token], index: int, found: list[Token]) -> bool:
    """ "..., or for whom no standard therapy exists": what only somebody who knows the options can say."""
    if tokens[index].said != "for" or [(t.said, t.type) for t in tokens[index + 1 : index + 2]] != [("whom", "PREP")]:
        return False
    denied = index + 2 < len(tokens) and tokens[index + 2].type == "NO"
    return denied and (not found or found[-1].type in ("OR", "ANDOR", "AND", "COMMA", "PERSON"))


def _of_whom(tokens: list[Token], index: int, found: list[Token], text: str) -> int:
    """Where a clause ends that is all that is said of the patients, "(patients) for whom radiotherapy is
    contraindicated", or one more of the kind; ``index`` where none begins."""
    if tokens[index].said not in BEFORE_WHOM or [t.said for t in tokens[index + 1 : index + 2]] != ["whom"]:
        return index
    if found and found[-1].type not in _AROUND_WHOM:
        return index
    if found and found[-1].type in JOINTS and any(t.type in ("OR", "ANDOR") for t in found[:-1]):
        return index  # "with A or B and for whom C is not indicated": of whom, a list does not tell
    clause = _IS_SO.match(text, tokens[index].start)
    if clause is None:
        return index
    return next((i for i in range(index, len(tokens)) if tokens[i].start >= clause.end()), len(tokens))


_AROUND_WHOM: Final = frozenset("PERSON NO SEMI DOT BUT CONDITION TREATMENT QUALIFIER SITE".split()) | JOINTS
_IS_SO: Final = re.compile(  # no limit, and nothing that may begin another clause
    r"(?:for|in)\s+whom\s+(?:(?!(?:but|except|unless|who|whom|without|with)\b)[\w/'’-]+\s+){1,12}?"
    r"(?:is|are|was|were|has\s+been|have\s+been|(?:can|could|would|will|may|should|must)(?:not|\s+not)?\s+be)\s+"
    r"(?!(?:but|except|unless|who|whom|within)\b)[a-z/'’-]++"
    r"(?:\s+(?!(?:but|except|unless|who|whom|within)\b)[a-z/'’-]++){0,30}?"
    r"(?:\s*\((?:e\.?\s?g\.?|for example|such as|i\.?e\.?)[^()<>≤≥=]*\))?"
    r"(?=\s*(?:[.;]|$|,?\s*(?:and|or|but)\s+(?:(?:for|in)\s+whom|who)\b))",
    re.IGNORECASE,
)


def _does(tokens: list[Token], index: int, found: list[Token]) -> bool:
    """Whether a clause begins with a word that says what patients do or can do, and says more than it."""
    token, ahead = tokens[index], tokens[index + 1 : index + 2]
    if token.value not in DOES or not ahead or ahead[0].type in ("DOT", "SEMI", "RPAR"):
        return False
    if token.value in _CAN and ahead[0].type == "WORD":
        return False  # "a competent caregiver"
    before = next((t for t in reversed(found) if not (t.type == "WORD" and t.value in _OF_MIND)), None)
    return (before is None or before.type in BEFORE_DOING) and not stands_before_consent(tokens[index:])


_CAN: Final = frozenset("able capable competent".split())


_PEOPLE: Final = frozenset(
    "PERSON FEMALE MALE AGED AGE CHILDBEARING NOT_CHILDBEARING FERTILE STATUS AND OR COMMA SEMI DOT IS RPAR "
    "LPAR".split()
)


_ORIGINS: Final = frozenset(
    "caucasian japanese chinese korean taiwanese hispanic latino latina asian".split()
) | frozenset(("han chinese", "non hispanic", "non japanese", "non asian"))
_WHO: Final = frozenset("PERSON FEMALE MALE CHILDBEARING NOT_CHILDBEARING SEMI DOT".split())
_BEFORE_WHO: Final = frozenset("PERSON FEMALE MALE IS MUST COMMA SEMI DOT COLON STATUS FACT".split())


def _of_somebody(token: Token, after: list[Token], before: list[Token]) -> bool:
    """Whether a status is said of people: "healthy women", and not of "healthy diet" or "reliable contraception"; where
    they come from only right before them, or alone: "Japanese women", not "Japanese guidelines"."""
    if " ".join(re.split(r"[\s-]+", token.said)) in _ORIGINS:
        of_them = not after or after[0].type in _WHO
        return of_them and (not before or before[-1].type in _BEFORE_WHO)
    if after and after[0].type == "CONTRACEPTION":
        return False
    return not str(token.value).endswith("healthy") or not after or after[0].type in _PEOPLE


def _statement(tokens: list[Token], context: Context) -> Token:
    start, end = tokens[0].start, tokens[-1].end
    kinds = {t.type for t in tokens}
    if "CONTRACEPTION" in kinds and names_only_its_time(tokens, context):
        kinds.remove("CONTRACEPTION")
    first = next((t for t in tokens if t.type != "WORD"), tokens[0])  # "mentally unfit to ..."
    denied = first.type in ("UNABLE", "UNWILLING")
    topic = _TOPICS.get(first.type, "circumstance")
    somebody = any(t.type == "SOMEBODY_ELSE" for t in tokens)
    against = GIVEN_UP.search(context.text, start, end) is not None
    if (
        "CONTRACEPTION" in kinds
        and not (is_of_another(tokens) or against or asks_more(tokens))
        and not follows_another_wish(tokens, context)
    ):
        return agreed_to(tokens, context, denied)
    refrains = not denied and _REFRAINS.match(context.low, start) is not None
    if "CONSENT" in kinds and not refrains and not _among_examples(tokens) and (not somebody or _or_of_another(tokens)):
        return as_fact(_consented(tokens, context, topic, denied=denied))
    if tokens[0].type == "OTHER_CRITERIA":  # those that only the site has
        return as_fact(placed(Statement(text=context.text[start:end], topic="circumstance", who="site"), start, end))
    said = placed(Statement(text=context.text[start:end], topic=topic), start, end)
    wish = tokens[0].type == "INTENT" and "CONTRACEPTION" not in kinds and not _of_partners(context.text, start)
    if wish and _is_of_women(context.text[start:end].lower()):
        return as_fact(all_of([placed(Sex(sex="female"), start, tokens[0].end), said], (start, end)))
    return as_fact(said)


_REFRAINS: Final = re.compile(
    r"(?:agrees?|agreement|willing(?:ness)?|able)\s+(?:not\s+to|to\s+(?:not|refrain|abstain|avoid))\b"
)


def _is_of_women(wish: str) -> bool:
    """Whether only a woman can have it: "to become pregnant", not "to conceive or father children"."""
    return ("pregnan" in wish or "conceiv" in wish) and _OF_EITHER_SEX.search(wish) is None


def _of_partners(text: str, start: int) -> bool:
    """Whether a wish is that of partners, who are named before it: "men whose partners intend to become pregnant"."""
    return just_before(_PARTNERS, text, start) is not None


_PARTNERS: Final = re.compile(r"\bpartners?\s+(?:who\s+)?(?:(?:are|is)\s+)?$", re.IGNORECASE)
_OF_EITHER_SEX: Final = re.compile(
    r"\b(?:father|impregnat|beget|sperm|semen|partner|spouse|wife|couple|m[ae]n\b|males?\b)"
)


def _among_examples(tokens: list[Token]) -> bool:
    """Whether a consent is only an example of a circumstance: "under guardianship (e.g. unable to give consent)"."""
    given = next(i for i, t in enumerate(tokens) if t.type == "CONSENT")
    return tokens[0].type in ("STATUS", "CIRCUMSTANCE") and any(t.type == "LPAR" for t in tokens[:given])


def _or_of_another(tokens: list[Token]) -> bool:
    """Whether somebody else is named only where his consent will do as well: "(or that of a representative)"."""
    first = next(i for i, t in enumerate(tokens) if t.type == "SOMEBODY_ELSE")
    opened = next((i for i in range(first, -1, -1) if tokens[i].type == "LPAR"), None)
    if opened is None or tokens[opened + 1].type != "OR" or tokens[-1].type != "RPAR":
        return False
    return any(t.type == "CONSENT" for t in tokens[:opened])


_DOING: Final = re.compile(  # what somebody does who is able to: "give consent or comply with the protocol"
    r"(?:to\s+|fully\s+|adequately\s+)*(?:participate|take|complete|comply|adhere|attend|follow|undergo|understand"
    r"|comprehend|read|write|speak|co-?operate|provide|give|obtain|perform|receive|answer|communicate|return|tolerate"
    r"|swallow|abide|agree|accept|meet|fulfill?|sign|use|make|keep|be|have)\b",
    re.IGNORECASE,
)


def _consented(tokens: list[Token], context: Context, topic: _Topic, *, denied: bool) -> Draft:
    """A consent, and what is asked, or denied, in one breath with it."""
    start, end = tokens[0].start, tokens[-1].end
    given = max(i for i, t in enumerate(tokens) if t.type == "CONSENT")
    front = next((i for i in range(given - 1, 0, -1) if tokens[i].type in (("AND", "OR") if denied else ("AND",))), 0)
    if front and not all(_of_giving(t) for t in tokens[:front]):
        if denied:
            return _stated(tokens, context, topic)
        rest = _consented(tokens[front + 1 :], context, topic, denied=False)
        return all_of([_stated(tokens[:front], context, topic), rest]).placed(start, end)
    if not front and not denied and any(_DATED.match(context.text, t.start) for t in tokens[1:given]):
        return _stated(tokens, context, topic)  # "willing to fast from the time they sign consent"
    joint = _joint_behind(tokens, given)
    if joint is None:
        return attribute_asked("consent", start, end, denied)
    aside = tokens[joint - 1].type == "LPAR"
    closing = next((i for i in range(joint, len(tokens)) if aside and tokens[i].type == "RPAR"), len(tokens))
    consent = attribute_asked("consent", start, tokens[joint - 1 - aside].end, False)
    other = _stated(tokens[joint + 1 : closing], context, topic)
    every = all_of([consent, other])
    reason = denied and any(t.type in REASONS for t in tokens[given:joint])
    if reason or (denied and not aside and tokens[joint].type != "AND"):
        return _not_able(tokens[given:joint], context, consent, other).placed(start, end)
    both = every if tokens[joint].type == "AND" else any_of([consent, other])
    if both is not every and any(t.type == "AND" for t in tokens[joint + 1 : closing]):
        both = ambiguous([both, every], "'and' and 'or' without punctuation")
    after = closing + 1 + sum(t.type in JOINTS for t in tokens[closing + 1 : closing + 2])
    if tokens[after:]:
        both = all_of([both, _stated(tokens[after:], context, topic)])
    both = both.placed(start, end)
    return negated(both) if denied else both


_GIVING: Final = frozenset("ABLE UNABLE WILLING UNWILLING CONSENT AND OR SLASH COMMA MUST PERSON FILLER TO".split())
_DATED: Final = re.compile(r"(?:from|since|after|until|at) (?:the )?(?:time|day|date|moment|signing)\b", re.IGNORECASE)
_UNDERSTANDING: Final = re.compile(r"\b(?:understand|read|comprehend|legal|compet|mental|capab)", re.IGNORECASE)


def _of_giving(token: Token) -> bool:
    """Whether it says no more than that somebody understands and gives a consent."""
    said = str(token.value)
    return token.type in _GIVING or is_consent_word(token) or _UNDERSTANDING.search(said) is not None


def _joint_behind(tokens: list[Token], given: int) -> int | None:
    """Where something is joined to a consent, in parentheses or not: "(or thumbprint)", but not "(oral or written)".

    Behind a reason a comma joins, too: "unable to give consent because of A, B".
    """
    depth, joints = 0, JOINTS
    for index in range(given + 1, len(tokens) - 1):
        kind = tokens[index].type
        depth += (kind == "LPAR") - (kind == "RPAR")
        if kind in REASONS:
            joints = JOINTS | {"COMMA"}
        inside = depth and tokens[index - 1].type != "LPAR"
        if kind in joints and not inside and not (kind == "COMMA" and tokens[index + 1].type in JOINTS):
            return index
    return None


def _not_able(before: list[Token], context: Context, consent: Draft, other: Draft) -> Draft:
    """ "Unable to give consent or comply", both of which are denied; "... or C": what C is, is open.

    ``before``: the consent and what stands between it and the "or"; where that is a reason, C may be one, too.
    """
    neither = negated(any_of([consent, other]))
    either = negated(all_of([consent, other]))
    besides = any_of([negated(consent), other])
    if any(t.type in REASONS for t in before):
        return ambiguous([negated(consent), besides], "a reason among others, or one more alternative")
    if _DOING.match(context.text, other.start) or _TO_DO.match(context.text, other.start):
        return either
    return ambiguous([either, besides, neither], "what is denied with a consent, or one more alternative")


_TO_DO: Final = re.compile(r"to\s+(?!an?\b|the\b)[a-z]", re.IGNORECASE)  # "unable to consent or to fill in a diary"


def _stated(tokens: list[Token], context: Context, topic: _Topic) -> Draft:
    """A statement in the words of these tokens."""
    start, end = tokens[0].start, tokens[-1].end
    return placed(Statement(text=context.text[start:end], topic=topic), start, end)
