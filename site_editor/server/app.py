"""The editor behind a web server: nobody but the centre's own people comes to its pages."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Response as AnyResponse

from contact_service.logs import get_logger
from site_build.project import Project
from site_editor.files.history import History
from site_editor.files.versions import OutsideError
from site_editor.publishing import OUTSIDE
from site_editor.sections import PHOTOGRAPHS
from site_editor.server.access import Access, Session
from site_editor.server.builds import Builds
from site_editor.server.own_facts import OwnHistory
from site_editor.web import app as editor
from site_editor.web.deployment import Deployment
from site_model.loading.loader import load_content
from site_model.urls import EDITOR, EDITOR_HEALTH, origin, service_origin

COOKIE: Final = "__Host-opora-edit"
"""The browser sends it to this host alone, over HTTPS alone (RFC 6265bis, "__Host-")."""
OPEN: Final = frozenset({"entry.ask", "entry.look", "entry.enter", "stylesheet", "picture"})
"""Endpoints for everybody; for all others a session is needed."""

log = get_logger("opora.edit")

Answer = str | AnyResponse | tuple[str, int]


class NotHereError(Exception):
    """The site has an address at which nobody may edit it; the text says which."""


def create_app(root: Path, folder: Path, access: Access, send: Callable[[str], None]) -> Flask:
    """The application for the site in `root`; `folder` is its own, for versions and wishes, and
    `send` has a link sent to a centre.

    Raises ContentError, and NotHereError for a site whose address is not one over HTTPS.
    """
    site = load_content(Project(root).content).site
    scheme, _, host = (service_origin(site) or origin(site)).partition("://")
    if scheme != "https":
        raise NotHereError(f"{scheme}://{host}")
    builds = Builds(folder)

    def project() -> Project:
        return Project(root)

    def history(project: Project) -> History:
        return OwnHistory(project, folder, g.session)

    deployment = Deployment(
        lambda: access.form_token(_key()) if "session" in g else secrets.token_hex(),
        scheme=scheme,
        history=history,
        waiting=lambda _: folder / "photographs",
        build=builds.ask,
        by="с връзка от пощата на центъра",
        built=lambda: builds.sentence(project(), site),
        place="Влиза се с връзка, която идва в пощата на центъра.",
        leave="entry.leave",
    )
    app = editor.create_app(project, {host}, deployment)
    app.register_blueprint(_entry(app, access, send))
    _let_in(app, access)
    return app


def on_the_site(app: Flask, faults: Callable[[], list[str]]) -> DispatcherMiddleware:
    """The application at its place; beside it, where no web server leads, what `doctor` asks."""

    def health(environ: Any, start: Any) -> Any:
        wrong = faults()
        said = Response("\n".join(wrong) or "ok", 503 if wrong else 200, mimetype="text/plain")
        return said(environ, start)

    return DispatcherMiddleware(NotFound(), {EDITOR: app, EDITOR_HEALTH: health})


def _key() -> str:
    return request.cookies.get(COOKIE, "")


def _let_in(app: Flask, access: Access) -> None:
    @app.before_request
    def own_centre() -> Answer | None:
        """The one place at which is decided who sees what: a page is of the session's own centre,
        or it is not there. Also pages that are written tomorrow.
        """
        if request.endpoint in OPEN:
            return None
        session = access.session(_key())
        if session is None:
            return _outside(app)
        g.session = session
        if request.endpoint == "pages.centres":
            return redirect(url_for("pages.first", centre=session.centre))
        own = request.view_args is not None and request.view_args.get("centre") == session.centre
        if not own and request.endpoint != "entry.leave":
            abort(404)
        return None

    @app.after_request
    def nothing_for_strangers(response: Response) -> Response:
        """No page for search engines, and what is wrong with files for one's own people alone."""
        response.headers["X-Robots-Tag"] = "noindex"
        if response.status_code == 500:
            log.error("failed", page=request.endpoint)
        if response.status_code in (409, 500) and "session" not in g:
            sentence = "Опитайте след малко. Ако пак не става, обадете се на техника."
            title = "Сега не може да се влезе"
            response.set_data(render_template("message.html", title=title, sentences=[sentence]))
        return response

    @app.errorhandler(OutsideError)
    def outside(_error: OutsideError) -> Answer:
        return render_template("message.html", title="Така не става", sentences=[OUTSIDE]), 403


def _outside(app: Flask) -> Answer:
    """What somebody reads who is not let in, or no longer; what they typed comes back whole."""
    pictures = (request.view_args or {}).get("slug") == PHOTOGRAPHS.slug  # too long to be read
    if not pictures and "base" in request.form:
        typed = [
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in ("token", "do")
        ]
        return render_template("entry/typed.html", typed=typed), 403
    content = app.extensions["editor"].content()
    from_elsewhere = request.headers.get("Sec-Fetch-Site", "cross-site") == "cross-site"
    page = render_template(
        "entry/ask.html",
        centres=content.centres.values(),
        here=request.script_root + request.path
        if from_elsewhere and request.method == "GET"
        else "",
    )
    return page, 200 if request.endpoint == "pages.centres" else 403


def _entry(app: Flask, access: Access, send: Callable[[str], None]) -> Blueprint:
    found = Blueprint("entry", __name__, template_folder="templates")

    @found.post("/vhod/")
    def ask() -> Answer:
        centre = request.form.get("centre", "")
        if centre in app.extensions["editor"].content().centres:
            send(centre)
        return render_template("entry/asked.html")

    @found.get("/vhod/<token>")
    def look(token: str) -> Answer:
        """A button: programs that look into mails open links, and must not use this one up."""
        return render_template("entry/look.html", token_of_link=token)

    @found.post("/vhod/<token>")
    def enter(token: str) -> Answer:
        key = access.enter(token)
        session = access.session(key) if key else None
        if key is None or session is None:
            return render_template("entry/used.html"), 410
        access.leave(_key())
        log.info("entered", centre=session.centre, session=session.name)
        answer = redirect(url_for("pages.first", centre=session.centre), 303)
        answer.set_cookie(COOKIE, key, secure=True, httponly=True, samesite="Strict", path="/")
        return answer

    @found.post("/izhod/")
    def leave() -> Answer:
        if not app.extensions["editor"].is_ours(request.form.get("token", "")):
            abort(403)
        session: Session = g.session
        access.leave(_key())
        log.info("left", centre=session.centre, session=session.name)
        answer = Response(render_template("entry/left.html"))
        answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Strict", path="/")
        return answer

    return found
