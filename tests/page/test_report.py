"""The page of bacm report in headless Chromium: what people see, and that nothing is loaded."""

import sys
import tempfile
import unittest
from pathlib import Path

import browser

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
from support import SimTest  # noqa: E402

NEW, PREPAID = 1001001, 1001021


class ReportInTheBrowser(SimTest):
    def setUp(self):
        super().setUp()
        self.bacm("add", self.add_rows(NEW, PREPAID))
        self.bacm("status", "clients.csv")
        result = self.bacm("report", "clients.csv.journal", "--html", "report.html")
        self.assertEqual(result.code, 0, result.err)
        # A browser that is packed away may see nothing but /tmp.
        with tempfile.NamedTemporaryFile(prefix="bacm-report-", suffix=".html",
                                         delete=False) as file:
            file.write((self.folder / "report.html").read_bytes())
        self.addCleanup(Path(file.name).unlink)
        self.browser = browser.Browser()
        self.addCleanup(self.browser.close)
        self.browser.open("file://" + file.name)

    def texts(self, selector):
        return self.browser.run(
            f"[...document.querySelectorAll({selector!r})].map(e => e.textContent.trim())")

    def test_what_is_seen(self):
        self.assertIn("clients.csv.journal", self.browser.run("document.title"))
        self.assertEqual(self.texts("#counts tbody th"), ["added", "failed"])
        self.assertIn("1471 The client account is prepaid",
                      self.texts("#others tbody td:last-child")[0])
        self.assertIn(str(NEW), self.texts("#added tbody td"))
        self.assertEqual(len(self.texts("#timeline tbody tr")), 1)
        widths = self.browser.run("[document.documentElement.scrollWidth, window.innerWidth]")
        self.assertLessEqual(widths[0], widths[1])

    def test_nothing_is_loaded_and_nothing_is_wrong(self):
        self.assertEqual(
            self.browser.run("performance.getEntriesByType('resource').map(e => e.name)"), [])
        self.assertEqual(self.browser.messages, [])
        self.assertEqual(self.browser.run("document.querySelectorAll('script').length"), 0)
        self.assertEqual(self.browser.run(
            "[...document.querySelectorAll('table')].every(t => t.caption && t.tHead)"), True)


if __name__ == "__main__":
    unittest.main()
