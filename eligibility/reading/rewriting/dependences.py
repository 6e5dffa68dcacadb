"""What somebody abuses, or depends on, told behind: "abuse of or dependence on alcohol, narcotics or other drugs"."""

from __future__ import annotations

import re
from itertools import chain
from typing import Final

from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.lexing.tokens import EITHER, JOINTS, Token
from eligibility.reading.patterns import Sought

__all__ = ["dependences", "dependences_named"]

_HEAD: Final = r"abus(?:e|ing)|misuse|dependenc[ey]|dependent|addiction|addicted"
_HEADS: Final = re.compile(
    rf"(?P<first>{_HEAD})(?:\s+(?:of|on|to|upon))?(?:\s*/\s*|\s+(?:or|and/or)\s+)(?P<second>{_HEAD})\s+(?:of|on|to|upon)\s+"
    rf"|(?P<only>{_HEAD})\s+(?:of|on|to|upon)\s+",
    re.IGNORECASE,
)
_ANY_HEAD: Final = Sought(_HEAD, "abus", "misus", "depend", "addict", either_case=True)
_ITEM: Final = re.compile(
    r"(?P<other>(?:any\s+|other\s+)*)(?P<kind>(?:(?:illicit|illegal|recreational|street|psychoactive|psychotropic|addictive"
    r"|prescription|prescribed)\s+)*)(?P<what>alcohol|ethanol|drug|medication|medicine|substance|narcotic|opioid|opiate"
    r"|cocaine|cannabis|marijuana|amphetamine|methamphetamine|benzodiazepine|heroin|nicotine)s?(?:\(s\))?(?![\w-])",
    re.IGNORECASE,
)
_JOINT: Final = re.compile(r"\s*(?:,\s*(?:(?:and/or|and|or)\s+)?|/\s*|(?<=\s)(?:and/or|and|or)\s+)", re.IGNORECASE)
_NAMES: Final = {"ethanol": "alcohol", "medicine": "medication", "narcotic": "opioid", "opiate": "opioid"}
_OWN: Final = re.compile(r"prescri", re.IGNORECASE)  # other drugs are none of these
_NAMED_ON: Final = frozenset("WORD CONDITION TREATMENT ANALYTE WEAK_ANCHOR TEST_WORD TAIL".split())
_ENDS: Final = re.compile(r"(?P<what>.+?)\s+(?:abuse|misuse|use|dependence|dependency|addiction)", re.IGNORECASE)
_SHORT: Final = frozenset("abuse misuse dependence dependency addiction".split())
_BEHIND: Final = frozenset("OF TO AT_ANCHOR PREP".split())


def dependences_named(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with a disease for each thing that is abused: whoever takes an opioid does not abuse it."""
    if _ANY_HEAD.search(text) is None:
        return tokens
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        taken, named = _of_each(tokens, index, text)
        if not taken:
            named = [_same_of_it(tokens, index, text)]
        found += named
        index += taken or 1
    return found


def _of_each(tokens: list[Token], index: int, text: str) -> tuple[int, list[Token]]:
    """How many tokens name what is abused from here on, and the diseases that they mean; 0 where none do, or one of
    them has no name."""
    heads = _HEADS.match(text, tokens[index].start)
    if heads is None:
        return 0, []
    items = [item for item in [_ITEM.match(text, heads.end())] if item is not None]
    while items and (joint := _JOINT.match(text, items[-1].end())) and (more := _ITEM.match(text, joint.end())):
        items.append(more)
    if not items or items[0]["other"].strip() or all(item["what"].lower().startswith("medic") for item in items):
        return 0, []
    last = next((i for i in range(index, len(tokens)) if tokens[i].end >= items[-1].end()), index)
    if tokens[last].end > items[-1].end() or (last + 1 < len(tokens) and tokens[last + 1].type in _NAMED_ON):
        return 0, []
    said = [heads["only"]] if heads["only"] else [heads["first"], heads["second"]]
    entries = [[_disease(head, item) for head in said] for item in items]
    if any(entry is None for entry in chain.from_iterable(entries)):
        return 0, []
    found: list[Token] = []
    for item, diseases in zip(items, entries, strict=True):
        if found:
            found += [t for t in tokens[index:last] if found[-1].end <= t.start < item.start() and t.type in JOINTS]
        start = item.start() if found else tokens[index].start
        for disease in diseases[:-1]:
            found += [Token("CONDITION", disease, start, item.start()), Token("OR", "or", item.start(), item.start())]
            start = item.start()
        found.append(Token("CONDITION", diseases[-1], start, item.end()))
    return last + 1 - index, found


def _disease(head: str, item: re.Match[str]) -> Entry | None:
    """The disease that a head and what is named behind it mean: "abuse of street drugs"."""
    noun = "abuse" if head.lower().startswith(("abus", "misus")) else "dependence"
    what = _NAMES.get(item["what"].lower(), item["what"].lower())
    if _OWN.search(item["kind"]):
        return vocabulary().find(f"prescription drug {noun}", "condition") if what in ("drug", "medication") else None
    named = vocabulary().find(f"{what} {noun}", "condition")
    return named or (vocabulary().find(f"drug {noun}", "condition") if what == "medication" else None)


def _same_of_it(tokens: list[Token], index: int, text: str) -> Token:
    """ "Substance abuse or dependence (active)": the dependence on what is named before."""
    token = tokens[index]
    if index < 2 or token.said not in _SHORT or tokens[index - 1].type not in EITHER:
        return token
    before = tokens[index - 2]
    named = _ENDS.fullmatch(text, before.start, before.end) if before.type == "CONDITION" else None
    if named is None or (index + 1 < len(tokens) and tokens[index + 1].type in _BEHIND):
        return token
    entry = vocabulary().find(f"{named['what']} {token.said}", "condition")
    return Token("CONDITION", entry, token.start, token.end) if entry is not None else token


def dependences(tokens: list[Token]) -> list[Token]:
    """ "Dependence on opioids, alcohol or other psychoactive drugs": the disease that it is, not that they are taken;
    "dependence on oxygen" is."""
    found = list(tokens)
    for at, token in enumerate(tokens):
        if token.type != "USE" or token.said not in _DEPENDENT:
            continue
        index = at + 1
        while index < len(tokens) and tokens[index].type in _ON_WHAT:
            if tokens[index].type == "TREATMENT" or tokens[index].said == "alcohol":
                named = _dependence_on(tokens[index])
                if named is None:
                    break
                found[index] = Token("CONDITION", named, tokens[index].start, tokens[index].end)
                found[at] = Token("FILLER", token.value, token.start, token.end)
            index += 1
    return found


def _dependence_on(treatment: Token) -> Entry | None:
    """The disease of those who depend on a substance; None of one that is needed rather than craved."""
    substance = treatment.value.name if isinstance(treatment.value, Entry) else treatment.said
    own = vocabulary().entry("condition", f"{substance} dependence")
    if own is not None:
        return own
    craved = any(vocabulary().is_a("treatment", substance, each) for each in _CRAVED)
    return vocabulary().entry("condition", "substance dependence") if craved else None


_DEPENDENT: Final = frozenset(("dependence on", "dependent on"))
_ON_WHAT: Final = frozenset("TREATMENT WORD COMMA OR AND ANDOR SLASH OTHER FILLER ANY".split())
_CRAVED: Final = ("illicit drug", "psychotropic drug", "stimulant", "CNS depressant")
