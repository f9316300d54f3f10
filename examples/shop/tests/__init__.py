"""The shop's tests: `python3 -m unittest`."""
