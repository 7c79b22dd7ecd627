"""Runs that end before their time: a signal, a full disk, a broken output, a second run."""

import os
import resource
import signal
import subprocess
import unittest

from sim.harness import PATIENCE
from support import BulkTest, FIRST_GENERATED, Outcome, invitations, log, requests

ROWS = 600
TEXT = f"generate {ROWS} 2100001\n"
TOKEN = "GENERATED-AGENCY-1-TOKEN"
ALL = {FIRST_GENERATED + i: 1 for i in range(ROWS)}


class Ends(BulkTest):
    def simulator(self, *faults, arguments=()):
        return super().simulator(*faults, arguments=(
            "--generate", f"agencies=1,clients={ROWS}", *arguments))

    def start(self, sim, **options):
        arguments, environment = self.command(sim, token=TOKEN, **options)
        process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env=environment)
        process.stdin.write(TEXT)
        process.stdin.flush()
        return process

    @staticmethod
    def finish(process):
        """What is still to come, lines that were read before left out."""
        process.stdin.close()
        with process.stdout as output, process.stderr as errors:
            records, said = output.read(), errors.read()
        return Outcome(process.wait(timeout=60 * PATIENCE), records, said)

    def check_rerun(self, sim):
        outcome = self.run_rows(sim, TEXT, token=TOKEN)
        self.assertEqual(outcome.status, 0, outcome.errors)
        self.assertEqual(outcome.count("added"), ROWS)
        self.assertEqual(invitations(sim), ALL)
        return outcome

    def test_a_signal_finishes_the_calls_in_flight_and_reports_the_rest(self):
        sim = self.simulator(arguments=("--latency-ms", "100"))
        process = self.start(sim)
        for _ in range(50):
            process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        outcome = self.finish(process)
        added = outcome.summary["added"]
        self.assertEqual(outcome.summary["status"], "BACM_E_CANCELED")
        self.assertEqual(outcome.summary["rows"], ROWS)
        self.assertEqual(outcome.summary["notSent"], ROWS - added)
        self.assertEqual(outcome.summary["unknown"], 0)
        self.assertEqual(len(invitations(sim)), added)
        self.assertLess(added, ROWS)
        outcome = self.check_rerun(sim)
        self.assertEqual(outcome.summary["byJournal"], added)
        self.assertEqual(outcome.summary["searches"], 0)

    def test_a_signal_cuts_a_long_wait_short(self):
        sim = self.simulator("fault=adapi:117,op=AddClientLinks,call=1-4")
        process = self.start(sim, throttle_wait_ms=300000, call_timeout_ms=60000, progress="yes")
        for line in process.stderr:
            if "throttled" in line:
                break
        process.send_signal(signal.SIGINT)
        outcome = self.finish(process)
        self.assertEqual(outcome.summary["status"], "BACM_E_CANCELED")
        self.assertLess(outcome.summary["milliseconds"], 250000)
        self.check_rerun(sim)

    def run_on_small_disk(self, sim, limit):
        arguments, environment = self.command(sim, token=TOKEN, concurrency=2)
        done = subprocess.run(
            arguments, input=TEXT, text=True, capture_output=True, check=False, env=environment,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        return Outcome(done.returncode, done.stdout, done.stderr)

    def test_a_full_disk_stops_before_the_next_call(self):
        """Whatever the simulator got is in the journal."""
        for limit in (16000, 20000, 24000):
            with self.subTest(limit=limit):
                self.setUp()
                sim = self.simulator()
                outcome = self.run_on_small_disk(sim, limit)
                self.assertEqual(outcome.summary["status"], "BACM_E_JOURNAL", outcome.errors)
                self.assertIn("run the same command again", outcome.errors)
                sent = sum(len(entry["links"]) for entry in requests(sim, "AddClientLinks"))
                self.assertLess(sent, ROWS)
                self.assertEqual(outcome.count("added"), sent)
                self.assertEqual(outcome.count("not_sent"), ROWS - sent)
                outcome = self.check_rerun(sim)
                self.assertEqual(outcome.summary["byJournal"] + outcome.summary["bySearch"], sent)

    def test_records_that_cannot_be_written_end_the_run(self):
        sim = self.simulator()
        arguments, environment = self.command(sim, token=TOKEN)
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run(arguments, input=TEXT, text=True, stdout=full, check=False,
                                  stderr=subprocess.PIPE, env=environment)
        self.assertIn("BACM_E_SINK", done.stderr)
        self.check_rerun(sim)

    def test_a_second_run_at_the_same_time_is_refused(self):
        sim = self.simulator(arguments=("--latency-ms", str(200 * PATIENCE)))
        process = self.start(sim)
        process.stdout.readline()
        outcome = self.run_rows(sim, TEXT, token=TOKEN)
        self.assertIn("BACM_E_JOURNAL_IN_USE", outcome.errors)
        self.assertEqual(outcome.records, [])
        self.assertEqual(self.finish(process).status, 0)
        self.assertEqual(invitations(sim), ALL)

    def test_another_input_is_refused(self):
        sim = self.simulator()
        self.assertEqual(self.run_rows(sim, TEXT, token=TOKEN).status, 0)
        outcome = self.run_rows(sim, TEXT, token=TOKEN, digest="sha256:other")
        self.assertIn("sha256:test, now it is sha256:other", outcome.errors)
        outcome = self.run_rows(sim, "5000009 2100001\n", token=TOKEN)
        self.assertEqual(outcome.summary["status"], "BACM_E_JOURNAL_MISMATCH")
        self.assertEqual(invitations(sim), ALL)

    def test_the_journal_holds_no_secret(self):
        sim = self.simulator("fault=adapi:105,op=AddClientLinks,call=3")
        self.run_rows(sim, TEXT, token=TOKEN)
        with open(self.journal, "rb") as file:
            data = file.read()
        self.assertIn(b"sha256:test", data)
        self.assertNotIn(TOKEN.encode(), data)
        self.assertNotIn(b"DEV-DEMO", data)
        self.assertEqual(os.listdir(self.folder.name), ["journal"])

    def test_the_cap_of_requests_per_minute_is_kept(self):
        sim = self.simulator()
        outcome = self.run_rows(sim, "generate 100 2100001\n", token=TOKEN, concurrency=4,
                                requests_per_minute=600)
        self.assertEqual(outcome.count("added"), 100)
        made = [entry for entry in log(sim) if entry["operation"]]
        self.assertGreaterEqual(outcome.summary["milliseconds"], (len(made) - 4) * 100 * 0.9)


if __name__ == "__main__":
    unittest.main()
