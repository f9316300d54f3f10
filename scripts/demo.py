#!/usr/bin/env python3
"""From a push to running code, in one terminal: what `make demo` shows once everything is built.

    scripts/demo.py            leaves the server running and says how to stop it
    scripts/demo.py --check    ends everything; exit code 0 only if each step did what it should
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

from server import ROOT, Process, Refused, Repository, Server, eventually, free_port
from terminal import Story, bold, dim, duration, green, line, note, red, shell

FOLDER = ROOT / ".slipway-demo"
EXECUTABLE = ROOT / ".build/debug/slipway"
EXAMPLE = ROOT / "examples/shop"
CLIENT = ROOT / "Sources/PythonClient"
BUILD_LIMIT = 300


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="end by itself")
    check = parser.parse_args().check
    clear()
    demo = Demo()
    try:
        demo.run()
    except KeyboardInterrupt:
        line()
        return 130
    except Exception as error:
        line(red(f"\nThe demo stopped: {error}"))
        line(f"The server's log is {FOLDER / 'server.log'}.")
        demo.end()
        return 1
    if check:
        demo.end()
        line(f"\n{green('Everything held.')} {dim(demo.story.elapsed)}")
    else:
        demo.farewell()
    return 0


def clear():
    """Ends what an earlier demo left running, and removes what it left behind."""
    for file in FOLDER.glob("*.pid"):
        with_pid = file.read_text().split()
        pid, begin = int(with_pid[0]), with_pid[1]
        if started(pid) == begin:
            os.kill(pid, signal.SIGTERM)
            eventually(f"process {pid} ends", lambda: started(pid) != begin, limit=30)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()


def started(pid):
    """When a process began, which tells it from another that got its number later."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return None if fields[0] == "Z" else fields[19]


class Demo:
    def __init__(self):
        self.story = Story()
        self.processes = []
        self.nodes = []
        self.server = None
        self.repository = None

    def run(self):
        line(bold("Slipway") + ": a push becomes a build, a release, and running code.")
        with self.story.step("Start the server"):
            self.start()
        with self.story.step("A repository, and a push"):
            sha = self.first_push()
        with self.story.step("The build, in Docker, live"):
            build = self.follow(sha)
        with self.story.step("Its release goes to production"):
            first = self.promote(build)
        with self.story.step("Two processes serve it straight from the store"):
            self.serve(first)
        with self.story.step("A second commit"):
            sha = self.second_push()
            second = self.follow(sha, quiet=True)
        with self.story.step("Its promotion reaches both processes"):
            self.switch(second)
        with self.story.step("A traceback shows source that is in no file"):
            self.crash()

    def keep(self, process, name):
        """Notes a process that outlives this script, so that the next demo can end it."""
        self.processes.append(process)
        (FOLDER / f"{name}.pid").write_text(f"{process.pid} {started(process.pid)}\n")

    def start(self):
        port = free_port(8010)
        shell(f"slipway up --data {here(FOLDER / 'data')} --listen 127.0.0.1:{port}")
        self.server = Server(EXECUTABLE, "up", FOLDER / "data", port)
        self.keep(self.server.process, "server")
        note(f"ready at {bold(self.server.url)}")

    def first_push(self):
        self.repository = Repository(FOLDER, "shop")
        copy_tree(EXAMPLE, self.repository.work)
        shell(f"slipway repo add shop {here(self.repository.bare)}")
        self.server.command("repo", "add", "shop", self.repository.bare)
        self.server.await_fetch("shop")
        return self.push("Open the shop")

    def push(self, message):
        sha = self.repository.commit(message)
        shell(f"git commit -m '{message}' && git push")
        self.repository.push()
        pushed = time.perf_counter()
        build = eventually("the push starts a build", lambda: self.build_of(sha), pause=0.002)
        elapsed = duration(time.perf_counter() - pushed)
        note(f"build #{build['number']} of {sha[:8]} began {elapsed} after the push")
        return sha

    def build_of(self, sha):
        items = self.server.get("/api/v1/repositories/shop/builds?limit=10")["items"]
        row = next((row for row in items if row["sha"] == sha), None)
        return row and self.server.get(f"/api/v1/builds/{row['id']}")

    def follow(self, sha, quiet=False):
        """Shows each step as it begins and what it writes as it writes it."""
        build = self.build_of(sha)
        for position, job in enumerate(build["jobs"]):
            for index in range(len(job["steps"])):
                self.follow_step(build["id"], position, index, quiet)
        build = eventually("the build ends", lambda: ended(self.build(build["id"])), BUILD_LIMIT)
        if build["result"] != "success":
            raise Refused(f"build #{build['number']} ended with {build['result']}")
        return build

    def build(self, identifier):
        return self.server.get(f"/api/v1/builds/{identifier}")

    def follow_step(self, identifier, position, index, quiet):
        def look():
            job = self.build(identifier)["jobs"][position]
            step = job["steps"][index] if len(job["steps"]) > index else {"state": "waiting"}
            return (job, step) if step["state"] != "waiting" or job["state"] == "finished" else None

        job, step = eventually("its step begins", look, BUILD_LIMIT)
        name = f"{job['name']} › {step['name']}"
        if not quiet and step["kind"] == "run":
            note(bold(name))
            self.show_log(job, step)
        if step["state"] != "finished":
            step = eventually("its step ends", lambda: self.ended_step(identifier, position, index),
                              BUILD_LIMIT)
        mark = green("✓") if step["result"] == "success" else red(f"✗ {step['result']}")
        note(f"{mark} {name} {dim(took(step))}")

    def ended_step(self, identifier, position, index):
        return ended(self.build(identifier)["jobs"][position]["steps"][index])

    def show_log(self, job, step):
        path = f"/api/v1/jobs/{job['id']}/steps/{step['index']}/log?follow=1"
        request = urllib.request.Request(
            self.server.url + path, headers={"authorization": f"Bearer {self.server.token}"}
        )
        with urllib.request.urlopen(request, timeout=BUILD_LIMIT) as answer:
            for text in answer:
                note(dim("│ ") + text.decode(errors="replace").rstrip())

    def promote(self, build, to=("staging", "production")):
        listed = self.server.get("/cs/v1/releases/shop?limit=20")["items"]
        release = next(row for row in listed if row["commit"] == build["sha"])
        note(f"release {bold(release['version'])}, {release['files']} files, "
             f"{release['digest'][:19]}")
        for channel in to:
            shell(f"slipway promote shop {release['version']} --to {channel}")
            self.server.command("promote", "shop", release["version"], "--to", channel,
                                "--reason", "make demo")
        return release["version"]

    def serve(self, version):
        for number in (1, 2):
            port = free_port(9000 + number)
            arguments = ["-m", "slipway", "run", "--server", self.server.url, "--unit", "shop",
                         "--channel", "production", "--", "-m", "shop", "--port", str(port)]
            if number == 1:
                shell("python3 " + " ".join(arguments))
            node = Process(sys.executable, arguments, FOLDER / f"node-{number}.log", {
                "PYTHONPATH": str(CLIENT),
                "PYTHONDONTWRITEBYTECODE": "1",
                "SLIPWAY_NODE": f"node-{number}",
                "SLIPWAY_CACHE": str(FOLDER / f"cache-{number}"),
                "SLIPWAY_TOKEN": self.server.token,
            })
            self.keep(node, f"node-{number}")
            self.nodes.append(f"http://127.0.0.1:{port}")
        for number, node in enumerate(self.nodes, 1):
            answer = eventually("it answers", lambda: fetch(node)[1], 30)
            note(f"node-{number} {dim(node)}  {answer}")
            if not answer.endswith(version):
                raise Refused(f"node-{number} does not run {version}")

    def second_push(self):
        edit = self.repository.work / "shop" / "greeting.py"
        edit.write_text(edit.read_text().replace("Welcome aboard", "Ship ahoy"))
        return self.push("Greet as sailors do")

    def switch(self, build):
        """The last promotion is asked for in this process, so that its time is nobody else's."""
        version = self.promote(build, to=("staging",))
        shell(f"slipway promote shop {version} --to production")
        connection = self.server.connection()
        with concurrent.futures.ThreadPoolExecutor() as pool:
            waiting = [pool.submit(self.await_version, node, version) for node in self.nodes]
            begin = time.perf_counter()
            connection.post("/cs/v1/channels/shop/production/promotions",
                            {"version": version, "reason": "make demo"})
            answered = time.perf_counter() - begin
            answers = [answer.result() for answer in waiting]
        for number, (moment, text) in enumerate(answers, 1):
            note(f"node-{number} {dim(self.nodes[number - 1])}  {text}  "
                 f"{bold(duration(moment - begin))}")
        note(f"from asking for the promotion until each answered; the server took "
             f"{duration(answered)} to write it down")

    def await_version(self, node, version):
        def look():
            text = fetch(node)[1]
            return (time.perf_counter(), text) if text.endswith(version) else None

        return eventually("the new version answers", look, 30, pause=0.001)

    def crash(self):
        status, body = fetch(self.nodes[0] + "/crash")
        frames = [text for text in body.splitlines() if text.strip()]
        for text in frames[-6:]:
            note(dim("│ ") + text)
        if status != 500 or "raise " not in body:
            raise Refused("the traceback does not show the source")

    def end(self):
        for process in reversed(self.processes):
            process.stop()
        for file in FOLDER.glob("*.pid"):
            file.unlink()

    def farewell(self):
        link = re.search(r"https?://\S*/login\S*", self.server.process.log.read_text())
        line()
        line(f"{bold('All of it runs on.')} {dim(self.story.elapsed)}")
        line(f"     pages       {bold(self.server.url)}")
        if link:
            line(f"     sign in     {link.group()}  {dim('(once)')}")
        for number, node in enumerate(self.nodes, 1):
            line(f"     node-{number}      {node}")
        line(f"     push more   cd {here(self.repository.work)}")
        pids = " ".join(str(process.pid) for process in self.processes)
        line(f"     stop        kill {pids}")


def ended(thing):
    return thing if thing["state"] == "finished" else None


def took(step):
    if not (step.get("started_at") and step.get("finished_at")):
        return ""
    from datetime import datetime

    begin, end = (
        datetime.fromisoformat(step[key].replace("Z", "+00:00"))
        for key in ("started_at", "finished_at")
    )
    return duration((end - begin).total_seconds())


def fetch(url):
    """Status and text; an error page is an answer too."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read().decode().strip()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode().strip()


def copy_tree(source, target):
    shutil.copytree(
        source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
    )


def here(path):
    """A path as a person in the checkout would write it."""
    return os.path.relpath(path)


if __name__ == "__main__":
    sys.exit(main())
