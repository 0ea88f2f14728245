"""security.txt: made where a contact is named, valid, and never past its day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sectxt import Parser

from site_build.output.security_txt import PLACE, put_security_txt, security_txt
from site_build.pipeline import build_site
from site_model.content import Content
from site_model.facts.shared import Site
from site_model.loading.loader import load_content
from site_model.problems import ContentError
from tests.support.project import copy_project

CONTACT = "it@example.org"


def site_with(content: Content, **changes: Any) -> Site:
    return content.site.model_copy(update={"security_contact": CONTACT, **changes})


def faults(text: str) -> list[str]:
    """What the validator of securitytxt.org's rules finds; `no_…_sig` only advises to sign."""
    parser = Parser(text.encode())
    return [each["code"] for each in parser.errors]


def test_it_follows_the_rfc(content: Content) -> None:
    """A validator that shares no code with us finds no error in the file of today."""
    text = security_txt(site_with(content), datetime.now(UTC).date())
    assert text is not None
    assert faults(text) == []
    assert f"Contact: mailto:{CONTACT}\n" in text
    assert f"Canonical: https://opora.example/{PLACE}\n" in text


def test_the_validator_finds_faults(content: Content) -> None:
    """Without a contact, and after the day on which it ends, it says so."""
    text = security_txt(site_with(content), datetime.now(UTC).date()) or ""
    assert faults(text.replace("Contact:", "Kontakt:"))
    old = security_txt(site_with(content), datetime.now(UTC).date() - timedelta(days=181))
    assert faults(old or "") == ["expired"]


def test_it_ends_within_a_year_of_the_build(content: Content) -> None:
    """The day follows from that of the build, and the bytes are the same for the same day."""
    day = date(2026, 11, 22)
    text = security_txt(site_with(content), day)
    assert text is not None
    assert "Expires: 2027-05-21T00:00:00Z\n" in text
    assert text == security_txt(site_with(content), day)


def test_signs_of_an_address_are_kept_apart(content: Content) -> None:
    """What means something in an address of the web is written with %."""
    text = security_txt(site_with(content, security_contact="a?b#c@example.org"), date.today())
    assert "Contact: mailto:a%3Fb%23c@example.org\n" in (text or "")


def test_only_where_a_contact_is_named(content: Content, tmp_path: Path, site: Path) -> None:
    """Without one there is no file; ours is taken away, one written by hand and others stay."""
    assert not (site / PLACE).exists()
    file = tmp_path / PLACE
    put_security_txt(tmp_path, site_with(content), date.today())
    challenge = file.parent / "acme-challenge"
    challenge.touch()
    assert {path.name for path in file.parent.iterdir()} == {"security.txt", "acme-challenge"}
    put_security_txt(tmp_path, content.site, date.today())
    assert not file.exists()
    file.write_text("Contact: mailto:by-hand@example.org\n")
    put_security_txt(tmp_path, content.site, date.today())
    assert file.exists()
    assert challenge.exists()


def test_a_build_makes_it(tmp_path: Path) -> None:
    """A second build leaves it, with what else lies beside it."""
    project = copy_project(tmp_path / "project")
    settings = project.content / "site.yml"
    settings.write_text(f"{settings.read_text()}security_contact: {CONTACT}\n")
    build_site(project)
    made = (project.site / PLACE).read_bytes()
    (project.site / ".well-known" / "other").touch()
    build_site(project)
    assert (project.site / PLACE).read_bytes() == made
    assert (project.site / ".well-known" / "other").exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("security_contact: nobody", "security_contact"),
        ("security_contact: it@example.org", "само в корена на адреса"),
    ],
)
def test_what_nobody_would_find_is_refused(tmp_path: Path, line: str, words: str) -> None:
    """No address, or a site that does not stand at the root of its address, where it is read."""
    project = copy_project(tmp_path)
    settings = project.content / "site.yml"
    text = settings.read_text().replace("https://opora.example/", "https://opora.example/cop/")
    settings.write_text(f"{text}{line}\n")
    with pytest.raises(ContentError, match=words):
        load_content(project.content)
