"""Random damage to a contract: refused with a reason, or compared; no traceback, no hang."""

import collections
import os
import random
import signal
import tempfile
import traceback
import unittest
from pathlib import Path

from support import V11, V13, contract, wsdl_document
from small_contract import small_contract, spoilt_bytes, spoilt_nodes

import contract_changes

# Of each kind and contract: 2,000 in make test-full.
INPUTS = int(os.environ.get("CONTRACT_INPUTS", "500" if "TEST_FULL" in os.environ else "25"))
SEED = int(os.environ.get("CONTRACT_SEED", "29"))
OPERATIONS = ("AddClientLinks", "SearchClientLinks", "GetUser", "GetAccount")
HANG_SECONDS = 120


def late(_number, _frame):
    raise TimeoutError(f"not done after {HANG_SECONDS} seconds")


class Fuzz(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bacm-fuzz-")
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "service.wsdl"
        self.addCleanup(signal.signal, signal.SIGALRM, signal.signal(signal.SIGALRM, late))

    def verdict(self, model, text):
        """What is made of a spoilt text: equal, compared, refused, or the traceback."""
        self.path.write_bytes(text)
        signal.alarm(HANG_SECONDS)
        try:
            other = contract.load(self.path)
            changes = contract_changes.compare(model, other)
            contract_changes.compare(other, model)
            return "compared" if changes else "equal"
        except wsdl_document.ContractError as error:
            return "refused" if str(error).count("\n") == 0 else f"more than a line: {error}"
        except Exception:  # pylint: disable=broad-except  what this test looks for
            return traceback.format_exc()
        finally:
            signal.alarm(0)

    def fuzz(self, path, spoil):
        text = small_contract(path, OPERATIONS)
        self.path.write_bytes(text)
        model = contract.load(self.path)
        self.assertEqual(len(model.operations), len(OPERATIONS))
        tally = collections.Counter()
        for number in range(INPUTS):
            spoilt = spoil(text, random.Random(f"{SEED}.{path.name}.{number}"))
            verdict = self.verdict(model, spoilt)
            self.assertIn(
                verdict, ("equal", "compared", "refused"), f"input {number} of seed {SEED}"
            )
            tally[verdict] += 1
        print(f"{path.name}: {dict(tally)}")
        self.assertGreater(tally["refused"], 0, "the damage is too small")

    def test_bytes(self):
        for path in (V11, V13):
            self.fuzz(path, spoilt_bytes)

    def test_nodes(self):
        for path in (V11, V13):
            self.fuzz(path, spoilt_nodes)


if __name__ == "__main__":
    unittest.main()
