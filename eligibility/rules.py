"""The waist: the rule objects that a text is turned into and that a patient is evaluated against.

Rules are data: frozen, hashable, compared by meaning, plain JSON. They hold no spans of the text; where each part of a
rule stands in its criterion is kept beside it, in :attr:`Criterion.marks`.

A rule says what must be *true of the patient* for the criterion's condition to hold. Polarity ("must not", "No X" under
Exclusion) has been resolved when a rule is built: under Exclusion, a rule that holds excludes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal, TypeAlias, assert_never

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "Age",
    "All",
    "Allergy",
    "Ambiguous",
    "Any",
    "AtLeast",
    "Concept",
    "Condition",
    "Conditional",
    "Constant",
    "Criterion",
    "Duration",
    "Edge",
    "Finding",
    "ForArms",
    "Limit",
    "Mark",
    "Measurement",
    "Not",
    "OnScales",
    "PatientAttribute",
    "Rule",
    "Sex",
    "Span",
    "Statement",
    "Treatment",
    "Trial",
    "TrialRecord",
    "Unread",
    "Window",
    "children",
    "walk",
]


class _Node(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


# ---------------------------------------------------------------------------------------------------------------------
# Parts of rules


class Concept(_Node):
    """A thing that a rule is about: a disease, a drug, a procedure, an analyte, a test.

    ``name`` is the canonical name in the vocabulary; of an open concept (one that the vocabulary does not know) it is
    its normalised words, and ``broader`` then names the known concepts that its words say it is a kind of: "hairy
    kidney cancer" is a kidney cancer. What holds of the broader (it is absent) holds of the narrower; never reversed.
    """

    name: str
    open: bool = False
    broader: tuple[str, ...] = ()


DurationUnit: TypeAlias = Literal["hours", "days", "weeks", "months", "years", "half-lives"]

DAYS: Final = {"years": 365.25, "months": 365.25 / 12, "weeks": 7.0, "days": 1.0, "hours": 1 / 24}
"""Of the units of an age, roughly: to be compared only with what is far off."""


class Duration(_Node):
    """A length of time. Weeks are seven days, months and years are the calendar's.

    ``exceeded``: of how long something has lasted, longer than this: "for more than 28 days".
    """

    value: float
    unit: DurationUnit
    exceeded: bool = False


Edge: TypeAlias = Literal["start", "end", "either"]
"""From which day of an event is counted: its first, its last; or what lies before it from its first, after it from its
last, so that the days between are within both."""


class Window(_Node):
    """The days that count, relative to an anchor.

    From ``start`` before the anchor to ``end`` before the anchor; a negative duration lies after it; ``None`` is
    unbounded. "Within 4 weeks before" is start 4 weeks, end 0 days. "At least 4 weeks ago" is start ``None``, end 4
    weeks. "During the study and for 5 months after" is start 0 days, end ``None``. The inclusive flags say whether the
    boundary day itself counts.

    ``events``: what of the patient's record the anchor is, any one of these, where the words of ``anchor`` say it:
    "within 6 months after the last dose of cisplatin" counts from the ``end`` of one course of it.
    """

    start: Duration | None = None
    end: Duration | None = Duration(value=0, unit="days")
    start_inclusive: bool = True
    end_inclusive: bool = True
    anchor: str = "screening"  # canonical: screening, consent, enrolment, randomisation, first dose; or words
    events: tuple[Treatment | Condition, ...] = ()
    edge: Edge = "either"

    @property
    def reaches_ahead(self) -> bool:
        """Whether it lies, or ends, after its anchor: "within 4 weeks", said of neither before nor after."""
        return self.end is None or self.end.value < 0 or (self.start is not None and self.start.value < 0)


class Limit(_Node):
    """An interval of numbers in a canonical unit. ``of`` makes them multiples of a reference limit."""

    low: float | None = None
    high: float | None = None
    low_inclusive: bool = True
    high_inclusive: bool = True
    unit: str = ""
    of: Literal["value", "ULN", "LLN", "baseline"] = "value"

    def excludes(self, other: Limit) -> bool:
        """Whether no number lies within both, where both are limits in one unit and of one kind."""
        if (self.unit, self.of) != (other.unit, other.of):
            return False
        return any(
            low.low is not None
            and high.high is not None
            and (low.low > high.high or (low.low == high.high and not (low.low_inclusive and high.high_inclusive)))
            for low, high in ((self, other), (other, self))
        )


Time: TypeAlias = Literal["unstated", "now", "ever", "planned"]
"""When a fact must hold, where no window says it.

``now``: active or ongoing on the screening date. ``ever``: at any time up to and including the screening date.
``planned``: begins after it, or continues through it. ``unstated``: the text names the thing only. For an event
(infarction, stroke, surgery) that is ``ever``; for a disease it is ``now``, with a resolved one left open where it can
come back; for a drug the verdict is the one on which ``now`` and ``ever`` agree.
"""

Moment: TypeAlias = Literal["any", "start", "end"]
"""Which days of a fact must lie in the window: any of them, its first ("diagnosed"), its last ("completed")."""


# ---------------------------------------------------------------------------------------------------------------------
# What is said of a patient


class Age(_Node):
    """Completed years (months, weeks, days, hours) of age."""

    kind: Literal["age"] = "age"
    limit: Limit  # unit: years, months, weeks, days or hours


class Sex(_Node):
    """The patient's sex."""

    kind: Literal["sex"] = "sex"
    sex: Literal["female", "male"]


class PatientAttribute(_Node):
    """A yes/no field of the profile."""

    kind: Literal["attribute"] = "attribute"
    attribute: Literal["pregnant", "breastfeeding", "childbearing_potential", "contraception", "consent"]


class Measurement(_Node):
    """A number observed of the patient lies within a limit: so many times (``repeats``), ``spacing`` apart.

    Of several times, the latest result is one, and so is every one back to the last that is needed.
    """

    kind: Literal["measurement"] = "measurement"
    analyte: Concept
    limit: Limit
    window: Window | None = None
    qualifiers: tuple[str, ...] = ()
    site: str | None = None
    repeats: int = 1
    spacing: Duration | None = None
    note: str = ""  # a repaired misprint, said to the reader


class Finding(_Node):
    """A test, score or biomarker with a result in words: positive, negative, normal, abnormal, present, or others."""

    kind: Literal["finding"] = "finding"
    test: Concept
    result: str
    window: Window | None = None
    qualifiers: tuple[str, ...] = ()
    site: str | None = None
    known: bool = False


class Condition(_Node):
    """There is a condition on record that fits all that is said here and none of the exceptions.

    ``qualifiers`` must all hold of one and the same fact. ``exceptions`` are matched against the same fact where they
    are conditions, and against the patient where they are anything else.
    """

    kind: Literal["condition"] = "condition"
    concept: Concept
    time: Time = "unstated"
    window: Window | None = None
    moment: Moment = "any"
    lasting: Duration | None = None  # present for at least this long
    qualifiers: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()  # any of these: "III", "IIIA", "limited"
    grade: Limit | None = None
    site: str | None = None
    known: bool = False
    suspected: bool = False  # one that is no more than suspected is enough: "known or suspected X"
    other: bool = False  # "other malignancy": not one of ``studied``
    studied: tuple[Concept, ...] = ()
    count: Limit | None = None  # episodes
    exceptions: tuple[Rule, ...] = ()


class Treatment(_Node):
    """There is a treatment on record that fits all that is said here and none of the exceptions."""

    kind: Literal["treatment"] = "treatment"
    concept: Concept
    time: Time = "unstated"
    window: Window | None = None
    moment: Moment = "any"
    lasting: Duration | None = None
    qualifiers: tuple[str, ...] = ()
    route: str | None = None
    dose: Limit | None = None  # per day, unit "mg/day"; of what is given at once, a volume
    dose_equivalent: str | None = None  # the dose is of this drug or its equivalent: "prednisone"
    lines: Limit | None = None  # number of lines of therapy
    count: Limit | None = None
    outcomes: tuple[str, ...] = ()  # any of: progression, refractory, relapse, intolerance, response
    purpose: Concept | None = None  # the condition it was given for
    site: str | None = None
    exceptions: tuple[Rule, ...] = ()


class Allergy(_Node):
    """An allergy, hypersensitivity or intolerance to a substance."""

    kind: Literal["allergy"] = "allergy"
    concept: Concept
    qualifiers: tuple[str, ...] = ()
    known: bool = False
    suspected: bool = False
    exceptions: tuple[Rule, ...] = ()


class Statement(_Node):
    """Something that only an answer can settle: an ability, a willingness, a judgement, an administrative matter."""

    kind: Literal["statement"] = "statement"
    text: str
    topic: Literal[
        "ability", "willingness", "language", "judgement", "participation", "circumstance", "contraindication"
    ]
    who: Literal["caller", "chart", "site", "investigator"] = "caller"


class Unread(_Node):
    """Text that was not understood, where it stands in the rule. Unknown until a person answers it.

    ``narrowing`` stands in an :class:`All`, ``widening`` in an :class:`Any`, ``unclear`` where its part is not known:
    the whole that it stands in is then made unknown by the reader (an :class:`Ambiguous` of both places).
    """

    kind: Literal["unread"] = "unread"
    text: str
    role: Literal["narrowing", "widening", "unclear"] = "unclear"


class Constant(_Node):
    """Holds of everybody, or of nobody: an unconditional permission, a definition."""

    kind: Literal["constant"] = "constant"
    holds: bool
    why: str


# ---------------------------------------------------------------------------------------------------------------------
# Logic


class All(_Node):
    """Every part holds."""

    kind: Literal["all"] = "all"
    parts: tuple[Rule, ...]


class Any(_Node):
    """At least one part holds."""

    kind: Literal["any"] = "any"
    parts: tuple[Rule, ...]


class AtLeast(_Node):
    """At least ``count`` of the parts hold."""

    kind: Literal["at_least"] = "at_least"
    count: int
    parts: tuple[Rule, ...]


class Not(_Node):
    """The part does not hold."""

    kind: Literal["not"] = "not"
    part: Rule


class Conditional(_Node):
    """``then`` where ``when`` holds, ``otherwise`` where it does not; where that is unknown, what both agree on.

    A requirement for some patients only has a :class:`Constant` as ``otherwise``.
    """

    kind: Literal["conditional"] = "conditional"
    when: Rule
    then: Rule
    otherwise: Rule


class Ambiguous(_Node):
    """A text with several readings that matter: the verdict is the one that they share, else unknown."""

    kind: Literal["ambiguous"] = "ambiguous"
    readings: tuple[Rule, ...]
    why: str


class OnScales(_Node):
    """One condition on several scales ("ECOG <= 2 (Karnofsky >= 60%)"): the scale that was scored decides."""

    kind: Literal["on_scales"] = "on_scales"
    parts: tuple[Measurement, ...]


class ForArms(_Node):
    """A condition for some arms or cohorts only; it does not concern a patient considered for another one."""

    kind: Literal["for_arms"] = "for_arms"
    arms: tuple[str, ...]
    part: Rule


Rule: TypeAlias = Annotated[
    Age
    | Sex
    | PatientAttribute
    | Measurement
    | Finding
    | Condition
    | Treatment
    | Allergy
    | Statement
    | Unread
    | Constant
    | All
    | Any
    | AtLeast
    | Not
    | Conditional
    | Ambiguous
    | OnScales
    | ForArms,
    Field(discriminator="kind"),
]

for _model in (
    Window,
    Measurement,
    Finding,
    OnScales,
    Condition,
    Treatment,
    Allergy,
    All,
    Any,
    AtLeast,
    Not,
    Conditional,
    Ambiguous,
    ForArms,
):
    _model.model_rebuild()


def children(rule: Rule) -> tuple[Rule, ...]:
    """The direct parts of a rule, in the order in which the paths of :class:`Mark` count them."""
    # by its kind, in a tenth of the time that a match by classes takes
    if rule.kind in _WITHOUT_PARTS:  # most of all
        return ()
    match rule.kind:
        case "condition" | "treatment" | "allergy":
            return rule.exceptions
        case "all" | "any" | "at_least" | "on_scales":
            return rule.parts
        case "not" | "for_arms":
            return (rule.part,)
        case "conditional":
            return (rule.when, rule.then, rule.otherwise)
        case "ambiguous":
            return rule.readings
        case "age" | "sex" | "attribute" | "measurement" | "finding" | "statement" | "unread" | "constant":
            return ()
        case _:
            assert_never(rule)


_WITHOUT_PARTS = frozenset(("age", "sex", "attribute", "measurement", "finding", "statement", "unread", "constant"))


def walk(rule: Rule, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Rule]]:
    """Every part of a rule with its path, the rule itself first."""
    todo = [(path, rule)]
    while todo:
        path, rule = todo.pop()
        yield path, rule
        parts = children(rule)
        todo += [((*path, index), parts[index]) for index in range(len(parts) - 1, -1, -1)]


# ---------------------------------------------------------------------------------------------------------------------
# What a text is read as


class Span(_Node):
    """A stretch of a text: ``text[start:end]``."""

    start: int
    end: int


class Mark(_Node):
    """Where the part of a rule at ``path`` (see :func:`children`) stands in the criterion's text."""

    path: tuple[int, ...]
    start: int
    end: int


class Criterion(_Node):
    """One inclusion or exclusion criterion, as written and as understood."""

    id: str
    kind: Literal["inclusion", "exclusion"]
    text: str
    rule: Rule
    arms: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    unread: tuple[Span, ...] = ()
    open: tuple[Span, ...] = ()
    source: Span | None = None  # where it stands in the text of the trial; None for a field of the record


class TrialRecord(_Node):
    """The structured fields of a registry record."""

    nct_id: str | None = None
    title: str | None = None
    conditions: tuple[str, ...] = ()
    minimum_age: Duration | None = None
    maximum_age: Duration | None = None
    sex: Literal["female", "male"] | None = None
    healthy_volunteers: bool | None = None


class Trial(_Node):
    """A trial's eligibility criteria, in the order of its text."""

    record: TrialRecord = TrialRecord()
    studied: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    headings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()
