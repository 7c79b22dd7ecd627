"""GetUser and AddClientLinks: who may call, what is refused, what the log says."""

import unittest

from harness import (AGENCY, API, CLIENT_ADMIN, CLIENT_NUMBER, CM, ENT, GUID, NIL, Reply,
                     SimulatorTest, client_links, envelope, invite, soap_only)

FREE = 1001001  # ... 1001020
PREPAID = 1001021
INVITED = 1001025


class GetUser(SimulatorTest):
    def test_the_super_admin_of_an_agency(self):
        reply = self.sim.call("GetUser")
        self.assertEqual(reply.status, 200)
        self.assertRegex(reply.tracking_id, GUID)
        user = reply.response.find(f"{{{CM}}}User")
        self.assertEqual(user.find(f"{{{ENT}}}CustomerId").text, str(AGENCY))
        self.assertEqual(user.find(f"{{{ENT}}}UserLifeCycleStatus").text, "Active")
        self.assertEqual(user.find(f"{{{ENT}}}Password").get(NIL), "true")
        self.assertEqual(reply.roles(), ["41"])

    def test_nil_user_id_means_oneself_and_others_need_super_admin(self):
        nil = '<UserId i:nil="true" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"/>'
        self.assertEqual(self.sim.call("GetUser", nil).status, 200)
        self.assertEqual(self.sim.call("GetUser", "<UserId>7002</UserId>").status, 200)
        other = self.sim.call("GetUser", "<UserId>7003</UserId>")
        self.assertEqual(other.fault_code(), ("api", 210))
        viewer = self.sim.call("GetUser", "<UserId>7001</UserId>", token="AGENCY-VIEWER-TOKEN")
        self.assertEqual(viewer.fault_code(), ("adapi", 106))

    def test_credentials(self):
        for token, developer, code in (
                ("WRONG", "DEV-DEMO", 105), (None, "DEV-DEMO", 116), ("", "DEV-DEMO", 116 if API.rest else 105),
                ("AGENCY-ADMIN-TOKEN", "WRONG", 105), ("AGENCY-ADMIN-TOKEN", None, 116),
                ("EXPIRED-TOKEN", "DEV-DEMO", 109), ("INACTIVE-USER-TOKEN", "DEV-DEMO", 105),
                ("CLIENT-ADMIN-TOKEN", "DEV-AGENCY-ADMIN-ONLY", 106)):
            reply = self.sim.call("GetUser", token=token, developer=developer)
            self.assertEqual(reply.fault_code(), ("adapi", code), (token, developer))
            self.assertEqual(reply.status, API.fault_status(code))
            self.assertRegex(reply.tracking_id, GUID)
        self.assertEqual(self.sim.call("GetUser", developer="DEV-AGENCY-ADMIN-ONLY").status, 200)

    def test_user_name_and_password_unless_there_is_a_token(self):
        password = "<UserName>agency.admin</UserName><Password>demo-password</Password>"
        refused = API.fault_status(105)
        by_password = 200 if API.v11 else refused
        for token, header, status in ((None, password, by_password), ("WRONG", password, refused),
                                      (None, password.replace("demo-", "other-"), refused)):
            got, _, _ = self.sim.post("GetUser", envelope("GetUser", token=token, header=header))
            self.assertEqual(got, status)

    def test_tracking_ids_are_unique(self):
        self.assertEqual(len({self.sim.call("GetUser").tracking_id for _ in range(50)}), 50)


@soap_only
class Dispatch(SimulatorTest):
    def fault(self, operation, text, **headers):
        status, _, data = self.sim.post(operation, text, headers=headers)
        self.assertEqual(status, 500)
        return Reply(operation, status, data).fault_code()

    def test_soap_action_missing_or_unknown(self):
        self.assertEqual(self.fault("GetUser", envelope("GetUser"), SOAPAction=None),
                         ("bare", "ActionNotSupported"))
        self.assertEqual(self.fault("GetUser", envelope("GetUser"), SOAPAction='"GetCat"'),
                         ("bare", "ActionNotSupported"))

    def test_soap_action_without_quotes(self):
        status, _, _ = self.sim.post("GetUser", envelope("GetUser"),
                                     headers={"SOAPAction": "GetUser"})
        self.assertEqual(status, 200)
        self.assertEqual(self.fault("GetUser", envelope("GetUser"), SOAPAction='"GetUser'),
                         ("bare", "ActionNotSupported"))

    def test_soap_action_of_another_operation(self):
        self.assertEqual(self.fault("GetUser", envelope("GetUser"), SOAPAction='"AddClientLinks"'),
                         ("bare", "DeserializationFailed"))

    def test_bodies_that_cannot_be_read(self):
        good = envelope("AddClientLinks", client_links([invite(FREE)]))
        for text in ("", "hello", "<a/>", good[:-30], good.replace(str(FREE), "12x"),
                     good.replace("ClientLinks ", "ClientLinks <"), "\x1f\x8b\x08" + good):
            code = self.fault("AddClientLinks", text)
            self.assertEqual(code[0], "bare", text[:40])
        self.assertEqual(self.sim.invitations(), {})

    def test_envelopes_of_another_form(self):
        good = envelope("GetUser")
        for text in ("<!DOCTYPE x>" + good, good + "x", good + good,
                     good.replace("</s:Body>", "<x/></s:Body>")):
            self.assertEqual(self.fault("GetUser", text), ("bare", "DeserializationFailed"), text)
        soap_12 = good.replace("http://schemas.xmlsoap.org/soap/envelope/",
                               "http://www.w3.org/2003/05/soap-envelope")
        self.assertEqual(self.fault("GetUser", soap_12), ("bare", "VersionMismatch"))
        self.assertEqual(self.sim.post("GetUser", good + " \n")[0], 200)

    def test_characters_that_xml_forbids_do_not_come_in(self):
        for note in ("a&#1;b", "a&#xFFFE;b", "a&#xD800;b", "a&#0;b", "a&#x110000;b", "a\x0bb",
                     "a\ufffeb"):
            good = envelope("AddClientLinks", client_links([invite(FREE, Note="NOTE")]))
            text = good.replace("NOTE", note).encode("utf-8", "surrogatepass")
            self.assertEqual(self.fault("AddClientLinks", text),
                             ("bare", "DeserializationFailed"), note)
        broken = good.encode().replace(b"NOTE", b"a\xffb")
        self.assertEqual(self.fault("AddClientLinks", broken)[1], "DeserializationFailed")
        self.assertEqual(self.sim.invitations(), {})
        fine = good.replace("NOTE", "a&#9;&#10;&#13;&#x20AC;&#x1F600;&#128512;b")
        self.assertEqual(self.sim.post("AddClientLinks", fine)[0], 200)
        self.assertEqual(self.sim.find(FREE)["Note"], "a\t\n\r\u20ac\U0001f600\U0001f600b")

    def test_items_of_a_list_in_a_wrong_namespace(self):
        text = envelope("AddClientLinks", client_links([invite(FREE)]))
        text = text.replace("<e:ClientLink>", "<ClientLink>").replace(
            "</e:ClientLink>", "</ClientLink>")
        self.assertEqual(self.fault("AddClientLinks", text), ("bare", "DeserializationFailed"))

    def test_unknown_headers_are_ignored_unless_they_must_be_understood(self):
        extra = '<CustomerId xmlns="urn:x">1</CustomerId>'
        status, _, _ = self.sim.post("GetUser", envelope("GetUser", header=extra))
        self.assertEqual(status, 200)
        must = ('<x:Thing xmlns:x="urn:x" s:mustUnderstand="1">1</x:Thing>')
        self.assertEqual(self.fault("GetUser", envelope("GetUser", header=must)),
                         ("bare", "MustUnderstand"))

    def test_deep_nesting_does_no_harm(self):
        deep = "<x>" * 50000 + "</x>" * 50000
        self.sim.post("GetUser", envelope("GetUser", deep))
        self.assertEqual(self.sim.call("GetUser").status, 200)


class AddClientLinks(SimulatorTest):
    def code_of(self, link):
        codes = self.sim.add(link).codes()
        self.assertEqual(len(codes), 1)
        return codes[0]

    def test_success_has_one_nil_entry_for_each_link(self):
        reply = self.sim.add(invite(FREE), invite(FREE + 1), invite(FREE + 2))
        self.assertEqual(reply.codes(), [[], [], []])
        for entry in reply.response.find(f"{{{CM}}}PartialErrors"):
            self.assertEqual(entry.get(NIL), "true")
        self.assertEqual(reply.response.find(f"{{{CM}}}OperationErrors").get(NIL), "true")

    def test_position_of_errors(self):
        reply = self.sim.add(invite(FREE), invite(PREPAID), invite(FREE + 1), invite(INVITED))
        self.assertEqual(reply.codes(), [[], [1471], [], [1410]])

    def test_outcomes_of_the_data_set(self):
        for account, codes in ((1001021, [1471]), (1001025, [1410]), (1001028, [1410]),
                               (1001029, [1424]), (1001032, [1472]), (1001033, [1472]),
                               (1001034, []), (1001035, []), (1001036, []), (1001037, []),
                               (1001038, []), (1001039, []), (1001040, [1410]), (999, [2108])):
            self.assertEqual(self.code_of(invite(account)), codes, account)

    def test_the_second_invitation_of_a_pair_is_refused_also_within_a_call(self):
        self.assertEqual(self.sim.add(invite(FREE), invite(FREE)).codes(), [[], [1410]])
        self.assertEqual(self.code_of(invite(FREE)), [1410])
        self.assertEqual(self.sim.invitations(), {(FREE, AGENCY): 1})

    def test_either_id_or_number(self):
        by_number = invite(None, None, **{CLIENT_NUMBER: "X1001001",
                                          "ManagingCustomerNumber": "C2002002"})
        self.assertEqual(self.code_of(by_number), [])
        self.assertEqual(self.code_of(invite(FREE)), [1410])
        self.assertEqual(self.code_of(invite(FREE + 1, **{CLIENT_NUMBER: "X1001002"})), [201])
        self.assertEqual(self.code_of(invite(FREE + 1, ManagingCustomerNumber="C2002002")), [201])
        self.assertEqual(self.code_of(invite(None)), [201])
        self.assertEqual(self.code_of(invite(FREE + 1, manager=None)), [201])
        self.assertEqual(self.code_of(invite(None, manager=None)), [201, 201])

    def test_the_managing_customer_must_be_the_caller(self):
        self.assertEqual(self.code_of(invite(FREE, manager=2003003)), [1001])
        self.assertEqual(self.code_of(invite(FREE, manager=999999)), [210])

    def test_status_must_not_be_set(self):
        self.assertEqual(self.code_of(invite(FREE, Status="LinkPending")), [201])

    def test_name_has_at_most_40_characters(self):
        self.assertEqual(self.code_of(invite(FREE, Name="ü" * 41)), [211])
        self.assertEqual(self.code_of(invite(FREE, Name="ü" * 40)), [])

    def test_several_errors_of_one_link(self):
        self.assertEqual(self.code_of(invite(FREE, Name="x" * 41, Status="Active")), [201, 211])

    def test_dates(self):
        if not API.rest:
            offset = invite(FREE, StartDate="2018-05-01T00:00:00+00:00")
            self.assertEqual(self.code_of(offset), [113])
        self.assertEqual(self.code_of(invite(FREE, StartDate="0001-01-01T00:00:00")), [532])
        for ok in ("2018-05-01T00:00:00", "2018-05-01T00:00:00Z", "2018-05-01T00:00:00.1234567"):
            self.assertEqual(self.code_of(invite(FREE, StartDate=ok)), [])
            link = self.sim.find(FREE)
            self.assertEqual(link["StartDate"], ok)
            link["Status"] = "LinkCanceled"
            self.assertEqual(self.sim.update(link).codes(), [[]])

    def test_one_unreadable_value_refuses_the_whole_call(self):
        for bad in ({"StartDate": "tomorrow"}, {"StartDate": "2018-02-30T00:00:00"},
                    {"StartDate": ""}, {"Status": "Fine"}, {"IsBillToClient": "maybe"},
                    {"Timestamp": "=abc"}):
            reply = self.sim.add(invite(FREE), invite(FREE + 1, **bad))
            self.assertEqual(reply.fault_code(), API.unreadable, bad)
            if not API.rest:
                self.assertIn("The formatter threw an exception",
                              reply.fault.find("faultstring").text)
        self.assertEqual(self.sim.invitations(), {})

    def test_how_many_links(self):
        eleven = [invite(FREE + i) for i in range(11)]
        self.assertEqual(self.sim.add(*eleven).fault_code(), ("api", 3024))
        self.assertEqual(self.sim.add().fault_code(), ("api", 3087))
        self.assertEqual(self.sim.call("AddClientLinks").fault_code(), ("api", 3087))
        self.assertEqual(self.sim.invitations(), {})
        self.assertEqual(self.sim.add(*eleven[:10]).codes(), [[]] * 10)

    def test_roles(self):
        link = invite(FREE)
        for token in ("AGENCY-VIEWER-TOKEN", "AGENCY-CAMPAIGN-TOKEN", "AGENCY-AGGREGATOR-TOKEN"):
            self.assertEqual(self.sim.add(link, token=token).fault_code(), ("adapi", 106), token)
        for token in (CLIENT_ADMIN, "SOLO-ADMIN-TOKEN"):
            reply = self.sim.add(link, token=token)
            if API.v11:  # only an agency invites
                self.assertEqual(reply.fault_code(), ("api", 1001), token)
            else:  # anybody may, but for oneself
                self.assertEqual(reply.codes(), [[1001]], token)
        self.assertEqual(self.sim.invitations(), {})
        reply = self.sim.add(link, token="AGENCY-STANDARD-TOKEN")
        if API.v11:
            self.assertEqual(reply.fault_code(), ("adapi", 106))
        else:
            self.assertEqual(reply.codes(), [[]])

    def test_who_is_no_agency_may_invite_where_the_version_lets_it(self):
        reply = self.sim.add(invite(1001011, manager=3004004), token="SOLO-ADMIN-TOKEN")
        if API.v11:
            self.assertEqual(reply.fault_code(), ("api", 1001))
        else:
            self.assertEqual(reply.codes(), [[]])

    def test_the_managers_own_id_as_account_is_an_internal_error(self):
        reply = self.sim.add(invite(FREE), invite(AGENCY))
        self.assertEqual(reply.fault_code(), ("adapi", 0))
        self.assertEqual(self.sim.invitations(), {})

    def test_defaults_and_given_values(self):
        self.sim.add(invite(FREE), invite(
            FREE + 1, Note="Grüße <&>\"' 客户 😀", Name="Spring", InviterEmail="a@b.example",
            InviterName="Me", InviterPhone="1", IsBillToClient="true",
            SuppressNotification="1"))
        link = self.sim.find(FREE)
        self.assertEqual(link[CLIENT_NUMBER], "X1001001")
        self.assertEqual(link["ManagingCustomerNumber"], "C2002002")
        self.assertEqual(link["Name"], "Alder Books 1001001")
        self.assertIsNone(link["Note"])
        self.assertEqual(link["InviterEmail"], "agency.admin@sim.example")
        self.assertEqual(link["InviterName"], "Demo Agency")
        self.assertEqual(link["IsBillToClient"], "false")
        self.assertEqual(link["Status"], "LinkPending")
        link = self.sim.find(FREE + 1)
        self.assertEqual(link["Note"], "Grüße <&>\"' 客户 😀")
        self.assertEqual(
            [link[name] for name in ("Name", "InviterEmail", "InviterName", "InviterPhone")],
            ["Spring", "a@b.example", "Me", "1"])
        self.assertEqual(link["IsBillToClient"], "true")
        self.assertEqual(link["SuppressNotification"], "true")


class Log(SimulatorTest):
    def test_one_line_a_request_with_each_link(self):
        self.sim.call("GetUser")
        self.sim.add(invite(FREE), invite(PREPAID),
                     invite(None, **{CLIENT_NUMBER: "X1001002"}))
        self.sim.add(invite(FREE), token=CLIENT_ADMIN)
        records = self.sim.log()
        self.assertEqual([record["seq"] for record in records], [1, 2, 3])
        self.assertEqual((records[0]["operation"], records[0]["api"]), ("GetUser", API.name))
        self.assertEqual(records[0]["user"], 7001)
        self.assertEqual(
            [(link["accountId"], link["managingCustomerId"], link["accepted"], link["codes"])
             for link in records[1]["links"]],
            [(FREE, AGENCY, True, []), (PREPAID, AGENCY, False, [1471]),
             (FREE + 1, AGENCY, True, [])])
        self.assertEqual((records[1]["status"], records[1]["outcome"]), (200, "ok"))
        if API.v11:
            self.assertEqual((records[2]["status"], records[2]["outcome"]), (500, "api:1001"))
            self.assertNotIn("links", records[2])
        else:
            self.assertEqual(records[2]["links"][0]["codes"], [1001])
        self.assertTrue(records[1]["requestBytes"] > 100 and records[1]["responseBytes"] > 100)

    def test_no_secret_in_the_log(self):
        self.sim.call("GetUser")
        self.sim.call("GetUser", token="WRONG-SECRET", developer="WRONG-DEVELOPER")
        with open(self.sim.log_path, encoding="utf-8") as file:
            text = file.read()
        for secret in ("AGENCY-ADMIN-TOKEN", "DEV-DEMO", "WRONG-SECRET", "WRONG-DEVELOPER"):
            self.assertNotIn(secret, text)
        self.assertRegex(text, r'"accessToken":"sha256:[0-9a-f]{12}"')

    def test_tracking_id_is_that_of_the_reply(self):
        reply = self.sim.call("GetUser")
        self.assertEqual(self.sim.log()[0]["trackingId"], reply.tracking_id)


if __name__ == "__main__":
    unittest.main()
