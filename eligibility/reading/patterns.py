"""How patterns are written that are searched for in every text."""

from __future__ import annotations

__all__ = ["any_word"]


def any_word(*alternatives: str) -> str:
    r"""``\b(?:...|...)`` for :func:`re.search`, in a third of the time; each of them begins with a small letter.

    The search skips to the next of a set of characters, but not where a pattern begins with ``\b`` or in either case:
    so the letters stand first, and what must precede them behind.
    """
    rests: dict[str, list[str]] = {}
    for each in alternatives:
        rests.setdefault(each[0], []).append(each[1:])
    letters = "".join(rests) + "".join(rests).upper()
    return rf"(?-i:[{letters}])(?<!\w.)(?:" + "|".join(
        f"(?<={first})(?:{'|'.join(behind)})" for first, behind in rests.items()
    ) + ")"  # fmt: skip
