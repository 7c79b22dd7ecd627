"""Each call on a socket goes wrong once, in each way that it can.

The program under test gets a token, checks the role, invites three accounts, searches
for two and cancels one link, all over TLS. The simulator's log is the judge: what the
library says of a request agrees with what the service got, and no write came twice.
"""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HELPERS = Path(os.environ["BACM_BUILD"]) / "tests" / "helpers"

sys.path.insert(0, str(ROOT / "tests" / "sim"))
from harness import PATIENCE, Simulator  # noqa: E402 (it stands beside other tests)

WRITES = {"add": "AddClientLinks", "update": "UpdateClientLinks"}
# Why a call may end when its connection breaks; nothing else may be said.
BEFORE_SENDING = {"BACM_E_RESOLVE", "BACM_E_CONNECT", "BACM_E_TLS", "BACM_E_TOKEN",
                  "BACM_E_NETWORK", "BACM_E_TIMEOUT"}
PATIENCE_MS, IMPATIENCE_MS = 10000 * PATIENCE, 300 * PATIENCE


class Run:
    def __init__(self, done, points):
        self.code, self.errors, self.points = done.returncode, done.stderr, points
        self.calls = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()}
        self.met = any(line.endswith("!") for line in points)
        self.records = []

    def count(self, operation):
        return sum(record["operation"] == operation for record in self.records)


class SocketFaults(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.sim = Simulator()
        cls.good = cls.play()
        cls.points = [line.split()[1] for line in cls.good.points]

    @classmethod
    def tearDownClass(cls):
        cls.sim.stop()

    @classmethod
    def play(cls, at=None, kind=""):
        cls.sim.control("reset", {})
        seen = len(cls.sim.log())
        with tempfile.TemporaryDirectory(prefix="bacm-faults-") as folder:
            log = Path(folder) / "calls"
            environment = dict(os.environ, LD_PRELOAD=str(HELPERS / "io_faults.so"),
                               ASAN_OPTIONS="verify_asan_link_order=0", # it comes behind it
                               FAULT_KIND=kind, FAULT_LOG=str(log))
            if at is not None:
                environment["FAULT_AT"] = str(at)
            done = subprocess.run(
                [str(HELPERS / "io_driver"), cls.sim.ready["url"], cls.sim.ready["caFile"],
                 cls.sim.ready["tokenUrl"], str(IMPATIENCE_MS if kind == "stall" else PATIENCE_MS)],
                env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                timeout=60 * PATIENCE, check=False)
            if not log.exists():
                raise AssertionError(f"no call was made: {done.stderr}")
            run = Run(done, log.read_text("ascii").splitlines())
        run.records = cls.records_since(seen, run)
        return run

    @classmethod
    def records_since(cls, seen, run):
        """What the service was asked. A request that nobody waits for may still be on its
        way: the simulator is then ended, and its last word counts."""
        if not hasattr(cls, "good") or run.calls == cls.good.calls:
            return cls.sim.log()[seen:]
        cls.sim.process.stdin.close()
        cls.sim.process.wait(timeout=60 * PATIENCE)
        records = cls.sim.log()[seen:]
        cls.sim.stop()
        cls.sim = Simulator()
        return records

    def judge(self, run):
        self.assertEqual(run.code, 0, run.errors)
        for name, operation in WRITES.items():
            status, sent = run.calls.get(name, ("", ""))
            got = run.count(operation)
            self.assertLessEqual(got, 1, f"{operation} came twice")
            if sent != "sent":
                self.assertEqual(got, 0, f"{name} {status}: not sent, they say")
                self.assertIn(status, BEFORE_SENDING | {""})
            elif status in ("BACM_OK", "BACM_E_PARTIAL"):
                self.assertEqual(got, 1)
            else:
                self.assertEqual(status, "BACM_E_UNKNOWN_OUTCOME")

    def sweep(self, kind, recovers):
        """How often the fault was met; with recovers nothing may be noticed of it."""
        met = 0
        for at in range(len(self.points)):
            with self.subTest(kind=kind, at=at, call=self.points[at]):
                run = self.play(at, kind)
                met += run.met
                self.judge(run)
                if recovers:
                    self.assertEqual(run.calls, self.good.calls, run.errors)
        print(f"# {kind}: {met} points", file=sys.stderr)
        return met

    def test_nothing_wrong(self):
        self.judge(self.good)
        self.assertEqual(self.good.calls, {
            "add": ["BACM_OK", "sent"], "search": ["BACM_OK", "sent"],
            "update": ["BACM_OK", "sent"]}, self.good.errors)
        self.assertGreater(len(self.points), 25)

    def test_short(self):
        self.assertGreater(self.sweep("short", recovers=True), 10)

    def test_interrupted(self):
        self.assertGreater(self.sweep("eintr", recovers=True), 10)

    def test_not_now(self):
        self.assertGreater(self.sweep("eagain", recovers=True), 10)

    def test_reset(self):
        self.assertGreater(self.sweep("reset", recovers=False), 10)

    def test_broken_pipe(self):
        self.assertGreater(self.sweep("pipe", recovers=False), 10)

    def test_stall(self):
        self.assertGreater(self.sweep("stall", recovers=False), 10)

    def test_refused(self):
        self.assertGreater(self.sweep("fail", recovers=False), 2)


if __name__ == "__main__":
    unittest.main()
