"""Mutants of the v11 contract, and what scripts/contract-diff must say of each.

MUTANTS holds contracts that differ, NEUTRAL ones that differ in nothing that
counts. Run as a program, it writes all of them into a folder:

    python3 tests/contract/mutants.py FOLDER
"""

import sys
from pathlib import Path

from contract_editor import CUSTOMER, ENTITIES, MUTANTS, NEUTRAL, Editor  # noqa: F401
from support import V11

import mutants_of_messages  # noqa: F401  each adds its own to the tables
import mutants_of_nothing  # noqa: F401
import mutants_of_types  # noqa: F401
import mutants_of_values  # noqa: F401


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    text = V11.read_bytes()
    for each in MUTANTS + NEUTRAL:
        old, new = each.pair(text)
        (folder / f"{each.name}.wsdl").write_bytes(old if each.reverse else new)
    print(f"{len(MUTANTS)} mutants and {len(NEUTRAL)} neutral ones in {folder}")


if __name__ == "__main__":
    main()
