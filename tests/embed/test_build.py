"""make on machines of other people: packages that are missing, folders with a space."""

import os
import subprocess
import unittest

from support import ROOT, run, scratch

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

    def test_warnings_end_the_build_of_those_who_ask_for_it(self):
        for settings, fatal in (({}, False), ({"WERROR": "1"}, True)):
            with self.subTest(**settings):
                build = scratch() / "nothing"
                done = make("-n", f"BUILD={build}", f"{build}/obj/{SMALL}", cwd=ROOT, **settings)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual("-Werror" in done.stdout.split(), fatal)


if __name__ == "__main__":
    unittest.main()
