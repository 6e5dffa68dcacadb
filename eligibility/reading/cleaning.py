"""Tokens without what adds nothing: fillers, appositions, abbreviations as what they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from eligibility.knowledge import words
from eligibility.knowledge.qualifiers import Qualifier, qualifiers
from eligibility.knowledge.vocabulary import Entry, texts, vocabulary
from eligibility.reading.lexer import tokenize
from eligibility.reading.lexing.tokens import Token
from eligibility.rules import Concept

__all__ = [
    "abbreviates",
    "attributes_together",
    "cleaned",
    "compounded",
    "expanded",
    "signed",
    "unabbreviated",
    "with_heads",
]


def cleaned(tokens: Sequence[Token]) -> list[Token]:
    """Without fillers and appositions: "progressive multifocal leukoencephalopathy (PML)"."""
    found: list[Token] = []
    index = 0
    tokens = _and_others(tokens)
    tokens = [
        Token("WORD", "only", t.start, t.end) if t.said == "only" and _alone(tokens, i) else t
        for i, t in enumerate(tokens)
        if t.type != "FILLER" or (t.said == "only" and _alone(tokens, i))
    ]
    kinds = {t.type for t in tokens}
    if "NON" in kinds:
        tokens = _prefixed(tokens)
    if not kinds.isdisjoint(_PEOPLE):
        tokens = _inverted(_either_sex(tokens))
    if len(tokens) > 1 and tokens[0].said == "*":
        tokens = tokens[1:]  # a mark of a list, with no space behind it
    if len(tokens) > 1 and tokens[0].said == "to" and tokens[1].said in ("be", "have"):
        tokens = tokens[1:]  # "To be at least 18 years old"
    if "ALLOWED" in kinds:
        tokens = _as_adjectives(tokens)
    if "CONDITION" in kinds or "TREATMENT" in kinds:
        tokens = _in_states(tokens)
    shows = not _SHOWING.isdisjoint([token.said for token in tokens])
    while index < len(tokens):
        token = tokens[index]
        if (
            token.type not in _CLEANED
            and token.said not in _CLEANED_WORDS
            and not isinstance(token.value, Entry)
            and not (shows and token.type in _TESTS)
        ):
            found.append(token)
            index += 1
            continue
        if (
            token.type == "AND"
            and found
            and found[-1].type == "SINCE"
            and [t.type for t in tokens[index + 1 : index + 3]] == ["NO", "CURRENT"]
        ):
            index += 3  # "at least 4 weeks since prior and no concurrent X": the weeks reach up to now
            continue
        if token.type == "INCLUDING" and token.said == "that is" and found and found[-1].type not in _PARTED:
            after = tokens[index + 1].type if index + 1 < len(tokens) else "COMMA"
            if after != "COMMA":
                token = Token("IS", "that is", token.start, token.end)  # "a drug that is toxic to the lens"
        if token.type == "DASH" and found and found[-1].type == "WORD" and found[-1].end == token.start:
            after = tokens[index + 1].type if index + 1 < len(tokens) else ""
            if after in ("OR", "AND", "ANDOR", "SLASH"):
                index += 1  # "hypo- or hyperthyroidism"
                continue
        if token.type == "LPAR" and [t.type for t in tokens[index + 1 : index + 4]] == _EVEN_SUSPECTED:
            index += 4  # "infection (including suspected)": as one that is confirmed or suspected
            continue
        if token.type == "DASH" and found and found[-1].type in ("AFTER", "BEFORE") and found[-1].end == token.start:
            index += 1  # "at least 6 months post- surgery"
            continue
        following = tokens[index + 1] if index + 1 < len(tokens) else token
        if isinstance(token.value, Entry) and token.value.name == "concomitant medication" and _is_with(following):
            found.append(Token("CURRENT", "concurrent", token.start, following.start))  # "concurrent therapy with A"
            found.append(Token("USE", "use of", following.start, following.end))
            index += 2
            continue
        if _is_with(token) and following.type == "WITHOUT" and str(following.value) == "and without":
            found.append(Token("REGARDLESS", "with or without", token.start, following.end))
            index += 2
            continue
        if token.type == "USE" and index + 1 < len(tokens) and tokens[index + 1].said in ("disorder", "disorders"):
            token = Token("WORD", str(token.value), token.start, token.end)  # "narcotic use disorder"
        if token.said == "should" and index + 1 < len(tokens) and tokens[index + 1].said in _BARS:
            token = Token("MAY", "should", token.start, token.end)  # "a condition that should preclude enrollment"
        if shows and token.type in _TESTS and (shown := _shown_by(tokens, index)):
            found.append(Token("PRESENCE", "evidence of", token.start, tokens[shown - 1].end))
            index = shown
            continue
        if token.said == "diagnosed" and token.type == "DIAGNOSIS" and (named := _by_whom(tokens, index)):
            found.append(Token("DIAGNOSIS", "diagnosed with", token.start, tokens[named - 1].end))
            index = named
            continue
        if token.said == "h" and [t.said for t in tokens[index + 1 : index + 3]] == ["/", "o"]:
            found.append(Token("HISTORY", "history of", token.start, tokens[index + 2].end))
            index += 3
            continue
        if token.type == "PRESENCE" and following.type in ("GE", "NUMBER") and _counts(tokens[index + 1 : index + 4]):
            index += 1
            continue  # "presence of at least one measurable lesion"
        if token.said == "history of any" and following.type == "OF_FOLLOWING":
            found.append(Token("HISTORY", "history of", token.start, token.end))
            found.append(Token("ANY_OF", "any of the following", following.start, following.end))
            index += 2
            continue
        anchored = found and found[-1].type in ("COMMA", "RPAR") and following.type in ("ANCHOR", "WEAK_ANCHOR")
        timed = found and found[-1].type == "TIMEUNIT" and following.type in _EVENTS
        if token.said == "preceding" and (timed or anchored):
            token = Token("BEFORE", "before", token.start, token.end)  # "within 12 months preceding surgery"
        if token.said == "nor" and not any(t.type in _NEGATING for t in found):
            token = Token("NOT", "nor", token.start, token.end)  # "women nor using contraception"
        if token.type == "AGE_UNIT_TAIL" and token.said == "old" and following.type == "CONDITION":
            token = Token("WORD", "old", token.start, token.end)  # "old fracture"
        if token.type == "COMMA" and found and found[-1].type == "COMMA":
            index += 1  # of what stood between them nothing is left
            continue
        if token.type == "COMMA" and following.type == "LPAR" and found and _closes_clause(tokens, index + 1):
            index += 1  # "A <= 2 x ULN, (<= 5 x ULN if C)"
            continue
        general = isinstance(token.value, Entry) and token.value.name == "performance status"
        if (token.said == "ps" or general) and found and _of_performance(found[-1]):
            index += 1  # "ECOG PS", "ECOG (Eastern Cooperative Oncology Group) performance status"
            continue
        if token.type == "LPAR" and found and _says_again(found[-1], tokens[index + 1 : index + 3]):
            found[-1] = Token(found[-1].type, found[-1].value, found[-1].start, tokens[index + 2].end)
            index += 3  # "MSI-high (MSI-H)"
            continue
        if token.said == "at" and [t.type for t in tokens[index + 1 : index + 3]] == ["OR", "WITHIN"]:
            index += 2  # "at or within 30 days of screening"
            continue
        if token.type == "LAST" and following.type == "TIMEUNIT" and _counted(found):
            within = found[-2]
            found[-2:] = [
                Token("LAST", "in the last", within.start, within.end),
                found[-1],
            ]  # "in the 5 previous years"
            index += 1
            continue
        if token.type == "CONTRAINDICATION" and found and found[-1].said in _CONTRAINDICATED:
            found[-1] = Token(token.type, token.value, found[-1].start, token.end)  # "absolute contraindications to"
            index += 1
            continue
        if _of_performance(token) and not general and (at := _general_before(found)) is not None:
            start = found[at].start  # "performance status as per Karnofsky"
            found[at:] = [Token(token.type, token.value, start, token.end)]
            index += 1
            continue
        if token.type == "NOT" and following.type == "QUALIFIER" and (denied := _denied(found, tokens, index)):
            found.append(denied)  # "a malignancy that is not in remission"
            index += 2
            continue
        if token.type == "LPAR" and found and found[-1].type == "PERSON" and _sex_in_brackets(tokens, index):
            sex = tokens[index + 1]
            found[-1] = Token(sex.type, sex.value, sex.start, sex.end)  # "subjects (female)"
            index += 3
            continue
        if (
            token.type == "INCLUDING"
            and token.said in _IN_OTHER_WORDS
            and (at := _limit_again(tokens, index)) is not None
        ):
            if found and found[-1].type == "COMMA":
                found.pop()  # "toxicity, i.e., grade >= 2"
            index = at
            continue
        if token.type == "ANALYTE" and (share := _of_the_weight(token, found)) is not None:
            del found[share:]  # "weight loss > 10% of body weight"
            index += 1
            continue
        if token.type == "ANALYTE" and (at := _part_of(tokens, index)) is not None:
            index = at  # "blood pressure: systolic > 150 mmHg"
            continue
        if following.type == "HISTORY" and found and (at := _whenever(tokens, index, found)) is not None:
            found.append(following)  # "thrombosis, current or previous"
            index = at
            continue
        if token.said == "disease" and _of_its_disease(found):
            index += 1  # "lung cancer with extensive-stage disease"
            continue
        if token.type == "LPAR" and found:
            close = _closing(tokens, index)
            inside = tokens[index + 1 : close] if close is not None else ()
            if close is not None and (_apposition(found[-1], inside) or _same_length(found[-2:], inside)):
                index = close + 1
                continue
            if close is not None and _so_long_before(inside, tokens[close + 1 : close + 2]):
                found += inside  # "a test (within 14 days) prior to enrolment"
                index = close + 1
                continue
        found.append(token)
        index += 1
    return found


_IN_OTHER_WORDS: Final = frozenset(("i e", "ie", "that is", "namely"))
_COMPARING: Final = frozenset(("GE", "GT", "LE", "LT"))


def _limit_again(tokens: Sequence[Token], index: int) -> int | None:
    """Where a limit begins that says what the words before it mean, behind "i.e."; None where it is no limit."""
    at = index + 1 + (tokens[index + 1 : index + 2] != [] and tokens[index + 1].type in ("COMMA", "COLON"))
    kinds = [token.type for token in tokens[at : at + 3]]
    opened = index > 0 and tokens[index - 1].type == "LPAR"
    if kinds[:1] and (kinds[0] in _COMPARING or (opened and kinds[0] == "WITHIN")):
        return at if opened or kinds[1:2] == ["TEST_WORD"] or kinds[1:] == ["NUMBER", "UNIT"] else None
    return None


def _of_the_weight(token: Token, found: Sequence[Token]) -> int | None:
    """Where the words begin that say of what a loss of weight is a part: of the weight; None where they are others."""
    if not isinstance(token.value, Entry) or token.value.name != "weight":
        return None
    at = len(found)
    while at and (found[at - 1].type == "OF" or found[at - 1].said in _USUAL):
        at -= 1
    if not at or found[at - 1].type != "UNIT" or found[at - 1].said != "%":
        return None
    lost = any(isinstance(t.value, Entry) and t.type == "CONDITION" and "weight" in t.value.name for t in found)
    return at if lost else None


_USUAL: Final = frozenset(
    "total initial original baseline usual normal premorbid pretreatment previous current".split()
)


def _part_of(tokens: Sequence[Token], index: int) -> int | None:
    """Where the first part of a value that has two is named, behind the name of the whole and a colon; None where it is
    none of its parts."""
    if [token.type for token in tokens[index + 1 : index + 3]] != ["COLON", "ANALYTE"]:
        return None
    whole, part = tokens[index].value, tokens[index + 2].value
    known = isinstance(whole, Entry) and isinstance(part, Entry) and part.name in texts(whole.facts.get("pair"))
    return index + 2 if known else None


def _whenever(tokens: Sequence[Token], index: int, found: Sequence[Token]) -> int | None:
    """Where the words end that say of the only name before them that it is or has been: "(past or present)"."""
    if tokens[index].type not in ("COMMA", "LPAR"):
        return None
    if " or " not in tokens[index + 1].said or any(token.type in _LISTED for token in found):
        return None
    end = index + 2
    if tokens[index].type == "LPAR":
        return end + 1 if [token.type for token in tokens[end : end + 1]] == ["RPAR"] else None
    return end if end == len(tokens) or tokens[end].type in ("DOT", "SEMI") else None


def _so_long_before(inside: Sequence[Token], behind: Sequence[Token]) -> bool:
    """Whether a parenthesis holds how long before something a thing was: "(within 14 days) prior to"."""
    kinds = [token.type for token in inside]
    so_long = kinds[1:] == ["NUMBER", "TIMEUNIT"] and kinds[0] in ("WITHIN", "LE", "LT")
    return so_long and [token.type for token in behind] == ["BEFORE"]


def _and_others(tokens: Sequence[Token]) -> Sequence[Token]:
    """What ends in "etc." in parentheses as the examples that it is: "(diabetes, gout, etc.)"."""
    ends = [i for i, t in enumerate(tokens[:-1]) if t.said.startswith("etc") and tokens[i + 1].type == "RPAR"]
    found = list(tokens)
    for end in reversed(ends):
        begin = next((i for i in range(end - 1, -1, -1) if tokens[i].type in ("LPAR", "RPAR")), None)
        if begin is not None and tokens[begin].type == "LPAR" and tokens[begin + 1].type in _NAMED_FIRST:
            at = tokens[begin].end
            found.insert(begin + 1, Token("INCLUDING", "e g", at, at))
    return found


_NAMED_FIRST: Final = frozenset(("CONDITION", "TREATMENT", "QUALIFIER"))
_EVEN_SUSPECTED: Final = ["INCLUDING", "SUSPECTED", "RPAR"]


def _as_adjectives(tokens: Sequence[Token]) -> list[Token]:
    """ "Acceptable renal function", "men or eligible women": no permission, where what it is said of follows."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        after = tokens[index + 1].type if index + 1 < len(tokens) else ""
        if token.type == "ALLOWED" and token.said == "acceptable" and after == "WORD":
            token = Token("WORD", token.said, token.start, token.end)
        elif token.type == "ALLOWED" and token.said == "eligible" and after in _PEOPLE:
            continue
        found.append(token)
    return found


def _in_states(tokens: Sequence[Token]) -> list[Token]:
    """ "Patients in cardiogenic shock" have it; "patients under beta blockers" use them."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        if token.said in ("in", "under") and (not found or found[-1].type in _BEFORE_STATES):
            at = index + 1
            while at < len(tokens) and tokens[at].type == "QUALIFIER":
                at += 1
            kind = tokens[at].type if at < len(tokens) else ""
            ends = at + 1 == len(tokens) or tokens[at + 1].type not in _GOING_ON
            if token.said == "in" and kind == "CONDITION" and ends and (found or tokens[-1] is tokens[at]):
                continue
            if token.said == "under" and kind == "USE":
                continue
            if token.said == "under" and kind == "TREATMENT" and ends:
                token = Token("USE", "on", token.start, token.end)
        found.append(token)
    return found


_BEFORE_STATES: Final = frozenset(("PERSON", "IS"))
_GOING_ON: Final = frozenset(("WORD", "PERSON", "FEMALE", "MALE", "COLON"))


_TESTS: Final = frozenset("ANALYTE ANCHOR WORD QUALIFIER".split())
_SHOWING: Final = frozenset("showing demonstrating indicating revealing reflecting".split())
_TESTED_WORDS: Final = frozenset(
    "standard resting laboratory lab imaging result radiographic radiological radiologic serologic serological test "
    "finding examination biopsy scan endoscopic report 12 lead ecg abnormal status".split()
)
_MOST_TEST_WORDS: Final = 4


def _shown_by(tokens: Sequence[Token], index: int) -> int:
    """Where words end that only say on which test something was seen, "screening ECG showing"; 0 where none do."""
    if index and tokens[index - 1].type not in _BEFORE_TEST:
        return 0
    if index > 1 and tokens[index - 1].type == "OR" and tokens[index - 2].type in ("ANALYTE", "TEST_WORD"):
        return 0  # "x-ray or CT showing"
    at = index
    while at < len(tokens) and _is_of_test(tokens[at]):
        at += 1
    named = any(t.type in ("ANALYTE", "TEST_WORD") or t.said in _TESTED_WORDS for t in tokens[index:at])
    if not named or at - index > _MOST_TEST_WORDS or at + 1 >= len(tokens):
        return 0
    return at + 1 if tokens[at].said in _SHOWING and tokens[at + 1].type in _SHOWN else 0


def _is_of_test(token: Token) -> bool:
    if token.type == "ANALYTE":  # not what is a result itself: "HCV antibody test indicating"
        entry = token.value
        return isinstance(entry, Entry) and (entry.facts.get("type") == "imaging" or entry.name == "electrocardiogram")
    return token.said in _TESTED_WORDS or (token.type == "ANCHOR" and token.said == "screening")


_BEFORE_TEST: Final = frozenset("PERSON IS WITH SEMI COLON THAT OR".split())
_SHOWN: Final = frozenset("CONDITION ANALYTE QUALIFIER KNOWN CURRENT PRESENCE".split())


def _counts(ahead: Sequence[Token]) -> bool:
    """Whether it is said how many there must be of what is counted."""
    return [t.type for t in ahead][-1:] == ["EXISTS"] or [t.type for t in ahead[:2]] == ["NUMBER", "EXISTS"]


def _by_whom(tokens: Sequence[Token], index: int) -> int:
    """Where "diagnosed by a physician with" ends; 0 where nobody is said to have diagnosed it."""
    at = index + 2
    while at < len(tokens) and tokens[at].type == "WORD":
        at += 1
    by = index + 1 < len(tokens) and tokens[index + 1].said == "by"
    who = by and at > index + 2 and _WHO_DIAGNOSES.search(tokens[at - 1].said) is not None
    return at + 1 if who and at < len(tokens) and _is_with(tokens[at]) else 0


_WHO_DIAGNOSES: Final = re.compile(r"(?:ist|ician|doctor|provider|surgeon|team)$")


def _general_before(found: Sequence[Token]) -> int | None:
    """Where a performance status on no scale stands at the end, or before "as per"; None where it does not."""
    at = len(found) - 1
    while at >= 0 and found[at].said in _SCALED_BY:
        at -= 1
    value = found[at].value if at >= 0 else None
    return at if isinstance(value, Entry) and value.name == "performance status" else None


_CONTRAINDICATED: Final = frozenset("absolute medical obvious relative clear formal specific definite general".split())
_SCALED_BY: Final = ("as", "per", "by", "according to", "on", "of")
_NEGATING: Final = frozenset("NOT NO WITHOUT NOR MUST_NOT UNABLE UNWILLING".split())


def _alone(tokens: Sequence[Token], index: int) -> bool:
    """Whether a word behind a treatment ends a clause: "chemotherapy only"."""
    after = tokens[index + 1].type if index + 1 < len(tokens) else "DOT"
    return index > 0 and tokens[index - 1].type == "TREATMENT" and after in ("DOT", "SEMI")


def _denied(found: Sequence[Token], tokens: Sequence[Token], index: int) -> Token | None:
    """An attribute that is denied of the name before it, as one; None where nothing is named, or more is said."""
    relative = bool(found) and found[-1].type in ("IS", "THAT")
    named = next((t for t in reversed(found) if t.type not in ("IS", "THAT", "FILLER", "WITH")), None)
    attribute = tokens[index + 1]
    behind = tokens[index + 2].type if index + 2 < len(tokens) else "DOT"
    known = attribute.value
    if not relative or behind not in _ENDING or not isinstance(known, Qualifier):
        return None
    if named is None or named.type != "CONDITION":
        return None
    said = f"not {known.name}"
    denied = qualifiers().find(said) or Qualifier(said, known.axis)
    return Token("QUALIFIER", denied, tokens[index].start, attribute.end)


_ENDING: Final = frozenset(("DOT", "SEMI", "RPAR", "COMMA"))


def _sex_in_brackets(tokens: Sequence[Token], index: int) -> bool:
    inside = [t.type for t in tokens[index + 1 : index + 3]]
    return inside in (["FEMALE", "RPAR"], ["MALE", "RPAR"])


def _says_again(token: Token, ahead: Sequence[Token]) -> bool:
    """Whether a parenthesis holds no more than the attribute before it."""
    kinds = [token.type, *(each.type for each in ahead)]
    return kinds == ["QUALIFIER", "QUALIFIER", "RPAR"] and ahead[0].value == token.value


def _counted(found: Sequence[Token]) -> bool:
    return [token.type for token in found[-2:]] == ["WITHIN", "NUMBER"]


def _of_its_disease(found: Sequence[Token]) -> bool:
    """Whether an attribute stands behind a disease and "with", so that "disease" behind it is that disease."""
    with_attribute = len(found) > 2 and found[-1].type == "QUALIFIER" and found[-2].type in ("WITH", "IS")
    return with_attribute and found[-3].type == "CONDITION"


def _is_with(token: Token) -> bool:
    return token.type == "IS" and str(token.value).split()[0] == "with"


_EVENTS: Final = frozenset(("TREATMENT", "CONDITION"))
_PARTED: Final = frozenset("COMMA SEMI LPAR DASH COLON".split())
_CLEANED: Final = frozenset(
    "AND INCLUDING DASH IS USE COMMA CONTRAINDICATION NOT LPAR AGE_UNIT_TAIL DIAGNOSIS PRESENCE HISTORY LAST".split()
)
_CLEANED_WORDS: Final = frozenset(("should", "preceding", "nor", "ps", "disease", "h", "at"))
_BARS: Final = ("preclude", "prevent", "prohibit", "contraindicate")  # no set: a name has no hash
_PEOPLE: Final = frozenset(("PERSON", "FEMALE", "MALE"))


def _prefixed(tokens: Sequence[Token]) -> list[Token]:
    """ "Non-pregnant" is not pregnant; "non-colorectal cancer" is another cancer, whatever the vocabulary knows."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        if token.type == "NON":
            after = tokens[index + 1].type if index + 1 < len(tokens) else ""
            plain = after in ("PREGNANT", "BREASTFEEDING", "CHILDBEARING")
            token = Token("NOT" if plain else "WORD", "non", token.start, token.end)
        found.append(token)
    return found


def _inverted(tokens: list[Token]) -> list[Token]:
    """ "Should the patient be ..." is a condition; any other "should" asks for something."""
    if len(tokens) > 1 and tokens[0].said == "should" and tokens[1].type in ("PERSON", "FEMALE", "MALE"):
        return [Token("IF", "should", tokens[0].start, tokens[0].end), *tokens[1:]]
    return tokens


def _closing(tokens: Sequence[Token], index: int) -> int | None:
    """The parenthesis that closes the one at ``index``, if it stands near."""
    depth = 0
    for at in range(index, min(index + 9, len(tokens))):
        depth += (tokens[at].type == "LPAR") - (tokens[at].type == "RPAR")
        if depth == 0:
            return at
    return None


def _closes_clause(tokens: Sequence[Token], index: int) -> bool:
    """Whether nothing goes on behind the parenthesis that opens at ``index``."""
    depth = 0
    for at in range(index, len(tokens)):
        depth += (tokens[at].type == "LPAR") - (tokens[at].type == "RPAR")
        if depth == 0:
            return at + 1 == len(tokens) or tokens[at + 1].type in ("DOT", "SEMI", "COMMA", "RPAR")
    return False


def _either_sex(tokens: list[Token]) -> list[Token]:
    """ "Men or women" are people."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        if token.type == "PERSON" and token.value in _EVERYBODY:
            token = Token("PERSON", "everybody", token.start, token.end)
            if found and found[-1].type == "OF":
                found.pop()  # "patients of either sex"
        if (
            token.type in ("MALE", "FEMALE")
            and len(found) > 1
            and found[-1].type in ("AND", "OR", "SLASH", "ANDOR", "COMMA")
        ):
            other = found[-2]
            apart = token.type == "FEMALE" and _of_women_alone(tokens[index + 1 : index + 5])
            if other.type in ("MALE", "FEMALE") and other.type != token.type and not apart:
                del found[-2:]
                found.append(Token("PERSON", "everybody", other.start, token.end))
                continue
        found.append(token)
    return found


def _of_women_alone(behind: Sequence[Token]) -> bool:
    """Whether what follows can be said of women only: "men, or women (not of childbearing potential)"."""
    kinds = [t.type for t in behind]
    if kinds[:1] == ["LPAR"]:
        kinds = kinds[1 + (kinds[1:2] == ["OF"]) :]
    return kinds[:1] == ["NOT_CHILDBEARING"] or (
        kinds[:1] == ["NOT"] and kinds[1:2] in (["CHILDBEARING"], ["PREGNANT"])
    )


_EVERYBODY: Final = frozenset(
    f"{which} {what}" for which in ("both", "either", "any", "all") for what in ("gender", "sex")
)


def _apposition(before: Token, inside: Sequence[Token]) -> bool:
    """Whether what stands in parentheses names again what stands before them: "hepatitis B (HBV)"."""
    names = [t for t in inside if t.type not in ("COMMA", "OR", "SLASH", "LPAR", "RPAR", "INCLUDING", "AND")]
    if not names or len(names) > 3:
        return not inside
    if before.type == "QUALIFIER":
        return len(names) == 1 and names[0].type == "QUALIFIER" and names[0].value == before.value
    if before.type == "ANCHOR":
        return len(names) == 1 and any(names[0].value == each for each in (before.value, "icf"))
    if before.type in (
        "CHILDBEARING",
        "PREGNANT",
        "BREASTFEEDING",
        "CONTRACEPTION",
        "ULN",
        "LLN",
        "CONSENT",
        "NOT_CHILDBEARING",
    ):
        return all(t.type in (before.type, "WORD", "ANCHOR") for t in names) and len(names) == 1
    if isinstance(before.value, Entry):
        if before.type == "ANALYTE" and len(names) > 1 and _kinds_together(before.value, names):
            return True
        if len(names) == 1 and isinstance(names[0].value, Entry) and names[0].value.name == "performance status":
            return _of_performance(before)  # "ECOG (performance status)"
        if all(
            isinstance(t.value, Entry)
            and (t.value.name == before.value.name or any(v is before.value for _, v in t.others))
            for t in names
        ):
            return True
        return (
            len(names) == 1
            and names[0].type == "WORD"
            and _abbreviates(names[0], before.value.name, before.value.synonyms)
        )
    return False


def _kinds_together(whole: Entry, parts: Sequence[Token]) -> bool:
    """Whether analytes are all that another is the name for: "transaminases (ALT and AST)"."""
    named = {t.value.name for t in parts if t.type == "ANALYTE" and isinstance(t.value, Entry)}
    kinds = vocabulary().narrower("measurement", whole.name)
    return len(named) == len(parts) and bool(kinds) and named == {*kinds}


_DAYS_OF: Final = {  # from so many days to so many
    "hours": (1 / 24, 1 / 24), "days": (1.0, 1.0), "weeks": (7.0, 7.0), "months": (30.0, 31.0), "years": (365.0, 366.0),
}  # fmt: skip


def _same_length(before: Sequence[Token], inside: Sequence[Token]) -> bool:
    """Whether the parenthesis gives a length of time in another unit: "4 weeks (28 days)", "3 months (90 days)"."""
    lengths: list[tuple[float, float]] = []
    for tokens in (before, inside):
        if [token.type for token in tokens] != ["NUMBER", "TIMEUNIT"] or tokens[1].value not in _DAYS_OF:
            return False
        least, most = _DAYS_OF[tokens[1].value]
        lengths.append((tokens[0].value.value * least, tokens[0].value.value * most))
    (least, most), (other_least, other_most) = lengths
    return least <= other_most and other_least <= most


def _of_performance(token: Token) -> bool:
    return isinstance(token.value, Entry) and token.value.facts.get("type") == "performance"


def _abbreviates(token: Token, name: str, synonyms: Sequence[str]) -> bool:
    """Whether a word is made of first letters of a name, and of others in their order."""
    letters = str(token.value)
    names = [name, *synonyms]
    for each in names:  # "Karnofsky performance status (PS)": of the last words of a name
        first = [key[0] for key in words.keys(each)]
        if len(letters) > 1 and any("".join(first[at:]) == letters for at in range(len(first))):
            return True
    return 1 < len(letters) <= 8 and any(
        letters[0] == (key := "".join(k[0] for k in words.keys(each)))[:1]
        and _subsequence(letters, "".join(words.keys(each)))
        and bool(key)
        for each in names
    )


def _subsequence(short: str, long: str) -> bool:
    """Whether the letters of one stand in the other in their order."""
    rest = iter(long)
    return all(c in rest for c in short)


_BIOMARKER: Final = re.compile(
    r"(?:positive|negative|mutant|mutated|wild[- ]type|amplified|low|high|[+-])\s*$", re.IGNORECASE
)


_PARTING: Final = frozenset(("COMMA", "SLASH"))


def attributes_together(tokens: Sequence[Token], text: str) -> list[Token]:
    """Without the comma in "severe, uncontrolled asthma" and the slash in "ER-positive/HER2-negative": both hold."""
    if _PARTING.isdisjoint([token.type for token in tokens]):
        return list(tokens)
    found: list[Token] = []
    for index, token in enumerate(tokens):
        after = tokens[index + 1].type if index + 1 < len(tokens) else ""
        if token.type == "COMMA" and found and found[-1].type in ("KNOWN", "CURRENT", "SUSPECTED"):
            if after in ("QUALIFIER", "CURRENT", "CONDITION"):
                continue  # "known, active hepatitis"
        elif (
            token.type in ("COMMA", "SLASH")
            and found
            and found[-1].type == "QUALIFIER"
            and index + 1 < len(tokens)
            and not (token.type == "COMMA" and _behind_name(found))
            and (token.type == "COMMA" or _BIOMARKER.search(text, found[-1].start, found[-1].end))
            and _goes_on(tokens, index + 1, text, found[-1])
        ):
            continue
        found.append(token)
    return found


def _behind_name(found: Sequence[Token]) -> bool:
    """Whether the attributes last found are said of a name before them: "surgery affecting absorption, ..."."""
    last = next((token for token in reversed(found) if token.type != "QUALIFIER"), None)
    return last is not None and last.type in ("CONDITION", "TREATMENT")


def _goes_on(tokens: Sequence[Token], index: int, text: str, before: Token) -> bool:
    """Whether one more attribute stands at ``index``, and after it, with no "or" between, the name of both."""
    first = tokens[index]
    if first.type in ("CONDITION", "TREATMENT"):
        said = text[first.start : first.end].split()
        return any(_apart(" ".join(said[:n]), before, text) for n in range(1, len(said)))
    if first.type == "CURRENT":  # "serious, uncontrolled, concurrent infection"
        return index + 1 < len(tokens) and tokens[index + 1].type in ("CONDITION", "TREATMENT")
    if first.type != "QUALIFIER" or qualifiers().excludes(
        text[before.start : before.end], text[first.start : first.end]
    ):
        return False
    if tokens[index - 1].type == "SLASH" and not _BIOMARKER.search(text, first.start, first.end):
        return False
    last = first
    for at in range(index + 1, len(tokens)):
        token = tokens[at]
        if token.type in ("CONDITION", "TREATMENT"):
            return True
        if token.type in ("OR", "ANDOR"):  # "active, uncontrolled bacterial, viral or fungal infections"
            after = tokens[at + 1] if at + 1 < len(tokens) else token
            signs = all(t.type == "QUALIFIER" and _BIOMARKER.search(text, t.start, t.end) for t in (last, after))
            if token.type == "ANDOR" and signs:
                continue  # "HER2-negative, ER-positive and/or PR-positive"
            kinds = {_axis(text[t.start : t.end]) for t in (last, after)}
            if len(kinds) > 1 or kinds & {"", *(_axis(text[t.start : t.end]) for t in (before, first))}:
                return False
            continue
        if token.type not in ("QUALIFIER", "COMMA", "FILLER", "CURRENT"):
            return False
        last = token if token.type == "QUALIFIER" else last
    return False


def _axis(words_: str) -> str:
    """What the first of some words is a value of; empty where it is no qualifier."""
    found = qualifiers().find(words_) or qualifiers().find(words_.split(maxsplit=1)[0])
    return found.axis if found is not None else ""


def _apart(words_: str, before: Token, text: str) -> bool:
    """Whether words are an attribute that another one does not exclude."""
    return qualifiers().find(words_) is not None and not qualifiers().excludes(text[before.start : before.end], words_)


_VIRUS: Final = re.compile(r"(?:anti-?)?(?:HIV|HCV|HBV|HBc|HBs|CMV|EBV|HPV|HTLV)\w*", re.IGNORECASE)
_SIGNS: Final = {"PLUS": "positive", "DASH": "negative"}


def signed(tokens: Sequence[Token], text: str) -> list[Token]:
    """ "HER2-" and "ER+/HER2-" as attributes, "HIV+" as a positive test."""
    if _SIGNS.keys().isdisjoint([token.type for token in tokens]):
        return list(tokens)
    found: list[Token] = []
    for token in tokens:
        last = found[-1] if found else None
        sign = _SIGNS.get(token.type)
        if (
            last is not None
            and sign is not None
            and token.start == last.end
            and not text[token.end : token.end + 1].isalnum()
            and text[last.start : last.start + 1].isupper()
        ):
            name = text[last.start : last.end]
            attribute = qualifiers().find(f"{name} {sign}")
            if attribute is not None:
                found[-1] = Token("QUALIFIER", attribute, last.start, token.end)
                continue
            if token.type == "PLUS" and _VIRUS.fullmatch(name):
                token = Token("POSITIVE", "positive", token.start, token.end)
        found.append(token)
    return found


_ABOUT_ITSELF: Final = frozenset(("based", "containing", "equivalent"))  # "platinum-based therapy" is platinum


_ALLERGY: Final = re.compile(
    r"(?:allerg(?:y|ies)|allergic(?: reactions?)?|hypersensitivity|sensitivity)\s+to\s+", re.IGNORECASE
)


_ALLERGIC: Final = re.compile(r"([\w' -]+?)[\s-]+(allerg(?:y|ies)|hypersensitivity)", re.IGNORECASE)
_LISTING: Final = frozenset(("COMMA", "OR", "AND", "ANDOR", "SLASH"))
_COMPOUNDED: Final = frozenset("CONDITION TREATMENT ANALYTE".split())
_REACTION: Final = re.compile(
    r"(?:hypersensitivity|allergic|anaphylactic)(?:\s+reactions?)?|anaphylaxis", re.IGNORECASE
)
_IS_ALLERGIC: Final = re.compile(r"(?:allerg(?:y|ies)|hypersensitivity)(?:\s+(or)\s+)?", re.IGNORECASE)


def _built_on(tokens: Sequence[Token], text: str) -> list[Token]:
    """ "Gemcitabine-based chemotherapy", "nitroglycerin-containing products": of what stands first."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        found.append(token)
        index += 1
        if token.type != "TREATMENT" or index + 1 >= len(tokens):
            continue
        link, general = tokens[index : index + 2]
        if link.type != "WORD" or link.said not in _BUILT or text[token.end : link.start] not in ("-", "‐", "‑", " "):
            continue
        named = general.value.name if isinstance(general.value, Entry) else str(general.value)
        if named in _ANYTHING_GIVEN or _is_kind_of(token, general):
            found[-1] = Token("TREATMENT", token.value, token.start, general.end, token.others)
            index += 2
    return found


_BUILT: Final = frozenset(("based", "containing"))
_ANYTHING_GIVEN: Final = frozenset(
    "drug therapy treatment agent medication medicine product preparation compound regimen supplement".split()
)


def _is_kind_of(token: Token, general: Token) -> bool:
    """Whether a treatment is one of those that a name behind it stands for."""
    one, other = token.value, general.value
    if not isinstance(one, Entry) or not isinstance(other, Entry) or general.type != "TREATMENT":
        return False
    return vocabulary().is_a("treatment", one.name, other.name)


def compounded(tokens: Sequence[Token], text: str) -> list[Token]:
    """Names within another word as words: a "gadolinium-enhanced" lesion is no gadolinium."""
    if _COMPOUNDED.isdisjoint([token.type for token in tokens]):
        return list(tokens)
    if any(t.type == "WORD" and t.said in _BUILT for t in tokens) and all(t.type != "ALLERGY" for t in tokens):
        tokens = _built_on(tokens, text)  # an allergy to what holds a thing may be to the rest of it
    found: list[Token] = []
    allergic = False
    low = text.lower()
    may_be_allergy = "allerg" in low or "sensitiv" in low or "anaphyla" in low
    for token in tokens:
        last = found[-1] if found else None
        if allergic and last is not None and last.type in _LISTING and token.type == "TREATMENT":
            found.append(Token("ALLERGY", "allergy to", token.start, token.start))  # "allergy to egg or soy"
        allergic = token.type in _LISTING or token.type == "TREATMENT" if allergic else False
        if may_be_allergy and token.type == "CONDITION" and (named := _ALLERGY.match(text, token.start, token.end)):
            allergic = True
            substance = vocabulary().find(text[named.end() : token.end], "treatment")
            if substance is not None:  # "allergy to penicillin or cephalosporins": the allergy is to both
                found.append(Token("ALLERGY", "allergy to", token.start, named.end()))
                found.append(Token("TREATMENT", substance, named.end(), token.end))
                continue
        if (
            may_be_allergy
            and token.type == "CONDITION"
            and (named := _ALLERGIC.fullmatch(text, token.start, token.end))
        ):
            substance = vocabulary().find(named.group(1), "treatment")
            if substance is not None:  # "penicillin allergy": what the list of allergies answers
                found.append(Token("TREATMENT", substance, token.start, named.end(1)))
                found.append(Token("ALLERGIC", "allergy", named.start(2), token.end))
                continue
        if token.type == "INCLUDING" and text[token.start - 1 : token.end].lower() == "-like":
            token = Token("WORD", "like", token.start, token.end)  # "Ph-like"
        hanging = token.type == "DASH" and last is not None and last.type == "TREATMENT" and last.end == token.start
        if hanging and _SHARED_ENDING.match(text, token.end):
            continue  # "platinum-, taxane- or anthracycline-based"
        if token.type in ("CIRCUMSTANCE", "SOMEBODY_ELSE") and last is not None and last.type == "TREATMENT":
            kin = _KINSHIP.fullmatch(text, last.start, last.end)  # "biologic family members" are no drugs
            if kin:
                found[-1] = Token("WORD", text[last.start : last.end].lower(), last.start, last.end)
        reaction = may_be_allergy and token.type == "CONDITION" and _REACTION.fullmatch(text, token.start, token.end)
        if reaction and last is not None and last.type == "TREATMENT" and not text[last.end : token.start].strip():
            found.append(Token("ALLERGIC", "allergy", token.start, token.end))
            continue
        if token.type == "ALLERGY" and last is not None and last.type == "TREATMENT":
            itself = _IS_ALLERGIC.match(text, token.start, token.end)
            if itself is not None and itself.end() == token.end:
                found.append(Token("ALLERGIC", "allergy", token.start, token.end))
                continue
            if itself is not None and itself.group(1):  # "azithromycin hypersensitivity, or allergy to macrolides"
                found.append(Token("ALLERGIC", "allergy", token.start, itself.start(1)))
                found.append(Token("OR", "or", itself.start(1), itself.end(1)))
                token = Token("ALLERGY", token.value, itself.end(), token.end)
        if (
            last is not None
            and token.type == "WORD"
            and last.type in ("CONDITION", "TREATMENT", "ANALYTE")
            and token.start == last.end + 1
            and text[last.end] in "-‐‑"
            and token.value not in _ABOUT_ITSELF
        ):
            found[-1] = Token("WORD", words.phrase(text[last.start : token.end]), last.start, token.end)
        else:
            found.append(token)
    return _halves(found, text) if "hyp" in low or "strogen" in low else found


_SHARED_ENDING: Final = re.compile(
    r"[\s,/]*(?:(?:and/or|or|and)\s+)?(?:[\w ]{2,40}-[\s,/]*(?:(?:and/or|or|and)\s+)?){0,6}?"
    r"[\w ]{2,40}-(?:based|containing)\b",
    re.IGNORECASE,
)
_KINSHIP: Final = re.compile(r"biologic(?:al)?", re.IGNORECASE)
_PREFIX: Final = re.compile(r"(?:hypo|hyper)[-‐‑]?", re.IGNORECASE)


def _halves(tokens: list[Token], text: str) -> list[Token]:
    """ "Hypo- or hyperthyroidism", "estrogen and progesterone receptors": what is said once, of both."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        rest = tokens[index + 1 : index + 4]
        dash = bool(rest) and rest[0].type == "DASH"
        last = found[-1] if found else None
        if token.type == "DASH" and last is not None and last.type == "CONDITION":
            halved = _PREFIX.fullmatch(text, last.start, token.start)
            if halved and rest and rest[0].type in _BETWEEN:
                continue
        rest = rest[1:] if dash else rest[:2]
        if len(rest) < 2 or rest[0].type not in _BETWEEN:
            found.append(token)
            continue
        after = rest[1]
        if token.type == "WORD" and after.type == "CONDITION" and _PREFIX.fullmatch(text, token.start, token.end):
            whole = _PREFIX.sub(text[token.start : token.end].strip("-‐‑"), text[after.start : after.end], count=1)
            entry = vocabulary().find(whole, "condition")
            if entry is not None and _PREFIX.match(text, after.start):
                token = Token("CONDITION", entry, token.start, token.end)
        elif token.type == "TREATMENT" and not dash and _ESTROGEN.fullmatch(text, token.start, token.end):
            receptor = _RECEPTOR.match(text, after.start, after.end)
            if receptor and after.type == "ANALYTE":
                entry = vocabulary().find("estrogen receptor", "measurement")
                token = Token("ANALYTE", entry, token.start, token.end)
            elif receptor and after.type == "QUALIFIER":
                token = Token("WORD", "estrogen", token.start, token.end)
        found.append(token)
    return found


def with_heads(tokens: list[Token], text: str) -> list[Token]:
    """ "Primary progressive or relapsing-remitting multiple sclerosis": the names of which the last has the head."""
    found = list(tokens)
    for index in range(len(tokens) - 1, 1, -1):
        token = tokens[index]
        if token.type == "CONDITION" and tokens[index - 1].type in _BETWEEN and index < len(found):
            start, named = _named_before(tokens[:index], _heads(text[token.start : token.end]), text)
            found[start:index] = named
    return found


def _named_before(before: Sequence[Token], heads: Sequence[Entry], text: str) -> tuple[int, list[Token]]:
    """Where the list before a name begins, and the list with a name for each item; as it is, where one has none."""
    end, found = len(before) - 1, [before[-1]]
    while heads and end > 0:
        last = end - 1 if before[end - 1].type == "COMMA" else end
        named = _named_by(before[:last], heads, text)
        if named is None:
            break
        start, entry, head = named
        found = [Token("CONDITION", entry, before[start].start, before[last - 1].end), *before[last:end], *found]
        heads, end = [head], start - 1
        if end < 0 or before[end].type not in _BETWEEN_OR_COMMA:
            return start, found
        found = [before[end], *found]
    return len(before), []


def _heads(name: str) -> list[Entry]:
    """What stands behind two words of a name or more and is one by itself, the longest first: a single word before it
    may be what stands before the first of a list is said of, too ("malignant pleural or pericardial effusion")."""
    rests = [name[match.end() :] for match in re.finditer(r"[\s-]+", name)][1:]
    return [entry for rest in rests if (entry := vocabulary().find(rest, "condition")) is not None]


def _named_by(before: Sequence[Token], heads: Sequence[Entry], text: str) -> tuple[int, Entry, Entry] | None:
    """Where words at the end begin that make a name of a head, the name and the head."""
    start = len(before)
    while start > 0 and before[start - 1].type in _NARROWING:
        start -= 1
    said = text[before[start].start : before[-1].end] if start < len(before) else ""
    if len(words.written(said)) < _LEAST_WORDS:
        return None
    for head in heads:
        entry = vocabulary().find(f"{said} {head.name}", "condition")
        if entry is not None and vocabulary().is_a("condition", entry.name, head.name):
            return start, entry, head
    return None


_NARROWING: Final = frozenset("WORD QUALIFIER OTHER DASH".split())
_LEAST_WORDS: Final = 2  # one word is an attribute of what stands behind it, as any other
_ESTROGEN: Final = re.compile(r"o?estrogen", re.IGNORECASE)
_RECEPTOR: Final = re.compile(r"progesterone receptor", re.IGNORECASE)
_BETWEEN: Final = ("AND", "OR", "ANDOR", "SLASH")
_BETWEEN_OR_COMMA: Final = frozenset((*_BETWEEN, "COMMA"))


def expanded(
    tokens: list[Token], text: str, abbreviations: Mapping[str, str], studied: Sequence[Concept]
) -> list[Token]:
    """Words that the trial defines as abbreviations, as what they stand for."""

    def long_form(token: Token) -> Token:
        raw = text[token.start : token.end]
        long = abbreviations.get(raw)
        if long is None and raw.isupper() and 2 <= len(raw) <= 6:
            long = next((c.name for c in studied if not c.open and _short_for(raw, c.name)), None)
        inner = tokenize(long) if long else []
        if len(inner) == 1 and isinstance(inner[0].value, Entry):
            return Token(inner[0].type, inner[0].value, token.start, token.end, inner[0].others)
        return token

    tokens = _leukemias(tokens, text)
    if not abbreviations and not studied:
        return tokens
    return [long_form(token) if token.type == "WORD" else token for token in tokens]


def _leukemias(tokens: list[Token], text: str) -> list[Token]:
    """ "AML, ALL or CLL": in capitals and beside its like in a list, "all" is a leukemia."""
    if "ALL" not in text:
        return tokens
    return [
        Token("CONDITION", vocabulary().find("ALL", "condition"), token.start, token.end)
        if text[token.start : token.end] == "ALL"
        and token.type == "FILLER"
        and _NO_NOUN.match(text, token.end)
        and _beside_its_like(tokens, index)
        else token
        for index, token in enumerate(tokens)
    ]


def _beside_its_like(tokens: Sequence[Token], index: int) -> bool:
    """Whether a disease of the blood stands next to it in a list."""
    before, after = tokens[max(index - 2, 0) : index], tokens[index + 1 : index + 3]
    near = [pair[place] for pair, place in ((before, 0), (after, -1)) if len(pair) == 2]
    joined = bool(before and before[-1].type in _LISTED) or bool(after and after[0].type in _LISTED)
    return joined and any(
        isinstance(token.value, Entry) and vocabulary().is_a("condition", token.value.name, "hematologic malignancy")
        for token in near
    )


_NO_NOUN: Final = re.compile(r"\s*(?:$|[,;.)/]|(?:and|or|in|with|without|who|that|after)\b)", re.IGNORECASE)
_LISTED: Final = frozenset("COMMA SLASH AND OR ANDOR".split())


@lru_cache(maxsize=4096)
def _short_for(raw: str, name: str) -> bool:
    """Whether an abbreviation is that of a disease under study: "AD" in a trial of atopic dermatitis."""
    entry = vocabulary().entry("condition", name)
    if entry is None:
        return False
    if raw in entry.synonyms or raw in entry.ambiguous_synonyms:
        return True
    return any("".join(w[0] for w in words.keys(each)).upper() == raw for each in [name, *entry.synonyms])


_ABBREVIATION: Final = re.compile(r"[(\[]([A-Z][A-Za-z0-9α-ω/-]{1,8})[)\]](?=[ -]+[A-Za-z])")
_HOW_FOUND: Final = re.compile(r"[(\[](?:qualitative|quantitative)[)\]]", re.IGNORECASE)  # "HCV RNA [qualitative]"


_ISOTOPE: Final = re.compile(r"\[\d{1,3}m?[A-Z][a-z]?\](?=[A-Z])")  # "[177Lu]Lu-PSMA"
_FOOTNOTE: Final = re.compile(
    r"(\b(?:I{1,3}|IV)\s*(?:or|and|to|/|-|–)\s*(?:I{1,3}|IV|V))[1-3](?!\w)"
)  # "class III or IV1"
_ARISEN: Final = re.compile(  # "adenocarcinoma originating from the colon": where a cancer begins is what it is of
    r"(?P<cancer>(?:carcinoma|cancer|sarcoma)s?\s+)"
    r"(?P<begins>(?:originating|originated|arising|(?:that|which) (?:arises?|originates?)) (?:from|in))\b",
    re.IGNORECASE,
)
_SUBSCRIPT: Final = re.compile(r"(?<=\bHbA)\[(1c)\]", re.IGNORECASE)


def abbreviates(short: str, said: str) -> bool:
    """Whether letters abbreviate the words that they stand behind."""
    letters = [c for c in short.lower() if c.isalpha()]
    before = words.written(said)[-len(letters) - 2 :]
    starts = any(word[0].lower() == letters[0] for word in before)
    return starts and _subsequence("".join(letters), "".join(before).lower())


def unabbreviated(text: str) -> str:
    """With blanks for an abbreviation in the middle of a name: "central nervous system (CNS) leukemia"."""

    def blank(match: re.Match[str]) -> str:
        short = abbreviates(match.group(1), text[max(0, match.start() - 80) : match.start()])
        return " " * len(match.group()) if short else match.group()

    if "itative" in text:
        text = _HOW_FOUND.sub(lambda match: " " * len(match.group()), text)
    if "[" in text:
        text = _ISOTOPE.sub(lambda match: " " * len(match.group()), text)
        text = _SUBSCRIPT.sub(lambda match: f" {match.group(1)} ", text)
    if "rising " in text or "riginat" in text:
        text = _ARISEN.sub(lambda match: match["cancer"] + "of".ljust(len(match["begins"])), text)
    if "I" in text:
        text = _FOOTNOTE.sub(lambda match: f"{match.group(1)} ", text)
    if "(" not in text:
        return _ABBREVIATION.sub(blank, text) if "[" in text else text
    if _SIGN_IN_BRACKETS.search(text):
        text = _SIGN_AGAIN.sub(lambda match: " " * len(match.group()), text)
    if "(non" in text or "ly)" in text:
        text = _ASIDE.sub(lambda match: f" {match.group(1)} ", text)
    if "grade" in text.lower():
        text = _SEVERE.sub(lambda match: match.group(1) + " " * len(match.group(2)), text)
    return _INITIALS.sub(_without_initials, _ABBREVIATION.sub(blank, text))


def _without_initials(match: re.Match[str]) -> str:
    """Blanks for an abbreviation that is made of the initials of just the words before it."""
    stretch = match.string[max(0, match.start() - _LONGEST_RUN) : match.start()]
    letters = match.group(1).lower()
    said = [word for word in words.WORD.finditer(stretch) if word[0].lower() not in _SMALL_WORDS]
    every = list(words.WORD.finditer(stretch))
    named = False
    for named_by in (every, said):
        last = named_by[-len(letters) :]
        if "".join([word[0][0].lower() for word in last]) == letters:
            named = named or _RUN.fullmatch(stretch, last[0].start()) is not None
    return " " * len(match.group()) if named else match.group()


_SMALL_WORDS: Final = frozenset("of the and for in to on with by".split())
_INITIALS: Final = re.compile(r"\(([A-Z]{2,8})\)")
_RUN: Final = re.compile(r"(?:[A-Za-z]\w*[\s-]+){2,8}")
_LONGEST_RUN: Final = 160
_SIGN_IN_BRACKETS: Final = re.compile(r"\([<>=≤≥]")
_SIGN_AGAIN: Final = re.compile(  # "greater than or equal (>=) to 27", "less (<) than 10"
    r"(?:(?<=equal)|(?<=less)|(?<=greater)|(?<=more)|(?<=lower)|(?<=higher)|(?<=fewer))\s*\((?:>=|<=|=>|=<|[<>≥≤=])\)(?=\s*(?:to|than)\b)",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(
    r"\((non-?[a-z]{3,}(?:ous|ic|al|ive)|(?:clinical|histologic|cytologic|pathologic|radiologic|genetic)(?:al)?ly)\)(?=\s+[a-z])"
)  # "(non-infectious) pneumonitis"
_SEVERE: Final = re.compile(  # a grade that says "severe" once more
    r"((?:severe|life[- ]threatening)\s+(?:hypersensitivity|allergic|anaphylactic)(?:\s+reactions?)?\s*)"
    r"(\((?:CTCAE\s+|NCI[- ]CTCAE\s+)?(?:≥|>=|>/=|=>)?\s*[Gg]rades?\s*(?:≥|>=|>/=|=>)?\s*[34]\)(?=\s+to\b))",
    re.IGNORECASE,
)
