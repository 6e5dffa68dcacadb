"""Words, clauses and phrases at the end of a list that may be about each of its names."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from eligibility.knowledge.attributes import is_method
from eligibility.knowledge.vocabulary import ANY_DRUG, Entry, vocabulary
from eligibility.reading.composing.judgements import is_generic, judged_clause
from eligibility.reading.composing.qualifying import ends_name, is_of_qualifier
from eligibility.reading.composing.terms import Composing, Item, StatementRead, is_person
from eligibility.reading.drafts import Draft, unread
from eligibility.reading.patterns import OR_AT, any_word, just_before
from eligibility.reading.phrases import Measured, Noun
from eligibility.rules import Statement

_RELATIVE: Final = re.compile(any_word("which", "that", "who") + r"\b")
_RELATIVE_ANYHOW: Final = re.compile(r"\b(?:which|that|who)\b", re.IGNORECASE)


def share_clauses(here: Composing, items: list[Item], separators: list[str]) -> None:
    """Unknown words with a relative clause may be about each name before them: "A, B or some C that is active"."""
    for index, item in enumerate(items):
        opened = isinstance(item.core, Noun) and not item.core.head.names
        if opened and index and _ANOTHER.match(here.text, item.start):
            clause, relative = (found.search(here.text, item.start, item.end) for found in (_EFFECT, _RELATIVE_ANYHOW))
            for earlier in items[:index]:
                # "cardiac or other disease that limits exercise": the head is said once, with its clause
                said = clause or (relative if earlier.elided else None)
                if said is not None and isinstance(earlier.core, Noun) and not earlier.beside:
                    _share(here, earlier, items[index - 1], unread(here.text, said.start(), item.end, "narrowing"))
            continue
        if item.words is None or not (item.core is None or item.unclear):
            continue
        clause = _RELATIVE.search(here.low, item.start, item.words.end)
        if clause is None:
            continue
        generic = is_generic(here.text[item.words.start : item.words.end])
        beside = index and separators[index - 1] in ("SLASH", "OR") and not _ANY.match(here.text, item.words.start)
        first = index - 1 if generic and beside else index if generic else _behind_statement(items[:index])
        elided = [earlier for earlier in items[:first] if earlier.elided] if generic and first else []
        end = max(item.words.end, item.core_end if isinstance(item.core, Noun) else 0)
        for earlier in (
            *elided,
            *items[first:index],
        ):  # "..., or illness/social situations that would limit compliance"
            if isinstance(earlier.core, Noun) and not earlier.beside and not _of_the_same(earlier, item):
                _share(here, earlier, items[index - 1], unread(here.text, clause.start(), end, "narrowing"))


def _share(here: Composing, earlier: Item, before: Item, words: Draft) -> None:
    """Give a name the words behind a later one. What somebody has to judge of "any other disease that would ..." may be
    said of that alone. ``before``: what stands before the later name."""
    named_whole = not (earlier.elided or earlier.shares_head)
    judged = judged_clause(here, words) if named_whole and _OR_ANY.match(here.low, before.end) else words
    if judged is words:
        earlier.shared = [words]
    else:
        earlier.beside_or_not = judged


_OR_ANY: Final = re.compile(r"\W*(?:and/or|and|or)\s+(?:(?:has|have|with|in)\s+)?(?:any|an?other|other)\b")


def _of_the_same(earlier: Item, item: Item) -> bool:
    """Whether a clause is about what is named before it: "bleeding, or a condition that carries a risk of bleeding"."""
    first, second = earlier.core, item.core
    if not isinstance(first, Noun) or not isinstance(second, Noun) or not first.head.names:
        return False
    return [name.value for name in first.head.names] == [name.value for name in second.head.names]


_ANY: Final = re.compile(r"(?:any|an?other|presence\s+of)\b", re.IGNORECASE)
_ANOTHER: Final = re.compile(r"(?:any\s+)?other\b", re.IGNORECASE)
_EFFECT: Final = re.compile(  # "pain, or other disorders precluding participation"
    r"\b(?:preclud|prevent|interfer|limit|impair|compromis|affect|contraindicat)ing\b", re.IGNORECASE
)


def share_last_phrases(here: Composing, items: list[Item], separators: list[str]) -> None:
    """Phrases beside the last name of a list may be about all of its names; beside another, of what a slash joins."""
    for index, (item, after) in enumerate(pairwise(items)):
        if separators[index] != "SLASH" or not after.also or is_person(after) or after is items[-1]:
            continue
        also = after.also[0]
        if isinstance(item.core, Noun) and not item.beside and not item.also and not isinstance(also, StatementRead):
            item.shared = [unread(here.text, also.start, also.end, "narrowing")]
    at = len(items) - 1
    while at > 1 and _goes_on(items[at - 1], items[at]):
        at -= 1  # "type 1 or type 2 diabetes with A > 8 or B > 160", "asthma or COPD requiring A or B"
    while at > 1 and items[at - 1].also and _ANEW.fullmatch(here.low, items[at - 1].end, items[at].start):
        at -= 1  # "metastatic or unresectable tumor that is refractory to A, or has relapsed after B"
    last = items[at]
    if len(items) < 2 or not last.also or not isinstance(last.core, Noun) or is_person(last):
        return
    other = last.also[0]
    if isinstance(other, Measured) and _is_score(other) and not _scored_with(here, items[at - 1], last, other):
        return  # "stroke, or heart failure NYHA class III": of the heart failure alone
    begin = other.draft.start if isinstance(other, StatementRead) else other.start
    for item in items[:at]:
        if not isinstance(item.core, Noun) or item.beside or item.also or _named_again(item, last):
            continue
        if last.beside or last.groups:
            item.shared = [unread(here.text, begin, last.end, "narrowing")]
        else:
            item.perhaps = last


def _goes_on(item: Item, after: Item) -> bool:
    """Whether the second is one more of what stands beside the first, and so may be about it, too."""
    if after.also or after.negations:
        return False
    if after.doubted is not None:
        return isinstance(after.core, Measured)
    beside, noun = item.also[-1] if item.also else None, after.core
    if not isinstance(beside, Noun) or beside.kinds != {"TREATMENT"} or item.negations:
        return False
    return noun.kinds <= {"TREATMENT"} if isinstance(noun, Noun) else noun is None and after.words is not None


_ANEW: Final = re.compile(r"\W*(?:and|or)\s+(?:who\s+|that\s+)?(?:has|have|had|is|are|was|were)(?:\s+been)?\s*")


def _named_again(item: Item, last: Item) -> bool:
    """ "Neuropathy of grade 3, or neuropathy of grade 2 with pain": what is named anew has what is said behind it."""
    return _of_the_same(item, last) and not item.elided and item.core_end != last.core_end


def _is_score(read: Measured) -> bool:
    """Whether it is the class or score of the disease beside which it stands."""
    return all(isinstance(t.value, Entry) and t.value.facts.get("type") == "score" for t in read.analytes)


def _scored_with(here: Composing, item: Item, last: Item, score: Measured) -> bool:
    """ "Ischemic or nonischemic cardiomyopathy with NYHA class III": whether a class may be that of either."""
    if "," in here.text[item.end : last.start] or not just_before(_WITH, here.low, score.start):
        return False
    nouns = [each.core for each in (item, last) if isinstance(each.core, Noun)]
    names = [name.value for noun in nouns for name in noun.head.names]
    return len(nouns) == len((item, last)) and all(
        isinstance(name, Entry) and vocabulary().is_a("condition", name.name, "heart disease") for name in names
    )


_WITH: Final = re.compile(r"\bwith\s+\Z")


def share_words(here: Composing, items: list[Item]) -> None:
    """Unread words beside the last name, or in a relative clause, may be about the names before it, too."""
    for index, item in enumerate(items):
        if not index or not item.beside or item.core is None or item.unclear or _seen_alone(here, item):
            continue
        if here.excepting and is_of_qualifier(here, item):
            continue  # "(except) A or B controlled by diet"
        if _is_attested(item) and ends_name(here, item.core_end, item.beside[-1]):
            continue  # "claustrophobia or a contraindication to MRI scanning"
        if _others_to_bear(item) or _is_own_level(here, item) or OR_AT.match(here.low, item.beside[-1].start):
            continue
        if (
            index == len(items) - 1
            or ("," in here.text[item.end : items[index + 1].start] and "," not in here.text[items[0].start : item.end])
            or _RELATIVE.match(here.low, item.beside[-1].start)
            or _RELATIVE.search(here.low, item.core_end, item.beside[-1].start)
        ):
            of_class = _is_of_class(here, item)
            for earlier in items[_behind_statement(items[:index]) : index]:
                if of_class and not (earlier.elided or _names_class(here, earlier)):
                    continue
                if _is_test(item) and _is_given(earlier) and is_method(here.text[item.beside[-1].start : item.end]):
                    continue  # "treated with antivirals and negative viral load by PCR"
                if isinstance(earlier.core, Noun) and not earlier.beside and not earlier.shared:
                    _share(here, earlier, items[index - 1], item.beside[-1])


def _is_test(item: Item) -> bool:
    return isinstance(item.core, Noun) and item.core.kinds == {"ANALYTE"}


def _is_given(item: Item) -> bool:
    return isinstance(item.core, Noun) and item.core.kinds == {"TREATMENT"}


def _is_attested(item: Item) -> bool:
    """Whether only an answer can settle it: a statement, a contraindication."""
    noun = item.core
    return not isinstance(noun, Noun) or any(token.type == "CONTRAINDICATION" for token in noun.before)


def _behind_statement(items: list[Item]) -> int:
    """Where what is named begins anew behind what somebody is unable to do: "nausea, inability to swallow or a bowel
    resection that precludes absorption" tells of the resection what it may do."""
    last = (i for i in range(len(items) - 1, -1, -1) if _is_inability(items[i]))
    return next(last, -1) + 1


def _is_inability(item: Item) -> bool:
    said = item.core.draft.rule if isinstance(item.core, StatementRead) else None
    return isinstance(said, Statement) and said.topic == "ability"


def _is_of_class(here: Composing, item: Item) -> bool:
    """Whether the words behind a class of things say which are meant of it, and of nothing that is named besides."""
    at = item.beside[-1].start
    known, relative = _KNOWN_TO.match(here.low, at), _RELATIVE.match(here.low, at)
    noun = item.core
    drugs = isinstance(noun, Noun) and _DRUGS.search(here.text, noun.start, noun.head.end) is not None
    if drugs and isinstance(noun, Noun) and noun.has("OTHER") and _DOES.match(here.low, at):
        return True  # "aspirin or other drugs that affect coagulation": as aspirin does
    return (known is not None and _names_class(here, item)) or (relative is not None and drugs)


_DOES: Final = re.compile(  # what a drug does, whoever takes it
    r"\W*(?:(?:that|which)\s+)?(?:(?:are|is|may|can|could|might|would|known|likely|also|to|significantly|potentially)\s+)*"
    r"(?:affect|influenc|inhibit|induc|prolong|alter|interfer|caus|increas|decreas|reduc|lower|suppress|modif|modulat|impair"
    r"|stimulat|promot|act)(?:e?s|ing|y|ies|e)?\b"
)


def _names_class(here: Composing, item: Item) -> bool:
    """Whether it is called a class of things, of which words behind it say which are meant: "aspirin or drugs known to
    cause bleeding"."""
    noun = item.core
    if not isinstance(noun, Noun):
        return False
    called = [name.value.name for name in noun.head.names if isinstance(name.value, Entry)]
    return any(map(_CLASS.search, (*called, here.text[noun.start : noun.head.end])))


_KNOWN_TO: Final = re.compile(r"(?:which\s+are\s+|that\s+are\s+)?known to\b")
_DRUG_WORDS: Final = r"drugs?|medications?|medicines?|agents?|substances?|products?|compounds?|supplements?"
_DRUGS: Final = re.compile(rf"\b(?:{_DRUG_WORDS})\Z", re.IGNORECASE)
_CLASS: Final = re.compile(
    rf"\b(?:{_DRUG_WORDS}|therap(?:y|ies)|treatments?|disorders?|diseases?|conditions?|illness(?:es)?|abnormalit(?:y|ies))\Z",
    re.IGNORECASE,
)


def _is_own_level(here: Composing, item: Item) -> bool:
    """ "Active infection or fever > 38.5 °C within a week": a limit of what the last alone is the level of."""
    names = item.core.head.names if isinstance(item.core, Noun) else []
    entry = names[-1].value if names else None
    if not isinstance(entry, Entry) or not entry.facts.get("level_of"):
        return False
    return _A_LIMIT.match(here.text, item.beside[0].start) is not None


_A_LIMIT: Final = re.compile(
    r"\s*(?:of\s+)?\(?(?:[<>≤≥=]|(?:above|below|greater|less|more|over|at least)\b)", re.IGNORECASE
)


def _others_to_bear(item: Item) -> bool:
    """ "Allergy to docetaxel or other drugs formulated with X": docetaxel is one of those, and named without it."""
    if not isinstance(item.core, Noun) or not any(t.type == "OTHER" for t in item.core.before):
        return False
    return any(t.type == "ALLERGY" for t in (*item.core.before, *item.core.inherited))


def _seen_alone(here: Composing, item: Item) -> bool:
    """ "History of A, or evidence of B on CT": what was found so is what there is evidence of."""
    if not isinstance(item.core, Noun) or not any(t.type == "PRESENCE" for t in item.core.before):
        return False
    return is_method(here.text[item.beside[0].start : item.beside[-1].end])


def narrow_any_drug(here: Composing, items: list[Item]) -> None:
    """ "Any investigational agent or drug", "drugs or substances that inhibit CYP3A": not any drug at all."""
    for index, item in enumerate(items):
        before, after = items[index - 1] if index else None, items[index + 1] if index + 1 < len(items) else None
        if not _is_any_drug(item):
            continue
        if before is not None and _is_investigational(before):
            item.core = None
        elif after is not None and (_SAYS_WHICH if not item.shared else _RELATIVE).search(
            here.low, after.start, after.end
        ):
            item.shared = [unread(here.text, after.start, after.end, "narrowing")]


_SAYS_WHICH: Final = re.compile(r"\b(?:which|that|who|(?:known|expected|suspected|likely) to)\b")


def _is_any_drug(item: Item) -> bool:
    noun = item.core
    if not isinstance(noun, Noun) or noun.said or noun.head.words or item.also or item.beside:
        return False
    names = [name.value for name in noun.head.names]
    plain = all(t.type in ("WINDOW", "USE") for t in noun.before + noun.behind)
    return plain and len(names) == 1 and isinstance(names[0], Entry) and names[0].name == ANY_DRUG


def _is_investigational(item: Item) -> bool:
    names = [name.value for name in item.core.head.names] if isinstance(item.core, Noun) else []
    return any(isinstance(name, Entry) and name.name.startswith("investigational ") for name in names)
