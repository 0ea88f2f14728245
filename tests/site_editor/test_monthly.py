"""What there is to do, as a text and by a real mail server; off until it is turned on."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from contact_service.settings.service import SettingsError
from service_admin.monthly import send_list
from site_build.project import Project
from site_editor.draft import centre_file
from site_editor.monthly.wording import todo_lines
from site_editor.todo import todo
from site_model.loading.loader import load_content
from tests.support.project import ROOT, copy_project
from tests.support.service.service_parts import SECRET, Instance, SmtpServer

NOVEMBER, LATER, DECEMBER = (
    datetime(2026, month, day, 8, tzinfo=UTC) for month, day in ((11, 1), (11, 7), (12, 1))
)


def lines(project: Project, centre: str = "harmanli") -> list[str]:
    content = load_content(project.content)
    waiting = todo(centre_file(project, content, centre))
    return list(todo_lines(content.centres[centre], waiting, project.today))


def test_list_is_the_first_page_as_text(tmp_path: Path) -> None:
    """The same entries under the same titles, ★ first; no title over nothing."""
    project = copy_project(tmp_path / "site", languages=None)
    file = project.content / "centres" / "harmanli.yml"
    old = "Центърът се намира в западната част на града."
    file.write_text(file.read_text().replace(old, "Центърът е в западната част на града."))
    told = lines(replace(project, today=date(2028, 1, 9)))
    assert told[0] == "ЦОП Харманли, към 09.01.2028: какво има за вършене по сайта"
    assert "Време е да се провери" in told
    assert any(line.startswith("  всичко за центъра: трябваше до ") for line in told)
    (older,) = [line for line in told if "Сградата № 1" in line]
    assert older.endswith("(английски, турски, украински, арабски)")
    asked = told[told.index("Какво да се попита центърът; с ★ е най-важното") + 1 :]
    starred = [line.startswith("  ★ ") for line in asked]
    assert starred == sorted(starred, reverse=True) and any(starred)
    assert "Листове за печат" not in "\n".join(told)
    assert ".yml" not in "\n".join(told)


def test_list_is_sent_once_a_month_to_each_mailbox(
    instance: Instance, smtp_server: SmtpServer
) -> None:
    """In words and unsealed, from the service's own address; the next one in the next month."""
    settings, outbox = instance.settings(), instance.outbox()
    told = ["ЦОП Харманли: какво има за вършене", "", "Какво да се попита", "  ★ Къде сте?"]
    for now in (NOVEMBER, LATER, DECEMBER):
        assert send_list(settings, outbox, "harmanli", told, now)
    assert [recipients for recipients, _ in smtp_server.taken] == [["harmanli@example.org"]] * 2
    mail = smtp_server.taken[0][1]
    assert (mail["From"], mail["Subject"]) == ("opora@example.org", told[0])
    assert "★ Къде сте?" in mail.get_content()
    assert "monthly_list" in mail.get_content()


def test_what_was_not_taken_is_sent_on_another_day(
    instance: Instance, smtp_server: SmtpServer
) -> None:
    """A mail server that is away loses no list, and doubles none."""
    settings, outbox = instance.settings(), instance.outbox()
    smtp_server.answer = lambda _: "451 later"
    assert not send_list(settings, outbox, "harmanli", ["a", "b"], NOVEMBER)
    smtp_server.answer = lambda _: "250 OK"
    assert send_list(settings, outbox, "harmanli", ["a", "b"], LATER)
    assert send_list(settings, outbox, "harmanli", ["a", "b"], LATER)
    assert len(smtp_server.taken) == 1


def say(module: str, *words: str, settings: Path | None = None) -> CompletedProcess[str]:
    known = {"OPORA_SETTINGS": str(settings), "OPORA_SECRET": SECRET} if settings else {}
    command = [sys.executable, "-m", module, *words, "--project", str(ROOT)]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | known, capture_output=True, text=True, check=False
    )


def test_command_prints_a_list_for_each_centre() -> None:
    both = say("site_editor.monthly")
    assert both.returncode == 0
    assert "ЦОП Харманли, към " in both.stdout and "Сопот, към " in both.stdout
    assert "Харманли, към" not in say("site_editor.monthly", "--centre", "sopot").stdout
    wrong = say("site_editor.monthly", "--centre", "x")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "Няма център „x“. Има: harmanli, sopot." in wrong.stderr


def test_only_what_was_turned_on_is_sent(instance: Instance, smtp_server: SmtpServer) -> None:
    """By mail nothing without the setting; with it one list for each mailbox, however often."""
    file = instance.folder / "service.toml"
    file.write_text(instance.toml)
    off = say("service_admin", "monthly-list", settings=file)
    assert (off.returncode, smtp_server.taken) == (0, [])
    assert "monthly_list = true" in off.stdout
    file.write_text(f"monthly_list = true\n{instance.toml}")
    for _ in range(2):
        done = say("service_admin", "monthly-list", settings=file)
        assert done.returncode == 0, done.stderr
    taken = sorted(recipients[0] for recipients, _ in smtp_server.taken)
    assert taken == ["harmanli@example.org", "sopot@example.org"]
    assert "какво има за вършене по сайта" in smtp_server.taken[0][1]["Subject"]


def test_setting_is_yes_or_no(instance: Instance) -> None:
    """Anything else is told with the setting's name."""
    wrong = replace(instance, toml=f'monthly_list = "x"\n{instance.toml}')
    with pytest.raises(SettingsError, match="monthly_list"):
        wrong.settings()
