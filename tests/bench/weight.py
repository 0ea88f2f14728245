"""`python tests/bench/weight.py`: the same pages in plain Material and in our theme, on the line.

Both are built from the same Markdown, compressed the same way and visited by the same Chromium
with an empty cache. Prints kilobytes (1,000 bytes, brotli) and requests as a Markdown table.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

from playwright.sync_api import sync_playwright  # noqa: E402
from static_server import serve  # noqa: E402
from support import copy_project  # noqa: E402
from visits import visit  # noqa: E402

from site_build import engine  # noqa: E402
from site_build.around_engine import write_pages  # noqa: E402
from site_build.compress import compress  # noqa: E402
from site_build.stages import Project, build_site  # noqa: E402
from site_model.loader import load_content  # noqa: E402

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
                with serve(site, {}, ("br",)) as address:
                    found = visit(browser, address + path)
                cells.append(f"{found.whole / 1000:.0f} KB, {found.requests} requests")
            print(f"| {name} | {cells[0]} | {cells[1]} |")
        browser.close()


if __name__ == "__main__":
    main()
