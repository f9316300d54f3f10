"""What the queue itself takes: builds put in, builds run and acknowledged, workers that wait."""

import concurrent.futures
import re
import subprocess
import time

from figures import NOOP, Figure, run
from idle import IdleWorkers
from server import eventually

SECONDS = 4
RUNS = 3
SLOTS = 100
IDLE = 1000
IDLE_SECONDS = 30


def queue(machine):
    """Durable builds: each POST is answered after its commit, each end is told over the wire."""
    enqueued, completed, costs = [], [], []
    worker = ("--simulate", "--slots", str(SLOTS))
    with machine.master([worker], [("noop", NOOP)]) as server:
        run(server.connection(), "noop")
        for _ in range(RUNS):
            server.post("/api/v1/workers/w1/pause")
            begin = server.process.cpu_seconds()
            count, rate = post_builds(server, machine.scratch)
            enqueued.append(rate)
            completed.append(count / drain(server))
            costs.append((server.process.cpu_seconds() - begin) / count * 1000)
    note = "wrk, 1 thread, 32 connections, each answered when it is on the disk"
    yield Figure("builds enqueued", "1/s", enqueued, note)
    note = f"the builds just enqueued, a worker with {SLOTS} slots, simulated step"
    yield Figure("builds run and acknowledged", "1/s", completed, note)
    yield Figure("master CPU per build in bulk", "ms", costs, "enqueued, run and acknowledged")


def post_builds(server, scratch):
    script = scratch / "post.lua"
    script.write_text(
        f'wrk.method = "POST"\nwrk.headers["Authorization"] = "Bearer {server.token}"\n'
    )
    url = f"{server.url}/api/v1/repositories/noop/builds"
    command = ["wrk", "-t1", "-c32", f"-d{SECONDS}", "-s", script, url]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output:
        raise ValueError(output)
    count = int(re.search(r"(\d+) requests in", output).group(1))
    return count, float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))


def drain(server):
    """Lets the worker go, and tells the seconds until nothing is left."""
    connection = server.connection()
    begin = time.perf_counter()
    server.post("/api/v1/workers/w1/resume")
    path = "/api/v1/builds?state={}&limit=1"
    eventually(
        "the queue is empty",
        lambda: not any(
            connection.get(path.format(state))["items"] for state in ("waiting", "running")
        ),
        limit=300,
        pause=0.05,
    )
    return time.perf_counter() - begin


def idle_workers(machine):
    """A thousand workers that wait for work, as the protocol has them wait."""
    with machine.master([], [("noop", NOOP)]) as server:
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            tokens = list(pool.map(lambda number: token(server, number), range(IDLE)))
        with IdleWorkers(server.address, tokens) as workers:
            eventually("all have dialled in", lambda: workers.waiting == IDLE, limit=120)
            time.sleep(1)
            begin = server.process.cpu_seconds()
            time.sleep(IDLE_SECONDS)
            share = (server.process.cpu_seconds() - begin) / IDLE_SECONDS * 100
            memory = server.process.resident_mb()
            if workers.problems:
                raise ValueError(workers.problems[0])
    note = f"{IDLE} connections that claim again when {IDLE_SECONDS - 5} s are over"
    yield Figure(f"{IDLE:,} idle workers, master CPU", "% of a core", [share], note)
    yield Figure(f"{IDLE:,} idle workers, resident memory", "MB", [memory], "the same master")


def token(server, number):
    body = {"name": f"idle-{number}", "kind": "worker"}
    return server.post("/api/v1/tokens", body)["token"]
