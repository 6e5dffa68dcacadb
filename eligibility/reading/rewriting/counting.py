"""Numbers that count: episodes, lines of therapy, results, drugs of a class."""

from __future__ import annotations

import re
from typing import Final

from eligibility.knowledge.qualifiers import Qualifier
from eligibility.knowledge.vocabulary import ONE_DAY, Entry, texts, vocabulary
from eligibility.reading.grammar import Refused
from eligibility.reading.lexing.tokens import SENTENCE_ENDS, Token, kind_at
from eligibility.reading.quantities import Bounds, Lines, Repeats, how_often

__all__ = ["among_lines", "counted", "received_before"]


_COUNTED: Final = frozenset(
    "CONDITION TREATMENT QUALIFIER PRESENCE PRIOR LAST EXISTS USE CURRENT OTHER HISTORY SUSPECTED KNOWN".split()
)
_COUNTING: Final = frozenset(("LIMIT", "STAGE_IS"))
_HAVE_LEVELS: Final = frozenset("ANALYTE TEST_WORD AGE GRADE STAGE CLASS_WORD SIGN QUALIFIER".split())


_DISEASE: Final = frozenset(("disease", "diseases"))
_TUMORS: Final = frozenset("tumor tumors tumour tumours cancer cancers lesion lesions".split())
_ENDS: Final = SENTENCE_ENDS | {"AND", "OR", "COMMA", "ANDOR", "RPAR"}


def counted(tokens: list[Token], text: str) -> list[Token]:
    """How many episodes there must be, as such; "at least one" asks for no more than that there is one."""
    if _COUNTING.isdisjoint([token.type for token in tokens]):
        return list(tokens)
    tokens = _of_either_kind(tokens, text)
    found: list[Token] = []
    taken: set[int] = set()
    given = 0  # where begins what is given in courses
    for index, token in enumerate(tokens):
        if token.type == "LIMIT" and isinstance(token.value, Bounds) and (often := _repeatedly(tokens, index, text)):
            found.append(often[0])
            taken.update(range(index + 1, often[1]))
            continue
        if index < given or (index in taken and token.type in ("SERIAL", "LINES")):
            continue
        apart = not found or found[-1].type not in _BEFORE_OTHERS
        if token.type == "LIMIT" and apart and (course := _courses(tokens, index, text)) is not None:
            found += course[0]
            given = course[1]
            continue
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        before = found[-1] if found else None
        if token.said in _DISEASE and before is not None and before.type == "STAGE_IS":
            continue  # "stage IV disease" is stage IV
        staged = before is not None and before.type == "STAGE_IS" and (after is None or after.type in _ENDS)
        if staged and token.said in _TUMORS:
            continue  # "stage II tumors": those under study
        if token.type == "LIMIT" and (lines := _regimens(tokens, index, text)):
            taken.add(lines)
            found.append(Token("LINES_ARE", Lines(token.value), token.start, token.end))
            continue
        if token.type == "LIMIT" and after is not None and after.type == "WORD" and _one_of_them(token, before, text):
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
            if _is_any(bounds):
                continue
            drugs = _counts_drugs(before, bounds, tokens[index + 1 :], text)
            if drugs and found[-1].said == "on":
                found[-1] = Token("USE", "on", found[-1].start, found[-1].end)
            if drugs or _counts_more(bounds, tokens[index + 1 :]):
                token = Token("COUNT", bounds, token.start, token.end)
        found.append(token)
    return found


def _counts_drugs(before: Token | None, bounds: Bounds, following: list[Token], text: str) -> bool:
    """Whether a number behind the words for a use counts drugs of a class."""
    if before is None or bounds.exact:
        return False
    if before.type not in _GIVEN and before.said != "on":
        return False
    return _of_a_class(following, text, more_than_one=_beyond_one(bounds))


def _counts_more(bounds: Bounds, following: list[Token]) -> bool:
    """Whether a number counts diseases, or operations."""
    if bounds.exact:
        return False
    return _counts_conditions(following) or _counts_operations(following)


def _is_any(bounds: Bounds) -> bool:
    """Whether it is "at least one", which says no more than that there is one."""
    low = bounds.low
    return low is not None and low.value == 1 and bounds.high is None and bounds.low_inclusive


def _one_of_them(token: Token, before: Token | None, text: str) -> bool:
    """Whether it is "at least one", in words, of something that the vocabulary does not know."""
    if before is not None and before.type not in ("IS", "MUST", "PERSON", "USE", "COMMA", "AND", "OR"):
        return False
    bounds = token.value
    if _HOW_OFTEN.match(text, token.end):
        return False
    written = text[token.start : token.end].lower().endswith(" one")
    return written and isinstance(bounds, Bounds) and _bare(bounds) and _is_any(bounds)


_HOW_OFTEN: Final = re.compile(r"[^.;,]*\b(?:per|each|every|daily|weekly|monthly|yearly)\b", re.IGNORECASE)


def _courses(tokens: list[Token], index: int, text: str) -> tuple[list[Token], int] | None:
    """ "At least 2 (prior) cycles of chemotherapy": an attribute of what is given, "at least one" no more than that it
    is given; and where what is given begins. None where it may be none at all, or nothing is given."""
    token, said = tokens[index], _COURSES_OF.match(text, tokens[index].end)
    bounds = token.value
    if said is None or not isinstance(bounds, Bounds) or not _bare(bounds) or bounds.low is None or bounds.high:
        return None
    end = next((i for i in range(index + 1, len(tokens)) if tokens[i].start >= said.end()), len(tokens))
    given = next((t for t in tokens[end:] if t.type not in ("QUALIFIER", "PRIOR", "LAST", "OTHER", "USE")), None)
    if given is None or given.type != "TREATMENT" or any(t.end > said.end() for t in tokens[index + 1 : end]):
        return None
    found = [Token("USE", "use of", token.start, said.end())]
    if bounds.low.value > 1 or not bounds.low_inclusive:
        name = " ".join(f"{text[token.start : token.end]} {said['what']}".lower().split())
        found = [Token("QUALIFIER", Qualifier(name, "number of courses"), token.start, said.end())]
    if said["before"]:
        found.insert(0, Token("PRIOR", "prior", token.start, token.start))
    return found, end


_BEFORE_OTHERS: Final = frozenset("AFTER BEFORE SINCE FROM TO OF WORD".split())
_COURSES_OF: Final = re.compile(
    r"\s*(?P<before>(?:prior|previous)\s+)?(?P<what>(?:(?:full|complete|completed|consecutive|additional)\s+)?"
    r"(?:cycle|course|dose|injection|infusion|administration|round|session)s?)(?:\(s\))?\s+of\b",
    re.IGNORECASE,
)
_MOST_BETWEEN: Final = 4


def _repeatedly(tokens: list[Token], index: int, text: str) -> tuple[Token, int] | None:
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


def _regimens(tokens: list[Token], index: int, text: str) -> int:
    """Where the word is that makes a number one of lines: "at least 2 endocrine therapy regimens"; 0 for none."""
    at = index + 1
    while at < len(tokens) and tokens[at].type in ("PRIOR", "CURRENT", "QUALIFIER", "LAST", "USE"):
        at += 1
    kinds = [t.type for t in tokens[at : at + 2]]
    bounds = tokens[index].value
    if not isinstance(bounds, Bounds) or not _bare(bounds) or kinds[:1] != ["TREATMENT"]:
        return 0
    earlier = any(t.type in ("PRIOR", "LAST") for t in tokens[index + 1 : at])
    said = text[tokens[at].start : tokens[at].end].lower()
    if said.endswith("chemotherapies") or (earlier and said.endswith("therapies")):
        return at  # "two prior chemotherapies"
    if earlier and _one_at_most_or_more(bounds) and said.endswith("chemotherapy"):
        return at  # "no more than one prior chemotherapy"
    return at + 1 if kinds == ["TREATMENT", "LINES"] else 0


def _one_at_most_or_more(bounds: Bounds) -> bool:
    """Whether it is "at most one" or "more than one", behind which a name stands in the singular."""
    return _beyond_one(bounds) or (bounds.low is None and bounds.high is not None and bounds.high.value == 1)


def _counts_conditions(following: list[Token]) -> bool:
    """Whether a number before these tokens counts conditions: "> 3 hepatic metastases"."""
    at = next((i for i, t in enumerate(following) if t.type not in ("QUALIFIER", "PRIOR", "LAST")), 0)
    named, before = following[at], following[:at]
    if named.type == "CONDITION" and any(t.type != "QUALIFIER" for t in before):  # "more than 3 previous concussions"
        plain = at + 1 == len(following) or following[at + 1].type != "WORD"
        return plain and isinstance(named.value, Entry) and vocabulary().happens(named.value)
    return named.type == "CONDITION" or following[0].type == "PRESENCE" or _of_episodes(following[0])


def _of_episodes(token: Token) -> bool:
    return token.type == "HISTORY" and "episode" in str(token.value)


def _of_either_kind(tokens: list[Token], text: str) -> list[Token]:
    """ "No more than 1 prior autologous or allogeneic transplant" with the name of what is one or the other."""
    for at in range(len(tokens) - 3):
        if (
            tokens[at].type not in ("LIMIT", "PRIOR", "LAST")
            or [t.type for t in tokens[at + 1 : at + 4]] != _EITHER_KIND
        ):
            continue
        kind, named = tokens[at + 1], tokens[at + 3]
        if all(t.type != "LIMIT" for t in tokens[max(at - 1, 0) : at + 1]) or not isinstance(named.value, Entry):
            continue
        for name in named.value.is_a:
            whole = vocabulary().entry("treatment", name)
            parts = texts(whole.facts.get("consists_of")) if whole is not None else ()
            said = text[kind.start : kind.end].lower()
            if named.value.name in parts and any(part.startswith(f"{said} ") for part in parts):
                one = Token("TREATMENT", whole, kind.start, named.end)
                return [*tokens[: at + 1], one, *tokens[at + 4 :]]
    return tokens


_EITHER_KIND: Final = ["QUALIFIER", "OR", "TREATMENT"]


def _counts_operations(following: list[Token]) -> bool:
    """Whether a number before these tokens counts what is done in a day: "no more than 1 prior transplant"."""
    named = next((t for t in following if t.type not in ("PRIOR", "LAST")), None)
    if named is None or named.type != "TREATMENT" or not isinstance(named.value, Entry):
        return False
    return named.value.facts.get("type") in ONE_DAY and not named.value.facts.get("course")


_GIVEN: Final = frozenset("USE PROGRESSED REFRACTORY_TO INTOLERANT CURRENT".split())


def _beyond_one(bounds: Bounds) -> bool:
    """Whether it is "more than one", behind which a name stands in the singular."""
    low = bounds.low
    if low is None or low.value != 1 or bounds.low_inclusive:
        return False
    return bounds.high is None


def _of_a_class(following: list[Token], text: str, *, more_than_one: bool) -> bool:
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


def _bare(bounds: Bounds) -> bool:
    return (
        not bounds.members
        and not bounds.either
        and all(q.unit is None and q.of == "value" and not q.age for q in bounds.quantities)
    )


def received_before(tokens: list[Token]) -> list[Token]:
    """ "Relapsed lymphoma after at least two prior regimens", "after treatment with": of somebody who has received
    them."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        lines = index + 1 + (kind_at(tokens, index + 1) == "USE")
        if token.type == "AFTER" and _last_named(found) == "CONDITION" and kind_at(tokens, lines) == "LINES_ARE":
            found.append(Token("USE", "who have received", token.start, tokens[lines - 1].end))
            index = lines
            continue
        found.append(token)
        index += 1
    return found


def among_lines(tokens: list[Token], text: str) -> list[Token]:
    """ "At least two prior regimens that included rituximab": as "including rituximab"."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        end = tokens[index + 1].start if kind_at(tokens, index + 1) == "TREATMENT" else token.start
        counted_before = token.type == "THAT" and any(each.type == "LINES_ARE" for each in found)
        if counted_before and _INCLUDED.search(text, token.start, end):
            token = Token("INCLUDING", "including", token.start, end)
        found.append(token)
    return found


_INCLUDED: Final = re.compile(r"\b(?:includ|contain)\w+", re.IGNORECASE)


def _last_named(tokens: list[Token]) -> str:
    """The kind of the last token, what stands in parentheses left aside: "CLL (relapsed)"."""
    if not tokens or tokens[-1].type != "RPAR":
        return tokens[-1].type if tokens else ""
    opening = next((i for i in range(len(tokens) - 1, 0, -1) if tokens[i].type == "LPAR"), 0)
    return tokens[opening - 1].type if opening else ""
