"""How hard Hypothesis tries: the same examples each time, quickly; HUIYIN_TEST_THOROUGH=1 for fresh and many ones."""

import os

from hypothesis import HealthCheck, settings

_COMMON = {
    "report_multiple_bugs": False,
    "deadline": None,
    "database": None,
    "suppress_health_check": [HealthCheck.too_slow],
}

settings.register_profile("quick", derandomize=True, max_examples=100, stateful_step_count=50, **_COMMON)
settings.register_profile("thorough", max_examples=1500, stateful_step_count=80, **_COMMON)
settings.load_profile("thorough" if os.environ.get("HUIYIN_TEST_THOROUGH") else "quick")
