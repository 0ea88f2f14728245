"""One word a thing: where a Bulgarian text has a term, its translation has the glossary's word."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from site_model.content import Content
from site_model.i18n.glossary import Glossary, outside
from site_model.loading.loader import load_glossary
from tests.support.project import ROOT

GLOSSARY = load_glossary(ROOT / "locale")

WRONG = [
    ("uk", "Попитайте в общината.", "Запитайте в громаді.", "муніципалітет"),
    ("uk", "За кои общини", "Для яких міст", "муніципалітет"),
    ("tr", "Специализирана услуга", "Özel hizmet", "uzmanlaşmış"),
    ("tr", "Специализираните услуги", "ÖZEL HİZMETLER", "uzmanlaşmış"),
    ("ar", "Не пишете ЕГН.", "لا تكتبوا الرقم المدني (ЕГН).", "الشخصي"),
    ("ar", "След предварителна оценка", "بعد تقييم مبدئي", "أوّلي"),
    ("tr", "Търсиш ли помощ?", "Yardım arıyor musun?", "istemek"),
    ("tr", "Опасност сега", "Şimdi tehlike", "Şu anda"),
    ("en", "Сигнал до отдел „Закрила на детето“", "A referral to the department", "report"),
    ("en", "Насочване към центъра", "A report to the centre", "referral"),
    ("uk", "Лесно за четене", "Легко читати", "легке"),
]
RIGHT = [
    ("uk", "Общността ни помага.", "Громада нам допомагає."),
    ("uk", "Към общината (община)", "До муніципалітету (община)"),
    ("tr", "Подадохте ли сигнал?", "İHBAR YAPTINIZ MI?"),
    ("tr", "Ще попита ОЗД или дирекция „Социално подпомагане“.", "ОЗД’ye veya ДСП’ye sorar."),
    ("ar", "писмена предварителна оценка", "تقييمًا أوّليًّا مكتوبًا"),
    ("ar", "до дирекция „Социално подпомагане“", "إلى مديريّة المساعدة الاجتماعيّة"),
    ("en", "Насочвате детето.", "You are referring the child."),
    ("en", "Родителите или настойника", "Parents or guardians"),
    ("de", "Община", "irgendwas"),
]


@pytest.mark.parametrize(("language", "bulgarian", "translation", "instead"), WRONG)
def test_another_word_is_named_with_the_right_one(
    language: str, bulgarian: str, translation: str, instead: str
) -> None:
    found = list(outside(GLOSSARY, bulgarian, translation, language))
    assert any(instead in slip.fix for slip in found), found


@pytest.mark.parametrize(("language", "bulgarian", "translation"), RIGHT)
def test_the_word_is_known_in_every_form(language: str, bulgarian: str, translation: str) -> None:
    """Bent, in capitals, with vowel marks; another term may use a word that this one must not."""
    assert list(outside(GLOSSARY, bulgarian, translation, language)) == []


def test_the_glossary_is_whole(content: Content) -> None:
    """Each term has all languages of the site, and holds what it says itself."""
    assert len(GLOSSARY.terms) > 15
    for term in GLOSSARY.terms:
        assert set(term) == set(content.site.codes)
        said = {code: word.say for code, word in term.items()}
        for code in content.site.codes[1:]:
            assert not list(outside(Glossary(terms=(term,)), said["bg"], said[code], code)), said


def test_what_cannot_be_a_glossary_is_refused() -> None:
    """A term without Bulgarian; a word that must and must not be said."""
    for term in (
        {"en": {"say": "report"}},
        {"bg": {"say": "сигнал"}, "en": {"say": "report", "never": ["report"]}},
    ):
        with pytest.raises(ValidationError):
            Glossary.model_validate({"terms": [term]})
