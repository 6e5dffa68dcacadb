"""The patient profile: what is known of one patient, as a caller, a chart or a program wrote it down.

The fields are those of a profile document. Nothing is derived here: a treatment without a status has the status
``None``, an undated fact has no date, and what they then mean is decided where facts are compared with rules.
"""

from __future__ import annotations

import difflib
import math
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationError,
    model_validator,
)
from pydantic.dataclasses import dataclass as validated
from pydantic_core import ErrorDetails, PydanticCustomError

from eligibility.errors import ProfileError
from eligibility.patient import dates, loading
from eligibility.patient.dates import DateRange

if TYPE_CHECKING:
    from eligibility.knowledge.vocabulary import Entry

__all__ = [
    "Age",
    "AllergyFact",
    "Code",
    "ConditionFact",
    "Interval",
    "Observation",
    "PatientProfile",
    "Source",
    "TreatmentFact",
    "check",
]

OLDEST = 130
"""Years of age beyond which an age or a birth date is taken for a misprint."""


# ---------------------------------------------------------------------------------------------------------------------
# Values


@dataclass(frozen=True, slots=True)
class Interval:
    """Some number from ``low`` to ``high``; ``None`` is unbounded. "<20" is what a test below its limit reports."""

    low: float | None = None
    high: float | None = None
    low_inclusive: bool = True
    high_inclusive: bool = True

    def __str__(self) -> str:
        """As a profile writes it: "<20"."""
        if self.low is not None and self.high is not None:
            return f"{_shown(self.low)} to {_shown(self.high)}"
        if self.low is not None:
            return f"{'>=' if self.low_inclusive else '>'}{_shown(self.low)}"
        return f"{'<=' if self.high_inclusive else '<'}{_shown(self.high)}"


@dataclass(frozen=True, slots=True)
class Age:
    """An age; in years it is that of completed years."""

    value: float
    unit: Literal["years", "months", "weeks", "days"] = "years"

    @property
    def years(self) -> float:
        """The age in years, roughly; to be compared only with what is far off."""
        return self.value / {"years": 1, "months": 12, "weeks": 52.18, "days": 365.25}[self.unit]

    def __str__(self) -> str:
        """As a profile writes it: "30 months"."""
        return f"{self.value:g} {self.unit}"


def _shown(number: float | None) -> str:
    return str(int(number)) if number is not None and number.is_integer() and abs(number) < 1e15 else repr(number)


_NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_NUMERIC = re.compile(rf"(<=|>=|=<|=>|≤|≥|⩽|⩾|<|>|=)?\s*({_NUMBER})\Z", re.ASCII)
_RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:-|–|to)\s*(\d+(?:\.\d+)?)\Z", re.ASCII)
_AGE = re.compile(
    r"(\d+(?:\.\d+)?)\s*(?:-\s*)?(?:(y(?:(?:ea)?rs?)?)|(mo(?:nths?|s)?)|(w(?:ee)?ks?)|(d(?:ays?)?))?(?:\s*old)?\Z", re.I
)
_ROMAN = {"I": 1.0, "II": 2.0, "III": 3.0, "IV": 4.0, "V": 5.0}


def _finite(value: float) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError("expected a finite number")
    return number


def _value(value: Any) -> float | Interval | str:
    match value:
        case bool():
            raise ValueError("expected a number, or words as 'positive'; true and false do not say what was found")
        case int() | float():
            return _finite(value)
        case Interval():
            return value
        case str():
            text = value.strip()
            if not text:
                raise ValueError("expected a number, a limit as '<20', or words as 'positive'")
            return _numeric(text)
        case _:
            raise ValueError("expected a number, a limit as '<20', or words as 'positive'")


def _numeric(text: str) -> float | Interval | str:
    if match := _NUMERIC.match(text):
        number = _finite(float(match[2]))
        match match[1]:
            case None | "=":
                return number
            case "<":
                return Interval(high=number, high_inclusive=False)
            case ">":
                return Interval(low=number, low_inclusive=False)
            case "<=" | "=<" | "≤" | "⩽":
                return Interval(high=number)
            case _:
                return Interval(low=number)
    if (match := _RANGE.match(text)) and float(match[1]) < float(match[2]):
        return Interval(low=float(match[1]), high=float(match[2]))
    if text.lower() in ("nan", "inf", "infinity", "+inf", "-inf", ".nan", ".inf", "-.inf"):
        raise ValueError("expected a finite number")
    return text


def _grade(value: Any) -> float | Interval | str:
    found = _ROMAN.get(value.strip().upper(), value) if isinstance(value, str) else value
    found = _value(found)
    if isinstance(found, float) and found < 0:
        raise ValueError("expected a grade of at least 0")
    return found


def _plain_value(value: float | Interval | str) -> float | str:
    return str(value) if isinstance(value, Interval) else value


def _age(value: Any) -> Age:
    expected = "expected completed years, as 65, or an age as '30 months'"
    match value:
        case Age():
            age = value
        case int() | float() if not isinstance(value, bool):
            age = Age(_finite(value))
        case str() if match := _AGE.match(value.strip()):
            units = zip(match.groups()[1:], ("years", "months", "weeks", "days"), strict=True)
            unit: Any = next((unit for found, unit in units if found), "years")
            age = Age(_finite(float(match[1])), unit)
        case _:
            raise ValueError(expected)
    if not 0 <= age.years <= OLDEST:
        raise ValueError(f"{expected}, from 0 to {OLDEST} years")
    return age


def _plain_age(age: Age) -> float | str:
    return age.value if age.unit == "years" else f"{_shown(age.value)} {age.unit}"


def _answer(value: Any) -> bool | Literal["unknown"]:
    if isinstance(value, bool):
        return value
    match value.strip().lower() if isinstance(value, str) else None:
        case "true" | "yes":
            return True
        case "false" | "no":
            return False
        case "unknown":
            return "unknown"
        case _:
            raise ValueError("expected true, false or unknown")


def _flag(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    match value.strip().lower() if isinstance(value, str) else None:
        case "true" | "yes":
            return True
        case "false" | "no":
            return False
        case _:
            raise ValueError("expected true or false; leave the field out if it is not known")


def _text(value: Any) -> Any:
    if isinstance(value, str):
        text = value.strip()
        if not text:
            raise ValueError("expected some words; leave the field out if it is not known")
        return text
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        raise ValueError("expected text; put quotes around it, so that no digit is lost")
    raise ValueError("expected text")


def _term(value: Any) -> Any:
    # of one name or unit a cohort has thousands; interned they are one object, until the last of them is gone
    return sys.intern(_text(value))


def _word(value: Any) -> Any:
    return re.sub(r"[\s_-]+", " ", value).strip().lower() if isinstance(value, str) else value


def _many(value: Any) -> Any:
    return () if value is None else (value,) if isinstance(value, str) else value


def _none(value: Any) -> Any:
    return () if value is None else value


def _no_map(value: Any) -> Any:
    return {} if value is None else value


def _system(value: Any) -> Any:
    text = re.sub(r"[^a-z0-9]", "", _text(value).lower())
    return {"snomedct": "snomed", "sct": "snomed", "icd10": "icd10cm"}.get(text, text)


When: TypeAlias = Annotated[DateRange, PlainValidator(dates.parse), PlainSerializer(dates.plain)]
Day: TypeAlias = Annotated[date, PlainValidator(dates.day), PlainSerializer(date.isoformat)]
Text: TypeAlias = Annotated[str, PlainValidator(_text)]
Term: TypeAlias = Annotated[str, PlainValidator(_term)]
Flag: TypeAlias = Annotated[bool, BeforeValidator(_flag)]
Value: TypeAlias = Annotated[float | Interval | str, PlainValidator(_value), PlainSerializer(_plain_value)]
Grade: TypeAlias = Annotated[float | Interval | str, PlainValidator(_grade), PlainSerializer(_plain_value)]
Texts: TypeAlias = Annotated[tuple[Text, ...], BeforeValidator(_many)]
Answer: TypeAlias = Annotated[bool | Literal["unknown"], PlainValidator(_answer)]


_STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, **_STRICT)


def _impossible(field: str, why: str) -> PydanticCustomError:
    return PydanticCustomError("impossible", "{why}", {"why": why, "field": field})


# ---------------------------------------------------------------------------------------------------------------------
# Facts


class Code(_Part):
    """A code in a terminology; ``system`` in lower case without signs: loinc, icd10cm, rxnorm, snomed, atc."""

    system: Annotated[str, PlainValidator(_system)]
    code: Text


class Source(_Part):
    """Who said it, when, and in which words."""

    who: Text | None = None
    when: When | None = None
    words: Text | None = None


# A patient has hundreds of facts, and a cohort millions: with slots each is one object, as a model it would be three.
@validated(frozen=True, slots=True, kw_only=True, config=_STRICT)
class _Fact:
    name: Term
    site: Term | None = None
    qualifiers: Texts = ()
    code: Code | None = None
    note: Text | None = None
    source: Source | None = None


@validated(frozen=True, slots=True, kw_only=True, config=_STRICT)
class Observation(_Fact):
    """A lab value, vital sign, score, test or biomarker.

    ``value`` is a number, the interval that a limit as "<20" stands for, or words; ``low`` and ``high`` are the
    reference range, in the unit of the value.
    """

    value: Value
    unit: Term | None = None
    low: float | None = None
    high: float | None = None
    date: When | None = None

    @property
    def pair(self) -> tuple[float, float] | None:
        """Both numbers of "124/76"."""
        match = (
            re.fullmatch(r"(\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?)", self.value) if isinstance(self.value, str) else None
        )
        return (float(match[1]), float(match[2])) if match else None

    @model_validator(mode="before")
    @classmethod
    def _percent(cls, data: Any) -> Any:
        value = data.get("value") if isinstance(data, dict) else None
        if isinstance(value, str) and value.endswith("%") and data.get("unit") in (None, "%"):
            return data | {"value": value[:-1], "unit": "%"}
        return data

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise _impossible(
                "low", "low is greater than high; they are the lower and the upper limit of the normal range"
            )
        return self


@validated(frozen=True, slots=True, kw_only=True, config=_STRICT)
class ConditionFact(_Fact):
    """A disease, a symptom or an event. ``status`` ``None`` is not said, and means active."""

    status: Annotated[Literal["active", "resolved", "not current", "absent"], BeforeValidator(_word)] | None = None
    stage: Text | None = None
    grade: Grade | None = None
    onset: When | None = None
    end: When | None = None

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.onset and self.end and self.end.before(self.onset):
            raise _impossible("end", "the end is before the onset")
        return self


@validated(frozen=True, slots=True, kw_only=True, config=_STRICT)
class TreatmentFact(_Fact):
    """A treatment given, planned, or never given.

    ``kind`` ``None`` is not said, and means drug; ``status`` ``None`` is not said, and is then told by the dates.
    ``dose`` is in ``unit``, both as written.
    """

    kind: (
        Annotated[
            Literal[
                "drug", "radiation", "surgery", "procedure", "transplant", "vaccine", "device", "cell therapy", "other"
            ],
            BeforeValidator(_word),
        ]
        | None
    ) = None
    status: Annotated[Literal["completed", "ongoing", "planned", "never"], BeforeValidator(_word)] | None = None
    start: When | None = None
    end: When | None = None
    date: When | None = None
    dose: Annotated[float, Field(ge=0)] | None = None
    unit: Term | None = None
    route: Term | None = None
    frequency: Text | None = None
    line: Annotated[int, Field(ge=1, le=99)] | None = None
    outcome: Text | None = None
    reason: Text | None = None

    @property
    def first(self) -> DateRange | None:
        """When it began: ``start``, or the one day on which it was given."""
        return self.start or self.date

    @property
    def last(self) -> DateRange | None:
        """When it ended: ``end``, or the one day on which it was given."""
        return self.end or self.date

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.date and (self.start or self.end):
            raise _impossible("date", "date says that start and end are one day; write date, or start and end")
        if self.start and self.end and self.end.before(self.start):
            raise _impossible("end", "the end is before the start")
        return self


@validated(frozen=True, slots=True, kw_only=True, config=_STRICT)
class AllergyFact(_Fact):
    """An allergy, hypersensitivity or intolerance. ``status`` ``None`` is not said, and means present."""

    status: Annotated[Literal["present", "absent"], BeforeValidator(_word)] | None = None


# ---------------------------------------------------------------------------------------------------------------------
# The profile

Section: TypeAlias = Literal["conditions", "treatments", "allergies"]


class PatientProfile(_Part):
    """All that is known of one patient. What is not said is unknown, but for the sections listed in ``complete``."""

    id: Text | None = None
    as_of: Day | None = None
    birth_date: When | None = None
    age: Annotated[Age, PlainValidator(_age), PlainSerializer(_plain_age)] | None = None
    sex: Annotated[Literal["female", "male"], BeforeValidator(_word)] | None = None
    pregnant: Flag | None = None
    breastfeeding: Flag | None = None
    childbearing_potential: Flag | None = None
    consent: Flag | None = None
    contraception: Flag | None = None
    observations: Annotated[tuple[Observation, ...], BeforeValidator(_none)] = ()
    conditions: Annotated[tuple[ConditionFact, ...], BeforeValidator(_none)] = ()
    treatments: Annotated[tuple[TreatmentFact, ...], BeforeValidator(_none)] = ()
    allergies: Annotated[tuple[AllergyFact, ...], BeforeValidator(_none)] = ()
    answers: Annotated[dict[str, Answer], BeforeValidator(_no_map)] = {}
    complete: Annotated[tuple[Section, ...], BeforeValidator(_many)] = ()
    arm: Text | None = None
    anchors: Annotated[dict[str, When], BeforeValidator(_no_map)] = {}

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """The profile that a mapping describes. Raises :class:`ProfileError`: one sentence that names the field."""
        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            raise ProfileError(_Problem.of(error).message) from None

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """The profile in a file of YAML or JSON; "-" is standard input.

        Raises :class:`ProfileError`, with the place. Units are checked as well, see :func:`check`.
        """
        document = loading.read(path)
        try:
            profile = super().model_validate(document.data)
        except ValidationError as error:
            problem = _Problem.of(error)
        else:
            found = next(_faults(profile), None)
            if found is None:
                return profile
            problem = found
        raise document.error(problem.message, problem.path, of_key=problem.of_key)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if born := self.birth_date:
            today = self.as_of or date.today()
            if self.as_of and born.first > self.as_of:
                raise _impossible("birth_date", "the birth date is after as_of, the day for which the profile is true")
            if born.last.year < today.year - OLDEST:
                raise _impossible("birth_date", f"the birth date is more than {OLDEST} years ago")
        return self


# ---------------------------------------------------------------------------------------------------------------------
# What is wrong, in one sentence

Path_: TypeAlias = tuple[str | int, ...]

_SECTIONS: dict[str, type[_Fact]] = {
    "observations": Observation,
    "conditions": ConditionFact,
    "treatments": TreatmentFact,
    "allergies": AllergyFact,
}
_MEANT = {
    "dob": "birth_date", "date of birth": "birth_date", "born": "birth_date", "gender": "sex",
    "diagnoses": "conditions", "problems": "conditions", "diseases": "conditions", "medications": "treatments",
    "drugs": "treatments",
    "procedures": "treatments", "surgeries": "treatments", "labs": "observations", "vitals": "observations",
    "tests": "observations", "nursing": "breastfeeding", "lactating": "breastfeeding",
    "wocbp": "childbearing_potential",
    "result": "value", "units": "unit", "uln": "high", "lln": "low", "began": "start", "stop": "end", "stopped": "end",
    "diagnosed": "onset", "indication": "reason", "response": "outcome", "comment": "note", "cohort": "arm",
    "location": "site", "laterality": "site", "severity": "grade", "type": "kind", "text": "words", "cpt": "code",
}  # fmt: skip


def nearest(word: str, known: tuple[str, ...]) -> str | None:
    """The known word that was most likely meant."""
    low = word.strip().lower()
    meant = _MEANT.get(low.replace("_", " "), "")
    if meant in known:
        return meant
    close = difflib.get_close_matches(low.replace(" ", "_"), known, 1, 0.6) or difflib.get_close_matches(
        low, known, 1, 0.6
    )
    return close[0] if close else None


_STRANGE = ("extra_forbidden", "unexpected_keyword_argument")
"""What pydantic calls a field that there is not: in a model, in a fact."""


@dataclass(frozen=True, slots=True)
class _Problem:
    path: Path_
    what: str
    of_key: bool = False

    @property
    def message(self) -> str:
        where = _where(self.path[:-1] if self.of_key else self.path)
        return f"{where}: {self.what}" if where else self.what

    @classmethod
    def of(cls, error: ValidationError) -> _Problem:
        """The first problem that pydantic found; the order is that of the fields, and one at a time is mended."""
        found = error.errors(include_url=False)
        if found[0]["type"] == "missing":  # a misspelt field is why another one is missing
            parent = found[0]["loc"][:-1]
            found.sort(key=lambda one: one["loc"][:-1] != parent or one["type"] not in _STRANGE)
        return _problem(found[0])


def _where(path: Path_) -> str:
    """``("observations", 2, "value")`` >> ``observations, entry 3, value``."""
    return ", ".join(f"entry {part + 1}" if isinstance(part, int) else part for part in path)


def _fields(path: Path_) -> tuple[str, ...]:
    """The names of the fields that there are at a place of the profile."""
    model: type[_Part] = PatientProfile
    match path:
        case (str(section), int(), *rest) if section in _SECTIONS:
            if rest[:1] not in (["code"], ["source"]):
                return tuple(one.name for one in fields(_SECTIONS[section]))
            model = Code if rest[0] == "code" else Source
    return tuple(model.model_fields)


def _problem(error: ErrorDetails) -> _Problem:
    path = tuple(error["loc"])
    context = error.get("ctx", {})
    match error["type"]:
        case kind if kind in _STRANGE:
            return _Problem(path, _unknown_field(str(path[-1]), _fields(path[:-1])), True)
        case "missing":
            return _Problem(path[:-1], f"the field {path[-1]!r} is missing")
        case "impossible":
            return _Problem((*path, context["field"]), context["why"])
        case "value_error":
            return _Problem(path, str(context["error"]))
        case "literal_error":
            known = tuple(re.findall(r"'([^']*)'", str(context["expected"])))
            meant = nearest(error["input"], known) if isinstance(error["input"], str) else None
            return _Problem(path, f"expected {_one_of(known)}" + (f"; did you mean {meant!r}?" if meant else ""))
        case "tuple_type":
            return _Problem(
                path,
                "expected a list" + (", as [{name: ...}, {name: ...}]" if path[-1:] and path[-1] in _SECTIONS else ""),
            )
        case "dict_type":
            return _Problem(path, "expected a mapping, as {words: value}")
        case "model_type" | "model_attributes_type" | "dataclass_type":
            example = "{name: ...}" if len(path) > 1 else "{sex: female, conditions: [...]}"
            return _Problem(path, f"expected fields, as {example}")
        case "finite_number":
            return _Problem(path, "expected a finite number")
        case "float_type" | "float_parsing" | "int_type" | "int_parsing" | "int_from_float" | "int_parsing_size":
            return _Problem(path, "expected a whole number" if error["type"].startswith("int") else "expected a number")
        case "greater_than_equal":
            return _Problem(path, f"expected a number of at least {context['ge']:g}")
        case "less_than_equal":
            return _Problem(path, f"expected a number of at most {context['le']:g}")
        case "string_type" | "invalid_key":
            return _Problem(path[:-1] if path[-1:] == ("[key]",) else path, "expected text; put quotes around it")
        case _:
            return _Problem(path, error["msg"][:1].lower() + error["msg"][1:])


def _unknown_field(name: str, known: tuple[str, ...]) -> str:
    meant = nearest(name, known)
    hint = f"did you mean {meant!r}?" if meant else f"the fields are {', '.join(known)}"
    return f"there is no field {name[:60]!r}; {hint}"


def _one_of(known: tuple[str, ...]) -> str:
    return " or ".join((", ".join(known[:-1]), known[-1])) if len(known) > 1 else known[0]


# ---------------------------------------------------------------------------------------------------------------------
# Against what is known of measurements


def check(profile: PatientProfile) -> None:
    """Refuse what the model alone cannot: a unit of another kind than the measurement's, a negative weight.

    Asks the vocabulary and the units, and so is slower than ``model_validate``. Raises :class:`ProfileError`.
    """
    problem = next(_faults(profile), None)
    if problem is not None:
        raise ProfileError(problem.message)


def _faults(profile: PatientProfile) -> Iterator[_Problem]:
    if not any(observation.unit or isinstance(observation.value, float) for observation in profile.observations):
        return
    from eligibility.knowledge.vocabulary import vocabulary  # noqa: PLC0415 - read only when a profile has numbers

    known = vocabulary()
    for index, observation in enumerate(profile.observations):
        code = observation.code
        entry = (known.by_code(code.system, code.code) if code else None) or known.find(observation.name, "measurement")
        if entry is None or entry.kind != "measurement":
            continue
        path: Path_ = ("observations", index)
        unit = entry.facts.get("unit")
        if observation.unit and unit and not _convertible(observation.unit, unit, entry):
            yield _Problem((*path, "unit"), f"expected a unit of the kind of {unit}")
        plausible = entry.facts.get("plausible")
        if plausible and plausible[0] >= 0 and isinstance(observation.value, float) and observation.value < 0:
            yield _Problem((*path, "value"), "expected a number of at least 0")


def _convertible(unit: str, canonical: str, entry: Entry) -> bool:
    """Whether a unit can be one of the measurement; one that is not known may be, and is left to the evaluation."""
    from eligibility.knowledge import units  # noqa: PLC0415 - builds the table of units

    if not units.is_unit(unit):
        return True
    codes = [units.unit(text) for text in (unit, canonical)]
    # a clearance indexed to body surface, or not: another number, but the same measurement to whoever writes it down
    codes = [code.removesuffix("/{1.73_m2}") for code in codes]
    return units.convertible(
        codes[0],
        codes[1],
        # without its molar mass or valence the value cannot be converted, but the unit may be right
        entry.facts.get("molar_mass") or 1.0,
        entry.facts.get("valence") or 1,
        units.equivalences(entry.facts),
    )
