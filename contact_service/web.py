"""The Flask application: one address for each form, one for receipts, one for health."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, abort, redirect, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Form

from contact_service.desk import Desk, Desks
from contact_service.form_body import FORM_TYPE, read_form
from contact_service.guard import RateLimit, from_own_site
from contact_service.intake import CannotAcceptError, Intake
from contact_service.logs import get_logger, kind_and_place
from contact_service.outbox import Outbox
from contact_service.promises import broken_promises
from contact_service.receipt import ReceiptTokens
from contact_service.settings import Settings, SettingsError
from contact_service.site_pages import PageMissingError
from site_model.addresses import origin
from site_model.facts import Site
from site_model.loader import load_content
from site_model.outdated import outdated
from site_model.web_headers import page_headers

if TYPE_CHECKING:
    from contact_service.proof import Proof

HEADERS = page_headers() | {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}

PROOF_SCRIPT = Path(__file__).parent / "static" / "proof.js"

log = get_logger("opora.web")


def create_app(settings: Settings) -> Flask:
    """The service for these settings; raises SettingsError or ContentError at once."""
    content = load_content(settings.content_folder)
    if unknown := sorted(set(settings.centres) - set(content.centres)):
        raise SettingsError(f"centres.{unknown[0]}: такъв център няма в content/centres.")
    if broken := "\n".join(broken_promises(settings, content)):
        raise SettingsError(broken)
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.largest_request_bytes
    if settings.trusted_proxies:
        proxied = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies)
        app.wsgi_app = proxied  # type: ignore[method-assign]
    try:
        desks = Desks(content, settings.site_folder, settings.catalogues)
    except PageMissingError as error:
        raise SettingsError(f"site_folder: {error}") from None
    outbox = Outbox(settings.database)
    door = _FrontDoor(settings, desks, outbox, content.site)
    app.register_blueprint(door.blueprint(), url_prefix=content.site.service_path)
    _answer_errors(app, desks)

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers.extend(HEADERS)
        return response

    return app


class _FrontDoor:
    """The views: each is one address of the service."""

    def __init__(self, settings: Settings, desks: Desks, outbox: Outbox, site: Site) -> None:
        secret = settings.secret.get_secret_value()
        self._desks = desks
        self._outbox = outbox
        self._origins = {origin(site), *settings.other_origins}
        self._receipts = f"{site.service_path}/receipt/"
        self._intake = Intake(settings, outbox)
        self._tokens = ReceiptTokens(secret)
        self._rate = RateLimit(settings.messages_per_hour, settings.rate_storage, secret)
        self._proof: Proof | None = None
        if settings.proof_of_work:
            from contact_service.proof import Proof  # with its library only where it is wanted

            self._proof = Proof(secret, outbox)

    def blueprint(self) -> Blueprint:
        forms = Blueprint("forms", __name__)
        address = "/<language>/<centre>/<form_id>"
        forms.add_url_rule("/health", view_func=self.health)
        forms.add_url_rule("/proof.js", view_func=self.proof_script)
        forms.add_url_rule("/receipt/<token>", view_func=self.receipt)
        forms.add_url_rule(address, view_func=self.empty_form, methods=["GET"])
        forms.add_url_rule(address, view_func=self.submit, methods=["POST"])
        return forms

    def health(self) -> AnyResponse:
        try:
            self._outbox.counts()
        except SQLAlchemyError:
            abort(HTTPStatus.SERVICE_UNAVAILABLE)
        return Response("ok\n", mimetype="text/plain")

    def proof_script(self) -> AnyResponse:
        return Response(PROOF_SCRIPT.read_bytes(), mimetype="text/javascript")

    def receipt(self, token: str) -> AnyResponse:
        found = self._tokens.read(token) or abort(HTTPStatus.GONE)
        desk = self._desks.find(found.language, found.centre, found.form) or abort(HTTPStatus.GONE)
        return _html(desk.receipt_page(found), HTTPStatus.OK)

    def empty_form(self, language: str, centre: str, form_id: str) -> AnyResponse:
        desk = self._desks.find(language, centre, form_id) or abort(HTTPStatus.NOT_FOUND)
        return redirect(desk.form_path, HTTPStatus.SEE_OTHER)

    def submit(self, language: str, centre: str, form_id: str) -> AnyResponse:
        desk = self._desks.find(language, centre, form_id) or abort(HTTPStatus.NOT_FOUND)
        if not from_own_site(request.headers, self._origins):
            abort(HTTPStatus.FORBIDDEN)
        if request.mimetype != FORM_TYPE:  # file parts would be written to the disk
            abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        sent = read_form(request.get_data(cache=False))
        form = desk.form.bind(sent)
        if changed := outdated(desk.form, form, sent):
            page = desk.form_again(form, desk.errors(form), outdated=changed)
            return _html(page, HTTPStatus.UNPROCESSABLE_ENTITY)
        if errors := desk.errors(form):
            return _html(desk.form_again(form, errors), HTTPStatus.UNPROCESSABLE_ENTITY)
        if held_up := self._held_up(desk, form, sent, datetime.now(UTC)):
            return held_up
        try:
            accepted = self._intake.accept(desk.form, form)
        except CannotAcceptError:
            notice = desk.words("Сега не можем да приемем писмото")
            return _html(desk.form_again(form, notice=notice), HTTPStatus.SERVICE_UNAVAILABLE)
        return redirect(self._receipts + self._tokens.token(accepted), HTTPStatus.SEE_OTHER)

    def _held_up(
        self, desk: Desk, form: Form, sent: Mapping[str, str], now: datetime
    ) -> AnyResponse | None:
        """What stands between a valid form and its acceptance: an extra step, or too many."""
        if self._proof and not self._proof.passed(sent, now):
            page = desk.form_again(form, step=self._proof.step(now))
            return _html(page, HTTPStatus.UNPROCESSABLE_ENTITY)
        if not self._rate.allows(request.remote_addr, now):
            notice = desk.words("От вашата мрежа дойдоха твърде много писма за един час")
            return _html(desk.form_again(form, notice=notice), HTTPStatus.TOO_MANY_REQUESTS)
        return None


def _answer_errors(app: Flask, desks: Desks) -> None:
    @app.errorhandler(HTTPException)
    def expected(error: HTTPException) -> AnyResponse:
        status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
        return _html(desks.refusal(request.view_args, status), status)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> AnyResponse:
        log.error("unexpected", error=kind_and_place(error))
        return expected(HTTPException())


def _html(page: str, status: int) -> Response:
    return Response(page, status, mimetype="text/html")
