"""A letter that was sent and opened, for each test of answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contact_service.web.answers.way import (
    Way,
)
from tests.support.service.service_parts import Instance, SmtpServer


@pytest.fixture
def way(instance: Instance, smtp_server: SmtpServer, letter: dict[str, Any]) -> Way:
    return Way(instance, smtp_server, letter)
