"""The short ways that most verdicts take say what the long ones say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from eligibility.deciding import observing
from eligibility.deciding.comparing import compare, gauge
from eligibility.deciding.evaluate import case_of
from eligibility.deciding.kept import kept
from eligibility.patient.profile import Interval, PatientProfile
from eligibility.rules import Limit

ON = date(2026, 11, 1)
NUMBERS = st.sampled_from([0.0, 0.1, 0.3, 1.0, 1.5, 40.0, 60.0, 1e9]) | st.floats(-1e6, 1e6)


@given(
    NUMBERS, NUMBERS | st.none(), NUMBERS | st.none(), st.booleans(), st.booleans(), st.sampled_from([1.0, 0.1, 40.0])
)
def test_a_number_is_the_interval_of_one_point(
    value: float, low: float | None, high: float | None, low_in: bool, high_in: bool, factor: float
) -> None:
    limit = Limit(low=low, high=high, low_inclusive=low_in, high_inclusive=high_in)
    for number in (value, *(bound * factor for bound in (low, high) if bound is not None)):
        assert gauge(limit)(number, factor) is compare(Interval(number, number), limit, factor)


DAYS = st.integers(-5, 120).map(lambda days: ON - timedelta(days=days)) | st.none()


@given(st.lists(DAYS, max_size=6), st.dates(date(2026, 6, 1), date(2026, 12, 1)))
def test_the_latest_of_plain_days(days: list[date | None], as_of: date) -> None:
    listed: list[dict[str, Any]] = [{"name": "platelets", "value": 100, "unit": "10*9/L", "date": day} for day in days]
    case = case_of(PatientProfile.model_validate({"as_of": as_of, "observations": listed}), ON)
    plain = observing.choose(case, "platelet count", None)
    general = observing._dated(case, "platelet count", None, case.chart.seen("platelet count"))
    assert plain.cause is general.cause
    assert list(plain.observations) == list(general.observations)


def test_what_is_kept_is_of_the_very_object_and_bounded() -> None:
    made: list[str] = []

    def make(name: Limit) -> str:
        made.append(str(name.low))
        return made[-1]

    of = kept(make, most=2)
    one, other, third = Limit(low=1), Limit(low=1), Limit(low=3)
    assert of(one) == of(one) == "1.0"
    assert len(made) == 1
    assert of(other) == "1.0"
    assert len(made) == 2
    assert of(third) == "3.0"
    assert of(one) == "1.0"
    assert len(made) == 4
