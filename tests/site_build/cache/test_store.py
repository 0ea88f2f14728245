"""What a build finds of the one before is what that one left, or nothing."""

from __future__ import annotations

import os
import pickle
import sys
import types
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from site_build.cache.store import CompiledTemplates, Store
from site_model.i18n.templates import template_environment

VALUE = ("факт", b"\x00" * 100)


def of_a_class_that_is_gone(_written: bytes) -> bytes:
    module = types.ModuleType("gone")
    module.Gone = type("Gone", (), {"__module__": "gone"})  # type: ignore[attr-defined]
    sys.modules["gone"] = module
    data = pickle.dumps(module.Gone())
    del sys.modules["gone"]
    return sha256(data).digest() + data


def of_a_class_of_another_shape(_written: bytes) -> bytes:
    data = b"cbuiltins\nint\n(S'x'\ntR."  # int("x"), as a class might refuse what was kept of it
    return sha256(data).digest() + data


DAMAGES: tuple[Callable[[bytes], bytes], ...] = (
    lambda _: b"",
    lambda _: b"x",
    lambda written: written[:10],
    lambda written: written[:-1],
    lambda written: written + b"x",
    lambda written: written[:60] + b"\x01" + written[61:],
    lambda written: b"\x00" * len(written),
    lambda _: pickle.dumps(("другото", b"")),
    lambda _: b"<!doctype html>",
    of_a_class_that_is_gone,
    of_a_class_of_another_shape,
)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_no_value(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    """Whatever became of it: it is never an error, never another value, and can be kept anew."""
    Store(tmp_path, "v1").put("a", VALUE)
    (file,) = tmp_path.iterdir()
    written = file.read_bytes()
    assert damage(written) != written
    file.write_bytes(damage(written))
    store = Store(tmp_path, "v1")
    assert store.get("a") is None
    store.put("a", VALUE)
    assert Store(tmp_path, "v1").get("a") == VALUE
    assert file.read_bytes() == written


def test_a_value_is_of_its_key_and_of_the_code_that_made_it(tmp_path: Path) -> None:
    """Another key or another version of the code finds nothing."""
    Store(tmp_path, "v1").put("a", VALUE)
    assert Store(tmp_path, "v1").get("b") is None
    assert Store(tmp_path, "v2").get("a") is None
    assert Store(tmp_path / "nowhere", "v1").get("a") is None
    assert Store(tmp_path, "v1").get("a") == VALUE


def test_what_nobody_asks_for_is_forgotten(tmp_path: Path) -> None:
    """What this run asked for or kept stays, and what other processes did; also no file stays that
    another version or a killed build left.
    """
    before = Store(tmp_path, "v1")
    for key in "abc":
        before.put(key, key)
    (tmp_path / "bg").mkdir()
    for left in ("bg/harmanli.record", ".cut.123.new"):
        (tmp_path / left).write_bytes(b"x")
    now = Store(tmp_path, "v1")
    now.get("a")
    now.put("d", "d")
    now.forget_unused(["b"])
    after = Store(tmp_path, "v1")
    assert [after.get(key) for key in "abcd"] == ["a", "b", None, "d"]
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 3


def test_the_newest_may_stay(tmp_path: Path) -> None:
    """A text that is changed back finds what was made of it."""
    for age, key in enumerate("abcd"):
        Store(tmp_path, "v1").put(key, key)
        for path in set(tmp_path.iterdir()):
            os.utime(path, (path.stat().st_mtime - 100 * (age + 1),) * 2)
    Store(tmp_path, "v1").forget_unused(spare=2)
    after = Store(tmp_path, "v1")
    assert [after.get(key) for key in "abcd"] == [None, None, "c", "d"]


def test_a_template_compiled_before_is_not_used_when_damaged(tmp_path: Path) -> None:
    """It is compiled again."""
    folder, cache = tmp_path / "templates", tmp_path / "cache"
    folder.mkdir()
    (folder / "a.html").write_text("{{ 1 + 1 }}", encoding="utf-8")

    def rendered() -> str:
        compiled = CompiledTemplates(Store(cache, ""))
        environment = template_environment("bg", folder, compiled=compiled)
        return environment.get_template("a.html").render()

    assert rendered() == "2"
    (file,) = cache.iterdir()
    for damage in DAMAGES[:8]:
        file.write_bytes(damage(file.read_bytes()))
        assert rendered() == "2"
