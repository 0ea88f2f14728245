"""A build makes the same site from the same facts, and touches only what it must."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from site_build.pipeline import build_site
from site_build.plain_mkdocs.build import write_pages
from site_model.loading.loader import load_content
from tests.support.content.project_changes import (
    HARMANLI,
    SOPOT,
    copy_built,
    replace_once,
    run,
    times_of,
)
from tests.support.pages.built_pages import files_of, main_words
from tests.support.project import ROOT, copy_project, skip_or_fail


def git(*command: str, given: str = "") -> str:
    """What git says in the repository; skips where there is no git or no repository."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        skip_or_fail("git and a git checkout are needed")
    done = subprocess.run(
        ["git", *command], cwd=ROOT, input=given, capture_output=True, text=True, check=False
    )
    return done.stdout


def test_git_ignores_all_that_a_build_writes(tmp_path: Path) -> None:
    """After a build `git status` has nothing to say: each file that is written is ignored."""
    project = copy_project(tmp_path)
    before = set(files_of(project.root))
    build_site(project)
    written = sorted(set(files_of(project.root)) - before)
    assert len(written) > 50
    ignored = git("check-ignore", "--no-index", "--stdin", given="\n".join(written)).splitlines()
    assert sorted(ignored) == written


def test_git_keeps_nothing_that_a_build_makes() -> None:
    """Of site/ only the folder is there after a fresh clone, and nothing of build/."""
    assert git("ls-files", "build", "site").splitlines() == ["site/.gitkeep"]


def test_a_build_keeps_the_hidden_files_of_the_site(tmp_path: Path) -> None:
    """site/.gitkeep is still there when a site was put in its place, and so is the site."""
    project = copy_project(tmp_path)
    project.site.mkdir()
    (project.site / ".gitkeep").touch()
    build_site(project)
    build_site(project)
    assert (project.site / ".gitkeep").exists()
    assert (project.site / "index.html").exists()
    assert not list(project.root.glob("build/site*"))


def test_the_same_content_gives_the_same_bytes(tmp_path: Path, site: Path) -> None:
    """Two builds of all languages in two folders do not differ in a byte."""
    project = copy_project(tmp_path, languages=None)
    build_site(project)
    assert files_of(project.site) == files_of(site)


def test_a_build_on_another_day_gives_the_same_bytes(tmp_path: Path) -> None:
    """The day of the build stands nowhere, so that unchanged facts change no file."""
    project = copy_project(tmp_path)
    sites = []
    for seconds in ("1000000000", "1700000000"):  # 2001 and 2023
        assert run(project, SOURCE_DATE_EPOCH=seconds).returncode == 0
        sites.append(files_of(project.site))
    assert [name for name in sites[0] if sites[0][name] != sites[1][name]] == []


def test_unchanged_pages_keep_their_time(tmp_path: Path, site: Path) -> None:
    """What engines read is written only where it changed: a changed phone writes only pages and
    PDFs that show it.
    """
    project = copy_built(site, tmp_path)
    folder = project.markdown("bg")
    write_pages(project, load_content(project.content), "bg")
    for path in folder.rglob("*.md"):
        os.utime(path, (1, 1))
    before = times_of(folder)
    write_pages(project, load_content(project.content), "bg")
    assert times_of(folder) == before
    replace_once(project, HARMANLI, "0373 9 10 76", "0373 9 10 77")
    write_pages(project, load_content(project.content), "bg")
    after = times_of(folder)
    assert {name for name in after if after[name] != before[name]} == {
        "index.md",
        "danni/organizations/060ec6e4-9d24-519d-b7ad-00d86aa8d7ad.json",
        "danni/tsentrove.csv",
        "harmanli/harmanli.vcf",
        "harmanli/index.md",
        "harmanli/dostapnost.md",
        "harmanli/uslugi/razgovori-s-psiholog.md",
        "harmanli/uslugi/razgovori-sas-sotsialen-rabotnik.md",
        "harmanli/za-detsa.md",
        "harmanli/kak-da-poluchite-podkrepa.md",
        "harmanli/kontakti.md",
        "harmanli/lesno-za-chetene.md",
        "harmanli/lichni-danni.md",
        "harmanli/otgovor.md",
        "harmanli/pohvali-i-oplakvaniya.md",
        "harmanli/za-uchilishta-i-institutsii.md",
        *(name for name in after if name.startswith("harmanli/") and name.endswith(".pdf")),
    }


def test_a_removed_centre_leaves_no_page(tmp_path: Path, site: Path) -> None:
    """Without its facts a centre is gone from the site, the build folder and the front page."""
    project = copy_built(site, tmp_path)
    (project.root / SOPOT).unlink()
    build_site(project)
    left = [name for name in files_of(project.root) if "sopot" in name]
    assert left == []
    assert "Сопот" not in main_words(project.site, "")
    assert "Харманли" in main_words(project.site, "")


def test_a_removed_page_leaves_no_page(tmp_path: Path) -> None:
    """A page deleted from docs/ does not live on in site/ or in the build folder."""
    project = copy_project(tmp_path)
    extra = project.root / "docs" / "bg" / "novo.md"
    extra.write_text("# Ново\n", encoding="utf-8")
    build_site(project)
    assert (project.site / "novo" / "index.html").exists()
    extra.unlink()
    build_site(project)
    assert [name for name in files_of(project.root) if "novo" in name] == []


def test_a_page_of_a_centre_does_not_grow_with_their_number(tmp_path: Path) -> None:
    """With four more centres every page of Harmanli has the bytes that it had with two."""
    project = copy_project(tmp_path)
    before = build_site(project).pages
    pages = files_of(project.site / "harmanli")
    facts = (project.root / HARMANLI).read_text(encoding="utf-8")
    for number in range(4):
        name = f"centre-{number}"
        copy = facts.replace("\nid: harmanli\n", f"\nid: {name}\n")
        (project.content / "centres" / f"{name}.yml").write_text(copy, encoding="utf-8")
    of_a_centre = sum(name.endswith(".html") for name in pages)
    pages_made = build_site(project).pages
    choices = len(list((project.site / "tsentrove").glob("*/index.html")))
    assert pages_made == before + 4 * of_a_centre + choices
    assert files_of(project.site / "harmanli") == pages


def test_plain_mkdocs_makes_the_same_site(tmp_path: Path) -> None:
    """`mkdocs build` alone, through the hooks, gives the Bulgarian files byte for byte, and writes
    no Markdown.
    """
    whole = copy_project(tmp_path / "whole")
    plain = copy_project(tmp_path / "plain")
    for project in (whole, plain):
        with (project.content / "site.yml").open("a") as settings:
            settings.write("security_contact: it@example.org\n")
        (project.hand_written("bg") / "novo.md").write_text("# Ново\n", encoding="utf-8")
    build_site(whole)
    for package in ("site_build", "site_model"):
        (plain.root / package).symlink_to(ROOT / package)
    out = tmp_path / "out"
    config = plain.root / "mkdocs.yml"
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(config), "-d", str(out)],
        check=True,
        capture_output=True,
    )
    assert files_of(out) == files_of(whole.site)
    assert not plain.markdown("bg").exists()
