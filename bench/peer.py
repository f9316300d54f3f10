"""Buildbot on the same machine in the same run, by its own script."""

import json
import subprocess
import sys

PACKAGES = ["buildbot[bundle]==4.3.0", "buildbot-worker==4.3.0"]
IMAGE = "local/busybox:1"


def buildbot(folder, scratch):
    """Its figures under the names of ours."""
    print("measuring Buildbot …", file=sys.stderr, flush=True)
    venv = scratch / "venv"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    subprocess.run([venv / "bin/pip", "install", "--quiet", *PACKAGES], check=True)
    subprocess.run(["docker", "tag", "busybox:1", IMAGE], check=True)
    try:
        script = [sys.executable, folder / "bench.py", venv / "bin", scratch / "buildbot", "4"]
        output = subprocess.run(script, check=True, stdout=subprocess.PIPE, text=True).stdout
    finally:
        subprocess.run(["docker", "rmi", IMAGE], stdout=subprocess.DEVNULL)
    told = json.loads(output)
    noop = told["noop_burst"]
    return {
        "no-op builds": noop["builds_per_s"],
        "master CPU per no-op build": noop["master_cpu_s"] / noop["n"] * 1000,
        "trigger to finished no-op build": told["noop_latency_s"][1] * 1000,
        "three docker steps": told["docker3_latency_s"][1] * 1000,
        "300,000 log lines, build": told["log_300k_lines_s"],
        "300,000 log lines, master CPU": told["log_cpu_s"],
        "log intake": told["log_mb"] / told["log_300k_lines_s"],
        "list of 20 builds, JSON": float(told["api_builds20_rps"][0]),
        "resident memory, idle": told["idle_rss_mb"],
        "start to ready, empty": told["start_s"] * 1000,
    }
