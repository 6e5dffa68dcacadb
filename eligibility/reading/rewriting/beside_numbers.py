"""Words that mean something beside a number, a time or a grade: "two occasions", "free of disease for 5 years"."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.words import keys
from eligibility.reading.lexer import tokenize
from eligibility.reading.lexing.function_words import REPEATING
from eligibility.reading.lexing.tokens import BEGINS_LENGTH, Token, is_performance_status, kind_at, past, two_numbers

__all__ = [
    "UNRESOLVED",
    "cleared",
    "earlier_at_end",
    "either_grade",
    "free_of_which",
    "grades_apart",
    "lengths_behind",
    "plainly",
]


def cleared(tokens: list[Token], text: str) -> list[Token]:
    """ "No evidence of disease for 5 years", in an exception "in remission for 5 years": disease-free for that time."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        end = _clear(tokens, index, text)
        if end > index:
            start = tokens[index].start
            if [each.type for each in found[-2:]] == ["QUALIFIER", "AND"]:  # "treated and with no evidence of disease"
                start = found.pop().start
            found.append(Token("CLEAR", "", start, tokens[end - 1].end))
            index = end
            continue
        found.append(tokens[index])
        index += 1
    return found


def _clear(tokens: list[Token], index: int, text: str) -> int:
    """Where words end that say that a disease is not there; ``index`` where none do."""
    token = tokens[index]
    end = index + 1
    if token.type in ("NO", "WITHOUT"):
        while end < len(tokens) and tokens[end].type in ("QUALIFIER", "CURRENT", "FILLER", "PRESENCE"):
            end += 1
        if end >= len(tokens) or text[tokens[end].start : tokens[end].end].lower() not in _DISEASE:
            return index
        end += 1
    elif not (token.type == "QUALIFIER" and "remission" in text[token.start : token.end].lower()):
        return index
    elif not any(t.type in ("UNLESS", "EXCEPT", "IF") for t in tokens[:index]):
        return index  # a disease in remission may still be on record as one
    return end if _for_time(tokens, end - 1) else index


_DISEASE: Final = frozenset(
    "disease recurrence relapse malignancy cancer tumor tumour recurrent disease disease recurrence".split()
) | {"recurrent disease", "disease recurrence", "active disease", "residual disease"}


def free_of_which(tokens: list[Token]) -> list[Token]:
    """ "A cancer from which the patient has been free of disease for 5 years": the disease is what has gone."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        end = _of_which(tokens, index) if found and found[-1].type in ("CONDITION", "RPAR") else index
        if end > index:
            state = tokens[end - 1]
            if state.type == "CLEAR" and not _for_time(tokens, end - 1):
                state = Token("QUALIFIER", qualifiers().find("in remission"), state.start, state.end)
            found.append(Token(state.type, state.value, tokens[index].start, state.end))
            index = end
            continue
        found.append(tokens[index])
        index += 1
    return found


def _of_which(tokens: list[Token], index: int) -> int:
    """Where "from which the patient is in remission" ends; ``index`` where no such clause begins there."""
    if tokens[index].said not in _OF or kind_at(tokens, index + 1) != "THAT" or tokens[index + 1].said != "which":
        return index
    at = past(tokens, index + 2, "FILLER")
    if kind_at(tokens, at) != "PERSON":
        return index
    at += 1
    while at < len(tokens) and (tokens[at].type in ("IS", "FILLER") or tokens[at].said in _REMAINING):
        at += 1
    free = kind_at(tokens, at) == "CLEAR" or (
        kind_at(tokens, at) == "QUALIFIER" and getattr(tokens[at].value, "name", "") == "in remission"
    )
    return at + 1 if free else index


_OF: Final = ("from", "for", "of")
_REMAINING: Final = ("remained", "remains", "currently", "continuously", "now", "completely", "considered")


def plainly(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with words that mean something beside a number alone as the words that they are elsewhere."""
    kinds = {token.type for token in tokens}
    if "CONDITION" in kinds and ({"QUALIFIER", "TO"} <= kinds or {"NOT", "RECOVERED"} <= kinds):
        tokens = _unresolved(tokens, text)
    if REPEATING.isdisjoint(kinds) and kinds.isdisjoint(_IN_PLACE):
        return list(tokens)
    found: list[Token] = []
    for index, token in enumerate(tokens):
        if (
            token.type in REPEATING
            and not (token.type in _TIMED and " " in token.said)
            and not _beside_number(tokens, index)
        ):
            kind, value = token.others[0] if token.others else ("WORD", " ".join(keys(str(token.value))))
            token = Token(kind, value, token.start, token.end, token.others[1:])
        if (
            (token.type == "RECOVERED" and not _to_grade(tokens, index))
            or (token.type == "CLEAR" and not _for_time(tokens, index))
            or (token.type in _TIMED and " " in str(token.value) and not _before_time(tokens, index))
        ):
            found += _word_by_word(token, text)
            continue
        found.append(token)
    return found


def either_grade(tokens: list[Token]) -> list[Token]:
    """ "Grade 3/4" is either of the two."""
    if all(token.type != "WORD" or "/" not in token.said for token in tokens):
        return tokens
    found: list[Token] = []
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else None
        graded = before is not None and (before.type == "GRADE" or any(kind == "GRADE" for kind, _ in before.others))
        pair = _TWO_GRADES.fullmatch(token.said) if graded and token.type == "WORD" else None
        found += [token] if pair is None else two_numbers(token, pair[1], pair[2])
    return found


_TWO_GRADES: Final = re.compile(r"([0-5])/([1-5])")


def grades_apart(tokens: list[Token], text: str) -> list[Token]:
    """ "ECOG performance status 0 2": two grades with nothing between them are the first and the last."""
    for index in range(1, len(tokens) - 1):
        first, last = tokens[index], tokens[index + 1]
        if first.type != "NUMBER" or last.type != "NUMBER" or text[first.end : last.start] != " ":
            continue
        named = index - 1
        while named and tokens[named].type in _BEHIND_SCALE:
            named -= 1
        behind = [kind_at(tokens, index + 2), kind_at(tokens, index + 3)]
        alone = behind[0] not in _NO_GRADE and not (behind[0] in _JOINS_GRADES and behind[1] == "NUMBER")
        if alone and is_performance_status(tokens[named]) and _GRADES.fullmatch(text, first.start, last.end):
            dash = Token("DASH", "-", first.end, last.start)
            return [*tokens[: index + 1], dash, *tokens[index + 1 :]]
    return tokens


_BEHIND_SCALE: Final = frozenset("OF IS FILLER COLON TEST_WORD GRADE LPAR RPAR".split())
_NO_GRADE: Final = frozenset("NUMBER UNIT TIMEUNIT TIMES OR_LESS OR_MORE".split())
_JOINS_GRADES: Final = frozenset("OR AND ANDOR COMMA SLASH DASH TO".split())
_GRADES: Final = re.compile(r"0 [1-4]|1 [2-4]|2 [34]|3 4")


def earlier_at_end(tokens: list[Token]) -> list[Token]:
    """ "(Have) received chemotherapy before": at any time, where nothing follows that it was before."""
    if all(token.type != "BEFORE" for token in tokens):
        return tokens
    found = list(tokens)
    for index in range(1, len(found)):
        token = found[index]
        if token.type != "BEFORE" or token.said != "before":
            continue
        closes = index + 1 == len(found) or found[index + 1].type in _CLOSES
        if closes and any(each.type in ("TREATMENT", "CONDITION") for each in found[:index]):
            found[index] = Token("PRIOR", "before", token.start, token.end)
    return found


_CLOSES: Final = frozenset(("SEMI", "DOT", "RPAR"))


def _unresolved(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with what is left of a toxicity that has "not resolved to grade 1" as what recovery it lacks."""
    for index, (token, after) in enumerate(pairwise(tokens)):
        attribute = token.type == "QUALIFIER" and after.type == "TO" and _NOT_RESOLVED.match(text, token.start)
        denied = token.type == "NOT" and after.type == "RECOVERED" and not _begins_clause(tokens[:index])
        if (attribute or denied) and _grade_behind(tokens, index + 1):
            left = Token("RECOVERED", UNRESOLVED, token.start, after.end)
            return [*tokens[:index], left, *tokens[index + 2 :]]
    return tokens


def _begins_clause(before: list[Token]) -> bool:
    """Whether a clause of its own begins behind these: "..., or has not recovered from it"."""
    bare = [token.type for token in before if token.type not in ("IS", "THAT", "FILLER")]
    return not bare or bare[-1] in ("PERSON", "OR", "AND", "ANDOR", "COMMA", "SEMI", "COLON")


UNRESOLVED: Final = "not resolved to"
_NOT_RESOLVED: Final = re.compile(
    r"(?:(?:has|have|had)\s+)?not\s+(?:yet\s+|fully\s+|been\s+)*(?:resolv|recover)", re.IGNORECASE
)
_TIMED: Final = frozenset(("OCCURRED", "BEGUN", "ENDED"))
_BEFORE_CLEAR: Final = frozenset("FILLER PERSON IS THAT OF".split())
_IN_PLACE: Final = frozenset(("RECOVERED", "CLEAR"))


def _for_time(tokens: list[Token], index: int) -> bool:
    """Whether a length of time stands right behind, or before: "disease-free for at least 5 years"."""
    after = [t.type for t in tokens[index + 1 : index + 8] if t.type != "FILLER"]
    if not any(t.type not in _BEFORE_CLEAR for t in tokens[:index]):
        return False
    if "TIMEUNIT" in after and after[0] in _OPENING_TIME | {"FOR_TIME", "FOR"}:
        return True
    before = [t.type for t in tokens[:index] if t.type not in ("FILLER", "OF")]
    return before[-1:] == ["TIMEUNIT"]


def _to_grade(tokens: list[Token], index: int) -> bool:
    """Whether a grade follows, and what stands before is a disease that nothing denies it of."""
    if index and tokens[index - 1].type in ("NOT", "NO", "NEVER", "MUST_NOT"):
        return False
    return _grade_behind(tokens, index)


def _grade_behind(tokens: list[Token], index: int) -> bool:
    """Whether a grade follows, and a disease stands before."""
    after = next((t for t in tokens[index + 1 :] if t.type not in _BEFORE_GRADE), None)
    graded = after is not None and (after.type == "GRADE" or any(kind == "GRADE" for kind, _ in after.others))
    return graded and any(t.type == "CONDITION" for t in tokens[:index])


_BEFORE_GRADE: Final = frozenset("GE GT LE LT EQ FILLER OF".split())


def _word_by_word(token: Token, text: str) -> list[Token]:
    found: list[Token] = []
    for word in re.finditer(r"\S+", text[token.start : token.end]):
        for part in tokenize(word[0]):
            start = token.start + word.start()
            found.append(Token(part.type, part.value, start + part.start, start + part.end, part.others))
    return found


def _beside_number(tokens: list[Token], index: int) -> bool:
    before = [t.type for t in tokens[max(0, index - 4) : index]]
    match tokens[index].type:
        case "OCCASION" | "SERIAL":
            return before[-1:] in (["NUMBER"], ["OR_MORE"])
        case "APART":
            return before[-1:] == ["TIMEUNIT"]
        case "OCCURRED" | "BEGUN" | "ENDED":
            return _before_time(tokens, index)
        case "SPACED":
            return any(t.type == "TIMEUNIT" for t in tokens[index + 1 : index + 5])
        case _:
            leads_in = kind_at(tokens, index + 1) == "ANALYTE"  # "repeated demonstration of a QTc > 450 ms"
            return leads_in or not {"NUMBER", "UNIT", "ULN", "LLN"}.isdisjoint(before)


def _before_time(tokens: list[Token], index: int) -> bool:
    """Whether a length of time follows, and the word is no verb of what stands behind: "received within 4 weeks X"."""
    after = [t.type for t in tokens[index + 1 : index + 8] if t.type != "FILLER"]
    if not after or after[0] not in _OPENING_TIME or "TIMEUNIT" not in after:
        return False
    before = next((t for t in reversed(tokens[:index]) if t.type != "FILLER"), None)
    if before is None:
        return False
    if tokens[index].type == "ENDED" and before.type == "TREATMENT":
        return True  # "chemotherapy completed at least 3 weeks before": its end was then
    if any(kind == "USE" for kind, _ in tokens[index].others):
        return before.type in _BEHIND_NAME or before.said in ("was", "were", "been", "have been", "has been", "be")
    return before.type not in _NO_NAME


_OPENING_TIME: Final = frozenset("WITHIN NUMBER LAST GE GT LE LT LPAR BEFORE FROM".split())
_BEHIND_NAME: Final = frozenset("RPAR SITE WORD TAIL UNLESS EXCEPT IF".split())
_NO_NAME: Final = frozenset(("PERSON", "NO", "NOT"))


def lengths_behind(tokens: list[Token]) -> list[Token]:
    """ "Duration of diabetes should be at least 2 years": how long it is there, told behind it as "for 2 years" is."""
    for index, token in enumerate(tokens):
        if token.type != "DURATION_OF" or kind_at(tokens, index + 1) not in _HAS_LENGTH:
            continue
        end = index + 1
        while kind_at(tokens, end) in _HAS_LENGTH:
            end += 1
        limit = end
        while kind_at(tokens, limit) in _IS_SO_LONG:
            limit += 1
        named = any(t.type in ("CONDITION", "TREATMENT") for t in tokens[index + 1 : end])
        if not named or limit == end or kind_at(tokens, limit) not in BEGINS_LENGTH:
            continue
        behind = Token("DURATION_OF", "duration", tokens[end].start, tokens[limit - 1].end)
        return [*tokens[:index], *tokens[index + 1 : end], behind, *tokens[limit:]]
    return tokens


_HAS_LENGTH: Final = frozenset("CONDITION TREATMENT QUALIFIER CURRENT FILLER WORD SITE USE".split())
_IS_SO_LONG: Final = frozenset("IS MUST COLON DASH OF".split())
