"""What browsers ask for by themselves is there, so that nobody's visit is noted as an error."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image


@pytest.mark.parametrize("kind", ["", "-precomposed"])
@pytest.mark.parametrize("size", [None, 120, 152, 167, 180])
def test_apples_devices_find_theirs(site: Path, kind: str, size: int | None) -> None:
    """Under each name that they try, in its size, without open corners, which they show black."""
    named = f"-{size}x{size}" if size else ""
    with Image.open(site / f"apple-touch-icon{named}{kind}.png") as icon:
        assert icon.size == (size or 180, size or 180)
        assert icon.convert("RGBA").getpixel((0, 0)) == (0x1D, 0x5C, 0x55, 255)


def test_all_others_find_theirs(site: Path) -> None:
    """In the sizes of tabs and lists, drawn as the SVG of the pages: its ground, open corners."""
    with Image.open(site / "favicon.ico") as icon:
        assert icon.format == "ICO"
        assert icon.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
        drawn = icon.convert("RGBA")
    assert drawn.getpixel((0, 0))[3] == 0
    assert drawn.getpixel((24, 44)) == (0x1D, 0x5C, 0x55, 255)


def test_they_are_small(site: Path) -> None:
    files = [*site.glob("apple-touch-icon*"), site / "favicon.ico"]
    assert len(files) == 11
    assert all(file.stat().st_size < 4096 for file in files)
