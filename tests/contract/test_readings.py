"""contract-diff and a second reading of the contract, on random mutants."""

import collections
import os
import random
import tempfile
import unittest
from pathlib import Path

from support import V11, V13, contract, wsdl_document
from mutants import CUSTOMER
from random_mutants import random_mutant
import reading

import contract_changes

# Of each contract: 400 in make test-full.
MUTANTS = int(os.environ.get("CONTRACT_MUTANTS", "200" if "TEST_FULL" in os.environ else "15"))
SEED = int(os.environ.get("CONTRACT_SEED", "29"))
SERVICE = ("address", "binding", "service", "port", "portType", "transport")
COMPONENT = ("type", "element", "attribute")
OF_OPERATIONS = ("operation", "SOAPAction", "header part", "header fault", "fault")


def subject(change):
    """What a change of contract-diff speaks of, in the words of the second reading."""
    if change.kind in SERVICE:
        return ("service", change.kind)
    if change.kind in OF_OPERATIONS:
        return ("operation", change.owner or change.item)
    if change.kind in COMPONENT:
        return ("component", change.item)
    return ({"field": "field", "enumeration value": "value"}[change.kind], change.name)


class Readings(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bacm-readings-")
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "mutant.wsdl"

    def told(self, model, text):
        """The subjects that contract-diff tells, or the reason why it refuses."""
        self.path.write_bytes(text)
        try:
            changes = contract_changes.compare(model, contract.load(self.path))
            return {subject(change) for change in changes}
        except wsdl_document.ContractError as error:
            return f"refused: {error}"

    @staticmethod
    def second(known, text):
        """The same by the second reading, and what differs that has no meaning."""
        try:
            return reading.differences(known, reading.read(text))
        except reading.Broken as error:
            return f"refused: {error}", set()

    def compare(self, path, customer):
        text = path.read_bytes()
        model, known = contract.load(path), reading.read(text)
        tally, neutral = collections.Counter(), collections.Counter()
        for number in range(MUTANTS):
            name, mutant = random_mutant(text, customer, random.Random(f"{SEED}.{number}"))
            told, (second, silent) = self.told(model, mutant), self.second(known, mutant)
            both = isinstance(told, str), isinstance(second, str)
            if both == (True, True):
                tally["refused by both"] += 1
                continue
            with self.subTest(f"{path.name} {number}: {name}"):
                self.assertEqual(told, second)
                tally["told by both" if told else "of no meaning for both"] += 1
                neutral.update(() if told else silent or {"order of components"})
        print(f"{path.name}: {dict(tally)}; no meaning has the {dict(neutral)}")
        self.assertLessEqual(set(neutral), set(reading.NEUTRAL))

    def test_v11(self):
        self.compare(V11, CUSTOMER)

    def test_v13(self):
        self.compare(V13, CUSTOMER.replace("v11", "v13"))


if __name__ == "__main__":
    unittest.main()
