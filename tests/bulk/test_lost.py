"""Calls whose reply is lost, broken or a refusal: what becomes of their rows."""

import unittest
from datetime import datetime

from sim.harness import API, PATIENCE
from support import AGENCY, BulkTest, HASTE, customer, invitations, log, requests, rows

ACCOUNTS = range(1001001, 1001021)


# v13 lets anybody invite.
NOT_AN_AGENCY = (("SOLO-ADMIN-TOKEN", "BACM_E_AUTHORIZATION"),) if API.v11 else ()


def moment(entry):
    """When a request was logged, in seconds."""
    return datetime.fromisoformat(entry["time"].replace("Z", "+00:00")).timestamp()


class LostReplies(BulkTest):
    def check_all_added(self, *faults, by_search=None, calls=None, accounts=ACCOUNTS, **options):
        sim = self.simulator(*faults)
        outcome = self.run_rows(sim, rows(*accounts), **options)
        self.assertEqual(outcome.status, 0, outcome.errors)
        self.assertEqual(outcome.count("added"), len(accounts), outcome.records)
        self.assertEqual(invitations(sim), {account: 1 for account in accounts})
        if by_search is not None:
            self.assertEqual(outcome.summary["bySearch"], by_search)
        if calls is not None:
            self.assertEqual(len(requests(sim, "AddClientLinks")), calls)
        return outcome

    def test_nothing_goes_wrong(self):
        outcome = self.check_all_added(by_search=0, calls=2)
        self.assertEqual(outcome.summary["searches"], 0)

    def test_what_happens_is_logged_by_one_lane_at_a_time(self):
        sim = self.simulator("drop-after,op=AddClientLinks,call=1",
                             arguments=("--generate", "agencies=1,clients=200"))
        outcome = self.run_rows(sim, "generate 200 2100001\n", token="GENERATED-AGENCY-1-TOKEN",
                                log_level=2)
        self.assertEqual(outcome.count("added"), 200)
        lines = [line for line in outcome.errors.splitlines() if "AddClientLinks" in line]
        levels = [line.split()[1] for line in lines if line.startswith("log ")]
        self.assertEqual((levels.count("2"), levels.count("0")), (19, 1), lines)
        self.assertNotIn("at once", outcome.errors)

    def test_a_call_that_was_carried_out_and_not_answered_is_found_by_search(self):
        self.check_all_added("drop-after,op=AddClientLinks,call=1", by_search=10)

    def test_a_call_that_was_forgotten_is_sent_again_after_a_search(self):
        outcome = self.check_all_added("drop-before,op=AddClientLinks,call=1", by_search=0)
        self.assertEqual(outcome.summary["searches"], 1)
        self.assertEqual(outcome.summary["calls"], 3)

    def test_a_reply_later_than_the_timeout_is_found_by_search(self):
        self.check_all_added(f"delay={1500 * PATIENCE},op=AddClientLinks,call=1", by_search=10)

    def test_a_call_that_is_carried_out_after_the_resend_counts_once(self):
        """The search comes too early; then the resend is told 1410, and means success."""
        outcome = self.check_all_added(f"stall={900 * PATIENCE},op=AddClientLinks,call=1",
                                       accounts=ACCOUNTS[:10], tries=6,
                                       call_timeout_ms=700 * PATIENCE, backoff_ms=300 * PATIENCE)
        self.assertEqual({record["outcome"] for record in outcome.records}, {"added"})

    def test_broken_replies_are_found_by_search(self):
        for fault in ("truncate=700", "garbage", "empty", "http=503", "count=1", "count=-1",
                      "fault-after=adapi:0", "fault-after=adapi:202"):
            with self.subTest(fault=fault):
                self.setUp()
                self.check_all_added(fault + ",op=AddClientLinks,call=1")

    def test_a_service_error_before_anything_was_done_is_tried_again(self):
        for fault in ("fault=adapi:0", "fault=operation:0", "http=500", "refuse"):
            with self.subTest(fault=fault):
                self.setUp()
                self.check_all_added(fault + ",op=AddClientLinks,call=1")

    def test_a_search_that_fails_is_tried_again(self):
        self.check_all_added("drop-after,op=AddClientLinks,call=1",
                             "http=503,op=SearchClientLinks,call=1-2", by_search=10)

    def test_searches_that_fail_for_good_leave_rows_unknown(self):
        sim = self.simulator("drop-after,op=AddClientLinks,call=1", "http=503,op=SearchClientLinks")
        outcome = self.run_rows(sim, rows(*ACCOUNTS), concurrency=1)
        self.assertEqual(outcome.status, 0, outcome.errors)
        self.assertEqual([record["outcome"] for record in outcome.records],
                         ["unknown"] * 10 + ["added"] * 10)
        self.assertIn("HTTP", outcome.records[0]["reason"])
        sim.control("faults", {"clear": True})
        outcome = self.run_rows(sim, rows(*ACCOUNTS), concurrency=1)
        self.assertEqual(outcome.count("added"), 20)
        self.assertEqual(outcome.summary["bySearch"], 10)
        self.assertEqual(outcome.summary["byJournal"], 10)
        self.assertEqual(invitations(sim), {account: 1 for account in ACCOUNTS})

    def test_a_pair_that_was_there_before_is_refused_after_a_lost_reply_too(self):
        sim = self.simulator("drop-after,op=AddClientLinks,call=1", arguments=self.old_links())
        outcome = self.run_rows(sim, rows(1001001, 1001025, 1001028, 1001021, 1001029, 999999999))
        self.assertEqual(outcome.of(1001001)["confirmedBy"], "search")
        self.assertEqual(outcome.of(1001001)["outcome"], "added")
        for account, code in ((1001025, 1410), (1001028, 1410), (1001021, 1471), (1001029, 1424),
                              (999999999, 2108)):
            record = outcome.of(account)
            self.assertEqual(record["outcome"], "failed", record)
            self.assertEqual(record["confirmedBy"], "response", record)
            self.assertEqual(record["errors"][0]["code"], code, record)
        self.assertEqual(invitations(sim), {1001001: 1})

    def test_an_old_link_that_has_ended_does_not_speak_for_the_attempt(self):
        """It is what the search finds; then the first attempt is carried out, late: 1410."""
        ended = (1001034, 1001035, 1001036, 1001037, 1001038)
        sim = self.simulator(f"stall={1200 * PATIENCE},op=AddClientLinks,call=1",
                             f"delay={700 * PATIENCE},op=SearchClientLinks,call=1",
                             arguments=self.old_links())
        outcome = self.run_rows(sim, rows(*ended), call_timeout_ms=900 * PATIENCE, tries=6)
        self.assertEqual([record["outcome"] for record in outcome.records], ["added"] * 5,
                         outcome.records)
        self.assertEqual(invitations(sim), {account: 1 for account in ended})

    def test_an_old_link_that_is_alive_is_refused_after_a_lost_reply_and_a_resend(self):
        sim = self.simulator("drop-before,op=AddClientLinks,call=1", arguments=self.old_links())
        outcome = self.run_rows(sim, rows(1001025, 1001028, 1001034))
        self.assertEqual([record["outcome"] for record in outcome.records],
                         ["failed", "failed", "added"], outcome.records)
        self.assertEqual(outcome.records[0]["errors"][0]["code"], 1410)

    def test_rows_with_numbers_are_searched_by_managing_customer(self):
        sim = self.simulator("drop-after,op=AddClientLinks,call=1")
        outcome = self.run_rows(sim, f"X1001001 {AGENCY}\n1001002 C{AGENCY}\nX1001003 C{AGENCY}\n"
                                     f"1001004 {AGENCY}\n")
        self.assertEqual(outcome.count("added"), 4, outcome.records)
        self.assertEqual({record["confirmedBy"] for record in outcome.records}, {"search"})
        self.assertEqual(len(requests(sim, "AddClientLinks")), 1)

    def test_a_link_that_has_ended_since_the_attempt_is_never_sent_again(self):
        sim = self.simulator("drop-after,op=AddClientLinks,call=1",
                             "link-status=LinkDeclined,op=SearchClientLinks")
        outcome = self.run_rows(sim, rows(1001001))
        self.assertEqual(outcome.count("unknown"), 1)
        self.assertIn("LinkDeclined", outcome.records[0]["errors"][0]["message"])
        self.run_rows(sim, rows(1001001))
        self.assertEqual(len(requests(sim, "AddClientLinks")), 1)


class Refusals(BulkTest):
    def test_a_call_refused_as_a_whole_is_split_so_that_one_bad_link_costs_only_itself(self):
        sim = self.simulator("fault=api:2108,op=AddClientLinks,call=1")
        outcome = self.run_rows(sim, rows(*ACCOUNTS[:10]))
        self.assertEqual(outcome.count("added"), 10, outcome.records)
        self.assertEqual(len(requests(sim, "AddClientLinks")), 11)

    def test_a_link_that_is_refused_alone_has_the_error_of_the_call(self):
        sim = self.simulator("fault=api:2108,op=AddClientLinks,call=1-2")
        outcome = self.run_rows(sim, rows(*ACCOUNTS[:3]))
        self.assertEqual([record["outcome"] for record in outcome.records],
                         ["failed", "added", "added"])
        self.assertEqual(outcome.records[0]["errors"][0]["code"], 2108)
        self.assertEqual(outcome.records[0]["errors"][0]["channel"], "api_fault")

    def check_split(self, fault, bad):
        """The first call fails as a whole, and so does its first row alone."""
        sim = self.simulator(fault + ",op=AddClientLinks,call=1-4")
        outcome = self.run_rows(sim, rows(*ACCOUNTS), concurrency=1, tries=2, give_up_after=2)
        self.assertEqual(outcome.status, 0, outcome.errors)
        self.assertEqual([record["outcome"] for record in outcome.records],
                         [bad] + ["added"] * 19)
        self.assertEqual([len(entry["links"]) for entry in requests(sim, "AddClientLinks")
                          if "links" in entry][-10:], [1] * 9 + [10])
        self.assertEqual(len(requests(sim, "AddClientLinks")), 2 + 2 + 9 + 1)
        self.assertEqual(invitations(sim), {account: 1 for account in ACCOUNTS[1:]})
        self.check_searches(sim, needed=bad == "unknown")
        return outcome

    def check_searches(self, sim, needed):
        """Whether there is a search between a call and the next one of the same rows."""
        operations = [entry["operation"] for entry in log(sim)]
        first = operations.index("AddClientLinks")
        self.assertEqual(operations[first:first + 7],
                         ["AddClientLinks", "SearchClientLinks"] * 3 + ["AddClientLinks"] if needed
                         else ["AddClientLinks"] * 7)

    def test_a_call_that_the_service_fails_again_and_again_is_split(self):
        outcome = self.check_split("fault=adapi:0", "unknown")
        self.assertEqual(outcome.records[0]["errors"][0]["code"], 0)

    def test_a_call_that_is_refused_for_a_while_again_and_again_is_split(self):
        outcome = self.check_split("fault=operation:1472", "not_sent")
        self.assertEqual(outcome.records[0]["errors"][0]["code"], 1472)

    def test_what_was_carried_out_meanwhile_is_not_sent_alone(self):
        sim = self.simulator("fault=adapi:0,op=AddClientLinks,call=1",
                             "fault-after=adapi:0,op=AddClientLinks,call=2")
        outcome = self.run_rows(sim, rows(*ACCOUNTS), concurrency=1, tries=2)
        self.assertEqual(outcome.summary["bySearch"], 10)
        self.assertEqual(len(requests(sim, "AddClientLinks")), 3)

    def test_a_service_that_always_fails_is_not_asked_for_each_row(self):
        """Two calls of two tries, each with two rows alone before the rest is left."""
        sim = self.simulator("fault=adapi:0,op=AddClientLinks")
        outcome = self.run_rows(sim, rows(*range(1001001, 1001101)), concurrency=1, tries=2,
                                give_up_after=2)
        self.assertEqual(outcome.summary["status"], "BACM_E_UNKNOWN_OUTCOME")
        self.assertLessEqual(len(requests(sim, "AddClientLinks")), 3 * (2 + 2 * 2))
        self.assertGreaterEqual(outcome.count("unknown"), 20)

    def test_an_answer_that_is_not_the_services_splits_nothing(self):
        sim = self.simulator("http=503,op=AddClientLinks")
        self.run_rows(sim, rows(*ACCOUNTS[:10]), tries=2)
        self.assertEqual(len(requests(sim, "AddClientLinks")), 2)

    def test_credentials_that_are_refused_end_the_run(self):
        for token, status in (("WRONG", "BACM_E_AUTHENTICATION"),
                              ("EXPIRED-TOKEN", "BACM_E_TOKEN_EXPIRED"),
                              ("AGENCY-VIEWER-TOKEN", "BACM_E_"),
                              *NOT_AN_AGENCY):
            with self.subTest(token=token):
                self.setUp()
                sim = self.simulator()
                outcome = self.run_rows(sim, rows(*ACCOUNTS), token=token)
                self.assertIn(status, outcome.summary["status"])
                self.assertEqual(outcome.count("not_sent"), 20)
                self.assertTrue(all(record["errors"] for record in outcome.records))
                self.assertEqual(invitations(sim), {})

    def test_credentials_that_are_refused_later_keep_what_was_done(self):
        sim = self.simulator("fault=adapi:105,op=AddClientLinks,call=2")
        outcome = self.run_rows(sim, rows(*ACCOUNTS), concurrency=1)
        self.assertEqual(outcome.summary["status"], "BACM_E_AUTHENTICATION")
        self.assertEqual([record["outcome"] for record in outcome.records],
                         ["added"] * 10 + ["not_sent"] * 10)
        outcome = self.run_rows(sim, rows(*ACCOUNTS), concurrency=1)
        self.assertEqual(outcome.count("added"), 20)
        self.assertEqual(invitations(sim), {account: 1 for account in ACCOUNTS})

    def test_refused_rows_are_not_sent_again_but_those_refused_for_a_while_are(self):
        sim = self.simulator()
        first = self.run_rows(sim, rows(1001021, 1001032))
        self.assertEqual(first.count("failed"), 2)
        second = self.run_rows(sim, rows(1001021, 1001032))
        self.assertEqual(second.of(1001021)["confirmedBy"], "journal")
        self.assertEqual(second.of(1001021)["errors"], first.of(1001021)["errors"])
        self.assertEqual(second.of(1001032)["confirmedBy"], "response")
        self.assertEqual([len(entry["links"]) for entry in requests(sim, "AddClientLinks")], [2, 1])

    def test_a_service_that_is_down_ends_the_run(self):
        outcome = self.run_rows(self.simulator(), rows(*range(1001001, 1001101)), concurrency=1,
                                endpoint="http://127.0.0.1:9/", ca_file=None)
        self.assertEqual(outcome.summary["status"], "BACM_E_CONNECT")
        self.assertEqual(outcome.count("not_sent"), 100)
        self.assertLess(outcome.summary["milliseconds"], 5000 * PATIENCE)


class Throttling(BulkTest):
    def test_a_throttled_call_is_waited_for_and_uses_up_no_try(self):
        for fault in ("fault=adapi:117", "http=429"):
            with self.subTest(fault=fault):
                self.setUp()
                sim = self.simulator(fault + ",op=AddClientLinks,call=1-5")
                outcome = self.run_rows(sim, rows(*ACCOUNTS), concurrency=1)
                self.assertEqual(outcome.count("added"), 20, outcome.records)
                self.assertEqual(outcome.summary["throttled"], 5)
                self.assertGreaterEqual(outcome.summary["milliseconds"],
                                        5 * HASTE["throttle-wait-ms"])

    def test_all_connections_pause_together(self):
        sim = self.simulator("fault=adapi:117,op=AddClientLinks,call=5",
                             arguments=("--generate", "agencies=1,clients=400"))
        outcome = self.run_rows(sim, "generate 400 2100001\n", token="GENERATED-AGENCY-1-TOKEN",
                                throttle_wait_ms=4000 * PATIENCE,
                                call_timeout_ms=20000 * PATIENCE)
        self.assertEqual(outcome.count("added"), 400)
        entries = requests(sim, "AddClientLinks")
        pause = next(moment(entry) for entry in entries if entry["outcome"] == "adapi:117")
        after = [(moment(entry) - pause) / PATIENCE for entry in entries]
        self.assertEqual([seconds for seconds in after if 2 < seconds < 3.9], [])
        self.assertGreater(len([seconds for seconds in after if seconds > 3.9]), 30)

    def test_a_service_that_throttles_for_ever_ends_the_run_at_the_deadline(self):
        sim = self.simulator("fault=adapi:117,op=AddClientLinks")
        outcome = self.run_rows(sim, rows(*ACCOUNTS), concurrency=1, deadline_ms=700 * PATIENCE,
                                give_up_after=1)
        self.assertEqual(outcome.summary["status"], "BACM_E_THROTTLED")
        self.assertEqual(outcome.count("not_sent"), 20)
        self.assertLess(outcome.summary["milliseconds"], 5000 * PATIENCE)


class LostCustomers(BulkTest):
    """Accounts and customers in one call, with the same ids. v11 has no links of customers."""

    def check(self, *faults, form="{}", **counts):
        same = ACCOUNTS[:10]
        sim = self.simulator(*faults, arguments=self.old_links(customers=same))
        text = "".join(rows(account, customer(form.format(account))) for account in same)
        outcome = self.run_rows(sim, text, concurrency=1)
        if API.v11:
            self.assertEqual([(r["outcome"], r["reason"]) for r in outcome.records[1::2]],
                             [("invalid", "BACM_E_UNSUPPORTED_FIELD")] * 10)
            return
        self.assertEqual(outcome.status, 0, outcome.errors)
        self.assertEqual(outcome.count("added"), 20, outcome.records)
        for name, count in counts.items():
            self.assertEqual(outcome.summary[name], count, name)
        self.assertEqual(invitations(sim),
                         {client: 1 for id in same for client in (id, customer(id))})

    def test_nothing_goes_wrong(self):
        self.check(bySearch=0, searches=0)

    def test_carried_out_and_not_answered(self):
        self.check("drop-after,op=AddClientLinks,call=1", bySearch=10, searches=2, calls=2)

    def test_forgotten(self):
        self.check("drop-before,op=AddClientLinks,call=1", bySearch=0, searches=2, calls=3)

    def test_customers_by_number(self):
        self.check("drop-after,op=AddClientLinks,call=1", form="C{}", bySearch=10, searches=2)


if __name__ == "__main__":
    unittest.main()
