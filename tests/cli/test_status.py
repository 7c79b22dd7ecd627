"""bacm status: where every row of a list or of a journal stands."""

import unittest

from support import V13, SimTest

PENDING, ACTIVE, EXPIRED, NEW = 1001025, 1001028, 1001034, 1001001


class Status(SimTest):
    def status(self, *arguments, **options):
        return self.bacm("status", "--output", "ndjson", *arguments, **options)

    def test_rows(self):
        result = self.status(self.add_rows(PENDING, ACTIVE, EXPIRED, NEW))
        self.assertEqual(result.code, 0, result.err)
        rows = result.records()
        self.assertEqual([(r["clientAccountId"], r["status"], r["daysLeft"]) for r in rows],
                         [(PENDING, "LinkPending", 30), (ACTIVE, "Active", None),
                          (EXPIRED, "LinkExpired", None), (NEW, None, None)])
        self.assertEqual([(r["list"], r["index"], r["line"], r["lastStatus"]) for r in rows],
                         [("clients.csv", i, i + 2, None) for i in range(4)])
        self.assert_says(result, "1  LinkPending, days left: 30", "1  no link")

    def test_one_search_for_all_rows(self):
        self.status(self.add_rows(*range(1001001, 1001021)))
        self.assertEqual(self.operations().count("SearchClientLinks"), 1)

    def test_numbers(self):
        self.write_rows("in.csv", "ClientAccountNumber\nx1001025\nX1001001\n")
        self.assertEqual([r["status"] for r in self.status("in.csv").records()],
                         ["LinkPending", None])

    def test_table_has_counts(self):
        result = self.bacm("status", "--output", "table", self.add_rows(PENDING, 1001026, NEW))
        head, *rows = result.out.splitlines()
        self.assertRegex(head, "^Status +Rows +Changed +Days left$")
        self.assertRegex("\n".join(rows), "^no link +1 +0 *\nLinkPending +2 +0 +30$")

    def test_several_lists(self):
        self.add_rows(PENDING)
        self.write_rows("b.csv", f"Account ID\n{ACTIVE}\n")
        result = self.status("clients.csv", "b.csv")
        self.assertEqual([(r["list"], r["status"]) for r in result.records()],
                         [("clients.csv", "LinkPending"), ("b.csv", "Active")])
        self.assertEqual(self.operations().count("SearchClientLinks"), 1)

    def test_journal_and_changes_since_the_last_look(self):
        name = self.add_rows(NEW, 1001002)
        self.assertEqual(self.bacm("add", name).code, 0)
        for path in (name, name + ".journal"):
            with self.subTest(path):
                rows = self.status(path).records()
                self.assertEqual([r["status"] for r in rows], ["LinkPending"] * 2)
        self.bacm("update", "cancel", NEW)
        changed = self.status("--changed", name + ".journal").records()
        self.assertEqual([(r["clientAccountId"], r["lastStatus"], r["status"]) for r in changed],
                         [(NEW, "LinkPending", "LinkCanceled")])
        self.assertEqual(self.status("--changed", name).records(), [])
        again = self.bacm("add", name)
        self.assertEqual((again.code, again.outcomes()), (0, ["added"] * 2), again.err)

    def test_a_link_that_comes_is_a_change(self):
        name = self.add_rows(NEW, 1001021)
        self.bacm("add", name)
        self.bacm("update", "cancel", NEW)
        self.status(name)
        self.bacm("add", "--no-journal", self.write_rows("x.csv", f"ClientAccountId\n{NEW}\n"))
        self.assertEqual([(r["lastStatus"], r["status"]) for r in
                          self.status("--changed", name).records()],
                         [("LinkCanceled", "LinkPending")])

    def test_watch(self):
        process = self.start("status", "--watch", "10", "--output", "ndjson",
                             self.add_rows(PENDING))
        line = process.stdout.readline()
        self.assertIn(b'"LinkPending"', line)
        process.terminate()
        process.communicate(timeout=30)

    def test_bad_list(self):
        self.write("in.csv", "ClientAccountId\nx\n")
        result = self.status("in.csv")
        self.assertEqual(result.code, 2)
        self.assert_says(result, "in.csv:2: column 1")
        self.assertEqual(self.status().code, 2)


if V13:
    class Customers(SimTest):
        def test_a_customer_is_no_account(self):
            self.write("in.csv", "Type,ClientEntityId,IsBillToClient\nCustomerLink,3001001,\n"
                                 "AccountLink,1001025,false\n")
            self.assertEqual(self.bacm("add", "--skip-invalid", "in.csv").code, 1)
            result = self.bacm("status", "--output", "ndjson", "in.csv")
            self.assertEqual([(r["type"], r["clientCustomerId"], r["status"])
                              for r in result.records()],
                             [("CustomerLink", 3001001, "LinkPending"),
                              ("AccountLink", None, "LinkPending")])


if __name__ == "__main__":
    unittest.main()
