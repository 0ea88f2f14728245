"""`make bench-build`: how long sites of many centres take, beside other engines, in one run.

Each site has the shape of the real one, in Bulgarian and English, and words that mean nothing
(see synthesis.py). Other engines get the finished Markdown of the same pages: they neither render
facts, check links, index words nor compress, so their figures are the engine alone. Hugo and
Eleventy have a frame of two lines instead of the theme. What is not installed is named as absent.

A build writes four files a page (folder, page, two copies). On a slow disk that takes longer than
all the rest: with TMPDIR on a disk in memory (/dev/shm) the figures are those of the programs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from site_build.html.engine import write_config
from site_build.plain_mkdocs.build import write_for_engines
from site_build.project import Project
from site_model.loading.loader import load_content
from tests.support.project import ROOT
from tools.bench.synthesis import LANGUAGES, synthesise

ENGINES = ROOT / "tests" / "engines" / ".venv" / "bin"
MENU_PAGES = 1500
"""With more pages Material's default menu takes minutes: its work grows with their square."""

MOST_PAGES = 10_000
"""With more pages engines in Python, which grow with the pages, take minutes."""

HUGO = "<!doctype html><title>{{ .Title }}</title><main>{{ .Content }}</main>\n"
ELEVENTY = """module.exports = (config) => {
  config.setTemplateFormats("md");
  config.setLibrary("md", require("markdown-it")({ html: true }));
  config.addGlobalData("layout", "base.html");
  return { markdownTemplateEngine: false, dir: { includes: "../_includes", data: "../_data" } };
};
"""


@dataclass(frozen=True)
class Run:
    """What one command took: seconds, processor seconds, and the most memory that it and its
    children held at once (MiB; shared pages are counted once: PSS)."""

    seconds: float
    processor: float
    memory: int


def run(*command: str | Path, cwd: Path = ROOT) -> Run:
    """Run a command to its end; raises CalledProcessError with what it said."""
    before = os.times()
    started = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
    )
    most = [0]

    def watch() -> None:
        while process.poll() is None:
            most[0] = max(most[0], sum(map(_pss, _tree(process.pid))))
            time.sleep(0.1)

    watcher = threading.Thread(target=watch)
    watcher.start()
    said, _ = process.communicate()
    watcher.join()
    seconds = time.perf_counter() - started
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, said)
    after = os.times()
    processor = after.children_user - before.children_user
    processor += after.children_system - before.children_system
    return Run(seconds, processor, most[0] // 1024)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))


def _pss(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def row(name: str, pages: int, done: Run | str) -> None:
    """One line of the table; of a run that did not happen, why."""
    if isinstance(done, str):
        print(f"| {name} | {done} | | | |", flush=True)
        return
    each = f"{pages / done.seconds:,.0f}" if pages else ""
    print(
        f"| {name} | {done.seconds:.1f} | {each} | {done.processor:.1f} | {done.memory} |",
        flush=True,
    )


def ours(project: Project) -> int:
    """Our rows; returns how many pages there are."""
    build = (sys.executable, "-m", "site_build", "--project", project.root)
    whole = run(*build)
    pages = sum(1 for _ in project.site.rglob("*.html"))
    papers = sum(1 for _ in project.site.rglob("*.pdf"))
    row(f"Opora, everything from nothing, {papers} sheets of paper too", pages, whole)
    for folder in (project.site, project.made, project.kept, project.lemmas):
        shutil.rmtree(folder, ignore_errors=True)
    row("Opora, all pages, papers kept from before", pages, run(*build))
    row("Opora, nothing changed", 0, run(*build))
    file = project.content / "centres" / "centre-0.yml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("0373 9 10 76", "0373 9 10 77"), encoding="utf-8")
    row("Opora, one telephone changed (its sheets of paper too)", 0, run(*build))
    return pages


def others(project: Project, pages: int) -> None:
    """The rows of other engines, with the Markdown of the same pages."""
    out = project.root / "build" / "out"
    configs = write_for_engines(project, load_content(project.content), out)
    each: tuple[tuple[str, int | None, Callable[[], Run]], ...] = (
        (
            "MkDocs, our theme",
            MOST_PAGES,
            lambda: _all(configs, sys.executable, "-m", "mkdocs"),
        ),
        ("MkDocs, Material with its default menu", MENU_PAGES, lambda: _material(project)),
        ("Hugo, a frame of two lines", None, lambda: _hugo(project)),
        ("Eleventy, a frame of two lines", None, lambda: _eleventy(project)),
    )
    for name, most, work in each:
        try:
            done: Run | str = "skipped: takes minutes" if most and pages > most else work()
        except FileNotFoundError as error:
            done = f"absent ({error.filename})"
        except subprocess.CalledProcessError as error:
            done = f"failed: {str(error.output.decode().splitlines()[-1:])[:120]}"
        row(name, pages, done)


def _all(configs: list[Path], *command: str | Path) -> Run:
    runs = [run(*command, "build", "-f", config) for config in configs]
    return Run(
        sum(one.seconds for one in runs),
        sum(one.processor for one in runs),
        max(one.memory for one in runs),
    )


def _material(project: Project) -> Run:
    (project.root / "no-templates").mkdir(exist_ok=True)
    configs = []
    for code in LANGUAGES:
        values = {
            "docs_dir": str(project.markdown(code)),
            "site_dir": str(project.root / "build" / "material" / code),
            "theme": {"custom_dir": str(project.root / "no-templates"), "static_templates": []},
            "plugins": ["search"],
            "hooks": [],
            "nav": None,
            "not_in_nav": "",
            "strict": False,
            "validation": {"absolute_links": "ignore", "anchors": "ignore"},
        }
        configs.append(project.root / "build" / f"material-{code}.yml")
        write_config(project.config, configs[-1], values)
    return _all(configs, sys.executable, "-m", "mkdocs")


def _hugo(project: Project) -> Run:
    folder = project.root / "build" / "hugo"
    for name in ("single", "list", "home"):
        file = folder / "layouts" / "_default" / f"{name}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(HUGO, encoding="utf-8")
    settings = 'disableKinds = ["taxonomy", "term", "RSS", "sitemap", "404"]\n'
    (folder / "config.toml").write_text(
        f"{settings}[markup.goldmark.renderer]\nunsafe = true\n", encoding="utf-8"
    )
    for code in LANGUAGES:
        shutil.copytree(project.markdown(code), folder / "content" / code)
    for file in (folder / "content").rglob("index.md"):
        file.rename(file.with_name("_index.md"))  # else Hugo takes the rest of its folder for parts
    done = run("hugo", "--quiet", cwd=folder)
    made = sum(1 for _ in (folder / "public").rglob("index.html"))
    wanted = sum(1 for _ in (folder / "content").rglob("*.md"))
    if made < wanted:
        raise RuntimeError(f"Hugo made {made} pages of {wanted}")
    return done


def _eleventy(project: Project) -> Run:
    folder = project.root / "build" / "eleventy"
    (folder / "_includes").mkdir(parents=True)
    layout = "<!doctype html><title>{{ title }}</title><main>{{ content }}</main>\n"
    (folder / "_includes" / "base.html").write_text(layout, encoding="utf-8")
    (folder / "eleventy.config.cjs").write_text(ELEVENTY, encoding="utf-8")
    for code in LANGUAGES:
        shutil.copytree(project.markdown(code), folder / "in" / code)
    command = shutil.which("eleventy")
    if command is None:
        raise FileNotFoundError(2, "", "eleventy")
    modules = Path(command).resolve().parents[2]
    (folder / "node_modules").symlink_to(
        modules if modules.name == "node_modules" else modules.parent
    )
    return run(command, "--quiet", "--input=in", "--config=eleventy.config.cjs", cwd=folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--centres", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--alone", action="store_true", help="no other engines")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} processors; load before the run {load:.1f}: read ratios if it is high")
    for centres in options.centres:
        with tempfile.TemporaryDirectory() as temporary:
            project = synthesise(Path(temporary), centres)
            print(f"\n{centres} centres\n")
            print("| | seconds | pages a second | processor seconds | MiB |")
            print("| --- | --- | --- | --- | --- |", flush=True)
            pages = ours(project)
            if not options.alone:
                others(project, pages)
            print(f"\n{pages} pages", flush=True)


if __name__ == "__main__":
    main()
