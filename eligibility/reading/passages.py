"""One sentence after another -> the draft of what they say together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import Final, Literal

from eligibility.knowledge.vocabulary import Entry, Kind, vocabulary
from eligibility.reading.coded import named_with_numbers
from eligibility.reading.compose import compose
from eligibility.reading.composing.exceptions import excepting
from eligibility.reading.composing.judgements import is_fitness
from eligibility.reading.composing.own_limits import analytes_of, limits_instead
from eligibility.reading.composing.permissions import WHO_MAY
from eligibility.reading.composing.terms import FRAMES, Inherited, StatementRead
from eligibility.reading.doses import dosed
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    constant,
    contrary,
    negated,
    rebuilt,
    unread,
    with_those,
)
from eligibility.reading.findings import ways_together
from eligibility.reading.grammar import Refused
from eligibility.reading.islands import grammars, phrased, quantified
from eligibility.reading.joints import JOINTS, joined_up, patched
from eligibility.reading.judging import clauses_of_judgement
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.notes import without_notes
from eligibility.reading.nouns import Context
from eligibility.reading.occasions import days_together
from eligibility.reading.participation import taking_part
from eligibility.reading.people import listed_by_age, of_their_age
from eligibility.reading.phrases import AgeRead, Measured, Noun
from eligibility.reading.places import any_place
from eligibility.reading.quantities import Bounds
from eligibility.reading.rewriting.alternative_windows import either_window, windows_together
from eligibility.reading.rewriting.beside_numbers import cleared, plainly
from eligibility.reading.rewriting.cleaning import cleaned
from eligibility.reading.rewriting.counting import counted
from eligibility.reading.rewriting.ellipsis import denials_apart, predicates_apart
from eligibility.reading.rewriting.implied import implied, of_red_cells
from eligibility.reading.rewriting.limits_by_sex import by_sex
from eligibility.reading.rewriting.merging import merged
from eligibility.reading.rewriting.test_results import with_results
from eligibility.reading.rewriting.treatment_attributes import absorbed, either_alone, in_settings, stopped
from eligibility.reading.statements import statements
from eligibility.reading.washouts import given_up, washed_out
from eligibility.rules import (
    Age,
    All,
    Ambiguous,
    Condition,
    Conditional,
    Constant,
    Finding,
    Measurement,
    Not,
    PatientAttribute,
    Rule,
    Statement,
    Treatment,
)

__all__ = ["at_site", "read_sentence", "read_sentences", "side_by_side"]


def read_sentence(tokens: list[Token], context: Context, inherited: Inherited | None) -> Draft | None:
    """The draft of one sentence; unread as a whole where the grammar does not take it."""
    tokens = without_notes(tokens, context.text)
    if not tokens:
        return None
    if (parts := _labelled_parts(tokens)) is not None:
        return read_sentences(parts, context, inherited)
    if (clauses := _clauses(tokens, context.text, exclusion=context.exclusion)) is not None:
        apart = read_sentences(clauses, context, inherited)
        if apart is None or not _reaches_over(clauses, exclusion=context.exclusion):
            return apart
        whole = _read_whole(tokens, context, inherited)
        return ambiguous([apart, whole], "a condition of what it stands behind, or of a list") if whole else apart
    return _read_whole(tokens, context, inherited)


def _read_whole(tokens: list[Token], context: Context, inherited: Inherited | None) -> Draft | None:
    """The draft of one sentence that has no sentences of its own in it."""
    tokens = washed_out(
        cleaned(
            stopped(either_alone(in_settings(plainly(tokens, context.text), context.text), context.text), context.text)
        ),
        context.text,
    )
    tokens = named_with_numbers(cleared(given_up(tokens, context.text), context.text), context.text)
    tokens = merged(with_results(days_together(tokens, context.text)), context.text)
    tokens = absorbed(tokens, context.text)
    tokens = _named_alone(tokens, context.text)
    tokens = predicates_apart(denials_apart(tokens, context.text), context.text)
    tokens = of_red_cells(any_place(tokens, context.text), context.text)
    if not tokens:
        return None
    tokens = _in_need(tokens, context.text) if context.exclusion else _without_required(tokens)
    tokens = _results_asked(tokens)
    if len(tokens) > 2 and tokens[0].type == "SITE" and _is_said_of_it(tokens, context):
        there = read_sentence(tokens[2:], context, inherited)
        return at_site(str(tokens[0].value), there) if there is not None else None
    tokens = ways_together(taking_part(clauses_of_judgement(tokens, context.text), context.text), context.text)
    made = _ages_of_people(quantified(statements(tokens, context)), context.text)
    made = counted(implied(by_sex(made)), context.text)
    made = phrased(dosed(windows_together(either_window(made), exclusion=context.exclusion), context.text), context)
    if len(made) == 1 and (aged := _age_alone(made[0], context)) is not None:
        made = [aged]
    made = _asked_of_somebody(made, context.text)
    if (others := _about_others(made, context.text)) is not None:
        if any(
            t.type == "PERSON" and before.type not in _BEFORE_OTHERS and not _CHILD.match(context.text, t.start)
            for before, t in pairwise(made[others:])
        ):
            return unread(context.text, tokens[0].start, tokens[-1].end)
        return _of_somebody(context.text, tokens, made)
    made = _own_limits(_measured_now(_ages_beside_people(made)))
    made = listed_by_age(_may_have(made), context.text)
    made = _counts_for_nothing(made, context.text)
    allowed = _permission(made, context.text)
    if allowed is not None and (
        (context.exclusion and allowed[-1].said == "may") or _limited(allowed[:-1], context.text)
    ):
        return unread(context.text, tokens[0].start, tokens[-1].end)
    joined = joined_up(allowed if allowed is not None else made, context.text)
    if not joined:
        everybody = any(t.said == "everybody" for t in tokens)
        both = constant(True, "of either sex", tokens[0].start, tokens[-1].end) if everybody else None
        return of_their_age(None, made, context) or both
    grammar = grammars()[2]
    for _ in range(4):
        try:
            read = grammar.whole("sentence", joined)
            break
        except Refused as refused:
            index = refused.args[0] if refused.args else len(joined)
            if index >= len(joined):
                if joined and joined[-1].type in JOINTS | {"LPAR", "NOT", "NO", "WITHOUT"}:
                    joined = joined[:-1]
                    continue
                return unread(context.text, tokens[0].start, tokens[-1].end)
            joined = patched(joined, index)
    else:
        return unread(context.text, tokens[0].start, tokens[-1].end)
    try:
        draft = compose(read, context, inherited, [t.start for t in made if _of_people(t)])
    except Refused:
        return unread(context.text, tokens[0].start, tokens[-1].end)
    if draft is None:
        return unread(context.text, tokens[0].start, tokens[-1].end)
    if draft.wholly_unread and any(token.type in _LETTING for token in joined):
        return _kept_out(draft, joined, made, context)
    return of_their_age(draft, made, context)


_LETTING: Final = frozenset(("EXCLUDED", "ALLOWED"))


def _kept_out(draft: Draft, joined: Sequence[Token], made: Sequence[Token], context: Context) -> Draft:
    """ "Children are excluded": none may take part; where more is said, they are at least not who is asked for."""
    people = of_their_age(None, made, context) if [token.type for token in joined] == ["EXCLUDED"] else None
    if people is None:
        return draft
    people = people.placed(min(people.start, draft.start), draft.end)
    return people if context.exclusion else replace(negated(people), requirement=True)


_HAVING: Final = re.compile(r"with\s+", re.IGNORECASE)


def _named_alone(tokens: list[Token], text: str) -> list[Token]:
    """The disease that "with distant metastases" names, where it is all that is said of patients: no attribute."""
    said = [token for token in tokens if token.type != "FILLER"]
    if [token.type for token in said] != ["PERSON", "QUALIFIER"]:
        return tokens
    people, token = said
    having = _HAVING.match(text, token.start, token.end)
    named = vocabulary().find(text[having.end() : token.end], "condition") if having else None
    if having is None or named is None:
        return tokens
    link = Token("IS", "with", token.start, having.end())
    return [people, link, Token("CONDITION", named, having.end(), token.end)]


def _of_people(token: Token) -> bool:
    """Whether a token names those whom a sentence is about: "subjects", "subjects receiving X"."""
    if token.type in ("PERSON", "SOMEBODY_ELSE"):
        return True
    first = token.value.before[:1] if isinstance(token.value, Noun) else []
    return bool(first) and first[0].type == "USE" and str(first[0].value).startswith(_PEOPLE)


_PEOPLE: Final = ("patient ", "subject ", "participant ")


def _in_need(tokens: list[Token], text: str) -> list[Token]:
    """What excludes those who "need to take warfarin" is their need: no requirement that they would not fulfil."""
    found: list[Token] = []
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else None
        if before is not None and before.type == "MUST" and text[before.start :].lower().startswith("need"):
            if token.type == "USE" or (token.type == "AT_ANCHOR" and token.said == "on"):
                found[-1] = Token("USE", "requiring", before.start, token.end)
                continue
            if token.type == "TREATMENT":
                found[-1] = Token("USE", "requiring", before.start, before.end)
        found.append(token)
    return found


def _results_asked(tokens: list[Token]) -> list[Token]:
    """ "(For those with B,) the viral load must be undetectable": what is asked is the result of one test."""
    kinds = [token.type for token in tokens]
    if "MUST" not in kinds or "ANALYTE" not in kinds:
        return tokens
    found = list(tokens)
    for index in range(len(tokens) - len(_RESULT_ASKED) + 1):
        run = tokens[index : index + len(_RESULT_ASKED)]
        asked = all(token.type in allowed for token, allowed in zip(run, _RESULT_ASKED, strict=True))
        before = kinds[max(index - 2, 0) : index]
        if asked and before[-1:] not in (["AND"], ["OR"], ["ANDOR"], ["SLASH"]) and before != ["ANALYTE", "COMMA"]:
            found[index : index + 2] = [run[1], run[0]]
    return found


_RESULT_ASKED: Final = (("ANALYTE",), ("MUST",), ("POSITIVE", "NEGATIVE"))


def _without_required(tokens: list[Token]) -> list[Token]:
    """ "Prior chemotherapy is required": what all of Inclusion says."""
    if len(tokens) < _LEAST_REQUIRED or tokens[-1].said not in _REQUIRED or tokens[-2].type != "IS":
        return tokens
    return tokens[:-2] if not any(t.type in _TURNING for t in tokens) else tokens


_LEAST_REQUIRED: Final = 3
_REQUIRED: Final = frozenset(("required", "mandatory", "essential"))
_TURNING: Final = frozenset("NOT NO WITHOUT IF UNLESS FOR_GROUP MUST MAY BUT THAT".split())


def _is_said_of_it(tokens: Sequence[Token], context: Context) -> bool:
    """Whether all that follows is said of the place named first: "Study eye: ...", "Study eye has a pressure > 21"."""
    then = tokens[1].type
    if then == "COLON":
        return True
    had = then == "IS" or (then == "MUST" and not context.exclusion)
    return had and tokens[1].said in _HAS and "eye" in tokens[0].said and all(t.type != "SITE" for t in tokens[2:])


_HAS: Final = frozenset(("has", "have", "with", "having", "has had", "must have", "should have", "exhibits"))


def at_site(site: str, draft: Draft) -> Draft:
    """What is said of the place that a label names: "Study eye: current bleeding"."""
    rule = draft.rule
    if not isinstance(rule, Condition | Treatment | Measurement | Finding):
        return rebuilt(draft, tuple(at_site(site, part) for part in draft.parts)) if draft.parts else draft
    return draft if rule.site else replace(draft, rule=rule.model_copy(update={"site": site}))


def _labelled_parts(tokens: list[Token]) -> list[list[Token]] | None:
    """ "Men: A >= 13; women: A >= 12" as two sentences; None where not every part has its own label."""
    ends = [i for i, t in enumerate(tokens) if t.type == "SEMI"]
    if not ends:
        return None
    parts = [tokens[a + 1 : b] for a, b in pairwise([-1, *ends, len(tokens)]) if b > a + 1]
    labels = [[t.type for t in part[:3]] for part in parts]
    if len(parts) < 2 or not all(
        "COLON" in kinds and {"FEMALE", "MALE", "CHILDBEARING"} & {*kinds} for kinds in labels
    ):
        return None
    return parts


def _own_limits(made: list[Token]) -> list[Token]:
    """ "A <= 1.5 x ULN; patients with C may have A <= 3 x ULN" with an "except" behind what parts the two."""
    for index, token in enumerate(made):
        if token.type not in ("SEMI", "LPAR"):
            continue
        before = {name for t in made[:index] for name in _measured(t)}
        clause = next((i for i in range(index + 1, len(made)) if made[i].type in _CLAUSE_ENDS), len(made))
        after = [t for t in made[index + 1 : clause] if t.type not in _SILENT_HERE]
        kinds = [t.type for t in after]
        if kinds[-1:] == ["ALLOWED"]:
            kinds.pop()
        if kinds[-2:-1] == ["COLON"] and kinds[0] == "PERSON":
            kinds = kinds[1:]
        theirs = {name for t in after[1:] for name in _measured(t)}
        if kinds in _OF_SOME and (theirs and theirs <= before if kinds[-1] == "FACT" else before):
            kept = made[: index + (token.type == "LPAR")]
            clause_alone = [t for t in made[index + 1 : clause] if t.type != "COLON"]
            return [*kept, Token("EXCEPT", "except", token.start, token.end), *clause_alone, *made[clause:]]
    return made


def _may_have(made: list[Token]) -> list[Token]:
    """ "Patients with C may have A <= 3 x ULN": it is what they must have, at the utmost."""
    kinds = [t.type for t in made if t.type not in _SILENT_HERE]
    if kinds != ["PERSON", "FACT", "MAY", "FACT"] or not _measured(made[-1]):
        return made
    return [Token("MUST", "must", t.start, t.end) if t.type == "MAY" else t for t in made]


def _measured_now(made: list[Token]) -> list[Token]:
    """ "Presently classified as being in NYHA class IV": a measurement counts as it is now in any case."""
    if not any(t.type == "CURRENT" for t in made):
        return made
    found: list[Token] = []
    for index, token in enumerate(made):
        behind = next((t for t in made[index + 1 :] if t.type not in ("IS", "FILLER")), None)
        linked = index + 1 < len(made) and made[index + 1].type == "IS"
        if token.type == "CURRENT" and linked and behind is not None and isinstance(behind.value, Measured):
            continue
        found.append(token)
    return found


_SILENT_HERE: Final = frozenset("FILLER WITH COMMA THAT IS".split())
_CLAUSE_ENDS: Final = frozenset("SEMI DOT RPAR".split())
_OF_SOME = tuple(
    words.split()
    for limit in ("FACT", "LIMIT")
    for words in (
        f"PERSON FACT {limit}",
        f"PERSON FACT MAY {limit}",
        f"PERSON FACT MUST {limit}",
        f"FACT COLON {limit}",
    )
)


def _measured(token: Token) -> list[str]:
    """The names of what is measured in a phrase."""
    if not isinstance(token.value, Measured):
        return []
    return [str(getattr(analyte.value, "name", analyte.value)) for analyte in token.value.analytes]


def _reaches_over(clauses: Sequence[Sequence[Token]], *, exclusion: bool) -> bool:
    """Whether one of them begins with words that may be said of those behind it, too."""
    if exclusion and any(token.type in ("MUST", "MUST_NOT") for clause in clauses for token in clause):
        return True
    return any(clause[0].type in _REACHING for clause in clauses[:-1])


_REACHING: Final = FRAMES | frozenset("NO NOT WITHOUT WINDOW".split())


def _clauses(tokens: Sequence[Token], text: str, *, exclusion: bool) -> list[list[Token]] | None:
    """ "A <= 2; B <= 3 unless C; D >= 4" as sentences: a condition stops at a semicolon; None where there is none."""
    if not any(t.type == "SEMI" for t in tokens) or not any(t.type in _STOPPING for t in tokens):
        return None
    depths = list(accumulate((t.type == "LPAR") - (t.type == "RPAR") for t in tokens))
    ends = [i for i, t in enumerate(tokens) if t.type == "SEMI" and not depths[i]]
    parts = [list(tokens[a + 1 : b]) for a, b in pairwise([-1, *ends, len(tokens)]) if b > a + 1]
    if len(parts) < 2:
        return None
    if not any(t.type in _CONDITIONS for i, t in enumerate(tokens) if not depths[i]):
        if not any(map(_denies_behind, parts[:-1])):
            return None
        joints = ("AND", "OR") if exclusion else ("AND",)
        parts = [part[1:] if part[0].type in joints else part for part in parts]
        if not all(parts):
            return None
    if any(part[0].type in _NO_BEGINNING for part in parts) or any(t.type == "REGARDLESS" for t in tokens):
        return None
    led = next((i for i, t in enumerate(parts[0]) if t.type in ("COLON", "ANY_OF", "ALL_OF")), None)
    if led is not None and (not led or not is_fitness(text[tokens[0].start : parts[0][led].start])):
        return None  # "any of the following: A; B if C": what all of a list has before it
    return parts


def _denies_behind(part: Sequence[Token]) -> bool:
    """Whether something is denied of what stands before it: "diabetes without nephropathy", but not "no diabetes"."""
    return any(
        token.type in _DENYING and before.type in ("CONDITION", "TREATMENT", "QUALIFIER", "WORD", "RPAR")
        for before, token in pairwise(part)
    )


_DENYING: Final = frozenset(("NO", "WITHOUT"))
_CONDITIONS: Final = frozenset(("IF", "UNLESS"))
_STOPPING: Final = _CONDITIONS | _DENYING
_NO_BEGINNING: Final = _CONDITIONS | frozenset(
    "OR AND ANDOR NOR EXCEPT FOR FOR_GROUP PERSON MAY ALLOWED EXCLUDED INCLUDING DEFINED DUE_TO".split()
)  # goes on with what precedes it
_LIMITING: Final = frozenset(
    "LIMIT TIME_LIMIT SEX_LIMIT EITHER_LIMIT WINDOW SINCE_WINDOW LASTING COUNT LINES_ARE GRADE_IS NUMBER DOSE IF "
    "UNLESS EXCEPT MUST MUST_NOT NOT NO WITHOUT ALLOWED EXCLUDED FOR".split()
)
_AT_MOST: Final = re.compile(r"\b(?:up to|at most|no more|maximum|only)\b|[<≤]", re.IGNORECASE)  # a limit all the same
_COUNTED: Final = re.compile(r"\d|\b(?:one|two|three|four|single|before|within|since)\b", re.IGNORECASE)


def _limited(allowed: Sequence[Token], text: str) -> bool:
    """Whether more is said of what is allowed than what it is."""
    return any(t.type in _LIMITING for t in allowed) or bool(_COUNTED.search(text, allowed[0].start, allowed[-1].end))


_MAY: Final = re.compile(
    r"may\b|(?:can|could|might)\s+(?:also\s+)?(?:have|be|receive|continue|undergo|take|use)\b", re.IGNORECASE
)
_TO_GO_ON: Final = re.compile(  # "are allowed to remain on statins"
    r"\s+to\s+(?:remain|continue|stay|be|receive|take|use|have|undergo)\b(?:\s+(?:to\s+(?:take|use|receive)|taking|using|receiving))?",
    re.IGNORECASE,
)


def _lets_go_on(token: Token, text: str) -> bool:
    """Whether it is a permission to do something: "are allowed to receive"."""
    return token.type == "ALLOWED" and _TO_GO_ON.match(text, token.end) is not None


_RELATIVE: Final = re.compile(r"\b(?:that|which|who|where|as|and|or|condition)\W*$", re.IGNORECASE)


_GOES_ON: Final = re.compile(  # "patients on statins may continue": nothing is asked of the others
    r"\s+(?:(?:also|still)\s+)?(?:continue|remain on|stay on|be (?:entered|enrolled|included)|enter|participate)\b"
    r"(?:\s+(?:with|to take|taking|receiving|in|into|on|during|this|the|their|these|such|therapy|treatment|medications?"
    r"|drugs?|it|them|study|trial))*\W*$",
    re.IGNORECASE,
)


def _permission(made: Sequence[Token], text: str) -> list[Token] | None:
    """ "Patients may have received chemotherapy" as "chemotherapy is allowed"; None where nothing is permitted so."""
    at = next((i for i, t in enumerate(made) if t.type == "MAY" or _lets_go_on(t, text)), None)
    if (
        at is None
        or (made[at].type == "MAY" and _MAY.match(text, made[at].start) is None)
        or _AT_MOST.search(text, made[at].end, made[-1].end)
    ):
        return None
    before = made[:at]
    if _GOES_ON.match(text, made[at].end) and any(t.type == "FACT" for t in before):
        return [*before, Token("ALLOWED", "may", made[at].start, made[-1].end)]
    if not any(t.type == "PERSON" for t in before) or _RELATIVE.search(text, 0, made[at].start):
        return None
    if any(t.type not in ("PERSON", "FACT", "WITH", "THAT", "IS", "FILLER", "COMMA", "OR", "ANDOR") for t in before):
        return None
    goes_on = _TO_GO_ON.match(text, made[at].end)
    rest = [t for t in made[at + 1 :] if goes_on is None or t.start >= goes_on.end()]
    if not any(t.type == "FACT" and not isinstance(t.value, StatementRead) for t in rest):
        return None
    if any(t.type in ("OR", "ANDOR") for t in before) and any(
        t.type in _CONDITIONS or t.type == "ALLOWED" for t in rest
    ):
        return None
    end = rest[-1].end
    return [*rest, Token("ALLOWED", "may" if goes_on is None else "allowed", end, end)]


def _counts_for_nothing(made: list[Token], text: str) -> list[Token]:
    """ "X is permitted and will not be considered a line of therapy": what is permitted, and what follows from that."""
    at = next((i for i, t in enumerate(made) if t.type == "ALLOWED"), None)
    if at is None or _NOT_COUNTED.fullmatch(text, made[at].end, made[-1].end) is None:
        return made
    return [*made[:at], Token("ALLOWED", made[at].value, made[at].start, made[-1].end)]


_NOT_COUNTED: Final = re.compile(
    r",?\s+and\s+(?:it\s+|they\s+|this\s+)?(?:will|shall|should|would|do|does|is|are)\s+not\s+(?:be\s+)?"
    r"(?:counted|count|considered|regarded)\b[^,;:.]*\.?",
    re.IGNORECASE,
)
_OLDER: Final = re.compile(
    r"^(?:over|under)\b|\bold(?:er)?\b|\bage|\byoung|\band over\b|\band above\b|\band up\b", re.IGNORECASE
)


def _ages_beside_people(made: Sequence[Token]) -> list[Token]:
    """ "Adults (18 to 65 years) with asthma": the age is asked of them, whether in parentheses or not."""
    found: list[Token] = []
    index = 0
    while index < len(made):
        around = made[index : index + 3]
        aged = [t.type for t in around] == ["LPAR", "FACT", "RPAR"] and isinstance(around[1].value, AgeRead)
        token = around[1] if aged else around[0]
        read = token.value if found and isinstance(token.value, AgeRead) and _names_people(found[-1]) else None
        if read is not None and (aged or _is_in_years(read.bounds)):
            found.append(Token("FACT", replace(read, bare=False), token.start, token.end))
        else:
            token, aged = around[0], False
            found.append(token)
        index += 3 if aged else 1
    return found


def _is_in_years(bounds: Bounds) -> bool:
    """Whether a length of time right behind people is how old they are: "adults > 18 years with asthma"."""
    return _may_be_age(bounds) and all(quantity.unit == "years" for quantity in bounds.quantities)


def _may_be_age(bounds: Bounds) -> bool:
    """Whether people who take part in trials may be so many years old."""
    return all(_LEAST_AGE <= quantity.value <= _GREATEST_AGE for quantity in bounds.quantities)


def _names_people(token: Token) -> bool:
    """Whether it names patients, men or women, and says nothing more of them."""
    return token.type == "PERSON" or (
        isinstance(token.value, Noun)
        and bool(token.value.kinds)
        and token.value.kinds <= {"MALE", "FEMALE", "NOT_CHILDBEARING"}
    )


def _age_alone(token: Token, context: Context) -> Token | None:
    """ "18 and over", "18 to 70" as all that a criterion says: an age, if its words or the record's own age say so."""
    text = context.text.strip(" .;*-")
    bounds = token.value.bounds if isinstance(token.value, AgeRead) else token.value
    if token.end - token.start < len(text) or not isinstance(bounds, Bounds):
        return None
    if bounds.members or bounds.either or any(q.unit or q.of != "value" for q in bounds.quantities):
        return None
    recorded = {age.value for age in (context.minimum_age, context.maximum_age) if age is not None}
    named = _OLDER.search(text) is not None and _may_be_age(bounds)
    if not named and not any(q.value in recorded for q in bounds.quantities):
        return None
    return Token("FACT", AgeRead(bounds, False, token.start, token.end), token.start, token.end)


_LEAST_AGE, _GREATEST_AGE = 10, 100
_OLDER_THAN: Final = re.compile(r"(?:over|under|above|below|older|younger)\b", re.IGNORECASE)


def _ages_of_people(tokens: Sequence[Token], text: str) -> list[Token]:
    """The tokens, with a bare limit right behind people as their age: "women over 50", "children under 12"."""
    found = list(tokens)
    if {"LIMIT", "TIME_LIMIT"}.isdisjoint([token.type for token in found]):
        return found
    for index in range(1, len(found)):
        before, token = found[index - 1], found[index]
        if (
            token.type == "TIME_LIMIT"
            and before.type in ("PERSON", "FEMALE", "MALE")
            and (index + 1 == len(found) or found[index + 1].type in _BEHIND_AGE)
            and _is_age(token.value, older=_AGED.match(text, token.start) is not None)
        ):
            found[index] = Token("FACT", AgeRead(token.value, False, token.start, token.end), token.start, token.end)
            continue
        if (
            token.type == "LIMIT"
            and before.type in ("PERSON", "FEMALE", "MALE")
            and isinstance(token.value, Bounds)
            and not token.value.members
            and not any(q.unit or q.of != "value" for q in token.value.quantities)
            and _may_be_age(token.value)
            and _OLDER_THAN.match(text, token.start)
            and (index + 1 == len(found) or found[index + 1].type not in ("WORD", "UNIT", "LPAR", "PREP", "TIMES"))
        ):
            found[index] = Token("FACT", AgeRead(token.value, False, token.start, token.end), token.start, token.end)
    return found


def _is_age(bounds: Bounds, *, older: bool) -> bool:
    """Whether a length of time right behind people is their age: "patients >= 18 years with gout"; ``older``: it says
    that they are older, or younger."""
    if bounds.exact or bounds.members or bounds.either or bounds.choice:
        return False
    return older or _is_in_years(bounds)


_AGED: Final = re.compile(r"(?:older|younger)\b", re.IGNORECASE)
_BEHIND_AGE: Final = frozenset(("IS", "WITH", "THAT"))
_BEFORE_OTHERS: Final = frozenset("WITHIN OF PREP WITH TO FOR FOR_TIME".split())  # "antibodies in the recipient"
_IN_SOMEBODY: Final = re.compile(r"\b(?:in|of|among)\s+(?:[\w-]+\s+){0,2}$", re.IGNORECASE)


def _of_somebody(text: str, tokens: Sequence[Token], made: Sequence[Token]) -> Draft:
    """What is said of a donor, a parent, a caregiver: none of the patient's facts settles it, an answer does."""
    start, end = tokens[0].start, tokens[-1].end
    who: Literal["caller", "site"] = "site" if _DONOR.search(text, start, end) else "caller"
    rule = Statement(text=text[start:end], topic="circumstance", who=who)
    return Draft(rule, start, end, requirement=any(t.type in ("MUST", "MUST_NOT") for t in made))


_CHILD: Final = re.compile(r"(?:child|infant|newborn|neonate|toddler|adolescent|teenager)", re.IGNORECASE)
_OF_CHILD: Final = re.compile(_CHILD.pattern + r"(?:s|ren)?['’]", re.IGNORECASE)
_DONOR: Final = re.compile(r"\bdonors?\b", re.IGNORECASE)


def _asked_of_somebody(made: list[Token], text: str) -> list[Token]:
    """ "If the patient is a minor, a parent must consent": what is asked of the parent as one thing that is asked."""
    if not made or made[0].type != "IF":
        return made
    for index, (before, token) in enumerate(pairwise(made), 1):
        if token.type == "MUST":
            break
        if before.type == "COMMA" and token.type == "SOMEBODY_ELSE" and any(t.type == "MUST" for t in made[index:]):
            end = next((t.end for t in reversed(made) if t.type != "DOT"), token.end)
            rule = Statement(text=text[token.start : end], topic="circumstance", who="caller")
            asked = StatementRead(Draft(rule, token.start, end, requirement=True))
            return [*made[:index], Token("FACT", asked, token.start, end)]
    return made


def _about_others(made: Sequence[Token], text: str) -> int | None:
    """Where a sentence names the relative or the caregiver of whom it is said, rather than of the patient."""
    apostrophes = "'" in text or "’" in text
    for index, token in enumerate(made):
        if token.type == "PERSON" and apostrophes and _OF_CHILD.match(text, token.start):
            return index
        if token.type == "SOMEBODY_ELSE":
            named = any(t.type in ("FACT", "PERSON") for t in made[:index])
            about = not named or _IN_SOMEBODY.search(text, 0, token.start) is not None
            return index if about else None
    return None


_EXAMPLES: Final = re.compile(r"(?:(?:common|some|the)\s+)?examples?\b", re.IGNORECASE)


_EXAMPLES_OF: Final = re.compile(
    r"(?:(?:common|some|the)\s+)?examples?\s+of\s+(?:such\s+|these\s+)?(?P<whole>[\w\s-]{3,40}?)s?\s+(?:include|are|would)\b",
    re.IGNORECASE,
)


def _only_examples(text: str, start: int) -> bool:
    """Whether a sentence only gives examples of what is named before it: "... a live vaccine. Examples of live vaccines
    are ..."."""
    said = _EXAMPLES_OF.match(text, start)
    return said is not None and said["whole"].lower() in text[:start].lower()


def read_sentences(parts: Sequence[list[Token]], context: Context, inherited: Inherited | None) -> Draft | None:
    """The draft of several sentences; None where they hold nothing."""
    draft: Draft | None = None
    for part in _with_exceptions(_with_windows(parts, context.text)):
        named = _names_examples(part, draft, context.text) if draft is not None else 0
        other = read_sentence(part[named:], context, inherited)
        if other is None:
            continue
        if draft is None:
            draft = other
        elif named or (part[0].type == "INCLUDING" and _is_denied(draft, context)):
            draft = _with_examples(draft, other, context)
        elif part[0].type == "INCLUDING":  # "This includes patients who ...": what counts, or what is asked besides
            both = side_by_side(draft, other, context)
            draft = ambiguous([both, any_of([draft, other])], "what counts as well, or what is asked as well")
        elif part[0].type == "OR" and not (analytes_of(draft) or analytes_of(other)):
            draft = _alternatively(draft, other)
        elif _only_examples(context.text, part[0].start):
            continue
        elif _EXAMPLES.match(context.text, part[0].start):
            both = side_by_side(draft, other, context)
            draft = ambiguous([draft, both], "examples of what stands before them, or more of it")
        else:
            draft = side_by_side(draft, other, context)
    return draft


def _names_examples(part: Sequence[Token], before: Draft, text: str) -> int:
    """Where the examples begin in "autoimmune diseases include lupus", behind a sentence that names these; else 0."""
    at = next((i for i, token in enumerate(part) if token.type == "INCLUDING"), 0)
    verb = text[part[at].start : part[at].end].lower().split()[0] if at else ""
    if not at or verb not in _INCLUDE or not all(token.type in _OF_NAMES for token in part[:at]):
        return 0
    names = {token.value.name for token in part[:at] if isinstance(token.value, Entry)}
    asked = {leaf.rule.concept.name for leaf in before.innermost() if isinstance(leaf.rule, Condition | Treatment)}
    return at if names & asked else 0


_INCLUDE: Final = frozenset(("include", "includes"))
_OF_NAMES: Final = frozenset("CONDITION TREATMENT QUALIFIER WORD FILLER ANY OTHER".split())


def _is_denied(draft: Draft, context: Context) -> bool:
    return not context.exclusion and draft.rule.kind == "not"


def _with_examples(draft: Draft, examples: Draft, context: Context) -> Draft:
    """A sentence with the one behind it that only says what is a kind of what it names: maybe more, maybe nothing."""
    wider = all_of([draft, negated(examples)]) if _is_denied(draft, context) else any_of([draft, examples])
    both = ambiguous([draft, wider], "examples of what stands before them, or more of it")
    return replace(both, requirement=draft.requirement)


_TO_BE_DONE: Final = re.compile(  # "Note: to be performed"
    r"\W*(?:(?:please\s+)?notes?\W+)?(?:(?:it|this|these|they)\s+)?(?:is\s+|are\s+)?(?:to|must|should|will)\s+be\s+"
    r"(?:performed|obtained|done|assessed|measured|completed|collected|drawn)\s+(?=within\b)",
    re.IGNORECASE,
)
_IN_WINDOWS: Final = frozenset(
    "WITHIN NUMBER TIMEUNIT BEFORE OF TO PREP ANCHOR WEAK_ANCHOR FILLER DOT LPAR RPAR TREATMENT PLANNED".split()
)


def _with_windows(parts: Sequence[list[Token]], text: str) -> list[list[Token]]:
    """The sentences, each with the one behind it that only says when it is found out: "To be done within 4 weeks"."""
    found: list[list[Token]] = []
    for part in parts:
        said = _TO_BE_DONE.match(text, part[0].start) if found else None
        window = [token for token in part if token.start >= said.end()] if said is not None else []
        if window and all(token.type in _IN_WINDOWS for token in window) and window[0].type == "WITHIN":
            ends = found[-1][-1].type == "DOT"
            found[-1] = [*(found[-1][:-1] if ends else found[-1]), *window]
        else:
            found.append(part)
    return found


def _alternatively(before: Draft, other: Draft) -> Draft:
    """ "A. Alternatively, B": instead of all that stands before it, or of the last sentence."""
    requirement = before.requirement or other.requirement
    either = replace(any_of([before, other]), requirement=requirement)
    if before.rule.kind != "all":
        return either
    last = all_of([*before.parts[:-1], any_of([before.parts[-1], other])])
    return replace(ambiguous([either, last], "instead of all that precedes, or of the last"), requirement=requirement)


def _with_exceptions(parts: Sequence[list[Token]]) -> list[list[Token]]:
    """The sentences, each with the one behind it that only says what does not count: "Exceptions include ..."."""
    found: list[list[Token]] = []
    for part in parts:
        if found and part[0].type == "EXCEPT" and len(part) > 1 and not any(t.type in _OF_OWN for t in part):
            ends = found[-1][-1].type == "DOT"
            found[-1] = [*(found[-1][:-1] if ends else found[-1]), *part]
        else:
            found.append(part)
    return found


_OF_OWN: Final = frozenset("NO NOT WITHOUT MUST MUST_NOT MAY WITHIN LAST TIMEUNIT IF UNLESS".split())


def _permitted(first: Draft, allowed: Draft, forbidding: bool) -> Draft:
    """What a permission says of the sentence before it: where that forbids, facts of its kind do not count.

    ``forbidding``: what ``first`` says is what must not be.
    """
    if isinstance(first.rule, Not):
        return rebuilt(first, (_permitted(first.parts[0], allowed, not forbidding),))
    if first.parts and first.rule.kind not in ("condition", "treatment", "allergy"):
        return rebuilt(first, tuple(_permitted(part, allowed, forbidding) for part in first.parts))
    kinds = allowed.parts if allowed.rule.kind == "any" else (allowed,)
    if any(kind.parts for kind in kinds):  # "treated metastases, and no steroids": all of it is what does not count
        akin = any(leaf.rule.kind in (first.rule.kind, "unread") for leaf in allowed.leaves())
        if isinstance(first.rule, Condition) and all(isinstance(leaf.rule, Treatment) for leaf in allowed.innermost()):
            akin = False  # drugs that are allowed are no kind of a disease
        return excepting(first, kinds) if forbidding and akin else first
    leaves = [leaf for leaf in kinds if leaf.rule.kind in (first.rule.kind, "unread")]
    return excepting(first, leaves) if forbidding and leaves else first


def _akin(first: Draft, allowed: Draft) -> bool:
    """Whether what is allowed is a kind of something that stands in the sentence before it."""
    for one in first.leaves():
        for other in allowed.leaves():
            here, there = one.rule, other.rule
            if isinstance(here, Condition) and isinstance(there, Condition):
                kind: Kind = "condition"
            elif isinstance(here, Treatment) and isinstance(there, Treatment):
                kind = "treatment"
            else:
                continue
            if vocabulary().is_a(kind, there.concept.name, here.concept.name):
                return True
    return False


def _is_judged(allowed: Draft) -> bool:
    """Whether something is allowed where somebody judges so."""
    return any(isinstance(leaf.rule, Statement) and leaf.rule.topic == "judgement" for leaf in allowed.innermost())


def _measures_the_same(first: Draft, allowed: Draft) -> bool:
    """Whether what is allowed is another value of what the sentence before it limits, and that limits nothing else."""
    limited = [leaf.rule for leaf in first.innermost()]
    return all(isinstance(rule, Measurement) for rule in limited) and analytes_of(first) == analytes_of(allowed)


def _of_another_age(first: Draft, second: Draft) -> Draft | None:
    """Those of an age who may take part, too, if more holds of them: "Age 18 to 70. Patients of 71 to 75 years are
    eligible if ECOG is 0"; None where the sentence before it limits more than the age, or this one no age."""
    ages = [leaf.rule for leaf in first.innermost()]
    if not isinstance(second.rule, Conditional) or not all(isinstance(rule, Age) for rule in ages):
        return None
    who, asked, otherwise = second.parts
    others = [leaf.rule for leaf in who.innermost()]
    if not isinstance(otherwise.rule, Constant) or not all(isinstance(rule, Age) for rule in others):
        return None
    return all_of([who, asked]) if any(_reaches_beyond(one, rule) for one in others for rule in ages) else None


def _reaches_beyond(age: Rule, other: Rule) -> bool:
    """Whether some of an age are older, or younger, than another one."""
    if not isinstance(age, Age) or not isinstance(other, Age) or age.limit.unit != other.limit.unit:
        return False
    mine, theirs = age.limit, other.limit
    older = theirs.high is not None and (mine.high is None or mine.high > theirs.high)
    return older or (theirs.low is not None and (mine.low is None or mine.low < theirs.low))


def _own_limits_behind(first: Draft, second: Draft, context: Context) -> Draft | None:
    """ "A <= 1.5 x ULN. Patients with C must have A <= 3 x ULN": theirs in place of the others', if they are."""
    said = second.allowed or second
    group: Draft | None = None
    if isinstance(said.rule, Conditional) and isinstance(said.rule.otherwise, Constant):
        group, theirs, _ = said.parts
        if isinstance(theirs.rule, Ambiguous) and isinstance(theirs.rule.readings[0], Constant):
            theirs = theirs.parts[1]  # "... A <= 3 x ULN is acceptable"
    elif (second.allowed is not None or context.exclusion) and isinstance(said.rule, All):
        limits = [part for part in said.parts if analytes_of(part)]
        people = [part for part in said.parts if not analytes_of(part)]
        if limits and people:
            group, theirs = all_of(people), all_of(limits)
    if group is None or not analytes_of(theirs) or analytes_of(group):
        return None
    if isinstance(group.rule, Not) or any(leaf.wholly_unread for leaf in group.leaves()):
        return None
    usual = _of_the_others(first, group)
    if usual is not None and not context.exclusion:
        return replace(any_of([usual, all_of([group, theirs])]), requirement=first.requirement)
    measured = {leaf.rule.analyte.name for leaf in first.leaves() if isinstance(leaf.rule, Measurement)}
    if analytes_of(theirs) - measured:
        return None
    made = limits_instead(first, group, theirs, spared=False, exclusion=context.exclusion)
    if made is not None and isinstance(said.rule, All) and second.allowed is None:
        return ambiguous([made, any_of([first, second])], _INSTEAD) if not first.requirement else None
    return replace(made, requirement=first.requirement) if made is not None else None


_INSTEAD: Final = "a limit of some patients, in the place of the others', or one more thing that excludes"


def _of_the_others(first: Draft, group: Draft) -> Draft | None:
    """The limits of "A <= 1.5 x ULN, except patients with C", without those patients; None where it spares none."""
    spared = {leaf.rule.concept for leaf in group.leaves() if isinstance(leaf.rule, Condition)}
    if first.rule.kind != "any":
        return None
    limits = [part for part in first.parts if analytes_of(part)]
    rest = [part.rule for part in first.parts if not analytes_of(part)]
    if not limits or not rest or any(not isinstance(r, Condition) or r.concept not in spared for r in rest):
        return None
    return any_of(limits)


def _asks_again(first: Draft, second: Draft) -> bool:
    """Whether a sentence only asks for the contraception that the one before it asks of some patients."""
    rule = second.parts[0].rule if second.rule.kind == "any" else second.rule  # "methods of contraception include ..."
    return (
        isinstance(rule, PatientAttribute)
        and rule.attribute == "contraception"
        and isinstance(first.rule, Conditional)
        and any(leaf.rule == rule for leaf in first.parts[1].leaves())
    )


_MAY_BE: Final = re.compile(
    r"(?:(?:the|these|such|all)\s+)?(?:patients?|subjects?|participants?|individuals?)\s+(?:may|can|could|might)\b(?!\s+(?:not|only)\b)",
    re.IGNORECASE,
)


_ARE_ELIGIBLE: Final = re.compile(
    r"(?:(?:the|these|such|all|however)[\s,]+)*(?:patients?|subjects?|participants?|individuals?|those)\s+(?:who|that|with|on)\s+"
    r"(?P<who>[^.;]*?)\s+(?:are|is|will\s+be|would\s+be|remain|may\s+be)\s+(?:still\s+)?"
    r"(?:eligible|allowed|permitted|acceptable|accepted)(?:\s+(?:for|to)\s+(?:the|this|enter|participate|enroll|study|trial|in|be|\s)*)?\W*",
    re.IGNORECASE,
)


def _spared(sentence: Draft, context: Context) -> Draft | None:
    """Those whom a sentence that was not understood allows to take part: "Patients who ... are eligible"."""
    before = max(context.text.rfind(mark, 0, sentence.start) for mark in ".;\n")
    start = before + 1 + len(context.text[before + 1 :]) - len(context.text[before + 1 :].lstrip())
    stop = context.text.find("\n", sentence.end)
    found = _ARE_ELIGIBLE.fullmatch(context.text, start, stop if stop > 0 else len(context.text))
    if found is None or _LIMITS_WHO.search(found["who"]):
        return None
    return unread(context.text, found.start("who"), found.end("who"))


_LIMITS_WHO: Final = re.compile(r"\b(?:only|not|unless|except|if|provided|no)\b|\d", re.IGNORECASE)


def _permits(text: str, sentence: Draft) -> bool:
    """Whether a sentence that was not understood begins as a permission, so that it can only spare somebody."""
    return _MAY_BE.match(text, sentence.start) is not None and not _AT_MOST.search(text, sentence.start, sentence.end)


def side_by_side(first: Draft, second: Draft, context: Context) -> Draft:
    """A sentence, or a nested list, after another one."""
    if (instead := _own_limits_behind(first, second, context)) is not None:
        return instead
    if isinstance(second.rule, Constant):
        return (
            _permitted(first, second.allowed, context.exclusion and not first.requirement)
            if second.allowed is not None
            else first
        )
    if second.allowed is not None and isinstance(second.rule, Ambiguous) and context.exclusion:
        spared = _permitted(first, second.allowed, not first.requirement)
        also = replace(second, allowed=None)
        return ambiguous([spared, side_by_side(first, also, context)], "what is allowed, or one more thing")
    if second.allowed is not None and not context.exclusion and _akin(first, second.allowed):
        permitted = _permitted(first, second.allowed, False)
        if permitted.rule != first.rule and isinstance(second.rule, Conditional):
            return replace(all_of([permitted, second]), requirement=first.requirement)  # "... are eligible if stable"
        if permitted.rule != first.rule:
            return permitted  # "No brain metastases. Patients with treated brain metastases are eligible."
    if second.allowed is not None and context.exclusion and not first.requirement and _akin(first, second.allowed):
        return any_of([_permitted(first, second.allowed, True), replace(second, allowed=None)])
    if second.allowed is not None and context.exclusion and not first.requirement and _is_judged(second.allowed):
        also = replace(second, allowed=None)
        spared = any_of([all_of([first, negated(second.allowed)]), also])
        return ambiguous([spared, any_of([first, also])], "what may be allowed, or one more thing")
    if second.allowed is not None and not context.exclusion and _measures_the_same(first, second.allowed):
        return any_of([first, second.allowed])  # "ECOG 0-1. Patients with ECOG 2 are eligible."
    if not context.exclusion and (older := _of_another_age(first, second)) is not None:
        return replace(any_of([first, older]), requirement=first.requirement)
    if second.allowed is not None and isinstance(second.rule, Ambiguous) and second.rule.why == WHO_MAY:
        return first
    if second.saving:
        return (
            all_of([first, negated(second)]) if context.exclusion and not first.requirement else any_of([first, second])
        )
    if isinstance(second.rule, PatientAttribute) and second.rule.attribute == "childbearing_potential":
        return first  # "Women of childbearing potential are those who ...": who they are, nothing that is asked
    if _asks_again(first, second):
        return first  # "Women must use contraception. Contraception must be continued ..."
    if first.labelled and second.labelled:
        return replace(any_of([with_those(first), with_those(second)]), labelled=True)
    if second.wholly_unread and not first.wholly_unread and context.exclusion and not first.requirement:
        let_in = _spared(second, context)
        if let_in is not None:
            return all_of([first, negated(let_in)])
    if second.wholly_unread and not first.wholly_unread and _permits(context.text, second):
        return all_of([first, second]) if context.exclusion and not first.requirement else any_of([first, second])
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
    sides = [contrary(d) if d.requirement else d for d in (first, second)]
    return any_of(sides)
