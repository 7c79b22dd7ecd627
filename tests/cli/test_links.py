"""bacm search, update and wait."""

import unittest

from support import AGENCY, CLIENT_ADMIN, PATIENCE, SimTest

PENDING = (1001025, 1001026, 1001027)
ACTIVE, IN_PROGRESS, EXPIRED, RIVAL = 1001028, 1001032, 1001034, 1001029
RIVAL_AGENCY = 2003003


class Search(SimTest):
    def ids(self, *arguments, **variables):
        result = self.bacm("search", *arguments, **variables)
        self.assertEqual(result.code, 0, result.err)
        return [record["clientAccountId"] for record in result.records()]

    def test_all_links_of_the_own_customer(self):
        result = self.bacm("search")
        self.assertEqual(result.code, 0, result.err)
        links = {record["clientAccountId"]: record for record in result.records()}
        self.assertEqual(len(links), 12)
        link = links[PENDING[0]]
        self.assertEqual((link["status"], link["managingCustomerId"], link["clientAccountNumber"],
                          link["managingCustomerNumber"], link["isBillToClient"]),
                         ("LinkPending", AGENCY, "X1001025", "C2002002", False))
        self.assert_says(result, "12 links")

    def test_some_accounts(self):
        self.assertEqual(self.ids("1001025,1001028", 1001026, 1001001),
                         [1001025, 1001026, 1001028])

    def test_more_accounts_than_a_call_may_have(self):
        wanted = list(range(1001001, 1001041))
        self.assertEqual(len(self.ids(*wanted)), 12)
        self.assertEqual(self.operations().count("SearchClientLinks"), 4)

    def test_accounts_of_a_file(self):
        self.write("in.csv", "ClientAccountId,Name\n1001025,a\n1001028,b\n1001025,c\n")
        self.assertEqual(self.ids("--input", "in.csv"), [1001025, 1001028])

    def test_file_without_ids(self):
        self.write("in.csv", "ClientAccountNumber\nX1001025\n")
        result = self.bacm("search", "--input", "in.csv")
        self.assertEqual(result.code, 2)
        self.assert_says(result, "in.csv:2: no ClientAccountId to search for")

    def test_status(self):
        self.assertEqual(self.ids("--status", "LinkPending,Active"), [*PENDING, ACTIVE])

    def test_order_limit_and_pages(self):
        ids = self.ids("--order", "id", "--descending", "--page-size", "5")
        self.assertEqual(ids, sorted(ids, reverse=True))
        self.assertEqual(self.operations().count("SearchClientLinks"), 3)
        self.assertEqual(self.ids("--order", "id", "--limit", "2"), [1001025, 1001026])

    def test_as_a_client(self):
        ids = self.ids("--as", "client", *PENDING, BACM_ACCESS_TOKEN=CLIENT_ADMIN)
        self.assertEqual(ids, list(PENDING))
        self.assertEqual(self.operations().count("SearchClientLinks"), 3)

    def test_client_must_name_accounts(self):
        result = self.bacm("search", "--as", "client", BACM_ACCESS_TOKEN=CLIENT_ADMIN)
        self.assertEqual(result.code, 2)
        self.assert_says(result, "name the accounts")

    def test_bad_ids(self):
        for word in ("12", "x", "1001025x", "-1001025", "99999999999999999999"):
            with self.subTest(word):
                result = self.bacm("search", "--", word)
                self.assertEqual(result.code, 2)
                self.assert_says(result, f"'{word}' is not the id of an account")
        self.assertEqual(self.sim.log(), [])

    def test_status_that_is_not_known_yet(self):
        self.sim.control("faults", {"add": "link-status=LinkFrozen"})
        result = self.bacm("search", str(ACTIVE))
        self.assertEqual(result.records()[0]["status"], "LinkFrozen")

    def test_csv_has_its_head_without_links_too(self):
        result = self.bacm("search", "1001001", "--output", "csv")
        self.assertTrue(result.out.startswith("clientAccountId,clientAccountNumber,"))
        self.assertEqual(result.csv(), [])

    def test_not_allowed(self):
        result = self.bacm("search", BACM_ACCESS_TOKEN="AGENCY-VIEWER-TOKEN")
        self.assertEqual(result.code, 3)


class Update(SimTest):
    def update(self, *arguments, **variables):
        self.result = self.bacm("update", *arguments, **variables)
        return [(record["clientAccountId"], record["from"], record["outcome"])
                for record in self.result.records()]

    def test_cancel(self):
        self.assertEqual(self.update("cancel", PENDING[0]), [(PENDING[0], "LinkPending", "done")])
        self.assertEqual(self.result.code, 0)
        self.assertEqual(self.sim.status_of(PENDING[0]), "LinkCanceled")
        record = self.result.records()[0]
        self.assertEqual((record["managingCustomerId"], record["wanted"], record["errors"]),
                         (AGENCY, "LinkCanceled", []))
        self.assertRegex(record["trackingId"], r"^[0-9a-f-]{36}$")

    def test_unlink(self):
        self.assertEqual(self.update("unlink", ACTIVE), [(ACTIVE, "Active", "done")])
        self.assertEqual(self.sim.status_of(ACTIVE), "UnlinkPending")

    def test_accept_and_decline(self):
        self.assertEqual(self.update("accept", PENDING[0], BACM_ACCESS_TOKEN=CLIENT_ADMIN),
                         [(PENDING[0], "LinkPending", "done")])
        self.assertEqual(self.update("decline", *PENDING[1:], BACM_ACCESS_TOKEN=CLIENT_ADMIN),
                         [(account, "LinkPending", "done") for account in PENDING[1:]])
        self.assertIn(self.sim.status_of(PENDING[0]), ("LinkAccepted", "LinkInProgress"))
        self.assertEqual(self.sim.status_of(PENDING[1]), "LinkDeclined")

    def test_client_searches_one_account_a_call(self):
        self.update("accept", *PENDING, BACM_ACCESS_TOKEN=CLIENT_ADMIN)
        self.assertEqual(self.operations().count("SearchClientLinks"), 3)
        self.assertEqual(self.operations().count("UpdateClientLinks"), 1)

    def test_account_that_is_given_twice(self):
        self.assertEqual(self.update("cancel", PENDING[0], PENDING[1], PENDING[0]),
                         [(account, "LinkPending", "done") for account in PENDING[:2]])

    def test_results_stay_with_their_accounts(self):
        rows = [EXPIRED, PENDING[0], ACTIVE, 1001001, PENDING[1]]
        self.assertEqual(self.update("cancel", *rows),
                         [(EXPIRED, "LinkExpired", "not_sent"),
                          (PENDING[0], "LinkPending", "done"), (ACTIVE, "Active", "not_sent"),
                          (1001001, None, "not_sent"), (PENDING[1], "LinkPending", "done")])
        self.assertEqual(self.result.code, 1)
        messages = [record["errors"][0]["message"] for record in self.result.records()
                    if record["errors"]]
        self.assertIn("from Active to LinkCanceled", messages[1])
        self.assertEqual(messages[2], "there is no link of this account")
        sent = [link["accountId"] for record in self.sim.log()
                if record["operation"] == "UpdateClientLinks" for link in record["links"]]
        self.assertEqual(sent, [PENDING[0], PENDING[1]])

    def test_nothing_that_can_be_sent(self):
        self.update("unlink", PENDING[0], EXPIRED)
        self.assertEqual(self.result.code, 3)
        self.assertNotIn("UpdateClientLinks", self.operations())

    def test_more_than_a_call_may_have(self):
        accounts = list(range(1001001, 1001016))
        self.bacm("add", "--no-journal", self.add_rows(*accounts))
        self.assertEqual({outcome for _, _, outcome in self.update("cancel", *accounts)}, {"done"})
        self.assertEqual(self.operations().count("UpdateClientLinks"), 2)

    def test_file(self):
        self.write("in.ndjson", '{"ClientAccountId":1001025}\n{"ClientAccountId":1001026}\n')
        self.assertEqual(len(self.update("cancel", "--input", "in.ndjson")), 2)
        self.assertEqual(self.sim.status_of(1001026), "LinkCanceled")

    def test_file_that_names_the_managing_customer(self):
        self.write("in.csv", f"ClientAccountId,ManagingCustomerId\n1001025,{AGENCY}\n1001026,\n")
        self.assertEqual(len(self.update("cancel", "--input", "in.csv")), 2)

    def test_file_that_names_another_managing_customer(self):
        """The link of the row's own agency would be left, and one it does not name be changed."""
        for content, said in (
                (f"1001025,{RIVAL_AGENCY},\n", "in.csv:2: column 2 (ManagingCustomerId): the row is "
                 f"about the managing customer {RIVAL_AGENCY}, the command about {AGENCY}; give "
                 f"--managing-customer-id {RIVAL_AGENCY}"),
                (f"1001025,{AGENCY},\n1001026,{RIVAL_AGENCY},\n", "in.csv:3: column 2 "
                 "(ManagingCustomerId): another managing customer than line 2 has"),
                ("1001025,,C2003003\n", "in.csv:2: column 3 (ManagingCustomerNumber): the managing "
                 "customer is known here by its id alone")):
            with self.subTest(content):
                self.write("in.csv", "ClientAccountId,ManagingCustomerId,ManagingCustomerNumber\n"
                           + content)
                for command in (("update", "cancel", "--yes"), ("search",), ("wait",)):
                    result = self.bacm(*command, "--input", "in.csv")
                    self.assertEqual((result.code, result.out), (2, ""), command)
                    self.assert_says(result, said)
        self.assertNotIn("UpdateClientLinks", self.operations())
        self.assertNotIn("SearchClientLinks", self.operations())

    def test_client_with_a_file_that_names_the_agency(self):
        self.write("in.csv", f"ClientAccountId,ManagingCustomerId\n1001025,{AGENCY}\n")
        self.assertEqual(self.update("accept", "--input", "in.csv",
                                     BACM_ACCESS_TOKEN=CLIENT_ADMIN), [])
        self.assert_says(self.result, "the row is about one managing customer, the command is not; "
                         f"give --managing-customer-id {AGENCY}")
        self.assertEqual(len(self.update("accept", "--managing-customer-id", AGENCY, "--input",
                                         "in.csv", BACM_ACCESS_TOKEN=CLIENT_ADMIN)), 1)

    def test_several_agencies(self):
        """1001039 is invited by Rival Agency; now by Demo Agency as well."""
        self.bacm("add", "--no-journal", self.add_rows(1001039))
        self.assertEqual(self.update("accept", 1001039, BACM_ACCESS_TOKEN=CLIENT_ADMIN),
                         [(1001039, "LinkPending", "not_sent")])
        self.assertIn("--managing-customer-id", self.result.out)
        self.assertEqual(self.update("accept", 1001039, "--managing-customer-id", RIVAL_AGENCY,
                                     BACM_ACCESS_TOKEN=CLIENT_ADMIN),
                         [(1001039, "LinkPending", "done")])
        self.assertEqual(self.sim.status_of(1001039), "LinkPending")
        self.assertNotEqual(self.sim.status_of(1001039, manager=RIVAL_AGENCY,
                                               token="RIVAL-ADMIN-TOKEN"), "LinkPending")

    def test_lost_reply(self):
        self.sim.control("faults", {"add": "drop-after,op=UpdateClientLinks"})
        self.assertEqual(self.update("cancel", PENDING[0])[0][2], "unknown")
        self.assertEqual(self.result.code, 7)

    def test_search_fails(self):
        self.sim.control("faults", {"add": "http=503,op=SearchClientLinks"})
        self.assertEqual(self.update("cancel", PENDING[0]), [(PENDING[0], None, "not_sent")])
        self.assertEqual(self.result.code, 5)
        self.assertNotIn("UpdateClientLinks", self.operations())

    def test_bad_usage(self):
        for arguments, text in (((), "no action"), (("cancel",), "name the accounts"),
                                (("cancle", "1001025"), "did you mean cancel?"),
                                (("remove", "1001025"), "give cancel, unlink, accept or decline"),
                                (("cancel", "all"), "'all' is not the id of an account")):
            with self.subTest(arguments):
                result = self.bacm("update", *arguments)
                self.assertEqual(result.code, 2)
                self.assert_says(result, text)
        self.assertEqual(self.sim.log(), [])


class Wait(SimTest):
    arguments = ("--clock", "manual")

    def test_settled_at_once(self):
        result = self.bacm("wait", ACTIVE, EXPIRED)
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual([(r["status"], r["settled"]) for r in result.records()],
                         [("Active", True), ("LinkExpired", True)])

    def test_wanted_status(self):
        self.assertEqual(self.bacm("wait", "--until", "Active", ACTIVE).code, 0)
        result = self.bacm("wait", "--until", "Active", ACTIVE, EXPIRED)
        self.assertEqual((result.code, [r["reached"] for r in result.records()]),
                         (1, [True, False]))

    def test_time_is_up(self):
        result = self.bacm("wait", "--for", "2", "--every", "1", PENDING[0])
        self.assertEqual(result.code, 1)
        self.assertEqual(result.records()[0]["status"], "LinkPending")
        self.assert_says(result, "BACM_E_WAIT_OVER", "0 of 1 links are settled; asking again")

    def test_link_that_is_not_there_is_waited_for(self):
        result = self.bacm("wait", "--for", "2", "--every", "1", ACTIVE, 1001001)
        self.assertEqual(result.code, 1)
        self.assertEqual([r["status"] for r in result.records()], ["Active", None])
        self.assert_says(result, "1 of 2 links are settled, 1 not found; asking again")
        self.assertNotIn("not found", self.bacm("wait", "--for", "2", PENDING[0]).err)

    def test_moves_with_the_service(self):
        process = self.start("wait", "--every", "1", "--for", "40", "--until", "LinkCanceled",
                             PENDING[0])
        while b"asking again" not in process.stderr.readline():
            pass
        self.bacm("update", "cancel", PENDING[0])
        out, err = process.communicate(timeout=60 * PATIENCE)
        self.assertEqual(process.returncode, 0, err)
        self.assertIn(b'"status":"LinkCanceled"', out)

    def test_client_names_the_agency(self):
        result = self.bacm("wait", "--as", "client", ACTIVE, BACM_ACCESS_TOKEN=CLIENT_ADMIN)
        self.assertEqual(result.code, 2)
        self.assert_says(result, "--managing-customer-id")
        result = self.bacm("wait", "--as", "client", ACTIVE, "--managing-customer-id", AGENCY,
                           BACM_ACCESS_TOKEN=CLIENT_ADMIN)
        self.assertEqual(result.code, 0, result.err)

    def test_no_accounts(self):
        self.assertEqual(self.bacm("wait").code, 2)


if __name__ == "__main__":
    unittest.main()
