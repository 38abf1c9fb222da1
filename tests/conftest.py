"""Hypothesis profiles: the same examples on every run in CI, many more on request.

`pytest --hypothesis-profile=deep` looks much further.
"""

import os

from hypothesis import HealthCheck, settings

pytest_plugins = ["servers", "shell"]

settings.register_profile(
    "ci",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", deadline=None, max_examples=3_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

os.environ["BARGAIN_CACHE"] = ""  # a test that wants a cache hands one in
