#!/usr/bin/env bash
# Makes sure that there is a browser and what drives it: Debian's chromium, and Playwright and
# axe-core in a virtual environment of their own below .build.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/common.sh

venv=.build/browser
scripts/install-packages.sh browser
if ! "$venv/bin/python" -c 'import playwright, axe_playwright_python' 2>/dev/null; then
    say "installing Playwright (once, half a minute)"
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check 'playwright>=1.49,<2' \
        'axe-playwright-python>=0.1.4,<1'
fi
