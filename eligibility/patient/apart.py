"""A name in a profile, and what is said behind it: "asthma (mild)", "CKD stage 3b", "heart failure, NYHA class II"."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.tables import charted_prefix, charted_sites, charted_words
from eligibility.knowledge.words import BRACKETED

__all__ = ["apart", "is_date", "is_past", "is_score", "site_spelt_out", "spelt_out", "without_side"]

_MARKS: Final = re.compile(r"\s*[,;]\s*|\s+[-–—]\s+|\s+with\s+", re.IGNORECASE)
_DATE: Final = r"(?:\d{1,2}[/.-])?(?:(?:\w{3,9}\s+)?\d{1,2},?\s+)?(?:[A-Za-z]{3,9}\.?\s+)?(?:19|20)\d\d"
_WHEN: Final = re.compile(rf"\s+(?:(?:in|since|from|dx(?:ed)?|diagnosed(?:\s+in)?)\s+)?({_DATE})$", re.IGNORECASE)
_SCORE: Final = (
    r"(?:(?:clinical\s+|pathologic(?:al)?\s+|AJCC\s+)?stage|grade|NYHA(?:\s+(?:functional\s+)?class)?|class"
    r"|GOLD(?:\s+(?:stage|group|grade))?|Child[- ]Pugh(?:\s+(?:class|score))?|ECOG|Gleason(?:\s+score)?)"
    r"\s*:?\s*(?:[0-5]|I{1,3}|IV|V|[A-D])[A-Da-d]?\d?"
)
_SCORED: Final = re.compile(rf"\s+({_SCORE})$", re.IGNORECASE)
_SCORE_ALONE: Final = re.compile(_SCORE, re.IGNORECASE)
_KIDNEYS: Final = re.compile(r"(CKD)[\s-]?G?([1-5][ab]?)(?:\s?A[1-3])?", re.IGNORECASE)
_TREATED: Final = re.compile(r"\s+(?=(?:s/p|status[\s-]post|on|managed\s+with|treated\s+with)\s+\w)", re.IGNORECASE)
_SCORED_BEFORE: Final = re.compile(r"(stage\s+(?:[0-4]|I{1,3}|IV)[A-Da-d]?\d?)\s+(?=\S)", re.IGNORECASE)
_DATE_ALONE: Final = re.compile(
    rf"(?:(?:in|since|from|dx(?:ed)?|diagnosed(?:\s+in)?)\s+)?{_DATE}(?:\s*(?:-|–|to)\s*(?:{_DATE}|present|now))?",
    re.IGNORECASE,
)
_PAST: Final = re.compile(
    r"(?:(?:past|prior|previous|remote|personal|known|medical)\s+)*history(?:\s+of)?|hx(?:\s+of)?|in\s+the\s+(?:remote\s+)?past"
    r"|remote|previous(?:ly)?|resolved|in\s+childhood|as\s+a\s+child|(?:many\s+)?years\s+ago",
    re.IGNORECASE,
)
_SIDE: Final = re.compile(r"\b(left|right|bilateral)\s+(?=\w)", re.IGNORECASE)


def apart(text: str) -> tuple[str, tuple[str, ...]] | None:
    """A name and what is said behind it, in order; ``None`` where nothing is."""
    rest = [said.strip() for said in BRACKETED.findall(text)]
    bare = BRACKETED.sub(" ", text).strip() if rest else text
    head, *behind = [part.strip() for said in _TREATED.split(bare) for part in _marked(said)]
    rest = [part for said in (*behind, *rest) for part in _MARKS.split(said)]
    for pattern in (_WHEN, _SCORED):
        while (match := pattern.search(head)) is not None:
            rest.append(match[1])
            head = head[: match.start()]
    if (match := _SCORED_BEFORE.match(head)) is not None:
        rest.append(match[1])
        head = head[match.end() :]
    if (match := _KIDNEYS.fullmatch(head)) is not None:
        head = match[1]
        rest.append(f"stage {match[2]}")
    said = tuple([part.strip() for part in rest if part.strip()])
    return (head, said) if head and said else None


def _marked(text: str) -> list[str]:
    """The parts of a text between its marks; what something is treated with is one, whatever stands in it."""
    return [text] if _TREATED.match(f" {text}") is not None else _MARKS.split(text)


def spelt_out(text: str) -> str:
    """``iron def anemia`` >> ``iron deficiency anemia``; a name without an abbreviation as it is."""
    known = charted_words()
    tokens = _BEFORE_NAME.sub(r"\1 ", text).split()
    spelt = [known.get(token.lower().rstrip("."), token) for token in tokens]
    spelt = [" ".join(charted_prefix(token) or (token,)) for token in spelt]
    return " ".join(spelt) if spelt != tokens else text


_BEFORE_NAME: Final = re.compile(r"(?<!\S)(w/)(?!o\b)(?=\w)", re.IGNORECASE)


def site_spelt_out(text: str) -> str:
    """``OD`` >> ``right eye``."""
    known, tokens = charted_sites(), text.split()
    return text if known.keys().isdisjoint(tokens) else " ".join([known.get(token, token) for token in tokens])


def is_score(text: str) -> bool:
    """Whether it is a stage, a grade or a class: "stage IIIA", "NYHA class II"."""
    return _SCORE_ALONE.fullmatch(text) is not None


def is_date(text: str) -> bool:
    """Whether it only says when."""
    return _DATE_ALONE.fullmatch(text) is not None


def is_past(text: str) -> bool:
    """Whether it says of what stands before it that it was: "breast cancer, history of"."""
    return _PAST.fullmatch(text) is not None


def without_side(text: str) -> tuple[str, str] | None:
    """``osteoarthritis of the left knee`` >> ``osteoarthritis of the knee``, ``left``."""
    found = _SIDE.search(text)
    if found is None or _SIDE.search(text, found.end()) is not None:
        return None
    return f"{text[: found.start()]}{text[found.end() :]}".strip(), found[1].lower()
