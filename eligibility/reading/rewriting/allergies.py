"""Allergies to one thing, however many words there are for them: "hypersensitivity, intolerance or allergy to"."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.lexer import tokenize
from eligibility.reading.lexing.tokens import EITHER, Token, kind_at

__all__ = [
    "ALTERNATIVES",
    "AS_ALLERGY",
    "CLAUSES",
    "any_allergy",
    "any_reaction",
    "end_of_allergies",
    "listed_substances",
    "names_reaction",
    "reactions_of_what",
    "reactions_to",
    "says_to_what",
    "substances_behind_colon",
    "to_what_behind",
]

_BETWEEN: Final = frozenset("COMMA OR AND ANDOR SLASH OTHER QUALIFIER KNOWN HISTORY PRIOR LAST SUSPECTED".split())
AS_ALLERGY: Final = frozenset(("intolerance", "intolerances", "anaphylaxis", "reaction", "reactions", "sensitivity"))
CLAUSES: Final = frozenset("SEMI DOT MUST MUST_NOT EXCEPT UNLESS IF".split())
ALTERNATIVES: Final = frozenset("OR AND COMMA SLASH ANDOR".split())


def names_reaction(token: Token) -> bool:
    """Whether it is a word that means an allergy beside one of its names: "allergy or intolerance to"."""
    return token.type == "WORD" and token.value in AS_ALLERGY


def says_to_what(token: Token) -> bool:
    """Whether what the allergy is to stands right behind it."""
    return token.type == "ALLERGY" and str(token.value).endswith((" to", " of", " following"))


def substances_behind_colon(tokens: list[Token]) -> list[Token]:
    """ "Known allergies to: aspirin, latex" without the colon, so that it is to what is listed."""
    at = next((i for i, token in enumerate(tokens) if token.type == "ALLERGY"), len(tokens))
    if kind_at(tokens, at + 1) != "COLON" or kind_at(tokens, at + 2) not in ("TREATMENT", "WORD"):
        return tokens
    if any(token.type == "ALLERGY" for token in tokens[at + 2 :]):
        return tokens
    said = tokens[at].said
    name = Token("ALLERGY", said if said.endswith(" to") else f"{said} to", tokens[at].start, tokens[at + 1].end)
    return [*tokens[:at], name, *tokens[at + 2 :]]


def reactions_to(tokens: list[Token]) -> list[Token]:
    """ "An allergic reaction or intolerance to heparin", "... or contraindication to it": a reaction to that, too."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token, end = tokens[index], _end_of_reactions(tokens, index)
        if end and tokens[end].type == "INTOLERANT":
            found.append(Token("ALLERGY", "hypersensitivity or intolerance to", token.start, tokens[end].end))
            index = end + 1
            continue
        found.append(Token("ALLERGY", "allergic reaction", token.start, token.end) if end else token)
        index += 1
    return found


def _end_of_reactions(tokens: list[Token], index: int) -> int:
    """Where it is said to what a reaction is, with what else there may be to it; 0 where a reaction is to anything."""
    token = tokens[index]
    if token.type != "CONDITION" or not isinstance(token.value, Entry) or token.value.name != _REACTION:
        return 0
    at = index + 1
    while at < len(tokens) and (tokens[at].type in _BETWEEN or names_reaction(tokens[at])):
        at += 1
    if kind_at(tokens, at) not in ("INTOLERANT", "CONTRAINDICATION") or not _are_alternatives(tokens[index + 1 : at]):
        return 0
    to_it = str(tokens[at].value).endswith(" to") and kind_at(tokens, at + 1) in _SUBSTANCES
    return at if to_it else 0


_REACTION: Final = "hypersensitivity reaction"
_SUBSTANCES: Final = frozenset("TREATMENT WORD COLON ANY ANY_OF ALL_OF FILLER QUALIFIER".split())


def end_of_allergies(tokens: list[Token], start: int) -> int:
    """Where a list of kinds of allergy to one thing ends: "hypersensitivity, intolerance or allergy to"."""
    at = start
    while not says_to_what(tokens[at]):
        following = at + 1
        while following < len(tokens) and _may_stand_between(tokens[following]):
            following += 1
        if following == at + 1 or following >= len(tokens):
            return start
        if _intolerant(tokens[following]) and _are_alternatives(tokens[at + 1 : following]):
            return following
        if tokens[following].type != "ALLERGY" and not names_reaction(tokens[following]):
            return start
        if not _are_alternatives(tokens[at + 1 : following]):
            return start
        at = following
    return at


def any_reaction(first: Token, last: Token) -> str:
    """What the last of several kinds of allergy says of all of them: "allergy or anaphylaxis to" is any allergy."""
    said = str(last.value)
    return "allergy to" if said.startswith("anaphyla") and not first.said.startswith("anaphyla") else said


def _may_stand_between(token: Token) -> bool:
    """Whether it may stand between two kinds of allergy to one thing: "allergy or prior adverse reaction to"."""
    return token.type in _BETWEEN or (token.type == "WORD" and token.value in _KINDS_OF_REACTION)


def _are_alternatives(between: list[Token]) -> bool:
    return any(t.type in ALTERNATIVES for t in between)


def _intolerant(token: Token) -> bool:
    return token.type == "INTOLERANT" and str(token.value).startswith("intoleran")


_KINDS_OF_REACTION: Final = frozenset(
    "hypersensitive allergic anaphylactic adverse drug infusion idiosyncratic delayed immediate".split()
)


def any_allergy(tokens: list[Token], index: int, found: list[Token]) -> Token | None:
    """ "History of drug or other allergy": any of them, as a disease; None where it is one to something named."""
    token = tokens[index]
    if token.value not in ("allergy", "allergies"):
        return None
    if any(t.type in ("ALLERGY", "INTOLERANT", "CONTRAINDICATION") for t in tokens[index + 1 :]):
        return None
    after = tokens[index + 1].type if index + 1 < len(tokens) else "DOT"
    to_drugs = [t.type for t in found[-3:]] == ["TREATMENT", "OR", "OTHER"]
    entry = vocabulary().entry("condition", "allergy")
    if entry is None or after not in (_ENDING_CLAUSES | CLAUSES if to_drugs else _ENDING_CLAUSES):
        return None
    start = found[-3].start if to_drugs else token.start
    if to_drugs:
        del found[-3:]
    return Token("CONDITION", entry, start, token.end)


_ENDING_CLAUSES: Final = frozenset("DOT SEMI RPAR THAT".split())


def listed_substances(tokens: list[Token]) -> list[Token]:
    """ "Hypersensitivity or contraindication to any of the following drugs: A, B and C": to A, B or C."""
    to = next((i for i, token in enumerate(tokens) if token.type == "CONTRAINDICATION"), 0)
    if to > 1 and tokens[to - 1].type in EITHER and tokens[to - 2].type == "ALLERGY":
        said = tokens[to + 1 :]
        if all(token.type in _NAMED or token.type == "DOT" for token in said):
            return [*tokens[: to + 1], *_either(said)]
    at = next((i for i, token in enumerate(tokens) if token.type == "COLON"), 0)
    lead = at - 1 if at and tokens[at - 1].type == "TREATMENT" and _is_any(tokens[at - 1]) else at
    if lead < 2 or tokens[lead - 1].type not in ("ANY_OF", "ALL_OF") or tokens[lead - 2].type not in _TO_WHAT:
        return tokens
    end = next((i for i in range(at + 1, len(tokens)) if tokens[i].type in ("SEMI", "DOT")), len(tokens))
    named = tokens[at + 1 : end]
    if not named or any(token.type not in _NAMED for token in named):
        return tokens
    frames = {token.type for token in tokens[: lead - 1]} & _TO_WHAT
    if frames == {"CONTRAINDICATION"} or (lead == at and len(frames) == 1):
        return tokens  # "allergy to any of the following: A, B" is a list like others
    return [*tokens[: lead - 1], *_either(named), *tokens[end:]]


def to_what_behind(tokens: list[Token], text: str) -> list[Token]:
    """ "Hypersensitivity (e.g., anaphylaxis or urticaria) to penicillin": to that, however it shows."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        end = _behind_reactions(tokens, index) if found else 0
        if end and (allergy := _to_it(found[-1], text)) is not None:
            if tokens[end].said == "to":
                found[-1] = Token("ALLERGY", allergy, found[-1].start, tokens[end].end)
                end += 1
            index = end
            continue
        found.append(tokens[index])
        index += 1
    return found


def reactions_of_what(tokens: list[Token], text: str) -> list[Token]:
    """ "Anaphylactic reaction of penicillin", "allergic reaction with latex": an allergy to that."""
    if not any(token.type == "TREATMENT" and before.said in _OF_WHAT for before, token in pairwise(tokens)):
        return tokens
    found: list[Token] = []
    for index, token in enumerate(tokens):
        of_it = token.said in _OF_WHAT and kind_at(tokens, index + 1) == "TREATMENT"
        allergy = _to_it(found[-1], text) if of_it and found and found[-1].type == "CONDITION" else None
        if allergy is not None:
            found[-1] = Token("ALLERGY", allergy, found[-1].start, token.end)
        else:
            found.append(token)
    return found


_OF_WHAT: Final = frozenset(("of", "with", "after", "from", "against"))


def _behind_reactions(tokens: list[Token], index: int) -> int:
    """Where examples of how an allergy shows end, in parentheses or commas, before what it is to; 0 where none do."""
    closing = _CLOSES.get(tokens[index].type)
    if closing is None or kind_at(tokens, index + 1) != "INCLUDING":
        return 0
    at = index + 2
    while at < len(tokens) and tokens[at].type in _REACTIONS:
        at += 1
    if closing == "RPAR" and kind_at(tokens, at) == closing:
        at += 1
        further = at
        while further < len(tokens) and tokens[further].type in EITHER | {"QUALIFIER"}:
            further += 1
        if at < further < len(tokens) and says_to_what(tokens[further]):
            return at  # "hypersensitivity (e.g., rash) or allergy to"
    elif closing == "RPAR" or tokens[at - 1].type != "COMMA":
        return 0
    return at if at < len(tokens) and tokens[at].said == "to" else 0


def _to_it(named: Token, text: str) -> str | None:
    """A kind of allergy with the "to" behind it: "allergic reaction" as "allergic reaction to"; None of others."""
    if named.type not in ("ALLERGY", "CONDITION", "WORD"):
        return None
    both = tokenize(text[named.start : named.end] + " to")
    return str(both[0].value) if len(both) == 1 and both[0].type == "ALLERGY" else None


_CLOSES: Final = {"LPAR": "RPAR", "COMMA": "COMMA"}
_REACTIONS: Final = frozenset("CONDITION WORD QUALIFIER OTHER COMMA OR AND ANDOR SLASH FILLER".split())


def _either(named: list[Token]) -> list[Token]:
    """Names of which one is enough, whatever joins them."""
    return [Token("OR", "or", t.start, t.end) if t.type == "AND" else t for t in named]


def _is_any(token: Token) -> bool:
    """Whether it is a word for whatever is given: "drugs", "these medications"."""
    return isinstance(token.value, Entry) and token.value.name in ("drug", "study treatment")


_TO_WHAT: Final = frozenset("ALLERGY CONTRAINDICATION INTOLERANT".split())
_NAMED: Final = frozenset("TREATMENT WORD COMMA AND OR ANDOR SLASH FILLER QUALIFIER".split())
