from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# The same examples on every run: a law that fails is found when it is written, and pinned.
settings.register_profile(
    "laws",
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("laws")


@pytest.fixture(scope="session", autouse=True)
def kept_apart(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test keeps a call among the user's own."""
    os.environ["ELIGIBILITY_CALLS"] = str(tmp_path_factory.mktemp("calls") / "calls.sqlite")
