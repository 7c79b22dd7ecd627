"""bacm add against the simulator: who is invited, and what is told of it."""

import csv
import json
import os
import pty
import re
import resource
import signal
import socket
import subprocess
import time
import unittest

from support import (AGENCY, CLIENT_ID, CLIENT_NUMBER, PATIENCE, SAMPLE, V13, SimTest, billed,
                     if_v13, program)

ADDED, PREPAID, PENDING, ACTIVE, RIVAL = 1001001, 1001021, 1001025, 1001028, 1001029

SAMPLE_OUTCOMES = {5: 1471, 7: 1410, 9: 1424, 17: 1410, 24: 1471}
SAMPLE_INVALID = {11: "Name", 14: "ClientAccountId", 19: "ClientAccountNumber", 22: "StartDate",
                  25: ""}


class Outcomes(SimTest):
    def sample(self):
        """The file of `make demo`; v13 wants to know who pays, where that has no answer."""
        with open(SAMPLE, encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        bill = head.index("IsBillToClient")
        for row in rows if V13 else ():
            row[bill] = row[bill] or "false"
        with open(self.folder / "sample.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *rows])
        return "sample.csv"

    def test_all_added(self):
        result = self.bacm("add", self.add_rows(ADDED, 1001002))
        self.assertEqual(result.code, 0, result.err)
        first, second = result.records()
        self.assertEqual(first, {
            "index": 0, "line": 2, "clientAccountId": ADDED, "clientAccountNumber": None,
            **if_v13({"type": "AccountLink", "clientCustomerId": None,
                      "clientCustomerNumber": None}),
            "managingCustomerId": AGENCY, "outcome": "added", "confirmedBy": "response",
            "errors": [], "trackingId": first["trackingId"]})
        self.assertRegex(first["trackingId"], r"^[0-9a-f-]{36}$")
        self.assertEqual(list(first), ["index", "line", *if_v13(["type"]), "clientAccountId",
                                       "clientAccountNumber",
                                       *if_v13(["clientCustomerId", "clientCustomerNumber"]),
                                       "managingCustomerId", "outcome", "confirmedBy", "errors",
                                       "trackingId"])
        self.assertEqual((second["index"], second["line"]), (1, 3))
        self.assertEqual(self.sim.invitations(), {(ADDED, AGENCY): 1, (1001002, AGENCY): 1})

    def test_each_refusal_stands_at_its_row(self):
        rows = (ADDED, PREPAID, 1001002, PENDING, RIVAL, 1001003, 9999999)
        result = self.bacm("add", self.add_rows(*rows))
        self.assertEqual(result.code, 1, result.err)
        codes = [[error["code"] for error in record["errors"]] for record in result.records()]
        self.assertEqual(codes, [[], [1471], [], [1410], [1424], [], [2108]])
        self.assertEqual([record["clientAccountId"] for record in result.records()], list(rows))
        self.assertEqual(result.records()[1]["errors"][0], {
            "channel": "partial", "code": 1471, "symbol": None,
            "message": "The client account is prepaid; a postpay account is required.",
            "details": None})
        self.assertEqual(set(self.sim.invitations()),
                         {(ADDED, AGENCY), (1001002, AGENCY), (1001003, AGENCY)})

    def test_sample(self):
        """The file of `make demo`: indexes stay right over calls and bad rows."""
        result = self.bacm("add", "--skip-invalid", "--no-journal", self.sample())
        self.assertEqual(result.code, 1, result.err)
        records = result.records()
        self.assertEqual([record["index"] for record in records], list(range(25)))
        for number, record in enumerate(records, start=1):
            with self.subTest(number):
                if number in SAMPLE_OUTCOMES:
                    self.assertEqual((record["outcome"], record["errors"][0]["code"]),
                                     ("failed", SAMPLE_OUTCOMES[number]))
                elif number in SAMPLE_INVALID:
                    self.assertEqual(
                        (record["outcome"], record["errors"][0]["channel"],
                         record["errors"][0]["details"] or "", record["confirmedBy"]),
                        ("invalid", "local", SAMPLE_INVALID[number], None))
                else:
                    self.assertEqual((record["outcome"], record["errors"]), ("added", []))
        self.assertEqual(len(self.sim.invitations()), 15)
        self.assert_says(result, "15  added", "5  failed", "5  invalid", "2  error 1471",
                         "2  error 1410", "1  error 1424")

    def test_texts_arrive_as_written(self):
        names = ["Müller & Söhne", "O'Neil \"Shoes\"", "株式会社さくら", "Café 🌼", "<a> ]]> &amp;",
                 "x" * 40]
        rows = "".join('{},"{}"\n'.format(1001001 + i, name.replace('"', '""'))
                       for i, name in enumerate(names))
        self.write_rows("in.csv", "ClientAccountId,Name\n" + rows)
        self.assertEqual(self.bacm("add", "in.csv").code, 0)
        self.assertEqual([self.sim.find(1001001 + i)["Name"] for i in range(len(names))], names)

    def test_every_field(self):
        fields = {"ClientAccountNumber": "X1001001", "ManagingCustomerNumber": "C2002002",
                  "Note": "two\nlines", "Name": "Spring", "InviterEmail": "a@b.example",
                  "InviterName": "Ann", "InviterPhone": "+1", "IsBillToClient": True,
                  "StartDate": "2030-05-01T00:00:00", "SuppressNotification": True}
        self.write_rows("in.ndjson", json.dumps(fields) + "\n")
        result = self.bacm("add", "in.ndjson")
        self.assertEqual(result.code, 0, result.err)
        link = self.sim.find(1001001)
        for name, value in fields.items():
            with self.subTest(name):
                expected = {True: "true", False: "false"}.get(value, value)
                name = CLIENT_NUMBER if name == "ClientAccountNumber" else name
                self.assertEqual(link[name][:len(expected)], expected)

    def test_csv_and_ndjson_are_the_same(self):
        self.write_rows("in.csv", 'ClientAccountId,Name,Note,IsBillToClient\n'
                             '1001001,"a, ""b""",,true\n1001002,,"x\ny",false\n')
        self.write_rows("in.ndjson",
                   '{"ClientAccountId":1001001,"Name":"a, \\"b\\"","IsBillToClient":true}\n'
                   '{"ClientAccountId":1001002,"Name":null,"Note":"x\\ny",'
                   '"IsBillToClient":false}\n')
        outputs = [self.bacm("add", "--dry-run", "--managing-customer-id", "2002002", name).out
                   for name in ("in.csv", "in.ndjson")]
        self.assertIn("<ent:Name>a, ", outputs[0])
        self.assertEqual(outputs[0], outputs[1])

    def test_header_in_any_order_bom_and_crlf(self):
        self.write_rows("in.csv", "\ufeffName,ClientAccountId\r\nSpring,1001001\r\n\r\n")
        self.assertEqual(self.bacm("add", "in.csv").code, 0)
        self.assertEqual(self.sim.find(1001001)["Name"], "Spring")

    def test_last_line_without_end(self):
        self.write_rows("in.csv", "ClientAccountId\n1001001\n1001002")
        self.assertEqual(self.bacm("add", "in.csv").outcomes(), ["added", "added"])

    def test_stdin(self):
        result = self.bacm("add", "-", stdin=billed("ClientAccountId\n1001001\n"))
        self.assertEqual(result.outcomes(), ["added"])
        result = self.bacm("add", "--input", "-", stdin=billed('{"ClientAccountId":1001002}\n'))
        self.assertEqual(result.outcomes(), ["added"])
        self.assertEqual([p.name for p in self.folder.iterdir()], [])

    def test_pipe(self):
        rows = billed("ClientAccountId\n1001001\n")
        done = subprocess.run(["bash", "-c", f"{program()} add <(printf '{rows}')"],
                              cwd=self.folder, env=self.environment(), capture_output=True,
                              timeout=60 * PATIENCE, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b'"outcome":"added"', done.stdout)

    def test_format_is_told(self):
        self.write_rows("in.dat", '{"ClientAccountId":1001001}\n')
        self.assertEqual(self.bacm("add", "in.dat").code, 0)
        self.assertEqual(self.bacm("add", "--format", "csv", "in.dat").code, 2)

    def test_calls_carry_ten_links_at_most(self):
        self.bacm("add", self.add_rows(*range(1001001, 1001021), 1001034, 1001035, 1001036))
        sizes = [len(record["links"]) for record in self.sim.log()
                 if record["operation"] == "AddClientLinks"]
        self.assertEqual(sorted(sizes), [3, 10, 10])

    def test_managing_customer_is_the_callers(self):
        self.bacm("add", self.add_rows(ADDED))
        self.assertEqual(self.sim.invitations(), {(ADDED, AGENCY): 1})

    def test_managing_customer_can_be_given(self):
        result = self.bacm("add", "--managing-customer-id", AGENCY, "--no-role-check",
                           self.add_rows(ADDED))
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(self.operations(), ["AddClientLinks"])


class Formats(SimTest):
    def test_csv(self):
        result = self.bacm("add", "--output", "csv", self.add_rows(ADDED, PREPAID))
        self.assertEqual(result.out.splitlines()[0],
                         "index,line," + if_v13("type,") + "clientAccountId,clientAccountNumber,"
                         + if_v13("clientCustomerId,clientCustomerNumber,") + "managingCustomerId,"
                         "outcome,confirmedBy,errors,trackingId")
        added, failed = result.csv()
        self.assertEqual((added["outcome"], added["errors"], added["clientAccountNumber"]),
                         ("added", "", ""))
        self.assertEqual(json.loads(failed["errors"])[0]["code"], 1471)

    def test_table(self):
        result = self.bacm("add", "--output", "table", self.add_rows(ADDED, PREPAID))
        head, added, failed = result.out.splitlines()
        kind = if_v13("AccountLink +")
        self.assertRegex(head, "^ +Line +" + if_v13("Type +") + "Account id +Number +"
                         + if_v13("Customer id +Number +") + "Outcome +Known by +Reason$")
        self.assertRegex(added, f"^ +2 +{kind}1001001 +added +response *$")
        self.assertRegex(failed,
                         f"^ +3 +{kind}1001021 +failed +response +1471 The client account is")

    def test_default_is_a_table_on_a_terminal(self):
        master, slave = pty.openpty()
        process = self.start("add", "-y", self.add_rows(ADDED), stdout=slave)
        os.close(slave)
        process.wait(timeout=60 * PATIENCE)
        text = os.read(master, 4096).decode()
        os.close(master)
        self.assertIn("Account id", text)

    def test_quiet(self):
        result = self.bacm("-q", "add", self.add_rows(ADDED, PREPAID))
        self.assertEqual((result.code, result.err), (1, ""))


class DryRun(SimTest):
    def test_sends_nothing(self):
        rows = self.add_rows(*range(1001001, 1001021))
        result = self.bacm("add", "--dry-run", "--managing-customer-id", AGENCY, rows)
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(result.out.count("<SOAP-ENV:Envelope"), 2)
        self.assertEqual(result.out.count("<ent:ClientLink>"), 20)
        self.assert_says(result, "2 calls with 20 links would be sent; nothing was")
        self.assertEqual(self.sim.log(), [])
        self.assertFalse((self.folder / "clients.csv.journal").exists())

    def test_shows_no_secret(self):
        result = self.bacm("add", "--dry-run", "--managing-customer-id", AGENCY,
                           self.add_rows(ADDED), BACM_ACCESS_TOKEN="SECRET-MARK-1",
                           BACM_DEVELOPER_TOKEN="SECRET-MARK-2")
        self.assertIn("[redacted]", result.out)
        self.assertNotIn("SECRET-MARK", result.out + result.err)

    def test_needs_no_credentials(self):
        result = self.bacm("add", "-n", "--managing-customer-id", AGENCY, self.add_rows(ADDED),
                           BACM_ACCESS_TOKEN=None, BACM_DEVELOPER_TOKEN=None)
        self.assertEqual(result.code, 0, result.err)

    def test_needs_the_managing_customer(self):
        result = self.bacm("add", "--dry-run", self.add_rows(ADDED))
        self.assertEqual(result.code, 2)
        self.assert_says(result, "give --managing-customer-id")
        self.assertEqual(self.sim.log(), [])

    def test_leaves_bad_rows_out(self):
        self.write_rows("in.csv", "ClientAccountId\n1001001\nx\n1001002\n")
        result = self.bacm("add", "-n", "--skip-invalid", "--managing-customer-id", AGENCY,
                           "in.csv")
        self.assertEqual(result.out.count("<ent:ClientLink>"), 2)
        self.assert_says(result, "in.csv:3: column 1")


class CheckDuplicates(SimTest):
    def test_tells_what_blocks(self):
        rows = (*range(1001001, 1001011), PENDING, ACTIVE, 1001034, 1001032)
        result = self.bacm("add", "--check-duplicates", self.add_rows(*rows))
        self.assertEqual(result.code, 1, result.err)
        self.assertEqual([record["blockedBy"] for record in result.records()],
                         [None] * 10 + ["LinkPending", "Active", None, "LinkInProgress"])
        self.assertEqual([record["clientAccountId"] for record in result.records()], list(rows))
        self.assert_says(result, "3 rows would be refused", "no invitation was sent")
        self.assertNotIn("AddClientLinks", self.operations())

    def test_nothing_blocks(self):
        self.assertEqual(self.bacm("add", "--check-duplicates", self.add_rows(ADDED)).code, 0)

    def test_numbers_cannot_be_searched_for(self):
        self.write_rows("in.csv", "ClientAccountId,ClientAccountNumber\n1001025,\n,X1001026\n")
        result = self.bacm("add", "--check-duplicates", "in.csv")
        self.assertEqual([(r["checked"], r["blockedBy"]) for r in result.records()],
                         [(True, "LinkPending"), (False, None)])
        self.assert_says(result, "1 rows name their client by number")

    def test_short_ids_cannot_be_searched_for(self):
        result = self.bacm("add", "--check-duplicates", self.add_rows(999, PENDING))
        self.assertEqual([(r["checked"], r["blockedBy"]) for r in result.records()],
                         [(False, None), (True, "LinkPending")], result.err)
        self.assert_says(result, "1 rows name their client by number, or by an id below 1000")

    def test_not_with_a_dry_run(self):
        self.assertEqual(self.bacm("add", "-n", "--check-duplicates", "x.csv").code, 2)


class ExitStatus(SimTest):
    # A user whose role is not enough for links of accounts.
    TOO_LITTLE = "AGENCY-VIEWER-TOKEN" if V13 else "AGENCY-STANDARD-TOKEN"

    def status(self, *arguments, **variables):
        result = self.bacm("add", "--tries", "1", "--backoff", "1", *arguments, "--no-journal",
                           self.add_rows(ADDED, 1001002), **variables)
        self.err = result.err
        return result.code

    def test_not_super_admin(self):
        self.assertEqual(self.status(BACM_ACCESS_TOKEN=self.TOO_LITTLE), 3)
        self.assertEqual(self.sim.invitations(), {})
        self.assertNotIn("AddClientLinks", self.operations())

    def test_standard_user(self):
        """v13 lets a Standard user invite accounts."""
        self.assertEqual(self.status(BACM_ACCESS_TOKEN="AGENCY-STANDARD-TOKEN"), 0 if V13 else 3)

    def test_no_credentials(self):
        self.assertEqual(self.status(BACM_ACCESS_TOKEN=None), 3)
        self.assertIn("BACM_E_NO_CREDENTIALS", self.err)

    def test_sandbox(self):
        """v11's sandbox has no links and is not asked; of v13's nobody says so."""
        code = self.status("--environment", "sandbox", "--managing-customer-id", str(AGENCY),
                           BACM_ENDPOINT=None, BACM_CONNECT_TO="127.0.0.1:1")
        self.assertEqual(code, 6 if V13 else 3)
        self.assertIn("127.0.0.1 port 1" if V13 else "sandbox", self.err)

    def test_bad_token(self):
        self.assertEqual(self.status(BACM_ACCESS_TOKEN="NOBODY"), 4)
        self.assertIn("105", self.err)
        self.assertNotIn("NOBODY", self.err)

    def test_expired_token(self):
        self.assertEqual(self.status(BACM_ACCESS_TOKEN="EXPIRED-TOKEN"), 4)
        self.assertIn("AuthenticationTokenExpired", self.err)

    def test_role_refused_by_the_service(self):
        self.assertEqual(self.status("--no-role-check", BACM_ACCESS_TOKEN=self.TOO_LITTLE), 4)

    def test_not_an_agency(self):
        """In v11 refused by the service as a whole, with ApiFault 1001; v13 lets anybody invite."""
        self.assertEqual(self.status(BACM_ACCESS_TOKEN="SOLO-ADMIN-TOKEN"), 0 if V13 else 4)
        self.assertEqual("1001" in self.err, not V13)

    def test_nobody_listens(self):
        self.assertEqual(self.status(BACM_ENDPOINT="https://localhost:1/x"), 6)
        self.assertIn("localhost port 1", self.err)

    def test_unknown_host(self):
        self.assertEqual(self.status(BACM_ENDPOINT="https://nowhere.invalid/x"), 6)

    def test_untrusted_certificate(self):
        self.assertEqual(self.status(BACM_CA_FILE=None), 6)
        self.assertEqual(self.sim.log(), [])

    def test_plain_http_to_elsewhere(self):
        self.assertEqual(self.status(BACM_ENDPOINT="http://service.example/x"), 2)


class Trouble(SimTest):
    def fault(self, *specs):
        for spec in specs:
            self.sim.control("faults", {"add": spec})

    def test_lost_reply_is_cleared_up_by_search(self):
        self.fault("drop-after,op=AddClientLinks,times=1")
        result = self.bacm("add", "--backoff", "1", self.add_rows(ADDED, PREPAID))
        self.assertEqual(result.outcomes(), ["added", "failed"], result.err)
        self.assertEqual(result.records()[0]["confirmedBy"], "search")
        self.assertEqual(self.sim.invitations(), {(ADDED, AGENCY): 1})

    def test_unknown_then_finished_by_a_second_run(self):
        self.fault("drop-after,op=AddClientLinks,times=1", "http=503,op=SearchClientLinks")
        rows = self.write_rows("my clients' list.csv", "ClientAccountId\n1001001\n1001002\n")
        result = self.bacm("add", "--tries", "1", rows)
        self.assertEqual((result.code, result.outcomes()), (7, ["unknown", "unknown"]), result.err)
        command = re.search(r"run the same command again.*?\n  (\S+bacm add .*)", result.err,
                            re.DOTALL).group(1)
        self.sim.control("faults", {"clear": True})
        done = subprocess.run(command, shell=True, cwd=self.folder, env=self.environment(),
                              capture_output=True, timeout=60 * PATIENCE, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([json.loads(line)["confirmedBy"] for line in done.stdout.splitlines()],
                         ["search", "search"])
        self.assertEqual(set(self.sim.invitations().values()), {1})

    def test_unknown_wins_over_failed(self):
        self.fault("drop-after,op=AddClientLinks,call=2", "http=503,op=SearchClientLinks")
        rows = self.add_rows(PREPAID, *range(1001001, 1001011))
        result = self.bacm("add", "--tries", "1", "--concurrency", "1", rows)
        self.assertEqual(result.code, 7, result.err)
        self.assertEqual(result.outcomes(), ["failed"] + ["added"] * 9 + ["unknown"])

    def test_unknown_wins_over_authentication(self):
        self.fault("drop-after,op=AddClientLinks,call=1", "http=503,op=SearchClientLinks",
                   "fault=adapi:109,op=AddClientLinks,call=2")
        result = self.bacm("add", "--tries", "1", "--concurrency", "1",
                           self.add_rows(*range(1001001, 1001021)))
        self.assertEqual(result.outcomes(), ["unknown"] * 10 + ["not_sent"] * 10, result.err)
        self.assertEqual(result.code, 7)

    def test_authentication_wins_over_failed(self):
        self.fault("fault=adapi:109,op=AddClientLinks,call=2")
        result = self.bacm("add", "--concurrency", "1",
                           self.add_rows(PREPAID, *range(1001001, 1001020)))
        self.assertEqual(result.outcomes(), ["failed"] + ["added"] * 9 + ["not_sent"] * 10)
        self.assertEqual(result.code, 4)

    def test_throttling_is_waited_for(self):
        self.fault("fault=adapi:117,op=AddClientLinks,times=1")
        started = time.monotonic()
        result = self.bacm("add", "--throttle-wait", "4", self.add_rows(ADDED))
        self.assertEqual(result.code, 0, result.err)
        self.assertGreaterEqual(time.monotonic() - started, 4)
        self.assertIn("throttled by the service", result.err)

    def test_throttled_past_the_budget(self):
        self.fault("fault=adapi:117,op=AddClientLinks")
        result = self.bacm("add", "--throttle-wait", "1", "--deadline", "2", self.add_rows(ADDED))
        self.assertEqual((result.code, result.outcomes()), (5, ["not_sent"]), result.err)

    def test_a_pause_that_the_deadline_has_no_room_for(self):
        result = self.bacm("add", "--throttle-wait", "60", "--deadline", "60",
                           self.add_rows(ADDED))
        self.assertEqual(result.code, 2, result.err)
        self.assert_says(result, "pause after throttling", "60000 ms", "must be shorter than")
        self.assertNotIn("AddClientLinks", self.operations())

    def test_journal_is_beside_the_input(self):
        rows = self.add_rows(ADDED, PREPAID)
        self.assertIn("journal: clients.csv.journal", self.bacm("add", rows).err)
        again = self.bacm("add", rows)
        self.assertEqual(again.outcomes(), ["added", "failed"])
        self.assertEqual([r["confirmedBy"] for r in again.records()], ["journal", "journal"])
        self.assertEqual(self.operations().count("AddClientLinks"), 1)

    def test_journal_of_another_input(self):
        self.bacm("add", self.add_rows(ADDED))
        result = self.bacm("add", self.add_rows(1001002, 1001003))
        self.assertEqual(result.code, 3)
        self.assert_says(result, "BACM_E_JOURNAL_MISMATCH")
        self.assertEqual(self.sim.invitations(), {(ADDED, AGENCY): 1})

    def test_journal_that_cannot_be_made(self):
        result = self.bacm("add", "--journal", "missing/journal", self.add_rows(ADDED))
        self.assertEqual(result.code, 3)
        self.assertNotIn("AddClientLinks", self.operations())
        self.assertEqual(self.bacm("add", "--journal", "j", "--no-journal",
                                   "clients.csv").code, 2)

    def test_full_disk_under_the_output(self):
        # Some calls are ahead of the first record; three hundred are not.
        ids = [*range(1001001, 1001041), *range(8000001, 8002961)]
        with open("/dev/full", "wb") as full:
            process = self.start("add", "--concurrency", "1", self.add_rows(*ids), stdout=full)
            _, err = process.communicate(timeout=60 * PATIENCE)
        self.assertLess(self.operations().count("AddClientLinks"), 200)
        self.assertEqual(process.returncode, 1)
        self.assertIn(b"stdout: No space left on device", err)
        self.assertIn(b"run the same command again", err)

    def test_unknown_wins_over_a_broken_output(self):
        """When the first record fails, a call is under way whose reply is lost."""
        self.fault(f"delay={1000 * PATIENCE},op=AddClientLinks,call=1",
                   f"stall={6000 * PATIENCE},op=AddClientLinks,call=2",
                   "http=503,op=SearchClientLinks")
        rows = self.add_rows(*range(1001001, 1001021))
        with open("/dev/full", "wb") as full:
            process = self.start("add", "--concurrency", "2", "--timeout", str(3 * PATIENCE),
                                 "--tries", "1", rows, stdout=full)
            err = process.communicate(timeout=60 * PATIENCE)[1]
        self.assertEqual(process.returncode, 7, err)
        self.assertIn(b"10  unknown", err)

    def without(self, fd, *arguments):
        """A run with a standard stream closed; rows come from a file or by stdin.

        The program is the bare one: valgrind opens the standard streams that are closed.
        """
        rows = self.write_rows("rows", "ClientAccountId\n1001001\n1001002\n")
        given = "" if fd == 0 else f"<{rows}"
        return subprocess.run(
            ["bash", "-c", f'exec "$0" "$@" {given} {fd}>&-', os.environ["BACM_BARE"],
             *arguments],
            cwd=self.folder, env=self.environment(), capture_output=True,
            timeout=60 * PATIENCE, check=False)

    def test_closed_output(self):
        """The next file that is opened must not take its place: results went into the rows."""
        for rows in ("-", "rows"):
            with self.subTest(rows):
                done = self.without(1, "add", rows)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(b"stdout is closed and nothing was done", done.stderr)
                self.assertEqual(self.sim.invitations(), {})
                self.assertEqual(os.listdir(self.folder), ["rows"])

    def test_closed_errors(self):
        done = self.without(2, "add", "-")
        self.assertEqual(done.returncode, 0)
        self.assertEqual([json.loads(line)["clientAccountId"] for line in done.stdout.splitlines()],
                         [1001001, 1001002])
        self.assertEqual(len(self.sim.invitations()), 2)

    def test_closed_input(self):
        done = self.without(0, "add", "-")
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn(b"stdin: Bad file descriptor", done.stderr)

    def test_full_disk_under_the_journal(self):
        """Calls end before the journal has no room; nothing is sent beside it."""
        ids = list(range(1001001, 1001041)) + list(range(8000001, 8003000))
        process = self.start("add", "--concurrency", "1", self.add_rows(*ids),
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE,
                                                                   (50_000, 50_000)))
        out, err = process.communicate(timeout=60 * PATIENCE)
        outcomes = [json.loads(line)["outcome"] for line in out.splitlines()]
        self.assertEqual(process.returncode, 1, err)
        self.assertIn(b"BACM_E_JOURNAL", err)
        self.assertEqual(len(outcomes), len(ids))
        self.assertGreater(outcomes.count("added"), 0)
        self.assertGreater(outcomes.count("not_sent"), 1000)
        self.assertEqual(outcomes.count("unknown"), 0)

    def test_reader_goes_away(self):
        process = self.start("add", "--concurrency", "1", self.add_rows(*range(1001001, 1001021)))
        process.stdout.close()
        process.wait(timeout=60 * PATIENCE)
        err = process.stderr.read()
        process.stderr.close()
        self.assertEqual(process.returncode, 1)
        self.assertIn(b"stdout: Broken pipe", err)
        process.communicate = lambda: None

    def test_file_that_changes_meanwhile(self):
        """What was checked is what is sent, or the run stops."""
        self.fault("stall=4000,op=GetUser,times=1")
        process = self.start("add", "--trace", "trace.txt", self.add_rows(ADDED, 1001002))
        trace = self.folder / "trace.txt"
        while not trace.exists() or "GetUserRequest" not in trace.read_text():
            time.sleep(0.05)
        self.add_rows(ADDED, 1001003)
        out, err = process.communicate(timeout=60 * PATIENCE)
        self.assertNotEqual(process.returncode, 0, err)
        self.assertIn(b"the file was changed while it was being read", err)
        self.assertEqual(self.sim.invitations(), {})


class Interrupted(SimTest):
    arguments = ("--latency-ms", "300", "--generate", "agencies=1,clients=300")

    def test_signal_ends_the_run_and_a_second_run_finishes(self):
        rows = self.add_rows(*range(5000001, 5000301))
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                process = self.start("add", "--concurrency", "1", rows)
                process.stdout.readline()
                process.send_signal(number)
                out, err = process.communicate(timeout=60 * PATIENCE)
                outcomes = [json.loads(line)["outcome"] for line in out.splitlines()]
                self.assertEqual(process.returncode, 1, err)
                self.assertIn("not_sent", outcomes)
                self.assertEqual(len(outcomes), 299)
                self.assertIn(b"run the same command again", err)
        result = self.bacm("add", "--concurrency", "16", rows)
        self.assertEqual(set(result.outcomes()), {"added"}, result.err)
        self.assertEqual(sorted(self.sim.invitations().values()), [1] * 300)

    def test_signal_when_the_last_call_is_out(self):
        """Nothing was left undone, so the run is not told as one that failed."""
        for ids, fault, code in ((range(5000001, 5000006), None, 0),
                                 ((5000006, 999), None, 1),
                                 (range(5000007, 5000009), "drop-after,op=AddClientLinks", 7)):
            with self.subTest(code):
                self.sim.control("faults", {"add": "stall=4000,op=AddClientLinks"})
                if fault:
                    self.sim.control("faults", {"add": fault})
                process = self.start("add", "--no-journal", "--trace", "trace.txt",
                                     self.add_rows(*ids))
                trace = self.folder / "trace.txt"
                while not trace.exists() or "AddClientLinksRequest" not in trace.read_text():
                    time.sleep(0.02)
                process.send_signal(signal.SIGINT)
                _, err = process.communicate(timeout=60 * PATIENCE)
                self.assertEqual(process.returncode, code, err)
                self.assertEqual(b"BACM_E_CANCELED" in err, code == 7)
                trace.unlink()
                self.sim.control("faults", {"clear": True})

    @staticmethod
    def is_pending(process, number):
        """Whether a signal is still to be delivered: a second one would be no other."""
        with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
            sets = [int(line.split()[1], 16) for line in status
                    if line.startswith(("SigPnd", "ShdPnd"))]
        return any(pending & 1 << number - 1 for pending in sets)

    def test_second_signal_leaves_at_once(self):
        self.sim.control("faults", {"add": "stall=600000,op=AddClientLinks,call=2"})
        process = self.start("add", "--concurrency", "1", "--trace", "trace.txt",
                             self.add_rows(*range(5000001, 5000041)))
        trace = self.folder / "trace.txt"
        second = r"(?s)</\S*AddClientLinksRequest>.*</\S*AddClientLinksRequest>"
        while not trace.exists() or not re.search(second, trace.read_text()):
            self.assertIsNone(process.poll())
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        while self.is_pending(process, signal.SIGINT):
            time.sleep(0.02)
        time.sleep(0.1)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=60 * PATIENCE), 128 + signal.SIGINT)


    def test_signal_with_a_full_pipe_for_messages(self):
        """What nobody reads must not keep the second signal out."""
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        os.set_blocking(writer, False)
        try:
            while True:
                os.write(writer, b"x" * 4096)
        except BlockingIOError:
            os.set_blocking(writer, True)
        process = subprocess.Popen(
            [program(), "add", "--quiet", "--no-journal", "--concurrency", "1",
             self.add_rows(*range(5000001, 5000301))],
            cwd=self.folder, env=self.environment(), stdout=subprocess.PIPE, stderr=writer)
        os.close(writer)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        process.stdout.readline()
        for _ in range(2):
            process.send_signal(signal.SIGINT)
            time.sleep(0.3)
        self.assertEqual(process.wait(timeout=30 * PATIENCE), 128 + signal.SIGINT)

    def test_a_message_is_one_write(self):
        """So that processes that share a log share no line: a datagram is what one write() wrote."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        with ours, theirs:
            subprocess.run([program(), "add", "missing.csv"], cwd=self.folder, check=False,
                           env=self.environment(), stdout=subprocess.DEVNULL,
                           stderr=theirs.fileno(), timeout=60 * PATIENCE)
            message = ours.recv(65536)
        self.assertTrue(message.startswith(b"bacm: ") and message.endswith(b"\n"), message)


class Terminal(SimTest):
    """On a terminal a person is asked before clients get mail, and sees how far it is."""

    def on_terminal(self, answer, *arguments):
        """Runs bacm with a terminal of its own; gives status and what it showed there."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execve(program(), ["bacm", *arguments], self.environment())
        shown = b""
        answered = False
        while True:
            try:
                piece = os.read(terminal, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece
            if b"[y/N]" in shown and not answered:
                os.write(terminal, answer)
                answered = True
        os.close(terminal)
        _, status = os.waitpid(pid, 0)
        return os.waitstatus_to_exitcode(status), shown.decode(), answered

    def test_nobody_to_ask(self):
        """A terminal for messages, but none that could be asked: nothing is sent."""
        ours, theirs = pty.openpty()
        done = subprocess.run([program(), "add", self.add_rows(1001001)], cwd=self.folder,
                              env=self.environment(), stdout=subprocess.DEVNULL, stderr=theirs,
                              start_new_session=True, check=False, timeout=60 * PATIENCE)
        os.close(theirs)
        shown = os.read(ours, 65536).decode()
        os.close(ours)
        self.assertEqual(done.returncode, 3, shown)
        self.assertIn("--yes sends without a question", shown)
        self.assertEqual(self.sim.invitations(), {})

    def test_yes(self):
        self.write_rows("in.csv", "ClientAccountId,SuppressNotification\n"
                             "1001001,true\n1001002,\n1001003,false\n")
        code, shown, asked = self.on_terminal(b"y\n", "add", "in.csv")
        self.assertTrue(asked)
        self.assertIn("Invite 3 client accounts at https://localhost", shown)
        self.assertIn("2 clients get mail", shown)
        self.assertEqual(code, 0, shown)
        self.assertEqual(len(self.sim.invitations()), 3)

    def test_anything_else_is_no(self):
        for answer in (b"n\n", b"\n", b"yikes\n", b"\x04"):
            with self.subTest(answer):
                code, shown, asked = self.on_terminal(answer, "add", self.add_rows(ADDED))
                self.assertEqual((code, asked), (3, True), shown)
                self.assertIn("nothing was sent", shown)
        self.assertEqual(self.sim.invitations(), {})

    def test_not_with_yes(self):
        code, shown, asked = self.on_terminal(b"", "add", "--yes", self.add_rows(ADDED))
        self.assertEqual((code, asked), (0, False), shown)

    def test_dry_run_does_not_govern_the_terminal(self):
        """U+009B begins a command to a terminal, and XML may have it."""
        self.write_rows("in.csv", "ClientAccountId,Note\n1001001,a\u009b31mred\n")
        _, shown, _ = self.on_terminal(None, "add", "--dry-run", "--managing-customer-id",
                                       "2002002", "in.csv")
        self.assertIn("31mred", shown)
        self.assertNotIn("\u009b", shown)

    def test_not_for_a_dry_run(self):
        code, shown, asked = self.on_terminal(b"", "add", "-n", "--managing-customer-id", "2002002",
                                              self.add_rows(ADDED))
        self.assertEqual((code, asked), (0, False), shown)

    def test_progress_is_one_line_that_goes_away(self):
        self.sim.control("faults", {"add": "stall=3000,op=AddClientLinks"})
        for arguments, shown_at_all in (((), True), (("--quiet",), False)):
            with self.subTest(arguments):
                _, shown, _ = self.on_terminal(b"", *arguments, "add", "--yes", "--no-journal",
                                               "--concurrency", "1",
                                               self.add_rows(*range(1001001, 1001013)))
                self.assertEqual("0 of 12 rows, 0 a second: 0 added" in shown, shown_at_all, shown)
                self.assertEqual("\r\x1b[K" in shown, shown_at_all)
                result = shown.replace("\r\n", "\n").split("\r\x1b[K")[-1]
                self.assertNotIn("a second", result)

    def test_update_asks_too(self):
        code, shown, asked = self.on_terminal(b"n\n", "update", "cancel", str(PENDING))
        self.assertEqual((code, asked), (3, True))
        self.assertIn("Withdraw the invitations of 1 client accounts", shown)
        self.assertEqual(self.sim.status_of(PENDING), "LinkPending")
        code, shown, asked = self.on_terminal(b"YES\n", "update", "cancel", str(PENDING))
        self.assertEqual((code, asked), (0, True), shown)
        self.assertEqual(self.sim.status_of(PENDING), "LinkCanceled")


if __name__ == "__main__":
    unittest.main()
