"""make on machines of other people: packages that are missing, folders with a space."""

import fcntl
import os
import subprocess
import unittest

from support import BUILD, ROOT, run, scratch

SMALL = next((ROOT / "src").glob("lib/**/text.c")).relative_to(ROOT).with_suffix(".o")


def make(*arguments, cwd, **settings):
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("MAKE", "MFLAGS", "WERROR"))}
    return subprocess.run(["make", *arguments], cwd=cwd, env={**environment, **settings},
                          capture_output=True, text=True, timeout=300, check=False)


class BuildTest(unittest.TestCase):
    def test_a_missing_package_is_named_with_the_way_to_install_it(self):
        for jobs in ("-j1", "-j8"):
            with self.subTest(jobs):
                done = make(jobs, f"BUILD={scratch() / 'nothing'}", cwd=ROOT,
                            PKG_CONFIG_LIBDIR="/nonexistent", PKG_CONFIG_PATH="")
                self.assertNotEqual(done.returncode, 0)
                self.assertIn("apt-get install libgsoap-dev", done.stderr)
                self.assertNotIn("No such file", done.stderr)
                self.assertEqual(list((scratch() / "nothing").rglob("*.o")), [])

    def test_a_folder_with_a_space(self):
        tree = scratch() / "my copy"
        tree.mkdir()
        names = run("git", "ls-files", "Makefile", "*.mk", "include", "src", "gen", "wsdl",
                    "scripts", cwd=ROOT).stdout.splitlines()
        run("cp", "-P", "--parents", "-t", tree, *names, cwd=ROOT)
        done = make(f"build/obj/{SMALL}", cwd=tree)
        self.assertEqual(done.returncode, 0, done.stderr)
        text = (tree / "build" / "obj" / SMALL).read_bytes()
        self.assertNotIn(str(tree).encode(), text)

    def test_another_gsoap_gets_bindings_of_its_own(self):
        """gen/ refuses the library of another version; what is installed stands for that here."""
        build = scratch() / "other"
        table = next((ROOT / "src").glob("lib/**/gsoap_table_v11.c")).relative_to(ROOT)
        goal = f"{build}/obj/{table.with_suffix('.o')}"
        with open(BUILD / "tests.lock", "wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            before = run("git", "status", "--porcelain", "gen", cwd=ROOT).stdout
            done = make("-j2", f"BUILD={build}", "GSOAP_VERSION=2.8.999", "CFLAGS=-O0 -H", goal,
                        cwd=ROOT)
            self.assertEqual(run("git", "status", "--porcelain", "gen", cwd=ROOT).stdout, before)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f" {build}/gen/v11/v11Stub.h\n", done.stderr)
        self.assertNotIn(" gen/v11/", done.stderr)
        made = {path.name for path in (build / "gen" / "v11").iterdir()}
        self.assertEqual(made, {path.name for path in (ROOT / "gen" / "v11").iterdir()})
        again = make("-n", f"BUILD={build}", "GSOAP_VERSION=2.8.999", goal, cwd=ROOT)
        self.assertIn("scripts/generate v11", again.stdout)  # what is there is of yet another one

    def test_flags_of_distributions(self):
        """Names are changed in finished objects: an optimiser that works at the link is kept off."""
        build = scratch() / "flags"
        goal = f"{build}/obj/{SMALL}"
        for words in (["CFLAGS=-O2 -g -flto=auto -ffat-lto-objects"], ["CFLAGS=-O3 -flto"],
                      ["CPPFLAGS=-Wdate-time -D_FORTIFY_SOURCE=2", "CFLAGS=-O2"]):
            with self.subTest(words):
                done = make("-B", f"BUILD={build}", "V=1", goal, *words, cwd=ROOT, WERROR="1")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertNotIn(".gnu.lto_", run("readelf", "-SW", goal).stdout)
        self.assertIn("-Wdate-time", done.stdout)

    def test_lint_asks_only_the_tools_that_the_code_is_made_for(self):
        tools = scratch() / "tools"
        tools.mkdir()
        for tool, version in (("clang-format", "Debian clang-format version 19.1.7"),
                              ("clang-tidy", "Debian LLVM version 21.0.0"),
                              ("cppcheck", "Cppcheck 2.17.1"), ("gcc", "14.2.0")):
            (tools / tool).write_text(f'#!/bin/sh\ncase $1 in -*version) echo "{version}"; exit;; '
                                      f'esac\necho "asked {tool}"; exit 1\n')
            (tools / tool).chmod(0o755)
        done = run(ROOT / "scripts" / "lint", scratch() / "lint",
                   env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"})
        for line in ("clang-format: the code is made for version 14, this is 19.1.7: not asked",
                     "clang-tidy: the code is made for version 14, this is 21.0.0: not asked",
                     "cppcheck: the code is made for version 2.10, this is 2.17.1: not asked",
                     "gcc: the code is made for version 12, this is 14.2.0: not asked"):
            self.assertIn(line, done.stdout.splitlines())
        self.assertNotIn("asked ", done.stdout.replace("not asked", ""))

    def test_warnings_end_the_build_of_those_who_ask_for_it(self):
        for settings, fatal in (({}, False), ({"WERROR": "1"}, True)):
            with self.subTest(**settings):
                build = scratch() / "nothing"
                done = make("-n", f"BUILD={build}", f"{build}/obj/{SMALL}", cwd=ROOT, **settings)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual("-Werror" in done.stdout.split(), fatal)


if __name__ == "__main__":
    unittest.main()
