"""The allocator has all memory of the library, the engine's included."""

import re
import subprocess
import unittest

from support import BUILD, ROOT, Simulator, compile_program, environment_for, run
from test_exports import LIB

SOURCE = ROOT / "tests" / "embed" / "allocator.c"


class AllocatorTest(unittest.TestCase):
    def setUp(self):
        self.simulator = Simulator()
        self.addCleanup(self.simulator.stop)

    def start(self, program, *arguments):
        """(exit status, status name, calls, blocks left)"""
        done = subprocess.run([str(program), *arguments], capture_output=True, text=True,
                              check=False, timeout=60, env=environment_for(self.simulator))
        found = re.fullmatch(r"(\w+)\n(\d+) calls, (-?\d+) blocks left\n", done.stdout)
        self.assertIsNotNone(found, f"{done.returncode}\n{done.stdout}{done.stderr}")
        return done.returncode, found[1], int(found[2]), int(found[3])

    def test_counts(self):
        for name, static in (("allocator", False), ("allocator_static", True)):
            program = compile_program(name, [SOURCE], "-std=c11", "-Wall", "-Wextra", "-Werror",
                                      static=static)
            code, status, calls, left = self.start(program)
            self.assertIn((code, status), ((0, "BACM_OK"), (1, "BACM_E_PARTIAL")))
            self.assertGreater(calls, 50)
            self.assertEqual(left, 0)

    def test_running_out(self):
        program = compile_program("allocator_out", [SOURCE], "-std=c11")
        _, _, calls, _ = self.start(program)
        seen = set()
        for k in range(calls):
            code, status, _, left = self.start(program, str(k))
            self.assertEqual(left, 0, f"allocation {k}")
            if code:
                seen.add(status)
        self.assertIn("BACM_E_NO_MEMORY", seen)
        # Rounds that get through are refused: the account was invited by the first one.
        self.assertLessEqual(seen, {"BACM_E_NO_MEMORY", "BACM_E_PARTIAL"})

    def test_nothing_goes_past_it(self):
        # Functions whose memory must be given back to free() of the C library.
        past = {"asprintf", "vasprintf", "__asprintf_chk", "__vasprintf_chk", "getline", "getdelim",
                "__getdelim", "open_memstream", "json_dumps",
                "aligned_alloc", "posix_memalign", "reallocarray", "scandir", "__strdup"}
        for name in ("libbacm.a", "libbacm-bulk.a"):
            undefined = set(run("nm", "-u", LIB / name).stdout.split())
            self.assertEqual(undefined & past, set(), name)
        inside = set(run("nm", "-u", BUILD / "lib" / "libbacm-bulk.a").stdout.split())
        self.assertEqual(inside & {"malloc", "calloc", "realloc", "free", "strdup", "strndup"},
                         set())


if __name__ == "__main__":
    unittest.main()
