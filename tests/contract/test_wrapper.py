"""The wrapper's dependencies on the contract, checked by taking items away."""

import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import (
    PRESENT,
    PRESENT_V13,
    ROOT,
    VERSIONS,
    bindings,
    contract,
    copy_tree,
    run,
    wsdl_document,
)
from mutants import Editor

import wrapper_uses

WRAPPER = ROOT / "src" / "lib"
FUNCTION_OF_ERROR = re.compile(r"src/lib/([\w/]+\.[ch]): In function '(\w+)'")
MISSING_MEMBER = re.compile(r"In function '(\w+)'|no member named '(\w+)'")


def compiles(tree, generated, sources=None):
    """(whether the wrapper compiles, what the compiler says) with the bindings of a folder."""
    flags = subprocess.run(
        ["pkg-config", "--cflags", "gsoapssl"], capture_output=True, text=True, check=True
    ).stdout
    done = subprocess.run(
        [
            *shlex.split(os.environ.get("CC", "cc")),
            "-std=c11",
            "-D_GNU_SOURCE",
            "-fsyntax-only",
            "-w",
            "-I",
            str(tree / "include"),
            "-I",
            str(tree / "src"),
            *(f"-isystem{generated / name}" for name in (*VERSIONS, "")),
            *shlex.split(flags),
            *map(str, sources or sorted((tree / "src" / "lib").rglob("*.c"))),
        ],
        env={**os.environ, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.returncode == 0, done.stderr


def broken_uses(output):
    """XML name of each member that the compiler misses -> the functions that want it."""
    found, function = {}, None
    for match in MISSING_MEMBER.finditer(output):
        if match.group(1):
            function = match.group(1)
        else:
            local = wrapper_uses.xml_name(match.group(2).removeprefix("__size").rpartition("__")[2])
            found.setdefault(local, set()).add(function)
    return found


class Complete:
    """Without what is not used the wrapper compiles, without anything used it does not."""

    version: str
    present: Path

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="bacm-wrapper-")
        cls.addClassCleanup(folder.cleanup)
        cls.generated = Path(folder.name) / "gen"
        shutil.copytree(bindings(), cls.generated)
        cls.headers = cls.generated / cls.version
        cls.contract = contract.load(cls.present)
        cls.uses = wrapper_uses.find_uses(ROOT, cls.contract)
        cls.finder = wrapper_uses.Finder(ROOT, cls.contract)
        cls.stub = cls.finder.stub
        cls.users = [
            path
            for path in sorted(WRAPPER.rglob("*.c"))
            if re.search(rf'#include\s+["<](bacm/operations_)?{cls.version}', path.read_text())
        ]

    def tearDown(self):
        (self.headers / f"{self.version}Stub.h").write_text(self.stub)

    def key(self, struct, member):
        """The key of a generated member, None for one that is not in the contract."""
        owner = self.finder.item(struct)
        local = wrapper_uses.xml_name(member.removeprefix("__size"))
        if isinstance(owner, str):
            prefix, _, local = local.partition("__")
            name = wsdl_document.QName(self.finder.prefixes.get(prefix), local)
            return (owner, name) if name in self.contract.elements else None
        local = local.rpartition("__")[2]
        while owner is not None:
            kind = self.contract.types[owner]
            if any(field.name.local == local for field in kind.fields):
                return "field", owner, local
            owner = kind.base
        return None

    def without(self, gone):
        """Writes the header without the members for which gone(struct, member) holds."""

        def struct(match):
            body = wrapper_uses.MEMBER.sub(
                lambda m: "" if gone(match.group(1), m.group(2)) else m.group(), match.group(2)
            )
            return f"struct {match.group(1)} {{\n{body}}};"

        (self.headers / f"{self.version}Stub.h").write_text(
            wrapper_uses.STRUCT.sub(struct, self.stub)
        )

    def members(self):
        return [
            (struct, member)
            for struct, members in self.finder.members.items()
            for member in members
            if self.key(struct, member)
        ]

    def test_without_all_unused_members_it_compiles(self):
        unused = {pair for pair in self.members() if self.key(*pair) not in self.uses}
        self.assertGreater(len(unused), 200)
        self.without(lambda *pair: pair in unused)
        good, output = compiles(ROOT, self.generated)
        self.assertTrue(good, output)

    def test_without_any_used_member_it_does_not_compile(self):
        """And the functions that the compiler names are the ones that the scan names."""
        used = {self.key(*pair) for pair in self.members()} & set(self.uses)
        self.assertGreater(len(used), 60)
        # One struct at a time: behind a member that is gone the compiler sees no further.
        for owner in {key[:-1] for key in used}:
            keys = {key for key in used if key[:-1] == owner}
            self.without(
                lambda struct, member: struct in self.finder.members
                and self.key(struct, member) in keys
            )
            good, output = compiles(ROOT, self.generated, self.users)
            self.assertFalse(good)
            broken = broken_uses(output)
            for key in keys:
                with self.subTest(key):
                    local = getattr(key[-1], "local", key[-1])
                    named = {use.partition(":")[2] for use in self.uses[key]} - {""}
                    found = broken.get(local, set())
                    self.assertTrue(found)
                    if "In function" in output:
                        self.assertEqual(found - {None}, named)

    def test_operations(self):
        """Generated names of unused operations can go; those of a used one cannot."""
        operations = {key[1] for key in self.uses if key[0] == "operation"}
        names = {path.name: path.read_text() for path in self.headers.glob("*.h")}

        def hide(wanted):
            words = "|".join(wanted)
            pattern = re.compile(
                rf"\b(_cm__(?:{words})(?:Request|Response)|BACM_{self.version.upper()}_(?:{words}))\b"
            )
            for name, text in names.items():
                (self.headers / name).write_text(pattern.sub(r"gone_\1", text))
            return compiles(ROOT, self.generated, self.users)

        try:
            good, output = hide(set(self.contract.operations) - operations)
            self.assertTrue(good, output)
            for operation in operations:
                self.assertFalse(hide([operation])[0], operation)
        finally:
            for name, text in names.items():
                (self.headers / name).write_text(text)

    def test_values(self):
        """Each status that the library names is a use of that value."""
        listed = re.findall(
            r'^\s+X\(\w+, "(\w+)"\)', (ROOT / "include/bacm/links.h").read_text(), re.MULTILINE
        )
        found = {
            key[2] for key in self.uses if key[0] == "value" and key[1].local == "ClientLinkStatus"
        }
        self.assertEqual(set(listed) & found, set(listed))
        self.assertEqual(len(listed), 14)

    def test_other_versions_are_left_out(self):
        """What only another version uses is no use of this one."""
        files = {use.partition(":")[0] for uses in self.uses.values() for use in uses}
        self.assertIn(f"contract/{self.version}.c", files)
        self.assertIn("contract/shared.h", files)
        versions = {version for name in files for version in re.findall(r"contract/(v\d+)", name)}
        self.assertEqual(versions, {self.version})


class CompleteV11(Complete, unittest.TestCase):
    version, present = "v11", PRESENT


class CompleteV13(Complete, unittest.TestCase):
    version, present = "v13", PRESENT_V13


class Found(unittest.TestCase):
    """Forms of use that the wrapper may take, in a wrapper of a few lines."""

    SOURCE = r"""
#include <bacm/operations_v11.h>
#include "v11H.h"
#define SERVICE "https://bingads.microsoft.com/Customer/v11"
#define INDEX(name) BACM_V11_##name
#include "lib/few.h"
/* "AddClientLinks" in a comment is no use, nor is link->Note. */
static const char *const endpoint =
    "ADDRESS" /* in two parts */
    "REST";

static void designated(void)
{
    struct ent__Paging page = {.Index = 0};
    (void)page;
}

struct ent__Predicate *
only_declared(struct soap *soap);

static struct ent__ContactInfo *
in_two_lines(struct ent__User *user)
{
    return user->ContactInfo;
}

static int nested(const struct _cm__GetUserResponse *response)
{
    const char *quoted = "a \" quote";
    return response->User->ContactInfo->Email != quoted && endpoint &&
           sizeof((struct ent__OrderBy *)0)->Field;
}

int text(const char *status)
{
    return nested(0) + (status == (const char *)"// no comment") + (status == "SearchClientLinks");
}
"""

    # Included by it, and by the file of another version, which does not count.
    SHARED = r"""
static const char *const entities = SERVICE "/Entities";

static int shared(const struct ent__PilotFeature *feature)
{
    return INDEX(DeleteUser) + (feature->Id != 0) + (entities != 0);
}
"""

    def test_forms(self):
        model = contract.load(PRESENT)
        with tempfile.TemporaryDirectory(prefix="bacm-found-") as folder:
            tree = Path(folder)
            for name in ("wsdl", "gen", "include"):
                (tree / name).symlink_to(ROOT / name)
            (tree / "src" / "lib").mkdir(parents=True)
            (tree / "src" / "lib" / "few.c").write_text(
                self.SOURCE.replace("ADDRESS", model.address[:20]).replace(
                    "REST", model.address[20:]
                )
            )
            (tree / "src" / "lib" / "few.h").write_text(self.SHARED)
            (tree / "src" / "lib" / "other.c").write_text('#include "v13H.h"\n' + self.SHARED)
            uses = wrapper_uses.find_uses(tree, model)
        found = {
            (kind, *(getattr(part, "local", part) for part in rest)): functions
            for (kind, *rest), functions in uses.items()
        }
        self.assertEqual(found["field", "Paging", "Index"], ["few.c:designated"])
        self.assertEqual(found["field", "/GetUserResponse", "User"], ["few.c:nested"])
        self.assertEqual(
            found["field", "User", "ContactInfo"], ["few.c:in_two_lines", "few.c:nested"]
        )
        self.assertEqual(found["field", "ContactInfo", "Email"], ["few.c:nested"])
        self.assertEqual(found["field", "OrderBy", "Field"], ["few.c:nested"])
        self.assertEqual(found["operation", "SearchClientLinks"], ["few.c:text"])
        self.assertEqual(found["operation", "GetUser"], ["few.c:nested"])
        self.assertEqual(found["operation", "DeleteUser"], ["few.h:shared"])
        self.assertEqual(found["namespace", model.namespace], ["few.c"])
        self.assertEqual(found["namespace", model.namespace + "/Entities"], ["few.h"])
        self.assertEqual(found["field", "PilotFeature", "Id"], ["few.h:shared"])
        self.assertEqual(found["type", "Predicate"], ["few.c"])
        self.assertEqual(found["type", "ContactInfo"], ["few.c:in_two_lines", "few.c:nested"])
        self.assertEqual(found["address",], ["few.c"])
        self.assertNotIn(("operation", "AddClientLinks"), found)
        self.assertNotIn(("field", "ClientLink", "Note"), found)
        self.assertNotIn(("field", "Paging", "Size"), found)

    def test_wrapper_that_does_not_compile(self):
        with tempfile.TemporaryDirectory(prefix="bacm-found-") as folder:
            tree = copy_tree(Path(folder) / "tree")
            (tree / "src" / "lib" / "contract" / "v11.c").write_text('#include "v11H.h"\nint x = y;\n')
            with self.assertRaisesRegex(wrapper_uses.WrapperError, "does not compile.*y"):
                wrapper_uses.find_uses(tree, contract.load(PRESENT))


class Changed(unittest.TestCase):
    """What the report says of the wrapper, against the compiler on the new bindings."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bacm-changed-")
        self.addCleanup(folder.cleanup)
        self.tree = copy_tree(Path(folder.name) / "tree")
        self.wsdl = Path(folder.name) / "new.wsdl"

    def report(self, change, version="v11", present=PRESENT):
        editor = Editor(present.read_bytes(), contract.load(present).namespace)
        change(editor)
        self.wsdl.write_bytes(editor.text())
        report = json.loads(run("contract-diff", "--json", present, self.wsdl).stdout)
        self.assertTrue(report["wrapper"]["examined"], report["wrapper"]["problem"])
        done = run("generate", version, "--wsdl", self.wsdl, root=self.tree)
        self.assertEqual(done.returncode, 0, done.stderr)
        return report, *compiles(self.tree, self.tree / "gen")

    def test_added_field_leaves_the_wrapper_alone(self):
        report, good, output = self.report(
            lambda e: e.add(
                e.sequence("ClientLink"),
                '<xs:element minOccurs="0" name="TryAddition" type="xs:string"/>',
            )
        )
        self.assertEqual(report["wrapper"]["touched"], [])
        self.assertTrue(good, output)

    def test_removed_field_names_the_functions_that_break(self):
        report, good, output = self.report(
            lambda e: e.remove(e.field("ClientLink", "ClientAccountId"))
        )
        self.assertFalse(good)
        broken = {":".join(place) for place in FUNCTION_OF_ERROR.findall(output)}
        self.assertEqual(broken, {"contract/v11.c:copy_client", "contract/v11.c:write_client"})
        self.assertEqual(set(report["wrapper"]["touched"]), broken)

    def test_removed_field_of_the_other_version(self):
        """In v13 a field of its own, and one that is read by the code of both."""

        def change(editor):
            editor.remove(editor.field("ClientLink", "ClientEntityId"))
            editor.remove(editor.field("ClientLink", "Note"))

        report, good, output = self.report(change, "v13", PRESENT_V13)
        self.assertFalse(good)
        broken = {":".join(place) for place in FUNCTION_OF_ERROR.findall(output)}
        self.assertEqual(
            broken,
            {
                "contract/shared.h:copy_link",
                "contract/shared.h:write_invitation",
                "contract/v13.c:copy_client",
                "contract/v13.c:write_client",
            },
        )
        self.assertEqual(set(report["wrapper"]["touched"]), broken)

    def test_retyped_field_names_the_functions(self):
        report, _, _ = self.report(
            lambda e: e.set(e.field("ClientLink", "ClientAccountId"), type="xs:string")
        )
        self.assertGreater(len(report["wrapper"]["touched"]), 1)

    def test_removed_status_names_where_it_stands(self):
        report, good, output = self.report(
            lambda e: e.remove(e.value("ClientLinkStatus", "UnlinkRequested"))
        )
        self.assertIn("links.h", report["wrapper"]["touched"])
        self.assertTrue(good, output)

    def test_field_that_the_wrapper_does_not_know(self):
        report, good, output = self.report(lambda e: e.remove(e.field("Address", "City")))
        self.assertEqual(report["summary"]["wire-breaking"], 1)
        self.assertEqual(report["wrapper"]["touched"], [])
        self.assertTrue(good, output)


if __name__ == "__main__":
    unittest.main()
