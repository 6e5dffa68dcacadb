"""The chart: one profile compiled for evaluation. Names are canonical, dates are intervals of day numbers.

Numbers are converted where they are first asked for, and kept. A chart belongs to one profile and never changes; it is
kept with the profile, so that a thousand criteria compile it once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from typing import Final, Literal, TypeAlias

from eligibility.knowledge import units, words
from eligibility.knowledge.attributes import in_blood
from eligibility.knowledge.causes import ADVERSE_EVENT, blamed
from eligibility.knowledge.charted import by_stage, is_of_others, meant
from eligibility.knowledge.derived import at_place, derived
from eligibility.knowledge.icd10 import diagnosis
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.tables import (
    charted_names,
    charted_no_allergies,
    charted_origins,
    diseases,
    places_in,
    results,
    routes,
    sites,
)
from eligibility.knowledge.vocabulary import ANY_DRUG, ONE_DAY, Entry, Kind, texts, vocabulary
from eligibility.knowledge.words import IN_PARENTHESES
from eligibility.patient.apart import apart, is_date, is_past, is_score, spelt_out, without_side
from eligibility.patient.dates import DateRange
from eligibility.patient.lasted import lasted
from eligibility.patient.profile import (
    AllergyFact,
    ConditionFact,
    Interval,
    Observation,
    PatientProfile,
    TreatmentFact,
)

__all__ = [
    "FUTURE",
    "PAST",
    "STOP",
    "Chart",
    "Fact",
    "Name",
    "chart_of",
    "content",
    "measured",
    "name_of",
    "short_name",
    "single",
]

PAST = date.min.toordinal()
"""Before every day: the bound of a fact of which it is not known when it began."""
FUTURE = date.max.toordinal()
"""After every day: the bound of a fact that goes on."""

State: TypeAlias = Literal["there", "resolved", "not current", "absent", "planned"]
"""``there``: there is or was such a thing, and its period says when. ``absent``: not now, not ever."""


# ---------------------------------------------------------------------------------------------------------------------
# Names

STOP: Final = frozenset({"of", "the", "a", "an", "any", "in", "to", "for", "with"})
_CUT: Final = (
    "due to",
    "secondary to",
    "caused by",
    "related to",
    "associated with",
    "resulting from",
    "following",
    "after",
)
_CUT_TREATMENT: Final = (*_CUT, "for", "from", "with", "based", "via", "in")
_GENERIC: Final = frozenset(
    {"disease", "disorder", "condition", "syndrome", "therapy", "treatment", "medical condition", "test"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """What a name in a profile stands for.

    ``own`` are the canonical names, several for a combination; ``up`` everything that they are a kind of, themselves
    included; ``may_be`` what they may be, depending on how they are given. ``exact``: the vocabulary knows the name as
    it stands (but for ``qualifiers``); otherwise ``own`` is only what its words say that it is a kind of. ``listed``:
    it is written as the vocabulary writes it; equal names that are listed are one object, which is kept. ``said``: that
    it is in the past, denied, no more than suspected, or the last of its kind.
    """

    text: str
    words: tuple[str, ...]
    kind: Kind | None
    own: frozenset[str] = frozenset()
    up: frozenset[str] = frozenset()
    may_be: frozenset[str] = frozenset()
    exact: bool = False
    qualifiers: tuple[str, ...] = ()
    listed: bool = False
    said: Literal["", "past", "denied", "suspected", "last"] = ""

    @property
    def placed(self) -> bool:
        """Whether the vocabulary can say what this is, and so what it is not."""
        return bool(self.own)


def content(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The words that say something: all but articles and prepositions."""
    return tuple([word for word in keys if word not in STOP])


@lru_cache(maxsize=65536)
def plain_words(text: str) -> tuple[str, ...]:
    """The words by which names that the vocabulary does not know are compared. Remembers them: for a rule's names."""
    return content(words.keys(text))


@lru_cache(maxsize=16384)
def analyte_words(text: str) -> tuple[str, ...]:
    """As :func:`plain_words`, of what is measured: a score is called by its name alone, too."""
    return _bare_name(plain_words(text))


def short_name(text: str) -> str:
    """The abbreviation that stands behind a name: "Fatigue Severity Index (FSI) score" is called "FSI", too."""
    found = plain_words(text)
    at = _abbreviated(found)
    return found[at] if at else ""


def _bare_name(found: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a name without the abbreviation of what stands before it, and without "score", "level"."""
    at = _abbreviated(found)
    if at:
        found = (*found[:at], *found[at + 1 :])
    while len(found) > 1 and found[-1] in _UNSAID:
        found = found[:-1]
    return found


def _abbreviated(found: tuple[str, ...]) -> int:
    """Which word is made of the first letters of those before it; 0 where none is."""
    for at in range(_LEAST_ABBREVIATED, len(found)):
        letters = "".join([word[0] for word in found[max(0, at - len(found[at]) - 1) : at]])
        if len(found[at]) >= _LEAST_ABBREVIATED and letters.endswith((found[at], f"{found[at]}s")):
            return at  # a plural has lost its last letter: "Restless Legs Scale (RLS)"
    return 0


_LEAST_ABBREVIATED: Final = 2
_UNSAID: Final = frozenset(("score", "total", "level", "value"))


_MOST: Final = 65536
_names: dict[tuple[str, Kind, str | None, str | None], Name] = {}
_analytes: dict[str, str] = {}


_MOST_INVERTED: Final = 3
_CAUSED: Final = re.compile(
    r"(?P<what>[\w -]+?)\s+(?:due\s+to|secondary\s+to|caused\s+by|induced\s+by|from)\s+(?P<cause>[\w -]+)",
    re.IGNORECASE,
)
_LYING: Final = re.compile(
    r"(?P<what>[\w -]+?)\s+(?P<where>(?:of|on)\s+(?P<whose>(?:the|his|her)\s+)?[\w -]+)", re.IGNORECASE
)
_BIOSIMILAR: Final = re.compile(  # "infliximab-dyyb"
    r"([\w ]+(?:mab|cept|stim|poetin|glargine|aspart|lispro))-[a-z]{4}", re.IGNORECASE
)


def _without_brackets(text: str) -> str:
    """The text without what it explains in brackets, unless that is all that it says."""
    bare = IN_PARENTHESES.sub(" ", text) if "(" in text else text
    return bare if bare.strip() else text


def _without_circumstances(text: str) -> str:
    """What was observed, without how often, when, by whom and of which eye: these stay with the observation.

    A specimen is none of them: "glucose in urine" is no glucose.
    """
    for pattern in _CIRCUMSTANCES:
        text = pattern.sub("", text)
    return text.strip()


_VISITS: Final = (
    r"(?:\d+\s+|the\s+|both\s+|two\s+)*(?:pre-?treatment|screening|baseline|enrol+ment|randomi[sz]ation|relapse|progression|recurrence"
    r"|(?<=at )(?:initial\s+)?diagnosis|visit)"
    r"(?:\s+and\s+(?:baseline|screening))?(?:\s+visits?)?(?:\s+\d+)?"
)
_EYE: Final = (
    r"(?:the\s+)?(?:O[DSU]\b|(?:study|treated|fellow|affected|right|left|better|worse)\s+eye|eye\s+to\s+be\s+treated)"
)
_IMAGED: Final = (
    r"(?:CT|MRI|CT\s+or\s+MRI|CT\s+scan|ultrasound|X-?ray|(?:transthoracic\s+)?echocardiogra(?:m|phy)|echo|TTE|MUGA(?:\s+scan)?"
    r"|cardiac\s+MRI|12-lead\s+ECG|ECG|EKG|DE?XA|spirometry|serum|plasma|fasting|resting|seated|supine)"
)
_CIRCUMSTANCES: Final = (
    re.compile(r",?\s*(?:as\s+)?(?:determined|assessed|measured|rated|evaluated|counted)\s+by\s+.*$", re.IGNORECASE),
    re.compile(rf"\s*\((?:by\s+)?(?:{_IMAGED}|[a-z]+\s+and\s+[a-z]+)\)|\s+(?:by|on)\s+{_IMAGED}$", re.IGNORECASE),
    re.compile(rf"\s*,?\s*(?:\(\s*)?(?:at\s+)?{_VISITS}\s*\)?$", re.IGNORECASE),
    re.compile(rf"\s*,?\s*(?:(?:of|in)\s+)?{_EYE}$|\s*\({_EYE}\)$", re.IGNORECASE),
    re.compile(r"\s+on\s+the\s+face$|\s*,?\s*\(?(?:(?:on|at|in)\s+)?(?:room\s+air|rest)\)?$", re.IGNORECASE),
    re.compile(  # its unit: "BMI (kg/m2)", "heart rate (bpm)"
        r"\s*[(\[](?:in\s+)?(?:[\w.^*²³µμ]+\s?/\s?[\w.^*²³]+(?:\s?/\s?[\w.^*²³]+)?|%|kg|cm|mm|mm\s?Hg|bpm|ms|msec|g|°?C|points?|letters)[)\]]$",
        re.IGNORECASE,
    ),
    re.compile(r"\s+(?:levels?|values?|results?|concentrations?|measurements?)$", re.IGNORECASE),
    re.compile(r"^(?:average|mean|screening|baseline|latest|most\s+recent|current)\s+(?=\w{2})", re.IGNORECASE),
)


def _without_dimension(text: str) -> str:
    """What a laboratory reports, without how it counts it, and in blood: ``Creatinine [Mass/volume] in Serum``."""
    return _IN_BLOOD.sub("", _COUNTED_BY.sub("", _DIMENSION.sub("", text)))


_DIMENSION: Final = re.compile(r"\s*\[[^\]]*\]")
_COUNTED_BY: Final = re.compile(r"\s+by\s+(?:automated|manual)\s+count$", re.IGNORECASE)
_BLOOD: Final = r"(?:(?:venous|arterial|whole|peripheral)\s+)?(?:serum|plasma|blood)"
_IN_BLOOD: Final = re.compile(rf"\s+(?:in|of)\s+(?:the\s+)?{_BLOOD}(?:(?:,|\s+or|/)\s*{_BLOOD})*$", re.IGNORECASE)


def _spelt(entry: Entry, text: str) -> bool:
    """Whether this is how the vocabulary itself writes a name of the entry, but for capitals."""
    return text in entry.all_names or text.lower() in [name.lower() for name in entry.all_names]


class Naming:
    """What the names of one profile stand for.

    What is written as the vocabulary writes it tells nothing of a patient, and is remembered for the next one. All else
    is worked out for this profile only, and gone with it.
    """

    __slots__ = ("_analytes", "_keys", "_names")

    def __init__(self) -> None:
        """Of a profile of which no name has been looked up."""
        self._names: dict[tuple[str, Kind, str | None, str | None], Name] | None = None
        self._analytes: dict[tuple[str, str | None, str | None], str] | None = None
        self._keys: Callable[[str], tuple[str, ...]] | None = None

    def keys(self, text: str) -> tuple[str, ...]:
        """Word keys."""
        if self._keys is None:
            self._keys = words.afresh()
        return self._keys(text)

    def find(self, text: str, kind: Kind | None = None) -> Entry | None:
        """The entry of the vocabulary that has this name."""
        return vocabulary().find(text, kind, self.keys(text))

    def name(self, text: str, kind: Kind, system: str | None = None, code: str | None = None) -> Name:
        """What a name, or the code that outranks it, stands for."""
        place = text, kind, system, code
        known = _names.get(place)
        if known is None:
            if self._names is None:
                self._names = {}
            known = self._names.get(place)
            if known is None:
                known = self._names[place] = self._name(text, kind, system, code)
        return known

    def _charted(self, text: str) -> Entry | None:
        """The condition that a chart calls so, and no criterion by itself: "relapse"."""
        name = charted_names().get(text.lower())
        return None if name is None else vocabulary().entry("condition", name)

    def _name(self, text: str, kind: Kind, system: str | None, code: str | None) -> Name:
        if (doubted := text.strip(" ?")) and len(doubted) < len(text.strip()):  # "pneumonia?"
            return replace(self.name(doubted, kind, system, code), text=text, listed=False, said="suspected")
        coded = vocabulary().by_code(system, code) if system and code else None
        entry = coded or self.find(text, kind) or derived(self.keys(text), kind)
        if entry is None and kind == "condition" and (entry := self._charted(text)) is not None:
            return self._made(text, kind, (entry,), exact=True)
        if entry is not None:
            listed = (coded is not None or not code) and _spelt(entry, text)
            found = self._made(text, entry.kind, (entry,), exact=True, listed=listed)
            if listed and len(_names) < _MOST:
                return _names.setdefault((text, kind, system, code), found)
            return replace(found, listed=False) if listed else found
        if kind == "condition" and (spelt := spelt_out(text)) != text:
            return replace(self.name(spelt, kind), text=text, listed=False)
        for said, pattern in _SAID:
            if (before := pattern.match(text)) is not None:
                return replace(self.name(text[before.end() :], kind), text=text, listed=False, said=said)
        if (entry := _glossed(text, kind, self)) is not None:
            return self._made(text, kind, (entry,), exact=True)
        if kind == "condition" and (told := self._caused(text) or self._lying(text)) is not None:
            return told
        if "," in text and (inverted := self._inverted(text, kind)) is not None:
            return inverted
        stripped, narrower = _without_qualifiers(text, kind, self)
        if narrower and (entry := self.find(stripped, kind)):
            return self._made(text, kind, (entry,), exact=True, qualifiers=narrower)
        if kind == "condition" and (typed := _OF_TYPE.fullmatch(text)) is not None:
            which, head = f"{typed[2]} {typed[3]}", typed[1]
            if entry := self.find(f"{which} {head}", kind):
                return self._made(text, kind, (entry,), exact=True)
            if entry := self.find(head, kind):
                return self._made(text, kind, (entry,), exact=False, qualifiers=(which.lower(),))
        if kind == "treatment" and (product := _BIOSIMILAR.fullmatch(text)) and (entry := self.find(product[1], kind)):
            return self._made(text, kind, (entry,), exact=True)
        if parts := _combination(text, kind, self):
            return self._made(text, kind, parts, exact=True)
        entry = self.find(text) or derived(self.keys(text), "treatment" if kind == "condition" else "condition")
        if entry is not None:
            return self._made(text, entry.kind, (entry,), exact=True)
        meant = diagnosis(code) if code and system == "icd10cm" and kind == "condition" else None
        if meant is not None:
            return self._made(text, kind, (meant[0],), exact=meant[1])
        aside = _NOT_OF_THIS.get(kind)
        if aside is not None and aside.search(text) is not None:  # "stroke (ruled out)"
            return Name(text, content(self.keys(text)), None, qualifiers=narrower)
        if (explained := self._explained(text, kind)) is not None:
            return explained
        if heads := _heads(text, kind, self):
            return self._made(text, kind, heads, exact=False, qualifiers=narrower)
        return Name(text, content(self.keys(_without_brackets(text))), None, qualifiers=narrower)

    def _caused(self, text: str) -> Name | None:
        """What a drug has caused, under the name that it has for that: "pneumonitis due to nivolumab"."""
        caused = _CAUSED.fullmatch(text)
        cause = self.find(caused["cause"], "treatment") if caused is not None else None
        if caused is None or cause is None or cause.facts.get("type") not in ("drug", "class"):
            return None
        entry = self.find(f"drug-induced {caused['what']}", "condition")
        said = (f"due to {caused['cause'].lower()}",)
        return self._made(text, "condition", (entry,), exact=True, qualifiers=said) if entry is not None else None

    def _lying(self, text: str) -> Name | None:
        """A tumor with the words for where it is: "BCC of the nose" is a basal cell carcinoma."""
        lying = _LYING.fullmatch(text)
        entry = self.find(lying["what"], "condition") if lying is not None else None
        if lying is not None and not lying["whose"] and not places_in(self.keys(lying["where"]))[0]:
            return None
        if lying is None or entry is None or not vocabulary().is_a("condition", entry.name, "malignancy"):
            return None
        any_ = entry.name in diseases().roots | diseases().groups  # by its place it has a name of its own
        return self._made(text, "condition", (entry,), exact=not any_, qualifiers=(lying["where"].lower(),))

    def _inverted(self, text: str, kind: Kind) -> Name | None:
        """What a name is whose noun stands first: "hepatitis, chronic", "transfusion, red blood cell"."""
        parts = [part.strip() for part in text.split(",")]
        if not all(parts) or len(parts) > _MOST_INVERTED:
            return None
        turned = " ".join(reversed(parts))
        if (entry := self.find(turned, kind)) is not None:
            return self._made(text, kind, (entry,), exact=True)
        if self.find(parts[0], kind) is None:
            return None
        stripped, narrower = _without_qualifiers(turned, kind, self)
        entry = self.find(stripped, kind) if narrower else None
        return None if entry is None else self._made(text, kind, (entry,), exact=True, qualifiers=narrower)

    def _explained(self, text: str, kind: Kind) -> Name | None:
        """A name with what is said behind it, or with its side: "asthma (mild)", "arthritis of the left knee"."""
        sided = without_side(text)
        if sided is not None and (entry := self.find(sided[0], kind)) is not None:
            return self._made(text, kind, (entry,), exact=True, qualifiers=(sided[1],))
        found = apart(text)
        if found is None:
            return None
        head, said = found
        inverted = self.find(" ".join((*reversed(said), head)), kind)
        if inverted is not None:  # "leukemia, myeloid, acute"
            return self._made(text, kind, (inverted,), exact=True)
        name = self.name(head, kind)
        return self._with_more(text, name, said) if name.kind == kind and name.own and name.said != "denied" else None

    def _with_more(self, text: str, name: Name, said: tuple[str, ...]) -> Name:
        """The name of ``text``, of which the first part is ``name``, and what else it says."""
        kind, exact, past = name.kind, name.exact, name.said
        assert kind is not None
        own, narrower, more = set(name.own), set[str](), list(name.qualifiers)
        for each in said:
            known = qualifiers().find(each, self.keys)
            if known is not None or is_score(each):
                more.append(known.name if known is not None else each)
            elif is_past(each):
                past = past or "past"
            elif (treated := _TREATED.fullmatch(each)) is not None:
                more.append(each)
                if treated["done"] and _GOES_ON.match(treated["done"]) is None:
                    past = past or "past"
            elif not is_date(each):
                other = self.name(each, kind)
                if other.kind == kind and other.exact and other.own <= name.up:
                    continue  # its abbreviation, or what it is a kind of
                if other.kind == kind and other.exact and not other.said and name.own <= other.up:
                    narrower |= other.own
                    more += other.qualifiers
                    continue
                exact = False
                if other.kind == kind and other.exact and not other.said:
                    own |= other.own
                else:
                    more.append(each)
        entries = [vocabulary().entry(kind, one) for one in sorted(narrower or own)]
        made = self._made(text, kind, tuple([one for one in entries if one]), exact=exact, qualifiers=tuple(more))
        return replace(made, said=past) if past else made

    def _made(
        self,
        text: str,
        kind: Kind,
        entries: tuple[Entry, ...],
        *,
        exact: bool,
        qualifiers: tuple[str, ...] = (),
        listed: bool = False,
    ) -> Name:
        own, up, may_be = _place(kind, tuple([entry.name for entry in entries]))
        said = text if exact else _without_brackets(text)
        return Name(text, content(self.keys(said)), kind, own, up, may_be, exact, qualifiers, listed)

    def analyte(self, text: str, system: str | None = None, code: str | None = None) -> str:
        """The canonical name of what was observed; of one that is not known, its words."""
        if code is None and (known := _analytes.get(text)) is not None:
            return known
        if self._analytes is None:
            self._analytes = {}
        found = self._analytes.get((text, system, code))
        if found is None:
            found = self._analytes[text, system, code] = self._analyte(text, system, code)
        return found

    def _analyte(self, text: str, system: str | None, code: str | None) -> str:
        entry = vocabulary().by_code(system, code) if system and code else None
        if entry is None or entry.kind != "measurement":
            entry = self.find(text, "measurement")
        if entry is None and (bare := _without_dimension(text)) != text:
            entry = self.find(bare, "measurement") or self._turned(bare)
        if entry is None and (bare := _without_circumstances(text)) != text:
            entry = self.find(bare, "measurement")
        if entry is None:
            entry = self._turned(_without_circumstances(text))
        if entry is None:
            entry = self._scored(text) or self._of_disease(text)
        if entry is None:
            entry = self._qualified(text)
        if entry is None and (bare := _BY_RULES.sub("", text)) != text:
            found = self.find(bare, "measurement") or self.find(bare, "condition")
            return found.name if found is not None else " ".join(_bare_name(content(self.keys(text))))
        if entry is None:
            return " ".join(_bare_name(content(self.keys(text))))
        if code is None and len(_analytes) < _MOST and _spelt(entry, text):
            _analytes[text] = entry.name
        return entry.name

    def _scored(self, text: str) -> Entry | None:
        """The score that is meant by its name alone, or by its name with the word: "CLIP", "DLQI total score"."""
        names = (f"{text} score", f"{text} scale", f"{text} index", _SCORE.sub("", text))
        entries = (self.find(name, "measurement") for name in names if name != text)
        return next((entry for entry in entries if entry is not None and entry.facts.get("type") == "score"), None)

    def _qualified(self, text: str) -> Entry | None:
        """What was observed, where its name says more of it, which the observation keeps: "involuntary weight loss".

        What is measured on one side is no measurement of both.
        """
        bare, said = _without_qualifiers(text, "measurement", self)
        axes = {found.axis for each in said if (found := qualifiers().find(each)) is not None}
        return self.find(bare, "measurement") if said and "laterality" not in axes else None

    def _of_disease(self, text: str) -> Entry | None:
        """The score of a disease that stands before it: "psoriasis BSA involvement"."""
        disease, _, rest = text.partition(" ")
        scored = self.find(rest, "measurement") if rest and self.find(disease, "condition") is not None else None
        return scored if scored is not None and scored.facts.get("type") == "score" else None

    def _turned(self, text: str) -> Entry | None:
        """What is called as a laboratory calls it: "bilirubin, total", "albumin, serum", "testosterone (total)".

        What is explained in brackets must be a name of the same thing, or belong to the name.
        """
        parts = [part.strip(" )") for part in re.split(r"[,(]", text)]
        if len(parts) > 1 and all(parts):
            found = self.find(" ".join(reversed(parts)), "measurement")
            if found is not None:
                return found
            entries = {entry.name: entry for part in parts if (entry := self.find(part, "measurement")) is not None}
            if "(" in text and len(entries) == 1 and all(self.find(part, "measurement") for part in parts):
                return next(iter(entries.values()))
        said = " ".join(reversed(parts)) if all(parts) else text
        specimen = _SPECIMEN.match(said)
        found = self.find(said[specimen.end() :], "measurement") if specimen is not None else None
        return found if found is not None and in_blood(found) else None


_BY_RULES: Final = re.compile(  # by which a thing is told: "measurable disease by RECIST v1.1"
    r"\s*\(?\b(?:(?:as\s+)?(?:by|per|according\s+to|on|using|defined\s+by)\s+)?(?:i|m|ir)?"
    r"(?:RECIST|Lugano|Cheson|RANO|IMWG|PCWG-?\d?|IWG|INRC|EASL)\b[\s\w.,-]*\)?$",
    re.IGNORECASE,
)
_SCORE: Final = re.compile(r"\s+(?:total\s+|sum\s+|overall\s+)?(?:score|scale|index)$", re.IGNORECASE)
_SPECIMEN: Final = re.compile(r"(?:serum|plasma|(?:whole\s+)?blood)\s+(?=\w)", re.IGNORECASE)


def measured(text: str) -> str | None:
    """The canonical name of what a profile calls so; ``None`` where the vocabulary has no such measurement."""
    known = _analytes.get(text)
    if known is not None:
        return known
    entry = Naming().find(text, "measurement")
    return None if entry is None else entry.name


def name_of(text: str, kind: Kind) -> Name:
    """What a name stands for."""
    return Naming().name(text, kind)


@lru_cache(maxsize=16384)
def _place(kind: Kind, names: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Where entries stand in the vocabulary: what they are, everything they are a kind of, and what they may be."""
    known = vocabulary()
    up: set[str] = set()
    may_be: set[str] = set()
    for name in names:
        up |= known.ancestors(kind, name)
    for name in up.copy():
        ancestor = known.entry(kind, name)
        for possible in texts(ancestor.facts.get("may_be")) if ancestor else ():
            may_be |= known.ancestors(kind, possible)
    return frozenset(names), frozenset(up), frozenset(may_be - up)


_SAID: Final[tuple[tuple[Literal["past", "denied", "suspected", "last"], re.Pattern[str]], ...]] = (
    (
        "past",
        re.compile(
            r"(?:(?:past|remote|prior|previous|personal|known|medical|childhood)\s+)*(?:history|hx)\s+of\s+|(?:[hs]/[op]|hx)\s+"
            r"|status[- ]post\s+|(?:past|remote|prior|previous|former|childhood)\s+",
            re.IGNORECASE,
        ),
    ),
    (
        "denied",
        re.compile(
            r"(?:no|denie[sd]|without|never(?:\s+had)?|absence\s+of|negative\s+for|not)\s+"
            r"(?:(?:any|known|prior|previous|current|evidence\s+of|history\s+of|signs?\s+of)\s+)*",
            re.IGNORECASE,
        ),
    ),
    (
        "suspected",
        re.compile(
            r"(?:suspected|possible|probable|presumed|likely|potential|questionable|suspicion\s+of|suspicious\s+for"
            r"|query|rule[- ]out|r/o)\s+|\?\s*",
            re.IGNORECASE,
        ),
    ),
    (
        "last",
        re.compile(
            r"(?:date\s+of\s+)?(?:the\s+)?(?:last|latest|most\s+recent)\s+(?!known\b|line\b)"
            r"(?:(?:dose|cycle|course|administration|infusion|injection|intake|use|episode|occurrence)\s+of\s+)?",
            re.IGNORECASE,
        ),
    ),
)
"""How a name begins that says that a thing was, is not, may be, or was there for the last time."""
_OF_TYPE: Final = re.compile(
    r"(.+?),?\s+(type|subtype|variant)\s+(\d{1,2}[A-Za-z]?|[IVX]{1,4}[A-Za-z]?|[A-H])", re.IGNORECASE
)
"""A disease with which of its kinds it is behind it: "Gaucher disease type 3"."""
_NOT_GIVEN: Final = r"declin\w+|refus\w+|considered|avoid\w*|contraindicat\w+|not|no|never|without|negative|vs|versus"
_NOT_OF_THIS: dict[
    Kind, re.Pattern[str]
] = {  # words with which a name speaks of somebody else, or of what is not there
    "condition": re.compile(
        r"\b(?:family|familial history|fhx?|mother|father|sister|brother|sibling|parents?|relatives?|aunt|uncle|cousin"
        r"|grand(?:mother|father|parents?)|son|daughter|child with|partner|spouse|risk|carrier|screen(?:ing|ed)"
        r"|prophyla\w+|prevent\w+|vaccinat\w+|immuni[sz]\w+|expos(?:ure|ed)|contact|predispos\w+|susceptib\w+|fear|concerns?|work-?up|evaluat\w+"
        rf"|ruled|excluded|unlikely|{_NOT_GIVEN})\b",
        re.IGNORECASE,
    ),
    "treatment": re.compile(rf"\b(?:{_NOT_GIVEN})\b", re.IGNORECASE),
}


def _without_qualifiers(text: str, kind: Kind, known: Naming) -> tuple[str, tuple[str, ...]]:
    """``metastatic breast cancer`` >> ``breast cancer``, and the qualifiers that stood before it, or behind."""
    around = _within_qualifiers(text, kind, known)
    if around is not None:
        return around
    tokens = text.replace(",", " ").split()
    found: list[str] = []
    while len(tokens) > 1 and known.find(" ".join(tokens), kind) is None:
        for length in range(min(_LONGEST, len(tokens) - 1), 0, -1):
            qualifier = qualifiers().find(" ".join(tokens[:length]), known.keys)
            if qualifier is not None:
                found.append(qualifier.name)
                tokens = tokens[length:]
                break
        else:
            break
    return " ".join(tokens), tuple(found)


_BOTH: Final = ("/", "+", " and ", " plus ", ",")
_GIVEN_TOGETHER: Final = (*_BOTH, " with ")


def _within_qualifiers(text: str, kind: Kind, known: Naming) -> tuple[str, tuple[str, ...]] | None:
    """The longest name that has nothing but qualifiers around it, and these; None where there is none."""
    tokens = _PUNCTUATION.sub(" ", text).split()
    if len(tokens) > _MOST_AROUND:
        return None
    todo: list[tuple[int, int, tuple[str, ...]]] = [(0, len(tokens), ())]
    seen = {(0, len(tokens))}
    for start, end, found in todo:
        if found and known.find(" ".join(tokens[start:end]), kind) is not None:
            return " ".join(tokens[start:end]), found
        for length in range(min(_LONGEST, end - start - 1), 0, -1):
            for first, last in ((start, end - length), (start + length, end)):
                if (first, last) in seen:
                    continue
                taken = tokens[last:end] if last < end else tokens[start:first]
                said = _attribute(" ".join(taken), kind, known)
                if said is not None:
                    seen.add((first, last))
                    todo.append((first, last, (*found, said)))
    return None


_PUNCTUATION: Final = re.compile(r"[,()]")
_LONGEST: Final = 4
_MOST_AROUND: Final = 12


def _attribute(text: str, kind: Kind, known: Naming) -> str | None:
    """What words beside a name say of it, if they are an attribute: ``severe``, ``stage IIIB``, ``right eye``."""
    qualifier = qualifiers().find(text, known.keys)
    if qualifier is not None:
        return qualifier.name
    return text if kind == "condition" and _SCORED.fullmatch(text) else None


_SCORED: Final = re.compile(
    r"(?:(?:AJCC|FIGO|clinical|CTCAE|WHO|Ann\s+Arbor|KDIGO)\s+)?(?:stage|grade)\s+(?:[IVX]+|\d)[A-D]?\d?"
    r"|(?:NYHA|CCS|Child-Pugh|GOLD|WHO|KDIGO|FIGO|BCLC|CTCAE)(?:\s+(?:functional\s+)?(?:class|stage|grade|group))?\s+(?:[IVX]+|\d|[A-E])"
    r"|(?:right|left|study|fellow)\s+eye|both\s+eyes",
    re.IGNORECASE,
)


def _glossed(text: str, kind: Kind, known: Naming) -> Entry | None:
    """What a name means that says the same twice: ``chronic kidney disease (CKD)``, ``Keytruda (pembrolizumab)``."""
    match = _GLOSS.fullmatch(text)
    if match is None:
        return None
    entry, other = known.find(match[1], kind), known.find(match[2], kind)
    if entry is None or (other is None and not _ABBREVIATION.fullmatch(match[2])):
        return None
    return entry if other is None or other is entry else None


_GLOSS: Final = re.compile(r"\s*([^()]+?)\s*\(([^()]+)\)\s*")
_ABBREVIATION: Final = re.compile(r"[A-Z][A-Za-z]{0,3}[A-Z]s?\d?")


def _combination(text: str, kind: Kind, known: Naming) -> tuple[Entry, ...]:
    """``dorzolamide/timolol`` is both; a combination of which one part is not known is none."""
    for mark in _GIVEN_TOGETHER if kind == "treatment" else _BOTH:
        if mark in text:
            parts = [known.find(part, kind) for part in text.split(mark) if part.strip()]
            if len(parts) > 1 and all(parts):
                return tuple(part for part in parts if part is not None)
    return ()


def _heads(text: str, kind: Kind, known: Naming) -> tuple[Entry, ...]:
    """What the words of a name say that it is a kind of: ``macular edema due to vein occlusion`` is a macular edema.

    A drug with its form is both: ``moxifloxacin eye drops``.
    """
    lowered = f" {text.lower()} "
    for cut in _CUT_TREATMENT if kind == "treatment" else _CUT:
        at = lowered.find(f" {cut} ")
        if at > 0:
            text = text[:at]
            lowered = f" {text.lower()} "
    if kind == "treatment":
        text = _STRENGTH.sub(" ", text)
    tokens = text.replace(",", " ").replace("(", " ").replace(")", " ").split()
    while kind == "treatment" and len(tokens) > 1 and tokens[0].lower() in routes().names:
        tokens = tokens[1:]  # "IV ceftriaxone 1 g daily": the route stays with the fact
    for start in range(len(tokens)):
        entry = known.find(" ".join(tokens[start:]), kind)
        if entry is not None and entry.name not in _GENERIC:
            drug = known.find(" ".join(tokens[:start]), kind) if start and kind == "treatment" else None
            return (entry,) if drug is None or drug.name in _GENERIC else (drug, entry)
    if kind == "treatment":  # "tacrolimus 0.1% ointment": the drug stands first
        for end in range(len(tokens) - 1, 0, -1):
            entry = known.find(" ".join(tokens[:end]), kind)
            if entry is not None and entry.name not in _GENERIC:
                return (entry,)
    return ()


_STRENGTH: Final = re.compile(  # "prednisolone 1% eye drops", "ceftriaxone 1 g daily"
    r"(?:^|(?<=\s)|(?<=\())\d+(?:[.,]\d+)?\s?(?:%|(?:mg|mcg|[uµμ]g|g|mL|IU|U|units?|mEq|mmol)"
    r"(?:\s?/\s?(?:\d+\s?)?(?:mL|day|d|hr?|kg|m2|m²|dose|tablet|wk|week))?)(?=[\s,)]|$)",
    re.IGNORECASE,
)


# ---------------------------------------------------------------------------------------------------------------------
# Facts


Days: TypeAlias = tuple[int, int, int, int]
"""When a fact held: its first day is from the first number to the second, its last from the third to the fourth."""

_NEVER: Final[Days] = (PAST, PAST, PAST, PAST)


class Fact:
    """A condition, a treatment or an allergy, as the chart knows it.

    Its first day is from ``first_low`` to ``first_high``, its last from ``last_low`` to ``last_high``.
    """

    __slots__ = (
        "event",
        "first_high",
        "first_low",
        "kind",
        "last_high",
        "last_low",
        "name",
        "negative",
        "qualifiers",
        "raw",
        "route",
        "site",
        "state",
        "suspected",
        "with_diseases",
    )

    def __init__(
        self,
        raw: ConditionFact | TreatmentFact | AllergyFact,
        name: Name,
        state: State,
        days: Days,
        event: bool,
        route: str | None = None,
        sited: bool = False,
    ) -> None:
        self.raw = raw
        self.name = name
        self.state = state
        self.first_low, self.first_high, self.last_low, self.last_high = days
        self.event = event
        said = (*raw.qualifiers, *name.qualifiers) if name.qualifiers else raw.qualifiers
        self.qualifiers = _with_states(said) if said else said
        self.suspected = name.said == "suspected" or (bool(self.qualifiers) and _suspected(self.qualifiers))
        """Whether it is said to be no more than suspected."""
        self.negative = state == "absent"
        """Whether it says that something is not, and never was, there."""
        self.kind: str | None = getattr(raw, "kind", None) or _type(name.own)
        """Of a treatment, what kind of one it is."""
        self.route = route
        """Of a treatment, how it is given."""
        self.site = None if sited else raw.site
        """Where in the body it is, if its name does not say it."""
        self.with_diseases: frozenset[str] = frozenset()
        """Of a treatment for which no reason is told, the diseases that are there, and what these are kinds of."""


@lru_cache(maxsize=16384)
def _with_states(said: tuple[str, ...]) -> tuple[str, ...]:
    """Qualifiers, and the states of which one says how long they have lasted: "stable for 3 months" is stable."""
    states = [found.state for text in said if (found := lasted(text)) is not None]
    return (*said, *states) if states else said


@lru_cache(maxsize=16384)
def _suspected(said: tuple[str, ...]) -> bool:
    return any(qualifiers().implies(text, "suspected") for text in meant(said))


def _bounds(dates: DateRange | None) -> tuple[int, int] | None:
    return None if dates is None else (dates.low, dates.high)


@lru_cache(maxsize=16384)
def _event(up: frozenset[str]) -> bool:
    """Whether one of these conditions is an event."""
    known = vocabulary()
    return any((entry := known.entry("condition", one)) is not None and bool(entry.facts.get("event")) for one in up)


@lru_cache(maxsize=16384)
def _no_event(own: frozenset[str]) -> bool:
    """Whether one of these is said to go on, though what it is a kind of is an event: unstable angina."""
    entries = (vocabulary().entry("condition", one) for one in own)
    return any(entry is not None and entry.facts.get("event") is False for entry in entries)


@lru_cache(maxsize=16384)
def _type(own: frozenset[str]) -> str | None:
    """The kind of a treatment that the vocabulary gives."""
    for one in own:
        entry = vocabulary().entry("treatment", one)
        if entry is not None and entry.facts.get("type"):
            return str(entry.facts["type"])
    return None


@lru_cache(maxsize=16384)
def _at_once(own: frozenset[str]) -> bool:
    """Whether the vocabulary says that a treatment is given in one day; a dialysis goes on."""
    return _type(own) in ONE_DAY and not _is_course(own)


def _is_course(own: frozenset[str]) -> bool:
    """Whether a procedure is done again and again, or all the time, as a dialysis is."""
    entries = [vocabulary().entry("treatment", one) for one in own]
    return any(entry is not None and entry.facts.get("course") for entry in entries)


_SPREAD: Final = "metastatic disease"


def _also(name: Name, kind: Kind, more: str) -> Name:
    """The same name, known to be of one more kind."""
    return replace(name, up=name.up | vocabulary().ancestors(kind, more), listed=False)


def _narrowed(name: Name, kind: Kind, given: tuple[str, ...], naming: Naming) -> Name:
    """The same name, known to be what its qualifiers make of it: a mastectomy that is "major" is a major surgery."""
    if name.kind != kind:
        return name
    known = vocabulary()
    more: set[str] = set()
    for text in (*given, *_in_pairs(given)):
        keys = naming.keys(text)
        for own in name.own:  # a tuberculosis that is "latent" is no tuberculosis that is active
            other = known.find(f"{text} {own}", kind, (*keys, *words.keys(own)))
            if other is not None and len(name.own) == 1 and own not in known.ancestors(kind, other.name):
                return naming.name(other.name, kind)
        for up in name.up:
            for said, found in ((f"{text} {up}", (*keys, *words.keys(up))), (f"{up} {text}", (*words.keys(up), *keys))):
                entry = known.find(said, kind, found)  # "major surgery", "dyspnea at rest"
                own_kind = up in name.own and entry is not None and up in known.ancestors(kind, entry.name)
                if entry is not None and (own_kind or up in entry.is_a):
                    more.add(entry.name)
    for one in more - name.up:
        name = _also(name, kind, one)
    return name


def _with_both_sides(raw: ConditionFact | TreatmentFact) -> tuple[str, ...]:
    """The qualifiers of a fact; that it is on both sides may stand as its site."""
    both = raw.site is not None and raw.site.lower().startswith(("bilateral", "both "))
    return (*raw.qualifiers, "bilateral") if both else raw.qualifiers


def _in_pairs(given: tuple[str, ...]) -> list[str]:
    """Each two of them as one: an asthma that is "severe" and "persistent" is a severe persistent asthma."""
    if not 1 < len(given) <= _MOST_PAIRED:
        return []
    return [f"{first} {second}" for first in given for second in given if first != second]


_MOST_PAIRED: Final = 4


_SIDES: Final = frozenset(words.keys("left right both bilateral"))


def _at_its_site(raw: ConditionFact | TreatmentFact, name: Name, kind: Kind, naming: Naming) -> Name:
    """The same name, or the one of its kind that is there: metastases of the brain are brain metastases.

    What is absent on one side may be there on the other.
    """
    if raw.site is None or name.kind != kind or not name.exact or len(name.own) != 1:
        return name
    keys = naming.keys(raw.site)
    bare = tuple([word for word in keys if word not in _SIDES and word not in STOP])
    if raw.status in ("absent", "never") and not _SIDES.isdisjoint(keys):
        return name
    (own,), places = name.own, places_in(keys)[0]
    around = (sorted(places) if len(places) == 1 else []) if raw.status in ("absent", "never") else _around(places)
    for place in (bare, *map(words.keys, around)):
        entry = at_place(place, own, kind)
        if entry is None or entry.kind != kind:
            continue
        if own in vocabulary().ancestors(kind, entry.name):
            return replace(naming.name(entry.name, kind), qualifiers=name.qualifiers, said=name.said, listed=False)
        if raw.status not in ("absent", "never"):
            return _also(name, kind, entry.name)  # a carcinoma of the breast is a breast cancer
    return name


def _around(places: frozenset[str]) -> list[str]:
    """The part of the body that is named, and those that it is a part of, the nearest first; none of several parts
    that do not lie one within the other."""
    within = sites().within
    inner = max(places, key=lambda place: len(within[place]), default="")
    if not inner or not places <= within[inner] | {inner}:
        return []
    return sorted(within[inner] | {inner}, key=lambda place: (-len(within[place]), place))


def _spread(raw: ConditionFact, name: Name) -> bool:
    """Whether a condition is a cancer that is said to have spread: metastatic, or a solid tumor of stage IV."""
    if "malignancy" not in name.up:
        return False
    if any(qualifiers().implies(text, "metastatic") for text in (*raw.qualifiers, *name.qualifiers)):
        return True
    return "solid tumor" in name.up and raw.stage is not None and _STAGE_IV.match(raw.stage.strip()) is not None


def _adverse(raw: ConditionFact, name: Name) -> bool:
    """Whether a condition is said to come of a treatment, as no cancer does that is meant as one."""
    if name.kind != "condition" or "malignancy" in name.up:
        return False
    return any(map(blamed, (raw.name, *raw.qualifiers)))


_STAGE_IV: Final = re.compile(r"(?i)^(?:stage\s+)?(?:IV|4)(?:[ABC]\d?)?$")


def _name_in(raw: ConditionFact | TreatmentFact | AllergyFact, kind: Kind, naming: Naming) -> Name:
    code = raw.code
    return naming.name(raw.name, kind) if code is None else naming.name(raw.name, kind, code.system, code.code)


def _conditions(raw: ConditionFact, as_of: int, naming: Naming) -> Iterator[Fact]:
    """What an entry says: of a former smoker, too, that there was smoking, and is none."""
    fact = _condition(raw, as_of, naming)
    yield fact
    if fact.state != "there" or fact.suspected:
        return
    for own in fact.name.own:
        for other, state in _told_of_others(own):
            days = _NEVER if state == "absent" else (PAST, as_of, PAST, as_of - 1)
            yield Fact(raw, naming.name(other, "condition"), state, days, False)
    for text in raw.qualifiers:
        if (entry := _assessed(text)) is not None:
            yield _condition(replace(raw, name=entry.name, code=None, qualifiers=()), as_of, naming)


@lru_cache(maxsize=4096)
def _assessed(text: str) -> Entry | None:
    """What an attribute says that was found to be there when the disease was assessed: "measurable (RECIST 1.1)"."""
    said = _BY_WHAT.sub("", text)
    for name in (said, f"{said} disease"):
        entry = vocabulary().find(name, "condition")
        if (
            entry is not None
            and entry.kind == "condition"
            and "tumor lesion" in vocabulary().ancestors("condition", entry.name)
        ):
            return entry
    return None


_BY_WHAT: Final = re.compile(r"\s*(?:\(.*\)|\b(?:by|per|according to|as per|on|under)\b.*)$", re.IGNORECASE)


def _dated(facts: list[Fact]) -> tuple[Fact, ...]:
    """The facts without those that another entry only tells of, where their own says when that was: of a former smoker
    whose smoking has an end, this smoking."""
    ended = {own for fact in facts for own in fact.name.own if getattr(fact.raw, "end", None) is not None}
    return tuple(
        [
            fact
            for fact in facts
            if fact.state != "resolved" or fact.name.text == fact.raw.name or not fact.name.own <= ended
        ]
        if ended
        else facts
    )


@lru_cache(maxsize=16384)
def _told_of_others(name: str) -> tuple[tuple[str, State], ...]:
    """What a condition of the vocabulary tells of others, and how these are."""
    entry = vocabulary().entry("condition", name)
    facts = entry.facts if entry is not None else {}
    states: tuple[tuple[str, State], ...] = (("formerly", "resolved"), ("not_now", "not current"), ("never", "absent"))
    return tuple([(other, state) for field, state in states for other in texts(facts.get(field))])


def _condition(raw: ConditionFact, as_of: int, naming: Naming) -> Fact:
    plain = _name_in(raw, "condition", naming)
    if raw.qualifiers and is_of_others(raw.qualifiers):
        plain = Name(plain.text, (*plain.words, *naming.keys(" ".join(raw.qualifiers))), None)
    name = _at_its_site(raw, plain, "condition", naming)
    sited = name is not plain
    staged = (*raw.qualifiers, *name.qualifiers, *([f"stage {raw.stage}"] if raw.stage else []))
    if staged and raw.status != "absent" and (besides := by_stage(name.up, staged)) is not None:
        name = _also(name, "condition", besides)
    if raw.status in (None, "active") and staged and _spread(raw, name):
        name = _also(name, "condition", _SPREAD)
    if raw.status != "absent":
        if _adverse(raw, name):
            name = _also(name, "condition", ADVERSE_EVENT)
        if given := _with_both_sides(raw):
            name = _narrowed(name, "condition", given, naming)
    status = raw.status or ("absent" if name.said == "denied" else "active")
    onset = _bounds(raw.onset)
    end = _bounds(raw.end)
    if name.kind == "treatment" and status != "absent":  # "major surgery" among the conditions
        days = onset or end or (PAST, as_of)
        return Fact(raw, name, "there", (*days, *days), True)
    event = (_event(name.up) and not _no_event(name.own)) or name.said == "last"
    if status == "absent":
        return Fact(raw, name, "absent", _NEVER, event, sited=sited)
    if event:
        if onset is None:
            onset = (PAST, end[1] if end else as_of)
        state: State = "not current" if status == "not current" and raw.onset is None else "there"
        return Fact(raw, name, state, (*onset, *onset), True)
    first = onset or (PAST, as_of)
    if status == "active" and raw.status is None and end is not None and end[1] <= as_of:
        status = "resolved"
    match status:
        case "active" if name.said == "past" and raw.status is None and end is None:
            last = (first[0], FUTURE)  # whether it is over is not said
            state = "there"
        case "active":
            last = (FUTURE, FUTURE) if end is None or end[0] <= as_of else end
            state = "there"
        case "resolved":
            last = end or (first[0], max(first[0], as_of - 1))
            state = "resolved"
        case _:
            last = end or (first[0], max(first[1], as_of - 1))
            state = "not current"
    if end is not None and last is end:
        first = (first[0], min(first[1], end[1]))
    return Fact(raw, name, state, (*first, max(last[0], first[0]), last[1]), False)


_TREATED: Final = re.compile(
    r"(?P<now>(?:requiring|needing|receiving|on|under|(?:dependent|maintained)\s+on|(?:managed|controlled)\s+(?:with|by)))"
    r"\s+(?P<what>\S.*)"
    r"|(?:that\s+|which\s+)?(?:(?:(?:was|were|has been|had been|previously)\s+)*treated\s+with|required|needed)"
    r"\s+(?P<once>\S.*)"
    r"|(?:s/p|status[\s-]post)\s+(?P<done>\S.*)"
    r"|(?:that\s+|which\s+)?(?:(?:has|have|had|is)\s+)?(?P<outcome>refractory|resistan(?:t|ce)|intolerant|unresponsive|progress(?:ed|ive)|progressing"
    r"|relapsed|recurred|failed)\s+(?:(?:to|of|on|after|following|during|under|despite)\s+)?(?:prior\s+|previous\s+)?"
    r"(?P<given>\S.*)",
    re.IGNORECASE,
)
_GOES_ON: Final = re.compile(  # behind these the disease is there all the same; behind "s/p excision" it may be gone
    r"(?:CABG|coronary|bypass|PCI|PTCA|angioplasty|(?:drug-eluting\s+)?stent\w*|DES|pacemaker|PPM|ICD)\b", re.IGNORECASE
)
_NO_MORE: Final = re.compile(
    r"\b(?:(?:19|20)\d\d|until|till|stopped|off|formerly|previously|past|no|not)\b", re.IGNORECASE
)
_OUTCOMES: Final = {
    "resistance": "refractory",
    "resistant": "refractory",
    "unresponsive": "no response",
    "progressive": "progressed",
    "progressing": "progressed",
    "recurred": "relapsed",
}


def _treated_with(fact: Fact, naming: Naming) -> Iterator[TreatmentFact]:
    """The treatments that a condition is said to be treated with, or not to have been helped by: of a kidney failure
    "requiring dialysis", of an ascites "refractory to diuretics", those.

    An operation that it requires need not have been done.
    """
    if fact.state not in ("there", "resolved") or fact.suspected or not isinstance(fact.raw, ConditionFact):
        return
    for own in fact.name.own:
        entry = vocabulary().entry("condition", own)
        if entry is not None and entry.facts.get("had"):
            yield TreatmentFact(name=str(entry.facts["had"]), status="completed")
    named = () if fact.name.own else (fact.raw.name,)  # "resistance to lenalidomide"
    for text in (*fact.raw.qualifiers, *fact.name.qualifiers, *named):
        match = _TREATED.fullmatch(text)
        if match is None:
            continue
        what = match["what"] or match["once"] or match["done"] or match["given"]
        if match["now"] and _NO_MORE.search(what) is not None:
            continue
        name = naming.name(what, "treatment")
        if name.kind != "treatment" or not name.exact or name.said or (_at_once(name.own) and not match["done"]):
            continue
        ongoing = match["now"] and fact.state == "there" and (not fact.event or fact.raw.status == "active")
        yield TreatmentFact(
            name=what,
            reason=next(iter(fact.name.own)) if len(fact.name.own) == 1 else fact.raw.name,
            status="ongoing" if ongoing else "completed" if match["done"] else None,
            outcome=_OUTCOMES.get(outcome := match["outcome"].lower(), outcome) if match["outcome"] else None,
        )


def _treatment(raw: TreatmentFact, as_of: int, naming: Naming) -> Fact:
    plain = _name_in(raw, "treatment", naming)
    name = _at_its_site(raw, plain, "treatment", naming)
    sited = name is not plain
    if any(qualifiers().implies(text, "investigational") for text in (*raw.qualifiers, *name.qualifiers)):
        name = _also(name, "treatment", "investigational agent")
        if name.kind is None:
            name = replace(name, kind="treatment", listed=False)
    if raw.status != "never" and (given := _with_both_sides(raw)):
        name = _narrowed(name, "treatment", given, naming)
    if raw.status == "never" or (raw.status is None and name.said == "denied"):
        return Fact(raw, name, "absent", _NEVER, False, _told_route(raw, name), sited=sited)
    one_day = raw.kind in ONE_DAY and not _is_course(name.own) if raw.kind else _at_once(name.own)
    start, end = _bounds(raw.first), _bounds(raw.last)
    if one_day and start is not None and end is None:
        end = start
    status = raw.status
    if status is None:
        if start is not None and start[0] > as_of:
            status = "planned"
        elif end is not None or (one_day and start is not None):
            status = "completed"
        elif start is not None:
            status = "ongoing"
    match status:
        case "planned":
            first = start or (as_of + 1, FUTURE)
            last = end or ((first[0], first[1]) if one_day else (first[0], FUTURE))
        case "completed":
            top = end[1] if end else as_of
            first = start or (PAST, top)
            last = end or (first[0], max(first[1], as_of))
        case "ongoing":
            first = start or (PAST, as_of)
            last = end if end is not None and end[1] > as_of else (FUTURE, FUTURE)
        case _:
            first = start or (PAST, as_of)
            last = end or (first if one_day else (first[0], FUTURE))
    state: State = "planned" if status == "planned" else "resolved" if status == "completed" else "there"
    first_low, first_high = first
    last_low, last_high = last
    first_high = min(first_high, last_high)
    days = (first_low, max(first_low, first_high), max(first_low, last_low), last_high)
    return Fact(raw, name, state, days, False, _route(raw, name, naming))


def _route(raw: TreatmentFact, name: Name, naming: Naming) -> str | None:
    """How a treatment is given: as it is told, or by its form: a "mupirocin ointment"."""
    told = _told_route(raw, name)
    if told is not None:
        return told
    return _listed_form(name.text, name.own) if name.listed else _form(naming.keys(name.text), name.own)


def _told_route(raw: TreatmentFact, name: Name) -> str | None:
    if raw.route is not None:
        return raw.route
    known = routes().names
    return next((known[low] for text in (*raw.qualifiers, *name.qualifiers) if (low := text.lower()) in known), None)


def _form(said: tuple[str, ...], own: frozenset[str]) -> str | None:
    known = routes()
    for size in (3, 2, 1):
        for start in range(len(said) - size, -1, -1):
            if (route := known.forms.get(said[start : start + size])) is not None:
                return route
    for word in said:
        if word in known.names and word != "it":
            return known.names[word]
    entries = (vocabulary().entry("treatment", one) for one in own)
    given = {route for entry in entries if entry is not None for route in texts(entry.facts.get("routes"))}
    return given.pop() if len(given) == 1 else None


@lru_cache(maxsize=16384)
def _listed_form(text: str, own: frozenset[str]) -> str | None:
    return _form(words.keys(text), own)


_REACTIONS: Final = (
    "hypersensitivity reaction to", "allergic reaction to", "anaphylactic reaction to", "infusion reaction to",
    "hypersensitivity to", "anaphylaxis to", "allergy to", "intolerance to", "reaction to",
)  # fmt: skip
_REACTING: Final = re.compile(r" to| allergy")
"""What every one of them has in it."""


def _allergy(raw: AllergyFact, as_of: int, naming: Naming) -> Fact:
    if raw.status != "absent" and charted_no_allergies().get(naming.keys(raw.name)) == ANY_DRUG:
        return Fact(raw, naming.name(ANY_DRUG, "treatment"), "absent", (PAST, as_of, FUTURE, FUTURE), False)
    name = _name_in(raw, "treatment", naming)
    state: State = "absent" if raw.status == "absent" else "there"
    return Fact(raw, name, state, (PAST, as_of, FUTURE, FUTURE), False)


def _reacts(text: str) -> tuple[str, str] | None:
    """``severe hypersensitivity reaction to paclitaxel`` >> ``severe``, ``paclitaxel``."""
    lowered = text.lower()
    if not _REACTING.search(lowered):
        return None
    for phrase in _REACTIONS:
        before, mark, after = lowered.partition(phrase)
        if mark and after.strip():
            return before.strip(), after.strip()
    before, mark, after = lowered.rpartition(" allergy")
    return ("", before) if mark and not after else None


def _reaction(fact: Fact, naming: Naming) -> Fact | None:
    """A reaction to a substance that is listed among the conditions is an allergy."""
    told = _reacts(fact.raw.name)
    if told is None:
        return None
    found, substance = told
    name = naming.name(substance, "treatment")
    days = (fact.first_low, fact.first_high, fact.last_low, fact.last_high)
    reaction = Fact(fact.raw, name, fact.state, days, False)
    if found:
        reaction.qualifiers = (*reaction.qualifiers, found)
    return reaction


def _origins(profile: PatientProfile) -> list[str]:
    """Of what people somebody is said to be."""
    given = [each for each in profile.observations if isinstance(each.value, str)]
    return [str(each.value) for each in given if words.keys(each.name) in charted_origins()]


def _with_attribute(fact: Fact) -> Iterator[str]:
    """The name of a fact, alone and with each of its attributes, as an adverb, too: "permanently wheelchair-bound"."""
    name = fact.raw.name
    yield name
    for text in fact.raw.qualifiers:
        yield from (f"{text} {name}", f"{text}ly {name}")


def _answered(observations: Mapping[str, Sequence[Observation]], *, positive: bool) -> list[str]:
    """What is observed to be so, or not to be, in words that the vocabulary does not know: "bedridden: no"."""
    known, wanted = vocabulary(), results().positive if positive else results().negative
    return [
        seen[0].name
        for name, seen in observations.items()
        if known.entry("measurement", name) is None
        and known.entry("condition", name) is None
        and all(isinstance(each.value, str) and words.keys(each.value) in wanted for each in seen)
    ]


def _told_by_name(fact: Fact, as_of: int) -> bool:
    """Whether it is there, under a name that the vocabulary does not know."""
    return fact.state == "there" and not fact.name.exact and not fact.suspected and fact.first_high <= as_of


def _denied_by_name(fact: Fact) -> bool:
    """Whether it is denied altogether, under a name that the vocabulary does not know."""
    return fact.negative and not fact.name.exact and not fact.raw.qualifiers and fact.raw.site is None


# ---------------------------------------------------------------------------------------------------------------------
# The chart


class Chart:
    """All facts of one profile, found by what they are about. ``as_of`` is a day number.

    ``conditions``, ``treatments`` and ``allergies`` are the facts listed as such, and the reactions that are listed as
    conditions; ``observations`` are by the canonical name, or the words, of what was observed.
    """

    __slots__ = (
        "_conditions",
        "_seen",
        "_treatments",
        "allergies",
        "as_of",
        "closed",
        "conditions",
        "denied",
        "observations",
        "profile",
        "sex",
        "told",
        "treatments",
    )

    def __init__(self, profile: PatientProfile, as_of: int) -> None:
        """Of a profile that is true on the day number ``as_of``."""
        self.profile = profile
        self.as_of = as_of
        self.sex = profile.sex or ("female" if profile.pregnant or profile.breastfeeding else None)
        self.closed = profile.complete
        naming = Naming()
        self.observations = _observations(profile, naming)
        told = (*profile.conditions, *_named_by_results(self.observations, as_of))
        self.conditions = _dated([fact for raw in told for fact in _conditions(raw, as_of, naming)])
        told_by = [raw for fact in self.conditions for raw in _treated_with(fact, naming)]
        self.treatments = tuple([_treatment(raw, as_of, naming) for raw in (*profile.treatments, *told_by)])
        there = [fact for fact in self.conditions if fact.state == "there" and not fact.suspected and fact.name.exact]
        diseases_ = frozenset().union(*[fact.name.up for fact in there])
        for fact in self.treatments:
            if getattr(fact.raw, "reason", None) is None:
                fact.with_diseases = diseases_
        none = [raw for raw in profile.allergies if charted_no_allergies().get(naming.keys(raw.name)) == "any"]
        if none and len(none) == len(profile.allergies):
            self.closed = (*self.closed, "allergies")
        listed = [_allergy(raw, as_of, naming) for raw in profile.allergies if raw not in none]
        reactions = [found for fact in self.conditions if (found := _reaction(fact, naming)) is not None]
        self.allergies = (*listed, *reactions)
        denied = [fact.raw.name for fact in (*self.conditions, *self.treatments) if _denied_by_name(fact)]
        self.denied = (*denied, *_answered(self.observations, positive=False))
        """What was never there, in words that the vocabulary does not know."""
        named = [name for fact in self.conditions if _told_by_name(fact, as_of) for name in _with_attribute(fact)]
        self.told = (*named, *_origins(profile), *_answered(self.observations, positive=True))
        """What is there, in words that the vocabulary does not know."""
        self._conditions = _about("condition", self.conditions, self.treatments, naming)
        self._treatments = _about("treatment", self.treatments, self.conditions, naming)
        self._seen: dict[str, Sequence[Observation]] | None = None

    def facts(self, kind: Kind) -> tuple[Fact, ...]:
        """Every fact that is about a thing of this kind, whatever section it is listed in."""
        return self._conditions if kind == "condition" else self._treatments

    def seen(self, name: str) -> Sequence[Observation]:
        """The observations of an analyte, and of everything that is a kind of it."""
        kinds = _kinds(name)
        if len(kinds) == 1:
            return self.observations.get(name, ())
        if self._seen is None:
            self._seen = {}
        known = self._seen.get(name)
        if known is None:
            known = tuple([one for own, found in self.observations.items() if own in kinds for one in found])
            self._seen[name] = known
        return known


def _about(kind: Kind, own: tuple[Fact, ...], other: tuple[Fact, ...], naming: Naming) -> tuple[Fact, ...]:
    """The facts of one section, and those of the other that are, or may be, about a thing of this kind."""
    strays = [fact for fact in other if fact.name.kind == kind or _may_name(fact, kind, naming)]
    return (*own, *strays) if strays else own


def _may_name(fact: Fact, kind: Kind, naming: Naming) -> bool:
    """Whether a name that the vocabulary does not know has words for a thing of this kind; a brand has none."""
    if fact.name.kind is not None:
        return False
    return len(fact.name.words) > 1 or naming.name(fact.raw.name, kind).kind is not None


def _observations(profile: PatientProfile, naming: Naming) -> dict[str, list[Observation]]:
    found: dict[str, list[Observation]] = {}
    for raw in profile.observations:
        code = raw.code
        name = _analytes.get(raw.name) if code is None else None
        if name is None:
            name = naming.analyte(raw.name, code.system, code.code) if code else naming.analyte(raw.name)
        if type(raw.value) is float and (raw.unit is None or "pred" in raw.unit):
            raw = _in_percent(name, raw)
        elif type(raw.value) is str and raw.unit is None and (multiple := _MULTIPLE.fullmatch(raw.value)) is not None:
            raw = replace(raw, value=float(multiple[1]), unit=f"x {multiple[2].upper()}")  # "2.1 x ULN"
        if raw.unit is not None and name in _named_by_unit() and units.is_unit(raw.unit):
            name = _named_by_unit()[name].get(units.unit(raw.unit), name)
        listed = found.get(name)
        if listed is None:
            found[name] = [raw]
        else:
            listed.append(raw)
        if type(raw.value) is str and raw.pair is not None and (both := _pair(name, raw)):
            for part, observation in both:
                found.setdefault(part, []).append(observation)
    return found


@cache
def _named_by_unit() -> dict[str, dict[str, str]]:
    """The measurements that are another one in some units, and which: a urine protein in g/d is that of 24 hours, and
    a FEV1 in percent that of the predicted volume."""
    return {entry.name: entry.facts["in_unit"] for entry in vocabulary().having("in_unit")}


_MULTIPLE: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:x|×|times|\*)?\s*(?:the\s+)?(ULN|LLN)\s*", re.IGNORECASE)


def _in_percent(name: str, raw: Observation) -> Observation:
    """A result in percent of what is predicted, in percent; a fraction of one, as a percentage."""
    entry = vocabulary().entry("measurement", name)
    if entry is None:
        return raw
    value = raw.value
    if raw.unit is None:
        fraction = isinstance(value, float) and 0 < value <= 1 and entry.facts.get("fraction")
        return replace(raw, value=100 * value, unit="%") if isinstance(value, float) and fraction else raw
    return raw if _OF_PREDICTED.fullmatch(raw.unit) is None else replace(raw, unit="%")


_OF_PREDICTED: Final = re.compile(
    r"\s*(?:%|percent)\s*(?:of\s+)?(?:the\s+)?pred(?:icted|\.)?(?:\s+(?:value|normal))?\s*", re.IGNORECASE
)


def _named_by_results(observations: Mapping[str, Sequence[Observation]], as_of: int) -> list[ConditionFact]:
    """The conditions that the latest results name: of a smoking status, "former smoker"."""
    found = []
    for name in _naming_conditions().intersection(observations):
        days = [(_bounds(each.date) or (PAST, as_of))[1] for each in observations[name]]
        last = max((day for day in days if day <= as_of), default=None)
        values = {
            _meant(name, str(each.value)) for each, day in zip(observations[name], days, strict=True) if day == last
        }
        if len(values) == 1 and vocabulary().find(value := values.pop(), "condition") is not None:
            found.append(ConditionFact(name=value))
    return found


def _meant(name: str, value: str) -> str:
    """What a result in a word means: of a smoking status, "never" is a never smoker."""
    entry = vocabulary().entry("measurement", name)
    meant = entry.facts.get("value_means", {}) if entry is not None else {}
    return str(meant.get(" ".join(value.lower().split()), value))


@cache
def _naming_conditions() -> frozenset[str]:
    named = (entry for entry in vocabulary().having("value_is") if entry.facts["value_is"] == "condition")
    return frozenset(entry.name for entry in named)


@lru_cache(maxsize=16384)
def _kinds(name: str) -> frozenset[str]:
    """A measurement and everything that is a kind of it."""
    known = vocabulary()
    found = {name}
    todo = [name]
    while todo:
        for below in known.narrower("measurement", todo.pop()):
            if below not in found:
                found.add(below)
                todo.append(below)
    return frozenset(found)


def single(name: str) -> bool:
    """Whether nothing is a kind of this measurement, so that its observations are those of its name."""
    return len(_kinds(name)) == 1


def _pair(name: str, raw: Observation) -> list[tuple[str, Observation]]:
    """Both pressures of "124/76"; the decimal acuity of "20/40"."""
    entry = vocabulary().entry("measurement", name)
    fraction = entry.facts.get("in_unit", {}).get(_SNELLEN) if entry is not None else None
    if fraction is not None and raw.pair is not None and raw.pair[1]:
        return [(fraction, replace(raw, name=fraction, value=raw.pair[0] / raw.pair[1], unit=_SNELLEN))]
    if (
        "blood pressure" not in name
        and "blood pressure" not in raw.name.lower()
        and raw.name.upper() not in ("BP", "RR")
    ):
        return []
    pair = raw.pair
    assert pair is not None
    return [
        (part, replace(raw, name=part, value=value, unit=raw.unit or "mm[Hg]"))
        for part, value in zip(("systolic blood pressure", "diastolic blood pressure"), pair, strict=True)
    ]


_SNELLEN: Final = "{Snellen}"


def interval(value: float | Interval) -> Interval:
    """A number as the interval of one point."""
    return value if isinstance(value, Interval) else Interval(value, value)


def chart_of(profile: PatientProfile, on: date) -> Chart:
    """The chart of a profile; without an ``as_of`` the profile is true on the day ``on``."""
    as_of = (profile.as_of or on).toordinal()
    kept = profile.__dict__.get("_chart")
    if isinstance(kept, Chart) and kept.profile is profile and kept.as_of == as_of:  # not that of a copy
        return kept
    chart = Chart(profile, as_of)
    profile.__dict__["_chart"] = chart
    return chart
