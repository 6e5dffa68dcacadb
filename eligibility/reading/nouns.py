"""A noun phrase with all that bears on it -> the rule that it means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Final

from eligibility.knowledge import words
from eligibility.knowledge.attributes import narrowing
from eligibility.knowledge.qualifiers import Qualifier, qualifiers
from eligibility.knowledge.verbs import tells_what_is_done
from eligibility.knowledge.vocabulary import ANY_CONDITION, ANY_TREATMENT, Entry, vocabulary
from eligibility.reading.context import Context
from eligibility.reading.drafting.allergies import (
    OF_THE_STUDY,
    allergy_of,
    allergy_to,
    as_study_treatment,
    contraindicated,
    is_meant_here,
)
from eligibility.reading.drafting.beside_names import counts_episodes, draft_of, is_active, is_event, qualifiers_beside
from eligibility.reading.drafting.concepts import concept_named, known_concept, open_concept
from eligibility.reading.drafting.conditions import at_grade, condition_of, number_of
from eligibility.reading.drafting.findings import RESULTS, finding_of
from eligibility.reading.drafting.people import attribute_of, people_lately
from eligibility.reading.drafting.treatments import given_treatment, treatment_for_disease, treatment_of
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, each_leaf, negated
from eligibility.reading.grammar import Refused
from eligibility.reading.lexing.tokens import EITHER, Token
from eligibility.reading.patterns import BEGINNING
from eligibility.reading.phrases import Head, Noun
from eligibility.reading.quantities import Since, WindowRead
from eligibility.rules import Concept, Condition, Finding, Moment, Rule, Span, Statement, Treatment, Window

__all__ = ["noun_draft", "since_draft"]

_DISEASE: Final = frozenset(("disease", "tumor", "tumors", "tumour", "tumours", "cancer", "malignancy"))


def _said(noun: Noun, ways: Token, frames: list[Token]) -> Noun:
    """The noun said in one of two ways."""
    before, inherited = (
        [each for t in tokens for each in (frames if t is ways else (t,))] for tokens in (noun.before, noun.inherited)
    )
    return replace(noun, before=before, inherited=inherited)


def noun_draft(noun: Noun, context: Context, window: WindowRead | None = None) -> Draft:
    """The rule that a noun phrase means. :class:`Refused` where its words make no rule."""
    at = next((i for i, t in enumerate(noun.before) if t.type in EITHER), None) if noun.before else None
    if at is not None:
        # "current or planned": either will do
        start = at - 1 if noun.before[at - 1].type != "COMMA" else at - 2
        before, after = noun.before[start], noun.before[at + 1]
        rest = [*noun.before[:start], *noun.before[at + 2 :]]
        return any_of(
            [noun_draft(replace(noun, before=[each, *rest]), context, window) for each in (before, after)],
            (noun.start, noun.end),
        )
    noun = _of_now_alone(noun, context.text)
    around = (*noun.before, *noun.inherited)
    ways = next((t for t in around if t.type == "EITHER_WAY"), None) if around else None
    if ways is not None:
        return any_of(
            [noun_draft(_said(noun, ways, frames), context, window) for frames in ways.value], (noun.start, noun.end)
        )
    if window is None and (now := _still(noun, context.text)) is not None:
        return ambiguous([noun_draft(each, context) for each in now], "what is there now, or was there then")
    if window is not None and window.either:
        return any_of([noun_draft(noun, context, each) for each in window.either], (noun.start, noun.end))
    alternative = next((t for t in noun.behind if t.type == "WINDOW" and t.value.either), None) if noun.behind else None
    if alternative is not None:
        rest = [t for t in noun.behind if t is not alternative]
        place = [Token("WINDOW", each, alternative.start, alternative.end) for each in alternative.value.either]
        return any_of(
            [noun_draft(replace(noun, behind=[*rest, each]), context, window) for each in place], (noun.start, noun.end)
        )
    windows = [t.value for t in noun.all("WINDOW")] + ([window] if window else [])
    if not windows:
        return _one(noun, context, None, windows)
    placed = [w for w in windows if w.windows]
    if len(placed) > 1:
        raise Refused
    found = placed[0].windows if placed else ()
    ahead = bool(placed) and not placed[0].planned and all(each.end is None and each.reaches_ahead for each in found)
    if ahead and noun.has("HISTORY"):
        raise Refused  # "a history of anaphylaxis after vaccination": not after that of the study
    if len(found) > 1:
        drafts = [_one(noun, context, each, windows) for each in found]
        # the longer of two windows holds what either holds
        made = any_of(drafts) if placed[0].longer else all_of(drafts)
    else:
        made = _one(noun, context, found[0] if found else None, windows)
    moment: Moment = placed[0].moment if placed else "any"
    if placed and moment == "any" and any(_begins(t, context.text) for t in around):
        moment = "start"  # "initiation of statins within 3 months": who has had them for years is not meant
    return each_leaf(made, partial(_of_its_days, moment)) if moment != "any" else made


def _of_now_alone(noun: Noun, text: str) -> Noun:
    """ "Current or recent (within a year) history of asthma": the first is there now; the history is the second's."""
    now = next((t for t in noun.before if t.type == "CURRENT"), None)
    history = next((t for t in noun.before if t.type == "HISTORY"), None)
    if now is None or history is None or now.end > history.start or not _OR.search(text, now.end, history.start):
        return noun
    return replace(noun, before=[t for t in noun.before if t is not history])


def _begins(frame: Token, text: str) -> bool:
    """Whether it is the beginning of a use that is spoken of: "initiation of", "started on"."""
    return frame.type == "USE" and BEGINNING.match(text, frame.start, frame.end) is not None


def _of_its_days(moment: Moment, draft: Draft) -> Draft:
    """A fact of which the first day, or the last, must lie in its window."""
    if not isinstance(draft.rule, Condition | Treatment) or draft.rule.window is None:
        return draft
    update: dict[str, object] = {"moment": moment}
    if moment == "end" and (before := _formerly(draft.rule.concept)) is not None:
        update |= {"concept": before, "time": "ever"}
    return replace(draft, rule=draft.rule.model_copy(update=update))


def _formerly(concept: Concept) -> Concept | None:
    """What somebody with it had and has no longer: "former smokers who quit within 5 years" smoked until then."""
    entry = vocabulary().entry("condition", concept.name)
    name = entry.facts.get("formerly") if entry is not None else None
    return concept_named(name) if isinstance(name, str) else None


def _still(noun: Noun, text: str) -> tuple[Noun, Noun] | None:
    """ "History of any ongoing asthma": the asthma that is there now, and the one that was there at the time."""
    at = next((i for i, t in enumerate(noun.before) if t.type == "HISTORY" and not _NOW.search(str(t.value))), None)
    if at is None or noun.has("WINDOW") or noun.kinds != {"CONDITION"}:
        return None
    rest = noun.before[at + 1 :]
    then = [t for t in rest if t.type != "CURRENT" and not is_active((t,))]
    if len(then) == len(rest) or _OR.search(text, noun.before[at].start, noun.head.start):
        return None
    return replace(noun, before=[*noun.before[:at], *rest]), replace(noun, before=[*noun.before[: at + 1], *then])


_OR: Final = re.compile(r"\b(?:or|and)\b|/", re.IGNORECASE)
_NOW: Final = re.compile(r"\b(?:current|active|present|presence|ongoing)\b")


def _one(noun: Noun, context: Context, window: Window | None, windows: Sequence[WindowRead]) -> Draft:
    head = noun.head
    now = bool(windows) and any(w.now for w in windows)
    planned = bool(windows) and any(w.planned for w in windows)
    opened: tuple[Span, ...] = ()
    if not head.names:
        opened = (Span(start=head.start, end=head.end),)
        return _open(noun, context, window, opened, now, planned)
    names = head.names
    beside = noun.beside()
    if any(_HINDERING.match(str(word.value)) for word in head.words if word.type == "WORD"):
        raise Refused  # "infection precluding transplantation": none is asked for
    if not windows and _tells_what_is_done(noun, context.text):
        return draft_of(Statement(text=context.text[head.start : head.end], topic="circumstance", who="chart"), noun)
    if (naive := beside.get("NAIVE_OF")) is not None:
        rest = replace(noun, before=[token for token in noun.before if token.type != "NAIVE_OF"])
        given = [(Treatment(concept=known_concept(t.value), time="ever"), t) for t in naive]
        never = [negated(Draft(rule, token.start, token.end)) for rule, token in given]
        return all_of([*never, _one(rest, context, window, windows)], (noun.start, noun.end))
    if "NAIVE" in beside:
        if noun.head.words or names[0].type != "TREATMENT" or len(names) > 1 or not isinstance(names[0].value, Entry):
            raise Refused
        return negated(draft_of(Treatment(concept=known_concept(names[0].value), time="ever"), noun))
    if len(names) > 1 and all(isinstance(n.value, Entry) for n in names):
        if (attributed := _with_attribute_last(noun)) is not None:
            return _one(attributed, context, window, windows)
        return _compound(noun, context, window, now, planned)
    name = _as_given(noun, names[0])
    entry = name.value if isinstance(name.value, Entry) else None
    if head.words and entry is not None:
        opened = (Span(start=head.start, end=head.end),)
    text = noun.said or context.text[head.start : head.end]
    kind = name.type
    within = "INGREDIENT_OF" in [word.type for word in head.words]  # what is in a thing is no kind of it
    broader = [entry] if entry and not within else []
    if "ALLERGY" in beside:
        if entry is not None and is_meant_here(context.text, name):
            noun, entry = as_study_treatment(noun)
        concept = open_concept(text, broader, "treatment") if head.words or entry is None else known_concept(entry)
        return allergy_to(noun, concept, text)
    if "CONTRAINDICATION" in beside:
        return contraindicated(noun, context)
    if entry is None:
        if any(w.windows and not (w.now or w.planned) for w in windows):
            return people_lately(noun, kind, context, window)
        return attribute_of(noun, kind, context)
    concept = open_concept(text, broader, entry.kind) if head.words else known_concept(entry)
    if concept.open and not noun.said and (plain := _narrowed(noun, context)) is not noun:
        return _one(plain, context, window, windows)
    if kind != "TREATMENT" and "DOSE" in beside:
        raise Refused
    if kind == "TREATMENT":
        if not RESULTS.isdisjoint(beside):
            raise Refused  # a test for it
        return given_treatment(context, noun, text, concept, window, now, planned)
    if kind == "CONDITION" and any(_MET_WITH.search(str(t.value)) for t in beside.get("USE", ())):
        disease = open_concept(text, broader) if head.words else known_concept(entry)
        return _met_with(disease, noun, context, window, now, planned)
    if kind == "CONDITION":
        if not (infectious := vocabulary().is_a("condition", entry.name, _INFECTION)):
            noun = _seronegative(noun)
            beside = noun.beside()
        if any("wild" not in str(t.value) for t in beside.get("NEGATIVE", ())) or (
            infectious and _SERONEGATIVE in qualifiers_beside(noun)
        ):
            noun = noun if not infectious else _without(noun, _SERONEGATIVE)
            if vocabulary().is_a("condition", entry.name, _CANCER) and any(map(_says_how_it_is, noun.before)):
                raise Refused  # "HPV positive or negative cancer": it is there
            return negated(draft_of(condition_of(noun, concept, context, window, now), noun, opened))
        if "COUNT" in beside and window is None and not is_event(noun) and not counts_episodes(noun):
            return number_of(noun, concept, context, window, now)
        had = at_grade(draft_of(condition_of(noun, concept, context, window, now), noun, opened))
        return _or_with_antibodies(had, noun) if infectious else had
    if noun.has("KNOWN") and not noun.has(*RESULTS) and context.text[head.start : noun.end].lower().endswith("status"):
        # "known hormone receptor status", whichever it is
        return draft_of(Statement(text=context.text[noun.start : noun.end], topic="circumstance", who="chart"), noun)
    return finding_of(noun, concept, entry, window, opened, context.text[noun.start : noun.end])


def _tells_what_is_done(noun: Noun, text: str) -> bool:
    """ "Refuse standard therapy": whether a verb stands before a name, and nothing else is said."""
    head = noun.head
    if noun.before or noun.behind or noun.inherited or noun.said or not head.words:
        return False
    led = head.words[0].start < head.names[0].start and _MADE_SO.match(text, head.start) is None
    return led and tells_what_is_done(text[head.start : head.end])


_MADE_SO: Final = re.compile(  # "(asparaginase-)induced pancreatitis": how a name says what it is
    r"(?:[a-z]+ly\s+)?(?:induced|indicated|related|based|derived|contain(?:ing|ed|s)?|caused|injected|know|overlap|closed|open|got|selected?)\b",
    re.IGNORECASE,
)


def _or_with_antibodies(had: Draft, noun: Noun) -> Draft:
    """ "Seropositive for hepatitis C": whoever has it, or has the antibodies that stay when it is gone."""
    told = any(_SEROLOGY.search(str(t.value)) for t in noun.all("POSITIVE"))
    if not told or not isinstance(had.rule, Condition) or had.rule.concept.open or had.rule.time != "unstated":
        return had
    infection = vocabulary().entry("condition", had.rule.concept.name)
    if infection is None or infection.facts.get("lasting"):
        return had
    test = vocabulary().find(f"{infection.name} antibody", "measurement")
    if test is None:
        ever = had.rule.model_copy(update={"time": "ever"})
        return ambiguous([had, replace(had, rule=ever)], "antibodies of an infection that may be over")
    found = Finding(test=known_concept(test), result="positive", window=had.rule.window, known=had.rule.known)
    return any_of([had, Draft(found, had.start, had.end)])


_SEROLOGY: Final = re.compile(r"\bsero")


def _as_given(noun: Noun, name: Token) -> Token:
    """What is given, where the name of a state is that of a treatment, too: "receiving immunosuppression"."""
    treatment = next((value for kind, value in name.others if kind == "TREATMENT"), None)
    if name.type != "CONDITION" or treatment is None or noun.head.words or not noun.has("USE"):
        return name
    return Token("TREATMENT", treatment, name.start, name.end)


def _met_with(known: Concept, noun: Noun, context: Context, window: Window | None, now: bool, planned: bool) -> Draft:
    """Exposure to a disease, which is not the disease; or a treatment of it, which only who has had it is given."""
    beside = noun.beside()
    concept = open_concept(context.text[noun.start : noun.head.end])
    opened = (Span(start=noun.start, end=noun.head.end),)
    given = draft_of(treatment_of(noun, concept, window, now, planned), noun, opened)
    if not any(_OF_IT.search(str(t.value)) for t in beside.get("USE", ())):
        return given
    course = isinstance(given.rule, Treatment) and not noun.has("OTHER", "QUALIFIER", "STAGE_IS", "GRADE_IS", "SITE")
    if course and any(_COURSE_OF.search(str(t.value)) for t in beside.get("USE", ())):
        update = {"concept": Concept(name=ANY_TREATMENT), "purpose": known}
        given = replace(given, rule=given.rule.model_copy(update=update), open=())
    disease = Condition(concept=known, time="ever", qualifiers=qualifiers_beside(noun), other="OTHER" in beside)
    if disease.other:
        disease = disease.model_copy(update={"studied": context.studied})
    return all_of([draft_of(disease, noun), given])  # who is treated for it has had it


def _seronegative(noun: Noun) -> Noun:
    """What is "seronegative" and no infection is not absent: a kind of arthritis is."""
    found = qualifiers().find(_SERONEGATIVE)
    before = [
        Token("QUALIFIER", found, t.start, t.end) if t.type == "NEGATIVE" and _is_seronegative(t) else t
        for t in noun.before
    ]
    return noun if before == noun.before else replace(noun, before=before)


def _says_how_it_is(token: Token) -> bool:
    """Whether a result before a name says which kind of it is meant: "negative", and not "negative for"."""
    return token.type == "NEGATIVE" and not str(token.value).endswith(" for")


def _is_seronegative(token: Token) -> bool:
    return _SERONEGATIVE in re.sub(r"\W", "", str(token.value))


def _without(noun: Noun, qualifier: str) -> Noun:
    def kept(tokens: list[Token]) -> list[Token]:
        return [t for t in tokens if not (t.type == "QUALIFIER" and getattr(t.value, "name", "") == qualifier)]

    return replace(noun, before=kept(noun.before), behind=kept(noun.behind))


_INFECTION: Final = "infection"
_CANCER: Final = "malignancy"
_SERONEGATIVE: Final = "seronegative"


def _narrowed(noun: Noun, context: Context) -> Noun:
    """The noun with the adjectives before its name as attributes of it: an "ipsilateral ocular infection"."""
    head = noun.head
    name, *tails = head.names
    if name.type == "ANALYTE" and words.keys(" ".join(str(word.value) for word in head.words)) in _BEFORE_STUDY:
        return replace(noun, head=replace(head, words=[]))
    if name.type not in ("CONDITION", "TREATMENT") or not isinstance(name.value, Entry):
        return noun
    if any(tail.type != "TAIL" for tail in tails) or any(w.type != "WORD" or w.end > name.start for w in head.words):
        return noun
    if name.value.name == OF_THE_STUDY:
        return noun  # "interventional trial treatment" is that of any trial
    said = " ".join(str(word.value) for word in head.words)
    attributes = narrowing(said)
    if attributes is None and said == "non" and (other := _other_than(context.text[name.start : name.end], name)):
        attributes, name = other  # "non-cardiac surgery"
    if attributes is None:
        return noun
    start, end = head.words[0].start, head.words[-1].end
    made = [Token("QUALIFIER", qualifiers().find(each) or Qualifier(each, ""), start, end) for each in attributes]
    return replace(noun, head=replace(head, names=[name, *tails], words=[]), before=[*noun.before, *made])


_BEFORE_STUDY: Final = tuple(map(words.keys, ("pre-study", "prestudy", "pre-screening", "pre-enrollment")))  # as any is


def _other_than(text: str, name: Token) -> tuple[tuple[str, ...], Token] | None:
    """The attribute that "non-" before a name makes of its first word, and the rest of the name."""
    first, _, rest = text.partition(" ")
    attributes = narrowing(f"non {first}")
    entry = vocabulary().find(rest, name.value.kind) if rest and attributes else None
    if attributes is None or entry is None:
        return None
    return attributes, Token(name.type, entry, name.start + len(first) + 1, name.end)


_MET_WITH: Final = re.compile(
    r"\b(?:expos|treat\w* (?:of|for)|therap\w* (?:of|for)|vaccinat|immuni[sz]|inoculat|dos(?:e|es|ing)\b)"
)


_HINDERING: Final = re.compile(r"preclud|prevent(?:ing|s)?$|contraindicat|prohibit", re.IGNORECASE)
_COURSE_OF: Final = re.compile(r"^(?:treatment|therapy|therapies|treatments|treated) (?:of|for)$")
_OF_IT: Final = re.compile(r"\b(?:treat|therap)\w* (?:of|for)")


def _compound(noun: Noun, context: Context, window: Window | None, now: bool, planned: bool) -> Draft:
    """Two names side by side: the last is the head, and what is said must be both."""
    if noun.has("CONTRAINDICATION"):
        return draft_of(Statement(text=context.text[noun.start : noun.end], topic="contraindication", who="site"), noun)
    last = noun.head.names[-1]
    first = noun.head.names[:-1]
    kinds = {n.type for n in noun.head.names}
    text = context.text[noun.head.start : noun.head.end]
    opened: tuple[Span, ...] = ()
    if kinds in ({"TREATMENT"}, {"CONDITION"}):
        found = vocabulary().find(text)
        names = [found] if found else [n.value for n in noun.head.names]
        narrow = [e for e in names if not any(e is not o and vocabulary().is_a(o.kind, o.name, e.name) for o in names)]

        def placed(concept: Concept, opened: tuple[Span, ...] = ()) -> Draft:
            if noun.has("ALLERGY"):
                rule: Rule = allergy_of(noun, concept)
            elif kinds == {"TREATMENT"}:
                rule = treatment_of(noun, concept, window, now, planned)
            else:
                rule = condition_of(noun, concept, context, window, now)
            return draft_of(rule, noun, opened)

        if len(narrow) == 1 and not noun.head.words:
            return placed(known_concept(narrow[0]))
        compound = placed(
            open_concept(text, [last.value], last.value.kind), (Span(start=noun.head.start, end=noun.head.end),)
        )
        if context.exclusion and len(narrow) == len(names) > 1 and _side_by_side(context.text, noun.head):
            # "asthma COPD": one thing, or a list whose comma is lost
            return ambiguous([compound, any_of([placed(known_concept(each)) for each in narrow])], "names side by side")
        return compound
    if last.type == "CONDITION" and all(
        n.type in ("ANALYTE", "CONDITION", "FEMALE", "MALE", "TREATMENT") for n in first
    ):
        concept = open_concept(text, [last.value] if isinstance(last.value, Entry) else [])
        opened = (Span(start=noun.head.start, end=noun.head.end),)
        return draft_of(condition_of(noun, concept, context, window, now), noun, opened)
    raise Refused


def _with_attribute_last(noun: Noun) -> Noun | None:
    """ "Anti-PD-1 investigational agents": an antibody that is investigational; None of other names."""
    *first, last = noun.head.names
    said = next((value for kind, value in last.others if kind == "QUALIFIER"), None)
    if said is None or noun.head.words or {name.type for name in noun.head.names} != {"TREATMENT"}:
        return None
    made = Token("QUALIFIER", said, last.start, last.end)
    return replace(noun, head=replace(noun.head, names=first), behind=[made, *noun.behind])


def _side_by_side(text: str, head: Head) -> bool:
    """Whether only spaces part these names, and each stands as a noun: neither "HIV-positive lymphoma" nor
    "antioxidant supplement"."""
    between = [text[one.end : other.start] for one, other in pairwise(head.names)]
    if head.words or not all(each.isspace() for each in between):
        return False
    return all(_NOUN.search(text, each.start, each.end) for each in head.names[:-1])


_NOUN: Final = re.compile(
    r"(?:(?:therap|surger|ectom|path)(?:y|ies)|transplant(?:s|ation)?|radiation|asthma|(?:in|ab|ib|ide|ine|one|ol|ate)|"
    r"(?:tension|failure|disease|disorder|syndrome|diabetes|stroke|infarction)s?|(?:oma|emia|itis|osis|uria|opathy)s?)$",
    re.IGNORECASE,
)


def _open(
    noun: Noun, context: Context, window: Window | None, opened: tuple[Span, ...], now: bool, planned: bool
) -> Draft:
    """Words that the vocabulary does not know, in a frame that says what they are."""
    if (
        noun.head.end > noun.head.start
        and context.text[noun.head.start : noun.head.end].lower() in _DISEASE
        and qualifiers_beside(noun)
        and not all(map(qualifiers().of_weight, qualifiers_beside(noun)))
        and "benign" not in qualifiers_beside(noun)
        and not _OF_ANYTHING.match(context.text, noun.head.end)
        and (studied := context.under_study(context.text[noun.start : noun.end]))
    ):
        if "OTHER" in noun.beside():  # "a second primary tumor": none of those under study
            return _another_tumor(noun, context, window, now)
        drafts = [draft_of(condition_of(noun, each, context, window, now), noun) for each in studied]
        return any_of(drafts, (noun.start, noun.end))
    beside = noun.beside()
    text = noun.said or context.text[noun.head.start : noun.head.end]
    if "ALLERGY" in beside:
        return allergy_to(noun, open_concept(text, kind="treatment"), text)
    if "CONTRAINDICATION" in beside:
        return contraindicated(noun, context)
    if ("POSITIVE" in beside or "NEGATIVE" in beside) and not ("HISTORY" in beside or "USE" in beside):
        result = "negative" if "NEGATIVE" in beside else "positive"
        return draft_of(
            Finding(test=open_concept(text), result=result, window=window, qualifiers=qualifiers_beside(noun)),
            noun,
            opened,
        )
    if treatment_for_disease(text) is not None and noun.has("HISTORY", "PRIOR", "CURRENT", "PLANNED"):
        return given_treatment(context, noun, text, open_concept(text, kind="treatment"), window, now, planned)
    if noun.has("USE", "PROGRESSED", "REFRACTORY_TO", "RELAPSED_AFTER", "INTOLERANT") or (
        noun.head.start != noun.head.end and _tails(noun)
    ):
        concept = open_concept(text, kind="treatment")
        return given_treatment(context, noun, text, concept, window, now, planned)
    if noun.has("HISTORY", "DIAGNOSIS", "PRESENCE", "SUSPECTED", "KNOWN") or (
        "QUALIFIER" in beside and "CURRENT" in beside
    ):
        if _DONE.search(text) and not noun.has("PLANNED", "EITHER_WAY"):  # "any professional facial treatment"
            return given_treatment(context, noun, text, open_concept(text, kind="treatment"), window, now, planned)
        concept = _weighty(text, noun) or open_concept(text, kind="condition")
        return draft_of(condition_of(noun, concept, context, window, now), noun, opened if concept.open else ())
    if window is not None and (weighty := _weighty(text, noun)) is not None:
        return draft_of(condition_of(noun, weighty, context, window, now), noun)
    raise Refused


def _weighty(text: str, noun: Noun) -> Concept | None:
    """ "A clinically significant disease": any one that counts, not that of the study."""
    said = qualifiers_beside(noun)
    if words.phrase(text) not in _ANY_DISEASE or not said or not all(map(qualifiers().of_weight, said)):
        return None
    return concept_named(ANY_CONDITION)


_ANY_DISEASE: Final = frozenset(("disease", "condition", "disorder", "illness"))


def _another_tumor(noun: Noun, context: Context, window: Window | None, now: bool) -> Draft:
    """ "A second primary tumor": a malignancy besides the one under study. :class:`Refused` where it may be that."""
    malignancy = vocabulary().entry("condition", _CANCER)
    here = replace(noun, before=[t for t in noun.before if getattr(t.value, "name", "") != "primary"])
    named = _NEOPLASM.match(context.text, noun.head.start) is not None
    if malignancy is None or qualifiers_beside(here) or not named:
        raise Refused
    return draft_of(condition_of(here, known_concept(malignancy), context, window, now), noun)


_NEOPLASM: Final = re.compile(r"tumou?r|cancer|malignan|neoplas", re.IGNORECASE)
_OF_ANYTHING: Final = re.compile(r"\s+of\s+(?:any|all|other|another|an?|each|major)\b(?!\s+of\b)", re.IGNORECASE)
_DONE: Final = re.compile(r"\w\s(?:treatments?|therapy|therapies|procedures?|injections?|infusions?)$", re.IGNORECASE)


def _tails(noun: Noun) -> bool:
    return any(t.type == "TAIL" for t in noun.head.names)


def since_draft(noun: Noun, since: Since, context: Context, *, literal: bool) -> Draft:
    """ "At least 4 weeks since X": no X within the last 4 weeks; where it may be a requirement among what excludes, it
    is not ``literal``."""
    noun.before = [t for t in noun.before if t.type not in ("PRIOR", "CURRENT")]
    found = noun_draft(noun, context, WindowRead((since.window,)))
    if not all(isinstance(leaf.rule, Condition | Treatment) for leaf in found.innermost()):
        raise Refused
    if not literal:
        return ambiguous([negated(found), found], "what excludes, or what is required")
    rules = found.innermost_rules()
    if context.exclusion or not all(isinstance(rule, Condition) and not rule.other for rule in rules):
        return negated(found)
    begun = all_of([each_leaf(found, _at_any_time), negated(each_leaf(found, _begun))])
    if all(isinstance(rule, Condition) and rule.concept.name in _REACHED for rule in rules):
        return begun  # "at least 2 years since menopause"
    if all(isinstance(rule, Condition) and rule.moment == "start" for rule in rules):
        return ambiguous([begun, negated(found)], "how long ago something began, of those alone who have it, or of all")
    return negated(found)


_REACHED: Final = frozenset(("menopause", "postmenopause"))


def _begun(draft: Draft) -> Draft:
    rule = draft.rule
    return replace(draft, rule=rule.model_copy(update={"moment": "start"})) if isinstance(rule, Condition) else draft


def _at_any_time(draft: Draft) -> Draft:
    rule = draft.rule
    if not isinstance(rule, Condition):
        return draft
    return replace(draft, rule=rule.model_copy(update={"time": "ever", "window": None, "moment": "any"}))
