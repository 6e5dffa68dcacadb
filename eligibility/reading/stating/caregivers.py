"""Somebody else beside the patient: "patient and caregiver must be able to", "a caregiver who will come along"."""

from __future__ import annotations

from typing import Final

from eligibility.reading.lexing.tokens import JOINTS, Token
from eligibility.reading.stating.endings import DOES, OPENING

__all__ = ["beside_patients"]

_SUBJECT: Final = JOINTS | frozenset("PERSON SOMEBODY_ELSE FILLER".split())
_BRACKETS: Final = frozenset(("LPAR", "RPAR"))  # "the patient (or a parent)"
_OF_CONSENT: Final = frozenset(("CONSENT", "CONTRACEPTION"))
_HAS: Final = frozenset(
    (
        "has",
        "have",
        "having",
        "with",
        "who has",
        "who have",
        "having a",
        "with a",
        "with an",
        "must have",
        "must have a",
    )
)
_ANY: Final = frozenset("STATUS WORD QUALIFIER FILLER".split())
_HAS_NO: Final = ("NO", "WITHOUT")
_MOST: Final = 6
_OF_PATIENTS: Final = frozenset(  # nobody whose state of health is told: "a sexual partner who is pregnant"
    [
        *("caregiver", "caretaker", "care partner", "study partner", "informant", "surrogate", "parent", "guardian"),
        *("legal guardian", "parent or guardian", "legal representative", "legally authorized representative"),
        "family member",
    ]
)
_READY: Final = frozenset("available present able willing capable".split())


def beside_patients(tokens: list[Token], *, exclusion: bool) -> list[Token]:
    """The tokens with those who are named beside the patient as part of what is asked of both, and with a caregiver of
    whom more is said as what only an answer tells."""
    return _whom_patients_have(_of_both(tokens, exclusion=exclusion))


def _of_both(tokens: list[Token], *, exclusion: bool) -> list[Token]:
    """The patient and another one at the beginning of a sentence, with the verb of what both can or must do."""
    end = next((i for i, token in enumerate(tokens) if token.type not in _SUBJECT | _BRACKETS), len(tokens))
    subject = [token for token in tokens[:end] if token.type not in _BRACKETS]
    kinds = {token.type for token in subject}
    if not {"PERSON", "SOMEBODY_ELSE"} <= kinds or kinds.isdisjoint(JOINTS) or not _parted(subject):
        return tokens
    if [t.type for t in tokens[:end] if t.type in _BRACKETS] not in ([], ["LPAR", "RPAR"]):
        return tokens
    verb = end
    while verb < len(tokens) and tokens[verb].type in ("MUST", "IS"):
        if tokens[verb].type == "MUST" and exclusion:
            return tokens
        verb += 1
    if verb == len(tokens) or not _OF_CONSENT.isdisjoint([token.type for token in tokens]):
        return tokens
    opener = tokens[verb]
    if opener.type == "WORD" and opener.value in DOES:
        opener = Token("ABLE", opener.value, opener.start, opener.end)
    if opener.type not in OPENING:
        return tokens
    first = next(token for token in tokens if token.type != "FILLER")
    return [Token(opener.type, opener.value, first.start, opener.end), *tokens[verb + 1 :]]


def _parted(subject: list[Token]) -> bool:
    """Whether the patient is one of those named, and not only whose parent: "the patient's parent or guardian"."""
    named = [token for token in subject if token.type != "FILLER"]
    return any(
        token.type == "PERSON" and (index + 1 == len(named) or named[index + 1].type in JOINTS)
        for index, token in enumerate(named)
    )


def _whom_patients_have(tokens: list[Token]) -> list[Token]:
    """Each caregiver whom a patient has, or has not, together with who that is: "a caregiver who is willing to"."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        last = _last_named(tokens, index)
        if token.type == "SOMEBODY_ELSE" and token.said in _OF_PATIENTS:
            start = len(found)
            while start and len(found) - start < _MOST and found[start - 1].type in _ANY:
                start -= 1
            whose = start > 0 and found[start - 1].said == "whose"
            having = start > 0 and (whose or found[start - 1].said in _HAS or found[start - 1].type in _HAS_NO)
            named = next((i for i in range(start, len(found)) if found[i].type != "FILLER"), len(found))
            described = any(t.type in ("STATUS", "WORD") for t in found[named:])  # "a reliable caregiver"
            alone = described and all(t.type == "DOT" for t in tokens[last + 1 :])
            if having and (alone or _is_told_of(tokens, last, whose=whose)):
                begins = found[named].start if named < len(found) else token.start
                found[named:] = [Token("CIRCUMSTANCE", token.said, begins, tokens[last].end)]
                index = last + 1
                continue
        found.append(token)
        index += 1
    return found


def _last_named(tokens: list[Token], index: int) -> int:
    """The last of those who are named side by side: "a parent or legal guardian"."""
    while [token.type for token in tokens[index + 1 : index + 3]] in (
        ["OR", "SOMEBODY_ELSE"],
        ["SLASH", "SOMEBODY_ELSE"],
    ):
        index += 2
    return index


def _is_told_of(tokens: list[Token], index: int, *, whose: bool) -> bool:
    """Whether it goes on with who that is, or what that person is ready to do."""
    if index + 1 == len(tokens):
        return False
    after = tokens[index + 1]
    if whose and after.type == "IS":
        return True
    return after.said.startswith(("who", "that")) or after.said in _READY or after.type in ("ABLE", "WILLING")
