"""What the words of a lead-in say of the bullets under it: that they are a list, how many of them count, that they are
denied or excepted, or that they go on with its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from eligibility.reading.composing.terms import FRAMES
from eligibility.reading.context import Context
from eligibility.reading.joints import SILENT
from eligibility.reading.lexing.tokens import NAMED, Number, Token, kind_at
from eligibility.reading.outline import Line

__all__ = [
    "ALL_OF_THEM",
    "BEING_GIVEN",
    "CLASSED",
    "ENDS_IN_ANY_OF",
    "EVERY",
    "LISTING",
    "counting",
    "denied_at",
    "denies_listed",
    "ends_in_or",
    "ends_with_including",
    "excepting",
    "how_many",
    "is_number",
    "leads_to_list",
    "listing_kinds",
    "one_more",
    "said_of_each",
    "site_alone",
    "unfinished",
    "verb_alone",
]


def counting(tokens: list[Token]) -> list[Token]:
    """ "Two or more of: A, B, C", "two of the three criteria: A, B, C" with its "of" as that of a list."""
    for at in range(1, len(tokens) - 1):
        before = tokens[at - 1 - (tokens[at - 1].type == "OR_MORE" and at > 1)]
        if tokens[at].type != "OF" or before.type != "NUMBER":
            continue
        end = _behind_total(tokens, at + 1)
        if end < len(tokens) and tokens[end].type == "COLON":
            of = Token("OF_FOLLOWING", "of", tokens[at].start, tokens[end - 1].end)
            return [*tokens[:at], of, *tokens[end:]]
    return tokens


def _behind_total(tokens: list[Token], at: int) -> int:
    """Where what follows "the three criteria" begins: how many there are in all, and what they are called."""
    end = at + (kind_at(tokens, at) == "FILLER")
    if kind_at(tokens, end) != "NUMBER":
        return at
    end += 1
    return end + (kind_at(tokens, end) in ("FILLER", "WORD"))


def how_many(lead: list[Token]) -> tuple[list[Token], int, bool]:
    """A lead-in without how many "of the following" it says; the least that counts, and whether fewer are asked for."""
    at = next(i for i, t in enumerate(lead) if t.type == "OF_FOLLOWING")
    if at > 1 and lead[at - 1].type == "OR_MORE":
        lead, at = [*lead[: at - 1], *lead[at:]], at - 1
    number = lead[at - 1] if at else None
    if number is None or not isinstance(number.value, Number):
        return lead, 0, False
    count, compared = int(number.value.value), lead[at - 2].type if at > 1 else ""
    begins = at - 2 if compared in _COMPARED else at - 1
    return [*lead[:begins], *lead[at:]], count + _COMPARED.get(compared, 0), compared in _FEWER


def leads_to_list(words: list[Token]) -> bool:
    """Whether they say that what follows is a list, and no more than a lead-in does."""
    kinds = {token.type for token in words}
    return bool(kinds & LISTING) and not kinds & _NO_LEAD


CLASSED: Final = re.compile(  # which lesions count as what: nobody need have them
    r"(?:the\s+)?following(?:\s+\w+)?\s+(?:are|is|will\s+be)\s+(?:\w+\s+)?(?:considered|regarded|classified|defined)\s+(?:as\s+|to\s+be\s+)?"
    r"(?:non-?\s?measurable|measurable|non-?\s?evaluable|not\s+measurable)\b",
    re.IGNORECASE,
)
_NO_LEAD: Final = frozenset("INCLUDING DEFINED EXCEPT UNLESS IF ALLOWED EXCLUDED DUE_TO COLON SEMI".split())


def ends_with_including(lead: list[Token]) -> bool:
    """Whether its bullets are examples: it ends in "including (the following diseases)", and names none."""
    kinds = [token.type for token in lead[-3:]]
    return "INCLUDING" in kinds and NAMED.isdisjoint(kinds[kinds.index("INCLUDING") :])


def site_alone(lead: list[Token], *, required: bool) -> str | None:
    """The place of which all bullets are said, where a lead-in names nothing else: "Study eye has any of:"."""
    sites = [token.said for token in lead if token.type == "SITE"]
    silent = _AROUND_SITE | {"MUST"} if required else _AROUND_SITE
    return sites[0] if len(sites) == 1 and all(token.type in silent for token in lead) else None


_AROUND_SITE: Final = frozenset("SITE IS WITHIN OF PREP AT_ANCHOR EITHER THAT FILLER PRESENCE".split())
ENDS_IN_ANY_OF: Final = re.compile(
    r"\b(?:(?:any|(?:at least )?one)\s+of"
    r"(?:\s+(?:(?:the|these|following)\s+)*(?:two|three|four|five|six|[2-6])\s+[\w-]+(?:\s+(?:below|listed))?)?"
    r"|either(?:\s+of)?)\s*:?\s*$",
    re.IGNORECASE,
)
_APPLYING: Final = frozenset("applies apply true met present fulfilled satisfied exist exists".split())


def excepting(lead: list[Token]) -> int | None:
    """Where a lead-in ends in the words that make its bullets exceptions: "..., except for the following"."""
    at = len(lead) - 1
    while at > 0 and (lead[at].type in (LISTING | SILENT) or str(lead[at].value) in _APPLYING):
        at -= 1
    if at > 0 and lead[at].type in ("EXCEPT", "UNLESS"):
        return at
    at = next((i for i in range(len(lead) - 1, 0, -1) if lead[i].type == "EXCEPT"), 0)
    return at if at and said_of_each(lead[at:]) is not None else None


def said_of_each(after: list[Token]) -> tuple[int, int] | None:
    """Where the words stand that are said of each of the bullets, behind those that lead to them: "except any of the
    following that were treated:"; None where none are, or nothing leads to the bullets."""
    end = len(after)
    while end > 1 and after[end - 1].type in ("COLON", "COMMA", "DOT"):
        end -= 1
    at = next((i for i in range(1, end) if after[i].type not in LISTING | SILENT), end)
    if at == end or LISTING.isdisjoint([token.type for token in after[1:at]]):
        return None
    return after[at].start, after[end - 1].end


def verb_alone(lead: list[Token]) -> Token | None:
    """What a lead-in under Exclusion says of its bullets, which are what should be, and nothing besides: "Patients
    must:", "Unwilling to:"; None where it says anything else."""
    said = [token for token in lead if token.type not in SILENT | LISTING]
    return said[0] if len(said) == 1 and said[0].type in ("MUST", "UNWILLING", "UNABLE") else None


def one_more(lead: list[Token], context: Context) -> int | None:
    """Where the bullets are one more alternative to what a lead-in names, "asthma, or any of the following", or one of
    them is asked besides: "not pregnant, and at least one of the following applies"."""
    listing = next((i for i, token in enumerate(lead) if token.type in LISTING), 0)
    at = listing - 1
    while at > 0 and lead[at].type in _BEFORE_LISTED:
        at -= 1
    named = any(token.type not in SILENT for token in lead[: max(at, 0)])
    if named and lead[at].type == "AND" and not context.exclusion:
        listed = lead[listing]
        return at if _AT_LEAST.match(context.text, lead[at + 1].start, listed.end) else None
    return at if named and lead[at].type in ("OR", "ANDOR") else None


_AT_LEAST: Final = re.compile(
    r"(?:(?:has|have|with|meets?|(?:who\s+)?fulfils?)\s+)?(?:at\s+least\s+)?(?:one|1|either)\b", re.IGNORECASE
)
_BEFORE_LISTED: Final = SILENT | FRAMES | frozenset(("IS", "PERSON"))


def ends_in_or(lead: list[Token], line: Line, text: str) -> bool:
    """Whether the last word of a lead-in joins its bullets to it as alternatives."""
    if len(lead) < 2 or lead[-1].type not in ("OR", "ANDOR") or not line.children:
        return False
    return _NO_MORE_SAID.fullmatch(text, lead[-1].end, line.end) is not None


_NO_MORE_SAID: Final = re.compile(r"\s*[:,]?\s*(?:\n.*)?", re.DOTALL)


def unfinished(lead: list[Token]) -> int | None:
    """Where a lead-in ends in the word that its bullets go on with: "A must:", "B is required if any of these:"."""
    at = len(lead) - 1
    while at > 0 and (lead[at].type in (LISTING | SILENT) or str(lead[at].value) in _APPLYING):
        at -= 1
    named = any(token.type not in SILENT for token in lead[: max(at, 0)])
    return at if named and lead[at].type in ("IF", "MUST") else None


_NEGATIONS: Final = frozenset("NO NOT MUST_NOT WITHOUT".split())
_COMPARED: Final = {"GE": 0, "GT": 1, "LT": 0, "LE": 1}
"""How much more than the number is the least that is counted, or the least that is too much."""
_FEWER: Final = ("LT", "LE")
LISTING: Final = frozenset("ANY_OF ALL_OF OF_FOLLOWING".split())
_WHEN: Final = frozenset("WITHIN LAST PRIOR NUMBER TIMEUNIT BEFORE ANCHOR WEAK_ANCHOR USE".split())
_AMONG: Final = frozenset("HISTORY KNOWN PRESENCE CURRENT DIAGNOSIS OF".split())
_NAMELESS: Final = re.compile(
    r"(?:(?:be|been|had|currently|receiv(?:e|ed|ing)|tak(?:e|en|ing)|us(?:e|ed|ing)|treated with|with)\s+){0,3}"
    r"(?:(?:medical|clinical|exclusion|exclusionary|cardiac|cardiovascular|heart|hepatic|liver|renal|kidney|pulmonary"
    r"|respiratory|neurologic(?:al)?|psychiatric|gastrointestinal|ocular|eye|metabolic|endocrine|h(?:a)?ematologic(?:al)?|infectious"
    r"|dermatologic(?:al)?|skin|autoimmune|laboratory|concomitant)[ /,]*(?:(?:and|or) )?){0,3}"
    r"(?:conditions?|diseases?|disorders?|criteria|events?|illness(?:es)?|abnormalit(?:y|ies)|findings?|symptoms?|infections?"
    r"|medications?|drugs?|treatments?|therap(?:y|ies)|procedures?)?",
    re.IGNORECASE,
)
BEING_GIVEN: Final = re.compile(r"\b(?:receiving|taking|using)\b", re.IGNORECASE)
EVERY: Final = re.compile(r"\b(?:all|both|each|only)\b", re.IGNORECASE)


def denied_at(lead: list[Token], context: Context) -> int | None:
    """Where the negation of a lead-in stands that denies each of its bullets: "must not have any of the following"."""
    at = next((i for i in range(len(lead) - 1, -1, -1) if _denies(lead[i])), None)
    if at is None:
        return None
    after = lead[at + 1 :]
    silent = LISTING | SILENT | _AMONG | _WHEN
    words = " ".join(context.text[t.start : t.end] for t in after if t.type not in silent)
    said = context.text[lead[at].start : lead[-1].end]
    plain = not words or _NAMELESS.fullmatch(f"{words.strip()} ") or _NAMELESS.fullmatch(words.strip())
    ends = all(t.type in SILENT | _VERBS or BEING_GIVEN.fullmatch(context.text, t.start, t.end) for t in after)
    if not plain or EVERY.search(said) or not (ends or any(t.type in LISTING for t in after)):
        return None
    return at


_VERBS: Final = frozenset(("OCCURRED", "USE"))


def _denies(token: Token) -> bool:
    return token.type in _NEGATIONS or token.said == "none"


def denies_listed(lead: list[Token]) -> bool:
    """Whether what "the following" are is denied: "no use of the following drugs that ..."."""
    denied = False
    for token in lead:
        if denied and token.type in LISTING:
            return True
        denied = _denies(token) or (denied and token.type not in ("AND", "OR", "COMMA", "SEMI", "MUST", "CONDITION"))
    return False


def is_number(token: Token, count: int) -> bool:
    """Whether it only says how many bullets follow: "the following three criteria"."""
    return token.type == "NUMBER" and isinstance(token.value, Number) and token.value.value == count


def listing_kinds(lead: Sequence[Token], line: Line, text: str) -> set[str]:
    """The kinds of a lead-in's words, that of "any of" among them where it ends in one that the words hide."""
    kinds = {token.type for token in lead}
    if lead and kinds.isdisjoint(LISTING) and ENDS_IN_ANY_OF.search(text, line.start, line.end):
        kinds.add("ANY_OF")
    return kinds


ALL_OF_THEM: Final = re.compile(r"\b(?:all|both|each)\b", re.IGNORECASE)
