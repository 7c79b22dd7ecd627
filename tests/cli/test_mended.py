"""A list that was mended after its journal was made: nobody is invited twice."""

import sqlite3
import unittest
from contextlib import closing

from support import AGENCY, SimTest

A, B, C, D = 1001001, 1001002, 1001003, 1001004
PREPAID, PENDING = 1001021, 1001025


class Mended(SimTest):
    def write_list(self, *rows):
        self.write_rows("in.csv", "ClientAccountId,Name\n" + "".join(f"{i},{n}\n" for i, n in rows))

    def add(self, *rows):
        self.write_list(*rows)
        result = self.bacm("add", "in.csv")
        outcomes = [(r["clientAccountId"], r["outcome"], r["confirmedBy"])
                    for r in result.records()]
        return result, outcomes

    def test_rows_are_known_by_their_pairs(self):
        self.add((A, "a"), (B, "b"), (PREPAID, "p"))
        result, outcomes = self.add((C, "c"), (B, "b"), (PREPAID, "p"), (A, "a"))
        self.assertEqual(outcomes, [(C, "added", "response"), (B, "added", "journal"),
                                    (PREPAID, "failed", "journal"), (A, "added", "journal")],
                         result.err)
        self.assert_says(result, "3 rows are the same, 0 have changed, 1 are new, 0 are gone")
        self.assertEqual(set(self.sim.invitations().values()), {1})
        again = self.bacm("add", "in.csv")
        self.assertEqual([r["confirmedBy"] for r in again.records()], ["journal"] * 4)
        self.assertEqual([r["line"] for r in again.records()], [2, 3, 4, 5])
        self.assertNotIn("has changed", again.err)

    def test_numbers_have_no_case(self):
        """The pair is the same, to the journal, the library and the service; the text is not."""
        self.write_rows("in.csv", f"ClientAccountNumber\nX{A}\n")
        self.assertEqual(self.bacm("add", "in.csv").outcomes(), ["added"])
        self.write_rows("in.csv", f"ClientAccountNumber\nx{B}\nx{A}\n")
        result = self.bacm("add", "in.csv")
        self.assertEqual([(r["outcome"], r["confirmedBy"]) for r in result.records()],
                         [("added", "response"), ("added", "journal")], result.err)
        self.assertEqual(sorted(self.sim.invitations().values()), [1, 1])

    def test_changed_rows(self):
        """What was refused is sent anew, an invitation that is out is not."""
        self.add((A, "a"), (PENDING, "p"), (9999999, "x"))
        self.bacm("update", "cancel", PENDING)
        result, outcomes = self.add((A, "other"), (PENDING, "other"), (9999999, "x"))
        self.assertEqual(outcomes, [(A, "added", "journal"), (PENDING, "added", "response"),
                                    (9999999, "failed", "journal")], result.err)
        self.assert_says(result, "1 rows are the same, 2 have changed, 0 are new, 0 are gone",
                         "1 are invited already")
        self.assertEqual(self.sim.find(PENDING)["Name"], "other")
        self.assertEqual(self.sim.invitations()[A, AGENCY], 1)

    def test_removed_rows_are_remembered(self):
        """Also when the client has said no in between."""
        self.add((A, "a"), (B, "b"))
        result, outcomes = self.add((B, "b"))
        self.assertEqual(outcomes, [(B, "added", "journal")])
        self.assert_says(result, "1 rows are the same, 0 have changed, 0 are new, 1 are gone")
        exported = self.bacm("journal", "export", "in.csv.journal").records()
        self.assertEqual([r["clientAccountId"] for r in exported], [B])
        self.bacm("update", "cancel", A)
        result, outcomes = self.add((D, "d"), (B, "b"), (A, "a"))
        self.assertEqual(outcomes, [(D, "added", "response"), (B, "added", "journal"),
                                    (A, "added", "journal")])
        self.assert_says(result, "2 rows are the same, 0 have changed, 1 are new, 0 are gone")
        self.assertEqual(self.sim.invitations()[A, AGENCY], 1)

    def test_shown_before_the_question_and_kept_when_refused(self):
        """A list that shares no pair with the journal is another list."""
        self.add((A, "a"))
        result, outcomes = self.add((B, "b"))
        self.assertEqual((result.code, outcomes), (3, []))
        self.assert_says(result, "BACM_E_JOURNAL_MISMATCH")
        result, outcomes = self.add((A, "a"))
        self.assertEqual(outcomes, [(A, "added", "journal")])

    def test_last_look_goes_with_its_row(self):
        """Also when the row is gone in between, which no count has."""
        self.add((A, "a"), (B, "b"))
        self.bacm("status", "in.csv")
        self.add((C, "c"), (B, "b"))
        self.bacm("status", "in.csv")
        self.add((B, "b"), (A, "a"), (C, "c"), (D, "d"))
        self.sim.control("clock", {"step": 31 * 24 * 3600})
        result = self.bacm("status", "--output", "ndjson", "in.csv")
        self.assertEqual([(r["clientAccountId"], r["lastStatus"], r["status"])
                          for r in result.records()],
                         [(i, None if i == D else "LinkPending", "LinkExpired")
                          for i in (B, A, C, D)], result.err)

    def test_rows_that_are_gone_are_not_counted(self):
        self.add((A, "a"), (B, "b"))
        self.bacm("status", "in.csv")
        self.add((B, "b"))
        self.bacm("status", "in.csv")
        with closing(sqlite3.connect(self.folder / "in.csv.journal")) as journal:
            self.assertEqual(journal.execute("SELECT rows FROM look_count").fetchall(),
                             [(2,), (1,)])

    def test_failed_rows_that_were_mended_in_place(self):
        self.write_rows("in.csv", "ClientAccountId,Name\n1001001,a\n1001002x,b\n")
        self.bacm("add", "--skip-invalid", "in.csv")
        result, outcomes = self.add((A, "a"), (B, "b"))
        self.assertEqual(outcomes, [(A, "added", "journal"), (B, "added", "response")], result.err)


if __name__ == "__main__":
    unittest.main()
