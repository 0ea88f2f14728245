"""Whatever stops a command, a person reads one sentence, and what was there before stays."""

from __future__ import annotations

import fcntl
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from site_build.__main__ import main
from site_build.locking import only_writer
from site_build.pipeline import Project, build_site
from tests.support.content.project_changes import (
    HARMANLI,
    append,
    copy_built,
    replace_once,
    run,
    said,
)
from tests.support.pages.built_pages import files_of
from tests.support.processes import started
from tests.support.project import ROOT, built_project, copy_project
from tests.support.waiting import wait_for

Captured = pytest.CaptureFixture[str]


@contextmanager
def start(project: Project, *command: str, **more: Any) -> Iterator[subprocess.Popen[str]]:
    """`python -m site_build` in a process of its own, that goes on beside the test."""
    words = [sys.executable, "-m", "site_build", *command, "--project", str(project.root)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with started(words, cwd=ROOT, text=True, **pipes, **more) as process:
        yield process


def a_folder_for_a_page(project: Project) -> None:
    (project.site / "harmanli" / "kontakti" / "index.html").unlink()
    (project.site / "harmanli" / "kontakti" / "index.html").mkdir()


def a_file_for_a_folder(project: Project) -> None:
    shutil.rmtree(project.site / "harmanli")
    (project.site / "harmanli").write_text("мое", encoding="utf-8")


def a_file_for_the_site(project: Project) -> None:
    shutil.rmtree(project.site)
    project.site.write_text("мое", encoding="utf-8")


def a_file_for_what_builds_make(project: Project) -> None:
    shutil.rmtree(project.root / "build")
    (project.root / "build").write_text("мое", encoding="utf-8")


def no_settings_of_the_engine(project: Project) -> None:
    project.config.unlink()


def settings_that_are_not_text(project: Project) -> None:
    project.config.write_bytes("site_name: Опора".encode("cp1251"))


TROUBLES: dict[Callable[[Project], None], tuple[str, str]] = {
    a_folder_for_a_page: ("site/harmanli/kontakti/index.html", "това е папка, а тук трябва"),
    a_file_for_a_folder: ("site/harmanli", "това е файл, а тук трябва да е папка"),
    a_file_for_the_site: ("site", "това е файл, а тук трябва да е папка"),
    a_file_for_what_builds_make: ("build", "има нещо друго"),
    no_settings_of_the_engine: ("mkdocs.yml", "няма такъв файл"),
    settings_that_are_not_text: ("mkdocs.yml", "invalid continuation byte"),
}


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
def test_trouble_with_files_is_one_sentence_with_the_file(
    tmp_path: Path, capsys: Captured, trouble: Callable[[Project], None]
) -> None:
    """Exit code 1, the file, what to do, no traceback; no file of the site has changed."""
    project = built_project(tmp_path)
    replace_once(project, HARMANLI, "0373 9 10 76", "0373 9 10 77")
    trouble(project)
    before = files_of(project.site) if project.site.is_dir() else {}
    file, sentence = TROUBLES[trouble]
    message = said(project, capsys)
    assert message.startswith("Сайтът не е направен")
    assert f"{project.root}/{file}: " in message
    assert sentence in message
    assert "Traceback" not in message
    assert not project.site.is_dir() or files_of(project.site) == before


def test_a_full_disk_is_said_and_the_old_site_stays(tmp_path: Path) -> None:
    """Where no file may grow any more, there is a sentence and not half a site."""
    project = built_project(tmp_path)
    replace_once(project, HARMANLI, "0373 9 10 76", "0373 9 10 77")
    before = files_of(project.site)

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    with start(project, preexec_fn=full) as built:
        out, message = built.communicate()
    assert (built.returncode, out) == (1, "")
    assert "Traceback" not in message
    assert "файлът става по-голям, отколкото е позволено" in message
    assert str(project.root / "build") in message
    assert files_of(project.site) == before


def test_only_debug_shows_where_in_the_code_it_failed(tmp_path: Path, capsys: Captured) -> None:
    """Without it there is a sentence, with it the exception itself."""
    project = copy_project(tmp_path)
    project.site.write_text("мое", encoding="utf-8")
    assert "Traceback" not in said(project, capsys)
    with pytest.raises(NotADirectoryError):
        main(["--project", str(project.root), "--debug"])


def test_who_reads_only_the_beginning_gets_no_complaint(tmp_path: Path) -> None:
    """`report | head -1`: the pipe breaks, and that is no error."""
    project = copy_project(tmp_path)
    with start(project, "report") as asked:
        assert asked.stdout
        asked.stdout.close()
        assert asked.stderr
        assert asked.stderr.read() == ""
        assert asked.wait() == 0


def test_ctrl_c_is_quiet_and_leaves_the_old_site(tmp_path: Path, site: Path) -> None:
    """Every process of the build ends; one line says that it was interrupted."""
    project = copy_built(site, tmp_path)
    replace_once(project, "content/help_lines.yml", "bg: ", "bg: И ")
    before = files_of(project.site)
    with start(project) as built:
        wait_for(lambda: any(project.built.rglob("*.html")))
        os.killpg(built.pid, signal.SIGINT)
        out, message = built.communicate()
    assert (built.returncode, message) == (130, "\nПрекъснато. Сайтът не е направен.\n")
    assert "Готово" not in out
    assert files_of(project.site) == before


def test_a_second_build_is_told_to_wait(tmp_path: Path, capsys: Captured) -> None:
    """While one writes the project, another says so and touches nothing."""
    project = built_project(tmp_path)
    replace_once(project, HARMANLI, "0373 9 10 76", "0373 9 10 77")
    before = files_of(project.site)
    with only_writer(project.lock):
        assert "вече върви друга направа на сайта" in said(project, capsys)
    assert files_of(project.site) == before
    assert main(["--project", str(project.root)]) == 0


def test_of_two_builds_at_once_each_gives_a_whole_site_or_says_why_not(tmp_path: Path) -> None:
    """Anyone who says „Готово“ has made every page, with the facts of now."""
    project = built_project(tmp_path)
    replace_once(project, "content/help_lines.yml", "bg: ", "bg: И ")
    with start(project) as one, start(project) as other:
        said_by = [one.communicate(), other.communicate()]
    codes = sorted([one.returncode, other.returncode])
    assert codes in ([0, 0], [0, 1])
    if codes == [0, 1]:
        assert any("вече върви друга направа" in error for _, error in said_by)
    after = files_of(project.site)
    shutil.rmtree(project.site)
    build_site(project)
    assert files_of(project.site) == after


def test_who_writes_facts_waits_for_a_build(tmp_path: Path) -> None:
    """`accept-forms` says that it waits, and writes when the build is done."""
    project = copy_project(tmp_path)
    versions = project.content / "form_versions.yml"
    versions.unlink()
    with ExitStack() as running:
        with only_writer(project.lock):
            accepting = running.enter_context(start(project, "accept-forms"))
            assert accepting.stdout
            assert "Чакам я да свърши" in accepting.stdout.readline()
            assert not versions.exists()
        _, message = accepting.communicate()
    assert (accepting.returncode, message) == (0, "")
    assert versions.exists()


def test_a_build_that_was_killed_leaves_no_lock(tmp_path: Path, site: Path) -> None:
    """The kernel lets go for it."""
    project = copy_built(site, tmp_path)
    replace_once(project, "content/help_lines.yml", "bg: ", "bg: И ")
    with start(project) as built:
        # Before it writes, to ask for its lock could take it away from it.
        wait_for(lambda: any(project.built.rglob("*.html")))
        assert _is_held(project.lock)
        built.kill()
        built.communicate()
    wait_for(lambda: not _is_held(project.lock))
    assert build_site(project).pages


def _is_held(lock: Path) -> bool:
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_facts_that_change_while_a_build_runs_are_in_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file saved just after it was read: the previous page does not count as up to date."""
    from site_build import pipeline

    project = copy_project(tmp_path)
    read = pipeline.load_content

    def saved_meanwhile(*arguments: object) -> object:
        content = read(*arguments)  # type: ignore[arg-type]
        replace_once(project, HARMANLI, "0373 9 10 76", "0373 9 10 77")
        return content

    monkeypatch.setattr(pipeline, "load_content", saved_meanwhile)
    build_site(project)
    monkeypatch.undo()
    build_site(project)
    page = (project.site / "harmanli" / "kontakti" / "index.html").read_text(encoding="utf-8")
    assert "+35937391077" in page


def test_a_check_of_every_kind_of_failure_is_told_by_check_too(
    tmp_path: Path, capsys: Captured
) -> None:
    """What a build would say, `check` says without building."""
    project = copy_project(tmp_path)
    append(project, "docs/bg/za-saita.md", "[а](/nyama/)")
    assert run(project, "check").returncode == 1
    assert "„/nyama/“ не води доникъде" in said(project, capsys, "check")
    assert not project.site.exists()


def test_a_line_of_history_without_a_date_says_so(tmp_path: Path) -> None:
    """A date is not asked for, so the page does without; it once ended the build."""
    project = copy_project(tmp_path)
    file = project.root / HARMANLI
    text = file.read_text(encoding="utf-8")
    before, history = text.split("\nhistory:\n")
    history, dates = re.subn(r"(?m)^ +(- )?as_of: .*\n|,? *as_of: [\w'-]+", "", history, count=1)
    assert dates == 1
    file.write_text(f"{before}\nhistory:\n{history}", encoding="utf-8")
    build_site(project)
    page = (project.site / "harmanli" / "ekip-i-istoriya" / "index.html").read_text("utf-8")
    assert "Без посочена дата" in page
