#!/usr/bin/env python3
"""Measures Slipway on this machine and prints a Markdown table: what `make bench` shows.

    bench/bench.py                          Slipway alone
    bench/bench.py --buildbot DIR           Buildbot beside it; DIR holds its bench.py
    bench/bench.py --only start,memory      some rows

The rows are the ones of the project's goals; each is min / median / max of its runs. A figure
says how it was taken in the last column. Absolute times are of this machine, ratios count.
"""

import argparse
import pathlib
import platform
import shutil
import statistics
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "scripts"))
sys.dont_write_bytecode = True

import builds
import hooks
import language
import logs
import peer
import queues
import throughput
import resources
from figures import Figure, Machine

ROWS = {
    "burst": builds.burst,
    "latency": builds.latency,
    "queue": queues.queue,
    "idle": queues.idle_workers,
    "docker": builds.docker_steps,
    "push": builds.push_to_first_line,
    "language": language.plan,
    "lines": logs.many_lines,
    "intake": logs.intake,
    "api": throughput.list_of_builds,
    "pointer": throughput.pointer,
    "hooks": hooks.deliveries,
    "memory": resources.idle_memory,
    "start": resources.start,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--executable", default=".build/release/slipway")
    parser.add_argument("--buildbot", metavar="DIR", help="measure Buildbot too")
    parser.add_argument("--only", metavar="ROWS", help="comma-separated: " + " ".join(ROWS))
    options = parser.parse_args()
    wanted = options.only.split(",") if options.only else list(ROWS)
    unknown = set(wanted) - set(ROWS)
    if unknown:
        parser.error(f"no row {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")

    scratch = pathlib.Path(tempfile.mkdtemp(prefix="slipway-bench-"))
    machine = Machine(pathlib.Path(options.executable).resolve(), scratch)
    try:
        figures = [figure for name in wanted for figure in measure(name, machine)]
        column = peer.buildbot(pathlib.Path(options.buildbot), scratch) if options.buildbot else {}
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print_table(figures, column)
    failed = [figure for figure in figures if not figure.values]
    return 1 if failed else 0


def measure(name, machine):
    """The figures of one row; a row that cannot be measured says so and stops no other."""
    print(f"measuring {name} …", file=sys.stderr, flush=True)
    try:
        return list(ROWS[name](machine))
    except (OSError, TimeoutError, LookupError, ValueError, machine.refused) as error:
        return [Figure(name, "", [], note=f"not measured: {error}")]


def print_table(figures, column):
    print(f"\n{machine_line()}\n")
    peers = ["Buildbot 4.3"] if column else []
    heads = ["what", "unit", "min", "median", "max", *peers, "how"]
    print("| " + " | ".join(heads) + " |")
    print("|---|---|---:|---:|---:|" + "---:|" * len(peers) + "---|")
    for figure in figures:
        values = (
            [min(figure.values), statistics.median(figure.values), max(figure.values)]
            if figure.values
            else [None] * 3
        )
        cells = [figure.what, figure.unit, *map(readable, values)]
        if column:
            cells.append(readable(column.get(figure.what)))
        print("| " + " | ".join([*cells, figure.note]) + " |")


def readable(value):
    if value is None:
        return "–"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def machine_line():
    text = pathlib.Path("/proc/cpuinfo").read_text()
    names = [row.split(":", 1)[1].strip() for row in text.splitlines() if "model name" in row]
    memory = int(pathlib.Path("/proc/meminfo").read_text().split()[1]) / 1048576
    return (
        f"{len(names)} × {names[0] if names else platform.machine()}, {memory:.0f} GiB, "
        f"Linux {platform.release()}, load before {pathlib.Path('/proc/loadavg').read_text()[:4]}"
    )


if __name__ == "__main__":
    sys.exit(main())
