"""What stands beside a name, as the fields of a rule: attributes, limits, stages, how long it lasts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from eligibility.knowledge.qualifiers import Qualifier
from eligibility.knowledge.tables import sites
from eligibility.knowledge.vocabulary import Entry, Kind, vocabulary
from eligibility.reading.drafts import Draft
from eligibility.reading.grammar import Refused
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.phrases import Noun
from eligibility.reading.quantities import Grades, Lasting, Lines, Stages, plain_limit
from eligibility.rules import Concept, Duration, Limit, Rule, Span, Window

__all__ = [
    "begun_within",
    "counts_episodes",
    "draft_of",
    "is_active",
    "is_event",
    "is_other_now",
    "least_length",
    "limit_of",
    "no_longer_than",
    "placed",
    "qualifiers_beside",
    "stages_of",
]


def is_event(noun: Noun) -> bool:
    """Whether it is something that happens on a day: a stroke, a fracture; or a treatment."""
    return all(
        name.type == "TREATMENT" or (isinstance(name.value, Entry) and vocabulary().happens(name.value))
        for name in noun.head.names
    ) and bool(noun.head.names)


def draft_of(rule: Rule, noun: Noun, opened: tuple[Span, ...] = ()) -> Draft:
    """The draft of a rule that a noun means; ``opened`` where the name is one of its own words."""
    concept = getattr(rule, "concept", None)
    return Draft(rule, noun.start, noun.end, open=opened if concept is None or concept.open else ())


def qualifiers_beside(noun: Noun) -> tuple[str, ...]:
    """The attributes said of a name, each once, by their names."""
    if not (noun.before or noun.inherited or noun.behind):
        return ()
    beside = noun.beside()
    names = [
        t.value.name
        for t in beside.get("QUALIFIER", ())
        if isinstance(t.value, Qualifier) and t.value.name not in ("active", "treated with")
    ]
    names = [name for name in names if not _implied(noun, name)]
    names += ["chronic" for t in beside.get("USE", ()) if str(t.value) == "chronic use of"]
    names += [often for t in beside.get("CURRENT", ()) if (often := str(t.value)) in _HOW_OFTEN]
    if "SUSPECTED" in beside and not is_even_suspected(noun) and not _known_for_itself(noun):
        names.append("suspected")
    if noun.has("ALLERGY"):
        names += [f"grade {_spoken(t.value)}" for t in noun.all("GRADE_IS") if isinstance(t.value, Grades)]
        if all(_ONLY_ANAPHYLAXIS.match(t.said) for t in noun.all("ALLERGY")):
            names.append("anaphylactic")
    return tuple(dict.fromkeys(names))


def placed(
    concept: Concept, kind: Kind, qualified: tuple[str, ...], where: Sequence[Token]
) -> tuple[tuple[str, ...], str | None]:
    """The attributes of a thing, and where it is: by the place that is said of it, or by the only adjective of a part
    of the body of what lies somewhere, "hepatic" of an abscess."""
    if where:
        return qualified, str(where[0].value)
    known = sites()
    parts = [each for each in qualified if each in known.adjectives]
    if len(parts) != 1 or concept.open or not _lies_somewhere(concept.name, kind):
        return qualified, None
    return tuple([each for each in qualified if each not in parts]), known.adjectives[parts[0]]


@lru_cache(maxsize=8192)
def _lies_somewhere(name: str, kind: Kind) -> bool:
    entry = vocabulary().entry(kind, name)
    if kind == "condition":
        return not sites().lying["conditions"].isdisjoint(vocabulary().ancestors(kind, name))
    return entry is not None and entry.facts.get("type") in sites().lying["treatments"]


_ONLY_ANAPHYLAXIS: Final = re.compile(r"anaphyla\w+(?: (?:reactions?|shock|response))? to$")


def _known_for_itself(noun: Noun) -> bool:
    """Whether it is known, behind another that is suspected: "suspected infection or known abscess"."""
    return any(t.type == "KNOWN" for t in noun.before) and all(t.type != "SUSPECTED" for t in noun.before)


def is_even_suspected(noun: Noun) -> bool:
    """Whether it is said to be known or suspected: either will do."""
    return any(_SURE.search(str(t.value)) for t in noun.beside().get("SUSPECTED", ()))


_HOW_OFTEN: Final = frozenset(("regular", "regularly", "daily", "day to day", "long term", "chronically"))


def _spoken(grades: Grades) -> str:
    """The numbers of a grade, as words of their own: what an allergy does not hold as a number."""
    bounds = grades.bounds
    return " to ".join(f"{q.value:g}" for q in (bounds.low, bounds.high) if q is not None)


_SURE: Final = re.compile("known|confirmed|proven|documented")  # "proven or suspected" is either


def _implied(noun: Noun, qualifier: str) -> bool:
    """Whether a name with a qualifier means the same as without: "allogeneic organ transplant"."""
    if len(noun.head.names) != 1 or noun.head.words:
        return False
    token = noun.head.names[0]
    return token.type in ("CONDITION", "TREATMENT") and _same_with(token.value.name, qualifier, token.type.lower())


@lru_cache(maxsize=8192)
def _same_with(name: str, qualifier: str, kind: Kind) -> bool:
    found = vocabulary().find(f"{qualifier} {name}", kind)
    return found is not None and found.name == name


def is_active(qualifiers_: Iterable[Token]) -> bool:
    """Whether one of these is the attribute "active"."""
    return any(isinstance(t.value, Qualifier) and t.value.name == "active" for t in qualifiers_)


def limit_of(tokens: Iterable[Token], kind: type[Grades] | type[Lines]) -> Limit | None:
    """The limit of grades, or of lines, among these. :class:`Refused` where there are several."""
    found = [t.value.bounds for t in tokens if isinstance(t.value, kind)]
    if not found:
        return None
    if len(found) > 1 or found[0].members:
        raise Refused
    return plain_limit(found[0])


def least_length(beside: Mapping[str, list[Token]]) -> Duration | None:
    """How long it has held, at least. :class:`Refused` where several lengths are said."""
    found = [t.value.least for t in beside.get("LASTING", ()) if isinstance(t.value, Lasting)]
    for token in beside.get("TIME_LIMIT", ()):  # "at least a 2-year history of"
        low = token.value.low
        if low is None or not low.time or (token.value.high is not None and not token.value.exact):
            raise Refused
        found.append(Duration(value=low.value, unit=low.unit, exceeded=not token.value.low_inclusive))
    found = [each for each in found if each is not None]
    if len(found) > 1:
        raise Refused
    return found[0] if found else None


def begun_within(beside: Mapping[str, list[Token]]) -> Window | None:
    """ "For less than 5 years": it began within these."""
    read = _lasting_at_most(beside)
    return Window(start=read.most, start_inclusive=read.bounds.high_inclusive) if read is not None else None


def no_longer_than(beside: Mapping[str, list[Token]]) -> tuple[str, ...]:
    """How long a treatment was given at most, as an attribute of it: "for 3 to 12 months"."""
    read = _lasting_at_most(beside)
    if read is None or read.most is None or read.least is None:
        return ()
    return (f"for {'at most' if read.bounds.high_inclusive else 'less than'} {read.most.value:g} {read.most.unit}",)


def _lasting_at_most(beside: Mapping[str, list[Token]]) -> Lasting | None:
    return next((t.value for t in beside.get("LASTING", ()) if isinstance(t.value, Lasting) and t.value.most), None)


def stages_of(tokens: Iterable[Token]) -> tuple[str, ...]:
    """The stages named by these, any of which will do."""
    return tuple([name for t in tokens if isinstance(t.value, Stages) for name in t.value.names])


def is_other_now(noun: Noun) -> bool:
    """ "Other concurrent chemotherapy", "other active malignancy": now."""
    return any(str(t.value) in ("other concurrent", "other active") for t in noun.all("OTHER"))


def counts_episodes(noun: Noun) -> bool:
    """Whether it is of episodes that something is said: "two episodes of"."""
    return any("episode" in str(t.value) for t in noun.all("PRESENCE", "HISTORY"))
