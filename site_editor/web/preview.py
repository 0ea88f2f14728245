"""A change before it counts, shown: its pages as they will be, in a frame that reaches nothing.

What is served here is the site's own HTML. It runs no script, sends no form, loads nothing but
from this editor, and stands in no frame but the editor's own.
"""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from site_build.preview import PreviewPages
from site_editor.preview import Preview
from site_editor.web.state import Editor
from site_model.security_headers import content_policy

LOOK_POLICY: Final = f"{content_policy(('style-src', 'img-src', 'form-action'))}; frame-src 'self'"
"""Of the page that has the frame."""
OF_ORIGIN: Final = "Cross-Origin-Resource-Policy"
SCHEMES: Final = {"svetlo": "light", "tamno": "dark"}
"""Colours of a page, by their step in its address."""
_FRAMED: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
_SANDBOXED: Final = f"{_FRAMED}; sandbox"


def preview_pages(editor: Editor) -> Blueprint:
    """The pages of previews, over those that the editor keeps."""
    found = Blueprint("preview", __name__)
    views = _Views(editor)
    found.add_url_rule("/<centre>/pregled/<key>/", "chosen", views.choose)
    found.add_url_rule("/<centre>/pregled/<key>/<scheme>/", "front", views.serve)
    found.add_url_rule("/<centre>/pregled/<key>/<scheme>/<path:path>", "served", views.serve)
    return found


class _Views:
    def __init__(self, editor: Editor) -> None:
        self._editor = editor

    def choose(self, centre: str, key: str) -> Answer:
        """Where the page stands that was chosen, in the colours that were chosen."""
        path = request.args.get("stranitsa", "/").removeprefix("/")
        scheme = request.args.get("tsvetove", "svetlo")
        if scheme not in SCHEMES:
            abort(404)
        return redirect(address(centre, key, scheme, f"/{path}"))

    def serve(self, centre: str, key: str, scheme: str, path: str = "") -> Answer:
        """A page of the site as it will be, or what it loads."""
        if scheme not in SCHEMES:
            abort(404)
        self._editor.file(centre)
        preview = self._editor.previews.get(key)
        if preview is None or preview.centre != centre:
            return _sandboxed(render_template("preview_missing.html", over=True), 404)
        with self._editor.previews.lock:
            answer = self._made(preview, centre, scheme, f"/{path}")
        return answer or _sandboxed(render_template("preview_missing.html"), 404)

    def _made(self, preview: Preview, centre: str, scheme: str, url: str) -> Answer | None:
        pages = preview.pages
        if (html := pages.page(url)) is not None:
            prefix = address(centre, preview.key, scheme, "/")
            return _sandboxed(_in_colours(_below(html, prefix), SCHEMES[scheme]))
        if url.endswith(".pdf"):
            return _sheet(pages, url, _title_of(preview, url))
        if (data := pages.file(url)) is None:
            return None
        if url.endswith(".css"):
            data = _in_colours(data.decode(), SCHEMES[scheme]).encode()
        kind = {"css": "text/css", "svg": "image/svg+xml", "jpg": "image/jpeg", "png": "image/png"}
        return _loaded(data, kind.get(url.rpartition(".")[2], "application/octet-stream"))


def address(centre: str, key: str, scheme: str, url: str) -> str:
    """Where a path of the site stands in a preview."""
    path = url.removeprefix("/")
    if not path:
        return url_for("preview.front", centre=centre, key=key, scheme=scheme)
    return url_for("preview.served", centre=centre, key=key, scheme=scheme, path=path)


def framing(html: str, status: int) -> Response:
    """A page of the editor that has the frame."""
    return Response(html, status, {"Content-Security-Policy": LOOK_POLICY}, mimetype="text/html")


def _title_of(preview: Preview, url: str) -> str:
    return next((one.title for one in preview.sheets if one.url == url), "Лист за печат")


def _sheet(pages: PreviewPages, url: str, title: str) -> Answer | None:
    """A sheet of paper: as pictures that stand on a page, one of these, or itself."""
    sheet = pages.sheet(url)
    if sheet is None:
        if not (why := pages.why_no_sheet(url)):
            return None
        return _sandboxed(render_template("preview_sheet.html", title=title, why=why), 404)
    if "pdf" in request.args:
        answer = Response(sheet.pdf, mimetype="application/pdf")
        answer.headers["Content-Security-Policy"] = _FRAMED
        return answer
    pictures = pages.pictures(url)
    number = request.args.get("list", type=int)
    if number is None:
        html = render_template("preview_sheet.html", title=title, count=len(pictures))
        return _sandboxed(html)
    return _loaded(pictures[number], "image/png") if number < len(pictures) else None


def _loaded(data: bytes, mimetype: str) -> Response:
    """What a page of a preview loads; shut in, that page is of no origin."""
    return Response(data, mimetype=mimetype, headers={OF_ORIGIN: "cross-origin"})


def _sandboxed(html: str, status: int = 200) -> Response:
    answer = Response(html, status, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = _SANDBOXED
    # A page that is shut in may not ask for a group of windows of its own (HTML, 7.1.3).
    answer.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return answer


_ROOTED = re.compile(r'(<[a-zA-Z][^>]*?\s(?:href|src|action)=")/(?!/)')


def _below(html: str, prefix: str) -> str:
    """A page whose links from the site's root lead into the preview."""
    return _ROOTED.sub(lambda found: found[1] + prefix, html)


def _in_colours(text: str, scheme: str) -> str:
    """A page, or a style sheet, in these colours, whatever the reader's device asks for."""
    dark = "all" if scheme == "dark" else "not all"
    text = text.replace("(prefers-color-scheme: dark)", dark)
    return text.replace('content="light dark"', f'content="{scheme}"')
