"""What "defined as" puts in the place of what it defines."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from eligibility.knowledge.attributes import begins_as_method, is_method
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.vocabulary import vocabulary
from eligibility.knowledge.words import keys
from eligibility.reading.composing.attribute_phrases import is_attribute, restated
from eligibility.reading.composing.enclosed_facts import is_its_level
from eligibility.reading.composing.groups import limit_alone
from eligibility.reading.composing.judgements import is_fitness
from eligibility.reading.composing.own_limits import (
    NARROWS_OR_DEFINES,
    analytes_of,
    at_its_site,
    is_normal_range,
    narrowed_or_defined,
)
from eligibility.reading.composing.people import is_group
from eligibility.reading.composing.qualifying import narrowed
from eligibility.reading.composing.terms import Composing, Inherited
from eligibility.reading.composing.unknowns import of_no_clear_role
from eligibility.reading.composing.windows import is_window
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, rebuilt
from eligibility.reading.sentences import ListRead, Tail
from eligibility.rules import (
    Age,
    Condition,
    Finding,
    Measurement,
    Not,
    PatientAttribute,
    Statement,
    Treatment,
)


def defined(here: Composing, main: Draft | None, tail: Tail, body: ListRead | None) -> Draft | None:
    """ "X, defined as Y": the definition in the place of what it defines; "defined as Y or as defined by Z": either."""
    if main is not None and body is not None and _SOCIETY.fullmatch(here.low, tail.kinds[-1].end, body.elements[0].end):
        if len(body.elements) == 1:
            return replace(main, end=body.end)
        if body.separators[0] == "OR" and {*body.separators} <= {"OR", "COMMA"}:
            other = here.listed(body.parted(1)[1], Inherited())
            return any_of([main, other]) if other is not None else main
    if main is not None and body is not None and str(tail.kinds[0].value) == "joined:OR":
        other = here.listed(body, Inherited())
        return any_of([main, other]) if other is not None else main
    if main is not None and analytes_of(main) and is_method(here.text[tail.start : tail.end], of_number=True):
        return main
    if main is not None and isinstance(main.rule, Statement) and _tells_how(here, main.rule, tail, body):
        said = main.rule.model_copy(update={"text": here.text[main.start : tail.end]})
        return replace(main, rule=said, end=tail.end)
    if main is not None and body is not None and (found := _as_found(here, main, tail, body)) is not None:
        return found
    if main is not None and isinstance(main.rule, Condition | Measurement) and restated(main.rule, _said(here, tail)):
        return replace(main, end=max(main.end, tail.end))
    if main is not None and isinstance(main.rule, Not) and main.parts:  # "no uncontrolled hypertension, defined as ..."
        if _ABSENCE.match(here.text, main.start):
            return of_no_clear_role(here, main, tail)  # what shows that there is none
        inner = defined(here, main.parts[0], tail, body)
        return rebuilt(main, (inner,)) if inner is not None else main
    if tail.has("EXCEPT"):  # "defined as other than complete remission"
        return narrowed(here, main, tail.start, tail.end) if main else of_no_clear_role(here, main, tail)
    definition = here.listed(body, Inherited()) if body else None
    if main is None:
        return definition
    if body is not None and (limit := limit_alone(here, main, body)) is not None:
        definition = limit if is_its_level(main, limit) else all_of([main, limit])
    if (
        main.rule.kind == "conditional"
        and is_group(main.parts[0])
        and _BEARING.search(here.low, main.start, tail.start)
    ):
        return main  # "a negative test in women of childbearing potential, defined as ..."
    if is_group(main):
        # who counts as being of childbearing potential is known without the trial's words for it
        asked = _asked_of_those(here, body)
        return all_of([main, asked]) if asked is not None else main
    told_as = _DEFINED_AS.match(here.low, tail.start) is not None
    if body is not None and definition is not None and told_as and _is_of_lesions(main, definition):
        text = here.text[body.start : tail.end]
        return all_of([main, Draft(Statement(text=text, topic="circumstance", who="chart"), body.start, tail.end)])
    if (
        definition is None
        or any(leaf.wholly_unread for leaf in definition.leaves())
        or all(
            isinstance(leaf.rule, Condition | Treatment) and leaf.rule.concept.open
            for leaf in definition.leaves()
            if not leaf.parts
        )
    ):
        return _told_in_words(here, main, tail) or narrowed(here, main, tail.start, tail.end)
    limits = any(isinstance(rule, Measurement | Age) for rule in definition.innermost_rules())
    if isinstance(main.rule, Condition) and limits and _is_had_besides(main.rule, asked=not here.exclusion):
        return all_of([_of_any_weight(main, main.rule), definition])
    if isinstance(main.rule, Condition) and _EVIDENCE.search(here.text, tail.start, tail.kinds[0].end):
        if definition.rule.kind != "not" and all(isinstance(leaf.rule, Treatment) for leaf in definition.innermost()):
            return narrowed(here, main, tail.start, tail.end)  # "oesophagitis as shown by endoscopy"
        if analytes_of(definition):  # "renal impairment, as evidenced by a creatinine > 2 mg/dL": which shows it
            return narrowed_or_defined(main, definition)
        measured = any(isinstance(rule, Measurement) for rule in definition.innermost_rules())
        both = all_of([main, definition])
        return ambiguous([both, definition], NARROWS_OR_DEFINES) if measured else both
    if main.rule.kind == "any" and (at := _last_clause(here, main)):
        clause = any_of(main.parts[at:]) if at + 1 < len(main.parts) else main.parts[-1]
        evidenced = _EVIDENCE.search(here.text, tail.start, tail.kinds[0].end) is not None
        shown = None if evidenced else _shown(clause, definition)
        if shown is not None or evidenced or _APART.match(here.text, main.parts[at - 1].end):
            return any_of([*main.parts[:at], shown or all_of([clause, definition])])
    if main.rule.kind == "any":  # "diabetes or obesity as measured by BMI > 30"
        last = main.parts[-1]
        if all(is_its_level(leaf, definition) for leaf in main.innermost()):
            return _shown(main, definition) or all_of([main, definition])
        shown = defined(here, last, tail, body) if last.rule.kind != "not" else all_of([last, definition])
        own = any_of([*main.parts[:-1], shown or last])
        return ambiguous([all_of([main, definition]), own], "a definition of the last alternative, or of all")
    attested = is_fitness(here.text[main.start : main.end])
    body_start = body.start if body is not None else tail.end
    tested = all(isinstance(leaf.rule, Statement) for leaf in definition.innermost())
    if tested and main.wholly_unread:
        return narrowed(here, main, tail.start, tail.end)  # how it was found out
    if tested and attested and isinstance(main.rule, Statement):
        said = main.rule.model_copy(update={"text": here.text[main.start : tail.end]})
        return replace(main, rule=said, end=tail.end)
    measured = main.wholly_unread and any(c.isdigit() for c in here.text[main.start : main.end])
    if measured:
        return narrowed(here, main, tail.start, tail.end)  # "a width of > 2 cm as determined by ..."
    told = isinstance(main.rule, Statement) and not tested and "risk" in main.rule.text.lower()  # how high it is
    instead = isinstance(main.rule, Condition) and not _dated(main.rule) and not _OF_IT.match(here.low, body_start)
    instead = instead and not _is_turn(definition)
    if main.wholly_unread or attested or told or instead:
        return replace(at_its_site(main, definition), start=main.start)
    if all(is_normal_range(leaf.rule) for leaf in main.innermost()) and analytes_of(main) <= analytes_of(definition):
        return replace(definition, start=main.start)  # "normal creatinine, defined as creatinine <= 1.5 mg/dL"
    return all_of([main, definition])


def _is_of_lesions(main: Draft, definition: Draft) -> bool:
    """Whether it tells of measurable disease which lesions there must be, and names none that is known: "defined as at
    least 1 tumor that fulfills the criteria for a target lesion"."""
    if not isinstance(main.rule, Condition) or main.rule.concept.name != "measurable disease":
        return False
    counted = [rule for rule in definition.innermost_rules() if not isinstance(rule, Statement)]
    return bool(counted) and all(
        rule.analyte.open if isinstance(rule, Measurement) else isinstance(rule, Condition) and rule.concept.open
        for rule in counted
    )


_DEFINED_AS: Final = re.compile(r"\W*(?:is\s+|are\s+)?defined\s+as\b")


def _is_turn(definition: Draft) -> bool:
    """Whether it says when a disease came back, and not which one: "platinum-resistant carcinoma, defined as relapse
    within 6 months of a platinum"."""
    windows = [getattr(rule, "window", None) for rule in definition.innermost_rules()]
    return any(window is not None and window.events for window in windows)


def _told_in_words(here: Composing, main: Draft, tail: Tail) -> Draft | None:
    """A fact with a definition of which only an answer tells whether it is met: "weight loss, defined as more than 7 %
    of the weight within half a year"; None where more of the sentence follows, or the definition is a sentence."""
    if not isinstance(main.rule, Condition | Finding | Treatment):
        return None
    defining = _DEFINED.match(here.text, tail.start, tail.end)
    words = definition_in_words(here.text, defining.end(), tail.end) if defining is not None else None
    if words is None:
        return None
    made = narrowed(here, main, tail.start, tail.end)
    if not any(leaf.wholly_unread for leaf in made.leaves()):
        return made
    words = words.placed(tail.start, tail.end)
    if isinstance(main.rule, Condition) and _is_had_besides(main.rule, asked=not here.exclusion):
        return all_of([main, words]).asked(main.requirement)
    return ambiguous([all_of([main, words]), words], NARROWS_OR_DEFINES).asked(main.requirement)


def definition_in_words(text: str, start: int, end: int) -> Draft | None:
    """The words of a definition as what only an answer settles; None where more of the sentence follows, they say more
    than what something is, or they are a word or a sentence."""
    said = text[start:end].strip(" ,:.")
    if not 1 < len(keys(said)) <= _MOST_WORDS or said.count("(") != said.count(")"):
        return None
    if _GOES_ON.match(text, end) or _MORE_THAN_DEFINES.search(said) or _UNFINISHED.search(said):
        return None
    return Draft(Statement(text=said, topic="circumstance", who="chart"), start, end)


_DEFINED: Final = re.compile(r"[(\[,:\s]*(?:as\s+)?(?:defined|definition)\s*(?:as|by|:|is)?[\s:]*(?=\S)", re.IGNORECASE)
_GOES_ON: Final = re.compile(r"[\s,]*[A-Za-z0-9(\[<>≥≤=]")
_UNFINISHED: Final = re.compile(r"(?:\b(?:and|or|of|by|with|to|for|in|at|the|a|an|than)|[<>≥≤=:/])$", re.IGNORECASE)
_MORE_THAN_DEFINES: Final = re.compile(
    r"\b(?:unless|except\w*|exclud\w*|exempt\w*|eligib\w*|allow\w*|permi\w*|accept\w*|must|should|other than|protocol"
    r"|section|appendix|investigator|regulations?|inclusion|exclusion|the following|below|above)\b|[.;]\s|\n"
    r"|,\s*(?:and/or|or|and)\s",
    re.IGNORECASE,
)
_MOST_WORDS: Final = 40


def _is_had_besides(rule: Condition, *, asked: bool) -> bool:
    """Whether limits say how bad a disease is, and not that it is there: "prostate cancer of high risk, defined as a
    PSA >= 20 ng/mL". ``asked``: so it is for diabetes, too, where it is asked for."""
    kinds = ("malignancy", "diabetes mellitus") if asked else ("malignancy",)
    return any(vocabulary().is_a("condition", rule.concept.name, kind) for kind in kinds)


def _of_any_weight(main: Draft, rule: Condition) -> Draft:
    """The same without what its definition says of it: how high its risk is, how well it is controlled, and what has no
    meaning but that of these words."""
    known = qualifiers()
    axes = {text: found.axis for text in rule.qualifiers if (found := known.find(text)) is not None}
    kept = tuple(text for text in rule.qualifiers if text in axes and axes[text] not in ("risk", "control"))
    return replace(main, rule=rule.model_copy(update={"qualifiers": kept}))


_SOCIETY: Final = re.compile(  # whose classes they are is in the name of the class
    r"\s*(?:the\s+)?new\s+york\s+heart\s+association(?:\s*\(nyha\))?"
    r"(?:\s+(?:functional\s+)?(?:classification|criteria|class(?:es)?|system))*\s*"
)


def _last_clause(here: Composing, main: Draft) -> int:
    """Which of several alternatives is the first of a clause with a verb of its own: "a history of gout, or meets the
    criteria for asthma or COPD"; 0 where none is."""
    for at in range(len(main.parts) - 1, 0, -1):
        if _OR_HAS.search(here.low, main.parts[at - 1].end, main.parts[at].end) is not None:
            return at
    return 0


_APART: Final = re.compile(r"\s*,")


def _shown(main: Draft, definition: Draft) -> Draft | None:
    """What shows a disease, or any of several, in their place; None where more is said of one of them."""
    named = main.innermost_rules()
    plain = all(isinstance(rule, Condition) and not _dated(rule) for rule in named)
    return replace(definition, start=main.start) if plain else None


_OR_HAS: Final = re.compile(
    r"\b(?:or|and/or)\s+(?:who\s+|that\s+|currently\s+)?(?:meets?|met|meeting|fulfil\w*|has|have|had|is|are|was|were)\s"
)


def _tells_how(here: Composing, rule: Statement, tail: Tail, body: ListRead | None) -> bool:
    """Whether a tail says by what, or by whom, and perhaps when, that is known which only an answer settles."""
    said = _said(here, tail)
    if is_method(said) or (begins_as_method(said) and is_attribute(said)):
        return True
    last = body.elements[-1].atoms[-1] if body is not None and len(body.elements) == 1 else None
    if last is None or not is_window(last) or not is_fitness(rule.text):
        return False
    return is_method(here.text[tail.start : last.start])  # "by laboratory tests performed within 7 days"


def _as_found(here: Composing, main: Draft, tail: Tail, body: ListRead) -> Draft | None:
    """ "Hepatitis as determined by laboratory tests, or cirrhosis": how the first was found, and one more; None where
    the words say more than how."""
    if not isinstance(main.rule, Condition):
        return None
    ends = [i for i, each in enumerate(body.elements, 1) if is_method(here.text[tail.start : each.end])]
    if not ends:
        return None
    first = narrowed(here, main, tail.start, body.elements[ends[-1] - 1].end)
    if ends[-1] == len(body.elements):
        return first
    alternative = {*body.separators[ends[-1] - 1 :]} == {"OR"} and body.serial
    rest = here.listed(body.parted(ends[-1])[1], Inherited()) if alternative else None
    if rest is None or not all(isinstance(leaf.rule, Condition) and not leaf.open for leaf in rest.innermost()):
        return None  # one more way of finding it, for all that is known
    return any_of([first, rest])


def _said(here: Composing, tail: Tail) -> str:
    return here.text[tail.start : tail.end]


def _asked_of_those(here: Composing, body: ListRead | None) -> Draft | None:
    """What goes on behind the words that define who is meant: "..., and not using contraception"; None where none."""
    for index, element in enumerate(body.elements if body is not None else ()):
        alone = here.listed(ListRead([element], [], element.start, element.end), Inherited(), plain=True)
        rules = [leaf.rule for leaf in alone.leaves()] if alone is not None else []
        if body is not None and any(isinstance(r, PatientAttribute) and r.attribute == "contraception" for r in rules):
            rest = ListRead(body.elements[index:], body.separators[index:], element.start, body.end)
            return here.listed(rest, Inherited(), plain=True)
    return None


_BEARING: Final = re.compile(r"\b(?:child-?\s?bearing|reproductive)\s+(?:potential|age|capacity)[\s,(]*\Z")
_ABSENCE: Final = re.compile(r"(?:absence|lack|exclusion|free)\b", re.IGNORECASE)


_OF_IT: Final = re.compile(  # what it is that goes with, or asks for, what is named then: "defined as requiring A"
    r"\W*(?:being\s+)?(?:requir|need|necessitat|associat|result|lead|accompan)\w*\b"
)


_EVIDENCE: Final = re.compile(
    r"\b(?:documented|evidenced|shown|demonstrated|confirmed|manifested|indicated|verified|proven|seen|identified|noted)\b",
    re.IGNORECASE,
)


def _dated(rule: Condition) -> bool:
    """Whether more is said of the condition than a definition of it can replace."""
    return bool(rule.lasting or rule.window or rule.count or rule.grade or rule.exceptions or rule.stages)
