"""How fast logs are taken in, and what that costs the master."""

import threading
import time

from figures import Figure, run

LINES = 300_000
CHUNK = 1 << 20
CHUNKS = 200
WRITERS = 4
MANY_LINES = f"""\
image: busybox:1
steps:
  - run: |
      seq 1 {LINES} | sed 's/$/ the quick brown fox jumps over the lazy dog 0123456789/'
"""


def many_lines(machine):
    """The same lines as Buildbot's builder writes, from a real container."""
    seconds, cpu = [], []
    with machine.master([("--slots", "1")], [("lines", MANY_LINES)]) as server:
        connection = server.connection()
        for _ in range(4):
            before = server.process.cpu_seconds()
            begin = time.perf_counter()
            build = run_slowly(connection)
            seconds.append(time.perf_counter() - begin)
            cpu.append(server.process.cpu_seconds() - before)
        size = build["jobs"][0]["steps"][1]["log_bytes"] / 1e6
    note = f"{LINES:,} lines, {size:.1f} MB, from a container"
    yield Figure("300,000 log lines, build", "s", seconds[1:], note)
    yield Figure("300,000 log lines, master CPU", "s", cpu[1:], note)


def run_slowly(connection):
    """As `run`, but its questions must not count as the master's work."""
    started = connection.post("/api/v1/repositories/lines/builds")["builds"][0]
    while True:
        time.sleep(0.05)
        build = connection.get(f"/api/v1/builds/{started['id']}")
        if build["state"] == "finished":
            return build


def intake(machine):
    """All that the log route takes from several jobs at once, past any container."""
    pipeline = 'image: busybox:1\nsteps: [{ run: "true" }]\n'
    values = []
    with machine.master([], [("intake", pipeline)]) as server:
        for _ in range(3):
            writers = [Writer(server) for _ in range(WRITERS)]
            threads = [threading.Thread(target=writer.write) for writer in writers]
            begin = time.perf_counter()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            seconds = time.perf_counter() - begin
            written = sum(writer.offset for writer in writers)
            if written != WRITERS * CHUNK * CHUNKS:
                raise ValueError(f"only {written} bytes were taken")
            values.append(written / 1e6 / seconds)
    yield Figure(
        "log intake", "MB/s", values,
        f"{WRITERS} jobs at once, {CHUNKS} MiB each, chunks of 1 MiB, one HTTP request a chunk",
    )


class Writer:
    """A worker of the worker protocol that took a job and has only its log to tell."""

    def __init__(self, server):
        self.offset = 0
        server.post("/api/v1/repositories/intake/builds")
        name = f"writer-{time.monotonic_ns()}"
        token = server.post("/api/v1/tokens", {"name": name, "kind": "worker"})["token"]
        self.connection = server.connection()
        self.connection.headers["authorization"] = f"Bearer {token}"
        order = self.sync(claim={"free_slots": 1, "wait": 20})["orders"][0]
        self.attempt, self.fence = order["attempt"], order["fence"]
        self.sync(accepts=[{"attempt": self.attempt, "fence": self.fence}])

    def sync(self, **verbs):
        body = {
            "protocol": 1,
            "worker": {"labels": [], "slots": 1, "version": "bench", "is_draining": False},
            "accepts": [], "heartbeats": [], "finishes": [], **verbs,
        }
        return self.connection.post("/worker/v1/sync", body)

    def write(self):
        piece = (b"the quick brown fox jumps over the lazy dog 0123456789\n" * 20_000)[:CHUNK]
        self.connection.headers["content-type"] = "application/octet-stream"
        for _ in range(CHUNKS):
            self.connection.send("PUT", self.path(), piece)
            self.offset += len(piece)

    def path(self):
        return (
            f"/worker/v1/attempts/{self.attempt}/steps/1/log"
            f"?fence={self.fence}&offset={self.offset}"
        )
