"""Publishing as people see it: how far it is, and then what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from threading import Lock
from typing import Final

from flask import Blueprint, Response, abort, redirect, render_template, url_for

from site_build.pipeline import build_site
from site_editor.publishing import Ended, Order, Publication, ended_by
from site_editor.web.state import Answer, Editor
from site_model.text.plurals import count_phrase

AT_ONCE: Final = 3.0
"""Seconds in which a small site is made: its people see no page between."""
HELD: Final = 10.0
"""Seconds that a page waits for the end before it says how far it is."""


Again = Callable[[Ended], Answer]
"""Makes the page of an end."""


@dataclass(frozen=True)
class Begun:
    """A publication, and where its end leads: `published` is an address, `unbuilt` a page for facts
    that are written while the site is not made, `again` gives the form back with what hindered it.
    """

    publication: Publication
    published: str
    unbuilt: Again
    again: Again

    def answer(self, ended: Ended) -> Answer:
        if ended.status == HTTPStatus.OK:
            return redirect(self.published, 303)
        return self.unbuilt(ended) if ended.is_written else self.again(ended)


def refusal(ended: Ended) -> Answer:
    """A page that says why something cannot be."""
    html = render_template("message.html", title="Така не става", sentences=ended.sentences)
    return html, ended.status


class Publishing:
    """What is being published, by the centre whose it is, or by another name."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._begun: dict[str, Begun] = {}
        self._lock = Lock()

    def begin(
        self, name: str, order: Order, published: str, unbuilt: Again, again: Again
    ) -> Answer:
        """Publish in a process of its own; pressed twice it is begun once."""
        deployment = self._editor.deployment
        order = replace(order, here=deployment.build is build_site)
        with self._lock:
            now = self._begun.get(name)
            if now and now.publication.ended is None and now.publication.order != order:
                said = "Сега се публикува предишната промяна. Изчакайте малко и натиснете пак."
                return again(Ended(409, (said,)))
            if not now or now.publication.ended is not None:
                now = Begun(Publication(order, self._then(order)), published, unbuilt, again)
                self._begun[name] = now
        if ended := now.publication.wait(AT_ONCE):
            return now.answer(ended)
        return redirect(url_for("progress.page", centre=name), 303)

    def page(self, centre: str) -> Answer:
        """How far it is; where it has ended, what came of it."""
        now = self._begun.get(centre) or abort(404)
        if ended := now.publication.wait(HELD):
            return now.answer(ended)
        html = render_template("progress.html", said=_said(now.publication))
        return Response(html, headers={"Refresh": "1"})

    def end(self) -> None:
        """Wait till everything has ended that was begun."""
        for begun in self._begun.values():
            begun.publication.wait()

    @property
    def is_at_work(self) -> bool:
        return any(begun.publication.ended is None for begun in self._begun.values())

    def _then(self, order: Order) -> Callable[[Ended], Ended]:
        """What is left to be done when the process has ended: where others make the site, the files
        are written by the deployment's own history, and a site is asked for.
        """
        history = self._editor.history()

        def write(ended: Ended) -> Ended:
            if order.here or ended.status != HTTPStatus.OK:
                return ended
            is_written = False
            try:
                if order.news is not None:
                    order.write(history)
                is_written = True
                self._editor.deployment.build(order.project)
            except Exception as error:  # whatever it is, the person who pressed has to know
                return replace(ended_by(error), is_written=is_written)
            return ended

        return write


def _said(publication: Publication) -> str:
    if not publication.steps:
        return "Проверява се дали промяната може да стане."
    steps = count_phrase(publication.steps, "част", "части")
    return f"Сайтът се прави: готови са {publication.done} от {steps}."


def progress_pages(publishing: Publishing) -> Blueprint:
    found = Blueprint("progress", __name__)
    found.add_url_rule("/<centre>/publikuvane/", "page", publishing.page)
    return found
