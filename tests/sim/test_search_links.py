"""SearchClientLinks: predicates, ordering, pages, and whose links are shown."""

import json
import os
import tempfile
import unittest

from harness import (AGENCY, API, CLIENT_ADMIN, CLIENT_ID, CLIENT_NUMBER, SimulatorTest, Simulator,
                     invite, order_by)

RIVAL = 2003003
ID = "ClientAccountId"
MANAGER = "ManagingCustomerId"


class Predicates(SimulatorTest):
    def ids(self, *predicates, **keywords):
        return [int(link[CLIENT_ID]) for link in self.sim.search(*predicates, **keywords).links()]

    def test_account_equals_and_in(self):
        self.assertEqual(self.ids((ID, "Equals", 1001025)), [1001025])
        self.assertEqual(self.ids((ID, "In", "1001026, 1001025,1001001")), [1001025, 1001026])
        ten = ",".join(str(1001025 + i) for i in range(10))
        self.assertEqual(len(self.ids((ID, "In", ten))), 7)  # three belong to the rival

    def test_manager_alone_also_shows_links_of_others_on_the_same_accounts(self):
        self.sim.add(invite(1001039))
        found = self.sim.search((MANAGER, "Equals", AGENCY)).links()
        pairs = [(int(link[CLIENT_ID]), int(link[MANAGER])) for link in found]
        self.assertIn((1001039, RIVAL), pairs)
        self.assertIn((1001039, AGENCY), pairs)
        self.assertNotIn((1001029, RIVAL), pairs)

    def test_both_predicates_are_combined(self):
        self.sim.add(invite(1001039))
        found = self.sim.search((ID, "In", "1001025,1001039"), (MANAGER, "Equals", AGENCY)).links()
        self.assertEqual([int(link[CLIENT_ID]) for link in found], [1001025, 1001039])
        # v13 ignores the manager beside a client account
        self.assertEqual(self.ids((MANAGER, "Equals", RIVAL), (ID, "Equals", 1001025)),
                         [] if API.v11 else [1001025])

    def test_only_the_newest_link_of_a_pair(self):
        self.sim.add(invite(1001034))
        self.assertEqual([link["Status"] for link in
                          self.sim.search((ID, "Equals", 1001034)).links()], ["LinkPending"])

    def test_refusals(self):
        for predicates, code in (
                ([], 3079), ([("Name", "Equals", "Alder")], 3030),
                ([(ID, "Contains", "1001")], 3030), ([(MANAGER, "In", str(AGENCY))], 3030),
                ([(ID, "NotEquals", "1001025")], 3030), ([(ID, "Equals", "1,2")], 3030),
                ([(ID, "Equals", "")], 3030), ([(ID, "Equals", "abcd")], 3030),
                ([(ID, "In", ",")], 3030), ([(ID, "Equals", "12")], 2180),
                ([(ID, "In", ",".join(str(1001001 + i) for i in range(11)))], 3030),
                ([(ID, "Equals", "1001025")] * 2, 3030), ([(MANAGER, "Equals", AGENCY)] * 3, 3030)):
            self.assertEqual(self.sim.search(*predicates).fault_code(), ("api", code), predicates)

    def test_unreadable_names(self):
        for reply in (self.sim.search((ID, "Like", "1001025")),
                      self.sim.search((ID, "Equals", "1001025"), order=order_by("Size", "Ascending")),
                      self.sim.search((ID, "Equals", "1001025"), order=order_by("Id", "Up"))):
            self.assertEqual(reply.fault_code(), API.unreadable)

    def test_page_info(self):
        for page in (None, (-1, 10), (0, 0), (0, 1001)):
            self.assertEqual(self.sim.search((ID, "Equals", 1001025), page=page).fault_code(),
                             ("api", 3080), page)

    def test_roles_and_sides(self):
        one = (ID, "Equals", 1001025)
        standard = self.sim.search(one, token="AGENCY-STANDARD-TOKEN")
        self.assertEqual(standard.fault_code(), ("adapi", 106) if API.v11 else None)
        self.assertEqual(self.sim.search(one, token="AGENCY-VIEWER-TOKEN").fault_code(),
                         ("adapi", 106))
        self.assertEqual(self.ids(one, token=CLIENT_ADMIN), [1001025])
        self.assertEqual(self.ids((ID, "In", "1001029"), token=CLIENT_ADMIN), [1001029])
        self.assertEqual(self.ids((ID, "Equals", 1001029)), [])  # another agency's link
        for predicates, code in (([(ID, "In", "1001025,1001026")], 3030),
                                 ([(MANAGER, "Equals", AGENCY)], 3030),
                                 ([(ID, "Equals", 1001011)], 1001)):
            reply = self.sim.search(*predicates, token=CLIENT_ADMIN)
            if API.v11 or code == 3030:
                self.assertEqual(reply.fault_code(), ("api", code), predicates)
            else:  # of v13 nobody says that an account of others' is refused
                self.assertEqual(reply.links(), [])


class Order(SimulatorTest):
    arguments = ("--plain-http", "--generate", "agencies=1,clients=25")

    def setUp(self):
        super().setUp()
        self.token = "GENERATED-AGENCY-1-TOKEN"
        for start in (0, 10, 20):
            links = [invite(5000001 + i, manager=2100001, Name=f"N{(i * 7) % 25:02}")
                     for i in range(start, min(start + 10, 25))]
            self.assertEqual(self.sim.add(*links, token=self.token).codes(), [[]] * len(links))

    def found(self, order="", page=(0, 1000)):
        return self.sim.search((MANAGER, "Equals", 2100001), order=order, page=page,
                               token=self.token).links()

    def test_orders(self):
        ids = [int(link[CLIENT_ID]) for link in self.found()]
        self.assertEqual(ids, sorted(ids))
        ids = [int(link[CLIENT_ID]) for link in self.found(order_by("Id", "Descending"))]
        self.assertEqual(ids, sorted(ids, reverse=True))
        names = [link["Name"] for link in self.found(order_by("Name", "Ascending"))]
        self.assertEqual(names, sorted(names))
        names = [link["Name"] for link in self.found(order_by("Name", "Descending"))]
        self.assertEqual(names, sorted(names, reverse=True))
        self.assertEqual(len(self.found(order_by("Number", "Ascending"))), 25)

    def test_only_the_first_order_counts(self):
        both = order_by("Name", "Descending") + order_by("Id", "Ascending")
        self.assertEqual(self.found(both), self.found(order_by("Name", "Descending")))

    def test_an_order_that_is_not_for_links(self):
        reply = self.sim.search((MANAGER, "Equals", 2100001), token=self.token,
                                order=order_by("LifeCycleStatus", "Ascending"))
        self.assertEqual(reply.fault_code(), ("api", 201))

    def test_pages_are_zero_based_and_end_with_a_short_one(self):
        pages = [self.found(page=(index, 10)) for index in range(4)]
        self.assertEqual([len(page) for page in pages], [10, 10, 5, 0])
        self.assertEqual([link for page in pages for link in page], self.found())


class OddValues(unittest.TestCase):
    """Texts of a data set come back as they stand there, and survive an update."""

    LINK = {"accountId": 1, "managingCustomerId": 2, "status": "Active", "note": "Grüße 😀 <&>",
            "startDate": "2018-01-02T03:04:05.1234567Z", "lastModified": "2018-01-02T03:04:05.7",
            "timestamp": "AQI=", "inviterName": "", "lastModifiedByUserId": 3,
            "forwardCompatibilityMap": {"key": "ä", "other": ""}}

    def test_round_trip(self):
        data = {"customers": [{"id": 2, "name": "A", "agency": True}, {"id": 9, "name": "C"}],
                "accounts": [{"id": 1, "name": "a", "customerId": 9, "number": "F123ABC4"}],
                "users": [{"id": 3, "customerId": 2, "userName": "u", "roles": [41]}],
                "developerTokens": [{"token": "D"}],
                "accessTokens": [{"token": "T", "userId": 3}], "links": [self.LINK]}
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "data.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump(data, file)
            sim = Simulator("--plain-http", "--strict-echo", "--data", path)
            self.addCleanup(sim.stop)
        link = sim.search((ID, "Equals", "001"), token="T", developer="D").links()[0]
        self.assertEqual(link["StartDate"], self.LINK["startDate"])
        self.assertEqual(link["LastModifiedDateTime"], self.LINK["lastModified"])
        self.assertEqual(link["Timestamp"], "AQI=")
        self.assertEqual(link["InviterName"], "")
        self.assertIsNone(link["InviterEmail"])
        self.assertEqual(link[CLIENT_NUMBER], "F123ABC4")
        self.assertEqual(link["ForwardCompatibilityMap"], {"key": "ä", "other": ""})
        link["Status"] = "UnlinkRequested"
        changed = {**link, "ForwardCompatibilityMap": {"key": "a", "other": ""}}
        for bad in (changed, {**link, "InviterName": None}, {**link, "Timestamp": "AQM="}):
            self.assertNotEqual(sim.update(bad, token="T", developer="D").codes(), [[]])
        self.assertEqual(sim.update(link, token="T", developer="D").codes(), [[]])


if __name__ == "__main__":
    unittest.main()
