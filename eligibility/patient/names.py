"""What the names of a profile stand for: canonical names, everything that these are a kind of, and the qualifiers said
with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from eligibility.knowledge import words
from eligibility.knowledge.attributes import in_blood
from eligibility.knowledge.derived import derived
from eligibility.knowledge.icd10 import diagnosis
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.tables import charted_names, diseases, places_in, routes
from eligibility.knowledge.vocabulary import Entry, Kind, texts, vocabulary
from eligibility.knowledge.words import IN_PARENTHESES
from eligibility.patient.apart import apart, is_date, is_past, is_score, spelt_out, without_side

__all__ = [
    "STOP",
    "TREATED",
    "Name",
    "Naming",
    "analyte_words",
    "content",
    "measured",
    "name_of",
    "plain_words",
    "short_name",
]

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
            elif (treated := TREATED.fullmatch(each)) is not None:
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

TREATED: Final = re.compile(
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
