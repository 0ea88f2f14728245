"""The guides for people: pictures, quotation marks, commands, law and numbers hold."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from contact_service import retries
from contact_service.outbox import boxes, given_up, outbox
from contact_service.sealing import message, pdf, smime
from contact_service.settings.service import Settings
from contact_service.submission import ANSWER_SAFELY
from contact_service.web import extra_step, receipts
from service_admin import passwords
from service_admin.__main__ import _parser as service_parser
from service_admin.monitoring import alarms
from site_build.__main__ import _parser as build_parser
from site_model.loading.loader import load_content
from tests.support.project import ROOT

FOLDER = ROOT / "docs" / "guide"
PICTURES = FOLDER / "pictures"
FOR_IT = {"ustanovyavane.md", "podrazhka.md", "install.md", "operations.md", "static-hosting.md"}
FOR_IT |= {"settings.md", "commands.md"}
"""Guides that are kept with the deployment kit and the operator's commands, and tested there."""
GUIDES = sorted(guide for guide in FOLDER.rglob("*.md") if guide.name not in FOR_IT)
PACK = sorted((FOLDER / "lichni-danni").glob("*.md"))
LETTERS = FOLDER / "pismo.md"
ANSWERS = FOLDER / "otgovor-na-sayta.md"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
HEAVIEST_PICTURE = 80_000  # bytes
FENCE = re.compile(r"^ *```.*?^ *```$", re.M | re.S)


def read(guide: Path) -> str:
    return guide.read_text(encoding="utf-8")


def words(text: str) -> str:
    """What people read: without code."""
    return re.sub(r"`[^`\n]*`", "", FENCE.sub("", text))


def commands(guide: Path) -> Iterator[list[str]]:
    """Every command of a guide: lines of its shell blocks, and those named in a sentence."""
    text = read(guide)
    for block in re.findall(r"^ *```sh\n(.*?)^ *```$", text, re.M | re.S):
        yield from (shlex.split(line) for line in block.splitlines() if line.strip())
    named = re.findall(r"`((?:make|python -m) [^`\n]+)`", FENCE.sub("", text))
    yield from map(shlex.split, named)


def test_pictures_are_small_described_and_used() -> None:
    """Each picture has the same width, weighs little, and a guide says what is seen on it."""
    used = {}
    for guide in GUIDES:
        for described, name in re.findall(r"!\[([^\]]*)\]\(pictures/([^)]+)\)", read(guide)):
            used[name] = described
    files = {file.name for file in PICTURES.glob("*.png")}
    assert set(used) == files
    assert all(len(described) > 20 for described in used.values())
    for file in PICTURES.glob("*.png"):
        assert file.stat().st_size < HEAVIEST_PICTURE, file.name
        with Image.open(file) as picture:
            assert picture.width == 1000, file.name


@pytest.mark.parametrize("guide", GUIDES, ids=lambda g: g.name)
def test_words_are_ours(guide: Path) -> None:
    """Bulgarian quotation marks, in pairs, and none of the words that we do not use."""
    text = words(read(guide))
    assert not re.findall('["”«»]|(?<!„)[“](?=[\\w])', text)
    assert text.count("„") == text.count("“")
    assert not re.findall(r"\b(?:[Мм]оля|[Нн]евалид\w+)\b", text)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda g: g.name)
def test_commands_exist(guide: Path) -> None:
    """Targets and variables are in the Makefile; our programs understand their words."""
    parsers = {"service_admin": service_parser(), "site_build": build_parser()}
    for command in commands(guide):
        match command:
            case ["make", target, *given]:
                assert re.search(rf"^{re.escape(target)}:.*##", MAKEFILE, re.M), command
                for name, found in (word.split("=", 1) for word in given):
                    assert f"({name}" in MAKEFILE, command
                    assert found
            case ["python" | ".venv/bin/python", "-m", module, *given] if module in parsers:
                assert parsers[module].parse_args(given), command
            case ["opora", *given]:
                assert parsers["service_admin"].parse_args(given), command
            case [program, *_]:
                assert program in {"cd", "gpg", "openssl", "qpdf", "git", "apt"}, command


def test_law_is_told_in_the_words_of_the_facts() -> None:
    """The duties to notify stand as in content/law.yml, with the month of their check."""
    text = read(LETTERS)
    notes = load_content(ROOT / "content").law
    for name in ("duty_to_notify", "child_alone"):
        assert notes[name].text.to("bg") in text
        assert notes[name].basis.to("bg") in text
        assert f"Проверено {notes[name].checked_on}" in text


@pytest.mark.parametrize("name", ["pismo", "chetene-thunderbird", "chetene-outlook", "chetene-pdf"])
def test_reading_guides_say_not_to_press_reply(name: str) -> None:
    """Who reads a letter is told not to answer it; the guide for PDF quotes its whole note."""
    text = read(FOLDER / f"{name}.md")
    assert "„Отговор“" in text
    if name == "chetene-pdf":
        assert [line[2:] for line in text.splitlines() if line.startswith("> ")][2:] == [
            *ANSWER_SAFELY
        ]


DAY = timedelta(days=1)
TRIED = round(sum(retries.PAUSES, timedelta()) / DAY)
CLAIMS = {
    f"около {TRIED} дни",
    f"най-много {given_up.KEEP_GIVEN_UP.days} дни",
    f"{given_up.KEEP_GIVEN_UP.days} дни заключено",
    f"{given_up.WARN_BEFORE.days} дни след",
    f"{boxes.LIFETIME.days} дни след писмото или след последния отговор",
    f"изтрива отговора след {boxes.LIFETIME.days} дни",
    f"Побират се {boxes.MOST_ANSWERS} отговора",
    f"отпечатък срещу двойно изпращане | {outbox.SAME_LETTER // timedelta(minutes=1)} минути",
    f"разписката на екрана на човека | {receipts.LIFETIME_SECONDS // 60} минути",
    f"изчезва след {receipts.LIFETIME_SECONDS // 60} минути",
    f"до {extra_step.HOUR // 60} час,",
    f"до {Settings.model_fields['messages_per_hour'].default} приети писма на час",
    f"{message.SIZE_CLASS // 1024} КБ",
    f"{pdf.PDF_SIZE_CLASS // 1024} КБ",
    f"{alarms.KEY_ENDS_SOON.days} дни преди",
    f"повече от {alarms.TOO_OLD // timedelta(hours=1)} часа",
    f"{passwords.SHORTEST_PASSWORD} знака",
    f"{smime.SMALLEST_RSA_BITS} бита",
}
"""What guides say of the software, with the numbers that it has."""
NOT_OF_THE_SOFTWARE = {"72 часа", "14 години", "3 години", "18 години"}
UNITS = "дни|дена|часа|час|минути|секунди|години|знака|КБ|бита|писма|приети|отговора"
NUMBER = re.compile(rf"\d+ (?:{UNITS})\b")


@pytest.mark.parametrize(
    "guide",
    [*PACK, LETTERS, ANSWERS, *sorted(FOLDER.glob("chetene-*.md"))],
    ids=lambda g: g.name,
)
def test_numbers_are_those_of_the_code(guide: Path) -> None:
    """Each number with a unit is a value of the code in its sentence, or the law's own."""
    text = words(read(guide))
    known = [span for claim in CLAIMS for span in spans(re.escape(claim), text)]
    for found in NUMBER.finditer(text):
        told = any(start <= found.start() and found.end() <= end for start, end in known)
        assert told or found[0] in NOT_OF_THE_SOFTWARE, text[found.start() - 60 : found.end() + 20]


def test_every_claim_is_told_somewhere() -> None:
    """No number of the list is left from an earlier text."""
    told = "".join(read(guide) for guide in FOLDER.rglob("*.md"))
    assert not {claim for claim in CLAIMS if claim not in told}


def spans(pattern: str, text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in re.finditer(pattern, text))


def test_gaps_of_the_pack_are_visible() -> None:
    """What only the centre can say is marked in one way, and every document has such gaps."""
    for document in PACK:
        text = read(document)
        assert "[… попълва центърът" in text
        assert text.count("[…") == text.count("[… попълва центърът")
    assert "Въпрос към ДЛЗД" in read(FOLDER / "lichni-danni" / "registar.md")
