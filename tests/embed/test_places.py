"""src/README.md says where things live: every source file in its room, and no other."""

import re
import unittest

from support import ROOT

SRC = ROOT / "src"
PAGE = (SRC / "README.md").read_text(encoding="utf-8")
ROOM = re.compile(r"^\| \*\*([\w/]+)\*\* [^|]*\| (.*) \|$", re.MULTILINE)
# Files that each version of the contract has one of.
VERSIONED = re.compile(r"sim/soap/service/v\d+$")


class PlacesTest(unittest.TestCase):
    maxDiff = None

    def test_every_file_stands_in_its_room(self):
        named = {room: set(re.findall(r"`(\w+)`", files)) for room, files in ROOM.findall(PAGE)}
        there = {}
        for path in SRC.rglob("*.[ch]"):
            room = path.parent.relative_to(SRC).as_posix()
            if not VERSIONED.match(room):
                there.setdefault(room, set()).add(path.stem)
        self.assertGreater(len(there), 20)
        self.assertEqual(named, there)

    def test_every_path_exists(self):
        paths = set(re.findall(r"`([\w.-]+(?:/[\w.-]*)+)`", PAGE))
        self.assertGreater(len(paths), 30)
        missing = [path for path in sorted(paths)
                   if not (SRC / path).exists() and not (ROOT / path).exists()]
        self.assertEqual(missing, [])


if __name__ == "__main__":
    unittest.main()
