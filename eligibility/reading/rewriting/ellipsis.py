"""What is said once and meant of two: "hypo- or hyperthyroidism", "who are or plan to become pregnant"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from eligibility.knowledge import words
from eligibility.knowledge.qualifiers import Qualifier, qualifiers
from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.lexing.tokens import CONNECTIVES, MOTHERHOOD, Token, kind_at, past

__all__ = [
    "CHANGES",
    "changes_as_one",
    "denials_apart",
    "first_words_shared",
    "formers_apart",
    "functions_named",
    "generations_named",
    "halves_named",
    "predicates_apart",
    "subject_told",
    "types_named",
    "with_heads",
]


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


def subject_told(tokens: list[Token], text: str) -> list[Token]:
    """ "Prior malignancy unless that malignancy was treated 5 years ago": what is said of it, without naming it again.

    Whoever has been treated for a disease has been diagnosed with it.
    """
    at = next((i for i, token in enumerate(tokens) if token.type == "UNLESS"), 0)
    named = [token.value.name for token in tokens[:at] if token.type == "CONDITION" and isinstance(token.value, Entry)]
    if not named:
        return tokens
    end = at + 1
    while end < len(tokens) and _is_subject(tokens[end], named[0]):
        end += 1
    if end > at + 1 and end < len(tokens) and tokens[end].type == "IS":
        end += 1
    elif end > at + 1 and not (end < len(tokens) and tokens[end].type == "USE" and "treated" in tokens[end].said):
        return tokens
    if [token.said for token in tokens[end : end + 2]] == ["diagnosed", "and"]:
        end += 2
    if end + 1 < len(tokens) and tokens[end].type == "USE" and tokens[end + 1].type == "QUALIFIER":
        said = _TREATED_SO.search(
            text[tokens[end].start : tokens[end + 1].end]
        )  # "has been treated with curative intent"
        whole = qualifiers().find(said[0]) if said is not None else None
        if whole is not None:
            so = Token("QUALIFIER", whole, tokens[end].start, tokens[end + 1].end)
            return [*tokens[: at + 1], so, *tokens[end + 2 :]]
    treated = end < len(tokens) and isinstance(tokens[end].value, Qualifier) and tokens[end].value.axis == "treatment"
    return [*tokens[: at + 1], *tokens[end:]] if treated else tokens


def _is_subject(token: Token, named: str) -> bool:
    """Whether it names again what is named before: "that prior malignancy", "the tumor", "it"."""
    again = token.type == "CONDITION" and isinstance(token.value, Entry) and token.value.name in (named, "malignancy")
    return again or token.said in _AGAIN or token.type in ("FILLER", "THAT")


_AGAIN: Final = frozenset(
    "it they prior previous other second the that this tumor tumour disease cancer condition".split()
)
_TREATED_SO: Final = re.compile(r"treated with .+", re.IGNORECASE | re.DOTALL)


def formers_apart(tokens: list[Token], text: str) -> list[Token]:
    """ "Current or former smokers": one name for both, of which "former smoker" is a name of its own."""
    for index, (before, joint, token) in enumerate(zip(tokens, tokens[1:], tokens[2:], strict=False)):
        if before.type != "CURRENT" or token.type != "CONDITION" or joint.type not in CONNECTIVES:
            continue
        name = token.value.facts.get("formerly") if isinstance(token.value, Entry) else None
        had = vocabulary().entry("condition", str(name)) if name is not None else None
        size = len(re.split(r"[\s-]", text[token.start : token.end])[0])
        if had is not None and size < token.end - token.start:
            either = Token("OR", joint.value, joint.start, joint.end)  # nobody is both
            prior = Token("PRIOR", "former", token.start, token.start + size)
            apart = [before, either, prior, Token("CONDITION", had, token.start + size + 1, token.end)]
            return [*tokens[:index], *apart, *formers_apart(tokens[index + 3 :], text)]
    return tokens


def types_named(tokens: list[Token]) -> list[Token]:
    """ "Type 1 or uncontrolled type 2 diabetes", "diabetes other than type 1": a type, of the disease beside it."""
    if not any(token.said == "type" for token in tokens):
        return tokens
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token, after = tokens[index], tokens[index + 1] if index + 1 < len(tokens) else None
        number = _number_of_type(token, after)
        beside = (_disease_before(found), _disease_behind(tokens[index + 2 :])) if number else ()
        named = next((kind for each in beside if each and (kind := _of_type(each, number)) is not None), None)
        if named is None or after is None:
            found.append(token)
            index += 1
        else:
            found.append(Token("CONDITION", named, token.start, after.end))
            index += 2
    return found


def generations_named(tokens: list[Token]) -> list[Token]:
    """ "First- or second-generation antihistamines": the generation of each."""
    found = list(tokens)
    for index, token in enumerate(tokens):
        at = index + 1 + (kind_at(tokens, index + 1) == "DASH")
        behind = tokens[at + 1].value if kind_at(tokens, at) in _BETWEEN and at + 1 < len(tokens) else None
        if token.type != "WORD" or not isinstance(behind, Qualifier) or not behind.name.endswith(_GENERATION):
            continue
        named = qualifiers().find(token.said + _GENERATION)
        if named is not None:
            found[index] = Token("QUALIFIER", named, token.start, token.end)
            if at > index + 1:
                found[index + 1] = Token("FILLER", "-", tokens[at - 1].start, tokens[at - 1].end)
    return found


_GENERATION: Final = "-generation"


def _number_of_type(token: Token, after: Token | None) -> int:
    """Which type a word and the number behind it are; 0 where they are none."""
    if token.type != "WORD" or token.said != "type" or after is None:
        return 0
    if after.type == "ROMAN":
        return int(after.value)
    value = after.value.value if after.type == "NUMBER" else 0
    return int(value) if value == int(value) else 0


def _disease_before(found: list[Token]) -> Entry | None:
    """The disease in the list, or before the exception, that a type stands in; None where none does."""
    if len(found) < 2 or found[-1].type not in _BEFORE_TYPE or found[-2].type != "CONDITION":
        return None
    return found[-2].value if isinstance(found[-2].value, Entry) else None


def _disease_behind(following: list[Token]) -> Entry | None:
    """The disease of another type that stands behind a type and what joins the two; None where none does."""
    if not following or following[0].type not in CONNECTIVES:
        return None
    named = next((token for token in following[1:] if token.type != "QUALIFIER"), None)
    if named is None or named.type != "CONDITION" or not isinstance(named.value, Entry):
        return None
    return named.value if named.value.name.startswith("type ") else None


def _of_type(disease: Entry, number: int) -> Entry | None:
    """A disease of that type; None where there is no such type of it."""
    return vocabulary().find(f"type {number} {_TYPED.sub('', disease.name)}", "condition")


_TYPED: Final = re.compile(r"^type \w+ ")
_BEFORE_TYPE: Final = CONNECTIVES | {"EXCEPT"}


def _neither(behind: list[Token]) -> Token | None:
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
    for index, token in enumerate(tokens[:-2]):
        said = _IS_SAID.search(text, token.start, token.end) if token.type in ("IS", "NOT") else None
        if said is None:
            continue
        apart = token.type == "IS" and tokens[index + 1].type == "NOT"
        joint = past(tokens, index + 1 + apart, "COMMA")
        end = joint + 1
        while end < len(tokens) and (tokens[end].type in _BEFORE_PREDICATE or tokens[end].said == "become"):
            end += 1
        if joint < end < len(tokens) and tokens[joint].type in _JOINS and tokens[end].type in MOTHERHOOD:
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


_JOINS: Final = frozenset(("OR", "ANDOR", "AND"))
_BEFORE_PREDICATE: Final = ("IS", "NOT", "MAY", "INTENT", "PLANNED", "SUSPECTED", "COMMA", "THAT", "PERSON")
_IS_SAID: Final = re.compile(r"\b(?:is|are|am|be|being|currently)(?:\s+(?P<not>not))?$", re.IGNORECASE)
_PREFIX: Final = re.compile(r"(?:hypo|hyper)[-‐‑]?", re.IGNORECASE)


def halves_named(tokens: list[Token], text: str) -> list[Token]:
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


def changes_as_one(tokens: list[Token], text: str) -> list[Token]:
    """ "No medication or dose change": a change of either, where the drug itself is what is meant to go on."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        end = _end_of_changes(tokens, index, text)
        found.append(tokens[index] if end == index else _as_circumstance(tokens[index], tokens[end - 1], text))
        index = max(end, index + 1)
    return found


def _end_of_changes(tokens: list[Token], start: int, text: str) -> int:
    """Where what begins there ends if it is a change of this or of that; where it begins if it is none."""
    first = tokens[start]
    if first.type != "TREATMENT" and first.said not in _REGIMEN:
        return start
    at = start + 1
    while at + 1 < len(tokens) and tokens[at].type in _BETWEEN_OR_COMMA:
        named = at + 1
        while named < len(tokens) and tokens[named].type in _OF_CHANGE and named - at <= _MOST_CHANGED:
            if _CHANGE.fullmatch(text, tokens[named].start, tokens[named].end):
                return named + 1 if named > at + 1 else start
            named += 1
        if named == at + 1:
            return start
        at = named
    return start


def _as_circumstance(first: Token, last: Token, text: str) -> Token:
    return Token("CIRCUMSTANCE", text[first.start : last.end], first.start, last.end)


_REGIMEN: Final = frozenset("dose dosage dosing regimen schedule diet lifestyle exercise formulation".split())
_OF_CHANGE: Final = frozenset(("WORD", "TREATMENT"))
_MOST_CHANGED: Final = 3  # words
CHANGES: Final = ("change", "adjustment", "modification", "alteration", "titration")
_CHANGE: Final = re.compile(rf"(?:{'|'.join(CHANGES)})s?", re.IGNORECASE)


def functions_named(tokens: list[Token], text: str) -> list[Token]:
    """ "Impaired hepatic or renal function": the impaired function of each, which has a name of its own."""
    for last in range(len(tokens) - 1, 3, -1):
        if tokens[last].type != "WORD" or tokens[last].said not in _FUNCTION:
            continue
        first = last - 1
        while first > 2 and tokens[first - 1].type in _BETWEEN_OR_COMMA and tokens[first - 2].type == "WORD":
            first -= 2
        how = tokens[first - 1]
        if first == last - 1 or how.type not in ("WORD", "ABNORMAL"):
            continue
        organs = [vocabulary().find(f"{how.said} {each.said} function", "condition") for each in tokens[first:last:2]]
        if None in organs:
            continue
        named = list(tokens[first:last])
        for place, (token, entry) in enumerate(zip(tokens[first:last:2], organs, strict=True)):
            start = how.start if not place else token.start
            end = tokens[last].end if place == len(organs) - 1 else token.end
            named[2 * place] = Token("CONDITION", entry, start, end)
        return [*functions_named(tokens[: first - 1], text), *named, *tokens[last + 1 :]]
    return tokens


_FUNCTION: Final = frozenset(("function", "functions"))


_GAP: Final = re.compile(r"[\s-]+")


def with_heads(tokens: list[Token], text: str) -> list[Token]:
    """ "Primary progressive or relapsing-remitting multiple sclerosis", "aspartate and alanine aminotransferase": the
    names of which the last has the head."""
    found = list(tokens)
    for index in range(len(tokens) - 1, 0, -1):
        token = tokens[index]
        if tokens[index - 1].type not in _BETWEEN or index >= len(found):
            continue
        if token.type == "CONDITION" and index > 1:
            start, named = _named_before(tokens[:index], _heads(text[token.start : token.end]), text)
            found[start:index] = named
        elif token.type == "ANALYTE":
            start, named = _measured_before(tokens[:index], text[token.start : token.end], text)
            found[start:index] = named
    return found


def first_words_shared(tokens: list[Token], text: str) -> list[Token]:
    """ "Abuse of alcohol, drugs or medication": names of which the first has the words that all begin with."""
    if " of " not in text:
        return tokens
    found = list(tokens)
    for index, token in enumerate(tokens):
        head, of, _ = text[token.start : token.end].partition(" of ") if token.type == "CONDITION" else ("", "", "")
        if of:
            named = _begun_alike(tokens, index + 1, f"{head} of", text)
            found[index + 1 : index + 1 + len(named)] = named
    return found


def _begun_alike(tokens: list[Token], at: int, head: str, text: str) -> list[Token]:
    """The list behind a name with the words that it begins with for each; nothing where one of them has no name."""
    found: list[Token] = []
    for index in range(at, len(tokens)):
        token, before = tokens[index], tokens[index - 1]
        if token.type in _BETWEEN_OR_COMMA or (token.type == "OTHER" and before.type in _BETWEEN_OR_COMMA):
            found.append(Token("FILLER", "other", token.start, token.end) if token.type == "OTHER" else token)
        elif token.type not in ("TREATMENT", "WORD") or before.type not in _BEFORE_LISTED:
            break
        else:
            entry = vocabulary().find(f"{head} {text[token.start : token.end]}", "condition")
            if entry is None:
                return []
            found.append(Token("CONDITION", entry, token.start, token.end))
    goes_on = at + len(found) < len(tokens) and tokens[at + len(found)].type in _NAMED_ON
    return [] if goes_on or not found or found[-1].type != "CONDITION" else found


_NAMED_ON: Final = frozenset("WORD CONDITION TREATMENT ANALYTE WEAK_ANCHOR TEST_WORD TAIL".split())


def _measured_before(before: list[Token], name: str, text: str) -> tuple[int, list[Token]]:
    """Where the list before the name of an analyte begins, and the list with an analyte for each item: "total" alone is
    none."""
    heads = [name[match.end() :] for match in _GAP.finditer(name)]
    start, found = len(before), list[Token]()
    while heads and start > 1 and before[start - 1].type in _BETWEEN_OR_COMMA:
        joint = start - 1 - (before[start - 2].type == "COMMA" and start > 2)
        said = before[joint - 1].said if before[joint - 1].type in _NARROWING else ""
        named = [vocabulary().find(f"{said} {head}", "measurement") for head in heads] if said else []
        entry = next((each for each in named if each is not None), None)
        if entry is None:
            break
        word = before[joint - 1]
        found = [Token("ANALYTE", entry, word.start, word.end), *before[joint:start], *found]
        start = joint - 1
    return start, found


def _named_before(before: list[Token], heads: Sequence[Entry], text: str) -> tuple[int, list[Token]]:
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
    rests = [name[match.end() :] for match in _GAP.finditer(name)][1:]
    return [entry for rest in rests if (entry := vocabulary().find(rest, "condition")) is not None]


def _named_by(before: list[Token], heads: Sequence[Entry], text: str) -> tuple[int, Entry, Entry] | None:
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
_BEFORE_LISTED: Final = _BETWEEN_OR_COMMA | {"OTHER"}
