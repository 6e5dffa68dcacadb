"""What stands behind the last of a list and may be said of all: an eye, a setting, a need of drainage."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from eligibility.knowledge.qualifiers import Qualifier, qualifiers
from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.composing.doubting import all_are, doubt, doubtful
from eligibility.reading.composing.terms import FRAMES, Composing, Item
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.phrases import Noun


def doubt_eyes(items: list[Item]) -> None:
    """ "Retinal detachment or macular hole in the study eye": the eye, or the nearer of two, may be meant of all of
    them."""
    nouns = [item.core for item in items if isinstance(item.core, Noun)]
    all_of_eyes = len(nouns) == len(items) and all(_of_eyes(name) for noun in nouns for name in noun.head.names)
    sites: list[Token] = []
    for item, after in reversed([*pairwise(items)]):
        noun, behind = item.core, after.core.behind if isinstance(after.core, Noun) else []
        sites = [t for t in behind if t.type == "SITE" and "eye" in str(t.value)] or sites
        if not sites or not isinstance(noun, Noun) or noun.has("SITE") or item.negations or noun.has("ALLERGY"):
            continue
        if not all(_of_eyes(name) for name in noun.head.names):
            continue
        surely = item.shares_head or (all_of_eyes and all(map(_is_ocular, noun.head.names)))
        if surely and not item.also and item.window is None:
            noun.inherited.extend(sites)
        else:
            doubt(item, sites)


def doubt_settings(items: list[Item]) -> None:
    """ "Chemotherapy or immunotherapy in the metastatic setting": the setting is that of all that is no more than
    named, as a time would be; and it may be that of the others."""
    last = items[-1].core
    if len(items) == 1 or not isinstance(last, Noun) or last.kinds != {"TREATMENT"}:
        return
    anew = any(t.type in FRAMES and t.end > t.start >= items[-2].end for t in last.before)
    settings = _settings_behind(last)
    for item in reversed(items[:-1]):
        noun = item.core
        if settings and isinstance(noun, Noun) and (nearer := _settings_behind(noun)):
            settings = nearer
        if not settings or not isinstance(noun, Noun) or noun.kinds != {"TREATMENT"} or noun.has("ALLERGY"):
            continue
        own = [t.value for t in noun.all("QUALIFIER")]
        own += [qualifiers().find(word) for name in noun.head.names for word in _words_of(name)]  # "adjuvant therapy"
        if any(isinstance(each, Qualifier) and each.axis in _OF_A_COURSE for each in own):
            continue
        if anew or item.also or item.beside or item.groups or item.negations or item.window or noun.behind:
            doubt(item, settings)
        else:
            noun.inherited.extend(settings)


def _settings_behind(noun: Noun) -> list[Token]:
    return [t for t in noun.behind if isinstance(t.value, Qualifier) and t.value.axis in _OF_A_COURSE]


def doubt_drainage(items: list[Item]) -> None:
    """ "Pleural effusion or ascites requiring recurrent drainage": the need is that of each, and may be that of what is
    no effusion."""
    last = items[-1].core
    if not isinstance(last, Noun) or last.kinds != {"CONDITION"}:
        return
    needs = [t for t in last.behind if isinstance(t.value, Qualifier) and t.value.axis == _DRAINAGE]
    for item in items[:-1]:
        noun = item.core
        if needs and isinstance(noun, Noun) and noun.kinds == {"CONDITION"} and not noun.has("ALLERGY"):
            own = [t.value for t in noun.all("QUALIFIER")]
            if any(isinstance(each, Qualifier) and each.axis == _DRAINAGE for each in own):
                continue
            if all_are(noun, _EFFUSIONS) and all_are(last, _EFFUSIONS):
                noun.inherited.extend(needs)
            else:
                doubt(item, needs)


_DRAINAGE: Final = "drainage"
_EFFUSIONS: Final = ("pleural effusion", "pericardial effusion", "ascites")


def _words_of(name: Token) -> list[str]:
    return name.value.name.split() if isinstance(name.value, Entry) else []


_OF_A_COURSE: Final = frozenset(("setting", "line", "course given"))


def _of_eyes(name: Token) -> bool:
    """Whether it may be had, or done, in one eye: "dementia" is not."""
    entry = name.value if isinstance(name.value, Entry) else None
    if entry is None or name.type == "TREATMENT":
        return name.type == "TREATMENT"
    return name.type == "CONDITION" and any(
        vocabulary().is_a("condition", entry.name, each) for each in ("eye disease", "infection", "surgery")
    )


def _is_ocular(name: Token) -> bool:
    """Whether nothing but an eye can have it, or have it done."""
    entry = name.value if isinstance(name.value, Entry) else None
    kinds = _OF_EYES.get(entry.kind, ()) if entry is not None else ()
    return entry is not None and any(vocabulary().is_a(entry.kind, entry.name, each) for each in kinds)


_OF_EYES: Final = {
    "condition": ("eye disease",),
    "treatment": (
        "ocular surgery",
        "ocular laser surgery",
        "photocoagulation",
        "intravitreal therapy",
        "intravitreal injection",
        "intravitreal anti-VEGF",
        "intravitreal corticosteroid",
        "laser therapy",
    ),
}


def doubt_sites(here: Composing, items: list[Item]) -> None:
    """ "Cataract or uveitis in the study eye (, or gout)": whether the cataract is meant in that eye only is open."""
    eyes = (i for i in range(len(items) - 1, 0, -1) if _says_which_eye(items[i]))
    items = items[: next(eyes, len(items) - 1) + 1]
    last, words = items[-1].core, items[-1].words
    behind = last.behind if isinstance(last, Noun) else _eyes_in(words) if last is None and words is not None else []
    site = next((t for t in behind if t.type == "SITE"), None)
    if site is None or (isinstance(last, Noun) and site.start == last.head.end):
        return  # "cancer of the colon or rectum": it is part of the name
    for item in items[:-1]:
        noun = item.core
        if not isinstance(noun, Noun) or not noun.head.names or item.also or item.beside or noun.has("SITE"):
            continue
        if noun.kinds == {"CONDITION"} and isinstance(last, Noun) and _is_done_to(here, last, site):
            continue  # "malabsorption, or resection of the stomach"
        doubted = doubtful(item)
        if noun.kinds <= {"CONDITION", "TREATMENT"} and (doubted is None or site not in doubted.value):
            item.modifiers.append(Token("MAYBE_SITE", site, item.start, item.end))


def _says_which_eye(item: Item) -> bool:
    """Whether an eye stands behind its name."""
    behind = item.core.behind if isinstance(item.core, Noun) else []
    return any(t.type == "SITE" and "eye" in str(t.value) for t in behind)


def _is_done_to(here: Composing, noun: Noun, site: Token) -> bool:
    """Whether a place is what an operation is done to: "resection of the stomach"."""
    of_it = here.low.startswith(("of ", "to "), site.start)
    return noun.kinds == {"TREATMENT"} and of_it and "eye" not in str(site.value)


def _eyes_in(words: Token) -> list[Token]:
    """The eyes among words that are not known: "retinal tears or rips in the study eye"."""
    return [t for t in words.value or () if t.type == "SITE" and "eye" in str(t.value)]
