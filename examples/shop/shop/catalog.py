"""What there is to buy, and what it costs."""

import importlib.resources
import json
from typing import NamedTuple


class Product(NamedTuple):
    """One thing on the shelf."""

    name: str
    about: str
    cents: int
    drawing: str

    @property
    def price(self):
        return f"€ {self.cents // 100}.{self.cents % 100:02}"


def products():
    """All products, the cheapest first."""
    text = importlib.resources.files("shop").joinpath("products.json").read_text("utf-8")
    return sorted((Product(**item) for item in json.loads(text)), key=lambda item: item.cents)


def find(name):
    """The product of that name."""
    for product in products():
        if product.name == name:
            return product
    raise LookupError(f"we do not sell a {name!r}")
