"""The shop's page, from templates that travel with the code."""

import html
import importlib.resources
from string import Template


def resource(path):
    """A file of this package, wherever the package comes from."""
    return importlib.resources.files("shop").joinpath(path).read_text("utf-8")


def filled(template, /, **values):
    """A template with its values; all text is escaped, so values are never markup."""
    escaped = {key: html.escape(str(value)) for key, value in values.items()}
    return Template(resource(f"templates/{template}")).substitute(escaped)


def front(greeting, products, version, origin):
    """The page that shows everything."""
    shelf = "".join(
        filled(
            "product.html",
            name=product.name,
            about=product.about,
            price=product.price,
            drawing=product.drawing,
        )
        for product in products
    )
    page = filled("front.html", greeting=greeting, version=version, origin=origin)
    return page.replace("<!-- shelf -->", shelf)
