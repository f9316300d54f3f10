"""A Slipway server of one's own, for the demo and the benchmarks: started, asked, stopped."""

import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def free_port(wanted=0):
    """A port of the loopback that is free now: the wanted one if possible."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise OSError("no port is free")


def eventually(what, look, limit=60.0, pause=0.01):
    """The first answer of `look` that is not None or False; an error means not yet."""
    deadline = time.monotonic() + limit
    last = None
    while time.monotonic() < deadline:
        try:
            answer = look()
            if answer is not None and answer is not False:
                return answer
        except (OSError, http.client.HTTPException, LookupError, Refused) as error:
            last = error
        time.sleep(pause)
    raise TimeoutError(f"not within {limit:.0f} s: {what}" + (f" ({last})" if last else ""))


class Refused(Exception):
    """An answer that was not a good one."""


class Ended(Exception):
    """A process that should run has ended."""


class Process:
    """One `slipway` process in a session of its own, its output in a file."""

    def __init__(self, executable, arguments, log, environment=None):
        self.log = pathlib.Path(log)
        with open(self.log, "ab") as output:
            self.child = subprocess.Popen(
                [str(executable), *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )
        self.pid = self.child.pid

    def stop(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(20)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()

    def cpu_seconds(self):
        """What it has computed so far, in all its threads."""
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mb(self):
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        raise LookupError("VmRSS")


class Server:
    """`slipway up` or `slipway master` with a data folder of its own."""

    def __init__(self, executable, command, data, port, *arguments):
        self.executable = str(executable)
        self.data = pathlib.Path(data)
        self.address = f"127.0.0.1:{port}"
        self.url = f"http://{self.address}"
        self.data.parent.mkdir(parents=True, exist_ok=True)
        begin = time.perf_counter()
        self.process = Process(
            executable,
            [command, "--data", data, "--listen", self.address, *arguments],
            self.data.parent / "server.log",
        )
        try:
            eventually("the server is ready", self._is_ready, limit=60, pause=0.002)
        except (TimeoutError, Ended):
            self.process.stop()
            raise Ended("the server did not start:\n" + self.process.log.read_text()) from None
        self.start_seconds = time.perf_counter() - begin
        self.token = (self.data / "admin-token").read_text().strip()

    def _is_ready(self):
        if self.process.child.poll() is not None:
            raise Ended("the server ended")
        connection = http.client.HTTPConnection(self.address, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        finally:
            connection.close()

    def connection(self):
        """A kept-alive connection of one's own, for threads and for timing."""
        return Connection(self.address, self.token)

    def get(self, path):
        return self.connection().get(path)

    def post(self, path, body=None):
        return self.connection().post(path, body)

    def command(self, *arguments):
        """Runs another command of the executable against this server; answers its output."""
        environment = {"SLIPWAY_SERVER": self.url, "SLIPWAY_TOKEN": self.token}
        done = subprocess.run(
            [self.executable, *map(str, arguments)],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise Refused(f"slipway {' '.join(map(str, arguments))}: {done.stderr or done.stdout}")
        return done.stdout

    def add_repository(self, name, path):
        """Adds it and waits for the first fetch: later pushes start builds, earlier ones do not."""
        body = {"name": name, "url": str(path), "default_branch": "main"}
        self.post("/api/v1/repositories", body)
        self.await_fetch(name)

    def await_fetch(self, name):
        eventually(
            f"{name} was fetched",
            lambda: self.get(f"/api/v1/repositories/{name}").get("fetched_at"),
        )

    def stop(self):
        self.process.stop()


class Connection:
    """HTTP with JSON, in the contract's words."""

    def __init__(self, address, token):
        self.http = http.client.HTTPConnection(address, timeout=120)
        self.headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}

    def get(self, path):
        return self.send("GET", path)

    def post(self, path, body=None):
        return self.send("POST", path, json.dumps(body or {}).encode())

    def send(self, method, path, body=None):
        self.http.request(method, path, body, self.headers)
        answer = self.http.getresponse()
        data = answer.read()
        if answer.status >= 400:
            raise Refused(f"{method} {path}: {answer.status} {data.decode(errors='replace')}")
        if "json" in answer.headers.get("content-type", ""):
            return json.loads(data)
        return data


class Repository:
    """A bare repository with a work tree beside it, driven by the real git."""

    def __init__(self, folder, name):
        self.bare = pathlib.Path(folder) / f"{name}.git"
        self.work = pathlib.Path(folder) / name
        self._run("init", "--quiet", "--bare", self.bare)
        self._run("init", "--quiet", self.work)
        self._run("-C", self.work, "remote", "add", "origin", self.bare)

    def commit(self, message, files=None):
        """Writes files by their paths, commits everything, and answers the commit's name."""
        for name, text in (files or {}).items():
            path = self.work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self._run("-C", self.work, "add", "--all")
        self._run("-C", self.work, "commit", "--quiet", "--allow-empty", "-m", message)
        return self._run("-C", self.work, "rev-parse", "HEAD")

    def push(self, branch="main"):
        self._run("-C", self.work, "push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")

    @staticmethod
    def _run(*arguments):
        isolation = {
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "init.defaultBranch",
            "GIT_CONFIG_VALUE_0": "main",
            "GIT_AUTHOR_NAME": "Ada Lovelace",
            "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Ada Lovelace",
            "GIT_COMMITTER_EMAIL": "ada@example.org",
        }
        return subprocess.run(
            ["git", *map(str, arguments)],
            env={**os.environ, **isolation},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout.strip()
