"""How many requests the server answers, asked by wrk."""

import re
import subprocess

from builds import SIMULATED
from figures import NOOP, Figure, run

SECONDS = 5
RUNS = 3


def list_of_builds(machine):
    with machine.master(SIMULATED, [("noop", NOOP)]) as server:
        for _ in range(30):
            run(server.connection(), "noop")
        url = f"{server.url}/api/v1/builds?limit=20"
        values = [wrk(url, server.token) for _ in range(RUNS)]
    yield Figure("list of 20 builds, JSON", "1/s", values, "wrk, 1 thread, 8 connections")


def pointer(machine):
    pipeline = """\
image: busybox:1
steps:
  - run: mkdir dist && echo ahoy > dist/a.txt
  - publish: { from: dist }
"""
    with machine.master([("--slots", "1")], [("unit", pipeline)]) as server:
        run(server.connection(), "unit")
        pointer = server.get("/cs/v1/channels/unit/dev")
        url = f"{server.url}/cs/v1/channels/unit/dev"
        etag = f'"r{pointer["rev"]}"'
        values = [wrk(url, server.token, f"If-None-Match: {etag}") for _ in range(RUNS)]
    yield Figure("pointer checks (304)", "1/s", values, "wrk, 1 thread, 8 connections")


def wrk(url, token, *headers):
    arguments = ["wrk", "-t1", "-c8", f"-d{SECONDS}", "-H", f"Authorization: Bearer {token}"]
    for header in headers:
        arguments += ["-H", header]
    output = subprocess.run([*arguments, url], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output:
        raise ValueError(output)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))
