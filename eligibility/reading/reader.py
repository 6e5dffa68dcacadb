"""Text of one criterion -> :class:`~eligibility.rules.Criterion`.

Characters become tokens, tokens quantities, these phrases, these a sentence; sentences and nested bullets become one
rule. At each step what is not read stays as it was, and is in the end an :class:`~eligibility.rules.Unread`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, Literal

from eligibility.knowledge import words
from eligibility.knowledge.vocabulary import ANY_DRUG, ANY_TREATMENT, Entry, vocabulary
from eligibility.reading.composing.further import further_told, judged_together, requirements_told
from eligibility.reading.composing.limits_told import limits_told
from eligibility.reading.composing.terms import is_consent, is_contraception, is_fertile, is_pregnancy
from eligibility.reading.context import Context
from eligibility.reading.contradictions import asked_of_some, not_denied, without_contradictions
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    constant,
    contrary,
    each_asked,
    each_leaf,
    excluding_nobody,
    negated,
    rebuilt,
    unread,
)
from eligibility.reading.enclosed import without_interruption
from eligibility.reading.episodes import earlier_apart
from eligibility.reading.headings import arm_labels, group_label, is_arm_alone, own_arms, stage_label
from eligibility.reading.known import Known
from eligibility.reading.letters import lettered
from eligibility.reading.lexer import tokenize
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.measuring import by_formulas
from eligibility.reading.mentions import named_by_nothing, pointed_back
from eligibility.reading.nested import read_line, read_lines
from eligibility.reading.notes import asks_nothing, says_who_can_bear
from eligibility.reading.outline import Line, outline
from eligibility.reading.patterns import PERSONS, any_word
from eligibility.reading.polarity import with_reach_of_no
from eligibility.reading.rewriting.abbreviations import expanded, unabbreviated
from eligibility.reading.rewriting.attributes import attributes_together, doubted, results_before_names, signed
from eligibility.reading.rewriting.compounds import compounded
from eligibility.reading.rewriting.dependences import dependences_named
from eligibility.reading.rewriting.ellipsis import first_words_shared, functions_named, with_heads
from eligibility.reading.rewriting.permissions import EXEMPT
from eligibility.reading.rewriting.receptors import receptors_known, receptors_together
from eligibility.reading.rewriting.targets import aimed
from eligibility.reading.staging import stages_again, tumour_stages
from eligibility.reading.studied import with_others_than_studied
from eligibility.rules import (
    Age,
    Allergy,
    Concept,
    Condition,
    Criterion,
    Measurement,
    Not,
    PatientAttribute,
    Rule,
    Sex,
    Span,
    Statement,
    Treatment,
    TrialRecord,
    Unread,
)

__all__ = ["criterion_id", "read_criterion"]

_NOTHING_ASKED: Final = re.compile(  # the old registry keeps a label for what a trial does not ask
    r"(?:[\w /&,()-]{1,60}:\s*)?(?:not (?:specified|stated|applicable|reported|required)|none (?:specified|stated)"
    r"|n/?a|see (?:disease|patient|prior|concurrent|general|protocol|above)[\w ]*)|none"
    r"|(?:no|any) (?:restrictions?|limits?|limitations?) (?:on|of|as to|for|by) (?:age|sex|gender|race|ethnicity)"
    r"(?:(?:,| or| and|,? and/or) (?:age|sex|gender|race|ethnicity))*"
    r"|(?:of )?(?:all|any) (?:races?|ethnicit(?:y|ies)|ethnic (?:groups?|backgrounds?|origins?))"
    r"(?:(?:,| and| or|,? and/or) (?:all |any )?(?:races?|ethnicit(?:y|ies)|ethnic (?:groups?|backgrounds?|origins?)))?"
    r"|(?:pre|peri|post)(?:-|(?=\W*menopausal))\s?(?:\W*(?:and|or|and/or|,)*\s*(?:pre|peri|post)-?\s?)+menopausal"
    r"(?: status)?"
    r"|(?:of )?(?:any|all) ages?(?: groups?)?"
    r"|no (?:age|sex|gender)(?:(?:,| or| and) (?:age|sex|gender))* (?:restrictions?|limits?|limitations?|preference)",
    re.IGNORECASE,
)


_EITHER_SEX: Final = re.compile(  # "Gender: male or female", "Both sexes are included"
    rf"(?:(?:gender|sex)\W*)?(?:(?:{PERSONS})\s+(?:may|can)\s+be\s+)?"
    r"(?:(?:of\s+)?(?:either|both|any|all)(?:\s+(?:gender|sex)(?:e?s)?)?"
    r"|(?:both\s+)?(?:fe)?males?\s*(?:and|or|/|and/or|&)\s*(?:fe)?males?(?:\s+(?:patients|subjects|participants|sexe?s|genders?))?)"
    r"(?:\s+and\s+(?:of\s+)?(?:any|all)\s+(?:race|ethnic\s+(?:background|group|origin)|ethnicit)(?:s|y|ies)?)?"
    r"(?:\s+(?:(?:are|is|will be)\s+)?(?:eligible|included|allowed|accepted))?",
    re.IGNORECASE,
)
_SEXES: Final = ("sex", "gender", "female")
_LONGEST_SEXES: Final = 80
_SENTENCE_END: Final = re.compile(r"(?<=[.;])\s+(?=\S)")
_LABEL: Final = re.compile(  # that a line has lost what stood under it
    r"age|sex|gender|performance status|life expectancy|menopausal status|hormone[ -]receptor status"
    r"|hepatic|renal|pulmonary"
    r"|cardiovascular|cardiac|h(?:a)?ematopoietic|h(?:a)?ematologic(?:al)?|gastrointestinal|neurologic(?:al)?|immunologic(?:al)?|general|other"
    r"|(?:disease|patient|general) characteristics|inclusion|criteria|additional(?: criteria)?",
    re.IGNORECASE,
)


_LONGEST_LABEL: Final = 40
_SECTION: Final = re.compile(  # the heading of a section, as a bullet of it
    r"(?:the )?(?:(?:main|key|general|additional|subject[- ]level|other) )?(?:(?:in|ex)clusion )criteria"
    r"(?: (?:are|were|is|include)(?: as follows| the following)?)?|subject[- ]level criteria",
    re.IGNORECASE,
)
_HEADING: Final = re.compile(  # of the old registry; where it stands alone, what was meant of it is not known
    r"biologic(?:al)? therapy|chemotherapy|endocrine therapy|radiotherapy|surgery", re.IGNORECASE
)


def criterion_id(kind: str, text: str) -> str:
    """An id that white space, order and the versions of the rules do not change."""
    said = f"{kind}:{words.phrase(text)}"
    return f"{kind[0].upper()}-{hashlib.sha256(said.encode()).hexdigest()[:10]}"


def read_criterion(
    text: str,
    kind: Literal["inclusion", "exclusion"] = "inclusion",
    studied: Sequence[str] = (),
    *,
    record: TrialRecord | None = None,
    requirements: bool = False,
    abbreviations: Mapping[str, str] | None = None,
    arms: Sequence[str] | None = None,
    topic: str = "",
    source: Span | None = None,
) -> Criterion:
    """Read one criterion. Never fails on any text: what is not understood is kept in :class:`Unread`.

    ``requirements``: the bullet stands in an Exclusion section whose bullets are mostly worded as requirements.
    ``abbreviations``: those that the trial itself defines, each with what it stands for.
    ``arms``: those that the bullet is for, where that is known; else those that it says itself.
    ``topic``: what the heading above it names, so that no more than a limit may stand under it: "Life expectancy".
    """
    context = Context(
        text=text,
        exclusion=kind == "exclusion",
        studied=_studied(tuple(studied)),
        requirements=requirements,
        minimum_age=record.minimum_age if record else None,
        maximum_age=record.maximum_age if record else None,
        known=Known() if "(" in text else None,
    )
    arms = own_arms(text) if arms is None else tuple(arms)
    limited = _under_topic(context, topic) if topic else None
    draft = limited or _read(context, abbreviations or {}, arms)
    if any(leaf.rule.kind == "unread" for leaf in draft.leaves()):
        draft = without_interruption(draft, context, lambda other: _read(other, abbreviations or {}, arms))
    marks: list[dict[str, Any]] = []
    leftovers: list[tuple[int, int]] = []
    opened: list[tuple[int, int]] = []
    for path, part in draft.walk():
        if part.end > part.start:
            marks.append({"path": path, "start": part.start, "end": part.end})
            if part.rule.kind == "unread":
                leftovers.append((part.start, part.end))
        opened += [(span.start, span.end) for span in part.open]
    return Criterion.model_validate(  # with its marks and spans at once: one by one they take twice as long
        {
            "id": criterion_id(kind, text),
            "kind": kind,
            "text": text,
            "rule": draft.rule,
            "arms": arms,
            "marks": marks,
            "unread": _merged(leftovers),
            "open": _merged(opened),
            "source": source,
        }
    )


def _with_child(draft: Draft) -> Draft:
    """ "Women of childbearing potential who are pregnant or nursing": whoever is, is such a woman."""
    if not draft.parts:
        return draft
    parts = tuple([_with_child(part) for part in draft.parts])
    rest = [part for part in parts if not (_is_female(part.rule) or is_fertile(part.rule))]
    carrying = bool(rest) and all(all(map(is_pregnancy, part.innermost_rules())) and not _denies(part) for part in rest)
    if draft.rule.kind == "all" and carrying and len(rest) < len(parts):
        return all_of(rest, (draft.start, draft.end)).asked(draft.requirement)
    return rebuilt(draft, parts)


_ASKED: Final = ("consent", "contraception")


def _asked_of_all(draft: Draft, text: str, wanted: bool) -> Draft:
    """What a study asks of everybody excludes nobody, and nobody is let in for the lack of it: where a sentence seems
    to say so, something in it was misread, and only an answer tells.

    ``wanted``: whether somebody is let in where it is so.
    """

    def told(part: Draft, wanted: bool) -> Draft | None:
        rule = part.rule
        denied = isinstance(rule, Not) and len(part.parts) == 1  # with what denies it: "refusal to give consent"
        said = part.parts[0].rule if denied else rule
        if isinstance(said, PatientAttribute) and said.attribute in _ASKED and wanted is denied:
            words = Statement(text=text[part.start : part.end], topic="willingness")
            return replace(part, rule=words, parts=())
        return part if isinstance(rule, Condition | Treatment | Allergy) else None

    return each_asked(draft, wanted, told)


def _class_then(draft: Draft, text: str) -> Draft:
    """ "History of heart failure (NYHA class III)": a class that was, which is no longer what it is now."""
    if not draft.parts:
        return draft
    parts = [_class_then(part, text) for part in draft.parts]
    past = any(isinstance(part.rule, Condition) and part.rule.time == "ever" and not part.parts for part in parts)
    if draft.rule.kind == "all" and past:
        for index, part in enumerate(parts):
            rule = part.rule
            beside = index and "," not in text[parts[index - 1].end : part.start]
            if beside and isinstance(rule, Measurement) and rule.analyte.name == _NYHA and rule.window is None:
                told = Statement(text=text[part.start : part.end], topic="circumstance", who="chart")
                parts[index] = any_of([part, Draft(told, part.start, part.end)])
    return rebuilt(draft, tuple(parts))


_NYHA: Final = "NYHA class"


_PRESENT: Final = re.compile(
    any_word(
        *("current", "present", "ongoing", "simultaneous", "concurrent", "during", r"or\s+(?:who\s+)?(?:is|are)"),
        r"at\s+(?:the\s+)?(?:time|screening|baseline|enrol|entry|visit)",
    )
)


def _now_besides(draft: Draft) -> Draft:
    """ "Has taken A within 30 days, or at screening": beside a time that is over nobody asks for A at any time, but for
    A as it is now."""
    if not draft.parts:
        return draft
    parts = [_now_besides(part) for part in draft.parts]
    if draft.rule.kind == "any":
        for index, part in enumerate(parts):
            rule = part.rule
            if not isinstance(rule, Condition | Treatment) or rule.time != "ever" or rule.window is not None:
                continue
            if any(_within_a_time(before.rule) == rule for before in parts[:index]):
                parts[index] = replace(part, rule=rule.model_copy(update={"time": "now"}))
    return rebuilt(draft, tuple(parts))


def _within_a_time(rule: Rule) -> Rule | None:
    """What is asked for within a time, without that; None of anything else."""
    timed = isinstance(rule, Condition | Treatment) and rule.window is not None
    return rule.model_copy(update={"window": None}) if timed else None


def _denies(draft: Draft) -> bool:
    return any(leaf.rule.kind == "not" for leaf in draft.leaves())


def _narrowed_no_further(draft: Draft, text: str) -> Draft:
    """What narrows something in words that were not understood, and goes on to what else is asked for, "warfarin for
    therapeutic use, have history of stroke, or ...": nothing of it is certain."""
    if not draft.parts:
        return draft
    if draft.rule.kind == "all" and any(
        isinstance(part.rule, Unread) and part.rule.role == "narrowing" and _GOES_ON.search(part.rule.text)
        for part in draft.parts
    ):
        return unread(text, draft.start, draft.end).asked(draft.requirement)
    return rebuilt(draft, tuple([_narrowed_no_further(part, text) for part in draft.parts]))


_GOES_ON: Final = re.compile(
    r",\s*(?:(?:or|and)\s+)?(?:have|has|had|(?:a\s+)?history\s+of|current(?:ly)?|prior|pre-?existing|known|active|uncontrolled"
    r"|receiv\w+|evidence\s+of|presence\s+of)\b",
    re.IGNORECASE,
)


def _with_their_clause(draft: Draft, text: str) -> Draft:
    """ "... and men or women of reproductive potential not using contraception": nobody is kept out for being a man, or
    fertile, where it is said behind the next people which of them are meant."""
    alternatives = [*_alternatives(draft)]
    for people, others in pairwise(alternatives):
        told = others.rule.kind == "all" and _names_people(others.parts[0].rule)
        clause = others.parts[1:] if told else ()
        bare = _names_people(people.rule) and not people.parts
        joined = _OR_THOSE.fullmatch(text, people.end, others.start) is not None
        if (
            bare
            and joined
            and clause
            and any(is_contraception(rule) for part in clause for rule in part.innermost_rules())
        ):
            return each_leaf(draft, lambda leaf, one=people, said=clause: all_of([one, *said]) if leaf is one else leaf)  # type: ignore[misc]
    return draft


_OR_THOSE: Final = re.compile(
    r"\s*(?:(?:patients?|subjects?|participants?)\s+)?(?:,\s*)?(?:or|and|and/or|/)\s*", re.IGNORECASE
)


def _alternatives(draft: Draft) -> Iterator[Draft]:
    if draft.rule.kind != "any":
        yield draft
        return
    for part in draft.parts:
        yield from _alternatives(part)


def _names_people(rule: Rule) -> bool:
    return isinstance(rule, Sex) or is_fertile(rule)


def _is_female(rule: Rule) -> bool:
    return isinstance(rule, Sex) and rule.sex == "female"


_EXPECTING: Final = ("pregnan", "lactat", "nursing", "breast")


def _is_enumerated(tokens: list[Token], text: str) -> bool:
    """Whether a text begins with no more than its number in a list, without any sign: "17 Acute illness ..."."""
    number, following = tokens[:2]
    if number.type != "NUMBER" or not text[number.start : number.end].isdigit() or text[: number.start].strip(" *-"):
        return False
    said = text[following.start : following.end]
    if following.start != number.end + 1 or number.end - number.start > _MOST_DIGITS or not said[:1].isupper():
        return False
    return following.type not in _COUNTED and said.split()[0].lower() not in _COUNTING_ON and not said.isupper()


_MOST_DIGITS: Final = 2
_COUNTED: Final = frozenset(
    "UNIT TIMEUNIT OR OR_MORE OR_LESS TO DASH AND PERCENT TIMES PERSON FEMALE MALE EXISTS LINES OCCASION SITE PRIOR"
    " LAST AGE_UNIT_TAIL ULN LLN ROMAN SIGN".split()
)
_COUNTING_ON: Final = frozenset(
    "prior previous doses cycles courses or more less to and healthy eligible active new separate different consecutive"
    " episodes lesions relatives members copies points x of patients subjects participants positive negative measurable"
    " cohorts groups arms parts visits".split()
)


def _only_notes(text: str) -> bool:
    """Whether a text asks nothing: a note, several of them, or who counts as able to bear a child, in bullets."""
    if asks_nothing(text) or says_who_can_bear(text.partition("\n")[0]):
        return True
    return all(asks_nothing(part) for part in _SENTENCE_END.split(text))


def _excluding_nobody(saved: Draft, context: Context) -> Draft:
    """ "Patients will not be excluded if they have A", and no more: nobody is, whatever is not understood of A."""
    if any(leaf.rule.kind == "unread" for leaf in saved.leaves()):
        return unread(context.text, 0, len(context.text))
    return excluding_nobody(not context.exclusion, 0, len(context.text))


def _under_topic(context: Context, topic: str) -> Draft | None:
    """A limit that stands alone under the name of what it limits: "At least 12 weeks" under "Life expectancy"."""
    named = [token for token in tokenize(topic) if token.type not in ("FILLER", "COLON")]
    if len(named) != 1 or named[0].type not in ("ANALYTE", "AGE"):
        return None
    tokens = tokenize(context.text)
    if not tokens or tokens[0].type not in _LIMITS:
        return None
    name = Token(named[0].type, named[0].value, tokens[0].start, tokens[0].start, named[0].others)
    draft = read_line(Line(tokens[0].start, len(context.text), 0), [name, *tokens], context)
    if draft is None or context.exclusion or draft.requirement or "\n" in context.text.strip():
        return None
    whole = all(isinstance(leaf.rule, Age | Measurement) for leaf in draft.innermost())
    return draft.placed(0, len(context.text.rstrip())) if whole else None


_LIMITS: Final = frozenset("NUMBER GE GT LE LT BETWEEN FROM".split())


def _without_anybody(draft: Draft, text: str, *, alternative: bool = False, narrowed: bool = False) -> Draft:
    """What excludes, where nobody is excluded for consenting, and not everybody who takes something: "an illness that
    would preclude compliance or consent", "prohibited therapies or medications"; ``narrowed``: it is said which of what
    is taken is meant, "drugs (such as statins) that could affect the results"."""
    kind = draft.rule.kind
    if kind in ("any", "all", "ambiguous"):
        one = kind == "any" or (alternative and kind == "ambiguous")
        told = narrowed or (kind == "all" and any(map(_tells_which, draft.parts)))
        return rebuilt(draft, tuple(_without_anybody(p, text, alternative=one, narrowed=told) for p in draft.parts))
    anybody = alternative and not narrowed and _takes_anything(draft.rule)
    return unread(text, draft.start, draft.end) if is_consent(draft.rule) or anybody else draft


def _tells_which(part: Draft) -> bool:
    """Whether it is what is judged, or known, of the drugs beside it, or the class that they are of."""
    rule = part.rule
    if isinstance(rule, Treatment):
        return not rule.concept.open and not _takes_anything(rule)
    return isinstance(rule, Statement) and rule.topic in ("judgement", "circumstance")


def _takes_anything(rule: Rule) -> bool:
    return (
        isinstance(rule, Treatment)
        and rule.concept.name in (ANY_DRUG, ANY_TREATMENT, "concomitant medication")
        and rule == Treatment(concept=rule.concept, time=rule.time)
    )


@lru_cache(maxsize=512)
def _studied(names: tuple[str, ...]) -> tuple[Concept, ...]:
    """The diseases under study as concepts; those that the vocabulary does not know are open."""
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


def _merged(spans: list[tuple[int, int]]) -> list[dict[str, int]]:
    """The spans in their order, those that touch as one."""
    merged: list[dict[str, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1]["end"]:
            merged[-1]["end"] = max(end, merged[-1]["end"])
        else:
            merged.append({"start": start, "end": end})
    return merged


def _begun_at(begins: int, lines: list[Line], tokens: list[Token]) -> list[Token]:
    """The tokens from where the first line begins behind its label, or its number, as that line does from now on."""
    if not lines or not lines[0].start < begins < lines[0].end:
        return tokens
    lines[0].start = begins
    return [token for token in tokens if token.start >= begins]


def _read(context: Context, abbreviations: Mapping[str, str], arms: tuple[str, ...]) -> Draft:
    """The draft of a criterion, as its section has it: under Exclusion the contrary of a requirement."""
    text = context.text
    tokens = receptors_known(stages_again(tumour_stages(tokenize(unabbreviated(text)), text)), text)
    tokens = receptors_together(tokens, text)
    tokens = dependences_named(functions_named(compounded(signed(tokens, text), text), text), text)
    tokens = attributes_together(
        results_before_names(doubted(first_words_shared(with_heads(tokens, text), text), text), text), text
    )
    tokens = lettered(aimed(expanded(tokens, text, abbreviations, context.studied), text), text)
    lines = outline(text)
    if len(lines) == 1 and is_arm_alone(text):
        return constant(not context.exclusion, "nothing is asked", 0, len(text))
    labels = arm_labels(text) if arms and lines else []
    if len(labels) == 1:  # of several, each has its own part of the rule
        tokens = [token for token in tokens if not labels[0].start <= token.start < labels[0].end]
        if labels[0].start <= lines[0].start < labels[0].end < lines[0].end:
            lines[0].start = labels[0].end
    tokens = _begun_at(stage_label(text, exclusion=context.exclusion), lines, tokens)
    if len(tokens) > 1 and _is_enumerated(tokens, text):
        tokens = _begun_at(tokens[1].start, lines, tokens)
    labelled = group_label(text) if lines and not arms else 0
    tokens = _begun_at(labelled, lines, tokens)
    if not tokens or not lines:
        return unread(text, 0, len(text))
    bare = text.strip(" .:;*-")
    may_ask_nothing = bare[:1] in "nNsSaApPoO" or ":" in bare
    may_be_label = not context.exclusion and len(bare) <= _LONGEST_LABEL
    if len(bare) <= _LONGEST_LABEL and "riteria" in bare and _SECTION.fullmatch(bare):
        return constant(not context.exclusion, "nothing is asked", 0, len(text))
    if (may_ask_nothing and _NOTHING_ASKED.fullmatch(bare)) or (may_be_label and _LABEL.fullmatch(bare)):
        return constant(not context.exclusion, "nothing is asked", 0, len(text))
    if len(bare) < _LONGEST_SEXES and any(sex in bare.lower() for sex in _SEXES) and _EITHER_SEX.fullmatch(bare):
        return constant(not context.exclusion, "of either sex", 0, len(text))
    if may_be_label and _HEADING.fullmatch(bare):
        return unread(text, 0, len(text))
    draft = read_line(lines[0], tokens, context) if len(lines) == 1 else read_lines(lines, tokens, context)
    if draft is None and _only_notes(bare):
        return constant(not context.exclusion, "nothing is asked", 0, len(text))
    if draft is None:
        return unread(text, 0, len(text))
    draft = named_by_nothing(pointed_back(draft, text, exclusion=context.exclusion), text)
    draft = earlier_apart(draft, text)
    told = further_told(requirements_told(by_formulas(draft, text), text), text)
    draft = limits_told(judged_together(told, text), text)
    if draft.parts and any(word in context.low for word in _EXPECTING):
        draft = _with_child(draft)
    draft = _narrowed_no_further(without_contradictions(draft, text), text)
    if not context.exclusion:
        draft = not_denied(draft)
    if draft.parts and _PRESENT.search(context.low):
        draft = _now_besides(draft)
    if draft.parts and "class" in context.low:
        draft = _class_then(draft, text)
    if draft.saving and (context.exclusion or "exclude" in text or EXEMPT.search(text)):  # of what another bullet says
        return _excluding_nobody(draft, context)
    if draft.requirement and context.exclusion:
        draft = contrary(draft)
    elif context.requirements and context.exclusion and not draft.wholly_unread:
        draft = ambiguous([draft, negated(draft)], "a bullet among requirements under Exclusion")
    if any(isinstance(rule, PatientAttribute) and rule.attribute in _ASKED for rule in draft.innermost_rules()):
        draft = _asked_of_all(draft, text, not context.exclusion)
    draft = with_reach_of_no(draft if context.exclusion else asked_of_some(draft), context)
    draft = with_others_than_studied(draft, context.studied, keeps_out=context.exclusion)
    if context.exclusion:
        draft = _without_anybody(_with_their_clause(draft, text), text)
    start, end = min(draft.start, lines[0].start), max(draft.end, len(text.rstrip()))
    draft = draft if (start, end) == (draft.start, draft.end) else draft.placed(start, end)
    if labelled and not draft.wholly_unread:
        others = constant(not context.exclusion, "asked of a group of the trial", 0, labelled)
        return ambiguous([draft, others], "what is asked of a group of the trial")
    return draft
