"""A code store in memory that speaks the node's side of the wire, and can misbehave.

The same tests run against the real server when SLIPWAY_TEST_SERVER names one; that keeps this
one honest.
"""

import contextlib
import hashlib
import json
import re
import struct
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

HEARTBEAT_SECONDS = 0.5


class FakeServer:
    """State, the HTTP server around it, and switches for its faults."""

    def __init__(self):
        self.changed = threading.Condition()
        self.blobs = {}
        self.manifests = {}
        self.releases = {}
        self.pointers = {}
        self.reports = {}
        self.requests = []
        self.rev = 0
        self.token = None
        self.has_watch = True
        self.is_mute = False
        self.damage = lambda sha256, data: data
        self._port = 0
        self._http = None
        self._stopping = True
        self.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._port}"

    def start(self):
        handler = type("BoundHandler", (_Handler,), {"store": self})
        self._http = _HTTPServer(("127.0.0.1", self._port), handler)
        self._port = self._http.server_address[1]
        self._stopping = False
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self):
        """Goes away as a killed process does: the port closes, and every connection breaks."""
        self._stopping = True
        with self.changed:
            self.changed.notify_all()
        self._http.shutdown()
        self._http.server_close()
        self._http.break_connections()

    @property
    def is_stopping(self):
        return self._stopping

    def move(self, unit, channel, digest, kind="promote"):
        """Points the channel at a release."""
        with self.changed:
            self.rev += 1
            version = self.releases[digest][1]
            self.pointers[unit, channel] = {
                "unit": unit,
                "channel": channel,
                "rev": self.rev,
                "release": digest,
                "version": version,
                "manifest": f"/cs/v1/manifests/{digest}",
                "kind": kind,
                "percent": 100,
                "log_head": "0" * 64,
            }
            self.changed.notify_all()

    def bundle(self, to, have):
        """`CSB1` and the frames of what `have` lacks."""
        entries = json.loads(self.manifests[to])["entries"].values()
        known = set()
        if have is not None:
            known = {entry[0] for entry in json.loads(self.manifests[have])["entries"].values()}
        frames = [b"CSB1"]
        for sha256 in sorted({entry[0] for entry in entries} - known):
            raw = self.blobs[sha256]
            packed = zlib.compress(raw)
            codec, data = (1, packed) if len(packed) < len(raw) * 0.9 else (0, raw)
            header = struct.pack(">32sBBII", bytes.fromhex(sha256), 0, codec, len(raw), len(data))
            frames += [header, self.damage(sha256, data)]
        return b"".join(frames)


class _HTTPServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *arguments):
        self._open = set()
        super().__init__(*arguments)

    def process_request(self, request, address):
        self._open.add(request)
        super().process_request(request, address)

    def shutdown_request(self, request):
        self._open.discard(request)
        super().shutdown_request(request)

    def break_connections(self):
        for request in list(self._open):
            with contextlib.suppress(OSError):
                request.shutdown(2)

    def handle_error(self, request, address):
        """Clients that are killed are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store = None

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        self._route("GET")

    def do_POST(self):
        self._route("POST")

    def do_PUT(self):
        self._route("PUT")

    def _route(self, method):
        url = urlsplit(self.path)
        self.store.requests.append(f"{method} {self.path}")
        self.query = parse_qs(url.query)
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length)
        token = self.store.token
        if token is not None and self.headers.get("Authorization") != f"Bearer {token}":
            return self._problem(401, "Unauthorized", "a token is needed")
        for verb, pattern, name in _ROUTES:
            match = re.fullmatch(pattern, url.path)
            if match and verb == method:
                return getattr(self, name)(*match.groups())
        return self._problem(404, "Not Found", f"nothing at {url.path}")

    def _pointer(self, unit, channel):
        wait = float(self.query.get("wait", ["0"])[0])
        since = int(self.query.get("since", ["-1"])[0])
        with self.store.changed:
            self.store.changed.wait_for(
                lambda: self.store.is_stopping
                or self.store.pointers.get((unit, channel), {"rev": -1})["rev"] > since,
                timeout=wait,
            )
            pointer = self.store.pointers.get((unit, channel))
        if pointer is None:
            return self._problem(404, "Not Found", f"{unit} has no release on {channel}")
        tag = f'"r{pointer["rev"]}"'
        if pointer["rev"] <= since or self.headers.get("If-None-Match") == tag:
            return self._send(304, b"", {"ETag": tag})
        return self._json(200, pointer, {"ETag": tag})

    def _watch(self):
        if not self.store.has_watch:
            return self._problem(404, "Not Found", "no watch here")
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        channel = tuple(self.query["c"][0].split("/"))
        since = int(self.query.get("since", ["0"])[0])
        sent = None
        while not self.store.is_stopping:
            with self.store.changed:
                self.store.changed.wait_for(
                    lambda: self.store.is_stopping or self.store.pointers.get(channel) != sent,
                    timeout=HEARTBEAT_SECONDS,
                )
                pointer = self.store.pointers.get(channel)
            if self.store.is_mute:
                continue
            if pointer is None or pointer == sent or (sent is None and pointer["rev"] == since):
                sent = pointer
                self._chunk(b": heartbeat\n\n")
                continue
            sent = pointer
            data = json.dumps(pointer)
            self._chunk(f"event: promote\nid: {pointer['rev']}\ndata: {data}\n\n".encode())
        self.close_connection = True

    def _manifest(self, digest):
        data = self.store.manifests.get(digest)
        if data is None:
            return self._problem(404, "Not Found", digest)
        return self._send(200, data, {"Content-Type": "application/json"})

    def _bundle(self, digest):
        have = self.query.get("from", [None])[0]
        if digest not in self.store.manifests or have not in (None, *self.store.manifests):
            return self._problem(404, "Not Found", digest)
        return self._send(200, self.store.bundle(digest, have), {})

    def _put_blob(self, sha256):
        if hashlib.sha256(self.body).hexdigest() != sha256:
            return self._problem(400, "Bad Request", "digest mismatch")
        self.store.blobs[sha256] = self.body
        return self._send(201, b"", {})

    def _publish(self):
        message = json.loads(self.body)
        files = sorted(message["files"], key=lambda file: file["path"].encode())
        manifest = {
            "v": 1,
            "unit": message["unit"],
            "version": message["version"],
            "entries": {
                file["path"]: [file["sha256"], file["size"], file["mode"]] for file in files
            },
        }
        data = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        digest = "sha256:" + hashlib.sha256(data.encode()).hexdigest()
        self.store.manifests[digest] = data.encode()
        self.store.releases[digest] = (message["unit"], message["version"])
        self.store.move(message["unit"], message["channel"], digest)
        return self._json(201, {"digest": digest})

    def _promote(self, unit, channel):
        version = json.loads(self.body)["version"]
        for digest, release in self.store.releases.items():
            if release == (unit, version):
                if self.store.pointers[unit, channel]["release"] == digest:
                    return self._problem(409, "Conflict", f"{channel} is at {version} already")
                self.store.move(unit, channel, digest)
                return self._json(201, self.store.pointers[unit, channel])
        return self._problem(404, "Not Found", version)

    def _report(self, node):
        with self.store.changed:
            self.store.reports[node] = json.loads(self.body)
            self.store.changed.notify_all()
        return self._send(204, b"", {})

    def _chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def _json(self, status, value, headers=None):
        data = json.dumps(value).encode()
        self._send(status, data, {"Content-Type": "application/json", **(headers or {})})

    def _problem(self, status, title, detail):
        data = json.dumps({"type": "about:blank", "title": title, "detail": detail}).encode()
        self._send(status, data, {"Content-Type": "application/problem+json"})

    def _send(self, status, data, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


_ROUTES = [
    ("GET", r"/cs/v1/channels/([^/]+)/([^/]+)", "_pointer"),
    ("GET", r"/cs/v1/watch", "_watch"),
    ("GET", r"/cs/v1/manifests/(sha256:[0-9a-f]{64})", "_manifest"),
    ("GET", r"/cs/v1/bundles/(sha256:[0-9a-f]{64})", "_bundle"),
    ("PUT", r"/cs/v1/blobs/sha256:([0-9a-f]{64})", "_put_blob"),
    ("POST", r"/cs/v1/releases", "_publish"),
    ("POST", r"/cs/v1/channels/([^/]+)/([^/]+)/promotions", "_promote"),
    ("POST", r"/cs/v1/nodes/([^/]+)", "_report"),
]
