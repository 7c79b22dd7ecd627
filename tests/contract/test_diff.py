"""scripts/contract-diff as people and machines run it."""

import json
import tempfile
import unittest
from pathlib import Path

from xml.dom import minidom

from support import DATA, PRESENT, V11, V13, run
from mutants import MUTANTS, Editor


def text_of(node):
    for child in node.childNodes:
        yield from [child.data] if child.nodeType == child.TEXT_NODE else text_of(child)


class Command(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bacm-diff-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def diff(self, mutant_name, *options):
        (mutant,) = [m for m in MUTANTS if m.name == mutant_name]
        for name, text in zip(("old", "new"), mutant.pair(V11.read_bytes())):
            (self.folder / name).write_bytes(text)
        return run("contract-diff", *options, self.folder / "old", self.folder / "new")

    def test_status_and_text_without_a_difference(self):
        done = run("contract-diff", V11, V11)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("0 wire-breaking, 0 source-breaking, 0 compatible.", done.stdout)

    def test_status_of_a_compatible_change(self):
        done = self.diff("optional_field_added", "--no-wrapper")
        self.assertEqual(done.returncode, 1)
        self.assertIn(
            "## compatible\n\n* field ClientLink.Color added (xs:string, 0..1)\n", done.stdout
        )

    def test_status_of_breaking_changes(self):
        for name, heading in (
            ("field_removed", "## wire-breaking"),
            ("number_of_a_request_widened", "## source-breaking"),
        ):
            done = self.diff(name, "--no-wrapper")
            self.assertEqual(done.returncode, 2)
            self.assertIn(heading, done.stdout)

    def test_status_of_an_error(self):
        for arguments in ((V11, self.folder / "no"), (V11,), (V11, V11, "--what")):
            done = run("contract-diff", *arguments)
            self.assertEqual(done.returncode, 3)
            self.assertEqual(done.stdout, "")
            self.assertIn("contract-diff: ", done.stderr)

    def test_json(self):
        done = self.diff("three_changes_of_one_field", "--no-wrapper", "--json")
        report = json.loads(done.stdout)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(report["format"], "bacm-contract-diff/1")
        self.assertEqual(
            report["summary"], {"wire-breaking": 2, "source-breaking": 0, "compatible": 1}
        )
        self.assertEqual(report["old"]["operations"], 33)
        self.assertEqual(
            report["changes"][0],
            {
                "kind": "field",
                "change": "changed",
                "name": "ClientLink.StartDate",
                "aspect": "type",
                "old": "xs:dateTime",
                "new": "xs:date",
                "class": "wire-breaking",
                "wire": True,
                "source": False,
                "json": None,
                "operations": ["AddClientLinks", "SearchClientLinks", "UpdateClientLinks"],
                "wrapper": [],
                "columns": {"input": [], "output": []},
                "meaning": "the service does not take all old values; "
                "old readers do not take all new values",
            },
        )

    def test_html(self):
        """One page, well-formed, that loads nothing and says the same as the text."""
        (self.folder / "old").write_bytes(PRESENT.read_bytes())
        editor = Editor(PRESENT.read_bytes())
        editor.set(editor.field("ClientLink", "Note"), type="xs:int", minOccurs="1")
        editor.remove(editor.field("ClientLink", "InviterPhone"))
        (self.folder / "new").write_bytes(editor.text())
        done = run("contract-diff", "--html", self.folder / "old", self.folder / "new")
        self.assertEqual(done.returncode, 2, done.stderr)
        page = minidom.parseString(done.stdout)
        for name in ("link", "script", "img", "iframe"):
            self.assertEqual(page.getElementsByTagName(name), [])
        rows = ["".join(text_of(row)) for row in page.getElementsByTagName("tr")]
        (note,) = [row for row in rows if "ClientLink.Note" in row and "occurrence" in row]
        for words in (
            "0..1", "1..1", "required in requests", "AddClientLinks", "UpdateClientLinks",
            "contract/shared.h:write_invitation", "input Note; output note",
        ):  # fmt: skip
            self.assertIn(words, note)
        (hit,) = [row for row in rows if row.startswith("users of bacm")]
        self.assertIn("inviterPhone", hit)

    def test_what_all_operations_lose_is_told_once(self):
        done = self.diff("header_removed_everywhere", "--no-wrapper")
        self.assertEqual(done.stdout.count("request header Password of "), 1)
        self.assertIn("and 27 more removed", done.stdout)

    def test_prefixes_of_the_report_do_not_matter(self):
        """The report of v11 to v13, read by hand when it was kept."""
        done = run("contract-diff", "--no-wrapper", V11, V13)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stdout, (DATA / "v11-v13.txt").read_text(encoding="utf-8"))

    def test_wrapper_of_another_contract(self):
        text = V13.read_bytes().replace(b"Customer/v13", b"Customer/v99")
        (self.folder / "v99").write_bytes(text)
        done = run("contract-diff", self.folder / "v99", V11)
        self.assertIn("Wrapper: not examined, no bindings are there for", done.stdout)

    def test_wrapper_of_the_version_at_hand(self):
        """The old contract says which version's wrapper it is."""
        for old, new, own, other in ((V11, V13, "v11", "v13"), (V13, V11, "v13", "v11")):
            done = run("contract-diff", old, new)
            self.assertIn(f"contract/{own}.c:write_client", done.stdout)
            self.assertNotIn(f"contract/{other}.c", done.stdout)

    def test_wrapper_without_a_compiler(self):
        (self.folder / "new").write_bytes(
            PRESENT.read_bytes().replace(b'soapAction="GetUser"', b'soapAction="X"')
        )
        done = run(
            "contract-diff",
            PRESENT,
            self.folder / "new",
            environment={"CC": str(self.folder / "no-compiler")},
        )
        self.assertEqual(done.returncode, 2)
        self.assertIn("Wrapper: not examined, the C compiler does not run", done.stdout)


if __name__ == "__main__":
    unittest.main()
