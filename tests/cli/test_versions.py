"""Two versions of the contract: how one is chosen, what only one has, and that they are not mixed.

Each test says itself which version it speaks, so it is the same in every group.
"""

import json
import unittest

from support import AGENCY, CLIENT_ADMIN, CliTest, SimTest

ALDER, BIRCH, SOLO, NOBODY = 3001001, 3001002, 3004004, 9999999
ACCOUNT, OTHER, PENDING = 1001001, 1001002, 1001025
STANDARD = "AGENCY-STANDARD-TOKEN"


class Choice(CliTest):
    """--api, BACM_API and the key api."""

    def setUp(self):
        super().setUp()
        self.variables.pop("BACM_API", None)

    def version(self, *arguments, **variables):
        """By the number of operations."""
        result = self.bacm("call", "--list", *arguments, **variables)
        self.assertEqual(result.code, 0, result.err)
        return {33: "v11", 39: "v13"}[len(result.out.split())]

    def doctor(self, *arguments, **variables):
        result = self.bacm("doctor", "--output", "ndjson", *arguments, **variables)
        checks = {check["check"]: check["detail"] for check in map(json.loads,
                                                                   result.out.splitlines())}
        return checks["version"].split(",")[0]

    def test_default(self):
        """What the path of the endpoint says, else what answers in 2027."""
        base = "https://localhost:1"
        for endpoint, expected in (
                (None, "v13-rest"), (f"{base}/gateway", "v13-rest"),
                (f"{base}/CustomerManagement/v13", "v13-rest"),
                (f"{base}/a:b;c=d/CustomerManagement/v13/", "v13-rest"),
                (f"{base}/Api/CustomerManagement/v13/CustomerManagementService.svc", "v13"),
                (f"{base}/Api/CustomerManagement/v11/CustomerManagementService.svc",
                 "v11")):
            with self.subTest(endpoint):
                found = self.doctor(**({"BACM_ENDPOINT": endpoint} if endpoint else {}))
                self.assertEqual(found, expected)

    def test_days_that_soap_has_left(self):
        result = self.bacm("doctor", "--api", "v13")
        self.assertRegex(result.out, r"ends on 2027-01-31, in \d+ days|SOAP has ended")

    def test_each_place_and_which_wins(self):
        config = self.write("config", "[default]\napi = v13\n", 0o600)
        self.assertEqual(self.version("--api", "v13"), "v13")
        self.assertEqual(self.version(BACM_API="v13"), "v13")
        self.assertEqual(self.version(BACM_CONFIG=config), "v13")
        self.assertEqual(self.version(BACM_CONFIG=config, BACM_API="v11"), "v11")
        self.assertEqual(self.version("--api", "v11", BACM_API="v13"), "v11")

    def test_unknown_version(self):
        config = self.write("config", "[default]\napi = 13\n", 0o600)
        for arguments, variables, text in (
                (("--api", "v12"), {}, "--api: 'v12' is none of v11,v13,v13-rest"),
                ((), {"BACM_API": "V13"}, "BACM_API: 'V13' is none of v11,v13,v13-rest"),
                ((), {"BACM_CONFIG": config}, "config:2: api: '13' is none of v11,v13,v13-rest")):
            with self.subTest(text):
                result = self.bacm("call", "--list", *arguments, **variables)
                self.assertEqual((result.code, result.out), (2, ""))
                self.assert_says(result, text)

    def test_platform_of_the_version(self):
        for arguments, host in ((("--api", "v11"), "login.live.com"),
                                (("--api", "v13"), "login.microsoftonline.com"),
                                (("--api", "v13", "--oauth-platform", "identity"),
                                 "login.microsoftonline.com"),
                                (("--api", "v11", "--oauth-platform", "identity"),
                                 "login.microsoftonline.com")):
            with self.subTest(arguments):
                result = self.bacm("login", "--no-browser", "--client-id", "x", *arguments,
                                   BACM_DEVELOPER_TOKEN="D")
                self.assertIn(f"https://{host}/", result.err)

    def test_platform_that_v13_does_not_take(self):
        config = self.write("config", "[default]\noauth-platform = live\n", 0o600)
        for command in ("login", "whoami", "search"):
            for arguments, variables in ((("--oauth-platform", "live"), {}),
                                         ((), {"BACM_OAUTH_PLATFORM": "live"}),
                                         ((), {"BACM_CONFIG": config})):
                with self.subTest((command, arguments, variables)):
                    result = self.bacm(command, "--api", "v13", "--client-id", "x", *arguments,
                                       BACM_DEVELOPER_TOKEN="D", **variables)
                    self.assertEqual((result.code, result.out), (2, ""))
                    self.assert_says(result, "oauth-platform is live, but v13 takes tokens of the "
                                     "identity platform only", "set it to identity")

    def test_endpoint_of_the_other_version(self):
        rows = self.write("rows.csv", "ClientEntityId,IsBillToClient\n1001001,true\n")
        path = "https://localhost:1/Api/CustomerManagement/{}/CustomerManagementService.svc"
        for mine, other in (("v11", "v13"), ("v13", "v11")):
            for command in (["whoami"], ["search"], ["add", "--yes", rows], ["wait", "1001001"],
                            ["update", "--yes", "cancel", "1001001"], ["call", "GetUser"]):
                with self.subTest((mine, command)):
                    result = self.bacm(*command, BACM_API=mine, BACM_DEVELOPER_TOKEN="D",
                                       BACM_ACCESS_TOKEN="A", BACM_ENDPOINT=path.format(other))
                    self.assertEqual((result.code, result.out), (2, ""))
                    self.assert_says(result, f"{mine} is spoken, but the endpoint is of {other}",
                                     f"use --api {other}, or give the endpoint of {mine}")
        result = self.bacm("whoami", BACM_DEVELOPER_TOKEN="D", BACM_ACCESS_TOKEN="A",
                           BACM_ENDPOINT="https://localhost:1/gateway")
        self.assertEqual(result.code, 6, result.err)

    def test_help_is_about_the_version(self):
        config = self.write("config", "[default]\napi = v13\ntimeout = never\n", 0o600)
        for arguments, variables in (
                (("add", "--help", "--api", "v13"), {}), (("add", "--api", "v13", "--help"), {}),
                (("--api", "v13", "add", "-h"), {}), (("--api=v13", "add", "--help", "--what"), {}),
                (("add", "--help"), {"BACM_API": "v13"}),
                (("add", "--help"), {"BACM_CONFIG": config})):
            with self.subTest((arguments, variables)):
                result = self.bacm(*arguments, **variables)
                self.assertEqual((result.code, result.err), (0, ""))
                text = " ".join(result.out.split())
                self.assertIn("Version 13. Further names: Type (AccountLink, the default, or "
                              "CustomerLink", text)
                self.assertIn("CustomerLinkPermission", text)
                self.assertIn("'ClientEntityId,IsBillToClient\\n1001001,false\\n' | bacm add "
                              "--api v13-rest -", text)
                self.assertNotIn("Version 11", text)
        result = self.bacm("add", "--help", "--api", "v11")
        self.assertIn("Version 11. Further names: ClientAccountId", result.out)
        self.assertNotIn("CustomerLinkPermission", result.out)
        result = self.bacm("add", "--help", "--api", "v12")
        self.assertEqual((result.code, result.out), (2, ""))

    def test_example_of_the_help(self):
        """What help shows can be typed."""
        for api, names in (("v11", "ClientAccountId,Name\n1001001,Spring\n"),
                           ("v13", "ClientEntityId,IsBillToClient\n1001001,false\n"),
                           ("v13", "Type,ClientEntityId\nCustomerLink,3001001\n")):
            with self.subTest(names):
                self.assertIn(f"printf '{names}'".replace("\n", "\\n"),
                              self.bacm("add", "--help", "--api", api).out)
                result = self.bacm("add", "--dry-run", "--managing-customer-id", AGENCY, "--api",
                                   api, "-", stdin=names)
                self.assertEqual(result.code, 0, result.err)

    def test_options_that_only_v13_has(self):
        for arguments in (("search", "--client-customer", "3001001"),
                          ("search", "--direct-managing-customer", "3001001"),
                          ("wait", "--client-customer", "3001001"),
                          ("update", "cancel", "--client-customer", "3001001")):
            with self.subTest(arguments):
                result = self.bacm(*arguments, "--api", "v11")
                self.assertEqual((result.code, result.out), (2, ""))
                self.assert_says(result, f"{arguments[-2]}: v11 links client accounts only, not "
                                         "customers; use --api v13-rest")

    def test_bad_ids_of_customers(self):
        for arguments, text in (
                (("search", "--client-customer", "1001,x"), "'x' is not the id of a customer"),
                (("search", "--direct-managing-customer", "12"), "'12' is not the id of a customer"),
                (("search", "--direct-managing-customer", "2002002", "--all-managers", "1001001"),
                 "give one of the two")):
            with self.subTest(arguments):
                result = self.bacm(*arguments, "--api", "v13")
                self.assertEqual(result.code, 2)
                self.assert_says(result, text)


class Columns(CliTest):
    """What an input may have in each version; nothing is sent."""

    def preview(self, api, content, *arguments):
        return self.bacm("add", "--dry-run", "--managing-customer-id", AGENCY, "--api", api,
                         *arguments, "-", stdin=content)

    def refused(self, api, content, *texts):
        result = self.preview(api, content)
        self.assertEqual((result.code, result.out), (2, ""))
        self.assert_says(result, "nothing was sent", *texts)

    def test_accounts_by_both_spellings_in_both_versions(self):
        rows = "ClientAccountId,ClientAccountNumber,IsBillToClient\n1001001,,true\n,X1001002,false\n"
        lines = ('{"ClientAccountId":1001001,"IsBillToClient":true}\n'
                 '{"ClientAccountNumber":"X1001002","IsBillToClient":false}\n')
        for api, element in (("v11", "ClientAccount"), ("v13", "ClientEntity")):
            outputs = set()
            for content in (rows, lines):
                for spelled in (content, content.replace("ClientAccount", "ClientEntity")):
                    result = self.preview(api, spelled)
                    self.assertEqual(result.code, 0, result.err)
                    outputs.add(result.out)
            self.assertEqual(len(outputs), 1)
            self.assertIn(f"<ent:{element}Id>1001001</ent:{element}Id>", outputs.pop())

    def test_customers(self):
        result = self.preview("v13", "Type,ClientEntityId,ClientEntityNumber,CustomerLinkPermission,"
                                     "IsBillToClient\nCustomerLink,3001001,,Standard,\n"
                                     "CustomerLink,,C3001002,,\nAccountLink,1001001,,,false\n"
                                     ",1001002,,,true\n")
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(result.out.count("<ent:Type>CustomerLink</ent:Type>"), 2)
        self.assertEqual(result.out.count("<ent:Type>AccountLink</ent:Type>"), 1)
        for text in ("<ent:ClientEntityId>3001001<", "<ent:ClientEntityNumber>C3001002<",
                     "<ent:CustomerLinkPermission>Standard<", "<ent:IsBillToClient>true<"):
            self.assertEqual(result.out.count(text), 1, text)

    def test_two_identities(self):
        """Sent as given, whatever the wire and the form of the input."""
        columns = ("ClientEntityId", "ClientEntityNumber", "ClientEntityCustomerNumber", "Type",
                   "IsBillToClient")
        rows = (("3001001", "C3001001", "", "CustomerLink", ""),
                ("1001001", "", "C3001001", "", "false"))
        lines = ('{"Type":"CustomerLink","ClientEntityId":3001001,"ClientEntityNumber":"C3001001"}\n'
                 '{"ClientEntityId":1001001,"ClientEntityCustomerNumber":"C3001001",'
                 '"IsBillToClient":false}\n')
        table = "".join(",".join(row) + "\n" for row in (columns, *rows))
        record = "type,clientCustomerId,clientCustomerNumber\nCustomerLink,3001001,C3001001\n"
        for api, form in (("v13", "<ent:%s>%s</ent:%s>"), ("v13-rest", '"%s":"%s"')):
            for content, names in ((table, 2), (lines, 2), (record, 1)):
                with self.subTest((api, content)):
                    result = self.preview(api, content)
                    self.assertEqual(result.code, 0, result.err)
                    for name in ("ClientEntityNumber", "ClientEntityCustomerNumber")[:names]:
                        text = form % ((name, "C3001001", name)[:form.count("%s")])
                        self.assertEqual(result.out.count(text), 1, text)
        self.refused("v13", "ClientEntityId,ClientEntityCustomerNumber,IsBillToClient\n"
                            "1001001,3001001,false\n",
                     "stdin:2: column 2 (ClientEntityCustomerNumber): is not of the form C and "
                     "digits")
        self.refused("v13", "ClientEntityId,ClientEntityCustomerNumber,Type\n"
                            "3001001,C3001001,CustomerLink\n",
                     "stdin:2: column 2 (ClientEntityCustomerNumber): goes with an account")

    def test_order_of_keys_does_not_matter(self):
        outputs = {self.preview("v13", line + "\n").out for line in (
            '{"Type":"CustomerLink","ClientEntityId":3001001}',
            '{"ClientEntityId":3001001,"Type":"CustomerLink"}')}
        self.assertEqual(len(outputs), 1)
        self.assertIn("<ent:Type>CustomerLink<", outputs.pop())

    def test_what_v11_has_not(self):
        for name in ("Type", "CustomerLinkPermission", "ClientEntityCustomerNumber"):
            with self.subTest(name):
                self.refused("v11", f"ClientEntityId,{name}\n1001001,\n",
                             f"stdin:1: column 2: v11 has no {name}; leave it out, or use --api v13")
                self.refused("v11", json.dumps({"ClientEntityId": 1001001, name: "x"}) + "\n",
                             f"stdin:1: {name}: v11 has no {name}; leave it out, or use --api v13")

    def test_two_spellings(self):
        text = "in an input that has ClientEntity... names; use the names of one version"
        self.refused("v13", "ClientEntityId,ClientAccountNumber,IsBillToClient\n1001001,,true\n",
                     f"stdin:1: column 2: ClientAccountNumber stands {text}")
        self.refused("v11", '{"ClientEntityId":1001001}\n{"ClientAccountId":1001002}\n',
                     f"stdin:2: ClientAccountId: ClientAccountId stands {text}")

    def test_who_pays_must_be_said(self):
        self.refused("v13", "ClientEntityId,Name\n1001001,a\n",
                     "stdin:1: the column IsBillToClient is missing, which v13 wants for each "
                     "account; add it, with true where the client pays")
        self.refused("v13", "ClientEntityId,IsBillToClient\n1001001,true\n1001002,\n",
                     "stdin:3: column 2 (IsBillToClient): is missing; say true when")
        self.refused("v13", "ClientEntityId,Type\n3001001,CustomerLink\n1001002,\n",
                     "stdin:3: IsBillToClient: is missing; say true when", "1 of 2 rows are bad")
        self.refused("v13", '{"ClientEntityId":1001001}\n',
                     "stdin:1: IsBillToClient: is missing; say true when")

    def test_what_does_not_go_together(self):
        head = "ClientEntityId,Type,IsBillToClient,CustomerLinkPermission\n"
        for row, text in (
                ("3001001,CustomerLink,true,", "column 3 (IsBillToClient): does not go with a "
                                               "CustomerLink; leave it out"),
                ("1001001,AccountLink,true,Standard", "column 4 (CustomerLinkPermission): goes with "
                                                      "a CustomerLink only"),
                ("3001001,CustomerLink,,Owner", "column 4 (CustomerLinkPermission): is neither "
                                                "Administrative nor Standard"),
                ("3001001,Customer,,", "column 2 (Type): 'Customer' is neither AccountLink nor "
                                       "CustomerLink; write one of the two")):
            with self.subTest(row):
                self.refused("v13", head + row + "\n", "stdin:2: " + text)

    def test_customer_that_manages_itself(self):
        result = self.preview("v13", "ClientEntityId,Type\n2002002,CustomerLink\n")
        self.assertEqual((result.code, result.out), (2, ""))
        self.assert_says(result, "stdin:2: ClientEntityId: this is the managing customer's own id")
        self.refused("v13", "ClientEntityId,Type,ManagingCustomerId\n3001001,CustomerLink,3001001\n",
                     "stdin:2: column 1 (ClientEntityId): is the id of the managing customer")

    def test_customer_in_a_column_of_accounts(self):
        self.refused("v13", "ClientAccountId,Type,IsBillToClient\n3001001,CustomerLink,\n",
                     "stdin:2: column 1 (ClientAccountId): the client of a CustomerLink is a "
                     "customer, no account; call it ClientEntityId")
        self.refused("v13", '{"Type":"CustomerLink","ClientAccountNumber":"C3001001"}\n',
                     "stdin:1: ClientAccountNumber: the client of a CustomerLink is a customer")

    def test_errors_name_what_the_input_names(self):
        for api in ("v11", "v13"):
            for spelled in ("ClientAccount", "ClientEntity"):
                with self.subTest((api, spelled)):
                    self.refused(api, f"{spelled}Id,{spelled}Number,IsBillToClient\n"
                                      "1001001,X1001001,true\n,,true\n",
                                 f"column 2 ({spelled}Number): stands beside {spelled}Id; give",
                                 f"column 1 ({spelled}Id): is missing; give it or {spelled}Number")

    def test_what_the_service_sets(self):
        for name in ("Status", "ClientEntityName", "ManagingCustomerName", "Timestamp"):
            with self.subTest(name):
                rows = f"ClientEntityId,{name},IsBillToClient\n1001001,x,false\n"
                self.assertNotIn(">x<", self.preview("v13", rows).out)
                result = self.preview("v13", rows, "--strict")
                self.assertEqual(result.code, 2)
                self.assert_says(result, f"unknown name '{name}'; the service sets it; leave it out")

    def test_account_and_customer_with_one_id(self):
        head = "ClientEntityId,Type,IsBillToClient\n"
        both = "3001001,CustomerLink,\n3001001,AccountLink,true\n"
        result = self.preview("v13", head + both)
        self.assertEqual(result.code, 0, result.err)
        self.refused("v13", head + both + "3001001,CustomerLink,\n3001001,,false\n",
                     "stdin:4: the same customer and managing customer as in line 2",
                     "stdin:5: the same account and managing customer as in line 3",
                     "2 of 4 rows are bad")

    def test_bad_row_tells_who_was_meant(self):
        """Also when the bad field stands before the type."""
        rows = ("IsBillToClient,ClientEntityId,Type\nno,3001001,CustomerLink\n,1001001,AccountLink\n"
                "false,1001002,\n")
        result = self.bacm("add", "--skip-invalid", "--no-role-check", "--managing-customer-id",
                           AGENCY, "--api", "v13", "--tries", "1", "-", stdin=rows,
                           BACM_ENDPOINT="https://localhost:1/x", BACM_DEVELOPER_TOKEN="D",
                           BACM_ACCESS_TOKEN="A")
        self.assertEqual([(r["outcome"], r["type"], r["clientAccountId"], r["clientCustomerId"])
                          for r in result.records()],
                         [("invalid", "CustomerLink", None, ALDER),
                          ("invalid", "AccountLink", 1001001, None),
                          ("not_sent", "AccountLink", 1001002, None)])


class VersionsTest(SimTest):
    """A simulator, and bacm in the version that a call names."""

    def setUp(self):
        super().setUp()
        self.variables.pop("BACM_API", None)
        self.variables.pop("BACM_ENDPOINT", None)

    def speak(self, api, *arguments, **options):
        url = self.sim.ready[{"v11": "url", "v13": "urlV13", "v13-rest": "urlRest"}[api]]
        return self.bacm(*arguments, **{"BACM_API": api, "BACM_ENDPOINT": url, **options})

    def fault(self, *specs):
        for spec in specs:
            self.sim.control("faults", {"add": spec})


class Customers(VersionsTest):
    HEAD = "Type,ClientEntityId,IsBillToClient\n"

    def add(self, rows, *arguments, **options):
        self.write("clients.csv", self.HEAD + rows)
        return self.speak("v13", "add", *arguments, "clients.csv", **options)

    def status(self, customer):
        result = self.speak("v13", "search", "--client-customer", customer)
        self.assertEqual(result.code, 0, result.err)
        return [record["status"] for record in result.records()]

    def test_add_and_search(self):
        result = self.add(f"CustomerLink,{ALDER},\n,{ACCOUNT},false\nCustomerLink,{NOBODY},\n")
        self.assertEqual(result.code, 1, result.err)
        self.assertEqual([(r["type"], r["clientAccountId"], r["clientCustomerId"], r["outcome"])
                          for r in result.records()],
                         [("CustomerLink", None, ALDER, "added"),
                          ("AccountLink", ACCOUNT, None, "added"),
                          ("CustomerLink", None, NOBODY, "failed")])
        result = self.speak("v13", "search", ACCOUNT, "--client-customer", f"{ALDER},{BIRCH}")
        account, customer = result.records()
        self.assertEqual((account["clientAccountId"], account["type"], account["clientCustomerId"]),
                         (ACCOUNT, "AccountLink", None))
        self.assertEqual((customer["clientAccountId"], customer["type"],
                          customer["clientCustomerId"], customer["clientCustomerNumber"],
                          customer["clientEntityName"], customer["managingCustomerName"],
                          customer["status"]),
                         (None, "CustomerLink", ALDER, "C3001001", "Alder Books", "Demo Agency",
                          "LinkPending"))

    def test_all_links(self):
        self.add(f"CustomerLink,{ALDER},\n,{ACCOUNT},false\n")
        found = self.speak("v13", "search").records()
        self.assertEqual(len(found), 14)
        self.assertIn(ALDER, [r["clientCustomerId"] for r in found])
        self.assertEqual({r["managingCustomerId"] for r in found}, {AGENCY})
        found = self.speak("v11", "search").records()
        self.assertEqual(len(found), 13)

    def test_more_customers_than_a_call_may_have(self):
        ids = ",".join(str(number) for number in range(3001001, 3001026))
        self.speak("v13", "search", "--client-customer", ids)
        self.assertEqual(self.operations().count("SearchClientLinks"), 3)

    def test_customers_of_a_file(self):
        self.add(f"CustomerLink,{ALDER},\n,{ACCOUNT},false\nCustomerLink,{SOLO},\n")
        result = self.speak("v13", "search", "--input", "clients.csv")
        self.assertEqual([r["clientAccountId"] or r["clientCustomerId"] for r in result.records()],
                         [ACCOUNT, ALDER, SOLO])

    def test_direct_managing_customer(self):
        result = self.speak("v13", "search", "--direct-managing-customer", AGENCY)
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual({r["managingCustomerId"] for r in result.records()}, {AGENCY})
        self.assertEqual(self.operations(), ["GetUser", "SearchClientLinks"])
        result = self.speak("v13", "search", "--direct-managing-customer", 2003003)
        self.assertNotIn(AGENCY, {r["managingCustomerId"] for r in result.records()})

    def test_update(self):
        self.add(f"CustomerLink,{ALDER},\nCustomerLink,{SOLO},\n,{ACCOUNT},false\n")
        result = self.speak("v13", "update", "cancel", "--input", "clients.csv", "--client-customer",
                            BIRCH)
        self.assertEqual(result.code, 1, result.err)
        self.assertEqual([(r["clientAccountId"], r["clientCustomerId"], r["outcome"])
                          for r in result.records()],
                         [(ACCOUNT, None, "done"), (None, BIRCH, "not_sent"), (None, ALDER, "done"),
                          (None, SOLO, "done")])
        self.assertIn("there is no link of this customer", result.out)
        self.assertEqual(self.status(ALDER), ["LinkCanceled"])
        self.assertEqual(len(self.speak("v13", "update", "cancel", "--client-customer",
                                        f"{ALDER},{SOLO},{ALDER}").records()), 2)
        self.assertEqual(self.sim.status_of(ACCOUNT), "LinkCanceled")

    def test_client_accepts(self):
        self.add(f"CustomerLink,{ALDER},\n")
        result = self.speak("v13", "update", "accept", "--client-customer", ALDER,
                            BACM_ACCESS_TOKEN=CLIENT_ADMIN)
        self.assertEqual((result.code, result.outcomes()), (0, ["done"]), result.err)
        self.assertIn(self.status(ALDER)[0], ("LinkAccepted", "LinkInProgress", "Active"))

    def test_wait(self):
        self.add(f"CustomerLink,{ALDER},\n,{ACCOUNT},false\n")
        self.speak("v13", "update", "cancel", "--client-customer", ALDER)
        result = self.speak("v13", "wait", "--client-customer", ALDER)
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(result.records(), [
            {"clientAccountId": None, "clientCustomerId": ALDER, "managingCustomerId": AGENCY,
             "status": "LinkCanceled", "settled": True, "reached": False}])
        result = self.speak("v13", "wait", "--for", "1", "--every", "1", "--input", "clients.csv")
        self.assertEqual([(r["clientAccountId"], r["settled"]) for r in result.records()],
                         [(ACCOUNT, False), (None, True)])

    def test_check_duplicates(self):
        self.add(f"CustomerLink,{ALDER},\n", "--no-journal")
        # An account whose id is that of a linked customer is another client.
        result = self.add(f"CustomerLink,{ALDER},\n,{ALDER},false\n,{PENDING},false\n"
                          f"CustomerLink,{PENDING},\n", "--check-duplicates")
        self.assertEqual([r["blockedBy"] for r in result.records()],
                         ["LinkPending", None, "LinkPending", None])

    def test_role(self):
        """A Standard user may not link customers; that is known before anything is sent."""
        result = self.add(f"CustomerLink,{ALDER},\n", BACM_ACCESS_TOKEN=STANDARD)
        self.assertEqual((result.code, result.outcomes()), (3, ["not_sent"]))
        self.assert_says(result, "Super Admin, which links of customers need")
        self.assertNotIn("AddClientLinks", self.operations())
        result = self.add(f"CustomerLink,{ALDER},\n", "--no-role-check", "--no-journal",
                          BACM_ACCESS_TOKEN=STANDARD)
        self.assertEqual(result.outcomes(), ["failed"])

    def test_lost_reply_is_cleared_up_by_a_search_of_each_kind(self):
        self.fault("drop-after,op=AddClientLinks,times=1")
        result = self.add(f"CustomerLink,{ALDER},\n,{ACCOUNT},false\nCustomerLink,{NOBODY},\n"
                          f",{ALDER},false\n", "--backoff", "1")
        self.assertEqual([(r["outcome"], r["confirmedBy"]) for r in result.records()],
                         [("added", "search"), ("added", "search"), ("failed", "response"),
                          ("failed", "response")], result.err)
        self.assertEqual(self.status(ALDER), ["LinkPending"])

    def test_lost_reply_of_a_customer_by_number(self):
        self.fault("drop-after,op=AddClientLinks,times=1")
        self.write("in.csv", "Type,ClientEntityNumber\nCustomerLink,C3001001\n")
        result = self.speak("v13", "add", "--backoff", "1", "in.csv")
        self.assertEqual([(r["outcome"], r["confirmedBy"]) for r in result.records()],
                         [("added", "search")], result.err)

    def test_two_identities(self):
        """A service that wants both, as announced, is given both; a wrong pair is refused."""
        self.fault("two-identities")
        self.write("in.csv", "Type,ClientEntityId,ClientEntityNumber,ClientEntityCustomerNumber,"
                             "IsBillToClient\nCustomerLink,3001001,C3001001,,\n"
                             f",{ACCOUNT},,C3001001,false\nCustomerLink,3001002,C3001001,,\n"
                             f",{OTHER},,,false\n")
        for api in ("v13", "v13-rest"):
            with self.subTest(api):
                records = self.speak(api, "add", "--no-journal", "in.csv").records()
                self.assertEqual([r["outcome"] for r in records],
                                 ["added", "added", "failed", "failed"])
                for record, name in zip(records[2:], ("LinkPairMismatch", "ClientLinkFieldInvalid")):
                    self.assertIn(name, json.dumps(record["errors"]))
            self.sim.control("reset", {})
            self.fault("two-identities")

    def test_journal(self):
        self.fault("drop-after,op=AddClientLinks,times=1", "http=503,op=SearchClientLinks")
        rows = f"CustomerLink,{ALDER},\n,{ACCOUNT},false\n"
        self.assertEqual(self.add(rows, "--tries", "1").outcomes(), ["unknown", "unknown"])
        entries = self.bacm("journal", "export", "clients.csv.journal").records()
        self.assertEqual([(e["type"], e["clientAccountId"], e["clientCustomerId"], e["state"])
                          for e in entries],
                         [("CustomerLink", None, ALDER, "unknown"),
                          ("AccountLink", ACCOUNT, None, "unknown")])
        self.sim.control("faults", {"clear": True})
        result = self.add(rows)
        self.assertEqual((result.code, result.outcomes()), (0, ["added", "added"]), result.err)
        self.assertEqual(self.operations().count("AddClientLinks"), 1)

    def test_table(self):
        result = self.add(f"CustomerLink,{ALDER},\n", "--output", "table")
        head, row = result.out.splitlines()
        self.assertRegex(head, "Line +Type +Account id +Number +Customer id +Number +Outcome")
        self.assertRegex(row, f"2 +CustomerLink +{ALDER} +added")


class OneState(VersionsTest):
    """What one version has done, the other one sees; a journal belongs to one of them."""

    ROWS = f"ClientAccountId,IsBillToClient\n{ACCOUNT},false\n{OTHER},true\n"

    def test_seen_by_the_other(self):
        for first, second, account in (("v11", "v13", ACCOUNT), ("v13", "v11", OTHER)):
            with self.subTest(first):
                rows = self.write("in.csv", f"ClientAccountId,IsBillToClient\n{account},true\n")
                result = self.speak(first, "add", "--no-journal", rows)
                self.assertEqual(result.outcomes(), ["added"], result.err)
                found = self.speak(second, "search", account).records()
                self.assertEqual([(r["clientAccountId"], r["status"]) for r in found],
                                 [(account, "LinkPending")])
                result = self.speak(second, "add", "--no-journal", rows)
                self.assertEqual(result.records()[0]["errors"][0]["code"], 1410)

    def test_journal_goes_on_with_its_version_only(self):
        """In mid-run the other version is refused; nothing is sent, and the run can be finished."""
        for first, second in (("v11", "v13"), ("v13", "v11")):
            with self.subTest(first):
                self.sim.control("reset", {})
                journal = f"{first}.journal"
                rows = self.write("in.csv", self.ROWS)
                self.fault("drop-after,op=AddClientLinks,times=1", "http=503,op=SearchClientLinks")
                result = self.speak(first, "add", "--tries", "1", "--journal", journal, rows)
                self.assertEqual(result.outcomes(), ["unknown", "unknown"], result.err)
                self.sim.control("faults", {"clear": True})
                sent = self.operations().count("AddClientLinks")
                result = self.speak(second, "add", "--journal", journal, rows)
                self.assertEqual((result.code, result.out), (3, ""))
                self.assert_says(result, "BACM_E_JOURNAL_MISMATCH", f"{first}, now it is {second}",
                                 f"Finish the run with {first}, or give another "
                                 "journal to start anew")
                self.assertEqual(self.operations().count("AddClientLinks"), sent)
                shown = self.speak(second, "journal", "show", journal).records()[0]
                self.assertEqual((shown["contract"], shown["unknown"]), (first, 2))
                result = self.speak(first, "add", "--journal", journal, rows)
                self.assertEqual([r["confirmedBy"] for r in result.records()], ["search", "search"])
                self.assertEqual(self.operations().count("AddClientLinks"), sent)

    def test_journal_of_soap_goes_on_over_rest(self):
        """Open rows are searched for over REST, and the rest is sent; nobody is invited twice."""
        rows = self.write("in.csv", self.ROWS)
        self.fault("drop-after,op=AddClientLinks,times=1", "http=503,op=SearchClientLinks")
        result = self.speak("v13", "add", "--tries", "1", rows)
        self.assertEqual(result.outcomes(), ["unknown", "unknown"], result.err)
        self.sim.control("faults", {"clear": True})
        sent = self.operations().count("AddClientLinks")
        result = self.speak("v13-rest", "add", rows)
        self.assertEqual([(r["outcome"], r["confirmedBy"]) for r in result.records()],
                         [("added", "search")] * 2, result.err)
        self.assertEqual(self.operations().count("AddClientLinks"), sent)
        self.assertEqual(set(self.sim.invitations().values()), {1})
        result = self.speak("v13-rest", "add", "--journal", "rest", rows)
        self.assertEqual(result.code, 1, result.err)
        result = self.speak("v13", "add", "--journal", "rest", rows)
        self.assertEqual((result.code, result.out), (3, ""))
        self.assert_says(result, "v13-rest, now it is v13")

    def test_new_journal_after_the_refusal(self):
        """The remedy: the other version is told 1410 of what exists; nobody is invited twice."""
        rows = self.write("in.csv", self.ROWS)
        self.speak("v11", "add", rows)
        self.assertEqual(self.speak("v13", "add", rows).code, 3)
        result = self.speak("v13", "add", "--journal", "new", rows)
        self.assertEqual([r["errors"][0]["code"] for r in result.records()], [1410, 1410])
        self.assertEqual(set(self.sim.invitations().values()), {1})

    def test_journal_shows_what_its_version_has(self):
        rows = self.write("in.csv", self.ROWS)
        self.speak("v11", "add", rows)
        for api in ("v11", "v13"):
            entry = self.speak(api, "journal", "export", "in.csv.journal").records()[0]
            self.assertNotIn("clientCustomerId", entry)


if __name__ == "__main__":
    unittest.main()
