"""The steps in which the tokens of a sentence become those that the grammars take.

A step that needs a token of some kind is left out where there is none: most sentences need few of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from eligibility.reading.coded import named_with_numbers
from eligibility.reading.context import Context
from eligibility.reading.lexing.function_words import REPEATING
from eligibility.reading.lexing.tokens import EITHER, LIMITS, MOTHERHOOD, Token
from eligibility.reading.occasions import days_together
from eligibility.reading.places import any_place, of_systems, of_which_eye
from eligibility.reading.rewriting.afterwards import came_after
from eligibility.reading.rewriting.ages import ages_of_people
from eligibility.reading.rewriting.allergies import (
    reactions_of_what,
    reactions_to,
    substances_behind_colon,
    to_what_behind,
)
from eligibility.reading.rewriting.alternative_windows import (
    either_anchor,
    either_relation,
    either_window,
    meanwhile_or_within,
    windows_together,
)
from eligibility.reading.rewriting.appositions import names_in_full
from eligibility.reading.rewriting.attributes import denied_attributes
from eligibility.reading.rewriting.beside_numbers import (
    cleared,
    earlier_at_end,
    either_grade,
    free_of_which,
    grades_apart,
    lengths_behind,
    plainly,
)
from eligibility.reading.rewriting.cleaning import cleaned
from eligibility.reading.rewriting.counting import among_lines, counted, received_before
from eligibility.reading.rewriting.courses import naive_of, uses_of_a_kind
from eligibility.reading.rewriting.definitions import by_whose_definition, defined_behind
from eligibility.reading.rewriting.dependences import dependences
from eligibility.reading.rewriting.ellipsis import (
    denials_apart,
    formers_apart,
    generations_named,
    predicates_apart,
    subject_told,
    types_named,
)
from eligibility.reading.rewriting.evidence import by_criteria, by_scores, documented, to_be_confirmed
from eligibility.reading.rewriting.implied import each_of_others, implied, of_red_cells, skin_covered
from eligibility.reading.rewriting.intervals import intervals_known
from eligibility.reading.rewriting.latest import latest
from eligibility.reading.rewriting.limits_by_sex import by_sex
from eligibility.reading.rewriting.limits_of_some import had_by_some
from eligibility.reading.rewriting.merging import merged
from eligibility.reading.rewriting.multiples import multiples
from eligibility.reading.rewriting.pairs import parts_of_pairs, ratios
from eligibility.reading.rewriting.people import fathers_named, fertile_men, not_with_child
from eligibility.reading.rewriting.permissions import allowed_but, if_absent
from eligibility.reading.rewriting.requirements import (
    disease_named_alone,
    foretold,
    needs,
    of_whom,
    results_asked,
    results_required,
    uses_said,
    where_indicated,
    without_required,
)
from eligibility.reading.rewriting.results_alone import at_either, results_alone, statuses_told
from eligibility.reading.rewriting.said_between import said_of_results
from eligibility.reading.rewriting.said_twice import said_twice
from eligibility.reading.rewriting.test_results import negative_for_each, result_or_none, with_results
from eligibility.reading.rewriting.treatment_attributes import (
    absorbed,
    either_alone,
    either_outcome,
    either_setting,
    fate_as_one,
    in_settings,
    neither_possible,
    of_a_class,
    stopped,
)
from eligibility.reading.rewriting.turns import turns_after_treatments
from eligibility.reading.rewriting.viruses import named_by_virus, suppressed_since
from eligibility.reading.washouts import ended_before, given_up, washed_out

__all__ = ["quantities_rewritten", "rewritten"]

_Change: TypeAlias = Callable[[list[Token], Context], list[Token]]
_Step: TypeAlias = tuple[int, _Change]
_NEEDS: Final[dict[frozenset[str], int]] = {}  # a bit for each: that there is a token of one of these kinds
_BITS: Final[dict[str, int]] = {}  # of all needs that a token of a kind meets; sets are numbers here: many are compared


def rewritten(tokens: list[Token], context: Context) -> list[Token]:
    """The tokens of a sentence as those that the grammar of quantities takes."""
    return _taken(_EXCLUDING if context.exclusion else _REQUIRING, tokens, context)


def quantities_rewritten(tokens: list[Token], context: Context) -> list[Token]:
    """The tokens of a sentence with its quantities as those that the grammar of phrases takes."""
    return _taken(_OF_QUANTITIES, tokens, context)


def _taken(steps: tuple[_Step, ...], tokens: list[Token], context: Context) -> list[Token]:
    kinds = _kinds_of(tokens)
    for needed, change in steps:
        if needed & kinds == needed:
            changed = change(tokens, context)
            if changed is not tokens:
                if changed != tokens:
                    kinds = _kinds_of(changed)
                tokens = changed
    return tokens


def _kinds_of(tokens: list[Token]) -> int:
    found = 0
    for token in tokens:
        found |= _BITS.get(token.type, 0)
    return found


def _step(change: _Change, needed: str = "", either: Iterable[str] = ()) -> _Step:
    """A change of the tokens where there are some of all the kinds ``needed``, and some of ``either`` of the kinds."""
    needs = [*(frozenset((kind,)) for kind in needed.split()), *([frozenset(either)] if either else ())]
    return sum([_bit(kinds) for kinds in dict.fromkeys(needs)]), change


def _bit(kinds: frozenset[str]) -> int:
    if kinds not in _NEEDS:
        _NEEDS[kinds] = 1 << len(_NEEDS)
        for kind in kinds:
            _BITS[kind] = _BITS.get(kind, 0) | _NEEDS[kinds]
    return _NEEDS[kinds]


def _by_criteria(tokens: list[Token], context: Context) -> list[Token]:
    return by_criteria(tokens, context.text) if "riteri" in context.text else tokens


_FIRST: Final = (
    _step(lambda tokens, context: named_by_virus(tokens, context.text), "WORD", ("POSITIVE", "NEGATIVE", "NUMBER")),
    _step(lambda tokens, context: suppressed_since(tokens, context.text), "QUALIFIER"),
    _step(lambda tokens, context: said_twice(tokens, context.text)),
    _step(lambda tokens, context: neither_possible(tokens, context.text), "QUALIFIER TREATMENT"),
    _step(lambda tokens, _: fathers_named(tokens), "ABLE INTENT"),
    _step(lambda tokens, _: fertile_men(tokens), "FERTILE MALE"),
    _step(lambda tokens, _: dependences(tokens), "USE TREATMENT"),
    _step(lambda tokens, context: denied_attributes(tokens, context.text), "NOT CONDITION"),
    _step(lambda tokens, _: reactions_to(tokens), "CONDITION"),
    _step(lambda tokens, context: to_what_behind(tokens, context.text), "INCLUDING"),
    _step(lambda tokens, context: reactions_of_what(tokens, context.text), "CONDITION TREATMENT"),
    _step(lambda tokens, context: of_which_eye(tokens, context.text)),
    _step(lambda tokens, context: of_systems(tokens, context.text)),
    _step(lambda tokens, context: fate_as_one(tokens, context.text), "WORD", ("OR", "AND", "ANDOR", "SLASH")),
    _step(_by_criteria),
)
_FIRST_OF_REQUIREMENTS: Final = (
    _step(lambda tokens, _: not_with_child(tokens), "NOT PREGNANT BREASTFEEDING"),
    _step(lambda tokens, _: negative_for_each(tokens), "NEGATIVE OR"),
    _step(lambda tokens, context: where_indicated(tokens, context.text), "FILLER"),
    _step(lambda tokens, context: foretold(tokens, context.text), "WORD"),
    _step(lambda tokens, _: ended_before(tokens), "ENDED NUMBER TIMEUNIT"),
)
_THEN: Final = (
    _step(lambda tokens, _: of_whom(tokens), "PREP MUST_NOT"),
    _step(lambda tokens, _: free_of_which(tokens), "THAT PERSON"),
    _step(lambda tokens, _: defined_behind(tokens), "IF"),
    _step(lambda tokens, context: by_whose_definition(tokens, context.text) if "defined" in context.low else tokens),
    _step(lambda tokens, _: skin_covered(tokens), "WORD ANALYTE"),
    _step(lambda tokens, _: if_absent(tokens), "ALLOWED NO"),
    _step(lambda tokens, _: allowed_but(tokens), "ALLOWED BUT MUST"),
    _step(lambda tokens, _: to_be_confirmed(tokens), "LPAR MUST"),
    _step(lambda tokens, context: documented(tokens, context.text), "WORD OF"),
    _step(lambda tokens, _: statuses_told(tokens), "QUALIFIER", ("TEST_WORD", "KNOWN")),
    _step(lambda tokens, context: at_either(tokens, context.text), "ANALYTE AT_ANCHOR"),
    _step(lambda tokens, _: results_alone(tokens), "ANALYTE QUALIFIER"),
    _step(lambda tokens, _: had_by_some(tokens), "ANALYTE PERSON"),
    _step(lambda tokens, _: substances_behind_colon(tokens), "ALLERGY COLON"),
    _step(lambda tokens, _: result_or_none(tokens), "ANALYTE OR NO"),
    _step(lambda tokens, context: grades_apart(tokens, context.text), "ANALYTE NUMBER"),
    _step(lambda tokens, _: either_grade(tokens), "WORD", ("GRADE", "TEST_WORD")),
    _step(lambda tokens, context: plainly(tokens, context.text), "", REPEATING | {"RECOVERED", "CLEAR", "TO"}),
    _step(lambda tokens, _: earlier_at_end(tokens), "BEFORE"),
    _step(lambda tokens, _: lengths_behind(tokens), "DURATION_OF"),
    _step(lambda tokens, context: in_settings(tokens, context.text)),
    _step(lambda tokens, context: either_setting(tokens, context.text), "QUALIFIER TIMEUNIT"),
    _step(
        lambda tokens, _: either_outcome(tokens), "", ("INTOLERANT", "REFRACTORY_TO", "PROGRESSED", "RELAPSED_AFTER")
    ),
    _step(lambda tokens, context: either_alone(tokens, context.text)),
    _step(lambda tokens, context: stopped(tokens, context.text)),
    _step(lambda tokens, context: ratios(tokens, context.text), "ANALYTE"),
    _step(lambda tokens, _: names_in_full(tokens), "ANALYTE LPAR"),
    _step(lambda tokens, _: cleaned(tokens)),
    _step(lambda tokens, _: parts_of_pairs(tokens), "ANALYTE"),
    _step(lambda tokens, _: by_scores(tokens), "PREP CONDITION ANALYTE"),
    _step(lambda tokens, context: intervals_known(tokens, context.text, exclusion=context.exclusion), "TIMEUNIT"),
    _step(lambda tokens, _: either_anchor(tokens), "AT_ANCHOR"),
    _step(lambda tokens, _: either_relation(tokens), "", EITHER),
    _step(lambda tokens, context: multiples(tokens, context.text), "", "TIMES GE LE ANALYTE ULN".split()),
    _step(lambda tokens, context: latest(tokens, context.low, exclusion=context.exclusion)),
    _step(lambda tokens, context: washed_out(tokens, context.text), "", ("MUST", "MUST_NOT")),
    _step(lambda tokens, context: given_up(tokens, context.text), "TREATMENT"),
    _step(lambda tokens, context: cleared(tokens, context.text), "TIMEUNIT"),
    _step(lambda tokens, context: named_with_numbers(tokens, context.text)),
    _step(lambda tokens, context: days_together(tokens, context.text), "ANCHOR"),
    _step(lambda tokens, _: with_results(tokens), "ANALYTE IS"),
    _step(lambda tokens, context: merged(tokens, context.text)),
    _step(lambda tokens, _: naive_of(tokens), "NAIVE"),
    _step(lambda tokens, context: absorbed(tokens, context.text), "OF"),
    _step(lambda tokens, context: of_a_class(tokens, context.text), "IS TREATMENT"),
    _step(lambda tokens, context: disease_named_alone(tokens, context.text), "PERSON QUALIFIER"),
    _step(lambda tokens, _: types_named(tokens)),
    _step(lambda tokens, _: generations_named(tokens), "WORD QUALIFIER"),
    _step(lambda tokens, context: denials_apart(tokens, context.text), "QUALIFIER", ("OR", "NOR", "ANDOR")),
    _step(lambda tokens, context: subject_told(tokens, context.text), "UNLESS CONDITION"),
    _step(lambda tokens, context: formers_apart(tokens, context.text), "CURRENT CONDITION"),
    _step(lambda tokens, context: predicates_apart(tokens, context.text), "", MOTHERHOOD),
    _step(lambda tokens, context: any_place(tokens, context.text)),
    _step(lambda tokens, context: of_red_cells(tokens, context.text), "ANALYTE TREATMENT"),
    _step(lambda tokens, context: uses_of_a_kind(tokens, context.text), "IS TREATMENT"),
    _step(lambda tokens, context: uses_said(tokens, context.text, exclusion=context.exclusion), "TREATMENT"),
    _step(lambda tokens, context: turns_after_treatments(tokens, context.text), "TIMEUNIT"),
)
_LAST_OF_EXCLUSIONS: Final = (
    _step(lambda tokens, _: each_of_others(tokens), "AND OTHER"),
    _step(lambda tokens, context: results_required(tokens, context.text), "NEGATIVE"),
    _step(lambda tokens, context: needs(tokens, context.text), "MUST"),
)
_LAST_OF_REQUIREMENTS: Final = (_step(lambda tokens, context: without_required(tokens, context.text), "IS"),)
_LAST: Final = (_step(lambda tokens, _: results_asked(tokens), "MUST ANALYTE"),)

_EXCLUDING: Final[tuple[_Step, ...]] = (*_FIRST, *_THEN, *_LAST_OF_EXCLUSIONS, *_LAST)
_REQUIRING: Final[tuple[_Step, ...]] = (*_FIRST, *_FIRST_OF_REQUIREMENTS, *_THEN, *_LAST_OF_REQUIREMENTS, *_LAST)
_OF_QUANTITIES: Final[tuple[_Step, ...]] = (
    _step(lambda tokens, context: ages_of_people(tokens, context.text), "", ("LIMIT", "TIME_LIMIT")),
    _step(lambda tokens, context: said_of_results(tokens, context.text), "ANALYTE", LIMITS | {"TIME_LIMIT"}),
    _step(lambda tokens, _: by_sex(tokens), "LIMIT"),
    _step(lambda tokens, _: implied(tokens)),
    _step(lambda tokens, context: counted(tokens, context.text), "", ("LIMIT", "STAGE_IS")),
    _step(lambda tokens, _: received_before(tokens), "CONDITION AFTER LINES_ARE"),
    _step(lambda tokens, context: came_after(tokens, context.text), "AFTER", ("CONDITION", "TREATMENT")),
    _step(lambda tokens, context: among_lines(tokens, context.text), "LINES_ARE THAT TREATMENT"),
    _step(lambda tokens, _: either_window(tokens), "WINDOW"),
    _step(lambda tokens, _: meanwhile_or_within(tokens), "WINDOW", EITHER),
    _step(lambda tokens, context: windows_together(tokens, exclusion=context.exclusion), "WINDOW"),
)
