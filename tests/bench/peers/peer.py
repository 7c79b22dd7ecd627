"""What the Python peers share: the link, the measured loop and its line of JSON."""

import json
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import fixtures  # noqa: E402  (found by the line above)

WARM_UP_CALLS = 3


class Job:
    """The arguments that all clients have, and the contract as one more."""

    def __init__(self, arguments):
        (self.operation, links, self.url, self.ca_file, connection, calls, _, self.wsdl) = arguments
        self.links, self.calls = int(links), int(calls)
        self.keep_alive = connection == "keep"

    def client_links(self):
        texts = dict(fixtures.LINK_TEXTS, IsBillToClient=True, SuppressNotification=False)
        return [dict(texts, ClientAccountId=fixtures.FIRST_ACCOUNT + i,
                     ManagingCustomerId=fixtures.MANAGING_CUSTOMER) for i in range(self.links)]


def measure(job, call, understood):
    """Measures call(), which returns the number of links understood, one of those in understood."""
    def run(calls):
        for _ in range(calls):
            count = call()
            if count not in understood:
                sys.exit(f"a reply with {job.links} links was understood as {count}")

    run(WARM_UP_CALLS)
    before, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    run(job.calls)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"calls": job.calls, "wall": wall,
                      "user": after.ru_utime - before.ru_utime,
                      "system": after.ru_stime - before.ru_stime}))
