"""A promotion reaches a running process, and no piece of work ever meets two releases."""

import asyncio
import concurrent.futures
import importlib
import io
import pickle
import random
import sys
import threading
import wsgiref.util

from support import StoreTest, needs_fake_server

import slipway

WEB = '''\
from {unit}.helper import version as helper_version
version = "{version}"

class Thing:
    version = "{version}"

def app(environ, start_response):
    import importlib, pickle, threading
    from {unit}.late import version as late
    by_name = importlib.import_module("{unit}.late").version
    thing = pickle.loads(pickle.dumps(Thing())).version
    found = []
    thread = threading.Thread(
        target=lambda: found.append(importlib.import_module("{unit}.helper").version()))
    thread.start()
    thread.join()
    start_response("200 OK", [("Content-Type", "text/plain")])
    def body():
        yield " ".join([version, helper_version(), late, by_name, thing, *found, ""]).encode()
        yield importlib.import_module("{unit}.later").version.encode()
    return body()
'''


class SwitchingTest(StoreTest):
    def web(self, version, **more):
        """A small application each of whose modules knows its release."""
        unit = self.unit
        return {
            f"{unit}/__init__.py": "",
            f"{unit}/web.py": WEB.format(unit=unit, version=version),
            f"{unit}/helper.py": f"def version(): return {version!r}\n",
            f"{unit}/late.py": f"version = {version!r}\n",
            f"{unit}/later.py": f"version = {version!r}\n",
            **more,
        }

    def ask(self, application):
        environ = {}
        wsgiref.util.setup_testing_defaults(environ)
        statuses = []
        body = application(environ, lambda status, headers, *rest: statuses.append(status))
        try:
            answer = b"".join(body).decode()
        finally:
            if hasattr(body, "close"):
                body.close()
        self.assertEqual(statuses, ["200 OK"])
        return answer

    def test_a_promotion_reaches_the_process_by_itself(self):
        self.publish("1", {"sw1.py": "version = 1\n"})
        self.assertEqual(self.install().version, "1")
        import sw1

        self.assertEqual(sw1.version, 1)
        self.publish("2", {"sw1.py": "version = 2\n"})
        self.becomes("2")
        self.assertEqual(sw1.version, 2)
        self.promote("1")
        self.becomes("1")
        self.assertEqual(sw1.version, 1)

    def test_current_names_promotion_release_and_version(self):
        digest = self.publish("1.2.0", {"sw2.py": ""})
        self.install()
        now = slipway.current()
        self.assertEqual(
            (now.unit, now.channel, now.release, now.version), (self.unit, "dev", digest, "1.2.0")
        )
        self.assertGreater(now.rev, 0)

    def test_an_import_of_a_submodule_from_outside_moves_on_too(self):
        self.publish("1", {"sw3/__init__.py": "", "sw3/jobs.py": "def run(): return 1\n"})
        self.install()
        import sw3.jobs as jobs
        from sw3 import jobs as same

        self.assertIs(jobs, same)
        self.publish("2", {"sw3/__init__.py": "", "sw3/jobs.py": "def run(): return 2\n"})
        self.becomes("2")
        self.assertEqual((jobs.run(), same.run()), (2, 2))

    def test_a_module_that_a_release_no_longer_has_is_gone(self):
        self.publish("1", {"sw4.py": "", "sw4_old.py": ""})
        self.install()
        import sw4_old

        self.publish("2", {"sw4.py": ""})
        self.becomes("2")
        self.assertNotIn("sw4_old", sys.modules)
        self.assertFalse(hasattr(sw4_old, "__file__"))
        with self.assertRaises(ModuleNotFoundError):
            importlib.import_module("sw4_old")

    def test_a_request_keeps_its_release_to_the_last_byte_of_its_answer(self):
        self.publish("1", self.web("1"))
        self.install(auto=False)
        application = slipway.wsgi(f"{self.unit}.web:app")
        environ = {}
        wsgiref.util.setup_testing_defaults(environ)
        old = application(environ, lambda *arguments: None)
        self.publish("2", self.web("2"))
        self.assertEqual(slipway.refresh(wait=True).version, "2")
        self.assertEqual(set(self.ask(application).split()), {"2"})
        self.assertEqual(set(b"".join(old).decode().split()), {"1"})
        old.close()

    def test_work_that_is_pinned_keeps_its_release(self):
        self.publish("1", {"sw5.py": "version = 1\nclass Thing: pass\n"})
        self.install(auto=False)
        import sw5

        with slipway.pinned() as mine:
            thing = sw5.Thing()
            self.publish("2", {"sw5.py": "version = 2\nclass Thing: pass\n"})
            slipway.refresh(wait=True)
            self.assertEqual((mine.version, slipway.current().version, sw5.version), ("1", "1", 1))
            self.assertIsInstance(pickle.loads(pickle.dumps(thing)), sw5.Thing)
            with slipway.pinned() as inner:
                self.assertEqual(inner.version, "1")
        self.assertEqual((slipway.current().version, sw5.version), ("2", 2))
        with self.assertRaises(pickle.PicklingError):
            pickle.dumps(thing)

    def test_code_that_nothing_pins_keeps_its_release_by_itself(self):
        self.publish(
            "1",
            {"sw14.py": "def late():\n    import sw14_late\n    return sw14_late.version\n",
             "sw14_late.py": "version = 1\n"},
        )
        self.install(auto=False)
        from sw14 import late

        self.publish("2", {"sw14.py": "late = None", "sw14_late.py": "version = 2\n"})
        self.assertEqual(slipway.refresh(wait=True).version, "2")
        self.assertEqual(late(), 1)
        import sw14_late

        self.assertEqual(sw14_late.version, 2)

    def test_threads_executors_and_tasks_inherit_the_pin(self):
        self.publish("1", {"sw6.py": "version = 1\n"})
        self.install(auto=False)
        import sw6

        pool = concurrent.futures.ThreadPoolExecutor(1)
        self.addCleanup(pool.shutdown)
        seen = []
        with slipway.pinned():
            self.publish("2", {"sw6.py": "version = 2\n"})
            slipway.refresh(wait=True)
            thread = threading.Thread(target=lambda: seen.append(sw6.version))
            thread.start()
            thread.join()
            seen.append(pool.submit(lambda: sw6.version).result())
        self.assertEqual(seen, [1, 1])
        self.assertEqual(pool.submit(lambda: sw6.version).result(), 2)

        async def main():
            async def ask():
                return sw6.version

            with slipway.pinned():
                task = asyncio.ensure_future(ask())
            return await task

        self.assertEqual(asyncio.run(main()), 2)

    def test_with_auto_off_only_safe_points_switch(self):
        self.publish("1", {"sw7.py": "version = 1\n"})
        self.assertIsNone(slipway.current())
        self.install(auto=False)
        import sw7

        self.publish("2", {"sw7.py": "version = 2\n"})
        self.eventually(
            lambda: slipway._node.follower.prepared != slipway.current().release, "prepared"
        )
        self.assertEqual(sw7.version, 1)
        self.assertEqual(slipway.refresh().version, "2")
        self.assertEqual(sw7.version, 2)

    def test_a_promotion_back_before_the_safe_point_cancels_the_switch(self):
        self.publish("1", {"sw8.py": "version = 1\n"})
        self.install(auto=False)
        self.publish("2", {"sw8.py": "version = 2\n"})
        slipway._node.follower.catch_up()
        self.promote("1")
        slipway._node.follower.catch_up()
        self.assertEqual(slipway.refresh().version, "1")
        self.assertEqual(slipway.refresh(wait=True).version, "1")

    def test_listeners_are_told_and_those_of_a_release_only_once(self):
        listening = (
            "import slipway\ntold = []\n"
            "slipway.on_switch(lambda old, new: told.append((old.version, new.version)))\n"
        )
        self.publish("1", {"sw9.py": listening})
        self.install()
        outside = []
        slipway.on_switch(lambda old, new: outside.append((old.version, new.version)))
        slipway.on_switch(lambda old, new: 1 / 0)
        with slipway.pinned():
            told1 = importlib.import_module("sw9").told
        with self.assertLogs("slipway", "ERROR"):
            self.publish("2", {"sw9.py": listening + "\n"})
            self.eventually(lambda: outside == [("1", "2")], "the switch is told")
        with self.assertLogs("slipway", "ERROR"):
            self.promote("1")
            self.eventually(lambda: outside[1:] == [("2", "1")], "the switch back is told")
        self.assertEqual(told1, [("1", "2")])

    def test_a_broken_release_is_reported_and_not_switched_to(self):
        self.publish("1", {"sw10.py": "version = 1\n"})
        self.install()
        import sw10

        for version, text, problem in [
            ("2", "version = = 2\n", "sw10.py:1: invalid syntax"),
            ("3", "x = 1\nversion = 1 / 0\n", "sw10.py:2: ZeroDivisionError"),
            ("4", "import not_there\n", "No module named 'not_there'"),
            ("5", "raise SystemExit\n", "SystemExit"),
        ]:
            with self.assertLogs("slipway", "WARNING") as logs:
                self.publish(version, {"sw10.py": text})
                self.eventually(lambda: logs.output, "a warning")
            self.assertIn(problem, logs.output[0])
            self.assertIn(f"staying on {self.unit} 1", logs.output[0])
            self.assertEqual((sw10.version, slipway.current().version), (1, "1"))
            with self.assertRaisesRegex(slipway.BrokenReleaseError, f"{self.unit} {version}"):
                slipway.refresh(wait=True)
        self.publish("6", {"sw10.py": "version = 6\n"})
        self.becomes("6")
        self.eventually(lambda: not slipway._node._problems.sentences(), "all is well")

    def test_a_release_without_the_wsgi_target_is_not_switched_to(self):
        self.publish("1", self.web("1"))
        self.install()
        application = slipway.wsgi(f"{self.unit}.web:app")
        self.ask(application)
        with self.assertLogs("slipway", "WARNING") as logs:
            self.publish("2", {f"{self.unit}/__init__.py": "", f"{self.unit}/web.py": ""})
            self.eventually(lambda: logs.output, "a warning")
        self.assertIn(f"has no '{self.unit}.web:app'", logs.output[0])
        self.assertIn("1", self.ask(application))

    def test_old_releases_leave_memory(self):
        self.publish("0", {"sw11.py": "version = 0\n", "data.bin": b"x"})
        self.install()
        import sw11

        for number in range(1, 13):
            self.publish(str(number), {"sw11.py": f"version = {number}\n"})
            slipway.refresh(wait=True)
            self.assertEqual(sw11.version, number)
        self.assertLessEqual(slipway.resident(), 4)
        import gc
        import linecache

        gc.collect()
        self.assertLessEqual(slipway.resident(), 2)
        mine = [name for name in linecache.cache if name.startswith(f"slipway://{self.unit}/")]
        self.assertLessEqual(len(mine), 2)

    def test_under_load_200_switches_fail_no_request_and_mix_none(self):
        versions = ["1", "2", "3"]
        for version in versions:
            self.publish(version, self.web(version))
        self.install()
        application = slipway.wsgi(f"{self.unit}.web:app")
        wrong, answered, stop = [], [], threading.Event()

        def hammer():
            while not stop.is_set():
                try:
                    answer = set(self.ask(application).split())
                except BaseException as error:
                    wrong.append(repr(error))
                    continue
                answered.append(answer)
                stop.wait(0.001)  # leaves the processor to the switches
                if len(answer) != 1:
                    wrong.append(answer)

        threads = [threading.Thread(target=hammer) for _ in range(3)]
        interval = sys.getswitchinterval()
        sys.setswitchinterval(0.0005)
        self.addCleanup(sys.setswitchinterval, interval)
        for thread in threads:
            thread.start()
        try:
            switches = []
            slipway.on_switch(lambda old, new: switches.append(new.version))
            while len(switches) < 200:
                others = [item for item in versions if item != slipway.current().version]
                self.promote(random.choice(others))
                slipway.refresh(wait=True)
        finally:
            stop.set()
            for thread in threads:
                thread.join(20)
        self.assertEqual(wrong, [])
        self.assertEqual(set().union(*answered), set(versions))
        self.assertGreater(len(answered), 200)

    @needs_fake_server
    def test_without_a_watch_the_node_asks_in_long_intervals(self):
        self.fake.has_watch = False
        self.publish("1", {"sw12.py": "version = 1\n"})
        with self.assertLogs("slipway", "WARNING"):
            self.install()
            self.eventually(
                lambda: any("wait=55" in request for request in self.fake.requests), "a long poll"
            )
        self.publish("2", {"sw12.py": "version = 2\n"})
        self.becomes("2")

    def test_wsgi_names_its_target_and_works_without_a_store(self):
        with self.assertRaisesRegex(slipway.ConfigurationError, "shop.web:app"):
            slipway.wsgi("shop.web")
        with self.assertRaises(slipway.ConfigurationError):
            slipway.wsgi(lambda environ, start: [])
        application = slipway.wsgi("wsgiref.simple_server:demo_app")
        self.assertIn("Hello world!", self.ask(application))

    def test_a_file_wrapper_reaches_the_server_as_it_is(self):
        self.publish(
            "1",
            {
                "sw13.py": "def app(environ, start):\n    start('200 OK', [])\n"
                "    return environ['wsgi.file_wrapper'](environ['file'])\n"
            },
        )
        self.install()
        environ = {"wsgi.file_wrapper": wsgiref.util.FileWrapper, "file": io.BytesIO(b"x")}
        body = slipway.wsgi("sw13:app")(environ, lambda *arguments: None)
        self.assertIsInstance(body, wsgiref.util.FileWrapper)
