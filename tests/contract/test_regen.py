"""scripts/regen: all or nothing, from a file or an address, whatever goes wrong."""

import fcntl
import functools
import http.server
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

from support import ROOT, SCRIPTS, V11, V13, WSDL_NAME, copy_tree, run, state
from mutants import CUSTOMER, MUTANTS, Editor
from test_contract import _Service, in_parts

import replace

# Instead of a whole build: does the wrapper compile with the bindings of the trial?
CHECK = """#!/bin/sh
set -e
flags="-std=c11 -D_GNU_SOURCE $(pkg-config --cflags gsoapssl)"
for version in v11 v13; do
    ${CC:-cc} -w -fsyntax-only -Iinclude -Isrc -isystem gen/$version -isystem gen $flags \
        src/lib/contract/$version.c
done
"""


CUSTOMER_V13 = CUSTOMER.replace("v11", "v13")


def with_addition(text, customer=CUSTOMER):
    editor = Editor(text, customer)
    editor.add(
        editor.sequence("ClientLink"),
        '<xs:element minOccurs="0" name="TryAddition" type="xs:string"/>',
    )
    return editor.text()


class Regen(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bacm-regen-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.tree = copy_tree(self.folder / "a tree")
        (self.tree / "check").write_text(CHECK)
        (self.tree / "check").chmod(0o755)
        self.wsdl = self.folder / "new.wsdl"
        self.present = self.tree / "wsdl" / "v11" / WSDL_NAME
        self.before = state(self.tree)

    def regen(self, source=None, build="./check", test="true", version=None, **options):
        arguments = (
            []
            if source is None
            else ["--wsdl", source, "--build-command", build, "--test-command", test]
        )
        if version:
            arguments += ["--version", version]
        return run("regen", *arguments, root=self.tree, **options)

    def untouched(self, done, words):
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertRegex(done.stderr, words)
        self.assertIn("nothing is replaced", done.stderr)
        self.assertEqual(state(self.tree), self.before)
        self.assertFalse(list(self.tree.glob("*/.v11*")) + list(self.tree.glob("*/*/.Cust*")))

    def test_without_a_contract(self):
        done = self.regen()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count("is unchanged"), 2)
        self.assertEqual(state(self.tree), self.before)
        shutil.rmtree(self.tree / "gen" / "v13")
        done = self.regen(version="v11")
        self.assertFalse((self.tree / "gen" / "v13").exists())
        done = self.regen(version="v13")
        self.assertEqual(done.stdout.count("gen/v13"), 1, done.stdout)
        self.assertEqual(state(self.tree), self.before)

    def test_make_hands_the_version_on(self):
        for words, wanted in (
            ((), ["scripts/regen"]),
            (("API=v13",), ["scripts/regen", "--version", "v13"]),
            (("API=v13", "WSDL=a b"), ["scripts/regen", "--version", "v13", "--wsdl", "a b"]),
        ):
            done = subprocess.run(
                ["make", "-n", "regen", *words], cwd=ROOT, capture_output=True, text=True, check=True
            )
            (line,) = [line for line in done.stdout.splitlines() if "scripts/regen" in line]
            self.assertEqual(shlex.split(line), wanted)

    def test_other_version(self):
        """A changed v13 replaces v13, and leaves v11 as it was."""
        present = self.tree / "wsdl" / "v13" / WSDL_NAME
        self.wsdl.write_bytes(with_addition(present.read_bytes(), CUSTOMER_V13))
        done = self.regen(self.wsdl, version="v13")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("* field ClientLink.TryAddition added", done.stdout)
        self.assertEqual(present.read_bytes(), self.wsdl.read_bytes())
        self.assertIn("char *TryAddition;", (self.tree / "gen/v13/v13Stub.h").read_text())
        after = state(self.tree)
        self.assertEqual(
            {name for name in after if after[name] != self.before.get(name) and "/v11/" in name},
            set(),
        )

    def test_same_bytes_in_two_places(self):
        """Twice, in two folders, under two locales and time zones, from one changed contract."""
        self.wsdl.write_bytes(with_addition(self.present.read_bytes()))
        first = self.regen(self.wsdl, environment={"LC_ALL": "C", "TZ": "UTC"})
        self.assertEqual(first.returncode, 0, first.stderr)
        other = copy_tree(self.folder / "other" / "place")
        for _ in range(2):
            done = run(
                "regen",
                "--wsdl",
                self.wsdl,
                "--build-command",
                "true",
                "--test-command",
                "true",
                root=other,
                environment={"LC_ALL": "C.UTF-8", "TZ": "Asia/Kathmandu"},
            )
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(state(other), state(self.tree))

    def test_added_field(self):
        self.wsdl.write_bytes(with_addition(self.present.read_bytes()))
        done = self.regen(self.wsdl)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(
            "0 wire-breaking, 0 source-breaking, 1 compatible.\nWrapper: not touched.", done.stdout
        )
        self.assertIn("* field ClientLink.TryAddition added", done.stdout)
        self.assertEqual(self.present.read_bytes(), self.wsdl.read_bytes())
        self.assertIn("char *TryAddition;", (self.tree / "gen/v11/v11Stub.h").read_text())
        self.assertFalse((self.tree / "build" / "regen").exists())
        self.assertEqual(run("check-gen", root=self.tree).returncode, 0)
        # And back: the very bytes from before.
        self.wsdl.write_bytes(self.before[f"wsdl/v11/{WSDL_NAME}"])
        self.assertEqual(self.regen(self.wsdl).returncode, 0)
        self.assertEqual(state(self.tree), self.before)

    def test_removed_field_is_told_before_the_compiler_does(self):
        editor = Editor(self.present.read_bytes())
        editor.remove(editor.field("ClientLink", "ClientAccountId"))
        self.wsdl.write_bytes(editor.text())
        done = self.regen(self.wsdl)
        self.untouched(done, "build failed .*has no member named 'ClientAccountId'|build failed")
        self.assertRegex(done.stdout, r"Wrapper: touched in contract/v11\.c:\w+")
        self.assertIn("wrapper does not compile: contract/v11.c:", done.stdout)
        self.assertIn("ClientAccountId", done.stderr)
        self.assertTrue((self.tree / "build" / "regen" / "build.log").is_file())

    def test_failing_steps(self):
        self.wsdl.write_bytes(with_addition(self.present.read_bytes()))
        self.untouched(self.regen(self.wsdl, test="false"), "test failed")
        self.untouched(self.regen(self.wsdl, build="./no-such-program"), "build: .*No such file")
        self.untouched(
            self.regen(self.wsdl, test="sh -c 'echo 3 of 9 failed; exit 1'"),
            r"(?s)test failed .*\n3 of 9 failed",
        )

    def test_generation_that_fails(self):
        (mutant,) = [m for m in MUTANTS if m.name == "reply_removed"]
        self.wsdl.write_bytes(mutant.pair(self.present.read_bytes())[1])
        self.untouched(self.regen(self.wsdl), "(?s)generate failed .*one-way operation")

    def test_steps_see_the_trial_only(self):
        self.wsdl.write_bytes(with_addition(self.present.read_bytes()))
        done = self.regen(
            self.wsdl,
            test="sh -c 'pwd; grep -c TryAddition gen/v11/v11Stub.h; env; exit 1'",
            environment={"MAKEFLAGS": "w -- WSDL=x", "MAKELEVEL": "1", "WSDL": "x", "BUILD": "y"},
        )
        self.untouched(done, "test failed")
        self.assertIn("/a tree/build/regen/tree\n", done.stderr)
        for name in ("MAKEFLAGS", "MAKELEVEL", "WSDL", "BUILD"):
            self.assertNotIn(f"\n{name}=", done.stderr)

    def test_what_is_no_contract(self):
        text = V11.read_bytes()
        (other,) = [m for m in MUTANTS if m.name == "service_renamed"]
        editor = Editor(text)
        editor.add(
            editor.schema("https://adapi.microsoft.com"), '<xs:include schemaLocation="gone.xsd"/>'
        )
        for name, data, words in (
            ("html", b"<!DOCTYPE html><html></html>", "HTML page"),
            ("truncated", text[:100000], "not well-formed XML.*cut off"),
            ("empty", b"", "not well-formed"),
            ("other service", other.pair(text)[1], "contract of Other, not of Customer"),
            ("other version", V13.read_bytes(), "declares .*/v13; the bindings are of .*/v11"),
            ("missing import", editor.text(), r"include gone\.xsd"),
        ):
            with self.subTest(name):
                self.wsdl.write_bytes(data)
                self.untouched(self.regen(self.wsdl), words)
        self.untouched(self.regen(self.folder / "no.wsdl"), "No such file")
        self.untouched(self.regen("http://127.0.0.1:1/x?wsdl"), "cannot fetch")
        self.untouched(self.regen("gopher://127.0.0.1/x"), "only http, https and files")

    def test_address(self):
        pages = {}
        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(_Service, pages)
        )
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        url = f"http://127.0.0.1:{server.server_port}/s.svc"
        pages.update(in_parts("/s.svc"))
        pages["/s.svc?singleWsdl"] = V11.read_bytes()
        first = self.regen(url + "?singleWsdl")
        self.assertEqual(first.returncode, 0, first.stderr)
        single = state(self.tree)
        done = self.regen(url + "?wsdl")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("0 wire-breaking, 0 source-breaking, 0 compatible.", done.stdout)
        parts = state(self.tree)
        self.assertEqual(
            {name for name in single if single[name] != parts[name]},
            {f"wsdl/v11/{WSDL_NAME}", "gen/v11/PROVENANCE"},
        )
        # What is stored needs no address any more.
        self.assertEqual(self.regen().returncode, 0)
        self.assertEqual(state(self.tree), parts)
        del pages["/s.svc?xsd=xsd3"]
        self.before = parts
        self.untouched(self.regen(url + "?wsdl"), r"xsd3.*HTTP 404")

    def test_one_at_a_time(self):
        folder = os.open(self.tree / "wsdl", os.O_RDONLY)
        self.addCleanup(os.close, folder)
        fcntl.flock(folder, fcntl.LOCK_EX)
        done = self.regen()
        self.assertEqual(done.returncode, 1)
        self.assertIn("another regen is running", done.stderr)

    def test_stopped_in_the_middle(self):
        self.wsdl.write_bytes(with_addition(self.present.read_bytes()))
        mark = self.folder / "mark"
        child = subprocess.Popen(
            [
                str(self.tree / "scripts" / "regen"),
                "--wsdl",
                str(self.wsdl),
                "--build-command",
                f"sh -c 'echo $$ > \"{mark}\"; exec sleep 300'",
                "--test-command",
                "true",
            ],
            cwd=self.tree,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            for _ in range(600):
                if mark.exists() and mark.read_text().endswith("\n"):
                    break
                time.sleep(0.1)
            builder = int(mark.read_text())
            child.send_signal(signal.SIGTERM)
            self.assertEqual(child.wait(timeout=60), 128 + signal.SIGTERM)
        finally:
            child.kill()
            child.wait()
        with self.assertRaises(ProcessLookupError):
            os.kill(builder, 0)
        self.assertEqual(state(self.tree), self.before)
        self.assertEqual(self.regen().returncode, 0)

    def test_killed_while_replacing(self):
        """Killed at each of the renames: the next run finds the old state, whole."""
        new_wsdl, new_gen = self.folder / "w", self.folder / "g"
        new_wsdl.write_text("new")
        new_gen.mkdir()
        (new_gen / "new.c").write_text("new")
        targets = [self.present, self.tree / "gen" / "v11"]
        program = (
            "import os, sys\n"
            f"sys.path.insert(0, {str(SCRIPTS)!r})\n"
            "import replace\n"
            "left, real = int(sys.argv[1]), os.rename\n"
            "def rename(*names):\n"
            "    global left\n"
            "    left -= 1\n"
            "    if left < 0: os._exit(9)\n"
            "    real(*names)\n"
            "os.rename = rename\n"
            f"replace.replace_all([({str(new_wsdl)!r}, {str(targets[0])!r}),"
            f" ({str(new_gen)!r}, {str(targets[1])!r})])\n"
        )
        for renames in range(4):
            with self.subTest(renames):
                done = subprocess.run(
                    [sys.executable, "-B", "-c", program, str(renames)], check=False
                )
                self.assertEqual(done.returncode, 9)
                again = self.regen()
                self.assertEqual(again.returncode, 0, again.stderr)
                self.assertIn("an earlier run was cut off", again.stdout)
                self.assertEqual(state(self.tree), self.before)
        done = subprocess.run([sys.executable, "-B", "-c", program, "4"], check=False)
        self.assertEqual(done.returncode, 0)
        self.assertEqual(self.present.read_text(), "new")
        self.assertEqual([p.name for p in targets[1].iterdir()], ["new.c"])


class Replace(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bacm-replace-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name in ("one", "two", "new_one", "new_two"):
            (self.folder / name).write_text(name)
        self.pairs = [(self.folder / f"new_{name}", self.folder / name) for name in ("one", "two")]

    def texts(self):
        return {path.name: path.read_text() for path in self.folder.iterdir()}

    def test_failing_rename(self):
        before = self.texts()
        real = os.rename
        for fails_at in range(4):
            calls = []

            def rename(source, target, fails_at=fails_at, calls=calls):
                calls.append(source)
                if len(calls) == fails_at + 1:
                    raise OSError(28, "no space")
                real(source, target)

            os.rename = rename
            try:
                with self.assertRaises(OSError):
                    replace.replace_all(self.pairs)
            finally:
                os.rename = real
            self.assertEqual(self.texts(), before)

    def test_target_that_was_not_there(self):
        (self.folder / "one").unlink()
        before = self.texts()
        (self.folder / "new_two").unlink()
        with self.assertRaises(OSError):
            replace.replace_all(self.pairs)
        del before["new_two"]
        self.assertEqual(self.texts(), before)
        (self.folder / "new_two").write_text("new_two")
        replace.replace_all(self.pairs)
        self.assertEqual(
            self.texts(),
            {"one": "new_one", "two": "new_two", "new_one": "new_one", "new_two": "new_two"},
        )


if __name__ == "__main__":
    unittest.main()
