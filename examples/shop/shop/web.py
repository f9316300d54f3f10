"""The shop's WSGI application."""

import traceback
from http import HTTPStatus

from . import catalog, pages
from .greeting import GREETING


def app(environ, start_response):
    """Answers one request; an error becomes its traceback, which here is the point."""
    try:
        status, kind, text = answer(environ)
    except Exception:
        status, kind, text = 500, "text/plain", traceback.format_exc()
    body = text.encode()
    headers = [
        ("Content-Type", f"{kind}; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Content-Security-Policy", "default-src 'none'; style-src 'self'"),
        ("Cache-Control", "no-store"),
    ]
    start_response(f"{status} {HTTPStatus(status).phrase}", headers)
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


def answer(environ):
    """Status, media type and text for a request."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return 405, "text/plain", "Only GET and HEAD.\n"
    path = environ.get("PATH_INFO") or "/"
    if path == "/":
        return front(wants_page="text/html" in environ.get("HTTP_ACCEPT", ""))
    if path == "/version":
        return 200, "text/plain", f"{version()[0]}\n"
    if path == "/crash":
        return 200, "text/plain", catalog.find("kraken").price
    if path == "/style.css":
        return 200, "text/css", pages.resource("static/style.css")
    return 404, "text/plain", f"There is nothing at {path}.\n"


def front(wants_page):
    """The page for a browser, one line for everybody else."""
    goods = catalog.products()
    number, origin = version()
    if wants_page:
        return 200, "text/html", pages.front(GREETING, goods, number, origin)
    return 200, "text/plain", f"{GREETING}: {len(goods)} goods on the shelf, running {number}\n"


def version():
    """The release that answers, and where it comes from, in words."""
    try:
        import slipway
    except ImportError:
        return "unreleased", "plain files"
    now = slipway.current()
    if now is None:
        return "unreleased", "plain files"
    return now.version, f"the code store, promotion {now.rev} of {now.channel}"
