"""How long a pipeline of the largest size takes from its bytes to its jobs."""

import subprocess

from figures import Figure

JOBS = 500


def plan(machine):
    folder = machine.scratch / "language"
    folder.mkdir()
    (folder / "large.yml").write_text(large(JOBS))
    values = []
    for _ in range(5):
        command = [machine.executable, "lint", "--time", "large.yml"]
        told = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
        if told.returncode != 0:
            raise ValueError(told.stdout + told.stderr)
        values.append(float(told.stdout.split(": ")[1].removesuffix(" ms\n")))
    yield Figure(
        f"read and plan {JOBS} jobs", "ms", values,
        "`slipway lint --time`, 1,000 steps with needs, conditions and values; goal: 50",
    )


def large(count):
    """Jobs in rows of ten, each of which needs two of the row before."""
    lines = ["env: { MODE: fast }", 'defaults: { image: "swift:6.1", timeout: 30m }', "jobs:"]
    for number in range(count):
        place = number % 10
        row = number - place - 10
        above = {row + place, row + (place + 1) % 10} if row >= 0 else set()
        lines += [
            f"  job-{number}:",
            f"    needs: [{', '.join(f'job-{n}' for n in sorted(above))}]",
            "    if: event == 'push' && branch =~ 'main'",
            f'    env: {{ NUMBER: "{number}", REF: "${{{{ short_sha }}}}" }}',
            "    steps:",
            f"      - {{ name: build, run: make part-{number} }}",
            f"      - {{ run: make check, if: \"success() && env.MODE == 'fast'\" }}",
        ]
    return "\n".join(lines) + "\n"
