"""What is on the shelf."""

import unittest

from shop.catalog import Product, find, products


class CatalogTest(unittest.TestCase):
    def test_the_cheapest_comes_first(self):
        prices = [product.cents for product in products()]
        self.assertEqual(prices, sorted(prices))
        self.assertGreater(prices[0], 0)

    def test_no_name_stands_twice(self):
        names = [product.name for product in products()]
        self.assertEqual(len(names), len(set(names)))

    def test_a_price_always_shows_its_cents(self):
        self.assertEqual(Product("", "", 1905, "").price, "€ 19.05")
        self.assertEqual(Product("", "", 7, "").price, "€ 0.07")

    def test_a_product_is_found_by_its_name(self):
        self.assertEqual(find("Anchor").name, "Anchor")
        with self.assertRaisesRegex(LookupError, "we do not sell a 'kraken'"):
            find("kraken")
