"""A build after a change makes only what changed, and the same bytes as a build of everything."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from site_build import workers
from site_build.errors import BuildError
from site_build.page_files import PageFiles
from site_build.pipeline import Project, build_site, try_site
from tests.support.content.project_changes import (
    ABOUT_SITE,
    HARMANLI,
    SOPOT,
    append,
    copy_built,
    replace_once,
    run,
    times_of,
)
from tests.support.pages.built_pages import files_of
from tests.support.project import (
    LEMMAS,
    ONLY_BULGARIAN,
    ROOT,
    built_project,
    copy_project,
    kept_by_builds,
    set_languages,
)

TWO_LANGUAGES = f"{ONLY_BULGARIAN}  - {{code: tr, scope: main, read_by_native: false}}\n"


def one_fact(project: Project) -> None:
    replace_once(project, HARMANLI, "0373 9 10 76", "0373 9 10 77")


def a_fact_of_all(project: Project) -> None:
    replace_once(project, "content/help_lines.yml", "bg: ", "bg: И ")


def an_interface_word(project: Project) -> None:
    replace_once(project, "locale/tr.po", 'msgstr "Menü"', 'msgstr "Sayfalar"')


def a_page_by_hand(project: Project) -> None:
    append(project, ABOUT_SITE, "Още едно изречение.")


def a_new_page_by_hand(project: Project) -> None:
    (project.root / "docs" / "bg" / "novo.md").write_text("# Ново\n", encoding="utf-8")


def a_deleted_centre(project: Project) -> None:
    (project.root / SOPOT).unlink()


def a_new_centre(project: Project) -> None:
    facts = (project.root / HARMANLI).read_text(encoding="utf-8")
    third = facts.replace("\nid: harmanli\n", "\nid: third\n")
    (project.content / "centres" / "third.yml").write_text(third, encoding="utf-8")


def a_form(project: Project) -> None:
    replace_once(project, "content/forms/contact.yml", "bg: ", "bg: И ")


def a_language_less(project: Project) -> None:
    set_languages(project, ONLY_BULGARIAN)


def the_address_of_the_site(project: Project) -> None:
    replace_once(project, "content/site.yml", "https://opora.example/", "https://a.example/b/")


def a_page_spoilt_by_hand(project: Project) -> None:
    (project.site / "harmanli" / "index.html").write_text("x", encoding="utf-8")


def a_file_too_many(project: Project) -> None:
    (project.site / "harmanli" / "staro").mkdir()
    (project.site / "harmanli" / "staro" / "index.html").write_text("x", encoding="utf-8")


def a_copy_deleted(project: Project) -> None:
    (project.site / "index.html.br").unlink()


def what_the_index_needs_spoilt(project: Project) -> None:
    """Of pages that are not made again; the index is, because another centre changed."""
    one_fact(project)
    spoilt = 0
    for path in project.made.iterdir():
        written = path.read_bytes()
        if isinstance(pickle.loads(written[32:]), list):  # noqa: S301
            path.write_bytes(written[:-1])
            spoilt += 1
    assert spoilt == 4  # two centres in two languages


def a_memory_spoilt(project: Project) -> None:
    project.lemmas.unlink()  # those that all tests share stay as they are
    shutil.copytree(LEMMAS, project.lemmas)
    for kept in (project.made, project.kept, project.paper_cache("bg"), project.lemmas):
        files = [path for path in kept.rglob("*") if path.is_file()]
        assert files
        for path in files:
            path.write_bytes(b"x")


@pytest.fixture(scope="module")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The finished site in a full and in a small language."""
    project = copy_project(tmp_path_factory.mktemp("small"), languages=TWO_LANGUAGES)
    build_site(project)
    return project.site


CHANGES: tuple[Callable[[Project], None], ...] = (
    one_fact,
    a_fact_of_all,
    an_interface_word,
    a_page_by_hand,
    a_new_page_by_hand,
    a_deleted_centre,
    a_new_centre,
    a_form,
    a_language_less,
    the_address_of_the_site,
    what_the_index_needs_spoilt,
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_gives_the_bytes_of_a_whole_build(
    tmp_path: Path, small_site: Path, change: Callable[[Project], None]
) -> None:
    """Whatever changed: the site is the same as that of a project which knows of no build."""
    folder = copy_built(small_site, tmp_path / "changed").root
    project = Project(folder, catalogues=folder / "locale")
    change(project)
    build_site(project)
    anew = Project(tmp_path / "anew", catalogues=tmp_path / "anew" / "locale")
    anew.root.mkdir()
    for name in ("content", "docs", "locale"):
        shutil.copytree(project.root / name, anew.root / name)
    shutil.copy(project.config, anew.config)
    shutil.copytree(project.paper_cache("bg"), anew.paper_cache("bg"))
    shutil.copytree(kept_by_builds() / "templates", anew.kept / "templates")
    if change is not a_page_by_hand:  # it takes seconds, and one case with other words shows it
        anew.lemmas.symlink_to(LEMMAS, target_is_directory=True)
    build_site(anew)
    assert files_of(project.site) == files_of(anew.site)


SPOILT: tuple[Callable[[Project], None], ...] = (
    a_page_spoilt_by_hand,
    a_file_too_many,
    a_copy_deleted,
    a_memory_spoilt,
)


@pytest.mark.parametrize("change", SPOILT, ids=lambda change: change.__name__)
def test_what_was_spoilt_is_made_again(
    tmp_path: Path, small_site: Path, change: Callable[[Project], None]
) -> None:
    """Where no fact has changed, the site is as it was."""
    project = copy_built(small_site, tmp_path)
    change(project)
    build_site(project)
    assert files_of(project.site) == files_of(small_site)


def test_a_changed_template_gives_the_bytes_of_a_whole_build(tmp_path: Path) -> None:
    """The code and its templates are part of what pages are made of."""
    code = tmp_path / "code"
    for package in ("site_build", "site_model"):
        shutil.copytree(ROOT / package, code / package)
    project = copy_project(tmp_path / "project")
    run(project, folder=code)
    template = code / "site_build" / "pages" / "templates" / "centre" / "contacts.md"
    template.write_text(template.read_text(encoding="utf-8") + "\nКрай.\n", encoding="utf-8")
    run(project, folder=code)
    changed = files_of(project.site)
    assert "Край." in changed["harmanli/kontakti/index.html"].decode()
    for folder in (project.site, project.made, project.kept):
        shutil.rmtree(folder)
    run(project, folder=code)
    assert files_of(project.site) == changed


def test_one_fact_makes_one_centre_anew(tmp_path: Path, small_site: Path) -> None:
    """After a change to one centre no page of another is made or touched."""
    project = copy_built(small_site, tmp_path)
    build_site(project)
    before = times_of(project.site)
    assert build_site(project).made == 0
    assert times_of(project.site) == before
    one_fact(project)
    assert 0 < build_site(project).made < build_site(project).pages / 1.5
    after = times_of(project.site)
    changed = {name for name in before if after.get(name) != before[name]}
    assert "harmanli/kontakti/index.html" in changed
    assert not [name for name in changed if "sopot/" in name]


def test_a_check_makes_what_no_build_has_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a build only what has changed since, and it is kept nowhere; what is wrong is said."""
    project = built_project(tmp_path / "site")
    monkeypatch.setattr(workers, "FEWEST", 1000)  # all of it where it is seen
    asked: list[str] = []
    for name in ("of_centre", "common"):
        monkeypatch.setattr(PageFiles, name, _noted(getattr(PageFiles, name), asked))
    try_site(project)
    assert asked == []
    one_fact(project)
    before = files_of(project.root)
    try_site(project)
    assert asked == ["of_centre", "common"]  # of Harmanli, and of no centre
    assert files_of(project.root) == before
    append(project, ABOUT_SITE, "[а](/nyama/)")
    with pytest.raises(BuildError, match="/nyama/"):
        try_site(project)


def test_a_check_needs_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where only who may makes them; what builds have kept stays as it is."""

    def refused(*_: object) -> None:
        raise OSError("a required privilege is not held by the client")

    project = built_project(tmp_path / "site")
    one_fact(project)
    before = files_of(project.root)
    monkeypatch.setattr(Path, "symlink_to", refused)
    try_site(project)
    assert files_of(project.root) == before


def _noted(make: Callable[..., Any], asked: list[str]) -> Callable[..., Any]:
    """The same, which is noted each time."""

    def noting(*given: Any) -> Any:
        asked.append(make.__name__)
        return make(*given)

    return noting


def test_a_bad_change_leaves_site_and_memory(
    tmp_path: Path, small_site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A build that fails changes no file; with the change taken back there is nothing to make."""
    from site_build.__main__ import main

    project = copy_built(small_site, tmp_path)
    build_site(project)
    before = times_of(project.site)
    text = (project.root / ABOUT_SITE).read_text(encoding="utf-8")
    append(project, ABOUT_SITE, "[а](/nyama/)")
    assert main(["--project", str(project.root)]) == 1
    assert "/nyama/" in capsys.readouterr().err
    assert times_of(project.site) == before
    (project.root / ABOUT_SITE).write_text(text, encoding="utf-8")
    assert build_site(project).made == 0
    assert times_of(project.site) == before


def test_many_centres_in_several_processes_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the work is shared among processes or not shows in no byte."""
    sites = []
    for fewest in (1, 1000):
        monkeypatch.setattr(workers, "FEWEST", fewest)
        project = copy_project(tmp_path / str(fewest))
        build_site(project)
        sites.append(files_of(project.site))
    assert sites[0] == sites[1]
