"""Translations as a gettext file: out, and back with nothing but translations taken."""

from __future__ import annotations

import os
import re
from functools import cache
from io import BytesIO
from random import Random

import pytest
from babel.messages.pofile import read_po
from lxml import html
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from site_editor.translations.po import PoError, Returned, po_file, read_po_file
from site_editor.translations.texts import Translated, old_texts, translated_texts
from site_model.loading.loader import read_written
from site_model.loading.yaml_lines import parse_yaml
from tests.support.content.translated import IN_EAST, IN_TURKISH, PLACE
from tests.support.editor import OURS, Desk, desk, words
from tests.support.project import ROOT, copy_project, real_content

EXAMPLES = int(os.environ.get("OPORA_FUZZ_EXAMPLES", "120"))
AT = "/harmanli/prevodi/tr/po/"
SOCIAL = "services.social.name"


@cache
def texts_of(
    *, old: bool = False, centre: str = "harmanli", language: str = "tr"
) -> tuple[Translated, ...]:
    """The real texts; one of them `old`."""
    content = real_content()
    data = parse_yaml(read_written(ROOT / f"content/centres/{centre}.yml")).data
    known = dict(old_texts(content, centre).get(language, {}))
    if old:
        known[data["building"][0]["text"]["bg"], IN_TURKISH] = "Старият текст."
    return translated_texts(data, language, known)


TURKISH = real_content().site.language("tr")
FILE = po_file("harmanli", "tr", texts_of()).decode()
OLD = po_file("harmanli", "tr", texts_of(old=True)).decode()


def read(text: str | bytes, *, old: bool = False) -> Returned:
    data = text if isinstance(text, bytes) else text.encode()
    return read_po_file(data, "harmanli", TURKISH, texts_of(old=old))


def entry(text: str, place: str = PLACE) -> str:
    """The lines of one entry."""
    (found,) = [one for one in text.split("\n\n") if f'.yml {place}"' in one]
    return found


def with_words(text: str, said: str, place: str = PLACE) -> str:
    """The file with another translation at a place."""
    before = entry(text, place)
    return text.replace(before, re.sub(r'msgstr "[^\n]*"', lambda _: f'msgstr "{said}"', before))


def test_file_is_plain_gettext() -> None:
    """Each text once, with its place, its words in Bulgarian and where people see it."""
    catalog = read_po(BytesIO(FILE.encode()), abort_invalid=True)
    entries = [one for one in catalog if one.id]
    assert len(entries) == len(texts_of()) == 51
    assert str(catalog.locale) == "tr"
    (one,) = [each for each in entries if (each.context or "").endswith(f" {PLACE}")]
    assert one.context == "content/centres/harmanli.yml building.1.text"
    assert (one.id, one.string) == ("Центърът се намира в западната част на града.", IN_TURKISH)
    assert one.auto_comments[0] == "Сграда и достъп: Сградата № 1"


def test_what_is_old_is_fuzzy() -> None:
    """And names the text that it was made of."""
    assert "#, fuzzy" not in FILE
    assert "#, fuzzy" in entry(OLD)
    assert "преводът е на по-стар текст: Старият текст." in entry(OLD)


def test_unchanged_file_changes_nothing() -> None:
    for text in (FILE, "\ufeff" + FILE, FILE.replace("\n", "\r\n"), FILE.encode("utf-16")):
        assert read(text) == Returned()
    assert read(OLD, old=True) == Returned(unsure=1)


def test_translations_are_taken_by_place_and_text() -> None:
    """Cleaned and in one line as all that is typed, whatever a tool wrote around them."""
    assert read(with_words(FILE, IN_EAST)).told == {PLACE: IN_EAST}
    several = (
        with_words(FILE, "")
        .replace(
            'msgstr ""\n\n#. Сграда и достъп: Сградата № 2',
            'msgstr ""\n"Merkez, "\n"\\u200bdoğudadır.\\n"\n\n#. Сграда и достъп: Сградата № 2',
        )
        .replace("\\u200b", "\u200b")
    )
    assert read(several).told == {PLACE: "Merkez, doğudadır."}
    assert read(with_words(FILE, 'Merkez \\"doğu\\"')).told == {PLACE: "Merkez “doğu”"}


def test_no_translation_takes_none_away() -> None:
    assert read(with_words(FILE, "")) == Returned()
    assert read(FILE.replace(entry(FILE), "")) == Returned()


def test_taken_mark_says_that_it_is_still_right() -> None:
    """Without „fuzzy“ and with the same words; with it nothing is taken, whatever the words."""
    assert read(OLD.replace("#, fuzzy\n", ""), old=True).right == [PLACE]
    assert read(with_words(OLD, IN_EAST), old=True) == Returned(unsure=1)


def test_what_changed_meanwhile_is_told_and_not_taken() -> None:
    """A Bulgarian text that is another now, a text that is gone; what the translator left stays as
    it is here.
    """
    changed = with_words(FILE, IN_EAST).replace("намира в западната", "намира в северната")
    back = read(changed)
    assert back.told == {}
    (said,) = back.refused
    line = changed[: changed.index('msgid "Центърът се намира в северната')].count("\n") + 1
    assert said.startswith(
        f"ред {line}: преводът е на друг текст; сега българският текст е „Център"
    )
    gone = FILE.replace(f"yml {PLACE}", "yml building.77.text")
    assert "такова място вече няма" in read(gone).refused[0]
    here = tuple(
        one if one.place != PLACE else type(one)(**vars(one) | {"words": "Burada düzeltildi."})
        for one in texts_of()
    )
    assert read_po_file(FILE.encode(), "harmanli", TURKISH, here) == Returned()
    told = read_po_file(with_words(FILE, IN_EAST).encode(), "harmanli", TURKISH, here).told
    assert told == {PLACE: IN_EAST}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("Merkez <b>doğu</b>", "махнете знаците <"),
        ("Merkez {{ x }}", "махнете знаците {"),
        ("Merkez `x` *y*", "махнете знаците"),
        ("Merkez %(num)s", "трябва да е като"),
        ("Merkez \x07", "знак, който не се чете"),
        ("Merkez \ufffd", "знак, който не се чете"),
        ("Център", "нито една буква на този език (турски)"),
        ("Merkez " * 100, "много по-дълъг"),
    ],
)
def test_wrong_words_are_refused_with_their_line(said: str, sentence: str) -> None:
    """And nothing else of the file."""
    text = with_words(with_words(FILE, said), "Sosyal hizmet", SOCIAL)
    back = read(text)
    assert back.told == {SOCIAL: "Sosyal hizmet"}
    (wrong,) = back.refused
    assert re.match(r"ред \d+: ", wrong) and sentence in wrong


def test_one_place_twice_is_refused_where_the_two_differ() -> None:
    twice = f"{FILE}\n\n{entry(with_words(FILE, IN_EAST))}\n"
    back = read(twice)
    assert back.told == {}
    assert re.search(r"редове \d+, \d+: същото място", back.refused[0])
    assert read(f"{FILE}\n\n{entry(FILE)}\n") == Returned()
    plural = FILE.replace(entry(FILE), entry(FILE).replace("msgstr", 'msgid_plural "x"\nmsgstr[0]'))
    assert "форми за число" in read(plural).refused[0]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (po_file("sopot", "tr", texts_of(centre="sopot")), "на друг център (sopot)"),
        (po_file("harmanli", "uk", texts_of(language="uk")), "Във файла пише език „uk“"),
        (FILE.replace('"Language: tr\\n"\n', ""), "не пише за кой език"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "това не е файл .po"),
        (FILE.encode("cp1251", "replace"), "не е записан като UTF-8"),
        (FILE.encode()[:-7] + b"\xff\xfe\xd0", "не е записан като UTF-8"),
        (b"", "нито един превод"),
        (b"\x00" * 1000, "ред 1: не е ред от файл .po"),
        (b"PK\x03\x04", "не е ред от файл .po"),
        (FILE.replace('msgstr "', "msgstr ", 3), "не е ред от файл .po"),
        (FILE + '\nmsgid "x"\n', "ред"),
        (FILE + '\nmsgstr "x"\nmsgstr "y"\n', "не е ред от файл .po"),
        (FILE + '\nmsgctxt "x"\n', "нищо"),
        ('msgid ""\nmsgstr "Language: tr\\n"\n\nmsgid "a"\nmsgstr "b"\n', "не е изнесен от тук"),
        ("x" * 100_000, "ред 1"),
    ],
    ids=lambda one: str(one)[:30],
)
def test_file_that_is_none_of_ours_is_refused_whole(text: str | bytes, sentence: str) -> None:
    if sentence == "нищо":
        assert read(text) == Returned()
        return
    with pytest.raises(PoError, match=re.escape(sentence)):
        read(text)


def test_hostile_head_breaks_nothing() -> None:
    """What a file says of its charset or its forms for numbers is not obeyed."""
    for line in ("charset=bomb", "charset=utf-7", "Plural-Forms: nplurals=999999999; plural=1/0;"):
        text = FILE.replace("charset=utf-8", line)
        assert text != FILE
        assert read(with_words(text, IN_EAST)).told == {PLACE: IN_EAST}


@pytest.mark.parametrize("part", range(4))
def test_generated_files(part: int) -> None:
    """Whatever became of a file on its way: refused in words, or only translations of its texts."""
    places = {one.place for one in texts_of()}
    for number in range(part, EXAMPLES, 4):
        random = Random(number)  # noqa: S311
        lines = OLD.split("\n")
        for _ in range(random.randrange(1, 6)):
            at = random.randrange(len(lines))
            piece = random.choice((*PIECES, random.choice(lines)))
            match random.randrange(4):
                case 0:
                    del lines[at]
                case 1:
                    lines.insert(at, piece)
                case 2:
                    cut = random.randrange(len(lines[at]) + 1)
                    lines[at] = lines[at][:cut] + piece + lines[at][cut:]
                case _:
                    lines[at] = lines[at][: random.randrange(len(lines[at]) + 1)]
            lines = lines or [""]
        data = bytearray("\n".join(lines).encode("utf-8", "surrogatepass"))
        if number % 7 == 0 and data:
            data[random.randrange(len(data))] = random.randrange(256)
        try:
            back = read(bytes(data), old=True)
        except PoError as error:
            assert re.search("[а-я]", str(error)), number
            continue
        assert {*back.told, *back.right} <= places, number
        assert not any(set(said) & set("<>{}[]\x00") for said in back.told.values()), number


PIECES = (
    *(
        '"',
        "\\",
        'msgid "',
        "msgstr",
        'msgstr ""',
        'msgstr[0] "x"',
        'msgctxt ""',
        "#, fuzzy",
        "#~ ",
    ),
    *('msgid_plural "x"', "#| ", "\x00", "\ufeff", "\u2028", "\ud800", "{{ x }}", "<b>", "%(x)s"),
    *(
        '"\\x"',
        '\\"',
        "\\n",
        "#: a:99999999999999999999",
        "#: \u2068",
        "#. ",
        "#",
        "домен",
        "﷽" * 50,
    ),
)


@pytest.fixture
def turkish(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return desk(copy_project(tmp_path_factory.mktemp("po") / "site", languages=None))


def test_file_goes_out_and_comes_back_through_the_page(turkish: Desk) -> None:
    """As any other change: looked at first, with what is not taken, and written by one page."""
    sent = turkish.client.get(AT, headers=OURS)
    assert sent.headers["Content-Disposition"] == "attachment; filename=harmanli-tr.po"
    assert sent.data.decode() == FILE
    before = turkish.file().read_bytes()
    looked = send(turkish, with_words(with_words(FILE, IN_EAST), "<b>", SOCIAL))
    assert looked.status_code == 200
    assert (
        "От файла не се вземат" in words(looked) and "махнете знаците" in words(looked).casefold()
    )
    assert f"„{IN_TURKISH}“ → „{IN_EAST}“" in words(looked)
    fields = turkish.fields(html.fromstring(looked.text))
    assert fields[f"w-{PLACE}"] == IN_EAST
    assert f"w-{SOCIAL}" not in fields
    back = turkish.press("/harmanli/prevodi/tr/", fields, "edit")
    assert html.fromstring(back.text).get_element_by_id(PLACE).value == IN_EAST
    nothing = send(turkish, FILE)
    assert "Нищо не е променено" in words(nothing)
    refused = send(turkish, b"\xff")
    assert refused.status_code == 422
    assert "UTF-8" in words(refused)
    assert send(turkish, FILE, token="x").status_code == 200
    assert turkish.client.post(AT, data={}, headers=OURS).status_code == 200
    assert turkish.client.post(AT, data={"file": "x" * 3_000_000}, headers=OURS).status_code == 413
    assert turkish.file().read_bytes() == before


def send(at: Desk, file: str | bytes, **more: str) -> TestResponse:
    token = at.get("/harmanli/prevodi/tr/").xpath("//input[@name='token']/@value")[0]
    data = file.encode() if isinstance(file, str) else file
    sent = FileStorage(BytesIO(data), filename="обратно.po")
    return at.client.post(AT, data={"token": token, "file": sent} | more, headers=OURS)
