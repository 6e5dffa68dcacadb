from __future__ import annotations

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
