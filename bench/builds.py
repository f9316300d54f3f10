"""How soon builds start, run and end."""

import os
import re
import socket
import threading
import time

from figures import NOOP, Figure, bare_docker, milliseconds, run, timed
from server import Refused, eventually

BURST = 1000
BURST_RUNS = 3
# Seconds between two looks whether a burst has ended: few, and counted as the server's.
LOOK = 0.02
SIMULATED = [("--simulate", "--slots", "4")]
REAL = [("--slots", "4")]
# Seconds in which a worker has a container ready again.
REST = 1
THREE_STEPS = """\
image: busybox:1
steps:
  - run: "true"
  - run: "true"
  - run: "true"
"""


def burst(machine):
    """Builds queued at once over the API, and until the last one has ended."""
    rates, costs = [], []
    with machine.master(SIMULATED, [("noop", NOOP)]) as server:
        run(server.connection(), "noop")
        for _ in range(BURST_RUNS):
            cpu = server.process.cpu_seconds()
            begin = time.perf_counter()
            start_many(server, BURST)
            connection = server.connection()
            path = "/api/v1/builds?state={}&limit=1"
            eventually(
                "the burst ends",
                lambda: not any(
                    connection.get(path.format(state))["items"] for state in ("waiting", "running")
                ),
                limit=300,
                pause=LOOK,
            )
            rates.append(BURST / (time.perf_counter() - begin))
            costs.append((server.process.cpu_seconds() - cpu) / BURST * 1000)
    note = f"{BURST} builds over the API, 4 slots, simulated step"
    yield Figure("no-op builds", "1/s", rates, note)
    yield Figure("master CPU per no-op build", "ms", costs, "the same builds, requests included")


def start_many(server, count):
    """From four connections, as several people and hooks would."""
    failures = []

    def start(share):
        try:
            with RawConnection(server, "/api/v1/repositories/noop/builds") as connection:
                for _ in range(share):
                    connection.post()
        except (OSError, Refused) as error:
            failures.append(error)

    threads = [threading.Thread(target=start, args=(count // 4,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise Refused(str(failures[0]))


class RawConnection:
    """One request again and again, at a cost that hardly takes the machine from the server."""

    def __init__(self, server, path):
        host, port = server.address.split(":")
        self.request = (
            f"POST {path} HTTP/1.1\r\nhost: {server.address}\r\n"
            f"authorization: Bearer {server.token}\r\ncontent-length: 0\r\n\r\n"
        ).encode()
        self.socket = socket.create_connection((host, int(port)), timeout=120)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def post(self):
        self.socket.sendall(self.request)
        answer = b""
        while True:
            piece = self.socket.recv(65536)
            answer += piece
            head, end, body = answer.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: *(\d+)", head)
            if not piece or (end and length and len(body) >= int(length.group(1))):
                break
        if b" 201 " not in head[:16]:
            raise Refused(answer.decode(errors="replace"))


def latency(machine):
    with machine.master(SIMULATED, [("noop", NOOP)]) as server:
        connection = server.connection()
        values = timed(lambda: run(connection, "noop"), 50, warm=5)
    yield Figure(
        "trigger to finished no-op build", "ms", milliseconds(values),
        "one at a time, simulated step",
    )


def docker_steps(machine):
    bare = timed(lambda: [bare_docker("true") for _ in range(3)], 5)
    with machine.master(REAL, [("steps", THREE_STEPS)]) as server:
        connection = server.connection()
        begin = time.perf_counter()
        run(connection, "steps")
        cold = time.perf_counter() - begin
        values = timed(lambda: run(connection, "steps"), 10, rest=REST)
        crowded = timed(lambda: run(connection, "steps"), 10)
    yield Figure("three docker steps, bare `docker run`", "ms", milliseconds(bare), "sequential")
    yield Figure("three docker steps, cold", "ms", milliseconds([cold]), "the worker's first job")
    note = f"`true` in busybox:1, warm: {REST} s after the build before"
    yield Figure("three docker steps", "ms", milliseconds(values), note)
    note = "each at once after the one before, so that a warm container is rarely ready"
    yield Figure("three docker steps, back to back", "ms", milliseconds(crowded), note)


def push_to_first_line(machine):
    one = timed(lambda: bare_docker("true"), 5)
    values = []
    pipeline = 'image: busybox:1\nsteps: [{ run: "echo ahoy" }]\n'
    with machine.master(REAL, [("push", pipeline)]) as server:
        connection = server.connection()
        run(connection, "push")
        for number in range(10):
            values.append(first_line(server.repositories["push"], connection, number))
    yield Figure("one bare `docker run`", "ms", milliseconds(one), "`true` in busybox:1")
    yield Figure(
        "push to first log line", "ms", milliseconds(values),
        "from the moment the ref moved until the API serves the line; warm",
    )


def first_line(repository, connection, number):
    sha = repository.commit(f"Push {number}", {"number.txt": f"{number}\n"})
    time.sleep(REST)
    repository.push()
    moved = os.stat(repository.bare / "refs/heads/main").st_mtime

    def seen():
        rows = connection.get("/api/v1/repositories/push/builds?limit=1")["items"]
        if not rows or rows[0]["sha"] != sha:
            return None
        job = connection.get(f"/api/v1/builds/{rows[0]['id']}")["jobs"][0]["id"]
        line = connection.get(f"/api/v1/jobs/{job}/steps/1/log")
        return time.time() if line.startswith(b"ahoy") else None

    return eventually("its first line", seen, pause=0.0005) - moved
