"""add --again and --retry-failed: who is invited a second time, and who is not."""

import unittest

from support import AGENCY, SimTest

NEW, PREPAID, PENDING, ACTIVE = 1001001, 1001021, 1001025, 1001028
EXPIRED, DECLINED, CANCELED = 1001034, 1001035, 1001036
ENDED = (EXPIRED, DECLINED, CANCELED)


class Again(SimTest):
    def again(self, statuses, name, *arguments):
        return self.bacm("add", "--output", "ndjson", "--again", statuses, *arguments, name)

    def accounts(self, result):
        return [record["clientAccountId"] for record in result.records()]

    def test_exactly_those(self):
        name = self.add_rows(NEW, *ENDED, PENDING, ACTIVE)
        result = self.again("expired,canceled", name)
        self.assertEqual((result.code, self.accounts(result)), (0, [EXPIRED, CANCELED]), result.err)
        self.assertEqual([(r["index"], r["line"]) for r in result.records()], [(1, 3), (3, 5)])
        self.assertEqual(set(self.sim.invitations()), {(EXPIRED, AGENCY), (CANCELED, AGENCY)})
        self.assert_says(result, "2 of 6 rows are to be invited anew", "2 rows in")

    def test_a_second_run_invites_nobody(self):
        name = self.add_rows(*ENDED)
        self.again("expired,declined,canceled", name)
        result = self.again("expired,declined,canceled", name)
        self.assertEqual((result.code, result.out), (0, ""), result.err)
        self.assertEqual(set(self.sim.invitations().values()), {1})

    def test_a_search_comes_before_the_first_invitation(self):
        self.again("expired", self.add_rows(EXPIRED))
        operations = [name for name in self.operations() if name != "GetUser"]
        self.assertEqual(operations, ["SearchClientLinks", "AddClientLinks"])

    def test_what_the_journal_has_as_added(self):
        """Invited by an earlier run, ended since."""
        name = self.add_rows(NEW, 1001002)
        self.bacm("add", name)
        self.bacm("update", "cancel", NEW)
        self.assertEqual(self.bacm("add", name).outcomes(), ["added"] * 2)
        self.assertEqual(self.sim.invitations()[NEW, AGENCY], 1)
        result = self.again("canceled", name)
        self.assertEqual((result.code, self.accounts(result)), (0, [NEW]), result.err)
        self.assertEqual(result.records()[0]["confirmedBy"], "response")
        self.assertEqual(self.sim.invitations(), {(NEW, AGENCY): 2, (1001002, AGENCY): 1})
        self.assertEqual([r["confirmedBy"] for r in self.bacm("add", name).records()],
                         ["journal"] * 2)

    def test_statuses_that_block_are_refused(self):
        result = self.again("expired,pending", self.add_rows(PENDING))
        self.assertEqual(result.code, 2)
        self.assert_says(result, "LinkPending cannot be invited again")
        self.assertEqual(self.again("exspired", self.add_rows(PENDING)).code, 2)
        self.assertEqual(self.sim.log(), [])

    def test_bad_rows_are_not_among_them(self):
        self.write_rows("in.csv", f"ClientAccountId\nx\n{EXPIRED}\n")
        self.assertEqual(self.again("expired", "in.csv").code, 2)
        result = self.again("expired", "in.csv", "--skip-invalid")
        self.assertEqual((result.code, self.accounts(result)), (0, [EXPIRED]), result.err)

    def test_not_with_others(self):
        name = self.add_rows(EXPIRED)
        for option in ("--retry-failed", "--dry-run", "--check-duplicates"):
            self.assertEqual(self.again("expired", name, option).code, 2)


class RetryFailed(SimTest):
    def retry(self, name, *arguments):
        return self.bacm("add", "--output", "ndjson", "--retry-failed", *arguments, name)

    def test_only_what_may_pass_now(self):
        """The client of 1410 is free now, 2108 stays wrong, what is pending stays as it is."""
        name = self.add_rows(NEW, PENDING, 1001026, 9999999)
        self.assertEqual(self.bacm("add", name).outcomes(),
                         ["added", "failed", "failed", "failed"])
        self.bacm("update", "cancel", PENDING)
        before = self.sim.invitations()
        result = self.retry(name)
        self.assertEqual([(r["clientAccountId"], r["outcome"]) for r in result.records()],
                         [(PENDING, "added")], result.err)
        sent = {pair: n - before.get(pair, 0) for pair, n in self.sim.invitations().items()}
        self.assertEqual({pair for pair, n in sent.items() if n}, {(PENDING, AGENCY)})
        self.assertEqual([r["outcome"] for r in self.bacm("add", name).records()],
                         ["added", "added", "failed", "failed"])

    def test_refused_once_more(self):
        name = self.add_rows(PREPAID)
        self.bacm("add", name)
        result = self.retry(name)
        self.assertEqual((result.code, result.outcomes()), (1, ["failed"]), result.err)
        self.assertEqual(result.records()[0]["confirmedBy"], "response")

    def test_nothing_to_do(self):
        name = self.add_rows(NEW)
        self.bacm("add", name)
        result = self.retry(name)
        self.assertEqual((result.code, result.out), (0, ""), result.err)

    def test_needs_the_journal_of_this_list(self):
        name = self.add_rows(PENDING)
        self.assertEqual(self.retry(name, "--no-journal").code, 2)
        self.assertEqual(self.retry(name).code, 3)
        self.bacm("add", name)
        self.write_rows("other.csv", f"ClientAccountId\n{NEW}\n{PENDING}\n")
        result = self.retry("other.csv", "--journal", name + ".journal")
        self.assertEqual(result.code, 3, result.err)
        self.assert_says(result, "another list")


if __name__ == "__main__":
    unittest.main()
