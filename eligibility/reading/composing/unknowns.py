"""Words that no rule takes: a concept of their own, what they tell of somebody, or what is left unread."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, Literal

from eligibility.knowledge.vocabulary import ANY_DRUG, ANY_TREATMENT, Entry, vocabulary
from eligibility.knowledge.words import IN_PARENTHESES, keys
from eligibility.reading.composing.attribute_phrases import BEGINNINGS, NUMBERED, are_attributes, is_attribute
from eligibility.reading.composing.circumstances import circumstance, on_record
from eligibility.reading.composing.judgements import is_left_to_judge, judgement
from eligibility.reading.composing.lengths import holds_length, is_measured, lengths_as
from eligibility.reading.composing.open_phrases import (
    PLURALS,
    PRONOUNS,
    SMALL,
    UNFINISHED,
    as_one_word,
    is_open_phrase,
    is_plain_clause,
    is_unfinished,
)
from eligibility.reading.composing.predicates import tells_of
from eligibility.reading.composing.terms import Composing
from eligibility.reading.composing.times_told import tells_length
from eligibility.reading.drafting.concepts import derived_entry, open_concept, who_has_it
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, unread
from eligibility.reading.lexer import tokenize
from eligibility.reading.lexing.function_words import function_words, phrase_groups
from eligibility.reading.lexing.tokens import NAMED, Token
from eligibility.reading.notes import asks_nothing
from eligibility.reading.patterns import COMPARED, LISTED, PERSONS, just_before
from eligibility.reading.rewriting.abbreviations import unabbreviated
from eligibility.reading.sentences import Tail
from eligibility.rules import (
    Age,
    Allergy,
    Condition,
    Finding,
    Measurement,
    PatientAttribute,
    Rule,
    Sex,
    Span,
    Statement,
    Time,
    Treatment,
)


def of_no_clear_role(here: Composing, main: Draft | None, tail: Tail) -> Draft:
    """The role of the words of a tail is not known: unknown, whatever precedes."""
    words = unread(here.text, tail.start, tail.end)
    if main is None:
        return words
    if _spares_alone(here, tail):
        if here.exclusion and not main.requirement:
            return all_of([main, unread(here.text, tail.start, tail.end, "narrowing")])
        return any_of([main, unread(here.text, tail.start, tail.end, "widening")]).asked(main.requirement)
    return ambiguous([all_of([main, words]), any_of([main, words])], "words whose role is not clear")


def _spares_alone(here: Composing, tail: Tail) -> bool:
    """Whether a tail says who is spared, and nothing more that is asked: "unless the benefit outweighs the risk"."""
    kinds = [kind.type for kind in tail.kinds]
    if kinds not in (["UNLESS"], ["UNLESS", "JUDGED"]) or not any(
        map(str.isalpha, here.text[tail.kinds[-1].end : tail.end])
    ):
        return False
    return _GOES_BEYOND.search(here.low, tail.start, tail.end) is None


_GOES_BEYOND: Final = re.compile(r"[,;]\s*(?:and|or|but|and/or)\b|;|\b(?:must|should)\b|[<>≤≥=]")


def told_in_full(here: Composing, tails: Sequence[Tail], read: Sequence[Draft]) -> Draft | None:
    """ "(Allowed) if the margins were clear and it has not come back": the clause of a condition as it stands, for an
    answer to settle, where some of it is not understood; None where more may be said in it, or facts settle some of it.

    ``tails``: the clause, from the word that begins it to the end of the sentence. ``read``: what of it is understood.
    """
    start, end = tails[0].kinds[0].end, tails[-1].end
    if read and (not any(leaf.wholly_unread for leaf in read) or any(_is_on_record(leaf.rule) for leaf in read)):
        return None
    return one_clause(here.text, start, end)


def told_of_it(here: Composing, words: Draft) -> Draft | None:
    """What the clause that ends a sentence says of what stands before it, for an answer to settle: "that is unlikely to
    respond to existing therapy"; None where it may go on with something else, or is cut off."""
    said = here.text[words.start : words.end]
    if words.rule.kind != "unread" or _OF_WHAT_PRECEDES.match(said) is None:
        return None
    enclosed = here.text[: words.start].rstrip().endswith("(") and here.text[words.end :].lstrip()[:1] == ")"
    alone = enclosed or not (_SAME_AGAIN.match(said) or _JOINED_ON.search(said))
    if not (alone or ("," not in said and _AS_DEFINED.match(said))):
        return None
    return one_clause(here.text, words.start, words.end)


def one_clause(text: str, start: int, end: int) -> Draft | None:
    """The words up to the end of a sentence as what only an answer settles; None where they may be more than a clause,
    or hold a limit."""
    said = text[start:end].strip(" ,.;:")
    if not said or _CLAUSE_CLOSES.match(text, end) is None or said.count("(") != said.count(")"):
        return None
    plain = IN_PARENTHESES.sub(_unless_note, said)
    found = keys(plain)
    if len(found) < _LEAST_TOLD or is_unfinished(found) or _HOLDS_MORE.search(plain) is not None:
        return None
    if is_measured(NUMBERED.sub("numbered", plain)) and not rests_on_no_fact(said):
        return None
    return _as_told(text, said, start)


def rests_on_no_fact(said: str) -> bool:
    """Whether words are whole, and hold nothing that a field of the profile or a fact may settle, and nothing that lets
    in, keeps out or spares: what they say, only an answer tells."""
    return is_one_question(said) and not any(map(_names_something, tokenize(said)))


def is_one_question(said: str) -> bool:
    """Whether words are whole, and hold nothing for which the profile has a field, and nothing that lets in, keeps out
    or spares."""
    if any(said.count(opens) != said.count(closes) for opens, closes in ("()", "[]")):
        return False
    return all(token.type not in _NOT_ALONE for token in tokenize(said))


def _as_told(text: str, said: str, start: int) -> Draft:
    """These words of a text as a statement: what somebody weighs, or what the chart tells."""
    at = text.index(said, start)
    weighed = _WEIGHING.search(said) is not None
    topic: Literal["judgement", "circumstance"] = "judgement" if weighed else "circumstance"
    told = Statement(text=said, topic=topic, who="investigator" if weighed else "chart")
    return Draft(told, at, at + len(said))


def _names_something(token: Token) -> bool:
    """Whether a profile has facts of what it names."""
    return token.type in NAMED and not (
        isinstance(token.value, Entry) and token.value.name in (ANY_DRUG, ANY_TREATMENT)
    )


_NOT_ALONE: Final = frozenset(  # what has a field or a limit of its own, and what is no demand by itself
    "AGE AGE_UNIT_TAIL PREGNANT BREASTFEEDING CONTRACEPTION CONSENT CHILDBEARING NOT_CHILDBEARING FERTILE STERILE"
    " FEMALE MALE ALLERGY ULN LLN GRADE STAGE STAGE_NAME SOMEBODY_ELSE POSITIVE NEGATIVE MUST_NOT EXCLUDED ALLOWED MAY"
    " EXCEPT UNLESS IF BUT INCLUDING ANY_OF ALL_OF OF_FOLLOWING OTHER_CRITERIA REGARDLESS".split()
)


_OF_WHAT_PRECEDES: Final = re.compile(  # how a clause about it begins
    r"\W*(?:i\.?e\b\.?|that|which|who|whose|(?:in|for|of)\s+(?:whom|which)|while|despite|(?:due|secondary|related)\s+to"
    r"|because\s+of|associated\s+with|caused\s+by|resulting\s+(?:from|in)|requiring|(?:as\s+)?(?:determined|assessed|judged"
    r"|documented|confirmed|verified|evidenced|demonstrated|shown|indicated|defined|measured|diagnosed|considered|deemed"
    r"|felt|thought)\s+(?:as|by|to|at|on|within|in|with|during))\b",
    re.IGNORECASE,
)
_JOINED_ON: Final = re.compile(r"[,/]|\b(?:and|or)\b", re.IGNORECASE)
_AS_DEFINED: Final = re.compile(r"\W*(?:as\s+)?defined\s+(?:as|by)\b", re.IGNORECASE)
_SAME_AGAIN: Final = re.compile(r"\W*i\.?e\b", re.IGNORECASE)


def told_besides(here: Composing, tails: Sequence[Tail], condition: Draft) -> Draft | None:
    """As :func:`told_in_full`; where facts settle a part of the condition, and "and" joins all of it, these as well."""
    told = told_in_full(here, tails, condition.innermost())
    if told is not None or condition.rule.kind != "all" or any(part.parts for part in condition.parts):
        return told
    settled = [part for part in condition.parts if not part.wholly_unread]
    clause = here.text[tails[0].kinds[0].end : tails[-1].end]
    if len(settled) == len(condition.parts) or _ALTERNATIVES.search(clause) is not None:
        return None
    told = told_in_full(here, tails, ())
    return all_of([*settled, told]) if told is not None else None


_ALTERNATIVES: Final = re.compile(r"\bor\b|/", re.IGNORECASE)
CLAUSE_GOES_ON: Final = frozenset("NOT NO WITHOUT INCLUDING FOR DUE_TO".split())
"""Which tails of a sentence go on with the clause of a condition before them."""


def _is_on_record(rule: Rule) -> bool:
    """Whether the facts of a profile tell it."""
    if isinstance(rule, Condition | Treatment | Allergy):
        return not rule.concept.open and rule.concept.name not in (ANY_DRUG, ANY_TREATMENT)
    return isinstance(rule, Measurement | Finding | Age | Sex | PatientAttribute)


def _unless_note(parenthesis: re.Match[str]) -> str:
    return " " if asks_nothing(parenthesis[0]) else parenthesis[0]


_LEAST_TOLD: Final = 3
_CLAUSE_CLOSES: Final = re.compile(r"\s*(?:[.;)\]]|$|\n)")
_HOLDS_MORE: Final = re.compile(  # what may be another criterion, a condition in a condition, or a list of them
    r"[;:\[\]\n%]|(?-i:[a-z)]\.\s+[A-Z(])|\b(?:but|however|although|except\w*|unless|other\s+than|if|when|provided"
    r"|as\s+long|times|fold|must|should|shall|(?<!that\s)(?<!which\s)(?:will|may|can)|(?:in)?eligible|exclu\w+|inclu\w+|allowed|permitted|accept(?:able|ed)"
    r"|prohibited|required\s+to|follow(?:s|ing)?|above|below|criteri\w+|note|e\.?g|such\s+as|section|appendix"
    r"|(?:patients|subjects|participants)\s+with)\b|,\s*(?:and\s*/\s*)?or\b",
    re.IGNORECASE,
)
_WEIGHING: Final = re.compile(
    r"\b(?:opinion|judg\w+|investigators?|physicians?|deemed|felt|considered)\b", re.IGNORECASE
)


def unknown(here: Composing, start: int, end: int) -> Draft:
    """Words that no rule takes: a concept of their own if they are few and plain, else unread."""
    text = here.text[start:end].strip(" ,.;:")
    if "(" in text:
        text = " ".join(unabbreviated(PLURALS.sub("", text)).split())
    if is_left_to_judge(here, start, text):
        return judgement(here, start, end)
    whole, another = text, ANOTHER.match(text)
    text = text[another.end() :] if another else text
    if tells_of(here, start, text) and not here.text[:start].rstrip().endswith("("):
        return on_record(here, start, end)
    told = circumstance(here, text, start, end) if another is None and _may_be_told(text) else None
    if told is None and another is None and (then := _without_time(here, text, start)):
        told = circumstance(here, then, start, end)
    weighed = told is not None and isinstance(told.rule, Statement) and told.rule.topic == "judgement"
    if told is not None and (weighed or not function_words(together=True).issuperset(keys(text))):
        return told
    if told is not None and _is_test_not_had(here, text, start):
        return told
    if is_open_phrase(text):
        return _open_condition(here, text, start, end, other=another is not None)
    if _tells_state(here, text, whole, start, end):
        return on_record(here, start, end)
    if tells_length(here, whole, start, end):
        return on_record(here, start, end)
    long = _long_name(here, start, end) if another is None else None
    return long if long is not None else unread(here.text, start, end)


def _tells_state(here: Composing, text: str, said: str, start: int, end: int) -> bool:
    """Whether words say in which state somebody is: "(is) at high risk of relapse"; or, ``said`` in full, what is
    done with something: "(cannot be) discontinued"."""
    been = _BEEN.match(text)
    state = text[been.end() :] if been else text
    denied = just_before(_DENIED, here.low, start)
    if denied is not None and not (_OR_MORE.match(here.low, end) or _CONDITION.search(here.low, 0, denied.start())):
        return _is_state(state) or (said.lower() != "known" and _DONE.fullmatch(said.lower()) is not None)
    if _is_state(state) and (been or _is_of_people(here, start, end)):
        return True
    shown = _COURSE.fullmatch(text.lower()) and just_before(_EVIDENCE, here.low, start)
    if shown and _SPARING.search(here.low, 0, start) is None:
        return True
    return _DONE.fullmatch(said.lower()) is not None and bool(been or just_before(_BEING, here.low, start))


def _open_condition(here: Composing, text: str, start: int, end: int, *, other: bool) -> Draft:
    """A few plain words as a condition of that name; ``other``: they are behind "other"."""
    name, known, time = _framed(text)
    place = _in_an_eye().search(name) if name.lower().endswith(_EYES) else None
    if place is not None and is_open_phrase(name[: place.start()]):
        name = name[: place.start()]
    else:
        place = None
    concept = open_concept(name, kind="condition")
    if not concept.open and who_has_it(name) is None and derived_entry(name, "condition") is None:
        return unread(here.text, start, end)
    rule = Condition(
        concept=concept,
        time=time,
        site=place[1].lower() if place is not None else None,
        known=known,
        other=other,
        studied=here.context.studied if other else (),
    )
    return Draft(rule, start, end, open=(Span(start=start, end=end),) if concept.open else ())


def _framed(text: str) -> tuple[str, bool, Time]:
    """A name without what is said of it as of any name, whether it must be known, and when: "documented evidence of
    scarring", "current vaping"."""
    known, time = False, _UNSTATED
    while (said := _FRAME.match(text)) is not None:
        rest = text[said.end() :]
        if said.lastgroup == "known":
            known = True
        elif not is_open_phrase(rest) or vocabulary().find(rest) is not None:
            break
        text, time = rest, _WHEN.get(said.lastgroup or "", time)
    return text, known, time


_FRAME: Final = re.compile(
    r"(?:(?:an?|any|the)\s+)?(?:(?P<known>known|documented|established|confirmed)|(?P<there>(?:evidence|presence)\s+of)"
    r"|(?P<now>current|ongoing)|(?P<ever>prior(?!\s+to\b)|previous))\s+(?:(?:an?|any|the)\s+)?(?=\w)",
    re.IGNORECASE,
)
_UNSTATED: Final[Time] = "unstated"
_WHEN: Final[dict[str, Time]] = {"now": "now", "ever": "ever"}
_EYES: Final = ("eye", "eyes")


@cache
def _in_an_eye() -> re.Pattern[str]:
    """How a name ends that says of which eye it is: "in the study eye", "of either eye"."""
    eyes = [str(each) for each in phrase_groups()["SITE"] if str(each).endswith(_EYES)]
    longest = sorted(eyes, key=len, reverse=True)
    return re.compile(rf"\s+(?:in|of|affecting)\s+(?:the\s+)?({'|'.join(map(re.escape, longest))})$", re.IGNORECASE)


def _without_time(here: Composing, text: str, start: int) -> str:
    """Words without the time in them, "stable weight for 3 months", where it is that of nothing before them, too."""
    if not holds_length(text) or just_before(LISTED, here.low, start) is not None:
        return ""
    rest = " ".join(lengths_as(" ", text).split())
    return rest if _may_be_told(rest) else ""


def _is_test_not_had(here: Composing, text: str, start: int) -> bool:
    """Whether it is a test by its name alone, which is denied: "no pregnancy test" has been made."""
    name = _ARTICLE.sub("", text.lower())
    return _NOT_HAD.search(here.low, 0, start) is not None and vocabulary().find(name, "measurement") is not None


_NOT_HAD: Final = re.compile(r"\b(?:no|without|lack of|not (?:had|have|having))\s+\Z")
_ARTICLE: Final = re.compile(r"\A(?:an?|any)\s+")


def _may_be_told(text: str) -> bool:
    """Whether words are plain enough for one statement: no sign, no number, no connective, no denial, no result."""
    text = as_one_word(text)
    found = keys(text)
    return is_open_phrase(text) or (len(found) > 1 and RESULTS.isdisjoint(found) and is_plain_clause(found, text))


def _long_name(here: Composing, start: int, end: int) -> Draft | None:
    """A name with attributes, each as plain as one: "active bleeding from the wound" "at the end of surgery"."""
    text = here.text[start:end]
    first, rest = start, text
    for at in [*reversed([m.start() for m in _NAME_ENDS.finditer(text)])]:
        first, rest = start + at, text[at:].strip(" ,.;:")
        name = text[:at].strip(" ,")
        if (is_open_phrase(name) or _COURSE.fullmatch(name.lower())) and are_attributes(
            _COPULA.sub("", rest), enclosed=False
        ):
            break
    else:
        return None
    if _NO_LONG_NAME.search(text) or not PRONOUNS.isdisjoint(keys(text)):
        return None
    if COMPARED.search(text) and holds_length(text):
        return None
    course = _COURSE.fullmatch(here.low, start, first) is not None
    named = (
        _open_condition(here, here.text[start:first], start, first, other=False)
        if course
        else unknown(here, start, first)
    )
    if not isinstance(named.rule, Condition):
        return None
    if not named.rule.concept.open and derived_entry(here.text[start:first].strip(), "condition") is None:
        return None
    if holds_length(rest) and any(token.type == "ANALYTE" for token in tokenize(here.text[start:first])):
        return None  # a length that is the limit of what is measured
    rule = named.rule.model_copy(update={"qualifiers": (rest.lower(),)})
    opened = Span(start=start if rule.concept.open else first, end=end)
    return Draft(rule, start, end, open=(opened,))


RESULTS: Final = frozenset(("positive", "negative"))
"""Words of a result, which is for a rule to hold, not for a name."""
_NO_LONG_NAME: Final = re.compile(  # what is counted, what the profile has a field for, what is no noun
    r"\b(?:at least(?! one (?:eye|side))|at most|more|less|fewer|two|three|four|five|six|seven|eight|nine|ten"
    r"|consent\w*|contracepti\w+|pregnan\w+|positive|negative)\b|^\W*(?:\w+ly\s|\w+(?:ed|ing)\s+(?:by|in|at|on|from|to|with|prior)\b)",
    re.IGNORECASE,
)
_NAME_ENDS: Final = re.compile(rf"(?<=\w)\s+(?=(?:{'|'.join(BEGINNINGS)}|that|which)\b)", re.IGNORECASE)


def _is_state(text: str) -> bool:
    """Whether words say in which state somebody is, not cut off: "at high risk of relapse", not "on a stable"."""
    if _IN_STATE.match(text.lower()) is None:
        return False
    text = lengths_as("then", text)
    said = keys(text)
    return (
        _IN_STATE.match(text.lower()) is not None
        and said[-1] not in UNFINISHED
        and _CUT_OFF.search(text.lower()) is None
        and is_attribute(text)
    )


_IN_STATE: Final = re.compile(
    r"(?:in|at|on|under|off)\s(?!least|most|whom|which|whose|case|order|absence|presence|addition)"
)
_CUT_OFF: Final = re.compile(
    r"(?:[a-z](?:(?<!tri)(?<!hospit)(?<!interv)al|ic|ous|ive|ary|ory|ar|able|ible|ed|current)|as)$"
)  # "in good mental (or ...)"


def _is_of_people(here: Composing, start: int, end: int) -> bool:
    """Whether a state is said of people: "is at risk", "patients at risk", "A, or at risk" where nothing else is so."""
    if just_before(_BEING, here.low, start):
        return True
    said = keys(here.low[start:end])
    if _GOES_ON.match(here.low, end) or _OF_A_TIME.search(here.low, start, end) or len({*said} - SMALL) < _LEAST_SAID:
        return False
    if just_before(_PEOPLE_LAST, here.low, start) or (
        _NOTHING.fullmatch(here.text, 0, start) and _NOTHING.fullmatch(here.text, end)
    ):
        return True
    joint = just_before(_OR_LAST, here.low, start)
    if joint is None:
        return False
    *_, alike = [None, *re.finditer(rf"\b{said[0]}\b", here.low[: joint.start()])]
    return (
        alike is None
        or alike.start() == 0
        or any(just_before(each, here.low, alike.start()) is not None for each in (_BEING, _PEOPLE_LAST))
    )


_NOTHING: Final = re.compile(r"[\W\d]*")
_LEAST_SAID: Final = 2  # "in care", "on dual" may be cut off
_GOES_ON: Final = re.compile(r"\s*(?:-|–|(?:for|of|to|with)\b)")
_OF_A_TIME: Final = re.compile(
    r"\b(?:(?:any|some|that|this|same|the)\s?times?|moments?|da(?:y|te)s?|visits?|weeks?|months?|years?|baseline|screening|past|end)\b"
)
_DONE: Final = re.compile(  # what is done with something, where no name stands beside it
    r"(?:safely\s+|adequately\s+|fully\s+|routinely\s+)*(?:discontinued|stopped|interrupted|withheld|switched|initiated|administered"
    r"|performed|obtained|completed|evaluated|evaluable|assessed|measured|measurable|available|treated|resected|removed|corrected|known"
    r"|reversed|avoided|replaced|reduced|established)"
)
_BEING: Final = re.compile(r"\b(?:be|is|are|was|were|being|been|remain|remains|currently)\s+$")
_DENIED: Final = re.compile(r"\b(?:is|are|was|were)\s+not\s+$")
_OR_MORE: Final = re.compile(r"\s*,?\s*(?:and|or|and/or|but)\b|\s*/")  # "is not available, or has failed"
_CONDITION: Final = re.compile(r"\b(?:if|when|where|unless)\b[^.;:\n]*\Z")
_SPARING: Final = re.compile(r"\b(?:except\w*|unless|other than|excluding|exclusion of)\b[^.;\n]*\Z")
_COURSE: Final = re.compile(r"(?:disease\s+)?(?:recurrences?|relapses?|progression)")
_EVIDENCE: Final = re.compile(r"\b(?:evidence|signs?|suspicion|documentation)\s+(?:of|for)\s+(?:an?\s+|any\s+)?$")
_BEEN: Final = re.compile(r"(?:ha(?:ve|s|d)\s+)?been\s+", re.IGNORECASE)
_PEOPLE_LAST: Final = re.compile(rf"\b(?:{PERSONS}|those|(?:wo)?men|(?:fe)?males?|adults|children)\s+$")
_OR_LAST: Final = re.compile(r"\bor\s+$")
_COPULA: Final = re.compile(  # "that is felt to be" "discordant with imaging"
    r"(?:that|which)\s+(?:is|are|was|were|(?:has|have) been)\s+"
    r"(?:(?:felt|thought|considered|judged|deemed|known|found)\s+)?(?:to be\s+)?",
    re.IGNORECASE,
)
ANOTHER: Final = re.compile(r"(?:(?:any|all|some|the|of)\s+)*(?:an)?other\s+(?=\w)", re.IGNORECASE)
"""Words before the name of something that is another one of its kind."""
