"""Two versions of one service: the same state behind both, and what only v13 has."""

import json
import os
import re
import sqlite3
import tempfile
import unittest
from pathlib import Path

import schema
from harness import AGENCY, ARR, CLIENT_ADMIN, Reply, Simulator, SimulatorTest, V11, V13

FREE = 1001001
RIVAL = 2003003
CLIENT = 3001001  # owns 1001001 ... 1001010, 1001025 ... 1001040
CLIENT_B = 3001002
STANDARD = "AGENCY-STANDARD-TOKEN"
RIVAL_ADMIN = "RIVAL-ADMIN-TOKEN"
ACCOUNT_ID = "ClientAccountId"
CUSTOMER_ID = "ClientCustomerId"
MANAGER = "ManagingCustomerId"
DIRECT = "DirectManagingCustomerId"


class VersionTest(SimulatorTest):
    arguments = ("--plain-http", "--clock", "manual")

    def setUp(self):
        super().setUp()
        self.v11, self.v13 = self.sim.speaking(V11), self.sim.speaking(V13)

    def whole(self, customer=CLIENT, **fields):
        """An invitation of a whole customer."""
        return V13.invite(customer, **{"Type": "CustomerLink", "IsBillToClient": None, **fields})

    def codes(self, *links, **keywords):
        reply = self.v13.add(*links, **keywords)
        self.assertEqual(schema.problems(reply.data, "v13"), [])
        return reply.codes()

    def found(self, *predicates, **keywords):
        reply = self.v13.search(*predicates, **keywords)
        self.assertEqual(schema.problems(reply.data, "v13"), [])
        return reply.links()

    def ids(self, *predicates, **keywords):
        return [int(link["ClientEntityId"]) for link in self.found(*predicates, **keywords)]

    def one(self, customer=CLIENT, manager=AGENCY, **keywords):
        return next((link for link in self.found((CUSTOMER_ID, "Equals", customer), **keywords)
                     if link[MANAGER] == str(manager)), None)

    def ask(self, operation, body="", **keywords):
        reply = self.v13.call(operation, body, **keywords)
        self.assertEqual(schema.problems(reply.data, "v13"), [], operation)
        return reply


class OneState(VersionTest):
    def test_invited_by_v11_and_accepted_by_v13(self):
        self.assertEqual(self.v11.add(V11.invite(FREE, Note="Grüße", Name="Spring",
                                                 IsBillToClient="true")).codes(), [[]])
        self.assertEqual(self.codes(V13.invite(FREE)), [[1410]])
        link = self.v13.find(FREE, token=CLIENT_ADMIN)
        self.assertEqual(
            [link[name] for name in ("Type", "ClientEntityNumber", "ClientEntityName",
                                     "ManagingCustomerName", "Note", "Name", "IsBillToClient",
                                     "CustomerLinkPermission", "ClientEntityCustomerNumber")],
            ["AccountLink", "X1001001", "Alder Books 1001001", "Demo Agency", "Grüße", "Spring",
             "true", None, "C3001001"])
        reply = self.v13.update({**link, "Status": "LinkAccepted"}, token=CLIENT_ADMIN)
        self.assertEqual(reply.codes(), [[]])
        self.assertEqual(self.v11.status_of(FREE), "LinkAccepted")

    def test_invited_by_v13_and_accepted_by_v11(self):
        self.assertEqual(self.codes(V13.invite(FREE, Name="Spring")), [[]])
        self.assertEqual(self.v11.add(V11.invite(FREE)).codes(), [[1410]])
        link = self.v11.find(FREE, token=CLIENT_ADMIN)
        self.assertEqual((link["Name"], link["ClientAccountNumber"]), ("Spring", "X1001001"))
        reply = self.v11.update({**link, "Status": "LinkAccepted"}, token=CLIENT_ADMIN)
        self.assertEqual(reply.codes(), [[]])
        self.sim.control("clock", {"step": 400})
        self.assertEqual(self.v13.status_of(FREE), "Active")
        ids = self.v13.call("GetUser").customer_roles()[0].findall(
            f"{{{V13.ent}}}LinkedAccountIds/{{{ARR}}}long")
        self.assertIn(str(FREE), [item.text for item in ids])

    def test_a_change_by_one_version_makes_the_others_time_stamp_stale(self):
        old = {**self.v13.find(1001025), "Status": "LinkCanceled"}
        self.assertEqual(self.v11.update({**self.v11.find(1001025), "Status": "LinkCanceled"})
                         .codes(), [[]])
        self.assertEqual(self.v13.update(old).codes(), [[209]])

    def test_links_of_customers_are_not_in_v11(self):
        self.assertEqual(self.codes(self.whole(), V13.invite(FREE)), [[], []])
        self.assertEqual([link[ACCOUNT_ID] for link in
                          self.v11.search((MANAGER, "Equals", AGENCY), page=(0, 1000)).links()
                          if link[ACCOUNT_ID] in (str(FREE), str(CLIENT), "0")], [str(FREE)])
        self.assertEqual(self.v11.search((ACCOUNT_ID, "In", f"{CLIENT},{FREE}")).links(),
                         [self.v11.find(FREE)])
        for field in (CUSTOMER_ID, DIRECT):
            self.assertEqual(self.v11.search((field, "Equals", AGENCY)).fault_code(),
                             ("api", 3030))

    def test_an_operation_of_v13_alone_is_unknown_to_v11(self):
        self.assertEqual(self.v11.call("GetUserMFAStatus").fault_code(),
                         ("bare", "ActionNotSupported"))

    def test_both_contracts_both_lines_of_the_log(self):
        self.v11.call("GetUser")
        self.v13.call("GetUser")
        self.assertEqual([(line["api"], line["path"]) for line in self.sim.log()],
                         [("v11", self.v11.path), ("v13", self.v13.path)])
        self.assertTrue(self.sim.ready["urlV13"].endswith(
            "/Api/CustomerManagement/v13/CustomerManagementService.svc"))


class OtherNamespace(VersionTest):
    """A message of the one version at the address of the other is not understood."""

    def test_the_body(self):
        for here, message in ((V11, V13), (V13, V11)):
            sim = self.sim.speaking(here)
            link = message.client_links([message.invite(FREE)])
            for operation, body in (("GetUser", ""), ("AddClientLinks", link)):
                status, _, data = sim.post(operation, message.envelope(operation, body))
                self.assertEqual(status, 500)
                self.assertEqual(Reply(operation, status, data, here).fault_code(),
                                 ("bare", "DeserializationFailed"))
        self.assertEqual(self.sim.invitations(), {})

    def test_the_header_alone(self):
        for here, other in ((V11, V13), (V13, V11)):
            text = here.envelope("GetUser").replace(f'Header xmlns="{here.cm}"',
                                                    f'Header xmlns="{other.cm}"')
            status, _, data = self.sim.speaking(here).post("GetUser", text)
            self.assertEqual(Reply("GetUser", status, data, here).fault_code(), ("adapi", 116))

    def test_items_of_the_other_version_cannot_be_read(self):
        text = V13.envelope("AddClientLinks", V13.client_links([V13.invite(FREE)]))
        text = text.replace(V13.ent, V11.ent)
        status, _, data = self.v13.post("AddClientLinks", text)
        self.assertEqual(Reply("AddClientLinks", status, data, V13).fault_code(),
                         ("bare", "DeserializationFailed"))

    def test_faults_are_in_the_namespace_of_the_address(self):
        for api in (V11, V13):
            sim = self.sim.speaking(api)
            reply = sim.add()
            self.assertEqual(schema.problems(reply.data, api.name), [])
            self.assertEqual(reply.fault_code(), ("api", 3087))
            other = b"/v13" if api.v11 else b"/v11"
            self.assertNotIn(b"Customer" + other, reply.data)


class AccountLinks(VersionTest):
    def test_who_pays_must_be_said(self):
        reply = self.v13.add(V13.invite(FREE), V13.invite(FREE + 1, IsBillToClient=None),
                             V13.invite(FREE + 2, IsBillToClient="true"))
        self.assertEqual(reply.codes(), [[], [203], []])
        details = reply.response.find(f".//{{{V13.exc}}}Details")
        self.assertEqual(details.text, "IsBillToClient")
        nil = V13.client_links([{"ClientEntityId": FREE + 1, MANAGER: AGENCY,
                                 "IsBillToClient": None}])
        self.assertEqual(self.ask("AddClientLinks", nil).codes(), [[203]])

    def test_the_type_and_what_goes_with_it(self):
        for fields, codes in (({"Type": "AccountLink"}, []), ({"Type": ""}, []),
                              ({"Type": "accountlink"}, [201]), ({"Type": "Link"}, [201]),
                              ({"CustomerLinkPermission": "Standard"}, [201]),
                              ({"CustomerLinkPermission": ""}, []),
                              ({"ClientEntityCustomerNumber": "C3001001"}, []),
                              ({"ClientEntityCustomerNumber": "C3001002"}, [201]),
                              ({"ClientEntityCustomerNumber": "none"}, [201]),
                              ({"ClientEntityName": "whatever"}, [])):
            self.sim.control("reset", {})
            self.assertEqual(self.codes(V13.invite(FREE, **fields)), [codes], fields)

    def test_elements_of_v13_are_read_only(self):
        self.v13.add(V13.invite(FREE))
        good = {**self.v13.find(FREE), "Status": "LinkCanceled"}
        for name, value in (("Type", "CustomerLink"), ("Type", "x"), ("ClientEntityName", "x"),
                            ("ManagingCustomerName", "x"), ("CustomerLinkPermission", "Standard"),
                            ("ClientEntityCustomerNumber", "C3001002"),
                            ("IsBillToClient", "true")):
            expected = [210] if (name, value) == ("Type", "CustomerLink") else [3083]
            self.assertEqual(self.v13.update({**good, name: value}).codes(), [expected], name)
        for name in ("ClientEntityName", "ManagingCustomerName", "ClientEntityCustomerNumber"):
            del good[name]
        self.assertEqual(self.v13.update(good).codes(), [[]])

    def test_password_does_not_open_v13(self):
        header = "<UserName>agency.admin</UserName><Password>demo-password</Password>"
        for api, expected in ((V11, 200), (V13, 500)):
            text = api.envelope("GetUser", token=None, header=header)
            self.assertEqual(self.sim.speaking(api).post("GetUser", text)[0], expected)


class CustomerLinks(VersionTest):
    def answer(self, status, **keywords):
        return self.v13.update({**self.one(token=CLIENT_ADMIN), "Status": status},
                               token=CLIENT_ADMIN, **keywords).codes()[0]

    def test_the_whole_life(self):
        self.assertEqual(self.codes(self.whole(Note="All of you", CustomerLinkPermission=
                                               "Administrative")), [[]])
        link = self.one()
        self.assertEqual(
            [link[name] for name in ("Type", "ClientEntityNumber", "ClientEntityName", "Name",
                                     "IsBillToClient", "CustomerLinkPermission", "Status", "Note")],
            ["CustomerLink", "C3001001", "Alder Books", "Alder Books", None, "Administrative",
             "LinkPending", "All of you"])
        self.assertNotIn("ClientEntityCustomerNumber", link)
        self.assertEqual(self.answer("LinkAccepted"), [])
        seen = []
        for step in (1, 300):
            self.sim.control("clock", {"step": step})
            seen.append(self.one()["Status"])
        self.assertEqual(seen, ["LinkInProgress", "Active"])
        self.assertEqual(self.v13.update({**self.one(), "Status": "UnlinkRequested"}).codes(), [[]])
        self.sim.control("clock", {"step": 302})
        self.assertEqual(self.one()["Status"], "Inactive")
        self.assertEqual(self.codes(self.whole()), [[]])

    def test_it_expires_and_can_be_declined_and_canceled(self):
        self.v13.add(self.whole(), self.whole(CLIENT_B))
        self.assertEqual(self.answer("LinkDeclined"), [])
        self.sim.control("clock", {"step": 30 * 24 * 3600})
        self.assertEqual(self.one(CLIENT_B)["Status"], "LinkExpired")
        self.assertEqual(self.codes(self.whole()), [[]])
        self.assertEqual(self.v13.update({**self.one(), "Status": "LinkCanceled"}).codes(), [[]])

    def test_duplicates_are_per_pair_and_kind(self):
        self.assertEqual(self.codes(self.whole(), self.whole(), V13.invite(FREE)),
                         [[], [1410], []])
        self.assertEqual(self.codes(self.whole(manager=RIVAL), token=RIVAL_ADMIN), [[]])
        self.sim.control("links", {"clientCustomerId": CLIENT, "managingCustomerId": AGENCY,
                                   "status": "LinkInProgress", "held": True})
        self.assertEqual(self.codes(self.whole()), [[1472]])

    def test_what_is_refused(self):
        for link, codes in ((self.whole(999), [210]), (self.whole(AGENCY), [201]),
                            (self.whole(FREE), [210]),
                            (self.whole(CustomerLinkPermission="LinkedEntityOnly"), [201]),
                            (self.whole(manager=RIVAL), [1001]), (self.whole(manager=77777), [210]),
                            (self.whole(ClientEntityNumber="C2003003"), [201]),
                            (self.whole(None), [201]), (self.whole(Status="Active"), [201])):
            self.assertEqual(self.codes(link), [codes], link)

    def test_by_number_and_with_what_does_not_apply(self):
        self.assertEqual(self.codes(self.whole(None, ClientEntityNumber="C3001001")), [[]])
        self.assertEqual(self.codes(self.whole(CLIENT_B, IsBillToClient="true",
                                               ClientEntityCustomerNumber="nothing")), [[]])
        self.assertEqual(self.one()["CustomerLinkPermission"], "Standard")
        link = self.one(CLIENT_B)
        self.assertIsNone(link["IsBillToClient"])
        self.assertEqual(self.v13.update({**link, "Status": "LinkCanceled"}).codes(), [[]])

    def test_a_customer_may_have_several_above_it(self):
        self.assertEqual(self.codes(self.whole(manager=RIVAL), token=RIVAL_ADMIN), [[]])
        for status in ("LinkInProgress", "Active"):
            self.sim.control("links", {"clientCustomerId": CLIENT, "managingCustomerId": RIVAL,
                                       "status": status, "held": True})
            self.assertEqual(self.codes(self.whole()), [[]], status)
            link = {**self.one(token=CLIENT_ADMIN), "Status": "LinkAccepted"}
            self.assertEqual(self.v13.update(link, token=CLIENT_ADMIN).codes(), [[]])
            self.sim.control("links", {"clientCustomerId": CLIENT, "managingCustomerId": AGENCY,
                                       "status": "Inactive"})

    def test_roles(self):
        """Standard users handle links of accounts, Super Admins both."""
        self.assertEqual(self.codes(V13.invite(FREE), self.whole(), token=STANDARD), [[], [1001]])
        self.assertEqual(self.codes(self.whole()), [[]])
        link = {**self.one(), "Status": "LinkCanceled"}
        self.assertEqual(self.v13.update(link, token=STANDARD).codes(), [[1001]])
        self.assertEqual(self.v13.search((CUSTOMER_ID, "Equals", CLIENT), token=STANDARD)
                         .fault_code(), ("adapi", 106))
        direct = (DIRECT, "Equals", AGENCY)
        self.assertNotIn(CLIENT, self.ids(direct, token=STANDARD))
        self.assertIn(FREE, self.ids(direct, token=STANDARD))
        self.assertIn(CLIENT, self.ids(direct))
        for token in ("AGENCY-VIEWER-TOKEN", "AGENCY-CAMPAIGN-TOKEN", "AGENCY-AGGREGATOR-TOKEN"):
            for reply in (self.v13.add(self.whole(), token=token),
                          self.v13.search(direct, token=token), self.v13.update(link, token=token)):
                self.assertEqual(reply.fault_code(), ("adapi", 106), token)

    def test_strangers(self):
        self.v13.add(self.whole())
        link = {**self.one(), "Status": "LinkCanceled"}
        self.assertEqual(self.v13.update(link, token=RIVAL_ADMIN).codes(), [[1001]])
        self.assertEqual(self.answer("LinkCanceled"), [1001])
        self.assertIsNone(self.one(token=RIVAL_ADMIN))

    def test_access_by_way_of_the_link(self):
        def accounts():
            reply = self.ask("GetLinkedAccountsAndCustomersInfo")
            return (len(reply.response.findall(f".//{{{V13.ent}}}AccountInfo")),
                    [item.find(f"{{{V13.ent}}}Id").text for item in
                     reply.response.findall(f".//{{{V13.ent}}}CustomerInfo")])

        self.v13.add(self.whole(CLIENT_B, CustomerLinkPermission="Administrative"))
        self.assertEqual(accounts(), (3, [str(CLIENT)]))
        self.assertEqual(len(self.ask("GetUser").customer_roles()), 1)
        self.sim.control("links", {"clientCustomerId": CLIENT_B, "managingCustomerId": AGENCY,
                                   "status": "Active"})
        self.assertEqual(accounts(), (3, [str(CLIENT), str(CLIENT_B)]))
        self.assertEqual(len(self.ask("GetAccountsInfo").response.findall(
            f".//{{{V13.ent}}}AccountInfo")), 17)
        reply = self.ask("GetUser")
        self.assertEqual(reply.roles(), ["41"])
        role = reply.customer_roles()[1]
        self.assertEqual([child.text for child in role],
                         ["41", str(CLIENT_B), None, None, "Administrative"])

    def test_the_log_names_the_customer(self):
        self.v13.add(self.whole())
        link = self.sim.log()[0]["links"][0]
        self.assertEqual((link["clientCustomerId"], link["managingCustomerId"], link["accepted"]),
                         (CLIENT, AGENCY, True))
        self.assertNotIn("accountId", link)


class Hierarchy(VersionTest):
    """The example of the guide account-hierarchy-permissions, with one level more."""

    LEVELS = (1000111, 1000222, 1000333)

    def setUp(self):
        customers = [*range(1000111, 1000778, 111)]
        data = {"customers": [{"id": each, "name": f"L{each}"} for each in customers],
                "accounts": [{"id": each * 10 + n, "name": "A", "customerId": each}
                             for each in customers for n in (1, 2)],
                "users": [{"id": each + 1, "customerId": each, "userName": f"u{each}",
                           "roles": [41]} for each in customers],
                "accessTokens": [{"token": f"T{each}", "userId": each + 1} for each in customers],
                "developerTokens": [{"token": "D"}],
                "links": [
                    self.link(1000111, 1000222, "Administrative"),
                    self.link(1000222, 1000333, "Standard"),
                    {"accountId": 10004441, "managingCustomerId": 1000333, "status": "Active"}]}
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "data.json")
            Path(path).write_text(json.dumps(data), "utf-8")
            self.sim = Simulator("--plain-http", "--data", path)
        self.addCleanup(self.stop)
        self.v13 = self.sim.speaking(V13)

    @staticmethod
    def link(manager, client, permission):
        return {"clientCustomerId": client, "managingCustomerId": manager, "status": "Active",
                "customerLinkPermission": permission}

    def ids(self, operation, body, item):
        reply = self.ask(operation, body, token="T1000111", developer="D")
        self.assertEqual(reply.fault_code(), None, (operation, body))
        return [each.find(f"{{{V13.ent}}}Id").text for each in
                reply.response.findall(f".//{{{V13.ent}}}{item}")]

    def test_roles_over_all_levels(self):
        roles = self.ask("GetUser", token="T1000111", developer="D").customer_roles()
        found = [[" ".join(id.text for id in child) or child.text for child in role]
                 for role in roles]
        self.assertEqual(found, [["41", "1000111", None, None, None],
                                 ["41", "1000222", None, None, "Administrative"],
                                 ["41", "1000333", None, "10004441", "Standard"]])

    def test_linked_accounts_and_customers(self):
        operation = "GetLinkedAccountsAndCustomersInfo"
        for asked, accounts, customers in (
                (1000111, ["10001111", "10001112"], ["1000222"]),
                (1000222, ["10002221", "10002222"], ["1000333"]),
                (1000333, ["10003331", "10003332", "10004441"], ["1000444"])):
            body = f"<CustomerId>{asked}</CustomerId>"
            self.assertEqual(self.ids(operation, body, "AccountInfo"), accounts)
            self.assertEqual(self.ids(operation, body, "CustomerInfo"), customers)
        self.assertEqual(self.ask(operation, "<CustomerId>1000444</CustomerId>", token="T1000111",
                                  developer="D").fault_code(), ("api", 1001))

    def test_access(self):
        for account in (10001111, 10002221, 10003332, 10004441):
            self.ids("GetAccount", f"<AccountId>{account}</AccountId>", "Account")
        self.assertEqual(self.ask("GetAccount", "<AccountId>10004442</AccountId>", token="T1000111",
                                  developer="D").fault_code(), ("api", 1001))
        self.assertEqual(self.ids("GetCustomersInfo", "<TopN>10</TopN>", "CustomerInfo"),
                         ["1000111", "1000222", "1000333"])
        reply = self.ask("GetCustomer", "<CustomerId>1000333</CustomerId>", token="T1000111",
                         developer="D")
        self.assertEqual(reply.response.find(f"{{{V13.cm}}}Customer/{{{V13.ent}}}Id").text,
                         "1000333")
        self.assertEqual(self.ids("GetAccountsInfo", "<CustomerId>1000333</CustomerId>",
                                  "AccountInfo"), ["10003331", "10003332", "10004441"])

    def test_five_levels_of_links(self):
        for manager in (1000333, 1000444, 1000555, 1000666):
            client = manager + 111
            link = self.whole(client, manager=manager)
            codes = self.v13.add(link, token=f"T{manager}", developer="D").codes()
            self.assertEqual(codes, [[201] if manager == 1000666 else []], manager)
            if codes == [[]]:
                self.sim.control("links", {"clientCustomerId": client,
                                           "managingCustomerId": manager, "status": "Active"})


class Search(VersionTest):
    def setUp(self):
        super().setUp()
        self.v13.add(self.whole(), self.whole(CLIENT_B), V13.invite(1001039))
        self.v13.add(self.whole(manager=RIVAL), token=RIVAL_ADMIN)

    def pairs(self, *predicates, **keywords):
        return [(int(link["ClientEntityId"]), int(link[MANAGER]))
                for link in self.found(*predicates, **keywords)]

    def test_by_client_customer(self):
        self.assertEqual(self.pairs((CUSTOMER_ID, "Equals", CLIENT)), [(CLIENT, AGENCY)])
        self.assertEqual(self.pairs((CUSTOMER_ID, "In", f"{CLIENT_B}, {CLIENT},{FREE}")),
                         [(CLIENT, AGENCY), (CLIENT_B, AGENCY)])
        self.assertEqual(self.pairs((CUSTOMER_ID, "Equals", CLIENT), token=CLIENT_ADMIN),
                         [(CLIENT, AGENCY), (CLIENT, RIVAL)])
        self.assertEqual(self.pairs((CUSTOMER_ID, "Equals", CLIENT), (DIRECT, "Equals", RIVAL),
                                    token=CLIENT_ADMIN), [(CLIENT, RIVAL)])

    def test_by_manager_shows_accounts_and_what_others_hold_on_them(self):
        found = self.pairs((MANAGER, "Equals", AGENCY))
        self.assertIn((1001039, AGENCY), found)
        self.assertIn((1001039, RIVAL), found)
        self.assertNotIn((CLIENT, AGENCY), found)

    def test_by_direct_manager_shows_both_kinds_and_no_others(self):
        found = self.pairs((DIRECT, "Equals", AGENCY))
        self.assertIn((1001039, AGENCY), found)
        self.assertIn((CLIENT, AGENCY), found)
        self.assertEqual({manager for _, manager in found}, {AGENCY})
        self.assertEqual(self.pairs((DIRECT, "Equals", RIVAL)), [])

    def test_the_manager_is_ignored_beside_an_account_the_direct_one_is_not(self):
        account = (ACCOUNT_ID, "Equals", 1001039)
        both = [(1001039, AGENCY), (1001039, RIVAL)]
        self.assertEqual(self.pairs(account, (MANAGER, "Equals", RIVAL), token=CLIENT_ADMIN), both)
        self.assertEqual(self.pairs(account, (DIRECT, "Equals", RIVAL), token=CLIENT_ADMIN),
                         both[1:])
        self.assertEqual(self.pairs((ACCOUNT_ID, "Equals", CLIENT)), [])

    def test_what_excludes_each_other(self):
        for pair in (((ACCOUNT_ID, "Equals", FREE), (CUSTOMER_ID, "Equals", CLIENT)),
                     ((MANAGER, "Equals", AGENCY), (DIRECT, "Equals", AGENCY))):
            for predicates in (pair, pair[::-1]):
                self.assertEqual(self.v13.search(*predicates).fault_code(), ("api", 3030))
        for predicate in ((CUSTOMER_ID, "Contains", CLIENT), (DIRECT, "In", AGENCY),
                          (CUSTOMER_ID, "In", ",".join(str(CLIENT + i) for i in range(11)))):
            self.assertEqual(self.v13.search(predicate).fault_code(), ("api", 3030))

    def test_order_and_pages(self):
        everything = self.ids((DIRECT, "Equals", AGENCY), page=(0, 1000))
        paged = [link for index in range(4) for link in
                 self.ids((DIRECT, "Equals", AGENCY), page=(index, 5))]
        self.assertEqual(paged, everything)


class Operations(VersionTest):
    """Those that v11 has not, and that all of the contract are there."""

    def test_all_of_the_contract_are_dispatched(self):
        for api in (V11, V13):
            names = set(re.findall(r'<wsdl:operation name="(\w+)"',
                                   schema.wsdl(api.name).read_text(encoding="utf-8")))
            self.assertEqual(len(names), 33 if api.v11 else 39)
            for name in names:
                reply = self.sim.speaking(api).call(name)
                self.assertEqual(schema.problems(reply.data, api.name), [], name)
                self.assertNotEqual(reply.fault_code(), ("bare", "ActionNotSupported"), name)

    def test_linked_accounts_and_customers(self):
        reply = self.ask("GetLinkedAccountsAndCustomersInfo", f"<CustomerId>{CLIENT}</CustomerId>"
                         "<OnlyParentAccounts>true</OnlyParentAccounts>", token=CLIENT_ADMIN)
        self.assertEqual(len(reply.response.findall(f".//{{{V13.ent}}}AccountInfo")), 26)
        reply = self.ask("GetLinkedAccountsAndCustomersInfo",
                         "<OnlyParentAccounts>true</OnlyParentAccounts>")
        self.assertEqual(reply.response.findall(f".//{{{V13.ent}}}*"), [])
        self.assertEqual(self.ask("GetLinkedAccountsAndCustomersInfo",
                                  f"<CustomerId>{CLIENT}</CustomerId>").fault_code(), ("api", 1001))

    def test_address(self):
        def status(*names):
            body = "".join(f"<e:{name}>x&amp;y</e:{name}>" for name in names)
            reply = self.ask("ValidateAddress", f'<Address xmlns:e="{V13.ent}">{body}</Address>')
            echoed = reply.response.find(f"{{{V13.cm}}}OriginalAddress")
            self.assertEqual([echoed.find(f"{{{V13.ent}}}{name}").text for name in names],
                             ["x&y"] * len(names))
            return reply.response.find(f"{{{V13.cm}}}Status").text

        self.assertEqual(status("City", "CountryCode", "Line1"), "AddressValidWithoutSuggestions")
        self.assertEqual(status("City", "CountryCode"), "AddressInvalidWithoutSuggestions")
        self.assertEqual(self.ask("ValidateAddress").fault_code(), ("api", 203))

    def test_the_rest(self):
        self.assertEqual(self.ask("GetUserMFAStatus").response[0].text, "true")
        for user, code in (("7001", None), ("7002", ("api", 1001))):
            self.assertEqual(self.ask("GetNotifications", f"<UserId>{user}</UserId>").fault_code(),
                             code)
        self.assertEqual(self.ask("DismissNotifications").fault_code(), ("api", 3087))
        pair = (f'<NotificationTypePairs xmlns:e="{V13.ent}"><e:KeyValueEntityOflongint>'
                "<e:Key>1</e:Key><e:Value>2</e:Value></e:KeyValueEntityOflongint>"
                "</NotificationTypePairs>")
        self.assertEqual(self.ask("DismissNotifications", pair).fault_code(), ("api", 210))
        for account, code in ((1001028, None), (FREE, ("api", 1001)), (5, ("api", 2108))):
            self.assertEqual(self.ask("GetAccountPilotFeatures",
                                      f"<AccountId>{account}</AccountId>").fault_code(), code)

    def test_a_role_that_v13_has_no_number_for_is_left_out(self):
        body = (f'<UserInvitation xmlns:e="{V11.ent}"><e:FirstName>A</e:FirstName>'
                "<e:LastName>B</e:LastName><e:Email>a@sim.example</e:Email>"
                f"<e:CustomerId>{AGENCY}</e:CustomerId><e:Role>PublisherAdmin</e:Role>"
                "<e:Lcid>EnglishUS</e:Lcid></UserInvitation>")
        self.assertEqual(self.v11.call("SendUserInvitation", body).status, 200)
        reply = self.ask("SearchUserInvitations",
                         V13.search_body([("CustomerId", "Equals", AGENCY)], "", None))
        self.assertEqual(len(reply.response.findall(f".//{{{V13.ent}}}UserInvitation")), 1)
        self.assertEqual(reply.response.findall(f".//{{{V13.ent}}}RoleId"), [])


class Faults(VersionTest):
    def good(self, sim):
        return sim.call("GetUser").status == 200

    def test_a_rule_hits_both_or_one(self):
        self.sim.control("faults", {"add": "fault=api:1001,op=GetUser"})
        self.assertEqual([self.good(self.v11), self.good(self.v13)], [False, False])
        for name, expected in (("v11", [False, True]), ("v13", [True, False])):
            self.sim.control("faults", {"clear": True})
            self.sim.control("faults", {"add": f"fault=api:1001,api={name},call=1"})
            self.assertEqual([self.good(self.v11), self.good(self.v13)], expected)
        with self.assertRaises(RuntimeError):
            self.sim.control("faults", {"add": "empty,api=v12"})

    def test_a_forced_fault_is_of_the_version(self):
        self.sim.control("faults", {"add": "fault=operation:1001,op=AddClientLinks"})
        for api in (V11, V13):
            reply = self.sim.speaking(api).add(api.invite(FREE))
            self.assertEqual(schema.problems(reply.data, api.name), [])


class Data(unittest.TestCase):
    def start(self, *arguments):
        sim = Simulator("--plain-http", *arguments)
        self.addCleanup(sim.stop)
        return sim

    def load(self, folder, link):
        data = {"customers": [{"id": 2, "name": "A"}, {"id": 900, "name": "Client"}],
                "users": [{"id": 3, "customerId": 2, "userName": "u", "roles": [41]}],
                "developerTokens": [{"token": "D"}],
                "accessTokens": [{"token": "T", "userId": 3}], "links": [link]}
        path = os.path.join(folder, "data.json")
        Path(path).write_text(json.dumps(data), encoding="utf-8")
        return self.start("--data", path).speaking(V13)

    def test_a_data_set_may_name_links_of_customers(self):
        link = {"clientCustomerId": 900, "managingCustomerId": 2, "status": "Active", "name": "N"}
        with tempfile.TemporaryDirectory() as folder:
            sim = self.load(folder, {**link, "customerLinkPermission": "Administrative"})
        found = sim.search((CUSTOMER_ID, "Equals", 900), token="T", developer="D").links()
        self.assertEqual([(item["ClientEntityId"], item["Name"], item["CustomerLinkPermission"])
                          for item in found], [("900", "N", "Administrative")])
        listed = sim.control("links?clientCustomerId=900", method="GET")["links"]
        self.assertEqual([(item["type"], item["clientCustomerNumber"]) for item in listed],
                         [("CustomerLink", "C900")])

    def test_but_not_of_an_account_and_a_customer_at_once(self):
        for wrong in ({}, {"accountId": 1, "clientCustomerId": 900}):
            with tempfile.TemporaryDirectory() as folder:
                with self.assertRaisesRegex(RuntimeError, "either an accountId or"):
                    self.load(folder, {"managingCustomerId": 2, **wrong})

    def test_a_state_of_an_earlier_release_is_carried_on(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "state.db")
            Simulator("--plain-http", "--state", path).stop()
            with sqlite3.connect(path) as old:
                old.execute("DROP INDEX link_client")
                for column in ("client_customer_id", "permission"):
                    old.execute(f"ALTER TABLE links DROP COLUMN {column}")
            old.close()
            sim = self.start("--state", path).speaking(V13)
            self.assertEqual(sim.status_of(1001025), "LinkPending")
            link = V13.invite(CLIENT, Type="CustomerLink")
            self.assertEqual(sim.add(link).codes(), [[]])

    def test_control_wants_one_client(self):
        sim = self.start()
        for wrong in ({}, {"accountId": 1001025, "clientCustomerId": CLIENT}):
            with self.assertRaisesRegex(RuntimeError, "accountId or clientCustomerId"):
                sim.control("links", {"managingCustomerId": AGENCY, "status": "Active", **wrong})

    def test_the_client_answers_at_the_controls(self):
        sim = self.start().speaking(V13)
        sim.add(V13.invite(CLIENT, Type="CustomerLink"))
        sim.control("links", {"clientCustomerId": CLIENT, "managingCustomerId": AGENCY,
                              "clientAnswer": "LinkAccepted"})
        self.assertEqual(sim.search((CUSTOMER_ID, "Equals", CLIENT)).links()[0]["Status"],
                         "LinkAccepted")


if __name__ == "__main__":
    unittest.main()
