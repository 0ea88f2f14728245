"""A site that takes no letters (`service: none`): telephones and paper where forms were."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html

from site_build.__main__ import main
from site_build.pipeline import Project, build_site
from tests.support.content.project_changes import append, copy_built, replace_once, said
from tests.support.machine.around import running
from tests.support.pages.built_pages import every_page, page, words
from tests.support.pages.static_server import header_lines
from tests.support.project import add_form, copy_project, free_port, skip_or_fail
from tests.support.waiting import PATIENCE

LANGUAGES = """languages:
  - {code: bg, scope: full, read_by_native: true}
  - {code: en, scope: full, read_by_native: false}
  - {code: ar, scope: main, read_by_native: false}
"""


def without_service(folder: Path, languages: str = LANGUAGES) -> Project:
    project = copy_project(folder, languages=languages)
    replace_once(project, "content/site.yml", "# service: none\n", "service: none\n")
    add_form(project, "course")
    return project


@pytest.fixture(scope="module")
def paper_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = without_service(tmp_path_factory.mktemp("paper"))
    (project.content / "moved.yml").write_text('moves:\n- {from: "staro/", to: "harmanli/"}\n')
    build_site(project)
    return project.site


def test_nothing_can_be_filled_in(paper_site: Path) -> None:
    """No page of any language has a form, a field to write in or an address of the service."""
    for name, tree in every_page(paper_site).items():
        assert not tree.xpath("//form | //textarea | //button[@type='submit']"), name
        assert set(tree.xpath("//input/@id")) <= {"search-field"}, name
    for file in paper_site.rglob("*"):
        if file.suffix in (".html", ".json", ".xml", ".vcf"):
            assert b"/send/" not in file.read_bytes(), file
    assert not list(paper_site.rglob("otgovor"))  # no receipt, so no code either


@pytest.mark.parametrize("form", ["pishete-ni", "nasochvane"])
@pytest.mark.parametrize("language", ["", "en/", "ar/"])
def test_form_pages_have_telephones_and_paper(paper_site: Path, language: str, form: str) -> None:
    """Who comes by an old link or a printed address reads whom to call, and gets the sheet."""
    main = page(paper_site, f"{language}harmanli/{form}").find(".//main")
    numbers = main.xpath(".//a[starts-with(@href, 'tel:')]/@href")
    assert numbers[-3:] == ["tel:112", "tel:+35937391076", "tel:116111"]
    (sheet,) = main.xpath(".//a[@type='application/pdf']/@href")
    assert (paper_site / sheet.lstrip("/")).read_bytes().startswith(b"%PDF")


def test_no_page_promises_a_letter(paper_site: Path) -> None:
    """Nobody is told to send, to keep a number, or that what they write is locked."""
    for name, tree in every_page(paper_site).items():
        if name.startswith(("en/", "ar/")):
            continue
        text = words(tree.find(".//body"))
        for promise in (
            *("се заключва", "Изпратете писмото", "Получавате номер", "ползвайте формуляра"),
            "да напише писмото с вас",
            *("Ще видиш номер", "Може да му пишете", "чака заключено", "тогава писмото"),
        ):
            assert promise not in text, name


def test_links_say_that_it_is_paper(paper_site: Path) -> None:
    """In the menu, on easy pages and in the search index „Пишете ни“ says that it is paper."""
    for name, tree in every_page(paper_site).items():
        if name.startswith(("en/", "ar/", "staro/")):
            continue
        for link in tree.xpath("//a[contains(@href, 'pishete-ni/')]"):
            if link.get("hreflang") is None and link.get("type") is None:
                assert "на хартия" in words(link), name
    (file,) = (paper_site / "assets").glob("search-bg.*.json")
    write = next(a for a in json.loads(file.read_text())["answers"] if "пиша" in a["words"])
    assert "не може да се пише" in write["text"]


def test_policy_lets_no_form_through(paper_site: Path) -> None:
    """The headers of the build forbid every form."""
    headers = (paper_site.parent / "build" / "headers" / "site.caddy").read_text()
    assert "form-action" not in headers


def test_a_centre_without_a_telephone_is_told(
    paper_site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody could reach it then, so the build says it, with the file."""
    project = copy_built(paper_site, tmp_path)
    assert main(["build", "--project", str(project.root)]) == 0
    said = capsys.readouterr().out
    assert "content/centres/sopot.yml: няма телефон" in said
    assert "harmanli.yml: няма телефон" not in said


def test_none_and_elsewhere_contradict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who says that there is no service and also where it stands is asked which of both."""
    project = without_service(tmp_path)
    append(project, "content/site.yml", "service_origin: https://pisma.example.org")
    assert "service: none" in said(project, capsys, "check")


@pytest.fixture(scope="module")
def apache(paper_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address at which a host's Apache shows the uploaded folder, as it is."""
    program = shutil.which("apache2", path="/usr/sbin:/usr/bin")
    if program is None:
        skip_or_fail("apache2 is not installed")
    folder, port = tmp_path_factory.mktemp("apache"), free_port()
    modules = ("mpm_event", "authz_core", "dir", "mime", "alias", "rewrite", "headers", "deflate")
    loaded = "".join(
        f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"
        for name in (*modules, "filter")
    )
    (folder / "apache.conf").write_text(
        f"{loaded}ServerRoot {folder}\nServerName localhost\nListen 127.0.0.1:{port}\n"
        f"PidFile {folder}/pid\nErrorLog {folder}/errors\n"
        f"DefaultRuntimeDir {folder}\nTypesConfig /etc/mime.types\nDirectoryIndex index.html\n"
        f"DocumentRoot {paper_site}\n"
        f"<Directory {paper_site}>\nRequire all granted\nAllowOverride FileInfo\n</Directory>\n"
    )
    command = [program, "-f", str(folder / "apache.conf"), "-X"]  # as anyone who runs the tests
    with running(command, port, folder / "said"):
        yield f"http://127.0.0.1:{port}"
    errors = (folder / "errors").read_text()
    assert ".htaccess" not in errors, errors


def got(address: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    opener = urllib.request.build_opener(NoRedirect)
    try:
        with opener.open(request, timeout=PATIENCE) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Show the redirect itself."""


def test_a_host_sends_the_headers_by_itself(apache: str, paper_site: Path) -> None:
    """Pages, what is named by its bytes, and what is missing: each once, compressed, and aged."""
    headers = header_lines(paper_site.parent / "build" / "headers")
    style = page(paper_site, "").xpath("//link[@rel='stylesheet']/@href")[0]
    (index,) = (paper_site / "assets").glob("search-bg.*.json")
    for path, status in (
        *(("/", 200), ("/harmanli/kontakti/", 200), ("/assets/opora.css", 200), ("/no/", 404)),
        *((style, 200), (f"/assets/{index.name}", 200)),
    ):
        answer, sent, _ = got(apache + path)
        assert answer == status, path
        assert {name: sent.get(name) for name in headers} == headers
        named = path == style or "search-bg" in path
        kept = "public, max-age=31536000, immutable" if named else "no-cache"
        assert sent["Cache-Control"] == kept, path
        assert (sent.get("Content-Encoding") == "gzip") == (status == 200), path


def test_a_host_says_what_is_missing_in_the_language(apache: str) -> None:
    """The page of the language of the address, as the kit's own web servers do."""
    for path, language in (("/no/", "bg"), ("/en/no/", "en"), ("/ar/harmanli/no", "ar")):
        answer, _, body = got(apache + path)
        assert answer == 404
        assert html.fromstring(body).get("lang") == language


def test_a_host_leads_old_addresses_on(apache: str, paper_site: Path) -> None:
    """By a redirect; and by the page that lies there, where a host knows no `.htaccess`."""
    answer, sent, _ = got(f"{apache}/staro/kontakti/")
    assert (answer, sent["Location"]) == (301, f"{apache}/harmanli/kontakti/")
    links = page(paper_site, "staro/kontakti").xpath("//a[not(@class='exit')]/@href")
    assert links == ["/harmanli/kontakti/"]


def test_what_somebody_else_wrote_stays(paper_site: Path, tmp_path: Path) -> None:
    """A `.htaccess` by hand is kept and named; with a server of its own the site has none."""
    project = copy_built(paper_site, tmp_path)
    assert (project.site / "en" / ".htaccess").exists()
    (project.site / ".htaccess").write_text("Deny from all\n")
    assert build_site(project).not_ours == (".htaccess",)
    assert (project.site / ".htaccess").read_text() == "Deny from all\n"
    (project.site / ".htaccess").unlink()
    replace_once(project, "content/site.yml", "\nservice: none\n", "\n")
    assert build_site(project).not_ours == ()
    assert not list(project.site.rglob(".htaccess"))
