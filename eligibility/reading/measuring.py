"""A measurement as read -> the rule that it means, in the canonical unit of its analyte.

A number without a unit, or an impossible one, is read only where exactly one mending explains it, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from eligibility.errors import UnitError
from eligibility.knowledge import units, words
from eligibility.knowledge.attributes import leading
from eligibility.knowledge.vocabulary import Entry, texts, vocabulary
from eligibility.knowledge.words import IN_PARENTHESES
from eligibility.reading.context import Context
from eligibility.reading.drafting.concepts import known_concept
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, conditional, each_leaf
from eligibility.reading.grammar import Refused
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.measures import has_degree, has_size
from eligibility.reading.patterns import in_small_letters, just_before
from eligibility.reading.phrases import Measured, OpenName
from eligibility.reading.quantities import LENGTHS, Bounds, Quantity, Repeats, Spacing, WindowRead, by_worth
from eligibility.rules import Concept, Condition, Limit, Measurement, OnScales, Rule, Sex, Span, Window

__all__ = ["by_formulas", "measured_draft", "of_condition", "scored"]

_COUNT_UNITS: Final = ("/uL", "10*3/uL", "10*9/L", "/L")


def measured_draft(read: Measured, context: Context, window: WindowRead | None = None) -> Draft:
    """The rule of a measurement. :class:`Refused` where a limit makes no sense for its analyte."""
    windows = [t.value for t in read.around if t.type == "WINDOW"] + ([window] if window else [])
    placed = [w for w in windows if w.windows]
    if (
        len(placed) > 1
        or any(len(w.windows) > 1 or w.planned for w in placed)
        or any(t.type == "LASTING" for t in read.around)
    ):
        raise Refused
    days = placed[0].windows[0] if placed else None
    qualifiers = tuple(dict.fromkeys(t.value.name for t in read.around if t.type == "QUALIFIER"))
    if _is_not_calculated(read, context.low):
        qualifiers = (*qualifiers, "measured")
    drafts = [_analyte(token, read, days, qualifiers, context) for token in read.analytes]
    sites = dict.fromkeys(str(t.value) for t in read.around if t.type == "SITE")
    if len(sites) > 1:
        raise Refused
    drafts = [each_leaf(draft, partial(_placed, site)) for draft in drafts for site in sites] or drafts
    return _repeated(_several(drafts, read, context), read, context.text).asked(read.required)


def _is_not_calculated(read: Measured, low: str) -> bool:
    """ "A measured creatinine clearance", which no formula gives; not a "calculated or measured" one."""
    first = read.analytes[0]
    by_formula = all(isinstance(t.value, Entry) and t.value.name == _CLEARANCE for t in read.analytes)
    return by_formula and low.startswith("measured ", first.start) and not just_before(_OR, low, first.start)


_CLEARANCE: Final = "creatinine clearance"
_OR: Final = re.compile(r"\b(?:calculated|estimated|computed)\s*(?:\bor|and/or|[/,])\s*\Z")
_TUMOUR: Final = "tumor"
_TUMOUR_SIZE: Final = "tumor size"


def of_condition(name: Token, bounds: Bounds, end: int, context: Context) -> Measured | None:
    """What a limit right behind, or before, a condition is of: of what the condition is the level of ("fever > 38 °C"),
    or of its size ("cysts > 2 cm"). None where it is of neither, or of more than one thing."""
    entry = name.value
    if not isinstance(entry, Entry) or bounds.time or bounds.age or bounds.exact or bounds.members:
        return None
    levels = [vocabulary().entry("measurement", level) for level in texts(entry.facts.get("level_of"))]
    analytes: list[object] = [level for level in levels if level is not None]
    units, said = {quantity.unit for quantity in bounds.quantities}, context.text[name.start : name.end]
    if not analytes and units <= LENGTHS:
        tumour = _size(entry)
        if tumour is not None or has_size(said):
            analytes.append(tumour or OpenName((name,), sized=True))
    elif not analytes and len(units) == 1 and has_degree(said, str(next(iter(units)))):
        analytes.append(OpenName((name,)))
    if not analytes and units == {_DIOPTERS} and (refracted := _refracted(entry, bounds)) is not None:
        bounds = refracted
        analytes.append(vocabulary().entry("measurement", "spherical equivalent"))
    found = []
    for analyte in analytes:
        read = Measured([Token("ANALYTE", analyte, name.start, name.end)], [bounds], False, [], name.start, end)
        try:
            measured_draft(read, context)
        except Refused:
            continue
        found.append(read)
    return found[0] if len(found) == 1 else None


_DIOPTERS: Final = "[diop]"


def _refracted(entry: Entry, bounds: Bounds) -> Bounds | None:
    """ "Myopia of more than 6 diopters" as a limit of the refraction, which is less than -6; None of what refracts
    neither more nor less."""
    side = entry.facts.get("refracts")
    if side is None or bounds.either:
        return None
    if side == "plus" or all(quantity.value < 0 for quantity in bounds.quantities):
        return bounds  # the numbers have their sign
    if any(quantity.value < 0 for quantity in bounds.quantities):
        return None
    turned = bounds.turned()
    low, high = (
        replace(end, value=-end.value, note="so much myopia is read as a refraction below zero")
        if end is not None
        else None
        for end in (turned.low, turned.high)
    )
    return replace(turned, low=low, high=high)


def _size(entry: Entry) -> Entry | None:
    """The measurement that is the size of such a condition, where there is one."""
    kinds = vocabulary()
    tumour = kinds.is_a("condition", entry.name, "malignancy")
    if tumour and not kinds.is_a("condition", entry.name, "metastatic disease"):
        return kinds.entry("measurement", _TUMOUR_SIZE)
    return None


def _placed(site: str, draft: Draft) -> Draft:
    if not isinstance(draft.rule, Measurement):
        return draft
    return replace(draft, rule=draft.rule.model_copy(update={"site": site}))


_MEAN: Final = re.compile(r"(?:mean|averaged?|median)\b", re.IGNORECASE)


def _repeated(draft: Draft, read: Measured, text: str) -> Draft:
    """The same of several results. Where either of two limits will do, another one may be broken each time."""
    if _MEAN.match(text, read.start):
        return draft  # the mean of several results is one
    counts = [t.value.count for t in read.around if isinstance(t.value, Repeats)]
    spacings = [t.value.least for t in read.around if isinstance(t.value, Spacing | Repeats) and t.value.least]
    if not counts and not spacings:
        return draft
    if not counts or len(spacings) > 1:
        raise Refused
    repeats = {"repeats": max(counts), "spacing": spacings[0] if spacings else None}

    def often(part: Draft) -> Draft:
        return replace(part, rule=part.rule.model_copy(update=repeats))

    each_time = each_leaf(draft, often)
    if draft.rule.kind in ("measurement", "all"):
        return each_time
    return ambiguous([each_time, draft], "results of which each time another one may be beyond its limit")


def _several(drafts: list[Draft], read: Measured, context: Context) -> Draft:
    span = (read.start, read.end)
    if len(drafts) == 1:
        return drafts[0]
    last = next(token for token in read.analytes if token.value == read.analytes[-1].value)
    # "AST (or SGOT) and ALT (or SGPT)" are asked for both
    between = IN_PARENTHESES.sub(" ", context.text[read.analytes[0].end : last.start].lower())
    words = set(between.replace("/", " / ").replace("(", " ").split())
    every, some = all_of(drafts, span), any_of(drafts, span)
    if "and/or" in between or ({"/"} & words and not {"and", "or"} & words):
        if not context.exclusion and "and/or" in between and all(map(_is_least, every.innermost_rules())):
            return ambiguous([every, some], "'and/or' between what must be found")  # "ER and/or PgR >= 1 %"
        return some if context.exclusion else every
    if "or" in words and "and" in words:
        return ambiguous([every, some], "and/or over several analytes")
    if "or" in words:
        return (
            some if context.exclusion else ambiguous([every, some], "'or' between analytes that may each be required")
        )
    return ambiguous([every, some], "'and' between analytes, each of which may exclude") if context.exclusion else every


def _is_least(rule: Rule) -> bool:
    """Whether a value must be no less than a limit, which it is enough that one of several is."""
    return isinstance(rule, Measurement) and rule.limit.low is not None and rule.limit.high is None


def by_formulas(draft: Draft, text: str) -> Draft:
    """The draft of a text in which a formula that is named gives an analyte as another one: whichever was measured
    decides. The filtration rate "by Cockcroft-Gault" is a creatinine clearance."""
    return each_leaf(draft, lambda leaf: _by_its_formula(leaf, text)) if "roft" in in_small_letters(text) else draft


def _by_its_formula(leaf: Draft, text: str) -> Draft:
    rule = leaf.rule
    entry = vocabulary().entry("measurement", rule.analyte.name) if isinstance(rule, Measurement) else None
    name = entry.facts.get("by_formula") if entry is not None else None
    other = vocabulary().entry("measurement", name) if name else None
    if other is None or not isinstance(rule, Measurement) or _FORMULA_BEHIND.match(text, leaf.start) is None:
        return leaf
    left_out = bool(rule.note)  # "mL/min is written"
    unit = other.facts["unit" if left_out else "own_unit"]
    limit = rule.limit.model_copy(update={"unit": unit})
    as_other = rule.model_copy(update={"analyte": known_concept(other), "limit": limit, "note": ""})
    return replace(leaf, rule=OnScales(parts=(as_other, rule)), parts=(replace(leaf, rule=as_other), leaf))


_SOME_FORMULA: Final = re.compile(r"cock(?:c|k)?roft", re.IGNORECASE)
_FORMULA_BEHIND: Final = re.compile(  # in the same clause, no other analyte between
    rf"(?:(?!creatinine|clearance|CrCl|CLcr|\b(?:and|but)\b)[^;\n]){{0,100}}?{_SOME_FORMULA.pattern}", re.IGNORECASE
)


def _analyte(token: Token, read: Measured, days: Window | None, qualifiers: tuple[str, ...], context: Context) -> Draft:
    women = read.limits[0].women if len(read.limits) == 1 else None
    if women is not None:
        men = replace(read, limits=[replace(read.limits[0], women=None)])
        each = [_analyte(token, one, days, qualifiers, context) for one in (men, replace(read, limits=[women]))]
        sex = Draft(Sex(sex="male"), read.start, read.end)
        return replace(conditional(sex, *each), start=each[0].start, end=each[0].end)
    if len(read.limits) == 1 and read.limits[0].either:
        either = [
            _analyte(token, replace(read, limits=[one]), days, qualifiers, context) for one in read.limits[0].either
        ]
        return any_of(either)
    entry = token.value
    if isinstance(entry, OpenName):
        return _open(token, read, days, qualifiers, context)
    if not isinstance(entry, Entry):
        raise Refused
    if _GENETIC.search(entry.name) and any(not q.unit for bounds in read.limits for q in bounds.quantities):
        raise Refused  # "NTRK1-3 gene fusion", "KRAS mutation at visit 2": a number of something else
    if entry.facts.get("type") == "performance" and not all(
        quantity.value == int(quantity.value) for bounds in read.limits for quantity in bounds.quantities
    ):
        raise Refused  # "ECOG 0.1 or 2": a misprint

    read = _on_one_scale(entry, _without_logarithms(entry, read))
    entry = _in_own_unit(_meant(entry, read), read)
    worth = entry.facts.get("higher_is") or _worth_of_status(entry, read)
    by_its_worth = [by_worth(bounds, worth) for bounds in read.limits]
    read = Measured(read.analytes, by_its_worth, read.normal, read.around, read.start, read.end, read.required)

    def place(limit: Limit, note: str, of: Entry = entry) -> Draft:
        return _rule(of, limit, note, days, qualifiers, token, read)

    if read.normal:
        limits = (Limit(low=1.0, of="LLN"), Limit(high=1.0, of="ULN"))
        return all_of([place(limit, "") for limit in limits], (read.start, read.end))
    if len(read.limits) == 1 and read.limits[0].second is not None:
        return _pair(entry, read, place, context)
    if len(read.limits) == 1 and _lost_comparator(read.limits[0], entry) and _stands_behind(read, context):
        compared = [replace(read, limits=[bounds]) for bounds in _comparisons(read.limits[0], entry)]
        return ambiguous([_analyte(token, one, days, qualifiers, context) for one in compared], _LOST)
    if entry.facts.get("viral_load") and (powers := _powers(read)):
        either = [_analyte(token, one, days, qualifiers, context) for one in powers]
        return ambiguous(either, "a number, or a power of ten that has lost its exponent")
    if entry.facts.get("unit") == _DIOPTERS and (by_size := _by_size(read)) is not None:
        either = [place(*each) for bounds in (read.limits[0], by_size) for each in next(_limits(bounds, entry), [])]
        return ambiguous(either, "a negative refraction, of which what is more may be less")
    alternatives: list[list[list[tuple[Limit, str]]]] = []
    for bounds in read.limits:
        if _lost_comparator(bounds, entry):
            raise Refused
        readings = list(_limits(bounds, entry))
        if not readings:
            raise Refused
        alternatives.append(readings)
    if len(alternatives) == 2 and _same(alternatives[0], alternatives[1]):
        alternatives.pop()  # one limit, in two units
    drafts = []
    for bounds, readings in zip(read.limits, alternatives, strict=False):
        joined = [
            any_of([place(*each) for each in reading]) if bounds.members else all_of([place(*each) for each in reading])
            for reading in readings
        ]
        drafts.append(ambiguous(joined, "a number that may stand in two units"))
    return ambiguous(drafts, "a limit given twice, not the same").placed(read.start, read.end)


def _by_size(read: Measured) -> Bounds | None:
    """ "More than -6 diopters" as it is often meant: less than that number, which is more of it. None of two ends, of
    a number that is not negative, and where myopia has made it so."""
    bounds = read.limits[0]
    ends = [end for end in (bounds.low, bounds.high) if end is not None]
    if len(read.limits) != 1 or len(ends) != 1 or ends[0].value >= 0 or ends[0].note:
        return None
    return bounds.turned()


_WORST_OF_ECOG, _LEAST_OF_KARNOFSKY = 5, 10


def _worth_of_status(entry: Entry, read: Measured) -> str | None:
    """Which way is better on the scale of a performance status that is not named: of few points, or of a hundred."""
    if entry.facts.get("type") != "performance":
        return None
    values = [quantity.value for bounds in read.limits for quantity in bounds.quantities]
    if not values:
        return None  # "performance status is normal"
    if max(values) <= _WORST_OF_ECOG:
        return "worse"
    return "better" if min(values) >= _LEAST_OF_KARNOFSKY else None


_POWERS: Final = {100 + power: 10.0**power for power in range(2, 10)}  # 10^5 that has become 105


def _powers(read: Measured) -> list[Measured]:
    """Limits as they are written, and as powers of ten of which the exponent is no longer one; none where no number
    looks like one, or how it is written tells ("10,000")."""
    numbers = [quantity for bounds in read.limits for quantity in bounds.quantities]
    if not numbers or any(each.grouped or each.value not in _POWERS for each in numbers):
        return []

    def changed(bounds: Bounds, to: Mapping[int, float]) -> Bounds:
        low, high = (
            replace(end, value=to.get(int(end.value), end.value), grouped=True) if end is not None else None
            for end in (bounds.low, bounds.high)
        )
        return replace(bounds, low=low, high=high)

    return [replace(read, limits=[changed(bounds, to) for bounds in read.limits]) for to in ({}, _POWERS)]


_LOGARITHMS: Final = {"{log_IU}/mL": "[IU]/mL", "{log_copies}/mL": "{copies}/mL"}
_MOST_LOGARITHM: Final = 12  # more copies than there are in a body


def _without_logarithms(entry: Entry, read: Measured) -> Measured:
    """The limits of a viral load as numbers: "HBV DNA < 9 log10 IU/mL"."""
    written = {quantity.unit for bounds in read.limits for quantity in bounds.quantities}
    if not entry.facts.get("viral_load") or not any(unit in _LOGARITHMS for unit in written if unit):
        return read

    def number(quantity: Quantity | None) -> Quantity | None:
        unit = _LOGARITHMS.get(quantity.unit or "") if quantity is not None else None
        if quantity is None or unit is None or not 0 <= quantity.value <= _MOST_LOGARITHM:
            raise Refused
        return replace(quantity, value=10.0**quantity.value, unit=unit)

    limits = []
    for bounds in read.limits:
        if bounds.exact or bounds.members or bounds.either or bounds.second or bounds.women:
            raise Refused
        low, high = (number(end) if end is not None else None for end in (bounds.low, bounds.high))
        limits.append(replace(bounds, low=low, high=high))
    return replace(read, limits=limits)


_GENETIC: Final = re.compile(
    r"\b(?:mutation|fusion|rearrangement|amplification|\w*deletion|insertion|loss|expansion|alteration|skipping)\b|^HLA-"
)


def _open(token: Token, read: Measured, days: Window | None, qualifiers: tuple[str, ...], context: Context) -> Draft:
    """A limit of what the vocabulary does not know: in the unit that is written."""
    text = context.text[token.start : token.end]
    if isinstance(token.value, OpenName) and token.value.words[-1].type == "ANALYTE" and not token.value.counted:
        return _narrowed(token, read, days, qualifiers, context)
    if isinstance(token.value, OpenName) and token.value.counted and " per " not in text:
        if days is not None:
            return _episodes(token, read, days, qualifiers, text)
        text = f"number of {text}"
    if isinstance(token.value, OpenName) and token.value.sized:
        text = f"size of {text}"
    if isinstance(token.value, OpenName) and token.value.taken_by:
        text = f"share of {text} with {token.value.taken_by}"
    if words.phrase(text) == _TUMOUR and {q.unit for limit in read.limits for q in limit.quantities} <= LENGTHS:
        text = _TUMOUR_SIZE
    entry = vocabulary().find(text, "measurement")
    if entry is not None:
        known = Token(token.type, entry, token.start, token.end)
        return _analyte(known, read, days, qualifiers, context)
    return _in_its_words(token, text, read, days, qualifiers)


def _in_its_words(token: Token, text: str, read: Measured, days: Window | None, qualifiers: tuple[str, ...]) -> Draft:
    if len(read.limits) != 1 or read.normal or read.limits[0].valued:
        raise Refused
    bounds = read.limits[0]
    written = {quantity.unit or "" for quantity in bounds.quantities}
    of = {quantity.of for quantity in bounds.quantities}
    if bounds.time or bounds.age or bounds.second or bounds.choice or len(written) > 1 or len(of) > 1:
        raise Refused
    if bounds.exact and written != {""}:
        raise Refused  # a comparison was lost
    ends: list[tuple[Quantity | None, Quantity | None]] = [(q, q) for q in bounds.members]
    ends = ends or [(bounds.low, bounds.high)]
    analyte = Concept(name=words.phrase(text), open=True)
    drafts = []
    for low, high in ends:
        limit = _limit(
            low.value if low else None,
            high.value if high else None,
            bounds.low_inclusive,
            bounds.high_inclusive,
            written.copy().pop(),
            of.copy().pop(),
        )
        rule = Measurement(analyte=analyte, limit=limit, window=days, qualifiers=qualifiers)
        drafts.append(Draft(rule, read.start, read.end, open=(Span(start=token.start, end=token.end),)))
    return any_of(drafts)


def _narrowed(
    token: Token, read: Measured, days: Window | None, qualifiers: tuple[str, ...], context: Context
) -> Draft:
    """A measurement with words before its name: those that narrow it are a qualifier of their own words."""
    *said, name = token.value.words
    entry = name.value
    if not isinstance(entry, Entry):
        raise Refused
    of_blood = entry.facts.get("type") == "lab" and not _ELSEWHERE.search(entry.name)
    left, sides = leading([str(word.value) for word in said], of_blood=of_blood)
    ends = {side for bounds in read.limits for side, end in (("above", bounds.low), ("below", bounds.high)) if end}
    if sides and (sides != ends or any(bounds.either or bounds.exact for bounds in read.limits)):
        raise Refused  # "increased creatinine <= 2 x ULN"
    first = next((word for word in said if str(word.value) in left), name)
    known = vocabulary().find(context.text[first.start : name.end], "measurement") if left else entry
    named = Token("ANALYTE", known or entry, token.start, token.end)
    if known is not None:
        return _analyte(named, read, days, qualifiers, context)
    try:
        return _analyte(named, read, days, (*qualifiers, " ".join(left)), context)
    except Refused:  # "leukemic blasts > 50,000/mm3", where blasts are a percentage
        return _in_its_words(token, context.text[first.start : token.end], read, days, qualifiers)


_ELSEWHERE: Final = re.compile(r"\b(?:urin\w+|stool|f[ae]ecal|sweat|salivary|cerebrospinal|CSF|marrow|sputum)\b")


def _episodes(token: Token, read: Measured, days: Window, qualifiers: tuple[str, ...], text: str) -> Draft:
    """ "At least 2 exacerbations in the past 12 months": each began on a day; a number observed has another one."""
    bounds = read.limits[0]
    if len(read.limits) != 1 or bounds.low is None or days.start is None:
        raise Refused
    known = vocabulary().find(text, "condition")
    concept = known_concept(known) if known is not None else Concept(name=words.phrase(text), open=True)
    count = _limit(
        bounds.low.value,
        bounds.high.value if bounds.high else None,
        bounds.low_inclusive,
        bounds.high_inclusive,
        "",
        "value",
    )
    rule = Condition(concept=concept, window=days, moment="start", qualifiers=qualifiers, count=count)
    return Draft(rule, read.start, read.end, open=() if known else (Span(start=token.start, end=token.end),))


def _on_one_scale(entry: Entry, read: Measured) -> Measured:
    """Without the same limit on another scale: ">= 35 letters (20/200)"."""
    others = entry.facts.get("in_unit", {})
    if len(read.limits) < 2 or not others:
        return read
    first, *more = read.limits
    if {q.unit for q in first.quantities} & others.keys():
        return read
    same = [each for each in more if not {q.unit for q in each.quantities} & others.keys()]
    return replace(read, limits=[first, *same])


def _meant(entry: Entry, read: Measured) -> Entry:
    """The entry that a name means with such a unit: "FEV1 < 50 %" is that of the predicted volume."""
    written = {quantity.unit for bounds in read.limits for quantity in bounds.quantities}
    name = entry.facts.get("in_unit", {}).get(written.pop()) if len(written) == 1 else None
    return (vocabulary().entry("measurement", name) if name else None) or entry


def _in_own_unit(entry: Entry, read: Measured) -> Entry:
    """The entry for a limit in a unit that is not converted: a creatinine clearance for each body surface, a urine
    protein in grams where otherwise its crosses are counted."""
    own = entry.facts.get("own_unit")
    canonical = str(entry.facts.get("unit") or "")
    written = {q.unit for bounds in read.limits for q in bounds.quantities if q.of == "value" and not q.time}
    if own is not None and written == {own}:
        return replace(entry, facts={**entry.facts, "unit": own})
    named = {unit for unit in written if unit}
    predicted = vocabulary().entry("measurement", str(entry.facts.get("predicted"))) if named == {"%"} else None
    if predicted is not None:
        return predicted  # a percentage of a volume is that of the predicted one
    if named <= {"%"} and entry.facts.get("type") == "performance":
        return entry
    if named <= {"U"} and entry.facts.get("type") == "score":
        return entry  # "10-35 units" are points
    if not canonical and len(named) == 1 and entry.facts.get("type") != "performance":
        return replace(entry, facts={**entry.facts, "unit": named.pop()})
    if canonical.startswith("{") and any(not units_alike(str(unit), canonical) for unit in named):
        raise Refused
    return entry


_ROUNDED: Final = 0.1  # how far a limit in other units may be off for rounding


def _same(first: list[list[tuple[Limit, str]]], second: list[list[tuple[Limit, str]]]) -> bool:
    """Whether two limits are one, but for rounding."""
    if len(first) != 1 or len(second) != 1 or len(first[0]) != 1 or len(second[0]) != 1:
        return False
    a, b = first[0][0][0], second[0][0][0]
    if a.of != b.of or a.unit != b.unit:
        return False
    for one, other in ((a.low, b.low), (a.high, b.high)):
        if (one is None) != (other is None):
            return False
        if one is not None and other is not None and abs(one - other) > _ROUNDED * max(abs(one), abs(other)):
            return False
    return True


def _pair(entry: Entry, read: Measured, place: Callable[..., Draft], context: Context) -> Draft:
    """ "Blood pressure < 140/90": both of its numbers, or either.

    Below: both. Above: under Exclusion either is enough. What a floor that is required, or a ceiling under Exclusion,
    asks of the second number is not said.
    """
    bounds = read.limits[0]
    names = entry.facts.get("pair")
    entries = [vocabulary().entry("measurement", str(name)) for name in names or ()]
    if len(entries) != 2 or bounds.second is None:
        raise Refused
    parts = []
    for each, one in zip(entries, (bounds, bounds.second), strict=True):
        if each is None:
            raise Refused
        readings = list(_limits(replace(one, second=None), each))
        if len(readings) != 1 or len(readings[0]) != 1:
            raise Refused
        parts.append(place(*readings[0][0], each))
    span = (read.start, read.end)
    every, some = all_of(parts, span), any_of(parts, span)
    if bounds.low is not None and bounds.high is not None:
        raise Refused
    if bounds.high is not None and not context.exclusion:
        return every
    if bounds.low is not None and context.exclusion:
        return some
    return ambiguous([every, some], "a limit of both blood pressures, or of either")


def _lost_comparator(bounds: Bounds, entry: Entry) -> bool:
    """Whether a bare number stands where a limit is meant: "creatinine 1.5 x ULN", "performance status 1"."""
    if not bounds.exact or bounds.members or bounds.low != bounds.high or bounds.low is None:
        return False
    if entry.facts.get("type") == "performance":
        return bounds.low.value not in (0, 100)
    unit = str(entry.facts.get("unit") or "")
    measured = entry.facts.get("type") in ("test", "score") and unit not in ("", "1") and not unit.startswith("{")
    return measured or entry.facts.get("type") in ("lab", "vital", "imaging") or bounds.low.of != "value"


def _stands_behind(read: Measured, context: Context) -> bool:
    """Whether a number stands behind a name, and is no part of it: not in "2D echocardiogram", "T3-4"."""
    return _BEHIND.match(context.text, read.analytes[-1].end, read.end) is not None


_BEHIND: Final = re.compile(r"(?=[\s(=:])[^\d\[\]]*(?<![)\w])\d")


def _comparisons(bounds: Bounds, entry: Entry) -> list[Bounds]:
    """Every way in which a bare number may have been compared: a grade of performance itself is meant in each."""
    number = bounds.low
    inclusive = (True,) if entry.facts.get("type") == "performance" else (True, False)
    return [
        *(Bounds(low=number, low_inclusive=each) for each in inclusive),
        *(Bounds(high=number, high_inclusive=each) for each in inclusive),
    ]


_LOST: Final = "a number that has lost its comparison"


def _rule(
    entry: Entry,
    limit: Limit,
    note: str,
    days: Window | None,
    qualifiers: tuple[str, ...],
    token: Token,
    read: Measured,
) -> Draft:
    rule = Measurement(analyte=known_concept(entry), limit=limit, window=days, qualifiers=qualifiers, note=note)
    start = token.start if len(read.analytes) > 1 else read.start
    return Draft(rule, start, read.end)


def _limits(bounds: Bounds, entry: Entry) -> Iterator[list[tuple[Limit, str]]]:
    """Each way of reading the numbers, as the limits that hold together (or, of several members, each alone)."""
    if bounds.second is not None or bounds.choice:
        raise Refused
    if bounds.time or bounds.age:
        bounds = _timed(bounds, entry)
    if bounds.members:
        yield [
            (_limit(value, value, True, True, entry.facts.get("unit") or "", "value"), "")
            for value in _members(bounds, entry)
        ]
        return
    ofs = {q.of for q in bounds.quantities}
    if ofs != {"value"}:
        ends = []
        for low, high in ((bounds.low, None), (None, bounds.high)):
            quantity = low or high
            if quantity is None:
                continue
            if quantity.of == "value":
                converted = _convert(quantity, entry)
                if converted is None:
                    raise Refused
                value, unit, note = converted[0], entry.facts.get("unit") or "", converted[1]
            else:
                value, unit, note = quantity.value, "", quantity.note
            ends.append(
                (
                    _limit(
                        value if low else None,
                        value if high else None,
                        bounds.low_inclusive,
                        bounds.high_inclusive,
                        unit,
                        quantity.of,
                    ),
                    note,
                )
            )
        yield ends
        return
    found: list[tuple[tuple[float | None, float | None], str]] = []
    for unit in _units_to_try(bounds, entry):
        ends2: list[float | None] = []
        notes: list[str] = []
        for quantity in (bounds.low, bounds.high):
            if quantity is None:
                ends2.append(None)
                continue
            converted = _convert(quantity, entry, unit)
            if converted is None:
                break
            ends2.append(converted[0])
            notes += [converted[1]] if converted[1] else []
        else:
            found.append(((ends2[0], ends2[1]), "; ".join(dict.fromkeys(notes))))
    for (low_value, high_value), note in dict(found or _a_thousand_off(bounds, entry)).items():
        yield [
            (
                _limit(
                    low_value,
                    high_value,
                    bounds.low_inclusive,
                    bounds.high_inclusive,
                    entry.facts.get("unit") or "",
                    "value",
                ),
                note,
            )
        ]


def _a_thousand_off(bounds: Bounds, entry: Entry) -> list[tuple[tuple[float | None, float | None], str]]:
    """ "Hemoglobin >= 9 mg/dL", which is impossible: as written, and a thousand times as much, or as little, where only
    one of these is possible."""
    ends = (bounds.low, bounds.high)
    if any(end is not None and ("g/" not in (end.unit or "") or end.grouped) for end in ends):
        return []  # a mass in a volume, whose prefix is another one
    possible = []
    factors = [(1e3, "a thousand times as much"), (1e-3, "a thousandth")]
    if all(end is None or end.unit == "g/L" for end in ends):
        factors.append((10.0, "g/dL"))
    for factor, said in factors:
        scaled = [_convert(replace(end, value=end.value * factor), entry) if end is not None else None for end in ends]
        if all(value is not None or end is None for value, end in zip(scaled, ends, strict=True)):
            low, high = (value[0] if value else None for value in scaled)
            possible.append(((low, high), f"impossible as written; read as {said}"))
    if len(possible) != 1:
        return []
    try:
        low, high = (_converted(end.value, str(end.unit), entry) if end is not None else None for end in ends)
    except UnitError:
        return []
    return [((low, high), ""), *possible]


def _timed(bounds: Bounds, entry: Entry) -> Bounds:
    """A score or a time that is measured in days or months ("PSA doubling time <= 10 months", "life expectancy")."""
    unit = str(entry.facts.get("unit") or "")
    if bounds.age or unit not in ("d", "wk", "mo", "a", "h", "min", "s"):
        raise Refused
    return bounds


def _members(bounds: Bounds, entry: Entry) -> list[float]:
    values = []
    for quantity in bounds.members:
        converted = _convert(quantity, entry)
        if converted is None:
            raise Refused
        values.append(converted[0])
    return values


def _limit(low: float | None, high: float | None, low_in: bool, high_in: bool, unit: str, of: str) -> Limit:
    return Limit(
        low=low,
        high=high,
        low_inclusive=low_in or low is None,
        high_inclusive=high_in or high is None,
        unit=unit,
        of=of,  # type: ignore[arg-type]
    )


_DAYS: Final = {"h": 1.0 / 24, "d": 1.0, "wk": 7.0, "mo": 30.4375, "a": 365.25}
_TIME_CODES: Final = {"days": "d", "weeks": "wk", "months": "mo", "years": "a", "hours": "h"}
_SECONDS: Final = {"h": 3600.0, "min": 60.0, "s": 1.0}


def _units_to_try(bounds: Bounds, entry: Entry) -> list[str | None]:
    """The units in which a number without one may be meant: those in which it is what protocols usually ask."""
    if any(q.unit for q in bounds.quantities):
        return [None]
    canonical = entry.facts.get("unit")
    if not canonical or canonical in ("1", "%", "kg/m2", "{score}") or str(canonical).startswith("{"):
        return [canonical or None]
    if units_alike(canonical, "/uL"):
        return list(_COUNT_UNITS)
    return [canonical, *texts(entry.facts.get("or_units"))]


def units_alike(a: str, b: str) -> bool:
    """Whether one converts into the other."""
    try:
        units.convert(1.0, a, b)
    except UnitError:
        return False
    return True


def _convert(quantity: Quantity, entry: Entry, guess: str | None = None) -> tuple[float, str] | None:
    """The number in the canonical unit, with a note where it had to be mended; None where it cannot be."""
    canonical = entry.facts.get("unit") or ""
    unit = quantity.unit or guess
    left_out = ""
    if quantity.time:
        unit = _TIME_CODES.get(str(quantity.unit), "")
        for scale in (_DAYS, _SECONDS):
            if unit != canonical and unit in scale and canonical in scale:
                return quantity.value * scale[unit] / scale[canonical], quantity.note
    counted = str(canonical).startswith("{") and not (unit and units_alike(unit, canonical))
    if unit in (None, "", canonical) or not canonical or canonical == "1" or counted:
        if unit and unit != canonical and not counted and canonical not in ("", "1"):
            return None
        value = quantity.value
        if entry.facts.get("fraction") and quantity.unit is None and value <= 1:
            value, left_out = value * 100, "a fraction, read as a percentage"
    else:
        try:
            value = _converted(quantity.value, unit, entry)
        except UnitError:
            if unit == "g/L" and units_alike(canonical, "/uL"):
                value, left_out = _converted(quantity.value, "10*9/L", entry), "G/L is read as 10*9/L"
            elif unit == "uL" and units_alike(canonical, "/uL"):
                value, left_out = _converted(quantity.value, "/uL", entry), "a volume is read as what it holds: /uL"
            elif unit == "/mm" and units_alike(canonical, "/uL"):
                value, left_out = _converted(quantity.value, "/uL", entry), "/mm is read as /mm3"
            elif unit is not None and (also := entry.facts.get("also_unit")) and units_alike(unit, str(also)):
                value = units.convert(quantity.value, unit, str(also))
                left_out = f"{unit} is written; read as {canonical}"
            else:
                return None
    low, high = entry.facts.get("plausible") or (None, None)
    if quantity.unit is None and guess is not None and entry.facts.get("typical_limits"):
        low, high = entry.facts["typical_limits"]  # what protocols ask tells the units apart, what is possible does not
    elif entry.facts.get("typical_limits") and low is not None:
        # a limit ten times beyond all that protocols ask is no limit, though a patient's value may be there
        lowest, highest = entry.facts["typical_limits"]
        low, high = max(low, lowest / _FAR), min(high, highest * _FAR)
    if low is None or high is None or _within(value, low, high):
        note = quantity.note or left_out
        if quantity.unit is None and guess and guess != canonical and canonical and not str(canonical).startswith("{"):
            note = f"no unit is written; read as {guess}"
        return value, note
    if quantity.unit is None and guess is not None:
        return None
    mended = [(m, n) for m, n in _mended(quantity, unit, canonical, entry) if _within(m, low, high)]
    return mended[0] if len({m for m, _ in mended}) == 1 else None


_FAR: Final = 10.0


def _converted(value: float, unit: str, entry: Entry) -> float:
    """A value in the canonical unit of its analyte. :class:`UnitError` where there is no way."""
    equivalents = units.equivalences(entry.facts)
    facts = entry.facts
    canonical = str(facts.get("unit") or "")
    return units.convert(value, unit, canonical, facts.get("molar_mass"), facts.get("valence"), equivalents)


def _within(value: float, low: float, high: float) -> bool:
    return low <= value <= high


def _mended(quantity: Quantity, unit: str | None, canonical: str, entry: Entry) -> Iterator[tuple[float, str]]:
    """The number as it would be with the one character that was lost."""
    for lost, written in (
        ("/uL", "/L"),
        ("/uL", "/mL"),
        ("10*9/L", "/L"),
        ("g/dL", "g/L"),
        ("ug/L", "g/L"),
        ("umol/L", "mol/L"),
    ):
        if unit == written and lost in ("/uL", "umol/L", "ug/L"):
            try:
                yield (
                    _converted(quantity.value, lost, entry),
                    f"{written} is impossible here; read as {lost}",
                )
            except UnitError:
                continue
    if quantity.grouped and unit:
        try:
            yield (
                _converted(quantity.value * 1000, unit, entry),
                "the point is read as a thousands separator",
            )
        except UnitError:
            return


def scored(draft: Draft) -> bool:
    """Whether it is one performance status on one scale."""
    if not isinstance(draft.rule, Measurement):
        return False
    entry = vocabulary().entry("measurement", draft.rule.analyte.name)
    return entry is not None and entry.facts.get("type") == "performance"
