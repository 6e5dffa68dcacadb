"""Who takes part in studies: in any other one, which is on record like a treatment, or in one of which more is said."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.composing.terms import StatementRead
from eligibility.reading.drafts import Draft
from eligibility.reading.judging import clause_of_judgement_in
from eligibility.reading.lexing.tokens import JOINTS, WHO, Token
from eligibility.rules import Statement

__all__ = ["taking_part"]

_TAKES_PART: Final = (
    r"(?:participat(?:ion|ing|ed|es?)|participants?(?=\s+in\s+(?:an)?other\b)|enrol(?:l?ments?|l?ed|l?ing|l?s?)|tak(?:es?|ing|en)\s+part|took\s+part|involve(?:ment|d)"
    r"|inclu(?:sion|ded)|entered|randomi[sz]ed|treat(?:ment|ed)(?=\s+(?:on|in|within)\s+(?:an)?other\b))"
)
_LATELY: Final = (
    r"(?:\s+(?:with)?in\s+the\s+(?:last|past|previous)\s+[\w-]+(?:\s+\([\d]+\))?\s+(?:days?|weeks?|months?|years?))?"
)
_IN: Final = (
    rf"(?:\s+(?:concurrently|simultaneously|currently|previously|recently))?(?P<lately>{_LATELY})"
    r"\s+(?:in|into|on|onto|to|with(?:in)?)\s+"
)
_ANY: Final = (
    r"(?:(?:an?|any|another|others?|one\s+or\s+more|one|some|several|additional|different|separate|further|second|all|type|kind|of|"
    r"(?P<now>concurrent(?:ly)?|simultaneous|parallel|ongoing|current|active)|(?P<before>previous|prior|recent|past|earlier)|"
    r"clinical|interventional|intervention|investigational|experimental|research|scientific|therapeutic|treatment|therapy|drugs?|"
    r"medications?|medical|medicinal|medicine|products?|devices?|pharmaceutical|pharmacological|pharmacologic|biomedical|new|"
    r"randomi[sz]ed|controlled|and/or|or|similar|competing|formal)(?:\s+|/))"
)
_STUDY: Final = (
    r"(?:trial|trail|study|studies|protocol|research|experiment|investigation)s?\b"
    r"(?:\s+(?:trials?|stud(?:y|ies)|projects?|protocols?)\b)?"
)
_NEW: Final = (
    r"(?:investigational|experimental|unlicensed|unapproved|unregistered|non-?approved|unmarketed|new|IND|IMPs?|IPs?)"
)
_THING: Final = (
    r"(?:agents?|drugs?|products?|devices?|medications?|medicines?|compounds?|therap(?:y|ies)|treatments?|interventions?|"
    r"substances?|biologics?)"
)
_OF_SOMETHING_NEW: Final = (  # of, or with, what any study may be of
    r"(?:\s+(?:(?:in\s+which\s+)?(?:of|with|involving|using|testing|evaluating)|that\s+(?:involves?|uses?))\s+"
    r"(?:(?:an?|any|another|other|the|use|administration|of)\s+)*"
    rf"(?:(?:{_NEW}\s+)?(?:(?:new|study|medical|medicinal|pharmaceutical|drug|device|or|and/or|/)\s*)*{_THING}|IMPs?|IPs?|INDs?)\b"
    rf"(?:\s*\((?:IP|IMP|IND)\))?(?:\s*(?:,|or|and/or|/)+\s*(?:an?\s+|other\s+)?(?:{_NEW}\s+)?(?:medical\s+)?{_THING}\b)*)?"
    r"(?:\s+(?:with|of)\s+(?:an?\s+)?(?:therapeutic|curative|treatment|interventional)\s+(?:intent(?:ion)?|purpose|nature)s?\b)?"
)
_PLANS: Final = (
    r"(?P<plans>(?:plan(?:s|ning|ned)?|intend(?:s|ing|ed)?|schedul(?:ed|ing)|expect(?:s|ed|ing)?|about|going)\s+to\s+)?"
)
_ANY_STUDY: Final = re.compile(
    rf"{_PLANS}(?:being\s+)?(?P<verb>{_TAKES_PART}){_IN}(?P<study>{_ANY}+{_STUDY}|(?:trials|studies)\b){_OF_SOMETHING_NEW}",
    re.IGNORECASE,
)
_TIME_WORDS: Final = r"(?:within|before|prior|after|during|since|from|until|following|with|for|because|due)\b"
_NOT_OF_IT: Final = r"(?:visits?|drugs?|treatments?|medications?|procedures?|agents?|eyes?|sites?|staff)\b"
_SOME_STUDY: Final = re.compile(
    rf"{_PLANS}{_TAKES_PART}{_IN}(?:(?!{_TIME_WORDS})[\w()'’/-]+\s+){{0,9}}?(?:{_STUDY}(?!\s+{_NOT_OF_IT}){_OF_SOMETHING_NEW}|(?:program(?:me)?s?|regist(?:ry|ries)|surveys?)\b)",
    re.IGNORECASE,
)
_THIS_STUDY: Final = re.compile(r"\s(?:in|into|on|onto)\s+(?:this|the)\s+[\w-]+$", re.IGNORECASE)
_FIRST_WORDS: Final = frozenset("par enr tak too inv inc ent ran pla int sch exp abo goi bei tre".split())
_NO_MORE_SAID: Final = frozenset(  # what may stand behind a study of which nothing is said but that it is another one
    "DOT COMMA SEMI AND OR ANDOR SLASH LPAR RPAR EXCEPT UNLESS IF IS MUST MUST_NOT JUDGED EXCLUDED ALLOWED INCLUDING "
    "FILLER NUMBER WITHIN BEFORE AFTER FOR_TIME AT_ANCHOR FROM LAST STUDY_TIME SINCE LE LT GE GT UNTIL PRIOR CURRENT "
    "AGO FOR DUE_TO".split()
)
_JUDGED_STUDY: Final = re.compile(r"\s+(?:judged|deemed|considered|thought|that)\b", re.IGNORECASE)
_PAST: Final = re.compile(r"participated|took\s+part|taken\s+part", re.IGNORECASE)
_EARLIER: Final = frozenset(("previously", "prior", "previous", "formerly", "earlier", "already"))
_BEFORE: Final = frozenset(
    "PERSON IS COMMA AND OR ANDOR NOT NO WITHOUT MUST MUST_NOT PRIOR CURRENT PLANNED HISTORY KNOWN FILLER SEMI COLON "
    "SLASH MAY EITHER".split()
)
_FRAMES: Final = frozenset("PRIOR CURRENT PLANNED HISTORY KNOWN".split())
_ENDS: Final = frozenset(
    "AND OR ANDOR COMMA SEMI DOT COLON EXCEPT UNLESS IF LPAR RPAR MUST MUST_NOT ALLOWED EXCLUDED INCLUDING JUDGED "
    "REGARDLESS "
    "NOT NO WITHOUT".split()
)
_TIMES: Final = frozenset(
    "NUMBER WITHIN BEFORE AFTER FOR_TIME AT_ANCHOR FROM LAST STUDY_TIME SINCE LE LT UNTIL".split()
)


def taking_part(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with taking part in any other study as one name, and in a certain one as a statement."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        begins = text[token.start : token.start + 3].lower() in _FIRST_WORDS
        if not begins or not _may_begin(found, text, token.start):
            found.append(token)
            index += 1
            continue
        if (read := _ANY_STUDY.match(text, token.start)) is not None and _is_any(tokens, read.end()):
            end = _after(tokens, read.end())
            lately = [t for t in tokens[index:end] if read.start("lately") <= t.start < read.end("lately")]
            if found and found[-1].type == "WORD" and found[-1].said == "already":
                found.pop()
            found += [*_any_study(read), *lately]
            index = end
        elif (read := _SOME_STUDY.match(text, token.start)) is not None:
            end = _after(tokens, read.end())
            if found and found[-1].type in WHO and _THIS_STUDY.search(read[0]) and _is_asked(tokens[end : end + 1]):
                found.append(Token("FILLER", read[0].lower(), token.start, read.end()))
                index = end
                continue
            end = _clause_end(tokens, end, judged=_JUDGED_STUDY.match(text, read.end()) is not None)
            start = len(found)
            while start and (found[start - 1].type in _FRAMES or found[start - 1].said in _EARLIER):
                start -= 1
            first = found[start].start if start < len(found) else token.start
            said = Statement(text=text[first : tokens[end - 1].end], topic="participation")
            del found[start:]
            found.append(
                Token("FACT", StatementRead(Draft(said, first, tokens[end - 1].end)), first, tokens[end - 1].end)
            )
            index = end
        else:
            found.append(token)
            index += 1
    return found


def _may_begin(found: list[Token], text: str, start: int) -> bool:
    """Whether a clause begins here, and no clause of what hinders somebody goes on: "prevents consenting or ..."."""
    if not found:
        return True
    if found[-1].type in JOINTS and clause_of_judgement_in(text[found[0].start : start]) is not None:
        return False
    return found[-1].type in _BEFORE or found[-1].said in _EARLIER


def _is_any(tokens: list[Token], end: int) -> bool:
    """Whether nothing is said of a study that ends here, so that it may be any."""
    at = _after(tokens, end)
    return at == len(tokens) or (tokens[at].type in _NO_MORE_SAID and tokens[at].said != "with")


def _after(tokens: list[Token], end: int) -> int:
    """The first token that begins behind a place."""
    return next((i for i, token in enumerate(tokens) if token.start >= end), len(tokens))


def _any_study(read: re.Match[str]) -> list[Token]:
    start, end = read.start("verb"), read.end() if not read["lately"] else read.end("verb")
    past = read["before"] or _PAST.match(read["verb"])
    when = "PLANNED" if read["plans"] else "CURRENT" if read["now"] else "PRIOR" if past else None
    frame = [Token(when, when.lower(), read.start(), start if read["plans"] else read.start())] if when else []
    return [*frame, Token("TREATMENT", _other_study(), start, end)]


@cache
def _other_study() -> Entry:
    entry = vocabulary().entry("treatment", "participation in another clinical trial")
    assert entry is not None
    return entry


def _is_asked(after: list[Token]) -> bool:
    """Whether something is asked of those who take part: "patients enrolled in this study must"."""
    return bool(after) and after[0].type in ("MUST", "MUST_NOT", "WILLING")


_OF_EITHER: Final = [["TREATMENT", joint, "TREATMENT"] for joint in ("OR", "ANDOR", "SLASH")]


def _clause_end(tokens: list[Token], at: int, *, judged: bool) -> int:
    """Where what is said of a certain study ends; a further time, drug, or what is judged of it, goes on with it."""
    while at < len(tokens):
        if judged and tokens[at].type not in ("DOT", "SEMI"):
            at += 1
            continue
        if tokens[at].type in _ENDS:
            after = next((t for t in tokens[at + 1 :] if t.type not in ("AND", "OR", "FILLER")), None)
            timed = tokens[at].type in ("AND", "OR", "ANDOR", "COMMA") and after is not None and after.type in _TIMES
            around = [t.type for t in tokens[at - 1 : at + 2]]
            examples = "INCLUDING" in (
                tokens[at].type,
                after.type if after is not None and tokens[at].type == "COMMA" else "",
            )
            if not (timed or examples or around in _OF_EITHER):
                break
        at += 1
    return at
