"""Tokens that say one thing together: "hypersensitivity, intolerance or allergy to", "known and documented"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Final

from eligibility.knowledge.qualifiers import FOR_STUDIED, Qualifier, qualifiers
from eligibility.knowledge.vocabulary import ANY_TREATMENT, Entry, vocabulary
from eligibility.knowledge.words import keys
from eligibility.reading.grammar import Refused
from eligibility.reading.lexer import tokenize
from eligibility.reading.lexing.function_words import REPEATING
from eligibility.reading.lexing.tokens import Number, Token
from eligibility.reading.quantities import Bounds, Lines, Repeats, WindowRead, how_often, lasting_for
from eligibility.rules import Duration, Window

__all__ = [
    "PURPOSE",
    "UNRESOLVED",
    "WITH_RESULT",
    "absorbed",
    "by_sex",
    "cleared",
    "counted",
    "denials_apart",
    "either_window",
    "implied",
    "merged",
    "of_red_cells",
    "plainly",
    "predicates_apart",
    "windows_together",
]

_BETWEEN: Final = frozenset("COMMA OR AND ANDOR SLASH OTHER QUALIFIER KNOWN HISTORY PRIOR LAST SUSPECTED".split())
_AS_ALLERGY: Final = frozenset(("intolerance", "intolerances", "anaphylaxis", "reaction", "reactions", "sensitivity"))


def merged(tokens: Sequence[Token], text: str) -> list[Token]:
    """The tokens, with those that say one thing together as one."""
    if not _changes(tokens):
        return list(tokens)
    found: list[Token] = []
    index = 0
    allergic = False
    while index < len(tokens):
        token = tokens[index]
        if token.type == "WITHIN" and token.said == "for the" and not _timed(tokens, index):
            token = Token("FOR", "for", token.start, token.start + len("for"))
        if (
            found
            and found[-1].type in ("ANCHOR", "WEAK_ANCHOR")
            and found[-1].said == "first dose"
            and (behind := _of_what(tokens, index, text))
        ):
            index = behind
            continue  # "study treatment with atezolizumab"
        if token.type == "WEAK_ANCHOR" and [t.type for t in found[-2:]] == ["CONDITION", "AT_ANCHOR"]:
            said = text[token.start : token.end].lower()
            if said in ("treatment", "therapy"):
                token = Token("WORD", said, token.start, token.end)  # "cancer on treatment": that is treated
        allergy = token.type == "ALLERGY"
        end = _allergies(tokens, index) if allergy or _names_reaction(token) else index
        if end > index:
            last = tokens[end]
            said = "intolerance to" if last.type == "INTOLERANT" else last.value
            found.append(Token("ALLERGY", said, token.start, last.end))
            allergic = True
            index = end + 1
            continue
        if allergy and (general := _any_allergy(tokens, index, found)) is not None:
            found.append(general)
            index += 1
            continue
        if token.said == "up to" and _between_lengths(tokens, index):
            token = Token("TO", "to", token.start, token.end)
        if token.type == "COMMA" and _before_aside(tokens, index, text):
            index += 1
            continue
        if token.type == "ANALYTE" and _says_again(tokens, index, text):
            token = Token("FILLER", text[token.start : token.end], token.start, token.end)
        if token.type == "WITHOUT" and _untreated(tokens, index, text):
            found.append(Token("QUALIFIER", qualifiers().find("untreated"), token.start, tokens[index + 1].end))
            index += 2
            continue
        if (given := _not_treated_with(tokens, index, text)) is not None:
            found += given
            index += 2
            continue
        if token.type == "EXCLUDED" and _before_treatment(tokens, index, text):
            token = Token("QUALIFIER", qualifiers().find("prohibited by the protocol"), token.start, token.end)
        if (use := _of_disease_with(tokens, index, text)) is not None:
            found.append(use)
            index += 4
            continue
        if token.type == "PRIOR" and token.said == "at any time prior" and (behind := _to_anchor(tokens, index)):
            found.append(Token("PRIOR", token.value, token.start, tokens[behind - 1].end))
            index = behind
            continue
        if _for_disease(tokens, index, text):
            found += _when_treated(text, token)
            token = Token("TREATMENT", vocabulary().entry("treatment", ANY_TREATMENT), token.start, token.end)
        elif token.type == "QUALIFIER" and (behind := _required_with(tokens, index)):
            end = tokens[behind - 1].end
            found = [*_without_condition(found), Token("USE", "requiring treatment with", token.start, end)]
            if "systemic" in token.value.name:
                found.append(Token("QUALIFIER", qualifiers().find("systemic"), end, end))
            index = behind
            continue
        elif _of_study_disease(tokens, index, text):
            found.append(Token("QUALIFIER", Qualifier(FOR_STUDIED, ""), token.start, token.start))
            token = Token("TREATMENT", vocabulary().entry("treatment", ANY_TREATMENT), token.start, token.end)
        numbered = token.type == "CONDITION" or token.said == "type"
        if numbered and (typed := _types(tokens, index)) is not None:
            found += typed[0]
            index = typed[1]
            continue
        allergic = (allergic and token.type not in _CLAUSES) or (allergy and _to_what(token))
        if allergic and found and found[-1].type in _ALTERNATIVES and token.said == "to":
            index += 1
            continue  # "hypersensitivity to A, or to B"
        if found and found[-1].type == "ALLERGY":
            if token.type == "EITHER":
                index += 1
                continue  # "allergy to either A or B"
            if token.type == "PERSON" and token.said == "human":
                token = Token("WORD", token.said, token.start, token.end)  # "reactions to human or murine antibodies"
        if token.type == "AND" and found and found[-1].type == "KNOWN" and index + 1 < len(tokens):
            after = tokens[index + 1]
            if after.type in ("KNOWN", "QUALIFIER", "CURRENT", "DIAGNOSIS"):
                index += 1
                continue  # "known and documented", "known and active"
        if token.type == "AND" and found and found[-1].type == "CURRENT" and _is_current(tokens[index + 1 : index + 2]):
            index += 1
            continue  # "current and ongoing", "current and chronic use of"
        index += 1
        if token.type == "FEMALE" and found and found[-1].type in ("PREGNANT", "BREASTFEEDING"):
            continue  # "pregnant or lactating women"
        if token.said == "predicted" and found and (of_unit := _behind_percent(found)):
            del found[of_unit:]  # "50 % of predicted"
            while index < len(tokens) and tokens[index].said in ("value", "normal", "values"):
                index += 1
            continue
        if token.said == "co" and found and found[-1].type == "CONDITION" and _is_infection(tokens[index : index + 1]):
            index += 1
            continue  # "HIV co-infection"
        if token.said == "diagnosis" and found and found[-1].type == "CONDITION" and _closes(tokens, index):
            continue  # "lung cancer diagnosis"
        found.append(token)
    return found


def _is_current(after: Sequence[Token]) -> bool:
    """Whether the next word says of the time what "current" says, or how long it has been so."""
    return any(t.type == "CURRENT" or (t.type == "USE" and t.said == "chronic use of") for t in after)


_NEEDED: Final = "need of treatment"
_BARE_COURSES: Final = frozenset("treatment treatments therapy therapies".split())
_MERGED: Final = frozenset(("ALLERGY", "FOR", "FOR_TIME", "ANCHOR", "WEAK_ANCHOR"))
_TREATED: Final = _BARE_COURSES | {"treated"}
_MERGED_WORDS: Final = _AS_ALLERGY | {
    "type",
    "predicted",
    "co",
    "diagnosis",
    "for the",
    "at any time prior",
    "prohibited",
}


def _changes(tokens: Sequence[Token]) -> bool:
    """Whether there may be anything that says one thing together: a first look."""
    before = ""
    for token in tokens:
        kind, value = token.type, token.value
        if (
            kind in _MERGED
            or (kind == "QUALIFIER" and isinstance(value, Qualifier) and value.axis == _NEEDED)
            or (isinstance(value, str) and value in _MERGED_WORDS)
            or (kind == "AND" and before in ("KNOWN", "CURRENT"))
            or (kind == "WITHOUT" and before in ("CONDITION", "HISTORY"))
            or (kind == "IS" and before == "QUALIFIER" and isinstance(value, str) and value.startswith("with"))
            or (kind == "ANALYTE" and isinstance(value, Entry) and value.name == "visual acuity")
            or (kind == "FEMALE" and before in ("PREGNANT", "BREASTFEEDING"))
            or (kind in _NUMBERED and before in _ALTERNATIVES)
            or (kind == "LE" and before == "TIMEUNIT")
        ):
            return True
        before = kind
    return False


def _between_lengths(tokens: Sequence[Token], index: int) -> bool:
    """Whether it stands between two lengths of time: "18 years up to 65 years"."""
    kinds = [token.type for token in tokens[max(index - 3, 0) : index + 3]]
    sides = ["NUMBER", "TIMEUNIT", "LE", "NUMBER", "TIMEUNIT"]
    return index >= 2 and kinds[-5:] == sides and kinds[0] not in ("GE", "GT", "LT", "EQ")


_NAMING: Final = frozenset("WORD TREATMENT CONDITION ANALYTE QUALIFIER INGREDIENT_OF SITE".split())


def _for_disease(tokens: Sequence[Token], index: int, text: str) -> bool:
    """Whether a bare "treatment" is that of a disease, of whatever kind: "prior therapy for breast cancer"."""
    if index + 2 >= len(tokens) or tokens[index + 1].type not in ("FOR", "FOR_TIME", "WITHIN"):
        return False
    said, link = (text[t.start : t.end].lower() for t in tokens[index : index + 2])
    if said not in _TREATED or link not in ("for", "for the") or (index and tokens[index - 1].type in _NAMING):
        return False
    at = index + 2
    while at < len(tokens) and tokens[at].type in ("QUALIFIER", "FILLER", "CURRENT", "PRIOR", "OTHER", "STAGE_IS"):
        at += 1
    if at >= len(tokens) or (tokens[at].type != "CONDITION" and not _THIS_DISEASE.match(text, tokens[index + 1].start)):
        return False
    clause = next((i for i in range(at, len(tokens)) if tokens[i].type in _CLAUSES), len(tokens))
    return not any(t.type == "TREATMENT" for t in tokens[at:clause])  # "therapy for leukemia with decitabine"


def _before_aside(tokens: Sequence[Token], index: int, text: str) -> bool:
    """Whether no more than "inclusive" stands before a parenthesis: "19 to 73 letters, inclusive (20/40 to 20/400)"."""
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    return after is not None and after.type == "LPAR" and "inclusive" in text[tokens[index].end : after.start].lower()


def _says_again(tokens: Sequence[Token], index: int, text: str) -> bool:
    """Whether it says of a value that it is a Snellen equivalent: "20/40 to 20/200 (Snellen equivalent)"."""
    token = tokens[index]
    if not text[token.start : token.end].lower().startswith("snellen equiv"):
        return False
    after = tokens[index + 1].type if index + 1 < len(tokens) else ""
    before = [t.type for t in tokens[:index]]
    apart = before.count("LPAR") > before.count("RPAR")
    return not apart and {"ANALYTE", "NUMBER"} <= {*before} and after not in _VALUED


_VALUED: Final = frozenset("OF NUMBER GE GT LE LT EQ BETWEEN FROM IS COLON PAIR OR_MORE OR_LESS".split())


def _untreated(tokens: Sequence[Token], index: int, text: str) -> bool:
    """Whether a disease is said to be there without treatment."""
    after = tokens[index + 1 : index + 3]
    if not after or text[after[0].start : after[0].end].lower() not in _BARE_COURSES:
        return False
    closes = len(after) < 2 or after[1].type in ("COMMA", "SEMI", "DOT", "OR", "RPAR")
    behind = [t.type for t in tokens[:index] if t.type not in ("HISTORY", "FILLER")]
    return closes and behind[-1:] == ["CONDITION"]


def _not_treated_with(tokens: Sequence[Token], index: int, text: str) -> list[Token] | None:
    """ "Not (previously) treated with chemotherapy": people who had none, not a chemotherapy that is untreated."""
    token = tokens[index]
    if token.type != "QUALIFIER" or index + 2 >= len(tokens) or not tokens[index + 1].said.startswith("with"):
        return None
    said = text[token.start : token.end].lower()
    named = tokens[index + 2 :]
    named = named[next((i for i, t in enumerate(named) if t.type not in _BEFORE_NAME), 0) :]
    denial = next((word for word in ("not ", "never ", "un", "previously un") if said.startswith(word)), "")
    if not (denial and said.endswith("treated") and named and named[0].type == "TREATMENT"):
        return None
    behind = token.start + len(denial)
    use = Token("USE", "previously treated with", behind, tokens[index + 1].end)
    return [Token("NOT", "not", token.start, behind), use]


_BEFORE_NAME: Final = frozenset("QUALIFIER WORD PRIOR FILLER ANY ROUTE".split())


def _before_treatment(tokens: Sequence[Token], index: int, text: str) -> bool:
    """Whether it is said of a treatment that it is prohibited, before its name: "a prohibited CYP3A4 inhibitor"."""
    token = tokens[index]
    if text[token.start : token.end].lower() not in _PROHIBITED:
        return False
    at = index + 1
    while at < len(tokens) and tokens[at].type == "QUALIFIER":
        at += 1
    named = at < len(tokens) and tokens[at].type == "TREATMENT"
    return named and (not index or tokens[index - 1].type in _BEFORE_ATTRIBUTE)


_PROHIBITED: Final = frozenset(("prohibited", "disallowed", "forbidden"))
_BEFORE_ATTRIBUTE: Final = frozenset("USE CURRENT PRIOR PLANNED OR AND ANDOR COMMA QUALIFIER OTHER".split())


def _of_disease_with(tokens: Sequence[Token], index: int, text: str) -> Token | None:
    """The use of what treats a disease: "therapy for leukemia with" decitabine; None where it is no such words."""
    after = tokens[index + 1 : index + 5]
    if len(after) < 4 or after[0].type not in ("FOR", "FOR_TIME") or after[1].type != "CONDITION":
        return None
    said, link = (text[t.start : t.end].lower() for t in tokens[index : index + 2])
    if said not in _BARE_COURSES or link != "for" or after[2].said not in ("with", "using"):
        return None
    if after[3].type != "TREATMENT" or not isinstance(after[1].value, Entry):
        return None
    return Token("USE", "treatment with", tokens[index].start, after[2].end, ((PURPOSE, after[1].value),))


PURPOSE: Final = "PURPOSE"
"""What a use is for, beside the words of it."""


def _to_anchor(tokens: Sequence[Token], index: int) -> int:
    """Where the day ends before which anything counts, "at any time prior to Day 1"; 0 where none is named."""
    behind = [t.type for t in tokens[index + 1 : index + 3]]
    return index + 3 if behind in (["TO", "ANCHOR"], ["PREP", "ANCHOR"]) else 0


def _required_with(tokens: Sequence[Token], index: int) -> int:
    """Where what is required is named: "requiring systemic treatment with either X or Y"; 0 where nothing is."""
    value = tokens[index].value
    if not isinstance(value, Qualifier) or value.axis != _NEEDED or value.name.startswith("not "):
        return 0
    at = index + 1
    if at >= len(tokens) or not tokens[at].said.startswith("with"):
        return 0
    start = at = at + (2 if at + 1 < len(tokens) and tokens[at + 1].type == "EITHER" else 1)
    while at < len(tokens) and tokens[at].type in ("QUALIFIER", "CURRENT", "FILLER"):
        at += 1
    return start if at < len(tokens) and tokens[at].type == "TREATMENT" else 0


def _without_condition(found: list[Token]) -> list[Token]:
    """The tokens without a bare "condition" at their end: who requires a treatment has one."""
    generic = bool(found) and found[-1].type == "WORD" and found[-1].said in ("condition", "conditions")
    return found[:-1] if generic else found


def _of_study_disease(tokens: Sequence[Token], index: int, text: str) -> bool:
    """Whether a bare "prior therapy" is all that is said of a treatment: one of the disease under study is meant."""
    token = tokens[index]
    if token.type not in ("WEAK_ANCHOR", "WORD") or not index or tokens[index - 1].said not in ("prior", "previous"):
        return False
    if text[token.start : token.end].lower() not in _BARE_COURSES:
        return False
    before = tokens[index - 2].type if index > 1 else ""
    after = tokens[index + 1].type if index + 1 < len(tokens) else ""
    if after == "COMMA":
        after = tokens[index + 2].type if index + 2 < len(tokens) and tokens[index + 2].type == "INCLUDING" else after
    return before in _BEFORE_TREATMENT and after in _BEHIND_TREATMENT


_BEFORE_TREATMENT: Final = frozenset(
    ("", *"NO NOT USE PROGRESSED REFRACTORY_TO INTOLERANT IS MUST MUST_NOT SEMI COLON".split())
)
_BEHIND_TREATMENT: Final = frozenset(("", *"SEMI DOT INCLUDING ALLOWED EXCLUDED EXCEPT LPAR".split()))


_THIS_DISEASE: Final = re.compile(
    r"for\s+(?:the\s+)?(?:this|their|current|present|same|study)\s+(?:disease|malignancy|cancer|tumou?r|neoplasm|condition)\b",
    re.IGNORECASE,
)
_NOW: Final = re.compile(r"\b(?:is|are|being|currently|under)\s+$", re.IGNORECASE)
_THEN: Final = re.compile(r"\b(?:was|were|been)\s+$", re.IGNORECASE)


def _when_treated(text: str, token: Token) -> list[Token]:
    """What the verb before "treated" says of the time: "being treated for", "has been treated for"."""
    if not text[token.start : token.end].lower().endswith("ed"):
        return []
    kind = "CURRENT" if _NOW.search(text, 0, token.start) else "PRIOR" if _THEN.search(text, 0, token.start) else None
    return [Token(kind, "", token.start, token.start)] if kind else []


def _behind_percent(found: Sequence[Token]) -> int:
    """Where what says of what a percentage is begins, right behind it; 0 where there is none before it."""
    at = len(found)
    while at and found[at - 1].type in ("OF", "FILLER"):
        at -= 1
    return at if at and found[at - 1].type == "UNIT" and found[at - 1].said == "%" else 0


def absorbed(tokens: list[Token], text: str) -> list[Token]:
    """ "Affecting absorption of the study drug": as of whatever is taken by mouth; a clause is as it is worded."""
    at = next((i for i, t in enumerate(tokens) if isinstance(t.value, Qualifier) and t.value.name == _ABSORPTION), None)
    if at is None or at + 2 >= len(tokens) or tokens[at + 1].type != "OF":
        return tokens
    if _PARTICIPLE.match(text, tokens[at].start) is None:
        return tokens
    end = at + 2
    while end < at + 2 + _MOST_BEFORE_DRUG and tokens[end : end + 1] and tokens[end].type == "WORD":
        end += 1
    after = tokens[end + 1].type if end + 1 < len(tokens) else ""
    if end >= len(tokens) or tokens[end].type not in _TAKEN_IN or after in _TO_ANOTHER:
        return tokens
    return [*tokens[:at], Token("QUALIFIER", tokens[at].value, tokens[at].start, tokens[end].end), *tokens[end + 1 :]]


_PARTICIPLE: Final = re.compile(r"(?:\w+ly\s+)?\w+ing\b", re.IGNORECASE)
_ABSORPTION: Final = "affecting absorption"
_TO_ANOTHER: Final = frozenset("OR AND ANDOR SLASH".split())
_TAKEN_IN: Final = frozenset(("TREATMENT", "WEAK_ANCHOR"))
_MOST_BEFORE_DRUG: Final = 2  # "orally administered"


def _is_infection(tokens: Sequence[Token]) -> bool:
    return any(t.type == "CONDITION" and t.value.name == "infection" for t in tokens)


def _timed(tokens: Sequence[Token], index: int) -> bool:
    """Whether a length of time follows: "for the last 3 months", and not "for the current malignancy"."""
    return any(t.type in ("NUMBER", "TIMEUNIT", "LAST", "NEXT", "STUDY_TIME") for t in tokens[index + 1 : index + 3])


def _of_what(tokens: Sequence[Token], index: int, text: str) -> int:
    """Where the name of the treatment that starts on a day ends, behind "with"; 0 where none stands here."""
    if text[tokens[index].start : tokens[index].end].lower() not in ("with", "using"):
        return 0
    at = index + 1
    while at < len(tokens) and tokens[at].type == "TREATMENT":
        joint = at + 1
        at = joint
        if joint + 1 < len(tokens) and tokens[joint].type in ("AND", "PLUS", "SLASH"):
            at = joint + 1 if tokens[joint + 1].type == "TREATMENT" else joint
    return at if at > index + 1 else 0


def _closes(tokens: Sequence[Token], index: int) -> bool:
    """Whether a noun phrase ends before this place."""
    return index >= len(tokens) or tokens[index].type in _CLAUSES | _ALTERNATIVES | {"WINDOW", "WITHIN", "BEFORE"}


_CLAUSES: Final = frozenset("SEMI DOT MUST MUST_NOT EXCEPT UNLESS IF".split())
_NUMBERED: Final = frozenset("NUMBER ROMAN".split())
_ALTERNATIVES: Final = frozenset("OR AND COMMA SLASH ANDOR".split())


def _types(tokens: Sequence[Token], index: int) -> tuple[list[Token], int] | None:
    """ "Type 1 or type 2 diabetes", "type 1 or 2 diabetes", "diabetes type 1 or 2": each, and where to go on."""
    ahead = [t.type for t in tokens[index : index + 4]]
    if tokens[index].said == "type" and len(ahead) > 3 and ahead[1] in _NUMBERED and ahead[2] in _ALTERNATIVES:
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
    if tokens[index].type == "CONDITION" and len(ahead) > 2 and ahead[1] in _ALTERNATIVES and ahead[2] in _NUMBERED:
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


def _names_reaction(token: Token) -> bool:
    return token.type == "WORD" and token.value in _AS_ALLERGY


def _to_what(token: Token) -> bool:
    return token.type == "ALLERGY" and str(token.value).endswith((" to", " of", " following"))


def _allergies(tokens: Sequence[Token], start: int) -> int:
    """Where a list of kinds of allergy to one thing ends: "hypersensitivity, intolerance or allergy to"."""
    at = start
    while not _to_what(tokens[at]):
        following = at + 1
        while following < len(tokens) and _may_stand_between(tokens[following]):
            following += 1
        if following == at + 1 or following >= len(tokens):
            return start
        if _intolerant(tokens[following]) and _are_alternatives(tokens[at + 1 : following]):
            return following
        if tokens[following].type != "ALLERGY" and not _names_reaction(tokens[following]):
            return start
        if not _are_alternatives(tokens[at + 1 : following]):
            return start
        at = following
    return at


def _may_stand_between(token: Token) -> bool:
    """Whether it may stand between two kinds of allergy to one thing: "allergy or prior adverse reaction to"."""
    return token.type in _BETWEEN or (token.type == "WORD" and token.value in _KINDS_OF_REACTION)


def _are_alternatives(between: Sequence[Token]) -> bool:
    return any(t.type in _ALTERNATIVES or t.type == "COMMA" for t in between)


def _intolerant(token: Token) -> bool:
    return token.type == "INTOLERANT" and str(token.value).startswith("intoleran")


_KINDS_OF_REACTION: Final = frozenset(
    "hypersensitive allergic anaphylactic adverse drug infusion idiosyncratic".split()
)


def _any_allergy(tokens: Sequence[Token], index: int, found: list[Token]) -> Token | None:
    """ "History of drug or other allergy": any of them, as a disease; None where it is one to something named."""
    token = tokens[index]
    if token.value not in ("allergy", "allergies"):
        return None
    if any(t.type in ("ALLERGY", "INTOLERANT", "CONTRAINDICATION") for t in tokens[index + 1 :]):
        return None
    after = tokens[index + 1].type if index + 1 < len(tokens) else "DOT"
    to_drugs = [t.type for t in found[-3:]] == ["TREATMENT", "OR", "OTHER"]
    entry = vocabulary().entry("condition", "allergy")
    if entry is None or after not in (_ENDING_CLAUSES | _CLAUSES if to_drugs else _ENDING_CLAUSES):
        return None
    start = found[-3].start if to_drugs else token.start
    if to_drugs:
        del found[-3:]
    return Token("CONDITION", entry, start, token.end)


_ENDING_CLAUSES: Final = frozenset("DOT SEMI RPAR THAT".split())


_COUNTED: Final = frozenset("CONDITION TREATMENT QUALIFIER PRESENCE PRIOR LAST EXISTS USE CURRENT OTHER".split())
_COUNTING: Final = frozenset(("LIMIT", "STAGE_IS"))
_HAVE_LEVELS: Final = frozenset("ANALYTE TEST_WORD AGE GRADE STAGE CLASS_WORD SIGN QUALIFIER".split())


def counted(tokens: Sequence[Token], text: str) -> list[Token]:
    """How many episodes there must be, as such; "at least one" asks for no more than that there is one."""
    if _COUNTING.isdisjoint([token.type for token in tokens]):
        return list(tokens)
    found: list[Token] = []
    taken: set[int] = set()
    for index, token in enumerate(tokens):
        if index in taken and token.type == "SERIAL":
            continue
        if token.type == "LIMIT" and isinstance(token.value, Bounds) and (often := _repeatedly(tokens, index, text)):
            found.append(often[0])
            taken.update(range(index + 1, often[1]))
            continue
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        before = found[-1] if found else None
        if token.said in ("disease", "diseases") and before is not None and before.type == "STAGE_IS":
            continue  # "stage IV disease" is stage IV
        if token.type == "LINES" and index in taken:
            continue
        if token.type == "LIMIT" and (lines := _regimens(tokens, index, text)):
            taken.add(lines)
            found.append(Token("LINES_ARE", Lines(token.value), token.start, token.end))
            continue
        if (
            token.type == "LIMIT"
            and after is not None
            and after.type in _COUNTED
            and all(kind != "ANALYTE" for kind, _ in after.others)
            and (before is None or before.type not in _HAVE_LEVELS)
            and isinstance(token.value, Bounds)
            and _bare(token.value)
        ):
            bounds = token.value
            low = bounds.low
            if low is not None and low.value == 1 and bounds.high is None and bounds.low_inclusive:
                continue
            given = before is not None and (before.type in _GIVEN or before.said == "on")
            drugs = (
                given and not bounds.exact and _of_a_class(tokens[index + 1 :], text, more_than_one=_beyond_one(bounds))
            )
            if drugs and found[-1].said == "on":
                found[-1] = Token("USE", "on", found[-1].start, found[-1].end)
            if drugs or (not bounds.exact and _counts(tokens[index + 1 :])):
                token = Token("COUNT", bounds, token.start, token.end)
        found.append(token)
    return found


_MOST_BETWEEN: Final = 4


def cleared(tokens: list[Token], text: str) -> list[Token]:
    """ "No evidence of disease for 5 years", in an exception "in remission for 5 years": disease-free for that time."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        end = _clear(tokens, index, text)
        if end > index:
            found.append(Token("CLEAR", "", tokens[index].start, tokens[end - 1].end))
            index = end
            continue
        found.append(tokens[index])
        index += 1
    return found


def _clear(tokens: Sequence[Token], index: int, text: str) -> int:
    """Where words end that say that a disease is not there; ``index`` where none do."""
    token = tokens[index]
    end = index + 1
    if token.type in ("NO", "WITHOUT"):
        while end < len(tokens) and tokens[end].type in ("QUALIFIER", "CURRENT", "FILLER", "PRESENCE"):
            end += 1
        if end >= len(tokens) or text[tokens[end].start : tokens[end].end].lower() not in _DISEASE:
            return index
        end += 1
    elif not (token.type == "QUALIFIER" and "remission" in text[token.start : token.end].lower()):
        return index
    elif not any(t.type in ("UNLESS", "EXCEPT", "IF") for t in tokens[:index]):
        return index  # a disease in remission may still be on record as one
    return end if _for_time(tokens, end - 1) else index


def denials_apart(tokens: list[Token], text: str) -> list[Token]:
    """ "Without metastasis or lymph node involvement" denies both, though "without metastasis" is an attribute, too."""
    for index, (token, after) in enumerate(pairwise(tokens)):
        if token.type != "QUALIFIER" or after.type not in ("OR", "NOR", "ANDOR"):
            continue
        denial, _, rest = text[token.start : token.end].lower().partition(" ")
        named = vocabulary().find(rest, "condition") if denial in ("without", "no") else None
        if named is not None:
            start = token.end - len(rest)
            apart = [
                Token("WITHOUT" if denial == "without" else "NO", denial, token.start, token.start + len(denial)),
                Token("CONDITION", named, start, token.end),
            ]
            return [*tokens[:index], *apart, *denials_apart(tokens[index + 1 :], text)]
        if denial == "not" and (neither := _neither(tokens[index + 2 : index + 4])) is not None:
            return [*tokens[: index + 1], neither, *denials_apart(tokens[index + 3 :], text)]
    return tokens


def _neither(behind: Sequence[Token]) -> Token | None:
    """The second attribute of "that is not stable or controlled", denied as the first is; None where it is none."""
    token = behind[0] if behind else None
    if token is None or not isinstance(token.value, Qualifier) or token.value.name not in _WELL:
        return None
    if len(behind) > 1 and behind[1].type in _NAMED_BEHIND:
        return None  # "not resected or stable disease"
    said = f"not {token.value.name}"
    return Token("QUALIFIER", qualifiers().find(said) or Qualifier(said, token.value.axis), token.start, token.end)


_WELL: Final = frozenset(("stable", "controlled", "treated", "adequately treated", "resolved"))
_NAMED_BEHIND: Final = frozenset("CONDITION TREATMENT WORD QUALIFIER".split())


def predicates_apart(tokens: list[Token], text: str) -> list[Token]:
    """ "Women who are or plan to become pregnant": who are pregnant, or plan to become pregnant."""
    if not any(token.type in _OF_MOTHERS for token in tokens):
        return tokens
    for index, token in enumerate(tokens[:-2]):
        said = _IS_SAID.search(text, token.start, token.end) if token.type in ("IS", "NOT") else None
        if said is None:
            continue
        apart = token.type == "IS" and tokens[index + 1].type == "NOT"
        joint = _past(tokens, index + 1 + apart, "COMMA")
        end = joint + 1
        while end < len(tokens) and (tokens[end].type in _BEFORE_PREDICATE or tokens[end].said == "become"):
            end += 1
        if joint < end < len(tokens) and tokens[joint].type in _JOINS and tokens[end].type in _OF_MOTHERS:
            shared = Token(tokens[end].type, tokens[end].value, token.start, token.end)
            if apart or token.type == "NOT":  # "are not": what is denied stands where the "not" does
                at = tokens[index + 1].start if apart else said.start("not")
                shared = Token(shared.type, shared.value, at, tokens[index + apart].end)
                denial = [Token("NOT", "not", token.start, at)]
            else:
                denial = []
            rest = [t for t in tokens[joint:end] if t.type not in ("COMMA", "WORD")] + tokens[end:]
            return [*tokens[:index], *denial, shared, *rest]
    return tokens


_OF_MOTHERS: Final = frozenset(("PREGNANT", "BREASTFEEDING"))
_JOINS: Final = frozenset(("OR", "ANDOR", "AND"))
_BEFORE_PREDICATE: Final = ("IS", "NOT", "MAY", "INTENT", "PLANNED", "SUSPECTED", "COMMA", "THAT", "PERSON")
_IS_SAID: Final = re.compile(r"\b(?:is|are|am|be|being|currently)(?:\s+(?P<not>not))?$", re.IGNORECASE)


_DISEASE: Final = frozenset(
    "disease recurrence relapse malignancy cancer tumor tumour recurrent disease disease recurrence".split()
) | {"recurrent disease", "disease recurrence", "active disease", "residual disease"}


def plainly(tokens: Sequence[Token], text: str) -> list[Token]:
    """The tokens, with words that mean something beside a number alone as the words that they are elsewhere."""
    kinds = {token.type for token in tokens}
    if "CONDITION" in kinds and ({"QUALIFIER", "TO"} <= kinds or {"NOT", "RECOVERED"} <= kinds):
        tokens = _unresolved(tokens, text)
    if REPEATING.isdisjoint(kinds) and kinds.isdisjoint(_IN_PLACE):
        return list(tokens)
    found: list[Token] = []
    for index, token in enumerate(tokens):
        if (
            token.type in REPEATING
            and not (token.type in _TIMED and " " in token.said)
            and not _beside_number(tokens, index)
        ):
            kind, value = token.others[0] if token.others else ("WORD", " ".join(keys(str(token.value))))
            token = Token(kind, value, token.start, token.end, token.others[1:])
        if (
            (token.type == "RECOVERED" and not _to_grade(tokens, index))
            or (token.type == "CLEAR" and not _for_time(tokens, index))
            or (token.type in _TIMED and " " in str(token.value) and not _before_time(tokens, index))
        ):
            found += _word_by_word(token, text)
            continue
        found.append(token)
    return found


def _unresolved(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """The tokens, with what is left of a toxicity that has "not resolved to grade 1" as what recovery it lacks."""
    for index, (token, after) in enumerate(pairwise(tokens)):
        attribute = token.type == "QUALIFIER" and after.type == "TO" and _NOT_RESOLVED.match(text, token.start)
        denied = token.type == "NOT" and after.type == "RECOVERED" and not _begins_clause(tokens[:index])
        if (attribute or denied) and _grade_behind(tokens, index + 1):
            left = Token("RECOVERED", UNRESOLVED, token.start, after.end)
            return [*tokens[:index], left, *tokens[index + 2 :]]
    return tokens


def _begins_clause(before: Sequence[Token]) -> bool:
    """Whether a clause of its own begins behind these: "..., or has not recovered from it"."""
    bare = [token.type for token in before if token.type not in ("IS", "THAT", "FILLER")]
    return not bare or bare[-1] in ("PERSON", "OR", "AND", "ANDOR", "COMMA", "SEMI", "COLON")


UNRESOLVED: Final = "not resolved to"
_NOT_RESOLVED: Final = re.compile(
    r"(?:(?:has|have|had)\s+)?not\s+(?:yet\s+|fully\s+|been\s+)*(?:resolv|recover)", re.IGNORECASE
)
_TIMED: Final = frozenset(("OCCURRED", "BEGUN", "ENDED"))
_BEFORE_CLEAR: Final = frozenset("FILLER PERSON IS THAT OF".split())
_IN_PLACE: Final = frozenset(("RECOVERED", "CLEAR"))


def _for_time(tokens: Sequence[Token], index: int) -> bool:
    """Whether a length of time stands right behind, or before: "disease-free for at least 5 years"."""
    after = [t.type for t in tokens[index + 1 : index + 8] if t.type != "FILLER"]
    if not any(t.type not in _BEFORE_CLEAR for t in tokens[:index]):
        return False
    if "TIMEUNIT" in after and after[0] in _OPENING_TIME | {"FOR_TIME", "FOR"}:
        return True
    before = [t.type for t in tokens[:index] if t.type not in ("FILLER", "OF")]
    return before[-1:] == ["TIMEUNIT"]


def _to_grade(tokens: Sequence[Token], index: int) -> bool:
    """Whether a grade follows, and what stands before is a disease that nothing denies it of."""
    if index and tokens[index - 1].type in ("NOT", "NO", "NEVER", "MUST_NOT"):
        return False
    return _grade_behind(tokens, index)


def _grade_behind(tokens: Sequence[Token], index: int) -> bool:
    """Whether a grade follows, and a disease stands before."""
    after = next((t for t in tokens[index + 1 :] if t.type not in _BEFORE_GRADE), None)
    graded = after is not None and (after.type == "GRADE" or any(kind == "GRADE" for kind, _ in after.others))
    return graded and any(t.type == "CONDITION" for t in tokens[:index])


_BEFORE_GRADE: Final = frozenset("GE GT LE LT EQ FILLER OF".split())


def _word_by_word(token: Token, text: str) -> list[Token]:
    found: list[Token] = []
    for word in re.finditer(r"\S+", text[token.start : token.end]):
        for part in tokenize(word[0]):
            start = token.start + word.start()
            found.append(Token(part.type, part.value, start + part.start, start + part.end, part.others))
    return found


def _beside_number(tokens: Sequence[Token], index: int) -> bool:
    before = [t.type for t in tokens[max(0, index - 4) : index]]
    match tokens[index].type:
        case "OCCASION" | "SERIAL":
            return before[-1:] in (["NUMBER"], ["OR_MORE"])
        case "APART":
            return before[-1:] == ["TIMEUNIT"]
        case "OCCURRED" | "BEGUN" | "ENDED":
            return _before_time(tokens, index)
        case "SPACED":
            return any(t.type == "TIMEUNIT" for t in tokens[index + 1 : index + 5])
        case _:
            return not {"NUMBER", "UNIT", "ULN", "LLN"}.isdisjoint(before)


def _before_time(tokens: Sequence[Token], index: int) -> bool:
    """Whether a length of time follows, and the word is no verb of what stands behind: "received within 4 weeks X"."""
    after = [t.type for t in tokens[index + 1 : index + 8] if t.type != "FILLER"]
    if not after or after[0] not in _OPENING_TIME or "TIMEUNIT" not in after:
        return False
    before = next((t for t in reversed(tokens[:index]) if t.type != "FILLER"), None)
    if before is None:
        return False
    if any(kind == "USE" for kind, _ in tokens[index].others):
        return before.type in _BEHIND_NAME or before.said in ("was", "were", "been", "have been", "has been", "be")
    return before.type not in _NO_NAME


_OPENING_TIME: Final = frozenset("WITHIN NUMBER LAST GE GT LE LT LPAR BEFORE FROM".split())
_BEHIND_NAME: Final = frozenset("RPAR SITE WORD TAIL UNLESS EXCEPT IF".split())
_NO_NAME: Final = frozenset(("PERSON", "NO", "NOT"))


def _repeatedly(tokens: Sequence[Token], index: int, text: str) -> tuple[Token, int] | None:
    """ "Two consecutive PSA values > 0.2 ng/mL": how many results, and where what is measured begins."""
    serial = index + 1 < len(tokens) and tokens[index + 1].type == "SERIAL"
    if not serial and text[tokens[index].start : tokens[index].end].isdigit():
        return None  # "2 ECOG score 0 to 1": of a bullet
    named = at = index + 1 + serial
    while at < len(tokens) and tokens[at].type == "QUALIFIER":
        at += 1
    kinds = [t.type for t in tokens[at : at + 2 + _MOST_BETWEEN]]
    if kinds[:1] != ["ANALYTE"] or not (serial or kinds[1:2] == ["TEST_WORD"]) or "LIMIT" not in kinds:
        return None
    try:
        count = how_often(tokens[index].value)
    except Refused:
        return None
    return Token("REPEATS", Repeats(count), tokens[index].start, tokens[named - 1].end), named


def _regimens(tokens: Sequence[Token], index: int, text: str) -> int:
    """Where the word is that makes a number one of lines: "at least 2 endocrine therapy regimens"; 0 for none."""
    at = index + 1
    while at < len(tokens) and tokens[at].type in ("PRIOR", "CURRENT", "QUALIFIER", "LAST", "USE"):
        at += 1
    kinds = [t.type for t in tokens[at : at + 2]]
    bounds = tokens[index].value
    if not isinstance(bounds, Bounds) or not _bare(bounds) or kinds[:1] != ["TREATMENT"]:
        return 0
    earlier = any(t.type in ("PRIOR", "LAST") for t in tokens[index + 1 : at])
    if earlier and text[tokens[at].start : tokens[at].end].lower().endswith("therapies"):
        return at  # "two prior chemotherapies"
    return at + 1 if kinds == ["TREATMENT", "LINES"] else 0


def _counts(following: Sequence[Token]) -> bool:
    """Whether a number before these tokens counts conditions: "> 3 hepatic metastases"."""
    after = next((t.type for t in following if t.type != "QUALIFIER"), "")
    return after == "CONDITION" or following[0].type == "PRESENCE"


_GIVEN: Final = frozenset("USE PROGRESSED REFRACTORY_TO INTOLERANT CURRENT".split())


def with_results(tokens: list[Token]) -> list[Token]:
    """ "Positive A with negative B": the "with" ties two results together, where it would else be silent."""
    kinds = [token.type for token in tokens]
    if "ANALYTE" not in kinds or not any(t.type == "IS" and t.said in _WITH for t in tokens):
        return tokens
    found = list(tokens)
    for index in range(1, len(tokens) - 2):
        token = tokens[index]
        result = kinds[index + 1] in _RESULT and kinds[index + 2] == "ANALYTE"
        if token.type == "IS" and token.said in _WITH and result and _tells_result(kinds, index):
            found[index] = Token("DUE_TO", WITH_RESULT, token.start, token.end)
    return found


WITH_RESULT: Final = "with a result"
_WITH: Final = frozenset(("with", "with a", "with an"))
_RESULT: Final = frozenset(("POSITIVE", "NEGATIVE"))
_TEST_OR_RESULT: Final = _RESULT | {"ANALYTE"}


def _tells_result(kinds: Sequence[str], end: int) -> bool:
    """Whether a disease, or a test with its result, stands right before it."""
    before = [kind for kind in kinds[max(0, end - 6) : end] if kind not in ("FILLER", "TEST_WORD")]
    if before and before[-1] == "RPAR":
        before = before[: len(before) - 1 - before[::-1].index("LPAR")] if "LPAR" in before else []
    if not before:
        return False
    return before[-1] == "CONDITION" or (
        before[-1] in _TEST_OR_RESULT and "ANALYTE" in before[-2:] and not _RESULT.isdisjoint(before[-3:])
    )


def in_settings(tokens: list[Token], text: str) -> list[Token]:
    """ "Given in the neoadjuvant, adjuvant or metastatic setting": in one of them, as one attribute."""
    if "setting" not in text.lower() or not any(_is_setting(token) for token in tokens):
        return tokens
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if not _is_setting(token):
            found.append(token)
            index += 1
            continue
        end = index + 1
        while (after := _next_setting(tokens, end)) > end:
            end = after
        if text[token.start : tokens[end - 1].end].lower().endswith(("setting", "settings")):
            names = {t.value.name for t in tokens[index:end] if isinstance(t.value, Qualifier)}
            both = _setting_of(frozenset(names)) if len(names) > 1 else token.value
            if both is not None:
                before = _AROUND_SETTINGS if len(names) > 1 else _GIVEN_IN
                while found and found[-1].said in before and not (len(found) > 1 and found[-2].said in _WAS):
                    token = found.pop()
                token = Token("QUALIFIER", both, token.start, tokens[end - 1].end)
                index = end - 1
        found.append(token)
        index += 1
    return found


_GIVEN_IN: Final = frozenset(("given", "received", "administered", "used"))
_WAS: Final = frozenset(("was", "were"))  # what was given is past
_AROUND_SETTINGS: Final = _GIVEN_IN | {"in the", "in", "either", "the"}
_BETWEEN_SETTINGS: Final = frozenset("COMMA OR ANDOR SLASH FILLER".split())


def _is_setting(token: Token) -> bool:
    value = token.value
    return (
        token.type == "QUALIFIER"
        and isinstance(value, Qualifier)
        and (value.axis == "setting" or value.name == "locally advanced")
    )


def _next_setting(tokens: Sequence[Token], index: int) -> int:
    """Where one more setting ends behind what parts it from the one before; ``index`` where none stands there."""
    at = index
    while at < len(tokens) and tokens[at].type in _BETWEEN_SETTINGS:
        at += 1
    return at + 1 if index < at < len(tokens) and _is_setting(tokens[at]) else index


@cache
def _setting_of(names: frozenset[str]) -> Qualifier | None:
    """The attribute that says no more than that it was one of these settings."""
    return next((each for each in qualifiers() if each.any_of == names), None)


def either_alone(tokens: list[Token], text: str) -> list[Token]:
    """ "X alone or in combination with Y" as one tie between the two; "alone or in combination", which leaves it open,
    as nothing."""
    low = text.lower()
    if not any(hint in low for hint in ("combin", "together")):
        return tokens
    found: list[Token] = []
    for token in tokens:
        if found and token.start < found[-1].end:
            continue
        of_it = bool(found) and found[-1].type in _ALONE_BEHIND and token.type in _ALONE_IS
        both = _ALONE_OR_NOT.match(text, token.start) if of_it else None
        if both is None or not any(t.end == both.end() for t in tokens):
            found.append(token)
        elif both["tie"]:
            found.append(Token("DUE_TO", "alone or in combination with", both.start("alone"), both.end()))
        else:
            found.append(Token("FILLER", both.group().lower(), token.start, both.end()))
    return found


_ALONE_BEHIND: Final = frozenset("TREATMENT CLASS_WORD WORD COMMA LPAR RPAR QUALIFIER TAKEN FILLER".split())
_ALONE_IS: Final = frozenset("WORD QUALIFIER PREP AT_ANCHOR TAKEN EITHER USE FILLER WITHIN DUE_TO".split())
_ALONE_OR_NOT: Final = re.compile(
    r"(?:(?:given|administered|used)\s+)?(?:either\s+)?"
    r"(?:(?P<alone>alone|(?:(?:as|in)\s+)?(?:an?\s+)?(?:monotherapy|single[ -]agent))\s*(?:or|and/or)\s+"
    r"(?:in\s+combination|combined|together)(?!\s+of\b)"
    r"(?:\s+with\s+(?:any\s+)?other\s+(?:[\w-]+\s+)?(?:agents?|drugs?|therap(?:y|ies)|treatments?|medications?)"
    r"|(?P<tie>\s+with))?"
    r"|together\s+or\s+separately|separately\s+or\s+together)\b",
    re.IGNORECASE,
)


def stopped(tokens: list[Token], text: str) -> list[Token]:
    """ "A statin that was discontinued because of toxicity": how the treatment before it ended, as one token."""
    low = text.lower()
    if not any(verb in low for verb in _STOPPING):
        return tokens
    found: list[Token] = []
    for token in tokens:
        if found and token.start < found[-1].end and found[-1].type == "STOPPED":
            continue
        one = bool(found) and found[-1].type in _STOPPED_IS and _LISTS.isdisjoint([t.type for t in found[-4:-1]])
        why = _STOPPED.match(text, token.start) if one else None  # of several, whether all of them were is open
        ends = why is not None and any(t.end == why.end() for t in tokens)
        found.append(
            Token("STOPPED", why.group().lower(), token.start, why.end()) if why is not None and ends else token
        )
    return found


_STOPPING: Final = ("discontinued", "stopped", "withdrawn", "terminated")
_LISTS: Final = frozenset("OR AND ANDOR SLASH COMMA".split())
_STOPPED_IS: Final = frozenset(("TREATMENT", "CLASS_WORD", "RPAR", "WORD"))
_WHY_STOPPED: Final = (
    r"(?:(?:an?|the|any|its|their|unacceptable|intolerable|(?:drug|treatment|immune)-related|patient)\s+)*"
    r"(?:toxicit(?:y|ies)|intolerance|intolerability|tolerance(?:\s+problems?)?|(?:adverse|side)\s+(?:event|effect|reaction)s?"
    r"|(?:ir)?AEs?|(?:safety|tolerability)(?:\s+(?:reason|concern|issue|problem)s?)?|(?:lack|loss)\s+of\s+(?:efficacy|response)"
    r"|(?:inadequate|insufficient)\s+response|inefficacy|(?:disease\s+)?progression)"
)
_STOPPED: Final = re.compile(
    r"(?:(?:that|which)\s+)?(?:(?:was|were|has\s+been|have\s+been|had\s+been)\s+)?(?:permanently\s+|prematurely\s+)?"
    r"(?:discontinued|stopped|withdrawn|terminated)\s+(?:due\s+to|because\s+of|for|owing\s+to|as\s+a\s+result\s+of)\s+"
    rf"{_WHY_STOPPED}(?:\s*(?:,|/|and/or|,?\s*or)\s*{_WHY_STOPPED})*\b(?!\s*(?:,\s*)?(?:or|and|of|from|with|grade|that)\b)",
    re.IGNORECASE,
)


def _beyond_one(bounds: Bounds) -> bool:
    """Whether it is "more than one", behind which a name stands in the singular."""
    return bounds.low is not None and bounds.low.value == 1 and not bounds.low_inclusive and bounds.high is None


def _of_a_class(following: Sequence[Token], text: str, *, more_than_one: bool) -> bool:
    """Whether a number before these tokens counts drugs of a class: "more than 2 antihypertensive agents"."""
    named = next((t for t in following if t.type not in ("QUALIFIER", "PRIOR", "LAST", "CURRENT", "OTHER")), None)
    if named is None or named.type != "TREATMENT" or not isinstance(named.value, Entry):
        return False
    said = text[named.start : named.end].lower()
    several = said.endswith("s") or more_than_one
    return named.value.facts.get("type") == "class" and several and not said.endswith(_COURSES)


_COURSES: Final = (
    "therapy",
    "treatment",
    "regimen",
    "infusion",
    "injection",
    "transfusion",
    "dose",
    "steroid",
    "therapies",
    "treatments",
    "regimens",
    "infusions",
    "injections",
    "transfusions",
    "doses",
    "steroids",
)
_EITHER: Final = frozenset("OR ANDOR SLASH".split())


def windows_together(tokens: Sequence[Token], *, exclusion: bool) -> list[Token]:
    """ "During the study or within 3 weeks before it": either; what excludes at either time may say "and"."""
    if [token.type for token in tokens].count("WINDOW") < 2:
        return list(tokens)
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        ahead = tokens[index + 1 : index + 3]
        joints = _EITHER | {"AND"} if exclusion else _EITHER
        if (
            token.type == "WINDOW"
            and (before := _before_joint(found, joints, planned=token.value.planned)) is not None
            and not (ahead and ahead[0].type in _NAMED)
        ):
            first, second = found[before].value, token.value
            start = found[before].start
            del found[before:]
            both = (*(first.either or (first,)), second)
            windows = tuple(w for read in both for w in read.windows)
            token = Token("WINDOW", WindowRead(windows, either=both), start, token.end)
        found.append(token)
        index += 1
    return found


_WHICHEVER: Final = {"WHICHEVER_LONGER": True, "WHICHEVER_SHORTER": False}
_HALF_LIVES: Final = "half-lives"
_OWNING: Final = frozenset("TREATMENT WORD WEAK_ANCHOR TAIL FILLER OTHER PRIOR THAT".split())
_OWNING_GOES_ON: Final = frozenset("CONDITION ANALYTE QUALIFIER USE HISTORY".split())


def either_window(tokens: Sequence[Token]) -> list[Token]:
    """ "Within 30 days before screening or 5 half-lives of the drug, whichever is longer" as one window."""
    kinds = {token.type for token in tokens}
    if "WINDOW" not in kinds or not (kinds & _WHICHEVER.keys() or _in_half_lives(tokens)):
        return list(tokens)
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        read = _either_window(tokens, index) if tokens[index].type == "WINDOW" else None
        if read is None:
            found.append(tokens[index])
            index += 1
            continue
        window, end = read
        found.append(Token("WINDOW", window, tokens[index].start, tokens[end - 1].end))
        index = end
    return found


def _in_half_lives(tokens: Sequence[Token]) -> bool:
    return any((length := _length(token)) is not None and length.unit == _HALF_LIVES for token in tokens)


def _length(token: Token) -> Duration | None:
    """How long a window is, or a bare length of time."""
    value = token.value
    if token.type == "WINDOW" and isinstance(value, WindowRead) and len(value.windows) == 1:
        return value.windows[0].start
    if token.type == "TIME_LIMIT" and isinstance(value, Bounds) and value.exact and value.high and value.high.time:
        return Duration(value=value.high.value, unit=value.high.unit)  # type: ignore[arg-type]
    return None


def _either_window(tokens: Sequence[Token], index: int) -> tuple[WindowRead, int] | None:
    """The window that begins at ``index``, and where what belongs to it ends; None where it has no alternative."""
    first = tokens[index].value
    near = _length(tokens[index])
    at = _past(tokens, index + 1, "COMMA", "LPAR")
    opened = any(t.type == "LPAR" for t in tokens[index + 1 : at])
    if near is None or near.value <= 0 or at + 1 >= len(tokens) or tokens[at].type != "OR":
        return None
    far = _length(tokens[at + 1])
    if far is None or far.value <= 0 or (far.unit == _HALF_LIVES) == (near.unit == _HALF_LIVES):
        return None
    other = tokens[at + 1].value
    at += 2
    owner = _past(tokens, at, "OF", *_OWNING)
    if owner > at + 1 and (owner == len(tokens) or tokens[owner].type not in _OWNING_GOES_ON):
        at = owner  # "5 half-lives of the drug"
    anchor = tokens[at + 1] if at + 1 < len(tokens) and tokens[at].type == "OF" else None
    if anchor is not None and anchor.type == "ANCHOR":
        first = replace(first, windows=(first.windows[0].model_copy(update={"anchor": str(anchor.value)}),))
        at += 2
    said = _past(tokens, at, "COMMA", "LPAR")
    longer = True
    if said < len(tokens) and tokens[said].type in _WHICHEVER:
        opened = opened or any(t.type == "LPAR" for t in tokens[at:said])
        longer, at = _WHICHEVER[tokens[said].type], said + 1
    if opened:
        at = _past(tokens, at, "RPAR")
    window: Window = first.windows[0]
    if isinstance(other, WindowRead) and window.reaches_ahead and not other.windows[0].reaches_ahead:
        window = _as_long(other.windows[0], near)  # "within 4 weeks or 5 half-lives before enrollment"
    behind = _past(tokens, at, "COMMA")
    point = tokens[behind].value if behind < len(tokens) and tokens[behind].type == "WINDOW" else None
    if isinstance(point, WindowRead) and len(point.windows) == 1 and point.windows[0].start is None:
        last = point.windows[0]
        if last.end is not None and not last.end.value:  # "..., prior to the first dose"
            window = window.model_copy(update={"end": last.end, "end_inclusive": True, "anchor": last.anchor})
            at = behind + 1
    said = _past(tokens, at, "COMMA")
    if said < len(tokens) and tokens[said].type in _WHICHEVER:  # "5 half-lives of the drug before screening, whichever"
        longer, at = _WHICHEVER[tokens[said].type], said + 1
    return WindowRead((window, _as_long(window, far)), longer=longer), at


def _past(tokens: Sequence[Token], at: int, *types: str) -> int:
    while at < len(tokens) and tokens[at].type in types:
        at += 1
    return at


def _as_long(window: Window, length: Duration) -> Window:
    """The same window over another length of time."""
    both = window.end is not None and window.end.value < 0
    end = Duration(value=-length.value, unit=length.unit) if both else window.end
    return window.model_copy(update={"start": length, "end": end})


_NAMED: Final = frozenset(  # "or in the last year a stroke"
    "CONDITION TREATMENT QUALIFIER PRIOR USE HISTORY WORD".split()
)


_OF_THE_SAME: Final = frozenset("use administration receipt participation intake application dosing".split())


def _before_joint(found: Sequence[Token], joints: frozenset[str], *, planned: bool) -> int | None:
    """Where the window stands, behind what it is said of, that a connective joins to the next one."""
    at = len(found) - 1
    if planned and at > 0 and str(found[at].value) in _OF_THE_SAME and found[at - 1].type == "PLANNED":
        at -= 1  # "within 4 weeks or planned use during the study"
    if planned and at >= 0 and found[at].type == "PLANNED":
        at -= 1  # "within 4 weeks or planned during the study"
    if at < 0 or found[at].type not in joints:
        return None
    at -= 1
    if at >= 0 and found[at].type == "COMMA":
        at -= 1
    return at if at > 0 and found[at].type == "WINDOW" else None


def _bare(bounds: Bounds) -> bool:
    return (
        not bounds.members
        and not bounds.either
        and all(q.unit is None and q.of == "value" and not q.age for q in bounds.quantities)
    )


_SEXES: Final = frozenset(("MALE", "FEMALE"))
_OF_SEX: Final = frozenset("FOR FOR_TIME WITHIN PREP IF COLON DASH COMMA OF IS".split())
_APART: Final = frozenset("COMMA AND OR SEMI SLASH ANDOR".split())
_BEFORE_LIMIT: Final = frozenset("COLON IS DASH OF MUST COMMA TEST_WORD".split())


def by_sex(tokens: Sequence[Token]) -> list[Token]:
    """A limit for men with another one for women, as one: "> 450 ms in men or > 470 ms in women".

    "> 470 ms (450 ms for men)" has the limit of all others first, "male >= 13 g/dL, female >= 12 g/dL" the sexes.
    """
    kinds = [token.type for token in tokens]
    if "LIMIT" not in kinds or _SEXES.isdisjoint(kinds):
        return list(tokens)
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        read = _two_sexes(tokens, index, found)
        if read is None:
            found.append(tokens[index])
            index += 1
            continue
        found.append(read[0])
        index = read[1]
    return found


def _two_sexes(tokens: Sequence[Token], index: int, before: Sequence[Token]) -> tuple[Token, int] | None:
    start, named = index, _named_before(before)
    if tokens[index].type == "LPAR" and named:
        index += 1
    first = _sex_limit(tokens, index) or (_limit_of_sex(tokens, index) if named else None)
    if first is None and tokens[index].type == "LIMIT" and _at(tokens, index + 1) == "LPAR":
        first = (None, tokens[index], index + 1)  # "> 470 ms (450 ms for men)"
    if first is None:
        return None
    sex, limit, at = first
    at = _apart(tokens, at, named)
    second = _sex_limit(tokens, at) or _limit_of_sex(tokens, at)
    if second is None or second[0] == sex or at == first[2]:
        return None
    other, limit_of_other, end = second
    opened = sum((t.type == "LPAR") - (t.type == "RPAR") for t in tokens[start:end])
    if opened == 1 and _at(tokens, end) == "RPAR":
        end, opened = end + 1, 0
    bounds = _alike(limit.value, limit_of_other.value)
    if opened or bounds is None:
        return None
    men, women = bounds if other == "FEMALE" else reversed(bounds)
    return Token("SEX_LIMIT", replace(men, women=women), tokens[start].start, tokens[end - 1].end), end


def _at(tokens: Sequence[Token], index: int) -> str:
    return tokens[index].type if index < len(tokens) else ""


def _apart(tokens: Sequence[Token], at: int, named: Token | None) -> int:
    """Where the second of two limits begins; the analyte may be named again before it."""
    while _at(tokens, at) in _APART or (_at(tokens, at) == "LPAR" and _at(tokens, at + 1) == "LIMIT"):
        at += 1
    if named is not None and _at(tokens, at) == "ANALYTE" and tokens[at].value is named.value:
        at += 1
        while _at(tokens, at) in _BEFORE_LIMIT:
            at += 1
    return at


def _named_before(found: Sequence[Token]) -> Token | None:
    """The analyte of which what comes next is the limit."""
    at = len(found) - 1
    while at >= 0 and found[at].type in _BEFORE_LIMIT:
        at -= 1
    return found[at] if at >= 0 and found[at].type == "ANALYTE" else None


_Limited = tuple[str | None, Token, int]


def _sex_limit(tokens: Sequence[Token], index: int) -> _Limited | None:
    """ "> 450 ms in men", "> 450 ms (men)": whose limit, which, and where it ends."""
    if _at(tokens, index) != "LIMIT":
        return None
    at = index + 1
    bracket = _at(tokens, at) == "LPAR"
    at += bracket
    if _at(tokens, at) in _OF_SEX:
        at += 1
    elif not bracket and _at(tokens, at) not in _SEXES:
        return None
    sex = _at(tokens, at)
    if sex not in _SEXES:
        return None
    at += 1
    if _at(tokens, at) == "PERSON":
        at += 1
    if bracket:
        if _at(tokens, at) != "RPAR":
            return None
        at += 1
    return sex, tokens[index], at


def _limit_of_sex(tokens: Sequence[Token], index: int) -> _Limited | None:
    """ "Men > 450 ms", "for males: > 450 ms"."""
    at = index + (_at(tokens, index) in _OF_SEX)
    sex = _at(tokens, at)
    if sex not in _SEXES:
        return None
    at += 1
    while _at(tokens, at) in ("PERSON", "COLON", "DASH", "COMMA", "IS", "MUST"):
        at += 1
    return (sex, tokens[at], at + 1) if _at(tokens, at) == "LIMIT" else None


def _alike(first: Bounds, second: Bounds) -> tuple[Bounds, Bounds] | None:
    """Two limits of one analyte: the comparison, or the unit, that one of them leaves out is that of the other."""
    if any(each.time or each.age or each.members or each.second for each in (first, second)):
        return None
    first, second = compared_as(first, second), compared_as(second, first)
    if (first.low is None, first.high is None) != (second.low is None, second.high is None):
        return None
    units = {q.unit for q in first.quantities + second.quantities if q.unit}
    if len(units) > 1 or {q.of for q in first.quantities} != {q.of for q in second.quantities}:
        return None
    unit = units.pop() if units else None
    return _with_unit(first, unit), _with_unit(second, unit)


def compared_as(bare: Bounds, other: Bounds) -> Bounds:
    """A bare number with the comparison that stands at another one."""
    if not bare.exact or bare.low != bare.high or other.exact:
        return bare
    low = bare.low if other.low is not None else None
    high = bare.high if other.high is not None else None
    if low is not None and high is not None:
        return bare
    return replace(other, low=low, high=high)


def _with_unit(bounds: Bounds, unit: str | None) -> Bounds:
    low, high = (q if q is None or q.of != "value" else replace(q, unit=unit) for q in (bounds.low, bounds.high))
    return replace(bounds, low=low, high=high)


_NAMED_LINES: Final = frozenset("OF TREATMENT WORD USE".split())
_THERAPY: Final = (("chemotherap", "cytotoxic chemotherapy"), ("", "systemic therapy"))
_BY_UNIT: Final = {
    "{pack-years}": "smoking history",
    "{cigarettes}/d": "cigarettes per day",
    "{drinks}/wk": "alcohol consumption",
    "{drinks}/d": "alcohol consumption",
}
_LIMITS: Final = frozenset(("LIMIT", "SEX_LIMIT", "EITHER_LIMIT"))
_IMPLYING: Final = _LIMITS | {"LINES_ARE"}


def _named(token: Token) -> str:
    return str(token.value.name if isinstance(token.value, Entry) else token.value)


def of_red_cells(tokens: list[Token], text: str) -> list[Token]:
    """ "Hemoglobin >= 9 g/dL without transfusion": what raises it, a transfusion of red cells."""
    measured = {token.value.name for token in tokens if token.type == "ANALYTE" and isinstance(token.value, Entry)}
    cells = vocabulary().entry("treatment", _RED_CELLS) if measured == {"hemoglobin"} else None
    if cells is None:
        return tokens
    return [
        Token("TREATMENT", cells, token.start, token.end)
        if token.type == "TREATMENT"
        and token.value.name == "transfusion"
        and "product" not in text[token.start : token.end]
        else token
        for token in tokens
    ]


_RED_CELLS: Final = "red blood cell transfusion"


def _is_total(bounds: object) -> bool:
    """Whether it is a sum that only grows, without a comparison: "a 30 pack-year history" is one of so much or more."""
    if not isinstance(bounds, Bounds) or not bounds.exact or bounds.low is None or bounds.members:
        return False
    return bounds.low == bounds.high and bounds.low.unit == "{pack-years}"


def _since_menopause(tokens: Sequence[Token]) -> list[Token]:
    """ "(At least) 1 year postmenopausal": for so long."""
    found: list[Token] = []
    for token in tokens:
        length = found[-1].value if found and found[-1].type == "TIME_LIMIT" else None
        if token.type == "NOT_CHILDBEARING" and token.said.startswith("post") and isinstance(length, Bounds):
            least = replace(length, high=None, exact=False) if length.exact else length
            if least.high is None and least.low is not None and not (least.age or least.members or least.either):
                since = found.pop()
                token = Token(token.type, token.value, since.start, token.end, token.others)
                found += [token, Token("LASTING", lasting_for(least), token.end, token.end)]
                continue
        found.append(token)
    return found


def _tested_for_pregnancy(tokens: Sequence[Token]) -> list[Token]:
    """ "(Must) test negative for pregnancy": the test, not the pregnancy."""
    found = list(tokens)
    for index, (token, after) in enumerate(pairwise(tokens)):
        if token.type in ("NEGATIVE", "POSITIVE") and token.said.endswith(" for") and after.type == "PREGNANT":
            found[index + 1] = Token(
                "ANALYTE", vocabulary().entry("measurement", "pregnancy test"), after.start, after.end
            )
    return found


def _of_heart_failure(tokens: Sequence[Token]) -> list[Token]:
    """ "Class III or IV heart failure": that of the heart association, which is the only one that has classes."""
    found = list(tokens)
    for index, token in enumerate(found[:-2]):
        limit, name = found[index + 1 : index + 3]
        if not any(kind == "CLASS_WORD" for kind, _ in token.others) or limit.type != "LIMIT":
            continue
        entry = name.value if name.type == "CONDITION" else None
        before = found[index - 1].type if index else ""
        if isinstance(entry, Entry) and before not in ("ANALYTE", "RPAR", "WORD") and _fails(entry.name):
            found[index] = Token("ANALYTE", vocabulary().entry("measurement", "NYHA class"), token.start, token.end)
    return found


def _fails(name: str) -> bool:
    return vocabulary().is_a("condition", name, "heart failure")


def implied(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with what is limited, where the words for its unit name it: "> 10 pack-years", "2 prior lines"."""
    if any(token.type == "NOT_CHILDBEARING" for token in tokens):
        tokens = _since_menopause(tokens)
    if any(token.type == "PREGNANT" for token in tokens):
        tokens = _tested_for_pregnancy(tokens)
    if any(token.said == "class" for token in tokens):
        tokens = _of_heart_failure(tokens)
    if _IMPLYING.isdisjoint([token.type for token in tokens]):
        return list(tokens)
    found: list[Token] = []
    for index, token in enumerate(tokens):
        entry: Entry | None = None
        if (
            token.type in _LIMITS
            and isinstance(token.value, Bounds)
            and all(t.type != "ANALYTE" for t in [*found[-3:], *tokens[index + 1 : index + 3]])
        ):
            units = {q.unit for q in token.value.quantities}
            name = _BY_UNIT.get(str(units.pop())) if len(units) == 1 else None
            entry = vocabulary().entry("measurement", name) if name else None
            if entry is not None:
                start = token.start
                if found and _named(found[-1]).startswith("alcohol"):
                    start = found.pop().start
                found.append(Token("ANALYTE", entry, start, token.start))
        if token.type == "LIMIT" and _is_total(token.value):
            token = Token("LIMIT", Bounds(low=token.value.low), token.start, token.end)
        found.append(token)
        if token.type == "LINES_ARE" and isinstance(token.value, Lines):
            after = next((t.type for t in tokens[index + 1 :] if t.type != "QUALIFIER"), "")
            if after in _NAMED_LINES:
                continue
            said = token.value.said
            entry = vocabulary().entry("treatment", next(name for word, name in _THERAPY if word in said))
            found.append(Token("TREATMENT", entry, token.end, token.end))
    return found
