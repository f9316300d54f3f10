"""Programs run straight from the store: command line, forks, servers, the client as a zip."""

import glob
import os
import signal
import subprocess
import sys
import tempfile
import unittest
import zipapp

from support import CLIENT, StoreTest, needs_fake_server


class RunningTest(StoreTest):
    def test_a_package_runs_as_a_program(self):
        self.publish(
            "1",
            {
                "ru1/__init__.py": "loaded = True\n",
                "ru1/__main__.py": "import sys, slipway\nfrom . import loaded\n"
                "print(__name__, __package__, sys.argv, loaded, slipway.current().version)\n"
                "sys.exit(7)\n",
            },
        )
        done = self.python("-m", "slipway", "run", "--", "-m", "ru1", "--flag", "x")
        self.assertEqual(done.stdout, "__main__ ru1 ['ru1', '--flag', 'x'] True 1\n")
        self.assertEqual((done.returncode, done.stderr), (7, ""))

    def test_arguments_take_the_place_of_the_environment(self):
        self.publish("1", {"ru2.py": "print('ran')\n"})
        done = subprocess.run(
            [
                *(sys.executable, "-m", "slipway", "run", "--server", self.server),
                *("--unit", self.unit, "--channel", "dev", "--cache", "off", "--", "-m", "ru2"),
            ],
            env={"PYTHONPATH": CLIENT, "SLIPWAY_TOKEN": self.token or ""},
            stdout=subprocess.PIPE,
            timeout=60,
        )
        self.assertEqual(done.stdout, b"ran\n")

    def test_an_uncaught_error_of_a_program_shows_its_source_and_nothing_of_ours(self):
        self.publish(
            "1",
            {
                "ru3/__init__.py": "",
                "ru3/__main__.py": "from ru3.work import f\nf()  # main\n",
                "ru3/work.py": "def f():\n    return {}['key']  # work\n",
                "tool.py": "from ru3.work import f\nf()  # tool\n",
            },
        )
        for program in (["-m", "ru3"], ["tool.py"]):
            done = self.python("-m", "slipway", "run", "--", *program)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(done.stderr.count("  File "), 2, done.stderr)
            self.assertIn("return {}['key']  # work", done.stderr)
            self.assertRegex(done.stderr, r"f\(\)  # (main|tool)")

    def test_a_script_of_the_release_or_of_the_disk_runs(self):
        self.publish(
            "1",
            {"ru4.py": "x = 4\n", "bin/tool": "import ru4, sys\nprint('store', ru4.x, sys.argv)\n"},
        )
        with open(os.path.join(self.scratch, "mine.py"), "w") as file:
            file.write("import ru4, sys\nprint('disk', ru4.x, sys.argv)\n")
        run = ("-m", "slipway", "run", "--")
        self.assertEqual(self.python(*run, "bin/tool", "a").stdout, "store 4 ['bin/tool', 'a']\n")
        self.assertEqual(self.python(*run, "mine.py", "a").stdout, "disk 4 ['mine.py', 'a']\n")

    def test_an_installed_module_runs_with_the_store_behind_it(self):
        self.publish(
            "1",
            {
                "ru5.py": "import unittest\nclass T(unittest.TestCase):\n"
                "    def test(self): self.assertEqual(1, 1)\n"
            },
        )
        done = self.python("-m", "slipway", "run", "--", "-m", "unittest", "ru5")
        self.assertIn("Ran 1 test", done.stderr)
        self.assertEqual(done.returncode, 0)

    def test_wrong_use_is_told_with_the_exit_code_of_the_contract(self):
        self.publish("1", {"ru6/__init__.py": "", "ru6.txt": ""})
        run = ("-m", "slipway", "run")
        cases = [
            ((*run, "--"), {}, 2, "what to run?"),
            ((*run, "--", "-m", "missing"), {}, 2, "has no module 'missing'; at its top are: ru6"),
            ((*run, "--", "-m", "ru6"), {}, 2, "without `__main__.py`"),
            ((*run, "--", "missing.py"), {}, 2, "no script 'missing.py'"),
            ((*run, "--", "-m", "ru6"), {"SLIPWAY_UNIT": ""}, 2, "SLIPWAY_UNIT"),
            ((*run, "--timeout", "0.1", "--", "-m", "x"), {"SLIPWAY_UNIT": "none"}, 5, "promote"),
            ((*run, "--token-file", "/missing", "--", "x.py"), {}, 2, "/missing"),
        ]
        for arguments, environment, code, words in cases:
            done = self.python(*arguments, **environment)
            self.assertIn(words, done.stderr)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        done = self.python(
            *run, "--timeout", "0.1", "--", "x.py", SLIPWAY_SERVER="http://127.0.0.1:1",
            SLIPWAY_CACHE="off",
        )
        self.assertEqual(done.returncode, 4, done.stderr)

    def test_a_program_with_a_loop_follows_the_channel(self):
        self.publish("1", {"ru7.py": "def version(): return 'one'\n"})
        child = subprocess.Popen(
            [
                *(sys.executable, "-u", "-c"),
                "import slipway, sys; slipway.install(); import ru7\n"
                "for line in sys.stdin:\n"
                "    while ru7.version() != line.strip(): pass\n"
                "    print(ru7.version())\n",
            ],
            env=self.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            universal_newlines=True,
        )
        self.addCleanup(child.wait, 10)
        self.addCleanup(child.stdout.close)
        self.addCleanup(child.kill)
        with child.stdin as lines:
            lines.write("one\n")
            lines.flush()
            self.assertEqual(child.stdout.readline(), "one\n")
            self.publish("2", {"ru7.py": "def version(): return 'two'\n"})
            lines.write("two\n")
            lines.flush()
            self.assertEqual(child.stdout.readline(), "two\n")

    @needs_fake_server
    def test_forked_children_follow_the_channel_under_names_of_their_own(self):
        self.publish("1", {"ru8.py": "version = 1\n"})
        done_path = os.path.join(self.scratch, "go")
        child = subprocess.Popen(
            [
                *(sys.executable, "-c"),
                "import os, slipway, sys, time\nslipway.install(node='web')\nimport ru8\n"
                "pids = [os.fork() for _ in range(2)]\n"
                "end = time.monotonic() + 20\n"
                "while ru8.version == 1 and time.monotonic() < end: time.sleep(0.01)\n"
                "sys.stdout.write('%s' % ru8.version)\nsys.stdout.flush()\n"
                f"while not os.path.exists({done_path!r}) and time.monotonic() < end: "
                "time.sleep(0.01)\n"
                "os._exit(0)\n",
            ],
            env=self.environment(),
            stdout=subprocess.PIPE,
            universal_newlines=True,
        )
        self.addCleanup(child.stdout.close)
        self.addCleanup(child.kill)
        # Two forks in a row make four processes.
        self.eventually(lambda: len(self.fake.reports) == 4, "four nodes")
        digest = self.publish("2", {"ru8.py": "version = 2\n"})
        self.eventually(
            lambda: all(report["active"] == digest for report in self.fake.reports.values()),
            "all nodes on release 2",
        )
        with open(done_path, "w"):
            pass
        self.assertEqual(child.communicate(timeout=20)[0], "2222")
        self.assertIn("web", self.fake.reports)
        others = set(self.fake.reports) - {"web"}
        self.assertTrue(all(name.startswith("web.") for name in others))

    def test_multiprocessing_with_fork_imports_from_the_store(self):
        self.publish("1", {"ru9.py": "def square(x): return x * x\n"})
        done = self.script(
            "import multiprocessing, slipway\n"
            "if __name__ == '__main__':\n"
            "    slipway.install()\n    import ru9\n"
            "    with multiprocessing.get_context('fork').Pool(2) as pool:\n"
            "        print(pool.map(ru9.square, [1, 2, 3]))\n"
        )
        self.assertEqual((done.stdout, done.stderr), ("[1, 4, 9]\n", ""))

    def test_multiprocessing_with_spawn_works_when_the_child_installs_first(self):
        self.publish("1", {"ru10.py": "def square(x): return x * x\n"})
        done = self.script(
            "import multiprocessing, slipway\nslipway.install()\nimport ru10\n"
            "if __name__ == '__main__':\n"
            "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
            "        print(pool.map(ru10.square, [1, 2, 3]))\n"
        )
        self.assertEqual((done.stdout, done.stderr), ("[1, 4, 9]\n", ""))

    def test_a_program_ends_at_once_on_ctrl_c_and_without_noise_at_its_end(self):
        self.publish("1", {"ru11.py": "print('up', flush=True)\nimport time\ntime.sleep(60)\n"})
        child = subprocess.Popen(
            [sys.executable, "-m", "slipway", "run", "--", "-m", "ru11"],
            env={**self.environment(), "PYTHONFAULTHANDLER": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.addCleanup(child.kill)
        self.assertEqual(child.stdout.readline(), b"up\n")
        child.send_signal(signal.SIGINT)
        try:
            _, errors = child.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            # Has it say where each of its threads is.
            child.send_signal(signal.SIGABRT)
            self.fail(f"it goes on:\n{child.communicate()[1].decode()}")
        self.assertIn(b"KeyboardInterrupt", errors)
        self.assertNotEqual(child.returncode, 0)

    def test_the_client_works_from_a_zip(self):
        self.publish("1", {"ru12.py": "import slipway\nprint(slipway.__file__)\n"})
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "slipway-client.pyz")
            zipapp.create_archive(
                CLIENT, path, filter=lambda name: "__pycache__" not in name.parts
            )
            environment = {"PYTHONPATH": ""}
            by_name = self.python(path, "run", "--", "-m", "ru12", **environment)
            by_path = self.python(
                "-m", "slipway", "run", "--", "-m", "ru12", PYTHONPATH=path
            )
            for done in (by_name, by_path):
                self.assertEqual(done.stdout, f"{path}/slipway/__init__.py\n", done.stderr)

    def test_the_client_imports_only_the_standard_library(self):
        done = self.python("-S", "-I", "-c", f"import sys; sys.path.insert(0, {CLIENT!r})\n"
                           "import slipway, slipway.cli, slipway.metadata")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_no_file_of_the_client_is_long(self):
        for path in glob.glob(os.path.join(CLIENT, "slipway", "*.py")):
            with open(path, encoding="utf-8") as file:
                lines = file.read().splitlines()
            self.assertLessEqual(len(lines), 250, path)
            self.assertLessEqual(max(map(len, lines)), 100, path)
            self.assertTrue(lines[0].startswith('"""'), path)


if __name__ == "__main__":
    unittest.main()
