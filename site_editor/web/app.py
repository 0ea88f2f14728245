"""The editor's application: who is let in, its headers, and a page in words for whatever fails."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, abort, g, render_template, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.local import LocalProxy

from site_build.project import PACKAGE, Project
from site_editor.form_part import titles_of
from site_editor.publishing import Ended, ended_by
from site_editor.web.deployment import Deployment
from site_editor.web.form_list import form_pages
from site_editor.web.new_centre import new_centre_pages
from site_editor.web.pages import pages
from site_editor.web.preview import preview_pages
from site_editor.web.progress import Publishing, progress_pages
from site_editor.web.state import Editor
from site_model.i18n.languages import in_bulgarian
from site_model.problems import ContentError
from site_model.security_headers import page_headers

LONGEST_BODY: Final = 2_000_000
"""Bytes: many times what all facts of a centre are."""
MOST_PARTS: Final = 20_000
NOTHING: Final = "Нищо не е публикувано. Опитайте пак."
HEADERS: Final = page_headers(("style-src", "img-src", "form-action")) | {
    # What was typed is there again after „Назад“; the facts are public anyway.
    "Cache-Control": "no-cache",
    # So that a browser says where a form was sent from; with no-referrer it says „null“.
    "Referrer-Policy": "same-origin",
}

_SENTENCES: Final = {
    HTTPStatus.BAD_REQUEST: "Изпратеното не е от страница на редактора. Отворете я наново.",
    HTTPStatus.FORBIDDEN: (
        "Това не беше поискано от страница на редактора, затова нищо не е променено. Отворете "
        "редактора от адреса, който той изписа, и опитайте оттам."
    ),
    HTTPStatus.NOT_FOUND: "Такава страница тук няма.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Тази страница се отваря само от бутон на редактора.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Изпратеното е твърде голямо. Нищо не е променено.",
}


def create_app(
    project: Callable[[], Project], hosts: Collection[str], deployment: Deployment | None = None
) -> Flask:
    """The application; `project` gives the project as of today, `hosts` are the names and ports
    at which it may be asked for, as 127.0.0.1:8010; without a `deployment` it is for this computer.
    """
    app = Flask(__name__, static_folder=None)
    app.config |= {
        "MAX_CONTENT_LENGTH": LONGEST_BODY,
        "MAX_FORM_MEMORY_SIZE": LONGEST_BODY,
        "MAX_FORM_PARTS": MOST_PARTS,
    }
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    of_run = secrets.token_urlsafe()
    deployment = deployment or Deployment(lambda: of_run, forms=True, begins=True)
    editor = Editor(project, deployment)
    app.extensions["editor"] = editor
    app.jinja_env.filters |= {"in_bulgarian": in_bulgarian, "titles": titles_of}
    app.jinja_env.globals |= {"token": LocalProxy(deployment.token), "deployment": deployment}
    publishing = app.extensions["publishing"] = Publishing(editor)
    app.register_blueprint(pages(editor, publishing))
    if deployment.forms:
        app.register_blueprint(form_pages(editor, publishing))
    if deployment.begins:
        app.register_blueprint(new_centre_pages(editor, publishing))
    app.register_blueprint(progress_pages(publishing))
    app.register_blueprint(preview_pages(editor))
    _guard(app, hosts, deployment.scheme)
    _assets(app)
    _failures(app)
    return app


def _guard(app: Flask, hosts: Collection[str], scheme: str) -> None:
    @app.before_request
    def ours() -> None:
        # A page elsewhere whose name was made to lead here (DNS rebinding) asks for its own name.
        if request.headers.get("Host") not in hosts:
            abort(403)
        if request.method not in ("GET", "HEAD") and not _from_here(hosts, scheme):
            abort(403)

    @app.after_request
    def closed(response: Response) -> Response:
        for name, value in HEADERS.items():  # but for a page that has its own
            response.headers.setdefault(name, value)
        return response


def _from_here(hosts: Collection[str], scheme: str) -> bool:
    """Whether a browser says that a post comes from a page of this editor."""
    origin = request.headers.get("Origin", "null")
    site = request.headers.get("Sec-Fetch-Site")
    if origin == "null":
        return site == "same-origin"
    return site in (None, "same-origin") and origin in {f"{scheme}://{host}" for host in hosts}


def _assets(app: Flask) -> None:
    assets = PACKAGE / "theme" / "assets"
    style = app.jinja_env.from_string((assets / "opora.css").read_text(encoding="utf-8"))
    own = Path(__file__).with_name("editor.css").read_text(encoding="utf-8")
    css = style.render(config={"extra": {"opora": {"origin": ""}}}) + own
    icon = (assets / "opora.svg").read_bytes()

    @app.get("/opora.css")
    def stylesheet() -> Response:
        return Response(css, mimetype="text/css")

    @app.get("/opora.svg")
    def picture() -> Response:
        return Response(icon, mimetype="image/svg+xml")


def _failures(app: Flask) -> None:
    def page(title: str, sentences: Iterable[str], status: int) -> Any:
        if isinstance(request.routing_exception, BadRequest):  # a Host of which no address is made
            return Response("\n".join(sentences), status, mimetype="text/plain")
        return render_template("message.html", title=title, sentences=sentences), status

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Any:
        status = HTTPStatus(error.code or 500)
        if status in (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT):
            return error
        said = _SENTENCES.get(status, _SENTENCES[HTTPStatus.BAD_REQUEST])
        return page("Така не става", [said], status)

    @app.errorhandler(Exception)
    def hindered(error: Exception) -> Any:
        ended = ended_by(error)
        if "base" in request.form:
            return _given_back(app, ended)
        if isinstance(error, ContentError):
            return page("Във файловете има нещо за поправяне", ended.sentences, ended.status)
        title = "Още не става" if ended.status == HTTPStatus.CONFLICT else "Нещо се обърка"
        return page(title, [*ended.sentences, NOTHING], ended.status)


def _given_back(app: Flask, ended: Ended) -> Response:
    """The form with all that was typed, whatever failed: as its page, or else as it was sent."""
    g.hindered = [*ended.sentences, NOTHING]
    sent = list(request.form.items(multi=True))
    try:
        request.form = ImmutableMultiDict([*((k, v) for k, v in sent if k != "do"), ("do", "edit")])
        view = app.view_functions[str(request.endpoint)]
        made: Any = view(**request.view_args or {})
        answer = app.make_response(made)
    except Exception:
        answer = app.make_response(render_template("kept.html", sent=sent))
    answer.status_code = ended.status
    return answer
