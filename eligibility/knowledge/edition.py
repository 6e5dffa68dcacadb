"""Which edition of the program and of its rules something was made with."""

from __future__ import annotations

from functools import cache
from typing import Final

from eligibility import compiled
from eligibility.knowledge.vocabulary import data_folder

__all__ = ["edition"]

_READS_AND_DECIDES: Final = ("*.py", "knowledge/*.py", "reading/**/*.py", "patient/*.py", "deciding/*.py")


@cache
def edition(*more: str) -> str:
    """The stamp (SHA-256, hexadecimal) of all that texts are read and facts decided by: the code, and the files of
    ``rules/`` and ``grammars/``; ``more``: patterns of further files of the package."""
    code = [path for part in (*_READS_AND_DECIDES, *more) for path in compiled.PACKAGE.glob(part)]
    data = [*data_folder("rules").rglob("*.yaml"), *data_folder("grammars").rglob("*.lark")]
    return compiled.stamp([*sorted(code), *sorted(data)])
