#!/usr/bin/env bash
# Runs the tests of the Python client, which need nothing but Python.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh

say "testing the Python client"
PYTHONPATH=Sources/PythonClient PYTHONDONTWRITEBYTECODE=1 \
    python3 -m unittest discover -s Tests/PythonClientTests -t Tests/PythonClientTests
