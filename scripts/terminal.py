"""How the demo speaks: numbered steps with their times, aligned, in colour on a terminal."""

import contextlib
import os
import shutil
import sys
import time

WIDTH = min(shutil.get_terminal_size((100, 24)).columns, 100)
COLOUR = sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def paint(text, code):
    return f"\x1b[{code}m{text}\x1b[0m" if COLOUR else text


def bold(text):
    return paint(text, "1")


def dim(text):
    return paint(text, "2")


def green(text):
    return paint(text, "32")


def red(text):
    return paint(text, "31")


def line(text=""):
    print(text, flush=True)


def note(text):
    """A line that belongs to the step at hand."""
    line("     " + text)


def shell(text):
    """A command a person could have typed."""
    note(dim("$ ") + text)


def duration(seconds):
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


class Story:
    """The steps of the demo, numbered as they come."""

    def __init__(self):
        self.number = 0
        self.begin = time.perf_counter()

    @contextlib.contextmanager
    def step(self, title):
        self.number += 1
        line()
        line(f"{bold(f'{self.number:2d}')}   {bold(title)}")
        begin = time.perf_counter()
        try:
            yield
        except BaseException:
            line("     " + red("✗ " + duration(time.perf_counter() - begin)))
            raise
        line("     " + green("✓ ") + dim(duration(time.perf_counter() - begin)))

    @property
    def elapsed(self):
        return duration(time.perf_counter() - self.begin)
