"""The model is pure: reading facts and forms needs neither a web server nor a site engine."""

from __future__ import annotations

import re
import subprocess
import sys

from support import ROOT

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


def test_only_two_modules_read_files() -> None:
    """Facts come through `loader`, words and templates through `interface`."""
    to_the_disk = re.compile(r"\b(open\(|read_text|read_bytes|write_|import Path\b|os\.)")
    found = {
        path.name: to_the_disk.findall(path.read_text(encoding="utf-8"))
        for path in (ROOT / "site_model").glob("*.py")
    }
    assert found.pop("loader.py")
    assert found.pop("interface.py")
    assert {name: hits for name, hits in found.items() if hits} == {}
