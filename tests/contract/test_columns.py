"""Which columns of CSV and NDJSON a field of the contract ends in, read from the sources."""

import re
import unittest

from support import PRESENT, PRESENT_V13, ROOT, contract

from wrapper_columns import find_columns
from wrapper_uses import examine

FIELDS = ROOT / "src" / "cli" / "input" / "link_fields.h"


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
        text = FIELDS.read_text("utf-8").replace("\\\n", " ")
        names = re.findall(r'X\(\w+,\s+"(\w+)",.*?"([a-z]\w+)",', text)
        self.assertGreater(len(names), 20)
        self.assertLessEqual({key for _, key in names}, self.names("output"))
        self.assertLessEqual({"Note", "StartDate", "Type"}, self.names("input"))


if __name__ == "__main__":
    unittest.main()
