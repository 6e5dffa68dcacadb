"""Where an "or" branches: before all that precedes it, or only before the last words of that."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Final, cast

from eligibility.knowledge.qualifiers import Qualifier
from eligibility.reading.composing.doubting import OR_IS, doubt
from eligibility.reading.composing.terms import FRAMES, Composing, Item, is_person
from eligibility.reading.drafts import unread
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.patterns import PERSONS
from eligibility.reading.phrases import Measured, Noun

_OF_TREATMENT: Final = re.compile(  # "requiring no treatment or a diuretic"
    r"requir|treat|medicat|therap", re.IGNORECASE
)
_REQUIRES: Final = re.compile(r"(?:requir|need)ing\b")


def doubt_alternatives(here: Composing, items: list[Item]) -> None:
    """ "Malignancy requiring chemotherapy or radiotherapy": whether the radiotherapy stands for all that precedes."""
    for index, (item, after) in enumerate(pairwise(items)):
        other = item.also[-1] if item.also else None
        listed = all(map(_is_bare_treatment, items[index + 1 :]))
        if _also_caused(here, item, after):
            after.beside_or_not = unread(here.text, item.start, item.end, "narrowing")
        elif _within(here, item, after) or _of_the_same_clause(here, item, after) or _shown_as(here, item, after):
            after.doubted = cast(Noun, item.core)
        elif item.doubted is not None and (_goes_on(item, after) or _is_required_too(here, item, after)):
            after.doubted = item.doubted  # "infection requiring an antibiotic, antifungal or antiviral"
        elif item.under is not None and _goes_on(item, after):
            after.under = item.under
        elif (required := _requiring_either(here, item, after, listed=listed)) is not None:
            after.under = required
        elif (
            isinstance(item.core, Noun)
            and isinstance(after.core, Noun)
            and item.core.kinds == {"CONDITION"}
            and after.core.kinds == {"TREATMENT"}
            and item.core.behind
            and item.core.behind[-1].type == "QUALIFIER"
            and not item.also
            and not after.also
            and (
                all(t.type == "USE" and _REQUIRES.match(str(t.value)) for t in after.core.before if t.type in FRAMES)
                or _OF_TREATMENT.search(here.text, item.core.behind[-1].start, item.core.behind[-1].end)
            )
        ):
            after.doubted = item.core  # "disease not amenable to surgery or radiotherapy"
        elif (
            isinstance(item.core, Noun)
            and isinstance(other, Noun)
            and isinstance(after.core, Noun)
            and not after.also
            and not is_person(item)
            and (
                after.core.kinds == other.kinds != item.core.kinds or _is_open_treatment(here, item, other, after.core)
            )
        ):
            after.doubted = item.core
        elif _is_treated_so(here, item, after):
            after.doubted = cast(Noun, item.core)
        elif _is_beside_limit(here, item, after):
            after.doubted = cast(Measured, item.core)
        elif (
            isinstance(item.core, Noun)
            and isinstance(other, Measured)
            and isinstance(after.core, Measured)
            and not after.also
            and not after.negations
            and item.core.kinds == {"CONDITION"}
        ):
            after.doubted = item.core  # "diabetes with HbA1c > 9 % or glucose > 200 mg/dL"


def _is_open_treatment(here: Composing, item: Item, other: Noun, after: Noun) -> bool:
    """Whether the vocabulary does not know the first of several treatments: "treated with diet or metformin"."""
    if other.kinds or not other.has("USE") or after.kinds != {"TREATMENT"}:
        return False
    between = (here.low, item.end, after.head.start)
    return _OR_BARE.fullmatch(*between) is not None or _COMMA_BARE.fullmatch(*between) is not None


def _is_beside_limit(here: Composing, item: Item, after: Item) -> bool:
    """ "FEV1 < 80 % with wheezing or cough": whether the second is one more that a limit is asked for with."""
    if not isinstance(item.core, Measured) or not isinstance(after.core, Noun):
        return False
    if after.also or after.negations or not (item.also or item.beside):
        return False
    return _WITH.match(here.low, item.core.end) is not None


_WITH: Final = re.compile(r"\s+with\s")


def _is_treated_so(here: Composing, item: Item, after: Item) -> bool:
    """ "Diabetes with good control on diet, or metformin": whether the second is one more treatment of the disease."""
    noun = item.core
    if not isinstance(noun, Noun) or noun.kinds != {"CONDITION"} or item.also or not item.beside:
        return False
    return _is_bare_treatment(after) and any(
        _TREATED.search(here.low, words.start, words.end) is not None for words in item.beside
    )


_TREATED: Final = re.compile(r"\b(?:control|manag|treat)\w*\s+(?:on|with|by|using)\s+[\w-]+$")


def _is_bare_treatment(item: Item) -> bool:
    """Whether it is no more than the name of a treatment, with the words that lead it."""
    noun = item.core
    if not isinstance(noun, Noun) or noun.kinds != {"TREATMENT"} or item.also or item.negations or item.frames:
        return False
    return not any(t.type in FRAMES and t.end > t.start for t in noun.before)


def _requiring_either(here: Composing, item: Item, after: Item, *, listed: bool) -> Noun | None:
    """ "Infection requiring hospitalization or antibiotics": what requires either, without the first that it may
    require; None where the second may be more than what is required. ``listed``: nothing but treatments follow."""
    first, second = item.core, after.core
    if not isinstance(first, Noun) or not isinstance(second, Noun) or after.also or after.negations:
        return None
    if not first.kinds <= {"CONDITION"} or second.kinds != {"TREATMENT"}:
        return None
    joint = _OR_BARE.fullmatch(here.low, item.end, second.head.start)
    joint = joint or (_COMMA_BARE.fullmatch(here.low, item.end, second.head.start) if listed else None)
    if joint is None or any(t.type in _TIMES for t in second.before):
        return None
    named = item.also[0] if len(item.also) == 1 else None
    own_time = (after.window is not None or second.has("WINDOW")) and item.window is None
    if isinstance(named, Noun) and named.kinds == {"TREATMENT"} and not own_time:
        start, end, whole = named.start, named.head.start, first
    elif not item.also and first.behind and first.behind[-1].type == "QUALIFIER":
        start, end = first.behind[-1].start, first.behind[-1].end
        whole = replace(first, behind=first.behind[:-1], end=start)
    else:
        return None
    if not _REQUIRED.match(here.low, start):
        return None
    second.inherited = [*second.inherited, Token("USE", "requiring", start, end)]
    return whole


_OR_BARE: Final = re.compile(
    r"\s+(?:and/)?or\s+(?:(?:an?|any|other|additional|further|(?:systemic|medical)\s+)?\s*(?:treatment|therapy|use|administration)\s+(?:with|of)\s+)?"
    r"(?:an?\s+|other\s+)?(?:[a-z-]+\s+)?"
)
_REQUIRED: Final = re.compile(r"(?:that\s+|which\s+|who\s+)?(?:requir(?:ing|es?|ed)|need(?:ing|s|ed)?)\b")
_NEEDED: Final = re.compile(r"\bor\s+(?:requir(?:es?|ed|ing)|need(?:s|ed|ing)?)\Z")
_COMMA_BARE: Final = re.compile(r"\s*,\s*(?:[a-z-]+\s+)?")
_TIMES: Final = frozenset(("HISTORY", "PRIOR", "CURRENT", "PLANNED"))


def _of_the_same_clause(here: Composing, item: Item, after: Item) -> bool:
    """ "Asthma that is uncontrolled or requires steroids", "severe asthma or needs steroids": what it is of which the
    second is said, too."""
    first, second = item.core, after.core
    needed = OR_IS.match(here.low, item.end)
    return (
        isinstance(first, Noun)
        and isinstance(second, Noun)
        and first.kinds == {"CONDITION"}
        and second.kinds <= {"TREATMENT"}
        and not after.also
        and needed is not None
        and (_NEEDED.search(needed[0]) is not None or _THAT_IS.search(here.low, item.start, item.end) is not None)
    )


def _is_required_too(here: Composing, item: Item, after: Item) -> bool:
    """ "Metastases which are unstable, require steroids, or have required surgery": one more clause of the same."""
    bare = isinstance(after.core, Noun) and after.core.kinds <= {"TREATMENT"} and not after.also
    return bare and OR_IS.match(here.low, item.end) is not None


def _shown_as(here: Composing, item: Item, after: Item) -> bool:
    """ "A malignancy with evidence of active or measurable disease": of which both kinds of disease are said."""
    first, second = item.core, after.core
    if not isinstance(first, Noun) or not isinstance(second, Noun) or first.kinds != {"CONDITION"} or after.also:
        return False
    with_one = _WITH_ADJECTIVE.fullmatch(here.low, first.head.end, item.end) is not None
    return with_one and _DISEASE_SO.fullmatch(here.low, second.start, second.head.end) is not None


def _also_caused(here: Composing, item: Item, after: Item) -> bool:
    """ "Drugs known to cause weight loss or weight gain": one more effect of the drugs, not a disease beside them."""
    drug, effect = item.core, after.core
    if not isinstance(drug, Noun) or not isinstance(effect, Noun) or after.also or after.negations or after.frames:
        return False
    bare = all(t.type == "QUALIFIER" for t in effect.before)
    causes = drug.kinds == {"TREATMENT"} and effect.kinds == {"CONDITION"} and bare
    return causes and _CAUSING.search(here.low, item.start, item.end) is not None


_CAUSING: Final = re.compile(
    r"\b(?:(?:known|likely|reported|suspected|shown)\s+to|that|which)\s+(?:(?:may|can|could|might)\s+)?"
    r"(?:caus|induc|produc|provok|trigger)(?:e|es|ed|ing)\b"
)
_WITH_ADJECTIVE: Final = re.compile(r"\s+with\s+(?:(?:any\s+)?(?:evidence|signs?)\s+of\s+)?[a-z-]+\s*")
_DISEASE_SO: Final = re.compile(r"[a-z-]+\s+disease")
_THAT_IS: Final = re.compile(r"\b(?:that|which)\s+(?:is|are|was|were|has|have|had|requires?|required|needs?|needed)\b")


def _goes_on(item: Item, after: Item) -> bool:
    """Whether a name follows that is as bare as the one before it, and of its kind."""
    first, second = item.core, after.core
    if not isinstance(first, Noun) or not isinstance(second, Noun) or after.also or after.negations:
        return False
    return second.kinds == first.kinds and not any(t.end > t.start for t in second.before)


def _within(here: Composing, item: Item, after: Item) -> bool:
    """ "Breast cancer patients with A or B", "adenocarcinoma in primary or metastatic lesions": of the first."""
    first, other, second = item.core, item.also[0] if item.also else None, after.core
    if not isinstance(first, Noun) or not isinstance(second, Noun) or item.negations or after.negations or after.also:
        return False
    if first.kinds != {"CONDITION"} or second.kinds != {"CONDITION"} or is_person(item):
        return False
    if isinstance(other, Noun) and len(item.also) == 1 and other.kinds == {"CONDITION"}:
        return _PATIENTS.fullmatch(here.text, first.end, other.start) is not None
    halved = " ".join(here.text[first.end : after.start].split())
    return other is None and bool(item.beside or first.behind) and _HALVED.fullmatch(halved) is not None


_PATIENTS: Final = re.compile(rf"\s+(?:{PERSONS})\s+(?:with|who have|having)\s+", re.IGNORECASE)
_HALVED: Final = re.compile(
    r"(?:in|of|from|at) (?:an? |the )?[a-z-]+(?:ary|al|ic|ous|ive|ar) (?:and/)?or\b.*", re.IGNORECASE
)
_ELLIPSIS: Final = re.compile(r"\b(?:from|of|with|to|by|for|on|in|after)\b.*(?:ic|al|ous|ive|ar|ary)$", re.IGNORECASE)


def doubt_ellipses(here: Composing, items: list[Item]) -> None:
    """ "Incomplete healing from oncologic or other surgery": the surgery may be all that the first words lack."""
    for item, after in pairwise(items):
        if item.words is None or item.core is not None or not isinstance(after.core, Noun) or after.negations:
            continue
        if _ELLIPSIS.search(here.text[item.words.start : item.words.end]) and not after.frames:
            after.beside_or_not = unread(here.text, item.words.start, item.words.end, "narrowing")


def doubt_occasions(here: Composing, items: list[Item], separators: list[str]) -> None:
    """ "Bleeding during surgery or radiotherapy", "a disease seen by ultrasound or biopsy": what stands behind the "or"
    may be one more treatment that it came of, or was found by."""
    for index, (item, after) in enumerate(pairwise(items)):
        dated = after.window is not None or after.since is not None
        if separators[index] not in ("OR", "ANDOR") or dated or not _is_bare_treatment(after):
            continue
        if isinstance(after.core, Noun) and after.core.has("WINDOW", "PLANNED"):
            continue
        said = _OCCASION.search(here.low, item.start, item.end)
        joint = _OR_BARE.fullmatch(here.low, item.end, after.start)
        if said is None or joint is None or after.doubted is not None or after.beside_or_not is not None:
            continue
        noun, words = item.core, item.words
        named = noun.head.end if isinstance(noun, Noun) else words.start + 1 if words is not None else item.end
        if named <= said.start():
            after.beside_or_not = unread(here.text, item.start, item.end, "narrowing")


_OCCASION: Final = re.compile(r"\b(?:during|by|after|following)\s+(?:(?:the|an?)\s+)?(?:[\w/-]+\s*,?\s*){1,4}\Z")
_ORGAN: Final = re.compile(
    r"(?:corneal|conjunctival|ocular|retinal|macular|cerebral|intracranial|pulmonary|hepatic|renal|gastric|intestinal"
    r"|gastrointestinal|o?esophageal|rectal|pleural|pericardial|spinal|vaginal|oral|urethral|biliary|laryngeal|nasal)\b"
)
_ANYWHERE: Final = re.compile(
    r"(?:o?edema|inflammation|ulcer(?:s|ations?)?|ha?emorrhages?|swelling|stenosis|obstruction|perforation|fibrosis"
    r"|scarring|malformations?|trauma|injury|injuries|tumou?rs?)",
    re.IGNORECASE,
)


def doubt_organs(here: Composing, items: list[Item], separators: list[str]) -> None:
    """ "Corneal inflammation or edema": the edema may be that of the cornea alone."""
    for index, (item, after) in enumerate(pairwise(items)):
        first, second = item.core, after.core
        if not isinstance(first, Noun) or not isinstance(second, Noun) or separators[index] == "COMMA" or second.before:
            continue
        organ = _ORGAN.match(here.low, first.head.start)
        elsewhere = (
            organ is not None and _ANYWHERE.fullmatch(here.text[second.head.start : second.head.end]) is not None
        )
        if organ is not None and elsewhere and after.led is None:
            doubt(after, [Token("QUALIFIER", Qualifier(organ.group().lower(), ""), organ.start(), organ.end())])
