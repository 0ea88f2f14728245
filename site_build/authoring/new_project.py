"""A folder of its own for a site: what all centres share is copied there, without any centre."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

from site_build.atomic_writing import write_whole
from site_model.loading.placeholders import with_address
from site_model.types import SOURCE_LANGUAGE

ROOT = Path(__file__).parents[2]

_SHARED = (
    "site.yml",
    "target_groups.yml",
    "service_kinds.yml",
    "help_lines.yml",
    "law.yml",
    "authorities.yml",
    "search.yml",
    "form_versions.yml",
    "forms",
)
_LANGUAGES = re.compile(r"^languages:\n(?:  - .*\n)+", re.MULTILINE)
_ONLY_BULGARIAN = """\
# Друг език се добавя с ред тук, когато фактите на центъра са преведени на него, например:
#   - {{code: en, scope: full, read_by_native: false}}
languages:
  - {{code: {code}, scope: full, read_by_native: true}}
"""

_MAKEFILE = """\
# Командите на този сайт. Списъкът им: make help

# Папката на програмата „Опора“. Ако я преместите, сменете реда.
OPORA ?= {opora}

export OPORA
NOT_THERE = Програмата „Опора“ не е в тази папка: $(OPORA). \\
  Напишете къде е на ред OPORA в Makefile. На сървър вместо make се пише opora.

# Всяка команда отива при програмата; имената на файлове са спрямо тази папка.
.DEFAULT_GOAL := help
Makefile: ;
%: always
	@[ -e "$$OPORA/mkdocs.yml" ] || {{ echo "$(NOT_THERE)" >&2; exit 1; }}
	@OPORA_HERE="$$PWD" $(MAKE) --no-print-directory -C "$$OPORA" $@ PROJECT="$$PWD"
.PHONY: always
"""
_GITIGNORE = """\
# Прави се наново от фактите, или е само за този компютър.
/site/
/build/
/instance/
"""


def is_project(root: Path) -> bool:
    """Whether a site has been begun in this folder."""
    return (root / "content" / "site.yml").exists()


def begin_project(root: Path) -> None:
    """Copy what a site needs beside its centres; Bulgarian alone, since nothing else is written.

    A file that is there already stays as it is.
    """
    for name in (*(f"content/{shared}" for shared in _SHARED), f"docs/{SOURCE_LANGUAGE}"):
        source, target = ROOT / name, root / name
        if source.is_dir():
            for file in source.iterdir():
                _copy(file, target / file.name)
        else:
            _copy(source, target)
    _copy(ROOT / "mkdocs.yml", root / "mkdocs.yml")
    for folder in ("content/centres", "content/sources", "site"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    settings = root / "content" / "site.yml"
    languages = _ONLY_BULGARIAN.format(code=SOURCE_LANGUAGE)
    text = _LANGUAGES.sub(lambda _: languages, settings.read_text(encoding="utf-8"))
    write_whole(settings, text)


def put_address(root: Path, address: str) -> None:
    """Write where the site will stand into its settings."""
    settings = root / "content" / "site.yml"
    text = settings.read_text(encoding="utf-8")
    write_whole(settings, with_address(text, address))


def on_a_server() -> bool:
    """Whether this is the release that runs on a server, where one types `opora` (deploy/opora)."""
    current = ROOT.parent / "current"
    return current.is_symlink() and current.resolve() == ROOT.resolve()


def give_commands(root: Path) -> bool:
    """Put the site's own Makefile into its folder; False where there is one, or no need of it."""
    file = root / "Makefile"
    if file.exists() or on_a_server():
        return False
    near = root.resolve().parent == ROOT.resolve().parent
    opora = os.path.relpath(ROOT, root) if near else str(ROOT.resolve())
    escaped = opora.replace("$", "$$").replace("#", r"\#")
    write_whole(file, _MAKEFILE.format(opora=escaped))
    return True


def under_git(root: Path) -> bool:
    """Begin a Git repository in the folder, if there is Git and the folder is in none yet."""
    try:
        inside = ["git", "rev-parse", "--is-inside-work-tree"]
        if not subprocess.run(inside, cwd=root, capture_output=True, check=False).returncode:  # noqa: S603
            return False
        ignored = root / ".gitignore"
        if not ignored.exists():
            write_whole(ignored, _GITIGNORE)
        begin = ["git", "init", "-q"]
        begun = subprocess.run(begin, cwd=root, capture_output=True, check=False)  # noqa: S603
    except OSError:
        return False
    return not begun.returncode


def shell_command(root: Path, command: str) -> str:
    """How a person types a command for the site in a folder."""
    if on_a_server():
        return f"opora {command}"
    if root.resolve() == Path(os.environ.get("OPORA_HERE") or Path.cwd()).resolve():
        return f"make {command}"
    folder = shlex.quote(str(root))
    own = (root / "Makefile").exists()
    return f"cd {folder} && make {command}" if own else f"make {command} PROJECT={folder}"


def _copy(source: Path, target: Path) -> None:
    if not target.exists():
        write_whole(target, source.read_bytes())
