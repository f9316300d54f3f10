"""Makes this folder, or a zip of it, a program: `python3 slipway-client.pyz run …`."""

import sys

from slipway.cli import main

if __name__ == "__main__":
    sys.exit(main())
