"""Lists as people have them: tests/data/lists, each file with what it must give or be told.

expected.json says of each file who writes such files (`by`), with which options it is read,
and either the rows that are sent, with what is printed of guesses (`told`), or the message
(`says`). What is accepted is read by Python's csv and json as well.
"""

import csv
import io
import json
import re
import unittest
import xml.etree.ElementTree as ET

from support import API, TESTS, V13, CliTest

LISTS = TESTS / "data" / "lists"
EXPECTED = json.loads((LISTS / "expected.json").read_text("utf-8"))
MANAGER = "2002002"

# What is cut off around a cell.
BLANKS = "".join(chr(c) for c in (*range(9, 14), 32, 0x85, 0xa0, 0xad, 0x1680, 0x180e,
                                  *range(0x2000, 0x2010), *range(0x2028, 0x2030),
                                  *range(0x205f, 0x2065), *range(0x2066, 0x206a), 0x3000, 0xfeff))


def local(tag):
    return tag.rpartition("}")[2]


def links(envelopes):
    """The links in what a dry run prints, as dictionaries."""
    rows = []
    for envelope in re.findall(r"<SOAP-ENV:Envelope.*?</SOAP-ENV:Envelope>", envelopes, re.S):
        for link in ET.fromstring(envelope).iter():
            if local(link.tag) == "ClientLink":
                rows.append({local(e.tag): e.text or "" for e in link})
    return rows


def by_python(name, expected):
    """The values of each row as Python's csv or json reads the file."""
    text = (LISTS / name).read_bytes().decode(expected["encoding"])
    text = text.removeprefix("\ufeff")
    if text.lstrip().startswith("["):
        return [[v for v in row.values() if not isinstance(v, (list, dict))]
                for row in json.loads(text)]
    if text.lstrip().startswith("{"):
        return [list(json.loads(line).values()) for line in text.splitlines()]
    if text.startswith("sep="):
        text = text.partition("\r\n")[2]
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=expected["delimiter"],
                           strict=True))
    return [[cell.strip(BLANKS) for cell in row] for row in rows[1:] if any(row)]


def spelled(value):
    """A value as XML has it."""
    return {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) \
        else str(value)


class Lists(CliTest):
    def read(self, name, expected):
        return self.bacm("add", "--dry-run", "--managing-customer-id", MANAGER,
                         *expected.get("options", ()), LISTS / name)

    def check_rows(self, name, expected):
        result = self.read(name, expected)
        self.assertEqual(result.code, 0, result.err)
        sent = links(result.out)
        wanted = [dict(row) for row in expected["rows"]]
        for row in wanted:
            row.setdefault("ManagingCustomerId", MANAGER)
        if V13:
            for row in sent:
                row.setdefault("Type", "AccountLink")
                if row["Type"] == "AccountLink" and "Type" not in wanted[0]:
                    del row["Type"]
        self.assertEqual(sent, [{key: row[key] for key in sent[i] if key in row} | row
                                for i, row in enumerate(wanted)])
        for text in expected.get("told", []):
            self.assertIn(text, result.err.partition("read as")[2])

    def check_by_python(self, name, expected):
        """Each value that is sent stands in the same row of the file."""
        sent = links(self.read(name, expected).out)
        read = by_python(name, expected)
        self.assertEqual(len(sent), len(read))
        for link, row in zip(sent, read):
            texts = [spelled(value) for value in row]
            for key, value in link.items():
                if value in ("true", "false"):
                    words = {"true": ("true", "yes", "1"), "false": ("false", "no", "0")}[value]
                    self.assertTrue({text.lower() for text in texts} & set(words), key)
                elif key != "Type" and not (key == "ManagingCustomerId" and value == MANAGER):
                    self.assertIn(value, texts)

    def check_says(self, name, expected):
        result = self.read(name, expected)
        self.assertEqual((result.code, result.out), (2, ""), result.err)
        self.assert_says(result, "nothing was sent", *expected["says"])

    def test_corpus_is_whole(self):
        """Each file has an entry and each entry a file."""
        files = {path.name for path in LISTS.iterdir()} - {"expected.json", ".gitattributes"}
        self.assertEqual(files, set(EXPECTED))
        self.assertGreaterEqual(len(files), 40)


def add_file(name, expected):
    stem = re.sub(r"\W", "_", name)
    if "rows" in expected:
        setattr(Lists, f"test_{stem}", lambda self: self.check_rows(name, expected))
        setattr(Lists, f"test_{stem}_by_python", lambda self: self.check_by_python(name, expected))
    else:
        setattr(Lists, f"test_{stem}", lambda self: self.check_says(name, expected))


for file_name, wanted_of_it in EXPECTED.items():
    if wanted_of_it["api"] == ("v13" if V13 else "v11"):
        add_file(file_name, wanted_of_it)

if __name__ == "__main__":
    unittest.main()
