"""Islands -> what the grammar of sentences stands on: facts, connectives, and everything else as unread words."""

from __future__ import annotations

import re
from typing import Final

from eligibility.reading.composing.terms import FRAMES, StatementRead
from eligibility.reading.lexing.tokens import EITHER, PARENTHESES, Token
from eligibility.reading.phrases import Measured, Noun

__all__ = ["JOINTS", "SILENT", "joined_up", "patched"]

_TAILS: Final = frozenset(
    "EXCEPT UNLESS IF FOR FOR_GROUP DEFINED INCLUDING MUST MUST_NOT EXCLUDED ALLOWED JUDGED DUE_TO REGARDLESS "
    "RECOVERED COLON DASH ANY_OF ALL_OF WITHOUT".split()
)


_SENTENCE: Final = _TAILS | frozenset(
    "FACT UNREAD LIMIT TIME_LIMIT SEX_LIMIT EITHER_LIMIT WINDOW LASTING SINCE_WINDOW GRADE_IS STAGE_IS LINES_ARE "
    "QUALIFIER FRAME LPAR RPAR COMMA AND OR ANDOR SEMI SLASH NOR PLUS BUT NOT NO".split()
)


SILENT: Final = frozenset("FILLER PERSON IS THAT EITHER BOTH WITH AGE_UNIT_TAIL MAY".split())


JOINTS: Final = frozenset("COMMA AND OR ANDOR SEMI SLASH NOR BUT".split())


_FRAMING: Final = FRAMES | {"QUALIFIER", "STAGE_IS", "GRADE_IS", "FILLER"}
_OPENING: Final = _TAILS | {"LPAR"}
_OF_GROUPS: Final = frozenset("FOR_TIME FOR IF WITHIN PREP".split())


def _are_tested(test: Token, behind: list[Token]) -> bool:
    """Whether those follow on whom a test is done: "(a pregnancy test) | on women of childbearing potential"."""
    noun = test.value
    who = behind[0].value if behind else None
    tested = isinstance(noun, Noun) and noun.kinds == {"ANALYTE"}
    return tested and isinstance(who, Noun) and bool(who.kinds) and who.kinds <= {"CHILDBEARING", "FEMALE", "MALE"}


def joined_up(tokens: list[Token], text: str) -> list[Token]:
    """What the grammar of sentences stands on: facts, connectives, and everything else as unread words."""
    tokens = _completed(tokens, text)
    found: list[Token] = []
    for index, token in enumerate(tokens):
        kind = token.type
        if (
            kind in _OF_GROUPS
            and index + 1 < len(tokens)
            and text[token.start : token.end].lower() in ("for", "in", "among")
        ):
            group = _names_people(tokens, index + 1) and not _says_for_what(tokens, index)
            unread = not group and (kind == "PREP" or text[token.start : token.end].lower() != "for")
            kind = "FOR_GROUP" if group else "UNREAD" if unread else "FOR"
            placed = unread and tokens[index + 1].type == "SITE"
            token = Token(kind, [token] if placed else None, token.start, token.end)
        elif kind == "AT_ANCHOR" and token.said == "on" and found and _are_tested(found[-1], tokens[index + 1 :]):
            kind, token = "FOR_GROUP", Token("FOR_GROUP", None, token.start, token.end)  # "a test on women of ..."
        led = _LED_IN.search(text, token.start, token.end) if kind == "FACT" and text[token.end - 1] in "ng" else None
        if led is not None and _names_people(tokens, index + 1):
            found.append(Token(kind, token.value, token.start, led.start()))  # "a test within 7 days in women of ..."
            kind, token = "FOR_GROUP", Token("FOR_GROUP", None, led.start(1), token.end)
        if kind == "BUT" and index + 1 < len(tokens) and tokens[index + 1].type in _TURNED:
            kind, token = "AND", Token("AND", token.value, token.start, token.end)  # "fertile but not using ..."
        elif kind == "BUT" and not _sets_against(tokens, index):
            kind, token = "UNREAD", Token("UNREAD", [token], token.start, token.end)
            if _after_comma(found) and _GOES_ON.isdisjoint([t.type for t in tokens]):
                found.pop()  # "A, but ..." narrows A, and is no alternative to it
        if kind == "IF" and token.value == "provided" and _BY_SOMEBODY.match(text, token.end):
            kind, token = "UNREAD", Token("UNREAD", [token], token.start, token.end)
        if kind == "USE" and (_given_then(tokens, index, text) or _given_before(tokens, index, text)):
            found.append(Token("SILENT", None, token.start, token.end))
        elif kind in _SENTENCE:
            found.append(token)
        elif kind in FRAMES:
            framed = _before_list(tokens, index) or _before_frames(tokens, index)
            found.append(
                Token("FRAME", token, token.start, token.end)
                if framed
                else Token("UNREAD", [token], token.start, token.end)
            )
        elif kind in SILENT:
            found.append(Token("SILENT", None, token.start, token.end))
        else:
            found.append(Token("UNREAD", [token], token.start, token.end))
    found = _merge_unread(_balanced(found, text))
    return _apart_from_group(_undemanded(_absorb_joints([t for t in found if t.type != "SILENT"]), text))


def _undemanded(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with a thing that is "not required" as unread words: whether a patient does without it or the trial
    does is not said, and it is nothing that a patient must have."""
    found: list[Token] = []
    for token in tokens:
        denied = len(found) > 1 and found[-1].type == "NOT" and found[-2].type == "FACT"
        if denied and token.type == "UNREAD" and _REQUIRED.match(text, token.start) is not None:
            found[-2:] = [Token("UNREAD", None, found[-2].start, token.end)]
        else:
            found.append(token)
    return found


_REQUIRED: Final = re.compile(r"(?:required|needed|necessary|mandatory|mandated|obligatory)\b", re.IGNORECASE)


def _apart_from_group(tokens: list[Token]) -> list[Token]:
    """ "For women of childbearing potential a negative pregnancy test" with the comma before what is asked of them."""
    if not tokens or tokens[0].type != "FOR_GROUP":
        return tokens
    at = next((i for i, token in enumerate(tokens) if i and (token.type != "FACT" or _is_asked(token))), 0)
    if at < 2 or tokens[at].type != "FACT":
        return tokens
    return [*tokens[:at], Token("COMMA", ",", tokens[at].start, tokens[at].start), *tokens[at:]]


def _is_asked(token: Token) -> bool:
    """Whether it is a result, or what is done or agreed to: nothing that a group of patients is named by."""
    read = token.value
    return isinstance(read, Measured | StatementRead) or (isinstance(read, Noun) and "ANALYTE" in read.kinds)


_BY_SOMEBODY: Final = re.compile(r"\s+(?:by|for|to|in|at(?!\s+least)|during|through|via)\b", re.IGNORECASE)


def _sets_against(tokens: list[Token], index: int) -> bool:
    """Whether "but" joins two things that are both said of the patients: "not on dialysis but with anemia".

    What is allowed, or asked for, behind it is nothing that they have; and two attributes share the name behind them.
    """
    before = next((t.type for t in reversed(tokens[:index]) if t.type not in SILENT and t.type != "COMMA"), "LPAR")
    behind = [t.type for t in tokens[index + 1 :]]
    after = next((kind for kind in behind if kind not in _UNSAID), "LPAR")
    if before not in _SAID or after not in _SAID or "MAY" in behind[:1]:
        return False
    return _ASKING.isdisjoint([token.type for token in tokens])


def _after_comma(found: list[Token]) -> bool:
    """Whether a comma stands last, and before it no attribute that shares a name with the next."""
    return len(found) > 1 and found[-1].type == "COMMA" and found[-2].type != "QUALIFIER"


_TURNED: Final = frozenset(("NOT", "NO", "WITHOUT"))
_SAID: Final = frozenset("FACT WORD UNREAD WINDOW RPAR SITE".split())
_UNSAID: Final = SILENT - {"MAY"} | {"USE"}
_ASKING: Final = frozenset("MUST MUST_NOT ALLOWED EXCLUDED JUDGED EXCEPT UNLESS IF COLON".split())
_GOES_ON: Final = _ASKING | _TURNED


def _given_then(tokens: list[Token], index: int, text: str) -> bool:
    """Whether it is the verb of no more than a time: "surgery or radiotherapy, administered within 4 weeks"."""
    token = tokens[index]
    if text[token.start : token.end].lower() not in _GIVEN or not index or tokens[index - 1].type != "COMMA":
        return False
    after = tokens[index + 1 : index + 3]
    return [t.type for t in after[:1]] == ["WINDOW"] and (len(after) < 2 or after[1].type in _CLOSING)


def _given_before(tokens: list[Token], index: int, text: str) -> bool:
    """Whether it closes a clause and says of a treatment only that it was given: "a dose of A received"."""
    token = tokens[index]
    if text[token.start : token.end].lower() not in _GIVEN or not index or tokens[index - 1].type != "FACT":
        return False
    noun = tokens[index - 1].value
    closing = index + 1 == len(tokens) or tokens[index + 1].type in _CLOSING
    return closing and isinstance(noun, Noun) and noun.kinds == {"TREATMENT"}


_GIVEN: Final = frozenset("administered given received used taken".split())
_CLOSING: Final = JOINTS | {"RPAR", "LPAR", "DOT"} | _TAILS


_SHORT_FRAMES: Final = {  # without the preposition that the next of them has: "evidence or history of"
    **dict.fromkeys(("evidence", "presence"), "PRESENCE"),
    "history": "HISTORY",
    "diagnosis": "DIAGNOSIS",
    "suspicion": "SUSPECTED",
    **dict.fromkeys(("treatment", "therapy", "use", "exposure"), "USE"),
}
_ALIKE: Final = (frozenset("PRESENCE HISTORY DIAGNOSIS SUSPECTED".split()), frozenset(("USE",)))
_BEFORE_FRAME: Final = frozenset("PRIOR CURRENT QUALIFIER KNOWN OTHER".split())


def _completed(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, with words as the frames that they are with the preposition of the next: "evidence or history of"."""
    found = list(tokens)
    for index in range(len(tokens) - 3, -1, -1):
        token = tokens[index]
        kind = _SHORT_FRAMES.get(text[token.start : token.end].lower()) if token.type in _MAY_FRAME else None
        led = bool(index) and tokens[index - 1].type == "WORD"  # "clinical evidence or ..."
        if kind is None or led or tokens[index + 1].type not in EITHER:
            continue
        at = index + 2
        while at < len(tokens) and tokens[at].type in _BEFORE_FRAME:
            at += 1
        noun = tokens[at].value if at < len(tokens) and tokens[at].type == "FACT" else None
        alike = next(each for each in _ALIKE if kind in each)
        framed = at + 1 < len(tokens) and tokens[at].type in alike and tokens[at + 1].type in _FRAMING
        if framed or (isinstance(noun, Noun) and any(t.type in alike and t.end > t.start for t in noun.before)):
            found[index] = Token(kind, token.value, token.start, token.end)
    return found


_MAY_FRAME: Final = frozenset("WORD WEAK_ANCHOR HISTORY USE POSITIVE DIAGNOSIS".split())


def _balanced(tokens: list[Token], text: str) -> list[Token]:
    """Without the parentheses that have no partner; one that was opened to allow something ends with its sentence."""
    if PARENTHESES.isdisjoint([token.type for token in tokens]):
        return tokens
    open_at: list[int] = []
    alone: set[int] = set()
    for index, token in enumerate(tokens):
        if token.type == "LPAR":
            open_at.append(index)
        elif token.type == "RPAR":
            if open_at:
                open_at.pop()
            else:
                alone.add(index)
    closed: dict[int, Token] = {}
    if open_at:
        last = max(open_at)
        ends = _SENTENCE_ENDS.search(text, tokens[last].end)
        inside = [at for at in range(last, len(tokens)) if ends is None or tokens[at].end <= ends.end()]
        if any(tokens[at].type == "ALLOWED" for at in inside):
            end = tokens[inside[-1]].end
            closed[inside[-1]] = Token("RPAR", ")", end, end)
            open_at.remove(last)
    alone |= set(open_at)
    found: list[Token] = []
    for index, token in enumerate(tokens):
        if index not in alone:
            found.append(token)
        if index in closed:
            found.append(closed[index])
    return found


_SENTENCE_ENDS: Final = re.compile(r"\.\s+(?=[A-Z])")


def _before_list(tokens: list[Token], index: int) -> bool:
    """Whether a frame stands before a list rather than a name: "history of any of ...", "known active or ..."."""
    at = index + 1
    if at + 1 < len(tokens) and tokens[at].type in _SAID_OF and tokens[at + 1].type in EITHER:
        return _before_list(tokens, at)  # "known presence or suspicion of"
    if at + 1 < len(tokens) and tokens[at].type in ("OR", "ANDOR", "SLASH"):
        noun = tokens[at + 1].value if tokens[at + 1].type == "FACT" else None
        return isinstance(noun, Noun) and bool(noun.before) and bool(noun.head.names)  # "ongoing or active infection"
    while at < len(tokens) and tokens[at].type in _FRAMING:
        at += 1
    if at >= len(tokens):
        return False
    if tokens[index].type == "ALLERGY" or (tokens[at - 1].type == "ALLERGY" and at > index + 1):
        noun = tokens[at + 1].value if tokens[at].type in ("OR", "ANDOR", "SLASH") and at + 1 < len(tokens) else None
        return isinstance(noun, Noun) and noun.has("CONTRAINDICATION") and bool(noun.head.names)
    if tokens[at - 1].type in ("QUALIFIER", "STAGE_IS", "GRADE_IS") and tokens[at].type in (
        "OR",
        "COMMA",
        "AND",
        "ANDOR",
        "SLASH",
    ):
        return True
    only = all(t.type in FRAMES for t in tokens[index + 1 : at])  # "prior treatment with: A, B or C"
    return only and tokens[at].type in ("ANY_OF", "ALL_OF", "COLON", "EITHER")


_SAID_OF: Final = frozenset("HISTORY KNOWN SUSPECTED DIAGNOSIS PRESENCE PRIOR CURRENT PLANNED USE".split())
_OUTCOMES: Final = frozenset("PROGRESSED REFRACTORY_TO RELAPSED_AFTER INTOLERANT".split())


def _before_frames(tokens: list[Token], index: int) -> bool:
    """Whether a frame shares the name behind the next one: "currently taking, or who have taken, naloxone"."""
    start, end = index, index + 1
    while start and tokens[start - 1].type in _AMONG_FRAMES:
        start -= 1
    while end < len(tokens) and tokens[end].type in _AMONG_FRAMES:
        end += 1
    while tokens[start].type in JOINTS:
        start += 1
    frames = [t for t in tokens[start:end] if t.type in FRAMES]
    joints = {t.type for t in tokens[start:end]} & JOINTS - {"COMMA"}
    before = tokens[start - 1] if start else None
    noun = tokens[end].value if end < len(tokens) and tokens[end].type == "FACT" else None
    if (before is not None and before.type not in _BEFORE_FRAMES) or not isinstance(noun, Noun):
        return False
    if not (noun.head.names or noun.head.words):
        return False
    if not all(t.type in _SAID_OF or (t.type in _OUTCOMES and _open_ended(t)) for t in frames):
        return False
    if joints == {"AND"}:
        used = all(t.type in ("USE", "PRIOR", "CURRENT") for t in frames)
        return used and bool(noun.before) and noun.before[0].type in _OUTCOMES
    if not joints or joints - EITHER:
        return False
    if not noun.before:  # "history of, or current, asthma"
        return tokens[end - 1].type == "COMMA"
    return noun.before[0].type == "QUALIFIER" or noun.before[0].type in FRAMES


_AMONG_FRAMES: Final = frozenset((*FRAMES, *SILENT, *EITHER, "COMMA", "AND"))
_BEFORE_FRAMES: Final = JOINTS | frozenset("LPAR NOT NO MUST MUST_NOT WINDOW".split())


def _open_ended(frame: Token) -> bool:
    """Whether the words of a frame go on to a name: "refractory to", "progressed on"."""
    return str(frame.value).split()[-1] in _OPEN_ENDS


_OPEN_ENDS: Final = frozenset("to on after from of following during with tolerate".split())


_LED_IN: Final = re.compile(r"\s+(in|among)\Z", re.IGNORECASE)


def _names_people(tokens: list[Token], index: int) -> bool:
    """Whether people are named here, by what they are or by what they have: "women", "diabetic patients"."""
    if index >= len(tokens):
        return False
    token = tokens[index]
    if token.type in ("PERSON", "FEMALE", "MALE", "CHILDBEARING") or _sexed(token):
        return True
    having = token.type == "FACT" and isinstance(token.value, Noun) and token.value.kinds == {"CONDITION"}
    return having and index + 1 < len(tokens) and tokens[index + 1].type == "PERSON"


def _says_for_what(tokens: list[Token], index: int) -> bool:
    """Whether it is what a treatment before it was for: "chemotherapy (for primary disease)"."""
    before = next((t.value for t in reversed(tokens[:index]) if t.type != "LPAR"), None)
    named = tokens[index + 1].value
    treated = isinstance(before, Noun) and "TREATMENT" in before.kinds
    return treated and isinstance(named, Noun) and not named.kinds


def _sexed(token: Token) -> bool:
    """Whether it names men or women."""
    return (
        token.type == "FACT"
        and isinstance(token.value, Noun)
        and token.value.kinds <= {"FEMALE", "MALE", "CHILDBEARING", "NOT_CHILDBEARING"}
    )


def _merge_unread(tokens: list[Token]) -> list[Token]:
    """Runs of unread words as one; prepositions alone between phrases, and silent words, stay silent."""
    found: list[Token] = []
    for token in tokens:
        if token.type == "UNREAD" and found:
            last = found[-1]
            if last.type == "SILENT" and len(found) > 1 and found[-2].type == "UNREAD":
                found.pop()
                last = found[-1]
            if last.type == "UNREAD":
                both = (
                    last.value + token.value if isinstance(last.value, list) and isinstance(token.value, list) else None
                )
                found[-1] = Token("UNREAD", both, last.start, token.end)
                continue
        found.append(token)
    return found


def _absorb_joints(tokens: list[Token]) -> list[Token]:
    """A comma or an "and" before a connective belongs to it."""
    found: list[Token] = []
    for token in tokens:
        if found and found[-1].type in JOINTS:
            if token.type in _TAILS and token.type != "WITHOUT":
                joint = found.pop()
                token = Token(
                    token.type,
                    f"joined:{joint.type.removeprefix('AND') or 'AND'}" if joint.type in _WORDS else token.value,
                    token.start,
                    token.end,
                )
            elif token.type in JOINTS:
                parted = _parting(found[:-1]) if found[-1].type == "SEMI" and token.type == "AND" else []
                if parted and not _is_conditional(found[: parted[-1]]):
                    continue  # "A; B; and C": three, side by side
                for at in parted:  # "if A; B; and C": all of it
                    found[at] = Token("COMMA", ",", found[at].start, found[at].end)
                if found[-1].type in ("COMMA", "SEMI") and token.type not in ("COMMA", "SEMI"):
                    found.pop()
                    token = Token(token.type, "serial", token.start, token.end)
                else:
                    continue
        elif token.type in JOINTS and (not found or found[-1].type in _OPENING):
            continue
        elif token.type in _BEHIND_DASH and len(found) > 1 and found[-1].type == "DASH":
            found.pop()  # "A - unless B", "A - for instance, B"
        elif token.type == "INCLUDING" and len(found) > 1 and found[-1].type == "COLON":
            found.pop()  # "A: including but not limited to B"
        if token.type == "RPAR" and found and found[-1].type in JOINTS:
            found.pop()
        found.append(token)
    while found and found[-1].type in JOINTS:
        found.pop()
    while found and found[0].type in ("COLON", "DASH"):
        found.pop(0)
    return found


def _parting(before: list[Token]) -> list[int]:
    """Where semicolons stand before, on the same level, so that one more parts the items of a list; the last first."""
    found: list[int] = []
    depth = 0
    for index in range(len(before) - 1, -1, -1):
        token = before[index]
        depth += (token.type == "RPAR") - (token.type == "LPAR")
        if depth < 0:
            break
        if token.type == "SEMI" and not depth:
            found.append(index)
    return found


def _is_conditional(before: list[Token]) -> bool:
    """Whether the condition of something begins there, outside parentheses."""
    depth = 0
    for token in before:
        depth += (token.type == "LPAR") - (token.type == "RPAR")
        if not depth and token.type in ("IF", "UNLESS"):
            return True
    return False


_WORDS: Final = frozenset(("AND", "OR", "ANDOR"))  # "and/or" as "or"
_BEHIND_DASH: Final = frozenset(("EXCEPT", "UNLESS", "IF", "ALLOWED", "EXCLUDED", "INCLUDING"))


def patched(tokens: list[Token], index: int) -> list[Token]:
    """The tokens with the one that does not fit taken as unread words."""
    token = tokens[index]
    if token.type in JOINTS:
        return [*tokens[:index], *tokens[index + 1 :]]
    return _merge_unread([*tokens[:index], Token("UNREAD", None, token.start, token.end), *tokens[index + 1 :]])
