"""The simulator's page in a real browser, headless Chromium: by keyboard, and from other sites."""

import json
import sys
import unittest
from pathlib import Path

import browser

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "sim"))
from harness import SimulatorTest, V13, invite  # noqa: E402


class InTheBrowser(SimulatorTest):
    arguments = ("--plain-http", "--clock", "manual")

    def setUp(self):
        super().setUp()
        self.browser = browser.Browser()
        self.addCleanup(self.browser.close)
        self.browser.open(f"http://127.0.0.1:{self.sim.port}/")
        self.browser.wait("document.querySelectorAll('#links tr').length > 0")

    def text(self, selector):
        return self.browser.run(f"document.querySelector({json.dumps(selector)})?.textContent")

    def row(self, account):
        return f"#links tr[data-account='{account}']:not(.old)"

    def wait_text(self, selector, part):
        self.browser.wait(f"(document.querySelector({json.dumps(selector)})?.textContent || '')"
                          f".includes({json.dumps(part)})")

    def focus(self, selector):
        self.browser.run(f"document.querySelector({json.dumps(selector)}).focus()")

    def activate(self, selector):
        """With the keyboard, as somebody without a mouse does."""
        self.focus(selector)
        self.browser.press("Enter", "\r")

    def test_a_client_accepts_and_the_clock_moves_the_link_on(self):
        key = f"{self.row(1001025)} button[data-key^=LinkAccepted]"
        self.activate(key)
        self.wait_text(self.row(1001025), "LinkAccepted")
        self.wait_text("#message", "1001025")
        self.activate("button[data-step='3600']")
        self.wait_text(self.row(1001025), "Active")
        self.assertEqual(self.sim.status_of(1001025), "Active")
        self.assertEqual(self.text(self.row(1001025) + " summary"), "4 states")

    def test_a_whole_customer_accepts(self):
        row = "#links tr[data-customer='3001001']"
        self.sim.speaking(V13).add(V13.invite(3001001, Type="CustomerLink"))
        self.wait_text(row, "customer 3001001 (C3001001), Standard")
        self.wait_text("#log", "AddClientLinks, v13")
        self.activate(f"{row} button[data-key^=LinkAccepted]")
        self.wait_text(row, "LinkAccepted")
        self.browser.run("document.querySelector('[name=clientCustomerId]').value = '3001001'")
        self.activate("#filter button")
        self.browser.wait("document.querySelectorAll('#links tr').length === 1")

    def test_decline(self):
        self.activate(f"{self.row(1001026)} button[data-key^=LinkDeclined]")
        self.wait_text(self.row(1001026), "LinkDeclined")

    def test_a_new_invitation_shows_up_by_itself_with_its_request(self):
        reply = self.sim.add(invite(1001001, Name="<b>Bold</b>", Note="<script>alert(1)</script>"))
        self.wait_text(self.row(1001001), "LinkPending")
        self.wait_text("#log", reply.tracking_id)
        self.assertIn("<b>Bold</b>: <script>", self.text(self.row(1001001)))
        self.assertEqual(self.browser.run("document.querySelectorAll('td b, td script').length"),
                         0)

    def test_faults_are_armed_and_disarmed(self):
        self.focus("#fault input")
        self.browser.type("http=503,times=1")
        self.browser.press("Enter", "\r")
        self.wait_text("#faults", "http=503,times=1")
        self.focus("#fault input")
        self.browser.run("document.querySelector('#fault input').value = 'explode'")
        self.browser.press("Enter", "\r")
        self.wait_text("#message", "Not done")
        self.activate("#disarm")
        self.browser.wait("document.querySelectorAll('#faults li').length === 0")
        self.assertEqual(self.sim.control("faults", method="GET"), [])

    def test_filter_accounts_and_reset(self):
        self.browser.run("document.querySelector('[name=accountId]').value = '1001028'")
        self.activate("#filter button")
        self.browser.wait("document.querySelectorAll('#links tr').length === 1")
        self.activate("[data-key='accounts-3004004']")
        self.wait_text("#accounts", "X1004001")
        self.sim.add(invite(1001001))
        self.activate("#reset")
        self.wait_text("#message", "The first data is back")
        self.assertIsNone(self.sim.find(1001001))

    def test_every_control_is_reached_by_the_tab_key_and_has_a_name(self):
        self.browser.run("document.body.focus()")
        seen = set()
        for _ in range(200):
            self.browser.press("Tab")
            seen.add(self.browser.run(
                "(e => e.id || e.name || e.dataset.key || e.dataset.step || e.tagName)"
                "(document.activeElement)"))
        for wanted in ("contract-v11", "contract-v13", "60", "2592000", "accountId", "clientCustomerId",
                       "old", "spec", "disarm", "reset",
                       "accounts-2002002", "history-4"):
            self.assertIn(wanted, seen)
        unnamed = self.browser.run(
            "[...document.querySelectorAll('button, input')].filter(e => !(e.textContent.trim() ||"
            " e.getAttribute('aria-label') || e.labels?.length)).length")
        self.assertEqual(unnamed, 0)

    def test_an_open_history_and_the_focus_stay_when_the_table_is_drawn_anew(self):
        self.activate(f"{self.row(1001028)} summary")
        selector = f"{self.row(1001027)} button[data-key^=LinkAccepted]"
        self.focus(selector)
        self.sim.add(invite(1001001))
        self.wait_text(self.row(1001001), "LinkPending")
        self.assertTrue(self.browser.run(
            f"document.activeElement === document.querySelector({json.dumps(selector)})"))
        self.assertTrue(self.browser.run(
            f"document.querySelector({json.dumps(self.row(1001028) + ' details')}).open"))

    def test_nothing_is_blocked_or_thrown(self):
        self.browser.wait("document.querySelector('#now').textContent !== ''")
        self.assertEqual([message for message in self.browser.messages
                          if "favicon" not in json.dumps(message)], [])



class FromAnotherSite(SimulatorTest):
    """A page of another origin cannot change anything here."""

    def test_cross_site_requests_change_nothing(self):
        page = browser.Browser()
        self.addCleanup(page.close)
        target = f"http://127.0.0.1:{self.sim.port}/control/clock"
        for mode, headers in (("no-cors", "{}"), ("cors", "{}"), ("cors", "{'X-Bacm-Sim': '1'}")):
            page.run(f"fetch('{target}', {{method: 'POST', mode: '{mode}', headers: {headers},"
                     " body: '{\"rate\": 0}'}).then(r => r.status, () => 'blocked')")
        self.assertGreaterEqual(len([line for line in self.sim.log() if line["status"] == 403]), 2)
        self.assertEqual(self.sim.control("clock", method="GET")["rate"], 1)

if __name__ == "__main__":
    unittest.main()
