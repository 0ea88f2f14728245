"""Who is turned away before a form is read: the rule, as a table."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import Headers

from contact_service.web.guard import from_own_site


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
        ({"Origin": "null"}, True),
        ({"Origin": "https://opora.example"}, True),
        ({"Origin": "http://localhost"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, False),
        ({"Sec-Fetch-Site": "same-site", "Origin": "https://evil.opora.example"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, False),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://opora.example"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": ""}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "http://["}, False),
        ({"Origin": "http://localhost@evil.example"}, False),
        ({"Origin": "https://opora.example:444"}, False),
        ({"Origin": "http://evil-localhost"}, False),
        ({"Origin": "http://evil.localhost"}, False),
        ({"Origin": "http://localhost.evil.example"}, False),
        ({"Origin": "http://localhost:81"}, False),
        ({"Origin": "localhost"}, False),
        ({"Origin": "https://evil.example/https://localhost"}, False),
        ({"Origin": "https://evil-opora.example"}, False),
    ],
)
def test_only_our_pages_may_post(headers: dict[str, str], ours: bool) -> None:
    """Another site's form is refused; old browsers that hide their origin are not."""
    asked = Headers({"Host": "localhost", **headers})
    assert from_own_site(asked, {"https://opora.example"}) is ours
