"""Bulk runs against the simulator, and the simulator's log as the judge."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from sim.harness import API, PATIENCE, Simulator

AGENCY = 2002002
GENERATED_AGENCY = 2100001
FIRST_GENERATED = 5000001
HELPERS = (Path(os.environ.get("BACM_BUILD", "build")) / "tests" / "helpers").resolve()
DRIVER = HELPERS / "bulk_driver"

# Short waits, so that a test does not take the minutes that a person would wait.
HASTE = {"backoff-ms": 20, "throttle-wait-ms": 200, "call-timeout-ms": 400 * PATIENCE,
         "concurrency": 4}


def customer(number):
    """A client that is a customer, told from the account of the same id."""
    return f"customer:{number}"


class Outcome:
    """What a run has printed."""

    def __init__(self, status, output, errors):
        self.status = status
        self.records = [json.loads(line) for line in output.splitlines(True)
                        if line.endswith("\n")]
        for record in self.records:
            record.setdefault("account", record.get("clientAccountId"))
            record["client"] = record["account"] or customer(
                record.get("customer") or record.get("clientCustomerId"))
        self.errors = errors
        if "Sanitizer" in errors:
            raise AssertionError(errors)
        first = next((line for line in errors.splitlines() if line.startswith("{")), None)
        self.summary = json.loads(first) if first else {}

    def count(self, outcome):
        return sum(record["outcome"] == outcome for record in self.records)

    def of(self, account):
        return next(record for record in self.records if record["account"] == account)


def shifted_clock(environment, seconds, step_ms=0):
    """The environment of a program whose clock is wrong, or is set after so many milliseconds."""
    return dict(environment, LD_PRELOAD=str(HELPERS / "clock_shift.so"), CLOCK_SHIFT=str(seconds),
                CLOCK_STEP_MS=str(step_ms),
                ASAN_OPTIONS="verify_asan_link_order=0")  # it comes behind it


class BulkTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="bacm-bulk-")
        self.addCleanup(self.folder.cleanup)
        self.journal = os.path.join(self.folder.name, "journal")

    def old_links(self, customers=(), modified="2018-01-01T00:00:00.000"):
        """Arguments for the built-in data set with links that are older than any attempt,
        and with further customers that can be invited, of these ids."""
        printed = subprocess.run([os.environ["BACM_SIM"], "--print-data"], capture_output=True,
                                 check=True)
        data = json.loads(printed.stdout)
        for link in data["links"]:
            link["lastModified"] = modified
        data["customers"] += [{"id": number, "name": f"Customer {number}", "agency": False}
                              for number in customers]
        path = os.path.join(self.folder.name, "data")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(data, file)
        return ("--data", path)

    def simulator(self, *faults, arguments=()):
        sim = Simulator(*arguments, *[word for fault in faults for word in ("--fault", fault)])
        self.addCleanup(sim.stop)
        return sim

    def command(self, sim, journal=True, token="AGENCY-ADMIN-TOKEN", **options):
        """(arguments, environment) of the driver."""
        wanted = {"api": API.name, "endpoint": url_of(sim), "ca-file": sim.ready["caFile"], **HASTE}
        if journal:
            wanted.update({"journal": self.journal, "digest": "sha256:test"})
        wanted.update({name.replace("_", "-"): value for name, value in options.items()})
        arguments = [str(DRIVER)]
        for name, value in wanted.items():
            if value is not None:
                arguments += ["--" + name, str(value)]
        environment = dict(os.environ, BACM_DEVELOPER_TOKEN="DEV-DEMO", BACM_ACCESS_TOKEN=token)
        return arguments, environment

    def run_rows(self, sim, rows, **options):
        arguments, environment = self.command(sim, **options)
        done = subprocess.run(arguments, input=rows, text=True, capture_output=True, check=False,
                              env=environment, timeout=300 * PATIENCE)
        return Outcome(done.returncode, done.stdout, done.stderr)


def url_of(sim):
    """Of the simulated service, of the version that is tested: bulk, or bulk@v13."""
    return sim.ready["url" if API.v11 else "urlRest" if API.rest else "urlV13"]


def rows(*accounts, manager=AGENCY):
    return "".join(f"{account} {manager}\n" for account in accounts)


def log(sim):
    """The simulator's log as far as its lines are whole: a stalled call may still be at work."""
    with open(sim.log_path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.endswith("\n")]


def requests(sim, operation):
    """The log entries of one operation."""
    return [entry for entry in log(sim) if entry["operation"] == operation]


def invitations(sim):
    """How often each client was invited with success, by the simulator's log."""
    accepted = {}
    for entry in requests(sim, "AddClientLinks"):
        for link in entry.get("links", []):
            if link["accepted"]:
                if "clientCustomerId" in link:
                    client = customer(link["clientCustomerId"])
                else:
                    client = link["accountId"] or int(link["accountNumber"][1:])
                accepted[client] = accepted.get(client, 0) + 1
    return accepted
