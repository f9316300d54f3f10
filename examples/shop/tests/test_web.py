"""What a visitor gets."""

import html
import unittest
from wsgiref.util import setup_testing_defaults

from shop.catalog import products
from shop.greeting import GREETING
from shop.pages import filled
from shop.web import app


def visit(path, method="GET", accept="text/html"):
    """Status and text of an answer."""
    environ = {"PATH_INFO": path, "REQUEST_METHOD": method, "HTTP_ACCEPT": accept}
    setup_testing_defaults(environ)
    statuses = []
    body = app(environ, lambda status, headers: statuses.append(status))
    return statuses[0], b"".join(body).decode()


class WebTest(unittest.TestCase):
    def test_the_front_page_greets_and_shows_every_product(self):
        status, page = visit("/")
        self.assertEqual(status, "200 OK")
        self.assertIn(f"<h1>{html.escape(GREETING)}</h1>", page)
        for product in products():
            self.assertIn(html.escape(product.name), page)
            self.assertIn(product.price, page)

    def test_without_a_browser_the_front_is_one_line(self):
        status, text = visit("/", accept="*/*")
        self.assertTrue(text.startswith(GREETING))
        self.assertEqual(text.count("\n"), 1)

    def test_the_version_is_plain_text(self):
        self.assertEqual(visit("/version"), ("200 OK", "unreleased\n"))

    def test_a_crash_shows_where_it_happened(self):
        status, text = visit("/crash")
        self.assertEqual(status, "500 Internal Server Error")
        self.assertIn("raise LookupError(", text)
        self.assertIn("LookupError: we do not sell a 'kraken'", text)

    def test_values_in_a_template_are_never_markup(self):
        page = filled("product.html", name="<b>", about="&", price="'", drawing='"')
        self.assertIn("&lt;b&gt;", page)
        self.assertNotIn("<b>", page)

    def test_what_is_not_there_and_what_is_not_allowed(self):
        self.assertEqual(visit("/missing")[0], "404 Not Found")
        self.assertEqual(visit("/", method="POST")[0], "405 Method Not Allowed")
        self.assertEqual(visit("/", method="HEAD"), ("200 OK", ""))
