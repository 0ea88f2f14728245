"""The extra step in a real browser: the script does the work, or a person waits and presses."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pysequoia import Tsk
from support import ROOT
from werkzeug.serving import make_server

from contact_service.proof import WAIT
from demo.origin import origin


@pytest.fixture
def guarded(tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Site and service on one origin, with the extra step switched on."""
    key = Tsk.generate(user_id="centre").extract_certificate()
    (tmp_path / "centre.asc").write_text(str(key))
    (tmp_path / "service.toml").write_text(
        f'site_folder = "{site}"\ncontent_folder = "{ROOT / "content"}"\n'
        f'database = "sqlite:///{tmp_path / "outbox.sqlite3"}"\nsecret = "{"s" * 32}"\n'
        'proof_of_work = true\n[smtp]\nhost = "127.0.0.1"\nport = 1\nsecurity = "none"\n'
        'sender = "opora@example.org"\n[[centres.harmanli.recipients]]\n'
        'address = "centre@example.org"\nseal = "openpgp"\nkey = "centre.asc"\n'
    )
    monkeypatch.setenv("OPORA_SETTINGS", str(tmp_path / "service.toml"))
    server = make_server("127.0.0.1", 0, origin(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_step_leads_to_the_receipt(
    page: Page, guarded: str, request: pytest.FixtureRequest
) -> None:
    """With scripts the receipt comes by itself; without, after the wait and a second press."""
    page.goto(f"{guarded}/harmanli/pishete-ni/")
    page.get_by_label("Не", exact=True).check()
    page.get_by_label("Друг човек").check()
    page.get_by_label("Не ме търсете").check()
    page.get_by_label("Какво се случва").fill("Проба на стъпката.")
    page.get_by_label("Прочетох").check()
    page.get_by_role("button", name="Изпратете").click()
    if "no javascript" in request.node.name:
        expect(page.get_by_role("heading", name="Още една стъпка")).to_be_visible()
        page.wait_for_timeout(WAIT.total_seconds() * 1000 + 1000)
        page.get_by_role("button", name="Изпратете").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Прието", timeout=30_000)
