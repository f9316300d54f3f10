"""Tracebacks, resources, metadata and pkgutil work without any file."""

import importlib
import importlib.metadata
import importlib.resources
import inspect
import linecache
import pkgutil
import sys
import traceback
import unittest
import warnings

from support import StoreTest

import slipway


class IntrospectionTest(StoreTest):
    def test_a_traceback_shows_the_source_of_its_own_release(self):
        self.publish("1", {"in1.py": "def f():\n    raise ValueError('old')  # line of 1\n"})
        self.install()
        import in1

        try:
            in1.f()
        except ValueError as error:
            old = error
        function = in1.f
        self.publish("2", {"in1.py": "\n\ndef f():\n    return 2  # line of 2\n"})
        self.becomes("2")
        linecache.checkcache()
        text = "".join(traceback.format_exception(type(old), old, old.__traceback__))
        self.assertIn("raise ValueError('old')  # line of 1", text)
        self.assertRegex(text, rf'File "slipway://{self.unit}/in1.py@[0-9a-f]{{8}}", line 2, in f')
        self.assertIn("line of 1", inspect.getsource(function))
        self.assertIn("line of 2", inspect.getsource(in1.f))
        self.assertEqual(inspect.getsource(in1), "\n\ndef f():\n    return 2  # line of 2\n")

    def test_a_failing_import_shows_only_the_frames_of_the_release(self):
        self.publish(
            "1",
            {
                "in2/__init__.py": "from . import a",
                "in2/a.py": "import in2.b",
                "in2/b.py": "1 / 0",
                "in2x.py": "import in2",
            },
        )
        self.install()
        try:
            importlib.import_module("in2x")
        except ZeroDivisionError as error:
            frames = traceback.extract_tb(error.__traceback__)
        names = [frame.filename for frame in frames if frame.filename.startswith("slipway://")]
        self.assertEqual(len(names), 4)
        self.assertEqual(frames[-1].line, "1 / 0")

    def test_uncaught_errors_show_their_source(self):
        self.publish("1", {"in3.py": "def f():\n    return 1 / 0  # here\n"})
        done = self.script("import slipway\nslipway.install()\nimport in3\nin3.f()\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("return 1 / 0  # here", done.stderr)
        done = self.script(
            "import slipway, threading\nslipway.install()\nimport in3\n"
            "t = threading.Thread(target=in3.f, name='worker')\nt.start()\nt.join()\n"
        )
        self.assertIn("Exception in thread worker:", done.stderr)
        self.assertIn("return 1 / 0  # here", done.stderr)

    def test_a_warning_shows_its_source(self):
        self.publish("1", {"in4.py": "import warnings\ndef f():\n    warnings.warn('careful')\n"})
        self.install()
        import in4

        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            in4.f()
        text = warnings.formatwarning(
            caught[0].message, caught[0].category, caught[0].filename, caught[0].lineno
        )
        self.assertIn("warnings.warn('careful')", text)

    def test_sources_in_other_encodings_are_shown(self):
        text = "# -*- coding: latin-1 -*-\nname = 'caf\xe9'\n"
        self.publish("1", {"in5.py": text.encode("latin-1")})
        self.install()
        import in5

        self.assertEqual(in5.name, "caf\xe9")
        self.assertIn("caf\xe9", inspect.getsource(in5))

    def test_resources(self):
        self.publish(
            "1",
            {
                "in6/__init__.py": "",
                "in6/page.html": "<p>\u00e9</p>",
                "in6/more/deep.bin": b"\x00\xff",
                "in6/sub/__init__.py": "",
                "in6/sub/x.txt": "x",
            },
        )
        self.install()
        import in6.sub

        files = importlib.resources.files("in6")
        self.assertEqual(files.joinpath("page.html").read_text(encoding="utf-8"), "<p>\u00e9</p>")
        self.assertEqual((files / "more" / "deep.bin").read_bytes(), b"\x00\xff")
        names = sorted(item.name for item in files.iterdir())
        self.assertEqual(names, ["__init__.py", "more", "page.html", "sub"])
        self.assertTrue((files / "more").is_dir() and (files / "page.html").is_file())
        self.assertFalse((files / "missing").is_file())
        with self.assertRaises(FileNotFoundError):
            (files / "missing").read_bytes()
        with self.assertRaises(ValueError):
            files.joinpath("../in7")
        with importlib.resources.as_file(files / "more" / "deep.bin") as path:
            self.assertEqual(path.read_bytes(), b"\x00\xff")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            with importlib.resources.open_text("in6", "page.html", encoding="utf-8") as stream:
                self.assertEqual(stream.read(), "<p>\u00e9</p>")
            self.assertEqual(importlib.resources.read_binary(in6.sub, "x.txt"), b"x")
            self.assertTrue(importlib.resources.is_resource("in6", "page.html"))
            self.assertIn("page.html", list(importlib.resources.contents("in6")))
            with importlib.resources.path("in6.sub", "x.txt") as path:
                self.assertEqual(path.read_text(), "x")

    def test_resources_follow_the_pin(self):
        self.publish("1", {"in7/__init__.py": "", "in7/v.txt": "1"})
        self.install(auto=False)

        def text():
            return importlib.resources.files("in7").joinpath("v.txt").read_text()

        with slipway.pinned():
            self.publish("2", {"in7/__init__.py": "", "in7/v.txt": "2"})
            slipway.refresh(wait=True)
            self.assertEqual(text(), "1")
        self.assertEqual(text(), "2")

    def test_pkgutil(self):
        self.publish(
            "1",
            {
                "in8/__init__.py": "",
                "in8/a.py": "",
                "in8/b/__init__.py": "",
                "in8/b/c.py": "",
                "in8/data.txt": "text",
                "in8/space/d.py": "",
            },
        )
        self.install()
        import in8

        listed = [(item.name, item.ispkg) for item in pkgutil.iter_modules(in8.__path__, "in8.")]
        self.assertEqual(listed, [("in8.a", False), ("in8.b", True), ("in8.space", True)])
        walked = [item.name for item in pkgutil.walk_packages(in8.__path__, "in8.")]
        self.assertEqual(walked, ["in8.a", "in8.b", "in8.b.c", "in8.space", "in8.space.d"])
        self.assertIn("in8", [item.name for item in pkgutil.iter_modules()])
        self.assertEqual(pkgutil.get_data("in8", "data.txt"), b"text")
        with self.assertRaises(OSError):
            pkgutil.get_data("in8", "missing.txt")
        self.assertEqual(pkgutil.resolve_name("in8.b.c").__name__, "in8.b.c")

    def test_metadata(self):
        info = {
            "in9/__init__.py": "def main(): return 9\n",
            "In_Nine-1.5.dist-info/METADATA": "Name: In.Nine\nVersion: 1.5\n",
            "In_Nine-1.5.dist-info/entry_points.txt": "[in9.plugins]\nnine = in9:main\n",
            "In_Nine-1.5.dist-info/RECORD": "in9/__init__.py,,\n",
        }
        self.publish("1", info)
        self.install()
        self.assertEqual(importlib.metadata.version("in-nine"), "1.5")
        with self.assertRaises(importlib.metadata.PackageNotFoundError):
            importlib.metadata.version("in-ten")
        points = importlib.metadata.entry_points()
        group = points.select(group="in9.plugins") if hasattr(points, "select") else None
        (point,) = group or points["in9.plugins"]
        self.assertEqual(point.load()(), 9)
        (file,) = importlib.metadata.files("in-nine")
        self.assertEqual(file.read_text(), "def main(): return 9\n")
        self.assertIn("In.Nine", {d.metadata["Name"] for d in importlib.metadata.distributions()})

    def test_unittest_and_doctest_find_tests_in_the_store(self):
        self.publish(
            "1",
            {
                "in10/__init__.py": '"""\n>>> 1 + 1\n2\n"""\n',
                "in10/test_it.py": "import unittest\nclass T(unittest.TestCase):\n"
                "    def test(self): self.assertTrue(True)\n",
            },
        )
        self.install()
        suite = unittest.defaultTestLoader.loadTestsFromName("in10.test_it")
        self.assertEqual(suite.countTestCases(), 1)
        import doctest

        import in10

        self.assertEqual(doctest.testmod(in10), doctest.TestResults(0, 1))

    def test_c_extensions_of_several_releases_do_not_get_mixed_up(self):
        import _heapq
        import _json

        paths = [getattr(module, "__file__", None) for module in (_heapq, _json)]
        if None in paths or not sys.platform.startswith("linux"):
            self.skipTest("this Python has no extension modules in files")
        suffix = next(s for s in importlib.machinery.EXTENSION_SUFFIXES if paths[0].endswith(s))
        contents = []
        for path in paths:
            with open(path, "rb") as file:
                contents.append(file.read())
        self.publish(
            "1",
            {
                "in11/__init__.py": "from ._heapq import heappush\n",
                f"in11/_heapq{suffix}": contents[0],
                f"in11/_json{suffix}": contents[1],
            },
        )
        self.install()
        import in11
        from in11 import _json as json_copy

        items = []
        in11.heappush(items, 1)
        self.assertEqual(items, [1])
        self.assertTrue(hasattr(json_copy, "make_scanner"))
        self.assertTrue(json_copy.__file__.startswith("slipway://"))
        self.publish("2", {"in11/__init__.py": "", f"in11/_json{suffix}": contents[1]})
        self.becomes("2")
        self.assertTrue(hasattr(json_copy, "make_scanner"))
