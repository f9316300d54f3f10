#!/usr/bin/env bash
# Makes sure that the tests can serve Git over SSH without touching the machine's own sshd:
# an SSH server in Python, in a virtual environment of its own below .build.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh

venv=.build/remotes
if ! "$venv/bin/python" -c 'import asyncssh' 2>/dev/null; then
    say "installing asyncssh"
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check 'asyncssh>=2.14,<3'
fi
