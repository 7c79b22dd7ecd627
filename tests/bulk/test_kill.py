"""Kill -9 at random points of a run in which much goes wrong, and run again until done.

The simulator's log is the judge: no pair is accepted twice, none is missing, and what the
last run says of each row is what the simulator has done.

    KILL_POINTS  how many runs are killed (5; 25 in `make test-full`, 200 in `make test-kill`)
    KILL_ROWS    rows of each run (500; 2000)
    KILL_SEED    of the first point; the further ones follow (1)

A failure names its seed: KILL_POINTS=1 KILL_SEED=that repeats it.
"""

import os
import random
import subprocess
import time
import unittest

from sim.harness import API, PATIENCE
from support import (AGENCY, BulkTest, FIRST_GENERATED, Outcome, customer, invitations, log, rows,
                     url_of)

POINTS = int(os.environ.get("KILL_POINTS", "25" if "TEST_FULL" in os.environ else "5"))
ROWS = int(os.environ.get("KILL_ROWS", "500"))
SEED = int(os.environ.get("KILL_SEED", "1"))

MOST_RUNS = 25

# Accounts of the built-in data set that are refused, and why.
REFUSED = {1001021: 1471, 1001022: 1471, 1001025: 1410, 1001026: 1410, 1001028: 1410, 1001029: 1424,
           1001030: 1424, 1001032: 1472, 1001033: 1472, 1001040: 1410, 999999999: 2108}

FAULTS = (
    "drop-before,op=AddClientLinks,p=0.06",
    "drop-after,op=AddClientLinks,p=0.06",
    f"delay={900 * PATIENCE},op=AddClientLinks,p=0.02",
    f"stall={900 * PATIENCE},op=AddClientLinks,p=0.02",
    "http=503,op=AddClientLinks,p=0.04",
    "truncate=650,op=AddClientLinks,p=0.04",
    "fault-after=adapi:0,op=AddClientLinks,p=0.03",
    "fault=adapi:117,op=AddClientLinks,p=0.01",
    "http=503,op=SearchClientLinks,p=0.1",
    "drop-before,op=SearchClientLinks,p=0.05",
    "fault=adapi:117,op=SearchClientLinks,p=0.01",
)


# Of the rows, where the version has links of customers; they have ids that accounts have too.
CUSTOMER_SHARE = 0 if API.v11 else 0.25


def make_clients(chance, count):
    """So many clients, all accounts that are refused strewn among the others."""
    wanted = count - len(REFUSED)
    customers = int(wanted * CUSTOMER_SHARE)
    clients = list(range(FIRST_GENERATED, FIRST_GENERATED + wanted - customers))
    for client in [*REFUSED, *map(customer, clients[:customers])]:
        clients.insert(chance.randrange(len(clients)), client)
    return clients


class Kill(BulkTest):
    """The engine in its driver, with short waits.

    Input and output are files: a full pipe would stop the run that is to be killed.
    """

    points = POINTS
    rows = ROWS

    def write_input(self, clients):
        with open(self.path("input"), "w", encoding="ascii") as file:
            file.write(rows(*clients))

    def program(self, sim):
        return self.command(sim, concurrency=8, give_up_after=1000000)

    def start(self, sim, will_be_killed):
        arguments, environment = self.program(sim)
        if will_be_killed:  # of such a one `make coverage` counts nothing: it would spoil all counts
            environment["GCOV_PREFIX"] = self.folder.name
        with open(self.path("input"), encoding="ascii") as rows, \
                open(self.path("output"), "wb") as records, \
                open(self.path("errors"), "wb") as errors:
            return subprocess.Popen(arguments, stdin=rows, stdout=records, stderr=errors,
                                    env=environment)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def outcome(self, process):
        process.wait(timeout=120 * PATIENCE)
        with open(self.path("output"), encoding="utf-8") as output, \
                open(self.path("errors"), encoding="utf-8") as errors:
            return Outcome(process.returncode, output.read(), errors.read())

    @staticmethod
    def wait_for_requests(sim, process, wanted):
        """Until the simulator has logged so many requests, or the run is over."""
        seen = 0
        with open(sim.log_path, "rb") as file:
            while seen < wanted and process.poll() is None:
                seen += file.read().count(b"\n")
                time.sleep(0.0005)

    def run_to_the_end(self, sim, chance):
        """Kill the first run and some of the next; the outcome of the one that was not killed."""
        requests = 0
        for number in range(MOST_RUNS):
            will_be_killed = number == 0 or (number < 4 and chance.random() < 0.4)
            process = self.start(sim, will_be_killed)
            if will_be_killed:
                requests += chance.randrange(1, self.rows // 8)
                self.wait_for_requests(sim, process, requests)
                time.sleep(chance.uniform(0, 0.01))
                process.kill()
            outcome = self.outcome(process)
            if self.is_done(outcome):
                return outcome
            requests = len(log(sim))
        return self.fail(f"not done after {MOST_RUNS} runs: {outcome.errors}")

    def is_done(self, outcome):
        return len(outcome.records) == self.rows and outcome.count("added") + outcome.count(
            "failed") == self.rows

    def judge(self, sim, clients, outcome):
        accepted = invitations(sim)
        self.assertEqual([record["client"] for record in outcome.records], clients)
        self.assertEqual({client: n for client, n in accepted.items() if n != 1}, {})
        for record in outcome.records:
            client = record["client"]
            if client in REFUSED:
                self.assertEqual(record["outcome"], "failed", record)
                self.assertEqual(record["errors"][0]["code"], REFUSED[client], record)
                self.assertNotIn(client, accepted)
            else:
                self.assertEqual(record["outcome"], "added", record)
                self.assertIn(client, accepted)

    def test_every_pair_once_whenever_it_is_killed(self):
        for seed in range(SEED, SEED + self.points):
            with self.subTest(seed=seed):
                self.setUp()
                chance = random.Random(seed)
                clients = make_clients(chance, self.rows)
                customers = range(FIRST_GENERATED, FIRST_GENERATED + self.rows)
                sim = self.simulator(*[f"{fault},seed={chance.randrange(1000000)}"
                                       for fault in FAULTS],
                                     arguments=(*self.old_links(customers), "--generate",
                                                f"agencies=1,clients={self.rows}"))
                self.write_input(clients)
                self.judge(sim, clients, self.run_to_the_end(sim, chance))
                self.doCleanups()


class KillAdd(Kill):
    """`bacm add` as a person runs it, the same command again and again."""

    points = max(2, POINTS // 10)
    rows = 300

    @staticmethod
    def row(client):
        """Of the CSV, as the version wants it."""
        if API.v11:
            return f"{client},{AGENCY},false\n"
        kind, _, number = str(client).rpartition(":")
        return f"{number},{AGENCY}," + (",CustomerLink\n" if kind else "false,AccountLink\n")

    def write_input(self, clients):
        with open(self.path("clients.csv"), "w", encoding="ascii") as file:
            file.write("ClientEntityId,ManagingCustomerId,IsBillToClient"
                       + ("\n" if API.v11 else ",Type\n"))
            file.writelines(map(self.row, clients))
        with open(self.path("input"), "w", encoding="ascii"):
            pass

    def program(self, sim):
        arguments = [os.environ["BACM"], "add", "--yes", "--output", "ndjson", "--concurrency", "8",
                     "--throttle-wait", "1", "--timeout", str(PATIENCE), self.path("clients.csv")]
        environment = dict(os.environ, BACM_ENDPOINT=url_of(sim), BACM_API=API.name,
                           BACM_CA_FILE=sim.ready["caFile"], BACM_DEVELOPER_TOKEN="DEV-DEMO",
                           BACM_ACCESS_TOKEN="AGENCY-ADMIN-TOKEN", HOME=self.folder.name)
        return arguments, environment


if __name__ == "__main__":
    unittest.main()
