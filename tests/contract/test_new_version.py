"""A version that does not exist yet, by the steps of bacm-contract(7): v14 from v13.

A copy of the tree gets the made-up contract (v14.py), what scripts/new-version does, and
the lines that a person writes; then library, command line and simulator speak v14.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from support import ROOT, run
import v14

# More would mean that something which each version has alike has to be written again.
HAND_WRITTEN = 35
BUILD_SECONDS = 1500
SIM_TESTS = ("test_add_links", "test_search_links", "test_update_links", "test_operations")
LINKS = "ClientAccountId,IsBillToClient,Name\n1001001,true,one\n1001002,false,two\n1,true,none\n"


def copy_of_the_tree(target):
    """What git knows of, as it stands; in an unpacked tarball, all of it."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    names = listed.stdout.splitlines() or ["."]
    names = [name for name in names if (ROOT / name).exists()]
    pack = ["tar", "-cf", "-", "--exclude=./build", *names]
    unpack = ["tar", "-xf", "-", "-C", str(target)]
    with subprocess.Popen(pack, cwd=ROOT, stdout=subprocess.PIPE) as packing:
        subprocess.run(unpack, stdin=packing.stdout, check=True)
    return target


class NewVersion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="bacm-v14-")
        cls.addClassCleanup(folder.cleanup)
        cls.tree = Path(folder.name) / "tree"
        cls.tree.mkdir()
        copy_of_the_tree(cls.tree)
        cls.wsdl = Path(folder.name) / "v14.wsdl"
        cls.wsdl.write_bytes(v14.v14())
        cls.report = cls.step("contract-diff", "--json", "wsdl/v13/" + cls.wsdl_name(), cls.wsdl)
        cls.begun = cls.step("new-version", "v13", "v14", cls.wsdl)
        cls.lines = v14.write_lines(cls.tree)
        cls.built = cls.make("build/bin/bacm", "build/bin/bacm-sim")

    @staticmethod
    def wsdl_name():
        return "CustomerManagementService.wsdl"

    @classmethod
    def step(cls, *arguments):
        return run(*arguments, root=cls.tree)

    @classmethod
    def make(cls, *targets):
        clean = {
            key: value
            for key, value in os.environ.items()
            if key not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "BUILD", "API", "WSDL")
        }
        return subprocess.run(
            ["make", f"-j{os.cpu_count()}", "CFLAGS=-O0", *targets],
            cwd=cls.tree, env=clean, capture_output=True, text=True, check=False,
            timeout=BUILD_SECONDS,
        )  # fmt: skip

    @contextlib.contextmanager
    def simulator(self):
        """A runner of bacm against the simulator's v14."""
        command = [self.tree / "build/bin/bacm-sim", "--plain-http", "--exit-with-stdin"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as sim:
            ready = json.loads(sim.stdout.readline())
            environment = {
                **{key: value for key, value in os.environ.items() if key[:5] != "BACM_"},
                "HOME": str(self.tree),
                "BACM_API": "v14",
                "BACM_ENDPOINT": ready["url"].replace("/v11/", "/v14/"),
                "BACM_DEVELOPER_TOKEN": "DEV-DEMO",
                "BACM_ACCESS_TOKEN": "AGENCY-ADMIN-TOKEN",
            }

            def bacm(*arguments, text=""):
                return subprocess.run(
                    [self.tree / "build/bin/bacm", *arguments],
                    env=environment, input=text, capture_output=True, text=True, check=False,
                )  # fmt: skip

            yield bacm
            sim.stdin.close()

    def test_steps(self):
        self.assertEqual(v14.MADE, 20)
        self.assertEqual(self.report.returncode, 2, self.report.stderr)
        self.assertEqual(self.begun.returncode, 0, self.begun.stderr)
        self.assertEqual(self.built.returncode, 0, self.built.stderr[-3000:])
        self.assertLessEqual(self.lines, HAND_WRITTEN)
        print(f"hand-written lines for v14: {self.lines}")
        done = self.step("check-gen", "v14")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_report_names_the_functions_that_were_changed(self):
        touched = json.loads(self.report.stdout)["wrapper"]["touched"]
        for function in ("contract/v13.c:write_client", "contract/v13.c:copy_client"):
            self.assertIn(function, touched)

    def test_z_what_has_the_bindings_is_built_again_with_them(self):
        """An object with the old layout of a struct beside those with the new one crashes."""
        (self.tree / "gen/v14/v14Stub.h").touch()
        planned = self.make("-n", "build/bin/bacm", "build/bin/bacm-sim").stdout
        for name in ("obj/gen/v14/v14C.o", "obj/src/lib/contract/v14.o", "obj/sim/v14/op_links.o"):
            self.assertIn(f"'{name}'", planned)

    def test_a_version_that_is_there_is_not_begun_again(self):
        done = self.step("new-version", "v13", "v14", self.wsdl)
        self.assertEqual(done.returncode, 1)
        self.assertIn("is there already", done.stderr)

    def test_the_tests_of_the_simulator_pass(self):
        """What the simulator promises of client links, said in v14 and held to its schema."""
        build = self.tree / "build"
        environment = {
            **{key: value for key, value in os.environ.items() if key[:5] != "BACM_"},
            "TEST_API": "v14",
            "BACM_BUILD": str(build),
            "BACM_SIM": str(build / "bin/bacm-sim"),
            "BACM": str(build / "bin/bacm"),
            "PYTHONPATH": os.pathsep.join(map(str, (self.tree / "tests/sim", self.tree / "tests"))),
        }
        done = subprocess.run(
            [sys.executable, "-B", "-m", "unittest", *SIM_TESTS],
            cwd=self.tree, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr[-4000:])
        self.assertRegex(done.stderr, r"Ran [5-9]\d tests")

    def test_it_is_spoken(self):
        with self.simulator() as bacm:
            who = json.loads(bacm("whoami", "--output", "ndjson").stdout)
            self.assertTrue(who["superAdmin"])
            added = bacm("add", "--yes", "--output", "ndjson", "-", text=LINKS)
            self.assertEqual(added.returncode, 1, added.stderr)
            outcomes = [json.loads(line)["outcome"] for line in added.stdout.splitlines()]
            self.assertEqual(outcomes, ["added", "added", "failed"])
            found = bacm("search", "--output", "ndjson", "1001001")
            (link,) = map(json.loads, found.stdout.splitlines())
            self.assertEqual((link["name"], link["status"]), ("one", "LinkPending"))
            done = bacm("update", "cancel", "--yes", "1001001")
            self.assertEqual(done.returncode, 0, done.stderr)
            operations = bacm("call", "--list").stdout.split()
            self.assertIn("GetCallingUser", operations)
            self.assertNotIn("MapCustomerIdToExternalCustomerId", operations)
            # What the wire has: the new names in the new namespace.
            options = "--dry-run", "--managing-customer-id", "2002002"
            done = bacm("add", *options, "-", text=LINKS.partition("1001002")[0])
            self.assertIn("LinkedEntityId>1001001<", done.stdout, done.stderr)
            self.assertIn("https://bingads.microsoft.com/Customer/v14", done.stdout)


if __name__ == "__main__":
    unittest.main()
