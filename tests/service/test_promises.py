"""What the pages say of a letter's way holds in the settings, or the service does not start."""

from __future__ import annotations

import pytest
from service_parts import Instance

from contact_service.promises import KEPT_BY, broken_promises
from contact_service.settings import SettingsError
from contact_service.web import create_app
from site_model.loader import load_content

WAYS = {
    "openpgp": 'seal = "openpgp"\nkey = "centre.asc"\n',
    "smime": 'seal = "smime"\ncertificate = "centre.pem"\n',
    "pdf": 'seal = "pdf"\npassword_file = "centre.password"\n',
    "plain": 'seal = "plain"\ni_know_that_anyone_on_the_way_can_read_it = true\n',
}
STRENGTH = ("key", "password", "open")
WEAKEST_PROMISE = {"openpgp": "key", "smime": "key", "pdf": "password", "plain": "open"}


def recipient(instance: Instance, seal: str) -> None:
    """The first recipient of Harmanli gets another way of sealing."""
    instance.toml = 'at_rest_identity = "at-rest.txt"\n' + instance.toml.replace(
        WAYS["openpgp"], WAYS[seal], 1
    ).replace('security = "none"', 'security = "starttls"')


@pytest.mark.parametrize("letters", STRENGTH)
@pytest.mark.parametrize("seal", WAYS)
def test_a_way_may_be_stronger_than_promised_but_not_weaker(
    instance: Instance, seal: str, letters: str
) -> None:
    """Twelve pairs: only the weaker way is named, with the centre, the recipient and the mend."""
    instance.promise(letters)
    recipient(instance, seal)
    settings = instance.settings()
    said = list(broken_promises(settings, load_content(settings.content_folder)))
    if STRENGTH.index(letters) >= STRENGTH.index(WEAKEST_PROMISE[seal]):
        assert said == []
    else:
        (sentence,) = said
        assert "centres.harmanli.recipients, № 1" in sentence
        assert f"letters: {WEAKEST_PROMISE[seal]}" in sentence


def test_every_way_keeps_some_promise() -> None:
    """No way of sealing is forgotten."""
    assert set().union(*KEPT_BY.values()) == set(WAYS)


def test_the_service_does_not_start_on_a_false_promise(instance: Instance) -> None:
    """A PDF whose password lies on the server, where the pages promise the centre's own key."""
    recipient(instance, "pdf")
    with pytest.raises(SettingsError, match="letters: password"):
        create_app(instance.settings())
