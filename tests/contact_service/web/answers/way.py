"""The way of an answer: a letter, its link, and the code that alone opens what was answered."""

from __future__ import annotations

import re
import threading
from typing import Any

from lxml import html

from contact_service.delivery.worker import deliver_due
from tests.support.service.service_parts import Instance, SmtpServer

CONTACT = "/send/{}/harmanli/contact"
READING = "/send/{}/harmanli/otgovor"
CODE = re.compile(r"\b(?:[DFGJLNRUVW24579]{3}-){6}[DFGJLNRUVW24579]{3}\b")
OTHER_SITE = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
LANGUAGES = ("bg", "en", "tr", "uk", "ar")


def page_of(response: Any) -> html.HtmlElement:
    return html.document_fromstring(response.get_data(as_text=True))


def main_of(response: Any) -> str:
    """What the page says, with plain spaces."""
    text = page_of(response).find(".//main").text_content()
    return " ".join(text.replace("\u00a0", " ").split())


class Way:
    """A letter that was sent and opened: its two codes, and a browser for each side."""

    def __init__(
        self, instance: Instance, smtp: SmtpServer, letter: dict[str, Any], language: str = "bg"
    ) -> None:
        self.instance, self.smtp, self.language = instance, smtp, language
        self.client, self.outbox = instance.client(), instance.outbox()
        self.code, self.link, self.text = self.send(letter)

    def send(self, letter: dict[str, Any]) -> tuple[str, str, str]:
        """The code on the receipt, the link in the letter, and the letter."""
        sent = self.client.post(CONTACT.format(self.language), data=letter)
        assert sent.status_code == 303
        receipt = self.client.get(sent.location)
        [found] = page_of(receipt).find_class("answer-code")
        code = found.text
        assert CODE.fullmatch(code)
        text = self.opened()
        [link] = re.findall(r"^https?://\S+(/send/otgovori/\S+)$", text, re.M)
        return code, link, text

    def opened(self) -> str:
        """The last letter that came, opened with the centre's key."""
        deliver_due(self.outbox, self.instance.settings().smtp, threading.Event())
        return self.instance.open(self.smtp.taken[-1][1])

    @property
    def number(self) -> str:
        [number] = re.findall(r"^Номер: (\S+)$", self.text, re.M)
        return number

    def answer(self, kind: str, **values: str) -> Any:
        once = page_of(self.client.get(self.link)).xpath("//input[@name='once']/@value")
        return self.client.post(self.link, data={"kind": kind, "once": once, **values})

    def read(self, code: str | None = None, do: str = "", **more: str) -> Any:
        sent = {"code": self.code if code is None else code, "do": do, **more}
        return self.client.post(READING.format(self.language), data=sent)
