"""The Flask application: one address for each form, one for receipts, one for health."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from io import BytesIO
from itertools import cycle, islice
from typing import Any, TypeVar
from wsgiref.util import setup_testing_defaults

from flask import Blueprint, Flask, Response, abort, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from contact_service.intake import CannotAcceptError, Intake, Receipt
from contact_service.logs import get_logger, kind_and_place
from contact_service.outbox.errors import OutboxUnavailableError
from contact_service.outbox.outbox import Outbox
from contact_service.settings.service import Settings, SettingsError
from contact_service.settings.site_statements import disagreements, reconcile
from contact_service.web.answers.reading import Reading
from contact_service.web.answers.staff import Answering
from contact_service.web.editor_links import EditorLinks
from contact_service.web.extra_step import TICKET_FIELD, ExtraStep, Step
from contact_service.web.form_body import FORM_TYPE, Sent, posted_form
from contact_service.web.networks import networks_of
from contact_service.web.pages import FormPages, FormPagesByAddress
from contact_service.web.receipts import ReceiptTokens
from contact_service.web.site_pages import PageMissingError
from site_model.forms.definition import CHANGE, REVIEWED
from site_model.forms.filled import FilledForm
from site_model.loading.loader import load_content
from site_model.security_headers import page_headers
from site_model.urls import origin

HEADERS = page_headers() | {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}

REHEARSALS = 10  # Python has made its own code faster by then

log = get_logger("opora.web")

Page = TypeVar("Page")


def create_app(settings: Settings) -> Flask:
    """The service for these settings; raises SettingsError or ContentError at once."""
    content = load_content(settings.content_folder)
    for sentence in disagreements(settings, content):
        log.error("сайтът и настройките не са съгласни", said=sentence)
    settings, content = reconcile(settings, content)
    app = Flask(__name__)
    app.url_map.strict_slashes = False  # an address that was copied by hand has its slash or not
    app.config["MAX_CONTENT_LENGTH"] = settings.largest_request_bytes
    if settings.trusted_proxies:
        proxied = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies)
        app.wsgi_app = proxied  # type: ignore[method-assign]
    try:
        forms = FormPagesByAddress(content, settings.site_folder, settings.catalogues)
    except PageMissingError as error:
        raise SettingsError(f"site_folder: {error}") from None
    outbox = Outbox(settings.database)
    intake = Intake(settings, outbox, content.site)
    app.extensions["look_at_keys"] = intake.look_at_keys  # for who keeps this application loaded
    app.extensions["close"] = outbox.close  # for who ends it before its process ends
    origins = {origin(content.site), *settings.other_origins}
    door = _FrontDoor(settings, forms, outbox, intake, origins)
    app.extensions["rehearse"] = partial(door.rehearse, app)
    secret = settings.secret.get_secret_value()
    answering = Answering(secret, forms, outbox, origins)
    reading = Reading(secret, forms, outbox, intake, origins)
    for views in (door, answering, reading):
        app.register_blueprint(views.blueprint(), url_prefix=content.site.service_path)
    if settings.editor_secret:
        links = EditorLinks(settings.editor_secret.get_secret_value(), content, intake)
        app.register_blueprint(links.blueprint())
    _answer_errors(app, forms)
    app.extensions["refusal"] = partial(forms.bare_refusal, None)  # for who serves it

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers.extend(HEADERS)
        return response

    return app


class _FrontDoor:
    """The views: each is one address of the service."""

    def __init__(
        self,
        settings: Settings,
        forms: FormPagesByAddress,
        outbox: Outbox,
        intake: Intake,
        origins: Collection[str],
    ) -> None:
        secret = settings.secret.get_secret_value()
        self._forms = forms
        self._outbox = outbox
        self._origins = origins
        self._receipts = f"{forms.service_path}/receipt/"
        self._intake = intake
        self._tokens = ReceiptTokens(secret)
        self._extra_step = ExtraStep(settings.messages_per_hour, secret)
        self._one_network_said = mmap.mmap(-1, 1)  # shared with all processes that answer

    def blueprint(self) -> Blueprint:
        forms = Blueprint("forms", __name__)
        address = "/<language>/<centre>/<form_id>"
        forms.add_url_rule("/health", view_func=self.health)
        forms.add_url_rule("/receipt/<token>", view_func=self.receipt)
        forms.add_url_rule(address, view_func=self.empty_form, methods=["GET"])
        forms.add_url_rule(address, view_func=self.submit, methods=["POST"])
        return forms

    def rehearse(self, app: Flask) -> None:
        """Go the way of a letter some times, without one and without storing anything.

        What Python and the libraries prepare at their first times is then there in all processes
        that are forked from this one, instead of being made anew in each. No connection is left.
        """
        forms = self._forms.one_of_each_centre()
        try:
            for pages in islice(cycle(forms), max(REHEARSALS, len(forms))):
                self._rehearse_at(pages, app)
        except CannotAcceptError:
            pass  # no key, or no database: both were said
        except Exception as error:  # nothing is lost but milliseconds
            log.warning("not rehearsed", error=kind_and_place(error))
        self._outbox.close()

    def _rehearse_at(self, pages: FormPages, app: Flask) -> None:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": pages.action,
            "CONTENT_TYPE": FORM_TYPE,
            "CONTENT_LENGTH": "0",
            "wsgi.input": BytesIO(),
        }
        setup_testing_defaults(environ)
        list(app.wsgi_app(environ, lambda *_: lambda _: None))
        self._tokens.token(self._intake.rehearse(pages.form))
        self._extra_step.step(None, "", b"", datetime.now(UTC))

    def health(self) -> AnyResponse:
        try:
            self._outbox.counts()
        except OutboxUnavailableError:
            abort(HTTPStatus.SERVICE_UNAVAILABLE)
        return Response("ok\n", mimetype="text/plain")

    def receipt(self, token: str) -> AnyResponse:
        found = self._intake.receipt_now(self._tokens.read(token) or abort(HTTPStatus.GONE))
        pages = self._forms.find(found.language, found.centre, found.form) or abort(HTTPStatus.GONE)
        page = _either(lambda: pages.receipt_page(found), lambda: pages.bare_receipt(found))
        return _html(page, HTTPStatus.OK)

    def empty_form(self, language: str, centre: str, form_id: str) -> AnyResponse:
        pages = self._forms.find(language, centre, form_id) or abort(HTTPStatus.NOT_FOUND)
        return redirect(pages.form_path, HTTPStatus.SEE_OTHER)

    def submit(self, language: str, centre: str, form_id: str) -> AnyResponse:
        pages = self._forms.find(language, centre, form_id) or abort(HTTPStatus.NOT_FOUND)
        sent = posted_form(self._origins)
        try:
            return self._judged(pages, sent)
        except BaseException as error:  # what Rust calls a panic is no Exception
            if isinstance(error, SystemExit | KeyboardInterrupt):
                raise
            log.error("unexpected", error=kind_and_place(error))
            return _fault_of_ours(pages, sent)

    def _judged(self, pages: FormPages, sent: Sent) -> AnyResponse:
        try:
            return self._taken(pages, sent)
        except CannotAcceptError:
            page = _as_sent(pages, sent, pages.words("Сега не можем да приемем писмото"))
            return _html(page, HTTPStatus.SERVICE_UNAVAILABLE)

    def _taken(self, pages: FormPages, sent: Sent) -> AnyResponse:
        """The receipt of the letter, or the page before it; raises CannotAcceptError."""
        filled = self._intake.read_letter(pages.form, sent.values)
        ticket = sent.values.get(TICKET_FIELD, "")
        fix = pages.to_fix(filled, sent)
        if filled.outdated or fix.errors:
            page = pages.form_again(filled, fix, ticket=ticket)
            return _html(page, HTTPStatus.UNPROCESSABLE_ENTITY)
        if pages.form.definition.review and REVIEWED not in sent.values:
            shown = pages.form_again if CHANGE in sent.values else pages.review_page
            return _html(shown(filled, ticket=ticket), HTTPStatus.OK)
        answer = self._accept(filled, ticket)
        if isinstance(answer, Receipt):
            return _either(
                lambda: redirect(self._receipts + self._tokens.token(answer), HTTPStatus.SEE_OTHER),
                lambda: _html(pages.bare_receipt(answer), HTTPStatus.OK),
            )
        later = _html(pages.form_again(filled, step=answer), HTTPStatus.TOO_MANY_REQUESTS)
        later.headers["Retry-After"] = str(answer.seconds)
        return later

    def _accept(self, filled: FilledForm, ticket: str) -> Receipt | Step:
        """The receipt of a valid letter, or the step that is wanted before it is accepted.

        The same letter sent again is accepted already and meets no step.
        """
        self._say_if_all_are_one_network()
        address, now = request.remote_addr, datetime.now(UTC)
        mac = self._intake.mac(filled, networks_of(address)[0])
        if step := self._extra_step.step(address, ticket, mac, now):
            return self._intake.accepted_lately(filled.form, mac) or step
        receipt, new = self._intake.accept(filled, mac)
        if new:  # from here on nothing may say that the letter was not taken
            _either(lambda: self._extra_step.count_stored(address, now), lambda: None)
        return receipt

    def _say_if_all_are_one_network(self) -> None:
        """Once: a proxy names a caller, and yet the proxy's own address is what counts."""
        environ = request.environ
        proxy = environ.get("werkzeug.proxy_fix.orig", environ).get("REMOTE_ADDR")
        if "X-Forwarded-For" not in request.headers or request.remote_addr != proxy:
            return
        if not self._one_network_said[0]:
            self._one_network_said[0] = 1
            log.warning("all callers count as one network", setting="trusted_proxies")


def _as_sent(pages: FormPages, sent: Sent, notice: str) -> str:
    filled, ticket = FilledForm(pages.form, sent.values), sent.values.get(TICKET_FIELD, "")
    return pages.form_again(filled, notice=notice, ticket=ticket)


def _fault_of_ours(pages: FormPages, sent: Sent) -> AnyResponse:
    """The form with everything that was sent, like a 503; where that is what fails, bare."""
    page = _either(
        lambda: _as_sent(pages, sent, pages.words("Нещо при нас не работи")),
        lambda: pages.bare_refusal(HTTPStatus.INTERNAL_SERVER_ERROR, pages.typed_answers(sent)),
    )
    return _html(page, HTTPStatus.INTERNAL_SERVER_ERROR)


def _either(whole: Callable[[], Page], bare: Callable[[], Page]) -> Page:
    """What `whole` makes; if that fails, whatever it is, what `bare` makes, which needs nothing."""
    try:
        return whole()
    except Exception as error:
        log.error("page not made", error=kind_and_place(error))
        return bare()


def _answer_errors(app: Flask, forms: FormPagesByAddress) -> None:
    @app.errorhandler(HTTPException)
    def expected(error: HTTPException) -> AnyResponse:
        status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
        at, letter = request.view_args, request.blueprint not in ("answering", "reading")
        page = _either(
            lambda: forms.refusal(at, status, of_letter=letter),
            lambda: forms.bare_refusal(at, status, of_letter=letter),
        )
        return _html(page, status)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> AnyResponse:
        log.error("unexpected", error=kind_and_place(error))
        return expected(HTTPException())


def _html(page: str, status: int) -> Response:
    return Response(page, status, mimetype="text/html")
