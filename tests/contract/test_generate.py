"""scripts/generate and check-gen: the same bytes everywhere, and the pinned gSOAP."""

import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import support
from support import PRESENT, V11, VERSIONS, contract, copy_tree, run, state
from mutants import MUTANTS, NEUTRAL

import contract_changes

STRUCT = re.compile(r"^struct (\w+) \{\n(.*?)^\};", re.MULTILINE | re.DOTALL)
MEMBER = re.compile(r"^\s+([\w ]+[ *]+)(\w+);", re.MULTILINE)


def structs(folder):
    """Struct -> member -> C type of generated bindings."""
    text = (folder / "v11Stub.h").read_text(encoding="utf-8")
    return {
        name: {member: c_type.replace(" ", "") for c_type, member in MEMBER.findall(body)}
        for name, body in STRUCT.findall(text)
        if not name.startswith("__")
    }


def bindings(folder):
    """The generated files but for the contract's own hash."""
    return {
        path.name: re.sub(rb"sha256 \w+  Customer\S+", b"", path.read_bytes())
        for path in folder.iterdir()
    }


class Generate(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bacm-generate-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def generate(self, text, name="out", version="v11"):
        wsdl, out = self.folder / "contract.wsdl", self.folder / name
        wsdl.write_bytes(text)
        done = run("generate", version, "--wsdl", wsdl, "--out", out)
        return out if done.returncode == 0 else done.stderr

    def test_check_gen(self):
        done = run("check-gen")
        self.assertEqual(done.returncode, 0, done.stderr)
        for version in VERSIONS:
            self.assertIn(f"gen/{version} is what wsdl/{version} gives", done.stdout)

    def test_check_gen_sees_an_edit(self):
        tree = copy_tree(self.folder / "tree")
        stub = tree / "gen" / "v11" / "v11Stub.h"
        stub.write_text(stub.read_text().replace("char *Note;", "char *Memo;", 1))
        done = run("check-gen", root=tree)
        self.assertEqual(done.returncode, 1)
        self.assertIn("-        char *Memo;\n+        char *Note;", done.stderr)
        self.assertIn("gen/v13 is what wsdl/v13 gives", done.stdout)

    def test_check_gen_sees_an_edit_of_v13(self):
        tree = copy_tree(self.folder / "tree")
        source = tree / "gen" / "v13" / "v13Operations.c"
        source.write_text(source.read_text().replace("bacm_v13_get_user_mfa_status", "other", 1))
        done = run("check-gen", "v13", root=tree)
        self.assertEqual(done.returncode, 1)
        self.assertIn("gen/v13 is not what wsdl/v13 gives", done.stderr)

    def test_check_gen_sees_a_file_too_many_and_one_too_few(self):
        tree = copy_tree(self.folder / "tree")
        (tree / "gen" / "v11" / "extra.c").write_text("")
        (tree / "gen" / "v11" / "v11Server.c").unlink()
        done = run("check-gen", root=tree)
        self.assertEqual(done.returncode, 1)
        self.assertIn("extra.c: only in gen/v11", done.stderr)
        self.assertIn("v11Server.c: only in generated", done.stderr)

    def test_neutral_mutants_give_the_same_bytes(self):
        text = V11.read_bytes()
        expected = bindings(self.generate(text, "expected"))
        for mutant in NEUTRAL:
            # Documentation becomes comments of the bindings.
            if mutant.name in ("documentation",):
                continue
            with self.subTest(mutant.name):
                out = self.generate(mutant.pair(text)[1])
                self.assertIsInstance(out, Path, out)
                self.assertEqual(bindings(out), expected)

    def test_second_run_replaces_nothing(self):
        tree = copy_tree(self.folder / "tree")
        before = {path: path.stat().st_mtime_ns for path in (tree / "gen").rglob("*")}
        done = run("generate", "v11", root=tree)
        self.assertIn("is unchanged", done.stdout)
        self.assertEqual(
            before, {path: path.stat().st_mtime_ns for path in (tree / "gen").rglob("*")}
        )

    def test_source_breaking_is_what_changes_the_structs(self):
        """The class is reckoned from the contract; here the generated structs are the judge."""
        text = V11.read_bytes()
        before = structs(self.generate(text, "before"))
        names = (
            "number_becomes_text",
            "number_of_a_request_widened",
            "date_becomes_text",
            "enumeration_becomes_text",
            "type_renamed",
            "enumeration_renamed",
            "reply_becomes_a_derived_type",
            "field_becomes_required",
            "field_becomes_required_and_by_value",
            "optional_field_becomes_nillable",
            "array_becomes_single",
            "array_of_a_request_bounded",
            "field_unqualified",
            "base_removed",
            "header_type_changed",
            "header_removed_everywhere",
            "optional_field_added",
            "fields_reordered",
            "mixed_content",
        )
        for mutant in MUTANTS:
            if mutant.name not in names:
                continue
            with self.subTest(mutant.name):
                old, new = mutant.pair(text)
                out = self.generate(new)
                self.assertIsInstance(out, Path, out)
                after = structs(out)
                broken = [
                    (struct, member)
                    for struct, members in before.items()
                    for member, c_type in members.items()
                    if after.get(struct, {}).get(member) != c_type
                ]
                (self.folder / "old.wsdl").write_bytes(old)
                changes = contract_changes.compare(
                    contract.load(self.folder / "old.wsdl"),
                    contract.load(self.folder / "contract.wsdl"),
                )
                self.assertEqual(any(change.source for change in changes), bool(broken), broken)
        self.assertEqual(len([m for m in MUTANTS if m.name in names]), len(names))

    def test_unpinned_namespace(self):
        text = V11.read_bytes().replace(
            b"https://bingads.microsoft.com/Customer/v11/Entities", b"urn:e"
        )
        self.assertIn("namespace urn:e, which the typemap does not pin", self.generate(text))

    def test_one_way_operation(self):
        (mutant,) = [m for m in MUTANTS if m.name == "reply_removed"]
        self.assertIn(
            "DeleteUser is a one-way operation", self.generate(mutant.pair(V11.read_bytes())[1])
        )

    def test_names_of_operations(self):
        for name, snake in (
            ("GetUser", "get_user"),
            ("AddClientLinks", "add_client_links"),
            ("GetUserMFAStatus", "get_user_mfa_status"),
            ("FindAccountsOrCustomersInfo", "find_accounts_or_customers_info"),
        ):
            self.assertEqual(contract.snake_case(name), snake)

    def test_bindings_that_the_library_does_not_use(self):
        """Stubs and skeletons of both versions compile as they are."""
        flags = subprocess.run(
            ["pkg-config", "--cflags", "gsoapssl"], capture_output=True, text=True, check=True
        ).stdout.split()
        for version in VERSIONS:
            for name in ("Client", "Server"):
                source = support.bindings() / version / f"{version}{name}.c"
                subprocess.run(
                    ["cc", "-std=c11", "-D_GNU_SOURCE", "-w", "-fsyntax-only", *flags, str(source)],
                    check=True,
                    timeout=300,
                )


class OtherWording(unittest.TestCase):
    """check-gen where another gSOAP is installed than the one of gen/."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bacm-wording-")
        self.addCleanup(folder.cleanup)
        self.tree = copy_tree(Path(folder.name) / "tree")
        for path in (self.tree / "gen").glob("*/*"):
            text = re.sub(r"\b2\.8\.\d+", "2.8.99", path.read_text())
            text = re.sub(r"208\d\d\d", "208099", text)
            text = re.sub(r"Copyright \(C\) [\d,-]+", "Copyright (C) 2000,2033", text)
            text = text.replace("soap_malloc((soap), (n =", "soap_malloc(soap, (size_t)(n =")
            if path.suffix == ".nsmap":
                text = text.replace("NULL, NULL}", "NULL, NULL} /* the end */")
            path.write_text(text)

    def test_wording_is_let_pass(self):
        done = run("check-gen", root=self.tree)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count("2.8.99 made gen/: "), 2)
        for words in (
            "names of versions (",
            "years of the copyright (",
            "a cast in an allocation (",
            "comments on no declaration (",
            "differ; nothing that matters",
        ):
            self.assertEqual(done.stdout.count(words), 2, done.stdout)

    def test_anything_else_is_not(self):
        for name, old, new in (
            ("v13Stub.h", "char *Note;", "char *Memo;"),
            ("v13C.c", "(n = (n < 0", "(n = (n < 1"),
            ("PROVENANCE", " -F ", " "),
        ):
            with self.subTest(name):
                path = self.tree / "gen" / "v13" / name
                text = path.read_text()
                self.assertIn(old, text)
                path.write_text(text.replace(old, new, 1))
                done = run("check-gen", "v13", root=self.tree)
                self.assertEqual(done.returncode, 1, done.stdout)
                self.assertIn(f"+++ generated/{name}", done.stderr)
                path.write_text(text)


class Pin(unittest.TestCase):
    """Tools of another version are reported with what they would change."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bacm-pin-")
        self.addCleanup(folder.cleanup)
        self.tree = copy_tree(Path(folder.name) / "tree")
        self.tools = Path(folder.name) / "tools"
        self.tools.mkdir()
        for tool, outputs in (("wsdl2h", "generated.h"), ("soapcpp2", "result/*")):
            script = self.tools / tool
            script.write_text(
                "#!/bin/sh\n"
                'if [ "$1" = -V ]; then echo 2.9.99; exit 0; fi\n'
                f'{shutil.which(tool)} "$@" || exit 1\n'
                f"sed -i 's/2\\.8\\.[0-9]*/2.9.99/' {outputs}\n"
            )
            script.chmod(0o755)
        self.path = {"PATH": f"{self.tools}:/usr/bin:/bin"}

    def test_reported_and_nothing_replaced(self):
        before = state(self.tree)
        for script in (("generate", "v11"), ("regen",), ("regen", "--wsdl", PRESENT)):
            done = run(*script, root=self.tree, environment=self.path)
            self.assertEqual(done.returncode, 1)
            output = done.stdout + done.stderr
            self.assertIn("another gSOAP version: soapcpp2 2.9.99, pinned is 2.8.", output)
            self.assertRegex(output, r"  v11C\.c: \d+ lines added, \d+ removed")
            self.assertIn("FORCE=1", output)
            self.assertEqual(state(self.tree), before)

    def test_force(self):
        done = run("regen", root=self.tree, environment={**self.path, "FORCE": "1"})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("soapcpp2  2.9.99", (self.tree / "gen" / "v11" / "PROVENANCE").read_text())

    def test_missing_tool(self):
        (self.tools / "soapcpp2").unlink()
        before = state(self.tree)
        for tool in ("env", "python3", "bash", "sh", "sed", "pkg-config"):
            (self.tools / tool).symlink_to(shutil.which(tool))
        done = run("generate", "v11", root=self.tree, environment={"PATH": str(self.tools)})
        self.assertEqual(done.returncode, 1)
        self.assertIn("soapcpp2 is not installed", done.stderr)
        self.assertEqual(state(self.tree), before)


if __name__ == "__main__":
    unittest.main()
