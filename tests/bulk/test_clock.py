"""The machine's clock is wrong, or is set while a run is under way: the service's time decides."""

import unittest
from datetime import datetime, timedelta, timezone

from sim.harness import PATIENCE
from support import BulkTest, invitations, requests, rows, shifted_clock

HOUR = 3600
ACCOUNTS = range(1001001, 1001011)
INVITED = (1001025, 1001028)  # which have a link that is alive


class WrongClock(BulkTest):
    shift = HOUR
    step_ms = 0

    def command(self, sim, **options):
        arguments, environment = super().command(sim, **options)
        return arguments, shifted_clock(environment, self.shift, self.step_ms)

    def old_links(self, customers=()):
        """The links are half an hour old: the machine's clock is wrong by more than that."""
        made = datetime.now(timezone.utc) - timedelta(seconds=HOUR / 2)
        return super().old_links(customers, made.strftime("%Y-%m-%dT%H:%M:%S.000"))

    def check_own_links(self, *faults, **options):
        sim = self.simulator(*faults)
        outcome = self.run_rows(sim, rows(*ACCOUNTS), **options)
        self.assertEqual(outcome.status, 0, outcome.errors)
        self.assertEqual({record["outcome"] for record in outcome.records}, {"added"},
                         outcome.records)
        self.assertEqual(invitations(sim), {account: 1 for account in ACCOUNTS})
        return sim

    def check_links_of_others(self):
        sim = self.simulator("drop-after,op=AddClientLinks,call=1", arguments=self.old_links())
        outcome = self.run_rows(sim, rows(*INVITED))
        self.assertEqual([record["outcome"] for record in outcome.records], ["failed"] * 2,
                         outcome.records)
        self.assertEqual(invitations(sim), {})

    def test_a_link_that_this_run_has_made_is_known_as_its_own(self):
        for self.shift in (HOUR, -HOUR):
            with self.subTest(shift=self.shift):
                self.setUp()
                sim = self.check_own_links("drop-after,op=AddClientLinks,call=1")
                self.assertEqual(len(requests(sim, "AddClientLinks")), 1)

    def test_a_link_of_somebody_else_is_not_taken_for_its_own(self):
        for self.shift in (HOUR, -HOUR):
            with self.subTest(shift=self.shift):
                self.setUp()
                self.check_links_of_others()

    def test_a_clock_that_is_set_while_a_reply_is_awaited(self):
        """The call is carried out and its reply comes too late; meanwhile the clock is set."""
        self.step_ms = 600 * PATIENCE
        for self.shift in (HOUR, -HOUR):
            with self.subTest(shift=self.shift):
                self.setUp()
                self.check_own_links(f"delay={2500 * PATIENCE},op=AddClientLinks,call=1",
                                     call_timeout_ms=1200 * PATIENCE)


if __name__ == "__main__":
    unittest.main()
