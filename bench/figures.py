"""What is measured, and the servers and workers it is measured on."""

import contextlib
import dataclasses
import itertools
import subprocess
import time

from server import Process, Refused, Repository, Server, eventually, free_port

NOOP = 'image: busybox:1\nsteps: [{ run: "true" }]\n'


@dataclasses.dataclass
class Figure:
    what: str
    unit: str
    values: list
    note: str = ""


class Machine:
    """Makes servers, workers and repositories that end with the block they are made for."""

    refused = Refused

    def __init__(self, executable, scratch):
        self.executable = executable
        self.scratch = scratch
        self.numbers = itertools.count(1)

    @contextlib.contextmanager
    def master(self, workers=(), repositories=()):
        """A `slipway master` with workers, each given as its arguments, and repositories."""
        folder = self.scratch / str(next(self.numbers))
        folder.mkdir()
        server = Server(self.executable, "master", folder / "data", free_port())
        started = []
        try:
            for number, arguments in enumerate(workers, 1):
                started.append(self._worker(server, folder, f"w{number}", arguments))
            if workers:
                eventually(
                    "the workers are there",
                    lambda: len(server.get("/api/v1/workers")["items"]) == len(workers),
                )
            server.repositories = {
                name: self._repository(server, folder, name, pipeline)
                for name, pipeline in repositories
            }
            yield server
        finally:
            for process in started:
                process.stop()
            server.stop()

    def _worker(self, server, folder, name, arguments):
        token = server.post("/api/v1/tokens", {"name": name, "kind": "worker"})["token"]
        file = folder / f"{name}-token"
        file.write_text(token)
        return Process(
            self.executable,
            ["worker", "--data", folder / name, "--master", server.url, "--name", name,
             "--token-file", file, *arguments],
            folder / f"{name}.log",
        )

    def _repository(self, server, folder, name, pipeline):
        """With one commit whose pipeline is started by hand or by a later push."""
        repository = Repository(folder, name)
        repository.commit("Begin", {"pipelines/main.yml": pipeline})
        repository.push()
        server.add_repository(name, repository.bare)
        return repository


def run(connection, name):
    """Starts a build and answers it when it has ended, asking without a pause."""
    started = connection.post(f"/api/v1/repositories/{name}/builds")["builds"][0]
    while True:
        build = connection.get(f"/api/v1/builds/{started['id']}")
        if build["state"] == "finished":
            if build["result"] != "success":
                raise Refused(f"the build ended with {build['result']}")
            return build


def timed(work, times, warm=1, rest=0):
    """Seconds of each run, after some that do not count; with seconds of rest before each."""
    for _ in range(warm):
        work()
    values = []
    for _ in range(times):
        time.sleep(rest)
        begin = time.perf_counter()
        work()
        values.append(time.perf_counter() - begin)
    return values


def milliseconds(seconds):
    return [value * 1000 for value in seconds]


def bare_docker(*command):
    """One `docker run` as a person would type it."""
    subprocess.run(
        ["docker", "run", "--rm", "--network", "none", "busybox:1", *command],
        check=True,
        stdout=subprocess.DEVNULL,
    )
