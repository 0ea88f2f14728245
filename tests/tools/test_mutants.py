"""The data of `mutants.yml` still fits the code, so that `make mutants` can use it."""

from __future__ import annotations

import yaml

from tests.support.project import ROOT

MUTANTS = yaml.safe_load((ROOT / "tools" / "mutants" / "mutants.yml").read_text(encoding="utf-8"))


def test_every_mutant_applies() -> None:
    """What it changes stands in its file once, becomes something else, and its tests are there."""
    wrong = []
    for mutant in MUTANTS:
        text = (ROOT / mutant["file"]).read_text(encoding="utf-8")
        times, old, new = text.count(mutant["old"]), mutant["old"], mutant["new"]
        files = [name for name in mutant["tests"] if name.startswith("tests/")]
        missing = [name for name in files if not (ROOT / name.partition("::")[0]).exists()]
        if times != 1 or old == new or not files or missing or not mutant["why"].endswith("."):
            wrong.append((mutant["id"], times, missing))
    assert wrong == []
    assert len({mutant["id"] for mutant in MUTANTS}) == len(MUTANTS) > 0
