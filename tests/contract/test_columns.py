"""Which columns of CSV and NDJSON a field of the contract ends in, read from the sources."""

import re
import unittest

from support import PRESENT, PRESENT_V13, ROOT, contract

from wrapper_columns import find_columns
from wrapper_uses import examine

INPUT = ROOT / "src" / "cli" / "input" / "row.c"
OUTPUT = ROOT / "src" / "cli" / "output" / "link_record.c"


class Columns(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.found = {}
        for path in (PRESENT, PRESENT_V13):
            model = contract.load(path)
            found = find_columns(ROOT, *examine(ROOT, model))
            cls.found[model.namespace[-3:]] = {
                f"{owner.local}.{local}": names for (_, owner, local), names in found.items()
            }

    def names(self, side):
        return {
            name
            for version in self.found.values()
            for each in version.values()
            for name in each[side]
        }

    def test_by_hand(self):
        for version, field, side, names in (
            ("v11", "ClientLink.ClientAccountId", "input", ["ClientAccountId", "ClientEntityId"]),
            ("v13", "ClientLink.ClientEntityId", "output", ["clientAccountId", "clientCustomerId"]),
            ("v13", "ClientLink.Note", "input", ["Note"]),
            ("v11", "ClientLink.Status", "input", []),
            ("v13", "CustomerRole.LinkedAccountIds", "output", ["linkedAccountIds"]),
            ("v11", "User.UserLifeCycleStatus", "output", ["lifeCycleStatus"]),
        ):
            self.assertEqual(self.found[version][field][side], names, field)

    def test_each_column_of_a_link_is_found(self):
        columns = re.findall(r'^    \{"(\w+)", ', OUTPUT.read_text(), re.MULTILINE)
        self.assertGreater(len(columns), 20)
        self.assertLessEqual(set(columns), self.names("output"))
        columns = re.findall(r'^    \[ROW_\w+\] = \{\s*"(\w+)"', INPUT.read_text(), re.MULTILINE)
        self.assertGreater(len(columns), 10)
        self.assertLessEqual(set(columns), self.names("input"))


if __name__ == "__main__":
    unittest.main()
