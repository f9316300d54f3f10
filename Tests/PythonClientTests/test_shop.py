"""The example: two processes serve it from the store, and a promotion reaches both."""

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request

from support import HERE, StoreTest

SHOP = os.path.join(os.path.dirname(os.path.dirname(HERE)), "examples", "shop")


def shop_files():
    """The package as a build publishes it."""
    files = {}
    for folder, _, names in os.walk(os.path.join(SHOP, "shop")):
        for name in names:
            path = os.path.join(folder, name)
            if "__pycache__" not in path:
                with open(path, "rb") as file:
                    files[os.path.relpath(path, SHOP)] = file.read()
    return files


def fetch(url, accept="*/*"):
    try:
        request = urllib.request.Request(url, headers={"Accept": accept})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.read().decode()


class ShopTest(StoreTest):
    def serve(self):
        """Starts a process that serves the shop; its address."""
        child = subprocess.Popen(
            [*(sys.executable, "-m", "slipway", "run", "--", "-m", "shop", "--port", "0")],
            env=self.environment(),
            cwd=self.scratch,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            universal_newlines=True,
        )
        self.addCleanup(child.wait, 10)
        self.addCleanup(child.stdout.close)
        self.addCleanup(child.kill)
        return re.search(r"http://\S+", child.stdout.readline()).group()

    def test_a_promotion_reaches_both_processes_and_a_crash_shows_its_source(self):
        files = shop_files()
        self.publish("1.0.0", files)
        shops = [self.serve(), self.serve()]
        for shop in shops:
            self.assertEqual(fetch(shop + "/version"), "1.0.0\n")
            self.assertIn("Welcome aboard", fetch(shop))
            page = fetch(shop, accept="text/html")
            self.assertIn("<strong>1.0.0</strong>", page)
            self.assertIn("the code store", page)
            self.assertIn("body {", fetch(shop + "/style.css"))
        greeting = files["shop/greeting.py"].replace(b"Welcome aboard", b"Ship ahoy")
        self.publish("1.0.1", {**files, "shop/greeting.py": greeting})
        for shop in shops:
            self.eventually(lambda: fetch(shop + "/version") == "1.0.1\n", "the new version")
            self.assertIn("Ship ahoy", fetch(shop))
            crash = fetch(shop + "/crash")
            self.assertRegex(crash, rf'File "slipway://{self.unit}/shop/catalog.py@[0-9a-f]{{8}}"')
            self.assertIn("raise LookupError(", crash)

    def test_the_tests_of_the_shop_pass(self):
        done = subprocess.run(
            [sys.executable, "-m", "unittest"],
            cwd=SHOP,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
            timeout=60,
        )
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("OK", done.stdout)
