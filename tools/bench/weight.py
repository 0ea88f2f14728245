"""`python -m tools.bench.weight`: the same pages in plain Material and in our theme, on the line.

Both are built from the same Markdown, compressed the same way and visited by the same Chromium
with an empty cache. Prints kilobytes (1,000 bytes, brotli) and requests as a Markdown table.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from site_build.html import engine
from site_build.output.compress import compress
from site_build.pipeline import Project, build_site
from site_build.plain_mkdocs.build import write_pages
from site_model.loading.loader import load_content
from tests.support.browser.visits import first_visits
from tests.support.pages.static_server import serve
from tests.support.project import copy_project

PAGES = {
    "front page": "/",
    "contacts": "/harmanli/kontakti/",
    "form": "/harmanli/pishete-ni/",
}


def plain_material(project: Project) -> Path:
    """The pages of a built project with Material's own templates, menu and search."""
    folder = project.root / "material"
    write_pages(project, load_content(project.content), "bg")
    (project.root / "no-templates").mkdir()
    values = {
        "docs_dir": str(project.markdown("bg")),
        "site_dir": str(folder),
        "theme": {
            "custom_dir": str(project.root / "no-templates"),
            "static_templates": ["404.html"],
        },
        "plugins": ["search"],
        "hooks": [],
        "nav": None,
        "not_in_nav": "",
        "validation": {"absolute_links": "ignore", "anchors": "ignore"},
    }
    config = project.root / "build" / "material.yml"
    engine.write_config(project.config, config, values)
    engine.build(config)
    compress(folder)
    return folder


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        project = copy_project(Path(temporary))
        build_site(project)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        print("| | plain Material | ours |\n| --- | --- | --- |")
        sites = (plain_material(project), project.site)
        for name, path in PAGES.items():
            cells = []
            for site in sites:
                with serve(site, {}, ("br",)) as address, first_visits(browser) as visit:
                    found = visit(address + path)
                cells.append(f"{found.whole / 1000:.0f} KB, {found.requests} requests")
            print(f"| {name} | {cells[0]} | {cells[1]} |")
        browser.close()


if __name__ == "__main__":
    main()
