"""A trial that has been read already, and corrected by a person in an editor: checked before it decides anything.

A rule that is well formed can still say what nobody means: a name misspelt, so that no fact is ever found for it; a
list without parts, which holds of everybody; limits the wrong way round. These are refused here, at their place.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from eligibility import rules
from eligibility.errors import TrialError
from eligibility.knowledge import units
from eligibility.knowledge.vocabulary import Kind, vocabulary
from eligibility.rules import (
    Age,
    All,
    Allergy,
    AtLeast,
    Concept,
    Condition,
    Criterion,
    Duration,
    Finding,
    Limit,
    Mark,
    Measurement,
    Rule,
    Span,
    Treatment,
    Trial,
    TrialRecord,
    Unread,
    Window,
    children,
    walk,
)
from eligibility.rules import Any as AnyOf

__all__ = ["edited"]

Path: TypeAlias = tuple[str | int, ...]

_AGES: Final = ("years", "months", "weeks", "days", "hours")


def edited(data: Mapping[str, Any], text: str, name: str | None = None) -> Trial:
    """The trial that ``data``, the JSON in ``text``, describes. Raises :class:`TrialError`, with the place."""
    try:
        trial = Trial.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False)
        # a misspelt field is why another one is missing
        first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
        path = _path(data, first["loc"])
        raise _error(text, name, path, _said(first, data, path)) from None
    for index, criterion in enumerate(trial.criteria):
        for path, why in _faults(criterion.rule, ("criteria", index, "rule")):
            raise _error(text, name, path, why)
    return trial.model_copy(update={"criteria": tuple(_consistent(criterion) for criterion in trial.criteria)})


def _error(text: str, name: str | None, path: Path, why: str) -> TrialError:
    line, column = _place(text, path)
    where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
    shown = text if len(text) < 2_000_000 else None
    return TrialError(
        f"the edited trial is broken at {where or 'its top level'}: {why}",
        source=name,
        text=shown,
        line=line,
        column=column,
    )


def _consistent(criterion: Criterion) -> Criterion:
    """Without the marks and spans that no longer fit what the person has written."""
    size = len(criterion.text)
    known = dict(walk(criterion.rule))
    left = [" ".join(rule.text.split()) for rule in known.values() if isinstance(rule, Unread)]

    def fits(span: Span | Mark) -> bool:
        return 0 <= span.start <= span.end <= size

    def unread(span: Span) -> bool:
        words = " ".join(criterion.text[span.start : span.end].split())
        return any(words in text or text in words for text in left)

    return criterion.model_copy(
        update={
            "marks": tuple(mark for mark in criterion.marks if mark.path in known and fits(mark)),
            "unread": tuple(span for span in criterion.unread if fits(span) and unread(span)),
            "open": tuple(span for span in criterion.open if fits(span)),
        }
    )


# ---------------------------------------------------------------------------------------------------------------------
# What is well formed, but cannot be meant


def _faults(rule: Rule, path: Path) -> Iterator[tuple[Path, str]]:
    match rule:
        case Age(limit=limit):
            yield from _limit(limit, (*path, "limit"))
            if limit.unit not in _AGES:
                yield (*path, "limit", "unit"), f"expected a unit of age: {', '.join(_AGES)}"
        case Measurement(analyte=analyte, limit=limit):
            yield from _concept(analyte, "measurement", (*path, "analyte"))
            yield from _limit(limit, (*path, "limit"))
            yield from _unit(analyte, limit, (*path, "limit"))
        case Finding(test=test):
            yield from _concept(test, None, (*path, "test"))
        case Condition(concept=concept):
            yield from _concept(concept, "condition", (*path, "concept"))
        case Treatment(concept=concept):
            yield from _concept(concept, "treatment", (*path, "concept"))
        case Allergy(concept=concept):
            yield from _concept(concept, None, (*path, "concept"))
        case All(parts=()) | AnyOf(parts=()) | AtLeast(parts=()):
            yield (*path, "parts"), "expected at least one rule in parts"
        case AtLeast(count=count, parts=parts) if not 1 <= count <= len(parts):
            yield (*path, "count"), f"expected a count from 1 to {len(parts)}, the number of parts"
        case _:
            pass
    for step, part in zip(_steps(rule), children(rule), strict=True):
        yield from _faults(part, (*path, *step))


def _steps(rule: Rule) -> list[Path]:
    """Where the parts of a rule stand in its JSON, in the order of :func:`children`."""
    found: list[Path] = []
    for field in ("part", "when", "then", "otherwise", "parts", "readings", "exceptions"):
        given = getattr(rule, field, None)
        if isinstance(given, tuple):
            found += [(field, index) for index in range(len(given))]
        elif given is not None:
            found.append((field,))
    return found


def _limit(limit: Limit, path: Path) -> Iterator[tuple[Path, str]]:
    if limit.low is not None and limit.high is not None and limit.low > limit.high:
        yield (*path, "low"), "low is greater than high"
    if limit.low is None and limit.high is None:
        yield path, "expected low, high or both"


def _concept(concept: Concept, kind: Kind | None, path: Path) -> Iterator[tuple[Path, str]]:
    if concept.open:
        return
    known = vocabulary()
    found = known.entry(kind, concept.name) if kind else known.find(concept.name)
    if found is not None:
        return
    other = known.find(concept.name, kind)
    names = [entry.name for entry in known if kind is None or entry.kind == kind]
    close = [other.name] if other else difflib.get_close_matches(concept.name.lower(), names, 1, 0.6)
    hint = f"did you mean {close[0]!r}? " if close else ""
    yield (*path, "name"), f'the vocabulary has no {kind or "thing"} {concept.name!r}; {hint}else say "open": true'


def _unit(analyte: Concept, limit: Limit, path: Path) -> Iterator[tuple[Path, str]]:
    entry = vocabulary().entry("measurement", analyte.name)
    canonical = entry.facts.get("unit") if entry else None
    if not canonical or limit.of != "value" or limit.unit == canonical:
        return
    if limit.unit and units.is_unit(limit.unit):
        facts = entry.facts if entry else {}
        equivalents = units.equivalences(facts)
        if units.convertible(
            units.unit(limit.unit), units.unit(canonical), facts.get("molar_mass"), facts.get("valence"), equivalents
        ):
            return
    place = (*path, "unit") if limit.unit else path
    yield place, f"expected a unit of the kind of {canonical} for {analyte.name}"


# ---------------------------------------------------------------------------------------------------------------------
# What is not well formed


def _said(error: ErrorDetails, data: object, path: Path) -> str:
    context = error.get("ctx", {})
    last = str(error["loc"][-1]) if error["loc"] else ""
    match error["type"]:
        case "extra_forbidden":
            return _no_field(last, _fields(_value(data, path[:-1]), path[:-1]))
        case "missing":
            return f"the field {last!r} is missing"
        case "union_tag_invalid":
            tags = re.findall(r"'([^']*)'", str(context.get("expected_tags", "")))
            return f"there is no kind of rule {context.get('tag')!r}; {_meant(str(context.get('tag')), tags)}"
        case "union_tag_not_found" | "model_type" | "model_attributes_type":
            return 'expected a rule or a part of one, as {"kind": "sex", "sex": "female"}'
        case "literal_error":
            return f"expected {context.get('expected')}"
        case "float_type" | "float_parsing" | "int_type" | "int_parsing" | "int_from_float":
            return "expected a number"
        case _:
            return error["msg"][:1].lower() + error["msg"][1:]


def _no_field(name: str, known: list[str]) -> str:
    return f"there is no field {name[:60]!r}; {_meant(name, known)}"


def _meant(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, 1, 0.5)
    return f"did you mean {close[0]!r}?" if close else f"expected one of {', '.join(known)}"


_MODELS: Final[dict[str, type[BaseModel]]] = {
    **dict.fromkeys(("limit", "grade", "count", "dose", "lines"), Limit),
    **dict.fromkeys(("analyte", "concept", "test", "purpose", "studied"), Concept),
    **dict.fromkeys(("lasting", "spacing", "start", "end", "minimum_age", "maximum_age"), Duration),
    **dict.fromkeys(("source", "unread", "open"), Span),
    "window": Window,
    "record": TrialRecord,
    "marks": Mark,
    "criteria": Criterion,
}


def _fields(value: object, path: Path) -> list[str]:
    """The fields that an object of the JSON may have, told by its kind, else by the field that it stands in."""
    kind = value.get("kind") if isinstance(value, dict) else None
    for model in get_args(get_args(rules.Rule)[0]):
        if kind in get_args(model.model_fields["kind"].annotation):
            return list(model.model_fields)
    field = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    return list(_MODELS.get(field, Trial).model_fields)


def _value(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _path(data: Any, loc: tuple[int | str, ...]) -> Path:
    """The path in the JSON: that of pydantic also names the kinds of the union."""
    found: list[str | int] = []
    for index, step in enumerate(loc):
        inside = (isinstance(data, dict) and step in data) or (isinstance(data, list) and isinstance(step, int))
        kind = isinstance(data, dict) and step == data.get("kind")
        if inside and not (kind and index + 1 < len(loc) and loc[index + 1] in data):
            data = data[step]
            found.append(step)
    return tuple(found)


# ---------------------------------------------------------------------------------------------------------------------
# Where it stands

_SPACE: Final = re.compile(r"[ \t\r\n\ufeff]*")


def _place(text: str, path: Path) -> tuple[int, int]:
    """Line and column, from 1, of the value at a path of a JSON text that is known to be well formed."""
    decoder = json.JSONDecoder()
    at = _skip(text, 0)
    for step in path:
        here = at + 1
        count = 0
        while True:
            here = _skip(text, here)
            if text[here] in "]}":
                break
            if isinstance(step, str):
                key, here = decoder.raw_decode(text, here)
                here = _skip(text, _skip(text, here) + 1)
            else:
                key, count = count, count + 1
            if key == step:
                at = here
                break
            _, here = decoder.raw_decode(text, here)
            here = _skip(text, here)
            here += text[here] == ","
    before = text[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
