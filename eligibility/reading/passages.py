"""One sentence after another -> the draft of what they say together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from eligibility.knowledge.vocabulary import Entry, vocabulary
from eligibility.reading.clauses import (
    clauses_apart,
    denials_apart,
    either_sex,
    labelled_parts,
    limits_apart,
    none_or_such,
    reaches_over,
)
from eligibility.reading.compose import compose
from eligibility.reading.composing.definitions import definition_in_words
from eligibility.reading.composing.own_limits import analytes_of
from eligibility.reading.composing.recovery import no_worse, of_the_treated
from eligibility.reading.composing.terms import Inherited, is_contraception
from eligibility.reading.composing.unknowns import one_clause
from eligibility.reading.composing.windows import WINDOW_REACHES
from eligibility.reading.concerned import are_told, tells_what_is_done, whom_it_concerns
from eligibility.reading.context import Context
from eligibility.reading.doses import dosed
from eligibility.reading.drafts import (
    Draft,
    all_of,
    ambiguous,
    any_of,
    conditional,
    constant,
    each_leaf,
    for_those,
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
from eligibility.reading.known import Said
from eligibility.reading.lexing.tokens import WHO, Token
from eligibility.reading.measures import observed_behind
from eligibility.reading.notes import without_notes
from eligibility.reading.participation import taking_part
from eligibility.reading.patterns import PERSONS
from eligibility.reading.people import listed_by_age, of_their_age
from eligibility.reading.phrases import Noun
from eligibility.reading.rewriting.ages import age_alone, ages_back_then, ages_beside_people
from eligibility.reading.rewriting.limits_of_some import (
    limits_with_and_without,
    measured_now,
    own_limits,
    what_they_may_have,
)
from eligibility.reading.rewriting.people import BOTH_SEXES
from eligibility.reading.rewriting.permissions import counts_for_nothing, exempted, limited, not_counted, permission
from eligibility.reading.rewritten import quantities_rewritten, rewritten
from eligibility.reading.sentences import Sentence
from eligibility.reading.side_by_side import side_by_side
from eligibility.reading.somebody_else import about_others, asked_of_somebody, names_patients, of_somebody_else
from eligibility.reading.sparing import permission_by_itself
from eligibility.reading.statements import statements
from eligibility.reading.stating.contraception import names_methods
from eligibility.reading.stating.recoveries import recoveries
from eligibility.reading.statuses import statuses_known
from eligibility.reading.untold import leaves_time_untold
from eligibility.rules import Condition, Conditional, Finding, Measurement, Not, PatientAttribute, Rule, Treatment

__all__ = [
    "asks_for_contraception",
    "at_site",
    "none_as_defined",
    "none_of_either",
    "only_examples",
    "read_sentence",
    "read_sentences",
    "says_of_kinds",
]


def read_sentence(tokens: list[Token], context: Context, inherited: Inherited | None) -> Draft | None:
    """The draft of one sentence; unread as a whole where the grammar does not take it."""
    if context.known is None or not tokens:
        return _read_sentence(tokens, context, inherited)
    said = Said(tokens, context.text, inherited, context.exclusion, context.studied)
    for draft in context.known.of(said):
        return draft
    draft = _read_sentence(tokens, context, inherited)
    context.known.keep(said, draft)
    return draft


def _read_sentence(tokens: list[Token], context: Context, inherited: Inherited | None) -> Draft | None:
    tokens = without_notes(tokens, context.text)
    if not tokens:
        return None
    if who := exempted(tokens, context.text) or not_counted(tokens, context.text):
        spared = read_sentence(who, context, None) or unread(context.text, who[0].start, who[-1].end)
        return replace(spared.placed(tokens[0].start, tokens[-1].end), saving=True, requirement=False)
    if (parts := labelled_parts(tokens)) is not None:
        return read_sentences(parts, context, inherited)
    if (either := none_or_such(tokens)) is not None:
        return _none_or_such(either, context, inherited)
    if not inherited and (groups := either_sex(tokens)) is not None:
        return _either_sex(*groups, context)
    if (clauses := clauses_apart(tokens, context.text, exclusion=context.exclusion)) is not None:
        apart = read_sentences(clauses, context, inherited)
        if apart is None or not reaches_over(clauses, exclusion=context.exclusion):
            return apart
        whole = _read_whole(tokens, context, inherited)
        return ambiguous([apart, whole], "a condition of what it stands behind, or of a list") if whole else apart
    if not inherited and (limits := limits_apart(tokens, exclusion=context.exclusion)) is not None:
        return read_sentences(limits, context, inherited)
    if not context.exclusion and not inherited and (required := denials_apart(tokens)) is not None:
        apart = read_sentences(required[0], context, inherited)
        whole = _read_whole(tokens, context, inherited) if required[1] or apart is None else None
        return apart if whole is None or apart is None else ambiguous([apart, whole], WINDOW_REACHES)
    return _read_whole(tokens, context, inherited)


def _none_or_such(
    either: tuple[list[Token], list[Token]], context: Context, inherited: Inherited | None
) -> Draft | None:
    """Who has nothing of a thing, or only so much of it."""
    none, such = (read_sentence(each, context, inherited) for each in either)
    if none is None or such is None or context.exclusion:
        return unread(context.text, either[0][0].start, either[0][-1].end)
    return any_of([none, such]).asked(none.requirement)


def _either_sex(groups: Sequence[list[Token]], behind: list[Token], context: Context) -> Draft | None:
    """Women of whom one thing is said, or men of whom another is, and what is said of all of them behind."""
    drafts = [_of_these(read_sentence(group, context, None), group, context) for group in groups]
    if context.exclusion and any(draft.requirement for draft in drafts):
        return unread(context.text, groups[0][0].start, (behind or groups[-1])[-1].end)
    people = any_of(drafts).asked(drafts[0].requirement)
    said = read_sentence(behind, context, None) if behind else None
    return all_of([people, said]).asked(people.requirement) if said is not None else people


def _of_these(draft: Draft | None, group: list[Token], context: Context) -> Draft:
    """Some people, as one alternative: with what is asked of them, and unread where a condition stands behind that."""
    if draft is None or (isinstance(draft.rule, Conditional) and draft.parts[0].start > draft.parts[1].start):
        return unread(context.text, group[0].start, group[-1].end)
    return with_those(draft)


def _read_whole(tokens: list[Token], context: Context, inherited: Inherited | None) -> Draft | None:
    """The draft of one sentence that has no sentences of its own in it."""
    text = context.text
    silent = [token.start for token in tokens if token.type == "FILLER" and token.said.startswith(_PEOPLE)]
    said, tokens = tokens, rewritten(tokens, context)
    if not tokens:
        return None
    if len(tokens) > 2 and tokens[0].type == "SITE" and _is_said_of_it(tokens, context):
        there = read_sentence(tokens[2:], context, inherited)
        return at_site(str(tokens[0].value), there) if there is not None else None
    start, end = tokens[0].start, tokens[-1].end
    made = _phrases_of(tokens, context)
    if (others := about_others(made, text)) is not None:
        return unread(text, start, end) if names_patients(made[others:], text) else of_somebody_else(text, tokens, made)
    made = limits_with_and_without(own_limits(measured_now(ages_beside_people(ages_back_then(made, context.text)))))
    made = counts_for_nothing(listed_by_age(what_they_may_have(made), text), text)
    allowed = permission(made, text)
    if allowed is not None and ((context.exclusion and allowed[-1].said == "may") or limited(allowed[:-1], text)):
        return unread(text, start, end)
    joined = joined_up(allowed if allowed is not None else made, text)
    if not joined or (joined[-1].type == "ALLOWED" and len(joined) == 1):
        everybody = any(t.said in _ANYBODY for t in tokens)
        both = constant(True, "of either sex", start, end) if everybody else None
        if both is not None or not joined:
            return of_their_age(None, made, context) or both
    parsed = _parsed(joined)
    if parsed is None:
        return unread(text, start, end)
    read, joined = parsed
    try:
        draft = compose(read, context, inherited, sorted([*silent, *(t.start for t in made if _of_people(t))]))
    except Refused:
        draft = None
    if draft is None:
        return unread(text, start, end)
    if draft.wholly_unread and any(token.type in _LETTING for token in joined):
        return _kept_out(draft, joined, made, context)
    draft = of_the_treated(no_worse(draft, context), context)
    if draft is not None and leaves_time_untold(said, draft, text):
        return unread(text, start, end)
    return _at_most(of_their_age(draft, made, context), start, context)


def _at_most(draft: Draft | None, start: int, context: Context) -> Draft | None:
    """A most number of treatments, which no trial excludes anybody for keeping to: "no more than 2 prior regimens"."""
    if draft is None or not context.exclusion or not isinstance(draft.rule, Treatment):
        return draft
    limit = draft.rule.lines or draft.rule.count
    if limit is None or limit.low is not None or not _NO_MORE.match(context.text, start):
        return draft
    return draft.asked(True)


_NO_MORE: Final = re.compile(r"(?:no(?:t)?\s+more\s+than|at\s+most|(?:an?\s+)?maximum\s+of)\b", re.IGNORECASE)


def _phrases_of(tokens: list[Token], context: Context) -> list[Token]:
    """The statements, limits, windows and noun phrases of a sentence, each as one token, and what stands between."""
    text = context.text
    tokens = statuses_known(tokens, text, exclusion=context.exclusion)
    tokens = recoveries(tokens, context, partial(read_sentence, context=context, inherited=None))
    tokens = ways_together(taking_part(clauses_of_judgement(tokens, text), text), text)
    made = quantities_rewritten(quantified(statements(tokens, context)), context)
    made = phrased(dosed(made, text), context)
    made = observed_behind(made, text)
    if len(made) == 1 and (aged := age_alone(made[0], context)) is not None:
        made = [aged]
    return asked_of_somebody(made, text)


def _parsed(joined: list[Token]) -> tuple[Sentence, list[Token]] | None:
    """What the grammar of sentences makes of these tokens, and those that it took in the end; None where it takes none.

    A token that it refuses is put right, if that can be, and one that is left hanging at the end goes.
    """
    grammar = grammars()[2]
    for _ in range(_MOST_TRIES):
        try:
            return grammar.whole("sentence", joined), joined
        except Refused as refused:
            index = refused.args[0] if refused.args else len(joined)
            if index < len(joined):
                joined = patched(joined, index)
            elif joined and joined[-1].type in _HANGING:
                joined = joined[:-1]
            else:
                return None
    return None


_ANYBODY: Final = frozenset(("everybody", *BOTH_SEXES.values()))
_MOST_TRIES: Final = 4
_HANGING: Final = JOINTS | {"LPAR", "NOT", "NO", "WITHOUT"}
_LETTING: Final = frozenset(("EXCLUDED", "ALLOWED"))


def _kept_out(draft: Draft, joined: list[Token], made: list[Token], context: Context) -> Draft:
    """ "Children are excluded": none may take part; where more is said, they are at least not who is asked for."""
    people = of_their_age(None, made, context) if [token.type for token in joined] == ["EXCLUDED"] else None
    if people is None:
        return draft
    people = people.placed(min(people.start, draft.start), draft.end)
    return people if context.exclusion else replace(negated(people), requirement=True)


def _of_people(token: Token) -> bool:
    """Whether a token names those whom a sentence is about: "subjects", "subjects receiving X"."""
    if token.type in ("PERSON", "SOMEBODY_ELSE"):
        return True
    first = token.value.before[:1] if isinstance(token.value, Noun) else []
    return bool(first) and first[0].type == "USE" and str(first[0].value).startswith(_PEOPLE)


_PEOPLE: Final = ("patient ", "subject ", "participant ")


def _is_said_of_it(tokens: list[Token], context: Context) -> bool:
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


_EXAMPLES: Final = re.compile(r"(?:(?:common|some|the)\s+)?examples?\b", re.IGNORECASE)


_EXAMPLES_OF: Final = re.compile(
    r"(?:(?:common|some|the)\s+)?examples?\s+of\s+(?:such\s+|these\s+)?(?P<whole>[\w\s-]{3,40}?)s?\s+(?:include|are|would)\b",
    re.IGNORECASE,
)


def only_examples(text: str, start: int) -> bool:
    """Whether a sentence only gives examples of what is named before it: "... a live vaccine. Examples of live vaccines
    are ..."."""
    said = _EXAMPLES_OF.match(text, start)
    return said is not None and said["whole"].lower() in text[:start].lower()


def read_sentences(parts: Sequence[list[Token]], context: Context, inherited: Inherited | None) -> Draft | None:
    """The draft of several sentences; None where they hold nothing."""
    draft: Draft | None = None
    for part in _with_exceptions(_with_windows(parts, context.text)):
        if len(part) == 1 and part[0].type in ("NUMBER", "ROMAN") and _counts_on(context.text, part[0]):
            continue
        named = _names_examples(part, draft, context.text) if draft is not None else 0
        if draft is not None and tells_what_is_done(part):
            other = unread(context.text, part[0].start, part[-1].end)
        elif (read := read_sentence(part[named:], context, inherited)) is not None:
            other = read
        else:
            continue
        if draft is None:
            draft = permission_by_itself(other, context) or other
        elif named or (part[0].type == "INCLUDING" and _asks_for_absence(draft, context)):
            draft = _with_examples(draft, other, context)
        elif part[0].type == "INCLUDING":  # "This includes patients who ...": what counts, or what is asked besides
            both = side_by_side(draft, other, context)
            draft = ambiguous([both, any_of([draft, other])], "what counts as well, or what is asked as well")
        elif part[0].type == "OR" and not (analytes_of(draft) or analytes_of(other)):
            draft = _alternatively(draft, other)
        elif _only_defines(part, draft, context.text):
            continue
        elif (none := none_as_defined(part, draft, other, context)) is not None:
            draft = none
        elif (meaning := _says_what_is_meant(part, draft, other, context)) is not None:
            draft = meaning
        elif _COUNTS_AS.match(context.text, part[0].start, part[-1].end):
            words = unread(context.text, part[0].start, part[-1].end)
            why = "who counts as what is asked for"
            draft = ambiguous([all_of([draft, words]), any_of([draft, words])], why).asked(draft.requirement)
        elif _EXAMPLES.match(context.text, part[0].start) or _is_exemplifying(part):
            both = side_by_side(draft, other, context)
            draft = ambiguous([draft, both], "examples of what stands before them, or more of it")
        else:
            draft = _of_some(part, draft, other, context) or side_by_side(draft, other, context)
    return draft


def _of_some(part: list[Token], before: Draft, other: Draft, context: Context) -> Draft | None:
    """A sentence of which it is understood whom it concerns, and nothing else: what stands before it settles who is
    none of them; None where it may concern everybody."""
    if not other.wholly_unread or before.wholly_unread or (context.exclusion and before.requirement):
        return None
    said = whom_it_concerns(part, context.text, exclusion=context.exclusion)
    group = read_sentence(said, context, None) if said else None
    if group is None or not are_told(group, people=said[0].type in WHO or part[0].type == "IF"):
        return None
    settled = side_by_side(before, other, context)
    return settled if settled is before else conditional(group, settled, before).asked(before.requirement)


def _only_defines(part: list[Token], before: Draft, text: str) -> bool:
    """Whether a sentence says of what is asked before it what it is, and asks nothing itself."""
    start = part[0].start
    if only_examples(text, start) or _WHO_COUNTS.match(text, start) or _tells_kinds(part, before):
        return True
    return asks_for_contraception(before) and names_methods(text, start, part[-1].end)


def _tells_kinds(part: list[Token], before: Draft) -> bool:
    """Whether a sentence says of treatments of which kind they are, so that they are among those named before it, or
    not: "(A live vaccine.) Nasal vaccines are live vaccines and are not allowed"."""
    said = [token for token in part if token.type not in ("SEMI", "DOT") and token.said not in ("note", ":")]
    verb = next((i for i, token in enumerate(said) if token.type == "IS"), 0)
    wholes = [rule.concept.name for rule in before.innermost_rules() if isinstance(rule, Treatment)]
    if not verb or not wholes or not says_of_kinds(said):
        return False
    if any(token.type not in _OF_KINDS for token in said[:-2]):
        return False
    named, kinds = _treatments_named(said[:verb]), _treatments_named(said[verb:])
    if not named or len(kinds) != 1:
        return False

    def among(name: str) -> bool:
        return any(vocabulary().is_a("treatment", name, whole) for whole in wholes)

    if said[-1].type == "EXCLUDED":
        return all(map(among, (*named, *kinds)))
    return not among(kinds[0]) and not any(vocabulary().is_a("treatment", whole, kinds[0]) for whole in wholes)


def says_of_kinds(sentence: Sequence[Token]) -> bool:
    """Whether a sentence may say of treatments of which kind they are: it closes with "and are (not) allowed"."""
    said = [token.type for token in sentence if token.type not in ("SEMI", "DOT")]
    return said[-2:] in (["AND", "EXCLUDED"], ["AND", "ALLOWED"])


def _treatments_named(tokens: Sequence[Token]) -> list[str]:
    return [token.value.name for token in tokens if token.type == "TREATMENT" and isinstance(token.value, Entry)]


_OF_KINDS: Final = frozenset(
    "TREATMENT IS WORD FILLER FOR FOR_TIME COMMA LPAR RPAR INCLUDING OR AND QUALIFIER PREP CURRENT".split()
)


def _says_what_is_meant(part: Sequence[Token], before: Draft, other: Draft, context: Context) -> Draft | None:
    """ "(Current or former smokers.) Former smokers are defined as those who ...": what is asked besides of those whom
    the sentence before it names; None where it names none of them, or all of them in words that are understood."""
    said = _IS_DEFINED.search(context.text, part[0].start, part[-1].end)
    if said is None:
        return None
    named = read_sentence([token for token in part if token.end <= said.start()], context, None)
    if named is None or not isinstance(named.rule, Condition):
        return None
    concepts = [leaf.rule.concept.name for leaf in before.innermost() if isinstance(leaf.rule, Condition)]
    understood = not any(leaf.wholly_unread for leaf in other.innermost())
    same = named.rule.concept.name in concepts
    if not (same or any(vocabulary().is_a("condition", named.rule.concept.name, concept) for concept in concepts)):
        return None
    if understood and same:
        return None
    meaning = other if understood else _meaning_in_words(context.text, said, part[-1].end)
    return replace(all_of([before, for_those(named, meaning)]), requirement=before.requirement)


def _meaning_in_words(text: str, said: re.Match[str], end: int) -> Draft:
    """What a name is said to mean, as what only an answer settles; unread where it may say more."""
    words = one_clause(text, said.start(), end) or definition_in_words(text, said.end(), end)
    return words or unread(text, said.start(), end, "narrowing")


def none_as_defined(part: Sequence[Token], before: Draft, meant: Draft, context: Context) -> Draft | None:
    """ "(No severe heart disease.) Severe heart disease is defined as A or B": nothing that is so, by its name or by
    what it is defined as; None where the sentence before it does not deny what this one defines.

    Bullets that define it may each be enough, or not.
    """
    said = _IS_OR_INCLUDES.search(context.text, part[0].start, part[-1].end)
    named = said and read_sentence([token for token in part if token.end <= said.start()], context, None)
    if said is None or named is None or not isinstance(named.rule, Condition | PatientAttribute):
        return None
    name = _called(named.rule)
    every = meant.rule.kind == "all" and context.text.find("\n", said.start(), meant.parts[-1].start) > 0
    if every:
        meant = ambiguous([any_of(meant.parts), meant], "each of what defines it, or all together")
    return _denied_so(before, name, meant)


def _denied_so(before: Draft, name: str, meant: Draft) -> Draft | None:
    """What is denied by a name, as it is defined, too; None where nothing of that name is denied."""
    if before.rule.kind == "all":
        parts = [_denied_so(part, name, meant) for part in before.parts]
        if not any(parts):
            return None
        return rebuilt(before, tuple(new or old for new, old in zip(parts, before.parts, strict=True)))
    if not isinstance(before.rule, Not) or name not in map(_called, before.parts[0].innermost_rules()):
        return None
    both = each_leaf(before.parts[0], lambda leaf: all_of([leaf, meant]) if _called(leaf.rule) == name else leaf)
    alone = each_leaf(before.parts[0], lambda leaf: meant if _called(leaf.rule) == name else leaf)
    return none_of_either(both, alone).asked(before.requirement)


def none_of_either(named: Draft, meaning: Draft) -> Draft:
    """Nothing that is both called so and as it is defined; or nothing that is as it is defined, however called."""
    return ambiguous([negated(named), negated(meaning)], "what is denied, or what defines it")


def _called(rule: Rule) -> str:
    """The name of a disease, or what is a field of the profile; empty of anything else."""
    if isinstance(rule, Condition):
        return rule.concept.name
    return rule.attribute if isinstance(rule, PatientAttribute) else ""


def _is_exemplifying(part: Sequence[Token]) -> bool:
    """Whether a sentence is a parenthesis that gives examples: "(e.g. surgically sterile)"."""
    return [token.type for token in part[:2]] == ["LPAR", "INCLUDING"]


_IS_DEFINED: Final = re.compile(r"\b(?:is|are|was|were|will\s+be)\s+defined\s+(?:as|by)\b", re.IGNORECASE)
_IS_OR_INCLUDES: Final = re.compile(rf"{_IS_DEFINED.pattern}|\binclude[sd]?\b", re.IGNORECASE)


def asks_for_contraception(draft: Draft) -> bool:
    """Whether contraception is asked for in it, of whomever."""
    return any(map(is_contraception, draft.innermost_rules()))


def _counts_on(text: str, number: Token) -> bool:
    """Whether a number only counts the criteria of a text in one line: "... at consent. 11. Subject can read"."""
    return _NEXT_ITEM.match(text, number.end) is not None and (not number.start or text[number.start - 1] in " \n")


_NEXT_ITEM: Final = re.compile(r"\.\s*[A-Z]")
_WHO_COUNTS: Final = re.compile(  # "To be considered surgically sterile, women must ...": who is, behind what is asked
    r"(?:in\s+order\s+)?to\s+be\s+(?:considered|regarded)\s+(?:as\s+)?(?:not\s+)?(?:of\s+|a\s+woman\s+of\s+)?"
    r"(?:(?:non-?\s*)?child-?\s*bearing|post-?\s*menopausal|(?:surgically\s+|permanently\s+)?steril|fertile|infertile)"
    r"|(?:post-?\s*menopaus(?:al|e)|menopause|(?:surgical|permanent)(?:ly)?\s+steril(?:e|ity|i[sz]ation|i[sz]ed))"
    r"(?:\s+(?:status|state|women|females?))?\s+(?:(?:is|are|will\s+be)\s+)?(?:defined\s+as|considered|means)\b"
    r"(?![^.;]*\b(?:must|should|agree|required|eligible|excluded)\b)",
    re.IGNORECASE,
)
_COUNTS_AS: Final = re.compile(  # "Anybody who smokes daily will be classified as a smoker", "X does not count as Y"
    r"[\W\d]*(?:please\s+)?(?:note(?:\s+that)?\W+)?(?:"
    rf"(?!(?:(?:the|all|any)\s+)?(?:{PERSONS}|he|she|they|who)\b)[^.;:]{{3,80}}?\s(?:do(?:es)?|will)\s+not\s+"
    r"(?:(?:count|qualify)\b|(?:meet|satisfy|fulfil)\s+(?:[\w-]+\s+){0,3}(?:requirement|criteri))"
    rf"|(?:any|all|those|these|anyone|anybody|{PERSONS}|women|men)\b[^.;:]*?\s"
    r"(?:will|shall|is|are|can|would)\s+(?:also\s+)?(?:be\s+)?(?:identified|classified|categori[sz]ed|counted|regarded)\s+as\b"
    r"(?!\s+(?:in)?eligible))",
    re.IGNORECASE,
)


def _names_examples(part: list[Token], before: Draft, text: str) -> int:
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


def _asks_for_absence(draft: Draft, context: Context) -> bool:
    """Whether it asks, under Inclusion, that something be not there."""
    return not context.exclusion and draft.rule.kind == "not"


def _with_examples(draft: Draft, examples: Draft, context: Context) -> Draft:
    """A sentence with the one behind it that only says what is a kind of what it names: maybe more, maybe nothing."""
    wider = all_of([draft, negated(examples)]) if _asks_for_absence(draft, context) else any_of([draft, examples])
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
        said = _behind_note(part)
        spares = bool(found) and len(said) > 1 and said[0].type in ("EXCEPT", "UNLESS")
        if spares and not any(t.type in _OF_OWN for t in said[1:]):
            ends = found[-1][-1].type == "DOT"
            found[-1] = [*(found[-1][:-1] if ends else found[-1]), *said]
        else:
            found.append(part)
    return found


def _behind_note(part: list[Token]) -> list[Token]:
    """A sentence without the "Note:" that it begins with."""
    noted = [token.type for token in part[:2]] == ["FILLER", "COLON"] and part[0].said in ("note", "notes")
    return part[2:] if noted else part


_OF_OWN: Final = frozenset("NO NOT WITHOUT MUST MUST_NOT MAY WITHIN LAST TIMEUNIT IF UNLESS".split())
