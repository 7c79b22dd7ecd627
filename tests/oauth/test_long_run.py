"""bacm add when the access token ends in the middle of a run."""

import collections
import threading
import time
import unittest

from support import ADMIN_REFRESH, AGENCY, PATIENCE, OAuthTest

ROWS = 100
FIRST = 5000001


class LongRun(OAuthTest):
    arguments = ("--generate", f"agencies=0,clients={ROWS}")

    def setUp(self):
        super().setUp()
        self.variables.update({"BACM_REFRESH_TOKEN": ADMIN_REFRESH,
                               "BACM_MANAGING_CUSTOMER_ID": str(AGENCY)})
        self.ids = list(range(FIRST, FIRST + ROWS))
        self.name = self.write_rows("clients.csv", "ClientAccountId\n" + "".join(
            f"{i}\n" for i in self.ids))

    def add(self, *arguments):
        return self.bacm("add", "--yes", *arguments, self.name)

    def assert_each_once(self, result):
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual([record["clientAccountId"] for record in result.records()], self.ids)
        self.assertEqual(set(result.outcomes()), {"added"})
        self.assertEqual(self.sim.invitations(), {(i, AGENCY): 1 for i in self.ids})

    def sent(self):
        """How often each account was in a request that reached the service."""
        return collections.Counter(
            link["accountId"] for record in self.sim.log()
            if record["operation"] == "AddClientLinks" for link in record.get("links", []))

    def test_expired_in_the_middle(self):
        self.sim.control("faults", {"add": "fault=adapi:109,op=AddClientLinks,call=5"})
        result = self.add("--concurrency", "1")
        self.assert_each_once(result)
        self.assertEqual(len(self.token_calls()), 2)
        self.assertEqual(set(self.sent().values()), {1})
        self.assertEqual({record["confirmedBy"] for record in result.records()}, {"response"})

    def test_expired_for_all_connections(self):
        """The token ends for the service while several calls are on their way."""
        self.sim.control("faults", {"add": "delay=150,op=AddClientLinks"})
        expire = threading.Thread(target=self.expire_after_a_call)
        expire.start()
        result = self.add("--concurrency", "4")
        expire.join()
        self.assert_each_once(result)
        self.assertEqual(len(self.token_calls()), 2)

    def expire_after_a_call(self):
        while "AddClientLinks" not in self.operations():
            time.sleep(0.01)
        self.sim.control("tokens", {"expireUser": 7001})

    def test_token_and_call_have_one_deadline(self):
        """Each of them would be in time."""
        self.sim.control("faults", {"add": f"delay={2500 * PATIENCE},op=token"})
        self.sim.control("faults", {"add": f"delay={2500 * PATIENCE},op=GetUser"})
        result = self.bacm("whoami", "--timeout", str(4 * PATIENCE))
        self.assertEqual(result.code, 6, result.err)
        self.assert_says(result, "BACM_E_TIMEOUT")

    def test_token_endpoint_is_down_for_a_while(self):
        """Nothing is lost while no token can be had."""
        self.sim.control("faults", {"add": "fault=adapi:109,op=AddClientLinks,call=5"})
        self.sim.control("faults", {"add": "http=503,op=token,call=2-3"})
        result = self.add("--concurrency", "1", "--tries", "5", "--backoff", "1")
        self.assert_each_once(result)
        self.assertEqual(set(self.sent().values()), {1})

    def test_consent_is_withdrawn(self):
        """The rest of the rows is not sent, and a later run sends it."""
        self.sim.control("faults", {"add": "fault=adapi:109,op=AddClientLinks,call=5"})
        self.sim.control("faults", {"add": "oauth-error=invalid_grant,op=token,call=2-99"})
        result = self.add("--concurrency", "1")
        self.assertEqual(result.code, 4, result.err)
        self.assert_says(result, "bacm login")
        self.assertEqual(result.outcomes(), ["added"] * 40 + ["not_sent"] * 60)
        self.sim.control("faults", {"clear": True})
        self.assert_each_once(self.add("--concurrency", "1"))


if __name__ == "__main__":
    unittest.main()
