"""A process starts: with the server, without it, with a damaged cache, with wrong settings."""

import glob
import json
import os
import stat
import threading
import time
from unittest import mock

from support import CHANNEL, StoreTest, needs_fake_server

import slipway
from slipway import limits


class StartingTest(StoreTest):
    def restart(self, **options):
        slipway.uninstall()
        return self.install(**options)

    def files(self, part):
        found = glob.glob(os.path.join(self.cache, part, "**"), recursive=True)
        return sorted(path for path in found if os.path.isfile(path))

    @needs_fake_server
    def test_with_the_server_down_a_process_starts_from_its_cache(self):
        self.publish("1", {"st1/__init__.py": "x = 1", "st1/data.txt": "kept"})
        first = self.install()
        self.fake.stop()
        with self.assertLogs("slipway", "WARNING") as logs:
            self.assertEqual(self.restart(), first)
        self.assertIn("started 1 from the cache", logs.output[0])
        import importlib.resources

        import st1

        self.assertEqual(st1.x, 1)
        self.assertEqual(importlib.resources.files("st1").joinpath("data.txt").read_text(), "kept")

    @needs_fake_server
    def test_a_process_started_from_its_cache_catches_up_when_the_server_is_back(self):
        self.publish("1", {"st2.py": ""})
        self.install()
        self.fake.stop()
        with self.assertLogs("slipway", "WARNING"):
            self.restart()
        self.fake.start()
        self.publish("2", {"st2.py": "x = 2"})
        self.becomes("2")
        self.eventually(lambda: not slipway._node._problems.sentences(), "the problem is gone")

    @needs_fake_server
    def test_a_running_process_survives_a_server_restart(self):
        self.publish("1", {"st3.py": "x = 1"})
        self.install()
        import st3

        with self.assertLogs("slipway", "WARNING"):
            self.fake.stop()
            self.eventually(lambda: slipway._node._problems.sentences(), "the loss is noticed")
        self.assertEqual(st3.x, 1)
        with self.assertRaises(slipway.UnreachableError):
            slipway.refresh(wait=True)
        self.fake.start()
        self.publish("2", {"st3.py": "x = 2"})
        self.becomes("2")

    @needs_fake_server
    def test_a_start_waits_for_a_server_that_is_coming_up(self):
        self.publish("1", {"st4.py": ""})
        self.fake.stop()
        timer = threading.Timer(0.2, self.fake.start)
        timer.start()
        self.addCleanup(timer.join)
        self.assertEqual(self.install(cache=False).version, "1")

    def test_a_start_waits_for_the_first_release(self):
        timer = threading.Timer(0.2, self.publish, ["1", {"st5.py": ""}])
        timer.start()
        self.addCleanup(timer.join)
        self.assertEqual(self.install().version, "1")

    def test_a_channel_without_a_release_is_told_with_what_to_do(self):
        with self.assertRaises(slipway.NoReleaseError) as caught:
            self.install(timeout=0.2)
        self.assertIn(f"slipway promote {self.unit} VERSION --to {CHANNEL}", str(caught.exception))
        self.assertIsNone(slipway.current())

    @needs_fake_server
    def test_without_server_and_cache_the_error_says_where_it_looked(self):
        self.fake.stop()
        with self.assertRaises(slipway.UnreachableError) as caught:
            self.install(timeout=0.2)
        self.assertIn(self.server, str(caught.exception))
        self.assertIn("SLIPWAY_SERVER", str(caught.exception))

    def test_every_damaged_cache_entry_is_fetched_again_and_never_run(self):
        self.publish("1", {"st6.py": "x = 1", "other.txt": "y"})
        self.install()
        for part in ("blobs", "manifests", "code"):
            for path in self.files(part):
                with open(path, "wb") as file:
                    file.write(b"raise SystemExit('never run this')")
        self.assertEqual(self.restart().version, "1")
        import st6

        self.assertEqual(st6.x, 1)
        for path in self.files("blobs"):
            with open(path, "rb") as file:
                self.assertNotIn(b"never", file.read())

    def test_damage_in_compiled_code_alone_is_found(self):
        self.publish("1", {"st7.py": "x = 1"})
        self.install()
        (path,) = self.files("code")
        with open(path, "r+b") as file:
            file.seek(-2, os.SEEK_END)
            file.write(b"\xff\xff")
        self.restart()
        import st7

        self.assertEqual(st7.x, 1)

    def test_a_damaged_channel_file_is_as_good_as_none(self):
        self.publish("1", {"st8.py": ""})
        self.install()
        (path,) = self.files("channels")
        for text in ("", "{", "[]", '{"active": {"rev": -1}}', '{"active": 3}'):
            with open(path, "w") as file:
                file.write(text)
            self.assertEqual(self.restart().version, "1")

    @needs_fake_server
    def test_with_the_server_down_a_damaged_cache_is_refused(self):
        self.publish("1", {"st9.py": "x = 1"})
        self.install()
        slipway.uninstall()
        self.fake.stop()
        with open(self.files("blobs")[0], "ab") as file:
            file.write(b"\nx = 2")
        with self.assertRaises(slipway.UnreachableError):
            self.install(timeout=0.2)

    @needs_fake_server
    def test_bytes_damaged_on_the_way_are_never_used(self):
        self.publish("1", {"st10.py": "x = 1"})
        self.fake.damage = lambda sha256, data: data[:-1] + b"2"
        with self.assertRaises(slipway.IntegrityError):
            self.install()
        self.fake.damage = lambda sha256, data: data[: len(data) // 2]
        with self.assertRaises(slipway.UnreachableError):
            self.install(timeout=0.2)
        self.fake.damage = lambda sha256, data: data
        self.install()

    @needs_fake_server
    def test_a_transfer_that_failed_is_tried_again(self):
        self.publish("1", {"st24.py": "x = 1"})
        self.install()
        tries = []

        def damage(sha256, data):
            tries.append(sha256)
            return data if len(tries) > 2 else data[:-1]

        self.fake.damage = damage
        with self.assertLogs("slipway", "WARNING") as logs:
            self.publish("2", {"st24.py": "x = 2"})
            self.becomes("2")
        self.assertIn(f"staying on {self.unit} 1", logs.output[0])

    @needs_fake_server
    def test_a_damaged_manifest_is_never_used(self):
        digest = self.publish("1", {"st11.py": "x = 1"})
        self.fake.manifests[digest] += b" "
        with self.assertRaisesRegex(slipway.IntegrityError, "was not used"):
            self.install()

    @needs_fake_server
    def test_an_older_promotion_than_the_one_seen_is_refused(self):
        self.publish("1", {"st12.py": "x = 1"})
        old = dict(self.fake.pointers[self.unit, CHANNEL])
        self.publish("2", {"st12.py": "x = 2"})
        self.install()
        with self.assertLogs("slipway", "WARNING"):
            self.fake.stop()
            self.fake.pointers[self.unit, CHANNEL] = old
            self.fake.start()
            self.eventually(
                lambda: "backup" in str(slipway._node._problems.sentences()), "the refusal"
            )
        self.assertEqual(slipway.current().version, "2")
        with self.assertRaisesRegex(slipway.StalePointerError, "restored from a backup"):
            slipway.refresh(wait=True)
        with self.assertLogs("slipway", "WARNING"):
            self.assertEqual(self.restart().version, "2")

    @needs_fake_server
    def test_a_small_change_moves_only_what_changed(self):
        files = {f"st13/m{i}.py": f"x = {i}" for i in range(20)}
        digest = self.publish("1", files)
        self.install()
        slipway.uninstall()
        self.publish("2", {**files, "st13/m3.py": "x = 'changed'"})
        sent = []
        self.fake.damage = lambda sha256, data: sent.append(sha256) or data
        self.install()
        self.assertEqual(len(sent), 1)
        self.assertTrue(any(f"?from={digest}" in item for item in self.fake.requests))

    @needs_fake_server
    def test_a_base_that_the_server_forgot_costs_only_a_second_request(self):
        digest = self.publish("1", {"st14.py": "x = 1"})
        self.install()
        slipway.uninstall()
        self.publish("2", {"st14.py": "x = 2"})
        del self.fake.manifests[digest]
        self.assertEqual(self.install().version, "2")

    @needs_fake_server
    def test_a_refused_token_is_told_at_once_even_with_a_cache(self):
        self.publish("1", {"st15.py": ""})
        self.install()
        self.fake.token = "secret"
        with self.assertRaisesRegex(slipway.RefusedError, "SLIPWAY_TOKEN"):
            self.restart()
        self.token = "secret"
        self.assertEqual(self.restart().version, "1")

    def test_a_cache_that_others_can_write_is_refused(self):
        self.publish("1", {"st16.py": ""})
        os.makedirs(self.cache)
        os.chmod(self.cache, 0o777)
        with self.assertRaisesRegex(slipway.CacheError, "chmod go-w"):
            self.install()
        with open(os.path.join(self.scratch, "file"), "w"):
            pass
        with self.assertRaisesRegex(slipway.CacheError, "SLIPWAY_CACHE"):
            self.install(cache=os.path.join(self.scratch, "file"))

    def test_the_cache_is_only_for_its_owner(self):
        self.publish("1", {"st17.py": ""})
        self.addCleanup(os.umask, os.umask(0o002))
        self.install()
        self.assertEqual(stat.S_IMODE(os.stat(self.cache).st_mode), 0o700)
        for path in self.files("**"):
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)

    def test_the_cache_keeps_two_releases_and_forgets_the_others(self):
        self.publish("1", {"st18.py": "x = 1"})
        self.install()
        for version in ("2", "3", "4"):
            self.publish(version, {"st18.py": f"x = {version}"})
            self.becomes(version)
        slipway.uninstall()
        old = time.time() - 2 * limits.CACHE_GRACE_SECONDS
        for path in self.files("**"):
            os.utime(path, (old, old))
        slipway._node, cache = None, slipway.node.Cache(self.cache)
        cache.prune()
        self.assertEqual(len(self.files("manifests")), 2)
        self.assertEqual(len(self.files("blobs")), 2)
        self.assertEqual(len(self.files("code")), 2)

    def test_without_a_cache_nothing_is_written(self):
        self.publish("1", {"st19.py": ""})
        home = os.path.join(self.scratch, "home")
        with mock.patch.dict(os.environ, {"HOME": home, "SLIPWAY_CACHE": "off"}):
            self.install(cache=None)
        self.assertFalse(os.path.exists(home))
        self.assertFalse(os.path.exists(self.cache))

    def test_settings_come_from_the_environment(self):
        self.publish("1", {"st20.py": ""})
        environment = {k: v for k, v in self.environment().items() if k.startswith("SLIPWAY_")}
        with mock.patch.dict(os.environ, environment):
            self.assertEqual(slipway.install().version, "1")
            self.assertEqual(slipway.install().version, "1")
        with self.assertRaisesRegex(slipway.ConfigurationError, "this process follows"):
            slipway.install(self.server, "another", CHANNEL)

    def test_settings_that_cannot_be_meant_are_refused_with_words(self):
        cases = [
            (dict(unit=None), "SLIPWAY_UNIT"),
            (dict(unit="../etc"), "name of a unit"),
            (dict(unit="a\0b"), "name of a unit"),
            (dict(unit="shop\n"), "name of a unit"),
            (dict(channel="a/b"), "name of a channel"),
            (dict(server="ci:8010"), "http://HOST:PORT"),
            (dict(server="http://user:pw@ci"), "SLIPWAY_TOKEN"),
            (dict(server="http://ci:999999"), "http://HOST:PORT"),
            (dict(token="a\r\nX: y"), "line break"),
        ]
        for wrong, words in cases:
            given = {"server": "http://127.0.0.1:1", "unit": "u", "channel": "c", **wrong}
            with mock.patch.dict(os.environ, {}, clear=True):
                with self.assertRaisesRegex(slipway.ConfigurationError, words):
                    slipway.install(**given)

    @needs_fake_server
    def test_the_node_reports_what_it_runs(self):
        digest = self.publish("1", {"st21.py": ""})
        self.install(node="web-1")
        report = self.eventually(lambda: self.fake.reports.get("web-1"), "a report")
        self.assertEqual(report["pid"], os.getpid())
        self.assertEqual((report["unit"], report["channel"]), (self.unit, CHANNEL))
        self.assertEqual((report["prepared"], report["active"]), (digest, digest))
        self.assertEqual((report["version"], report["errors"]), ("1", []))
        with self.assertLogs("slipway", "WARNING"):
            self.publish("2", {"st21.py": "broken ="})
            report = self.eventually(
                lambda: self.fake.reports["web-1"]["errors"] and self.fake.reports["web-1"],
                "an error in the report",
            )
        self.assertEqual((report["active"], report["prepared"]), (digest, digest))
        self.assertIn("st21.py:1", report["errors"][0])
        self.assertEqual(report["seen_rev"], self.fake.rev)
        self.promote("1")
        self.eventually(lambda: not self.fake.reports["web-1"]["errors"], "no error any more")

    def test_a_report_is_small_and_plain(self):
        self.publish("1", {"st22.py": ""})
        self.install()
        self.assertLess(len(json.dumps(slipway._node._report())), 1_000)

    def test_what_was_imported_before_is_warned_of(self):
        import sys
        import types

        self.publish("1", {"st23.py": "x = 1"})
        sys.modules["st23"] = types.ModuleType("st23")
        self.addCleanup(sys.modules.pop, "st23", None)
        with self.assertWarnsRegex(RuntimeWarning, "st23 was imported before"):
            self.install()
