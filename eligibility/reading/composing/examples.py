"""What "including" and "such as" tell of what precedes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, TypeGuard

from eligibility.knowledge.attributes import is_method, method_in, narrowing, related
from eligibility.knowledge.qualifiers import qualifiers
from eligibility.knowledge.tables import routes
from eligibility.knowledge.vocabulary import ANY_TREATMENT, Kind, habits, vocabulary
from eligibility.reading.composing.attribute_phrases import is_place
from eligibility.reading.composing.exceptions import as_allergy, has_exceptions
from eligibility.reading.composing.judgements import is_attested
from eligibility.reading.composing.lead_ins import is_lead
from eligibility.reading.composing.own_limits import analytes_of, narrowed_or_defined, shown_by
from eligibility.reading.composing.qualifying import narrowed
from eligibility.reading.composing.substances import ABUSED, as_abused
from eligibility.reading.composing.terms import Composing, Inherited, StatementRead, is_consent
from eligibility.reading.drafts import Draft, all_of, ambiguous, any_of, each_leaf, rebuilt, unread
from eligibility.reading.patterns import OF_ANY_CAUSE, just_before
from eligibility.reading.phrases import Noun
from eligibility.reading.sentences import Group, ListRead, Tail
from eligibility.rules import (
    Age,
    Allergy,
    Ambiguous,
    Concept,
    Condition,
    Finding,
    Measurement,
    Not,
    PatientAttribute,
    Rule,
    Sex,
    Statement,
    Treatment,
    Unread,
)


def including(
    here: Composing, main: Draft | None, tail: Tail, body: ListRead | None, inherited: Inherited
) -> Draft | None:
    """ "X, including A or B": examples widen, they never narrow; limits are what X asks for."""
    if body is None:
        return main
    if main is not None and not here.exclusion and "SEMI" in body.separators:
        return _up_to_semicolon(here, main, tail, body, inherited)
    if main is not None and (at := _asked_besides(here, body)):
        those, besides = body.parted(at)
        both = [
            including(here, main, replace(tail, body=those, end=those.end), those, inherited),
            here.listed(besides, Inherited()),
        ]
        return all_of([each for each in both if each is not None])
    if main is not None and _tells_why(here, main, tail):
        return replace(main, end=max(main.end, tail.end))
    if main is not None and (same := _said_of_the_same(here, main, tail, body)) is not None:
        return same
    if main is not None and _is_how_it_shows(here, main, tail):
        return main.placed(main.start, max(main.end, tail.end))
    if main is not None and isinstance(main.rule, Ambiguous) and _names_things(main):
        readings = [including(here, part, tail, body, inherited) or part for part in main.parts]
        return ambiguous(readings, main.rule.why)
    if main is not None and (among := _among_them(here, main, tail, body)) is not None:
        return among
    if main is not None and (course := _course(here, main, body)) is not None:
        widened = including(here, course, tail, body, inherited)
        return rebuilt(main, (*main.parts[:-1], widened or course))
    if main is not None and _is_of_people(main):  # "women with symptoms of A, such as B"
        *people, what = main.parts
        return rebuilt(main, (*people, including(here, what, tail, body, inherited) or what))
    names = all(
        isinstance(atom, Group) or atom.type != "FACT" or isinstance(atom.value, Noun)
        for element in body.elements
        for atom in element.atoms
    )
    examples = here.listed(body, inherited, any_=True if names else None)
    if main is None:
        return examples
    if examples is None:
        return main
    if (
        main.rule.kind == "all"
        and isinstance(examples.rule, Statement)
        and is_attested(here.text[body.start : body.end])
    ):
        return all_of([main, unread(here.text, tail.start, tail.end, "narrowing")])  # "such as a condition (causing A)"
    if not (has_exceptions(main.rule) or any(isinstance(leaf.rule, Not) for leaf in examples.leaves())):
        examples = kinds_of_it(main, examples, here.text)
    if isinstance(main.rule, Condition) and (how := ABUSED.search(main.rule.concept.name)) is not None:
        examples = each_leaf(examples, partial(as_abused, main.rule, how[0]))
    leaves = examples.innermost()
    if isinstance(main.rule, Allergy):
        examples = each_leaf(examples, _to_which)
        leaves = examples.innermost()
    if isinstance(main.rule, Allergy) and all(isinstance(leaf.rule, Condition) for leaf in leaves):
        return main  # "allergy to X, including anaphylaxis": how it shows, not what else is asked about
    last = main.innermost()[-1].rule
    if isinstance(last, Statement) and _are_of_its_object(last, examples):
        return main.placed(main.start, max(main.end, tail.end))
    if isinstance(main.rule, Statement) and _are_told_of(here, main.rule, examples):
        end = tail.end
        if here.text.count("(", main.start, end) > here.text.count(")", main.start, end):
            end = here.text.find(")", end) + 1 or end
        said = main.rule.model_copy(update={"text": here.text[main.start : end]})
        return replace(main, rule=said, end=end)
    if _names_it_again(examples) or _are_required(here, main, examples, tail):
        return main.placed(main.start, max(main.end, tail.end))
    if _marker(here, tail) in _IN_OTHER_WORDS and (limit := _limit_of(main, examples)) is not None:
        return limit
    denied = any(isinstance(leaf.rule, Not) for leaf in examples.leaves())
    understood = not any(leaf.wholly_unread for leaf in examples.leaves())
    if denied and understood and not isinstance(main.rule, Not) and _marker(here, tail) in _IN_OTHER_WORDS:
        and_none = all_of([main, examples])  # "measurable disease (specifically, no ascites)"
        return ambiguous([and_none, main], "what is denied in other words") if here.exclusion else and_none
    if not here.exclusion and all(isinstance(leaf.rule, Measurement) for leaf in leaves):
        return examples if is_lead(here.text[main.start : main.end]) else all_of([main, examples])
    named = main.innermost()
    if all(isinstance(leaf.rule, Allergy) for leaf in named):
        examples = as_allergy(named[-1], examples)
    elif all(isinstance(leaf.rule, Condition | Treatment | Statement) for leaf in leaves):
        whole = main.parts[0] if isinstance(main.rule, Not) and main.parts else main
        examples = _each_that(examples, partial(_like, whole))
        if isinstance(whole.rule, Statement):
            examples = _each_that(examples, partial(_as_weighty, _weight(whole.rule.text)))
    else:
        examples = as_controlled(main, examples)
    if isinstance(main.rule, Treatment) and not here.exclusion and _ONE_OF_THEM.match(here.text, tail.start):
        return all_of([main, examples])
    enclosed = here.text[: tail.start].rstrip().endswith("(")
    if here.excepting and enclosed and _of_something_else(main, examples):
        return main  # "arthritis other than gout (e.g. psoriatic arthritis)": examples of what is not excepted
    if here.excepting and enclosed and isinstance(main.rule, Statement | Unread):
        return ambiguous([main, any_of([main, examples])], "examples of what is excepted, or of what is not")
    asked = not (here.exclusion or here.excepting or _DENIED.search(here.low, 0, main.start))
    mixed = main.rule.kind == "any" and len({part.rule.kind for part in main.parts}) > 1
    if asked and (mixed or any(isinstance(leaf.rule, Unread) for leaf in main.innermost())):
        # "tumors that failed X, such as colon cancer": what was not understood is asked of the examples, too
        examples = all_of([examples, unread(here.text, main.start, main.end, "narrowing")])
    among_several = here.excepting and main.rule.kind == "all"  # "A other than B that requires C (e.g., D)"
    widened = _widened(main, examples) if not among_several else None
    if widened is not None:
        sure = [each for each in _each(examples) if not _is_perhaps_none(main, each)]
        if len(sure) < len(_each(examples)):
            only = _widened(main, any_of(sure)) if sure else main
            return ambiguous([widened, only or main], "examples, which others have, too")
        opinion = isinstance(main.rule, Statement) and _OPINION.search(main.rule.text) is not None
        if opinion or _is_some_of(main):
            return ambiguous([widened, main], "examples, of which only some may be meant")
        verb = here.text[tail.kinds[0].start : tail.kinds[0].end].lower() in _LISTS
        return ambiguous([widened, examples], "a list of all that counts, or of examples") if verb else widened
    more = _perhaps_one_more(here, main, examples)
    return more or all_of([main, unread(here.text, tail.start, tail.end, "narrowing")])


def as_controlled(main: Draft, examples: Draft) -> Draft:
    """Examples as out of control as the whole is, be it denied or not: "no uncontrolled disease: * hypertension"."""
    wholes = (main.parts[0] if isinstance(main.rule, Not) and main.parts else main).innermost_rules()
    said = {
        each
        for rule in wholes
        for each in (
            rule.qualifiers
            if isinstance(rule, Condition)
            else _weight(rule.text)
            if isinstance(rule, Statement)
            else ()
        )
    }
    return _each_out_of_control(examples) if _OUT_OF_CONTROL in said else examples


def _each_out_of_control(example: Draft) -> Draft:
    """The diseases that last, and of which no limit says how bad they are, as uncontrolled ones."""
    rule = example.rule
    if example.parts and not any(isinstance(part.rule, Measurement | Statement) for part in example.parts):
        return rebuilt(example, tuple(_each_out_of_control(part) for part in example.parts))
    entry = vocabulary().entry("condition", rule.concept.name) if isinstance(rule, Condition) else None
    if not isinstance(rule, Condition) or rule.window or entry is None or vocabulary().happens(entry):
        return example
    if _is_a(rule.concept.name, "infection"):
        return example
    return _as_weighty((_OUT_OF_CONTROL,), example)


_OUT_OF_CONTROL: Final = "uncontrolled"


def _asked_besides(here: Composing, body: ListRead) -> int:
    """Which of a list is asked for besides what is included in something: "on diuretics, including A, and willing to
    continue"; 0 where none is, or where that would exclude."""
    last = body.elements[-1].atoms
    if here.exclusion or len(body.elements) == 1 or body.separators[-1] != "AND" or len(last) != 1:
        return 0
    if isinstance(last[0], Group) or not isinstance(last[0].value, StatementRead):
        return 0
    rule = last[0].value.draft.rule
    willing = isinstance(rule, Statement) and rule.topic == "willingness"
    return len(body.elements) - 1 if willing or is_consent(rule) else 0


_ONE_OF_THEM: Final = re.compile(  # what must be one of them: "on diuretics, including at least a thiazide"
    r"[\s,(]*including\s+(?:an?|one|at least|no less than)\s", re.IGNORECASE
)


def _among_them(here: Composing, main: Draft, tail: Tail, body: ListRead) -> Draft | None:
    """ "At least two prior regimens, including bortezomib and lenalidomide": each must have been among them.

    Where nothing says that there must be one of them, or where they may be what counts as a regimen, they are left as
    words. None of what is no number of regimens.
    """
    *before, last = main.parts if main.rule.kind == "all" else (main,)
    number = (last.rule.lines or last.rule.count) if isinstance(last.rule, Treatment) else None
    if number is None:
        return None
    some = number.low is not None and number.low_inclusive and number.high is None
    if not some or not _MADE_OF.search(here.low, tail.start, body.start):
        return narrowed(here, main, tail.start, tail.end)  # what is counted as well
    drugs = here.listed(body, Inherited())
    if drugs is None or not all(isinstance(rule, Treatment) and _is_of_drugs(rule) for rule in drugs.innermost_rules()):
        return narrowed(here, main, tail.start, tail.end)
    given = each_leaf(drugs, _ever_given)
    return replace(all_of([*before, last, given]), requirement=main.requirement)


def _ever_given(draft: Draft) -> Draft:
    rule = draft.rule
    if isinstance(rule, Treatment) and rule.time == "unstated" and rule.window is None:
        return replace(draft, rule=rule.model_copy(update={"time": "ever"}))
    return draft


def _is_of_drugs(rule: Treatment) -> bool:
    """Whether it names drugs, not an intent or a way of counting: "including adjuvant therapy"."""
    entry = None if rule.concept.open else vocabulary().entry("treatment", rule.concept.name)
    if entry is None or rule.qualifiers or _SAYS_NO_DRUG.search(rule.concept.name):
        return False
    return entry.facts.get("type") in ("drug", "class")


_SAYS_NO_DRUG: Final = re.compile(
    r"adjuvant|maintenance|investigational|systemic|\b(?:any|standard|anticancer|salvage)\b"
)
_MADE_OF: Final = re.compile(r"\b(?:includ(?:ing|ed|es)|contain(?:ing|ed|s)|consisting\s+of)\b")


def _is_of_people(main: Draft) -> bool:
    """Whether it is one thing that is said of women, men, or people of an age."""
    if main.rule.kind != "all" or len(main.parts) < 2 or (main.parts[-1].parts and not _is_of_people(main.parts[-1])):
        return False
    people = all(isinstance(rule, Sex | Age) for part in main.parts[:-1] for rule in part.innermost_rules())
    return people and not main.parts[-1].wholly_unread


def _names_it_again(examples: Draft) -> bool:
    """Whether an example is no more than a word for any disease: "active cancer (e.g., detectable disease)"."""
    rule = examples.rule
    concept = rule.test if isinstance(rule, Finding) else rule.concept if isinstance(rule, Condition) else None
    return concept is not None and concept.open and _ANY_DISEASE.fullmatch(concept.name) is not None


def _are_of_its_object(rule: Statement, examples: Draft) -> bool:
    """Whether they are examples of what may be given or done, or must not, "a contraindication to anticoagulants such
    as warfarin", "a candidate for therapy such as surgery", and not of what speaks against it."""
    said = examples.innermost_rules()
    named = all(
        isinstance(each, Treatment | Statement) or (isinstance(each, Condition) and each.concept.open) for each in said
    )
    return named and _TO_WHAT.search(rule.text) is not None


def _are_told_of(here: Composing, rule: Statement, examples: Draft) -> bool:
    """Whether treatments are examples of what is told of them, "has discontinued all therapies, including A", so that
    none of them is it by itself."""
    if rule.topic == "judgement" or (here.exclusion and _ENDED.search(rule.text) is None):
        return False
    said = examples.innermost_rules()
    named = any(isinstance(each, Treatment) and not each.concept.open for each in said)
    return named and all(isinstance(each, Treatment | Statement) for each in said)


_ENDED: Final = re.compile(
    r"\b(?:discontinu|stopp?|ceas|withdr|withh|abstain|refrain|switch|chang|complet|recover)\w*\b", re.IGNORECASE
)
_TO_WHAT: Final = re.compile(
    r"\b(?:contraindications?\s+(?:to|for|against)|(?:candidates?|eligible|suitable|appropriate)\s+for|amenable\s+to)\b",
    re.IGNORECASE,
)


def _are_required(here: Composing, main: Draft, examples: Draft, tail: Tail) -> bool:
    """Whether treatments are examples of what a disease requires: "a flare that needs treatment, such as steroids"."""
    if not all(isinstance(rule, Treatment) for rule in examples.innermost_rules()):
        return False
    diseases = all(isinstance(rule, Condition) for rule in main.innermost_rules())
    return diseases and _REQUIRED.search(here.low, main.start, tail.start) is not None


_REQUIRED: Final = re.compile(
    r"\b(?:requir|need|necessitat)(?:ing|es?|s)?\s+(?:[a-z-]+\s+){0,2}(?:treatment|therapy|medications?|intervention|management)[\s,(]*\Z"
)


def _tells_why(here: Composing, main: Draft, tail: Tail) -> bool:
    """Whether what is included is no thing but a reason or a cause, of which there may be others: "therapy with A,
    including for B", "cirrhosis of any cause (e.g., hepatitis)"."""
    if isinstance(main.rule, Treatment) and tail.has("FOR", "FOR_TIME", "DUE_TO"):
        return True
    if isinstance(main.rule, Condition) and tail.has("DUE_TO"):
        return True
    things = all(isinstance(rule, Condition | Treatment) for rule in main.innermost_rules())
    return things and OF_ANY_CAUSE.search(here.text, main.start, tail.kinds[0].start) is not None


def _perhaps_one_more(here: Composing, main: Draft, examples: Draft) -> Draft | None:
    """What is named, of which it is not clear to what the examples belong: they say no more, or count as well; None
    where something is denied, or not understood, or what is named is none of which there are kinds."""
    whole, named = main.innermost_rules(), examples.innermost_rules()
    if (
        here.excepting
        or main.requirement
        or any(isinstance(each.rule, Not) for each in (*main.leaves(), *examples.leaves()))
    ):
        return None
    if any(isinstance(rule, Unread | PatientAttribute) for rule in whole):
        return None
    if not here.exclusion and not all(isinstance(rule, Condition | Treatment | Sex | Age) for rule in whole):
        return None
    if not all(isinstance(rule, Condition | Treatment | Measurement | Finding | Allergy) for rule in named):
        return None
    return ambiguous([main, any_of([main, examples])], "examples of part of what precedes, or one more alternative")


def kinds_of_it(main: Draft, named: Draft, text: str, *, any_: bool = False) -> Draft:
    """ "Organ transplants other than cornea or kidney", "metastases including brain": words that name no more than
    which kind of it are that kind, or it in that place; ``any_``: or of which it may be a kind."""
    rule = main.parts[0].rule if main.rule.kind == "any" and main.parts else main.rule
    if not isinstance(rule, Condition | Treatment) or rule.concept.open:
        return named
    others = [leaf for leaf in main.innermost_rules() if isinstance(leaf, Condition | Treatment)]
    if any(other.concept != rule.concept for other in others):
        return named
    head = text[main.start : main.end].rsplit(maxsplit=1)[-1].strip(".,;:()")

    def kind_of_it(leaf: Draft) -> Draft:
        own = _ARTICLE.sub("", text[leaf.start : leaf.end].strip(" ,.;:()"))
        if leaf.rule.kind != "unread" or len(own.split()) != 1:
            return leaf
        entry = vocabulary().find(f"{own} {head}", KINDS[rule.kind])
        if entry is not None and entry.name == rule.concept.name:
            return leaf
        if entry is not None and (any_ or vocabulary().is_a(KINDS[rule.kind], entry.name, rule.concept.name)):
            return Draft(type(rule)(concept=Concept(name=entry.name)), leaf.start, leaf.end)
        if is_place(own) and rule.site is None:
            return Draft(type(rule)(concept=rule.concept, site=own.lower()), leaf.start, leaf.end)
        return leaf

    return each_leaf(named, kind_of_it)


_ARTICLE: Final = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
KINDS: Final[dict[str, Kind]] = {"condition": "condition", "treatment": "treatment"}
"""The kind of name that each kind of rule has."""
_DENIED: Final = re.compile(r"\b(?:no|not|without|never|none|free of|absence of)\b[^.;\n]*\Z")


def _up_to_semicolon(here: Composing, main: Draft, tail: Tail, body: ListRead, inherited: Inherited) -> Draft | None:
    """ "A, such as B or C; D": the D is asked for as well; of examples that are all parted so, either is possible."""
    at = body.separators.index("SEMI") + 1
    first, rest = body.parted(at)
    examples = including(here, main, replace(tail, body=first, end=first.end), first, inherited)
    besides = here.listed(rest, Inherited())
    if examples is None or besides is None:
        return examples
    apart = replace(all_of([examples, besides]), requirement=examples.requirement)
    listed = tail.has("COLON") and set(body.separators) <= {"SEMI", "AND", "OR"}
    if at > 1 and not listed:
        return apart
    one_list = ["COMMA" if separator == "SEMI" else separator for separator in body.separators]
    together = ListRead(body.elements, one_list, body.start, body.end, body.serial)
    whole = including(here, main, replace(tail, body=together), together, inherited)
    if listed:
        return whole
    return ambiguous([whole, apart], "examples between semicolons, or more that is asked") if whole else apart


_OPINION: Final = re.compile(r"\b(?:opinion|judge?ment|discretion)\b", re.IGNORECASE)
_SOME_OF: Final = re.compile(r"[a-z]{3,}(?:ed|ly)\b|\s(?:in|on|at|after)\s")


def _is_some_of(main: Draft) -> bool:
    """Whether the words of an open concept narrow what they name: "infected lesions" are no burns, but some burns."""
    rule = main.rule
    return isinstance(rule, Condition) and rule.concept.open and _SOME_OF.search(rule.concept.name) is not None


def _names_things(main: Draft) -> bool:
    """Whether each of several readings is a thing that may have examples."""
    return all(isinstance(part.rule, Condition) for part in main.parts) or all(
        isinstance(leaf.rule, Treatment) for leaf in main.innermost()
    )


def _said_of_the_same(here: Composing, main: Draft, tail: Tail, body: ListRead) -> Draft | None:
    """What is the same with words that only tell which of its kinds, or how it was measured, are meant: "pneumonitis,
    including drug-induced", "clearance (e.g., by Cockcroft-Gault)"; None where something else is named."""
    said = here.text[body.start : body.end].strip(" ,.;:")
    if analytes_of(main) and is_method(f"by {said}", of_number=True):
        return main.placed(main.start, max(main.end, tail.end))
    pieces = [piece.strip() for piece in _JOINTS.split(said) if piece.strip()]
    rule = main.rule
    if isinstance(rule, Statement) and method_in(rule.text) is not None and not any(map("<>≤≥=".__contains__, said)):
        told = rule.model_copy(update={"text": here.text[main.start : tail.end]})
        return replace(main, rule=told, end=tail.end)
    if not isinstance(rule, Condition | Treatment) or rule.concept.open or not pieces:
        return None
    marker = _marker(here, tail)
    known = qualifiers().find(said)
    if marker in _IN_OTHER_WORDS and known is not None:
        update = {"qualifiers": tuple(dict.fromkeys((*rule.qualifiers, known.name)))}
        return replace(main, rule=rule.model_copy(update=update), end=max(main.end, tail.end))
    if marker in _IN_OTHER_WORDS or not all(map(_tells_kind, pieces)):
        return None
    return replace(main, end=max(main.end, tail.end))


def _is_how_it_shows(here: Composing, main: Draft, tail: Tail) -> bool:
    """Whether examples are of how a disease shows that is named before: "metastases with symptoms, such as headache";
    nobody has the disease who has no more than that."""
    shown = just_before(_SHOWING, here.low, tail.start, main.start)
    if shown is None or shown.start() <= main.start:
        return False
    return any(isinstance(leaf.rule, Condition) and leaf.start < shown.start() for leaf in main.innermost())


_SHOWING: Final = re.compile(
    r"\bwith\s+(?:[\w-]+\s+){0,4}?(?:symptoms?|signs?|manifestations?|complications?|features?|sequelae|risk\s+factors?|damage)"
    r"[\s,;:(\[]*$"
)


def _limit_of(main: Draft, limits: Draft) -> Draft | None:
    """What limits say in other words of a disease: "renal failure, i.e. creatinine > 2"; None where they are none."""
    if not isinstance(main.rule, Condition):
        return None
    if not all(isinstance(rule, Measurement) for rule in limits.innermost_rules()):
        return None
    both = all_of([main, limits])
    only = limits.placed(both.start, both.end)
    return only if shown_by(main, limits) else narrowed_or_defined(main, only)


def _marker(here: Composing, tail: Tail) -> str:
    """The words with which a tail begins, as one: "ie", "such as"."""
    return here.text[tail.start : tail.kinds[0].end].lower().replace(".", "").strip(" ,(")


def _tells_kind(text: str) -> bool:
    """Whether words are an attribute that makes a kind of anything, and name nothing."""
    known = qualifiers().find(text)
    return (known is not None and known.axis in _OF_KINDS) or bool(narrowing(text)) or related(text) is not None


_IN_OTHER_WORDS: Final = frozenset(("ie", "that is", "namely", "specifically"))
_OF_KINDS: Final = frozenset(("severity", "acuity", "extent", "symptoms"))
_JOINTS: Final = re.compile(r"\s*(?:,\s*(?:and/or|or|and)?|\band/or\b|\bor\b|\band\b|/)\s*", re.IGNORECASE)


def _course(here: Composing, main: Draft, body: ListRead) -> Draft | None:
    """The treatment that is said with its disease, where the examples are of it: "treatment of cancer, as surgery"."""
    first, last = (main.parts[0], main.parts[-1]) if main.rule.kind == "all" and main.parts else (None, None)
    disease, rule = (first.rule, last.rule) if first is not None and last is not None else (None, None)
    if not isinstance(rule, Treatment) or not isinstance(disease, Condition) or rule.purpose is None:
        return None
    if rule.concept.name != ANY_TREATMENT and rule.purpose != disease.concept:
        return None
    examples = here.listed(body, Inherited(), any_=True)
    treatments = examples is not None and all(isinstance(leaf.rule, Treatment) for leaf in examples.innermost())
    return last if treatments else None


def _each(examples: Draft) -> Sequence[Draft]:
    """The examples one by one, those too that are named for one of them: "stroke (including a TIA)"."""
    if examples.rule.kind != "any":
        return (examples,)
    return tuple([one for part in examples.parts for one in _each(part)])


def _is_perhaps_none(main: Draft, example: Draft) -> bool:
    """Whether an example may be none by itself, but only with what it is an example of."""
    return _of_other_kinds(main, example) or _taken_for(main, example) or _is_treated(main, example)


def _is_treated(main: Draft, example: Draft) -> bool:
    """Whether a disease is an example of treatments: "eye surgery (e.g., glaucoma laser, cataract)"."""
    given = all(isinstance(rule, Treatment) for rule in main.innermost_rules())
    rule = example.rule
    return given and isinstance(rule, Condition) and not rule.concept.open and rule.concept.name not in habits()


def _of_other_kinds(main: Draft, examples: Draft) -> bool:
    """Whether an example is one only where it is a kind of both: "lung cancer, including adenocarcinoma"."""
    wholes = [leaf.rule for leaf in main.innermost() if not isinstance(leaf.rule, Statement)]
    if not wholes or not all(isinstance(r, Condition) and not _ANY_DISEASE.fullmatch(r.concept.name) for r in wholes):
        return False
    kinds = [rule.concept.name for rule in wholes if isinstance(rule, Condition) and not rule.concept.open]
    names = [leaf.rule.concept.name for leaf in examples.leaves() if isinstance(leaf.rule, Condition)]
    return any(not any(_is_a(name, kind) for kind in kinds) and _shared(name, kinds) for name in names)


def _of_something_else(main: Draft, examples: Draft) -> bool:
    """Whether known diseases, or drugs, are no kinds of the one before them."""
    whole = main.rule
    named = examples.innermost_rules()
    if not isinstance(whole, Condition | Treatment) or whole.concept.open or _ANY_DISEASE.fullmatch(whole.concept.name):
        return False
    if isinstance(whole, Treatment) and (whole.qualifiers or whole.route or _route_in(whole)):
        return False  # "inhaled steroids (e.g. fluticasone)": what is given so
    known = [rule.concept.name for rule in named if isinstance(rule, type(whole)) and not rule.concept.open]
    kinds = any(_is_kind(whole.kind, name, whole.concept.name) for name in known)
    return len(known) == len(named) > 0 and not kinds


def _taken_for(main: Draft, examples: Draft) -> bool:
    """Whether drugs are given as examples of diseases: "hypertension, for instance, if on a diuretic"."""
    wholes = main.innermost_rules()
    taken = [leaf.rule.concept.name for leaf in examples.leaves() if isinstance(leaf.rule, Treatment)]
    entries = [vocabulary().entry("treatment", name) for name in taken]
    drugs = [entry for entry in entries if entry is not None and entry.facts.get("type") not in _DONE_ONCE]
    return bool(drugs) and all(isinstance(rule, Condition) for rule in wholes)


_DONE_ONCE: Final = ("surgery", "procedure", "transplant", "device")


def _shared(name: str, kinds: Sequence[str]) -> bool:
    """Whether something is a kind of a disease and of one of the others; where none is known, whether of very many."""
    narrower = vocabulary().kinds_of("condition", name)
    if not kinds:
        return is_broad(name)
    return any(_is_a(each, kind) for each in narrower for kind in kinds)


def is_broad(name: str) -> bool:
    """Whether very many diseases are kinds of one: an "eye disease"."""
    return len(vocabulary().kinds_of("condition", name)) >= _BROAD


_BROAD: Final = 40
_ANY_DISEASE: Final = re.compile(  # of which everything is a kind
    r"(?:(?:systemic|medical|intercurrent|underlying|chronic|acute|concurrent|concomitant|comorbid|organ) )*"
    r"(?:disease|disorder|condition|illness|comorbidity|adverse event)"
)


def _is_a(name: str, broader: str) -> bool:
    return name == broader or vocabulary().is_a("condition", name, broader)


def _to_which(example: Draft) -> Draft:
    """What is named as an example of that to which somebody is allergic."""
    rule = example.rule
    if not isinstance(rule, Treatment) or not is_bare(rule):
        return example
    return example.saying(Allergy(concept=rule.concept), example.end, example.parts, example.open)


def _widened(main: Draft, examples: Draft) -> Draft | None:
    """What is named, or one of the examples of it; None where it is not clear of what they are examples."""
    match main.rule.kind:
        case "condition" | "treatment" | "allergy" | "statement" | "unread" | "any":
            return any_of([main, examples])
        case "not":
            inner = _widened(main.parts[0], examples)
            return rebuilt(main, (inner,)) if inner is not None else None
        case "all":
            named = [i for i, part in enumerate(main.parts) if part.rule.kind in ("condition", "treatment", "any")]
            if main.parts[-1].rule.kind == "not" and (inner := _widened(main.parts[-1], examples)) is not None:
                return rebuilt(main, (*main.parts[:-1], inner))  # "measurable disease, no surgery including biopsies"
            if not named:
                return any_of([main, examples]) if main.wholly_unread else None
            if len(named) == 1:
                return _with_examples(main, named, examples)
            return _of_one_of_them(main, named, examples)
        case _:
            return any_of([main, examples]) if main.wholly_unread else None


def _of_one_of_them(main: Draft, named: Sequence[int], examples: Draft) -> Draft | None:
    """Several things that hold together with the examples of one of them: of the one that they are kinds of, if any."""
    if any(_is_unclear(leaf.rule) for leaf in examples.innermost()):
        return None
    concepts = {leaf.rule.concept for i in named for leaf in main.parts[i].innermost() if _is_thing(leaf.rule)}
    if len(concepts) == 1:  # within 4 weeks, and within 5 half-lives
        return _with_examples(main, named, examples)
    kinds = {type(leaf.rule) for leaf in examples.innermost()}
    known = [
        i
        for i in named
        if all(not _is_unclear(leaf.rule) and type(leaf.rule) in kinds for leaf in main.parts[i].innermost())
    ]
    own = [i for i in known if _are_kinds(main.parts[i], examples)] or (known if kinds == {Treatment} else [])
    if not own:
        return None
    return ambiguous([_with_examples(main, (i,), examples) for i in own], "examples of one or the other")


def _is_thing(rule: Rule) -> TypeGuard[Condition | Treatment]:
    return isinstance(rule, Condition | Treatment)


def _is_unclear(rule: Rule) -> bool:
    """Whether no name tells what it is."""
    return not isinstance(rule, Condition | Treatment) or rule.concept.open


def _with_examples(main: Draft, named: Sequence[int], examples: Draft) -> Draft:
    parts = list(main.parts)
    for at in named:
        given = all(isinstance(leaf.rule, Treatment) for leaf in parts[at].innermost())
        parts[at] = any_of([parts[at], each_leaf(examples, partial(_like, parts[at])) if given else examples])
    return rebuilt(main, tuple(parts))


def _are_kinds(main: Draft, examples: Draft) -> bool:
    """Whether the vocabulary knows each example as a kind of what is named."""
    wholes = [leaf.rule for leaf in main.innermost() if isinstance(leaf.rule, Condition | Treatment)]
    return all(
        any(
            type(rule) is type(whole) and _is_kind(rule.kind, rule.concept.name, whole.concept.name) for whole in wholes
        )
        for leaf in examples.innermost()
        if isinstance(rule := leaf.rule, Condition | Treatment)
    ) and all(isinstance(leaf.rule, Condition | Treatment) for leaf in examples.innermost())


def _is_kind(kind: Kind, name: str, broader: str) -> bool:
    return name == broader or vocabulary().is_a(kind, name, broader)


_LISTS: Final = frozenset(("include", "includes", "included", "will include", "may include"))


def _each_that(examples: Draft, change: Callable[[Draft], Draft]) -> Draft:
    """Examples with each changed that has no clause of its own: "psychiatric illness that would limit compliance" is
    told by that which one is meant."""
    if examples.rule.kind == "all" and any(isinstance(part.rule, Statement) for part in examples.parts):
        return examples
    if examples.parts:
        return rebuilt(examples, tuple(_each_that(part, change) for part in examples.parts))
    return change(examples)


def _like(main: Draft, example: Draft) -> Draft:
    """An example with what is said of the whole: when, how long, how severe."""
    example = _of_its_kind(main, example)
    rule, whole = example.rule, main.rule
    broad = isinstance(rule, Condition) and is_broad(rule.concept.name)
    if isinstance(rule, Treatment) and (times := _several_times(main)) is not None:
        return each_leaf(times, lambda leaf: _like(leaf, example)).placed(example.start, example.end)
    if whole.kind == "any" and (given := _given_so(main)):
        return any_of([_like(each, example) for each in given], (example.start, example.end))
    if whole.kind == "any" and any(isinstance(part.rule, Ambiguous) and part.parts for part in main.parts):
        sure = [part.parts[0] if isinstance(part.rule, Ambiguous) and part.parts else part for part in main.parts]
        return _like(any_of(sure), example)  # what is open of one of them bears on no example
    if whole.kind == "any" and all(isinstance(part.rule, Condition) for part in main.parts):
        kinds = {part.rule.concept for part in main.parts if isinstance(part.rule, Condition)}
        if len(kinds) > 1:
            return _like(main.parts[-1], example)  # "malabsorption, or uncontrolled symptoms such as nausea"
        # "serious or unstable illness, including cardiovascular disease"
        return any_of([_like(part, example) for part in main.parts], (example.start, example.end))
    if not isinstance(rule, Condition | Treatment):
        return example
    if type(whole) is not type(rule):
        return _at_its_time(whole, example, rule)
    unsaid = _UNSAID[rule.kind]
    said: dict[str, object] = {name: getattr(whole, name) for name in unsaid}
    if isinstance(whole, Treatment) and whole.route is None and _is_drug(rule) and _route_in(rule) is None:
        said["route"] = _route_in(whole)
    said["qualifiers"] = qualifiers_ = tuple(
        q for q in whole.qualifiers if (broad or not _of_weight(q)) and not _says_which(whole, q) and _fits(rule, q)
    )
    update = {
        name: value for name, value in said.items() if value != unsaid[name] and getattr(rule, name) == unsaid[name]
    }
    if whole.exceptions and not rule.exceptions and whole.concept == rule.concept:
        update["exceptions"] = whole.exceptions  # "AML other than M3, including AML with a FLT3 mutation"
    made = replace(example, rule=rule.model_copy(update=update)) if update else example
    kept = tuple(q for q in qualifiers_ if q not in rule.qualifiers)
    if not isinstance(rule, Condition) or not kept or not _as_it_is(rule, whole):
        return made
    # "severe disease, e.g. clinically significant asthma": whether the asthma has to be severe is open
    alone, both = ({"qualifiers": each} for each in (rule.qualifiers, (*kept, *rule.qualifiers)))
    readings = [replace(made, rule=made.rule.model_copy(update=each)) for each in (alone, both)]
    return ambiguous(readings, "an example with words of its own, which may have to be like the whole")


def _at_its_time(whole: Rule, example: Draft, rule: Condition | Treatment) -> Draft:
    """An example of another kind with when it was: "cardiac events (infarction, bypass surgery) within 6 months"."""
    if not isinstance(whole, Condition | Treatment) or whole.window is None or rule.window is not None:
        return example
    if rule.time not in ("unstated", whole.time) or rule.lasting is not None:
        return example
    if whole.time == "planned" and isinstance(rule, Condition):
        return example
    time = whole.time if whole.time in ("ever", "planned") else rule.time
    return replace(example, rule=rule.model_copy(update={"time": time, "window": whole.window}))


def _fits(rule: Condition | Treatment, text: str) -> bool:
    """Whether an attribute may be said of what is named: an infarction is not uncontrolled."""
    found = qualifiers().find(text)
    never = found.never if found is not None and isinstance(rule, Condition) else ()
    return not any(_is_a(rule.concept.name, kind) for kind in never)


def _is_drug(rule: Condition | Treatment) -> bool:
    """Whether it is a drug, or a class of them, which alone are given by a route."""
    entry = vocabulary().entry("treatment", rule.concept.name) if isinstance(rule, Treatment) else None
    return entry is not None and entry.facts.get("type") in ("drug", "class")


def _route_in(rule: Condition | Treatment) -> str | None:
    """The route by which a name begins, "topical therapy"; of any that is systemic, no more than that: a drug that is
    only taken by mouth is not said to be, "oral medications such as metformin"."""
    known = routes()
    route = known.names.get(rule.concept.name.partition(" ")[0].lower())
    return "systemic" if route in known.groups["systemic"] else route


def _says_which(whole: Condition | Treatment, qualifier: str) -> bool:
    """Whether an attribute says which drugs are meant, so that those named are such by the text's own word: "drugs
    known to increase the risk of bleeding, such as warfarin"."""
    if not isinstance(whole, Treatment) or not any(map(_EFFECTS.match, whole.qualifiers)):
        return False
    return qualifiers().find(qualifier) is None


_EFFECTS: Final = re.compile(
    r"(?:(?:that|which)\s+)?(?:(?:are|is|may|can|could|might|will)\s+)?(?:\w+ly\s+)?"
    r"(?:known|likely|suspected|thought|reported|shown|able|increas|caus|prolong|induc|rais|lower|affect|interfer|interact|alter|inhibit)"
    r"(?:e|es|s|ed|ing)?\b"
)


def _several_times(main: Draft) -> Draft | None:
    """A treatment, or the last of several, that is asked for at each of some times, or at any of them: "within 4 weeks
    or 5 half-lives, whichever is shorter"; None where it has one time."""
    while main.rule.kind in ("any", "all") and main.parts:
        rules = main.innermost_rules()
        if not all(isinstance(rule, Treatment) for rule in rules):
            return None
        if len({rule.concept for rule in rules if isinstance(rule, Treatment)}) == 1:
            return main
        main = main.parts[-1]
    return None


def _given_so(main: Draft) -> list[Draft]:
    """When and for what each of several treatments was given, where nothing but treatments is said.

    Of treatments that differ, what the last says of the time is said of all: "prior systemic or local therapy".
    """
    leaves = main.innermost()
    rules = [leaf.rule for leaf in leaves if isinstance(leaf.rule, Treatment)]
    if len(rules) < len(leaves):
        return []
    if len({rule.concept for rule in rules}) == 1:
        return leaves  # "taking, or planning to take, X"
    return [replace(leaves[-1], rule=rules[-1].model_copy(update={"qualifiers": ()}))]


def _of_its_kind(main: Draft, example: Draft) -> Draft:
    """An unknown example of a known thing as a kind of that: "antiplatelets (e.g. foobarel)"."""
    rule, whole = example.rule, main.rule
    if not isinstance(rule, Condition | Treatment) or not isinstance(whole, Condition | Treatment):
        return example
    if isinstance(whole, Treatment) and rule == Condition(concept=rule.concept) and rule.concept.open:
        rule = Treatment(concept=_drug_against(rule.concept, whole))  # "revascularization, including bypass grafting"
        example = replace(example, rule=rule, open=example.open if rule.concept.open else ())
    if type(rule) is not type(whole) or not rule.concept.open or rule.concept.broader or whole.concept.open:
        return example
    if isinstance(whole, Condition) and _ANY_DISEASE.fullmatch(whole.concept.name):
        return example
    kind = rule.concept.model_copy(update={"broader": (whole.concept.name,)})
    return replace(example, rule=rule.model_copy(update={"concept": kind}))


def _drug_against(target: Concept, whole: Treatment) -> Concept:
    """What a kind of drug is directed against as a drug of that kind: "T-cell receptor agents (e.g., OX-40)"."""
    entry = vocabulary().find(f"anti-{target.name}", "treatment")
    known = entry is not None and vocabulary().is_a("treatment", entry.name, whole.concept.name)
    return Concept(name=entry.name) if entry is not None and known else target


def _as_it_is(rule: Condition, whole: Condition | Treatment) -> bool:
    """Whether an example has words of its own, none of which says how bad it is: "ongoing or active infection"."""
    if rule.qualifiers:
        return all(map(qualifiers().of_weight, rule.qualifiers))
    return rule.time == "now" and isinstance(whole, Condition) and whole.time != "now"


def _weight(text: str) -> tuple[str, ...]:
    """What words that name no disease say of its examples: "clinically significant disease, e.g. ..."."""
    found = [qualifiers().find(each[0]) for each in _WEIGHTS.finditer(text)]
    return tuple(dict.fromkeys(q.name for q in found if q is not None and not _of_weight(q.name)))


_WEIGHTS: Final = re.compile(
    r"\b(?:clinically (?:significant|relevant|important)|significant|uncontrolled|unstable|active|progressive|untreated"
    r"|poorly controlled|symptomatic|chronic|acute|severe)\b",
    re.IGNORECASE,
)


def _as_weighty(said: tuple[str, ...], example: Draft) -> Draft:
    rule = example.rule
    if isinstance(rule, Condition):
        said = tuple(each for each in said if _fits(rule, each))
    if not said or not isinstance(rule, Condition) or rule.qualifiers:
        return example
    return replace(example, rule=rule.model_copy(update={"qualifiers": said}))


def _of_weight(qualifier: str) -> bool:
    """Whether it says no more than that a thing matters, which is what examples are given for: "major disease"."""
    found = qualifiers().find(qualifier)
    return found.axis in ("seriousness", "magnitude") if found else _OF_KIND.match(qualifier) is not None


_OF_KIND: Final = re.compile(  # makes a kind, so that its examples have it: "drugs known to prolong the QT interval"
    r"(?:well[- ])?(?:known|thought|considered|likely|able|capable|expected|intended|designed|potentially|that|which)\b"
    r"|(?:affect|interfer|caus|prolong|inhibit|induc|increas|suppress|alter|impair|lower)ing\b",
    re.IGNORECASE,
)
_OF_EXAMPLES: Final = ("time", "window", "moment", "lasting", "qualifiers", "known", "purpose", "dose", "route", "site")
_UNSAID: Final[dict[str, dict[str, object]]] = {  # of each kind of rule, what such a field holds where nothing is said
    kind: {name: fields[name].default for name in _OF_EXAMPLES if name in fields}
    for kind, fields in (("condition", Condition.model_fields), ("treatment", Treatment.model_fields))
}


def is_bare(rule: Treatment) -> bool:
    """Whether nothing is said of a treatment but its name."""
    return rule == Treatment(concept=rule.concept)
