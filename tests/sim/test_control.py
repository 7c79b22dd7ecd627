"""Control requests, and the state that survives."""

import json
import os
import signal
import subprocess
import tempfile
import unittest

from harness import AGENCY, Simulator, SimulatorTest, invite, program


class Control(SimulatorTest):
    def status(self, path, headers, method="GET", body=None):
        return self.sim.request(method, "/control/" + path, body, headers)[0]

    def test_only_with_the_header_and_the_right_host(self):
        mark = {"X-Bacm-Sim": "1"}
        self.assertEqual(self.status("clock", mark), 200)
        for headers in ({}, {"X-Bacm-Sim": "0"}, {**mark, "Host": "evil.example"},
                        {**mark, "Host": "localhost.evil.example"}, {**mark, "Host": ""}):
            self.assertEqual(self.status("clock", headers), 403, headers)
        for host in ("localhost", "LOCALHOST:1", "127.0.0.1:80", "[::1]:80", "[::1]"):
            self.assertEqual(self.status("clock", {**mark, "Host": host}), 200, host)

    def test_nothing_is_changed_by_get(self):
        for what in ("reset", "tokens"):
            self.assertEqual(self.status(what, {"X-Bacm-Sim": "1"}), 405)

    def test_mistakes(self):
        mark = {"X-Bacm-Sim": "1"}
        for path, body in (("clock", b"x"), ("clock", b'{"step": -1}'), ("clock", b'{"leap": 1}'),
                           ("clock", b'{"now": "noon"}'), ("links", b'{"accountId": 1}'),
                           ("links", b'{"accountId": 1, "managingCustomerId": 1}'),
                           ("faults", b'{"add": 1}'), ("tokens", b'[]')):
            self.assertEqual(self.status(path, mark, "POST", body), 400, (path, body))
        self.assertEqual(self.status("nothing", mark), 404)

    def test_reset_brings_the_data_back(self):
        self.sim.add(invite(1001001))
        self.sim.control("faults", {"add": "http=503"})
        self.sim.control("reset", {})
        self.assertIsNone(self.sim.find(1001001))
        self.assertEqual(self.sim.status_of(1001025), "LinkPending")

    def test_links_by_pages_and_filters(self):
        page = self.sim.control("links?limit=10", method="GET")
        rest = self.sim.control(f"links?after={page['next']}", method="GET")
        self.assertEqual((len(page["links"]), len(rest["links"]), rest["next"]), (10, 6, None))
        self.sim.add(invite(1001034))
        links = self.sim.control("links?accountId=1001034", method="GET")["links"]
        self.assertEqual([(link["status"], link["newest"]) for link in links],
                         [("LinkExpired", False), ("LinkPending", True)])
        self.assertEqual(len(self.sim.control("links?managingCustomerId=2003003",
                                              method="GET")["links"]), 4)

    def test_customers_and_accounts(self):
        customers = self.sim.control("customers", method="GET")["customers"]
        self.assertEqual([(item["number"], item["agency"]) for item in customers][:2],
                         [("C2002002", True), ("C2003003", True)])
        page = self.sim.control("accounts?customerId=3001002&limit=10", method="GET")
        rest = self.sim.control(f"accounts?customerId=3001002&after={page['next']}", method="GET")
        self.assertEqual([item["prepaid"] for item in rest["accounts"]], [True] * 4)
        self.assertIsNone(rest["next"])

    def answer(self, account, status, manager=AGENCY):
        self.sim.control("links", {"accountId": account, "managingCustomerId": manager,
                                   "clientAnswer": status})

    def test_the_client_answers_by_the_rules(self):
        self.answer(1001025, "LinkAccepted")
        self.assertEqual(self.sim.status_of(1001025), "LinkAccepted")
        self.answer(1001026, "LinkDeclined")
        self.assertEqual(self.sim.status_of(1001026), "LinkDeclined")
        self.sim.add(invite(1001039))
        self.answer(1001039, "LinkAccepted")
        for account, status, manager in ((1001025, "LinkDeclined", AGENCY),
                                         (1001027, "LinkCanceled", AGENCY),
                                         (1001027, "Active", AGENCY),
                                         (1001039, "LinkAccepted", 2003003)):
            with self.assertRaises(RuntimeError):
                self.answer(account, status, manager)
        self.assertEqual(self.sim.status_of(1001027), "LinkPending")

    def test_recent_log(self):
        self.sim.call("GetUser")
        lines = self.sim.control("log", method="GET")
        self.assertEqual([line["operation"] for line in lines], ["GetUser"])
        self.assertEqual(self.sim.control("log?after=1", method="GET"), [])
        self.sim.control("clock", {"step": 1})
        self.assertEqual([(line["seq"], line["operation"]) for line in
                          self.sim.control("log?after=1", method="GET")], [(2, "control")])


class State(unittest.TestCase):
    def test_it_survives_an_end_and_kill_9(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "state.db")
            arguments = ("--plain-http", "--state", path)
            for account, end in ((1001001, signal.SIGTERM), (1001002, signal.SIGKILL)):
                sim = Simulator(*arguments)
                self.assertEqual(sim.add(invite(account)).codes(), [[]])
                sim.process.send_signal(end)
                sim.process.wait(timeout=60)
                sim.stop()
            sim = Simulator(*arguments)
            self.addCleanup(sim.stop)
            self.assertEqual(sim.status_of(1001001), "LinkPending")
            self.assertEqual(sim.status_of(1001002), "LinkPending")
            self.assertEqual(sim.add(invite(1001001)).codes(), [[1410]])
            self.assertEqual(os.stat(path).st_mode & 0o077, 0)
            sim.control("reset", {})
            self.assertIsNone(sim.find(1001001))

    def test_data_of_a_file(self):
        data = {"customers": [{"id": 1, "number": "C1", "name": "A", "agency": True}],
                "users": [{"id": 2, "customerId": 1, "userName": "u", "roles": [41]}],
                "accessTokens": [{"token": "T", "userId": 2}], "developerTokens": [{"token": "D"}]}
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "data.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump(data, file)
            sim = Simulator("--plain-http", "--data", path)
        self.addCleanup(sim.stop)
        self.assertEqual(sim.call("GetUser", token="T", developer="D").status, 200)
        self.assertEqual(sim.call("GetUser").fault_code(), ("adapi", 105))

    def refusal(self, data, *arguments):
        """What it says when it cannot start with this data."""
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
            json.dump(data, file)
            file.flush()
            done = subprocess.run([program(), "--plain-http", "--data", file.name, *arguments],
                                  capture_output=True, text=True, stdin=subprocess.DEVNULL,
                                  timeout=60)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        return done.stderr

    def test_data_that_no_reply_could_carry(self):
        for name in ("a\u0001b", "a\ufffeb", "a\x1f"):
            self.assertIn("XML forbids", self.refusal({"customers": [{"id": 1, "name": name}]}))

    def test_data_that_does_not_hold_together(self):
        customers = [{"id": 1, "name": "A"}]
        user = {"id": 2, "customerId": 1, "userName": "u", "roles": [41]}
        for section, item, place in (
                ("accounts", {"id": 5, "name": "x", "customerId": 77}, "customerId 77"),
                ("accounts", {"id": 5, "name": "x", "customerId": 1, "status": "Asleep"},
                 "accounts[0]: status"),
                ("users", {**user, "customerId": 77}, "users: customerId 77"),
                ("users", {**user, "status": "Asleep"}, "users[0]: status"),
                ("users", {**user, "accounts": [99]}, "users: accounts 99"),
                ("users", {**user, "roles": ["x"]}, "users[0]: roles"),
                ("accessTokens", {"token": "t", "userId": 9}, "accessTokens: userId 9"),
                ("developerTokens", {"token": "t", "userId": 9}, "developerTokens: userId 9"),
                ("links", {"accountId": 9, "managingCustomerId": 1}, "links: accountId 9"),
                ("links", {"clientCustomerId": 9, "managingCustomerId": 1}, "clientCustomerId 9"),
                ("links", {"clientCustomerId": 1, "managingCustomerId": 9}, "CustomerId 9")):
            self.assertIn(place, self.refusal({"customers": customers, section: [item]}))

    def test_printed_data_can_be_read_again(self):
        text = subprocess.run([program(), "--print-data"], capture_output=True, check=True).stdout
        with tempfile.NamedTemporaryFile() as file:
            file.write(text)
            file.flush()
            sim = Simulator("--plain-http", "--data", file.name)
        self.addCleanup(sim.stop)
        self.assertEqual(sim.add(invite(1001001)).codes(), [[]])

    def test_generated_data(self):
        sim = Simulator("--plain-http", "--generate", "agencies=2,clients=1000")
        self.addCleanup(sim.stop)
        token = "GENERATED-AGENCY-2-TOKEN"
        reply = sim.add(invite(5000001, manager=2100002), invite(5001000, manager=2100002),
                        invite(5001001, manager=2100002), token=token)
        self.assertEqual(reply.codes(), [[], [], [2108]])


if __name__ == "__main__":
    unittest.main()
