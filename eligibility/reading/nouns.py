"""A noun phrase with all that bears on it -> the rule that it means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from itertools import pairwise
from typing import Final

from eligibility.knowledge import words
from eligibility.knowledge.attributes import narrowing
from eligibility.knowledge.derived import derived
from eligibility.knowledge.qualifiers import FOR_STUDIED, Qualifier, qualifiers
from eligibility.knowledge.tables import routes
from eligibility.knowledge.vocabulary import ANY_DRUG, ANY_TREATMENT, Entry, Kind, vocabulary
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    conditional,
    constant,
    each_leaf,
    negated,
    unread,
)
from eligibility.reading.grammar import Refused
from eligibility.reading.lexing.tokens import Token
from eligibility.reading.phrases import Head, Noun
from eligibility.reading.quantities import Grades, Lasting, Lines, Since, Stages, WindowRead, looking_back, plain_limit
from eligibility.reading.rewriting.courses import PURPOSE
from eligibility.rules import (
    Allergy,
    Concept,
    Condition,
    Duration,
    Finding,
    Limit,
    Measurement,
    Moment,
    PatientAttribute,
    Rule,
    Sex,
    Span,
    Statement,
    Time,
    Treatment,
    Window,
)

__all__ = ["Context", "is_event", "noun_draft"]

_PAST_USE: Final = frozenset(
    "received treated taken used administered given undergone underwent exposed had medicated vaccinated "
    "immunized started switched required".split()
)
_PRESENT_USE: Final = frozenset(
    "receiving taking using undergoing on requiring require requires maintained current currently needing use "
    "user users".split()
)
_DISEASE: Final = frozenset(("disease", "tumor", "tumors", "tumour", "tumours", "cancer", "malignancy"))
_MALIGNANT: Final = "malignancy"
_OF_THE_STUDY: Final = "study treatment"
_SPREAD: Final = "metastatic disease"


@dataclass(slots=True, init=False)
class Context:
    """What bears on the reading of a criterion besides its text. Nobody changes one."""

    text: str
    exclusion: bool
    studied: tuple[Concept, ...]
    requirements: bool
    minimum_age: Duration | None
    maximum_age: Duration | None
    low: str = field(init=False)  # the text in small letters, each where it stands: patterns are faster there

    def __init__(
        self,
        text: str,
        exclusion: bool,
        studied: tuple[Concept, ...] = (),
        requirements: bool = False,
        minimum_age: Duration | None = None,
        maximum_age: Duration | None = None,
    ) -> None:
        self.text, self.exclusion, self.studied, self.requirements = text, exclusion, studied, requirements
        self.minimum_age, self.maximum_age = minimum_age, maximum_age
        low = text.lower()
        self.low = low if len(low) == len(text) else text  # a few letters become two

    def under(self, *, exclusion: bool) -> Context:
        """The same under Exclusion, or under Inclusion."""
        if exclusion == self.exclusion:
            return self
        return Context(self.text, exclusion, self.studied, self.requirements, self.minimum_age, self.maximum_age)

    def under_study(self, said: str) -> tuple[Concept, ...]:
        """The diseases under study that these words may stand for: of all of them "this cancer" is no asthma."""
        if _NEOPLASTIC.search(said) is None:
            return self.studied
        return tuple(each for each in self.studied if _is_neoplasm(each))


_NEOPLASTIC: Final = re.compile(r"tumou?r|cancer|malignan|neoplas|metasta", re.IGNORECASE)


def _is_neoplasm(concept: Concept) -> bool:
    names = concept.broader if concept.open else (concept.name,)
    return any(vocabulary().is_a("condition", name, "neoplasm") for name in names)


def known_concept(entry: Entry) -> Concept:
    """The concept of an entry."""
    return _concept(entry.name)


def _said(noun: Noun, ways: Token, frames: Sequence[Token]) -> Noun:
    """The noun said in one of two ways."""
    before, inherited = (
        [each for t in tokens for each in (frames if t is ways else (t,))] for tokens in (noun.before, noun.inherited)
    )
    return replace(noun, before=before, inherited=inherited)


@lru_cache(maxsize=8192)
def _concept(name: str) -> Concept:
    return Concept(name=name)


@lru_cache(maxsize=8192)
def _derived(text: str, kind: Kind) -> Entry | None:
    return derived(words.keys(text), kind)


def open_concept(text: str, heads: Sequence[Entry] = (), kind: Kind | None = None) -> Concept:
    """A concept of its own words, a kind of what its head names; a known one where the name is put together from it."""
    found = vocabulary().find(text) or (_derived(text, kind) if kind else None)
    if found is not None:
        return known_concept(found)
    name = words.phrase(text)
    denied = name.split()[-2:-1] in _DENYING  # "skin non-melanoma" is none
    return Concept(name=name, open=True, broader=() if denied else tuple(entry.name for entry in heads))


_DENYING: Final = (["non"], ["not"], ["no"], ["without"])


def is_event(noun: Noun) -> bool:
    """Whether it is something that happens on a day: a stroke, a fracture; or a treatment."""
    return all(
        name.type == "TREATMENT" or (isinstance(name.value, Entry) and vocabulary().happens(name.value))
        for name in noun.head.names
    ) and bool(noun.head.names)


_EITHER: Final = frozenset(("OR", "ANDOR", "SLASH"))


def noun_draft(noun: Noun, context: Context, window: WindowRead | None = None) -> Draft:
    """The rule that a noun phrase means. :class:`Refused` where its words make no rule."""
    at = next((i for i, t in enumerate(noun.before) if t.type in _EITHER), None) if noun.before else None
    if at is not None:
        # "current or planned": either will do
        start = at - 1 if noun.before[at - 1].type != "COMMA" else at - 2
        before, after = noun.before[start], noun.before[at + 1]
        rest = [*noun.before[:start], *noun.before[at + 2 :]]
        return any_of(
            [noun_draft(replace(noun, before=[each, *rest]), context, window) for each in (before, after)],
            (noun.start, noun.end),
        )
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
    if len(found) > 1:
        drafts = [_one(noun, context, each, windows) for each in found]
        # the longer of two windows holds what either holds
        made = any_of(drafts) if placed[0].longer else all_of(drafts)
    else:
        made = _one(noun, context, found[0] if found else None, windows)
    return each_leaf(made, partial(_of_its_days, placed[0].moment)) if placed and placed[0].moment != "any" else made


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
    return _concept(name) if isinstance(name, str) else None


def _still(noun: Noun, text: str) -> tuple[Noun, Noun] | None:
    """ "History of any ongoing asthma": the asthma that is there now, and the one that was there at the time."""
    at = next((i for i, t in enumerate(noun.before) if t.type == "HISTORY" and not _NOW.search(str(t.value))), None)
    if at is None or noun.has("WINDOW") or noun.kinds != {"CONDITION"}:
        return None
    rest = noun.before[at + 1 :]
    then = [t for t in rest if t.type != "CURRENT" and not _active((t,))]
    if len(then) == len(rest) or _OR.search(text, noun.before[at].start, noun.head.start):
        return None
    return replace(noun, before=[*noun.before[:at], *rest]), replace(noun, before=[*noun.before[: at + 1], *then])


_OR: Final = re.compile(r"\b(?:or|and)\b|/", re.IGNORECASE)
_NOW: Final = re.compile(r"\b(?:current|active|present|presence|ongoing)\b")
_WORST: Final = 4  # of whom there is a worse grade, nobody is screened


def _graded(draft: Draft) -> Draft:
    """ "Grade 2 neuropathy" may be one of grade 2 at least; the grade of a tumour is a kind of it."""
    rule = draft.rule
    if not isinstance(rule, Condition) or rule.grade is None or _malignant(rule.concept):
        return draft
    grade = rule.grade
    if grade.low is None or grade.low != grade.high or grade.low >= _WORST:
        return draft
    least = rule.model_copy(update={"grade": grade.model_copy(update={"high": None})})
    return ambiguous([draft, replace(draft, rule=least)], "a grade, or that grade at least")


_RESULTS: Final = frozenset(("POSITIVE", "NEGATIVE", "ABNORMAL"))


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
    if "NAIVE" in beside:
        if noun.head.words or names[0].type != "TREATMENT" or len(names) > 1 or not isinstance(names[0].value, Entry):
            raise Refused
        return negated(_placed(Treatment(concept=known_concept(names[0].value), time="ever"), noun))
    if len(names) > 1 and all(isinstance(n.value, Entry) for n in names):
        return _compound(noun, context, window, now, planned)
    name = names[0]
    entry = name.value if isinstance(name.value, Entry) else None
    if head.words and entry is not None:
        opened = (Span(start=head.start, end=head.end),)
    text = noun.said or context.text[head.start : head.end]
    kind = name.type
    within = "INGREDIENT_OF" in [word.type for word in head.words]  # what is in a thing is no kind of it
    broader = [entry] if entry and not within else []
    if "ALLERGY" in beside:
        if entry is not None and _meant_here(context.text, name):
            noun, entry = _as_study_treatment(noun)
        concept = open_concept(text, broader, "treatment") if head.words or entry is None else known_concept(entry)
        return _allergy(noun, concept, text)
    if "CONTRAINDICATION" in beside:
        return _contraindicated(noun, context)
    if entry is None:
        if any(w.windows and not (w.now or w.planned) for w in windows):
            return _lately(noun, kind, context, window)
        return _attribute(noun, kind, context)
    concept = open_concept(text, broader, entry.kind) if head.words else known_concept(entry)
    if concept.open and not noun.said and (plain := _narrowed(noun, context)) is not noun:
        return _one(plain, context, window, windows)
    if kind != "TREATMENT" and "DOSE" in beside:
        raise Refused
    if kind == "TREATMENT":
        if not _RESULTS.isdisjoint(beside):
            raise Refused  # a test for it
        return _given(context, noun, text, concept, window, now, planned)
    if kind == "CONDITION" and any(_MET_WITH.search(str(t.value)) for t in beside.get("USE", ())):
        # exposure to a disease, a treatment of it: not the disease
        concept = open_concept(context.text[noun.start : noun.head.end])
        opened = (Span(start=noun.start, end=noun.head.end),)
        given = _placed(_treatment(noun, concept, window, now, planned), noun, opened)
        if not any(_OF_IT.search(str(t.value)) for t in beside.get("USE", ())):
            return given
        known = known_concept(entry) if not head.words else open_concept(text, broader)
        course = isinstance(given.rule, Treatment) and not noun.has(
            "OTHER", "QUALIFIER", "STAGE_IS", "GRADE_IS", "SITE"
        )
        if course and any(_COURSE_OF.search(str(t.value)) for t in beside.get("USE", ())):
            update = {"concept": Concept(name=ANY_TREATMENT), "purpose": known}
            given = replace(given, rule=given.rule.model_copy(update=update), open=())
        disease = Condition(concept=known, time="ever", qualifiers=_qualifiers(noun), other="OTHER" in beside)
        if disease.other:
            disease = disease.model_copy(update={"studied": context.studied})
        return all_of([_placed(disease, noun), given])  # who is treated for it has had it
    if kind == "CONDITION":
        if any("wild" not in str(t.value) for t in beside.get("NEGATIVE", ())):
            return negated(_placed(_condition(noun, concept, context, window, now), noun, opened))
        if "COUNT" in beside and window is None and not is_event(noun) and not _episodes(noun):
            return _number_of(noun, concept, context, window, now)
        return _graded(_placed(_condition(noun, concept, context, window, now), noun, opened))
    if noun.has("KNOWN") and not noun.has(*_RESULTS) and context.text[head.start : noun.end].lower().endswith("status"):
        # "known hormone receptor status", whichever it is
        return _placed(Statement(text=context.text[noun.start : noun.end], topic="circumstance", who="chart"), noun)
    return _finding(noun, concept, entry, window, opened, context.text[noun.start : noun.end])


def _narrowed(noun: Noun, context: Context) -> Noun:
    """The noun with the adjectives before its name as attributes of it: an "ipsilateral ocular infection"."""
    head = noun.head
    name, *tails = head.names
    if name.type not in ("CONDITION", "TREATMENT") or not isinstance(name.value, Entry):
        return noun
    if any(tail.type != "TAIL" for tail in tails) or any(w.type != "WORD" or w.end > name.start for w in head.words):
        return noun
    if name.value.name == _OF_THE_STUDY:
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
        return _placed(Statement(text=context.text[noun.start : noun.end], topic="contraindication", who="site"), noun)
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
                rule: Rule = Allergy(concept=concept, known=noun.has("KNOWN"), qualifiers=_qualifiers(noun))
            elif kinds == {"TREATMENT"}:
                rule = _treatment(noun, concept, window, now, planned)
            else:
                rule = _condition(noun, concept, context, window, now)
            return _placed(rule, noun, opened)

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
        return _placed(_condition(noun, concept, context, window, now), noun, opened)
    raise Refused


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


def _placed(rule: Rule, noun: Noun, opened: tuple[Span, ...] = ()) -> Draft:
    concept = getattr(rule, "concept", None)
    return Draft(rule, noun.start, noun.end, open=opened if concept is None or concept.open else ())


def _of_any_disease(qualifier: str) -> bool:
    """Whether it is said of whatever somebody has, rather than of the disease under study: "significant disease"."""
    found = qualifiers().find(qualifier)
    return found is not None and found.axis in ("significance", "seriousness", "magnitude")


def _open(
    noun: Noun, context: Context, window: Window | None, opened: tuple[Span, ...], now: bool, planned: bool
) -> Draft:
    """Words that the vocabulary does not know, in a frame that says what they are."""
    if (
        noun.head.end > noun.head.start
        and context.text[noun.head.start : noun.head.end].lower() in _DISEASE
        and _qualifiers(noun)
        and not all(_of_any_disease(each) for each in _qualifiers(noun))
        and "benign" not in _qualifiers(noun)
        and not _OF_ANYTHING.match(context.text, noun.head.end)
        and (studied := context.under_study(context.text[noun.start : noun.end]))
    ):
        drafts = [_placed(_condition(noun, each, context, window, now), noun) for each in studied]
        return any_of(drafts, (noun.start, noun.end))
    beside = noun.beside()
    text = noun.said or context.text[noun.head.start : noun.head.end]
    if "ALLERGY" in beside:
        return _allergy(noun, open_concept(text, kind="treatment"), text)
    if "CONTRAINDICATION" in beside:
        return _contraindicated(noun, context)
    if ("POSITIVE" in beside or "NEGATIVE" in beside) and not ("HISTORY" in beside or "USE" in beside):
        result = "negative" if "NEGATIVE" in beside else "positive"
        return _placed(
            Finding(test=open_concept(text), result=result, window=window, qualifiers=_qualifiers(noun)), noun, opened
        )
    if _for_disease(text) is not None and noun.has("HISTORY", "PRIOR", "CURRENT", "PLANNED"):
        return _given(context, noun, text, open_concept(text, kind="treatment"), window, now, planned)
    if noun.has("USE", "PROGRESSED", "REFRACTORY_TO", "RELAPSED_AFTER", "INTOLERANT") or (
        noun.head.start != noun.head.end and _tails(noun)
    ):
        concept = open_concept(text, kind="treatment")
        return _given(context, noun, text, concept, window, now, planned)
    if noun.has("HISTORY", "DIAGNOSIS", "PRESENCE", "SUSPECTED", "KNOWN") or (
        "QUALIFIER" in beside and "CURRENT" in beside
    ):
        if _DONE.search(text) and not noun.has("PLANNED", "EITHER_WAY"):  # "any professional facial treatment"
            return _given(context, noun, text, open_concept(text, kind="treatment"), window, now, planned)
        concept = open_concept(text, kind="condition")
        return _placed(_condition(noun, concept, context, window, now), noun, opened)
    raise Refused


_OF_ANYTHING: Final = re.compile(r"\s+of\s+(?:any|all|other|another|an?|each|major)\b(?!\s+of\b)", re.IGNORECASE)
_DONE: Final = re.compile(r"\w\s(?:treatments?|therapy|therapies|procedures?|injections?|infusions?)$", re.IGNORECASE)


def _tails(noun: Noun) -> bool:
    return any(t.type == "TAIL" for t in noun.head.names)


def _qualifiers(noun: Noun) -> tuple[str, ...]:
    if not (noun.before or noun.inherited or noun.behind):
        return ()
    beside = noun.beside()
    names = [
        t.value.name
        for t in beside.get("QUALIFIER", ())
        if isinstance(t.value, Qualifier) and t.value.name not in ("active", "treated with")
    ]
    names = [name for name in names if not _implied(noun, name)]
    names += ["chronic" for t in beside.get("USE", ()) if str(t.value) == "chronic use of"]
    names += [often for t in beside.get("CURRENT", ()) if (often := str(t.value)) in _HOW_OFTEN]
    if "SUSPECTED" in beside and not any(_SURE.search(str(t.value)) for t in beside.get("SUSPECTED", ())):
        names.append("suspected")
    if noun.has("ALLERGY"):
        names += [f"grade {_spoken(t.value)}" for t in noun.all("GRADE_IS") if isinstance(t.value, Grades)]
    return tuple(dict.fromkeys(names))


_HOW_OFTEN: Final = frozenset(("regular", "regularly", "daily", "day to day", "long term", "chronically"))


def _spoken(grades: Grades) -> str:
    """The numbers of a grade, as words of their own: what an allergy does not hold as a number."""
    bounds = grades.bounds
    return " to ".join(f"{q.value:g}" for q in (bounds.low, bounds.high) if q is not None)


_SURE: Final = re.compile("known|confirmed|proven|documented")  # "proven or suspected" is either


def _implied(noun: Noun, qualifier: str) -> bool:
    """Whether a name with a qualifier means the same as without: "allogeneic organ transplant"."""
    if len(noun.head.names) != 1 or noun.head.words:
        return False
    token = noun.head.names[0]
    return token.type in ("CONDITION", "TREATMENT") and _same_with(token.value.name, qualifier, token.type.lower())


@lru_cache(maxsize=8192)
def _same_with(name: str, qualifier: str, kind: Kind) -> bool:
    found = vocabulary().find(f"{qualifier} {name}", kind)
    return found is not None and found.name == name


def _active(qualifiers_: Iterable[Token]) -> bool:
    return any(isinstance(t.value, Qualifier) and t.value.name == "active" for t in qualifiers_)


def _limits(tokens: Iterable[Token], kind: type[Grades] | type[Lines]) -> Limit | None:
    found = [t.value.bounds for t in tokens if isinstance(t.value, kind)]
    if not found:
        return None
    if len(found) > 1 or found[0].members:
        raise Refused
    return plain_limit(found[0])


def _lasting(beside: Mapping[str, Sequence[Token]]) -> Duration | None:
    found = [t.value.least for t in beside.get("LASTING", ()) if isinstance(t.value, Lasting)]
    for token in beside.get("TIME_LIMIT", ()):  # "at least a 2-year history of"
        low = token.value.low
        if low is None or not low.time or (token.value.high is not None and not token.value.exact):
            raise Refused
        found.append(Duration(value=low.value, unit=low.unit))
    found = [each for each in found if each is not None]
    if len(found) > 1:
        raise Refused
    return found[0] if found else None


def _begun_within(beside: Mapping[str, Sequence[Token]]) -> Window | None:
    """ "For less than 5 years": it began within these."""
    read = next((t.value for t in beside.get("LASTING", ()) if isinstance(t.value, Lasting) and t.value.most), None)
    if read is None:
        return None
    return Window(start=read.most, start_inclusive=read.bounds.high_inclusive)


def _stages(tokens: Iterable[Token]) -> tuple[str, ...]:
    return tuple([name for t in tokens if isinstance(t.value, Stages) for name in t.value.names])


def _other_now(noun: Noun) -> bool:
    """ "Other concurrent chemotherapy", "other active malignancy": now."""
    return any(str(t.value) in ("other concurrent", "other active") for t in noun.all("OTHER"))


def _episodes(noun: Noun) -> bool:
    return any("episode" in str(t.value) for t in noun.all("PRESENCE"))


def _number_of(noun: Noun, concept: Concept, context: Context, window: Window | None, now: bool) -> Draft:
    """ "More than 4 brain metastases": there are some, and the number of them is a measurement of its own."""
    count = next(token for token in noun.before if token.type == "COUNT")
    bounds = count.value
    name = "number of " + words.phrase(context.text[noun.head.start : noun.head.end])
    entry = vocabulary().find(name, "measurement")
    analyte = known_concept(entry) if entry is not None else Concept(name=name, open=True)
    opened = () if entry is not None else (Span(start=count.start, end=noun.head.end),)
    number = Measurement(analyte=analyte, limit=plain_limit(bounds), qualifiers=_qualifiers(noun))
    counted = _placed(number, noun, opened)
    if bounds.low is None or not vocabulary().is_a("condition", concept.name, _SPREAD):
        return counted
    there = replace(noun, before=[t for t in noun.before if t is not count])
    return all_of([_placed(_condition(there, concept, context, window, now), noun), counted])


_OPPOSITE: Final = (("acute", "chronic"), ("chronic", "acute"))


def _condition(noun: Noun, concept: Concept, context: Context, window: Window | None, now: bool) -> Condition:
    beside = noun.beside()
    time: Time = "unstated"
    if ("HISTORY" in beside or "PRIOR" in beside) or any(
        "ever" in str(t.value).split() for t in beside.get("DIAGNOSIS", ())
    ):
        time = "ever"
    elif "CURRENT" in beside or _active(beside.get("QUALIFIER", ())) or now or _other_now(noun):
        time = "now"
    if "PLANNED" in beside or (
        "PRIOR" in beside and any("episode" in str(t.value) for t in beside.get("PRESENCE", ()))
    ):
        raise Refused
    qualified = _qualifiers(noun)
    if qualified and any(f"{one} " in f"{concept.name} " and other in qualified for one, other in _OPPOSITE):
        raise Refused  # "chronic or idiopathic acute pancreatitis": none is both
    other = "OTHER" in beside or (context.exclusion and concept.name == _MALIGNANT and bool(context.studied))
    if (other and not _malignant(concept)) or _besides(concept):
        other = bool(context.studied)
    secondary: tuple[str, ...] = ()
    if any(str(t.value) == "secondary" for t in beside.get("OTHER", ())) and not _malignant(concept):
        other, secondary = False, ("secondary",)  # "secondary nephrotic syndrome": due to something else
    counts = beside.get("COUNT", ())
    within = window is not None and window.start is not None  # "3 infections in the last year": each is an entry
    if counts and not is_event(noun) and not within and not _episodes(noun):
        raise Refused  # "at least 3 metastases" are one entry of a record
    diagnosed = "DIAGNOSIS" in beside and window is not None and "HISTORY" not in beside
    moment = "start" if diagnosed or (counts and within and not is_event(noun)) else "any"
    if (begun := _begun_within(beside)) is not None:
        if window is not None:
            raise Refused
        window, moment = begun, "start"
    sites = beside.get("SITE", ())
    active = ("active",) if time == "now" and _active(beside.get("QUALIFIER", ())) else ()
    return Condition(
        concept=concept,
        time=time,
        window=looking_back(window) if time == "ever" else window,
        moment=moment,  # type: ignore[arg-type]
        lasting=_lasting(beside),
        qualifiers=(*active, *qualified, *secondary),
        stages=_stages(beside.get("STAGE_IS", ())),
        grade=_limits(beside.get("GRADE_IS", ()), Grades),
        site=str(sites[0].value) if sites else None,
        known="KNOWN" in beside
        or any(str(t.value).startswith(("known", "documented")) for t in noun.all("HISTORY", "SUSPECTED")),
        count=plain_limit(counts[0].value) if counts else None,
        other=other,
        studied=context.studied if other else (),
    )


def _besides(concept: Concept) -> bool:
    """Whether the disease under study is never meant: "intercurrent illness"."""
    entry = vocabulary().entry("condition", concept.name)
    return entry is not None and bool(entry.facts.get("besides"))


def _malignant(concept: Concept) -> bool:
    return concept.name == _MALIGNANT or vocabulary().is_a("condition", concept.name, _MALIGNANT)


def _contraindicated(noun: Noun, context: Context) -> Draft:
    """A contraindication, said of it or of one before it: "contraindications to aspirin or warfarin"."""
    said = context.text[noun.start : noun.end]
    led = next((t for t in noun.inherited if t.type == "CONTRAINDICATION"), None)
    if led is not None and led.end <= noun.start:
        said = f"{context.text[led.start : led.end]} {said}"
    own = next((t for t in noun.before if t.type == "CONTRAINDICATION"), None)
    if own is not None and not noun.start <= own.start < noun.end:  # "contraindicated or intolerant of methotrexate"
        said = f"contraindication to {noun.said or context.text[noun.head.start : noun.head.end]}"
    return _placed(Statement(text=said, topic="contraindication", who="site"), noun)


def _allergy(noun: Noun, concept: Concept, text: str) -> Draft:
    """An allergy to what is named, to what is in it, or to what is like it."""
    rule = Allergy(concept=concept, known="KNOWN" in noun.beside(), qualifiers=_qualifiers(noun))
    head = noun.head
    opened = (Span(start=head.start, end=head.end),)
    within = next((str(word.value) for word in head.words if word.type == "INGREDIENT_OF"), None)
    if not concept.open or (within is not None and head.words[0].type != "INGREDIENT_OF"):
        return _placed(rule, noun, opened)
    if within is None:
        # "or its components": a word that only an allergy makes a name of a substance
        meant = vocabulary().find(text, "treatment")
        if meant is None or not meant.facts.get("circumstance"):
            return _placed(rule, noun, opened)
        return _placed(rule.model_copy(update={"concept": known_concept(meant)}), noun)
    said = frozenset(within.split())
    named = [name.value for name in head.names if isinstance(name.value, Entry) and name.value.kind == "treatment"]
    other, tie = ("excipient", "of") if said.isdisjoint(_ALIKE) else ("chemically related drug", "to")
    which = (f"{tie} {named[0].name}",) if named else ()
    indirect = {"concept": Concept(name=other), "qualifiers": (*rule.qualifiers, *which)}
    drafts = [_placed(rule.model_copy(update=indirect), noun)]
    itself = said.isdisjoint(_ALIKE) or _COMPOSITION in said
    if len(named) == len(head.words) == 1 and itself and said.isdisjoint(_INACTIVE):
        # the drug is an ingredient of itself, and of the composition of itself
        drafts.insert(0, _placed(rule.model_copy(update={"concept": known_concept(named[0])}), noun))
    return any_of(drafts, (noun.start, noun.end))


_COMPOSITION: Final = "composition"
_THIS: Final = re.compile(r"\b(?:the|this|these)\s+$", re.IGNORECASE)
_BEFORE: Final = 8


def _meant_here(text: str, name: Token) -> bool:
    """Whether it is "the drug": that of the study, where an allergy to any other would not matter."""
    generic = isinstance(name.value, Entry) and name.value.kind == "treatment" and name.value.name == "drug"
    return generic and _THIS.search(text, max(0, name.start - _BEFORE), name.start) is not None


def _as_study_treatment(noun: Noun) -> tuple[Noun, Entry | None]:
    """The noun, with the treatment of the study in the place of its name."""
    entry = vocabulary().entry("treatment", _OF_THE_STUDY)
    names = [replace(noun.head.names[0], value=entry), *noun.head.names[1:]]
    return replace(noun, head=replace(noun.head, names=names)), entry


_ALIKE: Final = frozenset(("similar", "chemically", "structurally", "related", "metabolite"))
_INACTIVE: Final = frozenset(("inactive", "excipient"))


_NEEDED: Final = re.compile(r"^(?:who |that |which )?(?:requires?|needs?|in need)\b")


def _given(
    context: Context, noun: Noun, text: str, concept: Concept, window: Window | None, now: bool, planned: bool
) -> Draft:
    """The treatment that words name; where they name it with its route, by that route."""
    opened: tuple[Span, ...] = (Span(start=noun.head.start, end=noun.head.end),)
    if concept.open and (meant := _for_disease(text)) is not None:
        rule = _treatment(noun, known_concept(meant[0]), window, now, planned)
        return _placed(rule.model_copy(update={"purpose": known_concept(meant[1])}), noun)
    entry = vocabulary().entry("treatment", concept.name)
    kind = entry.facts.get("type") if entry is not None else None
    needed = any(_NEEDED.search(str(t.value)) for t in noun.all("USE"))
    fit = any(str(t.value).startswith("candidate") for t in noun.all("PLANNED"))
    if fit or (needed and kind in ("surgery", "transplant")):
        # "who require transplantation", "candidates for chemotherapy": what comes of it is not told
        return _placed(_judged(context, noun), noun)
    by_route = _by_route(text) if concept.open else None
    rule = _treatment(noun, by_route[0] if by_route else concept, window, now, planned)
    if by_route is not None and not rule.route:
        rule = rule.model_copy(update={"route": routes().names[by_route[1]]})
    if rule.concept.open and rule.concept.name in _ANY_FOR and _of_a_course(rule):
        opened = ()  # "progressed after first-line treatment"
        named = bool(_FOR_WHAT.match(context.text, noun.end))
        whose = rule.qualifiers if named else (*rule.qualifiers, FOR_STUDIED)
        rule = rule.model_copy(update={"concept": Concept(name=_ANY_FOR[rule.concept.name]), "qualifiers": whose})
    if FOR_STUDIED in rule.qualifiers and len(context.studied) == 1:
        kept = tuple(each for each in rule.qualifiers if each != FOR_STUDIED)
        rule = rule.model_copy(update={"qualifiers": kept, "purpose": context.studied[0]})
    given = _placed(rule, noun) if by_route else _placed(rule, noun, opened)
    if rule.time != "now":
        return given
    goes_on = entry is not None and entry.facts.get("course")
    if (
        kind in _AT_ONCE
        and not goes_on
        and any(str(t.value).endswith(("undergoing", "undergo")) for t in noun.all("USE"))
    ):
        return any_of([given, replace(given, rule=rule.model_copy(update={"time": "planned"}))])
    if needed and not context.exclusion and _OF_PEOPLE.fullmatch(context.text, 0, noun.start):
        return ambiguous([given, _placed(_judged(context, noun), noun)], "what is given already, or is needed")
    return given


def _judged(context: Context, noun: Noun) -> Statement:
    return Statement(text=context.text[noun.start : noun.end], topic="judgement", who="investigator")


_AT_ONCE: Final = frozenset(("surgery", "transplant", "procedure"))
_OF_PEOPLE: Final = re.compile(
    r"\W*(?:\d+[.)]\s*)?(?:(?:the|all|any|each|these|study|adult|pediatric)\s+)*"
    r"(?:patients?|subjects?|participants?|individuals?|persons?|people)?\s*(?:(?:who|that|must|should|is|are|be)\s+)*",
    re.IGNORECASE,
)


def _for_disease(text: str) -> tuple[Entry, Entry] | None:
    """Any treatment, and the disease that it is named after: "osteoporosis treatment"."""
    disease, _, kind = text.rpartition(" ")
    meant = _ANY_FOR.get(words.key(kind)) if disease else None
    treatment = vocabulary().entry("treatment", meant) if meant else None
    condition = vocabulary().find(disease, "condition") if treatment else None
    return (treatment, condition) if treatment is not None and condition is not None else None


def _of_a_course(rule: Treatment) -> bool:
    """Whether all that is said of a treatment is what became of it, and in which line or setting it was given."""
    axes = [found.axis if (found := qualifiers().find(each)) is not None else "" for each in rule.qualifiers]
    return bool(rule.outcomes) and set(axes) <= {"line", "setting"}


_FOR_WHAT: Final = re.compile(r"\s*(?:for|of|with|against|to|in|by)\b", re.IGNORECASE)
_ANY_FOR: Final = {"treatment": ANY_TREATMENT, "therapy": ANY_TREATMENT, "medication": ANY_DRUG, "drug": ANY_DRUG}


def _by_route(text: str) -> tuple[Concept, str] | None:
    """The drug and its route: "oral iron preparations"."""
    said, _, rest = text.partition(" ")
    route = routes().names.get(said.lower()) if rest else None
    drug = vocabulary().find(rest, "treatment") or _derived(rest, "treatment") if route else None
    if route is None or drug is None or not _given_by_route(said.lower(), drug):
        return None
    return known_concept(drug), route


def _given_by_route(said: str, drug: Entry) -> bool:
    """Whether a word before a drug says by which one route it is given; before any drug at all it says too little."""
    return said in _ONE_ROUTE and drug.name != ANY_DRUG and drug.facts.get("type") in ("drug", "class")


def _is_drug(concept: Concept) -> bool:
    entry = vocabulary().entry("treatment", concept.name)
    return entry is not None and entry.facts.get("type") in ("drug", "class")


def _is_class(concept: Concept) -> bool:
    entry = vocabulary().entry("treatment", concept.name)
    return entry is not None and entry.facts.get("type") == "class"


_ONE_ROUTE: Final = frozenset(  # "injectable" may be into a joint
    "oral intravenous iv parenteral intramuscular im subcutaneous inhaled intranasal intravitreal intrathecal "
    "transdermal topical systemic".split()
)


def _route(use: Token) -> str | None:
    """The route that a phrase of use begins with: "intravitreal administration of"."""
    first, _, rest = str(use.value).partition(" ")
    return routes().names.get(first) if rest and not rest.startswith("of") else None


_OUTCOMES: Final = (
    ("PROGRESSED", "progression"),
    ("REFRACTORY_TO", "refractory"),
    ("RELAPSED_AFTER", "relapse"),
    ("INTOLERANT", "intolerance"),
)


_ENDINGS: Final = (
    (re.compile(r"toxicit|toler|adverse|side|\baes?\b|iraes?|safety"), "intolerance"),
    (re.compile(r"efficacy|response"), "refractory"),
    (re.compile(r"progression"), "progression"),
)


def _treatment(noun: Noun, concept: Concept, window: Window | None, now: bool, planned: bool) -> Treatment:
    beside = noun.beside()
    counts = beside.get("COUNT", ())
    if counts and (len(counts) > 1 or not _is_class(concept)):
        raise Refused  # courses, not different treatments
    uses = [set(str(t.value).split()) for t in beside.get("USE", ())]
    time: Time = "unstated"
    outcomes = [outcome for kind, outcome in _OUTCOMES if kind in beside]
    outcomes += [outcome for why, outcome in _ENDINGS if any(why.search(t.said) for t in beside.get("STOPPED", ()))]
    needed = any("need" in use for use in uses) and window is not None and window.reaches_ahead
    if "PLANNED" in beside or planned or needed:
        time = "planned"
    elif "PRIOR" in beside or "HISTORY" in beside or outcomes:
        time = "ever"
    elif "CURRENT" in beside or now or _other_now(noun):
        time = "now"
    elif "LINES_ARE" in beside or "TIME_LIMIT" in beside:
        time = "ever"  # lines are counted from the first on; "at least 6 weeks of trastuzumab", whenever
    elif any(use & _PAST_USE for use in uses) and not any(use & {"being", "receiving"} for use in uses):
        time = "ever"
    elif any(use & _PRESENT_USE and "use of" not in " ".join(sorted(use)) for use in uses if use != {"use", "of"}):
        time = "now"
    dose = next((t.value for t in beside.get("DOSE", ())), None)
    qualified = _qualifiers(noun)
    route = next(filter(None, (_route(t) for t in beside.get("USE", ()))), None)
    told = next((each for each in qualified if each in _ONE_ROUTE), None)
    if told is not None and route is None and _is_drug(concept):
        route, qualified = routes().names[told], tuple([each for each in qualified if each != told])
    completed = any(use & {"completion", "completed", "completing"} for use in uses)
    purpose = next((entry for t in beside.get("USE", ()) for kind, entry in t.others if kind == PURPOSE), None)
    return Treatment(
        concept=concept,
        time=time,
        window=looking_back(window) if time == "ever" else window,
        moment="end" if completed else "any",
        lasting=_lasting(beside),
        qualifiers=qualified,
        route=route,
        dose=plain_limit(dose.bounds, dose.unit) if dose else None,
        dose_equivalent=dose.of.name if dose and dose.of and dose.of.name != concept.name else None,
        lines=_limits(beside.get("LINES_ARE", ()), Lines),
        count=plain_limit(counts[0].value) if counts else None,
        site=next((str(t.value) for t in beside.get("SITE", ())), None),
        outcomes=tuple(outcomes),
        purpose=known_concept(purpose) if purpose is not None else None,
    )


_CHANGE: Final = re.compile(
    r"(?:mutat(?:ions?|ed)|rearrange(?:ments?|d)|fusions?|amplifi(?:cations?|ed)|(?:co-?)?deletions?|translocations?"
    r"|alterations?|variants?|duplications?|insertions?|overexpression|methylation|mutants?)\b",
    re.IGNORECASE,
)
_CHANGES: Final = (  # a first look
    "mutat", "mutant", "rearrange", "fusion", "amplif", "deletion", "translocation", "alteration", "variant",
    "duplication", "insertion", "overexpression", "methylation",
)  # fmt: skip
_OF_TEST: Final = re.compile(
    r"\b(?:status|test\w*|analys[ie]s|results?|assays?|screening|burden|levels?)\b", re.IGNORECASE
)


def is_changed(text: str) -> bool:
    """Whether words name a change of a gene, rather than what is tested: "EGFR mutation", not "EGFR status"."""
    folded = text.casefold()
    if not any(change in folded for change in _CHANGES):
        return False
    return _CHANGE.search(text) is not None and not is_of_test(text)


def is_of_test(text: str) -> bool:
    """Whether words are about a test, whatever its result."""
    return _OF_TEST.search(text) is not None


def _finding(
    noun: Noun, concept: Concept, entry: Entry, window: Window | None, opened: tuple[Span, ...], text: str
) -> Draft:
    beside = noun.beside()
    if "NEGATIVE" in beside:
        result = "negative"
    elif "POSITIVE" in beside:
        result = "positive"
    elif "ABNORMAL" in beside:
        result = "abnormal"
    elif entry.facts.get("type") == "test" and noun.has("PRESENCE", "HISTORY", "KNOWN", "DIAGNOSIS"):
        result = "positive"
    elif entry.facts.get("type") == "test" and is_changed(text):
        result = "positive"  # "patients with an EGFR mutation": it is there
    else:
        raise Refused
    rule = Finding(
        test=concept, result=result, window=window, qualifiers=_qualifiers(noun),
        known="KNOWN" in beside or any(str(t.value).startswith("known") for t in beside.get("HISTORY", ())),
    )  # fmt: skip
    return _placed(rule, noun, opened)


def _lately(noun: Noun, kind: str, context: Context, window: Window | None) -> Draft:
    """ "Pregnant within 6 months": a profile says who is pregnant, not who was."""
    if kind == "EXISTS":
        found = _attribute(noun, kind, context)
        return replace(found, rule=found.rule.model_copy(update={"window": window}))
    if kind not in ("PREGNANT", "BREASTFEEDING"):
        raise Refused  # people are of any day
    was = _placed(Statement(text=context.text[noun.start : noun.end], topic="circumstance", who="chart"), noun)
    if not any(t.type == "WINDOW" for t in noun.behind):
        was = unread(context.text, noun.start, noun.end, "widening")  # its window is said elsewhere
    now = _attribute(noun, kind, context)
    return any_of([now, all_of([_placed(Sex(sex="female"), noun), was])], (noun.start, noun.end))


def _fertile(noun: Noun, context: Context) -> Draft:
    """Women who can bear children are fertile; of men, only an answer says so."""
    able = _placed(PatientAttribute(attribute="childbearing_potential"), noun)
    said = _placed(Statement(text=context.text[noun.start : noun.end], topic="circumstance", who="chart"), noun)
    return any_of([able, all_of([_placed(Sex(sex="male"), noun), said])], (noun.start, noun.end))


def _sterile(noun: Noun, context: Context) -> Draft:
    """Who can bear children is not sterile; of the others, and of men, only an answer says so."""
    able = _placed(PatientAttribute(attribute="childbearing_potential"), noun)
    said = _placed(Statement(text=context.text[noun.start : noun.end], topic="circumstance", who="chart"), noun)
    return replace(conditional(able, constant(False, "can bear children"), said), start=noun.start, end=noun.end)


_MENOPAUSE: Final = re.compile(r"menopaus", re.IGNORECASE)
_OTHERWISE_UNABLE: Final = re.compile(  # where it is one of the ways in which no child can be born
    r"steril|hysterectom|oophorectom|ligation|child-?\s?bearing|reproductive potential|contracept|birth control",
    re.IGNORECASE,
)


def _attribute(noun: Noun, kind: str, context: Context) -> Draft:
    if noun.head.words:
        raise Refused
    rule: Rule
    match kind:
        case "PREGNANT":
            rule = PatientAttribute(attribute="pregnant")
        case "BREASTFEEDING":
            rule = PatientAttribute(attribute="breastfeeding")
        case "CHILDBEARING":
            rule = PatientAttribute(attribute="childbearing_potential")
            if _MENOPAUSE.search(context.text, noun.start, noun.end):  # whoever can bear children is before it
                before: list[Rule] = [Sex(sex="female"), Condition(concept=Concept(name="premenopause"))]
                return any_of([_placed(rule, noun), all_of([_placed(each, noun) for each in before])])
        case "NOT_CHILDBEARING":
            able = _placed(PatientAttribute(attribute="childbearing_potential"), noun)
            unable = [_placed(Sex(sex="female"), noun), negated(able)]
            if _MENOPAUSE.search(context.text, noun.start, noun.end) and not _OTHERWISE_UNABLE.search(context.text):
                unable.append(_placed(Condition(concept=Concept(name="menopause")), noun))
            return all_of(unable)
        case "FERTILE":
            return _fertile(noun, context)
        case "STERILE":
            return _sterile(noun, context)
        case "CONTRACEPTION":
            rule = PatientAttribute(attribute="contraception")
        case "FEMALE":
            rule = Sex(sex="female")
        case "MALE":
            rule = Sex(sex="male")
        case "EXISTS":
            rule = Condition(concept=Concept(name=words.phrase(str(noun.head.names[0].value))))
        case _:
            raise Refused
    if noun.has(
        "HISTORY",
        "PLANNED",
        "PRIOR",
        "POSITIVE",
        "NEGATIVE",
        "USE",
        "OTHER",
        "GRADE_IS",
        "STAGE_IS",
        "ALLERGY",
        "QUALIFIER",
    ) or not all(" or " in str(t.value) for t in noun.all("SUSPECTED")):  # "known or suspected" is either
        raise Refused
    return _placed(rule, noun)


def since_draft(noun: Noun, since: Since, context: Context) -> Draft:
    """ "At least 4 weeks since X": no X within the last 4 weeks."""
    noun.before = [t for t in noun.before if t.type not in ("PRIOR", "CURRENT")]
    found = noun_draft(noun, context, WindowRead((since.window,)))
    if not all(isinstance(leaf.rule, Condition | Treatment) for leaf in found.innermost()):
        raise Refused
    if context.exclusion:
        return ambiguous([negated(found), found], "what excludes, or what is required")
    return negated(found)


__all__ += ["ambiguous", "is_changed", "is_of_test", "known_concept", "open_concept", "since_draft"]
