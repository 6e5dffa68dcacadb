"""A call over one trial or many: which question is next, what the answers settle, and when it may stop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from eligibility.calls.answers import Given, understood
from eligibility.calls.bearing import leaves, matter
from eligibility.calls.choosing import Candidate, Choice, best
from eligibility.calls.questions import Key, Question, questions_of
from eligibility.calls.recording import recorded
from eligibility.deciding.case import STANDARD, Settings
from eligibility.deciding.screen import Eligibility, Screening, screen
from eligibility.deciding.verdict import Need, Verdict
from eligibility.errors import EligibilityError
from eligibility.patient.profile import PatientProfile
from eligibility.rules import Criterion, Trial
from eligibility.truth import Status

__all__ = ["Answered", "Asked", "Interview", "Outcome", "TrialOutcome"]


@dataclass(frozen=True, slots=True)
class Answered:
    """A question, what was understood of the answer, and the caller's exact words."""

    question: Question
    given: Given
    words: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The next question, why it is asked, and where: the criteria that it bears on, with their trials."""

    question: Question
    because: str
    bears_on: tuple[tuple[Trial, Criterion], ...]

    @property
    def text(self) -> str:
        """What to say."""
        return self.question.text


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

    @cached_property
    def to_check(self) -> tuple[tuple[Criterion, tuple[Need, ...]], ...]:
        """The criteria that are open, with what would have to be known of each: the site's list."""
        pairs = zip(self.trial.criteria, self.screening.verdicts, strict=True)
        return tuple([(criterion, verdict.needs) for criterion, verdict in pairs if verdict.status is Status.UNKNOWN])


@dataclass(frozen=True)
class Outcome:
    """What a call found out: one entry a trial, in their order; ``questions`` were asked."""

    trials: tuple[TrialOutcome, ...]
    answers: tuple[Answered, ...]
    complete: bool
    """Whether nothing is left that the caller can settle, or every trial is out of the question for good."""


class Interview:
    """One caller and some trials, on the day of the call.

    >>> call = Interview([trial], on=date(2026, 11, 1))          # doctest: +SKIP
    >>> while (asked := call.next_question()) is not None:       # doctest: +SKIP
    ...     call.answer(input(asked.text))
    >>> call.outcome().trials[0].status                          # doctest: +SKIP

    ``profile`` holds what is known before; ``ask_labs``: ask for test results, too, which are otherwise listed for the
    site; ``choice``: how the next of the open questions is chosen. The same answers lead to the same questions and the
    same outcome: nothing is left to chance or to the clock.
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
    ) -> None:
        """Of at least one trial. Raises :class:`EligibilityError` where there is none."""
        self.trials: tuple[Trial, ...] = (trials,) if isinstance(trials, Trial) else tuple(trials)
        if not self.trials:
            raise EligibilityError("expected at least one trial to call about")
        known = profile or PatientProfile()
        self.on = on or known.as_of or date.today()
        self._before = known if known.as_of is not None else known.model_copy(update={"as_of": self.on})
        self._ask_labs = ask_labs
        self._settings = settings
        self._choice = choice
        self._answers: list[Answered] = []
        self._state: _State | None = None

    @property
    def answers(self) -> tuple[Answered, ...]:
        """What was asked and answered so far, in its order."""
        return tuple(self._answers)

    @property
    def profile(self) -> PatientProfile:
        """What is known of the caller: before the call, and by its answers."""
        return self._now.profile

    def next_question(self) -> Asked | None:
        """The question that is expected to settle most for least effort; ``None`` when the call may stop."""
        return self._now.next

    def answer(self, words: str | Given, question: Question | None = None) -> None:
        """Take the answer to a question: the next one, unless another one is given.

        Raises :class:`EligibilityError` for words that answer nothing, with what was expected; and where no question is
        open.
        """
        if question is None:
            asked = self.next_question()
            if asked is None:
                raise EligibilityError("no question is open: the call is complete")
            question = asked.question
        said = words if isinstance(words, str) else str(words)
        given = understood(question, words, self.on) if isinstance(words, str) else words
        self._answers.append(Answered(question, given, said))
        self._state = None

    def undo(self) -> Answered | None:
        """Take the last answer back, and everything that it changed; ``None`` where there is none."""
        if not self._answers:
            return None
        self._state = None
        return self._answers.pop()

    def outcome(self) -> Outcome:
        """What is known by now."""
        state = self._now
        return Outcome(tuple(map(TrialOutcome, state.screenings)), self.answers, state.next is None)

    @property
    def _now(self) -> _State:
        if self._state is None:
            self._state = _State(
                self._before, self.trials, self._answers, self.on, self._settings, self._ask_labs, self._choice
            )
        return self._state


class _State:
    """What is known after some answers; all of it follows from them."""

    def __init__(
        self,
        before: PatientProfile,
        trials: tuple[Trial, ...],
        answers: Sequence[Answered],
        on: date,
        settings: Settings,
        ask_labs: bool,
        choice: Choice,
    ) -> None:
        profile = before
        for one in answers:
            profile = recorded(profile, one.question, one.given, one.words, on)
        self.profile = profile
        self.screenings = [screen(trial, profile, on, settings=settings) for trial in trials]
        self._choice = choice
        self._ask_labs = ask_labs
        self._asked = {one.question.key for one in answers}
        self._topic = answers[-1].question.topic if answers else ""

    @cached_property
    def next(self) -> Asked | None:
        """The best question that is open."""
        going_on = [screening for screening in self.screenings if not screening.lasting]
        candidates: dict[Key, Candidate] = {}
        for screening in going_on:
            for index, (criterion, verdict) in enumerate(
                zip(screening.trial.criteria, screening.verdicts, strict=True)
            ):
                for question, leaf in self._open(verdict):
                    candidate = candidates.setdefault(question.key, Candidate(question))
                    candidate.add(screening, index, criterion, verdict, leaf)
        if not candidates:
            return None
        chosen = self._choice(list(candidates.values()), len(going_on), self._topic)
        return Asked(chosen.question, chosen.because, chosen.bears_on)

    def _is_known(self, question: Question) -> bool:
        return question.section == "person" and getattr(self.profile, question.about) is not None

    def _open(self, verdict: Verdict) -> Iterator[tuple[Question, Verdict]]:
        """The questions that can change a verdict, each with the leaf that it is about."""
        if verdict.status is not Status.UNKNOWN:
            return
        asking: dict[int, Question] = {}
        for leaf in leaves(verdict):
            if leaf.status is Status.UNKNOWN:
                for question in questions_of(leaf, ask_labs=self._ask_labs):
                    if question.key not in self._asked and not self._is_known(question):
                        asking[id(leaf)] = question
                        break
        if asking:
            for leaf in matter(verdict, lambda leaf: id(leaf) in asking):
                yield asking[id(leaf)], leaf
