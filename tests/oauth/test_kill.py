"""bacm dies at every step between a token reply and the end of its storage."""

import hashlib
import os
import signal
import subprocess
import unittest

from support import ADMIN_REFRESH, PATIENCE, OAuthTest

# There are some dozens of steps; more would be an endless loop.
MOST_POINTS = 300


def label(token):
    """How the simulator's log names a token."""
    return "sha256:" + hashlib.sha256(token.encode()).hexdigest()[:12]


class Kill(OAuthTest):
    def setUp(self):
        super().setUp()
        build = os.environ.get("BACM_BUILD")
        if not build:
            raise RuntimeError("set BACM_BUILD to the build folder")
        self.killed = os.path.join(build, "tests", "helpers", "bacm_killed")

    def run_killed(self, **variables):
        # Of a program that dies here, `make coverage` counts nothing: it would spoil all counts.
        done = subprocess.run([self.killed, "whoami"], cwd=self.folder, capture_output=True,
                              env=self.environment(GCOV_PREFIX=str(self.folder), **variables),
                              timeout=30 * PATIENCE, check=False)
        return done.returncode, done.stderr.decode()

    def store(self, token):
        self.write(".local/state/bacm/default.token",
                   "client-id = demo-native-app\nenvironment = production\nconfigured = \n"
                   f"refresh-token = {token}\n", 0o600)

    def check_survivor(self, point, seen):
        """What is on disk works, and nothing newer was used before it was there."""
        on_disk = self.stored_token()
        self.assertIsNotNone(on_disk, f"point {point}: there is no token")
        used = False
        newest = None
        for record in self.sim.log()[seen:]:
            newest = record.get("issuedRefreshToken", newest)
            used = used or record["operation"] == "GetUser"
        if used:
            self.assertEqual(label(on_disk), newest, f"point {point}: used before it was stored")
        result = self.bacm("whoami")
        self.assertEqual(result.code, 0, f"point {point}: {result.err}")
        return used

    def kill_at_every_point(self, begin):
        """Points at which it died, by whether the access token had been used."""
        died = {False: 0, True: 0}
        for point in range(MOST_POINTS):
            begin()
            seen = len(self.sim.log())
            code, err = self.run_killed(TEST_KILL_AT=str(point))
            if code == 0:
                return died
            self.assertEqual(code, -signal.SIGKILL, err)
            died[self.check_survivor(point, seen)] += 1
        self.fail("it never comes to its end")

    def test_replacing_a_stored_token(self):
        died = self.kill_at_every_point(lambda: self.store(ADMIN_REFRESH))
        self.assertGreater(died[False], 15)

    def test_there_is_a_token_when_the_first_is_stored(self):
        """A configured token stays what it is until its successor stands."""
        self.variables["BACM_REFRESH_TOKEN"] = ADMIN_REFRESH

        def begin():
            if self.token_file.exists():
                self.token_file.unlink()

        for point in range(MOST_POINTS):
            begin()
            code, err = self.run_killed(TEST_KILL_AT=str(point))
            if code == 0:
                break
            self.assertEqual(code, -signal.SIGKILL, err)
            result = self.bacm("whoami")
            self.assertEqual(result.code, 0, f"point {point}: {result.err}")
        self.assertGreater(point, 15)

    def test_steps_are_in_the_order_that_survives_a_power_cut(self):
        """Contents before the name, the name before the use."""
        self.store(ADMIN_REFRESH)
        calls = self.folder / "calls"
        code, err = self.run_killed(TEST_CALLS=str(calls))
        self.assertEqual(code, 0, err)
        steps = calls.read_text().split()
        start = steps.index("mkostemp")
        made = ["mkostemp", "fsync"] # before the token is spent
        self.assertEqual(steps[start:start + 2], made)
        self.assertEqual(steps[steps.index("rename") - 3:][:7],
                         ["write", "fsync", "close", "rename", "open", "fsync", "close"])


if __name__ == "__main__":
    unittest.main()
