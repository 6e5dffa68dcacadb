"""Contraception: what is asked, and what only names it."""

from __future__ import annotations

import re
from typing import Final

from eligibility.reading.context import Context
from eligibility.reading.drafts import all_of, negated, unread
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import any_word
from eligibility.reading.stating.facts import as_fact, attribute_asked, placed
from eligibility.rules import Statement

__all__ = [
    "GIVEN_UP",
    "agreed_to",
    "asks_more",
    "clause_of_contraception",
    "contraception_asked",
    "follows_another_wish",
    "is_of_another",
    "is_prevented",
    "methods_behind",
    "names_methods",
    "names_only_its_time",
]


def is_prevented(tokens: list[Token]) -> bool:
    """Whether it is a pregnancy and how it is prevented: "(not) expect to conceive by using contraception"."""
    by = next((i for i, t in enumerate(tokens) if str(t.value) in ("by", "through", "by using")), None)
    return tokens[0].type == "INTENT" and by is not None and any(t.type == "CONTRACEPTION" for t in tokens[by:])


_CLAUSE_ENDS: Final = frozenset(
    "MUST MUST_NOT AND OR COMMA SEMI FEMALE MALE CHILDBEARING NOT_CHILDBEARING FACT COLON NOT NO LPAR IF UNLESS EXCEPT "
    "PREGNANT BREASTFEEDING PERSON WITHOUT MAY".split()
)


def clause_of_contraception(found: list[Token]) -> int:
    """Where the clause of a contraception begins: after the last connective, requirement or group of people."""
    at = len(found)
    while at and found[at - 1].type not in _CLAUSE_ENDS:
        at -= 1
    return at


def asks_more(tokens: list[Token]) -> bool:
    """Whether something else is asked before it: "agree to a pregnancy test and to contraception"."""
    first = next(i for i, token in enumerate(tokens) if token.type == "CONTRACEPTION")
    joint = next((i for i in range(first) if tokens[i].type == "AND"), 0)
    return any(t.type in ("CONDITION", "TREATMENT", "ANALYTE") for t in tokens[1:joint])


def follows_another_wish(tokens: list[Token], context: Context) -> bool:
    """Whether something else is wished, or can be, and contraception is not used, or only said to be used meanwhile:
    "planning a pregnancy, or unwilling to use contraception"."""
    at = next(i for i, token in enumerate(tokens) if token.type == "CONTRACEPTION")
    start = next((i for i, token in enumerate(tokens) if token.type != "WORD"), 0)
    if tokens[start].type in _DENYING or is_prevented(tokens):
        return False
    if any(token.type in _DENYING for token in tokens[start + 1 : at]):
        return True
    wished = tokens[start].type == "INTENT"
    return wished and (
        any(token.type in ("NOT", "NO", "WITHOUT") for token in tokens[start:at])
        or _CHILD.search(context.low, tokens[start].start, tokens[at].start) is not None
    )


_DENYING: Final = frozenset(("UNABLE", "UNWILLING"))
_CHILD: Final = re.compile(r"pregnan|concei|\bconception|\bchild|\bfather\b|reproduc")
GIVEN_UP: Final = re.compile(
    any_word("discontinu", "stop", "ceas", "interrupt", "abandon")
    + r"\w*\s+(?:\w+\s+){0,4}(?:contracepti|birth control)",
    re.IGNORECASE,
)


_ITS_TIME: Final = re.compile(  # not where it is asked of people: "women for whom contraception is required"
    any_word("time", "frame", "timeframe", "period", "phase", "window", "interval", "days", "weeks", "months")
    + r"\s+(?:(?:in|during|for|over|throughout)\s+which|when|where)\s+(?:\w+\s+){0,4}$",
    re.IGNORECASE,
)


def names_only_its_time(tokens: list[Token], context: Context) -> bool:
    """Whether contraception only says which time is meant: "pregnancy in the period in which it is required"."""
    at = next(t for t in tokens if t.type == "CONTRACEPTION")
    return _ITS_TIME.search(context.text, tokens[0].start, at.start) is not None


def contraception_asked(tokens: list[Token], context: Context) -> Token:
    """The tokens of a clause about contraception as one fact."""
    start, end = tokens[0].start, tokens[-1].end
    at = next(i for i, t in enumerate(tokens) if t.type == "CONTRACEPTION")
    before = tokens[:at]
    if any(t.type == "NOT" for t in tokens[at:]):
        return as_fact(unread(context.text, start, end))  # "contraception requirements do not apply to ..."
    about_another = is_of_another(tokens) or names_only_its_time(tokens, context)
    if about_another or not all(_practised(t) for t in before):
        return as_fact(placed(Statement(text=context.text[start:end], topic="willingness"), start, end))
    return agreed_to(tokens, context, False)


def is_of_another(tokens: list[Token]) -> bool:
    """Whether somebody else is named, but as a method: "contraception (the pill; a vasectomized partner)"."""
    at = next((i for i, t in enumerate(tokens) if t.type == "CONTRACEPTION"), len(tokens))
    opened = next((i for i in range(at, len(tokens)) if tokens[i].type == "LPAR"), len(tokens))
    closed = next((i for i in range(opened, len(tokens)) if tokens[i].type == "RPAR"), len(tokens))
    outside = [*tokens[:opened], *tokens[closed:]]
    return any(
        token.type == "SOMEBODY_ELSE" and not (i and outside[i - 1].said.startswith(("vasectomi", "sterili")))
        for i, token in enumerate(outside)
    )


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


def agreed_to(tokens: list[Token], context: Context, denied: bool) -> Token:
    """Contraception, and apart from it what it does not cover: donating sperm or eggs."""
    start, end = tokens[0].start, tokens[-1].end
    named = next((t.end for t in tokens if t.type == "CONTRACEPTION"), end)
    if not denied and _OF_SOME.match(context.text, named, end):
        return as_fact(unread(context.text, start, end))  # whom it is asked of, where they are not understood
    at = next((i for i, t in enumerate(tokens) if t.type == "AND" and _donation(tokens[i + 1 :], context)), None)
    if at is None or not any(t.type == "CONTRACEPTION" for t in tokens[:at]):
        return as_fact(attribute_asked("contraception", start, end, denied))
    first = attribute_asked("contraception", start, tokens[at - 1].end, False)
    begin = tokens[at + 1].start
    second = placed(Statement(text=context.text[begin:end], topic="willingness"), begin, end)
    both = all_of([first, second])
    return as_fact(negated(both) if denied else both)


_OF_SOME: Final = re.compile(
    r"(?:\s+(?:methods?|measures?|means))?\s*[,(]?\s*(?:(?:for|in|by)\s+)?(?!both\b)(?:all\s+|the\s+)?(?:non-?\s?sterile\s+|fertile\s+)?"
    r"(?:males?|females?|wom[ae]n|m[ae]n|(?<=fertile\s)\w+|(?:patients|subjects|participants)\s+(?:of|with)\s+(?:child|repro))\b",
    re.IGNORECASE,
)
_METHOD: Final = re.compile(
    r"abstinen|condom|diaphragm|\bcaps?\b|spermicid|intra-?\s?uterine|\bIU[DSC]s?\b|contracepti|birth control|steril"
    r"|vasectom|ligation|hysterectom|oophorectom|implant|inject|\bpills?\b|\brings?\b|\bpatch|hormon|barrier|progest|o?estr(?:ogen|adiol)"
    r"|sponge|levonorgestrel|etonogestrel|medroxyprogesterone|tubal|occlusion|rhythm|withdrawal|sole partner",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(
    r"\b(?:must|should|agree\w*|requir\w*|unless|(?:un)?willing\w*|exclu\w*|eligible|prohibited|negative|refrain\w*"
    r"|pregnancy tests?|donat\w+|considered)\b",
    re.IGNORECASE,
)
_OF_METHODS: Final = (
    r"(?:(?:[\w/,-]+\s+){0,6}?(?:contracepti(?:on|ves?)|birth\s+control)(?:\s+(?:methods?|measures?|forms?|means|options?))?"
    r"|(?:(?:these|such|acceptable|accepted|adequate|effective|highly|medically|approved|permitted|allowed|reliable|appropriate)"
    r"\s+)+(?:methods|measures|forms)|(?:the\s+)?following\s+(?:methods|forms|measures|means))(?:\s+\([^()]*\))?"
)
_METHODS_ARE: Final = re.compile(
    r"\W*(?:(?:please\s+)?note(?:\s+that)?\W+)?(?:for\s+(?:fe)?male\s+(?:subjects|patients|participants),?\s+)?"
    r"(?!(?:\w+\s+){0,5}?(?:who|not|no|if|using|use|without|second|additional|they|he|she)\b)"
    + _OF_METHODS
    + r"\s+(?:(?:may|can|could|would)\s+)?(?:include[sd]?\b|comprises?\b|consists?\s+of\b|means?\b"
    r"|(?:is|are|was|were|be)(?:\s*:\s*|\s+)"
    r"(?!not\b|requir|allow|permit|prohib|recommend|need|mandat|in\s+place|being|also|used|to\s+be|an?\s+exception|suffic|advis"
    r"|encourag|contraind))",
    re.IGNORECASE,
)


def names_methods(text: str, start: int, end: int) -> bool:
    """Whether a sentence, with what is listed under it, only says what counts as contraception: "Acceptable methods of
    contraception include ...", and asks for nothing else."""
    return _METHODS_ARE.match(text, start, end) is not None and _ASKS.search(text, start, end) is None


def methods_behind(tokens: list[Token], colon: int, text: str) -> int:
    """Where the methods end that are listed between semicolons behind contraception and a colon; ``colon`` where none
    are."""
    end = begin = colon + 1
    for at in range(begin, len(tokens) + 1):
        if at < len(tokens) and tokens[at].type != "SEMI":
            continue
        item = (tokens[begin].start, tokens[at - 1].end) if begin < at else (0, 0)
        if _METHOD.search(text, *item) is None or _ASKS.search(text, *item) is not None:
            break
        begin, end = at + 1, at
    return end if end > colon + 1 else colon


def _donation(tokens: list[Token], context: Context) -> bool:
    return bool(tokens) and "donat" in context.text[tokens[0].start : tokens[-1].end].lower()
