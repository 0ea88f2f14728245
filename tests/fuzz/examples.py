"""How many examples each test tries.

OPORA_FUZZ_EXAMPLES says how many all tests together try (2,000 unless told). The short run is
the same every time; a longer one draws new examples each time.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import hypothesis.configuration
from hypothesis import HealthCheck, settings

hypothesis.configuration.set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "hypothesis")

SHORT = 2000
EXAMPLES = int(os.environ.get("OPORA_FUZZ_EXAMPLES", SHORT))


def tries(share: float) -> Any:
    """Settings of one test: its share of all examples."""
    return settings(
        max_examples=max(10, int(EXAMPLES * share)),
        deadline=None,
        derandomize=EXAMPLES <= SHORT,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
