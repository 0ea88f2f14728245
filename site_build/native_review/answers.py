"""Pure: what each row that came back means for the translation that it is of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from site_build.errors import BuildError
from site_build.native_review.markup import (
    ShownText,
    closes_well,
    marked_text,
    without_code,
)
from site_build.native_review.sentences import SECTIONS, Sentence
from site_build.native_review.typed_answers import bare, clean_typed, is_yes, on_site, why_not
from site_model.i18n.languages import SiteLanguage

_REPEATED: Final = 3
"""The same text for so many sentences is a „yes“ in the reader's language, not a translation."""
_MOST_MOVED: Final = 3
"""More rows with the texts of other sentences are a sheet whose columns were moved."""


@dataclass(frozen=True)
class Answer:
    """A row as it came back; `place` names it, `broken` says why it cannot be read."""

    place: str
    id: str
    bulgarian: str
    translation: str
    answer: str
    remark: str
    broken: str = ""


def texts_of(one: Sentence, numbers: Mapping[str, str]) -> tuple[ShownText, ShownText]:
    """Both texts of a sentence as the sheet shows them."""
    bulgarian = marked_text(one.bulgarian, numbers, {})
    translation = marked_text(one.translation, numbers, bulgarian.behind)
    return replace(bulgarian, shown=without_code(bulgarian, translation)), translation


class Kind(Enum):
    """What comes of a row."""

    FINE = auto()
    BETTER = auto()
    REMARK = auto()
    UNREAD = auto()
    REFUSED = auto()


@dataclass(frozen=True)
class Verdict:
    """What a row means: `words` are the new text as its file holds it, or why it is refused."""

    answer: Answer
    kind: Kind
    sentence: Sentence | None = None
    words: str = ""

    @property
    def is_read(self) -> bool:
        return self.kind in (Kind.FINE, Kind.BETTER, Kind.REMARK)


def judge_answers(
    answers: Iterable[Answer],
    found: Sequence[Sentence],
    language: SiteLanguage,
    numbers: Mapping[str, str],
) -> list[Verdict]:
    """A verdict for each row, in the order of the sheet.

    Raises BuildError when columns were moved against each other: then no row can be trusted.
    """
    judge = _Judge(found, language, numbers)
    return _without_contradictions(judge.verdicts(list(answers)))


class _Judge:
    def __init__(
        self, found: Sequence[Sentence], language: SiteLanguage, numbers: Mapping[str, str]
    ) -> None:
        self._language = language
        self._numbers = numbers
        self._by_id = {one.id: one for one in found}
        self._bulgarians = {one.of_bulgarian for one in found}
        self._by_texts: dict[tuple[str, str], list[Sentence]] = defaultdict(list)
        self._by_bulgarian: dict[str, list[Sentence]] = defaultdict(list)
        self._groups: dict[object, set[tuple[str, str]]] = defaultdict(set)
        self._translations: dict[Sentence, str] = {}
        for one in found:
            ours, theirs = (self._typed(text.shown) for text in texts_of(one, numbers))
            self._by_texts[ours, theirs].append(one)
            self._by_bulgarian[ours].append(one)
            self._translations[one] = theirs
            for group in _groups(one):
                self._groups[group].add((ours, theirs))
        self._all_translations = frozenset(self._translations.values())

    def verdicts(self, answers: list[Answer]) -> list[Verdict]:
        moved = [one for one in answers if self._is_moved(one)]
        if len(moved) > _MOST_MOVED:
            raise BuildError(
                f"{moved[0].place} и още {len(moved) - 1}: колоните са разместени една спрямо "
                "друга. Подреждайте всички колони заедно, и скритата G; вземете файла отпреди."
            )
        different = {
            (self._typed(one.answer), one.bulgarian, one.translation)
            for one in answers
            if self._typed(one.answer) != self._typed(one.translation)
        }
        said = Counter(answer for answer, _, _ in different)
        repeated = {one for one, times in said.items() if times >= _REPEATED and not is_yes(one)}
        return [self._verdict(one, repeated - {""}) for one in answers]

    def _verdict(self, answer: Answer, repeated: set[str]) -> Verdict:
        sentence = self._sentence(answer)
        said = self._typed(answer.answer)
        if answer.broken:
            return Verdict(answer, Kind.REFUSED, sentence, answer.broken)
        if said in repeated and said != self._typed(answer.translation):
            words = "Ако значи „добре е“, напишете OK: същото е отговорено на други редове"
            return Verdict(answer, Kind.REFUSED, sentence, words)
        if sentence is None:
            return self._unknown(answer)
        return self._of(answer, sentence, said)

    def _of(self, answer: Answer, sentence: Sentence, said: str) -> Verdict:
        if said and not is_yes(said):
            return self._better(answer, sentence, said)
        there, kept = self._typed(answer.translation), self._translations[sentence]
        if bare(there) != bare(kept):
            is_now = f"сменен на „{there}“" if there else "изтрит"
            words = f"Напишете новия текст в „OK или по-добър превод“: в „Превод“ е {is_now}"
            return Verdict(answer, Kind.REFUSED, sentence, words)
        kind = Kind.REMARK if answer.remark.strip() else Kind.UNREAD
        return Verdict(answer, Kind.FINE if said else kind, sentence)

    def _texts(self, answer: Answer) -> tuple[str, str]:
        return self._typed(answer.bulgarian), self._typed(answer.translation)

    def _is_moved(self, answer: Answer) -> bool:
        """Whether the texts of a row are not those of the sentence that its mark names."""
        bulgarian, translation = self._texts(answer)
        of = answer.id.partition("-")[0]
        same = [one for one in self._by_bulgarian.get(bulgarian, ()) if one.of_bulgarian == of]
        if of in self._bulgarians and not same:
            return True
        one = self._by_id.get(answer.id)
        return (
            one is not None
            and translation != self._translations[one]
            and translation in self._all_translations
        )

    def _sentence(self, answer: Answer) -> Sentence | None:
        """The sentence of a row, by its mark if the texts fit, otherwise by both texts."""
        if not self._is_moved(answer):
            if one := self._by_id.get(answer.id):
                return one
            if answer.id.partition("-")[0] in self._bulgarians:
                return None  # its translation has changed since
        found = self._by_texts.get(self._texts(answer), ())
        return found[0] if len(found) == 1 else None

    def _unknown(self, answer: Answer) -> Verdict:
        """A row whose texts are not those of now."""
        said = self._typed(answer.answer)
        in_head = answer.bulgarian.strip() in ("", *SECTIONS.values())
        if self._is_moved(answer):
            words = "Върнете „Български“ и „Превод“, както бяха: не са на изречението от този ред"
            return Verdict(answer, Kind.REFUSED, None, words)
        if not (said or answer.remark.strip()) or (in_head and is_yes(said)):
            return Verdict(answer, Kind.UNREAD)
        if in_head:
            words = "Преместете го на реда на изречението: на този ред няма изречение"
            return Verdict(answer, Kind.REFUSED if said else Kind.REMARK, None, words)
        return self._of_before(answer, said)

    def _of_before(self, answer: Answer, said: str) -> Verdict:
        same = self._by_bulgarian.get(self._typed(answer.bulgarian), [])
        of = answer.id.partition("-")[0]
        now = [one for one in same if one.of_bulgarian == of] or same
        if not now:
            words = "Вземете нова таблица: българският текст е сменен или го няма вече"
            return Verdict(answer, Kind.REFUSED, None, words)
        for one in now:
            if bare(said) == bare(self._translations[one]):
                return Verdict(answer, Kind.FINE, one)  # written the last time
        words = f"Вземете нова таблица: преводът е сменен междувременно: „{now[0].translation}“"
        return Verdict(answer, Kind.REFUSED, None, words)

    def _better(self, answer: Answer, sentence: Sentence, said: str) -> Verdict:
        ours, theirs = texts_of(sentence, self._numbers)
        new = on_site(said, theirs.shown, self._language)
        if new == theirs.shown or said == self._typed(theirs.shown):
            return Verdict(answer, Kind.FINE, sentence)
        wrong = self._of_another(sentence, new) or why_not(
            new, ours.shown, theirs.shown, self._language
        )
        if wrong:
            return Verdict(answer, Kind.REFUSED, sentence, wrong)
        words = theirs.with_words(new)
        if closes_well(sentence.translation) and not closes_well(words):
            words = "Върнете реда на скобите { }: скобите { } са в друг ред"
            return Verdict(answer, Kind.REFUSED, sentence, words)
        return Verdict(answer, Kind.BETTER, sentence, words)

    def _of_another(self, sentence: Sentence, said: str) -> str:
        """Why a text that stands beside this one already may not stand here too, or ""."""
        for group in _groups(sentence):
            for bulgarian, translation in self._groups[group]:
                if bare(translation).casefold() == bare(said).casefold():
                    return f"Проверете реда: това е преводът на „{bulgarian}“ до него"
        return ""

    def _typed(self, text: str) -> str:
        return clean_typed(text, self._language)


def _groups(one: Sentence) -> set[object]:
    """The lists of files of facts in which a sentence stands: other answers to the question."""
    found: set[object] = set()
    for spot in one.spots:
        numbers = [place for place, step in enumerate(spot.at) if isinstance(step, int)]
        if numbers and spot.file.endswith(".yml"):
            found.add((spot.file, spot.at[: numbers[-1]], spot.at[numbers[-1] + 1 :]))
    return found


def _without_contradictions(verdicts: list[Verdict]) -> list[Verdict]:
    """Rows of one sentence, copied or of several readers, that say different things are refused."""
    said: dict[Sentence, set[tuple[Kind, str]]] = {}
    settled = (Kind.FINE, Kind.BETTER)
    for one in verdicts:
        if one.sentence and one.kind in settled:
            said.setdefault(one.sentence, set()).add((one.kind, one.words))
    words = "Решете кой отговор остава: за същото изречение има ред с друг"
    return [
        replace(one, kind=Kind.REFUSED, words=words)
        if one.sentence and one.kind in settled and len(said[one.sentence]) > 1
        else one
        for one in verdicts
    ]
