"""Who a criterion is about, and what they are in."""

from __future__ import annotations

from typing import Final

from eligibility.reading.lexing.tokens import Token, kind_at, past

__all__ = [
    "BOTH_SEXES",
    "PEOPLE",
    "RUN_ON",
    "as_adjectives",
    "either_sex",
    "fathers_named",
    "fertile_men",
    "in_states",
    "inverted",
    "not_with_child",
    "of_any_kind",
    "prefixed",
    "says_sex_in_brackets",
]


def as_adjectives(tokens: list[Token]) -> list[Token]:
    """ "Acceptable renal function", "men or eligible women": no permission, where what it is said of follows."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        after = kind_at(tokens, index + 1)
        if token.type == "ALLOWED" and token.said == "acceptable" and after == "WORD":
            token = Token("WORD", token.said, token.start, token.end)
        elif token.type == "ALLOWED" and token.said == "eligible" and after in PEOPLE:
            continue
        found.append(token)
    return found


def in_states(tokens: list[Token]) -> list[Token]:
    """ "Patients in cardiogenic shock" have it; "patients under beta blockers" use them."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        if token.said in ("in", "under") and (not found or found[-1].type in _BEFORE_STATES):
            at = index + 1
            while at < len(tokens) and tokens[at].type == "QUALIFIER":
                at += 1
            kind = kind_at(tokens, at)
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


def says_sex_in_brackets(tokens: list[Token], index: int) -> bool:
    """Whether the parenthesis that opens at ``index`` holds no more than a sex: "subjects (female)"."""
    inside = [t.type for t in tokens[index + 1 : index + 3]]
    return inside in (["FEMALE", "RPAR"], ["MALE", "RPAR"])


PEOPLE: Final = frozenset(("PERSON", "FEMALE", "MALE"))


def prefixed(tokens: list[Token]) -> list[Token]:
    """ "Non-pregnant" is not pregnant; "non-colorectal cancer" is another cancer, whatever the vocabulary knows."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        if token.type == "NON":
            after = kind_at(tokens, index + 1)
            plain = after in ("PREGNANT", "BREASTFEEDING", "CHILDBEARING")
            token = Token("NOT" if plain else "WORD", "non", token.start, token.end)
        elif token.type == "WORD" and token.said in RUN_ON:
            behind = token.start + len("non")
            found.append(Token("NOT", "non", token.start, behind))
            token = Token(RUN_ON[token.said], token.said.removeprefix("non"), behind, token.end)
        found.append(token)
    return found


RUN_ON: Final = {
    "nonpregnant": "PREGNANT",
    "nonlactating": "BREASTFEEDING",
    "nonbreastfeeding": "BREASTFEEDING",
    "nonnursing": "BREASTFEEDING",
}


def inverted(tokens: list[Token]) -> list[Token]:
    """ "Should the patient be ..." is a condition; any other "should" asks for something."""
    if len(tokens) > 1 and tokens[0].said == "should" and tokens[1].type in ("PERSON", "FEMALE", "MALE"):
        return [Token("IF", "should", tokens[0].start, tokens[0].end), *tokens[1:]]
    return tokens


def of_any_kind(tokens: list[Token]) -> list[Token]:
    """ "Patients of any sex, race or ethnicity" are patients."""
    if _TRAITS.isdisjoint([token.said for token in tokens]):
        return list(tokens)
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        end = _traits_end(tokens, index)
        if end > index + 1:
            first = found.pop() if found and found[-1].type in ("OF", "FROM") else token
            token = Token("PERSON", "everybody", first.start, tokens[end - 1].end)
        found.append(token)
        index = max(end, index + 1)
    return found


def _traits_end(tokens: list[Token], index: int) -> int:
    """Where words end that begin there and say that people may be of any kind: "any race, religion or ethnic group"."""
    said = tokens[index].said
    if said not in _ANY and said not in _OF_ANY:
        return index
    end, at = index, index + 1
    if said in _OF_ANY:
        end += 1 + (at < len(tokens) and tokens[at].said in _OF_A_KIND)  # "any gender identity"
        at = past(tokens, end, *_AMONG_TRAITS)
    while at < len(tokens):
        length = 2 if tokens[at].said in _KINDS and at + 1 < len(tokens) and tokens[at + 1].said in _OF_A_KIND else 0
        length = length or (tokens[at].said in _TRAITS)
        if not length:
            break
        end = at + length
        at = past(tokens, end, *_AMONG_TRAITS)
    return end


_ANY: Final = frozenset(("any", "all", "either", "each", "every"))
_BARE_TRAITS: Final = frozenset(
    "race races ethnicity ethnicities gender genders sex sexes religion religions nationality nationalities".split()
)
_OF_ANY: Final = frozenset(
    f"{which} {what}" for which in ("any", "of any", "all", "either", "both") for what in _BARE_TRAITS
)
_KINDS: Final = frozenset(("ethnic", "racial", "gender", "sexual", "religious", "socioeconomic", "biological"))
_OF_A_KIND: Final = frozenset(
    "group groups background backgrounds origin origins identity identities orientation orientations status sex "
    "sexes".split()
)
_TRAITS: Final = _BARE_TRAITS | _OF_ANY | {"ethnic", "racial"}
_AMONG_TRAITS: Final = frozenset("COMMA OR AND SLASH ANDOR FILLER".split())


BOTH_SEXES: Final = {"MALE": "men and women", "FEMALE": "women and men"}  # by which of them is named first


def either_sex(tokens: list[Token]) -> list[Token]:
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
                found.append(Token("PERSON", BOTH_SEXES[other.type], other.start, token.end))
                continue
        found.append(token)
    return found


def _of_women_alone(behind: list[Token]) -> bool:
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


def fertile_men(tokens: list[Token]) -> list[Token]:
    """ "Fertile men and women of childbearing potential": what is said of these men alone, as a word before them."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        if token.type == "FERTILE" and kind_at(tokens, index + 1) == "MALE":
            joined = (
                kind_at(tokens, index + 2) in ("AND", "OR", "ANDOR", "SLASH") and kind_at(tokens, index + 3) == "FEMALE"
            )
            if not joined or kind_at(tokens, index + 4) == "CHILDBEARING":
                token = Token("WORD", token.said, token.start, token.end)
        found.append(token)
    return found


def not_with_child(tokens: list[Token]) -> list[Token]:
    """ "Not pregnant, breastfeeding, or planning pregnancy, and ...", where it is asked for: none of these."""
    found: list[Token] = []
    denied = False
    for index, token in enumerate(tokens):
        before = kind_at(tokens, index - 1) if index else ""
        if token.type == "PREGNANT":
            denied = before == "NOT"
        elif denied and token.type in ("BREASTFEEDING", "INTENT") and before in _JOINING:
            while found and found[-1].type in _JOINING:
                found.pop()
            found.append(Token("AND", "and", token.start, token.start))
            found.append(Token("NOT", "not", token.start, token.start))
        elif token.type not in _JOINING:
            denied = False
        found.append(token)
    return found


_JOINING: Final = frozenset(("COMMA", "OR", "AND", "NOR", "ANDOR", "SLASH"))


def fathers_named(tokens: list[Token]) -> list[Token]:
    """ "(Persons) able to father a child who are unwilling to ...": men, of whom something is said."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        kinds = [kind_at(tokens, index + ahead) for ahead in range(4)]
        said = kinds[:3] == ["ABLE", "INTENT", "IS"] and kinds[3] in ("UNWILLING", "UNABLE", "WILLING")
        if not said or not tokens[index + 1].said.startswith("father"):
            found.append(tokens[index])
            index += 1
            continue
        first = found.pop() if found and found[-1].type == "MALE" else tokens[index]
        found.append(Token("MALE", "man", first.start, tokens[index].end))  # and no child
        index += 2
    return found
