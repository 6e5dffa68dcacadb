from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "laws", max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("laws")


@pytest.fixture(autouse=True, scope="session")
def _cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing of a test run is kept but what the package itself caches."""
