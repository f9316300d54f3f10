"""What the tests share: a server with a unit of its own, scratch folders, child processes."""

import hashlib
import http.client
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from urllib.parse import urlsplit

HERE = os.path.dirname(os.path.abspath(__file__))
CLIENT = os.path.join(os.path.dirname(os.path.dirname(HERE)), "Sources", "PythonClient")
sys.path.insert(0, CLIENT)

from fake_server import FakeServer  # noqa: E402

import slipway  # noqa: E402

REAL_SERVER = os.environ.get("SLIPWAY_TEST_SERVER")
REAL_TOKEN = os.environ.get("SLIPWAY_TEST_TOKEN")
CHANNEL = "dev"
WAIT_SECONDS = 20

needs_fake_server = unittest.skipIf(REAL_SERVER, "needs a server that can be told to misbehave")


class Link(str):
    """The target of a symbolic link, as the content of a file to publish."""


class StoreTest(unittest.TestCase):
    """A test with a server, a unit that nobody else uses, and a cache folder."""

    def setUp(self):
        self.unit = "t" + secrets.token_hex(4)
        self.scratch = tempfile.mkdtemp(prefix="slipway-test-")
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)
        self.cache = os.path.join(self.scratch, "cache")
        self.fake = None if REAL_SERVER else FakeServer()
        self.server = REAL_SERVER or self.fake.url
        self.token = REAL_TOKEN
        if self.fake is not None:
            self.addCleanup(self.fake.stop)
        self.addCleanup(slipway.uninstall)

    def publish(self, version, files):
        """Makes a release of `files` (path to text or bytes); its channel moves to it."""
        entries = []
        for path, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            sha256 = hashlib.sha256(data).hexdigest()
            self.call("PUT", f"/cs/v1/blobs/sha256:{sha256}", data)
            mode = 0o120000 if isinstance(content, Link) else 0o644
            entries.append({"path": path, "sha256": sha256, "size": len(data), "mode": mode})
        return self.post(
            "/cs/v1/releases",
            {"unit": self.unit, "version": version, "files": entries, "channel": CHANNEL},
        )["digest"]

    def promote(self, version):
        """Moves the channel to a release that exists."""
        self.post(
            f"/cs/v1/channels/{self.unit}/{CHANNEL}/promotions",
            {"version": version, "reason": "a test"},
        )

    def post(self, path, body):
        return json.loads(self.call("POST", path, json.dumps(body).encode()))

    def call(self, method, path, body=None):
        parts = urlsplit(self.server)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
        headers = {"Content-Type": "application/json"} if method == "POST" else {}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        if answer.status >= 300:
            raise AssertionError(f"{method} {path}: {answer.status} {data[:300]!r}")
        return data

    def install(self, **options):
        """Follows the test's channel in this process."""
        options = {"cache": self.cache, "timeout": 5, **options}
        return slipway.install(self.server, self.unit, CHANNEL, self.token, **options)

    def eventually(self, claim, what="it"):
        """Waits until a claim holds; what it answered."""
        end = time.monotonic() + WAIT_SECONDS
        while True:
            answer = claim()
            if answer:
                return answer
            if time.monotonic() > end:
                self.fail(f"{what} did not come true within {WAIT_SECONDS} s")
            time.sleep(0.005)

    def becomes(self, version):
        self.eventually(lambda: slipway.current().version == version, f"version {version}")

    def environment(self, **more):
        """The environment of a child process that follows the test's channel."""
        return {
            **{k: v for k, v in os.environ.items() if not k.startswith("SLIPWAY_")},
            "PYTHONPATH": CLIENT,
            "PYTHONDONTWRITEBYTECODE": "1",
            "SLIPWAY_SERVER": self.server,
            "SLIPWAY_UNIT": self.unit,
            "SLIPWAY_CHANNEL": CHANNEL,
            "SLIPWAY_CACHE": self.cache,
            **({"SLIPWAY_TOKEN": self.token} if self.token else {}),
            **more,
        }

    def python(self, *arguments, **more):
        """Runs Python to its end; the completed process, its output as text."""
        return subprocess.run(
            [sys.executable, *arguments],
            env=self.environment(**more),
            cwd=self.scratch,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            timeout=60,
        )

    def script(self, text, *arguments, **more):
        """Runs a script that lies in a file of its own."""
        path = os.path.join(self.scratch, "script.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return self.python(path, *arguments, **more)
