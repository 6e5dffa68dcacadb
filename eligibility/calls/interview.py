"""A call over one trial or many: which question is next, what the answers settle, and when it may stop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeAlias

from eligibility.calls.answers import Given, understood
from eligibility.calls.bearing import leaves, matter
from eligibility.calls.choosing import Asked, Candidate, Choice, Place, best
from eligibility.calls.events import Answered, Event, Journal, Noted, Stopped, TakenBack, standing
from eligibility.calls.questions import Key, Question, Section, questions_of
from eligibility.calls.recording import recorded
from eligibility.deciding.case import STANDARD, Settings
from eligibility.deciding.evaluate import case_of, verdict_on
from eligibility.deciding.screen import Eligibility, Screening, excludes, screen
from eligibility.deciding.verdict import Need, Verdict
from eligibility.errors import EligibilityError
from eligibility.patient.profile import PatientProfile
from eligibility.rules import Condition, Criterion, Treatment, Trial
from eligibility.truth import Status

__all__ = ["Interview", "Outcome", "TrialOutcome"]


@dataclass(frozen=True)
class TrialOutcome:
    """What a call found out for one trial: its screening, and what the site must still check."""

    screening: Screening

    @property
    def trial(self) -> Trial:
        """The trial."""
        return self.screening.trial

    @property
    def status(self) -> Eligibility:
        """Eligible, ineligible or undetermined, by what is known now."""
        return self.screening.status

    @property
    def lasting(self) -> bool:
        """Whether it is ineligible for good."""
        return self.screening.lasting

    @property
    def first_possible(self) -> date | None:
        """The first day on which what excludes for now excludes no more; ``None`` where no fact says."""
        return self.screening.first_possible

    @property
    def headline(self) -> str:
        """In a few words: ``ineligible for now; first possible on 2026-12-14``."""
        return self.screening.headline

    @cached_property
    def to_check(self) -> tuple[tuple[Criterion, tuple[Need, ...]], ...]:
        """The criteria that are open, with what would have to be known of each: the site's list."""
        pairs = zip(self.trial.criteria, self.screening.verdicts, strict=True)
        return tuple([(criterion, verdict.needs) for criterion, verdict in pairs if verdict.status is Status.UNKNOWN])


@dataclass(frozen=True)
class Outcome:
    """What a call found out: one entry a trial, in their order; and what was asked for it."""

    trials: tuple[TrialOutcome, ...]
    answers: tuple[Answered, ...]
    notes: tuple[Noted, ...]
    complete: bool
    """Whether nothing is left that the caller can settle, or every trial is out of the question for good."""


def _unkept(event: Event) -> None:
    """Write nothing down."""


class Interview:
    """One caller and some trials, on the day of the call.

    >>> call = Interview([trial], on=date(2026, 11, 1))          # doctest: +SKIP
    >>> while (asked := call.next_question()) is not None:       # doctest: +SKIP
    ...     call.answer(input(asked.text))
    >>> call.outcome().trials[0].status                          # doctest: +SKIP

    ``profile`` holds what is known before; ``ask_labs``: ask for test results, too, which are otherwise listed for the
    site; ``choice``: how the next of the open questions is chosen; ``journal``: what writes each event down before it
    counts; ``events``: those of an earlier call that is taken up again, which are not written once more. The same
    answers lead to the same questions and the same outcome: nothing is left to chance or to the clock.
    """

    def __init__(
        self,
        trials: Trial | Iterable[Trial],
        profile: PatientProfile | None = None,
        *,
        on: date | None = None,
        ask_labs: bool = False,
        settings: Settings = STANDARD,
        choice: Choice = best,
        journal: Journal = _unkept,
        events: Iterable[Event] = (),
    ) -> None:
        """Of at least one trial. Raises :class:`EligibilityError` where there is none."""
        self.trials: tuple[Trial, ...] = (trials,) if isinstance(trials, Trial) else tuple(trials)
        if not self.trials:
            raise EligibilityError("expected at least one trial to call about")
        known = profile or PatientProfile()
        self.on = on or known.as_of or date.today()
        self.before = known if known.as_of is not None else known.model_copy(update={"as_of": self.on})
        self.ask_labs = ask_labs
        self.settings = settings
        self.choice = choice
        self.studied = frozenset(name for trial in self.trials for name in trial.studied)
        self._states = [_State.first(self)]
        happened = tuple(events)
        for answered in standing(happened):
            self._states.append(self._states[-1].after(answered))
        self.notes = tuple([one for one in happened if isinstance(one, Noted)])
        self._journal = journal

    @property
    def answers(self) -> tuple[Answered, ...]:
        """What was asked and answered so far, in its order."""
        return self._states[-1].answers

    @property
    def profile(self) -> PatientProfile:
        """What is known of the caller: before the call, and by its answers."""
        return self._states[-1].profile

    @property
    def over(self) -> tuple[Trial, ...]:
        """The trials that are out of the question for good."""
        return tuple([self.trials[number] for number in sorted(self._states[-1].over)])

    @property
    def open_questions(self) -> int:
        """How many questions may still come, those aside that only an answer makes one want to ask."""
        return len(self._states[-1].candidates)

    def next_question(self) -> Asked | None:
        """The question that is expected to settle most for least effort; ``None`` when the call may stop."""
        return self._states[-1].next

    def answer(self, words: Given, question: Question | None = None) -> None:
        """Take the answer to a question: the next one, unless another one is given.

        Raises :class:`EligibilityError` for words that answer nothing, with what was expected, or that do not go with
        an earlier answer; and where no question is open.
        """
        if question is None:
            asked = self.next_question()
            if asked is None:
                raise EligibilityError("no question is open: the call is complete")
            question = asked.question
        given = understood(question, words, self.on) if isinstance(words, str) else words
        self._happens(Answered(question, given, str(words)))

    def undo(self) -> Answered | None:
        """Take the last answer back, and everything that it changed; ``None`` where there is none."""
        if not self.answers:
            return None
        last = self.answers[-1]
        self._happens(TakenBack())
        return last

    def note(self, words: str, question: Question | None = None) -> None:
        """Keep free words that answer no question, with the question during which they were said.

        Raises :class:`EligibilityError` where there are none.
        """
        if not words.strip():
            raise EligibilityError("expected the words of the note")
        self._happens(Noted(words.strip(), question))

    def stop(self) -> Outcome:
        """End the call, for now or for good, and say what is known by now."""
        outcome = self.outcome()
        self._happens(Stopped(outcome.complete, tuple([one.headline for one in outcome.trials])))
        return outcome

    def _happens(self, event: Event) -> None:
        """Write an event down, and have it count. Raises what makes it impossible before either."""
        following = self._states[-1].after(event) if isinstance(event, Answered) else None
        self._journal(event)
        if following is not None:
            self._states.append(following)
        elif isinstance(event, TakenBack):
            self._states.pop()
        elif isinstance(event, Noted):
            self.notes = (*self.notes, event)

    def outcome(self) -> Outcome:
        """What is known by now."""
        state = self._states[-1]
        screenings = [screen(trial, state.profile, self.on, settings=self.settings) for trial in self.trials]
        return Outcome(tuple(map(TrialOutcome, screenings)), state.answers, self.notes, state.next is None)


_At: TypeAlias = tuple[int, int]
"""A criterion: the number of its trial, and its own in it."""


class _State:
    """What is known after some answers. It follows from them alone, and takes over from the state before whatever the
    last of them did not change."""

    def __init__(self, call: Interview, profile: PatientProfile, answers: tuple[Answered, ...]) -> None:
        self.call = call
        self.profile = profile
        self.answers = answers
        self._in_part = frozenset(key for one in answers for key in one.left)
        self._asked = frozenset(key for one in answers for key in one.question.keys) - self._in_part
        self._asked |= {one.question.key for one in answers if not one.question.several}
        self._open: dict[_At, _Open] = {}
        self.over: frozenset[int] = frozenset()

    @classmethod
    def first(cls, call: Interview) -> _State:
        """What is known before the call."""
        state = cls(call, call.before, ())
        criteria = [(number, at) for number, trial in enumerate(call.trials) for at in range(len(trial.criteria))]
        state._decide(criteria, {})
        return state

    def after(self, answered: Answered) -> _State:
        """What is known after one more answer."""
        call = self.call
        profile = recorded(self.profile, answered.question, answered.given, answered.words, call.on)
        state = _State(call, profile, (*self.answers, answered))
        state.over = self.over
        state._decide([at for at in self._open if at[0] not in self.over], self._open)
        return state

    def _decide(self, criteria: Iterable[_At], before: Mapping[_At, _Open]) -> None:
        """Decide the criteria that are open; those that stay as they were keep what was worked out of them."""
        call = self.call
        case = case_of(self.profile, call.on, call.settings)
        may_be_over = set()
        # an answer to a statement is looked for where it was asked for: all of them in all texts takes a second
        answers = self.profile.answers
        before_call = {text: answers[text] for text in call.before.answers}
        for at in criteria:
            number, index = at
            criterion = call.trials[number].criteria[index]
            known = before.get(at)
            told = known.told(self.answers[-1].question) if known is not None else ()
            case.answers = before_call | {text: answers[text] for text in told if text in answers}
            verdict = verdict_on(criterion, case)
            excluded = excludes(criterion, verdict.status)
            if verdict.status is Status.UNKNOWN or (excluded and not verdict.lasting):
                signature = _signature(verdict)
                if known is None or known.signature != signature or not known.keys.isdisjoint(self._asked):
                    known = _Open(signature, self._places(at, verdict), told)
                self._open[at] = known
            elif excluded:
                may_be_over.add(number)
        over = [n for n in may_be_over if screen(call.trials[n], self.profile, call.on, settings=call.settings).lasting]
        self.over |= frozenset(over)

    @cached_property
    def next(self) -> Asked | None:
        """The best question that is open."""
        if not self.candidates:
            return None
        topic = self.answers[-1].question.topic if self.answers else ""
        return self.call.choice(self.candidates, len(self.call.trials) - len(self.over), topic)

    @cached_property
    def candidates(self) -> list[Candidate]:
        """The questions that are open, in the order of the texts."""
        has_studied = self._has_studied()
        found: dict[Key, Candidate] = {}
        for at, criterion in self._open.items():
            if at[0] not in self.over:
                for place in criterion.places:
                    key = place.question.key
                    found.setdefault(key, Candidate(place.question, key in self._in_part, has_studied)).places.append(
                        place
                    )
        return list(found.values())

    def _has_studied(self) -> bool:
        """Whether the caller is known to have a disease that one of the trials is about."""
        studied = self.call.studied
        return any(fact.status in (None, "active") and fact.name in studied for fact in self.profile.conditions)

    def _places(self, at: _At, verdict: Verdict) -> tuple[Place, ...]:
        """The questions that can change a verdict, each with the leaves that it is about."""
        trial = self.call.trials[at[0]]
        studied = trial.studied
        asking: dict[int, Question] = {}
        for leaf in leaves(verdict):
            if leaf.status is Status.UNKNOWN:
                for question in questions_of(leaf, studied=studied, ask_labs=self.call.ask_labs):
                    if question.key not in self._asked and not self._is_known(question):
                        asking[id(leaf)] = question
                        break
        if not asking:
            return ()
        places: dict[Key, Place] = {}
        sections = {question.section for question in asking.values()}
        for leaf in matter(verdict, lambda leaf: id(leaf) in asking, lambda leaf: _is_named_openly(leaf, sections)):
            question = asking[id(leaf)]
            if question.key not in places:
                places[question.key] = Place(at[0], trial, trial.criteria[at[1]], verdict, question, [])
            places[question.key].leaves.append(leaf)
        return tuple(places.values())

    def _is_known(self, question: Question) -> bool:
        return question.section == "person" and getattr(self.profile, question.about) is not None


def _is_named_openly(leaf: Verdict, sections: set[Section]) -> bool:
    """Whether a leaf is about a name of its own words, which an answer about one of the words may speak for."""
    match leaf.rule:
        case Condition(concept=concept):
            return concept.open and "condition" in sections
        case Treatment(concept=concept):
            return concept.open and "treatment" in sections
        case _:
            return False


_Signature: TypeAlias = tuple[object, ...]


class _Open:
    """A criterion that is open, or keeps the caller out for now: by what it is known to be as before, where questions
    bear on it, and the statements that were asked for it."""

    def __init__(self, signature: _Signature, places: tuple[Place, ...], asked: tuple[str, ...]) -> None:
        self.signature = signature
        self.places = places
        self.keys = frozenset(place.question.key for place in places)
        self._asked = asked

    def told(self, last: Question) -> tuple[str, ...]:
        """The statements that were asked for it, with the last question if it is one of them."""
        return (*self._asked, last.about) if last.section == "statement" and last.key in self.keys else self._asked


def _signature(verdict: Verdict) -> _Signature:
    """All of a verdict that questions depend on."""
    return verdict.status, *(
        [(leaf.status, leaf.cause, *(id(getattr(one, "raw", one)) for one in leaf.used)) for leaf in leaves(verdict)]
    )
