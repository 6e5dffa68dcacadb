"""Every error of the package: one clear sentence, and, where it is about a text, the place in it."""

from __future__ import annotations

__all__ = ["EligibilityError", "KnowledgeError", "ProfileError", "TrialError", "UnitError"]


class EligibilityError(ValueError):
    """What went wrong, what was expected, and where.

    ``message`` is one sentence for a person. ``source`` names the file, or ``<stdin>``; ``text``, ``line`` and
    ``column`` (both from 1) point into it, and ``str()`` then draws the line with a caret under the column.
    """

    def __init__(
        self,
        message: str,
        *,
        source: str | None = None,
        text: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        """Keep the message and the place apart; :meth:`__str__` puts them together."""
        super().__init__(message)
        self.message = message
        self.source = source
        self.text = text
        self.line = line
        self.column = column

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.source, self.line, self.column) if part is not None)
        head = f"{where}: {self.message}" if where else self.message
        if self.text is None or self.line is None:
            return head
        lines = self.text.splitlines()
        if not 1 <= self.line <= len(lines):
            return head
        shown = lines[self.line - 1]
        column = min(max(self.column or 1, 1), len(shown) + 1)
        start = max(0, column - 80)
        shown = shown[start : start + 120].replace("\t", " ")
        return f"{head}\n    {shown}\n    {' ' * (column - 1 - start)}^"


class ProfileError(EligibilityError):
    """A patient profile that cannot be taken as it is."""


class TrialError(EligibilityError):
    """A source in which no trial can be found, or an edited trial that is broken."""


class UnitError(EligibilityError):
    """A unit that is not known, or a conversion between units of different kinds."""


class KnowledgeError(EligibilityError):
    """An entry in ``rules/`` that contradicts itself or another one."""
