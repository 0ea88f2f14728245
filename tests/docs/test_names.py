"""A function is named by a verb or a noun, and what explains it is plain English."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.project import ROOT

PRODUCT = ("site_model", "site_build", "contact_service", "service_admin", "site_editor", "tools")
# Not those that are the verb itself as well: cut, put, read, run, set say what a function does.
IRREGULAR = frozenset(
    [
        *("agreed", "bound", "bought", "broken", "brought", "built", "caught", "chosen", "done"),
        *(
            "drawn",
            "driven",
            "felt",
            "forgotten",
            "found",
            "frozen",
            "given",
            "gone",
            "grown",
            "heard",
        ),
        *("held", "hidden", "kept", "known", "laid", "left", "lent", "lost", "made", "meant"),
        *("met", "paid", "said", "seen", "sent", "shown", "sold", "spoilt", "spoken", "stolen"),
        *("sunk", "taken", "taught", "thought", "thrown", "told", "understood", "unknown"),
        *("unsaid", "unseen", "unsent", "woken", "worn", "wound", "written"),
    ]
)
REGULAR = re.compile(r"[a-z]{2,}(?<!e)ed")  # but for feed, need, seed, speed
UNIDIOMATIC = re.compile(r"\b(?:whoever|of before|mend(?:s|ed|ing)?)\b", re.IGNORECASE)


def is_participle(name: str) -> bool:
    """Whether a name is a participle and nothing beside it."""
    return name in IRREGULAR or REGULAR.fullmatch(name) is not None


def is_property(function: ast.FunctionDef) -> bool:
    return any("property" in ast.unparse(one) for one in function.decorator_list)


def functions(body: list[ast.stmt]) -> Iterator[ast.FunctionDef]:
    """The functions at the top of a module, and the methods of its classes but for properties."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from functions(node.body)
        elif isinstance(node, ast.FunctionDef) and not is_property(node):
            yield node


def files(*folders: str) -> Iterator[tuple[Path, str]]:
    """What is ours: beside it lie environments, which Git ignores."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *folders]
    named = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    for path in (ROOT / name for name in sorted(named.split()) if name.endswith(".py")):
        if path.exists():
            yield path, path.read_text(encoding="utf-8")


def explanations(source: str) -> Iterator[tuple[int, str]]:
    """The line of every comment and text of several words, and what it says in one line."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in (tokenize.COMMENT, tokenize.STRING):
            yield token.start[0], " ".join(token.string.split())


@pytest.mark.parametrize("name", ["kept", "told", "counted", "encrypted", "typed", "understood"])
def test_a_participle_is_recognised(name: str) -> None:
    assert is_participle(name)


@pytest.mark.parametrize("name", ["read", "put", "speed", "seed", "kept_files", "is_kept", "quote"])
def test_verbs_nouns_and_names_of_several_words_are_none(name: str) -> None:
    assert not is_participle(name)


def test_no_public_function_is_named_by_a_bare_participle() -> None:
    """`told` does not say what it gives; `report_lines` does."""
    found = [
        f"{path.relative_to(ROOT)}:{one.lineno} {one.name}"
        for path, source in files(*PRODUCT)
        for one in functions(ast.parse(source).body)
        if is_participle(one.name)
    ]
    assert found == []


def test_comments_and_docstrings_are_plain_english() -> None:
    """„Whoever“, „of before“ and „mend“ are no words of this trade: anyone, previous, fix are."""
    found = [
        f"{path.relative_to(ROOT)}:{line} {match[0]}"
        for path, source in files(*PRODUCT, "tests")
        if path != Path(__file__)
        for line, text in explanations(source)
        if (match := UNIDIOMATIC.search(text))
    ]
    assert found == []
