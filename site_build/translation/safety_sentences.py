"""What a safety sentence is, in one place, and every one there is with its translations.

Nothing is listed by its words, which change: texts of content/ by their fields, interface words
by where they stand and what they speak of, pages of docs/ whole. A new sentence about danger in
a template is therefore one as soon as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Message

from site_build.errors import BuildError
from site_build.project import Project
from site_build.translation.texts import texts_in
from site_model.i18n.catalogue_files import TEMPLATE, readable
from site_model.i18n.catalogues import first_form, forms_of, is_done, words_of
from site_model.loading.loader import Loc, read_written, written_files
from site_model.loading.yaml_lines import parse_yaml
from site_model.types import SOURCE_LANGUAGE
from site_model.urls import COMMON_PAGES

SUBJECTS = {
    "danger": "Опасност",
    "law": "Кога центърът е длъжен да каже",
    "promise": "Кой чете писмото и как пътува",
    "receipt": "Прието или неприето писмо",
    "exit": "Бързо излизане и следи",
    "lines": "Телефони за помощ",
}
"""What safety sentences are about, the gravest first: a mistake there harms the soonest."""

_ANSWERS = "emergency|beaten|violence|touched|life|missing|bullying|internet|nobody|report"

_FIELDS = (
    ("danger", r"forms/.*", r"fields\.danger(\..*)?|.*\.stop"),
    ("danger", r"help_lines\.yml", r"lines\.emergency\..*"),
    (
        "danger",
        r"search\.yml",
        rf"answers\.({_ANSWERS}|traces|write|referral)\.(text|without_service)",
    ),
    ("law", r"law\.yml", r"notes\.(child_alone|duty_to_notify)\..*"),
    ("law", r"forms/.*", r"before\..*"),
    ("law", r"search\.yml", r"answers\.secrecy\.text"),
    ("receipt", r"forms/.*", r"next_steps\..*|personal_number_found|trap_filled"),
    ("lines", r"help_lines\.yml", r"lines\..*"),
)
"""Texts of content/: subject, file, field (items of a list by their `id` or number)."""

_WORDS = (
    ("danger", r".*", r"(?<!без)опасн|те е страх|удря|нещо лошо|не чува(ш|те)|%\(when\)s"),
    ("receipt", r"contact_service/web/(templates/receipt\.html|refusals\.py)", r""),
    ("receipt", r".*", r"(не е|не са) (изпратен|приет)|^прието|с този отговор писмото"),
    ("exit", r".*", r"\bShift\b|бързо излиз|излизате от сайта|безопасно разгл|сайта безопасно"),
    ("exit", r".*", r"браузър|бисквитк|(следи|гледа) телефона"),
    ("law", r".*", r"тайн|длъжен|законът.*(поставя|казва, че|изисква)|(иска|изисква).*законът"),
    ("law", r".*", r"трябва да уведоми|\bказваме\b|каже на други|кой ще разбере|родителите ти"),
    ("law", r".*", r"закрилят децата"),
    ("promise", r".*", r"заключ|сървър|\bчетат\b|може да го прочете|кой сте|кой си|името си"),
    (
        "lines",
        r".*",
        r"обад(ете|и) се (сега )?на|^(за )?деца\b.*:|телефона за деца|телефони за помощ",
    ),
)
"""Interface words: subject, file, what the Bulgarian words hold. The first that fits counts."""

_PAGES = (
    ("lines", f"{COMMON_PAGES['help']}.md"),
    ("exit", f"{COMMON_PAGES['safety']}.md"),
)
"""Pages written by hand: each of their lines."""

_MARKUP = re.compile(r"^\s*(?:#+|-|\d+\.)\s|<[^<>]+>|\*\*|\{%.*?%\}")
_VALUE = re.compile(r"\{\{.*?\}\}")


@dataclass(frozen=True)
class SafetySentence:
    """A sentence on which somebody's safety hangs."""

    subject: str
    """One of SUBJECTS."""
    place: str
    """File, and the field in it: content/law.yml notes.child_alone.text."""
    texts: Mapping[str, str]
    """By language, Bulgarian first; where there is no translation, there is none here."""


def safety_sentences(project: Project, languages: Sequence[str]) -> tuple[SafetySentence, ...]:
    """All of them, the gravest first. Raises BuildError where a page has not the same lines in
    every language, so that nobody can say which is the translation of which.
    """
    found = (
        *_of_content(project, languages),
        *_of_words(project, languages),
        *_of_pages(project, languages),
    )
    order = list(SUBJECTS)
    return tuple(sorted(found, key=lambda sentence: order.index(sentence.subject)))


def _of_content(project: Project, languages: Sequence[str]) -> Iterator[SafetySentence]:
    for file in written_files(project.content, "**/*.yml"):
        name = file.relative_to(project.content).as_posix()
        rules = [(subject, field) for subject, of, field in _FIELDS if re.fullmatch(of, name)]
        if not rules:
            continue
        data = parse_yaml(read_written(file)).data
        for loc, texts in texts_in(data):
            field = ".".join(_names(data, loc))
            subject = next((one for one, fields in rules if re.fullmatch(fields, field)), None)
            if subject:
                known = {language: texts[language] for language in languages if language in texts}
                yield SafetySentence(subject, f"content/{name} {field}", known)


def _names(data: Any, loc: Loc) -> Iterator[str]:
    """The steps to a text; of a list the `id` of the item, or its number from 1."""
    for step in loc:
        data = data[step]
        if isinstance(step, str):
            yield step
        else:
            yield str(data.get("id", step + 1) if isinstance(data, dict) else step + 1)


def _of_words(project: Project, languages: Sequence[str]) -> Iterator[SafetySentence]:
    catalogues = {
        language: readable(project.catalogues / f"{language}.po")
        for language in languages
        if language != SOURCE_LANGUAGE
    }
    for word in words_of(readable(project.catalogues / TEMPLATE)):
        if subject := subject_of_word(word):
            texts = {SOURCE_LANGUAGE: first_form(word)}
            for language, words in catalogues.items():
                translated = words.get(word.id, word.context)
                if translated is not None and is_done(translated):
                    texts[language] = forms_of(translated)[0]
            yield SafetySentence(subject, ", ".join(place for place, _ in word.locations), texts)


def subject_of_word(word: Message) -> str | None:
    """What an interface word is about, of SUBJECTS; None if it is no safety sentence."""
    bulgarian = first_form(word)
    for subject, place, holds in _WORDS:
        stands = any(re.fullmatch(place, file) for file, _ in word.locations)
        if stands and re.search(holds, bulgarian, re.IGNORECASE):
            return subject
    return None


def _of_pages(project: Project, languages: Sequence[str]) -> Iterator[SafetySentence]:
    for subject, name in _PAGES:
        pages = {
            language: _lines(project.hand_written(language) / name)
            for language in languages
            if (project.hand_written(language) / name).exists()
        }
        bulgarian = pages.get(SOURCE_LANGUAGE, [])
        for language, lines in pages.items():
            if len(lines) != len(bulgarian):
                raise BuildError(
                    f"docs/{language}/{name}: редовете с текст са {len(lines)}, а в docs/"
                    f"{SOURCE_LANGUAGE}/{name} са {len(bulgarian)}. Всеки ред се превежда с един."
                )
        for number in range(len(bulgarian)):
            texts = {language: lines[number] for language, lines in pages.items()}
            yield SafetySentence(subject, f"docs/{SOURCE_LANGUAGE}/{name}", texts)


def _lines(page: Path) -> list[str]:
    """What a page written by hand says, without markup; values stay as they are written."""
    _, _, body = read_written(page).split("---\n", 2)
    said = (_MARKUP.sub("", line).strip() for line in body.splitlines())
    return [line for line in said if re.search(r"\w", _VALUE.sub("", line))]
