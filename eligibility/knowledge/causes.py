"""Which treatment words say that a thing comes of: ``blamed("cisplatin-related")``, ``blamed("due to opioids")``.

What comes of a treatment is an adverse event of it, whatever it is.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from eligibility.knowledge import words
from eligibility.knowledge.vocabulary import ANY_TREATMENT, vocabulary

__all__ = ["ADVERSE_EVENT", "blamed", "comes_of"]

ADVERSE_EVENT: Final = "adverse event"
"""The condition that whatever comes of a treatment is."""

_ADVERSE: Final = re.compile(
    r"(?:(?!not\b|no\b|without\b)[\w-]+\s+){0,2}(?:toxicit(?:y|ies)|(?:side|toxic|adverse)\s+(?:drug\s+)?(?:effects?|reactions?|events?))"
    r"(?:\s+(?:of|from|to|due\s+to|related\s+to|caused\s+by|on|with)\s+(?P<of>\S.*))?",
    re.IGNORECASE,
)
_BY_IMMUNITY: Final = re.compile(r"immune-related", re.IGNORECASE)  # as what immunotherapy does is called
_INDUCED: Final = re.compile(r"(?P<of>\w[\w/ -]*?)[\s-](?:induced|related|associated)(?:\s+\w.*)?", re.IGNORECASE)
_COMES_OF: Final = re.compile(
    r"(?:(?:which|that)\s+(?:is|are)\s+)?(?:due\s+to|secondary\s+to|caused\s+by|related\s+to|associated\s+with|resulting\s+from"
    r"|attribut(?:ed|able)\s+to|induced\s+by|from|of)\s+(?P<of>\S.*)",
    re.IGNORECASE,
)
_EARLIER: Final = re.compile(
    r"(?:(?:the|an?|any|all|his|her|their|prior|previous(?:ly)?|earlier|recent|last|past|administered|given|received|most)\s+)+",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(r"\s*(?:,\s*(?:and/or|and|or)?|/|\+|\b(?:and/or|and|or|plus)\b)\s*", re.IGNORECASE)
_WHATEVER: Final = frozenset(
    words.keys("treatment therapy medication medicine drug agent regimen intervention procedure")
)
_OF_CANCER: Final = "anticancer therapy"
_GIVEN: Final = frozenset(("drug", "class", "radiation", "transplant", "cell", "vaccine"))


@lru_cache(maxsize=4096)
def blamed(text: str) -> frozenset[str]:
    """The treatments of which words about a condition say that it comes, or is an adverse effect; none where none.

    ``any treatment`` where they do not say which. An operation has complications, and is no such treatment.
    """
    if _BY_IMMUNITY.fullmatch(text):
        return frozenset((ANY_TREATMENT,))
    adverse = _ADVERSE.fullmatch(text)
    if adverse is not None:
        return _treatments(adverse["of"]) if adverse["of"] else frozenset((ANY_TREATMENT,))
    for pattern in (_INDUCED, _COMES_OF):
        if (found := pattern.fullmatch(text)) is not None:
            return _treatments(found["of"])
    return frozenset()


@lru_cache(maxsize=4096)
def comes_of(text: str, treatments: frozenset[str]) -> bool:
    """Whether what comes of each of these treatments is what words ask for: "from prior anti-cancer therapy"."""
    found = _COMES_OF.fullmatch(text)
    wanted = _treatments(found["of"]) if found is not None else frozenset()
    if not wanted or not treatments:
        return False
    if ANY_TREATMENT in wanted or (_OF_CANCER in wanted and treatments == {ANY_TREATMENT}):
        return True  # what is "treatment-related" is so by the treatment that such texts speak of
    return all(any(vocabulary().is_a("treatment", one, broad) for broad in wanted) for one in treatments)


def _treatments(text: str) -> frozenset[str]:
    """The treatments that a list names; none if one of them is not known."""
    found: set[str] = set()
    for piece in _LISTED.split(text):
        bare = _EARLIER.sub("", piece.strip())
        keys = words.keys(bare)
        if keys and _WHATEVER.issuperset(keys[-1:]) and (len(keys) == 1 or keys[:-1] == ("study",)):
            found.add(ANY_TREATMENT)
            continue
        entry = vocabulary().find(bare, "treatment")
        if entry is None:
            return frozenset()
        if entry.facts.get("type") in _GIVEN:
            found.add(entry.name)
    return frozenset(found)
