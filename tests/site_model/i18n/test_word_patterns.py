"""What a program sees wrong in words: each rule has texts that break it, and texts that do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_model.i18n.word_patterns import QUOTES, numbers_differ, slips, values_differ

BREAK = [
    ("bg", 'Програмата "Моят избор"'),
    ("bg", "Програмата “Моят избор”"),
    ("bg", "Програмата „Моят избор”"),
    ("bg", "Програмата ,,Моят избор''"),
    ("bg", "Програмата 'Моят избор'"),
    ("bg", "Още '%(number)s' дни"),
    ("en", "‘{name}’ is here"),
    ("bg", "Програмата «Моят избор»"),
    ("bg", "Програмата „Моят избор"),
    ("bg", "Програмата “Моят избор„"),
    ("en", "The programme „My Choice“"),
    ("en", 'The programme "My Choice"'),
    ("tr", "„Benim seçimim“ programı"),
    ("tr", "«Benim seçimim» programı"),
    ("uk", "Програма „Мій вибір“"),
    ("uk", "Програма “Мій вибір”"),
    ("ar", "برنامج “اختياري”"),
    ("ar", "برنامج »اختياري«"),
    ("en", "The centre's phone"),
    ("tr", "112'yi arayın"),
    ("uk", "сім'я"),
    ("uk", "сімʼя"),
    ("bg", "Помощ - сега"),
    ("bg", "Помощ -- сега"),
    ("bg", "Помощ\u00a0-\u00a0сега"),
    ("bg", "най -важната"),
    ("bg", "Обадете се , моля"),
    ("bg", "Кога ?"),
    ("ar", "متى ؟"),
    ("bg", "Кажете (на нас )"),
    ("bg", "От 4 юни 2014 г.. досега"),
    ("bg", "Край.."),
    ("bg", "Кога??"),
    ("bg", "Днес, утре,."),
    ("bg", "Да,но после"),
    ("bg", "Два  интервала"),
    ("bg", "Това e наше"),
    ("bg", "Той е тaм"),
    ("uk", "Bони"),
    ("ar", "نعم, لا"),
    ("ar", "نعم; لا"),
    ("ar", "متى?"),
    ("ar", "«نعم», لا"),
]
KEEP = [
    ("bg", "Програмата „Моят избор“ и „Да се върнем в клас“, за деца."),
    ("bg", "„%(answer)s“"),
    ("bg", "Помощ – сега: от 10–18 часа, 12-годишна, най-важната, 0373/9 10 76…"),
    ("bg", "На 112.mvr.bg (без говор). Дву- и триместен. Нали?! И т.н., и др."),
    ("bg", "От 4 юни 2014 г. Наистина…"),
    ("bg", "формат .pdf или .well-known"),
    ("en", "The centre’s programme “My Choice” – for children."),
    ("tr", "“Benim seçimim” programı: 112’yi arayın"),
    ("uk", "Програма «Мій вибір» – для сім’ї"),
    ("ar", "برنامج «اختياري»، ثم نعم؛ متى؟ (PDF, 138 KB)"),
    ("ro", "„Alegerea mea” și “altceva”"),
]


@pytest.mark.parametrize(("language", "text"), BREAK)
def test_a_slip_is_seen_and_named(language: str, text: str) -> None:
    """With the signs around it as they were typed, so that it is found, and with the fix."""
    found = list(slips(text, language))
    assert found
    assert all(slip.found.strip("…") in text for slip in found)
    assert all(slip.fix for slip in found)


@pytest.mark.parametrize(("language", "text"), KEEP)
def test_what_is_right_is_no_slip(language: str, text: str) -> None:
    assert list(slips(text, language)) == []


@given(st.sampled_from(sorted(QUOTES)), st.sampled_from(sorted(QUOTES)))
def test_only_the_marks_of_the_language_are_right(language: str, other: str) -> None:
    """Whichever two languages share their marks."""
    opened, closed = QUOTES[other]
    wrong = any(slips(f"x {opened}слово{closed} y", language))
    assert wrong == (QUOTES[language] != QUOTES[other])


def test_a_bulgarian_name_stays_as_it_is_on_the_door() -> None:
    """In a translation its Bulgarian marks are no slip; of words that were translated they are."""
    bulgarian = "Бул. „Проф. Лазаров“ № 2"
    assert not list(slips("Blvd. (бул. „Проф. Лазаров“) No. 2", "en", bulgarian))
    assert list(slips("Blvd. „Prof. Lazarov“ No. 2", "en", bulgarian))
    assert list(slips("На „%(question)s“", "uk", "На „%(question)s“"))


@pytest.mark.parametrize(
    ("bulgarian", "translation", "language"),
    [
        ("Обадете се на 112.", "Call 116 111.", "en"),
        ("Обадете се на 112.", "Зателефонуйте.", "uk"),
        ("Обадете се.", "112’yi arayın.", "tr"),
        ("до 2 месеца", "up to 3 months", "en"),
        ("чл. 73, ал. 1", "art. 73", "en"),
        ("0373 9 10 76", "0373 9 10 77", "en"),
        ("от 10 до 18 часа", "from 10:00 to 18:30", "en"),
        ("до 2 месеца", "لمدة شهر", "ar"),
        ("112", "١١٦", "ar"),
        ("до един месец", "üç aya kadar", "tr"),
        ("до два месеца", "within a month", "en"),
        ("до два месеца", "within three months", "en"),
        ("в срок от десет дни", "протягом семи днів", "uk"),
        ("до един месец", "خلال ثلاثة أشهر", "ar"),
        ("до един месец", "خلال شهرين", "ar"),
        ("до 1 месец", "1 – on iki ay", "tr"),
    ],
)
def test_numbers_that_differ_are_seen(bulgarian: str, translation: str, language: str) -> None:
    """Telephones, deadlines, articles of a law."""
    assert list(numbers_differ(bulgarian, translation, language))


@pytest.mark.parametrize(
    ("bulgarian", "translation", "language"),
    [
        ("Обадете се на 116 111.", "116111’i arayın.", "tr"),
        ("Обадете се на 116 111.", "اتصلوا بالرقم ١١٦\u00a0١١١.", "ar"),
        ("от 10 до 18 часа", "from 10:00 to 18:00", "en"),
        ("1 250 души, 0,5 часа", "1,250 people, 0.5 hours", "en"),
        ("още 2 пъти", "مرتين أخريين", "ar"),
        ("Денонощно", "Günün 24 saati", "tr"),
        ("чл. 73, ал. 1, от 2008 г.", "art. 73, par. 1, of 2008", "en"),
        ("до три работни дни", "in three working days", "en"),
        ("до два месеца", "لمدة شهرين", "ar"),
        ("След %(num)s минута.", "بعد دقيقتين.", "ar"),
        ("още 2 минути", "دقيقتين", "ar"),
        ("един ден двама души", "bir gün iki kişi", "tr"),
        ("%(number)s от 5", "5 / %(number)s", "tr"),
    ],
)
def test_the_same_numbers_may_be_written_otherwise(
    bulgarian: str, translation: str, language: str
) -> None:
    assert not list(numbers_differ(bulgarian, translation, language))


@given(st.text(), st.sampled_from(sorted(QUOTES)))
def test_a_text_has_the_numbers_of_itself(text: str, language: str) -> None:
    """Whatever is in it; and no text breaks the rules' reading."""
    assert not list(numbers_differ(text, text, language))
    list(slips(text, language))


def test_values_of_a_page_stand_in_both_texts() -> None:
    """With other words in them, in any order; a condition counts, a link's beginning does not."""
    ours = '{% if takes_letters %} {{ tel(line) }} {{ dataset("Центрове") }} [a]({{ root }}x)'
    theirs = '{% if takes_letters %} {{ dataset("Centres") }} {{tel(line)}}'
    assert not list(values_differ(ours, theirs))
    assert list(values_differ(ours, theirs.replace("tel(line)", "tel(other)")))
    assert list(values_differ(ours, theirs.replace("{% if takes_letters %}", "")))
