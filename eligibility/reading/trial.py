"""A source -> :class:`~eligibility.rules.Trial`: its criteria, what its record adds, its headings and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from eligibility.errors import TrialError
from eligibility.knowledge import words
from eligibility.knowledge.garbage import uncollected
from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading import sources
from eligibility.reading.bullets import Segments, segment
from eligibility.reading.lexer import tokenize
from eligibility.reading.patterns import PERSONS, any_word
from eligibility.reading.reader import criterion_id, read_criterion
from eligibility.rules import (
    DAYS,
    Age,
    All,
    Criterion,
    Duration,
    Limit,
    Mark,
    Rule,
    Sex,
    Span,
    Trial,
    TrialRecord,
    children,
)

__all__ = ["abbreviations", "read_trial", "trial_of"]


def read_trial(source: Path | str) -> Trial:
    """Read a trial.

    :param source: a file, as a :class:`~pathlib.Path`; or the text itself, as a ``str``: criteria as plain text, a
        ClinicalTrials.gov study (API v2 JSON, or the older XML), a registry page saved as text, or an edited trial.
    :raises TrialError: there is no trial in it. Criteria as such never fail: what is not understood is kept and marked.
    """
    name = str(source) if isinstance(source, Path) else None
    return trial_of(sources.load(source) if isinstance(source, Path) else source, name)


def trial_of(text: str, name: str | None) -> Trial:
    """Read the trial in a text; ``name`` is where it is from, for the messages. Raises :class:`TrialError`."""
    found = sources.recognise(text, name)
    if isinstance(found, Trial):
        return found
    parts = segment(found.criteria)
    if found.record == TrialRecord() and not _eligibility(found.criteria, parts):
        hint = (
            "; to read a file, give its Path" if name is None and len(text) < 300 and "\n" not in text.strip() else ""
        )
        raise TrialError(f"no eligibility criteria can be found in this text{hint}", source=name)
    with uncollected():
        return _trial(found.record, found.criteria, parts)


def _trial(record: TrialRecord, text: str, parts: Segments) -> Trial:
    studied = _studied(record, parts)
    short = abbreviations(text)
    criteria = [
        read_criterion(
            bullet.text,
            bullet.kind,
            studied,
            record=record,
            requirements=bullet.requirements,
            abbreviations=short,
            arms=bullet.arms,
            topic=bullet.topic,
            source=Span(start=bullet.start, end=bullet.end),
        )
        for bullet in parts.bullets
    ]
    notes = list(parts.notes)
    if record.healthy_volunteers is not None:
        notes.append(f"Accepts healthy volunteers: {'yes' if record.healthy_volunteers else 'no'}")
    return Trial(
        record=record,
        studied=studied,
        criteria=(*criteria, *_of_record(record, criteria)),
        headings=parts.headings,
        notes=tuple(notes),
        arms=tuple(dict.fromkeys((*parts.arms, *(arm for c in criteria for arm in _arms_within(c.rule))))),
    )


def _arms_within(rule: Rule) -> tuple[str, ...]:
    """The arms for which parts of a rule are."""
    found: tuple[str, ...] = ()
    todo = [rule]
    while todo:
        part = todo.pop()
        if part.kind == "for_arms":
            found += part.arms
        if below := children(part):
            todo += reversed(below)
    return found


# ---------------------------------------------------------------------------------------------------------------------
# What the record adds


def _of_record(record: TrialRecord, criteria: list[Criterion]) -> Iterator[Criterion]:
    """The record's ages and sex, where no bullet for all patients says the same."""
    stated = [(c.kind, part) for c in criteria if not c.arms for part in _certain(c.rule)]
    if record.minimum_age is not None and not any(_same_age(k, p, record.minimum_age, low=True) for k, p in stated):
        limit = Limit(low=record.minimum_age.value, unit=record.minimum_age.unit)
        yield _field(f"Minimum age: {_shown(record.minimum_age)}", Age(limit=limit))
    if record.maximum_age is not None and not any(_same_age(k, p, record.maximum_age, low=False) for k, p in stated):
        limit = Limit(high=record.maximum_age.value, unit=record.maximum_age.unit)
        yield _field(f"Maximum age: {_shown(record.maximum_age)}", Age(limit=limit))
    if record.sex is not None and not any(
        isinstance(part, Sex) and (part.sex == record.sex) == (kind == "inclusion") for kind, part in stated
    ):
        yield _field(f"Sex: {record.sex}", Sex(sex=record.sex))


def _certain(rule: Rule) -> Iterator[Rule]:
    """The parts that hold whenever the rule does."""
    if isinstance(rule, All):
        for part in rule.parts:
            yield from _certain(part)
    else:
        yield rule


def _same_age(kind: str, rule: Rule, age: Duration, *, low: bool) -> bool:
    if not isinstance(rule, Age):
        return False
    # under Exclusion "younger than 18" is the minimum of 18
    limit = rule.limit.low if low == (kind == "inclusion") else rule.limit.high
    if kind == "exclusion" and rule.limit.low is not None and rule.limit.high is not None:
        return False
    if limit is None or rule.limit.unit not in DAYS or age.unit not in DAYS:
        return False
    return abs(limit * DAYS[rule.limit.unit] - age.value * DAYS[age.unit]) < 0.5


def _shown(age: Duration) -> str:
    return f"{age.value:g} {age.unit[:-1] if age.value == 1 else age.unit}"


def _field(text: str, rule: Rule) -> Criterion:
    return Criterion(
        id=criterion_id("inclusion", text),
        kind="inclusion",
        text=text,
        rule=rule,
        marks=(Mark(path=(), start=0, end=len(text)),),
    )


# ---------------------------------------------------------------------------------------------------------------------
# The disease of the trial

_OF_DIAGNOSIS: Final = (
    "diagnos histolog cytolog patholog confirm documented proven suffer carcinoma cancer disease syndrome".split()
)
_WITH: Final = re.compile(any_word("with") + r"\b")


_LIMIT: Final = re.compile(r"[≤≥<>=]|\bULN\b")
_DENIED: Final = re.compile(
    any_word("not?", "without", "absence", "free", "except") + r"\b.*", re.IGNORECASE | re.DOTALL
)


def _studied(record: TrialRecord, parts: Segments) -> tuple[str, ...]:
    """The record's conditions; else the diseases in its title; else those in the first criterion of a diagnosis."""
    if record.conditions:
        return record.conditions
    if record.title:
        named = _diseases(record.title)
        if named:
            return named
    included = [bullet for bullet in parts.bullets if bullet.kind == "inclusion"][:6]
    for bullet in included:
        said = _DENIED.sub("", bullet.text[:300])
        if _of_diagnosis(said.lower()) and not _LIMIT.search(bullet.text[:300]):
            named = _diseases(said)
            if named:
                return named
    return ()


def _of_diagnosis(said: str) -> bool:
    return any(part in said for part in _OF_DIAGNOSIS) or _WITH.search(said) is not None


def _diseases(described: str) -> tuple[str, ...]:
    known = vocabulary()
    tokens = _SAID.findall(described)[:60]
    keys = [words.keys(token) for token in tokens]
    found: list[str] = []
    index = 0
    while index < len(tokens):
        first = next((key for said in keys[index : index + 6] for key in said), "")
        for size in range(min(6, len(tokens) - index) if known.begins(first) else 0, 0, -1):
            said = tuple(chain.from_iterable(keys[index : index + size]))
            text = " ".join(tokens[index : index + size])
            entry = known.find(text, "condition", said)
            if entry is not None and _meant(entry, text, said) and not known.is_a("condition", entry.name, _SPREAD):
                found.append(entry.name)
                index += size - 1
                break
        index += 1
    return tuple(dict.fromkeys(found))


_SAID: Final = re.compile(r"[^\s,;()\[\]:.]+")
_SPREAD: Final = "metastatic disease"


def _meant(entry: Entry, text: str, said: tuple[str, ...]) -> bool:
    """Whether a disease is meant by its name: "as" and "all" are words of another kind, "RA" is not."""
    if all(words.keys(name) != said for name in entry.ambiguous_synonyms):
        return True
    return text in entry.ambiguous_synonyms and tokenize(text.lower())[0].type == "WORD"


# ---------------------------------------------------------------------------------------------------------------------
# Abbreviations

_SHORT: Final = re.compile(r"\((?P<short>[A-Za-z][A-Za-z0-9/+-]{1,9})\)")


_ENDS: Final = re.compile(r"[.;:()\[\]\n•*]")


def abbreviations(text: str) -> dict[str, str]:
    """The abbreviations that a text defines itself, with what they stand for.

    ``idiopathic CD4 lymphopenia (ICL)``: each letter begins a word, or stands in one whose first letter is used, in
    order, after A. S. Schwartz and M. A. Hearst, A simple algorithm for identifying abbreviation definitions (2003).
    """
    found: dict[str, str] = {}
    for match in _SHORT.finditer(text):
        short = match["short"]
        bare = short[:-1] if short.endswith("s") and short[:-1].isupper() else short
        if bare in found or sum(c.isupper() for c in bare) < 2:
            continue
        before = _ENDS.split(text[max(0, match.start() - 160) : match.start()].replace("\n", " "))[-1]
        long = _long_form(bare, before)
        if long:
            found[bare] = long
    return found


def _long_form(short: str, before: str) -> str | None:
    letters = [c.lower() for c in short if c.isalnum()]
    words = before.split()[-min(len(letters) + 5, 2 * len(letters)) :]
    text = " ".join(words)
    low = text.lower()
    at = len(low)
    for index in range(len(letters) - 1, -1, -1):
        at = low.rfind(letters[index], 0, at)
        while index == 0 and at > 0 and low[at - 1].isalnum():
            at = low.rfind(letters[0], 0, at)
        if at < 0:
            return None
    long = text[at:].strip(" ,-")
    return long if len(long) > len(short) and short not in long.split() else None


# ---------------------------------------------------------------------------------------------------------------------
# Whether a text is about eligibility at all

_FILE: Final = re.compile(r"\s*\S*(?:/\S*|\.(?:txt|json|xml|html?|md|pdf))\s*")
_SAYS_SO: Final = re.compile(any_word(r"inclusion\b", r"exclusion\b", "eligib"), re.IGNORECASE)
_SPOKEN: Final = re.compile(r"[^\W\d_]{2,}")
_ABOUT: Final = re.compile(
    rf"\b(?:{PERSONS}|wom[ae]n|m[ae]n|males?|females?|adults?|"
    r"children|aged?|years?|"
    r"diagnos\w*|histor(?:y|ies)|diseases?|disorders?|syndrome|pregnan\w*|lactating|criteri\w*|consent|"
    r"treat(?:ed|ment)|therap\w*|"
    r"cancers?|carcinoma|tumou?rs?|\w+emia|\w+itis|\w+osis|\w+oma|infections?|surger\w*|surgical|medical|"
    r"clinical\w*|medications?|drugs?|"
    r"study|trial|eligib\w*|exclu\w*|inclu\w*|symptom\w*|chronic|acute|positive|negative|score|mg/dl|ulnar?|"
    r"hiv|hospital\w*|health\w*|"
    r"smok\w*|vaccin\w*|contraindicat\w*|allerg\w*|donors?|implant\w*|stroke|diabetes|mellitus|hypertens\w*|"
    r"syndromes?|injur\w*|pain)\b",
    re.I,
)


def _eligibility(text: str, parts: Segments) -> bool:
    """Whether a text without a record can be criteria: by a heading, or by what its words are about."""
    if not parts.bullets or _FILE.fullmatch(text[:300]):
        return False  # nothing, or the name of a file
    if _SAYS_SO.search(text):
        return True
    sample = text[:20_000]
    words = len(_SPOKEN.findall(sample))
    return any(25 * about >= words for about, _ in enumerate(_ABOUT.finditer(sample), 1))
