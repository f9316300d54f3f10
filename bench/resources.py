"""What the master takes when it does nothing, and how soon it is there."""

import time

from figures import Figure, milliseconds


def idle_memory(machine):
    values = []
    for _ in range(3):
        with machine.master() as server:
            # The allocator gives back what the start needed.
            time.sleep(2)
            values.append(server.process.resident_mb())
    yield Figure("resident memory, idle", "MB", values, "master, 2 s after its start")


def start(machine):
    values = []
    for _ in range(10):
        with machine.master() as server:
            values.append(server.start_seconds)
    yield Figure(
        "start to ready, empty", "ms", milliseconds(values),
        "from fork to the first good /readyz, database made anew",
    )
