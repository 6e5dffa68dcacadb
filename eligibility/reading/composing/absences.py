"""What "without" denies of what precedes it, and "with or without" leaves open."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Final

from eligibility.knowledge.qualifiers import Qualifier
from eligibility.reading.composing.denying import is_own_statement
from eligibility.reading.composing.requirements import CLAUSE, own_clause
from eligibility.reading.composing.terms import ALTERNATIVES, Composing, Inherited
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, excluding_nobody, lately, negated
from eligibility.reading.lexing.tokens import EITHER, Token
from eligibility.reading.patterns import PERSONS
from eligibility.reading.phrases import AgeRead, Measured, Noun
from eligibility.reading.sentences import Element, Group, ListRead, Tail
from eligibility.rules import Condition, Measurement, Treatment

_WITH_OR_WITHOUT: Final = re.compile(r"with\s*(?:or|and/or|/)\s*without\b", re.IGNORECASE)


def either_way(here: Composing, tail: Tail, body: ListRead) -> bool:
    """ "With or without A or B": several things with nothing but an "or" between them, none of which is asked for."""
    alone = all(not element.negations for element in body.elements) and set(body.separators) <= EITHER
    clause = any(_NEW_CLAUSE.search(here.text, a.end, b.start + 1) for a, b in pairwise(body.elements))
    timed = any(
        not isinstance(atom, Group) and atom.type in _LIMITING for element in body.elements for atom in element.atoms
    )
    timed = timed or bool(_times_behind(body))
    more = any(_says_more(here, element) for element in body.elements)
    more = more or any(_OR_ANEW.match(here.low, a.end, b.end) for a, b in pairwise(body.elements))
    return alone and not (clause or timed or more) and _WITH_OR_WITHOUT.match(here.text, tail.start) is not None


def time_behind_aside(here: Composing, body: ListRead, tail: Tail) -> tuple[ListRead, Tail] | None:
    """ "Asthma with or without eczema for at least a year": how long, or when, is of what stands before the aside,
    since nothing is asked of what is in it; None where no time closes it, or what stands before it has its own."""
    if tail.body is None or _WITH_OR_WITHOUT.match(here.text, tail.start) is None:
        return None
    times, before = _times_behind(tail.body), body.elements[-1]
    named = before.atoms[-1]
    if not times or isinstance(named, Group) or not isinstance(named.value, Noun):
        return None
    if named.value.has("WINDOW", "LASTING", "SINCE_WINDOW"):
        return None
    timed = replace(named.value, behind=[*named.value.behind, *times])
    atoms = [*before.atoms[:-1], Token(named.type, timed, named.start, named.end)]
    elements = [*body.elements[:-1], Element(before.negations, atoms, before.start, before.end)]
    last = tail.body.elements[-1]
    aside = last.atoms[-1]
    assert isinstance(aside, Token)
    if len(aside.value.behind) > len(times):
        return None  # "with or without metastases diagnosed within 6 months"
    bare = replace(aside.value, behind=[t for t in aside.value.behind if t not in times], end=times[0].start)
    closed = Element(
        last.negations, [*last.atoms[:-1], Token(aside.type, bare, aside.start, bare.end)], last.start, bare.end
    )
    read = ListRead([*tail.body.elements[:-1], closed], tail.body.separators, tail.body.start, bare.end)
    return replace(body, elements=elements), replace(tail, body=read)


def _times_behind(read: ListRead) -> list[Token]:
    """When, or for how long, said behind the last name of a list."""
    last = read.elements[-1].atoms[-1]
    noun = last.value if isinstance(last, Token) else None
    return [t for t in noun.behind if t.type in ("WINDOW", "LASTING", "SINCE_WINDOW")] if isinstance(noun, Noun) else []


def _says_more(here: Composing, element: Element) -> bool:
    """Whether what is asked stands behind the aside: "with or without fever that has relapsed", "... with A < 9",
    "... (B must have ended)"."""
    atoms = [atom for atom in element.atoms if not isinstance(atom, Group)]
    asked = any(isinstance(atom.value, Measured | AgeRead) for atom in atoms[1:])
    asked = asked or any(isinstance(atom, Group) and _asks(atom) for atom in element.atoms)
    return asked or any(_MORE.search(here.text, a.start, b.start + 1) for a, b in pairwise(atoms))


def _asks(group: Group) -> bool:
    """Whether a parenthesis says what must be, or when something counts."""
    return any(tail.has("MUST", "MUST_NOT", "IF", "UNLESS", "EXCEPT") for tail in group.body.tails)


def behind_aside(here: Composing, tail: Tail, body: ListRead) -> Draft | None:
    """What is asked behind "with or without A, ..."; None where nothing is, or where it may be one more aside."""
    at = next((i for i, joint in enumerate(body.separators, 1) if joint in ("COMMA", "AND", "SEMI")), 0)
    if not at or here.exclusion or body.separators[at - 1] not in ("COMMA", "AND"):
        return None
    first, rest = body.parted(at)
    if is_aside(first) and own_clause(rest.elements[0]):
        return here.listed(rest, Inherited())  # "even if sterilized, agree to A or B"
    if not either_way(here, tail, first) or {"OR", "ANDOR"} & {*rest.separators}:
        return None
    besides = here.listed(rest, Inherited())
    if besides is None or body.separators[at - 1] != "AND" or _NEW_CLAUSE.search(here.text, first.end, rest.start + 1):
        return besides
    if not all(isinstance(leaf.rule, Condition | Treatment) for leaf in besides.innermost()):
        return besides
    free = excluding_nobody(True, besides.start, besides.end)  # "with or without soft tissue and bony procedures"
    return ambiguous([free, besides], "one more thing that does not matter, or that is asked for")


def or_behind_aside(here: Composing, main: Draft, tail: Tail, body: ListRead) -> Draft | None:
    """ "A regardless of its cause, or B": B is one more of what is named, or does not matter either; None where B
    names nothing that people have."""
    if (anew := _or_anew(here, main, tail, body)) is not None:
        return anew
    at = next((i for i, joint in enumerate(body.separators, 1) if joint in ("OR", "ANDOR", "SEMI")), 0)
    first, rest = body.parted(at) if at else (body, None)
    if rest is None or len(first.elements) > 1 or not is_aside(first) or _WITH_OR_WITHOUT.match(here.text, tail.start):
        return None
    named = here.listed(rest, Inherited())
    if named is None or not all(_is_known(leaf) for leaf in named.innermost()):
        return None
    if body.separators[at - 1] == "SEMI":
        return any_of([main, named]) if here.exclusion else all_of([main, named])
    if here.exclusion and named.requirement != main.requirement:
        return None
    either = replace(any_of([main, named]), requirement=main.requirement)
    return ambiguous([replace(main, end=named.end), either], "one more of them, or what does not matter")


def _or_anew(here: Composing, main: Draft, tail: Tail, body: ListRead) -> Draft | None:
    """ "A with or without B, or history of C": C is one more of what is named, by words of its own."""
    at = next((i for i, (a, b) in enumerate(pairwise(body.elements), 1) if _OR_ANEW.match(here.low, a.end, b.end)), 0)
    if not at or main.requirement:
        return None
    first, rest = body.parted(at)
    named = here.listed(rest, Inherited()) if either_way(here, tail, first) else None
    return any_of([main, named]) if named is not None and not named.requirement else None


def _is_known(leaf: Draft) -> bool:
    return isinstance(leaf.rule, Condition | Treatment | Measurement) and not leaf.open


_OR_ANEW: Final = re.compile(  # "with or without A, or history of B"
    r"\s*,\s*or\s+(?:an?\s+|any\s+)?(?:history|prior|previous|known|current|active|recent|evidence|presence|use|receipt)\b"
)
_NEW_CLAUSE: Final = re.compile(rf"\b(?:with|who|that|which|having|{PERSONS})\b", re.IGNORECASE)
_MORE: Final = re.compile(r"\b(?:with|who|that|which|having|requiring)\b", re.IGNORECASE)
_LIMITING: Final = frozenset("LIMIT TIME_LIMIT SEX_LIMIT EITHER_LIMIT WINDOW LASTING SINCE_WINDOW".split())


def is_aside(body: ListRead) -> bool:
    """Whether what follows "regardless of" is one thing of which no more is said than what it is."""
    if len(body.elements) > 1:
        return {*body.separators} <= ALTERNATIVES and all(map(_everybody_has, body.elements))
    atoms = [atom for atom in body.elements[0].atoms if not isinstance(atom, Group) or not _explains(atom)]
    noun = atoms[0].value if len(atoms) == 1 and not isinstance(atoms[0], Group) else None
    timed = isinstance(noun, Noun) and any(t.type in ("WINDOW", "LASTING") for t in noun.behind)
    return len(atoms) == 1 and not timed


def _everybody_has(element: Element) -> bool:
    """Whether it names no more than what everybody, or every disease, has one of: "race", "histologic subtype"."""
    atom = element.atoms[0]
    words = atom.value if not isinstance(atom, Group) and isinstance(atom.value, list) else []
    alone = len(element.atoms) == 1 and not element.negations and all(isinstance(each, Token) for each in words)
    return alone and _HAD_BY_ALL.fullmatch(" ".join(str(each.value) for each in words)) is not None


_HAD_BY_ALL: Final = re.compile(
    r"(?:(?:their|its|the|any|disease|tumou?r|histologic(?:al)?|molecular|genetic|ethnic|racial|sexual|socio-?economic|marital"
    r"|menopausal|mutation(?:al)?|expression|hormone|receptor|smoking|primary|clinical|prior|previous)\s+)*"
    r"(?:race|gender|sex|ethnicit(?:y|ie)|ethnic|origin|background|nationality|religion|creed|orientation|identity|age|status|stage|grade"
    r"|histology|(?:sub)?type|genotype|phenotype|severity|duration|aetiology|etiology|cause|location|site|size|extent)s?"
)


def _explains(group: Group) -> bool:
    """Whether a parenthesis only gives examples of a thing, or the same in other words."""
    tails = group.body.tails
    read = tails[0].body if len(tails) == 1 and tails[0].has("INCLUDING") and group.body.body is None else None
    read = group.body.body if not tails else read
    return read is not None and not any(
        element.negations or any(isinstance(atom, Group) or _limits(atom) for atom in element.atoms)
        for element in read.elements
    )


def _limits(atom: Token) -> bool:
    counted = isinstance(atom.value, Noun) and atom.value.has("COUNT", "WINDOW", "LASTING", "STAGE_IS", "GRADE_IS")
    return counted or atom.type in _LIMITING or isinstance(atom.value, Measured)


def without(here: Composing, tail: Tail, body: ListRead | None) -> Draft | None:
    """ "... without A or B", of both; "... not A, or who are B": a clause of its own is not denied."""
    if body is None:
        return None
    mothers = mothers_at(body)
    clause = next(
        (
            index
            for index in range(1, len(body.elements))
            if CLAUSE.search(here.text, body.elements[index - 1].end, body.elements[index].start)
            or _OR_WITH.search(here.low, body.elements[index - 1].end, body.elements[index].start)
            or body.elements[index].negations
            or index == mothers
            or _AND_ARE.match(here.low, body.elements[index - 1].end)
            or (body.separators[index - 1] == "AND" and own_clause(body.elements[index]))
        ),
        len(body.elements),
    )
    first = ListRead(body.elements[:clause], body.separators[: clause - 1], body.start, body.elements[clause - 1].end)
    other = here.listed(first, Inherited())
    if other is None:
        return None
    other = lately(other)
    denied = negated(other, (tail.start, first.end))
    if other.rule.kind == "all" and first.separators:
        neither = negated(any_of(other.parts), (tail.start, first.end))
        together = set(first.separators) & {"AND", "PLUS"}
        denied = ambiguous([neither, denied], "a negation of each, or of all together") if together else neither
    limit = next((i for i, part in enumerate(other.parts) if is_own_statement(part.rule)), 0)
    if other.rule.kind in ("any", "all") and limit and not here.exclusion and "COMMA" in first.separators:
        alone = all_of([negated(any_of(other.parts[:limit])), *other.parts[limit:]])
        denied = ambiguous([denied, alone], "a limit that may be denied, or stand for itself")
    if clause == len(body.elements):
        return denied
    rest = here.listed(
        ListRead(body.elements[clause:], body.separators[clause:], body.elements[clause].start, body.end), Inherited()
    )
    if rest is None:
        return denied
    either = body.separators[clause - 1] in ("OR", "ANDOR") or (here.exclusion and _motherhood(body.elements[clause]))
    return any_of([denied, rest]) if either else all_of([denied, rest])


def none_or_less(here: Composing, read: ListRead, inherited: Inherited, *, top: bool, plain: bool) -> Draft | None:
    """ "No ascites, or ascites that is controlled": to have less of what is denied will do, where a denial of both
    would say no more than that of the first; None where the second is no less than the first."""
    if len(read.elements) != _PAIR or not EITHER.issuperset(read.separators) or not read.elements[0].negations:
        return None
    first, second = (element.atoms[0] for element in read.elements)
    if isinstance(first, Group) or isinstance(second, Group) or read.elements[1].negations:
        return None
    denied, less = first.value, second.value
    if not isinstance(denied, Noun) or not isinstance(less, Noun) or len(read.elements[0].atoms) > 1:
        return None
    if not denied.head.names or _named(denied) != _named(less) or denied.head.words or less.head.words:
        return None
    if denied.behind or any(token.type not in _PLAIN_FRAMES for token in denied.before):
        return None
    said = {token.value.name for token in (*less.before, *less.behind) if isinstance(token.value, Qualifier)}
    if said.isdisjoint(_LESS) and _SAID_OF_IT.match(here.low, less.head.end) is None:
        return None
    before, behind = read.parted(1)
    none = here.listed(before, inherited, top=top, plain=plain)
    rest = here.listed(behind, Inherited(), plain=True)
    if none is None or rest is None:
        return None
    return replace(any_of([none, rest]), requirement=none.requirement)


def _named(noun: Noun) -> list[object]:
    return [name.value for name in noun.head.names]


_PAIR: Final = 2
_PLAIN_FRAMES: Final = frozenset(("KNOWN", "PRESENCE", "HISTORY", "CURRENT", "PRIOR"))
_LESS: Final = frozenset(  # what makes a disease one that a trial may live with
    "controlled|stable|treated|adequately treated|asymptomatic|mild|inactive|latent|non-serious".split("|")
)
_SAID_OF_IT: Final = re.compile(r"\s+(?:that|which)?\s*(?:is|are|was|were|has|have|had)\b")


_AND_ARE: Final = re.compile(r"\W*\band\s+(?:is|are|was|were)\s+(?!not\b|no\b|without\b)")  # a verb of its own
_OR_WITH: Final = re.compile(r"\bor\s+with\b")


def mothers_at(body: ListRead) -> int:
    """Where behind something else pregnancy or breastfeeding stands in a list; 0 where nowhere."""
    if _motherhood(body.elements[0]):
        return 0
    return next((i for i, element in enumerate(body.elements) if _motherhood(element)), 0)


def _motherhood(element: Element) -> bool:
    """Whether it begins with pregnancy or breastfeeding: "women without contraception, pregnant or breastfeeding"."""
    first = element.atoms[0]
    noun = first.value if not isinstance(first, Group) else None
    return isinstance(noun, Noun) and bool(noun.kinds) and noun.kinds <= {"PREGNANT", "BREASTFEEDING"}
