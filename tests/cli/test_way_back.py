"""What bacm writes, bacm reads: each output of a command as the input of the others."""

import unittest

from support import AGENCY, V13, SimTest

# A wait that is over at once.
WAIT = ("wait", "--until", "LinkPending,LinkCanceled")
EXPIRED, DECLINED = 1001034, 1001035


class WayBack(SimTest):
    def outputs(self, kind):
        """Files with what each command writes; every row names a client."""
        self.write_rows("clients.csv", "ClientAccountId,Name\n1001001,A\n1001025,B\n1001002,C\n")
        runs = {
            "add": ("add", "clients.csv"),
            "journal": ("journal", "export", "clients.csv.journal"),
            "check": ("add", "--check-duplicates", "clients.csv"),
            "search": ("search", 1001001, 1001025, 1001002),
            "wait": (*WAIT, 1001001, 1001002),
            "update": ("update", "cancel", 1001002),
        }
        files = []
        for name, arguments in runs.items():
            result = self.bacm("-q", "--output", kind, *arguments)
            self.assertIn("1001002", result.out, result.err)
            files.append(self.write(f"{name}.{kind}", result.out))
        return files

    def check(self, kind):
        files = self.outputs(kind)
        for name in files:
            for command in (("search", "--input"), (*WAIT, "--input"),
                            ("update", "cancel", "--input")):
                with self.subTest(name=name, command=command[0]):
                    result = self.bacm("--output", "ndjson", *command, name)
                    self.assertNotEqual(result.code, 2, result.err)
                    self.assertIn("1001002", result.out)
            with self.subTest(name=name, command="add"):
                options = ("--no-journal", "--output", "ndjson")
                if V13 and not name.startswith("search"):
                    # What those do not say must be said anew.
                    self.assert_says(self.bacm("add", *options, name), "IsBillToClient")
                    continue
                result = self.bacm("add", *options, name)
                self.assertIn(result.code, (0, 1), result.err)
                self.assertIn(1001002, [r["clientAccountId"] for r in result.records()])

    def test_csv(self):
        self.check("csv")

    def test_ndjson(self):
        self.check("ndjson")

    def test_what_has_expired_is_invited_again(self):
        for status, kind, account in (("LinkExpired", "csv", EXPIRED),
                                      ("LinkDeclined", "ndjson", DECLINED)):
            found = self.bacm("-q", "search", "--status", status, "--output", kind)
            result = self.bacm("add", "--output", "ndjson", "-", stdin=found.out)
            self.assertEqual(result.code, 0, result.err)
            self.assertEqual([r["clientAccountId"] for r in result.records()], [account])
            self.assertEqual(self.sim.find(account)["Status"], "LinkPending")


if V13:
    class Customers(SimTest):
        def test_customers(self):
            """A customer stays one, though it has an id of its own column."""
            self.write("in.csv", "Type,ClientEntityId\nCustomerLink,3001001\n")
            added = self.bacm("-q", "add", "--output", "csv", "--no-journal", "in.csv")
            self.assertEqual(added.code, 0, added.err)
            for source in (added.out, self.bacm("-q", "search", "--output", "csv",
                                                "--client-customer", 3001001).out):
                self.write("out.csv", source)
                dry = self.bacm("add", "--dry-run", "--managing-customer-id", AGENCY, "out.csv")
                self.assertIn("<ent:Type>CustomerLink</ent:Type>", dry.out, dry.err)
                self.assertIn("<ent:ClientEntityId>3001001</ent:ClientEntityId>", dry.out)
            result = self.bacm("update", "cancel", "--input", "out.csv")
            self.assertEqual(result.code, 0, result.err)
            self.assertEqual(result.records()[0]["clientCustomerId"], 3001001)


if __name__ == "__main__":
    unittest.main()
