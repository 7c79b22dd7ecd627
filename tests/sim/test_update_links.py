"""UpdateClientLinks and what the service does by itself as its clock goes."""

import time
import unittest

from harness import (AGENCY, AGENCY_ADMIN, API, CLIENT_ADMIN, CLIENT_ID, CLIENT_NUMBER, SimulatorTest,
                     invite)

RIVAL = 2003003
RIVAL_ADMIN = "RIVAL-ADMIN-TOKEN"
SOLO_ADMIN = "SOLO-ADMIN-TOKEN"
ACCOUNT = 1001001
DAY = 24 * 3600

AGENCY_MAY = {("LinkPending", "LinkCanceled"): "LinkCanceled",
              ("Active", "UnlinkRequested"): "UnlinkPending"}
CLIENT_MAY = {("LinkPending", "LinkAccepted"): "LinkAccepted",
              ("LinkPending", "LinkDeclined"): "LinkDeclined"}
STATUSES = ("LinkPending", "LinkCanceled", "LinkExpired", "LinkAccepted", "LinkDeclined",
            "LinkInProgress", "Active", "LinkFailed", "UnlinkRequested", "UnlinkPending",
            "UnlinkCanceled", "UnlinkInProgress", "Inactive", "UnlinkFailed")


class ManualClock(SimulatorTest):
    arguments = ("--plain-http", "--clock", "manual")

    def setUp(self):
        super().setUp()
        self.sim.add(invite(ACCOUNT))

    def step(self, seconds):
        self.sim.control("clock", {"step": seconds})

    def put(self, status, **fields):
        self.sim.control("links", {"accountId": ACCOUNT, "managingCustomerId": AGENCY,
                                   "status": status, **fields})

    def ask(self, status, token=AGENCY_ADMIN, **fields):
        link = self.sim.find(ACCOUNT)
        link.update(fields, Status=status)
        return self.sim.update(link, token=token).codes()[0]

    def status(self):
        return self.sim.status_of(ACCOUNT)


class Transitions(ManualClock):
    def test_every_status_asked_from_every_status_by_both_sides(self):
        """The whole matrix: what the table allows works, everything else is refused."""
        for token, allowed, other in ((AGENCY_ADMIN, AGENCY_MAY, CLIENT_MAY),
                                      (CLIENT_ADMIN, CLIENT_MAY, AGENCY_MAY)):
            others = {asked for _, asked in other}
            for start in STATUSES:
                for asked in STATUSES:
                    self.put(start, held=True)
                    codes = self.ask(asked, token)
                    if (start, asked) in allowed:
                        self.assertEqual(codes, [], (token, start, asked))
                        self.assertEqual(self.status(), allowed[start, asked])
                        continue
                    if start in ("LinkInProgress", "UnlinkInProgress"):
                        expected = [1472]
                    elif asked in others:
                        expected = [1001]
                    else:
                        expected = [201]
                    self.assertEqual(codes, expected, (token, start, asked))
                    self.assertEqual(self.status(), start)

    def test_invite_again_after_each_end_and_only_then(self):
        for start in STATUSES:
            self.put(start, held=True)
            codes = self.sim.add(invite(ACCOUNT)).codes()[0]
            if start in ("LinkCanceled", "LinkExpired", "LinkDeclined", "LinkFailed", "Inactive"):
                self.assertEqual(codes, [], start)
                self.assertEqual(self.status(), "LinkPending")
            elif start in ("LinkInProgress", "UnlinkInProgress"):
                self.assertEqual(codes, [1472])
            else:
                self.assertEqual(codes, [1410], start)

    def test_strangers_and_roles(self):
        self.assertEqual(self.ask("LinkAccepted", SOLO_ADMIN), [1001])
        self.assertEqual(self.ask("LinkCanceled", RIVAL_ADMIN), [1001])
        link = {**self.sim.find(ACCOUNT), "Status": "LinkCanceled"}
        for token in ("AGENCY-STANDARD-TOKEN",) * API.v11 + ("AGENCY-VIEWER-TOKEN",):
            self.assertEqual(self.sim.update(link, token=token).fault_code(), ("adapi", 106))
        if not API.v11:
            self.assertEqual(self.sim.update(link, token="AGENCY-STANDARD-TOKEN").codes(), [[]])

    def test_no_status_and_no_link(self):
        link = self.sim.find(ACCOUNT)
        link["Status"] = None
        self.assertEqual(self.sim.update(link).codes(), [[203]])
        link = {**self.sim.find(ACCOUNT), "Status": "LinkCanceled"}
        self.assertEqual(self.sim.update({**link, CLIENT_ID: 1001002,
                                          CLIENT_NUMBER: "X1001002"}).codes(), [[210]])
        self.assertEqual(self.sim.update({**link, CLIENT_ID: 5}).codes(), [[2108]])

    def test_how_many(self):
        link = {**self.sim.find(ACCOUNT), "Status": "LinkCanceled"}
        self.assertEqual(self.sim.update(*[link] * 11).fault_code(), ("api", 3024))
        self.assertEqual(self.sim.update().fault_code(), ("api", 3087))
        self.assertEqual(self.sim.update(link, link).codes(), [[], [209]])

    def test_a_second_agency_cannot_be_accepted(self):
        self.sim.add(invite(ACCOUNT, manager=RIVAL), token=RIVAL_ADMIN)
        self.assertEqual(self.ask("LinkAccepted", CLIENT_ADMIN), [])
        rival = self.sim.find(ACCOUNT, token=CLIENT_ADMIN, manager=RIVAL)
        rival["Status"] = "LinkAccepted"
        self.assertEqual(self.sim.update(rival, token=CLIENT_ADMIN).codes(), [[1424]])


class ReadOnly(ManualClock):
    def test_each_read_only_element(self):
        for name, value in ((CLIENT_NUMBER, "X1001002"), ("ManagingCustomerNumber", "C1"),
                            ("Name", "Other"), ("InviterEmail", "x@y.example"),
                            ("InviterName", "x"), ("InviterPhone", "x"), ("Name", None),
                            ("IsBillToClient", "true"), ("StartDate", "2030-01-01T00:00:00"),
                            ("StartDate", self.sim.find(ACCOUNT)["StartDate"] + "0001"),
                            ("SuppressNotification", "true"),
                            ("LastModifiedDateTime", "2018-01-01T00:00:00"),
                            ("LastModifiedByUserId", "1"), (CLIENT_NUMBER, None)):
            self.assertEqual(self.ask("LinkCanceled", **{name: value}), [3083], name)
        self.assertEqual(self.status(), "LinkPending")

    def test_number_alone_is_a_change(self):
        link = {**self.sim.find(ACCOUNT), "Status": "LinkCanceled"}
        del link[CLIENT_ID]
        self.assertEqual(self.sim.update(link).codes(), [[3083]])

    def test_timestamp_changes_with_every_change_and_must_match(self):
        first = self.sim.find(ACCOUNT)
        self.assertEqual(self.ask("LinkCanceled", Timestamp="AAAAAAAAAAE="), [209])
        self.assertEqual(self.ask("LinkCanceled", Timestamp=None), [209])
        self.assertEqual(self.ask("LinkCanceled"), [])
        second = self.sim.find(ACCOUNT)
        self.assertNotEqual(first["Timestamp"], second["Timestamp"])
        self.assertEqual(second["LastModifiedByUserId"], "7001")

    def test_note_may_change_and_stays_when_left_out(self):
        self.assertEqual(self.ask("LinkAccepted", CLIENT_ADMIN, Note="Welcome"), [])
        self.assertEqual(self.sim.find(ACCOUNT)["Note"], "Welcome")
        self.put("Active")
        link = {**self.sim.find(ACCOUNT), "Status": "UnlinkRequested"}
        del link["Note"]
        self.assertEqual(self.sim.update(link).codes(), [[]])
        self.assertEqual(self.sim.find(ACCOUNT)["Note"], "Welcome")

    def test_the_same_date_in_another_form_is_no_change(self):
        start = self.sim.find(ACCOUNT)["StartDate"]
        self.assertEqual(self.ask("LinkCanceled", StartDate=start + "0000Z"), [])


class StrictEcho(ManualClock):
    arguments = ManualClock.arguments + ("--strict-echo",)

    def test_only_the_very_text_is_accepted(self):
        start = self.sim.find(ACCOUNT)["StartDate"]
        self.assertEqual(self.ask("LinkCanceled", StartDate=start + "Z"), [3083])
        if not API.rest:  # null is no date there
            self.assertEqual(self.ask("LinkCanceled", LastModifiedDateTime=None), [3083])
        self.assertEqual(self.ask("LinkCanceled"), [])


class ByTheClock(ManualClock):
    def test_an_invitation_expires_after_30_days(self):
        self.step(30 * DAY - 1)
        self.assertEqual(self.status(), "LinkPending")
        self.step(1)
        self.assertEqual(self.status(), "LinkExpired")
        self.assertEqual(self.sim.add(invite(ACCOUNT)).codes(), [[]])

    def test_the_whole_life_of_a_link(self):
        self.assertEqual(self.ask("LinkAccepted", CLIENT_ADMIN), [])
        seen = [self.status()]
        for step in (1, 299, 1):
            self.step(step)
            seen.append(self.status())
        self.assertEqual(seen, ["LinkAccepted", "LinkInProgress", "LinkInProgress", "Active"])
        self.assertEqual(self.ask("UnlinkRequested"), [])
        seen = [self.status()]
        for step in (1, 299, 1):
            self.step(step)
            seen.append(self.status())
        self.assertEqual(seen, ["UnlinkPending", "UnlinkInProgress", "UnlinkInProgress",
                                "Inactive"])
        history = self.sim.control(f"links?accountId={ACCOUNT}", method="GET")["links"][0]["history"]
        self.assertEqual([entry["status"] for entry in history],
                         ["LinkPending", "LinkAccepted", "LinkInProgress", "Active",
                          "UnlinkPending", "UnlinkInProgress", "Inactive"])

    def test_one_long_step_makes_every_move_at_its_own_time(self):
        self.ask("LinkAccepted", CLIENT_ADMIN)
        self.step(365 * DAY)
        self.assertEqual(self.status(), "Active")
        history = self.sim.control(f"links?accountId={ACCOUNT}", method="GET")["links"][0]["history"]
        self.assertLess(history[-1]["at"], self.sim.control("clock", method="GET")["now"])

    def test_start_date_in_the_future_holds_the_link_in_progress(self):
        now = self.sim.control("clock", method="GET")["now"]
        later = f"{int(now[:4]) + 1}-06-01T00:00:00"
        self.sim.add(invite(ACCOUNT + 1, StartDate=later))
        link = {**self.sim.find(ACCOUNT + 1), "Status": "LinkAccepted"}
        self.assertEqual(self.sim.update(link, token=CLIENT_ADMIN).codes(), [[]])
        self.step(10 * DAY)
        self.assertEqual(self.sim.status_of(ACCOUNT + 1), "LinkInProgress")
        self.step(730 * DAY)
        self.assertEqual(self.sim.status_of(ACCOUNT + 1), "Active")

    def test_transitions_that_fail_on_demand(self):
        self.ask("LinkAccepted", CLIENT_ADMIN)
        self.sim.control("links", {"accountId": ACCOUNT, "managingCustomerId": AGENCY,
                                   "willFail": True})
        self.step(400)
        self.assertEqual(self.status(), "LinkFailed")
        self.put("UnlinkInProgress", willFail=True)
        self.step(300)
        self.assertEqual(self.status(), "UnlinkFailed")
        self.step(1)
        self.assertEqual(self.status(), "Active")
        self.assertEqual(self.ask("UnlinkRequested"), [])
        self.step(400)
        self.assertEqual(self.status(), "Inactive")

    def test_held_links_stay(self):
        self.put("LinkInProgress", held=True)
        self.step(365 * DAY)
        self.assertEqual(self.status(), "LinkInProgress")
        self.assertEqual(self.sim.status_of(1001032), "LinkInProgress")  # held by the data set

    def test_the_clock_can_be_set_and_run_faster(self):
        self.sim.control("clock", {"now": "2018-05-01T00:00:00"})
        self.assertEqual(self.sim.control("clock", method="GET")["now"][:19],
                         "2018-05-01T00:00:00")
        self.sim.control("clock", {"rate": 1000000})
        start = self.sim.control("clock", method="GET")
        self.assertEqual(start["rate"], 1000000)
        time.sleep(0.01)
        self.assertGreater(self.sim.control("clock", method="GET")["now"], start["now"])


if __name__ == "__main__":
    unittest.main()
