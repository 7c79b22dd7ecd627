"""SOAP stacks that others wrote, against the simulator, each in a process of its own.

Four links are invited: the 1st and 3rd succeed, the 2nd is refused with 1410, the 4th with
1471. The tests state what each stack makes of that; two of them lose positions by themselves.
"""

import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "sim"))
from harness import Simulator  # noqa: E402

HERE = Path(__file__).resolve().parent
BUILD = Path(os.environ.get("BACM_BUILD", HERE.parent.parent / "build"))
SYSTEM_PYTHON = "/usr/bin/python3"  # Debian's packages are for this one
PENDING = "LinkPending"
RIGHT = [None, [1410], None, [1471]]


def run(command, simulator, *arguments):
    environment = dict(os.environ, BACM_CA_FILE=simulator.ready["caFile"],
                       NODE_MODULES=str(BUILD / "node" / "node_modules"),
                       BACM_SIM_URL=simulator.ready["url"])
    return subprocess.run([*command, *arguments], env=environment, capture_output=True, text=True,
                          timeout=120, check=False)


class Interop(unittest.TestCase):
    maxDiff = None
    version, endpoint = "v11", "url"

    def play(self, *command):
        """What the stack printed; the simulator's log must show the true outcome."""
        simulator = Simulator()
        self.addCleanup(simulator.stop)
        done = run(command, simulator, simulator.ready[self.endpoint])
        self.assertEqual(done.returncode, 0, done.stderr)
        added = next(r for r in simulator.log() if r["operation"] == "AddClientLinks")
        self.assertEqual(added["api"], self.version)
        self.assertEqual([link["codes"] for link in added["links"]], [[], [1410], [], [1471]])
        return json.loads(done.stdout)

    def check_common(self, printed):
        self.assertEqual(printed["user"], [7001, [41]])
        self.assertEqual(printed["found"],
                         [[1001001, PENDING], [1001002, PENDING], [1001025, PENDING]])
        self.assertEqual(printed["fault"], {"code": 105, "tracked": True})

    def test_zeep_keeps_positions(self):
        printed = self.play(SYSTEM_PYTHON, HERE / "clients" / "zeep_client.py")
        self.check_common(printed)
        self.assertTrue(printed["tracked"])
        self.assertEqual(printed["added"], RIGHT)
        # The second update sends a time stamp that the first one has made stale.
        self.assertEqual(printed["updated"], [[None], [[209]]])

    def test_php_keeps_positions(self):
        printed = self.play("php", HERE / "clients" / "client.php")
        self.check_common(printed)
        self.assertTrue(printed["tracked"])
        self.assertEqual(printed["added"], RIGHT)
        # A single entry that is nil is no entry for PHP; among others it keeps its place.
        self.assertEqual(printed["updated"], [[], [[209]]])

    def test_suds_loses_the_first_nil_entry(self):
        printed = self.play(SYSTEM_PYTHON, HERE / "clients" / "suds_client.py")
        self.check_common(printed)
        self.assertEqual(printed["added"], [[1410], None, [1471]])
        self.assertNotEqual(printed["added"], RIGHT)

    def test_node_soap_drops_nil_entries(self):
        printed = self.play("node", HERE / "clients" / "client.js")
        self.check_common(printed)
        self.assertTrue(printed["tracked"])
        self.assertEqual(printed["added"], [[1410], [1471]])
        self.assertNotEqual(printed["added"], RIGHT)


class InteropV13(Interop):
    """They make the same of v13."""

    version, endpoint = "v13", "urlV13"


class ReadmeExamples(unittest.TestCase):
    """The examples of README: they stand there as they are here, and they work."""

    def check(self, name, command, expected):
        source = (HERE / "examples" / name).read_text(encoding="utf-8")
        readme = (HERE.parent.parent / "README.md").read_text(encoding="utf-8")
        self.assertIn(source, readme)
        simulator = Simulator()
        self.addCleanup(simulator.stop)
        environment = dict(os.environ, BACM_SIM_URL=simulator.ready["url"],
                           BACM_CA_FILE=simulator.ready["caFile"],
                           NODE_EXTRA_CA_CERTS=simulator.ready["caFile"],
                           NODE_PATH=str(BUILD / "node" / "node_modules"))
        for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            environment.pop(variable, None)  # requests takes them before session.verify
        done = subprocess.run([*command, HERE / "examples" / name], env=environment,
                              capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, expected), done.stderr)

    def test_python(self):
        self.check("invite.py", [SYSTEM_PYTHON], "1001001 invited\n1001025 [1410]\n")

    def test_php(self):
        self.check("invite.php", ["php"], "1001001 invited\n1001025 [1410]\n")

    def test_node(self):
        self.check("whoami.js", ["node"], "agency.admin [ 41 ]\n")


if __name__ == "__main__":
    unittest.main()
