"""What the pages say of letters holds in the settings, or costs those that it does not hold for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from contact_service.settings.site_statements import KEPT_BY, disagreements
from contact_service.web.site_pages import forms_sent_elsewhere
from site_model.loading.loader import load_content
from tests.support.service.service_parts import Instance

WAYS = {
    "openpgp": 'seal = "openpgp"\nkey = "centre.asc"\n',
    "smime": 'seal = "smime"\ncertificate = "centre.pem"\n',
    "pdf": 'seal = "pdf"\npassword_file = "centre.password"\n',
}
STRENGTH = ("key", "password")
WEAKEST_PROMISE = {"openpgp": "key", "smime": "key", "pdf": "password"}


def recipient(instance: Instance, seal: str) -> None:
    """The first recipient of Harmanli gets another way of sealing."""
    instance.toml = instance.toml.replace(WAYS["openpgp"], WAYS[seal], 1)


@pytest.mark.parametrize("letters", STRENGTH)
@pytest.mark.parametrize("seal", WAYS)
def test_a_way_may_be_stronger_than_promised_but_not_weaker(
    instance: Instance, seal: str, letters: str
) -> None:
    """Six pairs: only the weaker way is named, with the centre, the recipient and the fix."""
    instance.promise(letters)
    recipient(instance, seal)
    settings = instance.settings()
    said = list(disagreements(settings, load_content(settings.content_folder)))
    if STRENGTH.index(letters) >= STRENGTH.index(WEAKEST_PROMISE[seal]):
        assert said == []
    else:
        (sentence,) = said
        assert "centres.harmanli.recipients, № 1" in sentence
        assert f"letters: {WEAKEST_PROMISE[seal]}" in sentence


def test_every_way_keeps_some_promise() -> None:
    """No way of sealing is forgotten."""
    assert set().union(*KEPT_BY.values()) == set(WAYS)


def test_a_false_promise_costs_its_own_centre_alone(
    instance: Instance, letter: dict[str, Any]
) -> None:
    """A PDF whose password lies on the server, where the pages promise the centre's own key."""
    recipient(instance, "pdf")
    (instance.folder / "centre.password").write_text("парола за пробите\n")
    (instance.folder / "centre.password").chmod(0o600)
    client = instance.client()
    refused = client.post("/send/bg/harmanli/contact", data=letter)
    assert refused.status_code == 503
    assert letter["message"] in refused.text
    without = {name: answer for name, answer in letter.items() if name != "services"}
    assert client.post("/send/bg/sopot/contact", data=without).status_code == 303


def test_a_centre_that_has_no_pages_stops_no_other(
    instance: Instance, letter: dict[str, Any]
) -> None:
    """A centre that left the site, or a slip in its name: the others take letters."""
    instance.toml += (
        '[[centres.sopott.recipients]]\naddress = "sopot@example.org"\n' + WAYS["openpgp"]
    )
    assert instance.client().post("/send/bg/harmanli/contact", data=letter).status_code == 303


def test_content_alone_cannot_send_letters_to_another_server(
    instance: Instance, letter: dict[str, Any]
) -> None:
    """An origin that only the content names is said, and no page of the service leads there."""
    instance.promise("key")
    site = instance.folder / "content" / "site.yml"
    site.write_text(site.read_text() + "service_origin: https://evil.example\n")
    settings = instance.settings()
    (sentence,) = disagreements(settings, load_content(settings.content_folder))
    assert "https://evil.example" in sentence
    again = instance.client().post("/send/bg/harmanli/contact", data={**letter, "message": ""})
    assert again.status_code == 422
    assert "evil.example" not in again.text
    instance.toml = 'service_origin = "https://evil.example"\n' + instance.toml
    settings = instance.settings()
    assert list(disagreements(settings, load_content(settings.content_folder))) == []


@pytest.mark.parametrize(
    "form",
    [
        '<form action="https://evil.example/send/bg/harmanli/contact">',
        "<form action=//evil.example>",
        '<button formaction="HTTPS://evil.example/">',
        '<form action=" https&#58;//evil.example/">',
        '<form action="\\\\evil.example">',
        '<form action="https://pisma.example.evil.example/send/">',
    ],
)
def test_a_built_form_that_leads_elsewhere_is_found(tmp_path: Path, form: str) -> None:
    """However it is written; forms of the site and of the operator's own service are not."""
    (tmp_path / "a").mkdir()
    page = tmp_path / "a" / "index.html"
    own = '<form action="/send/bg/a/contact"><form action="https://pisma.example/send/bg/a/b">'
    page.write_text(f"<body>{own}{form}")
    found = list(forms_sent_elsewhere(tmp_path, "https://pisma.example/send"))
    assert [where for where, _ in found] == [page]
    assert "evil.example" in found[0][1]
