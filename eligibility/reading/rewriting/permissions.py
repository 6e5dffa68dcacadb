"""Permissions, however they are worded: "patients may have received chemotherapy"."""

from __future__ import annotations

import re
from typing import Final

from eligibility.reading.clauses import CONDITIONS
from eligibility.reading.composing.terms import StatementRead
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import AT_MOST, PERSONS, any_word

__all__ = ["EXEMPT", "allowed_but", "counts_for_nothing", "exempted", "if_absent", "limited", "permission"]

_LIMITING: Final = frozenset(
    "LIMIT TIME_LIMIT SEX_LIMIT EITHER_LIMIT WINDOW SINCE_WINDOW LASTING COUNT LINES_ARE GRADE_IS NUMBER DOSE IF "
    "UNLESS EXCEPT MUST MUST_NOT NOT NO WITHOUT ALLOWED EXCLUDED FOR".split()
)
_COUNTED: Final = re.compile(r"\d|\b(?:one|two|three|four|single|before|within|since)\b", re.IGNORECASE)


def limited(allowed: list[Token], text: str) -> bool:
    """Whether more is said of what is allowed than what it is."""
    return any(t.type in _LIMITING for t in allowed) or bool(_COUNTED.search(text, allowed[0].start, allowed[-1].end))


_TO_DO: Final = (  # not what a disease is expected to do: "not expected to recur"
    r"(?:(?:required|obliged)\s+to|expected\s+to\s+(?:use|undergo|take|provide|complete|return|sign|perform|attend|agree))"
)
_NOT_ASKED: Final = rf"not\s+{_TO_DO}|exempt(?:ed)?\s+(?:from|of)"
EXEMPT: Final = re.compile(  # of whom something is not asked that is asked of the others
    any_word(
        *[rf"{be}\s+(?:{_NOT_ASKED})" for be in ("is", "are", r"will\s+be", r"would\s+be", r"shall\s+be")],
        rf"will\s+not\s+be\s+{_TO_DO}",
        r"need\s+not",
        *[rf"{verb}\s+not\s+(?:need|have)\s+to" for verb in ("do", "does", "will")],
    )
    + r"\b",
    re.IGNORECASE,
)
_SOME: Final = re.compile(  # not of all patients, and not of who "does not need to"
    rf"(?:(?:all|any)\s+)?(?:(?:(?:{PERSONS}|those)\s+\w|(?:fe)?males?|(?:wo)?men|females?)"
    r"(?:(?!\b(?:but|must|should|unless|if|however|except|whose)\b).)*)(?<!\bwho)(?<!\bthat)(?<!\band)(?<!\bor)(?<!,)",
    re.IGNORECASE | re.DOTALL,
)
_ON_CONDITION: Final = re.compile(
    r"\b(?:if|unless|but|must|should|however|provided|except|until|discretion)\b", re.IGNORECASE
)


def exempted(tokens: list[Token], text: str) -> list[Token]:
    """Of whom a sentence says that something is not asked of them: "men are not required to use contraception"; nothing
    where it says that of nobody, or more."""
    low = text[tokens[0].start : tokens[-1].end].lower() if tokens else ""
    if "not" not in low and "exempt" not in low:
        return []
    said = [token for token in tokens if token.type not in ("LPAR", "RPAR", "DOT")]
    found = EXEMPT.search(text, said[0].start, said[-1].end) if said else None
    if found is None or _ON_CONDITION.search(text, found.end(), said[-1].end):
        return []
    who = [token for token in said if token.end <= found.start()]
    if not who or _SOME.fullmatch(text, who[0].start, who[-1].end) is None:
        return []
    return who


def not_counted(tokens: list[Token], text: str) -> list[Token]:
    """What spares whoever has it: "patients are not considered to have an active malignancy if their therapy is
    completed", behind a sentence about malignancies on the same line; nothing of any other sentence."""
    if all(token.type != "ALLOWED" for token in tokens):
        return []
    said = _NOT_THAT.match(text, tokens[0].start, tokens[-1].end)
    if said is None:
        return []
    line = text[text.rfind("\n", 0, tokens[0].start) + 1 : tokens[0].start]
    if re.search(rf"\b{re.escape(said['what'])}", line, re.IGNORECASE) is None:
        return []
    return [token for token in tokens if token.start >= said.end()]


_NOT_THAT: Final = re.compile(
    rf"(?:(?:the\s+)?(?:{PERSONS})\s+)?(?:is|are|will)\s+not\s+(?:be\s+)?considered\s+(?:to\s+(?:have|be)\s+)?"
    r"(?:[\w\"'“”‘’-]+\s+){0,5}?[\"'“”‘’]?(?P<what>[a-z]{4,})[\"'“”‘’]?\s+if\s+(?!not\b|no\b)",
    re.IGNORECASE,
)
_MAY: Final = re.compile(
    r"may\b|(?:can|could|might)\s+(?:also\s+)?(?:have|be|receive|continue|undergo|take|use)\b", re.IGNORECASE
)
_TO_GO_ON: Final = re.compile(  # "are allowed to remain on statins"
    r"\s+to\s+(?:remain|continue|stay|be|receive|take|use|have|undergo)\b(?:\s+(?:to\s+(?:take|use|receive)|taking|using|receiving))?",
    re.IGNORECASE,
)


def _lets_go_on(token: Token, text: str) -> bool:
    """Whether it is a permission to do something: "are allowed to receive"."""
    if token.type != "ALLOWED":
        return False
    considered = text[token.start : token.end].lower().endswith("considered")  # "not considered to be refractory"
    return not considered and _TO_GO_ON.match(text, token.end) is not None


_RELATIVE: Final = re.compile(r"\b(?:that|which|who|where|as|and|or|condition)\W*$", re.IGNORECASE)


_GOES_ON: Final = re.compile(  # "patients on statins may continue": nothing is asked of the others
    r"\s+(?:(?:also|still)\s+)?(?:continue|remain on|stay on|be (?:entered|enrolled|included)|enter|participate)\b"
    r"(?:\s+(?:with|to take|taking|receiving|in|into|on|during|this|the|their|these|such|therapy|treatment|medications?"
    r"|drugs?|it|them|study|trial))*\W*$",
    re.IGNORECASE,
)


def permission(made: list[Token], text: str) -> list[Token] | None:
    """ "Patients may have received chemotherapy" as "chemotherapy is allowed"; None where nothing is permitted so."""
    at = next((i for i, t in enumerate(made) if t.type == "MAY" or _lets_go_on(t, text)), None)
    if (
        at is None
        or (made[at].type == "MAY" and _MAY.match(text, made[at].start) is None)
        or AT_MOST.search(text, made[at].end, made[-1].end)
    ):
        return None
    before = made[:at]
    if _GOES_ON.match(text, made[at].end) and any(t.type == "FACT" for t in before):
        return [*before, Token("ALLOWED", "may", made[at].start, made[-1].end)]
    if (before and not any(t.type == "PERSON" for t in before)) or _RELATIVE.search(text, 0, made[at].start):
        return None
    if any(t.type not in ("PERSON", "FACT", "WITH", "THAT", "IS", "FILLER", "COMMA", "OR", "ANDOR") for t in before):
        return None
    goes_on = _TO_GO_ON.match(text, made[at].end)
    rest = [t for t in made[at + 1 :] if goes_on is None or t.end > goes_on.end()]
    if not any(t.type == "FACT" and not isinstance(t.value, StatementRead) for t in rest):
        return None
    if any(t.type in ("OR", "ANDOR") for t in before) and any(
        t.type in CONDITIONS or t.type == "ALLOWED" for t in rest
    ):
        return None
    end = rest[-1].end
    return [*rest, Token("ALLOWED", "may" if goes_on is None else "allowed", end, end)]


def counts_for_nothing(made: list[Token], text: str) -> list[Token]:
    """ "X is permitted and will not be considered a line of therapy": what is permitted, and what follows from that;
    and "X is not considered systemic therapy and is allowed"."""
    at = next((i for i, t in enumerate(made) if t.type == "ALLOWED"), None)
    if at is None or _NOT_COUNTED.fullmatch(text, made[at].end, made[-1].end) is None:
        return made
    return [*made[:at], Token("ALLOWED", made[at].value, made[at].start, made[-1].end)]


_NOT_COUNTED: Final = re.compile(
    r",?\s+and\s+(?:it\s+|they\s+|this\s+)?(?:will|shall|should|would|do|does|is|are)\s+not\s+(?:be\s+)?"
    r"(?:counted|count|considered|regarded)\b[^,;:.]*\.?"
    r"|,?\s+and\s+(?:it\s+|they\s+|this\s+)?(?:is|are|will\s+be)\s+(?:therefore\s+|thus\s+)?"
    r"(?:allowed|permitted|acceptable)\W*"
    r"|,?\s+but\s+(?:(?:is|are|it\s+is)\s+)?not\s+(?:required|mandatory|necessary)\W*",
    re.IGNORECASE,
)


def allowed_but(tokens: list[Token]) -> list[Token]:
    """ "X is allowed, but must have ended 2 weeks before": if it has; "those with X are eligible, but they must"."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        at = index + (token.type == "COMMA")
        run = [each.type for each in tokens[at : at + 3]]
        asked = at + 1 + (run[1:2] == ["PERSON"])
        if found and _lets(found[-1]) and run[:1] == ["BUT"] and run[asked - at : asked - at + 1] == ["MUST"]:
            must = tokens[asked]
            found.append(Token("IF", "if", tokens[at].start, tokens[at].end))
            if must.said.endswith("have"):
                found.append(Token("IS", "have", must.end - len("have"), must.end))
            index = asked + 1
            continue
        found.append(token)
        index += 1
    return found


def if_absent(tokens: list[Token]) -> list[Token]:
    """ "X is permitted in the absence of Y": if there is no Y."""
    found: list[Token] = []
    for token in tokens:
        before = found[-2] if len(found) > 1 and found[-1].type == "COMMA" else found[-1] if found else None
        if token.said == _ABSENT and token.type == "NO" and before is not None and _lets(before):
            found.append(Token("IF", "if", token.start, token.start))
        found.append(token)
    return found


_ABSENT: Final = "in the absence of"


def _lets(token: Token) -> bool:
    """Whether it says that something is permitted, and not that it counts for nothing: "is not considered"."""
    return token.type == "ALLOWED" and _PERMITS.search(token.said) is not None


_PERMITS: Final = re.compile(r"^(?!.*\bnot\b).*(?:allow|permi|accept|eligible)")
