"""How many deliveries of a forge the server takes, beside builds that run."""

import hashlib
import hmac
import pathlib
import socket
import threading
import time

from builds import SIMULATED
from figures import NOOP, Figure, run
from server import Refused, eventually

RATE = 1000
SECONDS = 30
LANES = 8
ROOT = pathlib.Path(__file__).resolve().parent.parent
BODY = ROOT / "Tests/WireTests/Deliveries/github-push.json"


def deliveries(machine):
    """Signed pushes of GitHub at an even rate, each another one, while builds go on."""
    with machine.master(SIMULATED, [("noop", NOOP)]) as server:
        secret = server.post("/api/v1/repositories/noop/hook")["secret"]
        run(server.connection(), "noop")
        storm = Storm(server, BODY.read_bytes(), secret)
        builder = Builder(server)
        cpu = server.process.cpu_seconds()
        begin = time.perf_counter()
        builder.start()
        storm.run()
        took = time.perf_counter() - begin
        cpu = server.process.cpu_seconds() - cpu
        builder.stop()
        count = len(storm.latencies)
        path = "/api/v1/repositories/noop/deliveries?limit=200"
        eventually(
            "every delivery is acted on",
            lambda: all(item.get("outcome") for item in server.get(path)["items"]),
        )
    note = f"{RATE}/s for {SECONDS} s, {LANES} connections, {builder.count} builds beside"
    yield Figure("deliveries taken", "1/s", [count / took], note)
    yield Figure("deliveries refused or lost", "", [storm.failures], "of the same")
    ordered = sorted(storm.latencies)
    worst = [ordered[int(len(ordered) * 0.99)] * 1000]
    yield Figure("delivery to 202, 99 of 100", "ms", worst, "of the same")
    yield Figure("master CPU per delivery", "ms", [cpu / count * 1000], "builds beside included")


class Storm:
    """Sends each delivery at its time, or as soon after it as the connection is free."""

    def __init__(self, server, body, secret):
        self.address = server.url.removeprefix("http://").split(":")
        self.latencies = []
        self.failures = 0
        self.lock = threading.Lock()
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        self.head = (
            "POST /hooks/github/noop HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            f"X-GitHub-Event: push\r\nX-Hub-Signature-256: sha256={signature}\r\n"
            f"Content-Length: {len(body)}\r\nX-GitHub-Delivery: "
        ).encode()
        self.tail = b"\r\n\r\n" + body

    def run(self):
        start = time.perf_counter() + 0.1
        lanes = [threading.Thread(target=self.send, args=(lane, start)) for lane in range(LANES)]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()

    def send(self, lane, start):
        latencies, failures = [], 0
        connection = socket.create_connection((self.address[0], int(self.address[1])))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in range(lane, RATE * SECONDS, LANES):
            due = start + number / RATE
            time.sleep(max(0, due - time.perf_counter()))
            begin = time.perf_counter()
            connection.sendall(self.head + f"bench-{number}".encode() + self.tail)
            answer = connection.recv(65536)
            # The body of a 202 is a few bytes and comes with its head.
            if answer.startswith(b"HTTP/1.1 202") and answer.endswith(b"{}"):
                latencies.append(time.perf_counter() - begin)
            else:
                failures += 1
        connection.close()
        with self.lock:
            self.latencies += latencies
            self.failures += failures


class Builder(threading.Thread):
    """Keeps one build after another running."""

    def __init__(self, server):
        super().__init__()
        self.server = server
        self.count = 0
        self.error = None
        self.ended = threading.Event()

    def run(self):
        connection = self.server.connection()
        try:
            while not self.ended.is_set():
                run(connection, "noop")
                self.count += 1
                self.ended.wait(0.05)
        except (OSError, Refused) as error:
            self.error = error

    def stop(self):
        self.ended.set()
        self.join()
        if self.error:
            raise Refused(f"a build beside the deliveries: {self.error}")
