"""Which limits are whole, and which unknown words name something that is measured.

A number must not be taken apart from its factor or its unit, and words not for a measurement that they are none of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from eligibility.knowledge import words
from eligibility.knowledge.attributes import leading
from eligibility.knowledge.vocabulary import Entry
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.phrases import Measured, Noun, OpenName

__all__ = [
    "has_degree",
    "has_size",
    "is_measurement",
    "joined_to_other",
    "lacks_unit",
    "observed_behind",
    "of_normal",
    "on_scale",
    "unfinished",
]


def unfinished(tokens: list[Token], end: int) -> int:
    """Where a limit ends that is a multiple of something unknown ("1.5 x the control value"), or has a unit that goes
    on ("60 g/serving"); 0 where it is whole. It must not be taken for the number that it begins with.
    """
    after = tokens[end] if end < len(tokens) else None
    if after is None:
        return 0
    plus = tokens[end - 1].type == "PLUS" and after.type == "NUMBER"  # "ULN + 4 seconds"
    if plus or (after.type == "PLUS" and end + 1 < len(tokens) and tokens[end + 1].type == "NUMBER"):
        return end + 1
    if after.type == "TIMES" or (after.type == "SIGN" and after.start == tokens[end - 1].end):
        return end + 1
    joined = after.type == "SLASH" and tokens[end - 1].type == "UNIT" and after.start == tokens[end - 1].end
    return end + 1 if joined else 0


def of_normal(tokens: list[Token]) -> list[Token]:
    """Multiples of a limit of normal as they are written elsewhere: "within 1.5 x ULN" is at most that, "1.5 times x
    ULN" says "times" twice, and a sign behind it points to a note."""
    if _NORMAL.isdisjoint([token.type for token in tokens]):
        return tokens
    found: list[Token] = []
    for index, token in enumerate(tokens):
        ahead = [each.type for each in tokens[index + 1 : index + 5]]
        if token.type == "WITHIN" and token.said == "within" and _multiple(ahead):
            found.append(Token("LE", "within", token.start, token.end))
            continue
        behind = found[-1].type if found else ""
        if token.type == "TIMES" and (behind == "TIMES" or (behind in _CLOSES_NORMAL and not _NUMBER & {*ahead[:1]})):
            continue
        found.append(token)
    return found


def _multiple(kinds: Sequence[str]) -> bool:
    """Whether a multiple of the upper limit of normal stands first: "1.5 x ULN", "3 times the ULN"."""
    said = [kind for kind in kinds if kind not in ("OF", "FILLER")]
    return said[:2] == ["NUMBER", "ULN"] or (said[:2] == ["NUMBER", "TIMES"] and said[2:3] in (["ULN"], ["TIMES"]))


_NORMAL: Final = frozenset(("ULN", "LLN"))
_CLOSES_NORMAL: Final = _NORMAL | {"RPAR"}
_NUMBER: Final = frozenset(("NUMBER", *_NORMAL))


def joined_to_other(tokens: list[Token], start: int, end: int) -> bool:
    """Whether the second of two lengths of time is that of something else: "age < 55 years and one year or more of
    amenorrhea"."""
    behind = [t.type for t in tokens[end : end + 2]]
    if behind in (["SLASH", "TIMEUNIT"], ["PREP", "TIMEUNIT"]) and tokens[end].said in ("", "/", "per"):
        return True  # "more than 2 days/week": how often
    if behind[:1] == ["FROM"]:
        return True  # "< 4 weeks from radiotherapy"
    goes_on = end < len(tokens) and tokens[end].type == "OF"
    return goes_on and any(token.type in ("AND", "BUT", "COMMA") for token in tokens[start:end])


_COUNTABLE: Final = frozenset("WORD CONDITION TREATMENT ANALYTE EXISTS".split())
_COUNTS: Final = ("", "1", "%")  # in such units a number may stand alone


_ON_SCALE: Final = re.compile(
    r"\s*[,(]?\s*(?:on|out of|using)\s+(?:an?\s+|the\s+)?"
    r"(?:\d+\s*(?:-|–|to)\s*(?P<greatest>\d+)|(?P<points>\d+)(?:[\s-]*(?:points?|mm|cm)\b|(?=\s*[,.;)]|$)(?<=of \d\d)))"
    r"(?:[\s-]*(?:points?|mm|cm|numeric(?:al)?|rating|visual|analog(?:ue)?|Likert|pain|intensity|NRS|VAS|scale))*\s*\)?",
    re.IGNORECASE,
)
_USUAL: Final = (10, 11)  # from 0 to 10: so many points, or one more


def on_scale(value: object, text: str) -> tuple[int, bool] | None:
    """Where words behind a score end that say how far its scale reaches, and whether that is as usual."""
    if not isinstance(value, Measured):
        return None
    said = _ON_SCALE.match(text, value.end)
    if said is None:
        return None
    return said.end(), int(said["greatest"] or said["points"]) in _USUAL


def lacks_unit(value: object, after: Token | None, text: str) -> bool:
    """Whether a word behind a number may be its unit: "alcohol > 14 glasses", "bilirubin < 2 something"."""
    if not isinstance(value, Measured) or after is None or not value.limits:
        return False
    if text[value.end : after.start].strip():
        return False
    rate = after.type == "PREP" and text[after.start : after.end].lower() == "per"
    counted = isinstance(value.analytes[0].value, OpenName) and after.type in _COUNTABLE
    if not rate and not counted and after.type != "WORD":
        return False
    units = {str(t.value.facts.get("unit") or "") for t in value.analytes if isinstance(t.value, Entry)}
    if not rate and not counted and all(unit in _COUNTS or unit.startswith("{") for unit in units):
        return False
    return any(q.unit is None and q.of == "value" and not q.time for b in value.limits[-1:] for q in b.quantities[-1:])


_MEASURES: Final = frozenset(
    "score scale subscale subscore inventory questionnaire index indice level titer titre concentration count value "
    "ratio rate diameter length thickness volume width height size depth area distance frequency angle pressure "
    "temperature saturation density fraction gradient velocity capacity flow amplitude reading measurement dimension "
    "percentage burden load reversibility oxygenation".split()
)
_COUNTED: Final = frozenset(  # what is counted one by one, each like the others
    "lesion nodule metastasis node polyp ulcer cyst joint tooth exacerbation attack episode relapse flare "
    "hospitalization fall headache bout crisis plaque wart lymphadenopathy tumor focus void micturition stool "
    "hospitalisation recurrence visit admission".split()
)
_SIZED: Final = frozenset(
    "lesion tumor mass nodule cyst metastasis deposit node adenopathy lymphadenopathy polyp adenoma fibroid myoma "
    "leiomyoma hemangioma meningioma lipoma ulcer ulceration wound erosion scar keloid plaque wart aneurysm dilatation "
    "hernia diverticulum stone calculus abscess hematoma hemorrhage effusion thrombus vegetation goiter varix defect "
    "perforation tear fistula laceration burn bulla infarct malformation angioma endometrioma prolapse hole".split()
)
_DEGREES: Final = {  # in which unit it is said how far something goes that has no size
    "%": frozenset("stenosis restenosis narrowing occlusion".split()),
    "deg": frozenset("contracture scoliosis kyphosis angulation".split()),
    "mL": frozenset(words.keys("hemoptysis bleeding hemorrhage loss effusion ascites")),
    "L": frozenset(words.keys("effusion ascites loss")),
    "s": frozenset(("pause",)),
    "dB": frozenset(("loss",)),
    "dB[HL]": frozenset(("loss",)),
}


def has_size(name: str) -> bool:
    """Whether a condition is something with a size: a cyst, not a depression."""
    return bool(_SIZED.intersection(words.keys(name)[-1:]))


def has_degree(name: str, unit: str) -> bool:
    """Whether a condition goes so far, in this unit: a stenosis of 70 %, a contracture of 15 degrees."""
    last = words.keys(name)[-1:]
    return unit in _DEGREES and any(words.keys(each)[-1:] == last for each in _DEGREES[unit])


_CLOSED: Final = frozenset(
    "and or not no nor without except unless other than never neither non cannot but if so dose phase part cohort arm "
    "group stage grade cycle day week month year visit section appendix type version criterion criteria table figure "
    "least most more less receive received taking prescribed documented confirmed".split()
)
_COMPARED: Final = re.compile(
    r"[<>≥≤=]|\b(?:less|more|greater|higher|lower|least|most|above|below|over|under|between|exceed\w*|or)\b"
)
_VERBAL: Final = ("ed", "ing", "ly")  # "located > 5 cm"
_VERBS: Final = frozenset(
    "comprise comprize measure weigh exceed score involve occupy cover extend reach receive last".split()
)
_GIVEN: Final = frozenset(("mg", "g", "ug", "kg", "Gy", "cGy", "U", "[IU]", "%"))  # of a dose, or of a part of anything
_DAILY: Final = ("mg/", "g/d", "ug/d")


def _is_verb(word: str) -> bool:
    return word in _VERBS or word.endswith(_VERBAL)


def _narrows(said: list[Token], before: list[Token]) -> bool:
    """Whether words before the name of a measurement narrow it, and are no clause of their own."""
    if before and (before[0].type in ("WORD", "SIGN") or isinstance(before[0].value, Noun)):
        return False
    keys = [str(word.value) for word in said]
    left = leading(keys)[0]
    clause = any(word in _CLOSED or (_is_verb(word) and word not in _MEASURED_SO) for word in left)
    return len(left) <= _MOST_NARROWING and not clause


_MOST_NARROWING: Final = 3
_MEASURED_SO: Final = frozenset(  # in which state, or how, something was measured
    "fasting sitting seated standing lying resting sustained repeated unmedicated untreated treated uncorrected "
    "corrected adjusted unadjusted unaided aided stimulated unstimulated quantified".split()
)


def is_given(unit: str) -> bool:
    """Whether a unit may be that of what is given, or taken, rather than of what is measured."""
    return unit in _GIVEN or (unit.startswith(_DAILY) and not unit.endswith("L"))


def is_measurement(value: object, before: list[Token], text: str) -> bool:
    """Whether words that the vocabulary does not know name something that is measured: by their last word, by a unit
    behind them, or because they are a proper name: "STOP-BANG >= 3"."""
    name = value.analytes[0].value if isinstance(value, Measured) else None
    if not isinstance(value, Measured) or not isinstance(name, OpenName):
        return True
    parts = name.words
    if name.counted:
        bounds = value.limits[0]
        plain = not any(q.unit or q.of != "value" for q in bounds.quantities) and not bounds.exact
        last = words.keys(text[parts[-1].start : parts[-1].end])[-1:]
        return plain and parts[-1].type in ("WORD", "CONDITION") and bool(_COUNTED.intersection(last))
    if parts[-1].type == "ANALYTE":
        return _narrows([*parts[:-1]], before)
    if any(t.type == "WORD" and t.value in _CLOSED for t in parts):
        return False
    if before and (before[0].type in ("WORD", "SIGN") or isinstance(before[0].value, Noun)):
        return False  # the name is longer than that
    if any(not q.unit and q.of == "value" and q.note for q in value.limits[0].quantities):
        return False
    of = next((i for i, t in enumerate(parts) if t.type == "OF"), None)
    heads = (parts[-1], parts[of - 1]) if of is not None else (parts[-1],)
    if any(_MEASURES.intersection(words.keys(text[t.start : t.end])[-1:]) for t in heads):
        return len(parts) > 1
    if any(t.type not in ("WORD", "OF") for t in parts):
        return False
    if value.start < parts[0].start and _SCORED.match(text, value.start):
        return True  # "a score of at least 20 on the XYZ": what is scored is a scale
    bounds = value.limits[0]
    units = {q.unit for q in bounds.quantities if q.unit}
    if not _COMPARED.search(text, parts[-1].end, value.end) or _is_verb(str(parts[-1].value)):
        return False
    if units:
        return not any(map(is_given, units))
    said = text[parts[0].start : parts[-1].end]
    return any(sum(c.isupper() for c in word) > 1 for word in said.replace("-", " ").split())


_SCORED: Final = re.compile(r"(?:total |sum |overall |mean )?scores?\b", re.IGNORECASE)


def observed_behind(tokens: list[Token], text: str) -> list[Token]:
    """ "Hemoglobin >= 9 with no transfusion in the past 28 days (obtained within 7 days)": what is obtained is the
    hemoglobin, though its time stands in parentheses behind another one."""
    if len(tokens) < 3 or "(" not in text:
        return tokens
    last, noun = tokens[-1], tokens[-1].value
    windows = [t for t in noun.behind if t.type == "WINDOW"] if isinstance(noun, Noun) else []
    measures = [i for i, t in enumerate(tokens) if t.type == "FACT" and isinstance(t.value, Measured)]
    if not isinstance(noun, Noun) or len(windows) != 2 or len(measures) != 1:
        return tokens
    own, theirs = windows
    at = measures[0]
    measured = tokens[at].value
    opened = text.rfind("(", own.end, theirs.end)
    if opened < 0 or any(t.type == "WINDOW" for t in measured.around) or noun.behind[-1] is not theirs:
        return tokens
    if own.value.windows == theirs.value.windows or not _DENYING.intersection([t.type for t in tokens[at + 1 : -1]]):
        return tokens
    found = list(tokens)
    timed = replace(measured, around=[*measured.around, theirs])
    found[at] = Token("FACT", timed, tokens[at].start, tokens[at].end)
    behind = [t for t in noun.behind if t is not theirs]
    bare = Noun(noun.head, noun.before, behind, noun.start, own.end, noun.inherited)
    found[-1] = Token("FACT", bare, last.start, own.end)
    return [*found, Token("FILLER", None, opened, last.end)]


_DENYING: Final = frozenset(("NO", "NOT", "WITHOUT"))
