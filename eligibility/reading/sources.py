"""Where a trial comes from -> its record and the text of its criteria.

Plain text, a ClinicalTrials.gov API v2 study (JSON), a flat record of one (JSON), the older registry XML, a registry
page saved as text, and what ``eligibility read --format json`` wrote. :func:`recognise` says which it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException, ElementTree

from eligibility.errors import TrialError
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.reading.edited import edited
from eligibility.rules import Duration, DurationUnit, Trial, TrialRecord

__all__ = ["LONGEST_FILE", "Source", "apart", "decode", "load", "recognise"]

LONGEST_FILE: Final = 64_000_000  # bytes; a study with all its results has some 30 MB
LONGEST_CRITERIA: Final = 400_000  # characters; the longest of the registry have 20,000

_EXPECTED: Final = (
    "expected criteria as text, a ClinicalTrials.gov study (JSON or the older XML), a registry page saved as text, "
    "or what 'eligibility read --format json' wrote"
)


@dataclass(frozen=True, slots=True)
class Source:
    """The record and the text of the criteria of one trial."""

    record: TrialRecord
    criteria: str


def load(path: Path) -> str:
    """The text of a file.

    :raises TrialError: it cannot be read, is too large, or is no text.
    """
    name = str(path)
    try:
        size = path.stat().st_size
        if size > LONGEST_FILE:
            raise TrialError(f"the file has {size / 1e6:.0f} MB, too much for one trial; {_EXPECTED}", source=name)
        raw = path.read_bytes()
    except OSError as error:
        raise TrialError(f"the file cannot be read: {error.strerror or error}", source=name) from error
    return decode(raw, name)


def decode(raw: bytes, name: str | None = None) -> str:
    """The text of a file's bytes; ``name`` is the file, for the messages. Raises :class:`TrialError`."""
    for signature, what in ((b"%PDF", "a PDF"), (b"PK\x03\x04", "a zip or Office file"), (b"\x1f\x8b", "a gzip file")):
        if raw.startswith(signature):
            raise TrialError(f"this is {what}; save it as text first", source=name)
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        if b"\x00" in raw[:4096]:
            raise TrialError(f"this is not a text file; {_EXPECTED}", source=name) from None
        return raw.decode("cp1252", errors="replace")


def recognise(text: str, name: str | None = None) -> Source | Trial:
    """What a text holds: a record with its criteria, or a trial that has been read already.

    :param name: the file, for the messages.
    :raises TrialError: no trial can be found in it, or an edited trial is broken.
    """
    start = text.lstrip("\ufeff \t\r\n")
    if not start.strip():
        raise TrialError(f"the source is empty; {_EXPECTED}", source=name)
    if start[0] == "{" or (start[0] == "[" and re.match(r"\[\s*[{\[\"\]]", start)):
        found = _json(text, name)
    elif start[0] == "<" and re.match(r"<\s*[A-Za-z!?]", start):
        found = _xml(text, name)
    else:
        found = None
    if isinstance(found, Trial):
        return found
    if found is None:
        _printable(text, name)
        found = _page(text) if len(text) <= 4 * LONGEST_CRITERIA else None
    if found is None:
        found = Source(TrialRecord(), text)
    if len(found.criteria) > LONGEST_CRITERIA:
        raise TrialError(
            f"the text has {len(found.criteria):,} characters, too many for the criteria of one trial "
            f"(at most {LONGEST_CRITERIA:,}); {_EXPECTED}",
            source=name,
        )
    return found


_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")  # but white space


def _printable(text: str, name: str | None) -> None:
    sample = text[:20_000]
    odd = len(_CONTROL.findall(sample)) if not sample.replace("\n", "").isprintable() else 0
    if odd > 2 + len(sample) // 10:
        raise TrialError(
            f"this is not text: {odd} of its first {len(sample):,} characters are control characters; {_EXPECTED}",
            source=name,
        )


# ---------------------------------------------------------------------------------------------------------------------
# Fields

_AGE: Final = re.compile(r"(\d{1,4}(?:\.\d+)?)\s*(year|month|week|day|hour|minute)s?", re.I)


def _age(text: object) -> Duration | None:
    """``18 Years``, or a number of them; nothing for ``N/A`` and whatever else is no age."""
    if isinstance(text, int | float) and not isinstance(text, bool):
        return Duration(value=float(text), unit="years") if 0 <= text < 150 else None
    match = _AGE.match(text.strip()) if isinstance(text, str) else None
    if match is None or match[2].lower() == "minute":
        return None
    units: dict[str, DurationUnit] = {
        "year": "years",
        "month": "months",
        "week": "weeks",
        "day": "days",
        "hour": "hours",
    }
    return Duration(value=float(match[1]), unit=units[match[2].lower()])


def _sex(text: object) -> Literal["female", "male"] | None:
    word = text.strip().lower() if isinstance(text, str) else ""
    return "female" if word in ("female", "females", "f") else "male" if word in ("male", "males", "m") else None


def _healthy(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    return True if word in ("yes", "true", "accepts healthy volunteers") else False if word in ("no", "false") else None


def _words(value: object) -> str | None:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return text or None


def _names(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in map(_words, values) if name))


# ---------------------------------------------------------------------------------------------------------------------
# JSON: a study of API v2, or a trial that has been read


def _json(text: str, name: str | None) -> Source | Trial:
    try:
        data = json.loads(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        shown = text if len(text) < 2_000_000 else None
        raise TrialError(
            f"this is not valid JSON: {error.msg}", source=name, text=shown, line=error.lineno, column=error.colno
        ) from error
    except RecursionError as error:
        raise TrialError("this JSON is nested too deeply for a trial", source=name) from error
    if isinstance(data, dict) and isinstance(data.get("studies"), list):
        data = data["studies"]
    if isinstance(data, list):
        if len(data) != 1:
            raise TrialError(f"expected exactly one study, but the list has {len(data)}; give one of them", source=name)
        data = data[0]
    if not isinstance(data, dict):
        raise TrialError(f"this JSON is no trial: its top level is {_called(data)}; {_EXPECTED}", source=name)
    if isinstance(data.get("protocolSection"), dict):
        return _study(data["protocolSection"], name)
    if isinstance(data.get("eligibilityModule"), dict):
        return _study(data, name)
    if isinstance(data.get("criteria"), list):
        return edited(data, text, name)
    if isinstance(data.get("criteria"), str) or ("criteria" in data and "nct_id" in data):
        return _flat(data, name)
    keys = ", ".join(repr(str(key)) for key in list(data)[:6]) or "none"
    raise TrialError(
        f"this JSON is no trial: it has neither 'protocolSection' nor 'criteria' (its keys: {keys}); {_EXPECTED}",
        source=name,
    )


def _called(data: object) -> str:
    match data:
        case None:
            return "null"
        case bool():
            return "a truth value"
        case str():
            return "a string"
        case int() | float():
            return "a number"
        case _:
            return "a list"


def _module(section: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    module = section.get(name)
    return module if isinstance(module, dict) else {}


def _study(section: Mapping[str, Any], name: str | None) -> Source:
    eligibility = _module(section, "eligibilityModule")
    identification = _module(section, "identificationModule")
    conditions = _module(section, "conditionsModule").get("conditions")
    criteria = eligibility.get("eligibilityCriteria")
    if not isinstance(criteria, str) or not criteria.strip():
        raise TrialError(
            "this study has no criteria: protocolSection.eligibilityModule.eligibilityCriteria is missing or empty",
            source=name,
        )
    record = TrialRecord(
        nct_id=_words(identification.get("nctId")),
        title=_words(identification.get("officialTitle")) or _words(identification.get("briefTitle")),
        conditions=_names(conditions if isinstance(conditions, list) else ()),
        minimum_age=_age(eligibility.get("minimumAge")),
        maximum_age=_age(eligibility.get("maximumAge")),
        sex=_sex(eligibility.get("sex")),
        healthy_volunteers=_healthy(eligibility.get("healthyVolunteers")),
    )
    return Source(record, criteria)


def _flat(data: Mapping[str, Any], name: str | None) -> Source:
    """A record whose fields stand side by side, as tables of trials are exported."""
    criteria, conditions = data["criteria"], data.get("conditions")
    if not isinstance(criteria, str) or not criteria.strip():
        raise TrialError("this record has no criteria: its field 'criteria' is missing or empty", source=name)
    record = TrialRecord(
        nct_id=_words(data.get("nct_id")),
        title=_words(data.get("title")),
        conditions=_names(conditions if isinstance(conditions, list) else (conditions,)),
        minimum_age=_age(data.get("min_age")),
        maximum_age=_age(data.get("max_age")),
        sex=_sex(data.get("sex")),
        healthy_volunteers=_healthy(data.get("healthy_volunteers")),
    )
    return Source(record, criteria)


def apart(text: str) -> list[str]:
    """The trials of a text, each by itself: a registry's answer, or a list, may hold many."""
    start = text[:400].lstrip("\ufeff \t\r\n")
    if not (start.startswith("[") or (start.startswith("{") and '"studies"' in start)):
        return [text]
    try:
        data = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return [text]
    studies = data.get("studies") if isinstance(data, dict) else data
    if not isinstance(studies, list) or len(studies) < 2:
        return [text]
    return [json.dumps(study) for study in studies]


# ---------------------------------------------------------------------------------------------------------------------
# The older XML


def _xml(text: str, name: str | None) -> Source:
    if re.match(r"\s*<(?:!doctype\s+html|html|head|body|div)\b", text.lstrip("\ufeff"), re.I):
        raise TrialError("this is an HTML page; save it as text, or give the study's JSON", source=name)
    try:
        # the declared encoding is that of the file, which is a text by now
        root = ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff"), count=1))
    except DefusedXmlException as error:
        raise TrialError(
            "this XML declares entities or loads other files, which a trial does not need", source=name
        ) from error
    except ParseError as error:
        line, column = error.position
        shown = text if len(text) < 2_000_000 else None
        raise TrialError(
            f"this is not valid XML: {error.args[0]}", source=name, text=shown, line=line, column=column + 1
        ) from error
    study = root if root.tag == "clinical_study" else root.find(".//clinical_study")
    if study is None:
        raise TrialError(
            f"this XML is no trial: its top element is <{root.tag}>, expected <clinical_study>", source=name
        )
    criteria = study.findtext("eligibility/criteria/textblock") or study.findtext("eligibility/criteria")
    if not criteria or not criteria.strip():
        raise TrialError("this study has no criteria: eligibility/criteria/textblock is missing or empty", source=name)
    record = TrialRecord(
        nct_id=_words(study.findtext("id_info/nct_id")),
        title=_words(study.findtext("official_title")) or _words(study.findtext("brief_title")),
        conditions=_names(element.text for element in study.findall("condition")),
        minimum_age=_age(study.findtext("eligibility/minimum_age")),
        maximum_age=_age(study.findtext("eligibility/maximum_age")),
        sex=_sex(study.findtext("eligibility/gender")),
        healthy_volunteers=_healthy(study.findtext("eligibility/healthy_volunteers")),
    )
    return Source(record, criteria)


# ---------------------------------------------------------------------------------------------------------------------
# A registry page saved as text: the criteria stand in its middle

_FIELD: Final = re.compile(
    r"^[ \t]*(?P<name>Minimum Eligible Age|Maximum Eligible Age|Minimum Age|Maximum Age|"
    r"Ages? Eligible for Study|Eligible Sex|"
    r"Sex(?:es)? Eligible for Study|Genders? Eligible for Study|Accepts Healthy Volunteers)\s*:?[ \t]*\|"
    r"?[ \t]*\n?\s*(?P<value>[^\n|]*)",
    re.M | re.I,
)
_NAMES_OF_FIELDS: Final = ("mum age", "eligible age", "for study", "eligible sex", "accepts healthy")  # a first look
_CRITERIA_START: Final = re.compile(
    r"^[ \t#*]*(?:(?:key|main)\s+)?(?:inclusion(?:\s+criteria)?|criteria\s*:|criteria$|disease characteristics\s*:)",
    re.M | re.I,
)
_SECTION_START: Final = re.compile(
    r"^[ \t#*]*(?:Eligibility Criteria|Participation Criteria|Eligibility)[ \t]*$", re.M | re.I
)
_CRITERIA_END: Final = re.compile(
    r"^[ \t]*(?:Minimum Eligible Age|Maximum Eligible Age|Eligible Sex|Ages? Eligible for Study|"
    r"Sex(?:es)? Eligible for Study|"
    r"Accepts Healthy Volunteers|To learn more about this study|Contacts and Locations?|Study Plan|Sponsors?[ \t]*$|"
    r"Please refer to this study by|Locations?[ \t]*$|More Information[ \t]*$)",
    re.M,
)
_NCT: Final = re.compile(r"\bNCT\d{8}\b")
_CONDITIONS: Final = re.compile(
    r"^[ \t]*Conditions?[ \t]*\n\s*(?:See the medical conditions[^\n]*\n\s*)?(?P<list>[^\n]+(?:\n[^\n]+)*)"
    r"|^[ \t]*Conditions? or disease[ \t]*(?:\|[^\n]*\n[-| \t]*\n(?P<cell>[^\n|]+)|\n\s*(?P<line>[^\n|]+))",
    re.M,
)


def _page(text: str) -> Source | None:
    """The parts of a page; ``None`` if the text is no registry page."""
    folded = text.lower()
    if not any(name in folded for name in _NAMES_OF_FIELDS):
        return None
    fields = [(m["name"].lower(), m["value"].strip(), m) for m in _FIELD.finditer(text)]
    if len({name for name, _, _ in fields}) < 2:
        return None
    first = fields[0][2].start()
    section = max(_SECTION_START.finditer(text), key=lambda m: m.start(), default=None)
    start = None
    for m in _CRITERIA_START.finditer(text, section.end() if section else 0):
        start = m.start()
        break
    if start is None:
        start = section.end() if section else fields[-1][2].end()
    elif section is None and start < first:
        # "Inclusion" may also stand in a summary: the criteria are beside the fields
        later = [m.start() for m in _CRITERIA_START.finditer(text, fields[-1][2].end())]
        start = later[0] if later else start
    end = _CRITERIA_END.search(text, start)
    criteria = text[start : end.start() if end else len(text)]
    values: dict[str, str] = {}
    for name, value, _ in fields:
        values.setdefault(name, value)
    low, high = (
        _age(values.get("minimum eligible age", values.get("minimum age"))),
        _age(values.get("maximum eligible age", values.get("maximum age"))),
    )
    between = next((v for n, v in values.items() if n.startswith("age")), "")
    if between:
        ages = [(m.start(), _age(m.group())) for m in _AGE.finditer(between)]
        if len(ages) > 1:
            low, high = ages[0][1], ages[1][1]
        elif ages and re.search(r"older|and over|and up", between, re.I):
            low = ages[0][1]
        elif ages:
            high = ages[0][1]
    nct = _NCT.search(text)
    record = TrialRecord(
        nct_id=nct.group() if nct else None,
        title=_words(next((line for line in text.splitlines() if line.strip()), "")),
        conditions=_conditions(text),
        minimum_age=low,
        maximum_age=high,
        sex=_sex(next((v for n, v in values.items() if "sex" in n or "gender" in n), "")),
        healthy_volunteers=_healthy(values.get("accepts healthy volunteers")),
    )
    return Source(record, criteria)


def _conditions(text: str) -> tuple[str, ...]:
    m = _CONDITIONS.search(text)
    if m is None:
        return ()
    listed = m["list"]
    if listed is None:
        return _apart(m["cell"] or m["line"])
    lines = [line for line in listed.splitlines() if line.strip()]
    return _names(name for line in lines for name in _apart(line))


_WORD: Final = re.compile(r"\S+")


def _apart(line: str) -> tuple[str, ...]:
    """The names in a line in which a page has run them together, parted where the vocabulary knows them."""
    if re.search(r"[;|•]|,\s+(?=\S)", line) is not None and not re.search(r",", line):
        return _names(re.split(r"[;|•]", line))
    known = vocabulary()
    found = list(_WORD.finditer(line))
    names: list[list[int]] = []  # start, end
    index = 0
    while index < len(found):
        for size in range(min(8, len(found) - index), 0, -1):
            begin, end = found[index].start(), found[index + size - 1].end()
            if known.find(line[begin:end], "condition") is not None and (index == 0 or line[begin].isupper()):
                names.append([begin, end])
                index += size
                break
        else:
            if names:
                names[-1][1] = found[index].end()  # a stage or an "in remission" behind the name
            else:
                return _names([line])
            index += 1
    return _names(line[begin:end] for begin, end in names)
