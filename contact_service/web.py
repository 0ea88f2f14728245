"""The Flask application: one address for each form, one for receipts, one for health."""

from __future__ import annotations

import logging
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from contact_service.desk import Desks
from contact_service.guard import RateLimit, from_own_site
from contact_service.intake import CannotAcceptError, Intake
from contact_service.outbox import Outbox
from contact_service.receipt import ReceiptTokens
from contact_service.settings import Settings, SettingsError
from contact_service.site_pages import PageMissingError
from site_model.addresses import origin
from site_model.loader import load_content

FORM_TYPE = "application/x-www-form-urlencoded"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}

log = logging.getLogger("opora.web")


def create_app(settings: Settings) -> Flask:
    """The service for these settings; raises SettingsError or ContentError at once."""
    content = load_content(settings.content_folder)
    if unknown := sorted(set(settings.centres) - set(content.centres)):
        raise SettingsError(f"centres.{unknown[0]}: такъв център няма в content/centres.")
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.largest_request_bytes
    if settings.trusted_proxies:
        proxied = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies)
        app.wsgi_app = proxied  # type: ignore[method-assign]
    try:
        desks = Desks(content, settings.site_folder)
    except PageMissingError as error:
        raise SettingsError(f"site_folder: {error}") from None
    outbox = Outbox(settings.database)
    forms = _forms(settings, desks, outbox, {origin(content.site), *settings.other_origins})
    app.register_blueprint(forms, url_prefix=content.site.service_path)
    _answer_errors(app, desks)

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    return app


def _forms(settings: Settings, desks: Desks, outbox: Outbox, origins: set[str]) -> Blueprint:
    forms = Blueprint("forms", __name__)
    intake = Intake(settings, outbox)
    tokens = ReceiptTokens(settings.secret.get_secret_value())
    rate = RateLimit(settings.messages_per_hour)

    @forms.get("/health")
    def health() -> AnyResponse:
        outbox.counts()
        return Response("ok\n", mimetype="text/plain")

    @forms.get("/receipt/<token>")
    def receipt(token: str) -> AnyResponse:
        found = tokens.read(token) or abort(HTTPStatus.GONE)
        desk = desks.find(found.language, found.centre, found.form) or abort(HTTPStatus.GONE)
        return _html(desk.receipt_page(found), HTTPStatus.OK)

    @forms.get("/<language>/<centre>/<form_id>")
    def empty_form(language: str, centre: str, form_id: str) -> AnyResponse:
        desk = desks.find(language, centre, form_id) or abort(HTTPStatus.NOT_FOUND)
        return redirect(desk.form_path, HTTPStatus.SEE_OTHER)

    @forms.post("/<language>/<centre>/<form_id>")
    def submit(language: str, centre: str, form_id: str) -> AnyResponse:
        desk = desks.find(language, centre, form_id) or abort(HTTPStatus.NOT_FOUND)
        if not from_own_site(request.headers, origins):
            abort(HTTPStatus.FORBIDDEN)
        if request.mimetype != FORM_TYPE:  # file parts would be written to the disk
            abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        form = desk.form.bind(request.form)
        if errors := desk.form.errors(form):
            return _html(desk.form_again(form, errors), HTTPStatus.UNPROCESSABLE_ENTITY)
        if not rate.allows(request.remote_addr):
            notice = desk.words("От вашата мрежа дойдоха твърде много писма за един час")
            return _html(desk.form_again(form, notice=notice), HTTPStatus.TOO_MANY_REQUESTS)
        try:
            accepted = intake.accept(desk.form, form)
        except CannotAcceptError:
            notice = desk.words("Сега не можем да приемем писмото")
            return _html(desk.form_again(form, notice=notice), HTTPStatus.SERVICE_UNAVAILABLE)
        where = url_for("forms.receipt", token=tokens.token(accepted))
        return redirect(where, HTTPStatus.SEE_OTHER)

    return forms


def _answer_errors(app: Flask, desks: Desks) -> None:
    @app.errorhandler(HTTPException)
    def expected(error: HTTPException) -> AnyResponse:
        status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
        return _html(desks.refusal(request.view_args, status), status)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> AnyResponse:
        # The text of an exception may hold an answer, so only its kind and place are logged.
        trace = error.__traceback__
        while trace and trace.tb_next:
            trace = trace.tb_next
        place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
        log.error("unexpected %s at %s", type(error).__name__, place)
        return expected(HTTPException())


def _html(page: str, status: int) -> Response:
    return Response(page, status, mimetype="text/html")
