"""The semantic diff against mutants of the contract, in-process."""

import tempfile
import unittest
from pathlib import Path

from support import V11, contract
from mutants import MUTANTS, NEUTRAL

import contract_changes


class Mutants(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.text = V11.read_bytes()
        cls.contract = contract.load(V11)
        cls.folder = tempfile.TemporaryDirectory(prefix="bacm-mutants-")
        cls.addClassCleanup(cls.folder.cleanup)

    def load(self, text):
        if text is self.text:
            return self.contract
        path = Path(self.folder.name) / "mutant.wsdl"
        path.write_bytes(text)
        return contract.load(path)

    def found(self, mutant):
        changes = contract_changes.compare(*map(self.load, mutant.pair(self.text)))
        return [(c.classification, c.kind, c.action, c.name, c.aspect) for c in changes]

    def test_each_mutant_is_named_with_its_class(self):
        for mutant in MUTANTS:
            with self.subTest(mutant.name):
                found = self.found(mutant)
                self.assertEqual(set(found), mutant.expected)
                self.assertEqual(len(found), len(set(found)), "told twice")

    def test_what_makes_no_difference_gives_none(self):
        for mutant in NEUTRAL:
            with self.subTest(mutant.name):
                old, new = mutant.pair(self.text)
                self.assertNotEqual(old, new, "the mutant changes nothing")
                self.assertEqual(self.found(mutant), [])

    def test_there_are_enough_of_them(self):
        self.assertGreaterEqual(len(MUTANTS), 60)
        self.assertEqual(len({m.name for m in MUTANTS + NEUTRAL}), len(MUTANTS + NEUTRAL))


if __name__ == "__main__":
    unittest.main()
