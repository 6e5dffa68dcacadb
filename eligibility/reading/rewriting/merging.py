"""Tokens that say one thing together: "type 1 or 2 diabetes", "known and documented", "lung cancer diagnosis"."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.qualifiers import FOR_STUDIED, Qualifier, qualifiers
from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.lexing.tokens import BOUNDING, Number, Token, kind_at
from eligibility.reading.rewriting.allergies import (
    ALTERNATIVES,
    AS_ALLERGY,
    CLAUSES,
    any_allergy,
    any_reaction,
    end_of_allergies,
    names_reaction,
    says_to_what,
)
from eligibility.reading.rewriting.courses import (
    NEEDED,
    any_treatment,
    behind_requiring,
    behind_treatment_named,
    is_active,
    is_before_treatment,
    is_for_disease,
    is_of_study_disease,
    is_untreated,
    not_treated_with,
    use_for_disease,
    when_treated,
)

__all__ = ["merged"]


def merged(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with those that say one thing together as one."""
    if not _changes(tokens):
        return list(tokens)
    found: list[Token] = []
    index = 0
    allergic = False  # whether what somebody is allergic to may still be named
    while index < len(tokens):
        if behind := _treatment_as_one(tokens, index, text, found) or _other_as_one(tokens, index, text, found):
            index = behind
            continue
        token = _by_place(tokens, index, text, found)
        allergy = token.type == "ALLERGY"
        end = end_of_allergies(tokens, index) if allergy or names_reaction(token) else index
        if end > index:
            last = tokens[end]
            said = "intolerance to" if last.type == "INTOLERANT" else any_reaction(token, last)
            found.append(Token("ALLERGY", said, token.start, last.end))
            allergic = True
            index = end + 1
            continue
        if allergy and (general := any_allergy(tokens, index, found)) is not None:
            found.append(general)
            index += 1
            continue
        if is_for_disease(tokens, index, text):
            if found and is_active(found[-1]):
                found[-1] = Token("CURRENT", "current", found[-1].start, found[-1].end)
                if len(found) > 1 and found[-2].said == "on":
                    found.pop(-2)
            found += when_treated(text, token)
            token = any_treatment(token)
        elif is_of_study_disease(tokens, index, text):
            found.append(Token("QUALIFIER", Qualifier(FOR_STUDIED, ""), token.start, token.start))
            token = any_treatment(token)
        allergic = (allergic and token.type not in CLAUSES) or (allergy and says_to_what(token))
        index += 1
        if allergic and found and found[-1].type in ALTERNATIVES and token.said == "to":
            continue  # "hypersensitivity to A, or to B"
        if not found or not _says_again(found[-1], token, tokens[index:]):
            found.append(token)
    return found


def _treatment_as_one(tokens: list[Token], index: int, text: str, found: list[Token]) -> int:
    """Puts what is said here of a course of treatment with those found; where to go on, 0 where nothing is."""
    token = tokens[index]
    starts = bool(found) and found[-1].type in ("ANCHOR", "WEAK_ANCHOR") and found[-1].said == "first dose"
    if starts and (behind := behind_treatment_named(tokens, index, text)):
        return behind  # "study treatment with atezolizumab"
    if token.type == "WITHOUT" and is_untreated(tokens, index, text):
        found.append(Token("QUALIFIER", qualifiers().find("untreated"), token.start, tokens[index + 1].end))
        return index + 2
    if (given := not_treated_with(tokens, index, text)) is not None:
        found += given
        return index + 2
    if (use := use_for_disease(tokens, index, text)) is not None:
        found.append(use)
        return index + 4
    if token.type == "QUALIFIER" and (behind := behind_requiring(tokens, index)):
        if found and found[-1].type == "WORD" and found[-1].said in ("condition", "conditions"):
            found.pop()  # who requires a treatment has one
        end = tokens[behind - 1].end
        found.append(Token("USE", "requiring treatment with", token.start, end))
        if "systemic" in token.value.name:
            found.append(Token("QUALIFIER", qualifiers().find("systemic"), end, end))
        return behind
    return 0


def _other_as_one(tokens: list[Token], index: int, text: str, found: list[Token]) -> int:
    """As :func:`_treatment_as_one`, of a comma, a time, a numbered disease, a percentage."""
    token = tokens[index]
    if token.type == "COMMA" and _before_aside(tokens, index, text):
        return index + 1
    if token.type == "PRIOR" and token.said == "at any time prior" and (behind := _to_anchor(tokens, index)):
        found.append(Token("PRIOR", token.value, token.start, tokens[behind - 1].end))
        return behind
    numbered = token.type == "CONDITION" or token.said == "type"
    if numbered and (typed := _types(tokens, index)) is not None:
        found += typed[0]
        return typed[1]
    if token.said == "predicted" and found and (of_unit := _behind_percent(found)):
        del found[of_unit:]  # "50 % of predicted"
        behind = index + 1
        while behind < len(tokens) and tokens[behind].said in ("value", "normal", "values"):
            behind += 1
        return behind
    norm = token.type in ("FOR", "FOR_TIME") or (
        token.type == "AND" and bool(found) and found[-1].said.endswith("for age")
    )
    if norm and found and (behind := _behind_norm(tokens, index, found[-1])):
        return behind
    return 0


def _behind_norm(tokens: list[Token], index: int, last: Token) -> int:
    """Where the words end that say for whom a value is the normal one: "80 % predicted for age, sex and height"; 0
    where they say something else."""
    if last.type not in ("ULN", "LLN") and (last.type, last.said) != ("UNIT", "%"):
        return 0
    end = index + 1
    while end < len(tokens) and (tokens[end].type in _LISTED or _is_norm(tokens[end])):
        end += 1
    while end > index and tokens[end - 1].type in _LISTED:
        end -= 1
    return end if end > index + 1 and _closes(tokens, end) else 0


_LISTED: Final = frozenset("COMMA AND FILLER SLASH".split())


def _is_norm(token: Token) -> bool:
    """Whether it names what a normal value depends on."""
    named = token.value.name if isinstance(token.value, Entry) else token.said
    return token.type == "AGE" or named in _NORMS


_NORMS: Final = frozenset("age sex gender height weight race ethnicity institution patient".split())


def _by_place(tokens: list[Token], index: int, text: str, found: list[Token]) -> Token:
    """A token as what it is where it stands."""
    token = tokens[index]
    if token.type == "WITHIN" and token.said == "for the" and not _timed(tokens, index):
        return Token("FOR", "for", token.start, token.start + len("for"))
    if token.type == "WEAK_ANCHOR" and [t.type for t in found[-2:]] == ["CONDITION", "AT_ANCHOR"]:
        said = text[token.start : token.end].lower()
        if said in ("treatment", "therapy"):
            return Token("WORD", said, token.start, token.end)  # "cancer on treatment": that is treated
    if token.type == "IS" and token.said in _HAVE_HAD and _names_what_was_had(tokens, index, text):
        return Token("HISTORY", "history of", token.start, token.end)
    if token.said == "with" and [t.type for t in tokens[index + 1 : index + 5]] in _BEFORE_A_DAY:
        return Token("WITHIN", "within", token.start, token.end)  # "with 3 months of screening": a misprint
    if token.type == "FOR" and token.said.endswith(" for") and _is_length(tokens[index + 1 : index + 4]):
        return Token("FOR_TIME", "for", token.end - len("for"), token.end)  # "given for at least 30 days"
    if token.said == "up to" and _between_lengths(tokens, index):
        return Token("TO", "to", token.start, token.end)
    if token.type == "ANALYTE" and _says_snellen(tokens, index, text):
        return Token("FILLER", text[token.start : token.end], token.start, token.end)
    if token.type == "EXCLUDED" and is_before_treatment(tokens, index, text):
        return Token("QUALIFIER", qualifiers().find("prohibited by the protocol"), token.start, token.end)
    if token.type == "PERSON" and token.said == "human" and found and found[-1].type == "ALLERGY":
        return Token("WORD", token.said, token.start, token.end)  # "reactions to human or murine antibodies"
    return token


_BEFORE_A_DAY: Final = [
    ["NUMBER", "TIMEUNIT", joint, day] for joint in ("OF", "BEFORE") for day in ("ANCHOR", "WEAK_ANCHOR")
]
_HAVE_HAD: Final = frozenset(("have had", "has had", "who have had", "who has had", "having had"))
_BESIDE_A_NAME: Final = frozenset(("FILLER", "QUALIFIER", "ANY", "OTHER"))
_FOR_SO_LONG: Final = re.compile(
    r"\bfor\s+(?:at\s+least|more|over|less|up\s+to|the\s+(?:last|past)|[<>≥≤\d])", re.IGNORECASE
)


def _names_what_was_had(tokens: list[Token], index: int, text: str) -> bool:
    """Whether a disease or a treatment is named that somebody "has had", at some time and not for so long."""
    named = next((token for token in tokens[index + 1 :] if token.type not in _BESIDE_A_NAME), None)
    if named is None or named.type not in ("CONDITION", "TREATMENT"):
        return False
    return _FOR_SO_LONG.search(text, named.end, tokens[-1].end) is None


def _is_length(ahead: list[Token]) -> bool:
    """Whether a bounded length of time follows."""
    kinds = [token.type for token in ahead]
    return kinds[:1] != [] and kinds[0] in BOUNDING and kinds[1:] == ["NUMBER", "TIMEUNIT"]


def _says_again(before: Token, token: Token, behind: list[Token]) -> bool:
    """Whether it says no more than what stands before it does: "known and documented", "pregnant women"."""
    if before.type == "ALLERGY" and token.type == "EITHER":
        return True  # "allergy to either A or B"
    if token.type == "AND" and before.type == "KNOWN":
        return kind_at(behind, 0) in ("KNOWN", "QUALIFIER", "CURRENT", "DIAGNOSIS")
    if token.type == "AND" and before.type == "CURRENT":
        return _is_current(behind[:1])  # "current and ongoing", "current and chronic use of"
    if token.type == "FEMALE":
        return before.type in ("PREGNANT", "BREASTFEEDING")
    if token.said == "co":
        return before.type == "CONDITION" and _is_infection(behind[:1])  # "HIV co-infection"
    return token.said == "diagnosis" and before.type == "CONDITION" and _closes(behind, 0)  # "lung cancer diagnosis"


def _is_current(after: list[Token]) -> bool:
    """Whether the next word says of the time what "current" says, or how long it has been so."""
    return any(t.type == "CURRENT" or (t.type == "USE" and t.said == "chronic use of") for t in after)


_MERGED: Final = frozenset(("ALLERGY", "FOR", "FOR_TIME", "ANCHOR", "WEAK_ANCHOR"))
_MERGED_WORDS: Final = AS_ALLERGY | {
    "type",
    "predicted",
    "co",
    "diagnosis",
    "for the",
    "at any time prior",
    "prohibited",
}


def _changes(tokens: list[Token]) -> bool:
    """Whether there may be anything that says one thing together: a first look."""
    before = ""
    for token in tokens:
        kind, value = token.type, token.value
        if (
            kind in _MERGED
            or (kind == "QUALIFIER" and isinstance(value, Qualifier) and value.axis == NEEDED)
            or (isinstance(value, str) and value in _MERGED_WORDS)
            or (kind == "AND" and before in ("KNOWN", "CURRENT"))
            or (kind == "WITHOUT" and before in ("CONDITION", "HISTORY"))
            or (kind == "IS" and before == "QUALIFIER" and isinstance(value, str) and value.startswith("with"))
            or (kind == "ANALYTE" and isinstance(value, Entry) and value.name == "visual acuity")
            or (kind == "FEMALE" and before in ("PREGNANT", "BREASTFEEDING"))
            or (kind in _NUMBERED and before in ALTERNATIVES)
            or (kind == "LE" and before == "TIMEUNIT")
            or (kind == "IS" and value in _HAVE_HAD)
            or (kind == "TO" and before == "NAIVE")
            or (kind == "AND" and before == "ULN")
        ):
            return True
        before = kind
    return False


def _between_lengths(tokens: list[Token], index: int) -> bool:
    """Whether it stands between two lengths of time: "18 years up to 65 years"."""
    kinds = [token.type for token in tokens[max(index - 3, 0) : index + 3]]
    sides = ["NUMBER", "TIMEUNIT", "LE", "NUMBER", "TIMEUNIT"]
    return index >= 2 and kinds[-5:] == sides and kinds[0] not in ("GE", "GT", "LT", "EQ")


def _before_aside(tokens: list[Token], index: int, text: str) -> bool:
    """Whether no more than "inclusive" stands before a parenthesis: "19 to 73 letters, inclusive (20/40 to 20/400)"."""
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    return after is not None and after.type == "LPAR" and "inclusive" in text[tokens[index].end : after.start].lower()


def _says_snellen(tokens: list[Token], index: int, text: str) -> bool:
    """Whether it says of a value that it is a Snellen equivalent: "20/40 to 20/200 (Snellen equivalent)"."""
    token = tokens[index]
    if not text[token.start : token.end].lower().startswith("snellen equiv"):
        return False
    after = kind_at(tokens, index + 1)
    before = [t.type for t in tokens[:index]]
    apart = before.count("LPAR") > before.count("RPAR")
    return not apart and {"ANALYTE", "NUMBER"} <= {*before} and after not in _VALUED


_VALUED: Final = frozenset("OF NUMBER GE GT LE LT EQ BETWEEN FROM IS COLON PAIR OR_MORE OR_LESS".split())


def _to_anchor(tokens: list[Token], index: int) -> int:
    """Where the day ends before which anything counts, "at any time prior to Day 1"; 0 where none is named."""
    behind = [t.type for t in tokens[index + 1 : index + 3]]
    return index + 3 if behind in (["TO", "ANCHOR"], ["PREP", "ANCHOR"]) else 0


def _behind_percent(found: list[Token]) -> int:
    """Where what says of what a percentage is begins, right behind it; 0 where there is none before it."""
    at = len(found)
    while at and found[at - 1].type in ("OF", "FILLER"):
        at -= 1
    return at if at and found[at - 1].type == "UNIT" and found[at - 1].said == "%" else 0


def _is_infection(tokens: list[Token]) -> bool:
    return any(t.type == "CONDITION" and t.value.name == "infection" for t in tokens)


def _timed(tokens: list[Token], index: int) -> bool:
    """Whether a length of time follows: "for the last 3 months", and not "for the current malignancy"."""
    return any(t.type in ("NUMBER", "TIMEUNIT", "LAST", "NEXT", "STUDY_TIME") for t in tokens[index + 1 : index + 3])


def _closes(tokens: list[Token], index: int) -> bool:
    """Whether a noun phrase ends before this place."""
    return index >= len(tokens) or tokens[index].type in CLAUSES | ALTERNATIVES | {"WINDOW", "WITHIN", "BEFORE"}


_NUMBERED: Final = frozenset("NUMBER ROMAN".split())


def _types(tokens: list[Token], index: int) -> tuple[list[Token], int] | None:
    """ "Type 1 or type 2 diabetes", "type 1 or 2 diabetes", "diabetes type 1 or 2": each, and where to go on."""
    ahead = [t.type for t in tokens[index : index + 4]]
    if tokens[index].said == "type" and len(ahead) > 3 and ahead[1] in _NUMBERED and ahead[2] in ALTERNATIVES:
        own, last = tokens[index + 1], tokens[index + 3]
        if last.type == "CONDITION":
            name = _numbered(last, _number(own))
            if name is not None:
                return [Token("CONDITION", name, tokens[index].start, own.end), tokens[index + 2], last], index + 4
        elif last.type in _NUMBERED and index + 4 < len(tokens) and tokens[index + 4].type == "CONDITION":
            head = tokens[index + 4]
            names = [vocabulary().find(f"type {_number(t)} {head.value.name}", "condition") for t in (own, last)]
            if all(names):
                first = Token("CONDITION", names[0], tokens[index].start, own.end)
                return [first, tokens[index + 2], Token("CONDITION", names[1], last.start, head.end)], index + 5
    if tokens[index].type == "CONDITION" and len(ahead) > 2 and ahead[1] in ALTERNATIVES and ahead[2] in _NUMBERED:
        name = _numbered(tokens[index], _number(tokens[index + 2]))
        if name is not None:
            after = tokens[index + 2]
            return [tokens[index], tokens[index + 1], Token("CONDITION", name, after.start, after.end)], index + 3
    return None


def _number(token: Token) -> int:
    return int(token.value.value if isinstance(token.value, Number) else token.value)


def _numbered(token: Token, number: int) -> Entry | None:
    """The disease of the same name with another number; None where there is none, or the token's has no number."""
    name = _TYPE.sub(rf"\g<1>{number}", token.value.name)
    found = vocabulary().find(name, "condition") if name != token.value.name else None
    return found if found is not token.value else None


_TYPE: Final = re.compile(r"\b(type )\d\b")
