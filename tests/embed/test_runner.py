"""scripts/run-tests: side by side, listed in order, nothing that fails gets lost."""

import shutil
import unittest

from support import ROOT, run, scratch

PYTHON_TEST = """\
import time, unittest
class T(unittest.TestCase):
    def test(self):
        time.sleep({seconds})
        {body}
"""


class RunnerTest(unittest.TestCase):
    def setUp(self):
        self.root = scratch() / self.id().rpartition(".")[2]
        (self.root / "scripts").mkdir(parents=True)
        shutil.copy(ROOT / "scripts" / "run-tests", self.root / "scripts")
        (self.root / "tests").mkdir()
        (self.root / "tests" / "full-only").write_text("# why\nwire/test_c.py   it is slow\n"
                                                       "wire@v13/test_b.py   and this\n")

    def python(self, name, seconds=0, body="pass"):
        path = self.root / "tests" / "wire" / f"test_{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(PYTHON_TEST.format(seconds=seconds, body=body))

    def program(self, name, script):
        path = self.root / "build" / "tests" / "wire" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def run_tests(self, *arguments, status=0):
        done = run(self.root / "scripts" / "run-tests", *arguments, check=False)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout.splitlines()

    def listed(self, lines):
        return [line.split()[1].rstrip(":") for line in lines
                if line.startswith(("ok ", "FAILED ")) and " passed, " in line]

    def test_order_of_the_list_is_not_that_of_the_ends(self):
        self.python("a", seconds=0.5)
        self.python("b")
        self.program("z", "echo ok 1 - z")
        lines = self.run_tests("--jobs", "8", "wire", "wire@v13")
        self.assertEqual(self.listed(lines), [
            "wire/z", "wire/test_a.py", "wire/test_b.py", "wire@v13/z", "wire@v13/test_a.py"])
        self.assertEqual(lines[-1], "5 passed, 0 failed")

    def test_they_run_side_by_side(self):
        for name in "ab":  # each waits for what the other makes
            other = "ab".replace(name, "")
            self.program(name, f'touch "$BACM_BUILD/{name}"; '
                               f'until [ -e "$BACM_BUILD/{other}" ]; do sleep 0.01; done; echo ok 1')
        self.assertEqual(self.run_tests("--jobs", "2", "wire")[-1], "2 passed, 0 failed")

    def test_what_is_only_in_the_full_run(self):
        for name in "abc":
            self.python(name)
        self.program("full", 'echo "ok 1 - ${TEST_FULL:-not full}"')
        self.assertEqual(self.run_tests("wire")[-1], "3 passed, 0 failed")
        self.assertEqual(self.run_tests("wire@v13")[-1], "2 passed, 0 failed")
        log = self.root / "build" / "test-logs" / "wire" / "full.log"
        self.assertEqual(log.read_text(), "ok 1 - not full\n")
        self.assertEqual(self.run_tests("--full", "wire")[-1], "4 passed, 0 failed")
        self.assertEqual(log.read_text(), "ok 1 - 1\n")
        self.assertEqual(self.run_tests("--only", "test_c", "wire")[-1], "1 passed, 0 failed")

    def test_failures(self):
        self.python("a", body="self.fail('this and that')")
        self.python("b", body="self.skipTest('no')")
        self.program("ends_badly", "echo ok 1; exit 3")
        self.program("is_empty", "exit 0")
        self.program("says_so", "echo ok 1; echo not ok 2 - half; exit 1")
        lines = self.run_tests("wire", status=1)
        self.assertEqual(lines[-1], "2 passed, 5 failed")
        self.assertTrue(any("this and that" in line for line in lines))
        self.assertEqual(sum(line.endswith(".log") for line in lines), 5)

    def test_what_a_command_around_it_finds(self):
        self.program("a", "echo ok 1")
        self.program("b", "echo ok 1")
        around = self.root / "around"
        around.write_text('#!/bin/sh\ncase $2 in */b) echo "found in b" >"$1"; esac\nexec "$2"\n')
        around.chmod(0o755)
        lines = self.run_tests("--under", f"{around} REPORTS/it", "wire", status=1)
        self.assertEqual(lines[-1], "2 passed, 1 failed")
        self.assertIn("found in b", lines)
        self.assertIn("FAILED wire/b: build/test-logs/wire/b.log", lines)


if __name__ == "__main__":
    unittest.main()
