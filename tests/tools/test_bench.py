"""What the benches name is there."""

from __future__ import annotations

import importlib
from operator import attrgetter

import pytest

from tools.bench.steps import STEPS


@pytest.mark.parametrize(("module", "name"), [step[1:] for step in STEPS])
def test_every_step_of_a_letter_is_there(module: str, name: str) -> None:
    """A renamed function fails here, and not only when somebody measures."""
    assert callable(attrgetter(name)(importlib.import_module(module)))
