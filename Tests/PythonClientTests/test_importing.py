"""Importing from the store means what importing from files means."""

import importlib
import inspect
import pickle
import sys
import threading
import typing

from support import Link, StoreTest

import slipway


class ImportingTest(StoreTest):
    def test_a_package_with_modules_is_imported_and_reads_no_file(self):
        self.publish(
            "1",
            {
                "pkg1/__init__.py": "from .inner import value\nfrom . import other as renamed\n",
                "pkg1/inner.py": "value = 41\n",
                "pkg1/other.py": "from pkg1.inner import value\nvalue += 1\n",
            },
        )
        self.install()
        import pkg1
        import pkg1.other as other

        self.assertEqual((pkg1.value, pkg1.renamed.value, other.value), (41, 42, 42))
        self.assertTrue(pkg1.__file__.startswith(f"slipway://{self.unit}/pkg1/__init__.py@"))
        self.assertEqual(pkg1.__spec__.name, "pkg1")
        self.assertEqual(pkg1.__spec__.submodule_search_locations, pkg1.__path__)
        self.assertEqual(other.__package__, "pkg1")
        self.assertFalse(hasattr(pkg1, "missing"))

    def test_what_is_not_in_the_release_is_refused_as_usual(self):
        self.publish("1", {"pkg2/__init__.py": "", "pkg2/bad.py": "import pkg2.nothing"})
        self.install()
        with self.assertRaises(ModuleNotFoundError) as caught:
            import pkg2.missing  # noqa: F401
        self.assertEqual(caught.exception.name, "pkg2.missing")
        with self.assertRaises(ModuleNotFoundError) as caught:
            import pkg2.bad  # noqa: F401
        self.assertEqual(caught.exception.name, "pkg2.nothing")
        self.assertNotIn("pkg2.bad", sys.modules)
        with self.assertRaises(ImportError):
            from pkg2 import nothing  # noqa: F401

    def test_a_module_that_fails_is_tried_again(self):
        self.publish(
            "1", {"pkg3.py": "import builtins\nif not hasattr(builtins, 'ok'): raise ValueError"}
        )
        self.install()
        with self.assertRaises(ValueError):
            import pkg3
        import builtins

        builtins.ok = True
        self.addCleanup(delattr, builtins, "ok")
        import pkg3

        self.assertEqual(pkg3.__name__, "pkg3")

    def test_circular_imports_work(self):
        self.publish(
            "1",
            {
                "pkg4/__init__.py": "",
                "pkg4/a.py": "import pkg4.b\nfrom . import b\ndef f(): return 1\nx = b.g()\n",
                "pkg4/b.py": "from . import a\nimport pkg4.a as same\n"
                "assert same is a\ndef g(): return 2\n",
            },
        )
        self.install()
        import pkg4.a

        self.assertEqual(pkg4.a.x, 2)
        self.assertEqual(pkg4.b.a.f(), 1)

    def test_threads_that_import_in_a_circle_do_not_wait_for_each_other_for_ever(self):
        self.publish(
            "1",
            {
                "pkg5/__init__.py": "",
                "pkg5/gate.py": "import threading\nboth = threading.Barrier(2, timeout=10)\n",
                "pkg5/a.py": "from .gate import both\nboth.wait()\nimport pkg5.b\n",
                "pkg5/b.py": "from .gate import both\nboth.wait()\nimport pkg5.a\n",
            },
        )
        self.install()
        failures = []

        def work(name):
            try:
                importlib.import_module(name)
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=work, args=(f"pkg5.{x}",)) for x in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        self.assertFalse(any(thread.is_alive() for thread in threads))
        self.assertEqual(failures, [])

    def test_threads_get_one_finished_module(self):
        self.publish(
            "1", {"pkg6.py": "import time\nruns = [1]\ntime.sleep(0.05)\ndone = True\n"}
        )
        self.install()
        seen = []

        def work():
            import pkg6

            seen.append((pkg6.done, id(pkg6.runs)))

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        self.assertEqual(len(seen), 8)
        self.assertEqual(len(set(seen)), 1)

    def test_star_import_and_all(self):
        self.publish(
            "1",
            {
                "pkg7/__init__.py": "__all__ = ['one', 'two']\ntwo = 2\nthree = 3\n",
                "pkg7/one.py": "",
                "pkg7/user.py": "from pkg7 import *\nnames = sorted(x for x in dir() "
                "if not x.startswith('_'))\n",
            },
        )
        self.install()
        from pkg7.user import names

        self.assertEqual(names, ["one", "two"])
        outside = {}
        exec("from pkg7 import *", outside)
        self.assertEqual(outside["two"], 2)
        self.assertIn("one", outside)

    def test_namespace_packages_work_and_share_their_name_with_the_disk(self):
        import os

        folder = os.path.join(self.scratch, "disk", "space8")
        os.makedirs(folder)
        with open(os.path.join(folder, "here.py"), "w") as file:
            file.write("where = 'disk'\n")
        sys.path.insert(0, os.path.dirname(folder))
        self.addCleanup(sys.path.remove, os.path.dirname(folder))
        self.addCleanup(sys.modules.pop, "space8.here", None)
        self.publish(
            "1",
            {
                "space8/deep/there.py": "where = 'store'\n",
                "space8/user.py": "from space8.deep import there\nfrom space8 import here\n"
                "import space8.here\nwheres = there.where, here.where\n",
                "docs/readme.txt": "no package, for it has no module",
            },
        )
        self.install()
        import space8.user

        self.assertEqual(space8.user.wheres, ("store", "disk"))
        self.assertIsNone(importlib.util.find_spec("docs"))

    def test_the_standard_library_and_installed_packages_are_never_hidden(self):
        self.publish(
            "1",
            {
                "json.py": "broken = True\n",
                "types/x.py": "",
                "unittest/data.py": "",
                "slipway/__init__.py": "broken = True\n",
                "pkg9.py": "import json, types, slipway\nok = json.dumps([]), slipway.install\n",
            },
        )
        self.install()
        import pkg9

        self.assertEqual(pkg9.ok, ("[]", slipway.install))

    def test_a_module_may_replace_itself(self):
        self.publish(
            "1",
            {
                "pkg10/__init__.py": "from . import magic\n",
                "pkg10/magic.py": "import sys\nclass Magic:\n    answer = 42\n"
                "sys.modules[__name__] = Magic()\n",
            },
        )
        self.install()
        import pkg10.magic

        self.assertEqual(pkg10.magic.answer, 42)
        self.assertEqual(sys.modules["pkg10.magic"].answer, 42)

    def test_code_that_goes_by_name_finds_its_own_classes(self):
        self.publish(
            "1",
            {
                "pkg11.py": "from __future__ import annotations\n"
                "import dataclasses, enum, pickle, typing\n"
                "@dataclasses.dataclass\nclass Item:\n    name: str\n    more: typing.List[Item]\n"
                "class Colour(enum.Enum):\n    RED = 1\n"
                "class Pair(typing.NamedTuple):\n    a: int\n"
            },
        )
        self.install()
        from pkg11 import Colour, Item, Pair

        item = Item("x", [Item("y", [])])
        for value in (item, Colour.RED, Pair(1)):
            self.assertEqual(pickle.loads(pickle.dumps(value)), value)
        self.assertEqual(typing.get_type_hints(Item)["more"], typing.List[Item])
        self.assertIs(inspect.getmodule(Item), sys.modules["pkg11"])

    def test_attributes_set_from_outside_reach_the_release(self):
        from unittest import mock

        self.publish("1", {"pkg12.py": "def f(): return g()\ndef g(): return 1\n"})
        self.install()
        import pkg12

        with mock.patch("pkg12.g", lambda: 2):
            self.assertEqual(pkg12.f(), 2)
        self.assertEqual(pkg12.f(), 1)
        pkg12.extra = 3
        self.assertEqual(vars(pkg12)["extra"], 3)
        del pkg12.extra
        self.assertNotIn("extra", dir(pkg12))

    def test_looking_at_a_module_does_not_run_it(self):
        self.publish("1", {"pkg13/__init__.py": "", "pkg13/loud.py": "raise ValueError\n"})
        self.install()
        spec = importlib.util.find_spec("pkg13.loud")
        self.assertTrue(spec.origin.startswith(f"slipway://{self.unit}/pkg13/loud.py@"))
        module = importlib.util.module_from_spec(spec)
        self.assertEqual(module.__name__, "pkg13.loud")
        self.assertTrue(hasattr(module, "__file__"))

    def test_reload_and_invalidate_caches_do_no_harm(self):
        self.publish("1", {"pkg14.py": "x = 1\n"})
        self.install()
        import pkg14

        importlib.invalidate_caches()
        self.assertIs(importlib.reload(pkg14), pkg14)
        self.assertEqual(pkg14.x, 1)

    def test_builtins_added_later_are_seen(self):
        import builtins

        self.publish("1", {"pkg15.py": "def f(): return _translated\n", "pkg15b.py": ""})
        self.install()
        import pkg15

        builtins._translated = "ja"
        self.addCleanup(delattr, builtins, "_translated")
        import pkg15b  # noqa: F401

        self.assertEqual(pkg15.f(), "ja")

    def test_symbolic_links_are_followed(self):
        self.publish(
            "1",
            {
                "pkg16/__init__.py": "",
                "pkg16/real.py": "x = 16\n",
                "pkg16/data/a.txt": "a",
                "pkg16/alias.py": Link("real.py"),
                "pkg16/again.py": Link("alias.py"),
                "pkg16/files": Link("data"),
                "same16": Link("pkg16"),
                "loop": Link("loop"),
                "gone.py": Link("nowhere.py"),
            },
        )
        self.install()
        import importlib.resources

        import pkg16.again
        import same16.alias

        self.assertEqual((pkg16.again.x, same16.alias.x), (16, 16))
        text = importlib.resources.files("pkg16").joinpath("files/a.txt").read_text()
        self.assertEqual(text, "a")
        self.assertIsNone(importlib.util.find_spec("gone"))
