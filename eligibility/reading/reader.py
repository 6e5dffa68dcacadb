"""Text of one criterion -> :class:`~eligibility.rules.Criterion`.

Characters become tokens, tokens quantities, these phrases, these a sentence; sentences and nested bullets become one
rule. At each step what is not read stays as it was, and is in the end an :class:`~eligibility.rules.Unread`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Literal

from eligibility.knowledge import words
from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.compose import compose
from eligibility.reading.composing.exceptions import excepting
from eligibility.reading.composing.terms import FRAMES, Inherited
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, at_least, constant, negated, rebuilt, unread
from eligibility.reading.grammar import Grammar, Refused
from eligibility.reading.lexer import Number, Token, phrase_groups, tokenize
from eligibility.reading.nouns import Context
from eligibility.reading.outline import Line, outline
from eligibility.reading.phrases import Noun, phrases
from eligibility.reading.quantities import Bounds, Grades, Lasting, Lines, Since, Stages, WindowRead, quantities
from eligibility.reading.sentences import sentences
from eligibility.reading.statements import statements
from eligibility.rules import Concept, Condition, Constant, Criterion, Duration, Not, Span, TrialRecord, Unread

__all__ = ["criterion_id", "read_criterion"]

_SIGN_TYPES = ("GE GT LE LT EQ ANDOR TIMES UNIT LPAR RPAR COMMA SEMI COLON DASH SLASH AND PLUS OR DOT SIGN NUMBER PAIR ROMAN WORD TIMEUNIT "
               "CONDITION TREATMENT ANALYTE QUALIFIER FACT UNREAD FRAME LIMIT TIME_LIMIT WINDOW LASTING SINCE_WINDOW GRADE_IS STAGE_IS "
               "LINES_ARE STAGE_NAME TAIL COUNT NEVER FOR_GROUP").split()  # fmt: skip
_TAILS = frozenset(
    "EXCEPT UNLESS IF FOR FOR_GROUP DEFINED INCLUDING MUST MUST_NOT EXCLUDED ALLOWED JUDGED DUE_TO REGARDLESS COLON DASH "
    "ANY_OF ALL_OF WITHOUT".split()
)
_SENTENCE = _TAILS | frozenset(
    "FACT UNREAD LIMIT TIME_LIMIT WINDOW LASTING SINCE_WINDOW GRADE_IS STAGE_IS LINES_ARE QUALIFIER FRAME LPAR RPAR COMMA AND OR ANDOR "
    "SEMI SLASH NOR PLUS NOT NO".split()
)
_SILENT = frozenset("FILLER PERSON IS THAT EITHER BOTH WITH AGE_UNIT_TAIL MAY".split())
_JOINTS = frozenset("COMMA AND OR ANDOR SEMI SLASH NOR".split())
_TAIL_WORDS = frozenset(
    "hcl hydrochloride therapy treatment agent drug medication regimen use product medicine infusion injection administration".split()
)


_USERS = frozenset(("user", "wearer", "taker"))


@cache
def _terminals() -> tuple[str, ...]:
    return tuple(sorted({*phrase_groups(), *_SIGN_TYPES}))


@cache
def _grammars() -> tuple[Grammar, Grammar, Grammar]:
    terminals = _terminals()
    return quantities(terminals), phrases(terminals), sentences(terminals)


def criterion_id(kind: str, text: str) -> str:
    """An id that white space, order and the versions of the rules do not change."""
    bare = " ".join(words.keys(text))
    return f"{kind[0].upper()}-{hashlib.sha256(f'{kind}:{bare}'.encode()).hexdigest()[:10]}"


def read_criterion(
    text: str,
    kind: Literal["inclusion", "exclusion"] = "inclusion",
    studied: Sequence[str] = (),
    *,
    record: TrialRecord | None = None,
    requirements: bool = False,
    abbreviations: Mapping[str, str] | None = None,
    arms: Sequence[str] = (),
    source: Span | None = None,
) -> Criterion:
    """Read one criterion. Never fails on any text: what is not understood is kept in :class:`Unread`.

    ``requirements``: the bullet stands in an Exclusion section whose bullets are mostly worded as requirements.
    ``abbreviations``: those that the trial itself defines, each with what it stands for.
    """
    context = Context(
        text=text,
        exclusion=kind == "exclusion",
        studied=_studied(tuple(studied)),
        requirements=requirements,
        minimum_age=record.minimum_age if record else None,
        maximum_age=record.maximum_age if record else None,
        has_record=record is not None,
    )
    draft = _read(context, dict(abbreviations or {}), tuple(arms))
    leftovers = tuple(
        Span(start=leaf.start, end=leaf.end)
        for leaf in draft.leaves()
        if isinstance(leaf.rule, Unread) and leaf.end > leaf.start
    )
    opened = tuple(span for leaf in draft.leaves() for span in leaf.open)
    return Criterion(
        id=criterion_id(kind, text),
        kind=kind,
        text=text,
        rule=draft.rule,
        arms=tuple(arms),
        marks=tuple(draft.marks()),
        unread=_merged(leftovers),
        open=_merged(opened),
        source=source,
    )


@lru_cache(maxsize=512)
def _studied(names: tuple[str, ...]) -> tuple[Concept, ...]:
    found: list[Concept] = []
    for name in names:
        entry = vocabulary().find(name, "condition")
        if entry is not None:
            found.append(Concept(name=entry.name))
            continue
        inside = [t.value for t in tokenize(name) if t.type == "CONDITION" and isinstance(t.value, Entry)]
        found += [Concept(name=entry.name) for entry in inside] or (
            [Concept(name=words.phrase(name), open=True)] if words.keys(name) else []
        )
    return tuple(dict.fromkeys(found))


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(start=merged[-1].start, end=max(span.end, merged[-1].end))
        else:
            merged.append(span)
    return tuple(merged)


# ---------------------------------------------------------------------------------------------------------------------
# the criterion: lines and sentences


def _read(context: Context, abbreviations: Mapping[str, str], arms: tuple[str, ...]) -> Draft:
    text = context.text
    tokens = _expand(tokenize(_unabbreviated(text)), text, abbreviations, context.studied)
    lines = outline(text)
    label = _ARM.match(text, lines[0].start) if arms and lines else None
    if label and label.end() < lines[0].end:
        lines[0].start = label.end()
    if not tokens or not lines:
        return unread(text, 0, len(text))
    draft = _line(lines[0], tokens, context) if len(lines) == 1 else _lines(lines, tokens, context)
    if draft is None:
        return unread(text, 0, len(text))
    if draft.requirement and context.exclusion:
        draft = replace(negated(draft), requirement=False)
    elif context.requirements and context.exclusion and not draft.wholly_unread:
        draft = ambiguous([draft, negated(draft)], "a bullet among requirements under Exclusion")
    return replace(draft, start=min(draft.start, lines[0].start), end=max(draft.end, len(text.rstrip())))


_ABBREVIATION = re.compile(r"\(([A-Z][A-Za-z0-9/-]{1,8})\)(?=[ -]+[a-z])")


def _unabbreviated(text: str) -> str:
    """With blanks for an abbreviation in the middle of a name: "central nervous system (CNS) leukemia"."""

    def blank(match: re.Match[str]) -> str:
        letters = [c for c in match.group(1).lower() if c.isalpha()]
        before = words.WORD.findall(text[max(0, match.start() - 80) : match.start()])[-len(letters) - 2 :]
        starts = any(word[0].lower() == letters[0] for word in before)
        return (
            " " * len(match.group())
            if starts and _subsequence("".join(letters), "".join(before).lower())
            else match.group()
        )

    return _ABBREVIATION.sub(blank, text)


def _lines(lines: Sequence[Line], tokens: Sequence[Token], context: Context) -> Draft | None:
    """Lines on one level side by side."""
    drafts = [draft for draft in (_line(line, tokens, context) for line in lines) if draft is not None]
    if not drafts:
        return None
    return any_of(drafts) if context.exclusion else all_of(drafts)


def _line(line: Line, tokens: Sequence[Token], context: Context, inherited: Inherited | None = None) -> Draft | None:
    """A line with what is nested under it."""
    own = [t for t in tokens if line.start <= t.start < line.end]
    parts = _split_sentences(own, context.text)
    if not line.children:
        return _sentences(parts, context, inherited)
    lead = parts[-1] if parts else []
    before = _sentences(parts[:-1], context, inherited) if len(parts) > 1 else None
    combined = _lead(lead, line, tokens, context, inherited)
    if combined is None:
        return before
    if before is None:
        return combined
    return _two(before, combined, context)


def _lead(
    lead: list[Token], line: Line, tokens: Sequence[Token], context: Context, inherited: Inherited | None
) -> Draft | None:
    """A lead-in and the bullets that it owns."""
    while lead and lead[-1].type in ("COLON", "DASH", "COMMA", "SEMI", "DOT"):
        lead = lead[:-1]
    kinds = {t.type for t in lead}
    given = Inherited()
    every = not context.exclusion
    count = 0
    if "ANY_OF" in kinds:
        every = False
    elif "OF_FOLLOWING" in kinds:
        at = next(i for i, t in enumerate(lead) if t.type == "OF_FOLLOWING")
        number = lead[at - 1] if at else None
        if number is not None and isinstance(number.value, Number):
            count = int(number.value.value)
            lead = [*lead[: at - 1], *lead[at:]]
            if lead and lead[at - 2 : at - 1] and lead[at - 2].type in ("GE",):
                lead = [*lead[: at - 2], *lead[at - 1 :]]
    elif "ALL_OF" in kinds and re.search(
        r"\b(?:all|both|each)\b", context.text[lead[0].start : lead[-1].end], re.IGNORECASE
    ):
        every = True
    rest = [t for t in lead if t.type not in ("ANY_OF", "ALL_OF", "OF_FOLLOWING", "INCLUDING", "DEFINED")]
    head: Draft | None = None
    if rest:
        head, given = _lead_in(rest, context)
    children = [
        _line(child, tokens, replace(context, exclusion=context.exclusion), given or inherited)
        for child in line.children
    ]
    drafts = [
        replace(_contrary(child) if context.exclusion and child.requirement else child)
        for child in children
        if child is not None
    ]
    if not drafts:
        return head
    if count:
        inside = at_least(count, drafts)
    else:
        inside = all_of(drafts) if every else any_of(drafts)
    if head is None:
        return inside
    if head.wholly_unread:
        return ambiguous([all_of([head, inside]), any_of([head, inside])], "a lead-in that was not understood")
    if kinds & {"INCLUDING"}:
        return any_of([head, inside])
    if (
        "DEFINED" in kinds
        and isinstance(head.rule, Condition)
        and not any(leaf.wholly_unread for leaf in inside.leaves())
    ):
        return replace(inside, start=head.start)
    if kinds & {"DEFINED", "ANY_OF", "ALL_OF", "OF_FOLLOWING"} and not head.requirement:
        return all_of([head, inside])
    return _two(head, inside, context)


def _contrary(draft: Draft) -> Draft:
    return replace(negated(draft), requirement=False)


def _lead_in(rest: list[Token], context: Context) -> tuple[Draft | None, Inherited]:
    """What a lead-in says itself, and what it gives to its bullets."""
    made = _phrased(_quantified(_cleaned(rest)), context)
    given = Inherited()
    left: list[Token] = []
    for token in made:
        if token.type == "WINDOW" and token.value.windows and given.window is None:
            given.window = token.value
        elif token.type == "SINCE_WINDOW":
            given.since = token.value
        elif token.type in FRAMES:
            given.frames.append(token)
        elif token.type in _SILENT or token.type in ("MUST", "OF", "COLON", "COMMA", "WINDOW", "TEST_WORD", "LEAD"):
            continue
        else:
            left.append(token)
    if not left or all(
        t.type
        in (
            "FACT",
            "TREATMENT",
            "CURRENT",
            "PRIOR",
            "LAST",
            "WORD",
            "PREP",
            "AND",
            "OR",
            "IF",
            "FOR",
            "QUALIFIER",
            "ANCHOR",
            "WEAK_ANCHOR",
            "SITE",
            "IS",
            "NORMAL",
            "ABNORMAL",
            "TEST_WORD",
        )
        and _is_lead_word(t, context.text)
        for t in left
    ):
        return None, given
    if any(t.type == "FACT" and isinstance(t.value, Noun) for t in left) or True:
        head = _sentence(rest, context, None)
        return head, Inherited(window=given.window)
    return None, given


_LEAD_WORDS = frozenset(
    words.keys(
        "adequate organ function bone marrow hematologic hematological renal hepatic liver kidney laboratory values parameters criteria "
        "requirements below follows met meet defined evidenced conditions condition patients with one at least normal acceptable cardiac "
        "baseline results tests levels function functions within days who as by the in on status measurements blood counts count systems "
        "system screening obtained performed these must hematopoietic coagulation lab value for study entry treatment disease diseases "
        "laboratory abnormalities abnormality medical history findings medications therapies therapy treatments types meeting and or if "
        "applicable applies apply prior concurrent therapy criterion specific characteristics category baseline has have having had exhibits exhibit any following reserve reasonable satisfactory sufficient biochemical indicated demonstrated specified required"
    )
)


def _is_lead_word(token: Token, text: str) -> bool:
    return all(key in _LEAD_WORDS for key in words.keys(text[token.start : token.end]))


def _split_sentences(tokens: Sequence[Token], text: str) -> list[list[Token]]:
    found: list[list[Token]] = [[]]
    depth = 0
    for index, token in enumerate(tokens):
        depth += (token.type == "LPAR") - (token.type == "RPAR")
        if token.type == "DOT" and (depth > 0 or _within(tokens, index, text)):
            continue
        if token.type == "DOT" or (
            token.type == "SEMI"
            and depth <= 0
            and (_is_clause(tokens[index + 1 :]) or _is_labelled(tokens[index + 1 :]))
        ):
            found.append([])
        else:
            found[-1].append(token)
    return [part for part in found if any(t.type not in ("COMMA", "SEMI", "COLON", "DASH", "RPAR") for t in part)]


def _within(tokens: Sequence[Token], index: int, text: str) -> bool:
    """Whether a full stop ends an abbreviation, not a sentence."""
    if index + 1 >= len(tokens):
        return False
    if index and tokens[index - 1].type == "INCLUDING":
        return True
    after = tokens[index + 1]
    first = text[after.start]
    glued = after.start == tokens[index].end and index > 0 and tokens[index - 1].end == tokens[index].start
    if glued and not (first.isupper() and text[after.start + 1 : after.start + 2].islower()):
        return True  # "www.example.org", "v4.0"
    return (
        after.type == "COMMA"
        or first.islower()
        or (after.start == tokens[index].end and first.isalnum() and not first.isupper())
    )


def _is_labelled(following: Sequence[Token]) -> bool:
    """Whether what follows begins with a label: "melanoma: ..."."""
    return len(following) > 1 and following[0].type in ("CONDITION", "WORD") and following[1].type == "COLON"


_ARM = re.compile(
    r"\s*(?:(?:arm|cohort|part|group|stratum|phase)\s+[\w.]{1,4}\s*(?:,|and|&)?\s*)+[-–—:)]\s*", re.IGNORECASE
)
_MODAL = frozenset("MUST MUST_NOT EXCLUDED ALLOWED".split())


def _is_clause(following: Sequence[Token]) -> bool:
    """Whether what follows a semicolon, up to the next one, is a sentence with a verb of its own."""
    for token in following:
        if token.type in ("SEMI", "DOT"):
            return False
        if token.type in _MODAL:
            return True
    return False


def _sentences(parts: Sequence[list[Token]], context: Context, inherited: Inherited | None) -> Draft | None:
    draft: Draft | None = None
    for part in parts:
        other = _sentence(part, context, inherited)
        if other is None:
            continue
        draft = other if draft is None else _two(draft, other, context)
    return draft


def _permitted(first: Draft, allowed: Draft, forbidding: bool) -> Draft:
    """What a permission says of the sentence before it: where that forbids, facts of its kind do not count.

    ``forbidding``: what ``first`` says is what must not be.
    """
    if isinstance(first.rule, Not):
        return rebuilt(first, (_permitted(first.parts[0], allowed, not forbidding),))
    if first.parts and first.rule.kind not in ("condition", "treatment", "allergy"):
        return rebuilt(first, tuple(_permitted(part, allowed, forbidding) for part in first.parts))
    leaves = [leaf for leaf in allowed.leaves() if not leaf.parts and leaf.rule.kind in (first.rule.kind, "unread")]
    return excepting(first, leaves) if forbidding and leaves else first


def _two(first: Draft, second: Draft, context: Context) -> Draft:
    """A sentence, or a nested list, after another one."""
    if isinstance(second.rule, Constant):
        return (
            _permitted(first, second.allowed, context.exclusion != first.requirement)
            if second.allowed is not None
            else first
        )
    if second.saving:
        return (
            all_of([first, negated(second)]) if context.exclusion and not first.requirement else any_of([first, second])
        )
    if first.labelled and second.labelled:
        return replace(any_of([first, second]), labelled=True)
    if not context.exclusion:
        if second.wholly_unread and not first.wholly_unread:
            return ambiguous(
                [all_of([first, second]), any_of([first, second])], "a further sentence that was not understood"
            )
        return replace(all_of([first, second]), requirement=first.requirement and second.requirement)
    if second.wholly_unread or first.wholly_unread:
        return ambiguous(
            [all_of([first, second]), any_of([first, second])], "a further sentence that was not understood"
        )
    sides = [_contrary(d) if d.requirement else d for d in (first, second)]
    if second.requirement or first.requirement:
        return any_of(sides)
    return any_of(sides)


# ---------------------------------------------------------------------------------------------------------------------
# one sentence


def _sentence(tokens: list[Token], context: Context, inherited: Inherited | None) -> Draft | None:
    """The draft of one sentence; unread as a whole where the grammar does not take it."""
    tokens = _cleaned(tokens)
    if not tokens:
        return None
    made = _phrased(_quantified(statements(tokens, context)), context)
    joined = _joined(made, context.text)
    if not joined:
        if any(t.value == "everybody" for t in tokens):
            return constant(True, "of either sex", tokens[0].start, tokens[-1].end)
        return None
    grammar = _grammars()[2]
    for _ in range(4):
        try:
            read = grammar.whole("sentence", joined)
            break
        except Refused as refused:
            index = refused.args[0] if refused.args else len(joined)
            if index >= len(joined):
                if joined and joined[-1].type in _JOINTS | {"LPAR", "NOT", "NO", "WITHOUT"}:
                    joined = joined[:-1]
                    continue
                return unread(context.text, tokens[0].start, tokens[-1].end)
            joined = _patched(joined, index)
    else:
        return unread(context.text, tokens[0].start, tokens[-1].end)
    try:
        draft = compose(read, context, inherited, [t.start for t in made if t.type in ("PERSON", "SOMEBODY_ELSE")])
    except Refused:
        return unread(context.text, tokens[0].start, tokens[-1].end)
    if draft is None:
        return unread(context.text, tokens[0].start, tokens[-1].end)
    return draft


def _patched(tokens: list[Token], index: int) -> list[Token]:
    """The tokens with the one that does not fit taken as unread words."""
    token = tokens[index]
    if token.type in _JOINTS:
        return [*tokens[:index], *tokens[index + 1 :]]
    return _merge_unread([*tokens[:index], Token("UNREAD", None, token.start, token.end), *tokens[index + 1 :]])


def _cleaned(tokens: Sequence[Token]) -> list[Token]:
    """Without fillers and appositions: "progressive multifocal leukoencephalopathy (PML)"."""
    found: list[Token] = []
    index = 0
    tokens = _either_sex(_prefixed([t for t in tokens if t.type != "FILLER"]))
    while index < len(tokens):
        token = tokens[index]
        if token.type == "LPAR" and found:
            close = _closing(tokens, index)
            if close is not None and _apposition(found[-1], tokens[index + 1 : close]):
                index = close + 1
                continue
        found.append(token)
        index += 1
    return found


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


def _closing(tokens: Sequence[Token], index: int) -> int | None:
    """The parenthesis that closes the one at ``index``, if it stands near."""
    depth = 0
    for at in range(index, min(index + 9, len(tokens))):
        depth += (tokens[at].type == "LPAR") - (tokens[at].type == "RPAR")
        if depth == 0:
            return at
    return None


def _either_sex(tokens: list[Token]) -> list[Token]:
    """ "Men or women" are people."""
    found: list[Token] = []
    for token in tokens:
        if (
            token.type in ("MALE", "FEMALE")
            and len(found) > 1
            and found[-1].type in ("AND", "OR", "SLASH", "ANDOR", "COMMA")
        ):
            other = found[-2]
            if other.type in ("MALE", "FEMALE") and other.type != token.type:
                del found[-2:]
                found.append(Token("PERSON", "everybody", other.start, token.end))
                continue
        found.append(token)
    return found


def _apposition(before: Token, inside: Sequence[Token]) -> bool:
    names = [t for t in inside if t.type not in ("COMMA", "OR", "SLASH", "LPAR", "RPAR", "INCLUDING", "AND")]
    if not names or len(names) > 3:
        return not inside
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
        return all(t.type in (before.type, "WORD") for t in names) and len(names) == 1
    if isinstance(before.value, Entry):
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


def _abbreviates(token: Token, name: str, synonyms: Sequence[str]) -> bool:
    letters = str(token.value)
    return 1 < len(letters) <= 8 and any(
        letters[0] == (key := "".join(k[0] for k in words.keys(each)))[:1]
        and _subsequence(letters, "".join(words.keys(each)))
        and bool(key)
        for each in (name, *synonyms)
    )


def _subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return all(c in rest for c in short)


def _expand(
    tokens: list[Token], text: str, abbreviations: Mapping[str, str], studied: Sequence[Concept]
) -> list[Token]:
    """Words that the trial defines as abbreviations, as what they stand for."""
    found = []
    for token in tokens:
        raw = text[token.start : token.end]
        long = abbreviations.get(raw) if token.type == "WORD" else None
        if long is None and token.type == "WORD" and raw.isupper() and 2 <= len(raw) <= 6:
            long = next((c.name for c in studied if not c.open and _short_for(raw, c.name)), None)
        inner = tokenize(long) if long else []
        if len(inner) == 1 and isinstance(inner[0].value, Entry):
            token = Token(inner[0].type, inner[0].value, token.start, token.end, inner[0].others)
        found.append(token)
    return found


@lru_cache(maxsize=4096)
def _short_for(raw: str, name: str) -> bool:
    """Whether an abbreviation is that of a disease under study: "AD" in a trial of atopic dermatitis."""
    entry = vocabulary().entry("condition", name)
    if entry is None:
        return False
    exact = {
        str(each)
        for each in (
            *entry.synonyms,
            *entry.facts.get("ambiguous_synonyms", ()),
            *getattr(entry, "ambiguous_synonyms", ()),
        )
    }
    return raw in exact or any(
        "".join(w[0] for w in words.keys(each)).upper() == raw for each in (name, *entry.synonyms)
    )


_QUANTITY_TYPES: tuple[tuple[type, str], ...] = (
    (WindowRead, "WINDOW"), (Lasting, "LASTING"), (Since, "SINCE_WINDOW"), (Grades, "GRADE_IS"), (Stages, "STAGE_IS"), (Lines, "LINES_ARE"),
)  # fmt: skip


def _quantified(tokens: list[Token]) -> list[Token]:
    """Numbers and times as limits and windows."""
    grammar = _grammars()[0]
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.type not in ("FACT", "WORD", "CONDITION", "PERSON") and grammar.begins("quantity", token):
            read = grammar.longest("quantity", tokens, index)
            if read is not None:
                value, end = read
                kind = next((name for cls, name in _QUANTITY_TYPES if isinstance(value, cls)), "LIMIT")
                if isinstance(value, Bounds) and (value.time or value.age):
                    kind = "TIME_LIMIT"
                found.append(Token(kind, value, token.start, tokens[end - 1].end))
                index = end
                continue
        if token.type == "WEAK_ANCHOR":
            kind, value = next(((k, v) for k, v in token.others), ("WORD", " ".join(words.keys(str(token.value)))))
            token = Token(kind, value, token.start, token.end, token.others[1:])
        found.append(token)
        index += 1
    return found


_NAMES = frozenset(
    "CONDITION TREATMENT ANALYTE PREGNANT BREASTFEEDING CHILDBEARING NOT_CHILDBEARING STERILE CONTRACEPTION FEMALE MALE EXISTS".split()
)


def _phrased(tokens: list[Token], context: Context) -> list[Token]:
    """Facts: at each place the longest phrase of any kind."""
    grammar = _grammars()[1]
    tokens = [_as_tail(token, tokens[i - 1] if i else None) for i, token in enumerate(tokens)]
    tokens = [_as_meant(token, tokens[i + 1 : i + 4]) for i, token in enumerate(tokens)]
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.type == "WORD":
            end = next((i for i in range(index + 1, len(tokens)) if tokens[i].type != "WORD"), len(tokens))
            if end == len(tokens) or (
                tokens[end].type not in _NAMES and not any(kind in _NAMES for kind, _ in tokens[end].others)
            ):
                found += tokens[index:end]  # unknown words, and no name that they could narrow
                index = end
                continue
        best: tuple[object, int] | None = None
        if token.type not in ("FACT", "PERSON", "COMMA", "AND", "OR"):
            for start in ("measurement", "age", "noun", "statement"):
                if not grammar.begins(start, token):
                    continue
                read = grammar.longest(start, tokens, index)
                if read is not None and (best is None or read[1] > best[1]) and _is_phrase(read[0]):
                    best = read
        if best is None:
            found.append(token)
            index += 1
            continue
        value, end = best
        found.append(Token("FACT", value, token.start, tokens[end - 1].end))
        index = end
    return found


def _as_tail(token: Token, before: Token | None) -> Token:
    """ "Anticoagulant therapy": the therapy adds nothing to its drug."""
    if token.type in ("WORD", "TREATMENT", "USE") and before is not None and before.type in ("TREATMENT", "WORD"):
        name = token.value.name if isinstance(token.value, Entry) else str(token.value)
        if name in _USERS and before.type == "TREATMENT":
            return Token("CURRENT", name, token.start, token.end)
        if name in _TAIL_WORDS and before.type == "TREATMENT":
            return Token("TAIL", name, token.start, token.end)
    return token


_WORDLIKE = frozenset("LAST ANCHOR WEAK_ANCHOR AFTER".split())


def _as_meant(token: Token, following: Sequence[Token]) -> Token:
    """ "Insulin" is a drug, unless a number follows; "on warfarin" is its use; "recent stroke" a narrower stroke."""
    after = following[0].type if following else ""
    named = after in ("TREATMENT", "CONDITION") or (
        after == "QUALIFIER" and len(following) > 1 and following[1].type in ("TREATMENT", "CONDITION")
    )
    if (
        named
        and token.value == "on"
        and (after == "TREATMENT" or (len(following) > 1 and following[1].type == "TREATMENT"))
    ):
        return Token("USE", "on", token.start, token.end)
    if (
        named
        and token.type in _WORDLIKE
        and not any(kind in FRAMES for kind, _ in token.others)
        and " " not in str(token.value)
    ):
        return Token("WORD", str(token.value), token.start, token.end)
    if (
        token.type != "ANALYTE"
        or not token.others
        or any(t.type in ("LIMIT", "TIME_LIMIT", "NORMAL_RANGE", "TEST_WORD") for t in following)
    ):
        return token
    other = next(((k, v) for k, v in token.others if k in ("TREATMENT", "CONDITION")), None)
    if other is None:
        return token
    return Token(
        other[0], other[1], token.start, token.end, (("ANALYTE", token.value), *(o for o in token.others if o != other))
    )


def _is_phrase(value: object) -> bool:
    """Not unknown words alone: they need a frame that says what they are."""
    if isinstance(value, Noun):
        if value.head.names:
            return True
        if [t.value for t in value.head.words] in (["disease"], ["tumor"]) and any(
            t.type == "QUALIFIER" for t in value.before
        ):
            return True  # the disease under study
        return any(
            t.type in FRAMES and t.type not in ("PRIOR", "CURRENT", "OTHER", "KNOWN", "PRESENCE") for t in value.before
        )
    return True


def _joined(tokens: list[Token], text: str) -> list[Token]:
    """What the grammar of sentences stands on: facts, connectives, and everything else as unread words."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        kind = token.type
        if (
            kind in ("FOR_TIME", "FOR", "IF", "WITHIN", "PREP")
            and index + 1 < len(tokens)
            and text[token.start : token.end].lower() in ("for", "in", "among")
        ):
            group = tokens[index + 1].type in ("PERSON", "FEMALE", "MALE", "CHILDBEARING") or _sexed(tokens[index + 1])
            token = Token(
                "FOR_GROUP"
                if group
                else ("FOR" if kind != "PREP" and text[token.start : token.end].lower() == "for" else "UNREAD"),
                None,
                token.start,
                token.end,
            )
            kind = token.type
        if kind in _SENTENCE:
            found.append(token)
        elif kind in FRAMES:
            framed = _before_list(tokens, index)
            found.append(
                Token("FRAME", token, token.start, token.end)
                if framed
                else Token("UNREAD", [token], token.start, token.end)
            )
        elif kind in _SILENT:
            found.append(Token("SILENT", None, token.start, token.end))
        else:
            found.append(Token("UNREAD", [token], token.start, token.end))
    found = _merge_unread(_balanced(found))
    return _absorb_joints([t for t in found if t.type != "SILENT"])


def _balanced(tokens: list[Token]) -> list[Token]:
    """Without the parentheses that have no partner."""
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
    alone |= set(open_at)
    return [token for index, token in enumerate(tokens) if index not in alone]


def _before_list(tokens: list[Token], index: int) -> bool:
    at = index + 1
    while at < len(tokens) and tokens[at].type in ("QUALIFIER", "FILLER", *FRAMES):
        at += 1
    if at >= len(tokens):
        return False
    if tokens[at - 1].type == "QUALIFIER" and tokens[at].type in ("OR", "COMMA", "AND", "ANDOR", "SLASH"):
        return True
    return at == index + 1 and tokens[at].type in ("ANY_OF", "ALL_OF", "COLON", "EITHER")


def _sexed(token: Token) -> bool:
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
        if found and found[-1].type in _JOINTS:
            if token.type in _TAILS and not (token.type == "WITHOUT"):
                joint = found.pop()
                token = Token(
                    token.type,
                    f"joined:{joint.type}" if joint.type in ("AND", "OR") else token.value,
                    token.start,
                    token.end,
                )
            elif token.type in _JOINTS:
                if found[-1].type in ("COMMA", "SEMI") and token.type not in ("COMMA", "SEMI"):
                    found.pop()
                    token = Token(token.type, "serial", token.start, token.end)
                else:
                    continue
        elif token.type in _JOINTS and (not found or found[-1].type in _TAILS | {"LPAR"}):
            continue
        if token.type == "RPAR" and found and found[-1].type in _JOINTS:
            found.pop()
        found.append(token)
    while found and found[-1].type in _JOINTS:
        found.pop()
    while found and found[0].type in ("COLON", "DASH"):
        found.pop(0)
    return found


def _durations(value: Duration | None) -> Duration | None:
    return value
