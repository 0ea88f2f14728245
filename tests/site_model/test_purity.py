"""The model is pure: reading facts and forms needs neither a web server nor a site engine."""

from __future__ import annotations

import re
import subprocess
import sys

from tests.support.project import ROOT

IMPORT_ALL = """
import importlib, pkgutil, sys, site_model
for module in pkgutil.walk_packages(site_model.__path__, "site_model."):
    importlib.import_module(module.name)
print("\\n".join(sys.modules))
"""
FOREIGN = {"flask", "werkzeug", "mkdocs", "material", "sqlalchemy", "smtplib", "site_build"}


def test_importing_the_model_loads_no_framework() -> None:
    """A fresh interpreter that imports all of site_model has none of the frameworks loaded."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "site_model" in loaded
    assert not loaded & FOREIGN


READERS = {
    "loading/loader.py": "facts",
    "i18n/catalogue_files.py": "interface words",
    "i18n/templates.py": "templates",
    "terminal.py": "standard output, closed",
    "version.py": "the version",
}


def test_few_modules_touch_files() -> None:
    """Each has one kind of file; all others take values."""
    to_the_disk = re.compile(r"\b(open\(|read_text|read_bytes|write_|import Path\b|os\.)")
    model = ROOT / "site_model"
    found = {
        str(path.relative_to(model))
        for path in model.rglob("*.py")
        if to_the_disk.search(path.read_text(encoding="utf-8"))
    }
    assert found == set(READERS)
