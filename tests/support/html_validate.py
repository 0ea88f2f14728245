"""html-validate, run with Node on files."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.support.project import ROOT, skip_or_fail

NODE = ROOT / "tests" / "node"
TOOL = NODE / "node_modules" / "html-validate"


def faults(*pages: Path) -> list[str]:
    """File, line, rule and sentence of each fault."""
    if not (TOOL.exists() and shutil.which("node")):
        skip_or_fail("html-validate is not installed (make test installs it where it may)")
    config = NODE / "html-validate.config.cjs"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"  # what it prints is cut at 64 KB
        command = ["node", TOOL / "bin" / "html-validate.mjs", "--config", config]
        subprocess.run([*command, "-f", f"json={report}", *pages], cwd=NODE, check=False)
        files = json.loads(report.read_text(encoding="utf-8"))
    return [
        f"{file['filePath']}:{fault['line']} {fault['ruleId']}: {fault['message']}"
        for file in files
        for fault in file["messages"]
    ]


def version() -> str:
    return str(json.loads((TOOL / "package.json").read_text())["version"])
