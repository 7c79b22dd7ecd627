"""What bacm writes, bacm reads: each output of a command as the input of the others."""

import csv
import io
import json
import unittest

from support import AGENCY, V13, SimTest, billed

# A wait that is over at once.
WAIT = ("wait", "--until", "LinkPending,LinkCanceled")
EXPIRED, DECLINED = 1001034, 1001035


class WayBack(SimTest):
    def outputs(self, kind):
        """Files with what each command writes; every row names a client."""
        self.write_rows("clients.csv", "ClientAccountId,Name\n1001001,A\n1001025,B\n1001002,C\n")
        runs = {
            "add": ("add", "clients.csv"),
            "journal": ("journal", "export", "clients.csv.journal"),
            "check": ("add", "--check-duplicates", "clients.csv"),
            "search": ("search", 1001001, 1001025, 1001002),
            "wait": (*WAIT, 1001001, 1001002),
            "update": ("update", "cancel", 1001002),
        }
        files = []
        for name, arguments in runs.items():
            result = self.bacm("-q", "--output", kind, *arguments)
            self.assertIn("1001002", result.out, result.err)
            files.append(self.write(f"{name}.{kind}", result.out))
        return files

    def check(self, kind):
        files = self.outputs(kind)
        for name in files:
            for command in (("search", "--input"), (*WAIT, "--input"),
                            ("update", "cancel", "--input")):
                with self.subTest(name=name, command=command[0]):
                    result = self.bacm("--output", "ndjson", *command, name)
                    self.assertNotEqual(result.code, 2, result.err)
                    self.assertIn("1001002", result.out)
            with self.subTest(name=name, command="add"):
                options = ("--no-journal", "--output", "ndjson")
                if V13 and not name.startswith("search"):
                    # What those do not say must be said anew.
                    self.assert_says(self.bacm("add", *options, name), "IsBillToClient")
                    continue
                result = self.bacm("add", *options, name)
                self.assertIn(result.code, (0, 1), result.err)
                self.assertIn(1001002, [r["clientAccountId"] for r in result.records()])

    def test_csv(self):
        self.check("csv")

    def test_ndjson(self):
        self.check("ndjson")

    def test_what_has_expired_is_invited_again(self):
        for status, kind, account in (("LinkExpired", "csv", EXPIRED),
                                      ("LinkDeclined", "ndjson", DECLINED)):
            found = self.bacm("-q", "search", "--status", status, "--output", kind)
            result = self.bacm("add", "--output", "ndjson", "-", stdin=found.out)
            self.assertEqual(result.code, 0, result.err)
            self.assertEqual([r["clientAccountId"] for r in result.records()], [account])
            self.assertEqual(self.sim.find(account)["Status"], "LinkPending")


class FailedOut(SimTest):
    """The rows that were not added come back as they were, with the reason."""

    PREPAID, PENDING = 1001021, 1001025

    def add(self, name, *arguments):
        result = self.bacm("add", "--skip-invalid", "--no-journal", "--failed-out", "out",
                           *arguments, name)
        with open(self.folder / "out", encoding="utf-8", newline="") as file:
            return result, file.read()

    def test_csv(self):
        self.write_rows("in.csv", "Account ID;Name;Note\n1001001;A;x\n1001021;\"B;\";\n;;\n"
                                  f"x;C;\"say \"\"hi\"\"\"\n1001002;{'D' * 41};\n")
        if V13:
            self.write("in.csv", (self.folder / "in.csv").read_text("utf-8")
                       .replace(",IsBill", ";IsBill").replace(",false", ";false"))
        result, out = self.add("in.csv")
        self.assertEqual(result.code, 1, result.err)
        head, *rows = csv.reader(io.StringIO(out, newline=""), delimiter=";", strict=True)
        self.assertEqual([head[:3], head[-1]], [["Account ID", "Name", "Note"], "reason"])
        self.assertEqual([row[:3] for row in rows if row[0]],
                         [["1001021", "B;", ""], ["x", "C", 'say "hi"'], ["1001002", "D" * 41, ""]])
        reasons = [row[-1] for row in rows if row[0]]
        self.assertIn("1471 ", reasons[0])
        self.assertIn("whole number", reasons[1])
        self.assertIn("41 characters", reasons[2])
        self.assert_says(result, "rows that were not added, each with its reason")

    def test_mended_and_fed_again(self):
        self.write_rows("in.csv", "ClientAccountId,Name\n1001001,A\nx1001002,B\n")
        _, out = self.add("in.csv")
        self.write("in2.csv", out.replace("x1001002", "1001002"))
        result, out = self.add("in2.csv")
        self.assertEqual((result.code, result.outcomes()), (0, ["added"]), result.err)
        self.assertEqual(out, "")

    def test_separator_that_nobody_could_tell(self):
        """What was fed back needs no option."""
        rows = billed("ClientAccountId,Name\n1001001,A\nx1001002,B\n").replace(",", "|")
        for name, head, options in (("sep.csv", "sep=|\n", ()),
                                    ("option.csv", "", ("--delimiter", "|"))):
            with self.subTest(name):
                self.write(name, head + rows)
                _, out = self.add(name, *options)
                self.assertEqual(out.splitlines()[0], "sep=|")
                self.write("in2.csv", out.replace("x1001002", "1001002"))
                dry = self.bacm("add", "--dry-run", "--managing-customer-id", AGENCY, "in2.csv")
                self.assertEqual(dry.code, 0, dry.err)
                self.assertIn("1001002", dry.out)
        self.write("in.csv", "sep=;\n" + rows.replace("|", ";"))
        self.assertNotIn("sep=", self.add("in.csv")[1])

    def test_reason_takes_the_place_of_an_earlier_one(self):
        self.write_rows("in.csv", "ClientAccountId,reason\n1001021,earlier\n")
        _, out = self.add("in.csv")
        self.assertEqual(out.count("reason"), 1)
        self.assertNotIn("earlier", out)

    def test_json(self):
        rows = [{"ClientAccountId": 1001001, "IsBillToClient": False},
                {"ClientAccountId": self.PENDING, "IsBillToClient": False, "Note": "ü"},
                {"ClientAccountId": "x", "IsBillToClient": False}]
        self.write("in.json", json.dumps(rows, indent=2))
        _, out = self.add("in.json")
        pending, bad = [json.loads(line) for line in out.splitlines()]
        self.assertIn("1410", pending.pop("reason"))
        self.assertIn("string", bad.pop("reason"))
        self.assertEqual([pending, bad], rows[1:])

    def test_from_stdin(self):
        rows = billed("ClientAccountId\n1001001\n1001021\n")
        result = self.bacm("add", "--failed-out", "out", "-", stdin=rows)
        self.assertEqual(result.code, 1, result.err)
        self.assertIn("1001021,", (self.folder / "out").read_text("utf-8"))

    def test_nothing_is_sent_when_it_cannot_be_written(self):
        name = self.add_rows(1001001)
        for out, said in (("no/out", "No such file"), (name, "this is the input")):
            result = self.bacm("add", "--failed-out", out, name)
            self.assertEqual(result.code, 3, result.err)
            self.assert_says(result, said)
        self.assertNotIn("AddClientLinks", self.operations())


if V13:
    class Customers(SimTest):
        def test_customers(self):
            """A customer stays one, though it has an id of its own column."""
            self.write("in.csv", "Type,ClientEntityId\nCustomerLink,3001001\n")
            added = self.bacm("-q", "add", "--output", "csv", "--no-journal", "in.csv")
            self.assertEqual(added.code, 0, added.err)
            for source in (added.out, self.bacm("-q", "search", "--output", "csv",
                                                "--client-customer", 3001001).out):
                self.write("out.csv", source)
                dry = self.bacm("add", "--dry-run", "--managing-customer-id", AGENCY, "out.csv")
                self.assertIn("<ent:Type>CustomerLink</ent:Type>", dry.out, dry.err)
                self.assertIn("<ent:ClientEntityId>3001001</ent:ClientEntityId>", dry.out)
            result = self.bacm("update", "cancel", "--input", "out.csv")
            self.assertEqual(result.code, 0, result.err)
            self.assertEqual(result.records()[0]["clientCustomerId"], 3001001)


if __name__ == "__main__":
    unittest.main()
