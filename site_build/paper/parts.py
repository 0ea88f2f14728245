"""Pure: what leaflets and paper forms say the same way, as data for their templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from site_build.edition import Edition
from site_model.facts.centre import Centre
from site_model.facts.contacts import Phone
from site_model.facts.shared import HelpLine
from site_model.types import Fact, Text, Words

Data = dict[str, Any]


@dataclass(frozen=True)
class PaperParts:
    """The parts in an edition. A line is a sentence in which {} stands for its `phone`."""

    edition: Edition

    @property
    def words(self) -> Words:
        return self.edition.gettext

    def t(self, text: Text) -> str:
        return " ".join(self.edition.translate(text).split())

    def date(self, moment: str) -> str:
        return self.edition.date(moment)

    def danger(self) -> Data:
        """The two numbers that every sheet carries, the one for danger first."""
        danger, talk = self.edition.content.first_lines
        children = self.words("В опасност и децата се обаждат на %(number)s.")
        to_talk = self.words(
            "Деца, които искат да поговорят, безплатно, денонощно и анонимно: %(number)s."
        )
        said = f"{children % {'number': danger.number}} {to_talk % {'number': '{}'}}"
        return {
            "heading": self.words("Ако има опасност сега"),
            "lines": [self._call_if(danger), line(said, talk)],
        }

    def help_line(self, one: HelpLine) -> Data:
        """When to call it, what it is, and its other numbers."""
        call = self._call_if(one)
        other = self.words("Още един номер: %(number)s.")
        more = (other % {"number": more} for more in one.more_numbers)
        return call | {"text": " ".join([call["text"], self.t(one.about), *more])}

    def _call_if(self, help_line: HelpLine) -> Data:
        sentence = self.words("Обадете се на %(number)s, ако %(when)s.")
        return line(sentence % {"number": "{}", "when": self.t(help_line.call_if)}, help_line)

    def whereabouts(self, centre: Centre) -> Iterator[Data]:
        """The address, or what the centre has said of its place and that the rest is not known."""
        _ = self.words
        if centre.address:
            yield line(self.t(centre.address.text))
            return
        yield from (line(self.t(fact.text)) for fact in centre.building[:1])
        yield line(_("Улица и номер още не са посочени. Попитайте, преди да дойдете."))

    def fact_or_gap(self, fact: Fact | None, gap: str) -> Data:
        return line(self.t(fact.text) if fact else gap)

    def web(self, label: str, address: str, *lines: str) -> Data:
        """The address of a page in letters, and what stands for its QR code."""
        return {
            "label": label,
            "address": address,
            "alt": self.words("Код за камерата на телефона. Води до %(address)s")
            % {"address": address},
            "lines": list(lines),
        }


def number(phone: Phone | HelpLine) -> Data:
    return {"shown": phone.number, "dialled": phone.dialled}


def line(text: str, phone: Phone | HelpLine | None = None) -> Data:
    return {"text": text, "phone": number(phone) if phone else None}


def section(heading: str, *lines: Data, items: Iterable[str] = ()) -> Data:
    return {"heading": heading, "lines": list(lines), "items": list(items)}
