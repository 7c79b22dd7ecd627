"""The REST wire as somebody would use it who has the reference and Python's urllib."""

import json
import unittest
import urllib.error
import urllib.request
from email.utils import parsedate_to_datetime
from datetime import datetime, timezone
from pathlib import Path

import rest
from harness import AGENCY, AGENCY_ADMIN, API, DEVELOPER, GUID, SimulatorTest, invite

FREE = "1001001"
OPERATIONS = json.loads(
    (Path(__file__).resolve().parents[2] / "src/sim/rest/operations.json").read_text("utf-8"))


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        def no_member_twice(pairs):
            assert len(dict(pairs)) == len(pairs), pairs
            return dict(pairs)

        return json.loads(self.body, object_pairs_hook=no_member_twice)

    def code(self):
        errors = self.json.get("Errors") or self.json.get("OperationErrors")
        return self.status, errors[0]["Code"]


class RestTest(SimulatorTest):
    arguments = ("--plain-http", "--clock", "manual")

    def send(self, method, path, body="{}", base=None, **headers):
        fields = {"Authorization": "Bearer " + AGENCY_ADMIN, "DeveloperToken": DEVELOPER,
                  "Content-Type": "application/json"}
        fields.update({name.replace("_", "-"): value for name, value in headers.items()})
        text = body if isinstance(body, (str, bytes)) else json.dumps(body)
        request = urllib.request.Request(
            (base or self.sim.ready["urlRest"]) + path, method=method,
            data=text.encode() if isinstance(text, str) else text,
            headers={name: value for name, value in fields.items() if value is not None})
        try:
            with urllib.request.urlopen(request, timeout=20) as reply:
                return Answer(reply.status, reply.headers, reply.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())

    def invite(self, *links, **fields):
        return self.send("POST", "/ClientLinks", {"ClientLinks": [
            {"ClientEntityId": link, "ManagingCustomerId": str(AGENCY), "IsBillToClient": True,
             **fields} for link in links]})

    def search(self, *predicates, size=100):
        return self.send("POST", "/ClientLinks/Search", {
            "Predicates": [dict(zip(("Field", "Operator", "Value"), each)) for each in predicates],
            "PageInfo": {"Index": 0, "Size": size}})

    def find(self, account):
        return self.search(("ClientAccountId", "Equals", account)).json["ClientLinks"][0]

    def arm(self, spec):
        self.sim.control("faults", {"clear": True})
        self.sim.control("faults", {"add": spec})


class BesideSoap(RestTest):
    def test_one_state(self):
        """What was done by the wire of this group is there over REST, and the other way round."""
        self.assertEqual(self.sim.add(invite(int(FREE))).codes(), [[]])
        self.assertEqual(self.find(FREE)["Status"], "LinkPending")
        self.assertEqual(self.invite(FREE, "1001002").json["PartialErrors"][1], None)
        self.assertEqual(self.sim.status_of(1001002), "LinkPending")


class TheFour(RestTest):
    def test_get_user(self):
        for body in ("{}", '{"UserId":null}', '{"UserId":"7001"}', '{"UserId":7001}'):
            reply = self.send("POST", "/User/Query", body)
            self.assertEqual(reply.status, 200)
            self.assertRegex(reply.headers["TrackingId"], GUID)
            self.assertEqual(reply.headers["Content-Type"], "application/json; charset=utf-8")
            self.assertEqual(reply.json["User"]["Id"], "7001")
            self.assertEqual(reply.json["CustomerRoles"][0]["RoleId"], 41)
            self.assertNotIn("TrackingId", reply.json)

    def test_add_update_search(self):
        reply = self.invite(FREE, "1001021", 1001002)
        self.assertEqual(reply.json["OperationErrors"], None)
        self.assertEqual([slot and slot[0]["Code"] for slot in reply.json["PartialErrors"]],
                         [None, 1471, None])
        self.assertEqual(set(reply.json["PartialErrors"][1][0]), {"Code", "Details", "Message"})
        link = self.find(FREE)
        self.assertEqual((link["ClientEntityId"], link["IsBillToClient"], link["Status"]),
                         (FREE, True, "LinkPending"))
        reply = self.send("PUT", "/ClientLinks", {"ClientLinks": [
            {**link, "Status": "LinkCanceled", "NotInTheContract": [1]}]})
        self.assertEqual(reply.json, {"OperationErrors": None, "PartialErrors": [None]})
        self.assertEqual(self.find(FREE)["Status"], "LinkCanceled")

    def test_texts_come_back_as_they_were(self):
        for name in ('q"b\\s/l<>&', "ünïcödé €", "😀", "tab\tline\nreturn\r", " both ", "\u007f"):
            self.assertEqual(self.invite(FREE, Name=name).json["PartialErrors"], [None])
            self.assertEqual(self.find(FREE)["Name"], name)
            self.sim.control("reset", {})

    def test_what_is_empty_is_told_from_what_is_absent(self):
        reply = self.search(("ClientAccountId", "Equals", FREE))
        self.assertEqual(reply.json, {"ClientLinks": []})
        self.assertEqual(self.send("POST", "/ClientLinks", "{}").code(), (400, 3087))
        self.assertEqual(self.send("POST", "/ClientLinks", {"ClientLinks": None}).code(),
                         (400, 3087))

    def test_a_date_with_an_offset_is_an_instant(self):
        self.invite(FREE, StartDate="2026-05-01T02:00:00+02:00")
        self.assertEqual(self.find(FREE)["StartDate"], "2026-05-01T00:00:00.000")

    def test_the_log_tells_the_wire(self):
        self.invite(FREE)
        record = self.sim.log()[-1]
        self.assertEqual((record["api"], record["operation"], record["outcome"], record["status"]),
                         ("v13-rest", "AddClientLinks", "ok", 200))
        self.assertTrue(record["links"][0]["accepted"])


class Refusals(RestTest):
    def test_addresses(self):
        for method, path, status in (
                ("GET", "/ClientLinks", 405), ("DELETE", "/ClientLinks", 405),
                ("POST", "/User", 405), ("POST", "/ClientLinks/", 404),
                ("POST", "/clientlinks", 404), ("POST", "/ClientLinks/Query", 404),
                ("POST", "", 404)):
            self.assertEqual(self.send(method, path).status, status, (method, path))

    def test_headers(self):
        def user(**headers):
            return self.send("POST", "/User/Query", **headers)

        for code, headers in (((401, 105), {"Authorization": "Bearer WRONG"}),
                              ((401, 105), {"DeveloperToken": "WRONG"}),
                              ((401, 116), {"Authorization": None}),
                              ((401, 116), {"Authorization": "Basic eDp5"}),
                              ((401, 116), {"DeveloperToken": None}),
                              ((401, 109), {"Authorization": "Bearer EXPIRED-TOKEN"})):
            reply = user(**headers)
            self.assertEqual(reply.code(), code, headers)
            self.assertEqual(reply.json["Type"], "AdApiFaultDetail")
            self.assertRegex(reply.json["TrackingId"], GUID)
            self.assertEqual(set(reply.json["Errors"][0]),
                             {"Code", "Detail", "ErrorCode", "Message"})
            self.assertIsNone(reply.headers["TrackingId"])
        self.assertEqual(user(Content_Type="text/xml").status, 415)
        for more in ({"Content_Type": "application/json; charset=utf-8"}, {"CustomerId": "None"},
                     {"Authorization": "bearer " + AGENCY_ADMIN}):
            self.assertEqual(user(**more).status, 200, more)

    def test_bodies_that_are_no_request(self):
        good = '{"ClientLinks":[{"ClientEntityId":"1001001","ManagingCustomerId":"2002002"}]}'
        for body in ("", "null", "[]", "1", good[:-1], good + "x", good.replace('"', "'"),
                     '{"ClientLinks":[],"ClientLinks":[]}', b'\xff{}', '{"a":"\\u0000"}',
                     '{"a":"\\ud800"}', '{"ClientLinks":{}}', '{"ClientLinks":"x"}',
                     '{"ClientLinks":[1]}', "{\"ClientLinks\":NaN}", "[" * 3000):
            reply = self.send("POST", "/ClientLinks", body)
            self.assertEqual(reply.code(), (400, 100), body)
            self.assertEqual(reply.json["Type"], "ApiFault")
        self.assertEqual(self.sim.invitations(), {})

    def test_a_value_of_a_wrong_type_names_its_path(self):
        for name, value in (("ClientEntityId", "12x"), ("ClientEntityId", 1.5),
                            ("ClientEntityId", "9223372036854775808"),
                            ("ClientEntityId", ""), ("ClientEntityId", True),
                            ("Name", 5), ("Name", "a\u0001b"), ("Name", "a\ufffeb"),
                            ("IsBillToClient", "true"), ("IsBillToClient", 1),
                            ("SuppressNotification", None), ("StartDate", "tomorrow"),
                            ("Status", "active"), ("Timestamp", "="),
                            ("ForwardCompatibilityMap", {})):
            link = {"ClientEntityId": "1001002", "ManagingCustomerId": str(AGENCY),
                    "IsBillToClient": False, name: value}
            reply = self.send("POST", "/ClientLinks", {"ClientLinks": [{}, link]})
            self.assertEqual(reply.code(), (400, 100), link)
            self.assertRegex(reply.json["OperationErrors"][0]["Details"],
                             rf"^Invalid JSON at line 0 position \d+\. "
                             rf"Path: \$\.ClientLinks\[1\]\.{name}$")
        self.assertEqual(self.sim.invitations(), {})

    def test_other_refusals_by_status(self):
        self.arm("fault=adapi:117")
        self.assertEqual(self.send("POST", "/User/Query").code(), (429, 117))
        self.arm("fault=adapi:0")
        self.assertEqual(self.send("POST", "/User/Query").code(), (500, 0))
        self.arm("fault=api:1001")
        self.assertEqual(self.send("POST", "/User/Query").code(), (403, 1001))
        self.arm("fault=bare")
        reply = self.send("POST", "/User/Query")
        self.assertEqual((reply.status, set(reply.json)), (500, {"Message"}))


class AllOperations(RestTest):
    def test_each_has_its_address(self):
        for row in OPERATIONS["operations"]:
            self.assertEqual((row["method"], row["path"]), rest.route(row["operation"]))
            reply = self.send(row["method"], row["path"])
            self.assertNotIn(reply.status, (404, 405), row["operation"])
            self.assertEqual(self.sim.log()[-1]["operation"], row["operation"])

    def test_every_member_is_written(self):
        """All that the contract has, null where there is no value, but for what may be left out."""
        account, customer = {"AccountId": "1001028"}, {"CustomerId": str(AGENCY)}
        page = {"PageInfo": {"Index": 0, "Size": 10}}
        for operation, body in (
                ("GetUser", {}), ("GetAccount", account), ("GetCustomer", customer),
                ("GetAccountsInfo", customer), ("GetUsersInfo", customer),
                ("GetCustomersInfo", {"TopN": 10}), ("FindAccounts", {"TopN": 10}),
                ("FindAccountsOrCustomersInfo", {"Filter": "", "TopN": 10}),
                ("GetLinkedAccountsAndCustomersInfo", customer), ("GetUserMFAStatus", {}),
                ("GetNotifications", {}), ("GetCustomerPilotFeatures", customer),
                ("GetAccountPilotFeatures", account), ("ValidateAddress", {"Address": {}}),
                ("SearchAccounts", {"Predicates": [
                    {"Field": "AccountNumber", "Operator": "Equals", "Value": "X1001028"}], **page}),
                ("SearchCustomers", {"Predicates": [
                    {"Field": "CustomerId", "Operator": "Equals", "Value": str(AGENCY)}], **page}),
                ("SearchClientLinks", {"Predicates": [
                    {"Field": "ManagingCustomerId", "Operator": "Equals", "Value": str(AGENCY)}],
                    **page})):
            method, path = rest.route(operation)
            reply = self.send(method, path, body)
            self.assertEqual(reply.status, 200, (operation, reply.body))
            self.assertEqual(rest.missing(operation, reply.json), [], operation)

    def test_delete_takes_a_body(self):
        account = self.send("POST", "/Account/Query", {"AccountId": "1001028"}).json["Account"]
        reply = self.send("DELETE", "/Account", {"AccountId": "1001028",
                                                 "TimeStamp": account["TimeStamp"]})
        self.assertNotIn(reply.status, (404, 405, 411))


class Forms(RestTest):
    def add(self, form, *links):
        self.sim.control("reset", {})
        self.arm(f"json={form}")
        return self.invite(*(links or (FREE, "1001021")))

    def slots(self, form, *links):
        return self.add(form, *links).json["PartialErrors"]

    def test_slots(self):
        self.assertEqual(self.slots("slot-object")[0], None)
        self.assertEqual(self.slots("slot-object")[1]["Code"], 1471)
        self.assertEqual([each["Code"] for each in self.slots("slot-flat", FREE, "1001021", "5")],
                         [1471, 2108])
        self.sim.control("reset", {})
        self.arm("nil=entry-inner")
        self.assertEqual(self.invite(FREE).json["PartialErrors"], [[None]])

    def test_ids(self):
        self.arm("json=ids-number")
        self.assertEqual(self.find("1001025")["ClientEntityId"], 1001025)
        self.arm("json=ids-overflow")
        self.assertGreater(int(self.find("1001025")["ClientEntityId"]), 1 << 63)

    def test_names(self):
        reply = self.add("lower-case")
        self.assertEqual(set(reply.json), {"operationErrors", "partialErrors"})
        self.arm("json=unknown-members")
        self.assertIn("NotInTheContract", self.find("1001025"))
        self.assertIn('"OperationErrors":null,"PartialErrors":[null,', self.add(
            "unknown-members").body.decode())
        with self.assertRaises(AssertionError):
            self.add("duplicate").json
        self.assertEqual(set(self.add("nulls-absent").json), {"PartialErrors"})

    def test_what_stands_around_the_object(self):
        self.assertEqual(len(self.add("array").json), 1)
        self.assertTrue(self.add("mark").body.startswith(b"\xef\xbb\xbf{"))
        with self.assertRaises(json.JSONDecodeError):
            self.add("trailing").json

    def test_faults(self):
        def fault(form):
            self.arm(f"json={form}")
            return self.send("POST", "/User/Query", Authorization="Bearer x")

        self.assertEqual(list(fault("type-first").json), ["Type", "Errors", "TrackingId"])
        self.assertNotIn("Type", fault("no-type").json)
        moved = fault("tracking-moved")
        self.assertRegex(moved.headers["TrackingId"], GUID)
        self.assertNotIn("TrackingId", moved.json)
        self.arm("fault=adapi:109")
        self.sim.control("faults", {"add": "status=200"})
        self.assertEqual(self.send("POST", "/User/Query").code(), (200, 109))

    def test_rules_by_wire(self):
        self.arm("http=503,api=v13-rest")
        self.assertEqual(self.send("POST", "/User/Query").status, 503)
        self.arm("http=503,api=v13")
        self.assertEqual(self.send("POST", "/User/Query").status, 200)


class Waits(RestTest):
    def test_retry_after_in_both_forms(self):
        self.arm("fault=adapi:117")
        self.sim.control("faults", {"add": "retry-after=7"})
        reply = self.send("POST", "/User/Query")
        self.assertEqual((reply.code(), reply.headers["Retry-After"]), ((429, 117), "7"))
        self.arm("http=503")
        self.sim.control("faults", {"add": "retry-after=date:100"})
        at = parsedate_to_datetime(self.send("POST", "/User/Query").headers["Retry-After"])
        self.assertLessEqual(abs((at - datetime.now(timezone.utc)).total_seconds() - 100), 60)
        self.arm("http=429")
        self.sim.control("faults", {"add": "retry-after=3"})
        self.assertEqual(self.send("POST", "/User/Query").headers.get_all("Retry-After"), ["3"])


def load_tests(loader, tests, _):
    """All but the first are the same for every group, and run once."""
    return tests if API.rest else loader.loadTestsFromTestCase(BesideSoap)


if __name__ == "__main__":
    unittest.main()
