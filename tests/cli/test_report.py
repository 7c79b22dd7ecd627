"""bacm report, and bacm journal list and prune."""

import contextlib
import os
import sqlite3
import unittest
from html.parser import HTMLParser

from support import V13, SimTest

NEW, PREPAID, PENDING = 1001001, 1001021, 1001025


class Page(HTMLParser):
    """The cells of each table, and whatever would load something."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.table, self.loads, self.open = {}, None, [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.loads += [(tag, name) for name in attrs if name in ("src", "href", "srcset", "action")]
        if tag in ("script", "link", "iframe", "object", "img"):
            self.loads.append((tag, ""))
        if tag == "table":
            self.table = self.tables.setdefault(attrs["id"], [])
        elif tag == "tr":
            self.table.append([])
        elif tag in ("td", "th"):
            self.table[-1].append("")
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        if self.open and self.open[-1] in ("td", "th"):
            self.table[-1][-1] += data


class Report(SimTest):
    def campaign(self, *accounts):
        name = self.add_rows(*accounts)
        self.bacm("add", name)
        return name + ".journal"

    def page(self, journal):
        result = self.bacm("report", "--html", "report.html", journal)
        self.assertEqual(result.code, 0, result.err)
        text = (self.folder / "report.html").read_text("utf-8")
        page = Page(text)
        self.assertEqual((page.open, page.loads), ([], []))
        self.assertIn("default-src 'none'", text)
        self.assertNotRegex(text, "@import|url\\(")
        return page

    def test_counts(self):
        journal = self.campaign(NEW, PREPAID, 1001002, PENDING, 1001022)
        rows = self.bacm("report", "--output", "ndjson", journal).records()
        self.assertEqual([(r["state"], r["rows"], r["code"]) for r in rows],
                         [("added", 2, None), ("failed", 2, 1471), ("failed", 1, 1410)])
        self.assertIn("prepaid", rows[1]["reason"])
        self.assertEqual(self.sim.invitations().keys() & {NEW}, set())

    def test_page(self):
        journal = self.campaign(NEW, PREPAID)
        self.bacm("status", "clients.csv")
        self.bacm("update", "cancel", NEW)
        self.bacm("status", journal)
        page = self.page(journal)
        self.assertEqual([row[:3] for row in page.tables["counts"][1:]],
                         [["added", "1", ""], ["failed", "1", "1471"]])
        self.assertEqual([row[1] for row in page.tables["timeline"][1:]],
                         ["1 without link, 1 LinkPending", "1 without link, 1 LinkCanceled"])
        kind = ["account"] if V13 else []
        self.assertEqual(page.tables["added"][1:],
                         [["2", *kind, str(NEW), "added", "LinkCanceled", ""]])
        row = page.tables["others"][1]
        self.assertEqual(row[:-1], ["3", *kind, str(PREPAID), "failed", ""])
        self.assertIn("1471 The client account is prepaid", row[-1])

    def test_page_is_the_owners_and_needs_no_network(self):
        journal = self.campaign(NEW)
        self.variables["BACM_ENDPOINT"] = "https://localhost:1/v11/v13/x"
        self.page(journal)
        self.assertEqual((self.folder / "report.html").stat().st_mode & 0o777, 0o600)

    def test_names_cannot_become_elements(self):
        journal = self.campaign(NEW)
        name = "<img src=x onerror=alert(1)>&\"'.journal"
        os.rename(self.folder / journal, self.folder / name)
        page = self.bacm("report", "--html", "-", name).out
        self.assertEqual(Page(page).loads, [])
        self.assertIn("&lt;img", page)

    def test_what_cannot_be_read_or_written(self):
        journal = self.campaign(NEW)
        self.assertEqual(self.bacm("report").code, 2)
        self.assertEqual(self.bacm("report", "clients.csv").code, 2)
        self.assertEqual(self.bacm("report", "--html", "no/report.html", journal).code, 1)


class JournalFiles(SimTest):
    def journals(self, *arguments):
        result = self.bacm("journal", *arguments, "--output", "ndjson")
        return result, {r["journal"]: r for r in result.records()}

    def test_list(self):
        self.bacm("add", self.add_rows(NEW))
        self.write_rows("b.csv", f"ClientAccountId\n{PENDING}\n")
        self.bacm("add", "b.csv")
        self.write("other.journal", "not ours")
        result, found = self.journals("list")
        self.assertEqual((result.code, set(found)),
                         (0, {"clients.csv.journal", "b.csv.journal"}), result.err)
        self.assertEqual({name: (r["list"], r["added"], r["failed"], r["open"], r["done"])
                          for name, r in found.items()},
                         {"clients.csv.journal": ("clients.csv", 1, 0, 0, True),
                          "b.csv.journal": ("b.csv", 0, 1, 0, True)})
        _, found = self.journals("list", self.folder)
        self.assertEqual(set(found), {f"{self.folder}/{name}" for name in
                                      ("clients.csv.journal", "b.csv.journal")})

    def test_not_done(self):
        """Rows that were never reached, another list, none."""
        self.bacm("add", self.add_rows(NEW))
        self.add_rows(NEW, 1001002)
        self.assertEqual(self.journals("list")[1]["clients.csv.journal"]["why"],
                         "its list has changed")
        (self.folder / "clients.csv").unlink()
        self.assertEqual(self.journals("list")[1]["clients.csv.journal"]["why"],
                         "its list is not beside it")
        result, found = self.journals("prune", "--yes")
        self.assertFalse(found["clients.csv.journal"]["done"])
        self.assertTrue((self.folder / "clients.csv.journal").exists(), result.err)

    def test_killed_run_is_not_done(self):
        self.bacm("add", self.add_rows(NEW, 1001002))
        with contextlib.closing(sqlite3.connect(self.folder / "clients.csv.journal")) as db:
            db.executescript("DELETE FROM row WHERE idx = 1; UPDATE binding SET rows = 1")
        self.assertEqual(self.journals("list")[1]["clients.csv.journal"]["why"],
                         "rows of its list were never reached")

    def test_prune(self):
        self.bacm("add", self.add_rows(NEW))
        path = self.folder / "clients.csv.journal"
        result, _ = self.journals("prune")
        self.assertEqual(result.code, 0, result.err)
        self.assert_says(result, "would be removed; give --yes")
        self.journals("prune", "--yes", "--older-than", "1")
        self.assertTrue(path.exists())
        result, _ = self.journals("prune", "--yes")
        self.assert_says(result, "clients.csv.journal: removed")
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["clients.csv"])


if __name__ == "__main__":
    unittest.main()
