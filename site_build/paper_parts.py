"""Pure: what leaflets and paper forms say the same way, as data for their templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from site_build.centre_pages import Words
from site_build.fact_words import format_as_of
from site_model.base import Fact, Text
from site_model.centre import Centre, Phone
from site_model.facts import Content, HelpLine

Data = dict[str, Any]


@dataclass(frozen=True)
class PaperParts:
    """The parts in one language. A line is a sentence in which {} stands for its `phone`."""

    content: Content
    language: str
    words: Words

    def t(self, text: Text) -> str:
        return " ".join(text.to(self.language).split())

    def date(self, moment: str) -> str:
        return format_as_of(moment, self.language)

    def danger(self) -> Data:
        """The two numbers that every sheet carries, the one for danger first."""
        lines = self.content.help_lines
        child_line = lines["child_line"]
        about = f"{self.t(child_line.name)}: {{}}. {self.t(child_line.about)}"
        return {
            "heading": self.words("Ако има опасност сега"),
            "lines": [self._call_if(lines["emergency"]), line(about, child_line)],
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

    def given(self, fact: Fact | None, gap: str) -> Data:
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
