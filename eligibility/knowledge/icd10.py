"""Diagnoses by their ICD-10-CM code, where no entry of the vocabulary has the code.

``diagnosis("E11.65")`` is type 2 diabetes mellitus, not exactly but as a kind of it: what the code stands for has no
name in the vocabulary, its category E11 has. Codes and descriptions are those of the package simple-icd-10-cm (CMS and
NCHS), which is only loaded when such a code is first met, and of which only what the vocabulary knows is kept.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import Any, Final
from warnings import catch_warnings, simplefilter

from eligibility.compiled import source_of, stamp
from eligibility.knowledge import words
from eligibility.knowledge.cache import kept
from eligibility.knowledge.derived import derived
from eligibility.knowledge.vocabulary import Entry, files, vocabulary

__all__ = ["diagnosis"]

_PACKAGE: Final = "simple-icd-10-cm"
_SHORTEST: Final = 3  # characters of a category
_DISEASES: Final = re.compile(r"[A-T]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?")  # the rest are causes, contacts and histories
_SAYS_NOTHING: Final = re.compile(
    r"^Unspecified |, (?:unspecified|not elsewhere classified)\b| \([A-Z]{2,6}\)$| in diseases classified elsewhere$"
)
_NARROWER: Final = re.compile(r"^Other (?:and unspecified )?(?:specified )?| (?:with|without|due to) .*")
_CANCER: Final = re.compile(r"Malignant neoplasm of (.+)", re.IGNORECASE)


def diagnosis(code: str) -> tuple[Entry, bool] | None:
    """What a code stands for, or the nearest that it is a kind of, and whether it is just that."""
    said = code.strip().upper()
    if "." not in said and len(said) > _SHORTEST:
        said = f"{said[:_SHORTEST]}.{said[_SHORTEST:]}"
    if _DISEASES.match(said) is None:
        return None
    table = _table()
    for end in range(len(said), _SHORTEST - 1, -1):
        category = said[:end].rstrip(".")
        for sort in ("is", "kind_of"):
            name = table[sort].get(category)
            entry = vocabulary().entry("condition", name) if name else None
            if entry is not None:
                return entry, sort == "is" and category == said
    return None


@cache
def _table() -> dict[str, dict[str, str]]:
    from importlib.metadata import version  # noqa: PLC0415  (only when a code is met that no entry has)

    sources = [path for _, path in files()] + [source_of(__name__)]
    table: dict[str, dict[str, str]] = kept("icd10cm", f"{version(_PACKAGE)} {stamp(sources)}", _built)
    return table


def _built() -> dict[str, dict[str, str]]:
    """The codes whose descriptions the vocabulary knows."""
    with catch_warnings():
        simplefilter("ignore", DeprecationWarning)  # of how the package opens its data
        codes: Any = import_module("simple_icd_10_cm")
    table: dict[str, dict[str, str]] = {"is": {}, "kind_of": {}}
    for code in codes.get_all_codes(True):
        if _DISEASES.fullmatch(code) is None:
            continue
        description = _SAYS_NOTHING.sub("", codes.get_description(code))
        if (entry := _named(description)) is not None:
            table["is"][code] = entry.name
        elif (entry := _named(_NARROWER.sub("", description))) is not None:
            table["kind_of"][code] = entry.name
    return table


def _named(description: str) -> Entry | None:
    cancer = _CANCER.fullmatch(description)
    for name in (description, *((f"{cancer[1]} cancer",) if cancer else ())):
        found = vocabulary().find(name, "condition") or derived(words.keys(name), "condition")
        if found is not None:
            return found
    return None
